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
from cdppe_analysis.allocation.values import CriteriaValues, bound_arrays
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
    criteria
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
    criteria: tuple[str, ...]
    observed: Values
    weights: Values
    envelope: float
    floors: Values
    caps: Values
    floor_origins: tuple[str, ...]
    cap_origins: tuple[str, ...]
    rounding: str = "plus_forts_restes"
    unit: float = 1.0

    def amounts(self, factors: Mapping[str, Values] | None = None, weights: Values | None = None) -> Values:
        """Return the bounded amounts of every draw in euros, before whole amounts.

        Parameters
        ----------
        factors
            By criterion, what its values are multiplied by: shape (draws, n). A criterion left out is certain.
        weights
            Shape (draws, K); the model's own when left out.

        Returns
        -------
        numpy.ndarray
            Shape (draws, n), or (n,) when nothing is uncertain. A row without a solution, or of a criterion that is 0
            everywhere, is NaN.
        """
        given = factors or {}
        scores: Values | None = None
        for rank, criterion in enumerate(self.criteria):
            values = self.observed[rank]
            weight = self.weights[rank] if weights is None else weights[:, rank, None]
            if criterion in given:
                part = given[criterion] * values
                sums = part.sum(axis=-1, keepdims=True)
                with np.errstate(divide="ignore", invalid="ignore"):
                    part *= weight / sums
            else:
                part = weight * (values / values.sum())
            if scores is not None and scores.shape == part.shape:
                scores += part
            else:
                scores = part if scores is None else scores + part
        if scores is None:
            raise ScenarioError("a rule needs a criterion")
        return bounded_amounts(scores, self.envelope, self.floors, self.caps)

    def whole(self, amounts: Values) -> Values:
        """Return bounded amounts, shape (..., n), as multiples of the rounding unit, by the rule's own way."""
        if self.rounding == "aucun":
            return amounts
        if self.rounding == "independant":
            return np.floor(amounts / self.unit + 0.5) * self.unit
        if self.unit == 1:
            return largest_remainders(amounts, self.envelope, self.caps)
        return largest_remainders(amounts / self.unit, self.envelope / self.unit, self.caps / self.unit) * self.unit


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
    columns = CriteriaValues.read(rule, criteria).columns
    bounds, (floors, caps) = rule.bounds(), bound_arrays(rule)
    return Model(
        codes=rule.beneficiaires,
        criteria=tuple(criterion.id for criterion in rule.criteres),
        observed=np.array(
            [[value / columns[c.id].denominator for value in columns[c.id].integers] for c in rule.criteres]
        ),
        weights=np.array([float(criterion.poids) for criterion in rule.criteres]),
        envelope=float(rule.enveloppe),
        floors=floors,
        caps=caps,
        floor_origins=tuple(unit.low_origin for unit in bounds),
        cap_origins=tuple(unit.high_origin for unit in bounds),
        rounding=rule.arrondi.methode,
        unit=float(rule.arrondi.unite_eur),
    )
