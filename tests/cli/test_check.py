"""`cdppe check` gives a line a check, and exits with 1 on a failure."""

import shutil

from cdppe_analysis.cli import main
from cdppe_analysis.storage.locations import data_dir


def test_the_real_data_passes(capsys):
    assert main(["check"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1].endswith("0 failed")
    assert all(line.startswith("ok  ") for line in printed[:-1])


def test_a_failed_check_exits_with_1(capsys, tmp_path):
    shutil.copytree(data_dir(), tmp_path / "data")
    (tmp_path / "data" / "clean" / "territoires.csv").unlink()
    assert main(["check", "--data", str(tmp_path / "data")]) == 1
    assert "FAIL clean/territoires.csv: the table is not there" in capsys.readouterr().out
