"""A criterion supposed where it is not known."""

import math

import numpy as np
import pytest

from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.simulation.extension import completed

KNOWN = {"01": 0.2, "02": 0.3, "03": 0.5}
SERIES = {"01": 10, "02": 20, "03": 20, "04": 100}


def test_what_is_known_stays_and_the_rest_is_in_the_ratio_of_the_totals():
    values, _ = completed(KNOWN, SERIES, ["01", "04"], "igb")
    assert values == {"01": 0.2, "04": pytest.approx(100 * 1.0 / 50)}


def test_the_dispersion_is_that_of_the_known_ratios():
    _, dispersion = completed(KNOWN, SERIES, ["04"], "igb")
    strays = np.log([0.2 / 0.2, 0.3 / 0.4, 0.5 / 0.4])
    assert dispersion == pytest.approx(math.sqrt(math.exp(strays.var(ddof=1)) - 1))


def test_a_series_without_a_value_for_a_unit_is_refused():
    with pytest.raises(CriteriaError, match=r"no value \(code 05, criterion igb\)"):
        completed(KNOWN, SERIES, ["05"], "igb")


def test_two_units_are_too_few_to_tell_a_ratio():
    with pytest.raises(CriteriaError, match="fewer than three"):
        completed({"01": 0.2, "02": 0.3}, SERIES, ["04"], "igb")
