"""Lorenz curves, and a scatter against the identity line.

Lorenz: units in the order of their amount a head; the curve gives, for each share of the population, the share of the
amount that the least endowed part of it receives. Gini = 1 - sum_i (p_i - p_(i-1)) (q_i + q_(i-1)), the trapezoids
under the curve (Gini 1912, as in Cowell, Measuring Inequality, 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.alternatives import chart_alternative
from cdppe_analysis.figures.charts import KEY_ROOM, Dashes, complete, french_axis, key, mark, named_numbers, noted
from cdppe_analysis.figures.illustration import Illustration, styled
from cdppe_analysis.figures.naming import name_points
from cdppe_analysis.figures.page import Texts, open_page
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

_SIDE = 4.6
_STROKES: tuple[tuple[str, Dashes], ...] = (("bleu", "-"), ("orange", "--"), ("vert", "-."), ("violet", ":"))


def lorenz_points(amounts: pd.Series, population: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return the points of a Lorenz curve and its Gini.

    Parameters
    ----------
    amounts, population
        By unit; at least one amount and every population above zero.

    Returns
    -------
    tuple
        Cumulated shares of the population, of the amount (both from 0 to 1), and the Gini, from 0 to 1.

    Raises
    ------
    FigureError
        When an amount is negative, a population is not positive, or all amounts are 0.

    Examples
    --------
    >>> p, q, gini = lorenz_points(pd.Series([0.0, 1.0]), pd.Series([1.0, 1.0]))
    >>> q.tolist(), gini
    ([0.0, 0.0, 1.0], 0.5)
    """
    if (population <= 0).any():
        code = str(population.index[(population <= 0).to_numpy()][0])
        raise FigureError("a population of 0 or less has no amount a head", code=code)
    if (amounts < 0).any():
        code = str(amounts.index[(amounts < 0).to_numpy()][0])
        raise FigureError("a Lorenz curve is drawn of amounts that are not negative", code=code)
    if not (amounts > 0).any():
        raise FigureError("a Lorenz curve needs at least one amount above 0")
    order = np.argsort((amounts / population).to_numpy(), kind="stable")
    p = np.concatenate([[0.0], np.cumsum(population.to_numpy(float)[order])])
    q = np.concatenate([[0.0], np.cumsum(amounts.to_numpy(float)[order])])
    p, q = p / p[-1], q / q[-1]
    return p, q, float(1 - np.sum(np.diff(p) * (q[1:] + q[:-1])))


def lorenz(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | Sequence[str],
    population: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    note: str | None = None,
    lecture: str | None = None,
    population_label: str = "population",
    amount_label: str = "montant",
) -> Illustration:
    """Draw the Lorenz curve of one or several amounts, over one population.

    Parameters
    ----------
    frame
        A row a unit: `code_departement`, the amounts, the population.
    columns
        The amounts, or the name in the key -> the column; at most four.
    population
        The column of heads.
    population_label, amount_label
        What the axes cumulate.
    title, subtitle, source, champ, note, lecture
        As `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `lorenz_points`.
    """
    curves = dict(columns) if isinstance(columns, Mapping) else {column: column for column in columns}
    if not 1 <= len(curves) <= len(_STROKES):
        raise FigureError(f"a figure holds 1 to {len(_STROKES)} Lorenz curves, not {len(curves)}")
    rows = complete(named_numbers(frame, [*curves.values(), population]), [*curves.values(), population])
    texts = Texts(title, subtitle, source, champ, noted(note, frame, rows), lecture)
    ginis = {}
    entries = []
    with styled():
        page = open_page(texts, _SIDE + 0.55 + KEY_ROOM)
        axes = page.axes((page.width - _SIDE) / 2, 0.5, _SIDE, _SIDE)
        axes.plot([0, 1], [0, 1], color=COLOURS["trait"], linewidth=0.9)
        axes.text(
            0.36,
            0.36,
            "égalité",
            rotation=45,
            ha="center",
            va="center",
            fontsize=8,
            color=COLOURS["encre_douce"],
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            zorder=4,
        )
        for (name, column), (colour, dashes) in zip(curves.items(), _STROKES, strict=False):
            p, q, gini = lorenz_points(rows[column], rows[population])
            axes.plot(p, q, color=COLOURS[colour], linestyle=dashes, linewidth=1.8, gid=f"courbe-{name}")
            ginis[name] = gini
            entries.append(
                (Line2D([], [], color=COLOURS[colour], linestyle=dashes), f"{name} (Gini {typography.number(gini, 3)})")
            )
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.set_xlabel(typography.typeset(f"part cumulée : {population_label}"))
        axes.set_ylabel(typography.typeset(f"part cumulée : {amount_label}"))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: typography.percent(value, 0))
        axes.grid()
        key(page, entries)
    said = " ; ".join(f"{name} : Gini {typography.number(gini, 3)}" for name, gini in ginis.items())
    words = chart_alternative("Courbes de Lorenz", texts, said)
    return Illustration(page.figure, title, words, rows.rename_axis("code_departement").reset_index())


def scatter(
    frame: pd.DataFrame,
    x: str,
    y: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    x_label: str,
    y_label: str,
    note: str | None = None,
    lecture: str | None = None,
    named: int | Iterable[str] = 6,
    identity: bool = True,
    logarithmic: bool = False,
    unit: str = "€",
    decimals: int = 0,
    x_unit: str | None = None,
    x_decimals: int | None = None,
) -> Illustration:
    """Draw one value against another, with the line where both are equal and the farthest units named.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and both columns; a unit that lacks one is left out.
    x, y
        The columns.
    x_label, y_label
        What the axes say.
    named
        How many units to name, the farthest from the identity line first (from the middle of the cloud without it; in
        proportion on logarithmic axes), or the codes to name.
    identity
        Draw the line y = x, both axes on one scale.
    logarithmic
        Logarithmic axes, for amounts that differ by orders of magnitude.
    title, subtitle, source, champ, note, lecture, unit, decimals
        As `choropleth`; the unit is that of both axes unless `x_unit` is given.
    x_unit, x_decimals
        Of the first axis.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`; also for a value that is not positive on logarithmic axes.
    """
    rows = complete(named_numbers(frame, [x, y]), [x, y])
    if logarithmic and (rows[[x, y]] <= 0).any(axis=None):
        code = str(rows.index[(rows[[x, y]] <= 0).any(axis=1).to_numpy()][0])
        raise FigureError(
            f"the value of {departement(code).libelle} is not above 0, as logarithmic axes need", code=code
        )
    texts = Texts(title, subtitle, source, champ, noted(note, frame, rows), lecture)
    chosen = _farthest(rows[x], rows[y], named, identity, logarithmic) if isinstance(named, int) else list(named)
    with styled():
        page = open_page(texts, _SIDE + 0.6 + KEY_ROOM)
        wide = _SIDE if identity else page.width - 1.4
        axes = page.axes((page.width - wide) / 2 + 0.3, 0.55, wide, _SIDE)
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
        entries = [(mark(COLOURS["bleu"]), "un département")]
        if identity:
            ends = [max(axes.get_xlim()[0], axes.get_ylim()[0]), min(axes.get_xlim()[1], axes.get_ylim()[1])]
            axes.plot(ends, ends, color=COLOURS["encre_douce"], linewidth=1.0, linestyle="--", zorder=2, gid="identite")
            entries.append(
                (Line2D([], [], color=COLOURS["encre_douce"], linestyle="--", linewidth=1.0), "égalité des deux")
            )
        french_axis_pair(axes, unit, decimals, x_unit, x_decimals, logarithmic=logarithmic)
        axes.set_xlabel(typography.typeset(x_label))
        axes.set_ylabel(typography.typeset(y_label))
        axes.grid()
        name_points(axes, rows, x, y, chosen, identity=identity)
        key(page, entries)
    said = f"Départements nommés : {', '.join(departement(code).libelle for code in chosen)}" if chosen else ""
    above = int((rows[y] > rows[x]).sum())
    counted = (
        f"{above} départements au-dessus de la ligne d’égalité, {int((rows[y] < rows[x]).sum())} au-dessous"
        if identity
        else ""
    )
    words = chart_alternative(
        f"Nuage de {len(rows)} points", texts, f"En abscisse, {x_label} ; en ordonnée, {y_label}", counted, said
    )
    return Illustration(page.figure, title, words, rows.rename_axis("code_departement").reset_index())


def french_axis_pair(
    axes: Axes, unit: str, decimals: int, x_unit: str | None, x_decimals: int | None, *, logarithmic: bool
) -> None:
    """Write both axes of a scatter in French numbers."""
    pairs = (
        (axes.xaxis, unit if x_unit is None else x_unit, decimals if x_decimals is None else x_decimals),
        (axes.yaxis, unit, decimals),
    )
    for axis, own_unit, own_decimals in pairs:
        if logarithmic:
            axis.set_major_formatter(FuncFormatter(_written_in(own_unit, own_decimals)))
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_minor_locator(NullLocator())
        else:
            french_axis(axis, own_unit, own_decimals, ticks=5)


def _written_in(unit: str, decimals: int) -> Callable[[float, int | None], str]:
    def written(value: float, _position: int | None = None) -> str:
        return typography.with_unit(value, unit, decimals)

    return written


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
