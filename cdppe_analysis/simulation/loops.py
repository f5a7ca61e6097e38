"""What is summed, counted and ranked of each block of draws, compiled, in one pass over what a cache holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from cdppe_analysis.allocation.kernel import can_keep_compiled_code
from cdppe_analysis.simulation.laws import Values

_KEPT = can_keep_compiled_code(can_keep_compiled_code)

_COUNTED = 256
"""Up to so many units, counting who is above costs less than a sort."""


@njit(nogil=True, error_model="numpy", cache=_KEPT)
def count_cells(values: Any, low: Any, per_width: Any, counts: Any, smallest: Any, largest: Any) -> None:
    """Add the values of each column to its counts, and keep its extremes; a NaN is left out.

    The first and last cell hold what lies outside the grid.
    """
    draws, columns = values.shape
    cells = counts.shape[1] - 2
    places = np.empty(columns, dtype=np.int32)
    # Draw after draw: a cell that is met twice in a row would have to wait for itself. Places first: they vectorise.
    for draw in range(draws):
        for column in range(columns):
            value = values[draw, column]
            place = np.floor(min(max((value - low[column]) * per_width[column], -1.0), np.float64(cells)))
            places[column] = np.int32(place) + 1 if value == value else -1
            smallest[column] = value if value < smallest[column] else smallest[column]
            largest[column] = value if value > largest[column] else largest[column]
        for column in range(columns):
            if places[column] >= 0:
                counts[column, places[column]] += 1


@njit(nogil=True, error_model="numpy", cache=_KEPT)
def add_moments(values: Any, centre: Any, total: Any, squares: Any) -> None:
    """Add to `total` the deviations of each column from its centre, and to `squares` their squares; a NaN adds 0."""
    for draw in range(len(values)):
        for column in range(values.shape[1]):
            value = values[draw, column] - centre[column]
            value = value if value == value else 0.0
            total[column] += value
            squares[column] += value * value


@njit(nogil=True, error_model="numpy", cache=_KEPT)
def add_bounds(values: Any, low: Any, high: Any, at_low: Any, at_high: Any) -> None:
    """Count the values of each column that are its bounds."""
    for draw in range(len(values)):
        for column in range(values.shape[1]):
            at_low[column] += values[draw, column] == low[column]
            at_high[column] += values[draw, column] == high[column]


@njit(nogil=True, error_model="numpy", cache=_KEPT)
def add_effects(gaps: Any, band: float, gains: Any, losses: Any, by_draw: Any) -> None:
    """Count the gaps of each column above the band and below its opposite, and write how many a draw has of each."""
    for draw in range(len(gaps)):
        up = down = 0
        for column in range(gaps.shape[1]):
            gain, loss = gaps[draw, column] > band, gaps[draw, column] < -band
            gains[column] += gain
            losses[column] += loss
            up += gain
            down += loss
        by_draw[draw, 1], by_draw[draw, 2] = up, down


def ranks_of_rows(values: Values) -> npt.NDArray[np.int32]:
    """Return the ranks of each row, 1 for the largest; ties share the best rank.

    Parameters
    ----------
    values
        Shape (draws, n), without NaN.

    Examples
    --------
    >>> ranks_of_rows(np.array([[10.0, 30.0, 30.0, 5.0]]))
    array([[3, 1, 1, 4]], dtype=int32)
    """
    ranks = np.empty(values.shape, dtype=np.int32)
    if values.shape[-1] <= _COUNTED:
        _ranks_by_counting(values, ranks)
    else:
        _ranks_from_order(values, np.argsort(values, axis=-1), ranks)
    return ranks


@njit(nogil=True, error_model="numpy", cache=_KEPT)
def _ranks_by_counting(values: Any, ranks: Any) -> None:
    draws, units = values.shape
    larger = np.empty(units, dtype=np.int64)
    for draw in range(draws):
        row = values[draw]
        larger[:] = 0
        # Four at a time, so that a count is read and written once for four comparisons.
        for four in range(0, units - 3, 4):
            first, second, third, fourth = row[four], row[four + 1], row[four + 2], row[four + 3]
            for unit in range(units):
                value = row[unit]
                larger[unit] += (
                    np.int64(first > value) + np.int64(second > value)
                    + np.int64(third > value) + np.int64(fourth > value)
                )  # fmt: skip
        for other in range(units - units % 4, units):
            for unit in range(units):
                larger[unit] += np.int64(row[other] > row[unit])
        for unit in range(units):
            ranks[draw, unit] = 1 + larger[unit]


@njit(nogil=True, error_model="numpy", cache=_KEPT)
def _ranks_from_order(values: Any, order: Any, ranks: Any) -> None:
    draws, units = values.shape
    for draw in range(draws):
        rank = 1
        for place in range(units):
            unit = order[draw, units - 1 - place]
            if place and values[draw, unit] != values[draw, order[draw, units - place]]:
                rank = place + 1
            ranks[draw, unit] = rank
