"""Bad criteria stop here, each with its place."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.allocation.values import DEAD_BAND, CriteriaValues, bound_arrays, exact_amount
from cdppe_analysis.errors import CriteriaError, TableError, TerritoryError
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule
from cdppe_analysis.storage.tables import LINE


def rule(codes=("03", "23", "59"), weights=("0.5", "0.5")):
    criteria = tuple(
        Criterion(name, Fraction(weight), 2017, "circulaire-2020-34", "annexe 4")
        for name, weight in zip(("ase", "igb"), weights, strict=True)
    )
    return Rule("essai", "Essai", 2020, Fraction(1000), codes, criteria)


def frame(**columns):
    return pd.DataFrame({"code_departement": ["03", "23", "59"], "ase": [1, 2, 3], "igb": [4.0, 5.5, 6.0]} | columns)


@pytest.mark.parametrize("value", [None, np.nan, pd.NA])
def test_a_missing_value_is_refused_with_code_and_criterion(value):
    with pytest.raises(CriteriaError, match="the value is missing") as caught:
        CriteriaValues.read(rule(), frame(ase=pd.Series([1, value, 3], dtype=object)))
    assert (caught.value.code, caught.value.criterion, caught.value.cell) == ("23", "ase", "row 2")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1.5, "negative"),
        (-0.5, "negative"),
        (np.inf, "infinite"),
        (-np.inf, "infinite"),
        ("12 enfants", "not a number"),
        (True, "number"),
    ],
)
def test_a_value_that_is_no_count_is_refused_with_its_cell(value, message):
    with pytest.raises(CriteriaError, match=message) as caught:
        CriteriaValues.read(rule(), frame(igb=pd.Series([1.0, 2.0, value], dtype=object)))
    assert (caught.value.code, caught.value.criterion, caught.value.cell) == ("59", "igb", "row 3")


@pytest.mark.parametrize("weights", [("0.5", "0.5"), ("1", "0")])
def test_a_criterion_that_is_0_everywhere_is_named_even_without_weight(weights):
    with pytest.raises(CriteriaError, match="0 for every beneficiary") as caught:
        CriteriaValues.read(rule(weights=weights), frame(igb=0))
    assert caught.value.criterion == "igb"


def test_a_beneficiary_without_a_row_is_named_and_never_0():
    with pytest.raises(CriteriaError, match="no row of values") as caught:
        CriteriaValues.read(rule(codes=("03", "23", "59", "62")), frame())
    assert caught.value.code == "62"


def test_corse_as_one_is_not_added_up_from_its_parts_in_silence():
    parts = pd.DataFrame({"code_departement": ["03", "2A", "2B"], "ase": 1, "igb": 1})
    with pytest.raises(CriteriaError, match="the frame has its parts 2A and 2B, which are not added up"):
        CriteriaValues.read(rule(codes=("03", "20")), parts)
    with pytest.raises(CriteriaError, match="the frame has its parts 2A, which are not added up"):
        CriteriaValues.read(rule(codes=("03", "20")), parts.iloc[:2])


def test_a_missing_column_is_named():
    with pytest.raises(CriteriaError, match="no column 'igb'"):
        CriteriaValues.read(rule(), frame().drop(columns="igb"))


def test_a_frame_without_codes_is_refused():
    with pytest.raises(TableError, match="no column 'code_departement'"):
        CriteriaValues.read(rule(), frame().set_index("code_departement"))


def test_a_column_given_twice_is_refused():
    twice = pd.concat([frame(), frame()[["ase"]]], axis="columns")
    with pytest.raises(TableError, match="'ase' twice"):
        CriteriaValues.read(rule(), twice)


@pytest.mark.parametrize(
    ("codes", "message", "row"),
    [
        (["03", "23", "1"], "'1' is no code of a département; probably '01'", "row 3"),
        (["03", 23, "59"], "was read as a number", "row 2"),
        (["03", "23", "23"], "given twice, in rows 2 and 3", "row 3"),
    ],
)
def test_a_code_that_is_wrong_is_refused_with_its_row(codes, message, row):
    with pytest.raises(TerritoryError, match=message) as caught:
        CriteriaValues.read(rule(), frame(code_departement=codes))
    assert caught.value.cell == row


@pytest.mark.parametrize("codes", [["20", "2A", "2B"], ["69", "69D", "69M"]])
def test_a_whole_beside_its_parts_is_refused_naming_them(codes):
    wrong = pd.DataFrame({"code_departement": [*codes, "03", "23", "59"], "ase": 1, "igb": 1})
    with pytest.raises(TerritoryError, match=f"the whole '{codes[0]}' .*'{codes[1]}'.*'{codes[2]}'"):
        CriteriaValues.read(rule(), wrong)


def test_what_is_not_used_is_said():
    more = pd.concat([frame(rsa=1), pd.DataFrame({"code_departement": ["01"], "ase": [None]})])
    found = CriteriaValues.read(rule(), more)
    assert (found.ignored_criteria, found.ignored_rows) == (("rsa",), ("01",))


def test_the_order_of_the_rows_does_not_matter():
    for each in (frame(), frame(igb=["4", "5.5", "6"])):
        assert CriteriaValues.read(rule(), each) == CriteriaValues.read(rule(), each.iloc[::-1])


def test_codes_of_another_kind_are_taken_where_the_rule_names_them():
    communes = pd.DataFrame({"code_departement": ["59350", "59009"], "ase": [1, 2], "igb": [1, 2]})
    assert CriteriaValues.read(rule(codes=("59009", "59350")), communes).columns["ase"].integers == (2, 1)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0.1, Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.int64(3), Fraction(3)),
        (Decimal("2.50"), Fraction(5, 2)),
        ("12.5", Fraction(25, 2)),
        (Fraction(1, 3), Fraction(1, 3)),
        (1e-300, Fraction(1, 10**300)),
        (1e23, Fraction(10**23)),
        ("1e-300", Fraction(1, 10**300)),
    ],
)
def test_a_number_is_read_as_the_decimal_that_it_prints(value, exact):
    assert exact_amount(value) == exact


@pytest.mark.parametrize("value", [Decimal("NaN"), "", " ", pd.NaT])
def test_other_missing_values_are_missing(value):
    with pytest.raises(ValueError, match="missing"):
        exact_amount(value)


def test_labels_and_regions_are_no_criteria_and_are_not_said_to_be_ignored():
    named = frame(libelle_departement="x", code_region="y", libelle_region="z", rsa=1)
    assert CriteriaValues.read(rule(), named).ignored_criteria == ("rsa",)


def test_a_criterion_that_is_left_out_needs_no_column():
    for each in (frame(rsa=1).drop(columns="igb"), frame(rsa=1)):
        found = CriteriaValues.read(rule(), each, but="igb")
        assert (list(found.columns), found.ignored_criteria) == (["ase"], ("rsa",))


def test_a_column_gives_its_total_and_shares_exactly():
    columns = CriteriaValues.read(rule(), frame(igb=[0.25, 1.5, 1.0])).columns
    column = columns["igb"]
    assert (column.total, columns["ase"].total) == (Fraction(11, 4), 6)
    assert [column.share(rank) for rank in range(3)] == [Fraction(1, 11), Fraction(6, 11), Fraction(4, 11)]


@pytest.mark.parametrize("value", ["1 234", "1,5", "1\u202f234", "1  234", "1 ,5"])
def test_a_number_as_a_reader_writes_it_is_refused_with_the_way_out(value):
    with pytest.raises(ValueError, match="write it without spaces, with a decimal point"):
        exact_amount(value)


@pytest.mark.parametrize("value", ["1.2.3", "douze", "1e", "1e-1000", np.True_, "\uff11\uff12", object()])
def test_what_is_no_number_at_all_is_refused_without_advice(value):
    with pytest.raises(ValueError, match=r"^is not a number: [^;]*$"):
        exact_amount(value)


def test_infinite_decimals_are_said_to_be_infinite():
    with pytest.raises(ValueError, match="infinite"):
        exact_amount(Decimal("Infinity"))


@pytest.mark.parametrize("text", ["7", "+7", "7.", "7.0", " 7 ", "70e-1", "0.7E+1"])
def test_decimal_text_is_read_in_all_its_forms(text):
    assert exact_amount(text) == 7
    assert exact_amount(f"-{text.strip().lstrip('+')}") == -7
    assert exact_amount(".5") == Fraction(1, 2)


def test_a_criterion_of_0_for_some_is_kept_and_one_of_integers_too():
    found = CriteriaValues.read(rule(), frame(ase=[0, 2, 3], igb=[0.0, 0.0, 0.1])).columns
    assert (found["ase"].integers, found["igb"].integers) == ((0, 2, 3), (0, 0, 1))


def test_rows_are_named_by_the_lines_of_the_frame_they_were_read_from():
    with pytest.raises(CriteriaError) as caught:
        CriteriaValues.read(rule(), frame(ase=[1.0, -0.5, 3.0]))
    assert str(caught.value).count("-0.5") == 1
    assert caught.value.cell == "row 2"
    read = {"index": pd.Index([2, 3, 7], name=LINE)}
    with pytest.raises(TerritoryError) as unknown:
        CriteriaValues.read(rule(), pd.DataFrame({"code_departement": ["03", "23", "99"], "ase": 1, "igb": 1}, **read))
    assert unknown.value.cell == "row 7"
    for codes in (["03", "23", "03"], ["59350", "59009", "59350"]):
        with pytest.raises(TerritoryError, match=r"given twice, in rows 2 and 7 .*row 7"):
            CriteriaValues.read(
                rule(codes=tuple(codes[:2])), pd.DataFrame({"code_departement": codes, "ase": 1}, **read)
            )


def test_a_beneficiary_of_another_kind_without_a_row_has_no_parts_to_hint_at():
    with pytest.raises(CriteriaError, match=r"no row of values \(") as caught:
        CriteriaValues.read(rule(codes=("03", "23", "59350")), frame())
    assert (caught.value.code, caught.value.criterion) == ("59350", "ase")


def test_scores_sum_to_exactly_one():
    values = CriteriaValues.read(rule(), frame())
    scores, denominator = values.integer_scores
    assert sum(scores) == denominator
    assert values.scores[0] == Fraction(1, 2) * Fraction(1, 6) + Fraction(1, 2) * Fraction(4) / Fraction("15.5")


def test_a_score_is_the_sum_of_the_shares_of_all_criteria_each_with_its_weight():
    weights = {"ase": Fraction(1, 2), "igb": Fraction(3, 10), "rsa": Fraction(1, 5)}
    criteria = tuple(Criterion(name, weight, 2017, "note", "p. 1") for name, weight in weights.items())
    values = CriteriaValues.read(replace(rule(), criteres=criteria), frame(igb=[4, 5, 6], rsa=[1, 1, 8]))
    shares = ((1, 4, 1), (2, 5, 1), (3, 6, 8))
    wanted = [Fraction(a, 12) + Fraction(3 * i, 150) + Fraction(r, 50) for a, i, r in shares]
    assert values.scores == tuple(wanted)


@pytest.mark.parametrize("value", ["1e40", 10**40, Decimal("-1E+40")])
def test_the_largest_number_that_is_read_is_10_to_the_40(value):
    assert abs(exact_amount(value)) == 10**40
    with pytest.raises(ValueError, match="larger than anything"):
        exact_amount(10 * Fraction(str(value)))


def test_scores_are_integers_that_sum_to_their_denominator_and_share_no_factor():
    values = CriteriaValues.read(rule(), frame(ase=[2, 2, 4], igb=[2, 2, 4]))
    assert values.integer_scores == ((1, 1, 2), 4)
    assert values.scores == (Fraction(1, 4), Fraction(1, 4), Fraction(1, 2))


def test_rows_that_are_no_beneficiaries_are_named_in_the_order_of_codes():
    rows = frame(code_departement=["80", "59", "02"])
    assert CriteriaValues.read(rule(codes=("59",)), rows).ignored_rows == ("02", "80")


def test_a_unit_of_the_rule_that_is_no_departement_stands_beside_those_that_are():
    rows = frame(code_departement=["03", "canton", "59"])
    assert CriteriaValues.read(rule(codes=("03", "canton", "59")), rows).columns["ase"].integers == (1, 3, 2)
    with pytest.raises(TerritoryError, match="'autre' is no code") as caught:
        CriteriaValues.read(rule(codes=("03", "canton")), frame(code_departement=["03", "canton", "autre"]))
    assert caught.value.cell == "row 3"


def test_values_of_any_exact_kind_share_one_denominator():
    zero = CriteriaValues.read(rule(), frame(igb=pd.Series(["0", "1.5", Decimal(0)], dtype=object)))
    assert (zero.columns["igb"].integers, zero.columns["igb"].denominator) == ((0, 3, 0), 2)
    values = CriteriaValues.read(rule(), frame(igb=pd.Series(["1.5", Fraction(1, 3), Decimal("0.25")], dtype=object)))
    column = values.columns["igb"]
    assert (column.integers, column.denominator, column.total) == ((18, 4, 3), 12, Fraction(25, 12))


def test_the_bounds_of_each_unit_are_its_own_in_euros_and_infinite_where_there_is_none_above():
    references = tuple(zip(rule().beneficiaires, map(Fraction, (0, 100, 1000)), strict=True))
    for garantie, lows, highs in (
        (
            Garantie(Fraction(9, 10), Fraction(11, 10), references, reference_nulle="bornee"),
            [0, 90, 900],
            [0, 110, 1100],
        ),
        (Garantie(Fraction(9, 10), None, references), [0, 90, 900], [np.inf] * 3),
    ):
        found = bound_arrays(replace(rule(), garantie=garantie))
        assert [side.tolist() for side in found] == [lows, highs]


def test_a_text_of_more_than_200_characters_is_not_looked_at():
    assert exact_amount(f"1.{'0' * 198}") == 1
    with pytest.raises(ValueError, match="a text of 201 characters, longer than any number"):
        exact_amount(f"1.{'0' * 199}")


def test_the_dead_band_is_what_amounts_rounded_each_on_its_own_are_known_to():
    assert Fraction(DEAD_BAND) == Arrondi("independant").unite_eur / 2


def test_a_column_of_floats_is_refused_where_one_is_larger_than_anything():
    with pytest.raises(CriteriaError, match="larger than anything") as caught:
        CriteriaValues.read(rule(), frame(igb=[1.0, 1e41, 2.0]))
    assert caught.value.cell == "row 2"
