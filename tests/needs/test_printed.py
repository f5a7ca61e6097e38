"""Proportions and mean stays as they are printed."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import beta

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import (
    Interval,
    MeanStays,
    binomial_interval,
    children_concerned,
    compatible_counts,
    in_months,
)
from cdppe_analysis.needs.printed import neighbouring_counts
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


def test_a_prevalence_may_be_of_all_of_none_or_a_single_value():
    assert children_concerned(10, 0, 1) == (0, 10)
    assert children_concerned(10, 0.5, 0.5) == (5, 5)


def test_a_value_out_of_its_bounds_is_refused():
    with pytest.raises(NeedsError, match="does not stand between"):
        Interval(2.0, 0.0, 1.0)


def test_the_ends_of_an_interval_may_be_its_value():
    assert (Interval(1.0, 1.0, 2.0).value, Interval(2.0, 1.0, 2.0).value) == (1, 2)
    for value in (0.9, 2.1):
        with pytest.raises(NeedsError):
            Interval(value, 1.0, 2.0)


@pytest.fixture(scope="module")
def loiret():
    """Take the three means of the feedback session, box of the introduction."""
    days = narrative.sejours(Archive.open()).set_index("public")["duree_jours"]
    return MeanStays(days["ensemble"], days["handicap"], days["sans_handicap"])


def test_the_loiret_s_means_make_more_than_a_third_of_stays(loiret):
    """(221 - 171) / (304 - 171) = 50/133; with half a day on each, 49/133 to 51/133."""
    share = loiret.share_of_stays()
    assert share.value == pytest.approx(float(Fraction(50, 133)))
    assert (share.low, share.high) == pytest.approx((float(Fraction(49, 133)), float(Fraction(51, 133))))


def test_the_loiret_s_children_with_a_disability_hold_half_of_the_places(loiret):
    share = loiret.share_of_places()
    assert share.value == pytest.approx(50 / 133 * 304 / 221)
    assert (round(share.low, 3), round(share.high, 3)) == (0.509, 0.525)


def test_the_days_contradict_twice_as_long(loiret):
    ratio = loiret.ratio()
    assert ratio.high < 2
    assert round(ratio.value, 2) == 1.78


def test_the_printed_months_give_twice_as_long():
    months = narrative.sejours(Archive.open()).set_index("public")["mois_imprimes"]
    assert months["handicap"] == 2 * months["sans_handicap"]


def test_the_printed_months_are_rounded_for_some_and_cut_down_for_one():
    """304 days are 9.99 months, printed 10; 171 days are 5.62 months, printed 5."""
    table = narrative.sejours(Archive.open()).set_index("public")
    rounded = {public: in_months(days)[0] for public, days in table["duree_jours"].items()}
    cut_down = {public: in_months(days)[1] for public, days in table["duree_jours"].items()}
    assert table["mois_imprimes"].to_dict() == {"ensemble": 7, "handicap": 10, "sans_handicap": 5}
    assert rounded == {"ensemble": 7, "handicap": 10, "sans_handicap": 6}
    assert cut_down == {"ensemble": 7, "handicap": 9, "sans_handicap": 5}


@pytest.mark.parametrize("share", [0.15, 0.20])
def test_no_national_share_gives_the_printed_mean(loiret, share):
    """15 to 20 %, of the stays or of the children present, gives at most 198 days, against 221 printed."""
    assert loiret.implied_by_share_of_stays(share).high < 198.5 < loiret.everyone
    assert loiret.implied_by_share_of_places(share).high < 198.5


@given(st.floats(1, 1000), st.floats(1, 1000), st.floats(0.01, 0.99))
def test_a_mixture_gives_back_its_share(h, s, share):
    assume(abs(h - s) > 1)
    means = MeanStays(share * h + (1 - share) * s, h, s, half_rounding=0.0)
    assert means.share_of_stays().value == pytest.approx(share, abs=1e-9)


@given(st.floats(1, 1000), st.floats(1, 1000), st.floats(0.01, 0.99))
def test_the_share_of_places_gives_the_mean_back(h, s, share):
    assume(abs(h - s) > 1)
    means = MeanStays(share * h + (1 - share) * s, h, s, half_rounding=0.0)
    held = means.share_of_places().value
    assert means.implied_by_share_of_places(held).value == pytest.approx(means.everyone)


def test_a_mean_outside_both_publics_is_refused():
    with pytest.raises(NeedsError, match="must stand between those of both publics"):
        MeanStays(400, 304, 171)


def test_the_share_of_places_of_the_loiret_is_bounded_by_the_half_days(loiret):
    corners = [(m - s) / (h - s) * h / m for m in (220.5, 221.5) for h in (303.5, 304.5) for s in (170.5, 171.5)]
    share = loiret.share_of_places()
    assert (share.low, share.high) == pytest.approx((min(corners), max(corners)))


def test_the_mean_that_a_share_implies_is_the_arithmetic_or_the_harmonic_one(loiret):
    of_stays, of_places = (
        loiret.implied_by_share_of_stays(0.25),
        loiret.implied_by_share_of_places(0.25),
    )
    assert (of_stays.value, of_stays.low, of_stays.high) == pytest.approx((204.25, 203.75, 204.75))
    assert of_places.value == pytest.approx(1 / (0.25 / 304 + 0.75 / 171))


@pytest.mark.parametrize("implied", [MeanStays.implied_by_share_of_stays, MeanStays.implied_by_share_of_places])
def test_a_share_goes_from_0_to_1_both_included(loiret, implied):
    assert implied(loiret, 0).value == pytest.approx(171)
    assert implied(loiret, 1).value == pytest.approx(304)
    for wrong in (-0.01, 1.01):
        with pytest.raises(NeedsError, match="stands between 0 and 1"):
            implied(loiret, wrong)


def test_means_are_positive_apart_and_may_equal_one_of_the_publics():
    assert MeanStays(304, 304, 171, 0).share_of_stays().value == 1
    assert MeanStays(171, 304, 171, 0).share_of_stays().value == 0
    for means in ((171, 171, 171), (100, 200, 0), (170, 304, 171)):
        with pytest.raises(NeedsError, match="must stand between"):
            MeanStays(*means)


def test_months_are_rounded_half_up():
    """15.21875 days are half a twelfth of 365.25."""
    assert in_months(15.21875) == (1, 0)
    assert in_months(15.2) == (0, 0)


@given(st.floats(100, 1000), st.floats(2000, 3000), *[st.floats(-0.5, 0.5)] * 2)
def test_every_value_that_rounds_to_the_print_is_within_the_bounds(without, with_disability, shift, other_shift):
    ratio = MeanStays(without, with_disability, without).ratio()
    assert ratio.low <= (with_disability + shift) / (without + other_shift) <= ratio.high
