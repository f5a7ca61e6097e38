"""A map of the units of a study: communes, ARS, services, with the contours that its folder carries.

`contours.geojson` or `contours.gpkg` stands in the folder, with a column `code`. Without one, units that are
départements or régions by their codes and names take the package's contours.

Known drawback: a name is the whole of what tells région 84 from département 84; « ARS PACA » is not told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.classes import Scale, classify
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.contours import Contours, check_polygons, load_contours, read_degrees
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.maps import areas_and_circles
from cdppe_analysis.figures.words import Words
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, Territories, france, normalised

FILES = ("contours.geojson", "contours.gpkg")


def study_contours(folder: Path, units: Territories, codes: Collection[str]) -> Contours | None:
    """Return the contours of the units of a study; `None` where they are the départements.

    Parameters
    ----------
    folder
        That of the study.
    units
        All that it declares.
    codes
        The units that must have a contour.

    Raises
    ------
    FigureError
        When there is no contour to draw a unit with (the sentence says what to add), when the file cannot be read, says
        no coordinate system, lacks a unit, gives one twice, or has a contour that is no valid polygon.
    """
    file = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if file is not None:
        return _read(file, units, codes)
    if units is france() or _named(codes, units, {code: one.libelle for code, one in france().units.items()}):
        return None
    if _named(codes, units, REGIONS):
        return _regions()
    first = next(iter(codes))
    raise FigureError(
        f"no map: the package has the contours of the départements and the régions, and {units.label(first)} is none; "
        f"add {FILES[0]} to the study, with the contours of its units and their codes in a column 'code'",
        code=first,
    )


def unit_map(
    table: pd.DataFrame, rate: str, stock: str, words: Words, scale: Scale, stock_scale: Scale, contours: Contours
) -> Illustration:
    """Draw a rate as filled areas and a stock as circles, of units that have their own contours.

    Parameters
    ----------
    table
        A row a unit: `code_departement`, `libelle_departement`, and the two columns.
    rate, stock, words, scale, stock_scale
        As for `maps.choropleth_and_circles`.
    contours
        Those of all units that are drawn; the units without a row are not concerned.
    """
    values = table.set_index("code_departement")[[rate, stock]].reindex(list(contours.codes))
    outside = frozenset(contours.codes) - frozenset(table["code_departement"])
    reading, amounts = (Reading(values[column].astype(float), outside) for column in (rate, stock))
    made = classify(reading.known, scale)
    made = replace(made, method=made.method.replace("de départements", "d’unités"))
    sketch = areas_and_circles(reading, amounts, made, scale, stock_scale)
    counted = " ; ".join(f"{one.label} : {len(one.codes)}" for one in made.ordered)
    said = words.alternative("Carte en plages de couleur et en cercles", f"Nombre d’unités par classe : {counted}")

    labels = table["code_departement"].map(made.labels)
    columns = ["code_departement", "libelle_departement", rate, stock]
    return sketch.illustrated(words, contours, said, table[columns].assign(classe=labels.fillna("pas de donnée")))


def _named(codes: Collection[str], units: Territories, official: Mapping[str, str]) -> bool:
    """Tell whether units have official codes, and most of them the name that goes with theirs."""
    if not set(codes) <= set(official):
        return False
    alike = sum(normalised(official[code]) in normalised(units.label(code)) for code in codes)
    return alike > len(codes) / 2


def _regions() -> Contours:
    shipped = load_contours(light=True)
    own = np.array([DEPARTEMENTS[code].code_region for code in shipped.codes])
    whole = np.array([shapely.union_all(shipped.geometries[own == code]) for code in REGIONS])
    return Contours(tuple(REGIONS), whole, f"{shipped.origin}, départements réunis.", own=True)


def _read(file: Path, units: Territories, codes: Collection[str]) -> Contours:
    frame = read_degrees(file)
    if "code" not in frame.columns:
        named = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise FigureError(f"the contours have no column 'code'; there are {named or 'none'}", cell=file.name)
    found = [str(code).strip() for code in frame["code"]]
    drawn, given = set(codes), set(found)
    if len(given) < len(found):
        twice = next(code for code in found if found.count(code) > 1)
        raise FigureError(f"the contours give {units.label(twice)} twice", code=twice, cell=file.name)
    missing = [code for code in codes if code not in given]
    if missing:
        stray = sorted(given - set(units.units))
        near = hint(missing[0], stray) if stray else ""
        told = f"lack {units.label(missing[0])}" + (f" and {len(missing) - 1} more units" if missing[1:] else "")
        beside = f"; {len(stray)} of their codes are of no unit of the study, the first {stray[0]!r}" if stray else ""
        raise FigureError(f"the contours {told}{near}{beside}", code=missing[0], cell=file.name)
    # What covers a unit that is drawn, or is covered by it, is not drawn beside it.
    covered = {part for code in codes for part in units.components(code)} | drawn
    kept = [
        rank
        for rank, code in enumerate(found)
        if code in drawn or (code in units.units and covered.isdisjoint({code, *units.components(code)}))
    ]
    chosen = tuple(found[rank] for rank in kept)
    geometries = np.array(frame.geometry.array, dtype=object)[kept]
    check_polygons(chosen, geometries, file.name)
    return Contours(chosen, geometries, file.name, own=True)
