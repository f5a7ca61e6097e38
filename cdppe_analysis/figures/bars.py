"""Ranked bars: a value a unit, largest first, with the baseline marked; and the same by région."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cdppe_analysis import typography
from cdppe_analysis.figures.alternatives import chart_alternative, extremes
from cdppe_analysis.figures.charts import (
    AXIS_ROOM,
    KEY_ROOM,
    NAME_SIZE,
    ROW,
    VALUE_SIZE,
    WIDE,
    Dashes,
    beside,
    columns_for,
    french_axis,
    key,
    label_room,
    named_numbers,
    noted,
    row_axes,
    zero_line,
)
from cdppe_analysis.figures.illustration import Illustration, styled
from cdppe_analysis.figures.page import WIDTH, Texts, open_page, text_width
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

_GAP = 0.2
_ACROSS = 3
_REGION_BAND = 0.24


def ranked_bars(
    frame: pd.DataFrame,
    column: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    note: str | None = None,
    lecture: str | None = None,
    baseline: str | float | None = None,
    baseline_label: str = "référence",
    highlight: Iterable[str] = (),
    unit: str = "€",
    decimals: int = 0,
) -> Illustration:
    """Draw a bar a unit, the largest on top.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and the column.
    column
        The values; units without one are left out, and counted in the note.
    baseline
        What each bar is compared with: a column (a tick on each bar) or one number (a line through all).
    baseline_label
        What the key calls it.
    highlight
        Codes whose bars stand out.
    title, subtitle, source, champ, note, lecture, unit, decimals
        As `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`.
    """
    wanted = [column, baseline] if isinstance(baseline, str) else [column]
    rows = named_numbers(frame, wanted).dropna(subset=[column])
    rows = rows.iloc[rows[column].argsort(kind="stable")[::-1]]
    strong = frozenset(highlight)
    across = columns_for(len(rows))
    longest = math.ceil(len(rows) / across)
    marked = baseline is not None
    texts = Texts(title, subtitle, source, champ, noted(note, frame, rows), lecture)
    low, high = min(0.0, float(rows[wanted].min().min())), max(0.0, float(rows[wanted].max().max()))
    if isinstance(baseline, (int, float)):
        low, high = min(low, float(baseline)), max(high, float(baseline))
    signed = low < 0
    room = max(text_width(typography.with_unit(value, unit, decimals), VALUE_SIZE) for value in rows[column]) + 0.2
    with styled():
        height = ROW * longest + AXIS_ROOM
        page = open_page(texts, height + (KEY_ROOM if marked else 0.0), width=WIDTH if across == 1 else WIDE)
        names_room = label_room(rows["libelle_departement"])
        width = (page.width - _GAP * (across - 1)) / across
        for number in range(across):
            part = rows.iloc[number * longest : (number + 1) * longest]
            names = [*part["libelle_departement"], *[""] * (longest - len(part))]
            axes = row_axes(
                page,
                names,
                left=number * (width + _GAP),
                width=width,
                height=height,
                right_room=room,
                names_room=names_room,
            )
            _bars(axes, part[column], strong, unit, decimals, aside=room if marked else 0.0)
            if isinstance(baseline, str):
                for row, value in enumerate(part[baseline]):
                    axes.plot([value, value], [row - 0.42, row + 0.42], color=COLOURS["encre"], linewidth=1.4, zorder=4)
            elif baseline is not None:
                axes.axvline(baseline, color=COLOURS["encre"], linewidth=1.1, linestyle=(0, (4, 2)), zorder=4)
            axes.set_xlim(low, high * 1.02 if high > low else low + 1)
            french_axis(axes.xaxis, unit, decimals, ticks=6 if across == 1 else 2)
            if signed:
                zero_line(axes)
        if marked:
            dashes: Dashes = "-" if isinstance(baseline, str) else "--"
            label = baseline_label
            if isinstance(baseline, (int, float)):
                label = f"{baseline_label} : {typography.with_unit(float(baseline), unit, decimals)}"
            key(page, [(Line2D([], [], color=COLOURS["encre"], linewidth=1.4, linestyle=dashes), label)])
    said = extremes(rows[column], unit, decimals)
    words = chart_alternative(f"Barres classées, {len(rows)} départements", texts, said)
    return Illustration(page.figure, title, words, rows.rename_axis("code_departement").reset_index())


def by_region(
    frame: pd.DataFrame,
    column: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    note: str | None = None,
    lecture: str | None = None,
    average: float | None = None,
    average_label: str = "ensemble",
    unit: str = "€",
    decimals: int = 0,
) -> Illustration:
    """Draw a small chart of bars a région, all on one scale.

    Parameters
    ----------
    frame, column, title, subtitle, source, champ, note, lecture, unit, decimals
        As `ranked_bars`.
    average
        A value to mark on each chart.
    average_label
        What the key calls it.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`.
    """
    rows = named_numbers(frame, [column])
    own = [departement(str(code)) for code in rows.index]
    rows = rows.assign(code_region=[d.code_region for d in own], libelle_region=[d.libelle_region for d in own])
    groups = sorted(
        rows.groupby("code_region", sort=True),
        key=lambda group: (-len(group[1]), str(group[1]["libelle_region"].iloc[0])),
    )
    grid = [groups[start : start + _ACROSS] for start in range(0, len(groups), _ACROSS)]
    heights = [ROW * max(len(group) for _, group in line) + _REGION_BAND for line in grid]
    marked = average is not None
    texts = Texts(title, subtitle, source, champ, noted(note, frame, rows), lecture)
    low, high = min(0.0, float(rows[column].min())), max(0.0, float(rows[column].max()), average or 0.0)
    room = max(text_width(typography.with_unit(value, unit, decimals), VALUE_SIZE) for value in rows[column]) + 0.2
    names_room = label_room(rows["libelle_departement"])
    with styled():
        page = open_page(texts, sum(heights) + 0.12 * len(grid) + (KEY_ROOM if marked else 0.0), width=WIDE)
        width = (page.width - _GAP * (_ACROSS - 1)) / _ACROSS
        top = page.height - (KEY_ROOM if marked else 0.0)
        for line, height in zip(grid, heights, strict=True):
            for number, (_, group) in enumerate(line):
                part = group.iloc[group[column].argsort(kind="stable")[::-1]]
                inner = ROW * len(part)
                left = number * (width + _GAP)
                axes = page.axes(left + names_room, top - _REGION_BAND - inner, width - names_room - room, inner)
                axes.set_ylim(len(part) - 0.5, -0.5)
                axes.set_yticks(
                    range(len(part)), part["libelle_departement"].map(typography.typeset), fontsize=NAME_SIZE
                )
                axes.tick_params(axis="y", length=0)
                axes.set_xticks([])
                axes.spines[["left", "bottom"]].set_visible(False)
                axes.set_xlim(low, high if high > low else low + 1)
                _bars(axes, part[column], frozenset(), unit, decimals, aside=room if marked else 0.0)
                zero_line(axes)
                if average is not None:
                    axes.axvline(average, color=COLOURS["encre"], linewidth=1.0, linestyle=(0, (4, 2)), zorder=4)
                head = page.drawing(left, top - _REGION_BAND, width, _REGION_BAND)
                head.text(
                    0, 0.07, typography.typeset(str(part["libelle_region"].iloc[0])), fontsize=8.5, fontweight="bold"
                )
            top -= height + 0.12
        if average is not None:
            label = f"{average_label} : {typography.with_unit(average, unit, decimals)}"
            key(page, [(Line2D([], [], color=COLOURS["encre"], linewidth=1.0, linestyle="--"), label)])
    words = chart_alternative(
        f"Barres par région, {len(groups)} régions", texts, extremes(rows[column], unit, decimals)
    )
    return Illustration(page.figure, title, words, rows.rename_axis("code_departement").reset_index())


def _bars(axes: Axes, values: pd.Series, strong: frozenset[str], unit: str, decimals: int, *, aside: float) -> None:
    """Draw the bars of an axes, each with its value at its end, or aside where a mark would stand over it."""
    for row, (code, value) in enumerate(values.items()):
        axes.barh(
            row,
            value,
            height=0.68,
            color=COLOURS["orange"] if code in strong else COLOURS["bleu"],
            hatch="...." if value < 0 else None,
            edgecolor="white",
            linewidth=0,
            gid=f"barre-{code}",
        )
        text = typography.with_unit(float(value), unit, decimals)
        if aside:
            beside(axes, row, text, aside)
        else:
            axes.annotate(
                text,
                (max(float(value), 0.0), row),
                xytext=(3, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=VALUE_SIZE,
                color=COLOURS["encre"],
                annotation_clip=False,
            )
