"""The certain signs of the ready scenarios, whatever the unpublished index: `studies.identification`, kept.

To identify a scenario is some ten linear programs a département, and minutes for all: `signs.json` beside this file
keeps what was found, and `python -m cdppe_analysis.simulator.signs` writes it again. A test finds some of it anew.

Known drawback: only the scenarios that were looked at have signs; the page says nothing of the sign of the others.
"""

from __future__ import annotations

import json
import math
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from cdppe_analysis.calibration.identification import STEPS
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError
from cdppe_analysis.storage.writing import write_text
from cdppe_analysis.studies.identification import identify

KEPT = Path(__file__).with_name("signs.json")
"""The signs that the package carries."""


def signs_of(scenario: str) -> dict[str, list[Any]]:
    """Return, by code, the sign (`gain`, `perte`, `inchange`, `incertain`) and the error of the counts that breaks it.

    The error is cut to a ten-thousandth, and `None` where no error that is looked at breaks the sign. A scenario of
    which nothing can be identified has no signs.
    """
    try:
        table = identify(scenario).table
    except CdppeError:
        return {}
    return {
        str(row.code_departement): [row.sens, None if math.isnan(row.rupture) else math.floor(row.rupture * 1e4) / 1e4]
        for row in table.itertuples()
        if isinstance(row.sens, str)
    }


def kept_signs() -> dict[str, Any]:
    """Return the kept signs by scenario, and the largest error that was looked at."""
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def _keep() -> None:
    names = Data.open().scenario_ids()
    with ProcessPoolExecutor() as workers:
        found = {name: signs for name, signs in zip(names, workers.map(signs_of, names), strict=True) if signs}
    text = json.dumps({"erreur_maximale": float(STEPS[-1]), "scenarios": found}, separators=(",", ":"))
    write_text(KEPT, text.replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    _keep()
