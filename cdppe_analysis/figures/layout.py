"""The layout of France on a page: each part projected with its own projection, then set in its place.

Positions, scales and projections are data, in `france.yml`. True positions stay in the contours; what is placed here is
a copy for one drawing. Units are map kilometres: 1 is a kilometre of the mainland. Pages draw it by the paths of SVG.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.path import Path as DrawnPath
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.contours import OVERSEAS_BOXES, Contours
from cdppe_analysis.figures.illustration import step
from cdppe_analysis.storage.strict import read_yaml

_OTHERS = "les autres"
_ENGLISH = {"nom": "name", "echelle": "scale", "boite": "box", "barre_km": "bar_km", "barre_position": "bar_place"}
_ENGLISH |= {"largeur": "width", "hauteur": "height", "bande_du_nom": "name_band", "bande_de_la_barre": "bar_band"}
_ENGLISH |= {"loupe": "glass"}
_BAR_ROOM = 70
"""Map kilometres under the units of a study, for the scale bar."""


@dataclass(frozen=True)
class Panel:
    """A part of the map.

    `box` is (x, y, width, height) in map kilometres; `codes` is None for all that no other panel takes; a `glass`
    shows again, enlarged, units that stand in another panel too.
    """

    id: str
    name: str
    epsg: int
    codes: tuple[str, ...] | None
    scale: float
    box: tuple[float, float, float, float]
    bar_km: float
    bar_place: tuple[float, float] | None = None
    glass: bool = False

    @property
    def framed(self) -> bool:
        """Whether the panel is an inset, in a frame with its name."""
        return self.codes is not None


@dataclass(frozen=True)
class MapLayout:
    """The page of a map: its size, the heights of an inset's name and scale, its panels, the bounds of circles."""

    width: float
    height: float
    name_band: float
    bar_band: float
    circles_part: Fraction
    largest_radius: float
    panels: tuple[Panel, ...]

    @classmethod
    @lru_cache(maxsize=2)
    def read(cls, *, narrow: bool = False) -> MapLayout:
        """Read the layout of France, or with `narrow` that of a narrow page: insets under the mainland.

        Examples
        --------
        >>> [panel.epsg for panel in MapLayout.read().panels]
        [2154, 5490, 5490, 2972, 2975, 4471, 2154]
        """
        content = read_yaml(Path(__file__).with_name("france.yml"), FigureError)
        panels = []
        for entry in content["panneaux"]:
            own = entry.pop("etroite", {})
            entry |= own if narrow else {}
            entry["codes"] = None if entry["codes"] == _OTHERS else tuple(entry["codes"])
            panels.append(Panel(**_in_english(entry)))
        circles = content["cercles"]
        return cls(
            **_in_english(content["etroite" if narrow else "carte"]),
            circles_part=Fraction(circles["part_du_territoire"]),
            largest_radius=circles["rayon_maximal"],
            panels=tuple(panels),
        )

    @classmethod
    def of(cls, contours: Contours, *, narrow: bool = False) -> MapLayout:
        """Return the layout of contours: that of France; for those of a study, the same with the panels that it needs.

        The largest group of units that one projection suits fills the page; units in the other overseas keep their
        insets.
        """
        france = cls.read(narrow=narrow)
        return _own_layout(contours, france) if contours.own else france

    def area_of_one(self, contours: Contours, units: tuple[str, ...], amounts: pd.Series) -> float:
        """Return the area of a circle, in map square kilometres, for an amount of 1; 0 when all amounts are 0.

        The circles together take at most the layout's part of the mainland, and none is larger than the layout's bound,
        which every frame can hold.
        """
        if not (amounts > 0).any():
            return 0.0
        land = sum(unit.area for unit in place(contours, units, self) if not unit.panel.framed)
        largest = math.pi * self.largest_radius**2
        return min(float(self.circles_part) * land / float(amounts.sum()), largest / float(amounts.max()))

    def outlines(self, contours: Contours, codes: tuple[str, ...], per_km: int = 1) -> dict[str, Any]:
        """Return the map as a page draws it, its lengths from the upper left corner, as SVG counts.

        Parameters
        ----------
        contours
            The 101 contours.
        codes
            What is drawn; a whole may stand beside its parts.
        per_km
            The unit of all lengths: how many a map kilometre takes.

        Returns
        -------
        dict
            `width`, `height`; `units`, one a path, those under the glass last: `code`, `path`, where a circle stands
            (`x`, `y`), `enlarged`; `frames` of the insets: `name`, `box`, the length of its scale (`bar`) and what it
            is (`km`).
        """
        placed = sorted(place(contours, codes, self), key=lambda unit: (unit.panel.glass, unit.code))
        units = [
            {
                "code": unit.code,
                "path": _steps(unit.path, self.height, per_km),
                "x": round(unit.anchor[0] * per_km, 1),
                "y": round((self.height - unit.anchor[1]) * per_km, 1),
                "enlarged": unit.panel.glass,
            }
            for unit in placed
        ]
        frames = [
            {
                "name": panel.name,
                "box": [length * per_km for length in (x, self.height - y - tall, wide, tall)],
                "bar": round(panel.bar_km * panel.scale * per_km, 1),
                "km": typography.with_unit(panel.bar_km, "km"),
            }
            for panel in self.panels
            if panel.framed
            for x, y, wide, tall in [panel.box]
        ]
        return {"width": self.width * per_km, "height": self.height * per_km, "units": units, "frames": frames}


@dataclass(frozen=True, eq=False)
class Placed:
    """A unit in its place: its outline, where a circle or a name is centred, and its area in map square kilometres."""

    code: str
    panel: Panel
    path: DrawnPath
    anchor: tuple[float, float]
    area: float
    bounds: tuple[float, float, float, float]


def _in_english(entry: dict[str, Any]) -> dict[str, Any]:
    return {_ENGLISH.get(name, name): tuple(v) if isinstance(v, list) else v for name, v in entry.items()}


@lru_cache(maxsize=8)
def _own_layout(contours: Contours, france: MapLayout) -> MapLayout:
    points = shapely.get_coordinates(shapely.point_on_surface(contours.geometries))
    groups: dict[Panel, list[str]] = {panel: [] for panel in france.panels if not panel.glass}
    mainland, *overseas = groups
    for code, (x, y) in zip(contours.codes, points, strict=True):
        boxes = ((panel, OVERSEAS_BOXES[(panel.codes or ("",))[0]]) for panel in overseas)
        inside = (panel for panel, (x0, y0, x1, y1) in boxes if x0 <= x <= x1 and y0 <= y <= y1)
        groups[next(inside, mainland)].append(code)
    main = mainland if groups[mainland] else max(groups, key=lambda panel: len(groups[panel]))
    insets = [replace(panel, codes=tuple(groups[panel])) for panel in overseas if groups[panel] and panel != main]
    x0, y0, x1, y1 = shapely.total_bounds(_projected(contours, main.epsg, tuple(groups[main])))
    left, bottom, width, height = mainland.box
    left, width = (left, width) if insets else (0.0, left + width)
    room = (left, bottom + _BAR_ROOM, width, height - _BAR_ROOM)
    fitted = 980 * min(room[2] / max(x1 - x0, 1.0), room[3] / max(y1 - y0, 1.0))
    length = mainland.bar_km / fitted
    power = 10.0 ** math.floor(math.log10(length))
    bar = power * max(step for step in (1, 2, 5) if step <= length / power)
    position = (left + 10, bottom + 15)
    drawn = replace(main, codes=None, scale=fitted, box=room, bar_km=bar, bar_place=position)
    return replace(france, panels=(drawn, *insets))


@lru_cache(maxsize=16)
def place(contours: Contours, units: tuple[str, ...], layout: MapLayout) -> tuple[Placed, ...]:
    """Set units in their places; those of a magnifying glass come twice, the copy after the original.

    Parameters
    ----------
    contours
        The 101 contours.
    units
        Codes that cover France once: the 101, or `20` for `2A` and `2B`.
    layout
        Where each part stands.
    """
    taken = {code for panel in layout.panels if panel.codes and not panel.glass for code in panel.codes}
    placed: list[Placed] = []
    for panel in layout.panels:
        if panel.codes is None:
            codes = [unit for unit in units if not taken.intersection(contours.parts(unit))]
        else:
            codes = [unit for unit in units if unit in panel.codes]
        if codes:
            placed.extend(_placed(contours, panel, tuple(codes), layout))
    return tuple(placed)


def _steps(path: DrawnPath, height: float, per_km: int) -> str:
    """Write an outline to a tenth of a kilometre, each ring by steps; a ring that is smaller is left out."""
    vertices = np.asarray(path.vertices, dtype=float) * (1, -1) + (0, height)
    tenths, unit = np.round(vertices * 10).astype(int), per_km / 10
    starts = np.flatnonzero(np.asarray(path.codes) == DrawnPath.MOVETO)
    parts = []
    for ring in np.split(tenths, starts[1:]):
        steps = np.diff(ring[:-1], axis=0)
        moved = "".join(f"{step(x * unit)}{step(y * unit)}" for x, y in steps.tolist() if x or y)
        if moved:
            parts.append(f"M{ring[0, 0] * unit:g} {ring[0, 1] * unit:g}l{moved}z")
    return "".join(parts)


def _placed(contours: Contours, panel: Panel, codes: tuple[str, ...], layout: MapLayout) -> list[Placed]:
    geometries = _projected(contours, panel.epsg, codes)
    x0, y0, x1, y1 = shapely.total_bounds(geometries)
    left, bottom, width, height = panel.box
    if panel.framed:
        bottom += layout.bar_band
        height -= layout.name_band + layout.bar_band
    middle = np.array([left + width / 2, bottom + height / 2])
    centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    scale = panel.scale / 1000
    moved = shapely.transform(geometries, lambda xy: (xy - centre) * scale + middle)
    return [
        Placed(code, panel, _drawn(geometry), _anchor(geometry), float(geometry.area), geometry.bounds)
        for code, geometry in zip(codes, moved, strict=True)
    ]


@lru_cache(maxsize=64)
def _projected(contours: Contours, epsg: int, codes: tuple[str, ...]) -> NDArray[np.object_]:
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)
    return np.array(
        [
            shapely.transform(
                contours.unit(code), lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
            )
            for code in codes
        ]
    )


def _anchor(geometry: BaseGeometry) -> tuple[float, float]:
    largest = max(shapely.get_parts(geometry), key=lambda part: part.area)
    point = largest.centroid
    if not largest.contains(point):
        point = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=1.0), 0)
    return (float(point.x), float(point.y))


def _drawn(geometry: BaseGeometry) -> DrawnPath:
    rings = [ring for part in shapely.get_parts(geometry) for ring in (part.exterior, *part.interiors)]
    return DrawnPath.make_compound_path(*(DrawnPath(shapely.get_coordinates(ring), closed=True) for ring in rings))
