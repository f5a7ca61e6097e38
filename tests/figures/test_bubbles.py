"""Circles: area in proportion, in all no more than a seventh of the land, one scale everywhere."""

import math

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from cdppe_analysis.figures import Scale, choropleth_and_circles, circles, small_multiples
from cdppe_analysis.figures.bubbles import scale_for
from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.layout import load_layout, place
from cdppe_analysis.figures.palette import COLOURS
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


def test_a_difference_has_the_colour_that_the_legend_gives_to_more_and_to_less(words):
    frame = pd.DataFrame({"code_departement": ["59", "62", "80", "02"], "ecart": [-5.0, 10.0, 3.0, 0.0]})
    carte = circles(frame, "ecart", words, signed=True, not_concerned="others")
    found = drawn(carte)
    boxes = {patch.get_gid(): patch for axes in carte.figure.axes for patch in axes.patches}
    for code, sign in (("59", "moins"), ("62", "plus"), ("80", "plus")):
        box = boxes[f"legende-{sign}"]
        assert found[code].get_facecolor()[:3] == box.get_facecolor()[:3]
        assert bool(found[code].get_hatch()) == bool(box.get_hatch()) == (sign == "moins")
    assert to_hex(boxes["legende-plus"].get_facecolor()) == COLOURS["bleu"]
    said = [text.get_text() for axes in carte.figure.axes for text in axes.texts]
    assert {"en plus (2)", "en moins (1)", "0\u202f€ (1)"} <= set(said)


def test_an_amount_is_orange_as_its_legend_and_a_ring_too(wave, words):
    plain = circles(wave, "montant_eur", words, not_concerned="others")
    rings = choropleth_and_circles(wave, "euros_par_enfant", "montant_eur", words, not_concerned="others")
    for carte, colour in ((plain, "get_facecolor"), (rings, "get_edgecolor")):
        legend = [p for axes in carte.figure.axes for p in axes.patches if p.get_gid() == "legende-cercle"]
        for circle in (drawn(carte)["59"], *legend):
            assert to_hex(getattr(circle, colour)()) == COLOURS["orange"]
    assert to_hex(drawn(rings)["59"].get_facecolor(), keep_alpha=True).endswith("00")


def test_no_circle_is_larger_than_the_bound_of_the_map_or_of_its_frame():
    layout = load_layout()
    placed = place(load_contours(), tuple(DEPARTEMENTS), layout)
    alone = pd.Series({"59": 10.0})
    assert math.sqrt(scale_for(placed, layout, alone) * 10 / math.pi) == pytest.approx(layout.rayon_maximal)
    overseas = pd.Series({"976": 10.0})
    (unit,) = [unit for unit in placed if unit.code == "976"]
    radius = math.sqrt(scale_for(placed, layout, overseas) * 10 / math.pi)
    assert radius <= 0.36 * min(unit.panel.boite[2:]) * 1.0001
    assert scale_for(placed, layout, pd.Series({"59": 0.0})) == 0
    assert scale_for(placed, layout, -alone) == scale_for(placed, layout, alone)
