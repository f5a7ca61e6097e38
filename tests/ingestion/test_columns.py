"""The columns of a grid together: headings, units, and rows or columns that slide."""

import pytest

from cdppe_analysis.errors import CdppeError, TableError


def test_a_heading_over_several_columns_goes_to_each(layout, kinds):
    rows = "Département|Montants (k€)|", "|2023|2024", "Ain|1|2", "Lot|3|4"
    headings = [column.heading for column in layout(*rows).columns]
    assert headings == ["Département", "Montants (k€) 2023", "Montants (k€) 2024"]
    assert kinds(*rows)[1:] == [("montant", "k€")] * 2


def test_headings_that_slide_for_want_of_a_cell_or_name_two_numbers_are_refused(layout):
    with pytest.raises(
        TableError, match="'Ain' stands under 'Département Places', and a column of numbers has no heading"
    ):
        layout("Département|2023|", "Places|k€", "Ain|14|120", "Lot|7|80")
    with pytest.raises(TableError, match="'Places / montant' is the heading of one column: '14 204' may be several"):
        layout("Département|Places / montant", "Ain|14 204", "Lot|7 300")


def test_a_unit_in_a_column_of_its_own_goes_to_the_left(layout):
    assert [row.cells[1] for row in layout("Ain|276|€", "Lot|138|€").rows] == ["276 €", "138 €"]


def test_a_grid_without_figures_or_names_is_no_table(layout):
    assert layout("Thème|Objectif", "Santé|Former", "Enfance|Protéger") is None


def test_a_row_that_holds_several_names_and_as_many_numbers_is_cut(layout):
    found = layout("Région|Départements|Dotation", "PACA|Alpes-de-Haute-\nProvence\nVar|1 €\n2 €", "Corse|Corse|3 €")
    assert [row.cells for row in found.rows[1:3]] == [
        ("PACA", "Alpes-de-Haute-\nProvence", "1 €"),
        ("", "Var", "2 €"),
    ]
    wide = layout(
        "Région|Départements|Dotation", "Provence-Alpes-\nCôte d'Azur|Var\nVaucluse|1 €\n2 €",
        "Bretagne|Finistère\nMorbihan|1 €\n2 €",
    )  # fmt: skip
    assert [row.cells[:2] for row in wide.rows[1:3]] == [("Provence-Alpes-\nCôte d'Azur", "Var"), ("", "Vaucluse")]
    assert wide.region == 0
    alone = layout("Département|Dotation", "Ain\nVar|1 €\n2 €", "Lot\nNord|3 €\n4 €")
    assert [row.cells for row in alone.rows[3:]] == [("Lot", "3 €"), ("Nord", "4 €")]
    with pytest.raises(TableError, match="a cell holds 3 numbers, and the names beside it are not as many"):
        layout("Départements|Dotation", "Ain\nVar|1 €\n2 €\n3 €", "Lot|4 €")
    with pytest.raises(TableError, match="a cell holds 3 numbers, and the names beside it are not as many"):
        layout("Départements|Places|Dotation", "Ain\nVar|1\n2|1 €\n2 €\n3 €", "Lot|4|4 €")
    cut = layout("Département|Dotation", "Ain\nAlpes-de-Haute-\nProvence|1 €\n2 €", "Lot|3 €")
    assert [row.cells for row in cut.rows[1:3]] == [("Ain", "1 €"), ("Alpes-de-Haute-\nProvence", "2 €")]


def test_a_cell_that_holds_a_name_and_a_number_a_line_makes_as_many_rows(layout):
    found = layout("Région|Département|Montant (€)", "Bretagne|Finistère\nMorbihan|4\n5", "Normandie|Eure|6")
    assert [row.cells for row in found.rows[1:]] == [
        ("Bretagne", "Finistère", "4"),
        ("", "Morbihan", "5"),
        ("Normandie", "Eure", "6"),
    ]


def test_two_or_three_tables_side_by_side_are_put_under_one_another(read):
    heading, first, second = ["Nom;A (€)"] * 3, ["Ain;1", "Lot;2", "Jura;3"], ["Gers;4", "Nord;5", "Var;6"]
    for count in (2, 3):
        annex = read(*(";".join(cells[:count]) for cells in (heading, first, second)))
        pairs = zip(first[:count], second, strict=False)
        assert [row.name for row in annex.table.rows] == [name.split(";")[0] for pair in pairs for name in pair]


def test_a_unit_in_a_column_of_its_own_goes_to_the_number_on_its_left(layout):
    found = layout("Code|Nom|Montant|", "01|Ain|4|k€", "46|Lot|5|k€", "59|Nord|6|k€")
    assert [row.cells for row in found.rows[1:]] == [
        ("01", "Ain", "4 k€", ""),
        ("46", "Lot", "5 k€", ""),
        ("59", "Nord", "6 k€", ""),
    ]


@pytest.mark.parametrize(
    ("lines", "columns", "rows"),
    [
        # Names: half of them known, then one too few.
        ("Nom;M (€) ⏎ Ain;1 ⏎ Zone A;2 ⏎ Zone B;3 ⏎ Lot;4", "nom · montant €", "01: 1 · Zone A: 2 · Zone B: 3 · 46: 4"),
        ("Nom;M (€) ⏎ Ain;1 ⏎ Zone A;2 ⏎ Zone B;3 ⏎ Zone C;4", "nom · montant €",
         "Ain: 1 · Zone A: 2 · Zone B: 3 · Zone C: 4"),
        # Fewer than seven names in ten are others: they say what other names belong to.
        ("Région;Aidé;M (€) ⏎ Corse;Foyer A;1 ⏎ Corse;Abri B;2 ⏎ Bretagne;Nid C;3", "texte · nom · montant €",
         "Foyer A: 1 · Abri B: 2 · Nid C: 3"),
        ("Région;Aidé;M (€) ⏎ Corse;Foyer A;1 ⏎ Bretagne;Nid C;3", "nom · texte · montant €", "94: 1 · 53: 3"),
        # Codes of communes: one is enough where the heading says so, two without heading.
        ("Code;Commune;M (€) ⏎ 59350;Lille;4", "code · nom · montant €", "59350: 4"),
        (";Nom;M (€) ⏎ 59350;Lille;4 ⏎ 59512;Roubaix;5 ⏎ ;Douai;6", "code · nom · montant €",
         "59350: 4 · 59512: 5 · Douai: 6"),
        ("Code;Commune;M (€) ⏎ 97411;Saint-Denis;4 ⏎ 97416;Saint-Pierre;5", "code · nom · montant €",
         "97411: 4 · 97416: 5"),
        ("Identifiant;Commune;M (€) ⏎ 59350;Lille;4 ⏎ 59512;Loos;5", "code · nom · montant €", "59350: 4 · 59512: 5"),
        ("Code postal;Commune;M (€) ⏎ 59000;Lille;4 ⏎ 59100;Loos;5", "texte · nom · montant €", "Lille: 4 · Loos: 5"),
        ("Montant;Commune;M (€) ⏎ 59350;Lille;4 ⏎ 59512;Loos;5", "montant · nom · montant €",
         "Lille: 59350 4 · Loos: 59512 5"),
        ("Nom;Base;M (€) ⏎ Ain;23450;4 ⏎ Lot;19870;5", "nom · nombre · montant €", "01: 23450 4 · 46: 19870 5"),
        ("Nom;;M (€) ⏎ Lille;59350;4 ⏎ Loos;59512;5 ⏎ Douai;59178;6", "nom · nombre · montant €",
         "Lille: 59350 4 · Loos: 59512 5 · Douai: 59178 6"),
        ("FINESS;Service;Dép.;M (€) ⏎ 010000123;IME A;Ain;4 ⏎ 590000456;IME B;Nord;5", "code · nom · code · montant €",
         "010000123: 4 · 590000456: 5"),
        ("FINESS;M (€);Dép. ⏎ 010000123;4;Ain ⏎ 590000456;5;Nord", "texte · montant € · nom", "01: 4 · 59: 5"),
        # Codes without names: all but two of the cells, their heading among them.
        ("Code département;M (€) ⏎ 01;4 ⏎ 2A;5 ⏎ Total;9", "nom · montant €", "01: 4 · 2A: 5 · Total: 9"),
        # Codes of régions, of today or of before.
        ("Reg;Dép;Nom;M (€) ⏎ 84;01;Ain;4 ⏎ 32;02;Aisne;5", "code_region · code · nom · montant €", "01: 4 · 02: 5"),
        ("Reg;Dép;Nom;M (€) ⏎ 82;01;Ain;4 ⏎ 22;02;Aisne;5", "code_region · code · nom · montant €", "01: 4 · 02: 5"),
        ("Reg;Nom;M (€) ⏎ 99;Ain;4 ⏎ 98;Aisne;5", "nombre · nom · montant €", "01: 99 4 · 02: 98 5"),
        ("Association;SIRET;M (€) ⏎ ADMR du Nord;523 933 442 20610;4 ⏎ Udapei Ain;12217540491690;5",
         "nom · code · montant €", "52393344220610: 4 · 12217540491690: 5"),
        # The DREES's own numbers of the régions of the overseas, above a note in their column.
        ("Code région;Code;Nom;M (€) ⏎ 84;01;Ain;4 ⏎ 101;971;Guadeloupe;5 ⏎ (1) Hors Paris;;;",
         "texte · code · nom · montant €", "01: 4 · 971: 5"),
        ("Code région;Région;M (€) ⏎ 53;Bretagne;4 ⏎ 101;Guadeloupe;5", "texte · nom · montant €", "53: 4 · 01: 5"),
        ("Région;N°;M (€) ⏎ Bretagne;53;2 ⏎ Corse;94;4", "nom · code_region · montant €", "53: 2 · 94: 4"),
        ("Région;N°;M (€) ⏎ Bretagne;53;2 ⏎ Corse;93;4", "nom · nombre · montant €", "53: 53 2 · 94: 93 4"),
        ("Nom;N°;M (€) ⏎ Ain;84;2 ⏎ Nord;32;4", "nom · code_region · montant €", "01: 2 · 59: 4"),
        ("Région;Code;M (€) ⏎ Bretagne;BRE;4 ⏎ Corse;COR;5", "nom · code · montant €", "53: 4 · 94: 5"),
        # A rank is at most twice the rows and ten; without heading it counts from 0 or 1, on the left of the names.
        ("Rang;Nom;M (€) ⏎ 14;Ain;4 ⏎ 10;Lot;5", "rang · nom · montant €", "01: 4 · 46: 5"),
        ("Rang;Nom;M (€) ⏎ 15;Ain;4 ⏎ 10;Lot;5", "nombre · nom · montant €", "01: 15 4 · 46: 10 5"),
        (";Nom;M (€) ⏎ 0;Ain;4 ⏎ 1;Lot;5", "rang · nom · montant €", "01: 4 · 46: 5"),
        (";Nom;M (€) ⏎ 2;Ain;4 ⏎ 3;Lot;5", "nombre · nom · montant €", "01: 2 4 · 46: 3 5"),
        (";Nom;M (€) ⏎ 1;Ain;4 ⏎ 3;Lot;5", "nombre · nom · montant €", "01: 1 4 · 46: 3 5"),
        ("Nom;;M (€) ⏎ Gers;1;4 ⏎ Lot;2;5", "nom · nombre · montant €", "32: 1 4 · 46: 2 5"),
        # Years are those from 1900 to 2100, under a heading that says so or under none.
        ("Nom;A;Exercice ⏎ Ain;1 €;1900 ⏎ Lot;2 €;2100", "nom · montant € · annee", "01: 1 1900 · 46: 2 2100"),
        ("Nom;A;Exercice ⏎ Ain;1 €;1899 ⏎ Lot;2 €;2022", "nom · montant € · nombre", "01: 1 1899 · 46: 2 2022"),
        ("Nom;A;Exercice ⏎ Ain;1 €;2101 ⏎ Lot;2 €;2022", "nom · montant € · nombre", "01: 1 2101 · 46: 2 2022"),
        ("Nom;A; ⏎ Ain;1 €;2021 ⏎ Lot;2 €;2022", "nom · montant € · annee", "01: 1 2021 · 46: 2 2022"),
        ("Nom;A; ⏎ Ain;1 €;2021 ⏎ Lot;2 €;17", "nom · montant € · nombre", "01: 1 2021 · 46: 2 17"),
        # A text where fewer than half of the cells are numbers.
        ("Nom;M (€);Note ⏎ Ain;1;2 ⏎ Lot;2;3 ⏎ Gers;3;vu ⏎ Nord;4;lu", "nom · montant € · nombre",
         "01: 1 2 · 46: 2 3 · 32: 3 - · 59: 4 -"),
        ("Nom;M (€);Note ⏎ Ain;1;2 ⏎ Lot;2;ok ⏎ Gers;3;vu", "nom · montant € · texte", "01: 1 · 46: 2 · 32: 3"),
        ("Nom;N° de dossier;M (€) ⏎ Ain;007;1 ⏎ Lot;012;2", "nom · texte · montant €", "01: 1 · 46: 2"),
        # Units: of most cells, of the nearest line of the heading, of a column of their own but for one cell.
        ("Nom;Part ⏎ Ain;2 ⏎ Lot;3 % ⏎ Gers;4 %", "nom · pourcentage %", "01: 2 · 46: 3 · 32: 4"),
        ("Nom;M (k€), part;B (€) ⏎ Ain;7 %;1 ⏎ Lot;12 %;2", "nom · pourcentage % · montant €", "01: 7 1 · 46: 12 2"),
        ("Nom;M (k€), dont part en % ⏎ Ain;7 ⏎ Lot;12", "nom · montant k€", "01: 7000 · 46: 12000"),
        ("Nom;Taux (pour mille);Places;ETP;Population ⏎ Ain;7;1;2;3 ⏎ Lot;8;2;3;4",
         "nom · ratio ‰ · nombre places · nombre ETP · nombre habitants", "01: 7 1 2 3 · 46: 8 2 3 4"),
        ("Nom;€ / hab.;Coût moyen;Densité;Indice;Vague ⏎ Ain;1;2;3;4;5 ⏎ Lot;3;4;5;6;7",
         "nom · ratio €/hab · ratio · ratio · ratio · nombre", "01: 1 2 3 4 5 · 46: 3 4 5 6 7"),
        ("Nom;Nb en milliers;M (€) ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · nombre milliers · montant €", "01: 1 2 · 46: 3 4"),
        ("Nom;(k€);(€) ⏎ ;Fixe;Fixe ⏎ Ain;7;1 ⏎ Lot;12;2", "nom · montant k€ · montant €", "01: 7000 1 · 46: 12000 2"),
        ("Nom;Fixe;Fixe ⏎ ;(k€);(€) ⏎ Ain;7;1 ⏎ Lot;12;2", "nom · montant k€ · montant €", "01: 7000 1 · 46: 12000 2"),
        ("Dép.;;M ⏎ Ain;k€;1 ⏎ Lot;k€;2", "nom · montant k€", "01: 1000 · 46: 2000"),
        ("Dép.;M; ⏎ Ain;1;k€ ⏎ Lot;2;k€ ⏎ Nord;3;", "nom · montant k€", "01: 1000 · 46: 2000 · 59: 3000"),
        ("Dép.;M;;Part ⏎ Ain;1;k€;3 ⏎ Lot;2;k€;4 ⏎ Nord;3;note;5", "nom · montant k€ · texte · ratio",
         "01: 1000 3 · 46: 2000 4 · 59: 3000 5"),
        ("Dép.;M;;Part ⏎ Ain;1;k€;3 ⏎ Lot;2;x;4 ⏎ Nord;3;y;5", "nom · nombre · texte · ratio",
         "01: 1 3 · 46: 2 4 · 59: 3 5"),
        # What stands above the names, or below two lines of headings, gives its unit to each.
        ("en k€;; ⏎ Dép.;A;B ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · montant k€ · montant k€", "01: 1000 2000 · 46: 3000 4000"),
        ("Dép.;M; ⏎ Ain;1;€ ⏎ Lot;2;", "nom · nombre · texte", "01: 1 · 46: 2"),
        ("Dép.;M (€); ⏎ Ain;1;- ⏎ Lot;2;vu ⏎ Nord;3;", "nom · montant € · texte", "01: 1 · 46: 2 · 59: 3"),
        # The first digits of a FINESS are those of no département; those of a commune are.
        ("Code;Service;M (€) ⏎ 990000123;IME A;4 ⏎ 980000456;IME B;5", "code · nom · montant €",
         "990000123: 4 · 980000456: 5"),
        ("Code;2021;Service ⏎ 990000123;4;IME A ⏎ 980000456;5;IME B", "code · nombre · nom",
         "990000123: 4 · 980000456: 5"),
        # Collectivités and totals say nothing of what names the rows.
        ("Nom;M (€) ⏎ Ain;1 ⏎ Nouvelle-Calédonie;2 ⏎ Zone A;3", "nom · montant €", "01: 1 · 988: 2 · Zone A: 3"),
        ("Nom;M (€) ⏎ Nord;3 ⏎ Zone A;1 ⏎ Zone B;2 ⏎ Total;6", "nom · montant €",
         "59: 3 · Zone A: 1 · Zone B: 2 · Total: 6"),
        ("M (€);Nom ⏎ 1;Ain ⏎ 2;Lot", "montant € · nom", "01: 1 · 46: 2"),
        # The unit of the title goes to what makes a sum with amounts, to nothing that makes one with counts.
        ("Crédits, en k€ ⏎ Dép.;Services;Lieux;Montant;Total ⏎ Ain;1;1;2;4 ⏎ Lot;4;1;5;10",
         "nom · montant k€ · montant k€ · montant k€ · montant k€",
         "01: 1000 1000 2000 4000 · 46: 4000 1000 5000 10000"),
        ("Crédits, en k€ ⏎ Dép.;Total;Services;Montant ⏎ Ain;3;1;2 ⏎ Lot;9;4;5",
         "nom · montant k€ · montant k€ · montant k€",
         "01: 3000 1000 2000 · 46: 9000 4000 5000"),
        ("Crédits, en k€ ⏎ Dép.;Services;Montant;Total ⏎ Ain;-1;2;1 ⏎ Lot;4;5;9",
         "nom · montant k€ · montant k€ · montant k€",
         "01: -1000 2000 1000 · 46: 4000 5000 9000"),
        ("Crédits, en k€ ⏎ Dép.;Services;Montant;Total ⏎ Ain;nd;2;2 ⏎ Lot;4;5;9",
         "nom · montant k€ · montant k€ · montant k€",
         "01: - 2000 2000 · 46: 4000 5000 9000"),
        ("Crédits, en k€ ⏎ Dép.;Services;Montant;Total ⏎ Ain;1;2;3 ⏎ Lot;4;5;8",
         "nom · nombre · montant k€ · montant k€",
         "01: 1 2000 3000 · 46: 4 5000 8000"),
        ("Crédits, en k€ ⏎ Dép.;Services;Montant ⏎ Ain;1;1 ⏎ Lot;4;4", "nom · nombre · montant k€",
         "01: 1 1000 · 46: 4 4000"),
        ("Crédits, en k€ ⏎ Dép.;Services;Effectif;Total;Montant ⏎ Ain;1;2;3;7 ⏎ Lot;4;5;9;8",
         "nom · nombre · nombre · nombre · montant k€", "01: 1 2 3 7000 · 46: 4 5 9 8000"),
        ("Crédits, en € ⏎ Dép.;Services;Montant ⏎ Ain;1;2 ⏎ Lot;4;5", "nom · nombre · montant €", "01: 1 2 · 46: 4 5"),
        ("Crédits, en k€ ⏎ Dép.;Services ⏎ Ain;1 ⏎ Lot;4", "nom · montant k€", "01: 1000 · 46: 4000"),
        ("Crédits, en k€ ⏎ Dép.;2020;2021 ⏎ Ain;1;2 ⏎ Lot;4;5", "nom · montant k€ · montant k€",
         "01: 1000 2000 · 46: 4000 5000"),
        ("Crédits, en k€ ⏎ Dép.;Total;Montant ⏎ Ain;1;2 ⏎ Lot;4;5", "nom · montant k€ · montant k€",
         "01: 1000 2000 · 46: 4000 5000"),
        ("Crédits, en k€ ⏎ Dép.;Nombre;Montant ⏎ Ain;1;2 ⏎ Lot;4;5", "nom · nombre · montant k€",
         "01: 1 2000 · 46: 4 5000"),
        ("Crédits, en k€ ⏎ Dép.;Montant ⏎ Ain;1 € ⏎ Lot;4 €", "nom · montant €", "01: 1 · 46: 4"),
        # Codes and ranks that are those of the names, codes of what the heading says.
        ("Nom;Code;M (€) ⏎ Ain;1;4 ⏎ Aisne;2;6 ⏎ Allier;3;7", "nom · code · montant €", "01: 4 · 02: 6 · 03: 7"),
        ("Nom;Rang;M (€) ⏎ Ain;1;4 ⏎ Aisne;2;6 ⏎ Allier;3;7", "nom · rang · montant €", "01: 4 · 02: 6 · 03: 7"),
        ("Région;Code région;Nom;M (€) ⏎ Bretagne;53;Morbihan;1 ⏎ Bretagne;53;Finistère;2",
         "region · code_region · nom · montant €", "56: 1 · 29: 2"),
        ("Région;Insee;M (€) ⏎ Bretagne;-;1 ⏎ Corse;X2;2", "nom · code · montant €", "53: 1 · 94: 2"),
        # Headings: ages, years and the numbers of the columns are no figures of a row.
        ("Dép.;de 3 à 5 ans;6 ans ⏎ Ain;1;2 ⏎ Lot;2;3", "nom · nombre · nombre", "01: 1 2 · 46: 2 3"),
        ("(1);(2) ⏎ Dép.;M (€) ⏎ Ain;1 ⏎ Lot;2", "nom · montant €", "01: 1 · 46: 2"),
        ("Montants;en k€ ⏎ Zone franche;12 ⏎ Ain;1 ⏎ Lot;2", "nom · montant k€",
         "Zone franche: 12000 · 01: 1000 · 46: 2000"),
        ("Dép.;M ⏎ ;1900 ⏎ Ain;1 € ⏎ Lot;2 €", "nom · montant €", "01: 1 · 46: 2"),
        # Both a département and a région.
        ("Guadeloupe;1 € ⏎ Martinique;2 € ⏎ Guyane;3 €", "nom · montant €", "971: 1 · 972: 2 · 973: 3"),
        ("ARS;M (€) ⏎ Guadeloupe;1 ⏎ Martinique;2", "nom · montant €", "01: 1 · 02: 2"),
        ("Région;Territoire;M (€) ⏎ Guadeloupe;Guadeloupe;1 ⏎ Martinique;Martinique;2", "region · nom · montant €",
         "971: 1 · 972: 2"),
        ("Région;Département;M (€) ⏎ Guadeloupe;971;1 ⏎ La Réunion;974;2 ⏎ Bretagne;29;3", "region · nom · montant €",
         "971: 1 · 974: 2 · 29: 3"),
        # A unit alone on a line above the headings, beyond them or under the table is that of the table.
        (";;(en k€) ⏎ Dép.;2023;2024 ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · montant k€ · montant k€",
         "01: 1000 2000 · 46: 3000 4000"),
        ("Dép.;2023;2024;(en k€) ⏎ Ain;1;2; ⏎ Lot;3;4;", "nom · montant k€ · montant k€ · texte",
         "01: 1000 2000 · 46: 3000 4000"),
        ("Dép.;2023;2024 ⏎ Ain;1;2 ⏎ Lot;3;4 ⏎ Unité : k€;;", "nom · montant k€ · montant k€",
         "01: 1000 2000 · 46: 3000 4000"),
        # A title that counts, or that of the next table, gives no unit of money.
        ("Crédits, en k€ ⏎ Tableau 1 : effectifs ⏎ Dép.;2023 ⏎ Ain;1 ⏎ Lot;3", "nom · nombre", "01: 1 · 46: 3"),
        # The unit of a heading is sought in its lines put together, in whichever it is cut.
        *(
            (f"Région;Crédits {cut};Places ⏎ ;{rest}; ⏎ Bretagne;4;5 ⏎ Corse;6;7",
             f"nom · montant {unit} · nombre places",
             f"53: {4 * scale} 5 · 94: {6 * scale} 7")
            for cut, rest, unit, scale in [
                ("(en millions", "d’euros)", "M€", 10**6), ("en milliers", "d'euros", "k€", 1000),
                ("(en", "k€)", "k€", 1000), ("(en millions de", "€)", "M€", 10**6), ("2024", "(k€)", "k€", 1000),
            ]
        ),
        # A heading may hold an amount.
        ("Dép.;Socle;Ségur 183 € ⏎ Ain;1 €;2 € ⏎ Lot;3 €;4 €", "nom · montant € · montant €", "01: 1 2 · 46: 3 4"),
        # Points and other measures are no money.
        ("En k€ ⏎ Dép.;Total;Durée;Âge médian ⏎ Ain;1;2;3 ⏎ Lot;3;4;5", "nom · montant k€ · nombre · nombre",
         "01: 1000 2 3 · 46: 3000 4 5"),
        ("Dép.;M (€);Téléconsultations ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · montant € · nombre", "01: 1 2 · 46: 3 4"),
        ("Dépenses (M€) ⏎ Dép.;Écart en points ⏎ Ain;1 ⏎ Lot;3", "nom · ratio", "01: 1 · 46: 3"),
        ("Dép.;Évolution;M (€) ⏎ Ain;+0,3 pt;1 ⏎ Lot;-1,2 pt;3", "nom · nombre points · montant €",
         "01: 0.3 1 · 46: -1.2 3"),
        # Headings over several columns.
        (";2023 (k€);;2024 (€); ⏎ Dép.;Fixe;Variable;Fixe;Variable ⏎ Ain;1;2;3;4 ⏎ Lot;5;6;7;8",
         "nom · montant k€ · montant k€ · montant € · montant €", "01: 1000 2000 3 4 · 46: 5000 6000 7 8"),
        (";Effectifs;Crédits (k€);;Obs. ⏎ ;;2023;2024; ⏎ Ain;1;2;3;x ⏎ Lot;5;6;7;y",
         "nom · nombre · montant k€ · montant k€ · texte",
         "01: 1 2000 3000 · 46: 5 6000 7000"),
        # A région that begins in the column of codes is the name of its row, unless another cell stands with it.
        ("Code;Dép.;M (€) ⏎ Bretagne;; ⏎ 29;Finistère;1 ⏎ 56;Morbihan;2", "code · nom · montant €", "29: 1 · 56: 2"),
        ("N°;Code;Dép.;M (€) ⏎ ;Bretagne;;2 ⏎ 2;29;Finistère;1 ⏎ 3;56;Morbihan;1", "rang · code · nom · montant €",
         "Bretagne: 2 · 29: 1 · 56: 1"),
        ("Région;Code;Dép.;M (€) ⏎ Bretagne;29;Finistère;1 ⏎ Bretagne;;;1 ⏎ Normandie;27;Eure;3",
         "region · code · nom · montant €", "29: 1 · Bretagne: 1 · 27: 3"),
        # Notes: one of a source gives no other unit; a title in % is that of columns that say nothing else.
        ("Dép.;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Source : DREES (en k€);", "nom · montant €", "01: 1 · 46: 2"),
        ("Dép.;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Montants en €;", "nom · montant €", "01: 1 · 46: 2"),
        ("Répartition (en %) ⏎ Dép.;2023;2024 ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · pourcentage % · pourcentage %",
         "01: 1 2 · 46: 3 4"),
        ("Répartition (en %) ⏎ Dép.;Places;2024 ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · nombre places · nombre",
         "01: 1 2 · 46: 3 4"),
        ("Répartition (en %) ⏎ Crédits (en k€) ⏎ Dép.;2023;2024 ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · montant k€ · montant k€",
         "01: 1000 2000 · 46: 3000 4000"),
        # Names that are none of a territory, beside amounts, shares, counts or codes.
        ("Commune;Taux ⏎ Lille;3 % ⏎ Lens;4 %", "nom · pourcentage %", "Lille: 3 · Lens: 4"),
        ("Commune;Places ⏎ Lille;3 ⏎ Lens;4", "nom · nombre places", "Lille: 3 · Lens: 4"),
        ("Code;Commune;2023 ⏎ 59350;Lille;3 ⏎ 62498;Lens;4", "code · nom · nombre", "59350: 3 · 62498: 4"),
        # The column of names: nine in ten of them distinct; beside codes, the first whose words are.
        ("Code;Nature;Commune;M (€) ⏎ 59350;Ville;Lille;4 ⏎ 59512;Ville;Roubaix;5 ⏎ 59599;Ville;Lomme;6"
         " ⏎ 62498;Ville;Lens;7",
         "code · texte · nom · montant €", "59350: 4 · 59512: 5 · 59599: 6 · 62498: 7"),
        ("Code;Commune;M (€) ⏎ 53147;Mayenne;4 ⏎ 38544;Vienne;5 ⏎ 75056;Paris;6", "code · nom · montant €",
         "53147: 4 · 38544: 5 · 75056: 6"),
        ("Code;Note;Commune;M (€) ⏎ 59350;vu;Lille;4 ⏎ 59512;7;Loos;5", "code · nombre · nom · montant €",
         "59350: - 4 · 59512: 7 5"),
        ("Code;Note;Commune;A (€) ⏎ 59350;vu;Lille;4 ⏎ 59512;lu;Loos;5 ⏎ 59599;;Lomme;6 ⏎ 62498;;Lens;7"
         " ⏎ 62041;;Arras;8"
         " ⏎ 62193;;Calais;7 ⏎ 62160;;Boulogne;8 ⏎ 59178;;Douai;7 ⏎ 59606;;Denain;9", "code · texte · nom · montant €",
         "59350: 4 · 59512: 5 · 59599: 6 · 62498: 7 · 62041: 8 · 62193: 7 · 62160: 8 · 59178: 7 · 59606: 9"),
        ("Commune;M (€) ⏎ Lille;1 ⏎ Loos;2 ⏎ Lens;3 ⏎ Arras;4 ⏎ Calais;5 ⏎ Douai;6 ⏎ Dole;7 ⏎ Brest;8 ⏎ Lille;9",
         "nom · montant €",
         "Lille: 1 · Loos: 2 · Lens: 3 · Arras: 4 · Calais: 5 · Douai: 6 · Dole: 7 · Brest: 8 · Lille: 9"),
        # A unit in a column of its own is of the numbers on its left, on more than half of the rows, else on its right.
        ("Nom;Base;;M ⏎ Ain;7;k€;1 ⏎ Lot;;k€;2", "nom · nombre · montant k€", "01: 7 1000 · 46: - 2000"),
        ("Nom;Base;;M ⏎ Ain;7;k€;1 ⏎ Lot;8;k€;2", "nom · montant k€ · nombre", "01: 7000 1 · 46: 8000 2"),
        ("                     (en k€) ⏎ Dép.      2023     2024 ⏎ Ain          1        2 ⏎ Lot          3        4",
         "nom · montant k€ · montant k€", "01: 1000 2000 · 46: 3000 4000"),
        # The heading of the names gives its unit to the numbers.
        ("en milliers d'euros;2023;2024 ⏎ Ain;4;5 ⏎ Lot;6;7", "nom · montant k€ · montant k€",
         "01: 4000 5000 · 46: 6000 7000"),
        ("Code dép.;M (€) ⏎ 11;1 ⏎ 24;2 ⏎ 27;3 ⏎ 28;4 ⏎ 32;5 ⏎ 44;6", "nom · montant €",
         "11: 1 · 24: 2 · 27: 3 · 28: 4 · 32: 5 · 44: 6"),
        # A number under the name of a région, in the column of its départements, is its total.
        ("Région;Dép.;M (€) ⏎ Bretagne;; ⏎ ;;10 ⏎ ;Finistère;4 ⏎ ;Morbihan;6", "region · nom · montant €",
         ": 10 · 29: 4 · 56: 6"),
        # One code that is of the région beside it is not enough.
        ("Région;Code;M (€) ⏎ Bretagne;29;4 ⏎ Corse;01;5 ⏎ Normandie;02;6", "nom · code · montant €",
         "53: 4 · 94: 5 · 28: 6"),
    ],
)  # fmt: skip
def test_what_each_column_is_at_the_share_that_decides(read, short, lines, columns, rows):
    assert short(read(*lines.split(" ⏎ "))) == (columns, rows)


def test_a_région_over_two_lines_is_one_name_beside_its_départements(layout):
    rows = "Provence-Alpes-\nCôte d'Azur|Var\nVaucluse|1 €\n2 €", "Bretagne|Finistère\nMorbihan|1 €\n2 €"
    found = layout("Région|Départements|Dotation", *rows)
    assert [row.cells[0] for row in found.rows[1:]] == ["Provence-Alpes-\nCôte d'Azur", "", "Bretagne", ""]
    assert found.region == 0


def test_a_unit_alone_at_the_end_of_the_line_of_a_title_is_that_of_the_table(read, short):
    lines = "Région;Dotation 2023;Dotation 2024 ⏎ Bretagne;12;13 ⏎ Corse;14;15".split(" ⏎ ")
    assert short(read("Crédits;;En M€", *lines))[0] == "nom · montant M€ · montant M€"


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("Places²", "places", "places"),
        ("Places (¹)", "places", "places"),
        ("Places 2023 ¹", "places_2023", "places"),
        ("Surface (km²)", "surface_km2", ""),
    ],
)
def test_a_mark_is_no_part_of_the_name_of_a_column(read, heading, name, unit):
    annex = read(f"Dép.;{heading};M (€)", "Ain;7;9", "Lot;12;8")
    assert annex.table.columns[1].unit == unit
    assert name in annex.frame().columns


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Nom;Code;M (€) ⏎ Ain;01;4 ⏎ Aisne;02;5 ⏎ Lot;99;6 ⏎ Nord;98;7", "the code '99' printed beside 'Lot'", "l. 4"),
        ("Places et crédits (k€) ⏎ Nom;; ⏎ Ain;7;9 ⏎ Lot;12;8", "a column of numbers has no heading", "l. 3"),
        ("Région;Base (en millions;Places ⏎ Bretagne;4;5 ⏎ Corse;6;7", "is cut before the end of its unit", "l. 2"),
        ("Région;Base d'euros);Places ⏎ Bretagne;4;5 ⏎ Corse;6;7", "is cut before the end of its unit", "l. 2"),
        ("Nom;Taux (en % des crédits (€)) ⏎ Ain;7 ⏎ Lot;12", "gives several units: % and €", "l. 1"),
        ("Nom;M (k€ et M€) ⏎ Ain;7 ⏎ Lot;12", "gives several units: k€ and M€", "l. 1"),
        ("Nom;Montant (en centaines) ⏎ Ain;7 ⏎ Lot;12", "gives a measure and no unit of money", "l. 1"),
        ("Nom;A;M (€) ⏎ Ain;7;1 ⏎ Lot;012;2", "'012', in the column 'A', is no number taken whole", "l. 3"),
        ("Dép.;M ⏎ ;1899 ⏎ Ain;1 € ⏎ Lot;2 €", "'1899' stands among the headings", "l. 2"),
        ("Dép.;M ⏎ ;100 ⏎ Ain;1 € ⏎ Lot;2 €", "'100' stands among the headings", "l. 2"),
        (
            "Crédits, en k€ ⏎ Dép.;2020;Montant ⏎ Ain;1;2 ⏎ Lot;4;5",
            "nobody knows whether '2020', beside 'Montant',",
            "l. 2",
        ),
        (
            "Dép.;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Les montants sont en k€;",
            "'Les montants sont en k€' gives another unit than the columns, €",
            "l. 4",
        ),
        ("Région;Code;M (€) ⏎ Bretagne;29;4 ⏎ Corse;2A;5 ⏎ Normandie;02;6", "'02' is no département of 'Norm", "l. 4"),
        ("Code;Dép.;M (€) ⏎ Bretagne;Fougères;9 ⏎ 29;Finistère;1 ⏎ 56;Morbihan;2", "'Bretagne' stands in the", "l. 2"),
        ("Commune;Taux ⏎ Lille;3 ⏎ Lens;4", "no column of the table of text names territories or units", "l. 1"),
        ("Commune;2023 ⏎ Lille;3 ⏎ Lens;4", "no column of the table of text names territories or units", "l. 1"),
        (
            "Commune;M (€) ⏎ Lille;1 ⏎ Loos;2 ⏎ Lens;3 ⏎ Arras;4 ⏎ Calais;5 ⏎ Douai;6 ⏎ Dole;7 ⏎ Lomme;8 ⏎ Lille;9"
            " ⏎ Loos;9",
            "no column of the table of text names territories or units",
            "l. 1",
        ),
        ("Dép.;A (€);;Plafond; ⏎ Ain;1;;Point;10 ⏎ Lot;3;;Prix;20", "'10' stands beyond an empty column", "l. 2"),
        ("Dép.;M (€); ⏎ Ain;1;- ⏎ Lot;2; ⏎ Nord;3;", "'-' stands in a column without a heading", "l. 2"),
        ("Nom;A;B ⏎ Ain;1 €; ⏎ Lot;2 €;3 € ⏎ Gers;1 €", "a row has 2 cells where the others have 3", "l. 4"),
        ("Nom;A (€) ⏎ Ain;1;2 ⏎ Lot;3;4", "the headings have 2 cells, and the rows have numbers after them", "l. 2"),
    ],
)
def test_what_a_column_can_not_be_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(CdppeError, lines, reason, place)


@pytest.mark.parametrize(
    ("heading", "codes", "names"),
    [
        # Nine codes of communes in ten rows, two of the rows left out; on more than half of the rows.
        ("Code", "59350 59512 62498 62041 62193 59178 62160 59606 X2 X3", 2),
        ("Code", "59350 59512 62498 62041 62193 59178 62160 X1 X2 X3", 0),
        ("Code", "59350 59512 62498 62041 62193 59178 62160 59606 59009 X1 X2 X3", 2),
        ("Code", "59350 59512 62498 62041 62193 59178 62160 59606 X1 X2 X3", 0),
        ("Code", "59350 59512 62498 X1 X2", 2),
        ("Code", "59350 59512 62498 X1 X2 X3", 0),
        ("Code", "59350 59512 -", 2),
        ("Code", "59350 59512 - -", 0),
        # Of communes of a département, of one length, under a heading that says nothing else.
        ("Code", "00350 99512", 0),
        ("Code", "123456789 59350", 0),
        ("SIREN", "123456789 234567890", 2),
        ("Téléphone", "123456789 234567890", 0),
        ("Code (€)", "12345 59350", 0),
    ],
)
def test_names_stand_after_the_codes_of_communes_and_of_services(layout, heading, codes, names):
    towns = "Lille Loos Lens Arras Calais Douai Boulogne Dole Brest Vannes Auray Vitry".split()
    rows = (f"Lieu {town[::-1]}|{code.strip('-')}|{town}|{4}" for code, town in zip(codes.split(), towns, strict=False))
    assert layout(f"Lieu|{heading}|Commune|M (€)", *rows).name == names


def test_what_stands_above_the_headings_is_in_none_of_them(layout):
    found = layout("Dotations 2024||", "Dép.|A (€)|B (€)", "Ain|1|2", "Lot|3|4", titles=["Crédits en k€"])
    assert [column.heading for column in found.columns] == ["Dép.", "A (€)", "B (€)"]
    assert (found.first, found.name, found.unit) == (2, 0, "k€")
    assert layout("Dép.|A (€)", "Ain|1", "Lot|3").unit == ""


@pytest.mark.parametrize(
    ("rows", "understood"),
    [
        # The column of régions is the one that has most names, on the left of the départements or on their right.
        ("Région|Ancienne|Dép.|M (€) ⏎ Grand Est|Alsace|Bas-Rhin|1 ⏎ Grand Est|Alsace|Haut-Rhin|2 ⏎ Normandie||Eure|3",
         ("departement", 2, 0, 1)),
        ("Ancienne|Région|Dép.|M (€) ⏎ Alsace|Grand Est|Bas-Rhin|1 ⏎ Alsace|Grand Est|Haut-Rhin|2 ⏎ |Normandie|Eure|3",
         ("departement", 2, 1, 1)),
        ("Dép.|Région|M (€) ⏎ Finistère|Bretagne|1 ⏎ Morbihan||2", ("departement", 0, 1, 1)),
        ("Dép.|Note|M (€) ⏎ Finistère|Bretagne|1 ⏎ Morbihan|vu|2 ⏎ Eure|lu|3", ("departement", 0, None, 1)),
        # A total above the rows is the first, whichever its column; a year alone above a number is a heading.
        ("Code|Dép.|M (€) ⏎ Total||30 ⏎ 01|Ain|10 ⏎ 46|Lot|20", ("departement", 1, None, 1)),
        ("Dép.|Total|M (€) ⏎ |Total|30 ⏎ Ain||10 ⏎ Lot||20", ("departement", 0, None, 1)),
        ("Commune|2023 ⏎ Lille|4 € ⏎ Lens|5 €", ("autre", 0, None, 1)),
        ("Code|Commune|M (€) ⏎ 59350|Lille|nd ⏎ 62498|Lens|5 ⏎ 59512|Loos|5", ("autre", 1, None, 1)),
        ("Code|Commune|M (€) ⏎ 2A004|Ajaccio|nd ⏎ 62498|Lens|5 ⏎ 59512|Loos|5", ("autre", 1, None, 1)),
        ("Zone franche|12 ⏎ Ain|1 ⏎ Lot|2", ("departement", 0, None, 0)),
        ("Dép.|M (€) ⏎ Total| ⏎ Ain|1 ⏎ Lot|2", ("departement", 0, None, 2)),
        ("Dép.|M (€) ⏎ Bretagne| ⏎ Finistère|1 ⏎ Morbihan|2", ("departement", 0, None, 1)),
        ("Région|Dép.|M (€) ⏎ Bretagne|| ⏎ |Finistère|4 ⏎ |Morbihan|6", ("departement", 1, 0, 1)),
        ("Région|Dép.|M (€) ⏎ Bretagne|| ⏎ texte|| ⏎ |Finistère|4 ⏎ |Morbihan|6", ("departement", 1, 0, 3)),
        ("Département|12 ⏎ Ain|1 ⏎ Lot|2", ("departement", 0, None, 1)),
        ("12 ans|13 ans|Dép. ⏎ 1|2|Ain ⏎ 3|4|Lot", ("departement", 2, None, 1)),
        # What is both is a département, but under « Région »; half of the names are known, no total nor collectivité.
        ("Région|M (€) ⏎ Guadeloupe|1 ⏎ Mayotte|2", ("region", 0, None, 1)),
        ("Nom|M (€) ⏎ Guadeloupe|1 ⏎ Mayotte|2", ("departement", 0, None, 1)),
        ("Région|Dép.|M (€) ⏎ Guadeloupe|Guadeloupe|1 ⏎ Mayotte|Mayotte|2", ("departement", 1, 0, 1)),
        ("Nom|M (€) ⏎ Ain|1 ⏎ Zone A|2", ("departement", 0, None, 1)),
        ("Nom|M (€) ⏎ Ain|1 ⏎ Zone A|2 ⏎ Zone B|2", ("autre", 0, None, 1)),
        ("Nom|M (€) ⏎ Nouvelle-Calédonie|1 ⏎ Total|1", ("autre", 0, None, 1)),
        # A name that comes back is that of the territory of others, which are named beside it.
        ("Dép.|Bénéficiaire|M (€) ⏎ Lot|Foyer|1 ⏎ Lot|Abri|2 ⏎ Lot|Toit|3", ("autre", 1, None, 1)),
        ("Région|Bénéficiaire|M (€) ⏎ Corse|Foyer|1 ⏎ Bretagne|Abri|2 ⏎ Normandie|Toit|3", ("region", 0, None, 1)),
        ("Ville|Dép.|M (€) ⏎ Paris|Paris|1 ⏎ Mayenne|Mayenne|2", ("departement", 1, None, 1)),
        ("Ville|M (€) ⏎ Paris|1 ⏎ Mayenne|2", ("autre", 0, None, 1)),
        ("Ville|Commune|M (€) ⏎ Paris|Mayenne|1 ⏎ Mayenne|Paris|2", ("autre", 0, None, 1)),
        ("Région|Bénéficiaire|M (€) ⏎ Bretagne|Foyer|1 ⏎ Bretagne|Abri|2 ⏎ Bretagne|Toit|3", ("autre", 1, None, 1)),
        ("Nom|Voisin|M (€) ⏎ Guadeloupe|Lot|1 ⏎ Martinique|Gers|2 ⏎ Ain||3", ("departement", 0, None, 1)),
        ("Voisin|Nom|M (€) ⏎ Lot|Guadeloupe|1 ⏎ Gers|Martinique|2 ⏎ |Ain|3", ("departement", 1, None, 1)),
        ("Nom|Code dép.|M (€) ⏎ Bretagne||3 ⏎ Finistère|29|1 ⏎ Morbihan|56|2", ("departement", 0, None, 1)),
        ("Code|Lieu|M (€) ⏎ 59350|Lille|1 ⏎ 59512||2 ⏎ 62498|Lens|3 ⏎ 62041||4 ⏎ 62193|Calais|5 ⏎ 59178||6"
         " ⏎ 62160|Oye|7"
         " ⏎ 59606||8", ("autre", 1, None, 1)),
        ("Dép.|Code|Lieu|M (€) ⏎ Jura|39252|Lens|1 ⏎ Jura|39290|Lens|2 ⏎ Aube|10139|Oye|3 ⏎ Aube|10264|Oye|4"
         " ⏎ Aube|10282|Loos|5 ⏎ Nord|59178|Loos|6", ("autre", 2, None, 1)),
        # Codes alone: two at least, each once, with two others at most, beside no name but that of its région.
        ("Code dép.|M (€) ⏎ 01|1 ⏎ 02|2 ⏎ Total|3", ("departement", 0, None, 1)),
        ("Code dép.|M (€) ⏎ 01|1 ⏎ 01|2", None),
        ("Code dép.|M (€) ⏎ 01|1", None),
        ("Code dép.|M (€) ⏎ 01|nd ⏎ 02|nd", None),
        ("Dép.|M (€) ⏎ Ain| ⏎ Lot|", None),
        ("Commune|2023", None),
        ("Commune|2023 ⏎ Total|nd", None),
        ("Code dép.|M (€) ⏎ 01|1 ⏎ 02|2 ⏎ Total|3 ⏎ Autre|4", None),
        ("Code dép.|Note|M (€) ⏎ 01|vu|1 ⏎ 02|lu|2", ("autre", 1, None, 1)),
        ("Région|Code dép.|M (€) ⏎ Bretagne|29|1 ⏎ Bretagne|56|2", ("departement", 1, 0, 1)),
        ("Région|Code dép.|M (€) ⏎ Bretagne|29|1 ⏎ Normandie|27|2", ("departement", 1, 0, 1)),
    ],
)  # fmt: skip
def test_what_names_the_rows_and_where_they_begin(layout, rows, understood):
    found = layout(*rows.split(" ⏎ "))
    assert (found and (found.level, found.name, found.region, found.first)) == understood


@pytest.mark.parametrize("form", ["semicolons", "markdown", "spaces"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3000, 3025)) == {}


@pytest.mark.parametrize(
    "fault", ["row_lost", "row_twice", "digit", "code", "short_row", "long_row", "shifted", "no_value"]
)
def test_a_fault_of_a_made_annex_is_refused_or_read_as_it_is_printed(misread, fault):
    assert misread("semicolons", range(3050, 3062), fault) == {}


def test_a_table_of_communes_has_its_codes(layout):
    found = layout("Code|Commune|Dotation (€)", "59350|Lille|10", "59512|Roubaix|7", "01053|Bourg-en-Bresse|3")
    assert (found.level, [column.kind for column in found.columns]) == ("autre", ["code", "nom", "montant"])


def test_a_table_of_codes_without_names_is_one_of_départements(layout):
    found = layout("Code département|Montant", "01|10", "2A|7", "971|3")
    assert (found.level, found.by_code) == ("departement", True)


@pytest.mark.parametrize("heading", ["Code région", "Code académie", "Code programme", "Code canton", "N°"])
def test_codes_of_others_name_no_département(layout, heading):
    assert layout(f"{heading}|Montant (€)", "01|10", "11|7", "84|3") is None


def test_the_codes_of_the_régions_under_a_bare_heading_are_those_of_no_département(layout):
    rows = [f"{code}|{code}" for code in ("11", "24", "27", "28", "32", "44")]
    assert layout("Code|Montant (€)", *rows) is None
    assert layout("Code|Montant (€)", *rows[:5]).by_code


def test_territories_that_are_both_département_and_région_are_départements_but_under_région(layout):
    rows = "Guadeloupe|4 €", "La Réunion|5 €", "Mayotte|6 €"
    assert layout("Territoire|M", *rows).level == "departement"
    assert layout("Région|M", *rows).level == "region"


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("Ville|Montant (€)", ["Paris|4", "Lille|5", "Mayenne|6"]),
        ("Commune|Dép.|Montant (€)", ["Lille|59|4", "Lens|62|5", "Lomme|59|6"]),
        ("Dép.|Bénéficiaire|Montant (€)", ["Ain|Foyer A|1", "Ain|Abri B|2", "Lot|Toit C|3"]),
    ],
)
def test_towns_and_establishments_have_neither_the_code_nor_the_row_of_a_département(read, heading, rows):
    annex = read(*(line.replace("|", ";") for line in (heading, *rows)))
    assert [(row.kind, row.code) for row in annex.table.rows] == [("unite", "")] * 3


def test_a_column_of_totals_and_words_names_nothing(layout):
    found = layout("Nature|Nom|Montant", "Total|Ain|4 €", "Socle|Lot|5 €", "Total|Nord|6 €", "Socle|Gers|7 €")
    assert (found.level, found.name, found.region) == ("departement", 1, None)


@pytest.mark.parametrize(("rows", "level"), [(10, "departement"), (11, "autre")])
def test_names_of_which_seven_in_ten_are_others_name_the_rows(layout, rows, level):
    names = ["Ain", "Aisne", "Allier", "Lot", "Nord", "Oise", "Orne", *["Ain"] * (rows - 7)]
    found = layout("Département|Aidé|M (€)", *(f"{name}|Lieu {chr(97 + n)}b|1" for n, name in enumerate(names)))
    assert (found.level, found.name) == (level, 0 if level == "departement" else 1)


@pytest.mark.parametrize("heading", ["Ville", "Nom de la commune", "Communes"])
def test_names_under_the_heading_of_towns_are_those_of_no_département(read, heading):
    annex = read(f"{heading};Montant (€)", "Paris;4", "Lille;5", "Mayenne;6", "Vienne;7")
    assert [(row.kind, row.code, row.name) for row in annex.table.rows][2:] == [
        ("unite", "", "Mayenne"),
        ("unite", "", "Vienne"),
    ]


def test_names_under_the_heading_of_towns_leave_their_column_to_the_départements(read):
    annex = read("Ville;Département;Montant (€)", "Paris;Paris;4", "Lille;Nord;5", "Laval;Mayenne;6")
    assert [(row.kind, row.code) for row in annex.table.rows] == [
        ("departement", "75"),
        ("departement", "59"),
        ("departement", "53"),
    ]


@pytest.mark.parametrize(
    "title",
    ["Répartition par sexe (en %)", "Structure (%)", "Taux de placement, en pourcentage", "Taux de réalisation en %"],
)
@pytest.mark.parametrize("headings", ["Filles;Garçons", "2022;2023", "MECS;Familles d'accueil"])
def test_columns_under_a_title_in_per_cent_are_shares(read, short, title, headings):
    annex = read(title, f"Département;{headings}", "Ain;45,1;54,9", "Lot;40;60")
    assert short(annex) == ("nom · pourcentage % · pourcentage %", "01: 45.1 54.9 · 46: 40 60")


def test_counts_above_a_hundred_are_no_shares(read, short):
    annex = read("Effectifs et part (en %)", "Département;Enfants;Mineurs", "Ain;450;540", "Lot;400;600")
    assert short(annex)[0] == "nom · nombre · nombre"


@pytest.mark.parametrize(
    "lines",
    [
        ["ARS Bretagne;;", "Notification;;", "Dép.;Places;M (€)"],
        ["Région Bretagne;;", "Dép.;Places;M (€)"],
        ["Départements de Bretagne;Places;M (€)"],
    ],
)
def test_a_territory_in_a_title_or_in_a_heading_is_no_row(read, short, lines):
    assert short(read(*lines, "Finistère;12;204", "Morbihan;15;304"))[1] == "29: 12 204 · 56: 15 304"


@pytest.mark.parametrize(
    ("above", "below", "unit"),
    [
        (["Tableau 1 : dépenses (en k€)", "Tableau 2 : recettes"], [], ""),
        (["Annexe 1 (en k€)", "Tableau 2 : recettes"], [], "k€"),
        ([], ["Source : en M€ dans la publication."], ""),
        ([], ["Les montants de 2022 étaient en k€."], ""),
        (["Les crédits de 2023 (en k€) figurent à l'annexe 1."], [], ""),
        ([], ["Montants en k€."], "k€"),
    ],
)
def test_the_unit_of_another_table_or_document_is_not_taken(read, above, below, unit):
    annex = read(*above, "Région;Montant", "Bretagne;12", "Corse;13", *below)
    assert annex.table.columns[1].unit == unit


def test_a_column_of_units_may_be_the_first(read, short):
    assert short(read("Unité;Dép.;M", "k€;Ain;1", "k€;Lot;2"))[1] == "01: 1000 · 46: 2000"


def test_a_title_of_two_units_is_refused(read):
    with pytest.raises(TableError, match="gives several units, k€ and M€, and 'Aide' none"):
        read("Aides, en k€ et M€", "Dép.;Aide", "Ain;9", "Lot;8")


@pytest.mark.parametrize(
    ("lines", "columns", "rows"),
    [
        # Things under a title in per cent are shares up to 100, whichever column passes it.
        ("Répartition (en %) ⏎ Dép.;Enfants;Mineurs ⏎ Ain;100;0 ⏎ Lot;40;60", "nom · pourcentage % · pourcentage %",
         "01: 100 0 · 46: 40 60"),
        ("Répartition (en %) ⏎ Dép.;Enfants;Mineurs ⏎ Ain;101;0 ⏎ Lot;40;60", "nom · nombre · nombre",
         "01: 101 0 · 46: 40 60"),
        ("Répartition (en %) ⏎ Dép.;Enfants;Mineurs ⏎ Ain;45.120;54.880 ⏎ Lot;40.250;59.750",
         "nom · pourcentage % · pourcentage %", "01: 45.12 54.88 · 46: 40.25 59.75"),
        ("Répartition (en %) ⏎ Dép.;2023;Indice ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · nombre · ratio", "01: 1 2 · 46: 3 4"),
        ("Répartition (en %) ⏎ Dép.;2023;Effectif ⏎ Ain;1;2 ⏎ Lot;3;4", "nom · nombre · nombre", "01: 1 2 · 46: 3 4"),
        # The unit over the column of names is that of the table; one over a column of a page is its own.
        (";Crédits (k€);; ⏎ Code;Dép.;2023;2024 ⏎ 01;Ain;4;5 ⏎ 46;Lot;6;7", "code · nom · montant k€ · montant k€",
         "01: 4000 5000 · 46: 6000 7000"),
        ("Région     2022     Crédits ⏎                       (k€) ⏎ Corse       12       12 ⏎ Bretagne    34       13",
         "nom · nombre · montant k€", "94: 12 12000 · 53: 34 13000"),
        # Of two units under a table the first is its own, whatever stands above it.
        ("Dép.;Montant ⏎ Ain;4 ⏎ Lot;5 ⏎ Unité : k€; ⏎ Plafond, en M€;", "nom · montant k€", "01: 4000 · 46: 5000"),
        ("Dép.;Montant ⏎ Ain;4 ⏎ Lot;5 ⏎ Chiffres de la DREES; ⏎ Unité : k€;", "nom · montant k€",
         "01: 4000 · 46: 5000"),
        # Numbers may stand on the left of the names, their unit between both.
        ("Montant;;Dép. ⏎ 1;k€;Ain ⏎ 2;k€;Lot", "montant k€ · nom", "01: 1000 · 46: 2000"),
        # What stands above the title of another table is not of this one.
        ("Montants en k€ ⏎ Tableau 1 : dépenses ⏎ Tableau 2 : recettes ⏎ Région;Montant ⏎ Corse;12 ⏎ Bretagne;13",
         "nom · montant", "94: 12 · 53: 13"),
    ],
)  # fmt: skip
def test_what_a_title_or_a_note_says_of_the_columns(read, short, lines, columns, rows):
    assert short(read(*lines.split(" ⏎ "))) == (columns, rows)


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        (
            "Dép.;A (€);B (M€);C (k€) ⏎ Ain;4;5;6 ⏎ Lot;5;6;7 ⏎ Les montants sont en Md€;;;",
            "'Les montants sont en Md€' gives another unit than the columns, M€ and k€ and €",
            "l. 4",
        ),
        (
            "Dép.;M;Unité;Part ⏎ Ain;1;k€;3 ⏎ Lot;2;k€;4 ⏎ Nord;3;note;5",
            "'k€', in a column of words, gives its unit to a row",
            "l. 2",
        ),
        (
            ";;Crédits (k€) ⏎ 2023;Dép.;2024 ⏎ 4;Ain;5 ⏎ 6;Lot;7",
            "'Crédits (k€) 2024' is in k€, and '2023' has no unit: write it above each",
            "l. 1",
        ),
        (
            "N°;Code;Dép.;M (€) ⏎ 1;Bretagne;;2 ⏎ 2;29;Finistère;1 ⏎ 3;56;Morbihan;1",
            "'Bretagne' stands on a row of numbers above the others: it may be shifted",
            "l. 2",
        ),
        (
            'Départements;Dotation ⏎ "Ain\nZone A";"1 €\n2 €" ⏎ Nord;4 € ⏎ Lot;5 €',
            "names territories among the headings, beside",
            "l. 4",
        ),
    ],
)
def test_what_may_be_of_another_column_or_row_is_refused(check_refused, lines, reason, place):
    check_refused(TableError, lines, reason, place)


def test_the_unit_of_the_table_is_the_first_that_its_title_gives(layout):
    titles = ["Aides, en k€ et M€"]
    assert layout("Dép.|A (€)|B (M€)", "Ain|1|2", "Lot|3|4", titles=titles).unit == "k€"


def test_a_table_may_be_one_row_without_headings(layout):
    found = layout("Ain|1 €")
    assert (found.level, found.first, [column.heading for column in found.columns]) == ("departement", 0, ["", ""])
    others = layout("Lille|4 €", "Lens|5 €", "Arras|6 €")
    assert (others.level, others.first) == ("autre", 0)


def test_a_région_in_the_column_of_codes_names_no_row_where_the_rows_are_régions(layout):
    found = layout("Code|Région|M (€)", "53|Bretagne|4", "Corse||5", "28|Normandie|6")
    assert [row.cells[:2] for row in found.rows[1:]] == [("53", "Bretagne"), ("Corse", ""), ("28", "Normandie")]


def test_the_total_of_a_région_beside_several_names_and_numbers_stands_on_the_first(layout):
    found = layout("Région|Total|Dép.|M (€)", "Bretagne|10|Finistère\nMorbihan|4\n6", "Normandie|3|Eure\nOrne|1\n2")
    assert [row.cells for row in found.rows[1:]] == [
        ("Bretagne", "10", "Finistère", "4"),
        ("", "", "Morbihan", "6"),
        ("Normandie", "3", "Eure", "1"),
        ("", "", "Orne", "2"),
    ]


def test_a_number_and_a_word_in_one_cell_cut_no_row(layout):
    found = layout("Dép.|Note|M (€)", "Ain|2024\nen attente|4", "Lot|vu|5")
    assert found.rows[1].cells == ("Ain", "2024\nen attente", "4")


@pytest.mark.parametrize("row", ["Ain\nVar\nLot|1\n2|1 €\n2 €\n3 €", "Ain\nVar|1\n2|1 €\n2 €\n3 €"])
def test_two_columns_of_one_row_that_hold_as_many_numbers_as_one_another_alone_are_cut(layout, row):
    with pytest.raises(TableError, match="a cell holds 3 numbers, and the names beside it are not as many") as told:
        layout("Départements|Places|Dotation", "Nord|4|4 €", row)
    assert told.value.cell == "l. 3"


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        ("59350 59350 59512 59512 62498 62041", 2),
        ("59350 59350 59512 59512 62498 62498 62041", 0),
    ],
)
def test_two_codes_of_communes_may_come_back(layout, codes, name):
    towns = "Lille Loos Lens Arras Calais Douai Boulogne".split()
    rows = (f"Lieu {town[::-1]}|{code}|{town}|4" for code, town in zip(codes.split(), towns, strict=False))
    assert layout("Lieu|Code|Commune|M (€)", *rows).name == name


@pytest.mark.parametrize(
    ("rows", "understood"),
    [
        # The région above its départements is a row, under a heading as under a title.
        ("Dép.|M (€) ⏎ Région Bretagne| ⏎ Finistère|1 ⏎ Morbihan|2", ("departement", 0, None, 1)),
        # A département that comes back beside régions is the name of no establishment.
        ("Dép.|Accueil|Places ⏎ Lot|Occitanie|1 ⏎ Lot|Corse|2 ⏎ Lot|Bretagne|3", ("departement", 0, 1, 1)),
        # Every code of a commune begins as that of a département.
        ("Lieu|Code|Commune|M (€) ⏎ Site A|59350|Lille|4 ⏎ Site B|99512|Loos|5", ("autre", 0, None, 1)),
    ],
)
def test_what_a_name_that_is_known_says_of_the_rows(layout, rows, understood):
    found = layout(*rows.split(" ⏎ "))
    assert (found.level, found.name, found.region, found.first) == understood


def test_ages_head_columns_and_a_title_of_two_lines_none(layout):
    assert layout("Tranche d'âge|6 ans|12 ans", "Ain|1|2", "Lot|3|4").first == 1
    title = "ARS Bretagne||", "Notification||"
    assert layout(*title, "Dép.|Places|M (€)", "Finistère|1|2", "Morbihan|3|4").first == 3


def test_names_of_fewer_than_half_of_the_rows_but_three_name_them(layout):
    rows = ["59350|Lille|4", "59512|Loos|5", *(f"5960{rank}||{rank}" for rank in range(7))]
    assert (layout("Code|Lieu|M (€)", *rows[:8]).name, layout("Code|Lieu|M (€)", *rows)) == (1, None)
