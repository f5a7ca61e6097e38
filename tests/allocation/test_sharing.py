"""Allocation: the worked examples of the method, what holds of every allocation, what the choice of estimates moves."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate, rule_variants, spread
from cdppe_analysis.allocation.kernel import bounded_amounts
from cdppe_analysis.data import load_criteria, load_rule, load_table
from cdppe_analysis.errors import CriteriaError, InfeasibleError
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule

CODES = ("01", "02", "03", "04")
ONE = (Criterion("enfants", Fraction(1), 2019, "note", "p. 1"),)
TWO = tuple(Criterion(name, Fraction(1, 2), 2019, "note", "p. 1") for name in ("enfants", "menages"))


def rule(**changes) -> Rule:
    return replace(Rule("essai", "Essai", 2020, Fraction(100), CODES, ONE), **changes)


def frame(*values, codes=CODES):
    return pd.DataFrame({"code_departement": codes, "enfants": values})


def amounts(allocation):
    return allocation.table["montant_eur"].tolist()


def test_what_a_plancher_adds_is_shared_among_the_others():
    """Worked example A."""
    found = allocate(rule(plancher=Fraction(10)), frame(50, 30, 15, 5))
    assert list(found.exact.values()) == [Fraction(900, 19), Fraction(540, 19), Fraction(270, 19), 10]
    assert amounts(found) == [47, 29, 14, 10]
    assert found.table["borne"].tolist() == ["", "", "", "plancher"]
    assert found.table["unite_recue"].tolist() == [False, True, False, False]


def test_a_plafond_and_a_plancher_bind_together():
    """Worked example B."""
    found = allocate(rule(plancher=Fraction(10), plafond=Fraction(40)), frame(50, 30, 15, 5))
    assert amounts(found) == [40, 33, 17, 10]
    assert found.table["borne"].tolist() == ["plafond", "", "", "plancher"]


def test_ties_go_to_the_smaller_codes_whatever_the_order_of_the_rows():
    """Worked example C."""
    equal = rule(enveloppe=Fraction(10))
    assert amounts(allocate(equal, frame(1, 1, 1, 1))) == [3, 3, 2, 2]
    assert amounts(allocate(equal, frame(1, 1, 1, 1, codes=CODES[::-1]))) == [3, 3, 2, 2]


def test_planchers_above_the_envelope_are_an_error():
    """Worked example D."""
    with pytest.raises(InfeasibleError, match="120 €, more than the envelope of 100 €"):
        allocate(rule(plancher=Fraction(30)), frame(50, 30, 15, 5))


def test_a_score_of_0_gets_its_plancher_or_nothing():
    assert amounts(allocate(rule(plancher=Fraction(10)), frame(50, 50, 0, 0))) == [40, 40, 10, 10]
    assert amounts(allocate(rule(), frame(50, 50, 0, 0))) == [50, 50, 0, 0]


def test_the_envelope_is_lambda_and_what_the_bounds_bring():
    found = allocate(rule(plancher=Fraction(10), plafond=Fraction(40)), frame(50, 30, 15, 5))
    brought = found.bound_effects["apport_eur"].sum()
    assert float(found.multiplier) + brought == pytest.approx(100)
    assert found.bound_effects[["borne", "nombre"]].to_numpy().tolist() == [["plafond", 1], ["plancher", 1]]
    free = allocate(rule(), frame(50, 30, 15, 5)).bound_effects
    assert (len(free), free.dtypes.astype(str).tolist()) == (0, ["str", "str", "int64", "float64"])


def test_the_valeur_du_point_is_euros_a_unit_of_the_criterion():
    two = rule(criteres=TWO)
    found = allocate(two, frame(50, 30, 15, 5).assign(menages=[1, 2, 3, 4]))
    assert found.point_values == {"enfants": Fraction(1, 2), "menages": Fraction(5)}


def test_after_the_bounds_the_valeur_du_point_follows_lambda():
    found = allocate(rule(plancher=Fraction(10)), frame(50, 30, 15, 5))
    assert found.point_values == {"enfants": Fraction(1)}
    assert found.point_values_after_bounds == {"enfants": Fraction(18, 19)}


def test_the_trace_gives_every_step_in_the_declared_columns():
    found = allocate(rule(criteres=TWO), frame(50, 30, 15, 5).assign(menages=[1, 2, 3, 4]))
    assert list(found.table.columns) == [
        "code_departement", "libelle_departement",
        "valeur_enfants", "part_enfants", "part_ponderee_enfants",
        "valeur_menages", "part_menages", "part_ponderee_menages",
        "score", "montant_theorique", "borne", "montant_exact", "reste", "unite_recue", "montant_eur",
    ]  # fmt: skip
    first = found.table.iloc[0]
    assert first["libelle_departement"] == "Ain"
    assert (first["part_enfants"], first["part_ponderee_menages"], first["score"]) == (0.5, 0.05, 0.3)
    assert first["montant_theorique"] == 30


def test_every_column_of_the_trace_is_its_formula_for_an_envelope_that_is_no_integer():
    """Worked example B in half euros, on two criteria of unequal weights: 100.5 € between bounds of 10 and 40 €."""
    weights = {"enfants": Fraction(2, 5), "menages": Fraction(3, 5)}
    values = {"enfants": ["1.5", "2", "3", "0.5"], "menages": ["8", "1", "1", "0.25"]}
    built = rule(
        enveloppe=Fraction(201, 2),
        criteres=tuple(Criterion(name, weight, 2019, "note", "p. 1") for name, weight in weights.items()),
        plancher=Fraction(10),
        plafond=Fraction(40),
        arrondi=Arrondi("plus_forts_restes", Fraction(1, 2)),
    )
    found = allocate(built, pd.DataFrame({"code_departement": CODES, **values}))
    totals = {name: sum(map(Fraction, column)) for name, column in values.items()}
    shares = {name: [Fraction(v) / totals[name] for v in column] for name, column in values.items()}
    scores = [sum(weights[name] * shares[name][rank] for name in weights) for rank in range(4)]
    assert list(found.scores.values()) == scores
    level = (built.enveloppe - 50) / (scores[1] + scores[2])
    exacts = [Fraction(40), level * scores[1], level * scores[2], Fraction(10)]
    expected = {"libelle_departement": ["Ain", "Aisne", "Allier", "Alpes-de-Haute-Provence"]}
    for name, column in values.items():
        expected |= {
            f"valeur_{name}": column,
            f"part_{name}": shares[name],
            f"part_ponderee_{name}": [weights[name] * share for share in shares[name]],
        }
    expected |= {
        "score": scores,
        "montant_theorique": [built.enveloppe * score for score in scores],
        "borne": ["plafond", "", "", "plancher"],
        "montant_exact": exacts,
        "reste": [exact % Fraction(1, 2) for exact in exacts],
    }
    for name, column in expected.items():
        numbers = name not in ("libelle_departement", "borne")
        # The nearest float of each exact figure, and none beside it.
        assert found.table[name].tolist() == ([float(Fraction(v)) for v in column] if numbers else column), name
    received = found.table["unite_recue"]
    assert received.tolist() == [False, *(exacts[rank] % Fraction(1, 2) > Fraction(1, 4) for rank in (1, 2)), False]
    cut = [
        exact - exact % Fraction(1, 2) + Fraction(int(more), 2) for exact, more in zip(exacts, received, strict=True)
    ]
    assert list(found.final.values()) == cut == [Fraction(v) for v in found.table["montant_eur"]]
    assert found.table["montant_eur"].dtype == "float64"
    assert found.multiplier == level
    assert found.point_values == {name: weights[name] * built.enveloppe / totals[name] for name in weights}


def test_a_bound_tells_its_side_and_what_it_adds_to_lambda_s():
    """Worked example B: lambda is 1000/9, of which the first would have 500/9 and the last 50/9."""
    effects = allocate(rule(plancher=Fraction(10), plafond=Fraction(40)), frame(50, 30, 15, 5)).bound_effects
    assert effects["cote"].tolist() == ["haut", "bas"]
    assert effects["apport_eur"].tolist() == pytest.approx([40 - 500 / 9, 10 - 50 / 9])
    # Two units at the plancher leave 80 € to nine tenths of the scores: lambda is 800/9.
    (both,) = allocate(rule(plancher=Fraction(10)), frame(50, 40, 5, 5)).bound_effects.to_dict("records")
    assert both == {"borne": "plancher", "cote": "bas", "nombre": 2, "apport_eur": pytest.approx(20 - 80 / 9)}


def test_units_at_a_plancher_and_at_a_garantie_are_told_apart():
    """Of 60, 30, 5 and 5 %, with 40 € for the second and 10 € at least: the first has what is left."""
    garantie = Garantie(Fraction(1), None, tuple(zip(CODES, map(Fraction, (0, 40, 0, 0)), strict=True)))
    effects = allocate(rule(plancher=Fraction(10), garantie=garantie), frame(60, 30, 5, 5)).bound_effects
    assert effects[["borne", "cote", "nombre"]].to_numpy().tolist() == [["garantie", "bas", 1], ["plancher", "bas", 2]]


def test_the_largest_envelope_is_shared_to_the_euro_in_whole_numbers():
    found = allocate(rule(enveloppe=Fraction(2**63 - 1)), frame(1, 1, 1, 0))
    assert found.table["montant_eur"].dtype == "int64"
    assert sum(found.table["montant_eur"].tolist()) == 2**63 - 1


def test_a_beneficiary_of_another_kind_is_named_by_its_code_and_a_whole_by_its_name():
    assert [rule().label(code) for code in ("59", "20", "59350")] == ["Nord", "Corse", "59350"]


def test_a_garantie_binds_against_the_reference_amounts():
    references = tuple(zip(CODES, map(Fraction, (40, 35, 10, 10)), strict=True))
    found = allocate(rule(garantie=Garantie(Fraction(9, 10), Fraction(11, 10), references)), frame(50, 30, 15, 5))
    assert found.table["borne"].tolist() == ["garantie", "", "garantie", "garantie"]
    assert amounts(found) == [44, 36, 11, 9]


def test_independent_rounding_says_by_how_much_it_misses():
    independent = rule(enveloppe=Fraction(10), arrondi=Arrondi("independant"))
    found = allocate(independent, frame(1, 1, 1, 1))
    assert amounts(found) == [3, 3, 3, 3]
    assert found.rounding_gap == 2


def test_amounts_may_stay_exact():
    found = allocate(rule(arrondi=Arrondi("aucun")), frame(1, 1, 1, 0))
    assert found.final["01"] == Fraction(100, 3)
    assert found.table["montant_eur"].dtype == "float64"


def test_what_is_ignored_is_said():
    assert allocate(rule(), frame(1, 2, 3, 4)).message == ""
    more = pd.concat([frame(1, 2, 3, 4).assign(rsa=1), frame(9, codes=["59"])])
    found = allocate(rule(), more)
    assert found.message == "ignored columns that the rule does not use: rsa; rows that are no beneficiaries: 59"
    assert allocate(rule(), more.drop(columns="rsa")).message == "ignored rows that are no beneficiaries: 59"


def test_rounding_without_room_names_the_rule():
    with pytest.raises(InfeasibleError, match="no room for whole amounts") as caught:
        allocate(rule(enveloppe=Fraction(10), plafond=Fraction(5, 2)), frame(1, 1, 1, 1))
    assert caught.value.cell == "essai"


orders = st.floats(-6, 6).map(lambda power: 10.0**power)


@st.composite
def cases(draw, bounded=True):
    n = draw(st.integers(2, 12))
    k = draw(st.integers(1, 4))
    parts = draw(st.lists(st.integers(1, 9), min_size=k, max_size=k))
    envelope = draw(st.integers(1, 10**13))
    codes = [f"{59000 + rank}" for rank in range(n)]
    criteria = tuple(
        Criterion(f"c{rank}", Fraction(part, sum(parts)), 2019, "note", "p. 1") for rank, part in enumerate(parts)
    )
    values = {c.id: draw(st.lists(orders | st.just(0.0), min_size=n, max_size=n).filter(any)) for c in criteria}
    mean = Fraction(envelope, n)
    floor = draw(st.none() | st.integers(0, 100).map(lambda part: Fraction(part, 100) * mean)) if bounded else None
    cap = draw(st.none() | st.integers(101, 900).map(lambda part: Fraction(part, 100) * mean)) if bounded else None
    built = Rule("essai", "Essai", 2020, Fraction(envelope), tuple(codes), criteria, floor, cap)
    return built, pd.DataFrame({"code_departement": codes, **values})


def attempt(built, criteria):
    try:
        return allocate(replace(built, arrondi=Arrondi("aucun")), criteria)
    except InfeasibleError:
        return None


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_total_is_the_envelope_and_every_bound_holds(case):
    found = attempt(*case)
    if found is None:
        return
    assert sum(found.exact.values()) == case[0].enveloppe
    for unit, amount in zip(case[0].bounds(), found.exact.values(), strict=True):
        assert unit.low <= amount
        assert unit.high is None or amount <= unit.high


@settings(max_examples=40, deadline=None)
@given(cases())
def test_whole_euros_sum_to_the_envelope_each_within_a_euro(case):
    try:
        found = allocate(*case)
    except InfeasibleError:
        return
    assert sum(found.final.values()) == case[0].enveloppe
    if case[0].plafond is None:
        assert all(abs(found.final[code] - exact) < 1 for code, exact in found.exact.items())
    else:
        assert all(final <= case[0].plafond for final in found.final.values())


@settings(max_examples=30, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(case, random):
    built, criteria = case
    order = list(range(len(criteria)))
    random.shuffle(order)
    first, second = attempt(built, criteria), attempt(built, criteria.iloc[order])
    assert (first and first.exact) == (second and second.exact)


@settings(max_examples=30, deadline=None)
@given(cases(), st.integers(1, 10**6))
def test_the_unit_of_a_criterion_changes_nothing(case, factor):
    built, criteria = case
    scaled = criteria.assign(c0=[Fraction(str(value)) * factor for value in criteria["c0"]])
    first, second = attempt(built, criteria), attempt(built, scaled)
    assert (first and first.exact) == (second and second.exact)


@settings(max_examples=30, deadline=None)
@given(cases(bounded=False))
def test_without_bounds_amounts_are_proportional_to_scores(case):
    found = attempt(*case)
    assert all(amount == case[0].enveloppe * found.scores[code] for code, amount in found.exact.items())
    assert found.multiplier == case[0].enveloppe


@settings(max_examples=30, deadline=None)
@given(cases(), st.integers(1, 10**6))
def test_a_plafond_above_everything_changes_nothing(case, more):
    built, criteria = case
    open_ended = replace(built, plafond=None)
    capped = replace(built, plafond=built.enveloppe + more)
    assert attempt(open_ended, criteria).exact == attempt(capped, criteria).exact


@settings(max_examples=40, deadline=None)
@given(cases(), st.data())
def test_a_larger_value_never_brings_less(case, data):
    built, criteria = case
    rank = data.draw(st.integers(0, len(criteria) - 1))
    more = criteria.copy()
    more["c0"] = [value * (1.5 if row == rank else 1) for row, value in enumerate(criteria["c0"])]
    first, second = attempt(built, criteria), attempt(built, more)
    code = criteria["code_departement"].iloc[rank]
    if first and second:
        assert second.exact[code] >= first.exact[code]


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(1, 10**6))
def test_a_larger_envelope_never_brings_less(case, more):
    built, criteria = case
    larger = replace(built, enveloppe=built.enveloppe + more, plafond=built.plafond and built.plafond + more)
    smaller = replace(larger, enveloppe=built.enveloppe)
    first, second = attempt(smaller, criteria), attempt(larger, criteria)
    if first and second:
        assert all(second.exact[code] >= amount for code, amount in first.exact.items())


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 400), st.integers(1, 50), st.integers(0, 2**32 - 1), st.integers(0, 13))
def test_many_units_and_criteria_sum_to_the_envelope_as_the_kernel_says(n, k, seed, power):
    """Up to 50 criteria whose values spread over 12 orders of magnitude, envelopes from 1 to 10^13 €."""
    generator = np.random.default_rng(seed)
    codes = tuple(f"u{rank:03d}" for rank in range(n))
    criteria = tuple(Criterion(f"c{rank}", Fraction(1, k), 2019, "note", "p. 1") for rank in range(k))
    values = {criterion.id: 10.0 ** generator.uniform(-6, 6, n) for criterion in criteria}
    envelope = Fraction(10**power)
    floor, cap = envelope / n / 3, envelope / n * 3
    built = Rule("essai", "Essai", 2020, envelope, codes, criteria, floor, cap, arrondi=Arrondi("aucun"))
    try:
        found = allocate(built, pd.DataFrame({"code_departement": codes, **values}))
    except InfeasibleError:
        return
    assert sum(found.exact.values()) == envelope
    assert all(floor <= amount <= cap for amount in found.exact.values())
    scores = [float(score) for score in found.scores.values()]
    amounts = bounded_amounts(scores, float(envelope), np.full(n, float(floor)), np.full(n, float(cap)))
    for amount, exact in zip(amounts, found.exact.values(), strict=True):
        assert abs(Fraction(float(amount)) - exact) <= Fraction(1, 10**6) + exact / 10**14


def test_forty_thousand_units_and_a_large_envelope_stay_exact():
    n = 40_000
    codes = tuple(f"u{rank:05d}" for rank in range(n))
    built = Rule("essai", "Essai", 2020, Fraction(10**13), codes, ONE, plancher=Fraction(10**8))
    found = allocate(built, pd.DataFrame({"code_departement": codes, "enfants": range(1, n + 1)}))
    assert sum(found.final.values()) == 10**13


TWO_CODES = ("03", "23")
PAIR = Rule(
    "essai", "Essai", 2020, Fraction(100), TWO_CODES, (Criterion("enfants", Fraction(1), 2019, "note", "p. 1"),)
)


def pair(*values):
    return pd.DataFrame({"code_departement": TWO_CODES, "enfants": values})


@pytest.fixture(scope="module")
def published():
    return load_table("criteres")


@pytest.mark.parametrize("name", ["fir-2020", "p304-2020", "p304-2025"])
def test_every_variant_of_a_rule_has_its_criteria_and_its_total(name, published):
    built = load_rule(name)
    frames = {variant: load_criteria(varied, published) for variant, varied in rule_variants(built).items()}
    found = spread(built, frames)
    assert len(found.bounds) == len(frames) >= 12
    assert (found.amounts.groupby("variante")["montant_eur"].sum() == built.enveloppe).all()


def test_the_reference_is_among_the_variants():
    found = spread(PAIR, {"reference": pair(3, 1), "autre": pair(1, 1)}).table
    assert found[["montant_min", "montant_eur", "montant_max"]].to_numpy().tolist() == [[50, 75, 75], [25, 25, 50]]
    assert found[["variante_min", "variante_max"]].to_numpy().tolist() == [
        ["autre", "reference"],
        ["reference", "autre"],
    ]


def test_the_spread_is_the_largest_less_the_smallest_in_euros_and_of_the_reference():
    found = spread(PAIR, {"autre": pair(1, 1), "reference": pair(3, 1), "troisieme": pair(4, 1)})
    table = found.table
    assert table["libelle_departement"].tolist() == ["Allier", "Creuse"]
    assert table["montant_eur"].tolist() == [75, 25]
    assert table["etendue_eur"].tolist() == [30, 30]
    assert table["etendue_part"].tolist() == pytest.approx([30 / 75, 30 / 25])
    assert found.amounts.to_numpy().tolist() == [
        [name, code, "", amount]
        for name, both in (("autre", (50, 50)), ("reference", (75, 25)), ("troisieme", (80, 20)))
        for code, amount in zip(TWO_CODES, both, strict=True)
    ]
    assert found.amounts.index.tolist() == list(range(6))


def test_units_at_each_bound_are_counted_by_variant():
    reference = tuple(zip(TWO_CODES, (Fraction(50), Fraction(50)), strict=True))
    bounds = {
        "plancher": {"plancher": Fraction(30)},
        "plafond": {"plafond": Fraction(70)},
        "garantie": {"garantie": Garantie(Fraction(3, 5), None, reference)},
    }
    columns = ["au_plancher", "au_plafond", "a_la_garantie"]
    for rank, changes in enumerate(bounds.values()):
        found = spread(replace(PAIR, **changes), {"reference": pair(9, 1), "autre": pair(1, 1)}).bounds
        assert found["variante"].tolist() == ["reference", "autre"]
        assert found[columns].to_numpy().tolist() == [[int(place == rank) for place in range(3)], [0, 0, 0]]
        assert found["multiplicateur"].tolist()[1] == 100


def test_variants_are_named_by_the_editions_that_differ():
    varied = (
        Criterion("enfants", Fraction(1, 2), 2019, "note", "p. 1", edition="a", variantes=("b",)),
        Criterion("menages", Fraction(1, 2), 2019, "note", "p. 1", edition="c", variantes=("d",)),
    )
    found = rule_variants(replace(PAIR, criteres=varied))
    assert [(name, *(c.edition for c in variant.criteres)) for name, variant in found.items()] == [
        ("reference", "a", "c"),
        ("menages=d", "a", "d"),
        ("enfants=b", "b", "c"),
        ("enfants=b + menages=d", "b", "d"),
    ]


def test_the_money_that_changes_hands_is_half_the_sum_of_the_differences():
    found = spread(PAIR, {"reference": pair(3, 1), "autre": pair(1, 1), "troisieme": pair(2, 1)}).bounds
    assert found["euros_deplaces"].tolist() == [0, 25, 8]  # 67 and 33 €: whole euros are what is published
    # 101 € rounded on their own: 76 and 25 €, then 51 and 51.
    each = replace(PAIR, enveloppe=Fraction(101), arrondi=Arrondi("independant"))
    assert spread(each, {"reference": pair(3, 1), "autre": pair(1, 1)}).bounds["euros_deplaces"].tolist() == [0, 25.5]


def test_a_spread_of_nothing_is_missing_and_not_0():
    for other in (pair(3, 0), pair(3, 1)):
        found = spread(PAIR, {"reference": pair(3, 0), "autre": other}).table
        assert found["etendue_part"].isna().tolist() == [False, True]


def test_without_a_reference_there_is_no_spread():
    with pytest.raises(CriteriaError, match="there are autre"):
        spread(PAIR, {"autre": pair(1, 1)})
    with pytest.raises(CriteriaError, match="there are none"):
        spread(PAIR, {})


def test_an_error_names_the_variant():
    with pytest.raises(CriteriaError, match="in the variant 'autre', the value is negative") as caught:
        spread(PAIR, {"reference": pair(1, 1), "autre": pair(1, -1)})
    assert (caught.value.code, caught.value.criterion, caught.value.cell) == ("23", "enfants", "row 2")
