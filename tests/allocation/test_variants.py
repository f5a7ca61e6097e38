"""What the choice among estimates is worth, on the envelopes whose criteria are estimated."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from cdppe_analysis.allocation.variants import rule_variants, spread
from cdppe_analysis.data import load_criteria, load_rule, load_table
from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.rules import Criterion, Garantie, Rule

CODES = ("03", "23")
RULE = Rule("essai", "Essai", 2020, Fraction(100), CODES, (Criterion("enfants", Fraction(1), 2019, "note", "p. 1"),))


def frame(*values):
    return pd.DataFrame({"code_departement": CODES, "enfants": values})


@pytest.fixture(scope="module")
def published():
    return load_table("criteres")


@pytest.mark.parametrize("rule", ["fir-2020", "p304-2020", "p304-2025"])
def test_every_variant_of_a_rule_has_its_criteria_and_its_total(rule, published):
    built = load_rule(rule)
    frames = {name: load_criteria(variant, published) for name, variant in rule_variants(built).items()}
    found = spread(built, frames)
    assert len(found.bounds) == len(frames) >= 12
    assert (found.amounts.groupby("variante")["montant_eur"].sum() == built.enveloppe).all()


def test_the_reference_is_among_the_variants():
    found = spread(RULE, {"reference": frame(3, 1), "autre": frame(1, 1)}).table
    assert found[["montant_min", "montant_eur", "montant_max"]].to_numpy().tolist() == [[50, 75, 75], [25, 25, 50]]
    assert found[["variante_min", "variante_max"]].to_numpy().tolist() == [
        ["autre", "reference"],
        ["reference", "autre"],
    ]


def test_the_spread_is_the_largest_less_the_smallest_in_euros_and_of_the_reference():
    found = spread(RULE, {"autre": frame(1, 1), "reference": frame(3, 1), "troisieme": frame(4, 1)})
    table = found.table
    assert table["libelle_departement"].tolist() == ["Allier", "Creuse"]
    assert table["montant_eur"].tolist() == [75, 25]
    assert table["etendue_eur"].tolist() == [30, 30]
    assert table["etendue_part"].tolist() == pytest.approx([30 / 75, 30 / 25])
    assert found.amounts.to_numpy().tolist() == [
        [name, code, "", amount]
        for name, pair in (("autre", (50, 50)), ("reference", (75, 25)), ("troisieme", (80, 20)))
        for code, amount in zip(CODES, pair, strict=True)
    ]
    assert found.amounts.index.tolist() == list(range(6))


def test_units_at_each_bound_are_counted_by_variant():
    reference = tuple(zip(CODES, (Fraction(50), Fraction(50)), strict=True))
    bounds = {
        "plancher": {"plancher": Fraction(30)},
        "plafond": {"plafond": Fraction(70)},
        "garantie": {"garantie": Garantie(Fraction(3, 5), None, reference)},
    }
    columns = ["au_plancher", "au_plafond", "a_la_garantie"]
    for rank, changes in enumerate(bounds.values()):
        found = spread(replace(RULE, **changes), {"reference": frame(9, 1), "autre": frame(1, 1)}).bounds
        assert found["variante"].tolist() == ["reference", "autre"]
        assert found[columns].to_numpy().tolist() == [[int(place == rank) for place in range(3)], [0, 0, 0]]
        assert found["multiplicateur"].tolist()[1] == 100


def test_variants_are_named_by_the_editions_that_differ():
    pair = (
        Criterion("enfants", Fraction(1, 2), 2019, "note", "p. 1", edition="a", variantes=("b",)),
        Criterion("menages", Fraction(1, 2), 2019, "note", "p. 1", edition="c", variantes=("d",)),
    )
    found = rule_variants(replace(RULE, criteres=pair))
    assert [(name, *(c.edition for c in rule.criteres)) for name, rule in found.items()] == [
        ("reference", "a", "c"),
        ("menages=d", "a", "d"),
        ("enfants=b", "b", "c"),
        ("enfants=b + menages=d", "b", "d"),
    ]


def test_the_money_that_changes_hands_is_half_the_sum_of_the_differences():
    found = spread(RULE, {"reference": frame(3, 1), "autre": frame(1, 1), "troisieme": frame(2, 1)}).bounds
    assert found["euros_deplaces"].tolist() == [0, 25, 8]  # 67 and 33 €: whole euros are what is published


def test_a_spread_of_nothing_is_missing_and_not_0():
    for other in (frame(3, 0), frame(3, 1)):
        found = spread(RULE, {"reference": frame(3, 0), "autre": other}).table
        assert found["etendue_part"].isna().tolist() == [False, True]


def test_without_a_reference_there_is_no_spread():
    with pytest.raises(CriteriaError, match="there are autre"):
        spread(RULE, {"autre": frame(1, 1)})
    with pytest.raises(CriteriaError, match="there are none"):
        spread(RULE, {})


def test_an_error_names_the_variant():
    with pytest.raises(CriteriaError, match="in the variant 'autre', the value is negative") as caught:
        spread(RULE, {"reference": frame(1, 1), "autre": frame(1, -1)})
    assert (caught.value.code, caught.value.criterion, caught.value.cell) == ("23", "enfants", "row 2")
