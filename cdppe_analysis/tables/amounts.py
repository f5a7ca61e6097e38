"""Read the amounts that documents print, exactly, or refuse them.

An amount is digits, whole or in groups of three, then a unit if any. Between two groups may stand spaces of any kind
(ordinary, no-break, narrow, thin, figure…), an apostrophe or a dot, never two kinds in one amount. The decimal mark is
a comma; a dot is one where it can be nothing else. The unit is €, k€ or M€, as a sign or in words. Footnote marks
(`*`, `†`, `(1)`, `[a]`, `¹`) are dropped wherever they stand around the digits and the unit.

Refused, since they have two readings or none: `460.530` (thousands or decimals, unless it is followed by €, or the
caller knows that the dots of the table separate thousands), `460,530 €` (there is no thousandth of a euro), groups that
are not of three, a leading zero, a sign, an unknown unit, an empty cell.

Known drawback: the digits of two columns, set one space apart, look like one amount (`12 345`). Only the layout of the
page can tell, and this module sees one cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import CellReference

SCALES = {"€": 1, "k€": 1_000, "M€": 1_000_000}
"""Euros in one unit."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_EURO = r"(?:€|EUR(?:OS?)?|[Ee]uros?)"
UNIT = (
    rf"(?:(?P<mega>M ?{_EURO}|[Mm]illions? d ?['’] ?{_EURO})"
    rf"|(?P<kilo>[kK] ?{_EURO}|[Mm]illiers? d ?['’] ?{_EURO})"
    rf"|(?P<euro>{_EURO}))"
)
"""Regular expression of a printed unit, once every space is an ordinary one; its groups say which unit it is."""

MARKS = r"(?: *(?:[*†‡§]|[⁰¹²³⁴-⁹ᵃᵇᶜᵈᵉ]|\((?:[0-9]{1,2}|[a-z]|\*+)\)|\[(?:[0-9]{1,2}|[a-z]|\*+)\]))*"
"""Regular expression of footnote marks, under the same condition."""

_AMOUNT = re.compile(rf"{MARKS} *(?P<digits>[0-9](?:[0-9 .,'’]*[0-9])?){MARKS} *{UNIT}?{MARKS} *")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?: +[0-9]{3}){1,4}|(?:['’][0-9]{3}){1,4}|(?:\.[0-9]{3}){1,4})")
_PLAIN = re.compile(r"0|[1-9][0-9]{0,14}")
_PLAIN_DECIMALS = re.compile(r"[0-9]+")
_CENTS = {1: 2, 1_000: 5, 1_000_000: 8}


@dataclass(frozen=True)
class PrintedAmount:
    """An amount as it was read: euros (an int when whole), the unit printed if any, and euros in its last digit."""

    euros: int | Decimal
    unit: str | None
    step: Decimal


def read_amount(printed: str, *, unit: str = "€", dots: bool = False, cell: str | None = None) -> int | Decimal:
    """Return a printed amount in euros, exact.

    Parameters
    ----------
    printed
        The text of one cell.
    unit
        The unit of a cell that prints none, as the heading of its column says: `€`, `k€` or `M€`.
    dots
        The table is known to separate thousands by dots, so that a single group after a dot is one too.
    cell
        Where the cell stands, for the message.

    Returns
    -------
    int or Decimal
        Euros: an int when the amount is whole, a Decimal with at most two decimals otherwise.

    Raises
    ------
    TableError
        When the text is anything else than one amount, with the text and the cell.

    Examples
    --------
    >>> read_amount("1 296 880 €"), read_amount("15 M€"), read_amount("460 530,50 € (1)")
    (1296880, 15000000, Decimal('460530.50'))
    >>> read_amount("460.530 €"), read_amount("460.530", dots=True)
    (460530, 460530)
    >>> read_amount("460.530", cell="annexe L3")
    Traceback (most recent call last):
    cdppe_analysis.errors.TableError: '460.530' could be 460530 or 460,530 (at annexe L3)
    """
    return parse_amount(printed, unit=unit, dots=dots, cell=cell).euros


def parse_amount(printed: str, *, unit: str = "€", dots: bool = False, cell: str | None = None) -> PrintedAmount:
    """Return what `read_amount` does, with the printed unit and the precision of the print.

    Examples
    --------
    >>> parse_amount("460,5 k€")
    PrintedAmount(euros=460500, unit='k€', step=Decimal('100'))
    >>> parse_amount("460 530").unit is None
    True
    """
    match = _AMOUNT.fullmatch(ordinary_spaces(printed).strip())
    if match is None:
        raise TableError(f"{printed!r} is no amount", cell=cell)
    own_unit = "M€" if match["mega"] else "k€" if match["kilo"] else "€" if match["euro"] else None
    scale = SCALES[own_unit or unit]
    whole, decimals = _whole_and_decimals(match["digits"], printed, dots or own_unit == "€", cell)
    if len(decimals) > _CENTS[scale]:
        raise TableError(f"{printed!r} is no amount: a cent has no fraction", cell=cell)
    step = Decimal(scale) / 10 ** len(decimals)
    euros = Decimal(whole + decimals) * step
    return PrintedAmount(
        int(euros) if euros == euros.to_integral_value() else euros.quantize(Decimal("0.01")), own_unit, step
    )


def read_amounts(printed: pd.Series[str], tableau: str, *, unit: str = "€", dots: bool = False) -> pd.Series[Any]:
    """Return a column of printed amounts in euros, exact.

    Parameters
    ----------
    printed
        One column of a raw table: text, indexed by the printed row number, named as the column.
    tableau
        Name of the raw table, for the message.
    unit, dots
        As in `read_amount`.

    Returns
    -------
    Series
        Python numbers (dtype object), same index and name.

    Raises
    ------
    TableError
        Naming the first cell that is no amount.

    Examples
    --------
    >>> import pandas as pd
    >>> column = pd.Series(["460 530 €", "575 939"], index=[1, 3], name="dotation_region")
    >>> read_amounts(column, "b-enveloppes").tolist()
    [460530, 575939]
    """
    amounts = [
        read_amount(text, unit=unit, dots=dots, cell=str(CellReference(tableau, int(str(ligne)), str(printed.name))))
        for ligne, text in printed.items()
    ]
    return pd.Series(amounts, index=printed.index, name=printed.name, dtype=object)


def ordinary_spaces(printed: str) -> str:
    r"""Return a text whose every space is an ordinary one, without what has no width.

    Examples
    --------
    >>> ordinary_spaces("1\u202f296\u00a0880\u200b €")
    '1 296 880 €'
    """
    return visible(printed).translate(_SPACES)


def visible(printed: str) -> str:
    """Return a text without what has no width: zero-width spaces and joiners, soft hyphens, byte-order marks."""
    return printed.translate(_INVISIBLE)


def _whole_and_decimals(digits: str, printed: str, dots: bool, cell: str | None) -> tuple[str, str]:
    whole, mark, decimals = digits.partition(",")
    if not mark and digits.count(".") == 1:
        if not _GROUPED.fullmatch(digits):
            whole, mark, decimals = digits.partition(".")
        elif not dots:
            raise TableError(f"{printed!r} could be {digits.replace('.', '')} or {digits.replace('.', ',')}", cell=cell)
    if not (_PLAIN.fullmatch(whole) or _GROUPED.fullmatch(whole)):
        raise TableError(f"{printed!r} is no amount: its digits are not in groups of three", cell=cell)
    if mark and not _PLAIN_DECIMALS.fullmatch(decimals):
        raise TableError(f"{printed!r} is no amount: {decimals!r} are no decimals", cell=cell)
    return re.sub(r"[^0-9]", "", whole), decimals
