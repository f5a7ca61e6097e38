"""Legends: round amounts, circles of the right area, texts that stay in their column."""

import itertools
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from cdppe_analysis.figures import Scale, palette
from cdppe_analysis.figures.classes import classify
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.legends import KeyColumn, _counted, round_values
from cdppe_analysis.figures.page import WIDE, Page, Words, text_width
from cdppe_analysis.figures.palette import Look


@pytest.fixture
def column():
    with WIDE.styled():
        page = Page.open(Words("t", "s", "s", "c"), 3.0)
        yield KeyColumn(page.drawing(0, 0, 1.7, 3.0), 1.7, 3.0)


@given(st.floats(1e-3, 1e9))
def test_round_amounts_go_down_from_the_largest(largest):
    values = round_values(largest)
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 3
    assert largest / 2 <= values[0] <= largest


def test_legend_circles_have_the_area_of_their_amount(column):
    column._circles([4.0, 1.0], 0.05, ["4", "1"], rings=False)
    areas = [math.pi * patch.radius**2 for patch in column.axes.patches if isinstance(patch, Circle)]
    assert areas == pytest.approx([0.2, 0.05])


def test_labels_of_small_circles_do_not_touch(column):
    column._circles([100.0, 20.0, 10.0], 1e-4, ["100", "20", "10"], rings=False)
    heights = sorted(text.get_position()[1] for text in column.axes.texts)
    assert all(b - a > 0.1 for a, b in itertools.pairwise(heights))


def test_a_long_label_is_broken_and_takes_its_room(column):
    before = column.top
    column.box(Look("#ffffff"), "court", 3, "a")
    one_line = before - column.top
    column.box(Look("#ffffff"), "une étiquette bien trop longue pour une seule ligne de la légende", 3, "b")
    assert before - one_line - column.top > 1.4 * one_line
    assert all(one.get_position()[0] + text_width(one.get_text(), column.body) <= 1.7 for one in column.axes.texts)


def test_a_box_gives_the_number_of_departements(column):
    column.box(Look("#ffffff"), "de 1 à 2", 12, "a")
    assert column.axes.texts[-1].get_text() == "de 1 à 2 (12)"


@pytest.mark.parametrize(
    ("counts", "written"), [([3], "3"), ([3, 3], "3"), ([3, 5], "3~puis~5"), ([4, 3, 9], "de~3~à~9"), ([2, 2, 2], "2")]
)
def test_a_box_of_several_maps_says_both_counts_or_their_range(counts, written):
    assert _counted(counts).replace("\xa0", "~") == written


@pytest.mark.parametrize(
    ("largest", "values"),
    [
        (1995607, [1500000, 500000, 100000]),
        (1, [1, 0.3, 0.05]),
        (750, [750, 200, 50]),
        (999, [750, 200, 50]),
        (2000, [2000, 500, 100]),
    ],
)
def test_round_amounts_are_about_a_third_and_a_fifteenth(largest, values):
    assert round_values(largest) == pytest.approx(values)


def test_the_box_of_a_class_has_its_look_and_its_label_at_its_height(column):
    look = Look("#93c6da", "...", "#1f2933")
    column.box(look, "de 1 à 2", 1234, "classe-1")
    (box,) = [patch for patch in column.axes.patches if patch.get_gid() == "legende-classe-1"]
    assert (to_hex(box.get_facecolor()), box.get_hatch(), to_hex(box.get_edgecolor())) == ("#93c6da", "...", "#1f2933")
    (text,) = column.axes.texts
    assert text.get_text() == "de 1 à 2 (1\u202f234)"
    assert text.get_position()[0] > box.get_x() + box.get_width()
    assert abs(text.get_position()[1] - box.get_y() - box.get_height() / 2) < 0.06


def test_classes_stand_the_highest_on_top_each_with_its_look_and_its_count(column):
    values = pd.Series([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9], index=[f"{n:02d}" for n in range(1, 11)])
    made = classify(values, Scale(classes=3))
    column.classes(made)
    boxes = [patch for patch in column.axes.patches if (patch.get_gid() or "").startswith("legende-")]
    assert [to_hex(box.get_facecolor()) for box in boxes] == [
        *reversed(palette.shades(palette.SEQUENTIAL, 3)),
        palette.ZERO.face,
    ]
    assert [box.get_y() for box in boxes] == sorted((box.get_y() for box in boxes), reverse=True)
    assert [text.get_text() for text in column.axes.texts] == [
        "plus de 6,3 à 9,0 (3)",
        "plus de 3,7 à 6,3 (3)",
        "de 1,0 à 3,7 (3)",
        "0 (1)",
    ]


def test_the_states_of_a_map_have_their_looks_and_only_those_that_there_are(column):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "taux": [1.0, None]})
    column.states([Reading.of(frame, "taux", ["976", "974"])], concerned=True)
    found = [(patch.get_gid(), patch.get_hatch()) for patch in column.axes.patches if patch.get_gid()]
    assert found == [
        ("legende-concerne", None),
        ("legende-pas-de-donnee", palette.MISSING.hatch),
        ("legende-non-concerne", palette.NOT_CONCERNED.hatch),
    ]
    said = [text.get_text() for text in column.axes.texts]
    assert " ".join(said) == "département concerné (1) pas de donnée (98) non concerné (2)"
    column.states([Reading.of(frame.head(1), "taux", "others")])
    assert " ".join(text.get_text() for text in column.axes.texts[len(said) :]) == "non concerné (100)"


def test_a_circle_of_a_legend_touches_the_line_of_its_value(column):
    column._circles([4.0, 1.0], 0.05, ["4 €", "1 €"], rings=False)
    circles = [patch for patch in column.axes.patches if patch.get_gid() == "legende-cercle"]
    bottoms = [circle.center[1] - circle.radius for circle in circles]
    assert bottoms[0] == pytest.approx(bottoms[1])
    for circle, line, text in zip(circles, column.axes.lines, column.axes.texts, strict=True):
        assert line.get_xydata()[0].tolist() == pytest.approx([circle.center[0], circle.center[1] + circle.radius])
        assert text.get_position()[1] == pytest.approx(line.get_ydata()[-1])
    assert [text.get_text() for text in column.axes.texts] == ["4 €", "1 €"]


def test_amounts_below_1_have_the_decimals_that_tell_them_apart_and_zeros_are_counted(column):
    column.amounts(pd.Series({"59": 0.5, "62": 0.0, "80": 0.0}), 1.0, 0.6, Scale("%"))
    said = [text.get_text().replace("\u202f", " ") for text in column.axes.texts[:4]]
    assert said == ["0,50 %", "0,15 %", "0,03 %", "0 % (2)"]


def test_a_column_looks_as_it_did(column, assert_same_look):
    frame = pd.DataFrame({"code_departement": ["59", "62", "23", "80"], "taux": [0.0, None, 12.5, 4.0]})
    reading = Reading.of(frame, "taux", ["976", "974"])
    column.heading("Enfants accueillis pour 1 000 jeunes de moins de vingt ans")
    column.classes(classify(reading.known, Scale(classes=3)))
    column.states([reading], concerned=True)
    column.gap()
    column.amounts(pd.Series({"59": 0.0, "62": 5.0, "23": 40.0}), 0.001, 0.6, Scale("%", 1))
    column.amounts(pd.Series({"59": 0.2, "62": 0.5}), 0.05, 0.6, Scale("%", 1), rings=True)
    column.line("a : de 1 à 2")
    column.remark("Classes : quantiles.")
    assert_same_look(column.axes.figure, "legende")
