"""Notebooks found, executed and kept without a trace of this machine."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cdppe_analysis.errors import ReportError
from cdppe_analysis.reports.execution import (
    _notebook_digest,
    _surroundings_digest,
    _without_folders,
    execute_notebooks,
    find_notebooks,
    numbered_notebooks,
)


def test_a_notebook_is_named_by_the_beginning_of_its_name(small_notebooks: Path):
    assert [found.name for found in find_notebooks(small_notebooks, ["02"])] == ["02-parts.ipynb"]


def test_a_notebook_is_named_by_its_path(small_notebooks: Path, tmp_path: Path, write_notebook: Callable[..., Path]):
    for path in (small_notebooks / "01-montants.ipynb", write_notebook(tmp_path / "essai.ipynb", "# Un")):
        assert find_notebooks(small_notebooks, [str(path)]) == [path.resolve()]


def test_a_notebook_to_be_read_with_its_code_is_no_report(tmp_path: Path, write_notebook: Callable[..., Path]):
    write_notebook(tmp_path / "00-visite.ipynb", "# Zéro", cdppe={"rapport": False})
    report = write_notebook(tmp_path / "01-a.ipynb", "# Un", cdppe={"titre": "A"})
    assert find_notebooks(tmp_path) == [report]


def test_a_whole_name_is_that_of_one_notebook_whatever_begins_with_it(
    tmp_path: Path, write_notebook: Callable[..., Path]
):
    first, _, _ = (write_notebook(tmp_path / f"{name}.ipynb", "# Un") for name in ("01-a", "01-a-b", "02-c"))
    assert find_notebooks(tmp_path, ["01-a", "01-a"]) == [first]
    with pytest.raises(ReportError, match=r"'01' names several notebooks \(01-a-b, 01-a\)"):
        find_notebooks(tmp_path, ["01"])
    with pytest.raises(ReportError, match=r"'01' names no notebook \(none\)"):
        find_notebooks(tmp_path / "absent", ["01"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("09", r"'09' names no notebook \(01-montants, 02-parts, 03-echec\)"),
        ("0", r"'0' names several notebooks \(01-montants, 02-parts, 03-echec\)"),
    ],
)
def test_a_name_that_is_no_notebook_or_several_is_refused(small_notebooks: Path, name: str, said: str):
    with pytest.raises(ReportError, match=rf"^{said} \(at {re.escape(str(small_notebooks))}\)$"):
        find_notebooks(small_notebooks, [name])


def test_a_folder_without_a_numbered_notebook_is_refused(tmp_path: Path):
    with pytest.raises(ReportError, match=r"no numbered notebook \(NN-name\.ipynb\) in the folder of the notebooks"):
        find_notebooks(tmp_path)


def test_the_folders_of_this_machine_are_cut_off_the_paths_of_a_text():
    assert _without_folders(f"{Path.cwd()}/data/clean ({sys.prefix}/bin)") == "data/clean (bin)"


def test_of_folders_within_one_another_the_inner_one_is_cut_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/maison")
    monkeypatch.setattr("tempfile.tempdir", "/maison/provisoire")
    assert _without_folders("/maison/provisoire/a.csv, /maison/b.csv") == "a.csv, b.csv"


def test_a_word_that_holds_the_name_of_a_folder_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/parts")
    assert _without_folders("rap/parts et /partsager, </parts>") == "rap/parts et /partsager, </parts>"


def test_the_kept_copy_holds_no_path_and_no_time_of_its_execution(tmp_path: Path, write_notebook: Callable[..., Path]):
    code = "import os, sys\nprint(os.getcwd() + '/montants.csv')\nprint('attention', file=sys.stderr)"
    notebook = write_notebook(tmp_path / "01-a.ipynb", "# Un", (code,))
    failing = write_notebook(tmp_path / "02-b.ipynb", "# Deux", (f"raise ValueError('{tmp_path}/x\\ndeux')",))
    before = notebook.read_bytes()
    lines: list[str] = []
    done, failed = execute_notebooks([failing, notebook], tmp_path / "cache", jobs=1, announce=lines.append)
    assert (failed.notebook, failed.executed, failed.cell) == (failing, None, 2)
    assert done.executed is not None
    copy = json.loads(done.executed.read_text(encoding="utf-8"))
    assert "papermill" not in json.dumps(copy)
    assert str(tmp_path.parent) not in json.dumps(copy)
    assert notebook.read_bytes() == before
    assert failed.reason.startswith("ValueError: ")
    assert failed.reason.endswith(f"{tmp_path.name}/x")
    assert str(tmp_path) not in failed.reason
    assert lines[:3] == ["02-b: running", f"02-b: FAILED at cell 2: {failed.reason}", "01-a: running"]
    assert lines[3] == "01-a: cell 2 wrote on its standard error, left out of the report"
    assert re.fullmatch(r"01-a: done in \d+ s", lines[-1])
    assert "CDPPE_FIGURES" not in os.environ
    [again] = execute_notebooks([notebook], tmp_path / "cache", jobs=1, announce=lines.append)
    assert (again, lines[-1]) == (done, "01-a: unchanged")
    assert execute_notebooks([], tmp_path / "cache", jobs=1, announce=lines.append, others=[]) == []


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


def test_the_kept_outputs_of_a_notebook_do_not_change_its_digest(tmp_path: Path, write_notebook: Callable[..., Path]):
    notebook = write_notebook(tmp_path / "01-a.ipynb", "# Un", ("1 + 1",))
    before = _notebook_digest(notebook, "")
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"][1]["execution_count"] = 7
    content["metadata"] = dict(reversed(content["metadata"].items()))
    content["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["2"]}]
    notebook.write_text(json.dumps(content), encoding="utf-8")
    assert _notebook_digest(notebook, "") == before


def test_a_changed_cell_changes_the_digest_of_a_notebook(tmp_path: Path, write_notebook: Callable[..., Path]):
    first = _notebook_digest(write_notebook(tmp_path / "01-a.ipynb", "# Un", ("1 + 1",)), "")
    assert _notebook_digest(write_notebook(tmp_path / "01-a.ipynb", "# Un", ("1 + 2",)), "") != first
    assert _notebook_digest(write_notebook(tmp_path / "02-a.ipynb", "# Un", ("1 + 1",)), "") != first
    notebook = write_notebook(tmp_path / "01-a.ipynb", "# Un", ("1 + 1",))
    assert _notebook_digest(notebook, "") == first
    assert _notebook_digest(notebook, "autres") != first
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"][0]["attachments"] = {"c.png": {"image/png": "iVBORw0KGgo="}}
    notebook.write_text(json.dumps(content), encoding="utf-8")
    assert _notebook_digest(notebook, "") != first


def test_a_changed_file_beside_the_notebooks_changes_the_digest_of_the_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = _surroundings_digest(tmp_path)
    (tmp_path / "01-a.ipynb").write_text("{}")
    assert _surroundings_digest(tmp_path) == before
    (tmp_path / "parts.csv").write_text("part\n0.5\n")
    assert (beside := _surroundings_digest(tmp_path)) != before
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert _surroundings_digest(tmp_path) != beside


def test_a_changed_file_of_the_study_changes_the_digest_of_the_surroundings(tmp_path: Path):
    (folder := tmp_path / "notebooks").mkdir()
    (tmp_path / "rules").mkdir()
    digests = {_surroundings_digest(folder)}
    for name in ("criteres.csv", "rules/r.yml"):
        (tmp_path / name).write_text("1\n")
        digests.add(_surroundings_digest(folder))
    assert len(digests) == 3


def test_a_changed_variable_of_the_project_changes_the_digest_of_the_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = _surroundings_digest(tmp_path)
    digests = {before}
    for place in ("ailleurs.geojson", "plus-loin.geojson"):
        monkeypatch.setenv("CDPPE_CONTOURS", place)
        digests.add(_surroundings_digest(tmp_path))
    assert len(digests) == 3
