"""The arithmetic of three means, on the Loiret's and on any."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import MeanStays, in_months
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import narrative


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
    assert not ratio.contains(2)
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
    assert ratio.contains((with_disability + shift) / (without + other_shift))
