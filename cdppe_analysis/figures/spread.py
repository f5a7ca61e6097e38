"""Charts of how values spread: every observation of a category, fans of simulated quantiles, Lorenz curves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import HALO, TICK_MARK, Dashes, Entries, Rows, mark, open_chart
from cdppe_analysis.figures.classes import EUROS, PER_CENT, Scale
from cdppe_analysis.figures.columns import check_columns, labelled_numbers, named_numbers
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.page import Form, Words
from cdppe_analysis.figures.palette import COLOURS

QUANTILES = ["q05", "q25", "q50", "q75", "q95"]
_FAN_ROW, _SWARM_ROW = 0.175, 0.5
_BLUE, _PALE, _ORANGE, _INK = (COLOURS[name] for name in ("bleu", "bleu_clair", "orange", "encre"))
_SIDE, _LEFT, _BELOW = 4.6, 0.75, 0.55
_STROKES: tuple[tuple[str, Dashes], ...] = (("bleu", "-"), ("orange", "--"), ("vert", "-."), ("violet", ":"))


def distribution(
    frame: pd.DataFrame,
    label: str,
    column: str,
    words: Words,
    scale: Scale = PER_CENT,
    *,
    target: str | None = None,
    target_label: str = "cible",
) -> Illustration:
    """Draw every observation as a dot, a row a category, with the median, and the target where there is one.

    Parameters
    ----------
    frame
        A row an observation; those without a value are left out.
    label, column
        The category and the value; categories stand in the order of their first row.
    words, scale
        What is said around the figure, and how values are written.
    target, target_label
        A column of values to reach, one a category, and what the key calls them.

    Raises
    ------
    FigureError
        When a column is absent, there is no value, or one is infinite.

    Examples
    --------
    >>> rates = pd.DataFrame({"acte": ["entretien"] * 3, "taux": [4, 10, 12], "cible": [20, 20, 20]})
    >>> words = Words("Aucun n'atteint la cible", "Taux, en %", source="exemple", champ="trois départements")
    >>> distribution(rates, "acte", "taux", words, target="cible").table["a_la_cible"].tolist()
    [0]
    """
    wanted = {"valeur": column} | ({"cible": target} if target else {})
    rows = labelled_numbers(frame, label, wanted).dropna(subset="valeur")
    if rows.empty or np.isinf(rows["valeur"]).any():
        raise FigureError(f"the column {column!r} has no value to draw, or an infinite one")
    groups = {str(name): own for name, own in rows.groupby("libelle", sort=False)}
    table = pd.DataFrame(
        {
            "libelle": name,
            "nombre": len(own),
            **{f"q{level}": float(own["valeur"].quantile(level / 100)) for level in (0, 25, 50, 75, 100)},
        }
        for name, own in groups.items()
    )
    reached = ""
    if target:
        table["cible"] = [own["cible"].iloc[0] for own in groups.values()]
        table["a_la_cible"] = [int((own["valeur"] >= own["cible"]).sum()) for own in groups.values()]
        with_target = table.dropna(subset="cible")
        counts = zip(with_target["libelle"], with_target["a_la_cible"], with_target["nombre"], strict=True)
        reached = "À la cible : " + " ; ".join(f"{name} : {count} sur {of}" for name, count, of in counts)
    medians = [f"médiane {scale.written(value)}" for value in table["q50"]]
    entries: list[tuple[Line2D | Patch, str]] = [
        (mark(_PALE), "un département"),
        (Line2D([], [], color=_BLUE, linewidth=2.4), "médiane"),
    ]
    if target and table["cible"].notna().any():
        entries.append((TICK_MARK, target_label))

    def draw(form: Form) -> Figure:
        chart = Rows.alone(words, form, list(groups), form.value_room(medians, 0.3), _SWARM_ROW, entries)
        axes = chart.axes
        chart.hold(rows[list(wanted)])
        inches = axes.get_position().width * chart.page.figure.get_figwidth()
        dot: dict[str, Any] = {"color": _PALE, "markeredgecolor": _BLUE, "mew": 0.5, "markersize": 3.6, "zorder": 3}
        for row, (own, median) in enumerate(zip(groups.values(), table["q50"], strict=True)):
            values = own["valeur"].to_numpy()
            offsets = _swarm(values, float(np.diff(axes.get_xlim())[0]) * 0.055 / inches)
            axes.plot(values, row + offsets, "o", gid=f"essaim-{row}", **dot)
            chart.tick(row, median, _BLUE, 2.4, f"mediane-{row}")
            if target and not math.isnan(at := float(own["cible"].iloc[0])):
                chart.tick(row, at, _INK, 1.6, f"cible-{row}")
            chart.write(row, medians[row])
        return chart.finished(scale)

    said = " ; ".join(f"{name} : {text}" for name, text in zip(groups, medians, strict=True))
    return Illustration.of(draw, words, words.alternative("Distributions", said, reached), table)


def quantile_fans(
    frame: pd.DataFrame,
    words: Words,
    scale: Scale = EUROS,
    *,
    reference: str | None = None,
    reference_label: str = "montant publié",
) -> Illustration:
    """Draw the spread of simulated amounts, a row a unit: light from 5 to 95 %, dark from 25 to 75 %, the median.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and the quantiles of `QUANTILES`, in increasing order.
    words, scale
        What is said around the figure, and how values are written.
    reference
        A column to mark on each row, the published amount for instance.
    reference_label
        What the key calls it.

    Raises
    ------
    FigureError, TerritoryError
        As `ranked_bars`; also when the quantiles of a unit do not increase.
    """
    wanted = [*QUANTILES, reference] if reference else QUANTILES
    rows = named_numbers(frame, wanted, QUANTILES)
    for code, fan in rows[QUANTILES].iterrows():
        if not fan.is_monotonic_increasing:
            raise FigureError("the quantiles of a unit do not increase", code=str(code))
    rows = rows.iloc[rows["q50"].argsort(kind="stable")[::-1]]
    words = words.noted(frame, rows)
    entries: list[tuple[Line2D | Patch, str]] = [
        (Patch(color=_PALE), "de 5 à 95 % des tirages"),
        (Patch(color=_BLUE), "de 25 à 75 %, la médiane en blanc"),
    ]
    if reference:
        entries.append((mark(_ORANGE, "v", markersize=4.5), reference_label))

    def draw(form: Form) -> Figure:
        chart = Rows.alone(words, form, rows["libelle_departement"].tolist(), 0.35, _FAN_ROW, entries)
        axes = chart.axes
        axes.set_ylim(len(rows) - 0.5, -0.7)
        core: dict[str, Any] = {"zorder": 2.5, "edgecolor": _BLUE, "linewidth": 0.6}
        for row, (code, *values) in enumerate(rows[wanted].itertuples()):
            low, quarter, median, three, high, *marked = (float(value) for value in values)
            chart.span(row, low, high, _PALE, 0.6, gid=f"eventail-{code}")
            chart.span(row, quarter, three, _BLUE, 0.6, gid=f"coeur-{code}", **core)
            if high > low:
                chart.tick(row, median, "white", 1.2, f"mediane-{code}", 0.3)
            for at in marked:
                # Above the fan, so that a narrow one is not hidden; where it is missing, nothing is drawn.
                axes.plot([at], [row - 0.4], "v", color=_ORANGE, markersize=3.6, mew=0, zorder=4, gid=f"repere-{code}")
        everything = rows[wanted].to_numpy(float)
        axes.set_xlim(min(0.0, float(np.nanmin(everything)) * 1.05), float(np.nanmax(everything)) * 1.04)
        return chart.finished(scale)

    first = rows.iloc[0]
    span = typography.interval(float(first["q05"]), float(first["q95"]), scale.decimals, scale.unit)
    said = f"{first['libelle_departement']}, la médiane la plus haute : {span} dans 90 % des tirages"
    outside = ""
    if reference:
        referred = rows.dropna(subset=[reference])
        count = int((~referred[reference].between(referred["q05"], referred["q95"])).sum())
        outside = f"{reference_label} hors de l’intervalle de 5 à 95 % pour {count} départements sur {len(referred)}"
    alternative = words.alternative(f"Éventails de quantiles, {len(rows)} départements", said, outside)
    return Illustration.of(draw, words, alternative, rows.reset_index())


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
        page = open_chart(words, form, side + _BELOW, entries)
        axes = page.axes((page.width - side + _LEFT) / 2, _BELOW, side, side)
        axes.plot([0, 1], [0, 1], color=COLOURS["trait"], linewidth=0.9)
        style: dict[str, Any] = {"fontsize": form.size(8), "color": COLOURS["encre_douce"], "path_effects": HALO}
        axes.text(0.36, 0.36, "égalité", rotation=45, ha="center", va="center", zorder=4, **style)
        for (name, own), (colour, dashes) in zip(curves.items(), _STROKES, strict=False):
            ends = own["part_population"], own["part_montant"]
            axes.plot(*ends, color=COLOURS[colour], linestyle=dashes, linewidth=1.8, gid=f"courbe-{name}")
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.set_xlabel(typography.typeset(f"part cumulée : {population_label}"))
        axes.set_ylabel(typography.typeset(f"part cumulée : {amount_label}"))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: typography.percent(value, 0))
        axes.grid()
        return page.figure

    told = " ; ".join(f"{name} : {gini}" for name, gini in said.items())
    return Illustration.of(draw, words, words.alternative("Courbes de Lorenz", told), points.reset_index(drop=True))


def _swarm(values: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Return how far each dot stands from the middle of its row: those nearer than `width` stand side by side."""
    cells = np.floor(values / width).astype(int)
    ranks = pd.Series(cells).groupby(cells).cumcount().to_numpy()
    most = int(ranks.max()) + 1
    step = min(0.13, 0.84 / most)
    sides = np.where(ranks % 2 == 0, 1, -1)
    return np.asarray(sides * ((ranks + 1) // 2) * step, dtype=np.float64)
