"""Rule files are read strictly."""

import copy
from fractions import Fraction

import pytest

from cdppe_analysis.errors import InfeasibleError, RuleError
from cdppe_analysis.rules import Names
from cdppe_analysis.rules.parsing import parse_rule, rule_mapping
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import read_yaml

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
    with pytest.raises(RuleError, match="unknown key 'planchers'; the nearest known is 'plancher'") as caught:
        parse(content(planchers=None))
    assert caught.value.cell == "essai.yml"


def test_an_unknown_key_of_a_criterion_is_refused():
    mapping = content()
    mapping["criteres"][1]["poid"] = "0.5"
    with pytest.raises(RuleError, match="the nearest known is 'poids'") as caught:
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
        ({"enveloppe": {"valeur": 1, "unite": "USD", **PLACE}}, "only 'EUR'"),
        ({"enveloppe": 1000}, "expected keys and values"),
        ({"enveloppe": {"valeur": "1e3", **PLACE}}, "no exact number"),
        ({"enveloppe": {"valeur": True, **PLACE}}, "no number"),
        ({"beneficiaires": 30}, "a list of codes"),
        ({"beneficiaires": {"liste": "deux", "codes": ["03"], **PLACE}}, "either 'liste' or 'codes'"),
        ({"criteres": "ase_0_17"}, "a list of criteria"),
        ({"criteres": []}, "a list of criteria"),
        ({"titre": " "}, "expected a text"),
        ({"millesime": "2020"}, "expected a year"),
        ({"arrondi": {"methode": "plus_fort_reste"}}, "the nearest known is 'plus_forts_restes'"),
        ({"enveloppe": {"valeur": 1000, **PLACE, "statut": "devine"}}, "no status"),
        ({"note": 3}, "expected a text"),
    ],
)
def test_a_value_of_another_kind_is_refused(changes, message):
    with pytest.raises(RuleError, match=message):
        parse(content(**changes))


def test_an_unknown_list_of_beneficiaries_is_refused_with_the_nearest():
    with pytest.raises(RuleError, match="the nearest known is 'deux'"):
        parse(content(beneficiaires="deuxx"))


def test_a_beneficiary_that_is_no_code_is_refused_with_the_code_probably_meant():
    with pytest.raises(RuleError, match="'1' is no code of a département; probably '01'"):
        parse(content(beneficiaires=["1", "23"]))


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
    assert rule.bounds()[1].bas == Fraction("475.475")


def test_an_unknown_name_of_reference_amounts_is_refused():
    garantie = {"minimum": "0.95", "reference": "2018", **PLACE}
    with pytest.raises(RuleError, match="the nearest known is '2019'"):
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
        garantie={"minimum": "1/3", "montants": {"03": 30, "23": 60}, **PLACE},
        beneficiaires={"liste": "deux", "statut": "hypothese", **PLACE},
        plafond={"valeur": "900.50", **PLACE},
        note="Une note.",
    )
    mapping["criteres"][0] |= {"libelle": "Enfants", "edition": "tous-ages", "variantes": ["hors-jeunes-majeurs-2020"]}
    mapping["criteres"][1] |= {"statut": "hypothese", "note": "Une supposition."}
    rule = parse(mapping)
    assert parse(rule_mapping(rule)) == rule
    assert "statut" not in rule_mapping(rule)["plafond"]
    assert rule_mapping(rule)["criteres"][1]["statut"] == "hypothese"


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
