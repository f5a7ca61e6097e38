"""What is summed, counted and ranked of each block of draws, in one compiled pass, and the quantiles read from it.

Few draws are kept and sorted: quantiles are exact (linear between order statistics, Hyndman and Fan's type 7). Of
many, each column keeps a histogram: its grid spans the first segment of draws, widened by half its width on both
sides, and what falls outside is counted with its extreme value. Counts add up in any order, so that the result does
not depend on chunks or workers; within a cell values are taken as evenly spread.

Known drawback: a quantile beyond the grid is read between its edge and the extreme value, and is coarse.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

from cdppe_analysis.allocation.kernel import KEPT
from cdppe_analysis.simulation.laws import Values
from cdppe_analysis.simulation.scheduling import processors

Counts: TypeAlias = npt.NDArray[np.int64]

_COUNTED = 256
"""Up to so many units, counting who is above costs less than a sort."""

_MOST_CELLS = 4096
_GRID_CELLS = 2**23
"""Cells of all columns together: 64 MB of counts."""

_SORTED_TOGETHER = 2**20


@njit(nogil=True, error_model="numpy", cache=KEPT)
def add_moments(values: Any, centre: Any, total: Any, squares: Any) -> None:
    """Add to `total` the deviations of each column from its centre, and to `squares` their squares; a NaN adds 0."""
    for draw in range(len(values)):
        for column in range(values.shape[1]):
            value = values[draw, column] - centre[column]
            value = value if value == value else 0.0
            total[column] += value
            squares[column] += value * value


@njit(nogil=True, error_model="numpy", cache=KEPT)
def add_bounds(values: Any, low: Any, high: Any, at_low: Any, at_high: Any) -> None:
    """Count the values of each column that are its bounds."""
    for draw in range(len(values)):
        for column in range(values.shape[1]):
            at_low[column] += values[draw, column] == low[column]
            at_high[column] += values[draw, column] == high[column]


@njit(nogil=True, error_model="numpy", cache=KEPT)
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
    if values.shape[1] <= _COUNTED:
        _ranks_by_counting(values, ranks)
    else:
        _ranks_from_order(values, np.argsort(values, axis=-1), ranks)
    return ranks


@njit(nogil=True, error_model="numpy", cache=KEPT)
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


@njit(nogil=True, error_model="numpy", cache=KEPT)
def _ranks_from_order(values: Any, order: Any, ranks: Any) -> None:
    draws, units = values.shape
    for draw in range(draws):
        rank = 1
        for place in range(units):
            unit = order[draw, units - 1 - place]
            if place and values[draw, unit] != values[draw, order[draw, units - place]]:
                rank = place + 1
            ranks[draw, unit] = rank


@dataclass(frozen=True, eq=False)
class Histogram:
    """The cells of a histogram: `cells` of width `width` from `low` on, one row a column.

    `atoms` says that a cell stands for the one value at its middle (ranks, or a range of few whole euros).
    """

    low: Values
    width: Values
    cells: int
    atoms: npt.NDArray[np.bool_]

    @classmethod
    def around(cls, values: Values, step: float = 0.0) -> Histogram:
        """Return the grid that spans some draws, widened by half their range on both sides.

        Parameters
        ----------
        values
            Shape (draws, columns); NaN is left out.
        step
            All values are multiples of it (0 where they are not); a grid that can hold each multiple apart does.
        """
        columns = values.shape[1]
        cells = _cells_of(columns)
        seen = ~np.isnan(values)
        some = seen.any(axis=0)
        low = np.where(some, np.where(seen, values, np.inf).min(axis=0, initial=np.inf), 0.0)
        high = np.where(some, np.where(seen, values, -np.inf).max(axis=0, initial=-np.inf), 0.0)
        span = np.maximum(high - low, 1e-9 * np.maximum(1.0, np.abs(high)))
        width = 2 * span / cells
        atoms = np.zeros(columns, dtype=bool)
        if step:
            atoms = width <= step
            width = np.where(atoms, step, width)
        middle = (low + high) / 2
        start = middle - width * cells / 2
        if step:
            start = np.where(atoms, (np.floor(start / step) - 0.5) * step, start)
        return cls(start, width, cells, atoms)

    def empty(self) -> npt.NDArray[np.int32]:
        """Return a count of 0 for each cell, shape (columns, cells + 2), the first and last for what lies outside.

        They hold one chunk of draws: short counts, of which a processor's cache holds more.
        """
        return np.zeros((len(self.low), self.cells + 2), dtype=np.int32)

    def count(self, values: npt.NDArray[Any], counts: npt.NDArray[np.int32]) -> tuple[Values, Values]:
        """Add values, shape (draws, columns), to the counts of `empty`; return their extremes. NaN is left out."""
        smallest, largest = np.full(len(self.low), np.inf), np.full(len(self.low), -np.inf)
        _count_cells(np.ascontiguousarray(values), self.low, 1 / self.width, counts, smallest, largest)
        return smallest, largest

    def quantiles(self, counts: Counts, extremes: tuple[Values, Values], levels: Values) -> Values:
        """Read quantiles from a histogram.

        Parameters
        ----------
        counts
            Shape (columns, cells + 2).
        extremes
            Smallest and largest value of each column.
        levels
            Shape (P,), from 0 to 1.

        Returns
        -------
        numpy.ndarray
            Shape (P, columns); NaN where nothing was counted.
        """
        cumulated = np.cumsum(counts, axis=1)
        total = cumulated[:, -1]
        quantiles = np.full((len(levels), len(counts)), np.nan)
        if (total == 0).all():
            return quantiles
        for rank, level in enumerate(levels):
            position = level * (total - 1)
            below = np.floor(position)
            first = self._order_statistic(below, cumulated, counts, extremes)
            second = self._order_statistic(below + 1, cumulated, counts, extremes)
            quantiles[rank] = np.where(total > 0, first + (position - below) * (second - first), np.nan)
        return quantiles

    def _order_statistic(
        self, position: Values, cumulated: Counts, counts: Counts, extremes: tuple[Values, Values]
    ) -> Values:
        """Return the value of the given order (from 0) of each column, values of a cell being evenly spread."""
        columns = np.arange(counts.shape[0])
        cell = (cumulated <= position[:, None]).sum(axis=1)
        cell = np.minimum(cell, counts.shape[1] - 1)
        inside = np.maximum(counts[columns, cell], 1)
        before = cumulated[columns, cell] - counts[columns, cell]
        start = self.low + (cell - 1) * self.width
        end = start + self.width
        smallest, largest = extremes
        outside = (cell == 0) | (cell == counts.shape[1] - 1)
        last = self.low + self.cells * self.width
        start = np.where(cell == 0, smallest, np.where(cell == counts.shape[1] - 1, last, np.maximum(start, smallest)))
        end = np.where(cell == 0, self.low, np.where(cell == counts.shape[1] - 1, largest, np.minimum(end, largest)))
        spread = start + (position - before + 0.5) / inside * (end - start)
        middle = self.low + (cell - 0.5) * self.width
        between = np.where(self.atoms & ~outside, middle, spread)
        return np.where(position <= 0, smallest, np.where(position >= cumulated[:, -1] - 1, largest, between))


def _cells_of(columns: int) -> int:
    """Return the number of cells a column may have.

    Examples
    --------
    >>> _cells_of(101), _cells_of(35_000)
    (4096, 239)
    """
    return max(16, min(_MOST_CELLS, _GRID_CELLS // columns))


def kept_quantiles(parts: Sequence[npt.NDArray[Any]], levels: Values) -> Values:
    """Return exact quantiles of kept draws (type 7).

    Parameters
    ----------
    parts
        The draws, in as many arrays of shape (draws, columns) as they were kept in, without NaN.
    levels
        Shape (P,), from 0 to 1.

    Returns
    -------
    numpy.ndarray
        Shape (P, columns).
    """
    draws, columns = sum(len(part) for part in parts), parts[0].shape[1]
    quantiles = np.full((len(levels), columns), np.nan)
    if not draws:
        return quantiles
    position = levels * (draws - 1)
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, draws - 1)
    at_once = max(1, _SORTED_TOGETHER // draws)

    def read(start: int) -> None:
        chosen = slice(start, start + at_once)
        values = np.empty((min(at_once, columns - start), draws), dtype=parts[0].dtype)
        np.concatenate([part[:, chosen].T for part in parts], axis=1, out=values)
        values.sort(axis=1)
        first, second = values[:, below].astype(np.float64), values[:, above].astype(np.float64)
        quantiles[:, chosen] = (first + (position - below) * (second - first)).T

    with ThreadPoolExecutor(processors()) as threads:
        list(threads.map(read, range(0, columns, at_once)))
    return quantiles


@njit(nogil=True, error_model="numpy", cache=KEPT)
def _count_cells(values: Any, low: Any, per_width: Any, counts: Any, smallest: Any, largest: Any) -> None:
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
