"""What every chart shares: a key above, rows of names, axes in French numbers, room for what is written.

A chart of rows leaves to its names the room that the longest needs, and to each row the same height, so that a page of
thirty départements and one of a hundred read alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cdppe_analysis import typography
from cdppe_analysis.figures.classes import Scale
from cdppe_analysis.figures.page import MARGIN, NAME_SIZE, VALUE_SIZE, Form, Page, Words, text_width
from cdppe_analysis.figures.palette import COLOURS

Dashes = Literal["-", "--", "-.", ":", "none"]
Entries: TypeAlias = Sequence[tuple[Line2D | Patch, str]]
AXIS_ROOM = 0.3
HALO = (withStroke(linewidth=2.4, foreground=COLOURS["papier"]),)
"""What keeps a word legible over a shape."""
_KEY_SIZE, _KEY_LINE, _KEY_MARK = 8.0, 0.19, 0.42
_TICK_SIZE = 8.0


def open_chart(words: Words, form: Form, height: float, entries: Entries, *, wide: bool = False) -> Page:
    """Open a page for a chart of the given height, in inches, with its key above, in one line or one entry a line.

    Parameters
    ----------
    words, form, wide
        As `Page.open`.
    height
        Of the chart alone.
    entries
        Of the key: each mark, as it is drawn on the chart, with its word.
    """
    if not entries:
        return Page.open(words, height, form, wide=wide)
    size = form.size(_KEY_SIZE)
    labels = [typography.typeset(label) for _, label in entries]
    needed = sum(text_width(label, size) * 1.03 + _KEY_MARK for label in labels)
    across = len(entries) if needed <= (form.wide if wide else form.width) - 2 * MARGIN else 1
    room = 0.07 + _KEY_LINE * size / _KEY_SIZE * len(entries) / across
    page = Page.open(words, height + room, form, wide=wide)
    axes = page.drawing(0, height, page.width, room)
    axes.set_gid("legende")
    tight: dict[str, Any] = {"borderpad": 0, "borderaxespad": 0, "handlelength": 1.4, "handletextpad": 0.5}
    tight |= {"columnspacing": 1.6, "labelspacing": 0.35}
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0.0, 1.0), "ncols": across}
    axes.legend([handle for handle, _ in entries], labels, fontsize=size, **tight, **place)
    return page


@dataclass(frozen=True, eq=False)
class Rows:
    """Axes with one row a name, the first on top, and the room right of them (inches) where values are written."""

    axes: Axes
    page: Page
    room: float

    @classmethod
    def open(
        cls,
        page: Page,
        names: Iterable[str],
        room: float,
        height: float,
        *,
        left: float = 0.0,
        width: float | None = None,
        bottom: float = AXIS_ROOM,
        names_room: float | None = None,
    ) -> Rows:
        """Open axes with one row a name, the first on top; the names stand left of it.

        Parameters
        ----------
        page
            The page.
        names
            One a row.
        room
            Kept on the right, for values and the last tick.
        left, width, bottom, height
            The room in the picture, in inches: `left` and `width` with the names, the whole width when left out;
            `bottom` and `height` of the rows alone.
        names_room
            Room of the names, where several axes share it.
        """
        labels = [typography.typeset(name) for name in names]
        names_room = page.form.name_room(labels) if names_room is None else names_room
        axes = page.axes(left + names_room, bottom, (width or page.width) - names_room - room, height)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_yticks(range(len(labels)), labels, fontsize=page.form.size(NAME_SIZE))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        return cls(axes, page, room)

    @classmethod
    def alone(
        cls, words: Words, form: Form, names: Sequence[str], room: float, height: float, entries: Entries
    ) -> Rows:
        """Open a page with one chart of rows, each `height` inches high on a wide page, and its key."""
        rows_height = form.row(height) * len(names)
        return cls.open(open_chart(words, form, rows_height + AXIS_ROOM, entries), names, room, rows_height)

    def write(self, row: float, text: str) -> None:
        """Write the value of a row in the room at the right, where nothing is drawn, figures aligned."""
        place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        place |= {"xytext": (self.room * 72 - 2, 0), "va": "center_baseline", "ha": "right", "annotation_clip": False}
        size = self.page.form.size(VALUE_SIZE)
        self.axes.annotate(text, (1.0, row), fontsize=size, color=COLOURS["encre"], **place)

    def tick(self, row: float, value: float, colour: str, width: float, gid: str, half: float = 0.42) -> None:
        """Draw an upright stroke at a value of a row."""
        self.axes.plot([value] * 2, [row - half, row + half], color=colour, linewidth=width, zorder=4, gid=gid)

    def span(self, row: float, low: float, high: float, facecolor: str, height: float, **options: Any) -> None:
        """Draw a bar from one value of a row to another."""
        style = {"facecolor": facecolor, "linewidth": 0, "zorder": 2, **options}
        self.axes.add_patch(Rectangle((low, row - height / 2), high - low, height, **style))

    def hold(self, values: pd.DataFrame) -> None:
        """Set the limits of the values' axis: from 0, and a margin beyond the extremes."""
        numbers = values.to_numpy(float)
        largest, smallest = float(np.nanmax(numbers)), float(np.nanmin(numbers))
        margin = (largest - min(0.0, smallest)) * 0.05 or 1.0
        self.axes.set_xlim(0.0 if smallest > 0 else smallest - margin, largest + margin)

    def finished(self, scale: Scale) -> Figure:
        """Return the figure, its axis of values written."""
        french_axis(self.axes.xaxis, scale)
        return self.page.figure


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


def mark(colour: str, marker: str = "o", *, face: str | None = None, line: Dashes = "none", **options: Any) -> Line2D:
    """Return a mark for a key, as it is drawn on the chart; its face has a colour of its own where it is given."""
    style: dict[str, Any] = {"markersize": 5.0, "markerfacecolor": face or colour, "markeredgecolor": colour, **options}
    return Line2D([], [], marker=marker, linestyle=line, color=colour, **style)


TICK_MARK = mark(COLOURS["encre"], "|", markersize=9, markeredgewidth=1.6)
"""The mark of a value to compare with: an upright stroke."""
