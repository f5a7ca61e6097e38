"""The record of a run: what went in, bound by hashes to what came out.

Two people compare the two short prints of their records: the print of the inputs (rule, scenario, tables, draws,
seed, versions) and that of the result. A hash is the SHA-256 of a canonical text: JSON with sorted keys for mappings,
comma separated values with the shortest decimals that read back to the same numbers for tables. The result is bound
at the cent, so that the last bit of a float, which may differ from one processor to another, does not tell two runs
apart.

A record holds neither a date nor a path. Known drawback: it holds the hashes of the tables and not the tables, so
that it is run again on a copy of the data with the same hashes.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import metadata
from typing import Any

import pandas as pd

from cdppe_analysis import __version__
from cdppe_analysis.errors import ScenarioError

VERSION = 1
"""The version of the layout of a record."""

_LIBRARIES = ("numpy", "pandas", "scipy", "numba")
"""Those whose version the numbers may depend on."""
_KEYS = ("version_du_registre", "entrees", "empreinte_des_entrees", "resultat", "empreinte_du_resultat")
_PRINTED = 12
_CENT = 2


@dataclass(frozen=True)
class _Verdict:
    """What a second run says of a record.

    Parameters
    ----------
    different_inputs
        The inputs that are not those of the record.
    identical
        Whether the result is, to the cent.
    gap
        The largest difference between two numbers of the results; NaN where they do not have one layout.
    """

    different_inputs: tuple[str, ...]
    identical: bool
    gap: float


def digest(value: Any) -> str:
    """Return the SHA-256 of a mapping, a table or a text, in hexadecimal.

    Examples
    --------
    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    True
    """
    if isinstance(value, pd.DataFrame):
        text = value.to_csv(index=False, lineterminator="\n")
    elif isinstance(value, str):
        text = value
    else:
        text = _canonical(value)
    return hashlib.sha256(text.encode()).hexdigest()


def short(print_: str) -> str:
    """Return the beginning of a hash, enough to compare two of them by eye."""
    return print_[:_PRINTED]


def make_record(
    *,
    rule: Mapping[str, Any],
    scenario: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    draws: int,
    seed: int | None,
    result: pd.DataFrame,
) -> dict[str, Any]:
    """Return the record of a run.

    Parameters
    ----------
    rule, scenario
        The mappings of their files.
    tables
        The tables that were read, by name.
    draws, seed
        0 and `None` for a run without uncertainty.
    result
        What came out; its floats are rounded to the cent.
    """
    inputs = {
        "regle": json.loads(_canonical(rule)),
        "scenario": json.loads(_canonical(scenario)),
        "tables": {name: digest(table) for name, table in sorted(tables.items())},
        "tirages": draws,
        "graine": seed,
        "versions": {
            "cdppe-analysis": __version__,
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in _LIBRARIES},
        },
    }
    rows = _rows(result)
    return {
        "version_du_registre": VERSION,
        "entrees": inputs,
        "empreinte_des_entrees": digest(inputs),
        "resultat": rows,
        "empreinte_du_resultat": digest({"entrees": digest(inputs), "resultat": rows}),
    }


def check_record(record: Any, place: str) -> dict[str, Any]:
    """Check that a record is one, and that its hashes are those of what it holds.

    Raises
    ------
    ScenarioError
        When a key is missing, the layout is of another version, or the record was changed.
    """
    if not isinstance(record, dict) or any(key not in record for key in _KEYS):
        raise ScenarioError(f"this is no record of a run: it needs the keys {', '.join(_KEYS)}", cell=place)
    if record["version_du_registre"] != VERSION:
        raise ScenarioError(
            f"the layout of this record is {record['version_du_registre']!r}, not {VERSION}", cell=place
        )
    inputs = record["entrees"]
    needed = ("regle", "scenario", "tables", "tirages", "graine", "versions")
    if not isinstance(inputs, dict) or any(key not in inputs for key in needed):
        raise ScenarioError(f"the inputs of this record need {', '.join(needed)}", cell=place)
    if digest(inputs) != record["empreinte_des_entrees"]:
        raise ScenarioError("the inputs of this record were changed: their hash is another", cell=place)
    bound = digest({"entrees": digest(inputs), "resultat": record["resultat"]})
    if bound != record["empreinte_du_resultat"]:
        raise ScenarioError("the result of this record was changed: its hash is another", cell=place)
    return record


def verdict(before: Mapping[str, Any], after: Mapping[str, Any]) -> _Verdict:
    """Compare two records of one run."""
    old, new = before["entrees"], after["entrees"]
    different = []
    for key in old:
        if key in ("tables", "versions"):
            names = sorted({*old[key], *new[key]})
            different += [f"{key}.{name}" for name in names if old[key].get(name) != new[key].get(name)]
        elif old[key] != new[key]:
            different.append(key)
    identical = before["resultat"] == after["resultat"]
    return _Verdict(
        tuple(different), identical, 0.0 if identical else _largest_gap(before["resultat"], after["resultat"])
    )


def _rows(result: pd.DataFrame) -> dict[str, Any]:
    rounded = result.copy()
    for name in rounded.columns[rounded.dtypes == "float64"]:
        rounded[name] = rounded[name].round(_CENT) + 0.0
    cells = rounded.astype(object).where(rounded.notna(), None)
    rows = cells.itertuples(index=False, name=None)
    return {
        "colonnes": [str(name) for name in rounded.columns],
        "lignes": [[cell.item() if hasattr(cell, "item") else cell for cell in row] for row in rows],
    }


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_written)


def _written(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in a record")


def _largest_gap(before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    if before["colonnes"] != after["colonnes"] or len(before["lignes"]) != len(after["lignes"]):
        return float("nan")
    worst = 0.0
    for old, new in zip(before["lignes"], after["lignes"], strict=True):
        for one, other in zip(old, new, strict=True):
            if one == other:
                continue
            if not isinstance(one, int | float) or not isinstance(other, int | float):
                return float("nan")
            worst = max(worst, abs(one - other))
    return worst
