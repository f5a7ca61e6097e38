"""A PDF as texts and grids, by pdfplumber: the rulings give the cells; without them, the places of the fragments do.

A digit or letter much smaller than its neighbour on the left is a footnote mark, and is written raised (`Ain¹`). Every
upright digit of a page is in a block, or the page is refused.

Known drawbacks: text that is not upright is not read (it is said); a page that was scanned has no text and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.alignment import Fragment, Line, aligned
from cdppe_analysis.ingestion.grids import (
    Block,
    Document,
    Grid,
    Row,
    check_digits,
    check_pages,
)
from cdppe_analysis.tables.numerals import visible

_COLUMN_GAP = 0.7
_ON_ONE_LINE = 3
_SMALL = 0.85
_PAGE_NUMBER = r"(?i)(?:page )?[-–]? ?[0-9]{1,3} ?[-–]?(?: ?(?:/|sur) ?[0-9]{1,3})?"
_MARKS = {**{str(digit): "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit] for digit in range(10)}, **dict(zip("abcde", "ᵃᵇᶜᵈᵉ", strict=True))}


def read_pdf(path: Path, pages: Collection[int] | None = None) -> Document:
    """Read the blocks of a PDF.

    Raises
    ------
    TableError
        When pdfplumber is not installed, when the file is damaged or locked, holds no text, or has no such page.
    """
    try:
        import pdfplumber
    except ImportError as error:
        raise TableError("reading a PDF needs pdfplumber: install cdppe-analysis[documents]") from error
    read: list[_Page] = []
    remarks: list[str] = []
    try:
        with pdfplumber.open(path) as document:
            check_pages(pages, len(document.pages), path.name)
            for page in document.pages:
                if pages is None or page.page_number in pages:
                    read.append(_read_page(page))
                    if read[-1].turned:
                        remarks.append(
                            f"Page {page.page_number} : {read[-1].turned} caractères qui ne sont pas droits, non lus."
                        )
                page.close()
    except TableError:
        raise
    except Exception as error:  # pdfminer raises its own classes, and others, on what it cannot parse
        if "Password" in repr(error):
            raise TableError(f"{path.name} is locked by a password") from error
        raise TableError(f"{path.name} is damaged, or no PDF: {str(error) or type(error).__name__}") from error
    blocks: list[Block] = []
    for each, of_lines in zip(read, aligned([each.lines for each in read]), strict=True):
        of_page = [*of_lines, *each.blocks]
        check_digits(each.digits, of_page, f"page {each.number}")
        blocks += of_page
    if not blocks:
        raise TableError(f"{path.name} holds no text: it is a scan, and needs a character recognition first")
    scanned = next((each for each in read if each.image and not each.lines and not each.blocks), None)
    if scanned:
        raise TableError(
            f"page {scanned.number} of {path.name} is an image without text: choose the others with --pages"
        )
    return Document(path.name, tuple(blocks), tuple(remarks))


@dataclass(frozen=True)
class _Page:
    """A page: its lines where it has no rulings, else its blocks; its upright digits, its turned characters."""

    number: int
    lines: list[Line]
    blocks: list[Block]
    digits: int
    turned: int
    image: bool


def _read_page(page: Any) -> _Page:
    # Some programs print a bold letter twice, a hair apart.
    image, page = bool(page.images), page.dedupe_chars(tolerance=1)
    _raise_marks(page.chars)
    upright = page.filter(lambda thing: thing["object_type"] != "char" or thing["upright"])
    tables = [table for table in upright.find_tables() if len(table.rows) > 1 and len(table.columns) > 1]

    def outside(thing: Any) -> bool:
        x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in (t.bbox for t in tables))

    rest = upright.filter(lambda thing: thing["object_type"] != "char" or outside(thing))
    lines, body = _lines(rest, page.page_number), []
    blocks: list[tuple[float, Block]] = [(table.bbox[1], _ruled(table, page.page_number)) for table in tables]
    if not tables:
        feet = [line for line in (*lines[:1], *lines[-1:]) if re.fullmatch(_PAGE_NUMBER, line[1].text.text.strip())]
        body, lines = [line for _, line in lines if not any(line is foot for _, foot in feet)], feet
    blocks += [(top, line.text) for top, line in lines]
    in_order = [block for _, block in sorted(blocks, key=lambda pair: pair[0])]
    beside = "".join(char["text"] for char in page.chars if not char["upright"])
    if re.search("[€%]", beside):
        raise TableError(f"page {page.page_number} gives a unit in text that is not upright, and is not read")
    digits = sum(bool(re.fullmatch(r"[0-9]", char["text"])) for char in upright.chars)
    return _Page(page.page_number, body, in_order, digits, len(page.chars) - len(upright.chars), image)


def _raise_marks(chars: list[dict[str, Any]]) -> None:
    """Write raised the small figure that follows a larger letter: it is the mark of a footnote, not a digit.

    The parentheses that enclose it go with it.
    """
    usual = median(char["size"] for char in chars) if chars else 0
    for char in chars:
        if char["text"] in _MARKS and char["size"] < _SMALL * usual:
            beside = [
                other
                for other in chars
                if other["size"] * _SMALL > char["size"]
                and other["text"].strip()
                and -1 <= char["x0"] - other["x1"] < other["size"] / 2
                and other["top"] - 2 < char["bottom"] - 1 < other["bottom"]
            ]
            if beside:
                around = [
                    other
                    for other in chars
                    if other["size"] == char["size"]
                    and abs(other["x1"] - char["x0"] if other["text"] == "(" else other["x0"] - char["x1"]) < 1
                    and other["text"] in "()"
                    and other["top"] == char["top"]
                ]
                char["text"] = _MARKS[char["text"]]
                of_line = {side: beside[0][side] for side in ("size", "top", "bottom", "doctop")}
                char |= of_line
                for other in around if len(around) == 2 else []:
                    other |= {**of_line, "text": " "}


def _ruled(table: Any, page: int) -> Grid:
    tops = [row.bbox[1] for row in table.rows]
    texts = table.extract(x_tolerance=1.5, y_tolerance=1)
    rows = []
    for number, (row, cells) in enumerate(zip(table.rows, texts, strict=True), start=1):
        spans = {
            column: sum(cell[1] - 1 <= top < cell[3] - 1 for top in tops)
            for column, cell in enumerate(row.cells)
            if cell is not None
        }
        lefts = [column.bbox[0] + 1 for column in table.columns]
        hidden = {c for cell in row.cells if cell for c, x in enumerate(lefts) if cell[0] + 2 < x < cell[2]}
        written = tuple(visible(cell or "").strip() for cell in cells)
        heights = {column: height for column, height in spans.items() if height > 1}
        rows.append(Row(written, f"p. {page}, rang {number}", heights, frozenset(hidden)))
    return Grid(tuple(row for row in rows if row.written))


def _lines(page: Any, number: int) -> list[tuple[float, Line]]:
    from pdfplumber.utils.clustering import cluster_objects

    words = page.extract_words(keep_blank_chars=True, x_tolerance=1.5, y_tolerance=1, extra_attrs=["size"])
    written = [word for word in words if word["text"].strip()]
    rows = cluster_objects(written, lambda word: (word["top"] + word["bottom"]) / 2, _ON_ONE_LINE)
    edges = [(edge["x0"], edge["top"], edge["bottom"]) for edge in page.edges if edge["orientation"] == "v"]
    return [
        (row[0]["top"], Line(_fragments(sorted(row, key=lambda word: word["x0"]), edges), f"p. {number}, l. {rank}"))
        for rank, row in enumerate(rows, start=1)
    ]


def _fragments(words: list[dict[str, Any]], edges: list[tuple[float, float, float]]) -> tuple[Fragment, ...]:
    fragments: list[Fragment] = []
    last: dict[str, Any] | None = None
    for word in words:
        text = visible(word["text"])
        gap = word["x0"] - last["x1"] if last is not None else 0.0
        if last is None or gap > _COLUMN_GAP * max(word["size"], last["size"]) or _edge_between(last, word, edges):
            fragments.append(Fragment(text, word["x0"], word["x1"]))
        else:
            before = fragments[-1]
            space = "" if before.text[-1].isspace() or text[0].isspace() else " "
            fragments[-1] = Fragment(before.text + space + text, before.x0, word["x1"])
        last = word
    return tuple(part for fragment in fragments for part in _parts(fragment))


def _edge_between(left: dict[str, Any], right: dict[str, Any], edges: list[tuple[float, float, float]]) -> bool:
    middle = (right["top"] + right["bottom"]) / 2
    return any(left["x1"] - 1 <= x <= right["x0"] + 1 and top <= middle <= bottom for x, top, bottom in edges)


def _parts(fragment: Fragment) -> list[Fragment]:
    """Split what two spaces and more separate: some programs set columns with spaces."""
    width = (fragment.x1 - fragment.x0) / max(len(fragment.text), 1)
    return [
        Fragment(match.group(), fragment.x0 + width * match.start(), fragment.x0 + width * match.end())
        for match in re.finditer(r"\S+(?:\s\S+)*", fragment.text)
    ]
