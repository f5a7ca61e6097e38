"""All that the sheets of the territories say, computed once: amounts, scenarios, needs, PMI, objectives.

The amounts are those of the ONDAM médico-social 2020, the one envelope whose amounts were published. Scenarios are
those that `data/fiches.yml` names, drawn as `cdppe simulate` draws them, with one seed for all. Known drawback: an
interval of a scenario holds what the project supposes uncertain, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cdppe_analysis.allocation import Allocation, allocate
from cdppe_analysis.data import Data
from cdppe_analysis.errors import TableError
from cdppe_analysis.needs import Needs
from cdppe_analysis.printing.layout import Foot, foot
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.simulation import Comparison
from cdppe_analysis.simulation.coverage import coverage
from cdppe_analysis.storage.yaml_file import read_yaml
from cdppe_analysis.studies.atlas import kept_identification, read_store
from cdppe_analysis.studies.identification import Identification
from cdppe_analysis.studies.preparation import compare_prepared, prepare
from cdppe_analysis.territories import DEPARTEMENTS, components
from cdppe_analysis.typography import interval

DRAWS = 2000
_SHORT = {"ase_0_17": "Enfants et jeunes à l’ASE", "igb": "Indicateur de besoin (IGB)"}


@dataclass(frozen=True, eq=False)
class Alternative:
    """A scenario: its title, what it changes, the draws, and what is known whatever the index.

    `intervalles` has `q05`, `q95` of each amount and `ecart_q05`, `ecart_q95` of its difference, by code;
    `etendue` says whether it extends the rule to other units.
    """

    id: str
    titre: str
    raisonnement: str
    comparaison: Comparison
    intervalles: pd.DataFrame
    identification: Identification | None
    etendue: bool


@dataclass(frozen=True, eq=False)
class Dossier:
    """What the sheets draw from.

    Attributes
    ----------
    rule, allocation
        The official rule, and its amounts with their trace.
    rule_etendue, allocation_etendue
        The same of its extension to every département with the same envelope.
    unites
        What the series of each criterion counts, by its id.
    autres_series
        By criterion, the other series that can be defended: what each counts, and its values by code.
    publies
        Published amounts by code.
    enfants
        Protected children by code: the 101, and Corse as one.
    estimes
        The départements whose children are estimated, for want of a publication.
    besoins, couverture
        What is supposed of the need; what each published amount covers of it, by code.
    scenarios
        The main scenarios, in their order.
    pmi, cibles, objectifs
        The rows of the tables.
    pied
        From what the sheets are made.
    graine, tirages
        Seed and number of the draws.
    """

    rule: Rule
    allocation: Allocation
    rule_etendue: Rule
    allocation_etendue: Allocation
    unites: dict[str, str]
    autres_series: dict[str, dict[str, dict[str, float]]]
    publies: dict[str, int]
    enfants: dict[str, float]
    estimes: frozenset[str]
    besoins: Needs
    couverture: pd.DataFrame
    scenarios: tuple[Alternative, ...]
    pmi: pd.DataFrame
    cibles: pd.DataFrame
    objectifs: pd.DataFrame
    pied: Foot
    graine: int
    tirages: int

    def unit(self, code: str) -> str:
        """Return the beneficiary that stands for a département: `20` for both of Corse."""
        return next((one for one in self.publies if code in (one, *components(one))), code)


def open_dossier(seed: int, draws: int = DRAWS) -> Dossier:
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
    extended = prepare(data.scenario(next(one.id for one in alternatives if one.etendue)), data)
    return Dossier(
        rule=rule,
        allocation=allocate(rule, data.criteria(rule)),
        rule_etendue=extended.rule,
        allocation_etendue=allocate(extended.rule, extended.criteria),
        unites=data.units(rule),
        autres_series={one.id: _other_series(data, rule, one) for one in rule.criteres},
        publies=published,
        enfants=children,
        estimes=_estimated(data.table("criteres"), shown["enfants_publies"], rule),
        besoins=needs,
        couverture=covered.set_index("code_departement"),
        scenarios=alternatives,
        pmi=data.table("pmi"),
        cibles=targets[targets["nature"].eq("cible") & targets["contractualisation"].eq("2025-2027")],
        objectifs=data.table("objectifs"),
        pied=foot(),
        graine=seed,
        tirages=draws,
    )


def _other_series(data: Data, rule: Rule, criterion: Criterion) -> dict[str, dict[str, float]]:
    codes = list(dict.fromkeys([*DEPARTEMENTS, *rule.beneficiaires]))
    found = {}
    for edition in criterion.variantes:
        unit = data.units(rule.changed({f"criteres.{criterion.id}.edition": edition}))[criterion.id]
        found[unit] = data.series(criterion.id, criterion.millesime, edition, codes)
    return found


def _estimated(criteria: pd.DataFrame, series: str, rule: Rule) -> frozenset[str]:
    """Return the départements of which a published series says nothing in the years of a rule, nor of their whole."""
    years = {criterion.millesime for criterion in rule.criteres}
    rows = criteria[criteria["critere"].eq(series) & criteria["millesime"].isin(years)]
    counted = {part for code in rows["code_departement"].unique() for part in (code, *components(code))}
    return frozenset(DEPARTEMENTS) - counted


def waterfall_steps(rule: Rule, allocation: Allocation, code: str) -> pd.DataFrame:
    """Return what leads to an amount: each criterion's part, the bounds, the rounding; `etape`, `montant_eur`.

    The sum of the steps is the amount of the exact rule.
    """
    row = allocation.table.set_index("code_departement").loc[code].to_dict()
    steps = [
        (
            f"{_SHORT.get(criterion.id, criterion.titre)} ({criterion.millesime})",
            float(rule.enveloppe) * float(row[f"part_ponderee_{criterion.id}"]),
        )
        for criterion in rule.criteres
    ]
    theoretical = rule.enveloppe * allocation.scores[code]
    level = allocation.multiplicateur * allocation.scores[code]
    exact, final = allocation.exacts[code], allocation.finaux[code]
    for words, value in (
        (
            "Ce que coûtent les bornes des autres" if level < theoretical else "Ce que rapportent les bornes",
            level - theoretical,
        ),
        ("Porté au minimum" if exact > level else "Ramené au maximum", exact - level),
        ("Arrondi", final - exact),
    ):
        if abs(value) >= Fraction(1, 2):
            steps.append((words, float(value)))
    return pd.DataFrame(steps, columns=["etape", "montant_eur"])


def prevalence(dossier: Dossier) -> str:
    """Return the national prevalence as it is printed: « de 15 à 20 % »."""
    low, high = (round(float(bound) * 100) for bound in dossier.besoins.prevalence)
    return interval(low, high, unit="%")


def _alternative(data: Data, name: str, seed: int, draws: int) -> Alternative:
    from cdppe_analysis.studies.running import simulate_prepared

    scenario = data.scenario(name)
    prepared = prepare(scenario, data)
    drawn = simulate_prepared(prepared, draws=draws, seed=seed)
    columns = ["q05", "q95", "ecart_q05", "ecart_q95", "probabilite_gain"]
    return Alternative(
        scenario.id,
        scenario.titre,
        scenario.raisonnement,
        compare_prepared(prepared),
        drawn.table.set_index("code_departement")[columns],
        kept_identification(prepared, read_store(data)),
        prepared.units_change,
    )
