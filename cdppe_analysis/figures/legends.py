"""Legends: a column of boxes with their counts, and nested circles whose areas are to be compared.

A legend is laid out in inches from the top of its column down, its texts broken to the width of the column, so that
nothing can overlap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from cdppe_analysis import typography
from cdppe_analysis.figures.classes import Classes, OneClass, Scale
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.page import WIDE, Form, line_height, wrapped
from cdppe_analysis.figures.palette import COLOURS, CONCERNED, MISSING, NOT_CONCERNED, Look

_BODY, _HEAD, _NOTE = 8.0, 8.5, 7.0
_BOX_WIDTH, _BOX_HEIGHT = 0.26, 0.15
_SMALLEST = 0.001
"""Square inches of the smallest circle of a legend."""


class KeyColumn:
    """A column of a legend, filled from the top down; lengths are in inches."""

    def __init__(self, axes: Axes, width: float, height: float, form: Form = WIDE) -> None:
        self.axes = axes
        self.width = width
        self.top = height
        self.body, self.head, self.small = (form.size(size) for size in (_BODY, _HEAD, _NOTE))

    def heading(self, text: str) -> None:
        """Write what the legend measures."""
        self._lines(wrapped(text, self.width, self.head, bold=True), 0.0, self.head, COLOURS["encre"], bold=True)
        self.top -= 0.05

    def remark(self, text: str) -> None:
        """Write a small line: the method of the classes, the scale of the circles."""
        self.top -= 0.03
        self._lines(wrapped(text, self.width, self.small), 0.0, self.small, COLOURS["encre_douce"])

    def line(self, text: str) -> None:
        """Write a plain line."""
        self._lines(wrapped(text, self.width, self.body), 0.0, self.body, COLOURS["encre"])

    def gap(self, height: float = 0.14) -> None:
        """Leave room."""
        self.top -= height

    def box(self, look: Look, label: str, count: int | str, gid: str) -> None:
        """Draw a class: its look, its bounds, how many départements it holds."""
        middle = self._beside(label, count)
        corner = (0.01, middle - _BOX_HEIGHT / 2)
        own: dict[str, Any] = {"facecolor": look.face, "edgecolor": look.edge, "hatch": look.hatch, "linewidth": 0}
        face = Rectangle(corner, _BOX_WIDTH, _BOX_HEIGHT, gid=f"legende-{gid}", **own)
        face.set_hatch_linewidth(look.hatch_width)
        self.axes.add_patch(face)
        edge: dict[str, Any] = {"facecolor": "none", "edgecolor": COLOURS["trait"], "linewidth": 0.5}
        self.axes.add_patch(Rectangle(corner, _BOX_WIDTH, _BOX_HEIGHT, **edge))

    def _beside(self, label: str, count: int | str) -> float:
        """Write a label and its count right of the place of a mark, and return the height of the middle of both."""
        counted = typography.number(count) if isinstance(count, int) else count
        lines = wrapped(f"{label} ({counted})", self.width - _BOX_WIDTH - 0.08, self.body)
        bottom = self.top - max(_BOX_HEIGHT + 0.05, line_height(self.body) * len(lines) + 0.02)
        middle = (self.top + bottom) / 2
        self.top = middle + line_height(self.body) * len(lines) / 2
        self._lines(lines, _BOX_WIDTH + 0.08, self.body, COLOURS["encre"])
        self.top = bottom
        return middle

    def classes(self, made: Classes, count: Callable[[OneClass], Sequence[int]] = lambda one: [len(one.codes)]) -> None:
        """Draw a box a class, the highest first, as a scale reads, each with its count on each map."""
        looks = made.looks
        for number, one in reversed(list(enumerate(made.ordered, start=1))):
            self.box(looks[one.label], one.label, _counted(count(one)), f"classe-{number}")

    def states(self, readings: Sequence[Reading], *, concerned: bool = False) -> None:
        """Draw the boxes of « pas de donnée » and « non concerné », where there are such units on one of the maps."""
        missing = [len(reading.missing) for reading in readings]
        outside = [len(reading.not_concerned) for reading in readings]
        if concerned and any(outside):
            counts = [len(reading.known) for reading in readings]
            self.box(CONCERNED, "département concerné", _counted(counts), "concerne")
        if any(missing):
            self.box(MISSING, "pas de donnée", _counted(missing), "pas-de-donnee")
        if any(outside):
            self.box(NOT_CONCERNED, "non concerné", _counted(outside), "non-concerne")

    def amounts(self, amounts: pd.Series, area: float, inches: float, scale: Scale, *, rings: bool = False) -> None:
        """Draw the legend of circles: nested circles of round amounts, the mark of a zero.

        Parameters
        ----------
        amounts, rings
            As `Canvas.circles`.
        area
            The area of a circle for an amount of 1, from `MapLayout.area_of_one`.
        inches
            How many inches a map kilometre takes on the map.
        scale
            How amounts are written.
        """
        if area > 0:
            values = round_values(float(amounts.max()))
            # On a small map the smallest would be a dot.
            values = [value for value in values if value == values[0] or value * area * inches**2 >= _SMALLEST]
            smallest = max(scale.decimals, -math.floor(math.log10(values[-1])) if values[-1] < 1 else 0)
            labels = [typography.with_unit(value, scale.unit, smallest) for value in values]
            self._circles(values, area * inches**2, labels, rings=rings)
        zeros = int((amounts == 0).sum())
        if zeros:
            middle = self._beside(typography.with_unit(0, scale.unit), zeros)
            self.axes.plot([0.01 + _BOX_WIDTH / 2], [middle], "x", color=COLOURS["encre_douce"], markersize=4.5)
        self.remark("La surface des cercles est proportionnelle à la valeur, à la même échelle dans les encarts.")

    def _circles(self, values: Sequence[float], inches_squared: float, labels: Sequence[str], *, rings: bool) -> None:
        """Draw nested circles, the largest outside, each with a line to its value."""
        radii = [math.sqrt(value * inches_squared / math.pi) for value in values]
        step = line_height(self.body)
        heights = [2 * radius for radius in radii]
        # A label stands at the top of its circle, pushed down where the one above it is too near.
        tops = [0.0]
        for index in range(1, len(radii)):
            tops.append(max(heights[0] - heights[index], tops[-1] + step))
        total = max(heights[0], tops[-1] + step / 2) + step / 2
        top = self.top - step / 2
        centre = 0.01 + radii[0]
        for radius, label, down in zip(radii, labels, tops, strict=True):
            look: dict[str, Any] = {"facecolor": "none", "edgecolor": COLOURS["orange"], "linewidth": 1.5}
            if not rings:
                look = {"facecolor": (COLOURS["orange"], 0.28), "edgecolor": COLOURS["encre_douce"], "linewidth": 0.6}
            self.axes.add_patch(Circle((centre, top - heights[0] + radius), radius, gid="legende-cercle", **look))
            reach = centre + radii[0] + 0.14
            line = [top - heights[0] + 2 * radius, top - down, top - down]
            self.axes.plot([centre, reach - 0.06, reach], line, color=COLOURS["trait"], linewidth=0.5)
            text: dict[str, Any] = {"fontsize": self.body, "va": "center_baseline", "color": COLOURS["encre"]}
            self.axes.text(reach + 0.04, top - down, label, **text)
        self.top -= total

    def _lines(self, lines: Sequence[str], left: float, size: float, colour: str, *, bold: bool = False) -> None:
        for line in lines:
            weight = "bold" if bold else "normal"
            down = self.top - line_height(size) * 0.78
            self.axes.text(left, down, line, fontsize=size, color=colour, fontweight=weight, va="baseline")
            self.top -= line_height(size)


def _counted(counts: Sequence[int]) -> str:
    """Write how many départements of each map: both for two maps, the range for more."""
    if len(set(counts)) == 1:
        return typography.number(counts[0])
    if len(counts) == 2:
        return typography.NBSP.join((typography.number(counts[0]), "puis", typography.number(counts[1])))
    return typography.NBSP.join(("de", typography.number(min(counts)), "à", typography.number(max(counts))))


def round_values(largest: float) -> list[float]:
    """Return three round amounts for a legend of circles, from the one just below `largest` down.

    Examples
    --------
    >>> round_values(1995607)
    [1500000.0, 500000.0, 100000.0]
    """
    exponent = math.floor(math.log10(largest))
    steps = [
        mantissa * 10.0**power for power in range(exponent - 3, exponent + 1) for mantissa in (1, 1.5, 2, 3, 5, 7.5)
    ]
    below = [step for step in steps if step <= largest]
    return [max(step for step in steps if step <= below[-1] / divisor * 1.0001) for divisor in (1, 3, 15)]
