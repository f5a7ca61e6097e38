"""Tables for people: in a notebook as HTML and as text, and in a formatted workbook, with their sources.

In a notebook: French numbers, headings in words, the source under the table, by great_tables; the same table has a
plain text form, so that a notebook shows one and a test holds the other.

In a workbook: a sheet a table, with its title, units, a frozen header, filters, number formats and column widths, and
one for sources and parameters. Codes and any text that begins as a formula does (`=`, `+`, `-`, `@`) are written as
text, so that a spreadsheet never computes what a document prints. Missing values are empty cells. The same tables give
the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.columns import check_columns
from cdppe_analysis.storage.files import replaced

FORMATS: Mapping[str, str] = {
    "€": '#,##0\\ "€"',
    "%": '0.0\\ "%"',
    "‰": '0.0\\ "‰"',
    "": "#,##0.###",
}
"""Number formats by unit; a spreadsheet shows its own separators, French ones in a French system."""

SOURCES = "Sources et paramètres"
_FORBIDDEN = frozenset("[]:*?/\\")
_LONGEST_NAME = 31
_WIDEST = 48
_HEADER = 2
# A date of creation would change the bytes from one day to the next.
_NO_DATE = datetime.datetime(2020, 1, 1)


@dataclass(frozen=True)
class ReadableTable:
    """A table as a notebook shows it (`html`) and as text (`text`)."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def readable_table(
    frame: pd.DataFrame,
    *,
    title: str,
    columns: Mapping[str, str],
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    note: str | None = None,
) -> ReadableTable:
    """Return a table fit to be read.

    Parameters
    ----------
    frame
        The rows, in the order to show.
    title, subtitle
        What the table says, and the measure, unit and date.
    columns
        The columns to show, each with its heading.
    formats
        How to write a column: a function of one value, such as `typography.euros`. Integers and floats are written in
        French without one; a missing value is « n. d. ».
    source, note
        The lines under the table.

    Raises
    ------
    FigureError
        When the frame lacks a column that is to be shown.

    Examples
    --------
    >>> amounts = pd.DataFrame({"libelle": ["Creuse"], "montant_eur": [100000]})
    >>> table = readable_table(
    ...     amounts,
    ...     title="Le plus petit montant",
    ...     columns={"libelle": "Département", "montant_eur": "Montant"},
    ...     formats={"montant_eur": typography.euros},
    ... )
    >>> print(table.text.replace(typography.NNBSP, " "))
    Le plus petit montant
    Département    Montant
    Creuse       100 000 €
    """
    from great_tables import GT

    check_columns(frame, columns)
    written_so = formats or {}
    written = _written(frame[list(columns)], written_so)
    numeric = [name for name in columns if pd.api.types.is_numeric_dtype(frame[name]) or name in written_so]
    shown = (
        GT(written.reset_index(drop=True), id=_identifier(title, written))
        .tab_header(title=title, subtitle=subtitle)
        .cols_label(cases=dict(columns))
        .cols_align("left")
        .tab_options(
            table_font_names=["inherit"],
            table_font_size="90%",
            heading_align="left",
            heading_title_font_size="105%",
            heading_title_font_weight="bold",
            heading_subtitle_font_size="95%",
            data_row_padding="3px",
            source_notes_font_size="85%",
        )
    )
    if numeric:
        shown = shown.cols_align("right", columns=numeric)
    for line in (f"Note : {note}" if note else None, f"Source : {source}" if source else None):
        shown = shown if line is None else shown.tab_source_note(line)
    return ReadableTable(shown.as_raw_html(), _text(title, written, columns, numeric))


def _written(frame: pd.DataFrame, formats: Mapping[str, Callable[[Any], str]]) -> pd.DataFrame:
    def cell(column: str, value: Any) -> str:
        return typography.MISSING if pd.isna(value) else formats.get(column, _plain)(value)

    return pd.DataFrame({name: [cell(str(name), value) for value in frame[name]] for name in frame.columns}, dtype=str)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "oui" if value else "non"
    number = float(value)  # type: ignore[arg-type]
    return typography.number(number, 0 if number.is_integer() else 2)


def _identifier(title: str, written: pd.DataFrame) -> str:
    content = title + written.to_csv(index=False)
    return f"t{hashlib.sha256(content.encode()).hexdigest()[:10]}"


def _text(title: str, written: pd.DataFrame, columns: Mapping[str, str], numeric: list[str]) -> str:
    widths = {
        column: max(_width(heading), *(_width(cell) for cell in written[column]), 0)
        for column, heading in columns.items()
    }

    def line(cells: Mapping[Any, str]) -> str:
        spaces = {name: " " * (widths[name] - _width(cells[name])) for name in columns}
        padded = (spaces[name] + cells[name] if name in numeric else cells[name] + spaces[name] for name in columns)
        return "  ".join(padded).rstrip()

    return "\n".join([title, line(columns), *(line(row) for row in written.to_dict("records"))])


def _width(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)


@dataclass(frozen=True, eq=False)
class Worksheet:
    """A table of a workbook.

    Attributes
    ----------
    name
        Of the sheet: 31 characters at most, none of `[]:*?/` and the backslash.
    title
        What the table says.
    frame
        The rows.
    headings
        Column -> heading; the column's own name where it is left out.
    units
        Column -> unit, written in the heading and used for the number format.
    """

    name: str
    title: str
    frame: pd.DataFrame
    headings: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def write_workbook(
    path: str | Path,
    sheets: Sequence[Worksheet],
    *,
    sources: Sequence[str],
    parameters: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
) -> Path:
    """Write a formatted `.xlsx` workbook, whole or not at all.

    Parameters
    ----------
    path
        The file.
    sheets
        The tables, in order.
    sources
        Where the figures come from, a line each.
    parameters
        What was chosen to compute them, by name.
    notes
        What a reader must be warned of, estimates first.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FigureError
        When there is no sheet or no source, a name is not one that a workbook allows or is given twice, or the suffix
        is not `.xlsx`.
    TableError
        When the folder cannot be written.
    """
    import xlsxwriter

    target = Path(path)
    if target.suffix != ".xlsx":
        raise FigureError(f"a workbook is saved as .xlsx, not {target.suffix or 'without suffix'!r}")
    _check(sheets, sources)
    with replaced(target) as temporary, xlsxwriter.Workbook(temporary) as workbook:
        workbook.set_properties({"title": sheets[0].title, "created": _NO_DATE})
        styles = _styles(workbook)
        for sheet in sheets:
            _write_sheet(workbook, styles, sheet)
        _write_sources(workbook, styles, sources, parameters or {}, notes)
    return target


def _check(sheets: Sequence[Worksheet], sources: Sequence[str]) -> None:
    if not sheets:
        raise FigureError("a workbook needs at least one table")
    if not sources:
        raise FigureError("a workbook needs its sources")
    names = [sheet.name for sheet in sheets] + [SOURCES]
    for name in names:
        if not 0 < len(name) <= _LONGEST_NAME or _FORBIDDEN & set(name):
            raise FigureError(f"{name!r} is no name for a sheet: at most {_LONGEST_NAME} characters, none of []:*?/\\")
    lowered = [name.lower() for name in names]
    twice = [name for name in names if lowered.count(name.lower()) > 1]
    if twice:
        raise FigureError(f"the sheet {twice[0]!r} is given twice")
    for sheet in sheets:
        unknown = [name for name in (*sheet.headings, *sheet.units) if name not in sheet.frame.columns]
        if unknown:
            raise FigureError(f"the table {sheet.name!r} has no column {unknown[0]!r}")


def _styles(workbook: Any) -> dict[str, Any]:
    header = {"bold": True, "bg_color": "#1f6391", "font_color": "#ffffff", "border": 1}
    header |= {"text_wrap": True, "valign": "top"}
    styles = {
        "titre": workbook.add_format({"bold": True, "font_size": 14}),
        "entete": workbook.add_format(header),
        "texte": workbook.add_format({"num_format": "@"}),
        "long": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "gras": workbook.add_format({"bold": True, "valign": "top"}),
    }
    for unit, number_format in FORMATS.items():
        styles[f"nombre {unit}"] = workbook.add_format({"num_format": number_format})
    return styles


def _write_sheet(workbook: Any, styles: Mapping[str, Any], sheet: Worksheet) -> None:
    page = workbook.add_worksheet(sheet.name)
    columns = [str(column) for column in sheet.frame.columns]
    page.write_string(0, 0, sheet.title, styles["titre"])
    for number, column in enumerate(columns):
        values = sheet.frame.iloc[:, number]
        unit = sheet.units.get(column, "")
        heading = sheet.headings.get(column, column) + (f" ({unit})" if unit else "")
        page.write_string(_HEADER, number, heading, styles["entete"])
        number_style = styles[f"nombre {unit}"] if unit in FORMATS else styles["nombre "]
        for row, value in enumerate(values, start=_HEADER + 1):
            _write_cell(page, row, number, value, styles["texte"], number_style)
        longest = max([len(heading), *(len(_shown(value)) for value in values)], default=8)
        page.set_column(number, number, min(_WIDEST, max(9, longest + 2)))
    page.freeze_panes(_HEADER + 1, 1)
    if columns:
        page.autofilter(_HEADER, 0, _HEADER + len(sheet.frame), len(columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER)


def _write_cell(page: Any, row: int, column: int, value: object, text: Any, number: Any) -> None:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        page.write_blank(row, column, None, number)
    elif isinstance(value, (bool, np.bool_)):
        page.write_string(row, column, "oui" if value else "non", text)
    elif isinstance(value, (int, float, np.integer, np.floating)) and math.isfinite(value):
        page.write_number(row, column, float(value), number)
    else:
        page.write_string(row, column, _shown(value), text)


def _write_sources(
    workbook: Any,
    styles: Mapping[str, Any],
    sources: Sequence[str],
    parameters: Mapping[str, str],
    notes: Sequence[str],
) -> None:
    page = workbook.add_worksheet(SOURCES)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 96)
    page.write_string(0, 0, SOURCES, styles["titre"])
    entries = [*(("Source", text) for text in sources), *parameters.items(), *(("Note", text) for text in notes)]
    for row, (name, text) in enumerate(entries, start=2):
        page.write_string(row, 0, name, styles["gras"])
        page.write_string(row, 1, text, styles["long"])


def _shown(value: object) -> str:
    if isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, float):
        return f"{value:.1f}" if abs(value) < 1e6 else f"{value:.0f}"
    return "" if value is None or value is pd.NA or value is pd.NaT else str(value)
