"""The headings and the cells of a table: what stands over each column, and what a cell of values may hold.

A heading is put together from two or three rows; the mark of a note is taken off, a year is told from the rest. A cell
holds a number or the mark of a missing one; anything else is refused with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from cdppe_analysis.storage.workbook import Sheet, letters
from cdppe_analysis.territories.names import normalised

_MARK = re.compile(
    r"[-–—/.…*x]*|\W*[a-z](?:\W*[a-z]){0,2}\W*|non (?:disponible|r[eé]pondant|connu)s?|[aà] para[iî]tre", re.IGNORECASE
)
"""What a publisher prints for a value that is not there: nothing, a dash, one to three letters (nd, NR, ns), a word."""

_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?\s*(?:\*+|\(.*\)|[a-z]{1,2})?\s*", re.IGNORECASE)
_RATE = re.compile(r"proportion|\btaux\b|%|\bpour 1 ?000?\b|\bpart d|\bmoyen", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−]?\s*\d[\d\s\u00a0\u202f.,']*%?")


@dataclass(frozen=True)
class SeriesColumn:
    """A column of values: its place, its headings from the top one down, the year that one of them gives.

    Where the headings change half way down (Insee, 1990 to 1998), a column holds the rows from `start` to `stop` only.
    """

    index: int
    headings: tuple[str, ...]
    year: int | None
    start: int = 0
    stop: int = 1_000_000

    @property
    def heading(self) -> str:
        """The headings in one line."""
        return " / ".join(self.headings)

    @property
    def is_rate(self) -> bool:
        """Whether its values cannot be summed."""
        return bool(_RATE.search(self.heading))


def is_mark(text: str) -> bool:
    """Tell whether a text is what a publisher prints for a value that is not there.

    Examples
    --------
    >>> is_mark("n.d."), is_mark(""), is_mark("12")
    (True, True, False)
    """
    return _MARK.fullmatch(text.strip()) is not None


def check_value(sheet: Sheet, row: int, index: int) -> None:
    """Refuse a cell that holds neither a number nor the mark of a missing one."""
    reason = sheet.flaws.get((row, index)) or _flaw_of(sheet.at(row, index))
    if reason is not None:
        raise sheet.refused(reason, row, index)


def _flaw_of(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return f"a boolean ({str(cell).lower()}) stands for a number"
    if isinstance(cell, int | float):
        return None if -1e12 < cell < 1e12 else f"{cell!r} is no count"
    if not isinstance(cell, str):
        return f"a date ({cell}) stands for a number"
    if is_mark(cell):
        return None
    kind = "a number is stored as text" if _NUMBER.fullmatch(cell.strip()) else "a text stands for a number"
    return f"{kind}: {cell.strip()!r}"


@dataclass(frozen=True)
class Headings:
    """The rows of headings of a table, from the top one down."""

    sheet: Sheet
    header: Sequence[int]

    def columns(self, rows: Mapping[str, int], label: int) -> list[SeriesColumn]:
        """Return the columns of values to the right of the names, each cell of theirs checked.

        Raises
        ------
        TableError
            When a column has no heading, one that another has, or one out of its order; when a cell holds no count.
        """
        columns: list[SeriesColumn] = []
        for index, texts in self._over(rows, label):
            numbers = [row for row in rows.values() if self.sheet.number(row, index) is not None]
            dated = next((r for r in self.header if not isinstance(self.sheet.at(r, index), str | int | float)), None)
            if dated is not None and numbers:
                raise self.sheet.refused(f"a date ({self.sheet.at(dated, index)}) stands for a heading", dated, index)
            if not texts:
                if numbers:
                    raise self.sheet.refused("a number stands in a column without a heading", numbers[0], index)
                continue
            if not numbers and not any((row, index) in self.sheet.flaws for row in rows.values()):
                continue
            for row in rows.values():
                check_value(self.sheet, row, index)
            years = [match for text in texts if (match := _YEAR.fullmatch(text))]
            year = int(years[-1][1]) if years else None
            headings = tuple(text for text in texts if not _YEAR.fullmatch(text))
            same = [column for column in columns if column.headings == headings]
            twice = next((column for column in same if column.year == year), None)
            if twice is not None:
                if {index, twice.index} & self.sheet.hidden:
                    continue
                noted = bool(years) and years[-1].group() != str(year)
                if not noted or twice is not same[-1]:
                    raise self.sheet.refused(
                        f"the heading {' / '.join(texts)!r} is given twice (column {letters(twice.index)} too)",
                        self.header[-1], index,
                    )  # fmt: skip
                # The same year twice, the second with a note, is a break: the earlier columns are the old series.
                columns = [
                    replace(column, headings=(*headings, "ancienne série")) if column in same else column
                    for column in columns
                ]
            elif year is not None and same and same[-1].year is not None and year <= same[-1].year:
                raise self.sheet.refused(
                    f"the year {year} follows {same[-1].year}: a column moved", self.header[-1], index
                )
            columns.append(SeriesColumn(index, headings, year))
        self._check_groups(columns)
        return columns

    def check_same(self, columns: Sequence[SeriesColumn], row: int) -> None:
        """Hold that a row that repeats the headings has each of them over the same column."""
        above = {_plain(self.sheet.at(line, column.index)) for column in columns for line in self.header} - {""}
        for column in columns:
            text = _plain(self.sheet.at(row, column.index))
            own = {_plain(self.sheet.at(line, column.index)) for line in self.header}
            year = _YEAR.fullmatch(text)
            another_year = year is not None and column.year is not None and year[1] != str(column.year)
            if text and text not in own and (text in above or another_year):
                moved = _cleaned(self.sheet.at(row, column.index))
                raise self.sheet.refused(
                    f"a column moved: the heading {moved!r} stands over another one above", row, column.index
                )

    def renamed(self, columns: Sequence[SeriesColumn], row: int) -> Iterator[SeriesColumn]:
        """Yield the columns once a row repeats the headings, some of them changed from there on."""
        self.check_same(columns, row)
        texts = {_plain(self.sheet.at(line, column.index)) for column in columns for line in self.header}
        if not any(_plain(self.sheet.at(row, column.index)) in texts - {""} for column in columns):
            raise self.sheet.refused(
                "a row among the départements is neither one of them nor a total", row, columns[0].index
            )
        lowest = {column.index: _plain(self.sheet.at(self.header[-1], column.index)) for column in columns}
        is_lowest = sum(_plain(self.sheet.at(row, index)) == text for index, text in lowest.items()) > len(columns) / 2
        for column in columns:
            text = _cleaned(self.sheet.at(row, column.index))
            if not is_lowest or _plain(text) == lowest[column.index]:
                yield column
                continue
            yield replace(column, stop=row)
            if text:
                yield replace(column, headings=(*column.headings[:-1], text), start=row)

    def _check_groups(self, columns: Sequence[SeriesColumn]) -> None:
        """Hold that groups of columns that have the same headings have them in the same order (Hommes, Femmes)."""
        groups: dict[str, list[SeriesColumn]] = {}
        for column in columns:
            if len(column.headings) > 1:
                groups.setdefault(column.headings[0], []).append(column)
        for first, other in pairwise(groups.values()):
            wanted, here = ([column.headings[1:] for column in group] for group in (first, other))
            if wanted != here and sorted(wanted) == sorted(here):
                moved = next(column for column, tail in zip(other, wanted, strict=True) if column.headings[1:] != tail)
                raise self.sheet.refused(
                    f"a column moved: the headings under {other[0].headings[0]!r} are not in the order of those under "
                    f"{first[0].headings[0]!r}",
                    self.header[-1], moved.index,
                )  # fmt: skip

    def _over(self, rows: Mapping[str, int], label: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the headings over each column; one that is not merged stands over those to its right until the next."""
        levels = [""] * len(self.header)
        for index in range(label + 1, max(len(self.sheet.rows[row]) for row in [*rows.values(), *self.header])):
            for level, row in enumerate(self.header):
                text = _cleaned(self.sheet.at(row, index))
                if text:
                    levels[level:] = [text] + [""] * (len(self.header) - level - 1)
                elif level == len(self.header) - 1:
                    levels[level] = ""
            own = any(_cleaned(self.sheet.at(row, index)) for row in self.header)
            yield index, tuple(dict.fromkeys(text for text in levels if text)) if own else ()


def _cleaned(cell: Any) -> str:
    """Return a heading without line breaks and without the mark of a note."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    text = " ".join(str(cell).split())
    return text if _YEAR.fullmatch(text) else re.sub(r"(?<=[^\W\d])\d$|\s*\(\d\)$|\*+$", "", text).strip()


def _plain(cell: Any) -> str:
    return normalised(_cleaned(cell))
