"""What charts share: rows, rooms, axes in French."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale
from cdppe_analysis.figures.charts import french_axis, label_room
from cdppe_analysis.figures.columns import named_numbers
from cdppe_analysis.figures.page import WIDE


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
