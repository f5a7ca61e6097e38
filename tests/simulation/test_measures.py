"""Measures of a distribution of money: known answers, PySAL as the oracle, shares of nothing."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inequality.gini import Gini
from inequality.theil import TheilD

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import measures

AMOUNTS = np.array([100_000.0, 167_032.0, 1_995_607.0, 374_500.0, 112_192.0, 216_505.0])
PEOPLE = np.array([3, 8, 61, 13, 7, 12])
REGIONS = np.array(["75", "84", "32", "32", "94", "03"])


def test_a_share_of_nothing_is_missing_and_not_0():
    assert np.isnan(measures.share(0.0, 0.0))
    assert np.isnan(measures.share(5.0, 0.0))


def test_a_difference_of_half_a_euro_is_none():
    assert measures.effect([0.5, -0.5, 0.500001, -0.500001, np.nan]).tolist() == [0, 0, 1, -1, 0]


@pytest.mark.parametrize(("amounts", "known"), [([5, 5, 5, 5], 0.0), ([0, 0, 0, 1], 0.75), ([1, 3], 0.25)])
def test_gini_of_known_distributions(amounts, known):
    assert measures.gini(amounts) == pytest.approx(known)


def test_gini_weighted_by_people_is_pysal_s_over_every_person():
    a_head = np.repeat(AMOUNTS / PEOPLE, PEOPLE)
    assert measures.gini(AMOUNTS, PEOPLE) == pytest.approx(Gini(a_head).g, abs=1e-12)


def test_gini_weighted_by_equal_populations_is_the_unweighted_one():
    assert measures.gini(AMOUNTS, np.full(6, 4.0)) == pytest.approx(measures.gini(AMOUNTS), abs=1e-12)


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
def test_theil_weighted_by_people_is_pysal_s_over_every_person():
    split = TheilD(np.repeat(AMOUNTS / PEOPLE, PEOPLE)[:, None], np.repeat(REGIONS, PEOPLE))
    whole, between, within = measures.theil(AMOUNTS, REGIONS, PEOPLE)
    assert (whole, between, within) == pytest.approx((split.T[0], split.bg[0], split.wg[0]), abs=1e-12)


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
def test_theil_without_people_is_pysal_s():
    split = TheilD(AMOUNTS[:, None], REGIONS)
    assert measures.theil(AMOUNTS, REGIONS) == pytest.approx((split.T[0], split.bg[0], split.wg[0]))


@given(st.lists(st.floats(0, 1e7), min_size=2, max_size=12).filter(lambda amounts: sum(amounts) > 1))
def test_theil_is_the_sum_of_its_parts_and_neither_is_negative(amounts):
    regions = ["a" if rank % 2 else "b" for rank in range(len(amounts))]
    people = np.arange(1, len(amounts) + 1)
    whole, between, within = measures.theil(amounts, regions, people)
    assert whole == pytest.approx(between + within, abs=1e-9)
    assert min(between, within) > -1e-9


def test_nothing_to_share_has_no_inequality_measure():
    assert np.isnan(measures.gini([0, 0]))
    assert all(np.isnan(part) for part in measures.theil([0, 0], ["a", "b"]))


def test_money_for_nobody_has_no_theil_index():
    with pytest.raises(ScenarioError, match="population of 0"):
        measures.theil([1, 1], ["a", "b"], [0, 5])


@pytest.mark.parametrize("amounts", [[-1, 2], [np.nan, 2], [np.inf, 2]])
def test_an_amount_that_is_none_is_refused(amounts):
    with pytest.raises(ScenarioError, match="every amount"):
        measures.gini(amounts)


def test_the_lorenz_curve_goes_from_0_to_1_below_the_diagonal():
    curve = measures.lorenz_curves({"a": AMOUNTS}, PEOPLE).drop(columns=["courbe", "gini"])
    assert curve.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]
    assert (curve["part_montant"] <= curve["part_population"] + 1e-12).all()
    assert (np.diff(curve["part_montant"], n=1) >= 0).all()


def test_a_lorenz_curve_of_nothing_is_refused():
    with pytest.raises(ScenarioError, match="something to share"):
        measures.lorenz_curves({"a": [0.0, 0.0]}, [1, 1])


def test_the_correlation_of_ranks_with_a_constant_side_is_missing():
    assert np.isnan(measures.rank_correlation([1, 1, 1], [1, 2, 3]))
    assert measures.rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)


def test_the_interval_of_a_correlation_covers_the_true_one_about_as_often_as_it_says():
    """Normal pairs of correlation 0.6: Spearman's is 6/pi arcsin(0.3) (Pearson, 1907)."""
    generator, true = np.random.default_rng(5), 6 / np.pi * np.arcsin(0.3)
    covered = 0
    for seed in range(100):
        pairs = generator.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=30)
        _, low, high = measures.rank_correlation_interval(*pairs.T, draws=299, seed=seed)
        covered += low <= true <= high
    assert 90 <= covered <= 99


def test_the_interval_is_the_same_again_around_the_same_point():
    first, second = np.arange(30), np.arange(30) * np.where(np.arange(30) % 3, 1, -1)
    found = measures.rank_correlation_interval(first, second, draws=999, seed=3)
    assert found == measures.rank_correlation_interval(first, second, draws=999, seed=3)
    assert found != measures.rank_correlation_interval(first, second, draws=999, seed=0)
    assert found[0] == measures.rank_correlation(first, second)
    assert found[1] < found[0] < found[2]


def test_pairs_with_a_missing_side_are_left_out_of_a_correlation():
    first = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, np.nan, 90])
    second = np.array([2.0, 1, 4, 6, 3, 5, 8, 7, 9, np.nan])
    whole = measures.rank_correlation_interval(first, second, draws=99, seed=0)
    assert whole == measures.rank_correlation_interval(first[:8], second[:8], draws=99, seed=0)


def test_a_correlation_of_few_pairs_or_of_a_constant_has_no_interval():
    with pytest.raises(ScenarioError, match="8 pairs at least, there are 7"):
        measures.rank_correlation_interval(range(7), range(7), draws=99, seed=0)
    with pytest.raises(ScenarioError, match="a constant has no correlation"):
        measures.rank_correlation_interval(range(9), [1] * 9, draws=99, seed=0)


def test_the_same_order_on_both_sides_has_an_interval_of_no_width():
    assert measures.rank_correlation_interval(range(9), range(9), draws=99, seed=0) == (1, 1, 1)


def test_a_share_of_something_is_told_below_and_above_0():
    assert measures.share([-1.0, 3.0], [2.0, -4.0]).tolist() == [-0.5, -0.75]


def test_the_lorenz_curve_stands_in_the_order_of_amounts_a_head():
    """Amounts a head of 4, 1 and 2: the second unit comes first, for 3 of 6 people and 3 of 11 euros."""
    curve = measures.lorenz_curves({"a": [4.0, 3.0, 4.0]}, [1, 3, 2])
    assert curve["part_population"].tolist() == pytest.approx([0, 3 / 6, 5 / 6, 1])
    assert curve["part_montant"].tolist() == pytest.approx([0, 3 / 11, 7 / 11, 1])
    assert measures.gini([4.0, 3.0, 4.0], [1, 3, 2]) == pytest.approx(
        1 - (3 / 6 * 3 / 11 + 2 / 6 * (3 + 7) / 11 + 1 / 6 * (7 + 11) / 11)
    )


def test_units_of_one_amount_a_head_stand_in_the_order_they_are_given_in():
    people = np.arange(1, 41)
    curve = measures.lorenz_curves({"a": 2.0 * people}, people)
    assert curve["part_population"].tolist() == pytest.approx([0, *(np.cumsum(people) / 820)])


def test_several_curves_keep_their_names_their_points_and_their_gini():
    points = measures.lorenz_curves({"a": [1.0, 3.0], "b": [2.0, 2.0]}, [1, 1])
    assert points["courbe"].tolist() == ["a"] * 3 + ["b"] * 3
    assert points["part_montant"].tolist() == [0, 0.25, 1, 0, 0.5, 1]
    assert points["gini"].tolist() == pytest.approx([0.25] * 3 + [0] * 3)


@pytest.mark.parametrize(
    "measure", [lambda a, p: measures.gini(a, p), lambda a, p: measures.theil(a, ["x", "y"], p)[0]]
)
def test_a_unit_without_money_or_people_counts_for_nothing_and_nobody_has_no_measure(measure):
    assert measure([0.0, 2.0], [0, 5]) == pytest.approx(0)
    assert np.isnan(measure([1.0, 2.0], [0, 0]))


def test_populations_and_groups_are_one_a_unit_and_none_is_negative():
    with pytest.raises(ScenarioError, match="3 populations for 2 amounts"):
        measures.gini([1, 2], [1, 2, 3])
    with pytest.raises(ScenarioError, match="1 groups for 2 units"):
        measures.theil([1, 2], ["a"])
    with pytest.raises(ScenarioError, match="every population"):
        measures.gini([1, 2], [1, -1])


def test_ties_are_at_their_mean_rank_in_a_correlation():
    """Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: Pearson's correlation of the ranks is 4.5 / sqrt(4.5 x 5)."""
    assert measures.rank_correlation([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(4.5 / np.sqrt(4.5 * 5))


def test_eight_pairs_are_enough():
    low, high = measures.rank_correlation_interval(range(8), [0, 2, 1, 3, 5, 4, 6, 7], draws=99, seed=0)[1:]
    assert -1 <= low < high <= 1


def test_the_plain_percentiles_stand_in_where_every_pair_weighs_the_same(monkeypatch):
    """The middle 95 % of the resamples, 0 to 1000: from 25 to 975."""
    from scipy import stats

    drawn = SimpleNamespace(confidence_interval=(np.nan, np.nan), bootstrap_distribution=np.arange(1001.0))
    monkeypatch.setattr(stats, "bootstrap", lambda *_, **__: drawn)
    found = measures.rank_correlation_interval(range(9), [0, 2, 1, *range(3, 9)], draws=99, seed=0)
    assert found[1:] == (pytest.approx(25), pytest.approx(975))


def test_the_interval_is_asked_for_at_95_percent(monkeypatch):
    from scipy import stats

    asked = {}

    def bootstrap(*_, **options):
        asked.update(options)
        return SimpleNamespace(confidence_interval=(0.25, 0.75))

    monkeypatch.setattr(stats, "bootstrap", bootstrap)
    found = measures.rank_correlation_interval(range(9), [0, 2, 1, *range(3, 9)], draws=99, seed=0)
    assert (asked["confidence_level"], asked["n_resamples"], found[1:]) == (0.95, 99, (0.25, 0.75))


@pytest.mark.parametrize("measure", [measures.gini, lambda amounts: measures.theil(amounts, ["a", "b"])[0]])
def test_an_amount_of_0_is_one(measure):
    assert np.isfinite(measure([0.0, 3.0]))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.fractions(-100, 100), min_size=8, max_size=8))
def test_shapley_values_sum_to_the_whole_exactly(worth):
    assert measures.shapley_values(np.array(worth)[:, None]).sum() == worth[7] - worth[0]


def test_changes_that_do_the_same_contribute_the_same():
    reached = np.array([Fraction((chosen & 0b011).bit_count() ** 2) for chosen in range(8)])
    assert measures.shapley_values(reached[:, None]).tolist() == [[Fraction(2)], [Fraction(2)], [Fraction(0)]]
