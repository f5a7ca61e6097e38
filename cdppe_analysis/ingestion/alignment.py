"""Lines whose pieces stand one under another become grids: pages without rulings, texts set with spaces."""

from __future__ import annotations

import itertools
import re
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import HEADS, Block, Grid, Row, Text, amount
from cdppe_analysis.ingestion.names import joins, label
from cdppe_analysis.tables.numerals import is_void, names_several, numeral, units_in
from cdppe_analysis.territories import normalised

Extents = Sequence[tuple[float, float]]
"""Where columns begin and end."""

_REACH = 4
"""The most lines over which a name is cut."""

_FAR = 2.5
_NEAR = 1
_UNIT_AT_THE_END = re.compile(r"\((?:en )?(?:[kM]?€|%|euros?|milliers d.euros|millions d.euros)\)$")
_A_DAY = re.compile(r"\b[0-3]?[0-9](?:er)? [a-zûé]{3,9} (?:19|20)[0-9]{2}$|\b[0-9]+/[0-9]+/[0-9]{4}$")
_AN_HOUR = re.compile(r"[0-9]+/[0-9]+/[0-9]+,? (?:à )?[0-9]{1,2}[:h][0-9]{2}\b")
_YEAR = re.compile(r"(?:(?:19|20)[0-9]{2}|N(?: ?[-+] ?[1-9])?)(?: ?\([a-z]{1,4}\))?[*⁰¹²³⁴-⁹]*")
"""A year that heads a column: 2023, N-1, 2024 (p)."""


@dataclass(frozen=True)
class Fragment:
    """A piece of a line that stands apart, its horizontal extent, and the words that a small gap sets apart in it."""

    text: str
    x0: float
    x1: float
    parts: tuple[Fragment, ...] = ()


@dataclass(frozen=True)
class Line:
    """The fragments of a printed line, from left to right, and how far it is below the first."""

    fragments: tuple[Fragment, ...]
    place: str
    top: float = 0.0

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
    parts = [_parted(_with_names_around(lines)) for lines in pages]
    for lines in itertools.chain.from_iterable(parts):
        rows, before = list(filter(is_row, lines)), groups[-1][1]
        if rows and before:
            sizes = len(_extents(before)), len(_extents(rows))
            headed = any(
                HEADS.search(normalised(line.text.text)) for line in itertools.takewhile(lambda e: not is_row(e), lines)
            )
            if len(_extents([*before, *rows])) != max(sizes) or (headed and sizes[0] <= sizes[1] and len(rows) > 1):
                groups.append(([], []))
        groups[-1][0].append(lines)
        groups[-1][1].extend(rows)
    blocks = (blocks for of_group, rows in groups for blocks in _aligned(of_group, rows))
    return [[block for _ in of_page for block in next(blocks)] for of_page in parts]


def _parted(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Cut a page above the title and the headings of a second table, which has columns of its own."""
    for rank, line in enumerate(lines):
        texts = [part.text for part in line.fragments]
        headed = len(texts) > 1 and HEADS.search(normalised(texts[0])) and not any(map(amount, texts))
        if headed and any(map(is_row, lines[:rank])) and not any(label(text).known for text in texts):
            above = itertools.takewhile(
                lambda each: len(each.fragments) == 1 and not _names_a_row(each), lines[rank - 1 :: -1]
            )
            start = rank - len([*above])
            return [lines[:start], *_parted(lines[start:])] if any(map(is_row, lines[rank:])) else [lines]
    return [lines]


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
                done[-1] = replace(line, fragments=tuple(sorted((whole, *line.fragments), key=lambda part: part.x0)))
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
        above = lines[_first_heading(lines, first) : first]
        cut: list[tuple[Line, Row | None]] = [(line, None) for line in lines[: first - len(above)]]
        cut += zip(above, _heads(above, columns), strict=True)
        cut += [(line, _in_columns(line, columns, heading=False)) for line in lines[first:]]
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
    totals = {part for line in rows for part in line.fragments if label(part.text).total is not None}
    for part in sorted((p for line in rows for p in line.fragments if p not in totals), key=lambda part: part.x0):
        if columns and part.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], part.x1))
        else:
            columns.append((part.x0, part.x1))
    for part in sorted(totals, key=lambda part: part.x0 - part.x1):
        # The label of a total may run over several columns.
        over = _under(part, columns)
        if len(over) < 2:
            own = [(part.x0, part.x1), *(columns[rank] for rank in over)]
            columns = [column for rank, column in enumerate(columns) if rank not in over]
            columns = sorted([*columns, (min(x0 for x0, _ in own), max(x1 for _, x1 in own))])
    return columns


def _under_one_heading(columns: Extents, headings: Sequence[Line], rows: Sequence[Line]) -> list[tuple[float, float]]:
    """Make one column of those that a heading covers, where no row fills two: withdrawals set further to the left."""
    done = list(columns)
    for part in (part for line in headings if len(line.fragments) > 1 for part in line.fragments):
        over = [done[rank] for rank in _under(part, done)]
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
    texts = [part.text for part in line.fragments]
    figures = [numeral(text) is not None or is_void(text) for text in texts]
    headed = all(map(_YEAR.fullmatch, itertools.compress(texts, figures))) and not any(
        label(text).known for text in texts
    )
    return len(figures) > 1 and any(figures) and not all(figures) and not headed


def _first_heading(lines: Sequence[Line], first: int) -> int:
    """Return the rank of the first line of headings: those far above, and a letterhead, are the head of the page."""
    gaps = sorted(below.top - line.top for line, below in itertools.pairwise(lines))
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    far = (rank for rank in range(first, 0, -1) if lines[rank].top - lines[rank - 1].top > _FAR * usual > 0)
    letterhead = (rank + 1 for rank in range(first - 1, -1, -1) if _is_letterhead(lines[rank]))
    return max(next((rank for rank in far if rank < first), 0), next(letterhead, 0))


def _is_letterhead(line: Line) -> bool:
    """Tell whether a line holds an office and a day, the hour of a print, or words each with a value after a colon."""
    texts = [part.text for part in line.fragments]
    told = (label(texts[0]).known and _A_DAY.search(texts[-1])) or any(map(_AN_HOUR.match, texts))
    return len(texts) > 1 and bool(told or all(re.search(r"\w ?: ?\w", text) for text in texts))


def _heads(lines: Sequence[Line], columns: Extents) -> list[Row | None]:
    """Put lines of headings in columns; one that alone stands over years is the heading of each."""
    rows = [_in_columns(line, columns, heading=True) for line in lines]
    headed = {column for row in rows if row for column, cell in enumerate(row.cells) if cell and len(row.written) > 1}
    for rank, line in enumerate(lines):
        part = line.fragments[0]
        # A unit on its own line is that of the table, unless it is set under a heading; a piece of one is none.
        whole = part.text.count("(") == part.text.count(")") and not re.match("d ?['’]", part.text)
        above = [other for each in lines[:rank] for other in each.fragments if len(_under(other, columns)) < 2]
        under = any(abs(other.x0 + other.x1 - part.x0 - part.x1) < 2 * _NEAR for other in above)
        # Headings have begun where another stands beside it.
        whole = whole and not (under and any(_shared((other.x0, other.x1), part) < 0 for other in above))
        words = len(line.fragments) == 1 and not label(part.text).known and not (whole and units_in(part.text))
        if words and not _under(part, columns):
            near = max(range(len(columns)), key=lambda column: _shared(columns[column], part))
            around = [other for each in lines if each is not line for other in each.fragments]
            if near not in headed or any(_shared((other.x0, other.x1), part) > 0 for other in around):
                rows[rank] = _alone(line, near, columns)
    runs = _years([row for row in rows if row])
    for rank in range(len(lines) - 2, -1, -1):
        rows[rank] = _spread(rank, lines, rows, columns, runs)
        if rows[rank] is None:
            break
    return rows


def _spread(
    rank: int, lines: Sequence[Line], rows: Sequence[Row | None], columns: Extents, runs: Sequence[list[int]]
) -> Row | None:
    """Give a heading to the years under it where it is alone over them, one of several to those it is centred over."""
    over = (run for run in runs if _stands_over(lines[rank], run, columns))
    row = rows[rank] or next((_alone(lines[rank], run[0], columns) for run in over), None)
    placed: list[dict[int, Fragment]] = []
    for line, own_row in zip(lines[rank:], (row, *rows[rank + 1 :]), strict=True):
        filled, pieces = [c for c, cell in enumerate(own_row.cells if own_row else ()) if cell], _pieces(line, columns)
        placed.append(dict(zip(filled, pieces, strict=True)) if len(filled) == len(pieces) else {})
    own = placed[0]
    under = {column: part for below in reversed(placed[1:]) for column, part in below.items()}
    years = {column for column, part in under.items() if _YEAR.fullmatch(part.text)}
    for column, part in own.items() if row else ():
        span: Sequence[int] = next((run for run in runs if column in run and {*run} <= under.keys()), ())
        if not span or names_several(part.text) or {*span} & own.keys() != {column}:
            span = _centred(column, part, own.keys(), under, years) if len(own) > 1 else ()
        if row and len(span) > 1:
            cells = [part.text if c == span[0] else "" if c in span else cell for c, cell in enumerate(row.cells)]
            row = replace(row, cells=tuple(cells), hidden=row.hidden | {*span[1:]})
    return row


def _centred(
    column: int, part: Fragment, own: Collection[int], under: Mapping[int, Fragment], years: Collection[int]
) -> Sequence[int]:
    """Return the columns over whose headings another stands in the middle; what is no wider than one is of it."""
    first = under.get(column)
    if first and column not in years and first.x0 - _NEAR <= part.x0 and part.x1 <= first.x1 + _NEAR:
        return ()
    spans = [range(i, j + 1) for i in range(column + 1) for j in range(column, max(under, default=-1) + 1)]
    spans = [each for each in spans if {*each} <= under.keys() and not {*each} & {*own} - {column}]
    spans = [each for each in spans if not {*each} & {*years} or _follow([under[c].text for c in each])]
    apart = {each: abs(part.x0 + part.x1 - under[each[0]].x0 - under[each[-1]].x1) for each in spans}
    spans = [each for each in spans if len(each) < 2 or 4 * apart[each] < under[each[1]].x0 - under[each[0]].x0]
    # Over an odd number of years, it stands over the middle one too.
    return min(spans, key=lambda each: (max(apart[each], 3 * _NEAR), -len({*each} & {*years}), len(each)), default=())


def _alone(line: Line, column: int, columns: Extents) -> Row:
    text = line.fragments[0].text
    return Row(tuple(text if rank == column else "" for rank in range(len(columns))), line.place)


def _stands_over(line: Line, run: Sequence[int], columns: Extents) -> bool:
    """Tell whether a line of one fragment stands over columns and no other."""
    part = line.fragments[0]
    centred = columns[run[0]][0] < (part.x0 + part.x1) / 2 < columns[run[-1]][1]
    return len(line.fragments) == 1 and centred and set(_under(part, columns)) <= {*run}


def _years(rows: Sequence[Row]) -> list[list[int]]:
    """Return the columns side by side whose last headings are years that follow one another."""
    last = [
        next((cell for cell in reversed(cells) if cell), "") for cells in zip(*(row.cells for row in rows), strict=True)
    ]
    runs: list[list[int]] = []
    for column, cell in enumerate(last):
        if not _YEAR.fullmatch(cell):
            continue
        if runs and runs[-1][-1] == column - 1 and _follow([last[each] for each in (*runs[-1], column)]):
            runs[-1].append(column)
        else:
            runs.append([column])
    return [run for run in runs if len(run) > 1]


def _follow(years: Sequence[str]) -> bool:
    """Tell whether headings are years one after another, the first or the last of them first."""
    ordered = sorted({*years})
    return all(map(_YEAR.fullmatch, years)) and list(years) in (ordered, ordered[::-1])


def _under(part: Fragment, columns: Extents) -> list[int]:
    return [rank for rank, (x0, x1) in enumerate(columns) if part.x0 < x1 and x0 < part.x1]


def _pieces(line: Line, columns: Extents) -> list[Fragment]:
    """Return the fragments of a line, those that run over several columns cut into their words, column by column."""
    pieces: list[Fragment] = []
    for part in (piece for fragment in line.fragments for piece in _with_own_units(fragment)):
        if len(part.parts) < 2 or len(_under(part, columns)) < 2:
            pieces.append(part)
            continue
        for _, words in itertools.groupby(part.parts, key=lambda word: _under(word, columns)):
            own = list(words)
            pieces.append(Fragment(" ".join(word.text for word in own), own[0].x0, own[-1].x1))
    return pieces


def _with_own_units(part: Fragment) -> list[Fragment]:
    """Cut headings that stand close after the parenthesis of a unit: « Montant (k€) Taux (%) »."""
    ends = [0, *(match.end() for match in re.finditer(r"\) +(?=\w)", part.text)), len(part.text)]
    texts = [part.text[start:end].strip() for start, end in itertools.pairwise(ends)]
    if len(texts) < 2 or not all(map(_UNIT_AT_THE_END.search, texts)):
        return [part]
    width = (part.x1 - part.x0) / len(part.text)
    return [
        Fragment(text, part.x0 + width * start, part.x0 + width * (start + len(text)))
        for text, start in zip(texts, ends, strict=False)
    ]


def _in_columns(line: Line, columns: Extents, *, heading: bool) -> Row | None:
    cells = [""] * len(columns)
    hidden: set[int] = set()
    pieces = _pieces(line, columns)
    of_several = len(pieces) > 1
    in_order = len(pieces) == len(columns) and all(
        place in over or not over for place, over in enumerate(_under(part, columns) for part in pieces)
    )
    for place, part in enumerate(pieces):
        over = [place] if in_order else _under(part, columns)
        middle = (part.x0 + part.x1) / 2
        if len(over) > 1 and heading and of_several and not any(x0 <= middle <= x1 for x0, x1 in columns):
            # Centred over several columns, a heading is that of each.
            hidden |= set(over[1:])
            over = over[:1]
        elif len(over) != 1 and of_several and (heading or label(part.text).total is not None):
            over = [max(over or range(len(columns)), key=lambda rank: _shared(columns[rank], part))]
        figures = not heading and of_several and any(numeral(piece.text) or is_void(piece.text) for piece in pieces)
        if len(over) > 1 and figures:
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
