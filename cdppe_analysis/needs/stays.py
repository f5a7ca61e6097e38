"""What three printed mean stays say: the share of stays of one public, and of the places that it holds.

With m the mean of all stays, h that of the children with a disability, s that of the others, and p the share of the
stays that are of the former:

    m = p h + (1 - p) s      so      p = (m - s) / (h - s)

By Little's law the children present at a time are arrivals times stay, so that the public with share p of the stays
holds the share q = p h / m of the places. Each mean is printed in whole days, so that p and q are known within the
half-day of each; the bounds are exact, since both are monotone in the three means.

Known drawbacks: a share of stays is not a share of children (a child may come twice), and Little's law supposes that
arrivals and stays did not drift while they were observed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs.prevalence import Interval

DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12


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
    >>> f"{means.share_of_places().value:.3f}", means.ratio().contains(2)
    ('0.517', False)
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
    months = days / DAYS_A_MONTH
    return int(months + 0.5), int(months)


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise NeedsError(f"a share stands between 0 and 1, {share} does not")
