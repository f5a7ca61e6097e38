"""Figures and dates of running text, read exactly, no more precise than the print, or refused."""

import re
from decimal import Decimal

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.printed_figures import PATTERN, Figure, read_date, read_figure


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
    assert read_figure(printed) == Figure(valeur=Decimal(value))


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [("15 et 20 %", 15, 20), ("2 à 3 %", 2, 3), ("Entre 80 à 90 %", 80, 90), ("entre 2 et 5 heures", 2, 5)],
)
def test_a_range_stays_a_range(printed, low, high):
    assert read_figure(printed) == Figure(borne_basse=Decimal(low), borne_haute=Decimal(high))


@pytest.mark.parametrize(
    ("printed", "bound"),
    [("moins de 70 000 femmes", 70000), ("Moins d'un 1/4", 25), ("un peu moins de la moitié", 50), ("jusqu'à 15", 15)],
)
def test_less_than_is_an_upper_bound(printed, bound):
    assert read_figure(printed) == Figure(borne_haute=Decimal(bound))


def test_more_than_is_a_lower_bound():
    assert read_figure("plus de 50%") == Figure(borne_basse=Decimal(50))


@pytest.mark.parametrize("printed", ["", "proportion comparable", "10 à 18/21 ans", "12 ou 15", "%"])
def test_anything_else_is_refused_with_its_cell(printed):
    with pytest.raises(TableError, match=r"is no figure \(at prevalence L4 imprime\)"):
        read_figure(printed, cell="prevalence L4 imprime")


def test_a_range_has_no_single_number():
    with pytest.raises(TableError, match="there is no single number"):
        _ = read_figure("15 et 20 %").seul_nombre


def test_a_bound_alone_is_a_single_number():
    assert read_figure("moins de 72 h").seul_nombre == 72


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
    assert re.fullmatch(PATTERN, iso)


@pytest.mark.parametrize("printed", ["", "bientôt", "15 brumaire 2020", "10 octobre 2020 ou 2021"])
def test_what_is_no_date_is_refused(printed):
    with pytest.raises(TableError, match="is no date"):
        read_date(printed)


def test_a_day_that_is_not_in_the_calendar_is_refused():
    with pytest.raises(TableError, match="'31 juin 2020' is no day of the calendar"):
        read_date("31 juin 2020")
