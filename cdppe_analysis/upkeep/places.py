"""The recorded places of the clean rows: each names a cell that the document prints, and the cell holds the figure.

`emplacement` names one or several cells (`tableau L<ligne> <colonne>`), or a row where it prints no figure. A cell must
stand in the text of the document at the line that its raw table gives, and each figure of the clean row must be one of
those that its cells print.

Known drawback: of a date, the day alone is compared: its year may stand elsewhere in the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.sources import Archive, CellReference
from cdppe_analysis.sources.printed import load_document, placed
from cdppe_analysis.tables.amounts import read_amount, read_figure
from cdppe_analysis.tables.pmi import SEPARATOR

FIGURES: Mapping[str, tuple[str, ...]] = {
    "allocations": ("montant_eur",),
    "prevalence": ("valeur", "borne_basse", "borne_haute"),
    "sejours": ("duree_jours", "mois_imprimes"),
    "pmi": ("valeur",),
    "objectifs": ("numero",),
    "dispositifs": ("valeur", "places"),
    "echeances": ("jours_avant_j", "date"),
    "reperes": ("valeur", "borne_basse", "borne_haute"),
}
"""The tables that are drawn from the documents, each with the columns that hold its figures."""


Printed: TypeAlias = dict[tuple[str, int], dict[str, str]]
"""The texts of the printed cells, by table and row, then by column."""


def check_places(name: str, documents: Path, archive: Archive, printed: Callable[[str], Printed] | None = None) -> str:
    """Hold each place of a clean table to the documents.

    Parameters
    ----------
    name
        One of `FIGURES`.
    documents
        The folder of the official texts.
    archive
        What was read of them.
    printed
        What `printed_texts` gives of a source, where it is kept from one table to the next.

    Returns
    -------
    str
        How many rows and places were held.

    Raises
    ------
    SourceError
        Naming the first place that names no printed cell, or the first figure that its places do not print.
    """
    table = pd.read_csv(archive.folder / "clean" / f"{name}.csv", dtype=str, keep_default_na=False)
    table = table[table["source"].map(lambda source: archive.sources[source].texte is not None)]
    printed = printed or partial(printed_texts, archive, documents)
    cells_of = {source: printed(source) for source in table["source"].unique()}
    places = 0
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        where = f"clean/{name}.csv, line {number + 2}"
        texts = []
        for written in row["emplacement"].split(SEPARATOR):
            reference = CellReference.parse(written)
            cells = cells_of[row["source"]].get((reference.table, reference.row), {})
            if not cells or (reference.column is not None and not cells.get(reference.column)):
                raise SourceError(f"{written!r} names no cell that the document prints", cell=where)
            texts += [cells[reference.column]] if reference.column else list(cells.values())
            places += 1
        held = {figure for text in texts for figure in _figures(text)}
        for column in FIGURES[name]:
            figure = row[column][-2:] if column == "date" and row[column].count("-") >= 2 else row[column]
            if column == "date" and figure == row[column]:
                continue
            if figure and Decimal(figure) not in held:
                raise SourceError(f"its places do not print the {figure!r} of its column {column!r}", cell=where)
    return f"{len(table)} rows, {places} places"


def lead_back(table: pd.DataFrame, archive: Archive) -> str:
    """Follow every place of a table to its printed cell.

    Raises
    ------
    SourceError
        When a place names no cell, or no table of the catalogue.
    TableError
        When the raw table has no such row or column.
    """
    pairs = zip(table["source"], table["emplacement"], strict=True)
    places = sorted({(source, part) for source, place in pairs for part in place.split(SEPARATOR)})
    for source, part in places:
        reference = CellReference.parse(part)
        cells = archive.raw(source, reference.table).cells
        if reference.row not in cells.index or reference.column not in {None, *cells.columns}:
            raise TableError("a row leads to no printed cell", cell=f"{source} {reference}")
    return f"{len(table)} rows lead to {len(places)} cells"


def printed_texts(archive: Archive, documents: Path, source: str) -> Printed:
    """Return the texts of the cells that stand in their place, by table and row, then by column."""
    entry = archive.sources[source]
    document = load_document(entry, documents)
    printed: Printed = {}
    for raw_file in entry.fichiers:
        raw = archive.raw(source, raw_file.tableau)
        for ligne in raw.cells.index:
            printed[raw_file.tableau, int(ligne)] = {"": ""} if "ligne_texte" in raw_file.colonnes else {}
        for ligne, column in placed(document, archive, raw_file):
            printed[raw_file.tableau, ligne][column] = str(raw.cells.at[ligne, column])
    return printed


def _figures(text: str) -> set[Decimal]:
    """Return every figure that a cell can be read to hold."""
    figures = {Decimal(digits.replace(",", ".")) for digits in re.findall(r"\d+(?:,\d+)?", text)}
    figures |= {Decimal(0)} if text == "Jour J" else set()
    for read in (_figure, _amount):
        try:
            figures |= read(text)
        except TableError:
            continue
    return figures


def _figure(text: str) -> set[Decimal]:
    figure = read_figure(text)
    return {number for number in (figure.value, figure.low, figure.high) if number is not None}


def _amount(text: str) -> set[Decimal]:
    return {Decimal(read_amount(text))}
