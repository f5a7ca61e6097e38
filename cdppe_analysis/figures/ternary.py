"""Triangles of three weights: for which weights each unit gains, and for which it loses.

Each point of a triangle is three weights that sum to 1, each corner one weight alone. Drawn by mpltern from the gaps at
the points of a grid; the border between gain and loss is interpolated between them.

Known drawback: at most four triangles a figure, since a smaller one cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import Entries, open_chart
from cdppe_analysis.figures.columns import check_columns
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.page import Form, Page, Words
from cdppe_analysis.figures.palette import COLOURS

_MOST = 4
_SIDE = 2.35
_ROOM_ABOVE, _ROOM_BELOW = 0.75, 0.62
_GAIN, _LOSS = "bleu_clair", "orange_clair"
_WHOLE = 1e-9
_CORNERS = ((0.5, 1.07), (0.0, -0.19), (1.0, -0.19))
"""Where the names of the three corners stand, in parts of a triangle's box."""


def ternary(
    frame: pd.DataFrame,
    weights: Mapping[str, str],
    columns: Mapping[str, str],
    official: Sequence[float],
    words: Words,
) -> Illustration:
    """Draw for which of all weights each unit gains.

    Parameters
    ----------
    frame
        A row a point of a grid of weights.
    weights
        The three columns of weights, each with its name at its corner.
    columns
        The name of each triangle -> the column of gaps in euros; at most four.
    official
        The three weights to mark with a star.
    words
        What is said around the figure.

    Raises
    ------
    FigureError
        When there are not three weights, a column is absent, weights do not sum to 1, or a gap is missing.
    """
    points = _points(frame, weights, columns)
    if len(official) != 3 or abs(sum(official) - 1) > _WHOLE:
        raise FigureError("the official weights are three numbers that sum to 1")
    entries: Entries = [
        (Patch(facecolor=COLOURS[_GAIN], edgecolor=COLOURS["trait"]), "gagne"),
        (Patch(facecolor=COLOURS[_LOSS], edgecolor=COLOURS["encre_douce"], hatch="////"), "perd"),
        (Line2D([], [], marker="*", linestyle="none", color=COLOURS["encre"], markersize=9), "poids de départ"),
    ]

    def draw(form: Form) -> Figure:
        across = 1 if form.narrow else min(2, len(columns))
        down = -(-len(columns) // across)
        cell = _ROOM_ABOVE + _SIDE * np.sqrt(3) / 2 + _ROOM_BELOW
        page = open_chart(words, form, down * cell, entries)
        for rank, (name, column) in enumerate(columns.items()):
            left = page.width * (2 * (rank % across) + 1) / (2 * across) - _SIDE / 2
            bottom = (down - 1 - rank // across) * cell + _ROOM_BELOW
            axes = _triangle(page, (left, bottom), points, weights, column, name)
            star: dict[str, Any] = {"marker": "*", "color": COLOURS["encre"], "markeredgecolor": "white", "zorder": 5}
            axes.plot(*[[weight] for weight in official], markersize=13, linestyle="none", clip_on=False, **star)
        return page.figure

    shares = {name: float((points[column] > 0).mean()) for name, column in columns.items()}
    said = " ; ".join(f"{name} gagne pour {typography.percent(share, 0)} des poids" for name, share in shares.items())
    return Illustration.of(draw, words, words.alternative("Triangles de poids", said), points.reset_index(drop=True))


def _points(frame: pd.DataFrame, weights: Mapping[str, str], columns: Mapping[str, str]) -> pd.DataFrame:
    if len(weights) != 3:
        raise FigureError(f"a triangle holds three weights, not {len(weights)}")
    if not 1 <= len(columns) <= _MOST:
        raise FigureError(f"a figure holds 1 to {_MOST} triangles, not {len(columns)}")
    wanted = list(dict.fromkeys([*weights, *columns.values()]))
    check_columns(frame, wanted)
    points = frame[wanted].astype("float64")
    if not np.isfinite(points.to_numpy()).all():
        raise FigureError("a weight or a gap is missing or infinite")
    if (points[list(weights)].sum(axis=1) - 1).abs().max() > _WHOLE or points[list(weights)].to_numpy().min() < 0:
        raise FigureError("the weights of a point are from 0 on and sum to 1")
    return points


def _triangle(
    page: Page, place: tuple[float, float], points: pd.DataFrame, weights: Mapping[str, str], column: str, name: str
) -> Any:
    import mpltern  # noqa: F401 - importing it makes the projection known

    axes: Any = page.axes(*place, _SIDE, _SIDE * np.sqrt(3) / 2, projection="ternary")
    axes.set_gid(f"triangle-{name}")
    top, left_, right = (points[weight].to_numpy() for weight in weights)
    gaps = points[column].to_numpy()
    reach = max(1.0, float(np.abs(gaps).max())) * 2
    look = {"colors": [COLOURS[_LOSS], COLOURS[_GAIN]], "hatches": ["////", None]}
    axes.tricontourf(top, left_, right, gaps, levels=[-reach, 0.0, reach], **look)
    if gaps.min() < 0 < gaps.max():
        axes.tricontour(top, left_, right, gaps, levels=[0.0], colors=[COLOURS["encre"]], linewidths=1.2)
    axes.grid(visible=False)
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        axis.set_ticks([0.25, 0.5, 0.75])
        axis.set_ticklabels(["25", "50", "75"], fontsize=page.form.size(6.5), color=COLOURS["encre_douce"])
    for corner, (across, up) in zip(weights.values(), _CORNERS, strict=True):
        own: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "center"}
        axes.text(across, up, typography.typeset(corner), fontsize=page.form.size(8), **own)
    axes.set_title(typography.typeset(name), fontsize=9.5, pad=20, color=COLOURS["encre"])
    return axes
