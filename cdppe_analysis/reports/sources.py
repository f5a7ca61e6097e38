"""The sources as pages: each raw table as printed, row by row, and the clean rows that name each printed row.

`sources.html` is the catalogue; a page a source holds its tables, since all of them in one page would pass three
megabytes. A row's anchor is `<source>-<table>-<line>`, and the catalogue leads such an anchor to the page that has it.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from cdppe_analysis.data.reading import load_table
from cdppe_analysis.errors import ReportError, SourceError
from cdppe_analysis.printing.layout import Announce, foot, render
from cdppe_analysis.sources import CellReference, load_sources, read_raw
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.writing import write_text
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.typography import typeset

TITLE = "Les sources, telles qu’imprimées"
_PHRASE = (
    "Chaque tableau lu, ligne par ligne, avec son document, sa section et la ligne\u00a0; en face de chaque ligne, les "
    "données publiées qui en viennent."
)


def write_sources(out: Path, *, announce: Announce) -> Path:
    """Write the catalogue and a page for each source that has tables, unless they are of these data already.

    Parameters
    ----------
    out
        The folder of the site.
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
    pied, index = foot(), out / "sources.html"
    if index.is_file() and f"{pied.auteur} {pied.empreinte}" in index.read_text(encoding="utf-8"):
        announce("sources: unchanged")
        return index
    try:
        (out / "sources").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"cannot make the folder of the sources: {error.strerror}", cell=str(out)) from error
    uses, known = _uses(), load_sources()
    common: dict[str, Any] = {"genre": "source", "rapports": [], "pied": pied}
    for source in known.values():
        if source.fichiers:
            page = render(
                "source.html.j2",
                titre=typeset(source.titre),
                phrase=_PHRASE,
                fichier=f"{source.id}.html",
                racine="../",
                source=source,
                tableaux=[_table(source.id, raw_file, uses) for raw_file in source.fichiers],
                **common,
            )
            write_text(out / "sources" / f"{source.id}.html", page)
    kept = {f"{source.id}.html" for source in known.values() if source.fichiers}
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
            sources=list(known.values()),
            **common,
        ),
    )
    announce(f"sources: {len(kept)} pages")
    return index


def _table(source: str, raw_file: Any, uses: dict[tuple[str, str, int], dict[str, None]]) -> dict[str, Any]:
    cells = read_raw(source, raw_file.tableau).cells
    return {
        "fichier": raw_file,
        "colonnes": [(name, typeset(raw_file.colonnes[name])) for name in cells.columns],
        "lignes": [
            (line, row, [_use(written) for written in uses.get((source, raw_file.tableau, line), ())])
            for line, row in zip(cells.index, cells.itertuples(index=False, name=None), strict=True)
        ],
    }


def _use(written: str) -> tuple[str, str]:
    """Return the words of a clean row, and the code of the sheet that shows it, if one does."""
    table, _, code = written.partition(" ")
    if code in DEPARTEMENTS:
        return typeset(f"{table}, {DEPARTEMENTS[code].libelle}"), code
    return table, ""


def _uses() -> dict[tuple[str, str, int], dict[str, None]]:
    """Return the clean rows by the printed row that they name, each once: the table and the code of the département."""
    found: dict[tuple[str, str, int], dict[str, None]] = defaultdict(dict)
    for path in sorted((data_dir() / "clean").glob("*.csv")):
        rows = load_table(path.stem)
        if not {"source", "emplacement"} <= set(rows.columns):
            continue
        codes = rows["code_departement"] if "code_departement" in rows.columns else [""] * len(rows)
        for source, places, code in zip(rows["source"], rows["emplacement"], codes, strict=True):
            for part in str(places).split("; "):
                try:
                    cell = CellReference.parse(part)
                except SourceError:
                    continue
                found[source, cell.tableau, cell.ligne][f"{path.stem} {code}".strip()] = None
    return found
