"""Uncertain inputs and their draws."""

import numpy as np
import pytest

from cdppe_analysis.calibration.published import Remaining
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation.draws import (
    Input,
    _stream,
    block_size,
    check_seed,
    drawn_blocks,
    places_of,
    segment_size,
    universe_of,
)
from cdppe_analysis.simulation.laws import Deduced, Dirichlet, LogNormal, Uniform, Variants

ASE = Input("ase", LogNormal(1, 0.1))
WEIGHTS = Input("poids", Dirichlet([0.5, 0.5], 20))


def test_factors_of_one_criterion_multiply():
    inputs = [Input("ase", Uniform(2, 2), name="a"), Input("ase", Uniform(3, 3), name="b")]
    [drawn] = drawn_blocks(inputs, 0, 0, 4, [5])
    np.testing.assert_array_equal(drawn.factors["ase"], np.full((5, 4), 6.0))


def test_the_universe_stands_in_the_order_of_codes_and_a_part_moves_with_its_whole():
    assert universe_of(["973", "59", "2B", "20", "03", "80"]) == ["03", "20", "59", "80", "973"]
    assert universe_of(["2B", "2A", "03"]) == ["03", "2A", "2B"]
    assert places_of(["59", "2A", "20", "2B"], ["03", "20", "59"]).tolist() == [2, 1, 1, 1]


def test_an_input_that_is_added_does_not_disturb_the_others():
    [alone] = drawn_blocks([ASE], 0, 0, 4, [5])
    [both] = drawn_blocks([WEIGHTS, ASE], 0, 0, 4, [5])
    np.testing.assert_array_equal(alone.factors["ase"], both.factors["ase"])
    assert both.weights.shape == (5, 2)


def test_blocks_go_on_where_the_last_one_ended():
    whole = next(drawn_blocks([ASE], 0, 3, 4, [10])).factors["ase"]
    parts = [drawn.factors["ase"] for drawn in drawn_blocks([ASE], 0, 3, 4, [4, 4, 2])]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_independent_sets_of_draws_differ():
    first, second = (next(drawn_blocks([ASE], 0, 0, 4, [5], set_name=name)).factors["ase"] for name in "ab")
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(
    ("target", "law", "said"),
    [("poids", Uniform(0.4, 0.6), "sum to 1 in every draw"), ("ase", Dirichlet([0.5, 0.5], 5), "one of weights")],
)
def test_the_law_of_weights_is_a_dirichlet_law_and_no_other_input_s_is(target, law, said):
    with pytest.raises(ScenarioError, match=said) as refused:
        Input(target, law)
    assert refused.value.criterion == (None if target == "poids" else target)


@pytest.mark.parametrize("law", [Uniform(-0.1, 0.4), Variants([[1.0], [-1.0]])], ids=str)
def test_a_law_that_makes_values_negative_is_refused(law):
    with pytest.raises(ScenarioError, match="values of a criterion are from 0 on") as refused:
        Input("ase", law)
    assert refused.value.criterion == "ase"


def test_an_input_of_the_other_rule_alone_leaves_the_reference_as_it_is():
    inputs = [Input("ase", Uniform(2, 2), name="a", reference=False), Input("ase", Uniform(3, 3), name="b")]
    [drawn] = drawn_blocks(inputs, 0, 0, 4, [5])
    assert (drawn.factors["ase"].max(), drawn.reference_factors["ase"].max()) == (6, 3)


def test_a_deduced_criterion_sees_what_acts_on_the_reference_alone_and_comes_last():
    published = Remaining(np.array([60.0, 40.0]), np.zeros(2, bool), np.zeros(2, bool), 0.5)
    law = Deduced(published, {"ase": (0.5, np.ones(2))}, np.arange(2), np.array([0.5, 0.5]))
    inputs = [Input("igb", law), Input("ase", Uniform([3, 1], [3, 1]), rule=False)]
    [drawn] = drawn_blocks(inputs, 0, 0, 2, [5])
    # Scores 0.6 and 0.4; of the known criterion the reference has 0.75 and 0.25: the rest is 0.45 and 0.55.
    np.testing.assert_allclose(drawn.factors["igb"], np.tile([0.9, 1.1], (5, 1)))
    assert "ase" not in drawn.factors


def test_a_draw_that_the_publication_excludes_is_told():
    published = Remaining(np.array([90.0, 10.0]), np.zeros(2, bool), np.zeros(2, bool), 0.5)
    law = Deduced(published, {"ase": (0.5, np.ones(2))}, np.array([0, 2]), np.array([0.5, 0.5]))
    inputs = [Input("igb", law), Input("ase", Variants([[1.0, 1.0, 1.0], [5.0, 1.0, 1.0]]))]
    [drawn] = drawn_blocks(inputs, 0, 0, 3, [50])
    np.testing.assert_array_equal(drawn.impossible, drawn.factors["ase"][:, 0] == 1)
    assert 0 < drawn.impossible.sum() < 50


def first(seed, name="igb", segment=0):
    return _stream(seed, name, segment).random()


def test_a_seed_is_required():
    with pytest.raises(ScenarioError, match=r"needs a seed.*0 is one"):
        check_seed(None)


def test_0_is_a_seed_like_another():
    assert check_seed(0) == 0
    assert first(0) == first(0) != first(1)


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(ScenarioError):
        check_seed(seed)


def test_a_numpy_integer_is_a_seed():
    assert check_seed(np.int64(7)) == 7


def test_a_large_seed_is_not_cut():
    assert first(2**70) != first(2**70 % 2**64)


def test_each_segment_and_each_input_has_a_stream_of_its_own():
    found = {first(0, name, segment) for name in ("igb", "ase", "poids") for segment in range(50)}
    assert len(found) == 150


@pytest.mark.parametrize("units", [1, 2, 30, 101, 1000, 35_000, 200_000])
def test_a_segment_is_a_whole_number_of_blocks(units):
    assert segment_size(units) % block_size(units) == 0
    assert block_size(units) * units <= max(2**17, units)


def test_a_block_fills_a_cache_and_a_segment_is_told_by_the_units_alone():
    assert [block_size(units) for units in (1, 101, 35_000, 200_000)] == [2**17, 1024, 2, 1]
    assert [segment_size(units) for units in (1, 101, 35_000, 200_000)] == [2**19, 4096, 128, 128]


def test_the_bits_of_a_stream_are_those_of_its_seed_name_and_segment_for_ever():
    assert [first(2020), first(2020, "ase"), first(2020, segment=1)] == [
        0.5893698132598086,
        0.5819806910657379,
        0.8158362335502615,
    ]


def test_an_input_is_told_with_its_target_unless_it_has_a_group_and_a_name():
    bare, full = Input("ase", Uniform(0.5, 1.5)), Input("ase", Uniform(0.5, 1.5), "g", "n")
    assert (bare.group, bare.name, bare.rule, bare.reference) == ("ase", "ase, Uniform", True, True)
    assert (full.group, full.name) == ("g", "n")


@pytest.mark.parametrize("law", [Uniform(0.0, 2.0), Variants([0.0, 1.0]), Uniform([0.0, 1.0], [2.0, 2.0])])
def test_a_criterion_may_be_multiplied_by_0(law):
    assert Input("ase", law).law is law


def test_the_smallest_value_of_a_law_is_that_of_any_unit():
    with pytest.raises(ScenarioError, match=r"cannot be multiplied by -0\.5"):
        Input("ase", Uniform([1.0, -0.5], [2.0, 2.0]))
    with pytest.raises(ScenarioError, match="cannot be multiplied by -2"):
        Input("ase", Variants([[1.0, 1.0], [1.0, -2.0]]))
