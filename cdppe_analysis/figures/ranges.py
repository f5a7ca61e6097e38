"""Charts of what is uncertain or spread: intervals (a forest plot), distributions, dots, fans of quantiles.

An interval says what it is: a published range, a confidence interval, quartiles, quantiles of draws, the values that
published amounts allow and a published bound have each a glyph and a word of their own in the key.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import (
    AXIS_ROOM,
    HALO,
    VALUE_SIZE,
    Entries,
    beside,
    by_code,
    check_columns,
    complete,
    french_axis,
    key,
    key_room,
    label_room,
    mark,
    named_numbers,
    row_axes,
    row_height,
    tick_mark,
    value_room,
)
from cdppe_analysis.figures.classes import EUROS, Scale
from cdppe_analysis.figures.illustration import Illustration, illustrate
from cdppe_analysis.figures.page import MARGIN, Form, open_page, wrapped
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.figures.words import Words

QUANTILES = ("q05", "q25", "q50", "q75", "q95")
PER_CENT = Scale("%")
_INTERVAL_ROW, _SWARM_ROW = 0.24, 0.5
_LEAST = 1.2
"""The width that a narrow page keeps for what is drawn, in inches."""
_BLUE, _PALE, _ORANGE, _INK = (COLOURS[name] for name in ("bleu", "bleu_clair", "orange", "encre"))


@dataclass(frozen=True)
class Kind:
    """What an interval is: the words of its bounds and of its point in the key, and the glyph of each."""

    interval: str
    point: str
    glyph: str
    marker: str
    colour: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "fourchette": Kind("fourchette publiée", "valeur publiée", "barre", "D", _ORANGE),
        "confiance": Kind("intervalle de confiance à 95 %", "valeur publiée", "bornes", "D", _ORANGE),
        "bootstrap": Kind("intervalle à 95 %, par bootstrap", "valeur calculée", "tirets", "^", _INK),
        "quartiles": Kind("de 25 à 75 % des départements", "médiane", "boite", "|", "#ffffff"),
        "tirages": Kind("de 5 à 95 % des tirages", "médiane des tirages", "trait", "o", _INK),
        "compatibles": Kind("valeurs compatibles avec les montants publiés", "centre", "hachures", "s", _INK),
        "borne": Kind("au-delà d’une borne publiée", "valeur publiée", "fleche", "D", _ORANGE),
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
    rows = _intervals(frame, label, (estimate, low, high), group, kind)
    rows["cible"] = _numbers(frame, target) if target else math.nan
    rows["texte"] = [
        _interval_text(point, start, stop, scale)
        for point, start, stop in zip(rows["valeur"], rows["borne_basse"], rows["borne_haute"], strict=True)
    ]
    entries = _entries(rows, target_label)

    def draw(form: Form) -> Figure:
        room = value_room(rows["texte"], form, 0.35)
        names, places, above = _lines(rows, group, form, room)
        height = row_height(form, _INTERVAL_ROW) * len(names)
        page = open_page(words, height + AXIS_ROOM + key_room(entries, form), form)
        axes = row_axes(page, names, height=height, right_room=room)
        _around(axes, rows[["valeur", "borne_basse", "borne_haute", "cible"]])
        own: Any
        for row, own in zip(places, rows.itertuples(), strict=True):
            nature = KINDS[own.nature]
            _draw_interval(axes, row, own.borne_basse, own.borne_haute, nature)
            if not math.isnan(own.valeur):
                _draw_point(axes, row, own.valeur, nature)
            _draw_target(axes, row, own.cible)
            beside(axes, row, own.texte, room, form.size(VALUE_SIZE))
        _write_above(axes, above, form)
        french_axis(axes.xaxis, scale)
        key(page, entries)
        return page.figure

    said = " ; ".join(f"{name} : {text}" for name, text in zip(rows["libelle"], rows["texte"], strict=True))
    table = rows if target else rows.drop(columns="cible")
    return illustrate(draw, words, words.alternative("Intervalles", said), table)


def dots(
    frame: pd.DataFrame,
    label: str,
    column: str,
    words: Words,
    scale: Scale = PER_CENT,
    *,
    group: str | None = None,
    highlight: Sequence[str] = (),
) -> Illustration:
    """Draw a dot a row, in the order of the rows, the figures beside.

    Parameters
    ----------
    frame
        A row a dot.
    label, column
        The names and the values.
    words, scale
        What is said around the figure, and how values are written.
    group
        As `intervals`.
    highlight
        The names whose dots stand out.

    Raises
    ------
    FigureError
        When a column is absent, there is no row, or a value is missing or infinite.
    """
    rows = _rows(frame, label, {"valeur": column}, group)
    if (wrong := rows.index[~np.isfinite(rows["valeur"])]).size:
        raise FigureError(f"the value of {rows['libelle'][wrong[0]]!r} in {column!r} is missing, infinite or no number")
    rows["texte"] = rows["valeur"].map(scale.written)

    def draw(form: Form) -> Figure:
        room = value_room(rows["texte"], form, 0.35)
        names, places, above = _lines(rows, group, form, room)
        height = row_height(form, _INTERVAL_ROW) * len(names)
        page = open_page(words, height + AXIS_ROOM, form)
        axes = row_axes(page, names, height=height, right_room=room)
        _around(axes, rows[["valeur"]])
        own: Any
        for row, own in zip(places, rows.itertuples(), strict=True):
            colour = _ORANGE if own.libelle in highlight else _BLUE
            axes.plot([0, own.valeur], [row, row], color=COLOURS["grille"], linewidth=1.4, zorder=2)
            axes.plot([own.valeur], [row], "o", color=colour, markersize=6, zorder=4, gid=f"point-{row}")
            beside(axes, row, own.texte, room, form.size(VALUE_SIZE))
        _write_above(axes, above, form)
        french_axis(axes.xaxis, scale)
        return page.figure

    said = " ; ".join(f"{name} : {text}" for name, text in zip(rows["libelle"], rows["texte"], strict=True))
    return illustrate(draw, words, words.alternative("Points", said), rows)


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
    rows = _rows(frame, label, wanted, None).dropna(subset="valeur")
    if rows.empty or np.isinf(rows["valeur"]).any():
        raise FigureError(f"the column {column!r} has no value to draw, or an infinite one")
    groups = {str(name): own for name, own in rows.groupby("libelle", sort=False)}
    table = pd.DataFrame(
        [
            {
                "libelle": name,
                "nombre": len(own),
                **{f"q{level}": float(own["valeur"].quantile(level / 100)) for level in (0, 25, 50, 75, 100)},
                **(
                    {"cible": own["cible"].iloc[0], "a_la_cible": int((own["valeur"] >= own["cible"]).sum())}
                    if target
                    else {}
                ),
            }
            for name, own in groups.items()
        ]
    )
    medians = [f"médiane {scale.written(value)}" for value in table["q50"]]
    entries: list[tuple[Line2D | Patch, str]] = [
        (mark(_PALE, size=5.0), "un département"),
        (Line2D([], [], color=_BLUE, linewidth=2.4), "médiane"),
    ]
    if target and table["cible"].notna().any():
        entries.append((tick_mark(), target_label))

    def draw(form: Form) -> Figure:
        room = value_room(medians, form, 0.3)
        height = row_height(form, _SWARM_ROW) * len(groups)
        page = open_page(words, height + AXIS_ROOM + key_room(entries, form), form)
        axes = row_axes(page, list(groups), height=height, right_room=room)
        _around(axes, rows[list(wanted)])
        inches = axes.get_position().width * page.figure.get_figwidth()
        for row, (own, median) in enumerate(zip(groups.values(), table["q50"], strict=True)):
            values = own["valeur"].to_numpy()
            offsets = _swarm(values, float(np.diff(axes.get_xlim())[0]) * 0.055 / inches)
            axes.plot(
                values,
                row + offsets,
                "o",
                color=_PALE,
                markeredgecolor=_BLUE,
                mew=0.5,
                markersize=3.6,
                zorder=3,
                gid=f"essaim-{row}",
            )
            axes.plot(
                [median, median], [row - 0.42, row + 0.42], color=_BLUE, linewidth=2.4, zorder=4, gid=f"mediane-{row}"
            )
            if target:
                _draw_target(axes, row, float(own["cible"].iloc[0]))
            beside(axes, row, medians[row], room, form.size(VALUE_SIZE))
        french_axis(axes.xaxis, scale)
        key(page, entries)
        return page.figure

    said = " ; ".join(f"{name} : {text}" for name, text in zip(groups, medians, strict=True))
    reached = ""
    if target:
        known = table.dropna(subset="cible")
        counts = zip(known["libelle"], known["a_la_cible"], known["nombre"], strict=True)
        reached = "À la cible : " + " ; ".join(f"{name} : {count} sur {of}" for name, count, of in counts)
    return illustrate(draw, words, words.alternative("Distributions", said, reached), table)


def quantile_fans(
    frame: pd.DataFrame,
    words: Words,
    scale: Scale = EUROS,
    *,
    quantiles: Sequence[str] = QUANTILES,
    reference: str | None = None,
    reference_label: str = "montant publié",
) -> Illustration:
    """Draw the spread of simulated amounts, a row a unit: light from 5 to 95 %, dark from 25 to 75 %, the median.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and five columns of quantiles, in increasing order.
    words, scale
        What is said around the figure, and how values are written.
    quantiles
        Their names: 5, 25, 50, 75 and 95 %.
    reference
        A column to mark on each row, the published amount for instance.
    reference_label
        What the key calls it.

    Raises
    ------
    FigureError, TerritoryError
        As `ranked_bars`; also when there are not five quantiles, or they do not increase.
    """
    if len(quantiles) != len(QUANTILES):
        raise FigureError(f"a fan has {len(QUANTILES)} quantiles (5, 25, 50, 75, 95 %), not {len(quantiles)}")
    wanted = [*quantiles, reference] if reference else list(quantiles)
    rows = complete(named_numbers(frame, wanted), quantiles)
    falling = rows.index[np.any(np.diff(rows[list(quantiles)].to_numpy(float), axis=1) < 0, axis=1)]
    if len(falling):
        raise FigureError("the quantiles of a unit do not increase", code=str(falling[0]))
    rows = rows.iloc[rows[quantiles[2]].argsort(kind="stable")[::-1]]
    words = words.noted(frame, rows)
    entries: list[tuple[Line2D | Patch, str]] = [
        (Patch(color=_PALE), "de 5 à 95 % des tirages"),
        (Patch(color=_BLUE), "de 25 à 75 %, la médiane en blanc"),
    ]
    if reference:
        entries.append((mark(_ORANGE, "v", size=4.5), reference_label))

    def draw(form: Form) -> Figure:
        height = row_height(form) * len(rows)
        page = open_page(words, height + AXIS_ROOM + key_room(entries, form), form)
        axes = row_axes(page, list(rows["libelle_departement"]), height=height)
        axes.set_ylim(len(rows) - 0.5, -0.7)
        for row, code in enumerate(rows.index):
            low, quarter, median, three, high = (float(rows[name].loc[code]) for name in quantiles)
            _bar(axes, row, low, high, _PALE, 0.6, gid=f"eventail-{code}")
            _bar(axes, row, quarter, three, _BLUE, 0.6, zorder=2.5, edgecolor=_BLUE, linewidth=0.6, gid=f"coeur-{code}")
            if high > low:
                ends = [row - 0.3, row + 0.3]
                axes.plot([median, median], ends, color="white", linewidth=1.2, zorder=3, gid=f"mediane-{code}")
            if reference and not math.isnan(rows[reference].loc[code]):
                # Above the fan, so that a narrow one is not hidden.
                at = [rows[reference].loc[code]], [row - 0.4]
                axes.plot(*at, "v", color=_ORANGE, markersize=3.6, mew=0, zorder=4, gid=f"repere-{code}")
        everything = rows[wanted].to_numpy(float)
        axes.set_xlim(min(0.0, float(np.nanmin(everything)) * 1.05), float(np.nanmax(everything)) * 1.04)
        french_axis(axes.xaxis, scale)
        key(page, entries)
        return page.figure

    first = rows.iloc[0]
    span = typography.interval(float(first[quantiles[0]]), float(first[quantiles[4]]), scale.decimals, scale.unit)
    said = f"{first['libelle_departement']}, la médiane la plus haute : {span} dans 90 % des tirages"
    outside = ""
    if reference:
        known = rows.dropna(subset=[reference])
        count = int(((known[reference] < known[quantiles[0]]) | (known[reference] > known[quantiles[4]])).sum())
        outside = f"{reference_label} hors de l’intervalle de 5 à 95 % pour {count} départements sur {len(known)}"
    alternative = words.alternative(f"Éventails de quantiles, {len(rows)} départements", said, outside)
    return illustrate(draw, words, alternative, by_code(rows))


def _numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    check_columns(frame, [column])
    return np.asarray(pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float, na_value=math.nan))


def _rows(frame: pd.DataFrame, label: str, values: Mapping[str, str], group: str | None) -> pd.DataFrame:
    check_columns(frame, (label, *values.values(), *((group,) if group else ())))
    rows = pd.DataFrame({"libelle": frame[label].astype(str).to_numpy()})
    for name, column in values.items():
        rows[name] = _numbers(frame, column)
    rows["groupe"] = frame[group].astype(str).to_numpy() if group else ""
    if rows.empty:
        raise FigureError("there is nothing to draw")
    return rows


def _intervals(
    frame: pd.DataFrame, label: str, values: tuple[str | None, str, str], group: str | None, kind: str
) -> pd.DataFrame:
    columns = zip(("valeur", "borne_basse", "borne_haute"), values, strict=True)
    rows = _rows(frame, label, {name: column for name, column in columns if column}, group)
    rows["valeur"] = rows.get("valeur", math.nan)
    rows["nature"] = frame[kind].astype(str).to_numpy() if kind in frame.columns else kind
    own: Any
    for own in rows.itertuples():
        point, low, high = own.valeur, own.borne_basse, own.borne_haute
        if own.nature not in KINDS:
            raise FigureError(f"{own.nature!r} is no kind of interval; the kinds are {', '.join(KINDS)}")
        if math.isinf(point) or math.isinf(low) or math.isinf(high):
            raise FigureError(f"{own.libelle!r} has an infinite value")
        lacking = math.isnan(low) + math.isnan(high)
        if (lacking == 1) != (own.nature == "borne" and lacking < 2) or (math.isnan(point) and lacking == 2):
            needed = "one bound" if own.nature == "borne" else "both bounds"
            raise FigureError(f"{own.libelle!r} has neither a value nor {needed}")
        if low > high:
            raise FigureError(f"the bounds of {own.libelle!r} are the wrong way round")
    return rows


def _lines(
    rows: pd.DataFrame, group: str | None, form: Form, room: float
) -> tuple[list[str], list[int], list[tuple[int, str, bool]]]:
    """Return the names of all lines, where each row stands, and what is written above rows: line, text, bold.

    The value of a group stands above its rows; on a narrow page that names and values would fill, so do names.
    """
    stacked = form.narrow and label_room(rows["libelle"], form) + room > form.width - 2 * MARGIN - _LEAST
    names: list[str] = []
    places: list[int] = []
    above: list[tuple[int, str, bool]] = []
    last = None
    for name, own in zip(rows["libelle"], rows["groupe"], strict=True):
        if group is not None and own != last:
            above.append((len(names), own, True))
            names.append("")
            last = own
        if stacked:
            for line in wrapped(name, form.width - 2 * MARGIN - 0.1, form.size(8)):
                above.append((len(names), line, False))
                names.append("")
        places.append(len(names))
        names.append("" if stacked else name)
    return names, places, above


def _write_above(axes: Axes, above: Sequence[tuple[int, str, bool]], form: Form) -> None:
    for row, text, bold in above:
        axes.annotate(
            typography.typeset(text),
            (0.0, row),
            xycoords=("axes fraction", "data"),
            xytext=(3, -2),
            textcoords="offset points",
            va="center",
            fontsize=form.size(8),
            fontweight="bold" if bold else "normal",
            path_effects=HALO,
            annotation_clip=False,
        )


def _around(axes: Axes, values: pd.DataFrame) -> None:
    """Set the limits of the values' axis: from 0, and a margin beyond the extremes."""
    numbers = values.to_numpy(float)
    largest, smallest = float(np.nanmax(numbers)), float(np.nanmin(numbers))
    margin = (largest - min(0.0, smallest)) * 0.05 or 1.0
    axes.set_xlim(0.0 if smallest > 0 else smallest - margin, largest + margin)


def _bar(axes: Axes, row: float, low: float, high: float, face: str, height: float, **options: Any) -> None:
    shape = Rectangle(
        (low, row - height / 2), high - low, height, **{"facecolor": face, "linewidth": 0, "zorder": 2, **options}
    )
    axes.add_patch(shape)


def _draw_interval(axes: Axes, row: int, low: float, high: float, kind: Kind) -> None:
    gid = f"intervalle-{row}"
    if math.isnan(low) and math.isnan(high):
        return
    if kind.glyph == "fleche":
        start, way, marker = (low, 26, "|") if not math.isnan(low) else (high, -26, "|")
        axes.plot([start], [row], marker, color=_BLUE, markersize=9, mew=2.0, zorder=3, gid=gid)
        axes.annotate(
            "",
            (start, row),
            xytext=(way, 0),
            textcoords="offset points",
            arrowprops={"arrowstyle": "<|-", "color": _BLUE, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0},
            annotation_clip=False,
        )
    elif kind.glyph == "barre":
        _bar(axes, row, low, high, _PALE, 0.5, gid=gid)
    elif kind.glyph == "boite":
        _bar(axes, row, low, high, _BLUE, 0.56, gid=gid)
    elif kind.glyph == "hachures":
        _bar(axes, row, low, high, COLOURS["papier"], 0.5, hatch="//////", edgecolor=_BLUE, linewidth=0.9, gid=gid)
    else:
        stroke: dict[str, Any] = {"linestyle": "--" if kind.glyph == "tirets" else "-", "solid_capstyle": "butt"}
        axes.plot([low, high], [row, row], color=_BLUE, linewidth=2.2, zorder=2, gid=gid, **stroke)
        if kind.glyph == "bornes":
            axes.plot([low, high], [row, row], "|", color=_BLUE, markersize=8, mew=1.6, zorder=3)


def _draw_point(axes: Axes, row: int, value: float, kind: Kind) -> None:
    if kind.glyph == "boite":
        ends = [row - 0.28, row + 0.28]
        axes.plot([value, value], ends, color=kind.colour, linewidth=1.8, zorder=4, gid=f"point-{row}")
    else:
        size = 5.5 if kind.marker == "D" else 5.0
        style: dict[str, Any] = {"markeredgecolor": "white", "markeredgewidth": 0.6, "markersize": size, "zorder": 4}
        axes.plot([value], [row], kind.marker, color=kind.colour, gid=f"point-{row}", **style)


def _draw_target(axes: Axes, row: int, at: float) -> None:
    if not math.isnan(at):
        axes.plot([at, at], [row - 0.42, row + 0.42], color=_INK, linewidth=1.6, zorder=5, gid=f"cible-{row}")


def _entries(rows: pd.DataFrame, target_label: str) -> Entries:
    """Return the key: a glyph and a word a meaning, of those that are drawn."""
    found: dict[str, Line2D | Patch] = {}
    for nature in rows["nature"].unique():
        kind, own = KINDS[nature], rows[rows["nature"] == nature]
        if own["valeur"].notna().any():
            # The median of a box is white: in the key it stands in its box.
            found[kind.point] = Patch(color=_BLUE) if kind.glyph == "boite" else mark(kind.colour, kind.marker)
            if kind.glyph == "boite":
                found[f"{kind.interval}, la {kind.point} en blanc"] = found.pop(kind.point)
                continue
        if own[["borne_basse", "borne_haute"]].notna().any(axis=None):
            found[kind.interval] = _GLYPHS[kind.glyph]()
    if rows["cible"].notna().any():
        found[target_label] = tick_mark()
    return [(handle, label) for label, handle in found.items()]


_GLYPHS: Mapping[str, Callable[[], Line2D | Patch]] = {
    "barre": lambda: Patch(color=_PALE),
    "boite": lambda: Patch(color=_BLUE),
    "hachures": lambda: Patch(facecolor=COLOURS["papier"], edgecolor=_BLUE, hatch="//////", linewidth=0.9),
    "bornes": lambda: Line2D([], [], color=_BLUE, linewidth=2.2, marker="|", markersize=8, markeredgewidth=1.6),
    "tirets": lambda: Line2D([], [], color=_BLUE, linewidth=2.2, linestyle="--"),
    "trait": lambda: Line2D([], [], color=_BLUE, linewidth=2.2),
    "fleche": lambda: Line2D([], [], color=_BLUE, linewidth=1.6, marker=">", markersize=5),
}


def _swarm(values: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Return how far each dot stands from the middle of its row: those nearer than `width` stand side by side."""
    cells = np.floor(values / width).astype(int)
    ranks = pd.Series(cells).groupby(cells).cumcount().to_numpy()
    most = int(ranks.max()) + 1
    step = min(0.13, 0.84 / most)
    sides = np.where(ranks % 2 == 0, 1, -1)
    return np.asarray(sides * ((ranks + 1) // 2) * step, dtype=np.float64)


def _interval_text(point: float, low: float, high: float, scale: Scale) -> str:
    if math.isnan(low) and math.isnan(high):
        return scale.written(point)
    if math.isnan(low) or math.isnan(high):
        span = f"moins de {scale.written(high)}" if math.isnan(low) else f"plus de {scale.written(low)}"
    else:
        span = typography.interval(low, high, scale.decimals, scale.unit)
    return span if math.isnan(point) else f"{scale.written(point)} ({span})"
