"""The draws of the criteria that the page carries: made here once, put through the rule in the browser at each move.

They depend on neither weights nor bounds. A criterion comes as factors of its values, by code, in 16 bits between the
smallest and the largest of that code: what is not uncertain stays exact.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, ScenarioError
from cdppe_analysis.rules import Rule
from cdppe_analysis.rules.scenario import Completion, Scenario, Uncertainty
from cdppe_analysis.simulation.draws import WEIGHTS, drawn_blocks, universe_of
from cdppe_analysis.simulation.laws import Values
from cdppe_analysis.studies.preparation import Prepared, prepare
from cdppe_analysis.studies.uncertainty import uncertain_inputs
from cdppe_analysis.territories import components

DRAWS = 200
"""Draws that the page carries."""

SEED = 2020
"""Seed of these draws: the same choice shows the same band to everybody."""

_STEPS = 2**16 - 1


@dataclass(frozen=True)
class Declared:
    """What the project declares as uncertain: errors of measurement, hypotheses, criteria that are deduced."""

    erreurs: tuple[Uncertainty, ...]
    hypotheses: tuple[Completion, ...]
    deduits: frozenset[str]


def declared_uncertainties(rule: Rule, declared: Declared, *, completed: bool) -> tuple[Uncertainty, ...]:
    """Return what is uncertain in a rule: the variants of its series, supposed errors, what is supposed or deduced.

    Parameters
    ----------
    rule
        The rule.
    declared
        What the project declares.
    completed
        Whether the beneficiaries go beyond those whose deduced criterion is known.
    """
    named = {criterion.id for criterion in rule.criteres}
    deduced = sorted(named & declared.deduits)
    found = [
        Uncertainty(
            f"criteres.{criterion.id}",
            f"série : {criterion.titre}",
            "variantes",
            (("editions", [criterion.edition, *criterion.variantes]),),
            None,
            "Séries défendables, déclarées par la règle.",
        )
        for criterion in rule.criteres
        if criterion.variantes and criterion.edition is not None
    ]
    found += [one for one in declared.erreurs if one.entree.removeprefix("criteres.") in named - set(deduced)]
    for hypothesis in declared.hypotheses if completed else ():
        if hypothesis.critere in named:
            target = f"criteres.{hypothesis.critere}"
            found.append(Uncertainty(target, "valeurs supposées", "completion", (), None, hypothesis.raison))
    reason = "Les montants publiés laissent la part de chaque département dans un intervalle."
    found += [Uncertainty(f"criteres.{name}", "indice de besoin", "calibree", (), None, reason) for name in deduced]
    return tuple(found)


@dataclass(frozen=True, eq=False)
class DrawnFactors:
    """The factors of the criteria: the units, by criterion an array (DRAWS, units), and the draws that had to be left.

    A draw is left where the publication leaves no deduced criterion; `essais` is how many it took to have DRAWS.
    """

    codes: list[str]
    facteurs: dict[str, Values]
    essais: int


def drawn_factors(scenario: Scenario, base: Rule, data: Data) -> DrawnFactors:
    """Draw the uncertain inputs of a scenario; what cannot be drawn for want of a value is left out.

    Parameters
    ----------
    scenario
        With its uncertain inputs.
    base
        Its baseline.
    data
        The data, opened.

    Raises
    ------
    ScenarioError
        When most draws leave no deduced criterion.
    """
    prepared = _drawable(prepare(scenario, data, base=base))
    codes = universe_of((*prepared.base.beneficiaires, *prepared.rule.beneficiaires))
    given = [one for one in uncertain_inputs(prepared) if one.target != WEIGHTS]
    if not given:
        return DrawnFactors(codes, {}, DRAWS)
    [drawn] = drawn_blocks(given, SEED, 0, len(codes), [2 * DRAWS])
    kept = np.flatnonzero(~drawn.impossible)[:DRAWS]
    if len(kept) < DRAWS:
        raise ScenarioError(f"fewer than {DRAWS} of {2 * DRAWS} draws leave a deduced criterion", cell=scenario.id)
    shape = (2 * DRAWS, len(codes))
    factors = {name: np.broadcast_to(values, shape)[kept] for name, values in drawn.factors.items()}
    return DrawnFactors(codes, factors, int(kept[-1]) + 1)


class Matrices:
    """The factors as the page carries them: each different matrix once, under a name."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)
        self.content: dict[str, dict[str, Any]] = {}
        self._names: dict[str, str] = {}

    def add(self, codes: Sequence[str], factors: Values) -> str:
        """Return the name of a matrix, kept if it is new; parts move with their whole, units without a draw stay."""
        whole = np.ones((len(factors), len(self.codes)))
        for place, code in enumerate(self.codes):
            drawn = next((one for one in codes if code in (one, *components(one))), None)
            if drawn is not None:
                whole[:, place] = factors[:, codes.index(drawn)]
        low, high = whole.min(axis=0), whole.max(axis=0)
        steps = np.rint((whole - low) / np.where(high > low, high - low, 1.0) * _STEPS).astype("<u2")
        scale = {"bas": low.tolist(), "haut": high.tolist()}
        bits = base64.b64encode(steps.tobytes()).decode()
        name = self._names.setdefault(f"{scale} {bits}", f"t{len(self._names) + 1}")
        self.content[name] = {**scale, "bits": bits}
        return name


def _drawable(prepared: Prepared) -> Prepared:
    """Leave out the uncertain inputs that lack a value for a beneficiary."""

    def only(kept: Iterable[Uncertainty]) -> Prepared:
        scenario = dataclasses.replace(prepared.scenario, incertitudes=tuple(kept))
        return dataclasses.replace(prepared, scenario=scenario)

    def can_be_drawn(one: Uncertainty) -> bool:
        try:
            uncertain_inputs(only((one,)))
        except CdppeError:
            return False
        return True

    return only(one for one in prepared.scenario.incertitudes if can_be_drawn(one))
