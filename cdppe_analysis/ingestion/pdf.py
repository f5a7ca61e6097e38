"""A PDF as lines of fragments, by pdfplumber.

Characters closer than a word space stand together; a gap wider than 0.7 of the height of the letters, or a ruled
vertical line, separates two fragments. Two fragments are on one line when they share at least half of their height. A
digit or letter much smaller than its neighbour on the left is a footnote mark, and is written raised (`Ain¹`).

Known drawbacks: text that is not upright is not read (it is said); a page that was scanned has no text and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from statistics import median
from typing import Any

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.lines import Document, Fragment, Line, check_pages

_COLUMN_GAP = 0.7
_SMALL = 0.8
_SHARED_HEIGHT = 0.5
_MARKS = {**{str(digit): "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit] for digit in range(10)}, **dict(zip("abcde", "ᵃᵇᶜᵈᵉ", strict=True))}
_RAISED = frozenset(_MARKS.values())


def read_pdf(path: Path, pages: Collection[int] | None = None) -> Document:
    """Read the lines of a PDF.

    Parameters
    ----------
    path
        The file.
    pages
        Numbers of the pages to read, from 1; all when left out.

    Raises
    ------
    TableError
        When pdfplumber is not installed, when the file is damaged or locked, holds no text, or has no such page.
    """
    try:
        import pdfplumber
    except ImportError as error:
        raise TableError("reading a PDF needs pdfplumber: install cdppe-analysis[documents]") from error
    lines: list[Line] = []
    remarks: list[str] = []
    try:
        with pdfplumber.open(path) as document:
            check_pages(pages, len(document.pages), path.name)
            for page in document.pages:
                if pages is None or page.page_number in pages:
                    found, turned = _lines(page)
                    lines.extend(found)
                    if turned:
                        remarks.append(
                            f"Page {page.page_number} : {turned} caractères qui ne sont pas droits, non lus."
                        )
                page.close()
    except TableError:
        raise
    except Exception as error:  # pdfminer raises its own classes, and others, on what it cannot parse
        if "Password" in repr(error):
            raise TableError(f"{path.name} is locked by a password") from error
        raise TableError(f"{path.name} is damaged, or no PDF: {str(error) or type(error).__name__}") from error
    if not lines:
        raise TableError(f"{path.name} holds no text: it is a scan, and needs a character recognition first")
    return Document(tuple(lines), aligned=True, remarks=tuple(remarks))


def _lines(page: Any) -> tuple[list[Line], int]:
    upright = page.filter(lambda thing: thing["object_type"] != "char" or thing["upright"])
    turned = len(page.chars) - len(upright.chars)
    words = [
        word
        for word in upright.extract_words(keep_blank_chars=True, x_tolerance=1.5, y_tolerance=1, extra_attrs=["size"])
        if word["text"].strip()
    ]
    edges = [(edge["x0"], edge["top"], edge["bottom"]) for edge in page.edges if edge["orientation"] == "v"]
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"], word["x0"])):
        row = next((row for row in reversed(rows[-3:]) if _on_one_line(row, word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    rows.sort(key=lambda row: median(word["top"] + word["bottom"] for word in row))
    lines = [
        Line(page.page_number, number, _fragments(sorted(row, key=lambda word: word["x0"]), edges))
        for number, row in enumerate(rows, start=1)
    ]
    return lines, turned


def _on_one_line(row: list[dict[str, Any]], word: dict[str, Any]) -> bool:
    other = max(row, key=lambda member: member["bottom"] - member["top"])
    shared = min(other["bottom"], word["bottom"]) - max(other["top"], word["top"])
    return bool(shared >= _SHARED_HEIGHT * min(other["bottom"] - other["top"], word["bottom"] - word["top"]))


def _fragments(words: list[dict[str, Any]], edges: list[tuple[float, float, float]]) -> tuple[Fragment, ...]:
    fragments: list[Fragment] = []
    last: dict[str, Any] | None = None
    for word in words:
        text = word["text"]
        if last is not None and word["size"] < _SMALL * last["size"] and text.strip() in _MARKS:
            text = _MARKS[text.strip()]
        gap = word["x0"] - last["x1"] if last is not None else 0.0
        if last is None or gap > _COLUMN_GAP * max(word["size"], last["size"]) or _ruled(last, word, edges):
            fragments.append(Fragment(text, word["x0"], word["x1"]))
        else:
            before = fragments[-1]
            space = "" if before.text[-1].isspace() or text[0].isspace() or text in _RAISED else " "
            fragments[-1] = Fragment(before.text + space + text, before.x0, word["x1"])
        last = word
    return tuple(part for fragment in fragments for part in _parts(fragment))


def _ruled(left: dict[str, Any], right: dict[str, Any], edges: list[tuple[float, float, float]]) -> bool:
    middle = (right["top"] + right["bottom"]) / 2
    return any(left["x1"] - 1 <= x <= right["x0"] + 1 and top <= middle <= bottom for x, top, bottom in edges)


def _parts(fragment: Fragment) -> list[Fragment]:
    """Split what two spaces and more separate: some programs set columns with spaces."""
    width = (fragment.x1 - fragment.x0) / max(len(fragment.text), 1)
    return [
        Fragment(match.group(), fragment.x0 + width * match.start(), fragment.x0 + width * match.end())
        for match in re.finditer(r"\S+(?:\s\S+)*", fragment.text)
    ]
