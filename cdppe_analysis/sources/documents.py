"""The catalogue of sources, `data/sources.yml`: one entry a document or an edition of a series, with its raw tables.

A raw table keeps every cell as printed; a cell is named as the clean tables name it in `emplacement`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import CdppeError, SourceError
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import Strict, read_yaml

_WRITTEN = re.compile(r"(?P<tableau>\S+) L(?P<ligne>\d+)(?: (?P<colonne>\S+))?")


@dataclass(frozen=True)
class RawFile:
    """A raw table of a source: its path under `data/raw`, its hash, where it stands in the document.

    `premiere_ligne` is the line of the text that was read where a table without `ligne_texte` begins; `cellules` names
    the printed columns, where they are not all of them.
    """

    tableau: str
    chemin: str
    sha256: str
    section: str
    titre: str
    colonnes: Mapping[str, str]
    premiere_ligne: int | None = None
    cellules: Sequence[str] = ()


@dataclass(frozen=True)
class Source:
    """A document, or an edition of a statistical series.

    `texte` and `empreinte` are the file and the SHA-256 of the text that was read, where the source is a document;
    `mots` are the words by which figures name it.
    """

    id: str
    titre: str
    editeur: str
    date: str
    licence: str
    nature: str
    fichiers: tuple[RawFile, ...]
    texte: str | None = None
    empreinte: str | None = None
    note: str | None = None
    mots: Sequence[str] = ()

    def file(self, tableau: str) -> RawFile:
        """Return the raw file of one of the source's tables.

        Raises
        ------
        SourceError
            When the source has no such table.
        """
        for raw_file in self.fichiers:
            if raw_file.tableau == tableau:
                return raw_file
        tables = ", ".join(raw_file.tableau for raw_file in self.fichiers)
        raise SourceError(f"the source {self.id!r} has no table {tableau!r}; it has {tables or 'none'}")


@dataclass(frozen=True)
class CellReference:
    """A cell (or a whole row, without `colonne`) of a raw table.

    Examples
    --------
    >>> str(CellReference("b-enveloppes", 7, "dotation_departement"))
    'b-enveloppes L7 dotation_departement'
    >>> CellReference.parse("b-enveloppes L7").row
    7
    """

    table: str
    row: int
    column: str | None = None

    def __str__(self) -> str:
        written = f"{self.table} L{self.row}"
        return written if self.column is None else f"{written} {self.column}"

    @classmethod
    def parse(cls, text: str) -> CellReference:
        """Read back what `str` wrote.

        Raises
        ------
        SourceError
            When the text is no such name.
        """
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise SourceError(f"{text!r} does not name a cell: expected '<tableau> L<ligne> <colonne>'")
        return cls(match["tableau"], int(match["ligne"]), match["colonne"])


@dataclass(frozen=True)
class RawTable:
    """A printed table.

    `cells` is a frame of text indexed by the printed row number `ligne`; an empty cell is an empty string.
    """

    source: str
    tableau: str
    cells: pd.DataFrame

    def reference(self, ligne: int, colonne: str | None = None) -> str:
        """Name a cell of this table, as the clean tables do in `emplacement`."""
        return str(CellReference(self.tableau, ligne, colonne))

    def with_cells(self, cells: pd.DataFrame) -> RawTable:
        """Return the same table with other cells."""
        return replace(self, cells=cells)

    def where_printed(self, read: RawTable, columns: Sequence[str]) -> dict[tuple[int, str], str]:
        """Return the column where each text that is read of this table, once corrected, is printed.

        What is read of a row is what the row prints, in its order, some left out: each text is found where it is
        printed, all together as near as they can be to the columns where they are read. A text that the row does not
        print in that order stands in its own column.

        Parameters
        ----------
        read
            The same table after its corrections.
        columns
            The columns that are read, in the order of the print; a text may be printed in any column from the first on.

        Returns
        -------
        dict
            By (printed row, column where it is read), the column where it is printed; rows without corrections left
            out.
        """
        printed_in: dict[tuple[int, str], str] = {}
        for ligne in read.cells.index[read.cells[list(columns)].ne(self.cells[list(columns)]).any(axis=1)]:
            names: list[str] = self.cells.loc[:, columns[0] :].columns.tolist()
            printed = list(self.cells.loc[ligne, names])
            ways: dict[int, tuple[int, list[int]]] = {-1: (0, [])}
            wanted = [names.index(column) for column in columns if read.cells.at[ligne, column]]
            for rank in wanted:
                text = read.cells.at[ligne, names[rank]]
                ways = {
                    place: min(
                        (cost + abs(place - rank), [*way, place]) for last, (cost, way) in ways.items() if last < place
                    )
                    for place in range(len(printed))
                    if printed[place] == text and any(last < place for last in ways)
                }
            _, way = min(ways.values(), default=(0, wanted))
            printed_in |= {(int(ligne), names[rank]): names[place] for rank, place in zip(wanted, way, strict=True)}
        return printed_in


def load_sources(folder: Path | None = None) -> dict[str, Source]:
    """Read the catalogue.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.

    Returns
    -------
    dict
        The sources by id, in the order of the file.

    Raises
    ------
    SourceError
        When the catalogue is missing, has an unknown or missing key, or names a source twice.
    """
    read, file = Strict(SourceError), "sources.yml"
    content = read.mapping(read_kept((folder or data_dir()) / file, "catalogue of sources"), ["sources"], file)
    sources: dict[str, Source] = {}
    for rank, entry in enumerate(read.listed(content.get("sources"), file), start=1):
        place = f"{file}, {read.keyed(entry, f'{file}, entry {rank}').get('id', f'entry {rank}')}"
        raw_files = tuple(
            read.built(RawFile, raw_file, place) for raw_file in read.listed(entry.get("fichiers"), place)
        )
        source = read.built(Source, {**entry, "fichiers": raw_files}, place)
        if source.id in sources:
            raise SourceError("a source is given twice", cell=place)
        sources[source.id] = source
    _check_table_names(sources)
    return sources


def all_sources() -> dict[str, Source]:
    """Return the installation's sources by id: those of the catalogue, then those of the studies of `etudes`.

    Examples
    --------
    >>> all_sources()["decret-2017-1596"].date
    '2017'
    """
    studies = [load_sources(path.parent) for path in sorted((data_dir() / "etudes").glob("*/sources.yml"))]
    return {name: source for sources in (load_sources(), *studies) for name, source in sources.items()}


def read_kept(path: Path, what: str, error: type[CdppeError] = SourceError) -> Any:
    """Return the content of a YAML file, read again only once it changed."""
    try:
        return _content(path, path.stat().st_mtime_ns, error)  # type: ignore[arg-type]
    except OSError as cause:
        raise error(f"cannot read the {what}: {cause.strerror}", cell=str(path)) from cause


@lru_cache(maxsize=16)
def _content(path: Path, version: int, error: type[CdppeError]) -> Any:  # noqa: ARG001 - the version makes the key change
    return read_yaml(path, error)


def _check_table_names(sources: Mapping[str, Source]) -> None:
    """Refuse two documents whose tables have one name: a cell would not be named by its `emplacement` alone."""
    owners: dict[str, str] = {}
    for source in sources.values():
        for raw_file in source.fichiers if source.nature == "document" else ():
            other = owners.setdefault(raw_file.tableau, source.id)
            if other != source.id:
                raise SourceError(f"{other} and {source.id} both have a table {raw_file.tableau!r}", cell="sources.yml")
