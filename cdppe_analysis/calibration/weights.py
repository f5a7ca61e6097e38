"""What published amounts say of the weights, all criteria being known, or of those of proxies for one that is not.

With v_k = lambda w_k the amounts are linear in the unknowns (see `compatibility`): one program gives the smallest worst
gap in euros that any weights can reach, and two a criterion the range of each weight within a tolerance.

Two criteria that rank the units alike cannot be told apart: moving a weight d from one to the other moves no amount by
more than E d max_i |p_ia - p_ib|. The weight that can so change hands without any amount moving by more than twice the
tolerance is given for each pair.

Each proxy alone takes the place of a criterion that is not published, and the gaps to the published amounts are what
they are. A mixture of proxies (weights c >= 0, sum c = 1, of their shares) is the one with the smallest worst gap.
Whatever the mixture, the share of a unit stays between the smallest and the largest that the proxies give it: a unit
whose deduced interval lies outside cannot be explained by any of them.

Known drawbacks: the exchangeable weight ignores bounds, which can only make two criteria more alike. A small gap does
not make a proxy the criterion; a large one shows that it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd

from cdppe_analysis.allocation.sharing import allocate
from cdppe_analysis.allocation.values import CODE, CriteriaValues
from cdppe_analysis.calibration.compatibility import SLACK, Compatible
from cdppe_analysis.calibration.criterion import CriterionIntervals, calibrate_criterion
from cdppe_analysis.calibration.published import PublishedAmounts
from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.rules import Arrondi, Rule

TOO_ALIKE = 0.05
"""The weight (5 points) from which two criteria that can exchange it unseen are said to be too alike."""

MIXTURE = "melange"
"""The name of the best mixture in the tables."""


@dataclass(frozen=True, eq=False)
class WeightIntervals:
    """The weights that are compatible with published amounts.

    Parameters
    ----------
    tolerance
        What the amounts are taken to be known to, in euros.
    compatible
        Whether the smallest worst gap that any weights can reach is within the tolerance.
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
    columns = CriteriaValues.read(rule, criteria).columns
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
        ends = {side: problem.extreme(rank, largest=side == "haute") for side in ("basse", "haute")}
        rows.append(
            {
                "critere": criterion.id,
                "poids_regle": float(criterion.poids),
                "poids_au_mieux": float(weights[rank]),
                **{f"borne_{side}": float(end.parts[rank]) if end else np.nan for side, end in ends.items()},
            }
        )
        certificates += [
            problem.certificate(end.parts).assign(critere_cible=criterion.id, extremite=side)
            for side, end in ends.items()
            if end is not None
        ]
    columns_of = [CODE, "montant_publie", "montant_recalcule", "ecart_eur"]
    listed = pd.DataFrame(columns=["critere_cible", "extremite", *columns_of])
    gaps.insert(1, "libelle_departement", published.table["libelle_departement"])
    return WeightIntervals(
        tolerance=tolerance,
        compatible=float(gaps["ecart_eur"].abs().max()) <= float(tolerance) + SLACK,
        best_weights=dict(zip(names, weights, strict=True)),
        table=pd.DataFrame(rows),
        certificate=gaps[[CODE, "libelle_departement", *columns_of[1:]]],
        certificates=pd.concat(certificates, ignore_index=True)[list(listed)] if certificates else listed,
        resemblances=_resemblances(rule, shares, tolerance),
    )


def _resemblances(rule: Rule, exact: Sequence[Sequence[Fraction]], tolerance: Fraction) -> pd.DataFrame:
    """Return how alike the criteria are, pair by pair, from the shares of each unit."""
    shares = {
        criterion.id: np.array([float(row[rank]) for row in exact]) for rank, criterion in enumerate(rule.criteres)
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


@dataclass(frozen=True, eq=False)
class ProxyFit:
    """How near proxies come to published amounts.

    Parameters
    ----------
    table
        One row a proxy, and one for the best mixture (`melange`), the nearest first: `proxy`, `ecart_max_eur`,
        `code_ecart_max`, `ecart_median_eur`, `euros_deplaces` (half the sum of absolute gaps).
    mixture
        The weights of the best mixture, by proxy, exact.
    gaps
        One row a beneficiary: `code_departement`, `libelle_departement`, `montant_publie`, then recomputed less
        published, in euros, for each proxy and for `melange`.
    unexplained
        The units that no mixture can explain: `code_departement`, `libelle_departement`, `borne_basse`, `borne_haute`
        (deduced share), `part_min`, `part_max` (over the proxies), `sens` (`trop_peu`, `trop`: what the proxies give).
    intervals
        The deduced intervals.
    """

    table: pd.DataFrame
    mixture: dict[str, Fraction]
    gaps: pd.DataFrame
    unexplained: pd.DataFrame
    intervals: CriterionIntervals


def best_proxy(
    rule: Rule,
    criteria: pd.DataFrame,
    amounts: pd.DataFrame | Mapping[str, object],
    unknown: str,
    proxies: Sequence[str],
    *,
    intervals: CriterionIntervals | None = None,
) -> ProxyFit:
    """Return how near each proxy, and their best mixture, come to published amounts.

    Parameters
    ----------
    rule
        The rule.
    criteria
        Wide, with the known criteria and one column a proxy.
    amounts
        Published amounts: a frame with `code_departement` and `montant_eur`, or euros by code.
    unknown
        The identifier of the criterion that the proxies take the place of.
    proxies
        The columns to try.
    intervals
        The result of `calibrate_criterion` for the same inputs, where it was computed before.

    Raises
    ------
    CriteriaError
        When there is no proxy, or one cannot be used as a criterion.
    InfeasibleError
        When no shares at all are compatible with the publication.

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> half = tuple(Criterion(c, Fraction(1, 2), 2019, "note", "p. 1") for c in ("enfants", "indice"))
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(1000), ("03", "23"), half)
    >>> frame = pd.DataFrame({"code_departement": ["03", "23"], "enfants": [3, 1], "rsa": [2, 1]})
    >>> best_proxy(rule, frame, {"03": 700, "23": 300}, "indice", ["rsa"]).table["ecart_max_eur"].round(2).tolist()
    [8.33, 8.33]
    """
    if not proxies:
        raise CriteriaError("no proxy is given", criterion=unknown)
    deduced = intervals or calibrate_criterion(rule, criteria, amounts, unknown)
    published = PublishedAmounts.read(rule, amounts)
    columns = {name: CriteriaValues.read(_with(rule, unknown, name), criteria).columns for name in proxies}
    shares = {name: [columns[name][name].share(rank) for rank in range(len(published.codes))] for name in proxies}
    weight = rule.criterion(unknown).poids
    problem = Compatible(
        published,
        CriteriaValues.read(rule, criteria, but=unknown).scores,
        tuple(tuple(weight * shares[name][rank] for name in proxies) for rank in range(len(published.codes))),
        "mixtures",
    )
    mixture = problem.nearest().parts
    level = problem.level(mixture)
    gaps = published.table
    for name in proxies:
        exacts = allocate(_with(rule, unknown, name), criteria).exact
        gaps[name] = [
            float(exacts[code] - amount) for code, amount in zip(published.codes, published.amounts, strict=True)
        ]
    gaps[MIXTURE] = [float(level.amount(rank) - amount) for rank, amount in enumerate(published.amounts)]
    return ProxyFit(
        table=_table(gaps, [*proxies, MIXTURE]),
        mixture=dict(zip(proxies, mixture, strict=True)),
        gaps=gaps,
        unexplained=_unexplained(deduced, pd.DataFrame(shares).astype("float64")),
        intervals=deduced,
    )


def _with(rule: Rule, unknown: str, proxy: str) -> Rule:
    criteria = tuple(
        replace(criterion, id=proxy) if criterion.id == unknown else criterion for criterion in rule.criteres
    )
    return replace(rule, criteres=criteria, arrondi=Arrondi("aucun"))


def _table(gaps: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    absolute = gaps[list(names)].abs()
    table = pd.DataFrame(
        {
            "proxy": list(names),
            "ecart_max_eur": absolute.max().to_numpy(),
            "code_ecart_max": gaps[CODE].to_numpy()[absolute.idxmax().to_numpy()],
            "ecart_median_eur": absolute.median().to_numpy(),
            "euros_deplaces": (absolute.sum() / 2).to_numpy(),
        }
    )
    return table.sort_values("ecart_max_eur", ignore_index=True, kind="stable")


def _unexplained(intervals: CriterionIntervals, shares: pd.DataFrame) -> pd.DataFrame:
    table = intervals.table.assign(part_min=shares.min(axis="columns"), part_max=shares.max(axis="columns"))
    too_little, too_much = table["part_max"] < table["borne_basse"], table["part_min"] > table["borne_haute"]
    table = table.assign(sens=too_little.map({True: "trop_peu", False: "trop"}))
    columns = [CODE, "libelle_departement", "borne_basse", "borne_haute", "part_min", "part_max", "sens"]
    return table.loc[too_little | too_much, columns].reset_index(drop=True)
