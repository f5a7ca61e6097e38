"""What an amount covers of the need."""

from fractions import Fraction

import numpy as np
import pytest

from cdppe_analysis.errors import NeedsError, ScenarioError
from cdppe_analysis.needs import Needs, Service
from cdppe_analysis.simulation.coverage import WHOLE, coverage, coverage_effects, drawn_coverage

YEAR = Fraction("365.25")
NEEDS = Needs(
    "SESSAD ASE",
    Service(14, Fraction(276_000)),
    (Fraction("0.15"), Fraction("0.20")),
    (YEAR / 2, YEAR),
    (Fraction("0.9"), Fraction("1.1")),
)
AMOUNTS = {"59": 1_995_607, "23": 100_000}
CHILDREN = {"59": 9_555, "23": 330}


def row(frame, code):
    return frame.set_index("code_departement").loc[code]


def test_the_nord_s_amount_pays_seven_services_and_a_hundred_places():
    """1 995 607 € / 276 000 € = 7.23 services; 14 places each."""
    nord = row(coverage(AMOUNTS, CHILDREN, NEEDS), "59")
    assert nord["services_entiers"] == 7
    assert nord["places"] == pytest.approx(1_995_607 * 14 / 276_000)


def test_a_place_follows_one_child_a_year_when_the_stay_is_a_year():
    nord = row(coverage(AMOUNTS, CHILDREN, NEEDS), "59")
    assert nord["enfants_suivis"] == pytest.approx(nord["places"])
    assert nord["couverture_basse"] == pytest.approx(nord["places"] / (9_555 * 0.20))
    assert nord["prevalence_couverte"] == pytest.approx(nord["places"] / 9_555)


def test_at_the_prevalence_covered_the_coverage_is_whole():
    covered = row(coverage(AMOUNTS, CHILDREN, NEEDS), "23")["prevalence_couverte"]
    exact = Fraction(covered)
    same = Needs("x", NEEDS.service, (exact, exact), NEEDS.stay_days, NEEDS.relative_cost)
    assert row(coverage(AMOUNTS, CHILDREN, same), "23")["couverture_basse"] == pytest.approx(1)


def test_the_amount_that_is_needed_covers_the_need():
    needed = coverage(AMOUNTS, CHILDREN, NEEDS)
    amounts = dict(zip(needed["code_departement"], needed["montant_necessaire_haut"], strict=True))
    amounts.pop(WHOLE)
    again = coverage(amounts, CHILDREN, NEEDS)
    np.testing.assert_allclose(again["couverture_basse"], 1)


def test_the_whole_sums_amounts_and_children_and_only_whole_services():
    whole = row(coverage(AMOUNTS, CHILDREN, NEEDS), WHOLE)
    assert whole["montant_eur"] == 2_095_607
    assert whole["services_entiers"] == 7
    assert whole["enfants_proteges"] == 9_885


def test_the_drawn_coverage_is_within_its_extreme_readings():
    found = row(drawn_coverage(AMOUNTS, CHILDREN, NEEDS, draws=2000, seed=0), "59")
    low = row(coverage(AMOUNTS, CHILDREN, NEEDS), "59")["couverture_basse"] / 1.1
    high = row(coverage(AMOUNTS, CHILDREN, NEEDS), "59")["couverture_haute"] * 2 / 0.9
    assert low < found["q05"] < found["q50"] < found["q95"] < high
    assert found["probabilite_couverte"] == 0


def test_the_mean_of_the_drawn_coverage_is_the_known_one():
    """The mean of 1 / U over [a, b] is ln(b / a) / (b - a)."""
    known = AMOUNTS["59"] / CHILDREN["59"] / (276_000 / 14)
    for low, high in ((0.15, 0.20), (0.5, 1.0), (0.9, 1.1)):
        known *= np.log(high / low) / (high - low)
    found = row(drawn_coverage(AMOUNTS, CHILDREN, NEEDS, draws=20_000, seed=1), "59")
    assert found["moyenne"] == pytest.approx(known, abs=5 * found["erreur_moyenne"])


def test_the_effects_on_the_coverage_sum_to_1_and_follow_the_widths():
    found = coverage_effects(NEEDS, draws=4000, seed=0)
    assert found.shapley.sum() == pytest.approx(1)
    assert found.shapley[1, 0] > found.shapley[0, 0] > found.shapley[2, 0]


def test_a_seed_is_required():
    with pytest.raises(ScenarioError, match="needs a seed"):
        drawn_coverage(AMOUNTS, CHILDREN, NEEDS, draws=10, seed=None)


@pytest.mark.parametrize(
    ("amounts", "children", "said"),
    [
        ({"59": -1.0}, CHILDREN, "negative or missing"),
        ({"59": float("nan")}, CHILDREN, "negative or missing"),
        ({"59": 1.0}, {"59": 0}, "no protected child"),
        ({"59": 1.0}, {}, r"no protected child \(code 59\)"),
    ],
)
def test_a_unit_without_money_or_children_is_refused(amounts, children, said):
    with pytest.raises(NeedsError, match=said):
        coverage(amounts, children, NEEDS)


@pytest.mark.parametrize("bounds", [("1/5", "1/10"), ("0", "1"), ("1", "2")])
def test_an_impossible_prevalence_is_refused(bounds):
    low, high = map(Fraction, bounds)
    with pytest.raises(NeedsError):
        Needs("x", NEEDS.service, (low, high), NEEDS.stay_days, NEEDS.relative_cost)


def test_every_column_of_the_coverage_is_its_formula():
    """A place of 20 000 € follows two children a year of half a year each, whatever the shorter stay and the cost."""
    half = Needs("x", Service(10, Fraction(200_000)), NEEDS.prevalence, (YEAR / 4, YEAR / 2), NEEDS.relative_cost)
    found = coverage({"23": 100_000, "59": 450_000}, {"23": 200, "59": 1_000}, half)
    assert found.columns.tolist()[1:] == [
        "montant_eur", "enfants_proteges", "services_entiers", "places", "enfants_suivis", "besoin_bas", "besoin_haut",
        "couverture_basse", "couverture_haute", "prevalence_couverte",
        "montant_necessaire_bas", "montant_necessaire_haut",
    ]  # fmt: skip
    assert row(found, "23").tolist() == pytest.approx(
        [100_000, 200, 0, 5, 10, 30, 40, 0.25, 1 / 3, 0.05, 300_000, 400_000]
    )
    assert row(found, WHOLE).tolist() == pytest.approx(
        [550_000, 1_200, 2, 27.5, 55, 180, 240, 55 / 240, 55 / 180, 55 / 1_200, 1_800_000, 2_400_000]
    )


def test_every_column_of_the_drawn_coverage_is_that_of_its_draws():
    """All units share one factor: the ratios of two units are those of their euros a child, in each quantile."""
    rich = {"59": 60_000_000.0, "23": 100_000.0}
    found = drawn_coverage(rich, CHILDREN, NEEDS, draws=4000, seed=3)
    ratio = (rich["59"] / CHILDREN["59"]) / (rich["23"] / CHILDREN["23"])
    for name in ("moyenne", "q05", "q50", "q95", "erreur_moyenne"):
        assert row(found, "59")[name] / row(found, "23")[name] == pytest.approx(ratio)
    whole = row(found, WHOLE)
    assert whole["q50"] / row(found, "59")["q50"] == pytest.approx((60_100_000 / 9_885) / (rich["59"] / CHILDREN["59"]))
    assert row(found, "59")["probabilite_couverte"] > 0.99
    assert row(found, "23")["probabilite_couverte"] == 0
    again = [row(drawn_coverage(rich, CHILDREN, NEEDS, draws=400, seed=s), "59")["moyenne"] for s in range(60)]
    told = row(drawn_coverage(rich, CHILDREN, NEEDS, draws=400, seed=0), "59")["erreur_moyenne"]
    assert np.std(again, ddof=1) == pytest.approx(told, rel=0.35)


@pytest.mark.parametrize(("part", "probability"), [(0.95, 0), (1.05, 1)])
def test_a_need_is_covered_where_all_of_it_is(part, probability):
    """A thousand children, one in ten, followed a year each for 200 000 € the ten places."""
    needs = Needs("SESSAD", Service(10, Fraction(200_000)), (Fraction(1, 10),) * 2, (YEAR, YEAR), (Fraction(1),) * 2)
    found = row(drawn_coverage({"59": part * 2_000_000}, {"59": 1000}, needs, draws=10, seed=0), "59")
    assert found["q50"] == pytest.approx(part)
    assert found["probabilite_couverte"] == probability


def test_of_two_draws_the_quantiles_lie_between_them_and_the_error_is_half_of_their_gap():
    found = row(drawn_coverage(AMOUNTS, CHILDREN, NEEDS, draws=2, seed=5), "59")
    gap = (found["q95"] - found["q05"]) / 0.9
    assert found["moyenne"] == pytest.approx(found["q50"])
    assert found["q50"] - found["q05"] == pytest.approx(0.45 * gap)
    assert found["erreur_moyenne"] == pytest.approx(gap / 2)


def test_the_whole_services_of_all_are_those_that_each_can_open():
    """Two units of one service and a half each: two services, not three."""
    found = coverage({"23": 414_000, "59": 414_000}, {"23": 10, "59": 10}, NEEDS)
    assert found["services_entiers"].tolist() == [1, 1, 2]


def test_a_need_that_is_covered_to_the_child_is_covered():
    exact = Needs("x", Service(10, Fraction(200_000)), (Fraction(1, 4),) * 2, (YEAR, YEAR), (Fraction(1),) * 2)
    found = drawn_coverage({"23": 50_000}, {"23": 10}, exact, draws=3, seed=0)
    assert found["moyenne"].tolist() == [1, 1]
    assert found["probabilite_couverte"].tolist() == [1, 1]


def test_an_amount_of_0_covers_nothing():
    assert coverage({"23": 0}, {"23": 10}, NEEDS)["couverture_haute"].tolist() == [0, 0]


def test_units_stand_in_the_order_of_their_codes_each_with_its_own_children():
    found = coverage({"59": 414_000, "23": 138_000}, {"59": 20, "23": 10}, NEEDS)
    assert found["code_departement"].tolist() == ["23", "59", WHOLE]
    assert found["montant_eur"].tolist() == [138_000, 414_000, 552_000]
    assert found["enfants_proteges"].tolist() == [10, 20, 30]
