"""A series is found by its criterion, year and edition, and never empty."""

import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.errors import CriteriaError

DATA = Data.open()


def test_the_parts_of_corse_are_added_where_it_is_asked_for_as_one():
    found = DATA.series("ase_0_17", 2017, "tous-ages", ["20", "2A", "2B"])
    assert found["20"] == found["2A"] + found["2B"] == 165 + 202


def test_a_whole_series_has_every_code():
    assert len(DATA.series("ase_0_17", 2017, "tous-ages")) >= 100


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("ase_0_18", 2017), "no such criterion; the nearest known is 'ase_0_17'"),
        (("ase_0_17", 1999), "no value for the year 1999"),
        (("ase_0_17", 2017, "tous-age"), "the edition 'tous-age' is not among"),
        (("igb", 2019, "deduit-ase-tous-ages", ["01"]), r"no value.*code 01"),
    ],
)
def test_what_is_unknown_is_an_error_and_no_empty_series(asked, said):
    with pytest.raises(CriteriaError, match=said):
        DATA.series(*asked)
