"""The checks of the data: each passes on the real data, and fails on what it watches."""

import shutil

import pytest

from cdppe_analysis import construction
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.verification import verify


@pytest.fixture
def data(tmp_path):
    copied = tmp_path / "data"
    shutil.copytree(data_dir(), copied)
    return copied


def failures(folder):
    return {check.name: check.message for check in verify(folder) if not check.ok}


def test_every_check_passes_on_the_real_data():
    checks = list(verify())
    assert [check.name for check in checks if not check.ok] == []
    assert {f"clean/{name}.csv" for name in construction.TABLES} <= {check.name for check in checks}


def test_a_clean_table_that_was_edited_fails_with_its_line(data):
    path = data / "clean" / "allocations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",417876,", ",417877,"), encoding="utf-8")
    assert "not what the raw cells give: run cdppe clean (at line 2)" in failures(data)["clean/allocations.csv"]


def test_a_raw_file_that_was_edited_fails(data):
    path = data / "raw" / "annexe7-ondam-2020" / "b-enveloppes.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "a raw file changed" in failures(data)["raw/annexe7-ondam-2020/b-enveloppes.csv"]


def test_a_table_that_is_missing_fails(data):
    (data / "clean" / "territoires.csv").unlink()
    assert failures(data)["clean/territoires.csv"] == "the table is not there: run cdppe clean"


def test_a_rule_whose_weights_do_not_sum_to_1_fails(data):
    path = data / "rules" / "ondam-ms-2020.yml"
    path.write_text(path.read_text(encoding="utf-8").replace('"0.50"', '"0.49"', 1), encoding="utf-8")
    assert "rules/ondam-ms-2020.yml" in failures(data)


def test_a_catalogue_that_cannot_be_read_is_the_one_failure(data):
    (data / "sources.yml").write_text("sources: [", encoding="utf-8")
    assert list(failures(data)) == ["catalogue of sources and register of corrections"]
