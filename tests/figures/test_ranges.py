"""Intervals and fans of quantiles."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Patch

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, distribution, dots, intervals, quantile_fans
from cdppe_analysis.figures.inspection import defects
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.figures.ranges import KINDS, QUANTILES, _swarm

# « rex-club-territoires »: 15 to 20 % nationally; 17 and 21 % observed in two départements, on another definition.
PREVALENCE = pd.DataFrame(
    {
        "territoire": ["France", "premier département", "second département"],
        "valeur": [None, 17.0, 21.0],
        "borne_basse": [15.0, None, None],
        "borne_haute": [20.0, None, None],
        "definition": ["estimation nationale", "notification MDPH", "notification MDPH"],
    }
)


def test_points_and_intervals_are_drawn_apart_by_definition(words):
    chart = intervals(PREVALENCE, "territoire", words, group="definition")
    drawn = [artist for axes in chart.figure.axes for artist in (*axes.lines, *axes.patches)]
    gids = [artist.get_gid() or "" for artist in drawn]
    assert sum(gid.startswith("intervalle-") for gid in gids) == 1
    assert sum(gid.startswith("point-") for gid in gids) == 2
    texts = [text.get_text() for axes in chart.figure.axes for text in axes.texts]
    assert {"estimation nationale", "notification MDPH"} <= set(texts)
    assert defects(chart) == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"valeur": None, "borne_basse": None, "borne_haute": None}, "neither a value nor both bounds"),
        ({"valeur": 17, "borne_basse": 15, "borne_haute": None}, "neither a value nor both bounds"),
        ({"valeur": None, "borne_basse": 20, "borne_haute": 15}, "the wrong way round"),
        ({"valeur": float("inf"), "borne_basse": None, "borne_haute": None}, "an infinite value"),
    ],
)
def test_a_row_that_is_no_interval_is_named(words, row, sentence):
    with pytest.raises(FigureError, match=f"'France'.*{sentence}|{sentence[:10]}.*'France'"):
        intervals(pd.DataFrame({"territoire": ["France"], **{k: [v] for k, v in row.items()}}), "territoire", words)


def test_a_missing_column_or_no_row_is_refused(words):
    with pytest.raises(FigureError, match="no column 'borne_haute'"):
        intervals(PREVALENCE.drop(columns="borne_haute"), "territoire", words)
    with pytest.raises(FigureError, match="nothing to draw"):
        intervals(PREVALENCE.head(0), "territoire", words)


@pytest.fixture(scope="module")
def simulated(wave):
    spread = dict(zip(QUANTILES, (0.8, 0.9, 1.0, 1.1, 1.25), strict=True))
    return wave.assign(**{name: wave["montant_eur"] * factor for name, factor in spread.items()})


def test_fans_hold_their_quantiles_and_the_reference(simulated, words):
    chart = quantile_fans(simulated, words, reference="montant_eur")
    fans = [p for axes in chart.figure.axes for p in axes.patches if (p.get_gid() or "").startswith("eventail-")]
    assert len(fans) == 30
    assert fans[0].get_width() == pytest.approx(1995607 * 0.45)
    assert "hors de l’intervalle de 5 à 95 % pour 0 départements sur 30" in chart.alternative
    assert defects(chart) == []


def test_quantiles_that_fall_are_refused(simulated, words):
    with pytest.raises(FigureError, match="do not increase"):
        quantile_fans(simulated.assign(q95=0.0), words)


def test_five_quantiles_are_needed(simulated, words):
    with pytest.raises(FigureError, match="5 quantiles"):
        quantile_fans(simulated, words, quantiles=("q05", "q95"))


def test_medians_go_from_the_largest_down(simulated, words):
    assert (np.diff(quantile_fans(simulated, words).table["q50"]) <= 0).all()


BOUNDS = pd.DataFrame(
    {"nom": ["un", "deux"], "valeur": [3.0, 5.0], "borne_basse": [1.0, 2.0], "borne_haute": [4.0, 9.0]}
)


@pytest.mark.parametrize("kind", ["fourchette", "quartiles", "compatibles"])
def test_a_filled_interval_begins_and_ends_at_its_bounds(words, drawn, kind):
    shapes = drawn(intervals(BOUNDS, "nom", words, kind=kind), "intervalle")
    assert [(shape.get_x(), shape.get_x() + shape.get_width()) for shape in shapes.values()] == [(1, 4), (2, 9)]
    assert [shape.get_y() + shape.get_height() / 2 for shape in shapes.values()] == pytest.approx([0, 1])


@pytest.mark.parametrize("kind", ["confiance", "tirages", "bootstrap"])
def test_a_stroke_goes_from_one_bound_to_the_other(words, drawn, kind):
    lines = drawn(intervals(BOUNDS, "nom", words, kind=kind), "intervalle")
    assert [line.get_xydata().tolist() for line in lines.values()] == [[[1, 0], [4, 0]], [[2, 1], [9, 1]]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_stands_at_its_value(words, drawn, kind):
    frame = BOUNDS.assign(borne_haute=np.nan) if kind == "borne" else BOUNDS
    points = drawn(intervals(frame, "nom", words, kind=kind), "point")
    assert [set(point.get_xdata()) for point in points.values()] == [{3}, {5}]


def test_each_kind_of_interval_has_a_glyph_and_a_word_of_its_own(words, key_of):
    looks = {}
    for kind in KINDS:
        frame = BOUNDS.assign(borne_haute=np.nan) if kind == "borne" else BOUNDS
        for word, handle in key_of(intervals(frame, "nom", words, kind=kind)).items():
            looks[word] = (
                (type(handle).__name__, handle.get_facecolor(), handle.get_hatch())
                if isinstance(handle, Patch)
                else (type(handle).__name__, handle.get_color(), handle.get_marker(), handle.get_linestyle())
            )
    assert len(set(looks.values())) == len(looks) == 11
    assert {"fourchette publiée", "intervalle de confiance à 95 %", "de 5 à 95 % des tirages"} <= {
        word.replace("\u202f", " ") for word in looks
    }


def test_the_median_of_a_box_is_said_to_be_the_white_line(words, drawn, key_of):
    chart = intervals(BOUNDS, "nom", words, kind="quartiles")
    (word,) = key_of(chart)
    assert word.endswith("la médiane en blanc")
    assert drawn(chart, "point")["0"].get_color() == "#ffffff"


@pytest.mark.parametrize(
    ("low", "high", "text", "way"), [(50.0, np.nan, "plus de 50 %", 1), (np.nan, 20.0, "moins de 20 %", -1)]
)
def test_a_bound_points_to_the_side_that_is_open(words, low, high, text, way):
    frame = pd.DataFrame({"nom": ["un"], "valeur": [np.nan], "borne_basse": [low], "borne_haute": [high]})
    chart = intervals(frame, "nom", words, kind="borne")
    (arrow,) = [one for axes in chart.figure.axes for one in axes.texts if one.arrow_patch is not None]
    assert arrow.xy == (50.0 if way > 0 else 20.0, 0)
    assert arrow.xyann[0] * way > 0
    assert chart.table["texte"].tolist() == [text.replace(" %", "\u202f%")]


def test_an_unknown_kind_and_a_bound_of_two_sides_are_refused(words):
    with pytest.raises(FigureError, match="'au hasard' is no kind of interval"):
        intervals(BOUNDS, "nom", words, kind="au hasard")
    with pytest.raises(FigureError, match="neither a value nor one bound"):
        intervals(BOUNDS, "nom", words, kind="borne")


def test_targets_are_marked_where_they_are(words, drawn, key_of):
    chart = intervals(BOUNDS.assign(but=[6.0, np.nan]), "nom", words, target="but", target_label="cible de 2027")
    assert {row: tick.get_xdata().tolist() for row, tick in drawn(chart, "cible").items()} == {"0": [6, 6]}
    assert "cible de 2027" in key_of(chart)
    assert "cible de 2027" not in key_of(intervals(BOUNDS, "nom", words))


def test_the_axis_holds_0_and_every_bound_and_target(words):
    chart = intervals(BOUNDS.assign(but=[30.0, 1.0]), "nom", words, target="but")
    (axes,) = [axes for axes in chart.figure.axes if axes.patches and axes.get_gid() is None]
    low, high = axes.get_xlim()
    assert low == 0
    assert 30 < high < 35


def test_dots_stand_at_their_values_and_those_named_stand_out(words, drawn):
    frame = pd.DataFrame({"nom": ["un", "deux"], "part": [2.5, 7.0]})
    chart = dots(frame, "nom", "part", words, Scale("%", 1), highlight=["deux"])
    points = drawn(chart, "point")
    assert [point.get_xydata().tolist() for point in points.values()] == [[[2.5, 0]], [[7, 1]]]
    assert [point.get_color() for point in points.values()] == [COLOURS["bleu"], COLOURS["orange"]]
    assert chart.table["texte"].tolist() == ["2,5\u202f%", "7,0\u202f%"]
    assert defects(chart) == []


def test_a_dot_without_a_value_is_named(words):
    with pytest.raises(FigureError, match="the value of 'deux' in 'part' is missing"):
        dots(pd.DataFrame({"nom": ["un", "deux"], "part": [2.5, None]}), "nom", "part", words)


@pytest.fixture(scope="module")
def rates(france):
    parts = [
        france.assign(acte=name, taux=france["taux"] * factor, but=target)
        for name, factor, target in (("accueil", 1.0, 12.0), ("double", 2.0, 30.0))
    ]
    return pd.concat(parts, ignore_index=True)


def test_a_swarm_holds_each_value_in_its_row(rates, words, drawn):
    chart = distribution(rates, "acte", "taux", words, Scale("‰", 1), target="but")
    for row, name in enumerate(("accueil", "double")):
        swarm = drawn(chart, "essaim")[str(row)]
        expected = rates.loc[rates["acte"] == name, "taux"].dropna()
        assert sorted(swarm.get_xdata()) == sorted(expected)
        assert np.abs(swarm.get_ydata() - row).max() <= 0.45
        assert drawn(chart, "mediane")[str(row)].get_xdata().tolist() == [expected.median()] * 2
        assert drawn(chart, "cible")[str(row)].get_xdata().tolist() == [(12.0, 30.0)[row]] * 2
    assert defects(chart) == []


def test_the_units_at_the_target_are_counted(rates, words):
    chart = distribution(rates, "acte", "taux", words, Scale("‰", 1), target="but")
    reached = [int((own["taux"] >= own["but"]).sum()) for _, own in rates.dropna(subset="taux").groupby("acte")]
    assert chart.table["a_la_cible"].tolist() == reached
    assert f"accueil : {reached[0]} sur 100" in chart.alternative


def test_dots_of_a_swarm_that_are_near_stand_side_by_side():
    offsets = _swarm(np.array([1.0, 1.01, 1.02, 5.0]), 0.5)
    assert offsets[3] == 0
    assert len(set(offsets[:3].tolist())) == 3
    assert abs(offsets[:3].sum()) < 1e-9


def test_a_fan_draws_each_quantile_where_it_is(simulated, words, drawn):
    chart = quantile_fans(simulated, words, reference="montant_eur")
    row = chart.table.set_index("code_departement")
    for code in ("59", "23"):
        outer, inner = drawn(chart, "eventail")[code], drawn(chart, "coeur")[code]
        assert (outer.get_x(), outer.get_x() + outer.get_width()) == pytest.approx(
            (row.at[code, "q05"], row.at[code, "q95"])
        )
        assert (inner.get_x(), inner.get_x() + inner.get_width()) == pytest.approx(
            (row.at[code, "q25"], row.at[code, "q75"])
        )
        assert drawn(chart, "mediane")[code].get_xdata().tolist() == [row.at[code, "q50"]] * 2
        assert drawn(chart, "repere")[code].get_xdata().tolist() == [row.at[code, "montant_eur"]]


def test_a_fan_has_the_colours_of_the_key_and_its_reference_too(simulated, words, drawn, key_of):
    chart = quantile_fans(simulated, words, reference="montant_eur", reference_label="publié")
    outer, inner, reference = key_of(chart).values()
    assert drawn(chart, "eventail")["59"].get_facecolor() == outer.get_facecolor()
    assert drawn(chart, "coeur")["59"].get_facecolor() == inner.get_facecolor()
    assert drawn(chart, "repere")["59"].get_color() == reference.get_color()
    assert drawn(chart, "repere")["59"].get_marker() == reference.get_marker() == "v"


def test_references_outside_the_fan_are_counted(simulated, words):
    moved = simulated.assign(ailleurs=simulated["q95"] * 1.01)
    moved.loc[moved["code_departement"] == "59", "ailleurs"] = moved["q95"]
    text = quantile_fans(moved, words, reference="ailleurs", reference_label="publié").alternative
    assert "publié hors de l’intervalle de 5 à 95 % pour 29 départements sur 30" in text
