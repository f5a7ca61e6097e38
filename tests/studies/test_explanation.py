"""An explanation is French, short, and can be redone on paper."""

import re
from fractions import Fraction

import pandas as pd
import pytest

from cdppe_analysis.allocation import allocate
from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule
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


def test_it_uses_the_label_of_a_criterion():
    assert "Enfants accueillis (2017)" in told("01")


def test_a_code_that_is_no_beneficiary_is_refused():
    with pytest.raises(TerritoryError, match="Nord is no beneficiary"):
        told("59")


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
