"""Read a publisher's file: every table by département in it, as rows with the cell each value comes from.

A publication is known by the texts above its tables, an edition by what the workbook says of itself (« Données
nationales de 1996 à 2020 », « Données actualisées au 19 janvier 2022 »), a series by the title of its table and the
heading of its column: `publications.yml` holds the patterns. A table that no pattern names keeps a name made of its own
words, so that nothing is left out.

Columns: serie, edition, annee, code_departement, valeur, unite, feuille, cellule. Values alone are kept: what the
publisher marks as missing (« nd », « - », « NR ») gives no row, and is counted in the fate of its sheet. A sheet that
holds no table is left out by its name; one that cannot be read for certain is refused, and then nothing is given,
unless the reader leaves that sheet out by its name.

Two CSV that would end the estimates of the FIR are known by the names of their columns (`publications.yml`,
`fichiers`): of one row a département and a date (Cnaf: `numdep`, `dtreffre`, `indfoy_asf`, `indben_aeeh`), of which
December is kept, or of one row a département (Insee, Filosofi: `CODGEO` and the number of poor households of the year
that ends the names of its columns).

Known drawbacks: the name made of the words of a table changes when the publisher words its title otherwise; the two CSV
could not be had, and are tested on made files only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.files import read_bytes
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.storage.tables import read_text_table
from cdppe_analysis.storage.workbook import Sheet, letters, open_workbook
from cdppe_analysis.tables.series.headings import SeriesColumn, is_mark
from cdppe_analysis.tables.series.table import SeriesTable, check_complete, code_of
from cdppe_analysis.tables.series.totals import Allowances
from cdppe_analysis.territories.names import normalised

COLUMNS = ("serie", "edition", "annee", "code_departement", "valeur", "unite", "feuille", "cellule")
READ, WITHOUT_TABLE, LEFT_OUT = "read", "no table by département", "left out as asked"

_HELD = [column for column in COLUMNS if column != "edition"]
"""Columns of the raw table of an edition."""

_SHEET = "CSV"
"""What stands for the sheet in a file that has none."""

_ELSEWHERE = frozenset({"99", "999", "ZZ", "XX", "975", "977", "978"})
_DATES = (
    re.compile(r"(?P<year>\d{4})-?(?P<month>\d\d)(?:-?\d\d)?(?:T.*)?"),
    re.compile(r"\d\d/(?P<month>\d\d)/(?P<year>\d{4})"),
)
_MONTHS_IN_FULL = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_MONTHS = [normalised(month) for month in _MONTHS_IN_FULL]
_UNITS = {"en milliers d euros": "milliers d'euros", "en euros": "euros"}


@dataclass(frozen=True)
class Publication:
    """A publication as the catalogue describes it, and the edition that a workbook is."""

    id: str
    edition: str
    editeur: str
    titre: str
    licence: str
    unite: str
    date: str
    garder: Mapping[str, Any]

    def name(self, table: SeriesTable, column: SeriesColumn) -> tuple[str, str]:
        """Return the name and the unit of a series, from the title of its table and the heading of its column."""
        title, heading = _title(table), normalised(column.heading)
        for entry in catalogue()["series"]:
            match = re.search(entry["colonne"], heading) if re.search(entry["titre"], title) else None
            if match:
                return entry["id"].format(*match.groups()), entry.get("unite", self._unit(table, column))
        return "__".join(_words(text) for text in (title, heading) if text), self._unit(table, column)

    def _unit(self, table: SeriesTable, column: SeriesColumn) -> str:
        if column.is_rate:
            return "pour 100" if "pour 100" in normalised(column.heading) else "%"
        texts = {normalised(text) for text in table.above}
        return next((unit for words, unit in _UNITS.items() if words in texts), self.unite)


@dataclass(frozen=True)
class Fate:
    """What became of a sheet: its name, the outcome, how many values and agreeing totals, what a reader must know."""

    sheet: str
    outcome: str
    count: int = 0
    totals: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeriesReading:
    """A workbook read: its publication, its rows (columns of `COLUMNS`), the fate of each sheet."""

    publication: Publication
    rows: pd.DataFrame
    fates: tuple[Fate, ...]

    def kept(self) -> pd.DataFrame:
        """Return the rows that a data folder keeps, without their edition."""
        rules = self.publication.garder
        wanted = self.rows["serie"].map(lambda serie: any(re.fullmatch(named, serie) for named in rules["series"]))
        return self.rows.loc[wanted & self.rows["annee"].ge(rules["depuis"]), _HELD].reset_index(drop=True)


def read_publication(path: str | Path, without: Collection[str] = ()) -> SeriesReading:
    """Read every table by département of a publisher's workbook.

    Parameters
    ----------
    path
        The workbook, `.xlsx` or `.xls`; or a CSV whose columns are known.
    without
        Names of sheets to leave out.

    Raises
    ------
    TableError
        When the file is no workbook, of no known publication, or when a sheet cannot be read for certain: the sentence
        gives the cell and the reason, then says what became of the other sheets.
    """
    if read_bytes(path)[:4] not in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        if without:
            raise TableError(f"there is no sheet {next(iter(without))!r}: {Path(path).name} is no workbook")
        return _read_columns(path)
    sheets = open_workbook(path)
    unknown = sorted(set(without) - {sheet.name for sheet in sheets})
    if unknown:
        raise TableError(f"there is no sheet {unknown[0]!r}; there are {', '.join(sheet.name for sheet in sheets)}")
    allowed = _allowances(sheets)
    tables: dict[str, SeriesTable] = {}
    refusals: dict[str, TableError] = {}
    for sheet in (sheet for sheet in sheets if sheet.name not in without):
        try:
            if (table := SeriesTable.of(sheet, allowed)) is not None:
                tables[sheet.name] = table
        except TableError as error:
            refusals[sheet.name] = error
    if not refusals or tables:
        publication = _recognise(sheets, list(tables.values()), Path(path).name)
    if refusals:
        raise _refused(refusals, len(tables), len(sheets))
    rows = pd.DataFrame(
        [row for table in tables.values() for row in _rows(table, publication)], columns=list(COLUMNS)
    ).astype({"annee": "int64"})
    rows = _without_repeats(rows)
    values = rows["feuille"].value_counts()
    fates = [
        Fate(sheet.name, READ, int(values.get(sheet.name, 0)), tables[sheet.name].checked, _told(tables[sheet.name]))
        if sheet.name in tables
        else Fate(sheet.name, LEFT_OUT if sheet.name in without else WITHOUT_TABLE, notes=_reason(sheet))
        for sheet in sheets
    ]
    rows = rows.sort_values(["serie", "annee", "code_departement"], ignore_index=True, kind="stable")
    return SeriesReading(publication, rows, tuple(fates))


def _rows(table: SeriesTable, publication: Publication) -> Iterator[tuple[object, ...]]:
    last = max(table.years, default=None)
    for column in table.columns:
        serie, unit = publication.name(table, column)
        year = column.year or last
        if not serie:
            raise TableError("the table has no title that says what it counts", cell=table.sheet.address(0, 0))
        if year is None:
            raise TableError("the year of the table is told nowhere above it", cell=table.sheet.address(0, 0))
        for code, row in table.rows.items():
            value = table.value(code, column)
            if value is not None:
                cell = f"{letters(column.index)}{row + 1}"
                yield serie, publication.edition, year, code, value, unit, table.sheet.name, cell


def _without_repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop a value that a second table repeats; refuse one that it contradicts."""
    key = ["serie", "annee", "code_departement"]
    repeated = rows.duplicated(key)
    if not repeated.any():
        return rows
    first = rows.drop_duplicates(key).set_index(key)["valeur"]
    again = rows[repeated].set_index(key)
    wrong = again[again["valeur"].ne(first.reindex(again.index))]
    if len(wrong):
        row = wrong.reset_index().iloc[0]
        raise TableError(
            f"{row['serie']} of {row['code_departement']} in {row['annee']} is {row['valeur']:g} here, and "
            f"{first[tuple(row[key])]:g} in another sheet",
            cell=f"{row['feuille']}!{row['cellule']}",
        )
    return rows[~repeated]


def _refused(refusals: dict[str, TableError], read: int, total: int) -> TableError:
    name, first = next(iter(refusals.items()))
    more = [f"{error.cell}: {error.message}" for error in list(refusals.values())[1:4]]
    others = f"; refused too, {'; '.join(more)}" if more else ""
    others += f"; and {len(refusals) - 4} sheets more" if len(refusals) > 4 else ""
    tables = f"{read} table{'s' if read > 1 else ''}"
    return TableError(
        f"the sheet {name!r} cannot be read for certain: {first.message}{others}; of the {total - len(refusals)} other "
        f"sheets, {tables} can be read; nothing is written (--without {name!r} leaves that sheet out)",
        cell=first.cell,
    )


def _told(table: SeriesTable) -> tuple[str, ...]:
    marks = [f"{count} cells « {mark} »" for mark, count in table.marks.items() if mark]
    return (*table.notes, *([f"no value in {', '.join(marks)}"] if marks else []))


def _reason(sheet: Sheet) -> tuple[str, ...]:
    words: Sequence[str] = [c for row in sheet.rows[:12] for c in row if isinstance(c, str) and "paraître" in c.lower()]
    return tuple(" ".join(word.split()) for word in words[:1])


def _read_columns(path: str | Path) -> SeriesReading:
    """Read a CSV whose columns are those of a known file."""
    frame = read_text_table(path)
    named = {column.strip().lower(): column for column in frame.columns}
    for kind in catalogue()["fichiers"]:
        if {kind["code"], *kind.get("date", "").split()} <= set(named):
            wanted = list(_wanted(kind, named))
            if wanted:
                return _of_columns(kind, frame, named, wanted)
    expected = "; ".join(f"{kind['editeur']}: {kind['code']} and {kind['attendu']}" for kind in catalogue()["fichiers"])
    raise TableError(
        f"{Path(path).name} is neither a workbook nor a file whose columns are known ({expected}); it has "
        f"{', '.join(list(frame.columns)[:8])}",
        cell="line 1",
    )


def _wanted(kind: Mapping[str, Any], named: Mapping[str, str]) -> Iterator[tuple[str, str, str, int | None]]:
    """Yield each series that the file has: its name, unit, column, and the year that a column's name ends with."""
    years = {2000 + int(match[1]) for name in named if (match := re.fullmatch(r"[a-z_]+(\d\d)", name))}
    beside = years.pop() if len(years) == 1 else None
    for serie, own in kind["series"].items():
        for lower, column in named.items():
            match = re.fullmatch(own["colonne"], lower)
            if match is not None:
                year = 2000 + int(match[1]) if match.groups() and match[1] else None
                yield serie, own["unite"], column, year or beside


def _of_columns(
    kind: Mapping[str, Any],
    frame: pd.DataFrame,
    named: Mapping[str, str],
    wanted: Sequence[tuple[str, str, str, int | None]],
) -> SeriesReading:
    places = {column: letters(place) for place, column in enumerate(frame.columns)}
    rows, seen = [], dict[tuple[str, int, str], int]()
    for line, row in zip(frame.index.tolist(), frame.to_dict("records"), strict=True):
        text, column = str(row[named[kind["code"]]]), named[kind["code"]]
        code = code_of(text)
        if code is None and text.strip().upper() not in _ELSEWHERE:
            raise TableError(f"{text!r} is no code of a département", cell=f"{places[column]}{line}")
        year = None
        if code is not None and "date" in kind:
            column = named[kind["date"]]
            year = _december(str(row[column]).strip(), f"{places[column]}{line}")
        if code is None or ("date" in kind and year is None):
            continue
        for serie, unit, column, told in wanted:
            text, cell, when = str(row[column]).strip(), f"{places[column]}{line}", year or told
            if when is None:
                raise TableError(f"the year of {column!r} is told by no column", cell=cell)
            first = seen.setdefault((serie, when, code), line)
            if first != line:
                raise TableError(f"{code!r} is given twice in {when} (line {first} too)", cell=cell)
            if is_mark(text):
                continue
            if not re.fullmatch(r"\d+(?:\.\d+)?", text):
                raise TableError(f"{text!r} is no count", cell=cell)
            rows.append((serie, when, code, float(text), unit, _SHEET, cell))
    if not rows:
        raise TableError(f"no row is of a month of December (column {kind['date']!r})", cell="line 2")
    for serie, when in sorted({key[:2] for key in seen}):
        check_complete({code for *key, code in seen if key == [serie, when]}, f"{serie} of {when}")
    table = pd.DataFrame(rows, columns=_HELD)
    last = int(table["annee"].max())
    titles = (kind["editeur"], kind["titre"].format(fin=last), kind["licence"], "", str(last))
    kept = {"depuis": 2015, "series": list(kind["series"])}
    publication = Publication(kind["id"], kind["edition"].format(fin=last), *titles, kept)
    table.insert(1, "edition", publication.edition)
    return SeriesReading(publication, table, (Fate(_SHEET, READ, len(table)),))


def _december(text: str, cell: str) -> int | None:
    """Return the year of a date of December, `None` for another month."""
    date = next((match for pattern in _DATES if (match := pattern.fullmatch(text))), None)
    if date is None:
        raise TableError(f"{text!r} is no date such as 2018-12-01", cell=cell)
    return int(date["year"]) if date["month"] == "12" else None


def _recognise(sheets: Sequence[Sheet], tables: Sequence[SeriesTable], file: str) -> Publication:
    """Return the publication that a workbook is.

    Parameters
    ----------
    sheets, tables
        All sheets, and the tables found in them.
    file
        Name of the file, for the message.

    Raises
    ------
    TableError
        When no table is of a known publication, or when the edition or the year is not told.
    """
    kinds = [kind for table in tables if (kind := _kind(table)) is not None]
    if not kinds:
        seen = next((t.above[0] for t in tables if t.above), None) or next(_texts(sheets), "nothing")
        raise TableError(
            f"{file} is no workbook of the DREES or of the Insee that is known here: it says {seen[:80]!r}",
            cell=sheets[0].address(0, 0) if sheets else None,
        )
    kind = max(kinds, key=kinds.count)
    own = [table for table in tables if _kind(table) is kind]
    years = [year for table in own for year in table.years]
    if not years:
        raise TableError("the year of the table is told nowhere above it", cell=own[0].sheet.address(0, 0))
    told_of = _edition(sheets, years, spans="{debut}" in kind["edition"])
    if kind["edition"].endswith("-{fin}") and not kind["annees"]:
        other = next((table for table in own if table.years != [int(told_of["fin"])]), None)
        if other is not None:
            told = ", ".join(map(str, other.years)) or "none"
            raise TableError(
                f"the year of this table is {told}, that of the others {told_of['fin']}", cell=other.sheet.address(0, 0)
            )
    dated = "{date}" in kind["edition"]
    if dated and "date" not in told_of:
        told_of |= {"date": told_of["fin"], "jour": f"{told_of['fin']} au plus tôt"}
    edition = kind["edition"].format(**told_of)
    return Publication(
        kind["id"],
        kind.get("noms", {}).get(edition, edition),
        kind["editeur"],
        kind["titre"].format(**told_of),
        kind["licence"],
        kind["unite"],
        told_of["date"] if dated else told_of.get("parution", "n. d."),
        kind["garder"],
    )


def _allowances(sheets: Sequence[Sheet]) -> Allowances:
    """Return by how much totals may miss their parts where the publisher says that they do, and the known misprints.

    The publication itself is enough: an edition may have lost the sheet that warns.
    """
    for kind in catalogue()["publications"]:
        told = (kind["avertissement"], kind["source"]) if "avertissement" in kind else ()
        if any(re.search(pattern, normalised(text)) for text in _texts(sheets) for pattern in told):
            misprints = frozenset((float(printed), float(total)) for printed, total, _ in kind["ecarts"])
            return Allowances(kind["tolerance"]["part"], kind["tolerance"]["nombre"], misprints)
    return Allowances()


def _kind(table: SeriesTable) -> Mapping[str, Any] | None:
    texts = normalised(" ".join((_title(table), *table.above[1:])))
    if re.match(r"tableau \d+\w? repartition", normalised(table.above[0]) if table.above else ""):
        texts = normalised(table.above[0])
    with_years = any(column.year is not None for column in table.columns)
    return next(
        (
            kind
            for kind in catalogue()["publications"]
            if kind["annees"] == with_years and re.search(kind["source"], texts)
        ),
        None,
    )


def _title(table: SeriesTable) -> str:
    title = normalised(re.sub(r"\(?\*+\)?|(?<=[a-z])\d(?=\s)", "", table.above[0])) if table.above else ""
    return re.sub(r"^tableau \d+ ?[a-z]? ", "", title)


def _words(text: str) -> str:
    """Return the words of a text that tell it from others, as one identifier."""
    kept = re.sub(r"\b(?:au 31 decembre|en decembre|par departement|donnees)\b.*|\bdepuis (?:19|20)\d\d\b.*", "", text)
    kept = re.sub(r"\b(?:des?|du|la|les?|l|d|a|aux?|en|par|et|(?:19|20)\d\d)\b", "", kept)
    return "_".join(kept.split())


def _edition(sheets: Sequence[Sheet], years: Sequence[int], *, spans: bool) -> dict[str, str]:
    words_of = {"debut": str(min(years, default="")), "fin": str(max(years, default=""))}
    for text in _texts(sheets):
        words = normalised(text)
        if spans and (span := re.match(r"donnees nationales de (\d{4}) a (\d{4})$", words)) is not None:
            words_of |= {"debut": span[1], "fin": span[2]}
        if re.search(r"\b(?:donnees actualisees|mises? a jour)\b", words) and (day := _day(words)) is not None:
            words_of |= {"date": day, "jour": f"{int(day[8:])} {_MONTHS_IN_FULL[int(day[5:7]) - 1]} {day[:4]}"}
        if (month := re.match(rf"({'|'.join(_MONTHS)}) (\d{{4}}) (?:ajout|mise en ligne)", words)) is not None:
            words_of.setdefault("parution", f"{month[2]}-{_MONTHS.index(month[1]) + 1:02d}")
    return words_of


def _day(words: str) -> str | None:
    """Return the first day that a text names, « 19 janvier 2022 » or « 19/01/2022 », as ISO 8601 writes it."""
    date = re.search(rf"\b(\d\d?)(?:er)? ({'|'.join(_MONTHS)}|\d\d) (\d{{4}})\b", words)
    if date is None:
        return None
    month = int(date[2]) if date[2].isdigit() else _MONTHS.index(date[2]) + 1
    return f"{date[3]}-{month:02d}-{int(date[1]):02d}" if 1 <= month <= 12 else None


def _texts(sheets: Sequence[Sheet]) -> Iterator[str]:
    return (
        cell
        for sheet in sheets
        for row in sheet.rows[:60]
        for cell in row[:6]
        if isinstance(cell, str) and cell.strip()
    )


@cache
def catalogue() -> Mapping[str, Any]:
    """Return what `publications.yml` says, read once."""
    content: Mapping[str, Any] = read_yaml(Path(__file__).with_suffix(".yml"), TableError)
    return content
