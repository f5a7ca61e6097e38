"""Charts of change: dumbbells before and after, and a waterfall of contributions."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import (
    AXIS_ROOM,
    HALO,
    NAME_SIZE,
    VALUE_SIZE,
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
    value_room,
    zero_line,
)
from cdppe_analysis.figures.classes import EUROS, Scale
from cdppe_analysis.figures.illustration import Illustration, illustrate
from cdppe_analysis.figures.page import Form, open_page, wrapped
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.figures.words import Words

_GAINED, _LOST, _EQUAL = COLOURS["bleu"], COLOURS["orange"], COLOURS["encre_douce"]
_STEP = 0.27
_LINE = 0.15
"""The height of a line of a name, in inches."""
_NAMES = 1.3
"""The width that names take on a telephone, in inches, before they are cut in lines."""


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
    rows = complete(named_numbers(frame, [before, after]), [before, after])
    rows = rows.assign(ecart=rows[after] - rows[before])
    rows = rows.iloc[rows["ecart"].argsort(kind="stable")[::-1]]
    words = words.noted(frame, rows)
    up, down = int((rows["ecart"] > 0).sum()), int((rows["ecart"] < 0).sum())
    written = [scale.written(float(value), signed=True) for value in rows["ecart"]]
    entries = [
        (mark(COLOURS["encre_douce"], hollow=True), names[0]),
        (mark(_GAINED, line="-"), f"{names[1]}, en hausse"),
        (mark(_LOST, line=":"), f"{names[1]}, en baisse"),
    ]
    if up + down < len(rows):
        entries.append((mark(_EQUAL), "inchangé"))

    def draw(form: Form) -> Figure:
        room = value_room(written, form, 0.3)
        height = row_height(form) * len(rows)
        page = open_page(words, height + AXIS_ROOM + key_room(entries, form), form)
        axes = row_axes(page, list(rows["libelle_departement"]), height=height, right_room=room)
        ends = zip(rows.index, rows[before], rows[after], written, strict=True)
        for row, (code, first, last, text) in enumerate(ends):
            colour = _GAINED if last > first else _LOST if last < first else _EQUAL
            axes.plot(
                [first, last],
                [row, row],
                color=colour,
                linewidth=2.0,
                zorder=2,
                gid=f"ecart-{code}",
                linestyle="-" if last >= first else (0, (1.5, 0.8)),
                solid_capstyle="butt",
                dash_capstyle="butt",
            )
            hollow: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": COLOURS["encre_douce"]}
            axes.plot([first], [row], "o", markersize=4.6, zorder=3, gid=f"avant-{code}", **hollow)
            axes.plot([last], [row], "o", markersize=4.6, color=colour, zorder=4, gid=f"apres-{code}")
            beside(axes, row, text, room, form.size(VALUE_SIZE))
        axes.margins(x=0.03)
        french_axis(axes.xaxis, scale)
        key(page, entries)
        return page.figure

    alternative = words.alternative(
        "Haltères avant et après",
        f"{up} départements en hausse, {down} en baisse, {len(rows) - up - down} inchangés",
        f"Plus forte hausse ou moindre baisse : {rows['libelle_departement'].iloc[0]} ({written[0]})",
        f"Plus forte baisse ou moindre hausse : {rows['libelle_departement'].iloc[-1]} ({written[-1]})",
    )
    return illustrate(draw, words, alternative, by_code(rows))


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
    steps = _contributions(frame, label, column)
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
        (Patch(color=_EQUAL), "total"),
        (Patch(color=_GAINED), "contribution positive"),
        (Patch(facecolor=_LOST, edgecolor="white", hatch="....", linewidth=0), "contribution négative"),
    ]
    if not (steps[column] < 0).any():
        entries.pop()

    def draw(form: Form) -> Figure:
        # On a telephone the names would take the room of the bars.
        told = [wrapped(str(name), _NAMES if form.narrow else form.width, form.size(NAME_SIZE)) for name in names]
        height = row_height(form, max(_STEP, _LINE * max(map(len, told)))) * len(names)
        page = open_page(words, height + AXIS_ROOM + key_room(entries, form), form)
        room = label_room([line for lines in told for line in lines], form)
        right = value_room(written, form, 0.25)
        axes = row_axes(page, ["\n".join(lines) for lines in told], height=height, right_room=right, names_room=room)
        for row, (base, size, text) in enumerate(zip(bases, sizes, written, strict=True)):
            total = row < opening or row == len(sizes) - 1
            axes.barh(
                row,
                size,
                left=base,
                height=0.62,
                color=_EQUAL if total else _GAINED if size >= 0 else _LOST,
                edgecolor="white",
                linewidth=0,
                hatch="...." if size < 0 and not total else None,
                gid=f"marche-{row}",
            )
            if row < len(sizes) - 1:
                ends = [row - 0.31, row + 1.31]
                axes.plot([base + size] * 2, ends, color=COLOURS["trait"], linewidth=0.6, zorder=3, gid=f"lien-{row}")
            axes.annotate(
                text,
                (max(base, base + size), row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=form.size(VALUE_SIZE),
                annotation_clip=False,
                path_effects=HALO,
                zorder=5,
            )
        axes.margins(x=0.02)
        zero_line(axes)
        french_axis(axes.xaxis, scale)
        key(page, entries)
        return page.figure

    said = " ; ".join(f"{name} : {text}" for name, text in zip(names, written, strict=True))
    return illustrate(draw, words, words.alternative("Cascade de contributions", said), steps)


def _contributions(frame: pd.DataFrame, label: str, column: str) -> pd.DataFrame:
    check_columns(frame, (label, column))
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(float)
    found = pd.DataFrame({label: frame[label].astype(str).to_numpy(), column: values})
    if found.empty:
        raise FigureError("there is no contribution to draw")
    wrong = found.index[~found[column].abs().lt(float("inf"))]
    if len(wrong):
        raise FigureError(f"the value of {found[label][wrong[0]]!r} in {column!r} is missing, infinite or no number")
    return found
