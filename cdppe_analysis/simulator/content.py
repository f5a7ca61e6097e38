"""What the page carries: rules, lists, series, scenarios, draws, outlines and names, as one mapping for JSON.

Values of criteria are the shortest decimals of the clean table, which the exact path reads too. The draws of the
criteria are made here once, and put through the rule in the browser at each move: they depend on neither weights nor
bounds. A criterion comes as factors of its values, by code, in 16 bits between the smallest and the largest of that
code: what is not uncertain stays exact.
"""

from __future__ import annotations

import base64
import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cdppe_analysis.calibration.identification import STEPS
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, RuleError, ScenarioError
from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.layout import MapLayout
from cdppe_analysis.rules.rule import Rule
from cdppe_analysis.rules.scenario import Scenario, Uncertainty
from cdppe_analysis.simulation.draws import WEIGHTS, drawn_blocks
from cdppe_analysis.simulation.laws import Values
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.studies.atlas import kept_atlas
from cdppe_analysis.studies.preparation import CHILDREN, Prepared, prepare
from cdppe_analysis.studies.uncertainty import uncertain_inputs
from cdppe_analysis.tables.estimates import default_edition
from cdppe_analysis.territories import CORSE, DEPARTEMENTS, OTHER_UNITS, components
from cdppe_analysis.typography import typeset

DRAWS = 200
"""Draws that the page carries."""

SEED = 2020
"""Seed of these draws: the same choice shows the same band to everybody."""

_STEPS = 2**16 - 1
_OWN_LAWS = frozenset({"uniforme", "triangulaire", "beta_pert"})
_EXTENSION = "extension-101"
_SAID = ("titre", "libelle", "raisonnement", "reference", "note")


def content() -> dict[str, Any]:
    """Return what the page carries."""
    data = Data.open()
    rules = {name: data.rule(name) for name in data.rules()}
    series = data.table("criteres")
    titles = {one.id: one.titre for rule in rules.values() for one in rule.criteres}
    scenarios = [data.scenario(name) for name in data.scenario_ids()]
    return {
        "regles": {name: _typeset(rule.mapping()) for name, rule in rules.items()},
        "listes": _lists(data),
        "territoires": {
            code: [typeset(unit.libelle), typeset(unit.libelle_region)]
            for code, unit in {**DEPARTEMENTS, **OTHER_UNITS}.items()
        },
        "parties": {code: list(parts) for code in OTHER_UNITS if len(parts := components(code)) > 1},
        "series": _series(series, data),
        "editions": {name: default_edition(str(name)) for name in series["critere"].unique()},
        "titres": {name: typeset(title) for name, title in {"population": "Population totale", **titles}.items()},
        "references": data.published,
        "scenarios": [{**_typeset(one.mapping()), "famille": one.famille} for one in scenarios],
        "familles": _families(data),
        "enfants": dict(zip(("critere", "millesime", "edition"), CHILDREN, strict=True)),
        **_uncertain(rules, scenarios, data),
        "signes": _signs(data),
        "carte": MapLayout.read().outlines(load_contours(light=True), (*DEPARTEMENTS, CORSE), per_km=10),
        "noyau": base64.b64encode(Path(__file__).with_name("kernel.wasm").read_bytes()).decode(),
    }


def _signs(data: Data) -> dict[str, Any]:
    """Return, by scenario and code, the sign, the error that breaks it, and that below which it is proved to hold."""
    signs = {}
    for name, identification in kept_atlas(data).items():
        rows = identification.table[identification.table["sens"].notna()].to_dict("records")
        signs[name] = {row["code_departement"]: [row["sens"], _cut(row["rupture"]), _cut(row["tient"])] for row in rows}
    return {"erreur_maximale": STEPS[-1], "scenarios": signs}


def _cut(error: float) -> float | None:
    return None if math.isnan(error) else math.floor(error * 1e4) / 1e4


def _families(data: Data) -> dict[str, str]:
    files = sorted((data.folder / "scenarios").glob("*.yml"))
    return {str(said["id"]): typeset(said["titre"]) for said in (read_yaml(path, ScenarioError) for path in files)}


def _typeset(mapping: dict[str, Any]) -> dict[str, Any]:
    """Set what is read by people as French prints it; identifiers, paths and numbers stay."""
    said = {key: typeset(value) for key, value in mapping.items() if key in _SAID and isinstance(value, str)}
    criteria = {"criteres": [_typeset(entry) for entry in mapping["criteres"]]} if "criteres" in mapping else {}
    return {**mapping, **said, **criteria}


def _lists(data: Data) -> dict[str, dict[str, Any]]:
    titles = {
        path.stem: read_yaml(path, RuleError).get("titre", path.stem)
        for path in (data.folder / "beneficiaires").glob("*.yml")
    }
    return {name: {"titre": typeset(titles[name]), "codes": list(codes)} for name, codes in data.names.lists.items()}


def _series(table: Any, data: Data) -> list[dict[str, Any]]:
    series: list[dict[str, Any]] = []
    for (name, year, edition), rows in table.groupby(["critere", "millesime", "edition"], sort=True):
        values = {
            code: f"{value:.0f}" if float(value).is_integer() else repr(float(value))
            for code, value in zip(rows["code_departement"], rows["valeur"], strict=True)
        }
        estimated = (rows["statut"] == "estime").mean()
        source = str(rows["source"].iloc[0])
        status = "estime" if estimated == 1 else "en_partie" if estimated else str(rows["statut"].iloc[0])
        series.append(
            {
                "critere": name,
                "millesime": int(year),
                "edition": edition,
                "unite": str(rows["unite"].iloc[0]),
                "statut": status,
                "source": typeset(data.sources[source].titre) if source in data.sources else source,
                "valeurs": values,
            }
        )
    return series


def _uncertain(rules: Mapping[str, Rule], scenarios: list[Scenario], data: Data) -> dict[str, Any]:
    extension = next(one for one in scenarios if one.famille == _EXTENSION)
    matrices = _Matrices([*DEPARTEMENTS, *OTHER_UNITS])
    by_rule: dict[str, dict[str, str]] = {}
    uncertainties: dict[str, Any] = {}
    tries: dict[str, int] = {}
    for name, rule in rules.items():
        supposed = {one.critere for one in extension.hypotheses} & {one.id for one in rule.criteres}
        scenario = _drawing(name, extension if supposed else None, _declared_uncertainties(rule, extension))
        factors = _drawn_factors(scenario, rule, data)
        tries[name] = factors.tries
        by_rule[name] = matrices.carried(factors)
        uncertainties[name] = scenario.mapping()["incertitudes"]
    by_scenario = {
        one.id: matrices.carried(_drawn_factors(one, rules[one.base], data))
        for one in scenarios
        if any(law.loi in _OWN_LAWS for law in one.incertitudes)
    }
    by_criterion = {criterion: key for factors in by_rule.values() for criterion, key in factors.items()}
    return {
        "hypotheses": extension.mapping()["hypotheses"],
        "incertitudes": uncertainties,
        "tirages": {
            "nombre": DRAWS,
            "graine": SEED,
            "essais": tries,
            "codes": matrices.codes,
            "matrices": matrices.content,
            "par_regle": by_rule,
            "par_scenario": by_scenario,
            "par_critere": by_criterion,
        },
    }


def _drawing(base: str, extension: Scenario | None, uncertainties: tuple[Uncertainty, ...]) -> Scenario:
    """Return the scenario that is drawn for a rule, as wide as its extension where what is supposed is of the rule."""
    told = dict.fromkeys(("titre", "auteur", "reference", "raisonnement"), "tirages du simulateur")
    return Scenario(
        id="tirages",
        **told,
        base=base,
        differences=extension.differences if extension else (("plancher", None),),
        renormaliser=False,
        hypotheses=extension.hypotheses if extension else (),
        incertitudes=uncertainties,
        famille="tirages",
    )


def _declared_uncertainties(rule: Rule, extension: Scenario) -> tuple[Uncertainty, ...]:
    """Return what is uncertain in a rule: the variants of its series, supposed errors, what is supposed or deduced.

    The supposed errors and values are those of the extension; the criteria that it supposes are deduced.
    """
    named = {criterion.id for criterion in rule.criteres}
    deduced = sorted(named & {one.critere for one in extension.hypotheses})
    uncertainties = [
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
    errors = [one for one in extension.incertitudes if one.loi == "lognormale"]
    uncertainties += [one for one in errors if one.entree.removeprefix("criteres.") in named - set(deduced)]
    for hypothesis in extension.hypotheses:
        if hypothesis.critere in named:
            target = f"criteres.{hypothesis.critere}"
            uncertainties.append(Uncertainty(target, "valeurs supposées", "completion", (), None, hypothesis.raison))
    reason = "Les montants publiés laissent la part de chaque département dans un intervalle."
    uncertainties += [
        Uncertainty(f"criteres.{name}", "indice de besoin", "calibree", (), None, reason) for name in deduced
    ]
    return tuple(uncertainties)


@dataclass(frozen=True, eq=False)
class _DrawnFactors:
    """The factors of the criteria: the units, by criterion an array (DRAWS, units), and the draws that had to be left.

    A draw is left where the publication leaves no deduced criterion; `essais` is how many it took to have DRAWS.
    """

    codes: list[str]
    factors: dict[str, Values]
    tries: int


def _drawn_factors(scenario: Scenario, base: Rule, data: Data) -> _DrawnFactors:
    """Draw the uncertain inputs of a scenario; what cannot be drawn for want of a value is left out."""
    prepared = _drawable(prepare(scenario, data, base=base))
    codes = prepared.universe
    given = [given_input for given_input in uncertain_inputs(prepared) if given_input.target != WEIGHTS]
    if not given:
        return _DrawnFactors(codes, {}, DRAWS)
    [drawn] = drawn_blocks(given, SEED, 0, len(codes), [2 * DRAWS])
    kept = np.flatnonzero(~drawn.impossible)[:DRAWS]
    if len(kept) < DRAWS:
        raise ScenarioError(f"fewer than {DRAWS} of {2 * DRAWS} draws leave a deduced criterion", cell=scenario.id)
    shape = (2 * DRAWS, len(codes))
    factors = {name: np.broadcast_to(values, shape)[kept] for name, values in drawn.factors.items()}
    return _DrawnFactors(codes, factors, int(kept[-1]) + 1)


class _Matrices:
    """The factors as the page carries them: each different matrix once, under a name."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)
        self.content: dict[str, dict[str, Any]] = {}
        self._names: dict[str, str] = {}

    def carried(self, found: _DrawnFactors) -> dict[str, str]:
        """Return the name of the matrix of each criterion that was drawn."""
        return {criterion: self.add(found.codes, values) for criterion, values in found.factors.items()}

    def add(self, codes: Sequence[str], factors: Values) -> str:
        """Return the name of a matrix, kept if it is new; parts move with their whole, units without a draw stay."""
        whole = np.ones((len(factors), len(self.codes)))
        for place, code in enumerate(self.codes):
            drawn = next((unit for unit in codes if code in (unit, *components(unit))), None)
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
