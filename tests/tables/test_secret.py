"""No sum of a print gives back a count of 1 to 4: held against every table that the print leaves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.secret import MASK, TOTAL, masked, suppress
from cdppe_analysis.territories import DEPARTEMENTS

MOST = 14
REGIONS = {"19": "75", "23": "75", "87": "75", "45": "24"}


def frame(rows, columns="fg"):
    return pd.DataFrame(rows, index=list(REGIONS)[: len(rows)], columns=list(columns)[: len(rows[0])])


@st.composite
def tables(draw):
    height, width = draw(st.sampled_from([(2, 1), (3, 1), (4, 1), (2, 2), (3, 2)]))
    return frame(
        draw(st.lists(st.lists(st.integers(0, 7), min_size=width, max_size=width), min_size=height, max_size=height))
    )


def possible_counts(found, units, columns):
    """Return, by masked cell, the values that it takes in all tables up to `MOST` that give the same print."""
    printed = found.printed()
    leaves = [(unit, column) for unit in units for column in columns]
    hidden = [leaf for leaf in leaves if printed.at[leaf] == MASK]
    guesses = np.indices([MOST] * len(hidden)).reshape(len(hidden), -1) + 1
    values = {leaf: printed.at[leaf] if leaf not in hidden else guesses[hidden.index(leaf)] for leaf in leaves}
    cells = {
        (row, column): sum(
            values[unit, own]
            for unit, own in leaves
            if row in (unit, TOTAL, f"R{REGIONS[unit]}") and column in (own, TOTAL)
        )
        for row in printed.index
        for column in printed.columns
    }
    fits = np.ones(guesses.shape[1], dtype=bool)
    for cell, value in cells.items():
        fits &= printed.at[cell] == MASK or value == printed.at[cell]
    return {cell: set(np.unique(value[fits])) for cell, value in cells.items() if printed.at[cell] == MASK}


@settings(max_examples=25)
@given(tables())
def test_every_small_count_could_be_any_other_in_the_tables_that_the_print_leaves(counts):
    found = suppress(counts, REGIONS)
    cells = found.cells.set_index(["ligne", "colonne"])
    leaves = found.table.loc[counts.index, list(counts.columns)]
    assert ((cells["statut"] == "primaire") == cells["valeur"].between(1, 4)).all()
    assert ((leaves == counts) | leaves.isna()).all(axis=None)
    if not 0 < leaves.isna().sum(axis=None) <= 4:
        return
    for cell, seen in possible_counts(found, counts.index, counts.columns).items():
        kind, value, low, high = cells.loc[cell, ["statut", "valeur", "au_moins", "au_plus"]]
        assert value in seen
        assert len(seen) > 1
        assert min(seen) == low
        assert max(seen) == high or high > MOST
        if kind == "primaire":
            assert seen >= {*range(int(low), 5)}
            assert low == 1 or TOTAL in cell or cell[0].startswith("R")


def test_a_lone_small_count_takes_another_with_it_in_its_row_and_in_its_column():
    printed = suppress(frame([[3, 9], [12, 8], [40, 30]]), None).printed()
    assert printed.loc[["19", "23"], ["f", "g"]].eq(MASK).all(axis=None)
    assert printed.loc["87"].tolist() == [40, 30, 70]
    assert printed.loc[TOTAL].tolist() == [55, 47, 102]


def test_two_counts_of_one_are_not_told_by_their_sum():
    found = suppress(frame([[1], [1], [3]]), None)
    assert found.printed()["f"].tolist() == [MASK] * 4


def test_the_sum_of_a_region_does_not_give_back_its_only_small_count():
    found = suppress(frame([[2], [30], [40], [25]]), REGIONS).printed()["f"]
    assert found["R75"] == 72
    assert (found.loc[["19", "23", "87"]] == MASK).sum() == 2
    assert found["45"] == found["R24"] == 25


def test_a_region_of_one_departement_is_masked_with_it():
    found = suppress(frame([[20], [30], [40], [2]]), REGIONS).printed()["f"]
    assert found["45"] == found["R24"] == MASK
    assert (found == MASK).sum() >= 3


def test_zeros_and_large_counts_are_left_as_they_are():
    counts = frame([[0, 5], [7, 0], [0, 0]])
    assert suppress(counts, REGIONS).cells["statut"].eq("publie").all()


def test_the_whole_country_is_protected():
    counts = pd.DataFrame(
        np.random.default_rng(0).poisson(9, (101, 2)), index=list(DEPARTEMENTS), columns=["handicap", "autres"]
    )
    found = suppress(counts, {code: one.code_region for code, one in DEPARTEMENTS.items()})
    primary = found.cells[found.cells["statut"] == "primaire"]
    assert len(primary) == int(found.cells["valeur"].between(1, 4).sum()) > 5
    assert (primary["au_moins"] <= 1).all()
    assert (primary["au_plus"] >= 4).all()


@pytest.mark.parametrize("value", [-1, 2.5, None, "x", True, float("inf")])
def test_what_is_no_count_is_refused_with_its_place(value):
    with pytest.raises(TableError, match=r"is no count of children \(code 19, at column f\)"):
        suppress(frame([[value], [3]]).astype(object))


def test_a_column_that_sums_the_others_is_refused():
    with pytest.raises(TableError, match=r"sum of the others: .*column t"):
        suppress(frame([[1, 2, 3], [4, 5, 9]], "fgt"))


def test_each_year_of_a_tidy_table_is_protected_on_its_own():
    tidy = pd.DataFrame(
        {
            "code_departement": ["19", "23", "87"] * 2,
            "annee": [2020] * 3 + [2021] * 3,
            "effectif": [2, 30, 40, 50, 60, 70],
        }
    )
    found = masked(tidy, ["effectif"], ["annee"], REGIONS)
    assert found["effectif"].isna().tolist() == [True, True, False, False, False, False]
    assert found["effectif"].dropna().tolist() == [40, 50, 60, 70]


def test_a_table_too_large_to_be_proved_is_refused_before_the_work():
    with pytest.raises(TableError, match="40000 counts are more than the 2000"):
        suppress(pd.DataFrame({"f": [3] * 40_000}))


def test_two_thousand_counts_are_protected_at_once():
    assert suppress(pd.DataFrame({"f": [9] * 2000})).cells["statut"].eq("publie").all()
    with pytest.raises(TableError, match="2001 counts are more than the 2000"):
        suppress(pd.DataFrame({"f": [9] * 2001}))


@pytest.mark.parametrize("counts", [pd.DataFrame(index=["19"]), pd.DataFrame({"f": []})])
def test_a_table_without_a_count_has_nothing_to_mask(counts):
    with pytest.raises(TableError, match="there is nothing to mask"):
        suppress(counts)


def test_a_column_named_as_the_sums_is_refused():
    with pytest.raises(TableError, match="this is the name of the sums, which are added") as refused:
        suppress(pd.DataFrame({TOTAL: [9, 8], "f": [7, 6]}, index=["19", "23"]))
    assert refused.value.cell == f"column {TOTAL}"


def test_the_sums_are_those_of_each_région_then_of_all():
    table = suppress(frame([[20, 30], [30, 10], [40, 50], [25, 60]]), REGIONS).table
    assert table.index.tolist() == ["19", "23", "87", "45", "R24", "R75", TOTAL]
    assert table[TOTAL].tolist() == [50, 40, 90, 85, 85, 180, 265]
    assert suppress(frame([[20], [30]]), REGIONS).table.columns.tolist() == ["f"]


def test_a_unit_of_no_région_is_in_the_whole_alone():
    table = suppress(frame([[20], [30]]), {"19": "75"}).table["f"]
    assert table.to_dict() == {"19": 20, "23": 30, "R75": 20, TOTAL: 50}


def test_the_cell_that_is_masked_besides_is_the_smallest():
    found = suppress(frame([[2], [300], [6]]), None)
    assert found.printed()["f"].tolist() == [MASK, 300, MASK, 308]
    assert found.cells["statut"].tolist() == ["primaire", "publie", "secondaire", "publie"]
    assert found.cells["au_moins"].tolist() == [1, 300, 1, 308]
    assert found.cells["au_plus"].tolist() == [7, 300, 7, 308]


@pytest.mark.parametrize(("count", "fits"), [(2**53 - 1, True), (2**53, False)])
def test_a_count_is_one_that_a_float_holds_exactly(count, fits):
    if fits:
        assert suppress(pd.DataFrame({"f": [count]}, index=["19"])).table["f"].tolist() == [count, count]
    else:
        with pytest.raises(TableError, match="is no count of children"):
            suppress(pd.DataFrame({"f": [count]}, index=["19"]))
