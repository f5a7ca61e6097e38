"""The table `reperes.csv`: the other figures that the documents print, national targets first.

One row a figure: what is measured (`repere`, the identifier of `pmi` where it is the same indicator), its nature
(`cible` to reach, `donnee` observed, `credit` in euros, `regle` of the contract, `effectif` counted), the objective it
belongs to if any. Two passages that contradict each other are two rows.

Known drawback: the amounts and weights that share the envelopes are not here but in the rules.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.tables.narrative import bounds, places, read_corrected

SOURCES = {
    "circulaire-2020-34": ("reperes-circulaire", "2020-2022"),
    "rex-club-territoires": ("reperes-rex", ""),
    "instruction-2025-60": ("reperes-instruction", "2025-2027"),
    "aac-sessad-ase-nord": ("reperes-aac", "2025-2027"),
    "enveloppes-nationales": ("reperes", ""),
}
"""The documents, each with its table and the period that it opens, then the national amounts read in the press."""
COLUMNS = (
    "repere", "nature", "contractualisation", "numero", "valeur", "borne_basse", "borne_haute", "unite", "millesime",
    "source", "emplacement", "note",
)  # fmt: skip


def build(folder: Path | None = None) -> pd.DataFrame:
    """Return the figures of all documents, in the order of the documents and of their print.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Raises
    ------
    SourceError, CorrectionError, TableError
        When a raw file changed or a figure is none.
    """
    return pd.concat(
        [_of(source, tableau, period, folder) for source, (tableau, period) in SOURCES.items()], ignore_index=True
    )


def _of(source: str, tableau: str, period: str, folder: Path | None) -> pd.DataFrame:
    raw = read_corrected(source, tableau, folder)
    rows = raw.cells[["repere", "nature", "unite", "note"]].join(bounds(raw))
    rows["contractualisation"] = period
    rows["numero"] = pd.to_numeric(raw.cells["numero"].replace("", None)).astype("Int64")
    rows["millesime"] = pd.to_numeric(raw.cells["annee"].replace("", None)).astype("Int64")
    rows["source"] = source
    rows["emplacement"] = places(raw, "imprime")
    return rows[list(COLUMNS)]
