"""Open a publisher's workbook, `.xlsx` or `.xls`, without a guess and without a risk.

`python-calamine` reads the values: it takes both formats, tells booleans and dates from numbers, and reads 2 MB in a
fifth of a second, where `openpyxl` takes seconds and leaves `.xls` aside. What it does not tell (a formula that was
never computed, a cell in error, hidden columns) or could not survive (a ZIP bomb, a cell at the far corner) is looked
for first, in the XML.

Known drawback: hidden rows, hidden columns and formulas without values are seen in `.xlsx` only.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.files import read_bytes

_MOST_BYTES = 400_000_000
_MOST_RATIO = 100
_MOST_CELLS = 2_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([0-9]+)"([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL)
_HIDDEN = re.compile(rb'<(?:\w+:)?col (?=[^>]*hidden="(?:1|true)")(?=[^>]*min="(\d+)")(?=[^>]*max="(\d+)")[^>]*>')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row (?=[^>]*hidden="(?:1|true)")(?=[^>]*\br="(\d+)")[^>]*>')
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>[^<]|<(?:\w+:)?is>")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows from the first cell on, and what its file says against some cells.

    Attributes
    ----------
    name
        Name of the sheet.
    rows
        Values, row by row; an empty cell is `""`, and a merged area holds its value wherever in it.
    flaws
        Cells that hold no value to be trusted, each with the reason, by row and column.
    hidden, hidden_rows
        Hidden columns, and hidden rows.
    merged
        The first cell of each merged area.
    """

    name: str
    rows: list[list[Any]]
    flaws: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int], ...] = ()

    def at(self, row: int, column: int) -> Any:
        """Return a value, `""` outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def number(self, row: int, column: int) -> float | None:
        """Return the number of a cell, `None` for a text, a boolean, a date."""
        cell = self.at(row, column)
        return float(cell) if type(cell) in {int, float} else None

    def refused(self, reason: str, row: int, column: int) -> TableError:
        """Return the error that names a cell."""
        return TableError(reason, cell=self.address(max(row, 0), column))

    def address(self, row: int, column: int) -> str:
        """Name a cell, sheet first.

        Examples
        --------
        >>> Sheet("Tab6-ase", []).address(11, 3)
        'Tab6-ase!D12'
        """
        return f"{self.name}!{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def open_workbook(path: str | Path) -> list[Sheet]:
    """Return the sheets of a workbook.

    Raises
    ------
    TableError
        When the file is missing, damaged, no workbook, protected by a password, or holds macros; when it would unfold
        beyond 400 MB, or when a cell stands so far that its sheet would fill the memory. The sentence names the cell.
    """
    file = Path(path)
    content = read_bytes(file)
    flaws: dict[str, Sheet] = {}
    if content[:4] == b"PK\x03\x04":
        flaws = _inspected(content, file.name)
    elif content[:8] == _OLE:
        _refuse_closed(content, file.name)
    else:
        raise TableError(f"{file.name} is no workbook: it begins with {content[:12].decode(errors='replace')!r}")
    return list(_sheets(content, file.name, flaws))


def _sheets(content: bytes, name: str, flaws: Mapping[str, Sheet]) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for metadata in workbook.sheets_metadata:
            if metadata.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(metadata.name)
            if sheet.total_height * sheet.total_width > _MOST_CELLS:
                raise _too_far(name, metadata.name, f"{letters(sheet.total_width - 1)}{sheet.total_height}")
            rows = sheet.to_python(skip_empty_area=False)
            areas = sheet.merged_cell_ranges or ()
            _spread(rows, areas)
            known = flaws.get(metadata.name, Sheet(metadata.name, []))
            yield replace(known, rows=rows, merged=tuple(first for first, _ in areas))
    except CalamineError as error:
        raise TableError(f"cannot read the workbook {name}: {str(error) or type(error).__name__}") from error


def _spread(rows: list[list[Any]], areas: Any) -> None:
    """Give every cell of a merged area the value of its first cell."""
    for (top, left), (bottom, right) in areas:
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left]


def _refuse_closed(content: bytes, name: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise TableError(f"{name} is protected by a password: save it without one")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise TableError(f"{name} holds macros: save it without them (.xlsx)")


def _inspected(content: bytes, name: str) -> dict[str, Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unfolded = sum(member.file_size for member in members)
            if unfolded > _MOST_BYTES or unfolded > _MOST_RATIO * max(len(content), 100_000):
                raise TableError(
                    f"{name} would unfold to {unfolded / 1e6:.0f} MB from {len(content) / 1e6:.1f}: not read"
                )
            names = {member.filename for member in members}
            if any("vbaproject" in each.lower() or "/macrosheets/" in each.lower() for each in names):
                raise TableError(f"{name} holds macros: save it without them (.xlsx)")
            if "xl/workbook.xml" not in names:
                raise TableError(f"{name} is no workbook: the archive has no xl/workbook.xml")
            return {title: _flaws(archive.read(member), title, name) for title, member in _parts(archive, names)}
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise TableError(f"the workbook {name} is damaged: {error}") from error


def _parts(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and its part; no parser is used, so that no entity can be expanded."""
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target").lstrip("/").removeprefix("xl/")
        for tag in re.findall(r"<(?:\w+:)?Relationship [^>]*>", relations)
    }
    for tag in re.findall(r"<(?:\w+:)?sheet [^>]*>", archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        member = f"xl/{targets.get(_attribute(tag, r'[A-Za-z0-9]+:id'), '')}"
        if member in names:
            yield _attribute(tag, "name"), member


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"\s{name}=(\"[^\"]*\"|'[^']*')", tag)
    return unescape(match[1][1:-1]) if match else ""


def _flaws(xml: bytes, sheet: str, name: str) -> Sheet:
    """Return a sheet without its rows: what its XML says against some cells, what is hidden."""
    cells: dict[tuple[int, int], str] = {}
    bottom = right = 0
    far = ""
    for column_letters, digits, attributes, inner in _CELL.findall(xml):
        if not inner:
            continue
        row, column = int(digits) - 1, _number(column_letters)
        if row >= bottom or column >= right:
            far = f"{column_letters.decode()}{digits.decode()}"
        bottom, right = max(bottom, row + 1), max(right, column + 1)
        if b't="e"' in attributes:
            cells[row, column] = "the cell is in error"
        elif b"<f" in inner and not _VALUE.search(inner):
            cells[row, column] = "the cell holds a formula that was never computed"
    if bottom * right > _MOST_CELLS:
        raise _too_far(name, sheet, far)
    hidden = {column for low, high in _HIDDEN.findall(xml) for column in range(int(low) - 1, min(int(high), 16_384))}
    rows = {int(number) - 1 for number in _HIDDEN_ROW.findall(xml)}
    return Sheet(sheet, [], cells, frozenset(hidden), frozenset(rows))


def _too_far(name: str, sheet: str, cell: str) -> TableError:
    return TableError(f"{name} is not read: a cell stands far from every table", cell=f"{sheet}!{cell}")


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number - 1
