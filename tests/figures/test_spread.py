"""Lorenz curves and scatters."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, lorenz, scatter
from cdppe_analysis.figures.inspection import defects
from cdppe_analysis.figures.spread import _farthest, _limits
from cdppe_analysis.simulation.measures import lorenz_curves


def test_lorenz_stands_the_inspection_and_says_its_gini(wave, words):
    curves = {"publié": wave["montant_eur"], "enfants": wave["enfants"]}
    chart = lorenz(lorenz_curves(curves, wave["enfants"]), words)
    assert defects(chart) == []
    assert "publié : Gini 0,209" in chart.alternative


def test_more_than_four_curves_are_refused(wave, words):
    with pytest.raises(FigureError, match="1 to 4 Lorenz curves"):
        lorenz(lorenz_curves({str(n): wave["montant_eur"] for n in range(5)}, wave["enfants"]), words)


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
    assert any(line.get_gid() == "identite" for axes in chart.figure.axes for line in axes.lines)
    assert defects(chart) == []


def test_without_identity_each_axis_has_its_unit(france, words):
    chart = scatter(
        france,
        "pauvrete_2019",
        "taux",
        words,
        Scale(unit="‰", legend="taux"),
        Scale(unit="%", legend="pauvreté"),
        identity=False,
    )
    assert defects(chart) == []
    assert "ligne d’égalité" not in chart.alternative


def test_codes_to_name_must_be_among_the_points(compared, words):
    with pytest.raises(FigureError, match="Paris is not among the points"):
        scatter(compared, "prorata", "montant_eur", words, Scale(legend="y"), Scale(legend="x"), named=["75"])


def test_logarithmic_axes_refuse_what_is_not_above_0(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "a": [0.0, 1.0], "b": [1.0, 2.0]})
    with pytest.raises(FigureError, match="Nord is not above 0"):
        scatter(frame, "a", "b", words, Scale(legend="b"), Scale(legend="a"), logarithmic=True)


def test_a_lorenz_curve_is_its_points_in_the_colour_and_stroke_of_the_key(wave, words, drawn, key_of):
    curves = {"publié": wave["montant_eur"], "prorata": wave["enfants"]}
    points = lorenz_curves(curves, wave["enfants"])
    chart = lorenz(points, words, population_label="enfants", amount_label="euros")
    key = key_of(chart)
    for (name, line), (word, handle) in zip(drawn(chart, "courbe").items(), key.items(), strict=True):
        own = points[points["courbe"] == name]
        assert line.get_xdata().tolist() == own["part_population"].tolist()
        assert line.get_ydata().tolist() == own["part_montant"].tolist()
        assert (line.get_color(), line.get_linestyle()) == (handle.get_color(), handle.get_linestyle())
        assert word == f"{name} (Gini {own['gini'].iloc[0]:.3f})".replace(".", ",").replace("Gini ", "Gini ")
    (axes,) = [axes for axes in chart.figure.axes if axes.lines and axes.get_gid() is None]
    (equality,) = [line for line in axes.lines if line.get_gid() is None]
    assert equality.get_xydata().tolist() == [[0, 0], [1, 1]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("part cumulée : enfants", "part cumulée : euros")
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 1), (0, 1))


def test_one_and_four_curves_are_drawn_and_none_is_refused(wave, words, drawn):
    four = lorenz(lorenz_curves({str(n): wave["montant_eur"] for n in range(4)}, wave["enfants"]), words)
    assert len({line.get_color() for line in drawn(four, "courbe").values()}) == 4
    with pytest.raises(FigureError, match="not 0"):
        lorenz(lorenz_curves({"a": wave["montant_eur"]}, wave["enfants"]).head(0), words)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_each_point_stands_at_its_two_values_and_the_line_where_they_are_equal(compared, words, drawn, logarithmic):
    chart = scatter(
        compared,
        "prorata",
        "montant_eur",
        words,
        Scale(legend="publié"),
        Scale(legend="au prorata"),
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
    assert (axes.get_xscale() == "log") == logarithmic
    above = int((table["montant_eur"] > table["prorata"]).sum())
    assert f"{above} départements au-dessus de la ligne d’égalité, {30 - above} au-dessous" in chart.alternative
    assert "En abscisse, au prorata ; en ordonnée, publié" in chart.alternative.replace(" ", " ")


def key_mark(chart):
    (legend,) = [axes.get_legend() for axes in chart.figure.axes if axes.get_gid() == "legende"]
    return legend.legend_handles[0]


def test_the_units_named_are_those_of_the_largest_gaps():
    x = pd.Series({"01": 10.0, "02": 100.0, "03": 1000.0, "59": 1000.0})
    y = pd.Series({"01": 30.0, "02": 110.0, "03": 1100.0, "59": 500.0})
    assert _farthest(x, y, 2, True, False) == ["59", "03"]
    assert _farthest(x, y, 2, True, True) == ["01", "59"]
    middle = pd.Series({"01": 0.0, "02": 1.0, "03": 2.0, "59": 9.0})
    assert _farthest(middle, pd.Series({"01": 5.0, "02": 5.0, "03": 5.0, "59": 5.0}), 2, False, False)[0] == "59"
    assert _farthest(middle, -middle, 1, False, False) == ["59"]


def test_an_axis_begins_at_0_where_values_are_near_it_and_keeps_a_margin_elsewhere():
    axes = Figure().subplots()
    _limits(axes, pd.Series([10.0, 110.0]), pd.Series([5.0, 105.0]), False, False)
    assert axes.get_xlim() == (0, 116)
    assert axes.get_ylim() == (0, 111)
    _limits(axes, pd.Series([100.0, 200.0]), pd.Series([-50.0, 50.0]), False, False)
    assert axes.get_xlim() == (94, 206)
    assert axes.get_ylim() == (-56, 56)
    _limits(axes, pd.Series([100.0, 100.0]), pd.Series([0.0, 0.0]), False, False)
    assert axes.get_xlim() == pytest.approx((90, 110))
    assert axes.get_ylim() == (0, 1)
