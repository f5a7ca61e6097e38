"""The sheets: every territory has one, in French, that says what is known, what is supposed and what is not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from urllib.parse import unquote

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.allocation import allocate
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.sheets.dossier import Dossier
from cdppe_analysis.sheets.sheet import _rank, render_sheet, waterfall_steps
from cdppe_analysis.typography import NNBSP, number

rendered = cache(render_sheet)
ONE = Criterion("ase", Fraction(1), 2017, "source", "p. 1", "Enfants")


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


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        (
            "59",
            [
                "Nord (59) est dans la première vague, en 2020 : 1 995 607 € au titre de l’ ONDAM médico-social, pour",
                "La règle, appliquée à ses critères, redonne ce montant à l’euro près.",
                "enfants et jeunes majeurs) 11 234 63 156 17,79 % 50 % 1 334 078 € Autre série défendable : mineurs",
                "mineurs (estimation) 9 960 55 277 18,02 % — — Indicateur global",
                "non publié non publié 8,87 % 50 % 664 880 € Les deux parts font un montant théorique de 1 998 958 €.",
                "entre les autres, à proportion de leurs scores : −3 351 € ici, d’où 1 995 607 €.",
                "Champ : Nord, au sein des 30 bénéficiaires de 2020. Source : annexe 7 (montants) ; circulaire du",
                "Note : L’indicateur global de besoin n’est publié nulle part : sa part est déduite des montants.",
                "Mesure Nord Rang Plus petit Médiane Plus grand Montant 1 995 607 € 1er sur 30 100 000 € 377 546 €",
                "fin 2017 11 234 1er sur 30 367 1 528 11 234 Montant par enfant accueilli 178 € 22e sur 30 136 € 204 €",
                "14 places pour 276 000 € par an), le montant paie 101,2 places (7 services entiers). Ces places",
                "suivre de 101 à 202 enfants par an, selon que l’accompagnement dure 12 ou 6 mois (hypothèse) : de 5 à",
                "de 5 à 12 % du besoin attendu.",
                "L’ASE pour seul critère 2 665 799 € 135,2 places +670 192 €",
            ],
        ),
        (
            "75",
            [
                "enveloppe égale (15 000 000 € pour 101 départements), la règle de 2020 donnerait 335 677 €.",
                "celui des 30 bénéficiaires se déduit de leurs montants, celui des autres non.",
                "mineurs (estimation) 3 283 152 998 2,15 % — — Indicateur",
                "supposé supposé 2,54 % 50 % 190 795 € Les deux parts font un montant théorique de 392 264 €.",
                "Extension à 101 départements, à enveloppe égale, ce que chaque critère apporterait, en euros",
                "Champ : Paris, au sein des 101 bénéficiaires. Source : annexe 7",
                "l’enfance ; Insee, population. ",
                "Note : L’indicateur global de besoin, inconnu ici, est supposé proportionnel à la population de 0 à",
                "Sa place parmi les 101 Mesure Paris Rang Plus petit Médiane Plus grand Montant, à enveloppe égale 335",
                "fin 2017 4 803 4e sur 101 153 1 366 11 234 Montant par enfant accueilli 70 € 80e sur 101 47 € 83 €",
                "et pour un an d’accompagnement, y répondre demanderait de 14 203 000 à 18 938 000 € par an.",
                "101 départements, 15 M€ 335 677 € 17,0 places",
            ],
        ),
        (
            "2A",
            [
                "La Collectivité de Corse, comptée pour une, est dans la première vague, en 2020 : 112 192 € au titre",
                "enfants et jeunes majeurs) 367 63 156 0,58 % 50 % 43 583 €",
                "Mesure Corse Rang Plus petit Médiane Plus grand Montant 112 192 € 27e sur 30",
                "le montant paie 5,7 places (aucun service entier). Ces places permettent de suivre de 6 à 11 enfants",
                "101 départements, 15 M€ (Corse-du-Sud) 100 000 € 5,1 places",
            ],
        ),
        ("44", ["le montant paie 30,6 places (2 services entiers). Ces"]),
        ("02", ["le montant paie 21,2 places (1 service entier). Ces"]),
        (
            "23",
            [
                "Creuse (23) est dans la première vague, en 2020 : 100 000 €",
                "est réparti entre les autres, à proportion de leurs scores. Le montant, de ",
                " € sinon, est porté à ce minimum.",
            ],
        ),
    ],
)
def test_a_sheet_says_each_figure_beside_what_it_is(code: str, sentences: list[str], dossier: Dossier):
    """Annex 7, table B, and the DREES: 11 234 children of 63 156 are 17.79 %, half of which of 15 M€ is 1 334 078 €."""
    text = words(code, dossier)
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize(("code", "printed"), [("59", "59"), ("75", "75"), ("2A", "20")])
def test_a_figure_leads_to_the_printed_rows_that_it_is_read_from(code: str, printed: str, dossier: Dossier):
    """Annex 7 prints the Nord on line 15 of its table and Corse on line 7; annex 4, each on a line of its own."""
    page = BeautifulSoup(render_sheet(code, dossier, site=True), "html.parser")
    links = {link.get_text(): str(link["href"]) for link in page.select("a[href*='#'][href^='../sources/']")}
    line = {"59": 15, "2A": 7}.get(code)
    amount = f"../sources/annexe7-ondam-2020.html#annexe7-ondam-2020-b-enveloppes-{line}"
    rates = "../sources/instruction-2025-60.html#instruction-2025-60-annexe4-table"
    assert links == {
        **({f"Montant (b-enveloppes, ligne {line})": amount} if line else {}),
        **{f"PMI (annexe4-table-{one}, ligne {printed})": f"{rates}-{one}-{printed}" for one in "ac"},
    }
    assert BeautifulSoup(rendered(code, dossier), "html.parser").select("a[href^='../']") == []


def test_a_scenario_of_a_sheet_is_opened_in_the_simulator_at_its_territory(dossier: Dossier):
    page = BeautifulSoup(render_sheet("59", dossier, site=True), "html.parser")
    tried = [str(link["href"]) for link in page.select("a[href*='simulateur.html#']")]
    read = [re.search(r"#c=(.*)&d=(.*)$", unquote(link)).groups() for link in tried]
    assert [json.loads(choice) for choice, _ in read] == [{"g": one.id} for one in dossier.scenarios]
    assert {code for _, code in read} == {"59"}


def test_an_objective_says_whether_it_must_be_taken_and_who_pays(dossier: Dossier):
    """Instruction of 2025: five objectives of the FIR, six of programme 304, three of the ONDAM médico-social."""
    objectives = BeautifulSoup(rendered("75", dossier), "html.parser").select(".objectifs li")
    ends = [re.search(r"\(([^()]*)\)$", item.get_text().strip())[1].split(", ") for item in objectives]
    assert [end[1] for end in ends] == ["FIR"] * 5 + ["programme 304"] * 6 + ["ONDAM médico-social"] * 3
    assert [end[0] for end in ends] == [
        *["obligatoire"] * 4,
        "facultatif",
        *["obligatoire"] * 2,
        *["facultatif"] * 4,
        *["un des trois au moins"] * 3,
    ]


def test_the_waterfall_is_described_in_words(dossier: Dossier):
    told = BeautifulSoup(render_sheet("59", dossier), "html.parser").select_one(".figure .large desc")
    assert "1 995 607 €" in told.get_text().replace(NNBSP, " ")


def test_the_need_follows_from_the_printed_prevalence_and_cost(dossier: Dossier):
    """Rex Club des Territoires: 15 to 20 %; call for applications of the Nord: 14 places for 276 000 €."""
    text = words("59", dossier)
    assert "de 1 685 à 2 247 d’entre eux" in text
    assert "le montant paie 101,2 places (7 services entiers)" in text


def test_an_amount_that_the_rule_misses_by_a_euro_says_so_with_its_sign(dossier: Dossier):
    """The thirty published amounts sum to 15 000 001 €, a euro above the envelope."""
    gaps = {code: dossier.allocation.final[code] - amount for code, amount in dossier.published.items()}
    [missed] = [code for code, gap in gaps.items() if gap]
    assert gaps[missed] == -1
    assert "l’écart de −1 € tient à l’arrondi, fait chacun pour soi" in words(missed, dossier)


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


def test_a_scenario_says_its_change_its_interval_and_how_often_it_gains(dossier: Dossier):
    """A cap of 1 M€ takes 995 607 € from the Nord in every draw; Paris, outside the wave, has no change to tell."""
    rows = {}
    for code in ("59", "75"):
        page = BeautifulSoup(rendered(code, dossier), "html.parser")
        for row in page.select("table.doubles tbody tr"):
            cells = [cell.get_text("|").replace(NNBSP, " ") for cell in row.select("th, td")]
            rows[code, cells[0]] = cells[1:-1]
        note = page.select_one("table.doubles").find_next(class_="note").get_text().replace(NNBSP, " ")
        assert note.startswith("Intervalle à 90 % de 200 tirages, graine 2020 ; places")
    cap = rows["59", "Dotation maximale de 1 000 000 €"]
    assert cap == ["1 000 000 €|50,7 places", "−995 607 €|−995 607 €", "0 %"]
    assert rows["59", "L’ASE pour seul critère"][2] == "100 %"
    assert re.fullmatch(r"\+670 192 €\|de \+[56]\d\d \d{3} à \+7\d\d \d{3} €", rows["59", "L’ASE pour seul critère"][1])
    assert re.fullmatch(r"de 2\d\d \d{3} à [45]\d\d \d{3} €", rows["75", "101 départements, 15 M€"][1])


def test_a_sheet_stands_under_its_region_and_leads_to_its_sheet_where_there_is_one(dossier: Dossier):
    above = BeautifulSoup(rendered("59", dossier), "html.parser").select_one(".surtitre")
    assert (above.get_text(), above.select("a")) == ("Fiche de territoire · Hauts-de-France", [])
    sheets = [{"fichier": "R32.html", "titre": "Hauts-de-France"}]
    above = BeautifulSoup(render_sheet("59", dossier, sheets), "html.parser").select_one(".surtitre")
    assert [(link["href"], link.get_text()) for link in above.select("a")] == [("R32.html", "Hauts-de-France")]


def test_a_rank_that_is_shared_says_so(dossier: Dossier):
    """Brought to the minimum of 100 000 €, Ariège shares its rank with every other that is."""
    assert re.search(r"100 000 € \d+e ex æquo sur 101", words("09", dossier))
    values = pd.Series({"a": 3.0, "b": 2.0, "c": 2.0, "d": 1.0})
    ranks = [_rank(values, code).replace(NNBSP, " ") for code in values.index]
    assert ranks == ["1er sur 4", "2e ex æquo sur 4", "2e ex æquo sur 4", "4e sur 4"]


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
    assert "enfants et jeunes majeurs) 1 566 (estimé) 178 799" in text
    assert "(estimation)" not in words("59", dossier).replace("mineurs (estimation)", "")
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
    assert "L’annexe donne un seul taux, celui de la Collectivité de Corse" in words("2B", dossier)
    assert "L’annexe donne un seul taux" not in words("59", dossier)


def test_the_steps_of_every_amount_sum_to_it(dossier: Dossier):
    for code in dossier.published:
        steps = waterfall_steps(dossier.allocation, code)
        assert steps["montant_eur"].sum() == pytest.approx(float(dossier.allocation.final[code]), abs=0.51 * 3)
        assert (steps["montant_eur"].abs() >= 0.5).all()


def steps_of(rule: Rule, first: int, second: int) -> dict[str, float]:
    """Return the steps of the first of two units, from what is counted of each."""
    shared = allocate(rule, pd.DataFrame({"code_departement": ["01", "02"], "ase": [first, second]}))
    return dict(waterfall_steps(shared, "01").to_numpy())


def test_a_step_of_less_than_half_a_euro_is_not_one_and_each_side_of_a_bound_has_its_words():
    """Ten euros by 9:1 under a cap of 6: the first is brought down to 6, the other has the 4 that are left."""
    two = Rule("essai", "Essai", 2020, Fraction(1), ("01", "02"), (ONE,))
    assert steps_of(two, 1, 1) == {"Enfants (2017)": 0.5, "Arrondi": 0.5}
    assert steps_of(replace(two, enveloppe=Fraction(5)), 3, 2) == {"Enfants (2017)": 3}
    bounded = replace(two, enveloppe=Fraction(10), plafond=Fraction(6))
    assert steps_of(bounded, 9, 1) == {
        "Enfants (2017)": 9,
        "Ce que rapportent les bornes": 27,
        "Ramené au maximum": -30,
    }
    assert steps_of(bounded, 1, 9) == {"Enfants (2017)": 1, "Ce que rapportent les bornes": 3}


def test_creuse_is_brought_to_the_minimum(dossier: Dossier):
    """Circulaire of 2020, annex 4, IV.A: a minimum of 100 000 €, which only the Creuse receives."""
    assert "Porté au minimum" in waterfall_steps(dossier.allocation, "23")["etape"].tolist()
    assert waterfall_steps(dossier.allocation, "59")["etape"].tolist() == [
        "Enfants et jeunes à l’ASE (2017)",
        "Indicateur de besoin (IGB) (2019)",
        "Ce que coûtent les bornes des autres",
    ]
