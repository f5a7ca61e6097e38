"""What the page carries: rules, lists, series, scenarios, draws, outlines and names, as one mapping for JSON.

Values of criteria are the shortest decimals of the clean table, which the exact path reads too.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cdppe_analysis.calibration.identification import STEPS
from cdppe_analysis.data import Data
from cdppe_analysis.errors import RuleError, ScenarioError
from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.layout import outlines
from cdppe_analysis.rules.scenario import Scenario
from cdppe_analysis.simulator.draws import (
    DRAWS,
    SEED,
    Declared,
    DrawnFactors,
    Matrices,
    declared_uncertainties,
    drawn_factors,
)
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.studies.atlas import kept_atlas
from cdppe_analysis.studies.preparation import CHILDREN
from cdppe_analysis.tables.estimates import default_edition
from cdppe_analysis.territories import CORSE, DEPARTEMENTS, OTHER_UNITS, components
from cdppe_analysis.typography import typeset

_OWN_LAWS = frozenset({"uniforme", "triangulaire", "beta_pert"})
_EXTENSION = "extension-101"
_SAID = ("titre", "libelle", "raisonnement", "reference", "note")


def content() -> dict[str, Any]:
    """Return what the page carries."""
    known = Data.open()
    rules = {name: known.rule(name) for name in known.rules()}
    series = known.table("criteres")
    titles = {one.id: one.titre for rule in rules.values() for one in rule.criteres}
    scenarios = [known.scenario(name) for name in known.scenario_ids()]
    return {
        "regles": {name: _typeset(rule.mapping()) for name, rule in rules.items()},
        "listes": _lists(known),
        "territoires": {
            code: [typeset(unit.libelle), typeset(unit.libelle_region)]
            for code, unit in {**DEPARTEMENTS, **OTHER_UNITS}.items()
        },
        "parties": {code: list(parts) for code in OTHER_UNITS if len(parts := components(code)) > 1},
        "series": _series(series, known),
        "editions": {name: default_edition(str(name)) for name in series["critere"].unique()},
        "titres": {name: typeset(title) for name, title in {"population": "Population totale", **titles}.items()},
        "references": known.published,
        "scenarios": [{**_typeset(one.mapping()), "famille": one.famille} for one in scenarios],
        "familles": _families(known),
        "enfants": dict(zip(("critere", "millesime", "edition"), CHILDREN, strict=True)),
        **_uncertain(rules, scenarios, known),
        "signes": _signs(known),
        "carte": outlines(load_contours(light=True), (*DEPARTEMENTS, CORSE), per_km=10),
        "noyau": base64.b64encode(Path(__file__).with_name("kernel.wasm").read_bytes()).decode(),
    }


def _signs(data: Data) -> dict[str, Any]:
    """Return, by scenario and code, the sign, the error that breaks it, and that below which it is proved to hold."""
    found = {}
    for name, known in kept_atlas(data).items():
        rows = known.table[known.table["sens"].notna()].to_dict("records")
        found[name] = {row["code_departement"]: [row["sens"], _cut(row["rupture"]), _cut(row["tient"])] for row in rows}
    return {"erreur_maximale": STEPS[-1], "scenarios": found}


def _cut(error: float) -> float | None:
    return None if math.isnan(error) else math.floor(error * 1e4) / 1e4


def _families(data: Data) -> dict[str, str]:
    files = sorted((data.folder / "scenarios").glob("*.yml"))
    return {str(said["id"]): typeset(said["titre"]) for said in (read_yaml(path, ScenarioError) for path in files)}


def _typeset(mapping: dict[str, Any]) -> dict[str, Any]:
    """Set what is read by people as French prints it; identifiers, paths and numbers stay."""
    said = {key: typeset(value) for key, value in mapping.items() if key in _SAID and isinstance(value, str)}
    criteria = {"criteres": [_typeset(one) for one in mapping["criteres"]]} if "criteres" in mapping else {}
    return {**mapping, **said, **criteria}


def _lists(data: Data) -> dict[str, dict[str, Any]]:
    titles = {
        path.stem: read_yaml(path, RuleError).get("titre", path.stem)
        for path in (data.folder / "beneficiaires").glob("*.yml")
    }
    return {name: {"titre": typeset(titles[name]), "codes": list(codes)} for name, codes in data.names.lists.items()}


def _series(table: Any, data: Data) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for (name, year, edition), rows in table.groupby(["critere", "millesime", "edition"], sort=True):
        values = {
            code: f"{value:.0f}" if float(value).is_integer() else repr(float(value))
            for code, value in zip(rows["code_departement"], rows["valeur"], strict=True)
        }
        estimated = (rows["statut"] == "estime").mean()
        status = "estime" if estimated == 1 else "en_partie" if estimated else str(rows["statut"].iloc[0])
        found.append(
            {
                "critere": name,
                "millesime": int(year),
                "edition": edition,
                "unite": str(rows["unite"].iloc[0]),
                "statut": status,
                "source": _titre(str(rows["source"].iloc[0]), data.sources),
                "valeurs": values,
            }
        )
    return found


def _titre(source: str, sources: Mapping[str, Any]) -> str:
    return typeset(sources[source].titre) if source in sources else source


def _uncertain(rules: Mapping[str, Any], scenarios: list[Scenario], data: Data) -> dict[str, Any]:
    extension = next(one for one in scenarios if one.famille == _EXTENSION)
    deduced = frozenset(one.critere for one in extension.hypotheses)
    errors = tuple(one for one in extension.incertitudes if one.loi == "lognormale")
    declared = Declared(errors, extension.hypotheses, deduced)
    matrices = Matrices([*DEPARTEMENTS, *OTHER_UNITS])
    by_rule: dict[str, dict[str, str]] = {}
    uncertainties: dict[str, Any] = {}
    tries: dict[str, int] = {}
    for name, rule in rules.items():
        wide = bool(deduced & {one.id for one in rule.criteres})
        told = declared_uncertainties(rule, declared, completed=wide)
        widest = extension.differences if wide else (("plancher", None),)
        scenario = _drawing(name, widest, declared.hypotheses if wide else (), told)
        found = drawn_factors(scenario, rule, data)
        tries[name] = found.essais
        by_rule[name] = _carried(matrices, found)
        uncertainties[name] = scenario.mapping()["incertitudes"]
    by_scenario: dict[str, dict[str, str]] = {}
    for one in scenarios:
        if any(law.loi in _OWN_LAWS for law in one.incertitudes):
            by_scenario[one.id] = _carried(matrices, drawn_factors(one, rules[one.base], data))
    by_criterion = {criterion: key for found in by_rule.values() for criterion, key in found.items()}
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


def _carried(matrices: Matrices, found: DrawnFactors) -> dict[str, str]:
    return {criterion: matrices.add(found.codes, values) for criterion, values in found.facteurs.items()}


def _drawing(base: str, differences: Any, hypotheses: Any, uncertainties: Any) -> Scenario:
    told = dict.fromkeys(("titre", "auteur", "reference", "raisonnement"), "tirages du simulateur")
    return Scenario(
        id="tirages",
        **told,
        base=base,
        differences=tuple(differences),
        renormaliser=False,
        hypotheses=tuple(hypotheses),
        incertitudes=tuple(uncertainties),
        famille="tirages",
    )
