"""The data of the installation is found."""

import pytest

from cdppe_analysis.errors import SourceError
from cdppe_analysis.storage import locations


def test_the_data_folder_holds_the_catalogue():
    assert (locations.data_dir() / "sources.yml").is_file()


def test_the_shapes_folder_holds_the_contours():
    assert (locations.shapes_dir() / "departements.geojson").is_file()


def test_an_installation_without_data_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(locations, "_PACKAGE", tmp_path / "cdppe_analysis")
    with pytest.raises(SourceError, match="carries no folder 'data'"):
        locations.data_dir()
