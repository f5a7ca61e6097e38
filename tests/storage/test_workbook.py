"""A workbook is opened without a guess and without a risk, or refused with the place."""

import re
import zipfile

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet, letters, open_workbook


def rewritten(path, change):
    """Write the archive again, each member changed by a function of its name and bytes (None drops it)."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members = {name: found for name, data in members.items() if (found := change(name, data)) is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_the_last_column_of_a_sheet_has_three_letters():
    assert (letters(25), letters(26), letters(16_383)) == ("Z", "AA", "XFD")


def test_a_cell_outside_a_sheet_is_empty():
    assert Sheet("F", [["a"]]).at(3, 0) == ""


def test_a_merged_heading_stands_over_each_of_its_columns(made):
    def merge(book):
        book["Feuille quelconque"].merge_cells("E2:G2")
        book["Feuille quelconque"]["E2"] = "Mesures"

    sheet = open_workbook(made(merge))[1]
    assert [sheet.at(1, column) for column in (4, 5, 6)] == ["Mesures"] * 3


def test_a_hidden_column_is_told(made):
    def hide(book):
        book["Feuille quelconque"].column_dimensions["E"].hidden = True

    assert open_workbook(made(hide))[1].hidden == {4}


def test_a_formula_never_computed_is_told_with_its_cell(made):
    sheet = open_workbook(made(lambda book: book["Feuille quelconque"].__setitem__("E12", "=1+2")))[1]
    assert sheet.flaws == {(11, 4): "the cell holds a formula that was never computed"}


def test_a_cell_at_the_far_corner_is_named_before_it_fills_the_memory(made):
    path = made(lambda book: book["Feuille quelconque"].__setitem__("XFD1048576", 1))
    with pytest.raises(TableError, match="far from every table") as refused:
        open_workbook(path)
    assert refused.value.cell == "Feuille quelconque!XFD1048576"


def test_a_bomb_is_not_unfolded(made):
    path = made()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/vide.bin", bytes(60_000_000))
    with pytest.raises(TableError, match="would unfold to 60 MB"):
        open_workbook(path)


def test_an_archive_that_lies_about_its_sizes_is_damaged(made):
    path = made()
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.index(b"xl/worksheets/sheet2.xml", data.index(b"PK\x01\x02")))
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(TableError, match="damaged"):
        open_workbook(path)


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(made, name):
    path = made()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(TableError, match="macros"):
        open_workbook(path)


@pytest.mark.parametrize(("stream", "words"), [("EncryptedPackage", "password"), ("_VBA_PROJECT", "macros")])
def test_a_closed_file_says_what_closes_it(tmp_path, stream, words):
    path = tmp_path / "f.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512))
    with pytest.raises(TableError, match=words):
        open_workbook(path)


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "f.xlsx"
    path.write_bytes(content)
    with pytest.raises(TableError, match=re.escape("f.xlsx")):
        open_workbook(path)


def test_a_workbook_cut_short_is_damaged(made):
    path = made()
    path.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(TableError, match="damaged"):
        open_workbook(path)


def test_a_workbook_without_its_sheet_is_damaged(made):
    path = rewritten(made(), lambda name, data: None if name.endswith("sheet2.xml") else data)
    with pytest.raises(TableError, match=re.escape("classeur.xlsx")):
        open_workbook(path)


def test_an_old_workbook_reads_as_a_new_one(made, tmp_path):
    xlwt = pytest.importorskip("xlwt", reason="writes .xls for the tests")
    new = open_workbook(made())[1]
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuille quelconque")
    for row, cells in enumerate(new.rows):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "f.xls"))
    assert open_workbook(tmp_path / "f.xls")[0].rows == new.rows
