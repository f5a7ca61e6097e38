"""One weight that moves, exact and held against a scan by the exact engine; all weights at once."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.simulation import measures, switching
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.simulation.switching import gaps_on_simplex, share_of_gain, switching_weights

CODES = ("03", "23", "59", "80", "973")
VALUES = pd.DataFrame(
    {
        "code_departement": CODES,
        "ase": [702, 330, 9555, 1893, 700],
        "igb": [90, 5, 1020, 300, 210],
        "population": [60, 20, 650, 130, 125],
    }
)


def rule(weights, **bounds):
    criteria = tuple(Criterion(name, Fraction(weight), 2019, "note", "p. 1") for name, weight in weights.items())
    bounds = {name: None if value is None else Fraction(value) for name, value in bounds.items()}
    return Rule("essai", "Essai", 2020, Fraction(1_000_000), CODES, criteria, **bounds)


def effect_at(given_rule, name, weight, before):
    others = [criterion for criterion in given_rule.criteres if criterion.id != name]
    rest = sum(criterion.poids for criterion in others)
    weights = {c.id: weight if c.id == name else (1 - weight) * c.poids / rest for c in given_rule.criteres}
    amounts = allocate(rule(weights, plancher=given_rule.plancher, plafond=given_rule.plafond), VALUES).exact
    gaps = {code: amounts[code] - before[code] for code in before}
    half = Fraction(1, 2)
    return {code: "gagnant" if g > half else "perdant" if g < -half else "inchange" for code, g in gaps.items()}


def test_without_bounds_the_switching_weight_is_where_the_share_equals_the_reference():
    """a(w) = E (w p + (1 - w) q) = before, a linear equation redone by hand."""
    whole = rule({"ase": "1/2", "igb": "1/2"})
    found = switching_weights(whole, VALUES, "ase", {"80": 160_000})
    ase, igb = Fraction(1893, 13180), Fraction(300, 1625)
    lower, upper = (
        (Fraction(bound, 1_000_000) - igb) / (ase - igb) for bound in (Fraction(320001, 2), Fraction(319999, 2))
    )
    assert found["effet"].tolist() == ["gagnant", "inchange", "perdant"]
    assert [Fraction(text) for text in found["a_exact"]] == [lower, upper, 1]


@pytest.mark.parametrize(
    "given_rule",
    [
        rule({"ase": "1/2", "igb": "1/2"}),
        rule({"ase": "1/2", "igb": "1/2"}, plancher=60_000),
        rule({"ase": "1/2", "igb": "1/2"}, plancher=100_000, plafond=500_000),
        rule({"ase": "1/4", "igb": "1/4", "population": "1/2"}, plancher=80_000, plafond=600_000),
        rule({"ase": "1/2", "igb": "1/2"}, plancher=200_000),
        rule({"ase": "1/2", "igb": "1/2"}, plafond=200_000),
        rule({"ase": "1/2", "igb": "1/2"}, plancher=100_000, plafond=300_000),
        rule({"ase": "1/2", "igb": "1/2"}, plancher=Fraction(2_000_000, 13), plafond=Fraction(3_500_000, 13)),
    ],
    ids=["no bound", "plancher", "both", "three criteria", "all at the plancher", "all at the plafond", "tight",
         "all at one or the other"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["ase", "igb"])
def test_a_scan_by_the_exact_engine_finds_the_same_effects(given_rule, name):
    before = allocate(rule({"ase": "7/10", "igb": "3/10"}, plancher=70_000), VALUES).exact
    found = switching_weights(given_rule, VALUES, name, before)
    for step in range(1, 20):
        weight = Fraction(step, 20) - Fraction(1, 97)
        expected = effect_at(given_rule, name, weight, before)
        for code in CODES:
            rows = found[found["code_departement"] == code]
            inside = rows[(rows["de"] < float(weight)) & (rows["a"] > float(weight))]
            assert inside["effet"].tolist() == [expected[code]], (code, weight)


def test_intervals_cover_all_weights_without_a_gap():
    found = switching_weights(rule({"ase": "1/2", "igb": "1/2"}, plancher=100_000), VALUES, "ase")
    for _, rows in found.groupby("code_departement"):
        assert rows["de_exact"].iloc[0] == "0"
        assert rows["a_exact"].iloc[-1] == "1"
        assert rows["a_exact"].tolist()[:-1] == rows["de_exact"].tolist()[1:]


def test_a_unit_that_stays_at_its_plancher_never_gains_nor_loses():
    found = switching_weights(rule({"ase": "1/2", "igb": "1/2"}, plancher=100_000), VALUES, "ase")
    assert found.loc[found["code_departement"] == "23", "effet"].tolist() == ["inchange"]


def test_against_the_rule_itself_a_unit_turns_at_the_official_weight():
    found = switching_weights(rule({"ase": "1/2", "igb": "1/2"}), VALUES, "ase")
    rows = found[found["code_departement"] == "03"]
    assert rows["effet"].tolist() == ["gagnant", "inchange", "perdant"]
    assert rows["de"].iloc[1] < 0.5 < rows["a"].iloc[1]


@settings(max_examples=15, deadline=None)
@given(
    values=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=5, max_size=5).filter(
        lambda rows: all(sum(column) for column in zip(*rows, strict=True))
    ),
    floor=st.integers(0, 200_000),
    weight=st.fractions(0, 1, max_denominator=50),
)
def test_any_rule_agrees_with_the_exact_engine(values, floor, weight):
    frame = pd.DataFrame({"code_departement": CODES, "ase": [v[0] for v in values], "igb": [v[1] for v in values]})
    given_rule = rule({"ase": "1/2", "igb": "1/2"}, plancher=floor)
    found = switching_weights(given_rule, frame, "ase", dict.fromkeys(CODES, 200_000))
    amounts = allocate(rule({"ase": weight, "igb": 1 - weight}, plancher=floor), frame).exact
    for code in CODES:
        rows = found[found["code_departement"] == code]
        gap = amounts[code] - 200_000
        expected = "gagnant" if gap > Fraction(1, 2) else "perdant" if gap < -Fraction(1, 2) else "inchange"
        holding = [row.effet for row in rows.itertuples() if Fraction(row.de_exact) <= weight <= Fraction(row.a_exact)]
        assert expected in holding


def test_a_criterion_that_the_rule_has_not_is_refused():
    with pytest.raises(ScenarioError, match="no criterion 'igv'; it has ase, igb"):
        switching_weights(rule({"ase": "1/2", "igb": "1/2"}), VALUES, "igv")


def test_the_only_criterion_of_a_rule_cannot_move():
    with pytest.raises(ScenarioError, match="only criterion"):
        switching_weights(rule({"ase": "1"}), VALUES, "ase")


SHARES = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.3, 0.2, 0.5]])
MODEL = Model(
    codes=("03", "23", "59"),
    criteria=("ase", "igb", "pauvrete"),
    observed=SHARES,
    weights=np.full(3, 1 / 3),
    envelope=900_000.0,
    floors=np.zeros(3),
    caps=np.full(3, np.inf),
    floor_origins=("",) * 3,
    cap_origins=("",) * 3,
)
OFFICIAL = {"03": 300_000.0, "23": 300_000.0, "59": 300_000.0}


@pytest.mark.parametrize(("criteria", "steps", "points"), [(2, 10, 11), (3, 100, 5151), (4, 20, 1771)])
def test_a_grid_holds_every_multiple_of_its_step(criteria, steps, points):
    grid = switching._weight_grid(criteria, steps)
    assert len(grid) == len({tuple(row) for row in grid.tolist()}) == points
    np.testing.assert_allclose(grid.sum(axis=1), 1)
    assert (grid >= 0).all()


def test_a_grid_that_is_too_large_is_refused():
    with pytest.raises(ScenarioError, match="too large"):
        switching._weight_grid(6, 100)


def test_a_simplex_of_no_dimension_is_refused():
    with pytest.raises(ScenarioError, match="two criteria"):
        switching._weight_grid(1, 10)


def test_at_a_corner_of_the_simplex_one_criterion_alone_shares():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 4)
    corner = gaps[(gaps["poids_ase"] == 1)].iloc[0]
    np.testing.assert_allclose(corner[["03", "23", "59"]], 900_000 * SHARES[0] - 300_000, atol=1e-6)


def test_without_bounds_a_unit_gains_on_one_side_of_a_plane():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 30)
    weights = gaps[["poids_ase", "poids_igb", "poids_pauvrete"]].to_numpy()
    np.testing.assert_allclose(gaps["03"], 900_000 * (weights @ SHARES[:, 0]) - 300_000, atol=1e-6)


def test_a_grid_of_one_step_has_a_point_a_criterion():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 1)
    weights = gaps[[f"poids_{criterion}" for criterion in MODEL.criteria]].to_numpy()
    assert sorted(weights.tolist()) == sorted(np.eye(len(MODEL.criteria)).tolist())


def test_gains_and_losses_of_all_units_cancel_at_every_point():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 10)
    assert gaps[["03", "23", "59"]].sum(axis=1).abs().max() < 1e-6


def test_the_share_of_gain_is_counted_on_the_grid():
    gaps = gaps_on_simplex(MODEL, OFFICIAL, 10)
    found = share_of_gain(gaps).set_index("code_departement")
    assert found.loc["03", "part_gain"] == pytest.approx((measures.effect(gaps["03"]) > 0).mean())
    assert (found["part_gain"] + found["part_perte"] <= 1).all()


def test_a_unit_without_a_reference_is_left_out():
    gaps = gaps_on_simplex(MODEL, {"03": 1.0}, 2)
    assert isinstance(gaps, pd.DataFrame)
    assert [name for name in gaps.columns if not name.startswith("poids")] == ["03"]


def test_intervals_of_one_effect_are_one_where_none_is_between_them():
    ends = [Fraction(end, 4) for end in range(5)]
    effects = ["gagnant", "gagnant", "perdant", "gagnant"]
    states = zip(effects, ends, ends[1:], strict=False)
    assert switching._merged("59", states) == [
        ("59", "gagnant", 0, Fraction(1, 2)), ("59", "perdant", Fraction(1, 2), Fraction(3, 4)),
        ("59", "gagnant", Fraction(3, 4), 1),
    ]  # fmt: skip


def test_a_gap_of_half_a_euro_is_held_by_the_dead_band():
    half, more = Fraction(1, 2), Fraction(1, 2) + Fraction(1, 10**9)
    assert [switching._effect(gap) for gap in (half, more, -half, -more, Fraction(0))] == [
        "inchange", "gagnant", "inchange", "perdant", "inchange",
    ]  # fmt: skip


def test_the_others_share_equally_where_the_rule_gives_them_no_weight():
    """The others have (1 - w) / 2 each: the Somme receives E (w p + (1 - w) (q + r) / 2)."""
    whole = rule({"ase": "1", "igb": "0", "population": "0"})
    found = switching_weights(whole, VALUES, "ase", {"80": 158_000})
    ase, others = Fraction(1893, 13180), (Fraction(300, 1625) + Fraction(130, 985)) / 2
    lower, upper = ((Fraction(158_000) + gap) / 1_000_000 for gap in (Fraction(-1, 2), Fraction(1, 2)))
    ends = sorted((end - others) / (ase - others) for end in (lower, upper))
    inside = [end for end in ends if 0 < end < 1]
    assert [Fraction(text) for text in found["a_exact"]] == [*inside, 1]


def test_the_share_of_the_simplex_leaves_out_what_neither_gains_nor_loses():
    gaps = pd.DataFrame({"poids_ase": [0, 0.5, 1], "23": [-0.6, 0.5, 0.6], "59": [0.0, -0.5, -9.0]})
    found = share_of_gain(gaps).set_index("code_departement")
    assert found.loc["23"].tolist() == [pytest.approx(1 / 3), pytest.approx(1 / 3)]
    assert found.loc["59"].tolist() == [0, pytest.approx(1 / 3)]


def test_a_grid_may_have_300_000_points_and_no_more(monkeypatch):
    with pytest.raises(ScenarioError, match="a grid of 300001 weights is too large: at most 300000"):
        switching._weight_grid(2, 300_000)
    monkeypatch.setattr(switching, "_MOST_POINTS", 4)
    assert switching._weight_grid(2, 3).tolist() == [[0, 1], [1 / 3, 2 / 3], [2 / 3, 1 / 3], [1, 0]]


@pytest.mark.parametrize(("criteria", "steps"), [(2, 0), (1, 1), (2, -1)])
def test_a_grid_needs_two_criteria_and_a_step(criteria, steps):
    with pytest.raises(ScenarioError, match="at least two criteria and one step"):
        switching._weight_grid(criteria, steps)
