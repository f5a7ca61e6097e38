"""The table by département of a sheet is found by what it holds, and refused with its cell when it is not certain."""

import datetime

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import open_workbook
from cdppe_analysis.tables.series.table import code_of, read_table

NAME = "Feuille quelconque"


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


def test_a_column_inserted_on_the_left_changes_nothing(read):
    table = read(lambda sheet: sheet.insert_cols(1))
    assert table.sheet.address(table.rows["01"], table.columns[0].index) == f"{NAME}!E7"


@pytest.mark.parametrize("mark", ["nd", "NR", "-", "n.s.", "s", "Non disponible"])
def test_a_mark_of_a_missing_value_is_no_value_and_is_counted(read, mark):
    table = read(E12=mark)
    assert table.value("06", table.columns[1]) is None
    assert table.marks == {mark: 1}


def test_notes_on_the_names_are_no_part_of_them(read):
    assert read(C12="Alpes-Maritimes2", C105="La Réunion (*)").rows["06"] == 11


def test_a_sheet_without_a_table_holds_none(made):
    assert read_table(open_workbook(made())[2]) is None


@pytest.mark.parametrize(
    ("longer", "heading"),
    [(0, "Établissements / Établissement d'éducation spéciale"), (1, "Établissement d'éducation spéciale")],
)
def test_a_line_of_sixty_letters_over_the_codes_is_a_sentence_and_no_heading(read, longer, heading):
    words = "code " + "x" * (54 + longer)
    assert read(B5=words, D5="Établissements").columns[0].heading == heading


def test_the_heading_beside_the_codes_tells_the_row_of_headings_alone(read):
    assert read(A6=None, B6="N°").columns[1].heading == "MECS"
