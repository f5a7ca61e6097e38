"""French typography of numbers, from Babel's locale data: what every figure, table and page prints.

A narrow no-break space (U+202F) separates thousands and stands before €, % and other units; the minus sign is U+2212;
the decimal mark is a comma. A missing value is « n. d. ».
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from babel.dates import format_date
from babel.numbers import format_decimal

NBSP, NNBSP = "\u00a0", "\u202f"
MISSING = "n. d."

_LETTER = r"[^\W\d_]"
_SETTING: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"(?<={_LETTER})'(?=[^\W_«]|«|\Z)"), "’"),
    (re.compile(r"(?<![\d,.])\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)"), lambda match: re.sub(r"\s", NNBSP, match[0])),
    (re.compile(r"(?<=\d)[ \u00a0](?=(?:[€%‰]|k€|M€|Md€)(?!\w))"), NNBSP),
    (re.compile(r"(?<![ \n])[ \u00a0](?=[;!?](?!\w))"), NNBSP),
    (re.compile(r"(?<![ \n])[ \u202f](?=[:»](?!\w))|(?<=«)[ \u202f]"), NBSP),
    (re.compile(r"(?<=±)[ \u00a0]"), NNBSP),
)

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
        return "∞" if value == math.inf else "−∞"
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


def with_unit(value: Number | None, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a number and its unit, with a narrow no-break space between them; a number alone has no unit.

    Examples
    --------
    >>> with_unit(14, "places").replace(NNBSP, " "), with_unit(3, "")
    ('14 places', '3')
    """
    written = number(value, decimals, signed=signed)
    return f"{written}{NNBSP}{unit}" if unit and written != MISSING else written


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


def interval(
    low: Number | None, high: Number | None, decimals: int = 0, unit: str = "", *, signed: bool = False
) -> str:
    """Write an interval, with its unit once, or one number where its ends print alike; `signed` gives them a sign.

    Ends that only the last places of a float64 tell apart are one number, the same on every machine.

    Examples
    --------
    >>> interval(15, 20, unit="%").replace(NNBSP, " ")
    'de 15 à 20 %'
    """
    if low is not None and high is not None and math.isclose(low, high, rel_tol=1e-9):
        low = high = round(float(high), decimals + 3)
    ends = [number(end, decimals, signed=signed) for end in (low, high)]
    written = ends[0] if ends[0] == ends[1] else "de {} à {}".format(*ends)
    return f"{written}{NNBSP}{unit}" if unit and ends != [MISSING, MISSING] else written


def date(day: datetime.date) -> str:
    """Write a date in full; the first of a month is « 1er ».

    Examples
    --------
    >>> date(datetime.date(2020, 2, 20)), date(datetime.date(2019, 1, 1))
    ('20 février 2020', '1er janvier 2019')
    """
    written = format_date(day, format="d MMMM y", locale="fr_FR")
    return "1er" + written[1:] if day.day == 1 else written


def typeset(text: str) -> str:
    """Set a text as French prints it: curved apostrophes; no-break spaces in numbers, before units and punctuation.

    The space is wide before « : » and inside « », narrow before ; ! ? % €, after ± and between thousands. A text that
    is set already stays as it is.

    Examples
    --------
    >>> typeset("Qu'est-ce : 15 000 001 € ?").replace(NNBSP, "_").replace(NBSP, "~")
    'Qu’est-ce~: 15_000_001_€_?'
    """
    for pattern, replacement in _SETTING:
        text = pattern.sub(replacement, text)
    return text


def counted(count: int, one: str, several: str = "") -> str:
    """Write a count and what it counts; the plural is that of each word where `several` is not given.

    Examples
    --------
    >>> counted(1, "total vérifié", "totaux vérifiés"), counted(2, "service entier"), counted(0, "code")
    ('1 total vérifié', '2 services entiers', '0 code')
    """
    plural = several or " ".join(f"{word}s" for word in one.split())
    return f"{number(count)} {plural if count > 1 else one}"


def ordinal(rank: int) -> str:
    """Write a rank.

    Examples
    --------
    >>> ordinal(1), ordinal(22)
    ('1er', '22e')
    """
    return "1er" if rank == 1 else f"{number(rank)}e"
