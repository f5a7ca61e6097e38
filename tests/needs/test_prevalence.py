"""Percentages, sizes and what they allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import Interval, binomial_interval, children_concerned, compatible_counts
from cdppe_analysis.needs.prevalence import neighbouring_counts
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import narrative


def test_no_count_out_of_the_twenty_young_people_of_the_sas_prints_as_66_percent():
    """Feedback session, Somme: 20 young people followed in 2023, of whom 66 % with a notification."""
    schemes = narrative.dispositifs(Archive.open()).set_index(["nom", "indicateur"])["valeur"]
    size = int(schemes["Service d'accueil séquentiel", "jeunes_accompagnes_2023"])
    percent = schemes["Service d'accueil séquentiel", "part_notification_mdph_2023"]
    assert (size, percent) == (20, 66)
    assert compatible_counts(percent, size) == compatible_counts(percent, size, "troncature") == []
    assert neighbouring_counts(percent, size) == (13, 14)


def test_the_sas_and_its_rate_of_notifications_are_in_both_tables():
    rows = narrative.prevalence(Archive.open())
    assert 66 in rows.loc[rows["population"].str.contains("séquentiel"), "valeur"].tolist()


def test_the_sizes_under_twenty_that_could_print_66_percent_cut_it_down():
    rounded = [size for size in range(1, 21) if compatible_counts(66, size)]
    cut_down = [size for size in range(1, 21) if compatible_counts(66, size, "troncature")]
    assert (rounded, cut_down) == ([], [3, 6, 9, 12, 15, 18])


@given(st.integers(1, 400), st.data())
def test_a_count_is_compatible_with_its_own_rounding(size, data):
    count = data.draw(st.integers(0, size))
    half_up = (200 * count + size) // (2 * size)
    assert count in compatible_counts(half_up, size)
    assert count in compatible_counts(100 * count // size, size, "troncature")


def test_neighbours_of_a_percentage_that_is_exact_are_one():
    assert neighbouring_counts(65, 20) == (13, 13)


def test_the_exact_interval_is_clopper_and_pearson_s():
    interval = binomial_interval(13, 20)
    assert interval.low == pytest.approx(beta.ppf(0.025, 13, 8))
    assert interval.high == pytest.approx(beta.ppf(0.975, 14, 7))


def test_wilson_s_interval_is_within_the_exact_one():
    exact, wilson = binomial_interval(13, 20), binomial_interval(13, 20, method="wilson")
    assert exact.low < wilson.low < wilson.high < exact.high


def test_a_prevalence_that_is_a_range_gives_a_range_of_children():
    assert children_concerned(208064, 0.15, 0.20) == pytest.approx((31209.6, 41612.8))


@pytest.mark.parametrize(("low", "high"), [(0.2, 0.15), (-0.1, 0.2), (0.5, 1.5)])
def test_a_prevalence_that_is_none_is_refused(low, high):
    with pytest.raises(NeedsError):
        children_concerned(1000, low, high)


def test_a_count_above_its_size_is_refused():
    with pytest.raises(NeedsError, match="21 is no count out of 20"):
        binomial_interval(21, 20)


def test_a_percentage_of_nobody_is_refused():
    with pytest.raises(NeedsError, match="66 % of 0 children"):
        compatible_counts(66, 0)


def test_a_half_point_is_rounded_up_and_cut_down():
    """1 out of 200 is 0.5 %, 3 out of 200 is 1.5 %."""
    assert compatible_counts(0, 200) == [0]
    assert compatible_counts(1, 200) == [1, 2]
    assert compatible_counts(0, 200, "troncature") == [0, 1]
    assert compatible_counts(1, 200, "troncature") == [2, 3]
    assert compatible_counts(100, 400) == [398, 399, 400]


@pytest.mark.parametrize(
    ("percent", "size", "neighbours"), [(0, 7, (0, 0)), (1, 7, (0, 1)), (50, 7, (3, 4)), (100, 7, (7, 7))]
)
def test_neighbours_are_the_counts_around_a_percentage(percent, size, neighbours):
    assert neighbouring_counts(percent, size) == neighbours


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percentage_out_of_0_to_100_is_refused(percent):
    for function in (compatible_counts, neighbouring_counts):
        with pytest.raises(NeedsError, match="is no proportion"):
            function(percent, 10)


def test_none_and_all_are_counts_and_nobody_is_no_size():
    assert (binomial_interval(0, 1).low, binomial_interval(1, 1).high) == (0, 1)
    assert binomial_interval(1, 4).value == 0.25
    for count, size in ((-1, 3), (0, 0)):
        with pytest.raises(NeedsError, match="is no count"):
            binomial_interval(count, size)


def test_a_higher_level_gives_a_wider_interval():
    narrow, wide = (binomial_interval(13, 20, level=level) for level in (0.9, 0.95))
    assert wide == binomial_interval(13, 20)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_a_prevalence_may_be_of_all_of_none_or_a_single_value():
    assert children_concerned(10, 0, 1) == (0, 10)
    assert children_concerned(10, 0.5, 0.5) == (5, 5)


def test_a_value_out_of_its_bounds_is_refused():
    with pytest.raises(NeedsError, match="does not stand between"):
        Interval(2.0, 0.0, 1.0)


def test_the_ends_of_an_interval_are_in_it_and_may_be_its_value():
    interval = Interval(1.0, 1.0, 2.0)
    assert [interval.contains(value) for value in (0.99, 1.0, 2.0, 2.01)] == [False, True, True, False]
    assert Interval(2.0, 1.0, 2.0).value == 2
    for value in (0.9, 2.1):
        with pytest.raises(NeedsError):
            Interval(value, 1.0, 2.0)
