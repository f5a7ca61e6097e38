"""The contours with the data joined, as GeoPackage or GeoJSON, in true longitude and latitude.

One feature a unit of the map: a `20` in the frame is Corse dissolved, a département that the frame does not hold has
empty columns. GeoPackage files carry the date of their writing by their own standard; here it is a fixed one, so that
the same data give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.columns import coded
from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.layout import units_for
from cdppe_analysis.storage.writing import replaced
from cdppe_analysis.territories import departement

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}
LAYER = "departements"
_FIXED_DATE = "2020-01-01T00:00:00.000Z"
_OWN = ("code_departement", "libelle_departement", "code_region", "libelle_region")


def export_contours(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    contours: str | Path | Contours | None = None,
) -> Path:
    """Write contours and data to a `.gpkg` or `.geojson` file, whole or not at all.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and any columns.
    path
        The file; its suffix chooses the format.
    contours
        Contours to use instead of the package's own.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FigureError
        When the suffix is another, or a column is named `geometry`.
    TerritoryError
        When a code cannot be used.
    TableError
        When the folder cannot be written.
    """
    import geopandas
    import pyogrio

    target = Path(path)
    if target.suffix not in DRIVERS:
        raise FigureError(f"contours are exported as {' or '.join(DRIVERS)}, not {target.suffix or 'without suffix'!r}")
    if "geometry" in frame.columns:
        raise FigureError("a column of the data cannot be named 'geometry'")
    codes = coded(frame)
    units = units_for(tuple(codes))
    shapes = contours if isinstance(contours, Contours) else load_contours(contours)
    own = [departement(code) for code in units]
    attributes = pd.DataFrame(
        {
            "code_departement": units,
            "libelle_departement": [unit.libelle for unit in own],
            "code_region": [unit.code_region for unit in own],
            "libelle_region": [unit.libelle_region for unit in own],
        }
    )
    data = frame.drop(columns=[name for name in _OWN[1:] if name in frame.columns])
    joined = attributes.merge(data, on="code_departement", how="left", validate="1:1")
    geometries = np.array([shapely.multipolygons(shapely.get_parts(shapes.unit(code))) for code in units])
    with replaced(target) as temporary:
        temporary.unlink()
        # GDAL would otherwise stamp a GeoPackage with the time of day.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
        try:
            geopandas.GeoDataFrame(joined, geometry=geometries, crs=4326).to_file(
                temporary, driver=DRIVERS[target.suffix], layer=LAYER, engine="pyogrio"
            )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return target
