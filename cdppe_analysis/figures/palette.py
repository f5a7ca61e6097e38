"""The colours and looks, by name; how colour-blind readers and a black-and-white print see them, computed.

Sequential scales grow darker without a turn; diverging ones pair orange with blue, whose difference survives the two
common kinds of colour-blindness, and carry a texture on the lower side, since lightness alone cannot tell both sides
apart in black and white.

Simulation: Viénot, Brettel and Mollon (1999) in linear RGB, as matrices for dichromats. Distance: Euclid's in CIE
L*a*b* (D65), where about 2.3 is a just noticeable difference. Contrast: WCAG 2.2, from 1 to 21.

Known drawback: a matrix is exact for full dichromats only; milder forms see more than what is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from numpy.typing import NDArray

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

SEQUENTIAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bleus": ("#dcedf3", "#93c6da", "#4a97bd", "#1f6391", "#0b3056"),
        "oranges": ("#fbe8d3", "#f3b27a", "#dd7a35", "#a94a16", "#5f2407"),
        "verts": ("#e3f1e6", "#9ccfb4", "#4f9f88", "#24705f", "#0c4038"),
    }
)
"""The sequential scales, from low to high."""

DIVERGING: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "orange_bleu": (
            ("#f6d5b0", "#e39a58", "#a94a16", "#5f2407"),
            ("#bddbe8", "#74b1cd", "#1f6391", "#0b3056"),
        )
    }
)
"""The diverging scales: what lies below the centre, from near to far, and what lies above."""

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


MISSING = Look("#ffffff", "//////", "#8a939c")
NOT_CONCERNED = Look(COLOURS["hors_champ"], "\\\\\\\\", "#ffffff", hatch_width=1.1)
ZERO = Look("#ffffff", None, "#52606d", 0.5)
CONCERNED = Look(COLOURS["territoire"], None, "#aab2ba")
BELOW_TEXTURE = "..."
# Hardly different from « encre » and « papier », which a dark page turns round.
_DARK_INK, _WHITE_INK = "#1e2832", "#fffffe"

_VIENOT: Mapping[str, NDArray[np.float64]] = MappingProxyType(
    {
        "protanopie": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
        "deuteranopie": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
    }
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])

VISIONS = ("normale", "deuteranopie", "protanopie", "noir_et_blanc")
"""The ways of seeing that `seen_as` knows."""


def sequential(count: int, name: str = "bleus") -> list[str]:
    """Return `count` colours of a sequential scale, from light to dark.

    Examples
    --------
    >>> sequential(3)
    ['#dcedf3', '#4a97bd', '#0b3056']
    """
    return _sampled(SEQUENTIAL[name], count)


def diverging(below: int, above: int, name: str = "orange_bleu") -> tuple[list[str], list[str]]:
    """Return the colours of `below` and `above` classes on each side of the centre, each from near to far."""
    low, high = DIVERGING[name]
    longest = max(below, above)
    return _sampled(low, longest)[:below], _sampled(high, longest)[:above]


def seen_as(colour: str, vision: str) -> str:
    """Return a colour as a reader sees it.

    Parameters
    ----------
    colour
        Any colour that matplotlib reads.
    vision
        One of `VISIONS`.

    Examples
    --------
    >>> seen_as("#ff0000", "noir_et_blanc")
    '#7f7f7f'
    """
    if vision == "normale":
        return str(to_hex(colour))
    linear = _linear(colour)
    turned = np.full(3, _LUMINANCE @ linear) if vision == "noir_et_blanc" else _VIENOT[vision] @ linear
    red, green, blue = _gamma(np.clip(turned, 0, 1))
    return str(to_hex((float(red), float(green), float(blue))))


def distance(first: str, second: str, vision: str = "normale") -> float:
    """Return how far apart two colours look (CIE 1976 difference in L*a*b*)."""
    return float(np.linalg.norm(_lab(seen_as(first, vision)) - _lab(seen_as(second, vision))))


def lightness(colour: str) -> float:
    """Return L* from 0 (black) to 100 (white).

    Examples
    --------
    >>> round(lightness("white")), round(lightness("black"))
    (100, 0)
    """
    return float(_lab(colour)[0])


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21.

    Examples
    --------
    >>> round(contrast("white", "black"))
    21
    """
    dark, light = sorted(float(_LUMINANCE @ _linear(colour)) for colour in (first, second))
    return (light + 0.05) / (dark + 0.05)


def textured(face: str, hatch: str | None) -> Look:
    """Return a filled look with a texture in the ink that shows best on its colour, in black and white too."""
    return Look(face, hatch, ink_on(face)) if hatch else Look(face)


def ink_on(background: str) -> str:
    """Return the ink that reads best on a background: dark, or white; neither follows the theme of a page."""
    return max((_DARK_INK, _WHITE_INK), key=lambda ink: contrast(ink, background))


def _sampled(anchors: Sequence[str], count: int) -> list[str]:
    if count == 1:
        return [str(to_hex(anchors[len(anchors) // 2]))]
    ramp = LinearSegmentedColormap.from_list("ramp", list(anchors), N=1024)
    return [str(to_hex(ramp(step / (count - 1)))) for step in range(count)]


def _linear(colour: str) -> NDArray[np.float64]:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _gamma(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def _lab(colour: str) -> NDArray[np.float64]:
    xyz = (_TO_XYZ @ _linear(colour)) / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
