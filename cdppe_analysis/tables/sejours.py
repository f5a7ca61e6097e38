"""The table `sejours.csv`: the Loiret's three mean stays in its children's home, in days and in printed months.

Source: feedback session of the Club des Territoires, box of the introduction. The box prints its labels apart from its
figures, in the same order; the text says that ten months are the children with a disability.

Known drawback: no count of children or of stays is printed, nor the year.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.tables.narrative import bounds, places, read_corrected, territory_codes, territory_names

SOURCE = "rex-club-territoires"
TABLEAU = "sejours"
COLUMNS = (
    "territoire", "code_departement", "public", "duree_jours", "mois_imprimes", "source", "emplacement", "note",
)  # fmt: skip


def build(folder: Path | None = None) -> pd.DataFrame:
    """Return the three means: `duree_jours` in days, `mois_imprimes` the months that the document prints beside.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Raises
    ------
    SourceError, CorrectionError, TableError, TerritoryError
        When a raw file changed, a figure is none, or a territory is unknown.
    """
    raw = read_corrected(SOURCE, TABLEAU, folder)
    rows = raw.cells[["public", "note"]].join(territory_codes(raw.cells["territoire"]))
    rows["territoire"] = territory_names(raw.cells["territoire"])
    rows["duree_jours"] = bounds(raw, "jours")["valeur"]
    rows["mois_imprimes"] = bounds(raw, "mois")["valeur"].astype("int64")
    rows["source"] = SOURCE
    rows["emplacement"] = places(raw, "jours", "mois")
    return rows[list(COLUMNS)].reset_index(drop=True)
