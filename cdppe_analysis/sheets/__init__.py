"""The sheet of a territory: what it receives and why, what another rule would give, what is known of the need.

Here, their codes and titles: the 101 départements, the 18 régions.
"""

from __future__ import annotations

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, components, departement
from cdppe_analysis.typography import typeset

REGION = "R"
"""What a région's code is written with, since régions and départements share codes."""


def sheet_codes() -> list[str]:
    """Return the codes of all sheets: the 101 départements, then the 18 régions."""
    return [*DEPARTEMENTS, *(f"{REGION}{code}" for code in REGIONS)]


def known_code(text: str) -> str:
    """Return the code of a sheet.

    Raises
    ------
    TerritoryError
        When it is none of the 101 départements nor of the 18 régions.

    Examples
    --------
    >>> known_code("59"), known_code("r32")
    ('59', 'R32')
    """
    code = text.strip().upper()
    if code.startswith(REGION):
        if code[1:] not in REGIONS:
            listed = ", ".join(f"{REGION}{region} {name}" for region, name in REGIONS.items())
            raise TerritoryError(f"{text!r} is no code of a région; there are {listed}", code=text)
        return code
    if code not in DEPARTEMENTS:
        parts = ", ".join(components(code))
        raise TerritoryError(f"{departement(code).libelle} has no sheet of its own; ask for {parts}", code=code)
    return code


def sheet_title(code: str) -> str:
    """Return the name of a territory with its code.

    Examples
    --------
    >>> sheet_title("59"), sheet_title("R32")
    ('Nord (59)', 'Hauts-de-France (région 32)')
    """
    if code.startswith(REGION):
        return typeset(f"{REGIONS[code[1:]]} (région {code[1:]})")
    return typeset(f"{DEPARTEMENTS[code].libelle} ({code})")
