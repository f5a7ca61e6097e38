"""What is known of every scenario whatever the unpublished index, kept: the sheets and the simulator read it.

`identification.json`, in the data folder, holds a line a scenario with the print of all that it was found from.
`python -m cdppe_analysis.studies.atlas` finds again what is of other inputs; `cdppe check` names it, and no page shows
it. Known drawback: the print is of the inputs, so that what a change of the method would move is seen by a test alone.
"""

from __future__ import annotations

import json
import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.calibration.identification import STEPS
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, TableError
from cdppe_analysis.simulation.record import digest, short
from cdppe_analysis.storage.files import read_json, write_text
from cdppe_analysis.studies.identification import ERROR, Identification, identify
from cdppe_analysis.studies.preparation import Prepared, prepare

FILE = "identification.json"
"""The name of the file in the data folder."""

_TABLES = {"table": "table", "overall": "ensemble", "information": "information"}
"""The tables of an identification, by attribute, and their names in the store."""
_CENT = 2
_MILLIONTHS = 1e6


def _print_of(prepared: Prepared) -> str:
    """Return the print of all that the identification of a scenario depends on."""
    said = prepared.scenario.mapping()
    return short(
        digest(
            {
                "regles": [rule.mapping() for rule in (prepared.base, prepared.rule)],
                "codes": [list(rule.beneficiaires) for rule in (prepared.base, prepared.rule)],
                "scenario": {name: said.get(name) for name in ("hypotheses", "incertitudes")},
                "tables": {name: digest(table) for name, table in prepared.tables.items()},
                "erreurs": [ERROR, *STEPS],
            }
        )
    )


@dataclass(frozen=True)
class Store:
    """What a data folder keeps, by scenario."""

    kept: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, data: Data) -> Store:
        """Return what a data folder keeps; nothing where it has no such file.

        Raises
        ------
        TableError
            When the file is no such store.
        """
        path = data.folder / FILE
        if not path.is_file():
            return cls({})
        try:
            content = read_json(path)
            return cls({name: {"empreinte": kept["empreinte"], **kept} for name, kept in content.items()})
        except (TypeError, KeyError) as error:
            raise TableError(f"{FILE} is no store of identifications", cell=str(path)) from error

    def identification(self, prepared: Prepared) -> Identification | None:
        """Return what is kept of a scenario; `None` where nothing is, or what is kept was found from other inputs."""
        name = prepared.scenario.id
        kept = self.kept.get(name, {})
        if "table" not in kept or self.is_stale(prepared):
            return None
        frames: dict[str, Any] = {part: pd.DataFrame(kept[name]) for part, name in _TABLES.items()}
        numbers = dict.fromkeys(("montant_publie", "rupture", "tient"), "float64")
        frames["table"] = frames["table"].astype(numbers)
        return Identification(name, tuple(kept["perimetres"]), kept["erreur"], **frames)

    def is_stale(self, prepared: Prepared) -> bool:
        """Whether what is kept of a scenario was found from other inputs."""
        kept = self.kept.get(prepared.scenario.id)
        return kept is not None and kept["empreinte"] != _print_of(prepared)

    def lacks(self, prepared: Prepared) -> bool:
        """Whether a scenario is to be found: anew, or for the first time."""
        if prepared.scenario.id not in self.kept:
            return prepared.deduced is not None
        return self.is_stale(prepared)


def kept_atlas(data: Data | None = None) -> dict[str, Identification]:
    """Return what is kept of every scenario, by its identifier, without what other inputs gave.

    Examples
    --------
    >>> kept_atlas()["plancher-200k"].table["nature"].unique().tolist()
    ['connu']
    """
    opened = data or Data.open()
    store, atlas = Store.read(opened), {}
    for name in opened.scenario_ids() if store.kept else ():
        kept = store.identification(prepare(opened.scenario(name), opened))
        if kept is not None:
            atlas[name] = kept
    return atlas


def _keep(data: Data | None = None) -> tuple[str, ...]:
    """Find what is not kept or is stale, write the store, and return the scenarios found."""
    opened = data or Data.open()
    store, names = Store.read(opened), opened.scenario_ids()
    stale = [name for name in names if store.lacks(prepare(opened.scenario(name), opened))]
    with ProcessPoolExecutor() as workers:
        kept = store.kept | dict(zip(stale, workers.map(partial(_found, opened.folder), stale), strict=True))
    lines = [
        f"{json.dumps(name)}: {json.dumps(kept[name], ensure_ascii=False, separators=(',', ':'))}"
        for name in names
        if name in kept
    ]
    write_text(opened.folder / FILE, "{\n" + ",\n".join(lines) + "\n}\n")
    return tuple(stale)


def _found(folder: Path, name: str) -> dict[str, Any]:
    """Return what is kept of a scenario: its table in whole cents, or why it cannot be identified."""
    data = Data.open(folder)
    prepared = prepare(data.scenario(name), data)
    print_ = _print_of(prepared)
    try:
        identification = identify(prepared)
    except CdppeError as error:
        return {"empreinte": print_, "refus": str(error)}
    return {"empreinte": print_, **_written(identification)}


def _written(identification: Identification) -> dict[str, Any]:
    euros = [name for name in identification.table.columns if name.startswith(("bas", "haut", "montant"))]
    table = identification.table.round(dict.fromkeys(euros, _CENT))
    # Cut, not rounded: below what is kept the sign does hold.
    for name in ("rupture", "tient"):
        table[name] = [
            math.floor(value * _MILLIONTHS) / _MILLIONTHS if value == value else value for value in table[name]
        ]
    frames = vars(identification) | {"table": table, "overall": identification.overall.round(_CENT)}
    columns = {
        name: {
            column: values.astype(object).where(values.notna(), None).tolist()
            for column, values in frames[part].items()
        }
        for part, name in _TABLES.items()
    }
    return {"perimetres": list(identification.perimeters), "erreur": identification.error, **columns}


if __name__ == "__main__":
    print(*_keep(), sep="\n")
