"""Tables cut, turned, joined."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.grids import (
    Grid,
    Row,
    Text,
    amount,
    cells_of,
    check_digits,
    check_pages,
    is_a_unit,
    joined,
)


def test_a_table_goes_on_after_a_page_with_its_heading(read, figures):
    text = "\f".join(
        ["| D | M (€) |\n| Ain | 1 |\n| Lot | 2 |\n\nPage 1", "| D | M (€) |\n| Nord | 3 |\n| Total | 6 |"]
    )
    annex = read(text)
    assert figures(annex) == {"01": (1,), "46": (2,), "59": (3,)}
    assert [check.status for check in annex.table.checks] == ["egal"]


@pytest.mark.parametrize("heading", ["", "Département    Montant"])
def test_amounts_all_cut_by_three_spaces_are_refused(read, heading):
    with pytest.raises(TableError, match="stand side by side: one number, or two"):
        read(heading, "Ain            441   826 €", "Aisne          474   211 €", "Allier         270   647 €")


def test_two_headings_over_one_column_are_refused(read):
    with pytest.raises(TableError, match="'Places Montant' is the heading of one column"):
        read(
            "Département          Places  Montant", "Ain                  14 276 000", "Lot                  7 138 000"
        )


def test_tables_side_by_side_are_put_under_one_another(read, figures):
    lines = "Nom   A (€)   Nom     A (€)", "Ain     441   Doubs     826", "Lot     474   Drôme     211"
    assert figures(read(*lines)) == {"01": (441,), "46": (474,), "25": (826,), "26": (211,)}


def test_a_heading_over_two_columns_that_may_be_the_groups_of_one_is_refused(read):
    with pytest.raises(TableError, match="'441' and '826' stand side by side: one number, or two"):
        read("Nom       Montant", "Ain   441   826", "Lot   442   827")


def test_a_second_table_begins_at_the_title_above_its_heading():
    rows = [("Nom", "A (€)"), ("Ain", "1"), ("Lot", "2"), ("Volet B", ""), ("Nom", "A (€)"), ("Ain", "3"), ("Lot", "4")]
    blocks = joined([Grid(tuple(Row(cells, "") for cells in rows))])
    assert [len(block.rows) for block in blocks] == [3, 1, 3]
    assert blocks[1] == Text("Volet B", "")


@pytest.mark.parametrize(
    ("first", "second", "tables"),
    [
        ("Volet A - Crédits (k€)", "Volet B - Nombre de places", 2),
        ("Annexe 1 : établissements (€)", "Annexe 2 : services (k€)", 2),
        ("Part (en %)", "Effectifs", 2),
        ("Exercice 2023", "Exercice 2024", 2),
        ("Crédits (k€)", "Crédits (k€), suite, juin 2024", 1),
        ("Annexe 1 - Fonctionnement (€)", "Annexe 2 - Investissement (€)", 2),
        ("Montants versés (€)", "Enfants confiés", 2),
        ("Places en IME", "Places en SESSAD", 2),
        ("Crédits (k€)", "Outre-mer", 1),
        ("Crédits (k€)", "Source : DGCS, montants en euros.", 1),
    ],
)
def test_a_title_that_says_another_thing_of_its_numbers_makes_another_table(first, second, tables):
    rows = [(first, "", ""), ("Nom", "2023", "2024"), ("Ain", "1", "2"), ("Lot", "2", "3")]
    rows += [(second, "", ""), *rows[1:2], ("Nord", "12", "13"), ("Oise", "3", "3")]
    lines = tuple(Row(cells, "") for cells in rows)
    below = [Text(first, ""), Grid(lines[1:4]), Text(second, ""), Grid(lines[5:])]
    for blocks in (joined([Grid(lines)]), joined(below)):
        assert sum(isinstance(block, Grid) for block in blocks) == tables


@pytest.mark.parametrize(
    ("words", "tables"), [("Départements suivants", 1), ("Suite (M€)", 2), ("Nord", 1), ("*note", 1)]
)
def test_rows_without_headings_go_on_below_words_that_give_no_other_unit(words, tables):
    rows = [Row(cells, "") for cells in (("Nom", "2023"), ("Ain", "1"), ("Lot", "2"), ("Oise", "12"), ("Orne", "3"))]
    blocks = joined([Text("Crédits (k€)", ""), Grid(tuple(rows[:3])), Text(words, ""), Grid(tuple(rows[3:]))])
    assert sum(isinstance(block, Grid) for block in blocks) == tables


@pytest.mark.parametrize(("lines", "tables"), [(0, 1), (4, 1), (5, 2)])
def test_a_page_begins_with_one_of_the_first_five_rows_of_the_table_that_it_continues(lines, tables):
    above = [Row((f"Ligne {rank}", "x"), "") for rank in range(lines)]
    heading = Row(("Nom", "2023"), "")
    first = Grid((*above, heading, Row(("Ain", "1"), ""), Row(("Lot", "2"), "")))
    assert len(joined([first, Grid((heading, Row(("Oise", "12"), "")))])) == tables


def test_the_one_row_of_the_last_page_is_of_the_table_before(read, figures):
    page = (
        "Nom           Places   Montant (€)",
        "Ain               12       120 400",
        "Lot                7        98 700",
    )
    annex = read("\n".join(page) + "\fTotal          19       219 100")
    assert [check.status for check in annex.table.checks] == ["egal", "egal"]
    annex = read("\n".join(page) + f"\f{page[0]}\nNord            5           600")
    assert figures(annex) == {"01": (12, 120400), "46": (7, 98700), "59": (5, 600)}
    rows = tuple(Row(cells, "") for cells in (("Code", "Nom", "M (€)"), ("01", "Ain", "12"), ("02", "Aisne", "7")))
    assert joined([Grid(rows), Text("46  Lot  70 500", "p. 2")])[0].rows[-1] == Row(("46", "Lot", "70 500"), "p. 2")


@pytest.mark.parametrize("heading", ["Commune", "Établissement", "Dpt", "Libellé"])
def test_a_heading_of_another_shape_begins_a_second_table_of_the_same_names(heading):
    rows = [("Nom", "A (€)"), ("Ain", "1"), ("Lot", "2"), (heading, "Places"), ("Ain", "3"), ("Lot", "4")]
    assert [len(block.rows) for block in joined([Grid(tuple(Row(cells, "") for cells in rows))])] == [3, 3]


def test_a_unit_alone_between_two_tables_is_that_of_the_second(read, short):
    lines = "Dép.;2023", "Ain;1", "Lot;2", "En k€", "Tableau 2", "Dép.;2023", "Ain;7", "Lot;8"
    assert short(read(*lines, table=1)) == ("nom · nombre", "01: 1 · 46: 2")
    assert short(read(*lines, table=2)) == ("nom · montant k€", "01: 7000 · 46: 8000")


def test_two_tables_that_an_empty_column_separates_are_two():
    rows = [("Nom", "A", "", "Nom", "A"), ("Ain", "1", "", "Ain", "3"), ("Lot", "2", "", "Lot", "4")]
    blocks = joined([Grid(tuple(Row(cells, "") for cells in rows))])
    assert [block.rows[2].cells for block in blocks] == [("Lot", "2"), ("Lot", "4")]


@pytest.mark.parametrize(
    ("lines", "columns", "rows"),
    [
        # Columns of spaces: a name over the next column where one row in four has it at most, two lines of words aside.
        ("Ain    1 204 € ⏎ Lot    987 €", "nom · montant €", "01: 1204 · 46: 987"),
        ("Bretagne      2 €   3 € ⏎ Corse         3 €   4 € ⏎ Normandie     4 €  5 €", "nom · montant € · montant €",
         "53: 2 3 · 94: 3 4 · 28: 4 5"),
        ("Dép.           M (€)   Places ⏎ Ain           11 204       12 ⏎ Alpes-Maritimes  987        8 ⏎ "
         "Lot             455        4", "nom · montant € · nombre places", "01: 11204 12 · 06: 987 8 · 46: 455 4"),
        ("Nom        Crédits (k€) ⏎ Ain        –1,0 ⏎ Lot               2,0 ⏎ Nord              3,0",
         "nom · montant k€",
         "01: -1000 · 46: 2000 · 59: 3000"),
        ("Bretagne      2 € ⏎ Corse         3 € ⏎ Note de lecture ⏎ Normandie     4 €", "nom · montant €",
         "53: 2 · 94: 3 · 28: 4"),
        # The number of a name cut over three lines stands on any of them.
        ("Alpes-de-          4 € ⏎ Haute- ⏎ Provence ⏎ Lot                5 €", "nom · montant €", "04: 4 · 46: 5"),
        ("Alpes-de- ⏎ Haute-             4 € ⏎ Provence ⏎ Lot                5 €", "nom · montant €", "04: 4 · 46: 5"),
        ("Alpes-de- ⏎ Haute- ⏎ Provence           4 € ⏎ Lot                5 €", "nom · montant €", "04: 4 · 46: 5"),
        ("La                 4 € ⏎ Réunion ⏎ Lot                5 €", "nom · montant €", "974: 4 · 46: 5"),
        # Side by side: two tables or three, with a void column or without, of as many columns.
        ("Nom;A (€);Nom;A (€) ⏎ Ain;1;Lot;2 ⏎ Nord;3;Gers;4", "nom · montant €", "01: 1 · 59: 3 · 46: 2 · 32: 4"),
        ("Nom;A (€);;Nom;A (€) ⏎ Ain;1;;Lot;2 ⏎ Nord;3;;Gers;4", "nom · montant €", "01: 1 · 59: 3 · 46: 2 · 32: 4"),
        ("Code;Nom;A (€);Code;Nom;A (€) ⏎ 01;Ain;1;46;Lot;2 ⏎ 59;Nord;3;32;Gers;4", "code · nom · montant €",
         "01: 1 · 59: 3 · 46: 2 · 32: 4"),
        ("Nom;P;A (€);Nom;P;A (€);Nom;P;A (€) ⏎ Ain;1;2;Lot;3;4;Nord;5;6 ⏎ Oise;7;8;Orne;9;1;Gers;2;3",
         "nom · nombre · montant €", "01: 1 2 · 60: 7 8 · 46: 3 4 · 61: 9 1 · 59: 5 6 · 32: 2 3"),
        ("Région;A (€);Nom;B (€) ⏎ Bretagne;1;Finistère;2 ⏎ Normandie;3;Eure;4", "region · montant € · nom · montant €",
         "29: 1 2 · 27: 3 4"),
        # Three territories in one of the first five rows are turned, with the unit of each row.
        (";Ain;Lot;Nord ⏎ A (€);1;2;3", "nom · montant €", "01: 1 · 46: 2 · 59: 3"),
        ("Titre ⏎ ;Ain;Lot;Nord ⏎ A (€);1;2;3 ⏎ B (€);4;5;6", "nom · montant € · montant €",
         "01: 1 4 · 46: 2 5 · 59: 3 6"),
        (";Bretagne;Corse;Normandie ⏎ A (€);1;2;3 ⏎ B (k€);4;5;6", "nom · montant € · montant k€",
         "53: 1 4000 · 94: 2 5000 · 28: 3 6000"),
        ("a;b;c;d ⏎ a;b;c;d ⏎ a;b;c;d ⏎ a;b;c;d ⏎ ;Ain;Lot;Nord ⏎ A (€);1;2;3",
         "texte · texte · texte · texte · nom · montant €", "01: 1 · 46: 2 · 59: 3"),
        # One name more elsewhere is that of a row turned with the others; two, or one under them, are rows as printed.
        (";Ain;Lot;Nord ⏎ A (€);1;2;3 ⏎ Gers;4;5;6", "nom · montant € · nombre", "01: 1 4 · 46: 2 5 · 59: 3 6"),
        (";Ain;Lot;Nord ⏎ A (€);1;2;3 ⏎ Gers;4;5;6 ⏎ Gard;7;8;9", "nom · montant € · montant € · montant €",
         "32: 4 5 6 · 30: 7 8 9"),
        ("Origine;Ain;Lot;Nord ⏎ Ain;0;3;4 ⏎ Lot;1;0;2 ⏎ Nord;5;6;0", "nom · nombre · nombre · nombre",
         "01: 0 3 4 · 46: 1 0 2 · 59: 5 6 0"),
        (";Guadeloupe;Martinique;Mayotte ⏎ A (€);1;2;3", "nom · montant €", "971: 1 · 972: 2 · 976: 3"),
        ("Nom;A (€);;B (€) ⏎ Ain;1;;2 ⏎ Nord;3;;4", "nom · montant € · montant €", "01: 1 2 · 59: 3 4"),
        # A word of headings alone on its row is none, nor are words beside a void; a unit above the next is its own.
        ("Nom;A (€) ⏎ Ain;1 ⏎ Services; ⏎ Lot;2", "nom · montant €", "01: 1 · 46: 2"),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Services;12 ⏎ Lot;2", "nom · montant €", "01: 1 · Services: 12 · 46: 2"),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ nd;Note ⏎ Nord;3 ⏎ Oise;4", "nom · montant €", "01: 1 · 46: 2 · 59: 3 · 60: 4"),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Volet B; ⏎ Nom;A (€) ⏎ Nord;3 ⏎ Oise;4", "nom · montant €",
         "01: 1 · 46: 2 · 59: 3 · 60: 4"),
        # Above the headings: a title with the unit of the table at its end, the name of the territory of its rows.
        ("Crédits;;En M€ ⏎ Nom;2023;2024 ⏎ Ain;1;2 ⏎ Nord;3;4", "nom · montant M€ · montant M€",
         "01: 1000000 2000000 · 59: 3000000 4000000"),
        ("Parts;;En % ⏎ Nom;Base 2023;Base 2024 ⏎ Ain;1;2 ⏎ Nord;3;4", "nom · pourcentage % · pourcentage %",
         "01: 1 2 · 59: 3 4"),
        ("Nom;;En k€ ⏎ ;Lits;2024 ⏎ Ain;1;2 ⏎ Nord;3;4", "nom · nombre · montant k€", "01: 1 2000 · 59: 3 4000"),
        ("Île-de-France;; ⏎ Rang;Nom;Places ⏎ 2;Paris;1 ⏎ 1;Essonne;3", "rang · nom · nombre places", "75: 1 · 91: 3"),
        ("Aide;k€ ⏎ Ain;1 ⏎ Nord;3", "nom · montant k€", "01: 1000 · 59: 3000"),
        ("Bretagne; ⏎ Finistère;1 € ⏎ Morbihan;2 €", "nom · montant €", "29: 1 · 56: 2"),
        # A table goes on after its heading, a void line, a line of words.
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Nom;A (€) ⏎ Nord;3 ⏎ Oise;4", "nom · montant €", "01: 1 · 46: 2 · 59: 3 · 60: 4"),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ ⏎ Nord;3 ⏎ Oise;4", "nom · montant €", "01: 1 · 46: 2 · 59: 3 · 60: 4"),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ texte ⏎ Nord;3 ⏎ Oise;4", "nom · montant €", "01: 1 · 46: 2 · 59: 3 · 60: 4"),
    ],
)  # fmt: skip
def test_grids_are_cut_turned_mended_and_joined(read, short, lines, columns, rows):
    assert short(read(*lines.split(" ⏎ "))) == (columns, rows)


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Ain           11 204     12 ⏎ Alpes-Maritimes  987     8 ⏎ Hautes-Pyrénées  47     8",
         "stand in one column", "l. 1"),
        ("Bretagne   2   3 ⏎ Corse      3   4 ⏎ Normandie  4 7 5 6",
         "'Normandie  4 7 5 6' names a territory, and stands in no columns", "l. 3"),
        ("Corse         3 € ⏎ Note   de   lecture ⏎ Normandie     4 €", "'Note' and 'de' stand in one column", "l. 2"),
        ("Alpes-de-       4 € ⏎ Haute-          6 € ⏎ Provence ⏎ Lot             5 €",
         "'6 €' stands on a row without a name", "l. 2"),
        (";Ain;Lot ⏎ A (€);1;2 ⏎ B (€);4;5", "'Lot' stands in the column ''", "l. 1"),
        (";Ain;Lot;Lot ⏎ A (€);1;2;3", "'Lot' stands in the column ''", "l. 1"),
        (";Ain;Lot;Nord ⏎ A (€);1;2;3 ⏎ Sous-titre;;; ⏎ B (€);4;5;6", "territories stand in the headings", "l. 1"),
        ("Nom;A (€);Nom;B (€);C (€) ⏎ Ain;1;Lot;2;3 ⏎ Nord;3;Gers;4;5",
         "two columns name départements, and the columns beside them differ", "l. 1"),
        ("Nom;A (€);Nom;A (€) ⏎ Ain;1;Ain;2 ⏎ Nord;3;Gers;4", "'Gers' stands in the column 'Nom'", "l. 3"),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Département;Note ⏎ Nord;3 ⏎ Oise;4", "holds 2 tables", None),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Nom;B (€) ⏎ Ain;3 ⏎ Lot;4", "holds 2 tables", None),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Nom;B (€) ⏎ Nord;3 ⏎ Oise;4", "holds 2 tables", None),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ texte ⏎ Ain;3 ⏎ Oise;4", "holds 2 tables", None),
        ("Nom;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ ⏎ Nord;3;5 ⏎ Oise;4;6", "a row has 3 cells where the others have 2", "l. 4"),
    ],
)  # fmt: skip
def test_what_may_be_cut_or_joined_otherwise_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(TableError, lines, reason, place)


def test_a_table_to_turn_whose_cells_are_merged_is_refused_with_its_place():
    rows = ["", "Ain", "Lot", "Nord"], ["A", "1", "2", "3"]
    for merged in (Row(tuple(rows[1]), "l. 2", {1: 2}), Row(tuple(rows[1]), "l. 2", {}, frozenset({2}))):
        with pytest.raises(TableError, match="territories stand in the headings") as told:
            joined([Grid((Row(tuple(rows[0]), "l. 1"), merged))])
        assert told.value.cell == "l. 1"
    assert len(joined([Grid((Row(tuple(rows[0]), "l. 1"), Row(tuple(rows[1]), "l. 2", {1: 1})))])[0].rows) == 4


def test_a_title_above_the_heading_that_comes_back_is_a_text_of_its_own():
    rows = [("Nom", "A"), ("Ain", "1"), ("Lot", "2"), ("Volet", ""), ("Nom", "A"), ("Nord", "3"), ("Oise", "4")]
    blocks = joined([Grid(tuple(Row(cells, f"l. {rank}") for rank, cells in enumerate(rows, start=1)))])
    places = [" ".join(row.place.removeprefix("l. ") for row in block.rows) for block in blocks]
    assert places == ["1 2 3 5 6 7", "4"]


def test_a_turned_table_has_the_places_of_its_columns():
    rows = Row(("", "Ain", "Lot", "Nord"), "l. 3"), Row(("A", "1", "2", "3"), "l. 4")
    turned = joined([Grid(rows)])[0].rows
    assert [(row.cells, row.place) for row in turned] == [
        (("", "A"), "l. 3, colonne 1"),
        (("Ain", "1"), "l. 3, colonne 2"),
        (("Lot", "2"), "l. 3, colonne 3"),
        (("Nord", "3"), "l. 3, colonne 4"),
    ]


def test_tables_side_by_side_keep_what_their_cells_merge_and_hide():
    rows = [("Nom", "A", "B", "", "Nom", "C", "D"), ("Ain", "1", "2", "", "Lot", "3", "4")]
    merged = Row(("Nord", "5", "", "", "Gers", "6", ""), "l. 3", {1: 2, 4: 4, 5: 3}, frozenset({2, 6}))
    first, second = joined([Grid((*(Row(cells, "") for cells in rows), merged))])
    assert (first.rows[-1].cells, second.rows[-1].cells) == (("Nord", "5", ""), ("Gers", "6", ""))
    assert (first.rows[-1].spans[1], second.rows[-1].spans) == (2, {0: 4, 1: 3})
    assert (2 in first.rows[-1].hidden, second.rows[-1].hidden & {0, 1, 2}) == (True, {2})


def test_a_line_of_the_widest_row_of_a_table_is_of_it():
    rows = tuple(Row(cells, "") for cells in (("Code", "Nom", "M (€)"), ("01", "Ain"), ("02", "Aisne", "7")))
    assert [len(block.rows) for block in joined([Grid(rows), Text("46  Lot  70 500", "p. 2")])] == [4]
    assert [len(block.rows) for block in joined([Grid(rows), Text("Lot  70 500", "p. 2")])] == [3, 1]


def test_pages_are_counted_from_1():
    for page in (0, 3):
        with pytest.raises(TableError, match=f"a has no page {page}: it has 2"):
            check_pages({1, page}, 2, "a")
    check_pages({1, 2}, 2, "a")


@pytest.mark.parametrize(
    ("cells", "ranks"),
    [
        *(("(1) (2) (3)", True), ("1 2 3", True), ("0 1", True), ("1", True), ("1 2 -", True), ("1 2 3=1+2", True)),
        *(("2 3", False), ("1 3", False), ("1 2 2", False), ("1 2 x", False), ("-", False), ("1 2 3=a", False)),
        ("100 101", False),
    ],
)
def test_cells_that_number_the_columns_from_0_or_1_are_ranks(cells, ranks):
    assert Row(tuple(cells.replace("-", "").split(" ")), "").of_ranks is ranks


@pytest.mark.parametrize(
    ("cells", "title"),
    [(("Titre", ""), True), (("", "Titre"), False), (("Titre", "x"), False), (("Ain", ""), False), (("", ""), False)],
)
def test_a_title_is_the_first_cell_alone_that_names_no_territory(cells, title):
    assert Row(cells, "").title is title


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(
            ("(en k€)", True),
            ("Unité : milliers d'euros", True),
            ("k€", True),
            ("millions d'euros", True),
            ("Md€", True),
        ),
        *(("", False), ("places", False), ("Crédits k€", False), ("unités", False)),
    ],
)
def test_a_unit_of_money_alone_is_one(text, unit):
    assert is_a_unit(text) is unit


def test_a_number_is_an_amount_unless_it_is_a_bare_year():
    cells = ["12", "1899", "2023 €", "12 %", "2100", "1900", "2023", "2099", "x", "-", ""]
    assert [cell for cell in cells if amount(cell)] == cells[:5]


@pytest.mark.parametrize("line", ["46  Lot  70 500", "Lot  70", "70  Lot", "Total  70  80", "46   Lot  nd  7"])
def test_a_line_of_one_known_name_and_of_numbers_is_a_row(line):
    assert " ".join(cells_of(Text(line, ""))) == " ".join(line.split())


@pytest.mark.parametrize("line", ["Lot", "Lot  nd", "Lot  2023", "Zone  70", "46 Lot 70", "Lot  Ain  70", "70  80"])
def test_a_line_without_a_name_or_an_amount_is_none(line):
    assert cells_of(Text(line, "")) == ()


def test_the_digits_of_a_document_are_all_in_its_lines_and_cells():
    blocks = [Text("le 3 mars", ""), Grid((Row(("Ain", "12"), ""), Row(("Lot", "4,5"), "")))]
    check_digits(5, blocks, "a")
    for there in (4, 6):
        with pytest.raises(TableError, match=f"a holds {there} digits and 5 were found in its lines and cells"):
            check_digits(there, blocks, "a")


@pytest.mark.parametrize("form", ["spaces", "pipes"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3100, 3130)) == {}


def test_headings_that_name_a_total_begin_another_table(tmp_path):
    """As the DREES prints départements, then régions, on one sheet; a link stands beside the second title."""
    lines = ["Code;Département;APA;Total (2)", "01;Ain;1;2", "02;Aisne;3;4", "Total;;4;6", ";;;"]
    lines += [
        "Aides sociales;;;Retour en haut",
        ";;;",
        "Code;Région;APA;Total (2)",
        "53;Bretagne;5;6",
        "28;Normandie;7;8",
    ]
    path = tmp_path / "annexe.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    first, second = (read_annex(path, table=number).table for number in (1, 2))
    assert [row.name for row in first.rows] == ["Ain", "Aisne", "Total"]
    assert [row.name for row in second.rows] == ["Bretagne", "Normandie"]
    assert [column.heading for column in second.columns][-1] == "Total (2)"


@pytest.mark.parametrize(
    ("note", "read_so"),
    [
        ("Champ : France entière;;Retour au sommaire", True),
        ("Source : DREES, enquête;;Sommaire", True),
        ("Note de lecture : 14 places;;Retour", True),
        ("Lecture 1 : 14 places;Retour;", True),
        ("Champ;;Retour au sommaire", False),
        ("Lecture;;Retour au sommaire", False),
    ],
)
def test_a_note_above_the_headings_heads_no_column_whatever_stands_beside_it(read, note, read_so):
    annex = read("Aide sociale;;", note, "Code;Nom;Places", "01;Ain;14", "02;Aisne;15")
    headings = [column.heading for column in annex.table.columns]
    assert (headings == ["Code", "Nom", "Places"]) is read_so
    assert headings[1] == "Nom"
