"""What published amounts say of a criterion that is not published: an interval for each share, never one number.

With all criteria known but u, s_i = k_i + w_u q_i where k_i is what the known criteria give. The published amounts are
known to what the rule's rounding leaves, so that the shares q (q_i >= 0, sum q = 1) lie in a polytope, and each share
in an interval: two linear programs a unit (see `compatibility`). The total of the exact amounts, before they were
rounded, is the envelope.

Each end of each interval carries its certificate: all shares of a compatible criterion that reaches it, and the amounts
that the exact allocation makes of them, which differ from the published ones by the tolerance at most.

Known drawback: shares are of the beneficiaries' total, so that a unit at the plancher leaves the level of all the
others uncertain; what is deduced is compatible with the publication, which does not prove that the rule was applied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from cdppe_analysis.allocation.level import Level
from cdppe_analysis.allocation.values import CODE, ExactColumn, exact_values
from cdppe_analysis.calibration.compatibility import Compatible, Point, Publication, publication, unknown_weight
from cdppe_analysis.errors import InfeasibleError, written
from cdppe_analysis.rules.rule import Rule

MOST_PROGRAMS = 400
"""Units from which the intervals are those of `intervals`: two programs a unit would not end within the hour."""

_ORDER = ["code_cible", "extremite", CODE, "part", "montant_publie", "montant_recalcule", "ecart_eur"]


@dataclass(frozen=True, eq=False)
class CriterionIntervals:
    """The shares of an unknown criterion that are compatible with published amounts.

    Parameters
    ----------
    critere
        The unknown criterion.
    tolerance
        What the published amounts are known to, in euros.
    table
        One row a beneficiary: `code_departement`, `libelle_departement`, `montant_publie` (euros), `borne_basse`,
        `borne_haute`, `centre` (shares of the beneficiaries' total; 1 is the whole).
    centre
        The shares of `centre` by code, exact: one compatible criterion among others, in the middle of the admissible
        lambda and there with the smallest worst gap; `allocate` gives the published amounts back with it.
    multiplicateur
        The smallest and the largest admissible lambda, in euros.
    certificats
        One row an end and a beneficiary: `code_cible`, `extremite` (`basse`, `haute`), `code_departement`, `part`,
        `montant_publie`, `montant_recalcule` (exact allocation, before whole euros), `ecart_eur`. Of more than
        `MOST_PROGRAMS` units, that of `centre` alone.
    ecart_max_eur
        The largest absolute gap of all certificates.
    """

    critere: str
    tolerance: Fraction
    table: pd.DataFrame
    centre: dict[str, Fraction]
    multiplicateur: tuple[float, float]
    certificats: pd.DataFrame
    ecart_max_eur: float


def calibrate_criterion(
    rule: Rule,
    criteria: pd.DataFrame,
    amounts: pd.DataFrame | Mapping[str, object],
    unknown: str,
) -> CriterionIntervals:
    """Return the intervals of the shares of an unknown criterion.

    Parameters
    ----------
    rule
        The rule.
    criteria
        Wide, with the known criteria; a column of the unknown one is not read.
    amounts
        Published amounts: a frame with `code_departement` and `montant_eur`, or euros by code.
    unknown
        The identifier of the unknown criterion.

    Returns
    -------
    CriterionIntervals

    Raises
    ------
    InfeasibleError
        When no shares are compatible, naming the constraint that fails.
    RuleError
        When the rule has no such criterion, or gives it no weight.

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> half = tuple(Criterion(c, Fraction(1, 2), 2019, "note", "p. 1") for c in ("enfants", "indice"))
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(1000), ("03", "23"), half)
    >>> known = pd.DataFrame({"code_departement": ["03", "23"], "enfants": [3, 1]})
    >>> found = calibrate_criterion(rule, known, {"03": 700, "23": 300}, "indice")
    >>> found.table[["borne_basse", "borne_haute"]].round(3).values.tolist()
    [[0.648, 0.652], [0.348, 0.352]]
    """
    weight, published = unknown_weight(rule, unknown), publication(rule, amounts)
    columns = exact_values(rule, criteria, but=unknown).colonnes
    if len(rule.beneficiaires) > MOST_PROGRAMS:
        return _closed(published, known_scores(rule, columns), weight, unknown)
    problem = Compatible(published, known_scores(rule, columns), diagonal(weight, len(rule.beneficiaires)))
    problem.check_possible()
    ends = [(_end(problem, rank, largest=False), _end(problem, rank, largest=True)) for rank in range(problem.size)]
    lows, highs = (problem.extreme_multiplier(largest=largest) for largest in (False, True))
    if lows is None or highs is None:
        raise InfeasibleError("no shares are compatible with the published amounts", criterion=unknown)
    centre = problem.nearest((lows.level + highs.level) / 2).parts
    certificates = pd.concat(
        [
            certificate(problem, point.parts).assign(code_cible=code, extremite=side)
            for code, pair in zip(rule.beneficiaires, ends, strict=True)
            for point, side in zip(pair, ("basse", "haute"), strict=True)
        ],
        ignore_index=True,
    )
    return CriterionIntervals(
        critere=unknown,
        tolerance=published.tolerance,
        table=published.table.assign(
            borne_basse=[float(low.parts[rank]) for rank, (low, _) in enumerate(ends)],
            borne_haute=[float(high.parts[rank]) for rank, (_, high) in enumerate(ends)],
            centre=[float(part) for part in centre],
        ),
        centre=dict(zip(rule.beneficiaires, centre, strict=True)),
        multiplicateur=(lows.level, highs.level),
        certificats=certificates[_ORDER],
        ecart_max_eur=float(certificates["ecart_eur"].abs().max()),
    )


def _closed(known: Publication, scores: Sequence[Fraction], weight: Fraction, unknown: str) -> CriterionIntervals:
    """Return the intervals in closed form, and the certificate of the criterion in the middle."""
    from cdppe_analysis.calibration.intervals import Intervals

    known.check()
    found = Intervals(known, np.array([float(score) for score in scores]), float(weight))
    lows, highs = found.ends()
    parts = [Fraction(part) for part in found.centre().tolist()]
    total = sum(parts, Fraction(0))
    centre = [part / total for part in parts]
    level = known.level([score + weight * part for score, part in zip(scores, centre, strict=True)])
    certificates = _certified(known, level, centre).assign(code_cible="", extremite="centre")
    envelope, (bottom, top) = float(known.rule.enveloppe), found.thetas
    return CriterionIntervals(
        critere=unknown,
        tolerance=known.tolerance,
        table=known.table.assign(borne_basse=lows, borne_haute=highs, centre=[float(part) for part in centre]),
        centre=dict(zip(known.codes, centre, strict=True)),
        multiplicateur=(envelope / top, envelope / bottom),
        certificats=certificates[_ORDER],
        ecart_max_eur=float(certificates["ecart_eur"].abs().max()),
    )


def known_scores(rule: Rule, columns: Mapping[str, ExactColumn]) -> tuple[Fraction, ...]:
    """Return what the known criteria give of each score, exact."""
    scores = [Fraction(0)] * len(rule.beneficiaires)
    for identifier, column in columns.items():
        weight = rule.criterion(identifier).poids
        scores = [score + weight * column.share(rank) for rank, score in enumerate(scores)]
    return tuple(scores)


def diagonal(weight: Fraction, size: int) -> tuple[tuple[Fraction, ...], ...]:
    """Return the matrix that gives each unit its own share times the weight."""
    return tuple(tuple(weight if row == column else Fraction(0) for column in range(size)) for row in range(size))


def certificate(problem: Compatible, parts: Sequence[Fraction]) -> pd.DataFrame:
    """Return the amounts that h gives, beside those published.

    Columns `code_departement`, `part` (where h has one component a unit), `montant_publie`, `montant_recalcule`,
    `ecart_eur`.
    """
    return _certified(problem.publication, problem.level(parts), parts)


def _certified(published: Publication, level: Level, parts: Sequence[Fraction]) -> pd.DataFrame:
    exact = [level.amount(rank) for rank in range(len(published.amounts))]
    gaps = [float(amount - known) for amount, known in zip(exact, published.amounts, strict=True)]
    frame = published.table.drop(columns="libelle_departement")
    frame = frame.assign(montant_recalcule=[float(amount) for amount in exact], ecart_eur=gaps)
    return frame.assign(part=[float(part) for part in parts]) if len(parts) == len(exact) else frame


def _end(problem: Compatible, rank: int, *, largest: bool) -> Point:
    point = problem.extreme(rank, largest=largest)
    if point is None:
        rule = problem.publication.rule
        raise InfeasibleError(
            f"no shares are compatible with amounts known to {written(problem.publication.tolerance)} €",
            code=rule.beneficiaires[rank],
            cell=rule.id,
        )
    return point
