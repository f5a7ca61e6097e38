"""The contours against the world: official areas, true neighbours."""

import pytest
import shapely

from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.geography import TOLERANCE, area_table, neighbours

# Written by hand from the list of départements that border each other, not from the contours.
TRUE_NEIGHBOURS = {
    "06": {"04", "83"},
    "23": {"03", "18", "19", "36", "63", "87"},
    "29": {"22", "56"},
    "2A": {"2B"},
    "33": {"17", "24", "40", "47"},
    "37": {"36", "41", "49", "72", "86"},
    "40": {"32", "33", "47", "64"},
    "46": {"12", "15", "19", "24", "47", "82"},
    "48": {"07", "12", "15", "30", "43"},
    "50": {"14", "35", "53", "61"},
    "59": {"02", "62", "80"},
    "62": {"59", "80"},
    "63": {"03", "15", "19", "23", "42", "43"},
    "66": {"09", "11"},
    "68": {"67", "88", "90"},
    "73": {"01", "05", "38", "74"},
    "74": {"01", "73"},
    "75": {"92", "93", "94"},
    "80": {"02", "59", "60", "62", "76"},
    "85": {"17", "44", "49", "79"},
    "90": {"25", "68", "70", "88"},
    "92": {"75", "78", "91", "93", "94", "95"},
    "93": {"75", "77", "92", "94", "95"},
    "94": {"75", "77", "91", "92", "93"},
    "971": set(),
}


@pytest.mark.parametrize("code", TRUE_NEIGHBOURS)
def test_neighbours_are_the_true_ones(code):
    assert neighbours()[code] == TRUE_NEIGHBOURS[code]


def test_the_one_border_that_the_grid_is_too_coarse_for_is_a_point():
    """The Bas-Rhin and the Meurthe-et-Moselle border each other for two kilometres near the Donon."""
    shapes = load_contours()
    assert "54" not in neighbours()["67"]
    assert shapely.intersection(shapes.unit("67"), shapes.unit("54")).geom_type == "Point"


@pytest.mark.parametrize("code", ["59", "73", "75"])
def test_light_contours_keep_the_neighbours(code):
    assert neighbours(load_contours(light=True))[code] == TRUE_NEIGHBOURS[code]


def test_areas_are_near_the_official_ones():
    """INSEE, areas of communes summed by département: all but Paris within a tenth, half of them within 1.4 %."""
    gaps = area_table().set_index("code_departement")["ecart_relatif"].abs()
    assert gaps[gaps > TOLERANCE].index.tolist() == ["75"]
    assert gaps["75"] == pytest.approx(0.18, abs=0.01)
    assert gaps.median() < 0.014


def test_the_official_area_of_a_departement_is_the_sum_of_its_communes():
    """INSEE, base du comparateur de territoires: the 36 communes of the Hauts-de-Seine cover 175.61 km²."""
    table = area_table().set_index("code_departement")
    assert table.at["92", "superficie_officielle_km2"] == 175.61
    assert table["superficie_officielle_km2"].isna().sum() == 1


def test_light_contours_keep_the_areas():
    full, light = (
        area_table(load_contours(light=light)).set_index("code_departement")["aire_km2"] for light in (False, True)
    )
    assert (light / full - 1).abs().max() < 0.05
    assert light.sum() == pytest.approx(full.sum(), rel=0.001)
