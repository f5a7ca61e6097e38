"""Tables for people: what a reader sees, as HTML and as text."""

import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import readable_table
from cdppe_analysis.typography import NNBSP, euros, percent

FRAME = pd.DataFrame({"nom": ["Nord", "<b>Creuse</b>"], "montant": [1995607.0, 100000.0], "part": [0.133, None]})


def made(**changes):
    wanted = {
        "title": "Les montants",
        "columns": {"nom": "Département", "montant": "Montant", "part": "Part"},
        "formats": {"montant": euros, "part": percent},
        "source": "annexe 7",
    }
    return readable_table(FRAME, **{**wanted, **changes})


def test_numbers_are_french_and_a_missing_one_says_so():
    text = made().text
    assert f"1{NNBSP}995{NNBSP}607{NNBSP}€" in text
    assert f"13,3{NNBSP}%" in text
    assert text.splitlines()[-1].endswith("n. d.")


def test_the_page_has_title_headings_and_source():
    page = made(note="essai").html
    for part in ("Les montants", "Département", "Source : annexe 7", "Note : essai"):
        assert part in page


def test_the_same_table_is_the_same_bytes():
    assert made().html == made().html


def test_a_label_is_escaped():
    assert "<b>Creuse" not in made().html


def test_a_number_without_a_format_is_never_bare():
    text = readable_table(FRAME, title="x", columns={"montant": "Montant"}).text
    assert "1995607" not in text


def test_a_missing_column_is_one_sentence():
    with pytest.raises(FigureError, match="no column 'score'; it has nom, montant, part"):
        made(columns={"score": "Score"})


def test_numbers_stand_on_the_right_and_words_on_the_left():
    lines = made().text.replace(NNBSP, " ").splitlines()
    assert lines == [
        "Les montants",
        "Département        Montant    Part",
        "Nord           1 995 607 €  13,3 %",
        "<b>Creuse</b>    100 000 €   n. d.",
    ]
    page = made().html
    assert page.split("<tbody")[1].count("gt_right") == 2 * 2
    assert page.count("gt_col_heading gt_columns_bottom_border gt_left") == 1


def test_a_number_without_a_format_has_two_decimals_or_none_and_truth_is_in_words():
    frame = pd.DataFrame({"a": [1234.0, 0.5], "b": [3, 4], "c": [True, False]})
    text = readable_table(frame, title="x", columns={"a": "A", "b": "B", "c": "C"}).text.replace(NNBSP, " ")
    assert [line.split("  ") for line in text.splitlines()[2:]] == [["1 234", "3", "oui"], [" 0,50", "4", "non"]]


def test_columns_stand_in_the_order_asked_for_and_the_subtitle_under_the_title():
    page = made(columns={"part": "Part", "nom": "Nom"}, subtitle="En 2020").html
    assert 0 < page.index("Les montants") < page.index("En 2020") < page.index(">Part<") < page.index(">Nom<")
    assert "Montant" not in page.split("</thead>")[1]
