"""A finished figure: the picture, its text alternative, the table behind it; how it is shown and saved.

PNG is written at twice its reading size (200 points an inch for a page of 100), SVG and PDF with text as text; a
notebook keeps a lighter copy, at one and a half times, so that a file of many figures stays small. Nothing of the
machine or of the day goes into a file, so that the same figure is the same bytes.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from cdppe_analysis.errors import FigureError
from cdppe_analysis.storage.writing import replaced

READING_DPI = 100
SCALE = 2
INLINE_SCALE = 1.5
STYLE = Path(__file__).with_name("cdppe.mplstyle")
FORMATS = (".png", ".svg", ".pdf")
_PATH = re.compile(r' d="[^"]*"')
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")


@contextmanager
def styled() -> Iterator[None]:
    """Draw or save in the one style of the figures, leaving matplotlib's own settings as they were."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(mpl.rc_params_from_file(STYLE, use_default_template=False))
        yield


@dataclass(frozen=True, eq=False)
class Illustration:
    """A finished figure.

    Attributes
    ----------
    figure
        The matplotlib figure, tied to no window.
    title
        The finding that the figure shows.
    alternative
        What a reader who does not see it must know, in French.
    table
        The rows behind it.
    """

    figure: Figure
    title: str
    alternative: str
    table: pd.DataFrame

    def save(self, path: str | Path) -> Path:
        """Write the figure to a `.png` (twice its reading size), `.svg` or `.pdf` file, whole or not at all.

        Raises
        ------
        FigureError
            When the suffix is another.
        TableError
            When the folder cannot be written.
        """
        target = Path(path)
        if target.suffix not in FORMATS:
            raise FigureError(f"a figure is saved as {', '.join(FORMATS)}, not {target.suffix or 'without suffix'!r}")
        content = self.svg().encode() if target.suffix == ".svg" else self._rendered(target.suffix[1:])
        with replaced(target) as temporary:
            temporary.write_bytes(content)
        return target

    def png(self, dpi: float = READING_DPI * SCALE) -> bytes:
        """Return the figure as PNG."""
        return self._rendered("png", dpi)

    def svg(self) -> str:
        """Return the figure as SVG, with its title and text alternative for screen readers."""
        text = _PATH.sub(_shortened, self._rendered("svg").decode("utf-8"))
        start = text.index("<svg")
        opened = text.index(">", start)
        head = text[start:opened] + ' role="img" aria-labelledby="titre-svg alternative-svg">'
        labels = (
            f'\n <title id="titre-svg">{html.escape(self.title)}</title>'
            f'\n <desc id="alternative-svg">{html.escape(self.alternative)}</desc>'
        )
        return text[:start] + head + labels + text[opened + 1 :]

    def html(self) -> str:
        """Return the figure as a fragment of HTML: the picture with its text alternative."""
        width = round(self.figure.get_figwidth() * READING_DPI)
        encoded = base64.b64encode(_fewer_colours(self.png(READING_DPI * INLINE_SCALE))).decode()
        return (
            f'<img src="data:image/png;base64,{encoded}" width="{width}" '
            f'style="max-width:100%;height:auto" alt="{html.escape(self.alternative, quote=True)}">'
        )

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return f"Illustration({self.title!r}, {len(self.table)} rows)"

    def _rendered(self, kind: str, dpi: float = READING_DPI * SCALE) -> bytes:
        metadata: dict[str, dict[str, str | None]] = {
            "png": {"Title": self.title, "Description": self.alternative, "Software": None},
            "svg": {"Description": self.alternative, "Language": "fr", "Date": None, "Creator": None},
            "pdf": {"Title": self.title, "Subject": self.alternative, "CreationDate": None, "Producer": None},
        }
        buffer = io.BytesIO()
        with styled():
            self.figure.savefig(buffer, format=kind, dpi=dpi, metadata=metadata[kind])
        return buffer.getvalue()


def _shortened(outline: re.Match[str]) -> str:
    """Cut the coordinates of an outline to a hundredth of a point: a map weighs half as much, and looks the same."""
    return _LONG_NUMBER.sub(r"\1", outline.group())


def _fewer_colours(png: bytes) -> bytes:
    """Write a PNG with a table of 128 colours, a third of the bytes: enough for flat colours, in a notebook."""
    from PIL import Image

    smaller = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            smaller, format="PNG", optimize=True
        )
    return smaller.getvalue()
