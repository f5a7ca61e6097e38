"""Tables for people: French numbers, headings in words, the source under the table; HTML by great_tables.

The same table has a plain text form, so that a notebook shows one and a test holds the other.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError


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

    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise FigureError(f"the frame has no column {missing[0]!r}; it has {', '.join(map(str, frame.columns))}")
    written = _written(frame[list(columns)], formats or {})
    numeric = [
        column for column in columns if pd.api.types.is_numeric_dtype(frame[column]) or column in (formats or {})
    ]
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
    return pd.DataFrame(
        {
            column: [
                typography.MISSING if pd.isna(value) else formats.get(str(column), _plain)(value)
                for value in frame[column]
            ]
            for column in frame.columns
        },
        dtype=str,
    )


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
        padded = [
            " " * (widths[c] - _width(cells[c])) + cells[c]
            if c in numeric
            else cells[c] + " " * (widths[c] - _width(cells[c]))
            for c in columns
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([title, line(columns), *(line(row) for row in written.to_dict("records"))])


def _width(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)
