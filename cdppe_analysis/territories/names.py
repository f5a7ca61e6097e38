"""Recognise a département or a région by the name that a document prints.

A name is compared without accents, case, hyphens, apostrophes and articles, « St » standing for « Saint ». A name that
is not found so is compared by likeness (`difflib`), for the misspellings of scanned documents: the nearest is taken
when it is near enough and clearly nearer than the next; otherwise the name is refused, with those that it could be.

Known drawback: two names that differ by one letter from each other (Haut-Rhin, Bas-Rhin differ by three) would need a
code beside them to be told apart; `recognise_departement` accepts one as `code`, and refuses when both disagree.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.territories.codes import DEPARTEMENTS, OTHER_UNITS, REGIONS, departement

_NEAR_ENOUGH = 0.85
_CLEARLY_NEARER = 0.05

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "04": ("Basses-Alpes",),
    "17": ("Charente-Inférieure",),
    "20": (
        *("Collectivité de Corse", "Collectivité territoriale de Corse"),
        *("Haute-Corse et Corse-du-Sud", "Corse-du-Sud et Haute-Corse"),
    ),
    "22": ("Côtes-du-Nord",),
    "44": ("Loire-Inférieure",),
    "64": ("Basses-Pyrénées",),
    "76": ("Seine-Inférieure",),
    "6AE": ("Alsace", "CEA"),
    "69M": ("Grand Lyon", "Métropole de Lyon", "Lyon Métropole"),
    "69D": ("Rhône hors métropole", "Nouveau Rhône", "Département du Rhône"),
    "971": ("Guadeloupe (La)",),
    "90": ("Belfort",),
}
_OTHER_REGIONS: Mapping[str, tuple[str, ...]] = {
    "24": ("Centre",),
    "52": ("Pays de Loire",),
    "76": ("Occitanie Pyrénées-Méditerranée",),
    "84": ("Rhône-Alpes-Auvergne",),
    "93": ("PACA", "Sud"),
}


def normalised(name: str) -> str:
    """Return a name without accents, case, hyphens, apostrophes, articles and line breaks.

    Examples
    --------
    >>> normalised("Provence-Alpes-Côte d’Azur") == normalised("PROVENCE ALPES COTE D'AZUR")
    True
    """
    text = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "Oe"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).lower()
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    words = ["saint" if word == "st" else "sainte" if word == "ste" else word for word in words]
    if len(words) > 1 and words[0] in {"le", "la", "les", "l"}:
        words = words[1:]
    return " ".join(words)


def recognise_departement(name: str, *, code: str | None = None) -> str:
    """Return the code of the département that a document names.

    Parameters
    ----------
    name
        The name as printed.
    code
        The code printed beside it, if any: it decides when a misspelt name could be two, and must agree otherwise.

    Raises
    ------
    TerritoryError
        When no name is near enough, when two could be meant, or when name and code disagree.

    Examples
    --------
    >>> recognise_departement("LOIRE ATLANTIQUE")
    '44'
    >>> recognise_departement("Seine St-Denis")
    '93'
    >>> recognise_departement("Meurhe-et-Moselle")
    '54'
    """
    candidates = _candidates(name, departement_names(), "département")
    if code is None:
        return _only(name, candidates, "département")
    if code in candidates:
        return code
    raise TerritoryError(
        f"the name {name!r} is that of {' or '.join(repr(c) for c in candidates)}, not of the code beside it", code=code
    )


def recognise_region(name: str) -> str:
    """Return INSEE's code of the région that a document names.

    Raises
    ------
    TerritoryError
        When no name is near enough, or when two could be meant.

    Examples
    --------
    >>> recognise_region("Pays-de-la-Loire")
    '52'
    """
    return _only(name, _candidates(name, region_names(), "région"), "région")


def _candidates(name: str, known: Mapping[str, str], kind: str) -> list[str]:
    wanted = normalised(name)
    if wanted in known:
        return [known[wanted]]
    joined = wanted.replace(" ", "")
    likeness: dict[str, float] = {}
    for written, code in known.items():
        ratio = difflib.SequenceMatcher(None, joined, written.replace(" ", ""), autojunk=False).ratio()
        likeness[code] = max(ratio, likeness.get(code, 0.0))
    best = max(likeness.values())
    near = [code for code, ratio in likeness.items() if ratio >= max(_NEAR_ENOUGH, best - _CLEARLY_NEARER)]
    if not near:
        nearest = max(likeness, key=lambda code: likeness[code])
        raise TerritoryError(f"{name!r} is no name of a {kind}; the nearest is {_label(nearest, kind)}")
    return sorted(near, key=lambda code: -likeness[code])


def _only(name: str, candidates: list[str], kind: str) -> str:
    if len(candidates) > 1:
        listed = " or ".join(_label(code, kind) for code in candidates)
        raise TerritoryError(f"{name!r} could be the {kind} {listed}")
    return candidates[0]


def _label(code: str, kind: str) -> str:
    return departement(code).libelle if kind == "département" else REGIONS[code]


@cache
def departement_names() -> Mapping[str, str]:
    """Return the code of each known name of a département (or of a unit that stands for one), by normalised name.

    Examples
    --------
    >>> departement_names()["alpes de haute provence"], departement_names()["corse"]
    ('04', '20')
    """
    names = {normalised(d.libelle): code for code, d in {**DEPARTEMENTS, **OTHER_UNITS}.items()}
    names |= {normalised(other): code for code, others in _OTHER_NAMES.items() for other in others}
    return names


@cache
def region_names() -> Mapping[str, str]:
    """Return the code of each known name of a région, by normalised name.

    Examples
    --------
    >>> region_names()["grand est"]
    '44'
    """
    names = {normalised(label): code for code, label in REGIONS.items()}
    names |= {normalised(other): code for code, others in _OTHER_REGIONS.items() for other in others}
    return names
