"""Legends: round amounts, circles of the right area, texts that stay in their column."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Circle

from cdppe_analysis.figures.legends import Column, round_values
from cdppe_analysis.figures.page import open_page, styled
from cdppe_analysis.figures.palette import Look
from cdppe_analysis.figures.words import Words


@pytest.fixture
def column():
    with styled():
        page = open_page(Words("t", "s", "s", "c"), 3.0)
        yield Column(page.drawing(0, 0, 1.7, 3.0), 1.7, 3.0)


@given(st.floats(1e-3, 1e9))
def test_round_amounts_go_down_from_the_largest(largest):
    values = round_values(largest)
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 3
    assert largest / 2 <= values[0] <= largest


def test_legend_circles_have_the_area_of_their_amount(column):
    column.circles([4.0, 1.0], 0.05, ["4", "1"], "#d9622b")
    areas = [math.pi * patch.radius**2 for patch in column.axes.patches if isinstance(patch, Circle)]
    assert areas == pytest.approx([0.2, 0.05])


def test_labels_of_small_circles_do_not_touch(column):
    column.circles([100.0, 20.0, 10.0], 1e-4, ["100", "20", "10"], "#d9622b")
    heights = sorted(text.get_position()[1] for text in column.axes.texts)
    assert all(b - a > 0.1 for a, b in itertools.pairwise(heights))


def test_a_long_label_is_broken_and_takes_its_room(column):
    before = column.top
    column.box(Look("#ffffff"), "court", 3, "a")
    one_line = before - column.top
    column.box(Look("#ffffff"), "une étiquette bien trop longue pour une seule ligne de la légende", 3, "b")
    assert before - one_line - column.top > 1.4 * one_line


def test_a_box_gives_the_number_of_departements(column):
    column.box(Look("#ffffff"), "de 1 à 2", 12, "a")
    assert column.axes.texts[-1].get_text() == "de 1 à 2 (12)"
