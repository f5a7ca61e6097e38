"""Ranked bars: a value a unit, largest first, with the baseline marked; and the same by région."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cdppe_analysis import typography
from cdppe_analysis.figures.charts import (
    AXIS_ROOM,
    VALUE_SIZE,
    Entries,
    beside,
    by_code,
    columns_for,
    french_axis,
    key,
    key_room,
    label_room,
    named_numbers,
    row_axes,
    row_height,
    target_line,
    tick_mark,
    value_room,
    zero_line,
)
from cdppe_analysis.figures.classes import EUROS, Scale
from cdppe_analysis.figures.illustration import Illustration, illustrate
from cdppe_analysis.figures.page import Form, open_page
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.figures.words import Words, extremes
from cdppe_analysis.territories import departement

_GAP = 0.2
_ACROSS = 3
_REGION_BAND = 0.24


def ranked_bars(
    frame: pd.DataFrame,
    column: str,
    words: Words,
    scale: Scale = EUROS,
    *,
    baseline: str | float | None = None,
    baseline_label: str = "référence",
    highlight: Iterable[str] = (),
) -> Illustration:
    """Draw a bar a unit, the largest on top.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and the column.
    column
        The values; units without one are left out, and counted in the note.
    words, scale
        What is said around the figure, and how values are written.
    baseline
        What each bar is compared with: a column (a tick on each bar) or one number (a line through all: an average, a
        target).
    baseline_label
        What the key calls it.
    highlight
        Codes whose bars stand out.

    Raises
    ------
    FigureError, TerritoryError
        One sentence for a column or a code that cannot be drawn.
    """
    wanted = [column, baseline] if isinstance(baseline, str) else [column]
    rows = named_numbers(frame, wanted).dropna(subset=[column])
    rows = rows.iloc[rows[column].argsort(kind="stable")[::-1]]
    words = words.noted(frame, rows)
    strong = frozenset(highlight)
    low, high = min(0.0, float(rows[wanted].min().min())), max(0.0, float(rows[wanted].max().max()))
    entries: Entries = []
    if isinstance(baseline, str):
        entries = [(tick_mark(), baseline_label)]
    elif baseline is not None:
        low, high = min(low, float(baseline)), max(high, float(baseline))
        entries = [(_dashed(), f"{baseline_label} : {scale.written(float(baseline))}")]

    def draw(form: Form) -> Figure:
        across = 1 if form.narrow else columns_for(len(rows))
        longest = math.ceil(len(rows) / across)
        room = value_room(map(scale.written, rows[column]), form)
        names_room = label_room(rows["libelle_departement"], form)
        height = row_height(form) * longest
        page = open_page(words, height + AXIS_ROOM + key_room(entries, form, wide=across > 1), form, wide=across > 1)
        width = (page.width - _GAP * (across - 1)) / across
        for number in range(across):
            part = rows.iloc[number * longest : (number + 1) * longest]
            axes = row_axes(
                page,
                [*part["libelle_departement"], *[""] * (longest - len(part))],
                left=number * (width + _GAP),
                width=width,
                height=height,
                right_room=room,
                names_room=names_room,
            )
            _bars(axes, part[column], strong, scale, form, aside=room if entries else 0.0)
            if isinstance(baseline, str):
                for row, (code, value) in enumerate(part[baseline].items()):
                    ends = [row - 0.42, row + 0.42]
                    axes.plot(
                        [value, value], ends, color=COLOURS["encre"], linewidth=1.4, zorder=4, gid=f"repere-{code}"
                    )
            elif baseline is not None:
                target_line(axes, float(baseline))
            axes.set_xlim(low, high * 1.02 if high > low else low + 1)
            french_axis(axes.xaxis, scale)
            if low < 0:
                zero_line(axes)
        key(page, entries)
        return page.figure

    said = extremes(rows[column], scale.unit, scale.decimals)
    alternative = words.alternative(f"Barres classées, {len(rows)} départements", said)
    return illustrate(draw, words, alternative, by_code(rows))


def by_region(
    frame: pd.DataFrame,
    column: str,
    words: Words,
    scale: Scale = EUROS,
    *,
    average: float | None = None,
    average_label: str = "ensemble",
) -> Illustration:
    """Draw a small chart of bars a région, all on one scale.

    Parameters
    ----------
    frame, column, words, scale
        As `ranked_bars`.
    average
        A value to mark on each chart.
    average_label
        What the key calls it.

    Raises
    ------
    FigureError, TerritoryError
        As `ranked_bars`.
    """
    rows = named_numbers(frame, [column])
    own = [departement(str(code)) for code in rows.index]
    rows = rows.assign(code_region=[d.code_region for d in own], libelle_region=[d.libelle_region for d in own])
    words = words.noted(frame, rows)
    groups = sorted(
        (group.iloc[group[column].argsort(kind="stable")[::-1]] for _, group in rows.groupby("code_region", sort=True)),
        key=lambda group: (-len(group), str(group["libelle_region"].iloc[0])),
    )
    low, high = min(0.0, float(rows[column].min())), max(0.0, float(rows[column].max()), average or 0.0)
    entries: Entries = []
    if average is not None:
        entries = [(_dashed(), f"{average_label} : {scale.written(average)}")]

    def draw(form: Form) -> Figure:
        across = 1 if form.narrow else _ACROSS
        lines = [groups[start : start + across] for start in range(0, len(groups), across)]
        band = row_height(form, _REGION_BAND)
        heights = [row_height(form) * max(map(len, line)) + band for line in lines]
        room = value_room(map(scale.written, rows[column]), form)
        names_room = label_room(rows["libelle_departement"], form)
        top = sum(heights) + 0.12 * len(lines)
        page = open_page(words, top + key_room(entries, form, wide=True), form, wide=True)
        width = (page.width - _GAP * (across - 1)) / across
        for line, height in zip(lines, heights, strict=True):
            for number, part in enumerate(line):
                inner = row_height(form) * len(part)
                left = number * (width + _GAP)
                axes = row_axes(
                    page,
                    list(part["libelle_departement"]),
                    left=left,
                    width=width,
                    bottom=top - band - inner,
                    height=inner,
                    right_room=room,
                    names_room=names_room,
                )
                axes.set_xticks([])
                axes.spines["bottom"].set_visible(False)
                axes.set_xlim(low, high if high > low else low + 1)
                _bars(axes, part[column], frozenset(), scale, form, aside=room if entries else 0.0)
                zero_line(axes)
                if average is not None:
                    target_line(axes, average)
                head = page.drawing(left, top - band, width, band)
                name = typography.typeset(str(part["libelle_region"].iloc[0]))
                head.text(0, 0.07, name, fontsize=form.size(8.5), fontweight="bold")
            top -= height + 0.12
        key(page, entries)
        return page.figure

    said = extremes(rows[column], scale.unit, scale.decimals)
    return illustrate(draw, words, words.alternative(f"Barres par région, {len(groups)} régions", said), by_code(rows))


def _dashed() -> Line2D:
    return Line2D([], [], color=COLOURS["encre"], linewidth=1.1, linestyle="--")


def _bars(axes: Axes, values: pd.Series, strong: frozenset[str], scale: Scale, form: Form, *, aside: float) -> None:
    """Draw the bars of an axes, each with its value at its end, or aside where a mark would stand over it."""
    size = form.size(VALUE_SIZE)
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
        if aside:
            beside(axes, row, scale.written(float(value)), aside, size)
        else:
            axes.annotate(
                scale.written(float(value)),
                (max(float(value), 0.0), row),
                xytext=(3, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=size,
                color=COLOURS["encre"],
                annotation_clip=False,
            )
