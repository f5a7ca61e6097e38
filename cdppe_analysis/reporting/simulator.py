"""What the simulator computes: a choice of the reader -> amounts, what changes, how sure it is; or why it cannot be.

The rules, lists and series are loaded once; nothing is kept of a choice, so that readers do not see each other. The
engine is the exact one: the official rule gives the official amounts to the euro. A choice without a solution is no
error here: it is told (`misfit`).

Where the index of need is asked for beyond the beneficiaries of 2020, it is supposed proportional to the children who
receive the AEEH: a declared hypothesis, shown beside the result and drawn in the band.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cdppe_analysis.allocation import Allocation, Rule, allocate
from cdppe_analysis.errors import CdppeError, RuleError
from cdppe_analysis.loading import load_criteria, load_lists, load_rule, load_table, rule_ids
from cdppe_analysis.reporting.band import INDEX, Band, band, known_values
from cdppe_analysis.reporting.choice import Base, Choice, choice_of, rule_of
from cdppe_analysis.reporting.misfit import Impossible, misfit, told
from cdppe_analysis.simulation import Comparison, compare
from cdppe_analysis.simulation.extension import Completion, completed
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.yaml_file import read_yaml
from cdppe_analysis.territories import components
from cdppe_analysis.typography import number, percent

DRAWS = 400
"""Draws of the band: enough for an interval to be drawn, few enough for a move to be followed."""

_COMPANION = ("aeeh", 2018, "population-0-19")
_CARE = ("ase_0_17", 2017, "tous-ages")


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a choice gives.

    Attributes
    ----------
    choix, rule, criteres
        The choice, its rule, the values of its criteria.
    allocation, officielle
        Its amounts, and those of the official rule.
    comparaison
        The official amounts before, the choice after.
    remarques
        What the reader must know, in French.
    dispersion
        Coefficient of variation of the supposed values of the index, by code.
    """

    choix: Choice
    rule: Rule
    criteres: pd.DataFrame
    allocation: Allocation
    officielle: Allocation
    comparaison: Comparison
    remarques: tuple[str, ...]
    dispersion: Mapping[str, float]


class Laboratory:
    """The rules, lists and series, loaded once.

    Examples
    --------
    >>> laboratory = Laboratory()
    >>> outcome = laboratory.evaluate(laboratory.official("ondam-ms-2020"))
    >>> int(outcome.allocation.table["montant_eur"].sum())
    15000000
    """

    def __init__(self) -> None:
        self.series = load_table("criteres")
        rules = {name: load_rule(name) for name in rule_ids()}
        self._official = {name: allocate(rule, load_criteria(rule, self.series)) for name, rule in rules.items()}
        amounts = {name: found.finaux for name, found in self._official.items()}
        self.base = Base(rules, load_lists(), amounts)
        self.list_titles = {name: _title(name) for name in self.base.lists}
        """The title of each list of beneficiaries."""
        self.children = _with_wholes(self._edition(*_CARE))
        """Protected children by code, Corse both as one and as two."""
        self._companion = _with_wholes(self._edition(*_COMPANION))

    def official(self, rule: str) -> Choice:
        """Return the choice that is the official rule."""
        return choice_of(self.base.rules[rule], self.base, rule)

    def codes(self, choice: Choice) -> tuple[str, ...]:
        """Return the codes of the beneficiaries of a choice."""
        chosen = choice.beneficiaires
        return tuple(sorted(self.base.lists[chosen] if isinstance(chosen, str) else chosen))

    def evaluate(self, choice: Choice) -> Outcome | Impossible:
        """Compute a choice, or say why it has no solution.

        Parameters
        ----------
        choice
            Any choice: whatever is wrong with it is told, not raised.
        """
        problem = misfit(choice, self.codes(choice), self.base.amounts[choice.regle])
        if problem is not None:
            return problem
        try:
            rule = rule_of(choice, self.base)
            criteria, completion = self._criteria(rule)
            found, before = allocate(rule, criteria), self._official[choice.regle]
            comparison = compare(before, found, enfants=self.children, population=self.children, units_change=True)
        except CdppeError as error:
            return told(error, choice)
        remarks = () if completion is None else (_hypothesis(completion),)
        dispersion = {} if completion is None else completion.cv
        return Outcome(choice, rule, criteria, found, before, comparison, remarks, dispersion)

    def band(self, outcome: Outcome, seed: int) -> Band:
        """Return how sure the amounts of a choice are; see `band`."""
        return band(outcome.rule, outcome.criteres, self.series, draws=DRAWS, seed=seed, dispersion=outcome.dispersion)

    def _criteria(self, rule: Rule) -> tuple[pd.DataFrame, Completion | None]:
        """Return the values of the criteria, the index completed where it is unknown."""
        index = next((one for one in rule.criteres if one.id == INDEX), None)
        known = {} if index is None else known_values(self.series, index, str(index.edition))
        if not known or set(rule.beneficiaires) <= set(known):
            return load_criteria(rule, self.series), None
        completion = completed(known, self._companion, rule.beneficiaires, INDEX)
        frame = pd.DataFrame({"code_departement": list(rule.beneficiaires)})
        rest = [criterion for criterion in rule.criteres if criterion.id != INDEX]
        if rest:
            # Only values are read here; a rule needs weights that sum to 1.
            alike = tuple(dataclasses.replace(one, poids=Fraction(1, len(rest))) for one in rest)
            frame = load_criteria(dataclasses.replace(rule, criteres=alike), self.series)
        frame[INDEX] = frame["code_departement"].map(completion.valeurs)
        return frame, completion

    def _edition(self, criterion: str, year: int, edition: str) -> dict[str, float]:
        chosen = self.series["critere"].eq(criterion) & self.series["millesime"].eq(year)
        rows = self.series[chosen & self.series["edition"].eq(edition)]
        return {str(code): float(value) for code, value in zip(rows["code_departement"], rows["valeur"], strict=True)}


def _hypothesis(completion: Completion) -> str:
    supposed = [code for code, cv in completion.cv.items() if cv > 0]
    spread = percent(completion.dispersion, 0)
    return (
        f"Hypothèse : l’indicateur global de besoin (IGB) n’est publié nulle part. Déduit des montants de 2020 là où "
        f"ils existent, il est supposé proportionnel au nombre d’enfants bénéficiaires de l’AEEH pour "
        f"{number(len(supposed))} autres bénéficiaires, avec une dispersion de {spread} comprise dans la fourchette."
    )


def _title(name: str) -> str:
    content = read_yaml(data_dir() / "beneficiaires" / f"{name}.yml", RuleError)
    return str(content.get("titre", name))


def _with_wholes(series: Mapping[str, float]) -> dict[str, float]:
    found = dict(series)
    parts = [part for part in components("20") if part in found and part != "20"]
    if "20" not in found and parts:
        found["20"] = sum(found[part] for part in parts)
    return found
