"""What charts share: rows, rooms, axes in French."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, Words
from cdppe_analysis.figures.charts import TICK_MARK, french_axis, label_room, mark, row_chart
from cdppe_analysis.figures.columns import named_numbers
from cdppe_analysis.figures.page import NARROW, WIDE
from cdppe_analysis.figures.palette import COLOURS


def test_rows_are_named_and_those_without_a_value_left_out():
    frame = pd.DataFrame({"code_departement": ["20", "59"], "a": [1.0, None]})
    rows = named_numbers(frame, ["a"], ["a"])
    assert rows["libelle_departement"].tolist() == ["Corse"]


def test_no_complete_row_is_an_error():
    frame = pd.DataFrame({"code_departement": ["20", "59"], "a": [1.0, None], "b": [None, 1.0]})
    with pytest.raises(FigureError, match="no unit has a value in each of 'a', 'b'"):
        named_numbers(frame, ["a", "b"], ["a", "b"])


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


def test_room_grows_with_the_longest_name():
    assert label_room(["Alpes-de-Haute-Provence"], WIDE) > label_room(["Ain"], WIDE)


def test_rows_and_their_key_look_as_they_did(assert_same_look):
    words = Words("Un titre", "Une mesure", "une source", "un champ")
    entries = [(mark(COLOURS["bleu"], face="white"), "un"), (TICK_MARK, "une entrée de la légende")]
    for name, form in (("rangs", WIDE), ("rangs-etroits", NARROW)):
        rows = row_chart(words, form, ["court", "un nom\nen deux lignes"], 0.4, 0.2, entries)
        rows.span(0, 1.0, 3.0, COLOURS["orange"], 0.5, gid="barre")
        rows.tick(1, 2.0, COLOURS["encre"], 1.5, "repere")
        rows.write(1, "2 %")
        rows.hold(pd.DataFrame({"a": [1.0, 3.0]}))
        assert_same_look(rows.finished(Scale("%", 1)), name)
