"""The contours with the data joined, as GeoPackage or GeoJSON, in true longitude and latitude.

One feature a unit of the map: a `20` in the frame is Corse dissolved, a département that the frame does not hold has
empty columns. GeoPackage files carry the date of their writing by their own standard; here it is a fixed one, so that
the same data give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.columns import coded
from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.layout import units_for
from cdppe_analysis.storage.files import replaced
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
    return write_layers({LAYER: with_contours(frame, contours=contours)}, path)


def with_contours(frame: pd.DataFrame, *, contours: str | Path | Contours | None = None) -> Any:
    """Return the contours of every unit of the map with the columns of `frame`, as a GeoDataFrame in degrees.

    Raises
    ------
    FigureError, TerritoryError
        As `export_contours`.

    Examples
    --------
    >>> layer = with_contours(pd.DataFrame({"code_departement": ["20"], "montant_eur": [112192]}))
    >>> len(layer), layer["montant_eur"].count()
    (100, np.int64(1))
    """
    import geopandas

    if "geometry" in frame.columns:
        raise FigureError("a column of the data cannot be named 'geometry'")
    units = units_for(tuple(coded(frame)))
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
    return geopandas.GeoDataFrame(joined, geometry=geometries, crs=4326)


def write_layers(layers: Mapping[str, Any], path: str | Path) -> Path:
    """Write GeoDataFrames by name to a `.gpkg` file, or one of them to a `.geojson` file, whole or not at all.

    Raises
    ------
    FigureError
        When the suffix is another, or a GeoJSON is asked to hold several layers.
    TableError
        When the folder cannot be written.
    """
    import pyogrio

    target = Path(path)
    if target.suffix not in DRIVERS:
        raise FigureError(f"contours are exported as {' or '.join(DRIVERS)}, not {target.suffix or 'without suffix'!r}")
    if target.suffix == ".geojson" and len(layers) != 1:
        raise FigureError(f"a GeoJSON holds one layer, not {len(layers)}")
    with replaced(target) as temporary:
        temporary.unlink()
        # GDAL would otherwise stamp a GeoPackage with the time of day.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
        try:
            for number, (name, layer) in enumerate(layers.items()):
                layer.to_file(
                    temporary, driver=DRIVERS[target.suffix], layer=name, mode="a" if number else "w", engine="pyogrio"
                )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return target
