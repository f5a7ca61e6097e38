"""What a document holds, whatever its format: texts, and grids whose rows and columns are known."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.names import joins, label
from cdppe_analysis.tables.numerals import is_void, numeral
from cdppe_analysis.territories import normalised

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""How the figures of a footnote mark are written, so that they are not digits."""

DATE = re.compile(r"(?:[0-9]{1,2}(?:er)? )?(?:[a-zûé]{3,9} |\b)(?:19|20)[0-9]{2}\b|[0-9]+/[0-9]+/[0-9]+")
"""A date, or a year, in a text."""

_REACH = 4
HEADINGS = 5
"""The most rows of headings that a table has."""

SAMPLE = 2000
"""Rows that say what a column names: those of a longer table say no more."""

HEADS = re.compile(
    r"\b(?:dep\w*|dpts?|reg\w*|codes?|noms?|territoires?|communes?|etablissements?|services?|ars|collectivites?|libelles?)\b"
)


@dataclass(frozen=True)
class Row:
    """The cells of a row, its place, how many rows each merged cell covers, by column, the columns that one hides."""

    cells: tuple[str, ...]
    place: str
    spans: Mapping[int, int] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()

    @property
    def written(self) -> list[str]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell.strip()]

    @property
    def title(self) -> bool:
        """Tell whether its first cell alone is written, and names no territory."""
        return len(self.written) == 1 and self.cells[0].strip() != "" and not label(self.cells[0]).known

    @property
    def of_ranks(self) -> bool:
        """Tell whether the cells only number the columns, one by one: (1), (2), (3)."""
        found = (re.fullmatch(r"\(?([0-9]{1,2})\)?(?: ?= ?[0-9(][0-9+() -]*)?", cell) for cell in self.written)
        ranks = [int(match[1]) for match in found if match]
        return (
            ranks[:1] in ([0], [1])
            and len(ranks) == len(self.written)
            and all(b == a + 1 for a, b in itertools.pairwise(ranks))
        )


@dataclass(frozen=True)
class Text:
    """A line that stands outside every grid, and its place."""

    text: str
    place: str

    @property
    def rows(self) -> tuple[Row, ...]:
        """The line as a row of one cell."""
        return (Row((self.text,), self.place),)


@dataclass(frozen=True)
class Grid:
    """Rows whose cells stand in columns; `headings` are those that the reader of a text without columns gives.

    `exact` says that a cell is a cell of the document, not a piece of a line that stands under another.
    """

    rows: tuple[Row, ...]
    headings: tuple[str, ...] = ()
    exact: bool = True


Block = Text | Grid


@dataclass(frozen=True)
class Document:
    """The blocks of a document in the order of reading; `remarks` says what was odd in the file (French)."""

    name: str
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()


def check_pages(pages: Collection[int] | None, last: int, name: str) -> None:
    """Check that the pages asked for are there.

    Raises
    ------
    TableError
        Naming the first that is not.
    """
    absent = [page for page in sorted(pages or ()) if not 1 <= page <= last]
    if absent:
        raise TableError(f"{name} has no page {absent[0]}: it has {last}")


def check_digits(there: int, blocks: Sequence[Block], name: str) -> None:
    """Check that the digits of a document, or of a page, are all in its blocks.

    Raises
    ------
    TableError
        With both counts.
    """
    found = sum(len(re.findall(r"[0-9]", cell)) for block in blocks for row in block.rows for cell in row.cells)
    if there != found:
        raise TableError(f"{name} holds {there} digits and {found} were found in its lines and cells: none may be lost")


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
    for lines in pages:
        rows, before = list(filter(_is_row, lines)), groups[-1][1]
        if rows and before:
            alone = max(len(_extents(before)), len(_extents(rows)))
            if len(_extents([*before, *rows])) != alone:
                groups.append(([], []))
        groups[-1][0].append(lines)
        groups[-1][1].extend(rows)
    return [blocks for of_group, rows in groups for blocks in _aligned(of_group, rows)]


def _aligned(pages: Sequence[Sequence[Line]], of_figures: Sequence[Line]) -> Iterator[list[Block]]:
    """Yield the blocks of pages whose rows of figures have the same columns."""
    columns = _extents(of_figures) if len(of_figures) > 1 else []
    firsts = [next((r for r, line in enumerate(lines) if _is_row(line) or _names_a_row(line)), 0) for lines in pages]
    headings = next((lines[:first] for lines, first in zip(pages, firsts, strict=True) if first), [])
    columns = _under_one_heading(columns, headings, of_figures)
    for lines, first in zip(pages, firsts, strict=True):
        if len(columns) < 2 or not any(map(_is_row, lines)):
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


def _is_row(line: Line) -> bool:
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
        if len(over) > 1 and _is_row(line):
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


def joined(blocks: Iterable[Block]) -> list[Block]:
    """Make one grid of each table: cut those that hold several, join one to that which it continues on the next page.

    A grid continues another that has as many columns, where it has no heading or the same one. What stands between
    them (a page number, a running head) stays a text. A grid that names again a territory of the one before is another
    table.
    """
    done: list[Block] = []
    last: int | None = None
    for block in itertools.chain.from_iterable(map(_separate, blocks)):
        before = done[last] if last is not None else None
        if last is not None and isinstance(before, Grid) and isinstance(block, Grid) and _continues(before, block):
            done[last] = replace(before, rows=before.rows + block.rows)
            continue
        last = len(done) if isinstance(block, Grid) else last
        done.append(block)
    return done


def _separate(block: Block) -> Iterator[Block]:
    """Cut a grid at the columns that nothing fills, and at the headings of a second table; its titles become texts."""
    if isinstance(block, Text) or block.headings or not block.rows:
        yield block
        return
    block = _upright(block)
    for rows in _beside(block):
        while rows:
            while rows and rows[0].title:
                yield Text(rows[0].cells[0], rows[0].place)
                rows = rows[1:]
            end = _end(rows)
            if end:
                yield replace(block, rows=tuple(rows[:end]))
            rows = rows[end:]


def _upright(grid: Grid) -> Grid:
    """Turn a table whose territories stand side by side, each the only one of its column: one a row.

    Raises
    ------
    TableError
        When cells of it are merged.
    """
    for row, kind in itertools.product(grid.rows[:HEADINGS], ("departement", "region")):
        named = {rank: name for rank, cell in enumerate(row.cells) if (name := getattr(label(cell), kind))}
        others = [
            cell for each in grid.rows if each is not row for rank, cell in enumerate(each.cells) if rank in named
        ]
        if len(set(named.values())) > 2 and not any(getattr(label(cell), kind) for cell in others):
            if any(len(each.written) < 2 or each.hidden or set(each.spans.values()) - {1} for each in grid.rows):
                raise TableError("territories stand in the headings: a table has one a row", cell=row.place)
            turned = itertools.zip_longest(*(each.cells for each in grid.rows), fillvalue="")
            return Grid(tuple(Row(cells, f"{row.place}, colonne {n}") for n, cells in enumerate(turned, start=1)))
    return grid


def _beside(grid: Grid) -> list[list[Row]]:
    """Return the rows of each table that a page sets side by side.

    A column that nothing fills separates them, or each has as many columns and names other départements.
    """
    columns = list(itertools.zip_longest(*(row.cells for row in grid.rows), fillvalue=""))
    groups = [list(each) for full, each in itertools.groupby(range(len(columns)), lambda r: any(columns[r])) if full]
    parts = [(ranks[0], ranks[-1] + 1) for ranks in groups]
    if len(parts) < 2 or any(len(_territories(columns[start:end])) < 2 for start, end in parts):
        labels = [[label(cell) for cell in cells[:SAMPLE]] for cells in columns]
        found = [{each.departement for each in of if each.departement and not each.region} for of in labels]
        many = [rank for rank, codes in enumerate(found) if len(codes) > 1]
        if len(many) < 2 or set.intersection(*(found[rank] for rank in many)):
            return [list(grid.rows)]
        size = many[1] - many[0]
        names = [rank for rank, codes in enumerate(found) if codes and (rank - many[0]) % size == 0]
        if size * len(names) != len(columns):
            sentence = "two columns name départements, and the columns beside them differ"
            raise TableError(sentence, cell=grid.rows[0].place)
        parts = [(start, start + size) for start in range(0, len(columns), size)]
    done = []
    for start, end in parts:
        spans = [{rank - start: height for rank, height in row.spans.items() if rank >= start} for row in grid.rows]
        hidden = [frozenset(rank - start for rank in row.hidden) for row in grid.rows]
        rows = [
            replace(row, cells=row.cells[start:end], spans=own, hidden=covered)
            for row, own, covered in zip(grid.rows, spans, hidden, strict=True)
        ]
        done.append([row for row in rows if row.written])
    return done


def _end(rows: Sequence[Row]) -> int:
    """Return the rank of the row where a second table begins, the number of rows where there is none."""
    start = next((rank for rank, row in enumerate(rows) if any(map(amount, row.cells))), len(rows))
    first = [_words(row) for row in rows[:start]]
    for rank in range(start + 1, len(rows)):
        row, cells = rows[rank], rows[rank].written
        if any(is_void(cell) or amount(cell) or label(cell).known for cell in cells):
            continue
        again = len(cells) < 2 or _words(row) in first
        if again or any(HEADS.search(normalised(cell)) for cell in cells):
            while rows[rank - 1].title:
                rank -= 1
            if not again or _named(rows[:rank]) & _named(rows[rank:]):
                return rank
    return len(rows)


def amount(cell: str) -> bool:
    """Tell whether a cell is a number, and no bare year."""
    return numeral(cell) is not None and not re.fullmatch("(?:19|20)[0-9]{2}", cell)


def _words(row: Row) -> list[str]:
    return " ".join(row.written).split()


def _continues(before: Grid, after: Grid) -> bool:
    width = max(len(row.cells) for row in before.rows)
    if width != max(len(row.cells) for row in after.rows):
        return False
    headings = [_words(row) for row in before.rows[:5]]
    same_heading = any(_words(row) in headings for row in after.rows[:2])
    goes_on = any(label(cell).known for cell in after.rows[0].written)
    return (same_heading or goes_on) and not _named(before.rows) & _named(after.rows)


def _named(rows: Sequence[Row]) -> set[str]:
    return _territories(row.cells for row in rows)


def _territories(lines: Iterable[Sequence[str]]) -> set[str]:
    """Return the codes of the territories that cells name: the départements, else the régions."""
    labels = [named for cells in lines for cell in cells if (named := label(cell)).territory]
    codes = {named.departement for named in labels if named.departement and not named.region}
    return codes or {f"region {named.region}" for named in labels}
