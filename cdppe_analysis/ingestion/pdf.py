"""A PDF as texts and grids, by pdfplumber: the rulings give the cells; without them, the places of the fragments do.

A digit or letter much smaller than its neighbour on the left is a footnote mark, and is written raised (`Ain¹`). Every
upright digit of a page is in a block, or the page is refused.

Known drawbacks: text that is not upright is not read (it is said); a page that was scanned has no text and is refused.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.alignment import Fragment, Line, aligned, is_row
from cdppe_analysis.ingestion.grids import SMALL, Block, Document, Grid, Row, check_digits, check_pages
from cdppe_analysis.ingestion.names import label
from cdppe_analysis.tables.numerals import numeral, visible

_COLUMN_GAP, _WORD_GAP = 0.7, 0.4
"""The gap between two columns, and the widest between two words, in sizes of a letter."""

_ON_ONE_LINE = 3
_THIN = 2
_MIDDLE = (0.3, 0.72)
"""Between which parts of the height of a letter a line strikes it: an underline is below."""

_ASLANT, _ASKEW = 0.1, 0.003
_A_PAGE = r"(?i)page [0-9]{1,3}(?: ?(?:/|sur) ?[0-9]{1,3})?"
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
                        left_out = f"{read[-1].turned} caractères qui ne sont pas droits, ou hors de la page, non lus."
                        remarks.append(f"Page {page.page_number} : {left_out}")
                page.close()
    except TableError:
        raise
    except Exception as error:  # pdfminer raises its own classes, and others, on what it cannot parse
        if "Password" in repr(error):
            raise TableError(f"{path.name} is locked by a password") from error
        raise TableError(f"{path.name} is damaged, or no PDF") from error
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
    upright = page.filter(lambda thing: thing["object_type"] != "char" or _is_read(thing, page.cropbox))
    _refuse_unread(upright)
    _refuse_struck(upright)
    _raise_marks(upright.chars)
    tables = [table for table in upright.find_tables() if len(table.rows) > 1 and len(table.columns) > 1]

    def outside(thing: Any) -> bool:
        x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in (t.bbox for t in tables))

    rest = upright.filter(lambda thing: thing["object_type"] != "char" or outside(thing))
    lines, body = _lines(rest, page.page_number), []
    if any(_goes_on_outside(table, lines) for table in tables):
        lines, tables = _lines(upright, page.page_number), []
    for one, other in itertools.combinations([table.bbox for table in tables], 2):
        for top, line in lines:
            over = [
                [part for part in line.fragments if box[0] <= (part.x0 + part.x1) / 2 <= box[2]] for box in (one, other)
            ]
            if all(over) and max(one[1], other[1]) < min(one[3], other[3]) and top < min(one[1], other[1]):
                titles = " and ".join(repr(parts[0].text) for parts in over)
                raise TableError(
                    f"{titles} stand over two tables side by side: which is the title of which?", cell=line.place
                )
    blocks: list[tuple[float, Block]] = [(table.bbox[1], _ruled(table, page.page_number)) for table in tables]
    if not tables:
        feet = [line for line in (*lines[:1], *lines[1:][-1:]) if _is_of_a_page(line[1])]
        body, lines = [line for _, line in lines if not any(line is foot for _, foot in feet)], feet
    blocks += [(top, line.text) for top, line in lines]
    in_order = [block for _, block in sorted(blocks, key=lambda pair: pair[0])]
    beside = "".join(char["text"] for char in page.chars if not _is_read(char, page.cropbox))
    if re.search("[€%]", beside):
        raise TableError(f"page {page.page_number} gives a unit in text that is not upright, and is not read")
    digits = sum(bool(re.fullmatch(r"[0-9]", char["text"])) for char in upright.chars)
    return _Page(page.page_number, body, in_order, digits, len(page.chars) - len(upright.chars), image)


def _is_of_a_page(line: Line) -> bool:
    """Tell whether a line is the number of a page, or words and « Page 1 » at their right."""
    whole, last = line.text.text.strip(), line.fragments[-1].text
    return bool(re.fullmatch(_PAGE_NUMBER, whole) or re.fullmatch(_A_PAGE, last))


def _is_read(char: Mapping[str, Any], seen: tuple[float, float, float, float]) -> bool:
    """Tell whether a letter stands on the page, and upright: pdfminer says so of what is turned by less than 90°."""
    x0, top, x1, bottom = seen
    on_page = x0 < char["x1"] and char["x0"] < x1 and top < char["bottom"] and char["top"] < bottom
    return bool(on_page and char["upright"] and abs(char["matrix"][1]) <= _ASLANT * abs(char["matrix"][0]))


def _goes_on_outside(table: Any, lines: Sequence[tuple[float, Line]]) -> bool:
    """Tell whether rulings are around a part of a table only: rows or columns of figures stand outside."""
    x0, y0, x1, y1 = table.bbox
    beside = [line for top, line in lines if y0 < top < y1 and any(numeral(part.text) for part in line.fragments)]
    rows = [line for _, line in lines if is_row(line) and any(label(part.text).known for part in line.fragments)]
    under = (x0 < part.x1 and part.x0 < x1 for line in rows for part in line.fragments)
    return len(beside) > 1 or (bool(rows) and all(under))


def _raise_marks(chars: Sequence[dict[str, Any]]) -> None:
    """Write raised the small figure that follows a larger letter: it is the mark of a footnote, not a digit.

    The parentheses that enclose it go with it.
    """
    by_end = sorted(chars, key=lambda char: char["x1"])
    ends = [char["x1"] for char in by_end]
    largest = max((char["size"] for char in chars), default=0)
    for char in (char for char in chars if char["text"] in _MARKS and char["size"] < SMALL * largest):
        near = by_end[bisect_left(ends, char["x0"] - largest / 2) : bisect_right(ends, char["x0"] + 1)]
        beside = [
            other
            for other in near
            if other["size"] * SMALL > char["size"]
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


def _annotations(page: Any) -> list[Any]:
    try:
        return list(page.annots)
    except UnicodeDecodeError:  # pdfplumber reads the words of a comment in one encoding only
        return []


def _refuse_unread(page: Any) -> None:
    """Refuse what stands on the page and is in no letter of it: fields of a form; and a page set askew."""
    from pdfminer.utils import decode_text

    for field in _annotations(page):
        value = field["data"].get("V", "")
        written = decode_text(value) if isinstance(value, bytes) else repr(value)
        if "Widget" in repr(field["data"].get("Subtype")) and re.search("[0-9]", written):
            raise TableError(
                f"page {page.page_number} holds the fields of a form, which are not read: print it to a PDF"
            )
    askew = sum(abs(char["matrix"][1]) > _ASKEW * abs(char["matrix"][0]) for char in page.chars)
    if 2 * askew > len(page.chars):
        raise TableError(f"page {page.page_number} is turned a little: its letters stand on no line; straighten it")


def _refuse_struck(page: Any) -> None:
    """Refuse letters and figures that a line crosses in their middle: they are struck out."""
    thin = [each for each in (*page.lines, *page.rects, *page.curves) if each["height"] < _THIN < each["width"]]
    thin += [each for each in _annotations(page) if "StrikeOut" in repr(each["data"].get("Subtype"))]
    lines = [(each["x0"], each["x1"], (each["top"] + each["bottom"]) / 2) for each in thin]

    def struck(char: Mapping[str, Any]) -> bool:
        middle, height = (char["x0"] + char["x1"]) / 2, char["bottom"] - char["top"]
        low, high = (char["top"] + part * height for part in _MIDDLE)
        return any(x0 <= middle <= x1 and low < y < high for x0, x1, y in lines)

    crossed = "".join(char["text"] for char in page.chars if lines and struck(char)).strip()
    if re.search(r"\w", crossed):
        raise TableError(f"{crossed[:40]!r} is struck out on page {page.page_number}")


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
        (top, Line(_fragments(sorted(row, key=lambda word: word["x0"]), edges), f"p. {number}, l. {rank}", top))
        for rank, row in enumerate(rows, start=1)
        for top in [row[0]["top"]]
    ]


def _fragments(words: list[dict[str, Any]], edges: list[tuple[float, float, float]]) -> tuple[Fragment, ...]:
    fragments: list[Fragment] = []
    last: dict[str, Any] | None = None
    for word in words:
        text = visible(word["text"])
        gap = word["x0"] - last["x1"] if last is not None else 0.0
        if last is None or gap > _COLUMN_GAP * max(word["size"], last["size"]) or _edge_between(last, word, edges):
            own = Fragment(text, word["x0"], word["x1"])
            fragments.append(replace(own, parts=(own,)))
        else:
            before = fragments[-1]
            space = "" if before.text[-1].isspace() or text[0].isspace() else " "
            parts, own = before.parts, Fragment(text.strip(), word["x0"], word["x1"])
            if gap < _WORD_GAP * word["size"]:
                own = Fragment(f"{parts[-1].text}{space}{text}".strip(), parts[-1].x0, own.x1)
                parts = parts[:-1]
            fragments[-1] = Fragment(before.text + space + text, before.x0, own.x1, (*parts, own))
        last = word
    return tuple(part for fragment in fragments for own in _cut(fragment) for part in _parts(own))


def _cut(fragment: Fragment) -> list[Fragment]:
    """Cut at its small gaps what holds numbers beside words, several numbers, or several names."""
    parts, numbers = fragment.parts, [numeral(part.text) is not None for part in fragment.parts]
    several = all(numbers) if numeral(fragment.text) else any(numbers) or all(label(part.text).known for part in parts)
    words = all(re.search(r"\w", part.text) for part in parts) and not label(fragment.text).known
    return list(parts) if len(parts) > 1 and several and words else [fragment]


def _edge_between(left: dict[str, Any], right: dict[str, Any], edges: list[tuple[float, float, float]]) -> bool:
    middle = (right["top"] + right["bottom"]) / 2
    return any(left["x1"] - 1 <= x <= right["x0"] + 1 and top <= middle <= bottom for x, top, bottom in edges)


def _parts(fragment: Fragment) -> list[Fragment]:
    """Split what two spaces and more separate: some programs set columns with spaces."""
    width = (fragment.x1 - fragment.x0) / max(len(fragment.text), 1)
    if not re.search(r"\s\s", fragment.text.strip()):
        return [replace(fragment, text=fragment.text.strip())]
    return [
        Fragment(match.group(), fragment.x0 + width * match.start(), fragment.x0 + width * match.end())
        for match in re.finditer(r"\S+(?:\s\S+)*", fragment.text)
    ]
