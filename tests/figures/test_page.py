"""The page: words broken to its width, and never over each other."""

import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.illustration import styled
from cdppe_analysis.figures.page import Texts, open_page, text_width, wrapped

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
        small = open_page(Texts("Titre", "Mesure", "source", "champ"), 2.0)
        large = open_page(Texts("Titre " * 30, "Mesure", "source", "champ", note="Note. " * 60), 2.0)
    assert large.figure.get_figheight() > small.figure.get_figheight() + 0.5
    assert large.height == small.height == 2.0


@pytest.mark.parametrize("name", ["title", "subtitle", "source", "champ"])
def test_a_figure_without_its_words_is_refused(name):
    words = {"title": "t", "subtitle": "s", "source": "s", "champ": "c"} | {name: " "}
    with pytest.raises(FigureError, match=f"needs its {name}"):
        Texts(**words)


def test_the_lines_below_are_named_and_stopped():
    below = dict(Texts("t", "s", "DREES", "France", note="Estimation").below("IGN Admin Express 2018"))
    assert below["source"] == "Source : DREES. Fond de carte : IGN Admin Express 2018."
    assert below["champ"] == "Champ : France."
    assert below["note"] == "Note : Estimation."
