"""What a map reads of a frame: one clear sentence for what cannot be drawn."""

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError, TerritoryError
from cdppe_analysis.figures import Scale
from cdppe_analysis.figures.classes import classify
from cdppe_analysis.figures.columns import Reading, labelled_numbers, named_numbers, numbers


def frame(codes, values):
    return pd.DataFrame({"code_departement": codes, "valeur": values})


@pytest.mark.parametrize(
    ("codes", "values", "error", "sentence"),
    [
        (["59"], [np.inf], FigureError, "holds an infinite value"),
        (["59", "62"], [np.nan, None], FigureError, "has no value to draw"),
        (["59"], ["beaucoup"], FigureError, "does not hold numbers"),
        (["59", "99"], [1, 2], TerritoryError, "'99' is no code of a département"),
        (["1"], [1], TerritoryError, "probably '01'"),
        (["59", "59"], [1, 2], TerritoryError, "given twice"),
        (["20", "2A"], [1, 2], TerritoryError, "the whole '20' stands beside its parts"),
        ([59], [1], TerritoryError, "read as a number"),
        (["69M"], [1], FigureError, "no contour of its own"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(codes, values, error, sentence):
    with pytest.raises(error, match=sentence):
        Reading.of(frame(codes, values), "valeur")


def test_a_missing_column_names_those_that_are_there():
    with pytest.raises(FigureError, match="no column 'taux'; it has code_departement, valeur"):
        numbers(frame(["59"], [1]), "taux")


def test_a_frame_without_codes_says_so():
    with pytest.raises(FigureError, match="no column 'code_departement'"):
        numbers(pd.DataFrame({"code": ["59"]}), "code")


def test_missing_not_concerned_and_zero_are_three_things():
    reading = Reading.of(frame(["59", "62", "80"], [0.0, np.nan, 3.0]), "valeur", not_concerned="others")
    assert reading.known["59"] == 0
    reading.check_not_negative()
    rows = reading.rows({"59": "0", "80": "3"})
    assert rows["code_departement"].tolist() == ["59", "62", "80"]
    assert rows["libelle_departement"].tolist() == ["Nord", "Pas-de-Calais", "Somme"]
    assert rows["valeur"].tolist() == pytest.approx([0, np.nan, 3], nan_ok=True)
    assert rows["classe"].tolist() == ["0", "pas de donnée", "3"]
    assert reading.missing == ("62",)
    assert len(reading.not_concerned) == 98


def test_without_a_word_about_it_a_unit_that_is_absent_has_no_data():
    assert len(Reading.of(frame(["59"], [1.0]), "valeur").missing) == 100


def test_listed_codes_are_not_concerned():
    reading = Reading.of(frame(["59"], [1.0]), "valeur", not_concerned=["976"])
    assert reading.not_concerned == {"976"}


def test_corse_as_one_is_one_unit_of_a_hundred():
    reading = Reading.of(frame(["20", "59"], [1.0, 2.0]), "valeur")
    assert len(reading.series) == 100
    assert not {"2A", "2B"} & set(reading.series.index)


def test_both_corses_are_not_concerned_where_corse_as_one_is_drawn():
    reading = Reading.of(frame(["20", "59"], [np.nan, 2.0]), "valeur", not_concerned=["2A", "2B"])
    assert reading.not_concerned == {"20"}
    assert Reading.of(frame(["20", "59"], [np.nan, 2.0]), "valeur", not_concerned=["2A"]).not_concerned == set()


def test_a_unit_with_a_value_cannot_be_not_concerned():
    with pytest.raises(FigureError, match="Nord has a value and is said to be not concerned"):
        Reading.of(frame(["59"], [1.0]), "valeur", not_concerned=["59"])


def test_another_word_for_not_concerned_is_refused():
    with pytest.raises(FigureError, match="'others'"):
        Reading.of(frame(["59"], [1.0]), "valeur", not_concerned="reste")


def test_nullable_integers_with_missing_values_are_read():
    values = pd.array([1, None], dtype="Int64")
    assert Reading.of(frame(["59", "62"], values), "valeur").known.to_dict() == {"59": 1.0}


def test_what_is_told_of_a_map_counts_its_classes_and_what_has_none():
    given = frame(["59", "62", "23"], [1.0, 2.0, None])
    reading = Reading.of(given, "valeur", "others")
    made = classify(reading.known, Scale("%", classes=3))
    ends, counted, *rest = reading.told(Scale("%"), made)
    assert ends == Scale("%").extremes(pd.Series({"59": 1.0, "62": 2.0}))
    assert counted == "Nombre de départements par classe : 1 : 1 ; 2 : 1"
    assert rest == ["", "Pas de donnée : 1", "Non concernés : 98"]


def test_rows_are_named_and_those_without_a_needed_value_left_out():
    given = pd.DataFrame({"code_departement": ["20", "59", "62"], "a": [1, None, 3], "b": [None, 2.0, 4.0]})
    rows = named_numbers(given, ["a", "b"], ["a"])
    assert rows.index.tolist() == ["20", "62"]
    assert rows.index.name == "code_departement"
    assert rows.columns.tolist() == ["libelle_departement", "a", "b"]
    assert rows["libelle_departement"].tolist() == ["Corse", "Pas-de-Calais"]
    assert rows["b"].tolist() == pytest.approx([np.nan, 4], nan_ok=True)
    with pytest.raises(FigureError, match="no unit has a value in each of 'a', 'b'"):
        named_numbers(given.head(2), ["a", "b"], ["a", "b"])


def test_values_and_groups_stand_under_the_names_that_they_are_given_in_the_order_of_the_rows():
    given = pd.DataFrame({"acte": ["b", 2, "a"], "taux": ["3", None, "?"], "sorte": ["x", "y", "x"]})
    rows = labelled_numbers(given, "acte", {"valeur": "taux"}, "sorte")
    assert rows.columns.tolist() == ["libelle", "valeur", "groupe"]
    assert rows["libelle"].tolist() == ["b", "2", "a"]
    assert rows["valeur"].tolist() == pytest.approx([3, np.nan, np.nan], nan_ok=True)
    assert rows["groupe"].tolist() == ["x", "y", "x"]
    assert labelled_numbers(given, "acte", {}).to_numpy().tolist() == [["b", ""], ["2", ""], ["a", ""]]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"finite": "valeur"}, "the value of 'deux' in 'taux' is missing, infinite or no number"),
        ({"group": "sorte"}, "no column 'sorte'; it has acte, taux"),
        ({"label": "nom"}, "no column 'nom'"),
    ],
)
def test_rows_that_cannot_be_drawn_are_refused_in_one_sentence(options, sentence):
    given = pd.DataFrame({"acte": ["un", "deux"], "taux": [1.0, np.inf]})
    assert len(labelled_numbers(given.head(1), "acte", {"valeur": "taux"}, finite="valeur")) == 1
    with pytest.raises(FigureError, match=sentence):
        labelled_numbers(given, **({"label": "acte", "columns": {"valeur": "taux"}} | options))
    with pytest.raises(FigureError, match="nothing to draw"):
        labelled_numbers(given.head(0), "acte", {"valeur": "taux"})
