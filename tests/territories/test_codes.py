"""Codes of the départements: known, given once, never a whole beside its parts."""

import pytest

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, components, departement, france, region_code


def test_there_are_101_departements_and_18_regions():
    assert len(DEPARTEMENTS) == 101
    assert len(REGIONS) == 18
    assert {d.code_region for d in DEPARTEMENTS.values()} == set(REGIONS)


def test_the_order_of_the_codes_is_that_of_their_text():
    assert list(DEPARTEMENTS) == sorted(DEPARTEMENTS)


@pytest.mark.parametrize(
    ("code", "meant"), [("1", "01"), ("1.0", "01"), ("2a", "2A"), ("001", "01"), (" 23", "23"), ("0971", "971")]
)
def test_an_unknown_code_is_refused_with_the_code_probably_meant(code, meant):
    with pytest.raises(TerritoryError, match=f"probably '{meant}'"):
        departement(code)


def test_a_code_that_resembles_nothing_is_refused_alone():
    with pytest.raises(TerritoryError, match=r"'99' is no code of a département \(code 99\)$"):
        departement("99")


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["01", 2], r"the code 2 was read as a number, not as text; probably '02' \(at row 3\)"),
        (["01", "1"], r"'1' is no code of a département; probably '01' \(Ain\) \(code 1, at row 3\)"),
        (["01", "02", "01"], r"the code '01' is given twice, in rows 2 and 4"),
        (["20", "2A", "2B"], r"the whole '20' stands beside its parts '2A' \(row 3\) and '2B' \(row 4\)"),
        (["69", "69D", "69M"], r"the whole '69' stands beside its parts '69D' \(row 3\) and '69M' \(row 4\)"),
        (["6AE", "67"], r"the whole '6AE' stands beside its parts '67' \(row 3\)"),
    ],
)
def test_a_bad_column_of_codes_names_the_row(codes, message):
    with pytest.raises(TerritoryError, match=message):
        france().check(codes, range(2, 2 + len(codes)))


def test_a_good_column_of_codes_passes():
    france().check(list(DEPARTEMENTS))
    france().check(["20", "69D", "69M", "6AE"])


def test_the_units_that_stand_for_departements_cover_them():
    assert components("20") == ("2A", "2B")
    assert components("6AE") == ("67", "68")
    assert components("69D") == components("69M") == ("69",)
    assert france().wholes_beside_parts(["2A", "2B", "69"]) == []


@pytest.mark.parametrize(("printed", "code"), [("101", "01"), ("106", "06"), ("4", "04"), ("84", "84")])
def test_codes_of_regions_as_documents_print_them_become_insee_s(printed, code):
    assert region_code(printed) == code


def test_an_unknown_code_of_a_region_is_refused():
    with pytest.raises(TerritoryError, match="'105' is no code of a région"):
        region_code("105")
