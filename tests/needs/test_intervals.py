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


def test_the_ends_of_an_interval_are_in_it_and_may_be_its_value():
    found = Interval(1.0, 1.0, 2.0)
    assert [found.contains(value) for value in (0.99, 1.0, 2.0, 2.01)] == [False, True, True, False]
    assert Interval(2.0, 1.0, 2.0).valeur == 2
    for value in (0.9, 2.1):
        with pytest.raises(NeedsError):
            Interval(value, 1.0, 2.0)


def test_bounds_are_at_half_a_unit_on_each_side():
    assert over_roundings(lambda a, b: a - b, (10, 4), 0.5) == Interval(6, 5, 7)
