"""Streams of random numbers: what they depend on, and what they do not."""

import numpy as np
import pytest

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation.streams import block_size, check_seed, segment_size, stream


def first(seed, name="igb", segment=0):
    return stream(seed, name, segment).random()


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
