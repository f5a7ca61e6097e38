"""What the page carries is what the project's files hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.simulator.content import content


@pytest.fixture(scope="module")
def carried() -> dict[str, Any]:
    return content()


def test_it_can_be_written_as_json(carried: dict[str, Any]):
    assert json.loads(json.dumps(carried)) == carried


def test_every_value_of_the_table_of_criteria_is_carried_exactly(carried: dict[str, Any]):
    found = {
        (one["critere"], one["millesime"], one["edition"], code): float(value)
        for one in carried["series"]
        for code, value in one["valeurs"].items()
    }
    table = Data.open().table("criteres")
    keys = zip(table["critere"], table["millesime"], table["edition"], table["code_departement"], strict=True)
    assert found == dict(zip(keys, table["valeur"], strict=True))


def test_the_published_amounts_are_the_references_of_a_garantie(carried: dict[str, Any]):
    """annexe7-ondam-2020, B: the Nord, and the total that is one euro above the envelope."""
    amounts = carried["references"]["ondam-ms-2020"]
    assert amounts["23"] == 100_000
    assert sum(amounts.values()) == 15_000_001


def test_every_scenario_is_in_the_gallery(carried: dict[str, Any]):
    assert [one["id"] for one in carried["scenarios"]] == Data.open().scenario_ids()
    assert {one["famille"] for one in carried["scenarios"]} == carried["familles"].keys()


def test_what_people_read_is_set_in_french_and_identifiers_are_not(carried: dict[str, Any]):
    titles = [one["libelle"] for one in carried["regles"]["ondam-ms-2020"]["criteres"]]
    assert titles[0] == "Enfants de 0 à 17 ans accueillis par l’ASE"
    assert [one["id"] for one in carried["regles"]["ondam-ms-2020"]["criteres"]] == ["ase_0_17", "igb"]


def test_each_criterion_of_a_rule_has_its_draws(carried: dict[str, Any]):
    draws = carried["tirages"]
    assert set(draws["par_regle"]["ondam-ms-2020"]) == {"ase_0_17", "igb"}
    assert set(draws["par_scenario"]) == {"besoin-attendu"}
    used = {key for part in ("par_regle", "par_scenario") for keys in draws[part].values() for key in keys.values()}
    assert used == draws["matrices"].keys()
