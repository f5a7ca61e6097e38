"""The shape of the notebooks that are reports: what a reader who does not code finds first, and last."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from cdppe_analysis.typography import NNBSP

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in sorted(FOLDER.glob("[0-9][0-9]-*.ipynb"))}
BARE_FLOAT = re.compile(r"(?<![\w.,\u202f-])\d+\.\d+(?![\w.-])")
NUMBER_WITHOUT_SPACES = re.compile(r"(?<![\w.,/-])\d{5,}(?![\w.,/-])")

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def said(name: str) -> str:
    """Return what the cells of a notebook print."""
    outputs = [output for cell in NOTEBOOKS[name].cells for output in cell.get("outputs", [])]
    return "".join(output["text"] for output in outputs if output["output_type"] == "stream")


@every_notebook
def test_a_notebook_has_from_twelve_to_twenty_five_cells(name: str):
    assert 12 <= len(NOTEBOOKS[name].cells) <= 25


@every_notebook
def test_the_first_screen_states_question_method_result_and_limits(name: str):
    first = NOTEBOOKS[name].cells[0]
    assert first.cell_type == "markdown"
    labels = re.findall(r"^\*\*(\w+?)s?\.\*\*", first.source, flags=re.MULTILINE)
    assert [label.rstrip("s") for label in labels] == ["Question", "Méthode", "Résultat", "Limite"]


@every_notebook
def test_the_last_cell_says_what_is_not_shown(name: str):
    last = NOTEBOOKS[name].cells[-1]
    assert last.cell_type == "markdown"
    assert re.match(r"## Ce que .* (?:ne|n'\w+) .*montre", last.source)


@every_notebook
def test_no_cell_defines_a_function(name: str):
    code = "\n".join(cell.source for cell in NOTEBOOKS[name].cells if cell.cell_type == "code")
    assert not [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


@every_notebook
def test_what_is_printed_has_the_numbers_of_french(name: str):
    assert BARE_FLOAT.findall(said(name)) == []
    assert NUMBER_WITHOUT_SPACES.findall(said(name).replace(NNBSP, " ")) == []


@every_notebook
def test_every_cell_was_executed_in_order_and_without_an_error(name: str):
    code = [cell for cell in NOTEBOOKS[name].cells if cell.cell_type == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]


@every_notebook
def test_every_notebook_has_a_picture_for_the_index(name: str):
    shown = [output.get("data", {}) for cell in NOTEBOOKS[name].cells for output in cell.get("outputs", [])]
    assert any("image/png" in data or "<img" in data.get("text/html", "") for data in shown)


def test_the_synthesis_leads_to_every_report_that_it_sums_up():
    text = "\n".join(cell.source for cell in NOTEBOOKS["00-synthese"].cells if cell.cell_type == "markdown")
    linked = set(re.findall(r"\((\d\d-[\w-]+)\.ipynb\)", text))
    assert linked == set(NOTEBOOKS) - {"00-synthese", "90-galerie"}
