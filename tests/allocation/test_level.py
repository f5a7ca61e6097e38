"""lambda is exact: held against a brute-force search over every assignment of units to bounds."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation.level import solve
from cdppe_analysis.errors import InfeasibleError


def brute_force(scores, envelope, lows, highs):
    """Try every assignment of units to lower bound, upper bound or free, and return the amounts that fit, or None."""
    n, total = len(scores), sum(scores)
    if None not in highs and sum(highs) == envelope:
        return list(highs)
    for sides in product(("bas", "libre", "haut"), repeat=n):
        if any(side == "haut" and high is None for side, high in zip(sides, highs, strict=True)):
            continue
        fixed = sum(
            (low if side == "bas" else high)
            for side, low, high in zip(sides, lows, highs, strict=True)
            if side != "libre"
        )
        share = sum(Fraction(score, total) for score, side in zip(scores, sides, strict=True) if side == "libre")
        if share:
            candidates = [(envelope - fixed) / share]
        elif fixed == envelope:
            leaves = [b / Fraction(s, total) for s, b in zip(scores, lows, strict=True) if s]
            leaves += [b / Fraction(s, total) for s, b in zip(scores, highs, strict=True) if s and b is not None]
            candidates = [Fraction(0), *leaves]
        else:
            continue
        for level in candidates:
            amounts = [
                max(low, level * Fraction(score, total))
                if high is None
                else min(high, max(low, level * Fraction(score, total)))
                for score, low, high in zip(scores, lows, highs, strict=True)
            ]
            if level >= 0 and sum(amounts) == envelope:
                return amounts
    return None


small = st.integers(0, 12)


@st.composite
def problems(draw):
    n = draw(st.integers(1, 5))
    scores = draw(st.lists(small, min_size=n, max_size=n).filter(any))
    lows = draw(st.lists(small.map(lambda v: Fraction(v, 2)), min_size=n, max_size=n))
    room = draw(st.lists(st.none() | small.map(lambda v: Fraction(v, 2)), min_size=n, max_size=n))
    highs = [None if more is None else low + more for low, more in zip(lows, room, strict=True)]
    return scores, Fraction(draw(st.integers(1, 80)), 2), lows, highs


@settings(max_examples=300, deadline=None)
@given(problems())
@example(([1, 0], Fraction(1, 2), [Fraction(0), Fraction(1, 2)], [Fraction(0), None]))
def test_the_amounts_are_those_of_the_brute_force_search(problem):
    expected = brute_force(*problem)
    if expected is None:
        with pytest.raises(InfeasibleError):
            solve(*problem)
    else:
        level = solve(*problem)
        assert [level.amount(rank) for rank in range(len(expected))] == expected


def test_lambda_is_the_envelope_where_no_bound_binds():
    level = solve([1, 2, 3], Fraction(121, 2), [Fraction(10)] * 3, [Fraction(92, 3)] * 3)
    assert level.multiplier == Fraction(121, 2)
    assert [level.amount(rank) for rank in range(3)] == [Fraction(121, 12), Fraction(121, 6), Fraction(121, 4)]


def test_where_plafonds_sum_to_the_envelope_every_unit_is_at_its_own_even_of_score_0():
    level = solve([1, 0, 3], Fraction(60), [Fraction(0)] * 3, [Fraction(20)] * 3)
    assert level.sides == ("haut", "haut", "haut")


def test_where_planchers_sum_to_the_envelope_every_unit_is_at_its_own():
    level = solve([1, 5, 3], Fraction(60), [Fraction(20)] * 3, [None] * 3)
    assert level.sides == ("bas", "bas", "bas")
    assert level.multiplier == Fraction(36)  # the largest that keeps 5/9 of it at 20


def test_plafonds_that_only_a_score_of_0_could_reach_leave_no_solution():
    with pytest.raises(InfeasibleError, match="can reach 40 € at most, the 1 units of score 0"):
        solve([1, 0, 3], Fraction(50), [Fraction(0)] * 3, [Fraction(20)] * 3)


def test_a_tie_goes_to_the_larger_amount_then_to_the_first():
    level = solve([5, 15, 5, 15], Fraction(20), [Fraction(0)] * 4, [None] * 4)  # 2.5, 7.5, 2.5, 7.5
    amounts, remainders, received = level.whole("plus_forts_restes", Fraction(1), [None] * 4)
    assert amounts == [2, 8, 2, 8]
    assert set(remainders) == {Fraction(1, 2)}
    assert received == [False, True, False, True]


def test_no_unit_is_pushed_past_its_plafond():
    highs = [Fraction("2.7"), None, None]
    level = solve([6, 3, 1], Fraction(6), [Fraction(0)] * 3, highs)  # 2.7, 2.475, 0.825
    assert level.whole("plus_forts_restes", Fraction(1), highs)[0] == [2, 3, 1]


def test_more_units_than_eligible_beneficiaries_go_round_again():
    highs = [Fraction("2.9")] * 3 + [None]
    level = solve([6, 6, 6, 1], Fraction("11.0"), [Fraction(0)] * 4, highs)  # three at 2.9, one at 2.3
    assert level.whole("plus_forts_restes", Fraction(1), highs)[0] == [2, 2, 2, 5]


def test_plafonds_without_room_for_whole_amounts_are_refused():
    highs = [Fraction("2.5")] * 4
    level = solve([1, 1, 1, 1], Fraction(10), [Fraction(0)] * 4, highs)
    with pytest.raises(InfeasibleError, match="no room for whole amounts"):
        level.whole("plus_forts_restes", Fraction(1), highs)


def test_what_the_cut_leaves_is_told_in_euros_whatever_the_unit():
    level = solve([5, 3, 2], Fraction(1234), [Fraction(0)] * 3, [None] * 3)  # 617, 370.2, 246.8
    for unit, remainders in (
        (Fraction(1), [0, 0.2, 0.8]),
        (Fraction(100), [17, 70.2, 46.8]),
        (Fraction(1, 2), [0, 0.2, 0.3]),
    ):
        assert level.whole("independant", unit, [None] * 3)[1] == pytest.approx(remainders)
    assert level.whole("independant", Fraction(100), [None] * 3)[0] == [600, 400, 200]


def test_amounts_left_exact_have_no_remainder_and_receive_nothing():
    level = solve([1, 2], Fraction(1), [Fraction(0)] * 2, [None] * 2)
    assert level.whole("aucun", Fraction(1), [None] * 2) == (
        [Fraction(1, 3), Fraction(2, 3)],
        [0.0, 0.0],
        [False, False],
    )


def test_a_plafond_reached_at_once_is_a_bound_and_a_lower_bound_of_0_is_none():
    level = solve([3, 1, 0], Fraction(4), [Fraction(0), Fraction(1), Fraction(0)], [Fraction(3), None, Fraction(5)])
    assert level.multiplier == 4
    assert level.sides == ("haut", "bas", "")


@pytest.mark.parametrize(
    ("scores", "lows", "highs", "amounts", "multiplier"),
    [
        # All at a plancher or a plafond: lambda is the admissible one nearest to E, from both sides.
        ([1, 9], [Fraction(60), Fraction(0)], [None, Fraction(40)], [60, 40], Fraction(100)),
        ([8, 2], [Fraction(0), Fraction(90)], [Fraction(10), None], [10, 90], Fraction(100)),
        (
            [1, 9, 0],
            [Fraction(5), Fraction(0), Fraction(0)],
            [Fraction(5), Fraction(95), None],
            [5, 95, 0],
            Fraction(950, 9),
        ),
        ([5, 5], [Fraction(50), Fraction(20)], [Fraction(50), Fraction(60)], [50, 50], Fraction(100)),
        (
            [8, 7, 2, 2],
            [Fraction(10), Fraction(10), Fraction(24), Fraction(20)],
            [Fraction(26), Fraction(30), None, None],
            [26, 30, 24, 20],
            Fraction(100),
        ),
        # A unit that can have one amount alone holds lambda to nothing.
        ([1, 9], [Fraction(5), Fraction(95)], [Fraction(5), None], [5, 95], 100),
        # Of two plafonds that are reached, the later.
        ([1, 9, 0], [Fraction(0), Fraction(0), Fraction(30)], [Fraction(30), Fraction(40), None], [30, 40, 30], 300),
    ],
)
def test_lambda_is_the_admissible_one_nearest_to_the_envelope(scores, lows, highs, amounts, multiplier):
    level = solve(scores, Fraction(100), lows, highs)
    assert [level.amount(rank) for rank in range(len(scores))] == amounts
    assert level.multiplier == multiplier


def test_where_all_plafonds_are_reached_lambda_reaches_the_last_of_them():
    level = solve([1, 3], Fraction(40), [Fraction(0)] * 2, [Fraction(20)] * 2)
    assert level.multiplier == 80  # the smallest that brings a quarter of it to 20


def test_bounds_that_cannot_hold_are_told_with_both_sums():
    with pytest.raises(InfeasibleError, match="the lower bounds sum to 60 €, more than the envelope of 50 €"):
        solve([1, 1], Fraction(50), [Fraction(30)] * 2, [None] * 2)
    with pytest.raises(InfeasibleError, match=r"can reach 40\.5 € at most, less than the envelope of 50 €"):
        solve([1, 1], Fraction(50), [Fraction(0)] * 2, [Fraction("20.25")] * 2)


def test_independent_rounding_is_half_up():
    level = solve([5, 15, 8], Fraction(14), [Fraction(0)] * 3, [None] * 3)  # 2.5, 7.5, 4
    assert level.whole("independant", Fraction(1), [None] * 3)[0] == [3, 8, 4]


def test_amounts_can_be_cut_to_hundreds():
    level = solve([1, 1, 1], Fraction(1000), [Fraction(0)] * 3, [None] * 3)
    assert level.whole("plus_forts_restes", Fraction(100), [None] * 3)[0] == [400, 300, 300]
    capped = [Fraction(399), None, None]
    assert level.whole("plus_forts_restes", Fraction(100), capped)[0] == [300, 400, 300]


def test_scores_may_spread_over_hundreds_of_orders_of_magnitude():
    level = solve([1, 10**400, 10**800], Fraction(30), [Fraction(1)] * 3, [None] * 3)
    assert level.sides == ("bas", "bas", "")


def test_a_plafond_of_0_counts_among_those_that_sum_to_the_envelope():
    level = solve([1, 0], Fraction(100), [Fraction(0)] * 2, [Fraction(0), Fraction(100)])
    assert [level.amount(rank) for rank in range(2)] == [0, 100]
    assert level.sides == ("haut", "haut")
    assert level.multiplier == 100
