"""Weights: what published amounts say of them, and what they cannot say."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.calibration.weights import _rounded, calibrate_weights
from cdppe_analysis.data import load_criteria, load_rule
from cdppe_analysis.errors import InfeasibleError
from cdppe_analysis.rules import Arrondi, Criterion, Rule
from cdppe_analysis.studies.telling import summary

HALF = Fraction(1, 2)
CODES = ("01", "02", "03", "04")
TWO = tuple(Criterion(name, HALF, 2019, "note", "p. 1") for name in ("enfants", "menages"))
FRAME = pd.DataFrame({"code_departement": CODES, "enfants": [40, 30, 20, 10], "menages": [10, 20, 30, 40]})


def rule(**changes) -> Rule:
    return replace(Rule("essai", "Essai", 2020, Fraction(1_000_000), CODES, TWO), **changes)


@pytest.mark.parametrize("name", ["fir-2020", "p304-2020"])
def test_the_weights_of_a_rule_are_found_again_from_its_amounts(name):
    """Round trip: allocate with the printed weights, and find them in the amounts, bounds and all."""
    built = replace(load_rule(name), arrondi=Arrondi("independant"))
    criteria = load_criteria(built)
    found = calibrate_weights(built, criteria, allocate(built, criteria).final, HALF)
    table = found.table
    assert found.compatible
    assert table["borne_basse"].le(table["poids_regle"] + 1e-9).all()
    assert table["borne_haute"].ge(table["poids_regle"] - 1e-9).all()
    assert (table["borne_haute"] - table["borne_basse"]).max() < 1e-4
    assert found.certificates["ecart_eur"].abs().max() <= 0.5 + 1e-6


def test_weights_that_explain_nothing_are_shown_to_be_unable_with_their_best_gap():
    found = calibrate_weights(rule(), FRAME, {"01": 700_000, "02": 100_000, "03": 100_000, "04": 100_000}, HALF)
    assert not found.compatible
    assert found.table[["borne_basse", "borne_haute"]].isna().all(axis=None)
    assert found.smallest_gap_eur == pytest.approx(300_000)
    assert "Aucun jeu de poids" in summary(found)
    assert "Ain" in summary(found)


def test_the_best_gap_is_that_of_a_search_over_every_weight():
    amounts = {"01": 350_000, "02": 300_000, "03": 200_000, "04": 150_000}
    bounded = rule(plancher=Fraction(180_000))
    found = calibrate_weights(bounded, FRAME, amounts, HALF)
    gaps = []
    for step in range(201):
        weights = (Fraction(step, 200), 1 - Fraction(step, 200))
        tried = replace(bounded, criteres=tuple(replace(c, poids=w) for c, w in zip(TWO, weights, strict=True)))
        exacts = allocate(tried, FRAME).exact
        gaps.append(float(max(abs(exacts[code] - amount) for code, amount in amounts.items())))
    assert found.smallest_gap_eur <= min(gaps) + 1e-6
    assert found.smallest_gap_eur == pytest.approx(min(gaps), abs=2_000)


def test_a_larger_tolerance_gives_a_larger_range():
    amounts = allocate(rule(), FRAME).final
    narrow, wide = (calibrate_weights(rule(), FRAME, amounts, Fraction(gap)).table for gap in (1, 1000))
    assert (wide["borne_basse"] < narrow["borne_basse"]).all()
    assert (wide["borne_haute"] > narrow["borne_haute"]).all()


def test_two_criteria_with_the_same_shares_cannot_be_told_apart():
    twins = FRAME.assign(menages=FRAME["enfants"] * 3)
    found = calibrate_weights(rule(), twins, allocate(rule(), twins).final, HALF)
    assert found.resemblances["poids_echangeable"].tolist() == [1.0]
    assert found.resemblances["correlation"].tolist() == pytest.approx([1.0])
    assert found.table["borne_basse"].tolist() == pytest.approx([0, 0])
    assert found.table["borne_haute"].tolist() == pytest.approx([1, 1])
    assert "se ressemblent trop" in summary(found)


def test_a_criterion_that_is_the_same_everywhere_has_no_correlation():
    found = calibrate_weights(rule(), FRAME.assign(menages=1), dict.fromkeys(CODES, 250_000), HALF)
    assert np.isnan(found.resemblances["correlation"].iloc[0])
    assert found.best_weights == {"enfants": 0, "menages": 1}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(1, 100), min_size=6, max_size=6),
    st.lists(st.integers(1, 100), min_size=6, max_size=6),
    st.integers(0, 10),
    st.integers(0, 9),
    st.integers(11, 30),
)
def test_the_true_weights_are_always_compatible(first, second, tenth, floor, cap):
    codes = ("01", "02", "03", "04", "05", "06")
    weights = (Fraction(tenth, 10), 1 - Fraction(tenth, 10))
    built = Rule(
        "essai", "Essai", 2020, Fraction(600_000), codes,
        tuple(replace(c, poids=w) for c, w in zip(TWO, weights, strict=True)),
        plancher=Fraction(10_000 * floor), plafond=Fraction(10_000 * cap), arrondi=Arrondi("independant"),
    )  # fmt: skip
    frame = pd.DataFrame({"code_departement": codes, "enfants": first, "menages": second})
    try:
        amounts = allocate(built, frame).final
    except InfeasibleError:
        return
    found = calibrate_weights(built, frame, amounts, HALF)
    assert found.compatible
    row = found.table.iloc[0]
    assert row["borne_basse"] - 1e-9 <= row["poids_regle"] <= row["borne_haute"] + 1e-9


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_the_best_weights_are_told_with_the_gap_of_each_unit_recomputed_less_published():
    found = calibrate_weights(rule(), FRAME, {"01": 700_000, "02": 100_000, "03": 100_000, "04": 100_000}, HALF)
    assert found.tolerance == HALF
    assert found.table["critere"].tolist() == ["enfants", "menages"]
    assert found.table["poids_regle"].tolist() == [0.5, 0.5]
    assert found.table["poids_au_mieux"].tolist() == pytest.approx([1, 0], abs=1e-9)
    assert found.best_weights == {"enfants": 1, "menages": 0}
    assert found.certificate.columns.tolist() == [
        "code_departement", "libelle_departement", "montant_publie", "montant_recalcule", "ecart_eur",
    ]  # fmt: skip
    assert found.certificate["montant_recalcule"].tolist() == pytest.approx([400_000, 300_000, 200_000, 100_000])
    assert found.certificate["ecart_eur"].tolist() == pytest.approx([-300_000, 200_000, 100_000, 0])
    assert found.certificates.empty
    assert found.certificates.columns.tolist()[:2] == ["critere_cible", "extremite"]
    assert plain(summary(found)) == (
        "Aucun jeu de poids n’explique les montants publiés à 0,50 € près : au mieux, l’écart atteint 300 000 € (Ain)."
    )


def test_each_end_of_a_range_has_its_certificate_and_the_message_its_percents():
    found = calibrate_weights(
        rule(), FRAME, {"01": 325_000, "02": 275_000, "03": 225_000, "04": 175_000}, Fraction(3000)
    )
    # A weight w for the children makes 100 000 (1 + 3 w) € for the first: 3 000 € either way are 0.01 of w.
    table = found.table.set_index("critere")
    assert table.loc["enfants", ["borne_basse", "borne_haute"]].tolist() == pytest.approx([0.74, 0.76])
    assert table.loc["menages", ["borne_basse", "borne_haute"]].tolist() == pytest.approx([0.24, 0.26])
    assert found.smallest_gap_eur == pytest.approx(0, abs=1e-4)
    ends = found.certificates.drop_duplicates(["critere_cible", "extremite"])
    assert ends[["critere_cible", "extremite"]].to_numpy().tolist() == [
        ["enfants", "basse"], ["enfants", "haute"], ["menages", "basse"], ["menages", "haute"],
    ]  # fmt: skip
    assert ends["ecart_eur"].tolist() == pytest.approx([-3000, 3000, 3000, -3000], abs=1e-3)
    assert plain(summary(found)) == (
        "À 3 000,00 € près, les poids compatibles sont : enfants de 74,00 à 76,00 %, menages de 24,00 à 26,00 %."
    )


def test_the_weight_that_can_change_hands_unseen_is_twice_the_tolerance_over_the_widest_gap_of_shares():
    """The first unit has 0.4 and 0.1 of the criteria: a weight d moves 300 000 d €."""
    for tolerance, alike in ((Fraction(7499), False), (Fraction(7501), True)):
        found = calibrate_weights(rule(), FRAME, dict.fromkeys(CODES, 250_000), tolerance)
        (row,) = found.resemblances.to_dict("records")
        assert (row["critere_a"], row["critere_b"]) == ("enfants", "menages")
        assert row["poids_echangeable"] == pytest.approx(2 * float(tolerance) / 300_000)
        assert row["correlation"] == pytest.approx(-1)
        assert row["trop_semblables"] is alike
        assert ("se ressemblent trop" in summary(found)) is alike
    assert plain(summary(found)).endswith(
        "enfants et menages se ressemblent trop pour être départagés : 5,0 points de poids passent de l’un à l’autre "
        "sans qu’aucun montant bouge de plus de 15 002,00 €."
    )


def test_weights_are_simple_rationals_where_the_program_s_float_stands_for_one():
    third = Fraction(1, 3)
    assert _rounded(Fraction(0.1)) == Fraction(1, 10)
    assert _rounded(third + Fraction(5, 10**13)) == third
    assert _rounded(third + Fraction(2, 10**12)) == third + Fraction(2, 10**12)
