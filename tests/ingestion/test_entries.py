"""Which amounts belong to which name."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.entries import entries_of


@pytest.fixture
def read(written):
    def entries(*lines):
        return [(e.label.text, [cell.text for cell in e.cells]) for e in entries_of(written(*lines)).entries]

    return entries


def test_an_amount_belongs_to_the_name_before_it(read):
    """Annexe 7 of 2020, B: the total of the région, then the département and its amount on the same line."""
    assert read("Auvergne-Rhône-", "Alpes ", "", "460 530 € Allier 167 032 €", "", "Puy-de-Dôme 293 498 €") == [
        ("Auvergne-Rhône-\nAlpes", ["460 530 €"]),
        ("Allier", ["167 032 €"]),
        ("Puy-de-Dôme", ["293 498 €"]),
    ]


def test_in_columns_an_amount_belongs_to_the_nearest_name_on_its_left(read):
    assert read(
        "                           Aisne      417 876 €",
        "Hauts-de-    3 973 157 €   Nord     1 995 607 €",
        "France                     Somme      374 500 €",
    ) == [
        ("Aisne", ["417 876 €"]),
        ("Hauts-de-\nFrance", ["3 973 157 €"]),
        ("Nord", ["1 995 607 €"]),
        ("Somme", ["374 500 €"]),
    ]


def test_two_tables_side_by_side_are_read(read):
    assert read("Ain     100 000 €    Nord     200 000 €", "Aisne   300 000 €    Somme    400 000 €")[1] == (
        "Nord",
        ["200 000 €"],
    )


def test_sentences_around_the_table_are_left_alone(read):
    assert read(
        "Le département du Nord reçoit 2 M€, l'Aisne 300 000 € de plus qu'en",
        "2026, soit 15 M€.",
        "Département Montant",
        "Aisne 417 876 €",
        "Nord 1 995 607 €",
        "Le Nord a reçu 1 995 607 € en 2026. L'Aisne",
        "417 876 €.",
    ) == [("Aisne", ["417 876 €"]), ("Nord", ["1 995 607 €"])]


@pytest.mark.parametrize("row", ["Saint-Martin 50 000 €", "Réserve nationale 50 000 €", "dont MDPH 20 000 €"])
def test_a_row_that_names_nothing_known_is_refused_wherever_it_stands(written, row):
    rows = ["Ain 100 000 €", "Aisne 200 000 €"]
    for place in range(3):
        with pytest.raises(TableError, match="names no département, région nor total") as caught:
            entries_of(written(*rows[:place], row, *rows[place:]))
        assert caught.value.cell == f"page 1, line {place + 1}"


def test_an_amount_that_follows_no_name_is_refused(written):
    with pytest.raises(TableError, match="follows no name"):
        entries_of(written("Ain 100 000 €", "Dispositifs souples", "200 000 €", "Aisne 300 000 €"))


def test_an_unknown_unit_is_refused(written):
    with pytest.raises(TableError, match="'Md€' is no known unit"):
        entries_of(written("Ain 100 Md€", "Aisne 200 Md€"))


def test_a_document_without_a_row_is_refused(written):
    with pytest.raises(TableError, match="no row of a département"):
        entries_of(written("Bretagne 300 000 €", "TOTAL 300 000 €"))


def test_remarks_beside_the_rows_are_left_out_and_said(written):
    table = entries_of(written("Ain    Vague 1   100 000 €   oui", "Aisne   Vague 2   200 000 €   non"))
    assert [[cell.text for cell in entry.cells] for entry in table.entries] == [["100 000 €"], ["200 000 €"]]
    assert [doubt.nature for doubt in table.doubts] == ["texte_ecarte"]


def test_percentages_are_no_amounts(read):
    assert read("Ain 100 000 € 25 %", "Aisne 300 000 € 75 %")[0] == ("Ain", ["100 000 €"])


def test_a_number_that_follows_no_name_is_said(written):
    doubts = entries_of(written("Ain 100 000 €", "Version 3", "Aisne 200 000 €")).doubts
    assert [(doubt.nature, doubt.cellule) for doubt in doubts] == [("nombre_ecarte", "3"), ("texte_ecarte", "Version")]


def test_a_département_that_only_a_text_of_the_table_names_is_said(written):
    doubts = entries_of(written("Ain : cent mille euros", "Aisne : 200 000 euros")).doubts
    assert "Ain" in next(doubt.doute for doubt in doubts if doubt.nature == "nom")


def test_a_misspelt_name_is_read(read):
    assert read("Finistère 1 000 €", "Morbian 2 000 €", "TOTAL 3 000 €")[1] == ("Morbian", ["2 000 €"])
