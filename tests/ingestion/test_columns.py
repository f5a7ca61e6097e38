"""Columns of amounts, and regional totals on the rows of départements."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.annex import annex_of


def test_the_totals_of_the_régions_are_told_by_their_sums_last_or_first(written):
    last = annex_of(written("Bretagne Finistère 2 € 3 €", "Morbihan 1 €", "Normandie Eure 4 € 4 €"))
    first = annex_of(written("Bretagne Finistère 3 € 2 €", "Morbihan 1 €", "Normandie Eure 4 € 4 €"))
    for annex in (last, first):
        assert annex.cells["dotation_departement"].tolist() == ["2 €", "1 €", "4 €"]
        assert annex.cells["dotation_region"].tolist() == ["3 €", "", "4 €"]


def test_a_wrong_regional_total_among_right_ones_is_reported_not_refused(written):
    annex = annex_of(
        written(
            "Bretagne Finistère 20 € 30 €",
            "Morbihan 10 €",
            "Normandie Eure 40 € 90 €",
            "Orne 40 €",
            "Occitanie Lot 50 € 60 €",
            "Gers 10 €",
        )
    )
    assert [(check.libelle, check.statut) for check in annex.checks] == [
        ("Finistère", "egal"),
        ("Eure", "ecart"),
        ("Lot", "egal"),
    ]


def test_régions_of_one_département_each_print_their_amounts_twice(written):
    annex = annex_of(written("Bretagne Finistère 2 € 2 €", "Normandie Eure 4 € 4 €", "TOTAL 6 €"))
    assert annex.cells["dotation_region"].tolist() == ["2 €", "4 €", ""]


def test_absent_cells_are_empty_where_columns_are_seen(written):
    annex = annex_of(
        written(
            "Ain        100 000 €   200 000 €",
            "Aisne      100 000 €           -",
            "Allier                 300 000 €",
            "TOTAL      200 000 €   500 000 €",
        )
    )
    assert annex.cells["dotation_departement_1"].tolist() == ["100 000 €", "100 000 €", "", "200 000 €"]
    assert annex.cells["dotation_departement_2"].tolist() == ["200 000 €", "-", "300 000 €", "500 000 €"]
    assert [check.statut for check in annex.checks] == ["egal", "egal"]
    assert annex.doubts["nature"].tolist() == ["vide", "vide"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Ain 1 € 2 €", "Aisne 3 €", "Allier 4 € 5 €"), "'Aisne' has 1 amount where most départements have 2"),
        (("Ain 1 € 2 €", "Aisne 3 € 4 €", "TOTAL 4 €"), "'TOTAL' has 1 amount where the départements have 2"),
        (("Bretagne 1 € 2 €", "Finistère 1 €", "Morbihan 1 €"), "'Bretagne' has 2 amounts where"),
    ],
)
def test_rows_of_uneven_length_are_refused_where_columns_are_lost(written, lines, message):
    with pytest.raises(TableError, match=message):
        annex_of(written(*lines))
