"""Names put together again."""

import pytest

from cdppe_analysis.ingestion.labels import elements_of


@pytest.fixture
def labels(written):
    def read(*lines):
        found = [element.label for line in elements_of(written(*lines)) for element in line if element.label]
        return [(label.text, label.departement or label.region) for label in found]

    return read


def test_a_name_over_two_lines_keeps_its_line_break(labels):
    """Annexe 7 of 2020, B: « Alpes-de-Haute- / Provence »."""
    assert labels("106 939 € Alpes-de-Haute- ", "Provence ", "106 939 €") == [("Alpes-de-Haute-\nProvence", "04")]


def test_a_name_over_three_lines_is_one(labels):
    assert labels("Provence-", "Alpes-Côte", "d'Azur") == [("Provence-\nAlpes-Côte\nd'Azur", "93")]


def test_names_over_two_lines_side_by_side_are_put_together_by_column(labels):
    assert labels(
        "Pays de la     1 021 736 €   Loire-        603 483 €", "Loire                        Atlantique"
    ) == [
        ("Pays de la\nLoire", "52"),
        ("Loire-\nAtlantique", "44"),
    ]


def test_names_over_two_lines_side_by_side_are_put_together_in_order_where_columns_are_lost(labels):
    assert labels("Provence-Alpes-Côte 106 939 € Alpes-de-Haute- 106 939 €", "d'Azur Provence") == [
        ("Provence-Alpes-Côte\nd'Azur", "93"),
        ("Alpes-de-Haute-\nProvence", "04"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("Loire", "Atlantique", "44"),
        ("Corse", "du Sud", "2A"),
        ("Eure", "et Loir", "28"),
        ("Pyrénées-Atlan-", "tiques", "64"),
    ],
)
def test_a_whole_name_that_the_next_line_lengthens_is_lengthened(labels, first, second, code):
    assert labels(f"{first} 1 €", second) == [(f"{first}\n{second}", code)]


def test_two_whole_names_on_two_lines_stay_two(labels):
    assert labels("Loire 1 €", "Loire-Atlantique 2 €", "Marne 3 €", "Haute-Marne 4 €") == [
        ("Loire", "42"),
        ("Loire-Atlantique", "44"),
        ("Marne", "51"),
        ("Haute-Marne", "52"),
    ]


def test_the_words_around_a_name_say_its_side_and_its_total(written):
    document = written("ARS de Guyane 1 €", "Département de la Guyane 1 €", "Total Guyane 1 €", "Bretagne Total 1 €")
    found = [line[0].label for line in elements_of(document)]
    assert [(label.side, label.is_total) for label in found] == [
        ("region", False),
        ("departement", False),
        ("", True),
        ("", True),
    ]


def test_words_that_name_nothing_stay_words(written):
    assert [e.kind for line in elements_of(written("Dotation du Nord 2 €")) for e in line] == ["words", "amount"]
