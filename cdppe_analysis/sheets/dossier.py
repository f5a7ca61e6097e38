"""All that the sheets of the territories say, computed once: amounts, scenarios, needs, PMI, objectives.

The amounts are those of the ONDAM médico-social 2020, the one envelope whose amounts were published. Scenarios are
those that `data/fiches.yml` names, drawn as `cdppe simulate` draws them, with one seed for all. Known drawback: an
interval of a scenario holds what the project supposes uncertain, and nothing else.

A gap to a target of PMI is told only where both count the same: the target of the midwives' visits is for visits before
or after birth together, and that of the nursery school is for an examination narrower than the assessment that is
counted. A rate that is not known says why, and is never shown as 0.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cdppe_analysis.allocation import Allocation, allocate
from cdppe_analysis.data import Data
from cdppe_analysis.errors import TableError
from cdppe_analysis.needs import Needs
from cdppe_analysis.printing.layout import Foot
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.simulation.coverage import coverage
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.studies.atlas import Store
from cdppe_analysis.studies.identification import Identification
from cdppe_analysis.studies.preparation import compare_prepared, prepare
from cdppe_analysis.territories import CORSE, DEPARTEMENTS, Departement, components, departement
from cdppe_analysis.typography import interval, number, with_unit

DRAWS = 2000
YEARS = (2022, 2023)
"""The years that are printed."""

INDICATORS = {
    "epp": ("Entretien prénatal précoce", "epp"),
    "epnp": ("Entretien postnatal", "epnp"),
    "vad_prenatale": ("Visites prénatales de sage-femme", "vad_sage_femme"),
    "vad_postnatale": ("Visites postnatales de sage-femme", "vad_sage_femme"),
    "vad_infirmiere": ("Visites de puéricultrice", "vad_infirmiere"),
    "consultation": ("Consultations, moins de 6 ans", "consultation"),
    "bilan_maternelle": ("Bilan de santé en maternelle", "examen_sante_maternelle"),
}
"""The indicators: their words, and the target beside which they stand."""

_OTHERWISE_COUNTED = {
    "vad_sage_femme": "cible commune aux deux",
    "examen_sante_maternelle": "cible plus étroite",
}
_UNREAD = {
    "nd": ("non disponible", "n. d."),
    "discordant": ("double valeur", "double"),
    "indeterminable": ("illisible", "illisible"),
}


@dataclass(frozen=True, eq=False)
class Alternative:
    """A scenario: its title, what it gives, the draws, and what is known whatever the index.

    By code, `amounts` is the table of a comparison, `intervals` has `q05`, `q95` of each amount and `ecart_q05`,
    `ecart_q95` of its difference; `extended` says whether it extends the rule to other units.
    """

    id: str
    title: str
    amounts: pd.DataFrame
    intervals: pd.DataFrame
    identification: Identification | None
    extended: bool


@dataclass(frozen=True, eq=False)
class Dossier:
    """What the sheets draw from.

    Attributes
    ----------
    allocation
        The amounts of the official rule, with their trace.
    extended_allocation
        Those of its extension to every département with the same envelope.
    units
        What the series of each criterion counts, by its id.
    other_series
        By criterion, the other series that can be defended: what each counts, and its values by code.
    published
        Published amounts by code.
    children
        Protected children by code: the 101, and Corse as one.
    estimated
        The départements whose children are estimated, for want of a publication.
    needs, coverage
        What is supposed of the need; what each published amount covers of it, by code.
    scenarios
        The main scenarios, in their order.
    pmi, targets, objectives
        The rows of the tables.
    foot
        From what the sheets are made.
    seed, draws
        Seed and number of the draws.
    """

    allocation: Allocation
    extended_allocation: Allocation
    units: dict[str, str]
    other_series: dict[str, dict[str, dict[str, float]]]
    published: dict[str, int]
    children: dict[str, float]
    estimated: frozenset[str]
    needs: Needs
    coverage: pd.DataFrame
    scenarios: tuple[Alternative, ...]
    pmi: pd.DataFrame
    targets: pd.DataFrame
    objectives: pd.DataFrame
    foot: Foot
    seed: int
    draws: int

    @classmethod
    def open(cls, seed: int, draws: int = DRAWS) -> Dossier:
        """Compute all that the sheets say.

        Parameters
        ----------
        seed, draws
            Of the draws of the scenarios, and how many.
        """
        data = Data.open()
        shown = read_yaml(data.folder / "fiches.yml", TableError)
        rule, needs = data.rule(shown["regle"]), data.needs(shown["besoins"])
        published = data.published[rule.id]
        children = data.protected_children(needs, list(DEPARTEMENTS))
        children |= {
            whole: sum(children[part] for part in components(whole)) for whole in published if whole not in children
        }
        covered = coverage(published, {code: children[code] for code in published}, needs)
        targets = data.table("reperes")
        alternatives = tuple(_alternative(data, name, seed, draws) for name in shown["scenarios"])
        extended = prepare(data.scenario(next(one.id for one in alternatives if one.extended)), data)
        return cls(
            allocation=allocate(rule, data.criteria(rule)),
            extended_allocation=allocate(extended.rule, extended.criteria),
            units=data.units(rule),
            other_series={one.id: _other_series(data, rule, one) for one in rule.criteres},
            published=published,
            children=children,
            estimated=_estimated(data.table("criteres"), shown["enfants_publies"], rule),
            needs=needs,
            coverage=covered.set_index("code_departement"),
            scenarios=alternatives,
            pmi=data.table("pmi"),
            targets=targets[targets["nature"].eq("cible") & targets["contractualisation"].eq("2025-2027")],
            objectives=data.table("objectifs"),
            foot=Foot.of(),
            seed=seed,
            draws=draws,
        )

    def unit(self, code: str) -> str:
        """Return the beneficiary that stands for a département: `20` for both of Corse."""
        return next(
            (beneficiary for beneficiary in self.published if code in (beneficiary, *components(beneficiary))), code
        )

    @property
    def prevalence(self) -> str:
        """The national prevalence as it is printed: « de 15 à 20 % »."""
        low, high = (round(float(bound) * 100) for bound in self.needs.prevalence)
        return interval(low, high, unit="%")

    @staticmethod
    def rated_unit(place: Departement) -> Departement:
        """Return the unit whose rates the annex prints for a département: the collectivité for both of Corse."""
        return departement(CORSE) if place.code in components(CORSE) else place

    def pmi_rows(self, place: Departement) -> list[dict[str, str]]:
        """Return a row an indicator: its words, its rates, the last in brief, its target and the gap to it."""
        rates = self.pmi[self.pmi["code_departement"].eq(self.rated_unit(place).code)]
        rows = rates.set_index(["indicateur", "annee"]).to_dict("index")
        return [
            {
                "nom": words,
                **{f"a{year}": _rate(rows[name, year]) for year in YEARS},
                "bref": _rate(rows[name, YEARS[-1]], short=True),
                "cible": self.target(goal),
                "ecart": self._gap(rows[name, YEARS[-1]], goal),
            }
            for name, (words, goal) in INDICATORS.items()
        ]

    def target(self, name: str) -> str:
        """Return a target as it is printed; nothing where there is none."""
        rows = self.targets[self.targets["repere"].eq(name)]
        if rows.empty:
            return ""
        row = rows.iloc[0]
        if pd.isna(row["valeur"]):
            return f"{number(int(row['borne_basse']))} à {with_unit(int(row['borne_haute']), '%')}"
        return with_unit(int(row["valeur"]), "%")

    def _gap(self, row: Mapping[Hashable, Any], goal: str) -> str:
        if goal in _OTHERWISE_COUNTED:
            return _OTHERWISE_COUNTED[goal]
        aimed = self.targets.loc[self.targets["repere"].eq(goal), "valeur"]
        if pd.isna(row["valeur"]) or aimed.empty or pd.isna(aimed.iloc[0]):
            return "—"
        gap = int(row["valeur"]) - int(aimed.iloc[0])
        if gap >= 0:
            return "atteinte"
        return with_unit(gap, "points" if gap < -1 else "point")


def _other_series(data: Data, rule: Rule, criterion: Criterion) -> dict[str, dict[str, float]]:
    codes = list(dict.fromkeys([*DEPARTEMENTS, *rule.beneficiaires]))
    series = {}
    for edition in criterion.variantes:
        unit = data.units(rule.changed({f"criteres.{criterion.id}.edition": edition}))[criterion.id]
        series[unit] = data.series(criterion.id, criterion.millesime, edition, codes)
    return series


def _estimated(criteria: pd.DataFrame, series: str, rule: Rule) -> frozenset[str]:
    """Return the départements of which a published series says nothing in the years of a rule, nor of their whole."""
    years = {criterion.millesime for criterion in rule.criteres}
    rows = criteria[criteria["critere"].eq(series) & criteria["millesime"].isin(years)]
    counted = {part for code in rows["code_departement"].unique() for part in (code, *components(code))}
    return frozenset(DEPARTEMENTS) - counted


def _alternative(data: Data, name: str, seed: int, draws: int) -> Alternative:
    from cdppe_analysis.studies.running import simulate_prepared

    scenario = data.scenario(name)
    prepared = prepare(scenario, data)
    drawn = simulate_prepared(prepared, draws=draws, seed=seed)
    columns = ["q05", "q95", "ecart_q05", "ecart_q95", "probabilite_gain"]
    return Alternative(
        scenario.id,
        scenario.titre,
        compare_prepared(prepared).table.set_index("code_departement"),
        drawn.table.set_index("code_departement")[columns],
        Store.read(data).identification(prepared),
        prepared.units_change,
    )


def _rate(row: Mapping[Hashable, Any], *, short: bool = False) -> str:
    if pd.isna(row["valeur"]):
        return _UNREAD[str(row["statut"])][short]
    return with_unit(int(row["valeur"]), "%")
