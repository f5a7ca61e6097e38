"""Two rates on one map: nine looks, told apart without colour too."""

import itertools

import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, bivariate, palette
from cdppe_analysis.figures.bivariate import _TEXTURES
from cdppe_analysis.figures.inspection import defects

SCALES = (Scale("‰", 1, "enfants accueillis pour 1 000"), Scale("%", 1, "taux de pauvreté"))


@pytest.fixture(scope="module")
def carte(france, words):
    return bivariate(france, "taux", "pauvrete_2019", words, *SCALES)


def test_it_stands_the_inspection(carte):
    assert defects(carte) == []


def test_its_nine_looks_look_as_they_did(carte, assert_same_picture):
    assert_same_picture(carte, "carte-deux-mesures")


def test_the_nine_counts_make_the_departements_that_have_both(carte, france):
    (legend,) = [axes for axes in carte.figure.axes if axes.get_gid() == "legende"]
    counts = [int(text.get_text()) for text in legend.texts if text.get_text().isdigit() and text.get_bbox_patch()]
    assert len(counts) == 9
    assert sum(counts) == len(france.dropna(subset=["taux", "pauvrete_2019"]))


def test_a_unit_that_lacks_one_value_has_no_data(carte):
    patch = next(p for axes in carte.figure.axes for p in axes.patches if p.get_gid() == "departement-976")
    assert patch.get_hatch()


def test_the_nine_looks_differ_for_colour_blind_readers():
    colours = [colour for row in palette.BIVARIATE for colour in row]
    for vision in ("normale", "deuteranopie", "protanopie"):
        assert all(palette.distance(a, b, vision) > 9 for a, b in itertools.combinations(colours, 2))


def test_in_black_and_white_texture_tells_rows_and_lightness_columns():
    assert len(set(_TEXTURES)) == 3
    for row in palette.BIVARIATE:
        grey = [palette.lightness(colour) for colour in row]
        assert all(a - b > 15 for a, b in itertools.pairwise(grey))


def test_a_column_with_too_few_values_is_refused(france, words):
    with pytest.raises(FigureError, match="too few distinct values"):
        bivariate(france.assign(deux=france["taux"].gt(10).astype(float)), "deux", "taux", words, *SCALES)


def test_columns_that_no_unit_has_together_are_refused(france, words):
    split = france.assign(a=france["taux"].where(france.index < 50), b=france["taux"].where(france.index >= 50))
    with pytest.raises(FigureError, match="no unit has both"):
        bivariate(split, "a", "b", words, *SCALES)
