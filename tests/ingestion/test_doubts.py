"""What may be of another row or column is refused."""

import pytest

from cdppe_analysis.errors import TableError


def test_a_row_with_a_cell_too_few_is_refused(layout):
    with pytest.raises(TableError, match="a row has 2 cells where the others have 3") as told:
        layout("Département|Places|Montant", "Ain|14|276", "Lot|138", "Nord|7|11")
    assert told.value.cell == "l. 3"


@pytest.mark.parametrize("short", ["57|01923|Denain", "57|Denain|01923"])
def test_a_first_row_with_a_cell_too_few_is_no_heading(layout, short):
    rows = "29|413|59582|Gex", "62|1 899|2A966|Cambrai", "294|(3 034)|01623|Loos"
    with pytest.raises(TableError, match="a row has 3 cells where the headings have 4") as told:
        layout("Projets|Aide (k€)|Code|Commune", short, *rows)
    assert told.value.cell == "l. 2"
    assert layout("Total|9", "Projets|Aide (k€)|Code|Commune", *rows).first == 2


@pytest.mark.parametrize(
    ("heading", "cut", "others"),
    [
        ("Région|Département|Montant", "|Vienne", ["Bretagne|Finistère|1", "|Morbihan|2", "|Var|"]),
        ("Région|Département|Montant", "|Mayotte", ["Bretagne|Finistère|1", "|Morbihan|2"]),
        ("Département|Montant", "Var", ["Ain|1", "Lot|2"]),
        ("Département|Montant", "Saint-Martin", ["Ain|1", "Lot|2"]),
        ("Région|Montant", "Bretagne", ["Corse|1", "Normandie|2"]),
        ("Région|Montant", "Mayotte", ["Corse|1", "Normandie|2"]),
        ("Rang|Commune|Montant (€)", "|Lille", ["1|Roubaix|1", "2|Tourcoing|2", "3|Lens|3"]),
    ],
)
def test_a_row_cut_before_its_only_figure_is_refused_and_not_read_as_void(layout, heading, cut, others):
    with pytest.raises(TableError, match=rf"a row has {cut.count('|') + 1} cells where the others have") as told:
        layout(heading, *others, cut)
    assert told.value.cell == f"l. {len(others) + 2}"


def test_a_région_above_its_départements_is_no_row_cut(read, figures):
    annex = read("Département;M (€)", "Bretagne", "Finistère;1", "Morbihan;2", "La Réunion", "La Réunion;3")
    assert figures(annex) == {"29": (1,), "56": (2,), "974": (3,)}


def test_voids_are_read_where_no_row_keeps_an_empty_cell_at_its_end(read, figures):
    rows = "Département;M (€)", "Ain;1", "Lot", "Nord;3", "Var", "Gard;2", "Eure;4"
    assert figures(read(*rows))["46"] == (None,)
    with pytest.raises(TableError, match="a row has 1 cells where the others have 2"):
        read(*rows, "Orne;")


def test_a_lonely_number_in_a_column_without_heading_is_refused(layout):
    with pytest.raises(TableError, match="'138' stands in a column without a heading"):
        layout("Département|Montant|", "Ain|276|", "Lot|7|138", "Nord|11|")


def test_a_lonely_number_under_a_heading_whose_figures_stand_beside_it_is_refused(layout):
    with pytest.raises(TableError, match="'4' alone stands under 'Part', beside a column without a heading") as told:
        layout("Département|Montant|Part|", "Ain|276|4|33,98 %", "Lot|7||12,1 %", "Nord|11||53,9 %")
    assert told.value.cell == "l. 2"


@pytest.mark.parametrize("void", ["nd", "-"])
def test_a_lonely_void_in_a_column_without_heading_is_refused(layout, void):
    rows = "Région|Habitants|Montant|", "Bretagne|7|276|", f"Corse|12|937|{void}", "Normandie|8|11|"
    with pytest.raises(TableError, match=f"'{void}' stands in a column without a heading") as told:
        layout(*rows)
    assert told.value.cell == "l. 3"


def test_a_number_alone_in_a_column_of_a_page_without_headings_is_refused(read):
    rows = [
        "Bretagne    900 €    Finistère    500,5 €",
        "                     Morbihan     399,5 €",
        "Normandie   300 €    Calvados     100,5 €",
        "                     Eure     4   200,5 €",
    ]
    with pytest.raises(TableError, match="'4' stands in a column of its own"):
        read(*rows)


def test_a_box_beside_a_table_is_no_column_of_it(read):
    lines = (
        "Région      Places     Total",
        "Corse           12    96 places",
        "Bretagne         7",
        "Normandie        9",
    )
    with pytest.raises(TableError, match="'96 places' stands on the first rows only") as told:
        read(*lines)
    assert told.value.cell == "l. 2"


def test_a_column_that_few_rows_fill_is_read_and_so_is_a_change_in_per_cent_beside_years(read, figures):
    lines = "Région      Places   Réserve", "Corse           12        50", "Bretagne         7", "Normandie        9"
    assert figures(read(*lines)) == {"94": (12, 50), "53": (7, None), "28": (9, None)}
    annex = read("Département;2020;2021;Evol 2020/2021", "Ain;4;5;25,0 %", "Lot;5;4;-20,0 %")
    assert [column.unit for column in annex.table.columns] == ["", "", "", "%"]


def test_two_names_without_their_cells_are_voids_where_no_row_writes_an_empty_one(layout):
    assert len(layout("Nom|Montant", "Ain|1 €", "Lot", "Gers", "Nord|2 €").rows) == 5


@pytest.mark.parametrize(
    ("heading", "second", "several"),
    [
        ("Dép. Fixe Variable", "Lot 17 300", True),
        ("Dép. Fixe Variable", "Lot 17 300,20", True),
        ("Fixe et variable", "Lot 17 300", True),
        ("Dép. Fixe Variable", "Lot 17 000", False),
        ("Dép. Fixe Variable", "Lot 300", False),
        ("Dép. Montant", "Lot 17 300", False),
        ("Département Montant de la dotation 2024 (€)", "Lot 17 300", False),
        ("Fixe Variable", "Lot 17 300", False),
        *((f"Dép. Aide {tie} place", "Lot 17 300", False) for tie in "de la le les du des en par pour".split()),
        ("Dép. Aide sociale", "Lot 17 300", False),
    ],
)
def test_numbers_that_a_space_may_cut_are_two_where_the_line_above_names_two(read, figures, heading, second, several):
    if several:
        with pytest.raises(TableError, match="is the heading of one column: '14 204' may be several numbers") as told:
            read(heading, "Ain 14 204", second)
        assert told.value.cell == "l. 2"
    else:
        assert figures(read(heading, "Ain 14 204", second))["01"] == (14204,)


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        # Headings, or one row, of fewer cells than the others.
        ("Nom;A (€) ⏎ Ain;1;2 ⏎ Lot;3;4", "the headings have 2 cells, and the rows have numbers after them", "l. 2"),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ La Réunion ⏎ Nord;3", "a row has 1 cells where the others have 2", "l. 3"),
        ("Dép.;Places;M (€) ⏎ Ain;1;2 ⏎ Zone A;4 ⏎ Lot;3;4", "a row has 2 cells where the others have 3", "l. 3"),
        ("Dép.;Places;M (€) ⏎ Zone A;4 ⏎ Ain;1;2 ⏎ Lot;3;4", "a row has 2 cells where the others have 3", "l. 2"),
        # Columns of spaces that are the groups of one number, where one of them has no heading.
        ("Nom       Montant ⏎ Ain   441   826 ⏎ Lot   442   827", "'441' and '826' stand side by side", "l. 2"),
        ("Nom       Montant ⏎ Ain   441   826 € ⏎ Lot   442   827 €", "'441' and '826 €' stand side by side", "l. 2"),
        ("Nom         Montant ⏎ Ain     1   234 ⏎ Lot     2   345", "'1' and '234' stand side by side", "l. 2"),
        ("Nom   Montant       ⏎ Ain       1   234 ⏎ Lot       2   345", "'1' and '234' stand side by side", "l. 2"),
        ("Nom         Montant ⏎ Ain   441    82 ⏎ Lot   442     7", "stands in a column without a heading", "l. 2"),
        ("Nom   Taux (0,8   Base %) ⏎ Ain         4         5 ⏎ Lot         6         7",
         "'4' stands under the heading 'Taux (0,8', which is cut", "l. 2"),
        # Several numbers in a cell: the whole head of a list says it, or the sum of the two.
        ("Nombre de places ⏎ Montant ⏎ Ain 14 204 ⏎ Lot 17 300",
         "'Montant Nombre de places' is the heading of one column: '14 204' may be several numbers", "l. 3"),
        ("Nombre de places autorisées ⏎ Montant ⏎ Ain 14 204 ⏎ Lot 17 300",
         "'Montant Nombre de places autorisées' is the heading of one column", "l. 3"),
        ("Part fixe et part variable des crédits ⏎ Ain 14 204 ⏎ Lot 17 300", "'14 204' may be several numbers", "l. 2"),
        ("Dép.  Places et montant ⏎ Ain   14 ⏎ Lot    7", "'14' may be several numbers", "l. 2"),
        ("Dép.;Places / montant ⏎ Ain;14 204 ⏎ Lot;7", "'Places / montant' is the heading of one column", "l. 2"),
        ("Dép.;Garçons Filles;Total ⏎ Lot;17 300;317 ⏎ Ain;14 204;218", "'17 300' may be several numbers", "l. 2"),
        # Numbers beyond an empty column: on half of the rows at most, or under no heading where others have one.
        ("Dép.;M (€);;Taux ⏎ Ain;4;; ⏎ Lot;5;;0,12 ⏎ Nord;6;;0,5 ⏎ Gers;7;;", "'0,12' stands beyond an empty", "l. 3"),
        ("Dép.;M (€);; ⏎ Ain;4;;1 ⏎ Lot;5;;2", "'1' stands beyond an empty column, under no heading", "l. 2"),
        ("Dép.;A (€);;Plafond; ⏎ Ain;1;;Point;10 ⏎ Lot;3;;Prix;20", "'10' stands beyond an empty column", "l. 2"),
        # Headings that are cut, or slide.
        ("Région;Base (en millions;Places ⏎ Bretagne;4;5", "'4' stands under the heading 'Base (en millions'", "l. 2"),
        ("Places;Montant (€); ⏎ Ain;4;5 ⏎ Lot;6;7", "'Ain' stands under 'Places', and a column of numbers has", "l. 2"),
        ("Dép.;M (€);Part; ⏎ Ain;276;4;33,98 % ⏎ Lot;7;;12,1 % ⏎ Var;8;;12,1 % ⏎ Eure;9;;12 %",
         "'4' alone stands under 'Part', beside a column without a heading", "l. 2"),
        # Few cells of their own: less than half of the rows, a sign before each number, a box on the first rows.
        ("Dép.;M (€); ⏎ Ain;1;1 ⏎ Lot;2; ⏎ Nord;3;1 ⏎ Gers;4; ⏎ Var;4;", "'1' stands in a column without a", "l. 2"),
        ("Dép.;; ⏎ Ain;1;- ⏎ Lot;2; ⏎ Nord;3;", "'-' stands in a column of its own: the row may be shifted", "l. 2"),
        ("Nom;;M (€) ⏎ Ain;-;4 ⏎ Lot;;5 ⏎ Nord;-;6", "'-' stands alone before a number: a minus?", "l. 2"),
        ("Région      Places     Total ⏎ Corse           12    96 places ⏎ Bretagne         7    97 places"
         " ⏎ Normandie        9 ⏎ Occitanie        9 ⏎ Grand Est        9 ⏎ Mayotte          9",
         "'96 places' stands on the first rows only", "l. 2"),
        # A heading over one more column or one less: their amounts would be a thousand times others.
        ("            Crédits (k€)         Places ⏎ Région      2023   2024   2025   2023   2024 ⏎ "
         "Corse         12     13      4      5      6 ⏎ Bretagne      14     15      7      8      9",
         "'Crédits (k€)' may be the heading of more columns, or fewer: which of them are in k€?", "l. 1"),
        ("          Places   Crédits (k€) ⏎ Région                       IME       ITEP     SESSAD ⏎ "
         "Corse         14          3 456     4 567      5 678 ⏎ Bretagne      15          3 444     4 555      5 666",
         "'SESSAD' stands under no group, beside one in k€: is it in k€ too?", "l. 3"),
        # Two columns of a page that touch, under headings that touch too.
        ("Région       Équipes mobiles   ETP    Places ⏎ Bretagne                 14 2,43 ETP    125 ⏎ "
         "Corse                     7 36,84 ETP   402 ⏎ Occitanie                 2 8,42 ETP    167",
         "'14 2,43 ETP' stands in one column of the page, 'Équipes mobiles ETP', and is two numbers", "l. 2"),
        # Words that give its unit to half of the rows, and one unit for two years.
        ("Dép.;Nature;2024 ⏎ Ain;Crédits en k€;1 ⏎ Lot;Effectif;2", "'Crédits en k€', in a column of words", "l. 2"),
        ("Dép.;Nature;2024 ⏎ Ain;Effectif;1 ⏎ Lot;Crédits en k€;2 ⏎ Nord;;3", "gives its unit to a row", "l. 3"),
        ("Dép.;Nature;2024 ⏎ Ain;4;1 ⏎ Lot;Crédits en k€;2 ⏎ Nord;en €;3", "gives its unit to a row", "l. 3"),
        ("Dép.;2023 (k€);2024 ⏎ Ain;4;5 ⏎ Lot;6;7", "'2023 (k€)' is in k€, and '2024' has no unit", "l. 1"),
        ("Dép.;2024;2023 (k€) ⏎ Ain;4;5 ⏎ Lot;6;7", "'2023 (k€)' is in k€, and '2024' has no unit", "l. 1"),
        ("Dép.;Dotation 2023;Dotation 2024 (k€) ⏎ Ain;4;5 ⏎ Lot;6;7", "'Dotation 2023' has no unit", "l. 1"),
        ("Crédits;;En M€; ⏎ Dép.;Dotation 2023;Dotation 2024;Lits ⏎ Ain;4;5;1 ⏎ Lot;6;7;1", "has no unit", "l. 1"),
        # A withdrawal, or the mark of a note.
        ("Dép.;Places ⏎ Ain;4 ⏎ Lot;(1) ⏎ Nord;6 ⏎ (1) Non communiqué;",
         "'(1)', in the column 'Places', may be a withdrawal or the mark of the note (1)", "l. 3"),
        ("Dép.;Base 2023 (k€);Base 2024 ⏎ Ain;4;5 ⏎ Lot;6;7", "'Base 2024' has no unit: write it above each", "l. 1"),
    ],
)  # fmt: skip
def test_what_may_be_of_another_row_or_column_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(TableError, lines, reason, place)


@pytest.mark.parametrize(
    ("lines", "columns", "rows"),
    [
        # A name without its number, a number of a page and headings that are ages.
        ("Commune;DGF (€) ⏎ Lille;12 ⏎ Loos ⏎ Lens;3 ⏎ Douai;4", "nom · montant €",
         "Lille: 12 · Loos: - · Lens: 3 · Douai: 4"),
        ("Code;Commune;M (€) ⏎ 1 ⏎ 59350;Lille;10 ⏎ 59360;Loos;20 ⏎ 62498;Lens;5", "code · nom · montant €",
         "59350: 10 · 59360: 20 · 62498: 5"),
        ("Dép.;6 ans;7 ans ⏎ Ain;1;2 ⏎ Lot;2;3", "nom · nombre · nombre", "01: 1 2 · 46: 2 3"),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Territoires retenus ⏎ Lot;2", "nom · montant €", "01: 1 · 46: 2"),
        (";Dép. ⏎ ;Ain;4 € ⏎ ;Lot;5 €", "nom · montant €", "01: 4 · 46: 5"),
        # Numbers that read as groups of one: each has its heading, its cell, or a word between them.
        ("Nom      A     B ⏎ Ain   441   826 ⏎ Lot   442   827", "nom · nombre · nombre", "01: 441 826 · 46: 442 827"),
        ("Nom;A; ⏎ Ain;441;826 ⏎ Lot;442;827", "nom · nombre · nombre", "01: 441 826 · 46: 442 827"),
        ("Nom   Montant       Note      ⏎ Ain   441       x         826 ⏎ Lot   442       y         827",
         "nom · montant · texte · nombre", "01: 441 826 · 46: 442 827"),
        ("Ain   441    82 ⏎ Lot   442     7", "nom · nombre · nombre", "01: 441 82 · 46: 442 7"),
        ("Ain   441   826 ⏎ Lot   442 ⏎ Var   443   828", "nom · nombre · nombre",
         "01: 441 826 · 46: 442 - · 83: 443 828"),
        ("Ain   441   826 ⏎ Lot         827 ⏎ Var   443   828", "nom · nombre · nombre",
         "01: 441 826 · 46: - 827 · 83: 443 828"),
        # One number a cell, whatever its heading: no space cuts it, it is not alone, a long title is no heading.
        ("Dép.;Places / montant ⏎ Ain;14 ⏎ Lot;7", "nom · nombre places", "01: 14 · 46: 7"),
        ("Dép. Places et montant ⏎ Ain 14 ⏎ Lot 7", "nom · montant", "01: 14 · 46: 7"),
        ("Dép.;Places / montant;P ⏎ Ain;14 204;1 ⏎ Lot;7 300;2", "nom · nombre places · nombre",
         "01: 14204 1 · 46: 7300 2"),
        ("Rang Département Dotation ⏎ 1 Ain 204 € ⏎ 2 Lot 300 €", "rang · nom · montant €", "01: 204 · 46: 300"),
        ("Nombre de places pour mineurs ⏎ Montant ⏎ Ain 14 204 ⏎ Lot 17 300", "nom · montant", "01: 14204 · 46: 17300"),
        ("Part fixe et part variable des crédits votés ⏎ Ain 14 204 ⏎ Lot 17 300", "nom · montant",
         "01: 14204 · 46: 17300"),
        ("Dép.;Garçons Filles;Total ⏎ Ain;14 204;218 ⏎ Lot;17 300;318", "nom · nombre · nombre",
         "01: 14204 218 · 46: 17300 318"),
        ("Dép.;Garçons Filles;Total ⏎ Lot;17 300;317", "nom · nombre · nombre", "46: 17300 317"),
        # Beyond an empty column: more than half of the rows, or a unit that has gone to its number.
        ("Dép.;M (€);;Taux ⏎ Ain;4;; ⏎ Lot;5;;0,12 ⏎ Nord;6;;0,5", "nom · montant € · ratio",
         "01: 4 - · 46: 5 0.12 · 59: 6 0.5"),
        ("Dép.;;M ⏎ Ain;k€;1 ⏎ Lot;k€;2", "nom · montant k€", "01: 1000 · 46: 2000"),
        # Headings: a parenthesis that is not of a unit, one of a list, a column of words, a unit above the names.
        ("Région;Base (brute;M (€) ⏎ Bretagne;3;4 ⏎ Corse;2;5", "nom · nombre · montant €", "53: 3 4 · 94: 2 5"),
        ("Région;a) Base en millions d'euros;Places ⏎ Bretagne;4;5", "nom · montant M€ · nombre places",
         "53: 4000000 5"),
        ("Région;Note (en cours de;M (€) ⏎ Bretagne;vu;4 ⏎ Corse;lu;5", "nom · texte · montant €", "53: 4 · 94: 5"),
        ("en milliers d'euros;2023;2024 ⏎ Ain;4;5 ⏎ Lot;6;7", "nom · montant k€ · montant k€",
         "01: 4000 5000 · 46: 6000 7000"),
        # Half of the rows are enough; so is a heading, or words between a sign and the numbers.
        ("Dép.;M (€);Part; ⏎ Ain;276;4;33,98 % ⏎ Lot;7;;12,1 % ⏎ Var;8;4;12,1 % ⏎ Eure;9;;12 %",
         "nom · montant € · ratio · pourcentage %", "01: 276 4 33.98 · 46: 7 - 12.1 · 83: 8 4 12.1 · 27: 9 - 12"),
        ("Dép.;M (€); ⏎ Ain;1;1 ⏎ Lot;2; ⏎ Nord;3;1 ⏎ Gers;4;", "nom · montant € · nombre",
         "01: 1 1 · 46: 2 - · 59: 3 1 · 32: 4 -"),
        ("Nom;Signe;M (€) ⏎ Ain;-;4 ⏎ Lot;;5 ⏎ Nord;-;6", "nom · texte · montant €", "01: 4 · 46: 5 · 59: 6"),
        ("Nom;;Note;M (€) ⏎ Ain;-;a;4 ⏎ Lot;;b;5 ⏎ Nord;-;c;6", "nom · texte · texte · montant €",
         "01: 4 · 46: 5 · 59: 6"),
        ("Nom;;M (€) ⏎ Ain;-;4 ⏎ Lot;x;5 ⏎ Nord;-;6", "nom · texte · montant €", "01: 4 · 46: 5 · 59: 6"),
        ("Nom;M (€); ⏎ Ain;4;nd ⏎ Lot;5;vu ⏎ Nord;6; ⏎ Gers;7; ⏎ Var;8;", "nom · montant € · texte",
         "01: 4 · 46: 5 · 59: 6 · 32: 7 · 83: 8"),
        # No box: more than a third of the rows, or not the first, or a number without its unit.
        ("Région      Places     Total ⏎ Corse           12    96 places ⏎ Bretagne         7    97"
         " ⏎ Normandie        9 ⏎ Occitanie        9 ⏎ Grand Est        9 ⏎ Mayotte          9",
         "nom · nombre places · nombre places", "94: 12 96 · 53: 7 97 · 28: 9 - · 76: 9 - · 44: 9 - · 06: 9 -"),
        ("Région      Places     Total ⏎ Corse           12    96 places ⏎ Bretagne         7    97 places"
         " ⏎ Normandie        9 ⏎ Occitanie        9", "nom · nombre places · nombre places",
         "94: 12 96 · 53: 7 97 · 28: 9 - · 76: 9 -"),
        ("Région      Places     Total ⏎ Corse           12 ⏎ Bretagne         7    97 places ⏎ Normandie        9",
         "nom · nombre places · nombre places", "94: 12 - · 53: 7 97 · 28: 9 -"),
        # Words with one unit, or with some on less than half of the rows; years of two things.
        ("Dép.;Nature;2024 ⏎ Ain;Crédits en k€;1 ⏎ Lot;Aides en k€;2", "nom · texte · nombre", "01: 1 · 46: 2"),
        ("Dép.;Nature;2024 ⏎ Ain;Crédits en k€;1 ⏎ Lot;Effectif;2 ⏎ Nord;Effectif;3", "nom · texte · nombre",
         "01: 1 · 46: 2 · 59: 3"),
        ("Dép.;Base 2023 (k€);Vague 2024 ⏎ Ain;4;5 ⏎ Lot;6;7", "nom · montant k€ · nombre", "01: 4000 5 · 46: 6000 7"),
        ("Dép.;2023 (k€);2024 (places) ⏎ Ain;4;5 ⏎ Lot;6;7", "nom · montant k€ · nombre places",
         "01: 4000 5 · 46: 6000 7"),
        ("Dép.;2023 (k€);2024 (%) ⏎ Ain;4;5 ⏎ Lot;6;7", "nom · montant k€ · pourcentage %", "01: 4000 5 · 46: 6000 7"),
        # A sentence above a list names no columns.
        ("Le montant des crédits attribués aux agences régionales est fixé comme suit ⏎ Bretagne 14 204 ⏎ Corse 17 300",
         "nom · montant", "53: 14204 · 94: 17300"),
    ],
)  # fmt: skip
def test_what_is_of_its_row_and_column_is_read(read, short, lines, columns, rows):
    assert short(read(*lines.split(" ⏎ "))) == (columns, rows)


@pytest.mark.parametrize("unit", ["%", "‰"])
def test_a_heading_of_shares_stands_over_no_amounts(read, check_refused, unit):
    amounts = f"Nom;Part ({unit});M (€) ⏎ Ain;68 589;1 ⏎ Aisne;72 595;2 ⏎ Allier;12,5;3"
    check_refused(TableError, amounts, f"'68 589' is no share in {unit}, as 'Part ({unit})' says", "l. 2")
    one = read(f"Nom;Évolution ({unit});M (€)", "Ain;1 250;1", "Aisne;72;2", "Allier;-12,5;3")
    printed = read(f"Nom;Évolution ({unit});M (€)", f"Ain;1 250 {unit};1", f"Aisne;3 072 {unit};2")
    assert [table.columns[1].unit for table in (one.table, printed.table)] == [unit, unit]


@pytest.mark.parametrize("cells", [("7 36,84 ETP", "vu", "lu"), ("2 allées", "3 rues", "7 36,84")])
def test_words_of_a_page_few_of_which_are_two_numbers_are_words(read, cells):
    rows = [f"{name:<14}{cell:<18}{125:>6}" for name, cell in zip(("Ain", "Lot", "Nord"), cells, strict=True)]
    kinds = [column.kind for column in read("Dép.          Note                Places", *rows).table.columns]
    assert kinds == ["nom", "texte", "nombre"]
