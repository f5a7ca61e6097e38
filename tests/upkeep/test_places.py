"""Every recorded place of every clean row holds the figure that it names."""

import os
import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.upkeep import places
from cdppe_analysis.upkeep.places import FIGURES, check_places
from cdppe_analysis.upkeep import construction
from cdppe_analysis.upkeep.places import FIGURES, check_places, lead_back


@pytest.fixture(scope="module")
def official():
    folder = os.environ.get("CDPPE_DOCUMENTS")
    if not folder:
        pytest.skip("CDPPE_DOCUMENTS does not say where the official documents are")
    return Path(folder)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return Path(shutil.copytree(data_dir(), tmp_path_factory.mktemp("places") / "data"))


def test_every_table_of_the_documents_is_held():
    """All tables with places, but for those of the series."""
    tables = (data_dir() / "clean").glob("*.csv")
    with_places = {path.stem for path in tables if "emplacement" in pd.read_csv(path, nrows=0)}
    assert with_places - set(FIGURES) == {"criteres"}


@pytest.mark.parametrize("name", FIGURES)
def test_every_place_holds_its_figure(name, official):
    assert check_places(name, official, Archive.open()).split()[1] == "rows,"


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("allocations", "L14 dotation_departement", "L15 dotation_departement", "do not print the '417876'"),
        (
            "dispositifs",
            "dispositifs-rex L3 places",
            "dispositifs-rex L3 ouverture",
            "do not print the '10' of .* 'places'",
        ),
        ("reperes", "reperes-rex L3 imprime", "reperes-rex L300 imprime", "'reperes-rex L300 imprime' names no cell"),
        ("reperes", "reperes-rex L3 imprime", "reperes-rex L3 numero", "'reperes-rex L3 numero' names no cell"),
        ("pmi", "annexe4-table-a L14 c13", "annexe4-table-a L14 c14", "do not print the '13'"),
        ("echeances", "2020-10-15,15", "2020-10-16,15", "do not print the '16' of its column 'date'"),
        ("sejours", "304,10", "304,11", "do not print the '11' of its column 'mois_imprimes'"),
    ],
)
def test_a_place_that_does_not_hold_its_figure_is_named(name, before, after, said, official, data):
    path = data / "clean" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=rf"{said}.*clean/{name}.csv, line \d+"):
        check_places(name, official, Archive.open(data))
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("304 (10 mois)", {304, 10}),
        ("Jour J", {0}),
        ("0,5 M€", {Decimal("0.5"), 500_000}),
        ("1 995 607 €", {1, 995, 607, 1_995_607}),
        ("15 et 20 %", {15, 20}),
        ("onze", {11}),
        ("", set()),
    ],
)
def test_a_cell_holds_every_figure_that_it_can_be_read_to_hold(text, figures):
    assert places._figures(text) == figures
def row(emplacement, source="rex-club-territoires"):
    return pd.DataFrame({"source": [source], "emplacement": [emplacement]})


@pytest.mark.parametrize("name", FIGURES)
def test_every_row_leads_to_its_printed_cells(name):
    archive = Archive.open()
    table = archive.built(construction.TABLES[name])
    assert lead_back(table, archive).startswith(f"{len(table)} rows lead to ")


def test_a_cell_that_is_there_is_found_once():
    table = pd.concat([row("sejours L1 jours; sejours L2"), row("sejours L2")])
    assert lead_back(table, Archive.open()) == "2 rows lead to 2 cells"


@pytest.mark.parametrize("emplacement", ["sejours L9 jours", "sejours L1 annees"])
def test_a_cell_that_is_not_there_is_refused(emplacement):
    with pytest.raises(TableError, match=f"a row leads to no printed cell.*{emplacement}"):
        lead_back(row(emplacement), Archive.open())


def test_a_table_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(SourceError, match="has no table 'durees'"):
        lead_back(row("durees L1 jours"), Archive.open())


def test_each_cell_that_a_table_leads_to_is_counted_once():
    table = pd.DataFrame(
        {
            "source": "rex-club-territoires",
            "emplacement": ["sejours L1 jours", "sejours L1 jours; sejours L1 mois", "sejours L2", "sejours L2"],
        }
    )
    assert lead_back(table, Archive.open()) == "4 rows lead to 3 cells"
