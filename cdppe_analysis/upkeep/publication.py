"""The data package for people of the field: the clean tables as files that need no Python.

    csv/*.csv             the clean tables, byte for byte (small counts masked where a schema says so)
    parquet/*.parquet     the same, with the types of `data/schemas.yml`
    cdppe.gpkg            two maps: the latest published values by département, and with Corse as one
    datapackage.json      Frictionless data package: a Table Schema a table, bytes and SHA-256 of every file
    catalogue.jsonld      DCAT-AP 3.0: a data set and its distributions, addresses relative to the file
    LISEZMOI.md           in French: what to open with what, every column

The same tables give the same bytes: no date of the day, no order of the machine.

Known drawback: `cdppe.gpkg` leaves out estimates, which have variants, and the years before the last.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from cdppe_analysis.data import Data
from cdppe_analysis.errors import TableError
from cdppe_analysis.figures.contours import export_contours, load_contours, with_contours
from cdppe_analysis.sources import Archive, datapackage
from cdppe_analysis.sources.documents import load_sources
from cdppe_analysis.sources.raw import sha256
from cdppe_analysis.storage.files import data_dir, write_text
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.typography import number, typeset

GEOPACKAGE, CATALOGUE, README = "cdppe.gpkg", "catalogue.jsonld", "LISEZMOI.md"
LAYERS = {"departements": False, "corse_entiere": True}
"""The layers of the GeoPackage, and whether Corse is one unit in it."""
_MEDIA = {
    "csv": ("CSV", "text/csv"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "gpkg": ("GPKG", "application/geopackage+sqlite3"),
}
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_LICENCE = "https://spdx.org/licenses/etalab-2.0.html"


def write_publication(out: Path, folder: Path | None = None) -> dict[str, int]:
    """Write the data package.

    Parameters
    ----------
    out
        The folder to write to, made when it is not there.
    folder
        The data folder; the installation's own when left out.

    Returns
    -------
    dict
        The size in bytes of each file, by its path in `out`.

    Raises
    ------
    TableError
        When polars is not installed, when a table is not what its schema says, or when `out` cannot be written; what
        was in `out` is then left as it was.
    """
    if find_spec("polars") is None:
        raise TableError("the Parquet files need polars: install the extra 'donnees'")
    root = folder or data_dir()
    description = datapackage.describe(Archive.open(root))
    out = Path(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".donnees-", dir=out) as made:
            _make(Path(made), root, description)
            files = sorted(path.relative_to(made) for path in Path(made).rglob("*") if path.is_file())
            for file in files:
                (out / file.parent).mkdir(exist_ok=True)
                (Path(made) / file).replace(out / file)
    except OSError as error:
        raise TableError(f"cannot write the data package: {error.strerror}", cell=str(out)) from error
    return {file.as_posix(): (out / file).stat().st_size for file in files}


def map_columns(tables: Mapping[str, pd.DataFrame], *, whole_corse: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the values that a map can show, one column a series, and what each column is.

    A series is an amount, a criterion, an indicator or a series of a publisher; of several editions of its last year,
    the last one is taken; estimated values, which have variants, are left out. A series that gives Corse as one is in
    one map, a series that gives 2A and 2B is in the other.

    Parameters
    ----------
    tables
        `allocations`, `criteres`, `indicateurs` and `series`.
    whole_corse
        The series that give Corse as one (`20`), or those that give 2A and 2B.

    Returns
    -------
    (DataFrame, DataFrame)
        `code_departement` and a column a series, named with its year; then colonne, edition, unite.
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


def _make(out: Path, root: Path, description: dict[str, Any]) -> None:
    for kind in ("csv", "parquet"):
        (out / kind).mkdir()
    data, schemas = Data.open(root), Archive.open(root).schemas["tables"]
    for table in description["resources"]:
        copy = out / "csv" / f"{table['name']}.csv"
        if "secret_statistique" in schemas[table["name"]]:
            write_csv(data.shown(table["name"]), copy)
            table |= {"bytes": copy.stat().st_size, "hash": f"sha256:{sha256(copy)}"}
        else:
            shutil.copyfile(root / table["path"], copy)
        _write_parquet(copy, out / "parquet" / f"{table['name']}.parquet", table)
    tables = {table["name"]: _read(out / "csv" / f"{table['name']}.csv") for table in description["resources"]}
    maps = {name: map_columns(tables, whole_corse=whole) for name, whole in LAYERS.items()}
    # Light contours for the second map: twice the full ones would weigh more than all the tables.
    drawn = {name: load_contours(light=whole) for name, whole in LAYERS.items()}
    layers = {name: with_contours(values, contours=drawn[name]) for name, (values, _) in maps.items()}
    export_contours(layers, out / GEOPACKAGE)
    resources = [{**table, "path": f"csv/{table['name']}.csv"} for table in description["resources"]]
    files = [*sorted(out.glob("parquet/*")), out / GEOPACKAGE]
    package = {**description, "resources": resources + [_file_resource(file, out) for file in files]}
    write_text(out / datapackage.FILE, datapackage.written(package))
    write_text(out / CATALOGUE, json.dumps(catalogue(package), ensure_ascii=False, indent=1) + "\n")
    write_text(out / README, _readme(root, description, {name: columns for name, (_, columns) in maps.items()}, tables))


def _write_parquet(csv: Path, path: Path, table: Mapping[str, Any]) -> None:
    import polars

    types = {"string": polars.String, "integer": polars.Int64, "number": polars.Float64}
    schema = {field["name"]: types[field["type"]] for field in table["schema"]["fields"]}
    polars.read_csv(csv, schema=schema).write_parquet(path)


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


def catalogue(package: Mapping[str, Any]) -> dict[str, Any]:
    """Return the DCAT-AP description, as JSON-LD, of a Frictionless data package.

    Source: SEMIC, DCAT-AP 3.0.0 (Catalogue, Dataset, Distribution, Checksum), with the words of the EU Vocabularies.
    """
    from cdppe_analysis import __version__

    publisher = {"@id": "#editeur", "@type": "foaf:Agent", "foaf:name": _french("Contributeurs de cdppe-analysis")}
    licence = {"@id": _LICENCE, "@type": "dct:LicenseDocument", "dct:title": _french("Licence Ouverte 2.0")}
    language = {"@id": f"{_AUTHORITY}/language/FRA", "@type": "dct:LinguisticSystem"}
    dataset = {
        "@id": "#donnees",
        "@type": "dcat:Dataset",
        "dct:title": _french(package["title"]),
        "dct:description": _french(package["description"]),
        "dct:identifier": package["name"],
        "dcat:version": __version__,
        "dct:publisher": publisher,
        "dct:language": language,
        "dct:spatial": {"@id": f"{_AUTHORITY}/country/FRA", "@type": "dct:Location"},
        "dcat:theme": {
            "@id": f"{_AUTHORITY}/data-theme/SOCI",
            "@type": "skos:Concept",
            "skos:prefLabel": _french("Société"),
        },
        "dcat:keyword": [_french(word) for word in ("protection de l'enfance", "handicap", "dotation", "département")],
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": _french(" ; ".join(source["title"] for source in package["sources"])),
        },
        "dcat:distribution": [_distribution(resource, licence) for resource in package["resources"]],
    }
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "",
        "@type": "dcat:Catalog",
        "dct:title": _french("Données de cdppe-analysis"),
        "dct:description": _french("Les tables propres du projet, en CSV, Parquet et GeoPackage."),
        "dct:publisher": publisher,
        "dct:license": licence,
        "dct:language": language,
        "dcat:dataset": dataset,
    }


def _distribution(resource: Mapping[str, Any], licence: Mapping[str, Any]) -> dict[str, Any]:
    kind, media = _MEDIA[resource["format"]]
    title = resource.get("title") or resource["path"]
    return {
        "@id": f"#{resource['name']}",
        "@type": "dcat:Distribution",
        "dct:title": _french(f"{title} ({kind})" if "title" in resource else title),
        **({"dct:description": _french(resource["description"])} if "description" in resource else {}),
        "dcat:accessURL": {"@id": resource["path"], "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": resource["path"], "@type": "rdfs:Resource"},
        "dct:format": {"@id": f"{_AUTHORITY}/file-type/{kind}", "@type": "dct:MediaTypeOrExtent"},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{media}",
            "@type": "dct:MediaType",
        },
        "dcat:byteSize": {"@value": str(resource["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "dct:license": licence,
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
            "spdx:checksumValue": {"@value": resource["hash"].removeprefix("sha256:"), "@type": "xsd:hexBinary"},
        },
    }


def _french(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _readme(
    root: Path,
    description: Mapping[str, Any],
    columns: Mapping[str, pd.DataFrame],
    tables: Mapping[str, pd.DataFrame],
) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["typeset"] = typeset
    return environment.get_template("publication.md.j2").render(
        tables=description["resources"],
        lignes={name: number(len(table)) for name, table in tables.items()},
        couches={name: list(said.itertuples(index=False)) for name, said in columns.items()},
        sources=list(load_sources(root).values()),
    )
