"""Contours with the data joined, for other programs."""

import geopandas
import pytest
import shapely

from cdppe_analysis.errors import FigureError, TerritoryError
from cdppe_analysis.figures import export_contours


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_the_wave_is_joined_to_the_hundred_units(wave, tmp_path, suffix):
    found = geopandas.read_file(export_contours(wave, tmp_path / f"dotations{suffix}"))
    assert len(found) == 100
    assert found.crs.to_epsg() == 4326
    assert shapely.is_valid(found.geometry).all()
    by_code = found.set_index("code_departement")
    assert by_code["montant_eur"].sum() == 15_000_001
    assert by_code.loc["20", "libelle_departement"] == "Corse"
    assert by_code["montant_eur"].isna().sum() == 70


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_the_same_data_give_the_same_bytes(wave, tmp_path, suffix):
    files = [export_contours(wave, tmp_path / f"{n}{suffix}").read_bytes() for n in (1, 2)]
    assert files[0] == files[1]


def test_codes_stay_text(france, tmp_path):
    found = geopandas.read_file(export_contours(france, tmp_path / "x.geojson"))
    assert {"01", "2A", "971"} <= set(found["code_departement"])


def test_what_cannot_be_exported_is_refused(wave, tmp_path):
    with pytest.raises(FigureError, match=r"not '\.shp'"):
        export_contours(wave, tmp_path / "x.shp")
    with pytest.raises(FigureError, match="'geometry'"):
        export_contours(wave.assign(geometry=1), tmp_path / "x.gpkg")
    with pytest.raises(TerritoryError, match="'99' is no code"):
        export_contours(wave.assign(code_departement=["99", *wave["code_departement"][1:]]), tmp_path / "x.gpkg")
    assert list(tmp_path.iterdir()) == []
