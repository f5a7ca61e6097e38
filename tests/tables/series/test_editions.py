"""A workbook becomes an edition: raw cells with their address, an entry of the catalogue with the hash of the file."""

import shutil

import pandas as pd
import pytest

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import load_sources, read_raw
from cdppe_analysis.sources.raw import sha256
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.tables.series import read_publication
from cdppe_analysis.tables.series.editions import add_edition


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
    rows = add_edition(read_publication(next_year), next_year, folder)
    source = load_sources(folder)["drees-aide-sociale-2021"]
    raw = read_raw("drees-aide-sociale-2021", "series", folder)
    assert source.empreinte == sha256(next_year)
    assert len(raw.cells) == len(rows) == 3 * 99
    nord = raw.cells[raw.cells["code_departement"].eq("59") & raw.cells["serie"].eq("ase_mecs")].iloc[0]
    assert (nord["valeur"], nord["feuille"], nord["cellule"]) == ("102", "Feuille quelconque", "E65")
    assert (folder / "sources.yml").read_text(encoding="utf-8").startswith(before.rstrip("\n"))


def test_a_file_that_is_there_is_not_added_twice(folder, next_year):
    reading = read_publication(next_year)
    rows = add_edition(reading, next_year, folder)
    before = (folder / "sources.yml").read_bytes()
    pd.testing.assert_frame_equal(add_edition(reading, next_year, folder), rows)
    assert (folder / "sources.yml").read_bytes() == before


def test_another_file_of_an_edition_that_is_there_is_refused(folder, made):
    file = made()
    before = (folder / "sources.yml").read_bytes()
    with pytest.raises(SourceError, match="'drees-aide-sociale-2020' is there already, from another file"):
        add_edition(read_publication(file), file, folder)
    assert (folder / "sources.yml").read_bytes() == before


def test_the_cells_of_this_project_are_those_of_the_workbook(classeurs):
    file = classeurs / "drees-depenses-series-1999-2020.xlsx"
    key = ["serie", "annee", "code_departement"]
    read = read_publication(file).rows.set_index(key)
    raw = read_raw("drees-depenses-series-1999-2020", "series").cells
    raw = raw.astype({"annee": int, "valeur": float}).set_index(key)
    assert load_sources()["drees-depenses-series-1999-2020"].empreinte == sha256(file)
    pd.testing.assert_series_equal(raw["valeur"], read["valeur"].reindex(raw.index), rtol=1e-14)
    assert raw["cellule"].equals(read["cellule"].reindex(raw.index).astype(raw["cellule"].dtype))
