"""Proportional circles: their scale, the circles, their legend.

The area of a circle is proportional to the amount: radius = sqrt(amount * scale / pi), one scale for the whole map.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.patches import Circle
from matplotlib.patheffects import Normal, Stroke

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import legends
from cdppe_analysis.figures.canvas import Canvas
from cdppe_analysis.figures.classes import Scale
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.layout import Layout, Placed
from cdppe_analysis.figures.legends import Column
from cdppe_analysis.figures.palette import BELOW_TEXTURE, COLOURS, Look
from cdppe_analysis.territories import departement

_PART_OF_FRAME = 0.36
_EDGE = 0.2
_SMALLEST = 0.001
"""Square inches of the smallest circle of a legend."""


def check_not_negative(reading: Reading) -> None:
    """Check that amounts can be areas.

    Raises
    ------
    FigureError
        When one is negative.
    """
    negative = reading.known.index[(reading.known < 0).to_numpy()]
    if len(negative):
        code = str(negative[0])
        raise FigureError(
            f"the amount of {departement(code).libelle} in {reading.known.name!r} is negative, and a circle has no "
            "negative area; `circles` draws differences with signed=True",
            code=code,
        )


def scale_for(placed: Sequence[Placed], layout: Layout, amounts: pd.Series) -> float:
    """Return the area of a circle, in map square kilometres, for an amount of 1; 0 when all amounts are 0.

    The circles together take at most the layout's part of the mainland, and none is larger than the layout's bound, nor
    than the frame that it stands in.
    """
    sizes = amounts.abs()
    if not (sizes > 0).any():
        return 0.0
    land = sum(unit.area for unit in placed if not unit.panel.framed)
    scale = float(layout.part_des_cercles) * land / float(sizes.sum())
    for unit in placed:
        amount = float(sizes.get(unit.code, 0.0))
        if amount > 0:
            bound = layout.rayon_maximal
            if unit.panel.framed:
                bound = min(bound, min(unit.panel.boite[2:]) * _PART_OF_FRAME)
            scale = min(scale, math.pi * bound**2 / amount)
    return scale


def draw_circles(
    canvas: Canvas, amounts: pd.Series, scale: float, *, rings: bool = False, signed: bool = False
) -> None:
    """Draw amounts as circles, the largest first so that the small stay visible; each stands in one place only.

    Parameters
    ----------
    canvas
        The map.
    amounts
        By code; a cross marks an amount of 0.
    scale
        The area of a circle for an amount of 1, from `scale_for`.
    rings
        Draw rings, over filled areas, so that the class below keeps its colour.
    signed
        Two colours, for what is more and what is less.
    """
    shown = [unit for unit in canvas.apart if unit.code in amounts.index]
    for unit in sorted(shown, key=lambda unit: (-abs(float(amounts[unit.code])), unit.code)):
        amount = float(amounts[unit.code])
        if amount == 0:
            canvas.axes.plot(*unit.anchor, "x", color=COLOURS["encre_douce"], markersize=4.0, zorder=4)
            continue
        radius = math.sqrt(abs(amount) * scale / math.pi)
        colour = COLOURS["bleu"] if signed and amount > 0 else COLOURS["orange"]
        canvas.axes.add_patch(
            Circle(
                unit.anchor,
                radius,
                facecolor="none" if rings else (colour, 0.85),
                edgecolor=colour if rings else "#ffffff",
                hatch=BELOW_TEXTURE if amount < 0 else None,
                linewidth=1.5 if rings else _edge(radius * canvas.inches),
                path_effects=[Stroke(linewidth=3.0, foreground="#ffffff"), Normal()] if rings else None,
                zorder=3,
                gid=f"cercle-{unit.code}{'-loupe' if unit.panel.loupe else ''}",
            )
        )


def _edge(radius: float) -> float:
    """Return the width of a circle's white edge, in points; radius in inches: an edge must not hide a small circle."""
    return min(0.6, radius * 72 * _EDGE)


def circle_legend(
    column: Column,
    amounts: pd.Series,
    area: float,
    inches: float,
    scale: Scale,
    *,
    signed: bool = False,
    rings: bool = False,
) -> None:
    """Draw the legend of the circles: nested circles of round amounts, the mark of a zero, the two signs.

    Parameters
    ----------
    column
        Of the legend.
    amounts, signed, rings
        As `draw_circles`.
    area
        The area of a circle for an amount of 1, from `scale_for`.
    inches
        How many inches a map kilometre takes on the map.
    scale
        How amounts are written.
    """
    if area > 0:
        values = legends.round_values(float(amounts.abs().max()))
        # On a small map the smallest would be a dot.
        values = [value for value in values if value == values[0] or value * area * inches**2 >= _SMALLEST]
        smallest = max(scale.decimals, -math.floor(math.log10(values[-1])) if values[-1] < 1 else 0)
        labels = [typography.with_unit(value, scale.unit, smallest) for value in values]
        face = COLOURS["trait"] if signed else COLOURS["orange"]
        column.circles(values, area * inches**2, labels, face, rings=rings)
    if signed:
        column.gap(0.06)
        column.box(Look(COLOURS["bleu"], None), "en plus", int((amounts > 0).sum()), "plus")
        column.box(Look(COLOURS["orange"], BELOW_TEXTURE, "#ffffff"), "en moins", int((amounts < 0).sum()), "moins")
    zeros = int((amounts == 0).sum())
    if zeros:
        column.cross(f"0{typography.NNBSP}{scale.unit}", zeros)
    column.remark("La surface des cercles est proportionnelle à la valeur, à la même échelle dans les encarts.")
