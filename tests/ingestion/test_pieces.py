"""Lines cut into words, amounts, percentages and void cells."""

import pytest

from cdppe_analysis.ingestion.lines import split_text
from cdppe_analysis.ingestion.pieces import pieces_of


def pieces(text):
    return [(piece.kind, piece.text) for piece in pieces_of(split_text(text).lines[0])]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("460 530 € Allier 167 032 €", ["460 530 €", "167 032 €"]),
        ("460 530 € 167 032 €", ["460 530 €", "167 032 €"]),
        ("460\u202f530 167\u202f032", ["460\u202f530", "167\u202f032"]),
        ("1\u00a0296 880 €", ["1\u00a0296 880 €"]),
        ("460530 167032", ["460530", "167032"]),
        ("1 296 880 1 296 880", ["1 296 880", "1 296 880"]),
        ("1'296'880 €", ["1'296'880 €"]),
        ("15,25 M€ 1 296,88 k€", ["15,25 M€", "1 296,88 k€"]),
        ("167 032 € (1) *", ["167 032 € (1) *"]),
        ("Nord : 1 995 607 €.", ["1 995 607 €"]),
    ],
)
def test_amounts_are_found_where_they_begin_and_end(text, amounts):
    assert [found for kind, found in pieces(text) if kind == "amount"] == amounts


@pytest.mark.parametrize("text", ["art. L.221-1", "0-17 ans", "-20000", "2A", "n°2020", "1er", "R.314/3"])
def test_a_number_inside_a_word_is_no_amount(text):
    assert all(kind == "words" for kind, _ in pieces(text))


def test_a_percentage_is_no_amount():
    assert pieces("Allier 36,3 %") == [("words", "Allier"), ("percent", "36,3 %")]


@pytest.mark.parametrize("void", ["-", "–", "nd", "n.d.", "ND", "s. o.", "néant"])
def test_a_cell_that_says_nothing_is_void(void):
    assert pieces(f"Allier  {void}  167 032 €")[1] == ("void", void)


def test_a_unit_that_stands_apart_belongs_to_the_amount_before_it():
    assert pieces("Allier  167 032   €  460 530   k€")[1:] == [("amount", "167 032 €"), ("amount", "460 530 k€")]


def test_only_plain_digits_are_bare():
    line = split_text("03 Allier 167 032 €").lines[0]
    assert [piece.bare for piece in pieces_of(line)] == [True, False, False]
