"""Maps of one column or two, and several maps on one scale: structure, bad input, speed."""

import time

import numpy as np
import pandas as pd
import pytest
import shapely
from inspection import defects

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import (
    Scale,
    choropleth,
    choropleth_and_circles,
    circles,
    small_multiples,
)
from cdppe_analysis.figures.contours import Contours
from cdppe_analysis.figures.maps import unit_map
from cdppe_analysis.figures.page import NARROW
from cdppe_analysis.figures.palette import MISSING, NOT_CONCERNED

BIG = ["59", "62", "35", "77", "95", "44"]


KINDS = ("choropleth", "diverging", "circles", "circles of all", "both")


@pytest.fixture(scope="module")
def maps(wave, france, words):
    """Give one map of each kind, drawn once."""
    gap = france.assign(ecart=france["taux"] - france["taux"].median())
    return {
        "choropleth": choropleth(france, "taux", words, Scale(unit="‰", decimals=1), labels=["58"]),
        "diverging": choropleth(gap, "ecart", words, Scale(decimals=1, classes=6, center=0)),
        "circles": circles(wave, "montant_eur", words, not_concerned="others", labels=BIG),
        "circles of all": circles(france, "ase_2017", words, Scale(unit="enfants")),
        "both": choropleth_and_circles(
            wave, "euros_par_enfant", "montant_eur", words, not_concerned="others", labels=BIG
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
        circles(frame, "montant_eur", words)


def test_a_constant_column_is_drawn_as_one_class(words):
    frame = pd.DataFrame({"code_departement": ["59", "62", "80"], "taux": [4.0, 4.0, 4.0]})
    assert choropleth(frame, "taux", words, not_concerned="others").table["classe"].unique().tolist() == ["4"]


def test_a_long_legend_makes_the_page_higher(wave, words, maps):
    short = maps["circles"]
    long = circles(wave, "montant_eur", words, Scale(legend="Un intitulé sans fin " * 60), not_concerned="others")
    assert long.figure.get_figheight() > short.figure.get_figheight()
    assert defects(long) == []


def test_a_national_map_is_drawn_and_saved_quickly_after_the_first(france, words, tmp_path):
    """Under 1.5 s on a quiet machine: the processor's time is held, so that a busy one does not fail."""
    choropleth(france, "taux", words, Scale(decimals=1)).save(tmp_path / "first.png")
    start = time.process_time()
    choropleth(france, "taux", words, Scale(decimals=1)).save(tmp_path / "second.png")
    assert time.process_time() - start < 1.5


@pytest.fixture(scope="module")
def years(france):
    return france.assign(taux_2022=france["ase_2022"] / france["jeunes_2019"] * 1000)


@pytest.fixture(scope="module")
def pair(years, words):
    return small_multiples(years, {"2017": "taux", "2022": "taux_2022"}, words, Scale(unit="‰", decimals=1))


def maps_of(illustration):
    return [axes for axes in illustration.figure.axes if axes.get_gid() == "carte"]


def faces(axes):
    return {
        patch.get_gid().removeprefix("departement-"): patch.get_facecolor()
        for patch in axes.patches
        if (patch.get_gid() or "").startswith("departement-")
    }


def test_a_pair_stands_the_inspection(pair):
    assert defects(pair) == []
    assert len(maps_of(pair)) == 2


def test_equal_values_have_equal_colours_on_both_maps(years, words):
    first, second = maps_of(small_multiples(years, {"une": "taux", "autre": "taux"}, words, Scale(decimals=1)))
    assert faces(first) == faces(second)


def test_the_scale_is_that_of_both_columns_together(years, words):
    doubled = years.assign(double=years["taux"] * 3)
    pair = small_multiples(doubled, ["taux", "double"], words, Scale(decimals=1, method="fisher_jenks"))
    first, second = maps_of(pair)
    assert len(set(faces(first).values())) < len(set(faces(second).values()))


def test_the_legend_counts_both_maps(pair):
    texts = [text.get_text() for axes in pair.figure.axes for text in axes.texts]
    counts = [text.split("(")[1] for text in texts if "puis" in text]
    assert sum(int(count.split("\u00a0")[0]) for count in counts) == 101


def test_circles_have_one_scale_on_all_maps(years, words):
    pair = small_multiples(years, ["ase_2017", "ase_2022"], words, Scale(unit="enfants"), stock=True)
    radii = [
        {patch.get_gid(): patch.radius for patch in axes.patches if (patch.get_gid() or "").startswith("cercle-")}
        for axes in maps_of(pair)
    ]
    values = years.set_index("code_departement")
    ratio = (radii[1]["cercle-59"] / radii[0]["cercle-59"]) ** 2
    assert ratio == pytest.approx(values.at["59", "ase_2022"] / values.at["59", "ase_2017"])
    assert defects(pair) == []


def test_twelve_small_multiples_are_drawn_in_time_and_stand_the_inspection(years, words, tmp_path):
    """Under 8 s on a quiet machine; the processor's time is held."""
    frame = years.assign(**{f"s{n}": years["taux"] * (1 + n / 20) for n in range(12)})
    columns = {f"Scénario {n + 1}": f"s{n}" for n in range(12)}
    start = time.process_time()
    small = small_multiples(frame, columns, words, Scale(decimals=1))
    small.save(tmp_path / "douze.png")
    assert time.process_time() - start < 8
    assert len(maps_of(small)) == 12
    assert "Cartes : Scénario 1, Scénario 2, Scénario 3, Scénario 4, Scénario 5" in small.alternative
    assert defects(small) == []


def test_each_small_map_has_the_overseas_and_paris(years, words):
    small = small_multiples(years, ["taux", "taux_2022", "ase_2022"], words, Scale(decimals=1))
    for axes in maps_of(small):
        assert {"971", "972", "973", "974", "976", "75-loupe"} <= set(faces(axes))


def test_the_table_has_a_row_a_map_and_departement(years, words):
    small = small_multiples(years, {"2017": "taux", "2022": "taux_2022"}, words, Scale(decimals=1))
    assert small.table["carte"].value_counts().to_dict() == {"2017": 101, "2022": 101}


def test_no_column_and_negative_stocks_are_refused(years, words):
    with pytest.raises(FigureError, match="at least one column"):
        small_multiples(years, [], words)
    with pytest.raises(FigureError, match="is negative"):
        small_multiples(years.assign(moins=-years["ase_2017"]), ["moins"], words, stock=True)


def test_each_map_of_a_pair_has_its_name_over_it_and_its_own_values(years, words):
    pair = small_multiples(years, {"2017": "taux", "2022": "taux_2022"}, words, Scale("‰", 1))
    first, second = maps_of(pair)
    titles = {text.get_text(): text.get_window_extent().x0 for axes in pair.figure.axes for text in axes.texts}
    assert titles["2017"] < titles["2022"]
    assert first.get_window_extent().x0 < second.get_window_extent().x0
    values = years.set_index("code_departement")
    for axes, name, column in ((first, "2017", "taux"), (second, "2022", "taux_2022")):
        rows = pair.table[pair.table["carte"] == name].set_index("code_departement")
        assert rows.at["59", "valeur"] == values.at["59", column]
        looks = {}
        for code, label in rows["classe"].items():
            if label:
                looks.setdefault(label, set()).add(faces(axes)[code])
        assert all(len(own) == 1 for own in looks.values())


def test_what_one_map_of_a_pair_lacks_is_hatched_on_it_alone(years, words):
    frame = years.assign(taux_2022=years["taux_2022"].where(years["code_departement"] != "59"))
    pair = small_multiples(frame, {"2017": "taux", "2022": "taux_2022"}, words, Scale("‰", 1))
    hatches = [
        {patch.get_gid(): patch.get_hatch() for patch in axes.patches if patch.get_gid()}["departement-59"]
        for axes in maps_of(pair)
    ]
    assert hatches == [None, MISSING.hatch]
    said = " ".join(text.get_text() for axes in pair.figure.axes for text in axes.texts)
    assert "pas de donnée (1 puis 4)" in said.replace("\u00a0", " ")
    assert "Classes de toutes les cartes ensemble" in said.replace("\u00a0", " ")


def test_a_map_of_a_study_counts_its_units_and_leaves_the_others_plain(words):
    shapes = np.array([shapely.box(3 + rank, 46, 4 + rank, 47) for rank in range(4)])
    contours = Contours(("A", "B", "C", "D"), shapes, "essai", own=True)
    table = pd.DataFrame({"code_departement": list("ABC"), "libelle_departement": ["un", "deux", "trois"]})
    table = table.assign(taux=[1.0, 2.0, None], eur=[100.0, 400.0, 25.0], autre=0)
    carte = unit_map(table, "taux", "eur", words, Scale("%", legend="Taux"), Scale(legend="Dotation"), contours)
    assert carte.table.drop(columns="taux").to_numpy().tolist() == [
        ["A", "un", 100, "1"],
        ["B", "deux", 400, "2"],
        ["C", "trois", 25, "pas de donnée"],
    ]
    (axes,) = maps_of(carte)
    found = {patch.get_gid(): patch for patch in axes.patches if patch.get_gid()}
    assert found["cercle-B"].radius == pytest.approx(2 * found["cercle-A"].radius)
    assert found["departement-C"].get_hatch() == MISSING.hatch
    assert found["departement-D"].get_hatch() == NOT_CONCERNED.hatch
    said = " ".join(text.get_text() for axes in carte.figure.axes for text in axes.texts)
    assert said.index("Taux") < said.index("non concerné") < said.index("Dotation")
    many = table.assign(taux=[1.0, 2.0, 3.0]).loc[[0, 1, 2] * 3]
    many["code_departement"] = [f"U{rank}" for rank in range(9)]
    nine = np.array([shapely.box(3 + rank, 46, 4 + rank, 47) for rank in range(9)])
    wider = Contours(tuple(many["code_departement"]), nine, "essai", own=True)
    wide = unit_map(many.assign(taux=range(1, 10)), "taux", "eur", words, Scale("%"), Scale(), wider)
    assert "autant d’unités par classe" in " ".join(text.get_text() for axes in wide.figure.axes for text in axes.texts)


def test_small_maps_stand_in_rows_in_their_order(years, words):
    small = small_multiples(years, dict.fromkeys("abcd", "taux"), words, Scale("‰", 1), across=2)
    assert small.alternative.startswith("4 cartes sur une même échelle : ")
    assert "d. Les plus fortes valeurs" in small.alternative
    boxes = [axes.get_window_extent() for axes in maps_of(small)]
    assert boxes[0].x0 < boxes[1].x0
    assert boxes[0].y0 == pytest.approx(boxes[1].y0)
    assert boxes[2].x0 == pytest.approx(boxes[0].x0)
    assert boxes[2].y1 < boxes[0].y0


def test_a_map_of_a_rate_and_a_stock_has_the_name_of_each_over_its_own_legend(wave, words):
    rate, stock = Scale("%", legend="Euros par enfant"), Scale(legend="Dotation")
    carte = choropleth_and_circles(wave, "euros_par_enfant", "montant_eur", words, rate, stock, not_concerned="others")
    (legend,) = [axes for axes in carte.figure.axes if axes.get_gid() == "legende"]
    heights = {text.get_text(): text.get_position()[1] for text in legend.texts}
    boxes = [patch.get_y() for patch in legend.patches if (patch.get_gid() or "").startswith("legende-classe")]
    circles_ = [patch.center[1] for patch in legend.patches if patch.get_gid() == "legende-cercle"]
    assert heights["Euros par enfant"] > max(boxes) > min(boxes) > heights["Dotation"] > max(circles_)
    text = carte.alternative.replace("\u202f", " ")
    assert "Cercles : Les plus fortes valeurs : Nord (1 995 607 €)" in text


def test_what_is_missing_under_a_circle_is_named(wave, words):
    frame = wave.assign(montant_eur=wave["montant_eur"].where(wave["code_departement"] != "59"))
    carte = choropleth_and_circles(frame, "euros_par_enfant", "montant_eur", words, not_concerned="others")
    said = " ".join(text.get_text() for axes in carte.figure.axes for text in axes.texts)
    assert "Sans cercle, faute de donnée" in said.replace("\u00a0", " ")
    assert "Nord." in said


def test_small_maps_and_two_maps_look_as_they_did(france, words, assert_same_look):
    every = france.assign(ecart=france["taux"] - france["taux"].median())
    small = small_multiples(every, ["taux", "ecart", "jeunes_2019"], words, Scale("‰", 1))
    assert_same_look(small.figure, "petites-cartes")
    two = small_multiples(every, {"Avant": "ase_2017", "Après": "ase_2022"}, words, Scale("enfants"), stock=True)
    assert_same_look(two.figure, "deux-cartes")
    assert_same_look(two.draw(NARROW), "deux-cartes-etroites")
