"""The table `dispositifs.csv`: the schemes of the feedback session, and the three « SESSAD ASE » of the Nord.

One row a scheme and a figure (`indicateur`, `valeur`, `unite`); a scheme that the document describes without a figure
has one row without. `places` and `ouverture` are those of the scheme, repeated on its rows; `ouverture` is in ISO 8601,
no more precise than the print.

Known drawback: an opening that the document only announces (Loiret, Nord) is written like one that took place; the
date tells them apart.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.narrative import figures, places, read_corrected, territory_codes, territory_names
from cdppe_analysis.tables.printed_dates import read_date
from cdppe_analysis.tables.printed_figures import read_figure

SOURCES = {
    "rex-club-territoires": ("dispositifs-rex", "indicateurs-rex"),
    "aac-sessad-ase-nord": ("dispositifs-aac", "indicateurs-aac"),
}
"""The documents, each with its table of schemes and that of their figures."""
COLUMNS = (
    "nom", "territoire", "code_departement", "type", "ouverture", "places", "indicateur", "valeur", "unite", "source",
    "emplacement",
)  # fmt: skip


def build(folder: Path | None = None) -> pd.DataFrame:
    """Return the schemes of both documents, in the order of the print.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`; `places` a count or missing, `valeur` in `unite` or missing.

    Raises
    ------
    SourceError, CorrectionError, TableError, TerritoryError
        When a raw file changed, a cell is no figure or no date, or a figure belongs to no scheme.
    """
    return pd.concat([_of(source, *tableaux, folder) for source, tableaux in SOURCES.items()], ignore_index=True)


def _of(source: str, schemes_table: str, figures_table: str, folder: Path | None) -> pd.DataFrame:
    raw = read_corrected(source, schemes_table, folder)
    schemes = raw.cells[["nom", "type"]].join(territory_codes(raw.cells["territoire"]))
    schemes["territoire"] = territory_names(raw.cells["territoire"])
    schemes["ouverture"] = [
        read_date(text, cell=raw.reference(ligne, "ouverture")) if text else ""
        for ligne, text in raw.cells["ouverture"].items()
    ]
    counts = [read_figure(text).valeur if text else None for text in raw.cells["places"]]
    schemes["places"] = pd.array([None if count is None else int(count) for count in counts], dtype="Int64")
    schemes["ref_dispositif"] = places(raw, "ouverture", "places")
    schemes["rang"] = schemes.index
    printed = read_corrected(source, figures_table, folder)
    numbers = printed.cells[["nom", "indicateur", "unite"]].assign(
        valeur=[float(figure.seul_nombre) for figure in figures(printed)],
        ref_indicateur=[printed.reference(ligne, "imprime") for ligne in printed.cells.index],
        ordre=printed.cells.index,
    )
    unknown = sorted(set(numbers["nom"]) - set(schemes["nom"]))
    if unknown:
        raise TableError(f"the figures of {unknown[0]!r} belong to no scheme of the document", cell=source)
    rows = schemes.merge(numbers, on="nom", how="left", validate="one_to_many").sort_values(["rang", "ordre"])
    rows["source"] = source
    rows["emplacement"] = rows["ref_dispositif"].where(
        rows["ref_indicateur"].isna(), rows["ref_indicateur"] + "; " + rows["ref_dispositif"]
    )
    return rows.fillna({"indicateur": "", "unite": ""})[list(COLUMNS)]
