"""A line as pieces: words, amounts, percentages, void cells.

A number is an amount when it stands between spaces: digits, or groups of three after one same kind of space, apostrophe
or dot, then decimals and a unit if any. Where a number holds ordinary and no-break spaces, the ordinary ones separate
two numbers, unless the whole ends with a unit. A unit that stands alone belongs to the amount before it.

Known drawback: two bare numbers one ordinary space apart may read as one (`460 530`); only the sums then tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cdppe_analysis.ingestion.lines import Line
from cdppe_analysis.tables.amounts import MARKS, UNIT, ordinary_spaces

Kind = Literal["words", "amount", "percent", "void"]

_NUMBER = re.compile(
    r"(?<![^ *†‡§])(?P<number>[0-9]{1,3}(?P<gap>[ '’.])[0-9]{3}(?![0-9])(?:(?P=gap)[0-9]{3}(?![0-9]))*(?:[,.][0-9]+)?"
    rf"|[0-9]+(?:[,.][0-9]+)*)(?:(?P<percent> ?%)|{MARKS} ?{UNIT}{MARKS}|{MARKS})(?![^ ).;,:*])(?![.,][0-9])"
)
_ONLY_A_UNIT = re.compile(rf"{UNIT}{MARKS}")
_VOID = re.compile(r"[-–—−.…/]+|(?i:n\.? ?[dcs]\.?|s\.? ?o\.?|néant|neant|non communiqué)")


@dataclass(frozen=True)
class Piece:
    """A piece of a line: its kind, its text as printed, its horizontal extent, the rank of its fragment."""

    kind: Kind
    text: str
    x0: float
    x1: float
    fragment: int

    @property
    def bare(self) -> bool:
        """A number of plain digits: it may be a code, a rank, a year or a page as well as an amount."""
        return self.kind == "amount" and self.text.isdigit() and self.text.isascii()


def pieces_of(line: Line) -> tuple[Piece, ...]:
    """Cut a line into pieces, in the order of the print.

    Examples
    --------
    >>> from cdppe_analysis.ingestion.lines import split_text
    >>> line = split_text("460 530 € Allier 167 032 € 36,3 %").lines[0]
    >>> [(piece.kind, piece.text) for piece in pieces_of(line)]
    [('amount', '460 530 €'), ('words', 'Allier'), ('amount', '167 032 €'), ('percent', '36,3 %')]
    """
    found: list[Piece] = []
    for piece in (
        piece
        for rank, fragment in enumerate(line.fragments)
        for piece in _cut(fragment.text, rank, fragment.x0, fragment.x1)
    ):
        if piece.kind == "words" and found and found[-1].kind == "amount" and _is_a_unit(piece.text):
            joint = " " if found[-1].fragment != piece.fragment else ""
            found[-1] = replace(found[-1], text=found[-1].text + joint + piece.text, x1=max(found[-1].x1, piece.x1))
        else:
            found.append(piece)
    return tuple(found)


def _is_a_unit(text: str) -> bool:
    return _ONLY_A_UNIT.fullmatch(ordinary_spaces(text).strip()) is not None


def _cut(text: str, rank: int, x0: float, x1: float) -> Iterator[Piece]:
    plain = ordinary_spaces(text)
    width = (x1 - x0) / max(len(text), 1)

    def piece(kind: Kind, start: int, end: int) -> Piece:
        start += len(plain[start:end]) - len(plain[start:end].lstrip(" "))
        end -= len(plain[start:end]) - len(plain[start:end].rstrip(" "))
        return Piece(kind, text[start:end], x0 + width * start, x0 + width * end, rank)

    if _VOID.fullmatch(plain.strip()):
        yield piece("void", 0, len(text))
        return
    cursor = 0
    for kind, start, end in _numbers(text, plain):
        if plain[cursor:start].strip():
            between = "void" if cursor and _VOID.fullmatch(plain[cursor:start].strip()) else "words"
            yield piece(between, cursor, start)  # type: ignore[arg-type]
        yield piece(kind, start, end)
        cursor = end
    if plain[cursor:].strip():
        yield piece("void" if cursor and _VOID.fullmatch(plain[cursor:].strip()) else "words", cursor, len(text))


def _numbers(text: str, plain: str) -> Iterable[tuple[Kind, int, int]]:
    for match in _NUMBER.finditer(plain):
        if match["percent"]:
            yield "percent", match.start(), match.end()
        elif match["gap"] == " " and not match["euro"] and len(_gaps(text, match)) > 1:
            start = match.start()
            for cut in re.finditer(" ", text[match.start("number") : match.end("number")]):
                yield "amount", start, match.start("number") + cut.start()
                start = match.start("number") + cut.end()
            yield "amount", start, match.end()
        else:
            yield "amount", match.start(), match.end()


def _gaps(text: str, match: re.Match[str]) -> set[str]:
    return {letter for letter in text[match.start("number") : match.end("number")] if letter.isspace()}
