"""A scenario becomes two rules with the values of their criteria.

Where a declared hypothesis completes a criterion, the units without a value take k times another series, k being the
ratio of the two totals over the units where both are known. How far the ratio strays from one known unit to another,
s² = Var(ln(x_i / (k z_i))), gives the coefficient of variation sqrt(exp(s²) - 1) of what is supposed. What is known
stays as it is; where the whole of two units is known (Corse), only its cut between them is supposed.

What each of several changes contributes is its Shapley value over the order of the changes: no order is privileged, and
the parts sum to the whole exactly, amounts being rationals from end to end. Changes that only make sense together are
one: the weights of a rule and the criteria that carry them always are.

Known drawbacks: the units where a criterion is known were not drawn at random, so that the others may stray more; 2^n
rules are computed to tell n changes apart, so that n is at most `MOST_CHANGES`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.allocation import Allocation, allocate
from cdppe_analysis.allocation.values import CODE
from cdppe_analysis.data import Data
from cdppe_analysis.data.given import criteria_values, series_values
from cdppe_analysis.errors import CdppeError, CriteriaError, ScenarioError
from cdppe_analysis.rules import Criterion, Rule, apply_scenario
from cdppe_analysis.rules.rule import AppliedScenario
from cdppe_analysis.rules.scenario import Completion, Scenario
from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.comparison import Comparison, compare
from cdppe_analysis.simulation.draws import universe_of

CHILDREN = ("ase_0_17", 2017, "tous-ages")
"""The series of protected children by which amounts a child and measures of inequality are told."""

MOST_CHANGES = 10
"""The most changes that are told apart: 1 024 rules."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scenario with its two rules, their criteria and the tables that it reads.

    Parameters
    ----------
    scenario
        The scenario.
    data
        The data that it reads.
    base, base_criteria
        The baseline rule, the values of its criteria.
    applied, criteria
        The other rule with what changed in it, and the values of its criteria.
    completions
        By criterion, the coefficient of variation of what is supposed of it, by code (0 where it is known).
    children
        Protected children by code; `None` where the data have no such series.
    tables
        The rows of the tables that are read.
    """

    scenario: Scenario
    data: Data
    base: Rule
    base_criteria: pd.DataFrame
    applied: AppliedScenario
    criteria: pd.DataFrame
    completions: dict[str, dict[str, float]]
    children: dict[str, float] | None
    tables: dict[str, pd.DataFrame]

    @property
    def rule(self) -> Rule:
        """The other rule."""
        return self.applied.rule

    @property
    def universe(self) -> list[str]:
        """The units of both rules that inputs are drawn for; see `simulation.draws.universe_of`."""
        return universe_of((*self.base.beneficiaires, *self.rule.beneficiaires))

    @property
    def changes(self) -> list[str]:
        """What the scenario changes that can be told apart; see `contributions_of`."""
        return list(_change_groups(self.scenario.differences))

    @property
    def units_change(self) -> bool:
        """Whether the scenario changes the beneficiaries."""
        return self.base.beneficiaires != self.rule.beneficiaires

    @property
    def published(self) -> pd.DataFrame:
        """The published rows of the baseline; none where it was never published."""
        rows = self.tables["allocations"]
        return rows[rows["dispositif"] + "-" + rows["millesime"].astype(str) == self.base.id]

    @property
    def deduced(self) -> str | None:
        """The criterion of the baseline that is deduced from its published amounts; `None` for none."""
        if self.published.empty:
            return None
        rows = self.tables["criteres"]
        for criterion in self.base.criteres:
            own = rows[(rows["critere"] == criterion.id) & (rows["edition"] == criterion.edition)]
            if len(own) and (own["statut"] == "derive").all():
                return criterion.id
        return None


def prepare(scenario: Scenario, data: Data | None = None, *, base: Rule | None = None) -> Prepared:
    """Read what a scenario needs.

    Parameters
    ----------
    scenario
        The scenario.
    data
        The data, opened; the installation's own when left out.
    base
        The baseline; the rule that the scenario names when left out.

    Raises
    ------
    ScenarioError, RuleError, InfeasibleError, CriteriaError
        When the differences make no rule, or a criterion has no values.
    """
    opened = data or Data.open()
    start = base or opened.rule(scenario.base)
    applied = apply_scenario(start, scenario)
    for rule in (start, applied.rule):
        opened.blank_criteria(rule)
    table = opened.table("criteres")
    criteria, completions = _criteria(applied.rule, scenario.hypotheses, table)
    codes = sorted({*start.beneficiaires, *applied.rule.beneficiaires})
    used = {c.id for c in (*start.criteres, *applied.rule.criteres)}
    used |= {h.par for h in scenario.hypotheses} | {CHILDREN[0]}
    return Prepared(
        scenario=scenario,
        data=opened,
        base=start,
        base_criteria=criteria_values(start, table),
        applied=applied,
        criteria=criteria,
        completions=completions,
        children=series_values(*CHILDREN, codes, table) if table["critere"].eq(CHILDREN[0]).any() else None,
        tables={"criteres": table[table["critere"].isin(used)], "allocations": opened.table("allocations")},
    )


def compare_prepared(prepared: Prepared, before: Allocation | None = None) -> Comparison:
    """Compare the two rules of a scenario, inequality being told by protected child.

    Parameters
    ----------
    prepared
        The scenario.
    before
        What its baseline gives, where it is at hand.
    """
    return compare(
        before or allocate(prepared.base, prepared.base_criteria),
        allocate(prepared.rule, prepared.criteria),
        enfants=prepared.children,
        population=prepared.children,
        units_change=prepared.units_change,
    )


def contributions_of(prepared: Prepared) -> pd.DataFrame:
    """Return what each change of a scenario brings to each unit; see `_contributions`."""
    scenario, table = prepared.scenario, prepared.tables["criteres"]

    def amounts(differences: Sequence[tuple[str, Any]]) -> Mapping[str, Fraction]:
        rule = apply_scenario(prepared.base, dataclasses.replace(scenario, differences=tuple(differences))).rule
        return allocate(rule, _criteria(rule, scenario.hypotheses, table)[0]).exact

    return _contributions(scenario.differences, amounts)


def _change_groups(differences: Iterable[tuple[str, Any]]) -> dict[str, tuple[tuple[str, Any], ...]]:
    """Return the changes that are told apart: a label, and the differences that belong together.

    Weights and the coming and going of criteria are one change (`criteres`); the year of each criterion is its own,
    and so is each other part of a rule.

    Examples
    --------
    >>> list(_change_groups([("criteres.a.poids", "1"), ("plancher", 0), ("criteres.a.millesime", 2022)]))
    ['criteres', 'plancher', 'criteres.a.millesime']
    """
    groups: dict[str, list[tuple[str, Any]]] = {}
    for path, value in differences:
        parts = path.split(".")
        data = parts[0] == "criteres" and len(parts) == 3 and parts[2] in ("millesime", "edition")
        label = f"criteres.{parts[1]}.millesime" if data else parts[0]
        groups.setdefault(label, []).append((path, value))
    return {label: tuple(changes) for label, changes in groups.items()}


def _contributions(
    differences: Sequence[tuple[str, Any]],
    amounts: Callable[[Sequence[tuple[str, Any]]], Mapping[str, Fraction]],
) -> pd.DataFrame:
    """Return what each change brings to each unit.

    Parameters
    ----------
    differences
        Pairs of a path and a value; see `_change_groups` for those that are told apart.
    amounts
        From some of the differences, in their order, to exact euros by code; a unit that receives nothing may be left
        out.

    Returns
    -------
    pandas.DataFrame
        code_departement, changement, contribution (euros), a row a unit and change, in the order of codes; the
        contributions of a unit sum to its difference to within a billionth of a euro.

    Raises
    ------
    ScenarioError
        When there are too many changes, or when some of them alone make no rule (naming them).

    Examples
    --------
    >>> def half(differences):
    ...     part = Fraction(1, 2) + sum(Fraction(value) for _, value in differences)
    ...     return {"03": 100 * part, "23": 100 * (1 - part)}
    >>> _contributions([("plancher", "1/4"), ("plafond", "-1/8")], half)["contribution"].tolist()
    [25.0, -12.5, -25.0, 12.5]
    """
    groups = _change_groups(differences)
    if len(groups) > MOST_CHANGES:
        raise ScenarioError(
            f"{len(groups)} changes are too many to tell apart: {2 ** len(groups)} rules; at most {MOST_CHANGES}"
        )
    labels = list(groups)
    by_set: dict[int, Mapping[str, Fraction]] = {}
    # The fewest first, so that what makes no rule is named by as few changes as can be.
    for chosen in sorted(range(2 ** len(labels)), key=int.bit_count):
        names = [label for rank, label in enumerate(labels) if chosen >> rank & 1]
        paths = {path for label in names for path, _ in groups[label]}
        try:
            by_set[chosen] = amounts([pair for pair in differences if pair[0] in paths])
        except CdppeError as error:
            alone = " and ".join(names) or "no change"
            raise ScenarioError(
                f"{alone} alone makes no rule, so that contributions cannot be told: {error}"
            ) from error
    codes = sorted({code for side in by_set.values() for code in side})
    reached = [[Fraction(by_set[chosen].get(code, 0)) for code in codes] for chosen in range(len(by_set))]
    values = measures.shapley_values(np.array(reached, dtype=object))
    return pd.DataFrame(
        {
            "code_departement": pd.array([code for code in codes for _ in labels], dtype="str"),
            "changement": pd.array(labels * len(codes), dtype="str"),
            "contribution": [float(value) for value in values.T.flat],
        }
    )


def _criteria(
    rule: Rule, hypotheses: Sequence[Completion], table: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, dict[str, float]]]:
    """Return the values of the criteria, completed where a hypothesis says how."""
    variation: dict[str, dict[str, float]] = {}
    for hypothesis in hypotheses:
        for criterion in rule.criteres:
            if criterion.id == hypothesis.critere:
                rows, variation[criterion.id] = _completed_rows(rule, criterion, hypothesis, table)
                table = pd.concat([table, rows], ignore_index=True)
    return criteria_values(rule, table), variation


def _completed_rows(
    rule: Rule, criterion: Criterion, hypothesis: Completion, table: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return rows for the beneficiaries without a value, and the coefficient of variation of every beneficiary."""
    rows = table[(table["critere"] == criterion.id) & (table["millesime"] == criterion.millesime)]
    if criterion.edition is not None:
        rows = rows[rows["edition"] == criterion.edition]
    if len(set(rows["edition"])) != 1:
        raise CriteriaError("the rule must name the one edition that a hypothesis completes", criterion=criterion.id)
    by_code = {str(code): float(value) for code, value in zip(rows[CODE], rows["valeur"], strict=True)}
    asked = [code for code in rule.beneficiaires if code not in by_code]
    parts = {part: whole for whole in by_code for part in rule.names.territories.components(whole) if part != whole}
    codes = sorted({*by_code, *asked, *parts})
    other = series_values(
        hypothesis.par, hypothesis.millesime, hypothesis.edition, codes, table, rule.names.territories
    )
    values, dispersion = _completed(by_code, other, asked, criterion.id)
    if hypothesis.dispersion != "observee":
        dispersion = _positive(hypothesis)
    for code, whole in parts.items():
        if code in values:
            # The whole is known: only its cut between its parts is supposed.
            shares = [other[part] for part in rule.names.territories.components(whole)]
            values[code] = by_code[whole] * other[code] / sum(shares)
    first = rows.iloc[0]
    completion = pd.DataFrame(
        {
            "critere": criterion.id,
            "millesime": criterion.millesime,
            "edition": first["edition"],
            CODE: asked,
            "valeur": [values[code] for code in asked],
            "unite": first["unite"],
            "statut": "estime",
            "source": "hypothese",
            "emplacement": f"en proportion de {hypothesis.par}",
        }
    )
    return completion, {code: 0.0 if code in by_code else dispersion for code in rule.beneficiaires}


def _completed(
    known: Mapping[str, float], series: Mapping[str, float], codes: Sequence[str], criterion: str
) -> tuple[dict[str, float], float]:
    """Return the values of `codes` in proportion to the series where they are not known, and what they may stray."""
    for code in {*codes, *known}:
        if not series.get(code, 0) > 0:
            raise CriteriaError("the series that completes a criterion has no value", code=code, criterion=criterion)
    positive = [code for code, value in known.items() if value > 0]
    if len(positive) < 3:
        raise CriteriaError("fewer than three units tell the ratio to the series", criterion=criterion)
    ratio = sum(known.values()) / sum(series[code] for code in known)
    strays = np.log([known[code] / (ratio * series[code]) for code in positive])
    values = {code: known.get(code, ratio * series[code]) for code in codes}
    return values, math.sqrt(math.expm1(float(np.var(strays, ddof=1))))


def _positive(hypothesis: Completion) -> float:
    try:
        value = float(Fraction(hypothesis.dispersion))
    except (ValueError, ArithmeticError):
        value = -1.0
    if value < 0:
        raise ScenarioError(
            f"a dispersion is 'observee' or a number from 0 on, not {hypothesis.dispersion!r}",
            criterion=hypothesis.critere,
        )
    return value
