"""PDFs as lines of fragments."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.lines import read_document


@pytest.fixture
def draw(tmp_path):
    """Draw texts at their places (x, y, text, size) on one page; return the path."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    def make(*texts, turned=(), lines=(), encrypt=None):
        path = tmp_path / "annexe.pdf"
        canvas = Canvas(str(path), pagesize=A4, encrypt=encrypt)
        for x, y, text, size in texts:
            canvas.setFont("Helvetica", size)
            canvas.drawString(x, y, text)
        for line in lines:
            canvas.line(*line)
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


def fragments(document):
    return [[fragment.text for fragment in line.fragments] for line in document.lines]


def test_columns_are_apart_and_the_groups_of_an_amount_together(draw):
    path = draw((80, 700, "Creuse", 10), (200, 700, "100 000 \u20ac", 10), (300, 700, "1 296 880 \u20ac", 10))
    assert fragments(read_document(path)) == [["Creuse", "100 000 €", "1 296 880 €"]]


def test_a_ruled_line_separates_columns_that_nearly_touch(draw):
    texts = (80, 700, "460 530", 10), (119, 700, "167 032", 10)
    assert fragments(read_document(draw(*texts))) == [["460 530 167 032"]]
    assert fragments(read_document(draw(*texts, lines=[(117.5, 690, 117.5, 715)]))) == [["460 530", "167 032"]]


def test_an_amount_in_the_middle_of_a_tall_row_has_a_line_of_its_own(draw):
    path = draw((80, 706, "Alpes-de-Haute-", 10), (80, 694, "Provence", 10), (200, 700, "106 939 \u20ac", 10))
    assert fragments(read_document(path)) == [["Alpes-de-Haute-"], ["106 939 €"], ["Provence"]]


def test_a_raised_figure_is_a_footnote_mark_not_a_digit(draw):
    path = draw((80, 700, "167 032", 10), (116.5, 704, "1", 6))
    assert fragments(read_document(path)) == [["167 032¹"]]


def test_turned_text_is_left_out_and_said(draw):
    document = read_document(draw((80, 700, "Creuse 100 000", 10), turned=[(60, 600, "Nouvelle")]))
    assert fragments(document) == [["Creuse 100 000"]]
    assert document.remarks == ("Page 1 : 8 caractères qui ne sont pas droits, non lus.",)


def test_a_page_without_text_is_said_to_be_a_scan(draw):
    with pytest.raises(TableError, match="it is a scan"):
        read_document(draw())


def test_a_locked_file_is_said_to_be_locked(draw):
    from reportlab.lib.pdfencrypt import StandardEncryption

    with pytest.raises(TableError, match="is locked by a password"):
        read_document(draw((80, 700, "Creuse", 10), encrypt=StandardEncryption("secret")))


def test_a_damaged_file_is_said_to_be_damaged(draw):
    path = draw((80, 700, "Creuse", 10))
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(TableError, match="is damaged, or no PDF"):
        read_document(path)


def test_a_page_that_is_not_there_is_an_error(draw):
    with pytest.raises(TableError, match="has no page 2: it has 1"):
        read_document(draw((80, 700, "Creuse", 10)), pages={2})
