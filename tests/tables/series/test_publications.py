"""A publication is known by what it holds, its edition by what it says, its series by their words."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet, open_workbook
from cdppe_analysis.tables.series.publications import _day, allowances
from cdppe_analysis.tables.series.reading import read_publication

EDITIONS = {
    "drees-beneficiaires-series-1996-2020.xlsx": "drees-ase-series-1996-2020",
    "drees-aide-sociale-beneficiaires-2020.xlsx": "drees-aide-sociale-2020",
    "drees-depenses-series-1999-2020.xlsx": "drees-depenses-series-1999-2020",
    "drees-minima-sociaux-departements.xlsx": "drees-minima-sociaux-dept",
}


def edition_of(path):
    return read_publication(path).publication.edition


@pytest.mark.slow
@pytest.mark.parametrize("file", EDITIONS)
def test_each_workbook_is_known_under_any_name(classeurs, tmp_path, file):
    path = tmp_path / "sans titre.dat"
    path.write_bytes((classeurs / file).read_bytes())
    assert edition_of(path) == EDITIONS[file]


def test_another_year_of_the_annual_tables_is_another_edition(made):
    def a_year_later(book):
        book["Feuille quelconque"]["A1"] = book["Feuille quelconque"]["A1"].value.replace("2020", "2021")

    reading = read_publication(made(a_year_later))
    assert reading.publication.edition == "drees-aide-sociale-2021"
    assert set(reading.rows["annee"]) == {2021}


def test_a_column_keeps_its_name_wherever_it_stands(made):
    def reordered(book):
        book["Feuille quelconque"].insert_cols(1)

    for path in (made(), made(reordered)):
        rows = read_publication(path).rows
        assert rows.loc[rows["serie"].eq("ase_education_speciale"), "unite"].unique().tolist() == [
            "enfants et jeunes majeurs"
        ]


def test_a_table_that_no_pattern_names_keeps_a_name_of_its_own_words(made):
    def other(book):
        book["Feuille quelconque"]["A1"] = (
            "Tableau 12 - Enfants vus par un médecin au 31 décembre 2020, par département"
        )

    series = set(read_publication(made(other)).rows["serie"])
    assert "enfants_vus_un_medecin__mecs" in series


def test_a_workbook_of_another_publisher_is_refused_with_what_it_says(made):
    def other(book):
        book["Sommaire"]["A1"] = "Eurostat"
        book["Feuille quelconque"]["A1"] = "Children in care, 2020"
        book["Feuille quelconque"]["A2"] = "Source: Eurostat"

    with pytest.raises(TableError, match="is no workbook of the DREES or of the Insee"):
        read_publication(made(other))


def test_only_a_workbook_that_warns_of_its_totals_is_allowed_to_miss_them(classeurs):
    warned = open_workbook(classeurs / "drees-minima-sociaux-departements.xlsx")
    assert allowances(warned).share == 0.05
    assert allowances([Sheet("F", [["Minima sociaux"]])]).share == 0


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("donnees actualisees au 19 janvier 2022", "2022-01-19"),
        ("mise a jour le 1er decembre 2021", "2021-12-01"),
        ("mises a jour au 05 03 2020", "2020-03-05"),
        ("mise a jour au 05 13 2020", None),
        ("mise a jour au 05 00 2020", None),
        ("mise a jour en 2020", None),
    ],
)
def test_the_day_of_an_edition_is_read_in_words_and_in_figures(words, day):
    assert _day(words) == day
