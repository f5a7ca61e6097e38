"""Workbooks: what the cells show."""

import openpyxl
import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import read_annex


@pytest.fixture
def workbook(tmp_path):
    def make(*rows, change=None):
        book = openpyxl.Workbook()
        for row in rows or [("Code", "Nom", "Montant (€)"), ("01", "Ain", 441826), ("02", "Aisne", 21813.14)]:
            book.active.append(row)
        if change:
            change(book)
        path = tmp_path / "annexe.xlsx"
        book.save(path)
        return path

    return make


def test_numbers_are_read_as_they_are_held(workbook, figures):
    assert [float(v[0]) for v in figures(read_annex(workbook())).values()] == [441826, 21813.14]


def test_a_number_format_is_followed_where_it_shows_the_value(workbook, figures):
    def formats(book):
        for row, (code, share) in enumerate(((1, 0.355), (2, 0.5)), start=2):
            book.active.cell(row, 1, code).number_format = "00"
            book.active.cell(row, 3, share).number_format = "0.0%"

    annex = read_annex(workbook(change=formats))
    assert [float(values[0]) for values in figures(annex).values()] == [35.5, 50]
    assert annex.table.columns[0].kind == "code"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda book: setattr(book.active["C2"], "value", "=1+2"), r"a formula has no value.*Sheet, C2"),
        (lambda book: setattr(book.active.row_dimensions[2], "hidden", True), "stands in a hidden row or column"),
        (lambda book: setattr(book.active.column_dimensions["C"], "hidden", True), "stands in a hidden row or column"),
        (lambda book: book.active.merge_cells("C2:C3"), "is merged over 2 rows"),
        (
            lambda book: setattr(book.active["C2"], "number_format", "#,##0,"),
            "shows another number than the cell holds",
        ),
        (lambda book: book.active.cell(1, 9000, 5), "no table is so wide"),
    ],
)
def test_what_a_person_would_not_see_is_refused(workbook, change, reason):
    with pytest.raises(TableError, match=reason):
        read_annex(workbook(change=change))


def test_a_hidden_sheet_is_left_out_and_said(workbook):
    def hidden(book):
        book.create_sheet("Calculs")["A1"] = 5
        book["Calculs"].sheet_state = "hidden"

    assert read_annex(workbook(change=hidden)).remarks[0].sentence == "La feuille masquée « Calculs » n'est pas lue."


def test_a_table_a_sheet_asks_for_a_choice(workbook):
    def second(book):
        sheet = book.create_sheet("2023")
        for row in [("Nom", "Montant (€)"), ("Ain", 1), ("Aisne", 2)]:
            sheet.append(row)

    path = workbook(change=second)
    with pytest.raises(TableError, match="holds 2 tables: choose one with --table"):
        read_annex(path)
    assert len(read_annex(path, table=2).table.rows) == 2


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    import zipfile

    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as file:
            for _ in range(320):
                file.write(b" " * 1_000_000)
    with pytest.raises(TableError, match="unpacks to 320 MB, more than the 300 MB that are read"):
        read_annex(path)


def test_a_word_processor_file_is_named(tmp_path):
    import zipfile

    path = tmp_path / "annexe.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(TableError, match="is a word-processor file: print it to a PDF"):
        read_annex(path)
