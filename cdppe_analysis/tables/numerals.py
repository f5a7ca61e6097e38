"""Numbers as documents print them: a token is taken whole, with its sign, unit and decimals, or it is no number.

A minus, a true minus, an en dash or parentheses make a withdrawal. Between groups of three may stand one space of any
kind, an apostrophe, a dot or a comma, never two kinds. `460.530` and `460,530` have two readings: the other cells of
the column decide, then its unit; where neither does, the column is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cdppe_analysis.errors import TableError

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_A_MARK = r"(?:[0-9]{1,2}|[a-z]|\*+|[⁰¹²³⁴-⁹]+)"
_MARKS = rf"(?: *(?:[*†‡§]|[⁰¹²³⁴-⁹ᵃᵇᶜᵈᵉ]|\({_A_MARK}\)|\[{_A_MARK}\]))*"
"""Regular expression of footnote marks, once every space is an ordinary one."""

SCALES: Mapping[str, int] = {"€": 1, "k€": 10**3, "M€": 10**6, "Md€": 10**9}
"""Euros in one unit."""

_EURO = r"(?:€uros?|€|(?:EUR(?:OS?)?|[Ee]uros?)(?![a-zA-Z]))"
_OF_EUROS = rf"[ .-]?(?:(?:courants?|constants?) )?(?:de? ?['’‘`´ʼ′]? ?)?{_EURO}"
_MONEY = (
    rf"(?:(?P<Md>(?:M(?:r?d|D)s?|[Mm]illiards?){_OF_EUROS})|(?P<M>(?:M|[Mm]illions?){_OF_EUROS})"
    rf"|(?P<k>(?:[kK]|[Kk]ilos?|[Mm]illiers?){_OF_EUROS})|(?P<e>{_EURO}))"
)
_WORDS = r"places?|hab(?:itants|\.)?|enfants?|jeunes?|ETP|projets?|lits?|dossiers?|points?|pts?|jours?|mois|ans|"
_WORDS += r"mesures?|services?"
_NUMERAL = re.compile(
    rf"{_MARKS} *(?P<open>\()? *(?P<sign>[-−–+])? *(?P<front>€ ?)?"
    rf"(?P<digits>[0-9](?:[0-9 .,'’]*[0-9])?)(?P<close>\))?{_MARKS}[ \n]?"
    rf"(?:{_MONEY}|(?P<percent>%)|(?P<mille>‰)|(?P<word>{_WORDS})|)(?P<after>\))?{_MARKS}(?:(?<=[€s])[.;])? *"
)
_AFTER_A_YEAR = r"(?<=(?<!\bde )(?<!\bet )(?<!\bà )\b20[1-3][0-9] )"
_IN_WORDS = re.compile(
    rf"(?<![\w/])(?:(?<![0-9] )|{_AFTER_A_YEAR})"
    rf"(?:{_MONEY}|(?P<percent>%|pourcent\w*|pct\b)|(?P<mille>‰|pour mille))",
    re.IGNORECASE,
)
_AN_AMOUNT = re.compile(
    rf"(?<![0-9.,] )(?<![0-9.,])(?!(?:19|20)[0-9]{{2}}\b)[0-9][0-9 ]*(?:,[0-9]+)? ?{_MONEY}", re.IGNORECASE
)
_BEFORE_A_UNIT = r"(?:\ben |[(\[:,] ?|^)"
_IN_A_TITLE = re.compile(rf"(?:{_BEFORE_A_UNIT}|(?:(?<=€)|(?<=euros)) ?(?:et|ou|/) ?(?:en )?){_MONEY}", re.IGNORECASE)
_ODD_UNIT = re.compile(
    rf"(?:(?:(?<![\w])(?:(?-i:m)|(?-i:MM)|mill\.?|mille|kilo[a-z]+|(?:cent\w*|dizaines?)(?: de mill\w+)?)"
    rf"|10 ?\^? ?[0-9³⁶]+|(?:\ben|\bpar|[x×(]) ?1? ?000){_OF_EUROS}|mill(?:iers?|ions?|iards?) ?[(,:] ?(?:en )?{_EURO}"
    rf"|(?:(?<![^\W\d])|(?=€)){_EURO} ?(?:['’x×(/] ?1? ?000\b|\((?:mill|k))|\b(?:mio|ml[nd]?s?|mia)\.? ?{_EURO}"
    r"|\bcentimes?\b|\b(?:dix|vingt|cinquante|cents?|mille) mill\w+"
    r"|(?-i:\b[A-JLN-Z]€|\b(?:[kK][EFf]F?|M?FF|XPF|F?CFP|CHF|USD)\b)"
    r"|(?:\ben |\()(?-i:M[EF]|me)\b|\bfrancs?\b|\bdollars?\b|[$£¥])",
    re.IGNORECASE,
)
_A_MEASURE = re.compile(
    r"(?<!au )(?<!aux )(?<!à la )"
    r"\b(?:(?:centaines?|dizaines?|milliers?|millions?|milliards?)\b(?! (?:de |d ?['’])[a-z])|(?:mio|mns?|mill|mds?)\b)"
    r"|(?<!pour )(?<!par )(?<![0-9.,'’] )(?<![0-9])(?:1[ .]?)?000\b(?! ?[a-z])|\b10 ?\^|[⁰³⁶]",
    re.IGNORECASE,
)
_BARE_MEASURE = re.compile(r"\ben (?:centaines|milliers|millions|milliards)(?= ?[)\],;.]|$)", re.IGNORECASE)
_PER_HEAD = re.compile(rf"(?<!\w){_MONEY} ?(?:/|par) ?(?P<head>hab|place|enfant|jeune)", re.IGNORECASE)
_ROUNDED = re.compile(rf"\barrondi\w* (?:à l['’] ?|aux? )(?:{_MONEY}|centimes?\b(?: d['’]euros?)?)", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?i)(?<!par )(?<!pour )(?<!de )(?<!des )(?<!d['’])(?<!et )"
    r"\b(?:nombre|nb|population|effectifs?|places|etpt?|rangs?)\b"
)
_PAID = re.compile(r"(?i)\b(?:montants?|dotations?|cr[ée]dits?|enveloppes?|subventions?|d[ée]penses?)\b|€|euros")
_VOID = re.compile(
    r"(?:[-–—−.…/x]+|(?i:n\.? ?[adcsr]\.?|s\.? ?o\.?|néant|neant|non (?:communiqué|concerné|renseigné)e?|sans objet|"
    rf"pm|p\. ?m\.|pour mémoire)|\([-–—−]\)|[cs]) ?(?:{_EURO}|k€|M€|%)?"
)
_REPEATS = re.compile(r"(?i:idem|id\.?|ibid(?:em|\.)?|dito)|[\"“”″〃]|''")
_TOKEN = re.compile(r"[0-9]{1,3}(?:[ .'’][0-9]{3})+(?![0-9])(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)*")
_SEPARATED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:(?P<gap>[ '’])[0-9]{3}(?:(?P=gap)[0-9]{3})*))(?:[.,](?P<part>[0-9]+))?"
)
_GROUPS = {".": re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"), ",": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")}
_PLAIN = re.compile(r"0|[1-9][0-9]*")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
MOST = Decimal(10**15)
"""Euros that no amount reaches."""


@dataclass(frozen=True)
class Numeral:
    """A printed number: its digits with their separators, its sign, its own unit (empty where none is printed)."""

    digits: str
    negative: bool
    unit: str


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


def _plain(text: str) -> str:
    return text if text.isascii() and "\t" not in text else ordinary_spaces(text)


def tokens(text: str) -> list[str]:
    """Return the numbers that a text holds, one or several, whatever they mean.

    Examples
    --------
    >>> tokens("26 novembre 2019 : 1 296 880,50 €")
    ['26', '2019', '1 296 880,50']
    """
    return _TOKEN.findall(_plain(text))


def is_void(text: str) -> bool:
    """Tell whether a cell says that nothing is there: empty, a dash, « nd », « - € »."""
    plain = _plain(text).strip()
    return not plain or _VOID.fullmatch(plain) is not None


def repeats(text: str) -> bool:
    """Tell whether a cell says that it holds what the one above it does: « idem », a ditto mark."""
    return _REPEATS.fullmatch(text.strip()) is not None


def counts(text: str) -> bool:
    """Tell whether a text holds a number, a fraction, a unit or an error in place of one.

    Examples
    --------
    >>> counts("½ €"), counts("#REF!"), counts("à définir (note ¹)")
    (True, True, False)
    """
    return any(sign in "0123456789#€%$£" or (sign.isnumeric() and sign not in _RAISED) for sign in text)


@lru_cache(maxsize=100_000)
def numeral(text: str) -> Numeral | None:
    """Return the number that a cell is, or None when the cell is not one number and nothing else.

    Examples
    --------
    >>> numeral("(4 211 €)"), numeral("n°1 204 211 €"), numeral("474   211 €")
    (Numeral(digits='4 211', negative=True, unit='€'), None, None)
    """
    match = _NUMERAL.fullmatch(_plain(text).strip())
    if match is None or not readings(match["digits"]):
        return None
    closed = bool(match["close"]) + bool(match["after"])
    if closed != bool(match["open"]) or (match["open"] and match["sign"]):
        return None
    word = (match["word"] or "").rstrip("s.")
    word = {"hab": "habitants", "habitant": "habitants", "moi": "mois", "pt": "points", "ETP": "ETP", "": ""}.get(
        word, f"{word}s"
    )
    unit = _unit(match) or word or (match["front"] or "").strip()
    return Numeral(match["digits"], bool(match["open"]) or match["sign"] in ("-", "−", "–"), unit)


def _unit(found: re.Match[str]) -> str:
    names = {"percent": "%", "mille": "‰", "Md": "Md€", "M": "M€", "k": "k€", "e": "€"}
    return next((names[group] for group, text in found.groupdict().items() if text and group in names), "")


def units_in(text: str) -> list[str]:
    """Return the units that a heading or a title names, each once.

    Examples
    --------
    >>> units_in("Dotations, en milliers d'euros"), units_in("Dotation (€/hab.)"), units_in("Acompte de 60 %")
    (['k€'], ['€/hab'], [])
    """
    plain = " ".join(_plain(text).replace("_", " ").split())
    rounded = _ROUNDED.search(plain)
    plain = _whole(_understood(_ROUNDED.sub("", plain)))
    per_head = _PER_HEAD.search(plain)
    if per_head:
        return [f"{_unit(per_head)}/{per_head['head'].lower()}"]
    units = list(dict.fromkeys(_unit(match) for match in _IN_WORDS.finditer(plain)))
    to = _unit(rounded) if rounded and not units else ""
    if rounded and to not in ("", "€"):
        raise TableError(f"{rounded[0]!r}, in {text!r}, says how amounts are rounded, and not in what they are printed")
    return units or ([to] if to else [])


def without_units(text: str) -> str:
    """Return a heading without the units that it names.

    Examples
    --------
    >>> without_units("Montant 2026 (k€)"), without_units("Dotation, en milliers d'euros")
    ('Montant 2026 ()', 'Dotation, en ')
    """
    return _IN_WORDS.sub("", _plain(text).replace("_", " "))


def names_several(heading: str) -> bool:
    """Tell whether a heading is that of several columns: years, what is counted beside money.

    Examples
    --------
    >>> names_several("Places Montant (k€)"), names_several("2023 2024"), names_several("Montant par place (€)")
    (True, True, False)
    """
    years = re.findall(r"(?<![-/0-9])(?:19|20)[0-9]{2}(?![-/0-9])", heading)
    return len(years) > 1 or bool(_COUNTED.search(heading) and _PAID.search(heading))


def titled_units(text: str) -> list[str]:
    """Return the units of money that a title gives to a table; an amount in a sentence (« 15 M€ ») gives none.

    Examples
    --------
    >>> titled_units("(dotations, en milliers d'euros)"), titled_units("15 M€ sont mobilisés")
    (['k€'], [])
    """
    odd = re.compile(_BEFORE_A_UNIT + _ODD_UNIT.pattern, re.IGNORECASE)
    plain = _understood(" ".join(_plain(text).split()), odd)
    if measure := _BARE_MEASURE.search(plain):
        raise TableError(f"{measure[0]!r}, in {text!r}, is a measure without its unit")
    units = list(dict.fromkeys(_unit(match) for match in _IN_A_TITLE.finditer(plain)))
    if units:
        _whole(plain)
    return units


def _whole(text: str) -> str:
    """Return a heading or a title without its amounts; refuse one of euros beside a measure that is not read."""
    text = _AN_AMOUNT.sub(" ", text)
    units = {_unit(match) for match in _IN_WORDS.finditer(text)}
    measure = _A_MEASURE.search(_IN_WORDS.sub(" ", text)) if units == {"€"} else None
    if measure is not None:
        raise TableError(f"{measure[0].strip()!r}, in {text!r}, may be a measure of its euros")
    return text


def _understood(text: str, odd: re.Pattern[str] = _ODD_UNIT) -> str:
    """Return a heading or a title; refuse one whose unit is money in a measure that is not known."""
    match = odd.search(text)
    if match is not None:
        raise TableError(f"{match[0].strip()!r}, in {text!r}, is no unit of money that is known")
    return text


@lru_cache(maxsize=100_000)
def readings(digits: str) -> Mapping[str, Decimal]:
    """Return what digits may be worth, by the part that each reading gives to their mark.

    `.` or `,` is a decimal mark, `.3` or `,3` one of thousands, an empty text none.

    Examples
    --------
    >>> sorted(readings("460.530")), sorted(readings("27.63")), sorted(readings("1.204.211")), readings("1 2045")
    (['.', '.3'], ['.'], ['.3'], {})
    """
    separated = _SEPARATED.fullmatch(digits)
    if separated:
        whole = re.sub(r"[^0-9]", "", separated["whole"])
        if whole.startswith("0"):
            return {}
        return {"": Decimal(f"{whole}.{separated['part']}" if separated["part"] else whole)}
    if _PLAIN.fullmatch(digits):
        return {"": Decimal(digits)}
    values: dict[str, Decimal] = {}
    for mark, other in (".,", ",."):
        whole, _, part = digits.rpartition(mark)
        if _PLAIN.fullmatch(whole) and part.isdigit():
            values[mark] = Decimal(f"{whole}.{part}")
        elif _GROUPS[other].fullmatch(whole) and part.isdigit():
            values[f"{other}3"] = Decimal(f"{whole.replace(other, '')}.{part}")
        if _GROUPS[mark].fullmatch(digits):
            values[f"{mark}3"] = Decimal(digits.replace(mark, ""))
    return values


def values_of(numerals: Sequence[tuple[Numeral, str]], unit: str, heading: str) -> list[Decimal]:
    """Return the values of a column in its unit's base (euros where the unit is one of money), signs applied.

    Parameters
    ----------
    numerals
        Each number and its place.
    unit
        The unit of a cell that prints none.
    heading
        The name of the column, for the message.

    Raises
    ------
    TableError
        When a mark has two readings and nothing in the column decides.

    Examples
    --------
    >>> values_of([(Numeral("5.441", False, "€"), "l. 1"), (Numeral("12", True, ""), "l. 2")], "€", "Montant")
    [Decimal('5441'), Decimal('-12')]
    """
    certain = {style for each, _ in numerals if len(styles := readings(each.digits)) == 1 for style in styles}
    values = []
    for each, place in numerals:
        own = each.unit or unit
        of_marks = readings(each.digits)
        style = next(iter(of_marks)) if len(of_marks) == 1 else _style(of_marks, certain, own)
        if style is None:
            told = " or ".join(str(value).replace(".", ",") for value in of_marks.values())
            raise TableError(f"{each.digits!r}, in the column {heading!r}, could be {told}", cell=place)
        scale = SCALES.get(own, 1)
        value = of_marks[style] * scale
        if value >= MOST:
            raise TableError(f"{each.digits[:40]!r} is larger than any amount", cell=place)
        # Five decimals and more are a computation of a workbook; three may be a group of thousands.
        exponent = int(of_marks[style].as_tuple().exponent)
        if own in SCALES and exponent > -5 and value != value.quantize(Decimal("0.01")):
            raise TableError(f"{each.digits!r} {own} is no amount: a cent has no fraction", cell=place)
        values.append(-value if each.negative else value)
    return values


def _style(found: Mapping[str, Decimal], certain: Iterable[str], unit: str) -> str | None:
    """Choose between a decimal mark and a separator of thousands: by the rest of the column, then by the unit."""
    seen = [style for style in found if style in certain]
    if len(seen) == 1:
        return seen[0]
    if len(seen) > 1:
        return None
    if unit == "€" and ".3" in found:
        return ".3"
    if unit in ("%", "k€", "M€", "Md€") and "," in found:
        return ","
    return "." if unit == "%" else None


def step(value: Decimal, each: Numeral, unit: str) -> Decimal:
    """Return what one unit of the last printed digit is worth."""
    scale = SCALES.get(each.unit or unit, 1)
    exponent = (value / scale).as_tuple().exponent
    return Decimal(scale).scaleb(min(int(exponent), 0))
