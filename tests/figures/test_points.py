"""Intervals, dots and dumbbells."""

import numpy as np
import pandas as pd
import pytest
from inspection import defects
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import (
    Scale,
    dots,
    dumbbells,
    intervals,
    palette,
)
from cdppe_analysis.figures.page import NARROW
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.figures.points import KINDS

# « rex-club-territoires »: 15 to 20 % nationally; 17 and 21 % observed in two départements, on another definition.
PREVALENCE = pd.DataFrame(
    {
        "territoire": ["France", "premier département", "second département"],
        "valeur": [None, 17.0, 21.0],
        "borne_basse": [15.0, None, None],
        "borne_haute": [20.0, None, None],
        "definition": ["estimation nationale", "notification MDPH", "notification MDPH"],
    }
)


def test_points_and_intervals_are_drawn_apart_by_definition(words):
    chart = intervals(PREVALENCE, "territoire", words, group="definition")
    drawn = [artist for axes in chart.figure.axes for artist in (*axes.lines, *axes.patches)]
    gids = [artist.get_gid() or "" for artist in drawn]
    assert sum(gid.startswith("intervalle-") for gid in gids) == 1
    assert sum(gid.startswith("point-") for gid in gids) == 2
    texts = [text.get_text() for axes in chart.figure.axes for text in axes.texts]
    assert {"estimation nationale", "notification MDPH"} <= set(texts)
    assert defects(chart) == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"valeur": None, "borne_basse": None, "borne_haute": None}, "neither a value nor both bounds"),
        ({"valeur": 17, "borne_basse": 15, "borne_haute": None}, "neither a value nor both bounds"),
        ({"valeur": None, "borne_basse": 20, "borne_haute": 15}, "the wrong way round"),
        ({"valeur": float("inf"), "borne_basse": None, "borne_haute": None}, "an infinite value"),
        ({"valeur": 17, "borne_basse": 15, "borne_haute": float("inf")}, "an infinite value"),
        ({"valeur": 17, "borne_basse": -float("inf"), "borne_haute": 20}, "an infinite value"),
    ],
)
def test_a_row_that_is_no_interval_is_named(words, row, sentence):
    with pytest.raises(FigureError, match=f"'France'.*{sentence}|{sentence[:10]}.*'France'"):
        intervals(pd.DataFrame({"territoire": ["France"], **{k: [v] for k, v in row.items()}}), "territoire", words)


def test_a_missing_column_or_no_row_is_refused(words):
    with pytest.raises(FigureError, match="no column 'borne_haute'"):
        intervals(PREVALENCE.drop(columns="borne_haute"), "territoire", words)
    with pytest.raises(FigureError, match="nothing to draw"):
        intervals(PREVALENCE.head(0), "territoire", words)


BOUNDS = pd.DataFrame(
    {"nom": ["un", "deux"], "valeur": [3.0, 5.0], "borne_basse": [1.0, 2.0], "borne_haute": [4.0, 9.0]}
)


@pytest.mark.parametrize("kind", ["fourchette", "compatibles"])
def test_a_filled_interval_begins_and_ends_at_its_bounds(words, drawn, kind):
    shapes = drawn(intervals(BOUNDS, "nom", words, kind=kind), "intervalle")
    assert [(shape.get_x(), shape.get_x() + shape.get_width()) for shape in shapes.values()] == [(1, 4), (2, 9)]
    assert [shape.get_y() + shape.get_height() / 2 for shape in shapes.values()] == pytest.approx([0, 1])


@pytest.mark.parametrize("kind", ["confiance", "tirages", "bootstrap"])
def test_a_stroke_goes_from_one_bound_to_the_other(words, drawn, kind):
    lines = drawn(intervals(BOUNDS, "nom", words, kind=kind), "intervalle")
    assert [line.get_xydata().tolist() for line in lines.values()] == [[[1, 0], [4, 0]], [[2, 1], [9, 1]]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_stands_at_its_value(words, drawn, kind):
    frame = BOUNDS.assign(borne_haute=np.nan) if kind == "borne" else BOUNDS
    points = drawn(intervals(frame, "nom", words, kind=kind), "point")
    assert [set(point.get_xdata()) for point in points.values()] == [{3}, {5}]


def test_each_kind_of_interval_has_a_glyph_and_a_word_of_its_own(words, key_of):
    looks = {}
    for kind in KINDS:
        frame = BOUNDS.assign(borne_haute=np.nan) if kind == "borne" else BOUNDS
        for word, handle in key_of(intervals(frame, "nom", words, kind=kind)).items():
            looks[word] = (
                (type(handle).__name__, handle.get_facecolor(), handle.get_hatch())
                if isinstance(handle, Patch)
                else (type(handle).__name__, handle.get_color(), handle.get_marker(), handle.get_linestyle())
            )
    assert len(set(looks.values())) == len(looks) == 10
    assert {"fourchette publiée", "intervalle de confiance à 95 %", "de 5 à 95 % des tirages"} <= {
        word.replace("\u202f", " ") for word in looks
    }


@pytest.mark.parametrize(
    ("low", "high", "text", "way"), [(50.0, np.nan, "plus de 50 %", 1), (np.nan, 20.0, "moins de 20 %", -1)]
)
def test_a_bound_points_to_the_side_that_is_open(words, low, high, text, way):
    frame = pd.DataFrame({"nom": ["un"], "valeur": [np.nan], "borne_basse": [low], "borne_haute": [high]})
    chart = intervals(frame, "nom", words, kind="borne")
    (arrow,) = [one for axes in chart.figure.axes for one in axes.texts if one.arrow_patch is not None]
    assert arrow.xy == (50.0 if way > 0 else 20.0, 0)
    assert arrow.xyann[0] * way > 0
    assert chart.table["texte"].tolist() == [text.replace(" %", "\u202f%")]


def test_an_unknown_kind_and_a_bound_of_two_sides_are_refused(words):
    with pytest.raises(FigureError, match="'au hasard' is no kind of interval"):
        intervals(BOUNDS, "nom", words, kind="au hasard")
    with pytest.raises(FigureError, match="neither a value nor one bound"):
        intervals(BOUNDS, "nom", words, kind="borne")


def test_targets_are_marked_where_they_are(words, drawn, key_of):
    chart = intervals(BOUNDS.assign(but=[6.0, np.nan]), "nom", words, target="but", target_label="cible de 2027")
    assert {row: tick.get_xdata().tolist() for row, tick in drawn(chart, "cible").items()} == {"0": [6, 6]}
    assert "cible de 2027" in key_of(chart)
    assert "cible de 2027" not in key_of(intervals(BOUNDS, "nom", words))


def test_the_axis_holds_0_and_every_bound_and_target(words):
    chart = intervals(BOUNDS.assign(but=[30.0, 1.0]), "nom", words, target="but")
    (axes,) = [axes for axes in chart.figure.axes if axes.patches and axes.get_gid() is None]
    low, high = axes.get_xlim()
    assert low == 0
    assert 30 < high < 35


def test_dots_stand_at_their_values(words, drawn):
    frame = pd.DataFrame({"nom": ["un", "deux"], "part": [2.5, 7.0]})
    chart = dots(frame, "nom", "part", words, Scale("%", 1))
    points = drawn(chart, "point")
    assert [point.get_xydata().tolist() for point in points.values()] == [[[2.5, 0]], [[7, 1]]]
    assert [point.get_color() for point in points.values()] == [COLOURS["bleu"]] * 2
    assert chart.table["texte"].tolist() == ["2,5\u202f%", "7,0\u202f%"]
    assert chart.alternative.startswith(f"Points : {words.title}")
    assert "un : 2,5\u202f% ; deux : 7,0\u202f%" in chart.alternative
    assert defects(chart) == []


def test_a_dot_without_a_value_is_named(words):
    with pytest.raises(FigureError, match="the value of 'deux' in 'part' is missing"):
        dots(pd.DataFrame({"nom": ["un", "deux"], "part": [2.5, None]}), "nom", "part", words)


@pytest.fixture(scope="module")
def compared(wave):
    return wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())


def test_dumbbells_go_from_the_largest_gain_to_the_largest_loss(compared, words):
    chart = dumbbells(compared, "prorata", "montant_eur", words)
    gaps = chart.table["ecart"].tolist()
    assert gaps == sorted(gaps, reverse=True)
    assert defects(chart) == []


def test_a_loss_is_told_by_a_stroke_as_well_as_a_colour(compared, words):
    chart = dumbbells(compared, "prorata", "montant_eur", words)
    strokes = {
        line.get_gid().removeprefix("ecart-"): line.get_linestyle()
        for axes in chart.figure.axes
        for line in axes.lines
        if (line.get_gid() or "").startswith("ecart-")
    }
    losses = set(chart.table.loc[chart.table["ecart"] < 0, "code_departement"])
    assert len(strokes) == 30
    assert {code for code, stroke in strokes.items() if stroke != "-"} == losses


def test_what_does_not_change_is_neither_a_gain_nor_a_loss(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "a": [1.0, 1.0], "b": [1.0, 2.0]})
    chart = dumbbells(frame, "a", "b", words)
    colours = {line.get_gid(): line.get_color() for axes in chart.figure.axes for line in axes.lines if line.get_gid()}
    keys = [
        text.get_text() for axes in chart.figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()
    ]
    assert colours["ecart-59"] != colours["ecart-62"]
    assert "inchangé" in keys


def test_the_alternative_counts_gains_and_losses(compared, words):
    gains = int((compared["montant_eur"] > compared["prorata"]).sum())
    assert f"Départements en hausse : {gains}," in dumbbells(compared, "prorata", "montant_eur", words).alternative


def test_two_columns_that_no_unit_shares_are_refused(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "a": [1.0, None], "b": [None, 1.0]})
    with pytest.raises(FigureError, match="no unit has a value in each"):
        dumbbells(frame, "a", "b", words)


MOVED = pd.DataFrame({"code_departement": ["59", "62", "80"], "a": [10.0, 30.0, 20.0], "b": [25.0, 5.0, 20.0]})


def test_a_dumbbell_goes_from_the_value_before_to_the_value_after(words, drawn):
    chart = dumbbells(MOVED, "a", "b", words)
    for row, (code, first, last) in enumerate((("59", 10, 25), ("80", 20, 20), ("62", 30, 5))):
        assert drawn(chart, "ecart")[code].get_xdata().tolist() == [first, last]
        assert drawn(chart, "ecart")[code].get_ydata().tolist() == [row, row]
        assert drawn(chart, "avant")[code].get_xydata().tolist() == [[first, row]]
        assert drawn(chart, "apres")[code].get_xydata().tolist() == [[last, row]]


def test_gains_and_losses_have_the_colours_that_the_key_gives_them(words, drawn, key_of):
    chart = dumbbells(MOVED, "a", "b", words, names=("hier", "demain"))
    key = key_of(chart)
    for code, word in (("59", "demain, en hausse"), ("62", "demain, en baisse"), ("80", "inchangé")):
        colour = to_rgba(key[word].get_color())
        assert to_rgba(drawn(chart, "ecart")[code].get_color()) == colour
        assert to_rgba(drawn(chart, "apres")[code].get_color()) == colour
    assert drawn(chart, "avant")["59"].get_markerfacecolor() == "white" == key["hier"].get_markerfacecolor()
    assert to_rgba(key["demain, en hausse"].get_color()) == to_rgba(palette.COLOURS["bleu"])


def test_the_gap_written_beside_a_dumbbell_is_after_less_before(words):
    chart = dumbbells(MOVED, "a", "b", words)
    (axes,) = [axes for axes in chart.figure.axes if axes.lines]
    assert [text.get_text() for text in axes.texts] == ["+15\u202f€", "0\u202f€", "−25\u202f€"]
    assert "Plus forte hausse ou moindre baisse : Nord (+15\u202f€)" in chart.alternative
    assert "Plus forte baisse ou moindre hausse : Pas-de-Calais (−25\u202f€)" in chart.alternative
    assert "Départements en hausse : 1, en baisse : 1, inchangés : 1" in chart.alternative


def test_where_everything_moves_the_key_has_no_word_for_what_does_not(words, key_of):
    assert set(key_of(dumbbells(MOVED.head(2), "a", "b", words))) == {"avant", "après, en hausse", "après, en baisse"}


def test_points_look_as_they_did(wave, words, assert_same_look):
    rows = pd.DataFrame(
        {
            "nom": list(KINDS),
            "kind": list(KINDS),
            "valeur": [3.0, 4.0, 5.0, 3.0, 2.0, 1.0],
            "borne_basse": 1.0,
            "borne_haute": [6.0] * 5 + [None],
            "but": [None, 7.0, *[None] * 4],
            "groupe": ["un"] * 3 + ["deux"] * 3,
        }
    )
    chart = intervals(rows, "nom", words, kind="kind", target="but", group="groupe")
    assert_same_look(chart.figure, "intervalles")
    assert_same_look(chart.draw(NARROW), "intervalles-etroits")
    long = rows.assign(nom=[f"{name} : un nom qui ne tient pas à côté de sa valeur" for name in KINDS])
    assert_same_look(intervals(long, "nom", words, kind="kind").draw(NARROW), "intervalles-aux-longs-noms")
    assert_same_look(dots(rows, "nom", "valeur", words).figure, "points")
    assert_same_look(dumbbells(MOVED, "a", "b", words).figure, "halteres")
