"""The sources as pages: each raw table as printed, row by row, and the clean rows that name each printed row.

`sources.html` is the catalogue; a page a source holds its tables, since all of them in one page would pass three
megabytes. A row's anchor is `<source>-<table>-<line>`, and the catalogue leads such an anchor to the page that has it.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cdppe_analysis.data import load_table
from cdppe_analysis.errors import SourceError
from cdppe_analysis.printing.layout import Announce, Foot, made_folder, render, site_pages, slug
from cdppe_analysis.sources import Archive, CellReference, Source, all_sources
from cdppe_analysis.storage.files import data_dir, write_text
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.typography import counted, typeset

TITLE = "Les sources, telles qu’imprimées"
_TITLES = ("Documents", "Séries", "Autres relevés")
_PHRASE = (
    "Chaque tableau lu, ligne par ligne, avec son document, sa section et la ligne\u00a0; en face de chaque ligne, les "
    "données publiées qui en viennent."
)


def write_sources(out: Path, figures: Mapping[str, Sequence[Mapping[str, str]]], *, announce: Announce) -> Path:
    """Write the catalogue and a page for each source that has tables, unless they are of these data already.

    Parameters
    ----------
    out
        The folder of the site.
    figures
        The figures that name each source: `page` and `ancre` in the site, the title of the report (`rapport`), and
        their number and title (`numero`, `titre`).
    announce
        Called with a line of progress.

    Returns
    -------
    Path
        The catalogue.

    Raises
    ------
    ReportError
        When the folder cannot be made.
    SourceError
        When a raw table is not that of the catalogue of the data.
    """
    pied, index = Foot.of(), out / "sources.html"
    sheets = frozenset(page.stem for page in out.glob("fiches/*.html"))
    made_of = f"{pied.auteur} {pied.empreinte} {figures} {sorted(sheets)} {list(site_pages(out))}"
    made = hashlib.sha256(made_of.encode()).hexdigest()
    if index.is_file() and made in index.read_text(encoding="utf-8"):
        announce("sources: unchanged")
        return index
    made_folder(out / "sources", "sources")
    uses, catalogue = _uses(), all_sources()
    common: dict[str, Any] = {"genre": "source", "rapports": [], "pied": pied, "portes": site_pages(out)}
    for source in catalogue.values():
        if source.fichiers:
            page = render(
                "source.html.j2",
                titre=typeset(source.titre),
                phrase=_PHRASE,
                fichier=f"{source.id}.html",
                racine="../",
                source=source,
                figures=figures.get(source.id, ()),
                tableaux=[_table(source.id, raw_file, uses, sheets) for raw_file in source.fichiers],
                **common,
            )
            write_text(out / "sources" / f"{source.id}.html", page)
    kept = {f"{source.id}.html" for source in catalogue.values() if source.fichiers}
    for old in (out / "sources").glob("*.html"):
        if old.name not in kept:
            old.unlink()
    write_text(
        index,
        render(
            "sources.html.j2",
            titre=TITLE,
            phrase=_PHRASE,
            fichier="sources.html",
            racine="",
            genres=[
                (slug(title), title, [one for one in catalogue.values() if _kind(one) == title]) for title in _TITLES
            ],
            marque=made,
            **common,
        ),
    )
    announce(f"sources: {len(kept)} pages")
    return index


def _kind(source: Source) -> str:
    return {"document": _TITLES[0], "serie": _TITLES[1]}.get(source.nature, _TITLES[2])


def _table(
    source: str, raw_file: Any, uses: dict[tuple[str, str, int], dict[str, None]], sheets: frozenset[str]
) -> dict[str, Any]:
    cells = Archive.open().raw(source, raw_file.tableau).cells
    return {
        "fichier": raw_file,
        "compte": counted(len(cells), "ligne"),
        "colonnes": [typeset(raw_file.colonnes[name]) for name in cells.columns],
        "lignes": [
            (line, row, [_use(written, sheets) for written in uses.get((source, raw_file.tableau, line), ())])
            for line, row in zip(cells.index, cells.itertuples(index=False, name=None), strict=True)
        ],
    }


def _use(written: str, sheets: frozenset[str]) -> tuple[str, str]:
    """Return the words of a clean row, and the code of the sheet that shows it, if one does."""
    table, _, code = written.partition(" ")
    place = f", {DEPARTEMENTS[code].libelle}" if code in DEPARTEMENTS else ""
    return typeset(f"{table}{place}"), code if code in sheets else ""


def _uses() -> dict[tuple[str, str, int], dict[str, None]]:
    """Return the clean rows by the printed row that they name, each once: the table and the code of the département."""
    rows_of_cells: dict[tuple[str, str, int], dict[str, None]] = defaultdict(dict)
    for path in sorted((data_dir() / "clean").glob("*.csv")):
        rows = load_table(path.stem)
        if not {"source", "emplacement"} <= set(rows.columns):
            continue
        codes = rows["code_departement"] if "code_departement" in rows.columns else [""] * len(rows)
        for source, places, code in zip(rows["source"], rows["emplacement"], codes, strict=True):
            for part in str(places).split("; "):
                with contextlib.suppress(SourceError):
                    cell = CellReference.parse(part)
                    rows_of_cells[source, cell.table, cell.row][f"{path.stem} {code}".strip()] = None
    return rows_of_cells
