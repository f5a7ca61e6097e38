"""The indicators of the objectives of 2025 that published series allow: the table `indicateurs.csv`.

Source of the definitions: instruction DGCS/SD2B/DGS/SP1/2025/60, annex 1, objectives 7, 10 and 12. The series are those
of the DREES (`criteres.csv`, and `series.csv` for what its workbooks alone hold); the value of the whole of France,
without a code, is that of the sum of the départements.

Known drawback: hardly an indicator is the instruction's own to the letter; `indicators.yml` says what each lacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables.estimates import Published


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """Return what `indicators.yml` says of each indicator, by name."""
    return dict(read_yaml(Path(__file__).with_suffix(".yml"), TableError))


def build(criteria: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators, by département and for the whole of France.

    Parameters
    ----------
    criteria, series
        The tables `criteres.csv` (or its published rows) and `series.csv`.

    Returns
    -------
    DataFrame
        Columns of the schema; `code_departement` is missing for the whole of France; status `derive`.
    """
    named = series.rename(columns={"serie": "critere", "annee": "millesime"})
    lookup = Published(pd.concat([criteria, named], ignore_index=True))
    table = pd.concat(
        [_rows(name, own, year, lookup) for name, own in definitions().items() for year in own["annees"]],
        ignore_index=True,
    )
    return table.sort_values(["indicateur", "annee", "code_departement"], na_position="first", ignore_index=True)


def _rows(indicateur: str, own: Mapping[str, Any], year: int, lookup: Published) -> pd.DataFrame:
    edition = own["edition"]
    above = _added(lookup, own["series"], year, edition)
    values = pd.concat([pd.Series({None: above.sum()}), above])
    if "rapportees_a" in own:
        below = _added(lookup, own["rapportees_a"], year, own.get("edition_rapportee", edition))
        ratio = above / below.where(below > 0)
        values = 100 * pd.concat([pd.Series({None: above.sum() / below.sum()}), ratio])
    return pd.DataFrame(
        {
            "indicateur": indicateur,
            "objectif": own["objectif"],
            "code_departement": values.index,
            "annee": year,
            "valeur": values.round(6).to_numpy(),
            "unite": own["unite"],
            "statut": "derive",
            "source": edition,
        }
    )


def _added(lookup: Published, series: Sequence[str], year: int, edition: str) -> pd.Series[float]:
    first, *others = (lookup.values(name, year, edition) for name in series)
    return sum(others, first)
