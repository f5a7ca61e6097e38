"""The programs reach the ends of the polytope: held against its vertices, enumerated in rationals."""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest

from cdppe_analysis.calibration import compatibility, criterion
from cdppe_analysis.calibration.compatibility import Compatible
from cdppe_analysis.calibration.published import PublishedAmounts
from cdppe_analysis.errors import InfeasibleError
from cdppe_analysis.rules import Criterion, Garantie, Rule

CODES = ("01", "02", "03")
ONE = (Criterion("indice", Fraction(1), 2019, "note", "p. 1"),)


def problem(amounts, *, envelope=100, tolerance="0.5", **bounds):
    rule = Rule("essai", "Essai", 2020, Fraction(envelope), CODES, ONE, **bounds)
    known = PublishedAmounts.read(rule, dict(zip(CODES, amounts, strict=True)), Fraction(tolerance))
    return Compatible(known, (Fraction(0),) * 3, criterion._diagonal(Fraction(1), 3))


def vertices(amounts, floor, envelope=100, gap=Fraction(1, 2)):
    """Enumerate the vertices of each case: the third unit at the plancher with a share q, or off it.

    The exact amounts a of the units off the bounds lie in [A - g, A + g] and sum to what the others leave; scores are
    proportional to them. With the third unit at the plancher, lambda = E - m + y for any y = lambda s in [0, m].
    """
    box = [(Fraction(amount) - gap, Fraction(amount) + gap) for amount in amounts]
    found = []
    for y in (Fraction(0), Fraction(floor)):
        rest = envelope - floor
        for low in box[0]:
            if box[1][0] <= rest - low <= box[1][1]:
                found.append((low, rest - low, y))
        for low in box[1]:
            if box[0][0] <= rest - low <= box[0][1]:
                found.append((rest - low, low, y))
    off = [box[0], box[1], (max(box[2][0], Fraction(floor)), box[2][1])]
    for fixed in combinations(range(3), 2):
        free = ({0, 1, 2} - set(fixed)).pop()
        for first in off[fixed[0]]:
            for second in off[fixed[1]]:
                last = envelope - first - second
                if off[free][0] <= last <= off[free][1]:
                    point = {fixed[0]: first, fixed[1]: second, free: last}
                    found.append(tuple(point[rank] for rank in range(3)))
    return [tuple(part / sum(point) for part in point) for point in found]


@pytest.mark.parametrize("amounts", [(60, 30, 10), (55, 35, 10), (59, 31, 10)])
def test_the_ends_are_vertices_of_the_compatible_set(amounts):
    expected = vertices(amounts, 10)
    programs = problem(amounts, plancher=Fraction(10))
    for rank in range(3):
        for largest in (False, True):
            wanted = (max if largest else min)(point[rank] for point in expected)
            assert float(programs.extreme(rank, largest=largest).parts[rank]) == pytest.approx(float(wanted), abs=1e-10)


def test_the_nearest_point_misses_by_what_the_rounding_leaves():
    """Three times 33 € for an envelope of 100: a third of a euro each at best."""
    assert problem((33, 33, 33)).nearest().objective == pytest.approx(1 / 3)


def test_nothing_is_compatible_with_amounts_too_precise():
    assert problem((33, 33, 33), tolerance="0.1").extreme(0, largest=True) is None


def test_a_unit_bound_on_both_sides_may_be_at_either():
    programs = problem((50, 30, 20), plancher=Fraction(20), plafond=Fraction(50))
    low, high = (programs.extreme_multiplier(largest=largest).level for largest in (False, True))
    assert low < 100 < high


@pytest.mark.parametrize(("amounts", "gap"), [((60, 30, 10), 0), ((60, 29, 11), 1)])
def test_the_multiplier_asked_for_is_the_one_found(amounts, gap):
    """Of 95 € two units share 90: the third is at the plancher of 10 €, whatever was published of it."""
    found = problem(amounts, plancher=Fraction(10)).nearest(95.0)
    assert (found.level, found.objective) == pytest.approx((95, gap))


def test_units_published_at_both_bounds_take_what_each_allows():
    """At the plafond of 50 € lambda q may be more, at the plancher of 20 € less; lambda stops at 100 envelopes."""
    programs = problem((50, 30, 20), plancher=Fraction(20), plafond=Fraction(50))
    ends = [[float(programs.extreme(rank, largest=side).parts[rank]) for side in (False, True)] for rank in range(3)]
    wanted = [49.5 / 100, (10_000 - 30) / 10_000, 29.5 / 10_000, 30.5 / (49.5 + 30.5), 0, 20.5 / 100]
    assert [*ends[0], *ends[1], *ends[2]] == pytest.approx(wanted, abs=1e-9)
    levels = [programs.extreme_multiplier(largest=side).level for side in (False, True)]
    assert levels == pytest.approx([49.5 + 30.5, 10_000])


def test_a_unit_is_at_its_bound_or_off_it_and_nowhere_between():
    """At the plafond and at the plancher they would leave 30 € to the third, which has 30.10 € at least.

    The first is then off its plafond, at 39.90 € at most, and the second is at its plancher with any score or off it.
    """
    programs = problem((40, 30, Fraction("30.6")), plancher=Fraction(30), plafond=Fraction(40))
    ends = [[float(programs.extreme(rank, largest=side).parts[rank]) for side in (False, True)] for rank in range(3)]
    wanted = [39.5 / 100, 39.9 / 70, 0, 30.4 / 100, 30.1 / 100, 30.5 / 70]
    assert [*ends[0], *ends[1], *ends[2]] == pytest.approx(wanted, abs=1e-9)
    levels = [programs.extreme_multiplier(largest=side).level for side in (False, True)]
    assert levels == pytest.approx([70, 100])


def test_a_unit_within_the_tolerance_of_both_its_bounds_may_be_at_either_or_between():
    """Known to 3 €, between 30 and 36 €: 30 to 33 € for the first, 34 to 36 € for the last.

    The second has 31 € at least, off its bounds and of 100 envelopes; at its plafond it may have all of the scores
    but the 34 € of the last, and so may the last where the second has 34 €.
    """
    programs = problem((30, 33, 37), tolerance="3", plancher=Fraction(30), plafond=Fraction(36))
    ends = [[float(programs.extreme(rank, largest=side).parts[rank]) for side in (False, True)] for rank in range(3)]
    assert [*ends[0], *ends[1], *ends[2]] == pytest.approx([0, 0.33, 0.0031, 0.9966, 0.0034, 0.9966], abs=1e-9)
    levels = [programs.extreme_multiplier(largest=side).level for side in (False, True)]
    assert levels == pytest.approx([70, 10_000])


def test_where_all_units_are_at_planchers_of_their_own_lambda_falls_to_the_smallest():
    """70, 20 and 10 € are all of the 100: at a lambda of 10 € each may have the whole criterion."""
    amounts = tuple(zip(CODES, map(Fraction, (70, 20, 10)), strict=True))
    programs = problem((70, 20, 10), garantie=Garantie(Fraction(1), None, amounts))
    assert [programs.extreme_multiplier(largest=side).level for side in (False, True)] == pytest.approx([10, 100])
    assert [float(programs.extreme(rank, largest=True).parts[rank]) for rank in range(3)] == pytest.approx([1, 1, 1])


def test_what_is_found_does_not_depend_on_what_was_asked_before():
    asked = [
        lambda programs: programs.extreme(0, largest=True),
        lambda programs: programs.nearest(95.0),
        lambda programs: programs.nearest(97.0),
        lambda programs: programs.nearest(),
        lambda programs: programs.extreme_multiplier(largest=False),
    ]
    for amounts in ((60, 30, 10), (60, 29, 11)):
        same = problem(amounts, plancher=Fraction(10))
        assert [ask(same) for ask in asked] == [ask(problem(amounts, plancher=Fraction(10))) for ask in asked]


def test_the_certificate_is_the_exact_allocation_of_the_parts():
    level = problem((60, 30, 10), plancher=Fraction(10)).level((Fraction(3, 5), Fraction(19, 50), Fraction(1, 50)))
    assert [level.amount(rank) for rank in range(3)] == [Fraction(90 * 30, 49), Fraction(90 * 19, 49), 10]


@pytest.mark.parametrize(
    ("amounts", "known", "said"),
    [
        ((30, 40, 30), ("8/10", "1/10", "1/10"), "Ain (nor with 1 more): it would have to be 9.50 € more"),
        ((30, 40, 30), ("1/10", "1/10", "8/10"), "Allier (nor with 1 more): it would have to be 9.50 € more"),
        ((80, 10, 10), ("0", "5/10", "5/10"), "Ain (nor with 2 more): it would have to be 29.50 € less"),
    ],
)
def test_the_unit_that_the_known_scores_contradict_most_is_named_with_what_it_lacks(amounts, known, said):
    """Half of the scores is known, eight tenths of it for one unit: 40 € at least, and 30 € are published, to 0.5 €.

    Where two units have 25 € each of what is known, 50 € at most are left to the third.
    """
    half, published = Fraction(1, 2), problem(amounts).publication
    programs = Compatible(published, tuple(half * Fraction(share) for share in known), criterion._diagonal(half, 3))
    with pytest.raises(InfeasibleError, match=re.escape(said)) as caught:
        programs.check_possible()
    assert caught.value.message.startswith("no shares are compatible with the published amount of")
    with pytest.raises(InfeasibleError, match="no mixtures are compatible with"):
        replace(programs, unknowns="mixtures").check_possible()


@pytest.mark.parametrize(
    ("amounts", "shares", "bounds"),
    [
        (("40", "40", "30"), (("0.5", "0.4", "0.1"), ("0.4", "0.5", "0.1")), {"plancher": Fraction(20)}),
        (("25", "25", "40"), (("0.3", "0.1", "0.6"), ("0.1", "0.3", "0.6")), {"plafond": Fraction(50)}),
    ],
)
def test_amounts_that_nothing_explains_are_neared_with_the_units_that_the_best_gap_allows_at_a_bound(
    amounts, shares, bounds
):
    """The third is at its bound whatever the weights, 10 € from what is published; the others can then be exact."""
    rows = tuple(tuple(map(Fraction, row)) for row in zip(*shares, strict=True))
    found = Compatible(problem(amounts, **bounds).publication, (Fraction(0),) * 3, rows, "weights").nearest()
    assert found.objective == pytest.approx(10)
    assert [float(part) for part in found.parts] == pytest.approx([0.5, 0.5])


def test_of_the_weights_with_the_smallest_worst_gap_those_are_taken_that_miss_least_in_all():
    """A weight w + 1/2 moves 30, 10, -20 and -20 € a point: the worst of the gaps is 4.50 € at best, for w = 0.075.

    All gaps together are smallest for w = 0, where the third misses 6 €.
    """
    codes = (*CODES, "04")
    rule = Rule("essai", "Essai", 2020, Fraction(100), codes, ONE)
    published = PublishedAmounts.read(rule, dict(zip(codes, (40, 33, 9, 18), strict=True)), Fraction(1, 2))
    shares = tuple(zip(*(map(Fraction, row) for row in (("0.55", "0.35", "0.05", "0.05"), ["0.25"] * 4)), strict=True))
    found = Compatible(published, (Fraction(0),) * 4, shares, "weights").nearest()
    assert found.objective == pytest.approx(4.5)
    assert [float(part) for part in found.parts] == pytest.approx([0.575, 0.425])


def test_weights_that_leave_nothing_to_a_unit_cannot_reach_what_the_plafonds_of_the_others_leave():
    shares = ((Fraction(1, 2), Fraction(1, 4)), (Fraction(1, 2), Fraction(3, 4)), (Fraction(0), Fraction(0)))
    capped = problem((40, 40, 20), plafond=Fraction(40)).publication
    with pytest.raises(InfeasibleError, match="no weights give amounts that sum to the envelope within the bounds"):
        Compatible(capped, (Fraction(0),) * 3, shares, "weights").nearest()


def test_a_search_that_does_not_end_is_given_up_and_told(monkeypatch):
    programs = problem((40, 30, Fraction("30.6")), plancher=Fraction(30), plafond=Fraction(40))
    monkeypatch.setattr(compatibility, "_MOST_BRANCHES", 1)
    with pytest.raises(InfeasibleError, match="a bound: 1 programs did not settle"):
        programs.extreme(0, largest=True)
