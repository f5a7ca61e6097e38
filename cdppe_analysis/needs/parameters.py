"""The parameters of a need: what a place costs, and what is supposed of prevalence, stay and relative cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs.places import Service
from cdppe_analysis.storage.strict import Strict

_KEYS = ("id", "titre", "places", "dotation_eur", "enfants", "prevalence", "sejour_jours", "cout_relatif")
_READ = Strict(NeedsError)


@dataclass(frozen=True)
class Needs:
    """The parameters of a need: a service, and pairs of bounds.

    Parameters
    ----------
    titre
        What is needed.
    service
        Places and euros a year.
    prevalence
        Bounds, from 0 to 1.
    sejour_jours
        Bounds of the mean stay; the longer one is the cautious reading.
    cout_relatif
        Bounds of the cost of a place, over that of the service.
    enfants
        The series of protected children: `critere`, `millesime`, and the edition where the year alone does not say.
    """

    titre: str
    service: Service
    prevalence: tuple[Fraction, Fraction]
    sejour_jours: tuple[Fraction, Fraction]
    cout_relatif: tuple[Fraction, Fraction]
    enfants: tuple[str, int, str | None] | None = None

    def __post_init__(self) -> None:
        for name in ("prevalence", "sejour_jours", "cout_relatif"):
            low, high = getattr(self, name)
            if not 0 < low <= high:
                raise NeedsError(f"{name} needs two bounds above 0, low bound first: {low}, {high}")
        if self.prevalence[1] > 1:
            raise NeedsError(f"a prevalence is at most 1, not {self.prevalence[1]}")


def parse_needs(content: object, place: str) -> Needs:
    """Build the parameters of a need from the content of their file.

    Raises
    ------
    NeedsError
        When a key is missing or unknown (naming the nearest), or a number is none.
    """
    keyed = _READ.keyed(content, place)
    for key in _KEYS:
        _READ.needed(keyed, key, place)
    mapping = _READ.mapping(keyed, _KEYS, place)
    children = _READ.mapping(mapping["enfants"], ("critere", "millesime", "edition"), f"{place}, enfants")
    return Needs(
        titre=_READ.text(mapping["titre"], f"{place}, titre"),
        service=Service(int(_number(mapping, "places", place)), _number(mapping, "dotation_eur", place)),
        prevalence=_bounds(mapping, "prevalence", place),
        sejour_jours=_bounds(mapping, "sejour_jours", place),
        cout_relatif=_bounds(mapping, "cout_relatif", place),
        enfants=(
            _READ.text(children.get("critere"), f"{place}, enfants.critere"),
            _READ.year(children.get("millesime"), f"{place}, enfants.millesime"),
            children.get("edition"),
        ),
    )


def _number(mapping: Mapping[str, Any], key: str, place: str) -> Fraction:
    entry = mapping[key]
    return _READ.exact(entry.get("valeur") if isinstance(entry, Mapping) else entry, f"{place}, {key}")


def _bounds(mapping: Mapping[str, Any], key: str, place: str) -> tuple[Fraction, Fraction]:
    entry = _READ.keyed(mapping[key], f"{place}, {key}")
    low, high = (_READ.exact(entry.get(name), f"{place}, {key}.{name}") for name in ("borne_basse", "borne_haute"))
    return low, high
