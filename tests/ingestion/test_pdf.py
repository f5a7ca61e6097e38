"""PDFs, with rulings and without."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.documents import read_document


@pytest.fixture
def draw(tmp_path):
    """Draw texts at their places (x, y, text, size) on one page; return the path."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    def make(*texts, turned=(), encrypt=None):
        path = tmp_path / "annexe.pdf"
        canvas = Canvas(str(path), pagesize=A4, encrypt=encrypt)
        for x, y, text, *size in texts:
            canvas.setFont("Helvetica", *(size or [10]))
            canvas.drawString(x, y, text)
        for x, y, text in turned:
            canvas.saveState()
            canvas.translate(x, y)
            canvas.rotate(90)
            canvas.drawString(0, 0, text)
            canvas.restoreState()
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


def test_a_raised_figure_is_a_footnote_mark_not_a_digit(draw, figures):
    path = draw(*AIN, *LOT, (96, 704, "1", 6), (229, 704, "2", 6))
    assert figures(read_annex(path)) == {"01": (4211,), "46": (5000,)}


def test_a_bold_number_that_is_printed_twice_a_hair_apart_is_read_once(draw, figures):
    twice = [(x + 0.3, y, text) for x, y, text in LOT]
    assert figures(read_annex(draw(*AIN, *LOT, *twice))) == {"01": (4211,), "46": (5000,)}


def test_turned_text_is_left_out_and_said(draw):
    document = read_document(draw(*AIN, *LOT, turned=[(60, 600, "Nouvelle 12")]))
    assert document.remarks == ("Page 1 : 11 caractères qui ne sont pas droits, non lus.",)


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
