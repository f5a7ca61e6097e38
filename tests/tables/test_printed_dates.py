"""Dates as printed, no more precise than the print."""

import re

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.printed_dates import PATTERN, read_date


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
