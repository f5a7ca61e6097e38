"""What each row is, and what it can not be."""

import re

import pytest

from cdppe_analysis.errors import CdppeError, TableError, TerritoryError
from cdppe_analysis.ingestion.rows import read_rows


def test_a_name_among_the_numbers_is_refused(read):
    with pytest.raises(TableError, match="the row may be shifted"):
        read("Code;Département;Montant", "01;Ain;1 €", "Aisne;02;2 €", "03;Allier;3 €")


def test_a_collectivité_and_a_reserve_are_kept_under_their_names(read):
    annex = read(
        "Département;Montant", "Ain;1 €", "Lot;2 €", "Nouvelle-Calédonie;3 €", "Réserve nationale;4 €", "Total;10 €"
    )
    assert [(row.kind, row.name) for row in annex.table.rows[2:4]] == [
        ("collectivite", "Nouvelle-Calédonie"),
        ("autre", "Réserve nationale"),
    ]
    assert [check.status for check in annex.table.checks] == ["egal"]


def test_a_misspelt_name_is_read_and_said(read, figures):
    annex = read("Département;Montant", "Meurhe-et-Moselle;1 €", "Lot;2 €", "Nord;3 €")
    assert figures(annex)["54"] == (1,)
    assert "nom" in [remark.kind for remark in annex.remarks]


@pytest.mark.parametrize("name", ["Bretagne", "Zone franche", "Territoires retenus"])
def test_a_name_without_figures_is_no_row_and_it_is_said(read, figures, name):
    annex = read("Département;Places;M (€)", "Ain;1;2", f"{name};;", "Lot;3;4", "Nord;5;6")
    assert list(figures(annex)) == ["01", "46", "59"]
    assert [remark.place for remark in annex.remarks if remark.kind == "vide"] == ["l. 3"]


def test_a_région_above_its_départements_is_their_région(read):
    rows = read("D;M (€)", "Bretagne;", "Finistère;1", "Morbihan;2", "Normandie;", "Eure;3").table.rows
    assert [row.region for row in rows] == ["Bretagne", "Bretagne", "Normandie"]


def test_an_amount_among_the_headings_is_refused(read):
    with pytest.raises(TableError, match="stands among the headings, on a row without a known name"):
        read("Département;Montant", ";1 204 211 €", "Ain;1 €", "Lot;2 €", "Nord;3 €")


def test_an_unknown_name_above_the_first_known_one_is_a_row_of_its_own(read):
    annex = read("Département;Places", "Zone franche;12", "Ain;1", "Lot;2", "Nord;3")
    assert (annex.table.rows[0].kind, annex.table.rows[0].name) == ("autre", "Zone franche")
    assert annex.counts["lu"] == 4


def test_communes_are_read_under_their_codes(read, figures):
    annex = read(
        "Code;Commune;Dotation (€)", "59350;Lille;10", "59512;Roubaix;7", "01053;Bourg-en-Bresse;3", ";Total;20"
    )
    assert figures(annex) == {"59350": (10,), "59512": (7,), "01053": (3,)}
    assert annex.told() == "7 nombres : 3 lus, 3 codes, 1 total vérifié"


def test_codes_of_communes_that_lost_their_first_zero_have_it_again_and_it_is_said(read, figures):
    annex = read("Code commune;Nom;DGF (€)", "1001;Abergement;12", "59350;Lille;14", "2A004;Ajaccio;3")
    assert figures(annex) == {"01001": (12,), "59350": (14,), "2A004": (3,)}
    assert [(remark.place, remark.text) for remark in annex.remarks if remark.kind == "code"] == [("l. 2", "1001")]


def test_a_name_without_number_among_communes_keeps_its_row_and_is_said(read):
    annex = read("Commune;DGF (€)", "Lille;12", "Roubaix;", "Douai;3", "Loos;4")
    assert [(row.name, row.kind, row.figures[1]) for row in annex.table.rows][1] == ("Roubaix", "autre", None)
    assert [remark.text for remark in annex.remarks if remark.kind == "vide"] == ["Roubaix"]


@pytest.mark.parametrize(
    ("lines", "rows", "remarks"),
    [
        # What has no figures: a heading again, a note, a name of at most four words, a title of a group.
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Dép.;M (€) ⏎ Nord;3", "01: 1 · 46: 2 · 59: 3", []),
        ("Dép.;M (€);P ⏎ Ain;1;2 ⏎ note de page 3;; ⏎ Lot;3;4", "01: 1 2 · 46: 3 4", ["unite P"]),
        ("Dép.;M (€);P ⏎ Ain;1;2 ⏎ Zone de la;; ⏎ Lot;3;4", "01: 1 2 · 46: 3 4", ["vide Zone de la", "unite P"]),
        ("Dép.;M (€);P ⏎ Ain;1;2 ⏎ Zone A et B et C;; ⏎ Lot;3;4", "01: 1 2 · 46: 3 4", ["unite P"]),
        ("Dép.;M (€);P ⏎ Ain;1;2 ⏎ Zone A et B et C;x; ⏎ Lot;3;4", "01: 1 2 · 46: 3 4", ["vide Zone A et B et C",
         "unite P"]),
        ("Dép.;M (€);P ⏎ Ain;1;2 ⏎ Lot;3;4 ⏎ Total;; ⏎ Nord;5;6", "01: 1 2 · 46: 3 4 · 59: 5 6", ["unite P"]),
        ("Dép.;M (€) ⏎ Bretagne; ⏎ Finistère;1 ⏎ Ain;2", "29: 1 · 01: 2", []),
        ("Dép.;M (€) ⏎ Bretagne; ⏎ Ain;2 ⏎ Lot;3", "01: 2 · 46: 3", ["vide Bretagne"]),
        ("Dép.;M (€) ⏎ Ain;2 ⏎ en €; ⏎ Lot;3", "01: 2 · 46: 3", ["vide en €"]),
        # Codes: one on a row without name is that of a département; those of Corse and of the Rhône are several.
        ("Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 02;;2 ⏎ 03;Allier;3", "01: 1 · 02: 2 · 03: 3", ["nom 02"]),
        ("Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 2A-2B;Corse;2 ⏎ -;Allier;3", "01: 1 · 20: 2 · 03: 3", []),
        ("Code;Dép.;M (€) ⏎ 20;Corse;1 ⏎ 01;Ain;2 ⏎ 03;Allier;3", "20: 1 · 01: 2 · 03: 3", []),
        ("Code;Dép.;M (€) ⏎ 69;Métropole de Lyon;1 ⏎ 01;Ain;2 ⏎ 03;Allier;3", "69M: 1 · 01: 2 · 03: 3", []),
        ("Ain;1 € ⏎ Lot;2 € ⏎ 69 Rhône;3 € ⏎ Métropole de Lyon;4 €", "01: 1 · 46: 2 · 69D: 3 · 69M: 4",
         ["nom 69 Rhône"]),
        ("Région;Dép.;M (€) ⏎ Bretagne;Finistère;1 ⏎ Rhône-Alpes;Ain;2", "29: 1 · 01: 2", []),
        ("FINESS;Nom;M (€) ⏎ 10000123;IME A;4 ⏎ 590000456;IME B;5 ⏎ 460000789;IME C;6",
         "010000123: 4 · 590000456: 5 · 460000789: 6", ["code 10000123"]),
        ("FINESS EJ;FINESS ET;Nom;M (€) ⏎ 010000123;010000131;IME A;4 ⏎ 010000123;010000149;IME B;5",
         "010000131: 4 · 010000149: 5", []),
        ("FINESS EJ;FINESS ET;Nom;M (€) ⏎ 010000123;010000131;IME A;4 ⏎ 590000456;590000464;IME B;5",
         "010000131: 4 · 590000464: 5", []),
        ("EJ;ET;Nom;M (€) ⏎ 110000123;110000131;IME A;4 ⏎ 590000456;590000464;IME B;5",
         "110000131: 4 · 590000464: 5", ["code EJ", "code ET"]),
        ("FINESS de l'entité juridique;FINESS;Nom;M (€) ⏎ 010000123;010000131;IME A;4 ⏎ 590000456;590000464;IME B;5",
         "010000131: 4 · 590000464: 5", []),
        ("SIRET du gestionnaire;FINESS;Nom;M (€) ⏎ 12345678900012;010000131;IME A;4 ⏎ 23456789000023;590000464;IME B;5",
         "010000131: 4 · 590000464: 5", []),
        ("FINESS EJ;Nom;M (€) ⏎ 010000123;Association A;4 ⏎ 590000456;Union B;5", "010000123: 4 · 590000456: 5", []),
        ("Code;Commune;M (€) ⏎ 1001;Abergement;4 ⏎ 59350;Lille;5 ⏎ AB12;Loos;6", "1001: 4 · 59350: 5 · AB12: 6", []),
        ("Dép.;FINESS;Nom;M (€) ⏎ 01;010000123;IME A;4 ⏎ 59;590000456;IME B;5", "010000123: 4 · 590000456: 5", []),
        # Words beside the names are no names; a row whose name is a dash, a zone or a mean is kept as what it is.
        ("Dép.;Note;M (€) ⏎ Ain;Ain;1 ⏎ Lot;Nord;2 ⏎ Nord;y;3", "01: 1 · 46: 2 · 59: 3", []),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ -;1 ⏎ Nord;3", "01: 1 · -: 1 · 59: 3", ["autre -"]),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Saint-Martin;2 ⏎ Médiane;2 ⏎ Lot;3", "01: 1 · 978: 2 · Médiane: 2 · 46: 3", []),
        ("Région;M (€) ⏎ Bretagne;1 ⏎ Zone A;2 ⏎ Corse;3", "53: 1 · Zone A: 2 · 94: 3", ["autre Zone A"]),
        ("ARS;Région;M (€) ⏎ ARS Bretagne;Bretagne;1 ⏎ ARS Corse;Corse;2", "53: 1 · 94: 2", []),
        ("Origine;Ain;Lot;Nord ⏎ Ain;0;3;4 ⏎ Lot;1;0;2 ⏎ Nord;5;6;0", "01: 0 3 4 · 46: 1 0 2 · 59: 5 6 0",
         ["unite Ain", "unite Nord"]),
        ("Ancienne région;Nouvelle région;M (€) ⏎ Alsace;Grand Est;1 ⏎ Picardie;Hauts-de-France;2",
         "42: 1 · 22: 2", []),
        # A row of a région among départements is its total; one that names both is a département without it.
        ("Région;Dép.;M (€) ⏎ Bretagne;Finistère;1 ⏎ ;Morbihan;2 ⏎ Bretagne;;3", "29: 1 · 56: 2 · Bretagne: 3", []),
        ("D;M (€) ⏎ Guadeloupe;1 ⏎ 971 Guadeloupe;1 ⏎ Bretagne;2 ⏎ 29 Finistère;2",
         "Guadeloupe: 1 · 971: 1 · Bretagne: 2 · 29: 2", []),
        ("D;M (€) ⏎ Guadeloupe;1 ⏎ Guadeloupe;1 ⏎ Bretagne;2 ⏎ Finistère;2",
         "Guadeloupe: 1 · 971: 1 · Bretagne: 2 · 29: 2", []),
        ("D;M (€) ⏎ La Réunion;1 ⏎ Mayotte;2 ⏎ Finistère;2", "974: 1 · 976: 2 · 29: 2", []),
        # « Somme » that is the sum of one row, of one column of two, or has its code, is a département.
        ("Dép.;M (€) ⏎ Nord;1 ⏎ Somme;1", "59: 1 · 80: 1", []),
        ("Dép.;M (€) ⏎ 80 Somme;3 ⏎ Nord;1 ⏎ Lot;2", "80: 3 · 59: 1 · 46: 2", []),
        ("Dép.;A (€);B (€) ⏎ Somme;3;4 ⏎ Nord;1;1 ⏎ Lot;2;2", "80: 3 4 · 59: 1 1 · 46: 2 2", []),
        # Withdrawals are said for amounts and counts, not for shares; voids where half of the rows at most have one.
        ("Dép.;M ⏎ Ain;-1 € ⏎ Lot;(2 €) ⏎ Nord;3 €", "01: -1 · 46: -2 · 59: 3", ["signe 1"]),
        ("Dép.;Places ⏎ Ain;-1 ⏎ Lot;2 ⏎ Nord;3", "01: -1 · 46: 2 · 59: 3", ["signe 1"]),
        ("Dép.;Évolution ⏎ Ain;-1 % ⏎ Lot;2 % ⏎ Nord;3 %", "01: -1 · 46: 2 · 59: 3", []),
        ("Dép.;A (€);B (€) ⏎ Ain;;1 ⏎ Lot;;2 ⏎ Nord;3;3", "01: - 1 · 46: - 2 · 59: 3 3", []),
        ("Dép.;A (€);B (€) ⏎ Ain;nd;1 ⏎ Lot;2;2", "01: - 1 · 46: 2 2", ["vide nd"]),
        ("Dép.;Places ⏎ Ain;1 ⏎ Lot;oui ⏎ Nord;nd", "01: 1 · 46: - · 59: -", ["vide oui"]),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Lot (50 %);2", "01: 1 · 46: 2", []),
        # The longest of the codes of a row, the one of its département where it has no name; a total has none.
        ("Code;FINESS;Nom;M (€) ⏎ 12;010000123;IME A;4 ⏎ 13;590000456;IME B;5", "010000123: 4 · 590000456: 5", []),
        ("Dép.;Nom;M (€) ⏎ 01;Ain;1 ⏎ 02;;2 ⏎ 03;Allier;3", "01: 1 · 02: 2 · 03: 3", ["nom 02"]),
        ("Dép.;Commune;M (€) ⏎ 59;Lille;4 ⏎ 62;Lens;5", "Lille: 4 · Lens: 5", []),
        ("SIRET;Nom;M (€) ⏎ 1234567890012;IME A;4 ⏎ 23456789000023;IME B;5 ⏎ 34567890000034;IME C;6",
         "01234567890012: 4 · 23456789000023: 5 · 34567890000034: 6", ["code 1234567890012"]),
        ("Code;Nom;M (€) ⏎ 100123;IME A;4 ⏎ 5900456;IME B;5 ⏎ 4600789;IME C;6",
         "100123: 4 · 5900456: 5 · 4600789: 6", []),
        ("Code;Commune;M (€) ⏎ 59350;Lille;1 ⏎ 62498;Total de Lens;3", "59350: 1 · 62498: 3", []),
        # A name without figures that ends the table; a note has more than four words, or a sign of a sentence.
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Lot;3 ⏎ Bretagne;", "01: 1 · 46: 3", ["vide Bretagne"]),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ 12 Zone rurale; ⏎ Lot;3", "01: 1 · 46: 3", ["vide 12 Zone rurale"]),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ 1 Zone rurale; ⏎ Lot;3", "01: 1 · 46: 3", []),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Zone rurale du Sud; ⏎ Lot;3", "01: 1 · 46: 3", ["vide Zone rurale du Sud"]),
        ("Dép.;Nord;M (€) ⏎ Ain;1;4 ⏎ Lot;2;3", "01: 1 4 · 46: 2 3", ["unite Nord"]),
        ("D;M (€) ⏎ Guadeloupe;1 ⏎ 29 Finistère;2 ⏎ 56 Morbihan;3", "971: 1 · 29: 2 · 56: 3", []),
        ("D;M (€) ⏎ Bretagne;2 ⏎ Finistère;2 ⏎ Mayotte;1", "Bretagne: 2 · 29: 2 · 976: 1", []),
        ("D;M (€) ⏎ Alsace;3 ⏎ Bas-Rhin;1 ⏎ Haut-Rhin;2", "Alsace: 3 · 67: 1 · 68: 2", []),
        ("D;M (€) ⏎ Alsace;3 ⏎ Meuse;1 ⏎ Vosges;2", "6AE: 3 · 55: 1 · 88: 2", []),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Zone : rurale; ⏎ Lot;3", "01: 1 · 46: 3", []),
        ("Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 59;Zone rurale du Sud Est; ⏎ 46;Lot;3", "01: 1 · 46: 3",
         ["vide Zone rurale du Sud Est"]),
        ("Dép.;A (€);B (€) ⏎ Ain;1;2 ⏎ texte;un des deux ou trois; ⏎ Lot;2;3", "01: 1 2 · 46: 2 3", ["vide texte"]),
        # A unit on a line of its own: that of the amounts, of none of them.
        ("Dép.;Part ⏎ Ain;1 % ⏎ En k€; ⏎ Lot;3 %", "01: 1 · 46: 3", ["vide En k€"]),
        ("Dép.;M (k€) ⏎ Ain;1 ⏎ En k€; ⏎ Lot;3", "01: 1000 · 46: 3000", ["vide En k€"]),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Nombre de places; ⏎ Lot;3", "01: 1 · 46: 3", ["vide Nombre de places"]),
        ("Dép.;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ En % du reste;4", "01: 1 · 46: 2", ["autre En % du reste"]),
        # Headings may hold the ages or the numbers of what they name.
        ("Dép.;De 12 à 15 ⏎ Ain;1 ⏎ Lot;3", "01: 1 · 46: 3", ["unite De 12 à 15"]),
        ("Dép.;Plafond (€) 12 345 ⏎ Ain;1 ⏎ Lot;3", "01: 1 · 46: 3", []),
        ("Dép.;99 ⏎ Ain;1 ⏎ Lot;3", "01: 1 · 46: 3", ["unite 99"]),
        ("Dép.;12 mois ⏎ Ain;1 ⏎ Lot;3", "01: 1 · 46: 3", ["unite 12 mois"]),
        ("Dép.;A (€) ⏎ Ain;1 ⏎ ...;2 ⏎ Lot;3", "01: 1 · ...: 2 · 46: 3", ["autre ..."]),
        # A name that is both is that of a région over its own code, or over its départements, all with their codes.
        ("D;M (€) ⏎ La Réunion;1 ⏎ 974 La Réunion;1 ⏎ Bretagne;3 ⏎ 29 Finistère;2 ⏎ 56 Morbihan;1",
         "La Réunion: 1 · 974: 1 · Bretagne: 3 · 29: 2 · 56: 1", []),
        ("D;M (€) ⏎ Guadeloupe;1 ⏎ 971 Guadeloupe;1 ⏎ Bretagne;3 ⏎ 29 Finistère;2 ⏎ Morbihan;1",
         "Guadeloupe: 1 · 971: 1 · Bretagne: 3 · 29: 2 · 56: 1", []),
        # Names beside those of the rows, in a column of words.
        ("Dép.;A (€);Note ⏎ Lot;1;Ain ⏎ Nord;2;x", "46: 1 · 59: 2", []),
        ("Région;A (€);Note ⏎ Bretagne;1;vu Ain ⏎ Corse;2;x", "53: 1 · 94: 2", []),
        ("Nature de la dépense;A (€) ⏎ Salaires;1 ⏎ Primes;2", "Salaires: 1 · Primes: 2", ["nom Nature de la dépense"]),
    ],
)  # fmt: skip
def test_what_each_row_is_and_what_is_said_of_it(read, short, lines, rows, remarks):
    annex = read(*lines.split(" ⏎ "))
    assert short(annex)[1].split(" · Total")[0] == rows
    assert [f"{each.kind} {each.text}" for each in annex.remarks if each.kind != "total"] == remarks


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Dép.;M (€) ⏎ Ain;2 ⏎ en k€; ⏎ Lot;3", "'en k€' gives another unit to the rows below it", "l. 3"),
        (
            "Région;Dép.;M (€) ⏎ Normandie;Finistère;1 ⏎ Bretagne;Morbihan;2 ⏎ Bretagne;Ille-et-Vilaine;3",
            "'Finistère' is no département of 'Normandie'",
            "l. 2",
        ),
        (
            "Dép.;A (€);B (€) ⏎ Ain;Lot;1 ⏎ Nord;5;2",
            "'Lot' stands in the column 'A (€)': the row may be shifted",
            "l. 2",
        ),
        (
            "Dép.;Places;M (€) ⏎ Ain;1;2 ⏎ Lot;idem;3",
            "'idem', in the column 'Places', repeats a number: write it",
            "l. 3",
        ),
        (
            "Dép.;Places;M (€) ⏎ Ain;1;2 ⏎ Lot;id.;3 ⏎ Nord;〃;4",
            "'id.', in the column 'Places', repeats a number",
            "l. 3",
        ),
        (
            "Région;A (€);Région;B (€) ⏎ Bretagne;1;Grand Est;2 ⏎ Corse;3;Normandie;4",
            "'Grand Est' stands beside 'Bretagne'",
            "l. 2",
        ),
        (
            "ARS pilote;Région couverte;A (€) ⏎ Bretagne;Grand Est;2 ⏎ Corse;Normandie;4",
            "'Grand Est' stands beside 'Bretagne'",
            "l. 2",
        ),
        (
            "Commune;A (€);Commune;B (€) ⏎ Lille;1;Brest;2 ⏎ Lens;3;Vannes;4",
            "give names to the rows: two tables?",
            "l. 2",
        ),
        ("Dép.;Places ⏎ Ain;1 ⏎ Lot;vingt et un ⏎ Nord;2", "'vingt et un', in the column 'Places', may be", "l. 3"),
        ("Dép.;Places ⏎ Ain;1 ⏎ Lot;IV ⏎ Nord;2", "'IV', in the column 'Places', may be a number in letters", "l. 3"),
        ("Dép.;2023 ⏎ Ain (k€);1 ⏎ Lot (k€);2", "'Ain (k€)' gives its unit to a row", "l. 2"),
        ("Dép.;A (€);B (€) ⏎ Somme;3;3 ⏎ Nord;1;1 ⏎ Lot;2;2", "'Somme' is the sum of the other rows", "l. 2"),
        (
            "Dép.;A (€);B ⏎ À répartir;3;4 ⏎ Ain;2;2 ⏎ Lot;1;2",
            "'À répartir' is the sum of the other rows: a total, or a row?",
            "l. 2",
        ),
        (
            "Commune;Code;M (€) ⏎ Lille;59350;1 ⏎ Loos;59360;2 ⏎ Lens;62498;3 ⏎ Douai;591;4",
            "the code '591' of 'Douai' is not of 5 letters and figures, as the others",
            "l. 5",
        ),
        (
            "Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 02;Aisne;2 ⏎ 2;Lot;3",
            "the code '2' printed beside 'Lot' is not its code",
            "l. 4",
        ),
        (
            "Crédits en k€ ⏎ Dép.;Base ⏎ Ain;1 ⏎ Effectifs; ⏎ Lot;3",
            "'Effectifs' gives another unit to the rows",
            "l. 4",
        ),
        ("Crédits en k€ ⏎ Dép.;Enfants ⏎ Ain;1 ⏎ En €; ⏎ Lot;3", "'En €' gives another unit to the rows below", "l. 4"),
        ("Dép.;Enfants;M (k€) ⏎ Ain;1;4 ⏎ En €;; ⏎ Lot;3;5", "'En €' gives another unit to the rows below it", "l. 3"),
        ("Dép.;Enfants ⏎ Ain;1 ⏎ En €; ⏎ Lot;3", "'En €' gives another unit to the rows below it", "l. 3"),
        ("Dép.;A (€);Note ⏎ Ain;1;x ⏎ Nord -12,5;; ⏎ Lot;2;y", "'Nord -12,5' holds a name and a number", "l. 3"),
        (
            "Dép.;A (€);B (€) ⏎ Ain;1;2 ⏎ zone;1x y z; ⏎ Lot;2;3",
            "'1x y z', in the column 'A (€)', is no number",
            "l. 3",
        ),
        ("Dép.;A (€);B (€) ⏎ Ain;1;2 ⏎ zone;idem; ⏎ Lot;2;3", "'idem', in the column 'A (€)', repeats a", "l. 3"),
        ("Dép.;Plafond;12 345 ⏎ Ain;1;4 ⏎ Lot;3;5", "'12 345' stands among the headings", "l. 1"),
        ("Dép.;100 ⏎ Ain;1 ⏎ Lot;3", "'100' stands among the headings, on a row without a known name", "l. 1"),
        ("Dép.;Lot;1 ⏎ Ain;1;4 ⏎ Nord;2;3", "'Lot' stands on a row of numbers above the others", "l. 1"),
        ("Dép.;59 Nord;M (€) ⏎ Ain;1;4 ⏎ Lot;2;3", "'59 Nord' stands on a row of numbers above the others", "l. 1"),
        ("Dép.;12 % ⏎ Ain;1 ⏎ Lot;3", "'12 %' stands among the headings, on a row without a known name", "l. 1"),
        ("Dép.;2021 € ⏎ Ain;1 ⏎ Lot;3", "'2021 €' stands among the headings, on a row without a known", "l. 1"),
        ("Dép.;A (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Charente-;4", "'Charente-' is a name cut before its end", "l. 4"),
        ("Dép.;A (€) ⏎ Ain;1 ⏎ **;2 ⏎ Lot;3", "'**' stands in the column of names: the row may be shifted", "l. 3"),
        ("Dép.;A (€);Dép. ⏎ Lot;1;Ain ⏎ Nord;2;x", "'Ain' stands in the column 'Dép.': the row may be shifted", "l. 2"),
        ("Dép.;A (€);Région ⏎ Lot;1;Ain ⏎ Nord;2;Corse", "'Ain' stands in the column 'Région': the row may be", "l. 2"),
        ("Région;A (€);Note ⏎ Bretagne;1;Ain ⏎ Corse;2;x", "'Ain' is no département of 'Bretagne'", "l. 2"),
        ("Article;Nom;A (€) ⏎ a;Salaires;1 ⏎ b;Primes;2", "'Article' is the heading of accounts of a budget", None),
        ("Nature comptable;A (€) ⏎ Salaires;1 ⏎ Primes;2", "'Nature comptable' is the heading of accounts", None),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ (12);2 ⏎ Nord;3", "'(12)' stands in the column of names", "l. 3"),
        (
            "Région;Dép.;M (€) ⏎ Corse;Haute-Corse;1 ⏎ Ain;Lot;2 ⏎ Sud;Var;3",
            "'Ain' stands in the column 'Région'",
            "l. 3",
        ),
        (
            "Région;Dép.;M (€) ⏎ Bretagne;Finistère;1 ⏎ Morbihan;Morbihan;2 ⏎ Normandie;Eure;3",
            "'Morbihan' stands in the column 'Région'",
            "l. 3",
        ),
        (
            "Région;Dép.;M (€) ⏎ Bretagne;Finistère;1 ⏎ ;Morbihan;2 ⏎ Normandie;;3",
            "'Normandie' is a région, and 'Finistère' is no département of it",
            "l. 4",
        ),
        ("Dép.;A (€);B (€) ⏎ Ain;1;2 ⏎ Lot;3;4 ⏎ ;5;7", "'5 ; 7' stands on a row without a name", "l. 4"),
        ("Dép.;2023 ⏎ Places; ⏎ Ain;12 ⏎ Crédits (k€); ⏎ Nord;120", "'Crédits (k€)' gives another unit", "l. 4"),
    ],
)
def test_what_a_row_can_not_be_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(CdppeError, lines, reason, place)


def test_a_row_of_a_part_or_of_a_mean_is_in_no_total(read):
    annex = read("Département;Dotation", "Ain;10 €", "dont lot 3;4 €", "Lot;20 €", "Moyenne;15 €", "Total;30 €")
    assert [row.kind for row in annex.table.rows] == ["departement", "dont", "departement", "moyenne", "total"]
    assert [(check.status, check.added) for check in annex.table.checks] == [("egal", 30)]


def test_a_number_that_is_no_cell_of_a_row_is_set_apart_with_its_reason(layout):
    """The words of a title may stand in the grid, those of the headings again on its next page with another number."""
    rows = "Titre 7||", "Dép.|A 12|M (€)", "Ain|1|2", "Zone 8 et autres lieux||", "Dép.|A 13|M (€)", "Lot|3|4"
    reader = read_rows(layout(*rows, "En % du tout|9|10"))
    assert [(number.text, number.reason) for number in reader.numbers] == [
        ("7", "titre"),
        ("12", "titre de colonne"),
        ("8", "note"),
        ("13", "titre de colonne répété"),
        ("9", "en pourcentage"),
        ("10", "en pourcentage"),
    ]


def test_a_total_under_another_unit_gives_it_to_its_bare_amounts_alone(layout):
    rows = "Dép.|Places|A (€)|B (€)|C (€)", "Ain|1|2|3|4", "Total (en k€)|4|0,002|3 €|nd"
    assert read_rows(layout(*rows)).drafts[-1].row.cells == ("Total (en k€)", "4", "0,002 k€", "3 €", "nd")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Ain et Lot;12 et 3", "'Ain et Lot' names territories among the headings, beside '12 et 3'"),
        ("Ain/Lot;12/3", "'Ain/Lot' names territories among the headings"),
        ("Ain 12 345 €;x", "'Ain 12 345 €' holds a name and a number"),
    ],
)
def test_a_row_that_is_taken_for_a_heading_is_refused(read, row, why):
    with pytest.raises(TableError, match=why):
        read("Dép.;M (€)", row, "Lot;4", "Nord;5")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            [
                "Région                Base (€)   Places",
                "Bretagne                  12       14",
                "Corse 13 422 723                    5",
            ],
            "'Corse 13 422 723' holds a name and a number: its columns are lost",
        ),
        (
            [
                "Région              Base (€) Places",
                "Alsace               66 462      29",
                "Aquitaine         3 801 054      50",
                "Total           331 427 309 1 070",
            ],
            "'331 427 309 1 070', in the column 'Base (€)', is no number taken whole",
        ),
        (
            ["Région        2023  2024  Places", "Bretagne    304 3 729       14", "Corse     2 322 1 095       15"],
            "'2023 2024' is the heading of one column: '304 3 729' may be several numbers",
        ),
    ],
)
def test_numbers_one_space_from_their_neighbours_are_refused(read, lines, reason):
    with pytest.raises(TableError, match=re.escape(reason)):
        read(*lines)


def test_a_territory_whose_pieces_stand_in_no_columns_is_refused(check_refused):
    rows = "Département        Enfants Places ⏎ Ardennes              360  568 ⏎ Aube                  315  131"
    for name in ("Charente-Maritime   ", "973 Guyane          "):
        check_refused(
            TableError, f"{rows} ⏎ {name} [1-4] 555", "'[1-4]', in the column 'Enfants', is no number", "l. 4"
        )
    reason = "names a territory, and stands in no columns of the page"
    rows = "Département     A      B ⏎ Ain           360    568 ⏎ Aisne         315    131"
    check_refused(TableError, f"{rows} ⏎ Lot               [1]", reason, "l. 4")


def test_the_codes_of_units_are_those_of_establishments_whatever_comes_back(read):
    annex = read("FINESS EJ;FINESS ET;Nom;M (€)", "010000123;010000131;IME A;4", "020000123;020000149;IME B;5")
    assert [row.code for row in annex.table.rows] == ["010000131", "020000149"]


def test_one_name_twice_is_a_région_above_its_département_where_others_are_so(read, check_refused):
    rows = "D;M (€) ⏎ Guadeloupe;5 ⏎ Guadeloupe;5 ⏎ Martinique;6 ⏎ Martinique;6"
    kinds = [row.kind for row in read(*rows.split(" ⏎ ")).table.rows]
    assert kinds == ["region", "departement"] * 2
    check_refused(TerritoryError, "D;M (€) ⏎ Ain;5 ⏎ Martinique;6 ⏎ Martinique;6", "'Martinique' is given twice", None)


def test_marks_under_notes_are_words_and_no_withdrawals(read):
    for heading, marks in (("Note", ("(1)", "(2)")), ("Suivi", ("(1)", "*"))):
        annex = read(f"D;M (€);{heading}", f"Ain;5;{marks[0]}", f"Lot;6;{marks[1]}", "Nord;7;")
        assert annex.table.columns[2].kind == "texte"
    assert read("D;M (€);Solde", "Ain;5;(1)", "Lot;6;(2)", "Nord;7;3").table.rows[0].figures[2] == -1


def test_establishments_and_communes_have_names_that_come_back_or_are_those_of_départements(short, read):
    rows = [
        "320273423;IME A;Vienne;4",
        "480589542;IME A;Mayenne;5",
        "230495851;IME B;Tarbes;6",
        "300590977;IME A;Nice;7",
    ]
    annex = read("FINESS;Établissement;Commune;M (€)", *rows)
    assert [row.name for row in annex.table.rows] == ["IME A", "IME A", "IME B", "IME A"]
    rows = ["39;39252;Saint-Fort;4", "39;39290;Saint-Fort;5", "39;39300;Lons;6"]
    assert [row.code for row in read("Dép.;Code;Commune;M (€)", *rows).table.rows] == ["39252", "39290", "39300"]
