"""The indicators of the objectives of 2025 that published series allow: the table `indicateurs.csv`.

Source of the definitions: instruction DGCS/SD2B/DGS/SP1/2025/60, annex 1, objectives 7 and 10. The series are those of
the DREES (`criteres.csv`); the value of the whole of France, without a code, is that of the sum of the départements.

Known drawback: neither indicator is the instruction's own to the letter; `INDICATORS` says of each what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cdppe_analysis.tables.estimates import Published

YEARS = tuple(range(2015, 2023))
COLUMNS = ("indicateur", "objectif", "code_departement", "annee", "valeur", "unite", "statut", "source")
_SERIES = "drees-ase-series-1996-2022"
_YOUNG_ADULTS = "drees-aide-sociale-2020"


@dataclass(frozen=True)
class Indicator:
    """An indicator: the objective of 2025 that it follows, what it computes, what the instruction asks for besides."""

    objectif: int
    unite: str
    formule: str
    definition: str
    manque: str


INDICATORS: Mapping[str, Indicator] = {
    "part_mesures_domicile": Indicator(
        7,
        "%",
        "(AED + AEMO) / (AED + AEMO + enfants accueillis), au 31 décembre",
        "part des actions éducatives dans l'ensemble des mesures : actions éducatives et placements",
        "Les enfants accueillis comprennent de jeunes majeurs, et un enfant peut avoir deux mesures. "
        "Les parts d'accueils chez un tiers digne de confiance, chez un bénévole et en famille d'accueil ne sont pas "
        "dans les séries.",
    ),
    "mesures_jeunes_majeurs": Indicator(
        10,
        "mesures",
        "APJM + AED de jeunes majeurs, au 31 décembre 2020",
        "mesures des jeunes majeurs rapportées aux mesures des jeunes de 17 ans l'année précédente",
        "Les mesures par âge ne sont pas dans les séries : le numérateur seul est connu, et pour la seule année 2020.",
    ),
    "jeunes_majeurs_pour_100_accueillis": Indicator(
        10,
        "mesures pour 100 enfants accueillis",
        "100 x (APJM + AED de jeunes majeurs) / enfants accueillis, au 31 décembre 2020",
        "mesures des jeunes majeurs rapportées aux mesures des jeunes de 17 ans l'année précédente",
        "Le dénominateur est l'ensemble des enfants accueillis, non les jeunes de 17 ans : le niveau n'est pas "
        "comparable, le classement des départements l'est avec prudence.",
    ),
}
"""The indicators by name."""


def build(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators, by département and for the whole of France.

    Parameters
    ----------
    criteria
        The table `criteres.csv`, or its published rows.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`; `code_departement` is missing for the whole of France; status `derive`.
    """
    lookup = Published(criteria)
    frames = [_rows("part_mesures_domicile", year, *_home_measures(lookup, year), _SERIES) for year in YEARS]
    young = lookup.values("ase_apjm", 2020, _YOUNG_ADULTS) + lookup.values(
        "ase_aed_jeunes_majeurs", 2020, _YOUNG_ADULTS
    )
    in_care = lookup.values("ase_enfants_accueillis", 2020, _SERIES)
    frames.append(_rows("mesures_jeunes_majeurs", 2020, young, None, _YOUNG_ADULTS))
    frames.append(_rows("jeunes_majeurs_pour_100_accueillis", 2020, young, in_care, _YOUNG_ADULTS))
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
            "objectif": INDICATORS[indicateur].objectif,
            "code_departement": values.index,
            "annee": year,
            "valeur": values.round(6).to_numpy(),
            "unite": INDICATORS[indicateur].unite,
            "statut": "derive",
            "source": source,
        }
    )
