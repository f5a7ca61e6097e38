"""A map of two rates at once: three classes each, nine looks.

The first measure goes from light to dark, the second from blue to orange, with a texture for its middle and high
classes, so that the nine are told apart without colour too. The key is a square of nine cells, each with its count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.canvas import Canvas
from cdppe_analysis.figures.classes import EUROS, Classes, Scale, classify
from cdppe_analysis.figures.columns import NotConcerned, Reading
from cdppe_analysis.figures.contours import OneOfContours
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.legends import KeyColumn
from cdppe_analysis.figures.maps import Sketch
from cdppe_analysis.figures.page import Words
from cdppe_analysis.figures.palette import BIVARIATE, COLOURS, Look

_SIDE = 3
_CELL = 0.34
_TEXTURES = (None, "...", "////")


def bivariate(
    frame: pd.DataFrame,
    first: str,
    second: str,
    words: Words,
    first_scale: Scale = EUROS,
    second_scale: Scale = EUROS,
    *,
    not_concerned: NotConcerned = None,
    contours: OneOfContours = None,
) -> Illustration:
    """Draw two rates on one map, in three classes each.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and both columns.
    first, second
        The columns: the first from light to dark, the second from blue to orange.
    words
        What is said around the map.
    first_scale, second_scale
        How the values of each are called in the key, written and classed; three classes, whatever they say.
    not_concerned, contours
        As `choropleth`; a unit that lacks one of the two values has no data.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`; also when a column has fewer than three distinct values.
    """
    both = frame.dropna(subset=[name for name in (first, second) if name in frame.columns])
    readings = [Reading.of(frame, column, not_concerned) for column in (first, second)]
    if both.empty:
        raise FigureError(f"no unit has both {first!r} and {second!r}")
    scales = (first_scale, second_scale)
    kept = readings[0].known.index.intersection(readings[1].known.index)
    classes = [_three(own.known.loc[kept], scale) for own, scale in zip(readings, scales, strict=True)]
    reading = Reading(readings[0].series.where(readings[0].series.index.isin(kept)), readings[0].not_concerned)
    cell = {
        code: (number, other)
        for number, of_first in enumerate(classes[0].ordered)
        for other, two in enumerate(classes[1].ordered)
        for code in set(of_first.codes) & set(two.codes)
    }

    def paint(canvas: Canvas, _name: str, _area: float) -> None:
        canvas.units(reading, {code: _look(*place) for code, place in cell.items()})

    def explain(column: KeyColumn, _boxes: KeyColumn, _area: float, _inches: float) -> None:
        column.heading(f"De a à c : {first_scale.title}")
        _bounds(column, classes[0], "abc")
        column.gap(0.06)
        column.heading(f"De 1 à 3 : {second_scale.title}")
        _bounds(column, classes[1], "123")
        column.gap(0.08)
        _key(column, cell)
        column.states([reading])
        column.remark(f"Nombre de départements dans chaque case. Classes : {classes[0].method}.")

    sketch = Sketch({"": reading}, paint, explain)

    high = sum(place == (_SIDE - 1, _SIDE - 1) for place in cell.values())
    more = (
        f"{second_scale.title} : {second_scale.extremes(readings[1].known.loc[kept])} "
        f"{high} départements sont dans la classe haute des deux"
    )
    other = Reading(readings[1].series, reading.not_concerned).rows(classes[1].labels)
    table = reading.rows(classes[0].labels).merge(
        other.drop(columns="libelle_departement"),
        on="code_departement",
        how="left",
        validate="1:1",
        suffixes=("", f"_{second}"),
    )
    alternative = words.alternative("Carte de deux mesures", *reading.told(first_scale, more=more))
    return sketch.illustrated(words, contours, alternative, table)


def _three(values: pd.Series, scale: Scale) -> Classes:
    # Zeros stand apart on a map of one measure; here they are in the classes.
    made = classify(values, replace(scale, classes=_SIDE, center=None, zero_apart=False))
    if len(made.classes) != _SIDE:
        raise FigureError(f"the column {values.name!r} has too few distinct values for three classes")
    return made


def _look(first: int, second: int) -> Look:
    return Look.textured(BIVARIATE[second][first], _TEXTURES[second])


def _bounds(column: KeyColumn, made: Classes, names: str) -> None:
    for name, one in zip(names, made.ordered, strict=True):
        column.line(f"{name} : {one.label}")


def _key(column: KeyColumn, cells: Mapping[str, tuple[int, int]]) -> None:
    """Draw the square of nine: the first measure across, the second up, the count in each cell."""
    left, bottom = 0.2, column.top - _CELL * _SIDE
    style: dict[str, Any] = {"fontsize": column.body, "color": COLOURS["encre"]}
    for second in range(_SIDE):
        for first in range(_SIDE):
            look = _look(first, second)
            x, y = left + first * _CELL, bottom + second * _CELL
            gid = f"legende-{'abc'[first]}{second + 1}"
            own: dict[str, Any] = {"facecolor": look.face, "edgecolor": look.edge, "hatch": look.hatch, "linewidth": 0}
            column.axes.add_patch(Rectangle((x, y), _CELL, _CELL, gid=gid, **own))
            column.axes.add_patch(Rectangle((x, y), _CELL, _CELL, facecolor="none", edgecolor="#ffffff", linewidth=1.0))
            count = typography.number(sum(place == (first, second) for place in cells.values()))
            box = {"facecolor": look.face, "edgecolor": "none", "pad": 0.8}
            own = {"ha": "center", "va": "center_baseline", "color": look.ink, "bbox": box}
            column.axes.text(x + _CELL / 2, y + _CELL / 2, count, fontsize=column.body, **own)
        middle = bottom + (second + 0.5) * _CELL
        column.axes.text(left - 0.06, middle, "123"[second], ha="right", va="center_baseline", **style)
    for first in range(_SIDE):
        column.axes.text(left + (first + 0.5) * _CELL, bottom - 0.13, "abc"[first], ha="center", **style)
    column.top = bottom - 0.24
