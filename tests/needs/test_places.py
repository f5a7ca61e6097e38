"""Places, services and euros, with the institution's figures read from the data."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import places
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import narrative


@pytest.fixture(scope="module")
def sessad_ase():
    """Call for applications of the Nord, 4.1 and 5.1: 14 places, 276 000 € a year."""
    rows = narrative.dispositifs(Archive.open())
    row = rows[rows["type"].eq("sessad_ase") & rows["indicateur"].eq("dotation")].iloc[0]
    return places.Service(int(row["places"]), Fraction(int(row["valeur"])))


def test_a_place_of_a_sessad_ase_costs_a_little_less_than_20_000_euros(sessad_ase):
    assert sessad_ase.cost_of_a_place == Fraction(276000, 14)
    assert round(sessad_ase.cost_of_a_place) == 19714


def test_the_fifteen_million_of_2020_are_54_services_and_a_remainder(sessad_ase):
    """ONDAM médico-social 2020: 15 M€."""
    services, left = sessad_ase.bought_with(Fraction(15_000_000))
    assert (services, left) == (54, 96_000)
    assert 54 * 14 < sessad_ase.places_for(Fraction(15_000_000)) < 55 * 14


def test_a_floor_of_100_000_euros_is_five_places(sessad_ase):
    assert int(sessad_ase.places_for(Fraction(100_000))) == 5


def test_a_stay_of_half_a_year_doubles_the_children_a_place_follows():
    assert places.children_followed_a_year(14, 182.625) == pytest.approx(28)


@given(st.floats(1, 10_000), st.floats(1, 2_000))
def test_children_followed_and_places_occupied_go_back_to_each_other(arrivals, stay):
    assert places.children_followed_a_year(places.places_occupied(arrivals, stay), stay) == pytest.approx(arrivals)


def test_a_shorter_stay_frees_places():
    """100 arrivals a year, from the Loiret's 304 days to its 171."""
    assert places.places_freed(100, 304, 171) == pytest.approx(100 * 133 / 365.25)


def test_the_services_needed_are_whole(sessad_ase):
    assert sessad_ase.needed_for(children_a_year=30, stay_days=182.625) == 2


def test_a_stay_of_no_day_is_refused():
    with pytest.raises(NeedsError, match="a stay is positive"):
        places.places_occupied(10, 0)


def test_a_service_without_places_is_refused():
    with pytest.raises(NeedsError, match="a service has places and a cost"):
        places.Service(0, Fraction(1))


def test_an_amount_that_pays_services_exactly_leaves_nothing(sessad_ase):
    assert sessad_ase.bought_with(Fraction(552_000)) == (2, 0)
    assert sessad_ase.bought_with(Fraction(551_999)) == (1, 275_999)
    assert sessad_ase.places_for(Fraction(138_000)) == 7


def test_one_child_more_than_full_services_needs_another(sessad_ase):
    assert sessad_ase.needed_for(28, 365.25) == 2
    assert sessad_ase.needed_for(28.01, 365.25) == 3


def test_no_child_and_no_place_are_allowed_and_less_than_none_is_refused():
    assert places.places_occupied(0, 100) == 0
    assert places.children_followed_a_year(0, 100) == 0
    with pytest.raises(NeedsError, match="arrivals are not negative"):
        places.places_occupied(-1, 100)
    with pytest.raises(NeedsError, match="places are not negative"):
        places.children_followed_a_year(-1, 100)
    with pytest.raises(NeedsError, match="a stay is positive"):
        places.children_followed_a_year(1, 0)


def test_a_service_has_at_least_a_place_and_costs_something():
    assert places.Service(1, Fraction(1)).cost_of_a_place == 1
    with pytest.raises(NeedsError, match="places and a cost: 1, 0"):
        places.Service(1, Fraction(0))
