"""Lorenz curves, and a scatter against the identity line."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import (
    HALO,
    Dashes,
    Entries,
    by_code,
    check_columns,
    complete,
    french_axis,
    key,
    key_room,
    mark,
    named_numbers,
)
from cdppe_analysis.figures.classes import EUROS, Scale
from cdppe_analysis.figures.illustration import Illustration, illustrate
from cdppe_analysis.figures.labels import name_points
from cdppe_analysis.figures.page import Form, open_page
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.figures.words import Words
from cdppe_analysis.territories import departement

_SIDE, _LEFT, _BELOW = 4.6, 0.75, 0.55
_STROKES: tuple[tuple[str, Dashes], ...] = (("bleu", "-"), ("orange", "--"), ("vert", "-."), ("violet", ":"))


def lorenz(
    points: pd.DataFrame,
    words: Words,
    *,
    population_label: str = "population",
    amount_label: str = "montant",
) -> Illustration:
    """Draw one or several Lorenz curves.

    Parameters
    ----------
    points
        A row a point, as `simulation.measures.lorenz_curves` gives them: `courbe` (its name in the key, at most four),
        `part_population` and `part_montant` from 0 to 1, `gini`.
    words
        What is said around the figure.
    population_label, amount_label
        What the axes cumulate.

    Raises
    ------
    FigureError
        When a column is absent, or there are more curves than strokes.
    """
    check_columns(points, ("courbe", "part_population", "part_montant", "gini"))
    curves = {str(name): own for name, own in points.groupby("courbe", sort=False)}
    if not 1 <= len(curves) <= len(_STROKES):
        raise FigureError(f"a figure holds 1 to {len(_STROKES)} Lorenz curves, not {len(curves)}")
    said = {name: f"Gini {typography.number(float(own['gini'].iloc[0]), 3)}" for name, own in curves.items()}
    entries: Entries = [
        (Line2D([], [], color=COLOURS[colour], linestyle=dashes), f"{name} ({said[name]})")
        for name, (colour, dashes) in zip(curves, _STROKES, strict=False)
    ]

    def draw(form: Form) -> Figure:
        side = min(_SIDE, form.width - 1.2)
        page = open_page(words, side + _BELOW + key_room(entries, form), form)
        axes = page.axes((page.width - side + _LEFT) / 2, _BELOW, side, side)
        axes.plot([0, 1], [0, 1], color=COLOURS["trait"], linewidth=0.9)
        axes.text(
            0.36,
            0.36,
            "égalité",
            rotation=45,
            ha="center",
            va="center",
            fontsize=form.size(8),
            color=COLOURS["encre_douce"],
            path_effects=HALO,
            zorder=4,
        )
        for (name, own), (colour, dashes) in zip(curves.items(), _STROKES, strict=False):
            ends = own["part_population"], own["part_montant"]
            axes.plot(*ends, color=COLOURS[colour], linestyle=dashes, linewidth=1.8, gid=f"courbe-{name}")
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.set_xlabel(typography.typeset(f"part cumulée : {population_label}"))
        axes.set_ylabel(typography.typeset(f"part cumulée : {amount_label}"))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: typography.percent(value, 0))
        axes.grid()
        key(page, entries)
        return page.figure

    told = " ; ".join(f"{name} : {gini}" for name, gini in said.items())
    return illustrate(draw, words, words.alternative("Courbes de Lorenz", told), points.reset_index(drop=True))


def scatter(
    frame: pd.DataFrame,
    x: str,
    y: str,
    words: Words,
    scale: Scale = EUROS,
    x_scale: Scale | None = None,
    *,
    named: int | Iterable[str] = 6,
    identity: bool = True,
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
        How many units to name, the farthest from the identity line first (from the middle of the cloud without it; in
        proportion on logarithmic axes), or the codes to name.
    identity
        Draw the line y = x, both axes on one scale.
    logarithmic
        Logarithmic axes, for amounts that differ by orders of magnitude.

    Raises
    ------
    FigureError, TerritoryError
        As `ranked_bars`; also for a value that is not positive on logarithmic axes.
    """
    across = x_scale or scale
    rows = complete(named_numbers(frame, [x, y]), [x, y])
    if logarithmic and (rows[[x, y]] <= 0).any(axis=None):
        code = str(rows.index[(rows[[x, y]] <= 0).any(axis=1).to_numpy()][0])
        raise FigureError(
            f"the value of {departement(code).libelle} is not above 0, as logarithmic axes need", code=code
        )
    words = words.noted(frame, rows)
    chosen = _farthest(rows[x], rows[y], named, identity, logarithmic) if isinstance(named, int) else list(named)
    entries: list[tuple[Line2D, str]] = [(mark(COLOURS["bleu"]), "un département")]
    if identity:
        dashed = Line2D([], [], color=COLOURS["encre_douce"], linestyle="--", linewidth=1.0)
        entries.append((dashed, "égalité des deux"))

    def draw(form: Form) -> Figure:
        side = min(_SIDE, form.width - 1.4)
        wide = side if identity else form.width - (1.4 if form.narrow else 2.0)
        page = open_page(words, side + _BELOW + 0.05 + key_room(entries, form), form)
        axes = page.axes((page.width - wide) / 2 + (0.4 if form.narrow else 0.3), _BELOW, wide, side)
        if logarithmic:
            axes.set(xscale="log", yscale="log")
        axes.scatter(
            rows[x],
            rows[y],
            s=20,
            color=COLOURS["bleu"],
            alpha=0.75,
            linewidths=0.4,
            edgecolors="white",
            zorder=3,
            gid="points",
        )
        _limits(axes, rows[x], rows[y], identity, logarithmic)
        if identity:
            ends = [max(axes.get_xlim()[0], axes.get_ylim()[0]), min(axes.get_xlim()[1], axes.get_ylim()[1])]
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
        name_points(axes, rows, x, y, chosen, identity=identity, size=form.size(7.4))
        key(page, entries)
        return page.figure

    said = f"Départements nommés : {', '.join(departement(code).libelle for code in chosen)}" if chosen else ""
    above, below = int((rows[y] > rows[x]).sum()), int((rows[y] < rows[x]).sum())
    counted = f"{above} départements au-dessus de la ligne d’égalité, {below} au-dessous" if identity else ""
    axes_said = f"En abscisse, {across.title} ; en ordonnée, {scale.title}"
    alternative = words.alternative(f"Nuage de {len(rows)} points", axes_said, counted, said)
    return illustrate(draw, words, alternative, by_code(rows))


def _farthest(x: pd.Series, y: pd.Series, count: int, identity: bool, logarithmic: bool) -> list[str]:
    first, second = (np.log(x), np.log(y)) if logarithmic else (x, y)
    if identity:
        gaps = (second - first).abs()
    else:
        gaps = ((first - first.median()) / (first.std() or 1)).abs() + (
            (second - second.median()) / (second.std() or 1)
        ).abs()
    return [str(code) for code in gaps.sort_values(ascending=False, kind="stable").index[:count]]


def _limits(axes: Axes, x: pd.Series, y: pd.Series, identity: bool, logarithmic: bool) -> None:
    def around(values: pd.Series) -> tuple[float, float]:
        low, high = float(values.min()), float(values.max())
        if logarithmic:
            return low / 1.25, high * 1.25
        margin = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        return (low - margin if low < 0 or low > margin * 2 else min(0.0, low)), high + margin

    if identity:
        both = around(pd.concat([x, y]))
        axes.set(xlim=both, ylim=both)
    else:
        axes.set(xlim=around(x), ylim=around(y))
