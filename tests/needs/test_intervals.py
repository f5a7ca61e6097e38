"""Bounds over roundings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs.intervals import Interval, over_roundings


def test_a_value_out_of_its_bounds_is_refused():
    with pytest.raises(NeedsError, match="does not stand between"):
        Interval(2.0, 0.0, 1.0)


@given(st.floats(10, 1000), st.floats(10, 1000), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_every_value_that_rounds_to_the_print_is_within_the_bounds(first, second, shift_first, shift_second):
    interval = over_roundings(lambda a, b: a / b, (first, second), 0.5)
    assert interval.contains((first + shift_first) / (second + shift_second))
