"""A document as lines of fragments: what stands together on a line, with its place.

A text gives one fragment a line, or several where a separator of fields (`|`, `│`, tab, semicolon) or a gap of two
spaces and more stands between them. The horizontal place of a fragment is then the rank of its field, or its first and
last character; it means a column of the page only where most lines of figures have several fragments (`aligned`).

Known drawback: in a text whose columns are one space apart, the columns are lost; only the order of reading is left.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.amounts import ordinary_spaces, visible

_EVERYWHERE = 10_000.0
_ALWAYS = ("|", "│", "\t")
_ENDS_WITH_A_FIGURE = re.compile(r"(?:[0-9]|€|%|[Ee]uros?)[ |;*)]*$")
_BREAK = re.compile(r"(-?) *<br ?/?> *")
_RULE_OF_MARKDOWN = re.compile(r"[\s|:│+\-–—=_]+")
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a workbook or a word-processor file"),
    (b"\xd0\xcf\x11\xe0", "an old office file"),
    (b"{\\rtf", "a rich-text file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)


@dataclass(frozen=True)
class Fragment:
    """A piece of a line that stands apart, and its horizontal extent."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True)
class Line:
    """A printed line: its page, its number on that page (both from 1), its fragments from left to right."""

    page: int
    number: int
    fragments: tuple[Fragment, ...]

    @property
    def text(self) -> str:
        """The line without its columns, to compare it with another."""
        return " ".join(ordinary_spaces(" ".join(fragment.text for fragment in self.fragments)).split())


@dataclass(frozen=True)
class Document:
    """The lines that hold something, in the order of reading; `remarks` says what was odd in the file (French)."""

    lines: tuple[Line, ...]
    aligned: bool
    remarks: tuple[str, ...] = ()


def read_document(path: str | Path, pages: Collection[int] | None = None) -> Document:
    """Read the lines of a text or of a PDF.

    Parameters
    ----------
    path
        The file. A PDF is known by its first bytes, whatever its name.
    pages
        Numbers of the pages to read, from 1; all when left out. A form feed ends a page of a text.

    Raises
    ------
    TableError
        When the file is missing, empty, of another format, in an unknown encoding, or has no such page.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise TableError(f"cannot read {file}: {error.strerror}") from error
    if content[:1024].lstrip()[:5] == b"%PDF-":
        from cdppe_analysis.ingestion.pdf import read_pdf

        return read_pdf(file, pages)
    for signature, format_name in _OTHER_FORMATS:
        if content.startswith(signature):
            raise TableError(f"{file.name} is {format_name}, not a text nor a PDF: print it to a PDF first")
    text, remarks = _decoded(content, file.name)
    return split_text(text, file.name, pages, remarks)


def split_text(
    text: str, name: str = "text", pages: Collection[int] | None = None, remarks: Sequence[str] = ()
) -> Document:
    r"""Split a text into pages, lines and fragments.

    Parameters
    ----------
    text
        The whole text.
    name
        What to call it in a message.
    pages
        Numbers of the pages to keep; all when left out.
    remarks
        What was odd in the file.

    Raises
    ------
    TableError
        When nothing is written there, or when there is no such page.

    Examples
    --------
    >>> document = split_text("Allier    167 032 €\nCreuse    100 000 €")
    >>> [fragment.text for fragment in document.lines[1].fragments], document.aligned
    (['Creuse', '100 000 €'], True)
    """
    printed = [
        (page, number, line)
        for page, content in enumerate(visible(html.unescape(text)).split("\f"), start=1)
        for number, line in enumerate(re.split(r"\r\n|\r|\n", content), start=1)
        if ordinary_spaces(line).strip()
    ]
    check_pages(pages, max((page for page, _, _ in printed), default=0), name)
    kept = [(page, number, line) for page, number, line in printed if pages is None or page in pages]
    separators = (*_ALWAYS, ";") if _semicolons_separate(line for _, _, line in kept) else _ALWAYS
    in_fields = any(separator in line for _, _, line in kept for separator in separators)
    lines = []
    for page, number, line in kept:
        fragments = _fields(line, separators) if in_fields else _apart(line)
        if fragments:
            lines.append(Line(page, number, fragments))
    if not lines:
        raise TableError(f"nothing is written in {name}")
    of_figures = [line for line in lines if _ENDS_WITH_A_FIGURE.search(line.text)]
    several = sum(len(line.fragments) > 1 for line in of_figures)
    return Document(tuple(lines), aligned=2 * several > len(of_figures), remarks=tuple(remarks))


def check_pages(pages: Collection[int] | None, last: int, name: str) -> None:
    """Check that the pages asked for are there.

    Raises
    ------
    TableError
        Naming the first that is not.
    """
    absent = [page for page in sorted(pages or ()) if not 1 <= page <= last]
    if absent:
        raise TableError(f"{name} has no page {absent[0]}: it has {last}")


def _decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = [("utf-16", "UTF-16")]
    else:
        encodings = [("utf-8-sig", ""), ("cp1252", "Windows-1252")]
    for encoding, odd in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, (f"Le fichier est lu en {odd}.",) if odd else ()
    raise TableError(f"{name} is no text in UTF-8, UTF-16 or Windows-1252, and no PDF")


def _semicolons_separate(lines: Iterable[str]) -> bool:
    of_figures = [line for line in lines if _ENDS_WITH_A_FIGURE.search(line)]
    return len(of_figures) > 0 and 2 * sum(";" in line.rstrip(" ;") for line in of_figures) > len(of_figures)


def _fields(line: str, separators: Sequence[str]) -> tuple[Fragment, ...]:
    if not any(separator in line for separator in separators):
        return (Fragment(line.strip(), 0, _EVERYWHERE),)
    if _RULE_OF_MARKDOWN.fullmatch(line):
        return ()
    fields = re.split("|".join(map(re.escape, separators)), _BREAK.sub(lambda found: found[1] or " ", line))
    cells = [(field.strip().strip('*"').strip(), rank) for rank, field in enumerate(fields)]
    return tuple(Fragment(cell, rank, rank) for cell, rank in cells if cell)


def _apart(line: str) -> tuple[Fragment, ...]:
    return tuple(
        Fragment(line[match.start() : match.end()], match.start(), match.end())
        for match in re.finditer(r"[^ ]+(?: [^ ]+)*", ordinary_spaces(line))
    )
