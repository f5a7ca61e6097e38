"""Recognise the publication that a workbook is, its edition, and the name of each of its series.

A publication is known by the texts above its tables, an edition by what the workbook says of itself (« Données
nationales de 1996 à 2020 », « Données actualisées au 19 janvier 2022 »), a series by the title of its table and the
heading of its column: `publications.yml` holds the patterns. A table that no pattern names keeps a name made of its own
words, so that nothing is left out.

Known drawback: the name made of the words of a table changes when the publisher words its title otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.storage.workbook import Sheet
from cdppe_analysis.tables.series.headings import SeriesColumn
from cdppe_analysis.tables.series.table import SeriesTable
from cdppe_analysis.tables.series.totals import Allowances
from cdppe_analysis.territories.names import normalised

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


def recognise(sheets: Sequence[Sheet], tables: Sequence[SeriesTable], file: str) -> Publication:
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


def allowances(sheets: Sequence[Sheet]) -> Allowances:
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
