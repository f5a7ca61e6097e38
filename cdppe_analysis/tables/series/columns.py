"""Read the two files that would end the estimates of the FIR, by the names of their columns.

Neither could be had when this was written; `publications.yml` says under `fichiers` which columns are expected. A file
is a CSV of one row a département and a date (Cnaf: `numdep`, `dtreffre`, `indfoy_asf`, `indben_aeeh`), of which
December is kept, or of one row a département (Insee, Filosofi: `CODGEO` and the number of poor households of the year
that ends the names of its columns).

Known drawback: tested on made files only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.tables import read_text_table
from cdppe_analysis.storage.workbook import letters
from cdppe_analysis.tables.series.headings import is_mark
from cdppe_analysis.tables.series.publications import Publication, catalogue
from cdppe_analysis.tables.series.table import check_complete, code_of

SHEET = "CSV"
"""What stands for the sheet in a file that has none."""

_ELSEWHERE = frozenset({"99", "999", "ZZ", "XX", "975", "977", "978"})
_DATES = (re.compile(r"(\d{4})-?(\d\d)(?:-?\d\d)?(?:T.*)?"), re.compile(r"\d\d/(\d\d)/(\d{4})"))


def read_columns(path: str | Path) -> tuple[Publication, pd.DataFrame]:
    """Return the publication that a CSV is, and its rows, without the edition.

    Raises
    ------
    TableError
        When its columns are those of no known file, or when a cell, a date or a département is not certain.
    """
    frame = read_text_table(path)
    named = {column.strip().lower(): column for column in frame.columns}
    for kind in catalogue()["fichiers"]:
        if kind["code"] in named and all(name in named for name in kind.get("date", "").split()):
            found = list(_columns(kind, named))
            if found:
                return _read(kind, frame, named, found)
    expected = "; ".join(f"{kind['editeur']}: {kind['code']} and {kind['attendu']}" for kind in catalogue()["fichiers"])
    raise TableError(
        f"{Path(path).name} is neither a workbook nor a file whose columns are known ({expected}); it has "
        f"{', '.join(list(frame.columns)[:8])}",
        cell="line 1",
    )


def _columns(kind: Mapping[str, Any], named: Mapping[str, str]) -> Iterator[tuple[str, str, str, int | None]]:
    """Yield each series that the file has: its name, unit, column, and the year that ends the column's name."""
    for serie, own in kind["series"].items():
        for lower, column in named.items():
            match = re.fullmatch(own["colonne"], lower)
            if match is not None:
                year = 2000 + int(match[1]) if match.groups() and match[1] else None
                yield serie, own["unite"], column, year


def _read(
    kind: Mapping[str, Any],
    frame: pd.DataFrame,
    named: Mapping[str, str],
    found: list[tuple[str, str, str, int | None]],
) -> tuple[Publication, pd.DataFrame]:
    codes = frame[named[kind["code"]]]
    rows, seen = [], dict[tuple[str, int, str], int]()
    for number in range(len(frame)):
        place = f"{letters(list(frame.columns).index(named[kind['code']]))}{frame.index[number]}"
        code = code_of(str(codes.iloc[number]))
        if code is None:
            if str(codes.iloc[number]).strip().upper() in _ELSEWHERE:
                continue
            raise TableError(f"{codes.iloc[number]!r} is no code of a département", cell=place)
        date = _december(frame, named, kind, number) if "date" in kind else None
        if "date" in kind and date is None:
            continue
        for serie, unit, column, own_year in found:
            year = date or own_year or _year_of(named)
            cell = f"{letters(list(frame.columns).index(column))}{frame.index[number]}"
            if year is None:
                raise TableError(f"the year of {column!r} is told by no column", cell=cell)
            if (serie, year, code) in seen:
                first = seen[serie, year, code]
                raise TableError(f"{code!r} is given twice in {year} (line {first} too)", cell=cell)
            seen[serie, year, code] = int(frame.index[number])
            text = str(frame[column].iloc[number]).strip()
            if is_mark(text):
                continue
            if not re.fullmatch(r"\d+(?:\.\d+)?", text):
                raise TableError(f"{text!r} is no count", cell=cell)
            rows.append((serie, year, code, float(text), unit, SHEET, cell))
    if not rows:
        raise TableError(f"no row is of a month of December (column {kind['date']!r})", cell="line 2")
    table = pd.DataFrame(rows, columns=["serie", "annee", "code_departement", "valeur", "unite", "feuille", "cellule"])
    for serie, year in sorted({(serie, year) for serie, year, _ in seen}):
        check_complete({code for s, y, code in seen if (s, y) == (serie, year)}, f"{serie} of {year}")
    last = int(table["annee"].max())
    return (
        Publication(
            kind["id"],
            kind["edition"].format(fin=last),
            kind["editeur"],
            kind["titre"].format(fin=last),
            kind["licence"],
            "",
            str(last),
            {"depuis": 2015, "series": list(kind["series"])},
        ),
        table,
    )


def _december(frame: pd.DataFrame, named: Mapping[str, str], kind: Mapping[str, Any], number: int) -> int | None:
    """Return the year of a row of December, `None` for another month."""
    column = named[kind["date"]]
    text = str(frame[column].iloc[number]).strip()
    iso, french = (pattern.fullmatch(text) for pattern in _DATES)
    if iso is None and french is None:
        cell = f"{letters(list(frame.columns).index(column))}{frame.index[number]}"
        raise TableError(f"{text!r} is no date such as 2018-12-01", cell=cell)
    year, month = (int(iso[1]), int(iso[2])) if iso else (int(french[2]), int(french[1])) if french else (0, 0)
    return year if month == 12 else None


def _year_of(named: Mapping[str, str]) -> int | None:
    years = {2000 + int(match[1]) for name in named if (match := re.fullmatch(r"[a-z_]+(\d\d)", name))}
    return years.pop() if len(years) == 1 else None
