"""The words and rows of the sheet of a région: its départements, its need, its PMI, what other rules would give it.

Known drawback: an interval of the sum of several départements is not drawn; those of each are in its own sheet.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from cdppe_analysis.sheets.dossier import INDICATORS, Alternative, Dossier
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, Departement
from cdppe_analysis.typography import counted, euros, interval, number, percent

_SHORT = 6
"""Most départements of a région whose sheet is printed in larger letters, so that its two pages are filled."""


def region_values(code: str, dossier: Dossier) -> dict[str, Any]:
    """Return what the template of a région asks for.

    Parameters
    ----------
    code
        INSEE's code of the région.
    dossier
        What the sheets draw from.
    """
    places = [place for place in DEPARTEMENTS.values() if place.code_region == code]
    units = list(dict.fromkeys(dossier.unit(place.code) for place in places))
    concerned = [unit for unit in units if unit in dossier.published]
    total = sum(dossier.published[unit] for unit in concerned)
    name = REGIONS[code]
    extensions = [alternative for alternative in dossier.scenarios if alternative.extended]
    sums = {
        alternative.id: sum(_extension_amount(alternative, place.code) for place in places)
        for alternative in extensions
    }
    return {
        "nom": name,
        "phrase": _region_sentence(name, concerned, len(places), total, dossier),
        "departements": [_region_row(place, dossier, extensions) for place in places],
        "extensions": [alternative.title for alternative in extensions],
        "total": {
            "enfants": number(sum(round(dossier.children[place.code]) for place in places)),
            "montant": euros(total) if concerned else "—",
            "extensions": [euros(sums[alternative.id]) for alternative in extensions],
        },
        "court": len(places) <= _SHORT,
        "alternatives": _region_alternatives(concerned, places, dossier) if concerned else [],
        "besoin": _region_need(places, concerned, total, dossier),
        "indicateurs": [words for words, _ in INDICATORS.values()],
        "cibles": [dossier.target(goal) for _, goal in INDICATORS.values()],
        "pmi": [
            {"nom": unit.libelle, "taux": [row["bref"] for row in dossier.pmi_rows(unit)]}
            for unit in dict.fromkeys(dossier.rated_unit(place) for place in places)
        ],
    }


def _region_sentence(name: str, concerned: list[str], count: int, total: int, dossier: Dossier) -> str:
    if not concerned:
        return (
            f"Aucun département de la région {name} n’est dans la première vague, en 2020. Cette fiche dit ce qu’une "
            "extension donnerait."
        )
    share = percent(total / float(dossier.allocation.rule.enveloppe))
    protected = sum(dossier.children[unit] for unit in concerned)
    children = percent(protected / sum(dossier.children[unit] for unit in dossier.published))
    return (
        f"{counted(len(concerned), 'bénéficiaire')} de la première vague, en 2020, pour "
        f"{counted(count, 'département')} : {euros(total)} au titre de l’ONDAM médico-social, soit {share} de "
        f"l’enveloppe, pour {children} des enfants accueillis par les {number(len(dossier.published))} bénéficiaires."
    )


def _region_row(place: Departement, dossier: Dossier, extensions: list[Alternative]) -> dict[str, Any]:
    unit = dossier.unit(place.code)
    amount = dossier.published.get(unit)
    children = dossier.children[unit if amount is not None else place.code]
    return {
        "fichier": f"{place.code}.html",
        "nom": f"{place.libelle} ({place.code})",
        "enfants": number(round(dossier.children[place.code]))
        + (" (estimation)" if place.code in dossier.estimated else ""),
        "montant": "hors vague" if amount is None else euros(amount) + (" (Corse)" if unit != place.code else ""),
        "par_enfant": "—" if amount is None else euros(round(amount / children)),
        "extensions": [euros(_extension_amount(alternative, place.code)) for alternative in extensions],
    }


def _region_alternatives(concerned: list[str], places: list[Departement], dossier: Dossier) -> list[dict[str, str]]:
    rows, before = [], sum(dossier.published[unit] for unit in concerned)
    for alternative in dossier.scenarios:
        codes = [place.code for place in places] if alternative.extended else concerned
        after = sum(round(amount) for amount in alternative.amounts.loc[codes, "apres"])
        rows.append(
            {
                "titre": alternative.title,
                "apres": euros(after),
                "ecart": euros(after - before, signed=True),
                "places": number(after / float(dossier.needs.service.cost_of_a_place), 1),
            }
        )
    return rows


def _extension_amount(one: Alternative, code: str) -> int:
    """Return the amount of a row in whole euros, as it is printed: a printed total is the sum of the printed rows."""
    return round(float(one.amounts["apres"].loc[code]))


def _region_need(places: list[Departement], concerned: list[str], total: int, dossier: Dossier) -> list[str]:
    needs = dossier.needs
    children = sum(dossier.children[place.code] for place in places)
    low, high = (round(children * float(bound)) for bound in needs.prevalence)
    lines = [
        f"{number(round(children))} enfants et jeunes étaient accueillis par l’ASE fin 2017 dans la région"
        f"{' (estimation)' if dossier.estimated & {place.code for place in places} else ''}. Avec la "
        f"prévalence nationale ({dossier.prevalence}, estimation de 2015), {interval(low, high)} d’entre eux "
        "seraient en situation de handicap."
    ]
    if concerned:
        paid = float(needs.service.places_for(Fraction(total)))
        lines.append(
            f"Au coût d’un « SESSAD ASE » ({number(needs.service.places)} places pour "
            f"{euros(needs.service.cost_a_year)} par an), les montants de 2020 paient {number(paid, 1)} places."
        )
    return lines
