"""The parts of a rule are read strictly, from a rule file as from a scenario."""

from fractions import Fraction

import pytest

from cdppe_analysis.errors import RuleError
from cdppe_analysis.rules import Names, Reference
from cdppe_analysis.rules.parts import read_criterion, read_part

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
    with pytest.raises(RuleError, match="unknown key 'valuer'; the nearest known is 'valeur'"):
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
        read_criterion({"id": "igb", "poids": "1", "millesime": "2019"}, "essai.yml, entry 2", MARK)
    assert caught.value.cell == "essai.yml, entry 2 (igb).millesime"
