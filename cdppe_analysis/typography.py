"""French typography of numbers, from Babel's locale data: what every figure, table and page prints.

A narrow no-break space (U+202F) separates thousands and stands before €, % and other units; the minus sign is U+2212;
the decimal mark is a comma. A missing value is « n. d. ».
"""

from __future__ import annotations

import datetime
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from babel.dates import format_date
from babel.numbers import format_decimal

NBSP, NNBSP = "\u00a0", "\u202f"
MISSING = "n. d."

Number = int | float | Decimal | Fraction


def number(value: Number | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a number in French, rounded half up.

    Parameters
    ----------
    value
        The number; `None` and NaN are missing.
    decimals
        Digits kept after the comma.
    signed
        Write a plus sign before what is above zero.

    Examples
    --------
    >>> number(1296880).replace(NNBSP, " ")
    '1 296 880'
    >>> number(-2.5, 1, signed=True), number(Fraction(1, 3), 2, signed=True), number(None)
    ('−2,5', '+0,33', 'n. d.')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else "−∞"
    exact = (
        Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(str(value))
    )
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(abs(rounded), format=pattern, locale="fr_FR").replace("\u00a0", NNBSP)
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + written


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


def with_unit(value: Number | None, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a number and its unit, with a narrow no-break space between them.

    Examples
    --------
    >>> with_unit(14, "places").replace(NNBSP, " ")
    '14 places'
    """
    written = number(value, decimals, signed=signed)
    return written if written == MISSING else f"{written}{NNBSP}{unit}"


def euros(value: Number | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Write an amount in euros.

    Examples
    --------
    >>> euros(1296880).replace(NNBSP, " ")
    '1 296 880 €'
    """
    return with_unit(value, "€", decimals, signed=signed)


def millions_of_euros(value: Number | None, decimals: int = 1) -> str:
    """Write an amount of euros in millions.

    Examples
    --------
    >>> millions_of_euros(15_250_000).replace(NNBSP, " ")
    '15,3 M€'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    return with_unit(Decimal(str(float(value))) / 10**6, "M€", decimals)


def percent(share: Number | None, decimals: int = 1, *, signed: bool = False) -> str:
    """Write a share (1 is the whole) in per cent.

    Examples
    --------
    >>> percent(0.285).replace(NNBSP, " ")
    '28,5 %'
    """
    if share is None or (isinstance(share, float) and not math.isfinite(share)):
        return number(share)
    scaled = share * 100 if isinstance(share, Fraction) else Decimal(str(share)) * 100
    return with_unit(scaled, "%", decimals, signed=signed)


def interval(low: Number | None, high: Number | None, decimals: int = 0, unit: str = "") -> str:
    """Write an interval, with its unit once.

    Examples
    --------
    >>> interval(15, 20, unit="%").replace(NNBSP, " ")
    'de 15 à 20 %'
    """
    written = f"de {number(low, decimals)} à {number(high, decimals)}"
    return f"{written}{NNBSP}{unit}" if unit else written


def date(day: datetime.date) -> str:
    """Write a date in full; the first of a month is « 1er ».

    Examples
    --------
    >>> date(datetime.date(2020, 2, 20)), date(datetime.date(2019, 1, 1))
    ('20 février 2020', '1er janvier 2019')
    """
    written = format_date(day, format="d MMMM y", locale="fr_FR")
    return "1er" + written[1:] if day.day == 1 else written


def ordinal(rank: int) -> str:
    """Write a rank.

    Examples
    --------
    >>> ordinal(1), ordinal(22)
    ('1er', '22e')
    """
    return "1er" if rank == 1 else f"{number(rank)}e"


def printed(words: str) -> str:
    """Return words with the printed apostrophe; no line parts a number, or begins with a mark of punctuation.

    Examples
    --------
    >>> printed("Côtes-d'Armor")
    'Côtes-d’Armor'
    >>> printed("du « besoin » : rien") == f"du «{NNBSP}besoin{NNBSP}»{NBSP}: rien"
    True
    """
    spaced = words.replace("'", "’").replace(" :", f"{NBSP}:").replace("« ", f"«{NNBSP}")
    grouped = re.sub(r"\b(\d{1,3}) (?=\d{3}\b)", rf"\1{NNBSP}", spaced)
    return re.sub(" (?=[;!?»%€])", NNBSP, grouped)
