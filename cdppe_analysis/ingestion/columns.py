"""The columns of amounts, and the regional totals that stand on the rows of départements.

Every département has the same number k of amounts. Where some rows have 2 k, the others are totals of their région
(printed on one of its rows) if at least two thirds of them equal the sum of their région, always in the same position;
where columns are known by their place, an absent cell is empty. Anything else is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.checks import check
from cdppe_analysis.ingestion.doubts import place
from cdppe_analysis.ingestion.entries import Cell, Entry
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.ingestion.units import Values
from cdppe_analysis.territories import departement

Cells = list[Cell | None]

_MOST = Fraction(2, 3)


@dataclass(frozen=True)
class Grid:
    """The amounts by rank of entry: one cell a column (None where nothing is printed), and the regional totals."""

    columns: int
    cells: Mapping[int, Cells]
    regional: Mapping[int, Cells]


def region_of(entry: Entry) -> str:
    """Return the code of the région of a département's entry."""
    return departement(entry.label.departement or "").code_region


def grid_of(document: Document, entries: Sequence[Entry], values: Values) -> Grid:
    """Put the amounts of the départements in columns.

    Raises
    ------
    TableError
        Naming the first row that has not the number of amounts of the others, where neither the sums nor the places
        say why.
    """
    of_departements = {rank: entry for rank, entry in enumerate(entries) if entry.label.departement is not None}
    counts = [len(entry.cells) for entry in of_departements.values()]
    k = min(counts)
    by_place = _by_place(of_departements) if document.aligned and max(counts) > k else None
    with_totals = [
        *(_halves(of_departements, k) if set(counts) == {k, 2 * k} else []),
        *(_halves(of_departements, k // 2)[:1] if set(counts) == {k} and _are_alone(entries, of_departements) else []),
        *(_one_of_two(by_place) if by_place is not None and by_place.columns == 2 else []),
    ]
    confirmed = max(with_totals, key=lambda grid: _agreement(document, values, of_departements, grid), default=None)
    if confirmed is not None and _agreement(document, values, of_departements, confirmed) >= _MOST:
        return confirmed
    if set(counts) == {k}:
        return Grid(k, {rank: list(entry.cells) for rank, entry in of_departements.items()}, {})
    if by_place is not None:
        return by_place
    usual = max(set(counts), key=counts.count)
    odd = next(entry for entry in of_departements.values() if len(entry.cells) != usual)
    raise _uneven(document, odd, f"where most départements have {usual}, and no sum says why")


def fitted(document: Document, grid: Grid, entry: Entry) -> Cells:
    """Put the amounts of a région or of a total in the columns of the départements.

    Raises
    ------
    TableError
        When it has more or fewer, and their places do not say in which column they stand.
    """
    if len(entry.cells) == grid.columns:
        return list(entry.cells)
    if document.aligned and len(entry.cells) < grid.columns:
        columns = _clusters([cell for cells in grid.cells.values() for cell in cells if cell is not None])
        placed: Cells = [None] * grid.columns
        for cell in entry.cells:
            over = [rank for rank, (x0, x1) in enumerate(columns) if cell.x0 <= x1 and x0 <= cell.x1]
            if len(columns) == grid.columns and len(over) == 1 and placed[over[0]] is None:
                placed[over[0]] = cell
        if sum(cell is not None for cell in placed) == len(entry.cells):
            return placed
    raise _uneven(document, entry, f"where the départements have {grid.columns}")


def _halves(entries: Mapping[int, Entry], k: int) -> list[Grid]:
    """Return two readings of rows of k and 2 k cells: the totals of the régions last, or first."""
    return [
        Grid(
            k,
            {rank: list(entry.cells[own]) for rank, entry in entries.items()},
            {rank: list(entry.cells[other]) for rank, entry in entries.items() if len(entry.cells) > k},
        )
        for own, other in ((slice(None, k), slice(k, None)), (slice(-k, None), slice(None, -k)))
    ]


def _are_alone(entries: Sequence[Entry], of_departements: Mapping[int, Entry]) -> bool:
    """Tell whether every row has an even number of cells and is alone in a région that is named without a total."""
    regions = [region_of(entry) for entry in of_departements.values()]
    named = {entry.label.region for entry in entries if entry.label.region is not None and not entry.cells}
    even = all(len(entry.cells) % 2 == 0 for entry in of_departements.values())
    return even and len(set(regions)) == len(regions) and set(regions) <= named


def _one_of_two(grid: Grid) -> list[Grid]:
    """Return the readings of two columns where one that is full holds the amounts, the other the régions' totals."""
    found = []
    for own, other in ((0, 1), (1, 0)):
        if all(cells[own] is not None for cells in grid.cells.values()):
            alone: dict[int, Cells] = {rank: [cells[own]] for rank, cells in grid.cells.items()}
            totals: dict[int, Cells] = {
                rank: [cells[other]] for rank, cells in grid.cells.items() if cells[other] is not None
            }
            found.append(Grid(1, alone, totals))
    return found


def _agreement(document: Document, values: Values, entries: Mapping[int, Entry], grid: Grid) -> Fraction:
    """Return the share of the regional totals that are the sum of their parts; 0 where a région would have two."""
    members: dict[str, list[int]] = defaultdict(list)
    for rank, entry in entries.items():
        members[region_of(entry)].append(rank)
    agree = []
    for ranks in members.values():
        with_total = [rank for rank in ranks if rank in grid.regional]
        if len(with_total) > 1:
            return Fraction(0)
        for rank in with_total:
            for column, cell in enumerate(grid.regional[rank]):
                if cell is not None:
                    parts = [grid.cells[part][column] for part in ranks]
                    agree.append(
                        check(document, values, "region", entries[rank], column, cell, parts).statut != "ecart"
                    )
    return Fraction(sum(agree), max(len(agree), 1))


def _by_place(entries: Mapping[int, Entry]) -> Grid | None:
    """Put cells in columns by their horizontal place; None where a row has two in one column."""
    columns = _clusters([cell for entry in entries.values() for cell in entry.cells])
    cells: dict[int, Cells] = {}
    for rank, entry in entries.items():
        placed: Cells = [None] * len(columns)
        for cell in entry.cells:
            column = next(found for found, (x0, x1) in enumerate(columns) if x0 <= cell.x0 and cell.x1 <= x1)
            if placed[column] is not None:
                return None
            placed[column] = cell
        cells[rank] = placed
    return Grid(len(columns), cells, {})


def _clusters(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    """Return the extents of the columns: cells that overlap, directly or through others, are in one."""
    columns: list[tuple[float, float]] = []
    for x0, x1 in sorted((cell.x0, cell.x1) for cell in cells):
        if columns and x0 <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns


def _uneven(document: Document, entry: Entry, why: str) -> TableError:
    count = len(entry.cells)
    page, line = place(document, entry.first)
    return TableError(
        f"{' '.join(entry.label.text.split())!r} has {count} amount{'s' if count != 1 else ''} {why}",
        cell=f"page {page}, line {line}",
    )
