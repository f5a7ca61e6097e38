"""The table `criteres.csv`: every published series, and every estimate that bridges a gap."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.tables import estimates, published

COLUMNS = (
    "critere",
    "millesime",
    "edition",
    "code_departement",
    "valeur",
    "unite",
    "statut",
    "source",
    "emplacement",
)


def build(folder: Path | None = None) -> pd.DataFrame:
    """Return the table of criteria, sorted by criterion, year, edition and code.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Raises
    ------
    SourceError, CorrectionError, TableError
        As the reading of the raw tables does.
    """
    known = published.build(folder)
    table = pd.concat([known, estimates.estimated(known, published.load_choices(folder))], ignore_index=True)
    table = table[table["critere"] != "aeeh_regions"]
    return table[list(COLUMNS)].sort_values(list(COLUMNS[:4]), ignore_index=True)
