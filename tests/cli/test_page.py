"""`cdppe report`, `fiche` and `simulator`: the pages are written where they lack, and named in the last line."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest

from cdppe_analysis.cli import main


def test_sheets_are_written_with_their_seed_and_their_index_is_named_in_the_last_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["fiche", "23", "87", "--no-pdf", "--seed", "7", "--out", str(tmp_path)]) == 0
    lines = ["1/2 23.html", "2/2 87.html", f"2 sheets written. Open {tmp_path / 'index.html'}"]
    assert capsys.readouterr().out.splitlines() == lines
    assert "tirages, graine 7" in (tmp_path / "23.html").read_text(encoding="utf-8")


def test_the_sheet_of_a_unit_of_a_study_is_written_in_it(study, capsys: pytest.CaptureFixture[str]):
    assert main(["fiche", "S2", "--no-pdf", "--data", str(study)]) == 0
    page = study / "reports" / "fiches" / "S2.html"
    assert capsys.readouterr().out.splitlines()[-1] == f"Bêta written. Open {page}"
    assert page.is_file()


def test_without_a_chromium_a_sheet_is_written_and_its_pdf_said_to_lack_unless_none_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CDPPE_CHROMIUM", str(tmp_path / "absent"))
    assert main(["fiche", "23", "--out", str(tmp_path)]) == 0
    lines = ["1/1 23.html", "No PDF: Chromium or Chrome is not installed"]
    assert capsys.readouterr().out.splitlines() == [*lines, f"Creuse (23) written. Open {tmp_path / '23.html'}"]
    assert main(["fiche", "23", "--out", str(tmp_path), "--pdf"]) == 2
    assert "a PDF needs Chromium or Chrome, which is not installed" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["59", "--all"]])
def test_codes_or_all_must_be_given_and_not_both(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["fiche", *words]) == 2
    assert capsys.readouterr().err == "cdppe fiche: give the codes of the sheets, or --all\n"


def test_a_code_read_as_a_number_is_refused_with_the_one_meant(capsys: pytest.CaptureFixture[str]):
    assert main(["fiche", "1"]) == 2
    assert "probably '01'" in capsys.readouterr().err


def test_the_page_is_written_where_it_lacks_and_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(opened.append(address)) or len(opened) < 3)
    assert main(["simulator", "--out", str(tmp_path), "--json"]) == 0
    page = tmp_path / "simulateur.html"
    written = page.stat().st_mtime_ns
    assert opened == [page.as_uri()]
    assert json.loads(capsys.readouterr().out) == {"page": str(page), "ouverte": True}
    said = f"The simulator is {page}: open it, send it, put it on any web space\n"
    assert main(["simulator", "--out", str(tmp_path), "--no-browser"]) == 0
    assert page.stat().st_mtime_ns == written
    assert len(opened) == 1
    assert capsys.readouterr().out == said
    for more in ("", "No browser could be opened from here\n"):
        assert main(["simulator", "--out", str(tmp_path)]) == 0
        assert capsys.readouterr().out == said + more


def test_a_folder_that_cannot_be_made_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "reports").write_text("a file")
    assert main(["simulator", "--no-browser", "--out", str(tmp_path / "reports")]) == 2
    assert "cannot make the folder" in capsys.readouterr().err


def test_the_simulator_says_how_to_try_another_rule_of_a_study(study, capsys):
    assert main(["simulator", "--data", str(study)]) == 2
    assert "run cdppe simulate with --data" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_notebook: Callable[..., Path]) -> Path:
    write_notebook(tmp_path / "notebooks" / "01-a.ipynb", "# Un", ("print(1)",))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_last_line_says_which_file_to_open(project: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["report", "01", "--jobs", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "01-a: running" in lines
    assert lines[-1] == f"1 report written. Open {Path('reports/index.html')}"
    assert (project / "reports" / "index.html").is_file()


def test_a_failure_of_a_study_is_told_to_programs_and_the_exit_code_is_1(
    study, write_notebook: Callable[..., Path], capsys: pytest.CaptureFixture[str]
):
    for old in (study / "notebooks").glob("*.ipynb"):
        old.unlink()
    write_notebook(study / "notebooks" / "01-a.ipynb", "# Un", ("raise ValueError('non')",))
    assert main(["report", "--data", str(study), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "accueil": str(study / "reports" / "index.html"),
        "rapports": [],
        "echecs": [{"carnet": "01-a.ipynb", "cellule": 2, "raison": "ValueError: non"}],
        "pdf": None,
    }


@pytest.mark.slow
def test_a_failure_is_named_and_the_exit_code_is_1(
    project: Path, write_notebook: Callable[..., Path], capsys: pytest.CaptureFixture[str]
):
    write_notebook(project / "notebooks" / "01-a.ipynb", "# Un", ("raise ValueError('non')",))
    assert main(["report", "01", "--out", "site"]) == 1
    assert "failed: 01-a.ipynb, cell 2: ValueError: non" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_an_unknown_notebook_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]):
    assert main(["report", "09"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cdppe report: '09' names no notebook (01-a)")
    assert len(said.splitlines()) == 1
