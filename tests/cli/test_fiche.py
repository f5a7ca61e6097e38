"""`cdppe fiche`: its arguments and its last line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdppe_analysis.cli import main


def test_a_sheet_is_written_and_named_in_the_last_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["fiche", "23", "--no-pdf", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"1/1 23.html\nCreuse (23) written. Open {tmp_path / '23.html'}\n"


@pytest.mark.parametrize("words", [[], ["59", "--all"]])
def test_codes_or_all_must_be_given_and_not_both(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["fiche", *words]) == 2
    assert capsys.readouterr().err == "cdppe fiche: give the codes of the sheets, or --all\n"


def test_a_code_read_as_a_number_is_refused_with_the_one_meant(capsys: pytest.CaptureFixture[str]):
    assert main(["fiche", "1"]) == 2
    assert "probably '01'" in capsys.readouterr().err
