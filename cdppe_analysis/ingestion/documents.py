"""A file as texts and grids: what it is comes from its first bytes, its grid from the library of its format.

A text has a grid where its lines hold separators (`|`, tab, `;`, `,`) or stand in columns of spaces; where it has
neither it stays a list of lines (`stream` reads those). Every digit of the file is in a block, or the file is refused.
"""

from __future__ import annotations

import codecs
import csv
import html
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.alignment import Fragment, Line, aligned
from cdppe_analysis.ingestion.grids import RAISED, SMALL, Block, Document, Grid, Row, Text, check_digits, check_pages
from cdppe_analysis.ingestion.names import label
from cdppe_analysis.storage.files import decoded, read_bytes
from cdppe_analysis.tables.numerals import numeral, ordinary_spaces, visible

LARGEST = 50_000_000
"""Bytes of the largest file that is read."""

_OTHER_FORMATS = (
    (b"{\\rtf", "a rich-text file: print it to a PDF"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"II*\x00"), "an image: a character recognition must read it first"),
)
_OTHER_TEXTS = (
    (r"\A\s*[\[{]\s*[{\"]", "a JSON file: save its table as a CSV"),
    (r"(?s)\A\s*<\?xml(?!.{0,400}<html)", "an XML file: save its table as a CSV or a workbook"),
    (r"\\begin\{|\\documentclass", "a LaTeX file: print it to a PDF"),
)
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|[a-z]+[1-6]?(?:\s[^>]*)?>)", re.IGNORECASE)
_RULE_OF_MARKDOWN = re.compile(r"[\s|:│+\-–—=_]+")
_BREAK = re.compile(r" *<br ?/?> *", re.IGNORECASE)
_SUP = re.compile(r"<sup>\s*([0-9]+)\s*</sup>|\[\^([0-9]+)\]|(?<=\S)\[([0-9]{1,2})\]\([^()\s]*\)", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|strong|i|em|u|span|sup|center)\b[^>]*>", re.IGNORECASE)
_EMPHASIS = re.compile(r"^(\*\*|__|\*|`)(.+)\1$")
_ESCAPED = re.compile(r"\\([^\w\s])")
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s/#:]*[/#:][^()\s]*\)")
_ITEM = re.compile(r"[^;]*[^\W\d_] ?: ?\(?[-−–]? ?[0-9][^:]*")
"""A member of a list in a sentence: « Ain : 4 € », whatever separates it from the next."""

_HTML_BLOCKS = "//table//*[contains(' br p div li ul small sub template rt button option ', concat(' ', name(), ' '))]"
_HTML_MARKS = r"//sup | //table//*[not(self::td or self::th)][re:test(., '^\s*[(\[]?[0-9]{1,2}[)\]]?[\s,;]*$')]"
_XPATH = {"re": "http://exslt.org/regular-expressions"}
_HIDES = "display: *none|visibility: *(hidden|collapse)|size: *0(?![.0-9]*[1-9])"
_HTML_UNSEEN = {
    "struck out": "//table//*[self::s or self::del or self::strike or re:test(@style, 'line-through', 'i')]",
    "hidden": f"//table/descendant-or-self::*[@hidden or re:test(@style, '{_HIDES}', 'i')]",
}
_A_NAME = re.compile(r"(?:[0-9][0-9AB][0-9]? )?[A-ZÀ-Ý][^\d:;.,()*#]*(?<!\w{15})")
_RAISES = re.compile(r"vertical-align: *(?:super|text-top|top|[1-9.])|(?<![\w-])top: *-|(?<![\w-])bottom: *[0-9.]")
_DECLARED = re.compile(r"([\w-]+) *: *([^;]*)")
_OF_A_MARK = re.compile(r"exposant|super|note|appel|renvoi|\bsup\b")
_FONT_SIZE = re.compile(r"font(?:-size)?:[^;]*?(?<![\w.-])([0-9.]+(?:px|pt|r?em|%)|smaller|(?:xx?-)?small)")
_SIZES = {"smaller": "0.83em", "small": "13px", "x-small": "10px", "xx-small": "9px"}
_LETTER = 16
_WIDEST, _FAR = 1000, 2
_PIPES = "|│"
_SEPARATORS = "|│\t;"


def read_document(path: str | Path, pages: Collection[int] | None = None) -> Document:
    """Read the blocks of a file.

    Parameters
    ----------
    path
        A text, Markdown, HTML, CSV, workbook (.xlsx, .xls, .ods) or PDF; known by its content, whatever its name.
    pages
        Numbers of the pages (of the sheets of a workbook) to read, from 1; all when left out.

    Raises
    ------
    TableError
        When the file is missing, too large, empty, locked, damaged, of another format or encoding, has no such page,
        or when a digit of it would be lost.
    """
    file = Path(path)
    content = read_bytes(file, most=LARGEST)
    if not content.strip():
        raise TableError(f"{file.name} is empty")
    if b"%PDF-" in content[:1024]:
        from cdppe_analysis.ingestion.pdf import read_pdf

        document = read_pdf(file, pages)
    elif content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        from cdppe_analysis.ingestion.workbook import read_workbook

        document = read_workbook(file, pages)
    else:
        for signature, what in _OTHER_FORMATS:
            if content.startswith(signature):
                raise TableError(f"{file.name} is {what}")
        text = decoded(content, file.name, windows=True)
        for pattern, what in _OTHER_TEXTS:
            if re.search(pattern, text):
                raise TableError(f"{file.name} is {what}")
        document = text_document(text, file.name, pages, _odd_encoding(content))
    return document


def text_document(
    text: str, name: str = "text", pages: Collection[int] | None = None, remarks: Sequence[str] = ()
) -> Document:
    r"""Read the blocks of a text, of a CSV, of Markdown or of HTML.

    Raises
    ------
    TableError
        When nothing is written there, or when there is no such page.

    Examples
    --------
    >>> text_document("Département;Montant\nAin;4 211 €").blocks[0].rows[1].cells
    ('Ain', '4 211 €')
    """
    text = _SUP.sub(lambda mark: str(mark[mark.lastindex or 0]).translate(RAISED), visible(text))
    blocks: list[Block] = []
    if _HTML.match(text):
        check_pages(pages, 1, name)
        blocks = list(_html_blocks(text))
        text = "".join(_html_root(text).itertext())
    else:
        text = _LINK.sub(r"\1", _TAG.sub("", html.unescape(text)))
        sheets = text.split("\f")
        check_pages(pages, len(sheets), name)
        kept = [sheet if pages is None or page in pages else "" for page, sheet in enumerate(sheets, start=1)]
        text = "\f".join(kept)
        for page, sheet in enumerate(kept, start=1):
            try:
                blocks += _sheet_blocks(sheet, f"p. {page}, " if len(sheets) > 1 else "", name)
            except csv.Error as error:
                sentence = f"the quotes of {name} do not stand around whole fields: {error}"
                if '"' not in sheet:
                    sentence = (
                        f"a line of {name} has more than {csv.field_size_limit()} letters: it is no row of a table"
                    )
                raise TableError(sentence) from error
    if not blocks:
        raise TableError(f"nothing is written in {name}")
    check_digits(len(re.findall(r"[0-9]", text)), blocks, name)
    return Document(name, tuple(blocks), tuple(remarks))


def _odd_encoding(content: bytes) -> tuple[str, ...]:
    try:
        content.decode()
    except UnicodeDecodeError:
        name = "UTF-16" if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "Windows-1252"
        return (f"Le fichier est lu en {name}.",)
    return ()


def _sheet_blocks(text: str, page: str, name: str) -> list[Block]:
    lines = [(f"{page}l. {rank}", line) for rank, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)]
    written = [line for _, line in lines if line.strip()]
    separator = _separator(written, name)
    if separator is None:
        return _spaced_blocks(lines)
    if separator in _PIPES:
        records = _records(_whole_rows(lines, separator), separator)
    else:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        fields = [(tuple(cell.strip() for cell in row), f"{page}l. {reader.line_num}") for row in reader]
        # What no row fills at its end is cut alike from each: their lengths stay to be compared.
        width = max((rank for row, _ in fields for rank, cell in enumerate(row, start=1) if cell), default=0)
        over = max(min((len(row) for row, _ in fields if any(row)), default=0) - width, 0)
        records = ((row[: len(row) - over] if any(row) else (), place) for row, place in fields)
    blocks: list[Block] = []
    rows: list[Row] = []
    blank = False
    for cells, place in records:
        if not any(cells):
            blank = not cells
            # A rule stands under the headings of a table: the row above it begins another.
            kept = rows[-1:] if cells and len(rows) > 2 else rows
            blocks += [Grid(tuple(rows[:-1]))] if kept != rows else []
            rows = kept
            continue
        # A territory alone on its line is a row of the table that it stands in: cut, or the head of a section.
        # So is a number, and a short name that nothing cuts from the rows above.
        alone = len(cells) < 2 and not (rows and not blank and _of_a_row(cells[0]))
        if rows and (alone or (blank and len(cells) != len(rows[-1].cells))):
            blocks.append(Grid(tuple(rows)))
            rows = []
        blank = False
        if alone:
            blocks.append(Text(cells[0], place))
        else:
            rows.append(Row(cells, place))
    return [*blocks, *([Grid(tuple(rows))] if rows else [])]


def _of_a_row(cell: str) -> bool:
    """Tell whether a cell alone on its line may be what is left of a row: a number, a name."""
    named = label(cell).known and label(cell).total is None
    return named or numeral(cell) is not None or bool(_A_NAME.fullmatch(cell) and label(cell).total is None)


def _records(lines: Sequence[tuple[str, str]], separator: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the fields of each line between pipes, none for a blank line, a void one for a rule."""
    having = [line.strip() for _, line in lines if separator in line]
    outer = all(line.startswith(separator) for line in having), all(line.endswith(separator) for line in having)
    for place, line in lines:
        ruled = _RULE_OF_MARKDOWN.fullmatch(line)
        if ruled or separator not in line:
            yield ("",) if ruled and "-" in line else (line.strip(),) if line.strip() and not ruled else (), place
            continue
        stripped = line.strip().replace(f"\\{separator}", "\0")
        parts = stripped[1 if outer[0] else 0 : -1 if outer[1] else None].split(separator)
        cells = (_ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", _BREAK.sub("\n", part.strip()))) for part in parts)
        cells = (cell.replace("\0", separator) for cell in cells)
        yield tuple(cells), place


def _separator(lines: Sequence[str], name: str) -> str | None:
    """Return what separates the fields: present in most lines of figures; a comma where they have as many."""
    of_figures = [line for line in lines if re.search(r"[0-9]", line)]
    fields = ";".join(of_figures).split(";")
    if 2 * sum(_ITEM.fullmatch(field) is not None for field in fields) > len(fields):
        return None
    for separator in _SEPARATORS:
        # « Ain : 4 € ; » ends a member of a list; a row of a CSV may begin so.
        having = sum(separator in (line.rstrip(" ;") if separator == ";" else line) for line in of_figures)
        if having and 2 * having > len(of_figures) and len(lines) > 1:
            return separator
    with_rows = [separator for separator in "|\t" if sum(separator in line for line in lines) >= 3]
    if with_rows:
        return with_rows[0]
    rows = list(csv.reader(lines))
    counts = Counter(map(len, rows))
    usual, having = counts.most_common(1)[0] if counts else (0, 0)
    apart = lines if name.endswith(".csv") else [re.sub(r"(?<=[0-9]),(?=[0-9])|, ", "", line) for line in lines]
    between = sum(len(row) > 1 for row in csv.reader(apart))
    if usual > 1 and having > 1 and 5 * min(having, between) >= 4 * len(rows):
        return ","
    return None


def _whole_rows(lines: Sequence[tuple[str, str]], separator: str) -> list[tuple[str, str]]:
    """Join the lines of a row that a cell breaks, from one that begins with the separator to one that ends with it."""
    closed = [line.rstrip().endswith(separator) for _, line in lines if line.lstrip().startswith(separator)]
    inside = sum(separator in line and not line.lstrip().startswith(separator) for _, line in lines)
    if not closed or 2 * sum(closed) < len(closed) or inside > len(closed):
        return list(lines)
    whole: list[tuple[str, str]] = []
    for place, line in lines:
        before = whole[-1][1].strip() if whole else ""
        is_open = before.startswith(separator) and (not before.endswith(separator) or before == separator)
        if is_open and line.strip() and not line.lstrip().startswith(separator):
            whole[-1] = (whole[-1][0], f"{whole[-1][1].rstrip()}<br>{line.strip()}")
        else:
            whole.append((place, line))
    return whole


def _spaced_blocks(lines: Sequence[tuple[str, str]]) -> list[Block]:
    """Put in columns what two spaces and more separate, where most lines of figures are so."""
    printed_lines = []
    for rank, (place, line) in enumerate(lines):
        pieces = re.finditer(r"[^ ]+(?: [^ ]+)*", ordinary_spaces(line).rstrip())
        fragments = tuple(Fragment(piece.group(), piece.start(), piece.end()) for piece in pieces)
        printed_lines += [Line(fragments, place, rank)] if fragments else []
    feet = [printed_lines.pop()] if _has_a_page_number(printed_lines) else []
    of_figures = [line for line in printed_lines if re.search(r"[0-9]", line.text.text)]
    if 2 * sum(len(line.fragments) > 1 for line in of_figures) > len(of_figures):
        return [*aligned([printed_lines])[0], *(line.text for line in feet)]
    return [Text(line.strip(), place) for place, line in lines if line.strip()]


def _has_a_page_number(printed_lines: Sequence[Line]) -> bool:
    """Tell whether the last line is a number after blank lines, after one only where it stands under no other."""
    if len(printed_lines) < 2 or not re.fullmatch("[0-9]{1,3}", printed_lines[-1].text.text):
        return False
    before, number = printed_lines[-2].fragments, printed_lines[-1].fragments[0]
    figures = [part for part in before if numeral(part.text)]
    over = [part for part in figures if part.x0 < number.x1 and number.x0 < part.x1]
    gap = printed_lines[-1].top - printed_lines[-2].top
    return bool(figures) and (gap > _FAR or (gap > 1 and not over))


def _html_root(text: str) -> Any:
    try:
        import lxml.html
    except ImportError as error:
        raise TableError("reading HTML needs lxml: install cdppe-analysis[documents]") from error
    root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text))
    styles = re.sub(r"(?s)/\*.*?\*/|<!--|-->", "", "".join(root.xpath("//style/text()")))
    rules = [
        (_weight(selector), order, selector, rule)
        for order, (selectors, rule) in enumerate(re.findall(r"([^{}]+){([^{}]*)}", styles))
        for selector in selectors.split(",")
    ]
    for _, _, selector, rule in sorted(rules, reverse=True):
        for node in root.xpath(_path(selector)):
            node.set("style", f"{rule};{node.get('style', '')}")
    for unread in root.xpath("//script|//style|//head|//comment()"):
        unread.drop_tree()
    for mark in (node for node in root.xpath(_HTML_MARKS, namespaces=_XPATH) if node.tag == "sup" or _is_raised(node)):
        for piece in mark.iter():
            piece.text = (piece.text or "").strip().translate(RAISED)
    for block in root.xpath(_HTML_BLOCKS):
        block.text, block.tail = f"\n{block.text or ''}", f"\n{block.tail or ''}"
    return root


def _weight(selector: str) -> tuple[int, int, int]:
    """Return which of two rules of CSS wins: that of an id, of more classes, of more tags, else the last one."""
    return selector.count("#"), selector.count("."), len(re.findall(r"(?<![\w.#-])[\w-]+", selector))


def _path(selector: str) -> str:
    """Return the XPath of a CSS selector of tags, classes and ids; that of nothing for another."""
    steps = re.findall(r"(>?) *([^ >]+)", " ".join(selector.split()))
    if not steps or re.search(r"[^\w\s.#>*-]", selector):
        return "/.."
    path = ""
    for child, step in steps:
        names = [*re.findall(r"(?:^|\.)([\w-]+)(?=\.|#|$)", step)]
        tag = names.pop(0) if re.match(r"[\w-]", step) else "*"
        path += f"/{tag}" if child else f"//{tag}"
        path += "".join(f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]" for name in names)
        path += "".join(f"[@id='{name}']" for name in re.findall(r"#([\w-]+)", step))
    return path


def _is_raised(node: Any) -> bool:
    """Tell whether a number of two digits at most, after other text of its cell, is a link, raised or smaller."""
    before = next(iter(node.xpath("preceding::text()[normalize-space()][1]")), None)
    if before is None:
        return False
    around = before.getparent().getparent() if before.is_tail else before.getparent()
    if not {*node.xpath("ancestor::*[self::td or self::th][1]")} & {around, *around.iterancestors()}:
        return False
    style = ";".join(map(": ".join, dict(_DECLARED.findall(node.get("style", ""))).items()))
    told = _RAISES.search(style) or _OF_A_MARK.search(node.get("class", "").lower())
    return node.tag == "a" or bool(told) or _size(node) < SMALL * _size(around)


def _size(node: Any) -> float:
    """Return the size of the letters of a node, in pixels."""
    above = _size(node.getparent()) if node.getparent() is not None else _LETTER
    of_font = {"1": "font-size:x-small;", "2": "font-size:small;"}.get(node.get("size", ""), "")
    found = _FONT_SIZE.findall(f"{of_font}{node.get('style', '').lower()}")
    if not found:
        return above
    number, unit = re.split("(?<=[0-9])(?=[a-z%])", _SIZES.get(found[-1], found[-1]))
    return float(number) * {"px": 1, "pt": 4 / 3, "rem": _LETTER, "em": above, "%": above / 100}[unit]


def _html_blocks(text: str) -> Iterator[Block]:
    root = _html_root(text)
    if text.lower().count("<table") > text.lower().count("</table"):
        raise TableError("the page ends inside a table: it is cut")
    for what, path in _HTML_UNSEEN.items():
        found = (node.text_content() for node in root.xpath(path, namespaces=_XPATH))
        held = next((whole for whole in found if re.search(r"\w" if what == "struck out" else "[0-9]", whole)), None)
        if held is not None:
            raise TableError(f"{' '.join(held.split())[:40]!r} is {what} in the page: show it, or delete it")
    rank = 0

    def walk(node: Any) -> Iterator[Block]:
        nonlocal rank
        if node.tag == "table" and not node.xpath(".//table"):
            rank += 1
            for caption in node.xpath("./caption"):
                yield Text(" ".join(caption.text_content().split()), f"table {rank}")
            yield _html_grid(node, rank)
        else:
            yield from _html_text(node.text, rank)
            for child in node:
                yield from walk(child)
        yield from _html_text(node.tail, rank)

    yield from walk(root)


def _html_text(text: str | None, rank: int) -> Iterator[Text]:
    if text and text.strip():
        yield Text(" ".join(text.split()), f"text after table {rank}" if rank else "text")


def _html_grid(table: Any, rank: int) -> Grid:
    rows: list[Row] = []
    held: dict[int, int] = {}
    for number, line in enumerate(table.iter("tr"), start=1):
        cells: list[str] = []
        spans: dict[int, int] = {}
        hidden: set[int] = set()
        for cell in (*line.iterchildren("td", "th"), None):
            while held.get(len(cells), 0):
                held[len(cells)] -= 1
                cells.append("")
            if cell is None:
                break
            lines = (" ".join(part.split(" ")).strip() for part in cell.text_content().split("\n"))
            text = "\n".join(filter(None, lines))
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            spans[len(cells)] = height
            held |= dict.fromkeys(range(len(cells), len(cells) + width), height - 1)
            hidden |= set(range(len(cells) + 1, len(cells) + width))
            cells += [text, *[""] * (width - 1)]
        heights = {column: height for column, height in spans.items() if height > 1}
        rows.append(Row(tuple(cells), f"table {rank}, l. {number}", heights, frozenset(hidden)))
    return Grid(tuple(rows))


def _span(cell: Any, name: str) -> int:
    written = str(cell.get(name) or "").strip()
    return min(max(int(written), 1), _WIDEST) if written.isdecimal() else 1
