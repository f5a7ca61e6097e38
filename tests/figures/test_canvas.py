"""The drawn map: one patch a département, each with the look of what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, choropleth, circles
from cdppe_analysis.figures.canvas import _freest, _pushed_inside
from cdppe_analysis.figures.inspection import defects, placed_texts
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


BOXES = st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 20)] * 2).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


def test_the_first_free_place_wins():
    places = [(0, 0, 2, 2), (4, 0, 6, 2), (8, 0, 10, 2)]
    assert _freest(places, [(1, 1, 3, 3)]) == places[1]


def test_without_a_free_place_the_least_covered_wins():
    assert _freest([(0, 0, 2, 2), (1, 0, 3, 2)], [(0, 0, 2, 2)]) == (1, 0, 3, 2)


@given(BOXES, BOXES)
def test_a_box_pushed_inside_a_room_keeps_its_size_and_is_inside_where_it_can(box, room):
    pushed = _pushed_inside(box, room)
    size = (box[2] - box[0], box[3] - box[1])
    assert (pushed[2] - pushed[0], pushed[3] - pushed[1]) == size
    if size[0] <= room[2] - room[0] and size[1] <= room[3] - room[1]:
        assert room[0] <= pushed[0] <= pushed[2] <= room[2]
        assert room[1] <= pushed[1] <= pushed[3] <= room[3]
