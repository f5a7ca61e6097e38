"""What printed figures say, to within their rounding: proportions of a sample, and three mean stays.

An interval of a proportion needs a size: the library gives one only where the size is known. A printed percentage of a
known size is some count out of that size, or none: `compatible_counts` lists them. Sources: Clopper and Pearson (1934)
and Wilson (1927), as SciPy computes them.

With m the mean of all stays, h that of the children with a disability, s that of the others, and p the share of the
stays that are of the former:

    m = p h + (1 - p) s      so      p = (m - s) / (h - s)

By Little's law the children present at a time are arrivals times stay, so that the public with share p of the stays
holds the share q = p h / m of the places. Each mean is printed in whole days, so that p and q are known within the
half-day of each; the bounds are exact, since both are monotone in the three means.

Known drawbacks: the interval of a proportion supposes that the children observed are a random sample, which none of the
documents says; a share of stays is not a share of children (a child may come twice), and Little's law supposes that
arrivals and stays did not drift while they were observed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Literal

from cdppe_analysis.errors import NeedsError

Rounding = Literal["arrondi", "troncature"]
Method = Literal["exact", "wilson"]

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Interval:
    """A value and its bounds, in one unit: what rounding or sampling leaves of a figure."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise NeedsError(f"{self.value} does not stand between {self.low} and {self.high}")


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


def binomial_interval(count: int, size: int, *, method: Method = "exact") -> Interval:
    """Return a proportion with its confidence interval at 95 %.

    Parameters
    ----------
    count, size
        Children concerned, among children observed.
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
    bounds = binomtest(count, size).proportion_ci(confidence_level=0.95, method=method)
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


@dataclass(frozen=True)
class MeanStays:
    """Three mean stays in days, each printed to the nearest `2 × half_rounding`: of all, of both publics.

    Raises
    ------
    NeedsError
        When the mean of all is not between the two others, or a mean is not positive.

    Examples
    --------
    >>> means = MeanStays(221, 304, 171)
    >>> share = means.share_of_stays()
    >>> f"{share.value:.3f} ({share.low:.3f} to {share.high:.3f})"
    '0.376 (0.368 to 0.383)'
    >>> f"{means.share_of_places().value:.3f}"
    '0.517'
    """

    everyone: float
    with_disability: float
    without: float
    half_rounding: float = 0.5

    def __post_init__(self) -> None:
        low, high = sorted((self.with_disability, self.without))
        if not (0 < low <= self.everyone <= high and low < high):
            raise NeedsError(
                f"the mean of all stays, {self.everyone}, must stand between those of both publics, {low} and {high}"
            )

    def share_of_stays(self) -> Interval:
        """Return the share of all stays that are of children with a disability."""
        return self._over_roundings(lambda m, h, s: (m - s) / (h - s))

    def share_of_places(self) -> Interval:
        """Return the share of the places that children with a disability hold, by Little's law."""
        return self._over_roundings(lambda m, h, s: (m - s) / (h - s) * h / m)

    def ratio(self) -> Interval:
        """Return how many times longer children with a disability stay."""
        return self._over_roundings(lambda _, h, s: h / s)

    def implied_by_share_of_stays(self, share: float) -> Interval:
        """Return the mean of all stays if the stated share were that of the stays: share × h + (1 - share) × s.

        Raises
        ------
        NeedsError
            When the share is not between 0 and 1.
        """
        _check_share(share)
        return self._over_roundings(lambda _, h, s: share * h + (1 - share) * s)

    def implied_by_share_of_places(self, share: float) -> Interval:
        """Return the mean of all stays if the stated share were that of the children present on a day.

        The share of the stays is then (share / h) / (share / h + (1 - share) / s), and the mean is the harmonic one,
        1 / (share / h + (1 - share) / s).

        Raises
        ------
        NeedsError
            When the share is not between 0 and 1.
        """
        _check_share(share)
        return self._over_roundings(lambda _, h, s: 1 / (share / h + (1 - share) / s))

    def _over_roundings(self, function: Callable[[float, float, float], float]) -> Interval:
        """Return a function, monotone in each mean, with its bounds at the corners of the box of roundings."""
        means, half = (self.everyone, self.with_disability, self.without), self.half_rounding
        corners = [function(*corner) for corner in product(*((mean - half, mean + half) for mean in means))]
        return Interval(function(*means), min(corners), max(corners))


def in_months(days: float) -> tuple[int, int]:
    """Return a stay in whole months, rounded half up then cut down.

    Examples
    --------
    >>> in_months(304), in_months(171)
    ((10, 9), (6, 5))
    """
    months = days / (DAYS_A_YEAR / 12)
    return int(months + 0.5), int(months)


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise NeedsError(f"a share stands between 0 and 1, {share} does not")


def _check(percent: float, size: int) -> None:
    if size < 1 or not 0 <= percent <= 100:
        raise NeedsError(f"{percent} % of {size} children is no proportion")
