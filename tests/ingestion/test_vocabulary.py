"""The closed list of names, totals and ties."""

import pytest

from cdppe_analysis.ingestion.vocabulary import cut, is_beginning, name_of, words_of
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS


@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_every_département_is_known_in_capitals_and_without_accents(code):
    libelle = DEPARTEMENTS[code].libelle
    for written in (libelle, libelle.upper(), libelle.replace("-", " "), libelle.replace("'", "’")):
        assert name_of(words_of(written)).departement == code


@pytest.mark.parametrize("code", REGIONS)
def test_every_région_is_known(code):
    assert name_of(words_of(REGIONS[code])).region == code


@pytest.mark.parametrize("name", ["Corse", "Guadeloupe", "Guyane", "La Réunion", "Martinique", "Mayotte"])
def test_six_names_are_a_département_and_a_région(name):
    assert None not in (name_of(words_of(name)).departement, name_of(words_of(name)).region)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Bretagne Ille-et-Vilaine", ["Bretagne", "Ille-et-Vilaine"]),
        ("La Réunion La Réunion", ["La Réunion", "La Réunion"]),
        ("Corse Corse-du-Sud", ["Corse", "Corse-du-Sud"]),
        ("Pays de la Loire Loire-Atlantique", ["Pays de la Loire", "Loire-Atlantique"]),
        ("Centre-Val de Loire Loir-et-Cher", ["Centre-Val de Loire", "Loir-et-Cher"]),
        ("Auvergne-Rhône-Alpes Rhône", ["Auvergne-Rhône-Alpes", "Rhône"]),
    ],
)
def test_names_that_follow_one_another_are_told_apart(text, runs):
    assert [" ".join(run.words) for run in cut(words_of(text))] == runs


@pytest.mark.parametrize("text", ["Sous-total Bretagne", "TOTAL ARS Bretagne", "Total région Bretagne"])
def test_a_total_may_name_a_région(text):
    meanings = [run.meaning for run in cut(words_of(text))]
    assert meanings[0].total is not None
    assert meanings[-1].region == "53"


@pytest.mark.parametrize(
    "text", ["Conseil départemental de l’Ain", "Département du Val-d’Oise", "ARS de Guyane", "l'Ain"]
)
def test_words_tie_to_a_name(text):
    meanings = [run.meaning for run in cut(words_of(text))]
    assert all(meaning is not None for meaning in meanings)
    assert meanings[-1].is_name


@pytest.mark.parametrize("text", ["Réserve nationale", "Saint-Martin", "Enfance", "Départements concernés"])
def test_other_words_mean_nothing(text):
    assert any(run.meaning is None for run in cut(words_of(text)))


@pytest.mark.parametrize(
    "text", ["Alpes-de-Haute-", "Pays de", "Provence-Alpes-Côte", "Bouches-du", "La", "Pyrénées-Atlan-"]
)
def test_the_beginning_of_a_name_is_known(text):
    assert is_beginning(words_of(text))


@pytest.mark.parametrize("text", ["Nord", "Creuse", "Dotation", "de"])
def test_a_whole_name_or_another_word_begins_none(text):
    assert not is_beginning(words_of(text))


def test_a_footnote_mark_is_no_part_of_a_name_and_a_code_is_no_mark():
    assert name_of(["Nord*"]).departement == name_of(["Nord", "(1)"]).departement == "59"
    assert [run.meaning.code for run in cut(["Nord", "(59)"])] == [None, "59"]
