"""A printed total is held against its parts, to what rounding and the publisher's warning allow."""

from dataclasses import replace

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet
from cdppe_analysis.tables.series.headings import SeriesColumn
from cdppe_analysis.tables.series.table import SeriesTable
from cdppe_analysis.tables.series.totals import Allowances, Checks, _near, _unit, _written
from cdppe_analysis.territories import DEPARTEMENTS

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


def test_the_warning_does_not_cover_one_wild_count_among_totals_that_agree(sheet_of):
    sheet = sheet_of("drees-minima-sociaux-departements", "Tableau 11")
    sheet.rows[7][11] = 75_920.0
    with pytest.raises(TableError, match="is not the sum of its parts"):
        SeriesTable.of(sheet, Allowances(0.05, 200))


def test_the_publisher_s_warning_lets_a_total_miss_its_parts(read):
    table = read(E108=10_050, allowed=Allowances(0.05))
    assert table.notes == (f"1 totals within the publisher's own warning, the widest by 0.5% ({NAME}!E108)",)


def test_a_misprint_known_by_its_two_figures_is_let_through_and_no_other(read):
    totals = read().sheet.at(107, 4)
    known = Allowances(misprints=frozenset({(1.0, totals)}))
    assert read(E108=1, allowed=known).checked == read().checked - 1
    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(E108=2, allowed=known)


def test_zeros_of_the_parts_of_corse_once_it_is_one_are_read_as_absent(sheet_of):
    table = SeriesTable.of(sheet_of("drees-depenses-series-1999-2020", "ASE-tab2"))
    by_year = {column.year: column for column in table.columns}
    assert table.value("2A", by_year[2019]) is None
    assert table.value("2A", by_year[2017]) > 0


def checks(table, **replaced):
    sheet = replace(table.sheet, rows=[[*row] for row in table.sheet.rows])
    return Checks(**{
        "sheet": sheet, "rows": table.rows, "columns": table.columns,
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
        found.sheet.rows[row][6] += 1
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


def test_a_collectivity_told_before_the_totals_is_in_that_of_france_as_well(read):
    sound = read()
    total, other = sound.sheet.rows[107], sound.sheet.rows[106]

    def before(sheet):
        sheet.insert_rows(106)
        sheet["A106"], sheet["D106"] = "Autres COM", 5
        sheet["D109"] = total[3] + 5

    table = read(before)
    assert (table.checked, table.sheet.at(107, 0)) == (sound.checked, other[0])


def test_a_total_that_is_not_printed_counts_as_none(read):
    assert read(E106=None).checked == read().checked - 1


@pytest.mark.parametrize(("régions", "totals"), [(10, 10), (9, 0)])
def test_ten_régions_make_a_block_of_them(read, régions, totals):
    def cut(sheet):
        first = next(row for row in range(107, 125) if sheet.cell(row, 2).value == "Région")
        sheet.delete_rows(first + 1 + régions, 40)

    assert read(cut).checked == 99 + 4 * (3 + totals)


def test_the_name_of_a_région_stands_beside_the_codes(read):
    def moved(sheet):
        for row in range(110, 135):
            sheet.cell(row, 4).value, sheet.cell(row, 2).value = sheet.cell(row, 2).value, None

    assert read(moved).checked == 99 + 4 * 3


def test_a_total_is_held_within_the_rows_of_its_column_alone(read):
    table = read()
    for stop, held in ((107, 0), (108, 1)):
        column = replace(table.columns[0], stop=stop)
        assert checks(table, columns=[column]).totals([(107, "france")]) == held


def test_a_total_of_columns_sums_those_of_its_row(read):
    table = read()
    first, *others = table.columns
    half = replace(first, stop=table.rows["50"])
    found = checks(table, columns=[half, *others])
    for row in list(table.rows.values())[list(table.rows).index("50") :]:
        found.sheet.rows[row][6] -= found.sheet.rows[row][3]
    assert found.across() == 99


def test_a_cell_beyond_the_end_of_its_row_is_no_value():
    rows = {"01": 0, "02": 1}
    sheet = Sheet("F", [["01", "Ain", 3.0, 4.0], ["02", "Aisne", 5.0]])
    columns = [SeriesColumn(2, ("A",), None), SeriesColumn(3, ("B",), None)]
    found = Checks(sheet, rows, columns, frozenset(), Allowances())
    assert [found._finest(column) for column in columns] == [{"01": 3, "02": 5}, {"01": 4}]


@pytest.mark.parametrize(
    ("printed", "parts", "rounded_to", "own", "near"),
    [
        (10, [4, 6], 1, 1, True), (11, [4, 6], 1, 1, False), (9, [4, 6], 1, 1, False),
        (100, [40, 55], 10, 1, True), (100, [40, 54], 10, 1, False),
        (1000, [400, 437], 1, 100, True), (1000, [400, 436], 1, 100, False), (1000, [464, 700], 1, 100, False),
        (10, [4.5, 5], 1, 1, True), (10, [4.4, 5], 1, 1, False),
        (10, [4.5, 6], 1, 1, True), (10, [4.6, 6], 1, 1, False),
        (10.5, [4, 6], 1, 1, True), (-3, [-1, -2], 1, 1, True),
    ],
)  # fmt: skip
def test_a_total_is_near_its_parts_within_their_rounding(printed, parts, rounded_to, own, near):
    """4 own √(n/12): the sum of n roundings to `own` strays by four deviations at most; two of 100 by 163."""
    assert _near(printed, parts, rounded_to, own) == near


def test_what_all_values_are_multiples_of_is_known_up_to_a_thousand():
    values = ([3, 10], [20, 30], [100, 300], [1000, 5000], [10_000], [0, 0], [0, 100], [100, 0.5], [])
    assert [_unit(each) for each in values] == [1, 10, 100, 1000, 1000, 1, 100, 1, 1]


@pytest.mark.parametrize(("values", "unit"), [(50, 1), (51, 100)])
def test_fifty_values_prove_no_rounding(values, unit):
    rows = {code: row for row, code in enumerate(list(DEPARTEMENTS)[:values])}
    sheet = Sheet("F", [[code, "", 100.0] for code in rows])
    column = SeriesColumn(2, ("A",), None)
    assert Checks(sheet, rows, [column], frozenset(), Allowances())._unit_of(column) == unit


@pytest.mark.parametrize(
    ("agreed", "gap", "refused"),
    [(4, 0.01, False), (4, 0.0101, True), (3, 0.05, False), (3, 0.0501, True)],
)
def test_where_a_fifth_of_the_totals_or_fewer_miss_a_fifth_of_the_share_is_allowed(agreed, gap, refused):
    found = Checks(
        Sheet("F", []), {}, [], frozenset(), Allowances(share=0.05), {"F!A1": (gap, TableError("it misses"))}
    )
    if refused:
        with pytest.raises(TableError, match="it misses"):
            found.settle(agreed)
    else:
        found.settle(agreed)


def test_a_gap_that_is_known_is_let_through_however_wide():
    Checks(Sheet("F", []), {}, [], frozenset(), Allowances(share=0.05), {"F!A1": (1.0, None)}).settle(0)


@pytest.mark.parametrize(("count", "gap", "refused"), [(5, 5, False), (5, 6, True), (0, 1, True)])
def test_a_total_may_miss_its_parts_by_the_number_allowed(read, count, gap, refused):
    allowed = Allowances(count=count)
    total = read().sheet.at(107, 3)
    for sign in (-1, 1):
        if refused:
            with pytest.raises(TableError, match="is not the sum of its parts"):
                read(allowed=allowed, D108=total + sign * gap)
        else:
            assert read(allowed=allowed, D108=total + sign * gap).checked == read().checked - 1


def test_the_gap_that_is_told_is_the_widest_as_a_share_of_the_total_printed(read):
    total = read().sheet.at(107, 4)
    table = read(E108=round(total / 0.97), E107=read().sheet.at(106, 4) + 2, allowed=Allowances(0.2))
    assert table.notes == (f"2 totals within the publisher's own warning, the widest by 3.0% ({NAME}!E108)",)


def test_a_total_that_is_not_its_parts_is_told_with_both(read):
    total = read().sheet.at(107, 4)
    with pytest.raises(TableError) as refused:
        read(E108=total + 1)
    assert refused.value.message == (
        f"the printed total {_written(total + 1)} is not the sum of its parts, {_written(total)}"
    )
    assert refused.value.cell == f"{NAME}!E108"
    assert [_written(value) for value in (1234567.0, 999.0, 0.5, 1234.567)] == ["1 234 567", "999", "0.50", "1234.57"]


def test_a_whole_is_held_to_its_parts_where_all_three_are_given():
    rows = {"20": 0, "2A": 1, "2B": 2}

    def held(*values, codes=rows):
        sheet = Sheet("F", [["", "", value] for value in values])
        return Checks(sheet, codes, [SeriesColumn(2, ("A",), None)], frozenset(), Allowances()).wholes()

    assert held(9.0, 4.0, 5.0) == 1
    assert held(9.0, "nd", 5.0) == 0
    assert held(9.0, 4.0, codes={"20": 0, "2A": 1}) == 0
    with pytest.raises(TableError, match="the printed total 9 is not the sum of its parts, 10"):
        held(9.0, 4.0, 6.0)
    sheet = Sheet("F", [["", "", value] for value in (9.0, 0.0, 0.0)])
    column = SeriesColumn(2, ("A",), None)
    assert Checks(sheet, rows, [column], frozenset({(1, 2), (2, 2)}), Allowances()).wholes() == 0


def test_the_total_of_france_counts_a_whole_or_its_parts_once():
    rows = {"20": 0, "2A": 1, "2B": 2, "01": 3}
    column = SeriesColumn(2, ("A",), None)
    sheet = Sheet("F", [["", "", value] for value in (9.0, 4.0, 5.0, 1.0)])
    assert Checks(sheet, rows, [column], frozenset(), Allowances())._finest(column) == {"20": 9, "01": 1}
    sheet.rows[0][2] = ""
    assert Checks(sheet, rows, [column], frozenset(), Allowances())._finest(column) == {"2A": 4, "2B": 5, "01": 1}


def test_rates_are_held_to_nothing(read):
    assert read(D6="Taux d'accueil").checked == read().checked - 20 - 99


def test_the_total_of_a_group_sums_the_columns_of_its_own():
    headings = [(group, name) for group in ("Filles", "Garçons") for name in ("A", "B", "Total")]
    sheet = Sheet("F", [["", "", 1.0, 2.0, 3.0, 40.0, 50.0, 90.0], ["", "", 5.0, 6.0, 11.0, 7.0, 8.0, 15.0]])
    columns = [SeriesColumn(2 + rank, each, None) for rank, each in enumerate(headings)]
    assert Checks(sheet, {"01": 0, "02": 1}, columns, frozenset(), Allowances()).across() == 4


def test_the_total_of_all_groups_sums_their_totals():
    headings = [("Filles", "A"), ("Filles", "Total"), ("Garçons", "A"), ("Garçons", "Total"), ("Total",)]
    sheet = Sheet("F", [["", "", 3.0, 3.0, 9.0, 9.0, 12.0], ["", "", 4.0, 4.0, 5.0, 5.0, 9.0]])
    columns = [SeriesColumn(2 + rank, each, None) for rank, each in enumerate(headings)]
    assert Checks(sheet, {"01": 0, "02": 1}, columns, frozenset(), Allowances()).across() == 2
    sheet.rows[0][6] = 13.0
    assert Checks(sheet, {"01": 0, "02": 1}, columns, frozenset(), Allowances()).across() == 0


def test_a_total_of_nothing_misses_its_parts_by_all_of_them(read):
    with pytest.raises(TableError, match="the printed total 0 is not the sum of its parts"):
        read(E108=0, allowed=Allowances(0.9))


def test_a_total_that_is_the_sum_of_the_parts_that_are_known_agrees(read):
    """Those of its column but that of the mainland: the part that is not given may be none."""
    sound = read()
    assert read(E12="nd", E106=sound.sheet.at(105, 4) - sound.sheet.at(11, 4)).checked == sound.checked - 3
