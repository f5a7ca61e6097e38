"""The parts of a rule are read strictly, from a rule file as from a scenario."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cdppe_analysis.errors import RuleError
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Names, Reference
from cdppe_analysis.rules.parts import GARANTIE_CHOICES, read_part

MARK = Reference("scenario essai", "plancher", "hypothese")
NAMES = Names({"deux": ("03", "23")}, lambda: {"2019": {"23": 60, "03": "40.5"}})


def test_a_number_alone_is_an_amount_where_a_scenario_gives_its_reference():
    assert read_part("plancher", "12.5", NAMES, "essai", MARK) == ({"plancher": Fraction(25, 2)}, MARK)
    with pytest.raises(RuleError, match=r"found '12\.5'"):
        read_part("plancher", "12.5", NAMES, "essai.yml, plancher")


def test_a_reference_that_is_given_wins_over_that_of_the_scenario():
    value = {"valeur": 3, "source": "note", "emplacement": "p. 1", "statut": "publie", "note": "Arrondi."}
    assert read_part("plafond", value, NAMES, "essai", MARK)[1] == Reference("note", "p. 1", "publie", "Arrondi.")


def test_an_amount_of_a_scenario_has_no_other_key():
    with pytest.raises(RuleError, match="unknown key 'valuer'; the nearest is 'valeur'"):
        read_part("plafond", {"valuer": 3}, NAMES, "essai", MARK)


def test_what_is_taken_away_is_none_but_for_the_envelope():
    assert read_part("garantie", None, NAMES, "essai", MARK) == ({"garantie": None}, None)
    with pytest.raises(RuleError, match="a rule needs an envelope"):
        read_part("enveloppe", None, NAMES, "essai", MARK)


def test_the_name_of_a_list_is_kept_beside_its_codes():
    assert read_part("beneficiaires", "deux", NAMES, "essai") == (
        {"beneficiaires": ("03", "23"), "liste": "deux"},
        None,
    )
    assert read_part("beneficiaires", ["23", "59"], NAMES, "essai")[0]["liste"] is None


def test_named_reference_amounts_stand_in_the_order_of_codes():
    garantie = read_part("garantie", {"minimum": "0.9", "reference": "2019"}, NAMES, "essai", MARK)[0]["garantie"]
    assert garantie.montants == (("03", Fraction(81, 2)), ("23", Fraction(60)))
    assert (garantie.reference, garantie.minimum, garantie.maximum) == ("2019", Fraction(9, 10), None)


@pytest.mark.parametrize("name", [["2019"], 2019, {"a": 1}])
def test_reference_amounts_are_named_by_a_text(name):
    with pytest.raises(RuleError, match="there are no reference amounts") as caught:
        read_part("garantie", {"minimum": "1", "reference": name}, NAMES, "essai", MARK)
    assert caught.value.cell == "essai.reference"


def test_an_error_names_the_criterion_and_its_key():
    with pytest.raises(RuleError, match="expected a year") as caught:
        Criterion.read({"id": "igb", "poids": "1", "millesime": "2019"}, "essai.yml, entry 2", MARK)
    assert caught.value.cell == "essai.yml, entry 2 (igb).millesime"


PLACE = {"source": "note", "emplacement": "p. 1"}


@pytest.mark.parametrize("name", ["enveloppe", "plancher", "plafond"])
def test_each_amount_may_be_a_number_in_a_scenario_and_keys_in_a_rule(name):
    assert read_part(name, 12, NAMES, "essai", MARK) == ({name: Fraction(12)}, MARK)
    whole = {"valeur": "12", "unite": "EUR", **PLACE}
    assert read_part(name, whole, NAMES, "essai") == ({name: Fraction(12)}, Reference("note", "p. 1"))
    with pytest.raises(RuleError, match="the unit is 'kEUR'; only 'EUR' is known") as caught:
        read_part(name, {**whole, "unite": "kEUR"}, NAMES, "essai")
    assert caught.value.cell == "essai.unite"


def test_a_number_is_published_unless_it_is_said_otherwise():
    assert Reference("note", "p. 1").statut == "publie"
    assert Criterion("igb", Fraction(1), 2019, "note", "p. 1").statut == "publie"
    read, _ = read_part("plafond", {"valeur": 3, **PLACE, "statut": "hypothese"}, NAMES, "essai")
    assert read == {"plafond": 3}
    with pytest.raises(RuleError, match="'devine' is no status of a number; one of publie, ") as caught:
        read_part("plafond", {"valeur": 3, **PLACE, "statut": "devine"}, NAMES, "essai")
    assert caught.value.cell == "essai.statut"


def test_the_criteria_are_read_in_their_order_each_with_its_rank():
    entries = [{"id": name, "poids": "0.5", "millesime": 2019, **PLACE} for name in ("b", "a")]
    read, reference = read_part("criteres", entries, NAMES, "essai")
    assert ([one.id for one in read["criteres"]], reference) == (["b", "a"], None)
    del entries[1]["poids"]
    with pytest.raises(RuleError, match="the key 'poids' is missing") as caught:
        read_part("criteres", entries, NAMES, "essai")
    assert caught.value.cell == "essai, entry 2 (a)"


@pytest.mark.parametrize("value", [[], (), "igb", 3, {"id": "igb"}])
def test_what_is_no_list_of_criteria_is_refused(value):
    with pytest.raises(RuleError, match="expected a list of criteria"):
        read_part("criteres", value, NAMES, "essai")


def test_the_words_of_a_criterion_are_its_label_or_its_identifier():
    bare = {"id": "igb", "poids": "1", "millesime": 2019, **PLACE}
    assert Criterion.read(bare, "essai").titre == "igb"
    full = Criterion.read({**bare, "libelle": "IGB", "edition": "e", "variantes": ["v", "w"], "note": "n"}, "essai")
    assert (full.titre, full.edition, full.variantes, full.note) == ("IGB", "e", ("v", "w"), "n")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("variantes", "v", "expected a list of editions, found 'v'"), ("variantes", 3, "expected a list of editions"),
     ("libelle", 3, "expected a text"), ("edition", "", "expected a text")],
)  # fmt: skip
def test_the_parts_of_a_criterion_are_of_their_kind(key, value, said):
    with pytest.raises(RuleError, match=said) as caught:
        Criterion.read({"id": "igb", "poids": "1", "millesime": 2019, **PLACE, key: value}, "essai")
    assert caught.value.cell == f"essai (igb).{key}"


@pytest.mark.parametrize(
    ("key", "choices"),
    [
        ("sans_reference", ("erreur", "libre")),
        ("reference_nulle", ("libre", "bornee")),
        ("depassement", ("erreur", "prorata")),
    ],
)
def test_a_garantie_chooses_the_first_where_it_says_nothing(key, choices):
    def read(**own):
        return read_part("garantie", {"minimum": "1", "montants": {"03": 1}, **PLACE, **own}, NAMES, "essai")[0][
            "garantie"
        ]

    assert [getattr(read(), key), *(getattr(read(**{key: choice}), key) for choice in choices)] == [
        choices[0],
        *choices,
    ]
    with pytest.raises(RuleError, match=f"'x' is neither '{choices[0]}' nor '{choices[1]}'") as caught:
        read(**{key: "x"})
    assert caught.value.cell == f"essai.{key}"


@pytest.mark.parametrize("value", [{"reference": "2019", "montants": {"03": 1}}, {"minimum": "1"}])
def test_a_garantie_has_either_a_reference_or_amounts(value):
    with pytest.raises(RuleError, match="expected either 'reference' or 'montants'"):
        read_part("garantie", {**value, **PLACE}, NAMES, "essai")


def test_the_beneficiaries_are_a_list_or_a_name_and_may_have_a_reference():
    read, reference = read_part("beneficiaires", {"liste": "deux", **PLACE}, NAMES, "essai")
    assert (read, reference) == ({"beneficiaires": ("03", "23"), "liste": "deux"}, Reference("note", "p. 1"))
    read, reference = read_part("beneficiaires", {"codes": ["59"], **PLACE}, NAMES, "essai")
    assert (read["beneficiaires"], read["liste"], reference.source) == (("59",), None, "note")
    with pytest.raises(RuleError, match="expected the name of a list or a list of codes, found 3"):
        read_part("beneficiaires", 3, NAMES, "essai")
    with pytest.raises(RuleError, match="'1' is no code of a département") as caught:
        read_part("beneficiaires", ["23", "1"], NAMES, "essai")
    assert (caught.value.code, caught.value.cell) == ("1", "essai, row 2")
    with pytest.raises(RuleError, match="there is no list of beneficiaries 'trois'; the nearest is 'deux'"):
        read_part("beneficiaires", "trois", NAMES, "essai")


def test_the_rounding_is_to_the_euro_by_the_largest_remainders_where_nothing_is_said():
    assert read_part("arrondi", None, NAMES, "essai")[0]["arrondi"] == Arrondi("plus_forts_restes", Fraction(1))
    read, _ = read_part("arrondi", {"methode": "aucun", "unite_eur": "0.01"}, NAMES, "essai")
    assert read["arrondi"] == Arrondi("aucun", Fraction(1, 100))
    read, _ = read_part("arrondi", {"methode": "independant"}, NAMES, "essai")
    assert read["arrondi"] == Arrondi("independant", Fraction(1))
    read, _ = read_part("arrondi", {"methode": "aucun", "unite_eur": 0}, NAMES, "essai")
    assert read["arrondi"] == Arrondi("aucun", Fraction(0))


def test_the_year_of_a_rule_is_one_and_its_words_are_a_text():
    assert read_part("millesime", 2020, NAMES, "essai") == ({"millesime": 2020}, None)
    assert read_part("titre", "Essai", NAMES, "essai") == ({"titre": "Essai"}, None)
    with pytest.raises(RuleError, match="expected a year, found '2020'") as caught:
        read_part("millesime", "2020", NAMES, "essai, millesime")
    assert caught.value.cell == "essai, millesime"


def test_two_garanties_of_the_same_amounts_are_one_whatever_their_name():
    given = {"minimum": "1", "reference": "2019"}
    named = read_part("garantie", given, NAMES, "essai", MARK)[0]["garantie"]
    assert named == replace(named, reference=None) != replace(named, minimum=Fraction(2))


def test_a_garantie_that_is_built_chooses_as_one_that_is_read():
    built = Garantie(Fraction(1), None, ())
    assert {key: getattr(built, key) for key in GARANTIE_CHOICES} == {
        key: one[0] for key, one in GARANTIE_CHOICES.items()
    }
    assert (Arrondi().methode, Arrondi().unite_eur) == ("plus_forts_restes", 1)


@pytest.mark.parametrize("method", ["plus_forts_restes", "independant", "aucun"])
def test_each_way_to_whole_amounts_may_be_named(method):
    assert read_part("arrondi", {"methode": method}, NAMES, "essai", MARK) == ({"arrondi": Arrondi(method)}, None)


def test_a_criterion_of_a_list_of_a_scenario_has_the_reference_of_the_scenario():
    read, _ = read_part("criteres", [{"id": "igb", "poids": "1", "millesime": 2019}], NAMES, "essai", MARK)
    assert read == {
        "criteres": (Criterion("igb", Fraction(1), 2019, MARK.source, MARK.emplacement, statut="hypothese"),)
    }
