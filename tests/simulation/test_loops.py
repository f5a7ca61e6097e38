"""The compiled loops, held against NumPy and SciPy."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.loops import add_bounds, add_effects, add_moments, count_cells, ranks_of_rows


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=4))
def test_ranks_with_ties_are_those_of_scipy(rows):
    values = np.array(rows, dtype=np.float64)
    known = rankdata(-values, method="min", axis=-1)
    np.testing.assert_array_equal(ranks_of_rows(values), known)


def test_counts_are_those_of_a_histogram():
    values = np.random.default_rng(0).normal(size=(1000, 3))
    low, width = np.array([-2.0, -1.0, 0.0]), np.array([0.1, 0.2, 0.05])
    counts = np.zeros((3, 42), dtype=np.int64)
    smallest, largest = np.full((2, 3), [[np.inf], [-np.inf]])
    count_cells(values, low, 1 / width, counts, smallest, largest)
    np.testing.assert_array_equal(smallest, values.min(axis=0))
    np.testing.assert_array_equal(largest, values.max(axis=0))
    for column in range(3):
        edges = low[column] + width[column] * np.arange(41)
        known = np.histogram(values[:, column], edges)[0]
        assert np.abs(counts[column, 1:-1] - known).sum() <= 2
        assert counts[column].sum() == 1000


def test_a_missing_value_is_not_counted():
    counts = np.zeros((1, 4), dtype=np.int64)
    smallest, largest = np.array([np.inf]), np.array([-np.inf])
    values = np.array([[np.nan], [0.5], [-1.0], [9.0], [2.0], [-1e-9]])
    count_cells(values, np.array([0.0]), np.array([1.0]), counts, smallest, largest)
    assert counts.tolist() == [[2, 1, 0, 2]]
    assert (smallest.tolist(), largest.tolist()) == ([-1.0], [9.0])


@settings(deadline=None)
@given(st.integers(250, 260), st.integers(0, 3))
def test_ranks_are_the_same_counted_or_sorted(units, seed):
    values = np.random.default_rng(seed).normal(size=(3, units)).round(1)
    np.testing.assert_array_equal(ranks_of_rows(values), rankdata(-values, method="min", axis=-1))


def drawn():
    values = np.random.default_rng(0).normal(size=(1000, 7)).round(1)
    values[3] = np.nan
    return values


def test_sums_are_formed_draw_after_draw_to_the_bit():
    values, centre = drawn(), np.linspace(-1, 1, 7)
    total, squares = np.zeros((2, 7))
    add_moments(values, centre, total, squares)
    known = np.nan_to_num(values - centre)
    assert total.tolist() == [sum(column.tolist()) for column in known.T]
    np.testing.assert_array_equal(squares, np.square(known).sum(axis=0))


def test_values_at_their_bounds_are_counted_each_side():
    values, low, high = drawn(), np.full(7, -0.5), np.linspace(0, 0.6, 7).round(1)
    at_low, at_high = np.zeros((2, 7), dtype=np.int64)
    add_bounds(values, low, high, at_low, at_high)
    assert at_low.tolist() == (values == -0.5).sum(axis=0).tolist()
    assert at_high.tolist() == (values == high).sum(axis=0).tolist()
    assert at_low.min() > 0


def test_a_gap_of_the_band_itself_is_neither_a_gain_nor_a_loss():
    gaps, by_draw = drawn(), np.full((1000, 3), 7.0)
    gains, losses = np.zeros((2, 7), dtype=np.int64)
    add_effects(gaps, 0.5, gains, losses, by_draw)
    effects = measures.effect(gaps)
    assert (np.abs(gaps) == 0.5).any()
    np.testing.assert_array_equal(gains, (effects > 0).sum(axis=0))
    np.testing.assert_array_equal(losses, (effects < 0).sum(axis=0))
    np.testing.assert_array_equal(by_draw[:, 1], (effects > 0).sum(axis=1))
    np.testing.assert_array_equal(by_draw[:, 2], (effects < 0).sum(axis=1))
    assert (by_draw[:, 0] == 7).all()
