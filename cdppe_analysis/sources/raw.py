"""Read a raw table: check its bytes against the catalogue, keep every cell as printed, name it as tables do."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources.documents import load_sources
from cdppe_analysis.storage.files import data_dir

_WRITTEN = re.compile(r"(?P<tableau>\S+) L(?P<ligne>\d+)(?: (?P<colonne>\S+))?")


@dataclass(frozen=True)
class CellReference:
    """A cell (or a whole row, without `colonne`) of a raw table.

    Examples
    --------
    >>> str(CellReference("b-enveloppes", 7, "dotation_departement"))
    'b-enveloppes L7 dotation_departement'
    >>> CellReference.parse("b-enveloppes L7").ligne
    7
    """

    tableau: str
    ligne: int
    colonne: str | None = None

    def __str__(self) -> str:
        written = f"{self.tableau} L{self.ligne}"
        return written if self.colonne is None else f"{written} {self.colonne}"

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


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_raw(source: str, tableau: str, folder: Path | None = None) -> RawTable:
    """Read a raw table whose bytes are those that the catalogue declares.

    Parameters
    ----------
    source, tableau
        Identifiers of the catalogue.
    folder
        The data folder; the installation's own when left out.

    Raises
    ------
    SourceError
        When the source, the table or the file is missing, or when the hash changed.
    """
    root = folder or data_dir()
    sources = load_sources(root)
    if source not in sources:
        raise SourceError(f"the catalogue has no source {source!r}")
    raw_file = sources[source].file(tableau)
    path = root / "raw" / raw_file.chemin
    if not path.is_file():
        raise SourceError("a raw file of the catalogue is missing", cell=f"raw/{raw_file.chemin}")
    digest = sha256(path)
    if digest != raw_file.sha256:
        raise SourceError(
            f"a raw file changed: its SHA-256 begins {digest[:12]}, the catalogue says {raw_file.sha256[:12]}",
            cell=f"raw/{raw_file.chemin}",
        )
    cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    if list(cells.columns) != ["ligne", *raw_file.colonnes]:
        raise SourceError(
            f"its columns are {', '.join(cells.columns)}, the catalogue says ligne, {', '.join(raw_file.colonnes)}",
            cell=f"raw/{raw_file.chemin}",
        )
    cells = cells.astype({"ligne": int}).set_index("ligne")
    if not cells.index.is_unique:
        raise SourceError("a printed row is numbered twice", cell=f"raw/{raw_file.chemin}")
    return RawTable(source, tableau, cells)
