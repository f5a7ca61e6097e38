"""The tables of a study for people of the field, and its clean amounts from its raw cells.

csv/*.csv, parquet/*.parquet    units, published amounts, criteria, and the amounts that each complete rule gives
contours.gpkg                   the amounts on the contours of the study, where it carries some
datapackage.json                Frictionless data package: types, bytes and SHA-256 of each table
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, FigureError, TableError
from cdppe_analysis.figures.contours import export_contours
from cdppe_analysis.figures.units import FILES, study_contours
from cdppe_analysis.sources import CellReference
from cdppe_analysis.storage.files import sha256, write_text
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.upkeep.publication import write_parquet, write_whole

PACKAGE = "datapackage.json"
_TYPES = {"i": "integer", "f": "number"}
_COLUMNS = ["code_departement", "libelle_departement", "score", "montant_theorique", "borne", "montant_eur"]


def write_study_package(data: Data, out: Path) -> dict[str, int]:
    """Write the data package of a study, and return the size in bytes of each file, by its path in `out`.

    Raises
    ------
    TableError
        When polars is not installed, or `out` cannot be written; what was in `out` is then left as it was.
    """
    return write_whole(out, lambda made: _make(data, made))


def _make(data: Data, out: Path) -> None:
    for kind in ("csv", "parquet"):
        (out / kind).mkdir()
    tables = dict(_tables(data))
    resources = [_written(table, out, name) for name, table in tables.items()]
    amounts = {name: table for name, table in tables.items() if name.startswith("montants-")}
    if amounts and any((data.folder / name).is_file() for name in FILES):
        layers = {name: _on_contours(data, table) for name, table in amounts.items()}
        export_contours(layers, out / "contours.gpkg")
    sources = [{"title": f"{one.editeur}, {one.titre}"} for one in data.sources.values()]
    package = {"name": data.folder.resolve().name, "profile": "data-package", "sources": sources}
    write_text(out / PACKAGE, json.dumps({**package, "resources": resources}, ensure_ascii=False, indent=1) + "\n")


def clean_amounts(data: Data) -> pd.DataFrame:
    """Return the published amounts of a study, each read again in its raw cell, corrections made.

    Raises
    ------
    TableError
        When the study has no published amounts, or a cell is not there or holds no number.
    """
    if "allocations" not in data.tables():
        raise TableError("this study has no raw table to clean: its figures are those of criteres.csv")
    table = data.table("allocations").astype({"montant_eur": object})
    for rank, (source, places) in enumerate(zip(table["source"], table["emplacement"], strict=True)):
        reference = CellReference.parse(places.split("; ")[-1])
        cells = data.archive.as_read(source, reference.tableau).cells
        try:
            table.loc[rank, "montant_eur"] = f"{Decimal(str(cells[reference.colonne][reference.ligne])):f}"
        except (KeyError, InvalidOperation):
            message = f"{reference} is no cell that holds a number"
            raise TableError(message, code=table["code_departement"][rank], cell=places) from None
    return table


def _tables(data: Data) -> Iterator[tuple[str, pd.DataFrame]]:
    columns = ["code", "libelle", "code_region", "libelle_region"]
    units = pd.DataFrame([vars(unit) for unit in data.territories.units.values()])[columns]
    yield "territoires", units.set_axis(["code", "nom", "appartient_a", "nom_appartient_a"], axis=1)
    for name in data.tables():
        yield name, data.shown(name)
    for name in data.rules():
        with contextlib.suppress(CdppeError):
            rule = data.rule(name)
            yield f"montants-{name}", allocate(rule, data.criteria(rule)).table[_COLUMNS]


def _written(table: pd.DataFrame, out: Path, name: str) -> dict[str, object]:
    csv = out / "csv" / f"{name}.csv"
    write_csv(table, csv)
    types = {column: _TYPES.get(table[column].dtype.kind, "string") for column in table.columns}
    resource = {
        "name": name,
        "type": "table",
        "path": f"csv/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": csv.stat().st_size,
        "hash": f"sha256:{sha256(csv)}",
        "schema": {"fields": [{"name": str(column), "type": word} for column, word in types.items()]},
    }
    write_parquet(csv, out / "parquet" / f"{name}.parquet", resource)
    return resource


def _on_contours(data: Data, table: pd.DataFrame) -> object:
    import geopandas

    codes = table["code_departement"].tolist()
    contours = study_contours(data.folder, data.territories, codes)
    if contours is None:
        raise FigureError("the contours of the study are not read")
    shapes = [contours.unit(code) for code in codes]
    return geopandas.GeoDataFrame(table.reset_index(drop=True), geometry=shapes, crs=4326)
