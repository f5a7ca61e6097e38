"""Codes of the départements and régions, and what may not stand together in one table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.storage.locations import data_dir

CORSE = "20"

_PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"20": ("2A", "2B"), "69": ("69D", "69M"), "6AE": ("67", "68")}
)


@dataclass(frozen=True)
class Departement:
    """A département (or a unit that stands for one): INSEE code, name, région."""

    code: str
    libelle: str
    code_region: str
    libelle_region: str


def _read() -> dict[str, Departement]:
    path = data_dir() / "raw" / "insee-cog-2020" / "departements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code_departement"]: Departement(
                row["code_departement"], row["libelle_departement"], row["code_region"], row["libelle_region"]
            )
            for row in csv.DictReader(file)
        }


_DEPARTEMENTS = _read()
DEPARTEMENTS: Mapping[str, Departement] = MappingProxyType(_DEPARTEMENTS)
"""The 101 départements by code, in the order of the codes as text: `01` … `29`, `2A`, `2B`, `30` … `976`."""

REGIONS: Mapping[str, str] = MappingProxyType(
    dict(sorted({d.code_region: d.libelle_region for d in _DEPARTEMENTS.values()}.items()))
)
"""The 18 régions: name by INSEE code."""

OTHER_UNITS: Mapping[str, Departement] = MappingProxyType(
    {
        "20": Departement("20", "Corse", "94", REGIONS["94"]),
        "69D": Departement("69D", "Rhône (hors Métropole de Lyon)", "84", REGIONS["84"]),
        "69M": Departement("69M", "Métropole de Lyon", "84", REGIONS["84"]),
        "6AE": Departement("6AE", "Collectivité européenne d'Alsace", "44", REGIONS["44"]),
    }
)
"""The units that some sources count instead of départements, by the codes that those sources use."""

_REGIONS_AS_PRINTED: Mapping[str, str] = MappingProxyType(
    {f"{prefix}{digit}": f"0{digit}" for prefix in ("10", "") for digit in "12346"}
)


def departement(code: str) -> Departement:
    """Return a département, or one of the units that stand for one, by its code.

    Raises
    ------
    TerritoryError
        When the code is unknown; the sentence gives the code probably meant.

    Examples
    --------
    >>> departement("23").libelle
    'Creuse'
    >>> departement("20").libelle_region
    'Corse'
    """
    found = DEPARTEMENTS.get(code) or OTHER_UNITS.get(code)
    if found is None:
        probable = _probable(code)
        hint = f"; probably {probable!r} ({departement(probable).libelle})" if probable else ""
        raise TerritoryError(f"{code!r} is no code of a département{hint}", code=str(code))
    return found


def components(code: str) -> tuple[str, ...]:
    """Return the codes among the 101 that a unit covers: itself, or `2A` and `2B` for `20`.

    Examples
    --------
    >>> components("20")
    ('2A', '2B')
    >>> components("69M")
    ('69',)
    """
    departement(code)
    if code in DEPARTEMENTS:
        return (code,)
    return _PARTS.get(code) or (code[:2],)


def region_code(printed: str) -> str:
    """Return INSEE's code of a région from the code that a document prints (`101` for `01`).

    Raises
    ------
    TerritoryError
        When the code is unknown.
    """
    code = _REGIONS_AS_PRINTED.get(printed, printed)
    if code not in REGIONS:
        raise TerritoryError(f"{printed!r} is no code of a région", code=printed)
    return code


def wholes_beside_parts(codes: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return each whole that stands in `codes` beside some of its parts, with those parts.

    Examples
    --------
    >>> wholes_beside_parts(["20", "2A", "2B", "69"])
    [('20', ('2A', '2B'))]
    """
    present = set(codes)
    return [
        (whole, found)
        for whole, parts in _PARTS.items()
        if whole in present and (found := tuple(part for part in parts if part in present))
    ]


def check_codes(codes: Sequence[object], rows: Sequence[int] | None = None) -> None:
    """Check a column of codes: text, known, given once, no whole beside its parts.

    Parameters
    ----------
    codes
        The column, in the order of the rows.
    rows
        The number of each in a message, such as its line in a file; its rank from 1 when left out.

    Raises
    ------
    TerritoryError
        Naming the row, with the code probably meant.
    """
    numbers = range(1, len(codes) + 1) if rows is None else rows
    seen: dict[str, int] = {}
    for row, code in zip(numbers, codes, strict=True):
        if not isinstance(code, str):
            probable = _probable(str(code))
            hint = f"; probably {probable!r}" if probable else ""
            raise TerritoryError(f"the code {code!r} was read as a number, not as text{hint}", cell=f"row {row}")
        try:
            departement(code)
        except TerritoryError as error:
            raise TerritoryError(error.message, code=code, cell=f"row {row}") from None
        if code in seen:
            raise TerritoryError(
                f"the code {code!r} is given twice, in rows {seen[code]} and {row}", code=code, cell=f"row {row}"
            )
        seen[code] = row
    for whole, parts in wholes_beside_parts(seen):
        listed = " and ".join(f"{part!r} (row {seen[part]})" for part in parts)
        raise TerritoryError(
            f"the whole {whole!r} stands beside its parts {listed}", code=whole, cell=f"row {seen[whole]}"
        )


def _probable(code: str) -> str | None:
    """Guess the code that was meant: a lost zero, a decimal read from a spreadsheet, a lower-case letter."""
    text = str(code).strip().removesuffix(".0").upper()
    for candidate in (text, text.zfill(2), text.lstrip("0"), text.lstrip("0").zfill(2)):
        if candidate != code and (candidate in DEPARTEMENTS or candidate in OTHER_UNITS):
            return candidate
    return None
