"""What the page carries is what the project's files hold."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.allocation.kernel import bounded_amounts
from cdppe_analysis.calibration.identification import STEPS
from cdppe_analysis.data import Data, load_criteria, load_rule, load_table
from cdppe_analysis.rules.scenario import Scenario
from cdppe_analysis.simulator.content import (
    DRAWS,
    SEED,
    _declared_uncertainties,
    _drawn_factors,
    _Matrices,
    _series,
    content,
)
from cdppe_analysis.studies.atlas import kept_atlas
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.typography import NNBSP, typeset


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
    for one in carried["scenarios"]:
        scenario = Data.open().scenario(one["id"])
        told = ("titre", "raisonnement", "reference")
        assert one == {
            **scenario.mapping(),
            **{name: typeset(getattr(scenario, name)) for name in told},
            "famille": scenario.famille,
        }
    assert {one["famille"] for one in carried["scenarios"]} == carried["familles"].keys()
    assert carried["familles"]["ase-seule"] == "L’ASE pour seul critère"
    assert carried["familles"]["poids-ase"] == f"Poids de l’ASE de 0 à 100{NNBSP}%"


def test_what_people_read_is_set_in_french_and_identifiers_are_not(carried: dict[str, Any]):
    titles = [one["libelle"] for one in carried["regles"]["ondam-ms-2020"]["criteres"]]
    assert titles[0] == "Enfants de 0 à 17 ans accueillis par l’ASE"
    assert [one["id"] for one in carried["regles"]["ondam-ms-2020"]["criteres"]] == ["ase_0_17", "igb"]
    rules = {name: Data.open().rule(name).mapping() for name in Data.open().rules()}
    for name, rule in rules.items():
        said = {"titre", "note", "criteres"}
        assert {key: value for key, value in carried["regles"][name].items() if key not in said} == {
            key: value for key, value in rule.items() if key not in said
        }
        assert carried["regles"][name]["titre"] == typeset(rule["titre"])
        assert carried["regles"][name]["note"] == typeset(rule["note"])
        for one, criterion in zip(carried["regles"][name]["criteres"], rule["criteres"], strict=True):
            assert one == {**criterion, "libelle": typeset(criterion["libelle"])}


def test_each_criterion_has_its_title_and_each_list_its_own(carried: dict[str, Any]):
    assert carried["titres"]["population"] == "Population totale"
    assert carried["titres"]["ase_0_17"] == "Enfants de 0 à 17 ans accueillis par l’ASE"
    wave = carried["listes"]["cdppe-2020"]
    assert wave["titre"].startswith("Départements concernés")
    assert wave["codes"] == list(load_rule("ondam-ms-2020").beneficiaires)
    assert carried["editions"]["asf"] == "cle-rsa"
    assert carried["editions"]["population"] is None
    assert base64.b64decode(carried["noyau"]).startswith(b"\0asm")
    assert carried["tirages"]["codes"] == list(carried["territoires"])


def test_a_series_says_what_it_counts_where_it_was_read_and_whether_it_is_estimated(carried: dict[str, Any]):
    said = {
        (one["critere"], one["millesime"], one["edition"]): (one["unite"], one["statut"], one["source"])
        for one in carried["series"]
    }
    assert len(said) == len(carried["series"])
    assert said["ase_aed_jeunes_majeurs", 2020, "drees-aide-sociale-2020"] == (
        "mesures",
        "publie",
        "Les bénéficiaires de l’aide sociale départementale en 2020",
    )
    assert said["asf", 2018, "cle-rsa"][:2] == ("foyers au RSA (clé)", "estime")
    assert said["enfants_0_19", 2020, "insee-estim-pop-2022-01-19"][:2] == ("personnes", "derive")
    table = Data.open().table("criteres")
    estimated = (
        (table["statut"] == "estime").groupby([table[key] for key in ("critere", "millesime", "edition")]).mean()
    )
    told = {key: status for key, (_, status, _) in said.items()}
    assert {key for key, status in told.items() if status == "estime"} == set(estimated.index[estimated == 1])
    assert {key for key, status in told.items() if status == "en_partie"} == set(
        estimated.index[(estimated > 0) & (estimated < 1)]
    )


def test_a_series_of_which_some_values_are_estimated_says_so():
    rows = pd.DataFrame({"critere": "x", "millesime": 2020, "edition": ["a", "a", "b", "b"], "unite": "enfants"})
    rows = rows.assign(code_departement=["01", "02"] * 2, valeur=[1.0, 0.1 + 0.2, 1e6, 2.5], source="ailleurs")
    rows["statut"] = ["estime", "publie", "estime", "estime"]
    told = [(one["edition"], one["statut"], one["source"], one["valeurs"]) for one in _series(rows, Data.open())]
    assert told == [
        ("a", "en_partie", "ailleurs", {"01": "1", "02": "0.30000000000000004"}),
        ("b", "estime", "ailleurs", {"01": "1000000", "02": "2.5"}),
    ]


def test_the_map_has_every_departement_and_corse_as_one_in_tenths_of_a_kilometre(carried: dict[str, Any]):
    assert {unit["code"] for unit in carried["carte"]["units"]} == {*DEPARTEMENTS, "20"}
    assert len(json.dumps(carried["carte"])) < 100_000
    guadeloupe = carried["carte"]["frames"][0]
    assert (guadeloupe["name"], guadeloupe["km"], guadeloupe["bar"]) == ("Guadeloupe", f"50{NNBSP}km", 750)


def test_the_wholes_and_the_territories_are_those_of_the_package(carried: dict[str, Any]):
    assert carried["parties"] == {"20": ["2A", "2B"], "6AE": ["67", "68"]}
    assert carried["territoires"]["59"] == ["Nord", "Hauts-de-France"]
    assert carried["territoires"]["69M"] == ["Métropole de Lyon", "Auvergne-Rhône-Alpes"]
    assert carried["territoires"]["93"] == ["Seine-Saint-Denis", "Île-de-France"]
    assert carried["territoires"]["06"][1] == "Provence-Alpes-Côte d’Azur"
    assert len(carried["territoires"]) == 105
    assert carried["enfants"] == {"critere": "ase_0_17", "millesime": 2017, "edition": "tous-ages"}


def test_each_criterion_of_a_rule_has_its_draws(carried: dict[str, Any]):
    draws = carried["tirages"]
    assert (draws["nombre"], draws["graine"]) == (DRAWS, SEED) == (200, 2020)
    assert set(carried["incertitudes"]) == set(draws["essais"]) == set(carried["regles"])
    assert [one["critere"] for one in carried["hypotheses"]] == ["igb"]
    assert set(draws["par_regle"]["ondam-ms-2020"]) == {"ase_0_17", "igb"}
    assert set(draws["par_scenario"]) == {"besoin-attendu"}
    used = {key for part in ("par_regle", "par_scenario") for keys in draws[part].values() for key in keys.values()}
    assert used == draws["matrices"].keys()
    drawn = {
        criterion: {keys.get(criterion) for keys in draws["par_regle"].values()} for criterion in carried["titres"]
    }
    assert draws["par_critere"].keys() == {criterion for criterion, keys in drawn.items() if keys != {None}}
    assert all(key in drawn[criterion] for criterion, key in draws["par_critere"].items())
    assert draws["essais"] == dict.fromkeys(carried["regles"], DRAWS)


def test_what_is_deduced_or_supposed_is_drawn_for_every_departement(carried: dict[str, Any]):
    """The index of need is of 30 départements: the draws of the others are those of its extension to all."""
    draws = carried["tirages"]
    for key in draws["par_regle"]["ondam-ms-2020"].values():
        low, high = draws["matrices"][key]["bas"], draws["matrices"][key]["haut"]
        moved = {code for code, least, most in zip(draws["codes"], low, high, strict=True) if least < most}
        assert moved >= DEPARTEMENTS.keys()


@pytest.fixture(scope="module")
def extension() -> Scenario:
    return Data.open().scenarios("extension-101")[0]


def test_what_the_rule_declares_uncertain_is_told_once(extension: Scenario):
    rule = load_rule("ondam-ms-2020")
    told = _declared_uncertainties(rule, extension)
    assert [(one.entree, one.loi) for one in told] == [
        ("criteres.ase_0_17", "variantes"),
        ("criteres.ase_0_17", "lognormale"),
        ("criteres.igb", "completion"),
        ("criteres.igb", "calibree"),
    ]
    assert dict(told[0].parametres) == {"editions": ["tous-ages", "hors-jeunes-majeurs-2020"]}
    assert told[0].groupe == "série : Enfants de 0 à 17 ans accueillis par l'ASE"
    assert told[0].raison == "Séries défendables, déclarées par la règle."
    assert told[2].raison == extension.hypotheses[0].raison
    assert told[3].raison == "Les montants publiés laissent la part de chaque département dans un intervalle."


def test_each_rule_says_its_own_uncertain_inputs(carried: dict[str, Any]):
    for name, inputs in carried["incertitudes"].items():
        rule = load_rule(name)
        assert {one["entree"] for one in inputs} <= {f"criteres.{criterion.id}" for criterion in rule.criteres}
        assert [one["parametres"]["editions"] for one in inputs if one["loi"] == "variantes"] == [
            [criterion.edition, *criterion.variantes] for criterion in rule.criteres if criterion.variantes
        ]


def test_the_factors_of_the_expected_need_are_those_of_a_prevalence_of_15_to_20_percent():
    """rex-club-territoires: 15 to 20 %, 17.5 % in the middle; 2 % of error of measurement besides."""
    [scenario] = Data.open().scenarios("besoin-attendu")
    found = _drawn_factors(scenario, load_rule("ondam-ms-2020"), Data.open())
    values = found.factors["ase_0_17"]
    assert values.shape == (DRAWS, len(found.codes)) == (200, 30)
    assert found.tries == DRAWS
    assert 6 / 7 * 0.93 < values.min() < 6 / 7 < 8 / 7 < values.max() < 8 / 7 * 1.07
    assert abs(values.mean() - 1) < 0.01


def test_the_draws_are_those_of_the_seed_that_is_told(monkeypatch: pytest.MonkeyPatch):
    [scenario] = Data.open().scenarios("besoin-attendu")
    values = []
    for seed in (SEED, SEED, 7):
        monkeypatch.setattr("cdppe_analysis.simulator.content.SEED", seed)
        factors = _drawn_factors(scenario, load_rule("ondam-ms-2020"), Data.open()).factors
        values.append(factors["ase_0_17"].tolist())
    assert values[0] == values[1] != values[2]


def test_every_draw_of_the_official_rule_gives_the_published_amounts_back(extension: Scenario):
    """annexe7-ondam-2020, B: the index is what the publication leaves, whatever the measurement of the ASE."""
    rule = load_rule("ondam-ms-2020")
    told = tuple(one for one in _declared_uncertainties(rule, extension) if one.loi != "completion")
    [start] = Data.open().scenarios("ase-seule")
    found = _drawn_factors(dataclasses.replace(start, incertitudes=told), rule, Data.open())
    values = load_criteria(rule).set_index("code_departement").loc[found.codes].to_numpy().T
    drawn = np.stack([values[k] * found.factors[name] for k, name in enumerate(("ase_0_17", "igb"))])
    scores = (drawn / drawn.sum(axis=-1, keepdims=True)).mean(axis=0)
    amounts = bounded_amounts(scores, 15_000_000.0, np.full(30, 100_000.0), np.full(30, np.inf))
    published = load_table("allocations").set_index("code_departement").loc[found.codes, "montant_eur"].to_numpy()
    assert np.abs(amounts - published).max() < 1
    assert np.ptp(found.factors["igb"], axis=0).max() > 0.05


def test_the_signs_are_those_of_the_atlas_with_the_errors_below_which_they_hold(carried: dict[str, Any]):
    signs = carried["signes"]
    assert signs["erreur_maximale"] == STEPS[-1]
    for name, identification in kept_atlas(Data.open()).items():
        for row in identification.table.to_dict("records"):
            told = signs["scenarios"][name].get(row["code_departement"])
            if pd.isna(row["sens"]):
                assert told is None
                continue
            assert told[0] == row["sens"]
            for shown, error in zip(told[1:], (row["rupture"], row["tient"]), strict=True):
                assert shown is None if np.isnan(error) else 0 <= error - shown < 1e-4


def test_the_parts_of_a_whole_move_with_it():
    matrices = _Matrices(["20", "2A", "2B", "59"])
    kept = matrices.content[matrices.add(["20"], np.array([[0.5], [1.5]]))]
    assert kept["bas"] == [0.5, 0.5, 0.5, 1.0]
    assert kept["haut"] == [1.5, 1.5, 1.5, 1.0]


def test_a_matrix_is_read_back_to_16_bits_and_kept_once():
    matrices = _Matrices(["01", "02", "03"])
    factors = np.array([[0.5, 1.0], [2.5, 1.0], [1.0, 1.0]])
    name = matrices.add(["01", "03"], factors)
    assert matrices.add(["01", "03"], factors) == name
    assert len(matrices.content) == 1
    wider = matrices.add(["01", "03"], np.array([[0.25, 1.0], [4.25, 1.0], [1.25, 1.0]]))
    assert (wider != name, len(matrices.content)) == (True, 2)
    assert matrices.content[name]["bits"] == matrices.content[wider]["bits"]
    kept = matrices.content[name]
    low, high = np.array(kept["bas"]), np.array(kept["haut"])
    steps = np.frombuffer(base64.b64decode(kept["bits"]), dtype="<u2").reshape(3, 3)
    read = low + (high - low) * steps / 65535
    assert np.abs(read[:, 0] - [0.5, 2.5, 1.0]).max() < 2e-5
    assert (read[:, 1:] == 1.0).all()
