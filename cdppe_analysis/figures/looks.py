"""How the units of a map look: the classes, and what is apart from them, each told by more than its colour."""

from __future__ import annotations

from dataclasses import dataclass

from cdppe_analysis.figures.classes import Classes
from cdppe_analysis.figures.palette import COLOURS, NEUTRAL, diverging, ink_on, sequential


@dataclass(frozen=True)
class Look:
    """How a unit is filled: colour, texture, and the colour of its edge and texture."""

    face: str
    hatch: str | None = None
    edge: str = "#8a939c"
    width: float = 0.35


MISSING = Look("#ffffff", "//////", "#8a939c")
NOT_CONCERNED = Look(COLOURS["hors_champ"], None, "#ffffff")
ZERO = Look("#ffffff", None, "#52606d", 0.5)
CONCERNED = Look(COLOURS["territoire"], None, "#aab2ba")
BELOW_TEXTURE = "..."


def textured(face: str, hatch: str | None) -> Look:
    """Return a filled look with a texture in the ink that shows best on its colour, in black and white too."""
    return Look(face, hatch, ink_on(face)) if hatch else Look(face)


def class_looks(made: Classes, name: str = "bleus") -> dict[str, Look]:
    """Return the look of each class by its label.

    Below the centre of a diverging scale a texture comes with the colour, for black and white.
    """
    found: dict[str, Look] = {}
    if made.center is None:
        found = {
            one.label: Look(colour)
            for one, colour in zip(made.classes, sequential(len(made.classes), name), strict=True)
        }
    else:
        depth = max(2, 1 + max((one.rank for one in made.classes), default=0))
        low, high = diverging(depth, depth)
        for one in made.classes:
            if one.side < 0:
                found[one.label] = textured(low[one.rank], BELOW_TEXTURE)
            else:
                found[one.label] = Look(high[one.rank] if one.side else NEUTRAL)
    if made.apart:
        found[made.apart.label] = ZERO if made.center is None else Look(NEUTRAL)
    return found
