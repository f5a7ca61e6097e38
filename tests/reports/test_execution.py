"""Notebooks found, executed and kept without a trace of this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cdppe_analysis.errors import ReportError
from cdppe_analysis.reports.execution import execute_notebooks, find_notebooks, numbered_notebooks, without_folders


def test_a_notebook_is_named_by_the_beginning_of_its_name(small_notebooks: Path):
    assert [found.name for found in find_notebooks(small_notebooks, ["02"])] == ["02-parts.ipynb"]


def test_a_notebook_is_named_by_its_path(small_notebooks: Path):
    path = small_notebooks / "01-montants.ipynb"
    assert find_notebooks(small_notebooks, [str(path)]) == [path.resolve()]


def test_a_notebook_to_be_read_with_its_code_is_no_report(tmp_path: Path, write_notebook: Callable[..., Path]):
    write_notebook(tmp_path / "00-visite.ipynb", "# Zéro", cdppe={"rapport": False})
    report = write_notebook(tmp_path / "01-a.ipynb", "# Un")
    assert find_notebooks(tmp_path) == [report]


@pytest.mark.parametrize(("name", "said"), [("09", "no notebook"), ("0", "several notebooks")])
def test_a_name_that_is_no_notebook_or_several_is_refused(small_notebooks: Path, name: str, said: str):
    with pytest.raises(ReportError, match=said):
        find_notebooks(small_notebooks, [name])


def test_a_folder_without_a_numbered_notebook_is_refused(tmp_path: Path):
    with pytest.raises(ReportError, match="no numbered notebook"):
        find_notebooks(tmp_path)


def test_the_folders_of_this_machine_are_cut_off_the_paths_of_a_text():
    assert without_folders(f"{Path.cwd()}/data/clean ({sys.prefix}/bin)") == "data/clean (bin)"


def test_a_word_that_holds_the_name_of_a_folder_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/parts")
    assert without_folders("rap/parts et /partsager, </parts>") == "rap/parts et /partsager, </parts>"


def test_the_kept_copy_holds_no_path_and_no_time_of_its_execution(tmp_path: Path, write_notebook: Callable[..., Path]):
    notebook = write_notebook(tmp_path / "01-a.ipynb", "# Un", ("import os\nprint(os.getcwd() + '/montants.csv')",))
    before = notebook.read_bytes()
    lines: list[str] = []
    (done,) = execute_notebooks([notebook], tmp_path / "cache", jobs=1, announce=lines.append)
    assert done.executed is not None
    copy = json.loads(done.executed.read_text(encoding="utf-8"))
    assert "papermill" not in json.dumps(copy)
    assert str(tmp_path.parent) not in json.dumps(copy)
    assert notebook.read_bytes() == before


def test_a_kernel_that_dies_names_the_cell_in_which_it_died(tmp_path: Path, write_notebook: Callable[..., Path]):
    notebook = write_notebook(tmp_path / "01-a.ipynb", "# Un", ("a = 1",), ("import os\nos._exit(1)",), ("a",))
    lines: list[str] = []
    (done,) = execute_notebooks([notebook], tmp_path / "cache", jobs=1, announce=lines.append)
    assert (done.executed, done.cell, done.reason) == (None, 3, "Kernel died")
    assert lines[-1] == "01-a: FAILED at cell 3: Kernel died"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON file"),
        ("[]", "no JSON object"),
        ('{"cells": []}', "has metadata and a list of cells"),
        ('{"metadata": {}, "cells": 3}', "has metadata and a list of cells"),
        ('{"metadata": {}, "cells": [{"source": "1"}, {}]}', "the cell 2 of the notebook has no source"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, content: str, said: str):
    (tmp_path / "01-a.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=rf"{said}.*01-a\.ipynb|01-a\.ipynb.*{said}"):
        numbered_notebooks(tmp_path)
