"""`cdppe report`: its last line, its exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdppe_analysis.cli import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_notebook: Callable[..., Path]) -> Path:
    write_notebook(tmp_path / "notebooks" / "01-a.ipynb", "# Un", ("print(1)",))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_last_line_says_which_file_to_open(project: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["report", "--jobs", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "01-a: running" in lines
    assert lines[-1] == f"1 report written. Open {Path('reports/index.html')}"
    assert (project / "reports" / "index.html").is_file()


def test_a_failure_is_named_and_the_exit_code_is_1(
    project: Path, write_notebook: Callable[..., Path], capsys: pytest.CaptureFixture[str]
):
    write_notebook(project / "notebooks" / "01-a.ipynb", "# Un", ("raise ValueError('non')",))
    assert main(["report", "--out", "site"]) == 1
    assert "failed: 01-a.ipynb, cell 2: ValueError: non" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_an_unknown_notebook_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]):
    assert main(["report", "09"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cdppe report: '09' names no notebook (01-a)")
    assert len(said.splitlines()) == 1
