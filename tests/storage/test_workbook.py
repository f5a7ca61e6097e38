"""A workbook is opened without a guess and without a risk, or refused with the place."""

import re
import zipfile

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage import workbook
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


def test_every_cell_of_a_sheet_is_at_its_place_and_none_is_beside():
    sheet = Sheet("F", [["a", "b"], ["c"]])
    assert [sheet.at(*place) for place in ((0, 0), (0, 1), (1, 0))] == ["a", "b", "c"]
    assert {sheet.at(*place) for place in ((-1, 0), (0, -1), (2, 0), (1, 1), (0, 2))} == {""}


@pytest.mark.parametrize("column", [0, 25, 26, 27, 51, 52, 701, 702, 703, 16_383])
def test_the_number_of_a_column_is_that_of_its_letters(column):
    assert workbook._number(letters(column).encode()) == column


def cell(address, inner="<v>1</v>", attributes=""):
    return f'<c r="{address}"{attributes}>{inner}</c>'.encode()


def test_two_million_cells_are_read_and_no_more():
    """ALL is the thousandth column."""
    assert workbook._flaws(cell("ALL2000"), "F", "f.xlsx").flaws == {}
    with pytest.raises(TableError, match=r"f\.xlsx is not read: a cell stands far from every table") as refused:
        workbook._flaws(cell("A1") + cell("ALL2001") + cell("B2"), "F", "f.xlsx")
    assert refused.value.cell == "F!ALL2001"


@pytest.mark.parametrize(
    ("cells", "far"),
    [(("A1048576", "XFD1"), "XFD1"), (("XFD1", "A1048576"), "A1048576"), (("XFD1048576", "B7"), "XFD1048576")],
)
def test_the_cell_that_widens_the_sheet_last_is_the_one_that_is_named(cells, far):
    with pytest.raises(TableError) as refused:
        workbook._flaws(b"".join(map(cell, cells)), "F", "f.xlsx")
    assert refused.value.cell == f"F!{far}"


def test_a_cell_that_holds_nothing_is_no_cell():
    assert workbook._flaws(b'<c r="XFD1048576" s="3"/>' + cell("A1"), "F", "f.xlsx").flaws == {}


def test_each_flaw_stands_at_its_own_cell():
    xml = (
        cell("B1", "<v>#REF!</v>", ' t="e"') + cell("C2", "<f>1+2</f>") + cell("D3", "<f>1+2</f><v>3</v>")
        + cell("E4", "<f>A1</f><v/>") + cell("F5", "<f>A1</f><is><t>x</t></is>")
    )  # fmt: skip
    assert workbook._flaws(xml, "F", "f.xlsx").flaws == {
        (0, 1): "the cell is in error",
        (1, 2): "the cell holds a formula that was never computed",
        (3, 4): "the cell holds a formula that was never computed",
    }


def test_the_columns_and_rows_that_are_hidden_are_those_between_the_ends_that_are_given():
    xml = b'<col min="2" max="4" hidden="1"/><col min="6" max="6"/><row r="3" hidden="true"/><row r="4"/>'
    flaws = workbook._flaws(xml, "F", "f.xlsx")
    assert (flaws.hidden, flaws.hidden_rows) == ({1, 2, 3}, {2})
    far = workbook._flaws(b'<col min="16383" max="99999" hidden="1"/>', "F", "f.xlsx")
    assert far.hidden == {16_382, 16_383}


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_a_small_archive_may_unfold_to_ten_megabytes(made, more, fits):
    path = made()
    with zipfile.ZipFile(path) as archive:
        held = sum(member.file_size for member in archive.infolist())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/vide.bin", bytes(10_000_000 - held + more))
    assert path.stat().st_size < 100_000
    if fits:
        assert len(open_workbook(path)) == 2
    else:
        with pytest.raises(TableError, match=r"classeur.xlsx would unfold to 10 MB from 0\.0: not read"):
            open_workbook(path)


def test_no_archive_unfolds_beyond_what_memory_holds(made, monkeypatch):
    path = made()
    with zipfile.ZipFile(path) as archive:
        held = sum(member.file_size for member in archive.infolist())
    monkeypatch.setattr(workbook, "_MOST_BYTES", held)
    assert len(open_workbook(path)) == 2
    monkeypatch.setattr(workbook, "_MOST_BYTES", held - 1)
    with pytest.raises(TableError, match="would unfold to"):
        open_workbook(path)


def test_a_merged_area_is_told_by_its_first_cell(made):
    def merge(book):
        book["Feuille quelconque"].merge_cells("B7:C9")

    sheet = open_workbook(made(merge))[1]
    assert sheet.merged == ((6, 1),)
    assert {sheet.at(row, column) for row in (6, 7, 8) for column in (1, 2)} == {72}
    assert (sheet.at(6, 3), sheet.at(9, 1)) == (74, 102)


def test_the_name_of_a_sheet_is_read_with_its_accents_and_its_signs(made):
    def rename(book):
        book["Feuille quelconque"].title = 'Été & "hiver" <1>'
        book['Été & "hiver" <1>']["E12"] = "=1+2"

    sheet = open_workbook(made(rename))[1]
    assert (sheet.name, list(sheet.flaws)) == ('Été & "hiver" <1>', [(11, 4)])


def test_empty_cells_among_the_others_hide_no_flaw():
    xml = cell("A1", "") + b'<c r="B1"/>' + cell("C1", "<v>#N/A</v>", ' t="e"')
    assert workbook._flaws(xml, "F", "f.xlsx").flaws == {(0, 2): "the cell is in error"}


def test_a_tall_and_narrow_sheet_is_read(made):
    def tall(book):
        book["Feuille quelconque"].cell(3000, 1, 7)

    assert len(open_workbook(made(tall))[1].rows) == 3000
