"""`cdppe check` gives a line a check and exits with 1 on a failure; the README holds that the data passes."""

import shutil

from cdppe_analysis.cli import main
from cdppe_analysis.storage.files import data_dir


def test_a_failed_check_exits_with_1(capsys, tmp_path):
    shutil.copytree(data_dir(), tmp_path / "data")
    (tmp_path / "data" / "clean" / "territoires.csv").unlink()
    assert main(["check", "--data", str(tmp_path / "data")]) == 1
    printed = capsys.readouterr().out.splitlines()
    failed = [line for line in printed[:-1] if not line.startswith("ok  ")]
    assert "FAIL clean/territoires.csv: the table is not there: run cdppe clean" in failed
    assert printed[-1].endswith(f", {len(failed)} failed")
