"""The description of the clean tables, `data/datapackage.json`: a Frictionless data package, a Table Schema a table.

The words are those of `data/schemas.yml`; the bytes, hashes and licences are those of the files and of the catalogue.
A description is made for the tables that are there, and a table that no schema describes is an error.

Known drawback: Table Schema knows no unit; it is the property `unite` of a field, which other readers ignore.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources.corrections import Archive
from cdppe_analysis.storage.files import sha256, write_text

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


def write_datapackage(archive: Archive) -> Path:
    """Write the description beside the folder of the clean tables, and return its path."""
    path = archive.folder / FILE
    write_text(path, written(describe(archive)))
    return path


def validate(package: Path) -> list[str]:
    """Return what the Frictionless validator says against the tables, nothing when all is right.

    Types, constraints, primary and foreign keys, bytes and hashes are validated, on every row.

    Parameters
    ----------
    package
        The folder of the description.
    """
    # Otherwise jsonschema compiles, for a second, the grammars of international addresses, which no table of ours has.
    unused = sys.modules.setdefault("rfc3987_syntax", None) is None  # type: ignore[arg-type]
    from frictionless import Package

    import_module("jsonschema")
    if unused:
        del sys.modules["rfc3987_syntax"]
    path = package / FILE
    if not path.is_file():
        return [f"there is no {FILE}"]
    report = Package(str(path)).validate()
    return [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


def check(archive: Archive) -> list[tuple[str, bool, str]]:
    """Return the checks of the description: name, whether it passes, what is wrong or how much was seen."""
    path = archive.folder / FILE
    current = path.is_file() and path.read_text(encoding="utf-8") == written(describe(archive))
    described = (FILE, current, "describes the clean tables" if current else "is not what the clean tables give")
    if find_spec("frictionless") is None:
        return [described, ("frictionless", True, "not validated: the extra 'documents' is not installed")]
    said = validate(archive.folder)
    tables = len(list((archive.folder / "clean").glob("*.csv")))
    return [described, ("frictionless", not said, "; ".join(said) or f"{tables} tables valid")]


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
