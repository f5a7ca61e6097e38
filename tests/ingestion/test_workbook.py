"""Workbooks: what the cells show."""

import datetime
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.workbook import _Cell, _text


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
    annex = read_annex(workbook())
    assert [float(v[0]) for v in figures(annex).values()] == [441826, 21813.14]
    assert [row.place for row in annex.table.rows] == ["Sheet, l. 2", "Sheet, l. 3"]


def test_a_number_format_is_followed_where_it_shows_the_value(workbook, figures):
    def formats(book):
        for row, (code, share) in enumerate(((1, 0.355), (2, 0.5)), start=2):
            book.active.cell(row, 1, code).number_format = "00"
            book.active.cell(row, 3, share).number_format = "0.0%"

    annex = read_annex(workbook(change=formats))
    assert [float(values[0]) for values in figures(annex).values()] == [35.5, 50]
    assert annex.table.columns[0].kind == "code"


def test_a_strict_workbook_is_read_as_another(workbook, figures):
    """As Excel saves it where « Strict Open XML » is asked for, and as the Insee publishes some of its own."""

    def formats(book):
        book.active["C2"].number_format = "0%"
        book.active["C2"] = 0.25
        book.active.merge_cells("A5:C5")

    path = workbook(change=formats)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            for room, rest in ((b"spreadsheetml", b"main"), (b"officeDocument", b"relationships")):
                transitional = b"http://schemas.openxmlformats.org/" + room + b"/2006/" + rest
                content = content.replace(transitional, b"http://purl.oclc.org/ooxml/" + room + b"/" + rest)
            archive.writestr(name, content)
    annex = read_annex(path)
    assert [values[0] for values in figures(annex).values()] == [25, Decimal("21813.14")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda book: setattr(book.active["C2"], "value", "=1+2"), r"a formula that was never computed.*Sheet!C2"),
        (lambda book: setattr(book.active.row_dimensions[2], "hidden", True), "stands in a hidden row or column"),
        (lambda book: setattr(book.active.column_dimensions["C"], "hidden", True), "stands in a hidden row or column"),
        (lambda book: setattr(book.active.row_dimensions[2], "height", 0.001), "stands in a hidden row or column"),
        (lambda book: setattr(book.active.column_dimensions["C"], "width", 0.001), "stands in a hidden row or column"),
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


@pytest.mark.parametrize(("value", "read"), [(12.3456, "12.3456"), (12.34567, "12.35")])
def test_a_number_of_five_decimals_is_a_computation_that_shows_two(workbook, figures, value, read):
    def format_of(book):
        book.active["B2"].number_format = "0.00"

    path = workbook(("Nom", "Indice"), ("Ain", value), ("Lot", 3), change=format_of)
    assert figures(read_annex(path))["01"] == (Decimal(read),)


def test_a_number_merged_over_two_columns_is_refused_and_a_title_is_not(workbook):
    rows = ("Crédits", None, None), ("Nom", "Places", "M (€)"), ("Ain", 4, None), ("Lot", 5, 6), ("Nord", 7, 8)
    annex = read_annex(workbook(*rows, change=lambda book: book.active.merge_cells("A1:C1")))
    assert annex.counts["lu"] == 5
    with pytest.raises(TableError, match="'4' is merged over several columns"):
        read_annex(workbook(*rows, change=lambda book: book.active.merge_cells("B3:C3")))


def test_a_cell_that_is_true_is_a_word_and_no_number(workbook):
    annex = read_annex(workbook(("Nom", "Retenu", "M (€)"), ("Ain", True, 4), ("Lot", False, 5)))
    assert [row.cells[1] for row in annex.table.rows] == ["vrai", "faux"]
    assert annex.table.columns[1].kind == "texte"


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


@pytest.mark.parametrize(("names", "tables"), [(("2023", "2024"), 2), (("€", "k€"), 2), (("Bretagne", "Corse"), 1)])
def test_the_name_of_a_sheet_is_a_title_where_it_gives_a_unit_or_a_year(workbook, names, tables):
    def second(book):
        book.active.title = names[0]
        for row in [("Nom", "Montant"), ("Nord", 1), ("Oise", 2)]:
            (book[names[1]] if names[1] in book.sheetnames else book.create_sheet(names[1])).append(row)

    path = workbook(("Nom", "Montant"), ("Ain", 3), ("Lot", 4), change=second)
    if tables == 1:
        assert len(read_annex(path).table.rows) == 4
    else:
        columns = [read_annex(path, table=table).table.columns for table in (1, 2)]
        assert [of[1].unit for of in columns] == ["" if name.isdigit() else name for name in names]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as file:
            for _ in range(320):
                file.write(b" " * 1_000_000)
    with pytest.raises(TableError, match=r"would unfold to 320 MB from 0\.3: not read"):
        read_annex(path)


def test_a_word_processor_file_is_named(tmp_path):
    path = tmp_path / "annexe.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(TableError, match="is a word-processor file: print it to a PDF"):
        read_annex(path)


@pytest.mark.parametrize(
    ("shape", "held", "shown"),
    [
        ('#,##0.0\\ "k€"', 441.5, 441500),
        ('_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-', -12.5, -12.5),
        ("#,##0.00\\ [$€-40C]", 1 / 3, 0.33),
        ("0.00E+00", 1.4e7, 14_000_000),
        ('[=0]"-";#,##0', 12, 12),
    ],
)
def test_the_unit_and_the_decimals_of_a_number_format_are_those_of_the_cell(workbook, figures, shape, held, shown):
    def change(book):
        for row in (2, 3):
            book.active.cell(row, 3, held).number_format = shape

    assert [float(values[0]) for values in figures(read_annex(workbook(change=change))).values()] == [shown, shown]


def test_two_tables_of_one_sheet_are_two_tables(workbook):
    under = [("Nom", "Montant (€)"), ("Ain", 1), ("Aisne", 2), (), ("Volet 2",), ("Nom", "Montant (€)"), ("Ain", 3)]
    with pytest.raises(TableError, match="holds 2 tables: choose one with --table"):
        read_annex(workbook(*under))
    beside = [("Nom", "€", None, "Région", "€"), ("Ain", 1, None, "Bretagne", 3), ("Aisne", 2, None, "Normandie", 4)]
    with pytest.raises(TableError, match="holds 2 tables: choose one with --table"):
        read_annex(workbook(*beside))


def test_the_amount_of_a_région_merged_over_its_départements_is_its_total(workbook):
    rows = [("Région", "Dotation ARS (€)", "Nom", "Montant (€)"), ("Bretagne", 3, "Finistère", 1)]
    rows += [(None, None, "Morbihan", 2), ("Normandie", 4, "Eure", 4)]
    annex = read_annex(workbook(*rows, change=lambda book: book.active.merge_cells("B2:B3")))
    assert [(check.name, check.status) for check in annex.table.checks] == [("Bretagne", "egal"), ("Normandie", "egal")]


@pytest.fixture
def open_document(tmp_path):
    """Write rows of cells, in the markup of OpenDocument, as an .ods."""

    def make(rows, columns=""):
        names = ("office", "table", "text", "style")
        spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
        body = f'<table:table table:name="Annexe">{columns}{rows}</table:table>'
        path = tmp_path / "annexe.ods"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
        return path

    return make


def cells(*texts):
    written = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
    return f"<table:table-row>{written}<table:table-cell table:number-columns-repeated='16000'/></table:table-row>"


def test_an_open_document_is_read_as_it_shows_its_cells(open_document, figures):
    rows = cells("Nom", "Part", "Montant"), cells("Ain", "3,5 %", "441<text:s/>826 €"), cells("Lot", "96,5 %", "- 2 €")
    annex = read_annex(open_document("".join(rows)))
    assert {code: tuple(map(float, each)) for code, each in figures(annex).items()} == {
        "01": (3.5, 441826),
        "46": (96.5, -2),
    }
    assert annex.table.rows[1].place == "Annexe, l. 3"


@pytest.mark.parametrize(
    ("row", "columns", "reason"),
    [
        (cells("Nord", "5 €").replace("table-row>", "table-row table:visibility='collapse'>", 1), "", "hidden row"),
        (cells("Nord", "5 €"), "<table:table-column/><table:table-column table:visibility='collapse'/>", "hidden row"),
        (
            cells("Nord", "").replace(
                "<table:table-cell><text:p></", "<table:table-cell table:formula='of:=1'><text:p></"
            ),
            "",
            "never computed",
        ),
    ],
)
def test_what_an_open_document_hides_is_refused(open_document, row, columns, reason):
    rows = cells("Nom", "Montant") + cells("Ain", "4 €") + row
    with pytest.raises(TableError, match=reason):
        read_annex(open_document(rows, columns))


@pytest.mark.parametrize("form", ["xlsx"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3700, 3712)) == {}


@pytest.mark.parametrize(
    ("value", "shape", "shown"),
    [
        (None, "General", ""),
        (" Ain ", "General", "Ain"),
        (True, "General", "vrai"),
        (False, "General", "faux"),
        (datetime.date(2020, 3, 5), "General", "05/03/2020"),
        (12, "General", "12"),
        (12.5, "General", "12,5"),
        (-3, "0", "-3"),
        (1.234, "General", "1,2340"),
        (0.234, "General", "0,234"),
        (0.355, "0.0%", "35,5 %"),
        (1, "0%", "100 %"),
        (0.3333333333, "0.0%", "33,3 %"),
        (1, "00", "01"),
        (0, "00", "00"),
        (1.5, "00", "1,5"),
        (-1, "00", "-1"),
        (4, '#,##0.0" k€"', "4 k€"),
        (4, "#,##0 [$€-40C]", "4 €"),
        (4, "#,##0 M€", "4 M€"),
        (1.23456789, "0.00", "1,23"),
        (1.2345, "0.00", "1,2345"),
        (2.999999999, "0", "3"),
        (0.1 + 0.2, "General", "0,3"),
        (5, '0" places"', "5 places"),
        (4, 'Standard" k€"', "4 k€"),
        (4, "@", "4"),
        (0.123456789, "General", "0,123456789"),
        (12.345678, "@", "12,345678"),
        (4, '0" ; k€"', "4 ; k€"),
        (3.5, '0.0"%"', "3,5 %"),
        (3.5, "0.0\\%", "3,5 %"),
        (4, "#,##0\\ \\k\\€", "4 k€"),
        (4, '"k€ "#,##0', "4 k€"),
        (4, "[$M€] #,##0", "4 M€"),
        (4, "[$$-409]#,##0.00", "4 $"),
        (4, "+0.0;-0.0", "4"),
        (-4, "+0.0;-0.0", "-4"),
        (4, "(0)", "4 ( )"),
        (-4, "#,##0;(#,##0)", "-4"),
        (-4, '_-* #,##0\\ "€"_-;\\-* #,##0\\ "€"_-;_-* "-"??\\ "€"_-', "-4 €"),
        (datetime.date(2020, 3, 5), "yyyy", "2020"),
        (datetime.datetime(2020, 12, 5), "[$-40C]mmm\\-yy;@", "déc.-20"),
        (datetime.date(2020, 3, 5), "mm-dd-yy", "05/03/2020"),
        (datetime.datetime(2020, 3, 5, 9), "yyyy h:mm", "05/03/2020"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value, shape, shown):
    assert _text(_Cell(value, shape, "A1"), []) == shown


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        *((12, shape) for shape in ("#,##0,", "0.0,,", '#,##0," k€"', "", ";;;", '"oui"')),
        *((-12, shape) for shape in ("#,##0;#,##0", "0;[Red]0", '0;"D "0', '0;""', "0_-;0_-")),
    ],
)
def test_a_format_that_shows_another_number_is_refused_with_its_cell(value, shape):
    with pytest.raises(TableError, match="shows another number than the cell holds") as refused:
        _text(_Cell(value, shape, "C7"), [])
    assert refused.value.cell == "C7"


def test_the_sheets_asked_for_are_counted_from_1(tmp_path, figures):
    book = openpyxl.Workbook()
    for rank, sheet in enumerate((book.active, book.create_sheet("Deux"), book.create_sheet("Trois")), start=1):
        for row in (("Département", "Montant (€)"), ("Ain", rank), ("Lot", 2 * rank), ("Nord", 3 * rank)):
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    for page in (1, 2, 3):
        annex = read_annex(tmp_path / "a.xlsx", pages=[page])
        assert figures(annex) == {"01": (page,), "46": (2 * page,), "59": (3 * page,)}
    for wrong in (0, 4):
        with pytest.raises(TableError):
            read_annex(tmp_path / "a.xlsx", pages=[wrong])


@pytest.mark.parametrize(("last", "refused"), [(500, False), (501, True)])
def test_a_sheet_is_five_hundred_columns_wide_at_most(tmp_path, last, refused):
    book = openpyxl.Workbook()
    for row in (("Département", "Montant (€)"), ("Ain", 1), ("Lot", 2), ("Nord", 3)):
        book.active.append(row)
    book.active.cell(1, last + 1, "Note")
    book.save(tmp_path / "a.xlsx")
    if refused:
        with pytest.raises(TableError, match="has cells in 502 columns: no table is so wide"):
            read_annex(tmp_path / "a.xlsx")
    else:
        assert len(read_annex(tmp_path / "a.xlsx").table.rows) == 3


@pytest.mark.parametrize("cell", ["B2", "C2"])
def test_a_struck_out_name_or_number_is_refused(workbook, cell):
    with pytest.raises(TableError, match="is struck out"):
        read_annex(workbook(change=lambda book: setattr(book.active[cell], "font", openpyxl.styles.Font(strike=True))))


@pytest.mark.parametrize(
    ("inside", "refused"),
    [("<text:span text:style-name='T1'>1</text:span>", False), ("<text:tab/>1", True), ("<text:line-break/>1", True)],
)
def test_a_raised_run_of_an_open_document_is_a_mark_and_a_tab_separates(open_document, figures, inside, refused):
    style = "<style:style style:name='T1'><style:text-properties style:text-position='super 58%'/></style:style>"
    rows = cells("Nom", "A (€)") + cells("Ain", "204").replace("204", f"204{inside}") + cells("Lot", "5") + style
    if refused:
        with pytest.raises(TableError, match="a cell holds 2 numbers"):
            read_annex(open_document(rows))
    else:
        assert figures(read_annex(open_document(rows))) == {"01": (204,), "46": (5,)}


@pytest.mark.parametrize(
    ("style", "cell", "refused"),
    [
        (
            "style:text-line-through-style='solid'",
            "table:style-name='T1'",
            "'204' stands in a hidden row or column, or is",
        ),
        ("style:text-line-through-type='single'", "table:style-name='T1'", "is struck out"),
        ("style:text-line-through-style='none'", "table:style-name='T1'", ""),
        ("", "office:value='204567'", "the format shows '204', another number than 204567, which the cell holds"),
        ("", "office:value='204.00004'", ""),
    ],
)
def test_what_an_open_document_strikes_out_or_scales_is_refused(open_document, style, cell, refused):
    rows = cells("Nom", "A (€)") + cells("Ain", "204") + cells("Lot", "5")
    rows = rows.replace("<table:table-cell><text:p>204", f"<table:table-cell {cell}><text:p>204")
    path = open_document(f"{rows}<style:style style:name='T1'><style:text-properties {style}/></style:style>")
    if refused:
        with pytest.raises(TableError, match=refused):
            read_annex(path)
    else:
        assert read_annex(path).table.rows[0].figures[-1] == 204


def test_a_hidden_sheet_of_an_open_document_is_left_out_and_said(open_document, figures):
    style = "<style:style style:name='S'><style:table-properties table:display='false'/></style:style>"
    hidden = f"</table:table>{style}<table:table table:name='B' table:style-name='S'>{cells('Nord', '7')}"
    annex = read_annex(open_document(cells("Nom", "A (€)") + cells("Ain", "204") + cells("Lot", "5") + hidden))
    assert figures(annex) == {"01": (204,), "46": (5,)}
    assert annex.remarks[0].sentence == "La feuille masquée « B » n'est pas lue."


def test_a_number_merged_over_columns_of_an_open_document_is_refused(open_document):
    merged = cells("Ain", "4", "").replace(
        "<table:table-cell><text:p>4", "<table:table-cell table:number-columns-spanned='2'><text:p>4"
    )
    with pytest.raises(TableError, match="merged over several columns"):
        read_annex(open_document("".join([cells("Nom", "A (€)", "B (€)"), merged, cells("Lot", "5", "6")])))


def test_the_places_of_an_open_document_count_the_rows_that_are_repeated(open_document):
    blank = "<table:table-row table:number-rows-repeated='3'><table:table-cell/></table:table-row>"
    annex = read_annex(open_document(blank + cells("Nom", "A (€)") + cells("Ain", "204") + cells("Lot", "5")))
    assert [row.place for row in annex.table.rows] == ["Annexe, l. 5", "Annexe, l. 6"]


def test_the_cells_of_an_open_document_are_repeated_spaced_and_of_several_lines(open_document):
    rows = cells("Nom", "A (€)", "B (€)", "C (€)", "Note") + cells("Ain", "204", "x<text:s text:c='3'/>y").replace(
        "<table:table-cell><text:p>204", "<table:table-cell table:number-columns-repeated='3'><text:p>204"
    ).replace(
        "</text:p></table:table-cell><table:table-cell table",
        "</text:p><text:p>z</text:p></table:table-cell><table:table-cell table",
    )
    annex = read_annex(open_document(rows + cells("Lot", "5", "6", "7")))
    assert [row.figures[1:4] for row in annex.table.rows] == [(204, 204, 204), (5, 6, 7)]
    assert [row.cells[-1] for row in annex.table.rows] == ["x   y\nz", ""]


def test_an_amount_of_an_open_document_merged_over_rows_is_refused(open_document):
    merged = cells("Ain", "4").replace(
        "<table:table-cell><text:p>4", "<table:table-cell table:number-rows-spanned='2'><text:p>4"
    )
    rows = [cells("Nom", "A (€)"), merged, cells("Lot", ""), cells("Nord", "5")]
    with pytest.raises(TableError, match="'4' is merged over 2 rows"):
        read_annex(open_document("".join(rows)))


@pytest.mark.parametrize(("size", "read"), [("0cm", False), ("0.000in", False), ("0.05cm", True), ("0.45cm", True)])
@pytest.mark.parametrize("of", ["row", "column"])
def test_a_row_or_a_column_of_no_size_is_hidden(open_document, figures, of, size, read):
    side = "height" if of == "row" else "width"
    style = f"<style:style style:name='F'><style:table-{of}-properties style:{of}-{side}='{size}'/></style:style>"
    rows = cells("Nom", "A (€)") + cells("Ain", "204") + cells("Lot", "5")
    columns = "<table:table-column/><table:table-column table:style-name='F'/>" if of == "column" else ""
    if of == "row":
        rows = rows.replace(
            "<table:table-row><table:table-cell><text:p>Lot",
            "<table:table-row table:style-name='F'><table:table-cell><text:p>Lot",
        )
    path = open_document(rows + style, columns)
    if read:
        assert figures(read_annex(path)) == {"01": (204,), "46": (5,)}
    else:
        with pytest.raises(TableError, match="stands in a hidden row or column"):
            read_annex(path)


def test_a_filter_of_an_open_document_hides_a_row(open_document):
    rows = (
        cells("Nom", "A (€)")
        + cells("Ain", "4")
        + cells("Lot", "5").replace("table-row>", "table-row table:visibility='filter'>", 1)
    )
    with pytest.raises(TableError, match=r"'Lot' stands in a hidden row or column.*Annexe, l\. 3"):
        read_annex(open_document(rows))


def test_words_alone_in_what_is_hidden_are_left_out(workbook, figures):
    rows = ("Nom", "Interne", "M (€)"), ("Ain", "à revoir", 4), ("Lot", "vu", 5), ("Brouillon", None, None)

    def hide(book):
        book.active.column_dimensions["B"].hidden = True
        book.active.row_dimensions[4].hidden = True

    annex = read_annex(workbook(*rows, change=hide))
    assert figures(annex) == {"01": (4,), "46": (5,)}
    assert [column.heading for column in annex.table.columns] == ["Nom", "M (€)"]


def test_raised_figures_of_rich_text_are_marks(workbook, figures):
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    raised, plain = InlineFont(vertAlign="superscript"), InlineFont(b=True)
    name, amount = (
        CellRichText("Ain", TextBlock(raised, "1")),
        CellRichText(TextBlock(plain, "204 €"), TextBlock(raised, "2")),
    )
    path = workbook(("Nom", "M"), ("-", "-"), ("Lot", "5 €"), change=lambda book: book.active.append([name, amount]))
    assert figures(read_annex(path)) == {"46": (5,), "01": (204,)}
    low = CellRichText("20", TextBlock(InlineFont(vertAlign="subscript"), "4"))
    path = workbook(("Nom", "M (€)"), ("Lot", 5), change=lambda book: book.active.append(["Ain", low]))
    assert figures(read_annex(path)) == {"46": (5,), "01": (204,)}


@pytest.mark.parametrize(
    ("value", "shape", "shown"),
    [
        (0, '[=0]"-";#,##0', "-"),
        (5, '[<10]0" k€";0" €"', "5 k€"),
        (10, '[<10]0" k€";0" €"', "10 €"),
        (10, '[<=10]0" k€";0" €"', "10 k€"),
        (10, '[>10]0" k€";0" €"', "10 €"),
        (10, '[>=10]0" k€";0" €"', "10 k€"),
        (5, '[<1]0" a";[<9]0" b;c";0" d"', "5 b;c"),
    ],
)
def test_a_format_of_several_parts_is_that_of_the_value(value, shape, shown):
    assert _text(_Cell(value, shape, "A1"), []) == shown


def test_what_a_merged_area_covers_is_told_by_its_rank(workbook):
    rows = (None, "Nom", "Crédits", None), (None, None, "2023", "2024"), (None, "Ain", 4, 5), (None, "Lot", 6, 7)
    annex = read_annex(workbook(*rows, change=lambda book: book.active.merge_cells("C1:D1")))
    assert [column.heading for column in annex.table.columns] == ["Nom", "Crédits 2023", "Crédits 2024"]


@pytest.mark.parametrize(
    ("value", "shape", "shown"),
    [
        (9, '[<1]0" a";[<5]0" b"', "9 b"),
        (9, '[<1]0" a";[<5]0" b";0" c"', "9 c"),
        (9, '[<1]0" a";[<5]0" b";[<7]0" c"', "9 c"),
        (0, "0", "0"),
        (0, '#,##0" k€"', "0 k€"),
        (0.1234, "0%", "12,34 %"),
        (0.125, "0%", "12,5 %"),
        (0.1234567, "0%", "12 %"),
        (0.12500001, "0%", "13 %"),
        (2.00005, "0.0000", "2,0001"),
        (0.1234567, "0.0%", "12,3 %"),
    ],
)
def test_a_part_without_condition_is_the_last_and_a_share_has_two_decimals_more(value, shape, shown):
    assert _text(_Cell(value, shape, "A1"), []) == shown


@pytest.mark.parametrize(
    ("area", "read"),
    [
        pytest.param("A5:B100004", True, marks=pytest.mark.slow),
        ("A5:B100006", False),
        ("A5:ZZ5", True),
        ("A5:AAA5", False),
    ],
)
def test_cells_merged_over_a_whole_sheet_are_refused_before_they_are_unfolded(workbook, area, read):
    path = workbook()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    merged = f'</sheetData><mergeCells><mergeCell ref="{area}"/></mergeCells>'.encode()
    parts[sheet] = parts[sheet].replace(b"</sheetData>", merged)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    if read:
        assert len(read_annex(path).table.rows) == 2
    else:
        with pytest.raises(TableError, match="merges cells over the whole sheet"):
            read_annex(path)


def test_a_thin_column_hides_itself_alone(workbook, figures):
    rows = ("Nom", "Note", "M (€)"), ("Ain", "vu", 4), ("Lot", "vu", 5)
    annex = read_annex(workbook(*rows, change=lambda book: setattr(book.active.column_dimensions["B"], "width", 0.01)))
    assert figures(annex) == {"01": (4,), "46": (5,)}
    assert [column.heading for column in annex.table.columns] == ["Nom", "M (€)"]


@pytest.mark.parametrize(("value", "shown", "read"), [("0.125", "12,5 %", True), ("0.126", "12,5 %", False)])
def test_a_share_of_an_open_document_shows_what_it_holds(open_document, value, shown, read):
    rows = cells("Nom", "Part") + cells("Ain", shown) + cells("Lot", "5 %")
    held = f"<table:table-cell office:value-type='percentage' office:value='{value}'><text:p>12"
    path = open_document(rows.replace("<table:table-cell><text:p>12", held))
    if read:
        assert [float(row.figures[-1]) for row in read_annex(path).table.rows] == [12.5, 5]
    else:
        with pytest.raises(TableError, match=r"another number than 0\.126, which the cell holds"):
            read_annex(path)


def test_an_entity_of_an_open_document_is_not_unfolded(tmp_path):
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("table", "text"))
    rows = cells("Nom", "A (€)") + cells("Ain", "&un;") + cells("Lot", "5")
    body = f'<d {spaces}><table:table table:name="A">{rows}</table:table></d>'
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("content.xml", f'<!DOCTYPE d [<!ENTITY un "4">]>{body}')
    with pytest.raises(TableError, match="'&un;', in the column 'A"):
        read_annex(tmp_path / "a.ods")


def test_columns_stand_in_their_order_however_far_from_one_another(workbook, figures):
    far = [None] * 6
    annex = read_annex(workbook((None, "Nom", *far, "M (€)"), (None, "Ain", *far, 4), (None, "Lot", *far, 5)))
    assert figures(annex) == {"01": (4,), "46": (5,)}
    assert annex.table.columns[0].heading == "Nom"


@pytest.mark.parametrize(("size", "read"), [(0.29, False), (0.3, True), (12, True)])
@pytest.mark.parametrize("of", ["row", "column"])
def test_a_row_or_a_column_of_three_tenths_is_seen(workbook, figures, of, size, read):
    def change(book):
        if of == "row":
            book.active.row_dimensions[2].height = size
        else:
            book.active.column_dimensions["C"].width = size

    if read:
        assert figures(read_annex(workbook(change=change)))["01"] == (441826,)
    else:
        with pytest.raises(TableError, match=r"'(441826|01)' stands in a hidden row or column"):
            read_annex(workbook(change=change))


def test_thin_columns_are_those_of_the_extent_that_the_file_gives(workbook, figures):
    def thin(book):
        dimension = book.active.column_dimensions["B"]
        dimension.min, dimension.max, dimension.width = 2, 3, 0.01

    rows = ("Nom", "Note", "Suite", "M (€)"), ("Ain", "vu", "vu", 4), ("Lot", "vu", "vu", 5)
    annex = read_annex(workbook(*rows, change=thin))
    assert figures(annex) == {"01": (4,), "46": (5,)}
    assert [column.heading for column in annex.table.columns] == ["Nom", "M (€)"]


AS_HELD = "La feuille « {} » montre des nombres arrondis, comme {} : ils sont lus tels qu'elle les contient."


@pytest.mark.parametrize(
    ("held", "shape", "read", "said"),
    [
        (12345.67, "#,##0", "12345.67", "12345,67 (Sheet!C2)"),
        (12345.67, "#,##0.##", "12345.67", ""),
        (12345.678912, "#,##0.##", "12345.68", ""),
        (12345.678912, "#,###", "12346", ""),
        (12345.67, "General", "12345.67", ""),
        (12345, "#,##0.00", "12345", ""),
        (0.1234, "0.00%", "12.34", ""),
        (0.1234, "0%", "12.34", "12,34 (Sheet!C2)"),
    ],
)
def test_what_is_shown_rounded_is_read_as_it_is_held_and_said(workbook, figures, held, shape, read, said):
    rows = ("Code", "Nom", "Valeur"), ("01", "Ain", held), ("02", "Aisne", 21813)

    def change(book):
        book.active["C2"].number_format = shape
        book.active["C3"].number_format = "0%" if "%" in shape else "0"

    annex = read_annex(workbook(*rows, change=change))
    assert figures(annex)["01"] == (Decimal(read),)
    told = [remark.sentence for remark in annex.remarks if remark.kind == "fichier"]
    assert told == ([AS_HELD.format("Sheet", said)] if said else [])


@pytest.mark.parametrize(
    ("cell", "read", "said"),
    [
        ("office:value-type='float' office:value='12345.67'><text:p>12 346 €</text:p>", "12345.67", "12345,67"),
        ("office:value-type='float' office:value='-12345.67'><text:p>-12 346 €</text:p>", "-12345.67", "-12345,67"),
        ("office:value-type='float' office:value='12345.678912'><text:p>12 346 €</text:p>", "12346", ""),
        ("office:value-type='float' office:value='12345.67'>", "12345.67", ""),
        ("office:value-type='float' office:value='0.30000000000000004'>", "0.3", ""),
        ("office:value-type='currency' office:value='12'>", "12", ""),
    ],
)
def test_a_cell_of_an_open_document_is_read_as_it_is_held(open_document, figures, cell, read, said):
    name = "<table:table-cell office:value-type='string' office:string-value='Ain'/>"
    row = f"<table:table-row>{name}<table:table-cell {cell}</table:table-cell></table:table-row>"
    annex = read_annex(open_document(cells("Nom", "A (€)") + row + cells("Lot", "5")))
    assert figures(annex) == {"01": (Decimal(read),), "46": (5,)}
    told = [remark.sentence for remark in annex.remarks if remark.kind == "fichier"]
    assert told == ([AS_HELD.format("Annexe", f"{said} (Annexe, l. 2)")] if said else [])


def test_a_share_of_an_open_document_without_a_text_is_in_per_cent(open_document, figures):
    share = "<table:table-cell office:value-type='percentage' office:value='0.125'/>"
    rows = cells("Nom", "Part") + cells("Ain", "x").replace(
        "<table:table-cell><text:p>x</text:p></table:table-cell>", share
    )
    assert figures(read_annex(open_document(rows + cells("Lot", "87,5 %"))))["01"] == (Decimal("12.5"),)


def test_a_row_of_an_open_document_that_is_repeated_is_given_as_often(open_document):
    twice = cells("Ain", "4").replace("<table:table-row>", "<table:table-row table:number-rows-repeated='2'>", 1)
    with pytest.raises(TerritoryError, match=r"'Ain' is given twice, at Annexe, l\. 2 and at Annexe, l\. 3"):
        read_annex(open_document(cells("Nom", "A (€)") + twice + cells("Lot", "5")))
    whole = twice.replace("'2'", "'1000000'")
    with pytest.raises(TableError, match="a row is repeated over the whole sheet"):
        read_annex(open_document(cells("Nom", "A (€)") + whole + cells("Lot", "5")))


def test_a_sheet_that_is_not_asked_for_is_not_judged(workbook):
    def second(book):
        book.create_sheet("B")["B2"] = 5
        book["B"]["B2"].number_format = "#,##0,"

    path = workbook(change=second)
    assert len(read_annex(path, pages=[1]).table.rows) == 2
    with pytest.raises(TableError) as told:
        read_annex(path, pages=[2])
    assert told.value.cell == "B!B2"


def test_cells_of_one_format_are_all_read_as_shown_where_one_is_computed(workbook, figures):
    def change(book):
        for cell in ("B2", "B3"):
            book.active[cell].number_format = "#,##0"

    annex = read_annex(workbook(("Nom", "M (k€)"), ("Ain", 6489.760756), ("Lot", 6590.1127), change=change))
    assert figures(annex) == {"01": (6490000,), "46": (6590000,)}
    assert not [remark for remark in annex.remarks if remark.kind == "fichier"]
