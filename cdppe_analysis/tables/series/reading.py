"""Read a publisher's workbook: every table by département in it, as rows with the cell each value comes from.

Columns: serie, edition, annee, code_departement, valeur, unite, feuille, cellule. Values alone are kept: what the
publisher marks as missing (« nd », « - », « NR ») gives no row, and is counted in the fate of its sheet. A sheet that
holds no table is left out by its name; one that cannot be read for certain is refused, and then nothing is given,
unless the reader leaves that sheet out by its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet, letters, open_workbook
from cdppe_analysis.tables.series.columns import SHEET, read_columns
from cdppe_analysis.tables.series.publications import Publication, allowances, recognise, years_of
from cdppe_analysis.tables.series.table import Table, read_table

COLUMNS = ("serie", "edition", "annee", "code_departement", "valeur", "unite", "feuille", "cellule")
READ, WITHOUT_TABLE, LEFT_OUT = "read", "no table by département", "left out as asked"


@dataclass(frozen=True)
class Fate:
    """What became of a sheet: its name, the outcome, how many values and agreeing totals, what a reader must know."""

    sheet: str
    outcome: str
    count: int = 0
    totals: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A workbook read: its publication, its rows (columns of `COLUMNS`), the fate of each sheet."""

    publication: Publication
    rows: pd.DataFrame
    fates: tuple[Fate, ...]


def read_publication(path: str | Path, without: Collection[str] = ()) -> Reading:
    """Read every table by département of a publisher's workbook.

    Parameters
    ----------
    path
        The workbook, `.xlsx` or `.xls`; or a CSV whose columns are known.
    without
        Names of sheets to leave out.

    Raises
    ------
    TableError
        When the file is no workbook, of no known publication, or when a sheet cannot be read for certain: the sentence
        gives the cell and the reason, then says what became of the other sheets.
    """
    if not _is_workbook(path):
        return _of_columns(path)
    sheets = open_workbook(path)
    unknown = sorted(set(without) - {sheet.name for sheet in sheets})
    if unknown:
        raise TableError(f"there is no sheet {unknown[0]!r}; there are {', '.join(sheet.name for sheet in sheets)}")
    allowed = allowances(sheets)
    tables: dict[str, Table] = {}
    refusals: dict[str, TableError] = {}
    for sheet in sheets:
        if sheet.name in without:
            continue
        try:
            table = read_table(sheet, allowed)
        except TableError as error:
            refusals[sheet.name] = error
            continue
        if table is not None:
            tables[sheet.name] = table
    if not refusals or tables:
        publication = recognise(sheets, list(tables.values()), Path(path).name)
    if refusals:
        raise _refused(refusals, len(tables), len(sheets))
    rows = pd.DataFrame(
        [row for table in tables.values() for row in _rows(table, publication)], columns=list(COLUMNS)
    ).astype({"annee": "int64"})
    rows = _without_repeats(rows)
    values = rows["feuille"].value_counts()
    fates = [
        Fate(sheet.name, READ, int(values.get(sheet.name, 0)), tables[sheet.name].checked, _told(tables[sheet.name]))
        if sheet.name in tables
        else Fate(sheet.name, LEFT_OUT if sheet.name in without else WITHOUT_TABLE, notes=_reason(sheet))
        for sheet in sheets
    ]
    rows = rows.sort_values(["serie", "annee", "code_departement"], ignore_index=True, kind="stable")
    return Reading(publication, rows, tuple(fates))


def _is_workbook(path: str | Path) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(4) in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}
    except OSError as error:
        raise TableError(f"cannot read {path}: {error.strerror}") from error


def _of_columns(path: str | Path) -> Reading:
    publication, rows = read_columns(path)
    rows = rows.assign(edition=publication.edition)[list(COLUMNS)]
    return Reading(publication, rows, (Fate(SHEET, READ, len(rows)),))


def _rows(table: Table, publication: Publication) -> Iterator[tuple[object, ...]]:
    last = max(years_of(table), default=None)
    for column in table.columns:
        serie, unit = publication.name(table, column)
        year = column.year or last
        if not serie:
            raise TableError("the table has no title that says what it counts", cell=table.sheet.address(0, 0))
        if year is None:
            raise TableError("the year of the table is told nowhere above it", cell=table.sheet.address(0, 0))
        for code, row in table.rows.items():
            value = table.value(code, column)
            if value is not None:
                cell = f"{letters(column.index)}{row + 1}"
                yield serie, publication.edition, year, code, value, unit, table.sheet.name, cell


def _without_repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop a value that a second table repeats; refuse one that it contradicts."""
    key = ["serie", "annee", "code_departement"]
    repeated = rows.duplicated(key)
    if not repeated.any():
        return rows
    first = rows.drop_duplicates(key).set_index(key)["valeur"]
    again = rows[repeated].set_index(key)
    wrong = again[again["valeur"].ne(first.reindex(again.index))]
    if len(wrong):
        row = wrong.reset_index().iloc[0]
        raise TableError(
            f"{row['serie']} of {row['code_departement']} in {row['annee']} is {row['valeur']:g} here, and "
            f"{first[tuple(row[key])]:g} in another sheet",
            cell=f"{row['feuille']}!{row['cellule']}",
        )
    return rows[~repeated]


def _refused(refusals: dict[str, TableError], read: int, total: int) -> TableError:
    name, first = next(iter(refusals.items()))
    more = [f"{error.cell}: {error.message}" for error in list(refusals.values())[1:4]]
    others = f"; refused too, {'; '.join(more)}" if more else ""
    others += f"; and {len(refusals) - 4} sheets more" if len(refusals) > 4 else ""
    tables = f"{read} table{'s' if read > 1 else ''}"
    return TableError(
        f"the sheet {name!r} cannot be read for certain: {first.message}{others}; of the {total - len(refusals)} other "
        f"sheets, {tables} can be read; nothing is written (--without {name!r} leaves that sheet out)",
        cell=first.cell,
    )


def _told(table: Table) -> tuple[str, ...]:
    marks = [f"{count} cells « {mark} »" for mark, count in table.marks.items() if mark]
    return (*table.notes, *([f"no value in {', '.join(marks)}"] if marks else []))


def _reason(sheet: Sheet) -> tuple[str, ...]:
    words: Sequence[str] = [c for row in sheet.rows[:12] for c in row if isinstance(c, str) and "paraître" in c.lower()]
    return tuple(" ".join(word.split()) for word in words[:1])
