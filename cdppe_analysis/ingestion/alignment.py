"""Lines whose pieces stand one under another become grids: pages without rulings, texts set with spaces."""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import Block, Grid, Row, Text
from cdppe_analysis.ingestion.names import joins, label
from cdppe_analysis.tables.numerals import is_void, numeral

_REACH = 4
"""The most lines over which a name is cut."""


@dataclass(frozen=True)
class Fragment:
    """A piece of a line that stands apart, and its horizontal extent."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True)
class Line:
    """The fragments of a printed line, from left to right."""

    fragments: tuple[Fragment, ...]
    place: str

    @property
    def text(self) -> Text:
        """The line without its columns."""
        return Text("  ".join(fragment.text for fragment in self.fragments), self.place)


def aligned(pages: Sequence[Sequence[Line]]) -> list[list[Block]]:
    """Put in columns the fragments of lines that stand one under another; return the blocks of each page.

    The columns are the extents that fragments of the rows of figures share, on each page and on those after it that add
    none; a piece that stands in two columns makes its line a text.

    Raises
    ------
    TableError
        When a row of figures has two pieces in one column.

    Examples
    --------
    >>> rows = [Line((Fragment(name, 0, 3), Fragment("4 211 €", 8, 15)), "l. 1") for name in ("Ain", "Lot")]
    >>> aligned([rows])[0][0].rows[1].cells
    ('Lot', '4 211 €')
    """
    groups: list[tuple[list[Sequence[Line]], list[Line]]] = [([], [])]
    for lines in map(_with_names_around, pages):
        rows, before = list(filter(is_row, lines)), groups[-1][1]
        if rows and before:
            alone = max(len(_extents(before)), len(_extents(rows)))
            if len(_extents([*before, *rows])) != alone:
                groups.append(([], []))
        groups[-1][0].append(lines)
        groups[-1][1].extend(rows)
    return [blocks for of_group, rows in groups for blocks in _aligned(of_group, rows)]


def _with_names_around(lines: Sequence[Line]) -> list[Line]:
    """Put on the line of its figures a name of two lines, one above and one below, between which they are centred."""
    done: list[Line] = []
    rest = deque(lines)
    while rest:
        line = rest.popleft()
        parts = [*done[-1].fragments, *rest[0].fragments] if done and rest else []
        if len(parts) == 2 and all(numeral(part.text) or is_void(part.text) for part in line.fragments):
            above, below = parts
            if joins([above.text, below.text]) and above.x0 < below.x1 and below.x0 < above.x1:
                name = f"{above.text}\n{below.text}"
                whole = Fragment(name, min(above.x0, below.x0), max(above.x1, below.x1))
                done[-1] = Line(tuple(sorted((whole, *line.fragments), key=lambda part: part.x0)), line.place)
                rest.popleft()
                continue
        done.append(line)
    return done


def _aligned(pages: Sequence[Sequence[Line]], of_figures: Sequence[Line]) -> Iterator[list[Block]]:
    """Yield the blocks of pages whose rows of figures have the same columns."""
    columns = _extents(of_figures) if len(of_figures) > 1 else []
    firsts = [next((r for r, line in enumerate(lines) if is_row(line) or _names_a_row(line)), 0) for lines in pages]
    headings = next((lines[:first] for lines, first in zip(pages, firsts, strict=True) if first), [])
    columns = _under_one_heading(columns, headings, of_figures)
    for lines, first in zip(pages, firsts, strict=True):
        if len(columns) < 2 or not any(map(is_row, lines)):
            yield [line.text for line in lines]
            continue
        cut = [(line, _in_columns(line, columns, heading=rank < first)) for rank, line in enumerate(lines)]
        blocks: list[Block] = []
        for is_text, group in itertools.groupby(cut, key=lambda pair: pair[1] is None):
            if is_text:
                blocks += [line.text for line, _ in group]
            else:
                blocks.append(Grid(tuple(_mended([row for _, row in group if row])), exact=False))
        yield blocks


def _extents(rows: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the extents of the columns: what the fragments of the rows share.

    A long name that runs over the next column leaves fewer columns than most rows have fragments: the rows of the
    longest fragments, a quarter of all at most, are then left out.
    """
    usual = Counter(len(line.fragments) for line in rows).most_common(1)[0][0]
    by_length = sorted(rows, key=lambda line: max(part.x1 - part.x0 for part in line.fragments))
    whole = columns = _shared_by(rows)
    few = 1
    while len(columns) < usual and (4 * few <= len(rows) or few == 1 < len(rows) - 1):
        columns = _shared_by(by_length[:-few])
        few *= 2
    return columns if len(columns) == usual else whole


def _shared_by(rows: Sequence[Line]) -> list[tuple[float, float]]:
    columns: list[tuple[float, float]] = []
    for x0, x1 in sorted((part.x0, part.x1) for line in rows for part in line.fragments):
        if columns and x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns


def _under_one_heading(
    columns: Sequence[tuple[float, float]], headings: Sequence[Line], rows: Sequence[Line]
) -> list[tuple[float, float]]:
    """Make one column of those that a heading covers, where no row fills two: withdrawals set further to the left."""
    done = list(columns)
    for part in (part for line in headings if len(line.fragments) > 1 for part in line.fragments):
        over = [(x0, x1) for x0, x1 in done if part.x0 < x1 and x0 < part.x1]
        filled = (sum(x0 <= piece.x0 < x1 for piece in row.fragments for x0, x1 in over) for row in rows)
        if len(over) > 1 and max(filled) == 1:
            done = sorted([column for column in done if column not in over] + [(over[0][0], over[-1][1])])
    return done


def _shared(column: tuple[float, float], part: Fragment) -> float:
    return min(column[1], part.x1) - max(column[0], part.x0)


def _names_a_row(line: Line) -> bool:
    return len(line.fragments) == 1 and bool(label(line.fragments[0].text).departement)


def is_row(line: Line) -> bool:
    """Tell whether a line is a row of figures: words, and numbers or voids beside them."""
    figures = [numeral(part.text) is not None or is_void(part.text) for part in line.fragments]
    return len(figures) > 1 and any(figures) and not all(figures)


def _in_columns(line: Line, columns: Sequence[tuple[float, float]], *, heading: bool) -> Row | None:
    cells = [""] * len(columns)
    hidden: set[int] = set()
    of_several = len(line.fragments) > 1
    for place, part in enumerate(line.fragments):
        over = [rank for rank, (x0, x1) in enumerate(columns) if part.x0 < x1 and x0 < part.x1]
        middle = (part.x0 + part.x1) / 2
        if not over and heading and of_several:
            over = [min(range(len(columns)), key=lambda rank: abs(sum(columns[rank]) / 2 - middle))]
        if len(over) > 1 and heading and of_several and not any(x0 <= middle <= x1 for x0, x1 in columns):
            # Centred over several columns, a heading is that of each.
            hidden |= set(over[1:])
            over = over[:1]
        if len(over) > 1 and heading and of_several:
            over = [max(over, key=lambda rank: _shared(columns[rank], part))]
        if len(over) > 1 and place in over and len(line.fragments) == len(columns):
            over = [place]
        if len(over) > 1 and is_row(line):
            raise TableError(f"{part.text!r} runs over two columns of the page", cell=line.place)
        if len(over) != 1:
            return None
        if cells[over[0]] and not heading:
            raise TableError(
                f"{cells[over[0]]!r} and {part.text!r} stand in one column of the page: they may be one or two numbers",
                cell=line.place,
            )
        cells[over[0]] = f"{cells[over[0]]} {part.text}".strip()
    return Row(tuple(cells), line.place, hidden=frozenset(hidden))


def _mended(rows: Sequence[Row]) -> list[Row]:
    """Put together the names that are cut over several lines of one column, and the rows that this empties."""
    cells = [list(row.cells) for row in rows]
    for column in range(len(cells[0])):
        for start in range(len(cells)):
            parts = _parts_of_a_name(cells, start, column)
            if not parts:
                continue
            name = "\n".join(cells[rank][column] for rank in parts)
            with_figures = [
                r for r in range(parts[0], parts[-1] + 1) if any(numeral(c) for c in cells[r][column + 1 :])
            ]
            target = with_figures[0] if len(with_figures) == 1 else parts[0]
            for rank in parts:
                cells[rank][column] = ""
            cells[target][column] = name
            for rank in set(parts) - {target} if len(with_figures) <= 1 else ():
                if all(not (mine and theirs) for mine, theirs in zip(cells[rank], cells[target], strict=True)):
                    cells[target] = [a or b for a, b in zip(cells[target], cells[rank], strict=True)]
                    cells[rank] = [""] * len(cells[rank])
    return [replace(row, cells=tuple(own)) for row, own in zip(rows, cells, strict=True) if any(own)]


def _parts_of_a_name(cells: Sequence[Sequence[str]], start: int, column: int) -> list[int]:
    """Return the ranks of the two or three cells of a column that make one known name, none of which is one whole."""
    ranks: list[int] = []
    for rank in range(start, min(start + _REACH, len(cells))):
        text = cells[rank][column]
        if numeral(text) is not None or (not ranks and is_void(text)):
            return []
        ranks += [rank] if text else []
        parts = [cells[part][column] for part in ranks]
        if 1 < len(parts) < _REACH and joins(parts) and not label("\n".join(parts)).code:
            return ranks
    return []
