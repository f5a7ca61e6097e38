"""The official documents, where they are; a copy of the data, for the tests that break it."""

import shutil

import pandas as pd
import pytest

from cdppe_analysis.sources import load_sources
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.tables import write_csv


@pytest.fixture(scope="session")
def document_lines(official):
    """Give the lines of a document, by its id."""
    return lambda source: (official / load_sources()[source].texte).read_text(encoding="utf-8").split("\n")


@pytest.fixture
def whole_data_copy(tmp_path):
    """Copy the catalogue, the register and all raw tables of the five documents and of the press."""
    copied = tmp_path / "data"
    (copied / "raw").mkdir(parents=True)
    for name in ("sources.yml", "corrections.yml", "schemas.yml"):
        shutil.copy(data_dir() / name, copied / name)
    documents = [name for name, source in load_sources().items() if source.texte]
    for source in (*documents, "enveloppes-nationales"):
        if (data_dir() / "raw" / source).is_dir():
            shutil.copytree(data_dir() / "raw" / source, copied / "raw" / source)
    return copied


@pytest.fixture(scope="session")
def assert_committed(tmp_path_factory):
    """Compare rows with those that are committed in `data/clean`, cell by cell as text, in the order of a key."""

    def compare(name, rows, key=(), keep=lambda committed: committed):
        path = tmp_path_factory.mktemp("tables") / f"{name}.csv"
        write_csv(rows, path)
        made, committed = (
            pd.read_csv(file, dtype=str, keep_default_na=False) for file in (path, data_dir() / "clean" / f"{name}.csv")
        )
        committed = keep(committed)
        if key:
            made, committed = (table.sort_values(list(key), kind="stable") for table in (made, committed))
        pd.testing.assert_frame_equal(made.reset_index(drop=True), committed.reset_index(drop=True))

    return compare
