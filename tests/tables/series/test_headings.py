"""A heading stands over its own column, wherever its table repeats it; a year is the one of its column."""

import datetime
import re

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet
from cdppe_analysis.tables.series.headings import (
    Headings,
    SeriesColumn,
    check_value,
    is_mark,
)
from cdppe_analysis.tables.series.table import SeriesTable
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


def test_headings_in_another_order_under_another_group_are_refused(sheet_of):
    sheet = sheet_of("insee-estim-pop-dep-1975-2022", "2022")
    sheet.rows[4][3], sheet.rows[4][4] = sheet.rows[4][4], sheet.rows[4][3]
    with pytest.raises(TableError, match="a column moved: the headings under 'Hommes'"):
        SeriesTable.of(sheet)


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        (datetime.datetime(2003, 1, 1), "a date (2003-01-01 00:00:00) stands for a heading"),
        (2004.0, "is given twice"),
        (2021.0, "the year 2004 follows 2021"),
        ("", "a number stands in a column without a heading"),
    ],
)
def test_a_year_that_is_not_the_one_of_its_column_is_refused(sheet_of, heading, reason):
    sheet = sheet_of("drees-beneficiaires-series-1996-2020", "Tab1-ase")
    sheet.rows[6][4] = heading
    with pytest.raises(TableError, match=re.escape(reason)):
        SeriesTable.of(sheet)


def test_the_last_year_misprinted_over_the_départements_is_seen_over_the_régions(sheet_of):
    sheet = sheet_of("drees-beneficiaires-series-1996-2020", "Tab1-ase")
    sheet.rows[6][21] = 2021.0
    with pytest.raises(TableError, match="a column moved: the heading '2020'") as refused:
        SeriesTable.of(sheet)
    assert refused.value.cell == "Tab1-ase!V119"


def test_the_départements_of_1990_have_one_more_heading_overseas(sheet_of):
    table = SeriesTable.of(sheet_of("insee-estim-pop-dep-1975-2022", "1990"))
    oldest = {c.headings[-1]: c for c in table.columns if c.headings[0] == "Ensemble"}
    assert table.value("971", oldest["90 ans et plus"]) == 805
    assert table.value("971", oldest["95 ans et plus"]) is None
    assert table.value("01", oldest["95 ans et plus"]) == 283


def test_a_year_printed_twice_is_the_break_between_two_series(sheet_of):
    table = SeriesTable.of(sheet_of("drees-minima-sociaux-departements", "Tableau 11"), Allowances(0.05, 200))
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


@pytest.mark.parametrize(
    "text", ["x", "n d", "n/d", "(s)", "…", "**", "à paraître", "A PARAITRE", "Non connus", "non répondant"]
)
def test_one_to_three_letters_or_a_word_stand_for_a_value_that_is_not_there(text):
    assert is_mark(f" {text} ")


@pytest.mark.parametrize("text", ["n d r s", "nsdr", "Aube", "non disponible ici", "1", "- 1"])
def test_other_words_are_no_mark(text):
    assert not is_mark(text)


@pytest.mark.parametrize(
    ("heading", "is_rate"),
    [("Proportion", True), ("Taux d'accueil", True), ("en %", True), ("Part des filles", True), ("Âge moyen", True),
     ("pour 100 jeunes", True), ("pour 1 000 jeunes", True), ("pour 1000 jeunes", True),
     ("Départs", False), ("Autaux", False), ("Total", False)],
)  # fmt: skip
def test_what_is_no_count_is_not_summed(heading, is_rate):
    assert SeriesColumn(0, ("Filles", heading), None).is_rate == is_rate


def test_a_number_is_one_of_its_cell_alone():
    cells = [3, 3.5, "3", True, datetime.date(2020, 1, 1), ""]
    sheet = Sheet("F", [cells])
    assert [sheet.number(0, column) for column in range(len(cells))] == [3, 3.5, None, None, None, None]


def small(*header, rows=2):
    """Return a sheet of two départements under its headings, and what its columns are."""
    width = max(map(len, header))
    lines = [[*line, *[""] * (width - len(line))] for line in header]
    lines += [[f"0{row + 1}", "Nom", *[10 * row + column for column in range(width - 2)]] for row in range(rows)]
    sheet = Sheet("F", lines)
    places = {f"0{row + 1}": len(header) + row for row in range(rows)}
    return sheet, Headings(sheet, range(len(header))).columns(places, 1)


def told(columns):
    return [(column.index, column.heading, column.year) for column in columns]


def test_a_heading_stands_over_the_columns_to_its_right_until_the_next_of_its_row():
    _, columns = small(
        ["Code", "Nom", "Filles", "", "Garçons", ""],
        ["", "", "Total", "0 à 4 ans2", "Total", "0 à 4 ans (1)"],
    )
    assert told(columns) == [
        (2, "Filles / Total", None), (3, "Filles / 0 à 4 ans", None),
        (4, "Garçons / Total", None), (5, "Garçons / 0 à 4 ans", None),
    ]  # fmt: skip


def test_a_heading_of_the_first_row_ends_those_below_the_one_before():
    _, columns = small(["Code", "Nom", "Filles", "Garçons"], ["", "", "Total", ""])
    assert told(columns) == [(2, "Filles / Total", None), (3, "Garçons", None)]


def test_a_heading_that_both_rows_give_is_told_once():
    _, columns = small(["Code", "Nom", "Total"], ["", "", "Total*"])
    assert told(columns) == [(2, "Total", None)]


def test_the_years_are_told_from_the_headings_with_their_notes():
    _, columns = small(["Code", "Nom", "AED", "", "", ""], ["", "", 2018.0, "2019*", "2020 (p)", "2021 sd"])
    assert told(columns) == [(2, "AED", 2018), (3, "AED", 2019), (4, "AED", 2020), (5, "AED", 2021)]


def test_a_column_that_holds_nothing_hides_none_of_those_after_it():
    sheet, _ = small(["Code", "Nom", "A", "Vide", "Vide aussi", "B"])
    for row in (1, 2):
        sheet.rows[row][3] = sheet.rows[row][4] = ""
    sheet.rows[0][3] = ""
    assert told(Headings(sheet, [0]).columns({"01": 1, "02": 2}, 1)) == [(2, "A", None), (5, "B", None)]


def test_a_hidden_column_whose_heading_is_another_s_is_left_aside():
    sheet, _ = small(["Code", "Nom", "A", "B", "C"])
    sheet.rows[0][3] = "A"
    for hidden in (2, 3):
        one = Sheet("F", sheet.rows, hidden=frozenset({hidden}))
        assert told(Headings(one, [0]).columns({"01": 1, "02": 2}, 1)) == [(2, "A", None), (4, "C", None)]
    with pytest.raises(TableError, match=r"the heading 'A' is given twice \(column C too\)") as refused:
        Headings(sheet, [0]).columns({"01": 1, "02": 2}, 1)
    assert refused.value.cell == "F!D1"


@pytest.mark.parametrize(
    ("years", "reason", "cell"),
    [
        ((2018, 2019, "2018*"), "the heading '2018*' is given twice (column C too)", "E1"),
        ((2018, 2018), "the heading '2018' is given twice (column C too)", "D1"),
        ((2019, 2018), "the year 2018 follows 2019: a column moved", "D1"),
        ((2018, "2018*", 2018), "the heading '2018' is given twice (column D too)", "E1"),
    ],
)
def test_years_out_of_their_order_are_refused_by_the_second(years, reason, cell):
    with pytest.raises(TableError) as refused:
        small(["Code", "Nom", *years])
    assert (refused.value.message, refused.value.cell) == (reason, f"F!{cell}")


def test_the_last_year_printed_again_with_a_note_makes_an_old_series_of_all_before_it():
    _, columns = small(["Code", "Nom", 2017, 2018, "2018*", 2019])
    assert told(columns) == [
        (2, "ancienne série", 2017), (3, "ancienne série", 2018), (4, "", 2018), (5, "", 2019),
    ]  # fmt: skip


def test_headings_repeated_below_may_change_from_there_on():
    sheet, columns = small(["Code", "Nom", "A", "B", "C"], rows=2)
    sheet.rows.insert(2, ["", "", "A", "B2 et plus", "C"])
    changed = list(Headings(sheet, [0]).renamed(columns, 2))
    assert [(c.heading, c.start, c.stop) for c in changed] == [
        ("A", 0, 1_000_000), ("B", 0, 2), ("B2 et plus", 2, 1_000_000), ("C", 0, 1_000_000),
    ]  # fmt: skip


def test_the_heading_that_changes_below_is_the_lowest_of_its_column():
    sheet, columns = small(["Code", "Nom", "Filles", "", ""], ["", "", "A", "B", "C"])
    sheet.rows.insert(3, ["", "", "A", "B", "D"])
    changed = list(Headings(sheet, [0, 1]).renamed(columns, 3))
    assert [c.heading for c in changed] == ["Filles / A", "Filles / B", "Filles / C", "Filles / D"]


def test_a_heading_that_ends_half_way_down_is_followed_by_none():
    sheet, columns = small(["Code", "Nom", "A", "B", "C"])
    sheet.rows.insert(2, ["", "", "A", "B", ""])
    changed = list(Headings(sheet, [0]).renamed(columns, 2))
    assert [(c.heading, c.stop) for c in changed] == [("A", 1_000_000), ("B", 1_000_000), ("C", 2)]


def test_a_row_among_the_others_that_repeats_no_heading_is_refused():
    sheet, columns = small(["Code", "Nom", "A", "B"])
    sheet.rows.insert(2, ["", "", "Autre", "Texte"])
    with pytest.raises(TableError, match="a row among the départements is neither one of them nor a total") as refused:
        list(Headings(sheet, [0]).renamed(columns, 2))
    assert refused.value.cell == "F!C3"


@pytest.mark.parametrize("again", [2019, "2019 (p)", "2019*", ""])
def test_a_year_repeated_with_a_note_is_the_same_year(again):
    sheet, columns = small(["Code", "Nom", 2018, 2019])
    sheet.rows.append(["", "", 2018, again])
    Headings(sheet, [0]).check_same(columns, 3)


@pytest.mark.parametrize("again", [2020, "2020 (p)", 2018])
def test_another_year_over_a_column_is_refused_where_it_stands(again):
    sheet, columns = small(["Code", "Nom", 2018, 2019])
    sheet.rows.append(["", "", 2018, again])
    with pytest.raises(TableError, match="a column moved: the heading") as refused:
        Headings(sheet, [0]).check_same(columns, 3)
    assert refused.value.cell == "F!D4"


@pytest.mark.parametrize(
    ("row", "headings"),
    [
        (["A", "B", "X", "Y"], ["Filles / A", "Filles / B", "Garçons / C", "Garçons / D"]),
        (["A", "B", "C", "Y"], ["Filles / A", "Filles / B", "Garçons / C", "Garçons / D", "Garçons / Y"]),
    ],
)
def test_the_lowest_headings_change_below_where_more_than_half_are_repeated(row, headings):
    sheet, columns = small(["Code", "Nom", "Filles", "", "Garçons", ""], ["", "", "A", "B", "C", "D"])
    sheet.rows.insert(3, ["", "", *row])
    assert [column.heading for column in Headings(sheet, [0, 1]).renamed(columns, 3)] == headings
