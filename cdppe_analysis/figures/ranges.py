"""Charts of what is uncertain: intervals (a forest plot), and fans of quantiles for simulated amounts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.alternatives import chart_alternative
from cdppe_analysis.figures.charts import (
    AXIS_ROOM,
    KEY_ROOM,
    ROW,
    VALUE_SIZE,
    beside,
    complete,
    french_axis,
    key,
    mark,
    named_numbers,
    noted,
    row_axes,
)
from cdppe_analysis.figures.illustration import Illustration, styled
from cdppe_analysis.figures.page import Texts, open_page, text_width
from cdppe_analysis.figures.palette import COLOURS

QUANTILES = ("q05", "q25", "q50", "q75", "q95")
_INTERVAL_ROW = 0.24


def intervals(
    frame: pd.DataFrame,
    label: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    estimate: str = "valeur",
    low: str = "borne_basse",
    high: str = "borne_haute",
    group: str | None = None,
    note: str | None = None,
    lecture: str | None = None,
    unit: str = "%",
    decimals: int = 0,
) -> Illustration:
    """Draw a point and an interval a row, as a forest plot does, the figures beside.

    Parameters
    ----------
    frame
        A row an observation, in the order to show.
    label
        The column of names.
    estimate, low, high
        The columns of the point and of the bounds: a row may have a point without bounds, or bounds without a point.
    group
        A column whose value is written above the rows that share it (definitions that must stay apart).
    title, subtitle, source, champ, note, lecture, unit, decimals
        As `choropleth`.

    Raises
    ------
    FigureError
        When a column is absent, a row has neither a point nor both bounds, or its bounds are the wrong way round.

    Examples
    --------
    >>> rows = pd.DataFrame({"territoire": ["France"], "valeur": [None], "borne_basse": [15], "borne_haute": [20]})
    >>> intervals(rows, "territoire", title="De 15 à 20 %", subtitle="Part, en %", source="exemple",
    ...     champ="France").table["texte"].tolist()[0].replace(typography.NNBSP, " ")
    'de 15 à 20 %'
    """
    rows = _intervals(frame, label, (estimate, low, high), group)
    rows["texte"] = [
        _interval_text(point, start, stop, unit, decimals)
        for point, start, stop in zip(rows["valeur"], rows["borne_basse"], rows["borne_haute"], strict=True)
    ]
    names: list[str] = []
    places: list[int] = []
    heads: list[tuple[int, str]] = []
    previous: object = None
    for name, own in zip(rows["libelle"], rows["groupe"], strict=True):
        if group is not None and own != previous:
            heads.append((len(names), str(own)))
            names.append("")
            previous = own
        places.append(len(names))
        names.append(name)
    texts = Texts(title, subtitle, source, champ, note, lecture)
    room = max(text_width(text, VALUE_SIZE) for text in rows["texte"]) + 0.35
    bounded = bool(rows["borne_basse"].notna().any())
    with styled():
        page = open_page(texts, _INTERVAL_ROW * len(names) + AXIS_ROOM + KEY_ROOM)
        axes = row_axes(page, names, height=page.height - KEY_ROOM, right_room=room)
        for row, point, start, stop, text in zip(
            places, rows["valeur"], rows["borne_basse"], rows["borne_haute"], rows["texte"], strict=True
        ):
            if not math.isnan(start):
                axes.plot(
                    [start, stop],
                    [row, row],
                    color=COLOURS["bleu"],
                    linewidth=2.2,
                    solid_capstyle="butt",
                    zorder=2,
                    gid=f"intervalle-{row}",
                )
                axes.plot([start, stop], [row, row], "|", color=COLOURS["bleu"], markersize=7, zorder=3)
            if not math.isnan(point):
                axes.plot(
                    [point],
                    [row],
                    "D",
                    color=COLOURS["orange"],
                    markersize=5.5,
                    markeredgecolor="white",
                    markeredgewidth=0.6,
                    zorder=4,
                    gid=f"point-{row}",
                )
            beside(axes, row, text, room)
        for row, own in heads:
            axes.annotate(
                typography.typeset(own),
                (0.0, row),
                xycoords=("axes fraction", "data"),
                xytext=(3, -2),
                textcoords="offset points",
                va="center",
                fontsize=8,
                fontweight="bold",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
                annotation_clip=False,
            )
        everything = rows[["valeur", "borne_basse", "borne_haute"]].to_numpy(float)
        largest, smallest = float(np.nanmax(everything)), float(np.nanmin(everything))
        margin = (largest - min(0.0, smallest)) * 0.05 or 1.0
        axes.set_xlim(min(0.0, smallest - margin), largest + margin)
        french_axis(axes.xaxis, unit, decimals)
        entries: list[tuple[Line2D | Patch, str]] = []
        if rows["valeur"].notna().any():
            entries.append((mark(COLOURS["orange"], "D"), "valeur"))
        if bounded:
            entries.append((Line2D([], [], color=COLOURS["bleu"], linewidth=2.2), "intervalle"))
        key(page, entries)
    said = " ; ".join(f"{name} : {text}" for name, text in zip(rows["libelle"], rows["texte"], strict=True))
    return Illustration(page.figure, title, chart_alternative("Intervalles", texts, said), rows)


def quantile_fans(
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    quantiles: Sequence[str] = QUANTILES,
    reference: str | None = None,
    reference_label: str = "montant publié",
    note: str | None = None,
    lecture: str | None = None,
    unit: str = "€",
    decimals: int = 0,
) -> Illustration:
    """Draw the spread of simulated amounts, a row a unit: light from 5 to 95 %, dark from 25 to 75 %, the median.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and five columns of quantiles, in increasing order.
    quantiles
        Their names: 5, 25, 50, 75 and 95 %.
    reference
        A column to mark on each row, the published amount for instance.
    reference_label
        What the key calls it.
    title, subtitle, source, champ, note, lecture, unit, decimals
        As `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`; also when there are not five quantiles, or they do not increase.
    """
    if len(quantiles) != len(QUANTILES):
        raise FigureError(f"a fan has {len(QUANTILES)} quantiles (5, 25, 50, 75, 95 %), not {len(quantiles)}")
    wanted = [*quantiles, reference] if reference else list(quantiles)
    rows = complete(named_numbers(frame, wanted), quantiles)
    falling = rows.index[(np.diff(rows[list(quantiles)].to_numpy(float), axis=1) < 0).any(axis=1)]
    if len(falling):
        raise FigureError("the quantiles of a unit do not increase", code=str(falling[0]))
    rows = rows.iloc[rows[quantiles[2]].argsort(kind="stable")[::-1]]
    texts = Texts(title, subtitle, source, champ, noted(note, frame, rows), lecture)
    with styled():
        page = open_page(texts, ROW * len(rows) + AXIS_ROOM + KEY_ROOM)
        axes = row_axes(page, list(rows["libelle_departement"]), height=page.height - KEY_ROOM)
        axes.set_ylim(len(rows) - 0.5, -0.7)
        for row, code in enumerate(rows.index):
            low, quarter, median, three, high = (float(rows.at[code, name]) for name in quantiles)
            axes.add_patch(
                Rectangle(
                    (low, row - 0.3),
                    high - low,
                    0.6,
                    facecolor=COLOURS["bleu_clair"],
                    linewidth=0,
                    zorder=2,
                    gid=f"eventail-{code}",
                )
            )
            axes.add_patch(
                Rectangle(
                    (quarter, row - 0.3),
                    three - quarter,
                    0.6,
                    facecolor=COLOURS["bleu"],
                    edgecolor=COLOURS["bleu"],
                    linewidth=0.6,
                    zorder=2.5,
                )
            )
            if high > low:
                axes.plot([median, median], [row - 0.3, row + 0.3], color="white", linewidth=1.2, zorder=3)
            if reference and not math.isnan(rows.at[code, reference]):
                # Above the fan, so that a narrow one is not hidden.
                axes.plot(
                    [rows.at[code, reference]],
                    [row - 0.4],
                    "v",
                    color=COLOURS["orange"],
                    markersize=3.6,
                    mew=0,
                    zorder=4,
                )
        everything = rows[wanted].to_numpy(float)
        axes.set_xlim(min(0.0, float(np.nanmin(everything)) * 1.05), float(np.nanmax(everything)) * 1.04)
        french_axis(axes.xaxis, unit, decimals)
        entries: list[tuple[Line2D | Patch, str]] = [
            (Patch(color=COLOURS["bleu_clair"]), "de 5 à 95 %"),
            (Patch(color=COLOURS["bleu"]), "de 25 à 75 %, la médiane en blanc"),
        ]
        if reference:
            entries.append((mark(COLOURS["orange"], "v", size=4.5), reference_label))
        key(page, entries)
    first = rows.iloc[0]
    span = typography.interval(float(first[quantiles[0]]), float(first[quantiles[4]]), decimals, unit)
    said = f"{first['libelle_departement']}, la médiane la plus haute : {span} dans 90 % des tirages"
    outside = ""
    if reference:
        known = rows.dropna(subset=[reference])
        count = int(((known[reference] < known[quantiles[0]]) | (known[reference] > known[quantiles[4]])).sum())
        outside = f"{reference_label} hors de l’intervalle de 5 à 95 % pour {count} départements sur {len(known)}"
    words = chart_alternative(f"Éventails de quantiles, {len(rows)} départements", texts, said, outside)
    return Illustration(page.figure, title, words, rows.rename_axis("code_departement").reset_index())


def _intervals(frame: pd.DataFrame, label: str, values: Sequence[str], group: str | None) -> pd.DataFrame:
    for name in (label, *values, *((group,) if group else ())):
        if name not in frame.columns:
            raise FigureError(f"the frame has no column {name!r}; it has {', '.join(map(str, frame.columns))}")
    rows = pd.DataFrame({"libelle": frame[label].astype(str).to_numpy()})
    for name, column in zip(("valeur", "borne_basse", "borne_haute"), values, strict=True):
        rows[name] = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float, na_value=math.nan)
    rows["groupe"] = frame[group].astype(str).to_numpy() if group else ""
    if rows.empty:
        raise FigureError("there is no interval to draw")
    for name, point, low, high in zip(
        rows["libelle"], rows["valeur"], rows["borne_basse"], rows["borne_haute"], strict=True
    ):
        if math.isinf(point) or math.isinf(low) or math.isinf(high):
            raise FigureError(f"{name!r} has an infinite value")
        if math.isnan(low) != math.isnan(high) or (math.isnan(point) and math.isnan(low)):
            raise FigureError(f"{name!r} has neither a value nor both bounds")
        if low > high:
            raise FigureError(f"the bounds of {name!r} are the wrong way round")
    return rows


def _interval_text(point: float, low: float, high: float, unit: str, decimals: int) -> str:
    if math.isnan(low):
        return typography.with_unit(point, unit, decimals)
    span = typography.interval(low, high, decimals, unit)
    return span if math.isnan(point) else f"{typography.with_unit(point, unit, decimals)} ({span})"
