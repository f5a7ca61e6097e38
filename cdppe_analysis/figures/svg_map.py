"""A map as SVG: outlines, frames of insets and circles, to be put in a page by a template or a script.

The one writer of outlines: `interactive_map` and the simulator draw from it. Lengths are map kilometres, from the upper
left corner, as SVG counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.path import Path as DrawnPath

from cdppe_analysis import typography
from cdppe_analysis.figures.bubbles import scale_for
from cdppe_analysis.figures.columns import units_for
from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.layout import Layout, Placed, load_layout, place


@dataclass(frozen=True)
class Outline:
    """A unit of a map: its code, its path, where a circle stands, whether it is the copy under the glass."""

    code: str
    path: str
    x: float
    y: float
    copy: bool


@dataclass(frozen=True)
class Frame:
    """The frame of an inset: its name, its box, the length of its scale bar and what that stands for."""

    name: str
    x: float
    y: float
    width: float
    height: float
    bar: float
    km: str


@dataclass(frozen=True)
class Round:
    """A circle: the code of its unit, its centre and radius."""

    code: str
    x: float
    y: float
    r: float


@dataclass(frozen=True, eq=False)
class SvgMap:
    """A map ready to be written: `outlines` with the copies under the glass last, and `frames`."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    frames: tuple[Frame, ...]
    placed: tuple[Placed, ...]
    layout: Layout

    def circles(self, amounts: pd.Series) -> list[Round]:
        """Return the circles of amounts above 0, the largest first, each in one place only."""
        area = scale_for(self.placed, self.layout, amounts)
        enlarged = {unit.code for unit in self.placed if unit.panel.loupe}
        shown = [unit for unit in self.placed if float(amounts.get(unit.code, 0.0)) > 0]
        shown = [unit for unit in shown if unit.panel.loupe or unit.code not in enlarged]
        shown.sort(key=lambda unit: (-float(amounts[unit.code]), unit.code))
        return [
            Round(
                unit.code,
                round(unit.anchor[0], 1),
                round(self.layout.hauteur - unit.anchor[1], 1),
                round(math.sqrt(float(amounts[unit.code]) * area / math.pi), 1),
            )
            for unit in shown
        ]


def svg_map(codes: tuple[str, ...], contours: Contours | None = None) -> SvgMap:
    """Return the map of France whose units are those of `codes` (Corse as one or two, as they say) and the others.

    Parameters
    ----------
    codes
        The units of a frame or of a rule.
    contours
        The light ones of the package when left out.

    Examples
    --------
    >>> carte = svg_map(("20", "59"))
    >>> len(carte.outlines), carte.outlines[0].code, carte.outlines[-1].copy
    (104, '01', True)
    """
    layout = load_layout()
    placed = place(contours or load_contours(light=True), units_for(codes), layout)
    height = layout.hauteur
    outlines = tuple(
        Outline(
            unit.code,
            _data(unit.path, height),
            round(unit.anchor[0], 1),
            round(height - unit.anchor[1], 1),
            unit.panel.loupe,
        )
        for unit in sorted(placed, key=lambda unit: (unit.panel.loupe, unit.code))
    )
    frames = tuple(
        Frame(
            panel.nom,
            panel.boite[0] + 1,
            height - panel.boite[1] - panel.boite[3] + 1,
            panel.boite[2] - 2,
            panel.boite[3] - 2,
            round(panel.barre_km * panel.echelle, 1),
            typography.with_unit(panel.barre_km, "km"),
        )
        for panel in layout.panneaux
        if panel.framed
    )
    return SvgMap(round(layout.largeur), round(height), outlines, frames, placed, layout)


def _data(path: DrawnPath, height: float) -> str:
    """Write an outline, each ring from its first point on by steps, so that a page weighs less."""
    vertices = np.asarray(path.vertices, dtype=float) * (1, -1) + (0, height)
    tenths = np.round(vertices * 10).astype(int)
    starts = np.flatnonzero(np.asarray(path.codes) == DrawnPath.MOVETO)
    parts = []
    for ring in np.split(tenths, starts[1:]):
        steps = np.diff(ring[:-1], axis=0)
        moved = "".join(f"{_tenth(x)}{_tenth(y)}" for x, y in steps.tolist() if x or y)
        parts.append(f"M{ring[0, 0] / 10:g} {ring[0, 1] / 10:g}l{moved}z")
    return "".join(parts)


def _tenth(tenths: int) -> str:
    """Write a number of tenths after what stands before it: a minus sign separates by itself."""
    text = f"{tenths / 10:g}"
    return text if text.startswith("-") else f" {text}"
