"""Classes stay apart for every reader: computed, not believed."""

import itertools

import pytest

from cdppe_analysis.figures import palette

JUST_NOTICEABLE = 2.3
APART = 10.0


@pytest.mark.parametrize("name", palette.SEQUENTIAL)
@pytest.mark.parametrize("count", [3, 4, 5, 6])
@pytest.mark.parametrize("vision", palette.VISIONS)
def test_neighbouring_classes_stay_apart_for_every_vision(name, count, vision):
    colours = palette.sequential(count, name)
    assert all(palette.distance(a, b, vision) >= APART for a, b in itertools.pairwise(colours))


@pytest.mark.parametrize("name", palette.SEQUENTIAL)
def test_a_sequential_scale_only_grows_darker(name):
    lightness = [palette.lightness(colour) for colour in palette.sequential(6, name)]
    assert lightness == sorted(lightness, reverse=True)


@pytest.mark.parametrize("vision", ["normale", "deuteranopie", "protanopie"])
def test_both_sides_of_a_diverging_scale_stay_apart_in_colour(vision):
    low, high = palette.diverging(3, 3)
    colours = [*reversed(low), palette.NEUTRAL, *high]
    assert all(palette.distance(a, b, vision) >= APART for a, b in itertools.pairwise(colours))
    assert all(palette.distance(a, b, vision) >= APART for a, b in zip(low, high, strict=True))


def test_in_black_and_white_lightness_ranks_each_side_of_a_diverging_scale():
    for side in palette.diverging(3, 3):
        grey = [palette.lightness(palette.seen_as(colour, "noir_et_blanc")) for colour in side]
        assert all(a - b >= APART for a, b in itertools.pairwise(grey))


def test_what_is_apart_from_the_classes_differs_by_more_than_colour():
    assert palette.MISSING.hatch
    assert palette.NOT_CONCERNED.hatch not in {None, palette.MISSING.hatch}
    assert palette.ZERO.face != palette.NOT_CONCERNED.face
    for count in range(3, 7):
        for colour in palette.sequential(count):
            for vision in palette.VISIONS:
                assert palette.distance(colour, palette.NOT_CONCERNED.face, vision) > JUST_NOTICEABLE


@pytest.mark.parametrize("vision", ["normale", "deuteranopie", "protanopie"])
@pytest.mark.parametrize("pair", [("bleu", "orange"), ("bleu_clair", "orange_clair")])
def test_gain_and_loss_stay_apart_in_colour(pair, vision):
    first, second = (palette.COLOURS[name] for name in pair)
    assert palette.distance(first, second, vision) >= 30


@pytest.mark.parametrize("ink", ["encre", "encre_douce"])
@pytest.mark.parametrize("paper", ["papier", "territoire", "hors_champ"])
def test_text_is_readable_on_its_background(ink, paper):
    """WCAG 2.2, 1.4.3: at least 4.5 for text."""
    assert palette.contrast(palette.COLOURS[ink], palette.COLOURS[paper]) >= 4.5


@pytest.mark.parametrize("name", ["bleu", "orange", "violet", "vert", "trait"])
def test_a_mark_is_visible_on_paper(name):
    """WCAG 2.2, 1.4.11: at least 3 for graphics."""
    assert palette.contrast(palette.COLOURS[name], "#ffffff") >= 3


def test_ink_is_chosen_by_contrast():
    assert palette.lightness(palette.ink_on("#0b3056")) > 99
    assert palette.lightness(palette.ink_on("#dcedf3")) < 20


def test_grey_is_seen_as_itself_by_everyone():
    for vision in palette.VISIONS:
        assert palette.distance("#808080", palette.seen_as("#808080", vision)) < 1
