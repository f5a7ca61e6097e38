"""Lorenz curves and scatters."""

import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, lorenz, scatter
from cdppe_analysis.figures.inspection import defects
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
