"""The contours against the world: official areas, true neighbours."""

from dataclasses import replace

import numpy as np
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
    "67": {"54", "57", "68", "88"},
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


def test_every_border_is_found_from_both_sides():
    """The 101 départements of the source have 238 borders."""
    found = neighbours()
    assert sum(map(len, found.values())) == 2 * 238
    assert all(code in found[other] for code, others in found.items() for other in others)


def test_light_contours_keep_the_neighbours():
    assert neighbours(load_contours(light=True)) == neighbours()


def test_areas_are_near_the_official_ones():
    """INSEE, areas of communes summed by département: all within 6.5 %, 91 of 100 within 2 %, half within 0.6 %."""
    gaps = area_table().set_index("code_departement")["ecart_relatif"].abs().dropna()
    assert gaps.max() < TOLERANCE
    assert gaps.idxmax() == "38"
    assert (gaps < 0.02).sum() == 91
    assert gaps.median() < 0.006
    assert gaps[["75", "90", "92", "93", "94"]].max() < 0.01


def test_an_area_does_not_depend_on_how_the_rings_turn():
    """The Vaucluse without the sign of its enclave of Valréas would lack twice 230 km²."""
    shapes = load_contours()
    turned = replace(shapes, geometries=shapely.normalize(shapes.geometries))
    mixed = replace(shapes, geometries=np.array([_last_part_reversed(contour) for contour in shapes.geometries]))
    for other in (turned, mixed):
        assert np.allclose(area_table(other)["aire_km2"], area_table()["aire_km2"])


def test_the_official_area_of_a_departement_is_the_sum_of_its_communes():
    """INSEE, base du comparateur de territoires: the 36 communes of the Hauts-de-Seine cover 175.61 km²."""
    table = area_table().set_index("code_departement")
    assert table.at["92", "superficie_officielle_km2"] == 175.61
    assert table["superficie_officielle_km2"].isna().sum() == 1


def test_a_gap_is_above_0_where_the_contours_are_larger_than_the_official_area():
    table = area_table().dropna()
    larger = table["aire_km2"] > table["superficie_officielle_km2"]
    assert ((table["ecart_relatif"] > 0) == larger).all()
    assert table.set_index("code_departement").at["38", "ecart_relatif"] == pytest.approx(0.0625, abs=0.003)


def test_light_contours_keep_the_areas():
    full, light = (
        area_table(load_contours(light=light)).set_index("code_departement")["aire_km2"] for light in (False, True)
    )
    assert (light / full - 1).abs().max() < 0.04
    assert light.sum() == pytest.approx(full.sum(), rel=0.0005)


def _last_part_reversed(contour):
    *others, last = shapely.get_parts(contour)
    return shapely.multipolygons([*others, shapely.reverse(last)])
