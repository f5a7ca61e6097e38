"""Rows in the order of reading, and what every total adds up."""

import pytest

from cdppe_analysis.ingestion.annex import annex_of


def checks(annex):
    return [(check.nature, check.libelle, check.statut) for check in annex.checks]


def test_a_région_goes_with_its_first_département_wherever_it_is_printed(written):
    annex = annex_of(
        written(
            "                           Aisne      417 876 €",
            "Hauts-de-    2 788 083 €   Nord     1 995 707 €",
            "France                     Somme      374 500 €",
        )
    )
    assert annex.cells["region"].tolist() == ["Hauts-de-\nFrance", "", ""]
    assert annex.cells["lignes_region"].tolist() == ["2-3", "", ""]


def test_a_région_printed_on_every_row_stays_on_every_row(written):
    annex = annex_of(written("Bretagne Finistère 2 €", "Bretagne Morbihan 1 €"))
    assert annex.cells["region"].tolist() == ["Bretagne", "Bretagne"]


def test_a_région_that_goes_on_overleaf_is_printed_again(written):
    annex = annex_of(written("Bretagne 3 €", "Finistère 2 €\fBretagne (suite)", "Morbihan 1 €"))
    assert annex.cells["region"].tolist() == ["Bretagne", "Bretagne (suite)"]
    assert checks(annex) == [("region", "Bretagne", "egal")]


def test_a_région_with_a_total_and_no_département_has_its_own_row(written):
    annex = annex_of(written("Bretagne 3 €", "Finistère 3 €", "Normandie 5 €", "TOTAL 3 €"))
    assert annex.cells["nature"].tolist() == ["departement", "region", "total"]


def test_subtotals_of_the_mainland_and_of_the_overseas_are_known(written):
    annex = annex_of(
        written(
            "Ain 2 000 €",
            "Nord 1 000 €",
            "Total métropole 3 000 €",
            "Guyane 500 €",
            "Mayotte 600 €",
            "Total outre-mer 1 100 €",
            "France entière 4 100 €",
        )
    )
    assert checks(annex) == [
        ("sous_total", "Total métropole", "egal"),
        ("sous_total", "Total outre-mer", "egal"),
        ("total", "France entière", "egal"),
    ]


def test_sums_carried_from_a_page_to_the_next_are_checked(written):
    annex = annex_of(written("Ain 100 €", "Nord 200 €", "A reporter 300 €\fReport 300 €", "Somme 50 €", "TOTAL 350 €"))
    assert checks(annex) == [
        ("sous_total", "A reporter", "egal"),
        ("sous_total", "Report", "egal"),
        ("total", "TOTAL", "egal"),
    ]


@pytest.mark.parametrize("label", ["Total", "Sous-total", "Total région", "Sous-total ARS"])
def test_an_unnamed_total_is_that_of_the_région_above_or_below(written, label):
    above = [
        "Bretagne",
        "Finistère 200 €",
        "Morbihan 100 €",
        f"{label} 300 €",
        "Normandie",
        "Eure 50 €",
        f"{label} 50 €",
    ]
    below = [above[0], above[3], *above[1:3], above[4], above[6], above[5]]
    for lines in (above, below):
        annex = annex_of(written(*lines, "TOTAL GENERAL 350 €"))
        assert [status for _, _, status in checks(annex)] == ["egal"] * 3
        assert [nature for nature, _, _ in checks(annex)] == ["sous_total", "sous_total", "total"]


def test_a_total_at_the_top_is_that_of_the_whole(written):
    assert checks(annex_of(written("TOTAL 300 €", "Finistère 200 €", "Morbihan 100 €"))) == [("total", "TOTAL", "egal")]


def test_a_total_under_both_columns_is_checked_twice(written):
    annex = annex_of(written("Bretagne 300 € Finistère 200 €", "Morbihan 100 €", "TOTAL 300 € 300 €"))
    assert checks(annex)[1:] == [("total", "TOTAL", "egal")] * 2
    assert annex.cells["dotation_region"].tolist()[-1] == "300 €"


def test_a_column_that_adds_up_the_others_is_checked_across(written):
    annex = annex_of(
        written("Ain 10 € 20 € 30 €", "Aisne 10 € 25 € 35 €", "Allier 1 € 2 € 3 €", "Ardèche 10 € 20 € 90 €")
    )
    assert [(check.libelle, check.total, check.somme) for check in annex.failed] == [("Ardèche", 90, 30)]
