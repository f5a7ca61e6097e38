"""A printed total is held against its parts, to what rounding and the publisher's warning allow."""

from dataclasses import replace

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import open_workbook
from cdppe_analysis.tables.series.table import read_table
from cdppe_analysis.tables.series.totals import Allowances, Checks

NAME = "Feuille quelconque"


@pytest.mark.parametrize("cell", ["E12", "E106", "E107", "E108", "E113", "G20"])
def test_a_count_that_its_totals_contradict_is_refused(read, cell):
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(lambda sheet: sheet.__setitem__(cell, sheet[cell].value + 1))


def test_two_columns_exchanged_under_their_headings_are_refused(read):
    def exchange(sheet):
        for row in range(7, 106):
            sheet.cell(row, 4).value, sheet.cell(row, 5).value = sheet.cell(row, 5).value, sheet.cell(row, 4).value

    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(exchange)


def test_a_total_smaller_than_the_parts_that_are_known_is_refused_though_one_is_missing(read):
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(E12="nd", E106=500)


def test_a_total_that_happens_to_be_round_is_held_to_the_unit(read):
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(lambda sheet: sheet.__setitem__("E108", (sheet["E108"].value // 10 + 1) * 10))


def test_the_warning_does_not_cover_one_wild_count_among_totals_that_agree(classeurs):
    sheets = {sheet.name: sheet for sheet in open_workbook(classeurs / "drees-minima-sociaux-departements.xlsx")}
    sheets["Tableau 11"].rows[7][11] = 75_920.0
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read_table(sheets["Tableau 11"], Allowances(0.05, 200))


def test_the_publisher_s_warning_lets_a_total_miss_its_parts(read):
    table = read(E108=10_050, allowed=Allowances(0.05))
    assert table.notes == (f"1 totals within the publisher's own warning, the widest by 0.5% ({NAME}!E108)",)


def test_a_misprint_known_by_its_two_figures_is_let_through_and_no_other(read):
    totals = read().sheet.at(107, 4)
    known = Allowances(misprints=frozenset({(1.0, totals)}))
    assert read(E108=1, allowed=known).checked == read().checked - 1
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(E108=2, allowed=known)


def test_zeros_of_the_parts_of_corse_once_it_is_one_are_read_as_absent(classeurs):
    sheets = {sheet.name: sheet for sheet in open_workbook(classeurs / "drees-depenses-series-1999-2020.xlsx")}
    table = read_table(sheets["ASE-tab2"])
    by_year = {column.year: column for column in table.columns}
    assert table.value("2A", by_year[2019]) is None
    assert table.value("2A", by_year[2017]) > 0


def checks(table, **replaced):
    return Checks(**{
        "sheet": table.sheet, "rows": table.rows, "columns": table.columns,
        "absent": table.absent, "allowed": Allowances(), **replaced,
    })  # fmt: skip


@pytest.mark.parametrize(("first", "held"), [("01", 1), ("02", 0), ("971", 0)])
def test_a_column_that_begins_below_the_first_row_has_no_total_of_france(read, first, held):
    table = read()
    column = replace(table.columns[0], start=table.rows[first])
    assert checks(table, columns=[column]).totals([(107, "france")]) == held


def test_a_collectivity_beside_may_be_in_the_total_of_france_and_not_in_that_of_the_mainland(read):
    sound = read()
    beside = {"A109": "Saint-Pierre-et-Miquelon", "D109": 5}
    assert read(**beside, D108=sound.sheet.at(107, 3) + 5).checked == sound.checked
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(**beside, D106=sound.sheet.at(105, 3) + 5)


def test_headings_exchanged_over_the_régions_alone_are_refused_there(read):
    with pytest.raises(TableError, match="a column moved") as refused:
        read(D112="MECS", E112="Établissement d'éducation spéciale")
    assert refused.value.cell == f"{NAME}!D112"


@pytest.mark.parametrize(("wrong", "is_a_sum"), [(9, True), (10, False)])
def test_a_column_of_total_is_held_where_nine_rows_of_ten_sum(read, wrong, is_a_sum):
    table = read()
    found = checks(table)
    for row in sorted(table.rows.values())[-wrong:]:
        found.numbers[row][6] += 1
    if is_a_sum:
        with pytest.raises(TableError, match="is not the sum of its parts") as refused:
            found.across()
        assert refused.value.cell == f"{NAME}!G97"
    else:
        assert found.across() == 0
    assert checks(table).across() == 99


def test_the_totals_of_a_part_that_is_not_given_are_not_counted_as_agreeing(read):
    """Those of its column: the mainland, France, the région; and that of its row."""
    assert read(E12="nd").checked == read().checked - 4


@pytest.mark.parametrize("cells", [{"E12": None}, {"E105": "nd", "E106": 10_000}])
def test_only_a_part_of_its_own_that_is_marked_as_missing_excuses_a_total(read, cells):
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(**cells)
