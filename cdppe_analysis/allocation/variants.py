"""How far amounts move with the choice among defensible estimates of the criteria.

A criterion that is not published is estimated, and often in more than one defensible way. A rule names the edition that
it takes and the `variantes` that could be taken instead; every combination is one more computation of the same rule,
and the spread of the amounts over them is what the choice is worth.

Known drawback: the spread is over the variants that were thought of. It is no confidence interval, and a truth out of
it is possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import pandas as pd

from cdppe_analysis.allocation.sharing import Allocation, allocate
from cdppe_analysis.allocation.values import CODE
from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.rules.rule import Rule

REFERENCE = "reference"
"""The name of the variant that the rule itself is."""


@dataclass(frozen=True, eq=False)
class Spread:
    """The amounts of a rule under each variant of its criteria.

    Parameters
    ----------
    rule
        The rule.
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

    rule: Rule
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
    >>> from fractions import Fraction
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


def spread(rule: Rule, frames: Mapping[str, pd.DataFrame]) -> Spread:
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
    >>> from fractions import Fraction
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
    return Spread(rule, table, long, pd.DataFrame(counts))


def _allocated(rule: Rule, name: str, frame: pd.DataFrame) -> Allocation:
    try:
        return allocate(rule, frame)
    except CriteriaError as error:
        raise CriteriaError(
            f"in the variant {name!r}, {error.message}", code=error.code, criterion=error.criterion, cell=error.cell
        ) from None
