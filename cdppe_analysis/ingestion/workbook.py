"""A workbook as grids, one a sheet, by openpyxl: what a person sees in the cells, not what they hold.

A number format is followed where it shows what the cell is worth (decimals, %, a unit in the format, zeros before a
code) and refused where it shows something else (a scale of thousands). Hidden rows or columns that hold numbers and
formulas without a value are refused; hidden sheets are left out, and said.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Collection, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.documents import RAISED, check_pages
from cdppe_analysis.ingestion.grids import Block, Document, Grid, Row

_UNPACKED = 300_000_000
_CELLS = 3_000_000
_UNIT_OF_FORMAT = re.compile(r"(?:\"|\[\$)?\s*(k€|K€|M€|€|EUR)")
_ZEROS = re.compile(r"0{2,9}")


def read_workbook(path: Path, pages: Collection[int] | None = None) -> Document:
    """Read the visible sheets of a workbook.

    Raises
    ------
    TableError
        When the file is no workbook, is damaged, unpacks to far more than a table, or holds hidden rows with numbers,
        formulas without values or formats that show another number than the cell holds.
    """
    _check_archive(path)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shown = openpyxl.load_workbook(path, data_only=True, rich_text=True)
            written = openpyxl.load_workbook(path)
    except Exception as error:  # openpyxl raises its own classes, and those of the XML and ZIP libraries
        raise TableError(f"{path.name} is a damaged workbook: {str(error) or type(error).__name__}") from error
    check_pages(pages, len(shown.worksheets), path.name)
    blocks: list[Block] = []
    remarks = []
    for number, sheet in enumerate(shown.worksheets, start=1):
        if pages is not None and number not in pages:
            continue
        if sheet.sheet_state != "visible":
            remarks.append(f"La feuille masquée « {sheet.title} » n'est pas lue.")
            continue
        rows = tuple(_rows(sheet, written[sheet.title]))
        if rows:
            blocks.append(Grid(rows))
    if not blocks:
        raise TableError(f"nothing is written in {path.name}")
    return Document(path.name, tuple(blocks), tuple(remarks))


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            size = sum(member.file_size for member in archive.infolist())
            if not any(name.endswith("workbook.xml") for name in names):
                kind = "a word-processor file: print it to a PDF" if "word/document.xml" in names else "an archive"
                raise TableError(f"{path.name} is {kind}, no .xlsx workbook")
            if size > _UNPACKED:
                raise TableError(
                    f"{path.name} unpacks to {size // 10**6} MB, more than the {_UNPACKED // 10**6} MB that are read"
                )
            for name in names:
                if "worksheets/" in name and name.endswith(".xml"):
                    for corner in re.findall(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', archive.read(name)):
                        if int(corner[3]) - int(corner[1]) > 100_000 or len(corner[2]) > 2:
                            raise TableError(f"{path.name} merges cells over the whole sheet", cell=name)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise TableError(f"{path.name} is a damaged workbook: {error}") from error


def _rows(sheet: Any, formulas: Any) -> Iterator[Row]:
    cells: dict[int, dict[int, str]] = {}
    if len(sheet._cells) > _CELLS:
        raise TableError(f"the sheet {sheet.title!r} holds {len(sheet._cells)} cells, more than are read")
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    for (row, column), cell in sorted(sheet._cells.items()):
        text = _text(cell, formulas._cells.get((row, column)))
        if text:
            hidden = sheet.row_dimensions[row].hidden or _hidden_column(sheet, column)
            if hidden and re.search(r"[0-9]", text):
                raise TableError(f"{text!r} stands in a hidden row or column: show it, or delete it", cell=_place(cell))
            if not hidden:
                cells.setdefault(row, {})[column] = text
    if not cells:
        return
    first = min(min(row) for row in cells.values())
    last = max(max(row) for row in cells.values())
    if last - first > 500:
        raise TableError(f"the sheet {sheet.title!r} has cells in {last - first + 1} columns: no table is so wide")
    for row, found in cells.items():
        spans = {
            column - first: merged[row, column].max_row - row + 1
            for column in found
            if (row, column) in merged and merged[row, column].max_row > row
        }
        yield Row(tuple(found.get(c, "") for c in range(first, last + 1)), f"{sheet.title}, l. {row}", spans)


def _hidden_column(sheet: Any, column: int) -> bool:
    return any(
        dimension.hidden and dimension.min is not None and dimension.min <= column <= dimension.max
        for dimension in sheet.column_dimensions.values()
    )


def _place(cell: Any) -> str:
    return f"{cell.parent.title}, {cell.coordinate}"


def _text(cell: Any, formula: Any) -> str:
    """Return what the cell shows."""
    value, shape = cell.value, str(cell.number_format)
    if value is None:
        if formula is not None and formula.data_type == "f":
            raise TableError("a formula has no value: open the workbook, compute it and save it", cell=_place(cell))
        return ""
    if isinstance(value, list):
        return "".join(_run(part) for part in value).strip()
    if isinstance(value, str):
        if cell.data_type == "e":
            raise TableError(f"the cell shows the error {value}", cell=_place(cell))
        return value.strip()
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)):
        return value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else str(value)
    positive = shape.split(";")[0]
    if re.search(r"[0#?],+(?![0#?])", positive):
        raise TableError(f"the format {shape!r} shows another number than the cell holds", cell=_place(cell))
    unit = _UNIT_OF_FORMAT.search(positive)
    number = Decimal(str(value))
    if "%" in positive:
        return f"{_written(number * 100)} %"
    if _ZEROS.fullmatch(positive) and number == number.to_integral_value() and number >= 0:
        return str(int(number)).zfill(len(positive))
    return _written(number) + (f" {unit[1].replace('EUR', '€').replace('K', 'k')}" if unit else "")


def _run(part: Any) -> str:
    """Write raised the figures of a run of rich text that is raised: a footnote mark, not a digit."""
    raised = getattr(getattr(part, "font", None), "vertAlign", None) == "superscript"
    return str(part).translate(RAISED) if raised else str(part)


def _written(number: Decimal) -> str:
    """Write a number that has one reading only: a fourth decimal where three would look like a group of thousands."""
    text = f"{number.normalize():f}".replace(".", ",")
    whole, mark, part = text.partition(",")
    return f"{text}0" if mark and len(part) == 3 and whole.lstrip("-") != "0" else text
