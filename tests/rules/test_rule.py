"""A rule is checked when it is built, and its file is read strictly."""

import copy
from dataclasses import replace
from fractions import Fraction

import pytest

from cdppe_analysis.errors import InfeasibleError, RuleError, ScenarioError, written
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Names, Rule, Scenario, apply_scenario
from cdppe_analysis.rules.parts import References
from cdppe_analysis.rules.rule import blank_paths, parse_rule
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import read_yaml

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
    assert (caught.value.criterion, caught.value.cell) == ("b", "essai")


def test_a_criterion_given_twice_is_refused():
    with pytest.raises(RuleError, match="given twice"):
        rule(criteres=(criterion("a", "0.5"), criterion("a", "0.5")))


def test_a_beneficiary_given_twice_is_refused():
    with pytest.raises(RuleError, match="given twice"):
        rule(beneficiaires=("03", "23", "03"))


def test_beneficiaries_stand_in_the_order_of_codes_as_text():
    found = rule(beneficiaires=("971", "2B", "30", "10000", "2A", "01")).beneficiaires
    assert found == ("01", "10000", "2A", "2B", "30", "971")


def test_a_plancher_above_the_plafond_is_refused_with_both():
    for plafond in (10, 0):
        with pytest.raises(RuleError, match=f"plancher of 20 € is above the plafond of {plafond} €") as caught:
            rule(plancher=Fraction(20), plafond=Fraction(plafond))
        assert caught.value.code is None, "all units have these bounds"


def test_planchers_above_the_envelope_are_refused_with_both_figures():
    """Worked example D of the method: four units, plancher 30, envelope 100."""
    with pytest.raises(InfeasibleError, match="4 beneficiaries sum to 120 €, more than the envelope of 100 €"):
        rule(plancher=Fraction(30))
    one = Garantie(Fraction(1), None, (("03", Fraction(101)),), "libre")
    with pytest.raises(InfeasibleError, match="4 beneficiaries sum to 101 €, more than the envelope of 100 €"):
        rule(garantie=one)


def test_plafonds_below_the_envelope_are_refused_with_both_figures():
    for plafond, total in ((20, 80), (Fraction(99, 4), 99), (0, 0)):
        with pytest.raises(InfeasibleError, match=f"4 beneficiaries sum to {total} €, less than the envelope of 100 €"):
            rule(plafond=Fraction(plafond))


def test_an_envelope_of_nothing_is_refused():
    with pytest.raises(RuleError, match="not above 0"):
        rule(enveloppe=Fraction(0))


def test_an_envelope_that_is_no_multiple_of_the_unit_is_refused():
    with pytest.raises(RuleError, match=r"100 € is no multiple of the rounding unit of 30 €"):
        rule(arrondi=Arrondi("plus_forts_restes", Fraction(30)))
    for method in ("independant", "aucun"):
        assert rule(arrondi=Arrondi(method, Fraction(30))).arrondi.unite_eur == 30


def test_the_stricter_of_plancher_and_garantie_wins():
    amounts = tuple((code, Fraction(amount)) for code, amount in zip(CODES, (15, 20, 30, 40), strict=True))
    built = rule(plancher=Fraction(15), garantie=Garantie(Fraction(9, 10), Fraction(11, 10), amounts, "erreur"))
    assert [(unit.low, unit.low_origin) for unit in built.bounds()] == [
        (Fraction(15), "plancher"),
        (Fraction(18), "garantie"),
        (Fraction(27), "garantie"),
        (Fraction(36), "garantie"),
    ]


def test_the_stricter_of_plafond_and_ceiling_of_a_garantie_wins():
    amounts = tuple((code, Fraction(amount)) for code, amount in zip(CODES, (10, 20, 30, 100), strict=True))
    built = rule(plafond=Fraction(34), garantie=Garantie(None, Fraction(11, 10), amounts))
    assert [(unit.high, unit.high_origin) for unit in built.bounds()] == [
        (Fraction(11), "garantie"),
        (Fraction(22), "garantie"),
        (Fraction(33), "garantie"),
        (Fraction(34), "plafond"),
    ]


def test_a_bound_equal_to_that_of_the_garantie_keeps_the_name_of_the_rule():
    amounts = tuple((code, Fraction(20)) for code in CODES)
    garantie = Garantie(Fraction(9, 10), Fraction(13, 10), amounts)
    (unit, *_) = rule(plancher=Fraction(18), plafond=Fraction(26), garantie=garantie).bounds()
    assert (unit.low, unit.high) == (18, 26)
    assert [unit.origin(side) for side in ("bas", "haut", "")] == ["plancher", "plafond", ""]


def test_a_plancher_above_what_the_garantie_allows_is_refused_naming_the_unit():
    for amount, ceiling in ((10, 11), (0, 0)):
        amounts = tuple(zip(CODES, map(Fraction, (amount, 30, 30, 40)), strict=True))
        garantie = Garantie(None, Fraction(11, 10), amounts, reference_nulle="bornee")
        with pytest.raises(InfeasibleError, match=f"plancher of 15 € is above the garantie of {ceiling} €") as caught:
            rule(plancher=Fraction(15), garantie=garantie)
        assert caught.value.code == "03"


def test_a_beneficiary_without_reference_amount_is_refused_unless_declared_free():
    garantie = Garantie(Fraction(1, 2), None, (("03", Fraction(10)),))
    with pytest.raises(RuleError, match="no reference amount") as caught:
        rule(garantie=garantie)
    assert caught.value.code == "23"
    assert rule(garantie=replace(garantie, sans_reference="libre")).bounds()[1].low == 0


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
    assert (free.low, free.high) == (0, None)
    assert (bound.low, bound.high) == (0, 0)


def test_a_garantie_of_100_percent_of_rounded_amounts_gives_back_what_rounding_made_and_no_more():
    """The published amounts of 2020 sum to a euro more than the envelope (annexe7-ondam-2020, B)."""
    amounts = tuple(zip(CODES, map(Fraction, (41, 30, 20, 10)), strict=True))
    whole = Garantie(Fraction(1), None, amounts, depassement="prorata")
    bounds = rule(garantie=whole).bounds()
    assert sum(unit.low for unit in bounds) == 100
    assert bounds[0].low == Fraction(41) * Fraction(100, 101)
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
        ({"enveloppe": Fraction(2**63)}, "envelope of 9223372036854775808 € is larger than any that is shared to the"),
    ],
)
def test_what_makes_no_rule_is_refused(changes, message):
    with pytest.raises(RuleError, match=message):
        rule(**changes)


def test_bounds_that_just_fit_are_kept():
    assert rule(plancher=Fraction(25), plafond=Fraction(25)).bounds()[0].low == 25
    assert rule(enveloppe=Fraction(2**63 - 1)).enveloppe == 2**63 - 1
    assert rule(plancher=Fraction(0)).bounds()[0].low_origin == ""
    assert rule(criteres=(criterion("a", "1"), criterion("b", "0"))).criterion("b").poids == 0
    amounts = tuple((code, Fraction(25)) for code in CODES)
    same = rule(garantie=Garantie(Fraction(1), Fraction(1), amounts)).bounds()[0]
    assert (same.low, same.high, same.low_origin, same.high_origin) == (25, 25, "garantie", "garantie")


def test_plafonds_leave_room_where_one_unit_has_none():
    free = (("03", Fraction(10)), ("23", Fraction(10)), ("59", Fraction(10)))
    built = rule(garantie=Garantie(None, Fraction(1), free, "libre"))
    assert [unit.high for unit in built.bounds()] == [10, 10, 10, None]


def test_minima_are_reduced_by_half_a_unit_a_beneficiary_at_most():
    """Four beneficiaries, whole euros: two euros more than the envelope, and no cent beyond; four of two euros each."""
    for unit, first in ((1, 42), (2, 44)):
        amounts = tuple(zip(CODES, map(Fraction, (first, 30, 20, 10)), strict=True))
        whole, rounding = Garantie(Fraction(1), None, amounts, depassement="prorata"), Arrondi(unite_eur=Fraction(unit))
        assert sum(unit.low for unit in rule(garantie=whole, arrondi=rounding).bounds()) == 100
        more = replace(whole, montants=(("03", first + Fraction("0.01")), *amounts[1:]))
        with pytest.raises(InfeasibleError, match=rf"sum to {first + 60}\.01 €"):
            rule(garantie=more, arrondi=rounding)


def test_only_the_minima_of_the_garantie_are_reduced_and_not_the_plancher():
    amounts = tuple(zip(CODES, map(Fraction, (41, 30, 20, 5)), strict=True))
    found = rule(plancher=Fraction(10), garantie=Garantie(Fraction(1), None, amounts, depassement="prorata")).bounds()
    assert [unit.low for unit in found] == [41 * Fraction(90, 91), 30 * Fraction(90, 91), 20 * Fraction(90, 91), 10]


def test_a_rule_that_changes_takes_a_name_of_its_own():
    found = rule().changed({"plancher": 5})
    assert (found.id, found.titre) == ("essai-modifiee", "Essai (modifiée)")


def test_a_scenario_gives_its_title_and_divides_the_weights_only_where_it_says_so():
    halves = rule(criteres=(criterion("a", "0.5"), criterion("b", "0.5")))
    differences = (("criteres.a.poids", "0.25"),)
    header = ("autre", "Un autre titre", "A", "R", "essai", "X")
    divided = apply_scenario(halves, Scenario(*header, differences, True, (), (), "autre")).rule
    assert (divided.id, divided.titre) == ("autre", "Un autre titre")
    assert [one.poids for one in divided.criteres] == [Fraction(1, 3), Fraction(2, 3)]
    with pytest.raises(ScenarioError, match="not to 1"):
        apply_scenario(halves, Scenario(*header, differences, False, (), (), "autre"))
    with pytest.raises(ScenarioError, match="not to 1"):
        halves.changed(dict(differences))


PLACE = {"source": "circulaire-2020-34", "emplacement": "annexe 4, IV"}
LISTS = {"deux": ["03", "23"], "corse-une": ["20", "23"]}


def content(**changes):
    mapping = {
        "id": "essai",
        "titre": "Essai",
        "millesime": 2020,
        "enveloppe": {"valeur": 1000, "unite": "EUR", **PLACE},
        "beneficiaires": "deux",
        "criteres": [
            {"id": "ase_0_17", "poids": "0.50", "millesime": 2017, **PLACE},
            {"id": "igb", "poids": "0.50", "millesime": 2019, **PLACE},
        ],
        "plancher": {"valeur": 100, "unite": "EUR", **PLACE},
        "plafond": None,
        "arrondi": {"methode": "plus_forts_restes", "unite_eur": 1},
    }
    return copy.deepcopy(mapping) | changes


def parse(mapping, references=None):
    return parse_rule(mapping, Names(LISTS, lambda: references or {}), "essai.yml")


def test_the_numbers_of_a_rule_keep_their_reference():
    rule = parse(content())
    assert rule.references.plancher is not None
    assert rule.references.plancher.emplacement == "annexe 4, IV"
    assert rule.references.plafond is None


def test_an_unknown_key_is_refused_with_the_nearest_known_and_its_place():
    with pytest.raises(RuleError, match="unknown key 'planchers'; the nearest is 'plancher'") as caught:
        parse(content(planchers=None))
    assert caught.value.cell == "essai.yml"


def test_an_unknown_key_of_a_criterion_is_refused():
    mapping = content()
    mapping["criteres"][1]["poid"] = "0.5"
    with pytest.raises(RuleError, match="the nearest is 'poids'") as caught:
        parse(mapping)
    assert caught.value.cell == "essai.yml, criteres, entry 2"


def test_a_weight_written_as_a_binary_number_is_refused():
    mapping = content()
    mapping["criteres"][0]["poids"] = 0.5
    with pytest.raises(RuleError, match=r"binary number .* '0\.5'"):
        parse(mapping)


@pytest.mark.parametrize("key", ["id", "titre", "millesime", "enveloppe", "beneficiaires", "criteres"])
def test_a_missing_key_is_named(key):
    mapping = content()
    del mapping[key]
    with pytest.raises(RuleError, match=f"the key '{key}' is missing"):
        parse(mapping)


@pytest.mark.parametrize("key", ["source", "emplacement"])
def test_a_number_without_its_reference_is_refused(key):
    mapping = content()
    del mapping["plancher"][key]
    with pytest.raises(RuleError, match=f"the key '{key}' is missing"):
        parse(mapping)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"enveloppe": {"valeur": 1, "unite": "USD", **PLACE}}, "the unit is 'USD'; only 'EUR' is known"),
        ({"enveloppe": 1000}, "expected keys and values"),
        ({"enveloppe": {"valeur": "1e3", **PLACE}}, "no exact number"),
        ({"enveloppe": {"valeur": True, **PLACE}}, "no number"),
        ({"beneficiaires": 30}, "a list of codes"),
        ({"beneficiaires": {"liste": "deux", "codes": ["03"], **PLACE}}, "either 'liste' or 'codes'"),
        ({"criteres": "ase_0_17"}, "a list of criteria"),
        ({"criteres": []}, "a list of criteria"),
        ({"titre": " "}, "expected a text"),
        ({"millesime": "2020"}, "expected a year"),
        ({"arrondi": {"methode": "plus_fort_reste"}}, "the nearest is 'plus_forts_restes'"),
        ({"enveloppe": {"valeur": 1000, **PLACE, "statut": "devine"}}, "no status"),
        ({"note": 3}, "expected a text"),
    ],
)
def test_a_value_of_another_kind_is_refused(changes, message):
    with pytest.raises(RuleError, match=message):
        parse(content(**changes))


def test_an_unknown_list_of_beneficiaries_is_refused_with_the_nearest():
    with pytest.raises(RuleError, match="the nearest is 'deux'"):
        parse(content(beneficiaires="deuxx"))


def test_a_beneficiary_that_is_no_code_is_refused_with_the_code_probably_meant():
    with pytest.raises(RuleError, match="'1' is no code of a département; probably '01'") as caught:
        parse(content(beneficiaires=["23", "1"]))
    assert (caught.value.code, caught.value.cell) == ("1", "essai.yml, beneficiaires, row 2")


def test_corse_beside_its_parts_is_refused():
    with pytest.raises(RuleError, match="the whole '20' stands beside its parts"):
        parse(content(beneficiaires=["20", "2A", "2B"]))


def test_the_rounding_may_be_left_out():
    mapping = content()
    del mapping["arrondi"]
    assert parse(mapping).arrondi.methode == "plus_forts_restes"


def test_weights_that_miss_one_are_refused_with_the_file():
    mapping = content()
    mapping["criteres"][0]["poids"] = "0.40"
    with pytest.raises(RuleError, match=r"sum to 0\.9") as caught:
        parse(mapping)
    assert caught.value.cell == "essai.yml"


def test_bounds_that_leave_no_allocation_are_infeasible():
    with pytest.raises(InfeasibleError, match="1200 €, more than the envelope of 1000 €"):
        parse(content(plancher={"valeur": 600, **PLACE}))


def test_a_garantie_takes_named_reference_amounts():
    garantie = {"minimum": "0.95", "reference": "2019", **PLACE}
    rule = parse(content(garantie=garantie), references={"2019": {"03": 400, "23": "500.5"}})
    assert rule.bounds()[1].low == Fraction("475.475")


def test_an_unknown_name_of_reference_amounts_is_refused():
    garantie = {"minimum": "0.95", "reference": "2018", **PLACE}
    with pytest.raises(RuleError, match="the nearest is '2019'"):
        parse(content(garantie=garantie), references={"2019": {"03": 1, "23": 1}})


@pytest.mark.parametrize(
    ("garantie", "message"),
    [
        ({"minimum": "1", **PLACE}, "either 'reference' or 'montants'"),
        ({"minimum": "1", "montants": 3, **PLACE}, "an amount by code"),
        ({"minimum": "1", "montants": {"1": 3}, **PLACE}, "probably '01'"),
        ({"minimum": "1", "montants": {"03": 3, "23": 3}, "sans_reference": "non", **PLACE}, "neither 'erreur'"),
        ({"minimum": "1", "montants": {"03": 3, "23": 3}, "reference_nulle": "non", **PLACE}, "neither 'libre'"),
        ({"minimum": "1", "montants": {"03": 3, "23": 3}, "depassement": "non", **PLACE}, "neither 'erreur'"),
    ],
)
def test_a_garantie_that_cannot_be_read_is_refused(garantie, message):
    with pytest.raises(RuleError, match=message):
        parse(content(garantie=garantie))


def test_a_rule_written_back_is_the_same_rule():
    mapping = content(
        enveloppe={"valeur": "1000.5", **PLACE, "emplacement": "p. 1"},
        garantie={"minimum": "1/3", "montants": {"03": 30, "23": 60}, **PLACE, "emplacement": "p. 2"},
        beneficiaires={"liste": "deux", "statut": "hypothese", **PLACE, "emplacement": "p. 3"},
        plafond={"valeur": "900.50", **PLACE, "emplacement": "p. 4"},
        arrondi={"methode": "independant", "unite_eur": "0.01"},
        note="Une note.",
    )
    mapping["criteres"][0] |= {"libelle": "Enfants", "edition": "tous-ages", "variantes": ["hors-jeunes-majeurs-2020"]}
    mapping["criteres"][1] |= {"statut": "hypothese", "note": "Une supposition."}
    rule = parse(mapping)
    assert parse(rule.mapping()) == rule
    assert "statut" not in rule.mapping()["plafond"]
    built = replace(rule, references=References()).mapping()["plancher"]
    assert built == {"valeur": "100", "unite": "EUR", "source": "sans source", "emplacement": "sans emplacement",
                     "statut": "hypothese"}  # fmt: skip
    assert rule.mapping()["criteres"][1]["statut"] == "hypothese"


def _lists():
    return {
        listed["id"]: listed["codes"]
        for listed in (read_yaml(path) for path in sorted((data_dir() / "beneficiaires").glob("*.yml")))
    }


def test_every_rule_file_is_read_and_named_after_its_rule():
    lists = _lists()
    for path in sorted((data_dir() / "rules").glob("*.yml")):
        assert parse_rule(read_yaml(path), Names(lists), path.name).id == path.stem


def test_the_first_wave_has_thirty_beneficiaries_with_corse_as_one():
    """Circulaire 2020-34, annexe 1."""
    codes = _lists()["cdppe-2020"]
    assert len(codes) == 30
    assert "20" in codes


def test_the_ondam_rule_is_the_one_printed():
    """Annexe 7, A and circulaire 2020-34, annexe 4, IV.A: half ASE, half IGB, at least 100 000 €, 15 M€ in all."""
    rule = parse_rule(read_yaml(data_dir() / "rules" / "ondam-ms-2020.yml"), Names(_lists()), "ondam-ms-2020.yml")
    assert {c.id: (c.poids, c.millesime) for c in rule.criteres} == {
        "ase_0_17": (Fraction(1, 2), 2017),
        "igb": (Fraction(1, 2), 2019),
    }
    assert (rule.enveloppe, rule.plancher, rule.plafond) == (15_000_000, 100_000, None)


def printed(name):
    return parse_rule(read_yaml(data_dir() / "rules" / f"{name}.yml"), Names(_lists()), f"{name}.yml")


def test_the_fir_rule_is_the_one_printed():
    """Circulaire 2020-34, annexe 4, II.A: four criteria, from 100 000 to 1 000 000 € a département; 15 M€ (I)."""
    rule = printed("fir-2020")
    assert {c.id: (c.poids, c.millesime) for c in rule.criteres} == {
        "enfants_0_6": (Fraction(1, 2), 2019),
        "menages_pauvres": (Fraction(3, 10), 2016),
        "asf": (Fraction(1, 10), 2018),
        "aeeh": (Fraction(1, 10), 2018),
    }
    assert (rule.enveloppe, rule.plancher, rule.plafond) == (15_000_000, 100_000, 1_000_000)
    assert len(rule.beneficiaires) == 30


def test_the_rule_of_the_programme_304_is_the_one_printed():
    """Circulaire 2020-34, annexe 4, III.A and III.B: 28.5, 28.5, 28.5 and 14.5 %, 600 000 to 4 500 000 €; 50 M€."""
    rule = printed("p304-2020")
    assert {c.id: (c.poids, c.millesime) for c in rule.criteres} == {
        "enfants_0_19": (Fraction(57, 200), 2019),
        "menages_pauvres": (Fraction(57, 200), 2016),
        "ase_0_17": (Fraction(57, 200), 2017),
        "mesures_jeunes_majeurs": (Fraction(29, 200), 2017),
    }
    assert (rule.enveloppe, rule.plancher, rule.plafond) == (50_000_000, 600_000, 4_500_000)


def test_what_the_instruction_of_2025_does_not_give_is_said_to_be_a_hypothesis():
    """Instruction 2025-60, annexe 2, 2.2: weights and years, but neither total, beneficiaries nor bounds."""
    rule = printed("p304-2025")
    assert [(c.poids, c.millesime) for c in rule.criteres] == [
        (Fraction(57, 200), 2022),
        (Fraction(57, 200), 2021),
        (Fraction(57, 200), 2022),
        (Fraction(29, 200), 2022),
    ]
    assert rule.references.enveloppe is not None
    assert rule.references.beneficiaires is not None
    assert (rule.references.enveloppe.statut, rule.references.beneficiaires.statut) == ("hypothese", "hypothese")
    assert (rule.plancher, rule.plafond) == (None, None)


def test_minima_that_are_nothing_but_the_excess_are_not_reduced_to_nothing():
    """Planchers of 1 € fill an envelope of 3 €; the garantie of 2 € of one unit is all that exceeds it."""
    amounts = tuple((code, Fraction(2 * (code == "03"))) for code in CODES)
    whole = Garantie(Fraction(1), None, amounts, depassement="prorata")
    with pytest.raises(InfeasibleError, match="sum to 5 €"):
        rule(enveloppe=Fraction(3), plancher=Fraction(1), garantie=whole)


def test_the_codes_of_a_rule_are_written_under_their_key_where_they_have_a_reference():
    mapping = content(beneficiaires={"codes": ["03", "23"], **PLACE})
    written_back = parse(mapping).mapping()
    assert written_back["beneficiaires"] == {"codes": ["03", "23"], **PLACE}
    assert parse(content(beneficiaires=["03", "23"])).mapping()["beneficiaires"] == ["03", "23"]
    assert parse(content()).mapping()["beneficiaires"] == "deux"


def test_a_garantie_is_written_with_what_it_chooses_and_not_with_what_is_usual():
    amounts = {"montants": {"03": 30, "23": 60}, "minimum": "0.5", **PLACE}
    usual = parse(content(garantie=amounts)).mapping()["garantie"]
    assert set(usual) == {"minimum", "montants", "sans_reference", "source", "emplacement"}
    chosen = {"sans_reference": "libre", "reference_nulle": "bornee", "depassement": "prorata"}
    other = parse(content(garantie={**amounts, **chosen})).mapping()["garantie"]
    assert {key: other[key] for key in chosen} == chosen
    assert (other["minimum"], other["montants"]) == ("0.5", {"03": "30", "23": "60"})
    named = parse(content(garantie={"minimum": 1, "reference": "2019", **PLACE}), {"2019": {"03": 1, "23": 2}})
    assert named.mapping()["garantie"]["reference"] == "2019"
    assert "montants" not in named.mapping()["garantie"]


def test_what_is_to_be_filled_in_is_named_by_its_path():
    blanks = blank_paths({
        "titre": " À compléter ", "note": "à compléter un jour", "plancher": {"valeur": "A COMPLETER"},
        "criteres": [{"id": "igb", "poids": "à compléter"}, {"poids": "à compléter"}, "à compléter", 3],
    })  # fmt: skip
    assert blanks == ["titre", "plancher.valeur", "criteres.igb.poids", "criteres.2.poids", "criteres.3"]


def test_the_blanks_of_one_thing_are_told_together():
    mapping = content(plancher="à compléter", titre="à compléter")
    mapping["criteres"][1] |= {"poids": "à compléter", "millesime": "à compléter"}
    with pytest.raises(RuleError) as refused:
        parse(mapping)
    assert refused.value.message == (
        "the rule is not complete: fill in titre; criteres.igb (poids, millesime); plancher (null for none)"
    )
    assert refused.value.cell == "essai.yml"


def test_weights_to_be_filled_in_are_equal_where_they_are_not_asked_for():
    mapping = content(titre="Essai")
    mapping["criteres"] += [{"id": "aeeh", "poids": "à compléter", "millesime": 2019, **PLACE}]
    with pytest.raises(RuleError, match=r"fill in criteres\.aeeh \(poids\)"):
        parse(mapping)
    unweighted = parse_rule(mapping, Names(LISTS), "essai.yml", weighted=False)
    assert [criterion.poids for criterion in unweighted.criteres] == [Fraction(1, 3)] * 3
    weighted = content()
    weighted["criteres"][0]["poids"], weighted["criteres"][1]["poids"] = "0.25", "0.75"
    kept = parse_rule(weighted, Names(LISTS), "essai.yml", weighted=False)
    assert [criterion.poids for criterion in kept.criteres] == [Fraction(1, 4), Fraction(3, 4)]
    mapping["criteres"][2]["millesime"] = "à compléter"
    with pytest.raises(RuleError, match=r"fill in criteres\.aeeh \(millesime\)"):
        parse_rule(mapping, Names(LISTS), "essai.yml", weighted=False)


def test_a_garantie_may_be_of_0_and_not_below():
    amounts = tuple((code, Fraction(0)) for code in CODES)
    assert rule(garantie=Garantie(Fraction(0), None, amounts)).bounds()[0].low == 0
    for given, message in (
        (Garantie(Fraction(-1), None, amounts), "the minimum of the garantie is -1, below 0"),
        (Garantie(None, Fraction(-1), amounts), "the maximum of the garantie is -1, below 0"),
        (Garantie(Fraction(1), None, ((CODES[0], Fraction(-1)), *amounts[1:])), "a reference amount .* is negative"),
        (Garantie(Fraction(1), None, (*amounts, amounts[0])), "a reference amount .* is given twice"),
    ):
        with pytest.raises(RuleError, match=message):
            rule(garantie=given)


def test_a_part_that_changes_keeps_the_label_of_its_unit():
    assert rule().label("23") == "Creuse"
    assert rule().label("zz") == "zz"


def test_a_plafond_to_be_filled_in_may_be_none_too():
    with pytest.raises(RuleError, match=r"fill in plancher \(null for none\); plafond \(null for none\)"):
        parse(content(plancher="à compléter", plafond="a completer"))
