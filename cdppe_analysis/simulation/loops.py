"""The two loops that NumPy has no word for, compiled: counting on a grid of each column's own, and ranks with ties.

Importing this module imports numba; it is imported where a simulation runs.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from cdppe_analysis.allocation.kernel import can_keep_compiled_code
from cdppe_analysis.simulation.laws import Values


@numba.njit(nogil=True, cache=can_keep_compiled_code(can_keep_compiled_code))
def count_cells(values: Any, low: Any, per_width: Any, counts: Any) -> None:
    """Add the values of each column to its counts; the first and last cell hold what lies outside the grid."""
    draws, columns = values.shape
    cells = counts.shape[1] - 2
    for draw in range(draws):
        for column in range(columns):
            value = values[draw, column]
            if value != value:
                continue
            place = (value - low[column]) * per_width[column]
            if place < 0:
                counts[column, 0] += 1
            elif place >= cells:
                counts[column, cells + 1] += 1
            else:
                counts[column, 1 + int(place)] += 1


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
    _ranks_from_order(values, np.argsort(values, axis=-1), ranks)
    return ranks


@numba.njit(nogil=True, cache=can_keep_compiled_code(can_keep_compiled_code))
def _ranks_from_order(values: Any, order: Any, ranks: Any) -> None:
    draws, units = values.shape
    for draw in range(draws):
        rank = 1
        for place in range(units):
            unit = order[draw, units - 1 - place]
            if place and values[draw, unit] != values[draw, order[draw, units - place]]:
                rank = place + 1
            ranks[draw, unit] = rank
