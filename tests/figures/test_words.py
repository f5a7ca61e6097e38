"""What is said around a figure; the text alternative says what the picture says."""

from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, choropleth
from cdppe_analysis.figures.words import Words


def test_it_holds_finding_extremes_classes_field_and_source(wave, words):
    text = choropleth(wave, "euros_par_enfant", words, not_concerned="others").alternative.replace("\u202f", " ")
    assert words.title in text
    assert "Les plus fortes valeurs : Tarn-et-Garonne (658 €)" in text
    assert "Nombre de départements par classe : de 136 à 171 : 6" in text
    assert "Non concernés : 70." in text
    assert "Champ : les 30 départements de 2020." in text
    assert "Source : annexe 7" in text


def test_a_single_value_is_no_extreme():
    assert Scale().extremes(pd.Series({"59": 3.0})).startswith("Une seule valeur : Nord")


@pytest.mark.parametrize("name", ["title", "subtitle", "source", "champ"])
def test_a_figure_without_its_words_is_refused(name):
    words = {"title": "t", "subtitle": "s", "source": "s", "champ": "c"} | {name: " "}
    with pytest.raises(FigureError, match=f"needs its {name}"):
        Words(**words)


def test_the_lines_below_are_named_and_stopped():
    below = dict(Words("t", "s", "DREES", "France", note="Estimation").below("IGN Admin Express 2018"))
    assert below["source"] == "Source : DREES. Fond de carte : IGN Admin Express 2018."
    assert below["champ"] == "Champ : France."
    assert below["note"] == "Note : Estimation."


def test_what_has_no_value_is_said_in_the_note_by_name_or_by_number():
    frame = pd.DataFrame({"code_departement": ["59", "976", "75", "2A", "2B", "01"]})
    bare = Words("t", "s", "s", "c")
    assert bare.noted(frame, pd.DataFrame(index=frame["code_departement"])) == bare
    assert Words("t", "s", "s", "c", note="essai").noted(frame, pd.DataFrame(index=["59", "75", "01", "2A"])).note == (
        "essai. Sans donnée, non montrés : Mayotte, Haute-Corse."
    )
    assert bare.noted(frame, pd.DataFrame(index=["59"])).note == "Sans donnée, non montrés : 5 départements."


def test_the_three_largest_and_the_three_smallest_are_named_in_their_order():
    values = pd.Series(
        {code: float(rank) for rank, code in enumerate(["59", "62", "80", "02", "60", "08", "51", "10"])}
    )
    said = Scale().extremes(values).replace("\u202f", " ")
    assert said == (
        "Les plus fortes valeurs : Aube (7 €), Marne (6 €), Ardennes (5 €) ; "
        "les plus faibles : Nord (0 €), Pas-de-Calais (1 €), Somme (2 €)."
    )


def test_words_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Words("t", "s", "s", "c").title = "autre"
