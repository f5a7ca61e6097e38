"""A text that has lost its columns, read by its names alone: one cell a line, or cells one space apart.

Names are a closed list: the words between two numbers are a name, or several, or the text is no table there. A name
owns the numbers that follow it. What stands on the left of a name can be its code, or the rank of its row, or the
amount of the région named above it, if the sums say so; anything else is refused, for without columns nobody knows to
which row it belongs.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import DATE, HEADS, Block, Grid, Row, Text, is_a_unit
from cdppe_analysis.ingestion.kinds import said
from cdppe_analysis.ingestion.names import Label, departement_code, is_code_of, joins, label
from cdppe_analysis.tables.numerals import SCALES, is_void, names_several, numeral, ordinary_spaces, units_in
from cdppe_analysis.territories import normalised

_UNIT = r"(?:Mds?|[kKM])? ?(?:€|EUR(?:OS?)?\b|[Ee]uros?\b)|[Mm]illi(?:er|on|ard)s? (?:d ?['’] ?euros?|€)|%|‰"
_UNIT += r"|places?\b|habitants?\b|enfants?\b|ETP\b"
_MARK = r"(?: ?(?:\*+|\((?:[0-9]{1,2}|[a-z]|\*+)\)|[⁰¹²³⁴-⁹]+))?"
_NUMBER = re.compile(
    r"(?<![^\s|;:(])(?P<number>\(?[-−+]?(?:[0-9]{1,3}(?P<gap>[ \u00a0\u202f\u2009'’.])[0-9]{3}(?![0-9])"
    rf"(?:(?P=gap)[0-9]{{3}}(?![0-9]))*(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)*){_MARK}\s?(?:(?:{_UNIT}){_MARK})?\)?)"
    r"(?=$|[\s;.,|*])(?![.,][0-9])"
)
_CODE = re.compile(r"\(?(?:0?2[AB]|69[DM]|0[1-9])\)?")
_A_CODE = re.compile(r"\(?[0-9][0-9ABab][0-9DMab]?\)?")
_VOID_AT_THE_END = re.compile(r"(?P<name>.*\S) +(?P<void>[-–—]|(?i:n\.?[acdrs]\.?|s\.o\.|néant))")
_A_SIGN_GLUED = re.compile(r"(?<!\w)[^\w\s(\[]\s?[0-9]|[^\w\s(\[\-–—−/.'’][0-9]")
_LONGEST = 4
_BEFORE_A_NUMBER = re.compile(r"[^\w\s.:,;…'’*†‡§)\]]$")
_NAMED = re.compile(r"(?i:(?:codes?|noms?|d[ée]p\w*\.?|r[ée]gions?) )+(?P<rest>\S.*)")
_GOES_ON = re.compile(r"[(\[]|[^\W\d_A-ZÀ-Ý]")
"""How a line begins that goes on with the heading above it."""
_PAGE = re.compile(r"(?i)(?:page |texte )?[0-9]{1,3} ?(?:/|sur) ?[0-9]{1,3}|page [0-9]{1,3}|[-–] ?[0-9]{1,3} ?[-–]")
_NO_BREAK = "\u00a0\u202f\u2009"


@dataclass
class _Piece:
    """Words or a number, the ranks of its lines and their places, whether it begins its line, whether it fills it."""

    text: str
    line: int
    place: str
    number: bool
    first: bool = False
    alone: bool = False
    label: Label | None = None

    @property
    def figure(self) -> bool:
        return self.number or is_void(self.text)

    @property
    def other(self) -> bool:
        return self.label is None and not self.figure


@dataclass
class _Entry:
    """A name, its numbers, what stood on its left."""

    name: _Piece
    left: list[_Piece]
    numbers: list[_Piece] = field(default_factory=list)

    @property
    def label(self) -> Label:
        return self.name.label or Label()

    @property
    def region_only(self) -> bool:
        return bool(self.label.region) and self.label.total is None

    @property
    def departement(self) -> str:
        return self.label.departement if self.label.total is None else ""

    def owns(self, piece: _Piece) -> bool:
        """Tell whether a number is the code of this name."""
        own = is_code_of(piece.text, self.departement) or (self.region_only and piece.text == self.label.region)
        return own and bool(_A_CODE.fullmatch(piece.text))


def stream_blocks(blocks: Sequence[Block]) -> list[Block]:
    r"""Read the tables that stand in the texts of a document; return its blocks unchanged where they hold none.

    A table is a run of names and numbers that no other words cut, two names with their numbers at least. A heading
    that comes back and a page number stay texts.

    Raises
    ------
    TableError
        When a number inside a table may belong to two names, or to none.

    Examples
    --------
    >>> texts = [Text("Bretagne 300 €", "l. 1"), Text("Finistère", "l. 2"), Text("200 € Morbihan 100 €", "l. 3")]
    >>> [row.cells for row in stream_blocks(texts)[0].rows]
    [('Bretagne', '300 €', 'Finistère', '200 €'), ('', '', 'Morbihan', '100 €')]
    """
    lines = [block for block in blocks if isinstance(block, Text)]
    if of_cells := _of_cells(lines):
        return of_cells
    texts = [part for text in _with_units(lines) for part in _introduced(text)]
    furniture = _furniture(texts)
    pieces = _named([piece for piece in _pieces(texts) if piece.line not in furniture])
    done: list[Block] = []
    cursor = 0
    for start, end in _runs(pieces):
        above = pieces[start - 1] if start else None
        if above and above.number and above.alone and above.line < pieces[start].line:
            sentence = f"{above.text!r} stands alone above {pieces[start].text!r}: without columns, it may belong to it"
            raise TableError(sentence, cell=above.place)
        entries = _entries(pieces[start:end])
        low, high = pieces[start].line - pieces[start].text.count("\n"), pieces[end - 1].line
        inside = (texts[line] for line in range(low, high + 1) if line in furniture)
        own = _headings_in(texts[low - 1].text) if low else []
        done += [*texts[cursor:low], _grid(entries, own), *inside]
        cursor = high + 1
    return [*done, *texts[cursor:]]


def _of_cells(lines: Sequence[Text]) -> list[Block]:
    """Return the blocks of a text that has one cell a line under as many headings; none where it is no such text.

    Each name has as many numbers and voids below it, and as many above it (none above a total).
    """
    named = [rank for rank, line in enumerate(lines) if label(line.text).known]
    first = named[0] if len(named) > 1 else 0
    left = sum(1 for _ in itertools.takewhile(lambda line: _is_a_cell(line.text), reversed(lines[:first])))
    size = named[1] - first if first else 0
    headings = list[Text]()
    for line in lines[: first - left]:
        goes_on = headings and (is_a_unit(line.text) or _GOES_ON.match(line.text))
        before = headings.pop() if goes_on else Text("", line.place)
        headings.append(Text(f"{before.text}\n{line.text}".strip(), before.place))
    titles, headings = headings[:-size], headings[-size:]
    if size <= left or size < 2 or len(headings) < size or not HEADS.match(normalised(headings[left].text)):
        return []
    rows = [Row(tuple(heading.text for heading in headings), headings[0].place)]
    start = first - left
    for name in named:
        above = [""] * left if name == start and label(lines[name].text).total is not None else []
        row = lines[start : start + size - len(above)]
        others = [each.text for each in row if each is not lines[name]]
        if start + left - len(above) != name or len(others) < size - 1 - len(above) or not all(map(_is_a_cell, others)):
            return []
        rows.append(Row((*above, *(each.text for each in row)), row[0].place))
        start += len(row)
    alone = any(_is_a_cell(line.text) for line in lines[start : start + 1])
    return [] if alone else [*titles, Grid(tuple(rows)), *lines[start:]]


def _is_a_cell(text: str) -> bool:
    return numeral(text) is not None or is_void(text) or _CODE.fullmatch(text) is not None


def _with_units(texts: Sequence[Text]) -> list[Text]:
    """Give back to a number the euros that begin the next line of its sentence."""
    done: list[Text] = []
    for text in texts:
        if done and re.match(r"euros?\b.*[;:]", text.text) and re.search(r"[;:].*[0-9]$", done[-1].text):
            done[-1] = Text(f"{done[-1].text} {text.text}", done[-1].place)
        else:
            done.append(text)
    return done


def _introduced(text: Text) -> list[Text]:
    """Cut a sentence from the first row that it introduces: « fixés ainsi : Ain : 4 € ; Aisne : 5 € »."""
    for colon in re.finditer(r": (?=(?P<name>[^:;0-9]+):? ?[0-9])", text.text):
        head, rest = text.text[: colon.start()], text.text[colon.end() :]
        if label(colon["name"]).known and not label(head).territory:
            introduced = [] if label(head).known else [Text(head, text.place)]
            return [*introduced, Text(rest, text.place)]
    return [text]


def _furniture(texts: Sequence[Text]) -> set[int]:
    """Return the ranks of the lines that are page numbers, or words that come back."""
    lines = [" ".join(text.text.split()) for text in texts]
    seen = Counter(line for line in lines if not label(line).known and len(re.sub(r"[^a-zA-Z]", "", line)) > 3)
    return {
        rank
        for rank, line in enumerate(lines)
        if _PAGE.fullmatch(line) or (seen[line] > 1 and not any(numeral(part) for part in DATE.sub("", line).split()))
    }


def _runs(pieces: Sequence[_Piece]) -> list[tuple[int, int]]:
    """Return the first rank of each run of lines of names and numbers only, and the rank after its last."""
    others = {piece.line for piece in pieces if piece.other}
    runs = []
    for mixed, group in itertools.groupby(range(len(pieces)), key=lambda rank: pieces[rank].line in others):
        ranks = list(group)
        first = next((rank for rank in ranks if pieces[rank].label), ranks[-1])
        while first > ranks[0] and _belongs(pieces[first - 1], pieces[first]):
            first -= 1
        run = pieces[first : ranks[-1] + 1]
        owners = any(before.label and after.figure for before, after in itertools.pairwise(run))
        if not mixed and owners and sum(piece.label is not None for piece in run) > 1:
            runs.append((first, ranks[-1] + 1))
    return runs


def _belongs(before: _Piece, after: _Piece) -> bool:
    """Tell whether a number before the first name is of its row: on its line, its code, the first rank."""
    code = departement_code(before.text) if before.number else ""
    owned = bool(code and after.label and after.label.departement == code)
    return before.line == after.line or owned or (before.alone and before.text.rstrip(".") == "1")


def _pieces(texts: Sequence[Text]) -> list[_Piece]:
    """Cut lines into words and numbers; an ordinary space separates two numbers where others are no-break inside."""
    pieces: list[_Piece] = []
    for line, text in enumerate(texts):
        parts: list[tuple[str, bool]] = []
        cursor, plain = 0, text.text
        for match in _NUMBER.finditer(plain):
            before = plain[cursor : match.start()]
            if not (re.fullmatch(r"\([0-9]{1,3}\)", match["number"].strip()) and before.strip()):
                parts += [(before, False), (match["number"], True)]
                cursor = match.end()
        void = _VOID_AT_THE_END.fullmatch(plain[cursor:].strip())
        ends = [void["name"], void["void"]] if void and label(void["name"]).known else [plain[cursor:]]
        parts += [(end, False) for end in ends]
        written = [(part.strip(), number) for part, number in parts if part.strip().strip(" ;.,")]
        alone = len(written) == 1
        for rank, (part, number) in enumerate(written):
            pieces.append(_Piece(part, line, text.place, number, rank == 0, alone))
    return pieces


def _named(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Give their label to words that are a whole name, put together those that two to four pieces of words make."""
    done: list[_Piece] = []
    rank = 0
    while rank < len(pieces):
        piece = pieces[rank]
        piece.number = piece.number or _CODE.fullmatch(piece.text) is not None
        parts = [] if piece.figure else pieces[rank : rank + _LONGEST]
        size = next((size for size in range(len(parts), 0, -1) if _is_name(parts[:size])), 0)
        if size:
            whole = "\n".join(part.text for part in pieces[rank : rank + size])
            if _A_SIGN_GLUED.search(whole):
                raise TableError(f"{whole!r} holds a sign and figures: they are no code of the name", cell=piece.place)
            last = pieces[rank + size - 1]
            place = piece.place if last is piece else f"{piece.place}-{last.place.rpartition(' ')[2]}"
            piece = _Piece(whole, last.line, place, False, piece.first, False, label(whole))
        done.append(piece)
        rank += max(size, 1)
    return done


def _is_name(parts: Sequence[_Piece]) -> bool:
    """Tell whether pieces of words make one known name that none of them makes without the first."""
    near = parts[-1].line - parts[0].line <= _LONGEST and not any(part.figure for part in parts)
    return near and joins([part.text for part in parts])


def _entries(pieces: Sequence[_Piece]) -> list[_Entry]:
    entries: list[_Entry] = []
    waiting: list[_Piece] = []
    runs = [
        (named, len(list(run))) for named, run in itertools.groupby(pieces, key=lambda piece: piece.label is not None)
    ]
    # As many numbers after each name, none before the first: none can be of the next.
    even = runs[0] == (True, 1) and len({run for run in runs if run[0]}) == 1 == len(
        {run for run in runs if not run[0]}
    )
    for rank, piece in enumerate(pieces):
        if piece.label is not None:
            entries.append(_Entry(piece, waiting))
            waiting = []
            continue
        last = entries[-1] if entries else None
        if last is None:
            waiting.append(piece)
            continue
        sign = _BEFORE_A_NUMBER.search(last.name.text)
        if sign and not last.numbers:
            what = "dash" if sign[0] in "-–—−" else "sign"
            sentence = f"the {what} before {piece.text!r} may be a minus, or change it: without columns nobody knows"
            raise TableError(sentence, cell=piece.place)
        of_the_next = _Entry(pieces[rank + 1], []).owns(piece) if rank + 1 < len(pieces) else False
        # Where a number stands on the left of a name, on its line, so does that of the next.
        named = any(after.label and after.line == piece.line for after in pieces[rank + 1 : rank + 2])
        ranked = named and any(left.line == last.name.line for left in last.left)
        begins = not even and piece.line > last.name.line and piece.first
        if of_the_next or (begins and (last.numbers or ranked)):
            waiting.append(piece)
        elif re.fullmatch("0[0-9]+", piece.text) and not last.owns(piece):
            raise TableError(f"{piece.text!r} is no number taken whole: it begins with a zero", cell=piece.place)
        else:
            last.numbers.append(piece)
    if waiting:
        sentence = (
            f"{waiting[0].text!r} stands after the last name: without columns nobody knows to which row it belongs"
        )
        raise TableError(sentence, cell=waiting[0].place)
    return entries


def _headings_in(line: str) -> list[str]:
    """Return what a line of headings names after « Département » where it is no money: one, or each up to its unit."""
    named = _NAMED.match(line)
    if named is None or said(named["rest"]) == "montant" or {*units_in(named["rest"])} & {*SCALES}:
        return []
    each = re.findall(r"[^()]+\([^()]*\)", named["rest"])
    if "".join(each) == named["rest"]:
        return [part.strip() for part in each]
    return [] if names_several(named["rest"]) else [named["rest"]]


def _grid(entries: Sequence[_Entry], own: Sequence[str]) -> Grid:
    """Put entries in rows: régions beside their départements where both are named, else a row each.

    `own` are the headings of their numbers where the line above them gives as many.
    """
    coded = [entry for entry in entries if entry.departement]
    if all(len(entry.numbers) > 1 and entry.owns(entry.numbers[0]) for entry in coded):
        for entry in coded:
            entry.left.append(entry.numbers.pop(0))
    _check_spaces(entries)
    folded = any(each.departement and not each.region_only for each in entries)
    folded = folded and any(each.region_only and not each.departement for each in entries)
    heads: dict[int, str] = {}
    for rank, entry in enumerate(entries if folded else []):
        if entry.region_only and not (entry.departement and entry.label.region in heads.values()):
            heads[rank] = entry.label.region
            if rank - 1 in heads or rank + 1 == len(entries):
                alone = entries[rank - 1 if rank - 1 in heads else rank]
                raise TableError(f"{alone.name.text!r} is followed by no département", cell=_place(alone, alone))
    size = _size([entry for rank, entry in enumerate(entries) if rank not in heads])
    regional = _size([entries[rank] for rank in heads if entries[rank].numbers])
    left = max(len(entry.left) for entry in entries)
    rows: list[Row] = []
    for rank, entry in enumerate(entries):
        if rank in heads:
            continue
        above, name = (entries[rank - 1] if rank - 1 in heads else None), entry.name.text
        head = [""] * (1 + regional if folded else 0)
        if above is not None:
            head = [above.name.text, *([piece.text for piece in above.numbers] or [""] * regional)]
        elif folded and entry.label.total is not None:
            head, name = [name, *head[1:]], ""
        marks = [*[""] * (left - len(entry.left)), *(piece.text.rstrip(".)") for piece in entry.left)]
        rows.append(Row((*head, *marks, name, *(piece.text for piece in entry.numbers)), _place(above or entry, entry)))
    named = "departement" if any(e.departement and not e.region_only for e in entries) else "region"
    headings = ["region", *_numbered("dotation_region", regional)] if folded else []
    own = own if len(own) == size and not folded else _numbered(f"dotation_{named}", size)
    return Grid(tuple(rows), (*headings, *[""] * left, named, *own))


def _size(entries: Sequence[_Entry]) -> int:
    """Return how many numbers each name has; refuse one that has not as many as the others."""
    usual = Counter(len(entry.numbers) for entry in entries).most_common(1)[0][0] if entries else 0
    for entry in entries:
        if len(entry.numbers) != usual:
            name, has = " ".join(entry.name.text.split()), f"{len(entry.numbers)} where the others have {usual}"
            sentence = f"{name!r}, of the numbers after it, has {has}: without columns nobody knows which is missing"
            raise TableError(sentence, cell=_place(entry, entry))
    return usual


def _numbered(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}_{number}" for number in range(1, count + 1)]


def _check_spaces(entries: Sequence[_Entry]) -> None:
    """Refuse numbers whose groups a space separates too beside others, or beside a code: they may be cut otherwise."""
    for named in (True, False):
        rows = [[each for each in entry.numbers if each.number] for entry in entries if entry.region_only == named]
        for numbers in itertools.zip_longest(*rows):
            printed = [piece for piece in numbers if piece is not None]
            if len(printed) > 1 and all(piece.text.startswith("(") for piece in printed):
                sentence = f"{printed[0].text!r} and all those after it stand in parentheses: are they withdrawals?"
                raise TableError(sentence, cell=printed[0].place)
    coded = [entry for entry in entries if entry.departement and entry.numbers and not entry.left]
    own = [
        entry
        for entry in coded
        if re.search(rf"^{entry.departement}[ .]|\d {entry.departement}$", entry.numbers[0].text)
    ]
    if own and 2 * len(own) > len(coded):
        sentence = f"{own[0].numbers[0].text!r} may begin or end with the code of {own[0].name.text!r}"
        raise TableError(sentence, cell=own[0].numbers[0].place)
    ends = [((entry.numbers or [entry.name])[-1], after) for entry, after in itertools.pairwise(entries)]
    ends = [(last, after) for last, after in ends if last.number and after.departement and not after.left]
    coded_ends = [(last, after) for last, after in ends if re.search(rf"\d {after.departement}$", last.text)]
    for last, after in coded_ends:
        if last.line == after.name.line or len(coded_ends) == len(ends) > 1:
            sentence = f"{last.text!r} stands on the left of {after.name.text!r}: it may end with its code"
            raise TableError(sentence, cell=last.place)
    for before, entry in itertools.pairwise(entries):
        last, rank = (before.numbers or [before.name])[-1], before.left[0].text.rstrip(".)") if before.left else ""
        if rank.isdigit() and last.text.rstrip(".)") == str(int(rank) + 1) and not entry.left:
            raise TableError(f"{last.text!r} may be the rank of {entry.name.text!r}, below it", cell=last.place)
    for left, right in (pair for entry in entries for pair in itertools.pairwise(entry.numbers)):
        closed = not left.text[-1].isdigit() or any(space in left.text for space in _NO_BREAK)
        apart = closed or left.line != right.line or not re.fullmatch(r"[0-9]{3}.*", right.text)
        if not apart or (" " in ordinary_spaces(left.text) and not closed and left.line == right.line):
            sentence = f"{left.text!r} and {right.text!r} stand side by side: without columns they may be cut otherwise"
            raise TableError(sentence, cell=right.place)


def _place(first: _Entry, last: _Entry) -> str:
    """Return the place of the lines from one name to the numbers of another."""
    start = first.name.place.partition("-")[0]
    end = max([last.name, *last.numbers], key=lambda piece: piece.line).place
    end = end.rpartition("-")[2] if "-" in end else end
    return start if end in (start, start.rpartition(" ")[2]) else f"{start}-{end.rpartition(' ')[2]}"
