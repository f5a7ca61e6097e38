"""Tables as files: written the same to the byte everywhere, read without a guess.

What a person saves from a spreadsheet is read where it is certain: UTF-8 (with or without a mark) or Windows-1252,
comma, semicolon or tab, decimal comma where the separator is not a comma, and workbooks. Anything else is an error that
says what was seen.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.writing import replaced

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_WORKBOOKS = {".xlsx", ".xlsm"}


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

    Raises
    ------
    TableError
        When the file is missing, empty, in an unknown encoding, or when its separator is not certain.
    """
    file = Path(path)
    if file.suffix.lower() in _WORKBOOKS:
        return _read_workbook(file)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise TableError(f"cannot read {file}: {error.strerror}") from error
    if content[:4] == b"PK\x03\x04" or b"\x00" in content[:1024]:
        raise TableError(f"{file.name} is no text file; a workbook must be named .xlsx")
    text = _decoded(content, file)
    separator = _separator(text, file)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    header = [cell.strip() for cell in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise TableError(f"row {number} has {len(row)} cells, the header {len(header)}", cell=file.name)
    _check_header(header, file)
    cells = [[cell.strip() for cell in row] for row in rows[1:]]
    if separator != ",":
        cells = [[_with_decimal_point(cell) for cell in row] for row in cells]
    return pd.DataFrame(cells, columns=header, dtype=str)


def _decoded(content: bytes, file: Path) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(f"{file.name} is neither in UTF-8 nor in Windows-1252")


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
    try:
        with pd.ExcelFile(file, engine="openpyxl") as workbook:
            if len(workbook.sheet_names) != 1:
                listed = ", ".join(str(name) for name in workbook.sheet_names)
                raise TableError(f"the workbook has several sheets ({listed}): keep one", cell=file.name)
            frame = pd.read_excel(workbook, dtype=object, keep_default_na=False)
    except (OSError, ValueError, KeyError) as error:
        raise TableError(f"cannot read the workbook {file.name}: {error}") from error
    frame.columns = [str(name).strip() for name in frame.columns]
    _check_header(list(frame.columns), file)
    return frame.map(lambda cell: cell.strip() if isinstance(cell, str) else cell)
