"""The words of a figure, and its page: broken to its width, never over each other; the alternative says them."""

from dataclasses import FrozenInstanceError

import matplotlib as mpl
import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import choropleth
from cdppe_analysis.figures.page import NARROW, WIDE, Page, Words, text_width, wrapped

LONG = "Une phrase longue qui ne tient pas sur une seule ligne " * 5


@pytest.mark.parametrize("bold", [False, True])
def test_no_line_is_wider_than_the_page(bold):
    lines = wrapped(LONG, 3, 9, bold=bold)
    assert all(text_width(line, 9, bold=bold) <= 3 for line in lines)
    assert text_width(f"{lines[0]} {lines[1].split()[0]}", 9, bold=bold) * 1.02 > 3


def test_breaking_loses_no_word():
    assert " ".join(wrapped(LONG, 3, 9)) == LONG


def test_a_no_break_space_is_never_broken():
    amount = "1\u202f296\u202f880\u202f€"
    assert wrapped(f"{amount} {amount}", 0.5, 9) == [amount, amount]


def test_the_page_grows_with_its_words():
    with WIDE.styled():
        small = Page.open(Words("Titre", "Mesure", "source", "champ"), 2.0)
        large = Page.open(Words("Titre " * 30, "Mesure", "source", "champ", note="Note. " * 60), 2.0)
    assert large.figure.get_figheight() > small.figure.get_figheight() + 0.5
    assert large.height == small.height == 2.0


def test_a_page_has_the_width_of_its_form_and_the_picture_what_the_margins_leave():
    """A telephone is 390 pixels wide, a page is read at 100 pixels an inch."""
    words = Words("Titre", "Mesure", "source", "champ")
    with WIDE.styled():
        pages = [Page.open(words, 2.0, form, wide=wide) for form in (WIDE, NARROW) for wide in (False, True)]
    assert [page.figure.get_figwidth() for page in pages] == [7.6, 10.0, 3.9, 3.9]
    assert [page.width for page in pages] == [width - 0.28 for width in (7.6, 10.0, 3.9, 3.9)]
    assert (NARROW.narrow, WIDE.narrow) == (True, False)
    assert (NARROW.size(7.0), NARROW.size(9.0), WIDE.size(7.0)) == (8.7, 9.0, 7.0)


def test_words_stand_from_the_top_down_around_the_picture():
    words = Words("Titre", "Mesure", "source", "champ", note="Note", lecture="Lecture")
    with WIDE.styled():
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
    with WIDE.styled():
        page = Page.open(Words("Titre", "Mesure", "source", "champ"), 2.0)
        assert page.drawing(0, 0, 3.0, 2.0).get_xlim() == (0, 3)
        assert page.drawing(0, 0, 3.0, 2.0, 100).get_ylim() == (0, 200)


def test_a_style_leaves_no_letter_of_a_narrow_page_too_small():
    with NARROW.styled():
        assert min(mpl.rcParams["font.size"], mpl.rcParams["xtick.labelsize"]) >= 8.7
    with WIDE.styled():
        assert mpl.rcParams["xtick.labelsize"] < 8.7


def test_a_page_looks_as_it_did(assert_same_look):
    words = Words("Un titre", LONG, "une source", "un champ", "une note", LONG)
    for name, form in (("page", WIDE), ("page-etroite", NARROW)):
        with form.styled():
            page = Page.open(words, 1.0, form, background="IGN")
            page.drawing(0.1, 0.2, 0.5, 0.6, 10)
            assert_same_look(page.figure, name)


def test_it_holds_finding_extremes_classes_field_and_source(wave, words):
    text = choropleth(wave, "euros_par_enfant", words, not_concerned="others").alternative.replace("\u202f", " ")
    assert f"{words.title}. {words.subtitle}." in text
    assert "Les plus fortes valeurs : Tarn-et-Garonne (658 €)" in text
    assert "Nombre de départements par classe : de 136 à 171 : 6" in text
    assert "Non concernés : 70." in text
    assert "Champ : les 30 départements de 2020." in text
    assert "Source : annexe 7" in text


@pytest.mark.parametrize("name", ["title", "subtitle", "source", "champ"])
def test_a_figure_without_its_words_is_refused(name):
    words = {"title": "t", "subtitle": "s", "source": "s", "champ": "c"} | {name: " "}
    with pytest.raises(FigureError, match=f"needs its {name}"):
        Words(**words)


def test_the_lines_below_are_named_and_stopped():
    below = dict(Words("t", "s", "DREES", "France", note="Estimation").below("IGN Admin Express 2018"))
    assert below["source"] == "Source : DREES. Fond de carte : IGN Admin Express 2018."
    assert below["champ"] == "Champ : France."
    assert below["note"] == "Note : Estimation."
    assert dict(Words("t", "s", "DREES.", "France", lecture="Un quart !").below()) == {
        "lecture": "Lecture : Un quart !",
        "champ": "Champ : France.",
        "source": "Source : DREES.",
    }


def test_what_has_no_value_is_said_in_the_note_by_name_or_by_number():
    frame = pd.DataFrame({"code_departement": ["59", "976", "75", "2A", "2B", "01"]})
    bare = Words("t", "s", "s", "c")
    assert bare.noted(frame, pd.DataFrame(index=frame["code_departement"])) == bare
    assert Words("t", "s", "s", "c", note="essai").noted(frame, pd.DataFrame(index=["59", "75", "01", "2A"])).note == (
        "essai. Sans donnée, non montrés : Mayotte, Haute-Corse."
    )
    assert bare.noted(frame, pd.DataFrame(index=["59"])).note == "Sans donnée, non montrés : 5 départements."
    assert bare.noted(frame, pd.DataFrame(index=["59", "75"])).note == (
        "Sans donnée, non montrés : Mayotte, Corse-du-Sud, Haute-Corse, Ain."
    )


def test_words_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Words("t", "s", "s", "c").title = "autre"
