"""The data package for people of the field: the clean tables as files that need no Python.

    csv/*.csv             the clean tables, byte for byte (small counts masked where a schema says so)
    parquet/*.parquet     the same, with the types of `data/schemas.yml`
    cdppe.gpkg            two maps: the latest published values by département, and with Corse as one
    datapackage.json      Frictionless data package: a Table Schema a table, bytes and SHA-256 of every file
    catalogue.jsonld      DCAT-AP 3.0: a data set and its distributions, addresses relative to the file
    LISEZMOI.md           in French: what to open with what, every column

The same tables give the same bytes: no date of the day, no order of the machine.

That of a study has its units, published amounts, criteria and the amounts of each rule that is complete, as csv and
parquet; `contours.gpkg`, these amounts on the contours of the study where it carries some; `datapackage.json`.

Known drawback: `cdppe.gpkg` leaves out estimates, which have variants, and the years before the last.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, FigureError, TableError
from cdppe_analysis.figures.contours import STUDY_FILES, Contours, export_contours, load_contours
from cdppe_analysis.sources import datapackage
from cdppe_analysis.storage.files import sha256, write_text
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.typography import number
from cdppe_analysis.upkeep import rendered

GEOPACKAGE, CATALOGUE, README = "cdppe.gpkg", "catalogue.jsonld", "LISEZMOI.md"
LAYERS = {"departements": False, "corse_entiere": True}
"""The layers of the GeoPackage, and whether Corse is one unit in it."""
_MEDIA = {
    "csv": ("CSV", "text/csv"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "gpkg": ("GPKG", "application/geopackage+sqlite3"),
}
_TYPES = {"i": "integer", "f": "number"}
_COLUMNS = ["code_departement", "libelle_departement", "score", "montant_theorique", "borne", "montant_eur"]
_AUTHORITY = "http://publications.europa.eu/resource/authority"


def write_publication(out: Path, data: Data) -> dict[str, int]:
    """Make the data package of a folder apart, then move its files to their places.

    Returns
    -------
    dict
        The size in bytes of each file, by its path in `out`, which is made where all of them are.

    Raises
    ------
    TableError
        When polars is not installed, when a table is not what its schema says, or when `out` cannot be written; what
        was in `out` is then left as it was.
    """
    if find_spec("polars") is None:
        raise TableError("the Parquet files need polars: install the extra 'donnees'")
    # What is not as its schema says is refused before anything is made.
    description = {} if data.is_study else datapackage.describe(data.archive)
    try:
        there = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
        with tempfile.TemporaryDirectory(prefix=".donnees-", dir=there) as place:
            made = Path(place)
            for kind in ("csv", "parquet"):
                (made / kind).mkdir()
            if data.is_study:
                _make_study(made, data)
            else:
                _make(made, data, description)
            files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
            for file in files:
                (out / file.parent).mkdir(parents=True, exist_ok=True)
                (made / file).replace(out / file)
    except OSError as error:
        raise TableError(f"cannot write the data package: {error.strerror}", cell=str(out)) from error
    return {file.as_posix(): (out / file).stat().st_size for file in files}


def _map_columns(tables: Mapping[str, pd.DataFrame], *, whole_corse: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the values that a map can show, one column a series, and what each column is.

    A series is an amount, a criterion, an indicator or a series of a publisher; of several editions of its last year,
    the last one is taken; estimated values, which have variants, are left out. A series that gives Corse as one is in
    one map, a series that gives 2A and 2B is in the other.
    """
    amounts = tables["allocations"]
    long = pd.concat(
        [
            amounts.assign(
                serie="montant_" + amounts["dispositif"].str.replace("-", "_"), statut="publie", unite="euros"
            ).rename(columns={"millesime": "annee", "montant_eur": "valeur", "source": "edition"}),
            tables["criteres"].rename(columns={"critere": "serie", "millesime": "annee"}),
            tables["indicateurs"].rename(columns={"indicateur": "serie", "source": "edition"}),
            tables["series"].assign(statut="publie"),
        ],
        ignore_index=True,
    )
    long = long[long["statut"].ne("estime") & long["code_departement"].notna()]
    wide, said = {}, []
    for name, rows in long.groupby("serie", sort=True):
        last = rows[rows["annee"] == rows["annee"].max()]
        last = last[last["edition"] == last["edition"].max()]
        values = last.set_index("code_departement")["valeur"]
        apart = {"2A", "2B"} <= set(values.index)
        if apart != whole_corse:
            column = f"{name}_{last['annee'].iloc[0]}"
            wide[column] = values.drop("20" if apart else ["2A", "2B"], errors="ignore")
            said.append((column, last["edition"].iloc[0], last["unite"].iloc[0]))
    table = pd.DataFrame(wide).rename_axis("code_departement").reset_index()
    return table, pd.DataFrame(said, columns=["colonne", "edition", "unite"])


def _make(out: Path, data: Data, description: dict[str, Any]) -> None:
    schemas = data.archive.schemas["tables"]
    for table in description["resources"]:
        copy = out / "csv" / f"{table['name']}.csv"
        if "secret_statistique" in schemas[table["name"]]:
            write_csv(data.shown(table["name"]), copy)
            table |= {"bytes": copy.stat().st_size, "hash": f"sha256:{sha256(copy)}"}
        else:
            shutil.copyfile(data.folder / table["path"], copy)
        _write_parquet(copy, table)
    tables = {table["name"]: _read(out / "csv" / f"{table['name']}.csv") for table in description["resources"]}
    maps = {name: _map_columns(tables, whole_corse=whole) for name, whole in LAYERS.items()}
    # Light contours for the second map: twice the full ones would weigh more than all the tables.
    drawn = {name: load_contours(light=whole) for name, whole in LAYERS.items()}
    layers = {name: drawn[name].joined(values) for name, (values, _) in maps.items()}
    export_contours(layers, out / GEOPACKAGE)
    resources = [{**table, "path": f"csv/{table['name']}.csv"} for table in description["resources"]]
    files = [*sorted(out.glob("parquet/*")), out / GEOPACKAGE]
    package = {**description, "resources": resources + [_file_resource(file, out) for file in files]}
    write_text(out / datapackage.FILE, datapackage.written(package))
    write_text(out / CATALOGUE, json.dumps(_catalogue(package), ensure_ascii=False, indent=1) + "\n")
    write_text(out / README, _readme(data, description, {name: columns for name, (_, columns) in maps.items()}, tables))


def _make_study(out: Path, data: Data) -> None:
    tables = dict(_study_tables(data))
    resources = [_written(table, out, name) for name, table in tables.items()]
    amounts = {name: table for name, table in tables.items() if name.startswith("montants-")}
    if amounts and any((data.folder / name).is_file() for name in STUDY_FILES):
        layers = {name: _on_contours(data, table) for name, table in amounts.items()}
        export_contours(layers, out / "contours.gpkg")
    sources = [{"title": f"{one.editeur}, {one.titre}"} for one in data.sources.values()]
    package = {"name": data.folder.resolve().name, "profile": "data-package", "sources": sources}
    write_text(out / datapackage.FILE, datapackage.written({**package, "resources": resources}))


def _study_tables(data: Data) -> Iterator[tuple[str, pd.DataFrame]]:
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
    _write_parquet(csv, resource)
    return resource


def _on_contours(data: Data, table: pd.DataFrame) -> object:
    import geopandas

    codes = table["code_departement"].tolist()
    contours = Contours.of_study(data.folder, data.territories, codes)
    if contours is None:
        raise FigureError("the contours of the study are not read")
    shapes = [contours.unit(code) for code in codes]
    return geopandas.GeoDataFrame(table.reset_index(drop=True), geometry=shapes, crs=4326)


def _write_parquet(csv: Path, table: Mapping[str, Any]) -> None:
    """Write a CSV file as Parquet in the folder beside, with the types that its description gives."""
    import polars

    types = {"string": polars.String, "integer": polars.Int64, "number": polars.Float64}
    schema = {field["name"]: types[field["type"]] for field in table["schema"]["fields"]}
    polars.read_csv(csv, schema=schema).write_parquet(csv.parent.parent / "parquet" / f"{csv.stem}.parquet")


def _read(path: Path) -> pd.DataFrame:
    text = dict.fromkeys(("code_departement", "code_region"), str)
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""])


def _file_resource(file: Path, out: Path) -> dict[str, Any]:
    kind = file.suffix.removeprefix(".")
    return {
        "name": f"{file.stem}-{kind}",
        "type": "file",
        "path": file.relative_to(out).as_posix(),
        "scheme": "file",
        "format": kind,
        "mediatype": _MEDIA[kind][1],
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
    }


def _catalogue(package: Mapping[str, Any]) -> dict[str, Any]:
    """Return the DCAT-AP description, as JSON-LD, of a Frictionless data package.

    Source: SEMIC, DCAT-AP 3.0.0 (Catalogue, Dataset, Distribution, Checksum), with the words of the EU Vocabularies.
    """
    from cdppe_analysis import __version__

    text = rendered(f"{CATALOGUE}.j2", package=package, version=__version__, authority=_AUTHORITY, medias=_MEDIA)
    described: dict[str, Any] = json.loads(text)
    return described


def _readme(
    data: Data,
    description: Mapping[str, Any],
    columns: Mapping[str, pd.DataFrame],
    tables: Mapping[str, pd.DataFrame],
) -> str:
    return rendered(
        "publication.md.j2",
        tables=description["resources"],
        lignes={name: number(len(table)) for name, table in tables.items()},
        couches={name: list(said.itertuples(index=False)) for name, said in columns.items()},
        sources=list(data.sources.values()),
    )
