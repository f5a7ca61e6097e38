"""Places, services and euros: what an amount buys, and what a number of children needs.

A place follows several children a year when the stay is shorter than a year. By Little's law, with A arrivals a year
and a mean stay of W days:

    places occupied = A × W / 365.25

Source: Little (1961). The places and the cost of a service are data (`dispositifs.csv`), never constants here.

Known drawback: the places occupied are a mean; to refuse no one, a service needs more than its mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs.stays import DAYS_A_YEAR


@dataclass(frozen=True)
class Service:
    """A service: its places, its euros a year.

    Examples
    --------
    >>> service = Service(places=10, dotation_eur=Fraction(200000))
    >>> service.cost_of_a_place
    Fraction(20000, 1)
    >>> service.bought_with(Fraction(450000))
    (2, Fraction(50000, 1))
    """

    places: int
    dotation_eur: Fraction

    def __post_init__(self) -> None:
        if self.places < 1 or self.dotation_eur <= 0:
            raise NeedsError(f"a service has places and a cost: {self.places}, {self.dotation_eur}")

    @property
    def cost_of_a_place(self) -> Fraction:
        """Euros a place and a year."""
        return self.dotation_eur / self.places

    def bought_with(self, amount: Fraction) -> tuple[int, Fraction]:
        """Return the whole services that an amount pays for a year, and the euros left."""
        whole = int(amount // self.dotation_eur)
        return whole, amount - whole * self.dotation_eur

    def places_for(self, amount: Fraction) -> Fraction:
        """Return the places that an amount pays for a year, as an exact share of a service."""
        return amount / self.cost_of_a_place

    def needed_for(self, children_a_year: float, stay_days: float) -> int:
        """Return the whole services that follow so many children a year, each for a mean stay."""
        return math.ceil(places_occupied(children_a_year, stay_days) / self.places)


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


def places_freed(arrivals_a_year: float, stay_before: float, stay_after: float) -> float:
    """Return the places that a shorter mean stay frees, arrivals unchanged; below zero when it is longer."""
    return places_occupied(arrivals_a_year, stay_before) - places_occupied(arrivals_a_year, stay_after)
