"""Every value is given with its cell; a sheet that is not certain stops all, and the others are told."""

import pandas as pd
import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables.series import COLUMNS, read_publication

NAME = "Feuille quelconque"


@pytest.fixture(scope="module")
def annual(classeurs):
    return read_publication(classeurs / "drees-aide-sociale-beneficiaires-2020.xlsx")


def test_the_columns_are_those_of_the_guide(annual):
    assert tuple(annual.rows.columns) == COLUMNS


def test_children_in_special_education_are_1_749_with_the_cell_of_the_nord(annual):
    rows = annual.rows[annual.rows["serie"].eq("ase_education_speciale")].set_index("code_departement")
    assert rows["valeur"].drop(["69D", "69M"]).sum() == 1749
    assert rows.loc[["59", "95"], "valeur"].tolist() == [333, 283]
    assert (rows.at["59", "feuille"], rows.at["59", "cellule"]) == ("Tab6-ase", "D66")


def test_the_sheet_to_come_is_left_by_its_name_with_what_it_says(annual):
    fate = next(fate for fate in annual.fates if fate.sheet == "Tab7-ase")
    assert (fate.outcome, fate.notes) == ("no table by département", ("Non disponible - à paraître en Janvier 2022",))


def test_cells_without_an_answer_are_counted_and_give_no_row(annual):
    fate = next(fate for fate in annual.fates if fate.sheet == "Tab5-ase")
    assert fate.notes == ("no value in 86 cells « NR »",)
    assert fate.count == 6 * 100 - 86


@pytest.mark.parametrize(
    ("file", "edition"),
    [
        ("drees-aide-sociale-beneficiaires-2020.xlsx", "drees-aide-sociale-2020"),
        ("drees-minima-sociaux-departements.xlsx", "drees-minima-sociaux-dept"),
        ("drees-beneficiaires-series-1996-2020.xlsx", "drees-ase-series-1996-2018"),
    ],
)
def test_what_was_typed_before_is_what_the_file_says(classeurs, file, edition):
    typed = pd.read_csv(classeurs.parent / "figures" / "series_departements.csv", dtype={"code_departement": str})
    key = ["serie", "annee", "code_departement"]
    rows = read_publication(classeurs / file).rows.set_index(key)["valeur"]
    before = typed[typed["edition"].eq(edition)].set_index(key)["valeur"]
    assert len(before) > 200
    pd.testing.assert_series_equal(rows.reindex(before.index), before, check_dtype=False)


def test_a_refused_sheet_stops_all_and_says_what_became_of_the_others(made):
    def one_more(book):
        second = book.copy_worksheet(book[NAME])
        second.title = "Autre"
        second["E12"] = "1 203"

    with pytest.raises(TableError) as refused:
        read_publication(made(one_more))
    assert refused.value.cell == "Autre!E12"
    assert refused.value.message == (
        "the sheet 'Autre' cannot be read for certain: a number is stored as text: '1 203'; of the 3 other sheets, 1 "
        "table can be read; nothing is written (--without 'Autre' leaves that sheet out)"
    )


def test_a_sheet_left_out_by_its_name_lets_the_others_through(made):
    def one_more(book):
        second = book.copy_worksheet(book[NAME])
        second.title = "Autre"
        second["E12"] = "1 203"

    reading = read_publication(made(one_more), without=["Autre"])
    assert set(reading.rows["feuille"]) == {NAME}
    assert reading.fates[-1].outcome == "left out as asked"


def test_a_sheet_to_leave_out_that_is_not_there_is_an_error(made):
    with pytest.raises(TableError, match="there is no sheet 'Tab99'"):
        read_publication(made(), without=["Tab99"])


def test_two_sheets_that_contradict_each_other_are_refused(made):
    def contradicted(book):
        second = book.copy_worksheet(book[NAME])
        second.title = "Autre"
        for cell, by in (("D12", 1), ("G12", 1), ("D106", 1), ("G106", 1), ("D108", 1), ("G108", 1)):
            second[cell] = second[cell].value + by
        region = next(row for row in range(110, 131) if second.cell(row, 2).value == "Provence-Alpes-Côte d'Azur")
        for column in (4, 7):
            second.cell(region, column).value += 1

    with pytest.raises(TableError, match="ase_education_speciale of 06 in 2020 is"):
        read_publication(made(contradicted))
