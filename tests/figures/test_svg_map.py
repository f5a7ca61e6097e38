"""The one writer of maps as SVG: every outline once, frames apart, circles in one place."""

import math
import re

import pandas as pd
import pytest

from cdppe_analysis.figures.layout import load_layout
from cdppe_analysis.figures.svg_map import svg_map
from cdppe_analysis.territories import DEPARTEMENTS

EVERYWHERE = tuple(DEPARTEMENTS)


@pytest.fixture(scope="module")
def carte():
    return svg_map(EVERYWHERE)


def test_every_unit_is_written_once_and_the_four_of_the_glass_once_more(carte):
    assert [one.code for one in carte.outlines if not one.copy] == sorted(EVERYWHERE)
    assert [one.code for one in carte.outlines if one.copy] == ["75", "92", "93", "94"]


def test_outlines_are_closed_rings_of_steps_that_come_back(carte):
    for one in carte.outlines:
        for ring in re.findall(r"M([^z]*)z", one.path):
            start, steps = ring.split("l")
            numbers = [float(text) for text in re.findall(r"-?[\d.]+(?:e-?\d+)?", steps)]
            assert len(start.split(" ")) == 2
            assert len(numbers) % 2 == 0


def test_the_first_point_of_an_outline_counts_from_the_upper_left_corner(carte):
    layout = load_layout()
    unit = next(unit for unit in carte.placed if unit.code == "59")
    x, y = unit.path.vertices[0]
    one = next(one for one in carte.outlines if one.code == "59")
    first = [float(text) for text in re.match(r"M(\S+) ([^l]+)l", one.path).groups()]
    assert first == pytest.approx([x, layout.hauteur - y], abs=0.051)


def test_frames_are_those_of_the_insets_from_the_top_down(carte):
    assert [frame.name for frame in carte.frames] == [
        "Guadeloupe",
        "Martinique",
        "Guyane",
        "La Réunion",
        "Mayotte",
        "Paris, petite couronne",
    ]
    assert carte.frames[0].y < carte.frames[4].y < carte.height


def test_areas_of_circles_are_in_proportion_and_stand_in_one_place(carte):
    amounts = pd.Series(100.0, index=list(EVERYWHERE))
    amounts["59"], amounts["23"] = 400.0, 0.0
    circles = {circle.code: circle for circle in carte.circles(amounts)}
    assert len(circles) == 100
    assert circles["59"].r == pytest.approx(2 * circles["62"].r, abs=0.2)
    assert carte.circles(amounts)[0].code == "59"
    glass = next(frame for frame in carte.frames if frame.name.startswith("Paris"))
    assert glass.x < circles["75"].x < glass.x + glass.width
    assert glass.y < circles["75"].y < glass.y + glass.height


def test_the_largest_circle_is_within_the_bound(carte):
    (circle,) = carte.circles(pd.Series({"59": 1.0}))
    assert circle.r <= load_layout().rayon_maximal
    assert math.isclose(circle.r, load_layout().rayon_maximal, rel_tol=0.01)
