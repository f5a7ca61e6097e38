"""Names that are a département and a région."""

import pytest

from cdppe_analysis.errors import CdppeError, TableError
from cdppe_analysis.ingestion.entries import entries_of
from cdppe_analysis.ingestion.homonyms import told_apart


@pytest.fixture
def read(written):
    def sides(*lines):
        document = written(*lines)
        entries, doubts = told_apart(document, entries_of(document).entries)
        return [(e.label.departement, e.label.region) for e in entries], [doubt.nature for doubt in doubts]

    return sides


def test_of_two_that_have_amounts_the_first_is_the_région(read):
    """Annexe 7 of 2020, B: « La Réunion 742 309 € La Réunion 742 309 € »."""
    assert read("La Réunion 742 309 € La Réunion 742 309 €") == ([(None, "04"), ("974", None)], [])


def test_a_name_without_amount_is_the_région(read):
    assert read("Guyane Guyane 216 505 €", "Nord 1 €")[0][:2] == [(None, "03"), ("973", None)]


def test_the_total_of_a_name_is_that_of_the_région(read):
    assert read("Guyane 216 505 €", "Total Guyane 216 505 €")[0] == [("973", None), (None, "03")]


def test_alone_in_a_flat_list_it_is_the_département(read):
    assert read("Guyane 216 505 €", "Nord 1 995 607 €") == ([("973", None), ("59", None)], [])


def test_alone_among_régions_it_is_the_département_and_a_doubt(read):
    assert read("Bretagne 1 €", "Finistère 1 €", "Mayotte 2 €")[1] == ["homonyme"]


def test_corse_above_its_two_départements_is_the_région(read):
    assert read("Corse 3 €", "Corse-du-Sud 1 €", "Haute-Corse 2 €")[0][0] == (None, "94")


def test_rhône_beside_the_métropole_de_lyon_is_what_is_left_of_it(read):
    """Since 2015 the Métropole de Lyon has the powers of a département on its land."""
    assert read("Métropole de Lyon 1 €", "Rhône 2 €") == ([("69M", None), ("69D", None)], ["nom"])


def test_a_name_given_three_times_is_refused(written):
    document = written("Guyane 1 €", "Guyane 2 €", "Guyane 3 €")
    with pytest.raises(TableError, match="three times"):
        told_apart(document, entries_of(document).entries)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Ain 1 €", "Nord 2 €", "Ain 3 €"), "Ain is given twice, at page 1, line 1"),
        (("Ain 1 €", "Somme", "Nord 2 €"), "'Somme' has no amount"),
        (("Ain", "Somme", "1 €", "2 €"), "'Ain' has no amount"),
        (("Collectivité de Corse 1 €", "Haute-Corse 2 €"), "Corse stands beside its parts Haute-Corse"),
        (("Alsace 1 €", "Bas-Rhin 2 €"), "stands beside its parts Bas-Rhin"),
    ],
)
def test_a_département_twice_without_amount_or_beside_its_parts_is_refused(written, lines, message):
    document = written(*lines)
    with pytest.raises(CdppeError, match=message):
        told_apart(document, entries_of(document).entries)
