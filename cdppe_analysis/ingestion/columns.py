"""The columns of a grid, understood together: the one reading of columns, for every format.

`naming` finds the column of names, `kinds` says what each other one is; here their headings are composed, and what may
be of another row or column is refused.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.doubts import Case, refuse_doubts
from cdppe_analysis.ingestion.grids import SAMPLE, Grid, Row, is_a_unit
from cdppe_analysis.ingestion.kinds import (
    Column,
    Level,
    column_of,
    says_nothing,
    units_of,
    with_units_above,
    without_unit,
)
from cdppe_analysis.ingestion.names import label
from cdppe_analysis.ingestion.naming import codes_alone, first_row, names_of
from cdppe_analysis.tables.numerals import (
    SCALES,
    numeral,
    titled_units,
)
from cdppe_analysis.territories import normalised

_ONLY_A_UNIT = re.compile(
    r"(?:(?:unites?|montants?|chiffres|valeurs|en|de|d|k|m|md|euros?|eur|milliers?|millions?|milliards?)\b ?)*"
)
_COUNTS = re.compile(r"\b(?:nombres?|nb|effectifs?|places|population|beneficiaires)\b")
_TELLS_A_UNIT = re.compile(r"\b(?:unites?|montants?|chiffres|donnees|valeurs|sommes)\b")
_IN_PER_CENT = re.compile(r"\((?:.*, )?en (?:%|pourcentages?)\)|^en (?:%|pourcentages?)$", re.IGNORECASE)
_UNIT_ALONE = re.compile(r"€|k€|M€|%|euros?|places?|habitants?|enfants?|ETP", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The rows of a grid, the level of its territories, its columns, the rank of its first row under the headings.

    `name` is the rank of the column of names (of codes where `by_code`, for want of names), `region` that of régions;
    `unit` is the unit of money that the nearest title gives.
    """

    rows: tuple[Row, ...]
    level: Level
    columns: tuple[Column, ...]
    first: int
    name: int
    region: int | None = None
    by_code: bool = False
    unit: str = ""


def layout_of(grid: Grid, titles: Sequence[str] = ()) -> Layout | None:
    """Understand the columns of a grid.

    Parameters
    ----------
    grid
        The grid.
    titles
        The texts above it, the nearest first.

    Returns
    -------
    Layout or None
        None where the grid names nothing or holds no figures.

    Raises
    ------
    TableError
        When a heading gives two units.

    Examples
    --------
    >>> rows = [("Rang", "Nom", "Places", "Dotation (k€)"), ("1", "Ain", "14", "276"), ("2", "Nord", "7", "138")]
    >>> layout = layout_of(Grid(tuple(Row(cells, "") for cells in rows)))
    >>> [(column.kind, column.unit) for column in layout.columns]
    [('rang', ''), ('nom', ''), ('nombre', 'places'), ('montant', 'k€')]
    """
    width = max(len(row.cells) for row in grid.rows)
    padded = [replace(row, cells=row.cells + ("",) * (width - len(row.cells))) for row in grid.rows]
    rows = _with_units_in_cells([part for row in padded for part in _unfolded(row)])
    level, name, region = names_of(rows[:SAMPLE])
    by_code = name is None
    if name is None:
        name = codes_alone(rows[:SAMPLE])
    first = None if name is None else first_row(rows, level, name, region, by_code)
    if name is None or first is None:
        return None
    headings = list(grid.headings) or _headings(rows[:first], name, grid.exact) or [""] * len(rows[0].cells)
    alone = [(row.written[0], row.cells) for row in reversed(rows[:first]) if len(row.written) == 1]
    # A piece of a heading over several lines gives no unit.
    alone = [(text, cells) for text, cells in alone if text.count("(") == text.count(")")]
    above = [text for text, cells in alone if text in cells[: name + 1] or _ONLY_A_UNIT.fullmatch(normalised(text))]
    notes = [row.written[0] for row in _last_notes(rows[first:])]
    beyond = [heading for rank, heading in enumerate(headings) if not any(row.cells[rank] for row in rows[first:])]
    above += [*headings[name : name + 1], *filter(is_a_unit, beyond)]
    # A title that says what is counted is that of the table: the unit of those above it is another's.
    counted = (
        rank for rank, title in enumerate(titles) if _COUNTS.search(normalised(title)) and not titled_units(title)
    )
    above += [*titles[: next(counted, len(titles))], *notes]
    body = [row.cells for row in rows[first:]]
    columns = [column_of(body, rank, heading, level, name, region) for rank, heading in enumerate(headings)]
    title, units = next(((title, units) for title in above if (units := titled_units(title))), ("", []))
    kept = with_units_above([column for column in columns if column is not None], body, title, units)
    given = {column.unit for column in kept if column.unit in SCALES}
    for note in (note for note in notes if given and _TELLS_A_UNIT.search(normalised(note))):
        if (other := titled_units(note)) and not given & {*other}:
            sentence = f"{note!r} gives another unit than the columns, {' and '.join(sorted(given))}"
            raise TableError(sentence, cell=grid.rows[-1].place)
    shares = not units and any(map(_IN_PER_CENT.search, above))
    if shares and all(c.kind == "nombre" and not c.unit and says_nothing(c.heading) for c in kept if c.of_figures):
        kept = [replace(c, kind="pourcentage", unit="%") if c.of_figures else c for c in kept]
    telling = [
        c for c in kept if c.kind in ("montant", "pourcentage", "code") or (c.additive and any(units_of(c, body)))
    ]
    if not any(column.of_figures for column in kept) or (level == "autre" and not telling):
        return None
    refuse_doubts(Case(grid, rows, level, kept, first, name, region, headings, titles))
    return Layout(tuple(rows), level, tuple(kept), first, name, region, by_code, "".join(units[:1]))


def _unfolded(row: Row) -> list[Row]:
    """Cut a row whose cells hold a name and a number a line: the rulings stand between régions only."""
    lines = [[line for line in cell.split("\n") if line.strip()] for cell in row.cells]
    sizes = {len(each) for each in lines if len(each) > 1 and all(numeral(line) for line in each)}
    names = [_names_in(cell) for cell in row.cells]
    if not sizes or not any(names):
        return [row]
    size = max(sizes)
    if len(sizes) > 1 or not any(len(each) == size for each in names):
        raise TableError(f"a cell holds {size} numbers, and the names beside it are not as many", cell=row.place)
    split = [
        own if len(own) == size else each if len(each) == size else [cell, *[""] * (size - 1)]
        for own, each, cell in zip(names, lines, row.cells, strict=True)
    ]
    return [replace(row, cells=tuple(cells), spans={}) for cells in zip(*split, strict=True)]


def _names_in(cell: str) -> list[str]:
    """Return the names that a cell prints one under another, those cut over two lines put together."""
    names: list[str] = []
    for line in cell.split("\n"):
        whole = f"{names[-1]}\n{line}" if names else line
        if names and not label(names[-1]).known and label(whole).known:
            names[-1] = whole
        else:
            names.append(line)
    return names if all(label(name).known for name in names) else []


def _with_units_in_cells(rows: list[Row]) -> list[Row]:
    """Give to the number on its left, else to those on its right, the unit that stands in a column of its own."""
    for column in range(1, len(rows[0].cells)):
        units = [(rank, row) for rank, row in enumerate(rows) if _UNIT_ALONE.fullmatch(row.cells[column])]
        if len(units) > 1 and len(units) >= sum(bool(row.cells[column]) for row in rows) - 1:
            on_left = 2 * sum(numeral(row.cells[column - 1]) is not None for _, row in units) > len(units)
            of = [column - 1] if on_left else range(column + 1, len(rows[0].cells))
            for rank, row in units:
                bare = [each for each in of if without_unit(row.cells[each])]
                cells = [f"{c} {row.cells[column]}" if each in bare else c for each, c in enumerate(row.cells)]
                cells[column] = "" if bare else cells[column]
                rows[rank] = replace(row, cells=tuple(cells))
    return rows


def _last_notes(rows: Sequence[Row]) -> list[Row]:
    """Return the lines of one text that stand under the last row."""
    notes = itertools.takewhile(lambda row: len(row.written) == 1 and not numeral(row.written[0]), reversed(rows))
    return list(notes)[::-1]


def _headings(rows: Sequence[Row], name: int, exact: bool) -> list[str]:
    """Compose the headings of the columns from their rows; one that covers several columns goes to each."""
    # A unit alone on a line above the headings is that of the table, wherever it is set.
    rows = list(itertools.dropwhile(lambda row: len(row.written) == 1 and is_a_unit(row.written[0]), rows)) or rows
    of_columns = [row for row in rows if (len(row.written) > 1 or any(row.cells[1:])) and not row.of_ranks]
    parts: list[list[str]] = [[] for _ in rows[0].cells] if rows else []
    for rank, row in enumerate(of_columns, start=1):
        covering = ""
        for column, written in enumerate(row.cells):
            cell = " ".join(written.split())
            covered = column in row.hidden or (exact and not row.hidden)
            if cell:
                covering = cell if column > name else ""
            elif covered and any(below.cells[column] for below in of_columns[rank:]):
                cell = covering
            if cell:
                parts[column].append(cell)
    return ["\n".join(part) for part in parts]
