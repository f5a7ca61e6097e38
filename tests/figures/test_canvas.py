"""The drawn map: one patch a département, each with the look of what it is."""

import itertools
import math
from types import SimpleNamespace

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from inspection import defects, placed_texts
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, choropleth, choropleth_and_circles, circles, small_multiples
from cdppe_analysis.figures.canvas import _free_place, _freest, _pushed_inside, _scale_bar
from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.layout import MapLayout, place
from cdppe_analysis.figures.page import NARROW, WIDE
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import DEPARTEMENTS


def patches(illustration):
    return {patch.get_gid(): patch for axes in illustration.figure.axes for patch in axes.patches if patch.get_gid()}


def test_one_patch_for_each_of_the_101(france, words):
    found = patches(choropleth(france, "taux", words, Scale(decimals=1)))
    assert {
        name.removeprefix("departement-") for name in found if name.startswith("departement-") and "loupe" not in name
    } == set(DEPARTEMENTS)


def test_corse_as_one_is_one_patch(wave, words):
    found = patches(circles(wave, "montant_eur", words, not_concerned="others"))
    assert "departement-20" in found
    assert not {"departement-2A", "departement-2B"} & set(found)


def test_missing_and_not_concerned_are_hatched_apart_and_zero_is_a_class_of_its_own(wave, words):
    frame = wave[["code_departement", "euros_par_enfant"]].copy()
    frame.loc[frame["code_departement"] == "59", "euros_par_enfant"] = None
    frame.loc[frame["code_departement"] == "62", "euros_par_enfant"] = 0.0
    found = patches(choropleth(frame, "euros_par_enfant", words, not_concerned="others"))
    looks = {
        code: (found[f"departement-{code}"].get_facecolor(), found[f"departement-{code}"].get_hatch())
        for code in ("59", "62", "75", "80")
    }
    assert looks["59"][1]
    assert looks["75"][1] not in {None, looks["59"][1]}
    assert len(set(looks.values())) == 4


def test_insets_have_their_names_and_scales(wave, words):
    carte = circles(wave, "montant_eur", words, not_concerned="others")
    texts = {text.get_text() for axes in carte.figure.axes for text in axes.texts}
    assert {"Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte", "Paris, petite couronne"} <= texts
    assert sum("km" in text for text in texts) >= 4


def test_a_name_is_written_where_asked(wave, words):
    carte = circles(wave, "montant_eur", words, not_concerned="others", labels=["59"])
    (name,) = [text for axes in carte.figure.axes for text in axes.texts if text.get_gid() == "nom-59"]
    assert name.get_text() == "Nord"


def test_a_name_of_the_petite_couronne_is_written_in_its_glass(france, words):
    carte = circles(france, "ase_2017", words, Scale(unit="enfants"), labels=["93"])
    (name,) = [text for axes in carte.figure.axes for text in axes.texts if text.get_gid() == "nom-93"]
    (frame,) = [patch for name, patch in patches(carte).items() if name == "cadre-petite-couronne"]
    (placed,) = [own for own in placed_texts(carte.figure) if own.text == name.get_text()]
    glass = frame.get_window_extent()
    assert glass.x0 <= placed.box.x0 < placed.box.x1 <= glass.x1
    assert glass.y0 <= placed.box.y0 < placed.box.y1 <= glass.y1
    assert defects(carte) == []


def test_a_unit_that_is_not_drawn_cannot_be_named(wave, words):
    with pytest.raises(FigureError, match="Corse-du-Sud is no unit of this map"):
        circles(wave, "montant_eur", words, not_concerned="others", labels=["2A"])


def test_the_first_free_place_wins():
    places = [shapely.box(0, 0, 2, 2), shapely.box(4, 0, 6, 2), shapely.box(8, 0, 10, 2)]
    assert _freest(places, [shapely.box(1, 1, 3, 3)]) is places[1]
    assert _freest(places, []) is places[0]


def test_without_a_free_place_the_least_covered_wins():
    places = [shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)]
    assert _freest(places, [places[0]]) is places[1]


@pytest.mark.parametrize("side", list(itertools.product((-1, 0, 1), repeat=2)))
def test_a_name_takes_the_one_side_of_its_circle_that_is_free(side):
    """Right, left, above, below and between: all of the page but that side is taken."""
    layout = MapLayout.read()
    (unit,) = [unit for unit in place(load_contours(light=True), tuple(DEPARTEMENTS), layout) if unit.code == "23"]
    canvas = SimpleNamespace(form=WIDE, inches=5.5 / layout.width, layout=layout)
    radius = 0.0 if side == (0, 0) else 20.0
    free = [
        {-1: (at - 400, at - radius / 2), 0: (at - half, at + half), 1: (at + radius / 2, at + 400)}[way]
        for at, half, way in zip(unit.anchor, (60, 18), side, strict=True)
    ]
    free = shapely.box(free[0][0], free[1][0], free[0][1], free[1][1])
    box = _free_place(canvas, unit, radius, [shapely.box(0, 0, layout.width, layout.height).difference(free)])
    assert free.covers(box)
    assert box.distance(shapely.Point(unit.anchor)) < 30


def test_no_name_of_the_mainland_stands_in_the_glass_nor_leaves_the_page():
    layout = MapLayout.read()
    canvas = SimpleNamespace(form=WIDE, inches=5.5 / layout.width, layout=layout)
    (glass,) = [shapely.box(x, y, x + w, y + h) for x, y, w, h in (p.box for p in layout.panels if p.glass)]
    for unit in place(load_contours(light=True), tuple(DEPARTEMENTS), layout):
        box = _free_place(canvas, unit, 12.0, [])
        assert shapely.box(0, 0, layout.width, layout.height).covers(box), unit.code
        assert unit.panel.framed or not box.intersects(glass), unit.code
        assert not unit.panel.glass or glass.covers(box), unit.code


@given(*[st.integers(0, 20)] * 2, *[st.integers(1, 20)] * 4)
def test_a_box_pushed_inside_a_room_keeps_its_size_and_is_inside_where_it_can(left, bottom, width, height, wide, high):
    room = shapely.box(5, 5, 5 + wide, 5 + high)
    x0, y0, x1, y1 = _pushed_inside(left, bottom, width, height, room).bounds
    assert (x1 - x0, y1 - y0) == (width, height)
    if width <= wide and height <= high:
        assert room.covers(shapely.box(x0, y0, x1, y1))


def circled(illustration):
    return {
        patch.get_gid().removeprefix("cercle-"): patch
        for axes in illustration.figure.axes
        for patch in axes.patches
        if isinstance(patch, Circle) and (patch.get_gid() or "").startswith("cercle-")
    }


def test_the_area_is_proportional_to_the_amount(wave, words):
    found = circled(circles(wave, "montant_eur", words, not_concerned="others"))
    amounts = wave.set_index("code_departement")["montant_eur"]
    ratios = {round(found[code].radius ** 2 / amount, 12) for code, amount in amounts.items()}
    assert len(found) == 30
    assert max(ratios) == pytest.approx(min(ratios))


def test_all_circles_together_take_at_most_a_seventh_of_the_land(france, words):
    found = circled(circles(france, "ase_2017", words, Scale(unit="enfants")))
    land = sum(
        unit.area for unit in place(load_contours(), tuple(DEPARTEMENTS), MapLayout.read()) if not unit.panel.framed
    )
    total = sum(math.pi * circle.radius**2 for code, circle in found.items() if not code.endswith("-loupe"))
    assert total <= land / 7 * 1.0001


def test_circles_of_the_petite_couronne_are_in_the_glass_alone_on_the_scale_of_the_map(france, words):
    found = circled(circles(france, "ase_2017", words, Scale(unit="enfants")))
    amounts = france.set_index("code_departement")["ase_2017"]
    assert {"75-loupe", "92-loupe", "93-loupe", "94-loupe"} <= set(found)
    assert not {"75", "92", "93", "94"} & set(found)
    ratio = amounts["75"] / amounts["59"]
    assert found["75-loupe"].radius == pytest.approx(found["59"].radius * math.sqrt(ratio))


def test_small_circles_are_drawn_over_large_ones(wave, words):
    carte = circles(wave, "montant_eur", words, not_concerned="others")
    radii = [circle.radius for circle in circled(carte).values()]
    assert radii == sorted(radii, reverse=True)


def test_an_amount_of_zero_has_a_cross_and_no_circle(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "montant_eur": [0, 0.5]})
    carte = circles(frame, "montant_eur", words, not_concerned="others")
    assert set(circled(carte)) == {"62"}
    assert any(line.get_marker() == "x" for axes in carte.figure.axes for line in axes.lines)


def test_amounts_that_are_all_zero_are_drawn_as_such(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "montant_eur": [0, 0]})
    assert circled(circles(frame, "montant_eur", words, not_concerned="others")) == {}


def test_the_edge_of_a_small_circle_does_not_hide_it(france, words):
    found = circled(small_multiples(france, ["ase_2017"] * 1, words, Scale(unit="enfants"), across=4, stock=True))
    axes = next(iter(found.values())).axes
    points = axes.transData.transform((1, 0))[0] - axes.transData.transform((0, 0))[0]
    for circle in found.values():
        assert circle.get_linewidth() <= circle.radius * points * 72 / axes.figure.dpi * 0.21


def test_an_amount_is_orange_as_its_legend_and_a_ring_too(wave, words):
    plain = circles(wave, "montant_eur", words, not_concerned="others")
    rings = choropleth_and_circles(wave, "euros_par_enfant", "montant_eur", words, not_concerned="others")
    for carte, colour in ((plain, "get_facecolor"), (rings, "get_edgecolor")):
        legend = [p for axes in carte.figure.axes for p in axes.patches if p.get_gid() == "legende-cercle"]
        for circle in (circled(carte)["59"], *legend):
            assert to_hex(getattr(circle, colour)()) == COLOURS["orange"]
    assert to_hex(circled(rings)["59"].get_facecolor(), keep_alpha=True).endswith("00")


def test_a_scale_bar_has_its_length():
    axes = Figure().subplots()
    _scale_bar(axes, 10, 20, 100, "100 km", 6)
    outline = axes.patches[-1].get_path().vertices
    assert (outline[:, 0].min(), outline[:, 0].max()) == (10, 110)
    assert axes.texts[-1].get_position()[0] > 110


def test_a_map_of_circles_looks_as_it_did(france, words, assert_same_look):
    frame = france.assign(accueil=france["ase_2017"].where(france["code_departement"] != "2A", 0.0))
    carte = circles(frame, "accueil", words, Scale("enfants"), labels=["59", "75"])
    assert_same_look(carte.figure, "cercles")
    assert_same_look(carte.draw(NARROW), "cercles-etroits")
