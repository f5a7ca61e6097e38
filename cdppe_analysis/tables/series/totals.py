"""Hold the printed totals of a table against their parts: France, the régions, the wholes, the columns that sum others.

A total is the sum of its parts, rounding allowed for: to the power of ten to which all totals of the sheet are rounded,
to a unit where a part has decimals. Where a publisher warns that its totals miss their parts, small gaps are told and
not refused.

Known drawback: a fault smaller than the rounding goes unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet
from cdppe_analysis.tables.series.headings import Headings, SeriesColumn, check_value
from cdppe_analysis.territories import departement, region_names
from cdppe_analysis.territories.names import normalised

OVERSEAS = frozenset({"971", "972", "973", "974", "976"})
"""The départements that are no part of the mainland."""

WHOLES: Mapping[str, tuple[str, ...]] = {"20": ("2A", "2B"), "69": ("69D", "69M")}
"""The parts of each whole beside which sources print them."""

_PARTS = {part for parts in WHOLES.values() for part in parts}


@dataclass(frozen=True)
class Allowances:
    """By how much a printed total may miss its parts beyond rounding, where the publisher warns that it does.

    `share` is a part of the total, `count` a number; `misprints` are totals known to be wrong in print, each with the
    sum of its parts.
    """

    share: float = 0.0
    count: float = 0.0
    misprints: frozenset[tuple[float, float]] = frozenset()


@dataclass
class Checks:
    """The checks of a table: each method returns how many totals agree, and refuses the first that does not."""

    sheet: Sheet
    rows: Mapping[str, int]
    columns: Sequence[SeriesColumn]
    absent: frozenset[tuple[int, int]]
    allowed: Allowances
    loose: dict[str, tuple[float, TableError | None]] = field(default_factory=dict)
    rounded_to: int = 1
    _units: dict[int, int] = field(default_factory=dict)

    def rounding(self, rows: Iterable[int]) -> None:
        """Know to what the totals of these rows are rounded, if all of them are."""
        printed = [value for row in rows for column in self._summed() if (value := self._at(row, column)) is not None]
        self.rounded_to = _unit(printed)

    def wholes(self) -> int:
        """Hold each whole against its parts."""
        checked = 0
        for whole, parts in WHOLES.items():
            rows = [self.rows[code] for code in (whole, *parts) if code in self.rows]
            for column in self._summed() if len(rows) > len(parts) else ():
                values = [value for row in rows if (value := self._at(row, column)) is not None]
                if len(values) == len(rows):
                    checked += self._hold(values[0], values[1:], rows[0], column)
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
                codes = [c for c in values if kind == "france" or (c in OVERSEAS) == (kind == "outre_mer")]
                # Mayotte and the other collectivités came into the totals in other years than into the rows.
                extra = [v for r in besides if (v := self._at(r, column)) is not None] if kind != "metropole" else []
                parts = [values[code] for code in codes]
                without = [values[code] for code in codes if code != "976"]
                checked += self._compare(printed, codes, parts, row, column, (parts + extra, without))
        return checked

    def regions(self, code_column: int, start: int, headings: Headings) -> int:
        """Hold the block of the régions below, cell by cell."""
        row_of_region: dict[str, int] = {}
        for row in range(start, len(self.sheet.rows)):
            for cell in self.sheet.rows[row][: code_column + 2]:
                region = region_names().get(normalised(cell)) if isinstance(cell, str) and cell.strip() else None
                if region and region not in row_of_region:
                    row_of_region[region] = row
        if len(row_of_region) < 10:
            return 0
        above = min(row_of_region.values()) - 1
        headings.check_same(self.columns, above)
        checked = 0
        for column in self._summed():
            finest = self._finest(column)
            for region, row in row_of_region.items():
                codes = [code for code in finest if departement(code).code_region == region]
                parts = [finest[code] for code in codes]
                checked += self._compare(self._at(row, column), codes, parts, row, column)
        return checked

    def across(self) -> int:
        """Hold each column of total against the columns before it that it sums, where nearly every row says so."""
        checked = 0
        columns = [column for column in self._summed() if column.year is None]
        is_total = ["total" in normalised(column.headings[-1]).split() for column in columns]
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
                if lines and sum(_near(printed, values, 1, 1) for _, printed, values in lines) >= 0.9 * len(lines):
                    checked += sum(self._hold(printed, values, row, total) for row, printed, values in lines)
                    break
        return checked

    def _lines(self, total: SeriesColumn, parts: Sequence[SeriesColumn]) -> Iterator[tuple[int, float, list[float]]]:
        for row in self.rows.values():
            printed = self._at(row, total)
            values = [self._at(row, part) for part in parts if part.start <= row < part.stop]
            present = [value for value in values if value is not None]
            if printed is not None and len(present) == len(values):
                yield row, printed, present

    def _compare(
        self, printed: float | None, codes: Sequence[str], parts: Sequence[float], row: int, column: SeriesColumn,
        others: Iterable[Sequence[float]] = (),
    ) -> int:  # fmt: skip
        """Hold a total; where a part is not given, only that the total is no smaller than the others."""
        if column.start <= row < column.stop:
            check_value(self.sheet, row, column.index)
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

    def _unit_of(self, column: SeriesColumn) -> int:
        """Return the power of ten to which the values of a column are rounded; few values prove no rounding."""
        if column.index not in self._units:
            values = [value for row in self.rows.values() if (value := self._at(row, column))]
            self._units[column.index] = _unit(values) if len(values) > 50 else 1
        return self._units[column.index]

    def _summed(self) -> list[SeriesColumn]:
        return [column for column in self.columns if not column.is_rate]

    def _at(self, row: int, column: SeriesColumn) -> float | None:
        if not column.start <= row < column.stop or (row, column.index) in self.absent:
            return None
        return self.sheet.number(row, column.index)

    def _finest(self, column: SeriesColumn) -> dict[str, float]:
        values = {code: value for code, row in self.rows.items() if (value := self._at(row, column)) is not None}
        return {
            code: value
            for code, value in values.items()
            if not any(code in parts and whole in values for whole, parts in WHOLES.items())
        }

    def _hold(
        self,
        printed: float,
        parts: Sequence[float],
        row: int,
        column: SeriesColumn,
        others: Iterable[Sequence[float]] = (),
    ) -> int:
        own = self._unit_of(column)
        if any(_near(printed, each, self.rounded_to, own) for each in (parts, *others)):
            return 1
        error = self.sheet.refused(
            f"the printed total {_written(printed)} is not the sum of its parts, {_written(sum(parts))}",
            row, column.index,
        )  # fmt: skip
        is_allowed = (printed, sum(parts)) in self.allowed.misprints or abs(printed - sum(parts)) <= self.allowed.count
        if not is_allowed and not self.allowed.share:
            raise error
        self.loose[self.sheet.address(row, column.index)] = (
            abs(printed - sum(parts)) / abs(printed) if printed else 1.0,
            None if is_allowed else error,
        )
        return 0

    def settle(self, agreed: int) -> None:
        """Refuse the totals that the warning does not cover: a fifth of its share where nearly all totals agree."""
        few = len(self.loose) <= 0.2 * (len(self.loose) + agreed)
        share = self.allowed.share / (5 if few else 1)
        for gap, error in self.loose.values():
            if error is not None and gap > share:
                raise error


def _near(printed: float, parts: Sequence[float], rounded_to: int, own: int) -> bool:
    """Tell whether a total is the sum of its parts, both rounded to a power of ten."""
    allowed = 0.5 * rounded_to if rounded_to > 1 else 0.0
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


def _written(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value == int(value) else f"{value:.2f}"
