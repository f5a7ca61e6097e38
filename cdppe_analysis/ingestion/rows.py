"""The rows of the table in the order of reading, and every total against the sum of its parts.

A région and its total go to the row of its first département, wherever they are printed, unless they are printed again
or called a total: they then have a row of their own. What an unnamed total adds up is found by the sums themselves: the
whole, the région just above or below, what came since the last total, or all that came so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cdppe_analysis.ingestion.checks import Check, Nature, check
from cdppe_analysis.ingestion.columns import Cells, Grid, fitted, region_of
from cdppe_analysis.ingestion.entries import Entry
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.ingestion.units import Values
from cdppe_analysis.ingestion.vocabulary import key, words_of


@dataclass
class Row:
    """A row: its name, its cells by column, and the région (with its total) that is printed with it."""

    entry: Entry
    nature: Literal["departement", "region", "sous_total", "total"]
    cells: Cells
    region: Entry | None = None
    region_cells: Cells = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """The rows in the order of reading, the number of columns of amounts, the checks."""

    rows: tuple[Row, ...]
    columns: int
    checks: tuple[Check, ...]


def table_of(document: Document, entries: Sequence[Entry], grid: Grid, values: Values) -> Table:
    """Assemble the rows and compare every total with the sum of its parts.

    Raises
    ------
    TableError
        When a total has not the columns of the départements.
    """
    departements = {
        rank: Row(entries[rank], "departement", cells, region_cells=list(grid.regional.get(rank, [])))
        for rank, cells in grid.cells.items()
    }
    rows: dict[int, Row] = dict(departements)
    checks: list[Check] = []

    def compare(nature: Nature, entry: Entry, cells: Cells, parts: Iterable[Row]) -> None:
        listed = list(parts)
        for column, cell in enumerate(cells):
            if cell is not None and not cell.void:
                others = [row.cells[column] for row in listed]
                checks.append(check(document, values, nature, entry, column, cell, others))

    for rank, entry in enumerate(entries):
        if rank in departements:
            row = departements[rank]
            if rank in grid.regional:
                compare("region", entry, row.region_cells, _of_region(departements, region_of(entry)))
        elif entry.label.region is not None:
            parts = _of_region(departements, entry.label.region)
            cells = fitted(document, grid, entry) if entry.cells else []
            host = None if entry.label.is_total else _host(rank, entry, departements)
            again = host is not None and any(
                row.region is not None and _texts(row.region) == _texts(entry) for row in parts
            )
            if host is not None and (not cells or again or not any(row.region or row.region_cells for row in parts)):
                host.region = entry
                host.region_cells = cells or host.region_cells
            elif cells:
                rows[rank] = Row(entry, "sous_total" if parts else "region", cells)
            if cells and parts:
                compare("region", entry, cells, parts)
        elif entry.cells:
            groups = _groups(document, grid, entry)
            nature, parts = _added_up(document, values, rank, entry, entries, departements, groups)
            rows[rank] = Row(entry, nature, groups[-1], region_cells=groups[0] if len(groups) > 1 else [])
            for group in groups:
                compare(nature, entry, group, parts)
    checks += _across(document, values, departements.values(), grid.columns)
    return Table(tuple(row for _, row in sorted(rows.items())), grid.columns, tuple(checks))


def _of_region(departements: dict[int, Row], code: str) -> list[Row]:
    return [row for row in departements.values() if region_of(row.entry) == code]


def _texts(entry: Entry) -> list[str]:
    return [cell.text for cell in entry.cells]


def _host(rank: int, entry: Entry, departements: dict[int, Row]) -> Row | None:
    """Return the row that a région is printed with: its first one, or the one beside or below where it comes again."""
    own = {other: row for other, row in departements.items() if region_of(row.entry) == entry.label.region}
    if not own:
        return None
    if not any(row.region is not None for row in own.values()):
        return next(iter(own.values()))
    free = {other: row for other, row in own.items() if row.region is None}
    beside = (row for row in free.values() if row.entry.first <= entry.label.last and entry.first <= row.entry.last)
    below = (row for other, row in free.items() if other > rank)
    return next(beside, None) or next(below, None)


def _groups(document: Document, grid: Grid, entry: Entry) -> list[Cells]:
    """Return the cells of a total: those under the régions' columns first, where it has both."""
    if len(entry.cells) == 2 * grid.columns:
        return [list(entry.cells[: grid.columns]), list(entry.cells[grid.columns :])]
    return [fitted(document, grid, entry)]


def _added_up(
    document: Document,
    values: Values,
    rank: int,
    entry: Entry,
    entries: Sequence[Entry],
    departements: dict[int, Row],
    groups: Sequence[Cells],
) -> tuple[Literal["sous_total", "total"], list[Row]]:
    """Return what a total adds up: the first reading that its sums confirm, else the first that its label allows."""
    whole = list(departements.values())
    before = [row for other, row in departements.items() if other < rank]
    after = [row for other, row in departements.items() if other > rank]
    last_total = max((other for other in range(rank) if _is_bare_total(entries[other])), default=-1)
    since = [row for other, row in departements.items() if last_total < other < rank]
    overseas = [row for row in whole if (row.entry.label.departement or "").startswith("97")]
    metropole = [row for row in whole if row not in overseas]
    above, below = _same_region(reversed(before)), _same_region(after)
    partial = [above, since, below, before]
    by_scope = {
        "metropole": [metropole],
        "outre_mer": [overseas],
        "report": [before, since],
        "region": [above, below],
        "tout": [whole, *partial],
    }
    under = key(words_of(entry.label.text)).startswith("sous")
    readings = by_scope.get(entry.label.scope or "", [*partial, whole] if under else [whole, *partial])
    readings = [parts for parts in readings if parts] or [whole]

    def worst(parts: Sequence[Row]) -> int:
        statuses = [
            check(document, values, "total", entry, column, cell, [row.cells[column] for row in parts]).statut
            for group in groups
            for column, cell in enumerate(group)
            if cell is not None
        ]
        return max((("egal", "arrondi", "ecart").index(status) for status in statuses), default=0)

    parts = min(readings, key=worst)
    return ("total" if len(parts) == len(whole) else "sous_total"), parts


def _is_bare_total(entry: Entry) -> bool:
    return entry.label.is_total and not entry.label.is_name and bool(entry.cells)


def _same_region(rows: Iterable[Row]) -> list[Row]:
    """Return the first rows, as long as they are of the région of the first one."""
    found: list[Row] = []
    for row in rows:
        if found and region_of(row.entry) != region_of(found[0].entry):
            break
        found.append(row)
    return found


def _across(document: Document, values: Values, rows: Iterable[Row], columns: int) -> list[Check]:
    """Check the rows whose last (or first) column is the sum of the others, if most are."""
    listed = list(rows) if columns > 2 else []
    for total in (columns - 1, 0):
        found: list[Check] = []
        for row in listed:
            cell = row.cells[total]
            others = [other for column, other in enumerate(row.cells) if column != total]
            if cell is not None and not cell.void:
                found.append(check(document, values, "ligne", row.entry, total, cell, others))
        good = sum(one.statut != "ecart" for one in found)
        if good > 2 and 3 * good >= 2 * len(found):
            return found
    return []
