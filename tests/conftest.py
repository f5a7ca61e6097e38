"""What several rooms share: a small catalogue to break, small notebooks in French, a browser where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from cdppe_analysis.storage.locations import data_dir

# No test is timed; on a machine that decides whether a change lands, the examples are the same every time.
hypothesis.settings.register_profile("cdppe", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("cdppe")

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
    from cdppe_analysis.sheets.dossier import open_dossier

    return open_dossier(seed=2020, draws=200)
