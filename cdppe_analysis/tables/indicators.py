"""The indicators of the objectives of 2025 that published series allow: the table `indicateurs.csv`.

Source of the definitions: instruction DGCS/SD2B/DGS/SP1/2025/60, annex 1, objectives 7, 10 and 12. The series are those
of the DREES (`criteres.csv`, and `series.csv` for what its workbooks alone hold); the value of the whole of France,
without a code, is that of the sum of the départements.

Known drawback: hardly an indicator is the instruction's own to the letter; `indicators.yml` says what each lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables.estimates import Published

_YEARS = range(2015, 2023)
_SERIES = "drees-ase-series-1996-2022"
_YOUNG_ADULTS = "drees-aide-sociale-2020"


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
    lookup = Published(criteria)
    frames = [_rows("part_mesures_domicile", year, *_home_measures(lookup, year), _SERIES) for year in _YEARS]
    placed, at_home = (lookup.values(name, 2020, _YOUNG_ADULTS) for name in ("ase_apjm", "ase_aed_jeunes_majeurs"))
    in_care = lookup.values("ase_enfants_accueillis", 2020, _SERIES)
    frames.append(_rows("mesures_jeunes_majeurs", 2020, placed + at_home, None, _YOUNG_ADULTS))
    frames.append(_rows("jeunes_majeurs_pour_100_accueillis", 2020, placed + at_home, in_care, _YOUNG_ADULTS))
    named = series.rename(columns={"serie": "critere", "annee": "millesime"})
    others = Published(pd.concat([criteria, named], ignore_index=True))
    for name, own in definitions().items():
        for year in own.get("annees", ()):
            above = others.values(own["serie"], year, own["edition"])
            below = others.values(own["rapportee_a"], year, own["edition"]) if "rapportee_a" in own else None
            frames.append(_rows(name, year, above, below, own["edition"]))
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["indicateur", "annee", "code_departement"], na_position="first", ignore_index=True)


def _home_measures(lookup: Published, year: int) -> tuple[pd.Series, pd.Series]:
    at_home = lookup.values("ase_aed", year, _SERIES) + lookup.values("ase_aemo", year, _SERIES)
    return at_home, at_home + lookup.values("ase_enfants_accueillis", year, _SERIES)


def _rows(indicateur: str, year: int, above: pd.Series, below: pd.Series | None, source: str) -> pd.DataFrame:
    whole = pd.Series({None: above.sum()})
    if below is None:
        values = pd.concat([whole, above])
    else:
        ratio = above / below.where(below > 0)
        values = 100 * pd.concat([pd.Series({None: above.sum() / below.sum()}), ratio])
    return pd.DataFrame(
        {
            "indicateur": indicateur,
            "objectif": definitions()[indicateur]["objectif"],
            "code_departement": values.index,
            "annee": year,
            "valeur": values.round(6).to_numpy(),
            "unite": definitions()[indicateur]["unite"],
            "statut": "derive",
            "source": source,
        }
    )
