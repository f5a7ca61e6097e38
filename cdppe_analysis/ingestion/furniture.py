"""Lines that are not of the table: page numbers, running heads and feet, headings that come back on each page.

A running head is a line of words at the top or the bottom of a page that stands, but for its numbers, on another page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cdppe_analysis.ingestion.labels import Element
from cdppe_analysis.ingestion.lines import Document

_EDGE = 3
_PAGE_NUMBER = re.compile(r"(?i)(?:page|p\.)? ?[-–—]? ?[0-9]{1,4} ?(?:(?:/|sur|de) ?[0-9]{1,4})? ?[-–—]?")


def page_furniture(document: Document, lines: Sequence[Sequence[Element]]) -> set[int]:
    r"""Return the ranks of the lines at the top and the bottom of the pages that number them or come back on each.

    Examples
    --------
    >>> from cdppe_analysis.ingestion.labels import elements_of
    >>> from cdppe_analysis.ingestion.lines import split_text
    >>> document = split_text("Allier 167 032 €\nPage 1 / 2\fCher 149 417 €\nPage 2 / 2")
    >>> page_furniture(document, elements_of(document))
    {1, 3}
    """
    pages: dict[int, list[int]] = {}
    for rank, line in enumerate(document.lines):
        pages.setdefault(line.page, []).append(rank)
    edges = sorted({rank for ranks in pages.values() for rank in (*ranks[:_EDGE], *ranks[-_EDGE:])})
    nameless = [rank for rank in edges if all(element.kind != "label" for element in lines[rank])]
    shapes = {rank: re.sub(r"[0-9]+", "0", document.lines[rank].text) for rank in nameless}
    times = Counter(shapes.values())
    found = set()
    for rank in nameless:
        page = pages[document.lines[rank].page]
        of_words = any(element.kind == "words" for element in lines[rank])
        text = document.lines[rank].text
        sure = len(pages) > 1 or document.aligned or re.search(r"(?i)p|/|sur", text) is not None
        is_number = sure and rank in (page[0], page[-1]) and _PAGE_NUMBER.fullmatch(text) is not None
        if is_number or (of_words and len(pages) > 1 and times[shapes[rank]] > 1):
            found.add(rank)
    return found


def headings_again(document: Document, lines: Sequence[Sequence[Element]], first: int) -> set[int]:
    """Return the ranks of the lines of a table that begins at `first` that repeat one above it and name nothing."""
    headings = {document.lines[rank].text for rank in range(first)}
    return {
        rank
        for rank in range(first, len(lines))
        if document.lines[rank].text in headings
        and all(element.label is None or not element.label.is_name for element in lines[rank])
    }
