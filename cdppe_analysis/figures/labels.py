"""Where a label fits: boxes and how much they share; the names of points on a scatter.

A name is tried in eight directions at growing distances, and takes the first place without a fault: no other name, no
point and not the line of equality stands there. One that is not right beside its point is tied to it by a line, so that
it is not read as the name of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import HALO
from cdppe_analysis.figures.page import text_width
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in any one unit."""

_SIZE = 7.4
_HEIGHT, _BESIDE, _MARK, _CLEAR = 0.125, 0.07, 0.045, 0.12
"""In inches: the height of a name, how far from its point it needs no line, half a mark, the room to other points."""
_NEAR = 0.3
_REACHES = (_BESIDE, 0.16, 0.26, 0.38, 0.52, 0.7)
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1.4), (0, -1.4), (0.8, 0.9), (0.8, -0.9), (-0.8, 0.9), (-0.8, -0.9))


def shared_area(first: Box, second: Box) -> float:
    """Return the area that two boxes share.

    Examples
    --------
    >>> shared_area((0, 0, 2, 2), (1, 1, 3, 3))
    1
    """
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    return max(wide, 0) * max(high, 0)


def freest(places: Sequence[Box], taken: Iterable[Box]) -> Box:
    """Return the place that shares least with what is taken, the first of those that are equal.

    Examples
    --------
    >>> freest([(0, 0, 1, 1), (2, 0, 3, 1)], [(0, 0, 1, 1)])
    (2, 0, 3, 1)
    """
    others = list(taken)
    # Rounded, so that a hair's breadth does not decide, and differently from one machine to the next.
    return min(places, key=lambda box: round(sum(shared_area(box, other) for other in others), 4))


def pushed_inside(box: Box, room: Box) -> Box:
    """Return the box moved no farther than needed to be inside the room, at its left and bottom if it is too large.

    Examples
    --------
    >>> pushed_inside((8, -1, 12, 1), (0, 0, 10, 10))
    (6, 0, 10, 2)
    """
    width, height = box[2] - box[0], box[3] - box[1]
    left = max(room[0], min(box[0], room[2] - width))
    bottom = max(room[1], min(box[1], room[3] - height))
    return (left, bottom, left + width, bottom + height)


def name_points(
    axes: Axes, rows: pd.DataFrame, x: str, y: str, codes: Sequence[str], *, identity: bool, size: float = _SIZE
) -> None:
    """Write the names of points.

    Parameters
    ----------
    axes
        With their points drawn and their limits set.
    rows
        The points, by code, with the columns `x` and `y`.
    codes
        The points to name, the most important first.
    identity
        Keep off the diagonal of the axes, which is the line of equality.
    size
        Of the letters, in points.

    Raises
    ------
    FigureError
        When a code is not among the points.
    """
    points = axes.transData.transform(rows[[x, y]].to_numpy(float)) / axes.figure.dpi
    window = axes.get_window_extent()
    left, bottom, right, top = (edge / axes.figure.dpi for edge in (window.x0, window.y0, window.x1, window.y1))
    frame = (left, bottom, right, top)
    marks = [(px - _MARK, py - _MARK, px + _MARK, py + _MARK) for px, py in points]
    names: list[Box] = []
    ties: list[NDArray[np.float64]] = []
    for code in codes:
        if code not in rows.index:
            raise FigureError(f"{departement(code).libelle} is not among the points, so it cannot be named", code=code)
        name = typography.typeset(departement(code).libelle)
        own = rows.index.get_loc(code)
        point, others = points[own], np.delete(points, own, axis=0)
        places = _places(point, text_width(name, size) * 1.06)
        faults = [_faults(place, point, others, names, marks, ties, frame, identity=identity) for place in places]
        reach, best = places[faults.index(min(faults))]
        names.append(best)
        if reach > _BESIDE:
            ties.append(_tie(point, best))
        tie = {"arrowstyle": "-", "color": COLOURS["trait"], "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3}
        axes.annotate(
            name,
            (float(rows[x].loc[code]), float(rows[y].loc[code])),
            xytext=((best[0] - point[0]) * 72, ((best[1] + best[3]) / 2 - point[1]) * 72),
            textcoords="offset points",
            va="center",
            fontsize=size,
            gid=f"nom-{code}",
            annotation_clip=False,
            zorder=5,
            path_effects=HALO,
            arrowprops=tie if reach > _BESIDE else None,
        )


def _faults(
    place: tuple[float, Box],
    point: NDArray[np.float64],
    others: NDArray[np.float64],
    names: Sequence[Box],
    marks: Sequence[Box],
    ties: Sequence[NDArray[np.float64]],
    frame: Box,
    *,
    identity: bool,
) -> tuple[float | bool, ...]:
    """Return what is wrong with a place, the worst first."""
    reach, box = place
    # Rounded, so that a hair's breadth does not decide, and differently from one machine to the next.
    over = round(sum(shared_area(box, other) for other in (*names, *marks)), 4)
    outside = box[0] < frame[0] or box[2] > frame[2] + 0.28 or box[1] < frame[1] or box[3] > frame[3]
    unclear = _mistaken(box, point, others, tied=reach > _BESIDE)
    tied = reach > _BESIDE
    crossed = any(_meets(line, box) for line in ties) or (
        tied and any(_meets(_tie(point, box), other) for other in names)
    )
    return (over, outside, unclear, crossed, reach > _NEAR, identity and _crosses_diagonal(box, frame))


def _tie(point: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """Return points along the line from a point to the middle of a name, up to where the name begins."""
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    steps = np.linspace(0, 1, 24)[:, None]
    line = point + steps * (middle - point)
    return line[~_inside(line, box)]


def _inside(line: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    x, y = line.T
    return np.asarray((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]), dtype=np.bool_)


def _meets(line: NDArray[np.float64], box: Box) -> bool:
    return bool(_inside(line, box).any())


def _places(point: NDArray[np.float64], width: float) -> list[tuple[float, Box]]:
    """Return where a name of that width may stand, the nearest first, each with its distance in inches."""
    px, py = point
    places = []
    for reach in _REACHES:
        for dx, dy in _DIRECTIONS:
            left = px + reach * dx - (width if dx < 0 else 0 if dx > 0 else width / 2)
            middle = py + reach * dy + (0.03 if dy > 0 else -0.03 if dy < 0 else 0)
            places.append((reach, (left, middle - _HEIGHT / 2, left + width, middle + _HEIGHT / 2)))
    return places


def _mistaken(box: Box, point: NDArray[np.float64], others: NDArray[np.float64], *, tied: bool) -> bool:
    """Tell whether a name could be read as another point's: its line meets one, or it is near one without a line."""
    if not len(others):
        return False
    nearest = np.clip(others, (box[0], box[1]), (box[2], box[3]))
    if not tied:
        return bool((np.hypot(*(others - nearest).T) < _CLEAR).any())
    gaps = _tie(point, box)[:, None, :] - others[None, :, :]
    return bool((np.hypot(gaps[..., 0], gaps[..., 1]) < _MARK).any())


def _crosses_diagonal(box: Box, frame: Box) -> bool:
    slope = (frame[3] - frame[1]) / (frame[2] - frame[0])
    above = box[3] - frame[1] - slope * (box[0] - frame[0])
    below = box[1] - frame[1] - slope * (box[2] - frame[0])
    return above > 0 > below
