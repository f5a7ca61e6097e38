"""The drawing of France on a page: framed insets, scale bars, units, names of some of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Rectangle

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import looks
from cdppe_analysis.figures.boxes import Box, freest, pushed_inside
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.contours import Contours
from cdppe_analysis.figures.layout import BAR_BAND, NAME_BAND, Layout, Panel, Placed, load_layout, place
from cdppe_analysis.figures.legends import scale_bar
from cdppe_analysis.figures.looks import Look
from cdppe_analysis.figures.page import Page, text_width
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

_NAME_SIZE = 6.6
_BAR_SIZE = 6.0
_FULL_INCHES = 0.0038


@dataclass(frozen=True, eq=False)
class Canvas:
    """A map opened on a page: its axes in map kilometres, its units in place, and how many inches a kilometre takes."""

    axes: Axes
    placed: tuple[Placed, ...]
    layout: Layout
    inches: float


def map_height(width: float) -> float:
    """Return the height of a map of that width, in inches."""
    layout = load_layout()
    return width * layout.hauteur / layout.largeur


def open_map(
    page: Page,
    contours: Contours,
    units: tuple[str, ...],
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
    width, left, bottom
        The width of the map and its place in the picture, in inches.
    words
        Write the names of the insets and the scales; small multiples have no room for them.
    """
    layout = load_layout()
    axes = page.drawing(left, bottom, width, width * layout.hauteur / layout.largeur, layout.largeur / width)
    axes.set_gid("carte")
    placed = place(contours, units, layout)
    for panel in layout.panneaux:
        _draw_panel(axes, panel, placed, min(1.0, width / layout.largeur / _FULL_INCHES), words=words)
    return Canvas(axes, placed, layout, width / layout.largeur)


def draw_units(canvas: Canvas, reading: Reading, fills: Mapping[str, Look]) -> None:
    """Draw every unit once (and once more under a magnifying glass), each patch named by its code."""
    for unit in canvas.placed:
        if unit.code in reading.not_concerned:
            look = looks.NOT_CONCERNED
        elif unit.code in fills:
            look = fills[unit.code]
        elif math.isnan(reading.series[unit.code]):
            look = looks.MISSING
        else:
            look = looks.CONCERNED
        # Not add_patch, which would search each outline for limits that are already set.
        canvas.axes.add_artist(
            PathPatch(
                unit.path,
                facecolor=look.face,
                edgecolor=look.edge,
                hatch=look.hatch,
                linewidth=look.width * min(1.0, canvas.inches / _FULL_INCHES),
                joinstyle="round",
                gid=f"departement-{unit.code}{'-loupe' if unit.panel.loupe else ''}",
                zorder=1.0 if look is looks.NOT_CONCERNED else 1.5,
            )
        )


def names_on_map(canvas: Canvas, labels: Iterable[str]) -> None:
    """Write the names of some units on the map, each at the free place nearest to it.

    Insets of one unit have theirs already; a unit under the magnifying glass is named there.
    """
    drawn = {patch.get_gid(): patch for patch in canvas.axes.patches if isinstance(patch, Circle)}
    taken = [
        (x - circle.radius, y - circle.radius, x + circle.radius, y + circle.radius)
        for circle in drawn.values()
        for x, y in [circle.center]
    ]
    for code in labels:
        # The copy under the glass comes last: there a name has room.
        shown = [unit for unit in canvas.placed if unit.code == code]
        if not shown:
            raise FigureError(f"{departement(code).libelle} is no unit of this map, so it cannot be named", code=code)
        unit = shown[-1]
        if unit.panel.framed and not unit.panel.loupe:
            continue
        circle = drawn.get(f"cercle-{code}{'-loupe' if unit.panel.loupe else ''}")
        box = _free_place(canvas, unit, circle.radius if circle else 0.0, taken)
        taken.append(box)
        canvas.axes.text(
            box[0],
            (box[1] + box[3]) / 2,
            typography.typeset(departement(code).libelle),
            fontsize=_NAME_SIZE,
            va="center",
            ha="left",
            color=COLOURS["encre"],
            zorder=6,
            gid=f"nom-{code}",
            bbox={"facecolor": (1, 1, 1, 0.72), "edgecolor": "none", "pad": 0.6},
        )


def _free_place(canvas: Canvas, unit: Placed, radius: float, taken: Sequence[Box]) -> Box:
    """Return the place for a unit's name that overlaps least with what is there, the first of those that are equal."""
    name = departement(unit.code).libelle
    width, height = text_width(name, _NAME_SIZE) * 1.04 / canvas.inches, _NAME_SIZE * 1.3 / 72 / canvas.inches
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
    boxes = [(left, bottom, left + width, bottom + height) for left, bottom in corners]
    if unit.panel.loupe:
        left, bottom, wide, high = unit.panel.boite
        room = (left + 6, bottom + BAR_BAND, left + wide - 6, bottom + high - NAME_BAND)
        boxes = [pushed_inside(box, room) for box in boxes]
    return freest(boxes, taken)


def _draw_panel(axes: Axes, panel: Panel, placed: tuple[Placed, ...], size: float, *, words: bool) -> None:
    """Draw the frame, name and scale of a panel; letters are `size` times their size on a full page."""
    left, bottom, width, height = panel.boite
    bar = panel.barre_km * panel.echelle
    label = typography.with_unit(panel.barre_km, "km")
    if not panel.framed:
        x, y = panel.barre_position or (left, bottom)
        if words:
            scale_bar(axes, x, y, bar, label, _BAR_SIZE * size)
        return
    axes.add_patch(
        Rectangle(
            (left + 1, bottom + 1),
            width - 2,
            height - 2,
            facecolor="#ffffff",
            edgecolor=COLOURS["trait"],
            linewidth=0.6,
            zorder=0.5,
            clip_on=False,
            gid=f"cadre-{panel.id}",
        )
    )
    if words:
        axes.text(
            left + 8,
            bottom + height - 9,
            panel.nom,
            fontsize=_NAME_SIZE * size,
            va="top",
            color=COLOURS["encre"],
            zorder=5,
            gid=f"nom-{panel.id}",
        )
        scale_bar(axes, left + 9, bottom + 10, bar, label, _BAR_SIZE * size)
    if panel.loupe:
        own = [unit.bounds for unit in placed if unit.code in (panel.codes or ()) and not unit.panel.loupe]
        x0, y0 = min(b[0] for b in own), min(b[1] for b in own)
        x1, y1 = max(b[2] for b in own), max(b[3] for b in own)
        axes.add_patch(
            Rectangle(
                (x0 - 2, y0 - 2),
                x1 - x0 + 4,
                y1 - y0 + 4,
                facecolor="none",
                edgecolor=COLOURS["encre_douce"],
                linewidth=0.6,
                zorder=2.5,
            )
        )
