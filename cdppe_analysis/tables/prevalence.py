"""The table `prevalence.csv`: what the documents say of children both protected and disabled.

Source: feedback session of the Club des Territoires. Each row keeps its own population and its own definition: a
« situation de handicap » is an estimate, a « notification MDPH » a decision, an « orientation » another, and being
followed by the ASE in a medico-social establishment is the reverse of all three. They are never added nor averaged.
A range stays a range, and a passage without a figure has no value.

Known drawback: no document gives the size of the populations that were observed, but for the SAS of the Somme.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.tables.narrative import bounds, places, read_corrected, territory_codes, territory_names

SOURCE = "rex-club-territoires"
TABLEAU = "prevalence"
NO_FIGURE = "proportion comparable"
COLUMNS = (
    "indicateur", "territoire", "code_departement", "population", "valeur", "borne_basse", "borne_haute", "unite",
    "millesime", "source", "emplacement", "note",
)  # fmt: skip


def build(folder: Path | None = None) -> pd.DataFrame:
    """Return every printed proportion, in the order of the print.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`; `valeur`, `borne_basse` and `borne_haute` in `unite` (% or rapport), missing where the
        print gives none; `code_departement` empty for the whole country.

    Raises
    ------
    SourceError, CorrectionError, TableError, TerritoryError
        When a raw file changed, a figure is none, or a territory is unknown.
    """
    raw = read_corrected(SOURCE, TABLEAU, folder)
    cells = raw.cells
    rows = pd.concat(
        [
            cells[["indicateur", "population", "unite", "note"]],
            bounds(raw, without_figure={NO_FIGURE}),
            territory_codes(cells["territoire"]),
        ],
        axis=1,
    )
    rows["territoire"] = territory_names(cells["territoire"])
    rows["millesime"] = pd.to_numeric(cells["millesime"].replace("", None)).astype("Int64")
    rows["source"] = SOURCE
    rows["emplacement"] = places(raw, "imprime")
    return rows[list(COLUMNS)].reset_index(drop=True)
