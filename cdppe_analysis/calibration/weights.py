"""What published amounts say of the weights, all criteria being known.

With v_k = lambda w_k the amounts are linear in the unknowns (see `compatibility`): one program gives the smallest worst
gap in euros that any weights can reach, and two a criterion the range of each weight within a tolerance.

Two criteria that rank the units alike cannot be told apart: moving a weight d from one to the other moves no amount by
more than E d max_i |p_ia - p_ib|. The weight that can so change hands without any amount moving by more than twice the
tolerance is given for each pair.

Known drawback: the exchangeable weight ignores bounds, which can only make two criteria more alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd

from cdppe_analysis.allocation.values import CODE, ExactColumn, exact_values
from cdppe_analysis.calibration.compatibility import SLACK, Compatible, PublishedAmounts
from cdppe_analysis.rules.rule import Rule

TOO_ALIKE = 0.05
"""The weight (5 points) from which two criteria that can exchange it unseen are said to be too alike."""


@dataclass(frozen=True, eq=False)
class WeightIntervals:
    """The weights that are compatible with published amounts.

    Parameters
    ----------
    tolerance
        What the amounts are taken to be known to, in euros.
    smallest_gap_eur
        The smallest worst gap to the published amounts that any weights can reach, in euros.
    compatible
        Whether that gap is within the tolerance.
    best_weights
        The weights that reach it, by criterion, exact.
    table
        One row a criterion: `critere`, `poids_regle`, `poids_au_mieux`, `borne_basse`, `borne_haute`; the last two
        are missing where no weights are compatible.
    certificate
        The amounts at the best weights: `code_departement`, `libelle_departement`, `montant_publie`,
        `montant_recalcule`, `ecart_eur`.
    certificates
        The same at both ends of each range, with `critere_cible` and `extremite` (`basse`, `haute`).
    resemblances
        One row a pair: `critere_a`, `critere_b`, `correlation` of the shares, `poids_echangeable` (1 at most),
        `trop_semblables`.
    """

    tolerance: Fraction
    smallest_gap_eur: float
    compatible: bool
    best_weights: dict[str, Fraction]
    table: pd.DataFrame
    certificate: pd.DataFrame
    certificates: pd.DataFrame
    resemblances: pd.DataFrame


def calibrate_weights(
    rule: Rule, criteria: pd.DataFrame, amounts: pd.DataFrame | Mapping[str, object], tolerance: Fraction
) -> WeightIntervals:
    """Return the weights that come nearest to published amounts, and the range of each within a tolerance.

    Parameters
    ----------
    rule
        The rule; its weights are only compared with the result.
    criteria
        Wide, with every criterion of the rule.
    amounts
        Published amounts: a frame with `code_departement` and `montant_eur`, or euros by code.
    tolerance
        What the amounts are taken to be known to, in euros: half a euro for published amounts, more to see what
        weights an approximate criterion would still allow.

    Raises
    ------
    CriteriaError, TerritoryError, TableError
        When criteria or amounts cannot be used.

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> pair = tuple(Criterion(c, Fraction(1, 2), 2019, "note", "p. 1") for c in ("enfants", "menages"))
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(1000), ("03", "23"), pair)
    >>> frame = pd.DataFrame({"code_departement": ["03", "23"], "enfants": [3, 1], "menages": [1, 1]})
    >>> found = calibrate_weights(rule, frame, {"03": 700, "23": 300}, Fraction(1, 2))
    >>> {name: str(weight) for name, weight in found.best_weights.items()}
    {'enfants': '4/5', 'menages': '1/5'}
    """
    columns = exact_values(rule, criteria).columns
    published = PublishedAmounts.read(rule, amounts, tolerance)
    names = [criterion.id for criterion in rule.criteres]
    units = range(len(rule.beneficiaires))
    shares = tuple(tuple(columns[name].share(rank) for name in names) for rank in units)
    problem = Compatible(published, (Fraction(0),) * len(units), shares, "weights")
    best = problem.nearest()
    weights = [_rounded(part) for part in best.parts]
    gaps = problem.certificate(weights)
    rows, certificates = [], []
    for rank, criterion in enumerate(rule.criteres):
        ends = [problem.extreme(rank, largest=largest) for largest in (False, True)]
        rows.append(
            {
                "critere": criterion.id,
                "poids_regle": float(criterion.poids),
                "poids_au_mieux": float(weights[rank]),
                "borne_basse": float(ends[0].parts[rank]) if ends[0] else np.nan,
                "borne_haute": float(ends[1].parts[rank]) if ends[1] else np.nan,
            }
        )
        certificates += [
            problem.certificate(end.parts).assign(critere_cible=criterion.id, extremite=side)
            for end, side in zip(ends, ("basse", "haute"), strict=True)
            if end is not None
        ]
    columns_of = [CODE, "montant_publie", "montant_recalcule", "ecart_eur"]
    listed = pd.DataFrame(columns=["critere_cible", "extremite", *columns_of])
    table = pd.DataFrame(rows)
    likeness = _resemblances(rule, columns, tolerance)
    gap = float(gaps["ecart_eur"].abs().max())
    compatible = gap <= float(tolerance) + SLACK
    return WeightIntervals(
        tolerance=tolerance,
        smallest_gap_eur=gap,
        compatible=compatible,
        best_weights=dict(zip(names, weights, strict=True)),
        table=table,
        certificate=gaps.assign(libelle_departement=published.table["libelle_departement"])[
            [CODE, "libelle_departement", *columns_of[1:]]
        ],
        certificates=pd.concat(certificates, ignore_index=True)[list(listed)] if certificates else listed,
        resemblances=likeness,
    )


def _resemblances(rule: Rule, columns: Mapping[str, ExactColumn], tolerance: Fraction) -> pd.DataFrame:
    """Return how alike the criteria are, pair by pair (see `WeightIntervals.resemblances`)."""
    shares = {
        name: np.array([column.integers[rank] / column.integer_sum for rank in range(len(column.integers))])
        for name, column in columns.items()
    }
    rows = []
    for first, second in combinations(shares, 2):
        largest = float(np.abs(shares[first] - shares[second]).max())
        constant = min(np.ptp(shares[first]), np.ptp(shares[second])) == 0
        moved = 2 * float(tolerance) / (float(rule.enveloppe) * largest) if largest > 0 else np.inf
        rows.append(
            {
                "critere_a": first,
                "critere_b": second,
                "correlation": np.nan if constant else float(np.corrcoef(shares[first], shares[second])[0, 1]),
                "poids_echangeable": min(moved, 1.0),
                "trop_semblables": moved >= TOO_ALIKE,
            }
        )
    return pd.DataFrame(rows, columns=["critere_a", "critere_b", "correlation", "poids_echangeable", "trop_semblables"])


def _rounded(part: Fraction) -> Fraction:
    """Return the simplest rational that the program's float stands for."""
    simple = part.limit_denominator(10**6)
    return simple if abs(simple - part) < Fraction(1, 10**12) else part
