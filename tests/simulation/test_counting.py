"""Quantiles in bounded memory, and the compiled loops, held against NumPy and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from cdppe_analysis.simulation import counting, measures
from cdppe_analysis.simulation.counting import (
    Histogram,
    add_bounds,
    add_effects,
    add_moments,
    kept_quantiles,
    ranks_of_rows,
)

LEVELS = np.array([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0])


def counted(values, grid):
    counts = grid.empty()
    grid.count(values, counts)
    return counts


def draws(count=20_000, columns=4):
    return np.random.default_rng(2).lognormal(11, 0.4, size=(count, columns))


def read(values, pilot, step=0.0):
    grid = Histogram.around(pilot, step)
    return grid.quantiles(counted(values, grid), (values.min(axis=0), values.max(axis=0)), LEVELS), grid


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_quantiles_of_kept_draws_are_numpy_s(count):
    values = draws(count)
    np.testing.assert_allclose(kept_quantiles([values], LEVELS), np.quantile(values, LEVELS, axis=0))


def test_kept_draws_are_left_in_their_order():
    values = draws(50)
    before = values.copy()
    kept_quantiles([values], LEVELS)
    np.testing.assert_array_equal(values, before)


def test_draws_may_be_kept_in_several_parts():
    values = draws(1000)
    parts = np.split(values, [1, 400])
    np.testing.assert_array_equal(kept_quantiles(parts, LEVELS), kept_quantiles([values], LEVELS))


def test_quantiles_of_no_draw_are_missing():
    assert np.isnan(kept_quantiles([np.empty((0, 2))], LEVELS)).all()


def test_quantiles_on_a_grid_are_known_to_within_a_cell():
    values = draws()
    found, grid = read(values, values[:2000])
    inside = slice(1, -1)
    gap = np.abs(found - np.quantile(values, LEVELS, axis=0))[inside]
    assert (gap <= grid.width).all()


@pytest.mark.parametrize("count", [1, 2])
def test_a_grid_tells_one_value_or_two_as_they_are(count):
    values = draws(count)
    np.testing.assert_allclose(read(values, draws(100))[0], np.quantile(values, LEVELS, axis=0))


def test_extreme_values_are_kept_exactly():
    values = draws()
    found, _ = read(values, values[:100])
    np.testing.assert_allclose(found[0], values.min(axis=0))
    np.testing.assert_allclose(found[-1], values.max(axis=0))


def test_few_whole_values_are_told_exactly():
    ranks = np.random.default_rng(0).integers(1, 102, size=(5000, 3)).astype(float)
    found, grid = read(ranks, ranks[:200], 1.0)
    assert grid.atoms.all()
    np.testing.assert_array_equal(found, np.quantile(ranks, LEVELS, axis=0))


def test_a_column_that_does_not_move_keeps_its_value():
    values = np.full((1000, 1), 100_000.0)
    found, _ = read(values, values[:10], 1.0)
    np.testing.assert_array_equal(found, 100_000.0)


def test_a_missing_column_stays_missing():
    values = draws(500, 2)
    values[:, 1] = np.nan
    grid = Histogram.around(values)
    found = grid.quantiles(counted(values, grid), (np.full(2, 0.0), np.full(2, 1e9)), LEVELS)
    assert np.isnan(found[:, 1]).all()
    assert not np.isnan(found[:, 0]).any()


def test_counts_add_up_in_any_order():
    values = draws()
    grid = Histogram.around(values[:100])
    parts = [counted(part, grid) for part in np.array_split(values, 7)]
    np.testing.assert_array_equal(sum(reversed(parts)), counted(values, grid))


@pytest.mark.parametrize("columns", [1, 101, 35_000, 1_000_000])
def test_the_cells_of_all_columns_are_bounded(columns):
    assert counting._cells_of(columns) * columns <= max(2**23, 16 * columns)


def test_a_grid_spans_what_was_seen_widened_by_half_its_range():
    grid = Histogram.around(np.array([[1000.0, np.nan], [3000.0, 5.0]]))
    assert grid.low[0] == pytest.approx(0)
    assert grid.low[0] + grid.cells * grid.width[0] == pytest.approx(4000)
    assert grid.low[1] + grid.cells * grid.width[1] / 2 == pytest.approx(5)


def test_whole_multiples_of_a_step_are_told_exactly():
    values = 1000.0 * np.random.default_rng(0).integers(1, 102, size=(5000, 3))
    found, _ = read(values, values[:200], 1000.0)
    np.testing.assert_array_equal(found, np.quantile(values, LEVELS, axis=0))


@pytest.mark.parametrize(
    ("others", "level", "from_", "to"),
    [
        ((1.6, 20.0), 0.9, 1.5, 20.0),
        ((-20.0, -0.6), 0.1, -20.0, -0.5),
        ((1.4999, 1.4999), 0.9, 1.5 - 2 / 4096, 1.4999),
        ((-0.4999, -0.4999), 0.1, -0.4999, -0.5 + 2 / 4096),
    ],
)
def test_a_quantile_in_the_last_cells_is_read_between_their_edges(others, level, from_, to):
    """The grid goes from -0.5 to 1.5; half of the draws are in its middle, half in a last cell, or beyond it."""
    values = np.concatenate([np.full(50, 0.5), np.linspace(*others, 50)])[:, None]
    grid = Histogram.around(np.array([[0.0], [1.0]]))
    found = grid.quantiles(counted(values, grid), (values.min(axis=0), values.max(axis=0)), np.array([level, 0.0, 1.0]))
    place = level * 99 - (50 if level > 0.5 else 0) + 0.5
    assert found[0, 0] == pytest.approx(from_ + place / 50 * (to - from_), rel=1e-12)
    assert found[1:, 0].tolist() == [values.min(), values.max()]


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
    counting._count_cells(values, low, 1 / width, counts, smallest, largest)
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
    counting._count_cells(values, np.array([0.0]), np.array([1.0]), counts, smallest, largest)
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
    assert total.tolist() == np.cumsum(known, axis=0)[-1].tolist()
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


@pytest.mark.parametrize("units", [256, 257])
def test_the_ranks_are_those_of_scipy_on_both_ways(units, monkeypatch):
    """Up to 256 units those above are counted, beyond that they are sorted."""
    values = np.random.default_rng(5).integers(0, 40, size=(3, units)).astype(float)
    other = "_ranks_from_order" if units <= 256 else "_ranks_by_counting"
    monkeypatch.setattr(counting, other, lambda *_: pytest.fail("the other way was taken"))
    np.testing.assert_array_equal(ranks_of_rows(values), rankdata(-values, method="min", axis=1))


def test_a_column_has_16_cells_at_least_and_4096_at_most():
    assert [counting._cells_of(columns) for columns in (1, 2048, 2049, 10**6)] == [4096, 4096, 4094, 16]


def test_the_extremes_of_each_column_are_returned_with_its_counts():
    values = draws(500)
    values[3, 1] = np.nan
    grid = Histogram.around(values[:100])
    low, high = grid.count(values, grid.empty())
    np.testing.assert_array_equal(low, np.nanmin(values, axis=0))
    np.testing.assert_array_equal(high, np.nanmax(values, axis=0))


def test_each_multiple_of_a_step_stands_in_the_middle_of_its_cell():
    """Of 4 096 cells that span twice what was seen, each is of 1 where that is 2 048."""
    grid = Histogram.around(np.array([[3.0, 1e9, 0, 0], [11.0, 5e9, 2_048, 2_049]]), step=1.0)
    assert grid.atoms.tolist() == [True, False, True, False]
    assert grid.width[0] == 1
    cells = (np.arange(3, 12) - grid.low[0]) / grid.width[0]
    np.testing.assert_allclose(cells % 1, 0.5)
    assert (grid.low[0] < 3) & (grid.low[0] + grid.cells > 11)


def test_more_draws_than_are_sorted_together_are_sorted_column_after_column(monkeypatch):
    monkeypatch.setattr(counting, "_SORTED_TOGETHER", 4)
    values = draws(10)
    np.testing.assert_allclose(kept_quantiles([values], LEVELS), np.quantile(values, LEVELS, axis=0))
