"""What all tables drawn from running text share: corrected cells, figures in three columns, territories, places.

Such a raw table has, for each figure, the few printed words that hold it (`imprime`), where they stand (`section`,
`ligne_texte`), and the project's own description of what is measured.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from cdppe_analysis.sources import RawTable, apply_corrections, load_register, read_raw
from cdppe_analysis.tables.printed_figures import Figure, read_figure
from cdppe_analysis.territories import departement, recognise_departement

COUNTRY = "France"


def read_corrected(source: str, tableau: str, folder: Path | None = None) -> RawTable:
    """Return a raw table with its declared corrections applied.

    Raises
    ------
    SourceError, CorrectionError
        When the raw file changed, or a correction matches nothing.
    """
    return apply_corrections(read_raw(source, tableau, folder), load_register(folder).corrections_of(source, tableau))


def figures(raw: RawTable, colonne: str = "imprime", *, without_figure: Collection[str] = ()) -> pd.Series:
    """Return the figure of each row; the printed words of `without_figure` have none.

    Raises
    ------
    TableError
        Naming the first cell that is no figure.
    """
    read = [
        Figure() if text in without_figure else read_figure(text, cell=f"{raw.source} {raw.reference(ligne, colonne)}")
        for ligne, text in raw.cells[colonne].items()
    ]
    return pd.Series(read, index=raw.cells.index, dtype=object)


def bounds(raw: RawTable, colonne: str = "imprime", *, without_figure: Collection[str] = ()) -> pd.DataFrame:
    """Return the figure of each row as floats: valeur, borne_basse, borne_haute."""
    read = figures(raw, colonne, without_figure=without_figure)
    return pd.DataFrame(
        {
            name: [float("nan") if getattr(figure, name) is None else float(getattr(figure, name)) for figure in read]
            for name in ("valeur", "borne_basse", "borne_haute")
        },
        index=raw.cells.index,
        dtype="float64",
    )


def territory_codes(printed: pd.Series) -> pd.Series:
    """Return the code of each printed département, empty for the whole country."""
    codes = ["" if name == COUNTRY else recognise_departement(name) for name in printed]
    return pd.Series(codes, index=printed.index, name="code_departement", dtype="str")


def territory_names(printed: pd.Series) -> list[str]:
    """Return the official name of each printed département, « France » for the whole country."""
    return [COUNTRY if not code else departement(code).libelle for code in territory_codes(printed)]


def places(raw: RawTable, *columns: str) -> list[str]:
    """Name the printed cells of each row, or the row where it prints none of them."""
    return [
        "; ".join(raw.reference(int(str(ligne)), column) for column in columns if row[column])
        or raw.reference(int(str(ligne)))
        for ligne, row in raw.cells.iterrows()
    ]
