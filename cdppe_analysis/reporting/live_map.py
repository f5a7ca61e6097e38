"""The map of the simulator: outlines sent once, then only the look of each unit, a few kilobytes a move.

The outlines, insets and projections are those of the figures, in map kilometres, as one SVG whose paths carry the
class `u` and a class a unit (`u59`). What changes is a small style sheet: one rule a class of values, with a texture
below the centre so that the message is not carried by colour alone.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.path import Path as DrawnPath

from cdppe_analysis.figures.contours import drawn_parts, load_contours
from cdppe_analysis.figures.layout import Layout, load_layout, place, units_for
from cdppe_analysis.figures.palette import COLOURS, NEUTRAL, diverging
from cdppe_analysis.territories import departement
from cdppe_analysis.typography import with_unit

BOUNDS = (-0.25, -0.10, -0.02, 0.02, 0.10, 0.25)
"""Where the classes of a relative change are cut; the middle one holds what hardly changes."""

HORS_CHAMP, ENTRANT, SORTANT = "hors-champ", "entrant", "sortant"


@dataclass(frozen=True)
class Class:
    """A class of the legend: its name in the style sheet, its words, its colour, whether it has a texture."""

    nom: str
    texte: str
    couleur: str
    texture: bool = False


def classes() -> tuple[Class, ...]:
    """Return the classes of a relative change, from the largest loss to the largest gain."""
    low, high = diverging(3, 3)
    faces = (*low[::-1], NEUTRAL, *high)
    words = (
        f"baisse de plus de {_pct(BOUNDS[0])}",
        f"de −{_pct(BOUNDS[0])} à −{_pct(BOUNDS[1])}",
        f"de −{_pct(BOUNDS[1])} à −{_pct(BOUNDS[2])}",
        f"à {_pct(BOUNDS[3])} près",
        f"de +{_pct(BOUNDS[3])} à +{_pct(BOUNDS[4])}",
        f"de +{_pct(BOUNDS[4])} à +{_pct(BOUNDS[5])}",
        f"hausse de plus de {_pct(BOUNDS[5])}",
    )
    return tuple(Class(f"c{i}", words[i], faces[i], i < 3) for i in range(len(words)))


def class_of(change: float) -> str:
    """Return the name of the class of a relative change.

    Examples
    --------
    >>> class_of(-0.3), class_of(0.0), class_of(0.1), class_of(0.11)
    ('c0', 'c3', 'c4', 'c5')
    """
    if change < 0:
        return f"c{sum(change >= bound for bound in BOUNDS[:3])}"
    return f"c{3 + sum(change > bound for bound in BOUNDS[3:])}"


@lru_cache(maxsize=4)
def outlines(codes: tuple[str, ...]) -> str:
    """Return the SVG of France with the units of `codes` (Corse as one or two, as they say), without any look.

    Parameters
    ----------
    codes
        The units of the rule; the other départements are drawn too.
    """
    layout = load_layout()
    placed = place(load_contours(light=True), units_for(codes), layout)
    height = layout.hauteur
    paths = "".join(
        f'<path class="u u{unit.code}" d="{_data(unit.path, height)}">'
        f"<title>{html.escape(departement(unit.code).libelle)}</title></path>"
        for unit in placed
    )
    return (
        f'<svg class="carte" viewBox="0 0 {layout.largeur:.0f} {height:.0f}" role="img" '
        f'aria-label="Carte des changements, décrite par le tableau des montants">'
        f"<defs>{_textures()}</defs>{_frames(layout)}{paths}</svg>"
    )


def units(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes that the map draws, when the rule has these units."""
    return units_for(codes)


def looks(changes: Mapping[str, str], drawn: Sequence[str]) -> str:
    """Return the style sheet of the map.

    Parameters
    ----------
    changes
        The name of the class of each unit that is concerned.
    drawn
        The codes of the rule's units, which say how Corse is drawn.
    """
    rules = [f".carte .u{{fill:{COLOURS['hors_champ']};stroke:#fff;stroke-width:1}}"]
    by_class: dict[str, list[str]] = {}
    for code, name in changes.items():
        units = [code] if code in drawn else list(drawn_parts(code))
        by_class.setdefault(name, []).extend(units)
    fills = {one.nom: f"url(#t-{one.nom})" if one.texture else one.couleur for one in classes()}
    fills |= {ENTRANT: COLOURS["vert"], SORTANT: "url(#t-sortant)"}
    rules += [f".legende .l-{name}{{fill:{fill}}}" for name, fill in fills.items()]
    rules.append(f".legende .l-{HORS_CHAMP}{{fill:{COLOURS['hors_champ']}}}")
    for name, codes in by_class.items():
        selector = ",".join(f".carte .u{code}" for code in codes)
        rules.append(f"{selector}{{fill:{fills[name]};stroke:{COLOURS['trait']}}}")
    return f"<style>{''.join(rules)}</style>"


def _pct(bound: float) -> str:
    return with_unit(abs(round(bound * 100)), "%")


def _textures() -> str:
    made = [
        f'<pattern id="t-{one.nom}" width="9" height="9" patternUnits="userSpaceOnUse">'
        f'<rect width="9" height="9" fill="{one.couleur}"/>'
        f'<circle cx="3" cy="3" r="1.5" fill="{COLOURS["encre"] if rank else "#ffffff"}" fill-opacity=".55"/></pattern>'
        for rank, one in enumerate(one for one in classes() if one.texture)
    ]
    made.append(
        '<pattern id="t-sortant" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="10" height="10" fill="#ffffff"/><rect width="3" height="10" fill="{COLOURS["violet"]}"/>'
        "</pattern>"
    )
    return "".join(made)


def _frames(layout: Layout) -> str:
    drawn = []
    for panel in layout.panneaux:
        if panel.framed:
            left, bottom, width, height = panel.boite
            top = layout.hauteur - bottom - height
            drawn.append(
                f'<rect class="cadre-carte" x="{left + 1:.0f}" y="{top + 1:.0f}" width="{width - 2:.0f}" '
                f'height="{height - 2:.0f}"/>'
                f'<text x="{left + 9:.0f}" y="{top + 28:.0f}">{html.escape(panel.nom)}</text>'
            )
    return "".join(drawn)


def _data(path: DrawnPath, height: float) -> str:
    points = np.asarray(path.vertices, dtype="float64")
    codes = np.asarray(path.codes, dtype="int64").tolist()
    words = []
    for (x, y), code in zip(points, codes, strict=True):
        if code == DrawnPath.CLOSEPOLY:
            words.append("Z")
        else:
            words.append(f"{'M' if code == DrawnPath.MOVETO else 'L'}{x:.1f} {height - y:.1f}")
    return "".join(words)
