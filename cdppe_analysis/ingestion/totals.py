"""A printed total beside the sum of its parts.

Which rows a total adds up comes from its name (métropole, outre-mer, a région, the whole) and its place (the rows since
the last total, those before the next one); where several sets are possible, one whose sums agree in every column is
taken, and where none does the first is shown with its gap. A total may miss its parts by what their rounding allows:
half a unit of the last printed digit of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cdppe_analysis.ingestion.grids import Row
from cdppe_analysis.ingestion.names import OVERSEAS, Label, region_of

Kind = Literal["departement", "collectivite", "region", "unite", "autre", "dont", "moyenne", "total"]
Status = Literal["egal", "arrondi", "masque", "ecart"]


@dataclass(frozen=True)
class Check:
    """One total: its label and place, its column, the printed text, both figures, what rounding allows.

    `masked` tells that a part is not printed (« s », « c »).

    Examples
    --------
    >>> Check("TOTAL", "l. 9", "Montant", "15 000 000 €", Decimal(15000000), Decimal(15000001), Decimal("15.5")).status
    'arrondi'
    """

    name: str
    place: str
    column: str
    printed: str
    total: Decimal
    added: Decimal
    tolerance: Decimal
    masked: bool = False

    @property
    def status(self) -> Status:
        """`egal`, `arrondi` (by the rounding of the parts), `masque` (above them, one is not printed) or `ecart`."""
        gap = self.total - self.added
        if abs(gap) <= self.tolerance:
            return "arrondi" if gap else "egal"
        return "masque" if self.masked and gap > 0 else "ecart"


@dataclass(frozen=True)
class Rounded:
    """A cell of figures: its value and half of what its last printed digit is worth."""

    value: Decimal
    half: Decimal


@dataclass
class Draft:
    """A row while it is read: its figures by rank of column, and the columns where it is a total that was checked."""

    row: Row
    kind: Kind
    label: Label
    name: str = ""
    code: str = ""
    region: str = ""
    figures: dict[int, Rounded] = field(default_factory=dict)
    checked: set[int] = field(default_factory=set)

    @property
    def region_code(self) -> str:
        """Code of its région: that of the row, or of the département."""
        if self.kind in ("region", "total"):
            return self.label.region
        return region_of(self.code) if self.kind == "departement" else ""

    @property
    def total(self) -> str | None:
        """What it is the total of; None where it is none."""
        return self.label.total


def parts_of(rows: Sequence[Draft], rank: int, columns: Sequence[int]) -> list[int]:
    """Return the ranks of the rows that a total adds up, none where there are none.

    Parameters
    ----------
    rows
        The rows of the table.
    rank
        That of the total.
    columns
        The columns to agree in, where several sets of rows are possible.
    """
    candidates = [group for group in _candidates(rows, rank) if group]
    return max(candidates, key=lambda parts: sum(_agrees(rows, rank, parts, c) for c in columns), default=[])


def compared(total: Rounded, parts: Iterable[Rounded]) -> tuple[Decimal, Decimal]:
    """Return the sum of the parts of a total, and what rounding allows between both.

    Each part is within half its last digit, and a hundred of them do not all err to one side: beyond the worst case
    of a few, four standard deviations of their sum are allowed (a half has the variance h²/3): a false digit shows.

    Examples
    --------
    >>> compared(Rounded(Decimal(3), Decimal("0.5")), [Rounded(Decimal(1), Decimal("0.5"))] * 2)
    (Decimal('2'), Decimal('1.5'))
    """
    figures = list(parts)
    worst = sum((figure.half for figure in figures), Decimal(0))
    likely = 4 * (sum((figure.half**2 for figure in figures), Decimal(0)) / 3).sqrt()
    return sum((figure.value for figure in figures), Decimal(0)), total.half + min(worst, likely)


def _agrees(rows: Sequence[Draft], rank: int, parts: Sequence[int], column: int) -> bool:
    total = rows[rank].figures[column]
    added, allowed = compared(total, [rows[part].figures[column] for part in parts if column in rows[part].figures])
    return abs(added - total.value) <= allowed


def _candidates(rows: Sequence[Draft], rank: int) -> list[list[int]]:
    """Return the sets of rows that a total may add up, the likeliest first."""
    row = rows[rank]
    regions_are_rows = not any(part.kind == "departement" for part in rows)
    summed = ("departement", "collectivite", "unite", "autre", *(["region"] if regions_are_rows else []))
    every = [other for other, part in enumerate(rows) if part.kind in summed]
    territories = [other for other in every if rows[other].kind != "autre"]
    before, after = (_between(rows, rank, way, summed) for way in (-1, 1))
    if row.total == "metropole":
        return [[each for each in territories if rows[each].region_code and not _overseas(rows[each])], before]
    if row.total == "outre_mer":
        overseas = [each for each in territories if not rows[each].region_code or _overseas(rows[each])]
        return [overseas, [each for each in overseas if rows[each].region_code], before]
    if row.total == "hors":
        out, regions = f"{row.label.departement} {row.label.collectivite}".split(), row.label.region.split()
        kept = [each for each in territories if rows[each].code not in out and rows[each].region_code not in regions]
        overseas = [each for each in kept if not rows[each].region_code or _overseas(rows[each])]
        return [kept, [each for each in kept if each not in overseas], overseas]
    if row.kind == "region" or row.total in ("region", "departement"):
        own = [each for each in territories if row.region_code and rows[each].region_code == row.region_code]
        near = [before, after] if row.kind == "total" else [after, before]
        return [own] if own else near
    subtotals = [other for other in range(rank) if rows[other].total is not None]
    since = [other for other in every if other < rank]
    if row.total == "tout":
        return [every, territories, subtotals]
    if rank == len(rows) - 1:
        return [every, territories, since, before, subtotals]
    return [before, since, after, every, territories, subtotals]


def _overseas(part: Draft) -> bool:
    return part.region_code in OVERSEAS


def _between(rows: Sequence[Draft], rank: int, way: int, summed: Sequence[str]) -> list[int]:
    """Return the rows between a total and the last one before it, or the next one after it."""
    between = []
    other = rank + way
    while 0 <= other < len(rows) and rows[other].kind in (*summed, "dont", "moyenne"):
        if rows[other].kind in summed:
            between.append(other)
        other += way
    return sorted(between)
