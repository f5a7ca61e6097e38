"""Workbooks for people who work in a spreadsheet: a sheet a table, headings in words, numbers as numbers, text as text.

A cell that starts with `=`, `+`, `-` or `@` is written as text. Nothing of the machine or of the day goes into the
file, so that the same tables give the same bytes. Known drawback: an exact rational becomes the nearest float.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cdppe_analysis.errors import ReportError

_EPOCH = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
_LONGEST_NAME = 31
_WIDEST = 60


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet: its name, its table, the heading and the number format of columns that have their own."""

    nom: str
    table: pd.DataFrame
    titres: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook in the format of Excel 2007 and later.

    Parameters
    ----------
    sheets
        In their order. Formats are Excel's, such as `#,##0` or `0.0%`.

    Raises
    ------
    ReportError
        When a name is longer than 31 signs, or given twice.

    Examples
    --------
    >>> content = workbook([Sheet("Montants", pd.DataFrame({"code_departement": ["01"], "montant_eur": [1]}))])
    >>> content[:2]
    b'PK'
    """
    import xlsxwriter

    names = [sheet.nom for sheet in sheets]
    for name in names:
        if len(name) > _LONGEST_NAME or names.count(name) > 1:
            raise ReportError(f"{name!r} cannot be the name of a sheet: too long, or given twice")
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"created": _EPOCH, "author": "cdppe-analysis"})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        kinds: dict[str, Any] = {}
        for sheet in sheets:
            page = book.add_worksheet(sheet.nom)
            page.freeze_panes(1, 0)
            for place, column in enumerate(sheet.table.columns):
                kind = sheet.formats.get(str(column))
                if kind is not None and kind not in kinds:
                    kinds[kind] = book.add_format({"num_format": kind})
                title = sheet.titres.get(str(column), str(column))
                cells = [_plain(value) for value in sheet.table[column]]
                page.write_string(0, place, title, heading)
                for row, cell in enumerate(cells, start=1):
                    if isinstance(cell, str):
                        page.write_string(row, place, cell)
                    elif isinstance(cell, bool):
                        page.write_boolean(row, place, cell)
                    elif cell is not None:
                        page.write_number(row, place, cell, kinds.get(kind) if kind else None)
                longest = max((len(cell) if isinstance(cell, str) else 12 for cell in cells), default=0)
                page.set_column(place, place, min(_WIDEST, max(longest, len(title) // 2, 8) + 2))
    return written.getvalue()


def _plain(value: Any) -> str | bool | int | float | None:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return bool(value)
    number = float(value)
    if number in (float("inf"), float("-inf")):
        return "∞" if number > 0 else "−∞"
    return int(number) if number.is_integer() else number
