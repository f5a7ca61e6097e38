"""Classes stay apart for every reader: computed, not believed."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cdppe_analysis.figures import palette

JUST_NOTICEABLE = 2.3
APART = 10.0


@pytest.mark.parametrize("count", [3, 4, 5, 6])
@pytest.mark.parametrize("vision", ["normale", "deuteranopie", "protanopie", "noir_et_blanc"])
def test_neighbouring_classes_stay_apart_for_every_vision(count, vision, eye):
    colours = palette.shades(palette.SEQUENTIAL, count)
    assert all(eye.distance(a, b, vision) >= APART for a, b in itertools.pairwise(colours))


def test_a_sequential_scale_only_grows_darker(eye):
    lightness = [eye.lightness(colour) for colour in palette.shades(palette.SEQUENTIAL, 6)]
    assert lightness == sorted(lightness, reverse=True)


@pytest.mark.parametrize("vision", ["normale", "deuteranopie", "protanopie"])
def test_both_sides_of_a_diverging_scale_stay_apart_in_colour(vision, eye):
    low, high = (palette.shades(side, 3) for side in palette.DIVERGING)
    colours = [*reversed(low), palette.NEUTRAL, *high]
    assert all(eye.distance(a, b, vision) >= APART for a, b in itertools.pairwise(colours))
    assert all(eye.distance(a, b, vision) >= APART for a, b in zip(low, high, strict=True))


def test_in_black_and_white_lightness_ranks_each_side_of_a_diverging_scale(eye):
    for side in (palette.shades(side, 3) for side in palette.DIVERGING):
        grey = [eye.lightness(eye.seen_as(colour, "noir_et_blanc")) for colour in side]
        assert all(a - b >= APART for a, b in itertools.pairwise(grey))


def test_inks_lines_and_papers_are_greys_from_dark_to_light(eye):
    greys = [palette.COLOURS[name] for name in ("encre", "encre_douce", "trait", "hors_champ", "territoire", "papier")]
    lightness = [eye.lightness(grey) for grey in greys]
    assert lightness == sorted(lightness)
    for grey in (*greys, palette.COLOURS["grille"]):
        assert np.ptp(to_rgb(grey)) < 0.11
    assert eye.contrast(palette.COLOURS["grille"], palette.COLOURS["papier"]) < 1.3
    assert eye.lightness(palette.CONCERNED.face) > eye.lightness(palette.NOT_CONCERNED.face)


def test_the_second_of_two_measures_goes_from_blue_to_orange():
    for column in zip(*palette.BIVARIATE, strict=True):
        blue, _, orange = warmth = [to_rgb(colour)[0] - to_rgb(colour)[2] for colour in column]
        assert warmth == sorted(warmth)
        assert blue < -0.05 < 0.3 < orange


def test_what_is_apart_from_the_classes_differs_by_more_than_colour(eye):
    assert palette.MISSING.hatch
    assert palette.NOT_CONCERNED.hatch not in {None, palette.MISSING.hatch}
    assert palette.ZERO.face != palette.NOT_CONCERNED.face
    for count in range(3, 7):
        for colour in palette.shades(palette.SEQUENTIAL, count):
            for vision in eye.visions:
                assert eye.distance(colour, palette.NOT_CONCERNED.face, vision) > JUST_NOTICEABLE


@pytest.mark.parametrize("vision", ["normale", "deuteranopie", "protanopie"])
@pytest.mark.parametrize("pair", [("bleu", "orange"), ("bleu_clair", "orange_clair")])
def test_gain_and_loss_stay_apart_in_colour(pair, vision, eye):
    first, second = (palette.COLOURS[name] for name in pair)
    assert eye.distance(first, second, vision) >= 30


@pytest.mark.parametrize("ink", ["encre", "encre_douce"])
@pytest.mark.parametrize("paper", ["papier", "territoire", "hors_champ"])
def test_text_is_readable_on_its_background(ink, paper, eye):
    """WCAG 2.2, 1.4.3: at least 4.5 for text."""
    assert eye.contrast(palette.COLOURS[ink], palette.COLOURS[paper]) >= 4.5


@pytest.mark.parametrize("name", ["bleu", "orange", "violet", "vert", "trait"])
def test_a_mark_is_visible_on_paper(name, eye):
    """WCAG 2.2, 1.4.11: at least 3 for graphics."""
    assert eye.contrast(palette.COLOURS[name], "#ffffff") >= 3


def test_ink_is_chosen_by_contrast(eye):
    assert eye.lightness(palette.Look("#0b3056").ink) > 99
    assert eye.lightness(palette.Look("#dcedf3").ink) < 20
    for colour in ("#ff5000", "#0080ff", "#2f7d6b"):
        assert eye.contrast(palette.Look(colour).ink, colour) >= max(
            eye.contrast(ink, colour) for ink in ("#1e2832", "#fffffe")
        )


def test_grey_is_seen_as_itself_by_everyone(eye):
    for vision in eye.visions:
        assert eye.distance("#808080", eye.seen_as("#808080", vision)) < 1


@pytest.mark.parametrize(
    ("colour", "value"),
    [("#ff0000", 53.24), ("#00ff00", 87.73), ("#0000ff", 32.30), ("#808080", 53.59), ("#0a0a0a", 2.74)],
)
def test_lightness_is_that_of_cie_lab(colour, value, eye):
    """L* of the primaries of sRGB under D65."""
    assert eye.lightness(colour) == pytest.approx(value, abs=0.02)


def test_distances_are_those_of_cie_lab(eye):
    """Red, green and blue of sRGB: L*a*b* 53.24, 80.09, 67.20; 87.73, -86.18, 83.18; 32.30, 79.19, -107.86."""
    assert eye.distance("#ff0000", "#00ff00") == pytest.approx(170.57, abs=0.05)
    assert eye.distance("#ff0000", "#0000ff") == pytest.approx(176.31, abs=0.05)


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#ffffff", "#767676", 4.54), ("#ff0000", "#ffffff", 4.0), ("#000000", "#0000ff", 2.44)],
)
def test_contrast_is_that_of_wcag(first, second, ratio, eye):
    assert eye.contrast(first, second) == eye.contrast(second, first) == pytest.approx(ratio, abs=0.005)


def test_colour_blind_readers_mistake_what_they_are_known_to_mistake(eye):
    """Viénot, Brettel and Mollon (1999): pure red and green turn into the same hue, yellow and blue stay apart."""
    for vision, red in (("deuteranopie", "#939300"), ("protanopie", "#5e5e0e")):
        assert eye.distance(eye.seen_as("#ff0000", vision), red) < 2.5
        assert eye.distance("#ffff00", "#0000ff", vision) > 100
        assert eye.distance(eye.seen_as("#0000ff", vision), "#0000ff") < 20
    assert eye.seen_as("#0000ff", "noir_et_blanc") == "#4c4c4c"
    assert eye.seen_as("#1F6391", "normale") == "#1f6391"


def test_a_scale_goes_from_its_first_colour_to_its_last_and_one_class_has_the_middle_one():
    anchors = palette.SEQUENTIAL
    assert palette.shades(anchors, 5) == list(anchors)
    assert palette.shades(anchors, 2) == [anchors[0], anchors[-1]]
    assert palette.shades(anchors, 1) == [anchors[2]]


def test_a_diverging_scale_goes_from_light_orange_and_blue_to_dark():
    low, high = (palette.shades(side, 4) for side in palette.DIVERGING)
    assert [low[0], low[-1], high[0], high[-1]] == ["#f6d5b0", "#5f2407", "#bddbe8", "#0b3056"]


def test_a_texture_has_an_ink_of_its_own_and_a_plain_look_the_common_edge():
    assert palette.Look.textured("#0b3056", "...").edge == palette.Look("#0b3056").ink
    assert palette.Look.textured("#0b3056", None) == palette.Look("#0b3056")
