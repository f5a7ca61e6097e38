"""Lines whose pieces stand one under another become grids: pages without rulings, texts set with spaces."""

from __future__ import annotations

import itertools
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import HEADS, NUMBERED, Block, Grid, Row, Text, amount, is_a_unit
from cdppe_analysis.ingestion.kinds import A_YEAR
from cdppe_analysis.ingestion.names import joins, label
from cdppe_analysis.tables.numerals import is_void, numeral, titled_units
from cdppe_analysis.territories import normalised

Extents = Sequence[tuple[float, float]]
"""Where columns begin and end."""

_WORDS = 14
"""The most words of a line of headings that is cut."""

_REACH = 4
"""The most lines over which a name is cut."""

_FAR, _APART = 2.5, 1.25
_CLEAR = 2.6
_CUT_BEFORE = re.compile(r"[^\W\d_A-ZÀ-Ý]|\(")
_CUT_AFTER = re.compile(
    r"(?:\b(?:de|du|des|d|la|le|les|l|à|au|aux|en|et|par|pour|sur|sous|un|une|ou|dans|hors|[0-9])|['’(/+-])$",
    re.IGNORECASE,
)
_AT_FIGURES = re.compile(r"(?<=[0-9]) (?=[^\W\d_]|\[)|(?<=[^\W\d_]|[)\]]) (?=[0-9\[])")
_A_TITLE = re.compile(rf"{NUMBERED} ", re.IGNORECASE)
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
    """Cut a page above the headings of a second table, which has columns of its own: at the widest gap below a row."""
    words = [[part.text for part in line.fragments] for line in lines]
    worded = [len(texts) > 1 and not any(map(amount, texts)) for texts in words]
    for rank, texts in enumerate(words):
        beside = worded[rank] or any(worded[max(rank - 1, 0) : rank + 2])
        headed = beside and HEADS.search(normalised(texts[0])) and not any(map(amount, texts))
        rows = [row for row, line in enumerate(lines[:rank]) if is_row(line)] if headed else []
        if rows and not any(label(text).known for text in texts):
            start = max(range(rows[-1] + 1, rank + 1), key=lambda below: lines[below].top - lines[below - 1].top)
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
    names = _names(columns, of_figures)
    if headings and len(columns) > 1:
        columns = _as_headed(columns, headings[-1], names, of_figures)
    for lines, first in zip(pages, firsts, strict=True):
        if len(columns) < 2 or not any(map(is_row, lines)):
            yield [line.text for line in lines]
            continue
        gaps = sorted(below.top - line.top for line, below in itertools.pairwise(lines))
        usual = gaps[len(gaps) // 2] if gaps else 0.0
        above = lines[_first_heading(lines, first, usual) : first]
        cut: list[tuple[Line, Row | None]] = [(line, None) for line in lines[: first - len(above)]]
        cut += zip(above, _heads(above, columns, names, usual), strict=True)
        cut += [(line, _in_columns(line, columns)) for line in lines[first:]]
        _refuse_lost_rows([line for line, row in cut[first:] if row is None])
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


def _names(columns: Extents, rows: Sequence[Line]) -> int:
    """Return the rank of the last column of words, -1 where there is none."""
    words = [
        sum(numeral(p.text) is None for line in rows for p in line.fragments if _shared(column, p) > 0)
        for column in columns
    ]
    return max((rank for rank, count in enumerate(words) if 2 * count > len(rows)), default=-1)


def _as_headed(columns: Extents, lowest: Line, names: int, rows: Sequence[Line]) -> list[tuple[float, float]]:
    """Make one column of two side by side that no row fills both, where the lowest headings are fewer by as many."""
    filled = [{rank for piece in row.fragments for rank in _under(piece, columns)} for row in rows]
    pairs = [
        rank for rank in range(names + 1, len(columns) - 1) if not any({rank, rank + 1} <= ranks for ranks in filled)
    ]
    over = [part for part in lowest.fragments if part.x0 >= columns[names][1]]
    apart = all(right - left > 1 for left, right in itertools.pairwise(pairs))
    if not apart or not 0 < len(columns) - names - 1 - len(over) == len(pairs):
        return list(columns)
    return [
        (x0, columns[rank + 1][1] if rank in pairs else x1)
        for rank, (x0, x1) in enumerate(columns)
        if rank - 1 not in pairs
    ]


def _shared(column: tuple[float, float], part: Fragment | _Heading) -> float:
    return min(column[1], part.x1) - max(column[0], part.x0)


def _names_a_row(line: Line) -> bool:
    return len(line.fragments) == 1 and bool(label(line.fragments[0].text).departement)


def is_row(line: Line) -> bool:
    """Tell whether a line is a row of figures: words, and numbers or voids beside them."""
    texts = [part.text for part in line.fragments]
    figures = [numeral(text) is not None or is_void(text) for text in texts]
    named = label(texts[0]).known or any(label(text).territory for text in texts)
    headed = not named and all(map(_YEAR.fullmatch, itertools.compress(texts, figures)))
    return len(figures) > 1 and any(figures) and not all(figures) and not headed


def _first_heading(lines: Sequence[Line], first: int, usual: float) -> int:
    """Return the rank of the first line of headings: those far above, and a letterhead, are the head of the page."""
    far = (rank for rank in range(first, 0, -1) if lines[rank].top - lines[rank - 1].top > _FAR * usual > 0)
    letterhead = (rank + 1 for rank in range(first - 1, -1, -1) if _is_letterhead(lines[rank]))
    return max(next((rank for rank in far if rank < first), 0), next(letterhead, 0))


def _is_letterhead(line: Line) -> bool:
    """Tell whether a line holds an office and a day, the hour of a print, or words each with a value after a colon."""
    texts = [part.text for part in line.fragments]
    told = (label(texts[0]).known and _A_DAY.search(texts[-1])) or any(map(_AN_HOUR.match, texts))
    return len(texts) > 1 and bool(told or all(re.search(r"\w ?: ?\w", text) for text in texts))


@dataclass(frozen=True)
class _Heading:
    """A heading: the text of each of its lines, by rank, and how far they reach together."""

    lines: Mapping[int, str]
    x0: float
    x1: float


@dataclass(frozen=True)
class _Node:
    """Columns side by side, how far they and their own headings reach, and the heading that stands nearest above."""

    columns: range
    x0: float
    x1: float
    heading: _Heading | None = None


def _heads(lines: Sequence[Line], columns: Extents, names: int, usual: float) -> list[Row | None]:
    """Give to each heading the columns over which it stands, from the lowest line up; a title stands over none.

    What stands over the columns is a tree: a heading is that of one column, of those of the heading just below it, or
    of all over which it is centred. `names` is the rank of the last column of words, `usual` the height of a line.
    """
    nodes = [_Node(range(rank, rank + 1), x0, x1) for rank, (x0, x1) in enumerate(columns)]
    parts = [part for line in lines for part in line.fragments]
    unit = sum(part.x1 - part.x0 for part in parts) / max(sum(len(part.text) for part in parts), 1)
    headings = _stacked([_pieces(line, columns) for line in lines], unit)
    placed: dict[int, dict[range, float]] = {}
    rows: list[Row | None] = [None] * len(lines)
    for rank in range(len(lines) - 1, -1, -1):
        own = [each for each in headings if rank in each.lines]
        far = rank + 1 < len(lines) and lines[rank + 1].top - lines[rank].top > _APART * usual > 0
        alone = len(own) == 1 and id(own[0]) not in placed
        is_title, unsure = _as_title(own[0], nodes, names, unit, far=far) if alone else (False, False)
        if is_title and not any(rows):
            continue  # the name of a group of rows, or a rule: the headings are above it
        if is_title:
            below = rows[rank + 1] if rank + 1 < len(rows) else None
            if unsure and below:
                rows[rank + 1] = replace(below, doubts=(*below.doubts, *own[0].lines.values()))
            break
        cut = [
            (piece, in_doubt) for each in own for pieces, in_doubt in [_by_node(each, nodes, unit)] for piece in pieces
        ]
        doubtful = {id(piece) for piece, in_doubt in cut if in_doubt or unsure}
        own = sorted((piece for piece, _ in cut), key=lambda each: each.x0)
        known = placed | _in_order([each for each in own if id(each) not in placed], nodes, names)
        costs = [known.get(id(each)) or _costs(each, nodes, names, unit) for each in own]
        spans = _cheapest(costs)
        cells, doubts = [""] * len(columns), list[str]()
        for place, (each, cost, span) in enumerate(zip(own, costs, spans, strict=True)):
            cells[span.start] = f"{cells[span.start]} {each.lines[rank]}".strip()
            taken = {column for other in (*spans[:place], *spans[place + 1 :]) for column in other}
            others = [cost[other] for other in cost.keys() - {span} if not taken & {*other}]
            if id(each) in doubtful or min(others, default=99 * unit) - cost[span] < _CLEAR * unit:
                doubts.append(" ".join(each.lines.values()))
        hidden = frozenset(column for span in spans for column in span[1:])
        row = rows[rank] = Row(tuple(cells), lines[rank].place, hidden=hidden, doubts=tuple(doubts))
        for each, span in zip(own, spans, strict=True):
            if id(each) not in placed and not row.of_ranks:
                placed[id(each)] = {span: 0.0}
                under = [node for node in nodes if node.columns.start in span]
                x0, x1 = under[0].x0, under[-1].x1
                x0, x1 = (x0, x1) if len(span) > 1 else (min(x0, each.x0), max(x1, each.x1))
                nodes = [*(node for node in nodes if node not in under), _Node(span, x0, x1, each)]
                nodes.sort(key=lambda node: node.columns.start)
    return rows


def _in_order(own: Sequence[_Heading], nodes: Sequence[_Node], names: int) -> dict[int, dict[range, float]]:
    """Return the columns of headings that are as many as those of figures, or as the groups that repeat in these.

    « IME, ITEP, IME, ITEP » are two groups of the same columns.
    """
    right = [node for node in nodes if node.columns.start > names]
    left = max((node.x1 for node in nodes if node not in right), default=0.0)
    over = [each for each in own if each.x0 >= left]
    texts = [" ".join(node.heading.lines.values()) if node.heading else "" for node in right]
    size, rest = divmod(len(right), max(len(over), 1))
    alike = size > 1 and all(texts) and texts == texts[:size] * len(over)
    if rest or len(over) < 2 or not (alike or (size == 1 and not any(texts))):
        return {}
    groups = [right[start : start + size] for start in range(0, len(right), size)]
    spans = [range(group[0].columns.start, group[-1].columns.stop) for group in groups]
    return {id(each): {span: 0.0} for each, span in zip(over, spans, strict=True)}


def _stacked(lines: Sequence[Sequence[Fragment]], unit: float) -> list[_Heading]:
    """Put together the lines of each heading: one goes on with that below it where they are set alike in one cell."""
    done: list[_Heading] = []
    for rank in range(len(lines) - 1, -1, -1):
        for part in lines[rank]:
            own = _Heading({rank: part.text}, part.x0, part.x1)
            under = [each for each in done if _shared((each.x0, each.x1), part) > 0]
            top = min((min(each.lines) for each in under), default=0)
            below, *others = [each for each in under if min(each.lines) == top] or [own]
            over = [other for other in lines[rank] if _shared((below.x0, below.x1), other) > 0]
            alone = below is not own and not others and len(over) == 1
            if alone and _goes_on(own, below) and _misaligned(own, below) < unit:
                done.remove(below)
                own = _Heading({**own.lines, **below.lines}, min(own.x0, below.x0), max(own.x1, below.x1))
            done.append(own)
    return done


def _by_node(heading: _Heading, nodes: Sequence[_Node], unit: float) -> tuple[list[_Heading], bool]:
    """Cut at its words a line that stands over several columns, where one has no heading yet or all go on with it.

    Tell too whether another cut would nearly do.
    """
    over = [node for node in nodes if _shared((node.x0, node.x1), heading) > unit / 2]
    text, *lower = (heading.lines[rank] for rank in sorted(heading.lines))
    below = [node.heading.lines[min(node.heading.lines)] if node.heading else "" for node in over]
    words = [*re.finditer(r"\S+", text)]
    if lower or not 1 < len(over) <= len(words) <= _WORDS or (all(below) and not all(map(_CUT_BEFORE.match, below))):
        return [heading], False
    [rank], width = heading.lines, (heading.x1 - heading.x0) / len(text)
    cuts: list[tuple[float, list[_Heading]]] = []
    for ends in itertools.combinations(range(1, len(words)), len(over) - 1):
        groups = [words[start:end] for start, end in itertools.pairwise((0, *ends, len(words)))]
        parts = [
            _Heading(
                {rank: text[group[0].start() : group[-1].end()]},
                heading.x0 + width * group[0].start(),
                heading.x0 + width * group[-1].end(),
            )
            for group in groups
        ]
        cut = (_CUT_AFTER.search(a.lines[rank]) if all(below) else _goes_on(a, b) for a, b in itertools.pairwise(parts))
        of_years = any(
            A_YEAR.match(b.lines[rank]) and not A_YEAR.match(a.lines[rank]) for a, b in itertools.pairwise(parts)
        )
        if not any(cut) and not of_years:
            # A second capital in a heading is likelier that of the next one.
            off = sum(
                _misaligned(part, _Heading({}, node.x0, node.x1))
                + sum(max(0.0, _shared((other.x0, other.x1), part)) for other in over if other is not node)
                + 6 * unit * len(re.findall(r"(?<=\w )[A-ZÀ-Ý][a-zà-ÿ]", part.lines[rank]))
                for part, node in zip(parts, over, strict=True)
            )
            cuts.append((off, parts))
    cuts.sort(key=lambda cut: cut[0])
    if not cuts:
        return [heading], False
    return cuts[0][1], len(cuts) > 1 and cuts[1][0] - cuts[0][0] < _CLEAR * unit


def _costs(part: _Heading, nodes: Sequence[_Node], names: int, unit: float) -> dict[range, float]:
    """Return how far a heading is from where it would stand over one node, or over several side by side.

    That of a group stands, with all its lines, above the headings of each of its columns.
    """
    costs: dict[range, float] = {}
    first_line = part.lines[min(part.lines)]
    for first, last in itertools.combinations_with_replacement(range(len(nodes)), 2):
        own, others = nodes[first : last + 1], (*nodes[:first], *nodes[last + 1 :])
        columns = range(own[0].columns.start, own[-1].columns.stop)
        if first == last:
            below = own[0].heading
            off = -min(0.0, _shared((own[0].x0, own[0].x1), part)) / 4
            if below is not None:
                off = _misaligned(part, below) + unit * (
                    0 if _goes_on(part, below) else 2.5 if _wraps(part, below) else 6
                )
        elif (
            all(node.heading and max(part.lines) < min(node.heading.lines) for node in own)
            and not columns.start <= names < columns.stop - 1
            and (not _CUT_BEFORE.match(first_line) or is_a_unit(first_line))
        ):
            off = _off_several(part, nodes, first, last, unit)
        else:
            continue
        costs[columns] = off + 4 * sum(max(0.0, _shared((node.x0, node.x1), part) - unit / 2) for node in others)
    return costs


def _off_several(part: _Heading, nodes: Sequence[_Node], first: int, last: int, unit: float) -> float:
    """Return how far a heading is from the middle of several columns; to stand at their left or right is less likely.

    It is that of years that follow one another wherever it stands over them, and of all.
    """
    x0, x1 = nodes[first].x0, nodes[last].x1
    gap = min(right.x0 - left.x1 for left, right in itertools.pairwise(nodes)) / 2
    left = nodes[first - 1].x1 + gap if first else x0 - gap
    # The first cell may be wider than what it holds: its heading is then in its middle.
    heading = nodes[first].heading or part
    mirrored = max(left, heading.x0 + heading.x1 - nodes[first].x1 - gap)
    off = min(_off_centre(part, *ends) for ends in ((x0, x1), (left, x1 + gap), (mirrored, x1 + gap)))
    texts = [node.heading.lines[min(node.heading.lines)] if node.heading else "" for node in nodes]
    longer = [texts[first - 1 : last + 1] if first else [], texts[first : last + 2] if last + 1 < len(texts) else []]
    if _follow(texts[first : last + 1]) and not any(years and _follow(years) for years in longer):
        off = min(off, unit) if _shared((x0, x1), part) > 0 else off
    elif all(map(_YEAR.fullmatch, texts[first : last + 1])):
        off += 2 * unit
    return min(off, abs(part.x0 - x0) + 2 * unit, abs(part.x1 - x1) + 2 * unit) + unit / 4


def _off_centre(part: _Heading, x0: float, x1: float) -> float:
    return abs(part.x0 + part.x1 - x0 - x1) / 2


def _misaligned(one: _Heading, other: _Heading) -> float:
    """Return how far two lines of one cell are from being set alike: to the left, to the right or centred."""
    return min(_off_centre(one, other.x0, other.x1), abs(one.x0 - other.x0), abs(one.x1 - other.x1))


def _goes_on(above: _Heading, below: _Heading) -> bool:
    """Tell whether a line of a heading goes on with the one below it."""
    end, start = above.lines[max(above.lines)], below.lines[min(below.lines)]
    title = _A_TITLE.match(end) or re.match("dont ", start)
    return bool(_CUT_BEFORE.match(start) or _CUT_AFTER.search(end)) and not title


def _wraps(above: _Heading, below: _Heading) -> bool:
    """Tell whether the first word below had no room at the end of the line above, in a cell as wide as both."""
    end, start = above.lines[max(above.lines)], below.lines[min(below.lines)].split()[0]
    width = (above.x1 - above.x0) / max(map(len, above.lines.values()))
    return width * len(f"{end} {start}") > max(above.x1 - above.x0, below.x1 - below.x0)


def _cheapest(costs: Sequence[Mapping[range, float]]) -> list[range]:
    """Return the columns of the headings of a line, from left to right, that cost least together.

    Where they are not in order, each stands over the column that suits it best.
    """
    ends: dict[int, tuple[float, list[range]]] = {0: (0.0, [])}
    for own in costs:
        after: dict[int, tuple[float, list[range]]] = {}
        for span, cost in own.items():
            before = [done for end, done in ends.items() if end <= span.start]
            total, spans = min(before, key=lambda done: done[0], default=(0.0, []))
            if before and total + cost < after.get(span.stop, (float("inf"),))[0]:
                after[span.stop] = total + cost, [*spans, span]
        ends = after
    alone = [min(own, key=lambda span: (len(span), own[span])) for own in costs]
    return min(ends.values(), key=lambda done: done[0], default=(0.0, alone))[1]


def _as_title(part: _Heading, nodes: Sequence[_Node], names: int, unit: float, *, far: bool) -> tuple[bool, bool]:
    """Tell whether what stands alone above the headings is a title, or a unit, of the whole table; and in doubt."""
    if HEADS.match(normalised(" ".join(part.lines.values()))) and len(_by_node(part, nodes, unit)[0]) > 1:
        return False, False
    x0, x1 = nodes[0].x0, nodes[-1].x1
    over = [rank for rank, node in enumerate(nodes) if _shared((node.x0, node.x1), part) > 0]
    if sum(node.heading is None for node in nodes) > 1 and not (0 in over and len(over) > 1):
        return False, False
    cost = min(_costs(part, nodes, names, unit).values())
    text = " ".join(part.lines.values())
    off = min(_off_centre(part, x0, x1), abs(part.x0 - x0) + unit / 2)
    on_right = abs(part.x1 - x1) < 2 * unit
    centred, stray = off < 3 * unit, cost > _CLEAR * unit
    if is_a_unit(text) or (titled_units(text) and on_right and stray):
        return on_right or cost > unit, False
    title = (0 in over and cost > unit) or (far and centred) or stray or _A_TITLE.match(text) is not None
    placed = title and (0 in over or far or cost > 4 * _CLEAR * unit)
    doubt = (
        max(off, cost) < 2 * unit or (on_right and cost > unit and bool(titled_units(text))) or (stray and not placed)
    )
    return title, doubt and _A_TITLE.match(text) is None


def _follow(years: Sequence[str]) -> bool:
    """Tell whether headings are years one after another, the first or the last of them first."""
    ordered = sorted({*years})
    return all(map(_YEAR.fullmatch, years)) and list(years) in (ordered, ordered[::-1])


def _under(part: Fragment, columns: Extents) -> list[int]:
    return [rank for rank, column in enumerate(columns) if _shared(column, part) > 0]


def _pieces(line: Line, columns: Extents) -> list[Fragment]:
    """Return the fragments of a line, those that run over several columns cut into their words, column by column."""
    pieces: list[Fragment] = []
    for part in line.fragments:
        if len(part.parts) < 2 or len(_under(part, columns)) < 2:
            pieces.append(part)
            continue
        for _, words in itertools.groupby(part.parts, key=lambda word: _under(word, columns)):
            own = list(words)
            pieces.append(Fragment(" ".join(word.text for word in own), own[0].x0, own[-1].x1))
    return pieces


def _at_figures(part: Fragment, columns: Extents) -> list[Fragment]:
    """Cut a piece that runs over two columns where a figure meets another sign: « 973 Guyane », « [1-4] 555 »."""
    width = (part.x1 - part.x0) / len(part.text)
    for gap in _AT_FIGURES.finditer(part.text):
        left = Fragment(part.text[: gap.start()], part.x0, part.x0 + width * gap.start())
        right = Fragment(part.text[gap.end() :], part.x0 + width * gap.end(), part.x1)
        over = _under(left, columns), _under(right, columns)
        if over[0] != over[1] and len(over[0]) == len(over[1]) == 1:
            return [left, right]
    return [part]


def _in_columns(line: Line, columns: Extents) -> Row | None:
    cells = [""] * len(columns)
    pieces = [piece for part in _pieces(line, columns) for piece in _at_figures(part, columns)]
    of_several = len(pieces) > 1
    in_order = len(pieces) == len(columns) and all(
        place in over or not over for place, over in enumerate(_under(part, columns) for part in pieces)
    )
    for place, part in enumerate(pieces):
        over = [place] if in_order else _under(part, columns)
        if len(over) != 1 and of_several and label(part.text).total is not None:
            over = [max(over or range(len(columns)), key=lambda rank: _shared(columns[rank], part))]
        if len(over) > 1 and of_several and any(numeral(piece.text) or is_void(piece.text) for piece in pieces):
            raise TableError(f"{part.text!r} runs over two columns of the page", cell=line.place)
        if len(over) != 1:
            return None
        if cells[over[0]]:
            raise TableError(
                f"{cells[over[0]]!r} and {part.text!r} stand in one column of the page: they may be one or two numbers",
                cell=line.place,
            )
        cells[over[0]] = part.text
    return Row(tuple(cells), line.place)


def _refuse_lost_rows(lines: Sequence[Line]) -> None:
    """Refuse a line below the headings that names a territory beside figures, and whose pieces stand in no columns."""
    for line in lines:
        texts = [part.text for part in line.fragments]
        whole, beside = label(" ".join(texts)), any(re.search("[0-9]", text) for text in texts[1:])
        if (label(texts[0]).territory and beside) or (whole.departement and whole.code and whole.total is None):
            raise TableError(
                f"{line.text.text!r} names a territory, and stands in no columns of the page", cell=line.place
            )


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
        if numeral(text) is not None or (not ranks and is_void(text)) or (text[-1:] == ")" and is_a_unit(text)):
            return []
        ranks += [rank] if text else []
        parts = [cells[part][column] for part in ranks]
        if 1 < len(parts) < _REACH and joins(parts) and not label("\n".join(parts)).code:
            return ranks
    return []
