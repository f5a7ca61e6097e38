"""A finished figure: the picture in two forms, its text alternative, the table behind it; how it is shown and saved.

PNG is written at twice its reading size (200 points an inch for a page of 100), SVG and PDF with text as text. A
notebook keeps a lighter PNG, at one and a half times and in few colours, with its text alternative beside it; where
`CDPPE_FIGURES` is set, as when a site is made of the notebooks, the PNG is larger, and the output carries the SVG of
both forms and the table too. Nothing of the machine or of the day goes into a file: the same figure is the same bytes.
"""

from __future__ import annotations

import html
import io
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.page import NARROW, WIDE, Form, Words
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.storage.files import PUBLISHED, replaced

if TYPE_CHECKING:
    from PIL.Image import Image as PictureImage

READING_DPI = 100
SCALE = 2
FORMATS = (".png", ".svg", ".pdf")
FIGURE_TYPE = "application/vnd.cdppe.figure+json"
"""What an output carries for a site: `svg`, `svg_etroit`, `csv`, `titre`, `source`, `alternative`."""
_LIGHT = 24_000
_LIGHTER = ((1.5, 64), (1.25, 48), (1.0, 24))
"""How many times the reading size, and in how many colours, a notebook keeps a figure: the first that is light."""
_PATH = re.compile(r' d="([^"]*)"')
_COMMAND = re.compile(r"[A-Za-z](?![-+\d])")
_POINT = re.compile(r"([MLz])(?: (\S+) (\S+))?")
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
# Where the page's letters and DejaVu Sans are not there, Verdana has nearly its widths.
_FONTS = "var(--lettres, 'DejaVu Sans', Verdana, sans-serif)"
_FOLLOWING = {
    "encre": "encre",
    "encre_douce": "pale",
    "trait": "pale",
    "grille": "trait",
    "papier": "feuille",
    "hors_champ": "trait",
    "territoire": "territoire",
}
_THEMED = {COLOURS[name]: f"var(--{variable}, {COLOURS[name]})" for name, variable in _FOLLOWING.items()}


@dataclass(frozen=True, eq=False)
class Illustration:
    """A finished figure.

    Attributes
    ----------
    figure
        The matplotlib figure, tied to no window.
    words
        What is said around it.
    alternative
        What a reader who does not see it must know, in French.
    table
        The rows behind it.
    draw
        Draws it again in another form.
    """

    figure: Figure
    words: Words
    alternative: str
    table: pd.DataFrame
    draw: Callable[[Form], Figure]

    @classmethod
    def of(cls, draw: Callable[[Form], Figure], words: Words, alternative: str, table: pd.DataFrame) -> Illustration:
        """Draw a figure in its wide form, and keep how to draw the narrow one."""

        def drawn(form: Form) -> Figure:
            with form.styled():
                return draw(form)

        return cls(drawn(WIDE), words, alternative, table, drawn)

    @staticmethod
    def check_suffix(path: str | Path) -> str:
        """Return the suffix of the file of a figure, in small letters; `FigureError` when no figure has it."""
        suffix = Path(path).suffix.lower()
        if suffix not in FORMATS:
            raise FigureError(f"a figure is saved as {', '.join(FORMATS)}, not {suffix or 'without suffix'!r}")
        return suffix

    @property
    def title(self) -> str:
        """The finding that the figure shows."""
        return self.words.title

    def save(self, path: str | Path) -> Path:
        """Write the figure to a `.png` (twice its reading size), `.svg` or `.pdf` file, whole or not at all.

        Raises
        ------
        FigureError
            When the suffix is another.
        TableError
            When the folder cannot be written.
        """
        target, suffix = Path(path), self.check_suffix(path)
        content = self.svg().encode() if suffix == ".svg" else self._rendered(self.figure, suffix[1:])
        with replaced(target) as temporary:
            temporary.write_bytes(content)
        return target

    def png(self, dpi: float = READING_DPI * SCALE) -> bytes:
        """Return the figure as PNG."""
        return self._rendered(self.figure, "png", dpi)

    def svg(self, *, narrow: bool = False, themed: bool = False) -> str:
        """Return the figure as SVG, with its title and text alternative for screen readers.

        Parameters
        ----------
        narrow
            The form for a telephone: no letter is smaller than 12 pixels when it is shown 390 pixels wide.
        themed
            Inks, lines, paper and letters follow the style of the page (`--encre`, `--pale`, `--trait`, `--feuille`,
            `--lettres`), light or dark, where the SVG is part of it.
        """
        text = _PATH.sub(
            _shortened, self._rendered(self.draw(NARROW) if narrow else self.figure, "svg").decode("utf-8")
        )
        if themed:
            text = re.sub("|".join(map(re.escape, _THEMED)), lambda colour: _THEMED[colour.group()], text)
        fonts = _FONTS if themed else "'DejaVu Sans', Verdana, sans-serif"
        text = text.replace("'DejaVu Sans'", fonts)
        start = text.index("<svg")
        opened = text.index(">", start)
        head = text[start:opened] + ' role="img" aria-labelledby="titre-svg alternative-svg">'
        labels = (
            f'\n <title id="titre-svg">{html.escape(self.title)}</title>'
            f'\n <desc id="alternative-svg">{html.escape(self.alternative)}</desc>'
        )
        return text[:start] + head + labels + text[opened + 1 :]

    def csv(self) -> str:
        """Return the rows behind the figure as CSV."""
        return str(self.table.to_csv(index=False, lineterminator="\n", float_format="%.12g"))

    def carried(self) -> dict[str, str]:
        """Return what a page shows of the figure, in both forms: words, SVG and rows."""
        return {
            "titre": self.title,
            "source": self.words.source,
            "alternative": self.alternative,
            "svg": self.svg(themed=True),
            "svg_etroit": self.svg(narrow=True, themed=True),
            "csv": self.csv(),
        }

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        published = bool(os.environ.get(PUBLISHED))
        rungs = _LIGHTER[:1] if published else _LIGHTER
        data: dict[str, Any] = {"image/png": self._light(rungs), "text/plain": repr(self)}
        if published:
            data[FIGURE_TYPE] = self.carried()
        width = round(self.figure.get_figwidth() * READING_DPI)
        return data, {"image/png": {"width": width, "alt": self.alternative}}

    def __repr__(self) -> str:
        return f"Illustration({self.title!r}, {len(self.table)} rows)"

    def _light(self, rungs: Sequence[tuple[float, int]]) -> bytes:
        """Return a PNG in few colours, and in fewer pixels where that is not light enough for a notebook."""
        from PIL import Image

        for scale, colours in rungs:
            smaller = io.BytesIO()
            with Image.open(io.BytesIO(self.png(READING_DPI * scale))) as image:
                _in_few_colours(image.convert("RGB"), colours).save(smaller, format="PNG", optimize=True)
            if smaller.tell() <= _LIGHT:
                break
        return smaller.getvalue()

    def _rendered(self, figure: Figure, kind: str, dpi: float = READING_DPI * SCALE) -> bytes:
        metadata: dict[str, dict[str, str | None]] = {
            "png": {"Title": self.title, "Description": self.alternative, "Software": None},
            "svg": {"Description": self.alternative, "Language": "fr", "Date": None, "Creator": None},
            "pdf": {"Title": self.title, "Subject": self.alternative, "CreationDate": None, "Producer": None},
        }
        buffer = io.BytesIO()
        with WIDE.styled():
            figure.savefig(buffer, format=kind, dpi=dpi, metadata=metadata[kind])
        return buffer.getvalue()


def _in_few_colours(image: PictureImage, count: int) -> PictureImage:
    """Return a picture in its `count` commonest colours, which are those of what is drawn: they match the legend."""
    from PIL import Image

    pixels = np.asarray(image, dtype=np.int32)
    packed = (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2]
    present, place, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([present >> 16, (present >> 8) & 255, present & 255], axis=1)
    kept = colours[np.argsort(-counts, kind="stable")[:count]]
    nearest = np.argmin(((colours[:, None, :] - kept[None, :, :]) ** 2).sum(axis=2), axis=1).astype(np.uint8)
    reduced = Image.fromarray(nearest[place].reshape(packed.shape))
    reduced.putpalette(kept.astype(np.uint8).tobytes())
    return reduced


def _shortened(outline: re.Match[str]) -> str:
    """Write an outline to a tenth of a point, by steps: a map weighs a third as much, and looks the same."""
    if set(_COMMAND.findall(outline[1])) - {"M", "L", "z"}:
        return _LONG_NUMBER.sub(r"\1", outline.group())
    written, last, drawn = [], (0, 0), False
    for command, x, y in _POINT.findall(outline[1]):
        if command == "z":
            written.append("z")
            continue
        here = (round(float(x) * 10), round(float(y) * 10))
        if command == "M":
            written.append(f"M{step(here[0] / 10)}{step(here[1] / 10)}")
            drawn = False
        elif here != last:
            written.append(f"{'' if drawn else 'l'}{step((here[0] - last[0]) / 10)}{step((here[1] - last[1]) / 10)}")
            drawn = True
        last = here
    return f' d="{"".join(written)}"'


def step(length: float) -> str:
    """Write a number of a path after what stands before it: a minus sign separates by itself."""
    text = f"{length:g}"
    return text if text.startswith("-") else f" {text}"
