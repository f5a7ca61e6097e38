"""Printed amounts, figures and dates: what is read exactly, no more precise than the print, and what is refused."""

import contextlib
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.amounts import PrintedFigure, read_amount, read_date

SPACES = [
    " ",
    "\u00a0",
    "\u1680",
    "\u2000",
    "\u2001",
    "\u2002",
    "\u2003",
    "\u2004",
    "\u2005",
    "\u2006",
    "\u2007",
    "\u2008",
    "\u2009",
    "\u200a",
    "\u202f",
    "\u205f",
    "\u3000",
    "\t",
    "  ",
    " \u00a0",
    "\u200b \u200b",
]
MARKS = ["*", "**", "†", "(1)", "(12)", "(a)", "(*)", "[1]", "¹", "²³"]


def grouped(whole: int, separator: str) -> str:
    return f"{whole:,}".replace(",", separator)


@pytest.mark.parametrize("space", SPACES, ids=lambda space: "+".join(f"{ord(letter):04X}" for letter in space))
def test_every_space_there_is_separates_thousands_and_the_unit(space):
    assert read_amount(f"{space}1{space}296{space}880{space}€{space}") == 1296880


@pytest.mark.parametrize("separator", ["'", "’", "."])
def test_an_apostrophe_or_dots_separate_thousands(separator):
    assert read_amount(f"1{separator}296{separator}880 €") == 1296880


@pytest.mark.parametrize("printed", ["575 939", "575939", "575 939 €", "575939€", "575 939 euros", "575 939 EUR"])
def test_the_unit_may_be_missing_glued_or_in_words(printed):
    """Annexe 7 of 2020, B, Bourgogne-Franche-Comté: printed without its €."""
    assert read_amount(printed) == 575939


@pytest.mark.parametrize(
    ("printed", "euros"),
    [
        ("460,53 k€", 460530),
        ("460,53 K€", 460530),
        ("460,53 milliers d'euros", 460530),
        ("15 M€", 15000000),
        ("15,25 M €", 15250000),
        ("1,296 M€", 1296000),
        ("1 296,88 k€", 1296880),
        ("50 millions d’euros", 50000000),
        ("1 million d'euros", 1000000),
        ("0,285 M€", 285000),
    ],
)
def test_thousands_and_millions_of_euros_are_read_in_euros(printed, euros):
    assert read_amount(printed) == euros


@pytest.mark.parametrize("mark", MARKS)
def test_a_stray_footnote_mark_is_dropped(mark):
    for printed in (
        f"{mark} 167 032 €",
        f"167 032 €{mark}",
        f"167 032 € {mark}",
        f"167 032{mark} €",
        f"167 032 {mark}",
    ):
        assert read_amount(printed) == 167032


def test_cents_are_exact_and_whole_euros_are_integers():
    assert read_amount("0,10 €") + read_amount("0,20 €") == Decimal("0.30")
    assert type(read_amount("1 000,00 €")) is int


@pytest.mark.parametrize(
    ("printed", "euros"), [("1296.88", Decimal("1296.88")), ("0.285 M€", 285000), ("1 296.880 k€", 1296880)]
)
def test_a_dot_that_cannot_separate_thousands_is_a_decimal_mark(printed, euros):
    assert read_amount(printed) == euros


@pytest.mark.parametrize("printed", ["460.530", "460.530 k€", "1.296 M€"])
def test_a_single_dot_before_three_digits_has_two_readings_and_is_refused(printed):
    with pytest.raises(TableError, match="could be"):
        read_amount(printed)


def test_a_dot_before_three_digits_of_euros_separates_thousands_since_there_is_no_thousandth_of_a_euro():
    assert read_amount("460.530 €") == 460530


@pytest.mark.parametrize(
    "printed",
    [
        "",
        " ",
        "€",
        "nd",
        "-",
        "—",
        "n. d.",
        "-100 000 €",
        "−100 000 €",
        "(100 000)",
        "+100 000",
        "100 00 €",
        "1 2345",
        "1296 880",
        "012 345",
        "007",
        "1.296 880",
        "1 296'880",
        "1,296,880",
        "1..296",
        "1 296,",
        ",50 €",
        "1 296 880 € 417 876 €",
        "167 032 $",
        "167 032 m€",
        "15 Md€",
        "15 millions",
        "100 000 €1",
        "28,5 %",
        "12 places",
        "1e5",
        "1_000",
        "١٢٣",
        "½",
        "100\n000 €",
        "inf",
        "9" * 16,
    ],
)
def test_anything_else_is_an_error_that_gives_the_text_and_the_place(printed):
    with pytest.raises(TableError) as caught:
        read_amount(printed, cell="b-enveloppes L7 dotation_region")
    assert repr(printed) in caught.value.message
    assert caught.value.cell == "b-enveloppes L7 dotation_region"


@pytest.mark.parametrize("printed", ["460,530 €", "1 000,005", "0,0000001 k€", "1," + "0" * 30 + "1"])
def test_a_fraction_of_a_cent_is_refused(printed):
    with pytest.raises(TableError, match="a cent has no fraction"):
        read_amount(printed)


@given(
    cents=st.integers(0, 10**13),
    separator=st.sampled_from([*SPACES, "'", "’", ""]),
    decimals=st.booleans(),
    unit=st.sampled_from(["", "€", " €", "\u202f€", " euros", " EUR"]),
    mark=st.sampled_from(["", *MARKS]),
)
def test_what_is_written_in_euros_is_read_back(cents, separator, decimals, unit, mark):
    whole, rest = divmod(cents, 100)
    printed = grouped(whole, separator) + (f",{rest:02}" if decimals else "") + unit + mark
    assert read_amount(printed) == (Decimal(cents) / 100 if decimals else whole)


@given(euros=st.integers(0, 10**12), unit=st.sampled_from(["€", "k€", "M€"]), space=st.sampled_from(SPACES))
def test_what_is_written_in_thousands_or_millions_is_read_back(euros, unit, space):
    scale = {"€": 1, "k€": 1_000, "M€": 1_000_000}[unit]
    whole, rest = divmod(euros, scale)
    decimals = f",{rest:0{len(str(scale)) - 1}}" if scale > 1 else ""
    assert read_amount(f"{grouped(whole, space)}{decimals}{space}{unit}") == euros


@given(st.text())
def test_no_text_makes_reading_fail_otherwise_than_by_a_table_error(printed):
    with contextlib.suppress(TableError):
        assert read_amount(printed) >= 0


@pytest.mark.parametrize(
    ("printed", "euros"),
    [("1,00001 k€", Decimal("1000.01")), ("1,00000001 M€", Decimal("1000000.01")), ("1,01 €", Decimal("1.01"))],
)
def test_a_cent_is_the_last_decimal_of_each_unit(printed, euros):
    assert read_amount(printed) == euros
    with pytest.raises(TableError, match="a cent has no fraction"):
        read_amount(printed.replace(",", ",0"))


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("17 %", "17"),
        ("environ 21%", "21"),
        ("3,1", "3.1"),
        ("(23)", "23"),
        ("n°14", "14"),
        ("onze objectifs", "11"),
        ("une dizaine", "10"),
        ("trois fois plus", "3"),
        ("340 000 mineurs environ", "340000"),
        ("276 000 €", "276000"),
        ("50 M€", "50000000"),
        ("900 millions d'euros", "900000000"),
        ("72h", "72"),
        ("7 sont obligatoires", "7"),
    ],
)
def test_a_value_is_read(printed, value):
    assert PrintedFigure.read(printed) == PrintedFigure(value=Decimal(value))


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [("15 et 20 %", 15, 20), ("2 à 3 %", 2, 3), ("Entre 80 à 90 %", 80, 90), ("entre 2 et 5 heures", 2, 5)],
)
def test_a_range_stays_a_range(printed, low, high):
    assert PrintedFigure.read(printed) == PrintedFigure(low=Decimal(low), high=Decimal(high))


@pytest.mark.parametrize(
    ("printed", "bound"),
    [("moins de 70 000 femmes", 70000), ("Moins d'un 1/4", 25), ("un peu moins de la moitié", 50), ("jusqu'à 15", 15)],
)
def test_less_than_is_an_upper_bound(printed, bound):
    assert PrintedFigure.read(printed) == PrintedFigure(high=Decimal(bound))


def test_more_than_is_a_lower_bound():
    assert PrintedFigure.read("plus de 50%") == PrintedFigure(low=Decimal(50))


@pytest.mark.parametrize("printed", ["", "proportion comparable", "10 à 18/21 ans", "12 ou 15", "%"])
def test_anything_else_is_refused_with_its_cell(printed):
    with pytest.raises(TableError, match=r"is no figure \(at prevalence L4 imprime\)"):
        PrintedFigure.read(printed, cell="prevalence L4 imprime")


def test_a_range_has_no_single_number():
    with pytest.raises(TableError, match="there is no single number"):
        _ = PrintedFigure.read("15 et 20 %").only_number


def test_a_bound_alone_is_a_single_number():
    assert PrintedFigure.read("moins de 72 h").only_number == 72


@pytest.mark.parametrize(
    ("printed", "year", "iso"),
    [
        ("15 octobre 2020", "", "2020-10-15"),
        ("avant le 15 octobre 2020", "", "2020-10-15"),
        ("15 juin", "2020", "2020-06-15"),
        ("30-oct-20", "", "2020-10-30"),
        ("01-août-20", "", "2020-08-01"),
        ("29/04/2025", "", "2025-04-29"),
        ("2023 (situation au 31/12)", "", "2023-12-31"),
        ("juillet 2023", "", "2023-07"),
        ("fin du mois de juin", "2020", "2020-06"),
        ("second semestre 2026", "", "2026-S2"),
        ("dès 2021", "", "2021"),
        ("fin 2024", "", "2024"),
        ("avant la fin de l'année 2020", "", "2020"),
        ("31 décembre", "", "--12-31"),
    ],
)
def test_a_date_is_as_precise_as_its_print(printed, year, iso):
    assert read_date(printed, year) == iso
    assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?|-S[12])?|--\d{2}-\d{2}", iso)


@pytest.mark.parametrize("printed", ["", "bientôt", "15 brumaire 2020", "10 octobre 2020 ou 2021"])
def test_what_is_no_date_is_refused(printed):
    with pytest.raises(TableError, match="is no date"):
        read_date(printed)


def test_a_day_that_is_not_in_the_calendar_is_refused():
    with pytest.raises(TableError, match="'31 juin 2020' is no day of the calendar"):
        read_date("31 juin 2020")


def test_both_ends_of_a_range_of_millions_are_multiplied_out():
    assert PrintedFigure.read("15 à 20 millions d'euros") == PrintedFigure(
        low=Decimal(15_000_000), high=Decimal(20_000_000)
    )


MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


@pytest.mark.parametrize(("number", "month"), list(enumerate(MONTHS, start=1)))
def test_every_month_is_read_in_full_and_cut_short(number, month):
    assert read_date(f"3 {month} 2021") == f"2021-{number:02d}-03"
    assert read_date(f"{month} 2021") == f"2021-{number:02d}"
    assert read_date(f"03-{month[:4]}-21") == f"2021-{number:02d}-03"


def test_the_year_that_a_date_prints_is_its_own_whatever_the_row_says():
    assert read_date("15 octobre 2020", "2021") == "2020-10-15"
    assert read_date("juillet 2023", "2021") == "2023-07"
    assert read_date("fin 2024", "2021") == "2024"


def test_the_29_of_february_is_a_day_of_every_year_and_of_leap_years():
    assert read_date("29 février") == "--02-29"
    assert read_date("29 février", "2020") == "2020-02-29"
    with pytest.raises(TableError, match="'29 février' is no day of the calendar"):
        read_date("29 février", "2021", cell="L1")


def test_both_readings_of_an_amount_are_told_the_larger_first():
    with pytest.raises(TableError) as refused:
        read_amount("460.530", cell="L1")
    assert (refused.value.message, refused.value.cell) == ("'460.530' could be 460530 or 460,530", "L1")


@pytest.mark.parametrize(
    ("words", "number"),
    [("un", 1), ("deux", 2), ("trois", 3), ("quatre", 4), ("cinq", 5), ("six", 6), ("sept", 7), ("onze", 11),
     ("trente", 30), ("une dizaine", 10), ("un quart", 25), ("un 1/4", 25), ("la moitié", 50)],
)  # fmt: skip
def test_a_number_in_words_is_a_figure(words, number):
    assert PrintedFigure.read(f"{words} des enfants").value == number
    assert PrintedFigure.read(f"Moins de {words} des enfants").high == number if words != "la moitié" else True
