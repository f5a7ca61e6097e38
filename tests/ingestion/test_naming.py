"""The column that names the rows, and what the rows are."""

import pytest


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
