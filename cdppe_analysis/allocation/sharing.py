"""From a rule and its criteria to euros, with the trace of how each amount came about.

Score s_i = sum_k w_k x_ik / sum_j x_jk; montant théorique E s_i; montant borné a_i = min(M_i, max(m_i, lambda s_i))
with the one lambda for which the amounts sum to E; then whole euros. Every step is exact (see `values` and `level`);
the table shows each figure as the nearest float, the dictionaries keep the rationals.

A criterion that is not published is estimated, and often in more than one defensible way: a rule names the edition that
it takes and the `variantes` that could be taken instead. Every combination is one more computation of the same rule,
and the spread of the amounts over them is what the choice is worth.

Known drawbacks: the trace is wide, three columns a criterion. The spread is over the variants that were thought of: it
is no confidence interval, and a truth out of it is possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import pandas as pd

from cdppe_analysis.allocation.level import Level, solve
from cdppe_analysis.allocation.values import CODE, CriteriaValues
from cdppe_analysis.errors import CriteriaError, InfeasibleError
from cdppe_analysis.rules.rule import Rule, Side, UnitBounds

REFERENCE = "reference"
"""The name of the variant that the rule itself is."""


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
        When the frame cannot be used (see `values.CriteriaValues`).
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
    values = CriteriaValues.read(rule, criteria)
    scores, _ = values.integer_scores
    bounds = rule.bounds()
    lows, highs = [unit.low for unit in bounds], [unit.high for unit in bounds]
    try:
        level = solve(scores, rule.enveloppe, lows, highs)
        finals, remainders, received = level.whole(rule.arrondi.methode, rule.arrondi.unite_eur, highs)
    except InfeasibleError as error:
        raise InfeasibleError(error.message, cell=rule.id) from None
    exacts = [level.amount(rank) for rank in range(len(bounds))]
    table = _trace(values, level, bounds)
    table["montant_exact"] = _floats([numerator / level.denominator for numerator in level.numerators])
    table["reste"] = _floats(remainders)
    table["unite_recue"] = received
    table["montant_eur"] = _amount_column(finals)
    return Allocation(
        rule=rule,
        table=table,
        scores=dict(zip(rule.beneficiaires, values.scores, strict=True)),
        exact=dict(zip(rule.beneficiaires, exacts, strict=True)),
        final=dict(zip(rule.beneficiaires, finals, strict=True)),
        multiplier=level.multiplier,
        point_values={
            criterion.id: criterion.poids * rule.enveloppe / values.columns[criterion.id].total
            for criterion in rule.criteres
        },
        bound_effects=_effects(values, level, bounds),
        rounding_gap=sum(finals, Fraction(0)) - rule.enveloppe,
        ignored_criteria=values.ignored_criteria,
        ignored_rows=values.ignored_rows,
    )


def _trace(values: CriteriaValues, level: Level, bounds: tuple[UnitBounds, ...]) -> pd.DataFrame:
    rule, (scores, total) = values.rule, values.integer_scores
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
    top, below = rule.enveloppe.numerator, rule.enveloppe.denominator * total
    columns["score"] = _floats([score / total for score in scores])
    columns["montant_theorique"] = _floats([top * score / below for score in scores])
    columns["borne"] = pd.Series(
        [unit.origin(side) for unit, side in zip(bounds, level.sides, strict=True)], dtype="str"
    )
    return pd.DataFrame(columns)


def _floats(values: list[float]) -> pd.Series:
    return pd.Series(values, dtype="float64")


def _amount_column(amounts: list[Fraction]) -> pd.Series:
    if all(amount.denominator == 1 for amount in amounts):
        return pd.Series([amount.numerator for amount in amounts], dtype="int64")
    return _floats([float(amount) for amount in amounts])


def _effects(values: CriteriaValues, level: Level, bounds: tuple[UnitBounds, ...]) -> pd.DataFrame:
    scores, total = values.integer_scores
    at_bound: dict[tuple[str, Side], list[int]] = {}
    for rank, side in enumerate(level.sides):
        if side:
            at_bound.setdefault((bounds[rank].origin(side), side), []).append(rank)
    rows = []
    for (name, side), ranks in at_bound.items():
        amounts = Fraction(sum(level.numerators[rank] for rank in ranks), level.denominator)
        share = Fraction(sum(scores[rank] for rank in ranks), total)
        rows.append((name, side, len(ranks), float(amounts - level.multiplier * share)))
    frame = pd.DataFrame(rows, columns=["borne", "cote", "nombre", "apport_eur"])
    return frame.astype({"borne": "str", "cote": "str", "nombre": "int64", "apport_eur": "float64"})


@dataclass(frozen=True, eq=False)
class _Spread:
    """The amounts of a rule under each variant of its criteria.

    Parameters
    ----------
    table
        One row a beneficiary: `code_departement`, `libelle_departement`, `montant_eur` (reference), `montant_min`,
        `montant_max`, `etendue_eur`, `etendue_part` (of the reference amount; missing for an amount of 0),
        `variante_min`, `variante_max`.
    amounts
        Long: `variante`, `code_departement`, `borne`, `montant_eur`.
    bounds
        One row a variant: `variante`, `au_plancher`, `au_plafond`, `a_la_garantie`, `multiplicateur`, and
        `euros_deplaces`, half the sum of the absolute differences to the reference.
    """

    table: pd.DataFrame
    amounts: pd.DataFrame
    bounds: pd.DataFrame


def rule_variants(rule: Rule) -> dict[str, Rule]:
    """Return the rule under every combination of the editions of its criteria, the rule itself first.

    Returns
    -------
    dict
        The rules by name: `reference`, then the editions that differ, as `critere=edition`, joined by ` + `.

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1", edition="a", variantes=("b",))
    >>> list(rule_variants(Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,))))
    ['reference', 'enfants=b']
    """
    variants: dict[str, Rule] = {}
    for editions in product(*((criterion.edition, *criterion.variantes) for criterion in rule.criteres)):
        criteria = tuple(
            replace(criterion, edition=edition) for criterion, edition in zip(rule.criteres, editions, strict=True)
        )
        changed = [
            f"{criterion.id}={edition}"
            for criterion, edition in zip(rule.criteres, editions, strict=True)
            if edition != criterion.edition
        ]
        variants[" + ".join(changed) or REFERENCE] = replace(rule, criteres=criteria)
    return variants


def spread(rule: Rule, frames: Mapping[str, pd.DataFrame]) -> _Spread:
    """Return the spread of the amounts over variants of the criteria.

    Parameters
    ----------
    rule
        The rule.
    frames
        The criteria, wide, by the name of the variant; one is named `reference`.

    Raises
    ------
    CriteriaError
        When no frame is named `reference`, or one cannot be used (see `allocate`).

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1")
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,))
    >>> first = pd.DataFrame({"code_departement": ["03", "23"], "enfants": [3, 1]})
    >>> second = first.assign(enfants=[4, 1])
    >>> spread(rule, {"reference": first, "autre": second}).table["etendue_eur"].tolist()
    [5, 5]
    """
    if REFERENCE not in frames:
        raise CriteriaError(f"no frame of criteria is named {REFERENCE!r}; there are {', '.join(frames) or 'none'}")
    allocations = {name: _allocated(rule, name, frame) for name, frame in frames.items()}
    amounts = pd.DataFrame({name: each.table.set_index(CODE)["montant_eur"] for name, each in allocations.items()})
    reference = amounts[REFERENCE]
    lowest, highest = amounts.min(axis="columns"), amounts.max(axis="columns")
    table = pd.DataFrame(
        {
            CODE: pd.Series(rule.beneficiaires, dtype="str"),
            "libelle_departement": pd.Series([rule.label(code) for code in rule.beneficiaires], dtype="str"),
            "montant_eur": reference.to_numpy(),
            "montant_min": lowest.to_numpy(),
            "montant_max": highest.to_numpy(),
            "etendue_eur": (highest - lowest).to_numpy(),
            "etendue_part": ((highest - lowest) / reference.where(reference != 0)).to_numpy(),
            "variante_min": amounts.idxmin(axis="columns").to_numpy(),
            "variante_max": amounts.idxmax(axis="columns").to_numpy(),
        }
    )
    long = pd.concat(
        [each.table[[CODE, "borne", "montant_eur"]].assign(variante=name) for name, each in allocations.items()],
        ignore_index=True,
    )[["variante", CODE, "borne", "montant_eur"]]
    counts = [
        {
            "variante": name,
            "au_plancher": int(each.table["borne"].eq("plancher").sum()),
            "au_plafond": int(each.table["borne"].eq("plafond").sum()),
            "a_la_garantie": int(each.table["borne"].eq("garantie").sum()),
            "multiplicateur": float(each.multiplier),
            "euros_deplaces": float((amounts[name] - reference).abs().sum() / 2),
        }
        for name, each in allocations.items()
    ]
    return _Spread(table, long, pd.DataFrame(counts))


def _allocated(rule: Rule, name: str, frame: pd.DataFrame) -> Allocation:
    try:
        return allocate(rule, frame)
    except CriteriaError as error:
        raise CriteriaError(
            f"in the variant {name!r}, {error.message}", code=error.code, criterion=error.criterion, cell=error.cell
        ) from None
