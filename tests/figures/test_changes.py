"""Dumbbells and waterfall."""

import math

import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Words, dumbbells, palette, waterfall
from cdppe_analysis.figures.inspection import defects
from cdppe_analysis.figures.page import NARROW


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


MOVED = pd.DataFrame({"code_departement": ["59", "62", "80"], "a": [10.0, 30.0, 20.0], "b": [25.0, 5.0, 20.0]})


def test_a_dumbbell_goes_from_the_value_before_to_the_value_after(words, drawn):
    chart = dumbbells(MOVED, "a", "b", words)
    for row, (code, first, last) in enumerate((("59", 10, 25), ("80", 20, 20), ("62", 30, 5))):
        assert drawn(chart, "ecart")[code].get_xdata().tolist() == [first, last]
        assert drawn(chart, "ecart")[code].get_ydata().tolist() == [row, row]
        assert drawn(chart, "avant")[code].get_xydata().tolist() == [[first, row]]
        assert drawn(chart, "apres")[code].get_xydata().tolist() == [[last, row]]


def test_gains_and_losses_have_the_colours_that_the_key_gives_them(words, drawn, key_of):
    chart = dumbbells(MOVED, "a", "b", words, names=("hier", "demain"))
    key = key_of(chart)
    for code, word in (("59", "demain, en hausse"), ("62", "demain, en baisse"), ("80", "inchangé")):
        colour = to_rgba(key[word].get_color())
        assert to_rgba(drawn(chart, "ecart")[code].get_color()) == colour
        assert to_rgba(drawn(chart, "apres")[code].get_color()) == colour
    assert drawn(chart, "avant")["59"].get_markerfacecolor() == "white" == key["hier"].get_markerfacecolor()
    assert to_rgba(key["demain, en hausse"].get_color()) == to_rgba(palette.COLOURS["bleu"])


def test_the_gap_written_beside_a_dumbbell_is_after_less_before(words):
    chart = dumbbells(MOVED, "a", "b", words)
    (axes,) = [axes for axes in chart.figure.axes if axes.lines]
    assert [text.get_text() for text in axes.texts] == ["+15\u202f€", "0\u202f€", "−25\u202f€"]
    assert "Plus forte hausse ou moindre baisse : Nord (+15\u202f€)" in chart.alternative
    assert "1 départements en hausse, 1 en baisse, 1 inchangés" in chart.alternative


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


def test_without_a_loss_the_key_has_none(words, key_of):
    assert set(key_of(waterfall(PARTS.head(2), "critere", "montant_eur", words))) == {"total", "contribution positive"}


def test_where_everything_moves_the_key_has_no_word_for_what_does_not(words, key_of):
    assert set(key_of(dumbbells(MOVED.head(2), "a", "b", words))) == {"avant", "après, en hausse", "après, en baisse"}


def test_on_a_telephone_the_names_of_steps_leave_room_for_the_bars():
    steps = pd.DataFrame(
        {"etape": ["Ce que coûtent les bornes des autres", "Enfants accueillis"], "eur": [-3351.0, 9e5]}
    )
    words = Words("Titre", "En euros", source="annexe 7", champ="Nord")
    axes = waterfall(steps, "etape", "eur", words, end_label="Montant").draw(NARROW).axes[0]
    assert axes.get_position().width > 0.25
    assert axes.get_yticklabels()[0].get_text() == "Ce que coûtent les\nbornes des autres"
