"""Charts of bars: ranked, largest first, with the baseline marked; by région; a waterfall of contributions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cdppe_analysis import typography
from cdppe_analysis.figures.charts import (
    AXIS_ROOM,
    HALO,
    TICK_MARK,
    Entries,
    Rows,
    french_axis,
    open_chart,
)
from cdppe_analysis.figures.classes import EUROS, Scale
from cdppe_analysis.figures.columns import labelled_numbers, named_numbers
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.page import NAME_SIZE, VALUE_SIZE, Form, Words, wrapped
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

_GAP = 0.2
_LONGEST = 40
"""How many bars a column holds."""
_ACROSS = 3
_REGION_BAND, _REGION_GAP = 0.24, 0.12
_POSITIVE, _NEGATIVE, _TOTAL = COLOURS["bleu"], COLOURS["orange"], COLOURS["encre_douce"]
_STEP = 0.27
_LINE = 0.15
"""The height of a line of a name, in inches."""
_NAMES = 1.3
"""The width that names take on a telephone, in inches, before they are cut in lines."""


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
    marked = [baseline] if isinstance(baseline, str) else []
    rows = _ranked(named_numbers(frame, [column, *marked], [column]), column)
    words = words.noted(frame, rows)
    strong = frozenset(highlight)
    line = None if marked or baseline is None else float(baseline)
    entries: Entries = [(TICK_MARK, baseline_label)] if marked else _line_entries(line, baseline_label, scale)
    limits = _limits([*rows[[column, *marked]].min(), *rows[[column, *marked]].max(), line or 0.0], 1.02)

    def draw(form: Form) -> Figure:
        across = 1 if form.narrow else math.ceil(len(rows) / _LONGEST)
        longest = math.ceil(len(rows) / across)
        room = form.value_room(map(scale.written, rows[column]))
        names_room = form.name_room(rows["libelle_departement"])
        height = form.row() * longest
        page = open_chart(words, form, height + AXIS_ROOM, entries, wide=across > 1)
        width = (page.width - _GAP * (across - 1)) / across
        for number in range(across):
            part = rows.iloc[number * longest : (number + 1) * longest]
            names = [*part["libelle_departement"], *[""] * (longest - len(part))]
            left = number * (width + _GAP)
            own = Rows.open(page, names, room, height, left=left, width=width, names_room=names_room)
            _bars(own, part[column], strong, scale, aside=bool(entries))
            for row, (code, value) in enumerate(part[baseline].items() if marked else ()):
                own.tick(row, float(value), COLOURS["encre"], 1.4, f"repere-{code}")
            _target_line(own.axes, line)
            own.axes.set_xlim(limits)
            french_axis(own.axes.xaxis, scale)
            if limits[0] < 0:
                _zero_line(own.axes)
        return page.figure

    said = scale.extremes(rows[column])
    alternative = words.alternative(f"Barres classées, {len(rows)} départements", said)
    return Illustration.of(draw, words, alternative, rows.reset_index())


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
    rows = named_numbers(frame, [column], [column])
    own = [departement(str(code)) for code in rows.index]
    rows = rows.assign(code_region=[d.code_region for d in own], libelle_region=[d.libelle_region for d in own])
    words = words.noted(frame, rows)
    groups = sorted(
        (_ranked(group, column) for _, group in rows.groupby("code_region", sort=True)),
        key=lambda group: (-len(group), str(group["libelle_region"].iloc[0])),
    )
    limits = _limits([rows[column].min(), rows[column].max(), max(0.0, average or 0.0)])
    entries = _line_entries(average, average_label, scale)

    def draw(form: Form) -> Figure:
        across = 1 if form.narrow else _ACROSS
        lines = [groups[start : start + across] for start in range(0, len(groups), across)]
        band = form.row(_REGION_BAND)
        heights = [form.row() * max(map(len, line)) + band for line in lines]
        room = form.value_room(map(scale.written, rows[column]))
        names_room = form.name_room(rows["libelle_departement"])
        top = sum(heights) + _REGION_GAP * len(lines)
        page = open_chart(words, form, top, entries, wide=True)
        width = (page.width - _GAP * (across - 1)) / across
        for line, height in zip(lines, heights, strict=True):
            for number, part in enumerate(line):
                inner, left = form.row() * len(part), number * (width + _GAP)
                place = {"left": left, "width": width, "bottom": top - band - inner, "names_room": names_room}
                own = Rows.open(page, part["libelle_departement"], room, inner, **place)
                own.axes.set_xticks([])
                own.axes.spines["bottom"].set_visible(False)
                own.axes.set_xlim(limits)
                _bars(own, part[column], frozenset(), scale, aside=bool(entries))
                _zero_line(own.axes)
                _target_line(own.axes, average)
                head = page.drawing(left, top - band, width, band)
                name = typography.typeset(str(part["libelle_region"].iloc[0]))
                head.text(0, 0.07, name, fontsize=form.size(8.5), fontweight="bold")
            top -= height + _REGION_GAP
        return page.figure

    said = scale.extremes(rows[column])
    alternative = words.alternative(f"Barres par région, {len(groups)} régions", said)
    return Illustration.of(draw, words, alternative, rows.reset_index())


def waterfall(
    frame: pd.DataFrame,
    label: str,
    column: str,
    words: Words,
    scale: Scale = EUROS,
    *,
    start: float = 0.0,
    start_label: str = "départ",
    end_label: str = "arrivée",
) -> Illustration:
    """Draw how contributions lead from a start to an end, in the order of the rows.

    Parameters
    ----------
    frame
        A row a contribution.
    label, column
        What contributes, and by how much.
    words, scale
        What is said around the figure, and how values are written.
    start
        Where the first contribution begins.
    start_label, end_label
        What stands beside the two totals; the end is the start and all contributions. A start of 0 is not drawn.

    Raises
    ------
    FigureError
        When a column is absent, there is no row, or a contribution is missing or infinite.

    Examples
    --------
    >>> parts = pd.DataFrame({"critere": ["ASE", "IGB"], "montant_eur": [60000.0, 52192.0]})
    >>> words = Words("D'où vient le montant", "En euros", source="exemple", champ="un département")
    >>> waterfall(parts, "critere", "montant_eur", words).table["cumul"].tolist()
    [60000.0, 112192.0]
    """
    given = labelled_numbers(frame, label, {"valeur": column}, finite="valeur")
    steps = given[["libelle", "valeur"]].set_axis([label, column], axis=1)
    steps["cumul"] = start + steps[column].cumsum()
    end = float(steps["cumul"].iloc[-1])
    # A start of nothing has no bar.
    opening = 1 if start else 0
    names = [*[start_label][:opening], *steps[label], end_label]
    bases = [*[0.0][:opening], start, *steps["cumul"].iloc[:-1], 0.0]
    sizes = [*[start][:opening], *steps[column], end]
    written = [
        scale.written(float(size), signed=opening <= number < len(sizes) - 1) for number, size in enumerate(sizes)
    ]
    entries = [
        (Patch(color=_TOTAL), "total"),
        (Patch(color=_POSITIVE), "contribution positive"),
        (Patch(facecolor=_NEGATIVE, edgecolor="white", hatch="....", linewidth=0), "contribution négative"),
    ]
    if not (steps[column] < 0).any():
        entries.pop()

    def draw(form: Form) -> Figure:
        # On a telephone the names would take the room of the bars.
        told = [wrapped(str(name), _NAMES if form.narrow else form.width, form.size(NAME_SIZE)) for name in names]
        height = max(_STEP, _LINE * max(map(len, told)))
        room = form.value_room(written, 0.25)
        chart = Rows.alone(words, form, ["\n".join(lines) for lines in told], room, height, entries)
        axes = chart.axes
        for row, (base, size, text) in enumerate(zip(bases, sizes, written, strict=True)):
            total = row < opening or row == len(sizes) - 1
            face = _TOTAL if total else _POSITIVE if size >= 0 else _NEGATIVE
            _bar(axes, row, size, face, f"marche-{row}", hatched=size < 0 and not total, base=base, height=0.62)
            if row < len(sizes) - 1:
                ends = [row - 0.31, row + 1.31]
                axes.plot([base + size] * 2, ends, color=COLOURS["trait"], linewidth=0.6, zorder=3, gid=f"lien-{row}")
            _at_end(axes, row, max(base, base + size), text, form, xytext=(4, 0), path_effects=HALO, zorder=5)
        axes.margins(x=0.02)
        _zero_line(axes)
        return chart.finished(scale)

    said = " ; ".join(f"{name} : {text}" for name, text in zip(names, written, strict=True))
    return Illustration.of(draw, words, words.alternative("Cascade de contributions", said), steps)


def _ranked(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows.iloc[rows[column].argsort(kind="stable")[::-1]]


def _limits(values: Iterable[float], margin: float = 1.0) -> tuple[float, float]:
    """Return the ends of an axis that holds 0 and the values."""
    ends = [0.0, *map(float, values)]
    low, high = min(ends), max(ends)
    return low, high * margin if high > low else low + 1


def _line_entries(at: float | None, label: str, scale: Scale) -> Entries:
    if at is None:
        return []
    dashed = Line2D([], [], color=COLOURS["encre"], linewidth=1.1, linestyle="--")
    return [(dashed, f"{label} : {scale.written(float(at))}")]


def _target_line(axes: Axes, at: float | None) -> None:
    if at is not None:
        axes.axvline(at, color=COLOURS["encre"], linewidth=1.1, linestyle=(0, (4, 2)), zorder=4, gid="cible")


def _bars(rows: Rows, values: pd.Series, strong: frozenset[str], scale: Scale, *, aside: bool) -> None:
    """Draw the bars of an axes, each with its value at its end, or aside where a mark would stand over it."""
    for row, (code, value) in enumerate(values.items()):
        face = COLOURS["orange"] if code in strong else COLOURS["bleu"]
        _bar(rows.axes, row, float(value), face, f"barre-{code}", hatched=float(value) < 0)
        if aside:
            rows.write(row, scale.written(float(value)))
        else:
            _at_end(rows.axes, row, max(float(value), 0.0), scale.written(float(value)), rows.page.form)


def _bar(
    axes: Axes, row: int, size: float, face: str, gid: str, *, hatched: bool, base: float = 0.0, height: float = 0.68
) -> None:
    style: dict[str, Any] = {"color": face, "edgecolor": "white", "hatch": "...." if hatched else None, "linewidth": 0}
    axes.barh(row, size, left=base, height=height, gid=gid, **style)


def _at_end(axes: Axes, row: int, end: float, text: str, form: Form, **options: Any) -> None:
    """Write a value right of the end of its bar."""
    place: dict[str, Any] = {"xytext": (3, 0), "textcoords": "offset points", "va": "center_baseline", **options}
    axes.annotate(text, (end, row), fontsize=form.size(VALUE_SIZE), annotation_clip=False, **place)


def _zero_line(axes: Axes) -> None:
    """Draw the line of no change."""
    axes.axvline(0.0, color=COLOURS["encre_douce"], linewidth=0.8, zorder=1.5)
