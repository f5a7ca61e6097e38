"""`cdppe simulator`: the page is written where it lacks, and opened."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from cdppe_analysis.cli import main


def test_the_page_is_written_where_it_lacks_and_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(opened.append(address)) or True)
    assert main(["simulator", "--out", str(tmp_path)]) == 0
    page = tmp_path / "simulateur.html"
    written = page.stat().st_mtime_ns
    assert opened == [page.as_uri()]
    assert main(["simulator", "--out", str(tmp_path), "--no-browser"]) == 0
    assert page.stat().st_mtime_ns == written
    assert len(opened) == 1
    assert str(page) in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "reports").write_text("a file")
    assert main(["simulator", "--no-browser", "--out", str(tmp_path / "reports")]) == 2
    assert "cannot make the folder" in capsys.readouterr().err
