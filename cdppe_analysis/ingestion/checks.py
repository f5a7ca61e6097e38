"""A printed total beside the sum of its parts.

It equals the sum, or misses it by no more than the rounding of the parts allows (half a unit of the last printed digit
of each part and of the total), or is not their sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cdppe_analysis.ingestion.doubts import place
from cdppe_analysis.ingestion.entries import Cell, Entry
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.ingestion.units import Values

Nature = Literal["region", "sous_total", "total", "ligne"]
Status = Literal["egal", "arrondi", "ecart"]


@dataclass(frozen=True)
class Check:
    """One total: what it is the total of, its label and place, its column (from 1), and both figures in euros.

    Examples
    --------
    >>> Check("total", "TOTAL", 1, 160, 1, "15 000 000 €", Decimal(15000000), Decimal(15000001), Decimal("15.5")).statut
    'arrondi'
    """

    nature: Nature
    libelle: str
    page: int
    ligne: int
    colonne: int
    imprime: str
    total: Decimal
    somme: Decimal
    tolerance: Decimal

    @property
    def statut(self) -> Status:
        """`egal`, `arrondi` (within the rounding of the parts) or `ecart`."""
        gap = abs(self.total - self.somme)
        return "egal" if gap == 0 else "arrondi" if gap <= self.tolerance else "ecart"


def check(
    document: Document,
    values: Values,
    nature: Nature,
    entry: Entry,
    column: int,
    cell: Cell,
    parts: Iterable[Cell | None],
) -> Check:
    """Compare a cell of `entry`, in a column counted from 0, with the cells that it should add up."""
    total, half = values.sum([cell])
    somme, halves = values.sum(part for part in parts if part is not None)
    page, line = place(document, cell.line)
    label = " ".join(entry.label.text.split())
    return Check(nature, label, page, line, column + 1, cell.text, total, somme, half + halves)
