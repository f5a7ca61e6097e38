"""Intervals and fans of quantiles."""

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import intervals, quantile_fans
from cdppe_analysis.figures.inspection import defects
from cdppe_analysis.figures.ranges import QUANTILES

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
