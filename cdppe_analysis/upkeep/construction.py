"""All clean tables from the raw cells: what `cdppe clean` writes and `cdppe check` compares.

Two rooms meet here and nowhere lower: the criteria, and the calibration that deduces from the published amounts the
index that was never published (`igb`, status `derive`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from cdppe_analysis.data import Data
from cdppe_analysis.sources.datapackage import write_datapackage
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.studies import deduction
from cdppe_analysis.tables import allocations, catalogue, criteria, indicators, published, territoires


def build_criteria(folder: Path | None = None) -> pd.DataFrame:
    """Return `criteres.csv`: published series, estimates, and the index deduced from the published amounts."""
    known = criteria.build(folder)
    rule = Data.open(folder).rule(deduction.RULE)
    deduced = deduction.deduced_index(rule, known, allocations.build(folder))
    table = pd.concat([known, deduced], ignore_index=True)
    return table.sort_values(["critere", "millesime", "edition", "code_departement"], ignore_index=True)


def build_indicators(folder: Path | None = None) -> pd.DataFrame:
    """Return `indicateurs.csv`: the indicators of the objectives of 2025 that the published series allow."""
    return indicators.build(published.build(folder), published.build_series(folder))


TABLES: Mapping[str, Callable[[Path | None], pd.DataFrame]] = {
    "territoires": territoires.build,
    "allocations": allocations.build,
    "criteres": build_criteria,
    "series": published.build_series,
    "indicateurs": build_indicators,
    **catalogue.TABLES,
}
"""The builder of each clean table, in the order in which they are written."""


def write_tables(folder: Path | None, out: Path) -> dict[str, int]:
    """Build every table, then write them; nothing is written when one cannot be built.

    The description of the tables, `datapackage.json`, is written again when they go to their own folder.

    Parameters
    ----------
    folder
        The data folder to read; the installation's own when left out.
    out
        The folder to write to; it is made if missing.

    Returns
    -------
    dict
        The number of rows of each table.
    """
    built = {name: build(folder) for name, build in TABLES.items()}
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in built.items():
        write_csv(frame, out / f"{name}.csv")
    root = folder or data_dir()
    if out.resolve() == (root / "clean").resolve():
        write_datapackage(root)
    return {name: len(frame) for name, frame in built.items()}
