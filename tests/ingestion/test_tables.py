"""The figures of rows, their totals, the fate of every number."""

import re

import pytest

from cdppe_analysis.errors import CheckError, TableError
from cdppe_analysis.ingestion.columns import layout_of
from cdppe_analysis.ingestion.grids import Grid, Row
from cdppe_analysis.ingestion.tables import table_of


def test_a_withdrawal_is_below_zero_and_said(read, figures):
    annex = read("Département;Montant", "Ain;(4 211 €)", "Lot;-2 €", "Nord;474 211 €")
    assert figures(annex) == {"01": (-4211,), "46": (-2,), "59": (474211,)}
    assert "2 nombres sont des retraits, lus au-dessous de zéro." in [r.sentence for r in annex.remarks]


@pytest.mark.parametrize("cell", ["~474 211 €", "2x204 211", "474   211 €", "n°1 204 211 €", "4 211 $"])
def test_a_cell_that_is_no_number_taken_whole_is_refused_with_its_column(read, cell):
    with pytest.raises(TableError, match="in the column 'Montant', is no number taken whole") as told:
        read("Département;Montant", "Ain;1 €", f"Lot;{cell}", "Nord;3 €", "Gard;4 €")
    assert told.value.cell == "l. 3"


def test_a_void_keeps_its_place_and_is_said(read, figures):
    annex = read("Département;A (€);B (€)", "Ain;-;1", "Lot;2;nd", "Nord;3;4")
    assert figures(annex) == {"01": (None, 1), "46": (2, None), "59": (3, 4)}
    assert [remark.text for remark in annex.remarks if remark.kind == "vide"] == ["-", "nd"]


def test_numbers_without_a_name_are_a_total_that_the_sums_prove_or_are_refused(read):
    assert [c.name for c in read("D;M (€)", "Ain;1", "Lot;2", "Nord;3", ";6").table.checks] == ["total sans nom"]
    with pytest.raises(TableError, match="stands on a row without a name, and is the total of no rows"):
        read("D;M (€)", "Ain;1", "Lot;2", "Nord;3", ";7")
    for other in ("4;5;6", "3;5;7", "4;5;7"):
        with pytest.raises(TableError, match="is the total of no rows"):
            read("D;A (€);B (€);C (€)", "Ain;1;2;3", "Lot;2;3;3", f";{other}")
    with pytest.raises(TableError, match="is the total of no rows"):
        read("D;M (k€)", "Ain;1,04", "Lot;2,04", "Nord;3,04", ";6,1")


def test_two_natures_in_a_column_are_refused(read):
    with pytest.raises(TableError, match="prints several natures: %, €"):
        read("Département;Montant", "Ain;1 €", "Lot;2 %", "Nord;3 €")


def test_amounts_of_several_units_are_one_column_in_euros_and_it_is_said(read, figures):
    annex = read("Département;Montant", "Ain;4 k€", "Lot;2 500 €", "Nord;0,1 M€", "Total;106,5 k€")
    assert figures(annex) == {"01": (4000,), "46": (2500,), "59": (100000,)}
    assert annex.frame()["montant_eur"].tolist()[:3] == ["4000", "2500", "100000"]
    said = [(remark.place, remark.sentence) for remark in annex.remarks if remark.kind == "unite"]
    assert said == [("l. 2", "Chaque montant a son unité ; tous sont lus en euros.")]
    assert [check.status for check in annex.table.checks] == ["egal"]


def test_a_bare_amount_among_several_units_is_refused(read):
    with pytest.raises(TableError, match="'3' has no unit, and its column has several"):
        read("Département;Montant", "Ain;4 k€", "Lot;2 500 €", "Nord;3")


def test_a_bare_amount_takes_the_unit_of_the_others_and_it_is_said(read, figures):
    annex = read("Département;Montant", "Ain;1 k€", "Lot;2", "Nord;3 k€")
    assert figures(annex)["46"] == (2000,)
    assert [(remark.place, remark.text) for remark in annex.remarks if remark.kind == "unite"] == [("l. 3", "2")]


def test_the_total_of_a_région_whose_rows_are_missing_is_refused(read):
    with pytest.raises(TableError, match="'Total Normandie' is the total of no row"):
        read("Ain;1 €", "Total Auvergne-Rhône-Alpes;1 €", "Total Normandie;2 €", "TOTAL;3 €")


@pytest.mark.parametrize(
    "cells", [("12/15", "9/10"), ("-1,3 pt/an", "+2 pt/an"), ("4 à 6", "7 à 9"), ("env. 12", "plus de 3")]
)
def test_numbers_among_other_signs_are_kept_as_words_and_it_is_said(read, cells):
    annex = read("Dép.;Part;Montant (€)", f"Ain;{cells[0]};4", f"Lot;{cells[1]};5")
    said = [remark.sentence for remark in annex.remarks if remark.kind == "texte"]
    assert said == ["« Part » porte des nombres parmi d'autres signes : ils sont gardés comme des mots."]


def test_columns_of_one_heading_are_said(read):
    annex = read("Département;Places;Montant (€);Places", "Ain;2;3;4", "Lot;4;5;6")
    assert [remark.text for remark in annex.remarks if remark.kind == "titre"] == ["Places"]


@pytest.mark.parametrize(
    ("lines", "sums"),
    [
        # A column of totals is that of most rows: two of three.
        ("Dép.;A (€);B (€);Total (€) ⏎ Ain;10;20;30 ⏎ Lot;10;20;30 ⏎ Nord;10;20;90",
         "Ain 30 egal · Lot 30 egal · Nord 30 ecart"),
        ("Dép.;A (€);B (€);Total (€) ⏎ Ain;10;20;30 ⏎ Lot;10;20;80 ⏎ Nord;10;20;90", ""),
        ("Dép.;A (€);B (€);T total (€) ⏎ Ain;1;2;3 ⏎ Lot;1;2;3 ⏎ Nord;1;2;9 ⏎ Gers;1;2;9", ""),
        # It adds up the columns of its unit, two at least.
        ("Dép.;A (€);Places;C (€);Total (€) ⏎ Ain;10;20;5;15 ⏎ Lot;10;20;6;16", "Ain 15 egal · Lot 16 egal"),
        ("Dép.;A (€);Places;Total (€) ⏎ Ain;10;20;10 ⏎ Lot;11;20;11", ""),
        # A total that adds up those of its row is a sum of their parts.
        ("R;A (€);B (€);Total A+B (€);C (€);Total général (€) ⏎ Corse;10;1;11;4;15 ⏎ Bretagne;20;2;22;5;72 ⏎ "
         "Normandie;20;2;22;6;28",
         "Corse 11 egal · Bretagne 22 egal · Normandie 22 egal · "
         "Corse 15 egal · Bretagne 27 ecart · Normandie 28 egal"),
        # The total of a région stands on one of its rows, under a heading that says so where it has one row.
        ("R;T;D;M (€) ⏎ Bretagne;30 €;Finistère;10 ⏎ ;;Morbihan;20 ⏎ Normandie;40 €;Eure;40",
         "Bretagne 30 egal · Normandie 40 egal"),
        ("R;T région (€);D;M (€) ⏎ Bretagne;3;Finistère;3 ⏎ Normandie;4;Eure;4", "Bretagne 3 egal · Normandie 4 egal"),
        ("R;Montant (€);D;M (€) ⏎ Bretagne;3;Finistère;3 ⏎ Normandie;4;Eure;4", ""),
        # Half of the last digit of each, for amounts and shares; shares that are no parts of their total are let be.
        ("Dép.;M (k€) ⏎ Ain;1,4 ⏎ Lot;2,4 ⏎ Total;3,9", "Total 3800 arrondi"),
        ("Dép.;M (k€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Total;5", "Total 3000 ecart"),
        ("Dép.;Part ⏎ Ain;10,0 % ⏎ Lot;20,1 % ⏎ Total;30 %", "Total 30.1 arrondi"),
        ("Dép.;Part ⏎ Ain;10 % ⏎ Lot;20 % ⏎ Total;99 %", ""),
        # Those that make 100 are parts of it; rates near 100 are not.
        ("Dép.;Part ⏎ Ain;10 % ⏎ Lot;20 % ⏎ Total;100 %", "Total 30 ecart"),
        ("Dép.;Taux ⏎ Ain;98 % ⏎ Lot;102 % ⏎ Total;100 %", ""),
        ("Dép.;Part ⏎ Ain;60 % ⏎ Lot;70 % ⏎ Total;100 %", "Total 130 ecart"),
        ("Dép.;Part ⏎ Ain;80 % ⏎ Lot;70 % ⏎ Total;100 %", ""),
        ("Dép.;Tarif soins (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total;30", "Total 30 egal"),
        ("Dép.;Prix (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total;15", ""),
        # Each row of a table is held to its columns, and each column to its rows; a void is held to nothing.
        ("Dép.;A (€);B (€);Total (€) ⏎ Ain;10;1;11 ⏎ Lot;20;2;22 ⏎ Total;30;3;33",
         "Total 30 egal · Total 3 egal · Total 33 egal · Ain 11 egal · Lot 22 egal · Total 33 egal"),
        ("Dép.;A (€);B (€);Total (€) ⏎ Ain;10;1;11 ⏎ Lot;20;2; ⏎ Nord;20;2;22", "Ain 11 egal · Nord 22 egal"),
        # The total of another year is let be beside one of the same words that is the sum of the rows.
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total 2024;30 ⏎ Total 2023;28", "Total 2024 30 egal"),
        ("Dép.;A (€);B (€) ⏎ Ain;10;1 ⏎ Lot;20;2 ⏎ Total 2024;30;3 ⏎ Total 2023;28;3",
         "Total 2024 30 egal · Total 2024 3 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total 2024;30 ⏎ Cumul 2023;28", "Total 2024 30 egal · Cumul 2023 30 ecart"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total;30 ⏎ Cumul;28", "Total 30 egal · Cumul 30 ecart"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total 2024;35 ⏎ Total 2023;28", "Total 2024 30 ecart · Total 2023 30 ecart"),
        # The total of a région stands on any of its rows, on the left of its amounts or on their right.
        ("R;D;M (€);T région (€) ⏎ Bretagne;Finistère;10;30 ⏎ ;Morbihan;20; ⏎ Normandie;Eure;40;40",
         "Bretagne 30 egal · Normandie 40 egal"),
        ("R;D;T région (€);M (€) ⏎ Bretagne;Finistère;;10 ⏎ Bretagne;Morbihan;33;20 ⏎ Normandie;Eure;40;40 ⏎ "
         "Corse;Haute-Corse;5;5", "Bretagne 30 ecart · Normandie 40 egal · Corse 5 egal"),
        ("R;D;ARS (€);M (€) ⏎ Bretagne;Finistère;10;10 ⏎ Normandie;Eure;40;40", "Bretagne 10 egal · Normandie 40 egal"),
        ("R;D;M (€);ARS (€) ⏎ Bretagne;Finistère;10;10 ⏎ Normandie;Eure;40;40", ""),
        ("R;D;T région (€);M (€) ⏎ Bretagne;Finistère;30;10 ⏎ Bretagne;Morbihan;30;20 ⏎ Normandie;Eure;40;40", ""),
        ("R;Base (€);ARS (€);D;M (€) ⏎ Bretagne;1;3;Finistère;3 ⏎ Normandie;2;4;Eure;4",
         "Bretagne 3 egal · Normandie 4 egal"),
        ("R;T région (€);D;A (€);B (€) ⏎ Bretagne;3;Finistère;3;3 ⏎ Normandie;4;Eure;4;4",
         "Bretagne 3 egal · Normandie 4 egal"),
        # Rounded amounts and nothing at all prove no sum.
        ("Dép.;M (k€) ⏎ Nord;1,4 ⏎ Lot;2,4 ⏎ Zone;3,9 ⏎ Gers;7", ""),
        ("Dép.;M (€) ⏎ Nord;0 ⏎ Lot;0 ⏎ Zone;0 ⏎ Gers;7", ""),
        ("Dép.;M (€) ⏎ Nord;1 ⏎ Zone;1 ⏎ Lot;7", ""),
        ("Dép.;M (€) ⏎ Nord;1 ⏎ Lot;5 ⏎ Zone A;1 ⏎ Zone B;7", ""),
    ],
)  # fmt: skip
def test_what_each_total_adds_up_and_how_it_agrees(read, lines, sums):
    checks = read(*lines.split(" ⏎ "), accept_gaps=True).table.checks
    assert " · ".join(f"{each.name} {each.added.normalize():f} {each.status}" for each in checks) == sums


@pytest.mark.parametrize("form", ["semicolons", "html"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3400, 3425)) == {}


@pytest.mark.parametrize(
    "fault", ["row_lost", "row_twice", "digit", "code", "short_row", "long_row", "shifted", "no_value"]
)
def test_a_fault_of_a_made_annex_is_refused_or_read_as_it_is_printed(misread, fault):
    assert misread("semicolons", range(3450, 3462), fault) == {}


def test_every_number_has_its_fate_and_what_is_set_apart_its_reason(read):
    annex = read(
        "Annexe 2 du 3 mars 2020",
        "Rang;Code;Département;Année;Places;Montant 2021 (€)",
        "1;01;Ain (01);2020;4;15 (1)",
        "2;46;Lot;2020;5;20",
        "3;59;Nord;2020;6;30",
        ";;dont lot 8;;;7",
        "Total;;;;15;65",
        "(1) Note de 2019",
    )
    fates = [(number.text, number.fate) for number in annex.numbers if number.place in ("l. 3", "l. 7")]
    assert fates == [
        ("1", "rang"), ("01", "code"), ("01", "code"), ("2020", "lu"), ("4", "lu"), ("15", "lu"), ("1", "a_part"),
        ("15", "total"), ("65", "total"),
    ]  # fmt: skip
    assert {reason: [number.text for number in numbers] for reason, numbers in annex.apart.items()} == {
        "titre de colonne": ["2021"],
        "appel de note": ["1"],
        "libellé": ["8"],
        "hors du tableau": ["2", "3", "2020", "1", "2019"],
    }
    assert annex.told() == "27 nombres : 10 lus, 4 codes, 3 rangs, 2 totaux vérifiés, 8 mis à part"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        # The unit of a cell where the heading has none: the first, or those of half of the cells, are of the column.
        ("Dép.;2023 ⏎ Ain;1 ⏎ Lot;2 % ⏎ Nord;3 % ⏎ Gers;4", ["l. 2 unite 1", "l. 5 unite 4"]),
        ("Dép.;2023 ⏎ Ain;1 € ⏎ Lot;2 ⏎ Nord;3 ⏎ Gers;4",
         ["l. 3 unite 2", "l. 4 unite 3", "l. 5 unite 4", "l. 5 total 2023"]),
        ("Dép.;2023 ⏎ Ain;1 € ⏎ Lot;2 ⏎ Nord;3 € ⏎ Gers;4 ⏎ Var;5",
         ["l. 3 unite 2", "l. 5 unite 4", "l. 6 unite 5", "l. 6 total 2023"]),
        ("Dép.;2023 ⏎ Ain;1 ⏎ Lot;2 ⏎ Nord;3 ⏎ Total;6 k€", ["l. 2 unite 1", "l. 3 unite 2", "l. 4 unite 3"]),
        ("Dép.;Base ⏎ Ain;4 % ⏎ Lot;6 ⏎ Nord;7 %", ["l. 3 unite 6"]),
        ("Dép.;Places ⏎ Ain;1 ⏎ Lot;2 places ⏎ Nord;3 places ⏎ Gers;4", []),
        # A unit that is not taken, one that is not there, one that is that of the title.
        ("Crédits, en k€ ⏎ Dép.;Services;Aide ⏎ Ain;4;5 ⏎ Lot;6;7", ["l. 2 unite Services", "l. 4 total Aide"]),
        ("Dép.;Services;Aide (k€) ⏎ Ain;4;5 ⏎ Lot;6;7", ["l. 1 unite Services", "l. 3 total Aide (k€)"]),
        ("Dép.;Vague;Aide (k€) ⏎ Ain;4;5 ⏎ Lot;6;7", ["l. 3 total Aide (k€)"]),
        ("Dép.;Montant;2023 ⏎ Ain;4;5 ⏎ Lot;6;7", ["l. 1 unite Montant", "l. 1 unite 2023", "l. 3 total Montant"]),
        ("Crédits, en k€ ⏎ Dép.;2023;Part ⏎ Ain;4;5 % ⏎ Lot;6;7 %", ["l. 3 unite 2023", "l. 4 total 2023"]),
        # Columns of one heading, of codes that no heading says, of numbers among other signs.
        ("Dép.;A (€);A (€);B (€) ⏎ Ain;1;2;3 ⏎ Lot;4;5;6",
         ["l. 2 titre A (€)", "l. 3 total A (€)", "l. 3 total A (€)", "l. 3 total B (€)"]),
        ("Dép.;A (€);; ⏎ Ain;1;2;3 ⏎ Lot;4;5;6", ["l. 1 unite ", "l. 1 unite ", "l. 3 total A (€)"]),
        ("Dép.;Base;M (€) ⏎ Ain;1;3 ⏎ Aisne;2;6 ⏎ Allier;3;7", ["l. 2 code Base", "l. 4 total M (€)"]),
        ("Dép.;Département;M (€) ⏎ Ain;1;3 ⏎ Aisne;2;6 ⏎ Allier;3;7", ["l. 4 total M (€)"]),
        ("Dép.;Insee;M (€) ⏎ Ain;01;3 ⏎ Aisne;02;6 ⏎ Allier;03;7", ["l. 4 total M (€)"]),
        ("Dép.;Note;Autre;M (€) ⏎ Ain;vu;12/03/2024;3 ⏎ Lot;12/15;01/02/2024;6 ⏎ Nord;9/15;x;6",
         ["l. 3 texte 12/15", "l. 4 total M (€)"]),
        ("Dép.;Note;M (€) ⏎ Ain;12/15;3 ⏎ Lot;vu;6", ["l. 3 total M (€)"]),
        ("Dép.;Téléphone;M (€) ⏎ Ain;12/15;3 ⏎ Lot;12/15;6", ["l. 3 total M (€)"]),
        ("Dép.;Code x;M (€) ⏎ Ain;12/15;3 ⏎ Lot;12/15;6", ["l. 3 total M (€)"]),
        # Voids of amounts and of shares, on half of the rows at most; words in place of a number, but on a total.
        ("Dép.;A (€);B (€) ⏎ Ain;nd;1 ⏎ Lot;nd;2 ⏎ Nord;3;3 ⏎ Gers;4;5",
         ["l. 2 vide nd", "l. 3 vide nd", "l. 5 total A (€)", "l. 5 total B (€)"]),
        ("Dép.;A (€);B (€) ⏎ Ain;nd;1 ⏎ Lot;nd;2 ⏎ Nord;nd;3 ⏎ Gers;4;5", ["l. 5 total A (€)", "l. 5 total B (€)"]),
        ("Dép.;Places;B (€) ⏎ Ain;nd;1 ⏎ Lot;4;2 ⏎ Nord;3;3", ["l. 4 total B (€)"]),
        ("Dép.;Part;B (€) ⏎ Ain;nd;1 ⏎ Lot;4 %;2 ⏎ Nord;3 %;3", ["l. 2 vide nd", "l. 4 total B (€)"]),
        ("Dép.;Places;M (€) ⏎ Ain;oui;1 ⏎ Lot;4;2 ⏎ Réserve;en cours;4 ⏎ Nord;3;5 ⏎ Gers;3;1 ⏎ Total;vu;13",
         ["l. 4 autre Réserve", "l. 2 vide oui", "l. 4 vide en cours"]),
        ("Commune;Places;M (€) ⏎ Lille;oui;1 ⏎ Lens;4;2 ⏎ Loos;nd;3 ⏎ Arras;3;nd",
         ["l. 2 nom Commune", "l. 2 vide oui", "l. 5 total M (€)"]),
        # What is below zero, what no total proves.
        ("Dép.;Places ⏎ Ain;-1 ⏎ Lot;2 ⏎ Total;1", ["l. 2 signe 1"]),
        ("Dép.;Évolution ⏎ Ain;-1 % ⏎ Lot;2 %", []),
        ("Dép.;Places ⏎ Ain;1 ⏎ Lot;2 ⏎ Total sans 2023;-3", ["l. 4 ecart -3"]),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total 2024;30 ⏎ Total 2023;28", ["l. 5 total Total 2023"]),
        ("Dép.;Prix (€);M (€) ⏎ Ain;1;3 ⏎ Lot;2;6 ⏎ Total;;9", ["l. 4 total Prix (€)"]),
    ],
)  # fmt: skip
def test_what_is_said_of_the_columns_and_of_their_cells(read, lines, said):
    annex = read(*lines.split(" ⏎ "), accept_gaps=True)
    assert [f"{each.place} {each.kind} {each.text}" for each in annex.remarks] == said


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Dép.;2023 ⏎ Ain;1 ⏎ Lot;2 ⏎ Nord;3 % ⏎ Gers;4", "'3 %' stands in the column '2023', whose others have",
         "l. 4"),
        ("Dép.;Places ⏎ Ain;1 ⏎ Lot;2 places ⏎ Nord;3 ⏎ Gers;4", "'2 places' stands in the column 'Places'", "l. 3"),
        ("Dép.;Part (%) ⏎ Ain;3 € ⏎ Lot;2 €", "the column 'Part (%)' prints several natures: %, €", "l. 2"),
        ("Dép.;M ⏎ Ain;3 k€ ⏎ Lot;2 M€ ⏎ Nord;4", "'4' has no unit, and its column has several", "l. 4"),
        ("Dép.;M (€) ⏎ Somme;3 ⏎ Nord;1 ⏎ Lot;2", "'Somme' is the sum of the other rows: a total, or the dép", "l. 2"),
        ("Dép.;M (€) ⏎ Zone;3 ⏎ Nord;1 ⏎ Lot;2", "'Zone' is the sum of the other rows: a total, or a row?", "l. 2"),
        ("Dép.;M (€) ⏎ Nord;1 ⏎ Lot;2 ⏎ Zone;3 ⏎ Gers;7", "'Zone' is the sum of the rows above it: a total", "l. 4"),
        ("Dép.;A (€);B (€) ⏎ Ain;1;0 ⏎ Lot;2;0 ⏎ Zone;3;0 ⏎ Gers;7;1", "'Zone' is the sum of the rows above", "l. 4"),
        ("Région;M (€) ⏎ Bretagne;1 ⏎ Corse;2 ⏎ Zone;3", "'Zone' is the sum of the other rows", "l. 4"),
        ("D;M (€) ⏎ Ain;1 ⏎ Lot;1 ⏎ Bretagne;2 ⏎ Nord;4", "'Bretagne' is a région, and 'Ain' is no département of it",
         "l. 4"),
    ],
)  # fmt: skip
def test_what_the_figures_of_a_table_can_not_be_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(TableError, lines, reason, place)


@pytest.mark.parametrize(
    ("merged", "reason"),
    [
        ({"spans": {2: 2}}, "'4' is merged over 2 rows: nobody knows to which it belongs"),
        ({"hidden": frozenset({2})}, "'3' is merged over several columns of numbers: which is it of?"),
        ({"spans": {2: 1, 0: 2}, "hidden": frozenset()}, ""),
        ({"hidden": frozenset({1})}, ""),
    ],
)
def test_a_number_of_a_merged_cell_is_refused(merged, reason):
    rows = [Row(("Dép.", "A (€)", "B (€)"), "l. 1"), Row(("Ain", "3", "4"), "l. 2", **merged)]
    layout = layout_of(Grid((*rows, Row(("Lot", "5", "6"), "l. 3"))))
    if reason:
        with pytest.raises(TableError, match=re.escape(reason)) as told:
            table_of(layout)
        assert told.value.cell == "l. 2"
    else:
        assert [len(row.figures) for row in table_of(layout).rows] == [3, 3]


@pytest.mark.parametrize(
    ("lines", "fates"),
    [
        ("Dép.;Note;M (€) ⏎ Ain;lot 8;1 ⏎ Lot;vu;2 ⏎ Total;lot 9;3", "8 lu, 1 lu, 2 lu, 9 a_part, 3 total"),
        ("Code;Commune;M (€) ⏎ 59350;Lille 2;1 ⏎ 62498;Lens;3", "59350 code, 2 lu, 1 lu, 62498 code, 3 lu"),
        ("Dép.;M (€) ⏎ 01 Ain (2);1 (3) ⏎ 2A Corse-du-Sud;4 ⏎ Zone 5;6",
         "01 code, 2 a_part, 1 lu, 3 a_part, 2 code, 4 lu, 5 a_part, 6 lu"),
        ("Région;Dép.;M (€) ⏎ Bretagne (5);Finistère;1 ⏎ Bretagne (5);Morbihan;2 ⏎ Normandie;Eure;3",
         "5 a_part, 1 lu, 5 a_part, 2 lu, 3 lu"),
        ("Dép.;M (€);Note ⏎ Ain;4;(1) ⏎ Lot;5;(12) ⏎ Nord;6;*", "4 lu, 1 a_part, 5 lu, 12 a_part, 6 lu"),
    ],
)  # fmt: skip
def test_a_number_of_words_is_read_or_set_apart_by_its_row_and_column(read, lines, fates):
    annex = read(*lines.split(" ⏎ "))
    assert ", ".join(f"{each.text} {each.fate}" for each in annex.numbers if each.place != "l. 1") == fates


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Extension de capacité", "Cette colonne compte"),
        ("Demandé", "Cette colonne compte"),
        ("Renfort ETP", "Cette colonne compte"),
        ("Création de 14 places", "Cette colonne compte"),
        ("Fraction de TVA", "Cette colonne est un rapport"),
        ("Nombre de demandes", ""),
        ("Places installées 2024", ""),
        ("Taux", ""),
    ],
)
def test_a_column_without_its_unit_under_a_title_in_thousands_is_said_not_to_take_it(read, heading, said):
    annex = read("Dépenses (en k€)", f"Département;{heading};Autre dépense", "Ain;10;1000", "Lot;30;2000")
    told = [remark.sentence for remark in annex.remarks if (remark.kind, remark.text) == ("unite", heading)]
    assert [sentence.partition(" ;")[0] for sentence in told] == ([said] if said else [])


@pytest.mark.parametrize("heading", ["Décision modificative n° 1", "Frais de siège", "Capacité d'autofinancement"])
def test_money_that_holds_a_word_of_counting_has_the_unit_of_the_title(read, short, heading):
    annex = read("Dépenses (en k€)", f"Département;{heading};Autre dépense", "Ain;10;1000", "Lot;30;2000")
    assert short(annex)[1] == "01: 10000 1000000 · 46: 30000 2000000"


def test_a_number_without_its_per_cent_is_said(read):
    annex = read("Région;Part", "Bretagne;3,2 %", "Corse;0,041", "Normandie;5 %")
    [remark] = [remark for remark in annex.remarks if remark.kind == "unite"]
    assert (remark.text, remark.place) == ("0,041", "l. 3")


def test_per_cent_and_per_mille_are_two_natures(read):
    with pytest.raises(TableError, match="prints several natures: %, ‰"):
        read("Dép.;Taux", "Ain;3 %", "Lot;2 ‰", "Nord;3 ‰")


@pytest.mark.parametrize("last", ["0,58", "0,57"])
def test_fractions_under_per_cent_are_refused(read, last):
    with pytest.raises(TableError, match=r"make 1: are they fractions, or in per cent as it says\? \(at l. 2\)"):
        read("Région;Part (%)", "Bretagne;0,32", "Corse;0,10", f"Normandie;{last}")


def test_small_shares_of_a_whole_are_per_cent(read, short):
    assert short(read("Région;Part (%)", "Bretagne;0,32", "Corse;0,10"))[1] == "53: 0.32 · 94: 0.1"


@pytest.mark.parametrize("name", ["France", "Ensemble", "France métropolitaine", "Métropole"])
def test_a_total_between_its_parts_is_a_mean_and_said(read, short, name):
    annex = read("Âge moyen à l'entrée", "Département;2021;Revenu (€)", "Ain;10;1200", "Lot;20;2000", f"{name};14;1500")
    told = [(remark.place, remark.text, remark.sentence[:14]) for remark in annex.remarks if remark.kind == "moyenne"]
    assert told == [("l. 5", name, "Sous « 2021 »,"), ("l. 5", name, "Sous « Revenu ")]
    assert not annex.table.checks


@pytest.mark.parametrize("last", ["Total;15", "Cumul;15", "France;9", "France;21", "France;-15"])
def test_what_is_called_a_sum_or_is_out_of_its_parts_is_no_mean(read, last):
    with pytest.raises(CheckError, match="ce n'est pas un arrondi"):
        read("Département;2021", "Ain;10", "Lot;20", last)


def test_a_total_that_is_a_sum_in_another_column_is_no_mean(read):
    with pytest.raises(CheckError, match="« France », sous « M »"):
        read("Département;Places;M", "Ain;10;1200", "Lot;20;9000", "France;30;3200")


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        (["12 (10)", "40 (25)", "5"], "12 (10)"),
        (["1 204 (25)", "40", "5"], "1 204 (25)"),
        (["12 [3]", "40 [3]", "5 [1]"], "12 [3]"),
        (["12 (1)", "40", "5 (2)", "7"], ""),
        (["12 (9)", "40 (10)", "5", "7"], ""),
        (["12", "(40)", "(15)"], ""),
    ],
)
def test_a_number_in_parentheses_after_another_is_a_footnote_where_it_can_be_one(read, cells, refused):
    lines = [f"{name};{cell}" for name, cell in zip(["Bretagne", "Corse", "Guyane", "Normandie"], cells, strict=False)]
    if refused:
        with pytest.raises(TableError, match=re.escape(f"{refused!r}, in the column 'Places', may hold two numbers")):
            read("Région;Places", *lines)
    else:
        assert len(read("Région;Places", *lines).table.rows) == len(cells)


def test_a_bare_amount_under_a_title_in_another_unit_than_its_column_prints_is_refused(read):
    with pytest.raises(TableError, match="'8' has no unit, beside others in €, under a title in k€"):
        read("Aides, en k€", "Dép.;Aide", "Ain;9 €", "Lot;8")
