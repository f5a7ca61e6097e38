"""What is not known: the uncertain inputs of a scenario, and the index that was never published.

Laws have French names and are bound to the units of the scenario.

Laws of criteria are those of factors around the central values: `uniforme` (borne_basse, borne_haute), `triangulaire`
and `beta_pert` (also mode), `lognormale` (cv), `variantes` (editions), `completion` (the dispersion of a declared
hypothesis). That of the weights is `dirichlet` (concentration).

Where the amounts of the baseline are published and one of its criteria is deduced from them (status `derive`), that
criterion is what the publication leaves once the others are drawn, whether the scenario says so (`calibree`) or not.

The rule of 2020 shares half of the envelope by the `igb` of the CNSA, published nowhere. The published amounts and the
other criterion leave each share of it in an interval (`calibration.criterion`). The value that `criteres.csv` keeps is
the centre: one compatible index among others, in the middle of the admissible multipliers. It depends on what is taken
for the other criterion, so that there is one edition of it for each of that criterion's variants.

Known drawback: recomputing the published amounts from this index proves nothing, since it comes from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.allocation.values import CODE
from cdppe_analysis.calibration.criterion import CriterionIntervals, calibrate_criterion, compatible_centre
from cdppe_analysis.calibration.published import PublishedAmounts, Remaining
from cdppe_analysis.data.given import criteria_values, series_values
from cdppe_analysis.errors import RuleError, ScenarioError
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.rules.scenario import Uncertainty
from cdppe_analysis.simulation import laws
from cdppe_analysis.simulation.draws import Input
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.studies.preparation import Prepared

_PARAMETERS = {
    "uniforme": ("borne_basse", "borne_haute"),
    "triangulaire": ("borne_basse", "mode", "borne_haute"),
    "beta_pert": ("borne_basse", "mode", "borne_haute"),
    "lognormale": ("cv",),
    "variantes": ("editions",),
    "completion": (),
    "calibree": (),
    "dirichlet": ("concentration",),
}
"""The laws, and the parameters that each needs."""

_PREFIX = "deduit-ase-"
"""What the editions of a deduced criterion begin with, before that of the other one."""

_OF_SOME_UNITS = ("uniforme", "triangulaire", "beta_pert", "lognormale")


def uncertain_inputs(prepared: Prepared) -> list[Input]:
    """Return the uncertain inputs of a scenario, their laws bound to its units.

    Raises
    ------
    ScenarioError
        When a law is unknown (naming the nearest) or its parameters are impossible.
    """
    codes = prepared.universe
    deduced = prepared.deduced
    group, inputs = f"{deduced}, déduit", []
    for uncertainty in prepared.scenario.incertitudes:
        place = f"{prepared.scenario.id}, incertitudes, {uncertainty.entree}"
        given = _parameters(uncertainty, place)
        _check_units(uncertainty, codes, place)
        target = uncertainty.entree.removeprefix("criteres.")
        if uncertainty.loi == "calibree" and target == deduced:
            group = uncertainty.groupe
        else:
            inputs.append(_input(prepared, uncertainty, target, given, codes, place))
    if deduced is not None:
        inputs.append(Input(deduced, _deduced(prepared, deduced, codes), group, f"{deduced}, calibree"))
    return inputs


def _deduced(prepared: Prepared, target: str, codes: Sequence[str]) -> laws.Deduced:
    """Return what the published amounts leave of the criterion, whatever the others."""
    values = prepared.base_criteria.set_index(CODE).loc[list(prepared.base.beneficiaires)].astype("float64")
    return laws.Deduced(
        Remaining.of(PublishedAmounts.read(prepared.base, prepared.published), target),
        {c.id: (float(c.poids), values[c.id].to_numpy()) for c in prepared.base.criteres if c.id != target},
        np.array([codes.index(code) for code in prepared.base.beneficiaires]),
        (values[target] / values[target].sum()).to_numpy(),
    )


def _input(
    prepared: Prepared,
    uncertainty: Uncertainty,
    target: str,
    given: Mapping[str, Any],
    codes: list[str],
    place: str,
) -> Input:
    try:
        if uncertainty.loi == "dirichlet":
            weights = [float(criterion.poids) for criterion in prepared.rule.criteres]
            law: laws.Law = laws.Dirichlet(weights, given["concentration"])
        elif uncertainty.loi == "variantes":
            law = _variants(prepared, target, given["editions"], codes)
        elif uncertainty.loi == "calibree":
            _criterion(prepared, target)
            raise ScenarioError("no published amounts give this criterion", criterion=target)
        else:
            law = _factor_law(prepared, uncertainty, target, given, codes)
        on = uncertainty.sur
        name = f"{target}, {uncertainty.loi}{', base' if on == 'base' else ''}"
        return Input(target, law, uncertainty.groupe, name, rule=on != "base", reference=on != "scenario")
    except ScenarioError as error:
        raise ScenarioError(error.message, criterion=error.criterion, cell=error.cell or place) from None


def _parameters(uncertainty: Uncertainty, place: str) -> dict[str, Any]:
    """Read the parameters of a law strictly, in its own order: numbers, or editions."""
    law, given = uncertainty.loi, dict(uncertainty.parametres)
    if law not in _PARAMETERS:
        raise ScenarioError(f"unknown law {law!r}{hint(law, _PARAMETERS)}", cell=place)
    if law == "variantes":
        # Files of version 0.1 name the criterion that is deduced with the variant: it is in every draw now.
        given.pop("deduire", None)
    for key in _PARAMETERS[law]:
        if key not in given:
            raise ScenarioError(f"the law {law!r} needs the parameter {key!r}", cell=place)
    for key in given:
        if key not in _PARAMETERS[law]:
            raise ScenarioError(f"the law {law!r} has no parameter {key!r}", cell=place)
    return {key: _parameter(key, given[key], f"{place}, {key}") for key in _PARAMETERS[law]}


def _parameter(key: str, value: Any, place: str) -> float | list[str]:
    if key == "editions":
        if not isinstance(value, list) or len(value) < 2:
            raise ScenarioError("a law over variants needs at least two of them", cell=place)
        return [str(entry) for entry in value]
    try:
        return float(Fraction(str(value)))
    except OverflowError:
        raise ScenarioError("the number is larger than any that is drawn", cell=place) from None
    except (ValueError, ZeroDivisionError):
        raise ScenarioError(f"{value!r} is no number", cell=place) from None


def _check_units(uncertainty: Uncertainty, codes: Sequence[str], place: str) -> None:
    if uncertainty.unites is None:
        return
    if uncertainty.loi not in _OF_SOME_UNITS:
        raise ScenarioError(f"the law {uncertainty.loi!r} holds for all units: it takes no 'unites'", cell=place)
    for code in uncertainty.unites:
        if code not in codes:
            raise ScenarioError("a unit of an uncertain input is no beneficiary", code=code, cell=f"{place}, unites")


def _factor_law(
    prepared: Prepared,
    uncertainty: Uncertainty,
    target: str,
    given: Mapping[str, Any],
    codes: list[str],
) -> laws.Law:
    chosen = np.array([uncertainty.unites is None or code in uncertainty.unites for code in codes])

    def only(value: float) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.where(chosen, value, 1.0)

    match uncertainty.loi:
        case "uniforme":
            return laws.Uniform(*map(only, given.values()))
        case "triangulaire" | "beta_pert" as name:
            kind = laws.Triangular if name == "triangulaire" else laws.BetaPert
            return kind(*map(only, given.values()))
        case "lognormale":
            return laws.LogNormal(1.0, np.where(chosen, given["cv"], 0.0))
        case _:
            variation = prepared.completions.get(target)
            if variation is None:
                raise ScenarioError("no declared hypothesis completes this criterion", criterion=target)
            return laws.LogNormal(1.0, np.array([variation.get(code, 0.0) for code in codes]))


def _criterion(prepared: Prepared, target: str) -> Criterion:
    """Return a criterion of the baseline, or of the other rule where the baseline has it not."""
    for criterion in (*prepared.base.criteres, *prepared.rule.criteres):
        if criterion.id == target:
            return criterion
    raise ScenarioError("neither rule has this criterion", criterion=target)


def _variants(prepared: Prepared, target: str, editions: Sequence[str], codes: list[str]) -> laws.Variants:
    table = prepared.data.table("criteres")
    criterion = _criterion(prepared, target)
    rows = table[(table["critere"] == target) & (table["millesime"] == criterion.millesime)]
    published = set(rows[rows["edition"] == editions[0]][CODE])
    covered = [
        code for code in codes if set(prepared.data.territories.components(code)) <= published or code in published
    ]
    values = {
        edition: series_values(target, criterion.millesime, edition, covered, table, prepared.data.territories)
        for edition in dict.fromkeys((*editions, criterion.edition))
    }
    # Where the central value is 0 every factor of it is.
    central = values[criterion.edition]
    factors = [
        [values[edition][code] / central[code] if central.get(code) else 1.0 for code in codes] for edition in editions
    ]
    return laws.Variants(factors)


def deduced_criterion(rule: Rule) -> str | None:
    """Return the criterion of a rule that is deduced: the one whose edition says so; `None` where there is none."""
    return next((c.id for c in rule.criteres if (c.edition or "").startswith(_PREFIX)), None)


def index_intervals(
    rule: Rule, table: pd.DataFrame, allocations: pd.DataFrame, edition: str | None = None
) -> CriterionIntervals:
    """Return the intervals of the unpublished index.

    Parameters
    ----------
    rule
        The rule of 2020.
    table
        The table of criteria.
    allocations
        The published amounts: `code_departement`, `montant_eur`.
    edition
        The variant of the other criterion; the rule's own when left out.

    Raises
    ------
    RuleError
        When no criterion of the rule is deduced.
    InfeasibleError
        When no index is compatible with the amounts.
    """
    unknown = _deduced_of(rule)
    varied = _with_edition(rule, edition) if edition else rule
    known = criteria_values(varied, table, without=unknown)
    return calibrate_criterion(varied, known, _by_code(allocations), unknown)


def deduced_index(rule: Rule, table: pd.DataFrame, allocations: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the deduced index, for each variant of the other criterion.

    Parameters
    ----------
    rule
        The rule of 2020.
    table
        The published and estimated rows of `criteres.csv`.
    allocations
        The table `allocations.csv`.
    """
    cells = allocations.set_index("code_departement")["emplacement"]
    criterion, amounts = rule.criterion(_deduced_of(rule)), _by_code(allocations)
    frames = []
    other = next(one for one in rule.criteres if one.id != criterion.id)
    for edition in filter(None, (other.edition, *other.variantes)):
        varied = _with_edition(rule, edition)
        values = criteria_values(varied, table, without=criterion.id)
        centre = compatible_centre(varied, values, amounts, criterion.id)
        frames.append(
            pd.DataFrame(
                {
                    "critere": criterion.id,
                    "millesime": criterion.millesime,
                    "edition": _PREFIX + edition,
                    "code_departement": list(centre),
                    "valeur": [float(part) for part in centre.values()],
                    "unite": "part des trente départements",
                    "statut": "derive",
                    "source": allocations["source"].iloc[0],
                    "emplacement": [cells[code] for code in centre],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _by_code(allocations: pd.DataFrame) -> dict[str, int]:
    return dict(zip(allocations["code_departement"], allocations["montant_eur"], strict=True))


def _deduced_of(rule: Rule) -> str:
    unknown = deduced_criterion(rule)
    if unknown is None:
        raise RuleError("no criterion of the rule is deduced from published amounts", cell=rule.id)
    return unknown


def _with_edition(rule: Rule, edition: str) -> Rule:
    criteria = tuple(
        replace(criterion, edition=edition) if criterion.id != _deduced_of(rule) else criterion
        for criterion in rule.criteres
    )
    return replace(rule, criteres=criteria)
