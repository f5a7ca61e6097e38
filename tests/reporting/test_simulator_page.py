"""The controls and the results bound together, without a browser."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cdppe_analysis.printing.layout import TEMPLATES
from cdppe_analysis.reporting.choice import LARGEST_FILE
from cdppe_analysis.reporting.simulator import Laboratory
from cdppe_analysis.reporting.simulator_page import SimulatorPage
from cdppe_analysis.typography import NNBSP


@pytest.fixture
def page(laboratory: Laboratory) -> SimulatorPage:
    return SimulatorPage(laboratory, "ondam-ms-2020")


def test_the_page_opens_on_the_official_rule(page: SimulatorPage):
    assert "La règle officielle" in page.summary.value
    assert page.envelope.value.replace(NNBSP, " ") == "15 000 000 €"
    assert page.alert.value == ""


def test_moving_a_weight_moves_the_others_and_the_amounts(page: SimulatorPage):
    before = page.bars.value
    page.sliders["igb"].value = 30
    assert page.sliders["ase_0_17"].value == 70
    assert page.numbers["ase_0_17"].value == 70
    assert page.bars.value != before


def test_an_impossible_minimum_is_explained_and_the_results_stay(page: SimulatorPage):
    before = page.bars.value
    page.floor.value = "600 000 €"
    assert "dépassent l’enveloppe" in page.alert.value
    assert page.bars.value == before
    assert "perime" in page.results._dom_classes
    page.floor.value = "100 000"
    assert page.alert.value == ""
    assert "perime" not in page.results._dom_classes


def test_an_amount_that_is_none_is_told_and_changes_nothing(page: SimulatorPage):
    page.envelope.value = "beaucoup"
    assert "n’est pas un montant" in page.alert.value
    assert page.choice.enveloppe == 15_000_000


def test_an_emptied_minimum_is_no_minimum(page: SimulatorPage):
    page.floor.value = ""
    assert page.choice.plancher is None


def test_a_garantie_is_asked_for_with_a_tick(page: SimulatorPage):
    page.guarantee.value = True
    assert page.choice.garantie == (Fraction(9, 10), Fraction(11, 10))
    page.guarantee.value = False
    assert page.choice.garantie is None


def test_another_rule_has_its_own_weights(page: SimulatorPage):
    page.rule.value = "p304-2020"
    assert list(page.sliders) == ["enfants_0_19", "menages_pauvres", "ase_0_17", "mesures_jeunes_majeurs"]
    assert "La règle officielle" in page.summary.value


def test_one_click_brings_the_official_rule_back(page: SimulatorPage):
    official = page.choice
    page.sliders["igb"].value = 10
    page.cap.value = "1 M€"
    page.official.click()
    assert page.choice == official
    assert page.cap.value == ""


def test_more_beneficiaries_are_newcomers_on_the_map(page: SimulatorPage):
    page.beneficiaries.value = "collectivites-100"
    assert "Hypothèse" in page.alert.value
    assert "entrant" in page.legend.value


def test_a_scenario_file_is_loaded_with_its_title(page: SimulatorPage):
    text = (
        "id: s\ntitre: Minimum doublé\nauteur: A\nreference: R\nbase: ondam-ms-2020\nraisonnement: X\n"
        "differences: {plancher: 200000}\n"
    )
    page.load("s.yml", text.encode())
    assert "Minimum doublé" in page.summary.value
    assert page.floor.value.replace(NNBSP, " ") == "200 000 €"


def test_a_file_that_is_no_scenario_changes_nothing(page: SimulatorPage):
    before = page.choice
    page.load("<b>.yml", b"- 1")
    assert "n’a pas été chargé" in page.alert.value
    assert "<b>.yml" not in page.alert.value
    assert page.choice == before


def test_the_browser_sends_no_more_of_a_file_than_is_needed_to_refuse_it():
    script = (TEMPLATES / "simulateur.js").read_text(encoding="utf-8")
    assert f"const LARGEST = {LARGEST_FILE};" in script


def test_a_territory_is_explained_when_it_is_picked(page: SimulatorPage):
    page.territory.value = "23"
    assert "<h3>Creuse</h3>" in page.explanation.value


def test_a_beneficiary_is_added_by_its_name_and_removed_by_its_code(page: SimulatorPage):
    page.added.value = "Paris"
    assert "75" in page.choice.beneficiaires
    assert "Entrants" in page.summary.value
    assert page.added.value == ""
    page.removed.value = "75"
    assert page.choice.beneficiaires == "cdppe-2020"
    assert "La règle officielle" in page.summary.value


def test_no_unit_is_proposed_beside_its_parts(page: SimulatorPage):
    """Corse is one beneficiary in 2020: neither of its départements can be added to it."""
    assert not any("Corse" in name for name in page.added.options)
    assert "Corse (20)" in page.removed.options


@pytest.mark.parametrize("written", ["Atlantide", "59", "2A", "999"])
def test_a_beneficiary_that_cannot_be_added_is_told_and_changes_nothing(page: SimulatorPage, written: str):
    before = page.choice
    page.added.value = written
    assert "n’est pas retenu" in page.alert.value
    assert page.choice == before
