"""The shape of the notebooks that are reports: what a reader who does not code finds first, and last."""

from __future__ import annotations

import ast
import base64
import importlib
import io
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from inspection import defects
from PIL import Image

import cdppe_analysis
from cdppe_analysis.data import Data
from cdppe_analysis.figures import Illustration
from cdppe_analysis.typography import NNBSP

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in sorted(FOLDER.glob("[0-9][0-9]-*.ipynb"))}
APART = {"00-prise-en-main", "90-galerie"}
"""The visit and the gallery show how things are done; the others are reports."""

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


def imported(name: str) -> set[tuple[str, str]]:
    """Return what a notebook imports of the package, each name with the module that it is asked of."""
    code = "\n".join(cell.source for cell in NOTEBOOKS[name].cells if cell.cell_type == "code")
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    return {(n.module, a.name) for n in nodes if n.module.startswith("cdppe_analysis") for a in n.names}


@every_notebook
def test_a_notebook_imports_public_names_and_never_from_inside_a_room(name: str):
    """A room without a list of names is its modules: the subject of a notebook may be how a table is read."""
    for module, public in imported(name):
        assert module.count(".") <= 1, module
        room = importlib.import_module(module)
        listed = getattr(room, "__all__", None)
        assert public[0] != "_"
        assert public in listed if listed else hasattr(room, public) or importlib.import_module(f"{module}.{public}")


@every_notebook
def test_a_name_of_the_interface_is_imported_from_there(name: str):
    elsewhere = {(m, n) for m, n in imported(name) if n in cdppe_analysis.__all__ and m != "cdppe_analysis"}
    assert elsewhere == set()


def test_the_interface_is_about_forty_names_that_notebooks_use():
    used = {name for notebook in NOTEBOOKS for module, name in imported(notebook) if module == "cdppe_analysis"}
    assert used == set(cdppe_analysis.__all__)
    assert len(used) <= 45


@every_notebook
def test_what_is_printed_has_the_numbers_of_french(name: str):
    assert BARE_FLOAT.findall(said(name)) == []
    assert NUMBER_WITHOUT_SPACES.findall(said(name).replace(NNBSP, " ")) == []


@every_notebook
def test_a_notebook_calls_itself_a_report(name: str):
    """A reader of the site has reports; « carnet » is the file that is run, of which the visit alone may speak."""
    texts = [cell.source for cell in NOTEBOOKS[name].cells if cell.cell_type == "markdown"]
    assert not re.search(r"carnet|notebook", "\n".join([*texts, said(name)]), re.IGNORECASE)


@pytest.mark.parametrize("name", sorted(set(NOTEBOOKS) - APART))
def test_no_word_of_a_program_is_printed_in_a_report(name: str):
    words = r"\b[a-z0-9]+_\w+|->|\b(?:None|nan|NaN|True|False)\b|\b(?:ondam-ms|fir|p304)-\d{4}\b"
    assert re.findall(words, said(name)) == []
    scenarios = [one for one in Data.open().scenario_ids() if "-" in one]
    assert re.findall(rf"\b(?:{'|'.join(scenarios)})(?![\w-])", said(name)) == []


@every_notebook
def test_every_cell_was_executed_in_order_and_without_an_error(name: str):
    code = [cell for cell in NOTEBOOKS[name].cells if cell.cell_type == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]


def outputs(name: str) -> list[nbformat.NotebookNode]:
    """Return what the cells of a notebook show."""
    return [output for cell in NOTEBOOKS[name].cells for output in cell.get("outputs", [])]


@every_notebook
def test_a_picture_is_light_has_few_colours_and_says_what_it_shows(name: str):
    """An `image/png` is seen in any viewer, which may strip a picture hidden in HTML."""
    pictures = [output for output in outputs(name) if "image/png" in output.get("data", {})]
    assert pictures
    assert not [output for output in outputs(name) if "<img" in output.get("data", {}).get("text/html", "")]
    for picture in pictures:
        content = base64.b64decode(picture["data"]["image/png"])
        with Image.open(io.BytesIO(content)) as image:
            assert image.mode == "P"
        assert len(content) < 60_000
        assert re.search(r" : .*Champ : .* Source : ", picture["metadata"]["image/png"]["alt"], re.DOTALL)


@every_notebook
def test_a_notebook_is_light(name: str):
    assert (FOLDER / f"{name}.ipynb").stat().st_size < (900_000 if name == "90-galerie" else 500_000)


def test_notebooks_are_numbered_without_a_hole():
    numbers = [int(name[:2]) for name in NOTEBOOKS if name not in APART]
    assert numbers == list(range(len(numbers)))


def test_the_visit_of_ten_minutes_comes_first():
    assert next(iter(NOTEBOOKS)) == "00-prise-en-main"


def few_draws(source: str) -> str:
    """Return the program of a cell with a hundred draws where it makes thousands: the figures are of the same kind."""
    lines = source.split("\n")
    drawing = re.compile(r"draws|tirages", re.IGNORECASE)
    return "\n".join(re.sub(r"\b\d{1,2}_000\b", "100", line) if drawing.search(line) else line for line in lines)


@pytest.mark.slow
@every_notebook
def test_no_figure_of_a_notebook_has_a_text_over_another_wide_or_narrow(name: str):
    shown: list[Any] = []
    space: dict[str, Any] = {"display": lambda *values: shown.extend(values)}
    for cell in NOTEBOOKS[name].cells:
        if cell.cell_type == "code":
            program = ast.parse(few_draws(cell.source))
            last = program.body[-1] if isinstance(program.body[-1], ast.Expr) else None
            exec(compile(ast.Module(program.body[: -1 if last else None], []), name, "exec"), space)
            if last:
                shown.append(eval(compile(ast.Expression(last.value), name, "eval"), space))
    figures = [value for value in shown if isinstance(value, Illustration)]
    assert len(figures) == sum("image/png" in output.get("data", {}) for output in outputs(name))
    found = {figure.title: [*defects(figure), *defects(figure, narrow=True)] for figure in figures}
    assert {title: faults for title, faults in found.items() if faults} == {}


def test_the_synthesis_leads_to_every_report_that_it_sums_up():
    text = "\n".join(cell.source for cell in NOTEBOOKS["00-synthese"].cells if cell.cell_type == "markdown")
    linked = set(re.findall(r"\((\d\d-[\w-]+)\.ipynb\)", text))
    assert linked == set(NOTEBOOKS) - {"00-synthese", *APART}
