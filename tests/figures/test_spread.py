"""Lorenz curves and scatters."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import lorenz, scatter
from cdppe_analysis.figures.inspection import defects
from cdppe_analysis.figures.spread import lorenz_points


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**5)), min_size=1, max_size=40))
def test_a_lorenz_curve_is_convex_below_the_diagonal_and_its_gini_between_0_and_1(rows):
    amounts = pd.Series([float(a) for a, _ in rows])
    population = pd.Series([float(n) for _, n in rows])
    if not (amounts > 0).any():
        return
    p, q, gini = lorenz_points(amounts, population)
    assert (p[0], q[0], p[-1], q[-1]) == (0, 0, 1, 1)
    assert (q <= p + 1e-9).all()
    assert -1e-9 <= gini <= 1
    assert (np.diff(np.diff(q) / np.diff(p)) >= -1e-6).all()


@pytest.mark.parametrize(("amounts", "expected"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 1], 0.75), ([1, 2, 3], 2 / 9)])
def test_the_gini_of_known_cases(amounts, expected):
    """For n equal heads, sum_i (2i - n - 1) x_i / (n sum x)."""
    ones = pd.Series([1.0] * len(amounts))
    assert lorenz_points(pd.Series(amounts, dtype=float), ones)[2] == pytest.approx(expected)


def test_amounts_in_proportion_to_heads_are_equal(wave):
    assert lorenz_points(wave["enfants"] * 3.0, wave["enfants"])[2] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("amounts", "heads", "sentence"),
    [
        ([-1.0, 2.0], [1.0, 1.0], "not negative"),
        ([1.0, 2.0], [0.0, 1.0], "no amount a head"),
        ([0.0], [1.0], "above 0"),
    ],
)
def test_what_has_no_lorenz_curve_is_refused(amounts, heads, sentence):
    with pytest.raises(FigureError, match=sentence):
        lorenz_points(pd.Series(amounts), pd.Series(heads))


def test_lorenz_stands_the_inspection_and_says_its_gini(wave, words):
    chart = lorenz(wave, {"publié": "montant_eur", "enfants": "enfants"}, "enfants", **words)
    assert defects(chart) == []
    assert "publié : Gini 0,209" in chart.alternative


def test_more_than_four_curves_are_refused(wave, words):
    with pytest.raises(FigureError, match="1 to 4 Lorenz curves"):
        lorenz(wave, {str(n): "montant_eur" for n in range(5)}, "enfants", **words)


@pytest.fixture(scope="module")
def compared(wave):
    return wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_farthest_from_identity_are_named(compared, words, logarithmic):
    chart = scatter(
        compared,
        "prorata",
        "montant_eur",
        x_label="prorata",
        y_label="publié",
        logarithmic=logarithmic,
        named=4,
        **words,
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
        x_label="pauvreté",
        y_label="taux",
        identity=False,
        unit="‰",
        x_unit="%",
        **words,
    )
    assert defects(chart) == []
    assert "ligne d’égalité" not in chart.alternative


def test_codes_to_name_must_be_among_the_points(compared, words):
    with pytest.raises(FigureError, match="Paris is not among the points"):
        scatter(compared, "prorata", "montant_eur", x_label="x", y_label="y", named=["75"], **words)


def test_logarithmic_axes_refuse_what_is_not_above_0(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "a": [0.0, 1.0], "b": [1.0, 2.0]})
    with pytest.raises(FigureError, match="Nord is not above 0"):
        scatter(frame, "a", "b", x_label="a", y_label="b", logarithmic=True, **words)
