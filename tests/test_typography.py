"""French typography: what a reader sees."""

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
    ],
)
def test_a_sentence_gets_the_spaces_and_the_apostrophes_of_french(typed: str, expected: str):
    assert typeset(typed).replace(NNBSP, "_").replace(NBSP, "~") == expected
    assert typeset(typeset(typed)) == typeset(typed)
