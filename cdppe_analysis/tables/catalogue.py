"""The tables made of the documents alone: their builders, and the proof that each row leads back to its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cdppe_analysis.errors import CdppeError, TableError
from cdppe_analysis.sources import Archive, CellReference, RawTable
from cdppe_analysis.tables import narrative, objectifs, pmi, references

TABLES: Mapping[str, Callable[[Archive], pd.DataFrame]] = {
    "unites": references.build_units,
    "sources": references.build_sources,
    "prevalence": narrative.prevalence,
    "sejours": narrative.sejours,
    "pmi": pmi.build,
    "objectifs": objectifs.build,
    "dispositifs": narrative.dispositifs,
    "echeances": narrative.echeances,
    "reperes": narrative.reperes,
}
"""The builder of each table, in the order in which they are written."""

REFERENCES = {"unites", "sources"}
"""The tables that others refer to, which come from no printed cell."""


def check_places(table: pd.DataFrame, archive: Archive) -> int:
    """Follow every `emplacement` of a table to its printed cell, and return how many cells were found.

    Parameters
    ----------
    table
        A clean table with the columns `source` and `emplacement`.
    archive
        What was read of the documents.

    Raises
    ------
    SourceError
        When a place names no cell, or no table of the catalogue.
    TableError
        When the raw table has no such row or column.
    """
    raw: dict[tuple[str, str], RawTable] = {}
    pairs = zip(table["source"], table["emplacement"], strict=True)
    places = sorted({(source, part) for source, place in pairs for part in place.split("; ")})
    for source, part in places:
        reference = CellReference.parse(part)
        key = (source, reference.tableau)
        if key not in raw:
            raw[key] = archive.raw(*key)
        cells = raw[key].cells
        if reference.ligne not in cells.index or reference.colonne not in {None, *cells.columns}:
            raise TableError("a row leads to no printed cell", cell=f"{source} {reference}")
    return len(places)


def check(archive: Archive) -> list[tuple[str, bool, str]]:
    """Return a check a table: name, whether every row leads back to its cells, and how many rows and cells."""
    checks = []
    for name, build in TABLES.items():
        if name in REFERENCES:
            continue
        try:
            table = build(archive)
            cells = check_places(table, archive)
        except CdppeError as error:
            checks.append((f"clean/{name}.csv, printed cells", False, str(error)))
        else:
            checks.append((f"clean/{name}.csv, printed cells", True, f"{len(table)} rows lead to {cells} cells"))
    return checks
