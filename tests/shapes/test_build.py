"""The builder of the contours: pinned source, one coverage, no island lost, the same bytes."""

import hashlib
import importlib.util
import json
import lzma

import numpy as np
import pytest
import shapely

from cdppe_analysis.sources import load_sources
from cdppe_analysis.storage.files import shapes_dir
from cdppe_analysis.territories import DEPARTEMENTS

SHAPES = shapes_dir()
specification = importlib.util.spec_from_file_location("shapes_build", SHAPES / "build.py")
build = importlib.util.module_from_spec(specification)
specification.loader.exec_module(build)
SOURCE = SHAPES / "source" / "departements-admin-express-2018.geojson.xz"

INHABITED = {
    "Désirade": ("971", -61.05, 16.32),
    "Terre-de-Bas des Saintes": ("971", -61.63, 15.855),
    "Terre-de-Haut des Saintes": ("971", -61.584, 15.866),
    "Petite-Terre de Mayotte": ("976", 45.283, -12.786),
    "Sein": ("29", -4.858, 48.039),
    "Molène": ("29", -4.96, 48.396),
    "Ouessant": ("29", -5.085, 48.46),
    "Batz": ("29", -4.014, 48.745),
    "Bréhat": ("22", -3.002, 48.851),
    "Arz": ("56", -2.801, 47.591),
    "Houat": ("56", -2.967, 47.39),
    "Hoëdic": ("56", -2.876, 47.34),
    "Aix": ("17", -1.169, 46.019),
    "Chausey": ("50", -1.83, 48.873),
    "Port-Cros": ("83", 6.396, 43.005),
}
"""Communes and villages on islands, each with a point of its ground."""

pytestmark = pytest.mark.slow  # the build of the contours, which no room but `shapes/` touches


@pytest.fixture(scope="module")
def built():
    return build.build(SOURCE)


@pytest.fixture(scope="module")
def source():
    return build.source_contours(build.checked(SOURCE))


def test_the_build_repeated_gives_the_committed_bytes(built):
    assert set(built) == set(build.BUILT)
    for name, text in built.items():
        assert text.encode() == (SHAPES / name).read_bytes(), name


def test_the_committed_hashes_are_those_of_the_files():
    declared = dict(reversed(line.split("  ")) for line in (SHAPES / "SHA256SUMS").read_text().splitlines())
    assert declared == {name: hashlib.sha256((SHAPES / name).read_bytes()).hexdigest() for name in build.BUILT}


def test_the_source_as_published_is_read_as_its_packed_copy(tmp_path):
    published = tmp_path / "departements.geojson"
    published.write_bytes(lzma.decompress(SOURCE.read_bytes()))
    assert build.checked(published) == build.checked(SOURCE)


def test_another_source_is_refused(tmp_path, capsys):
    other = tmp_path / "departements.geojson"
    other.write_bytes(lzma.decompress(SOURCE.read_bytes()) + b" ")
    assert build.main([str(other), "--out", str(tmp_path)]) == 2
    assert "departements.geojson is not the pinned source" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [other.name]


def test_a_source_that_is_not_there_or_damaged_is_refused(tmp_path):
    (tmp_path / "broken.xz").write_bytes(SOURCE.read_bytes()[:1000])
    for name in ("absent.geojson", "broken.xz"):
        with pytest.raises(build.BuildError, match=f"{name} cannot be read"):
            build.checked(tmp_path / name)


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path, capsys):
    assert build.main([str(SOURCE), "--out", str(tmp_path / "absent")]) == 2
    assert capsys.readouterr().err.startswith("shapes: cannot write in the folder")


def test_the_program_writes_what_it_builds_with_its_hashes(tmp_path, built, capsys):
    assert build.main([str(SOURCE), "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {*build.BUILT, "SHA256SUMS"}
    for name in (*build.BUILT, "SHA256SUMS"):
        assert (tmp_path / name).read_bytes() == (SHAPES / name).read_bytes(), name


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [("nom", "Aine", "names 01 'Aine' where 'Ain' is expected"), ("code", "69M", "names 01 None where 'Ain'")],
)
def test_a_feature_of_another_name_or_code_is_refused(key, value, sentence):
    collection = json.loads(build.checked(SOURCE))
    next(f for f in collection["features"] if f["properties"]["code"] == "01")["properties"][key] = value
    with pytest.raises(build.BuildError, match=sentence):
        build.source_contours(json.dumps(collection))


def test_a_border_moved_on_one_side_only_is_refused():
    collection = json.loads(build.checked(SOURCE))
    creuse = next(f for f in collection["features"] if f["properties"]["code"] == "23")
    ring = creuse["geometry"]["coordinates"][0]
    ring[10] = [ring[10][0] + 1e-4, ring[10][1]]
    with pytest.raises(build.BuildError, match="no valid coverage"):
        build.source_contours(json.dumps(collection))


def test_an_island_that_is_lost_is_refused(source, monkeypatch):
    largest = [max(shapely.get_parts(contour), key=shapely.area) for contour in source]
    monkeypatch.setattr(shapely, "coverage_simplify", lambda *_: np.array(largest))
    with pytest.raises(build.BuildError, match="an island is lost"):
        build.simplified(source, 0.01)


@pytest.mark.parametrize("name", build.BUILT)
def test_neighbours_share_their_borders_vertex_by_vertex(built, name):
    geometries = _geometries(built[name])
    assert shapely.is_valid(geometries).all()
    assert shapely.coverage_is_valid(geometries)


@pytest.mark.parametrize("name", build.TOLERANCES_DEGREES)
def test_no_gap_is_left_between_neighbours(built, name):
    """Every hole of France as a whole lies inside one département: the étang de Berre in the 13, Llívia in the 66."""
    geometries = _geometries(built[name])
    codes = np.array(list(DEPARTEMENTS))
    whole = shapely.get_parts(shapely.coverage_union_all(geometries))
    around = [list(codes[shapely.intersects(geometries, hole)]) for part in whole for hole in part.interiors]
    assert sorted(around) == [["13"], ["66"]]


@pytest.mark.parametrize("name", build.TOLERANCES_DEGREES)
@pytest.mark.parametrize("island", INHABITED)
def test_an_inhabited_island_is_kept_apart(built, source, name, island):
    code, *point = INHABITED[island]
    numbers = dict(zip(DEPARTEMENTS, range(len(DEPARTEMENTS)), strict=True))
    true = _holding(source[numbers[code]], point)
    kept = _holding(_geometries(built[name])[numbers[code]], point)
    assert true.area / 4 < kept.area < 2 * true.area


@pytest.mark.parametrize("name", build.TOLERANCES_DEGREES)
def test_no_part_of_a_departement_is_lost(built, source, name):
    assert shapely.get_num_geometries(source).sum() == 363
    assert (shapely.get_num_geometries(_geometries(built[name])) == shapely.get_num_geometries(source)).all()


@pytest.mark.parametrize(("name", "metres"), [("departements.geojson", 80), ("departements-legers.geojson", 330)])
def test_a_simplified_border_stays_near_the_true_one(built, source, name, metres):
    """The ground that changes sides, spread along the border: the mean distance of the two lines."""
    simplified = _geometries(built[name])
    moved = shapely.area(shapely.symmetric_difference(source, simplified)) / shapely.length(simplified)
    assert moved.max() < metres / 111_000


def test_regions_are_their_departements_dissolved(built):
    departements = dict(zip(DEPARTEMENTS, _geometries(built["departements.geojson"]), strict=True))
    for feature in json.loads(built["regions.geojson"])["features"]:
        own = [
            departements[code]
            for code, d in DEPARTEMENTS.items()
            if d.code_region == feature["properties"]["code_region"]
        ]
        assert shapely.from_geojson(json.dumps(feature["geometry"])).equals(shapely.union_all(own))


def test_coordinates_are_true_longitudes_and_latitudes(built):
    bounds = dict(zip(DEPARTEMENTS, shapely.bounds(_geometries(built["departements.geojson"])), strict=True))
    assert bounds["973"][0] < -54
    assert bounds["974"][3] < -20
    assert bounds["976"][0] > 45


@pytest.mark.parametrize("name", build.BUILT)
def test_exterior_rings_turn_counterclockwise(built, name):
    assert all(shapely.is_ccw(part.exterior) for part in shapely.get_parts(_geometries(built[name])))


def test_the_readme_carries_the_credit_the_licence_and_the_hash():
    readme, pinned = (SHAPES / "README.md").read_text(encoding="utf-8"), load_sources()[build.SOURCE_ID]
    for said in ("IGN Admin Express", "gregoiredavid/france-geojson", pinned.licence, pinned.empreinte):
        assert said in readme, said


def _geometries(text):
    features = json.loads(text)["features"]
    return shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])


def _holding(contour, point):
    """Return the part of a contour nearest to a point: a small island, once a triangle, may leave the point outside."""
    parts = shapely.get_parts(contour)
    return parts[np.argmin(shapely.distance(parts, shapely.Point(point)))]
