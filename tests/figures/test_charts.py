"""What charts share: rows, rooms, axes in French."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from cdppe_analysis.figures import Scale, Words
from cdppe_analysis.figures.charts import TICK_MARK, Rows, french_axis, mark
from cdppe_analysis.figures.page import NARROW, WIDE
from cdppe_analysis.figures.palette import COLOURS


def test_an_axis_is_written_in_french():
    axes = Figure().subplots()
    axes.set_xlim(0, 2_000_000)
    french_axis(axes.xaxis, Scale())
    assert axes.xaxis.get_major_formatter()(1_500_000).replace("\u202f", " ") == "1 500 000 €"


@pytest.mark.parametrize(("high", "decimals", "last"), [(12.4, 2, "12,5 %"), (12.4, 0, "12 %"), (20, 2, "20 %")])
def test_an_axis_has_only_the_decimals_that_its_steps_need(high, decimals, last):
    axes = Figure().subplots()
    axes.set_xlim(0, high)
    french_axis(axes.xaxis, Scale("%", decimals))
    assert axes.xaxis.get_major_formatter()(float(last[:-2].replace(",", "."))).replace("\u202f", " ") == last


@pytest.mark.parametrize(
    ("inches", "places"),
    [(0.8, [0, 1_000_000]), (2.0, [0, 500_000, 1_000_000]), (8.0, list(range(0, 600_001, 100_000)))],
)
def test_an_axis_has_as_many_numbers_as_have_room_six_steps_at_most(inches, places):
    axes = Figure(figsize=(inches, 2), dpi=100).add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 600_000)
    french_axis(axes.xaxis, Scale())
    assert axes.xaxis.get_majorticklocs().tolist() == places


def test_an_upright_axis_has_as_many_numbers_as_its_height_holds():
    for height, places in ((1.0, [0, 500_000, 1_000_000]), (8.0, list(range(0, 600_001, 100_000)))):
        axes = Figure(figsize=(0.8, height), dpi=100).add_axes((0, 0, 1, 1))
        axes.set_ylim(0, 600_000)
        french_axis(axes.yaxis, Scale())
        assert axes.yaxis.get_majorticklocs().tolist() == places


@pytest.mark.parametrize(
    ("values", "ends"),
    [([1.0, 21.0], (0, 22.05)), ([-20.0, 20.0], (-22, 22)), ([-20.0, -10.0], (-20.5, -9.5)), ([0.0], (-1, 1))],
)
def test_an_axis_of_rows_begins_at_0_or_holds_what_is_below_it(values, ends):
    rows = Rows.alone(Words("Un titre", "Une mesure", "une source", "un champ"), WIDE, ["un"], 0.4, 0.2, [])
    rows.hold(pd.DataFrame({"a": [*values, None]}))
    assert rows.axes.get_xlim() == pytest.approx(ends)


def test_room_grows_with_the_longest_name():
    assert WIDE.name_room(["Alpes-de-Haute-Provence"]) > WIDE.name_room(["Ain"])


def test_rows_and_their_key_look_as_they_did(assert_same_look):
    words = Words("Un titre", "Une mesure", "une source", "un champ")
    entries = [(mark(COLOURS["bleu"], face="white"), "un"), (TICK_MARK, "une entrée de la légende")]
    for name, form in (("rangs", WIDE), ("rangs-etroits", NARROW)):
        rows = Rows.alone(words, form, ["court", "un nom\nen deux lignes"], 0.4, 0.2, entries)
        rows.span(0, 1.0, 3.0, COLOURS["orange"], 0.5, gid="barre")
        rows.tick(1, 2.0, COLOURS["encre"], 1.5, "repere")
        rows.write(1, "2 %")
        rows.hold(pd.DataFrame({"a": [1.0, 3.0]}))
        assert_same_look(rows.finished(Scale("%", 1)), name)
