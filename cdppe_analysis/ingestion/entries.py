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
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cdppe_analysis.cleaning.amounts import ordinary_spaces
from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.doubts import Doubt, place
from cdppe_analysis.ingestion.labels import Element, Label, elements_of, respelt
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.territories import REGIONS

_PATIENCE = 5
_EDGE = 3
_ROW_OF_WORDS = 6
_PAGE_NUMBER = re.compile(r"(?i)(?:page|p\.)? ?[-–—]? ?[0-9]{1,4} ?(?:(?:/|sur|de) ?[0-9]{1,4})? ?[-–—]?")
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
    furniture = _page_furniture(document, lines)
    lines = [[] if rank in furniture else elements for rank, elements in enumerate(lines)]
    first, last = _extent(_attached(document, lines), lines)
    lines = _without_headings_that_come_back(document, lines, first)
    lines = _respelt(lines, first, last)
    lines, doubts = _without_codes(document, lines)
    reading = _attached(document, lines)
    first, last = _extent(reading, lines)
    _refuse_unknown_rows(document, reading, first, last)
    doubts += _stray_doubts(document, reading, first, last)
    entries = [entry for entry in reading.entries if first - _PATIENCE <= entry.first <= last]
    return Entries(tuple(entries), first, tuple(doubts))


def _page_furniture(document: Document, lines: Sequence[Sequence[Element]]) -> set[int]:
    """Find the lines at the top and the bottom of the pages that number them or come back on each."""
    pages: dict[int, list[int]] = {}
    for rank, line in enumerate(document.lines):
        pages.setdefault(line.page, []).append(rank)
    edges = [rank for ranks in pages.values() for rank in {*ranks[:_EDGE], *ranks[-_EDGE:]}]
    nameless = [rank for rank in edges if all(element.kind != "label" for element in lines[rank])]
    shapes = Counter(re.sub(r"[0-9]+", "0", document.lines[rank].text) for rank in nameless)
    found = set()
    for rank in nameless:
        text = document.lines[rank].text
        several = len(pages) > 1
        comes_back = several and shapes[re.sub(r"[0-9]+", "0", text)] > 1 and re.search(r"[^\W\d_]", text) is not None
        outermost = rank in (pages[document.lines[rank].page][0], pages[document.lines[rank].page][-1])
        numbered = _PAGE_NUMBER.fullmatch(text) is not None and (several or re.search(r"(?i)p|/|sur", text) is not None)
        if comes_back or (outermost and numbered):
            found.add(rank)
    return found


def _without_headings_that_come_back(
    document: Document, lines: Sequence[list[Element]], first: int
) -> list[list[Element]]:
    headings = {document.lines[rank].text for rank in range(first)}
    return [
        []
        if rank >= first
        and document.lines[rank].text in headings
        and all(element.label is None or not element.label.is_name for element in line)
        else line
        for rank, line in enumerate(lines)
    ]


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


def _without_codes(document: Document, lines: Sequence[list[Element]]) -> tuple[list[list[Element]], list[Doubt]]:
    """Set apart the codes and ranks that stand before or after the names of départements."""
    before: dict[tuple[int, int], bool] = {}
    after: dict[tuple[int, int], bool] = {}
    ranks: list[str] = []
    for rank, line in enumerate(lines):
        for position, element in enumerate(line):
            label = element.label
            if label is None or not label.is_name or label.is_total:
                continue
            previous = line[position - 1] if position else None
            if previous is not None and previous.bare and len(previous.text) <= 3:
                before[rank, position - 1] = _is_code(previous.text, label)
                if label.departement is not None:
                    ranks.append(previous.text)
            following = line[position + 1] if position + 1 < len(line) else None
            if (
                following is not None
                and following.kind == "amount"
                and label.departement is not None
                and label.code is None
            ):
                after[rank, position + 1] = _is_code(re.split(r"\D", ordinary_spaces(following.text))[0], label)
    numbered = len(ranks) > 1 and ranks == [str(number) for number in range(1, len(ranks) + 1)]
    coded_before = sum(before.values()) > 1 and 2 * sum(before.values()) > len(before)
    coded_after = len(after) > 1 and all(after.values())
    doubts: list[Doubt] = []
    found = []
    for rank, line in enumerate(lines):
        kept: list[Element] = []
        code: str | None = None
        for position, element in enumerate(line):
            if (rank, position) in before and (before[rank, position] or coded_before or numbered):
                code = element.text if before[rank, position] or coded_before else None
                continue
            if coded_after and (rank, position) in after:
                kept[-1] = _with_code(kept[-1], re.split(r"\D", ordinary_spaces(element.text))[0])
                rest = element.text[len(kept[-1].label.code or "") :].lstrip() if kept[-1].label else ""
                if not rest:
                    continue
                element = replace(element, text=rest, bare=rest.isdigit())
            if code is not None:
                element = _with_code(element, code)
                code = None
            label = element.label
            if label is not None and label.code is not None and not _is_code(label.code, label):
                doubts.append(
                    Doubt(
                        *place(document, label.first),
                        "code",
                        label.text,
                        f"Le code imprimé « {label.code} » n'est pas celui de ce nom ; le nom est suivi.",
                    )
                )
            kept.append(element)
        found.append(kept)
    return found, doubts


def _is_code(printed: str, label: Label) -> bool:
    return printed.zfill(2) in (label.departement, label.region) or printed == label.departement


def _with_code(element: Element, code: str) -> Element:
    label = element.label
    if label is None:
        return element
    side = label.side
    if label.departement is not None and label.region is not None and not side:
        side = "departement" if code == label.departement else "region" if code in REGIONS else ""
    return replace(element, label=replace(label, code=code, side=side))


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
        for position, element in enumerate(line):
            if element.label is not None:
                current = Entry(element.label)
                reading.entries.append(current)
                standing.append(current)
            elif element.kind == "words":
                reading.asides.append(element)
            elif element.kind in ("amount", "void"):
                words = _unknown_words_before(line, position)
                owner = None if words is not None else _owner(element, standing, current, document.aligned)
                if owner is None:
                    reading.strays.append((element, words))
                else:
                    owner.cells.append(Cell(element.text, rank, element.x0, element.x1, element.kind == "void"))
    return reading


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
    words = [element for element in line if element.kind == "words"]
    return (
        len(words) > 0
        and line[-1].kind != "words"
        and sum(len(element.text.split()) for element in words) <= _ROW_OF_WORDS
        and any(element.kind == "amount" and _CERTAIN.search(ordinary_spaces(element.text)) for element in line)
    )


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
    if asides:
        example = asides[0]
        several = f"{len(asides)} textes sans montant" if len(asides) > 1 else "Un texte sans montant"
        doubts.append(
            Doubt(
                *place(document, example.line),
                "texte_ecarte",
                example.text,
                f"{several} dans le tableau, laissé de côté.".replace(
                    "laissé", "laissés" if len(asides) > 1 else "laissé"
                ),
            )
        )
    return doubts


def _inside(elements: Iterable[Element], first: int, last: int) -> Iterable[Element]:
    return (element for element in elements if first <= element.line <= last)
