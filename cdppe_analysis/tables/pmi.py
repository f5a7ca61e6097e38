"""The PMI indicators of 2022 and 2023: annex 4 of the 2025 instruction -> the table `pmi.csv`.

Source: two tables and three regional fragments of a damaged extraction. Table A prints seven pairs (2022, 2023), then
repeats the last value; it stops at the Yonne. Table C prints five rates under headings that name other columns: in 56
rows out of 89 they are, in order, the 2023 values of the first five pairs of table A, and nothing else. Moved and
unreadable cells are declared one by one in the register of corrections, by one rule that stands at its head
(`regle_annexe4_table_a`, in French); nothing is moved here. `check_corrections` applies the rule to all 89 rows: each
declared correction of table A must be what it gives, and each that it gives be declared.

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

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations, product, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.errors import CorrectionError, TableError
from cdppe_analysis.sources import Archive, CellReference, RawTable
from cdppe_analysis.storage.strict import read_yaml
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

Reading = tuple[str | None, ...]
"""A value a cell of a row of table A, `None` where the reading loses it."""


@cache
def indicators() -> Mapping[str, Mapping[str, Any]]:
    """Return what `pmi.yml` says of each indicator, by identifier, in the order of the print."""
    return dict(read_yaml(Path(__file__).with_suffix(".yml"), TableError))


@cache
def _slots() -> list[str]:
    """Return the fourteen cells of a row of table A, in the order of the print."""
    return [column for indicator in indicators().values() for column in indicator["table_a"]]


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
        for name, indicator in indicators().items()
        for column, year in zip(indicator["table_a"], YEARS, strict=True)
    }
    of_c = {indicator["table_c"]: (name, 2023) for name, indicator in indicators().items() if "table_c" in indicator}
    rows = _units(archive)
    for part in (_long(TABLE_A, of_a, archive, "_a"), _long(TABLE_C, of_c, archive, "_c"), _confirmed(archive)):
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
    grid = pd.MultiIndex.from_product([indicators(), YEARS], names=["indicateur", "annee"]).to_frame(index=False)
    grid["rang"] = grid["indicateur"].map({indicateur: rang for rang, indicateur in enumerate(indicators())})
    return units.merge(grid, how="cross")


def _long(tableau: str, places: Mapping[str, tuple[str, int]], archive: Archive, suffix: str) -> pd.DataFrame:
    printed, read = archive.raw(SOURCE, tableau), archive.corrected(SOURCE, tableau)
    codes, columns = _codes(read), list(places)
    moved = printed.where_printed(read, columns)
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


def _confirmed(archive: Archive) -> pd.DataFrame:
    """Return the rates that their own counts give, each with its cell, once."""
    rows = controls(archive)
    rows = rows[rows["confirme"]].drop_duplicates(["code_departement", "indicateur"])
    places = zip(rows["tableau"], rows["ligne"], rows["colonne"], strict=True)
    return pd.DataFrame(
        {
            "code_departement": rows["code_departement"],
            "indicateur": rows["indicateur"],
            "annee": 2023,
            "lu_fragment": rows["imprime"],
            "ref_fragment": [str(CellReference(*place)) for place in places],
        }
    )


def _controls_of(printed: RawTable, read: RawTable) -> pd.DataFrame:
    cells = read.cells
    moved = printed.where_printed(read, [indicator["taux"] for indicator in indicators().values()])
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
                "colonne": [moved.get((ligne, indicator["taux"]), indicator["taux"]) for ligne in cells.index],
                "imprime": cells[indicator["taux"]],
                "effectif": pd.to_numeric(cells[count], errors="coerce").where(complete),
                "population": pd.to_numeric(cells[population], errors="coerce").where(complete),
            }
        )
        for indicateur, indicator in indicators().items()
        for count, population in product(indicator["effectifs"], indicator["populations"])
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


def _reading_rule(archive: Archive) -> dict[str, int]:
    """Return the bounds of the rule."""
    said: dict[str, int] = read_yaml(archive.folder / "corrections.yml", CorrectionError)["regle_annexe4_table_a"]
    return said


def _known_rates(archive: Archive) -> dict[str, dict[int, str]]:
    """Return what corrected table C and confirmed fragments say of 2023, by code and by rank of the cell."""
    read = archive.corrected(SOURCE, TABLE_C).cells
    values: dict[str, dict[int, str]] = {code: {} for code in read["c03"]}
    for fragment in _confirmed(archive).itertuples():
        rank = 2 * list(indicators()).index(str(fragment.indicateur)) + 1
        values[str(fragment.code_departement)][rank] = str(fragment.lu_fragment)
    for row in read[["c03", "c05", "c06", "c07", "c08", "c09"]].itertuples(index=False):
        values[row[0]] |= {2 * rank + 1: text for rank, text in enumerate(row[1:]) if text}
    return values


def check_corrections(archive: Archive) -> str:
    """Apply the rule to every row of table A, and hold the declared corrections to what it gives.

    Raises
    ------
    CorrectionError
        Naming the first row that has no reading, or the first cell that is read otherwise than the rule says.
    """
    rule, rates = _reading_rule(archive), _known_rates(archive)
    printed = archive.raw(SOURCE, TABLE_A).cells.set_index("c02")
    read = archive.corrected(SOURCE, TABLE_A).cells.set_index("c02")
    copies = _copied(printed, rates, rule)
    for code in printed.index:
        cells = _kept_cells(printed.loc[code], rates[code], rule)
        if cells is None:
            raise CorrectionError("the rule of annex 4 gives this row no reading", code=code, cell=TABLE_A)
        for column, value in zip(_slots(), cells, strict=True):
            given = "" if (code, column) in copies else value
            if read.at[code, column] != given:
                raise CorrectionError(
                    f"column {column} is read as {read.at[code, column]!r}; the rule of annex 4 gives {given!r}",
                    code=code,
                    cell=TABLE_A,
                )
    return f"{len(printed)} rows read by the one rule, {len(copies)} copied cells"


def _kept_cells(printed: pd.Series, known: Mapping[int, str], rule: Mapping[str, int]) -> list[str] | None:
    """Return what a row keeps in each cell; `None` where it has no reading."""
    values = [text.split("<")[0] for text in printed["c04":"c20"] if text]
    as_printed, possible = _row_readings(values, known, rule)
    if not possible:
        return None
    kept = _common(possible, known, lost_too=False)
    if not _stand_in_order(kept, values):
        kept = _common(possible, known, lost_too=True)
    belied = {
        slot for reading in as_printed for slot, text in enumerate(reading) if text != known.get(slot, reading[slot])
    }
    return [str(printed[column]) if slot in belied else kept[slot] for slot, column in enumerate(_slots())]


def _row_readings(
    printed: Sequence[str], known: Mapping[int, str], rule: Mapping[str, int]
) -> tuple[set[Reading], set[Reading]]:
    """Return the row as printed, if it can be read so, and all its readings by the rule."""
    as_printed = _alignments(printed, 0, 0, rule)
    belied = {slot for slots in as_printed for slot, value in known.items() if slots[slot] != value}
    if as_printed and not belied:
        return as_printed, as_printed
    fits: dict[tuple[int, int, int], set[Reading]] = {}
    for lost in range(rule["pertes_max"] + 1):
        for extra in range(rule["ajouts_max"] + 1):
            for slots in _alignments(printed, lost, extra, rule) if lost + extra else ():
                wrong = sum(slots[slot] not in (None, value) for slot, value in known.items())
                right = sum(slots[slot] == value for slot, value in known.items())
                if not as_printed or (not wrong and any(slots[slot] == known[slot] for slot in belied)):
                    fits.setdefault((wrong, lost + extra, -right), set()).add(slots)
    return as_printed, as_printed | (fits[min(fits)] if fits else set())


def _alignments(printed: Sequence[str], lost: int, extra: int, rule: Mapping[str, int]) -> set[Reading]:
    """Return all ways to read a printed row with `lost` cells missing and a block of `extra` too many."""
    alignments: set[Reading] = set()
    count = 14 - lost
    if not 1 <= len(printed) - extra - count <= rule["repetitions_max"]:
        return alignments
    for first in range(count + 1 if extra else 1):
        values = [*printed[:first], *printed[first + extra :]]
        if set(values[count:]) != {values[count - 1]}:
            continue
        for missing in combinations(range(13), lost):
            slots: list[str | None] = [*values[:count]]
            for slot in missing:
                slots.insert(slot, None)
            if _are_plausible(slots, rule):
                alignments.add(tuple(slots))
    return alignments


def _are_plausible(slots: Sequence[str | None], rule: Mapping[str, int]) -> bool:
    consultations, checks = (
        [int(text) for text in pair if text not in (None, "", "ND")] for pair in (slots[10:12], slots[12:])
    )
    low, high = rule["bilan_min"], rule["consultation_max"]
    return all(rate <= high for rate in consultations) and all(rate >= low for rate in checks)


def _common(readings: set[Reading], known: Mapping[int, str], *, lost_too: bool) -> list[str]:
    """Return the value of each cell that all readings give; one that loses the cell counts if `lost_too`."""
    given = [{reading[slot] for reading in readings} for slot in range(14)]
    given = [values if lost_too and slot not in known else values - {None} for slot, values in enumerate(given)]
    return [(values.pop() or "") if len(values) == 1 else "" for values in given]


def _stand_in_order(kept: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether the values that are kept stand in the order of the print: none is given twice."""
    values = iter(printed)
    return all(text in values for text in kept if text)


def _copied(
    rows: pd.DataFrame, known: Mapping[str, Mapping[int, str]], rule: Mapping[str, int]
) -> set[tuple[str, str]]:
    """Return the cells that are another row's, which table C confirms there and belies here."""
    copied: set[tuple[str, str]] = set()
    texts = {code: rows.loc[code, _slots()].tolist() for code in rows.index}
    for first in range(14 - rule["copie_min"] + 1):
        run = range(first, first + rule["copie_min"])
        alike: dict[tuple[str, ...], list[str]] = {}
        for code, cells in texts.items():
            alike.setdefault(tuple(cells[slot] for slot in run), []).append(code)
        for codes in (codes for printed, codes in alike.items() if len(codes) > 1 and "ND" not in printed):
            belied = {c for c in codes if any(texts[c][slot] != known[c].get(slot, texts[c][slot]) for slot in run)}
            if belied != set(codes):
                copied |= {(code, _slots()[slot]) for code in belied for slot in run}
    return copied
