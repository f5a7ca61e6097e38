"""Ranked bars and bars by région."""

import math

import pandas as pd
import pytest
from inspection import defects
from matplotlib.colors import to_hex

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, Words, by_region, palette, ranked_bars, waterfall
from cdppe_analysis.figures.page import NARROW


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
    widths = [ranked_bars(france.head(count), "taux", words).figure.get_figwidth() for count in (40, 41)]
    assert widths == [7.6, 10.0]


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
    assert chart.alternative.startswith("Barres par région, 17 régions : ")
    assert defects(chart) == []


@pytest.mark.parametrize("draw", [ranked_bars, by_region])
def test_the_text_alternative_names_the_extremes(draw, wave, words):
    text = draw(wave, "montant_eur", words).alternative.replace("\u202f", " ")
    assert "Nord (1 995 607 €)" in text
    assert "Creuse (100 000 €)" in text


def test_a_baseline_tick_stands_at_its_value_on_its_bar(wave, words, drawn):
    frame = wave.assign(prorata=wave["enfants"] * wave["montant_eur"].sum() / wave["enfants"].sum())
    chart = ranked_bars(frame, "montant_eur", words, baseline="prorata")
    ticks, rows = drawn(chart, "repere"), drawn(chart, "barre")
    values = frame.set_index("code_departement")["prorata"]
    assert set(ticks) == set(values.index)
    for code, tick in ticks.items():
        middle = rows[code].get_y() + rows[code].get_height() / 2
        assert tick.get_xdata().tolist() == [values[code]] * 2
        assert tick.get_ydata().tolist() == pytest.approx([middle - 0.42, middle + 0.42])


def test_a_bar_begins_at_0_in_the_row_of_its_name(wave, words, drawn):
    chart = ranked_bars(wave, "montant_eur", words)
    (axes,) = [axes for axes in chart.figure.axes if axes.patches]
    names = [label.get_text() for label in axes.get_yticklabels()]
    for code, name in (("59", "Nord"), ("23", "Creuse"), ("20", "Corse")):
        bar = drawn(chart, "barre")[code]
        assert bar.get_x() == 0
        assert names[round(bar.get_y() + bar.get_height() / 2)] == name
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_the_value_of_a_bar_is_at_its_end_or_aside_where_a_mark_could_stand_over_it(wave, words):
    plain, marked = ranked_bars(wave, "montant_eur", words), ranked_bars(wave, "montant_eur", words, baseline=500_000.0)
    for chart, place in ((plain, 1995607), (marked, 1.0)):
        (axes,) = [axes for axes in chart.figure.axes if axes.patches]
        first = axes.texts[0]
        assert (first.get_text().replace("\u202f", " "), first.xy[0]) == ("1 995 607 €", place)
    (line,) = [line for axes in marked.figure.axes for line in axes.lines if line.get_gid() == "cible"]
    assert line.get_xdata() == [500_000.0, 500_000.0]


def test_the_average_is_marked_at_its_value_on_each_chart_of_a_region(france, words):
    chart = by_region(france, "taux", words, Scale("‰", 1), average=11.6)
    lines = [line for axes in chart.figure.axes for line in axes.lines if line.get_gid() == "cible"]
    assert len(lines) == 17
    assert {tuple(line.get_xdata()) for line in lines} == {(11.6, 11.6)}


@pytest.mark.parametrize("mark", [0.0, 3_000_000.0, -50_000.0])
def test_a_mark_of_any_value_is_drawn_within_the_axis(wave, words, mark):
    whole = ranked_bars(wave, "montant_eur", words, baseline=mark)
    parts = by_region(wave, "montant_eur", words, average=max(mark, 0.0))
    for chart, at in ((whole, mark), (parts, max(mark, 0.0))):
        axes = [axes for axes in chart.figure.axes if axes.patches and axes.get_gid() is None]
        lines = [line for own in axes for line in own.lines if line.get_gid() == "cible"]
        assert {tuple(line.get_xdata()) for line in lines} == {(at, at)}
        assert all(own.get_xlim()[0] <= min(0.0, at) <= max(1_995_607, at) <= own.get_xlim()[1] for own in axes)


def test_regions_of_most_departements_come_first_and_their_largest_values_on_top(france, words, drawn):
    chart = by_region(france, "taux", words, Scale("‰", 1))
    titles = [text.get_text() for axes in chart.figure.axes for text in axes.texts if text.get_fontweight() == "bold"]
    assert titles[0] == "Occitanie"
    widths = [drawn(chart, "barre")[code].get_width() for code in ("11", "32", "30")]
    assert widths == sorted(widths, reverse=True)


def test_highlighted_bars_are_orange_and_the_others_blue(wave, words, drawn):
    found = drawn(ranked_bars(wave, "montant_eur", words, highlight=["59"]), "barre")
    assert to_hex(found["59"].get_facecolor()) == palette.COLOURS["orange"]
    assert to_hex(found["62"].get_facecolor()) == palette.COLOURS["bleu"]


PARTS = pd.DataFrame({"critere": ["ASE", "IGB", "plafond"], "montant_eur": [60000.0, 52192.0, -5000.0]})


def test_a_waterfall_ends_where_the_contributions_lead(words):
    chart = waterfall(PARTS, "critere", "montant_eur", words, start=1000.0)
    steps = [p for axes in chart.figure.axes for p in axes.patches if (p.get_gid() or "").startswith("marche-")]
    assert [p.get_x() for p in steps] == [0, 1000, 61000, 113192, 0]
    assert steps[-1].get_width() == 108192
    assert [label.get_text() for label in steps[0].axes.get_yticklabels()] == ["départ", *PARTS["critere"], "arrivée"]
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
    with pytest.raises(FigureError, match="nothing to draw"):
        waterfall(PARTS.head(0), "critere", "montant_eur", words)
    with pytest.raises(FigureError, match="no column 'euros'"):
        waterfall(PARTS, "critere", "euros", words)


def test_a_connector_leads_from_the_end_of_a_step_to_the_next(words, drawn):
    chart = waterfall(PARTS, "critere", "montant_eur", words, start=1000.0)
    links = drawn(chart, "lien")
    assert [link.get_xdata().tolist() for link in links.values()] == [
        [1000] * 2,
        [61000] * 2,
        [113192] * 2,
        [108192] * 2,
    ]
    assert [link.get_ydata().tolist() for link in links.values()] == [[row - 0.31, row + 1.31] for row in range(4)]


def test_the_steps_of_a_waterfall_have_the_colours_of_the_key(words, drawn, key_of):
    chart = waterfall(PARTS, "critere", "montant_eur", words, start=1000.0)
    meanings = ["total", "contribution positive", "contribution positive", "contribution négative", "total"]
    key = key_of(chart)
    for step, word in zip(drawn(chart, "marche").values(), meanings, strict=True):
        assert step.get_facecolor() == key[word].get_facecolor()
        assert bool(step.get_hatch()) == (word == "contribution négative")
    assert [step.get_width() for step in drawn(chart, "marche").values()] == [1000, 60000, 52192, -5000, 108192]


def test_a_contribution_has_its_sign_and_a_total_none(words):
    chart = waterfall(PARTS, "critere", "montant_eur", words, start=1000.0)
    (axes,) = [axes for axes in chart.figure.axes if any(patch.get_gid() for patch in axes.patches)]
    written = [text.get_text().replace("\u202f", " ") for text in axes.texts]
    assert written == ["1 000 €", "+60 000 €", "+52 192 €", "−5 000 €", "108 192 €"]
    assert [text.xy[0] for text in axes.texts] == [1000, 61000, 113192, 113192, 108192]
    said = chart.alternative.replace("\u202f", " ")
    assert "départ : 1 000 € ; ASE : +60 000 € ; IGB : +52 192 €" in said
    assert "plafond : −5 000 € ; arrivée : 108 192 €" in said


def test_without_a_loss_the_key_has_none(words, key_of):
    assert set(key_of(waterfall(PARTS.head(2), "critere", "montant_eur", words))) == {"total", "contribution positive"}


def test_on_a_telephone_the_names_of_steps_leave_room_for_the_bars():
    steps = pd.DataFrame(
        {"etape": ["Ce que coûtent les bornes des autres", "Enfants accueillis"], "eur": [-3351.0, 9e5]}
    )
    words = Words("Titre", "En euros", source="annexe 7", champ="Nord")
    axes = waterfall(steps, "etape", "eur", words, end_label="Montant").draw(NARROW).axes[1]
    assert axes.get_position().width > 0.25
    assert axes.get_yticklabels()[0].get_text() == "Ce que coûtent les\nbornes des autres"


def test_bars_look_as_they_did(wave, france, words, assert_same_look):
    some = wave.head(5).assign(prorata=wave["montant_eur"] * 1.1, ecart=[-2.0, 3.0, 1.0, -1.0, 0.0])
    assert_same_look(ranked_bars(some, "montant_eur", words, baseline="prorata", highlight=["59"]).figure, "barres")
    assert_same_look(ranked_bars(some, "ecart", words, baseline=1.0).draw(NARROW), "barres-etroites")
    assert_same_look(ranked_bars(france, "taux", words, Scale("‰", 1)).figure, "barres-en-colonnes")
    near = france[france["code_departement"].isin(["59", "62", "2A", "2B", "75", "976", "974"])]
    assert_same_look(by_region(near, "taux", words, Scale("‰", 1), average=9.0).figure, "barres-par-region")
    assert_same_look(waterfall(PARTS, "critere", "montant_eur", words, start=1000.0).figure, "cascade")
