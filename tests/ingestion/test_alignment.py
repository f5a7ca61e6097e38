"""Columns of spaces, names cut over lines."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.alignment import Fragment, Line, aligned


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


def test_withdrawals_set_to_the_left_stay_under_their_heading(read, figures):
    annex = read(
        "Nom           Crédits notifiés",
        "Ain           –1,0 M€         ",
        "Lot                     2,0 M€",
        "Nord                    3,0 M€",
    )
    assert figures(annex) == {"01": (-1000000,), "46": (2000000,), "59": (3000000,)}


def test_a_name_set_to_the_right_is_in_the_column_of_the_longest():
    places = {"Ain": (0, 3), "Alpes-de-Haute-Provence": (0, 23), "Lot": (5, 8)}
    lines = [Line((Fragment(n, *at), Fragment("4 €", 30, 33)), "l. 1") for n, at in places.items()]
    assert [row.cells for row in aligned([lines])[0][0].rows] == [(name, "4 €") for name in places]


def page(*rows):
    """Set rows of a name at 0 and numbers at given places, one line each."""
    return [
        Line((Fragment(name, 0, len(name)), *(Fragment(text, x, x + len(text)) for x, text in cells)), "l. 1")
        for name, *cells in rows
    ]


@pytest.mark.parametrize(
    ("after", "cells"),
    [
        ([("Total", (30, "5"), (40, "7"))], [("Total", "5", "7")]),
        ([("Nord", (40, "4")), ("Paris", (40, "5"))], [("Nord", "", "4"), ("Paris", "", "5")]),
        (
            [("Nord", (25, "123 456 789 012 345")), ("Paris", (33, "12"))],
            [("Nord", "123 456 789 012 345"), ("Paris", "12")],
        ),
        ([("Nord", (33, "4")), ("Paris", (33, "5"))], [("Nord", "4"), ("Paris", "5")]),
    ],
)
def test_a_page_has_the_columns_of_the_page_before_unless_it_adds_one_or_joins_two(after, cells):
    before = page(("Ain", (30, "2"), (40, "3")), ("Lot", (30, "3"), (40, "4")))
    blocks = aligned([before, page(*after)])[1]
    assert [row.cells for block in blocks for row in block.rows] == cells


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        # The row of a name cut over lines is that of its number, on its right or on its left.
        (["Alpes-de-       4 €", "Haute-", "Provence", "Lot             5 €"], "l. 1: 04 4 · l. 4: 46 5"),
        (["Alpes-de-", "Haute-          4 €", "Provence", "Lot             5 €"], "l. 2: 04 4 · l. 4: 46 5"),
        (["Alpes-de-", "Haute-", "Provence        4 €", "Lot             5 €"], "l. 3: 04 4 · l. 4: 46 5"),
        # It may be centred between two lines of names.
        (["Pas-de-", "          4 €   6", "Calais", "Seine-", "          5 €   7", "Maritime"],
         "l. 2: 62 4 6 · l. 5: 76 5 7"),
        (["4 €   Alpes-de-", "      Haute-Provence", "5 €   Lot"], "l. 1: 04 4 · l. 3: 46 5"),
        # A département alone on its line is a row of the table, wherever it stands; words are none.
        (["Ain", "Lot      4 €", "Nord     5 €"], "l. 1: 01 - · l. 2: 46 4 · l. 3: 59 5"),
        (["Lot      4 €", "Ain", "Nord     5 €"], "l. 1: 46 4 · l. 2: 01 - · l. 3: 59 5"),
        (["Texte", "Lot      4 €", "Nord     5 €"], "l. 2: 46 4 · l. 3: 59 5"),
        # A heading that stands over no column is that of the nearest.
        (
            ["Nom      Places        M (€)", "Ain          4   12 204", "Lot          5   13 305"],
            "l. 2: 01 4 12204 · l. 3: 46 5 13305",
        ),
        (["Nom      A (€)   B (€)", "Ain      1", "Lot              2", "Nord     3       4"],
         "l. 2: 01 1 - · l. 3: 46 - 2 · l. 4: 59 3 4"),
        ([";Ain;Lot;Nord", "A (€);1;2;3"], "l. 1, colonne 2: 01 1 · l. 1, colonne 3: 46 2 · l. 1, colonne 4: 59 3"),
    ],
)  # fmt: skip
def test_each_row_has_the_place_of_its_number(read, lines, rows):
    table = read(*lines).table
    figures = [rank for rank, column in enumerate(table.columns) if column.of_figures]
    told = [
        f"{row.place}: {row.code} {' '.join('-' if row.figures[r] is None else str(row.figures[r]) for r in figures)}"
        for row in table.rows
    ]
    assert " · ".join(told) == rows


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        # A heading above years stands over each, wherever it is set; two of them have each their own.
        (["Région       Solde (€)   Dépenses (M€)", "                            2023     2024",
          "Corse             204      165,5    666,3", "Bretagne          300      163,3    415,9"],
         "nom · montant € · montant M€ · montant M€"),
        (["            Crédits (k€)      Places", "Région      2023   2024   2023   2024",
          "Corse         12     13      4      5", "Bretagne      14     15      6      7"],
         "nom · montant k€ · montant k€ · nombre places · nombre places"),
        (["            Places   Crédits (k€)", "Région      2023   2024   2025",
          "Corse         12     13     14", "Bretagne      14     15     16"],
         "nom · nombre places · montant k€ · montant k€"),
        # A line of headings that holds years is no row; a heading centred far from its figures is theirs.
        (["Région        Nombre         Montant (€)", "              de places",
          "Corse                      14          204 000", "Bretagne                   15          300 000"],
         "nom · nombre places · montant €"),
        # A unit set to the right, above the headings, is that of the table.
        (["                 en k€", "Région      2023   2024", "Corse         12     13", "Bretagne      14     15"],
         "nom · montant k€ · montant k€"),
        # The label of a total may run over several columns.
        (["Code  Région      M (€)", "94    Corse          12", "53    Bretagne       13", "TOTAL GÉNÉRAL        25"],
         "code_region · nom · montant €"),
    ],
)  # fmt: skip
def test_a_heading_is_that_of_the_columns_under_it(read, short, lines, columns):
    assert short(read(*lines))[0] == columns


@pytest.mark.parametrize(("short", "long"), [(1, 1), (2, 1), (5, 2), (6, 2), (9, 3)])
def test_names_that_run_over_the_next_column_leave_the_columns_of_the_others(read, short, long):
    """Where a quarter of the rows at most is so, or one of two."""
    names = [*["Ain", "Lot", "Nord", "Oise", "Orne", "Gers", "Gard", "Eure", "Cher"][:short]]
    names += ["Alpes-Maritimes", "Hautes-Pyrénées", "Seine-Maritime."][:long]
    cells = ((f"{name:14} 1 204" if len(name) < 14 else f"{name}  204") for name in names)
    rows = [f"{cell}        {rank}" for rank, cell in enumerate(cells)]
    annex = read("Dép.           M (€)   Places", *rows)
    assert [int(row.figures[2]) for row in annex.table.rows] == list(range(short + long))
    assert [int(row.figures[1]) for row in annex.table.rows] == [*[1204] * short, *[204] * long]
