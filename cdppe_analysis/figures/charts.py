"""What every chart shares: rows of names, axes in French numbers, room for labels, a key above.

A chart of rows leaves to its names the room that the longest needs, and to each row the same height, so that a page of
thirty départements and one of a hundred read alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.columns import numbers
from cdppe_analysis.figures.page import Page, stopped, text_width
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

Dashes = Literal["-", "--", "-.", ":", "none"]
ROW = 0.175
NAME_SIZE = 7.6
VALUE_SIZE = 7.2
AXIS_ROOM = 0.3
KEY_ROOM = 0.26
WIDE = 10.0
_NAMED = 4


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


def noted(note: str | None, frame: pd.DataFrame, rows: pd.DataFrame) -> str | None:
    """Return the note of a chart, with the units of the frame that it lacks a value to draw.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_departement": ["59", "976"]})
    >>> noted("essai", frame, pd.DataFrame(index=["59"]))
    'essai. Sans donnée, non montré : Mayotte.'
    """
    absent = [str(code) for code in frame["code_departement"] if code not in rows.index]
    if not absent:
        return note
    named = ", ".join(departement(code).libelle for code in absent)
    many = f"{typography.number(len(absent))} départements"
    said = f"Sans donnée, non montré{'s' if len(absent) > 1 else ''} : {named if len(absent) <= _NAMED else many}."
    return f"{stopped(note)} {said}" if note else said


def french_axis(axis: Axis, unit: str, decimals: int, *, signed: bool = False, ticks: int = 6) -> None:
    """Write an axis in French numbers, few of them, its unit on each, with the decimals that its steps need."""

    def written(value: float, _position: int | None = None) -> str:
        needed = max((_digits(float(tick), decimals) for tick in axis.get_majorticklocs()), default=decimals)
        return typography.with_unit(round(value, 9), unit, needed, signed=signed)

    axis.set_major_locator(MaxNLocator(nbins=ticks, steps=[1, 2, 2.5, 5, 10], integer=decimals == 0))
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
    height: float | None = None,
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
    left, width, height
        The room in the picture, in inches; all of it when left out.
    right_room
        Room kept on the right, for values and the last tick.
    names_room
        Room of the names, where several axes share it.
    """
    names = [typography.typeset(name) for name in names]
    room = label_room(names) if names_room is None else names_room
    inner_width = (page.width if width is None else width) - room - right_room
    inner_height = (page.height if height is None else height) - AXIS_ROOM
    axes = page.axes(left + room, AXIS_ROOM, inner_width, inner_height)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names, fontsize=NAME_SIZE)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    return axes


def label_room(names: Iterable[str], size: float = NAME_SIZE) -> float:
    """Return the width that names need beside an axis, in inches."""
    return max((text_width(name, size) for name in names), default=0.0) * 1.05 + 0.1


def key(page: Page, entries: Sequence[tuple[Line2D | Patch, str]], *, left: float = 0.0) -> None:
    """Draw a key in a line above the picture."""
    axes = page.drawing(left, page.height - KEY_ROOM, page.width - left, KEY_ROOM)
    axes.set_gid("legende")
    axes.legend(
        handles=[handle for handle, _ in entries],
        labels=[typography.typeset(label) for _, label in entries],
        loc="center left",
        bbox_to_anchor=(0.0, 0.5),
        ncols=len(entries),
        fontsize=8,
        borderpad=0,
        borderaxespad=0,
        handlelength=1.4,
        handletextpad=0.5,
        columnspacing=1.6,
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


def beside(axes: Axes, row: int, text: str, room: float) -> None:
    """Write the value of a row in the `room` (inches) right of the axes, where nothing is drawn, figures aligned."""
    axes.annotate(
        text,
        (1.0, row),
        xycoords=("axes fraction", "data"),
        xytext=(room * 72 - 2, 0),
        textcoords="offset points",
        va="center_baseline",
        ha="right",
        fontsize=VALUE_SIZE,
        color=COLOURS["encre"],
        annotation_clip=False,
    )


def zero_line(axes: Axes, at: float = 0.0) -> None:
    """Draw the line of a value that others are compared with."""
    axes.axvline(at, color=COLOURS["encre_douce"], linewidth=0.8, zorder=1.5)
