"""Proportions as they are printed, what a sample can say of them, and the children they stand for.

An interval of a proportion needs a size: the library gives one only where the size is known. A printed percentage of a
known size is some count out of that size, or none: `compatible_counts` lists them.

Sources: Clopper and Pearson (1934) and Wilson (1927), as SciPy computes them.

Known drawback: the interval supposes that the children observed are a random sample, which none of the documents says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cdppe_analysis.errors import NeedsError

Rounding = Literal["arrondi", "troncature"]
Method = Literal["exact", "wilson"]


@dataclass(frozen=True)
class Interval:
    """A value and its bounds, in one unit: what rounding or sampling leaves of a figure.

    Examples
    --------
    >>> Interval(0.376, 0.368, 0.383).contains(0.38)
    True
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise NeedsError(f"{self.value} does not stand between {self.low} and {self.high}")

    def contains(self, value: float) -> bool:
        """Tell whether a value stands between the bounds, themselves included."""
        return self.low <= value <= self.high


def compatible_counts(percent: float, size: int, rounding: Rounding = "arrondi") -> list[int]:
    """Return the counts out of `size` that print as a whole percentage.

    Parameters
    ----------
    percent
        The printed percentage, in whole points.
    size
        The number of children observed.
    rounding
        `arrondi`, half up to the nearest point, or `troncature`, cut down.

    Raises
    ------
    NeedsError
        When the size is not positive or the percentage is not between 0 and 100.

    Examples
    --------
    >>> compatible_counts(66, 20), compatible_counts(65, 20)
    ([], [13])
    >>> compatible_counts(66, 18, "troncature")
    [12]
    """
    _check(percent, size)
    # In integers: 100 count / size is compared with the percentage without a rounding of its own.
    low, high = (2 * percent - 1, 2 * percent + 1) if rounding == "arrondi" else (2 * percent, 2 * percent + 2)
    return [count for count in range(size + 1) if low * size <= 200 * count < high * size]


def neighbouring_counts(percent: float, size: int) -> tuple[int, int]:
    """Return the counts out of `size` just below and just above a percentage that none of them may print.

    Examples
    --------
    >>> neighbouring_counts(66, 20)
    (13, 14)
    """
    _check(percent, size)
    below = int(percent * size // 100)
    return below, below if 100 * below == percent * size else below + 1


def binomial_interval(count: int, size: int, *, level: float = 0.95, method: Method = "exact") -> Interval:
    """Return a proportion with its confidence interval.

    Parameters
    ----------
    count, size
        Children concerned, among children observed.
    level
        Confidence level.
    method
        `exact` (Clopper-Pearson) or `wilson`.

    Returns
    -------
    Interval
        Proportions between 0 and 1.

    Raises
    ------
    NeedsError
        When the count is not between 0 and the size.

    Examples
    --------
    >>> interval = binomial_interval(13, 20)
    >>> f"{interval.low:.3f} to {interval.high:.3f}"
    '0.408 to 0.846'
    """
    from scipy.stats import binomtest

    if not 0 <= count <= size or size < 1:
        raise NeedsError(f"{count} is no count out of {size}")
    bounds = binomtest(count, size).proportion_ci(confidence_level=level, method=method)
    return Interval(count / size, float(bounds.low), float(bounds.high))


def children_concerned(children: float, low: float, high: float) -> tuple[float, float]:
    """Return how many children a prevalence stands for, at its two bounds.

    Parameters
    ----------
    children
        Number of protected children.
    low, high
        The bounds of the prevalence, between 0 and 1; equal where a single value is printed.

    Raises
    ------
    NeedsError
        When a bound is not between 0 and 1, or the bounds are the wrong way round.

    Examples
    --------
    >>> children_concerned(1000, 0.15, 0.20)
    (150.0, 200.0)
    """
    if not 0 <= low <= high <= 1:
        raise NeedsError(f"a prevalence goes from 0 to 1, low bound first: {low}, {high}")
    return children * low, children * high


def _check(percent: float, size: int) -> None:
    if size < 1 or not 0 <= percent <= 100:
        raise NeedsError(f"{percent} % of {size} children is no proportion")
