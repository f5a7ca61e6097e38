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

A regional fragment weighs only where its own counts give its rate (`pmi_fragments`): it may contradict a table, or
give a value that no table has.

Known drawbacks: in 7 rows out of 89, table C lost its fourth rate and prints the consultation as the fifth. Nothing
can show it for the eleven units that table C alone gives. A rate above 100 % may be true: children are examined
outside their département or their year of age.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, CellReference, RawTable, where_printed
from cdppe_analysis.tables import pmi_fragments
from cdppe_analysis.territories import check_codes, departement, recognise_departement, recognise_region

SOURCE = "instruction-2025-60"
TABLE_A = "annexe4-table-a"
TABLE_C = "annexe4-table-c"
YEARS = (2022, 2023)
STATUSES = ("concordant", "table_a", "table_c", "recale", "discordant", "nd", "indeterminable")
NOT_AVAILABLE = "ND"
_NAMES = {TABLE_A: "c03"}
SEPARATOR = "; "
"""Between the cells of `emplacement`, where several were read."""


@dataclass(frozen=True)
class Indicator:
    """An indicator of annex 4: its French title, its two cells in table A, its cell in table C if any."""

    titre: str
    table_a: tuple[str, str]
    table_c: str | None


INDICATORS = {
    "epp": Indicator("Entretien prénatal précoce (EPP)", ("c04", "c05"), "c05"),
    "epnp": Indicator("Entretien postnatal précoce (EPNP)", ("c06", "c07"), "c06"),
    "vad_prenatale": Indicator("Visite à domicile prénatale par une sage-femme", ("c08", "c09"), "c07"),
    "vad_postnatale": Indicator("Visite à domicile postnatale par une sage-femme", ("c10", "c11"), "c08"),
    "vad_infirmiere": Indicator(
        "Visite à domicile par un professionnel paramédical ou infirmier", ("c12", "c13"), "c09"
    ),
    "consultation": Indicator("Consultation de PMI, enfants de moins de 6 ans", ("c14", "c15"), None),
    "bilan_maternelle": Indicator("Bilan de santé, enfants de 3 à 4 ans", ("c16", "c17"), None),
}
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
    rows = _units(archive)
    for name, part in (("a", _table_a(archive)), ("c", _table_c(archive))):
        keys = ["code_departement", "indicateur", "annee"]
        rows = rows.merge(
            part.rename(columns={c: f"{c}_{name}" for c in ("imprime", "lu", "relu", "ref")}),
            on=keys,
            how="left",
            validate="one_to_one",
        )
    rows = rows.merge(_fragments(archive), on=keys, how="left", validate="one_to_one")
    rows["statut"] = _statuses(rows)
    published = rows["statut"].isin(["concordant", "table_a", "table_c", "recale"])
    text = _reading(rows["lu_a"]).fillna(_reading(rows["lu_c"])).fillna(rows["lu_fragment"])
    rows["valeur"] = pd.to_numeric(text.where(published & text.ne(NOT_AVAILABLE))).astype("Int64")
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
    for tableau in (TABLE_A, TABLE_C, *pmi_fragments.TABLEAUX):
        corrections = archive.register.corrections_of(SOURCE, tableau)
        names = archive.raw(SOURCE, tableau).cells[_NAMES.get(tableau, "c04")]
        for ligne in sorted({correction.ligne for correction in corrections}):
            of_row = [correction for correction in corrections if correction.ligne == ligne]
            emptied = sum(correction.corrige == "" for correction in of_row)
            motif = _common_evidence([correction.raison for correction in of_row])
            rows.append((tableau, ligne, names[ligne], len(of_row) - emptied, emptied, motif))
    return pd.DataFrame(rows, columns=["tableau", "ligne", "unite", "deplacees", "videes", "motif"])


def _common_evidence(reasons: list[str]) -> str:
    """Return the sentences that end every reason: what precedes them is about one cell."""
    backwards = zip(*(reversed(reason.split(". ")) for reason in reasons), strict=False)
    shared = [sentences[0] for sentences in takewhile(lambda sentences: len(set(sentences)) == 1, backwards)]
    return ". ".join(reversed(shared))


def _units(archive: Archive) -> pd.DataFrame:
    """Return every unit of table C (which table A's are part of), times indicators and years."""
    raw = archive.corrected(SOURCE, TABLE_C)
    codes = _codes(raw, "c03", "c04", "c02")
    units = pd.DataFrame({"code_departement": codes, "unite_c": [raw.reference(ligne) for ligne in codes.index]})
    grid = pd.MultiIndex.from_product([INDICATORS, YEARS], names=["indicateur", "annee"]).to_frame(index=False)
    grid["rang"] = grid["indicateur"].map({indicateur: rang for rang, indicateur in enumerate(INDICATORS)})
    return units.merge(grid, how="cross")


def _table_a(archive: Archive) -> pd.DataFrame:
    places = {
        column: (indicateur, year)
        for indicateur, indicator in INDICATORS.items()
        for column, year in zip(indicator.table_a, YEARS, strict=True)
    }
    return _long(TABLE_A, places, ("c02", "c03", "c01"), archive)


def _table_c(archive: Archive) -> pd.DataFrame:
    places = {
        indicator.table_c: (indicateur, 2023)
        for indicateur, indicator in INDICATORS.items()
        if indicator.table_c is not None
    }
    return _long(TABLE_C, places, ("c03", "c04", "c02"), archive)


def _long(
    tableau: str, places: dict[str, tuple[str, int]], names: tuple[str, str, str], archive: Archive
) -> pd.DataFrame:
    printed = archive.raw(SOURCE, tableau)
    read = archive.corrected(SOURCE, tableau)
    codes = _codes(read, *names)
    moved = where_printed(printed, read, list(places))
    parts = [
        pd.DataFrame(
            {
                "code_departement": codes,
                "indicateur": indicateur,
                "annee": year,
                "imprime": printed.cells[column],
                "lu": read.cells[column],
                "relu": read.cells[list(places)].ne(printed.cells[list(places)]).any(axis=1),
                "ref": [printed.reference(ligne, moved.get((ligne, column), column)) for ligne in codes.index],
            }
        )
        for column, (indicateur, year) in places.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    wrong = table[~table["lu"].str.fullmatch(rf"[0-9]{{1,3}}|{NOT_AVAILABLE}|")]
    if len(wrong):
        first = wrong.iloc[0]
        raise TableError(f"{first['lu']!r} is neither a rate nor ND", cell=f"{SOURCE} {first['ref']}")
    return table


def _codes(raw: RawTable, code: str, name: str, region: str) -> pd.Series:
    """Return the code of each row, its name recognised and its région checked."""
    cells = raw.cells
    codes = pd.Series(
        [recognise_departement(n, code=c) for n, c in zip(cells[name], cells[code], strict=True)], index=cells.index
    )
    check_codes(codes.tolist())
    of_name = cells[region].map(recognise_region)
    misplaced = cells.index[of_name != codes.map(lambda c: departement(c).code_region)]
    if len(misplaced):
        raise TableError(
            "a département is printed under a région that is not its own",
            code=str(codes[misplaced[0]]),
            cell=f"{SOURCE} {raw.reference(int(misplaced[0]), region)}",
        )
    return codes


def _fragments(archive: Archive) -> pd.DataFrame:
    found = pmi_fragments.confirmed(archive)
    places = zip(found["tableau"], found["ligne"], found["colonne"], strict=True)
    return pd.DataFrame(
        {
            "code_departement": found["code_departement"],
            "indicateur": found["indicateur"],
            "annee": 2023,
            "lu_fragment": found["valeur"],
            "ref_fragment": [str(CellReference(*place)) for place in places],
        }
    )


def _statuses(rows: pd.DataFrame) -> pd.Series:
    a, c = _reading(rows["lu_a"]), _reading(rows["lu_c"])
    fragment = rows["lu_fragment"]
    known = a.fillna(c)
    moved = (a.notna() & rows["lu_a"].ne(rows["imprime_a"])) | (c.notna() & rows["lu_c"].ne(rows["imprime_c"]))
    moved |= a.notna() & c.isna() & rows["relu_a"].eq(True)
    disagree = (a.notna() & c.notna() & a.ne(c)) | (known.notna() & fragment.notna() & known.ne(fragment))
    statuses = pd.Series("indeterminable", index=rows.index)
    statuses = statuses.mask(known.isna() & fragment.notna(), "recale")
    statuses = statuses.mask(a.notna() & c.isna(), "table_a").mask(a.isna() & c.notna(), "table_c")
    statuses = statuses.mask(a.notna() & c.notna(), "concordant").mask(moved, "recale")
    return statuses.mask(known.eq(NOT_AVAILABLE), "nd").mask(disagree, "discordant")


def _reading(column: pd.Series) -> pd.Series:
    return column.mask(column.eq(""))


def _places(rows: pd.DataFrame) -> pd.Series:
    """Name every cell that was read; the row of table C where no table has the cell."""
    joined = pd.Series("", index=rows.index)
    for name in ("ref_a", "ref_c", "ref_fragment"):
        place = rows[name].fillna("")
        separator = pd.Series(SEPARATOR, index=rows.index).where(joined.ne("") & place.ne(""), "")
        joined = joined + separator + place
    return joined.mask(joined.eq(""), rows["unite_c"])
