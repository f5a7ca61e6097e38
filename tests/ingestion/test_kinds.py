"""What a column is, from its heading and its cells."""

import re

import pytest

from cdppe_analysis.errors import TableError


def test_a_rank_a_code_of_région_and_a_code_are_told_from_the_amounts(kinds):
    rows = "|Reg|Dép|Nom|Montant", "1|84|01|Ain|4 €", "2|32|02|Aisne|5 €", "3|84|03|Allier|6 €"
    assert [kind for kind, _ in kinds(*rows)] == ["rang", "code_region", "code", "nom", "montant"]


def test_each_column_has_its_own_unit(kinds):
    rows = "Département|Places|Montant (k€)|Part|Population", "Ain|14|276|3 %|643 309", "Lot|7|138|2 %|173 828"
    assert [unit for _, unit in kinds(*rows)[1:]] == ["places", "k€", "%", "habitants"]


def test_the_unit_of_the_nearest_title_goes_to_the_amounts_only(kinds):
    rows = "Vague|Département|Dotation", "1|Ain|276", "2|Lot|138"
    assert kinds(*rows, titles=["(en milliers d'euros)", "en euros"])[2] == ("montant", "k€")
    assert kinds(*rows, titles=["(en milliers d'euros)"])[0] == ("nombre", "")


def test_two_units_in_a_heading_are_refused(layout):
    with pytest.raises(TableError, match="gives several units: € and k€"):
        layout("Département|Montant (€ ou k€)", "Ain|1", "Lot|2")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Places", "nombre"),
        ("Montant", "montant"),
        ("en k€", "montant"),
        ("Code k€", "montant"),
        ("Code", "code"),
        ("Code montant", "code"),
        ("Code service", "code"),
        ("Dép.", "code"),
    ],
)
def test_numbers_that_are_those_of_codes_are_what_their_heading_says(kinds, heading, kind):
    assert kinds(f"Nom|{heading}|Crédits (€)", "Ain|1|4", "Aisne|2|5", "Allier|3|6")[1][0] == kind


def test_a_total_of_the_région_is_no_code_of_it(kinds):
    rows = (
        "Région|Total région|Département|Crédits (k€)",
        "Bretagne|10|Finistère|4",
        "||Morbihan|6",
        "Normandie|3|Eure|3",
    )
    assert kinds(*rows, titles=["en milliers d'euros"])[1] == ("montant", "k€")


def test_codes_beside_other_names_are_those_of_their_départements(read):
    rows = "ML Bresse;01;412;120 400", "ML Lot;46;98;45 000", "ML Lille;59;1 204;450 000"
    columns = read("Mission locale;Département;Jeunes;Crédits (€)", *rows).table.columns
    assert [column.kind for column in columns] == ["nom", "code", "nombre", "montant"]


def test_codes_of_all_spellings_are_codes(kinds):
    for code in ("FR-2A", "20A", "02A", "2A"):
        assert kinds(f"{code}|Corse-du-Sud|4 €", "01|Ain|5 €")[0][0] == "code"


def test_the_unit_of_the_title_goes_to_the_headings_that_say_nothing_and_it_is_said(read, figures):
    rows = "| Bretagne | 1,5 | 4 | 3 |", "|Corse|2|7|9|"
    annex = read("Crédits (en k€)", "", "| ARS | Base 2023 | Places | 2024 |", *rows)
    assert figures(annex) == {"53": (1500, 4, 3000), "94": (2000, 7, 9000)}
    assert [remark.text for remark in annex.remarks if remark.kind == "unite"] == ["Base 2023", "2024"]
    with pytest.raises(TableError, match="nobody knows whether 'Base 2023', beside 'Montant', is in k€"):
        read("Crédits (en k€)", "", "| ARS | Base 2023 | Places | Montant |", *rows)


@pytest.mark.parametrize(
    ("heading", "rows", "kinds_and_units"),
    [
        ("Dép.|Établissements|Services|Total", ["Ain|120|30|150", "Lot|80|20|100"], [("montant", "k€")] * 3),
        ("Dép.|Établissements|Services", ["Ain|120|30", "Lot|80|20"], [("montant", "k€")] * 2),
        ("Dép.|Services|Aide", ["Ain|120|30", "Lot|80|20"], [("nombre", ""), ("montant", "k€")]),
        (
            "Dép.|Aide|Garçons|Filles|Effectif",
            ["Ain|120|30|4|34", "Lot|80|20|1|21"],
            [("montant", "k€"), *[("nombre", "")] * 3],
        ),
        ("Dép.|Part État|Moyens|Montant (€)", ["Ain|1|2|3", "Lot|4|5|9"], [("montant", "€")] * 3),
        ("Dép.|Tranche|Crédits", ["Ain|1|2", "Lot|4|5"], [("nombre", ""), ("montant", "k€")]),
        ("Dép.|Tranche 1|Tranche 2", ["Ain|1|2", "Lot|4|5"], [("montant", "k€")] * 2),
    ],
)
def test_what_a_heading_does_not_say_is_of_the_nature_of_its_sum_or_of_what_is_beside_it(
    kinds, heading, rows, kinds_and_units
):
    assert kinds(heading, *rows, titles=["Répartition, en k€"])[1:] == kinds_and_units


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Aides (k€)", "Dép.|Enfants|Adultes"),
        ("Aides (k€)", "Dép.|Signature|Aide"),
        ("Montants en k€ et nombre de places", "Dép.|CADA|Autres"),
    ],
)
def test_what_may_be_paid_for_or_not_under_the_unit_of_a_title_is_refused(layout, title, heading):
    with pytest.raises(TableError, match=f"nobody knows whether '{heading.split('|')[1]}'"):
        layout(heading, "Ain|1|2", "Lot|4|5", titles=[title])


def test_cp_is_a_postal_code_or_the_credits_of_payment_by_what_its_cells_print(read):
    kinds = [
        [column.kind for column in read(*lines).table.columns]
        for lines in (
            ("Dép;AE;CP", "Ain;1 204 €;1 000 €", "Lot;987 €;900 €"),
            ("Dép;CP;Montant", "Ain;01000;1 000 €", "Lot;46000;900 €"),
            ("Dép;AE (€);CP", "Ain;14;10", "Lot;20;22"),
            ("Région;AE;CP", "Bretagne;1204211;1204211", "Corse;204211;204211"),
            ("Région;AE LFI;CP LFI", "Bretagne;100;98", "Corse;20;19"),
            ("Dép;AE 2024;CP 2024", "Ain;12042;11042", "Lot;46000;9000"),
            ("Dép;AE (€);CP (ETP)", "Ain;12;11", "Lot;3;4"),
        )
    ]
    of_credits = ["nom", "montant", "montant"]
    assert kinds == [of_credits, ["nom", "texte", "montant"], *[of_credits] * 4, ["nom", "montant", "nombre"]]


def test_per_mille_is_a_ratio(read, figures):
    annex = read("Département;Taux (‰);Part", "Ain;12,5;3 ‰", "Lot;9,8;4 ‰")
    assert [column.kind for column in annex.table.columns] == ["nom", "ratio", "ratio"]
    assert annex.table.columns[2].unit == "‰"


@pytest.mark.parametrize(("wrong", "kind"), [(2, "code"), (3, "nombre")])
def test_a_column_without_heading_is_of_codes_where_six_in_ten_are_those_of_the_names(layout, wrong, kind):
    codes = ["01", "02", "03", "04", "05"]
    names = ["Ain", "Aisne", "Allier", "Alpes-de-Haute-Provence", "Hautes-Alpes"]
    printed = [*["99"] * wrong, *codes[wrong:]]
    rows = (f"{code}|{name}|4 €" for code, name in zip(printed, names, strict=True))
    assert layout("|Nom|Montant", *rows).columns[0].kind == kind


@pytest.mark.parametrize(
    ("heading", "cells", "kind"),
    [
        # Void columns and those of words: fewer numbers than words, zeros before each number, dates.
        ("Note", ["", ""], "texte"), ("Note", ["-", "nd"], "texte"), ("", ["", ""], None),
        ("Note", ["vu", "lu", "12"], "texte"), ("Note", ["vu", "11", "12"], "nombre +"),
        ("Note", ["vu", "lu", "11", "12"], "nombre +"), ("Note", ["vu", "lu", "zu", "11", "12"], "texte"),
        ("N° dossier", ["007", "012"], "texte"), ("Note", ["007", "12"], "nombre +"),
        ("Montant", ["12/03/2024", "13/03/2024"], "texte"), ("Montant", ["env. 12", "env. 13"], "texte"),
        ("Montant", ["12 env.", "13 env."], "montant +"), ("Note", ["12 env.", "13 env."], "texte"),
        # Numbers of others: not those that are printed as amounts, nor under a unit.
        ("Téléphone", ["0123456789", "0123456789"], "texte"), ("SIRET", ["12345678900012", "12345678900013"], "texte"),
        ("SIRET", ["1 204", "1 205"], "nombre +"), ("SIRET (€)", ["1204", "1205"], "montant € +"),
        ("SIRET", ["1204€", "1205€"], "montant +"), ("SIRET", ["1,5", "2,5"], "nombre +"),
        ("CP", ["01000", "02000"], "texte"), ("CP", ["01000", "59000"], "montant +"),
        ("CP", ["01000", "2000"], "montant +"), ("CP", ["01 000", "02 000"], "montant +"),
        # Ranks: at most ten more than twice the rows, in order under « N ».
        ("Rang", ["5", "16", "3"], "rang"), ("Rang", ["5", "17", "3"], "nombre"), ("N", ["3", "5", "16"], "rang"),
        ("N", ["5", "16", "3"], "nombre +"), ("N", ["3", "5", "17"], "nombre +"), ("Rang 2024", ["5", "3"], "rang"),
        ("Rang en 2024", ["5", "16", "3"], "rang"), ("Rang du dép.", ["5", "16", "3"], "nombre"),
        ("Classement", ["5", "3", "4"], "rang"), ("Numéro", ["1", "2", "3"], "rang"),
        ("Rang", ["1 €", "2 €", "3 €"], "montant +"), ("N°", ["01", "02", "03"], "code"), ("N°", ["1", "2",
         "3"], "rang"),
        # Units of cells: % of half of them, money, or one of several.
        ("Base", ["3 %", "4 %", "5"], "pourcentage % +"), ("Base", ["3 %", "4", "5"], "nombre +"),
        ("Base", ["3 %", "4", "5 %", "6"], "pourcentage % +"), ("Part", ["3 %", "4", "5"], "ratio"),
        ("Base", ["3 €", "4 k€", "5 €"], "montant +"), ("Base", ["3 ‰", "4", "5"], "ratio ‰"),
        ("Base", ["3 places", "4", "5"], "nombre +"), ("Base", ["3 places", "4 ETP", "5"], "nombre +"),
        # Units of headings: money before %, where no cell prints it; prices that no total adds up, but one of totals.
        ("M (k€), part", ["7 %", "8 %"], "pourcentage % +"), ("Part (en %)", ["7", "8"], "pourcentage % +"),
        ("Montant (en %)", ["7", "8"], "pourcentage % +"), ("Crédits (k€), en %", ["7", "8"], "montant k€ +"),
        ("Taux (‰)", ["7", "8"], "ratio ‰"), ("Dotation (€/hab.)", ["7", "8"], "ratio €/hab"),
        ("Prix (€)", ["7", "8"], "montant €"), ("Prix total (€)", ["7", "8"], "montant € +"),
        ("Prix moyen (€)", ["7", "8"], "montant €"), ("Tarif (€)", ["7", "8"], "montant €"),
        ("Aide par jour (€)", ["7", "8"], "montant €"), ("Aide par an (€)", ["7", "8"], "montant € +"),
        # Words of headings.
        ("Montant par hab.", ["7", "8"], "ratio"), ("Coût moyen", ["7", "8"], "ratio"), ("Part", ["7", "8"], "ratio"),
        ("Part de l'État", ["7", "8"], "ratio"), ("Part État", ["7", "8"], "nombre +"), ("Indice", ["7", "8"], "ratio"),
        ("Durée en jours", ["7", "8"], "ratio"), ("Durée", ["7", "8"], "nombre"), ("Zone 1", ["7", "8"], "nombre +"),
        ("Lots", ["7", "8"], "nombre"), ("Enfants aidés, dotation", ["7", "8"], "montant +"),
        ("Nb de dotations", ["7", "8"], "nombre +"), ("Enfants", ["7", "8"], "nombre +"),
        ("Enfants (en milliers)", ["7", "8"], "nombre milliers +"), ("Nombre", ["7", "8"], "nombre +"),
        ("Population (en milliers)", ["7", "8"], "nombre milliers +"), ("Population", ["7", "8"], "nombre habitants +"),
        ("Habitants", ["7", "8"], "nombre habitants +"), ("Nb de places", ["7", "8"], "nombre places +"),
        ("ETP", ["7", "8"], "nombre ETP +"), ("Nombre d'enfants", ["7", "8"], "nombre enfants +"),
        # Years: from 1900 to 2100, on each row, under a heading that says so or on several rows under none.
        ("Année", ["2023", "2024"], "annee"), ("Exercice", ["1900", "2100"], "annee"), ("", ["2023", "2024"], "annee"),
        ("Exercice", ["1899", "2100"], "nombre +"), ("Exercice", ["1900", "2101"], "nombre +"),
        ("", ["2023"], "nombre +"), ("Base", ["2023", "2024"], "nombre +"), ("Année", ["2023", "2024,5"], "nombre +"),
        # Codes of régions, all known, most of them those of the rows, all of them where the heading says nothing.
        ("Code région", ["84", "32", "84"], "code_region"), ("Code région", ["82", "22", "83"], "code_region"),
        ("Code région", ["99", "98", "97"], "texte"), ("Reg", ["84", "99", "84"], "nombre +"),
        ("Reg", ["84", "53", "84"], "code_region"), ("Reg", ["84", "53", "11"], "nombre +"),
        ("Code région", ["84", "53", "11"], "code_region"), ("", ["84", "32", "84"], "code_region"),
        ("", ["84", "32", "75"], "nombre +"),
        # Codes of départements: half of those of the rows where the heading says so, six in ten elsewhere.
        ("Code", ["01", "99"], "code"), ("Base", ["01", "02", "98", "99"], "nombre +"), ("Dép", ["1", "2",
         "3"], "code"),
        ("Base", ["1", "2", "9"], "code"), ("Base", ["1", "9", "8"], "nombre +"), ("Code", ["01", "99",
         "98"], "nombre +"),
        ("Code", ["02", "03", "04"], "code"), ("Code", ["02", "03", "03"], "texte"), ("Code", ["02", "03"], "texte"),
        ("Code service", ["22", "23", "24"], "nombre +"), ("Code (€)", ["1", "2", "3"], "montant € +"),
    ],
)  # fmt: skip
def test_what_a_column_is_by_the_words_of_its_heading_and_by_its_cells(layout, heading, cells, kind):
    names = ["Ain", "Aisne", "Allier", "Lot", "Nord"]
    rows = (f"{name}|{cell}|1{rank}" for rank, (name, cell) in enumerate(zip(names, cells, strict=False)))
    column = next((each for each in layout(f"Nom|{heading}|M (€)", *rows).columns if each.rank == 1), None)
    told = column and " ".join([column.kind, *[column.unit] * bool(column.unit), *["+"] * column.additive])
    assert told == kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [("0 1 2", "rang"), ("1 2 3", "rang"), ("2 3 4", "nombre"), ("1 3 4", "nombre"), ("1 2 -", "rang"), ("a b 1",
    "texte")],
)  # fmt: skip
def test_numbers_without_heading_before_the_names_are_ranks_where_they_count_from_0_or_1(layout, cells, kind):
    rows = (f"{cell}|{name}|1" for cell, name in zip(cells.split(), ["Lot", "Nord", "Oise"], strict=True))
    assert layout("|Nom|M (€)", *rows).columns[0].kind == kind


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        # Codes beside régions: letters and figures, those of each row; of régions where the heading says so.
        ("Région|Code|M (€) ⏎ Bretagne|BRE|4 ⏎ Corse|COR|5", "nom · code · montant €"),
        ("Région|Code|M (€) ⏎ Bretagne|B R E|4 ⏎ Corse|COR|5", "nom · code · montant €"),
        ("Région|Code|M (€) ⏎ Bretagne|vu.|4 ⏎ Corse|COR|5", "nom · texte · montant €"),
        ("Région|Code région|M (€) ⏎ Bretagne|BRE|4 ⏎ Corse|COR|5", "nom · code_region · montant €"),
        ("Région|N°|M (€) ⏎ Bretagne|53|4 ⏎ Corse|94|5", "nom · code_region · montant €"),
        ("Région|N°|M (€) ⏎ Bretagne|53|4", "nom · nombre · montant €"),
        # Codes before other names: of 5, 9 or 14 signs, each its own, under a heading that says no other thing.
        ("|Nom|M (€) ⏎ 59350|Lille|4 ⏎ 59512|Loos|5", "code · nom · montant €"),
        ("|Nom|M (€) ⏎ 59350|Lille|4 ⏎ 59350|Loos|5", "nombre · nom · montant €"),
        ("|Nom|M (€) ⏎ 59350|Lille|4", "nombre · nom · montant €"),
        ("Nom||M (€) ⏎ Lille|59350|4 ⏎ Loos|59512|5", "nom · nombre · montant €"),
        ("Base|Nom|M (€) ⏎ 59350|Lille|4 ⏎ 59512|Loos|5", "nombre · nom · montant €"),
        *((f"Identifiant|Nom|M (€) ⏎ {'7' * size}1|Lille|4 ⏎ {'7' * size}2|Loos|5", f"{kind} · nom · montant €")
          for size, kind in ((3, "nombre"), (4, "code"), (5, "nombre"), (7, "nombre"), (8, "code"), (9, "nombre"),
                             (12, "nombre"), (13, "code"), (14, "nombre"))),
        ("Dép.|Nom|M (€) ⏎ 59|Lille|4 ⏎ 62|Loos|5", "code · nom · montant €"),
        # Codes of overseas have three signs; four of seven are too few of their own.
        ("Nom|Base|M (€) ⏎ Guadeloupe|971|4 ⏎ Guyane|973|5 ⏎ Mayotte|976|6", "nom · code · montant €"),
        ("Base|Nom|M (€) ⏎ 01|Ain|1 ⏎ 02|Aisne|1 ⏎ 03|Allier|1 ⏎ 46|Lot|1 ⏎ 7|Nord|1 ⏎ 7|Oise|1 ⏎ 7|Orne|1",
         "nombre · nom · montant €"),
        # The nearest line of a heading says what its column is; one that names a count, that it counts.
        ("Dép.|Taux (% ou ‰)|M (€) ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · pourcentage % · montant €"),
        ("Dép.|Crédits (M€)|M (€) ⏎ |2023 (k€)| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · montant k€ · montant €"),
        ("Dép.|Montants|M (€) ⏎ |Services| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · nombre · montant €"),
        ("Dép.|Montants|M (€) ⏎ |Places| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · nombre places · montant €"),
        ("Dép.|Crédits (en k€)|M (€) ⏎ |Taux| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · ratio · montant €"),
        ("Dép.|Taux (%)|M (€) ⏎ |Filles| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · pourcentage % · montant €"),
        ("Dép.|Taux (%)|M (€) ⏎ |Places| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · pourcentage % · montant €"),
        ("Dép.|Taux (%)|M (€) ⏎ |Nombre| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · nombre · montant €"),
        ("Dép.|Nombre et %|M (€) ⏎ |Filles| ⏎ Ain|1|4 ⏎ Lot|2|5", "nom · nombre · montant €"),
        # The marks of footnotes are words: their heading says so, or each has its note; else they are withdrawals.
        ("Dép.|M (€)|Note ⏎ Ain|4|(1) ⏎ Lot|5|* ⏎ Nord|6|(2)", "nom · montant € · texte"),
        ("Dép.|M (€)| ⏎ Ain|4|(1) ⏎ Lot|5|(2) ⏎ (1) Provisoire|| ⏎ (2) Rappel||", "nom · montant € · texte"),
        ("Dép.|M (€)|Renvois ⏎ Ain|4|1 ⏎ Lot|5|2", "nom · montant € · nombre"),
        ("Dép.|M (€)|Écart ⏎ Ain|4|(1) ⏎ Lot|5|(2)", "nom · montant € · nombre"),
        ("Crédits, en k€ @ Dép.|Effectifs ⏎ |Services ⏎ Ain|1 ⏎ Lot|2", "nom · nombre"),
        ("Crédits, en k€ @ Dép.|Montants ⏎ |Services ⏎ Ain|1 ⏎ Lot|2", "nom · montant k€"),
        # A sum stands before its parts or after them, two at least, on each of two rows at least.
        ("Aides, en k€ @ Dép.|Total|Services|Aide ⏎ Ain|3|1|2 ⏎ Lot|9|4|5",
         "nom · montant k€ · montant k€ · montant k€"),
        ("Aides, en k€ @ Dép.|Total|Services|Aide|Lits ⏎ Ain|3|1|2|7 ⏎ Lot|9|4|5|8",
         "nom · montant k€ · montant k€ · montant k€ · nombre"),
        ("Aides, en k€ @ Dép.|Lits|Services|Aide|Total ⏎ Ain|7|1|2|3 ⏎ Lot|7|4|5|9",
         "nom · nombre · montant k€ · montant k€ · montant k€"),
        ("Aides, en k€ @ Dép.|Services|Lieux|Aide|Total ⏎ Ain|1|1|2|4 ⏎ Lot|4|1|5|10",
         "nom · montant k€ · montant k€ · montant k€ · montant k€"),
        ("Aides, en k€ @ Dép.|Services|Aide ⏎ Ain|1|1 ⏎ Lot|4|4", "nom · nombre · montant k€"),
        ("Aides, en k€ @ Dép.|Services|Aide|Total ⏎ Ain|1|2|3", "nom · nombre · montant k€ · montant k€"),
        ("Aides, en k€ @ Dép.|Services|Aide|Total ⏎ Ain|1|2|3 ⏎ Lot|4|5|", "nom · nombre · montant k€ · montant k€"),
        ("Aides, en k€ @ Dép.|Services|Aide|Total ⏎ Ain|1|2|3 ⏎ Lot|(4)|5|1",
         "nom · montant k€ · montant k€ · montant k€"),
        ("Aides, en k€ @ Dép.|Services|Aide|Total ⏎ Ain|1.204|2|3 ⏎ Lot|4|5|9",
         "nom · nombre · montant k€ · montant k€"),
        # « dont » is of the nature of its whole, but where it says what it counts.
        ("Dép.|Aide (k€)|dont Services|dont Places ⏎ Ain|9|4|1 ⏎ Lot|8|5|1",
         "nom · montant k€ · montant k€ · nombre places"),
        ("Dép.|Places|dont Services ⏎ Ain|9|4 ⏎ Lot|8|5", "nom · nombre places · nombre"),
        ("Dép.|dont Services|Aide (k€) ⏎ Ain|9|4 ⏎ Lot|8|5", "nom · nombre · montant k€"),
        ("Dép.|Aide|dont Services ⏎ Ain|9 k€|4 ⏎ Lot|8 k€|5", "nom · montant · montant k€"),
        # The unit of the title: of amounts that print none, of what says nothing where nothing else is counted.
        ("Aides, en k€ @ Dép.| ⏎ Ain|9 ⏎ Lot|8", "nom · montant k€"),
        ("Aides, en k€ @ Dép.|Aide ⏎ Ain|9 € ⏎ Lot|8 €", "nom · montant"),
        ("Aides, en € @ Dép.|2023|Aide ⏎ Ain|9|1 ⏎ Lot|8|2", "nom · montant € · montant €"),
        ("Places, en € @ Dép.|2023|2024 ⏎ Ain|9|1 ⏎ Lot|8|2", "nom · montant € · montant €"),
        ("Aides, en k€ @ Dép.|2023|Total ⏎ Ain|9|1 ⏎ Lot|8|2", "nom · montant k€ · montant k€"),
        ("Aides, en k€ @ Dép.|Jeunes|Enfants ⏎ Ain|9|1 ⏎ Lot|8|2", "nom · montant k€ · montant k€"),
        ("Aides @ Dép.|Jeunes|Enfants ⏎ Ain|9|1 ⏎ Lot|8|2", "nom · nombre · nombre"),
    ],
)  # fmt: skip
def test_what_columns_are_by_the_others_and_by_the_title(layout, rows, kinds):
    *titles, table = rows.split(" @ ")
    columns = layout(*table.split(" ⏎ "), titles=titles).columns
    assert " · ".join(f"{column.kind} {column.unit}".strip() for column in columns) == kinds


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (
            "Aides, en k€ @ Dép.|2023| ⏎ Ain|9|4 ⏎ Lot|8|5",
            "a column of numbers has no heading: nobody knows whether it",
        ),
        ("Places, en k€ @ Dép.|2023|2024 ⏎ Ain|9|1 ⏎ Lot|8|2", "nobody knows whether '2023' is in k€"),
        (
            "Aides, en k€ @ Dép.|2023|Enfants ⏎ Ain|9|1 ⏎ Lot|8|2",
            "nobody knows whether '2023', beside 'Enfants', is in",
        ),
        ("Aides (k€), (M€) @ Dép.|Aide ⏎ Ain|9 ⏎ Lot|8", "the title gives several units, k€ and M€, and 'Aide' none"),
        ("Dép.|Crédits (% et k€) ⏎ Ain|9 ⏎ Lot|8", "gives several units: % and k€"),
        ("Dép.|Montant (en milliers) ⏎ Ain|9 ⏎ Lot|8", "gives a measure and no unit of money"),
    ],
)
def test_what_has_two_readings_by_its_heading_or_title_is_refused(layout, rows, reason):
    *titles, table = rows.split(" @ ")
    with pytest.raises(TableError, match=re.escape(reason)):
        layout(*table.split(" ⏎ "), titles=titles)


@pytest.mark.parametrize(
    ("heading", "cells", "kind"),
    [
        # Counts may be in thousands, by a sign too.
        ("Population (x 1000)", "12|30", ("nombre", "milliers")),
        ("Enfants (x1 000)", "12|30", ("nombre", "milliers")),
        ("Pop. (k)", "12|30", ("nombre", "milliers")),
        ("Population (en millions)", "12|30", ("nombre", "millions")),
        ("Places pour 1 000 habitants", "12|30", ("ratio", "")),
        ("k€ par place", "12|30", ("ratio", "k€/place")),
        # A number of one row, or one that no code is, is no code of its row.
        ("P", "1|", ("nombre", "")),
        ("Base", "1,5|46", ("nombre", "")),
        ("Vague", "1|46", ("nombre", "")),
        ("D.", "01|", ("code", "")),
    ],
)
def test_a_heading_and_its_cells_say_the_nature_and_the_measure(kinds, heading, cells, kind):
    first, second = cells.split("|")
    assert kinds(f"Nom|{heading}|Crédits (€)", f"Ain|{first}|4", f"Lot|{second}|5")[1] == kind


@pytest.mark.parametrize(
    "heading",
    [
        *["Coût à la place (€)", "Coût place (€)", "Coût journalier (€)", "Dépense / habitant (€)", "Dépense/hab (€)"],
        *["Dépense par bénéficiaire (€)", "Coût annuel d'une place (€)", "Valeur de point GIR (€)", "Durée (mois)"],
        *["Âge moyen", "Places pour 100 enfants"],
    ],
)
def test_what_each_has_is_in_no_sum(layout, heading):
    assert not layout(f"Département|{heading}", "Ain|10", "Lot|30").columns[1].additive


@pytest.mark.parametrize("heading", ["Évolution", "Écart", "Variation"])
def test_what_an_amount_gained_in_a_year_is_an_amount(layout, heading):
    rows = f"Département|Dotation 2023|Dotation 2024|{heading}", "Ain|100|120|20", "Lot|205|190|-15"
    columns = layout(*rows, titles=["Dotations, en k€"]).columns
    assert [(column.kind, column.unit, column.additive) for column in columns[1:]] == 3 * [("montant", "k€", True)]


def test_a_change_in_per_cent_is_no_amount(kinds):
    rows = "Département|Dotation 2023|Dotation 2024|Évolution", "Ain|100|120|20", "Lot|200|150|-25"
    assert kinds(*rows, titles=["Dotations, en k€"])[3] == ("ratio", "")


@pytest.mark.parametrize(
    ("lines", "odd"),
    [
        ("Région;Montant (mil. €) ⏎ Bretagne;12 ⏎ Corse;7", "'mil. €', in 'Montant (mil. €)'"),
        ("Région;Solde (k. €) ⏎ Bretagne;12 ⏎ Corse;7", "'k. €'"),
        ("Région;Base (en M. d’euros) ⏎ Bretagne;12 ⏎ Corse;7", "'en M. d’euros'"),
        ("Région;Base (T€) ⏎ Bretagne;12 ⏎ Corse;7", "'T€'"),
        ("En mil. € ⏎ Région;Crédits ⏎ Bretagne;12 ⏎ Corse;7", "'En mil. €'"),
        ("Unité : 1 000 € ⏎ Région;Crédits ⏎ Bretagne;12 ⏎ Corse;7", "'Unité : 1 000 €'"),
        ("Région;Base € ⏎ Bretagne;12 ⏎ Corse;7", ""),
        ("Région;Base (k €) ⏎ Bretagne;12 ⏎ Corse;7", ""),
        ("Région;Base (en Mds d'€) ⏎ Bretagne;12 ⏎ Corse;7", ""),
        ("Région;Base (HT €) ⏎ Bretagne;12 ⏎ Corse;7", ""),
    ],
)
def test_a_word_before_euros_that_may_measure_them_is_refused_at_its_table(read, check_refused, lines, odd):
    if odd:
        place = "l. 2" if lines.startswith(("En", "Un")) else "l. 1"
        check_refused(TableError, lines, odd, place)
    else:
        assert [column.kind for column in read(*lines.split(" ⏎ ")).table.columns] == ["nom", "montant"]


@pytest.mark.parametrize(
    ("group", "own", "kind"),
    [
        ("Taux (%)", "Filles", ("pourcentage", "%")),
        ("Crédits (k€)", "Enfants", ("montant", "k€")),
        ("Crédits (k€)", "Places", ("nombre", "places")),
        ("Nombre (pour 1 M€)", "Enfants", ("nombre", "enfants")),
    ],
)
def test_a_heading_that_says_for_whom_has_the_unit_of_its_group(kinds, group, own, kind):
    assert kinds(f"Dép.|{group}|", f"|{own}|Autre", "Ain|4|5", "Lot|5|6")[1] == kind


@pytest.mark.parametrize(
    ("heading", "cells", "kind"),
    [
        ("Code région", ("84", "101"), "texte"),
        ("Compte", ("6521", "6522"), "nombre"),
        ("Réf.", ("12", "13"), "nombre"),
        ("Programme 304", ("12", "13"), "montant"),
    ],
)
def test_a_code_or_what_names_each_row_takes_no_unit_of_a_title(read, heading, cells, kind):
    rows = f"Dép.;{heading};2023;2024", f"Ain;{cells[0]};11;14", f"Lot;{cells[1]};12;15"
    columns = read("Crédits en milliers d’euros;;;", *rows).table.columns
    assert [column.kind for column in columns] == ["nom", kind, "montant", "montant"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Population (hab.)", "nombre"),
        ("Population DGF (hab)", "nombre"),
        ("Nombre d’indices", "nombre"),
        ("Dotation/hab.", "ratio"),
        ("Lits pour 1 000 hab.", "ratio"),
        ("Indice", "ratio"),
    ],
)
def test_inhabitants_that_are_counted_are_no_ratio(kinds, heading, kind):
    assert kinds(f"Dép.|{heading}|M (€)", "Ain|500|1", "Lot|600|2")[1][0] == kind


def test_a_unit_of_inhabitants_under_its_heading_is_counted_too(kinds):
    assert kinds("Dép.|Population|M (€)", "|(hab.)|", "Ain|500|1", "Lot|600|2")[1][0] == "nombre"
