"""The contours of the départements: loaded once, checked, written with data, in longitude and latitude.

The contours that the package carries are built by `shapes/build.py` from IGN Admin Express. A user's own (another
edition, for example) replace them with one argument: any file that geopandas reads, with one row a département and its
INSEE code in a column of text; they are checked before use.

Written with data, a unit of the map is one feature: a `20` in the frame is Corse dissolved, a département that the
frame does not hold has empty columns. GeoPackage files carry their date by their own standard; here it is
a fixed one, so that the same data give the same bytes.

A study carries the contours of its units, communes, ARS or services, in `contours.geojson` or `contours.gpkg`, with a
column `code`; without one, units that are départements or régions by their codes and names take the package's. Known
drawback: a name is the whole of what tells région 84 from département 84; « ARS PACA » is not told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.columns import coded, units_for
from cdppe_analysis.storage.files import read_json, replaced, shapes_dir
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, Territories, components, departement, france, normalised

SHIPPED_ORIGIN = "IGN Admin Express 2018"
_FILES = {False: "departements.geojson", True: "departements-legers.geojson"}
OVERSEAS_BOXES = {
    "971": (-62.5, 15.5, -60.5, 17.0),
    "972": (-61.5, 14.0, -60.5, 15.2),
    "973": (-55.0, 1.5, -51.0, 6.5),
    "974": (55.0, -21.7, 56.0, -20.5),
    "976": (44.5, -13.3, 45.6, -12.3),
}
"""West, south, east and north of the overseas départements, in degrees."""
STUDY_FILES = ("contours.geojson", "contours.gpkg")
_MAINLAND_BOX = (-5.8, 41.0, 10.0, 51.5)
_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}
_FIXED_DATE = "2020-01-01T00:00:00.000Z"


@dataclass(frozen=True, eq=False)
class Contours:
    """The 101 départements: `codes` and `geometries` (longitude, latitude) in the same order, and their origin.

    Those of a study are `own`: any units, each with one contour.
    """

    codes: tuple[str, ...]
    geometries: NDArray[np.object_]
    origin: str
    own: bool = False

    @classmethod
    def of_study(cls, folder: Path, units: Territories, codes: Collection[str]) -> Contours | None:
        """Return the contours of the units of a study; `None` where they are the départements.

        Parameters
        ----------
        folder
            That of the study.
        units
            All that it declares.
        codes
            The units that must have a contour.

        Raises
        ------
        FigureError
            When there is no contour to draw a unit with (the sentence says what to add), when the file cannot be read,
            says no coordinate system, lacks a unit, gives one twice, or has a contour that is no valid polygon.
        """
        file = next((folder / name for name in STUDY_FILES if (folder / name).is_file()), None)
        if file is not None:
            return _read_study(file, units, codes)
        if units is france() or _named(codes, units, {code: unit.libelle for code, unit in france().units.items()}):
            return None
        if _named(codes, units, REGIONS):
            shipped = load_contours(light=True)
            own = np.array([DEPARTEMENTS[code].code_region for code in shipped.codes])
            whole = np.array([shapely.union_all(shipped.geometries[own == code]) for code in REGIONS])
            return cls(tuple(REGIONS), whole, f"{shipped.origin}, départements réunis.", own=True)
        first = next(iter(codes))
        raise FigureError(
            "no map: the package has the contours of the départements and the régions, and "
            f"{units.label(first)} is none; add {STUDY_FILES[0]} to the study, with the contours of its units and "
            "their codes in a column 'code'",
            code=first,
        )

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each code."""
        return {code: rank for rank, code in enumerate(self.codes)}

    def parts(self, code: str) -> tuple[str, ...]:
        """Return the codes of the contours that a unit covers."""
        return (code,) if self.own else components(code)

    def unit(self, code: str) -> BaseGeometry:
        """Return the contour of a unit; a whole such as `20` is dissolved from its parts.

        Raises
        ------
        FigureError
            When the unit is a part of a département that the contours do not split (`69D`, `69M`).
        """
        return _unit(self, code)

    def joined(self, frame: pd.DataFrame) -> Any:
        """Return the contour of every unit of the map with the columns of a frame, as a GeoDataFrame in degrees.

        Raises
        ------
        FigureError, TerritoryError
            As `export_contours`.

        Examples
        --------
        >>> layer = load_contours().joined(pd.DataFrame({"code_departement": ["20"], "montant_eur": [112192]}))
        >>> len(layer), layer["montant_eur"].count()
        (100, np.int64(1))
        """
        import geopandas

        if "geometry" in frame.columns:
            raise FigureError("a column of the data cannot be named 'geometry'")
        units = units_for(coded(frame))
        own = [departement(code) for code in units]
        attributes = pd.DataFrame(
            {
                "code_departement": units,
                "libelle_departement": [unit.libelle for unit in own],
                "code_region": [unit.code_region for unit in own],
                "libelle_region": [unit.libelle_region for unit in own],
            }
        )
        data = frame.drop(columns=list(attributes.columns[1:]), errors="ignore")
        joined = attributes.merge(data, on="code_departement", how="left", validate="1:1")
        geometries = np.array([shapely.multipolygons(shapely.get_parts(self.unit(code))) for code in units])
        return geopandas.GeoDataFrame(joined, geometry=geometries, crs=4326)


OneOfContours: TypeAlias = str | Path | Contours | None
"""The package's own contours, a file of others, or contours that are loaded."""


@lru_cache(maxsize=1024)
def _unit(contours: Contours, code: str) -> BaseGeometry:
    if not contours.own:
        units_for((code,))
    drawn = [contours.geometries[contours.places[part]] for part in contours.parts(code)]
    return drawn[0] if len(drawn) == 1 else shapely.union_all(drawn)


def load_contours(given: OneOfContours = None, *, light: bool = False) -> Contours:
    """Load contours, once for each file as it stands.

    Parameters
    ----------
    given
        A file of 101 contours to use instead of the package's own, or contours that are loaded already.
    light
        Of the package's own, the simplified ones: for small multiples.

    Raises
    ------
    FigureError
        When the file cannot be read or is not the 101 départements of France: their codes, valid, each where it is in
        the world.

    Examples
    --------
    >>> len(load_contours().codes)
    101
    """
    if isinstance(given, Contours):
        return given
    if given is None:
        return _shipped(light)
    file = Path(given)
    return _read_file(file, file.stat().st_mtime_ns if file.is_file() else None)


@lru_cache(maxsize=2)
def _shipped(light: bool) -> Contours:
    collection = json.loads((shapes_dir() / _FILES[light]).read_text(encoding="utf-8"))
    codes = tuple(feature["properties"]["code_departement"] for feature in collection["features"])
    geometries = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in collection["features"]])
    return Contours(codes, geometries, SHIPPED_ORIGIN)


def _check(codes: Sequence[str], geometries: NDArray[np.object_], place: str) -> None:
    for code in sorted(set(codes) | set(DEPARTEMENTS)):
        if codes.count(code) > 1:
            raise FigureError(f"the contours give the code {code!r} twice", code=code, cell=place)
        if code not in codes:
            count, name = len(set(DEPARTEMENTS) - set(codes)), departement(code).libelle
            said = f"the contours lack {count} of the 101 départements, the first is {name}"
            raise FigureError(said, code=code, cell=place)
        if code not in DEPARTEMENTS:
            raise FigureError(f"the contours hold {code!r}, which is none of the 101 codes", code=code, cell=place)
    _check_polygons(codes, geometries, place)
    for code, geometry in zip(codes, geometries, strict=True):
        west, south, east, north = OVERSEAS_BOXES.get(code, _MAINLAND_BOX)
        x0, y0, x1, y1 = geometry.bounds
        if not (west <= x0 and south <= y0 and x1 <= east and y1 <= north):
            raise FigureError("a contour is not where the département is in the world", code=code, cell=place)


def _check_polygons(codes: Sequence[str], geometries: NDArray[np.object_], place: str) -> None:
    """Check that each contour is valid polygons in degrees; `FigureError` names the first that is not."""
    for code, geometry in zip(codes, geometries, strict=True):
        if geometry is None or geometry.is_empty or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
            raise FigureError("a contour is no polygon", code=code, cell=place)
        if not geometry.is_valid:
            raise FigureError(f"a contour is invalid: {shapely.is_valid_reason(geometry)}", code=code, cell=place)
        west, south, east, north = geometry.bounds
        if west < -180 or south < -90 or east > 180 or north > 90:
            raise FigureError("a contour is not in degrees of longitude and latitude", code=code, cell=place)


def _read_degrees(path: Path) -> Any:
    """Return what a file of contours holds, as a GeoDataFrame in longitude and latitude."""
    import geopandas

    if not path.is_file():
        raise FigureError("there is no such file of contours", cell=str(path))
    try:
        frame = geopandas.read_file(path)
    except Exception as error:
        if path.suffix == ".geojson":
            read_json(path, FigureError)  # says the line that is no JSON
        raise FigureError("the contours cannot be read: the file is damaged, or holds none", cell=path.name) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise FigureError("the contours hold no geometry", cell=path.name)
    if frame.crs is None:
        raise FigureError("the contours do not say their coordinate system", cell=path.name)
    return frame.to_crs(4326)


@lru_cache(maxsize=8)
def _read_file(path: Path, _changed: int | None) -> Contours:
    frame = _read_degrees(path)
    column = _code_column(frame)
    if column is None:
        raise FigureError("no column of the contours holds the INSEE codes of départements", cell=path.name)
    codes = tuple(str(code) for code in frame[column])
    geometries = np.array(frame.geometry.array, dtype=object)
    _check(codes, geometries, path.name)
    order = np.argsort(np.array(codes))
    return Contours(tuple(codes[i] for i in order), geometries[order], path.name)


def _code_column(frame: Any) -> str | None:
    """Return the column with the most codes of départements, if it holds the most of them."""
    names = [name for name in frame.columns if name != "geometry"]
    counts = {name: int(frame[name].astype(str).isin(list(DEPARTEMENTS)).sum()) for name in names}
    best = max(counts, key=lambda name: counts[name], default=None)
    return best if best is not None and counts[best] > len(DEPARTEMENTS) // 2 else None


def _named(codes: Collection[str], units: Territories, official: Mapping[str, str]) -> bool:
    """Tell whether units have official codes, and most of them the name that goes with theirs."""
    if not set(codes) <= set(official):
        return False
    alike = sum(normalised(official[code]) in normalised(units.label(code)) for code in codes)
    return alike > len(codes) / 2


def _read_study(file: Path, units: Territories, codes: Collection[str]) -> Contours:
    frame = _read_degrees(file)
    if "code" not in frame.columns:
        named = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise FigureError(f"the contours have no column 'code'; there are {named or 'none'}", cell=file.name)
    written = [str(code).strip() for code in frame["code"]]
    drawn, given = set(codes), set(written)
    if len(given) < len(written):
        twice = next(code for code in written if written.count(code) > 1)
        raise FigureError(f"the contours give {units.label(twice)} twice", code=twice, cell=file.name)
    missing = [code for code in codes if code not in given]
    if missing:
        stray = sorted(given - set(units.units))
        near = hint(missing[0], stray) if stray else ""
        told = f"lack {units.label(missing[0])}" + (f" and {len(missing) - 1} more" if missing[1:] else "")
        beside = f"; {len(stray)} of their codes are of no unit of the study, the first {stray[0]!r}" if stray else ""
        raise FigureError(f"the contours {told}{near}{beside}", code=missing[0], cell=file.name)
    # What covers a unit that is drawn, or is covered by it, is not drawn beside it.
    covered = {part for code in codes for part in units.components(code)} | drawn
    kept = [
        rank
        for rank, code in enumerate(written)
        if code in drawn or (code in units.units and covered.isdisjoint({code, *units.components(code)}))
    ]
    chosen = tuple(written[rank] for rank in kept)
    geometries = np.array(frame.geometry.array, dtype=object)[kept]
    _check_polygons(chosen, geometries, file.name)
    return Contours(chosen, geometries, file.name, own=True)


def export_contours(data: pd.DataFrame | Mapping[str, Any], path: str | Path) -> Path:
    """Write contours and data to a `.gpkg` or `.geojson` file, whole or not at all.

    Parameters
    ----------
    data
        A row a unit: `code_departement` and any columns; or GeoDataFrames by the name of their layer, as
        `Contours.joined` gives them (a GeoJSON holds one).
    path
        The file; its suffix chooses the format.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FigureError
        When the suffix is another, a column is named `geometry`, or a GeoJSON is asked to hold several layers.
    TerritoryError
        When a code cannot be used.
    TableError
        When the folder cannot be written.
    """
    import pyogrio

    layers = data if isinstance(data, Mapping) else {"departements": load_contours().joined(data)}
    target = Path(path)
    if target.suffix not in _DRIVERS:
        raise FigureError(
            f"contours are exported as {' or '.join(_DRIVERS)}, not {target.suffix or 'without suffix'!r}"
        )
    if target.suffix == ".geojson" and len(layers) != 1:
        raise FigureError(f"a GeoJSON holds one layer, not {len(layers)}")
    with replaced(target) as temporary:
        temporary.unlink()
        # GDAL would otherwise stamp a GeoPackage with the time of day.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
        try:
            for number, (name, layer) in enumerate(layers.items()):
                layer.to_file(
                    temporary, driver=_DRIVERS[target.suffix], layer=name, mode="a" if number else "w", engine="pyogrio"
                )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return target
