"""Maps of the units of a study: its own contours, checked; régions by their names; each unit drawn in its place."""

import geopandas
import pandas as pd
import pytest
import shapely

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale
from cdppe_analysis.figures.inspection import defects
from cdppe_analysis.figures.units import study_contours, unit_map
from cdppe_analysis.territories import REGIONS, Departement, Territories

CODES = ["59001", "59002", "59003", "97101"]
"""Three communes side by side in the Nord, the third with a hole in its middle, and one in Guadeloupe."""


def units(names):
    return Territories({code: Departement(code, name, "", "") for code, name in names.items()}, {}, {}, "a unit")


COMMUNES = units({code: f"Commune {code}" for code in [*CODES, "59004"]})


def squares(count=3, side=0.1):
    west = [shapely.box(3 + side * rank, 50, 3 + side * (rank + 1), 50 + side) for rank in range(count)]
    west[-1] = west[-1].difference(west[-1].centroid.buffer(side / 4))
    return [*west, shapely.box(-61.6, 16.1, -61.5, 16.2)]


def written(folder, codes=CODES, shapes=None, *, crs=4326, column="code", file="contours.geojson"):
    shapes = squares(len(codes) - 1) if shapes is None else shapes
    geopandas.GeoDataFrame({column: codes}, geometry=shapes, crs=4326).to_crs(crs).to_file(folder / file)


def drawn(contours, words):
    table = pd.DataFrame({"code_departement": CODES, "libelle_departement": CODES})
    table = table.assign(taux=[1.0, 2.0, 4.0, 8.0], montant_eur=[100.0, 50.0, 25.0, 100.0])
    return unit_map(table, "taux", "montant_eur", words, Scale("€"), Scale(), contours)


def test_each_commune_stands_in_its_place_at_one_scale_and_the_overseas_in_its_inset(tmp_path, words):
    written(tmp_path, crs=2154, file="contours.gpkg")
    figure = drawn(study_contours(tmp_path, COMMUNES, CODES), words)
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
    contours = study_contours(tmp_path, agencies, list(REGIONS))
    assert set(contours.codes) == set(REGIONS)
    assert contours.unit("11").contains(shapely.Point(2.35, 48.86))


def test_units_named_as_departements_are_drawn_as_such(tmp_path):
    assert study_contours(tmp_path, units({"59": "Département du Nord", "62": "Pas-de-Calais"}), ["59", "62"]) is None


def test_a_contour_of_a_unit_that_shares_nothing_is_drawn_as_not_concerned(tmp_path):
    written(tmp_path, ["59001", "59002", "59004", "97101"])
    contours = study_contours(tmp_path, COMMUNES, ["59001", "59002", "97101"])
    assert contours.codes == ("59001", "59002", "59004", "97101")


def test_a_whole_is_not_drawn_over_its_parts(tmp_path):
    nested = Territories(COMMUNES.units, {"59001": "59004"}, {"59004": ("59001",)}, "a unit")
    written(tmp_path, ["59001", "59002", "59004", "97101"])
    assert study_contours(tmp_path, nested, ["59001", "59002"]).codes == ("59001", "59002", "97101")
    assert study_contours(tmp_path, nested, ["59004", "59002"]).codes == ("59002", "59004", "97101")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"codes": ["59001", "59002", "97101"]}, "the contours lack Commune 59003"),
        ({"codes": ["59001", "59002", "59O03", "97101"]}, "lack Commune 59003.*of no unit of the study.*'59O03'"),
        ({"codes": ["59001", "59001", "59003", "97101"]}, "the contours give Commune 59001 twice"),
        ({"column": "insee"}, "the contours have no column 'code'; there are insee"),
        ({"shapes": [shapely.Point(3, 50)] * 4}, "a contour is no polygon"),
        (
            {"shapes": [shapely.Polygon([(3, 50), (4, 51), (4, 50), (3, 51)]), *squares()[1:]]},
            "a contour is invalid: Self-intersection",
        ),
    ],
)
def test_contours_that_cannot_be_used_are_refused_in_one_sentence(tmp_path, given, sentence):
    written(tmp_path, **given)
    with pytest.raises(FigureError, match=sentence):
        study_contours(tmp_path, COMMUNES, CODES)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_contours_that_do_not_say_their_coordinate_system_are_refused(tmp_path):
    geopandas.GeoDataFrame({"code": CODES}, geometry=squares()).to_file(tmp_path / "contours.gpkg")
    with pytest.raises(FigureError, match="do not say their coordinate system"):
        study_contours(tmp_path, COMMUNES, CODES)


def test_without_contours_the_sentence_says_what_file_to_add(tmp_path):
    with pytest.raises(FigureError, match=r"Commune 59001 is none; add contours\.geojson to the study.*column 'code'"):
        study_contours(tmp_path, COMMUNES, CODES)
