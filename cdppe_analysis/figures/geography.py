"""What the contours are worth: their areas beside the official ones, and who borders whom.

Areas are computed on the ellipsoid (GRS 80), not on a map. The official ones, `shapes/superficies.csv`, are the sums of
the areas of communes that INSEE publishes: without lakes, ponds and glaciers of more than 1 km² nor estuaries, so that
mountains and coasts differ by definition. Two départements are neighbours when they share a line, not only a point.
"""

from __future__ import annotations

import csv
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.storage.files import shapes_dir
from cdppe_analysis.territories import departement

TOLERANCE = 0.065
"""The largest gap to the official area, as a share of it: the Isère's, whose lakes the official one leaves out."""


def area_table(contours: Contours | None = None) -> pd.DataFrame:
    """Return the area of each département beside the official one.

    Parameters
    ----------
    contours
        The package's own when left out.

    Returns
    -------
    DataFrame
        code_departement, libelle_departement, aire_km2, superficie_officielle_km2 (missing for Mayotte, which INSEE's
        table does not hold), ecart_relatif (a share of the official one).

    Examples
    --------
    >>> table = area_table().set_index("code_departement")
    >>> round(float(table.at["973", "aire_km2"]))
    83752
    """
    shapes = contours or load_contours()
    ellipsoid = Geod(ellps="GRS80")
    # The area of a ring has the sign of its turn: left as they come, islands could be taken away instead of added.
    turned = shapely.orient_polygons(shapes.geometries, exterior_cw=False)
    areas = [ellipsoid.geometry_area_perimeter(geometry)[0] / 1e6 for geometry in turned]
    official = _official()
    table = pd.DataFrame(
        {
            "code_departement": list(shapes.codes),
            "libelle_departement": [departement(code).libelle for code in shapes.codes],
            "aire_km2": areas,
            "superficie_officielle_km2": [official.get(code, float("nan")) for code in shapes.codes],
        }
    )
    return table.assign(ecart_relatif=table["aire_km2"] / table["superficie_officielle_km2"] - 1)


@lru_cache(maxsize=4)
def neighbours(contours: Contours | None = None) -> dict[str, frozenset[str]]:
    """Return the départements that share a line with each département.

    Examples
    --------
    >>> sorted(neighbours()["59"])
    ['02', '62', '80']
    """
    shapes = contours or load_contours()
    codes = np.array(shapes.codes)
    tree = shapely.STRtree(shapes.geometries)
    first, second = tree.query(shapes.geometries, predicate="intersects")
    different = first < second
    first, second = first[different], second[different]
    common = shapely.length(
        shapely.intersection(shapely.boundary(shapes.geometries[first]), shapely.boundary(shapes.geometries[second]))
    )
    found: dict[str, set[str]] = {code: set() for code in shapes.codes}
    for one, other in zip(codes[first[common > 0]], codes[second[common > 0]], strict=True):
        found[str(one)].add(str(other))
        found[str(other)].add(str(one))
    return {code: frozenset(others) for code, others in found.items()}


@lru_cache(maxsize=1)
def _official() -> dict[str, float]:
    with (shapes_dir() / "superficies.csv").open(encoding="utf-8", newline="") as file:
        return {row["code_departement"]: float(row["superficie_km2"]) for row in csv.DictReader(file)}
