"""The register of departures from the print, `data/corrections.yml`.

Two kinds of entries, each with its reason:

- a correction says which cell is read otherwise than printed. It must match the printed text exactly, and change it:
  one that matches nothing is an error, so that a correction never outlives the figure that it corrects;
- a declared gap says which printed total is not the sum of its parts, with both figures. A gap that is not declared,
  or a declared gap that is not there, is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from cdppe_analysis.errors import CorrectionError, SourceError, TableError
from cdppe_analysis.sources.documents import CellReference, RawTable, Source, load_sources, read_kept
from cdppe_analysis.storage.files import data_dir, sha256
from cdppe_analysis.storage.strict import Strict, read_yaml


@dataclass(frozen=True)
class Correction:
    """One cell, what is printed in it, what is read instead, and why."""

    source: str
    tableau: str
    ligne: int
    colonne: str
    imprime: str
    corrige: str
    raison: str

    def __str__(self) -> str:
        return f"{self.source} {CellReference(self.tableau, self.ligne, self.colonne)}"


@dataclass(frozen=True)
class DeclaredGap:
    """A printed total, the sum of its parts, and why they differ."""

    source: str
    tableau: str
    ligne: int
    colonne: str
    imprime: int
    somme: int
    raison: str


_Entry = TypeVar("_Entry", Correction, DeclaredGap)
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Register:
    """All declared departures from the print."""

    corrections: tuple[Correction, ...]
    ecarts_declares: tuple[DeclaredGap, ...]

    def corrections_of(self, source: str, tableau: str) -> tuple[Correction, ...]:
        """Return the corrections of one table."""
        return tuple(c for c in self.corrections if (c.source, c.tableau) == (source, tableau))

    def gaps_of(self, source: str, tableau: str) -> tuple[DeclaredGap, ...]:
        """Return the declared gaps of one table."""
        return tuple(g for g in self.ecarts_declares if (g.source, g.tableau) == (source, tableau))


def _declared(folder: Path) -> Register:
    kept = read_kept(folder / "corrections.yml", "register", CorrectionError)
    content = Strict(CorrectionError).keyed({} if kept is None else kept, "corrections.yml")
    corrections = _entries(Correction, content.get("corrections"), "correction")
    for correction in corrections:
        if correction.imprime == correction.corrige:
            raise CorrectionError("a correction changes nothing", cell=str(correction))
    return Register(corrections, _entries(DeclaredGap, content.get("ecarts_declares"), "declared gap"))


def apply_corrections(raw: RawTable, corrections: Iterable[Correction]) -> RawTable:
    """Return the table with each correction applied, cell by cell.

    Raises
    ------
    CorrectionError
        When a correction names a cell that is not there, or whose printed text is another, or a cell corrected twice.
    """
    cells = raw.cells.copy()
    corrected: set[tuple[int, str]] = set()
    for correction in corrections:
        place = (correction.ligne, correction.colonne)
        if correction.ligne not in cells.index or correction.colonne not in cells.columns:
            raise CorrectionError("a declared correction matches nothing: there is no such cell", cell=str(correction))
        if place in corrected:
            raise CorrectionError("a cell is corrected twice", cell=str(correction))
        printed = cells.at[place]
        if printed != correction.imprime:
            raise CorrectionError(
                f"a declared correction matches nothing: the cell prints {printed!r}, not {correction.imprime!r}",
                cell=str(correction),
            )
        cells.at[place] = correction.corrige
        corrected.add(place)
    return raw.with_cells(cells)


def _entries(kind: type[_Entry], listed: Sequence[dict[str, Any]] | None, word: str) -> tuple[_Entry, ...]:
    entries, read = [], Strict(CorrectionError)
    for rank, entry in enumerate(read.listed(listed, f"corrections.yml, {word}s"), start=1):
        place = f"corrections.yml, {word} {rank}"
        entries.append(read.built(kind, entry, place))
        if not entries[-1].raison.strip():
            raise CorrectionError("the entry gives no reason", cell=place)
    return tuple(entries)


@dataclass(frozen=True)
class Archive:
    """What was read of the documents of a data folder, opened once, and the columns of the tables made of it.

    Examples
    --------
    >>> Archive.open().corrected("annexe7-ondam-2020", "b-enveloppes").cells.at[15, "dotation_departement"]
    '1 995 607 €'
    """

    folder: Path

    @classmethod
    def open(cls, folder: Path | None = None) -> Archive:
        """Open that of a data folder; the installation's own when none is given."""
        return cls(folder or data_dir())

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The catalogue of sources, by identifier."""
        return load_sources(self.folder)

    @cached_property
    def register(self) -> Register:
        """The declared departures from the print, each of a table of the catalogue.

        Raises
        ------
        CorrectionError
            When an entry lacks a key, has an unknown one, gives no reason, changes nothing, or is of no table.
        """
        register = _declared(self.folder)
        tables = {(source.id, raw_file.tableau) for source in self.sources.values() for raw_file in source.fichiers}
        for correction in register.corrections:
            if (correction.source, correction.tableau) not in tables:
                raise CorrectionError(
                    "a declared correction matches nothing: there is no such table", cell=str(correction)
                )
        return register

    def raw(self, source: str, tableau: str) -> RawTable:
        """Return a table as printed, its bytes those that the catalogue declares.

        Raises
        ------
        SourceError
            When the source, the table or the file is missing, or when the hash changed.
        """
        return self.once((source, tableau), lambda: self._read(source, tableau))

    def _read(self, source: str, tableau: str) -> RawTable:
        if source not in self.sources:
            raise SourceError(f"the catalogue has no source {source!r}")
        raw_file = self.sources[source].file(tableau)
        path, place = self.folder / "raw" / raw_file.chemin, f"raw/{raw_file.chemin}"
        if not path.is_file():
            raise SourceError("a raw file of the catalogue is missing", cell=place)
        digest = sha256(path)
        if digest != raw_file.sha256:
            raise SourceError(
                f"a raw file changed: its SHA-256 begins {digest[:12]}, the catalogue says {raw_file.sha256[:12]}",
                cell=place,
            )
        cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        if list(cells.columns) != ["ligne", *raw_file.colonnes]:
            raise SourceError(
                f"its columns are {', '.join(cells.columns)}, the catalogue says ligne, {', '.join(raw_file.colonnes)}",
                cell=place,
            )
        cells = cells.astype({"ligne": int}).set_index("ligne")
        if not cells.index.is_unique:
            raise SourceError("a printed row is numbered twice", cell=place)
        return RawTable(source, tableau, cells)

    def built(self, build: Callable[[Archive], pd.DataFrame]) -> pd.DataFrame:
        """Return what a builder of clean tables makes of this archive, built once."""
        return self.once(build, lambda: build(self))

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what is made of this archive under a key: made when it is first asked for, then kept."""
        if key not in self._made:
            self._made[key] = make()
        made: _Made = self._made[key]
        return made

    def corrected(self, source: str, tableau: str) -> RawTable:
        """Return a table with its declared corrections applied; see `apply_corrections`."""
        return apply_corrections(self.raw(source, tableau), self.register.corrections_of(source, tableau))

    def as_read(self, source: str, tableau: str) -> RawTable:
        """Return a table of a study: corrected where its folder declares corrections, else as printed."""
        declared = (self.folder / "corrections.yml").is_file()
        return self.corrected(source, tableau) if declared else self.raw(source, tableau)

    def columns(self, table: str) -> list[str]:
        """Return the columns of a clean table, which `schemas.yml` alone says.

        Raises
        ------
        TableError
            When no schema describes it.
        """
        if table not in self.schemas["tables"]:
            raise TableError(f"the table {table!r} has no schema", cell="schemas.yml")
        return list(self.schemas["tables"][table]["champs"])

    @cached_property
    def schemas(self) -> dict[str, dict[str, Any]]:
        """What `schemas.yml` says: the tables, and the columns that they share (`communs`).

        That of the installation, where the folder has none.
        """
        own = self.folder / "schemas.yml"
        return dict(read_yaml(own if own.is_file() else data_dir() / own.name, TableError))

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """What is declared of the numbers that the documents print."""
        return dict(read_yaml(self.folder / "nombres.yml"))
