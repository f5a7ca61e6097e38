"""Places, services and euros: what an amount buys, what children need, and a simulation to hold it against.

A place follows several children a year when the stay is shorter than a year. By Little's law, with A arrivals a year
and a mean stay of W days:

    places occupied = A × W / 365.25

Source: Little (1961), for any law of the stays; the documents print a mean and nothing of its spread. In the simulation
arrivals are a Poisson process, stays are drawn from a law of a given mean and nobody is refused; the mean number of
places occupied over a period is the sum of the days that each stay spends in it, divided by its length. The places and
the cost of a service, and what is supposed of prevalence, stay and relative cost, are data, never constants here.

Known drawbacks: the places occupied are a mean; to refuse no one, a service needs more than its mean. A house full
turns children away, and the simulation does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs.printed import DAYS_A_YEAR
from cdppe_analysis.storage.strict import Strict

Law = Literal["exponentielle", "lognormale", "constante"]
_WARM_UP_IN_STAYS = 20
_BATCHES = 20
_KEYS = ("id", "titre", "places", "dotation_eur", "enfants", "prevalence", "sejour_jours", "cout_relatif")
_READ = Strict(NeedsError)


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
    """What a simulation observed: mean places, its standard error, arrivals and mean stay of the period."""

    places: float
    standard_error: float
    arrivals: int
    mean_stay: float


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
    observed = starts >= 0
    return Occupancy(
        float(means.mean()),
        float(means.std(ddof=1) / np.sqrt(_BATCHES)),
        int(observed.sum()),
        float(stays[observed].mean()),
    )


def _stays(number: int, mean: float, law: Law, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    if law == "exponentielle":
        return generator.exponential(mean, number)
    if law == "lognormale":
        variance = np.log(2)
        return generator.lognormal(np.log(mean) - variance / 2, np.sqrt(variance), number)
    if law == "constante":
        return np.full(number, mean)
    raise NeedsError(f"{law!r} is no law of stays: exponentielle, lognormale or constante")
