"""The arithmetic of three means, on the Loiret's and on any."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import stays
from cdppe_analysis.tables import sejours


@pytest.fixture(scope="module")
def loiret():
    """Take the three means of the feedback session, box of the introduction."""
    days = sejours.build().set_index("public")["duree_jours"]
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
    months = sejours.build().set_index("public")["mois_imprimes"]
    assert months["handicap"] == 2 * months["sans_handicap"]


def test_the_printed_months_are_rounded_for_some_and_cut_down_for_one():
    """304 days are 9.99 months, printed 10; 171 days are 5.62 months, printed 5."""
    table = sejours.build().set_index("public")
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
