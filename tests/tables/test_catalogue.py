"""Every row of the tables made of the documents leads back to its printed cells."""

import pandas as pd
import pytest

from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.sources import Archive, load_sources
from cdppe_analysis.tables import catalogue
from cdppe_analysis.territories import DEPARTEMENTS


def row(emplacement, source="rex-club-territoires"):
    return pd.DataFrame({"source": [source], "emplacement": [emplacement]})


def test_the_tables_made_of_printed_cells_are_those_that_others_do_not_refer_to():
    assert len(catalogue.PRINTED) == 7
    assert set(catalogue.TABLES) - set(catalogue.PRINTED) == {"territoires", "unites", "sources"}


@pytest.mark.parametrize("name", catalogue.PRINTED)
def test_every_row_leads_to_its_printed_cells(name):
    archive = Archive.open()
    assert catalogue.check_places(archive.built(catalogue.TABLES[name]), archive) > 0


def test_a_cell_that_is_there_is_found_once():
    assert (
        catalogue.check_places(pd.concat([row("sejours L1 jours; sejours L2"), row("sejours L2")]), Archive.open()) == 2
    )


@pytest.mark.parametrize("emplacement", ["sejours L9 jours", "sejours L1 annees"])
def test_a_cell_that_is_not_there_is_refused(emplacement):
    with pytest.raises(TableError, match=f"a row leads to no printed cell.*{emplacement}"):
        catalogue.check_places(row(emplacement), Archive.open())


def test_a_table_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(SourceError, match="has no table 'durees'"):
        catalogue.check_places(row("durees L1 jours"), Archive.open())


def test_the_units_are_the_101_départements_and_four_that_stand_for_some():
    units = catalogue.TABLES["unites"](Archive.open()).set_index("code_departement")["composantes"]
    assert len(units) == 105
    assert units[["20", "69D", "69M", "6AE"]].to_dict() == {"20": "2A 2B", "69D": "69", "69M": "69", "6AE": "67 68"}


def test_every_source_of_the_catalogue_has_its_row():
    assert catalogue.TABLES["sources"](Archive.open())["source"].tolist() == list(load_sources())


def test_a_document_has_the_fingerprint_of_the_text_that_was_read():
    sources = catalogue.TABLES["sources"](Archive.open()).set_index("source")
    documents = sources[sources["nature"].eq("document")]
    assert documents["empreinte"].str.len().eq(64).all()
    assert len(documents) == 5


def test_an_unknown_date_is_empty():
    assert "n. d." not in set(catalogue.TABLES["sources"](Archive.open())["date"])


def test_the_101_departements_are_there_in_order():
    table = catalogue.TABLES["territoires"](Archive.open())
    assert table["code_departement"].tolist() == list(DEPARTEMENTS)
    assert table["code_region"].nunique() == 18


@pytest.mark.parametrize("name", sorted({*catalogue.TABLES} - {*catalogue.PRINTED}))
def test_the_committed_tables_are_those_that_are_built(name, assert_committed):
    assert_committed(name, catalogue.TABLES[name](Archive.open()))


def test_each_cell_that_a_table_leads_to_is_counted_once():
    table = pd.DataFrame(
        {
            "source": "rex-club-territoires",
            "emplacement": ["sejours L1 jours", "sejours L1 jours; sejours L1 mois", "sejours L2", "sejours L2"],
        }
    )
    assert catalogue.check_places(table, Archive.open()) == 3
