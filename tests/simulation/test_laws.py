"""The laws of uncertain inputs: what they refuse, and what they draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cdppe_analysis.calibration.published import Remaining
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import laws
from cdppe_analysis.simulation.laws import BetaPert, Deduced, Dirichlet, LogNormal, Triangular, Uniform, Variants

DRAWS = 40_000
LAWS = [
    Uniform(0.15, 0.20),
    Triangular(0.15, 0.17, 0.20),
    BetaPert(0.15, 0.17, 0.20),
    LogNormal(0.17, 0.3),
    Variants([0.17, 0.21]),
]
MEANS = [0.175, 0.52 / 3, (0.15 + 4 * 0.17 + 0.20) / 6, 0.17, 0.19]


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("law", "mean"), list(zip(LAWS, MEANS, strict=True)), ids=lambda law: type(law).__name__)
def test_the_mean_of_the_draws_is_the_mean_of_the_law(law, mean):
    drawn = laws.draw(law, generator(), DRAWS, 1)[:, 0]
    assert drawn.mean() == pytest.approx(mean, abs=5 * drawn.std() / np.sqrt(DRAWS))


@pytest.mark.parametrize(
    ("law", "known"),
    [
        (Uniform(0.15, 0.20), stats.uniform(0.15, 0.05)),
        (Triangular(0.15, 0.17, 0.20), stats.triang(0.4, 0.15, 0.05)),
        (BetaPert(0.15, 0.17, 0.20), stats.beta(1 + 4 * 0.4, 1 + 4 * 0.6, 0.15, 0.05)),
        (LogNormal(2.0, 0.5), stats.lognorm(s=np.sqrt(np.log(1.25)), scale=2 / np.sqrt(1.25))),
    ],
    ids=["uniform", "triangular", "pert", "lognormal"],
)
def test_the_draws_follow_the_known_distribution(law, known):
    drawn = laws.draw(law, generator(3), 5_000, 1)[:, 0]
    assert stats.kstest(drawn, known.cdf).pvalue > 0.001


def test_a_lognormal_law_has_the_coefficient_of_variation_that_it_was_given():
    drawn = laws.draw(LogNormal(3.0, 0.4), generator(), 200_000, 1)
    assert drawn.std() / drawn.mean() == pytest.approx(0.4, rel=0.02)


def test_weights_drawn_from_a_dirichlet_law_sum_to_1_and_keep_their_means():
    drawn = laws.draw(Dirichlet([0.285, 0.285, 0.285, 0.145], 50), generator(), DRAWS, 4)
    np.testing.assert_allclose(drawn.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(drawn.mean(axis=0), [0.285, 0.285, 0.285, 0.145], atol=0.003)
    assert drawn[:, 3].std() == pytest.approx(np.sqrt(0.145 * 0.855 / 51), rel=0.02)


def test_a_weight_of_0_stays_0_under_a_dirichlet_law():
    assert (laws.draw(Dirichlet([0.5, 0.5, 0.0], 0.01), generator(), 1000, 3)[:, 2] == 0).all()


def test_a_very_small_concentration_still_gives_weights_that_sum_to_1():
    drawn = laws.draw(Dirichlet([0.8, 0.2], 1e-4), generator(), 1000, 2)
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    assert drawn[:, 0].mean() == pytest.approx(0.8, abs=0.05)


def test_a_deduced_criterion_follows_from_the_others_and_its_place_in_what_they_leave():
    """Published 60 and 40 of 100, equal weights: shares 0.6 = (p + q) / 2, whatever the known criterion says."""
    published = Remaining(np.array([60.0, 40.0]), np.zeros(2, bool), np.zeros(2, bool), 0.5)
    law = Deduced(published, {"ase": (0.5, np.array([1.0, 1.0]))}, np.array([0, 2]), np.array([0.7, 0.3]))
    found = law.factors({"ase": np.array([[2.0, 9.0, 3.0]])}, np.array([[0.5]]), 3)
    np.testing.assert_allclose(found, [[(1.2 - 0.4) / 0.7, 1.0, (0.8 - 0.6) / 0.3]])


def test_a_variant_is_the_same_for_all_units():
    drawn = laws.draw(Variants([[1.0, 1.0], [2.0, 3.0]]), generator(), 100, 2)
    assert {tuple(row) for row in drawn.tolist()} == {(1.0, 1.0), (2.0, 3.0)}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_the_first_draws_do_not_depend_on_how_many_follow(law):
    few, many = laws.draw(law, generator(), 10, 3), laws.draw(law, generator(), 50, 3)
    np.testing.assert_array_equal(few, many[:10])


@given(low=st.floats(-1e6, 1e6), first=st.floats(0, 1e6), second=st.floats(0, 1e6))
def test_bounded_laws_stay_within_their_bounds(low, first, second):
    mode, high = low + first, low + first + second
    for law in (Uniform(low, high), Triangular(low, mode, high), BetaPert(low, mode, high)):
        drawn = laws.draw(law, generator(), 20, 2)
        slack = 1e-9 * max(1.0, abs(low), abs(high))
        assert (drawn >= low - slack).all()
        assert (drawn <= high + slack).all()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Uniform(0.20, 0.15), "low <= high: 0.2 is above 0.15"),
        (lambda: Uniform(float("nan"), 1), "finite numbers for 'low'"),
        (lambda: Uniform("beaucoup", 1), "needs numbers for 'low'"),
        (lambda: Triangular(0, 3, 2), "mode <= high: 3 is above 2"),
        (lambda: Triangular([0, 0], [1, 1, 1], 2), "parameters of one length"),
        (lambda: LogNormal(-1, 0.1), "mean from 0 on"),
        (lambda: LogNormal(1, -0.1), "coefficient of variation from 0 on"),
        (lambda: LogNormal(1, [0.1, 100.5]), "coefficient of variation of at most 100, not 100.5"),
        (lambda: LogNormal(1, float("inf")), "finite numbers for 'cv'"),
        (lambda: Dirichlet([0.5, 0.4], 10), "sum to 1, not 0.9"),
        (lambda: Dirichlet([0.5, 0.499999], 10), "sum to 1, not 0.999999"),
        (lambda: Dirichlet([1.5, -0.5], 10), "weights from 0 on"),
        (lambda: Dirichlet([0.5, 0.5], 0), "concentration above 0"),
        (lambda: Dirichlet([1.0], 10), "at least two weights"),
        (lambda: Deduced(None, {}, np.array([0]), np.array([0.0])), "central share of a unit is 0"),
        (lambda: Variants([1.0]), "at least two"),
        (lambda: Variants([[1.0, 2.0], [1.0]]), "series of one length"),
    ],
)
def test_impossible_parameters_are_refused(build, said):
    with pytest.raises(ScenarioError, match=said):
        build()


def test_parameters_of_another_number_of_units_are_refused():
    with pytest.raises(ScenarioError, match="2 parameters for 3 units"):
        laws.draw(Uniform([0, 0], [1, 1]), generator(), 1, 3)


def test_a_law_keeps_its_own_copy_of_its_parameters():
    low = np.array([0.0, 0.0])
    law = Uniform(low, [1.0, 1.0])
    low[:] = 5
    assert np.asarray(law.low).tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="read-only"):
        law.high[0] = 5


def test_each_variant_is_as_likely_as_the_others():
    """A number of [0, 1) cut in four: a cut belongs to the variant that it begins."""

    class Given:
        def random(self, _):
            return np.array([0.0, 0.2499, 0.25, 0.4999, 0.5, 0.75, 0.9999])

    drawn = laws.draw(Variants([1.0, 2.0, 3.0, 4.0]), Given(), 7, 1)
    assert drawn[:, 0].tolist() == [1, 1, 2, 2, 3, 4, 4]


def test_the_first_unit_whose_parameters_are_out_of_order_is_told():
    with pytest.raises(ScenarioError, match="a uniform law needs low <= high: 3 is above 2"):
        Uniform([1.0, 3.0, 5.0], [1.0, 2.0, 4.0])
    with pytest.raises(ScenarioError, match="a triangular law needs low <= mode: 2 is above 1"):
        Triangular(2.0, 1.0, 0.0)


def test_a_mean_or_a_spread_of_0_is_one():
    assert (laws.draw(LogNormal([0.0, 2.0], 0.0), generator(), 5, 2) == [0, 2]).all()
    assert LogNormal(1.0, 100).cv == 100, "the largest that is taken"


@pytest.mark.parametrize(
    ("units", "places", "copied"), [(3, [0, 1, 2], False), (3, [0, 2], True), (3, [0, 2, 1], True), (1, [0, 1], False)]
)
def test_the_columns_of_all_units_in_their_order_are_not_copied(units, places, copied):
    values = np.arange(2.0 * units).reshape(2, units)
    found = laws.columns(values, np.array(places))
    assert (found is not values) == copied
    if units > 1:
        assert found.tolist() == values[:, places].tolist()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: LogNormal([2.0, -1.0], 0.1), "a mean from 0 on, not -1"),
        (lambda: LogNormal(1.0, [0.1, -0.2]), "from 0 on, not -0.2"),
        (lambda: Dirichlet([1.5, -0.5], 10), "weights from 0 on, not -0.5"),
        (lambda: Uniform([1.0, np.inf], 2.0), "finite numbers for 'low'"),
        (lambda: Dirichlet([1.0], 10), "at least two weights"),
        (lambda: Dirichlet([0.5, 0.5], np.inf), "a concentration above 0"),
        (lambda: Variants([1.0]), "at least two of them"),
        (lambda: Variants([[1.0, 2.0], [1.0]]), "series of one length"),
    ],
)
def test_one_parameter_that_is_impossible_is_enough(build, said):
    with pytest.raises(ScenarioError, match=said):
        build()
