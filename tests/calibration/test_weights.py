"""Weights: what published amounts say of them, and what they cannot say."""

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.calibration.criterion import calibrate_criterion
from cdppe_analysis.calibration.weights import _rounded, best_proxy, calibrate_weights
from cdppe_analysis.data import load_criteria, load_rule, load_table
from cdppe_analysis.errors import CriteriaError, InfeasibleError
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
    assert found.certificate["ecart_eur"].abs().max() == pytest.approx(300_000)
    for tolerance, compatible in ((299_999, False), (300_000, True)):
        again = calibrate_weights(rule(), FRAME, dict.fromkeys(CODES, 100_000) | {"01": 700_000}, Fraction(tolerance))
        assert again.compatible is compatible
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
    smallest = found.certificate["ecart_eur"].abs().max()
    assert smallest <= min(gaps) + 1e-6
    assert smallest == pytest.approx(min(gaps), abs=2_000)


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
    assert found.certificate["ecart_eur"].abs().max() == pytest.approx(0, abs=1e-4)
    assert found.certificates.index.tolist() == list(range(2 * 2 * 4))
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


def test_the_widest_gap_of_shares_is_that_of_any_sign():
    """The second criterion gives the first unit 0.7 where the first gives it 0.4."""
    frame = FRAME.assign(menages=[70, 10, 10, 10])
    (row,) = calibrate_weights(rule(), frame, dict.fromkeys(CODES, 250_000), Fraction(3000)).resemblances.to_dict(
        "records"
    )
    assert row["poids_echangeable"] == pytest.approx(2 * 3000 / 300_000)


def test_the_weights_that_explain_all_are_found_as_they_were_written():
    weights = (Fraction(1, 3), Fraction(2, 3))
    thirds = rule(criteres=tuple(replace(one, poids=weight) for one, weight in zip(TWO, weights, strict=True)))
    found = calibrate_weights(thirds, FRAME, allocate(thirds, FRAME).exact, HALF)
    assert tuple(found.best_weights.values()) == weights


def test_no_weights_reach_the_envelope_where_a_unit_without_children_leaves_more_than_the_plafonds():
    empty = FRAME.assign(enfants=[3, 2, 1, 0], menages=[1, 1, 1, 0])
    with pytest.raises(InfeasibleError, match="no weights give amounts that sum to the envelope within the bounds"):
        calibrate_weights(rule(plafond=Fraction(300_000)), empty, dict.fromkeys(CODES, 250_000), HALF)


def test_weights_are_simple_rationals_where_the_program_s_float_stands_for_one():
    third = Fraction(1, 3)
    assert _rounded(Fraction(0.1)) == Fraction(1, 10)
    assert _rounded(third + Fraction(5, 10**13)) == third
    assert _rounded(third + Fraction(2, 10**12)) == third + Fraction(2, 10**12)


HALVES = tuple(Criterion(name, Fraction(1, 2), 2019, "note", "p. 1") for name in ("connu", "inconnu"))
HALF_UNKNOWN = Rule("essai", "Essai", 2020, Fraction(1_000_000), CODES, HALVES)
AMOUNTS = {"01": 350_000, "02": 300_000, "03": 200_000, "04": 150_000}
SERIES = pd.DataFrame(
    {
        "code_departement": CODES,
        "connu": [1, 1, 1, 1],
        "juste": [45, 35, 15, 5],
        "haut": [55, 25, 15, 5],
        "bas": [35, 45, 15, 5],
        "loin": [10, 20, 30, 40],
        "vide": [60, 30, 10, 0],
    }
)


def test_a_proxy_that_is_the_criterion_leaves_no_gap():
    found = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["juste", "loin"])
    assert found.table.iloc[0]["ecart_max_eur"] == pytest.approx(0, abs=1e-6)
    assert found.mixture["juste"] == pytest.approx(1)
    assert found.unexplained.empty


def test_a_mixture_can_do_what_no_proxy_does_alone():
    found = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["haut", "bas"])
    assert found.table["proxy"].tolist()[0] == "melange"
    assert found.table["ecart_max_eur"].round(3).tolist() == [0, 50_000, 50_000]
    assert float(found.mixture["haut"]) == pytest.approx(0.5)


def test_a_unit_whose_share_is_out_of_reach_of_every_mixture_is_named():
    found = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["loin"])
    assert found.unexplained[["code_departement", "sens"]].to_numpy().tolist() == [
        ["01", "trop_peu"],
        ["02", "trop_peu"],
        ["03", "trop"],
        ["04", "trop"],
    ]
    assert "Aucun mélange ne peut expliquer 4 bénéficiaires sur 4" in summary(found)


def test_the_gaps_of_the_table_are_those_of_the_units():
    found = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["haut", "loin"])
    for name, worst, code in found.table[["proxy", "ecart_max_eur", "code_ecart_max"]].itertuples(index=False):
        gaps = found.gaps.set_index("code_departement")[name].abs()
        assert gaps.max() == worst == gaps[code]


def test_each_proxy_has_its_gaps_recomputed_less_published_and_the_money_they_move():
    """« haut » has 0.55, 0.25, 0.15 and 0.05 where the index has 0.45, 0.35, 0.15 and 0.05: 50 000 € go astray."""
    found = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["loin", "haut"])
    haut = found.table.set_index("proxy").loc["haut"]
    assert found.gaps["haut"].tolist() == pytest.approx([50_000, -50_000, 0, 0])
    assert haut[["ecart_max_eur", "ecart_median_eur", "euros_deplaces"]].tolist() == pytest.approx(
        [50_000, 25_000, 50_000]
    )
    loin = found.gaps["loin"].tolist()
    assert loin == pytest.approx([-175_000, -75_000, 75_000, 175_000])
    assert found.table["ecart_max_eur"].is_monotonic_increasing
    assert found.table.index.tolist() == [0, 1, 2]
    assert found.table["proxy"].tolist()[-1] == "loin"
    assert set(found.mixture) == {"loin", "haut"}
    assert sum(found.mixture.values()) == 1
    mixed = [
        float(found.mixture["loin"]) * a + float(found.mixture["haut"]) * b
        for a, b in zip(loin, [5e4, -5e4, 0, 0], strict=True)
    ]
    assert found.gaps["melange"].tolist() == pytest.approx(mixed)


def test_the_median_gap_is_that_of_half_the_units_whatever_the_worst():
    """« vide » has 0.15 more than the index for one unit, and 0.05 less for each of three."""
    table = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["vide"]).table.set_index("proxy")
    assert table.loc["vide", ["ecart_max_eur", "ecart_median_eur"]].tolist() == pytest.approx([75_000, 25_000])
    both = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["vide", "haut"]).table
    # Of one median, the smaller worst gap comes first.
    assert [name for name in both["proxy"] if name != "melange"] == ["haut", "vide"]


def test_a_proxy_has_the_weight_of_what_it_stands_for():
    """With 0.3 of 0.25 and 0.7 of the index, rounded to the euro."""
    unequal = tuple(replace(one, poids=Fraction(w, 10)) for one, w in zip(HALVES, (3, 7), strict=True))
    unequal_rule = replace(HALF_UNKNOWN, criteres=unequal)
    amounts = {"01": 390_000, "02": 320_000, "03": 180_000, "04": 110_000}
    given = calibrate_criterion(unequal_rule, SERIES, amounts, "inconnu")
    found = best_proxy(unequal_rule, SERIES, amounts, "inconnu", ["juste", "haut"], intervals=given)
    assert found.gaps["juste"].tolist() == pytest.approx([0] * 4)
    assert found.gaps["haut"].tolist() == pytest.approx([70_000, -70_000, 0, 0])
    assert [float(found.mixture[name]) for name in ("juste", "haut")] == pytest.approx([1, 0], abs=1e-9)
    assert found.intervals is given


def test_what_a_unit_can_have_of_the_proxies_stands_beside_what_is_deduced():
    found = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["loin", "haut"]).unexplained
    # The second has 0.20 and 0.25 of the proxies and 0.35 of the index; the fourth 0.05 to 0.40 around its 0.05.
    assert found.columns.tolist() == [
        "code_departement", "libelle_departement", "borne_basse", "borne_haute", "part_min", "part_max", "sens",
    ]  # fmt: skip
    assert found["libelle_departement"].tolist() == ["Aisne"]
    assert found["sens"].tolist() == ["trop_peu"]
    assert found[["part_min", "part_max"]].to_numpy().tolist() == pytest.approx(np.array([[0.2, 0.25]]))
    assert found[["borne_basse", "borne_haute"]].to_numpy() == pytest.approx(np.array([[0.35, 0.35]]), abs=3e-6)


def test_a_share_at_the_end_of_what_is_deduced_is_explained():
    given = calibrate_criterion(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu")
    lows, highs = [0.45, 0.25, 0.15, 0.05], [0.55, 0.35, 0.15, 0.05]
    wider = replace(given, table=given.table.assign(borne_basse=lows, borne_haute=highs))
    assert best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["haut"], intervals=wider).unexplained.empty
    narrower = replace(given, table=given.table.assign(borne_basse=lows, borne_haute=[0.549, *highs[1:]]))
    found = best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["haut"], intervals=narrower).unexplained
    assert found[["code_departement", "sens"]].to_numpy().tolist() == [["01", "trop"]]


def test_the_message_names_the_nearest_series_the_mixture_and_who_stays_unexplained():
    text = summary(best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["loin", "haut", "bas"])).replace("\u202f", " ")
    nearest, mixture = text.split(". ")
    assert nearest == "La série qui approche le mieux est haut : l’écart atteint 50 000 € (Ain)"
    assert mixture.startswith("Le meilleur mélange laisse encore 0 € (")
    alone = summary(best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", ["haut"])).replace("\u202f", " ")
    assert alone == (
        "La série qui approche le mieux est haut : l’écart atteint 50 000 € (Ain). Le meilleur mélange laisse encore "
        "50 000 € (Ain). Aucun mélange ne peut expliquer 2 bénéficiaires sur 4 : Ain, Aisne."
    )


def test_without_a_proxy_there_is_nothing_to_try():
    with pytest.raises(CriteriaError, match="no proxy"):
        best_proxy(HALF_UNKNOWN, SERIES, AMOUNTS, "inconnu", [])


def test_a_proxy_of_0_where_the_known_criteria_are_0_too_gives_no_mixture_what_plafonds_leave():
    capped = replace(HALF_UNKNOWN, plafond=Fraction(330_000))
    amounts = {"01": 330_000, "02": 330_000, "03": 330_000, "04": 10_000}
    with pytest.raises(InfeasibleError, match="no mixtures give amounts that sum to the envelope"):
        best_proxy(capped, SERIES.assign(connu=[1, 1, 1, 0]), amounts, "inconnu", ["vide"])


@cache
def fit_with_children():
    built, amounts = load_rule("ondam-ms-2020"), load_table("allocations")
    known = load_criteria(built, without="igb")
    table = load_table("criteres")
    chosen = table[table["critere"].eq("enfants_0_19") & table["edition"].eq("insee-estim-pop-2019-01-15")]
    chosen = chosen.replace({"code_departement": {"2A": "20", "2B": "20"}})
    children = chosen.groupby("code_departement")["valeur"].sum().rename("enfants_0_19").reset_index()
    criteria = known.merge(children, on="code_departement", validate="one_to_one")
    intervals = calibrate_criterion(built, known, amounts, "igb")
    return best_proxy(built, criteria, amounts, "igb", ["enfants_0_19"], intervals=intervals)


def test_no_population_explains_the_amounts_of_2020():
    """Annexe 7, B: with children under 20 for the index, the Ille-et-Vilaine misses half a million euros."""
    worst = fit_with_children().table.iloc[0]
    assert worst["code_ecart_max"] == "35"
    assert worst["ecart_max_eur"] == pytest.approx(515_412, abs=1)


def test_the_written_differences_are_those_computed():
    """docs/differences.md, « Recomputed amounts of 2020 », against annexe 7, B."""
    page = (Path(__file__).parents[2] / "docs" / "differences.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if re.match(r"\| \d{2,3} \| ", line)]
    assert len(rows) == 30
    found = fit_with_children().gaps.set_index("code_departement")
    for code, name, printed, _, _, _, gap in rows:
        assert name == found.at[code, "libelle_departement"]
        assert int(printed.replace(" ", "")) == found.at[code, "montant_publie"]
        assert int(gap.replace(" ", "").replace("−", "-")) == pytest.approx(found.at[code, "enfants_0_19"], abs=0.5001)
