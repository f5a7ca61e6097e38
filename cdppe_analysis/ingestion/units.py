"""The unit and the value of every amount of a table.

A cell's own unit wins, then the unit of the heading, then the only one that the other cells print. Dots separate
thousands in the whole table as soon as one amount has two of them, or where the unit is the euro.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.doubts import Doubt, place
from cdppe_analysis.ingestion.entries import Cell, Entries
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.tables.amounts import PrintedAmount, ordinary_spaces, parse_amount

_HEADING = 15
_IN_A_HEADING = re.compile(
    r"(?i:\ben|\() ?(?:(?P<kilo>[kK] ?(?:€|[Ee]uros?|EUR)|(?i:milliers? d ?['’] ?(?:euros?|€)))"
    r"|(?P<mega>M ?(?:€|[Ee]uros?|EUR)|(?i:millions? d ?['’] ?(?:euros?|€)))"
    r"|(?P<euro>€|(?i:euros?\b)|EUR\b))"
)
_DOTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}(?![0-9])")
_FIVE_GROUPS = re.compile(r"[0-9]{1,3}(?:[ '’.][0-9]{3}){4,}")
_NO_BREAK = set("\u00a0\u202f\u2009\u2007")
_A_MILLIARD = 10**9


@dataclass(frozen=True)
class Values:
    """The amounts of the cells, in euros, and their units; `default` is that of a cell without one (None: unknown)."""

    of_cell: Mapping[Cell, PrintedAmount]
    default: str | None
    doubts: tuple[Doubt, ...]

    @property
    def unknown(self) -> bool:
        """No unit is printed anywhere."""
        return self.default is None and all(amount.unit is None for amount in self.of_cell.values())

    def unit(self, cell: Cell) -> str:
        """Return the unit of a cell, an empty text where none is known."""
        amount = self.of_cell.get(cell)
        return (amount.unit if amount is not None else None) or self.default or ""

    def sum(self, cells: Iterable[Cell]) -> tuple[Decimal, Decimal]:
        """Return the sum of cells in euros and half a unit of the last digit of each, added up; a void counts for 0."""
        amounts = [self.of_cell[cell] for cell in cells if not cell.void]
        return Decimal(sum(amount.euros for amount in amounts)), sum((a.step / 2 for a in amounts), Decimal(0))


def values_of(document: Document, table: Entries) -> Values:
    """Read every amount of a table.

    Raises
    ------
    TableError
        When an amount has two readings, when units are mixed and one is missing, when the heading gives two, or when
        several amounts seem to be read as one.
    """
    cells = [cell for entry in table.entries for cell in entry.cells if not cell.void]
    heading = _heading_unit(document, table.first)
    dots = heading == "€" or any(_DOTS.search(cell.text) for cell in cells)
    printed = {cell: _parsed(document, cell, heading, dots) for cell in cells}
    without = [cell for cell, amount in printed.items() if amount.unit is None]
    default = heading or _only_unit(document, printed, without)
    if default is not None:
        printed |= {cell: _parsed(document, cell, default, dots) for cell in without}
    for entry in table.entries:
        for cell in entry.cells:
            if not cell.void and not entry.label.is_total and printed[cell].euros >= _A_MILLIARD:
                raise _side_by_side(document, cell)
    doubts = [*_doubts_on_units(document, table, without, default, heading)]
    if not document.aligned and len(without) == len(cells):
        doubts += _doubts_on_columns(document, cells)
    return Values(printed, default, tuple(doubts))


def _parsed(document: Document, cell: Cell, unit: str | None, dots: bool) -> PrintedAmount:
    if _FIVE_GROUPS.search(ordinary_spaces(cell.text)):
        raise _side_by_side(document, cell)
    return parse_amount(cell.text, unit=unit or "€", dots=dots, cell=_where(document, cell))


def _side_by_side(document: Document, cell: Cell) -> TableError:
    return TableError(
        f"{cell.text!r} is too large for one amount: several may stand side by side", cell=_where(document, cell)
    )


def _only_unit(document: Document, printed: Mapping[Cell, PrintedAmount], without: Sequence[Cell]) -> str | None:
    """Return the unit that the cells print, where they print only one."""
    units = sorted({amount.unit for amount in printed.values() if amount.unit is not None})
    if len(units) > 1 and without:
        raise TableError(
            f"{without[0].text!r} prints no unit, and the others print {' and '.join(units)}",
            cell=_where(document, without[0]),
        )
    return units[0] if len(units) == 1 else None


def _doubts_on_units(
    document: Document, table: Entries, without: Sequence[Cell], default: str | None, heading: str | None
) -> Iterable[Doubt]:
    if without and default is None:
        yield Doubt(
            *place(document, table.first),
            "unite",
            without[0].text,
            "Aucune unité n'est imprimée, ni avec les montants ni en tête ; la colonne « unite » est vide.",
        )
    elif heading is None:
        for cell in without:
            message = f"Ce montant est imprimé sans unité ; les autres sont en {default}."
            yield Doubt(*place(document, cell.line), "unite", cell.text, message)


def _doubts_on_columns(document: Document, cells: Sequence[Cell]) -> Iterable[Doubt]:
    """Say that two columns could read as one: bare numbers, whose groups an ordinary space separates."""
    spaced = [cell for cell in cells if " " in cell.text]
    if not spaced:
        return
    if any(set(cell.text) & _NO_BREAK for cell in cells):
        raise TableError(
            f"{spaced[0].text!r} may be two amounts: others separate their thousands by no-break spaces",
            cell=_where(document, spaced[0]),
        )
    yield Doubt(
        *place(document, spaced[0].line),
        "colonnes",
        spaced[0].text,
        "Ni unité ni colonnes visibles : deux colonnes de trois chiffres se liraient comme une seule.",
    )


def _where(document: Document, cell: Cell) -> str:
    page, number = place(document, cell.line)
    return f"page {page}, line {number}"


def _heading_unit(document: Document, first: int) -> str | None:
    found = {
        "k€" if match["kilo"] else "M€" if match["mega"] else "€"
        for line in document.lines[max(0, first - _HEADING) : first]
        for match in _IN_A_HEADING.finditer(ordinary_spaces(line.text))
    }
    if len(found) > 1:
        raise TableError(f"the heading gives several units: {' and '.join(sorted(found))}")
    return found.pop() if found else None
