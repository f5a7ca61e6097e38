"""The PMI indicators of 2022 and 2023: annex 4 of the 2025 instruction -> the table `pmi.csv`.

Source: two tables and three regional fragments of a damaged extraction. Table A prints seven pairs (2022, 2023), then
repeats the last value; it stops at the Yonne. Table C prints five rates under headings that name other columns: in 56
rows out of 89 they are, in order, the 2023 values of the first five pairs of table A, and nothing else. Moved and
unreadable cells are declared one by one in the register of corrections, by one rule that stands at its head; nothing
is moved here.

What each cell gets:

- `nd`: every table that has the cell prints ND;
- `concordant`: both tables give the same value; `table_a`, `table_c`: one of them only has it;
- `recale`: a reading was moved by a declared correction, or table A alone gives the cell, in a row that was re-read;
- `discordant`: two readings disagree, and none is published;
- `indeterminable`: no table has an honest reading.

Three pages of the regional sheets survive too: Guadeloupe, La Réunion and Centre-Val de Loire, with counts beside their
rates. Their headings are cut, but the instruction names the columns of the sheet where the rates stand (T, V, X, Z, AB,
AF, AH), and those are the 20th, 22nd… cells of a row; the Loiret's seven rates are those of its own counts, in that
order. A fragment weighs only where its own counts give its rate: it may contradict a table, or give a value that no
table has.

    rate = 100 × beneficiaries / population concerned, rounded half up

The population is that of the births for mothers, of ages 0 to 5 or of one year of age for children. Two counts of
births are printed without a readable heading; a rate is confirmed when one of them gives it.

Known drawbacks: the digits of the fragments are damaged, so that a rate that its counts do not give may still be right.
In 7 rows out of 89, table C lost its fourth rate and prints the consultation as the fifth. Nothing
can show it for the eleven units that table C alone gives. A rate above 100 % may be true: children are examined
outside their département or their year of age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product, takewhile

import numpy as np
import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, CellReference, RawTable, where_printed
from cdppe_analysis.tables.allocations import check_regions
from cdppe_analysis.territories import france, recognise_departement

SOURCE = "instruction-2025-60"
TABLE_A = "annexe4-table-a"
TABLE_C = "annexe4-table-c"
FRAGMENTS = ("annexe4-centre-val-de-loire", "annexe4-guadeloupe", "annexe4-la-reunion")
YEARS = (2022, 2023)
STATUSES = ("concordant", "table_a", "table_c", "recale", "discordant", "nd", "indeterminable")
SEPARATOR = "; "
"""Between the cells of `emplacement`, where several were read."""

_NOT_AVAILABLE = "ND"
_NAMES = {TABLE_A: ("c02", "c03", "c01"), TABLE_C: ("c03", "c04", "c02")}
"""The columns of the code, of the name and of the région; those of table C are those of the fragments too."""

_FIFTEENTH_COUNT = "c19"
"""The last count of a complete row of a fragment; a row that lost some has no count whose meaning is known."""

_BIRTHS = ("c18", "c19")


@dataclass(frozen=True)
class Indicator:
    """An indicator of annex 4: its French title, its cells in table A (2022, 2023) and in table C, those of a fragment.

    A fragment prints its rate, its counts of beneficiaries and the populations that they may be of.
    """

    title: str
    table_a: tuple[str, str]
    table_c: str | None
    rate: str
    counts: tuple[str, ...]
    populations: tuple[str, ...]


INDICATORS: Mapping[str, Indicator] = {
    "epp": Indicator("Entretien prénatal précoce (EPP)", ("c04", "c05"), "c05", "c20", ("c05",), _BIRTHS),
    "epnp": Indicator("Entretien postnatal précoce (EPNP)", ("c06", "c07"), "c06", "c22", ("c06",), _BIRTHS),
    "vad_prenatale": Indicator(
        "Visite à domicile prénatale par une sage-femme", ("c08", "c09"), "c07", "c24", ("c07",), _BIRTHS
    ),
    "vad_postnatale": Indicator(
        "Visite à domicile postnatale par une sage-femme", ("c10", "c11"), "c08", "c26", ("c08",), _BIRTHS
    ),
    "vad_infirmiere": Indicator(
        "Visite à domicile par un professionnel paramédical ou infirmier",
        ("c12", "c13"), "c09", "c28", ("c09",), ("c15",),
    ),
    "consultation": Indicator(
        "Consultation de PMI, enfants de moins de 6 ans", ("c14", "c15"), None, "c32", ("c11",), ("c15",)
    ),
    "bilan_maternelle": Indicator(
        "Bilan de santé, enfants de 3 à 4 ans", ("c16", "c17"), None, "c34", ("c12", "c13"), ("c16",)
    ),
}  # fmt: skip
"""By identifier, in the order of the print; all are percentages of the mothers or children concerned."""


def build(archive: Archive) -> pd.DataFrame:
    """Return the seven indicators of each unit that annex 4 prints, for 2022 and 2023.

    Returns
    -------
    DataFrame
        Columns of the schema, 1 400 rows (100 units, Corse as one) ordered by code, indicator and year; `valeur` in %
        of the mothers or children concerned, missing unless the status is one of the first four.

    Raises
    ------
    SourceError, CorrectionError
        When a raw file changed or a correction matches nothing.
    TableError, TerritoryError
        When a cell is neither a rate nor ND, or a row names no département of its région.
    """
    return readings(archive)[archive.columns("pmi")]


def readings(archive: Archive) -> pd.DataFrame:
    """Return `pmi.csv` with what each table says of each cell.

    Returns
    -------
    DataFrame
        The columns of the schema, and for each table `t` (a, c): `imprime_t` (as printed), `lu_t` (after the declared
        corrections), `relu_t` (whether its row was re-read), `ref_t` (its cell); `lu_fragment` and `ref_fragment`
        where a fragment's counts give its rate. A text is missing where the table has no such cell, empty where it
        has no honest reading.
    """
    keys = ["code_departement", "indicateur", "annee"]
    of_a = {
        column: (name, year)
        for name, indicator in INDICATORS.items()
        for column, year in zip(indicator.table_a, YEARS, strict=True)
    }
    of_c = {indicator.table_c: (name, 2023) for name, indicator in INDICATORS.items() if indicator.table_c is not None}
    rows = _units(archive)
    for part in (_long(TABLE_A, of_a, archive, "_a"), _long(TABLE_C, of_c, archive, "_c"), _confirmed_cells(archive)):
        rows = rows.merge(part, on=keys, how="left", validate="one_to_one")
    rows["statut"] = _statuses(rows)
    published = rows["statut"].isin(["concordant", "table_a", "table_c", "recale"])
    text = _reading(rows["lu_a"]).fillna(_reading(rows["lu_c"])).fillna(rows["lu_fragment"])
    rows["valeur"] = pd.to_numeric(text.where(published & text.ne(_NOT_AVAILABLE))).astype("Int64")
    rows["source"] = SOURCE
    rows["emplacement"] = _places(rows)
    return rows.sort_values(["code_departement", "rang", "annee"], ignore_index=True).drop(columns="rang")


def repairs(archive: Archive) -> pd.DataFrame:
    """Return every printed row that declared corrections touch, with their evidence.

    Returns
    -------
    DataFrame
        One row a printed row, in the order of the tables: tableau, ligne, unite (as printed), deplacees and videes
        (numbers of cells read otherwise and of cells without an honest reading), motif (what the reasons of the row
        have in common, in French).
    """
    rows = []
    for tableau in (TABLE_A, TABLE_C, *FRAGMENTS):
        corrections = archive.register.corrections_of(SOURCE, tableau)
        names = archive.raw(SOURCE, tableau).cells[_NAMES.get(tableau, _NAMES[TABLE_C])[1]]
        for ligne in sorted({correction.ligne for correction in corrections}):
            of_row = [correction for correction in corrections if correction.ligne == ligne]
            emptied = sum(correction.corrige == "" for correction in of_row)
            motif = _common_evidence([correction.raison for correction in of_row])
            rows.append((tableau, ligne, names[ligne], len(of_row) - emptied, emptied, motif))
    return pd.DataFrame(rows, columns=["tableau", "ligne", "unite", "deplacees", "videes", "motif"])


def controls(archive: Archive) -> pd.DataFrame:
    """Return each printed rate of the fragments beside those that its own counts give.

    Returns
    -------
    DataFrame
        One row a département, an indicator, a count and a population: code_departement, indicateur, tableau, ligne,
        colonne, imprime (text), effectif and population (persons, missing when unreadable), calcule (% of the
        population), confirme (whether it rounds to the printed rate).
    """
    parts = [_controls_of(archive.raw(SOURCE, name), archive.corrected(SOURCE, name)) for name in FRAGMENTS]
    return pd.concat(parts, ignore_index=True)


def confirmed(archive: Archive) -> pd.DataFrame:
    """Return the rates that their own counts give: code_departement, indicateur, valeur (text) and their cell."""
    rows = controls(archive)
    kept = rows[rows["confirme"]].drop_duplicates(["code_departement", "indicateur"])
    return kept.rename(columns={"imprime": "valeur"})[
        ["code_departement", "indicateur", "valeur", "tableau", "ligne", "colonne"]
    ].reset_index(drop=True)


def _common_evidence(reasons: list[str]) -> str:
    """Return the sentences that end every reason: what precedes them is about one cell."""
    backwards = zip(*(reversed(reason.split(". ")) for reason in reasons), strict=False)
    shared = [sentences[0] for sentences in takewhile(lambda sentences: len(set(sentences)) == 1, backwards)]
    return ". ".join(reversed(shared))


def _units(archive: Archive) -> pd.DataFrame:
    """Return every unit of table C (which table A's are part of), times indicators and years."""
    raw = archive.corrected(SOURCE, TABLE_C)
    codes = _codes(raw)
    units = pd.DataFrame({"code_departement": codes, "unite_c": [raw.reference(ligne) for ligne in codes.index]})
    grid = pd.MultiIndex.from_product([INDICATORS, YEARS], names=["indicateur", "annee"]).to_frame(index=False)
    grid["rang"] = grid["indicateur"].map({indicateur: rang for rang, indicateur in enumerate(INDICATORS)})
    return units.merge(grid, how="cross")


def _long(tableau: str, places: Mapping[str, tuple[str, int]], archive: Archive, suffix: str) -> pd.DataFrame:
    printed, read = archive.raw(SOURCE, tableau), archive.corrected(SOURCE, tableau)
    codes, columns = _codes(read), list(places)
    moved = where_printed(printed, read, columns)
    again = read.cells[columns].ne(printed.cells[columns]).any(axis=1)
    parts = [
        pd.DataFrame(
            {
                "code_departement": codes,
                "indicateur": indicateur,
                "annee": year,
                f"imprime{suffix}": printed.cells[column],
                f"lu{suffix}": read.cells[column],
                f"relu{suffix}": again,
                f"ref{suffix}": [printed.reference(n, moved.get((n, column), column)) for n in codes.index],
            }
        )
        for column, (indicateur, year) in places.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    wrong = table[~table[f"lu{suffix}"].str.fullmatch(rf"[0-9]{{1,3}}|{_NOT_AVAILABLE}|")]
    if len(wrong):
        first = wrong.iloc[0]
        raise TableError(f"{first[f'lu{suffix}']!r} is neither a rate nor ND", cell=f"{SOURCE} {first[f'ref{suffix}']}")
    return table


def _codes(raw: RawTable) -> pd.Series[str]:
    """Return the code of each row, its name recognised and its région checked."""
    code, name, region = _NAMES[raw.tableau]
    names = zip(raw.cells[name], raw.cells[code], strict=True)
    codes = pd.Series([recognise_departement(name, code=code) for name, code in names], index=raw.cells.index)
    france().check(codes.tolist())
    check_regions(raw, codes, raw.cells[region], region)
    return codes


def _confirmed_cells(archive: Archive) -> pd.DataFrame:
    rows = confirmed(archive)
    places = zip(rows["tableau"], rows["ligne"], rows["colonne"], strict=True)
    return pd.DataFrame(
        {
            "code_departement": rows["code_departement"],
            "indicateur": rows["indicateur"],
            "annee": 2023,
            "lu_fragment": rows["valeur"],
            "ref_fragment": [str(CellReference(*place)) for place in places],
        }
    )


def _controls_of(printed: RawTable, read: RawTable) -> pd.DataFrame:
    cells = read.cells
    moved = where_printed(printed, read, [indicator.rate for indicator in INDICATORS.values()])
    names = zip(cells["c04"], cells["c03"], strict=True)
    codes = [recognise_departement(name, code=code) for name, code in names]
    complete = _counts_are_complete(cells)
    parts = [
        pd.DataFrame(
            {
                "code_departement": codes,
                "indicateur": indicateur,
                "tableau": read.tableau,
                "ligne": cells.index,
                "colonne": [moved.get((ligne, indicator.rate), indicator.rate) for ligne in cells.index],
                "imprime": cells[indicator.rate],
                "effectif": pd.to_numeric(cells[count], errors="coerce").where(complete),
                "population": pd.to_numeric(cells[population], errors="coerce").where(complete),
            }
        )
        for indicateur, indicator in INDICATORS.items()
        for count, population in product(indicator.counts, indicator.populations)
    ]
    table = pd.concat(parts, ignore_index=True)
    table["calcule"] = 100 * table["effectif"] / table["population"]
    table["confirme"] = np.floor(table["calcule"] + 0.5).eq(pd.to_numeric(table["imprime"], errors="coerce"))
    return table.astype({"effectif": "Int64", "population": "Int64"})


def _counts_are_complete(cells: pd.DataFrame) -> pd.Series[bool]:
    """Tell the rows whose fifteenth count is still a count: beyond the percentages, in the thousands."""
    return pd.to_numeric(cells[_FIFTEENTH_COUNT], errors="coerce").ge(1000)


def _statuses(rows: pd.DataFrame) -> pd.Series[str]:
    a, c = _reading(rows["lu_a"]), _reading(rows["lu_c"])
    fragment = rows["lu_fragment"]
    of_tables = a.fillna(c)
    moved = (a.notna() & rows["lu_a"].ne(rows["imprime_a"])) | (c.notna() & rows["lu_c"].ne(rows["imprime_c"]))
    moved |= a.notna() & c.isna() & rows["relu_a"].eq(True)
    disagree = (a.notna() & c.notna() & a.ne(c)) | (of_tables.notna() & fragment.notna() & of_tables.ne(fragment))
    statuses = pd.Series("indeterminable", index=rows.index)
    statuses = statuses.mask(of_tables.isna() & fragment.notna(), "recale")
    statuses = statuses.mask(a.notna() & c.isna(), "table_a").mask(a.isna() & c.notna(), "table_c")
    statuses = statuses.mask(a.notna() & c.notna(), "concordant").mask(moved, "recale")
    return statuses.mask(of_tables.eq(_NOT_AVAILABLE), "nd").mask(disagree, "discordant")


def _reading(column: pd.Series) -> pd.Series[str]:
    return column.mask(column.eq(""))


def _places(rows: pd.DataFrame) -> pd.Series[str]:
    """Name every cell that was read; the row of table C where no table has the cell."""
    named = zip(*(rows[column] for column in ("ref_a", "ref_c", "ref_fragment")), strict=True)
    joined = pd.Series([SEPARATOR.join(ref for ref in refs if pd.notna(ref)) for refs in named], index=rows.index)
    return joined.mask(joined.eq(""), rows["unite_c"])
