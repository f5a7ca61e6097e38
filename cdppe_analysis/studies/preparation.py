"""A scenario becomes two rules with the values of their criteria.

Where a declared hypothesis completes a criterion, the units without a value take k times another series, k being the
ratio of the two totals over the units where both are known. How far the ratio strays from one known unit to another,
s² = Var(ln(x_i / (k z_i))), gives the coefficient of variation sqrt(exp(s²) - 1) of what is supposed. What is known
stays as it is; where the whole of two units is known (Corse), only its cut between them is supposed.

Known drawback: the units where the criterion is known were not drawn at random, so that the others may stray more.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.allocation import Allocation, allocate
from cdppe_analysis.allocation.values import CODE
from cdppe_analysis.data import Data
from cdppe_analysis.data.given import criteria_values, series_values
from cdppe_analysis.errors import CriteriaError, ScenarioError
from cdppe_analysis.rules import Criterion, Rule, apply_scenario
from cdppe_analysis.rules.rule import AppliedScenario
from cdppe_analysis.rules.scenario import Completion, Scenario
from cdppe_analysis.simulation.comparison import Comparison, compare
from cdppe_analysis.simulation.contributions import contributions

CHILDREN = ("ase_0_17", 2017, "tous-ages")
"""The series of protected children by which amounts a child and measures of inequality are told."""


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
    applied, rule, criteria
        The same of the other rule.
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
    rule: Rule
    criteria: pd.DataFrame
    completions: dict[str, dict[str, float]]
    children: dict[str, float] | None
    tables: dict[str, pd.DataFrame]

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
        rule=applied.rule,
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
    """Return what each change of a scenario brings to each unit; see `simulation.contributions`."""
    scenario, table = prepared.scenario, prepared.tables["criteres"]

    def amounts(differences: Sequence[tuple[str, Any]]) -> Mapping[str, Fraction]:
        rule = apply_scenario(prepared.base, dataclasses.replace(scenario, differences=tuple(differences))).rule
        return allocate(rule, _criteria(rule, scenario.hypotheses, table)[0]).exact

    return contributions(scenario.differences, amounts)


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
    except ValueError:
        value = -1.0
    if value < 0:
        raise ScenarioError(
            f"a dispersion is 'observee' or a number from 0 on, not {hypothesis.dispersion!r}",
            criterion=hypothesis.critere,
        )
    return value
