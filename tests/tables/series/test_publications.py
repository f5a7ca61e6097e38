"""A publication is known by what it holds, each value given with its cell; a sheet that is not certain stops all."""

import shutil
from dataclasses import replace

import pandas as pd
import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.sources import Archive, load_sources
from cdppe_analysis.storage.files import data_dir, sha256
from cdppe_analysis.storage.workbook import Sheet, open_workbook
from cdppe_analysis.tables.series.headings import SeriesColumn
from cdppe_analysis.tables.series.publications import COLUMNS, _allowances, _day, _recognise, read_publication
from cdppe_analysis.tables.series.table import SeriesTable
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.upkeep.adding import _add_edition

NAME = "Feuille quelconque"
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
    assert _allowances(warned).share == 0.05
    assert _allowances([Sheet("F", [["Minima sociaux"]])]).share == 0


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
    return _recognise([Sheet("Une", [[text] for text in said])], tables, "f.xlsx")


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
        _recognise([], [], "f.xlsx")
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
    found = _recognise([Sheet("Une", rows)], [table("Estimation de population au 1er janvier 2021")], "f.xlsx")
    assert found.date == ("2022-01-19" if read else "2021")


def test_the_totals_of_the_minimum_incomes_may_miss_their_parts_though_no_sheet_warns():
    title = "Tableau 11. Répartition des allocataires du RSA par département"
    without = _allowances([Sheet("F", [[title]])])
    assert (without.share, without.count) == (0.05, 200)
    assert without.misprints == {(410_000, 293_600), (360_600, 305_994), (360_600, 327_256)}


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


@pytest.mark.slow
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


@pytest.fixture
def cnaf(tmp_path):
    """Return a function that writes a file of two months, changed by a function of its lines, and returns its path."""

    def write(change=lambda lines: lines):
        lines = ["dtreffre;numdep;nomdep;indfoy_asf;indben_aeeh"]
        for date in ("2018-11-01", "2018-12-01"):
            lines += [
                f"{date};{code};{d.libelle};{100 + int(date[5:7])};{n}"
                for n, (code, d) in enumerate(DEPARTEMENTS.items())
            ]
            lines.append(f"{date};99;Étranger;5;5")
        path = tmp_path / "extraction.csv"
        path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8-sig")
        return path

    return write


def test_december_alone_is_kept_with_the_cell_of_each_count(cnaf):
    reading = read_publication(cnaf())
    rows = reading.rows.set_index(["serie", "code_departement"])
    assert reading.publication.edition == "cnaf-prestations-dep-2018-12"
    assert len(rows) == 2 * 101
    assert set(rows.loc["asf", "valeur"]) == {112}
    assert rows.loc[("aeeh", "02"), ["annee", "valeur", "feuille", "cellule"]].tolist() == [2018, 1, "CSV", "E105"]


@pytest.mark.parametrize(
    ("before", "after", "reason", "cell"),
    [
        ("2018-12-01;02;Aisne;112;1", "2018-12-01;02;Aisne;beaucoup;1", "'beaucoup' is no count", "D105"),
        ("2018-12-01;02;Aisne;112;1", "le 1er;02;Aisne;112;1", "'le 1er' is no date", "A105"),
        ("2018-12-01;02;Aisne;112;1", "2018-12-01;02B;Aisne;112;1", "'02B' is no code of a département", "B105"),
        ("2018-12-01;02;Aisne;112;1", "2018-12-01;01;Ain;112;1", "'01' is given twice in 2018 (line 104 too)", "D105"),
    ],
)
def test_a_cell_that_is_not_certain_is_refused_with_its_place(cnaf, before, after, reason, cell):
    with pytest.raises(TableError) as refused:
        read_publication(cnaf(lambda lines: [after if line == before else line for line in lines]))
    assert reason in refused.value.message
    assert refused.value.cell == cell


def test_a_missing_département_is_named(cnaf):
    with pytest.raises(TableError, match=r"missing from aeeh of 2018: 59 \(Nord\)"):
        read_publication(cnaf(lambda lines: [line for line in lines if ";59;" not in line]))


def test_a_file_without_december_is_refused(cnaf):
    with pytest.raises(TableError, match="no row is of a month of December"):
        read_publication(cnaf(lambda lines: [line for line in lines if "2018-12" not in line]))


def test_a_date_in_the_french_order_and_a_secret_count_are_read(cnaf):
    def other(lines):
        return [line.replace("2018-12-01", "01/12/2018").replace(";02;Aisne;112;", ";02;Aisne;nd;") for line in lines]

    rows = read_publication(cnaf(other)).rows
    assert len(rows) == 2 * 101 - 1


def test_poor_households_take_their_year_from_the_columns_beside(tmp_path):
    lines = ["CODGEO;LIBGEO;NBMENFISC16;MEN_PAUV", *(f"{c};{d.libelle};1000;150" for c, d in DEPARTEMENTS.items())]
    (tmp_path / "f.csv").write_text("\n".join(lines), encoding="utf-8")
    reading = read_publication(tmp_path / "f.csv")
    assert reading.publication.edition == "insee-filosofi-menages-pauvres-2016"
    assert reading.rows[["serie", "annee", "valeur"]].drop_duplicates().to_numpy().tolist() == [
        ["menages_pauvres", 2016, 150]
    ]


def test_a_file_of_other_columns_says_what_was_expected_and_what_it_has(tmp_path):
    (tmp_path / "f.csv").write_text("code;nombre\n01;3\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"numdep and dtreffre, indfoy_asf, indben_aeeh.*it has code, nombre"):
        read_publication(tmp_path / "f.csv")


@pytest.mark.parametrize("elsewhere", ["99", "999", "ZZ", "xx", "975", "977", "978"])
def test_what_lives_elsewhere_is_left_aside(cnaf, elsewhere):
    def other(lines):
        return [line.replace(";99;Étranger;", f";{elsewhere};Ailleurs;") for line in lines]

    assert set(read_publication(cnaf(other)).rows["code_departement"]) == set(DEPARTEMENTS)


@pytest.fixture
def folder(tmp_path):
    """Return a data folder with the sources alone."""
    shutil.copytree(data_dir() / "raw", tmp_path / "data" / "raw")
    shutil.copy(data_dir() / "sources.yml", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def next_year(made):
    def a_year_later(book):
        sheet = book["Feuille quelconque"]
        sheet["A1"] = sheet["A1"].value.replace("2020", "2021")

    return made(a_year_later)


def test_the_cells_stand_in_the_folder_with_their_address_and_the_hash_of_the_file(folder, next_year):
    before = (folder / "sources.yml").read_text(encoding="utf-8")
    rows = _add_edition(read_publication(next_year), next_year, Data.open(folder))
    source = load_sources(folder)["drees-aide-sociale-2021"]
    raw = Archive.open(folder).raw("drees-aide-sociale-2021", "series")
    assert source.empreinte == sha256(next_year)
    assert len(raw.cells) == len(rows) == 3 * 99
    nord = raw.cells[raw.cells["code_departement"].eq("59") & raw.cells["serie"].eq("ase_mecs")].iloc[0]
    assert (nord["valeur"], nord["feuille"], nord["cellule"]) == ("102", "Feuille quelconque", "E65")
    assert (folder / "sources.yml").read_text(encoding="utf-8").startswith(before.rstrip("\n"))


def test_a_file_that_is_there_is_not_added_twice(folder, next_year):
    reading = read_publication(next_year)
    rows = _add_edition(reading, next_year, Data.open(folder))
    before = (folder / "sources.yml").read_bytes()
    pd.testing.assert_frame_equal(_add_edition(reading, next_year, Data.open(folder)), rows)
    assert (folder / "sources.yml").read_bytes() == before


def test_another_file_of_an_edition_that_is_there_is_refused(folder, made):
    file = made()
    before = (folder / "sources.yml").read_bytes()
    with pytest.raises(SourceError, match="'drees-aide-sociale-2020' is there already, from another file"):
        _add_edition(read_publication(file), file, Data.open(folder))
    assert (folder / "sources.yml").read_bytes() == before


@pytest.mark.slow
def test_the_cells_of_this_project_are_those_of_the_workbook(classeurs):
    file = classeurs / "drees-depenses-series-1999-2020.xlsx"
    key = ["serie", "annee", "code_departement"]
    read = read_publication(file).rows.set_index(key)
    raw = Archive.open().raw("drees-depenses-series-1999-2020", "series").cells
    raw = raw.astype({"annee": int, "valeur": float}).set_index(key)
    assert load_sources()["drees-depenses-series-1999-2020"].empreinte == sha256(file)
    pd.testing.assert_series_equal(raw["valeur"], read["valeur"].reindex(raw.index), rtol=1e-14)
    assert raw["cellule"].equals(read["cellule"].reindex(raw.index).astype(raw["cellule"].dtype))


def test_what_the_file_holds_sheet_by_sheet(annual):
    """Every table by département has its 101 rows, but for the answers not given; the other sheets have no table."""
    read = {fate.sheet: (fate.count, fate.totals) for fate in annual.fates if fate.outcome == "read"}
    assert read["Tab5-ase"] == (514, 81)
    assert {sheet: count / 101 for sheet, (count, _) in read.items() if sheet.endswith(("-pa", "-ph"))} == {
        "Tab1-pa": 5, "Tab2-pa": 3, "Tab3-pa": 4, "Tab4-pa": 6,
        "Tab1-ph": 3, "Tab2-ph": 4, "Tab3-ph": 5, "Tab4-ph": 5, "Tab5-ph": 7,
    }  # fmt: skip
    # Three totals and eighteen régions in each column; the sum of the columns in each row of a table that has one.
    assert {sheet: totals for sheet, (_, totals) in read.items() if sheet in {"Tab1-pa", "Tab1-ph", "Tab5-ph"}} == {
        "Tab1-pa": 206, "Tab1-ph": 164, "Tab5-ph": 450,
    }  # fmt: skip
    without = [fate.sheet for fate in annual.fates if fate.outcome == "no table by département"]
    assert without == ["Présentation et méthode", "Sommaire", "Données nationales", "Tab7-ase"]


def test_the_rows_are_in_the_order_of_series_years_and_codes(classeurs):
    rows = read_publication(classeurs / "drees-minima-sociaux-departements.xlsx").rows
    key = rows[["serie", "annee", "code_departement"]]
    assert key.apply(tuple, axis=1).is_monotonic_increasing
    assert set(rows["annee"]) == set(range(1995, 2020))


def test_each_column_of_years_is_of_its_own_year_and_kept_from_the_first_year_wanted(classeurs):
    reading = read_publication(classeurs / "drees-minima-sociaux-departements.xlsx")
    kept = reading.kept()
    assert (kept["serie"].unique().tolist(), sorted(kept["annee"].unique())) == (
        ["rsa_foyers"],
        [2016, 2017, 2018, 2019],
    )
    assert len(kept) == 4 * 101
    ain = kept[kept["code_departement"].eq("01") & kept["annee"].eq(2016)].iloc[0]
    assert (ain["valeur"], ain["feuille"], ain["unite"]) == (7592, "Tableau 11", "foyers")


def test_a_series_is_kept_by_its_whole_name(annual):
    publication = replace(annual.publication, garder={"depuis": 2020, "series": ["ase_mecs", "ase_a"]})
    assert replace(annual, publication=publication).kept()["serie"].unique().tolist() == ["ase_mecs"]
    publication = replace(annual.publication, garder={"depuis": 2021, "series": ["ase_mecs"]})
    assert replace(annual, publication=publication).kept().empty


def test_a_table_that_another_sheet_repeats_is_given_once_with_its_first_cell(made):
    def repeated(book):
        book.copy_worksheet(book[NAME]).title = "Autre"

    reading = read_publication(made(repeated))
    assert reading.rows["feuille"].unique().tolist() == [NAME]
    assert len(reading.rows) == len(read_publication(made()).rows)
    assert [(fate.outcome, fate.count) for fate in reading.fates if fate.sheet == "Autre"] == [("read", 0)]


def test_two_sheets_that_contradict_each_other_are_told_with_both_values(made):
    def contradicted(book):
        second = book.copy_worksheet(book[NAME])
        second.title = "Autre"
        second.delete_rows(106, 40)
        second["D12"], second["G12"] = 9, 9 + second["E12"].value + second["F12"].value

    with pytest.raises(TableError) as refused:
        read_publication(made(contradicted))
    of_the_first = read_publication(made()).rows.set_index(["serie", "code_departement"])["valeur"]
    first = int(of_the_first["ase_education_speciale", "06"])
    assert refused.value.message == f"ase_education_speciale of 06 in 2020 is 9 here, and {first} in another sheet"
    assert refused.value.cell == "Autre!D12"


def broken(number):
    """Return a change that adds sheets of which one cell is a text, the n-th in the row of the n-th département."""

    def change(book):
        for rank in range(number):
            sheet = book.copy_worksheet(book[NAME])
            sheet.title = f"Autre {rank + 1}"
            sheet[f"E{12 + rank}"] = "douze"

    return change


@pytest.mark.parametrize(("sheets", "told", "more"), [(1, 1, ""), (4, 4, ""), (6, 4, "; and 2 sheets more")])
def test_of_the_sheets_refused_four_are_told_and_the_others_counted(made, sheets, told, more):
    reason = "a text stands for a number: 'douze'"
    others = "; ".join(f"Autre {rank}!E{11 + rank}: {reason}" for rank in range(2, told + 1))
    with pytest.raises(TableError) as refused:
        read_publication(made(broken(sheets)))
    assert refused.value.message == (
        f"the sheet 'Autre 1' cannot be read for certain: {reason}{'; refused too, ' if others else ''}{others}{more}; "
        "of the 3 other sheets, 1 table can be read; nothing is written (--without 'Autre 1' leaves that sheet out)"
    )


def test_a_workbook_whose_tables_are_all_refused_says_so(made):
    def alone(book):
        book[NAME]["E12"] = "douze"

    with pytest.raises(TableError, match="of the 2 other sheets, 0 table can be read") as refused:
        read_publication(made(alone))
    assert refused.value.cell == f"{NAME}!E12"


def test_two_tables_that_can_be_read_are_tables(made):
    def one_more(book):
        broken(1)(book)
        book.copy_worksheet(book[NAME]).title = "Redite"

    with pytest.raises(TableError, match="of the 4 other sheets, 2 tables can be read"):
        read_publication(made(one_more))


def test_a_workbook_without_a_table_is_told_as_unknown(made):
    def empty(book):
        del book[NAME]

    with pytest.raises(TableError, match="is no workbook of the DREES or of the Insee"):
        read_publication(made(empty))


def test_empty_cells_are_no_mark_to_tell(made):
    def emptied(book):
        book[NAME]["E12"] = book[NAME]["E13"] = None
        for row in range(106, 140):
            for column in range(1, 10):
                book[NAME].cell(row, column).value = None
        book[NAME]["E14"] = "nd"

    fate = next(fate for fate in read_publication(made(emptied)).fates if fate.sheet == NAME)
    assert (fate.notes, fate.count) == (("no value in 1 cells « nd »",), 3 * 99 - 3 + 99)


def test_what_a_sheet_without_a_table_says_is_read_in_its_first_twelve_rows_and_once(made):
    def later(row):
        def change(book):
            book["Tab7-ase"]["A2"] = None
            book["Tab7-ase"].cell(row, 1, "À paraître\nen mars")
            book["Tab7-ase"].cell(row, 2, "à paraître en avril")

        return change

    notes = [
        next(fate for fate in read_publication(made(later(row))).fates if fate.sheet == "Tab7-ase").notes
        for row in (12, 13)
    ]
    assert notes == [("À paraître en mars",), ()]


def test_the_old_format_is_read_as_a_workbook_and_anything_else_as_text(tmp_path):
    for head, reason in ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"), (b"PK\x03\x04", "workbook")):
        (tmp_path / "f").write_bytes(head + bytes(600))
        with pytest.raises(TableError) as refused:
            read_publication(tmp_path / "f")
        assert "whose columns are known" not in refused.value.message
        assert reason in refused.value.message


@pytest.mark.parametrize(
    ("date", "year"),
    [("2018-12", 2018), ("201812", 2018), ("20181231", 2018), ("2018-12-01T00:00:00", 2018), ("31/12/2018", 2018)],
)
def test_december_is_known_however_it_is_written(cnaf, date, year):
    rows = read_publication(cnaf(lambda lines: [line.replace("2018-12-01", date) for line in lines])).rows
    assert (set(rows["annee"]), len(rows)) == ({year}, 2 * 101)


def test_a_file_of_several_years_is_named_by_its_last(cnaf):
    def two_years(lines):
        return [*lines, *(line.replace("2018-12-01", "2017-12-01") for line in lines if "2018-12-01" in line)]

    reading = read_publication(cnaf(two_years))
    assert reading.publication.edition == "cnaf-prestations-dep-2018-12"
    assert set(reading.rows["edition"]) == {"cnaf-prestations-dep-2018-12"}
    assert reading.publication.titre.endswith("jusqu'à décembre 2018")
    assert (reading.publication.date, reading.publication.editeur) == ("2018", "Cnaf")
    assert reading.rows.groupby(["serie", "annee"]).size().to_dict() == {
        ("aeeh", 2017): 101, ("aeeh", 2018): 101, ("asf", 2017): 101, ("asf", 2018): 101,
    }  # fmt: skip
    assert [(fate.sheet, fate.count) for fate in reading.fates] == [("CSV", 4 * 101)]
    assert tuple(reading.rows.columns) == COLUMNS
    assert reading.rows.drop_duplicates("serie")[["serie", "unite"]].to_numpy().tolist() == [
        ["asf", "familles"], ["aeeh", "enfants"],
    ]  # fmt: skip
    assert len(reading.kept()) == 4 * 101


def test_a_count_that_is_secret_is_no_value_and_no_gap(cnaf):
    def secret(lines):
        return [line.replace("2018-12-01;02;Aisne;112;", "2018-12-01;02;Aisne;nd;") for line in lines]

    reading = read_publication(cnaf(secret))
    assert reading.fates[0].count == len(reading.rows) == 2 * 101 - 1


def test_a_file_of_november_alone_is_told_with_its_column(cnaf):
    with pytest.raises(TableError) as refused:
        read_publication(cnaf(lambda lines: [line for line in lines if "2018-12" not in line]))
    assert refused.value.message == "no row is of a month of December (column 'dtreffre')"
    assert refused.value.cell == "line 2"


def households(folder, header, values):
    lines = [header, *(f"{code};{values}" for code in DEPARTEMENTS)]
    (folder / "f.csv").write_text("\n".join(lines), encoding="utf-8")
    return read_publication(folder / "f.csv")


def test_poor_households_take_the_year_of_their_own_column_first(tmp_path):
    rows = households(tmp_path, "CODGEO;NBMENFISC16;MEN_PAUV17", "1000;150").rows
    assert (set(rows["annee"]), set(rows["valeur"]), rows["cellule"].iloc[0]) == ({2017}, {150}, "C2")


def test_poor_households_beside_two_years_have_none(tmp_path):
    with pytest.raises(TableError) as refused:
        households(tmp_path, "CODGEO;NBMENFISC16;NBMENFISC17;MEN_PAUV", "1000;1000;150")
    assert refused.value.message == "the year of 'MEN_PAUV' is told by no column"
    assert refused.value.cell == "D2"


def test_of_a_file_of_other_columns_eight_are_told(tmp_path):
    (tmp_path / "f.csv").write_text("a;b;c;d;e;f;g;h;i\n1;2;3;4;5;6;7;8;9\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"it has a, b, c, d, e, f, g, h \(at line 1\)") as refused:
        read_publication(tmp_path / "f.csv")
    assert refused.value.cell == "line 1"


@pytest.mark.parametrize("book", ["alone", "beside another"])
def test_a_table_that_tells_no_year_is_refused(made, book):
    def without_year(workbook):
        if book != "alone":
            workbook.copy_worksheet(workbook[NAME]).title = "Autre"
            workbook["Autre"]["A2"] = "Source : un autre."
        workbook["Autre" if book != "alone" else NAME]["A1"] = "Enfants confiés, par département"

    with pytest.raises(TableError) as refused:
        read_publication(made(without_year))
    assert refused.value.message == "the year of the table is told nowhere above it"
    assert refused.value.cell == ("Autre!A1" if book != "alone" else f"{NAME}!A1")


def test_a_table_that_does_not_say_what_it_counts_is_refused(made):
    def nameless(workbook):
        workbook.copy_worksheet(workbook[NAME]).title = "Autre"
        for address in ("A1", "A2", "A3"):
            workbook["Autre"][address] = None
        workbook["Autre"]["A2"] = "2020"
        for column in range(4, 8):
            workbook["Autre"].cell(6, column).value = 2016 + column

    with pytest.raises(TableError) as refused:
        read_publication(made(nameless))
    assert refused.value.message == "the table has no title that says what it counts"
    assert refused.value.cell == "Autre!A1"


def test_the_rows_are_numbered_from_none(annual):
    assert annual.rows.index.tolist() == list(range(len(annual.rows)))
    assert annual.kept().index.tolist() == list(range(len(annual.kept())))


def test_a_département_missing_in_one_year_alone_is_named_with_the_year(cnaf):
    def two_years(lines):
        earlier = [line.replace("2018-12-01", "2017-12-01") for line in lines if "2018-12-01" in line]
        return [*lines, *(line for line in earlier if ";59;" not in line)]

    with pytest.raises(TableError, match=r"missing from aeeh of 2017: 59 \(Nord\)"):
        read_publication(cnaf(two_years))


def test_a_file_of_columns_is_kept_from_2015_on(cnaf):
    def two_years(lines):
        rows = [line for line in lines if "2018-12-01" in line]
        return [lines[0], *(line.replace("2018-12-01", f"{year}-12-01") for year in (2014, 2015) for line in rows)]

    assert set(read_publication(cnaf(two_years)).kept()["annee"]) == {2015}


def test_a_column_without_a_year_beside_columns_of_years_is_of_the_last(made):
    def years(book):
        book[NAME]["D6"], book[NAME]["E6"] = 2018, 2019

    rows = read_publication(made(years)).rows
    assert rows.groupby(rows["cellule"].str[0])["annee"].unique().map(list).to_dict() == {
        "D": [2018], "E": [2019], "F": [2019], "G": [2019],
    }  # fmt: skip
