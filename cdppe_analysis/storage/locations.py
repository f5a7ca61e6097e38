"""Where the data and the contours are, from a wheel or from a checkout.

In a wheel, `data/` and `shapes/` stand in the folder `carried` of the package; in a checkout they stand beside it.
"""

from __future__ import annotations

from pathlib import Path

from cdppe_analysis.errors import SourceError

PUBLISHED = "CDPPE_FIGURES"
"""The variable that asks notebooks for the other forms of their figures."""

_PACKAGE = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """Return the folder that holds `raw/`, `clean/`, `rules/` and `scenarios/`.

    Raises
    ------
    SourceError
        When the installation carries no data.
    """
    return _carried("data")


def shapes_dir() -> Path:
    """Return the folder that holds the contours.

    Raises
    ------
    SourceError
        When the installation carries no contours.
    """
    return _carried("shapes")


def carried_inside() -> bool:
    """Tell whether the data stand inside the package, as in an installed wheel, and are not to be written to."""
    return (_PACKAGE / "carried" / "data").is_dir()


def _carried(name: str) -> Path:
    for folder in (_PACKAGE / "carried" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise SourceError(f"this installation of cdppe_analysis carries no folder {name!r}")
