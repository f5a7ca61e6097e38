"""The figures of a notebook: taken from its outputs, placed in its page, and written as files beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cdppe_analysis.printing.figure import Figure, figure_block
from cdppe_analysis.storage.files import replaced

FOLDER = "figures"


def take_figures(notebook: Any, name: str) -> list[Figure]:
    """Return the figures of an executed notebook, each output replaced by a mark that `place_figures` fills."""
    from cdppe_analysis.figures.illustration import FIGURE_TYPE

    figures: list[Figure] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if FIGURE_TYPE in data:
                said = data[FIGURE_TYPE]
                figure = Figure(name, len(figures) + 1, png=data.get("image/png", ""), **said)
                output["data"] = {"text/html": f'<div data-figure="{figure.numero}"></div>'}
                figures.append(figure)
    return figures


def place_figures(body: str, figures: Iterable[Figure], titre: str, sheets: frozenset[str] | None) -> str:
    """Return the body of a report with its figures in their places.

    Parameters
    ----------
    body, figures
        The HTML with the marks, and what they stand for.
    titre
        Of the report, for the citation.
    sheets
        The départements whose sheets are in the site: their rows lead there. Nothing is linked without them.
    """
    body = str(body)  # what is markup would escape what takes the place of a mark
    for figure in figures:
        block = figure_block(
            figure, titre, folder=FOLDER, base=None if sheets is None else "", sheets=sheets or frozenset()
        )
        body = body.replace(f'<div data-figure="{figure.numero}"></div>', block, 1)
    return body


def write_figures(figures: Iterable[Figure], out: Path) -> None:
    """Write the files of figures under the folder of the site."""
    for figure in figures:
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
        for suffix, content in figure.files.items():
            with replaced(out / FOLDER / f"{figure.nom}.{suffix}") as temporary:
                temporary.write_bytes(content)
