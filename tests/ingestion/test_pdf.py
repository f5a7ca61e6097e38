"""PDFs, with rulings and without."""

from decimal import Decimal

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.documents import read_document
from cdppe_analysis.ingestion.grids import Text


@pytest.fixture
def draw(tmp_path):
    """Draw texts at their places (x, y, text, size) on one page; return the path."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    def make(*texts, turned=(), rules=(), encrypt=None):
        path = tmp_path / "annexe.pdf"
        canvas = Canvas(str(path), pagesize=A4, encrypt=encrypt)
        for x, y, text, *size in texts:
            canvas.setFont("Helvetica", *(size or [10]))
            canvas.drawString(x, y, text)
        for x, y, text, *angle in turned:
            canvas.saveState()
            canvas.translate(x, y)
            canvas.rotate(*(angle or [90]))
            canvas.drawString(0, 0, text)
            canvas.restoreState()
        for rule in rules:
            canvas.line(*rule)
        canvas.rect(10, 10, 5, 5)
        canvas.save()
        return path

    return make


AIN, LOT = ((80, 700, "Ain"), (200, 700, "4 211 \u20ac")), ((80, 680, "Lot"), (200, 680, "5 000 \u20ac"))


@pytest.mark.parametrize("form", ["pdf", "pdf_bare"])
@pytest.mark.parametrize("seed", range(3000, 3012))
def test_an_annex_is_read_with_rulings_and_without(annexes, tmp_path, form, seed):
    made = annexes.make(seed, form, fault="")
    assert annexes.verdict(made, annexes.write(made, tmp_path))[0] == "right"


def test_a_page_number_at_the_head_or_the_foot_is_a_line_of_its_own(draw):
    for number in ((400, 780, "12"), (300, 40, "- 12 -")):
        annex = read_annex(draw(*AIN, *LOT, number))
        assert [row.place for row in annex.table.rows] == (
            ["p. 1, l. 2", "p. 1, l. 3"] if number[1] > 700 else ["p. 1, l. 1", "p. 1, l. 2"]
        )
        assert [each.text for each in annex.apart["hors du tableau"]] == ["12"]


def test_a_number_alone_between_the_rows_is_no_page_number(draw):
    with pytest.raises(TableError):
        read_annex(draw(*AIN, (200, 690, "12"), *LOT))


@pytest.mark.parametrize("size", [6, 8])
def test_a_raised_figure_is_a_footnote_mark_not_a_digit(draw, figures, size):
    path = draw(*AIN, *LOT, (96, 704, "1", size), (229, 704, "2", size))
    assert figures(read_annex(path)) == {"01": (4211,), "46": (5000,)}


def test_the_parentheses_of_a_raised_figure_are_raised_with_it(draw, figures):
    assert figures(read_annex(draw(*AIN, *LOT, (229, 704, "(2)", 8)))) == {"01": (4211,), "46": (5000,)}


def test_a_raised_figure_is_a_mark_under_a_note_longer_than_the_table(draw, figures):
    note = (80, 600, "1. Ce montant comprend les crédits notifiés au titre de la campagne de cette année.", 8)
    assert figures(read_annex(draw(*AIN, *LOT, (229, 704, "1", 8), note))) == {"01": (4211,), "46": (5000,)}


@pytest.mark.parametrize(("x0", "x1", "y"), [(200, 225, 703.5), (78, 300, 703), (80, 95, 703)])
def test_what_a_line_strikes_out_is_refused_and_what_it_underlines_is_read(draw, figures, x0, x1, y):
    with pytest.raises(TableError, match="is struck out on page 1"):
        read_annex(draw(*AIN, *LOT, rules=[(x0, y, x1, y)]))
    for under in (698.5, 712):
        assert figures(read_annex(draw(*AIN, *LOT, rules=[(x0, under, x1, under)]))) == {"01": (4211,), "46": (5000,)}


def test_a_raised_figure_as_large_as_the_others_is_no_mark(draw):
    with pytest.raises(TableError, match="'Lot', of the numbers after it, has 1 where the others have 2"):
        read_annex(draw(*AIN, *LOT, (229, 703, "2", 9)))


def test_a_rule_between_two_numbers_makes_two_columns_of_them(draw, figures):
    head = (80, 720, "Nom"), (200, 720, "A"), (214, 720, "B")
    rows = (80, 700, "Ain"), (200, 700, "14"), (214, 700, "204"), (80, 680, "Lot"), (200, 680, "17"), (214, 680, "300")
    annex = read_annex(draw(*head, *rows, rules=[(212.5, 670, 212.5, 735)]))
    assert figures(annex) == {"01": (14, 204), "46": (17, 300)}
    assert [column.heading for column in annex.table.columns] == ["Nom", "A", "B"]


@pytest.mark.parametrize(
    "ruled",
    [
        [(0, 2), (1, 2)],  # the last column is outside
        [(0, 3), (1, 2)],  # so is the last row
        [(0, 3), (2, 3)],  # so are the first
    ],
)
def test_rulings_around_a_part_of_a_table_do_not_cut_it(draw, figures, ruled):
    rows = [("Nom", "Places", "Taux"), ("Ain", "14", "3 %"), ("Lot", "7", "2 %"), ("Total", "21", "")]
    cells = [(80 + 100 * c, 705 - 20 * r, cell) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell]
    (left, right), (top, bottom) = ruled
    xs, ys = [70 + 100 * x for x in range(left, right + 1)], [720 - 20 * y for y in range(top, bottom + 2)]
    rules = [(x, ys[0], x, ys[-1]) for x in xs] + [(xs[0], y, xs[-1], y) for y in ys]
    annex = read_annex(draw(*cells, rules=rules))
    assert figures(annex) == {"01": (14, 3), "46": (7, 2)}
    assert [check.status for check in annex.table.checks] == ["egal"]


def test_numbers_a_small_gap_apart_are_two_and_so_are_their_headings(draw, figures):
    """5 points between cells whose letters are 10 high: a space is 2.8."""
    head = (80, 740, "Nom"), (150, 740, "Places"), (185, 740, "Montant (€)"), (243.5, 740, "Part (%)")
    rows = [("Ain", "14", "204 211", "3,5"), ("Lot", "7", "98 300", "2")]
    cells = [
        (x, 720 - 20 * rank, text)
        for rank, row in enumerate(rows)
        for x, text in zip(((80, 168.8, 184.9, 242), (80, 174.4, 190.5, 242))[rank], row, strict=True)
    ]
    annex = read_annex(draw(*head, *cells))
    assert figures(annex) == {"01": (14, 204211, Decimal("3.5")), "46": (7, 98300, 2)}
    assert [column.heading for column in annex.table.columns] == ["Nom", "Places", "Montant (€)", "Part (%)"]


@pytest.mark.parametrize("foot", ["12", "- 12 -", "Page 12", "12/14", "12 sur 14", "page 12 / 14"])
def test_the_number_of_a_page_is_told_however_it_is_written(draw, figures, foot):
    annex = read_annex(draw(*AIN, *LOT, (300, 40, foot)))
    assert figures(annex) == {"01": (4211,), "46": (5000,)}
    assert [number.text for number in annex.apart["hors du tableau"]] == [
        part for part in foot.replace("/", " ").split() if part.isdigit()
    ]


def test_a_foot_of_words_and_page_1_at_their_right_is_no_row(draw, figures):
    annex = read_annex(draw(*AIN, *LOT, (80, 40, "Bulletin officiel"), (300, 40, "Page 1")))
    assert figures(annex) == {"01": (4211,), "46": (5000,)}


def test_lines_of_words_and_the_unit_above_the_columns_of_a_page_are_read(draw, figures):
    head = (
        (80, 760, "Annexe 3 - Dotations de 2024"),
        (80, 740, "Nom"),
        (200, 740, "Places"),
        (300, 740, "Montant (k\u20ac)"),
    )
    rows = [("Ain", "14", "204"), ("Alpes-de-Haute-", "", ""), ("Provence", "7", "300"), ("Lot", "23", "1 455")]
    cells = [
        (x, 720 - 12 * rank, text)
        for rank, row in enumerate(rows)
        for x, text in zip((80, 200, 300), row, strict=True)
        if text
    ]
    annex = read_annex(draw(*head, *cells, (80, 640, "(1) Hors 2 territoires.")))
    assert figures(annex) == {"01": (14, 204000), "04": (7, 300000), "46": (23, 1455000)}
    assert annex.table.title == "Annexe 3 - Dotations de 2024"


def test_a_bold_number_that_is_printed_twice_a_hair_apart_is_read_once(draw, figures):
    twice = [(x + 0.3, y, text) for x, y, text in LOT]
    assert figures(read_annex(draw(*AIN, *LOT, *twice))) == {"01": (4211,), "46": (5000,)}


@pytest.mark.parametrize(
    "unread",
    [
        (60, 600, "Nouvelle 12"),
        (190, 640, "Nouvelle 12", 40),
        (700, 700, "Nouvelle 12", 0),
        (200, 860, "Nouvelle 12", 0),
        (200, -20, "Nouvelle 12", 0),
        (-90, 700, "Nouvelle 12", 0),
    ],
)
def test_what_is_turned_aslant_or_off_the_page_is_left_out_and_said(draw, unread):
    annex = read_annex(draw(*AIN, *LOT, turned=[unread]))
    assert [row.figures[-1] for row in annex.table.rows] == [4211, 5000]
    said = "Page 1 : 11 caractères qui ne sont pas droits, ou hors de la page, non lus."
    assert annex.remarks[0].sentence == said


def test_a_page_set_askew_and_the_fields_of_a_form_are_refused(draw, tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    with pytest.raises(TableError, match="page 1 is turned a little"):
        read_annex(draw(turned=[(*cell, 0.5) for cell in (*AIN, *LOT)]))
    canvas = Canvas(str(tmp_path / "form.pdf"))
    canvas.drawString(80, 700, "Ain")
    canvas.acroForm.textfield(value="54 000", x=200, y=690)
    canvas.save()
    with pytest.raises(TableError, match="page 1 holds the fields of a form, which are not read"):
        read_annex(tmp_path / "form.pdf")


def test_a_field_of_a_form_without_a_figure_is_let_be(figures, tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "form.pdf"))
    for name, amount, y in (("Ain", "4 211 €", 700), ("Lot", "5 000 €", 685)):
        canvas.drawString(80, y, name)
        canvas.drawString(200, y, amount)
    canvas.acroForm.textfield(value="à compléter", x=300, y=690)
    canvas.showPage()
    canvas.drawString(300, 40, "2")
    canvas.save()
    assert figures(read_annex(tmp_path / "form.pdf")) == {"01": (4211,), "46": (5000,)}


def test_turned_text_that_gives_a_unit_is_refused(draw):
    with pytest.raises(TableError, match="page 1 gives a unit in text that is not upright"):
        read_annex(draw(*AIN, *LOT, turned=[(60, 600, "Montant (k€)")]))


def test_a_page_without_text_is_said_to_be_a_scan(draw):
    with pytest.raises(TableError, match="it is a scan"):
        read_annex(draw())


def test_a_locked_file_is_said_to_be_locked(draw):
    from reportlab.lib.pdfencrypt import StandardEncryption

    with pytest.raises(TableError, match="is locked by a password"):
        read_annex(draw(*AIN, encrypt=StandardEncryption("secret")))


def test_a_damaged_file_is_said_to_be_damaged(draw):
    path = draw(*AIN)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(TableError, match="is damaged, or no PDF"):
        read_annex(path)


def test_a_page_that_is_not_there_is_an_error(draw):
    with pytest.raises(TableError, match="has no page 2: it has 1"):
        read_annex(draw(*AIN), pages={2})


@pytest.mark.parametrize(("span", "reason"), [(((1, 1), (1, 2)), "2 rows"), (((1, 1), (2, 1)), "several columns")])
def test_a_number_merged_over_rows_or_columns_of_rulings_is_refused(tmp_path, span, reason):
    from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

    rows = [["Nom", "A (EUR)", "B (EUR)"], ["Ain", "12", "1"], ["Lot", "13", "2"], ["Gers", "14", "3"]]
    rows[span[1][1]][span[1][0]] = ""
    rows[1][1] = "12"
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("SPAN", *span)])
    SimpleDocTemplate(str(tmp_path / "annexe.pdf")).build([Table(rows, style=style)])
    with pytest.raises(TableError, match=f"'12' is merged over {reason}"):
        read_annex(tmp_path / "annexe.pdf")


def texts(path, pages=None):
    """Return the blocks of a PDF: the cells of each row, and the places."""
    blocks = read_document(path, pages).blocks
    return [[row.cells for row in block.rows] for block in blocks], [
        row.place for block in blocks for row in block.rows
    ]


@pytest.mark.parametrize(
    ("x", "y", "mark", "read"),
    [
        (96, 704, "1", "Ain¹"),
        (99.3, 704, "1", "Ain¹"),
        (99.6, 704, "1", "Ain"),  # half its height away, it is no mark of the name
        (93.6, 704, "1", "Ain¹"),
        (96, 698, "1", "Ain"),  # lowered, it stands on another line
        (96, 708.5, "1", "Ain¹"),
        (96, 704, "9", "Ain⁹"),
        (96, 704, "a", "Ainᵃ"),
        (96, 704, "e", "Ainᵉ"),
        (96, 704, "f", "Ainf"),
    ],
)
def test_a_mark_is_small_raised_and_close_to_what_it_marks(draw, x, y, mark, read):
    blocks, _ = texts(draw(*AIN, *LOT, (x, y, mark, 6)))
    assert blocks[0][0][0].replace(" ", "") == read.replace(" ", "")


@pytest.mark.parametrize(
    ("marks", "read"),
    [
        ([(96, 704, "(1)", 6)], "Ain ¹"),
        ([(96, 704, "(1", 6)], "Ain (¹"),
        ([(96, 704, "(", 6), (98, 700, "1", 6), (101.4, 704, ")", 6)], "Ain(¹)"),
    ],
)
def test_parentheses_are_those_of_a_mark_where_both_stand_beside_it_on_its_line(draw, marks, read):
    [[first, *_]], _ = texts(draw(*AIN, *LOT, *marks))
    assert "".join(first[0].split()) == "".join(read.split())


@pytest.mark.parametrize(("gap", "columns"), [(6.5, 1), (7.5, 2)])
def test_pieces_of_a_line_stand_apart_from_seven_tenths_of_their_height_on(draw, gap, columns):
    start = 80 + 14.45 + gap  # the width of « Ain »
    path = draw((80, 700, "Ain"), (start, 700, "14"), (80, 680, "Var"), (80 + 15.56 + gap, 680, "17"))
    assert {len(row) for block in texts(path)[0] for row in block} == {columns}


@pytest.mark.parametrize(("drop", "lines"), [(2.5, 2), (4, 4)])
def test_what_stands_within_three_points_is_on_one_line(draw, drop, lines):
    path = draw((80, 700, "Ain"), (200, 700 - drop, "14"), (80, 680, "Lot"), (200, 680 - drop, "17"))
    assert len(texts(path)[1]) == lines


def test_columns_that_a_program_sets_with_spaces_are_columns(draw, figures):
    rows = ["Nom     Places     Montant", "Ain       14         204", "Lot        7         300"]
    annex = read_annex(draw(*((80, 700 - 15 * rank, row) for rank, row in enumerate(rows))))
    assert figures(annex) == {"01": (14, 204), "46": (7, 300)}


def test_a_rule_parts_the_rows_that_it_runs_along_and_no_other(draw):
    path = draw((80, 700, "Ain"), (97, 700, "14"), (80, 680, "Lot"), (97, 680, "17"), rules=[(96, 690, 96, 710)])
    assert [row for block in texts(path)[0] for row in block] == [("Ain  14",), ("Lot 17",)]


@pytest.mark.parametrize("at", [93.6, 97.9])
def test_a_rule_parts_what_it_touches(draw, at):
    path = draw(
        *((x, y, text) for y in (700, 680) for x, text in ((80, "Ain"), (97, "14"))), rules=[(at, 670, at, 712)]
    )
    assert [row for block in texts(path)[0] for row in block] == [("Ain", "14")] * 2


@pytest.mark.parametrize("at", [92.9, 98.4])
def test_a_rule_through_a_word_parts_nothing(draw, at):
    path = draw(
        *((x, y, text) for y in (700, 680) for x, text in ((80, "Ain"), (97, "14"))), rules=[(at, 670, at, 712)]
    )
    assert [row for block in texts(path)[0] for row in block] == [("Ain 14",)] * 2


def boxed(cells, left=70, top=720, width=100, height=20):
    """Return what draws a ruled table: its cells, and its rules."""
    columns, rows = len(cells[0]), len(cells)
    written = [
        (left + 10 + width * c, top - 15 - height * r, cell)
        for r, row in enumerate(cells)
        for c, cell in enumerate(row)
    ]
    xs, ys = [left + width * x for x in range(columns + 1)], [top - height * y for y in range(rows + 1)]
    return written, [(x, ys[0], x, ys[-1]) for x in xs] + [(xs[0], y, xs[-1], y) for y in ys]


def test_what_stands_around_a_ruled_table_is_text_in_its_order_of_the_page(draw):
    cells, rules = boxed([["Nom", "A"], ["Ain", "14"], ["Lot", "17"]])
    path = draw((80, 600, "Note 2"), (80, 760, "Titre 1"), (80, 650, "Source 3"), *cells, rules=rules)
    blocks, places = texts(path)
    assert blocks == [
        [("Titre 1",)],
        [("Nom", "A"), ("Ain", "14"), ("Lot", "17")],
        [("Source 3",)],
        [("Note 2",)],
    ]
    assert places == ["p. 1, l. 1", "p. 1, rang 1", "p. 1, rang 2", "p. 1, rang 3", "p. 1, l. 2", "p. 1, l. 3"]


@pytest.mark.parametrize("cells", [[["Ain"], ["Lot"]], [["Ain", "14"]]])
def test_a_box_of_one_column_or_of_one_row_is_no_table(draw, figures, cells):
    _, rules = boxed(cells, width=60 if len(cells[0]) == 1 else 150, height=25)
    annex = read_annex(draw(*AIN, *LOT, rules=rules))
    assert figures(annex) == {"01": (4211,), "46": (5000,)}
    assert [row.place for row in annex.table.rows] == ["p. 1, l. 1", "p. 1, l. 2"]


def test_pages_are_read_in_their_order_and_those_alone_that_are_asked_for(tmp_path, figures):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "annexe.pdf"))
    for rows in ((("Ain", "14 €"), ("Lot", "17 €")), (("Nord", "20 €"), ("Gers", "30 €"))):
        for rank, row in enumerate(rows):
            for column, cell in enumerate(row):
                canvas.drawString(80 + 100 * column, 700 - 20 * rank, cell)
        canvas.saveState()
        canvas.rotate(90)
        canvas.drawString(600, -40, "A1")
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    path = tmp_path / "annexe.pdf"
    whole, second = read_annex(path), read_annex(path, pages={2})
    assert figures(whole) == {"01": (14,), "46": (17,), "59": (20,), "32": (30,)}
    assert figures(second) == {"59": (20,), "32": (30,)}
    said = "Page {} : 2 caractères qui ne sont pas droits, ou hors de la page, non lus."
    assert [remark.sentence for remark in whole.remarks if "droits" in remark.sentence] == [
        said.format(1),
        said.format(2),
    ]
    assert [row.place for row in second.table.rows] == ["p. 2, l. 1", "p. 2, l. 2"]


def test_a_page_that_is_an_image_beside_pages_of_text_is_named(tmp_path):
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "annexe.pdf"))
    for x, y, text in (*AIN, *LOT):
        canvas.drawString(x, y, text)
    canvas.showPage()
    canvas.drawImage(ImageReader(Image.new("L", (20, 20))), 50, 50, 500, 700)
    canvas.save()
    with pytest.raises(TableError, match=r"page 2 of annexe\.pdf is an image without text: choose the others"):
        read_annex(tmp_path / "annexe.pdf")
    assert len(read_annex(tmp_path / "annexe.pdf", pages={1}).table.rows) == 2


def rows_of(path):
    """Return the rows of the grids of a PDF, and its lines of text."""
    blocks = read_document(path).blocks
    grids = [row.cells for block in blocks for row in block.rows if not isinstance(block, Text)]
    return grids, [block.text for block in blocks if isinstance(block, Text)]


@pytest.mark.parametrize(("cells", "size"), [([["Note"], ["Hors 2 sites"]], 25), ([["Note", "Hors 2 sites"]], 25)])
def test_a_box_beside_a_table_without_rulings_leaves_it_its_columns(draw, cells, size):
    written, rules = boxed(cells, left=350, top=790, height=size)
    grids, _ = rows_of(draw(*written, *AIN, *LOT, rules=rules))
    assert grids[-2:] == [("Ain", "4 211 €"), ("Lot", "5 000 €")]


@pytest.mark.parametrize("top", [150, 780])
def test_a_title_over_each_of_two_ruled_tables_side_by_side_is_refused_at_its_line(draw, top):
    left, rules = boxed([["Nom", "A"], ["Ain", "14"]], top=top)
    right, others = boxed([["Nom", "B"], ["Lot", "17"]], left=340, top=top - 10)
    titles = (80, top + 20, "Recettes (k€)"), (190, top + 20, "en 2024"), (350, top + 20, "Charges (M€)")
    with pytest.raises(TableError, match=r"'Recettes \(k€\)' and 'Charges \(M€\)' stand over two tables") as told:
        read_document(draw((80, 820, "Annexe"), *titles, *left, *right, rules=[*rules, *others]))
    assert told.value.cell == "p. 1, l. 2"


@pytest.mark.parametrize(
    ("right", "titles"),
    [
        ((340, 140), ((80, 60, "Hors 2 sites"), (350, 60, "Source : B"))),  # notes below them
        ((340, 140), ((80, 170, "Recettes"), (230, 170, "et charges"))),  # over one of them
        ((100, 90), ((75, 170, "Recettes"), (250, 170, "et charges"))),  # one is under the other
    ],
)
def test_what_stands_under_two_ruled_tables_or_over_one_is_a_text(draw, right, titles):
    first, rules = boxed([["Nom", "A"], ["Ain", "14"]], top=140, width=100 if right[0] > 100 else 60)
    second, others = boxed([["Nom", "B"], ["Lot", "17"]], left=right[0], top=right[1])
    grids, lines = rows_of(draw(*titles, *first, *second, rules=[*rules, *others]))
    assert sorted(grids) == sorted([("Nom", "A"), ("Ain", "14"), ("Nom", "B"), ("Lot", "17")])
    assert lines == ["  ".join(text for _, _, text in titles)]


def test_rows_that_reach_beyond_the_rulings_on_both_sides_are_of_the_table(draw):
    cells, rules = boxed([["Nom", "A (€)"], ["Ain", "14"], ["Lot", "17"]], left=100)
    below = (95, 645, "Gers"), (210, 645, "1 123 456 789 012 345 678"), (60, 625, "Total général"), (280, 625, "31")
    grids, lines = rows_of(draw(*cells, *below, rules=rules))
    assert grids[-2:] == [("Gers", "1 123 456 789 012 345 678"), ("Total général", "31")]
    assert lines == []


@pytest.mark.parametrize(
    "beside",
    [
        [(400, 685, "12")],  # one number in the margin
        [(400, 760, "12"), (400, 740, "13"), (400, 640, "14"), (400, 620, "15")],  # above and below
        [(400, 685, "Gers"), (500, 685, "12")],  # the row of another table
    ],
)
def test_what_stands_beside_rulings_and_is_none_of_their_rows_leaves_them(draw, beside):
    cells, rules = boxed([["Nom", "A"], ["Ain", "14"], ["Lot", "17"]])
    grids, lines = rows_of(draw(*cells, *beside, rules=rules))
    assert grids == [("Nom", "A"), ("Ain", "14"), ("Lot", "17")]
    assert " ".join(" ".join(lines).split()) == " ".join(text for _, _, text in beside)


def test_two_numbers_beside_the_rulings_are_a_column_of_the_table(draw):
    cells, rules = boxed([["Nom", "A"], ["Ain", "14"], ["Lot", "17"]])
    grids, _ = rows_of(draw(*cells, (400, 685, "12"), (400, 665, "13"), rules=rules))
    assert grids == [("Nom", "A", ""), ("Ain", "14", "12"), ("Lot", "17", "13")]


def test_a_mark_may_overlap_by_a_point_the_letter_that_it_follows(draw):
    for x, name in ((96, "AIN¹"), (95, "AIN 1")):
        [[first, _]], _ = texts(draw((80, 700, "AIN"), *AIN[1:], *LOT, (x, 704, "1", 6)))
        assert first[0] == name


def test_figures_nearly_as_high_as_the_letter_before_are_digits(draw):
    blocks, _ = texts(draw(*AIN, *LOT, (80, 600, "Hors zone A", 9), (129.6, 600, "1", 8.4)))
    assert "".join(blocks[-1][-1]).replace(" ", "") == "HorszoneA1"


@pytest.mark.parametrize(("y", "struck"), [(705.2, False), (704.6, True), (701, True), (700.4, False), (703, True)])
def test_a_line_strikes_what_it_crosses_between_the_foot_and_the_top_of_its_letters(draw, y, struck):
    path = draw(*AIN, *LOT, rules=[(82, y, 92.5, y)])
    if struck:
        with pytest.raises(TableError, match=r"^'Ain' is struck out on page 1"):
            read_document(path)
    else:
        assert rows_of(path)[0] == [("Ain", "4 211 €"), ("Lot", "5 000 €")]


def test_the_first_forty_letters_of_what_is_struck_out_are_told(draw):
    text = "Cette ligne est barrée de son début jusqu'à sa toute fin"
    with pytest.raises(TableError, match=f"^'{text[:40]}' is struck out"):
        read_document(draw(*AIN, *LOT, (80, 600, text), rules=[(70, 603.5, 400, 603.5)]))


def test_figures_that_stand_half_a_point_higher_are_of_the_same_number(draw):
    path = draw(AIN[0], (200, 700, "4 2"), (213.9, 700.5, "11 €"), *LOT)
    assert rows_of(path)[0] == [("Ain", "4 211 €"), ("Lot", "5 000 €")]


def test_a_number_set_in_two_pieces_beside_another_is_one(draw):
    """5 points from « 14 » to « 204 », 3 points from « 204 » to « 211 », in letters of 10."""
    rows = [
        [(80, y, name), (200, y, "14"), (216.1, y, "204"), (235.8, y, "211")]
        for y, name in ((700, "Ain"), (680, "Lot"))
    ]
    assert rows_of(draw(*rows[0], *rows[1]))[0] == [("Ain", "14", "204 211"), ("Lot", "14", "204 211")]


def test_a_unit_a_small_gap_after_its_number_is_its_own(draw):
    """5 points from « 12 » to « k€ », in letters of 10."""
    rows = [
        (80, 700, "Ain"),
        (200, 700, "12"),
        (216.1, 700, "k€"),
        (80, 680, "Lot"),
        (200, 680, "13"),
        (216.1, 680, "k€"),
    ]
    assert rows_of(draw(*rows))[0] == [("Ain", "12 k€"), ("Lot", "13 k€")]


def test_what_spaces_set_apart_stands_where_it_is_printed(draw):
    spaced = "Ain" + " " * 38 + "14"
    assert rows_of(draw((80, 700, spaced), (80, 680, "Lot"), (200, 680, "17")))[0] == [("Ain", "14"), ("Lot", "17")]


@pytest.mark.parametrize(
    ("left", "right", "gap", "read"),
    [
        # Half a letter apart, a number is cut from what it stands beside, and a name from a name.
        ("Ain", "4 211", 5, "Ain  4 211"),
        ("Ain", "Lot", 5, "Ain  Lot"),
        ("14", "204", 5, "14  204"),
        ("14", "204", 4.2, "14  204"),
        ("14", "204", 3.8, "14 204"),
        # Words, a name of several, a unit and a mark are not.
        ("Nord", "Divers", 5, "Nord Divers"),
        ("Seine", "Maritime", 5, "Seine Maritime"),
        ("12", "k€", 5, "12 k€"),
        ("14", "*", 5, "14 *"),
        ("Hors ", "champ", 5, "Hors champ"),
        ("Hors", " champ", 5, "Hors champ"),
    ],
)
def test_pieces_that_a_small_gap_sets_apart_are_cut_where_a_number_or_a_name_ends(draw, left, right, gap, read):
    from reportlab.pdfbase.pdfmetrics import stringWidth

    path = draw((80, 700, left), (80 + stringWidth(left, "Helvetica", 10) + gap, 700, right))
    assert rows_of(path)[1] == [read]


@pytest.mark.parametrize(
    ("sizes", "gap", "read"), [((14, 10), 9, "A b"), ((14, 10), 10.5, "A  b"), ((10, 14), 9, "A b")]
)
def test_the_gap_between_columns_is_that_of_the_larger_letters(draw, sizes, gap, read):
    from reportlab.pdfbase.pdfmetrics import stringWidth

    left, right = sizes
    path = draw((80, 700, "A", left), (80 + stringWidth("A", "Helvetica", left) + gap, 700, "b", right))
    assert rows_of(path)[1] == [read]


@pytest.mark.parametrize(
    ("rule", "struck"),
    [
        ((82, 703, 83.6, 703), ""),  # shorter than two points, it is a point
        ((82, 703, 84.4, 703), "A"),
        ((82, 702.5, 92, 704), "Ain"),  # aslant, but by less than two points
        ((82, 702, 92, 704.4), ""),
        ((82, 700.2, 92, 701.9), "Ain"),  # its middle is in that of the letters
        ((82, 704, 92, 705.8), "Ain"),
    ],
)
def test_what_strikes_letters_is_thin_and_long(draw, rule, struck):
    path = draw(*AIN, *LOT, rules=[rule])
    if struck:
        with pytest.raises(TableError, match=f"^'{struck}' is struck out on page 1"):
            read_document(path)
    else:
        assert rows_of(path)[0] == [("Ain", "4 211 €"), ("Lot", "5 000 €")]


def test_a_page_is_askew_where_more_than_half_of_its_letters_are(draw):
    turned = [(*cell, 0.5) for cell in LOT]
    assert rows_of(draw(*AIN, turned=turned))[0][0] == ("Ain", "4 211 €")
    with pytest.raises(TableError, match="page 1 is turned a little"):
        read_document(draw(*AIN, turned=[*turned, (80, 660, "A", 0.5)]))


def test_a_field_of_a_form_without_a_figure_is_left_out(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "form.pdf"))
    canvas.drawString(80, 700, "Ain 4 €")
    canvas.acroForm.textfield(value="sans objet", x=200, y=690)
    canvas.save()
    assert rows_of(tmp_path / "form.pdf") == ([], ["Ain 4 €"])


def test_a_rate_in_text_that_is_not_upright_is_refused_as_a_unit_is(draw):
    with pytest.raises(TableError, match="page 1 gives a unit in text that is not upright"):
        read_annex(draw(*AIN, *LOT, turned=[(60, 600, "Part (%)")]))


def test_letters_set_a_point_apart_make_one_word(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "annexe.pdf"))
    canvas.drawString(80, 700, "Ain", charSpace=1)
    canvas.save()
    assert rows_of(tmp_path / "annexe.pdf") == ([], ["Ain"])


@pytest.mark.parametrize(("angle", "read"), [(4, True), (5.5, True), (6, False), (8, False)])
def test_what_is_a_little_aslant_among_the_others_is_read(draw, angle, read):
    path = draw(*AIN, *LOT, turned=[(80, 600, "Note", angle)])
    told = "".join(cell for block in texts(path)[0] for row in block for cell in row).replace(" ", "")
    assert told == "Ain4211€Lot5000€" + "Note" * read
    assert bool(read_document(path).remarks) is not read


def test_a_page_of_text_with_a_picture_is_no_scan(tmp_path):
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "annexe.pdf"))
    for written in ([*AIN, *LOT], [(300, 40, "Carte")]):
        canvas.drawImage(ImageReader(Image.new("L", (20, 20))), 50, 750, 40, 40)
        for x, y, text in written:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    assert rows_of(tmp_path / "annexe.pdf") == ([("Ain", "4 211 €"), ("Lot", "5 000 €")], ["Carte"])


def test_merged_cells_of_rulings_cover_their_rows_and_hide_their_columns(tmp_path):
    from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

    rows = [["Nom", "Places", "", "Note"], ["", "2023", "2024", ""], ["Ain", "12", "13", "Un"], ["Lot", "14", "15", ""]]
    spans = [((0, 0), (0, 1)), ((1, 0), (2, 0)), ((3, 2), (3, 3))]
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), *(("SPAN", *span) for span in spans)])
    SimpleDocTemplate(str(tmp_path / "annexe.pdf")).build([Table(rows, style=style)])
    [grid] = read_document(tmp_path / "annexe.pdf").blocks
    assert [(row.cells, row.spans, row.hidden, row.place) for row in grid.rows] == [
        (("Nom", "Places", "", "Note"), {0: 2}, {2}, "p. 1, rang 1"),
        (("", "2023", "2024", ""), {}, set(), "p. 1, rang 2"),
        (("Ain", "12", "13", "Un"), {3: 2}, set(), "p. 1, rang 3"),
        (("Lot", "14", "15", ""), {}, set(), "p. 1, rang 4"),
    ]


def test_the_numbers_at_the_head_and_at_the_foot_of_a_page_are_both_lines_of_their_own(draw):
    grids, lines = rows_of(draw((400, 780, "Page 3/12"), *AIN, *LOT, (300, 40, "- 3 -")))
    assert (grids, lines) == ([("Ain", "4 211 €"), ("Lot", "5 000 €")], ["Page 3/12", "- 3 -"])


def test_a_letter_that_reaches_over_a_ruling_by_less_than_half_is_in_its_cell(draw):
    _, rules = boxed([["Nom", "A"], ["Lot", "17"]])
    cells = (68, 714, "Nom"), (180, 714, "A"), (68, 681, "Lot"), (260.9, 681, "17")
    assert rows_of(draw(*cells, rules=rules)) == ([("Nom", "A"), ("Lot", "17")], [])


@pytest.mark.parametrize(("gap", "read"), [(0.8, "Ain¹"), (1.4, "Ain(¹)")])
def test_parentheses_a_point_away_from_a_mark_at_most_are_its_own(draw, gap, read):
    """In letters of 6 a parenthesis is two points wide, a figure 3.3."""
    marks = (96, 704, "(", 6), (98 + gap, 704, "1", 6), (101.3 + gap, 704, ")", 6)
    [[first, *_]], _ = texts(draw(*AIN, *LOT, *marks))
    assert "".join(first[0].split()) == read


def test_figures_that_stand_more_than_a_point_higher_are_of_another_piece(draw):
    path = draw(AIN[0], (200, 700, "4 2"), (213.9, 701.5, "11 €"), *LOT)
    assert "4 2 11 €" in str(rows_of(path))


@pytest.mark.parametrize(("y", "mark"), [(709.9, True), (710.6, False)])
def test_a_mark_stands_two_points_above_its_letter_at_most(draw, y, mark):
    """In letters of 10 and of 6."""
    assert ("¹" in str(texts(draw(*AIN, *LOT, (96, y, "1", 6))))) is mark


def test_a_page_turned_by_a_tenth_of_a_degree_is_read(draw, figures):
    assert figures(read_annex(draw(turned=[(*cell, 0.1) for cell in (*AIN, *LOT)]))) == {"01": (4211,), "46": (5000,)}
