"""The unit and the value of every amount of a table."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.entries import entries_of
from cdppe_analysis.ingestion.units import values_of


@pytest.fixture
def read(written):
    def values(*lines):
        document = written(*lines)
        table = entries_of(document)
        found = values_of(document, table)
        return [found.of_cell[entry.cells[0]].euros for entry in table.entries], found

    return values


@pytest.mark.parametrize(
    ("heading", "unit", "euros"),
    [
        ("Montants en k€", "k€", 460_500),
        ("Dotation (K€)", "k€", 460_500),
        ("En milliers d’euros", "k€", 460_500),
        ("Crédits (en M€)", "M€", 460_500_000),
        ("en millions d'euros", "M€", 460_500_000),
        ("Montant en €", "€", 460.5),
        ("Montant (en euros)", "€", 460.5),
    ],
)
def test_the_heading_gives_the_unit_of_cells_that_print_none(read, heading, unit, euros):
    amounts, values = read(heading, "Ain 460,5", "Nord 460,5")
    assert (amounts[0], values.default) == (euros, unit)


def test_an_amount_in_the_text_above_is_no_heading(read):
    assert read("Une enveloppe de 15 M€ est répartie.", "Ain 100 000 €")[1].default == "€"


def test_the_unit_of_a_cell_wins(read):
    assert read("Montants en k€", "Ain 100 000 €", "Nord 200")[0] == [100_000, 200_000]


def test_cells_without_unit_take_that_of_the_others_and_are_doubts(read):
    """Annexe 7 of 2020, B, Corse: « 112 192 » and « 112 192 € »."""
    amounts, values = read("Ain 112 192", "Nord 112 192 €")
    assert amounts == [112_192, 112_192]
    assert [(doubt.nature, doubt.cellule) for doubt in values.doubts] == [("unite", "112 192")]


def test_a_table_without_any_unit_has_none_and_says_so(read):
    values = read("Ain 112 192", "Nord 112 192")[1]
    assert values.default is None
    assert [doubt.nature for doubt in values.doubts] == ["unite", "colonnes"]


def test_two_dots_in_one_amount_tell_those_of_the_others(read):
    assert read("Ain 460.530", "Nord 1.296.880")[0] == [460_530, 1_296_880]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Montants en k€", "Ain 1.234", "Nord 2.345"), "'1.234' could be 1234 or 1,234"),
        (("Montants en k€ et en M€", "Ain 1", "Nord 2"), "several units: M€ and k€"),
        (("Ain 1 €", "Nord 2 k€", "Somme 3"), "'3' prints no unit, and the others print k€ and €"),
        (("Ain 460 530 167 032", "Nord 100 000 200 000"), "'460 530 167 032' is too large"),
        (("Ain 460 530 167 032 100 000", "Nord 1"), "is too large for one amount"),
        (("Montants en k€", "Ain 460 167", "Nord 1\u202f004"), "'460 167' may be two amounts"),
    ],
)
def test_what_has_two_readings_is_refused(read, lines, message):
    with pytest.raises(TableError, match=message):
        read(*lines)
