"""The map of the simulator: all départements drawn once, classes with a texture for what is lost."""

from __future__ import annotations

import re

import pytest

from cdppe_analysis.reporting.live_map import BOUNDS, class_of, classes, looks, outlines, units
from cdppe_analysis.territories import DEPARTEMENTS


def test_every_departement_is_drawn_overseas_too():
    drawn = set(re.findall(r'class="u u(\w+)"', outlines(tuple(DEPARTEMENTS))))
    assert drawn == set(DEPARTEMENTS)


def test_corse_is_drawn_as_the_rule_counts_it():
    drawn = set(re.findall(r'class="u u(\w+)"', outlines(("20", "59"))))
    assert "20" in drawn
    assert not {"2A", "2B"} & drawn
    assert len(units(("20", "59"))) == 100


def test_every_unit_says_its_name():
    assert "<title>La Réunion</title>" in outlines(("974",))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (-1.0, "c0"),
        (BOUNDS[0], "c1"),
        (BOUNDS[2], "c3"),
        (0.0, "c3"),
        (BOUNDS[3], "c3"),
        (BOUNDS[5], "c5"),
        (float("inf"), "c6"),
    ],
)
def test_classes_mirror_each_other(change: float, expected: str):
    assert class_of(change) == expected


def test_losses_are_told_by_a_texture_and_not_by_colour_alone():
    assert [one.texture for one in classes()] == [True] * 3 + [False] * 4


def test_a_whole_colours_its_parts_where_the_map_draws_them_apart():
    sheet = looks({"20": "c6"}, ("2A", "2B"))
    assert ".carte .u2A,.carte .u2B{" in sheet
