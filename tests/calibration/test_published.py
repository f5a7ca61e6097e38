"""What a publication leaves of an unknown criterion, held against linear programs and the exact engine."""

from dataclasses import replace
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
from cdppe_analysis.errors import CriteriaError, InfeasibleError, RuleError, TableError, TerritoryError
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule
from cdppe_analysis.storage.tables import read_text_table

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


def test_where_all_units_are_at_planchers_of_their_own_lambda_falls_to_the_smallest():
    published = Remaining(np.array([700.0, 200.0, 100.0]), np.ones(3, bool), np.zeros(3, bool), 1.0)
    assert [float(end) for end in published.levels(np.zeros(3))] == pytest.approx([1 / 1000, 1 / 100])


def test_a_unit_that_the_known_criteria_explain_to_the_last_bit_has_none_of_the_other():
    """Seven parts of 25 of the half that is known are the 140 000 € of a million, but for a rounding of floats."""
    known = np.array([[0.14, 0.36]])
    assert known[0, 0] / 140_000 > 1 / 1_000_000
    published = Remaining(np.array([140_000.0, 860_000.0]), np.zeros(2, bool), np.zeros(2, bool), 0.5)
    assert published.shares(known, np.zeros((1, 1)))[0].tolist() == pytest.approx([0, 1])


def test_any_cut_between_two_units_at_their_plafond_is_as_likely_as_another():
    published = Remaining(np.array([400.0, 300.0, 300.0]), np.zeros(3, bool), np.array([False, True, True]), 1.0)
    chosen = np.random.default_rng(0).random((4000, published.freedom))
    chosen[:, 0] = 0.5
    found = published.shares(np.zeros((4000, 3)), chosen)
    more = found[:, 1:] - found[:, 1:].min()
    cut = more[:, 0] / more.sum(axis=1)
    assert np.quantile(cut, [0.1, 0.25, 0.5, 0.9]) == pytest.approx([0.1, 0.25, 0.5, 0.9], abs=0.03)


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
    with pytest.raises(InfeasibleError, match="do not sum to the envelope with the units at their bounds") as caught:
        Remaining.of(PublishedAmounts.read(independent, dict(zip(CODES, amounts, strict=True))), "b")
    assert caught.value.cell == "r"


def test_a_criterion_without_weight_leaves_nothing():
    one = tuple(Criterion(name, Fraction(w), 2020, "n", "p") for name, w in (("a", 1), ("b", 0)))
    with pytest.raises(RuleError, match="leaves no trace"):
        Remaining.of(
            PublishedAmounts.read(Rule("r", "R", 2020, Fraction(10), CODES, one), dict.fromkeys(CODES, 2)), "b"
        )


THREE = CODES[:3]
ONE = (Criterion("indice", Fraction(1), 2019, "note", "p. 1"),)


def three(amounts, tolerance="0.5", **bounds):
    """Return three amounts of an envelope of 100 €, known to half a euro."""
    own = Rule("essai", "Essai", 2020, Fraction(100), THREE, ONE, **bounds)
    return PublishedAmounts.read(own, dict(zip(THREE, amounts, strict=True)), Fraction(tolerance))


def guaranteed(*references):
    """Return a garantie from 80 to 100 % of the references."""
    return Garantie(Fraction(8, 10), Fraction(1), tuple(zip(THREE, map(Fraction, references), strict=True)))


@pytest.mark.parametrize(
    ("method", "amounts", "known_to"),
    [
        ("plus_forts_restes", (34, 34, 33), "1"),
        ("plus_forts_restes", (34, 34, 34), "1/2"),
        ("plus_forts_restes", (34, 33, 33), "1/2"),
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
    if method == "independant":
        tens = replace(rule, arrondi=Arrondi(method, Fraction(10)))
        assert PublishedAmounts.read(tens, given).tolerance == 5


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
        (("50.6", "30", "20"), {"garantie": guaranteed(50, 30, 20)}, "Ain, 50.6 €, is above its garantie of 50 €"),
        (("50", "30", "19"), {"garantie": guaranteed(50, 30, 25)}, "Allier, 19 €, is below its garantie of 20 €"),
    ],
)
def test_a_publication_may_miss_its_bounds_and_its_total_by_the_tolerance_and_no_more(amounts, bounds, said):
    known = three(amounts, **bounds)
    if said is None:
        known.check()
        return
    with pytest.raises(InfeasibleError, match=said.replace(".", r"\.")) as caught:
        known.check()
    named = {"Ain": "01", "Allier": "03"}.get(said.partition(",")[0])
    assert (caught.value.code, caught.value.cell) == (named, "essai")


def test_units_are_near_a_bound_up_to_the_gap_and_a_plancher_of_0_binds_no_one():
    known = three(("49.5", "30", "20.5"), plancher=Fraction(20), plafond=Fraction(50))
    assert known.near_bounds(Fraction(1, 2)) == ((False, False, True), (True, False, False))
    assert known.near_bounds(Fraction(49, 100)) == ((False,) * 3, (False,) * 3)
    assert three(("60", "39.7", "0.3")).near_bounds(Fraction(1, 2)) == ((False,) * 3, (False,) * 3)


@pytest.mark.parametrize(
    ("amounts", "bounds"),
    [(("40", "30", "28.6"), {"plafond": Fraction("40.2")}), (("40", "30", "31.4"), {"plancher": Fraction("30.3")})],
)
def test_what_amounts_can_sum_to_stops_at_their_bounds(amounts, bounds):
    three(amounts).check()
    with pytest.raises(InfeasibleError, match="too far from the envelope"):
        three(amounts, **bounds).check()


def frame(codes, values):
    return pd.DataFrame({"code_departement": codes, "montant_eur": values})


@pytest.mark.parametrize(
    ("amounts", "error", "message", "place"),
    [
        ({"01": 60, "02": 40}, CriteriaError, "a beneficiary has no published amount", ("03", "")),
        ({"01": 60, "02": None, "03": 10}, CriteriaError, "the published amount is missing", ("02", "row 2")),
        ({"01": 60, "02": 30, "03": "-0.5"}, CriteriaError, "the published amount is negative", ("03", "row 3")),
        (frame(THREE, [1, 1, 1]).drop(columns="montant_eur"), TableError, "has no column 'montant_eur'", ("", "")),
        (
            frame(THREE, [1, 1, 1]).drop(columns="code_departement"),
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
        PublishedAmounts.read(three((60, 30, 10)).rule, amounts)
    assert (caught.value.code or "", caught.value.cell or "") == place


def test_rows_are_named_by_the_file_and_the_line_that_they_were_read_from(tmp_path):
    (tmp_path / "m.csv").write_text("code_departement,montant_eur\n01,60\n\n02,n.d.\n03,10\n", encoding="utf-8")
    with pytest.raises(CriteriaError, match=r"is not a number: 'n\.d\.'") as caught:
        PublishedAmounts.read(three((60, 30, 10)).rule, read_text_table(tmp_path / "m.csv"))
    assert (caught.value.code, caught.value.cell) == ("02", "m.csv, row 4")
    (tmp_path / "m.csv").write_text("code_departement,montant_eur\n01,60\n\n2,30\n03,10\n", encoding="utf-8")
    with pytest.raises(TerritoryError, match="probably '02'") as unknown:
        PublishedAmounts.read(three((60, 30, 10)).rule, read_text_table(tmp_path / "m.csv"))
    assert unknown.value.cell == "row 4"


def test_an_amount_of_0_is_one_and_what_is_no_beneficiary_is_left_aside():
    found = PublishedAmounts.read(three((60, 30, 10)).rule, frame(["59", "03", "02", "01"], [9, 10, 0, 90]))
    assert found.amounts == (90, 0, 10)
    assert found.table.to_dict("list") == {
        "code_departement": ["01", "02", "03"],
        "libelle_departement": ["Ain", "Aisne", "Allier"],
        "montant_publie": [90.0, 0.0, 10.0],
    }


def test_units_of_another_kind_are_published_where_the_rule_names_them():
    rule = Rule("r", "R", 2020, Fraction(100), ("59350", "canton"), ONE)
    assert PublishedAmounts.read(rule, {"canton": 40, "59350": 60}).amounts == (60, 40)


def test_a_certificate_has_what_is_recomputed_less_what_is_published_and_parts_where_they_are_those_of_units():
    known = three(("50", "30", "20"), plancher=Fraction(20))
    level = known.level([Fraction(6, 10), Fraction(3, 10), Fraction(1, 10)])
    found = known.certified(level, [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)])
    assert found["montant_recalcule"].tolist() == pytest.approx([160 / 3, 80 / 3, 20])
    assert found["ecart_eur"].tolist() == pytest.approx([10 / 3, -10 / 3, 0])
    assert found["part"].tolist() == [0.5, 0.25, 0.25]
    assert "part" not in known.certified(level, [Fraction(1)]).columns


def test_a_unit_at_both_bounds_is_taken_to_be_at_the_lower_one():
    found = Remaining.of(
        PublishedAmounts.read(rule(plancher=Fraction(200), plafond=Fraction(200)), dict.fromkeys(CODES, 200)), "b"
    )
    assert (found.low.all(), found.high.any()) == (True, False)


def test_a_criterion_that_weighs_nothing_or_that_the_rule_has_not_is_refused():
    known = three((60, 30, 10))
    assert known.weight_of("indice") == 1
    with pytest.raises(RuleError, match="autre"):
        known.weight_of("autre")
