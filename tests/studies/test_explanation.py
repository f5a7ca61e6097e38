"""An explanation is French, short, and can be redone on paper."""

import re
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from cdppe_analysis.allocation import allocate
from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule
from cdppe_analysis.studies import explanation
from cdppe_analysis.studies.explanation import explain
from cdppe_analysis.typography import NNBSP

CODES = ("01", "02", "03", "04")
CRITERIA = (
    Criterion("ase_0_17", Fraction(1, 2), 2017, "note", "p. 1", libelle="Enfants accueillis"),
    Criterion("igb", Fraction(1, 2), 2019, "note", "p. 1"),
)
FRAME = pd.DataFrame({"code_departement": CODES, "ase_0_17": [50, 30, 15, 5], "igb": [4, 3, 2, 1.5]})


def told(code, **changes):
    built = Rule("essai", "Essai", 2020, Fraction(1_000_000), CODES, CRITERIA, **changes)
    return explain(allocate(built, FRAME), code)


def test_it_takes_a_dozen_lines():
    assert 10 <= len(told("04", plancher=Fraction(100_000)).splitlines()) <= 14


def test_its_figures_redo_the_amount():
    text = told("02", plancher=Fraction(100_000))
    product = re.search(r"([\d\u202f,]+)\u202f€ × ([\d,]+)\u202f% = ([\d\u202f,]+)\u202f€, entre les bornes", text)
    level, score, amount = (float(part.replace(NNBSP, "").replace(",", ".")) for part in product.groups())
    assert level * score / 100 == pytest.approx(amount, abs=0.01)


def test_it_says_that_a_unit_is_brought_up_to_the_plancher():
    text = told("04", plancher=Fraction(100_000))
    assert f"porté au plancher : 100{NNBSP}000,00{NNBSP}€" in text
    assert "1 bénéficiaire au plancher" in text


def test_it_says_that_a_unit_is_brought_down_to_the_plafond():
    assert f"ramené au plafond : 400{NNBSP}000,00{NNBSP}€" in told("01", plafond=Fraction(400_000))


def test_it_says_that_a_garantie_holds():
    garantie = Garantie(Fraction(1), None, (("04", Fraction(200_000)),), "libre")
    assert "porté à la garantie" in told("04", garantie=garantie)


def test_it_says_when_no_bound_plays():
    assert "ni plancher ni plafond" in told("01")
    assert "Aucune borne ne joue" in told("01", plancher=Fraction(1))


def test_it_tells_the_rounding():
    assert "n’en reçoit pas" in told("04", plancher=Fraction(100_000))
    assert "chacun pour soi" in told("01", arrondi=Arrondi("independant"))
    assert "Aucun arrondi" in told("01", arrondi=Arrondi("aucun"))
    cents = replace(Rule("essai", "Essai", 2020, Fraction(1000), CODES, CRITERIA), enveloppe=Fraction("1000.5"),
                    arrondi=Arrondi("plus_forts_restes", Fraction("0.1")))  # fmt: skip
    lines = explain(allocate(cents, FRAME), "01").replace(NNBSP, " ").splitlines()
    assert lines[1] == "1. À partager : 1 000,50 € entre 4 bénéficiaires."
    assert "par unité de 0,10 € : " in lines[-3]


def test_what_the_amounts_rounded_each_on_its_own_miss_of_the_envelope_has_its_sign():
    alike = FRAME.assign(ase_0_17=1, igb=1)
    for envelope, said in ((1001, "−1 €"), (1003, "+1 €")):
        built = Rule("essai", "Essai", 2020, Fraction(envelope), CODES, CRITERIA, arrondi=Arrondi("independant"))
        assert f"s’écarte de l’enveloppe de {said})" in explain(allocate(built, alike), "01").replace(NNBSP, " ")


def test_it_uses_the_label_of_a_criterion():
    assert "Enfants accueillis (2017)" in told("01")


def test_a_code_that_is_no_beneficiary_is_refused():
    with pytest.raises(TerritoryError, match=r"^Nord is no beneficiary of the rule 'essai' \(code 59\)$"):
        told("59")
    for code in ("1", " 01 ", "01.0"):
        with pytest.raises(TerritoryError, match=rf"^{code} is no beneficiary of the rule 'essai'; probably '01' "):
            told(code)


def test_a_tie_is_told_with_who_shares_it_and_who_is_served():
    """Five units share 2 €: three have a remainder of a half, and the two units go to the smaller codes."""
    one = (Criterion("v", Fraction(1), 2020, "note", "p. 1"),)
    codes = ("01", "02", "03", "04", "05")
    built = Rule("tie1", "Partage", 2020, Fraction(2), codes, one)
    shared = allocate(built, pd.DataFrame({"code_departement": codes, "v": [2, 1, 1, 2, 2]}))
    for code in ("01", "05"):
        text = explain(shared, code).replace(NNBSP, " ")
        assert "Égalité : 3 bénéficiaires ont ce même reste pour 2 unités" in text
        assert "Servis : Ain (01, 0,5000 €), Alpes-de-Haute-Provence (04, 0,5000 €)" in text
    assert "Égalité" not in explain(shared, "02")
    # Of 10 €, in 0.5, 2.5, 2.5 and 4.5: the larger amounts first, and the smaller code of two that are equal.
    larger = replace(built, enveloppe=Fraction(10), beneficiaires=codes[:4])
    text = explain(allocate(larger, pd.DataFrame({"code_departement": codes[:4], "v": [1, 5, 5, 9]})), "01")
    assert "Égalité : 4 bénéficiaires ont ce même reste pour 2 unités" in text.replace(NNBSP, " ")
    served = "Servis : Alpes-de-Haute-Provence (04, 4,5000 €), Aisne (02, 2,5000 €)"
    assert served in text.replace(NNBSP, " ")


AT_THE_PLAFOND = """\
Alpes-de-Haute-Provence (04) — Essai
1. À partager : 1 000 000 € entre 4 bénéficiaires.
2. Enfants accueillis (2017) : 5 sur 100, soit 5,00000000 % ; pondéré par 50 % : 2,50000000 %.
3. igb (2019, série : points) : 1,5000000 sur 10,5000000, soit 14,28571429 % ; pondéré par 50 % : 7,14285714 %.
4. Score, somme des parts pondérées : 9,64285714 %.
5. Montant théorique : 1 000 000 € × 9,64285714 % = 96 428,57 €.
6. Bornes : plancher de 100 000 €, plafond de 400 000 € ; 1 bénéficiaire au plafond (−72 340,43 €).
7. Ce que les bornes ajoutent ou retirent est réparti entre les autres selon leurs scores : le multiplicateur des \
scores est 1 072 340,43 € au lieu de 1 000 000 €.
8. 1 072 340,43 € × 9,64285714 % = 103 404,26 €, entre les bornes.
9. Arrondi aux plus forts restes, par unité de 1 € : 103 404 € et un reste de 0,2553 € ; 1 unité à donner aux plus \
forts restes, ce bénéficiaire n’en reçoit pas.
10. Montant : 103 404 €.
Valeur du point, avant bornes (euros pour une unité de plus du critère) : Enfants accueillis, 5 000,00 € ; igb, \
47 619,05 €."""


def test_the_whole_explanation_is_this():
    """Ain is at its plafond: 600 000 € are left for scores of 0,559 524, hence lambda."""
    bounds = {"plancher": Fraction(100_000), "plafond": Fraction(400_000)}
    built = Rule("essai", "Essai", 2020, Fraction(1_000_000), CODES, CRITERIA, **bounds)
    assert explain(allocate(built, FRAME), "04", {"igb": "points"}).replace(NNBSP, " ") == AT_THE_PLAFOND
    assert pytest.approx(1_072_340.43, abs=0.01) == 600_000 / (1 - (0.5 + 4 / 10.5) / 2)


def test_an_explanation_without_bounds_is_this():
    assert told("02", arrondi=Arrondi("independant")).replace(NNBSP, " ").splitlines()[5:9] == [
        "5. Montant théorique : 1 000 000 € × 29,28571429 % = 292 857,14 €.",
        "6. La règle n’a ni plancher ni plafond : le montant théorique est le montant exact.",
        "7. Arrondi au plus proche, chacun pour soi : 292 857,14 € devient 292 857 € "
        "(la somme des montants s’écarte de l’enveloppe de 0 €).",
        "8. Montant : 292 857 €.",
    ]


def test_several_units_at_a_bound_and_several_units_given_are_plural():
    text = told("03", plancher=Fraction(160_000)).replace(NNBSP, " ")
    assert "Bornes : plancher de 160 000 € ; 2 bénéficiaires au plancher (+" in text
    one = told("02", plancher=Fraction(100_000)).replace(NNBSP, " ")
    assert "1 bénéficiaire au plancher (+3 952,57 €)" in one
    assert (
        "291 699 € et un reste de 0,6047 € ; 1 unité à donner aux plus forts restes, ce bénéficiaire reçoit une unité."
        in one
    )


def test_a_garantie_is_named_among_the_bounds_and_none_is_played():
    garantie = Garantie(Fraction(1), None, (("04", Fraction(1)),), "libre")
    text = told("04", garantie=garantie).replace(NNBSP, " ")
    assert "Bornes : garantie sur un montant de référence ; aucun bénéficiaire n’y est." in text


@pytest.mark.parametrize(
    ("weight", "shown"),
    [("1/2", "50 %"), ("0.285", "28,5 %"), ("0.0001", "0,01 %"), ("1/3", "33,333333 %"), ("1", "100 %")],
)
def test_a_weight_has_the_decimals_that_it_needs_six_at_most(weight, shown):
    assert explanation._weight(Fraction(weight)).replace(NNBSP, " ") == shown


@pytest.mark.parametrize(
    ("value", "total", "shown"),
    [
        (5, 100, "5"),
        (5.5, 100, "5,500000"),
        (0.25, 1, "0,25000000"),
        (1, 1, "1,00000000"),
        (1, 2, "1"),
        (2, 12345.5, "2,0000"),
        (3, 10**10 + 0.5, "3"),
    ],
)
def test_a_value_has_the_digits_by_which_its_share_is_found_again(value, total, shown):
    assert explanation._value(float(value), float(total)) == shown
