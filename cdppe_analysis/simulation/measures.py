"""Measures of a distribution of money, and of what changes between two.

- Gini: the area between the Lorenz curve and the diagonal, doubled; with populations, units stand in the order of their
  amount a head and the abscissa is the cumulated share of the population;
- Theil's T: sum of a_i ln(a_i / p_i) for shares a_i of the money and p_i of the population (1/n without one), split
  into what lies between groups and within them (Theil, 1967, ch. 4). Without populations both are PySAL's
  `inequality` (Rey); PySAL has no weighted form, which is computed here by the same formula.
- Shapley value of a player i of a game v: the mean over all orders of the players of what it adds, sum over the sets S
  of others of |S|! (n - |S| - 1)! / n! [v(S + i) - v(S)] (Shapley, 1953); the parts sum to the whole exactly.

Known drawbacks: Gini and Theil compare amounts, not needs, unless the population given measures the need; a share of
nothing is missing (NaN), never 0.
"""

from __future__ import annotations

import importlib
import math
import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.allocation.values import DEAD_BAND as DEAD_BAND
from cdppe_analysis.errors import ScenarioError

Amounts: TypeAlias = npt.NDArray[np.float64]

_FEWEST_PAIRS, _CONFIDENCE = 8, 0.95


def share(part: npt.ArrayLike, whole: npt.ArrayLike) -> Amounts:
    """Return part / whole; a share of nothing is missing.

    Parameters
    ----------
    part, whole
        Numbers, or arrays that broadcast.

    Examples
    --------
    >>> share([1.0, 0.0], [4.0, 0.0])
    array([0.25,  nan])
    """
    numerator, denominator = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.asarray(numerator / np.where(denominator == 0, np.nan, denominator))


def effect(differences: npt.ArrayLike) -> npt.NDArray[np.int8]:
    """Return 1 for a winner, -1 for a loser, 0 for a unit that the dead band holds, its edge included, or is missing.

    Parameters
    ----------
    differences
        In euros, after minus before; any shape.

    Examples
    --------
    >>> effect([3.0, 0.5, -0.51])
    array([ 1,  0, -1], dtype=int8)
    """
    gap = np.asarray(differences, dtype=np.float64)
    return np.asarray((gap > DEAD_BAND).astype(np.int8) - (gap < -DEAD_BAND).astype(np.int8), dtype=np.int8)


def gini(amounts: npt.ArrayLike, population: npt.ArrayLike | None = None) -> float:
    """Return the Gini index, 0 for an equal distribution.

    Parameters
    ----------
    amounts
        One amount from 0 on a unit, in euros.
    population
        One number from 0 on a unit; each unit then counts for its population, at its amount a head.

    Returns
    -------
    float
        NaN where there is nothing to share.

    Raises
    ------
    ScenarioError
        When an amount or a population is negative or missing.

    Examples
    --------
    >>> gini([0.0, 0.0, 0.0, 4.0]), gini([10.0, 30.0], [1, 3])
    (0.75, 0.0)
    """
    money, people = _checked(amounts, population)
    if money.sum() == 0 or people.sum() == 0:
        return float("nan")
    if population is None:
        return float(_pysal("gini").Gini(money).g)
    abscissas, ordinates = _lorenz_points(money, people)
    return float(1 - ((ordinates[1:] + ordinates[:-1]) * np.diff(abscissas)).sum())


def lorenz_curves(curves: Mapping[str, npt.ArrayLike], population: npt.ArrayLike) -> pd.DataFrame:
    """Return several Lorenz curves over one population, from (0, 0) to (1, 1), with the Gini of each.

    Parameters
    ----------
    curves
        The amounts of each, in euros, by its name.
    population
        As for `gini`.

    Returns
    -------
    pandas.DataFrame
        `courbe`, `part_population`, `part_montant`, `gini`: a row a point, one more a curve than there are units; as
        `figures.lorenz` draws them.

    Raises
    ------
    ScenarioError
        When an amount or a population is negative or missing, or when there is nothing to share.

    Examples
    --------
    >>> lorenz_curves({"égal": [1.0, 3.0]}, [1, 3])["gini"].tolist()
    [0.0, 0.0, 0.0]
    """
    parts = []
    for name, amounts in curves.items():
        money, people = _checked(amounts, population)
        if money.sum() == 0 or people.sum() == 0:
            raise ScenarioError("a Lorenz curve needs something to share")
        abscissas, ordinates = _lorenz_points(money, people)
        curve = {"part_population": abscissas, "part_montant": ordinates, "gini": gini(amounts, population)}
        parts.append(pd.DataFrame({"courbe": name, **curve}))
    return pd.concat(parts, ignore_index=True)


def theil(
    amounts: npt.ArrayLike, groups: npt.ArrayLike, population: npt.ArrayLike | None = None
) -> tuple[float, float, float]:
    """Return Theil's T, the part of it between groups and the part within them.

    Parameters
    ----------
    amounts, population
        As for `gini`; a unit with money needs a population.
    groups
        One label a unit (its région).

    Returns
    -------
    tuple of float
        Whole, between, within, in nats; NaN where there is nothing to share.

    Raises
    ------
    ScenarioError
        When an amount or a population is negative or missing, or when a unit has money and no population.

    Examples
    --------
    >>> whole, between, within = theil([1.0, 1.0, 4.0, 4.0], ["a", "a", "b", "b"])
    >>> round(whole, 6) == round(between, 6), round(within, 6)
    (True, 0.0)
    """
    money, people = _checked(amounts, population)
    labels = pd.factorize(np.asarray(groups))[0]
    if labels.shape != money.shape:
        raise ScenarioError(f"there are {labels.size} groups for {money.size} units")
    if money.sum() == 0 or people.sum() == 0:
        return float("nan"), float("nan"), float("nan")
    if population is None:
        with warnings.catch_warnings():  # PySAL sets the shape of its arrays, which NumPy 2.5 deprecates
            warnings.simplefilter("ignore", DeprecationWarning)
            split = _pysal("theil").TheilD(money, labels)
        return float(split.T), float(split.bg[0]), float(split.wg[0])
    if ((people == 0) & (money > 0)).any():
        raise ScenarioError("a unit receives money for a population of 0, so that Theil's index is infinite")
    whole = _theil(money, people)
    sums = [np.bincount(labels, numbers).astype(np.float64) for numbers in (money, people)]
    between = _theil(sums[0], sums[1])
    return whole, between, whole - between


def rank_correlation(before: npt.ArrayLike, after: npt.ArrayLike) -> float:
    """Return Spearman's correlation of ranks (ties at their mean rank); NaN where one side is constant.

    Examples
    --------
    >>> round(rank_correlation([1.0, 2.0, 3.0], [10.0, 30.0, 20.0]), 3)
    0.5
    """
    first, second = (pd.Series(np.asarray(side)).rank().to_numpy() for side in (before, after))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def rank_correlation_interval(
    first: npt.ArrayLike, second: npt.ArrayLike, *, draws: int, seed: int
) -> tuple[float, float, float]:
    """Return Spearman's correlation with its bootstrap interval at 95 %, the pairs drawn with replacement.

    The interval is the bias-corrected and accelerated one (Efron, 1987), as SciPy computes it: on 30 pairs the plain
    percentiles are too short and not centred.

    Parameters
    ----------
    first, second
        One number a unit; pairs where either is missing are left out.
    draws, seed
        The number of resamples, and what makes them the same again.

    Raises
    ------
    ScenarioError
        When fewer than eight pairs are left, or one side is constant.

    Examples
    --------
    >>> rank_correlation_interval(range(10), [0, 2, 1, 3, 5, 4, 6, 8, 7, 9], draws=999, seed=1)[0].__round__(3)
    0.964
    """
    from scipy import stats

    pairs = pd.DataFrame({"first": np.asarray(first), "second": np.asarray(second)}).astype("float64").dropna()
    if len(pairs) < _FEWEST_PAIRS:
        raise ScenarioError(f"an interval needs {_FEWEST_PAIRS} pairs at least, there are {len(pairs)}")
    sides = tuple(pairs.to_numpy().T)
    point = rank_correlation(*sides)
    if np.isnan(point):
        raise ScenarioError("a constant has no correlation")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        drawn = stats.bootstrap(
            sides,
            _rank_correlations,
            paired=True,
            n_resamples=draws,
            confidence_level=_CONFIDENCE,
            rng=np.random.default_rng(seed),
        )
    bounds = np.array(drawn.confidence_interval)
    if not np.isfinite(bounds).all():  # every pair weighs the same, as when the order is the same on both sides
        bounds = np.nanquantile(drawn.bootstrap_distribution, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return point, float(bounds[0]), float(bounds[1])


def shapley_values(reached: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the Shapley value of each player of a game, exact where what is reached are rationals.

    Parameters
    ----------
    reached
        What each set of players reaches, shape (2^n, m): a row a set, whose bits are its players.

    Returns
    -------
    numpy.ndarray
        Shape (n, m), of the kind of `reached`; the rows sum to what all reach less what none does.

    Examples
    --------
    >>> reached = np.array([[Fraction(0)], [Fraction(2)], [Fraction(0)], [Fraction(10)]])
    >>> shapley_values(reached).tolist()
    [[Fraction(6, 1)], [Fraction(4, 1)]]
    """
    count = len(reached).bit_length() - 1
    values = np.zeros((count, reached.shape[1]), dtype=reached.dtype)
    unity: Any = Fraction(1) if reached.dtype == object else 1.0
    for player in range(count):
        for subset in range(len(reached)):
            if not subset >> player & 1:
                weight = unity / (count * math.comb(count - 1, subset.bit_count()))
                values[player] += weight * (reached[subset | 1 << player] - reached[subset])
    return values


def _rank_correlations(first: Amounts, second: Amounts, axis: int) -> Amounts:
    from scipy import stats

    ranked = [stats.rankdata(side, axis=axis) for side in (first, second)]
    one, other = (side - side.mean(axis=axis, keepdims=True) for side in ranked)
    return np.asarray((one * other).sum(axis=axis) / np.sqrt((one**2).sum(axis=axis) * (other**2).sum(axis=axis)))


def _pysal(module: str) -> Any:
    try:
        return importlib.import_module(f"inequality.{module}")
    except ImportError as error:
        raise ScenarioError("PySAL's inequality is not installed: install cdppe-analysis[equite]") from error


def _checked(amounts: npt.ArrayLike, population: npt.ArrayLike | None) -> tuple[Amounts, Amounts]:
    money = np.asarray(amounts, dtype=np.float64)
    people = np.ones_like(money) if population is None else np.asarray(population, dtype=np.float64)
    if money.ndim != 1 or people.shape != money.shape:
        raise ScenarioError(f"there are {people.size} populations for {money.size} amounts")
    for name, numbers in (("amount", money), ("population", people)):
        if not np.isfinite(numbers).all() or (numbers < 0).any():
            raise ScenarioError(f"a measure of inequality needs every {name}, finite and from 0 on")
    return money, people


def _lorenz_points(money: Amounts, people: Amounts) -> tuple[Amounts, Amounts]:
    with np.errstate(divide="ignore", invalid="ignore"):
        a_head = np.where(people > 0, money / people, np.where(money > 0, np.inf, 0.0))
    order = np.argsort(a_head, kind="stable")
    return (
        np.concatenate(([0.0], np.cumsum(people[order]) / people.sum())),
        np.concatenate(([0.0], np.cumsum(money[order]) / money.sum())),
    )


def _theil(money: Amounts, people: Amounts) -> float:
    parts, heads = money / money.sum(), people / people.sum()
    paid = parts > 0
    return float((parts[paid] * np.log(parts[paid] / heads[paid])).sum())
