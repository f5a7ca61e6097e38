"""The page of every figure: title and subtitle above, note, reading, field and source below, the picture between.

Texts are broken to the width of the page before anything is placed, and the page grows with them, so that nothing is
cut and nothing lies over something else. Lengths are in inches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.palette import COLOURS

WIDTH = 7.6
MARGIN = 0.14
_LEADING = 1.32
_TITLE, _SUBTITLE, _SMALL = 12.5, 9.5, 7.5
_measure = TextToPath()


@dataclass(frozen=True)
class Texts:
    """The words of a figure.

    Attributes
    ----------
    title
        The finding.
    subtitle
        The measure, its unit and its date.
    source
        Where the figures come from.
    champ
        The field: which units are shown.
    note
        What the reader must be warned of, estimates first.
    lecture
        How to read one element of the figure.
    """

    title: str
    subtitle: str
    source: str
    champ: str
    note: str | None = None
    lecture: str | None = None

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "source", "champ"):
            if not getattr(self, name).strip():
                raise FigureError(f"a figure needs its {name}")

    def below(self, background: str | None = None) -> list[tuple[str, str]]:
        """Return the lines under the picture, each with its name."""
        source = f"Source : {stopped(self.source)}"
        if background:
            source += f" Fond de carte : {stopped(background)}"
        lines = [
            ("lecture", f"Lecture : {stopped(self.lecture)}" if self.lecture else ""),
            ("note", f"Note : {stopped(self.note)}" if self.note else ""),
            ("champ", f"Champ : {stopped(self.champ)}"),
            ("source", source),
        ]
        return [(name, line) for name, line in lines if line]


@dataclass(frozen=True, eq=False)
class Page:
    """A page with its words in place; `left`, `bottom`, `width` and `height` are the room left for the picture."""

    figure: Figure
    left: float
    bottom: float
    width: float
    height: float

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Add axes at a place of the picture's room."""
        page_width, page_height = self.figure.get_size_inches()
        return self.figure.add_axes(
            (
                (self.left + left) / page_width,
                (self.bottom + bottom) / page_height,
                width / page_width,
                height / page_height,
            )
        )

    def drawing(self, left: float, bottom: float, width: float, height: float, scale: float = 1.0) -> Axes:
        """Add axes without a frame whose units are inches, or `scale` units an inch."""
        axes = self.axes(left, bottom, width, height)
        axes.set_axis_off()
        axes.set(xlim=(0, width * scale), ylim=(0, height * scale))
        return axes


def open_page(texts: Texts, height: float, *, width: float = WIDTH, background: str | None = None) -> Page:
    """Open a page with room for a picture of the given height.

    Parameters
    ----------
    texts
        The words.
    height
        Of the picture, in inches.
    width
        Of the page, in inches.
    background
        The origin of the contours, said beside the source.
    """
    inner = width - 2 * MARGIN
    title = wrapped(texts.title, inner, _TITLE, bold=True)
    subtitle = wrapped(texts.subtitle, inner, _SUBTITLE)
    below = [(name, wrapped(line, inner, _SMALL)) for name, line in texts.below(background)]
    above_height = line_height(_TITLE) * len(title) + 0.04 + line_height(_SUBTITLE) * len(subtitle) + 0.12
    below_height = sum(line_height(_SMALL) * len(lines) + 0.02 for _, lines in below) + 0.08
    total = 2 * MARGIN + above_height + height + below_height
    figure = Figure(figsize=(width, total))
    FigureCanvasAgg(figure)
    cursor = total - MARGIN
    cursor = _write(figure, "titre", title, cursor, _TITLE, COLOURS["encre"], bold=True) - 0.04
    _write(figure, "sous-titre", subtitle, cursor, _SUBTITLE, COLOURS["encre_douce"])
    cursor = MARGIN + below_height - 0.08
    for name, lines in below:
        cursor = _write(figure, name, lines, cursor, _SMALL, COLOURS["encre_douce"]) - 0.02
    return Page(figure, MARGIN, MARGIN + below_height, inner, height)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of text, in inches."""
    properties = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=size)
    width, _, _ = _measure.get_text_width_height_descent(text, properties, ismath=False)
    return float(width) / 72


def line_height(size: float) -> float:
    """Return the distance between two lines of text, in inches."""
    return size * _LEADING / 72


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text at its ordinary spaces so that no line is wider than `width` inches.

    Examples
    --------
    >>> wrapped("un deux trois", 0.5, 10)
    ['un', 'deux', 'trois']
    """
    lines: list[str] = []
    for paragraph in typography.typeset(text).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            # Drawn text is hinted, and up to 2 % wider than its outlines.
            if line and text_width(longer, size, bold=bold) * 1.02 > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _write(
    figure: Figure, name: str, lines: Iterable[str], top: float, size: float, colour: str, *, bold: bool = False
) -> float:
    """Write lines from `top` down, each under its name and number, and return where they end."""
    width, height = figure.get_size_inches()
    for number, line in enumerate(lines, start=1):
        figure.text(
            MARGIN / width,
            (top - line_height(size) * 0.8) / height,
            line,
            gid=name if number == 1 else f"{name}-{number}",
            fontsize=size,
            fontweight="bold" if bold else "normal",
            color=colour,
            va="baseline",
            ha="left",
        )
        top -= line_height(size)
    return top


def stopped(text: str) -> str:
    """Return a sentence with its full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
