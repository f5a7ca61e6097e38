"""The simulator gives the official amounts, what `cdppe simulate` gives, and a band that shrinks to nothing."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from cdppe_analysis.data.reading import load_table
from cdppe_analysis.reporting.choice import read_scenario, scenario_text, with_weight
from cdppe_analysis.reporting.misfit import Impossible
from cdppe_analysis.reporting.simulator import Laboratory, Outcome
from cdppe_analysis.studies import compare_prepared, load_scenario, prepare
from cdppe_analysis.studies.running import simulate_prepared


def evaluated(laboratory: Laboratory, choice: object) -> Outcome:
    found = laboratory.evaluate(choice)  # type: ignore[arg-type]
    assert isinstance(found, Outcome), found
    return found


def test_the_official_choice_gives_the_published_amounts(laboratory: Laboratory):
    """Annex 7 (ONDAM 2020), table B: the 30 amounts, each to the euro that largest remainders leave."""
    found = evaluated(laboratory, laboratory.official("ondam-ms-2020"))
    published = load_table("allocations").set_index("code_departement")["montant_eur"]
    gaps = found.allocation.table.set_index("code_departement")["montant_eur"] - published
    assert gaps.abs().max() <= 1
    assert found.comparaison.mesure("argent_deplace") == 0


@pytest.mark.parametrize("rule", ["fir-2020", "ondam-ms-2020", "p304-2020", "p304-2025"])
def test_every_official_rule_can_be_started_from(laboratory: Laboratory, rule: str):
    found = evaluated(laboratory, laboratory.official(rule))
    assert found.allocation.table["montant_eur"].sum() == found.prepare.rule.enveloppe


@pytest.mark.parametrize("name", ["plancher-200k", "garantie-90-110", "pauvrete", "extension-101-50m"])
def test_a_loaded_scenario_gives_what_the_command_line_gives(laboratory: Laboratory, name: str):
    import yaml

    from cdppe_analysis.rules.scenario import scenario_mapping

    scenario = load_scenario(name)
    choice = read_scenario(yaml.safe_dump(scenario_mapping(scenario)).encode(), "s.yml", laboratory.base)
    expected = compare_prepared(prepare(scenario)).table
    found = evaluated(laboratory, choice).comparaison.table
    assert found["apres"].tolist() == pytest.approx(expected["apres"].tolist(), abs=1e-6, nan_ok=True)
    assert found["effet"].equals(expected["effet"])


def test_the_band_of_a_choice_is_that_of_its_scenario_file(laboratory: Laboratory):
    choice = with_weight(laboratory.official("ondam-ms-2020"), "igb", Fraction(3, 10))
    outcome = evaluated(laboratory, choice)
    band = laboratory.band(outcome, seed=7)
    saved = read_scenario(scenario_text(choice, laboratory.base).encode(), "s.yml", laboratory.base)
    again = simulate_prepared(evaluated(laboratory, saved).prepare, draws=400, seed=7)
    assert band.table["bas"].tolist() == again.table["q05"].tolist()
    assert (band.table["bas"] <= band.table["haut"]).all()


def test_the_same_seed_gives_the_same_band_and_another_seed_another(laboratory: Laboratory):
    outcome = evaluated(laboratory, with_weight(laboratory.official("ondam-ms-2020"), "igb", Fraction(1, 4)))
    first, same, other = (laboratory.band(outcome, seed).table["bas"].tolist() for seed in (0, 0, 1))
    assert first == same
    assert first != other


def test_the_extension_says_what_is_supposed_and_draws_it(laboratory: Laboratory):
    official = laboratory.official("ondam-ms-2020")
    outcome = evaluated(laboratory, dataclasses.replace(official, beneficiaires="departements-101"))
    assert "Hypothèse" in outcome.remarques[0]
    assert len(outcome.allocation.table) == 101
    assert not laboratory.band(outcome, seed=1).certaine


def test_nothing_uncertain_makes_a_certain_band(laboratory: Laboratory):
    choice = dataclasses.replace(laboratory.official("ondam-ms-2020"), incertitudes=())
    assert laboratory.band(evaluated(laboratory, choice), seed=1).certaine


def test_a_variant_without_a_value_for_a_beneficiary_is_left_out_and_named(laboratory: Laboratory):
    choice = dataclasses.replace(laboratory.official("fir-2020"), beneficiaires="departements-101")
    band = laboratory.band(evaluated(laboratory, choice), seed=1)
    assert any("aeeh" in one for one in band.ecartees)


def test_minimums_above_the_envelope_are_explained_not_raised(laboratory: Laboratory):
    choice = dataclasses.replace(laboratory.official("ondam-ms-2020"), plancher=Fraction(600_000))
    found = laboratory.evaluate(choice)
    assert isinstance(found, Impossible)
    assert "dépassent l’enveloppe" in found.message


def test_a_list_without_values_is_explained_not_raised(laboratory: Laboratory):
    choice = dataclasses.replace(laboratory.official("p304-2025"), beneficiaires="departements-101")
    found = laboratory.evaluate(choice)
    assert isinstance(found, Impossible)
    assert "Corse-du-Sud" in found.message


def test_two_choices_do_not_disturb_each_other(laboratory: Laboratory):
    official = laboratory.official("ondam-ms-2020")
    before = evaluated(laboratory, official).allocation.finaux
    evaluated(laboratory, with_weight(official, "igb", Fraction(0)))
    assert evaluated(laboratory, official).allocation.finaux == before
