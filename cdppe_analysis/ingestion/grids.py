"""What a document holds, whatever its format: texts, and grids whose rows and columns are known."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.names import label
from cdppe_analysis.tables.numerals import is_void, numeral, titled_units
from cdppe_analysis.territories import normalised

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""How the figures of a footnote mark are written, so that they are not digits."""

SMALL = 0.85
"""How much smaller than the letter before it a footnote mark is."""

DATE = re.compile(r"(?:[0-9]{1,2}(?:er)? )?(?:[a-zûé]{3,9} |\b)(?:19|20)[0-9]{2}\b|(?<![0-9])[0-9]+/[0-9]+/[0-9]+")
"""A date, or a year, in a text."""

HEADINGS = 5
"""The most rows of headings that a table has."""

SAMPLE = 2000
"""Rows that say what a column names: those of a longer table say no more."""

_A_UNIT = re.compile(r"(?:(?:unites?|en|de|d|k|m|md|euros?|eur|milliers?|millions?|milliards?)\b ?)*")
_OF_A_PAGE = re.compile(r"\b(?:p|pages?) [0-9]{1,3}\b(?: (?:sur )?[0-9]{1,3}\b)?|\b[0-9]{1,3} (?:sur )?[0-9]{1,3}\b")
_A_NOTE = re.compile(r"^\W*(?:sources?|notes?|lecture|champ|dont)\b|^(?:\*|\(?[0-9][ )]|[⁰¹²³⁴-⁹])|[.]$", re.IGNORECASE)
_OF_THE_TABLE = re.compile(r"(?:champs?|sources?|notes?|lecture)(?: de lecture)?(?: [0-9]+)?\s*:", re.IGNORECASE)
NUMBERED = "(?:annexe|tableau|tab|figure|graphique|fiche)"
"""The words before the number of a title."""

COUNTS = re.compile(r"\b(?:nombres?|nb|effectifs?|places|population|beneficiaires)\b")
IN_PER_CENT = re.compile(
    r"\((?:[^()]*, )?(?:en )?(?:%|pourcentages?)\)|(?:^|, |\w )en (?:%|pourcentages?)\W*$", re.IGNORECASE
)
HEADS = re.compile(
    r"\b(?:dep\w*|dpts?|reg\w*|codes?|noms?|territoires?|communes?|etablissements?|services?|ars|collectivites?|libelles?)\b"
)


@dataclass(frozen=True)
class Row:
    """The cells of a row, its place, how many rows each merged cell covers, by column, the columns that one hides.

    `doubts` are the headings in it that may as well be those of other columns.
    """

    cells: tuple[str, ...]
    place: str
    spans: Mapping[int, int] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    doubts: tuple[str, ...] = ()

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


def joined(blocks: Iterable[Block]) -> list[Block]:
    """Make one grid of each table: cut those that hold several, join one to that which it continues on the next page.

    A grid continues another that has as many columns, where it has no heading or the same one. What stands between
    them (a page number, a running head) stays a text. A grid that names again a territory of the one before is another
    table; so is one under a title of its own, where its headings are there again or where the title gives another unit.
    """
    done: list[Block] = []
    last, above, since = 0, list[str](), list[str]()
    parts = [part for block in blocks for part in _separate(block)]
    seen = Counter(_but_pages(part.text) for part in parts if isinstance(part, Text))
    for block in parts:
        before = done[last] if done else None
        if isinstance(block, Text):
            # A page may hold the last row alone.
            cells = cells_of(block)
            if isinstance(before, Grid) and cells and len(cells) == max(len(row.cells) for row in before.rows):
                done[last] = replace(before, rows=(*before.rows, Row(cells, block.place)))
                continue
            since.append(block.text)
            done.append(block)
            continue
        of_another = isinstance(before, Grid) and bool(since) and _titled(before, block, above, since[-1], seen)
        if isinstance(before, Grid) and _continues(before, block) and not of_another:
            done[last] = replace(before, rows=before.rows + block.rows)
        else:
            last, above = len(done), since
            done.append(block)
        since = []
    return done


def cells_of(text: Text) -> tuple[str, ...]:
    """Return the pieces of a line that is a row: one is a known name, the others are numbers; none for another line."""
    cells = tuple(re.split(" {2,}", text.text))
    names = [cell for cell in cells if not (numeral(cell) or is_void(cell))]
    return cells if any(map(amount, cells)) and len(names) == 1 and label(names[0]).known else ()


def _separate(block: Block) -> Iterator[Block]:
    """Cut a grid at the columns that nothing fills, and at the headings of a second table; its titles become texts."""
    if isinstance(block, Text) or block.headings or not block.rows:
        yield block
        return
    titles = list(itertools.takewhile(lambda row: row.title, block.rows))
    yield from (Text(row.cells[0], row.place) for row in titles)
    if len(titles) == len(block.rows):
        return
    block = _upright(replace(block, rows=block.rows[len(titles) :]))
    for rows in _beside(block):
        while rows:
            while rows and (above := _above_headings(rows)):
                yield from (Text(cell, rows[0].place) for cell in above)
                rows = rows[1:]
            end = _end(rows)
            kept = end
            while kept and len(rows[kept - 1].written) == 1 and is_a_unit(rows[kept - 1].written[0]):
                kept -= 1
            if kept:
                yield replace(block, rows=tuple(rows[:kept]))
            yield from (Text(row.written[0], row.place) for row in rows[kept:end])
            rows = rows[end:]


def _above_headings(rows: Sequence[Row]) -> list[str]:
    """Return the texts of the first row where it is a title, alone or with the unit of the table at its end.

    The name of a territory is one too, over headings that say that they are of names; so is a note, whatever stands
    beside it: « Champ : France entière », a link to the contents.
    """
    first, *units = rows[0].written or [""]
    if _OF_THE_TABLE.match(first) and not any(map(amount, units)):
        return [first, *units]
    below = rows[1].written if len(rows) > 1 else []
    heads = len(below) > 1 and not any(map(amount, below))
    headed = heads and any(HEADS.match(normalised(cell)) for cell in below)
    if rows[0].cells[0] != first or not first or (label(first).known and not headed):
        return []
    at_end = heads and rows[0].cells[-1:] == tuple(units) and not HEADS.match(normalised(first))
    unit = at_end and all(is_a_unit(cell) or IN_PER_CENT.fullmatch(cell) for cell in units)
    return [first, *units] if unit or not units else []


def _upright(grid: Grid) -> Grid:
    """Turn a table whose territories stand side by side, each the only one of its column: one a row.

    Where others stand one under another too (origin and destination), it is read as it is printed.

    Raises
    ------
    TableError
        When cells of it are merged.
    """
    for row, kind in itertools.product(grid.rows[:HEADINGS], ("departement", "region")):
        named = {rank: name for rank, cell in enumerate(row.cells) if (name := getattr(label(cell), kind))}
        if len(set(named.values())) < 3:
            continue
        others = [
            (rank in named, cell) for each in grid.rows if each is not row for rank, cell in enumerate(each.cells)
        ]
        again = [under for under, cell in others if getattr(label(cell), kind)]
        if not any(again) and len(again) < 2:
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
        if _goes_on(row) or any(is_void(cell) or amount(cell) for cell in cells):
            continue
        again = len(cells) < 2 or _words(row) in first
        if again or any(HEADS.search(normalised(cell)) for cell in cells):
            titles = [*itertools.takewhile(lambda row: row.title, reversed(rows[:rank]))]
            rank -= len(titles)
            if not again or (titles and len(cells) > 1) or _named(rows[:rank]) & _named(rows[rank:]):
                return rank
    return len(rows)


def _goes_on(row: Row) -> bool:
    """Tell whether a cell names a territory, or a total where no heading stands beside it."""
    labels = [label(cell) for cell in row.written]
    heads = any(HEADS.search(normalised(cell)) for cell in row.written)
    return any(named.territory or (named.known and not heads) for named in labels)


def amount(cell: str) -> bool:
    """Tell whether a cell is a number, and no bare year."""
    return numeral(cell) is not None and not re.fullmatch("(?:19|20)[0-9]{2}", cell)


def is_a_unit(text: str) -> bool:
    """Tell whether a text is a unit of money and nothing else: « (en k€) », « Unité : milliers d'euros »."""
    return bool(text) and _A_UNIT.fullmatch(normalised(text)) is not None and bool(titled_units(text))


def _words(row: Row) -> list[str]:
    return " ".join(row.written).split()


def _but_pages(text: str) -> str:
    return _OF_A_PAGE.sub("", normalised(DATE.sub(lambda date: date[0][-4:], text)))


def _titled(before: Grid, after: Grid, above: Sequence[str], title: str, seen: Mapping[str, int]) -> bool:
    """Tell whether the nearest text above a grid is a title of its own: none that comes back, nor goes on."""
    words = _but_pages(title)
    if seen[words] > 1 or _A_NOTE.search(title) or label(title).known or not (above and _named(before.rows)):
        return False
    own = re.search("[a-z]{4}|[0-9]{4}", words) and not re.search(r"\bsuite\b", words) and not is_a_unit(title)
    return bool(own and _same_headings(before, after)) or titled_units(title) not in ([], *map(titled_units, above))


def _same_headings(before: Grid, after: Grid) -> bool:
    return any(_words(row) in map(_words, before.rows[:5]) for row in after.rows[:2])


def _continues(before: Grid, after: Grid) -> bool:
    if max(len(row.cells) for row in before.rows) != max(len(row.cells) for row in after.rows):
        return False
    return (_same_headings(before, after) or _goes_on(after.rows[0])) and not _named(before.rows) & _named(after.rows)


def _named(rows: Sequence[Row]) -> set[str]:
    return _territories(row.cells for row in rows)


def _territories(lines: Iterable[Sequence[str]]) -> set[str]:
    """Return the codes of the territories that cells name: the départements, else the régions."""
    labels = [named for cells in lines for cell in cells if (named := label(cell)).territory]
    codes = {named.departement for named in labels if named.departement and not named.region}
    return codes or {f"region {named.region}" for named in labels}
