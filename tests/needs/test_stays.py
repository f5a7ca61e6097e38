"""The arithmetic of three means, on the Loiret's and on any."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import stays
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import narrative


@pytest.fixture(scope="module")
def loiret():
    """Take the three means of the feedback session, box of the introduction."""
    days = narrative.sejours(Archive.open()).set_index("public")["duree_jours"]
    return stays.MeanStays(days["ensemble"], days["handicap"], days["sans_handicap"])


def test_the_loiret_s_means_make_more_than_a_third_of_stays(loiret):
    """(221 - 171) / (304 - 171) = 50/133; with half a day on each, 49/133 to 51/133."""
    share = stays.share_of_stays(loiret)
    assert share.valeur == pytest.approx(float(Fraction(50, 133)))
    assert (share.basse, share.haute) == pytest.approx((float(Fraction(49, 133)), float(Fraction(51, 133))))


def test_the_loiret_s_children_with_a_disability_hold_half_of_the_places(loiret):
    share = stays.share_of_places(loiret)
    assert share.valeur == pytest.approx(50 / 133 * 304 / 221)
    assert (round(share.basse, 3), round(share.haute, 3)) == (0.509, 0.525)


def test_the_days_contradict_twice_as_long(loiret):
    ratio = stays.ratio_of_stays(loiret)
    assert not ratio.contains(2)
    assert round(ratio.valeur, 2) == 1.78


def test_the_printed_months_give_twice_as_long():
    months = narrative.sejours(Archive.open()).set_index("public")["mois_imprimes"]
    assert months["handicap"] == 2 * months["sans_handicap"]


def test_the_printed_months_are_rounded_for_some_and_cut_down_for_one():
    """304 days are 9.99 months, printed 10; 171 days are 5.62 months, printed 5."""
    table = narrative.sejours(Archive.open()).set_index("public")
    rounded = {public: stays.in_months(days)[0] for public, days in table["duree_jours"].items()}
    cut_down = {public: stays.in_months(days)[1] for public, days in table["duree_jours"].items()}
    assert table["mois_imprimes"].to_dict() == {"ensemble": 7, "handicap": 10, "sans_handicap": 5}
    assert rounded == {"ensemble": 7, "handicap": 10, "sans_handicap": 6}
    assert cut_down == {"ensemble": 7, "handicap": 9, "sans_handicap": 5}


@pytest.mark.parametrize("share", [0.15, 0.20])
def test_no_national_share_gives_the_printed_mean(loiret, share):
    """15 to 20 %, of the stays or of the children present, gives at most 198 days, against 221 printed."""
    assert stays.mean_implied_by_share_of_stays(loiret, share).haute < 198.5 < loiret.ensemble
    assert stays.mean_implied_by_share_of_places(loiret, share).haute < 198.5


@given(st.floats(1, 1000), st.floats(1, 1000), st.floats(0.01, 0.99))
def test_a_mixture_gives_back_its_share(h, s, share):
    assume(abs(h - s) > 1)
    means = stays.MeanStays(share * h + (1 - share) * s, h, s, demi_arrondi=0.0)
    assert stays.share_of_stays(means).valeur == pytest.approx(share, abs=1e-9)


@given(st.floats(1, 1000), st.floats(1, 1000), st.floats(0.01, 0.99))
def test_the_share_of_places_goes_back_to_the_share_of_stays(h, s, share):
    assume(abs(h - s) > 1)
    means = stays.MeanStays(share * h + (1 - share) * s, h, s, demi_arrondi=0.0)
    held = stays.share_of_places(means).valeur
    assert stays.share_of_stays_from_places(means, held).valeur == pytest.approx(share, abs=1e-9)
    assert stays.mean_implied_by_share_of_places(means, held).valeur == pytest.approx(means.ensemble)


def test_a_mean_outside_both_publics_is_refused():
    with pytest.raises(NeedsError, match="must stand between those of both publics"):
        stays.MeanStays(400, 304, 171)


def test_a_share_above_one_is_refused(loiret):
    with pytest.raises(NeedsError, match="a share stands between 0 and 1"):
        stays.share_of_stays_from_places(loiret, 1.2)


def test_the_share_of_places_of_the_loiret_is_bounded_by_the_half_days(loiret):
    corners = [(m - s) / (h - s) * h / m for m in (220.5, 221.5) for h in (303.5, 304.5) for s in (170.5, 171.5)]
    share = stays.share_of_places(loiret)
    assert (share.basse, share.haute) == pytest.approx((min(corners), max(corners)))


def test_the_mean_that_a_share_implies_is_the_arithmetic_or_the_harmonic_one(loiret):
    of_stays, of_places = (
        stays.mean_implied_by_share_of_stays(loiret, 0.25),
        stays.mean_implied_by_share_of_places(loiret, 0.25),
    )
    assert (of_stays.valeur, of_stays.basse, of_stays.haute) == pytest.approx((204.25, 203.75, 204.75))
    assert of_places.valeur == pytest.approx(1 / (0.25 / 304 + 0.75 / 171))


@pytest.mark.parametrize(
    "function",
    [stays.mean_implied_by_share_of_stays, stays.mean_implied_by_share_of_places, stays.share_of_stays_from_places],
)
def test_a_share_goes_from_0_to_1_both_included(loiret, function):
    function(loiret, 0)
    function(loiret, 1)
    for wrong in (-0.01, 1.01):
        with pytest.raises(NeedsError, match="stands between 0 and 1"):
            function(loiret, wrong)


def test_means_are_positive_apart_and_may_equal_one_of_the_publics():
    assert stays.share_of_stays(stays.MeanStays(304, 304, 171, 0)).valeur == 1
    assert stays.share_of_stays(stays.MeanStays(171, 304, 171, 0)).valeur == 0
    for means in ((171, 171, 171), (100, 200, 0), (170, 304, 171)):
        with pytest.raises(NeedsError, match="must stand between"):
            stays.MeanStays(*means)


def test_months_are_rounded_half_up():
    """15.21875 days are half a twelfth of 365.25."""
    assert stays.in_months(15.21875) == (1, 0)
    assert stays.in_months(15.2) == (0, 0)
