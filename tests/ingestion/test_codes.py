"""Codes and ranks beside the names."""

import pytest

from cdppe_analysis.ingestion.codes import without_codes
from cdppe_analysis.ingestion.labels import elements_of


@pytest.fixture
def read(written):
    def lines(*texts):
        document = written(*texts)
        kept, doubts = without_codes(document, elements_of(document))
        return [[(e.text, e.label.code) if e.label else e.text for e in line] for line in kept], doubts

    return lines


def test_codes_before_the_names_are_given_to_them(read):
    lines, _ = read("03 Allier 167 032 €", "2A Corse-du-Sud 1 €", "971 Guadeloupe 2 €")
    assert lines == [
        [("Allier", "03"), "167 032 €"],
        [("2A Corse-du-Sud", "2A"), "1 €"],
        [("Guadeloupe", "971"), "2 €"],
    ]


def test_codes_glued_to_the_amounts_are_cut_off(read):
    """An extracted table prints « Oise 60 460 530 » for the code 60 and 460 530."""
    lines, _ = read("Oise 60 460 530", "Ain 01 167 032", "Guyane 973 216 505")
    assert lines == [
        [("Oise", "60"), "460 530"],
        [("Ain", "01"), "167 032"],
        [("Guyane", "973"), "216 505"],
    ]


def test_an_amount_that_begins_as_a_code_alone_of_its_kind_is_left_whole(read):
    lines, _ = read("Oise 60 460 €", "Ain 167 032 €", "Nord 1 995 607 €")
    assert lines[0] == [("Oise", None), "60 460 €"]


def test_ranks_are_dropped(read):
    lines, _ = read("1 Allier 167 032 €", "2 Cher 149 417 €", "3 Nord 1 995 607 €")
    assert lines[1] == [("Cher", None), "149 417 €"]


def test_bare_amounts_before_a_name_are_neither_codes_nor_ranks(read):
    lines, _ = read("Bretagne 460 Finistère 260", "Normandie 372 Eure 372")
    assert lines[1] == [("Normandie", None), "372", ("Eure", None), "372"]


def test_a_code_cut_off_its_name_finds_it_above(read):
    lines, _ = read("Haute-Savoie   167 032 €", "(74)", "Ain (01)       100 000 €")
    assert lines[0][0] == ("Haute-Savoie", "74")
    assert lines[1] == []


def test_a_code_tells_a_région_from_a_département(written):
    document = written("03 Guyane 216 505 €", "973 Guyane 216 505 €", "08 Ardennes 1 €")
    lines, _ = without_codes(document, elements_of(document))
    assert [line[0].label.side for line in lines] == ["region", "departement", ""]


def test_a_code_that_is_not_that_of_the_name_is_a_doubt(read):
    _, doubts = read("03 Allier 167 032 €", "18 Cher 149 417 €", "62 Nord 1 995 607 €")
    assert [(doubt.nature, doubt.cellule) for doubt in doubts] == [("code", "Nord")]
