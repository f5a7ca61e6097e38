"""Tables of other people are read where they are certain, else refused in one sentence."""

import datetime

import openpyxl
import pandas as pd
import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.tables import lines_of, place_of, plain_number, read_text_table, write_csv

EXPECTED = [["01", "1.5"], ["2A", "2"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("commas.csv", b"code_departement,igb\n01,1.5\n2A,2\n"),
        ("marked.csv", b"\xef\xbb\xbfcode_departement,igb\r\n01,1.5\r\n2A,2\r\n"),
        ("semicolons.csv", b"code_departement;igb\n01;1,5\n2A;2\n\n"),
        ("tabs.tsv", b"code_departement\tigb\n01\t1,5\n2A\t2\n"),
    ],
)
def test_what_a_spreadsheet_saves_is_read(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert read_text_table(tmp_path / name).to_numpy().tolist() == EXPECTED


def test_windows_1252_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes("code_departement;libellé\n2A;Corse-du-Sud".encode("cp1252"))
    assert list(read_text_table(tmp_path / "a.csv").columns) == ["code_departement", "libellé"]


def sheet_with(tmp_path, change):
    book = openpyxl.Workbook()
    for row in (["code_departement", "igb", "jour"], ["01", 1.5, None], ["02", 2, datetime.date(2020, 1, 2)]):
        book.active.append(row)
    change(book.active)
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_the_cells_of_a_workbook_keep_their_kind_and_their_row(tmp_path):
    read = read_text_table(sheet_with(tmp_path, lambda sheet: sheet.insert_rows(2)))
    assert read.to_numpy().tolist() == [["01", 1.5, ""], ["02", 2, "2020-01-02"]]
    assert lines_of(read) == [3, 4]
    assert read_text_table(sheet_with(tmp_path, lambda sheet: sheet.__setitem__("B2", True))).at[2, "igb"] is True


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True), r"a hidden row .*Sheet!A3"),
        (lambda sheet: setattr(sheet.column_dimensions["B"], "hidden", True), r"a hidden row .*Sheet!B1"),
        (lambda sheet: sheet.__setitem__("B3", "=1+1"), r"formula that was never computed .*Sheet!B3"),
        (lambda sheet: sheet.delete_rows(1, 9), r"no cell that is filled"),
    ],
)
def test_what_a_reader_of_the_workbook_would_not_see_is_refused(tmp_path, change, match):
    with pytest.raises(TableError, match=match):
        read_text_table(sheet_with(tmp_path, change))


def test_a_workbook_of_one_sheet_is_read(tmp_path):
    pd.DataFrame({"code_departement": ["01"], "igb": [1.5]}).to_excel(tmp_path / "a.xlsx", index=False)
    assert read_text_table(tmp_path / "a.xlsx").to_numpy().tolist() == [["01", 1.5]]


def test_a_workbook_of_two_sheets_is_refused(tmp_path):
    with pd.ExcelWriter(tmp_path / "a.xlsx") as writer:
        for sheet in ("2020", "2021"):
            pd.DataFrame({"x": [1]}).to_excel(writer, sheet_name=sheet, index=False)
    with pytest.raises(TableError, match=r"several sheets \(2020, 2021\)"):
        read_text_table(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is empty"),
        (b"a,b;c\n1,2;3\n", "separator is not certain: the header has 1 commas and 1 semicolons"),
        (b"a,b\n1\n", "line 2 has 1 cells, the header 2"),
        (b"a,a\n1,2\n", "the column 'a' is given twice"),
        (b"PK\x03\x04rest", "a workbook must be named .xlsx"),
        (b"a,b\n\x81,2\n", "neither in UTF-8 nor in Windows-1252"),
    ],
)
def test_what_is_not_certain_is_refused(tmp_path, content, match):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(TableError, match=match):
        read_text_table(tmp_path / "a.csv")


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(TableError, match="cannot read"):
        read_text_table(tmp_path / "absent.csv")


def test_whole_numbers_are_written_without_decimals(tmp_path):
    write_csv(pd.DataFrame({"code": ["01", "02"], "valeur": [169.0, 0.1]}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"code,valeur\n01,169\n02,0.1\n"


def test_messages_name_the_line_of_the_file(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'\ncode_departement,note\n\n01,"two\nlines"\n\n02,x\n')
    assert lines_of(read_text_table(tmp_path / "a.csv")) == [5, 7]
    (tmp_path / "b.csv").write_bytes(b"\na,b\n\n1\n")
    with pytest.raises(TableError, match="line 4 has 1 cells"):
        read_text_table(tmp_path / "b.csv")


def test_a_frame_that_came_from_no_file_is_numbered_from_1():
    assert lines_of(pd.DataFrame({"a": [1, 2]}, index=[7, 9])) == [1, 2]


@pytest.mark.parametrize("row", ['01,"x', '01,x"', '01,"x"y', '01,a"b'])
def test_a_lone_quote_is_refused_with_its_line(tmp_path, row):
    (tmp_path / "a.csv").write_text(f"code,b\n{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"a quote .*line 2"):
        read_text_table(tmp_path / "a.csv")


def test_a_cell_of_more_letters_than_are_read_is_refused_with_its_line(tmp_path):
    (tmp_path / "a.csv").write_text(f"code,b\n01,{'9' * 140_000}\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"^a cell has more than 131072 letters \(at a\.csv, line 2\)$"):
        read_text_table(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 234", "1234"),
        ("1\u202f234\u00a0567,8", "1234567.8"),
        ("12,5", "12.5"),
        ("-0,125", "-0.125"),
        ("1.5", "1.5"),
        ("1,234", "1,234"),
        ("12 34", "12 34"),
        ("1e5", "1e5"),
        (True, True),
        (4, 4),
    ],
)
def test_a_number_is_read_where_it_can_be_only_one(typed, read):
    assert plain_number(typed) == read
    assert type(plain_number(typed)) is type(read)


def test_a_row_of_a_workbook_is_named_with_its_file(tmp_path):
    path = tmp_path / "c.xlsx"
    pd.DataFrame({"code": ["23", "19"], "n": [1, True]}).to_excel(path, index=False)
    assert place_of(read_text_table(path)["n"], 1) == "c.xlsx, row 3"


def test_the_index_of_a_table_from_a_file_is_its_lines(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"code,b\n01,2\n")
    frame = read_text_table(tmp_path / "a.csv")
    assert (frame.index.name, frame.index.tolist()) == ("ligne", [2])
    assert read_text_table(sheet_with(tmp_path, lambda _: None)).index.name == "ligne"


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".xls", ".XLS"])
def test_a_workbook_is_known_by_its_suffix(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    with pytest.raises(TableError, match="is protected by a password"):
        read_text_table(path)


def test_quotes_that_go_by_two_are_part_of_a_cell(tmp_path):
    (tmp_path / "a.csv").write_text('code,b\n01,"dit ""IGB"""\n02,"""a"" et ""b"""\n', encoding="utf-8")
    assert read_text_table(tmp_path / "a.csv")["b"].tolist() == ['dit "IGB"', '"a" et "b"']


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,5", "1.5"),
        ("-1,5", "-1.5"),
        ("+12,25", "+12.25"),
        ("a,5", "a,5"),
        ("1,b", "1,b"),
        ("1,", "1,"),
        ("1.5,2", "1.5,2"),
    ],
)
def test_a_decimal_comma_is_read_where_the_separator_is_another(tmp_path, typed, read):
    (tmp_path / "a.csv").write_text(f"code;b\n01;{typed}\n", encoding="utf-8")
    assert read_text_table(tmp_path / "a.csv")["b"].tolist() == [read]


def test_a_single_column_needs_no_separator(tmp_path):
    (tmp_path / "a.csv").write_text("code\n01\n", encoding="utf-8")
    assert read_text_table(tmp_path / "a.csv").to_numpy().tolist() == [["01"]]


def test_the_cells_of_a_workbook_stop_at_the_last_that_is_filled(tmp_path):
    def change(sheet):
        sheet["F1"] = None
        sheet["A5"] = "03"
        sheet["C5"] = 1e20
        sheet["B5"] = 2.5

    frame = read_text_table(sheet_with(tmp_path, change))
    assert list(frame.columns) == ["code_departement", "igb", "jour"]
    assert lines_of(frame) == [2, 3, 5]
    assert frame.loc[5].tolist() == ["03", 2.5, 10**20]


def test_merged_cells_are_refused_at_the_first(tmp_path):
    with pytest.raises(TableError, match=r"cells are merged: .*Sheet!A2"):
        read_text_table(sheet_with(tmp_path, lambda sheet: sheet.merge_cells("A2:A3")))


def test_a_table_without_a_file_is_named_by_its_row_alone():
    assert place_of(pd.Series([1, 2]), 1) == "row 2"
