"""Read the amounts, the figures and the dates that documents print, exactly, or refuse them.

An amount is digits, whole or in groups of three, then a unit if any. Between two groups may stand spaces of any kind
(ordinary, no-break, narrow, thin, figure…), an apostrophe or a dot, never two kinds in one amount. The decimal mark is
a comma; a dot is one where it can be nothing else. The unit is €, k€ or M€, as a sign or in words. Footnote marks
(`*`, `†`, `(1)`, `[a]`, `¹`) are dropped wherever they stand around the digits and the unit.

Refused, since they have two readings or none: `460.530` (thousands or decimals, unless it is followed by €),
`460,530 €` (there is no thousandth of a euro), groups that are not of three, a leading zero, a sign, an unknown unit,
an empty cell.

A figure of running text (`15 et 20 %`, `moins de 70 000 femmes`, `onze objectifs`) is a number or a range, in digits or
in words, with what the text says around it: « moins de », « jusqu'à » make it an upper bound, « plus de », « au moins »
a lower one; « environ » and « près de » leave it a value. Millions are multiplied out. What follows the number (a unit,
a noun) is not read: the raw table says the unit.

Dates are in ISO 8601, no more precise than the print: `15 octobre 2020` is `2020-10-15`, `juillet 2023` is `2023-07`,
`dès 2021` is `2021`; a date of every year is `--06-30`, a half-year `2026-S2`. A day or a month without its year takes
the one that the raw table gives.

Known drawbacks: the digits of two columns, set one space apart, look like one amount (`12 345`): only the layout of the
page can tell, and this module sees one cell. An approximate value and an exact one are written alike; the note of the
row tells them apart. « Début septembre » and « fin du mois de juin » keep their month only.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import CellReference

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_EURO = r"(?:€|EUR(?:OS?)?|[Ee]uros?)"
_UNIT = (
    rf"(?:(?P<mega>M ?{_EURO}|[Mm]illions? d ?['’] ?{_EURO})"
    rf"|(?P<kilo>[kK] ?{_EURO}|[Mm]illiers? d ?['’] ?{_EURO})"
    rf"|(?P<euro>{_EURO}))"
)
"""Regular expression of a printed unit, once every space is an ordinary one; its groups say which unit it is."""

MARKS = r"(?: *(?:[*†‡§]|[⁰¹²³⁴-⁹ᵃᵇᶜᵈᵉ]|\((?:[0-9]{1,2}|[a-z]|\*+)\)|\[(?:[0-9]{1,2}|[a-z]|\*+)\]))*"
"""Regular expression of footnote marks, under the same condition."""

_AMOUNT = re.compile(rf"{MARKS} *(?P<digits>[0-9](?:[0-9 .,'’]*[0-9])?){MARKS} *{_UNIT}?{MARKS} *")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?: +[0-9]{3}){1,4}|(?:['’][0-9]{3}){1,4}|(?:\.[0-9]{3}){1,4})")
_PLAIN = re.compile(r"0|[1-9][0-9]{0,14}")
_PLAIN_DECIMALS = re.compile(r"[0-9]+")

_WORDS = {
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "onze": 11, "trente": 30,
    "une dizaine": 10, "un quart": 25, "un 1/4": 25, "la moitié": 50,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,3}}(?:[  \u202f]\d{{3}})+|\d+(?:,\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_FIGURE = re.compile(
    rf"(?:(?P<upper>moins d['’e] ?|un peu moins de |jusqu['’]à )|(?P<lower>plus de |au moins |au-delà de )"
    rf"|environ |près de |entre |n° ?|n-)?"
    rf"(?P<first>{_NUMBER})(?: (?:à|et|-) (?P<second>{_NUMBER}))?"
    rf"(?P<scale> (?:millions?\b|M€))?(?P<rest>(?:\D.*)?)",
    re.DOTALL,
)

_MONTHS = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\w*"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:avant le )?(?P<day>\d{{1,2}})[ -]{_MONTH}(?:[ -](?P<year>\d{{4}}|\d{{2}}))?",
        rf"(?:début |fin du mois de )?{_MONTH}(?:[ -](?P<year>\d{{4}}|\d{{2}}))?",
        r"(?P<day>\d{2})/(?P<number>\d{2})/(?P<year>\d{4})",
        r"(?P<half>premier|second) semestre (?P<year>\d{4})",
        r"(?P<year>\d{4}) \(situation au (?P<day>\d{2})/(?P<number>\d{2})\)",
        r"(?:dès |en |fin |horizon |avant la fin de l'année )?(?P<year>\d{4})",
    )
)


def read_amount(printed: str, *, cell: str | None = None) -> int | Decimal:
    """Return a printed amount in euros, exact.

    Parameters
    ----------
    printed
        The text of one cell.
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
    >>> read_amount("460.530 €")
    460530
    >>> read_amount("460.530", cell="annexe L3")
    Traceback (most recent call last):
    cdppe_analysis.errors.TableError: '460.530' could be 460530 or 460,530 (at annexe L3)
    """
    match = _AMOUNT.fullmatch(ordinary_spaces(printed).strip())
    if match is None:
        raise TableError(f"{printed!r} is no amount", cell=cell)
    zeros = 6 if match["mega"] else 3 if match["kilo"] else 0
    whole, decimals = _whole_and_decimals(match["digits"], printed, match["euro"] is not None, cell)
    if len(decimals) > zeros + 2:
        raise TableError(f"{printed!r} is no amount: a cent has no fraction", cell=cell)
    euros = Decimal(whole + decimals).scaleb(zeros - len(decimals))
    return int(euros) if euros == euros.to_integral_value() else euros.quantize(Decimal("0.01"))


def read_amounts(printed: pd.Series[str], tableau: str) -> pd.Series[Any]:
    """Return a column of printed amounts in euros, exact.

    Parameters
    ----------
    printed
        One column of a raw table: text, indexed by the printed row number, named as the column.
    tableau
        Name of the raw table, for the message.

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
        read_amount(text, cell=str(CellReference(tableau, int(str(ligne)), str(printed.name))))
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


@dataclass(frozen=True)
class Figure:
    """A printed figure: a value, or one or two bounds."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def only_number(self) -> Decimal:
        """The number printed, where there is one only, whether a value or a bound."""
        numbers = [n for n in (self.value, self.low, self.high) if n is not None]
        if len(numbers) != 1:
            raise TableError(f"there is no single number in {self}")
        return numbers[0]


def read_figure(printed: str, *, cell: str | None = None) -> Figure:
    """Return the figure that a passage prints.

    Parameters
    ----------
    printed
        The few words of the passage that hold the figure.
    cell
        Where they stand, for the message.

    Raises
    ------
    TableError
        When the text begins with no figure, or holds another after it.

    Examples
    --------
    >>> read_figure("15 et 20 %")
    Figure(value=None, low=Decimal('15'), high=Decimal('20'))
    >>> read_figure("moins de 70 000 femmes").high, read_figure("50 M€").value
    (Decimal('70000'), Decimal('50000000'))
    """
    text = " ".join(printed.strip().strip("()").split(" "))
    match = _FIGURE.fullmatch(text[:1].lower() + text[1:])
    if match is None or re.search(r"\d", match["rest"].replace("1/4", "")):
        raise TableError(f"{printed!r} is no figure", cell=cell)
    scale = 1_000_000 if match["scale"] else 1
    first = _number(match["first"]) * scale
    if match["second"] is not None:
        return Figure(low=first, high=_number(match["second"]) * scale)
    if match["upper"]:
        return Figure(high=first)
    return Figure(low=first) if match["lower"] else Figure(value=first)


def _number(text: str) -> Decimal:
    if text in _WORDS:
        return Decimal(_WORDS[text])
    return Decimal(re.sub(r"[  \u202f]", "", text).replace(",", "."))


def read_date(printed: str, year: str = "", *, cell: str | None = None) -> str:
    """Return a printed date in ISO 8601, as precise as the print.

    Parameters
    ----------
    printed
        The date as printed.
    year
        The year, where the document gives it elsewhere; a day without any is a date of every year.
    cell
        Where it stands, for the message.

    Raises
    ------
    TableError
        When the text is no date, or no day of the calendar.

    Examples
    --------
    >>> read_date("21-août-20"), read_date("avant le 30 juillet", "2020"), read_date("31 décembre")
    ('2020-08-21', '2020-07-30', '--12-31')
    >>> read_date("second semestre 2026"), read_date("début septembre", "2020")
    ('2026-S2', '2020-09')
    """
    match = next((found for form in _FORMS if (found := form.fullmatch(printed.strip()))), None)
    if match is None:
        raise TableError(f"{printed!r} is no date", cell=cell)
    parts = {name: value for name, value in match.groupdict().items() if value is not None}
    full = parts.get("year", year)
    full = f"20{full}" if len(full) == 2 else full
    if "half" in parts:
        return f"{full}-S{1 if parts['half'] == 'premier' else 2}"
    if "month" not in parts and "number" not in parts:
        return full
    month = int(parts["number"]) if "number" in parts else _MONTHS.index(parts["month"]) + 1
    if "day" not in parts:
        return f"{full}-{month:02d}"
    try:
        day = datetime.date(int(full or "2000"), month, int(parts["day"]))
    except ValueError as error:
        raise TableError(f"{printed!r} is no day of the calendar", cell=cell) from error
    return day.isoformat() if full else f"--{day:%m-%d}"
