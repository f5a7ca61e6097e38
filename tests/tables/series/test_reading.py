"""Every value is given with its cell; a sheet that is not certain stops all, and the others are told."""

import shutil

import pandas as pd
import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.sources import Archive, load_sources
from cdppe_analysis.storage.files import data_dir, sha256
from cdppe_analysis.tables.series.reading import COLUMNS, read_publication
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.upkeep.adding import _add_edition

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
