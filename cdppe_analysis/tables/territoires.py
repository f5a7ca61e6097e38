"""The table `territoires.csv`: the 101 départements and their régions, from the Code officiel géographique of 2020."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.sources import read_raw


def build(folder: Path | None = None) -> pd.DataFrame:
    """Return the 101 départements ordered by code.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Returns
    -------
    DataFrame
        Columns code_departement, libelle_departement, code_region, libelle_region.
    """
    cells = read_raw("insee-cog-2020", "departements", folder).cells
    return cells.sort_values("code_departement", ignore_index=True)
