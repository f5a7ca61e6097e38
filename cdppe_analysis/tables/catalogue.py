"""The tables made of the documents alone: their builders, and the proof that each row leads back to its cells.

Three are those that others refer to: `territoires.csv` has the 101 départements and their régions, from the Code
officiel géographique of 2020; `unites.csv` every unit that a source counts; `sources.csv` the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, CellReference, RawTable
from cdppe_analysis.tables import narrative, pmi
from cdppe_analysis.territories import DEPARTEMENTS, OTHER_UNITS, components

_UNDATED = "n. d."
"""What the catalogue says of an edition whose date is unknown."""


def _territories(archive: Archive) -> pd.DataFrame:
    """Return the 101 départements ordered by code."""
    cells = archive.raw("insee-cog-2020", "departements").cells
    return cells.sort_values("code_departement", ignore_index=True)


def _units(archive: Archive) -> pd.DataFrame:  # noqa: ARG001 - the units come with the package
    """Return the 101 départements and the units that stand for some, ordered by code."""
    units = {**DEPARTEMENTS, **OTHER_UNITS}
    codes = sorted(units)
    return pd.DataFrame(
        {
            "code_departement": codes,
            "libelle": [units[code].libelle for code in codes],
            "composantes": [" ".join(components(code)) for code in codes],
        }
    )


def _sources(archive: Archive) -> pd.DataFrame:
    """Return the catalogue of sources, in its order."""
    sources = list(archive.sources.values())
    names = ("titre", "editeur", "date", "licence", "nature")
    columns: dict[str, list[str]] = {"source": [source.id for source in sources]}
    columns |= {name: [str(getattr(source, name)) for source in sources] for name in names}
    columns["date"] = ["" if date == _UNDATED else date for date in columns["date"]]
    columns["empreinte"] = [source.empreinte or "" for source in sources]
    return pd.DataFrame(columns)


TABLES: Mapping[str, Callable[[Archive], pd.DataFrame]] = {
    "territoires": _territories,
    "unites": _units,
    "sources": _sources,
    "prevalence": narrative.prevalence,
    "sejours": narrative.sejours,
    "pmi": pmi.build,
    "objectifs": narrative.objectifs,
    "dispositifs": narrative.dispositifs,
    "echeances": narrative.echeances,
    "reperes": narrative.reperes,
}
"""The builder of each table, in the order in which they are written."""

PRINTED = tuple(name for name in TABLES if name not in ("territoires", "unites", "sources"))
"""The tables that are made of printed cells; the three others are those that tables refer to."""


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
        key = (source, reference.table)
        if key not in raw:
            raw[key] = archive.raw(*key)
        cells = raw[key].cells
        if reference.row not in cells.index or reference.column not in {None, *cells.columns}:
            raise TableError("a row leads to no printed cell", cell=f"{source} {reference}")
    return len(places)
