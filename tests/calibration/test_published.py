"""What a publication leaves of an unknown criterion, held against linear programs and the exact engine."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cdppe_analysis.allocation import allocate
from cdppe_analysis.allocation.kernel import bounded_amounts
from cdppe_analysis.calibration.published import PublishedAmounts, Remaining
from cdppe_analysis.errors import InfeasibleError, RuleError
from cdppe_analysis.rules import Arrondi, Criterion, Rule

CODES = ("01", "02", "03", "04", "05")


@st.composite
def publications(draw):
    """Draw published amounts of a random rule with bounds, and the shares of its known criterion."""
    values = st.lists(st.integers(1, 100), min_size=len(CODES), max_size=len(CODES))
    known, unknown = (np.array(draw(values), dtype=float) for _ in range(2))
    weight = draw(st.sampled_from([0.2, 0.5, 0.9]))
    known, unknown = known / known.sum(), unknown / unknown.sum()
    floor, cap = draw(st.sampled_from([0.0, 100.0, 180.0])), draw(st.sampled_from([220.0, 350.0, np.inf]))
    scores = (1 - weight) * known + weight * unknown
    amounts = np.asarray(bounded_amounts(scores, 1000.0, np.full(5, floor), np.full(5, cap)))
    assume(not np.isnan(amounts).any())
    return Remaining(amounts, amounts == floor, amounts == cap, weight), (1 - weight) * known, floor, cap


def ends_by_programs(published, known):
    """Return the least and the greatest t by two linear programs over t and the scores."""
    n = len(known)
    equal, to = [np.concatenate([[0.0], np.ones(n)])], [1.0]
    rows = []
    for rank, amount in enumerate(published.amounts):
        row = np.zeros(n + 1)
        row[0], row[rank + 1] = -amount, 1.0
        if published.low[rank]:
            rows.append(row)
        elif published.high[rank]:
            rows.append(-row)
        else:
            equal.append(row)
            to.append(0.0)
    ranges = [(1e-5, 1 / published.amounts.min())] + [(score, None) for score in known]
    rows = np.array(rows) if rows else None
    limits = None if rows is None else np.zeros(len(rows))
    found = [linprog(np.eye(n + 1)[0] * sign, rows, limits, np.array(equal), to, ranges).x for sign in (1.0, -1.0)]
    return found[0][0], found[1][0]


@given(publications())
@settings(max_examples=150, deadline=None)
def test_the_interval_of_lambda_is_that_of_two_linear_programs(case):
    published, known, _, _ = case
    least, greatest = published.levels(known)
    low, high = ends_by_programs(published, known)
    assert min(float(greatest), 1 / published.amounts.min()) == pytest.approx(high, rel=1e-6)
    assert max(float(least), 1e-5) == pytest.approx(low, rel=1e-6)


@given(publications(), st.lists(st.floats(0, 0.999), min_size=6, max_size=6))
@settings(max_examples=200, deadline=None)
def test_every_point_gives_the_publication_back(case, chosen):
    published, known, floor, cap = case
    shares = published.shares(known[None, :], np.array([chosen])[:, : published.freedom])[0]
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1)
    again = bounded_amounts(known + published.weight * shares, 1000.0, np.full(5, floor), np.full(5, cap))
    np.testing.assert_allclose(again, published.amounts, atol=1e-6)


def test_known_scores_above_what_is_published_leave_no_criterion():
    published = Remaining(np.array([600.0, 400.0]), np.zeros(2, bool), np.zeros(2, bool), 0.5)
    known = np.array([[0.3, 0.2], [0.5, 0.0], [0.61, 0.0]])
    found = published.shares(known, np.full((3, 1), 0.5))
    assert np.isnan(found).all(axis=1).tolist() == [False, False, True]


def test_units_at_a_bound_share_what_is_left_to_them_up_to_what_each_can_hold():
    published = Remaining(np.array([800.0, 100.0, 100.0]), np.array([False, True, True]), np.zeros(3, bool), 1.0)
    chosen = np.random.default_rng(0).random((500, published.freedom))
    found = published.shares(np.zeros((500, 3)), chosen)
    levels = found[:, 0] / 800
    assert (found[:, 1:] <= levels[:, None] * 100 + 1e-12).all()
    assert found[:, 1].min() < 0.02
    assert found[:, 1].max() > 0.09


def half(criterion):
    return Criterion(criterion, Fraction(1, 2), 2020, "note", "p. 1")


def rule(**given):
    given = {"plancher": Fraction(100), **given}
    return Rule("r", "R", 2020, Fraction(1000), CODES, (half("a"), half("b")), **given)


def test_a_unit_published_at_its_plancher_is_at_it_and_the_others_make_the_envelope():
    frame = pd.DataFrame({"code_departement": CODES, "a": [9, 5, 5, 2, 1], "b": [9, 6, 4, 2, 1]})
    amounts = allocate(rule(), frame).final
    found = Remaining.of(PublishedAmounts.read(rule(), amounts), "b")
    assert found.low.tolist() == [amount == 100 for amount in amounts.values()]
    assert found.amounts.sum() == pytest.approx(1000)
    assert np.abs(found.amounts - np.array([float(amount) for amount in amounts.values()])).max() <= 0.5


def test_amounts_between_what_rounds_to_them_sum_to_the_envelope_each_moved_in_proportion():
    """Rounded on their own, they sum to 1001 €: each lies 0.2 € under, the one at its plancher apart."""
    independent = rule(arrondi=Arrondi("independant"))
    found = Remaining.of(
        PublishedAmounts.read(independent, dict(zip(CODES, (301, 250, 200, 150, 100), strict=True))), "b"
    )
    assert found.low.tolist() == [False] * 4 + [True]
    assert found.high.tolist() == [False] * 5
    assert found.amounts.tolist() == pytest.approx([300.75, 249.75, 199.75, 149.75, 100])
    assert found.weight == 0.5
    assert found.freedom == 1


@pytest.mark.parametrize(("amount", "at"), [(250, True), (249, True), (248, False)])
def test_a_unit_within_the_tolerance_of_its_plafond_is_taken_to_be_at_it(amount, at):
    capped = rule(plancher=None, plafond=Fraction(250))
    found = Remaining.of(
        PublishedAmounts.read(capped, dict(zip(CODES, (amount, 200, 200, 200, 400 - amount), strict=True))), "b"
    )
    assert found.high.tolist() == [at, False, False, False, False]
    assert found.low.any() == False  # noqa: E712 - a NumPy boolean
    assert found.amounts[0] == (250 if at else pytest.approx(248))
    assert found.amounts.sum() == pytest.approx(1000)


def test_one_number_a_unit_at_a_bound_where_there_are_several():
    def at(low, high):
        return Remaining(np.full(4, 250.0), np.array(low, bool), np.array(high, bool), 0.5).freedom

    assert [
        at([0] * 4, [0] * 4),
        at([1, 0, 0, 0], [0] * 4),
        at([1, 0, 0, 0], [0, 0, 0, 1]),
        at([1, 1, 0, 0], [0, 0, 0, 1]),
    ] == [1, 1, 3, 4]


def test_amounts_that_cannot_sum_to_the_envelope_are_refused():
    with pytest.raises(InfeasibleError, match="sum to 1005"):
        Remaining.of(PublishedAmounts.read(rule(), dict.fromkeys(CODES, 201)), "b")


@pytest.mark.parametrize(
    ("bounds", "amounts"),
    [
        ({"plancher": None, "plafond": Fraction("250.4")}, (250, 250, 250, 125, 125)),
        ({"plancher": Fraction("99.6")}, (350, 350, 100, 100, 100)),
    ],
)
def test_units_at_their_bounds_must_leave_the_envelope_to_the_others(bounds, amounts):
    """Three bounds are 0.4 € from what is printed: the two others, known to half a euro, take up 1 € and not 1.2."""
    independent = rule(arrondi=Arrondi("independant"), **bounds)
    with pytest.raises(InfeasibleError, match="do not sum to the envelope with the units at their bounds"):
        Remaining.of(PublishedAmounts.read(independent, dict(zip(CODES, amounts, strict=True))), "b")


def test_a_criterion_without_weight_leaves_nothing():
    one = tuple(Criterion(name, Fraction(w), 2020, "n", "p") for name, w in (("a", 1), ("b", 0)))
    with pytest.raises(RuleError, match="leaves no trace"):
        Remaining.of(
            PublishedAmounts.read(Rule("r", "R", 2020, Fraction(10), CODES, one), dict.fromkeys(CODES, 2)), "b"
        )
