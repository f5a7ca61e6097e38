"""A small catalogue in a folder of its own, for the tests that break one."""

import shutil

import pytest

from cdppe_analysis.storage.locations import data_dir


@pytest.fixture
def data_copy(tmp_path):
    """Copy the real catalogue and the raw table of annex 7."""
    copied = tmp_path / "data"
    (copied / "raw").mkdir(parents=True)
    for name in ("sources.yml", "corrections.yml"):
        shutil.copy(data_dir() / name, copied / name)
    shutil.copytree(data_dir() / "raw" / "annexe7-ondam-2020", copied / "raw" / "annexe7-ondam-2020")
    return copied
