"""The indicators of the objectives of 2025 that published series allow: the table `indicateurs.csv`.

Source of the definitions: instruction DGCS/SD2B/DGS/SP1/2025/60, annex 1, objectives 7, 10 and 12. The series are those
of the DREES (`criteres.csv`, and `series.csv` for what its workbooks alone hold); the value of the whole of France,
without a code, is that of the sum of the départements.

Known drawback: hardly an indicator is the instruction's own to the letter; `INDICATORS` says of each what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cdppe_analysis.tables.estimates import Published

YEARS = tuple(range(2015, 2023))
_SERIES = "drees-ase-series-1996-2022"
_YOUNG_ADULTS = "drees-aide-sociale-2020"
_LONG, _SPENDING = "drees-ase-series-1996-2020", "drees-depenses-series-1999-2020"


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
    "part_tiers_digne_de_confiance": Indicator(
        7,
        "%",
        "100 x placements directs auprès d'un tiers digne de confiance / enfants accueillis, au 31 décembre 2020",
        "part d'enfants accueillis à l'ASE placés auprès d'un tiers digne de confiance",
        "Les enfants confiés à l'ASE puis accueillis chez un tiers ne sont pas comptés ; une seule année est publiée. "
        "L'accueil durable et bénévole n'est dans aucune série.",
    ),
    "part_familles_accueil": Indicator(
        7,
        "%",
        "100 x enfants placés en famille d'accueil / enfants accueillis, au 31 décembre",
        "part des enfants accueillis en famille d'accueil sur le total des enfants placés",
        "Les enfants accueillis comprennent de jeunes majeurs.",
    ),
    "enfants_villages": Indicator(
        7,
        "enfants et jeunes majeurs",
        "enfants confiés à l'ASE placés en village d'enfants, au 31 décembre 2020",
        "création de villages d'enfants",
        "Les enfants sont comptés, non les villages : un zéro peut être un village classé ailleurs.",
    ),
    "part_depenses_domicile": Indicator(
        7,
        "%",
        "100 x dépenses brutes d'actions éducatives / dépenses brutes totales d'ASE",
        "part des actions éducatives dans l'ensemble des mesures, mesurée ici en dépenses",
        "L'instruction compte des mesures, non des euros ; la dernière année par département est 2019.",
    ),
    "part_education_speciale": Indicator(
        12,
        "%",
        "100 x enfants en établissement d'éducation spéciale / enfants placés en établissement, au 31 décembre 2020",
        "l'instruction ne donne pas d'indicateur de l'objectif 12 ; celui-ci compte les enfants confiés à l'ASE qui "
        "vivent dans un établissement du handicap",
        "Un enfant en situation de handicap accueilli ailleurs n'est pas compté, et un zéro peut être une absence de "
        "réponse : le niveau n'est pas une prévalence.",
    ),
}
"""The indicators by name."""

_OF_WORKBOOKS: Mapping[str, tuple[str, str | None, str, tuple[int, ...]]] = {
    "part_tiers_digne_de_confiance": (
        "ase_tiers_digne_de_confiance", "ase_enfants_accueillis", _YOUNG_ADULTS, (2020,)
    ),
    "part_familles_accueil": ("ase_familles_accueil", "ase_enfants_accueillis", _LONG, (2017, 2018, 2019, 2020)),
    "enfants_villages": ("ase_village_enfants", None, _YOUNG_ADULTS, (2020,)),
    "part_depenses_domicile": (
        "depenses_ase_actions_educatives", "depenses_ase_brutes", _SPENDING, (2017, 2018, 2019)
    ),
    "part_education_speciale": ("ase_education_speciale", "ase_etablissements", _YOUNG_ADULTS, (2020,)),
}  # fmt: skip
"""Series above and below, edition and years of each indicator that `series.csv` gives."""


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
    frames = [_rows("part_mesures_domicile", year, *_home_measures(lookup, year), _SERIES) for year in YEARS]
    young = lookup.values("ase_apjm", 2020, _YOUNG_ADULTS) + lookup.values(
        "ase_aed_jeunes_majeurs", 2020, _YOUNG_ADULTS
    )
    in_care = lookup.values("ase_enfants_accueillis", 2020, _SERIES)
    frames.append(_rows("mesures_jeunes_majeurs", 2020, young, None, _YOUNG_ADULTS))
    frames.append(_rows("jeunes_majeurs_pour_100_accueillis", 2020, young, in_care, _YOUNG_ADULTS))
    named = series.rename(columns={"serie": "critere", "annee": "millesime"})
    others = Published(pd.concat([criteria, named], ignore_index=True))
    for name, (above, below, edition, years) in _OF_WORKBOOKS.items():
        for year in years:
            under = None if below is None else others.values(below, year, edition)
            frames.append(_rows(name, year, others.values(above, year, edition), under, edition))
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
