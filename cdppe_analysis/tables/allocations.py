"""The amounts published in 2020: cells as printed -> the table `allocations.csv`.

Source: annex 7, table B, of the distribution of the ONDAM médico-social 2020 (15 M€, 30 départements). The print gives
a région and its total on the line of the région's first département only; the lines below belong to the same région.
Every regional total is checked against its départements, and the whole against the total printed last: a gap must be
declared in the register, with both figures, or it is an error.

Known drawback: the document does not say how the amounts were rounded; their sum misses the printed total by 1 €.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, DeclaredGap, RawTable
from cdppe_analysis.tables.amounts import read_amount
from cdppe_analysis.territories import REGIONS, departement, france, recognise_departement, recognise_region

SOURCE = "annexe7-ondam-2020"
TABLEAU = "b-enveloppes"


@dataclass(frozen=True)
class TotalCheck:
    """A printed total beside the sum of its parts, in euros; `raison` explains a declared gap."""

    label: str
    row: int
    printed: int
    added: int
    reason: str = ""

    @property
    def gap(self) -> int:
        """The sum less the printed total, in euros."""
        return self.added - self.printed


def build(archive: Archive) -> pd.DataFrame:
    """Return the 30 published amounts.

    Returns
    -------
    DataFrame
        Columns of the schema, 30 rows ordered by code, `montant_eur` in whole euros.

    Raises
    ------
    SourceError, CorrectionError
        When a raw file changed or a correction matches nothing.
    TableError
        When a cell is no amount, a name no territory of its région, or a total has a gap that is not declared.
    """
    raw, gaps = _read(archive)
    rows = _tidy(raw)
    _checked_totals(raw, rows, gaps)
    codes = rows["code_departement"]
    return pd.DataFrame(
        {
            "dispositif": "ondam-ms",
            "millesime": 2020,
            "code_departement": codes,
            "libelle_departement": [departement(code).libelle for code in codes],
            "code_region": [departement(code).code_region for code in codes],
            "libelle_region": [departement(code).libelle_region for code in codes],
            "montant_eur": rows["montant_eur"],
            "source": raw.source,
            "emplacement": [raw.reference(ligne, "dotation_departement") for ligne in rows.index],
        }
    ).sort_values("code_departement", ignore_index=True)


def totals(archive: Archive) -> list[TotalCheck]:
    """Return every printed total beside the sum of its départements, the whole last.

    Raises
    ------
    TableError
        When a total has a gap that is not declared.
    """
    raw, gaps = _read(archive)
    return _checked_totals(raw, _tidy(raw), gaps)


def check_regions(raw: RawTable, codes: pd.Series[str], printed: pd.Series[str], column: str) -> None:
    """Hold that each département is printed under its own région.

    Parameters
    ----------
    raw, codes, printed
        The printed table; the code of each of its rows, and the région printed for it.
    column
        The cell that is named where it is not.

    Raises
    ------
    TableError
        Naming the first that is not.
    """
    for ligne, code, region in zip(codes.index, codes, printed.map(recognise_region), strict=True):
        if departement(code).code_region != region:
            message = "a département is printed under a région that is not its own"
            raise TableError(message, code=code, cell=f"{raw.source} {raw.reference(ligne, column)}")


def peculiarities(raw: RawTable) -> pd.DataFrame:
    """List what is odd in the print: one row a cell and a peculiarity, in the order of the print.

    Returns
    -------
    DataFrame
        Columns ligne (int), colonne, imprime (text with its line breaks shown as ⏎), particularite (French).
    """
    rows = []
    for colonne in raw.cells.columns:
        for ligne, text in raw.cells[colonne].items():
            for particularite in _peculiarities_of(str(colonne), text):
                rows.append((ligne, colonne, text.replace("\n", "⏎"), particularite))
    listed = pd.DataFrame(rows, columns=["ligne", "colonne", "imprime", "particularite"])
    return listed.sort_values(["ligne", "colonne"], kind="stable", ignore_index=True)


def _read(archive: Archive) -> tuple[RawTable, tuple[DeclaredGap, ...]]:
    return archive.corrected(SOURCE, TABLEAU), archive.register.gaps_of(SOURCE, TABLEAU)


def _is_total(cells: pd.DataFrame) -> pd.Series:
    return cells["region"].str.casefold().eq("total")


def _amounts(raw: RawTable, printed: pd.Series[str]) -> list[int]:
    """Read a column in whole euros, each amount under the name of its cell."""
    named = ((text, raw.reference(int(str(ligne)), str(printed.name))) for ligne, text in printed.items())
    return [int(read_amount(text, cell=place)) for text, place in named]


def _tidy(raw: RawTable) -> pd.DataFrame:
    """Return one row a département, indexed by the printed row: code_departement, code_region, montant_eur."""
    cells = raw.cells[~_is_total(raw.cells)]
    printed_region = cells["region"].replace("", pd.NA).ffill()
    rows = pd.DataFrame(
        {
            "code_departement": cells["departement"].map(recognise_departement),
            "code_region": printed_region.map(recognise_region),
            "montant_eur": _amounts(raw, cells["dotation_departement"]),
        },
        index=cells.index,
    )
    france().check(rows["code_departement"].tolist())
    check_regions(raw, rows["code_departement"], printed_region, "departement")
    return rows


def _checked_totals(raw: RawTable, rows: pd.DataFrame, gaps: Iterable[DeclaredGap] = ()) -> list[TotalCheck]:
    """Compare each printed total with the sum of its parts; a gap is declared, and a declared gap is there."""
    printed = raw.cells[raw.cells["dotation_region"] != ""]
    sums = rows.groupby("code_region")["montant_eur"].sum()
    regions, amounts = printed["region"].map(recognise_region), _amounts(raw, printed["dotation_region"])
    printed_totals = [
        (REGIONS[code], ligne, amount, int(sums[code]))
        for ligne, code, amount in zip(printed.index, regions, amounts, strict=True)
    ]
    for ligne in raw.cells.index[_is_total(raw.cells)]:
        [whole] = _amounts(raw, raw.cells.loc[[ligne], "dotation_departement"])
        printed_totals.append(("Total", ligne, whole, int(rows["montant_eur"].sum())))
    declared, checks = {gap.ligne: gap for gap in gaps}, []
    for libelle, ligne, imprime, somme in printed_totals:
        gap = declared.pop(ligne, None)
        place = f"{raw.source} {raw.reference(ligne)}"
        if somme != imprime and gap is None:
            raise TableError(f"the printed total {imprime} is not the sum {somme} of its départements", cell=place)
        if gap is not None and (gap.imprime, gap.somme) != (imprime, somme):
            raise TableError(
                f"the register declares {gap.imprime} against {gap.somme}, the table gives {imprime} against {somme}",
                cell=place,
            )
        checks.append(TotalCheck(libelle, ligne, imprime, somme, gap.raison if gap is not None else ""))
    if declared:
        raise TableError("a declared gap matches no total", cell=f"{raw.source} {raw.reference(min(declared))}")
    return checks


def _peculiarities_of(colonne: str, text: str) -> list[str]:
    oddities = []
    if "\n" in text:
        oddities.append("libellé coupé sur deux lignes")
    if colonne.startswith("dotation") and text and "€" not in text:
        oddities.append("montant sans €")
    if colonne == "region" and text and text.casefold() != "total":
        label = " ".join(text.split())
        official = REGIONS[recognise_region(label)]
        if label.replace("- ", "-") != official:
            oddities.append(f"graphie différente de « {official} »")
    return oddities
