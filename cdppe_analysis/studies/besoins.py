"""The parameters of a need, read from `data/besoins`: what a place costs, and what is supposed of the need."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from cdppe_analysis.data.reading import load_table
from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import Service
from cdppe_analysis.simulation.coverage import Needs
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.yaml_file import read_yaml
from cdppe_analysis.studies.preparation import series

_KEYS = ("id", "titre", "places", "dotation_eur", "enfants", "prevalence", "sejour_jours", "cout_relatif")


def load_needs(name: str | Path, folder: Path | None = None) -> Needs:
    """Return the parameters of a need, by their identifier or by the path of their YAML file.

    Raises
    ------
    NeedsError
        When there are none (naming the nearest), when a key is missing or unknown, or a number is none.

    Examples
    --------
    >>> load_needs("sessad-ase").service.places
    14
    """
    content, place = _content(name, folder)
    return Needs(
        titre=str(content["titre"]),
        service=Service(int(_number(content["places"], f"{place}, places")), _amount(content, "dotation_eur", place)),
        prevalence=_bounds(content, "prevalence", place),
        sejour_jours=_bounds(content, "sejour_jours", place),
        cout_relatif=_bounds(content, "cout_relatif", place),
    )


def load_protected_children(name: str | Path, codes: Sequence[str], folder: Path | None = None) -> dict[str, float]:
    """Return the protected children by code, of the series that the parameters of a need name."""
    asked = _content(name, folder)[0]["enfants"]
    return series(asked["critere"], asked["millesime"], asked.get("edition"), codes, load_table("criteres", folder))


def _content(name: str | Path, folder: Path | None) -> tuple[dict[str, Any], str]:
    path = Path(name)
    if path.suffix not in {".yml", ".yaml"}:
        known = sorted(file.stem for file in ((folder or data_dir()) / "besoins").glob("*.yml"))
        if str(name) not in known:
            near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.0)
            hint = f"; the nearest is {near[0]!r}" if near else ""
            raise NeedsError(f"there are no parameters of a need {str(name)!r}{hint}")
        path = (folder or data_dir()) / "besoins" / f"{name}.yml"
    content = read_yaml(path, NeedsError)
    if not isinstance(content, dict):
        raise NeedsError("expected keys and values", cell=path.name)
    for key in _KEYS:
        if key not in content:
            raise NeedsError(f"the key {key!r} is missing", cell=path.name)
    for key in content:
        if key not in _KEYS:
            nearest = difflib.get_close_matches(str(key), _KEYS, n=1, cutoff=0.0)[0]
            raise NeedsError(f"unknown key {key!r}; the nearest known is {nearest!r}", cell=path.name)
    return content, path.name


def _amount(content: dict[str, Any], key: str, place: str) -> Fraction:
    return _number(content[key], f"{place}, {key}")


def _number(entry: Any, place: str) -> Fraction:
    return _exact(entry.get("valeur") if isinstance(entry, dict) else entry, place)


def _bounds(content: dict[str, Any], key: str, place: str) -> tuple[Fraction, Fraction]:
    entry = content[key]
    if not isinstance(entry, dict):
        raise NeedsError("expected 'borne_basse' and 'borne_haute'", cell=f"{place}, {key}")
    return (
        _exact(entry.get("borne_basse"), f"{place}, {key}.borne_basse"),
        _exact(entry.get("borne_haute"), f"{place}, {key}.borne_haute"),
    )


def _exact(value: Any, place: str) -> Fraction:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise NeedsError(f"{value!r} is no number", cell=place) from None
