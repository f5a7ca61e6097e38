"""The table `echeances.csv`: the reverse planning of 2020 and every date and deadline of both contracts.

`jours_avant_j` is the number of days that the reverse planning counts back from its « Jour J »; the other dates have
none. `date` is in ISO 8601 and no more precise than the print (`printed_dates`). A step that two passages date
otherwise has two rows.

Known drawback: a deadline relative to the signature has no date.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.sources import RawTable
from cdppe_analysis.tables.narrative import places, read_corrected
from cdppe_analysis.tables.printed_dates import read_date

SOURCES = {
    "circulaire-2020-34": ("echeances-circulaire", "2020-2022"),
    "rex-club-territoires": ("echeances-rex", ""),
    "instruction-2025-60": ("echeances-instruction", "2025-2027"),
    "aac-sessad-ase-nord": ("echeances-aac", "2025-2027"),
}
"""The documents, each with its table and the period of its contracts."""
REVERSE_PLANNING = "annexe3-retroplanning"
DAY_J = "Jour J"
COLUMNS = ("contractualisation", "etape", "date", "jours_avant_j", "source", "emplacement")


def build(folder: Path | None = None) -> pd.DataFrame:
    """Return the reverse planning, then the dates of each document, in the order of the print.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`; `date` and `jours_avant_j` missing where the print gives none.

    Raises
    ------
    SourceError, CorrectionError, TableError
        When a raw file changed or a cell is no date.
    """
    parts = [_reverse_planning(folder)]
    parts += [_dates(source, tableau, period, folder) for source, (tableau, period) in SOURCES.items()]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _reverse_planning(folder: Path | None) -> pd.DataFrame:
    source = "circulaire-2020-34"
    raw = read_corrected(source, REVERSE_PLANNING, folder)
    days = raw.cells["echeancier"].replace({DAY_J: "0", "": None})
    return pd.DataFrame(
        {
            "contractualisation": SOURCES[source][1],
            "etape": raw.cells["etape"],
            "date": _read(raw, "date", pd.Series("", index=raw.cells.index)),
            "jours_avant_j": pd.to_numeric(days).astype("Int64"),
            "source": source,
            "emplacement": places(raw, "echeancier", "date"),
        }
    )


def _dates(source: str, tableau: str, period: str, folder: Path | None) -> pd.DataFrame:
    raw = read_corrected(source, tableau, folder)
    return pd.DataFrame(
        {
            "contractualisation": period,
            "etape": raw.cells["etape"],
            "date": _read(raw, "imprime", raw.cells["annee"]),
            "jours_avant_j": pd.array([None] * len(raw.cells), dtype="Int64"),
            "source": source,
            "emplacement": places(raw, "imprime"),
        }
    )


def _read(raw: RawTable, colonne: str, years: pd.Series) -> list[str]:
    return [
        read_date(text, years[ligne], cell=f"{raw.source} {raw.reference(ligne, colonne)}") if text else ""
        for ligne, text in raw.cells[colonne].items()
    ]
