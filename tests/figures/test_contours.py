"""The contours as the library loads them, and a user's own, checked before use."""

import geopandas
import numpy as np
import pytest
import shapely

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.contours import _BOXES, _MAINLAND_BOX, SHIPPED_ORIGIN, drawn_parts, load_contours
from cdppe_analysis.storage.files import shapes_dir
from cdppe_analysis.territories import DEPARTEMENTS


@pytest.fixture
def own():
    """Give the shipped contours as a user's frame: another column name, another projection where it can be."""
    shipped = load_contours()
    return geopandas.GeoDataFrame(
        {"INSEE_DEP": list(shipped.codes), "NOM": [DEPARTEMENTS[c].libelle for c in shipped.codes]},
        geometry=list(shipped.geometries),
        crs=4326,
    )


def written(frame, tmp_path):
    path = tmp_path / "contours.gpkg"
    frame.to_file(path)
    return path


@pytest.mark.parametrize("light", [False, True])
def test_the_101_departements_are_there_and_fit_each_other(light):
    shipped = load_contours(light=light)
    assert shipped.codes == tuple(DEPARTEMENTS)
    assert shapely.is_valid(shipped.geometries).all()
    assert shapely.coverage_is_valid(shipped.geometries)


def test_contours_are_loaded_once():
    assert load_contours() is load_contours()


def test_corse_as_one_is_both_parts_dissolved():
    shipped = load_contours()
    parts = [shipped.unit("2A"), shipped.unit("2B")]
    assert shipped.unit("20").equals(shapely.union_all(parts))
    assert shipped.unit("20").area == pytest.approx(sum(part.area for part in parts))


def test_alsace_is_both_of_its_departements():
    assert drawn_parts("6AE") == ("67", "68")


def test_a_part_of_a_departement_has_no_contour():
    with pytest.raises(FigureError, match="Métropole de Lyon has no contour of its own; draw '69' as a whole"):
        load_contours().unit("69M")


def test_own_contours_replace_the_shipped_ones(own, tmp_path):
    found = load_contours(written(own, tmp_path))
    assert found.codes == tuple(DEPARTEMENTS)
    assert found.origin == "contours.gpkg"
    assert found.origin != SHIPPED_ORIGIN


def test_a_file_that_changed_is_read_again(own, tmp_path):
    path = written(own, tmp_path)
    load_contours(path)
    own[own["INSEE_DEP"] != "976"].to_file(path)
    with pytest.raises(FigureError, match="lack 1 of the 101"):
        load_contours(path)


def test_own_contours_in_another_projection_are_turned_into_degrees(own, tmp_path):
    found = load_contours(written(own.to_crs(3857), tmp_path))
    assert np.allclose(found.unit("23").bounds, load_contours().unit("23").bounds, atol=1e-6)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda f: f[f["INSEE_DEP"] != "976"], "lack 1 of the 101 départements, the first is Mayotte"),
        (lambda f: f.assign(INSEE_DEP=f["INSEE_DEP"].replace({"02": "01"})), "the code '01' twice"),
        (
            lambda f: f.assign(INSEE_DEP=f["INSEE_DEP"].replace({"971": "974", "974": "971"})),
            "where the département is",
        ),
        (lambda f: f.drop(columns="INSEE_DEP"), "no column of the contours holds the INSEE codes"),
        (lambda f: f.set_geometry(f.geometry.centroid.values), "no polygon"),
    ],
)
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_contours_that_are_not_the_101_are_refused(own, tmp_path, spoil, sentence):
    with pytest.raises(FigureError, match=sentence):
        load_contours(written(spoil(own), tmp_path))


def test_an_invalid_contour_is_refused(own, tmp_path):
    bow_tie = shapely.Polygon([(2, 46), (3, 47), (3, 46), (2, 47), (2, 46)])
    spoiled = own.copy()
    spoiled.loc[spoiled["INSEE_DEP"] == "23", "geometry"] = bow_tie
    with pytest.raises(FigureError, match="a contour is invalid"):
        load_contours(written(spoiled, tmp_path))


def test_a_file_that_is_not_there_or_not_contours_is_refused(tmp_path):
    with pytest.raises(FigureError, match="no such file"):
        load_contours(tmp_path / "absent.gpkg")
    with pytest.raises(FigureError, match="hold no geometry"):
        load_contours(shapes_dir() / "superficies.csv", code_column="code_departement")


@pytest.mark.parametrize("code", ["971", "972", "973", "974", "976"])
def test_the_box_of_an_overseas_departement_holds_it_and_little_more(code):
    west, south, east, north = load_contours().unit(code).bounds
    box = _BOXES[code]
    assert box[0] < west < east < box[2]
    assert box[1] < south < north < box[3]
    assert max(west - box[0], south - box[1], box[2] - east, box[3] - north) < 0.8


def test_the_box_of_the_mainland_holds_it_and_little_more():
    bounds = np.array([load_contours().unit(code).bounds for code in DEPARTEMENTS if len(code) < 3])
    west, south, east, north = (*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0))
    gaps = np.array(
        [west - _MAINLAND_BOX[0], south - _MAINLAND_BOX[1], _MAINLAND_BOX[2] - east, _MAINLAND_BOX[3] - north]
    )
    assert (gaps > 0).all()
    assert gaps.max() < 0.8
