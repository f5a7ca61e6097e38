"""Where among all weights does a unit gain? The weights of K criteria fill a simplex; the grid of it is exact.

A grid of step 1/m holds every vector of weights that are multiples of 1/m: (m + K - 1)! / (m! (K - 1)!) points.
Amounts at its points are those of the kernel.

Known drawback: the share of the simplex in which a unit gains is counted on the grid, to within about K / m.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.laws import Values
from cdppe_analysis.simulation.model import Model, amounts_of, scores_of

LARGEST = 300_000
"""The largest number of points of a grid."""


def weight_grid(criteria: int, steps: int) -> Values:
    """Return all vectors of weights that are multiples of 1 / steps.

    Parameters
    ----------
    criteria
        K, at least 2.
    steps
        m, at least 1.

    Returns
    -------
    numpy.ndarray
        Shape (points, K); rows sum to 1.

    Raises
    ------
    ScenarioError
        When there would be more than `LARGEST` points, or a simplex of no dimension.

    Examples
    --------
    >>> weight_grid(2, 2)
    array([[0. , 1. ],
           [0.5, 0.5],
           [1. , 0. ]])
    """
    import math

    if criteria < 2 or steps < 1:
        raise ScenarioError("a grid of weights needs at least two criteria and one step")
    points = math.comb(steps + criteria - 1, criteria - 1)
    if points > LARGEST:
        raise ScenarioError(f"a grid of {points} weights is too large: at most {LARGEST}")
    bars = np.array(list(itertools.combinations(range(steps + criteria - 1), criteria - 1)), dtype=np.int64)
    edges = np.concatenate((np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), steps + criteria - 1)), axis=1)
    return np.asarray((np.diff(edges, axis=1) - 1) / steps)


def gaps_on_simplex(model: Model, reference: Mapping[str, float], steps: int) -> pd.DataFrame:
    """Return what each unit would gain or lose with every vector of weights of a grid.

    Parameters
    ----------
    model
        The rule; its own weights are not looked at.
    reference
        What gains are counted from, in euros by code.
    steps
        See `weight_grid`.

    Returns
    -------
    pandas.DataFrame
        One column a criterion (`poids_<criterion>`), then one a unit (its code): the gap in euros; a row a point.
        Units without a reference are left out.
    """
    weights = weight_grid(len(model.criteres), steps)
    amounts = amounts_of(model, scores_of(model, weights=weights))
    known = [rank for rank, code in enumerate(model.codes) if code in reference]
    before = np.array([float(reference[model.codes[rank]]) for rank in known])
    gaps = amounts[:, known] - before
    return pd.DataFrame(
        np.concatenate((weights, gaps), axis=1),
        columns=[*(f"poids_{criterion}" for criterion in model.criteres), *(model.codes[rank] for rank in known)],
    )


def share_of_gain(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the simplex in which each unit gains, and in which it loses.

    Parameters
    ----------
    gaps
        As `gaps_on_simplex` gives them.

    Returns
    -------
    pandas.DataFrame
        code_departement, part_gain, part_perte, from 0 to 1.
    """
    codes = [name for name in gaps.columns if not name.startswith("poids_")]
    effects = measures.effect(gaps[codes].to_numpy())
    return pd.DataFrame(
        {
            "code_departement": pd.array(codes, dtype="str"),
            "part_gain": (effects > 0).mean(axis=0),
            "part_perte": (effects < 0).mean(axis=0),
        }
    )
