"""Legends: a column of boxes with their counts, and nested circles whose areas are to be compared.

A legend is laid out in inches from the top of its column down, its texts broken to the width of the column, so that
nothing can overlap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path as DrawnPath

from cdppe_analysis import typography
from cdppe_analysis.figures.classes import Classes, OneClass
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.page import WIDE, Form, line_height, wrapped
from cdppe_analysis.figures.palette import COLOURS, CONCERNED, MISSING, NOT_CONCERNED, Look

_BODY, _HEAD, _NOTE = 8.0, 8.5, 7.0
_BOX_WIDTH, _BOX_HEIGHT = 0.26, 0.15


class Column:
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

    def box(self, look: Look, label: str, count: int | str | None, gid: str) -> None:
        """Draw a class: its look, its bounds, how many départements it holds."""
        counted = typography.number(count) if isinstance(count, int) else count
        text = label if counted is None else f"{label} ({counted})"
        lines = wrapped(text, self.width - _BOX_WIDTH - 0.08, self.body)
        height = max(_BOX_HEIGHT + 0.05, line_height(self.body) * len(lines) + 0.02)
        middle = self.top - height / 2
        corner = (0.01, middle - _BOX_HEIGHT / 2)
        face = Rectangle(
            corner,
            _BOX_WIDTH,
            _BOX_HEIGHT,
            facecolor=look.face,
            edgecolor=look.edge,
            hatch=look.hatch,
            linewidth=0,
            gid=f"legende-{gid}",
        )
        face.set_hatch_linewidth(look.hatch_width)
        self.axes.add_patch(face)
        edge: dict[str, Any] = {"facecolor": "none", "edgecolor": COLOURS["trait"], "linewidth": 0.5}
        self.axes.add_patch(Rectangle(corner, _BOX_WIDTH, _BOX_HEIGHT, **edge))
        start = self.top
        self.top = middle + line_height(self.body) * len(lines) / 2
        self._lines(lines, _BOX_WIDTH + 0.08, self.body, COLOURS["encre"])
        self.top = start - height

    def cross(self, label: str, count: int) -> None:
        """Draw the mark of a zero on a circle map."""
        height = _BOX_HEIGHT + 0.05
        self.axes.plot(
            [0.01 + _BOX_WIDTH / 2], [self.top - height / 2], "x", color=COLOURS["encre_douce"], markersize=4.5
        )
        start = self.top
        self.top = start - height / 2 + line_height(self.body) / 2
        self._lines([f"{label} ({typography.number(count)})"], _BOX_WIDTH + 0.08, self.body, COLOURS["encre"])
        self.top = start - height

    def circles(
        self, values: Sequence[float], inches_squared: float, labels: Sequence[str], face: str, *, rings: bool = False
    ) -> None:
        """Draw nested circles, the largest outside, each with a line to its value.

        Parameters
        ----------
        values
            Amounts, from large to small.
        inches_squared
            Area of a circle, in square inches, for an amount of 1.
        labels
            The amounts as printed.
        face
            Colour of the circles on the map.
        rings
            Draw rings, as a map of circles over filled areas does.
        """
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
            self.axes.add_patch(
                Circle(
                    (centre, top - heights[0] + radius),
                    radius,
                    facecolor="none" if rings else (face, 0.28),
                    edgecolor=face if rings else COLOURS["encre_douce"],
                    linewidth=1.5 if rings else 0.6,
                    gid="legende-cercle",
                )
            )
            reach = centre + radii[0] + 0.14
            self.axes.plot(
                [centre, reach - 0.06, reach],
                [top - heights[0] + 2 * radius, top - down, top - down],
                color=COLOURS["trait"],
                linewidth=0.5,
            )
            self.axes.text(
                reach + 0.04, top - down, label, fontsize=self.body, va="center_baseline", color=COLOURS["encre"]
            )
        self.top -= total

    def _lines(self, lines: Sequence[str], left: float, size: float, colour: str, *, bold: bool = False) -> None:
        for line in lines:
            self.axes.text(
                left,
                self.top - line_height(size) * 0.78,
                line,
                fontsize=size,
                color=colour,
                fontweight="bold" if bold else "normal",
                va="baseline",
            )
            self.top -= line_height(size)


def class_boxes(
    column: Column, made: Classes, count: Callable[[OneClass], Sequence[int]] = lambda one: [len(one.codes)]
) -> None:
    """Draw a box a class, the highest first, as a scale reads, each with its count on each map."""
    looks = made.looks
    for number, one in reversed(list(enumerate(made.ordered, start=1))):
        column.box(looks[one.label], one.label, _counted(count(one)), f"classe-{number}")


def state_boxes(column: Column, readings: Sequence[Reading], *, concerned: bool = False) -> None:
    """Draw the boxes of « pas de donnée » and « non concerné », where there are such units on one of the maps."""
    missing = [len(reading.missing) for reading in readings]
    outside = [len(reading.not_concerned) for reading in readings]
    if concerned and any(outside):
        known = [len(reading.known) for reading in readings]
        column.box(CONCERNED, "département concerné", _counted(known), "concerne")
    if any(missing):
        column.box(MISSING, "pas de donnée", _counted(missing), "pas-de-donnee")
    if any(outside):
        column.box(NOT_CONCERNED, "non concerné", _counted(outside), "non-concerne")


def _counted(counts: Sequence[int]) -> str:
    """Write how many départements of each map: both for two maps, the range for more."""
    if len(set(counts)) == 1:
        return typography.number(counts[0])
    if len(counts) == 2:
        return typography.NBSP.join((typography.number(counts[0]), "puis", typography.number(counts[1])))
    return typography.NBSP.join(("de", typography.number(min(counts)), "à", typography.number(max(counts))))


def round_values(largest: float, count: int = 3) -> list[float]:
    """Return round amounts for a legend of circles, from the one just below `largest` down.

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
    top = below[-1]
    chosen = [top]
    for divisor in (3, 15)[: count - 1]:
        chosen.append(max(step for step in steps if step <= top / divisor * 1.0001))
    return [float(value) for value in chosen]


def scale_bar(axes: Axes, x: float, y: float, length: float, label: str, size: float) -> None:
    """Draw a scale bar of `length` axes units, its label to its right."""
    axes.add_patch(
        PathPatch(
            DrawnPath([(x, y + 6), (x, y), (x + length, y), (x + length, y + 6)]),
            facecolor="none",
            edgecolor=COLOURS["trait"],
            linewidth=0.7,
        )
    )
    axes.text(x + length + 7, y - 2, label, fontsize=size, color=COLOURS["encre_douce"], ha="left", va="baseline")
