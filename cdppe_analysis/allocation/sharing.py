"""From a rule and its criteria to euros, with the trace of how each amount came about.

Score s_i = sum_k w_k x_ik / sum_j x_jk; montant théorique E s_i; montant borné a_i = min(M_i, max(m_i, lambda s_i))
with the one lambda for which the amounts sum to E; then whole euros. Every step is exact (see `values` and `level`);
the table shows each figure as the nearest float, the dictionaries keep the rationals.

Known drawback: the trace is wide, three columns a criterion.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cdppe_analysis.allocation.level import Level, solve
from cdppe_analysis.allocation.values import CODE, CriteriaValues, ExactScores, exact_values
from cdppe_analysis.errors import InfeasibleError
from cdppe_analysis.rules.rule import Rule, Side, UnitBounds


@dataclass(frozen=True, eq=False)
class Allocation:
    """The amounts of a rule, and their trace.

    Parameters
    ----------
    rule
        The rule.
    table
        One row a beneficiary, by code: `code_departement`, `libelle_departement`, then `valeur_<c>`, `part_<c>`,
        `part_ponderee_<c>` of each criterion, `score`, `montant_theorique`, `borne` ('', `plancher`, `plafond`,
        `garantie`), `montant_exact`, `reste`, `unite_recue`, `montant_eur`. Amounts in euros.
    scores, exact
        Score and exact amount (before whole euros) by code.
    final
        Final amount by code.
    multiplier
        lambda, in euros; E where no bound binds.
    point_values
        w_k E / sum_j x_jk by criterion, in euros a unit of the criterion.
    bound_effects
        One row a bound that binds: `borne`, `cote` (`bas`, `haut`), `nombre` of units at it, `apport_eur` (what it
        adds to lambda s_i over those units, below 0 for what it takes). The envelope is lambda plus their sum.
    rounding_gap
        Sum of the final amounts less the envelope; 0 but for `independant`.
    ignored_criteria, ignored_rows
        Columns of the frame that the rule does not use, codes of the frame that are no beneficiaries.
    """

    rule: Rule
    table: pd.DataFrame
    scores: dict[str, Fraction]
    exact: dict[str, Fraction]
    final: dict[str, Fraction]
    multiplier: Fraction
    point_values: dict[str, Fraction]
    bound_effects: pd.DataFrame
    rounding_gap: Fraction
    ignored_criteria: tuple[str, ...]
    ignored_rows: tuple[str, ...]

    @property
    def point_values_after_bounds(self) -> dict[str, Fraction]:
        """w_k lambda / sum_j x_jk: what one more unit of the criterion brings to a beneficiary off the bounds.

        It leaves out what that unit changes of the total of the criterion and of lambda, which all share.
        """
        ratio = self.multiplier / self.rule.enveloppe
        return {criterion: value * ratio for criterion, value in self.point_values.items()}

    @property
    def message(self) -> str:
        """One sentence on what of the frame was not used; empty when all was."""
        parts = []
        if self.ignored_criteria:
            parts.append(f"columns that the rule does not use: {', '.join(self.ignored_criteria)}")
        if self.ignored_rows:
            parts.append(f"rows that are no beneficiaries: {', '.join(self.ignored_rows)}")
        return f"ignored {'; '.join(parts)}" if parts else ""


def allocate(rule: Rule, criteria: pd.DataFrame) -> Allocation:
    """Share the envelope of a rule, exactly.

    Parameters
    ----------
    rule
        The rule.
    criteria
        Wide: `code_departement`, then one column a criterion of the rule; rows in any order. Other columns, and rows
        that are no beneficiaries, are ignored, and named in the result.

    Returns
    -------
    Allocation

    Raises
    ------
    CriteriaError, TerritoryError, TableError
        When the frame cannot be used (see `values.exact_values`).
    InfeasibleError
        When no amounts within the bounds sum to the envelope.

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1")
    >>> codes = ("01", "02", "03", "04")
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), codes, (criterion,), plancher=Fraction(10))
    >>> frame = pd.DataFrame({"code_departement": codes, "enfants": [50, 30, 15, 5]})
    >>> allocate(rule, frame).table["montant_eur"].tolist()
    [47, 29, 14, 10]
    """
    values = exact_values(rule, criteria)
    scores = values.scores(rule)
    bounds = rule.bounds()
    lows, highs = [unit.low for unit in bounds], [unit.high for unit in bounds]
    try:
        level = solve(scores.integers, rule.enveloppe, lows, highs)
        finals, remainders, received = level.whole(rule.arrondi.methode, rule.arrondi.unite_eur, highs)
    except InfeasibleError as error:
        raise InfeasibleError(error.message, cell=rule.id) from None
    exacts = [level.amount(rank) for rank in range(len(bounds))]
    table = _trace(rule, values, scores, level, bounds)
    table["montant_exact"] = _floats([numerator / level.denominator for numerator in level.numerators])
    table["reste"] = _floats(remainders)
    table["unite_recue"] = received
    table["montant_eur"] = _amount_column(finals)
    return Allocation(
        rule=rule,
        table=table,
        scores=dict(zip(rule.beneficiaires, scores.fractions, strict=True)),
        exact=dict(zip(rule.beneficiaires, exacts, strict=True)),
        final=dict(zip(rule.beneficiaires, finals, strict=True)),
        multiplier=level.multiplier,
        point_values={
            criterion.id: criterion.poids * rule.enveloppe / values.columns[criterion.id].total
            for criterion in rule.criteres
        },
        bound_effects=_effects(scores, level, bounds),
        rounding_gap=sum(finals, Fraction(0)) - rule.enveloppe,
        ignored_criteria=values.ignored_criteria,
        ignored_rows=values.ignored_rows,
    )


def _trace(
    rule: Rule, values: CriteriaValues, scores: ExactScores, level: Level, bounds: tuple[UnitBounds, ...]
) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {
        CODE: pd.Series(rule.beneficiaires, dtype="str"),
        "libelle_departement": pd.Series([rule.label(code) for code in rule.beneficiaires], dtype="str"),
    }
    for criterion in rule.criteres:
        column = values.columns[criterion.id]
        numerator, denominator = criterion.poids.numerator, criterion.poids.denominator * column.integer_sum
        columns[f"valeur_{criterion.id}"] = _floats([value / column.denominator for value in column.integers])
        columns[f"part_{criterion.id}"] = _floats([value / column.integer_sum for value in column.integers])
        columns[f"part_ponderee_{criterion.id}"] = _floats([numerator * v / denominator for v in column.integers])
    top, below = rule.enveloppe.numerator, rule.enveloppe.denominator * scores.denominator
    columns["score"] = _floats([score / scores.denominator for score in scores.integers])
    columns["montant_theorique"] = _floats([top * score / below for score in scores.integers])
    columns["borne"] = pd.Series(
        [unit.origin(side) for unit, side in zip(bounds, level.sides, strict=True)], dtype="str"
    )
    return pd.DataFrame(columns)


def _floats(values: list[float]) -> pd.Series:
    return pd.Series(values, dtype="float64")


def _amount_column(amounts: list[Fraction]) -> pd.Series:
    if all(amount.denominator == 1 for amount in amounts) and all(abs(amount) < 2**63 for amount in amounts):
        return pd.Series([amount.numerator for amount in amounts], dtype="int64")
    return _floats([float(amount) for amount in amounts])


def _effects(scores: ExactScores, level: Level, bounds: tuple[UnitBounds, ...]) -> pd.DataFrame:
    at_bound: dict[tuple[str, Side], list[int]] = {}
    for rank, side in enumerate(level.sides):
        if side:
            at_bound.setdefault((bounds[rank].origin(side), side), []).append(rank)
    rows = []
    for (name, side), ranks in at_bound.items():
        amounts = Fraction(sum(level.numerators[rank] for rank in ranks), level.denominator)
        share = Fraction(sum(scores.integers[rank] for rank in ranks), scores.denominator)
        rows.append((name, side, len(ranks), float(amounts - level.multiplier * share)))
    frame = pd.DataFrame(rows, columns=["borne", "cote", "nombre", "apport_eur"])
    return frame.astype({"borne": "str", "cote": "str", "nombre": "int64", "apport_eur": "float64"})
