"""A heading stands over its own column, wherever its table repeats it; a year is the one of its column."""

import datetime
import re

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet, open_workbook
from cdppe_analysis.tables.series.headings import check_value
from cdppe_analysis.tables.series.table import read_table
from cdppe_analysis.tables.series.totals import Allowances

NAME = "Feuille quelconque"


def test_headings_exchanged_over_their_columns_are_refused(read):
    with pytest.raises(TableError, match="a column moved: the heading"):
        read(D6="MECS", E6="Établissement d'éducation spéciale")


def test_a_hidden_column_is_read_and_told(read):
    table = read(lambda sheet: setattr(sheet.column_dimensions["E"], "hidden", True))
    assert table.notes == ("hidden columns read as the others: E",)


def test_a_hidden_row_is_read_and_told(read):
    table = read(lambda sheet: setattr(sheet.row_dimensions[12], "hidden", True))
    assert table.notes == ("1 hidden rows read as the others",)
    assert table.rows["06"] == 11


def test_headings_in_another_order_under_another_group_are_refused(classeurs, tmp_path):
    sheet = next(s for s in open_workbook(classeurs / "insee-estim-pop-dep-1975-2022.xlsx") if s.name == "2022")
    sheet.rows[4][3], sheet.rows[4][4] = sheet.rows[4][4], sheet.rows[4][3]
    with pytest.raises(TableError, match="a column moved: the headings under 'Hommes'"):
        read_table(sheet)


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        (datetime.datetime(2003, 1, 1), "a date (2003-01-01 00:00:00) stands for a heading"),
        (2004.0, "is given twice"),
        (2021.0, "the year 2004 follows 2021"),
        ("", "a number stands in a column without a heading"),
    ],
)
def test_a_year_that_is_not_the_one_of_its_column_is_refused(classeurs, heading, reason):
    sheets = open_workbook(classeurs / "drees-beneficiaires-series-1996-2020.xlsx")
    sheet = next(sheet for sheet in sheets if sheet.name == "Tab1-ase")
    sheet.rows[6][4] = heading
    with pytest.raises(TableError, match=re.escape(reason)):
        read_table(sheet)


def test_the_last_year_misprinted_over_the_départements_is_seen_over_the_régions(classeurs):
    sheets = open_workbook(classeurs / "drees-beneficiaires-series-1996-2020.xlsx")
    sheet = next(sheet for sheet in sheets if sheet.name == "Tab1-ase")
    sheet.rows[6][21] = 2021.0
    with pytest.raises(TableError, match="a column moved: the heading '2020'") as refused:
        read_table(sheet)
    assert refused.value.cell == "Tab1-ase!V119"


def test_the_départements_of_1990_have_one_more_heading_overseas(classeurs):
    table = read_table(open_workbook(classeurs / "insee-estim-pop-dep-1975-2022.xlsx")[33])
    oldest = {c.headings[-1]: c for c in table.columns if c.headings[0] == "Ensemble"}
    assert table.value("971", oldest["90 ans et plus"]) == 805
    assert table.value("971", oldest["95 ans et plus"]) is None
    assert table.value("01", oldest["95 ans et plus"]) == 283


def test_a_year_printed_twice_is_the_break_between_two_series(classeurs):
    sheets = {sheet.name: sheet for sheet in open_workbook(classeurs / "drees-minima-sociaux-departements.xlsx")}
    table = read_table(sheets["Tableau 11"], Allowances(0.05, 200))
    values = {c.heading: table.value("01", c) for c in table.columns if c.year == 2016}
    assert values == {"Total RSA / ancienne série": 7463, "Total RSA": 7592}


def test_the_first_column_of_a_group_in_another_order_is_the_one_named(read):
    def grouped(sheet):
        for column, text in ((2, "Code"), (4, "Garçons"), (7, "Filles")):
            sheet.cell(5, column, text)
        for column, text in enumerate(("Ensemble", "Ouvert", "Fermé", "Ensemble", "Fermé", "Ouvert"), start=4):
            sheet.cell(6, column, text)
        for row in range(7, 106):
            sheet.cell(row, 8, 1)
            sheet.cell(row, 9, 2)

    with pytest.raises(
        TableError, match="the headings under 'Filles' are not in the order of those under 'Garçons'"
    ) as r:
        read(grouped)
    assert r.value.cell == f"{NAME}!H6"


@pytest.mark.parametrize("cell", [12, 12.0, -3.5, 999_999_999_999, "", "nd", " - ", "NR"])
def test_a_number_or_the_mark_of_a_missing_one_is_a_value(cell):
    check_value(Sheet("F", [[cell]]), 0, 0)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (True, "a boolean (true) stands for a number"),
        (1e12, "1000000000000.0 is no count"),
        (-(10**12), "-1000000000000 is no count"),
        (datetime.date(2020, 1, 1), "a date (2020-01-01) stands for a number"),
        ("1 203", "a number is stored as text: '1 203'"),
        ("inconnu", "a text stands for a number: 'inconnu'"),
    ],
)
def test_anything_else_is_refused_with_its_cell(cell, reason):
    with pytest.raises(TableError) as refused:
        check_value(Sheet("F", [["", cell]]), 0, 1)
    assert (refused.value.message, refused.value.cell) == (reason, "F!B1")


def test_what_the_file_says_against_a_cell_is_the_reason_given():
    with pytest.raises(TableError, match="the cell is in error"):
        check_value(Sheet("F", [[12.0]], {(0, 0): "the cell is in error"}), 0, 0)
    check_value(Sheet("F", [[12.0, 13.0]], {(0, 0): "the cell is in error"}), 0, 1)
