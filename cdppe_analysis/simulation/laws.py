"""The laws of uncertain inputs, with strict parameters, and how they are drawn.

A parameter is one number or one number a unit. Formulas:

- uniform, triangular: on [low, high], with the given mode;
- beta-PERT: low + (high - low) B, B of law Beta(1 + k (mode - low) / (high - low), 1 + k (high - mode) / (high - low)),
  k = 4 (Malcolm, Roseboom, Clark and Fazar, 1959): mean (low + 4 mode + high) / 6;
- lognormal: mean exp(s Z - s²/2), s² = ln(1 + cv²): the mean and the coefficient of variation are those given;
- Dirichlet: weights that sum to 1, of mean `weights` and variance w (1 - w) / (concentration + 1);
- variants: one of several series for all units, all as likely;
- deduced: numbers from 0 to 1, which choose a point of what a publication leaves of a criterion (see `draws`).

Known drawbacks: units are drawn independently of one another except by the last two laws; a weight of 0 stays 0
under a Dirichlet law.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import ScenarioError

Values: TypeAlias = npt.NDArray[np.float64]
Parameter: TypeAlias = float | Sequence[float] | Values

_WEIGHTS_TOLERANCE = 1e-12
_SHAPE = 4.0
_MOST_CV = 100


@dataclass(frozen=True, eq=False)
class Uniform:
    """Any value between two bounds, none likelier than another."""

    low: Parameter
    high: Parameter

    def __post_init__(self) -> None:
        _ordered(self, "uniform", "low", "high")


@dataclass(frozen=True, eq=False)
class Triangular:
    """Between two bounds, with a likeliest value."""

    low: Parameter
    mode: Parameter
    high: Parameter

    def __post_init__(self) -> None:
        _ordered(self, "triangular", "low", "mode", "high")


@dataclass(frozen=True, eq=False)
class BetaPert:
    """Between two bounds, smoothly around a likeliest value."""

    low: Parameter
    mode: Parameter
    high: Parameter

    def __post_init__(self) -> None:
        _ordered(self, "beta-PERT", "low", "mode", "high")


@dataclass(frozen=True, eq=False)
class LogNormal:
    """Positive, of a given mean and coefficient of variation (standard deviation over mean)."""

    mean: Parameter
    cv: Parameter

    def __post_init__(self) -> None:
        mean, cv = _stored(self, "mean"), _stored(self, "cv")
        if (mean < 0).any():
            raise ScenarioError(f"a lognormal law needs a mean from 0 on, not {mean.min():g}")
        if (cv < 0).any():
            raise ScenarioError(f"a lognormal law needs a coefficient of variation from 0 on, not {cv.min():g}")
        if (cv > _MOST_CV).any():
            told = f"of variation of at most {_MOST_CV}, not {cv.max():g}"
            raise ScenarioError(f"a lognormal law needs a coefficient {told}")


@dataclass(frozen=True, eq=False)
class Dirichlet:
    """Weights that always sum to 1, around given ones; the larger the concentration, the nearer."""

    weights: Parameter
    concentration: float

    def __post_init__(self) -> None:
        weights = _stored(self, "weights")
        if weights.ndim != 1 or weights.size < 2:
            raise ScenarioError("a Dirichlet law needs at least two weights")
        if (weights < 0).any():
            raise ScenarioError(f"a Dirichlet law needs weights from 0 on, not {weights.min():g}")
        if abs(weights.sum() - 1) > _WEIGHTS_TOLERANCE:
            raise ScenarioError(f"a Dirichlet law needs weights that sum to 1, not {weights.sum():g}")
        if not np.isfinite(self.concentration) or self.concentration <= 0:
            raise ScenarioError(f"a Dirichlet law needs a concentration above 0, not {self.concentration:g}")


@dataclass(frozen=True, eq=False)
class Variants:
    """One of several series for all units, all as likely."""

    series: Sequence[Parameter]

    def __post_init__(self) -> None:
        if len(self.series) < 2:
            raise ScenarioError("a law over variants needs at least two of them")
        rows = [_numbers(type(self).__name__, "series", row) for row in self.series]
        if len({row.shape for row in rows}) > 1:
            raise ScenarioError("a law over variants needs series of one length")
        object.__setattr__(self, "series", np.stack(rows))


class _RemainingShares(Protocol):
    """What a publication leaves of a criterion (`calibration.published`)."""

    @property
    def freedom(self) -> int:
        """How many numbers from 0 to 1 choose a point of it."""

    def shares(self, known: Values, chosen: Values) -> Values:
        """Return the shares at points of it, given what the known criteria give of each score."""


@dataclass(frozen=True, eq=False)
class Deduced:
    """A criterion that published amounts give once the others are known: a point of what they leave.

    Parameters
    ----------
    remaining
        The publication.
    known
        By known criterion, its weight and its values for the units of the publication, shape (n,).
    places
        The rank of each of these units in the universe that inputs are drawn for.
    centre
        The shares that the factors are counted from, above 0, shape (n,).
    """

    remaining: _RemainingShares
    known: Mapping[str, tuple[float, Values]]
    places: npt.NDArray[np.int64]
    centre: Values

    def __post_init__(self) -> None:
        if not (np.asarray(self.centre) > 0).all():
            raise ScenarioError("a deduced criterion cannot be drawn: its central share of a unit is 0")

    def factors(self, others: Mapping[str, Values], chosen: Values, units: int) -> Values:
        """Return the factors of the criterion, given those of the known ones; NaN where no criterion >= 0 is left."""
        scores: Values = np.zeros((len(chosen), len(self.places)))
        for name, (weight, values) in self.known.items():
            drawn = values if name not in others else values * columns(others[name], self.places)
            scores = scores + weight * (drawn / drawn.sum(axis=-1, keepdims=True))
        factors = np.ones((len(chosen), units))
        factors[:, self.places] = self.remaining.shares(scores, chosen) / self.centre
        return factors


Law: TypeAlias = Uniform | Triangular | BetaPert | LogNormal | Dirichlet | Variants | Deduced


def draw(law: Law, generator: np.random.Generator, draws: int, units: int) -> Values:
    """Draw a law.

    Parameters
    ----------
    law
        Parameters given one a unit must be `units` long.
    generator
        Read row after row, so that the first rows do not depend on `draws`.
    draws, units
        The shape of the result. The length of a Dirichlet law, or of a deduced criterion, is its own.

    Returns
    -------
    numpy.ndarray
        Shape (draws, units), in the unit of the parameters.

    Raises
    ------
    ScenarioError
        When parameters given one a unit are not `units` long.

    Examples
    --------
    >>> import numpy as np
    >>> draw(Uniform(2, 2), np.random.default_rng(0), 2, 3)
    array([[2., 2., 2.],
           [2., 2., 2.]])
    """
    shape = (draws, units)
    match law:
        case Uniform(low, high):
            low, high = _fitted(law, low, units), _fitted(law, high, units)
            drawn = generator.random(shape)
            drawn *= high - low
            drawn += low
            return drawn
        case Triangular(low, mode, high):
            return _triangular(
                _fitted(law, low, units), _fitted(law, mode, units), _fitted(law, high, units), generator.random(shape)
            )
        case BetaPert(low, mode, high):
            low, mode, high = (_fitted(law, parameter, units) for parameter in (low, mode, high))
            width = np.where(high > low, high - low, 1.0)
            below, above = 1 + _SHAPE * (mode - low) / width, 1 + _SHAPE * (high - mode) / width
            return np.asarray(low + (high - low) * generator.beta(below, above, size=shape))
        case LogNormal(mean, cv):
            mean, cv = _fitted(law, mean, units), _fitted(law, cv, units)
            sigma = np.sqrt(np.log1p(cv**2))
            drawn = generator.standard_normal(shape)
            drawn *= sigma
            drawn -= sigma**2 / 2
            np.exp(drawn, out=drawn)
            drawn *= mean
            return drawn
        case Dirichlet(weights, concentration):
            return _dirichlet(np.asarray(weights) * concentration, generator, draws)
        case Deduced():
            return generator.random((draws, law.remaining.freedom))
        case Variants(series):
            chosen = np.floor(generator.random(draws) * len(series)).astype(np.int64)
            return np.broadcast_to(np.asarray(series)[chosen].reshape(draws, -1), shape)


def columns(values: Values, places: npt.NDArray[np.int64]) -> Values:
    """Return the columns of some units, without a copy where they are all there in order, or one for all."""
    whole = values.shape[-1] == len(places) and bool((np.diff(places) == 1).all())
    return values if whole or values.shape[-1] == 1 else values[:, places]


def _triangular(low: Values, mode: Values, high: Values, uniform: Values) -> Values:
    """Invert the distribution function, so that one uniform number gives one value."""
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform * (high - low) < mode - low, rising, falling)


def _dirichlet(alpha: Values, generator: np.random.Generator, draws: int) -> Values:
    gammas = generator.standard_gamma(alpha, size=(draws, alpha.size))
    sums = gammas.sum(axis=1, keepdims=True)
    # Very small concentrations can underflow every gamma to 0: the limit law is then one weight of 1, at random.
    if (sums == 0).any():
        lost = np.flatnonzero(sums[:, 0] == 0)
        gammas[lost, generator.choice(alpha.size, size=lost.size, p=alpha / alpha.sum())] = 1.0
        sums = gammas.sum(axis=1, keepdims=True)
    return np.asarray(gammas / sums)


def _stored(law: Any, name: str) -> Values:
    """Keep a parameter as a read-only array and return it."""
    numbers = _numbers(type(law).__name__, name, getattr(law, name))
    object.__setattr__(law, name, numbers)
    return numbers


def _numbers(law: str, name: str, parameter: Any) -> Values:
    try:
        numbers = np.array(parameter, dtype=np.float64)
    except (TypeError, ValueError):
        raise ScenarioError(f"the law {law} needs numbers for {name!r}, not {parameter!r}") from None
    if numbers.ndim > 1:
        raise ScenarioError(f"the law {law} needs one number, or one a unit, for {name!r}")
    if not np.isfinite(numbers).all():
        raise ScenarioError(f"the law {law} needs finite numbers for {name!r}")
    numbers.setflags(write=False)
    return numbers


def _ordered(law: Any, name: str, *names: str) -> None:
    """Keep the parameters of a law, each of which is at most the next."""
    parameters = {parameter: _stored(law, parameter) for parameter in names}
    for before, after in itertools.pairwise(names):
        try:
            wrong = np.broadcast_arrays(parameters[before] > parameters[after], parameters[before], parameters[after])
        except ValueError:
            raise ScenarioError(f"a {name} law needs parameters of one length") from None
        if wrong[0].any():
            unit = int(np.flatnonzero(wrong[0].ravel())[0])
            raise ScenarioError(
                f"a {name} law needs {before} <= {after}: {wrong[1].flat[unit]:g} is above {wrong[2].flat[unit]:g}"
            )


def _fitted(law: Law, parameter: Any, units: int) -> Values:
    numbers = np.asarray(parameter, dtype=np.float64)
    if numbers.ndim == 1 and numbers.size != units:
        raise ScenarioError(f"the law {type(law).__name__} has {numbers.size} parameters for {units} units")
    return numbers
