"""The best that published series can do in place of a criterion that is not published.

Each proxy alone takes the place of the unknown criterion, and the gaps to the published amounts are what they are. A
mixture of proxies (weights c >= 0, sum c = 1, of their shares) is the one with the smallest worst gap (see
`compatibility`). Whatever the mixture, the share of a unit stays between the smallest and the largest that the proxies
give it: a unit whose deduced interval lies outside cannot be explained by any of them.

Known drawback: a small gap does not make a proxy the criterion; a large one shows that it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from cdppe_analysis.allocation.sharing import allocate
from cdppe_analysis.allocation.values import CODE, exact_values
from cdppe_analysis.calibration.compatibility import Compatible, PublishedAmounts
from cdppe_analysis.calibration.criterion import CriterionIntervals, calibrate_criterion
from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.rules import Arrondi, Rule

MIXTURE = "melange"
"""The name of the best mixture in the tables."""


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
    columns = {name: exact_values(_with(rule, unknown, name), criteria).columns for name in proxies}
    shares = {name: [columns[name][name].share(rank) for rank in range(len(published.codes))] for name in proxies}
    weight = rule.criterion(unknown).poids
    problem = Compatible(
        published,
        exact_values(rule, criteria, but=unknown).scores(rule).fractions,
        tuple(tuple(weight * shares[name][rank] for name in proxies) for rank in range(len(published.codes))),
        "mixtures",
    )
    mixture = problem.nearest().parts
    gaps = published.table
    for name in proxies:
        exacts = allocate(_with(rule, unknown, name), criteria).exact
        gaps[name] = [
            float(exacts[code] - amount) for code, amount in zip(published.codes, published.amounts, strict=True)
        ]
    level = problem.level(mixture)
    gaps[MIXTURE] = [float(level.amount(rank) - amount) for rank, amount in enumerate(published.amounts)]
    table = _table(gaps, [*proxies, MIXTURE])
    unexplained = _unexplained(deduced, pd.DataFrame(shares).astype("float64"))
    return ProxyFit(
        table=table,
        mixture=dict(zip(proxies, mixture, strict=True)),
        gaps=gaps,
        unexplained=unexplained,
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
