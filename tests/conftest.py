"""What several rooms share: a small catalogue to break, small notebooks in French, a browser where there is one."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml

from cdppe_analysis.cli import console
from cdppe_analysis.storage.files import data_dir

# No test is timed; on a machine that decides whether a change lands, the examples are the same every time.
hypothesis.settings.register_profile("cdppe", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("cdppe")

# The browser, the simulator and the site of reports are opened or made once, by one worker, which begins with them.
TOGETHER = ("tests/browser/", "tests/reports/test_site.py")


def pytest_collection_modifyitems(items):
    """Put first what is long, so that the workers end together."""
    items.sort(key=lambda item: (not item.nodeid.startswith(TOGETHER), not item.nodeid.startswith("notebooks/")))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give a worker a whole file, in the order of the collection, and what belongs together as one."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return TOGETHER[0] if nodeid.startswith(TOGETHER) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Together(config, log)


PICTURE = """
import io
from IPython.display import Image, display
from PIL import Image as Picture
page = io.BytesIO()
Picture.new("RGB", (40, 20), "navy").save(page, "PNG")
display(Image(page.getvalue(), alt="Un rectangle bleu"))
"""


FIGURE = """
import pandas as pd
from cdppe_analysis.figures import Words, ranked_bars
table = pd.DataFrame({"code_departement": ["59", "62"], "montant_eur": [1995607, 1185174]})
words = Words("Le Nord reçoit le plus", "En euros", source="annexe 7 ; calcul du projet", champ="deux départements")
ranked_bars(table, "montant_eur", words)
"""


SERVICES = "Dotation des services, 2026\nCode;Service;Places;Dotation (€)\nS1;Alpha;4;40\nS2;Bêta;5;50\nS3;Gamma;9;90\n"


@pytest.fixture(scope="session")
def official() -> Path:
    """Return the folder of the official documents, where there is one."""
    folder = os.environ.get("CDPPE_DOCUMENTS")
    if not folder:
        pytest.skip("CDPPE_DOCUMENTS does not say where the official documents are")
    return Path(folder)


@pytest.fixture(scope="session")
def frictionless_says() -> Callable[[Path], list[str]]:
    """Return what the validator of Frictionless says against the data package of a folder."""
    from frictionless import Package

    def said(folder: Path) -> list[str]:
        largest = csv.field_size_limit()
        report = Package(str(folder / "datapackage.json")).validate()
        csv.field_size_limit(largest)  # the validator raises it for the whole process
        rows = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
        return rows + [error.message for error in report.errors]

    return said


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Make a study of three services from an annex, filled in, under a name with a space and an accent."""
    from cdppe_analysis.upkeep.founding import found_study

    (tmp_path / "annexe.csv").write_text(SERVICES, encoding="utf-8")
    made = found_study(tmp_path / "étude 2026", tmp_path / "annexe.csv")
    rule = made.folder / "rules" / f"{made.rule}.yml"
    text = rule.read_text(encoding="utf-8")
    for key, value in {"poids": '"1"', "millesime": "2026", "plancher": "null", "plafond": "null"}.items():
        text = text.replace(f"{key}: à compléter", f"{key}: {value}")
    rule.write_text(text, encoding="utf-8")
    return made.folder


@pytest.fixture(scope="session")
def write_study() -> Callable[..., Path]:
    """Write a study by hand: a rule of two equal criteria among all its units, the units, the criteria."""

    def write(folder: Path, units: str, criteria: str, *, plancher: int = 0) -> Path:
        names = criteria.partition("\n")[0].split(",")[1:]
        rule = [f"id: {folder.name}", "titre: Étude", "millesime: 2026", "beneficiaires: territoires"]
        rule.append("enveloppe: {valeur: 1000000, unite: EUR, source: note, emplacement: p. 1}")
        rule.append(f"plancher: {{valeur: {plancher}, unite: EUR, source: note, emplacement: p. 1}}")
        rule.append("criteres:")
        about = 'poids: "0.5", millesime: 2025, source: note, emplacement: p. 1'
        rule += [f"  - {{id: {name}, {about}}}" for name in names]
        (folder / "rules").mkdir(parents=True)
        (folder / "rules" / f"{folder.name}.yml").write_text("\n".join(rule) + "\n", encoding="utf-8")
        (folder / "territoires.csv").write_text(units, encoding="utf-8")
        (folder / "criteres.csv").write_text(criteria, encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def write_notebook() -> Callable[..., Path]:
    """Write a notebook of text cells (a text) and code cells (a one-element tuple), without outputs."""
    import nbformat
    from nbformat import v4

    def write(path: Path, *cells: str | tuple[str], **metadata: object) -> Path:
        made = [v4.new_code_cell(cell[0]) if isinstance(cell, tuple) else v4.new_markdown_cell(cell) for cell in cells]
        for number, cell in enumerate(made):
            cell["id"] = f"cell-{number}"
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = v4.new_notebook(cells=made, metadata={"kernelspec": kernel, **metadata})
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture(scope="session")
def small_notebooks(tmp_path_factory: pytest.TempPathFactory, write_notebook: Callable[..., Path]) -> Path:
    """Return a folder of two notebooks that run in a second, and one that fails."""
    folder = tmp_path_factory.mktemp("carnets") / "notebooks"
    write_notebook(
        folder / "01-montants.ipynb",
        "# Les montants publiés\n\nLa Creuse est au plancher. Le reste suit, avec [les parts](02-parts.ipynb).",
        "## Ce qui est publié",
        (
            "import pandas as pd\n"
            'pd.DataFrame({"code_departement": ["23", "59"], "libelle": ["Creuse", "Nord"], '
            '"montant_eur": [100000, 1296880]})',
        ),
        "### Un détail\n\nVoir [la méthode](../docs/method.md) et [l’éditeur](https://www.legifrance.gouv.fr).",
        ('print("1\\u202f296\\u202f880\\u202f€")',),
        "## La figure",
        (PICTURE,),
    )
    write_notebook(
        folder / "02-parts.ipynb",
        "# Les parts &amp; &lt;les&gt; scores\n\n**Question.** Qui a la plus grande part ?\n\n"
        "**Méthode.** Une part est une fraction de l’enveloppe de l’ASE.\n\n**Résultat.** Le Nord.",
        "## Un calcul",
        ("part = 1 / 4\nprint(part)",),
        (FIGURE,),
    )
    write_notebook(
        folder / "03-echec.ipynb", "# Un échec\n\nIl échoue.", ("part = 0",), ("1 / part",), ('print("jamais")',)
    )
    return folder


@dataclass(frozen=True)
class Made:
    """A site, where it stands and what was announced while it was made."""

    site: Any
    out: Path
    lines: tuple[str, ...]

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def made(small_notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the site of the small notebooks, made once for those who read it and those who browse it."""
    from cdppe_analysis.reports.site import write_site

    out = tmp_path_factory.mktemp("site") / "reports"
    lines: list[str] = []
    site = write_site(small_notebooks, out, jobs=2, announce=lines.append)
    return Made(site, out, tuple(lines))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium; skip where there is none."""
    from cdppe_analysis.printing.chromium import find_chromium

    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine (install chromium, or set CDPPE_CHROMIUM to its path)")
    return program


@pytest.fixture
def data_copy(tmp_path):
    """Copy the real catalogue and the raw table of annex 7."""
    copied = tmp_path / "data"
    (copied / "raw").mkdir(parents=True)
    for name in ("sources.yml", "corrections.yml"):
        shutil.copy(data_dir() / name, copied / name)
    shutil.copytree(data_dir() / "raw" / "annexe7-ondam-2020", copied / "raw" / "annexe7-ondam-2020")
    return copied


@pytest.fixture(scope="session")
def dossier() -> object:
    """Return what the sheets draw from, with few draws; its tests run on one worker."""
    from cdppe_analysis.sheets.dossier import Dossier

    return Dossier.open(seed=2020, draws=200)


_EXACT = re.compile(r"-?\d+(\.\d+|/\d+)?")


def _misfits(value, shape, place=""):
    """Yield the places where a JSON value is not of a shape of docs/command-line.md."""
    if isinstance(shape, dict):
        keys = {key.removesuffix("~"): key for key in shape if key != "..."}
        unknown = set() if "..." in shape or not isinstance(value, dict) else value.keys() - keys.keys()
        if not isinstance(value, dict) or unknown or keys.keys() - value.keys():
            yield f"{place}: {value} is not {list(keys)}"
            return
        for name, key in keys.items():
            if value[name] is not None or not key.endswith("~"):
                yield from _misfits(value[name], shape[key], f"{place}.{name}")
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place}: {value} is no list"
            return
        for rank, part in enumerate(value):
            yield from _misfits(part, shape[0], f"{place}[{rank}]")
    else:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = {
            "str": isinstance(value, str),
            "int": is_number and isinstance(value, int),
            "num": is_number,
            "bool": isinstance(value, bool),
            "exact": isinstance(value, str) and bool(_EXACT.fullmatch(value)),
            "any": True,
        }
        if not fits[shape]:
            yield f"{place}: {value!r} is no {shape}"


@pytest.fixture(scope="session")
def misfits():
    """Return the function that yields where a JSON value is not of a shape."""
    return _misfits


@pytest.fixture(scope="session")
def shapes():
    """Return the shapes of docs/command-line.md: those of the verbs, that of what is wrong."""
    text = (Path(__file__).parent.parent / "docs" / "command-line.md").read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


@pytest.fixture
def held_to_shapes(monkeypatch, shapes):
    """Hold what every verb gives to programs, with `--json` or without, to its documented shape."""
    printed = console.printed

    def held(run, arguments):
        code = printed(run, arguments)
        given = json.loads(console._as_json(arguments.result))
        assert list(_misfits(given, shapes[0][arguments.verb])) == []
        return code

    monkeypatch.setattr(console, "printed", held)
