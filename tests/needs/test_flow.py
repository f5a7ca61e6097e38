"""The simulation agrees with Little's law, whatever the law of the stays."""

import numpy as np
import pytest

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import places_occupied, simulate_occupancy
from cdppe_analysis.needs.flow import _stays


@pytest.mark.parametrize("law", ["exponentielle", "lognormale", "constante"])
@pytest.mark.parametrize("stay", [171, 304])
def test_the_mean_places_are_arrivals_times_stay(law, stay):
    found = simulate_occupancy(200, stay, law=law, years=200, generator=np.random.default_rng(0))
    assert abs(found.places - places_occupied(200, stay)) < 4 * found.erreur_type
    assert found.erreur_type < 0.02 * found.places


def test_the_observed_arrivals_and_stays_give_the_observed_places():
    found = simulate_occupancy(200, 221, law="exponentielle", years=400, generator=np.random.default_rng(1))
    assert places_occupied(found.arrivees / 400, found.sejour_moyen) == pytest.approx(found.places, rel=0.01)


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


@pytest.mark.parametrize("wrong", [{"arrivals": 0}, {"stay": 0}, {"years": 0}, {"coefficient_of_variation": 0}])
def test_what_is_not_above_0_is_refused(wrong):
    given = {"arrivals": 50, "stay": 100, "years": 1, "coefficient_of_variation": 1.0} | wrong
    arrivals, stay = given.pop("arrivals"), given.pop("stay")
    with pytest.raises(NeedsError, match="are positive, 0 is not"):
        simulate_occupancy(arrivals, stay, law="lognormale", generator=np.random.default_rng(0), **given)


def test_the_laws_have_the_mean_and_the_spread_that_they_are_given():
    generator = np.random.default_rng(2)
    for law, spread in (("exponentielle", 171.0), ("lognormale", 85.5), ("constante", 0.0)):
        stays = _stays(200_000, 171.0, law, 0.5, generator)
        assert stays.mean() == pytest.approx(171, rel=0.01)
        assert stays.std() == pytest.approx(spread, rel=0.02, abs=1e-9)


def test_the_standard_error_is_that_of_the_mean_of_twenty_parts():
    """Runs of their own spread as much as each of them says."""
    runs = [
        simulate_occupancy(100, 30, law="exponentielle", years=40, generator=np.random.default_rng(seed))
        for seed in range(60)
    ]
    told = np.mean([run.erreur_type for run in runs])
    assert np.std([run.places for run in runs], ddof=1) == pytest.approx(told, rel=0.3)


def test_the_arrivals_are_those_of_the_period_without_its_warm_up():
    found = simulate_occupancy(1000, 3652.5, law="constante", years=20, generator=np.random.default_rng(3))
    assert found.arrivees == pytest.approx(20_000, rel=0.03)
    assert found.sejour_moyen == 3652.5
    assert found.places == pytest.approx(10_000, rel=0.03)
