"""A rule is checked when it is built."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cdppe_analysis.errors import InfeasibleError, RuleError, written
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule

CODES = ("03", "23", "59", "62")


def criterion(identifier: str = "ase_0_17", weight: str = "1") -> Criterion:
    return Criterion(identifier, Fraction(weight), 2017, "circulaire-2020-34", "annexe 4, IV.A")


def rule(**changes) -> Rule:
    return replace(Rule("essai", "Essai", 2020, Fraction(100), CODES, (criterion(),)), **changes)


def test_weights_of_decimal_text_sum_to_exactly_one():
    """The weights of the programme 304: circulaire 2020-34, annexe 4, III.A."""
    weights = ("0.285", "0.285", "0.285", "0.145")
    built = rule(criteres=tuple(criterion(f"c{rank}", weight) for rank, weight in enumerate(weights)))
    assert sum(c.poids for c in built.criteres) == 1


def test_weights_that_miss_one_are_refused_with_their_sum():
    with pytest.raises(RuleError, match=r"sum to 0\.95, not to 1: a 0\.5 \+ b 0\.45"):
        rule(criteres=(criterion("a", "0.5"), criterion("b", "0.45")))


def test_a_negative_weight_is_refused():
    with pytest.raises(RuleError, match=r"the weight -0\.5 is negative") as caught:
        rule(criteres=(criterion("a", "1.5"), criterion("b", "-0.5")))
    assert caught.value.criterion == "b"


def test_a_criterion_given_twice_is_refused():
    with pytest.raises(RuleError, match="given twice"):
        rule(criteres=(criterion("a", "0.5"), criterion("a", "0.5")))


def test_a_beneficiary_given_twice_is_refused():
    with pytest.raises(RuleError, match="given twice"):
        rule(beneficiaires=("03", "23", "03"))


def test_beneficiaries_stand_in_the_order_of_codes_as_text():
    assert rule(beneficiaires=("971", "2B", "30", "2A", "01")).beneficiaires == ("01", "2A", "2B", "30", "971")


def test_a_plancher_above_the_plafond_is_refused_with_both():
    with pytest.raises(RuleError, match="plancher of 20 € is above the plafond of 10 €"):
        rule(plancher=Fraction(20), plafond=Fraction(10))


def test_planchers_above_the_envelope_are_refused_with_both_figures():
    """Worked example D of the method: four units, plancher 30, envelope 100."""
    with pytest.raises(InfeasibleError, match="4 beneficiaries sum to 120 €, more than the envelope of 100 €"):
        rule(plancher=Fraction(30))


def test_plafonds_below_the_envelope_are_refused_with_both_figures():
    with pytest.raises(InfeasibleError, match="4 beneficiaries sum to 80 €, less than the envelope of 100 €"):
        rule(plafond=Fraction(20))


def test_an_envelope_of_nothing_is_refused():
    with pytest.raises(RuleError, match="not above 0"):
        rule(enveloppe=Fraction(0))


def test_an_envelope_that_is_no_multiple_of_the_unit_is_refused():
    with pytest.raises(RuleError, match=r"100 € is no multiple of the rounding unit of 30 €"):
        rule(arrondi=Arrondi("plus_forts_restes", Fraction(30)))


def test_the_stricter_of_plancher_and_garantie_wins():
    amounts = tuple((code, Fraction(amount)) for code, amount in zip(CODES, (15, 20, 30, 40), strict=True))
    built = rule(plancher=Fraction(15), garantie=Garantie(Fraction(9, 10), Fraction(11, 10), amounts, "erreur"))
    assert [(unit.bas, unit.origine_bas) for unit in built.bounds()] == [
        (Fraction(15), "plancher"),
        (Fraction(18), "garantie"),
        (Fraction(27), "garantie"),
        (Fraction(36), "garantie"),
    ]


def test_the_stricter_of_plafond_and_ceiling_of_a_garantie_wins():
    amounts = tuple((code, Fraction(amount)) for code, amount in zip(CODES, (10, 20, 30, 100), strict=True))
    built = rule(plafond=Fraction(34), garantie=Garantie(None, Fraction(11, 10), amounts))
    assert [(unit.haut, unit.origine_haut) for unit in built.bounds()] == [
        (Fraction(11), "garantie"),
        (Fraction(22), "garantie"),
        (Fraction(33), "garantie"),
        (Fraction(34), "plafond"),
    ]


def test_a_bound_equal_to_that_of_the_garantie_keeps_the_name_of_the_rule():
    amounts = tuple((code, Fraction(20)) for code in CODES)
    garantie = Garantie(Fraction(9, 10), Fraction(13, 10), amounts)
    (unit, *_) = rule(plancher=Fraction(18), plafond=Fraction(26), garantie=garantie).bounds()
    assert (unit.bas, unit.haut) == (18, 26)
    assert [unit.origin(side) for side in ("bas", "haut", "")] == ["plancher", "plafond", ""]


def test_a_plancher_above_what_the_garantie_allows_is_refused_naming_the_unit():
    amounts = tuple((code, Fraction(amount)) for code, amount in zip(CODES, (10, 30, 30, 40), strict=True))
    with pytest.raises(InfeasibleError, match="plancher of 15 € is above the garantie of 11 €") as caught:
        rule(plancher=Fraction(15), garantie=Garantie(None, Fraction(11, 10), amounts))
    assert caught.value.code == "03"


def test_a_beneficiary_without_reference_amount_is_refused_unless_declared_free():
    garantie = Garantie(Fraction(1, 2), None, (("03", Fraction(10)),))
    with pytest.raises(RuleError, match="no reference amount") as caught:
        rule(garantie=garantie)
    assert caught.value.code == "23"
    assert rule(garantie=replace(garantie, sans_reference="libre")).bounds()[1].bas == 0


@pytest.mark.parametrize(
    ("garantie", "message"),
    [
        (Garantie(None, None, ()), "neither a minimum nor a maximum"),
        (Garantie(Fraction(-1), None, ()), "below 0"),
        (Garantie(Fraction(2), Fraction(1), ()), "above its maximum"),
        (Garantie(Fraction(1), None, (("03", Fraction(1)), ("03", Fraction(2)))), "given twice"),
        (Garantie(Fraction(1), None, (("03", Fraction(-1)),)), "negative"),
    ],
)
def test_a_garantie_that_means_nothing_is_refused(garantie, message):
    with pytest.raises(RuleError, match=message):
        rule(garantie=garantie)


def test_an_unknown_criterion_is_refused_with_those_of_the_rule():
    with pytest.raises(RuleError, match="it has ase_0_17"):
        rule().criterion("igb")


def test_a_negative_fraction_is_written_in_decimals():
    assert written(Fraction(-1, 8)) == "-0.125"


def test_a_reference_amount_of_0_leaves_the_unit_free_unless_the_rule_bounds_it():
    amounts = (("03", Fraction(0)), ("23", Fraction(40)), ("59", Fraction(30)), ("62", Fraction(30)))
    garantie = Garantie(Fraction(9, 10), Fraction(11, 10), amounts)
    free = rule(garantie=garantie).bounds()[0]
    bound = rule(garantie=replace(garantie, reference_nulle="bornee")).bounds()[0]
    assert (free.bas, free.haut) == (0, None)
    assert (bound.bas, bound.haut) == (0, 0)


def test_a_garantie_of_100_percent_of_rounded_amounts_gives_back_what_rounding_made_and_no_more():
    """The published amounts of 2020 sum to a euro more than the envelope (annexe7-ondam-2020, B)."""
    amounts = tuple(zip(CODES, map(Fraction, (41, 30, 20, 10)), strict=True))
    whole = Garantie(Fraction(1), None, amounts, depassement="prorata")
    bounds = rule(garantie=whole).bounds()
    assert sum(unit.bas for unit in bounds) == 100
    assert bounds[0].bas == Fraction(41) * Fraction(100, 101)
    with pytest.raises(InfeasibleError, match="sum to 101 €"):
        rule(garantie=replace(whole, depassement="erreur"))
    with pytest.raises(InfeasibleError, match="sum to 111"):
        rule(garantie=replace(whole, minimum=Fraction(111, 101)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"beneficiaires": ()}, "no beneficiary"),
        ({"plancher": Fraction(-1)}, "the plancher of -1 € is negative"),
        ({"plafond": Fraction(-1)}, "the plafond of -1 € is negative"),
        ({"arrondi": Arrondi("au hasard")}, "'au hasard' is no way of rounding"),
        ({"arrondi": Arrondi("aucun", Fraction(0))}, "the rounding unit is 0 €"),
        ({"enveloppe": Fraction(-5)}, "not above 0"),
    ],
)
def test_what_makes_no_rule_is_refused(changes, message):
    with pytest.raises(RuleError, match=message):
        rule(**changes)


def test_bounds_that_just_fit_are_kept():
    assert rule(plancher=Fraction(25), plafond=Fraction(25)).bounds()[0].bas == 25
    assert rule(plancher=Fraction(0)).bounds()[0].origine_bas == ""
    assert rule(criteres=(criterion("a", "1"), criterion("b", "0"))).criterion("b").poids == 0
    amounts = tuple((code, Fraction(25)) for code in CODES)
    same = rule(garantie=Garantie(Fraction(1), Fraction(1), amounts)).bounds()[0]
    assert (same.bas, same.haut, same.origine_bas, same.origine_haut) == (25, 25, "garantie", "garantie")


def test_plafonds_leave_room_where_one_unit_has_none():
    free = (("03", Fraction(10)), ("23", Fraction(10)), ("59", Fraction(10)))
    built = rule(garantie=Garantie(None, Fraction(1), free, "libre"))
    assert [unit.haut for unit in built.bounds()] == [10, 10, 10, None]


def test_minima_are_reduced_by_half_a_unit_a_beneficiary_at_most():
    """Four beneficiaries, whole euros: two euros more than the envelope, and no cent beyond."""
    amounts = tuple(zip(CODES, map(Fraction, (42, 30, 20, 10)), strict=True))
    whole = Garantie(Fraction(1), None, amounts, depassement="prorata")
    assert sum(unit.bas for unit in rule(garantie=whole).bounds()) == 100
    more = replace(whole, montants=(("03", Fraction("42.01")), *amounts[1:]))
    with pytest.raises(InfeasibleError, match=r"sum to 102\.01 €"):
        rule(garantie=more)


def test_only_the_minima_of_the_garantie_are_reduced_and_not_the_plancher():
    amounts = tuple(zip(CODES, map(Fraction, (41, 30, 20, 5)), strict=True))
    found = rule(plancher=Fraction(10), garantie=Garantie(Fraction(1), None, amounts, depassement="prorata")).bounds()
    assert [unit.bas for unit in found] == [41 * Fraction(90, 91), 30 * Fraction(90, 91), 20 * Fraction(90, 91), 10]


def test_a_rule_that_changes_takes_a_name_of_its_own():
    found = rule().changed({"plancher": 5})
    assert (found.id, found.titre) == ("essai-modifiee", "Essai (modifiée)")
    named = rule().changed([("plancher", 5)], identifier="autre", titre="Autre")
    assert (named.id, named.titre) == ("autre", "Autre")
