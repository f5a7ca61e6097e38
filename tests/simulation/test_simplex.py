"""All weights at once."""

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.simulation.simplex import gaps_on_simplex, share_of_gain, weight_grid

SHARES = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.3, 0.2, 0.5]])
MODEL = Model(
    codes=("03", "23", "59"),
    criteres=("ase", "igb", "pauvrete"),
    observed=SHARES,
    weights=np.full(3, 1 / 3),
    envelope=900_000.0,
    floors=np.zeros(3),
    caps=np.full(3, np.inf),
    floor_origins=("",) * 3,
    cap_origins=("",) * 3,
)
OFFICIAL = {"03": 300_000.0, "23": 300_000.0, "59": 300_000.0}


@pytest.mark.parametrize(("criteria", "steps", "points"), [(2, 10, 11), (3, 100, 5151), (4, 20, 1771)])
def test_a_grid_holds_every_multiple_of_its_step(criteria, steps, points):
    grid = weight_grid(criteria, steps)
    assert len(grid) == len({tuple(row) for row in grid.tolist()}) == points
    np.testing.assert_allclose(grid.sum(axis=1), 1)
    assert (grid >= 0).all()


def test_a_grid_that_is_too_large_is_refused():
    with pytest.raises(ScenarioError, match="too large"):
        weight_grid(6, 100)


def test_a_simplex_of_no_dimension_is_refused():
    with pytest.raises(ScenarioError, match="two criteria"):
        weight_grid(1, 10)


def test_at_a_corner_of_the_simplex_one_criterion_alone_shares():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 4)
    corner = gaps[(gaps["poids_ase"] == 1)].iloc[0]
    np.testing.assert_allclose(corner[["03", "23", "59"]], 900_000 * SHARES[0] - 300_000, atol=1e-6)


def test_without_bounds_a_unit_gains_on_one_side_of_a_plane():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 30)
    weights = gaps[["poids_ase", "poids_igb", "poids_pauvrete"]].to_numpy()
    np.testing.assert_allclose(gaps["03"], 900_000 * (weights @ SHARES[:, 0]) - 300_000, atol=1e-6)


def test_gains_and_losses_of_all_units_cancel_at_every_point():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 10)
    assert gaps[["03", "23", "59"]].sum(axis=1).abs().max() < 1e-6


def test_the_share_of_gain_is_counted_on_the_grid():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 10)
    found = share_of_gain(gaps).set_index("code_departement")
    assert found.loc["03", "part_gain"] == pytest.approx((measures.effect(gaps["03"]) > 0).mean())
    assert (found["part_gain"] + found["part_perte"] <= 1).all()


def test_a_unit_without_a_reference_is_left_out():
    gaps = gaps_on_simplex(MODEL, {"03": 1.0}, 2)
    assert isinstance(gaps, pd.DataFrame)
    assert [name for name in gaps.columns if not name.startswith("poids")] == ["03"]
