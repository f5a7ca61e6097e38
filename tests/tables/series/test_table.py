"""The table by département of a sheet is found by what it holds, and refused with its cell when it is not certain."""

import datetime

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import open_workbook
from cdppe_analysis.tables.series.table import Allowances, code_of, read_table

NAME = "Feuille quelconque"


@pytest.fixture
def read(made):
    """Return a function that reads the annual table once cells of it were changed."""

    def do(change=None, allowed=None, **cells):
        def both(book):
            for address, value in cells.items():
                book[NAME][address] = value
            if change:
                change(book[NAME])

        return read_table(open_workbook(made(both))[1], allowed)

    return do


def test_a_code_is_read_from_text_from_a_number_and_from_an_old_name():
    assert [code_of(cell) for cell in ("01", 1.0, "20A", "69M", "971", True, 0.5, "100", None)] == [
        "01", "01", "2A", "69M", "971", None, None, None, None,
    ]  # fmt: skip


def test_every_département_has_its_row_and_every_total_agrees(read):
    table = read()
    assert len(table.rows) == 99
    assert [column.heading for column in table.columns][1] == "MECS"
    # 3 totals and 17 régions in each of 4 columns, and the sum of the three first in each row.
    assert table.checked == 4 * (3 + 17) + 99


def test_a_value_is_that_of_its_cell(read):
    table = read()
    assert table.value("59", table.columns[1]) == table.sheet.at(table.rows["59"], 4) == 102


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("E12", "1 203", "a number is stored as text: '1 203'"),
        ("E12", "inconnu", "a text stands for a number: 'inconnu'"),
        ("E12", datetime.date(2020, 1, 1), "a date (2020-01-01) stands for a number"),
        ("E12", True, "a boolean (true) stands for a number"),
        ("E12", "=1+2", "the cell holds a formula that was never computed"),
        ("E12", "#REF!", "the cell is in error"),
        ("E12", 1e300, "1e+300 is no count"),
        ("E108", "12 345", "a number is stored as text: '12 345'"),
        ("B12", "99", "'99' beside 'Alpes-Maritimes' is neither a département nor a total"),
        ("C12", "Nord", "'06' beside 'Nord' is neither a département nor a total"),
        ("E6", None, "a number stands in a column without a heading"),
        ("M20", 5, "a number stands in a column without a heading"),
        ("E6", "Foyer de l'enfance", "is given twice (column E too)"),
    ],
)
def test_what_is_not_certain_is_refused_with_its_cell(read, cell, value, reason):
    with pytest.raises(TableError) as refused:
        read(**{cell: value})
    assert reason in refused.value.message
    place = {("E6", None): "E7", ("E6", "Foyer de l'enfance"): "F6", ("C12", "Nord"): "B12"}.get((cell, value), cell)
    assert refused.value.cell == f"{NAME}!{place}"


def test_a_département_given_twice_is_refused_with_both_rows(read):
    with pytest.raises(TableError, match=r"'05' is given twice \(row 11 too") as refused:
        read(B12="05", C12="Hautes-Alpes")
    assert refused.value.cell == f"{NAME}!B12"


@pytest.mark.parametrize(("row", "missing"), [(7, "01 .Ain"), (12, "06 .Alpes-Maritimes"), (105, "974 .La Réunion")])
def test_a_missing_département_is_named(read, row, missing):
    with pytest.raises(TableError, match=f"missing from the table: {missing}"):
        read(lambda sheet: sheet.delete_rows(row))


@pytest.mark.parametrize("cell", ["E12", "E106", "E107", "E108", "E113", "G20"])
def test_a_count_that_its_totals_contradict_is_refused(read, cell):
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(lambda sheet: sheet.__setitem__(cell, sheet[cell].value + 1))


def test_two_columns_exchanged_under_their_headings_are_refused(read):
    def exchange(sheet):
        for row in range(7, 106):
            sheet.cell(row, 4).value, sheet.cell(row, 5).value = sheet.cell(row, 5).value, sheet.cell(row, 4).value

    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(exchange)


def test_headings_exchanged_over_their_columns_are_refused(read):
    with pytest.raises(TableError, match="a column moved: the heading"):
        read(D6="MECS", E6="Établissement d'éducation spéciale")


def test_a_column_inserted_on_the_left_changes_nothing(read):
    table = read(lambda sheet: sheet.insert_cols(1))
    assert table.sheet.address(table.rows["01"], table.columns[0].index) == f"{NAME}!E7"


@pytest.mark.parametrize("mark", ["nd", "NR", "-", "n.s.", "s", "Non disponible"])
def test_a_mark_of_a_missing_value_is_no_value_and_is_counted(read, mark):
    table = read(E12=mark)
    assert table.value("06", table.columns[1]) is None
    assert table.marks == {mark: 1}


def test_a_total_smaller_than_the_parts_that_are_known_is_refused_though_one_is_missing(read):
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(E12="nd", E106=500)


def test_notes_on_the_names_are_no_part_of_them(read):
    assert read(C12="Alpes-Maritimes2", C105="La Réunion (*)").rows["06"] == 11


def test_a_hidden_column_is_read_and_told(read):
    table = read(lambda sheet: setattr(sheet.column_dimensions["E"], "hidden", True))
    assert table.notes == ("hidden columns read as the others: E",)


def test_the_publisher_s_warning_lets_a_total_miss_its_parts(read):
    table = read(E108=9_900, allowed=Allowances(0.05))
    assert table.notes == (f"1 totals within the publisher's own warning, the widest by 2.0% ({NAME}!E108)",)


def test_a_misprint_known_by_its_two_figures_is_let_through_and_no_other(read):
    totals = read().sheet.at(107, 4)
    known = Allowances(misprints=frozenset({(1.0, totals)}))
    assert read(E108=1, allowed=known).checked == read().checked - 1
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(E108=2, allowed=known)


def test_a_sheet_without_a_table_holds_none(made):
    assert read_table(open_workbook(made())[2]) is None


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


def test_zeros_of_the_parts_of_corse_once_it_is_one_are_read_as_absent(classeurs):
    sheets = {sheet.name: sheet for sheet in open_workbook(classeurs / "drees-depenses-series-1999-2020.xlsx")}
    table = read_table(sheets["ASE-tab2"])
    by_year = {column.year: column for column in table.columns}
    assert table.value("2A", by_year[2019]) is None
    assert table.value("2A", by_year[2017]) > 0
