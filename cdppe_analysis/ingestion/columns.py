"""The columns of amounts, and the regional totals that stand on the rows of départements.

Every département has the same number k of amounts. Where some rows have 2 k, the others are totals of their région
(printed on one of its rows) if and only if each equals the sum of its région, always in the same position; where
columns are known by their place, an absent cell is empty. Anything else is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.checks import check
from cdppe_analysis.ingestion.doubts import place
from cdppe_analysis.ingestion.entries import Cell, Entry
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.ingestion.units import Values
from cdppe_analysis.territories import departement

Cells = list[Cell | None]


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
    if set(counts) == {k}:
        return Grid(k, {rank: list(entry.cells) for rank, entry in of_departements.items()}, {})
    if set(counts) == {k, 2 * k}:
        for own, other in ((slice(None, k), slice(k, None)), (slice(-k, None), slice(None, -k))):
            cells: dict[int, Cells] = {rank: list(entry.cells[own]) for rank, entry in of_departements.items()}
            regional: dict[int, Cells] = {
                rank: list(entry.cells[other]) for rank, entry in of_departements.items() if len(entry.cells) > k
            }
            if _are_regional(document, values, of_departements, cells, regional):
                return Grid(k, cells, regional)
    grid = _by_place(document, values, of_departements) if document.aligned else None
    if grid is not None:
        return grid
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


def _are_regional(
    document: Document,
    values: Values,
    entries: Mapping[int, Entry],
    cells: Mapping[int, Cells],
    regional: Mapping[int, Cells],
) -> bool:
    members: dict[str, list[int]] = defaultdict(list)
    for rank, entry in entries.items():
        members[region_of(entry)].append(rank)
    for ranks in members.values():
        with_total = [rank for rank in ranks if rank in regional]
        if len(with_total) > 1:
            return False
        for rank in with_total:
            for column, cell in enumerate(regional[rank]):
                parts = [cells[part][column] for part in ranks]
                if (
                    cell is None
                    or check(document, values, "region", entries[rank], column, cell, parts).statut == "ecart"
                ):
                    return False
    return True


def _by_place(document: Document, values: Values, entries: Mapping[int, Entry]) -> Grid | None:
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
    if len(columns) == 2:
        for own, other in ((0, 1), (1, 0)):
            alone: dict[int, Cells] = {rank: [placed[own]] for rank, placed in cells.items()}
            regional: dict[int, Cells] = {
                rank: [placed[other]] for rank, placed in cells.items() if placed[other] is not None
            }
            full = all(placed[own] is not None for placed in cells.values())
            if full and _are_regional(document, values, entries, alone, regional):
                return Grid(1, alone, regional)
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
