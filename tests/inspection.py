"""Look at a finished figure by its structure: what a reader needs is there, nothing is cut, no text is over another.

Positions come from matplotlib's own drawing, at the resolution of the reading size.

Known drawback: only texts are held apart from texts; a text over a dark shape is for the eye to judge.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.page import NARROW, WIDE

REQUIRED = ("titre", "sous-titre", "champ", "source")
_TOLERANCE_PIXELS = 1.5


@dataclass(frozen=True)
class _PlacedText:
    """A text of a figure, the box it fills in pixels, and its size in points."""

    text: str
    box: Bbox
    size: float


def defects(illustration: Illustration, *, narrow: bool = False) -> list[str]:
    """Return what is wrong with a figure, or with its narrow form, one sentence each; an empty list when nothing is.

    Checks that the title, the subtitle, the field and the source are there; that the text alternative says more than
    the title; that every text and every patch is inside the canvas; and that no text is over another.
    """
    figure = illustration.draw(NARROW) if narrow else illustration.figure
    wrong = [f"il manque : {name}" for name in REQUIRED if not any(text.get_gid() == name for text in figure.texts)]
    if len(illustration.alternative) <= len(illustration.title) + 40:
        wrong.append("le texte de remplacement ne dit rien de plus que le titre")
    with WIDE.styled():
        texts = placed_texts(figure)
        canvas = Bbox(figure.bbox.get_points())
        wrong += [f"texte coupé : {placed.text!r}" for placed in texts if not _inside(placed.box, canvas)]
        wrong += [
            f"textes superposés : {first.text!r} et {second.text!r}"
            for first, second in itertools.combinations(texts, 2)
            if _overlap(first.box, second.box)
        ]
        renderer = _renderer(figure)
        for axes in figure.axes:
            for patch in axes.patches:
                if patch.get_gid() and not _inside(patch.get_window_extent(renderer), canvas):
                    wrong.append(f"forme coupée : {patch.get_gid()}")
    return wrong


def placed_texts(figure: Figure) -> list[_PlacedText]:
    """Return every text that is drawn, with its box."""
    # Everything is laid out, nothing is painted.
    figure.draw_without_rendering()
    renderer = _renderer(figure)
    texts = [*figure.texts, *(text for axes in figure.axes for text in _texts_of(axes))]
    return [
        _PlacedText(text.get_text(), Text.get_window_extent(text, renderer), float(text.get_fontsize()))
        for text in texts
        if text.get_visible() and text.get_text().strip()
    ]


def _texts_of(axes: Axes) -> Iterator[Text]:
    yield from axes.texts
    yield axes.title
    legend = axes.get_legend()
    if legend is not None:
        yield from legend.get_texts()
    if not axes.axison:
        return
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        yield axis.label
        low, high = sorted(limits)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            # matplotlib keeps, undrawn, the ticks that stand beyond the limits.
            if low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def _renderer(figure: Figure) -> RendererAgg:
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    return canvas.get_renderer()  # type: ignore[no-untyped-call, no-any-return]


def _inside(box: Bbox, canvas: Bbox) -> bool:
    room = canvas.padded(_TOLERANCE_PIXELS)
    return room.contains(box.x0, box.y0) and room.contains(box.x1, box.y1)


def _overlap(first: Bbox, second: Bbox) -> bool:
    shared = Bbox.intersection(first, second)
    return shared is not None and shared.width > _TOLERANCE_PIXELS and shared.height > 2 * _TOLERANCE_PIXELS
