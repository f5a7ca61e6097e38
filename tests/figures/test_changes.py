"""Dumbbells and waterfall."""

import math

import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import dumbbells, waterfall
from cdppe_analysis.figures.inspection import defects


@pytest.fixture(scope="module")
def compared(wave):
    return wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())


def test_dumbbells_go_from_the_largest_gain_to_the_largest_loss(compared, words):
    chart = dumbbells(compared, "prorata", "montant_eur", words)
    gaps = chart.table["ecart"].tolist()
    assert gaps == sorted(gaps, reverse=True)
    assert defects(chart) == []


def test_a_loss_is_told_by_a_stroke_as_well_as_a_colour(compared, words):
    chart = dumbbells(compared, "prorata", "montant_eur", words)
    strokes = {
        line.get_gid().removeprefix("ecart-"): line.get_linestyle()
        for axes in chart.figure.axes
        for line in axes.lines
        if (line.get_gid() or "").startswith("ecart-")
    }
    losses = set(chart.table.loc[chart.table["ecart"] < 0, "code_departement"])
    assert len(strokes) == 30
    assert {code for code, stroke in strokes.items() if stroke != "-"} == losses


def test_what_does_not_change_is_neither_a_gain_nor_a_loss(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "a": [1.0, 1.0], "b": [1.0, 2.0]})
    chart = dumbbells(frame, "a", "b", words)
    colours = {line.get_gid(): line.get_color() for axes in chart.figure.axes for line in axes.lines if line.get_gid()}
    keys = [
        text.get_text() for axes in chart.figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()
    ]
    assert colours["ecart-59"] != colours["ecart-62"]
    assert "inchangé" in keys


def test_the_alternative_counts_gains_and_losses(compared, words):
    gains = int((compared["montant_eur"] > compared["prorata"]).sum())
    assert f"{gains} départements en hausse" in dumbbells(compared, "prorata", "montant_eur", words).alternative


def test_two_columns_that_no_unit_shares_are_refused(words):
    frame = pd.DataFrame({"code_departement": ["59", "62"], "a": [1.0, None], "b": [None, 1.0]})
    with pytest.raises(FigureError, match="no unit has a value in each"):
        dumbbells(frame, "a", "b", words)


PARTS = pd.DataFrame({"critere": ["ASE", "IGB", "plafond"], "montant_eur": [60000.0, 52192.0, -5000.0]})


def test_a_waterfall_ends_where_the_contributions_lead(words):
    chart = waterfall(PARTS, "critere", "montant_eur", words, start=1000.0)
    steps = [p for axes in chart.figure.axes for p in axes.patches if (p.get_gid() or "").startswith("marche-")]
    assert [p.get_x() for p in steps] == [0, 1000, 61000, 113192, 0]
    assert steps[-1].get_width() == 108192
    assert chart.table["cumul"].tolist() == [61000.0, 113192.0, 108192.0]
    assert defects(chart) == []


def test_a_start_of_nothing_has_no_bar(words):
    chart = waterfall(PARTS, "critere", "montant_eur", words)
    assert [p.get_x() for axes in chart.figure.axes for p in axes.patches if p.get_gid()] == [0, 60000, 112192, 0]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_contribution_that_is_no_number_is_named(words, value):
    with pytest.raises(FigureError, match="the value of 'IGB' in 'montant_eur' is missing, infinite"):
        waterfall(PARTS.assign(montant_eur=[1.0, value, 2.0]), "critere", "montant_eur", words)


def test_no_contribution_or_column_is_refused(words):
    with pytest.raises(FigureError, match="no contribution"):
        waterfall(PARTS.head(0), "critere", "montant_eur", words)
    with pytest.raises(FigureError, match="no column 'euros'"):
        waterfall(PARTS, "critere", "euros", words)
