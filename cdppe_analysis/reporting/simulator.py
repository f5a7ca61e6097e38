"""What the simulator computes: a choice of the reader -> amounts, what changes, how sure it is; or why it cannot be.

The rules, lists and series are read once; nothing is kept of a choice, so that readers do not see each other. A choice
is a scenario, prepared, compared and drawn as `cdppe simulate` does; the official rule gives the official amounts to
the euro. A choice without a solution is no error here: it is told (`misfit`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cdppe_analysis.allocation import Allocation, allocate
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, RuleError
from cdppe_analysis.reporting.choice import Base, Choice, choice_of, scenario_of
from cdppe_analysis.reporting.misfit import Impossible, misfit, told
from cdppe_analysis.simulation import Comparison
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.yaml_file import read_yaml
from cdppe_analysis.studies import Prepared, compare_prepared, prepare
from cdppe_analysis.territories import departement
from cdppe_analysis.typography import number, typeset

DRAWS = 400
"""Draws of the band: enough for an interval to be drawn, few enough for a move to be followed."""

_EXTENSION = "extension-101"
_INDEX = "igb"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a choice gives.

    Attributes
    ----------
    choix, prepare
        The choice, and the scenario that it is with its two rules and their criteria.
    allocation, officielle
        Its amounts, and those of the official rule.
    comparaison
        The official amounts before, the choice after.
    remarques
        What the reader must know, in French.
    """

    choix: Choice
    prepare: Prepared
    allocation: Allocation
    officielle: Allocation
    comparaison: Comparison
    remarques: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Band:
    """How sure the amounts of a choice are.

    Attributes
    ----------
    table
        A row a beneficiary: `code_departement`, `bas`, `haut` (5-95 % interval, euros), `probabilite_gain`.
    ecartees
        What is uncertain and could not be drawn for these beneficiaries.
    sans_solution
        Draws without a solution.
    """

    table: pd.DataFrame
    ecartees: tuple[str, ...]
    sans_solution: int

    @property
    def certaine(self) -> bool:
        """Whether nothing moves: every interval is narrower than two euros, the play of the rounding."""
        return bool((self.table["haut"] - self.table["bas"]).max() < 2)


class Laboratory:
    """The rules, lists and series, read once.

    Examples
    --------
    >>> laboratory = Laboratory()
    >>> outcome = laboratory.evaluate(laboratory.official("ondam-ms-2020"))
    >>> int(outcome.allocation.table["montant_eur"].sum())
    15000000
    """

    def __init__(self) -> None:
        data = Data.open()
        series, rules = data.table("criteres"), {name: data.rule(name) for name in data.rules()}
        self._official = {name: allocate(rule, data.criteria(rule)) for name, rule in rules.items()}
        amounts = {name: dict(found.finaux) for name, found in self._official.items()}
        typeset = [name for name in rules if name in data.published]
        for name in typeset:
            amounts[name] = {code: Fraction(amount) for code, amount in data.published[name].items()}
        declared = data.scenarios(_EXTENSION)[0]
        known = frozenset(series.loc[series["critere"].eq(_INDEX), "code_departement"])
        self.base = Base(
            rules,
            data.names.lists,
            amounts,
            frozenset(typeset),
            declared.hypotheses,
            tuple(one for one in declared.incertitudes if one.loi == "lognormale"),
            {_INDEX: known},
        )
        self.list_titles = {name: _title(name) for name in self.base.lists}
        """The title of each list of beneficiaries."""

    def official(self, rule: str) -> Choice:
        """Return the choice that is the official rule."""
        return choice_of(self.base.rules[rule], self.base, rule)

    def codes(self, choice: Choice) -> tuple[str, ...]:
        """Return the codes of the beneficiaries of a choice."""
        chosen = choice.beneficiaires
        return tuple(sorted(self.base.lists[chosen] if isinstance(chosen, str) else chosen))

    def listed(self, codes: Iterable[str]) -> str | tuple[str, ...]:
        """Return the list that these beneficiaries are: its name where it has one, else the codes in their order."""
        chosen = tuple(sorted(codes))
        return next((name for name, known in self.base.lists.items() if tuple(sorted(known)) == chosen), chosen)

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
        titles = {one.id: one.titre for rule in self.base.rules.values() for one in rule.criteres}
        try:
            scenario = scenario_of(choice, self.base)
            prepared = prepare(scenario, base=self.base.rules[choice.regle])
            found = allocate(prepared.rule, prepared.criteria)
            comparison = compare_prepared(prepared)
        except CdppeError as error:
            return told(error, choice, titles)
        return Outcome(choice, prepared, found, self._official[choice.regle], comparison, _remarks(prepared, titles))

    def band(self, outcome: Outcome, seed: int) -> Band:
        """Draw what is uncertain in a choice.

        Parameters
        ----------
        outcome
            What the choice gives.
        seed
            Of the draws.

        Returns
        -------
        Band
            What cannot be drawn for these beneficiaries, for want of a value, is left out and named.
        """
        from cdppe_analysis.studies.running import simulate_prepared

        prepared, left_out = _drawable(outcome.prepare)
        if not prepared.scenario.incertitudes:
            table = outcome.allocation.table[["code_departement"]].copy()
            table["bas"] = table["haut"] = outcome.allocation.table["montant_eur"].astype("float64")
            table["probabilite_gain"] = float("nan")
            return Band(table, left_out, 0)
        drawn = simulate_prepared(prepared, draws=DRAWS, seed=seed)
        table = drawn.table[["code_departement", "q05", "q95", "probabilite_gain"]]
        return Band(table.rename(columns={"q05": "bas", "q95": "haut"}), left_out, drawn.sans_solution)


def _drawable(prepared: Prepared) -> tuple[Prepared, tuple[str, ...]]:
    """Leave out the uncertain inputs that lack a value for a beneficiary."""
    from cdppe_analysis.studies.uncertainty import uncertain_inputs

    try:
        uncertain_inputs(prepared)
    except CdppeError:
        kept, left_out = [], []
        for one in prepared.scenario.incertitudes:
            try:
                uncertain_inputs(_with_uncertainties(prepared, (one,)))
                kept.append(one)
            except CdppeError as error:
                left_out.append(f"{one.groupe} ({error})")
        return _with_uncertainties(prepared, tuple(kept)), tuple(left_out)
    return prepared, ()


def _with_uncertainties(prepared: Prepared, uncertainties: tuple[object, ...]) -> Prepared:
    scenario = dataclasses.replace(prepared.scenario, incertitudes=uncertainties)  # type: ignore[arg-type]
    return dataclasses.replace(prepared, scenario=scenario)


def _remarks(prepared: Prepared, titles: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for hypothesis in prepared.scenario.hypotheses:
        supposed = [code for code, cv in prepared.completions.get(hypothesis.critere, {}).items() if cv > 0]
        if supposed:
            title = next(one.titre for one in prepared.rule.criteres if one.id == hypothesis.critere)
            others = f"{number(len(supposed))} autres" if len(supposed) > 1 else departement(supposed[0]).libelle
            found.append(
                typeset(
                    f"Hypothèse : « {title} » n’est connu que pour les bénéficiaires de 2020. Pour {others}, il est "
                    f"supposé proportionnel à la série « {titles.get(hypothesis.par, hypothesis.par)} » "
                    f"({hypothesis.millesime}) ; la dispersion observée là où il est connu est tirée dans la "
                    "fourchette."
                )
            )
    return tuple(found)


def _title(name: str) -> str:
    content = read_yaml(data_dir() / "beneficiaires" / f"{name}.yml", RuleError)
    return str(content.get("titre", name))
