"""Columns of spaces, names cut over lines, tables that go on."""

import pytest

from cdppe_analysis.errors import TableError


def test_columns_of_spaces_keep_voids_in_their_place(read, figures):
    annex = read(
        "Département     A (€)   B (€)",
        "Ain             1 204       7",
        "Lot                         8",
        "Nord               11       9",
    )
    assert figures(annex) == {"01": (1204, 7), "46": (None, 8), "59": (11, 9)}


def test_a_name_cut_over_the_lines_of_its_column_is_put_together(read, figures):
    annex = read(
        "Ain                1 204 €",
        "Alpes-de-Haute-",
        "Provence           2 000 €",
        "Pas-de-              3 €",
        "Calais",
        "Nord                  4 €",
    )
    assert figures(annex) == {"01": (1204,), "04": (2000,), "62": (3,), "59": (4,)}


def test_an_amount_cut_by_three_spaces_is_refused(read):
    with pytest.raises(TableError, match=r"one number, or two|stand in one column"):
        read(
            "Département        Montant",
            "Ain              441 826 €",
            "Aisne            474   211 €",
            "Allier           270 647 €",
        )


def test_a_table_goes_on_after_a_page_with_its_heading(read, figures):
    text = "\f".join(
        ["| D | M (€) |\n| Ain | 1 |\n| Lot | 2 |\n\nPage 1", "| D | M (€) |\n| Nord | 3 |\n| Total | 6 |"]
    )
    annex = read(text)
    assert figures(annex) == {"01": (1,), "46": (2,), "59": (3,)}
    assert [check.status for check in annex.table.checks] == ["egal"]


def test_withdrawals_set_to_the_left_stay_under_their_heading(read, figures):
    annex = read(
        "Nom           Crédits notifiés",
        "Ain           –1,0 M€         ",
        "Lot                     2,0 M€",
        "Nord                    3,0 M€",
    )
    assert figures(annex) == {"01": (-1000000,), "46": (2000000,), "59": (3000000,)}


@pytest.mark.parametrize("heading", ["", "Département    Montant"])
def test_amounts_all_cut_by_three_spaces_are_refused(read, heading):
    with pytest.raises(TableError, match="stand side by side: one number, or two"):
        read(heading, "Ain            441   826 €", "Aisne          474   211 €", "Allier         270   647 €")


def test_two_headings_over_one_column_are_refused(read):
    with pytest.raises(TableError, match="the headings 'Places' and 'Montant' stand over one column"):
        read(
            "Département          Places  Montant", "Ain                  14 276 000", "Lot                  7 138 000"
        )


def test_tables_side_by_side_are_put_under_one_another(read, figures):
    lines = "Nom   A (€)   Nom     A (€)", "Ain     441   Doubs     826", "Lot     474   Drôme     211"
    assert figures(read(*lines)) == {"01": (441,), "46": (474,), "25": (826,), "26": (211,)}
