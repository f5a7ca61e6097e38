"""Places, services and euros, from the data of the institution; the simulation agrees with Little's law."""

from fractions import Fraction

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.data import Data, load_needs, load_table
from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import parse_needs, places, places_occupied, simulate_occupancy
from cdppe_analysis.needs.places import _stays
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.tables import narrative

FILE = data_dir() / "besoins" / "sessad-ase.yml"


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


def test_the_service_is_the_one_that_the_document_prints():
    """aac-sessad-ase-nord, 4.1 and 5.1, as `dispositifs.csv` carries them."""
    printed = load_table("dispositifs")
    printed = printed[(printed["type"] == "sessad_ase") & (printed["indicateur"] == "dotation")]
    service = load_needs("sessad-ase").service
    assert set(printed["places"]) == {service.places}
    assert set(printed["valeur"]) == {float(service.cost_a_year)}


def test_the_prevalence_is_the_national_interval():
    """rex-club-territoires: from 15 to 20 % of the children in care, as `prevalence.csv` carries it."""
    printed = load_table("prevalence").iloc[0]
    low, high = load_needs("sessad-ase").prevalence
    assert (printed["borne_basse"], printed["borne_haute"]) == (float(100 * low), float(100 * high))


def test_every_number_has_a_source_or_is_a_hypothesis():
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for key in ("places", "dotation_eur", "prevalence", "sejour_jours", "cout_relatif"):
        assert content[key].get("source") or content[key].get("statut") == "hypothese", key


def test_the_children_are_those_of_the_series_that_the_file_names():
    assert Data.open().protected_children(load_needs("sessad-ase"), ["20", "59"])["59"] > 9_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("places:", "place:", "the key 'places' is missing"),
        ("titre:", "note: x\ntitre:", "unknown key 'note'"),
        ('borne_basse: "0.15"', "borne_basse: peu", "'peu' is no exact number"),
        ('borne_basse: "0.15"', 'borne_basse: "0.25"', "low bound first"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, old, new, said):
    path = tmp_path / "essai.yml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(NeedsError, match=said):
        load_needs(path)


def test_an_unknown_need_names_the_nearest():
    with pytest.raises(NeedsError, match="nearest is 'sessad-ase'"):
        load_needs("sessad")


def parsed(**changes):
    return parse_needs(yaml.safe_load(FILE.read_text(encoding="utf-8")) | changes, "essai.yml")


def bounds(low, high):
    return {"borne_basse": str(low), "borne_haute": str(high)}


def test_each_number_of_the_file_stands_in_its_own_place():
    found = parsed(
        titre="Un besoin",
        places=12,
        dotation_eur={"valeur": "240000.5"},
        prevalence=bounds("0.1", "0.2"),
        sejour_jours=bounds("171", "304"),
        cout_relatif=bounds("0.9", "1.3"),
        enfants={"critere": "ase", "millesime": 2019},
    )
    assert found.title == "Un besoin"
    assert (found.service.places, found.service.cost_a_year) == (12, Fraction("240000.5"))
    assert found.prevalence == (Fraction("0.1"), Fraction("0.2"))
    assert found.stay_days == (171, 304)
    assert found.relative_cost == (Fraction("0.9"), Fraction("1.3"))
    assert found.children == ("ase", 2019, None)


@pytest.mark.parametrize("name", ["prevalence", "sejour_jours", "cout_relatif"])
def test_bounds_may_be_equal_but_not_0(name):
    parsed(**{name: bounds(1, 1)})
    with pytest.raises(NeedsError, match=f"{name} needs two bounds above 0"):
        parsed(**{name: bounds(0, 1)})


def test_a_prevalence_above_1_is_refused():
    with pytest.raises(NeedsError, match="at most 1, not 101/100"):
        parsed(prevalence=bounds("0.5", "1.01"))


@pytest.mark.parametrize("law", ["exponentielle", "lognormale", "constante"])
@pytest.mark.parametrize("stay", [171, 304])
def test_the_mean_places_are_arrivals_times_stay(law, stay):
    seen = simulate_occupancy(200, stay, law=law, years=200, generator=np.random.default_rng(0))
    assert abs(seen.places - places_occupied(200, stay)) < 4 * seen.standard_error
    assert seen.standard_error < 0.02 * seen.places


def test_the_observed_arrivals_and_stays_give_the_observed_places():
    seen = simulate_occupancy(200, 221, law="exponentielle", years=400, generator=np.random.default_rng(1))
    assert places_occupied(seen.arrivals / 400, seen.mean_stay) == pytest.approx(seen.places, rel=0.01)


def test_the_same_seed_gives_the_same_places():
    first, second = (
        simulate_occupancy(50, 100, law="lognormale", years=10, generator=np.random.default_rng(0)) for _ in range(2)
    )
    assert first == second


def test_an_unknown_law_is_refused():
    with pytest.raises(NeedsError, match="is no law of stays"):
        simulate_occupancy(50, 100, law="normale", years=10, generator=np.random.default_rng(0))


def test_no_year_to_observe_is_refused():
    with pytest.raises(NeedsError, match="are positive"):
        simulate_occupancy(50, 100, law="constante", years=0, generator=np.random.default_rng(0))


@pytest.mark.parametrize("wrong", [{"arrivals": 0}, {"stay": 0}, {"years": 0}])
def test_what_is_not_above_0_is_refused(wrong):
    given = {"arrivals": 50, "stay": 100, "years": 1} | wrong
    arrivals, stay = given.pop("arrivals"), given.pop("stay")
    with pytest.raises(NeedsError, match="are positive, 0 is not"):
        simulate_occupancy(arrivals, stay, law="lognormale", generator=np.random.default_rng(0), **given)


def test_the_laws_have_the_mean_that_they_are_given_and_their_spread():
    generator = np.random.default_rng(2)
    for law, spread in (("exponentielle", 171.0), ("lognormale", 171.0), ("constante", 0.0)):
        stays = _stays(200_000, 171.0, law, generator)
        assert stays.mean() == pytest.approx(171, rel=0.01)
        assert stays.std() == pytest.approx(spread, rel=0.02, abs=1e-9)


def test_the_standard_error_is_that_of_the_mean_of_twenty_parts():
    """Runs of their own spread as much as each of them says."""
    runs = [
        simulate_occupancy(100, 30, law="exponentielle", years=40, generator=np.random.default_rng(seed))
        for seed in range(60)
    ]
    told = np.mean([run.standard_error for run in runs])
    assert np.std([run.places for run in runs], ddof=1) == pytest.approx(told, rel=0.3)


def test_the_arrivals_are_those_of_the_period_without_its_warm_up():
    seen = simulate_occupancy(1000, 3652.5, law="constante", years=20, generator=np.random.default_rng(3))
    assert seen.arrivals == pytest.approx(20_000, rel=0.03)
    assert seen.mean_stay == 3652.5
    assert seen.places == pytest.approx(10_000, rel=0.03)
