"""Swarms, fans of quantiles and Lorenz curves."""

import numpy as np
import pandas as pd
import pytest
from inspection import defects

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import (
    Scale,
    distribution,
    lorenz,
    quantile_fans,
)
from cdppe_analysis.figures.spread import QUANTILES, _swarm
from cdppe_analysis.simulation.measures import lorenz_curves


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


def test_medians_go_from_the_largest_down(simulated, words):
    assert (np.diff(quantile_fans(simulated, words).table["q50"]) <= 0).all()


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
    assert chart.alternative.startswith("Distributions : ")
    one = distribution(
        rates.assign(but=rates["but"].where(rates["acte"] == "accueil")), "acte", "taux", words, target="but"
    )
    assert f"À la cible : accueil : {reached[0]} sur 100. " in one.alternative


def test_a_unit_just_at_the_target_reaches_it_and_the_table_goes_from_the_lowest_to_the_highest(words):
    rows = pd.DataFrame({"acte": ["entretien"] * 4, "taux": [3.0, 5.0, 20.0, 24.0], "but": [20.0] * 4})
    (row,) = distribution(rows, "acte", "taux", words, target="but").table.to_dict("records")
    assert (row["nombre"], row["a_la_cible"]) == (4, 2)
    assert [row[f"q{level}"] for level in (0, 25, 50, 75, 100)] == [3, 4.5, 12.5, 21, 24]


def test_a_fan_without_width_has_no_median_over_it_and_the_alternative_counts_known_references(simulated, words, drawn):
    flat = simulated.assign(**dict.fromkeys(QUANTILES, simulated["montant_eur"]))
    assert drawn(quantile_fans(flat, words), "mediane") == {}
    frame = simulated.assign(publie=simulated["montant_eur"].where(simulated["code_departement"] != "59") * 2)
    chart = quantile_fans(frame, words, reference="publie", reference_label="publié")
    assert "publié hors de l’intervalle de 5 à 95 % pour 29 départements sur 29" in chart.alternative
    nord = simulated.set_index("code_departement").loc["59"]
    span = f"de {round(nord['q05']):,} à {round(nord['q95']):,}".replace(",", " ")
    assert f"Nord, la médiane la plus haute : {span} € dans 90 % des tirages" in chart.alternative.replace(
        "\u202f", " "
    )


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


def test_lorenz_stands_the_inspection_and_says_its_gini(wave, words):
    curves = {"publié": wave["montant_eur"], "enfants": wave["enfants"]}
    chart = lorenz(lorenz_curves(curves, wave["enfants"]), words)
    assert defects(chart) == []
    assert "publié : Gini 0,209" in chart.alternative


def test_more_than_four_curves_are_refused(wave, words):
    with pytest.raises(FigureError, match="1 to 4 Lorenz curves"):
        lorenz(lorenz_curves({str(n): wave["montant_eur"] for n in range(5)}, wave["enfants"]), words)


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
    for column in ("courbe", "part_population", "part_montant", "gini"):
        with pytest.raises(FigureError, match=f"no column '{column}'"):
            lorenz(lorenz_curves({"a": wave["montant_eur"]}, wave["enfants"]).drop(columns=column), words)
    with pytest.raises(FigureError, match="not 0"):
        lorenz(lorenz_curves({"a": wave["montant_eur"]}, wave["enfants"]).head(0), words)


def test_equal_observations_are_counted_each(words):
    rates = pd.DataFrame({"acte": ["a", "a", "a", "b"], "taux": [4.0, 4.0, 12.0, None]})
    assert distribution(rates, "acte", "taux", words).table.to_numpy().tolist() == [["a", 3, 4, 4, 4, 8, 12]]


def test_swarms_fans_and_curves_look_as_they_did(simulated, rates, wave, words, assert_same_look):
    swarm = distribution(rates, "acte", "taux", words, Scale("‰", 1), target="but")
    assert_same_look(swarm.figure, "essaim")
    assert_same_look(quantile_fans(simulated.head(3), words, reference="montant_eur").figure, "eventails")
    curves = {"publié": wave["montant_eur"], "égal": wave["enfants"]}
    assert_same_look(lorenz(lorenz_curves(curves, wave["enfants"]), words).figure, "lorenz")
