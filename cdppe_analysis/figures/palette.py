"""The colours and looks, by name.

Sequential scales grow darker without a turn; diverging ones pair orange with blue, whose difference survives the two
common kinds of colour-blindness, and carry a texture on the lower side, since lightness alone cannot tell both sides
apart in black and white. How readers see them is computed by the tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "encre": "#1f2933",
        "encre_douce": "#52606d",
        "trait": "#7b8794",
        "grille": "#e4e7eb",
        "papier": "#ffffff",
        "hors_champ": "#e3e0da",
        "territoire": "#f7f5f0",
        "zero": "#ffffff",
        "bleu": "#1f6391",
        "bleu_clair": "#8fc3d9",
        "orange": "#d9622b",
        "orange_clair": "#f0b68c",
        "violet": "#6b4c9a",
        "vert": "#2f7d6b",
    }
)
"""The named colours of the figures."""

SEQUENTIAL = ("#dcedf3", "#93c6da", "#4a97bd", "#1f6391", "#0b3056")
"""The sequential scale, from low to high."""

DIVERGING: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("#f6d5b0", "#e39a58", "#a94a16", "#5f2407"),
    ("#bddbe8", "#74b1cd", "#1f6391", "#0b3056"),
)
"""The diverging scale: what lies below the centre, from near to far, and what lies above."""

BIVARIATE: tuple[tuple[str, ...], ...] = (
    ("#e3eef3", "#86b9d2", "#1f6391"),
    ("#f0dfd6", "#b59aa6", "#5b4a72"),
    ("#f2bf8c", "#c9783f", "#6e2f12"),
)
"""The colours of a bivariate map: a row a class of the second measure, in it one a class of the first."""

NEUTRAL = "#f4f2ee"
"""The colour of no change in a diverging scale."""


@dataclass(frozen=True)
class Look:
    """How a shape is filled: its colour, its texture, the colour of its edge and texture, and how wide both are."""

    face: str
    hatch: str | None = None
    edge: str = "#8a939c"
    width: float = 0.35
    hatch_width: float = 0.5

    @classmethod
    def textured(cls, face: str, hatch: str | None) -> Look:
        """Return a filled look with a texture in the ink that shows best on its colour, in black and white too."""
        plain = cls(face)
        return cls(face, hatch, plain.ink) if hatch else plain

    @property
    def ink(self) -> str:
        """The ink that reads best on its colour: dark, or white; neither follows the theme of a page."""

        def contrast(ink: str) -> float:
            dark, light = sorted(_luminance(colour) for colour in (ink, self.face))
            return (light + 0.05) / (dark + 0.05)

        return max((_DARK_INK, _WHITE_INK), key=contrast)


MISSING = Look("#ffffff", "//////", "#8a939c")
NOT_CONCERNED = Look(COLOURS["hors_champ"], "\\\\\\\\", "#ffffff", hatch_width=1.1)
ZERO = Look("#ffffff", None, "#52606d", 0.5)
CONCERNED = Look(COLOURS["territoire"], None, "#aab2ba")
BELOW_TEXTURE = "..."
# Hardly different from « encre » and « papier », which a dark page turns round.
_DARK_INK, _WHITE_INK = "#1e2832", "#fffffe"

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def shades(anchors: Sequence[str], count: int) -> list[str]:
    """Return `count` colours of a scale, from the first of its anchors to the last; the middle one for one alone.

    Examples
    --------
    >>> shades(SEQUENTIAL, 3)
    ['#dcedf3', '#4a97bd', '#0b3056']
    """
    if count == 1:
        return [str(to_hex(anchors[len(anchors) // 2]))]
    ramp = LinearSegmentedColormap.from_list("ramp", list(anchors), N=1024)
    return [str(to_hex(ramp(step / (count - 1)))) for step in range(count)]


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2, from 0 to 1."""
    rgb = np.array(to_rgb(colour))
    return float(_LUMINANCE @ np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4))
