"""The contours as the library loads them, and a user's own, checked before use; against the world; with data."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from inspection import defects
from pyproj import Geod

from cdppe_analysis.errors import FigureError, TerritoryError
from cdppe_analysis.figures import Scale
from cdppe_analysis.figures.contours import (
    _MAINLAND_BOX,
    OVERSEAS_BOXES,
    SHIPPED_ORIGIN,
    Contours,
    export_contours,
    load_contours,
    units_for,
)
from cdppe_analysis.figures.maps import unit_map
from cdppe_analysis.storage.files import shapes_dir
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, Departement, Territories


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
    assert "6AE" in units_for(("6AE",))
    assert not {"67", "68"} & set(units_for(("6AE",)))


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


def test_own_contours_in_another_projection_and_order_are_turned_into_degrees(own, tmp_path):
    found = load_contours(written(own[::-1].to_crs(3857), tmp_path))
    assert found.codes == tuple(DEPARTEMENTS)
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
        (lambda f: f.set_geometry([None, *f.geometry[1:]], crs=4326), "no polygon"),
    ],
)
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_contours_that_are_not_the_101_are_refused(own, tmp_path, spoil, sentence):
    with pytest.raises(FigureError, match=sentence):
        load_contours(written(spoil(own), tmp_path))


@pytest.mark.parametrize(("east", "north"), [(0.5, 0), (-0.6, 0), (0, 0.5), (0, -0.5)])
def test_a_contour_that_leaves_its_place_on_one_side_is_refused(own, tmp_path, east, north):
    away = own["INSEE_DEP"] == "976"
    own.loc[away, "geometry"] = own.geometry[away].translate(east, north)
    with pytest.raises(FigureError, match="where the département is"):
        load_contours(written(own, tmp_path))


def test_an_invalid_contour_is_refused(own, tmp_path):
    bow_tie = shapely.Polygon([(2, 46), (3, 47), (3, 46), (2, 47), (2, 46)])
    spoiled = own[::-1].copy()
    spoiled.loc[spoiled["INSEE_DEP"] == "23", "geometry"] = bow_tie
    with pytest.raises(FigureError, match=r"a contour is invalid.*code 23"):
        load_contours(written(spoiled, tmp_path))


def test_a_file_that_is_not_there_or_not_contours_is_refused(tmp_path):
    with pytest.raises(FigureError, match="no such file"):
        load_contours(tmp_path / "absent.gpkg")
    with pytest.raises(FigureError, match="hold no geometry"):
        load_contours(shapes_dir() / "superficies.csv")


@pytest.mark.parametrize("code", ["971", "972", "973", "974", "976"])
def test_the_box_of_an_overseas_departement_holds_it_and_little_more(code):
    west, south, east, north = load_contours().unit(code).bounds
    box = OVERSEAS_BOXES[code]
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


def test_units_with_corse_as_one():
    assert units_for(("20",)) == tuple(sorted((set(DEPARTEMENTS) - {"2A", "2B"}) | {"20"}))


# Written by hand from the list of départements that border each other, not from the contours.
TRUE_NEIGHBOURS = {
    "06": {"04", "83"},
    "23": {"03", "18", "19", "36", "63", "87"},
    "29": {"22", "56"},
    "2A": {"2B"},
    "33": {"17", "24", "40", "47"},
    "37": {"36", "41", "49", "72", "86"},
    "40": {"32", "33", "47", "64"},
    "46": {"12", "15", "19", "24", "47", "82"},
    "48": {"07", "12", "15", "30", "43"},
    "50": {"14", "35", "53", "61"},
    "59": {"02", "62", "80"},
    "62": {"59", "80"},
    "63": {"03", "15", "19", "23", "42", "43"},
    "66": {"09", "11"},
    "67": {"54", "57", "68", "88"},
    "68": {"67", "88", "90"},
    "73": {"01", "05", "38", "74"},
    "74": {"01", "73"},
    "75": {"92", "93", "94"},
    "80": {"02", "59", "60", "62", "76"},
    "85": {"17", "44", "49", "79"},
    "90": {"25", "68", "70", "88"},
    "92": {"75", "78", "91", "93", "94", "95"},
    "93": {"75", "77", "92", "94", "95"},
    "94": {"75", "77", "91", "92", "93"},
    "971": set(),
}


def neighbours(contours):
    """Return the départements that share a line with each département, and not only a point."""
    first, second = shapely.STRtree(contours.geometries).query(contours.geometries, predicate="intersects")
    edges = shapely.boundary(contours.geometries)
    shared = (first != second) & (shapely.length(shapely.intersection(edges[first], edges[second])) > 0)
    pairs = [
        (contours.codes[one], contours.codes[other]) for one, other in zip(first[shared], second[shared], strict=True)
    ]
    return {code: {other for one, other in pairs if one == code} for code in contours.codes}


@pytest.fixture(scope="module")
def bordering():
    return neighbours(load_contours())


@pytest.mark.parametrize("code", TRUE_NEIGHBOURS)
def test_neighbours_are_the_true_ones(code, bordering):
    assert bordering[code] == TRUE_NEIGHBOURS[code]


def test_there_are_as_many_borders_as_in_the_source(bordering):
    """The 101 départements of the source have 238 borders."""
    assert sum(map(len, bordering.values())) == 2 * 238


def test_light_contours_keep_the_neighbours(bordering):
    assert neighbours(load_contours(light=True)) == bordering


def areas(shapes):
    """Give the area of each département beside the official one: `aire_km2`, on the ellipsoid (GRS 80), and its gap.

    The official ones are the sums of the areas of communes that INSEE publishes: without lakes, ponds and glaciers of
    more than 1 km² nor estuaries, so that mountains and coasts differ by definition; Mayotte is not in that table.
    """
    # The area of a ring has the sign of its turn: left as they come, islands could be taken away instead of added.
    turned = shapely.orient_polygons(shapes.geometries, exterior_cw=False)
    here = [Geod(ellps="GRS80").geometry_area_perimeter(geometry)[0] / 1e6 for geometry in turned]
    table = pd.read_csv(shapes_dir() / "superficies.csv", dtype={"code_departement": str}, index_col="code_departement")
    table = table.reindex(list(shapes.codes)).assign(aire_km2=here)
    return table.assign(ecart_relatif=table["aire_km2"] / table["superficie_km2"] - 1)


def test_areas_are_near_the_official_ones():
    """INSEE, areas of communes summed by département: all within 6.5 %, 91 of 100 within 2 %, half within 0.6 %."""
    table = areas(load_contours())
    assert table["ecart_relatif"].idxmax() == "38"
    assert table.at["38", "ecart_relatif"] == pytest.approx(0.0625, abs=0.003)
    gaps = table["ecart_relatif"].abs().dropna()
    assert gaps.idxmax() == "38"
    assert (gaps < 0.02).sum() == 91
    assert gaps.median() < 0.006
    assert gaps[["75", "90", "92", "93", "94"]].max() < 0.01


def test_the_official_area_of_a_departement_is_the_sum_of_its_communes():
    """INSEE, base du comparateur de territoires: the 36 communes of the Hauts-de-Seine cover 175.61 km²."""
    table = areas(load_contours())
    assert table.at["92", "superficie_km2"] == 175.61
    assert table["superficie_km2"].isna().sum() == 1


def test_light_contours_keep_the_areas():
    full, light = (areas(load_contours(light=light))["aire_km2"] for light in (False, True))
    assert (light / full - 1).abs().max() < 0.04
    assert light.sum() == pytest.approx(full.sum(), rel=0.0005)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_the_wave_is_joined_to_the_hundred_units(wave, tmp_path, suffix):
    named = wave.assign(libelle_departement="un autre nom", libelle_region="une autre région")
    found = geopandas.read_file(export_contours(named, tmp_path / f"dotations{suffix}"))
    assert len(found) == 100
    assert found.crs.to_epsg() == 4326
    assert shapely.is_valid(found.geometry).all()
    by_code = found.set_index("code_departement")
    assert by_code["montant_eur"].sum() == 15_000_001
    assert by_code.loc["20", ["libelle_departement", "code_region", "libelle_region"]].tolist() == [
        "Corse",
        "94",
        "Corse",
    ]
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


CODES = ["59001", "59002", "59003", "97101"]
"""Three communes side by side in the Nord, the third with a hole in its middle, and one in Guadeloupe."""


def units(names):
    return Territories({code: Departement(code, name, "", "") for code, name in names.items()}, {}, {}, "a unit")


COMMUNES = units({code: f"Commune {code}" for code in [*CODES, "59004"]})


def squares(count=3, side=0.1):
    west = [shapely.box(3 + side * rank, 50, 3 + side * (rank + 1), 50 + side) for rank in range(count)]
    west[-1] = west[-1].difference(west[-1].centroid.buffer(side / 4))
    return [*west, shapely.box(-61.6, 16.1, -61.5, 16.2)]


def write_study(folder, codes=CODES, shapes=None, *, crs=4326, column="code", file="contours.geojson"):
    shapes = squares(len(codes) - 1) if shapes is None else shapes
    geopandas.GeoDataFrame({column: codes}, geometry=shapes, crs=4326).to_crs(crs).to_file(folder / file)


def unit_drawing(contours, words):
    table = pd.DataFrame({"code_departement": CODES, "libelle_departement": CODES})
    table = table.assign(taux=[1.0, 2.0, 4.0, 8.0], montant_eur=[100.0, 50.0, 25.0, 100.0])
    return unit_map(table, "taux", "montant_eur", words, Scale("€"), Scale(), contours)


def test_each_commune_stands_in_its_place_at_one_scale_and_the_overseas_in_its_inset(tmp_path, words):
    write_study(tmp_path, crs=2154, file="contours.gpkg")
    figure = unit_drawing(Contours.of_study(tmp_path, COMMUNES, CODES), words)
    assert defects(figure) == []
    [axes] = [axes for axes in figure.figure.axes if axes.get_gid() == "carte"]
    boxes = {one.get_gid(): one.get_path().get_extents() for one in axes.artists + axes.patches if one.get_gid()}
    first, second, third, island = (boxes[f"departement-{code}"] for code in CODES)
    assert first.x1 == pytest.approx(second.x0, abs=5)
    assert second.x1 == pytest.approx(third.x0, abs=5)
    assert third.x1 - first.x0 > 1000
    assert island.x1 < 190
    circles = {one.get_gid(): one for one in axes.patches if (one.get_gid() or "").startswith("cercle-")}
    radii = [circles[f"cercle-{code}"].radius for code in CODES]
    assert (radii[0] / radii[2]) ** 2 == pytest.approx(4)
    assert radii[3] == radii[0]
    assert figure.table["classe"].tolist() == ["1", "2", "4", "8"]
    assert "Nombre d’unités par classe : 1 : 1 ; 2 : 1" in figure.alternative


def test_units_named_as_regions_take_the_contours_of_their_departements(tmp_path):
    agencies = units({code: f"ARS {name}" for code, name in REGIONS.items()} | {"93": "ARS PACA"})
    contours = Contours.of_study(tmp_path, agencies, list(REGIONS))
    assert set(contours.codes) == set(REGIONS)
    assert (contours.own, contours.origin) == (True, "IGN Admin Express 2018, départements réunis.")
    assert contours.unit("11").contains(shapely.Point(2.35, 48.86))


def test_units_named_as_departements_are_drawn_as_such(tmp_path):
    assert (
        Contours.of_study(tmp_path, units({"59": "Département du Nord", "62": "Pas-de-Calais"}), ["59", "62"]) is None
    )
    half = units({"59": "Département du Nord", "62": "Service 62"})
    with pytest.raises(FigureError, match="Département du Nord is none"):
        Contours.of_study(tmp_path, half, ["59", "62"])


def test_a_contour_of_a_unit_that_shares_nothing_is_drawn_as_not_concerned(tmp_path):
    write_study(tmp_path, ["59001", "59002", "59004", "97101"])
    contours = Contours.of_study(tmp_path, COMMUNES, ["59001", "59002", "97101"])
    assert contours.codes == ("59001", "59002", "59004", "97101")


def test_a_whole_is_not_drawn_over_its_parts(tmp_path):
    nested = Territories(COMMUNES.units, {"59001": "59004"}, {"59004": ("59001",)}, "a unit")
    write_study(tmp_path, ["59001", "59002", "59004", "97101"])
    assert Contours.of_study(tmp_path, nested, ["59001", "59002"]).codes == ("59001", "59002", "97101")
    assert Contours.of_study(tmp_path, nested, ["59004", "59002"]).codes == ("59002", "59004", "97101")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"codes": ["59001", "59002", "97101"]}, r"^the contours lack Commune 59003 \(code"),
        ({"codes": ["59001", "97101"]}, r"^the contours lack Commune 59002 and 1 more \(code"),
        ({"codes": ["59001", "59002", "59O03", "97101"]}, "lack Commune 59003.*of no unit of the study.*'59O03'"),
        ({"codes": ["59001", "59002", "59002", "97101"]}, "the contours give Commune 59002 twice"),
        ({"column": "insee"}, "the contours have no column 'code'; there are insee"),
        ({"shapes": [shapely.Point(3, 50)] * 4}, "a contour is no polygon"),
        (
            {"shapes": [shapely.Polygon([(3, 50), (4, 51), (4, 50), (3, 51)]), *squares()[1:]]},
            "a contour is invalid: Self-intersection",
        ),
        (
            {"shapes": [shapely.box(2, 50, 181, 51), *squares()[1:]]},
            r"a contour is not in degrees of longitude and latitude \(code 59001, at contours.geojson\)",
        ),
        ({"shapes": [shapely.box(2, 50, 3, 91), *squares()[1:]]}, "a contour is not in degrees"),
        ({"shapes": [shapely.box(-181, 50, 3, 51), *squares()[1:]]}, "a contour is not in degrees"),
        ({"shapes": [shapely.box(2, -91, 3, 51), *squares()[1:]]}, "a contour is not in degrees"),
    ],
)
def test_contours_that_cannot_be_used_are_refused_in_one_sentence(tmp_path, given, sentence):
    write_study(tmp_path, **given)
    with pytest.raises(FigureError, match=sentence):
        Contours.of_study(tmp_path, COMMUNES, CODES)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("contours.geojson", '{"type": "FeatureCollection",\n"features": [', r"no JSON file \(at .*geojson, line 2\)"),
        ("contours.geojson", "", "no JSON file"),
        ("contours.geojson", '{"a": 1}', r"damaged, or holds none \(at contours.geojson\)"),
        ("contours.gpkg", "SQLite format 3\0", r"damaged, or holds none \(at contours.gpkg\)"),
    ],
)
def test_a_file_of_contours_that_is_damaged_is_told_in_no_words_of_a_library(tmp_path, name, content, sentence):
    (tmp_path / name).write_text(content)
    with pytest.raises(FigureError, match=sentence):
        Contours.of_study(tmp_path, COMMUNES, CODES)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_contours_that_do_not_say_their_coordinate_system_are_refused(tmp_path):
    geopandas.GeoDataFrame({"code": CODES}, geometry=squares()).to_file(tmp_path / "contours.gpkg")
    with pytest.raises(FigureError, match="do not say their coordinate system"):
        Contours.of_study(tmp_path, COMMUNES, CODES)


def test_without_contours_the_sentence_says_what_file_to_add(tmp_path):
    with pytest.raises(FigureError, match=r"Commune 59001 is none; add contours\.geojson to the study.*column 'code'"):
        Contours.of_study(tmp_path, COMMUNES, CODES)
