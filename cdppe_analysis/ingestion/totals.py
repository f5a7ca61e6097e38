"""A printed total beside the sum of its parts.

Which rows a total adds up comes from its name (métropole, outre-mer, a région, the whole) and its place (the rows since
the last total, those before the next one); where several sets are possible, one whose sums agree in every column is
taken, and where none does the first is shown with its gap. A total may miss its parts by what their rounding allows:
half a unit of the last printed digit of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cdppe_analysis.ingestion.names import OVERSEAS

Status = Literal["egal", "arrondi", "ecart"]


@dataclass(frozen=True)
class Check:
    """One total: its label and place, its column, the printed text, both figures, and what rounding allows.

    Examples
    --------
    >>> Check("TOTAL", "l. 9", "Montant", "15 000 000 €", Decimal(15000000), Decimal(15000001), Decimal("15.5")).status
    'arrondi'
    """

    name: str
    place: str
    column: str
    printed: str
    total: Decimal
    added: Decimal
    tolerance: Decimal

    @property
    def status(self) -> Status:
        """`egal`, `arrondi` (within the rounding of the parts) or `ecart`."""
        gap = abs(self.total - self.added)
        return "egal" if gap == 0 else "arrondi" if gap <= self.tolerance else "ecart"


@dataclass(frozen=True)
class Figure:
    """A cell of figures: its value and half of what its last printed digit is worth."""

    value: Decimal
    half: Decimal


@dataclass(frozen=True)
class Part:
    """A row as totals see it: its nature, its région, what total it is (None for none), its figures by column."""

    kind: str
    region: str
    total: str | None
    figures: dict[int, Figure]


def parts_of(rows: Sequence[Part], rank: int, columns: Sequence[int]) -> list[int] | None:
    """Return the ranks of the rows that a total adds up; None where there are none.

    Parameters
    ----------
    rows
        The rows of the table.
    rank
        That of the total.
    columns
        The columns to agree in.

    Examples
    --------
    >>> def row(nature, value, total=None): return Part(nature, "", total, {0: Figure(Decimal(value), Decimal(0))})
    >>> rows = [row("unite", 1), row("unite", 2), row("total", 3, ""), row("unite", 4), row("total", 7, "")]
    >>> parts_of(rows, 2, [0]), parts_of(rows, 4, [0])
    ([0, 1], [0, 1, 3])
    """
    candidates = [found for found in _candidates(rows, rank) if found]
    best, most = (candidates[0] if candidates else None), -1
    for candidate in candidates:
        agreed = sum(_agrees(rows, rank, candidate, column) for column in columns)
        if agreed > most:
            best, most = candidate, agreed
    return best


def compared(rows: Sequence[Part], rank: int, parts: Sequence[int], column: int) -> tuple[Decimal, Decimal]:
    """Return the sum of the parts of a total in a column, and what rounding allows between both.

    Each part is within half its last digit, and a hundred of them do not all err to one side: beyond the worst case
    of a few, four standard deviations of their sum are allowed (a half has the variance h²/3): a false digit shows.
    """
    figures = [found for part in parts if (found := rows[part].figures.get(column)) is not None]
    worst = sum((figure.half for figure in figures), Decimal(0))
    likely = 4 * (sum((figure.half**2 for figure in figures), Decimal(0)) / 3).sqrt()
    allowed = rows[rank].figures[column].half + min(worst, likely)
    return sum((figure.value for figure in figures), Decimal(0)), allowed


def _agrees(rows: Sequence[Part], rank: int, parts: Sequence[int], column: int) -> bool:
    if column not in rows[rank].figures:
        return False
    total, allowed = compared(rows, rank, parts, column)
    return abs(total - rows[rank].figures[column].value) <= allowed


def _candidates(rows: Sequence[Part], rank: int) -> list[list[int]]:
    row = rows[rank]
    every = [other for other, part in enumerate(rows) if part.kind not in ("total", "region", "dont")]
    territories = [other for other in every if rows[other].kind != "autre"]
    before = _between(rows, rank, -1)
    after = _between(rows, rank, 1)
    if row.total == "metropole":
        return [[other for other in territories if rows[other].region and rows[other].region not in OVERSEAS], before]
    if row.total == "outre_mer":
        overseas = [other for other in territories if not rows[other].region or rows[other].region in OVERSEAS]
        return [overseas, [other for other in overseas if rows[other].region], before]
    if row.kind == "region" or row.total in ("region", "departement"):
        own = [other for other in territories if row.region and rows[other].region == row.region]
        near = [before, after] if row.kind == "total" else [after, before]
        return [own, *near] if row.region else near
    subtotals = [other for other in range(rank) if rows[other].total is not None]
    since = [other for other in every if other < rank]
    if row.total == "tout" or rank == len(rows) - 1:
        return [every, territories, since, before, subtotals]
    return [before, since, after, every, territories, subtotals]


def _between(rows: Sequence[Part], rank: int, way: int) -> list[int]:
    """Return the rows between a total and the last one before it, or the next one after it."""
    found = []
    other = rank + way
    while 0 <= other < len(rows) and rows[other].kind not in ("total", "region"):
        if rows[other].kind != "dont":
            found.append(other)
        other += way
    return sorted(found)
