"""What is said around a figure, and its page: title and subtitle above, note, reading, field and source below.

Texts are broken to the width of the page before anything is placed, and the page grows with them, so that nothing is
cut and nothing lies over something else. Lengths are in inches, letters in points.

A page has two forms: wide, for a screen or paper; narrow, for a telephone, where no letter is smaller than 12 pixels
when the page is shown 390 pixels wide (8.64 points on 3.9 inches).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

MARGIN = 0.14
NAME_SIZE, VALUE_SIZE = 7.6, 7.2
_LEADING = 1.32
_TITLE, _SUBTITLE, _SMALL = 12.5, 9.5, 7.5
_STYLE = Path(__file__).with_name("cdppe.mplstyle")
_measure = TextToPath()
_NAMED = 4


@dataclass(frozen=True)
class Words:
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

    Raises
    ------
    FigureError
        When one of the first four is empty.

    Examples
    --------
    >>> Words("Trois départements", "Taux, en %", "exemple", "trois départements").below()
    [('champ', 'Champ : trois départements.'), ('source', 'Source : exemple.')]
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
        """Return the lines under the picture, each with its name; `background` is the origin of the contours."""
        source = f"Source : {_stopped(self.source)}"
        if background:
            source += f" Fond de carte : {_stopped(background)}"
        lines = [
            ("lecture", f"Lecture : {_stopped(self.lecture)}" if self.lecture else ""),
            ("note", f"Note : {_stopped(self.note)}" if self.note else ""),
            ("champ", f"Champ : {_stopped(self.champ)}"),
            ("source", source),
        ]
        return [(name, line) for name, line in lines if line]

    def noted(self, frame: pd.DataFrame, rows: pd.DataFrame) -> Words:
        """Return the words with, in the note, the units of a frame that no row is drawn for.

        Examples
        --------
        >>> frame = pd.DataFrame({"code_departement": ["59", "976"]})
        >>> Words("t", "s", "s", "c", note="essai").noted(frame, pd.DataFrame(index=["59"])).note
        'essai. Sans donnée, non montré : Mayotte.'
        """
        absent = [str(code) for code in frame["code_departement"] if code not in rows.index]
        if not absent:
            return self
        named = ", ".join(departement(code).libelle for code in absent)
        many = f"{typography.number(len(absent))} départements"
        said = f"Sans donnée, non montré{'s' if len(absent) > 1 else ''} : {named if len(absent) <= _NAMED else many}."
        return replace(self, note=f"{_stopped(self.note)} {said}" if self.note else said)

    def alternative(self, kind: str, *sentences: str) -> str:
        """Return the text alternative: what the figure is, its finding, what it shows, its field and source."""
        return " ".join(
            (
                f"{kind} : {_stopped(self.title)} {_stopped(self.subtitle)}",
                *(_stopped(sentence) for sentence in sentences if sentence),
                f"Champ : {_stopped(self.champ)} Source : {_stopped(self.source)}",
            )
        )


@dataclass(frozen=True)
class Form:
    """The form of a page: its width, that of a page of several columns, and the smallest letters (points)."""

    width: float
    wide: float
    smallest: float = 0.0

    def size(self, points: float) -> float:
        """Return the size of letters that have `points` on a wide page."""
        return max(points, self.smallest)

    def row(self, height: float = 0.175) -> float:
        """Return the height of a row of a chart that has `height` inches on a wide page."""
        return height * self.size(NAME_SIZE) / NAME_SIZE

    def name_room(self, names: Iterable[str]) -> float:
        """Return the width that names need beside an axis, in inches."""
        lines = (line for name in names for line in name.split("\n"))
        return max(text_width(line, self.size(NAME_SIZE)) for line in lines) * 1.05 + 0.1

    def value_room(self, values: Iterable[str], margin: float = 0.2) -> float:
        """Return the width that written values need right of an axis, in inches."""
        return max(text_width(value, self.size(VALUE_SIZE)) for value in values) * 1.03 + margin

    @property
    def narrow(self) -> bool:
        """Whether there is room for one column only."""
        return self.smallest > 0

    @contextmanager
    def styled(self) -> Iterator[None]:
        """Draw or save in the one style of the figures, leaving matplotlib's own settings as they were."""
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(mpl.rc_params_from_file(_STYLE, use_default_template=False))
            for name in ("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize"):
                mpl.rcParams[name] = self.size(mpl.rcParams[name])
            yield


WIDE = Form(7.6, 10.0)
NARROW = Form(3.9, 3.9, 8.7)


@dataclass(frozen=True, eq=False)
class Page:
    """A page with its words in place; `left`, `bottom`, `width` and `height` are the room left for the picture."""

    figure: Figure
    form: Form
    left: float
    bottom: float
    width: float
    height: float

    @classmethod
    def open(
        cls, words: Words, height: float, form: Form = WIDE, *, wide: bool = False, background: str | None = None
    ) -> Page:
        """Open a page with room for a picture of the given height.

        Parameters
        ----------
        words
            What is said around the picture.
        height
            Of the picture, in inches.
        form
            Wide or narrow.
        wide
            A page of several columns.
        background
            The origin of the contours, said beside the source.
        """
        width = form.wide if wide else form.width
        inner, small = width - 2 * MARGIN, form.size(_SMALL)
        title = wrapped(words.title, inner, _TITLE, bold=True)
        subtitle = wrapped(words.subtitle, inner, _SUBTITLE)
        below = [(name, wrapped(line, inner, small)) for name, line in words.below(background)]
        above_height = line_height(_TITLE) * len(title) + 0.04 + line_height(_SUBTITLE) * len(subtitle) + 0.12
        below_height = sum(line_height(small) * len(lines) + 0.02 for _, lines in below) + 0.08
        total = 2 * MARGIN + above_height + height + below_height
        figure = Figure(figsize=(width, total))
        FigureCanvasAgg(figure)
        cursor = total - MARGIN
        cursor = _write(figure, "titre", title, cursor, _TITLE, COLOURS["encre"], bold=True) - 0.04
        _write(figure, "sous-titre", subtitle, cursor, _SUBTITLE, COLOURS["encre_douce"])
        cursor = MARGIN + below_height - 0.08
        for name, lines in below:
            cursor = _write(figure, name, lines, cursor, small, COLOURS["encre_douce"]) - 0.02
        return cls(figure, form, MARGIN, MARGIN + below_height, inner, height)

    def axes(self, left: float, bottom: float, width: float, height: float, **options: Any) -> Axes:
        """Add axes at a place of the picture's room."""
        page_width, page_height = self.figure.get_size_inches()
        place = (self.left + left) / page_width, (self.bottom + bottom) / page_height
        return self.figure.add_axes((*place, width / page_width, height / page_height), **options)

    def drawing(self, left: float, bottom: float, width: float, height: float, scale: float = 1.0) -> Axes:
        """Add axes without a frame whose units are inches, or `scale` units an inch."""
        axes = self.axes(left, bottom, width, height)
        axes.set_axis_off()
        axes.set(xlim=(0, width * scale), ylim=(0, height * scale))
        return axes


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


def _stopped(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
