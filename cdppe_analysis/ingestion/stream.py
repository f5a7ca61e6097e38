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
from cdppe_analysis.ingestion.grids import Block, Grid, Row, Text
from cdppe_analysis.ingestion.names import Label, departement_code, label
from cdppe_analysis.ingestion.numerals import is_void, numeral
from cdppe_analysis.tables.amounts import ordinary_spaces

_UNIT = r"(?:Mds?|[kKM])? ?(?:€|EUR(?:OS?)?\b|[Ee]uros?\b)|[Mm]illi(?:er|on|ard)s? d ?['’] ?euros?|%"
_UNIT += r"|places?\b|habitants?\b|enfants?\b|ETP\b"
_MARK = r"(?: ?(?:\*+|\((?:[0-9]{1,2}|[a-z]|\*+)\)|[⁰¹²³⁴-⁹]+))?"
_NUMBER = re.compile(
    r"(?<![^\s|;:(])(?P<number>\(?[-−+]?(?:[0-9]{1,3}(?P<gap>[ \u00a0\u202f\u2009'’.])[0-9]{3}(?![0-9])"
    rf"(?:(?P=gap)[0-9]{{3}}(?![0-9]))*(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)*){_MARK}\s?(?:{_UNIT})?\)?)"
    r"(?=$|[\s;.,|*])(?![.,][0-9])"
)
_CODE = re.compile(r"\(?(?:0?2[AB]|69[DM]|0[1-9])\)?")
_LONGEST = 4
_FEW_WORDS = 6
_AMOUNT = re.compile(r"€|[Ee]uro|[0-9][\s.'’][0-9]{3}|[0-9]{4}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PAGE = re.compile(r"(?i)(?:page )?[0-9]{1,3} ?(?:/|sur) ?[0-9]{1,3}|page [0-9]{1,3}|[-–] ?[0-9]{1,3} ?[-–]")
_NO_BREAK = "\u00a0\u202f\u2009"


@dataclass
class _Piece:
    """Words or a number, the rank of its line, and whether it begins that line."""

    text: str
    line: int
    number: bool
    first: bool = False
    label: Label | None = None


@dataclass
class _Entry:
    """A name, its numbers, what stood on its left."""

    name: _Piece
    last: int
    numbers: list[_Piece] = field(default_factory=list)
    left: list[_Piece] = field(default_factory=list)

    @property
    def region_only(self) -> bool:
        found = self.name.label
        return bool(found and found.region and found.total is None)

    @property
    def departement(self) -> str:
        found = self.name.label
        return found.departement if found and found.total is None else ""


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
    texts = [block for block in blocks if isinstance(block, Text)]
    furniture = _furniture(texts)
    pieces = _named([piece for piece in _pieces(texts) if piece.line not in furniture])
    runs = [run for run in _runs(pieces) if _owners(pieces, run) and _named_in(pieces, run) > 1]
    if not runs:
        _refuse_rows(pieces, texts)
        return list(blocks)
    done: list[Block] = []
    cursor = 0
    for start, end in runs:
        _refuse_neighbours(pieces, start, end, texts)
        low, high = pieces[start].line - pieces[start].text.count("\n"), pieces[end - 1].line
        grid = _grid(_entries(pieces[start:end], texts), texts)
        done += [*texts[cursor:low], grid, *(texts[line] for line in range(low, high + 1) if line in furniture)]
        cursor = high + 1
    return [*done, *texts[cursor:]]


def _refuse_rows(pieces: Sequence[_Piece], texts: Sequence[Text]) -> None:
    """Refuse lines that begin with a name and hold a number among words that mean nothing: they look like rows."""
    odd = []
    for line in dict.fromkeys(piece.line for piece in pieces if piece.label is not None and piece.first):
        row = [piece for piece in pieces if piece.line == line]
        words = [piece for piece in row if piece.label is None and not _figure(piece)]
        if row[0].label is not None and words and any(piece.number for piece in row):
            odd.append(words[0])
    if len(odd) > 1:
        raise _unknown(odd[0], texts)


def _furniture(texts: Sequence[Text]) -> set[int]:
    """Return the ranks of the lines that are page numbers, or words that come back."""
    lines = [" ".join(text.text.split()) for text in texts]
    seen = Counter(line for line in lines if not label(line).known and len(re.sub(r"[^a-zA-Z]", "", line)) > 3)
    return {
        rank
        for rank, line in enumerate(lines)
        if _PAGE.fullmatch(line) or (seen[line] > 1 and not any(numeral(part) for part in line.split()))
    }


def _runs(pieces: Sequence[_Piece]) -> list[tuple[int, int]]:
    """Return the first rank of each run of lines of names and numbers only, and the rank after its last."""
    others = {piece.line for piece in pieces if piece.label is None and not _figure(piece)}
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for rank in range(len(pieces) + 1):
        if rank < len(pieces) and pieces[rank].line not in others:
            start = rank if start is None else start
        elif start is not None:
            first = next((r for r in range(start, rank) if pieces[r].label is not None), None)
            while first is not None and first > start and _belongs(pieces[first - 1], pieces[first]):
                first -= 1
            if first is not None:
                runs.append((first, rank))
            start = None
    return runs


def _belongs(before: _Piece, after: _Piece) -> bool:
    """Tell whether a number before the first name is of its row: on its line, or its code."""
    code = departement_code(before.text) if before.number else ""
    return before.line == after.line or bool(code and after.label and after.label.departement == code)


def _named_in(pieces: Sequence[_Piece], run: tuple[int, int]) -> int:
    return sum(piece.label is not None for piece in pieces[slice(*run)])


def _owners(pieces: Sequence[_Piece], run: tuple[int, int]) -> int:
    following = zip(range(*run), range(run[0] + 1, run[1]), strict=False)
    return sum(pieces[rank].label is not None and _figure(pieces[after]) for rank, after in following)


def _refuse_neighbours(pieces: Sequence[_Piece], start: int, end: int, texts: Sequence[Text]) -> None:
    """Refuse what looks like a row of the table beside it: a number alone above, few unknown words with an amount."""
    above = pieces[start - 1] if start else None
    following = pieces[start].label
    owned = following is not None and above is not None and departement_code(above.text) == following.departement != ""
    if above is not None and above.number and not owned and texts[above.line].text.strip() == above.text:
        raise TableError(
            f"{above.text!r} stands alone above {pieces[start].text!r}: without columns, it may belong to it",
            cell=texts[above.line].place,
        )
    for line in {pieces[rank].line for rank in (start - 1, end) if 0 <= rank < len(pieces)} - {pieces[end - 1].line}:
        around = [*pieces[max(start - 9, 0) : start], *pieces[end : end + 9]]
        beside = [piece for piece in around if piece.line in (line, line + 1)]
        words = [piece for piece in beside if piece.line == line and piece.label is None and not _figure(piece)]
        numbers = [piece for piece in beside if piece.number or piece in words]
        amounts = [p for p in numbers if re.search("[0-9]", p.text) and _AMOUNT.search(p.text)]
        amounts = [p for p in amounts if not _YEAR.fullmatch(p.text)]
        if amounts and words and sum(len(piece.text.split()) for piece in words) <= _FEW_WORDS:
            raise _unknown(words[0], texts)


def _unknown(piece: _Piece, texts: Sequence[Text]) -> TableError:
    return TableError(f"{piece.text!r} names no département, région nor total", cell=texts[piece.line].place)


def _figure(piece: _Piece) -> bool:
    return piece.number or is_void(piece.text)


def _pieces(texts: Sequence[Text]) -> list[_Piece]:
    """Cut lines into words and numbers; an ordinary space separates two numbers where others are no-break inside."""
    pieces = []
    for line, text in enumerate(texts):
        cursor, plain = 0, text.text
        for match in _NUMBER.finditer(plain):
            if re.fullmatch(r"\([0-9]{1,3}\)", match["number"].strip()) and plain[cursor : match.start()].strip():
                continue
            if plain[cursor : match.start()].strip(" \t;.,"):
                pieces.append(_Piece(plain[cursor : match.start()].strip(), line, False, cursor == 0))
            pieces.append(_Piece(match["number"].strip(), line, True, not plain[: match.start()].strip()))
            cursor = match.end()
        rest = plain[cursor:].strip()
        if rest.strip(" ;.,"):
            pieces.append(_Piece(rest, line, False, cursor == 0))
    return pieces


def _named(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Give their label to words that are a whole name, put together those that two to four pieces of words make."""
    done: list[_Piece] = []
    rank = 0
    while rank < len(pieces):
        piece = pieces[rank]
        code = _CODE.fullmatch(piece.text)
        if piece.number or is_void(piece.text) or code:
            done.append(_Piece(piece.text, piece.line, piece.number or code is not None, piece.first))
            rank += 1
            continue
        taken, found = 0, None
        for size in range(_LONGEST, 0, -1):
            parts = pieces[rank : rank + size]
            near = len(parts) == size and all(not part.number for part in parts)
            if near and parts[-1].line - piece.line <= _LONGEST:
                found = label("\n".join(part.text for part in parts))
                spare = size > 1 and found.same(label("\n".join(part.text for part in parts[1:])))
                total = size > 1 and label(piece.text).total is not None and not (found.region or found.departement)
                several = size > 1 and all(label(part.text).known for part in parts)
                if found.known and not (spare or total or several):
                    taken = size
                    break
        whole = "\n".join(part.text for part in pieces[rank : rank + max(taken, 1)])
        done.append(_Piece(whole, pieces[rank + max(taken, 1) - 1].line, False, piece.first, found if taken else None))
        rank += max(taken, 1)
    return done


def _refuse_number_above(pieces: Sequence[_Piece], start: int, texts: Sequence[Text]) -> None:
    before = pieces[start - 1] if start else None
    if before is not None and before.number and before.first and texts[before.line].text.strip() == before.text:
        raise TableError(
            f"{before.text!r} stands alone above {pieces[start].text!r}: without columns, it may belong to it",
            cell=texts[before.line].place,
        )


def _entries(pieces: Sequence[_Piece], texts: Sequence[Text]) -> list[_Entry]:
    entries: list[_Entry] = []
    waiting: list[_Piece] = []
    for rank, piece in enumerate(pieces):
        place = texts[piece.line].place
        following = pieces[rank + 1] if rank + 1 < len(pieces) else None
        if piece.label is not None:
            entries.append(_Entry(piece, piece.line, left=waiting))
            waiting = []
        else:
            if re.search(r"[-–—]$", entries[-1].name.text if entries and not entries[-1].numbers else ""):
                raise TableError(
                    f"the dash before {piece.text!r} may be a minus: without columns nobody knows", cell=place
                )
            on_a_line_of_a_name = piece.line > (entries[-1].name.line if entries else -1) and piece.first
            code = departement_code(piece.text) if re.fullmatch(r"\(?[0-9A-B]{1,3}\)?", piece.text) else ""
            if not entries or (on_a_line_of_a_name and entries[-1].numbers) or (code and _own(following, code)):
                waiting.append(piece)
            else:
                entries[-1].numbers.append(piece)
                entries[-1].last = piece.line
    if waiting:
        raise _left(waiting[0], None, texts)
    return entries


def _own(following: _Piece | None, code: str) -> bool:
    """Tell whether a number is the code of the name that follows it."""
    return bool(following and following.label and following.label.departement[:2] == code[:2])


def _grid(entries: Sequence[_Entry], texts: Sequence[Text]) -> Grid:
    ranks = [piece for entry in entries for piece in entry.left if not _is_code(piece, entry)]
    counting = [piece.text.rstrip(".") for piece in ranks] == [str(n) for n in range(1, len(ranks) + 1)] and len(
        ranks
    ) > 2
    for number, entry in enumerate(entries):
        for piece in list(entry.left):
            if _is_code(piece, entry) or counting:
                continue
            before = entries[number - 1] if number else None
            if before is None or not before.region_only or before.numbers:
                raise _left(piece, entry, texts)
            before.numbers.append(piece)
            entry.left.remove(piece)
    _check_spaces(entries, texts)
    regional = [entry for entry in entries if entry.region_only and entry.numbers]
    named = [entry for entry in entries if entry.departement]
    homonyms = [entry for entry in named if entry.region_only]
    folded = len(named) > len(homonyms) and any(e.region_only and not e.departement for e in entries)
    if not folded:
        return _flat(entries, texts, counting)
    size = _usual(named)
    rows: list[list[str]] = []
    pending: _Entry | None = None
    of_region = max((len(entry.numbers) for entry in regional), default=0)
    seen: set[str] = set()
    codes = any(_is_code(piece, entry) for entry in entries for piece in entry.left)
    places = []
    for entry in entries:
        found = entry.name.label
        assert found is not None
        is_region = bool(found.region) and found.total is None and (not found.departement or found.region not in seen)
        if is_region:
            if pending is not None:
                raise TableError(f"{pending.name.text!r} is followed by no département", cell=_place(pending, texts))
            seen.add(found.region)
            pending = entry
            continue
        _check_size(entry, size, texts, of="départements")
        head = ["", *[""] * of_region]
        if pending is not None:
            if pending.numbers:
                _check_size(pending, of_region, texts, of="régions")
            head = [pending.name.text, *([piece.text for piece in pending.numbers] or [""] * of_region)]
        start = pending or entry
        pending = None
        name = entry.name.text
        if found.total is not None:
            head, name = [name, *[""] * of_region], ""
        code = [next((piece.text for piece in entry.left if _is_code(piece, entry)), "")] if codes else []
        rows.append([*head, *code, name, *(piece.text for piece in entry.numbers)])
        places.append(_place(start, texts, entry))
    if pending is not None:
        raise TableError(f"{pending.name.text!r} is followed by no département", cell=_place(pending, texts))
    headings = ["region", *_numbered("dotation_region", of_region), *(["code"] if codes else [])]
    headings += ["departement", *_numbered("dotation_departement", size)]
    return Grid(tuple(Row(tuple(row), place) for row, place in zip(rows, places, strict=True)), tuple(headings))


def _flat(entries: Sequence[_Entry], texts: Sequence[Text], counting: bool) -> Grid:
    size = _usual(entries)
    codes = any(_is_code(piece, entry) for entry in entries for piece in entry.left)
    rows = []
    for entry in entries:
        _check_size(entry, size, texts, of="others")
        code = [next((piece.text for piece in entry.left if _is_code(piece, entry)), "")] if codes else []
        rank = [next((p.text for p in entry.left if not _is_code(p, entry)), "")] if counting else []
        row = (*rank, *code, entry.name.text, *(piece.text for piece in entry.numbers))
        rows.append(Row(row, _place(entry, texts)))
    named = "departement" if any(entry.departement and not entry.region_only for entry in entries) else "region"
    headings = [*(["rang"] if counting else []), *(["code"] if codes else []), named]
    return Grid(tuple(rows), (*headings, *_numbered(f"dotation_{named}", size)))


def _usual(entries: Sequence[_Entry]) -> int:
    return Counter(len(entry.numbers) for entry in entries).most_common(1)[0][0]


def _numbered(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}_{number}" for number in range(1, count + 1)]


def _is_code(piece: _Piece, entry: _Entry) -> bool:
    return departement_code(piece.text)[:2] == entry.departement[:2] != "" and len(piece.text.strip("()")) in (2, 3)


def _check_size(entry: _Entry, size: int, texts: Sequence[Text], of: str) -> None:
    if len(entry.numbers) != size:
        raise TableError(
            f"{' '.join(entry.name.text.split())!r} has {len(entry.numbers)} numbers where the {of} have {size}: "
            "without columns nobody knows which is missing",
            cell=_place(entry, texts),
        )


def _check_spaces(entries: Sequence[_Entry], texts: Sequence[Text]) -> None:
    """Refuse numbers side by side whose groups a space separates too, for they may be cut otherwise."""
    for entry, following in itertools.pairwise(entries):
        last = entry.numbers[-1] if entry.numbers else None
        code = following.departement or (following.name.label or Label()).departement
        if last and last.line == following.name.line and not following.left and re.search(rf"\d {code}$", last.text):
            raise TableError(
                f"{last.text!r} stands on the left of {following.name.text!r}: it may end with its code",
                cell=texts[last.line].place,
            )
    for entry in entries:
        for before, after in itertools.pairwise(entry.numbers):
            closed = not before.text[-1].isdigit() or any(space in before.text for space in _NO_BREAK)
            apart = closed or before.line != after.line or not re.fullmatch(r"[0-9]{3}.*", after.text)
            if not apart or (" " in ordinary_spaces(before.text) and not closed and before.line == after.line):
                raise TableError(
                    f"{before.text!r} and {after.text!r} stand side by side: without columns they may be cut otherwise",
                    cell=texts[after.line].place,
                )


def _left(piece: _Piece, entry: _Entry | None, texts: Sequence[Text]) -> TableError:
    name = f"on the left of {entry.name.text!r}" if entry else "after the last name"
    return TableError(
        f"{piece.text!r} stands {name}: without columns nobody knows to which row it belongs",
        cell=texts[piece.line].place,
    )


def _place(entry: _Entry, texts: Sequence[Text], other: _Entry | None = None) -> str:
    first = entry.name.line - entry.name.text.count("\n")
    last = max((other or entry).last, (other or entry).name.line)
    start, end = texts[max(first, 0)].place, texts[last].place
    return start if start == end else f"{start}-{end.rpartition(' ')[2]}"
