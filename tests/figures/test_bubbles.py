"""Circles: area in proportion, in all no more than a seventh of the land, one scale everywhere."""

import math

import pandas as pd
import pytest
from matplotlib.patches import Circle

from cdppe_analysis.figures import Scale, circles, small_multiples
from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.layout import load_layout, place
from cdppe_analysis.territories import DEPARTEMENTS


def drawn(illustration):
    return {
        patch.get_gid().removeprefix("cercle-"): patch
        for axes in illustration.figure.axes
        for patch in axes.patches
        if isinstance(patch, Circle) and (patch.get_gid() or "").startswith("cercle-")
    }


def test_the_area_is_proportional_to_the_amount(wave, words):
    found = drawn(circles(wave, "montant_eur", words, not_concerned="others"))
    amounts = wave.set_index("code_departement")["montant_eur"]
    ratios = {round(found[code].radius ** 2 / amount, 12) for code, amount in amounts.items()}
    assert len(found) == 30
    assert max(ratios) == pytest.approx(min(ratios))


def test_all_circles_together_take_at_most_a_seventh_of_the_land(france, words):
    found = drawn(circles(france, "ase_2017", words, Scale(unit="enfants")))
    land = sum(
        unit.area for unit in place(load_contours(), tuple(DEPARTEMENTS), load_layout()) if not unit.panel.framed
    )
    total = sum(math.pi * circle.radius**2 for code, circle in found.items() if not code.endswith("-loupe"))
    assert total <= land / 7 * 1.0001


def test_circles_of_the_petite_couronne_are_in_the_glass_alone_on_the_scale_of_the_map(france, words):
    found = drawn(circles(france, "ase_2017", words, Scale(unit="enfants")))
    amounts = france.set_index("code_departement")["ase_2017"]
    assert {"75-loupe", "92-loupe", "93-loupe", "94-loupe"} <= set(found)
    assert not {"75", "92", "93", "94"} & set(found)
    ratio = amounts["75"] / amounts["59"]
    assert found["75-loupe"].radius == pytest.approx(found["59"].radius * math.sqrt(ratio))


def test_small_circles_are_drawn_over_large_ones(wave, words):
    carte = circles(wave, "montant_eur", words, not_concerned="others")
    radii = [circle.radius for circle in drawn(carte).values()]
    assert radii == sorted(radii, reverse=True)


def test_an_amount_of_zero_has_a_cross_and_no_circle(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "montant_eur": [0, 10]})
    carte = circles(frame, "montant_eur", words, not_concerned="others")
    assert set(drawn(carte)) == {"62"}
    assert any(line.get_marker() == "x" for axes in carte.figure.axes for line in axes.lines)


def test_amounts_that_are_all_zero_are_drawn_as_such(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "montant_eur": [0, 0]})
    assert drawn(circles(frame, "montant_eur", words, not_concerned="others")) == {}


def test_the_edge_of_a_small_circle_does_not_hide_it(france, words):
    found = drawn(small_multiples(france, ["ase_2017"] * 1, words, Scale(unit="enfants"), across=4, stock=True))
    axes = next(iter(found.values())).axes
    points = axes.transData.transform((1, 0))[0] - axes.transData.transform((0, 0))[0]
    for circle in found.values():
        assert circle.get_linewidth() <= circle.radius * points * 72 / axes.figure.dpi * 0.21


def test_differences_have_a_colour_and_a_texture_for_what_is_lost(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "ecart": [-5.0, 10.0]})
    found = drawn(circles(frame, "ecart", words, signed=True, not_concerned="others"))
    assert found["59"].get_hatch()
    assert found["59"].get_facecolor() != found["62"].get_facecolor()
