"""Read the dates that documents print, in ISO 8601, no more precise than the print.

`15 octobre 2020` is `2020-10-15`, `juillet 2023` is `2023-07`, `dès 2021` is `2021`; a date of every year is
`--06-30`, a half-year `2026-S2`. A day or a month printed without its year takes the one that the raw table gives.

Known drawback: « début septembre » and « fin du mois de juin » keep their month only.
"""

from __future__ import annotations

import datetime
import re

from cdppe_analysis.errors import TableError

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
PATTERN = r"\d{4}(-\d{2}(-\d{2})?|-S[12])?|--\d{2}-\d{2}"
"""What `read_date` writes, as a regular expression."""


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
