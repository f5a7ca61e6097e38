"""Find the table by département in a sheet, read its cells, and check it against its own printed totals.

A table is known by its rows: a code, and beside it the name that this code has. The headings stand above the first of
them, two or three rows deep; the totals and the régions below. Nothing depends on the name of the sheet, nor on the
place of the table. What is not certain is refused with its cell:

- a département given twice or missing, a code beside another name, a row that is neither a département nor a total;
- a text, a date or a boolean where the others have numbers; a formula that was never computed;
- a column of numbers without a heading, a heading given twice, headings that differ between the two blocks;
- a printed total (France, metropolitan, overseas; each région; a whole and its parts; a column that sums others) that
  is not the sum of its parts, rounding allowed for.

Known drawback: a total of an estimate is held within one unit, and a total rounded to hundreds within what rounding
can do; a smaller fault goes unseen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.storage.workbook import Sheet, letters
from cdppe_analysis.tables.series.headings import Headings, SeriesColumn
from cdppe_analysis.tables.series.totals import OVERSEAS, WHOLES, Allowances, Checks
from cdppe_analysis.territories import DEPARTEMENTS, components, departement, recognise_departement
from cdppe_analysis.territories.names import normalised

_ALIASES = {"20A": "2A", "20B": "2B", "20R": "20"}
_LEAST_ROWS = 4


@dataclass(frozen=True)
class SeriesTable:
    """A table by département.

    Attributes
    ----------
    sheet
        The sheet it stands in.
    rows
        Row of each code.
    columns
        Columns of values.
    above
        The texts above the headings, the title first.
    checked
        Number of printed totals that agree with their parts.
    marks
        How many cells hold each mark of a missing value.
    notes
        What a reader must know: hidden columns read, parts printed as 0 beside their whole.
    absent
        Cells left out because they belong to a unit that the year does not have, by row and column.
    """

    sheet: Sheet
    rows: Mapping[str, int]
    columns: tuple[SeriesColumn, ...]
    above: tuple[str, ...]
    checked: int
    marks: Mapping[str, int]
    notes: tuple[str, ...]
    absent: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, sheet: Sheet, allowed: Allowances | None = None) -> SeriesTable | None:
        """Return the table by département of a sheet, `None` when it holds none.

        Parameters
        ----------
        sheet
            The sheet.
        allowed
            What the publisher warns of; nothing when left out.

        Raises
        ------
        TableError
            When the table cannot be read for certain; the sentence gives the cell and the reason.
        """
        code_column = _code_column(sheet)
        if code_column is None:
            return None
        rows, totals, repeated = _rows(sheet, code_column)
        first, last = min(rows.values()), max(rows.values())
        headings = Headings(sheet, _header_rows(sheet, code_column, first))
        columns: Sequence[SeriesColumn] = headings.columns(rows, code_column + 1)
        if not columns:
            raise sheet.refused("no column holds a number", first, code_column + 2)
        for row in repeated:
            columns = tuple(headings.renamed(columns, row))
        marks = Counter(
            str(sheet.at(row, column.index)).strip()
            for row in rows.values()
            for column in columns
            if sheet.number(row, column.index) is None
        )
        absent = frozenset(_absent(sheet, rows, columns))
        below = _totals_below(sheet, code_column, last + 1)
        checks = Checks(sheet, rows, columns, absent, allowed or Allowances())
        checks.rounding(row for row, _ in totals + below)
        checked = checks.wholes() + checks.totals(totals + below) + checks.regions(code_column, last + 1, headings)
        checked += checks.across()
        checks.settle(checked)
        hidden = ", ".join(letters(column.index) for column in columns if column.index in sheet.hidden)
        hidden_rows = sum(row in sheet.hidden_rows for row in rows.values())
        gap, cell = max(((gap, cell) for cell, (gap, _) in checks.loose.items()), default=(0.0, ""))
        notes = {
            f"hidden columns read as the others: {hidden}": hidden,
            f"{hidden_rows} hidden rows read as the others": hidden_rows,
            f"{len(absent)} zeros of parts beside their whole, read as absent": absent,
            f"{len(checks.loose)} totals within the publisher's own warning, the widest by {gap:.1%} ({cell})": cell,
        }
        above = tuple(
            " ".join(cell.split())
            for row in sheet.rows[: headings.header[0]]
            for cell in row
            if isinstance(cell, str) and cell.strip()
        )
        return cls(
            sheet,
            rows,
            tuple(columns),
            above,
            checked,
            marks,
            tuple(note for note, told in notes.items() if told),
            absent,
        )

    @property
    def years(self) -> list[int]:
        """The years of its columns, else the one of its title."""
        years = [column.year for column in self.columns if column.year is not None]
        in_title = [int(year) for text in self.above[:2] for year in re.findall(r"\b(?:19|20)\d\d\b", text)]
        return years or in_title[-1:]

    def value(self, code: str, column: SeriesColumn) -> float | None:
        """Return a value, `None` where the publisher gives none."""
        row = self.rows[code]
        if not column.start <= row < column.stop or (row, column.index) in self.absent:
            return None
        return self.sheet.number(row, column.index)


def code_of(cell: Any) -> str | None:
    """Return the code of a département that a cell holds, as text or as a number.

    Examples
    --------
    >>> code_of("20A"), code_of(1.0), code_of("069")
    ('2A', '01', None)
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    text = str(cell).strip().upper().removesuffix(".0")
    text = _ALIASES.get(text, text.zfill(2) if text.isdigit() else text)
    try:
        departement(text)
    except TerritoryError:
        return None
    return text


@cache
def _agrees(code: str, name: str) -> bool:
    """Tell whether a name is that of a code, or of the whole or a part of it (Rhône for 69D)."""
    cleaned = re.sub(r"(?<![\d*()\s])[\d*()\s]+$", "", name)
    try:
        recognise_departement(cleaned, code=code)
    except TerritoryError:
        try:
            return components(recognise_departement(cleaned)) == components(code)
        except TerritoryError:
            return False
    return True


def _is_row(sheet: Sheet, row: int, column: int) -> str | None:
    code, name = code_of(sheet.at(row, column)), sheet.at(row, column + 1)
    return code if code and isinstance(name, str) and name.strip() and _agrees(code, name) else None


def _code_column(sheet: Sheet) -> int | None:
    counts = {
        column: sum(_is_row(sheet, row, column) is not None for row in range(len(sheet.rows))) for column in range(4)
    }
    best = max(counts, key=lambda column: (counts[column], -column))
    return best if counts[best] >= _LEAST_ROWS else None


def _rows(sheet: Sheet, column: int) -> tuple[dict[str, int], list[tuple[int, str]], list[int]]:
    """Return the row of each code, the totals between them, and the rows that repeat the headings."""
    row_of: dict[str, int] = {}
    matched = [row for row in range(len(sheet.rows)) if _is_row(sheet, row, column)]
    # The régions below are not départements, though two of them have the name and nearly the code of one.
    last = next((row for row, after in pairwise(matched) if after - row > 12), matched[-1])
    totals, repeated = [], []
    for row in range(matched[0], last + 1):
        code = _is_row(sheet, row, column)
        if code is not None:
            if code in row_of:
                raise sheet.refused(
                    f"the département {code!r} is given twice (row {row_of[code] + 1} too)", row, column
                )
            row_of[code] = row
            continue
        kind = _total_kind(sheet, row, column)
        if kind:
            totals.append((row, kind))
        elif str(sheet.at(row, column)).strip() or str(sheet.at(row, column + 1)).strip():
            code, name = str(sheet.at(row, column)).removesuffix(".0"), str(sheet.at(row, column + 1))
            raise sheet.refused(f"{code!r} beside {name!r} is neither a département nor a total", row, column)
        elif any(str(cell).strip() for cell in sheet.rows[row]):
            repeated.append(row)
    _check_complete(sheet, row_of, column)
    return row_of, totals, repeated


def _check_complete(sheet: Sheet, rows: Mapping[str, int], column: int) -> None:
    try:
        check_complete(set(rows), "the table")
    except TableError as error:
        missing = error.code or ""
        near = [row for code, row in rows.items() if code < missing]
        raise sheet.refused(error.message, max(near, default=min(rows.values()) - 1) + 1, column) from None


def check_complete(codes: Collection[str], what: str) -> None:
    """Hold that all départements of the mainland are there or none, and so overseas, Mayotte apart.

    Raises
    ------
    TableError
        Naming the first that are missing.
    """
    present = {part for code in codes for part in components(code)}
    mainland = {code for code in DEPARTEMENTS if code not in OVERSEAS}
    wanted = mainland if present & mainland else set()
    wanted |= OVERSEAS - {"976"} if present & OVERSEAS else set()
    missing = sorted(wanted - present)
    if missing:
        listed = ", ".join(f"{code} ({DEPARTEMENTS[code].libelle})" for code in missing[:4])
        more = f" and {len(missing) - 4} others" if len(missing) > 4 else ""
        raise TableError(f"missing from {what}: {listed}{more}", code=missing[0])
    for whole, parts in WHOLES.items():
        gone = [part for part in parts if part not in codes]
        if len(gone) == 1:
            raise TableError(f"missing from {what}: {gone[0]}, part of {whole}", code=gone[0])


def _total_kind(sheet: Sheet, row: int, column: int) -> str | None:
    """Return what a row of total sums: `metropole`, `outre_mer`, `france`, or `autre` for a unit that is none."""
    if code_of(sheet.at(row, column)) is not None:
        return None
    label = next((str(c) for c in sheet.rows[row][: column + 2] if isinstance(c, str) and c.strip()), "")
    words = normalised(label)
    # normalised() keeps "dom" apart from "domicile"
    terms = set(words.split())
    if not words:
        return None
    if terms & {"dom", "drom"} and "metropolitaine" in terms:
        return "france"
    if "metropolitaine" in terms or words == "metropole":
        return "metropole"
    if terms & {"dom", "drom"} or "outre mer" in words:
        return "outre_mer"
    if words in {"france", "france entiere", "ensemble", "total"} or words.startswith(
        ("total estime france", "total france")
    ):
        return "france"
    if words in {"saint pierre et miquelon", "autres com"}:
        return "autre"
    return None


def _totals_below(sheet: Sheet, column: int, start: int) -> list[tuple[int, str]]:
    totals: list[tuple[int, str]] = []
    for row in range(start, min(start + 8, len(sheet.rows))):
        kind = _total_kind(sheet, row, column)
        if kind:
            totals.append((row, kind))
        elif totals and any(str(cell).strip() for cell in sheet.rows[row]):
            break
    return totals


def _header_rows(sheet: Sheet, column: int, first: int) -> list[int]:
    tops = [
        row
        for row in range(first - 1, max(first - 4, -1), -1)
        if len(words := normalised(f"{sheet.at(row, column)} {sheet.at(row, column + 1)}")) < 60
        and re.search(r"\b(?:code|dep|departements?|libelle)\b", words)
    ]
    if tops:
        return list(range(min(tops), first))
    raise sheet.refused("no heading stands above the codes", first - 1, column)


def _absent(sheet: Sheet, rows: Mapping[str, int], columns: Sequence[SeriesColumn]) -> Iterator[tuple[int, int]]:
    """Yield the zeros of the parts whose whole is not 0, or of the whole of parts that are not: not there that year."""
    for whole, parts in WHOLES.items():
        for column in columns if {whole, *parts} <= rows.keys() else ():
            values = [sheet.number(rows[part], column.index) for part in parts]
            of_whole = sheet.number(rows[whole], column.index)
            if values == [0, 0] and of_whole:
                yield from ((rows[part], column.index) for part in parts)
            elif of_whole == 0 and None not in values and any(values):
                yield rows[whole], column.index
