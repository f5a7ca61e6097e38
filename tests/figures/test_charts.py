"""What charts share: rows, rooms, axes in French."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.charts import columns_for, complete, french_axis, label_room, named_numbers


def test_rows_are_named_and_those_without_a_value_left_out():
    frame = pd.DataFrame({"code_departement": ["20", "59"], "a": [1.0, None]})
    rows = named_numbers(frame, ["a"])
    assert rows["libelle_departement"].tolist() == ["Corse"]


def test_no_complete_row_is_an_error():
    with pytest.raises(FigureError, match="no unit has a value in each of 'a', 'b'"):
        complete(pd.DataFrame({"a": [1.0, None], "b": [None, 1.0]}), ["a", "b"])


def test_an_axis_is_written_in_french():
    axes = Figure().subplots()
    axes.set_xlim(0, 2_000_000)
    french_axis(axes.xaxis, "€", 0)
    assert axes.xaxis.get_major_formatter()(1_500_000).replace("\u202f", " ") == "1 500 000 €"


def test_room_grows_with_the_longest_name():
    assert label_room(["Alpes-de-Haute-Provence"]) > label_room(["Ain"])


def test_a_hundred_rows_are_spread_over_three_columns():
    assert [columns_for(n) for n in (1, 40, 41, 101)] == [1, 1, 2, 3]
