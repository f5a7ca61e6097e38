"""What every chart shares: rows of names, axes in French numbers, room for labels, a key above.

A chart of rows leaves to its names the room that the longest needs, and to each row the same height, so that a page of
thirty départements and one of a hundred read alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.classes import Scale
from cdppe_analysis.figures.columns import numbers
from cdppe_analysis.figures.page import MARGIN, Form, Page, text_width
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

Dashes = Literal["-", "--", "-.", ":", "none"]
Entries: TypeAlias = Sequence[tuple[Line2D | Patch, str]]
AXIS_ROOM = 0.3
HALO = (withStroke(linewidth=2.4, foreground=COLOURS["papier"]),)
"""What keeps a word legible over a shape."""
NAME_SIZE = 7.6
VALUE_SIZE = 7.2
_ROW = 0.175
_KEY_SIZE, _KEY_LINE, _KEY_MARK = 8.0, 0.19, 0.42
_TICK_SIZE = 8.0


def row_height(form: Form, height: float = _ROW) -> float:
    """Return the height of a row that has `height` inches on a wide page."""
    return height * form.size(NAME_SIZE) / NAME_SIZE


def named_numbers(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns as floats by code, with the names of the units, rows without any value left out.

    Raises
    ------
    FigureError, TerritoryError
        As `columns.numbers`.
    """
    found = pd.DataFrame({column: numbers(frame, column) for column in columns})
    found = found.dropna(how="all")
    found.insert(0, "libelle_departement", [departement(str(code)).libelle for code in found.index])
    return found


def complete(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows that have every value.

    Raises
    ------
    FigureError
        When no row has.
    """
    kept = rows.dropna(subset=list(columns))
    if kept.empty:
        raise FigureError(f"no unit has a value in each of {', '.join(map(repr, columns))}")
    return kept


def by_code(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows as the table behind a figure: their code first."""
    return rows.rename_axis("code_departement").reset_index()


def check_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    """Check that a frame has columns.

    Raises
    ------
    FigureError
        When it lacks one.
    """
    for name in names:
        if name not in frame.columns:
            raise FigureError(f"the frame has no column {name!r}; it has {', '.join(map(str, frame.columns))}")


def french_axis(axis: Axis, scale: Scale) -> None:
    """Write an axis in French numbers, as few as have room, its unit on each, with the decimals that its steps need."""

    def written(value: float, _position: int | None = None) -> str:
        needed = max(
            (_digits(float(tick), scale.decimals) for tick in axis.get_majorticklocs()), default=scale.decimals
        )
        return typography.with_unit(round(value, 9), scale.unit, needed)

    low, high = axis.get_view_interval()
    # A step of 2,5 has one digit more than the ends of the axis.
    longest = max((typography.with_unit(end, scale.unit, scale.decimals) for end in (low, high)), key=len)
    axes = axis.axes
    box = axes.get_window_extent()
    inches = (box.width if axis is axes.xaxis else box.height) / axes.figure.dpi
    need = text_width(longest, _TICK_SIZE) * 1.15 + 0.15 if axis is axes.xaxis else 0.5
    ticks = min(6, max(1, int(inches / need)))
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10], integer=scale.decimals == 0, min_n_ticks=1))
    axis.set_major_formatter(FuncFormatter(written))


def _digits(value: float, most: int) -> int:
    """Return how many digits after the comma a tick needs, up to `most`."""
    return next((digits for digits in range(most) if math.isclose(round(value, digits), value, abs_tol=1e-9)), most)


def row_axes(
    page: Page,
    names: Sequence[str],
    *,
    left: float = 0.0,
    width: float | None = None,
    bottom: float = AXIS_ROOM,
    height: float,
    right_room: float = 0.35,
    names_room: float | None = None,
) -> Axes:
    """Open axes with one row a name, the first on top; the names stand left of it.

    Parameters
    ----------
    page
        The page.
    names
        One a row.
    left, width, bottom, height
        The room in the picture, in inches: `left` and `width` with the names, the whole width when left out; `bottom`
        and `height` of the rows alone.
    right_room
        Room kept on the right, for values and the last tick.
    names_room
        Room of the names, where several axes share it.
    """
    names = [typography.typeset(name) for name in names]
    size = page.form.size(NAME_SIZE)
    room = label_room(names, page.form) if names_room is None else names_room
    inner_width = (page.width if width is None else width) - room - right_room
    axes = page.axes(left + room, bottom, inner_width, height)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names, fontsize=size)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    return axes


def label_room(names: Iterable[str], form: Form) -> float:
    """Return the width that names need beside an axis, in inches."""
    return max((text_width(name, form.size(NAME_SIZE)) for name in names), default=0.0) * 1.05 + 0.1


def value_room(values: Iterable[str], form: Form, margin: float = 0.2) -> float:
    """Return the width that written values need right of an axis, in inches."""
    return max((text_width(value, form.size(VALUE_SIZE)) for value in values), default=0.0) * 1.03 + margin


def key_room(entries: Entries, form: Form, *, wide: bool = False) -> float:
    """Return the height that a key needs, in inches: its entries stand in one line, or one a line."""
    if not entries:
        return 0.0
    width = (form.wide if wide else form.width) - 2 * MARGIN
    return 0.07 + _KEY_LINE * form.size(_KEY_SIZE) / _KEY_SIZE * (1 if _in_line(entries, form, width) else len(entries))


def _in_line(entries: Entries, form: Form, width: float) -> bool:
    size = form.size(_KEY_SIZE)
    return sum(text_width(typography.typeset(label), size) * 1.03 + _KEY_MARK for _, label in entries) <= width


def key(page: Page, entries: Entries) -> None:
    """Draw a key above the picture, in the room that `key_room` keeps."""
    if not entries:
        return
    in_line = _in_line(entries, page.form, page.width)
    size = page.form.size(_KEY_SIZE)
    room = 0.07 + _KEY_LINE * size / _KEY_SIZE * (1 if in_line else len(entries))
    axes = page.drawing(0, page.height - room, page.width, room)
    axes.set_gid("legende")
    axes.legend(
        handles=[handle for handle, _ in entries],
        labels=[typography.typeset(label) for _, label in entries],
        loc="upper left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(entries) if in_line else 1,
        fontsize=size,
        borderpad=0,
        borderaxespad=0,
        handlelength=1.4,
        handletextpad=0.5,
        columnspacing=1.6,
        labelspacing=0.35,
    )


def columns_for(count: int, longest: int = 40) -> int:
    """Return over how many columns to spread rows, so that none is longer than `longest`.

    Examples
    --------
    >>> columns_for(30), columns_for(101)
    (1, 3)
    """
    return max(1, math.ceil(count / longest))


def mark(face: str, marker: str = "o", *, hollow: bool = False, line: Dashes = "none", size: float = 5.0) -> Line2D:
    """Return a mark for a key, as it is drawn on the chart."""
    return Line2D(
        [],
        [],
        marker=marker,
        linestyle=line,
        color=face,
        markerfacecolor="white" if hollow else face,
        markeredgecolor=face,
        markersize=size,
    )


def tick_mark() -> Line2D:
    """Return the mark of a value to compare with, as `mark`: an upright stroke."""
    return Line2D([], [], color=COLOURS["encre"], linewidth=0, marker="|", markersize=9, markeredgewidth=1.6)


def beside(axes: Axes, row: float, text: str, room: float, size: float) -> None:
    """Write the value of a row in the `room` (inches) right of the axes, where nothing is drawn, figures aligned."""
    axes.annotate(
        text,
        (1.0, row),
        xycoords=("axes fraction", "data"),
        xytext=(room * 72 - 2, 0),
        textcoords="offset points",
        va="center_baseline",
        ha="right",
        fontsize=size,
        color=COLOURS["encre"],
        annotation_clip=False,
    )


def zero_line(axes: Axes, at: float = 0.0) -> None:
    """Draw the line of a value that others are compared with."""
    axes.axvline(at, color=COLOURS["encre_douce"], linewidth=0.8, zorder=1.5)


def target_line(axes: Axes, at: float) -> Line2D:
    """Draw the line of a target, and return it for the key."""
    return axes.axvline(at, color=COLOURS["encre"], linewidth=1.1, linestyle=(0, (4, 2)), zorder=4, gid="cible")
