"""The codes of the sheets: every territory has one."""

from __future__ import annotations

import pytest

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.sheets.codes import known_code, sheet_codes, sheet_title


def test_there_are_101_sheets_of_departements_and_18_of_regions():
    codes = sheet_codes()
    assert len(codes) == 119
    assert len([code for code in codes if code.startswith("R")]) == 18


@pytest.mark.parametrize(
    ("given", "code"), [("59", "59"), ("2a", "2A"), ("r32", "R32"), ("R01", "R01"), ("974", "974")]
)
def test_a_code_is_read_as_it_is_written(given: str, code: str):
    assert known_code(given) == code


@pytest.mark.parametrize(("given", "said"), [("20", "2A, 2B"), ("1", "probably '01'"), ("R99", "no code of a région")])
def test_a_code_without_a_sheet_is_refused_with_the_one_meant(given: str, said: str):
    with pytest.raises(TerritoryError, match=said):
        known_code(given)


def test_the_title_tells_a_region_from_a_departement():
    assert sheet_title("11") == "Aude (11)"
    assert sheet_title("R11") == "Île-de-France (région 11)"
