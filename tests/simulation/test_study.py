"""The segments of a study."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import rankdata

from cdppe_analysis.calibration.published import Remaining
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import study
from cdppe_analysis.simulation.draws import Input
from cdppe_analysis.simulation.laws import Deduced, Dirichlet, LogNormal, Uniform, Variants
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.simulation.study import Segment, Study, Tally

INPUTS = [Input("ase", LogNormal(1, 0.1))]


def model(codes=("03", "23", "59", "80"), floor=0.0, cap=np.inf):
    units = len(codes)
    return Model(
        codes=tuple(codes),
        criteria=("ase", "igb"),
        observed=np.random.default_rng(4).lognormal(size=(2, 4))[:, :units],
        weights=np.array([0.5, 0.5]),
        envelope=1e6,
        floors=np.full(units, floor),
        caps=np.full(units, cap),
        floor_origins=("plancher",) * units,
        cap_origins=("plafond",) * units,
    )


def asked(given=None, inputs=INPUTS, **options):
    defaults = {"draws": 50, "seed": 0, "reference": None}
    return Study.of(given or model(), inputs, **{**defaults, **options})


def rows(given_study):
    [segment] = given_study.run(0, 1)
    return segment


def test_every_draw_sums_to_the_envelope():
    np.testing.assert_array_equal(rows(asked(model(floor=150_000.0))).rows["montants"].sum(axis=1), 1e6)


def test_amounts_are_whole_euros():
    amounts = rows(asked()).rows["montants"]
    np.testing.assert_array_equal(amounts, np.round(amounts))


def test_gaps_are_counted_on_exact_amounts():
    found = rows(asked()).rows
    assert np.abs(found["ecarts"].sum(axis=1)).max() < 1e-6
    assert (found["ecarts"] != np.round(found["ecarts"])).any()
    assert study.WHOLE == ("argent_deplace", "gagnants", "perdants")
    moved = np.abs(found["ecarts"]).sum(axis=1) / 2
    gained, lost = (found["ecarts"] > 0.5).sum(axis=1), (found["ecarts"] < -0.5).sum(axis=1)
    np.testing.assert_allclose(found["ensemble"], np.stack([moved, gained, lost], axis=1), atol=1e-6)
    counts = rows(asked()).counts
    assert counts["gains"].tolist() == (found["ecarts"] > 0.5).sum(axis=0).tolist()
    assert counts["pertes"].tolist() == (found["ecarts"] < -0.5).sum(axis=0).tolist()


def test_ranks_are_those_of_exact_amounts_where_whole_euros_tie():
    few = replace(model(), envelope=5.0)
    found, exact = rows(asked(few)).rows, rows(asked(replace(few, rounding="aucun"))).rows["montants"]
    assert (np.diff(np.sort(found["montants"], axis=1), axis=1) == 0).any()
    np.testing.assert_array_equal(found["rangs"], rankdata(-exact, method="min", axis=1))


def test_gaps_to_a_rule_are_those_to_the_same_draw_of_it():
    found = rows(asked(reference=model())).rows
    np.testing.assert_allclose(found["ecarts"], 0, atol=1e-9)
    assert found["montants"].std(axis=0).min() > 0


def test_a_newcomer_has_no_gap():
    found = rows(asked(reference=model(("03", "23", "59")))).rows["ecarts"]
    assert np.isnan(found[:, 3]).all()
    assert not np.isnan(found[:, :3]).any()


@pytest.mark.parametrize("left", [500_000.0, 200_000.0])
def test_what_newcomers_receive_and_leavers_leave_changes_hands_whole(left):
    """What the envelope of a million gains, where less was shared before, is given by nobody."""
    before = {"03": 400_000.0, "23": 100_000.0, "01": left}
    found = rows(asked(reference=before)).rows
    gaps, added = np.abs(found["ecarts"][:, :2]).sum(axis=1), 500_000 - left
    moved = (gaps + found["montants"][:, 2:].sum(axis=1) + left - added) / 2
    np.testing.assert_allclose(found["ensemble"][:, 0], moved, atol=2)


def test_a_reference_with_no_common_unit_is_refused():
    with pytest.raises(ScenarioError, match="no unit in common"):
        asked(reference={"01": 1e6})


def test_two_rules_of_the_same_units_share_the_inputs_of_one_name():
    whole, part = model(), model(("03", "23"))
    before, after = (asked(pair[0], reference=pair[1]) for pair in ((whole, part), (part, whole)))
    assert before.universe == after.universe == 4
    gaps, opposite = (rows(one).rows["ecarts"] for one in (before, after))
    np.testing.assert_array_equal(gaps[:, before.places[[0, 1]]], -opposite)


def test_an_input_that_acts_on_no_criterion_is_refused():
    with pytest.raises(ScenarioError, match="acts on 'as', which the rule has not; the nearest is 'ase'"):
        asked(inputs=[Input("as", LogNormal(1, 0.1))])


def test_two_inputs_of_one_name_are_refused():
    with pytest.raises(ScenarioError, match="have the name"):
        asked(inputs=INPUTS * 2)


def test_weights_have_one_law():
    with pytest.raises(ScenarioError, match="two uncertain inputs act on the weights"):
        asked(inputs=[Input("poids", Dirichlet([0.5, 0.5], 5), name=name) for name in ("un", "deux")])


def test_two_criteria_are_not_deduced_from_one_publication():
    published = Remaining(np.array([60.0, 40.0]), np.zeros(2, bool), np.zeros(2, bool), 0.5)
    law = Deduced(published, {}, np.arange(2), np.array([0.5, 0.5]))
    with pytest.raises(ScenarioError, match="two criteria are deduced"):
        asked(inputs=[Input("igb", law), Input("ase", law)])


def test_a_draw_without_a_solution_is_told_apart_and_not_dropped():
    caps = replace(model(), caps=np.array([3e5, 3e5, 3e5, 3e5]))
    infeasible = [Input("ase", Uniform(0.0, 0.0)), Input("igb", Uniform(1.0, 1.0))]
    found = rows(asked(caps, infeasible, reference=dict.fromkeys(caps.codes, 250_000.0)))
    assert found.counts["resolus"][0] == 0
    assert np.isnan(found.rows["montants"]).all()
    assert len(found.rows["montants"]) == 50


def test_units_at_their_bounds_are_counted():
    given = replace(model(floor=240_000.0), caps=np.full(4, 255_000.0))
    found, free = (rows(asked(one)) for one in (given, replace(given, rounding="aucun")))
    np.testing.assert_array_equal(found.counts["bas"], (free.rows["montants"] == 240_000).sum(axis=0))
    np.testing.assert_array_equal(found.counts["haut"], (free.rows["montants"] == 255_000).sum(axis=0))
    assert found.counts["bas"].sum() > 0
    assert found.counts["haut"].sum() > 0


def test_no_unit_is_at_a_floor_of_0():
    given = replace(model(), observed=np.array([[0.0, 1, 1, 1], [0.0, 1, 1, 1]]))
    found = rows(asked(given))
    assert (found.rows["montants"][:, 0] == 0).all()
    assert found.counts["bas"].tolist() == [0, 0, 0, 0]


def test_nothing_uncertain_is_refused():
    with pytest.raises(ScenarioError, match="nothing is uncertain"):
        asked(inputs=[])


@pytest.mark.parametrize("draws", [0, -1, 2.5, True])
def test_an_impossible_number_of_draws_is_refused(draws):
    with pytest.raises(ScenarioError, match="number of draws"):
        asked(draws=draws)


def test_many_draws_are_counted_on_grids_and_not_kept(monkeypatch):
    monkeypatch.setattr(study, "KEPT_VALUES", 10)
    found = rows(asked())
    assert found.rows == {}
    assert found.counts["grille montants"].sum() == 50 * 4
    assert found.counts["grille rangs"].sum() == 50 * 4


@pytest.mark.parametrize(("rounding", "whole"), [("plus_forts_restes", {"montants", "rangs"}), ("aucun", {"rangs"})])
def test_only_what_comes_in_whole_steps_has_a_cell_a_value(monkeypatch, rounding, whole):
    monkeypatch.setattr(study, "KEPT_VALUES", 10)
    histograms = asked(replace(model(), envelope=1000.0, rounding=rounding)).histograms
    assert {name for name, grid in histograms.items() if grid.atoms.all()} == whole
    assert {name for name, grid in histograms.items() if grid.atoms.any()} == whole


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
    assert reference.sums["somme"].tolist() == [0.1 * 1 + 0.1 * 3 + 0.1 * 9 + 0.1 * 27]
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


def test_the_most_draws_that_can_be_counted_are_accepted(monkeypatch):
    monkeypatch.setattr(study, "MOST_DRAWS", 50)
    assert [asked(draws=draws).draws for draws in (1, 50)] == [1, 50]
    with pytest.raises(ScenarioError, match="the number of draws is above 50"):
        asked(draws=51)


def test_draws_are_kept_up_to_the_values_that_memory_holds(monkeypatch):
    monkeypatch.setattr(study, "KEPT_VALUES", 200)
    assert asked(draws=50).kept
    assert not asked(draws=51).kept


def test_what_the_envelope_gains_is_given_by_nobody_in_any_draw():
    """The reference leaves 100 000 € less to share: only what moves beyond it changes hands."""
    richer, poorer = model(), replace(model(), envelope=900_000.0)
    found = rows(asked(richer, reference=poorer)).rows
    gaps = found["ecarts"]
    np.testing.assert_allclose(gaps.sum(axis=1), 100_000)
    moved = (np.abs(gaps).sum(axis=1) - 100_000) / 2
    np.testing.assert_allclose(found["ensemble"][:, 0], moved, atol=1e-6)


def test_the_last_segment_has_the_draws_that_are_left(monkeypatch):
    monkeypatch.setattr(study, "segment_size", lambda _: 16)
    given = asked(draws=50)
    assert (given.segments, [given.draws_of(segment) for segment in range(given.segments)]) == (4, [16, 16, 16, 2])
    assert asked(draws=48).segments == 3


def test_a_draw_without_a_solution_has_no_rank(monkeypatch):
    """Where both criteria leave the first unit nothing, three plafonds of 300 000 € hold no million."""
    caps = replace(model(), caps=np.array([3e5, 3e5, 3e5, 3e5]))
    even = dict.fromkeys(caps.codes, 2.5e5)
    some = [Input(name, Variants([np.ones(4), np.array([0.0, 1, 1, 1])])) for name in ("ase", "igb")]
    found = rows(asked(caps, some, reference=even))
    unsolved = np.isnan(found.rows["ensemble"][:, 0])
    assert 0 < unsolved.sum() < 50
    assert (found.rows["rangs"][unsolved] == 0).all()
    assert (found.rows["rangs"][~unsolved] >= 1).all()
    monkeypatch.setattr(study, "KEPT_VALUES", 10)
    on_grids = rows(asked(caps, some, reference=even)).counts
    for name in ("montants", "ecarts", "rangs"):
        assert on_grids[f"grille {name}"].sum(axis=1).tolist() == [(~unsolved).sum()] * 4
    assert on_grids["minimum rangs"].min() == 1
    monkeypatch.undo()
    lost = rows(asked(caps, [Input("ase", Uniform(0.0, 0.0))], reference=even))
    assert set(lost.rows["rangs"].ravel()) == {0}


def test_the_weights_may_have_one_law_and_one_criterion_may_be_deduced():
    assert len(asked(inputs=[*INPUTS, Input("poids", Dirichlet([0.5, 0.5], 10))]).inputs) == 2


def test_the_grid_of_the_ranks_has_a_cell_a_rank(monkeypatch):
    monkeypatch.setattr(study, "KEPT_VALUES", 10)
    grids = asked().histograms
    assert set(grids) == {"montants", "ecarts", "rangs", "ensemble"}
    assert (grids["rangs"].width == 1).all()
    assert (grids["montants"].width[grids["montants"].atoms] == 1).all()
    assert not grids["ecarts"].atoms.any()
    by_hundreds = asked(replace(model(), unit=100.0)).histograms["montants"]
    assert by_hundreds.atoms.all()
    assert set(by_hundreds.width) == {100}


def test_a_rule_without_a_solution_may_have_some_under_other_weights():
    """By the first criterion alone three plafonds of 300 000 € hold no million; the second gives the fourth a part."""
    alone = replace(model(cap=3e5), observed=np.array([[0.0, 1, 1, 1], [1.0, 1, 1, 1]]), weights=np.array([1.0, 0.0]))
    found = rows(asked(alone, [Input("poids", Dirichlet([0.5, 0.5], 10))], reference=dict.fromkeys(alone.codes, 2.5e5)))
    np.testing.assert_allclose(found.sums["somme montants"], found.rows["montants"].sum(axis=0))
