"""Charts of points: intervals (a forest plot), dots, and dumbbells before and after.

An interval says what it is: a published range, a confidence interval, quantiles of draws, the values that
published amounts allow and a published bound have each a glyph and a word of their own in the key.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import HALO, TICK_MARK, Entries, Rows, mark
from cdppe_analysis.figures.classes import EUROS, PER_CENT, Scale
from cdppe_analysis.figures.columns import labelled_numbers, named_numbers
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.page import MARGIN, Form, Words, wrapped
from cdppe_analysis.figures.palette import COLOURS

_ROW, _DUMBBELL_ROW = 0.24, 0.175
_LEAST = 1.2
"""The width that a narrow page keeps for what is drawn, in inches."""
_BLUE, _PALE, _ORANGE, _INK, _SOFT = (
    COLOURS[name] for name in ("bleu", "bleu_clair", "orange", "encre", "encre_douce")
)


@dataclass(frozen=True)
class _Kind:
    """What an interval is: the words of its bounds and of its point in the key, and the glyph of each."""

    interval: str
    point: str
    glyph: str
    marker: str
    colour: str


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "fourchette": _Kind("fourchette publiée", "valeur publiée", "barre", "D", _ORANGE),
        "confiance": _Kind("intervalle de confiance à 95 %", "valeur publiée", "bornes", "D", _ORANGE),
        "bootstrap": _Kind("intervalle à 95 %, par bootstrap", "valeur calculée", "tirets", "^", _INK),
        "tirages": _Kind("de 5 à 95 % des tirages", "médiane des tirages", "trait", "o", _INK),
        "compatibles": _Kind("valeurs compatibles avec les montants publiés", "centre", "hachures", "s", _INK),
        "borne": _Kind("au-delà d’une borne publiée", "valeur publiée", "fleche", "D", _ORANGE),
    }
)
"""What an interval can be."""


def intervals(
    frame: pd.DataFrame,
    label: str,
    words: Words,
    scale: Scale = PER_CENT,
    *,
    kind: str = "fourchette",
    estimate: str | None = "valeur",
    low: str = "borne_basse",
    high: str = "borne_haute",
    group: str | None = None,
    target: str | None = None,
    target_label: str = "cible",
) -> Illustration:
    """Draw a point and an interval a row, as a forest plot does, the figures beside.

    Parameters
    ----------
    frame
        A row an observation, in the order to show.
    label
        The column of names.
    words, scale
        What is said around the figure, and how values are written.
    kind
        What all the intervals are, one of `KINDS`, or a column that says it row by row.
    estimate, low, high
        The columns of the point (none where it is None) and of the bounds: a row may have a point without bounds, or
        bounds without a point; one of kind « borne » has one bound.
    group
        A column whose value is written above the rows that share it (definitions that must stay apart).
    target, target_label
        A column of values to reach, marked on each row that has one, and what the key calls them.

    Raises
    ------
    FigureError
        When a column is absent, a kind is unknown, a row has neither a point nor its bounds, or its bounds are the
        wrong way round.

    Examples
    --------
    >>> rows = pd.DataFrame({"territoire": ["France"], "valeur": [None], "borne_basse": [15], "borne_haute": [20]})
    >>> words = Words("De 15 à 20 %", "Part, en %", source="exemple", champ="France")
    >>> intervals(rows, "territoire", words).table["texte"].tolist()[0].replace(typography.NNBSP, " ")
    'de 15 à 20 %'
    """
    columns = {"valeur": estimate, "borne_basse": low, "borne_haute": high, "cible": target}
    rows = labelled_numbers(frame, label, {name: column for name, column in columns.items() if column}, group)
    for name in ("valeur", "cible"):
        rows[name] = rows.get(name, math.nan)
    rows["nature"] = frame[kind].astype(str).to_numpy() if kind in frame.columns else kind
    observations = rows.to_dict("records")
    for own in observations:
        _check_interval(own)
    rows["texte"] = [_interval_text(own, scale) for own in observations]
    order = ["libelle", "valeur", "borne_basse", "borne_haute", "groupe", "nature", *["cible"][: bool(target)], "texte"]

    def paint(chart: Rows, row: int, own: Mapping[Any, Any]) -> None:
        kind = KINDS[own["nature"]]
        _draw_interval(chart, row, own["borne_basse"], own["borne_haute"], kind.glyph)
        if not math.isnan(own["valeur"]):
            style: dict[str, Any] = {"markersize": 5.5 if kind.marker == "D" else 5.0, "gid": f"point-{row}"}
            style |= {"markeredgecolor": "white", "markeredgewidth": 0.6, "zorder": 4}
            chart.axes.plot([own["valeur"]], [row], kind.marker, color=kind.colour, **style)
        if not math.isnan(own["cible"]):
            chart.tick(row, own["cible"], _INK, 1.6, f"cible-{row}")

    values = ["valeur", "borne_basse", "borne_haute", "cible"]
    return _listed("Intervalles", rows, values, words, scale, _entries(rows, target_label), paint, rows[order])


def dots(frame: pd.DataFrame, label: str, column: str, words: Words, scale: Scale = PER_CENT) -> Illustration:
    """Draw a dot a row, in the order of the rows, the figures beside.

    Parameters
    ----------
    frame
        A row a dot.
    label, column
        The names and the values.
    words, scale
        What is said around the figure, and how values are written.

    Raises
    ------
    FigureError
        When a column is absent, there is no row, or a value is missing or infinite.
    """
    rows = labelled_numbers(frame, label, {"valeur": column}, finite="valeur")
    rows["texte"] = rows["valeur"].map(scale.written)

    def paint(chart: Rows, row: int, own: Mapping[Any, Any]) -> None:
        chart.axes.plot([0, own["valeur"]], [row, row], color=COLOURS["grille"], linewidth=1.4, zorder=2)
        chart.axes.plot([own["valeur"]], [row], "o", color=_BLUE, markersize=6, zorder=4, gid=f"point-{row}")

    return _listed("Points", rows, ["valeur"], words, scale, [], paint, rows)


def dumbbells(
    frame: pd.DataFrame,
    before: str,
    after: str,
    words: Words,
    scale: Scale = EUROS,
    *,
    names: tuple[str, str] = ("avant", "après"),
) -> Illustration:
    """Draw two values a unit, joined by a line, the largest gain on top and the largest loss at the bottom.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and both columns.
    before, after
        The columns; a unit that lacks one is left out.
    words, scale
        What is said around the figure, and how values are written.
    names
        What the key calls them.

    Raises
    ------
    FigureError, TerritoryError
        As `ranked_bars`; also when no unit has both values.
    """
    rows = named_numbers(frame, [before, after], [before, after])
    rows = rows.assign(ecart=rows[after] - rows[before])
    rows = rows.iloc[rows["ecart"].argsort(kind="stable")[::-1]]
    words = words.noted(frame, rows)
    up, down = int((rows["ecart"] > 0).sum()), int((rows["ecart"] < 0).sum())
    written = [scale.written(float(value), signed=True) for value in rows["ecart"]]
    entries = [
        (mark(_SOFT, face="white"), names[0]),
        (mark(_BLUE, line="-"), f"{names[1]}, en hausse"),
        (mark(_ORANGE, line=":"), f"{names[1]}, en baisse"),
    ]
    if up + down < len(rows):
        entries.append((mark(_SOFT), "inchangé"))

    def draw(form: Form) -> Figure:
        room = form.value_room(written, 0.3)
        chart = Rows.alone(words, form, rows["libelle_departement"].tolist(), room, _DUMBBELL_ROW, entries)
        axes = chart.axes
        for row, (code, first, last, text) in enumerate(
            zip(rows.index, rows[before], rows[after], written, strict=True)
        ):
            colour = _BLUE if last > first else _ORANGE if last < first else _SOFT
            stroke: dict[str, Any] = {"linestyle": "-" if last >= first else (0, (1.5, 0.8)), "linewidth": 2.0}
            stroke |= {"solid_capstyle": "butt", "dash_capstyle": "butt", "zorder": 2}
            axes.plot([first, last], [row, row], color=colour, gid=f"ecart-{code}", **stroke)
            hollow: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": _SOFT}
            axes.plot([first], [row], "o", markersize=4.6, zorder=3, gid=f"avant-{code}", **hollow)
            axes.plot([last], [row], "o", markersize=4.6, color=colour, zorder=4, gid=f"apres-{code}")
            chart.write(row, text)
        axes.margins(x=0.03)
        return chart.finished(scale)

    alternative = words.alternative(
        "Haltères avant et après",
        f"Départements en hausse : {up}, en baisse : {down}, inchangés : {len(rows) - up - down}",
        f"Plus forte hausse ou moindre baisse : {rows['libelle_departement'].iloc[0]} ({written[0]})",
        f"Plus forte baisse ou moindre hausse : {rows['libelle_departement'].iloc[-1]} ({written[-1]})",
    )
    return Illustration.of(draw, words, alternative, rows.reset_index())


def _listed(
    what: str,
    rows: pd.DataFrame,
    values: Sequence[str],
    words: Words,
    scale: Scale,
    entries: Entries,
    paint: Callable[[Rows, int, Mapping[Any, Any]], None],
    table: pd.DataFrame,
) -> Illustration:
    """Draw a line a row, by `paint`, its text beside; the columns of `values` are within the axis."""

    def draw(form: Form) -> Figure:
        room = form.value_room(rows["texte"], 0.35)
        names, places, above = _lines(rows, form, room)
        chart = Rows.alone(words, form, names, room, _ROW, entries)
        chart.hold(rows[list(values)])
        for row, own in zip(places, rows.to_dict("records"), strict=True):
            paint(chart, row, own)
            chart.write(row, own["texte"])
        for row, text, bold in above:
            place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
            look: dict[str, Any] = {"fontsize": form.size(8), "fontweight": "bold" if bold else "normal"}
            look |= {"va": "center", "path_effects": HALO, "annotation_clip": False}
            said = typography.typeset(text)
            chart.axes.annotate(said, (0.0, row), xytext=(3, -2), **place, **look)
        return chart.finished(scale)

    said = " ; ".join(f"{name} : {text}" for name, text in zip(rows["libelle"], rows["texte"], strict=True))
    return Illustration.of(draw, words, words.alternative(what, said), table)


def _lines(rows: pd.DataFrame, form: Form, room: float) -> tuple[list[str], list[int], list[tuple[int, str, bool]]]:
    """Return the names of all lines, where each row stands, and what is written above rows: line, text, bold.

    The value of a group stands above its rows; on a narrow page that names and values would fill, so do names.
    """
    stacked = form.narrow and form.name_room(rows["libelle"]) + room > form.width - 2 * MARGIN - _LEAST
    names: list[str] = []
    places: list[int] = []
    above: list[tuple[int, str, bool]] = []
    last = ""
    for name, own in zip(rows["libelle"], rows["groupe"], strict=True):
        lines = wrapped(name, form.width - 2 * MARGIN - 0.1, form.size(8)) if stacked else []
        for text, bold in [*([(own, True)] if own != last else []), *((line, False) for line in lines)]:
            above.append((len(names), text, bold))
            names.append("")
        last = own
        places.append(len(names))
        names.append("" if stacked else name)
    return names, places, above


def _check_interval(own: Mapping[Any, Any]) -> None:
    point, low, high = own["valeur"], own["borne_basse"], own["borne_haute"]
    if own["nature"] not in KINDS:
        raise FigureError(f"{own['nature']!r} is no kind of interval; the kinds are {', '.join(KINDS)}")
    if math.isinf(point) or math.isinf(low) or math.isinf(high):
        raise FigureError(f"{own['libelle']!r} has an infinite value")
    lacking = math.isnan(low) + math.isnan(high)
    if (lacking == 1) != (own["nature"] == "borne" and lacking < 2) or (math.isnan(point) and lacking == 2):
        needed = "one bound" if own["nature"] == "borne" else "both bounds"
        raise FigureError(f"{own['libelle']!r} has neither a value nor {needed}")
    if low > high:
        raise FigureError(f"the bounds of {own['libelle']!r} are the wrong way round")


def _draw_interval(chart: Rows, row: int, low: float, high: float, glyph: str) -> None:
    """Draw an interval by its glyph; one bound alone is an arrow, to the side that is open."""
    axes, gid = chart.axes, f"intervalle-{row}"
    if math.isnan(low) and math.isnan(high):
        return
    if glyph == "fleche":
        start, way = (high, -26) if math.isnan(low) else (low, 26)
        axes.plot([start], [row], "|", color=_BLUE, markersize=9, mew=2.0, zorder=3, gid=gid)
        arrow = {"arrowstyle": "<|-", "color": _BLUE, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
        place: dict[str, Any] = {"xytext": (way, 0), "textcoords": "offset points", "annotation_clip": False}
        axes.annotate("", (start, row), arrowprops=arrow, **place)
    elif glyph in _FILLED:
        chart.span(row, low, high, height=0.5, gid=gid, **_FILLED[glyph])
    else:
        axes.plot([low, high], [row] * 2, color=_BLUE, zorder=2, gid=gid, solid_capstyle="butt", **_STROKES[glyph])


def _entries(rows: pd.DataFrame, target_label: str) -> Entries:
    """Return the key: a glyph and a word a meaning, of those that are drawn."""
    handles: dict[str, Line2D | Patch] = {}
    for nature in rows["nature"].unique():
        kind, own = KINDS[nature], rows[rows["nature"] == nature]
        if own["valeur"].notna().any():
            handles[kind.point] = mark(kind.colour, kind.marker)
        if own[["borne_basse", "borne_haute"]].notna().any(axis=None):
            filled = kind.glyph in _FILLED
            handles[kind.interval] = (
                Patch(**_FILLED[kind.glyph]) if filled else Line2D([], [], color=_BLUE, **_STROKES[kind.glyph])
            )
    if rows["cible"].notna().any():
        handles[target_label] = TICK_MARK
    return [(handle, label) for label, handle in handles.items()]


_FILLED: Mapping[str, Mapping[str, Any]] = {
    "barre": {"facecolor": _PALE, "edgecolor": _PALE},
    "hachures": {"facecolor": COLOURS["papier"], "edgecolor": _BLUE, "hatch": "//////", "linewidth": 0.9},
}
_STROKES: Mapping[str, Mapping[str, Any]] = {
    "bornes": {"linewidth": 2.2, "marker": "|", "markersize": 8, "markeredgewidth": 1.6},
    "tirets": {"linewidth": 2.2, "linestyle": "--"},
    "trait": {"linewidth": 2.2},
    "fleche": {"linewidth": 1.6, "marker": ">", "markersize": 5},
}
"""How an interval looks, on the chart and in the key."""


def _interval_text(own: Mapping[Any, Any], scale: Scale) -> str:
    point, low, high = own["valeur"], own["borne_basse"], own["borne_haute"]
    if math.isnan(low) and math.isnan(high):
        return scale.written(point)
    if math.isnan(low) or math.isnan(high):
        span = f"moins de {scale.written(high)}" if math.isnan(low) else f"plus de {scale.written(low)}"
    else:
        span = typography.interval(low, high, scale.decimals, scale.unit)
    return span if math.isnan(point) else f"{scale.written(point)} ({span})"
