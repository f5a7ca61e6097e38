"""The outlines of the page: all of France, overseas and the petite couronne in their insets."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cdppe_analysis.simulator.outlines import outlines
from cdppe_analysis.territories import DEPARTEMENTS


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    return outlines()


def test_every_departement_is_there_with_corse_whole_and_in_two(drawn: dict[str, Any]):
    codes = [one["code"] for one in drawn["unites"] if not one["loupe"]]
    assert sorted(codes) == sorted([*DEPARTEMENTS, "20"])
    assert sorted(one["code"] for one in drawn["unites"] if one["loupe"]) == ["75", "92", "93", "94"]


def test_a_path_begins_where_it_says_and_stays_on_the_map(drawn: dict[str, Any]):
    for one in drawn["unites"]:
        for part in re.findall(r"M[^M]*", one["d"]):
            x, y = map(int, re.match(r"M(-?\d+) (-?\d+)", part).groups())
            for dx, dy in re.findall(r"l(-?\d+) (-?\d+)", part):
                x, y = x + int(dx), y + int(dy)
                assert 0 <= x <= 10 * drawn["largeur"], one["code"]
                assert 0 <= y <= 10 * drawn["hauteur"], one["code"]


def test_the_nord_is_above_the_creuse_and_guyane_in_its_frame(drawn: dict[str, Any]):
    at = {one["code"]: (one["x"], one["y"]) for one in drawn["unites"]}
    assert at["59"][1] < at["23"][1]
    x, y, width, height = next(frame["boite"] for frame in drawn["cadres"] if frame["nom"] == "Guyane")
    assert x < at["973"][0] < x + width
    assert y < at["973"][1] < y + height
