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

from dataclasses import dataclass

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs.intervals import Interval, over_roundings

DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12


@dataclass(frozen=True)
class MeanStays:
    """Three mean stays in days, each printed to the nearest `2 × demi_arrondi`.

    Raises
    ------
    NeedsError
        When the mean of all is not between the two others, or a mean is not positive.
    """

    ensemble: float
    handicap: float
    sans_handicap: float
    demi_arrondi: float = 0.5

    def __post_init__(self) -> None:
        low, high = sorted((self.handicap, self.sans_handicap))
        if not (0 < low <= self.ensemble <= high and low < high):
            raise NeedsError(
                f"the mean of all stays, {self.ensemble}, must stand between those of both publics, {low} and {high}"
            )

    @property
    def _values(self) -> tuple[float, float, float]:
        return (self.ensemble, self.handicap, self.sans_handicap)


def share_of_stays(means: MeanStays) -> Interval:
    """Return the share of all stays that are of children with a disability.

    Examples
    --------
    >>> share = share_of_stays(MeanStays(221, 304, 171))
    >>> f"{share.valeur:.3f} ({share.basse:.3f} to {share.haute:.3f})"
    '0.376 (0.368 to 0.383)'
    """
    return over_roundings(_share_of_stays, means._values, means.demi_arrondi)


def share_of_places(means: MeanStays) -> Interval:
    """Return the share of the places that children with a disability hold, by Little's law.

    Examples
    --------
    >>> share = share_of_places(MeanStays(221, 304, 171))
    >>> f"{share.valeur:.3f} ({share.basse:.3f} to {share.haute:.3f})"
    '0.517 (0.509 to 0.525)'
    """

    def of_places(m: float, h: float, s: float) -> float:
        return _share_of_stays(m, h, s) * h / m

    return over_roundings(of_places, means._values, means.demi_arrondi)


def ratio_of_stays(means: MeanStays) -> Interval:
    """Return how many times longer children with a disability stay.

    Examples
    --------
    >>> ratio = ratio_of_stays(MeanStays(221, 304, 171))
    >>> f"{ratio.valeur:.2f}", ratio.contains(2)
    ('1.78', False)
    """
    return over_roundings(lambda _, h, s: h / s, means._values, means.demi_arrondi)


def mean_implied_by_share_of_stays(means: MeanStays, share: float) -> Interval:
    """Return the mean of all stays if the stated share were that of the stays: share × h + (1 - share) × s.

    Raises
    ------
    NeedsError
        When the share is not between 0 and 1.
    """
    _check_share(share)
    return over_roundings(
        lambda h, s: share * h + (1 - share) * s, (means.handicap, means.sans_handicap), means.demi_arrondi
    )


def mean_implied_by_share_of_places(means: MeanStays, share: float) -> Interval:
    """Return the mean of all stays if the stated share were that of the children present on a day.

    The share of the stays is then (share / h) / (share / h + (1 - share) / s), and the mean is the harmonic one,
    1 / (share / h + (1 - share) / s).

    Raises
    ------
    NeedsError
        When the share is not between 0 and 1.
    """
    _check_share(share)
    return over_roundings(
        lambda h, s: 1 / (share / h + (1 - share) / s), (means.handicap, means.sans_handicap), means.demi_arrondi
    )


def share_of_stays_from_places(means: MeanStays, share_of_places: float) -> Interval:
    """Return the share of the stays of a public that holds a stated share of the places, by Little's law.

    Raises
    ------
    NeedsError
        When the share is not between 0 and 1.
    """
    _check_share(share_of_places)

    def of_stays(h: float, s: float) -> float:
        with_disability, without = share_of_places / h, (1 - share_of_places) / s
        return with_disability / (with_disability + without)

    return over_roundings(of_stays, (means.handicap, means.sans_handicap), means.demi_arrondi)


def in_months(days: float) -> tuple[int, int]:
    """Return a stay in whole months, rounded half up then cut down.

    Examples
    --------
    >>> in_months(304), in_months(171)
    ((10, 9), (6, 5))
    """
    months = days / DAYS_A_MONTH
    return int(months + 0.5), int(months)


def _share_of_stays(m: float, h: float, s: float) -> float:
    return (m - s) / (h - s)


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise NeedsError(f"a share stands between 0 and 1, {share} does not")
