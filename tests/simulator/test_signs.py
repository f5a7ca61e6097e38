"""The kept signs are those that the identification finds."""

from __future__ import annotations

import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.simulator.signs import kept_signs, signs_of


@pytest.mark.parametrize("scenario", ["plancher-200k"])
def test_the_kept_signs_are_found_again(scenario: str):
    assert signs_of(scenario) == kept_signs()["scenarios"][scenario]


def test_the_creuse_gains_for_certain_by_a_higher_minimum_and_no_error_breaks_it():
    """Creuse was published at the minimum of 100 000 € (annexe7-ondam-2020, B): 200 000 € is twice as much."""
    assert kept_signs()["scenarios"]["plancher-200k"]["23"] == ["gain", None]


def test_only_scenarios_of_the_project_have_signs():
    assert set(kept_signs()["scenarios"]) <= set(Data.open().scenario_ids())
    assert {sign for signs in kept_signs()["scenarios"].values() for sign, _ in signs.values()} <= {
        "gain",
        "perte",
        "inchange",
        "incertain",
    }
