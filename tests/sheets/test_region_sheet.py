"""The sheet of a région: sums of its départements, and what is not known of it."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.sheets.dossier import Dossier
from cdppe_analysis.sheets.sheet import render_sheet
from cdppe_analysis.typography import NNBSP


def words(code: str, dossier: Dossier) -> str:
    page = BeautifulSoup(render_sheet(code, dossier), "html.parser").select_one("main")
    assert page is not None
    return re.sub(r"\s+", " ", page.get_text(" ").replace(NNBSP, " "))


def test_a_region_sums_its_departements(dossier: Dossier):
    """Annex 7 (ONDAM 2020), table B, Hauts-de-France: 417 876 + 1 995 607 + 1 185 174 + 374 500 €."""
    text = words("R32", dossier)
    assert "4 bénéficiaires de la première vague, en 2020, pour 5 départements : 3 973 157 €" in text
    assert "hors vague" in text


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        (
            "R32",
            [
                "3 973 157 € au titre de l’ ONDAM médico-social, soit 26,5 % de l’enveloppe, pour 35,3 % des enfants",
                "des enfants accueillis par les 30 bénéficiaires.",
                "Aisne (02) 2 184 417 876 € 191 € 121 717 € 472 570 € Nord (59) 11 234 1 995 607 € 178 € 584 154 €",
                "Oise (60) 1 862 hors vague — 152 699 € 592 859 €",
                "Région 24 132 3 973 157 € 1 315 376 € 5 106 984 €",
                "24 132 enfants et jeunes étaient accueillis par l’ASE fin 2017 dans la région. Avec la prévalence",
                "(de 15 à 20 %, estimation de 2015), de 3 620 à 4 826 d’entre eux",
                "(14 places pour 276 000 € par an), les montants de 2020 paient 201,5 places.",
                "L’ASE pour seul critère 5 284 613 € +1 311 456 € 268,1 ",
                "101 départements, 15 M€ 1 315 376 € −2 657 781 € 66,7 ",
                "fin 2017 Montant 2020 Par enfant accueilli 101 départements, 15 M€ 101 départements, 50 M€ Aisne (02)",
                "Entretien prénatal précoce Entretien postnatal Visites prénatales de sage-femme Visites postnatales "
                "de sage-femme Visites de puéricultrice Consultations, moins de 6 ans Bilan de santé en maternelle",
                "Oise 7 % 4 % double double double 7 % 72 % Pas-de-Calais 11 % n. d. 16 %",
                "Cible 2025 20 % 12 % 20 % 20 % 15 % 20 % 80 à 90 % ",
            ],
        ),
        (
            "R94",
            [
                "1 bénéficiaire de la première vague, en 2020, pour 2 départements : 112 192 €",
                "Corse-du-Sud (2A) 165 112 192 € (Corse) 306 € 100 000 € 100 000 € Haute-Corse (2B) 202 112 192 €",
                "Région 367 112 192 € 200 000 € 200 000 €",
            ],
        ),
        ("R06", ["Mayotte (976) 1 566 (estimation) hors vague — ", "fin 2017 dans la région (estimation). Avec"]),
        ("R01", ["en 2020. Cette fiche dit ce qu’une extension donnerait.", "Région 1 003 — 100 000 € 284 556 €"]),
        ("R52", ["2 bénéficiaires de la première vague, en 2020, pour 5 départements"]),
    ],
)
def test_a_region_says_each_figure_beside_what_it_is(code: str, sentences: list[str], dossier: Dossier):
    """Annex 7, table B, and the DREES: 3 973 157 € for the four are 26.5 % of 15 M€, and pay 201.5 places."""
    text = words(code, dossier)
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize(("code", "larger"), [("R94", True), ("R24", True), ("R32", True), ("R11", False)])
def test_a_region_of_six_departements_at_most_is_printed_in_larger_letters(code: str, larger: bool, dossier: Dossier):
    page = BeautifulSoup(render_sheet(code, dossier), "html.parser")
    assert bool(page.select(".court")) == larger


@pytest.mark.parametrize(("code", "departements"), [("R94", ["2A", "2B"]), ("R32", ["02", "59", "60", "62", "80"])])
def test_a_region_leads_to_the_sheet_of_each_departement(code: str, departements: list[str], dossier: Dossier):
    page = BeautifulSoup(render_sheet(code, dossier), "html.parser")
    assert [link["href"] for link in page.select("main table a")] == [f"{each}.html" for each in departements]


def test_a_region_without_a_beneficiary_says_so(dossier: Dossier):
    assert "Aucun département de la région Guadeloupe" in words("R01", dossier)


def test_a_region_is_told_what_the_main_scenarios_change(dossier: Dossier):
    """A cap of 1 000 000 € takes from the Nord and the Pas-de-Calais."""
    assert "Dotation maximale de 1 000 000 € 2 963 208 € −1 009 949 €" in words("R32", dossier)


def test_the_region_of_mayotte_says_that_its_children_are_estimated(dossier: Dossier):
    assert "1 566 (estimation) hors vague" in words("R06", dossier)


def test_the_rates_of_corse_are_printed_once_as_the_collectivite_s(dossier: Dossier):
    """Instruction 2025, annex 4, table C, L20: one row for both départements."""
    rates = words("R94", dossier).split("Prévention en")[1]
    assert "Corse 5 % 0 % 3 % 4 % 1 % 7 % 74 % Cible 2025" in rates
    assert "Corse-du-Sud" not in rates
    assert "Haute-Corse" not in rates


def amounts(cell):
    return int(re.sub(r"[^0-9]", "", cell.get_text()))


@pytest.mark.parametrize("code", ["R11", "R32", "R44", "R75", "R76", "R84"])
def test_a_printed_total_is_the_sum_of_the_printed_rows(code: str, dossier: Dossier):
    table = BeautifulSoup(render_sheet(code, dossier), "html.parser").select_one("main table")
    assert table is not None
    rows = [row.select("td") for row in table.select("tbody tr")]
    total = table.select_one("tr.total")
    assert total is not None
    printed = [cells for cells in rows if cells != total.select("td")]
    extensions = range(-2, 0)
    assert [amounts(total.select("td")[n]) for n in extensions] == [
        sum(amounts(c[n]) for c in printed) for n in extensions
    ]
    assert amounts(total.select("td")[0]) == sum(amounts(cells[0]) for cells in printed)
