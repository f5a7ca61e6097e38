"""The programs reach the ends of the polytope: held against its vertices, enumerated in rationals."""

from fractions import Fraction
from itertools import combinations

import pandas as pd
import pytest

from cdppe_analysis.calibration import compatibility, criterion
from cdppe_analysis.calibration.compatibility import Compatible
from cdppe_analysis.calibration.published import PublishedAmounts
from cdppe_analysis.errors import CriteriaError, InfeasibleError, RuleError, TableError, TerritoryError
from cdppe_analysis.rules import Arrondi, Criterion, Rule

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


def test_the_multiplier_asked_for_is_the_one_found():
    programs = problem((60, 30, 10), plancher=Fraction(10))
    assert programs.nearest(95.0).level == pytest.approx(95)


@pytest.mark.parametrize(
    ("method", "amounts", "known_to"),
    [
        ("plus_forts_restes", (34, 34, 33), "1"),
        ("plus_forts_restes", (34, 34, 34), "1/2"),
        ("independant", (34, 34, 33), "1/2"),
        ("aucun", ("33.7", "33.67", "33.63"), "1/200"),
        ("aucun", (33.666666666666664, 33.666666666666664, 33.66666666666667), "1/1000000"),
    ],
)
def test_the_rounding_of_the_rule_says_what_amounts_are_known_to(method, amounts, known_to):
    criteria = (Criterion("a", Fraction(1), 2020, "note", "p. 1"),)
    rule = Rule("r", "R", 2020, Fraction(101), ("01", "02", "03"), criteria, arrondi=Arrondi(method))
    given = dict(zip(rule.beneficiaires, amounts, strict=True))
    assert PublishedAmounts.read(rule, given).tolerance == Fraction(known_to)
    assert PublishedAmounts.read(rule, given, Fraction(3)).tolerance == 3


@pytest.mark.parametrize(
    ("amounts", "bounds", "said"),
    [
        (("49.5", "30", "20"), {}, None),
        (("49.4", "30", "19"), {}, "sum to 98.4 €, too far from the envelope of 100 € for 3 amounts known to 0.5 €"),
        (("52", "30", "19.5"), {}, None),
        (("52", "30", "19.6"), {}, "sum to 101.6 €"),
        (("50", "30", "19.5"), {"plancher": Fraction(20)}, None),
        (("50", "30", "19.4"), {"plancher": Fraction(20)}, "Allier, 19.4 €, is below its plancher of 20 €"),
        (("50.5", "30", "20"), {"plafond": Fraction(50)}, None),
        (("50.6", "30", "20"), {"plafond": Fraction(50)}, "Ain, 50.6 €, is above its plafond of 50 €"),
    ],
)
def test_a_publication_may_miss_its_bounds_and_its_total_by_the_tolerance_and_no_more(amounts, bounds, said):
    known = problem(amounts, **bounds).publication
    if said is None:
        known.check()
    else:
        with pytest.raises(InfeasibleError, match=said.replace(".", r"\.")):
            known.check()


def test_units_are_near_a_bound_up_to_the_gap_and_a_plancher_of_0_binds_no_one():
    known = problem(("49.5", "30", "20.5"), plancher=Fraction(20), plafond=Fraction(50)).publication
    assert known.near_bounds(Fraction(1, 2)) == ((False, False, True), (True, False, False))
    assert known.near_bounds(Fraction(49, 100)) == ((False,) * 3, (False,) * 3)
    assert problem(("60", "39.7", "0.3")).publication.near_bounds(Fraction(1, 2)) == ((False,) * 3, (False,) * 3)


@pytest.mark.parametrize(
    ("amounts", "bounds"),
    [(("40", "30", "28.6"), {"plafond": Fraction("40.2")}), (("40", "30", "31.4"), {"plancher": Fraction("30.3")})],
)
def test_what_amounts_can_sum_to_stops_at_their_bounds(amounts, bounds):
    problem(amounts).publication.check()
    with pytest.raises(InfeasibleError, match="too far from the envelope"):
        problem(amounts, **bounds).publication.check()


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


def test_the_certificate_is_the_exact_allocation_of_the_parts():
    level = problem((60, 30, 10), plancher=Fraction(10)).level((Fraction(3, 5), Fraction(19, 50), Fraction(1, 50)))
    assert [level.amount(rank) for rank in range(3)] == [Fraction(90 * 30, 49), Fraction(90 * 19, 49), 10]


@pytest.mark.parametrize(("known", "named"), [(("8/10", "1/10", "1/10"), "Ain"), (("1/10", "1/10", "8/10"), "Allier")])
def test_the_unit_that_the_known_scores_contradict_most_is_named_with_what_it_lacks(known, named):
    """Half of the scores is known, eight tenths of it for one unit: 40 € at least, and 30 € are published, to 0.5 €."""
    half, published = Fraction(1, 2), problem((30, 40, 30)).publication
    programs = Compatible(published, tuple(half * Fraction(share) for share in known), criterion._diagonal(half, 3))
    with pytest.raises(InfeasibleError, match=rf"{named} \(nor with 1 more\): it would have to be 9\.50 € more"):
        programs.check_possible()


def frame(codes, values):
    return pd.DataFrame({"code_departement": codes, "montant_eur": values})


@pytest.mark.parametrize(
    ("amounts", "error", "message", "place"),
    [
        ({"01": 60, "02": 40}, CriteriaError, "a beneficiary has no published amount", ("03", "")),
        ({"01": 60, "02": None, "03": 10}, CriteriaError, "the published amount is missing", ("02", "row 2")),
        ({"01": 60, "02": 30, "03": "-0.5"}, CriteriaError, "the published amount is negative", ("03", "row 3")),
        (frame(CODES, [1, 1, 1]).drop(columns="montant_eur"), TableError, "has no column 'montant_eur'", ("", "")),
        (
            frame(CODES, [1, 1, 1]).drop(columns="code_departement"),
            TableError,
            "no column 'code_departement'",
            ("", ""),
        ),
        (frame(["01", "02", "02"], [1, 1, 1]), TableError, "an amount is given twice", ("02", "row 3")),
        ({"1": 60, "02": 30, "03": 10}, TerritoryError, "'1' is no code of a département", ("1", "row 1")),
    ],
)
def test_published_amounts_that_cannot_be_used_are_refused_with_their_place(amounts, error, message, place):
    with pytest.raises(error, match=message) as caught:
        PublishedAmounts.read(problem((60, 30, 10)).publication.rule, amounts)
    assert (caught.value.code or "", caught.value.cell or "") == place


def test_an_amount_of_0_is_one_and_what_is_no_beneficiary_is_left_aside():
    found = PublishedAmounts.read(
        problem((60, 30, 10)).publication.rule, frame(["59", "03", "02", "01"], [9, 10, 0, 90])
    )
    assert found.amounts == (90, 0, 10)
    assert found.table.to_numpy().tolist() == [["01", "Ain", 90.0], ["02", "Aisne", 0.0], ["03", "Allier", 10.0]]


def test_units_of_another_kind_are_published_where_the_rule_names_them():
    rule = Rule("r", "R", 2020, Fraction(100), ("59350", "canton"), ONE)
    assert PublishedAmounts.read(rule, {"canton": 40, "59350": 60}).amounts == (60, 40)


def test_a_criterion_that_weighs_nothing_or_that_the_rule_has_not_is_refused():
    known = problem((60, 30, 10)).publication
    assert known.weight_of("indice") == 1
    with pytest.raises(RuleError, match="autre"):
        known.weight_of("autre")


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


def test_a_search_that_does_not_end_is_given_up_and_told(monkeypatch):
    programs = problem((40, 30, Fraction("30.6")), plancher=Fraction(30), plafond=Fraction(40))
    monkeypatch.setattr(compatibility, "_MOST_BRANCHES", 1)
    with pytest.raises(InfeasibleError, match="a bound: 1 programs did not settle"):
        programs.extreme(0, largest=True)
