"""Shapley contributions of combined changes."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Names, parse_rule
from cdppe_analysis.simulation.contributions import LARGEST, change_groups, contributions, shapley_values

CODES = ["03", "23", "59", "80"]
RULE = {
    "id": "base",
    "titre": "Base",
    "millesime": 2020,
    "enveloppe": {"valeur": 1_000_000, "unite": "EUR", "source": "note", "emplacement": "p. 1"},
    "beneficiaires": CODES,
    "criteres": [
        {"id": "ase", "poids": "0.50", "millesime": 2017, "source": "note", "emplacement": "p. 1"},
        {"id": "igb", "poids": "0.50", "millesime": 2019, "source": "note", "emplacement": "p. 1"},
    ],
    "plancher": {"valeur": 100_000, "unite": "EUR", "source": "note", "emplacement": "p. 1"},
}
CRITERIA = {
    2017: pd.DataFrame({"code_departement": CODES, "ase": [700, 300, 9000, 2000], "igb": [10, 2, 70, 18]}),
    2022: pd.DataFrame({"code_departement": CODES, "ase": [900, 200, 8000, 2900], "igb": [10, 2, 70, 18]}),
}


def amounts(differences):
    rule = parse_rule(RULE, Names(), "base.yml").changed(dict(differences))
    return allocate(rule, CRITERIA[rule.criterion("ase").millesime]).exact


DIFFERENCES = [
    ("criteres.ase.poids", "0.80"),
    ("criteres.igb.poids", "0.20"),
    ("criteres.ase.millesime", 2022),
    ("plancher", 200_000),
]


def test_the_contributions_sum_to_the_whole_difference_to_the_cent():
    found = contributions(DIFFERENCES, amounts).groupby("code_departement")["contribution"].sum()
    before, after = amounts([]), amounts(DIFFERENCES)
    for code in CODES:
        assert found[code] == pytest.approx(float(after[code] - before[code]), abs=0.005)


def test_each_change_moves_money_and_creates_none():
    found = contributions(DIFFERENCES, amounts).groupby("changement")["contribution"].sum()
    assert found.abs().max() < 1e-6


def test_a_contribution_is_the_mean_over_all_orders():
    groups = change_groups(DIFFERENCES)
    total = Fraction(0)
    orders = list(permutations(groups))
    for order in orders:
        before = [pair for label in order[: order.index("plancher")] for pair in groups[label]]
        total += amounts([*before, *groups["plancher"]])["23"] - amounts(before)["23"]
    found = contributions(DIFFERENCES, amounts).set_index(["code_departement", "changement"])["contribution"]
    assert found[("23", "plancher")] == pytest.approx(float(total / len(orders)))


def test_weights_are_one_change_since_they_only_sum_to_1_together():
    assert list(change_groups(DIFFERENCES)) == ["criteres", "criteres.ase.millesime", "plancher"]


def test_a_change_that_makes_no_rule_alone_is_named():
    clashing = [("plancher", 240_000), ("enveloppe", 960_000), ("plafond", 200_000)]
    with pytest.raises(ScenarioError, match="plafond alone makes no rule"):
        contributions(clashing, amounts)


def test_too_many_changes_are_refused():
    with pytest.raises(ScenarioError, match="11 changes are too many to tell apart: 2048 rules; at most 10"):
        contributions([(f"criteres.c{rank}.millesime", 2020) for rank in range(LARGEST + 1)], amounts)
    reached = np.array([[Fraction(chosen.bit_count())] for chosen in range(2**LARGEST)])
    assert shapley_values(reached).tolist() == [[1]] * LARGEST


@settings(max_examples=20, deadline=None)
@given(st.lists(st.fractions(-100, 100), min_size=8, max_size=8))
def test_shapley_values_sum_to_the_whole_exactly(worth):
    assert shapley_values(np.array(worth)[:, None]).sum() == worth[7] - worth[0]


def test_changes_that_do_the_same_contribute_the_same():
    reached = np.array([Fraction((chosen & 0b011).bit_count() ** 2) for chosen in range(8)])
    assert shapley_values(reached[:, None]).tolist() == [[Fraction(2)], [Fraction(2)], [Fraction(0)]]


def test_the_year_and_the_edition_of_a_criterion_are_one_change_and_its_weight_another():
    paths = ["criteres.ase.edition", "criteres.ase.poids", "criteres.ase.millesime", "criteres.igb", "arrondi.methode"]
    found = change_groups([(path, rank) for rank, path in enumerate(paths)])
    assert {label: [rank for _, rank in pairs] for label, pairs in found.items()} == {
        "criteres.ase.millesime": [0, 2],
        "criteres": [1, 3],
        "arrondi": [4],
    }


def test_a_unit_that_receives_nothing_under_some_changes_may_be_left_out():
    def received(chosen):
        return {"03": Fraction(8)} | ({"23": Fraction(4)} if ("plafond", 2) in chosen else {})

    found = contributions([("plancher", 1), ("plafond", 2)], received)
    assert found.to_numpy().tolist() == [
        ["03", "plancher", 0.0], ["03", "plafond", 0.0], ["23", "plancher", 0.0], ["23", "plafond", 4.0],
    ]  # fmt: skip


def counted(differences):
    """Share 100 € between two units: each change adds 1 € to the first."""
    return {"03": Fraction(50 + len(differences)), "23": Fraction(50 - len(differences))}


def test_ten_changes_are_told_apart_and_eleven_are_not():
    assert LARGEST == 10
    ten = [(f"changement_{rank}", "1") for rank in range(10)]
    found = contributions(ten, counted)
    assert found["contribution"].tolist() == [1.0] * 10 + [-1.0] * 10
    with pytest.raises(ScenarioError, match="11 changes are too many to tell apart: 2048 rules; at most 10"):
        contributions([*ten, ("changement_10", "1")], counted)


def test_what_makes_no_rule_is_named_by_the_fewest_changes():
    """The first two together make none, and so does the third alone: the third is named."""

    def refuse(differences):
        paths = {path for path, _ in differences}
        if {"a", "b"} <= paths or "c" in paths:
            raise ScenarioError("no rule")
        return counted(differences)

    with pytest.raises(ScenarioError, match=r"^c alone makes no rule"):
        contributions([("a", 1), ("b", 1), ("c", 1)], refuse)


def test_a_unit_that_one_set_of_changes_leaves_out_receives_nothing_there():
    def amounts_of(differences):
        return {"03": Fraction(10), "23": Fraction(4)} if differences else {"03": Fraction(10)}

    found = contributions([("a", 1)], amounts_of).set_index("code_departement")["contribution"]
    assert found.to_dict() == {"03": 0, "23": 4}


def test_the_year_and_the_edition_of_a_criterion_are_one_change():
    paths = ["criteres.a.edition", "criteres.b.poids", "criteres.a.millesime", "plancher", "garantie.base"]
    groups = change_groups([(path, 1) for path in paths])
    assert {label: [path for path, _ in pairs] for label, pairs in groups.items()} == {
        "criteres.a.millesime": ["criteres.a.edition", "criteres.a.millesime"], "criteres": ["criteres.b.poids"],
        "plancher": ["plancher"], "garantie": ["garantie.base"],
    }  # fmt: skip
