"""The contours of the départements: loaded once, checked, in true longitude and latitude.

The contours that the package carries are built by `shapes/build.py` from IGN Admin Express. A user's own (another
edition, for example) replace them with one argument: any file that geopandas reads, with one row a département and its
INSEE code in a column of text; they are checked before use.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cdppe_analysis.errors import FigureError
from cdppe_analysis.storage.files import shapes_dir
from cdppe_analysis.territories import DEPARTEMENTS, departement

SHIPPED_ORIGIN = "IGN Admin Express 2018"
_FILES = {False: "departements.geojson", True: "departements-legers.geojson"}
_BOXES = {
    "971": (-62.5, 15.5, -60.5, 17.0),
    "972": (-61.5, 14.0, -60.5, 15.2),
    "973": (-55.0, 1.5, -51.0, 6.5),
    "974": (55.0, -21.7, 56.0, -20.5),
    "976": (44.5, -13.3, 45.6, -12.3),
}
_MAINLAND_BOX = (-5.8, 41.0, 10.0, 51.5)


@dataclass(frozen=True, eq=False)
class Contours:
    """The 101 départements: `codes` and `geometries` (longitude, latitude) in the same order, and their origin."""

    codes: tuple[str, ...]
    geometries: NDArray[np.object_]
    origin: str

    def unit(self, code: str) -> BaseGeometry:
        """Return the contour of a unit; a whole such as `20` is dissolved from its parts.

        Raises
        ------
        FigureError
            When the unit is a part of a département that the contours do not split (`69D`, `69M`).
        """
        return _unit(self, code)


@lru_cache(maxsize=1024)
def _unit(contours: Contours, code: str) -> BaseGeometry:
    parts = drawn_parts(code)
    found = [contours.geometries[contours.codes.index(part)] for part in parts]
    return found[0] if len(found) == 1 else shapely.union_all(found)


def drawn_parts(code: str) -> tuple[str, ...]:
    """Return the codes among the 101 that a unit covers on a map.

    Raises
    ------
    FigureError
        When the unit is only a part of one of the 101.

    Examples
    --------
    >>> drawn_parts("20")
    ('2A', '2B')
    """
    from cdppe_analysis.territories import components

    parts = components(code)
    if code not in DEPARTEMENTS and len(parts) == 1:
        raise FigureError(
            f"{departement(code).libelle} has no contour of its own; draw {parts[0]!r} as a whole", code=code
        )
    return parts


def load_contours(path: str | Path | None = None, *, light: bool = False, code_column: str | None = None) -> Contours:
    """Load contours, once for each file as it stands.

    Parameters
    ----------
    path
        A file of 101 contours to use instead of the package's own.
    light
        Of the package's own, the simplified ones: for small multiples.
    code_column
        The column of `path` that holds the INSEE codes; found by its content when left out.

    Raises
    ------
    FigureError
        When the file cannot be read or is not the 101 départements of France (see `check_contours`).

    Examples
    --------
    >>> len(load_contours().codes)
    101
    """
    if path is None:
        return _shipped(light)
    file = Path(path)
    return _read_file(file, code_column, file.stat().st_mtime_ns if file.is_file() else None)


@lru_cache(maxsize=2)
def _shipped(light: bool) -> Contours:
    collection = json.loads((shapes_dir() / _FILES[light]).read_text(encoding="utf-8"))
    codes = tuple(feature["properties"]["code_departement"] for feature in collection["features"])
    geometries = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in collection["features"]])
    return Contours(codes, geometries, SHIPPED_ORIGIN)


def check_contours(codes: Sequence[str], geometries: NDArray[np.object_], place: str) -> None:
    """Check that contours are the 101 départements: their codes, valid, each where it is in the world.

    Parameters
    ----------
    codes, geometries
        In the same order; longitude and latitude.
    place
        The file's name, for the message.

    Raises
    ------
    FigureError
        With the first thing that is wrong.
    """
    twice = sorted({code for code in codes if codes.count(code) > 1})
    missing = sorted(set(DEPARTEMENTS) - set(codes))
    foreign = sorted(set(codes) - set(DEPARTEMENTS))
    if twice:
        raise FigureError(f"the contours give the code {twice[0]!r} twice", code=twice[0], cell=place)
    if missing:
        raise FigureError(
            f"the contours lack {len(missing)} of the 101 départements, the first is {departement(missing[0]).libelle}",
            code=missing[0],
            cell=place,
        )
    if foreign:
        raise FigureError(
            f"the contours hold {foreign[0]!r}, which is none of the 101 codes", code=foreign[0], cell=place
        )
    for code, geometry in zip(codes, geometries, strict=True):
        if geometry is None or geometry.is_empty or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
            raise FigureError("a contour is no polygon", code=code, cell=place)
        if not geometry.is_valid:
            raise FigureError(f"a contour is invalid: {shapely.is_valid_reason(geometry)}", code=code, cell=place)
        west, south, east, north = _BOXES.get(code, _MAINLAND_BOX)
        x0, y0, x1, y1 = geometry.bounds
        if not (west <= x0 and south <= y0 and x1 <= east and y1 <= north):
            raise FigureError("a contour is not where the département is in the world", code=code, cell=place)


@lru_cache(maxsize=8)
def _read_file(path: Path, code_column: str | None, _changed: int | None) -> Contours:
    import geopandas

    if not path.is_file():
        raise FigureError("there is no such file of contours", cell=str(path))
    try:
        frame = geopandas.read_file(path)
    except Exception as error:
        raise FigureError(f"the contours cannot be read: {error}", cell=path.name) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise FigureError("the contours hold no geometry", cell=path.name)
    if frame.crs is None:
        raise FigureError("the contours do not say their coordinate system", cell=path.name)
    column = code_column or _code_column(frame)
    if column is None or column not in frame.columns:
        raise FigureError("no column of the contours holds the INSEE codes of départements", cell=path.name)
    degrees = frame.to_crs(4326)
    codes = tuple(str(code) for code in frame[column])
    geometries = np.array(degrees.geometry.array, dtype=object)
    check_contours(codes, geometries, path.name)
    order = np.argsort(np.array(codes))
    return Contours(tuple(codes[i] for i in order), geometries[order], path.name)


def _code_column(frame: Any) -> str | None:
    """Return the column with the most codes of départements, if it holds the most of them."""
    known = {
        name: int(frame[name].astype(str).isin(list(DEPARTEMENTS)).sum())
        for name in frame.columns
        if name != "geometry"
    }
    best = max(known, key=lambda name: known[name], default=None)
    return best if best is not None and known[best] > len(DEPARTEMENTS) // 2 else None
