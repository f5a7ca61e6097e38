"""`cdppe map` draws the amounts of a rule and says what the map shows."""

import pytest

from cdppe_analysis.cli import main


@pytest.mark.parametrize("name", ["carte.png", "carte.svg"])
def test_the_map_is_written_and_told(capsys, tmp_path, name):
    assert main(["map", "ondam-ms-2020", "--out", str(tmp_path / name)]) == 0
    told = capsys.readouterr().out
    assert "Nord (1\u202f995\u202f607\u202f€)" in told
    assert (tmp_path / name).stat().st_size > 10_000


def test_an_unknown_format_is_one_sentence(capsys, tmp_path):
    assert main(["map", "--out", str(tmp_path / "carte.bmp")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unknown_criterion_is_one_sentence(capsys, tmp_path):
    assert main(["map", "--per", "population", "--out", str(tmp_path / "carte.png")]) == 2
    assert "population" in capsys.readouterr().err
