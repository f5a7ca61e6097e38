"""The layout: every part in its projection and its place, everything inside the page."""

import math
import re

import numpy as np
import pandas as pd
import pytest
import shapely

from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.layout import MapLayout, _anchor, place
from cdppe_analysis.figures.page import text_width
from cdppe_analysis.territories import CORSE, DEPARTEMENTS
from cdppe_analysis.typography import NNBSP

EVERYWHERE = tuple(DEPARTEMENTS)


@pytest.fixture(scope="module")
def placed():
    return place(load_contours(), EVERYWHERE, MapLayout.read())


def test_each_territory_has_its_own_projection():
    epsg = {code: panel.epsg for panel in MapLayout.read().panels if panel.codes for code in panel.codes}
    assert (epsg["971"], epsg["972"], epsg["973"], epsg["974"], epsg["976"]) == (5490, 5490, 2972, 2975, 4471)


def test_every_departement_stands_once_and_the_four_of_the_glass_once_more(placed):
    plain = [unit.code for unit in placed if not unit.panel.glass]
    assert sorted(plain) == sorted(EVERYWHERE)
    assert sorted(unit.code for unit in placed if unit.panel.glass) == ["75", "92", "93", "94"]


def test_every_unit_is_inside_its_panel(placed):
    for unit in placed:
        left, bottom, width, height = unit.panel.box
        x0, y0, x1, y1 = unit.bounds
        assert left <= x0 < x1 <= left + width, unit.code
        assert bottom <= y0 < y1 <= bottom + height, unit.code


@pytest.mark.parametrize("narrow", [False, True])
def test_what_is_alone_in_its_inset_stands_midway_between_its_name_and_its_scale(narrow):
    layout = MapLayout.read(narrow=narrow)
    for unit in place(load_contours(), EVERYWHERE, layout):
        if unit.code in ("971", "972", "973", "974", "976"):
            left, bottom, width, height = unit.panel.box
            (x0, y0, x1, y1), top = unit.bounds, bottom + height - layout.name_band
            assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(
                (left + width / 2, (bottom + layout.bar_band + top) / 2)
            )


def test_insets_do_not_cover_the_mainland_nor_each_other(placed):
    mainland = shapely.union_all([shapely.linestrings(unit.path.vertices) for unit in placed if not unit.panel.framed])
    boxes = [shapely.box(x, y, x + w, y + h) for x, y, w, h in (p.box for p in MapLayout.read().panels if p.framed)]
    assert not any(box.intersects(mainland) for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_name_of_an_inset_fits_its_frame():
    inches = 5.48 / MapLayout.read().width
    for panel in MapLayout.read().panels:
        if panel.framed:
            assert text_width(panel.name, 6.6) * 1.04 < (panel.box[2] - 12) * inches, panel.name


def test_guyane_is_reduced_and_paris_enlarged():
    scales = {panel.id: panel.scale for panel in MapLayout.read().panels}
    assert scales["guyane"] < 1 < scales["petite-couronne"]


def test_projected_areas_are_near_the_true_ones(placed):
    """The official areas: Guyane 83 534 km², Creuse 5 565 km², Paris 105.4 km² (INSEE, communes summed)."""
    areas = {unit.code: unit.area / unit.panel.scale**2 for unit in placed if not unit.panel.glass}
    assert areas["973"] == pytest.approx(83534, rel=0.005)
    assert areas["23"] == pytest.approx(5565, rel=0.005)
    assert areas["75"] == pytest.approx(105.4, rel=0.01)


def test_corse_is_beside_the_mainland(placed):
    corse = next(unit for unit in placed if unit.code == "2A")
    assert corse.panel.id == "metropole"


def test_an_anchor_lies_in_its_unit(placed):
    for unit in placed:
        assert unit.path.contains_point(unit.anchor), unit.code


def test_an_anchor_is_the_middle_of_the_largest_part_or_where_it_is_widest_if_that_is_outside():
    island, land = shapely.box(0, 0, 1, 1), shapely.box(2, 0, 5, 3)
    assert _anchor(shapely.union_all([island, land])) == (3.5, 1.5)
    bay = shapely.box(0, 0, 10, 10).difference(shapely.box(0, 3, 8, 8))
    assert _anchor(bay) == pytest.approx((1.5, 1.5), abs=8)
    assert bay.contains(shapely.Point(_anchor(bay)))


@pytest.mark.parametrize(("wide", "tall"), [(0.3, 0.05), (0.05, 0.3)])
def test_a_study_fills_its_page_up_to_a_hair(wide, tall):
    contours = Contours(("U",), np.array([shapely.box(3, 46, 3 + wide, 46 + tall)]), "essai", own=True)
    (unit,) = place(contours, ("U",), MapLayout.of(contours))
    x0, y0, x1, y1 = unit.bounds
    left, bottom, width, height = unit.panel.box
    assert left < x0 < x1 < left + width
    assert bottom < y0 < y1 < bottom + height
    assert max((x1 - x0) / width, (y1 - y0) / height) == pytest.approx(0.98)


def test_where_no_unit_is_on_the_mainland_the_overseas_of_most_of_them_fill_the_page():
    places = {"R1": (55.3, -21.1), "R2": (55.5, -21.1), "G": (-61.5, 16.1)}
    shapes = np.array([shapely.box(x, y, x + 0.1, y + 0.1) for x, y in places.values()])
    main, *insets = MapLayout.of(Contours(tuple(places), shapes, "essai", own=True)).panels
    assert (main.id, main.codes) == ("la-reunion", None)
    assert [(panel.id, panel.codes) for panel in insets] == [("guadeloupe", ("G",))]


@pytest.mark.parametrize(("side", "bar"), [(0.01, 0.1), (0.02, 0.2), (0.05, 0.5), (1.0, 10)])
def test_the_scale_of_a_study_is_the_longest_round_one_that_is_no_longer_than_that_of_france(side, bar):
    """100 km of the mainland are 100 units of the map, where a study of a few communes takes the whole page."""
    shapes = np.array([shapely.box(3, 46, 3 + side, 46 + side)])
    main = MapLayout.of(Contours(("59001",), shapes, "essai", own=True)).panels[0]
    assert main.bar_km == pytest.approx(bar)
    assert main.bar_km * main.scale <= 100 < main.bar_km * main.scale * 2.5


def test_places_are_computed_once():
    assert place(load_contours(), EVERYWHERE, MapLayout.read()) is place(load_contours(), EVERYWHERE, MapLayout.read())


def test_no_circle_is_larger_than_the_bound_of_the_map_or_of_its_frame():
    layout, contours = MapLayout.read(), load_contours()
    area = layout.area_of_one(contours, EVERYWHERE, pd.Series({"59": 10.0}))
    assert math.sqrt(area * 10 / math.pi) == pytest.approx(layout.largest_radius)
    for panel in (*layout.panels, *MapLayout.read(narrow=True).panels):
        assert 2 * layout.largest_radius <= 0.72 * min(panel.box[2:]), panel.id
    assert layout.area_of_one(contours, EVERYWHERE, pd.Series({"59": 0.0})) == 0


def test_circles_that_no_bound_holds_take_a_seventh_of_the_mainland(placed):
    land = sum(unit.area for unit in placed if unit.panel.id == "metropole")
    area = MapLayout.read().area_of_one(load_contours(), EVERYWHERE, pd.Series(2.0, EVERYWHERE))
    assert area * 2 * 101 == pytest.approx(land / 7)


@pytest.fixture(scope="module", params=[1, 10])
def in_svg(request):
    return request.param, MapLayout.read().outlines(load_contours(light=True), (*EVERYWHERE, CORSE), request.param)


def test_every_unit_is_written_once_corse_whole_too_and_the_four_of_the_glass_last(in_svg):
    per_km, drawn = in_svg
    assert (drawn["width"], drawn["height"]) == (1400 * per_km, 1135 * per_km)
    assert [one["code"] for one in drawn["units"] if not one["enlarged"]] == sorted([*EVERYWHERE, CORSE])
    assert [one["code"] for one in drawn["units"][-4:] if one["enlarged"]] == ["75", "92", "93", "94"]


def test_an_outline_begins_where_the_contour_does_and_stays_on_the_map(in_svg):
    per_km, drawn = in_svg
    placed = {unit.code: unit for unit in place(load_contours(light=True), EVERYWHERE, MapLayout.read())[::-1]}
    for one in drawn["units"]:
        rings = re.findall(r"M(\S+) ([^l]+)l([^z]*)z", one["path"])
        extents = []
        for x, y, steps in rings:
            lengths = [float(text) for text in re.findall(r"-?[\d.]+", steps)]
            xs, ys = (np.cumsum([float(at), *own]) for at, own in ((x, lengths[::2]), (y, lengths[1::2])))
            assert 0 <= xs.min() <= xs.max() <= drawn["width"], one["code"]
            assert 0 <= ys.min() <= ys.max() <= drawn["height"], one["code"]
            extents.append([xs.min(), ys.min(), xs.max(), ys.max()])
        if one["code"] == "59":
            x, y = placed["59"].path.vertices[0]
            first = [float(rings[0][0]) / per_km, float(rings[0][1]) / per_km]
            assert first == pytest.approx([x, MapLayout.read().height - y], abs=0.051)
            x0, y0, x1, y1 = placed["59"].bounds
            left, top, *_ = np.min(extents, axis=0) / per_km
            *_, right, bottom = np.max(extents, axis=0) / per_km
            height = MapLayout.read().height
            assert [left, height - bottom, right, height - top] == pytest.approx([x0, y0, x1, y1], abs=0.11)


def test_frames_are_those_of_the_insets_from_the_top_down_each_around_its_own(in_svg):
    _, drawn = in_svg
    names = ["Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte", "Paris, petite couronne"]
    assert [frame["name"] for frame in drawn["frames"]] == names
    at = {one["code"]: (one["x"], one["y"]) for one in drawn["units"]}
    for frame, code in zip(drawn["frames"], ("971", "972", "973", "974", "976", "75"), strict=True):
        x, y, width, height = frame["box"]
        assert x < at[code][0] < x + width
        assert y < at[code][1] < y + height
    assert at["59"][1] < at["23"][1]
    per_km = in_svg[0]
    bars = {frame["name"]: (frame["km"].replace(NNBSP, " "), frame["bar"] / per_km) for frame in drawn["frames"]}
    assert bars["Guyane"] == ("200 km", 200 * 0.33)
    assert bars["Mayotte"] == ("50 km", 50 * 1.5)
