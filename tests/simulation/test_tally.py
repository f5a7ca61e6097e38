"""The tally: any order of segments, one result; what is kept can be taken up again."""

import numpy as np
import pytest

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation.study import Segment
from cdppe_analysis.simulation.tally import Tally


class FourSegments:
    """Four segments of 10 draws, the last of 5, of one unit."""

    draws, segments, universe = 35, 4, 1

    def draws_of(self, segment):
        return 5 if segment == 3 else 10


def segment(rank):
    draws = FourSegments().draws_of(rank)
    return Segment(
        sums={"somme": np.array([0.1 * 3**rank])},
        counts={"gains": np.array([rank]), "minimum x": np.array([-rank]), "maximum x": np.array([rank])},
        rows={"montants": np.full((draws, 1), rank, dtype=float)},
    )


def tallied(order):
    tally = Tally(FourSegments())
    for rank in order:
        tally.add(rank, [segment(rank)])
    return tally


def kept(tally):
    return np.concatenate(tally.kept("montants"))


def test_the_order_in_which_segments_come_changes_no_bit():
    reference = tallied([0, 1, 2, 3])
    for order in ([3, 2, 1, 0], [1, 3, 0, 2]):
        found = tallied(order)
        assert found.sums["somme"].tobytes() == reference.sums["somme"].tobytes()
        assert {name: value.tolist() for name, value in found.counts.items()} == {
            "gains": [6],
            "minimum x": [-3],
            "maximum x": [3],
        }
        np.testing.assert_array_equal(kept(found), kept(reference))


def test_several_segments_may_come_together():
    tally = Tally(FourSegments())
    tally.add(2, [segment(2), segment(3)])
    tally.add(0, [segment(0), segment(1)])
    assert tally.sums["somme"].tobytes() == tallied(range(4)).sums["somme"].tobytes()


def test_what_is_missing_is_cut_into_runs():
    assert tallied([1]).missing(2) == [(0, 1), (2, 4)]
    assert Tally(FourSegments()).missing(3) == [(0, 3), (3, 4)]
    assert tallied(range(4)).missing(2) == []


def test_finished_draws_are_counted():
    assert tallied([1, 3]).draws == 15


@pytest.mark.parametrize("order", [[0, 1], [3, 1], [2]])
def test_what_was_kept_is_taken_up_again_with_the_same_result(order):
    tally = Tally(FourSegments())
    tally.restore({name: value.copy() for name, value in tallied(order).state().items()})
    for rank in {0, 1, 2, 3} - set(order):
        tally.add(rank, [segment(rank)])
    reference = tallied(range(4))
    assert tally.sums["somme"].tobytes() == reference.sums["somme"].tobytes()
    np.testing.assert_array_equal(kept(tally), kept(reference))
    assert tally.counts["gains"].tolist() == [6]


def test_what_was_kept_of_another_study_is_refused():
    with pytest.raises(ScenarioError, match="another study"):
        Tally(FourSegments()).restore({"finis": np.zeros(9, dtype=bool), "ajoutes": np.array([0])})
