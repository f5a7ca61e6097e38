"""The page: words broken to its width, and never over each other."""

from cdppe_analysis.figures.page import open_page, styled, text_width, wrapped
from cdppe_analysis.figures.words import Words

LONG = "Une phrase longue qui ne tient pas sur une seule ligne " * 5


def test_no_line_is_wider_than_the_page():
    assert all(text_width(line, 9) <= 3 for line in wrapped(LONG, 3, 9))


def test_breaking_loses_no_word():
    assert " ".join(wrapped(LONG, 3, 9)) == LONG


def test_a_no_break_space_is_never_broken():
    amount = "1\u202f296\u202f880\u202f€"
    assert wrapped(f"{amount} {amount}", 0.5, 9) == [amount, amount]


def test_the_page_grows_with_its_words():
    with styled():
        small = open_page(Words("Titre", "Mesure", "source", "champ"), 2.0)
        large = open_page(Words("Titre " * 30, "Mesure", "source", "champ", note="Note. " * 60), 2.0)
    assert large.figure.get_figheight() > small.figure.get_figheight() + 0.5
    assert large.height == small.height == 2.0
