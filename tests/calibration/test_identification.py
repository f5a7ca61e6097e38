"""Identified sets, held against every world of small cases, and against certificates on the real figures."""

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.allocation.kernel import bounded_amounts
from cdppe_analysis.calibration.criterion import calibrate_criterion
from cdppe_analysis.calibration.identification import Hypotheses, Identified, World
from cdppe_analysis.calibration.published import PublishedAmounts, Remaining
from cdppe_analysis.data import load_scenario
from cdppe_analysis.errors import InfeasibleError, RuleError
from cdppe_analysis.rules import Arrondi, Criterion, Rule
from cdppe_analysis.studies.preparation import prepare

CODES = ("01", "02", "03")
EXACT = Fraction(1, 10**6)


def rule(weight, floor=0, cap=None, identifier="r", codes=CODES):
    criteria = (("ase", weight), ("igb", 1 - weight))
    return Rule(
        identifier,
        identifier,
        2020,
        Fraction(1000),
        codes,
        tuple(Criterion(name, Fraction(part).limit_denominator(100), 2020, "note", "p. 1") for name, part in criteria),
        plancher=Fraction(floor) if floor else None,
        plafond=None if cap is None else Fraction(cap),
        arrondi=Arrondi("aucun"),
    )


def frame(ase, igb, codes=CODES):
    return pd.DataFrame({"code_departement": codes, "ase": ase, "igb": igb})


def case(ase, igb, *, weight=0.5, other=0.8, floors=(0, 0), caps=(None, None)):
    base, new = (rule(*given) for given in zip((weight, other), floors, caps, strict=True))
    values = frame(ase, igb)
    amounts = {code: float(amount) for code, amount in allocate(base, values).exact.items()}
    return base, new, amounts, World.of(PublishedAmounts.read(base, amounts, EXACT), values, new, values, "igb")


def every_world(base, new, amounts, ase, error, steps):
    """Return the amounts of the other rule for a grid of counts and of lambda: what no set may leave out."""
    published = Remaining.of(PublishedAmounts.read(base, amounts, EXACT), "igb")
    ase = np.array(ase, dtype=float)
    corners = np.array(list(itertools.product(np.linspace(1 - error, 1 + error, steps), repeat=len(ase))))
    places = np.linspace(0, 1, 5)
    shares = ase * np.repeat(corners, len(places), axis=0)
    shares /= shares.sum(axis=1, keepdims=True)
    chosen = np.tile(places, len(corners))[:, None]
    chosen = np.hstack([chosen, np.random.default_rng(0).random((len(chosen), published.freedom - 1))])
    known = float(base.criterion("ase").poids) * shares
    index = published.shares(known, chosen)
    weight = float(new.criterion("ase").poids)
    scores = weight * shares + (1 - weight) * index
    bounds = new.bounds()
    lows = np.array([float(unit.low) for unit in bounds])
    highs = np.array([np.inf if unit.high is None else float(unit.high) for unit in bounds])
    found = np.asarray(bounded_amounts(scores, float(new.enveloppe), lows, highs))
    return found[~np.isnan(found[:, 0])]


@given(
    st.lists(st.integers(1, 50), min_size=3, max_size=3),
    st.lists(st.integers(1, 50), min_size=3, max_size=3),
    st.sampled_from([0.0, 0.2, 0.8, 1.0]),
    st.sampled_from([(0, 0), (0, 250), (200, 0), (150, 250)]),
    st.sampled_from([(None, None), (None, 450), (400, None)]),
    st.sampled_from([0.0, 0.1]),
)
@settings(max_examples=60, deadline=None)
def test_a_set_holds_every_world_and_its_ends_are_reached(ase, igb, other, floors, caps, error):
    base, new, amounts, world = case(ase, igb, other=other, floors=floors, caps=caps)
    worlds = every_world(base, new, amounts, ase, error, 1 if error == 0 else 5)
    assume(len(worlds))
    found = Identified(world, Hypotheses(error)).intervals
    assert (worlds.min(axis=0) >= found[:, 0] - 0.01).all()
    assert (worlds.max(axis=0) <= found[:, 1] + 0.01).all()
    if base.plafond is not None:
        return
    if error == 0 and floors[0] == 0:
        # Off the floor lambda alone is free, and the grid goes to its ends; what units at it share is drawn at random.
        np.testing.assert_allclose(worlds.min(axis=0), found[:, 0], atol=0.05)
        np.testing.assert_allclose(worlds.max(axis=0), found[:, 1], atol=0.05)
    elif error:
        assert (found[:, 1] - found[:, 0] <= (worlds.max(axis=0) - worlds.min(axis=0)) * 1.25 + 0.1).all()


def test_off_the_bounds_another_weight_is_a_formula_of_published_figures():
    """behaviour.md, 6: amounts are proportional to 2 (1 - w) A / lambda + (2 w - 1) p."""
    _, _, amounts, world = case([5, 3, 2], [2, 3, 5], other=0.8)
    share = np.array([0.5, 0.3, 0.2])
    wanted = 2 * 0.2 * np.array(list(amounts.values())) + (2 * 0.8 - 1) * 1000 * share
    np.testing.assert_allclose(Identified(world).intervals, np.stack([wanted, wanted], axis=1), atol=0.01)


def test_with_any_counts_only_what_the_publication_fixes_is_known():
    _, _, _, same = case([5, 3, 2], [2, 3, 5], other=0.5)
    _, _, _, moved = case([5, 3, 2], [2, 3, 5], other=0.8)
    same, moved = (Identified(world, Hypotheses(None)).intervals for world in (same, moved))
    assert np.ptp(same, axis=1).max() < 0.01
    # Shares of the known criterion from 0 to twice those published, of the 600 € that it shares in its own right.
    published = np.array([350, 300, 350])
    np.testing.assert_allclose(moved, np.stack([0.4 * published, 1.6 * published], axis=1), atol=0.01)


def test_a_criterion_of_the_other_rule_alone_is_taken_as_given():
    base, _, amounts, _ = case([5, 3, 2], [2, 3, 5])
    weights = {"ase": "0.5", "igb": "0.2", "pop": "0.3"}
    three = tuple(Criterion(name, Fraction(w), 2020, "note", "p. 1") for name, w in weights.items())
    values = frame([5, 3, 2], [2, 3, 5]).assign(pop=[1, 2, 7])
    world = World.of(PublishedAmounts.read(base, amounts, EXACT), values, replace(base, criteres=three), values, "igb")
    # The index of each is twice its published share less what it has of the children.
    wanted = [0.5 * 500 + 0.2 * 200 + 0.3 * 100, 0.5 * 300 + 0.2 * 300 + 0.3 * 200, 0.5 * 200 + 0.2 * 500 + 0.3 * 700]
    np.testing.assert_allclose(Identified(world).intervals, np.stack([wanted, wanted], axis=1), atol=0.01)


def test_another_year_of_a_series_errs_on_its_own():
    """The children are 5, 3 and 2 for the baseline, 6, 3 and 1 for the other rule."""
    base, new, amounts, one_year = case([5, 3, 2], [2, 3, 5])
    published = PublishedAmounts.read(base, amounts, EXACT)
    values, later = frame([5, 3, 2], [2, 3, 5]), frame([6, 3, 1], [2, 3, 5])
    world = World.of(published, values, new, later, "igb")
    assert (set(one_year.series), set(world.series)) == ({"ase"}, {"ase", "ase, 2020"})
    nearly = World.of(published, values, new, frame([5.01, 3, 1.99], [2, 3, 5]), "igb")
    assert set(nearly.series) == set(world.series)
    found = Identified(world, Hypotheses(0.5)).breakdown(0, 1)
    errors = {name: np.abs(factor - 1).max() for name, factor in found.factors.items()}
    assert found.error == pytest.approx(max(errors.values()))
    assert [Identified(world, Hypotheses(found.error * near)).sign(0) for near in (0.999, 1.001)] == [1, 2]
    exact = Identified(world, Hypotheses(0.1, exact=("ase, 2020",))).intervals
    assert (np.ptp(exact, axis=1) < np.ptp(Identified(world, Hypotheses(0.1)).intervals, axis=1)).all()


@pytest.mark.parametrize(
    ("amounts", "bounds"),
    [
        ((200, 380, 420), {"floor": 200}),
        ((200.4, 380, 419.6), {"floor": 200}),
        ((200.5, 380, 419.5), {"floor": 200}),
        ((199.5, 380, 420.5), {"floor": 200}),
        ((201, 380, 419), {"floor": 200}),
        ((349.5, 330.5, 320), {"cap": 350}),
        ((350.5, 329.5, 320), {"cap": 350}),
        ((349, 331, 320), {"cap": 350}),
    ],
)
def test_the_multipliers_that_a_publication_allows_hold_those_of_its_calibration(amounts, bounds):
    """A unit within half a euro of its bound may be at it, and here as far past it: two thousandths of lambda."""
    base, values = replace(rule(0.5, **bounds), arrondi=Arrondi("independant")), frame([3, 3, 4], [1, 1, 1])
    world = World.of(PublishedAmounts.read(base, dict(zip(CODES, amounts, strict=True))), values, base, values, "igb")
    least, greatest = calibrate_criterion(base, values, dict(zip(CODES, amounts, strict=True)), "igb").multiplier
    low, high = Identified(world).levels()
    assert least * (1 - 2e-3) <= low <= least * (1 + 1e-9)
    assert greatest * (1 - 1e-9) <= high <= greatest * (1 + 2e-3)


def test_the_parts_of_a_whole_move_with_it():
    """The Corse has half of the index: four fifths of it go to the one part, and to the other what is left."""
    codes, parts = ("01", "02", "20"), ("01", "02", "2A", "2B")
    base, values = rule(0.5, codes=codes), frame([5, 3, 2], [2, 3, 5], codes)
    amounts = {code: float(amount) for code, amount in allocate(base, values).exact.items()}
    told = frame([5, 3, 1, 1], [2, 3, 4, 1], parts)
    world = World.of(PublishedAmounts.read(base, amounts, EXACT), values, rule(0.8, codes=parts), told, "igb")
    wanted = [0.8 * 500 + 0.2 * 200, 0.8 * 300 + 0.2 * 300, 0.8 * 100 + 0.2 * 400, 0.8 * 100 + 0.2 * 100]
    np.testing.assert_allclose(Identified(world).intervals, np.stack([wanted, wanted], axis=1), atol=0.01)
    assert world.left == amounts["20"]
    # The 350 € of the whole go to its parts, 260 €, and to the first, 90 €.
    assert Identified(world).money() == pytest.approx((350, 350), abs=0.01)


def test_a_smaller_error_leaves_a_smaller_set():
    _, _, _, world = case([5, 3, 2], [2, 3, 5], floors=(0, 250))
    sets = [Identified(world, Hypotheses(error)).intervals for error in (0.0, 0.05, 0.2, None)]
    for inner, outer in itertools.pairwise(sets):
        assert (inner[:, 0] >= outer[:, 0] - 0.01).all()
        assert (inner[:, 1] <= outer[:, 1] + 0.01).all()


def test_a_breakdown_error_is_the_smallest_with_which_the_sign_fails():
    _, _, _, world = case([5, 3, 2], [2, 3, 5])
    gain = Identified(world)
    assert gain.sign(0) == 1
    found = Identified(world, Hypotheses(0.5)).breakdown(0, 1)
    assert found.amounts[0] == pytest.approx(world.published[0] + 0.5, abs=0.01)
    assert np.abs(found.factors["ase"] - 1).max() == pytest.approx(found.error)
    assert found.index.sum() == pytest.approx(1, abs=1e-9)
    assert found.amounts.sum() == pytest.approx(1000, abs=1e-6)
    assert Identified(world, Hypotheses(found.error * 0.999)).sign(0) == 1
    assert Identified(world, Hypotheses(found.error * 1.001)).sign(0) == 2
    assert Identified(world, Hypotheses(0.5)).sign(0) == 2
    assert gain.sign(2) == -1
    lost = Identified(world, Hypotheses(0.5)).breakdown(2, -1)
    assert lost.amounts[2] == pytest.approx(world.published[2] - 0.5, abs=0.01)
    assert Identified(world, Hypotheses(lost.error * 0.999)).sign(2) == -1


def test_a_breakdown_error_is_the_largest_of_all_counts_where_one_is_0_and_cannot_err():
    _, _, _, world = case([5, 3, 0], [2, 3, 5])
    found = Identified(world, Hypotheses(0.9)).breakdown(0, 1)
    assert found.factors["ase"][2] == 1
    assert np.abs(found.factors["ase"] - 1).max() == pytest.approx(found.error)
    assert [Identified(world, Hypotheses(found.error * near)).sign(0) for near in (0.999, 1.001)] == [1, 2]


@pytest.mark.parametrize(("gap", "sign"), [(-0.6, -1), (-0.4, 0), (0.4, 0), (0.6, 1)])
def test_a_change_within_half_a_euro_is_none_and_one_beyond_is_certain(gap, sign):
    """The first has 350 of 1000 €, of another envelope as well."""
    base, same, amounts, _ = case([5, 3, 2], [2, 3, 5], other=0.5)
    larger = replace(same, enveloppe=(350 + Fraction(gap).limit_denominator(10)) * Fraction(1000, 350))
    values = frame([5, 3, 2], [2, 3, 5])
    world = World.of(PublishedAmounts.read(base, amounts, EXACT), values, larger, values, "igb")
    assert Identified(world).sign(0) == sign
    # What the envelope gains or loses is given by nobody.
    assert Identified(world).money() == pytest.approx((0, 0), abs=0.01)


def test_a_breakdown_error_of_two_units_is_that_of_the_closed_form():
    """Published 600 and 400, p = 0.8: with the ASE alone the first gains until 4 (1 - e) / (1 + e) = 600.5 / 399.5."""
    codes = ("01", "02")
    base, alone = rule(0.5, codes=codes), rule(1.0, codes=codes)
    values = frame([8, 2], [4, 6], codes)
    world = World.of(PublishedAmounts.read(base, {"01": 600.0, "02": 400.0}), values, alone, values, "igb")
    ratio = (0.6005 / 0.3995) / 4
    assert Identified(world, Hypotheses(0.9)).breakdown(0, 1).error == pytest.approx(
        (1 - ratio) / (1 + ratio), rel=1e-5
    )


def test_a_sign_that_no_allowed_error_undoes_has_no_breakdown():
    _, _, _, world = case([5, 3, 2], [2, 3, 5])
    assert Identified(world, Hypotheses(0.01)).breakdown(0, 1) is None


def test_money_and_gainers_are_the_extremes_over_every_world():
    ase, error = [5, 3, 2], 0.15
    base, new, amounts, world = case(ase, [2, 3, 5], other=0.7, floors=(0, 220))
    worlds = every_world(base, new, amounts, ase, error, 9)
    gaps = worlds - world.published
    found = Identified(world, Hypotheses(error))
    assert found.money() == pytest.approx(
        (np.abs(gaps).sum(axis=1).min() / 2, np.abs(gaps).sum(axis=1).max() / 2), rel=0.05
    )
    counts = (gaps > 0.5).sum(axis=1)
    assert found.gainers() == (counts.min(), counts.max())
    # Each of three equal units may gain, and not all of them: what one does another loses.
    base, new, amounts, equal = case([1, 1, 1], [1, 1, 1])
    assert Identified(equal, Hypotheses(0.1)).gainers() == (0, 2)
    # Where a count errs by a ten-thousandth none gains, and one has up to 600 (1 + e) / (3 - e) - 200 € of the others.
    least, greatest = Identified(equal, Hypotheses(1e-4)).money()
    assert (least, greatest) == pytest.approx((0, 600 * 1.0001 / 2.9999 - 200), abs=1e-5)
    # Of 30 € more one at least gains, whichever it is.
    values = frame([1, 1, 1], [1, 1, 1])
    published, larger = PublishedAmounts.read(base, amounts, EXACT), replace(new, enveloppe=Fraction(1030))
    assert Identified(World.of(published, values, larger, values, "igb"), Hypotheses(0.1)).gainers() == (1, 3)


def test_what_a_newcomer_receives_is_given_by_those_who_were_there():
    base, new = rule(0.5), rule(0.8, codes=(*CODES, "04"))
    values, wider = frame([5, 3, 2], [2, 3, 5]), frame([5, 3, 2, 1], [2, 3, 5, 1], (*CODES, "04"))
    amounts = {code: float(amount) for code, amount in allocate(base, values).exact.items()}
    world = World.of(PublishedAmounts.read(base, amounts, EXACT), values, new, wider, "igb")
    newcomer = allocate(new, wider).exact["04"]
    found = Identified(world)
    assert np.isnan(world.published).tolist() == [False, False, False, True]
    assert found.interval(3) == pytest.approx([float(newcomer)] * 2, abs=0.01)
    lost = [min(published - found.interval(rank)[0], 0) for rank, published in enumerate(world.published[:3])]
    assert found.money() == pytest.approx([float(newcomer) - sum(lost)] * 2, abs=0.01)


@pytest.mark.parametrize("bounds", [{"caps": (None, 440)}, {"floors": (0, 260)}])
def test_a_unit_that_may_be_at_its_bound_is_at_it_or_has_what_its_score_gives(bounds):
    ase, error = [5, 3, 2], 0.1
    base, new, amounts, world = case(ase, [2, 3, 5], other=0.8, **bounds)
    worlds = every_world(base, new, amounts, ase, error, 9)
    found = Identified(world, Hypotheses(error)).intervals
    np.testing.assert_allclose(found, np.stack([worlds.min(axis=0), worlds.max(axis=0)], axis=1), atol=0.2)


def test_an_index_that_is_published_and_lambda_tighten_the_set():
    ase, igb = [5, 3, 2], [2, 3, 5]
    base, _, _, world = case(ase, igb, floors=(300, 0), other=0.9)
    free = np.ptp(Identified(world).intervals, axis=1)
    low, high = Identified(world).levels()
    assert low < high <= float(base.enveloppe) + 1e-6
    given_level = np.ptp(Identified(world, Hypotheses(level=(low + high) / 2)).intervals, axis=1)
    assert free.max() > 1
    assert given_level.max() < 0.01
    index = Hypotheses(0.1, index=(0.2, 0.3, 0.5))
    assert Identified(world, index).index() == pytest.approx([0.2, 0.3, 0.5], abs=1e-6)
    assert (
        np.ptp(Identified(world, index).intervals, axis=1).max()
        < np.ptp(Identified(world, Hypotheses(0.1)).intervals, axis=1).max()
    )


def test_without_a_positive_index_a_unit_at_its_plancher_may_have_any_score():
    """The first, at its plancher, has 0.1 of the children and from 0 of the index; or a score from 0, hence -0.1."""
    _, _, _, world = case([1, 3, 6], [1, 3, 6], floors=(250, 0), other=0.9)
    ends = [Identified(world, Hypotheses(positive=side)).interval(0)[0] for side in (True, False)]
    assert ends == pytest.approx([1000 * 0.9 * 0.1, 1000 * (0.9 * 0.1 - 0.1 * 0.1)], abs=0.01)


def test_a_series_that_is_exact_does_not_err():
    _, _, _, world = case([5, 3, 2], [2, 3, 5], floors=(0, 250))
    exact = Identified(world, Hypotheses(0.3, exact=("ase",))).intervals
    np.testing.assert_allclose(exact, Identified(world).intervals, atol=0.01)


def test_counts_that_contradict_the_publication_are_told():
    values = frame([98, 1, 1], [1, 1, 1])
    world = World.of(PublishedAmounts.read(rule(0.5), amounts()), values, rule(0.8), values, "igb")
    assert not Identified(world).possible
    with pytest.raises(InfeasibleError, match="no criterion >= 0"):
        Identified(world).interval(0)


def amounts():
    return dict(zip(CODES, (400.0, 300.0, 300.0), strict=True))


def test_a_rule_that_leaves_out_a_unit_of_the_baseline_is_refused():
    values = frame([1, 1, 1], [1, 1, 1])
    with pytest.raises(RuleError, match="leaves out a unit"):
        World.of(PublishedAmounts.read(rule(0.5), amounts()), values, rule(0.8, codes=("01", "02")), values, "igb")


def test_the_sign_of_the_nord_holds_until_its_breakdown_error_and_its_certificate_redoes_the_publication():
    """annexe7-ondam-2020, B: with the ASE alone the Nord (1 995 607 €) gains; counts that err by 17 % undo it."""
    prepared = prepare(load_scenario("ase-seule"))
    published = PublishedAmounts.read(prepared.base, prepared.published)
    world = World.of(published, prepared.base_criteria, prepared.rule, prepared.criteria, "igb")
    rank = world.codes.index("59")
    found = Identified(world, Hypotheses(0.2)).breakdown(rank, 1)
    assert found.error == pytest.approx(0.1698, abs=0.0001)
    counts = prepared.base_criteria["ase_0_17"].to_numpy(dtype=float) * found.factors["ase_0_17"]
    scores = (counts / counts.sum() + found.index) / 2
    again = bounded_amounts(scores, 15e6, np.full(30, 1e5), np.full(30, np.inf))
    np.testing.assert_allclose(again, world.published, atol=0.6)
    other = bounded_amounts(counts / counts.sum(), 15e6, np.full(30, 1e5), np.full(30, np.inf))
    assert other[rank] == pytest.approx(1_995_607.5, abs=0.6)
