"""Workbooks of before 2007: what calamine tells of them, and what it does not."""

import struct

import pytest
import xlwt

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.xls import shown

ROWS = [("Code", "Nom", "Montant (€)"), ("01", "Ain", 441826), ("02", "Aisne", 21813.14), ("46", "Lot", -3)]


@pytest.fixture
def xls(tmp_path):
    def make(rows=ROWS, change=None, shapes=None):
        book = xlwt.Workbook()
        sheet = book.add_sheet("Annexe", cell_overwrite_ok=True)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, xlwt.easyxf(num_format_str=(shapes or {}).get((row, column), "General")))
        if change:
            change(book, sheet)
        path = tmp_path / "annexe.xls"
        book.save(str(path))
        return path

    return make


def test_the_values_of_an_xls_are_read_as_they_are_held(xls, figures):
    assert [float(v[0]) for v in figures(read_annex(xls())).values()] == [441826, 21813.14, -3]
    assert read_annex(xls()).table.rows[0].place == "Annexe, l. 2"


def test_the_formats_of_an_xls_are_followed(xls, figures):
    rows = [("Code", "Nom", "Part", "Montant"), (1, "Ain", 0.355, 4), (2, "Aisne", 0.5, 5), (46, "Lot", 1, 6)]
    shapes = {(row, 0): "00" for row in (1, 2, 3)} | {(row, 2): "0.0%" for row in (1, 2, 3)}
    annex = read_annex(xls(rows, shapes=shapes | {(row, 3): '#,##0.0" k€"' for row in (1, 2, 3)}))
    assert {code: tuple(map(float, v)) for code, v in figures(annex).items()} == {
        "01": (35.5, 4000),
        "02": (50, 5000),
        "46": (100, 6000),
    }


def merged(first_row, last_row):
    return lambda _, sheet: sheet.merge(first_row, last_row, 2, 2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _, sheet: setattr(sheet.row(2), "hidden", True), "stands in a hidden row or column.*Annexe!A3"),
        (lambda _, sheet: setattr(sheet.col(2), "width", 0), "stands in a hidden row or column"),
        (lambda _, sheet: setattr(sheet.col(2), "hidden", True), "stands in a hidden row or column.*Annexe!C1|C2"),
        (lambda _, sheet: sheet.write(1, 2, xlwt.Formula("1+2")), "a formula that was never computed.*Annexe!C2"),
        (lambda _, sheet: sheet.write(1, 2, 4, xlwt.easyxf("font: struck_out on")), "is struck out.*Annexe!C2"),
        (merged(1, 2), "is merged over 2 rows"),
        (
            lambda _, sheet: [sheet.write(row, 3, 7) for row in (2, 3)] + [sheet.merge(1, 1, 2, 3)],
            "merged over several columns",
        ),
        (lambda _, sheet: sheet.write(1, 2, 4, xlwt.easyxf(num_format_str="#,##0,")), "shows another number"),
    ],
)
def test_what_a_person_would_not_see_in_an_xls_is_refused(xls, change, reason):
    with pytest.raises(TableError, match=reason):
        read_annex(xls(change=change))


def test_a_hidden_sheet_of_an_xls_is_left_out_and_said(xls):
    def hide(book, sheet):
        other = book.add_sheet("Brouillon")
        other.write(0, 0, "Ain")
        other.visibility = 1

    said = [remark.sentence for remark in read_annex(xls(change=hide)).remarks]
    assert "La feuille masquée « Brouillon » n'est pas lue." in said


def test_an_xls_is_refused_when_it_is_cut_a_document_or_older(xls):
    whole = xls().read_bytes()
    with pytest.raises(TableError, match="is a damaged workbook"):
        shown(whole[:700], "annexe.xls")
    with pytest.raises(TableError, match=r"is a document \(\.doc\) of before 2007"):
        shown(whole.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")), "annexe.doc")
    with pytest.raises(TableError, match="is a workbook of before 1997"):
        shown(whole.replace(b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x10\x00\x00\x05", 1), "annexe.xls")


def told(path):
    return shown(path.read_bytes(), "annexe.xls")["Annexe"]


def test_each_cell_of_an_xls_has_its_own_format(xls):
    shapes = {(1, 0): "00", (1, 2): '#,##0" €"', (2, 2): "0.00", (3, 2): "0.0%", (2, 0): "0", (3, 0): "#,##0"}
    found = told(xls([("Code", "Nom", "Montant"), (1, "Ain", 4.5), (2, "Aisne", 5.5), (46, "Lot", 0.5)], shapes=shapes))
    assert {place: found.formats[place] for place in shapes} == shapes
    assert found.formats[0, 0] == "General"
    assert len(found.formats) == 12
    assert (found.visible, found.flaws, found.hidden, found.hidden_rows, found.heights) == (True, {}, set(), set(), {})


def test_numbers_that_stand_side_by_side_keep_their_columns(xls):
    """Several whole numbers of a row are one record (MULRK), each with its own format."""
    shapes = {(1, column): shape for column, shape in enumerate(("0", "0.00", "0%", "00"))}
    assert {
        p: s for p, s in told(xls([("A", "B", "C", "D"), (1, 2, 3, 4)], shapes=shapes)).formats.items() if p[0]
    } == shapes


def test_what_is_hidden_in_an_xls_is_told_by_its_rank(xls):
    def hide(_, sheet):
        sheet.row(2).hidden = True
        sheet.col(0).hidden = True
        sheet.col(1).hidden = True

    found = told(xls(change=hide))
    assert (found.hidden_rows, found.hidden) == ({2}, {0, 1})


def test_a_merged_area_of_an_xls_keeps_its_first_cell(xls):
    found = told(xls(change=lambda _, sheet: sheet.merge(1, 3, 1, 2)))
    assert (found.heights, found.covered) == ({(1, 1): 3}, {1: {2}})
    assert (1, 1) in found.formats
    assert not {(1, 2), (2, 1), (2, 2), (3, 1), (3, 2)} & set(found.formats)
    assert {(1, 0), (2, 0), (3, 0)} <= set(found.formats)


def test_a_name_of_a_sheet_is_read_with_its_accents_and_other_letters(tmp_path):
    for name in ("Été", "Œuvre ≥ 3"):
        book = xlwt.Workbook()
        book.add_sheet(name).write(0, 0, "x")
        book.add_sheet("Autre").write(0, 0, 3)
        book.save(str(tmp_path / "f.xls"))
        assert list(shown((tmp_path / "f.xls").read_bytes(), "f.xls")) == [name, "Autre"]


def test_a_formula_that_gives_zero_was_never_computed(xls):
    found = told(xls(change=lambda _, sheet: sheet.write(2, 2, xlwt.Formula("1-1"))))
    assert found.flaws == {(2, 2): "the cell holds a formula that was never computed"}


@pytest.mark.parametrize(
    ("value", "demand", "computed"), [(2.0, 3, True), (0.0, 0, True), (0.0, 1, False), (0.0, 2, False), (0.5, 3, True)]
)
def test_the_value_that_a_formula_keeps_is_one_unless_it_is_0_to_be_computed_again(xls, value, demand, computed):
    """Of a formula (record 6): row, column, style, its value as a double, its options."""
    content = xls(change=lambda _, sheet: sheet.write(2, 2, xlwt.Formula("1+2"))).read_bytes()
    at = content.index(struct.pack("<HH", 2, 2), content.index(b"Aisne")) + 6
    kept = content[:at] + struct.pack("<dH", value, demand) + content[at + 10 :]
    assert (shown(kept, "annexe.xls")["Annexe"].flaws == {}) is computed


@pytest.mark.parametrize("shape", ["0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%"])
def test_a_format_that_excel_has_by_its_number_alone_is_known(xls, shape):
    assert told(xls(shapes={(1, 2): shape})).formats[1, 2] == shape


def test_a_row_of_no_height_is_hidden_and_a_low_one_is_not(xls):
    def flatten(_, sheet):
        for row, height in ((1, 0), (2, 20)):
            sheet.row(row).height_mismatch = True
            sheet.row(row).height = height

    assert told(xls(change=flatten)).hidden_rows == {1}


def test_an_error_of_an_xls_is_a_flaw_and_a_truth_is_none(xls):
    def change(_, sheet):
        sheet.row(1).set_cell_error(2, "#REF!")
        sheet.row(2).set_cell_boolean(2, True)
        sheet.row(3).set_cell_boolean(2, False)

    assert told(xls(change=change)).flaws == {(1, 2): "the cell is in error"}


def test_a_column_of_its_own_width_is_seen(xls):
    def change(_, sheet):
        sheet.col(1).width, sheet.col(2).width = 256, 9000

    assert told(xls(change=change)).hidden == set()


def test_the_sheets_of_an_xls_keep_to_themselves_what_they_merge_and_hide(xls):
    def change(book, sheet):
        other = book.add_sheet("Autre")
        other.write(0, 0, 3)
        other.row(0).hidden = True
        other.merge(0, 4, 0, 0)

    content = xls(change=change).read_bytes()
    first, second = shown(content, "annexe.xls").values()
    assert (first.heights, first.hidden_rows, len(first.formats)) == ({}, set(), 12)
    assert (second.heights, second.hidden_rows, len(second.formats)) == ({(0, 0): 5}, {0}, 1)


def test_areas_merged_on_one_row_hide_all_but_their_first_columns(xls):
    def change(_, sheet):
        for row, area in enumerate([(0, 1), (3, 6), (8, 8)], start=5):
            sheet.merge(5, row, *area)
        sheet.merge(9, 9, 0, 2)
        for row, column in ((5, 3), (5, 6), (6, 3), (6, 6), (6, 7), (7, 3)):
            sheet.write(row, column, 7)

    found = told(xls(change=change))
    assert found.covered == {5: {1, 4, 5, 6}, 9: {1, 2}}
    assert {place for place in found.formats if place[0] > 3} == {(5, 3), (6, 7), (7, 3)}
    assert found.heights == {(5, 0): 1, (5, 3): 2, (5, 8): 3, (9, 0): 1}


@pytest.mark.parametrize("struck", range(1, 8))
def test_the_cells_of_a_struck_font_are_struck_whichever_its_number(xls, struck):
    """A style names its font by a number: none has the 4, those after it are one too high."""

    def change(_, sheet):
        for column in range(1, 8):
            style = f"font: height {200 + 20 * column}, struck_out {'on' if column == struck else 'off'}"
            sheet.write(1, column, "x", xlwt.easyxf(style))
            sheet.write(2, column, column, xlwt.easyxf(style))
            sheet.write(3, column, column / 8, xlwt.easyxf(style))

    found = told(xls(rows=[("A", "B")], change=change))
    assert found.struck == {(row, struck) for row in (1, 2, 3)}
    assert len(found.formats) == 2 + 7 * 3


@pytest.mark.parametrize(("visibility", "visible"), [(0, True), (1, False), (2, False)])
def test_a_sheet_is_seen_unless_it_is_hidden_or_very_hidden(xls, visibility, visible):
    def change(book, _):
        book.add_sheet("Autre").visibility = visibility

    sheets = shown(xls(change=change).read_bytes(), "annexe.xls")
    assert {title: sheet.visible for title, sheet in sheets.items()} == {"Annexe": True, "Autre": visible}


def test_an_xls_is_refused_when_it_is_locked_large_or_goes_round(xls):
    whole = xls().read_bytes()
    page = b"\x42\x00\x02\x00"
    assert whole.count(page) == 1
    with pytest.raises(TableError, match=r"^annexe.xls is locked by a password: save it without one"):
        shown(whole.replace(page, b"\x2f\x00\x02\x00"), "annexe.xls")
    with pytest.raises(TableError, match=r"^annexe.xls is a large workbook of before 2007: save it as .xlsx"):
        shown(whole[:72] + struct.pack("<I", 1) + whole[76:], "annexe.xls")
    # The sectors of the directory follow one another without end.
    first = struct.unpack_from("<I", whole, 48)[0]
    at = (struct.unpack_from("<I", whole, 76)[0] + 1) * 512 + 4 * first
    assert set(shown(whole[:at] + struct.pack("<I", first) + whole[at + 4 :], "annexe.xls")) == {"Annexe"}


def test_a_workbook_that_names_its_stream_as_before_1997_is_read(xls):
    content = xls().read_bytes()
    at = content.index("Workbook".encode("utf-16-le"))
    name = "Book".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 10)
    assert list(shown(content[:at] + name + content[at + 66 :], "annexe.xls")) == ["Annexe"]


@pytest.mark.parametrize("before", ["", "é", "≥", "\U0001d7d8 a"])
@pytest.mark.parametrize("length", [*range(8180, 8212, 3), 20])
def test_raised_figures_of_the_rich_text_of_an_xls_are_marks(xls, figures, before, length):
    """The texts of a workbook go on from one record, of 8 224 bytes at most, to the next."""
    fonts = [xlwt.Font() for _ in range(3)]
    fonts[1].escapement, fonts[2].escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT, xlwt.Font.ESCAPEMENT_SUBSCRIPT

    def change(_, sheet):
        sheet.write(4, 0, "x" * length)
        rich = [(1, 1, "Ain", "1", 1), (2, 2, "12 345", "2", 1), (3, 2, "20", "4", 2), (0, 1, f"{before}Nom", "3", 1)]
        for row, column, text, end, font in rich:
            sheet.write_rich_text(row, column, [(text, fonts[0]), (end, fonts[font])])

    path = xls(change=change)
    assert told(path).raised == {(1, 1): "Ain¹", (2, 2): "12 345²", (0, 1): f"{before}Nom³"}
    assert figures(read_annex(path)) == {"01": (441826,), "02": (12345,), "46": (204,)}


def test_texts_of_an_xls_that_are_fewer_than_it_says_are_those_of_a_damaged_workbook(xls):
    raised = xlwt.Font()
    raised.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    path = xls(change=lambda _, sheet: sheet.write_rich_text(1, 1, ["Ain", ("1", raised)]))
    content = bytearray(path.read_bytes())
    record = content.index(b"\xfc\x00", 512)
    content[record + 8 : record + 12] = (10_000).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(TableError, match="is a damaged workbook"):
        told(path)
