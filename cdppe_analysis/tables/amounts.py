"""Read the amounts, the figures and the dates that documents print, exactly, or refuse them.

An amount is one number, as `numerals` reads it, and a unit if any: €, k€ or M€, as a sign or in words. Between two
groups of digits may stand several spaces. The decimal mark is a comma; a dot is one where it can be nothing else.

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

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.numerals import MOST, SCALES, numeral, ordinary_spaces, readings

_DECIMALS = {"": 2, "€": 2, "k€": 5, "M€": 8}
"""Decimals down to a cent."""

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
    text = re.sub(" +", " ", ordinary_spaces(printed))
    figure = numeral(text)
    if figure is None or figure.negative or "+" in text or "\n" in text or figure.unit not in _DECIMALS:
        raise TableError(f"{printed!r} is no amount", cell=cell)
    values = {style: value for style, value in readings(figure.digits).items() if style != ",3"}
    if len(values) > 1 and figure.unit != "€":
        told = " or ".join(str(value).replace(".", ",") for value in sorted(values.values(), reverse=True))
        raise TableError(f"{printed!r} could be {told}", cell=cell)
    value = values[".3" if len(values) > 1 else next(iter(values))] if values else MOST
    euros = value * SCALES.get(figure.unit, 1)
    if euros >= MOST:
        raise TableError(f"{printed!r} is no amount: its digits are not in groups of three, or too many", cell=cell)
    if int(value.as_tuple().exponent) < -_DECIMALS[figure.unit]:
        raise TableError(f"{printed!r} is no amount: a cent has no fraction", cell=cell)
    return int(euros) if euros == euros.to_integral_value() else euros.quantize(Decimal("0.01"))


@dataclass(frozen=True)
class PrintedFigure:
    """A printed figure: a value, or one or two bounds."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @classmethod
    def read(cls, printed: str, *, cell: str | None = None) -> PrintedFigure:
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
        >>> PrintedFigure.read("15 et 20 %")
        PrintedFigure(value=None, low=Decimal('15'), high=Decimal('20'))
        >>> PrintedFigure.read("moins de 70 000 femmes").high, PrintedFigure.read("50 M€").value
        (Decimal('70000'), Decimal('50000000'))
        """
        text = " ".join(printed.strip().strip("()").split(" "))
        match = _FIGURE.fullmatch(text[:1].lower() + text[1:])
        if match is None or re.search(r"\d", match["rest"].replace("1/4", "")):
            raise TableError(f"{printed!r} is no figure", cell=cell)
        scale = 1_000_000 if match["scale"] else 1
        first = _number(match["first"]) * scale
        if match["second"] is not None:
            return cls(low=first, high=_number(match["second"]) * scale)
        if match["upper"]:
            return cls(high=first)
        return cls(low=first) if match["lower"] else cls(value=first)

    @property
    def only_number(self) -> Decimal:
        """The number printed, where there is one only, whether a value or a bound."""
        numbers = [n for n in (self.value, self.low, self.high) if n is not None]
        if len(numbers) != 1:
            raise TableError(f"there is no single number in {self}")
        return numbers[0]


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
    match = next((read for form in _FORMS if (read := form.fullmatch(printed.strip()))), None)
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
