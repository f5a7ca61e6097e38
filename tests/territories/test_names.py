"""Names as documents print them are recognised, or refused when two could be meant."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, recognise_departement, recognise_region
from cdppe_analysis.territories.names import normalised


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("VAL D’OISE", "95"),
        ("val-d'oise", "95"),
        ("Seine-St-Denis", "93"),
        ("Alpes-de-Haute-\nProvence", "04"),
        ("Meurthe et Moselle", "54"),
        ("Réunion", "974"),
        ("La Réunion", "974"),
        ("Corse", "20"),
        ("Collectivité de Corse", "20"),
        ("Métropole de Lyon", "69M"),
        ("Alsace", "6AE"),
        ("CEA", "6AE"),
        ("Grand Lyon", "69M"),
        ("Lyon Métropole", "69M"),
        ("Nouveau Rhône", "69D"),
        ("Rhône hors métropole", "69D"),
        ("Département du Rhône", "69D"),
        ("Collectivité territoriale de Corse", "20"),
        ("Guadeloupe (La)", "971"),
        ("Belfort", "90"),
        ("Côtes d Armor", "22"),
        ("Corse-du-Sud et Haute-Corse", "20"),
        ("Haute-Corse et Corse-du-Sud", "20"),
        ("Basses-Alpes", "04"),
        ("Charente-Inférieure", "17"),
        ("Côtes-du-Nord", "22"),
        ("Loire-Inférieure", "44"),
        ("Basses-Pyrénées", "64"),
        ("Seine-Inférieure", "76"),
    ],
)
def test_a_name_is_recognised_through_its_spelling(name, code):
    assert recognise_departement(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Loi-et-Cher", "41"),
        ("Pyénées-Atlantiques", "64"),
        ("Drome", "26"),
        ("Noord", "59"),
        ("Guayane", "973"),
        ("Hautes-de-Seine", "92"),
        ("Seien-et-Marne", "77"),
        ("Haute-Rhin", "68"),
        ("Meurhe-et-Moselle", "54"),
        ("Savoie (la)", "73"),
        ("Haute-Savooe", "74"),
    ],
)
def test_the_misspellings_of_the_documents_and_of_the_contours_are_recognised(name, code):
    """Annex 4 of the instruction 2025/60 prints the first six, the contours the three that follow."""
    assert recognise_departement(name) == code


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Alpes", "Alpes-de-Haute-Provence"),
        ("Rhin", "Bas-Rhin"),
        ("Occitanie", "Loire-Atlantique"),
        ("Total", "Cantal"),
        ("Pyrénées", "Pyrénées-Atlantiques"),
        ("Hérau", "Hérault"),
    ],
)
def test_what_is_no_name_of_a_departement_is_refused_with_the_nearest(name, nearest):
    with pytest.raises(TerritoryError, match=f"^'{name}' is no name of a département; the nearest is {nearest}$"):
        recognise_departement(name)


@pytest.mark.parametrize(("name", "both"), [("Aue", "Aube or Aude"), ("Aisn", "Aisne or Ain")])
def test_a_name_that_could_be_two_is_refused_with_both_the_nearer_first(name, both):
    with pytest.raises(TerritoryError, match=f"^'{name}' could be the département {both}$"):
        recognise_departement(name)


@pytest.mark.parametrize("code", ["10", "11"])
def test_the_code_beside_a_name_that_could_be_two_decides(code):
    assert recognise_departement("Aue", code=code) == code


@pytest.mark.parametrize(("name", "codes"), [("Lozère", "'48'"), ("Aue", "'10' or '11'")])
def test_a_name_that_disagrees_with_the_code_beside_it_is_refused(name, codes):
    with pytest.raises(TerritoryError, match=rf"'{name}' is that of {codes}, not of the code beside it \(code 49\)"):
        recognise_departement(name, code="49")


@given(
    st.sampled_from(sorted(DEPARTEMENTS)),
    st.sampled_from([str.upper, str.lower, str.title, lambda s: s.replace("-", " "), lambda s: s.replace("'", "’")]),
    st.sampled_from(["NFC", "NFD"]),
)
def test_every_departement_is_recognised_in_every_case_and_normal_form(code, spelling, form):
    assert recognise_departement(unicodedata.normalize(form, spelling(DEPARTEMENTS[code].libelle))) == code


@given(st.sampled_from(sorted(DEPARTEMENTS)), st.data())
def test_a_lost_letter_never_gives_another_departement_unless_it_leaves_its_very_name(code, data):
    """« Loiret » without its last letter is « Loire »: only a code beside the name could tell."""
    label = DEPARTEMENTS[code].libelle
    position = data.draw(st.integers(0, len(label) - 1))
    misspelt = label[:position] + label[position + 1 :]
    try:
        found = recognise_departement(misspelt)
    except TerritoryError:
        return
    assert found == code or normalised(misspelt) == normalised(DEPARTEMENTS[found].libelle)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Grand-Est", "44"),
        ("Ile-de-France", "11"),
        ("Nouvelle Aquitaine", "75"),
        ("Provence-Alpes-Côte\nd'Azur", "93"),
        ("PACA", "93"),
        ("Sud", "93"),
        ("Centre", "24"),
        ("Réunion", "04"),
        ("Pays de Loire", "52"),
        ("Occitanie / Pyrénées-Méditerranée", "76"),
        ("Rhône-Alpes-Auvergne", "84"),
    ],
)
def test_regions_are_recognised_as_annex_7_prints_them_and_by_their_usual_names(name, code):
    assert recognise_region(name) == code


@pytest.mark.parametrize("name", ["Le Cœur-Ste-Œil", "la CŒUR SAINTE ŒIL", "les Coeur Sainte Oeil", "L’Cœur-Ste-œil"])
def test_articles_ligatures_and_abbreviations_make_no_other_name(name):
    assert normalised(name) == "coeur sainte oeil"


@pytest.mark.parametrize("name", ["La Réunion", "L'Ain", "Les Landes", "Le Lot"])
def test_an_article_before_a_name_is_left_out(name):
    assert " " not in normalised(name)


@pytest.mark.parametrize("name", ["Le", "La", "Les", "L’"])
def test_an_article_alone_is_the_name(name):
    assert normalised(name) == name.strip("’").lower()


def test_every_region_is_recognised_by_its_own_name():
    assert [recognise_region(label) for label in REGIONS.values()] == list(REGIONS)


def test_a_departement_is_no_region():
    with pytest.raises(TerritoryError, match=r"^'Creuse' is no name of a région; the nearest is Corse$"):
        recognise_region("Creuse")
