"""Which amounts belong to which name.

An amount belongs to the nearest name on its left among those that stand on its line (a name cut over several lines
stands on all of them); where none does, to the last name before it in the order of reading, unless a line of other
words comes between. Codes and ranks printed beside the names are set apart, and so are page numbers and the headings
that come back on each page.

Nothing is dropped in silence inside the table: a name that is not known followed by an amount is refused, any other
words or numbers are listed as doubts.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.codes import without_codes
from cdppe_analysis.ingestion.doubts import Doubt, place
from cdppe_analysis.ingestion.furniture import headings_again, page_furniture
from cdppe_analysis.ingestion.labels import Element, Label, elements_of
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.ingestion.spelling import departements_in, respelt
from cdppe_analysis.tables.amounts import ordinary_spaces
from cdppe_analysis.territories import departement

_PATIENCE = 5
_ROW_OF_WORDS = 6
_SENTENCE = 4
_CERTAIN = re.compile(r"(?i)[0-9][ '’.][0-9]{3}|[0-9],[0-9]|[0-9]{5}|€|euro|eur\b")
_UNKNOWN_UNIT = re.compile(r"^\W*(?:[kKmM]d?s? ?€|€|milliards?\b|[kKmM]F\b|\$|£)")


@dataclass(frozen=True)
class Cell:
    """A printed amount (or a void: a dash, « nd »), the rank of its line, its horizontal extent."""

    text: str
    line: int
    x0: float
    x1: float
    void: bool = False


@dataclass
class Entry:
    """A name and the cells that belong to it."""

    label: Label
    cells: list[Cell] = field(default_factory=list)

    @property
    def first(self) -> int:
        """Rank of the first line."""
        return self.label.first

    @property
    def last(self) -> int:
        """Rank of the last line, amounts included."""
        return max([self.label.last, *(cell.line for cell in self.cells)])


@dataclass(frozen=True)
class Entries:
    """The entries of a table in the order of reading, the rank of its first line, and what was doubtful."""

    entries: tuple[Entry, ...]
    first: int
    doubts: tuple[Doubt, ...]


@dataclass
class _Reading:
    entries: list[Entry] = field(default_factory=list)
    strays: list[tuple[Element, Element | None]] = field(default_factory=list)
    asides: list[Element] = field(default_factory=list)


def entries_of(document: Document) -> Entries:
    """Return the names of a document's table with their amounts.

    Raises
    ------
    TableError
        When no département with an amount is found, or when an amount follows words that name nothing known.

    Examples
    --------
    >>> from cdppe_analysis.ingestion.lines import split_text
    >>> found = entries_of(split_text("Bretagne 1 296 880 € Ille-et-Vilaine 1 296 880 €")).entries
    >>> [(entry.label.text, [cell.text for cell in entry.cells]) for entry in found]
    [('Bretagne', ['1 296 880 €']), ('Ille-et-Vilaine', ['1 296 880 €'])]
    """
    lines = elements_of(document)
    lines = _without(lines, page_furniture(document, lines))
    lines = _without_names_in_prose(document, lines)
    first, last = _extent(_attached(document, lines), lines)
    lines = _without(lines, headings_again(document, lines, first))
    lines = _respelt(lines, first, last)
    lines, doubts = without_codes(document, lines)
    reading = _attached(document, lines)
    first, last = _extent(reading, lines)
    _refuse_unknown_rows(document, reading, first, last)
    doubts += _stray_doubts(document, reading, first, last)
    entries = [entry for entry in reading.entries if first - _PATIENCE <= entry.first <= last]
    return Entries(tuple(entries), first, tuple(doubts))


def _without(lines: Sequence[list[Element]], dropped: Container[int]) -> list[list[Element]]:
    return [[] if rank in dropped else line for rank, line in enumerate(lines)]


def _without_names_in_prose(document: Document, lines: Sequence[list[Element]]) -> list[list[Element]]:
    """Make words of the names that stand in a sentence: a line of one fragment that begins with unknown words."""
    return [
        [replace(element, kind="words", label=None) if element.kind == "label" else element for element in line]
        if line and line[0].kind == "words" and len(document.lines[rank].fragments) == 1 and _unknown(line) >= _SENTENCE
        else line
        for rank, line in enumerate(lines)
    ]


def _unknown(line: Sequence[Element]) -> int:
    return sum(len(element.text.split()) for element in line if element.kind == "words")


def _respelt(lines: Sequence[list[Element]], first: int, last: int) -> list[list[Element]]:
    """Read misspelt names inside the table: words before an amount, or alone on their line."""
    found = []
    for rank, line in enumerate(lines):
        if first <= rank <= last:
            line = [
                respelt(element)
                if element.kind == "words" and (len(line) == 1 or _followed_by_amount(line, position))
                else element
                for position, element in enumerate(line)
            ]
        found.append(line)
    return found


def _followed_by_amount(line: Sequence[Element], position: int) -> bool:
    return position + 1 < len(line) and line[position + 1].kind in ("amount", "void")


def _attached(document: Document, lines: Sequence[Sequence[Element]]) -> _Reading:
    reading = _Reading()
    standing: list[Entry] = []
    current: Entry | None = None
    for rank, line in enumerate(lines):
        if line and all(element.kind == "words" for element in line):
            current = None
            reading.asides.extend(line)
            continue
        standing = [entry for entry in standing if entry.label.last >= rank]
        of_others = (
            all(element.label is None for element in line)
            and any(element.kind == "words" for element in line)
            and not (document.aligned and standing)
        )
        current = None if of_others else current
        for position, element in enumerate(line):
            if element.label is not None:
                current = Entry(element.label)
                reading.entries.append(current)
                standing.append(current)
            elif element.kind == "words" or (element.bare and _ends_a_remark(line, position)):
                reading.asides.append(element)
            elif element.kind in ("amount", "void"):
                words = line[0] if of_others else _unknown_words_before(line, position)
                owner = None if words is not None else _owner(element, standing, current, document.aligned)
                if owner is None:
                    reading.strays.append((element, words))
                else:
                    owner.cells.append(Cell(element.text, rank, element.x0, element.x1, element.kind == "void"))
    return reading


def _ends_a_remark(line: Sequence[Element], position: int) -> bool:
    """Tell whether a plain number belongs to the words before it, on a row that has its name (`Vague 1`)."""
    before = line[position - 1] if position else None
    return (
        before is not None
        and before.kind == "words"
        and before.fragment == line[position].fragment
        and _unknown_words_before(line, position) is None
    )


def _unknown_words_before(line: Sequence[Element], position: int) -> Element | None:
    """Return the words before an amount, unless they follow a name themselves: they are then a remark on it."""
    words = None
    for element in reversed(line[:position]):
        if element.kind == "words":
            words = words or element
        elif element.kind == "label":
            return None
        elif words is not None or element.kind != "percent":
            break
    return words


def _owner(element: Element, standing: Sequence[Entry], current: Entry | None, aligned: bool) -> Entry | None:
    if aligned:
        on_the_left = [entry for entry in standing if entry.label.x0 <= element.x0 and entry.label.x1 <= element.x1]
        if on_the_left:
            return max(on_the_left, key=lambda entry: (entry.label.x1, entry.label.x0))
    if current is not None and element.line - current.last <= _PATIENCE:
        return current
    return None


def _extent(reading: _Reading, lines: Sequence[Sequence[Element]]) -> tuple[int, int]:
    """Return the ranks of the first and last lines of the table, lines that look like rows included."""
    of_departements = [entry for entry in reading.entries if entry.cells and entry.label.departement is not None]
    if not of_departements:
        raise TableError("no row of a département with an amount was found")
    with_cells = [entry for entry in reading.entries if entry.cells]
    first, last = min(entry.first for entry in with_cells), max(entry.last for entry in with_cells)
    while first > 0 and _looks_like_a_row(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and _looks_like_a_row(lines[last + 1]):
        last += 1
    return first, last


def _looks_like_a_row(line: Sequence[Element]) -> bool:
    """Tell whether a line beside the table is a row that is not understood: few words, then an amount, or a name."""
    words = [element for element in line if element.kind == "words"]
    if not 0 < _unknown(line) <= _ROW_OF_WORDS:
        return False
    if any(element.kind == "amount" and _CERTAIN.search(ordinary_spaces(element.text)) for element in line):
        return line[-1].kind != "words"
    return any(departements_in(element.text) for element in words)


def _refuse_unknown_rows(document: Document, reading: _Reading, first: int, last: int) -> None:
    for element, words in reading.strays:
        if first <= element.line <= last and _CERTAIN.search(ordinary_spaces(element.text)):
            page, number = place(document, element.line)
            if words is not None:
                raise TableError(
                    f"{words.text!r} has an amount, {element.text!r}, and names no département, région nor total",
                    cell=f"page {page}, line {number}",
                )
            raise TableError(f"the amount {element.text!r} follows no name", cell=f"page {page}, line {number}")
    for aside in reading.asides:
        if first <= aside.line <= last and _UNKNOWN_UNIT.search(ordinary_spaces(aside.text)):
            page, number = place(document, aside.line)
            raise TableError(f"{aside.text!r} is no known unit", cell=f"page {page}, line {number}")


def _stray_doubts(document: Document, reading: _Reading, first: int, last: int) -> list[Doubt]:
    doubts = [
        Doubt(
            *place(document, element.line),
            "nombre_ecarte",
            element.text,
            "Ce nombre ne suit aucun nom connu ; il est laissé de côté.",
        )
        for element, _ in reading.strays
        if first <= element.line <= last
    ]
    asides = list(_inside(reading.asides, first, last))
    known = {entry.label.departement for entry in reading.entries}
    for aside in asides:
        for code in departements_in(aside.text):
            if code not in known:
                message = f"Ce texte nomme « {departement(code).libelle} », qui n'a pas de ligne dans le tableau."
                doubts.append(Doubt(*place(document, aside.line), "nom", aside.text, message))
    if asides:
        several = f"{len(asides)} textes sans montant, laissés" if len(asides) > 1 else "Un texte sans montant, laissé"
        message = f"{several} de côté dans le tableau."
        doubts.append(Doubt(*place(document, asides[0].line), "texte_ecarte", asides[0].text, message))
    return doubts


def _inside(elements: Iterable[Element], first: int, last: int) -> Iterable[Element]:
    return (element for element in elements if first <= element.line <= last)
