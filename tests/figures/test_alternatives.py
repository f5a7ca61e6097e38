"""The text alternative says what the picture says."""

import pandas as pd

from cdppe_analysis.figures.alternatives import extremes
from cdppe_analysis.figures.maps import choropleth


def test_it_holds_finding_extremes_classes_field_and_source(wave, words):
    text = choropleth(wave, "euros_par_enfant", not_concerned="others", **words).alternative.replace("\u202f", " ")
    assert words["title"] in text
    assert "Les plus fortes valeurs : Tarn-et-Garonne (658 €)" in text
    assert "Nombre de départements par classe : de 135 à 171 : 6" in text
    assert "Non concernés : 70." in text
    assert "Champ : les 30 départements de 2020." in text
    assert "Source : annexe 7" in text


def test_a_single_value_is_no_extreme():
    assert extremes(pd.Series({"59": 3.0}), "€", 0).startswith("Une seule valeur : Nord")
