"""The page and the exact path give the same euros, or the same refusal.

`CDPPE_PARITY=100000` proves it over as many random rules: feasible or not, with ties, zeros, bounds, garanties, every
rounding; a thousand among the slow tests otherwise, and fewer in the others.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
import yaml

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data, load_rule
from cdppe_analysis.errors import CdppeError, written
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule
from cdppe_analysis.rules.scenario import Scenario
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.territories import DEPARTEMENTS

REFUSALS = {
    "has no beneficiary": "aucun_beneficiaire",
    "the weight .* is negative": "poids_negatif",
    "the weights sum to": "poids_somme",
    "is no way of rounding": "arrondi_methode",
    "the rounding unit is": "arrondi_unite",
    "is no multiple of the rounding unit": "arrondi_multiple",
    "the envelope is": "enveloppe",
    "the (plancher|plafond) of .* is negative": "borne_negative",
    "the plancher of [^ ]* € is above the plafond": "plancher_plafond",
    "neither a minimum nor a maximum": "garantie_vide",
    "of the garantie is .*, below 0": "garantie_negative",
    "garantie's minimum of": "garantie_bornes",
    "no reference amount": "sans_reference",
    "the lower bounds of": "minimums",
    "the upper bounds of": "maximums",
    "stands beside its parts": "tout_et_parties",
    "the value ": "valeur",
    "0 for every beneficiary": "critere_nul",
    "the amounts can reach": "inatteignable",
    "no room for whole amounts": "arrondi_place",
    "€ is above the": "bornes_croisees",
}
"""What the engine says of a refusal, and the page's name for it."""

BATCH = 500
IN_THE_PAGE = """(rules) => rules.map((rule) => {
  try { return cdppe.allocate(rule); } catch (error) {
    if (error.name !== "Refus") throw error;
    return { motif: error.motif, code: error.code, message: error.message };
  }
})"""
SCENARIOS_IN_THE_PAGE = """(texts) => texts.map((text) => {
  try { return cdppe.simulate(text); } catch (error) { if (error.name !== "Refus") throw error; return error.message; }
})"""


def counts(variable: str, few: int, many: int) -> list[Any]:
    """Return how many are tried: few, and among the slow tests as many as the variable says."""
    return [few, pytest.param(int(os.environ.get(variable, many)), marks=pytest.mark.slow)]


@pytest.mark.parametrize("count", counts("CDPPE_PARITY", 400, 1000))
def test_random_rules_give_the_same_euros_or_the_same_refusal(
    count: int, simulator_file: Path, open_page: Callable[..., Any]
):
    page = open_page(simulator_file)
    rules, told = random_rules(2020, count), Counter[str]()
    for start in range(0, count, BATCH):
        pairs = [next(rules) for _ in range(min(BATCH, count - start))]
        found = page.evaluate(IN_THE_PAGE, [given for given, _ in pairs])
        for (given, wanted), got in zip(pairs, found, strict=True):
            got.pop("message", None)
            if "multiplicateur" in got:
                got["multiplicateur"] = float(got["multiplicateur"])
            assert got == wanted, given
            told[wanted.get("motif", "montants")] += 1
    print(f"{count} rules, no difference: {told}")
    assert told["montants"] > count / 2
    assert len(told) > 10


@pytest.fixture(scope="module")
def scenario_texts() -> list[str]:
    files = sorted((data_dir() / "scenarios").glob("*.yml"))
    return [path.read_text(encoding="utf-8") for path in files]


def test_every_scenario_of_the_project_gives_the_amounts_of_the_command(
    scenario_texts: list[str], simulator_file: Path, open_page: Callable[..., Any], tmp_path: Path
):
    found = open_page(simulator_file).evaluate(SCENARIOS_IN_THE_PAGE, scenario_texts)
    data = Data.open()
    for text, scenarios in zip(scenario_texts, found, strict=True):
        path = tmp_path / "scenario.yml"
        path.write_text(text, encoding="utf-8")
        assert [one["montants"] for one in scenarios] == [_amounts(one, data) for one in Data.open().scenarios(path)]


def test_what_the_page_saves_is_read_by_the_command_with_the_same_amounts(
    scenario_texts: list[str], simulator_file: Path, open_page: Callable[..., Any], tmp_path: Path
):
    found = open_page(simulator_file).evaluate(SCENARIOS_IN_THE_PAGE, scenario_texts)
    data = Data.open()
    for one in (one for scenarios in found for one in scenarios):
        path = tmp_path / "scenario.yml"
        path.write_text(one["yaml"], encoding="utf-8")
        [read] = Data.open().scenarios(path)
        assert _amounts(read, data) == one["montants"], one["id"]


@pytest.mark.parametrize("count", counts("CDPPE_PARITY_SCENARIOS", 50, 120))
def test_random_scenarios_give_the_amounts_of_the_command_or_are_refused_by_both(
    count: int, simulator_file: Path, open_page: Callable[..., Any], tmp_path: Path
):
    texts = [_scenario_text(Random(f"scenario {number}")) for number in range(count)]
    found = open_page(simulator_file).evaluate(SCENARIOS_IN_THE_PAGE, texts)
    data, solved = Data.open(), 0
    for text, got in zip(texts, found, strict=True):
        path = tmp_path / "scenario.yml"
        path.write_text(text, encoding="utf-8")
        try:
            [scenario] = Data.open().scenarios(path)
            wanted = _amounts(scenario, data)
        except CdppeError:
            assert isinstance(got, str), text
            continue
        assert isinstance(got, list), (text, got)
        assert got[0]["montants"] == wanted, text
        solved += 1
    assert count / 3 < solved < count


def _amounts(scenario: Scenario, data: Data) -> dict[str, float]:
    prepared = prepare(scenario, data)
    return {code: float(amount) for code, amount in allocate(prepared.rule, prepared.criteria).final.items()}


def _scenario_text(chance: Random) -> str:
    rule = load_rule(chance.choice(("ondam-ms-2020", "ondam-ms-2020", "fir-2020", "p304-2020", "p304-2025")))
    weights = [Fraction(part, 1000) for part in _thousandths(chance, len(rule.criteres))]
    changes: dict[str, Any] = {}
    if chance.random() < 0.6:
        changes |= {f"criteres.{c.id}.poids": written(w) for c, w in zip(rule.criteres, weights, strict=True)}
    if chance.random() < 0.4:
        changes["enveloppe"] = chance.choice((20_000_000, "15000000.00", chance.randint(10**6, 10**8)))
    if chance.random() < 0.4:
        changes["plancher"] = chance.choice((None, 0, 50_000, "123456.78", chance.randint(1, 600_000)))
    if chance.random() < 0.3:
        changes["plafond"] = chance.choice((None, 900_000, chance.randint(10**5, 10**7)))
    if chance.random() < 0.3 and rule.id == "ondam-ms-2020":
        bounds = {"minimum": chance.choice(("0.9", "0.95", "0.333", "1")), "maximum": chance.choice(("1.1", "2", None))}
        changes["garantie"] = {**bounds, "reference": "ondam-ms-2020", "sans_reference": "libre"}
        if chance.random() < 0.5:
            changes["garantie"]["depassement"] = "prorata"
    if chance.random() < 0.2:
        changes["criteres.ase_0_17.millesime"] = chance.choice((2018, 2020, 2022, 1999))
    if chance.random() < 0.2:
        changes["criteres.population"] = {"poids": "0.2", "millesime": 2020, "edition": "insee-estim-pop-2022-01-19"}
    if chance.random() < 0.15:
        changes["beneficiaires"] = sorted(chance.sample(rule.beneficiaires, 10))
    header = dict.fromkeys(("id", "titre", "auteur", "reference", "raisonnement"), "Essai « libre » : n° 1")
    content = {**header, "base": rule.id, "renormaliser": chance.random() < 0.5}
    return yaml.safe_dump({**content, "differences": changes or {"plancher": 1}}, allow_unicode=True)


def _thousandths(chance: Random, count: int) -> list[int]:
    edges = [0, *sorted(chance.randint(0, 1000) for _ in range(count - 1)), 1000]
    return [high - low for low, high in pairwise(edges)]


def random_rules(seed: int, count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield rules in the contract of the page, and what the exact path gives: amounts, or the name of the refusal."""
    for number in range(count):
        given = _rule(Random(f"{seed} {number}"))
        yield given, expected(given)


def expected(given: dict[str, Any]) -> dict[str, Any]:
    """Return what the exact path gives for a rule of the contract."""
    try:
        found = allocate(_built(given), _frame(given))
    except CdppeError as error:
        for pattern, motif in REFUSALS.items():
            if re.search(pattern, str(error)):
                return {"motif": motif, "code": error.code or ""}
        raise
    table = found.table
    return {
        "montants": {code: float(amount) for code, amount in found.final.items()},
        "multiplicateur": float(found.multiplier),
        "bornes": dict(zip(table["code_departement"], table["borne"], strict=True)),
    }


def _built(given: dict[str, Any]) -> Rule:
    def exact(value: str | None) -> Fraction | None:
        return None if value is None else Fraction(value)

    garantie = given["garantie"]
    codes = sorted({code for one in given["criteres"] for code in one["valeurs"]})
    return Rule(
        "alea",
        "Aléa",
        2020,
        Fraction(given["enveloppe"]),
        tuple(codes),
        tuple(Criterion(one["id"], Fraction(one["poids"]), 2019, "note", "p. 1") for one in given["criteres"]),
        exact(given["plancher"]),
        exact(given["plafond"]),
        garantie
        and Garantie(
            exact(garantie["minimum"]),
            exact(garantie["maximum"]),
            tuple((code, Fraction(amount)) for code, amount in garantie["montants"].items()),
            garantie.get("sans_reference", "erreur"),
        ),
        Arrondi(given["arrondi"]["methode"], Fraction(given["arrondi"]["unite_eur"])),
    )


def _frame(given: dict[str, Any]) -> pd.DataFrame:
    codes = sorted({code for one in given["criteres"] for code in one["valeurs"]})
    columns = {one["id"]: [one["valeurs"].get(code) for code in codes] for one in given["criteres"]}
    return pd.DataFrame({"code_departement": codes, **columns}, dtype=object)


def _rule(chance: Random) -> dict[str, Any]:
    codes = chance.sample(sorted(DEPARTEMENTS), chance.choice((1, 2, 3, 4, 6, 10, 20, 30)))
    if chance.random() < 0.01:
        codes = [*{*codes, "20", "2A"}]
    count = chance.choice((1, 1, 2, 2, 3, 4))
    envelope = Fraction(chance.choice((100, 1000, 15_000_000, 50_000_000, chance.randint(1, 10**9))))
    if chance.random() < 0.1:
        envelope += Fraction(chance.randint(-200, 200), chance.choice((2, 3, 100)))
    share = envelope / len(codes)
    floor = _bound(chance, share, (0, 0.2, 0.5, 0.9, 1, 1.01)) if chance.random() < 0.5 else None
    cap = _bound(chance, share, (0.99, 1, 1.2, 1.5, 2, 5)) if chance.random() < 0.4 else None
    methods = ("plus_forts_restes",) * 6 + ("independant", "independant", "aucun")
    method = chance.choice(methods) if chance.random() < 0.99 else "au_hasard"
    unit = chance.choice(("1", "1", "1", "1", "0.01", "10", "1/3", "100"))
    return {
        "enveloppe": written(envelope),
        "plancher": floor,
        "plafond": cap,
        "garantie": _garantie(chance, codes, share) if chance.random() < 0.25 else None,
        "arrondi": {"methode": method, "unite_eur": unit},
        "criteres": [
            {"id": f"c{rank}", "poids": weight, "valeurs": {code: _value(chance) for code in codes}}
            for rank, weight in enumerate(_weights(chance, count))
        ],
    }


def _weights(chance: Random, count: int) -> list[str]:
    cuts = [chance.randint(0, 12) for _ in range(count)]
    cuts[0] += not any(cuts)
    weights = [Fraction(cut, sum(cuts)) for cut in cuts]
    if chance.random() < 0.5:
        weights = [Fraction(part, 1000) for part in _thousandths(chance, count)]
    if chance.random() < 0.02:
        weights[-1] += Fraction(chance.choice((-1, 1, -2000)), 1000)
    return [written(weight) for weight in weights]


def _value(chance: Random) -> Any:
    kind = chance.random()
    if kind < 0.4:
        return str(chance.randint(0, 20))
    if kind < 0.7:
        return str(chance.randint(0, 10**6))
    if kind < 0.98:
        return repr(chance.random() * 10 ** chance.randint(-3, 6))
    known = ("0", "0", "1e-05", "7.50", ".5", "12.", "1E3")
    return chance.choice(known if kind < 0.999 else ("-1", None, "x", "nan"))


def _bound(chance: Random, share: Fraction, factors: tuple[float, ...]) -> str:
    if chance.random() < 0.02:
        return "-1"
    value = share * Fraction(str(chance.choice(factors)))
    return written(value if chance.random() < 0.3 else Fraction(round(value)))


def _garantie(chance: Random, codes: list[str], share: Fraction) -> dict[str, Any]:
    known = [code for code in codes if chance.random() < 0.97]
    # References around an even share, so that most garanties can be kept.
    amounts = {code: written(Fraction(round(share * Fraction(chance.randint(3, 17), 10)))) for code in known}
    low, high = chance.choice(("0.5", "0.8", "0.9", "1", "-0.1", None)), chance.choice(("0.7", "1.1", "1.5", "3", None))
    return {"minimum": low, "maximum": high, "montants": amounts, "sans_reference": chance.choice(("erreur", "libre"))}
