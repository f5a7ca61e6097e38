"""How many children, how long they stay, how many places they need and what those cost. No I/O.

What printed figures say, to within their rounding. An interval of a proportion needs a size: one is given only where
the size is known. A printed percentage of a known size is some count out of that size, or none. Sources: Clopper and
Pearson (1934) and Wilson (1927), as SciPy computes them. With m the mean of all stays, h that of the children with a
disability, s that of the others, and p the share of the stays that are of the former:

    m = p h + (1 - p) s      so      p = (m - s) / (h - s)

A place follows several children a year when the stay is shorter than a year. By Little's law (1961), for any law of the
stays, with A arrivals a year and a mean stay of W days:

    places occupied = A × W / 365.25

so that the public with share p of the stays holds the share q = p h / m of the places. Each mean is printed in whole
days, so that p and q are known within the half-day of each; the bounds are exact, since both are monotone in the means.
The simulation draws arrivals as a Poisson process and stays from a law of a given mean, and refuses nobody: the mean
number of places occupied is the sum of the days that each stay spends in the period, divided by its length. The places
and the cost of a service, what is supposed of prevalence, stay and relative cost, are data, never constants here.

Known drawbacks: the interval of a proportion supposes that the children observed are a random sample, which none of the
documents says; a share of stays is not a share of children (a child may come twice), and Little's law supposes that
arrivals and stays did not drift while they were observed. The places occupied are a mean: to refuse no one, a service
needs more. A house full turns children away, and the simulation does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.storage.strict import Strict

Rounding = Literal["arrondi", "troncature"]
Method = Literal["exact", "wilson"]
Law = Literal["exponentielle", "lognormale", "constante"]

DAYS_A_YEAR = 365.25
_WARM_UP_IN_STAYS = 20
_BATCHES = 20
_KEYS = ("id", "titre", "places", "dotation_eur", "enfants", "prevalence", "sejour_jours", "cout_relatif")
_READ = Strict(NeedsError)


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


@dataclass(frozen=True)
class Service:
    """A service: its places, its euros a year.

    Examples
    --------
    >>> service = Service(places=10, cost_a_year=Fraction(200000))
    >>> service.cost_of_a_place
    Fraction(20000, 1)
    >>> service.bought_with(Fraction(450000))
    (2, Fraction(50000, 1))
    """

    places: int
    cost_a_year: Fraction

    def __post_init__(self) -> None:
        if self.places < 1 or self.cost_a_year <= 0:
            raise NeedsError(f"a service has places and a cost: {self.places}, {self.cost_a_year}")

    @property
    def cost_of_a_place(self) -> Fraction:
        """Euros a place and a year."""
        return self.cost_a_year / self.places

    def bought_with(self, amount: Fraction) -> tuple[int, Fraction]:
        """Return the whole services that an amount pays for a year, and the euros left."""
        whole = int(amount // self.cost_a_year)
        return whole, amount - whole * self.cost_a_year

    def places_for(self, amount: Fraction) -> Fraction:
        """Return the places that an amount pays for a year, as an exact share of a service."""
        return amount / self.cost_of_a_place


@dataclass(frozen=True)
class Needs:
    """The parameters of a need: a service, and pairs of bounds.

    Parameters
    ----------
    title
        What is needed.
    service
        Places and euros a year.
    prevalence
        Bounds, from 0 to 1.
    stay_days
        Bounds of the mean stay; the longer one is the cautious reading.
    relative_cost
        Bounds of the cost of a place, over that of the service.
    children
        The series of protected children: `critere`, `millesime`, and the edition where the year alone does not say.
    """

    title: str
    service: Service
    prevalence: tuple[Fraction, Fraction]
    stay_days: tuple[Fraction, Fraction]
    relative_cost: tuple[Fraction, Fraction]
    children: tuple[str, int, str | None] | None = None

    def __post_init__(self) -> None:
        bounds = {"prevalence": self.prevalence, "sejour_jours": self.stay_days, "cout_relatif": self.relative_cost}
        for key, (low, high) in bounds.items():
            if not 0 < low <= high:
                raise NeedsError(f"{key} needs two bounds above 0, low bound first: {low}, {high}")
        if self.prevalence[1] > 1:
            raise NeedsError(f"a prevalence is at most 1, not {self.prevalence[1]}")


def parse_needs(content: object, place: str) -> Needs:
    """Build the parameters of a need from the content of their file.

    Raises
    ------
    NeedsError
        When a key is missing or unknown (naming the nearest), or a number is none.
    """
    keyed = _READ.keyed(content, place)
    for key in _KEYS:
        _READ.needed(keyed, key, place)
    mapping = _READ.mapping(keyed, _KEYS, place)
    children = _READ.mapping(mapping["enfants"], ("critere", "millesime", "edition"), f"{place}, enfants")
    return Needs(
        title=_READ.text(mapping["titre"], f"{place}, titre"),
        service=Service(int(_number(mapping, "places", place)), _number(mapping, "dotation_eur", place)),
        prevalence=_bounds(mapping, "prevalence", place),
        stay_days=_bounds(mapping, "sejour_jours", place),
        relative_cost=_bounds(mapping, "cout_relatif", place),
        children=(
            _READ.text(children.get("critere"), f"{place}, enfants.critere"),
            _READ.year(children.get("millesime"), f"{place}, enfants.millesime"),
            children.get("edition"),
        ),
    )


def _number(mapping: Mapping[str, Any], key: str, place: str) -> Fraction:
    entry = mapping[key]
    return _READ.exact(entry.get("valeur") if isinstance(entry, Mapping) else entry, f"{place}, {key}")


def _bounds(mapping: Mapping[str, Any], key: str, place: str) -> tuple[Fraction, Fraction]:
    entry = _READ.keyed(mapping[key], f"{place}, {key}")
    low, high = (_READ.exact(entry.get(name), f"{place}, {key}.{name}") for name in ("borne_basse", "borne_haute"))
    return low, high


def places_occupied(arrivals_a_year: float, stay_days: float) -> float:
    """Return the mean number of places occupied.

    Parameters
    ----------
    arrivals_a_year
        Children admitted in a year.
    stay_days
        Mean stay, in days.

    Raises
    ------
    NeedsError
        When the arrivals are negative or the stay is not positive.

    Examples
    --------
    >>> places_occupied(73.05, 50)
    10.0
    """
    if arrivals_a_year < 0 or not stay_days > 0:
        raise NeedsError(f"arrivals are not negative and a stay is positive: {arrivals_a_year}, {stay_days}")
    return arrivals_a_year * stay_days / DAYS_A_YEAR


def children_followed_a_year(places: float, stay_days: float) -> float:
    """Return the children that full places follow in a year, each for a mean stay.

    Examples
    --------
    >>> children_followed_a_year(10, 36.525)
    100.0
    """
    if places < 0 or not stay_days > 0:
        raise NeedsError(f"places are not negative and a stay is positive: {places}, {stay_days}")
    return places * DAYS_A_YEAR / stay_days


@dataclass(frozen=True)
class Occupancy:
    """What a simulation observed: mean places, and its standard error."""

    places: float
    standard_error: float


def simulate_occupancy(
    arrivals_a_year: float,
    mean_stay: float,
    *,
    law: Law,
    years: int,
    generator: np.random.Generator,
) -> Occupancy:
    """Simulate the places occupied by children who arrive at random and stay a random time.

    Parameters
    ----------
    arrivals_a_year
        Mean number of arrivals in a year.
    mean_stay
        Mean stay in days.
    law
        Of the stays: `exponentielle`, `lognormale` (its standard deviation is its mean) or `constante`.
    years
        Length of the period observed, after a warm-up of twenty mean stays.
    generator
        Source of the draws; there is no default seed.

    Returns
    -------
    Occupancy
        `places` is the mean over the period; `standard_error` comes from the means of twenty parts of it.

    Raises
    ------
    NeedsError
        When a parameter is not positive.
    """
    for value in (arrivals_a_year, mean_stay, years):
        if not value > 0:
            raise NeedsError(f"arrivals, stay and years are positive, {value} is not")
    length = years * DAYS_A_YEAR
    warm_up = _WARM_UP_IN_STAYS * mean_stay
    number = int(generator.poisson(arrivals_a_year / DAYS_A_YEAR * (length + warm_up)))
    starts = generator.uniform(-warm_up, length, number)
    stays = _stays(number, mean_stay, law, generator)
    edges = np.linspace(0, length, _BATCHES + 1)
    overlaps = np.minimum.outer(starts + stays, edges[1:]) - np.maximum.outer(starts, edges[:-1])
    means = np.clip(overlaps, 0, None).sum(axis=0) / (length / _BATCHES)
    return Occupancy(float(means.mean()), float(means.std(ddof=1) / np.sqrt(_BATCHES)))


def _stays(number: int, mean: float, law: Law, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    if law == "exponentielle":
        return generator.exponential(mean, number)
    if law == "lognormale":
        variance = np.log(2)
        return generator.lognormal(np.log(mean) - variance / 2, np.sqrt(variance), number)
    if law == "constante":
        return np.full(number, mean)
    raise NeedsError(f"{law!r} is no law of stays: exponentielle, lognormale or constante")
