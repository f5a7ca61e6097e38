"""A publication is known by what it holds, its edition by what it says, its series by their words."""

from dataclasses import replace

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.workbook import Sheet, open_workbook
from cdppe_analysis.tables.series.headings import SeriesColumn
from cdppe_analysis.tables.series.publications import _day, allowances, recognise
from cdppe_analysis.tables.series.reading import read_publication
from cdppe_analysis.tables.series.table import SeriesTable

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


WORDS_OF_THE_ANNUAL = "Enfants confiés à l'ASE au 31 décembre 2020, par département"
SOURCE = "Source : DREES, enquête Aide sociale."
SPENDING = "Dépenses brutes de PCH en milliers d'euros"


NUMBER = SeriesColumn(3, ("MECS",), None)


def table(*above, columns=(NUMBER,)):
    """Return a table of which only the words above it and its headings are looked at."""
    return SeriesTable(Sheet("Une", [[text] for text in above]), {}, tuple(columns), above, 0, {}, (), frozenset())


def years(*years, headings=()):
    return [SeriesColumn(3 + rank, headings, year) for rank, year in enumerate(years)]


def known(*tables, said=()):
    return recognise([Sheet("Une", [[text] for text in said])], tables, "f.xlsx")


@pytest.mark.parametrize(
    ("said", "day", "in_full"),
    [
        ("Données actualisées au 19 janvier 2022", "2022-01-19", "19 janvier 2022"),
        ("Mise à jour au 09/08/2021", "2021-08-09", "9 août 2021"),
        ("Mises à jour le 1er décembre 2023", "2023-12-01", "1 décembre 2023"),
        ("Données du 19 janvier 2022", "2022", "2022 au plus tôt"),
    ],
)
def test_the_estimates_of_population_are_of_the_day_that_they_tell_and_else_of_their_last_year(said, day, in_full):
    one, other = (table(f"Estimation de population au 1er janvier {year}") for year in (2021, 2022))
    found = known(one, other, said=[said])
    assert (found.id, found.edition, found.editeur) == ("insee-estim-pop", f"insee-estim-pop-{day}", "Insee")
    assert found.titre == f"Estimation de population par département, sexe et âge quinquennal, mise à jour du {in_full}"
    assert (found.date, found.unite) == (day, "personnes")
    assert found.licence == "Réutilisation libre avec mention de la source"


@pytest.mark.parametrize(
    ("said", "span"), [("Données nationales de 1999 à 2020", "1999-2020"), ("Données de 1999 à 2020", "2017-2019")]
)
def test_long_series_are_of_the_years_that_the_workbook_tells_and_else_of_those_of_its_columns(said, span):
    found = known(table(SPENDING, SOURCE, columns=years(2017, 2018, 2019)), said=[said])
    assert found.edition == f"drees-depenses-series-{span}"
    assert found.titre == f"Dépenses d'aide sociale départementale, séries longues {span}"
    assert (found.editeur, found.unite, found.date) == ("DREES", "milliers d'euros", "n. d.")
    assert found.garder["series"] == ["depenses_ase_.*", "depenses_handicap_.*", "depenses_pch"]


def test_the_annual_tables_are_of_their_year_whatever_span_a_sheet_tells():
    found = known(table(WORDS_OF_THE_ANNUAL, SOURCE), said=["Données nationales de 1999 à 2018"])
    assert found.edition == "drees-aide-sociale-2020"
    assert found.titre == "Les bénéficiaires de l'aide sociale départementale en 2020"


def test_a_workbook_came_out_in_the_first_month_of_its_log():
    log = ["Décembre 2021 : mise en ligne", "Mars 2022 : ajout du tableau 7"]
    assert known(table(WORDS_OF_THE_ANNUAL, SOURCE), said=log).date == "2021-12"
    assert known(table(WORDS_OF_THE_ANNUAL, SOURCE), said=["Le 3 mars 2022 : ajout"]).date == "n. d."


def test_the_minimum_incomes_are_of_their_last_year_but_for_the_edition_named_before():
    editions = {
        last: known(
            table("Tableau 11. Répartition des allocataires par département", columns=years(2016, last))
        ).edition
        for last in (2019, 2020)
    }
    assert editions == {2019: "drees-minima-sociaux-dept", 2020: "drees-minima-sociaux-dept-2020"}


def test_what_most_tables_are_is_what_a_workbook_is():
    spending = table(SPENDING, SOURCE, columns=years(2019))
    others = [table(f"Total des {words}", SOURCE, columns=years(2019)) for words in ("AED", "AEMO")]
    assert known(spending, *others).id == "drees-ase-series"


@pytest.mark.parametrize(
    ("title", "told"), [("Enfants confiés à l'ASE au 31 décembre 2019", "2019"), ("Enfants confiés à l'ASE", "none")]
)
def test_an_annual_table_of_another_year_than_the_others_is_refused(title, told):
    other = replace(table(title, SOURCE), sheet=Sheet("Autre", []))
    with pytest.raises(TableError) as refused:
        known(table(WORDS_OF_THE_ANNUAL, SOURCE), other)
    assert refused.value.message == f"the year of this table is {told}, that of the others 2020"
    assert refused.value.cell == "Autre!A1"


def test_the_year_of_a_table_without_years_is_the_last_of_its_title():
    assert table("Enfants de 2019 et 2020", "en 2021", "Source de 2022").years == [2021]
    assert table("Enfants de 2019 à 2020").years == [2020]
    assert table("Enfants de 20190 à 12020").years == []
    assert table("Enfants en 2021", columns=years(2018, 2019)).years == [2018, 2019]


def test_an_unknown_workbook_is_told_by_the_title_of_its_table_and_else_by_its_first_words():
    long = "Children in care " * 10
    with pytest.raises(TableError) as refused:
        known(table(), table(long), said=["Eurostat"])
    assert refused.value.message.endswith(f"known here: it says {long[:80]!r}")
    assert refused.value.message.startswith("f.xlsx is no workbook")
    assert refused.value.cell == "Une!A1"
    with pytest.raises(TableError, match="it says 'Eurostat'"):
        known(table(), said=["", "Eurostat", "Then"])
    with pytest.raises(TableError, match="it says 'nothing'") as refused:
        recognise([], [], "f.xlsx")
    assert refused.value.cell is None


@pytest.mark.parametrize(
    ("above", "heading", "unit"),
    [
        (("Bénéficiaires divers",), ("Nombre",), "bénéficiaires"),
        (("Bénéficiaires divers",), ("Part des garçons",), "%"),
        (("Bénéficiaires divers",), ("Taux pour 100 habitants",), "pour 100"),
        (("Bénéficiaires divers", "En milliers d'euros"), ("Nombre",), "milliers d'euros"),
        (("Bénéficiaires divers", "en euros"), ("Nombre",), "euros"),
        (("Bénéficiaires divers", "en euros de 2010"), ("Nombre",), "bénéficiaires"),
    ],
)
def test_a_series_without_a_unit_of_its_own_has_that_of_its_heading_its_table_or_its_publication(above, heading, unit):
    publication = known(table(WORDS_OF_THE_ANNUAL, SOURCE))
    assert publication.name(table(*above), SeriesColumn(3, heading, None))[1] == unit


def test_a_series_has_the_unit_that_the_catalogue_gives_it():
    publication = known(table(WORDS_OF_THE_ANNUAL, SOURCE))
    column = SeriesColumn(3, (), 2019)
    assert publication.name(table("Tableau 3a. Total des AED : Total des actions éducatives à domicile"), column) == (
        "total_aed_total_actions_educatives_domicile", "bénéficiaires",
    )  # fmt: skip
    assert publication.name(table("Total des actions éducatives à domicile"), column) == ("ase_aed", "mesures")
    assert publication.name(table("Tableau 3a. Dépenses brutes de PCH (*)", "en euros"), column) == (
        "depenses_pch", "euros",
    )  # fmt: skip


def test_the_bands_of_age_are_named_by_their_ends():
    publication = known(table("Estimation de population au 1er janvier 2022"))
    names = [
        publication.name(table("Estimation de population"), SeriesColumn(3, headings, None))[0]
        for headings in (("Ensemble", "Total"), ("Ensemble", "5 à 9 ans"), ("Femmes", "95 ans et plus"))
    ]
    assert names == ["population", "population_5_9", "population_femmes_95_et_plus"]


@pytest.mark.parametrize(("row", "column", "read"), [(59, 5, True), (60, 0, False), (0, 6, False)])
def test_what_a_workbook_says_of_itself_is_looked_for_at_its_top_left(row, column, read):
    rows = [[""] * 8 for _ in range(70)]
    rows[row][column] = "Données actualisées au 19 janvier 2022"
    found = recognise([Sheet("Une", rows)], [table("Estimation de population au 1er janvier 2021")], "f.xlsx")
    assert found.date == ("2022-01-19" if read else "2021")


def test_the_totals_of_the_minimum_incomes_may_miss_their_parts_though_no_sheet_warns():
    title = "Tableau 11. Répartition des allocataires du RSA par département"
    without = allowances([Sheet("F", [[title]])])
    assert (without.share, without.count) == (0.05, 200)
    assert without.misprints == {(410_000, 293_600), (360_600, 305_994), (360_600, 327_256)}
