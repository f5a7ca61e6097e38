"""The Frictionless description of the clean tables, and what its validator says."""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, datapackage
from cdppe_analysis.storage.files import data_dir

SMALL = ("unites", "sources", "prevalence", "sejours")


def write_description(folder):
    text = datapackage.written(datapackage.describe(Archive.open(folder)))
    (folder / datapackage.FILE).write_text(text, encoding="utf-8")


@pytest.fixture
def small_package(tmp_path):
    """Copy four small tables, with their schemas and description."""
    folder = tmp_path / "data"
    (folder / "clean").mkdir(parents=True)
    for name in ("schemas.yml", "sources.yml"):
        shutil.copy(data_dir() / name, folder / name)
    for name in SMALL:
        shutil.copy(data_dir() / "clean" / f"{name}.csv", folder / "clean" / f"{name}.csv")
    write_description(folder)
    return folder


def change(folder, table, before, after):
    path = folder / "clean" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    write_description(folder)


def test_all_tables_are_as_described():
    assert datapackage.check(Archive.open()) == [
        ("datapackage.json", True, "describes the clean tables"),
        ("schemas.yml", True, f"{len(list((data_dir() / 'clean').glob('*.csv')))} tables valid"),
    ]


def test_frictionless_finds_nothing_to_say_of_any_table(frictionless_says):
    assert frictionless_says(data_dir()) == []


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
        ("sejours", ",45,handicap", ",99,handicap", "line 3: code_departement is not in the table unites"),
        ("sejours", "handicap,304", "handicap,-304", "line 3: duree_jours breaks minimum: 0"),
        ("sejours", "handicap,304", "handicap,", "line 3: duree_jours breaks required: True"),
        ("sejours", "sans_handicap,171", "ensemble,171", "line 4: the same territoire, public as an earlier line"),
        ("prevalence", ",%,2015", ",points,2015", "breaks enum"),
        ("prevalence", ",%,2015", ",%,2150", "breaks maximum: 2040"),
        ("prevalence", ",%,2015", ",%,2015.5", "breaks type: integer"),
        ("prevalence", "17,", "dix-sept,", "breaks type: number"),
        ("unites", "\n02,", "\n01,", "line 3: code_departement breaks unique: True"),
        ("unites", "\n02,", "\n2,", "line 3: code_departement breaks pattern: "),
    ],
)
def test_a_wrong_cell_is_told_with_its_line_and_frictionless_sees_it_too(
    small_package, frictionless_says, table, before, after, said
):
    change(small_package, table, before, after)
    (_, current, _), (name, valid, message) = datapackage.check(Archive.open(small_package))
    assert (current, name, valid) == (True, "schemas.yml", False)
    assert message.startswith(f"clean/{table}.csv, line ")
    assert said in message
    assert frictionless_says(small_package)


def test_a_constraint_that_is_not_held_is_refused(small_package):
    path = small_package / "schemas.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("required: true", "minLength: 2", 1), encoding="utf-8")
    with pytest.raises(TableError, match="the constraint 'minLength' is not known"):
        datapackage.check(Archive.open(small_package))


def test_a_table_changed_after_its_description_is_said(small_package):
    path = small_package / "clean" / "sejours.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("304", "305"), encoding="utf-8")
    assert datapackage.check(Archive.open(small_package)) == [
        ("datapackage.json", False, "is not what the clean tables give"),
        ("schemas.yml", True, "4 tables valid"),
    ]


def test_a_package_without_its_description_is_said(small_package):
    (small_package / "datapackage.json").unlink()
    assert not datapackage.check(Archive.open(small_package))[0][1]


def test_a_table_without_a_schema_is_refused(small_package):
    (small_package / "clean" / "annexe9.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(TableError, match="the table 'annexe9' has no schema"):
        datapackage.describe(Archive.open(small_package))


def test_a_table_with_other_columns_than_its_schema_is_refused(small_package):
    path = small_package / "clean" / "sejours.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("duree_jours", "duree"), encoding="utf-8")
    with pytest.raises(TableError, match="its columns are territoire, code_departement, public, duree,"):
        datapackage.describe(Archive.open(small_package))


@pytest.mark.parametrize(
    ("kind", "limit", "cells", "held"),
    [
        ("minimum", 0, ["0", "-1", "0.5"], [True, False, True]),
        ("maximum", 5, ["5", "5.1", "4"], [True, False, True]),
        ("enum", ["%", 3], ["%", "3", "4"], [True, True, False]),
        ("pattern", "[0-9]{2}", ["01", "1", "012"], [True, False, False]),
        ("required", True, ["a", "", "b"], [True, False, True]),
        ("required", False, ["a", "", "b"], [True, True, True]),
        ("unique", True, ["a", "a", "b"], [True, False, True]),
        ("unique", False, ["a", "a", "b"], [True, True, True]),
        ("type", "integer", ["1", "-2", "1.0"], [True, True, False]),
        ("type", "number", ["1.5", "-2e-7", "1,5"], [True, True, False]),
    ],
)
def test_each_constraint_holds_what_it_says(kind, limit, cells, held):
    assert datapackage._HELD[kind](pd.Series(cells, dtype="str"), limit).tolist() == held


def test_an_empty_cell_breaks_nothing_but_that_it_is_needed(small_package):
    change(small_package, "prevalence", ",%,2015", ",%,")
    assert datapackage.check(Archive.open(small_package))[1][1]


def test_the_package_tells_the_bytes_and_the_hash_of_each_file(small_package):
    description = datapackage.describe(Archive.open(small_package))
    for resource in description["resources"]:
        file = small_package / resource["path"]
        assert resource["bytes"] == file.stat().st_size
        assert resource["hash"] == f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    assert [resource["name"] for resource in description["resources"]] == [
        name for name in Archive.open(small_package).schemas["tables"] if name in SMALL
    ]
    licences = [licence["name"] for licence in description["licenses"]]
    assert licences == sorted({source.licence for source in Archive.open(small_package).sources.values()})


def test_a_field_keeps_its_unit_and_its_constraints():
    own = {"type": "number", "description": "d", "unite": "euros", "contraintes": {"minimum": 0}, "reference": "x"}
    assert datapackage._field("a", own) == {
        "name": "a", "type": "number", "description": "d", "unite": "euros", "constraints": {"minimum": 0},
    }  # fmt: skip
