"""The units and the sources that all tables refer to."""

from cdppe_analysis.sources import Archive, load_sources
from cdppe_analysis.tables import references
from cdppe_analysis.territories import DEPARTEMENTS


def test_the_units_are_the_101_départements_and_four_that_stand_for_some():
    units = references.build_units(Archive.open()).set_index("code_departement")["composantes"]
    assert len(units) == 105
    assert units[["20", "69D", "69M", "6AE"]].to_dict() == {"20": "2A 2B", "69D": "69", "69M": "69", "6AE": "67 68"}


def test_every_source_of_the_catalogue_has_its_row():
    assert references.build_sources(Archive.open())["source"].tolist() == list(load_sources())


def test_a_document_has_the_fingerprint_of_the_text_that_was_read():
    sources = references.build_sources(Archive.open()).set_index("source")
    documents = sources[sources["nature"].eq("document")]
    assert documents["empreinte"].str.len().eq(64).all()
    assert len(documents) == 5


def test_an_unknown_date_is_empty():
    assert references.UNDATED not in set(references.build_sources(Archive.open())["date"])


def test_the_101_departements_are_there_in_order():
    table = references.build_territories(Archive.open())
    assert table["code_departement"].tolist() == list(DEPARTEMENTS)
    assert table["code_region"].nunique() == 18


def test_the_committed_tables_are_those_that_are_built(assert_committed):
    assert_committed("unites", references.build_units(Archive.open()))
    assert_committed("sources", references.build_sources(Archive.open()))
    assert_committed("territoires", references.build_territories(Archive.open()))
