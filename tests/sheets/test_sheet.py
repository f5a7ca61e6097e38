"""The sheets: every territory has one, in French, that says what is known, what is supposed and what is not."""

from __future__ import annotations

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.sheets.dossier import Dossier
from cdppe_analysis.sheets.sheet import render_sheet, waterfall_steps
from cdppe_analysis.typography import NNBSP, number

rendered = cache(render_sheet)


def words(code: str, dossier: Dossier) -> str:
    page = BeautifulSoup(rendered(code, dossier), "html.parser").select_one("main")
    assert page is not None
    return re.sub(r"\s+", " ", page.get_text(" ").replace(NNBSP, " "))


def test_the_nord_is_told_its_amount_its_parts_and_its_place(dossier: Dossier):
    """Annex 7 (ONDAM 2020), table B, Nord: 1 995 607 €, the largest of the thirty."""
    text = words("59", dossier)
    assert "Montant publié : 1 995 607 €, soit 13,3 % de l’enveloppe" in text
    assert "11 234 63 156 17,79 % 50 %" in text
    assert "1 995 607 € 1er sur 30" in text


def test_the_waterfall_is_described_in_words(dossier: Dossier):
    told = BeautifulSoup(render_sheet("59", dossier), "html.parser").select_one(".figure .large desc")
    assert "1 995 607 €" in told.get_text().replace(NNBSP, " ")


def test_the_need_follows_from_the_printed_prevalence_and_cost(dossier: Dossier):
    """Rex Club des Territoires: 15 to 20 %; call for applications of the Nord: 14 places for 276 000 €."""
    text = words("59", dossier)
    assert "de 1 685 à 2 247 d’entre eux" in text
    assert "le montant paie 101,2 places (7 services entiers)" in text


def test_a_departement_outside_the_wave_says_so_and_what_an_extension_gives(dossier: Dossier):
    text = words("75", dossier)
    assert "n’est pas dans la première vague, qui comptait 30 bénéficiaires en 2020" in text
    assert "Ce qu’une extension donnerait, et pourquoi" in text
    assert "101 départements, 50 M€" in text
    assert "Montant publié" not in text


def test_a_departement_outside_the_wave_is_told_why_the_extension_gives_it_that_amount(dossier: Dossier):
    text = words("75", dossier)
    assert "la règle de 2020 donnerait 335 677 €" in text
    assert "4 803 178 799 2,69 % 50 % 201 469 €" in text
    assert "335 677 € 6e sur 101" in text


def whatever_the_index(code: str, title: str, dossier: Dossier) -> tuple[str, str]:
    """Return a cell of the column « Quel que soit l’indice »: what is known of the amount, then of the sign."""
    page = BeautifulSoup(rendered(code, dossier), "html.parser")
    heads = [head.get_text() for head in page.select("table.doubles thead th")]
    [row] = [row for row in page.select("table.doubles tbody tr") if row.th.get_text().replace(NNBSP, " ") == title]
    cell = row.select("th, td")[heads.index("Quel que soit l’indice")]
    amount, _, sign = cell.get_text("|").replace(NNBSP, " ").partition("|")
    return amount, sign


@pytest.mark.parametrize(
    ("code", "title", "amount", "sign"),
    [
        ("59", "Minimum de 200 000 €", "connu, à l’euro près", "perd, quels que soient les effectifs"),
        (
            "59",
            "L’ASE pour seul critère",
            "formule, de 2 665 799 à 2 699 811 €, soit de +670 192 à +704 204 €",
            "gagne tant que l’erreur sur les effectifs reste sous 16,9 %",
        ),
        (
            "59",
            "101 départements, 15 M€",
            "formule, de 583 583 à 584 727 €, soit de −1 412 024 à −1 410 880 €",
            "perd, même si chaque effectif est faux de 50 %",
        ),
        (
            "44",
            "L’ASE pour seul critère",
            "formule, de 599 609 à 661 822 €, soit de −3 874 à +58 339 €",
            "gagne ou perd, selon l’indice et les effectifs",
        ),
        ("23", "L’ASE pour seul critère", "ensemble, 100 000 €, soit 0 €", "ne change pas"),
        (
            "23",
            "Dotation maximale de 1 000 000 €",
            "ensemble, de 100 000 à 121 299 €, soit de 0 à +21 299 €",
            "gagne ou perd, selon l’indice et les effectifs",
        ),
        ("75", "101 départements, 50 M€", "ensemble, de 1 302 582 à 1 303 665 €", ""),
    ],
)
def test_what_is_known_whatever_the_index_is_told_by_its_nature(
    code: str, title: str, amount: str, sign: str, dossier: Dossier
):
    """The interval of the change is that of the amount less the published one: 1 995 607, 603 483 and 100 000 €."""
    assert whatever_the_index(code, title, dossier) == (amount, sign)


def test_a_rank_that_is_shared_says_so(dossier: Dossier):
    """Brought to the minimum of 100 000 €, Ariège shares its rank with every other that is."""
    assert re.search(r"100 000 € \d+e ex æquo sur 101", words("09", dossier))


def test_no_line_begins_with_a_mark_of_punctuation(dossier: Dossier):
    page = BeautifulSoup(render_sheet("75", dossier), "html.parser").select_one("main")
    assert page is not None
    assert re.findall(" [:;!?»]|« ", page.get_text()) == []


def test_the_objectives_of_the_contracts_are_listed(dossier: Dossier):
    """Instruction of 2025, 14 objectives, three of them for disability."""
    page = BeautifulSoup(render_sheet("75", dossier), "html.parser")
    assert len(page.select(".objectifs li")) == 14
    assert len(page.select(".objectifs .handicap")) == 3


def test_mayotte_says_that_its_children_are_estimated(dossier: Dossier):
    text = words("976", dossier)
    assert "1 566 enfants et jeunes étaient accueillis par l’ASE fin 2017 (estimation)" in text
    assert "La DREES ne publie rien pour Mayotte" in text


def test_corse_is_told_as_one_beneficiary_in_both_sheets(dossier: Dossier):
    for code in ("2A", "2B"):
        text = words(code, dossier)
        assert "112 192 €" in text
        assert "une seule collectivité" in text


def test_a_sheet_is_the_same_twice(dossier: Dossier):
    assert render_sheet("23", dossier) == render_sheet("23", dossier)


@pytest.mark.parametrize("code", ["75", "13", "33"])
def test_a_need_is_rounded_once_after_it_is_costed(code: str, dossier: Dossier):
    """Call for applications of the Nord, 5.1: 276 000 € for 14 places; 15 to 20 % of the children, in thousands."""
    low, high = (dossier.children[code] * share * 276_000 / 14 for share in (0.15, 0.20))
    printed = f"{number(round(low, -3))} à {number(round(high, -3))} €".replace(NNBSP, " ")
    assert printed in words(code, dossier)


def test_the_rates_of_corse_are_said_to_be_the_collectivite_s(dossier: Dossier):
    assert "Prévention en PMI (Collectivité de Corse)" in words("2A", dossier)
    assert "Prévention en PMI (" not in words("59", dossier)


def test_the_steps_of_every_amount_sum_to_it(dossier: Dossier):
    for code in dossier.published:
        steps = waterfall_steps(dossier.rule, dossier.allocation, code)
        assert steps["montant_eur"].sum() == pytest.approx(float(dossier.allocation.final[code]), abs=0.51 * 3)


def test_creuse_is_brought_to_the_minimum(dossier: Dossier):
    """Circulaire of 2020, annex 4, IV.A: a minimum of 100 000 €, which only the Creuse receives."""
    assert "Porté au minimum" in waterfall_steps(dossier.rule, dossier.allocation, "23")["etape"].tolist()
    assert not any("Porté" in step for step in waterfall_steps(dossier.rule, dossier.allocation, "59")["etape"])
