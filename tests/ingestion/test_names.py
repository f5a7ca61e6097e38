"""What a label names, with the words, codes and marks around it."""

import pytest

from cdppe_analysis.ingestion.names import (
    Label,
    begins_with_a_name,
    departement_code,
    guessed,
    joins,
    label,
    official,
    region_of,
)

FORMER = (
    "21 Champagne-Ardenne, 22 Picardie, 23 Haute-Normandie, 25 Basse-Normandie, 26 Bourgogne, 31 Nord-Pas-de-Calais, "
    "41 Lorraine, 42 Alsace, 43 Franche-Comté, 54 Poitou-Charentes, 72 Aquitaine, 73 Midi-Pyrénées, 74 Limousin, "
    "82 Rhône-Alpes, 83 Auvergne, 91 Languedoc-Roussillon"
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Côte-d’Or", "21"),
        ("COTE D'OR (*)", "21"),
        ("Alpes-de-Haute-\nProvence", "04"),
        ("Département de l'Ain", "01"),
        ("01 - Ain", "01"),
        ("Ain (01)", "01"),
        ("2A-2B CORSE (*)", "20"),
        ("69 Rhône", "69"),
        ("Métropole de Lyon", "69M"),
        ("Ain¹", "01"),
        ("St-Denis de la Réunion", ""),
        ("Val d'Oise", "95"),
        ("Loir", ""),
        ("Loir-et-", ""),
        ("CD 80 Somme", "80"),
        ("D80 Somme", "80"),
        ("2 A Corse-du-Sud", "2A"),
        ("Conseil départemental du Nord", "59"),
    ],
)
def test_a_département_is_named(text, code):
    assert label(text).departement == code


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("ARS Bretagne", "53"),
        ("Ile-de-France (DRIHL)", "11"),
        ("PACA", "93"),
        *zip(("ARA", "BFC", "BZH", "CVL", "HDF"), ("84", "27", "53", "24", "32"), strict=True),
        *zip(("IDF", "NAQ", "OCC", "PDL"), ("11", "75", "76", "52"), strict=True),
        ("Pays de la Loire", "52"),
        ("Pays de Loire", "52"),
        ("Occitanie / Pyrénées-Méditerranée", "76"),
        ("Rhône-Alpes-Auvergne", "84"),
        ("Alsace", "42"),
        ("Nord-Pas-de-Calais", "31"),
        ("- Grand Est :", "44"),
        *((name, code) for code, name in (pair.split(" ", 1) for pair in FORMER.split(", "))),
    ],
)
def test_a_région_of_today_or_of_before_2016_is_named(text, region):
    assert label(text).region == region


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("TOTAL", ""),
        ("Total général", "tout"),
        ("Ensemble", "tout"),
        ("France entière", "tout"),
        ("Sous-total DOM/ TOM", "outre_mer"),
        ("DOMTOM", "outre_mer"),
        ("DOM hors Mayotte", "hors"),
        ("France hexagonale (hors Corse)", "hors"),
        ("France métropolitaine et outre-mer", "tout"),
        ("Total La Réunion", "region"),
        ("Total hors Corse", "hors"),
        ("France (hors Mayotte)", "hors"),
        ("Total hors outre-mer", "metropole"),
        ("Total hors DOM et Corse", ""),
        ("Total hors Indre-et-Loire et Cher", "hors"),
        ("Total province", "hors"),
        ("Total ultramarin", "outre_mer"),
        ("Total ARS ultramarines", "outre_mer"),
        ("Total OM", "outre_mer"),
        ("Total Somme", "departement"),
        ("Total des crédits", ""),
        ("Total France métropolitaine", "metropole"),
        ("Total outre-mer", "outre_mer"),
        ("Total Bretagne", "region"),
        ("Toutes les régions", "tout"),
        ("Grand total", "tout"),
        ("S/Total", ""),
        ("Somme totale", ""),
        ("T O T A L", ""),
        ("Crédits totaux", "tout"),
        ("Enveloppe nationale", "tout"),
        ("Montant global", "tout"),
        ("Métropole + DROM", "tout"),
        ("France Travail", None),
        ("Métropole de Lyon", None),
        ("Réserve nationale", None),
    ],
)
def test_a_total_says_of_what(text, total):
    assert label(text).total == total


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Saint-Pierre-et-Miquelon", "975"),
        ("Saint-Barthélemy", "977"),
        ("Saint-Martin", "978"),
        ("Terres australes et antarctiques françaises", "984"),
        ("TAAF", "984"),
        ("Wallis-et-Futuna", "986"),
        ("Polynésie française", "987"),
        ("Nouvelle-Calédonie", "988"),
    ],
)
def test_a_collectivité_has_its_code(text, code):
    assert label(text) == Label(collectivite=code)
    assert official(code) == text or text == "TAAF"


@pytest.mark.parametrize(
    "words", ["ARS de", "Agence régionale de santé de", "Région", "DREETS de", "DRJSCS de", "DRAL de", "DEETS de"]
)
def test_a_service_of_a_région_names_it_and_no_département(words):
    assert label(f"{words} La Réunion") == Label(region="04")
    assert label(f"{words} Mayotte") == Label(region="06")
    assert label(f"{words} Bretagne") == Label(region="53")


@pytest.mark.parametrize(
    "words",
    [
        *("Département", "Département-région", "Dépt", "Dpt", "Conseil départemental", "Conseils départementaux"),
        *("Conseil général", "CD", "MDPH", "Préfecture", "DDETS", "DDETSPP", "DDCS", "DDCSPP", "DSDEN", "SDIS", "UDAF"),
        *("CAF", "CPAM", "DT", "DD", "DT ARS", "Collectivité", "Collectivité territoriale", "Collectivité unique"),
        *("Collectivité territoriale unique", "CT", "CTU", "Ville", "Académie"),
    ],
)
def test_a_service_of_a_département_names_it_and_no_région(words):
    assert label(f"{words} de la Guadeloupe").departement == "971"
    assert label(f"{words} de l'Ain") == Label(departement="01")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ht-Rhin", "68"),
        ("Hte-Marne", "52"),
        ("Hts-de-Seine", "92"),
        ("Htes-Pyrénées", "65"),
        ("Bches-du-Rhône", "13"),
        ("Pyr. Orientales", "66"),
        ("Terr. de Belfort", "90"),
        ("Rhône et Métropole de Lyon", "69"),
        ("Département du Rhône", "69"),
        ("Loire (Haute-)", "43"),
        ("Rhin (Bas-)", "67"),
        ("Alpes, Hautes", "05"),
        ("Pyr.-Atl.", "64"),
        ("Meurthe-et-Mos.", "54"),
        ("Charente-Mar", ""),
        ("Haute-S.", ""),
        ("M. Lot", ""),
        ("Nord (hors Lille)", ""),
        ("01 Ain (sauf Bourg)", ""),
        ("Nord (Lille)", ""),
        ("38 Vienne (Isère)", ""),
        ("EURE (SUD)", ""),
        ("Ain (l')", "01"),
        ("Ain (note 3)", "01"),
        ("Rhône (hors métropole)", "69D"),
        ("Basses-Alpes", "04"),
        ("Haute-Corse et Corse-du-Sud", "20"),
    ],
)
def test_a_shortened_or_turned_name_is_that_of_one_département(text, code):
    assert label(text) == Label(departement=code)


@pytest.mark.parametrize(
    ("text", "code", "printed"),
    [
        ("Ain 01", "01", "01"),
        ("01. Ain", "01", "01"),
        ("D01 Ain", "01", "01"),
        ("dept 01 Ain", "01", "01"),
        ("1 Ain", "01", "01"),
        ("Ain (971)", "01", "971"),
        ("Ain (1)", "01", ""),
        ("Ain (46) (01)", "01", "01"),
        ("Ain (01) (46)", "01", "46"),
        ("Rhône - Métropole de Lyon", "69", ""),
        ("69M Métropole de Lyon", "69M", "69M"),
        ("2 a Corse-du-Sud", "2A", "2A"),
        ("UDAF 46 - Lot", "46", "46"),
        ("DRIEETS 75", "75", "75"),
        ("DEETS 974", "974", "974"),
        ("DDETS 01", "01", "01"),
        ("Département 2A", "2A", "2A"),
        ("Région 11", "", ""),
        ("ARS 84", "", ""),
    ],
)
def test_the_code_in_the_cell_of_a_name_is_kept_as_it_is_printed(text, code, printed):
    assert label(text) == Label(departement=code, code=printed)


@pytest.mark.parametrize(
    ("text", "most", "begins"),
    [
        ("Hautes-Alpes environ", 1000, True),
        ("Hautes-Alpes environ", 1, True),
        ("Hautes-Alpes plus ou moins", 2, False),
        ("Hautes-Alpes plus ou moins", 3, True),
        ("Ain", 0, True),
        ("Pour l'Ain", 1000, False),
        ("Territoire de Belfort", 0, True),
        ("Total de ce qui a été versé aux départements", 1000, True),
    ],
)
def test_the_first_words_are_a_name_before_so_many_others(text, most, begins):
    assert begins_with_a_name(text, most) is begins


def test_codes_are_written_as_the_code_officiel_géographique():
    assert [departement_code(code) for code in ("001", "02A", "1", "971", "2A-2B", "98")] == [
        "01",
        "2A",
        "01",
        "971",
        "20",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Alsace-Champagne-Ardenne-Lorraine", Label(region="44")),
        ("Aquitaine-Limousin-Poitou-Charentes", Label(region="75")),
        ("Languedoc-Roussillon-Midi-Pyrénées", Label(region="76")),
        ("Nord-Pas-de-Calais-Picardie", Label(region="32")),
        ("Île de la Réunion", Label(departement="974", region="04")),
        ("Collectivité de Corse", Label(departement="20", region="94")),
        ("Alsace", Label(departement="6AE", region="42")),
    ],
)
def test_other_names_of_a_région_name_it_and_the_département_that_it_is(text, named):
    assert label(text) == named


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("54 Meurhe-et-Moselle", "54"),
        ("Zone franche", ""),
        ("Loire-Atl", "44"),
        ("Charente-M", "17"),
        ("Meurthe-et", "54"),
        ("Loir-et", "41"),
        ("Haute-S", ""),
        ("Seine-et-Marne Nord", ""),
        ("Seine et Marnes", "77"),
        ("Seine et et Marne", "77"),
        ("Martiniqe", "972"),
        ("Ardènnes", ""),
        ("53 Mayene", "53"),
        ("Mayene", ""),
        ("Moyenne", ""),
    ],
)
def test_a_name_is_guessed_where_one_is_near_or_begins_so(text, code):
    assert guessed(text).departement == code


def test_a_cut_name_is_not_guessed_against_the_code_beside_it():
    assert guessed("Loire-Atl", "44") == Label(departement="44", code="44")
    assert not guessed("Loire-Atl", "42").known


@pytest.mark.parametrize(("part", "name"), [("Ain", True), ("Sous-total", True), ("Ainsi", False), ("Loir-et-", False)])
def test_one_part_is_a_name_where_it_is_one_whole(part, name):
    assert joins([part]) is name


@pytest.mark.parametrize("form", ["tabs"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3200, 3260)) == {}


TOTALS = {
    "Total": "",
    "Totaux": "",
    "Sous-total": "",
    "Soit un total": "",
    "Total partiel": "",
    "Cumul": "",
    "À reporter": "",
    "Report": "",
    "Report de 2023": None,
    "Total général": "tout",
    "Total national": "tout",
    "Total final": "tout",
    "Montant total": "tout",
    "Enveloppe totale": "tout",
    "National": "tout",
    "France": "tout",
    "France entière": "tout",
    "France y compris Mayotte": "tout",
    "France services": None,
    "Ensemble des départements": "tout",
    "Ensemble France entière": "tout",
    "Ensemble de la Bretagne": "region",
    "Ensemble pour l'Ain": "departement",
    "Ensemble scolaire A": None,
    "France métropolitaine": "metropole",
    "Métropole": "metropole",
    "Hexagone": "metropole",
    "Métropole Aix-Marseille": None,
    "Total métropole": "metropole",
    "Total hexagone": "metropole",
    "Total métropole et outre-mer": "tout",
    "Outre-mer": "outre_mer",
    "DROM-COM": "outre_mer",
    "DOM COM": "outre_mer",
    "Total outre-mer": "outre_mer",
    "Sous-total DOM": "outre_mer",
    "Total DROM": "outre_mer",
    "Total de la région": "region",
    "Total région": "region",
    "Total régional": "region",
    "Total ARS": "region",
    "Total Bretagne": "region",
    "Total Nord": "departement",
    "Métropole de Lyon": None,
    "Total Métropole de Lyon": "departement",
    "Réserve nationale": None,
    "Ain": None,
    "Total hors Mayotte": "hors",
    "Métropole hors Corse": "hors",
    "Total hors outre-mer": "metropole",
    "Total hors DOM": "metropole",
    "Total hors métropole": "outre_mer",
}


@pytest.mark.parametrize("text", TOTALS)
def test_each_total_says_of_what_it_is(text):
    assert label(text).total == TOTALS[text]


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        (["la", "Réunion"], True),
        (["Territoire de", "Belfort"], True),
        (["Alpes-de-Haute-", "Provence"], True),
        (["Ain", "Lot"], False),
        (["montant de la", "Réunion"], False),
        (["Total", "Ain"], False),
        (["Ain"], True),
        (["rien"], False),
        (["Bouches-du-", "Rhône"], True),
        (["Total", "général"], False),
        (["Total", "Champ : France hors Mayotte."], False),
    ],
)
def test_parts_make_a_name_together_and_none_apart(parts, joined):
    assert joins(parts) == joined


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("01", "01"),
        ("1", "01"),
        ("001", "01"),
        ("2a", "2A"),
        ("02A", "2A"),
        ("20A", "2A"),
        ("2A-2B", "20"),
        ("2A et 2B", "20"),
        ("971", "971"),
        ("69D", "69D"),
        ("D59", "59"),
        ("FR59", "59"),
        ("999", ""),
        ("", ""),
        ("0971", "971"),
        ("975", "975"),
    ],
)
def test_a_code_is_written_as_the_official_one_or_is_none(printed, code):
    assert departement_code(printed) == code


def test_the_région_and_the_name_of_a_code_are_the_official_ones():
    assert [region_of(code) for code in ("59", "2A", "20", "69D", "974", "988")] == ["32", "94", "94", "84", "04", ""]
    assert [official(code) for code in ("59", "20", "69M")] == ["Nord", "Corse", "Métropole de Lyon"]


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("Ain", "Département de l'Ain", True),
        ("Bretagne", "ARS Bretagne", True),
        ("La Réunion", "ARS La Réunion", True),
        ("Ain", "Lot", False),
        ("Ain", "Bretagne", False),
        ("Bretagne", "Total Bretagne", False),
        ("Zone", "Autre", False),
        ("Total", "Total", False),
    ],
)
def test_two_labels_are_the_same_where_they_name_one_territory(text, other, same):
    assert label(text).same(label(other)) is same
    assert label(other).same(label(text)) is same


def test_a_heading_above_a_name_is_no_part_of_it():
    assert not joins(["Département", "Loire (Haute-)"])
    assert joins(["Haute-", "Loire"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Vienne (Isère)", ""),
        ("Eure (sud)", ""),
        ("Corse (nord)", ""),
        ("Bas-Rhin (Alsace)", "67"),
        ("Alsace (Bas-Rhin)", ""),
        ("Vienne (Nouvelle-Aquitaine)", "86"),
        ("Rhône (Métropole de Lyon)", "69"),
        ("Loire (Haute-)", "43"),
    ],
)
def test_another_département_or_a_side_in_parentheses_is_no_whole(text, code):
    assert label(text).departement == code


def test_a_total_leaves_out_each_of_the_territories_that_it_names():
    assert label("Total hors Indre-et-Loire et Cher") == Label(departement="37 18", total="hors")
    assert label("Total hors Corse et Mayotte") == Label(departement="20 976", region="94 06", total="hors")
    assert label("Total province") == Label(region="11", total="hors")
