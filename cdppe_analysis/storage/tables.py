"""Tables as files: written the same to the byte everywhere, read without a guess.

What a person saves from a spreadsheet is read where it is certain: UTF-8, UTF-16 with its mark or Windows-1252,
comma, semicolon or tab, decimal comma where the separator is not a comma, and workbooks. Anything else is an error that
says what was seen.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.files import decoded, read_bytes, replaced
from cdppe_analysis.storage.workbook import open_workbook

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_WORKBOOKS = {".xlsx", ".xlsm", ".xls"}

_TYPED = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(\s[0-9]{3})+)([.,][0-9]+)?")
_COULD_BE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")

LINE = "ligne"
"""Name of the index of a table that was read from a file."""
_FILE = "fichier"


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table in UTF-8 with commas, decimal points, Unix line ends and numbers of 12 significant digits.

    Raises
    ------
    TableError
        When the folder does not exist or cannot be written; nothing is then written.
    """
    with replaced(path) as temporary:
        frame.to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n", float_format="%.12g")


def read_text_table(path: str | Path) -> pd.DataFrame:
    """Read a CSV or a workbook that somebody gives, every cell as text, empty cells as empty strings.

    Returns
    -------
    DataFrame
        Its index, named `ligne`, gives the line of the file (or the row of the sheet) that each row ends on.

    Raises
    ------
    TableError
        When the file is missing, empty, in an unknown encoding, or when its separator is not certain.
    """
    file = Path(path)
    if file.suffix.lower() in _WORKBOOKS:
        return _read_workbook(file)
    content = read_bytes(file)
    if content[:4] == b"PK\x03\x04":
        raise TableError(f"{file.name} is no text file; a workbook must be named .xlsx")
    text = decoded(content, file.name, windows=True)
    separator = _separator(text, file)
    numbered = _rows(text, separator, file)
    (_, header), *rows = numbered
    header = [cell.strip() for cell in header]
    for line, row in rows:
        if len(row) != len(header):
            raise TableError(f"line {line} has {len(row)} cells, the header {len(header)}", cell=file.name)
    _check_header(header, file)
    cells = [[cell.strip() for cell in row] for _, row in rows]
    if separator != ",":
        cells = [[_with_decimal_point(cell) for cell in row] for row in cells]
    frame = pd.DataFrame(cells, columns=header, dtype=str, index=pd.Index([line for line, _ in rows], name=LINE))
    frame.attrs[_FILE] = file.name
    return frame


def place_of(column: pd.Series, rank: int) -> str:
    """Return how messages name a row: the file it came from, where there is one, and its number (see `lines_of`)."""
    row = f"row {lines_of(column.to_frame())[rank]}"
    return f"{column.attrs[_FILE]}, {row}" if _FILE in column.attrs else row


def lines_of(frame: pd.DataFrame) -> list[int]:
    """Return the number by which messages name each row: its line in the file it came from, else its rank from 1."""
    return frame.index.tolist() if frame.index.name == LINE else list(range(1, len(frame) + 1))


def plain_number(cell: Any) -> Any:
    """Return a number as decimal text where what was typed can be only one; anything else is returned as it is.

    Groups of thousands are set apart by spaces of any kind, the decimal mark is a point or a comma. `1,234` stays: it
    could be a thousand.

    Examples
    --------
    >>> plain_number("1 234,5"), plain_number("0,125"), plain_number("1,234"), plain_number("Ain")
    ('1234.5', '0.125', '1,234', 'Ain')
    """
    if not isinstance(cell, str) or not _TYPED.fullmatch(cell):
        return cell
    digits = re.sub(r"\s", "", cell)
    if _COULD_BE_THOUSANDS.fullmatch(digits) and digits == cell:
        return cell
    return digits.replace(",", ".")


def _rows(text: str, separator: str, file: Path) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with its line; a quote that opens or closes nothing is an error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        for row in reader:
            lone = next((cell for cell in row if cell.count('"') % 2), None)
            if lone is not None:
                raise TableError(f"a quote stands alone in {lone[:40]!r}", cell=f"{file.name}, line {reader.line_num}")
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        place = f"{file.name}, line {reader.line_num}"
        if "field larger" in str(error):
            raise TableError(f"a cell has more than {csv.field_size_limit()} letters", cell=place) from error
        raise TableError(f"a quote is opened or closed where no cell begins or ends: {error}", cell=place) from error
    return rows


def _separator(text: str, file: Path) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise TableError(f"{file.name} is empty")
    counts = {separator: lines[0].count(separator) for separator in _SEPARATORS}
    present = [separator for separator, count in counts.items() if count]
    if len(present) == 1:
        return present[0]
    if not present:
        return ","
    seen = " and ".join(f"{counts[separator]} {_SEPARATORS[separator]}" for separator in present)
    raise TableError(f"the separator is not certain: the header has {seen}", cell=file.name)


def _check_header(header: list[str], file: Path) -> None:
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise TableError(f"the column {twice!r} is given twice", cell=file.name)


def _with_decimal_point(cell: str) -> str:
    whole, comma, decimals = cell.partition(",")
    digits = whole.lstrip("+-")
    return f"{whole}.{decimals}" if comma and digits.isdigit() and decimals.isdigit() else cell


def _read_workbook(file: Path) -> pd.DataFrame:
    sheets = [sheet for sheet in open_workbook(file) if any(cell != "" for row in sheet.rows for cell in row)]
    if len(sheets) != 1:
        listed = ", ".join(sheet.name for sheet in sheets)
        told = f"has several sheets ({listed}): keep one" if sheets else "has no cell that is filled"
        raise TableError(f"the workbook {told}", cell=file.name)
    [sheet] = sheets
    for (row, column), flaw in sheet.flaws.items():
        raise TableError(flaw, cell=f"{file.name}, {sheet.address(row, column)}")
    for row, column in sheet.merged:
        raise TableError("cells are merged: give each its own value", cell=f"{file.name}, {sheet.address(row, column)}")
    rows = [(number, row) for number, row in enumerate(sheet.rows) if any(cell != "" for cell in row)]
    width = max(rank for _, row in rows for rank, cell in enumerate(row, start=1) if cell != "")
    for number, values in rows:
        for column, cell in enumerate(values):
            if cell != "" and (number in sheet.hidden_rows or column in sheet.hidden):
                place = f"{file.name}, {sheet.address(number, column)}"
                raise TableError("a hidden row or column holds a value: show it, or delete it", cell=place)
    (_, header), *others = rows
    names = [str(cell).strip() for cell in header[:width]]
    _check_header(names, file)
    cells = [[_of_workbook(cell) for cell in row[:width]] for _, row in others]
    frame = pd.DataFrame(
        cells, columns=names, dtype=object, index=pd.Index([number + 1 for number, _ in others], name=LINE)
    )
    frame.attrs[_FILE] = file.name
    return frame


def _of_workbook(cell: Any) -> Any:
    """Return a cell as text, as a whole number where it is one, or as what it is."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return str(cell)
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
