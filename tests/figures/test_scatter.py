"""Scatters and the names of their points: none over another, none that could be another's."""

import itertools

import numpy as np
import pandas as pd
import pytest
from inspection import defects, placed_texts
from matplotlib.colors import to_hex

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, scatter
from cdppe_analysis.figures.page import NARROW
from cdppe_analysis.figures.scatter import _farthest, _limits
from cdppe_analysis.typography import NNBSP


@pytest.fixture(scope="module")
def compared(wave):
    return wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_farthest_from_identity_are_named(compared, words, logarithmic):
    chart = scatter(
        compared,
        "prorata",
        "montant_eur",
        words,
        Scale(legend="publié"),
        Scale(legend="prorata"),
        logarithmic=logarithmic,
        named=4,
    )
    names = {text.get_gid() for axes in chart.figure.axes for text in axes.texts if text.get_gid()}
    assert len(names) == 4
    assert ("nom-82" if logarithmic else "nom-59") in names
    said = chart.alternative.partition("Départements nommés : ")[2].partition(". Champ")[0]
    assert len(said.split(", ")) == 4
    assert ("Tarn-et-Garonne" if logarithmic else "Nord") in said
    assert any(line.get_gid() == "identite" for axes in chart.figure.axes for line in axes.lines)
    assert defects(chart) == []


def test_codes_to_name_must_be_among_the_points(compared, words):
    with pytest.raises(FigureError, match="Paris is not among the points"):
        scatter(compared, "prorata", "montant_eur", words, Scale(legend="y"), Scale(legend="x"), named=["75"])


def test_logarithmic_axes_refuse_what_is_not_above_0(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "a": [0.0, 1.0], "b": [1.0, 2.0]})
    with pytest.raises(FigureError, match="Nord is not above 0"):
        scatter(frame, "a", "b", words, Scale(legend="b"), Scale(legend="a"), logarithmic=True)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_each_point_stands_at_its_two_values_and_the_line_where_they_are_equal(compared, words, drawn, logarithmic):
    chart = scatter(
        compared,
        "prorata",
        "montant_eur",
        words,
        Scale("€", legend="publié"),
        Scale("places", legend="au prorata"),
        logarithmic=logarithmic,
    )
    (axes,) = [axes for axes in chart.figure.axes if axes.collections]
    (points,) = [one for one in axes.collections if one.get_gid() == "points"]
    table = chart.table
    assert points.get_offsets().tolist() == table[["prorata", "montant_eur"]].to_numpy().tolist()
    assert to_hex(points.get_facecolor()[0]) == to_hex(key_mark(chart).get_color())
    (line,) = [line for line in axes.lines if line.get_gid() == "identite"]
    assert line.get_xdata().tolist() == line.get_ydata().tolist() == list(axes.get_xlim())
    assert axes.get_xlim() == axes.get_ylim()
    low, high = table[["prorata", "montant_eur"]].min().min(), table[["prorata", "montant_eur"]].max().max()
    assert axes.get_xlim()[0] < low < high < axes.get_xlim()[1] < 1.3 * high
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("au prorata", "publié")
    written = [axis.get_major_formatter()(2000.0, None).replace(NNBSP, " ") for axis in (axes.xaxis, axes.yaxis)]
    assert written == ["2 000 places", "2 000 €"]
    assert (axes.get_xscale() == "log") == logarithmic
    above = int((table["montant_eur"] > table["prorata"]).sum())
    assert f"{above} départements au-dessus de la ligne d’égalité, {30 - above} au-dessous" in chart.alternative
    assert "En abscisse, au prorata ; en ordonnée, publié" in chart.alternative.replace(" ", " ")


def test_a_unit_on_the_line_is_neither_above_nor_below(words):
    frame = pd.DataFrame({"code_departement": ["59", "62", "80"], "a": [1.0, 2.0, 3.0], "b": [1.0, 3.0, 2.0]})
    said = scatter(frame, "a", "b", words, named=0).alternative
    assert "1 départements au-dessus de la ligne d’égalité, 1 au-dessous" in said
    assert "nommés" not in said


def key_mark(chart):
    (legend,) = [axes.get_legend() for axes in chart.figure.axes if axes.get_gid() == "legende"]
    return legend.legend_handles[0]


def test_the_units_named_are_those_of_the_largest_gaps():
    x = pd.Series({"01": 10.0, "02": 100.0, "03": 1000.0, "59": 1000.0})
    y = pd.Series({"01": 30.0, "02": 110.0, "03": 1100.0, "59": 500.0})
    assert _farthest(x, y, 2, False) == ["59", "03"]
    assert _farthest(x, y, 2, True) == ["01", "59"]


@pytest.mark.parametrize(
    ("values", "ends"),
    [([10, 110], (0, 116)), ([100, 200], (94, 206)), ([-50, 50], (-56, 56)), ([100, 100], (90, 110)), ([0, 0], (0, 1))],
)
def test_an_axis_begins_at_0_where_values_are_near_it_and_keeps_a_margin_elsewhere(values, ends):
    assert _limits(np.array(values, dtype=float), False) == pytest.approx(ends)


def named(illustration):
    return [
        text for axes in illustration.figure.axes for text in axes.texts if (text.get_gid() or "").startswith("nom-")
    ]


@pytest.fixture(scope="module")
def crowded(wave, words):
    frame = wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())
    return scatter(frame, "prorata", "montant_eur", words, Scale(legend="publié"), Scale(legend="prorata"), named=14)


def test_fourteen_names_among_thirty_points_lie_over_nothing(crowded):
    assert len(named(crowded)) == 14
    assert defects(crowded) == []


def test_a_name_without_a_line_is_nearest_to_its_own_point(crowded):
    (axes,) = [axes for axes in crowded.figure.axes if axes.get_xlabel()]
    codes = crowded.table["code_departement"].tolist()
    points = axes.transData.transform(crowded.table[["prorata", "montant_eur"]].to_numpy(float))
    boxes = {placed.text: placed.box for placed in placed_texts(crowded.figure)}
    for text in named(crowded):
        if text.arrow_patch is None:
            box = boxes[text.get_text()]
            nearest = np.clip(points, (box.x0, box.y0), (box.x1, box.y1))
            assert codes[int(np.hypot(*(points - nearest).T).argmin())] == text.get_gid().removeprefix("nom-")


def test_lines_are_drawn_where_points_crowd_and_not_where_they_are_alone(crowded):
    tied = {text.get_gid() for text in named(crowded) if text.arrow_patch is not None}
    assert "nom-59" not in tied
    assert tied


def test_names_of_points_that_coincide_stand_apart(words):
    frame = pd.DataFrame({"code_departement": ["59", "62", "80", "02"], "a": [1.0] * 4, "b": [2.0] * 4})
    chart = scatter(frame, "a", "b", words, Scale(legend="b"), Scale(legend="a"))
    boxes = [placed.box for placed in placed_texts(chart.figure) if placed.text in {"Nord", "Pas-de-Calais", "Aisne"}]
    assert len(boxes) == 3
    assert not any(first.overlaps(second) for first, second in itertools.combinations(boxes, 2))


def test_scatters_look_as_they_did(compared, words, assert_same_look):
    scales = Scale(legend="publié"), Scale(legend="prorata")
    chart = scatter(compared, "prorata", "montant_eur", words, *scales, named=14)
    assert_same_look(chart.figure, "nuage")
    assert_same_look(chart.draw(NARROW), "nuage-etroit")
