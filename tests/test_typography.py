"""French typography: what a reader sees."""

import math
from fractions import Fraction

import pytest

from cdppe_analysis import typography
from cdppe_analysis.typography import NNBSP


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


def test_a_number_in_printed_words_is_not_parted():
    assert typography.printed("de 2020, 1 000 000 €") == f"de 2020, 1{NNBSP}000{NNBSP}000{NNBSP}€"


def test_printed_words_keep_their_punctuation_on_the_line():
    assert typography.printed("l'ASE : 20 % ; « non »") == (f"l’ASE\u00a0: 20{NNBSP}%{NNBSP}; «{NNBSP}non{NNBSP}»")
