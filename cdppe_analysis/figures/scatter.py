"""A scatter against the identity line, its points named where there is room.

A name is tried in eight directions at growing distances, and takes the first place without a fault: no other name, no
point and not the line of equality stands there. One that is not right beside its point is tied to it by a line, so that
it is not read as the name of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import HALO, french_axis, mark, open_chart
from cdppe_analysis.figures.classes import EUROS, Scale
from cdppe_analysis.figures.columns import named_numbers
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.page import Form, Words, text_width
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

_SIDE, _BELOW = 4.6, 0.55
_HEIGHT, _BESIDE, _MARK, _CLEAR = 0.125, 0.07, 0.045, 0.12
"""In inches: the height of a name, how far from its point it needs no line, half a mark, the room to other points."""
_NEAR = 0.3
_REACHES = (_BESIDE, 0.16, 0.26, 0.38, 0.52, 0.7)
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1.4), (0, -1.4), (0.8, 0.9), (0.8, -0.9), (-0.8, 0.9), (-0.8, -0.9))


def scatter(
    frame: pd.DataFrame,
    x: str,
    y: str,
    words: Words,
    scale: Scale = EUROS,
    x_scale: Scale | None = None,
    *,
    named: int | Iterable[str] = 6,
    logarithmic: bool = False,
) -> Illustration:
    """Draw one value against another, with the line where both are equal and the farthest units named.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and both columns; a unit that lacks one is left out.
    x, y
        The columns.
    words
        What is said around the figure.
    scale, x_scale
        How the values of `y` and of `x` are called and written; `x` as `y` where it has none of its own.
    named
        How many units to name, the farthest from the identity line first (in proportion on logarithmic axes), or the
        codes to name.
    logarithmic
        Logarithmic axes, for amounts that differ by orders of magnitude.

    Raises
    ------
    FigureError, TerritoryError
        As `ranked_bars`; also for a value that is not positive on logarithmic axes.
    """
    across = x_scale or scale
    rows = named_numbers(frame, [x, y], [x, y])
    if logarithmic and (rows[[x, y]] <= 0).any(axis=None):
        code = str(rows.index[(rows[[x, y]] <= 0).any(axis=1).to_numpy()][0])
        raise FigureError(
            f"the value of {departement(code).libelle} is not above 0, as logarithmic axes need", code=code
        )
    words = words.noted(frame, rows)
    chosen = _farthest(rows[x], rows[y], named, logarithmic) if isinstance(named, int) else list(named)
    dashed = Line2D([], [], color=COLOURS["encre_douce"], linestyle="--", linewidth=1.0)
    entries = [(mark(COLOURS["bleu"]), "un département"), (dashed, "égalité des deux")]

    def draw(form: Form) -> Figure:
        side = min(_SIDE, form.width - 1.4)
        page = open_chart(words, form, side + _BELOW + 0.05, entries)
        axes = page.axes((page.width - side) / 2 + (0.4 if form.narrow else 0.3), _BELOW, side, side)
        if logarithmic:
            axes.set(xscale="log", yscale="log")
        look: dict[str, Any] = {"s": 20, "color": COLOURS["bleu"], "alpha": 0.75, "linewidths": 0.4}
        axes.scatter(rows[x], rows[y], edgecolors="white", zorder=3, gid="points", **look)
        ends = _limits(rows[[x, y]].to_numpy(float), logarithmic)
        axes.set(xlim=ends, ylim=ends)
        axes.plot(ends, ends, color=COLOURS["encre_douce"], linewidth=1.0, linestyle="--", zorder=2, gid="identite")
        for axis, own in ((axes.xaxis, across), (axes.yaxis, scale)):
            if logarithmic:
                axis.set_major_formatter(FuncFormatter(lambda value, _, own=own: own.written(value)))
                axis.set_major_locator(LogLocator(subs=(1, 3) if form.narrow else (1, 2, 5)))
                axis.set_minor_locator(NullLocator())
            else:
                french_axis(axis, own)
        axes.set_xlabel(typography.typeset(across.title))
        axes.set_ylabel(typography.typeset(scale.title))
        axes.grid()
        _name_points(axes, rows, x, y, chosen, size=form.size(7.4))
        return page.figure

    said = f"Départements nommés : {', '.join(departement(code).libelle for code in chosen)}" if chosen else ""
    above, below = int((rows[y] > rows[x]).sum()), int((rows[y] < rows[x]).sum())
    counted = f"{above} départements au-dessus de la ligne d’égalité, {below} au-dessous"
    axes_said = f"En abscisse, {across.title} ; en ordonnée, {scale.title}"
    alternative = words.alternative(f"Nuage de {len(rows)} points", axes_said, counted, said)
    return Illustration.of(draw, words, alternative, rows.reset_index())


def _farthest(x: pd.Series, y: pd.Series, count: int, logarithmic: bool) -> list[str]:
    gaps = (np.log(y) - np.log(x) if logarithmic else y - x).abs()
    return [str(code) for code in gaps.sort_values(ascending=False, kind="stable").index[:count]]


def _limits(values: NDArray[np.float64], logarithmic: bool) -> tuple[float, float]:
    """Return the ends of both axes: 0 where values are near it, and a margin."""
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        return low / 1.25, high * 1.25
    margin = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return (low - margin if low < 0 or low > margin * 2 else min(0.0, low)), high + margin


def _name_points(axes: Axes, rows: pd.DataFrame, x: str, y: str, codes: Sequence[str], *, size: float) -> None:
    """Write the names of points, the most important first, in letters of `size` points, off the line of identity."""
    points = axes.transData.transform(rows[[x, y]].to_numpy(float)) / axes.figure.dpi
    frame = tuple(edge / axes.figure.dpi for edge in axes.get_window_extent().extents)
    marks = [shapely.box(px - _MARK, py - _MARK, px + _MARK, py + _MARK) for px, py in points]
    names: list[BaseGeometry] = []
    ties: list[BaseGeometry] = []
    for code in codes:
        if code not in rows.index:
            raise FigureError(f"{departement(code).libelle} is not among the points, so it cannot be named", code=code)
        name = typography.typeset(departement(code).libelle)
        own = rows.index.get_loc(code)
        point, others = points[own], shapely.MultiPoint(np.delete(points, own, axis=0))
        places = _places(point, text_width(name, size) * 1.06)
        faults = [_faults(place, point, others, names, marks, ties, frame) for place in places]
        reach, best = places[faults.index(min(faults))]
        names.append(best)
        if reach > _BESIDE:
            ties.append(_tie(point, best))
        left, bottom, _, top = best.bounds
        tie = {"arrowstyle": "-", "color": COLOURS["trait"], "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3}
        near: dict[str, Any] = {"textcoords": "offset points", "va": "center", "annotation_clip": False, "zorder": 5}
        axes.annotate(
            name,
            (float(rows[x].loc[code]), float(rows[y].loc[code])),
            xytext=((left - point[0]) * 72, ((bottom + top) / 2 - point[1]) * 72),
            fontsize=size,
            gid=f"nom-{code}",
            path_effects=HALO,
            arrowprops=tie if reach > _BESIDE else None,
            **near,
        )


def _faults(
    place: tuple[float, BaseGeometry],
    point: NDArray[np.float64],
    others: BaseGeometry,
    names: Sequence[BaseGeometry],
    marks: Sequence[BaseGeometry],
    ties: Sequence[BaseGeometry],
    frame: tuple[float, ...],
) -> tuple[float | bool, ...]:
    """Return what is wrong with a place, the worst first."""
    reach, box = place
    left, bottom, right, top = frame
    tied, tie = reach > _BESIDE, _tie(point, box)
    # Rounded, so that a hair's breadth does not decide, and differently from one machine to the next.
    over = round(float(shapely.area(shapely.intersection(box, [*names, *marks])).sum()), 4)
    outside = not shapely.box(left, bottom, right + 0.28, top).covers(box)
    # A name could be read as another point's: its line meets one, or it is near one without a line.
    unclear = others.distance(tie if tied else box) < (_MARK if tied else _CLEAR)
    crossed = any(line.intersects(box) for line in ties) or (tied and any(tie.intersects(other) for other in names))
    return (over, outside, unclear, crossed, reach > _NEAR, box.intersects(shapely.LineString([frame[:2], frame[2:]])))


def _tie(point: NDArray[np.float64], box: BaseGeometry) -> BaseGeometry:
    """Return the line from a point to the middle of a name, up to where the name begins."""
    return shapely.LineString([tuple(point), box.centroid.coords[0]]).difference(box)


def _places(point: NDArray[np.float64], width: float) -> list[tuple[float, BaseGeometry]]:
    """Return where a name of that width may stand, the nearest first, each with its distance in inches."""
    px, py = point
    places = []
    for reach in _REACHES:
        for dx, dy in _DIRECTIONS:
            left = px + reach * dx - (width if dx < 0 else 0 if dx > 0 else width / 2)
            middle = py + reach * dy + (0.03 if dy > 0 else -0.03 if dy < 0 else 0)
            places.append((reach, shapely.box(left, middle - _HEIGHT / 2, left + width, middle + _HEIGHT / 2)))
    return places
