"""The uncertain inputs of a scenario: laws by their French names, bound to its units.

Laws of criteria are those of factors around the central values: `uniforme` (borne_basse, borne_haute), `triangulaire`
and `beta_pert` (also mode), `lognormale` (cv), `variantes` (editions; deduire, a criterion that is deduced from this
one), `completion` (the dispersion of a declared hypothesis), `calibree` (the interval that the published amounts
leave). That of the weights is `dirichlet` (concentration).
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.data.reading import load_table
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Criterion
from cdppe_analysis.rules.scenario import Uncertainty
from cdppe_analysis.simulation import laws
from cdppe_analysis.simulation.draws import WEIGHTS, Input
from cdppe_analysis.studies import deduction
from cdppe_analysis.studies.preparation import Prepared, series
from cdppe_analysis.territories import components

_LAWS = (
    "uniforme",
    "triangulaire",
    "beta_pert",
    "lognormale",
    "variantes",
    "completion",
    "calibree",
    "dirichlet",
)
_OF_SOME_UNITS = ("uniforme", "triangulaire", "beta_pert", "lognormale")
_CODE = "code_departement"


@dataclass
class _Parameters:
    """The parameters of a law, read strictly."""

    content: dict[str, Any]
    law: str
    place: str
    used: tuple[str, ...] = ()

    def number(self, key: str) -> float:
        value = self._taken(key)
        try:
            return float(Fraction(str(value)))
        except (ValueError, ZeroDivisionError):
            raise ScenarioError(f"{value!r} is no number", cell=f"{self.place}, {key}") from None

    def text(self, key: str) -> str:
        return str(self._taken(key))

    def texts(self, key: str) -> list[str]:
        value = self._taken(key)
        if not isinstance(value, list) or len(value) < 2:
            raise ScenarioError("a law over variants needs at least two of them", cell=f"{self.place}, {key}")
        return [str(entry) for entry in value]

    def check_all_used(self) -> None:
        for key in self.content:
            if key not in self.used:
                raise ScenarioError(f"the law {self.law!r} has no parameter {key!r}", cell=self.place)

    def _taken(self, key: str) -> Any:
        if key not in self.content:
            raise ScenarioError(f"the law {self.law!r} needs the parameter {key!r}", cell=self.place)
        self.used = (*self.used, key)
        return self.content[key]


def uncertain_inputs(prepared: Prepared, folder: Path | None = None) -> list[Input]:
    """Return the uncertain inputs of a scenario, their laws bound to its units.

    Raises
    ------
    ScenarioError
        When a law is unknown (naming the nearest) or its parameters are impossible.
    """
    codes = sorted({*prepared.base.beneficiaires, *prepared.rule.beneficiaires})
    found: list[Input] = []
    for uncertainty in prepared.scenario.incertitudes:
        found += _inputs(prepared, uncertainty, codes, folder)
    return found


def _inputs(prepared: Prepared, uncertainty: Uncertainty, codes: list[str], folder: Path | None) -> list[Input]:
    place = f"{prepared.scenario.id}, incertitudes, {uncertainty.entree}"
    given = _Parameters(dict(uncertainty.parametres), uncertainty.loi, place)
    target = uncertainty.entree.removeprefix("criteres.")
    if uncertainty.loi not in _LAWS:
        near = difflib.get_close_matches(uncertainty.loi, _LAWS, n=1, cutoff=0.0)[0]
        raise ScenarioError(f"unknown law {uncertainty.loi!r}; the nearest known is {near!r}", cell=place)
    _check_units(uncertainty, codes, place)
    name = f"{target}, {uncertainty.loi}"
    try:
        if uncertainty.loi == "dirichlet":
            weights = [float(criterion.poids) for criterion in prepared.rule.criteres]
            law: laws.Law = laws.Dirichlet(weights, given.number("concentration"))
            found = [Input(WEIGHTS if target == WEIGHTS else target, law, uncertainty.groupe, name)]
        elif uncertainty.loi == "variantes":
            found = _variants(prepared, target, given, codes, uncertainty.groupe, name, folder)
        else:
            law = _factor_law(prepared, uncertainty, target, given, codes, folder)
            found = [Input(target, law, uncertainty.groupe, name)]
    except ScenarioError as error:
        raise ScenarioError(error.message, criterion=error.criterion, cell=error.cell or place) from None
    given.check_all_used()
    return found


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
    given: _Parameters,
    codes: list[str],
    folder: Path | None,
) -> laws.Law:
    chosen = np.array([uncertainty.unites is None or code in uncertainty.unites for code in codes])

    def only(value: float) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.where(chosen, value, 1.0)

    match uncertainty.loi:
        case "uniforme":
            return laws.Uniform(only(given.number("borne_basse")), only(given.number("borne_haute")))
        case "triangulaire":
            low, mode, high = (only(given.number(key)) for key in ("borne_basse", "mode", "borne_haute"))
            return laws.Triangular(low, mode, high)
        case "beta_pert":
            low, mode, high = (only(given.number(key)) for key in ("borne_basse", "mode", "borne_haute"))
            return laws.BetaPert(low, mode, high)
        case "lognormale":
            return laws.LogNormal(1.0, np.where(chosen, given.number("cv"), 0.0))
        case "completion":
            variation = prepared.completions.get(target)
            if variation is None:
                raise ScenarioError("no declared hypothesis completes this criterion", criterion=target)
            return laws.LogNormal(1.0, np.array([variation.get(code, 0.0) for code in codes]))
        case _:
            return _calibrated(prepared, target, codes, folder)


def _calibrated(prepared: Prepared, target: str, codes: list[str], folder: Path | None) -> laws.Segment:
    """Return the segment between the two extreme indices that the published amounts leave.

    The published amounts leave lambda uncertain, and all shares move with it: the two certified ends of the unit whose
    interval is widest are the ends of the segment, and every index between them gives the published amounts back.
    """
    intervals = deduction.index_intervals(
        prepared.base, load_table("criteres", folder), prepared.tables["allocations"], None
    )
    width = (intervals.table["borne_haute"] - intervals.table["borne_basse"]) / intervals.table["centre"]
    widest = intervals.table[_CODE].iloc[int(width.to_numpy().argmax())]
    rows = intervals.certificats[intervals.certificats["code_cible"] == widest]
    centre = prepared.base_criteria.set_index(_CODE)[target]
    ends = []
    for side in ("basse", "haute"):
        parts = rows[rows["extremite"] == side].set_index(_CODE)["part"]
        factor = parts / centre
        ends.append(np.array([float(factor.get(code, 1.0)) for code in codes]))
    return laws.Segment(*ends)


def _variants(
    prepared: Prepared,
    target: str,
    given: _Parameters,
    codes: list[str],
    group: str,
    name: str,
    folder: Path | None,
) -> list[Input]:
    """Return one input of the criterion, and one of the criterion deduced from it, that share their draws."""
    editions = given.texts("editions")
    deduced = given.text("deduire") if "deduire" in given.content else None
    table = load_table("criteres", folder)
    criterion = _criterion(prepared, target)
    found = [
        Input(
            target,
            _variant_law(target, criterion.millesime, editions, criterion.edition, codes, table),
            group,
            name,
            name,
        )
    ]
    if deduced is not None:
        other = prepared.base.criterion(deduced)
        names = [deduction.deduced_edition(edition) for edition in editions]
        law = _variant_law(deduced, other.millesime, names, other.edition, codes, table)
        found.append(Input(deduced, law, group, f"{deduced}, déduit de {target}", name))
    return found


def _criterion(prepared: Prepared, target: str) -> Criterion:
    """Return a criterion of the baseline, or of the other rule where the baseline has it not."""
    for criterion in (*prepared.base.criteres, *prepared.rule.criteres):
        if criterion.id == target:
            return criterion
    raise ScenarioError("neither rule has this criterion", criterion=target)


def _variant_law(
    critere: str,
    millesime: int,
    editions: Sequence[str],
    central: str | None,
    codes: list[str],
    table: pd.DataFrame,
) -> laws.Variants:
    rows = table[(table["critere"] == critere) & (table["millesime"] == millesime)]
    known = set(rows[rows["edition"] == editions[0]][_CODE])
    told = [code for code in codes if set(components(code)) <= known or code in known]
    values = {
        edition: series(critere, millesime, edition, told, table) for edition in dict.fromkeys((*editions, central))
    }
    factors = [
        [values[edition][code] / values[central][code] if code in told else 1.0 for code in codes]
        for edition in editions
    ]
    return laws.Variants(factors)
