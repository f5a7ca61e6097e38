"""The compiled loops, held against NumPy and SciPy."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.loops import count_cells, ranks_of_rows


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=4))
def test_ranks_with_ties_are_those_of_scipy(rows):
    values = np.array(rows, dtype=np.float64)
    known = rankdata(-values, method="min", axis=-1)
    np.testing.assert_array_equal(ranks_of_rows(values), known)
    np.testing.assert_array_equal(measures.ranks(values), known)


def test_counts_are_those_of_a_histogram():
    values = np.random.default_rng(0).normal(size=(1000, 3))
    low, width = np.array([-2.0, -1.0, 0.0]), np.array([0.1, 0.2, 0.05])
    counts = np.zeros((3, 42), dtype=np.int64)
    count_cells(values, low, 1 / width, counts)
    for column in range(3):
        edges = low[column] + width[column] * np.arange(41)
        known = np.histogram(values[:, column], edges)[0]
        assert np.abs(counts[column, 1:-1] - known).sum() <= 2
        assert counts[column].sum() == 1000


def test_a_missing_value_is_not_counted():
    counts = np.zeros((1, 4), dtype=np.int64)
    count_cells(np.array([[np.nan], [0.5], [-1.0], [9.0]]), np.array([0.0]), np.array([1.0]), counts)
    assert counts.tolist() == [[1, 1, 0, 1]]
