"""The PMI indicators of a département beside the targets: what sheets print of them.

A gap to a target is told only where both count the same: the target of the midwives' visits is for visits before or
after birth together, and that of the nursery school is for an examination narrower than the assessment that is counted.
A rate that is not known says why, and is never shown as 0.
"""

from __future__ import annotations

import pandas as pd

from cdppe_analysis.sheets.dossier import Dossier
from cdppe_analysis.territories import CORSE, Departement, components, departement
from cdppe_analysis.typography import number, with_unit

YEARS = (2022, 2023)
"""The years that are printed."""

INDICATORS = {
    "epp": ("Entretien prénatal précoce", "epp"),
    "epnp": ("Entretien postnatal", "epnp"),
    "vad_prenatale": ("Visites prénatales de sage-femme", "vad_sage_femme"),
    "vad_postnatale": ("Visites postnatales de sage-femme", "vad_sage_femme"),
    "vad_infirmiere": ("Visites de puéricultrice", "vad_infirmiere"),
    "consultation": ("Consultations, moins de 6 ans", "consultation"),
    "bilan_maternelle": ("Bilan de santé en maternelle", "examen_sante_maternelle"),
}
"""The indicators: their words, and the target beside which they stand."""

_OTHERWISE_COUNTED = {
    "vad_sage_femme": "cible commune aux deux",
    "examen_sante_maternelle": "cible plus étroite",
}
_UNREAD = {
    "nd": ("non disponible", "n. d."),
    "discordant": ("double valeur", "double"),
    "indeterminable": ("illisible", "illisible"),
}


def rated_unit(place: Departement) -> Departement:
    """Return the unit whose rates the annex prints for a département: the collectivité for both of Corse."""
    return departement(CORSE) if place.code in components(CORSE) else place


def pmi_rows(place: Departement, dossier: Dossier) -> list[dict[str, str]]:
    """Return a row an indicator: its words, the rate of each year, the last one in brief, the target, the gap to it."""
    rows = dossier.pmi[dossier.pmi["code_departement"].eq(rated_unit(place).code)].set_index(["indicateur", "annee"])
    return [
        {
            "nom": words,
            **{f"a{year}": _rate(rows.T[(name, year)]) for year in YEARS},
            "bref": _rate(rows.T[(name, YEARS[-1])], short=True),
            "cible": target(goal, dossier),
            "ecart": _gap(rows.T[(name, YEARS[-1])], goal, dossier),
        }
        for name, (words, goal) in INDICATORS.items()
    ]


def target(name: str, dossier: Dossier) -> str:
    """Return a target as it is printed; nothing where there is none."""
    rows = dossier.cibles[dossier.cibles["repere"].eq(name)]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    if pd.isna(row["valeur"]):
        return f"{number(int(row['borne_basse']))} à {with_unit(int(row['borne_haute']), '%')}"
    return with_unit(int(row["valeur"]), "%")


def _rate(row: pd.Series, *, short: bool = False) -> str:
    if pd.isna(row["valeur"]):
        return _UNREAD[str(row["statut"])][short]
    return with_unit(int(row["valeur"]), "%")


def _gap(row: pd.Series, goal: str, dossier: Dossier) -> str:
    if goal in _OTHERWISE_COUNTED:
        return _OTHERWISE_COUNTED[goal]
    aimed = dossier.cibles.loc[dossier.cibles["repere"].eq(goal), "valeur"]
    if pd.isna(row["valeur"]) or aimed.empty or pd.isna(aimed.iloc[0]):
        return "—"
    gap = int(row["valeur"]) - int(aimed.iloc[0])
    if gap >= 0:
        return "atteinte"
    return with_unit(gap, "points" if gap < -1 else "point")
