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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.storage.workbook import Sheet, letters
from cdppe_analysis.territories import DEPARTEMENTS, components, departement, recognise_departement, region_names
from cdppe_analysis.territories.names import normalised

_MARK = re.compile(
    r"[-–—/.…*x]*|\W*[a-z](?:\W*[a-z]){0,2}\W*|non (?:disponible|repondant|connu)s?|a paraitre", re.IGNORECASE
)
"""What a publisher prints for a value that is not there: nothing, a dash, one to three letters (nd, NR, ns), a word."""

_ALIASES = {"20A": "2A", "20B": "2B", "20R": "20"}
_OVERSEAS = frozenset({"971", "972", "973", "974", "976"})
_PARTS = frozenset({"2A", "2B", "69D", "69M"})
_LEAST_ROWS = 4
_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?\s*(?:\*+|\(.*\)|[a-z]{1,2})?\s*", re.IGNORECASE)
_RATE = re.compile(r"proportion|\btaux\b|%|\bpour 1 ?000?\b|\bpart d|\bmoyen", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−]?\s*\d[\d\s\u00a0\u202f.,']*%?")


@dataclass(frozen=True)
class Column:
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


@dataclass(frozen=True)
class Table:
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
    columns: tuple[Column, ...]
    above: tuple[str, ...]
    checked: int
    marks: Mapping[str, int]
    notes: tuple[str, ...]
    absent: frozenset[tuple[int, int]]

    def value(self, code: str, column: Column) -> float | None:
        """Return a value, `None` where the publisher gives none."""
        row = self.rows[code]
        if not column.start <= row < column.stop or (row, column.index) in self.absent:
            return None
        return _number(self.sheet.at(row, column.index))


@dataclass(frozen=True)
class Allowances:
    """By how much a printed total may miss its parts beyond rounding, where the publisher warns that it does.

    `share` is a part of the total, `count` a number; `misprints` are totals known to be wrong in print, each with the
    sum of its parts.
    """

    share: float = 0.0
    count: float = 0.0
    misprints: frozenset[tuple[float, float]] = frozenset()


def read_table(sheet: Sheet, allowed: Allowances | None = None) -> Table | None:
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
    header = _header_rows(sheet, code_column, first)
    columns: Sequence[Column] = _columns(sheet, rows, header, code_column + 1)
    if not columns:
        raise _refused("no column holds a number", sheet, first, code_column + 2)
    for row in repeated:
        columns = tuple(_renamed(sheet, columns, row, header))
    marks = Counter(
        str(cell).strip()
        for row in rows.values()
        for column in columns
        if _number(cell := sheet.at(row, column.index)) is None
    )
    absent = frozenset(_absent(sheet, rows, columns))
    below = _totals_below(sheet, code_column, last + 1)
    checks = _Checks(sheet, rows, columns, absent, allowed or Allowances())
    checked = checks.wholes() + checks.totals(totals + below) + checks.regions(code_column, last + 1, header)
    checked += checks.across()
    notes = []
    hidden = [column.index for column in columns if column.index in sheet.hidden]
    if hidden:
        notes.append(f"hidden columns read as the others: {', '.join(letters(index) for index in hidden)}")
    if absent:
        notes.append(f"{len(absent)} zeros of parts beside their whole, read as absent")
    if checks.loose:
        cell, gap = max(checks.loose.items(), key=lambda item: item[1])
        notes.append(f"{len(checks.loose)} totals within the publisher's own warning, the widest by {gap:.1%} ({cell})")
    above = tuple(
        " ".join(cell.split())
        for row in sheet.rows[: header[0]]
        for cell in row
        if isinstance(cell, str) and cell.strip()
    )
    return Table(sheet, rows, tuple(columns), above, checked, marks, tuple(notes), absent)


def is_mark(text: str) -> bool:
    """Tell whether a text is what a publisher prints for a value that is not there.

    Examples
    --------
    >>> is_mark("n.d."), is_mark(""), is_mark("12")
    (True, True, False)
    """
    return _MARK.fullmatch(text.strip()) is not None


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
    cleaned = re.sub(r"[\d*()\s]+$", "", name)
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
    found: dict[str, int] = {}
    matched = [row for row in range(len(sheet.rows)) if _is_row(sheet, row, column)]
    # The régions below are not départements, though two of them have the name and nearly the code of one.
    last = next((row for row, after in pairwise(matched) if after - row > 12), matched[-1])
    totals, repeated = [], []
    for row in range(matched[0], last + 1):
        code = _is_row(sheet, row, column)
        if code is not None:
            if code in found:
                raise _refused(
                    f"the département {code!r} is given twice (row {found[code] + 1} too)", sheet, row, column
                )
            found[code] = row
            continue
        kind = _total_kind(sheet, row, column)
        if kind:
            totals.append((row, kind))
        elif str(sheet.at(row, column)).strip() or str(sheet.at(row, column + 1)).strip():
            code, name = str(sheet.at(row, column)).removesuffix(".0"), str(sheet.at(row, column + 1))
            raise _refused(f"{code!r} beside {name!r} is neither a département nor a total", sheet, row, column)
        elif any(str(cell).strip() for cell in sheet.rows[row]):
            repeated.append(row)
    _check_complete(sheet, found, column)
    return found, totals, repeated


def _check_complete(sheet: Sheet, rows: Mapping[str, int], column: int) -> None:
    try:
        check_complete(set(rows), "the table")
    except TableError as error:
        missing = error.code or ""
        near = [row for code, row in rows.items() if code < missing]
        raise _refused(error.message, sheet, max(near, default=min(rows.values()) - 1) + 1, column) from None


def check_complete(codes: Collection[str], what: str) -> None:
    """Hold that all départements of the mainland are there or none, and so overseas, Mayotte apart.

    Raises
    ------
    TableError
        Naming the first that are missing.
    """
    present = {part for code in codes for part in components(code)}
    mainland = {code for code in DEPARTEMENTS if code not in _OVERSEAS}
    wanted = mainland if present & mainland else set()
    wanted |= _OVERSEAS - {"976"} if present & _OVERSEAS else set()
    missing = sorted(wanted - present)
    if missing:
        listed = ", ".join(f"{code} ({DEPARTEMENTS[code].libelle})" for code in missing[:4])
        more = f" and {len(missing) - 4} others" if len(missing) > 4 else ""
        raise TableError(f"missing from {what}: {listed}{more}", code=missing[0])
    for whole, parts in (("20", ("2A", "2B")), ("69", ("69D", "69M"))):
        alone = [part for part in parts if part in codes]
        if len(alone) == 1:
            gone = next(part for part in parts if part not in codes)
            raise TableError(f"missing from {what}: {gone}, part of {whole}", code=gone)


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
    raise _refused("no heading stands above the codes", sheet, first - 1, column)


def _columns(sheet: Sheet, rows: Mapping[str, int], header: Sequence[int], label: int) -> list[Column]:
    columns: list[Column] = []
    for index, texts in _headings(sheet, rows, header, label):
        numbers = [row for row in rows.values() if _number(sheet.at(row, index)) is not None]
        if not texts:
            if numbers:
                raise _refused("a number stands in a column without a heading", sheet, numbers[0], index)
            continue
        if not numbers and not any((row, index) in sheet.flaws for row in rows.values()):
            continue
        for row in rows.values():
            _check_value(sheet, row, index)
        years = [match for text in texts if (match := _YEAR.fullmatch(text))]
        year = int(years[-1][1]) if years else None
        headings = tuple(text for text in texts if not _YEAR.fullmatch(text))
        same = [column for column in columns if column.headings == headings]
        twice = next((column for column in same if column.year == year), None)
        if twice is not None:
            if {index, twice.index} & sheet.hidden:
                continue
            noted = bool(years) and years[-1].group() != str(year)
            if not noted or twice is not same[-1]:
                raise _refused(
                    f"the heading {' / '.join(texts)!r} is given twice (column {letters(twice.index)} too)",
                    sheet, header[-1], index,
                )  # fmt: skip
            # The same year twice, the second with a note, is a break: the earlier columns are the old series.
            columns = [
                replace(column, headings=(*headings, "ancienne série")) if column in same else column
                for column in columns
            ]
        elif year is not None and same and same[-1].year is not None and year <= same[-1].year:
            raise _refused(f"the year {year} follows {same[-1].year}: a column moved", sheet, header[-1], index)
        columns.append(Column(index, headings, year))
    return columns


def _headings(
    sheet: Sheet, rows: Mapping[str, int], header: Sequence[int], label: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the headings over each column; one that is not merged stands over those to its right, until the next."""
    levels = [""] * len(header)
    for index in range(label + 1, max(len(sheet.rows[row]) for row in [*rows.values(), *header])):
        for level, row in enumerate(header):
            text = _cleaned(sheet.at(row, index))
            if text:
                levels[level:] = [text] + [""] * (len(header) - level - 1)
            elif level == len(header) - 1:
                levels[level] = ""
        own = any(_cleaned(sheet.at(row, index)) for row in header)
        yield index, tuple(dict.fromkeys(text for text in levels if text)) if own else ()


def _check_value(sheet: Sheet, row: int, index: int) -> None:
    """Refuse a cell that holds neither a number nor the mark of a missing one."""
    cell = sheet.at(row, index)
    if type(cell) is float and -1e12 < cell < 1e12 and not sheet.flaws:
        return
    reason = sheet.flaws.get((row, index))
    if reason is None and isinstance(cell, bool):
        reason = f"a boolean ({str(cell).lower()}) stands for a number"
    elif reason is None and not isinstance(cell, str | int | float):
        reason = f"a date ({cell}) stands for a number"
    elif reason is None and isinstance(cell, str) and not is_mark(cell):
        kind = "a number is stored as text" if _NUMBER.fullmatch(cell.strip()) else "a text stands for a number"
        reason = f"{kind}: {cell.strip()!r}"
    elif reason is None and isinstance(cell, int | float) and not -1e12 < cell < 1e12:
        reason = f"{cell!r} is no count"
    if reason is not None:
        raise _refused(reason, sheet, row, index)


def _check_same_headings(sheet: Sheet, columns: Sequence[Column], row: int, header: Sequence[int]) -> None:
    """Hold that a row that repeats the headings has each of them over the same column."""
    above = {_plain(sheet.at(line, column.index)) for column in columns for line in header} - {""}
    for column in columns:
        text = _plain(sheet.at(row, column.index))
        own = {_plain(sheet.at(line, column.index)) for line in header}
        if text and text not in own and text in above:
            moved = str(sheet.at(row, column.index)).strip()
            raise _refused(
                f"a column moved: the heading {moved!r} stands over another one above", sheet, row, column.index
            )


def _renamed(sheet: Sheet, columns: Sequence[Column], row: int, header: Sequence[int]) -> Iterator[Column]:
    """Yield the columns once a row repeats the headings, some of them changed from there on."""
    _check_same_headings(sheet, columns, row, header)
    texts = {_plain(sheet.at(line, column.index)) for column in columns for line in header}
    if not any(_plain(sheet.at(row, column.index)) in texts - {""} for column in columns):
        raise _refused("a row among the départements is neither one of them nor a total", sheet, row, columns[0].index)
    lowest = {column.index: _plain(sheet.at(header[-1], column.index)) for column in columns}
    is_lowest = sum(_plain(sheet.at(row, index)) == text for index, text in lowest.items()) > len(columns) / 2
    for column in columns:
        text = _cleaned(sheet.at(row, column.index))
        if not is_lowest or _plain(text) == lowest[column.index]:
            yield column
            continue
        yield replace(column, stop=row)
        if text:
            yield replace(column, headings=(*column.headings[:-1], text), start=row)


def _absent(sheet: Sheet, rows: Mapping[str, int], columns: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """Yield the zeros of the parts whose whole is not 0, or of the whole of parts that are not: not there that year."""
    for whole, parts in (("20", ("2A", "2B")), ("69", ("69D", "69M"))):
        if not all(code in rows for code in (whole, *parts)):
            continue
        for column in columns:
            values = [_number(sheet.at(rows[part], column.index)) for part in parts]
            of_whole = _number(sheet.at(rows[whole], column.index))
            if values == [0, 0] and of_whole:
                yield from ((rows[part], column.index) for part in parts)
            elif of_whole == 0 and None not in values and any(values):
                yield rows[whole], column.index


@dataclass
class _Checks:
    sheet: Sheet
    rows: Mapping[str, int]
    columns: Sequence[Column]
    absent: frozenset[tuple[int, int]]
    allowed: Allowances
    loose: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbers = [[_number(cell) for cell in row] for row in self.sheet.rows]
        for row, index in self.absent:
            self.numbers[row][index] = None

    def wholes(self) -> int:
        """Hold each whole against its parts."""
        checked = 0
        for whole, parts in (("20", ("2A", "2B")), ("69", ("69D", "69M"))):
            if not all(code in self.rows for code in (whole, *parts)):
                continue
            for column in self._summed():
                printed = self._at(self.rows[whole], column)
                values = [self._at(self.rows[part], column) for part in parts]
                if printed is None or None in values:
                    continue
                checked += self._hold(printed, [v for v in values if v is not None], self.rows[whole], column)
        return checked

    def totals(self, totals: Sequence[tuple[int, str]]) -> int:
        """Hold the totals of France, of the mainland, of the overseas."""
        checked = 0
        besides = [row for row, kind in totals if kind == "autre"]
        for column in self._summed():
            values = self._finest(column)
            for row, kind in totals:
                printed = self._at(row, column)
                if kind == "autre" or (kind == "france" and column.start > min(self.rows.values())):
                    continue
                codes = [c for c in values if kind == "france" or (c in _OVERSEAS) == (kind == "outre_mer")]
                # Mayotte and the other collectivités came into the totals in other years than into the rows.
                extra = [v for r in besides if (v := self._at(r, column)) is not None] if kind != "metropole" else []
                parts = [values[code] for code in codes]
                without = [values[code] for code in codes if code != "976"]
                checked += self._compare(printed, codes, parts, row, column, (parts + extra, without))
        return checked

    def regions(self, code_column: int, start: int, header: Sequence[int]) -> int:
        """Hold the block of the régions below, cell by cell."""
        found: dict[str, int] = {}
        for row in range(start, len(self.sheet.rows)):
            for cell in self.sheet.rows[row][: code_column + 2]:
                region = region_names().get(normalised(cell)) if isinstance(cell, str) and cell.strip() else None
                if region and region not in found:
                    found[region] = row
        if len(found) < 10:
            return 0
        above = min(found.values()) - 1
        _check_same_headings(self.sheet, self.columns, above, header)
        checked = 0
        for column in self._summed():
            finest = self._finest(column)
            for region, row in found.items():
                codes = [code for code in finest if departement(code).code_region == region]
                parts = [finest[code] for code in codes]
                checked += self._compare(self._at(row, column), codes, parts, row, column)
        return checked

    def across(self) -> int:
        """Hold each column of total against the columns before it that it sums, where nearly every row says so."""
        checked = 0
        columns = [column for column in self._summed() if column.year is None]
        is_total = [bool(column.headings) and "total" in normalised(column.headings[-1]).split() for column in columns]
        for rank, total in enumerate(columns):
            if not is_total[rank]:
                continue
            before = [
                (column, kind)
                for column, kind in zip(columns[:rank], is_total, strict=False)
                if len(total.headings) == 1 or column.headings[0] == total.headings[0]
            ]
            for wanted in (False, True):
                parts = [column for column, kind in before if kind is wanted]
                lines = list(self._lines(total, parts)) if len(parts) > 1 else []
                if lines and sum(_near(printed, values) for _, printed, values in lines) >= 0.9 * len(lines):
                    checked += sum(self._hold(printed, values, row, total) for row, printed, values in lines)
                    break
        return checked

    def _lines(self, total: Column, parts: Sequence[Column]) -> Iterator[tuple[int, float, list[float]]]:
        for row in self.rows.values():
            printed = self._at(row, total)
            values = [self._at(row, part) for part in parts if part.start <= row < part.stop]
            known = [value for value in values if value is not None]
            if printed is not None and len(known) == len(values):
                yield row, printed, known

    def _compare(
        self, printed: float | None, codes: Sequence[str], parts: Sequence[float], row: int, column: Column,
        others: Iterable[Sequence[float]] = (),
    ) -> int:  # fmt: skip
        """Hold a total; where a part is not given, only that the total is no smaller than the others."""
        if column.start <= row < column.stop:
            _check_value(self.sheet, row, column.index)
        if printed is None or not parts:
            return 0
        regions = {departement(code).code_region for code in codes}
        unknown = any(
            str(self.sheet.at(r, column.index)).strip() and self._at(r, column) is None
            for code, r in self.rows.items()
            if code not in codes and departement(code).code_region in regions and code not in _PARTS
        )
        if unknown and printed > sum(parts):
            return 0
        return self._hold(printed, parts, row, column, others)

    def _summed(self) -> list[Column]:
        return [column for column in self.columns if not column.is_rate]

    def _at(self, row: int, column: Column) -> float | None:
        if not column.start <= row < column.stop or column.index >= len(self.numbers[row]):
            return None
        return self.numbers[row][column.index]

    def _finest(self, column: Column) -> dict[str, float]:
        values = {code: value for code, row in self.rows.items() if (value := self._at(row, column)) is not None}
        for whole, parts in (("20", ("2A", "2B")), ("69", ("69D", "69M"))):
            if whole in values:
                for part in parts:
                    values.pop(part, None)
        return values

    def _hold(
        self, printed: float, parts: Sequence[float], row: int, column: Column, others: Iterable[Sequence[float]] = ()
    ) -> int:
        if any(_near(printed, each) for each in (parts, *others)):
            return 1
        gap, allowed = abs(printed - sum(parts)), self.allowed
        if (printed, sum(parts)) in allowed.misprints or gap <= max(allowed.share * abs(printed), allowed.count):
            self.loose[self.sheet.address(row, column.index)] = gap / abs(printed) if printed else 1.0
            return 0
        raise _refused(
            f"the printed total {_written(printed)} is not the sum of its parts, {_written(sum(parts))}",
            self.sheet, row, column.index,
        )  # fmt: skip


def _near(printed: float, parts: Sequence[float]) -> bool:
    unit, own = _unit([printed]), _unit(parts)
    allowed = 0.5 * unit if unit > 1 else 0.0
    if own > 1:
        allowed += 4 * own * (len(parts) / 12) ** 0.5
    if any(value != int(value) for value in (printed, *parts)):
        allowed = max(allowed, 0.51 + 1e-9 * abs(printed))
    return abs(printed - sum(parts)) <= allowed + 1e-9


def _unit(values: Sequence[float]) -> int:
    """Return the power of ten that all values are multiples of, 1 at least and 1 000 at most."""
    if any(value != int(value) for value in values) or not any(values):
        return 1
    return next(unit for unit in (1000, 100, 10, 1) if all(value % unit == 0 for value in values))


def _number(cell: Any) -> float | None:
    return float(cell) if type(cell) in {int, float} else None


def _cleaned(cell: Any) -> str:
    """Return a heading without line breaks and without the mark of a note."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    text = " ".join(str(cell).split())
    return text if _YEAR.fullmatch(text) else re.sub(r"(?<=[^\W\d])\d$|\s*\(\d\)$|\*+$", "", text).strip()


def _plain(cell: Any) -> str:
    return normalised(_cleaned(cell))


def _written(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value == int(value) else f"{value:.2f}"


def _refused(reason: str, sheet: Sheet, row: int, column: int) -> TableError:
    return TableError(reason, cell=sheet.address(max(row, 0), column))
