"""A token is taken whole, with its sign and unit, or it is no number."""

from decimal import Decimal

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.numerals import (
    Numeral,
    counts,
    is_void,
    names_several,
    numeral,
    ordinary_spaces,
    readings,
    step,
    titled_units,
    tokens,
    units_in,
    values_of,
    visible,
)


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


@pytest.mark.parametrize("space", [*"\t\u00a0\u1680\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B))])
def test_every_kind_of_space_is_a_space(space):
    assert ordinary_spaces(f"1{space}296") == "1 296"
    assert numeral(f"1{space}296").digits == "1 296"


@pytest.mark.parametrize("nothing", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
def test_what_has_no_width_is_nothing(nothing):
    assert visible(f"1{nothing}296") == ordinary_spaces(f"1{nothing}296") == "1296"


@pytest.mark.parametrize(
    ("text", "counts_something"),
    [("dix", False), ("dix 7", True), ("#N/A", True), ("en €", True), ("12", True), ("½", True), ("note ²", False),
     ("en %", True), ("$", True), ("£", True), ("", False), ("²½", True)],
)  # fmt: skip
def test_a_text_counts_where_one_of_its_signs_does(text, counts_something):
    assert counts(text) == counts_something


@pytest.mark.parametrize(
    ("digits", "values"),
    [
        ("460.530", {".": "460.530", ".3": "460530"}), ("460,530", {",": "460.530", ",3": "460530"}),
        ("1.204.211", {".3": "1204211"}), ("1,204,211", {",3": "1204211"}), ("1.204,5", {".3": "1204.5"}),
        ("1,204.5", {",3": "1204.5"}), ("1.204.211,50", {".3": "1204211.50"}), ("1,204,211.50", {",3": "1204211.50"}),
        ("27.63", {".": "27.63"}), ("0,5", {",": "0.5"}), ("0.530", {".": "0.530"}), ("1204.530", {".": "1204.530"}),
        ("1 204,50", {"": "1204.50"}), ("1'204.5", {"": "1204.5"}), ("12", {"": "12"}), ("0", {"": "0"}),
        ("1 204 211", {"": "1204211"}), ("01", {}), ("0 204", {}), ("1 2045", {}), ("1.20.211", {}), ("1.204.21", {}),
        ("1.204,211.5", {}), ("1 204 2111", {}), ("01,5", {}), ("1,5,", {}),
    ],
)  # fmt: skip
def test_digits_are_worth_what_each_part_of_their_mark_makes_of_them(digits, values):
    assert {style: str(value) for style, value in readings(digits).items()} == values


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12 €", "€"), ("€ 12", "€"), ("12 euros", "€"), ("12 EUR", "€"), ("12 k€", "k€"), ("12 K€", "k€"),
        ("12 milliers d'euros", "k€"), ("12 M€", "M€"), ("12 millions d'euros", "M€"), ("12 Md€", "Md€"),
        ("12 milliards d'euros", "Md€"), ("12 %", "%"), ("12 ‰", "‰"), ("12", ""), ("1 place", "places"),
        ("12 hab.", "habitants"), ("12 habitants", "habitants"), ("1 enfant", "enfants"), ("6 mois", "mois"),
        ("12 ETP", "ETP"), ("12 jours", "jours"), ("3 ans", "ans"), ("12 lits", "lits"),
    ],
)  # fmt: skip
def test_a_unit_has_one_name_however_it_is_printed(text, unit):
    assert numeral(text).unit == unit


@pytest.mark.parametrize(
    ("text", "negative"),
    [("-4", True), ("−4", True), ("–4", True), ("(4)", True), ("+4", False), ("4", False)],
)
def test_a_sign_or_parentheses_make_a_withdrawal(text, negative):
    assert numeral(text).negative == negative


@pytest.mark.parametrize("text", ["(-4)", "(+4)", "(4))", "((4)", "(4 € €)", "4)", "(4"])
def test_parentheses_are_closed_once_and_hold_no_sign(text):
    assert numeral(text) is None


@pytest.mark.parametrize(
    ("heading", "units"),
    [
        ("Dotation (€/hab.)", ["€/hab"]), ("Montant par place, en euros par place", ["€/place"]),
        ("En k€", ["k€"]), ("Places (milliers d'euros)", ["k€"]), ("€ et %", ["€", "%"]), ("€ puis €", ["€"]),
        ("pourcentage", ["%"]), ("taux pour mille", ["‰"]), ("Places", []), ("Acompte de 60 %", []),
        ("part_pct", ["%"]), ("Crédits 2023 k€", ["k€"]), ("Montant 2 023 k€", []), ("Aides de moins de 2030 €", []),
        ("Valeur (k€)", ["k€"]), ("Secteur (kilomètres)", []), ("550,0 millions d’euros.", []),
    ],
)  # fmt: skip
def test_a_heading_names_each_of_its_units_once(heading, units):
    assert units_in(heading) == units


@pytest.mark.parametrize(
    "text",
    ["Montant (centaines d'euros)", "en dizaines de milliers d’euros",
     "en m€", "en 1 000 €", "Montant x 1000 €", "10^3 €", "M (€ '000)", "M (T€)", "M KE",
     "M (Mio €)", "M (mlns €)", "M €/1000", "M en euro (milliers)", "M (me)", "M Kf", "M (centimes)",
     "en francs", "M (XPF)", "Dotation (MF)"],
)  # fmt: skip
def test_money_in_an_unknown_measure_is_refused_with_the_heading(text):
    with pytest.raises(TableError, match="is no unit of money that is known") as refused:
        units_in(text)
    assert repr(text) in refused.value.message


@pytest.mark.parametrize(
    "text",
    ["M (€, en milliers)", "M (€ 000)", "M (€ (x1000))", "M (€ milliers)", "Crédits (Mns €)", "Crédits (mio d’euros)"],
)
def test_euros_beside_a_measure_that_is_not_read_are_refused(text):
    with pytest.raises(TableError, match="may be a measure of its euros"):
        units_in(text)


@pytest.mark.parametrize("text", ["M en €, arrondi au millier", "Coût (€) pour 1 000 habitants"])
def test_what_is_no_measure_of_the_euros_is_let_be(text):
    assert units_in(text) == ["€"]


@pytest.mark.parametrize("tie", ["de ", "d ", "d'", "d’", "d`", "d´", ""])
def test_thousands_and_millions_of_euros_are_tied_to_them_in_any_way(tie):
    euros = "€" if tie in ("de ", "") else "euros"
    assert units_in(f"Crédits (en milliers {tie}{euros})") == ["k€"]
    assert titled_units(f"Crédits, en millions {tie}{euros}") == ["M€"]
    assert units_in(f"Crédits\n(en  milliers\n{tie}{euros})") == ["k€"]


def test_a_title_that_gives_a_measure_without_its_unit_is_refused():
    assert titled_units("des milliers de places") == []
    with pytest.raises(TableError, match=r"'en milliers', in .* is a measure without its unit"):
        titled_units("Dotations (en milliers)")


@pytest.mark.parametrize(
    ("heading", "several"),
    [
        ("Places Montant (k€)", True), ("2023 2024", True), ("Nombre de places et crédits", True), ("2023", False),
        ("Montant par place (€)", False), ("Places", False), ("Montant", False), ("2023/2024", False),
    ],
)  # fmt: skip
def test_a_heading_of_two_years_or_of_a_count_beside_money_is_that_of_several_columns(heading, several):
    assert names_several(heading) == several


@pytest.mark.parametrize(
    ("texts", "unit", "numbers"),
    [
        (("460.530", "5.4"), "", ["460.530", "5.4"]),
        (("460,530", "1,204,211"), "", ["460530", "1204211"]), (("460.530",), "€", ["460530"]),
        (("460,530",), "%", ["460.530"]), (("460.530",), "%", ["460.530"]), (("460,530",), "M€", ["460530000.000"]),
        (("(12)", "-3", "5"), "k€", ["-12000", "-3000", "5000"]), (("12 k€", "3"), "€", ["12000", "3"]),
        (("1,25 Md€",), "", ["1250000000.00"]), (("1,23456",), "€", ["1.23456"]), (("0,12",), "€", ["0.12"]),
    ],
)  # fmt: skip
def test_a_column_is_worth_its_base_unit_with_its_signs(texts, unit, numbers):
    assert values(*texts, unit=unit) == [Decimal(number) for number in numbers]


@pytest.mark.parametrize(
    ("texts", "unit"), [(("460.530",), "k€"), (("460,530", "5,4", "1,204,211"), ""), (("460.530",), "places")]
)
def test_a_mark_that_nothing_decides_is_refused_where_it_stands(texts, unit):
    with pytest.raises(TableError, match="in the column 'Montant', could be 460,530 or 460530") as refused:
        values(*texts, unit=unit)
    assert refused.value.cell == "l. 1"


@pytest.mark.parametrize(
    ("text", "fits"), [("999999999999999", True), ("1000000000000000", False), ("1000000 Md€", False)]
)
def test_no_amount_reaches_a_million_billions(text, fits):
    if fits:
        assert values(text) == [10**15 - 1]
    else:
        with pytest.raises(TableError, match="is larger than any amount"):
            values(text)


@pytest.mark.parametrize(("text", "unit"), [("1,2345", "€"), ("0,0001", "€"), ("0,001", "M€"), ("1,2345 €", "%")])
def test_less_than_a_cent_is_no_amount(text, unit):
    if unit == "M€":
        assert values(text, unit=unit) == [1000]
    else:
        with pytest.raises(TableError, match="is no amount: a cent has no fraction") as refused:
            values(text, unit=unit)
        assert refused.value.cell == "l. 1"


@pytest.mark.parametrize(
    ("text", "unit", "worth"),
    [("12", "€", "1"), ("12,5", "€", "0.1"), ("12 k€", "", "1000"), ("12,50", "k€", "10"), ("1,5 M€", "€", "100000"),
     ("120", "", "1"), ("0,25 %", "", "0.01")],
)  # fmt: skip
def test_the_last_printed_digit_is_worth_its_place_in_its_unit(text, unit, worth):
    each = numeral(text)
    (value,) = values_of([(each, "l. 1")], unit, "Montant")
    assert step(value, each, unit) == Decimal(worth)


@pytest.mark.parametrize(
    ("heading", "units"),
    [
        ("k€ par place", ["k€/place"]),
        ("Coût (M€/hab.)", ["M€/hab"]),
        ("Milliers d'euros par enfant", ["k€/enfant"]),
        ("Coût par place (k€)", ["k€"]),
        ("Montants arrondis (k€)", ["k€"]),
        ("Montant (en euros, arrondi au millier d'euros)", ["€"]),
        ("Montants arrondis au k€ (k€)", ["k€"]),
        ("Montants arrondis à l'euro", ["€"]),
        ("Taux arrondi au centime", []),
    ],
)
def test_money_by_head_keeps_its_measure_and_a_rounding_is_no_unit(heading, units):
    assert units_in(heading) == units


@pytest.mark.parametrize("heading", ["Montant arrondi au millier d'euros", "Montants arrondis au k€"])
def test_a_heading_that_gives_the_rounding_alone_is_refused(heading):
    with pytest.raises(TableError, match="says how amounts are rounded"):
        units_in(heading)
