"""A rule and its criteria as arrays, and the whole rule computed for many draws at once.

Scores s_i = sum_k w_k x_ik / sum_j x_jk, amounts min(M_i, max(m_i, lambda s_i)), then whole amounts: the definitions
of `allocation`, by its float64 kernel, over a leading axis of draws. An uncertain criterion comes as factors of its
values, uncertain weights as rows that sum to 1.

Known drawback: float64 agrees with the exact computation to within 1e-6 €, so that a tie between remainders may fall
otherwise than in the exact path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cdppe_analysis.allocation.kernel import bounded_amounts, largest_remainders
from cdppe_analysis.allocation.values import bound_arrays, exact_values
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Rule
from cdppe_analysis.simulation.laws import Values


@dataclass(frozen=True, eq=False)
class Model:
    """What the kernel needs of a rule.

    Parameters
    ----------
    codes
        The n units.
    criteres
        Identifiers of the K criteria.
    observed
        Values of the criteria, shape (K, n).
    weights
        Shape (K,); they sum to 1.
    envelope
        Euros.
    floors, caps
        Bounds of each unit in euros, shape (n,); infinite where there is no cap.
    floor_origins, cap_origins
        The bound that is meant (`plancher`, `plafond`, `garantie`, or '').
    rounding, unit
        How exact amounts become multiples of `unit` euros.
    """

    codes: tuple[str, ...]
    criteres: tuple[str, ...]
    observed: Values
    weights: Values
    envelope: float
    floors: Values
    caps: Values
    floor_origins: tuple[str, ...]
    cap_origins: tuple[str, ...]
    rounding: str = "plus_forts_restes"
    unit: float = 1.0


def model_of(rule: Rule, criteria: pd.DataFrame) -> Model:
    """Return the arrays of a rule.

    Parameters
    ----------
    rule
        The rule.
    criteria
        Wide, as for `allocate`.

    Raises
    ------
    CriteriaError, TerritoryError, TableError
        When the frame cannot be used, as for `allocate`.
    """
    columns = exact_values(rule, criteria).colonnes
    bounds, (floors, caps) = rule.bounds(), bound_arrays(rule)
    return Model(
        codes=rule.beneficiaires,
        criteres=tuple(criterion.id for criterion in rule.criteres),
        observed=np.array(
            [[value / columns[c.id].denominateur for value in columns[c.id].entiers] for c in rule.criteres]
        ),
        weights=np.array([float(criterion.poids) for criterion in rule.criteres]),
        envelope=float(rule.enveloppe),
        floors=floors,
        caps=caps,
        floor_origins=tuple(unit.origine_bas for unit in bounds),
        cap_origins=tuple(unit.origine_haut for unit in bounds),
        rounding=rule.arrondi.methode,
        unit=float(rule.arrondi.unite_eur),
    )


def scores_of(model: Model, factors: Mapping[str, Values] | None = None, weights: Values | None = None) -> Values:
    """Return the scores of every draw.

    Parameters
    ----------
    model
        The rule.
    factors
        By criterion, what its values are multiplied by: shape (draws, n). A criterion left out is certain.
    weights
        Shape (draws, K); the model's own when left out.

    Returns
    -------
    numpy.ndarray
        Shape (draws, n), or (n,) when nothing is uncertain. A row of a criterion that is 0 everywhere is NaN.
    """
    given = factors or {}
    total: Values | None = None
    for rank, criterion in enumerate(model.criteres):
        values = model.observed[rank]
        weight = model.weights[rank] if weights is None else weights[:, rank, None]
        if criterion in given:
            part = given[criterion] * values
            sums = part.sum(axis=-1, keepdims=True)
            with np.errstate(divide="ignore", invalid="ignore"):
                part *= weight / sums
        else:
            part = weight * (values / values.sum())
        if total is not None and total.shape == part.shape:
            total += part
        else:
            total = part if total is None else total + part
    if total is None:
        raise ScenarioError("a rule needs a criterion")
    return total


def amounts_of(model: Model, scores: Values) -> Values:
    """Return the bounded amounts in euros, before whole amounts; NaN in a row that has no solution.

    Parameters
    ----------
    scores
        Shape (..., n).
    """
    return bounded_amounts(scores, model.envelope, model.floors, model.caps)


def whole_of(model: Model, amounts: Values) -> Values:
    """Return the amounts as multiples of the rounding unit, by the rule's own way.

    Parameters
    ----------
    amounts
        Bounded amounts, shape (..., n).
    """
    if model.rounding == "aucun":
        return amounts
    if model.rounding == "independant":
        return np.floor(amounts / model.unit + 0.5) * model.unit
    unit = model.unit
    if unit == 1:
        return largest_remainders(amounts, model.envelope, model.caps)
    return largest_remainders(amounts / unit, model.envelope / unit, model.caps / unit) * unit
