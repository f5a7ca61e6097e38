"""The three maps of a column: structure, bad input, speed."""

import time

import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import choropleth, choropleth_and_circles, circles
from cdppe_analysis.figures.inspection import defects

BIG = ["59", "62", "35", "77", "95", "44"]


KINDS = ("choropleth", "diverging", "circles", "circles of all", "both")


@pytest.fixture(scope="module")
def maps(wave, france, words):
    """Give one map of each kind, drawn once."""
    gap = france.assign(ecart=france["taux"] - france["taux"].median())
    return {
        "choropleth": choropleth(france, "taux", unit="‰", decimals=1, labels=["58"], **words),
        "diverging": choropleth(gap, "ecart", center=0, classes=6, decimals=1, **words),
        "circles": circles(wave, "montant_eur", not_concerned="others", labels=BIG, **words),
        "circles of all": circles(france, "ase_2017", unit="enfants", **words),
        "both": choropleth_and_circles(
            wave, rate="euros_par_enfant", stock="montant_eur", not_concerned="others", labels=BIG, **words
        ),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_map_stands_the_inspection(maps, kind):
    assert defects(maps[kind]) == []


@pytest.mark.parametrize("kind", ["diverging", "both"])
def test_textures_rings_and_insets_look_as_they_did(maps, kind, assert_same_picture):
    """What structure cannot tell: where the insets are, textures, circles over areas."""
    assert_same_picture(maps[kind], f"carte-{kind}")


def test_the_legend_counts_every_departement(maps):
    (legend,) = [axes for axes in maps["choropleth"].figure.axes if axes.get_gid() == "legende"]
    counts = [
        int(text.get_text().split("(")[1].rstrip(")"))
        for text in legend.texts
        if text.get_text().endswith(")") and text.get_text().split("(")[1][:-1].isdigit()
    ]
    assert sum(counts) == 101


def test_the_table_behind_has_a_row_a_concerned_departement(maps):
    carte = maps["both"]
    assert carte.table["montant_eur"].sum() == 15_000_001
    assert list(carte.table.columns) == [
        "code_departement",
        "libelle_departement",
        "euros_par_enfant",
        "classe",
        "montant_eur",
    ]


def test_a_negative_amount_in_a_circle_map_is_refused(words):
    frame = pd.DataFrame({"code_departement": ["59"], "montant_eur": [-1.0]})
    with pytest.raises(FigureError, match="Nord in 'montant_eur' is negative"):
        circles(frame, "montant_eur", **words)


def test_a_constant_column_is_drawn_as_one_class(words):
    frame = pd.DataFrame({"code_departement": ["59", "62", "80"], "taux": [4.0, 4.0, 4.0]})
    assert choropleth(frame, "taux", not_concerned="others", **words).table["classe"].unique().tolist() == ["4"]


def test_a_long_legend_makes_the_page_higher(wave, words, maps):
    short = maps["circles"]
    long = circles(wave, "montant_eur", not_concerned="others", legend="Un intitulé sans fin " * 60, **words)
    assert long.figure.get_figheight() > short.figure.get_figheight()
    assert defects(long) == []


def test_a_national_map_is_drawn_and_saved_quickly_after_the_first(france, words, tmp_path):
    """Under 1.5 s on a quiet machine: the processor's time is held, so that a busy one does not fail."""
    choropleth(france, "taux", decimals=1, **words).save(tmp_path / "first.png")
    start = time.process_time()
    choropleth(france, "taux", decimals=1, **words).save(tmp_path / "second.png")
    assert time.process_time() - start < 1.5
