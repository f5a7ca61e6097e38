"""All clean tables from the raw cells: what `cdppe clean` writes and `cdppe check` compares.

Three tables are those that others refer to: `territoires.csv` has the 101 départements and their régions, from the Code
officiel géographique of 2020; `unites.csv` every unit that a source counts; `sources.csv` the catalogue. Two rooms meet
here and nowhere lower: the criteria, and the calibration that deduces from the published amounts the index that was
never published (`igb`, status `derive`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from cdppe_analysis.data import Data
from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, CellReference, datapackage
from cdppe_analysis.storage.files import write_text
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.studies.uncertainty import deduced_criterion, deduced_index
from cdppe_analysis.tables import allocations, estimates, narrative, pmi, published
from cdppe_analysis.territories import DEPARTEMENTS, OTHER_UNITS, components

_UNDATED = "n. d."
"""What the catalogue says of an edition whose date is unknown."""


def build_criteria(archive: Archive) -> pd.DataFrame:
    """Return `criteres.csv`: published series, the estimates that bridge a gap, the index deduced from the amounts."""
    order, columns = ["critere", "millesime", "edition", "code_departement"], archive.columns("criteres")
    series = archive.built(published.build)
    table = pd.concat(
        [series, estimates.estimated(series, published.load_choices(archive))], ignore_index=True
    ).sort_values(order, ignore_index=True)
    printed = table.loc[table["critere"] != "aeeh_regions", columns]
    data = Data.open(archive.folder)
    deduced = [
        deduced_index(rule, printed, archive.built(allocations.build))
        for rule in map(data.rule, data.rules())
        if deduced_criterion(rule)
    ]
    return pd.concat([printed, *deduced], ignore_index=True).sort_values(order, ignore_index=True)


def _indicators(archive: Archive) -> pd.DataFrame:
    """Return `indicateurs.csv`: the indicators of the objectives of 2025 that the published series allow."""
    table = estimates.indicators(archive.built(published.build), archive.built(published.build_series))
    return table[archive.columns("indicateurs")]


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
    "allocations": allocations.build,
    "criteres": build_criteria,
    "series": published.build_series,
    "indicateurs": _indicators,
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
"""The builder of each clean table, in the order in which they are written."""


def write_tables(archive: Archive, out: Path) -> dict[str, int]:
    """Build every table, then write them; nothing is written when one cannot be built.

    The description of the tables, `datapackage.json`, is written again when they go to their own folder.

    Parameters
    ----------
    archive
        What they are built from.
    out
        The folder to write to; it is made if missing.

    Returns
    -------
    dict
        The number of rows of each table.
    """
    built = {name: archive.built(build) for name, build in TABLES.items()}
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in built.items():
        write_csv(frame, out / f"{name}.csv")
    if out.resolve() == (archive.folder / "clean").resolve():
        write_text(archive.folder / datapackage.FILE, datapackage.written(datapackage.describe(archive)))
    return {name: len(frame) for name, frame in built.items()}


def clean_amounts(data: Data) -> pd.DataFrame:
    """Return the published amounts of a study, each read again in its raw cell, corrections made.

    Raises
    ------
    TableError
        When the study has no published amounts, or a cell is not there or holds no number.
    """
    if "allocations" not in data.tables():
        raise TableError("this study has no raw table to clean: its figures are those of criteres.csv")
    table = data.table("allocations").astype({"montant_eur": object})
    for rank, (source, places) in enumerate(zip(table["source"], table["emplacement"], strict=True)):
        reference = CellReference.parse(places.split("; ")[-1])
        cells = data.archive.as_read(source, reference.table).cells
        try:
            table.loc[rank, "montant_eur"] = f"{Decimal(str(cells[reference.column][reference.row])):f}"
        except (KeyError, InvalidOperation):
            message = f"{reference} is no cell that holds a number"
            raise TableError(message, code=table["code_departement"][rank], cell=places) from None
    return table
