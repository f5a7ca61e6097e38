"""The page: words broken to its width, and never over each other."""

import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.figures.page import NARROW, WIDE, Page, shared_area, styled, text_width, wrapped
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
        small = Page.open(Words("Titre", "Mesure", "source", "champ"), 2.0)
        large = Page.open(Words("Titre " * 30, "Mesure", "source", "champ", note="Note. " * 60), 2.0)
    assert large.figure.get_figheight() > small.figure.get_figheight() + 0.5
    assert large.height == small.height == 2.0


def test_a_page_has_the_width_of_its_form_and_the_picture_what_the_margins_leave():
    """A telephone is 390 pixels wide, a page is read at 100 pixels an inch."""
    words = Words("Titre", "Mesure", "source", "champ")
    with styled():
        pages = [Page.open(words, 2.0, form, wide=wide) for form in (WIDE, NARROW) for wide in (False, True)]
    assert [page.figure.get_figwidth() for page in pages] == [7.6, 10.0, 3.9, 3.9]
    assert [page.width for page in pages] == [width - 0.28 for width in (7.6, 10.0, 3.9, 3.9)]
    assert (NARROW.narrow, WIDE.narrow) == (True, False)
    assert (NARROW.size(7.0), NARROW.size(9.0), WIDE.size(7.0)) == (8.7, 9.0, 7.0)


def test_words_stand_from_the_top_down_around_the_picture():
    words = Words("Titre", "Mesure", "source", "champ", note="Note", lecture="Lecture")
    with styled():
        page = Page.open(words, 2.0)
        axes = page.axes(0.5, 0.25, 2.0, 1.0)
    height = page.figure.get_figheight()
    placed = {text.get_gid(): text.get_position()[1] * height for text in page.figure.texts}
    assert sorted(placed, key=placed.get, reverse=True) == ["titre", "sous-titre", "lecture", "note", "champ", "source"]
    assert placed["sous-titre"] > page.bottom + page.height > page.bottom > placed["lecture"]
    assert {round(text.get_position()[0] * 7.6, 6) for text in page.figure.texts} == {0.14}
    box = axes.get_position()
    assert [box.x0 * 7.6, box.width * 7.6] == pytest.approx([0.64, 2.0])
    assert [box.y0 * height, box.height * height] == pytest.approx([page.bottom + 0.25, 1.0])
    weights = {text.get_gid(): text.get_fontweight() for text in page.figure.texts}
    assert [name for name, weight in weights.items() if weight == "bold"] == ["titre"]


def test_a_drawing_is_in_inches_or_in_units_an_inch():
    with styled():
        page = Page.open(Words("Titre", "Mesure", "source", "champ"), 2.0)
        assert page.drawing(0, 0, 3.0, 2.0).get_xlim() == (0, 3)
        assert page.drawing(0, 0, 3.0, 2.0, 100).get_ylim() == (0, 200)


def test_a_style_leaves_no_letter_of_a_narrow_page_too_small():
    with styled(NARROW):
        assert min(mpl.rcParams["font.size"], mpl.rcParams["xtick.labelsize"]) >= 8.7
    with styled():
        assert mpl.rcParams["xtick.labelsize"] < 8.7


BOXES = st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 20)] * 2).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(BOXES, BOXES)
def test_boxes_share_as_much_either_way_and_no_more_than_one_of_them(first, second):
    area = (first[2] - first[0]) * (first[3] - first[1])
    assert 0 <= shared_area(first, second) == shared_area(second, first) <= area


def test_boxes_that_only_touch_share_nothing():
    assert shared_area((0, 0, 1, 1), (1, 0, 2, 1)) == 0


def test_a_page_looks_as_it_did(assert_same_look):
    words = Words("Un titre", LONG, "une source", "un champ", "une note", LONG)
    for name, form in (("page", WIDE), ("page-etroite", NARROW)):
        with styled(form):
            page = Page.open(words, 1.0, form, background="IGN")
            page.drawing(0.1, 0.2, 0.5, 0.6, 10)
            assert_same_look(page.figure, name)
