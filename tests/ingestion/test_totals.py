"""What each total adds up."""

from decimal import Decimal

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.totals import Check, Rounded, compared
from cdppe_analysis.territories import DEPARTEMENTS


def statuses(annex):
    return [(check.name, check.status) for check in annex.table.checks]


def test_a_table_of_régions_has_its_totals_of_métropole_outre_mer_and_france(read):
    annex = read(
        "Région;Montant (€)",
        "Bretagne;1",
        "Normandie;2",
        "Total métropole;3",
        "Guadeloupe;4",
        "La Réunion;5",
        "Total outre-mer;9",
        "France entière;12",
    )
    assert annex.table.level == "region"
    assert statuses(annex) == [("Total métropole", "egal"), ("Total outre-mer", "egal"), ("France entière", "egal")]


def test_the_total_of_a_région_is_before_after_or_beside_its_départements(read):
    before = read("D;M (€)", "Bretagne;3", "Finistère;1", "Morbihan;2", "Normandie;4", "Eure;4", "Total;7")
    after = read("D;M (€)", "Finistère;1", "Morbihan;2", "Sous-total;3", "Eure;4", "Total Normandie;4", "Total;7")
    beside = read("R;T région (€);D;M (€)", "Bretagne;3;Finistère;1", ";;Morbihan;2", "Normandie;4;Eure;4", "Total;;;7")
    over_codes = read(
        "C;D;M (€)", "Bretagne;;3", "29;Finistère;1", "56;Morbihan;2", "Normandie;;4", "27;Eure;4", "Total;;7"
    )
    for annex in (before, after, beside, over_codes):
        assert {status for _, status in statuses(annex)} == {"egal"}
        assert len(statuses(annex)) == 3


@pytest.mark.parametrize(
    ("mark", "total", "status"),
    [
        ("s", 9, "masque"),
        ("c", 9, "masque"),
        ("s", 7, "egal"),
        ("s", 6, "ecart"),
        ("nd", 9, "ecart"),
        ("", 9, "ecart"),
    ],
)
def test_a_total_may_be_above_its_parts_where_a_count_of_them_is_secret(read, mark, total, status):
    rows = ("D;Enfants;Suivis", "Ain;3;4", f"Lot;{mark};5", "Nord;4;6", f"Total;{total};15")
    annex = read(*rows, accept_gaps=True)
    assert statuses(annex) == [("Total", status), ("Total", "egal")]
    assert [remark.place for remark in annex.remarks if remark.kind == "masque"] == ["l. 5"] * (status == "masque")


def test_corse_without_code_heads_its_départements_where_régions_have_rows(read):
    """The only département of Corse that the print had is lost: its région is no département of that sum."""
    bretagne, corse = (";Bretagne;5", "22;Côtes-d'Armor;2", "29;Finistère;3"), (";Corse;3",)
    for body in ((*bretagne, *corse), (*corse, *bretagne)):
        with pytest.raises(TableError, match=r"^'Corse' is a région, and \"Côtes-d'Armor\" is no département of it"):
            read("Code;Département;M (€)", ";Total général;8", *body)
    annex = read("Code;Département;M (€)", ";Total général;8", *bretagne, *corse, "2A;Corse-du-Sud;3")
    assert [row.code for row in annex.table.rows if row.code] == ["22", "29", "2A"]


def test_the_total_of_a_région_is_that_of_none_of_the_rows_of_another(read):
    """The row of the Lot is false, and the next région happens to have what it should have."""
    annex = read("D;M (€)", "Lot;6", "Total Occitanie;1", "Eure;1", "Total Normandie;1", accept_gaps=True)
    assert statuses(annex) == [("Total Occitanie", "ecart"), ("Total Normandie", "egal")]


def test_a_total_within_rounding_is_said(read):
    annex = read("D;M (k€)", "Ain;1,4", "Lot;2,4", "Total;3,9")
    assert statuses(annex) == [("Total", "arrondi")]


@pytest.mark.parametrize("total", ["3 €", "1 000 000 €"])
def test_a_count_of_places_has_no_rounding(read, total):
    annex = read("D;Places", "Ain;1", "Lot;2", "Total;4", accept_gaps=True)
    assert statuses(annex) == [("Total", "ecart")]


def test_a_column_that_adds_up_the_others_is_checked_row_by_row(read):
    annex = read("D;A (€);B (€);Total (€)", "Ain;1;2;3", "Lot;3;4;8", "Nord;5;6;11", accept_gaps=True)
    assert statuses(annex) == [("Ain", "egal"), ("Lot", "arrondi"), ("Nord", "egal")]


OF_GROUPS = "D;ONDAM fixe (€);ONDAM variable (€);Total ONDAM (€);CNSA (€);ARS (€);Sous-total (€);Total général (€)"
OF_YEARS = "D;Fixe 2023 (€);Fixe 2024 (€);Mesures 2023 (€);Mesures 2024 (€);Total 2023 (€);Total 2024 (€)"
OF_PARTS = "D;Total (€);dont A (€);dont B (€);C (€)"


@pytest.mark.parametrize(
    ("headings", "rows", "gaps"),
    [
        (OF_GROUPS, "100;20;120;30;40;70;190 ⏎ 110;21;131;31;41;72;203 ⏎ 120;22;142;32;42;74;216", ""),
        (OF_GROUPS, "100;20;120;30;40;70;190 ⏎ 110;21;131;31;41;72;203 ⏎ 120;22;149;32;42;74;216", "Nord 149 142"),
        (OF_GROUPS, "100;20;120;30;40;70;190 ⏎ 110;21;131;31;49;72;203 ⏎ 120;22;142;32;42;74;216", "Lot 72 80"),
        (OF_GROUPS, "100;20;120;30;40;70;190 ⏎ 110;21;131;31;41;72;203 ⏎ 120;22;142;32;42;74;261", "Nord 261 216"),
        (OF_YEARS, "100;110;20;30;120;140 ⏎ 101;111;21;31;122;142 ⏎ 102;112;22;32;124;144", ""),
        (OF_YEARS, "100;110;20;30;120;140 ⏎ 101;111;21;31;122;142 ⏎ 102;112;22;32;124;244", "Nord 244 144"),
        (OF_PARTS, "30;10;20;7 ⏎ 50;11;39;7 ⏎ 90;12;48;7 ⏎ 60;12;48;7", "Nord 90 60"),
    ],
)
def test_a_column_of_totals_is_held_to_the_columns_of_its_group(read, headings, rows, gaps):
    lines = [f"{name};{row}" for name, row in zip(("Ain", "Lot", "Nord", "Oise"), rows.split(" ⏎ "), strict=False)]
    checks = read(headings, *lines, accept_gaps=True).table.checks
    assert len(checks) == headings.lower().count("total") * len(lines)
    told = [f"{check.name} {check.total} {check.added}" for check in checks if check.status != "egal"]
    assert " · ".join(told) == gaps


def test_a_column_of_totals_that_no_others_make_is_said(read):
    annex = read("D;A (€);B (€);Total (€)", "Ain;1;2;30", "Lot;3;4;70")
    said = "Ce titre dit un total, et aucune colonne voisine n'en donne les parties : il n'est pas vérifié."
    assert next(remark.sentence for remark in annex.remarks if remark.text == "Total (€)") == said


def test_a_withdrawal_counts_below_zero_in_a_total(read):
    assert statuses(read("D;M", "Ain;(3 €)", "Lot;10 €", "Total;7 €")) == [("Total", "egal")]


@pytest.mark.parametrize(("gap", "status"), [(0.5, "arrondi"), (1.5, "ecart")])
def test_many_rounded_parts_do_not_hide_a_false_digit(read, gap, status):
    """Of 90 amounts to a tenth, the worst case would allow 4.5: four standard deviations are 1.1."""
    codes = [code for code in DEPARTEMENTS if code not in {"2A", "2B"} and len(code) == 2][:90]
    rows = [f"{code};{DEPARTEMENTS[code].libelle};1,3" for code in codes]
    total = str(round(1.3 * len(codes) + gap, 1)).replace(".", ",")
    annex = read("Code;D;M (M€)", *rows, f";Total;{total}", accept_gaps=True)
    assert statuses(annex) == [("Total", status)]


def test_the_total_of_an_unnamed_région_is_that_of_the_rows_above_it(read):
    annex = read("D;M (€)", "Ain;1", "Lot;2", "Total région;3", "Nord;4", "Oise;5", "Total région;9", "Total;12")
    assert {status for _, status in statuses(annex)} == {"egal"}


def test_the_last_total_that_is_false_is_held_to_the_whole_table(read):
    annex = read("D;M (€)", "Ain;10", "Lot;20", "Total;30", "Nord;40", "Total;99", accept_gaps=True)
    assert [(int(check.added), check.status) for check in annex.table.checks] == [(30, "egal"), (70, "ecart")]


@pytest.mark.parametrize(
    ("lines", "sums"),
    [
        # The overseas are départements and régions, with the other collectivités or without them.
        ("Région;M (€) ⏎ Bretagne;1 ⏎ Nouvelle-Calédonie;2 ⏎ Outre-mer;2 ⏎ France;3", "2 egal · 3 egal"),
        ("Région;M (€) ⏎ Bretagne;1 ⏎ Mayotte;2 ⏎ Nouvelle-Calédonie;4 ⏎ Outre-mer;6 ⏎ France;7", "6 egal · 7 egal"),
        ("Région;M (€) ⏎ Bretagne;1 ⏎ Mayotte;2 ⏎ Nouvelle-Calédonie;4 ⏎ Outre-mer;2 ⏎ France;7", "2 egal · 7 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Mayotte;20 ⏎ Métropole;10 ⏎ Outre-mer;20 ⏎ France;30",
         "10 egal · 20 egal · 30 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Mayotte;20 ⏎ Métropole;12 ⏎ France;30", "10 ecart · 30 egal"),
        # What is out is the territory named; the métropole or the overseas without it are halves of the rest.
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Mayotte;20 ⏎ Nouvelle-Calédonie;40 ⏎ Total hors Mayotte;50", "50 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Mayotte;20 ⏎ Guyane;40 ⏎ Métropole hors Mayotte;10 ⏎ DOM hors Mayotte;40",
         "10 egal · 40 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Mayotte;20 ⏎ Total hors Mayotte;30", "10 ecart"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Corse;20 ⏎ Mayotte;40 ⏎ Total hors Corse et Mayotte;10", "10 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Cher;20 ⏎ Haute-Corse;40 ⏎ Total hors Cher et Corse;10", "10 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Île-de-France;20 ⏎ Mayotte;40 ⏎ Total province;50 ⏎ Total ultramarin;40",
         "50 egal · 40 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Alpes-Maritimes;20 ⏎ Mayotte;70 ⏎ Total hors Mayotte;30", "30 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Val-de-Marne;20 ⏎ Haute-Corse;70 ⏎ Total hors Corse;30", "30 egal"),
        # The total of another year is let be; one whose name gives another unit is read in it.
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total 2024;30 ⏎ Total 2023;28", "30 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total 2024;35 ⏎ Total 2023;28", "30 ecart · 30 ecart"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total (en k€);0,03 ⏎ En % du total;100", "30 egal"),
        ("Code;Dép.;M (€) ⏎ Total;;30 ⏎ 01;Ain;10 ⏎ 46;Lot;20", "30 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Occitanie;20 ⏎ Corse-du-Sud;1 ⏎ Haute-Corse;2 ⏎ Corse;3", "20 egal · 3 egal"),
        # A reserve is in the whole and in no total of territories.
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Mayotte;20 ⏎ Réserve;50 ⏎ Métropole;10 ⏎ Total territoires;30 ⏎ France;80",
         "10 egal · 30 egal · 80 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Réserve;5 ⏎ Total;30", "30 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Réserve;5 ⏎ Total;35", "35 egal"),
        # A total stands above its rows, below them, or between two groups.
        ("Dép.;M (€) ⏎ Total;30 ⏎ Ain;10 ⏎ Lot;20", "30 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Sous-total;30 ⏎ Lot;20 ⏎ Nord;5", "10 ecart"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Sous-total;30 ⏎ Nord;50 ⏎ Oise;60 ⏎ Sous-total;110 ⏎ Total;140",
         "30 egal · 110 egal · 140 egal"),
        ("Dép.;M (€) ⏎ Sous-total;30 ⏎ Ain;10 ⏎ Lot;20 ⏎ Sous-total;110 ⏎ Nord;50 ⏎ Oise;60", "30 egal · 110 egal"),
        ("Dép.;M (€) ⏎ Finistère;10 ⏎ dont A;4 ⏎ Morbihan;20 ⏎ Moyenne;15 ⏎ Sous-total;30 ⏎ Eure;40 ⏎ Total;70",
         "30 egal · 70 egal"),
        # That of a région is of its départements wherever they stand, before or after its own row.
        ("Dép.;M (€) ⏎ Finistère;10 ⏎ Eure;40 ⏎ Morbihan;20 ⏎ Total Bretagne;30 ⏎ Total;70", "30 egal · 70 egal"),
        ("D;M (€) ⏎ Bretagne;30 ⏎ Finistère;10 ⏎ Morbihan;20 ⏎ Eure;7 ⏎ Orne;8 ⏎ Normandie;15", "30 egal · 15 egal"),
        ("D;M (€) ⏎ Finistère;10 ⏎ Morbihan;20 ⏎ Bretagne;30 ⏎ Eure;7 ⏎ Orne;8 ⏎ Normandie;15", "30 egal · 15 egal"),
        # Where columns disagree, the rows that agree in most of them are those of the total.
        ("D;A (€);B (€) ⏎ Finistère;10;1 ⏎ Morbihan;20;2 ⏎ Sous-total;30;3 ⏎ Eure;7;4 ⏎ Total;37;7",
         "30 egal · 3 egal · 37 egal · 7 egal"),
        ("D;A (€);B (€) ⏎ Finistère;10;1 ⏎ Morbihan;20;2 ⏎ Sous-total;30;3 ⏎ Eure;7;4 ⏎ Total;7;7",
         "30 egal · 3 egal · 37 ecart · 7 egal"),
        # The métropole and the overseas of each of two groups are of the rows above them.
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Métropole;30 ⏎ Nord;40 ⏎ Oise;50 ⏎ Métropole;90", "30 egal · 90 egal"),
        ("Dép.;M (€) ⏎ Guyane;10 ⏎ Mayotte;20 ⏎ Outre-mer;30 ⏎ Guadeloupe;40 ⏎ La Réunion;50 ⏎ Outre-mer;90",
         "30 egal · 90 egal"),
        # A région of before 2016 is of the rows below it, else above it; a total of a région without name, above.
        ("D;M (€) ⏎ Alsace;30 ⏎ Bas-Rhin;10 ⏎ Haut-Rhin;20 ⏎ Lorraine;40 ⏎ Meuse;40", "30 egal · 40 egal"),
        ("D;M (€) ⏎ Bas-Rhin;10 ⏎ Haut-Rhin;20 ⏎ Alsace;30 ⏎ Meuse;40 ⏎ Lorraine;40", "30 egal · 40 egal"),
        ("D;M (€) ⏎ Lorraine;40 ⏎ Meuse;40 ⏎ Alsace;70 ⏎ Bas-Rhin;10 ⏎ Haut-Rhin;20", "40 egal · 30 ecart"),
        ("D;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Total région;70 ⏎ Nord;40 ⏎ Oise;60 ⏎ Total région;100", "30 ecart · 100 egal"),
        ("D;M (€) ⏎ Total région;30 ⏎ Ain;10 ⏎ Lot;20 ⏎ Total région;90 ⏎ Nord;40 ⏎ Oise;50", "30 egal · 90 egal"),
        # The rows since the first, the totals above: where nothing nearer agrees.
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Sous-total;10 ⏎ Lot;20 ⏎ Cumul;30 ⏎ Nord;5 ⏎ Total;35", "10 egal · 30 egal · 35 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Total;10 ⏎ Lot;20 ⏎ Nord;5 ⏎ Total;25", "10 egal · 25 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Total général;10 ⏎ Lot;20", "30 ecart"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Sous-total;10 ⏎ Lot;20 ⏎ dont A;4 ⏎ Nord;5 ⏎ Moyenne;12 ⏎ Sous-total;25 ⏎ Oise;1"
         " ⏎ Total;36",
         "10 egal · 25 egal · 36 egal"),
        ("Dép.;M (k€) ⏎ Ain;1 ⏎ Lot;1 ⏎ Nord;1 ⏎ Réserve;9 ⏎ Total;5", "3000 arrondi"),
        ("Dép.;M (k€) ⏎ Ain;1 ⏎ Lot;1 ⏎ Nord;1 ⏎ Réserve;9 ⏎ Total;6", "12000 ecart"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Sous-total;10 ⏎ Lot;20 ⏎ Sous-total;25 ⏎ Total général;35",
         "10 egal · 20 ecart · 35 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Sous-total;10 ⏎ Lot;20 ⏎ Sous-total;25 ⏎ Total;35", "10 egal · 20 ecart · 35 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Réserve;9 ⏎ Total;39 ⏎ Total général;30", "39 egal · 30 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ Lot;20 ⏎ Réserve;9 ⏎ Total des départements;30 ⏎ Total général;39",
         "30 egal · 39 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Guyane;5 ⏎ Mayotte;6 ⏎ Total ultramarin;11 ⏎ Total;21", "11 egal · 21 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Corse;20 ⏎ Crédits nationaux;5 ⏎ Total;35", "35 egal"),
        ("Région;M (€) ⏎ Bretagne;10 ⏎ Corse;20 ⏎ Enveloppe nationale;30", "30 egal"),
        ("Dép.;M (€) ⏎ Ain;10 ⏎ France métropolitaine;10 ⏎ Guyane;5 ⏎ DOM;5 ⏎ France métropolitaine et DROM;15",
         "10 egal · 5 egal · 15 egal"),
        # Units and names that are no territories add up too.
        ("Commune;M (€) ⏎ Lille;10 ⏎ Loos;20 ⏎ Lens;5 ⏎ Total;35", "35 egal"),
        ("Code;Commune;M (€) ⏎ 59350;Lille;10 ⏎ 59360;Loos;20 ⏎ 62498;Lens;5 ⏎ ;Total;35", "35 egal"),
        ("Commune;M (€) ⏎ Lille;10 ⏎ Loos;20 ⏎ Total Nord;30 ⏎ Lens;5 ⏎ Arras;6 ⏎ Total Pas-de-Calais;41",
         "30 egal · 11 ecart"),
    ],
)  # fmt: skip
def test_what_each_total_adds_up_by_its_name_and_its_place(read, lines, sums):
    checks = read(*lines.split(" ⏎ "), accept_gaps=True).table.checks
    assert " · ".join(f"{check.added.normalize():f} {check.status}" for check in checks) == sums


@pytest.mark.parametrize("form", ["semicolons"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3600, 3650)) == {}


@pytest.mark.parametrize(
    "fault", ["row_lost", "row_twice", "digit", "code", "short_row", "long_row", "shifted", "no_value"]
)
def test_a_fault_of_a_made_annex_is_refused_or_read_as_it_is_printed(misread, fault):
    assert misread("semicolons", range(3650, 3662), fault) == {}


def check(total, added, tolerance):
    return Check("TOTAL", "l. 9", "Montant", str(total), Decimal(total), Decimal(added), Decimal(tolerance)).status


@pytest.mark.parametrize(
    ("total", "added", "tolerance", "status"),
    [("10", "10", "0", "egal"), ("10", "9", "1", "arrondi"), ("10", "11", "1", "arrondi"), ("10", "8.9", "1", "ecart"),
     ("10", "11.1", "1", "ecart"), ("10", "9", "0", "ecart")],
)  # fmt: skip
def test_a_total_agrees_is_rounded_or_has_a_gap(total, added, tolerance, status):
    assert check(total, added, tolerance) == status


@pytest.mark.parametrize(("gap", "status"), [("0.5", "masque"), ("0", "egal"), ("-0.5", "ecart"), ("-2", "ecart")])
def test_a_total_of_parts_that_are_secret_is_above_them(gap, status):
    total = Decimal(10) + Decimal(gap)
    assert Check("TOTAL", "l. 9", "Places", "10", total, Decimal(10), Decimal(0), masked=True).status == status


def test_what_rounding_allows_is_the_worst_of_a_few_parts_and_four_deviations_of_many():
    """Half a unit each: two parts may miss by 1, twelve by 6; three hundred by 4 √(300/12) = 20, and not by 150."""
    half = Decimal("0.5")
    for count, allowed in ((2, 1), (12, 4), (300, 20)):
        added, tolerance = compared(Rounded(Decimal(0), half), [Rounded(Decimal(2), half)] * count)
        assert (added, tolerance - half) == (2 * count, pytest.approx(allowed))
