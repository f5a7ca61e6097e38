"""The outlines of France as paths of SVG: those, the insets and the projections of the figures, in map kilometres."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.path import Path as DrawnPath

from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.layout import load_layout, place
from cdppe_analysis.territories import CORSE, DEPARTEMENTS, components


def outlines() -> dict[str, Any]:
    """Return the map that the page draws.

    Returns
    -------
    dict
        `largeur`, `hauteur`; `unites`, one entry a drawn path: code, path, anchor, whether it stands in a magnified
        inset; Corse is there whole and in its two parts; `cadres`: the insets with their names.
    """
    layout = load_layout()
    height = layout.height
    contours = load_contours(light=True)
    whole = (one for one in place(contours, _with_corse(), layout) if one.code == CORSE)
    placed = [*place(contours, tuple(DEPARTEMENTS), layout), *whole]
    units = [
        {
            "code": one.code,
            "d": _data(one.path, height),
            "x": round(one.anchor[0], 1),
            "y": round(height - one.anchor[1], 1),
            "loupe": one.panel.glass,
        }
        for one in placed
    ]
    frames = [
        {"nom": panel.name, "boite": [round(x), round(height - y - tall), round(wide), round(tall)]}
        for panel in layout.panels
        if panel.framed
        for x, y, wide, tall in [panel.box]
    ]
    return {"largeur": round(layout.width), "hauteur": round(height), "unites": units, "cadres": frames}


def _with_corse() -> tuple[str, ...]:
    return (CORSE, *(code for code in DEPARTEMENTS if code not in components(CORSE)))


def _data(path: DrawnPath, height: float) -> str:
    """Write a path in whole hectometres, relative to the point before: half the size of absolute decimals."""
    x, y = np.asarray(path.vertices, dtype=np.float64).T
    points = np.rint(np.column_stack([x, height - y]) * 10).astype(int)
    words: list[str] = []
    last: np.ndarray[Any, Any] | None = None
    for point, code in zip(points, np.asarray(path.codes), strict=True):
        if code == DrawnPath.CLOSEPOLY:
            words.append("z")
        elif code == DrawnPath.MOVETO or last is None:
            words.append(f"M{point[0]} {point[1]}")
            last = point
        elif (point != last).any():
            words.append(f"l{point[0] - last[0]} {point[1] - last[1]}")
            last = point
    return "".join(words)
