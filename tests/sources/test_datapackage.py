"""The Frictionless description of the clean tables, and what its validator says."""

import json
import shutil

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, datapackage
from cdppe_analysis.storage.files import data_dir

SMALL = ("unites", "sources", "prevalence", "sejours")


@pytest.fixture
def small_package(tmp_path):
    """Copy four small tables, with their schemas and description."""
    folder = tmp_path / "data"
    (folder / "clean").mkdir(parents=True)
    for name in ("schemas.yml", "sources.yml"):
        shutil.copy(data_dir() / name, folder / name)
    for name in SMALL:
        shutil.copy(data_dir() / "clean" / f"{name}.csv", folder / "clean" / f"{name}.csv")
    datapackage.write_datapackage(Archive.open(folder))
    return folder


def change(folder, table, before, after):
    path = folder / "clean" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    datapackage.write_datapackage(Archive.open(folder))


def test_the_validator_finds_nothing_to_say_of_all_tables():
    assert datapackage.check(Archive.open()) == [
        ("datapackage.json", True, "describes the clean tables"),
        ("frictionless", True, f"{len(list((data_dir() / 'clean').glob('*.csv')))} tables valid"),
    ]


def test_every_field_is_described_in_french_and_every_table_has_a_key():
    description = json.loads((data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    for resource in description["resources"]:
        assert resource["schema"]["primaryKey"]
        assert all(len(field["description"]) >= 3 for field in resource["schema"]["fields"])


def test_the_code_and_the_source_of_every_table_are_foreign_keys():
    description = datapackage.describe(Archive.open())
    for resource in description["resources"]:
        keys = {key["fields"][0] for key in resource["schema"].get("foreignKeys", ())}
        fields = {field["name"] for field in resource["schema"]["fields"]}
        expected = {"code_departement", "source"} & fields | ({"edition"} if resource["name"] == "series" else set())
        assert keys == expected - {"unites": {"code_departement"}, "sources": {"source"}}.get(resource["name"], set())


@pytest.mark.parametrize(
    ("table", "before", "after", "said"),
    [
        ("sejours", ",45,handicap", ",99,handicap", 'not found in the lookup table "unites"'),
        ("sejours", "handicap,304", "handicap,-304", '"minimum" is "0"'),
        ("sejours", "sans_handicap,171", "ensemble,171", "the same as"),
        ("prevalence", ",%,2015", ",points,2015", "enum"),
        ("prevalence", "17,", "dix-sept,", 'type is "number/default"'),
    ],
)
def test_a_wrong_cell_is_said(small_package, table, before, after, said):
    change(small_package, table, before, after)
    assert any(said in message for message in datapackage.validate(small_package))


def test_a_table_changed_after_its_description_is_said(small_package):
    path = small_package / "clean" / "sejours.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("304", "305"), encoding="utf-8")
    (name, current, _), (_, valid, message) = datapackage.check(Archive.open(small_package))
    assert (name, current, valid) == ("datapackage.json", False, False)
    assert "hash" in message


def test_a_package_without_its_description_is_said(small_package):
    (small_package / "datapackage.json").unlink()
    assert datapackage.validate(small_package) == ["there is no datapackage.json"]


def test_a_table_without_a_schema_is_refused(small_package):
    (small_package / "clean" / "annexe9.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(TableError, match="the table 'annexe9' has no schema"):
        datapackage.describe(Archive.open(small_package))


def test_a_table_with_other_columns_than_its_schema_is_refused(small_package):
    path = small_package / "clean" / "sejours.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("duree_jours", "duree"), encoding="utf-8")
    with pytest.raises(TableError, match="its columns are territoire, code_departement, public, duree,"):
        datapackage.describe(Archive.open(small_package))
