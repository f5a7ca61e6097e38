"""The drawing of France on a page: framed insets, scale bars, units, circles, names of some units.

The area of a circle is proportional to the amount: radius = sqrt(amount * area / pi), one scale for the whole map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path as DrawnPath
from matplotlib.patheffects import Normal, Stroke
from shapely.geometry.base import BaseGeometry

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import HALO
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.contours import Contours
from cdppe_analysis.figures.layout import MapLayout, Panel, Placed, place
from cdppe_analysis.figures.page import Form, Page, text_width
from cdppe_analysis.figures.palette import COLOURS, CONCERNED, MISSING, NOT_CONCERNED, Look
from cdppe_analysis.territories import departement

_NAME_SIZE = 6.6
_BAR_SIZE = 6.0
_FULL_INCHES = 0.0038
_EDGE = 0.2
"""The part of the radius of a circle that its edge takes at most."""
_RING = (Stroke(linewidth=3.0, foreground="#ffffff"), Normal())


@dataclass(frozen=True, eq=False)
class Canvas:
    """A map opened on a page: its axes in map kilometres, its units in place, and how many inches a kilometre takes."""

    axes: Axes
    placed: tuple[Placed, ...]
    layout: MapLayout
    inches: float
    form: Form

    @property
    def apart(self) -> list[Placed]:
        """The units, each where its circle and its name stand: under the glass where it is shown there too."""
        enlarged = {unit.code for unit in self.placed if unit.panel.glass}
        return [unit for unit in self.placed if unit.panel.glass or unit.code not in enlarged]

    @classmethod
    def open(
        cls,
        page: Page,
        contours: Contours,
        units: tuple[str, ...],
        layout: MapLayout,
        width: float,
        *,
        left: float = 0.0,
        bottom: float = 0.0,
        words: bool = True,
    ) -> Canvas:
        """Open a map on a page, framed insets and scale bars included.

        Parameters
        ----------
        page
            The page.
        contours
            The 101 contours.
        units
            The codes to draw, that cover France once.
        layout
            Where each part stands.
        width, left, bottom
            The width of the map and its place in the picture, in inches.
        words
            Write the names of the insets and the scales; small multiples have no room for them.
        """
        axes = page.drawing(left, bottom, width, width * layout.height / layout.width, layout.width / width)
        axes.set_gid("carte")
        placed = place(contours, units, layout)
        canvas = cls(axes, placed, layout, width / layout.width, page.form)
        for panel in layout.panels:
            _draw_panel(canvas, panel, words=words)
        return canvas

    def units(self, reading: Reading, fills: Mapping[str, Look]) -> None:
        """Draw every unit once (and once more under a magnifying glass), each patch named by its code."""
        for unit in self.placed:
            if unit.code in reading.not_concerned:
                look = NOT_CONCERNED
            elif unit.code in fills:
                look = fills[unit.code]
            elif math.isnan(reading.series[unit.code]):
                look = MISSING
            else:
                look = CONCERNED
            # Not add_patch, which would search each outline for limits that are already set.
            patch = PathPatch(
                unit.path,
                facecolor=look.face,
                edgecolor=look.edge,
                hatch=look.hatch,
                linewidth=look.width * min(1.0, self.inches / _FULL_INCHES),
                joinstyle="round",
                gid=f"departement-{unit.code}{'-loupe' if unit.panel.glass else ''}",
                zorder=1.0 if look is NOT_CONCERNED else 1.5,
            )
            patch.set_hatch_linewidth(look.hatch_width)
            self.axes.add_artist(patch)

    def circles(self, amounts: pd.Series, area: float, *, rings: bool = False) -> None:
        """Draw amounts as circles, the largest first so that the small stay visible; each stands in one place only.

        Parameters
        ----------
        amounts
            By code; a cross marks an amount of 0.
        area
            The area of a circle for an amount of 1, from `MapLayout.area_of_one`.
        rings
            Draw rings, over filled areas, so that the class below keeps its colour.
        """
        shown = [unit for unit in self.apart if unit.code in amounts.index]
        for unit in sorted(shown, key=lambda unit: (-float(amounts[unit.code]), unit.code)):
            amount = float(amounts[unit.code])
            if amount == 0:
                self.axes.plot(*unit.anchor, "x", color=COLOURS["encre_douce"], markersize=4.0, zorder=4)
                continue
            radius = math.sqrt(amount * area / math.pi)
            # In points: the white edge of a small circle must not hide it.
            edge = min(0.6, radius * self.inches * 72 * _EDGE)
            look: dict[str, Any] = {"facecolor": (COLOURS["orange"], 0.85), "edgecolor": "#ffffff", "linewidth": edge}
            if rings:
                look = {"facecolor": "none", "edgecolor": COLOURS["orange"], "linewidth": 1.5, "path_effects": _RING}
            gid = f"cercle-{unit.code}{'-loupe' if unit.panel.glass else ''}"
            self.axes.add_patch(Circle(unit.anchor, radius, zorder=3, gid=gid, **look))

    def names(self, labels: Iterable[str]) -> None:
        """Write the names of some units, each at the free place nearest to it: off circles, insets and scales.

        Insets of one unit have theirs already; a unit under the magnifying glass is named there.
        """
        drawn = {patch.get_gid(): patch for patch in self.axes.patches if isinstance(patch, Circle)}
        taken: list[BaseGeometry] = []
        for one in drawn.values():
            (x, y), radius = one.center, one.radius
            taken.append(shapely.box(x - radius, y - radius, x + radius, y + radius))
        for panel in self.layout.panels:
            if panel.framed and not panel.glass:
                left, bottom, wide, high = panel.box
                taken.append(shapely.box(left, bottom, left + wide, bottom + high))
            elif panel.bar_place:
                x, y = panel.bar_place
                taken.append(shapely.box(x, y - 10, x + panel.bar_km * 2, y + 30))
        shown = {unit.code: unit for unit in self.apart}
        for code in labels:
            if code not in shown:
                said = "is no unit of this map, so it cannot be named"
                raise FigureError(f"{departement(code).libelle} {said}", code=code)
            unit = shown[code]
            if unit.panel.framed and not unit.panel.glass:
                continue
            circle = drawn.get(f"cercle-{code}{'-loupe' if unit.panel.glass else ''}")
            box = _free_place(self, unit, circle.radius if circle else 0.0, taken)
            taken.append(box)
            left, bottom, _, top = box.bounds
            self.axes.text(
                left,
                (bottom + top) / 2,
                typography.typeset(departement(code).libelle),
                fontsize=self.form.size(_NAME_SIZE),
                va="center",
                ha="left",
                color=COLOURS["encre"],
                zorder=6,
                gid=f"nom-{code}",
                path_effects=HALO,
            )


def _free_place(canvas: Canvas, unit: Placed, radius: float, taken: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the place for a unit's name that overlaps least with what is there, the first of those that are equal."""
    name, size = departement(unit.code).libelle, canvas.form.size(_NAME_SIZE)
    width, height = text_width(name, size) * 1.04 / canvas.inches, size * 1.3 / 72 / canvas.inches
    x, y = unit.anchor
    corners = [(x - width / 2, y - height / 2)] if radius == 0 else []
    for far in (0, 14, 28, 42):
        away = radius + 5 + far
        corners += [
            (x + away, y - height / 2),
            (x - away - width, y - height / 2),
            (x - width / 2, y + away),
            (x - width / 2, y - away - height),
            (x + away * 0.75, y + away * 0.75),
            (x + away * 0.75, y - away * 0.75 - height),
            (x - away * 0.75 - width, y + away * 0.75),
            (x - away * 0.75 - width, y - away * 0.75 - height),
        ]
    layout, glasses = canvas.layout, [panel.box for panel in canvas.layout.panels if panel.glass]
    room = shapely.box(0, 0, layout.width, layout.height)
    if unit.panel.glass:
        left, bottom, wide, high = unit.panel.box
        room = shapely.box(left + 6, bottom + layout.bar_band, left + wide - 6, bottom + high - layout.name_band)
    else:
        taken = [*taken, *(shapely.box(x, y, x + w, y + h) for x, y, w, h in glasses)]
    return _freest([_pushed_inside(left, bottom, width, height, room) for left, bottom in corners], taken)


def _freest(places: Sequence[BaseGeometry], taken: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the place that shares least with what is taken, the first of those that are equal."""
    # Rounded, so that a hair's breadth does not decide, and differently from one machine to the next.
    return min(places, key=lambda box: round(float(shapely.area(shapely.intersection(box, taken)).sum()), 4))


def _pushed_inside(left: float, bottom: float, width: float, height: float, room: BaseGeometry) -> BaseGeometry:
    """Return a box moved no farther than needed to be inside the room, at its left and bottom if it is too large."""
    x0, y0, x1, y1 = room.bounds
    left, bottom = max(x0, min(left, x1 - width)), max(y0, min(bottom, y1 - height))
    return shapely.box(left, bottom, left + width, bottom + height)


def _draw_panel(canvas: Canvas, panel: Panel, *, words: bool) -> None:
    """Draw the frame, name and scale of a panel."""
    axes, placed = canvas.axes, canvas.placed
    # Letters shrink with a map that takes a part of the page; those of a narrow page never do.
    small = 1.0 if canvas.form.narrow else min(1.0, canvas.inches / _FULL_INCHES)
    name_size, bar_size = (canvas.form.size(size * small) for size in (_NAME_SIZE, _BAR_SIZE))
    left, bottom, width, height = panel.box
    bar = panel.bar_km * panel.scale
    label = typography.with_unit(panel.bar_km, "km")
    if not panel.framed:
        x, y = panel.bar_place or (left, bottom)
        if words:
            _scale_bar(axes, x, y, bar, label, bar_size)
        return
    frame: dict[str, Any] = {"facecolor": "#ffffff", "edgecolor": COLOURS["trait"], "linewidth": 0.6, "zorder": 0.5}
    inside = Rectangle((left + 1, bottom + 1), width - 2, height - 2, clip_on=False, gid=f"cadre-{panel.id}", **frame)
    axes.add_patch(inside)
    if words:
        name: dict[str, Any] = {"fontsize": name_size, "va": "top", "color": COLOURS["encre"], "zorder": 5}
        axes.text(left + 8, bottom + height - 9, panel.name, gid=f"nom-{panel.id}", **name)
        _scale_bar(axes, left + 9, bottom + canvas.layout.bar_band / 3, bar, label, bar_size)
    if panel.glass:
        own = [unit.bounds for unit in placed if unit.code in (panel.codes or ()) and not unit.panel.glass]
        x0, y0 = min(b[0] for b in own), min(b[1] for b in own)
        x1, y1 = max(b[2] for b in own), max(b[3] for b in own)
        edge: dict[str, Any] = {"facecolor": "none", "edgecolor": COLOURS["encre_douce"], "linewidth": 0.6}
        axes.add_patch(Rectangle((x0 - 2, y0 - 2), x1 - x0 + 4, y1 - y0 + 4, zorder=2.5, **edge))


def _scale_bar(axes: Axes, x: float, y: float, length: float, label: str, size: float) -> None:
    """Draw a scale bar of `length` axes units, its label to its right."""
    outline = DrawnPath([(x, y + 6), (x, y), (x + length, y), (x + length, y + 6)])
    axes.add_patch(PathPatch(outline, facecolor="none", edgecolor=COLOURS["trait"], linewidth=0.7))
    axes.text(x + length + 7, y - 2, label, fontsize=size, color=COLOURS["encre_douce"], ha="left", va="baseline")
