"""French typography: what a reader sees."""

import datetime
import math
from fractions import Fraction

import pytest

from cdppe_analysis import typography
from cdppe_analysis.typography import NBSP, NNBSP, typeset


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (15000001, 0, f"15{NNBSP}000{NNBSP}001"),
        (0.5, 0, "1"),
        (1.005, 2, "1,01"),
        (-0.2, 0, "0"),
        (Fraction(2, 3), 3, "0,667"),
        (math.nan, 1, "n. d."),
        (math.inf, 0, "∞"),
        (-math.inf, 0, "−∞"),
    ],
)
def test_a_number_is_rounded_half_up_and_written_in_french(value, decimals, written):
    assert typography.number(value, decimals) == written


def test_an_amount_keeps_its_unit_on_the_line():
    assert typography.euros(1296880) == f"1{NNBSP}296{NNBSP}880{NNBSP}€"
    assert typography.percent(Fraction(57, 200)) == f"28,5{NNBSP}%"


def test_a_missing_amount_has_no_unit():
    assert typography.euros(None) == typography.percent(math.nan) == "n. d."


def test_numpy_numbers_are_numbers():
    numpy = pytest.importorskip("numpy")
    assert typography.euros(numpy.float64(2.5), 1) == f"2,5{NNBSP}€"
    assert typography.number(numpy.int64(1000)) == f"1{NNBSP}000"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("« l'ASE » : 28,5 % de 1 296 880 € ?", "«~l’ASE~»~: 28,5_% de 1_296_880_€_?"),
        (" : quatre", "~: quatre"),
        ("15 M€ en 2020 et 30 en 2021", "15_M€ en 2020 et 30 en 2021"),
        ("http://exemple.fr, 12:30 et 3,5 100", "http://exemple.fr, 12:30 et 3,5 100"),
        ("12 % (± 1 %)", "12_% (±_1_%)"),
        ("Le « d'une", "Le «~d’une"),
        ("la fin de l'", "la fin de l’"),
    ],
)
def test_a_sentence_gets_the_spaces_and_the_apostrophes_of_french(typed: str, expected: str):
    assert typeset(typed).replace(NNBSP, "_").replace(NBSP, "~") == expected
    assert typeset(typeset(typed)) == typeset(typed)


def plain(text: str) -> str:
    return text.replace(NNBSP, "_").replace(NBSP, "~")


@pytest.mark.parametrize(
    ("value", "signed", "written"),
    [
        (1234.5, True, "+1_235"),
        (-1234.5, True, "−1_235"),
        (-1234.5, False, "−1_235"),
        (0, True, "0"),
        (-0.4, True, "0"),
    ],
)
def test_a_sign_stands_before_what_changes_and_never_before_0(value, signed, written):
    assert plain(typography.number(value, signed=signed)) == written
    assert plain(typography.euros(value, signed=signed)) == f"{written}_€"


def test_less_than_one_has_its_sign_too():
    assert (typography.number(-0.5, 1), typography.number(0.5, 1, signed=True)) == ("−0,5", "+0,5")


def test_an_infinite_number_keeps_its_sign_and_its_unit():
    assert typography.number(-math.inf) == "−∞"
    assert plain(typography.with_unit(math.inf, "%")) == "∞_%"
    assert typography.percent(-math.inf) == "−∞"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (15_250_000, 1, "15,3_M€"),
        (15_249_999, 1, "15,2_M€"),
        (1_000_000, 0, "1_M€"),
        (-2_500_000, 1, "−2,5_M€"),
        (Fraction(3, 2), 6, "0,000002_M€"),
    ],
)
def test_millions_are_a_million_times_smaller(value, decimals, written):
    assert plain(typography.millions_of_euros(value, decimals)) == written


def test_millions_of_what_is_missing_are_missing():
    assert typography.millions_of_euros(None) == typography.millions_of_euros(math.nan) == "n. d."


def test_a_share_is_a_hundred_times_larger_in_percent():
    assert [plain(typography.percent(share)) for share in (0, 0.0005, 1, Fraction(1, 3))] == [
        "0,0_%",
        "0,1_%",
        "100,0_%",
        "33,3_%",
    ]
    assert plain(typography.percent(0.285, 0, signed=True)) == "+29_%"
    assert plain(typography.percent(-0.05, 1, signed=True)) == "−5,0_%"


def test_an_interval_has_its_low_end_first_and_its_unit_once():
    assert plain(typography.interval(15, 20.5, 1, "%")) == "de 15,0 à 20,5_%"
    assert typography.interval(1, 2) == "de 1 à 2"


@pytest.mark.parametrize(("rank", "written"), [(1, "1er"), (2, "2e"), (1001, f"1{NNBSP}001e")])
def test_the_first_has_an_ordinal_of_its_own(rank, written):
    assert typography.ordinal(rank) == written


def test_a_count_is_in_the_plural_from_two_on():
    counts = [typography.counted(count, "service entier") for count in (0, 1, 2, 1204)]
    assert counts == ["0 service entier", "1 service entier", "2 services entiers", "1\u202f204 services entiers"]
    assert [typography.counted(count, "total", "totaux") for count in (1, 2)] == ["1 total", "2 totaux"]


def test_the_first_of_a_month_has_an_ordinal_and_the_eleventh_none():
    days = [datetime.date(2025, 8, day) for day in (1, 2, 11, 31)]
    assert [typography.date(day) for day in days] == ["1er août 2025", "2 août 2025", "11 août 2025", "31 août 2025"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1 234 567 habitants", "1_234_567 habitants"),
        ("en 2020 150 enfants", "en 2020 150 enfants"),
        ("1234 567", "1234 567"),
        ("1 23", "1 23"),
        ("12 345 6789", "12_345 6789"),
        ("5 k€ ; 3 Md€ ! 2 ‰", "5_k€_; 3_Md€_! 2_‰"),
        ("5 €uros", "5 €uros"),
        ("aujourd'hui l'« un »", "aujourd’hui l’«~un~»"),
        ("5'30", "5'30"),
        ("± 2", "±_2"),
        ("fin :", "fin~:"),
        ("a :b", "a :b"),
    ],
)
def test_spaces_are_set_where_french_has_them_and_nowhere_else(typed, expected):
    assert plain(typeset(typed)) == expected


def test_what_is_left_out_is_whole_and_millions_have_one_decimal():
    assert plain(typography.with_unit(1234.4, "places")) == "1_234_places"
    assert plain(typography.millions_of_euros(15_250_000)) == "15,3_M€"
    assert plain(typography.interval(14.6, 20.4, unit="%")) == "de 15 à 20_%"


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (2.4999999999, 2.5000000001, "3"),
        (0.1 + 0.2, 0.3, "0"),
        (2.4, 2.6, "de 2 à 3"),
        (100, 101, "de 100 à 101"),
        (None, 2, "de n. d. à 2"),
        (1, None, "de 1 à n. d."),
    ],
)
def test_ends_that_only_float64_tells_apart_are_one_number(low, high, written):
    assert typography.interval(low, high) == written
    assert plain(typography.interval(low, high, unit="%")) == f"{written}_%"


def test_an_interval_has_the_signs_that_are_asked_for_and_no_unit_where_it_is_missing():
    assert typography.interval(-1, 2, signed=True) == "de −1 à +2"
    assert typography.interval(1, 2.5, 1, "€", signed=True) == f"de +1,0 à +2,5{NNBSP}€"
    assert typography.interval(None, None, unit="%") == "n. d."


def test_one_less_than_nothing_has_its_sign_and_the_names_of_the_arguments_may_be_given():
    assert typography.number(-1) == "−1"
    assert typography.number(value=1.25, decimals=1) == "1,3"
