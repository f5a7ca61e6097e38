"""A token is taken whole, with its sign and unit, or it is no number."""

from decimal import Decimal

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.numerals import Numeral, is_void, numeral, titled_units, tokens, units_in, values_of


@pytest.mark.parametrize(
    ("text", "digits", "negative", "unit"),
    [
        ("-4 211 €", "4 211", True, "€"),
        ("−4\u202f211\u202f€", "4 211", True, "€"),
        ("(4 211 €)", "4 211", True, "€"),
        ("(4 211) €", "4 211", True, "€"),
        ("- 4 211", "4 211", True, ""),
        ("+4 211", "4 211", False, ""),
        ("1'204'211,50 euros", "1'204'211,50", False, "€"),
        ("460 530 € (1)", "460 530", False, "€"),
        ("0,744533%", "0,744533", False, "%"),
        ("14 places", "14", False, "places"),
        ("1,5 Md€", "1,5", False, "Md€"),
    ],
)
def test_a_number_is_read_with_its_sign_and_unit(text, digits, negative, unit):
    assert numeral(text) == Numeral(digits, negative, unit)


@pytest.mark.parametrize(
    "text",
    [
        "n°1 204 211 €",
        "~474 211",
        "2x204 211",
        "474   211 €",
        "1 2045",
        "12 34",
        "(4 211",
        "4 211)",
        "--4",
        "4 211 F",
        "01",
        "460 530 167 03",
        "1 204.211'5",
        "474 211 1",
    ],
)
def test_what_is_not_one_number_is_none(text):
    assert numeral(text) is None


@pytest.mark.parametrize("text", ["", "-", "–", "- €", "nd", "n.c.", "néant", "…", "s.o."])
def test_a_void_is_a_void(text):
    assert is_void(text)


@pytest.mark.parametrize("text", ["0", "0 €", "-4", "Ain"])
def test_a_zero_or_a_number_is_no_void(text):
    assert not is_void(text)


def values(*texts, unit=""):
    return values_of([(numeral(text), "l. 1") for text in texts], unit, "Montant")


def test_a_dot_is_read_by_the_rest_of_its_column_then_by_the_unit():
    assert values("460.530", "1.204.211") == [460530, 1204211]
    assert values("27.635", "105.09") == [Decimal("27.635"), Decimal("105.09")]
    assert values("5.441 €") == [5441]
    assert values("0,744", unit="%") == [Decimal("0.744")]
    assert values("460,530 k€") == [460530]


@pytest.mark.parametrize("text", ["460.530", "460,530 €"])
def test_a_mark_with_two_readings_is_refused_with_both(text):
    with pytest.raises(TableError, match="could be 460,530 or 460530"):
        values(text)


def test_a_cent_has_no_fraction():
    with pytest.raises(TableError, match="a cent has no fraction"):
        values("1,2345", unit="€")


def test_the_unit_of_a_title_is_not_that_of_an_amount_in_it():
    assert titled_units("15 M€ sont répartis, en milliers d'euros") == ["k€"]
    assert units_in("montant_eur") == ["€"]
    assert units_in("Dotation (M€)") == ["M€"]


def test_every_number_of_a_text_is_a_token():
    assert tokens("Le 26/11/2019 : 1 296 880 € et 3,5 %") == ["26", "11", "2019", "1 296 880", "3,5"]
