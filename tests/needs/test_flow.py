"""The simulation agrees with Little's law, whatever the law of the stays."""

import numpy as np
import pytest

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import places_occupied, simulate_occupancy


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
