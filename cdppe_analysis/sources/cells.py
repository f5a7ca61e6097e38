"""The name of one printed cell, as tables carry it in their column `emplacement`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cdppe_analysis.errors import SourceError

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
