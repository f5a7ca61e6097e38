"""The words and rows of one sheet: of a département, or of a région.

Everything comes from the dossier; a value that is missing is said to be, with the reason, and never shown as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.figures.changes import waterfall
from cdppe_analysis.needs.stays import DAYS_A_YEAR
from cdppe_analysis.reporting.dossier import EXTENSIONS, Alternative, Dossier, waterfall_steps
from cdppe_analysis.reporting.layout import markup, render
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, Departement, components, departement
from cdppe_analysis.typography import NNBSP, euros, interval, number, percent

REGION = "R"
"""What a région's code is written with, since régions and départements share codes."""

_INDICATORS = {
    "epp": ("Entretien prénatal précoce", "epp"),
    "epnp": ("Entretien postnatal", "epnp"),
    "vad_prenatale": ("Visites prénatales de sage-femme", "vad_sage_femme"),
    "vad_postnatale": ("Visites postnatales de sage-femme", "vad_sage_femme"),
    "vad_infirmiere": ("Visites de puéricultrice", "vad_infirmiere"),
    "consultation": ("Consultations, moins de 6 ans", "consultation"),
    "bilan_maternelle": ("Bilan de santé en maternelle", "examen_sante_maternelle"),
}
_UNREAD = {
    "nd": "non disponible",
    "discordant": "deux valeurs imprimées",
    "indeterminable": "illisible",
}
_KINDS = {
    "obligatoire": "obligatoire",
    "facultatif": "facultatif",
    "un_des_trois_au_moins": "un des trois au moins",
}
_PURSES = {"fir": "FIR", "programme_304": "programme 304", "ondam_ms": "ONDAM médico-social"}


def sheet_codes() -> list[str]:
    """Return the codes of all sheets: the 101 départements, then the 18 régions."""
    return [*DEPARTEMENTS, *(f"{REGION}{code}" for code in REGIONS)]


def known_code(text: str) -> str:
    """Return the code of a sheet.

    Raises
    ------
    TerritoryError
        When it is none of the 101 départements nor of the 18 régions.

    Examples
    --------
    >>> known_code("59"), known_code("r32")
    ('59', 'R32')
    """
    code = text.strip().upper()
    if code.startswith(REGION):
        if code[1:] not in REGIONS:
            known = ", ".join(f"{REGION}{one} {name}" for one, name in REGIONS.items())
            raise TerritoryError(f"{text!r} is no code of a région; there are {known}", code=text)
        return code
    if code not in DEPARTEMENTS:
        found = departement(code)
        parts = ", ".join(components(code))
        raise TerritoryError(f"{found.libelle} has no sheet of its own; ask for {parts}", code=code)
    return code


def sheet_title(code: str) -> str:
    """Return the name of a territory with its code.

    Examples
    --------
    >>> sheet_title("59"), sheet_title("R32")
    ('Nord (59)', 'Hauts-de-France (région 32)')
    """
    if code.startswith(REGION):
        return f"{REGIONS[code[1:]]} (région {code[1:]})"
    return f"{DEPARTEMENTS[code].libelle} ({code})"


def render_sheet(code: str, dossier: Dossier, sheets: Iterable[dict[str, str]] = ()) -> str:
    """Return the page of a sheet.

    Parameters
    ----------
    code
        Of a département, or of a région after an R.
    dossier
        What the sheets draw from.
    sheets
        The other sheets, for the navigation: `fichier` and `titre`.

    Raises
    ------
    TerritoryError
        As `known_code`.
    """
    code = known_code(code)
    common = {
        "genre": "fiche",
        "titre": sheet_title(code),
        "fichier": f"{code}.html",
        "racine": "",
        "accueil": "index.html",
        "rapports": list(sheets),
        "menu": "Fiches",
        "pied": dossier.pied,
        "objectifs": _objectives(dossier),
        "tirages": number(dossier.tirages),
        "graine": dossier.graine,
    }
    if code.startswith(REGION):
        return render("fiche-region.html.j2", **_of_region(code[1:], dossier), **common)
    return render("fiche.html.j2", **_of_departement(DEPARTEMENTS[code], dossier), **common)


def _of_departement(place: Departement, dossier: Dossier) -> dict[str, Any]:
    unit = dossier.unit(place.code)
    concerned = unit in dossier.publies
    alternatives = [one for one in dossier.scenarios if concerned or one.id in EXTENSIONS]
    shown = [_alternative_row(one, place, unit, dossier) for one in alternatives]
    values: dict[str, Any] = {
        "nom": place.libelle,
        "region": place.libelle_region,
        "concerne": concerned,
        "collectif": departement(unit).libelle if unit != place.code else "",
        "pmi": _pmi_rows(place, dossier),
        "alternatives": [row for row in shown if row is not None],
        "besoin": _need(place, unit, dossier),
        "reserves": _caveats(place, concerned),
        "phrase": _sentence(place, unit, dossier),
    }
    if concerned:
        values |= {
            "montant": euros(dossier.publies[unit]),
            "recu": _received(unit, dossier),
            "criteres": _criteria_rows(unit, dossier),
            "bornes": _bounds_sentence(unit, dossier),
            "cascade": markup(_waterfall(unit, dossier)),
            "rangs": _standing(unit, dossier),
        }
    return values


def _sentence(place: Departement, unit: str, dossier: Dossier) -> str:
    if unit not in dossier.publies:
        return (
            f"{place.libelle} n’est pas parmi les 30 départements de la première vague, en 2020 : aucun montant n’y a "
            "été publié. Cette fiche dit ce qu’une extension donnerait."
        )
    name = departement(unit).libelle
    return (
        f"{name} est dans la première vague, en 2020 : {euros(dossier.publies[unit])} au titre de l’ONDAM "
        "médico-social, pour l’accompagnement des enfants protégés en situation de handicap."
    )


def _received(unit: str, dossier: Dossier) -> list[str]:
    published, exact = dossier.publies[unit], dossier.allocation.finaux[unit]
    share = percent(published / float(dossier.rule.enveloppe))
    lines = [
        f"Montant publié : {euros(published)}, soit {share} de l’enveloppe de {euros(dossier.rule.enveloppe)}.",
    ]
    if exact == published:
        lines.append("La règle, appliquée à ses critères, redonne ce montant à l’euro près.")
    else:
        lines.append(
            f"La règle, appliquée à ses critères, donne {euros(exact)} : l’écart de "
            f"{euros(exact - published, signed=True)} tient à l’arrondi, fait chacun pour soi dans la publication, "
            "dont le total dépasse l’enveloppe d’un euro."
        )
    return lines


def _criteria_rows(unit: str, dossier: Dossier) -> list[dict[str, str]]:
    table = dossier.allocation.table.set_index("code_departement")
    row, rows = table.loc[unit], []
    for criterion in dossier.rule.criteres:
        index = criterion.id == "igb"
        value, total = row[f"valeur_{criterion.id}"], table[f"valeur_{criterion.id}"].sum()
        rows.append(
            {
                "nom": f"{criterion.titre} ({criterion.millesime})",
                "valeur": "non publié" if index else number(round(value)),
                "total": "non publié" if index else number(round(total)),
                "part": percent(float(row[f"part_{criterion.id}"]), 2),
                "poids": percent(criterion.poids, 0),
                "montant": euros(round(float(dossier.rule.enveloppe) * float(row[f"part_ponderee_{criterion.id}"]))),
            }
        )
    return rows


def _bounds_sentence(unit: str, dossier: Dossier) -> str:
    allocation = dossier.allocation
    level, theoretical = (
        factor * allocation.scores[unit] for factor in (allocation.multiplicateur, dossier.rule.enveloppe)
    )
    floor = dossier.rule.plancher
    bound = allocation.table.set_index("code_departement").at[unit, "borne"]
    said = (
        f"Les deux parts font un montant théorique de {euros(round(theoretical))}. La règle garantit un minimum de "
        f"{euros(floor)} ; ce que ce minimum coûte est réparti entre les autres, à proportion de leurs scores"
    )
    if bound:
        return f"{said}. Le montant, de {euros(round(level))} sinon, est porté à ce minimum."
    return f"{said} : {euros(round(level - theoretical), signed=True)} ici, d’où {euros(allocation.finaux[unit])}."


def _waterfall(unit: str, dossier: Dossier) -> str:
    name = departement(unit).libelle
    figure = waterfall(
        waterfall_steps(dossier, unit),
        "etape",
        "montant_eur",
        title=f"{name} : d’où viennent les {euros(dossier.allocation.finaux[unit])}",
        subtitle="ONDAM médico-social 2020, ce que chaque critère apporte, en euros",
        source="annexe 7 (montants) ; circulaire du 20 février 2020 (règle) ; DREES, aide sociale à l’enfance",
        champ=f"{name}, au sein des 30 bénéficiaires de 2020.",
        start_label="rien",
        end_label="montant",
        note="L’indicateur global de besoin n’est publié nulle part : sa part est déduite des montants.",
    )
    return figure.html()


def _standing(unit: str, dossier: Dossier) -> list[dict[str, str]]:
    codes = list(dossier.publies)
    amounts = pd.Series(dossier.publies, dtype="float64")
    children = pd.Series({code: dossier.enfants[code] for code in codes})
    measures: tuple[tuple[str, pd.Series[float], Callable[[int], str]], ...] = (
        ("Montant", amounts, euros),
        ("Enfants et jeunes accueillis par l’ASE, fin 2017", children, number),
        ("Montant par enfant accueilli", amounts / children, euros),
    )
    return [
        {
            "nom": words,
            "valeur": write(round(values[unit])),
            "rang": f"{number(int(values.rank(ascending=False, method='min')[unit]))} sur {number(len(codes))}",
            "bas": write(round(values.min())),
            "median": write(round(values.median())),
            "haut": write(round(values.max())),
        }
        for words, values, write in measures
    ]


def _need(place: Departement, unit: str, dossier: Dossier) -> list[str]:
    needs, children = dossier.besoins, dossier.enfants[unit if unit in dossier.publies else place.code]
    low, high = (round(children * float(bound)) for bound in needs.prevalence)
    lines = [
        f"{number(round(children))} enfants et jeunes étaient accueillis par l’ASE fin 2017. Avec la prévalence "
        f"nationale ({_prevalence(dossier)} en situation de handicap, estimation de 2015), {interval(low, high)} "
        "d’entre eux seraient en situation de handicap.",
    ]
    if unit in dossier.publies:
        row = dossier.couverture.loc[unit]
        shortest, longest = (round(float(days) / DAYS_A_YEAR * 12) for days in needs.sejour_jours)
        followed = float(row["enfants_suivis"])
        quickest = followed * float(needs.sejour_jours[1] / needs.sejour_jours[0])
        whole = int(row["services_entiers"])
        services = (
            f"{number(whole)} service{'s' if whole > 1 else ''} entier{'s' if whole > 1 else ''}"
            if whole
            else "aucun service entier"
        )
        lines += [
            f"Au coût d’un « SESSAD ASE » ({number(needs.service.places)} places pour "
            f"{euros(needs.service.dotation_eur)} par an), le montant paie {number(float(row['places']), 1)} places "
            f"({services}).",
            f"Ces places permettent de suivre {_span(followed, quickest)} enfants par an, pour un accompagnement de "
            f"{number(longest)} ou de {number(shortest)} mois (hypothèse), soit "
            f"{_span(100 * followed / high, 100 * quickest / low)}{NNBSP}% du besoin attendu.",
        ]
    else:
        per_child = float(needs.service.cost_of_a_place)
        lines.append(
            f"Au coût d’un « SESSAD ASE » ({number(needs.service.places)} places pour "
            f"{euros(needs.service.dotation_eur)} par an) et pour un an d’accompagnement, y répondre demanderait "
            f"{interval(round(low * per_child, -3), round(high * per_child, -3), unit='€')} par an."
        )
    return lines


def _alternative_row(one: Alternative, place: Departement, unit: str, dossier: Dossier) -> dict[str, str] | None:
    table = one.comparaison.table.set_index("code_departement")
    code = next((code for code in (unit, place.code) if code in one.intervalles.index), None)
    if code is None:
        return None
    row = table.loc[code]
    low, high = (round(float(one.intervalles.at[code, name])) for name in ("q05", "q95"))
    gain = float(one.intervalles.at[code, "probabilite_gain"])
    before = row["avant"]
    return {
        "titre": one.titre,
        "avant": euros(None if pd.isna(before) else round(before)),
        "apres": euros(round(row["apres"])),
        "ecart": "entrant" if pd.isna(before) else euros(round(row["difference"]), signed=True),
        "intervalle": f"{number(low)} à {euros(high)}",
        "places": number(float(row["apres"]) / float(dossier.besoins.service.cost_of_a_place), 1),
        "gain": "" if pd.isna(gain) else percent(gain, 0),
    }


def _pmi_rows(place: Departement, dossier: Dossier) -> list[dict[str, str]]:
    codes = {place.code, *(whole for whole in ("20",) if place.code in components(whole))}
    rows = dossier.pmi[dossier.pmi["code_departement"].isin(codes)].set_index(["indicateur", "annee"])
    found = []
    for name, (words, target) in _INDICATORS.items():
        found.append(
            {
                "nom": words,
                **{f"a{year}": _pmi_cell(rows.loc[(name, year)]) for year in (2022, 2023)},
                "cible": _target(target, dossier),
            }
        )
    return found


def _pmi_cell(row: pd.Series) -> str:
    if pd.isna(row["valeur"]):
        return _UNREAD[str(row["statut"])]
    return f"{number(int(row['valeur']))}{NNBSP}%"


def _target(name: str, dossier: Dossier) -> str:
    rows = dossier.cibles[dossier.cibles["repere"].eq(name)]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    if pd.isna(row["valeur"]):
        return f"{number(int(row['borne_basse']))} à {number(int(row['borne_haute']))}{NNBSP}%"
    return f"{number(int(row['valeur']))}{NNBSP}%"


def _prevalence(dossier: Dossier) -> str:
    low, high = (round(float(bound) * 100) for bound in dossier.besoins.prevalence)
    return interval(low, high, unit="%")


def _span(low: float, high: float) -> str:
    return f"{number(round(low))} à {number(round(high))}"


def _objectives(dossier: Dossier) -> list[dict[str, str]]:
    rows = dossier.objectifs[dossier.objectifs["contractualisation"].eq("2025-2027")]
    return [
        {
            "numero": number(int(row.numero)),
            "libelle": row.libelle.replace("'", "’"),
            "caractere": _KINDS[row.caractere],
            "enveloppe": _PURSES[row.enveloppe],
            "handicap": row.enveloppe == "ondam_ms",
        }
        for row in rows.itertuples()
    ]


def _caveats(place: Departement, concerned: bool) -> list[str]:
    found = []
    if place.code in components("20"):
        found.append(
            "La circulaire et la DREES comptent la Corse pour une seule collectivité : les montants et les critères "
            "sont les siens ; seule l’extension distingue les deux départements."
        )
    if place.code == "976":
        found.append(
            "La DREES ne publie rien pour Mayotte : le nombre d’enfants accueillis est estimé au taux des quatre "
            "autres départements d’outre-mer."
        )
    if concerned:
        found.append(
            "L’indicateur global de besoin (IGB) n’est publié nulle part. Sa part est déduite des montants : que la "
            "règle redonne le montant montre qu’elle est compatible avec lui, non qu’elle a été appliquée."
        )
    else:
        found.append(
            "Pour l’extension, l’indicateur de besoin est supposé proportionnel à la population de 0 à 19 ans : "
            "c’est un ordre de grandeur, dont l’intervalle dit l’incertitude."
        )
    found += [
        "Le critère officiel est celui des mineurs ; la série publiée compte aussi les jeunes majeurs accueillis.",
        "La prévalence est nationale et ancienne ; aucune mesure propre au département n’est publiée ici.",
        f"Les intervalles à 90{NNBSP}% comprennent ce que chaque scénario déclare incertain, et rien d’autre.",
        "Les taux de PMI sont déclarés par les départements ; « illisible » : la cellule n’a pas de lecture sûre dans "
        "le document. Le bilan en maternelle est plus large que l’examen visé par la cible.",
    ]
    return found


def _of_region(code: str, dossier: Dossier) -> dict[str, Any]:
    places = [place for place in DEPARTEMENTS.values() if place.code_region == code]
    units = list(dict.fromkeys(dossier.unit(place.code) for place in places))
    concerned = [unit for unit in units if unit in dossier.publies]
    total = sum(dossier.publies[unit] for unit in concerned)
    name = REGIONS[code]
    extensions = [one for one in dossier.scenarios if one.id in EXTENSIONS]
    sums = {one.id: sum(_extension_amount(one, place.code) for place in places) for one in extensions}
    return {
        "nom": name,
        "phrase": _region_sentence(name, concerned, len(places), total, dossier),
        "departements": [_region_row(place, dossier, extensions) for place in places],
        "extensions": [one.titre for one in extensions],
        "total": {
            "enfants": number(round(sum(dossier.enfants[place.code] for place in places))),
            "montant": euros(total) if concerned else "—",
            "extensions": [euros(round(sums[one.id])) for one in extensions],
        },
        "besoin": _region_need(places, concerned, total, dossier),
        "indicateurs": [words for words, _ in _INDICATORS.values()],
        "cibles": [_target(target, dossier) for _, target in _INDICATORS.values()],
        "pmi": [
            {"nom": place.libelle, "taux": [row["a2023"] for row in _pmi_rows(place, dossier)]} for place in places
        ],
        "reserves": [
            "Le critère officiel est celui des mineurs ; la série publiée compte aussi les jeunes majeurs accueillis.",
            "Pour l’extension, l’indicateur de besoin des départements hors de la vague de 2020 est supposé "
            "proportionnel à la population de 0 à 19 ans : c’est un ordre de grandeur, dont l’intervalle est dans la "
            "fiche de chaque département.",
            "La prévalence est nationale et ancienne ; aucune mesure propre à la région n’est publiée ici.",
            "« illisible » : la cellule n’a pas de lecture sûre dans le document.",
        ],
    }


def _region_sentence(name: str, concerned: list[str], count: int, total: int, dossier: Dossier) -> str:
    if not concerned:
        return (
            f"Aucun département de la région {name} n’est dans la première vague, en 2020. Cette fiche dit ce qu’une "
            "extension donnerait."
        )
    share = percent(total / float(dossier.rule.enveloppe))
    several = "s" if len(concerned) > 1 else ""
    return (
        f"{number(len(concerned))} bénéficiaire{several} de la première vague, en 2020, pour {number(count)} "
        f"département{'s' if count > 1 else ''} : {euros(total)} au titre de l’ONDAM médico-social, soit {share} de "
        "l’enveloppe."
    )


def _region_row(place: Departement, dossier: Dossier, extensions: list[Alternative]) -> dict[str, Any]:
    unit = dossier.unit(place.code)
    amount = dossier.publies.get(unit)
    children = dossier.enfants[unit if amount is not None else place.code]
    written = "hors vague"
    if amount is not None:
        written = euros(amount) + (" (Corse)" if unit != place.code else "")
    return {
        "fichier": f"{place.code}.html",
        "nom": f"{place.libelle} ({place.code})",
        "enfants": number(round(dossier.enfants[place.code])),
        "montant": written,
        "par_enfant": "—" if amount is None else euros(round(amount / children)),
        "extensions": [euros(round(_extension_amount(one, place.code))) for one in extensions],
    }


def _extension_amount(one: Alternative, code: str) -> float:
    return float(one.comparaison.table.set_index("code_departement").at[code, "apres"])


def _region_need(places: list[Departement], concerned: list[str], total: int, dossier: Dossier) -> list[str]:
    needs = dossier.besoins
    children = sum(dossier.enfants[place.code] for place in places)
    low, high = (round(children * float(bound)) for bound in needs.prevalence)
    lines = [
        f"{number(round(children))} enfants et jeunes étaient accueillis par l’ASE fin 2017 dans la région. Avec la "
        f"prévalence nationale ({_prevalence(dossier)}, estimation de 2015), {interval(low, high)} d’entre eux "
        "seraient en situation de handicap."
    ]
    if concerned:
        paid = float(needs.service.places_for(Fraction(total)))
        lines.append(
            f"Au coût d’un « SESSAD ASE » ({number(needs.service.places)} places pour "
            f"{euros(needs.service.dotation_eur)} par an), les montants de 2020 paient {number(paid, 1)} places."
        )
    return lines
