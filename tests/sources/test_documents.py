"""The catalogue of sources is strict."""

import pytest

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import load_sources
from cdppe_analysis.storage.files import data_dir

DOCUMENTS = {
    "annexe7-ondam-2020",
    "rex-club-territoires",
    "circulaire-2020-34",
    "aac-sessad-ase-nord",
    "instruction-2025-60",
}


def test_the_five_documents_are_in_the_catalogue_with_their_hash():
    documents = {source.id for source in load_sources().values() if source.nature == "document"}
    assert documents == DOCUMENTS
    assert all(len(load_sources()[name].empreinte) == 64 for name in documents)


def test_every_source_says_its_publisher_its_date_and_its_licence():
    assert all(source.editeur and source.date and source.licence for source in load_sources().values())


def test_every_raw_file_of_the_folder_is_in_the_catalogue():
    declared = {raw_file.chemin for source in load_sources().values() for raw_file in source.fichiers}
    found = {
        path.relative_to(data_dir() / "raw").as_posix() for path in (data_dir() / "raw").rglob("*") if path.is_file()
    }
    assert found == declared


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    editeur: Insee\n", "    auteur: Insee\n", "unknown key 'auteur'.*insee-cog-2020"),
        ("    nature: nomenclature\n", "", "a key is missing.*nature.*insee-cog-2020"),
        ("  - id: circulaire-2020-34\n", "  - id: insee-cog-2020\n", "a source is given twice"),
    ],
)
def test_a_catalogue_that_is_not_one_names_the_entry(data_copy, old, new, message):
    path = data_copy / "sources.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        load_sources(data_copy)


def test_a_missing_catalogue_is_one_sentence(tmp_path):
    with pytest.raises(SourceError, match="cannot read the catalogue of sources"):
        load_sources(tmp_path)


def test_an_unknown_table_is_refused_with_those_there_are():
    with pytest.raises(SourceError, match=r"no table 'c'; it has b-enveloppes"):
        load_sources()["annexe7-ondam-2020"].file("c")
