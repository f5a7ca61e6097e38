"""Children arrive, stay, leave: a simulation of the places they occupy, to hold against Little's law.

Arrivals are a Poisson process; stays are drawn from a law of a given mean; nobody is refused. The mean number of places
occupied over a period is the sum of the days that each stay spends in it, divided by its length.

The law of the stays is a hypothesis: the documents print a mean and nothing of its spread. Little's law holds for any.

Known drawback: a house full turns children away, and the simulation does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs.stays import DAYS_A_YEAR

Law = Literal["exponentielle", "lognormale", "constante"]
_WARM_UP_IN_STAYS = 20
_BATCHES = 20


@dataclass(frozen=True)
class Occupancy:
    """What a simulation observed: mean places, its standard error, arrivals and mean stay of the period."""

    places: float
    erreur_type: float
    arrivees: int
    sejour_moyen: float


def simulate_occupancy(
    arrivals_a_year: float,
    mean_stay: float,
    *,
    law: Law,
    years: int,
    generator: np.random.Generator,
    coefficient_of_variation: float = 1.0,
) -> Occupancy:
    """Simulate the places occupied by children who arrive at random and stay a random time.

    Parameters
    ----------
    arrivals_a_year
        Mean number of arrivals in a year.
    mean_stay
        Mean stay in days.
    law
        Of the stays: `exponentielle`, `lognormale` (with the coefficient of variation) or `constante`.
    years
        Length of the period observed, after a warm-up of twenty mean stays.
    generator
        Source of the draws; there is no default seed.
    coefficient_of_variation
        Standard deviation of a lognormal stay, as a multiple of its mean.

    Returns
    -------
    Occupancy
        `places` is the mean over the period; `erreur_type` comes from the means of twenty parts of it.

    Raises
    ------
    NeedsError
        When a parameter is not positive.
    """
    for value in (arrivals_a_year, mean_stay, years, coefficient_of_variation):
        if not value > 0:
            raise NeedsError(f"arrivals, stay, years and spread are positive, {value} is not")
    length = years * DAYS_A_YEAR
    warm_up = _WARM_UP_IN_STAYS * mean_stay
    number = int(generator.poisson(arrivals_a_year / DAYS_A_YEAR * (length + warm_up)))
    starts = generator.uniform(-warm_up, length, number)
    stays = _stays(number, mean_stay, law, coefficient_of_variation, generator)
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


def _stays(
    number: int, mean: float, law: Law, variation: float, generator: np.random.Generator
) -> npt.NDArray[np.float64]:
    if law == "exponentielle":
        return generator.exponential(mean, number)
    if law == "lognormale":
        variance = np.log1p(variation**2)
        return generator.lognormal(np.log(mean) - variance / 2, np.sqrt(variance), number)
    if law == "constante":
        return np.full(number, mean)
    raise NeedsError(f"{law!r} is no law of stays: exponentielle, lognormale or constante")
