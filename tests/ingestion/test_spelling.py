"""Names spelt otherwise than the official list."""

import pytest

from cdppe_analysis.ingestion.labels import Element, elements_of
from cdppe_analysis.ingestion.spelling import departements_in, misspelling, respelt


@pytest.mark.parametrize(
    ("printed", "code"),
    [("Morbian", "56"), ("Ile et Vilaine", "35"), ("Meurhe-et-Moselle", "54"), ("Département de la Sarte", "72")],
)
def test_a_misspelt_name_is_read_and_marked(printed, code):
    label = respelt(Element("words", 0, printed, 0, 1)).label
    assert (label.departement, label.misspelt) == (code, True)


@pytest.mark.parametrize(
    "printed", ["Réserve nationale", "Saint-Martin", "dont MDPH", "x" * 30, "1", "a b c d e f g h"]
)
def test_other_words_are_not_bent_into_a_name(printed):
    assert respelt(Element("words", 0, printed, 0, 1)).kind == "words"


def test_the_official_name_is_given_where_the_printed_one_differs(written):
    found = [line[0].label for line in elements_of(written("PACA 1 €", "ILE DE FRANCE 1 €", "Total Bretagne 1 €"))]
    assert [misspelling(label) for label in found] == ["Provence-Alpes-Côte d'Azur", None, None]


def test_the_départements_that_a_sentence_names_are_listed():
    assert departements_in("versé au Nord et à l'Aisne, en Bretagne") == ["59", "02"]
