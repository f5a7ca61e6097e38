"""The kernel gives what the exact path gives, on any array, and NaN where there is nothing to give."""

import os
import pickle
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import config

from cdppe_analysis.allocation import kernel
from cdppe_analysis.allocation.kernel import bounded_amounts, infeasible, largest_remainders
from cdppe_analysis.allocation.level import solve
from cdppe_analysis.errors import InfeasibleError

CENT_MILLIONS = 100_000_000
MANY = settings(max_examples=30 if config.DISABLE_JIT else 200, deadline=None)
"""As Python, which tells a small fault in the kernel, the loops are a hundred times slower."""


def exact(scores, envelope, lows, highs):
    """Return the level of the exact path for the same figures, or None where it has no solution."""
    rational = [Fraction(score) for score in scores]
    common = np.lcm.reduce([score.denominator for score in rational], dtype=object)
    upper = [None if high == np.inf else Fraction(high) for high in highs]
    try:
        return solve(
            [int(score * common) for score in rational], Fraction(envelope), [Fraction(v) for v in lows], upper
        )
    except InfeasibleError:
        return None


def whole(level, highs):
    upper = [None if high == np.inf else Fraction(high) for high in highs]
    return [int(amount) for amount in level.whole("plus_forts_restes", Fraction(1), upper)[0]]


spread = st.floats(-6, 6).map(lambda power: 10.0**power) | st.just(0.0)


@st.composite
def rows(draw, largest=CENT_MILLIONS):
    n = draw(st.integers(1, 40))
    scores = draw(st.lists(spread, min_size=n, max_size=n).filter(any))
    envelope = draw(st.integers(1, largest))
    mean = envelope / n
    lows = [mean * draw(st.sampled_from([0.0, 0.25, 0.5, 0.9])) for _ in range(n)]
    highs = [mean * draw(st.sampled_from([1.0, 1.5, 3.0, np.inf])) for _ in range(n)]
    return scores, envelope, lows, highs


@MANY
@given(rows())
def test_amounts_agree_with_the_exact_path_within_a_millionth_of_a_euro(row):
    level, found = exact(*row), bounded_amounts(*row)
    if level is None:
        # Rounding may make a row that misses its envelope by less than a float can hold feasible, never by more.
        assert np.isnan(found).all() or abs(found.sum() - row[1]) <= 1e-9 * row[1]
    else:
        assert max(abs(found[rank] - float(level.amount(rank))) for rank in range(len(found))) <= 1e-6


@MANY
@given(rows(largest=10**13))
def test_larger_amounts_agree_to_the_last_binary_places(row):
    level, found = exact(*row), bounded_amounts(*row)
    if level is not None:
        for rank, amount in enumerate(found):
            assert abs(Fraction(amount) - level.amount(rank)) <= 1e-6 + 1e-14 * amount


@MANY
@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=25).filter(any),
    st.integers(1, 2000),
    st.sampled_from([0.0, 0.3, 0.8]),
    st.sampled_from([1.1, 2.0, np.inf]),
)
def test_whole_euros_are_those_of_the_exact_path_ties_included(scores, envelope, low, high):
    n = len(scores)
    lows, highs = (
        [float(int(envelope * low / n))] * n,
        [float(int(envelope * high / n) + 1) if high < np.inf else high] * n,
    )
    level = exact(scores, envelope, lows, highs)
    if level is not None:
        found = largest_remainders(bounded_amounts(scores, envelope, lows, highs), envelope, highs)
        assert found.tolist() == whole(level, highs)


def test_whole_euros_are_those_of_the_exact_path_on_a_hundred_draws_of_the_departements():
    draws = np.random.default_rng(2020).lognormal(size=(100, 101))
    amounts = bounded_amounts(draws, 15e6, np.full(101, 5e4), np.full(101, 4e5))
    found = largest_remainders(amounts, 15e6, np.full(101, 4e5))
    for scores, row in zip(draws, found, strict=True):
        assert row.tolist() == whole(exact(scores, 15_000_000, [50_000] * 101, [400_000] * 101), [400_000.0] * 101)


def test_the_worked_examples():
    """Worked examples A, B and C of the method."""
    scores = [0.5, 0.3, 0.15, 0.05]
    free = bounded_amounts(scores, 100, [10] * 4, [np.inf] * 4)
    assert free == pytest.approx([900 / 19, 540 / 19, 270 / 19, 10])
    assert largest_remainders(free, 100, [np.inf] * 4).tolist() == [47, 29, 14, 10]
    capped = bounded_amounts(scores, 100, [10] * 4, [40] * 4)
    assert largest_remainders(capped, 100, [40] * 4).tolist() == [40, 33, 17, 10]
    equal = bounded_amounts([1] * 4, 10, [0] * 4, [np.inf] * 4)
    assert largest_remainders(equal, 10, [np.inf] * 4).tolist() == [3, 3, 2, 2]


@pytest.mark.parametrize(
    ("scores", "envelope", "lows", "highs"),
    [
        ([1, 1], 100, [60, 60], [90, 90]),
        ([1, 1], 100, [0, 0], [40, 40]),
        ([1, 0], 100, [0, 0], [60, 60]),
        ([1, -1], 100, [0, 0], [90, 90]),
        ([1, np.nan], 100, [0, 0], [90, 90]),
        ([1, np.nan], 180, [0, 0], [90, 90]),
        ([1, np.inf], 100, [0, 0], [90, 90]),
        ([0, 0], 100, [0, 0], [90, 90]),
        ([1, 1], 100, [50, 0], [40, 90]),
        ([1, 1], 100, [np.nan, 0], [90, 90]),
        ([1, 1], np.nan, [0, 0], [90, 90]),
        ([1, 1], 0, [0, 0], [90, 90]),
        ([1, 1], np.inf, [0, 0], [np.inf, np.inf]),
        ([1, 1], 100, [0, 0], [50, 50 - 1e-8]),
        ([1, 1], 100, [50, 50 + 1e-8], [90, 90]),
    ],
)
def test_a_row_without_a_solution_is_missing_whole(scores, envelope, lows, highs):
    assert np.isnan(bounded_amounts(scores, envelope, lows, highs)).all()


def test_a_score_of_minus_zero_is_zero_and_the_least_below_is_refused():
    amounts = bounded_amounts([[-0.0, 0.5, 0.5], [0.0, 0.5, 0.5], [-1e-300, 0.5, 0.5]], 10, [0] * 3, [6] * 3)
    assert amounts[:2].tolist() == [[0, 5, 5], [0, 5, 5]]
    assert np.isnan(amounts[2]).all()


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_scores_on_any_scale_give_the_same_amounts(scale):
    """At a lambda far from the scale of the scores every unit is at a bound: no first step says where to go."""
    amounts = bounded_amounts(np.array([0.5, 0.3, 0.15, 0.05]) * scale, 100, [10] * 4, [40] * 4)
    np.testing.assert_allclose(amounts, [40, 100 / 3, 50 / 3, 10], rtol=1e-14)


def test_rows_without_a_solution_are_counted_and_leave_the_others_alone():
    found = bounded_amounts([[1, 1], [1, 3]], [100, 200], [0, 0], [80, 80])
    assert infeasible(found) == 1
    assert found[0].tolist() == [50, 50]


def test_where_plafonds_sum_to_the_envelope_every_unit_is_at_its_own():
    assert bounded_amounts([1, 0, 3], 60, [0] * 3, [20] * 3).tolist() == [20, 20, 20]


def test_where_planchers_sum_to_the_envelope_every_unit_is_at_its_own():
    assert bounded_amounts([1, 5, 3], 60, [20] * 3, [np.inf] * 3).tolist() == [20, 20, 20]
    assert bounded_amounts([1, 5, 3], 60, [30, 30, 0], [np.inf] * 3).round(9).tolist() == [30, 30, 0]
    for low, envelope in ((0.1, 0.3), (100000.1, 300000.3)):
        # Three floats may sum to a little more than the float of their sum.
        assert bounded_amounts([1, 5, 3], envelope, [low] * 3, [np.inf] * 3).tolist() == [low] * 3


@pytest.mark.parametrize(
    ("amounts", "envelope", "highs"),
    [
        ([2.5, 2.5], 5, [2.5, 2.5]),
        ([2.5, 3.0], 5.5, [9, 9]),
        ([np.nan, 5.0], 5, [9, 9]),
        ([2.5, 2.5], 5, [np.nan, 9]),
        ([-1.0, 6.0], 5, [9, 9]),
        ([0.0, 5.0], 5, [-1, 9]),
        ([np.inf, 5.0], 5, [np.inf, 9]),
        ([3.0, 3.0], 5, [9, 9]),
        ([2.5, 2.5], np.inf, [9, 9]),
        ([2.5, 2.5], np.inf, [np.inf, np.inf]),
    ],
)
def test_a_whole_row_without_room_or_of_what_is_no_amount_is_missing(amounts, envelope, highs):
    assert np.isnan(largest_remainders(amounts, envelope, highs)).all()


def test_a_unit_may_have_one_amount_alone_and_reach_a_whole_plafond():
    assert bounded_amounts([1, 1, 2], 100, [40, 0, 0], [40, np.inf, np.inf]).tolist() == [40, 20, 40]
    assert largest_remainders([2.5, 2.5], 5, [3, np.inf]).tolist() == [3, 2]


@pytest.mark.parametrize(
    ("amounts", "envelope", "highs", "whole"),
    [
        # More euros than units that may have one: they go round again.
        ([2.9, 2.9, 2.9, 2.3], 11, [2.9, 2.9, 2.9, np.inf], [2, 2, 2, 5]),
        ([2.9, 2.9, 2.2], 8, [2.9, 2.9, np.inf], [2, 2, 4]),
        ([-0.0, -0.0, 2.5, 2.5], 5, [np.inf, np.inf, 2.5, 2.5], [1, 0, 2, 2]),
        # Remainders that rounding alone tells apart are equal: the larger amount comes first, then the first unit.
        ([1.35, 100.35, 0.3], 102, [np.inf] * 3, [1, 101, 0]),
        ([0.3, 1.35, 100.35], 102, [np.inf] * 3, [0, 1, 101]),
        ([1.35, 1.3500000000000003, 0.3], 3, [np.inf] * 3, [2, 1, 0]),
        ([100.35, 1.3500000001, 0.3], 102, [np.inf] * 3, [100, 2, 0]),
        ([1.5, 100.5, 50.5, 3.5], 156, [np.inf] * 4, [1, 101, 51, 3]),
        ([1.5, 50.5, 1.5, 50.5, 1.5, 1.5], 107, [np.inf] * 6, [2, 51, 1, 51, 1, 1]),
    ],
)
def test_euros_left_over_go_where_there_is_room_in_the_declared_order(amounts, envelope, highs, whole):
    assert largest_remainders(amounts, envelope, highs).tolist() == whole


def test_leading_axes_broadcast():
    draws = np.random.default_rng(1).random((3, 1, 4, 7))
    envelopes = np.array([100.0, 200.0])[:, None]
    found = bounded_amounts(draws, envelopes, np.zeros(7), np.full(7, 90.0))
    assert found.shape == (3, 2, 4, 7)
    assert found.sum(axis=-1) == pytest.approx(np.broadcast_to(envelopes, (3, 2, 4)))


def test_the_layout_of_the_memory_changes_nothing():
    draws = np.random.default_rng(1).random((20, 101))
    lows, highs = np.full(101, 0.5), np.full(101, 1.5)
    expected = bounded_amounts(draws, 100.0, lows, highs)
    strided = np.empty((20, 202))[:, ::2]
    bounded_amounts(np.asfortranarray(draws), 100.0, lows, highs, strided)
    assert np.array_equal(strided, expected)
    assert np.array_equal(
        largest_remainders(np.asfortranarray(expected), 100.0, highs), largest_remainders(expected, 100.0, highs)
    )


def test_uniform_bounds_may_be_broadcast():
    draws = np.random.default_rng(1).random((20, 101))
    uniform = bounded_amounts(draws, 100.0, np.broadcast_to(0.5, 101), np.broadcast_to(1.5, 101))
    assert uniform == pytest.approx(bounded_amounts(draws, 100.0, np.full(101, 0.5), np.full(101, 1.5)), abs=1e-12)


@pytest.mark.parametrize("lazy", [False, True])
def test_xarray_gives_the_same_on_arrays_of_numpy_and_of_dask(lazy):
    xarray = pytest.importorskip("xarray")
    draws = np.random.default_rng(1).random((40, 7))
    array = xarray.DataArray(draws, dims=("tirage", "departement"))
    core = ["departement"]
    found = xarray.apply_ufunc(
        bounded_amounts, array.chunk(tirage=10) if lazy else array, 100.0, np.ones(7), np.full(7, 30.0),
        input_core_dims=[core, [], core, core], output_core_dims=[core], dask="parallelized", output_dtypes=[float],
    )  # fmt: skip
    assert np.array_equal(found.to_numpy(), bounded_amounts(draws, 100.0, np.ones(7), np.full(7, 30.0)))


def test_one_variant_is_compiled_whatever_the_arrays():
    draws = np.random.default_rng(1).random((20, 6))
    draws.setflags(write=False)
    for scores in (draws, draws[::2], np.asfortranarray(draws), draws.astype(np.float32), [1, 2, 3, 4, 5, 6]):
        amounts = bounded_amounts(scores, 100, np.broadcast_to(1, 6), np.full((1, 6), np.inf))
        assert largest_remainders(amounts, 100, np.inf * np.ones(6)).sum(axis=-1) == pytest.approx(100)
    assert len(kernel._bounded_rows.signatures) == len(kernel._whole_rows.signatures) == 1


def test_bounds_of_each_row_are_held_to_be_bounds():
    lows = np.array([[0.0, 0.0], [60.0, 0.0], [-1.0, 0.0], [np.nan, 0.0]])
    found = bounded_amounts([1, 1], 100, lows, [[50.0, 90.0], [50.0, 90.0], [90.0, 90.0], [90.0, 90.0]])
    assert found[0].tolist() == [50, 50]
    assert infeasible(found) == 3
    assert infeasible(bounded_amounts([1, 1], 100, [60, 0], [[90, 90], [50, 90]])) == 1


def test_axes_of_several_lengths_are_refused():
    with pytest.raises(ValueError, match=r"not one length: \(3,\), \(1,\), \(3,\)"):
        bounded_amounts([1, 1, 1], 100, [0], [9, 9, 9])


def test_no_row_at_all_gives_none():
    assert bounded_amounts(np.empty((0, 4)), 100, np.zeros(4), np.ones(4)).shape == (0, 4)


def test_the_kernel_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(bounded_amounts)) is bounded_amounts


COMPILES = """
import sys
import numpy as np
from cdppe_analysis.allocation import kernel

print("ready", flush=True)
sys.stdin.readline()
scores, lows, highs = np.random.default_rng(0).lognormal(size=(50, 30)), np.full(30, 1e5), np.full(30, 9e5)
exact = kernel.bounded_amounts(scores, 15e6, lows, highs)
whole = kernel.largest_remainders(exact, 15e6, highs)
print(exact.tobytes().hex(), whole.tobytes().hex())
print(sum(sum(one.stats.cache_hits.values()) for one in (kernel._bounded_rows, kernel._whole_rows)))
"""


@pytest.mark.slow
def test_two_processes_that_compile_at_once_keep_what_a_third_loads(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def begun():
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([sys.executable, "-c", COMPILES], env=environment, text=True, **pipes)

    def told(process):
        out, err = process.communicate("\n")
        assert (process.returncode, err) == (0, "")
        return out.split()

    first, second = begun(), begun()
    assert [process.stdout.readline() for process in (first, second)] == ["ready\n"] * 2
    # Both are released before either is waited for: each finds the folder empty.
    for process in (first, second):
        process.stdin.write("\n")
        process.stdin.flush()
    (*bits, hits), (*others, other_hits) = told(first), told(second)
    assert (hits, other_hits) == ("0", "0")
    ready, *loaded, loaded_hits = told(begun())
    assert ready == "ready"
    assert loaded_hits == "2"
    assert loaded == bits == others
