"""A workbook as grids, one a sheet: what a person sees in the cells, not what they hold.

`storage.workbook` looks first for what can't be trusted: a bomb, formulas that were never computed, errors, hidden rows
and columns. The cells of an `.xlsx` come from openpyxl, for calamine tells no number format; those of an `.xls` from
calamine, their formats from `xls`. A format is followed where it shows what the cell is worth (%, a unit, zeros before
a code), refused where it shows another number. A number of four decimals at most is read as it is held, and said where
less of it is shown; a longer one as it is shown. An `.ods` has beside its values the text that it shows; lxml reads it.
"""

from __future__ import annotations

import datetime
import io
import itertools
import re
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any

import babel.dates

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import COUNTS, RAISED, Block, Document, Grid, Row, Text, check_pages
from cdppe_analysis.ingestion.xls import shown
from cdppe_analysis.storage.workbook import Sheet, open_workbook
from cdppe_analysis.tables.numerals import numeral, readings
from cdppe_analysis.territories import normalised

_LARGEST_SHEET = 300_000_000
_WIDEST, _LONGEST = 500, 100_000
_SEEN = 0.3
"""Points, or characters, below which a row, or a column, is as good as hidden."""

_COMPUTED = 4
"""Decimals of the longest number that someone types."""

_MERGES = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/")
_ZEROS = re.compile(r"0{2,9}")
_FORMAT = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|([0#?.,%]+(?:E[+-]0+)?)|(.)')
_CONDITION = re.compile(r"\[(?P<sign>[<>=]{1,2})(?P<limit>-?[0-9.]+)\]")
_COMPARED = dict(zip(("=", "<", ">", "<=", ">=", "<>"), (eq, lt, gt, le, ge, ne), strict=True))
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _TEXT, _STYLE, _OFFICE = (_ODF % name for name in ("table", "text", "style", "office"))


def read_workbook(path: Path, pages: Collection[int] | None = None) -> Document:
    """Read the visible sheets of a workbook, `.xlsx`, `.xls` or `.ods`.

    Raises
    ------
    TableError
        When the file is no workbook, is damaged, unpacks to far more than a table, or holds hidden rows with numbers,
        formulas without values or formats that show another number than the cell holds.
    """
    said: dict[str, str] = {}
    sheets = _archive(path, pages, said) if path.read_bytes()[:2] == b"PK" else _before_2007(path, said)
    check_pages(pages, len(sheets), path.name)
    kept = [sheet for number, sheet in enumerate(sheets, start=1) if pages is None or number in pages]
    blocks: list[Block] = []
    for title, grid in kept:
        if grid is not None and grid.rows:
            # The name of a sheet is a title where it says something of its numbers.
            says = re.search(r"[€%]|\b(?:19|20)[0-9]{2}\b", title) or COUNTS.search(normalised(title))
            blocks += [Text(title, title), grid] if says else [grid]
    if not blocks:
        raise TableError(f"nothing is written in {path.name}")
    hidden = [f"La feuille masquée « {title} » n'est pas lue." for title, grid in kept if grid is None]
    return Document(path.name, tuple(blocks), (*hidden, *(said[title] for title, _ in kept if title in said)))


def _archive(path: Path, pages: Collection[int] | None, said: dict[str, str]) -> list[tuple[str, Grid | None]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "content.xml" in names:
                return _open_document(archive, path.name, said)
            if "xl/workbook.xml" in names:
                _refuse_wide_merges(archive, path.name)
                return _workbook(path, pages, said)
            kind = "a word-processor file: print it to a PDF" if "word/document.xml" in names else "an archive"
            kind = "a binary workbook (.xlsb): save it as .xlsx" if "xl/workbook.bin" in names else kind
            raise TableError(f"{path.name} is {kind}")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise TableError(f"{path.name} is a damaged workbook, or no file of this kind") from error


def _refuse_wide_merges(archive: zipfile.ZipFile, name: str) -> None:
    for member in archive.infolist():
        if "worksheets/" in member.filename and member.file_size < _LARGEST_SHEET:
            for _, top, right, bottom in _MERGES.findall(archive.read(member)):
                if int(bottom) - int(top) > _LONGEST or len(right) > 2:
                    raise TableError(f"{name} merges cells over the whole sheet", cell=member.filename)


def _workbook(path: Path, pages: Collection[int] | None, said: dict[str, str]) -> list[tuple[str, Grid | None]]:
    """Return the title and the rows of each sheet of an .xlsx; None for the rows of a hidden one."""
    inspected = {sheet.name: sheet for sheet in open_workbook(path)}
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # openpyxl refuses a path whose name does not end as its own files do.
            book = openpyxl.load_workbook(_transitional(path), data_only=True, rich_text=True)
    except Exception as error:  # openpyxl raises its own classes, and those of the XML and ZIP libraries
        raise TableError(f"{path.name} is a damaged workbook") from error
    sheets: list[tuple[str, Grid | None]] = []
    for number, each in enumerate(book.worksheets, start=1):
        heights = {(area.min_row - 1, area.min_col - 1): area.size["rows"] for area in each.merged_cells.ranges}
        visible = each.sheet_state == "visible"
        asked = visible and (pages is None or number in pages)
        hidden: dict[int, set[int]] = {}
        for area in each.merged_cells.ranges:
            hidden.setdefault(area.min_row - 1, set()).update(range(area.min_col, area.max_col))
        sheet = inspected[each.title]
        flat = {
            row - 1
            for row, dimension in each.row_dimensions.items()
            if dimension.height is not None and dimension.height < _SEEN
        }
        thin = [dimension for dimension in each.column_dimensions.values() if dimension.width < _SEEN]
        thin_columns = {column for dimension in thin for column in range((dimension.min or 1) - 1, dimension.max or 0)}
        sheet = replace(sheet, hidden=sheet.hidden | thin_columns, hidden_rows=sheet.hidden_rows | flat)
        cells = {
            (row - 1, column - 1): _Cell(
                cell.value, str(cell.number_format), sheet.address(row - 1, column - 1), bool(cell.font.strike)
            )
            for (row, column), cell in (each._cells.items() if asked else ())
        }
        rows = tuple(_rows(sheet, cells, heights, hidden, said)) if asked else ()
        sheets.append((each.title, Grid(rows) if visible else None))
    return sheets


def _transitional(path: Path) -> io.BytesIO:
    """Return an .xlsx, the names of a strict one (ISO/IEC 29500-1) replaced by those that openpyxl knows."""
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as archive:
        if _STRICT.search(archive.read("xl/workbook.xml")) is None:
            return content
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as copy:
            for member in archive.infolist():
                named = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", archive.read(member))
                copy.writestr(member.filename, named)
    return other


@dataclass(frozen=True)
class _Cell:
    value: Any
    number_format: str
    coordinate: str
    struck: bool = False


def _before_2007(path: Path, said: dict[str, str]) -> list[tuple[str, Grid | None]]:
    """Return the title and the rows of each sheet of an .xls: values by calamine, what it does not tell by `xls`."""
    inspected = open_workbook(path)
    told = shown(path.read_bytes(), path.name)
    sheets: list[tuple[str, Grid | None]] = []
    for sheet in inspected:
        own = told[sheet.name]
        sheet = replace(sheet, flaws=own.flaws, hidden=frozenset(own.hidden), hidden_rows=frozenset(own.hidden_rows))
        cells = {
            place: _Cell(own.raised.get(place, sheet.at(*place)), shape, sheet.address(*place), place in own.struck)
            for place, shape in own.formats.items()
        }
        rows = tuple(_rows(sheet, cells, own.heights, own.covered, said)) if own.visible else ()
        sheets.append((sheet.name, Grid(rows) if own.visible else None))
    return sheets


def _rows(
    sheet: Sheet,
    cells: Mapping[tuple[int, int], _Cell],
    heights: Mapping[tuple[int, int], int],
    merged: Mapping[int, Collection[int]],
    said: dict[str, str],
) -> Iterator[Row]:
    """Yield the rows that a person sees: cells by place, the height of each merged area, what those hide in a row.

    What is to be said of the sheet goes to `said`.
    """
    for place, reason in sheet.flaws.items():
        raise TableError(f"{reason}: open the workbook, compute it and save it", cell=sheet.address(*place))
    texts_of_rows: dict[int, dict[int, str]] = {}
    rounded: list[str] = []
    # One cell that a computation left is read as it is shown: so are all those that are shown alike.
    computed = {cell.number_format for cell in cells.values() if _is_computed(cell)}
    for (row, column), cell in sorted(cells.items()):
        text = _text(cell, rounded, as_shown=cell.number_format in computed)
        hidden = row in sheet.hidden_rows or column in sheet.hidden
        if (cell.struck and re.search(r"\w", text)) or (hidden and re.search("[0-9]", text)):
            raise _hidden(text, sheet.address(row, column))
        if text and not hidden:
            texts_of_rows.setdefault(row, {})[column] = text
    said |= {sheet.name: _as_held(sheet.name, rounded[0])} if rounded else {}
    columns = sorted({column for row in texts_of_rows.values() for column in row})
    if columns and columns[-1] - columns[0] > _WIDEST:
        width = columns[-1] - columns[0] + 1
        raise TableError(f"the sheet {sheet.name!r} has cells in {width} columns: no table is so wide")
    for row, texts in texts_of_rows.items():
        written = tuple(texts.get(column, "") for column in range(columns[0], columns[-1] + 1))
        spans = {column - columns[0]: heights.get((row, column), 1) for column in texts}
        yield Row(written, f"{sheet.name}, l. {row + 1}", spans, frozenset(c - columns[0] for c in merged.get(row, ())))


def _hidden(text: str, place: str) -> TableError:
    return TableError(f"{text!r} stands in a hidden row or column, or is struck out: show it, or delete it", cell=place)


def _as_held(title: str, cell: str) -> str:
    return f"La feuille « {title} » montre des nombres arrondis, comme {cell} : ils sont lus tels qu'elle les contient."


def _is_computed(cell: _Cell) -> bool:
    """Tell whether a cell holds a number of more decimals than someone types."""
    number = Decimal(f"{cell.value:.15g}") if isinstance(cell.value, float) else Decimal(0)
    return int(number.normalize().as_tuple().exponent) < -_COMPUTED


def _text(cell: _Cell, rounded: list[str], *, as_shown: bool = False) -> str:
    """Return what the cell shows; `rounded` gains what it holds, where that is read, and less of it is shown."""
    value, shape = cell.value, cell.number_format
    if isinstance(value, list):
        return "".join(map(_run, value)).strip()
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)):
        return _date(value, shape) if isinstance(value, datetime.date) else str(value)
    section = _section(shape, value)
    before, digits, after = _shape(section)
    if not value and not digits and _CONDITION.match(shape):
        return " ".join(f"{before} {after}".split())
    unsigned = value < 0 and section != shape and not re.search("[-(−]", re.sub(r"_.|\*.|\[[^]]*\]", "", section))
    if unsigned or re.search(r"[0#?],+(?![0#?])", digits) or not re.search("[0#?]", digits):
        raise TableError(f"the format {shape!r} shows another number than the cell holds", cell=cell.coordinate)
    # 15 digits are all that a cell holds: the rest is the noise of a float.
    share = "%" in digits
    number = held = (Decimal(f"{value:.15g}") * (100 if share else 1)).normalize()
    decimals = re.search(r"\.([0#?]+)", digits)
    shown = number.quantize(Decimal(1).scaleb(-len(decimals[1]) if decimals else 0), ROUND_HALF_UP)
    if shown != held and not re.search("General|Standard|@|E[+-]", shape):
        as_shown |= _is_computed(cell)
        number = shown if as_shown else held
        rounded += [] if as_shown else [f"{_written(held)} ({cell.coordinate})"]
    if _ZEROS.fullmatch(digits) and number == number.to_integral_value() and number >= 0:
        return str(int(number)).zfill(len(digits))
    words = f"{before} {after}" if value >= 0 else re.sub("[-(−)]", "", f"{before} {after}")
    return " ".join([_written(number), *["%"] * share, *words.strip(" +").split()])


def _date(value: datetime.date, number_format: str) -> str:
    """Return a date as its format shows it, day, month and year where that is the one of each country."""
    plain = re.sub(r"\[[^]]*\]|[\\\"]|;@$", "", number_format)
    own = re.fullmatch("[ymd/ .-]+", plain) is not None and plain != "mm-dd-yy"
    return babel.dates.format_date(value, plain.replace("m", "M") if own else "dd/MM/yyyy", locale="fr")


def _section(number_format: str, value: float) -> str:
    """Return the part of a number format that is that of a value: by its conditions, else the second below 0."""
    parts = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", number_format)
    if not _CONDITION.match(number_format):
        return parts[1] if value < 0 and len(parts) > 1 else number_format
    for part in parts:
        found = _CONDITION.match(part)
        if found is None or _COMPARED[found["sign"]](value, float(found["limit"])):
            return part
    return parts[-1]


def _shape(number_format: str) -> tuple[str, str, str]:
    """Return the words that a number format prints before the digits, how it prints these, the words after them."""
    words, digits = ["", ""], ""
    for quoted, escaped, money, places, bare in _FORMAT.findall(re.sub("General|Standard|@", "#", number_format)):
        if bare == ";":
            break
        digits += places
        words[bool(digits)] += quoted or escaped or money or bare
    return words[0], digits, words[1]


def _run(part: Any) -> str:
    """Write raised the figures of a run of rich text that is raised: a footnote mark, not a digit."""
    raised = getattr(getattr(part, "font", None), "vertAlign", None) == "superscript"
    return str(part).translate(RAISED) if raised else str(part)


def _written(number: Decimal) -> str:
    """Write a number that has one reading only: a fourth decimal where three would look like a group of thousands."""
    text = f"{number.normalize():f}".replace(".", ",")
    whole, mark, part = text.partition(",")
    return f"{text}0" if mark and len(part) == 3 and whole.lstrip("-") != "0" else text


def _open_document(archive: zipfile.ZipFile, name: str, said: dict[str, str]) -> list[tuple[str, Grid | None]]:
    """Return the title and the rows of each sheet of an .ods."""
    import lxml.etree

    if archive.getinfo("content.xml").file_size > _LARGEST_SHEET:
        raise TableError(f"{name} would unfold to more than the {_LARGEST_SHEET // 10**6} MB that are read")
    try:
        root = lxml.etree.fromstring(archive.read("content.xml"), lxml.etree.XMLParser(resolve_entities=False))
    except lxml.etree.XMLSyntaxError as error:
        raise TableError(f"{name} is a damaged workbook") from error
    hidden = _styles(root, f"{_STYLE}table-properties", f"{_TABLE}display", "false$")
    return [
        (
            table.get(f"{_TABLE}name", ""),
            None if table.get(f"{_TABLE}style-name") in hidden else Grid(tuple(_ods_rows(table, said))),
        )
        for table in root.iter(f"{_TABLE}table")
    ]


def _styles(root: Any, properties: str, attribute: str, pattern: str) -> set[str]:
    """Return the names of the styles that give to an attribute a value that begins so."""
    own = (each.getparent() for each in root.iter(properties) if re.match(pattern, each.get(attribute, "")))
    return {style.get(f"{_STYLE}name") for style in own}


def _ods_rows(table: Any, said: dict[str, str]) -> Iterator[Row]:
    title, number, rows = table.get(f"{_TABLE}name"), 1, list[Row]()
    rounded: list[str] = []
    root, of_text = table.getroottree().getroot(), f"{_STYLE}text-properties"
    raised = _styles(root, of_text, f"{_STYLE}text-position", "super")
    struck = {
        style
        for attribute in ("text-line-through-style", "text-line-through-type")
        for style in _styles(root, of_text, f"{_STYLE}{attribute}", "(?!none).")
    }
    columns = [column for column in table.iter(f"{_TABLE}table-column") for _ in range(_repeated(column, "columns"))]
    flat = _styles(root, f"{_STYLE}table-row-properties", f"{_STYLE}row-height", r"0(?:\.0*)?[a-z]*$")
    flat |= _styles(root, f"{_STYLE}table-column-properties", f"{_STYLE}column-width", r"0(?:\.0*)?[a-z]*$")
    for line in table.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        spans: dict[int, int] = {}
        hidden: set[int] = set()
        for cell in line.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            text = _ods_text(cell, raised)
            styles = {cell.get(f"{_TABLE}style-name"), *(span.get(f"{_TEXT}style-name") for span in cell.iter())}
            if styles & struck and re.search(r"\w", text):
                raise _hidden(text, f"{title}, l. {number}")
            text = _ods_shown(cell, text, f"{title}, l. {number}", rounded)
            if not text and cell.get(f"{_TABLE}formula"):
                raise TableError(
                    "a formula was never computed: open the workbook and save it", cell=f"{title}, l. {number}"
                )
            spans[len(cells)] = int(cell.get(f"{_TABLE}number-rows-spanned") or 1)
            hidden |= set(range(len(cells) + 1, len(cells) + int(cell.get(f"{_TABLE}number-columns-spanned") or 1)))
            cells += itertools.repeat(text, min(_repeated(cell, "columns"), _WIDEST))
        unseen = [text for text, column in zip(cells, columns, strict=False) if _collapsed(column, flat)]
        unseen = cells if _collapsed(line, flat) else unseen
        if any(re.search("[0-9]", text) for text in unseen):
            raise _hidden(next(filter(None, unseen)), f"{title}, l. {number}")
        if any(cells) and _repeated(line, "rows") > _LONGEST:
            raise TableError("a row is repeated over the whole sheet", cell=f"{title}, l. {number}")
        for rank in range(_repeated(line, "rows") if any(cells) else 0):
            rows.append(Row(tuple(cells), f"{title}, l. {number + rank}", spans, frozenset(hidden)))
        number += _repeated(line, "rows")
    said |= {title: _as_held(title, rounded[0])} if rounded else {}
    width = max((rank + 1 for row in rows for rank, text in enumerate(row.cells) if text), default=0)
    for row in rows:
        yield replace(row, cells=(*row.cells[:width], *[""] * (width - len(row.cells))))


def _ods_shown(cell: Any, text: str, place: str, rounded: list[str]) -> str:
    """Return what a cell holds, written as its text; refuse a number that is not, rounded, the one that it holds."""
    figure, value = numeral(text), cell.get(f"{_OFFICE}value")
    if not value or (text and figure is None):
        return text or " ".join(cell.get(f"{_OFFICE}{of}-value", "") for of in ("string", "date")).strip()
    share = cell.get(f"{_OFFICE}value-type") == "percentage"
    held = (Decimal(f"{float(value):.15g}") * (100 if share else 1)).normalize()
    if figure is None:
        unit = {"percentage": " %", "currency": " €"}.get(cell.get(f"{_OFFICE}value-type"), "")
        return f"{_written(held)}{unit}"
    shown = readings(figure.digits).values()
    if all(abs(abs(held) - each) > Decimal(1).scaleb(int(each.as_tuple().exponent)) / 2 for each in shown):
        raise TableError(f"the format shows {text!r}, another number than {value}, which the cell holds", cell=place)
    if abs(held) in shown or int(held.as_tuple().exponent) < -_COMPUTED + 2 * share:
        return text
    rounded.append(f"{_written(held)} ({place})")
    return text.replace(figure.digits, _written(abs(held)))


def _repeated(node: Any, what: str) -> int:
    return int(node.get(f"{_TABLE}number-{what}-repeated") or 1)


def _collapsed(node: Any, flat: Collection[str]) -> bool:
    return node.get(f"{_TABLE}visibility") in ("collapse", "filter") or node.get(f"{_TABLE}style-name") in flat


def _ods_text(cell: Any, raised: Collection[str]) -> str:
    for space in cell.iter(f"{_TEXT}s"):
        space.text = " " * int(space.get(f"{_TEXT}c") or 1)
    for mark in cell.iter(f"{_TEXT}tab", f"{_TEXT}line-break"):
        mark.text = "\n"
    for span in cell.iter(f"{_TEXT}span"):
        if span.get(f"{_TEXT}style-name") in raised:
            span.text = (span.text or "").translate(RAISED)
    return "\n".join("".join(line.itertext()) for line in cell.iterchildren(f"{_TEXT}p")).strip()
