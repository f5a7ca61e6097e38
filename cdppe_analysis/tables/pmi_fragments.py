"""The regional fragments of annex 4: counts beside rates, so that a rate can be checked.

Three pages of the regional sheets survive in the text: Guadeloupe, La Réunion and Centre-Val de Loire. Their headings
are cut, but the instruction names the columns of the sheet where the rates stand (T, V, X, Z, AB, AF, AH), and those
are the 20th, 22nd… cells of a row. The Loiret's seven rates are those of its own counts, in that order.

    rate = 100 × beneficiaries / population concerned, rounded half up

The population is that of the births for mothers, of ages 0 to 5 or of one year of age for children. Two counts of
births are printed without a readable heading; a rate is confirmed when one of them gives it.

Known drawback: the digits are damaged too, so that a rate that its counts do not give may still be right. Only the
confirmed ones weigh in `pmi`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cdppe_analysis.sources import Archive, RawTable, where_printed
from cdppe_analysis.territories import recognise_departement

SOURCE = "instruction-2025-60"
TABLEAUX = ("annexe4-centre-val-de-loire", "annexe4-guadeloupe", "annexe4-la-reunion")
COUNTS_PRINTED = 15
"""Counts of a complete row, before the rates; a row that lost some has no count whose meaning is known."""


@dataclass(frozen=True)
class _FragmentColumns:
    """Where a fragment prints an indicator: its rate, its count of beneficiaries, its populations."""

    lettre: str
    taux: str
    effectif: tuple[str, ...]
    population: tuple[str, ...]


COLUMNS = {
    "epp": _FragmentColumns("T", "c20", ("c05",), ("c18", "c19")),
    "epnp": _FragmentColumns("V", "c22", ("c06",), ("c18", "c19")),
    "vad_prenatale": _FragmentColumns("X", "c24", ("c07",), ("c18", "c19")),
    "vad_postnatale": _FragmentColumns("Z", "c26", ("c08",), ("c18", "c19")),
    "vad_infirmiere": _FragmentColumns("AB", "c28", ("c09",), ("c15",)),
    "consultation": _FragmentColumns("AF", "c32", ("c11",), ("c15",)),
    "bilan_maternelle": _FragmentColumns("AH", "c34", ("c12", "c13"), ("c16",)),
}
"""By indicator of `pmi`, the letter that the instruction gives and the cells of a row."""


def controls(archive: Archive) -> pd.DataFrame:
    """Return each printed rate of the fragments beside those that its own counts give.

    Returns
    -------
    DataFrame
        One row a département, an indicator, a count and a population: code_departement, indicateur, tableau, ligne,
        colonne, imprime (text), effectif and population (persons, missing when unreadable), calcule (% of the
        population), confirme (whether it rounds to the printed rate).
    """
    parts = [_controls_of(archive.raw(SOURCE, name), archive.corrected(SOURCE, name)) for name in TABLEAUX]
    return pd.concat(parts, ignore_index=True)


def confirmed(archive: Archive) -> pd.DataFrame:
    """Return the rates that their own counts give: code_departement, indicateur, valeur (text) and their cell."""
    rows = controls(archive)
    found = rows[rows["confirme"]].drop_duplicates(["code_departement", "indicateur"])
    return found.rename(columns={"imprime": "valeur"})[
        ["code_departement", "indicateur", "valeur", "tableau", "ligne", "colonne"]
    ].reset_index(drop=True)


def _controls_of(printed: RawTable, read: RawTable) -> pd.DataFrame:
    cells = read.cells
    moved = where_printed(printed, read, [columns.taux for columns in COLUMNS.values()])
    names = zip(cells["c04"], cells["c03"], strict=True)
    codes = pd.Series([recognise_departement(name, code=code) for name, code in names], index=cells.index)
    complete = _counts_are_complete(cells)
    parts = []
    for indicateur, columns in COLUMNS.items():
        for effectif in columns.effectif:
            for population in columns.population:
                part = pd.DataFrame(
                    {
                        "code_departement": codes,
                        "indicateur": indicateur,
                        "tableau": read.tableau,
                        "ligne": cells.index,
                        "colonne": [moved.get((ligne, columns.taux), columns.taux) for ligne in cells.index],
                        "imprime": cells[columns.taux],
                        "effectif": pd.to_numeric(cells[effectif], errors="coerce").where(complete),
                        "population": pd.to_numeric(cells[population], errors="coerce").where(complete),
                    }
                )
                parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table["calcule"] = 100 * table["effectif"] / table["population"]
    rates = pd.to_numeric(table["imprime"], errors="coerce")
    table["confirme"] = np.floor(table["calcule"] + 0.5).eq(rates)
    return table.astype({"effectif": "Int64", "population": "Int64"})


def _counts_are_complete(cells: pd.DataFrame) -> pd.Series:
    """Tell the rows whose fifteenth count is still a count: beyond the percentages, in the thousands."""
    last = cells[f"c{4 + COUNTS_PRINTED:02d}"]
    return pd.to_numeric(last, errors="coerce").ge(1000)
