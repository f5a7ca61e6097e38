"""The table by département of a sheet is found by what it holds, and refused with its cell when it is not certain."""

import datetime

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet, open_workbook
from cdppe_analysis.tables.series.headings import SeriesColumn
from cdppe_analysis.tables.series.table import SeriesTable, _absent, _total_kind, _totals_below, check_complete, code_of
from cdppe_analysis.tables.series.totals import Allowances
from cdppe_analysis.territories import DEPARTEMENTS

NAME = "Feuille quelconque"


def test_a_code_is_read_from_text_from_a_number_and_from_an_old_name():
    assert [code_of(cell) for cell in ("01", 1.0, "20A", "69M", "971", True, 0.5, "100", None)] == [
        "01", "01", "2A", "69M", "971", None, None, None, None,
    ]  # fmt: skip


def test_every_département_has_its_row_and_every_total_agrees(read):
    table = read()
    assert len(table.rows) == 99
    assert [column.heading for column in table.columns][1] == "MECS"
    # 3 totals and 17 régions in each of 4 columns, and the sum of the three first in each row.
    assert table.checked == 4 * (3 + 17) + 99


def test_a_value_is_that_of_its_cell(read):
    table = read()
    assert table.value("59", table.columns[1]) == table.sheet.at(table.rows["59"], 4) == 102


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("E12", "1 203", "a number is stored as text: '1 203'"),
        ("E12", "inconnu", "a text stands for a number: 'inconnu'"),
        ("E12", datetime.date(2020, 1, 1), "a date (2020-01-01) stands for a number"),
        ("E12", True, "a boolean (true) stands for a number"),
        ("E12", "=1+2", "the cell holds a formula that was never computed"),
        ("E12", "#REF!", "the cell is in error"),
        ("E12", 1e300, "1e+300 is no count"),
        ("E108", "12 345", "a number is stored as text: '12 345'"),
        ("B12", "99", "'99' beside 'Alpes-Maritimes' is neither a département nor a total"),
        ("C12", "Nord", "'06' beside 'Nord' is neither a département nor a total"),
        ("E6", None, "a number stands in a column without a heading"),
        ("M20", 5, "a number stands in a column without a heading"),
        ("E6", "Foyer de l'enfance", "is given twice (column E too)"),
    ],
)
def test_what_is_not_certain_is_refused_with_its_cell(read, cell, value, reason):
    with pytest.raises(TableError) as refused:
        read(**{cell: value})
    assert reason in refused.value.message
    place = {("E6", None): "E7", ("E6", "Foyer de l'enfance"): "F6", ("C12", "Nord"): "B12"}.get((cell, value), cell)
    assert refused.value.cell == f"{NAME}!{place}"


def test_a_département_given_twice_is_refused_with_both_rows(read):
    with pytest.raises(TableError, match=r"'05' is given twice \(row 11 too") as refused:
        read(B12="05", C12="Hautes-Alpes")
    assert refused.value.cell == f"{NAME}!B12"


@pytest.mark.parametrize(("row", "missing"), [(7, "01 .Ain"), (12, "06 .Alpes-Maritimes"), (105, "974 .La Réunion")])
def test_a_missing_département_is_named(read, row, missing):
    with pytest.raises(TableError, match=f"missing from the table: {missing}"):
        read(lambda sheet: sheet.delete_rows(row))


def test_a_column_inserted_on_the_left_changes_nothing(read):
    table = read(lambda sheet: sheet.insert_cols(1))
    assert table.sheet.address(table.rows["01"], table.columns[0].index) == f"{NAME}!E7"


@pytest.mark.parametrize("mark", ["nd", "NR", "-", "n.s.", "s", "Non disponible"])
def test_a_mark_of_a_missing_value_is_no_value_and_is_counted(read, mark):
    table = read(E12=mark)
    assert table.value("06", table.columns[1]) is None
    assert table.marks == {mark: 1}


def test_notes_on_the_names_are_no_part_of_them(read):
    assert read(C12="Alpes-Maritimes2", C105="La Réunion (*)").rows["06"] == 11


def test_a_sheet_without_a_table_holds_none(made):
    assert SeriesTable.of(open_workbook(made())[2]) is None


@pytest.mark.parametrize(
    ("longer", "heading"),
    [(0, "Établissements / Établissement d'éducation spéciale"), (1, "Établissement d'éducation spéciale")],
)
def test_a_line_of_sixty_letters_over_the_codes_is_a_sentence_and_no_heading(read, longer, heading):
    words = "code " + "x" * (54 + longer)
    assert read(B5=words, D5="Établissements").columns[0].heading == heading


def test_the_heading_beside_the_codes_tells_the_row_of_headings_alone(read):
    assert read(A6=None, B6="N°").columns[1].heading == "MECS"


@pytest.mark.parametrize(
    ("name", "totals"),
    [("Tableau 1", 68), ("Tableau 2", 32), ("Tableau 3", 12), ("Tableau 5", 24), ("Tableau 7", 58), ("Tableau 8 ", 32),
     ("Tableau 11", 31), ("Tableau 12", 20), ("Tableau 13", 3), ("Tableau 14", 27), ("Tableau 19", 10)],
)  # fmt: skip
def test_as_many_totals_of_the_minimum_incomes_agree_as_the_publisher_s_rounding_lets(sheet_of, name, totals):
    known = Allowances(0.05, 200, frozenset({(410_000, 293_600), (360_600, 305_994), (360_600, 327_256)}))
    table = SeriesTable.of(sheet_of("drees-minima-sociaux-departements", name), known)
    assert table.checked == totals


def test_the_wholes_and_the_zeros_of_their_parts_in_the_long_series(sheet_of):
    """Of 21 columns: three totals and 18 régions in each, and the Rhône held to its two parts in three years."""
    table = SeriesTable.of(sheet_of("drees-depenses-series-1999-2020", "ASE-tab2"))
    assert (len(table.columns), table.checked) == (21, 21 * (3 + 18) + 3)
    assert table.notes == ("36 zeros of parts beside their whole, read as absent",)
    assert {"20", "2A", "2B", "69", "69D", "69M"} <= set(table.rows)


def test_the_departements_of_the_population_with_the_words_above_them(sheet_of):
    table = SeriesTable.of(sheet_of("insee-estim-pop-dep-1975-2022", "2022"))
    assert table.above[:2] == (
        "Estimation de population au 1er janvier, par département, sexe et âge quinquennal", "Année 2022",
    )  # fmt: skip
    assert set(table.rows) == set(DEPARTEMENTS)
    assert (len(table.columns), table.checked) == (63, 492)


def test_the_words_above_a_table_are_in_their_order_on_one_line(read):
    above = read(A2="Source :\n DREES", C3="Champ").above
    assert above[0].startswith("Tableau 6 - Enfants confiés")
    assert above[1:] == ("Source : DREES", "Champ : France métropolitaine et DROM (Hors Mayotte).", "Champ")


@pytest.mark.parametrize(("before", "found"), [(1, True), (2, True), (3, False)])
def test_the_codes_stand_in_one_of_the_first_four_columns(read, before, found):
    table = read(lambda sheet: sheet.insert_cols(1, before))
    assert (table is not None) == found
    if table is not None:
        assert table.columns[0].index == 3 + before


def test_codes_that_are_numbers_are_no_values(read):
    def numbers(sheet):
        for row in range(7, 106):
            if str(sheet.cell(row, 2).value).isdigit():
                sheet.cell(row, 2).value = int(sheet.cell(row, 2).value)

    table = read(numbers)
    assert [column.index for column in table.columns] == [3, 4, 5, 6]


@pytest.mark.parametrize(("rows", "found"), [(3, False), (4, True)])
def test_four_départements_make_a_table(rows, found):
    codes = ("971", "972", "973", "974")[:rows]
    lines = [["Code", "Département", "A"], *([code, DEPARTEMENTS[code].libelle, 5] for code in codes)]
    assert (SeriesTable.of(Sheet("F", lines)) is not None) == found


def test_a_table_that_ends_its_sheet_has_no_totals_and_no_régions(read):
    assert read(lambda sheet: sheet.delete_rows(106, 60)).checked == 99


def test_a_table_whose_rows_hold_no_number_is_refused(read):
    def words(sheet):
        for row in range(7, 106):
            for column in range(4, 8):
                sheet.cell(row, column).value = "nd"

    with pytest.raises(TableError, match="no column holds a number") as refused:
        read(words)
    assert refused.value.cell == f"{NAME}!D7"


def test_a_table_without_headings_is_refused_above_its_first_row():
    lines = [[code, DEPARTEMENTS[code].libelle, 5] for code in ("971", "972", "973", "974")]
    for above in ([], [["", "", ""]]):
        with pytest.raises(TableError, match="no heading stands above the codes") as refused:
            SeriesTable.of(Sheet("F", [*above, *lines]))
        assert refused.value.cell == "F!A1"


@pytest.mark.parametrize(("rows", "refused"), [(3, False), (4, True)])
def test_headings_stand_in_the_three_rows_above_the_codes(rows, refused):
    lines = [["Code", "Département", "A"], *([["", "", ""]] * (rows - 2)), ["", "", "B"]]
    lines += [[code, DEPARTEMENTS[code].libelle, 5] for code in ("971", "972", "973", "974")]
    if refused:
        with pytest.raises(TableError, match="no heading stands above the codes"):
            SeriesTable.of(Sheet("F", lines))
    else:
        assert SeriesTable.of(Sheet("F", lines)).columns[0].heading == "A / B"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"B12": None}, "'' beside 'Alpes-Maritimes'"),
        ({"A12": None, "B12": None}, "'' beside 'Alpes-Maritimes'"),
        ({"C12": None}, "'06' beside ''"),
        ({"B12": 6.5}, "'6.5' beside 'Alpes-Maritimes'"),
        ({"B12": 120, "C12": "Ain"}, "'120' beside 'Ain'"),
    ],
)
def test_a_row_with_a_code_or_a_name_alone_is_refused(read, cells, told):
    with pytest.raises(TableError) as refused:
        read(**cells)
    assert refused.value.message == f"{told} is neither a département nor a total"
    assert refused.value.cell == f"{NAME}!B12"


def test_the_région_of_one_département_is_held_to_it(read):
    """La Réunion is a name of both: the row of the région is the one below the totals."""

    def wrong(sheet):
        row = next(row for row in range(110, 135) if sheet.cell(row, 2).value == "La Réunion")
        sheet.cell(row, 4).value += 1

    with pytest.raises(TableError, match="is not the sum of its parts"):
        read(wrong)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (1, "01 (Ain)"),
        (4, "01 (Ain), 02 (Aisne), 03 (Allier), 04 (Alpes-de-Haute-Provence)"),
        (5, "01 (Ain), 02 (Aisne), 03 (Allier), 04 (Alpes-de-Haute-Provence) and 1 others"),
        (7, "01 (Ain), 02 (Aisne), 03 (Allier), 04 (Alpes-de-Haute-Provence) and 3 others"),
    ],
)
def test_the_first_four_that_are_missing_are_told_and_the_others_counted(gone, told):
    with pytest.raises(TableError) as refused:
        check_complete(list(DEPARTEMENTS)[gone:], "F")
    assert refused.value.message == f"missing from F: {told}"
    assert refused.value.code == "01"


@pytest.mark.parametrize(
    "codes",
    [
        set(DEPARTEMENTS),
        set(DEPARTEMENTS) - {"976"},
        set(DEPARTEMENTS) - {"2A", "2B"} | {"20"},
        set(DEPARTEMENTS) | {"20"},
        set(DEPARTEMENTS) - {"69"} | {"69D", "69M"},
        set(DEPARTEMENTS) | {"69D", "69M"},
        {"971", "972", "973", "974"},
        {code for code in DEPARTEMENTS if len(code) < 3},
    ],
)  # fmt: skip
def test_the_mainland_or_the_overseas_alone_is_complete_and_mayotte_may_be_there_or_not(codes):
    check_complete(codes, "F")


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (set(DEPARTEMENTS) - {"69"} | {"69M"}, "69D, part of 69"),
        (set(DEPARTEMENTS) - {"2B"} | {"20"}, "2B, part of 20"),
        ({"971", "972", "974"}, "973 (Guyane)"),
        ({"971", "972", "973", "976"}, "974 (La Réunion)"),
    ],
)
def test_a_whole_with_one_part_of_two_is_not_complete(codes, told):
    with pytest.raises(TableError) as refused:
        check_complete(codes, "F")
    assert refused.value.message == f"missing from F: {told}"


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("France métropolitaine", "metropole"), ("Métropole", "metropole"), ("Total Métropole de Lyon", None),
        ("TOTAL estimé France métropolitaine", "metropole"), ("France métropolitaine et DROM", "france"),
        ("France métropolitaine et DOM", "france"), ("DOM", "outre_mer"), ("Total DROM (hors Mayotte)", "outre_mer"),
        ("Outre-mer", "outre_mer"), ("France", "france"), ("France entière", "france"), ("Ensemble", "france"),
        ("Total", "france"), ("Total France (hors Mayotte)", "france"), ("Total estimé France entière", "france"),
        ("Total des mesures", None), ("Domicile", None), ("Saint-Pierre-et-Miquelon", "autre"), ("Autres COM", "autre"),
        ("Note de lecture", None), ("", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", [0, 1, 2, 3])
def test_a_total_is_known_by_its_words_in_one_of_the_columns_of_names(label, kind, column):
    row = [""] * 4
    row[column] = label
    # The codes stand in the second column: what stands beyond the names is a value.
    assert _total_kind(Sheet("F", [row]), 0, 1) == (kind if column < 3 else None)


def test_a_row_that_has_the_code_of_a_département_is_no_total():
    assert _total_kind(Sheet("F", [["Total", "01", "Ain"]]), 0, 1) is None


def test_the_totals_stand_in_the_eight_rows_below_and_end_at_other_words():
    blank = ["", "", ""]
    assert _totals_below(Sheet("F", [*[blank] * 7, ["Total", "", 5]]), 0, 0) == [(7, "france")]
    assert _totals_below(Sheet("F", [*[blank] * 8, ["Total", "", 5]]), 0, 0) == []
    rows = [["note", "", ""], ["DOM", "", 5], blank, ["Total", "", 5], ["note", "", ""], ["France", "", 5]]
    assert _totals_below(Sheet("F", rows), 0, 0) == [(1, "outre_mer"), (3, "france")]


@pytest.mark.parametrize(
    ("whole", "south", "north", "absent"),
    [
        (9, 0, 0, {(1, 2), (2, 2)}), (0, 4, 5, {(0, 2)}), (0, 4, 0, {(0, 2)}), (9, 4, 5, set()), (9, 0, 9, set()),
        (0, 0, 0, set()), (0, "nd", 5, set()), ("nd", 0, 0, set()), (9, "nd", 0, set()),
    ],
)  # fmt: skip
def test_the_zeros_of_the_unit_that_the_year_does_not_have_are_absent(whole, south, north, absent):
    rows = {"20": 0, "2A": 1, "2B": 2}
    sheet = Sheet("F", [["20", "Corse", whole], ["2A", "Corse-du-Sud", south], ["2B", "Haute-Corse", north]])
    column = SeriesColumn(2, ("A",), None)
    assert set(_absent(sheet, rows, [column])) == absent
    assert set(_absent(sheet, {"20": 0, "2A": 1}, [column])) == set()


def test_a_value_is_read_from_the_first_row_of_its_column_to_the_last(read):
    table = read()
    first, second = table.rows["05"], table.rows["06"]
    column = SeriesColumn(3, ("A",), None, start=first, stop=second)
    assert table.value("05", column) == table.value("05", SeriesColumn(3, ("A",), None))
    assert table.value("06", column) is None
    assert table.value("04", column) is None


@pytest.mark.parametrize(("apart", "found"), [(12, True), (13, False)])
def test_rows_that_stand_thirteen_lines_apart_are_of_two_tables(apart, found):
    """Two régions have the name and nearly the code of a département, and stand far below."""
    rows = [[code, DEPARTEMENTS[code].libelle, 5.0] for code in ("971", "972", "973", "974")]
    lines = [["Code", "Département", "A"], *rows[:3], *([["", "", ""]] * (apart - 1)), rows[3]]
    if found:
        assert SeriesTable.of(Sheet("F", lines)).rows["974"] == 3 + apart
    else:
        with pytest.raises(TableError, match=r"missing from the table: 974 \(La Réunion\)") as refused:
            SeriesTable.of(Sheet("F", lines))
        assert refused.value.cell == "F!A5"
