"""Ranked bars and bars by région."""

import pytest

from cdppe_analysis.figures import Scale, by_region, ranked_bars
from cdppe_analysis.figures.inspection import defects


def bars(illustration):
    return [
        patch
        for axes in illustration.figure.axes
        for patch in axes.patches
        if (patch.get_gid() or "").startswith("barre-")
    ]


def test_bars_go_from_the_largest_down(wave, words):
    chart = ranked_bars(wave, "montant_eur", words)
    widths = [patch.get_width() for patch in bars(chart)]
    assert widths == sorted(wave["montant_eur"], reverse=True)
    assert defects(chart) == []


def test_a_baseline_column_marks_each_bar(wave, words):
    frame = wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())
    chart = ranked_bars(frame, "montant_eur", words, baseline="prorata", baseline_label="au prorata")
    ticks = [line for axes in chart.figure.axes for line in axes.lines]
    assert len(ticks) >= 30
    assert defects(chart) == []


def test_a_baseline_number_is_a_line_with_its_value_in_the_key(wave, words):
    chart = ranked_bars(wave, "euros_par_enfant", words, baseline=238.0, baseline_label="ensemble")
    keys = [
        text.get_text() for axes in chart.figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()
    ]
    assert keys == ["ensemble\u00a0: 238\u202f€"]
    assert defects(chart) == []


def test_a_hundred_departements_are_spread_over_columns(france, words):
    chart = ranked_bars(france, "taux", words, Scale(unit="‰", decimals=1))
    assert len(bars(chart)) == 100
    assert defects(chart) == []


def test_highlighted_bars_stand_out(wave, words):
    colours = {
        patch.get_gid(): patch.get_facecolor()
        for patch in bars(ranked_bars(wave, "montant_eur", words, highlight=["59"]))
    }
    assert colours["barre-59"] != colours["barre-62"]


def test_negative_bars_have_a_texture(wave, words):
    frame = wave.assign(ecart=wave["montant_eur"] - wave["montant_eur"].mean())
    chart = ranked_bars(frame, "ecart", words)
    assert all(bool(patch.get_hatch()) == (patch.get_width() < 0) for patch in bars(chart))
    assert defects(chart) == []


def test_every_region_has_its_chart_on_one_scale(france, words):
    chart = by_region(france, "taux", words, Scale(unit="‰", decimals=1), average=11.6)
    own = [axes for axes in chart.figure.axes if any((p.get_gid() or "").startswith("barre-") for p in axes.patches)]
    assert len(own) == 17  # Mayotte's only département has no published value.
    assert len({axes.get_xlim() for axes in own}) == 1
    assert defects(chart) == []


@pytest.mark.parametrize("draw", [ranked_bars, by_region])
def test_the_text_alternative_names_the_extremes(draw, wave, words):
    text = draw(wave, "montant_eur", words).alternative.replace("\u202f", " ")
    assert "Nord (1 995 607 €)" in text
    assert "Creuse (100 000 €)" in text
