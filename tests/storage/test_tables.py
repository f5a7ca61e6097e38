"""Tables of other people are read where they are certain, else refused in one sentence."""

import pandas as pd
import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.tables import read_text_table, write_csv

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
        (b"a,b\n1\n", "row 2 has 1 cells, the header 2"),
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
