"""The description of the clean tables, `data/datapackage.json`: a Frictionless data package, a Table Schema a table.

The words are those of `data/schemas.yml`; the bytes, hashes and licences are those of the files and of the catalogue.
A description is made for the tables that are there, and a table that no schema describes is an error. The tables are
held to it here, column by column; the tests hold them to it by the validator of Frictionless, row by row.

Known drawback: Table Schema knows no unit; it is the property `unite` of a field, which other readers ignore.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources.corrections import Archive
from cdppe_analysis.storage.files import sha256

FILE = "datapackage.json"
_KEYS = {"unites": "code_departement", "sources": "source"}


def describe(archive: Archive) -> dict[str, Any]:
    """Return the description of every clean table of a data folder.

    Raises
    ------
    TableError
        When a table has no schema, or other columns than its schema.
    """
    files = {path.stem: path for path in (archive.folder / "clean").glob("*.csv")}
    for name in sorted(files):
        archive.columns(name)
    return {
        "name": "cdppe",
        "title": "Répartition des crédits de la contractualisation en prévention et protection de l'enfance",
        "description": "Tables propres, chaque ligne menant à la cellule imprimée d'où elle vient.",
        "profile": "data-package",
        "licenses": [
            {"name": licence, "title": licence}
            for licence in sorted({source.licence for source in archive.sources.values()})
        ],
        "sources": [{"title": f"{source.editeur}, {source.titre}"} for source in archive.sources.values()],
        "resources": [
            _resource(name, files[name], table, archive.schemas["communs"])
            for name, table in archive.schemas["tables"].items()
            if name in files
        ],
    }


def written(description: Mapping[str, Any]) -> str:
    """Return the text of the description, the same to the byte everywhere."""
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


def _faults(description: Mapping[str, Any], folder: Path) -> list[str]:
    """Return what in the clean tables is not as described: types, constraints, primary and foreign keys.

    Each fault is told at the first line that has it.

    Parameters
    ----------
    description
        What `describe` returns.
    folder
        The data folder that it describes.

    Raises
    ------
    TableError
        When a column has a constraint that is not known here.
    """
    resources = {resource["name"]: resource for resource in description["resources"]}
    tables = {
        name: pd.read_csv(folder / resource["path"], dtype="str", keep_default_na=False)
        for name, resource in resources.items()
    }
    return [
        f"{resource['path']}, line {int(np.argmax(wrong)) + 2}: {said}"
        for name, resource in resources.items()
        for said, wrong in _wrong_rows(tables[name], resource["schema"], tables)
        if wrong.any()
    ]


def check(archive: Archive) -> list[tuple[str, bool, str]]:
    """Return the checks of the description: name, whether it passes, what is wrong or how much was seen."""
    path, description = archive.folder / FILE, describe(archive)
    current = path.is_file() and path.read_text(encoding="utf-8") == written(description)
    said = _faults(description, archive.folder)
    return [
        (FILE, current, "describes the clean tables" if current else "is not what the clean tables give"),
        ("schemas.yml", not said, "; ".join(said) or f"{len(description['resources'])} tables valid"),
    ]


def _wrong_rows(
    table: pd.DataFrame, schema: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, pd.Series[bool]]]:
    """Yield what rows can have wrong, and which of them do."""
    for field in schema["fields"]:
        name, cells = field["name"], table[field["name"]]
        typed = {} if field["type"] == "string" else {"type": field["type"]}
        for kind, limit in {**typed, **field.get("constraints", {})}.items():
            if kind not in _HELD:
                raise TableError(f"the constraint {kind!r} is not known", cell=f"schemas.yml, {name}")
            wrong = ~_HELD[kind](cells, limit)
            yield f"{name} breaks {kind}: {limit}", wrong if kind == "required" else wrong & (cells != "")
    key = schema["primaryKey"]
    yield f"the same {', '.join(key)} as an earlier line", table.duplicated(key)
    for foreign in schema.get("foreignKeys", ()):
        [column], other = foreign["fields"], foreign["reference"]
        referred = tables[other["resource"]][other["fields"][0]]
        yield f"{column} is not in the table {other['resource']}", (table[column] != "") & ~table[column].isin(referred)


def _numbers(cells: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(cells, errors="coerce")


_TYPES = {"integer": "-?[0-9]+", "number": r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?"}
_HELD: Mapping[str, Callable[[pd.Series[str], Any], pd.Series[bool]]] = {
    "type": lambda cells, name: cells.str.fullmatch(_TYPES[name]),
    "required": lambda cells, wanted: (cells != "") | (not wanted),
    "unique": lambda cells, wanted: ~(cells.duplicated() & wanted),
    "enum": lambda cells, known: cells.isin([str(value) for value in known]),
    "pattern": lambda cells, pattern: cells.str.fullmatch(pattern),
    "minimum": lambda cells, least: _numbers(cells) >= least,
    "maximum": lambda cells, most: _numbers(cells) <= most,
}
"""Whether each cell that is filled is as a constraint of Table Schema wants it."""


def _resource(
    name: str, path: Path, table: Mapping[str, Any], common: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    fields: dict[str, Mapping[str, Any]] = {field: own or common[field] for field, own in table["champs"].items()}
    columns = list(pd.read_csv(path, nrows=0).columns)
    if columns != list(fields):
        raise TableError(f"its columns are {', '.join(columns)}, its schema says {', '.join(fields)}", cell=path.name)
    keys = [
        {"fields": [field], "reference": {"resource": own["reference"], "fields": [_KEYS[own["reference"]]]}}
        for field, own in fields.items()
        if "reference" in own
    ]
    schema = {
        "fields": [_field(field, own) for field, own in fields.items()],
        "missingValues": [""],
        "primaryKey": table["cle"],
        **({"foreignKeys": keys} if keys else {}),
    }
    return {
        "name": name,
        "title": table["titre"],
        "description": table["description"],
        "path": f"clean/{path.name}",
        "type": "table",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": schema,
    }


def _field(name: str, own: Mapping[str, Any]) -> dict[str, Any]:
    said = {"type": "type", "description": "description", "unite": "unite", "contraintes": "constraints"}
    return {"name": name} | {word: own[key] for key, word in said.items() if key in own}
