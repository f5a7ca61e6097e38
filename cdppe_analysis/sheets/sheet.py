"""The words and rows of one sheet: of a département, or of a région.

Everything comes from the dossier; a value that is missing is said to be, with the reason, and never shown as 0.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import pandas as pd
from markupsafe import Markup

from cdppe_analysis.allocation import Allocation
from cdppe_analysis.data import load_table
from cdppe_analysis.figures import Words, waterfall
from cdppe_analysis.needs import DAYS_A_YEAR
from cdppe_analysis.printing.figure import Figure
from cdppe_analysis.printing.layout import GLOSSARY, render
from cdppe_analysis.sheets import REGION, sheet_title
from cdppe_analysis.sheets.dossier import Alternative, Dossier
from cdppe_analysis.sheets.region_sheet import region_values
from cdppe_analysis.sources import CellReference
from cdppe_analysis.studies.explanation import series_label
from cdppe_analysis.studies.telling import sign_words
from cdppe_analysis.territories import CORSE, DEPARTEMENTS, Departement, components, departement
from cdppe_analysis.typography import counted, euros, interval, number, ordinal, percent, typeset, with_unit

_DPI = 150
_SHORT = {"ase_0_17": "Enfants et jeunes à l’ASE", "igb": "Indicateur de besoin (IGB)"}
_PURSES = {"fir": "FIR", "programme_304": "programme 304", "ondam_ms": "ONDAM médico-social"}


def render_sheet(code: str, dossier: Dossier, sheets: Iterable[dict[str, str]] = (), *, site: bool = False) -> str:
    """Return the page of a sheet.

    Parameters
    ----------
    code
        Of a département, or of a région after an R.
    dossier
        What the sheets draw from.
    sheets
        The other sheets, for the navigation: `fichier` and `titre`.
    site
        Whether the page stands in a site, whose sources and glossary it links to.
    """
    common = {
        "genre": "fiche",
        "titre": sheet_title(code),
        "fichier": f"{code}.html",
        "racine": "",
        "base": "../" if site else None,
        "glossaire": f"../{GLOSSARY}" if site else None,
        "accueil": "index.html",
        "rapports": list(sheets),
        "menu": "Fiches",
        "pied": dossier.foot,
        "objectifs": _objectives(dossier),
        "tirages": number(dossier.draws),
        "graine": dossier.seed,
    }
    if code.startswith(REGION):
        return render("fiche-region.html.j2", **_typeset(region_values(code[1:], dossier) | common))
    return render("fiche.html.j2", **_typeset(_of_departement(DEPARTEMENTS[code], dossier, site=site) | common))


def _typeset(value: Any) -> Any:
    """Return values with every text in them as it is printed; what is markup already stays as it is."""
    if isinstance(value, dict):
        return {name: _typeset(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_typeset(part) for part in value]
    return typeset(value) if type(value) is str else value


def _of_departement(place: Departement, dossier: Dossier, *, site: bool) -> dict[str, Any]:
    unit = dossier.unit(place.code)
    concerned = unit in dossier.published
    shown = [_alternative_row(one, place, unit, dossier) for one in dossier.scenarios if concerned or one.extended]
    # A sheet explains the official rule, or its extension to who is outside it.
    allocation = dossier.allocation if concerned else dossier.extended_allocation
    return {
        "nom": place.libelle,
        "region": place.libelle_region,
        "fiche_region": f"{REGION}{place.code_region}.html",
        "concerne": concerned,
        "collectif": departement(unit).libelle if concerned and unit != place.code else "",
        "recu": _received(unit, dossier) if concerned else _would_receive(place.code, dossier),
        "criteres": _criteria_rows(unit, allocation, dossier),
        "beneficiaires": number(len(allocation.rule.beneficiaires)),
        "bornes": _bounds_sentence(unit, allocation),
        "cascade": Markup(_waterfall(place, unit, allocation, dossier, site=site)),
        "rangs": _standing(unit, concerned, dossier),
        "ensemble": number(len(dossier.published if concerned else DEPARTEMENTS)),
        "pmi": dossier.pmi_rows(place),
        "pmi_de": "Collectivité de Corse" if dossier.rated_unit(place) != place else "",
        "alternatives": [row for row in shown if row is not None],
        "besoin": _need(place, unit, dossier),
        "corse": place.code in components(CORSE),
        "estime": place.code in dossier.estimated,
        "phrase": _sentence(place, unit, dossier),
        "lues": _printed_rows(place, unit, dossier),
    }


def _printed_rows(place: Departement, unit: str, dossier: Dossier) -> list[dict[str, str]]:
    """Return the printed rows that the figures of a sheet are read from: their words and their address in the site."""
    rows_read: dict[str, str] = {}
    for words, rows, code in (
        ("Montant", load_table("allocations"), unit),
        ("PMI", dossier.pmi, dossier.rated_unit(place).code),
    ):
        for row in rows[rows["code_departement"].eq(code)].itertuples():
            for cell in map(CellReference.parse, str(row.emplacement).split("; ")):
                address = f"../sources/{row.source}.html#{row.source}-{cell.table}-{cell.row}"
                rows_read.setdefault(address, f"{words} ({cell.table}, ligne {cell.row})")
    return [{"adresse": address, "mots": words} for address, words in rows_read.items()]


def _sentence(place: Departement, unit: str, dossier: Dossier) -> str:
    count = number(len(dossier.published))
    if unit not in dossier.published:
        return (
            f"{sheet_title(place.code)} n’est pas dans la première vague, qui comptait {count} bénéficiaires en 2020 : "
            "aucun montant n’y a été publié. Cette fiche dit ce qu’une extension donnerait."
        )
    who = "La Collectivité de Corse, comptée pour une," if unit == CORSE else f"{sheet_title(place.code)}"
    return (
        f"{who} est dans la première vague, en 2020 : {euros(dossier.published[unit])} au titre de l’ONDAM "
        "médico-social, pour l’accompagnement des enfants protégés en situation de handicap."
    )


def _received(unit: str, dossier: Dossier) -> list[str]:
    published, exact = dossier.published[unit], dossier.allocation.final[unit]
    envelope = dossier.allocation.rule.enveloppe
    share = percent(published / float(envelope))
    lines = [f"Montant publié : {euros(published)}, soit {share} de l’enveloppe de {euros(envelope)}."]
    if exact == published:
        lines.append("La règle, appliquée à ses critères, redonne ce montant à l’euro près.")
    else:
        lines.append(
            f"La règle, appliquée à ses critères, donne {euros(exact)} : l’écart de "
            f"{euros(exact - published, signed=True)} tient à l’arrondi, fait chacun pour soi dans la publication, "
            "dont le total dépasse l’enveloppe d’un euro."
        )
    return lines


def _would_receive(code: str, dossier: Dossier) -> list[str]:
    allocation = dossier.extended_allocation
    return [
        f"À enveloppe égale ({euros(allocation.rule.enveloppe)} pour {number(len(DEPARTEMENTS))} départements), "
        f"la règle de 2020 donnerait {euros(allocation.final[code])}.",
        f"L’indicateur de besoin est ici supposé : celui des {number(len(dossier.published))} bénéficiaires se déduit "
        "de leurs montants, celui des autres non.",
    ]


def _criteria_rows(unit: str, allocation: Allocation, dossier: Dossier) -> list[dict[str, str]]:
    rule, table = allocation.rule, allocation.table.set_index("code_departement")
    row, rows = table.loc[unit].to_dict(), []
    for criterion in rule.criteres:
        index = criterion.id == "igb"
        unknown = "non publié" if unit in dossier.published else "supposé"
        value, total = row[f"valeur_{criterion.id}"], table[f"valeur_{criterion.id}"].sum()
        rows.append(
            {
                "nom": series_label(criterion, {} if index else dossier.units),
                "valeur": unknown
                if index
                else number(round(value)) + (" (estimé)" if unit in dossier.estimated else ""),
                "total": unknown if index else number(round(total)),
                "part": percent(float(row[f"part_{criterion.id}"]), 2),
                "poids": percent(criterion.poids, 0),
                "montant": euros(round(float(rule.enveloppe) * float(row[f"part_ponderee_{criterion.id}"]))),
            }
        )
        for name, values in dossier.other_series[criterion.id].items():
            own, whole = values[unit], sum(values[code] for code in rule.beneficiaires)
            rows.append(
                {
                    "nom": f"Autre série défendable : {name} (estimation)",
                    "valeur": number(round(own)),
                    "total": number(round(whole)),
                    "part": percent(own / whole, 2),
                    "poids": "—",
                    "montant": "—",
                }
            )
    return rows


def _bounds_sentence(unit: str, allocation: Allocation) -> str:
    rule = allocation.rule
    level, theoretical = (factor * allocation.scores[unit] for factor in (allocation.multiplier, rule.enveloppe))
    bound = allocation.table.set_index("code_departement").at[unit, "borne"]
    said = (
        f"Les deux parts font un montant théorique de {euros(round(theoretical))}. La règle garantit un minimum de "
        f"{euros(rule.plancher)} ; ce que ce minimum coûte est réparti entre les autres, à proportion de leurs scores"
    )
    if bound:
        return f"{said}. Le montant, de {euros(round(level))} sinon, est porté à ce minimum."
    return f"{said} : {euros(round(level - theoretical), signed=True)} ici, d’où {euros(allocation.final[unit])}."


def _waterfall(place: Departement, unit: str, allocation: Allocation, dossier: Dossier, *, site: bool) -> str:
    concerned = unit in dossier.published
    name, count = typeset(departement(unit).libelle), number(len(allocation.rule.beneficiaires))
    amount = euros(allocation.final[unit])
    figure = waterfall(
        waterfall_steps(allocation, unit),
        "etape",
        "montant_eur",
        Words(
            title=f"{name} : d’où viennent les {amount}" if concerned else f"{name} : d’où viendraient {amount}",
            subtitle="ONDAM médico-social 2020, ce que chaque critère apporte, en euros"
            if concerned
            else f"Extension à {count} départements, à enveloppe égale, ce que chaque critère apporterait, en euros",
            source="annexe 7 (montants) ; circulaire du 20 février 2020 (règle) ; DREES, aide sociale à l’enfance"
            + ("" if concerned else " ; Insee, population"),
            champ=f"{name}, au sein des {count} bénéficiaires{' de 2020' if concerned else ''}.",
            note="L’indicateur global de besoin n’est publié nulle part : sa part est déduite des montants."
            if concerned
            else "L’indicateur global de besoin, inconnu ici, est supposé proportionnel à la population de 0 à 19 ans.",
        ),
        end_label="Montant",
    )
    drawn = Figure(place.code, 1, png=base64.b64encode(figure.png(_DPI)).decode(), **figure.carried())
    return drawn.block(sheet_title(place.code), base="../" if site else None)


def waterfall_steps(allocation: Allocation, code: str) -> pd.DataFrame:
    """Return what leads to an amount: each criterion's part, the bounds, the rounding; `etape`, `montant_eur`.

    The sum of the steps is the amount of the exact rule.
    """
    rule, row = allocation.rule, allocation.table.set_index("code_departement").loc[code].to_dict()
    steps = []
    for criterion in rule.criteres:
        part = float(rule.enveloppe) * float(row[f"part_ponderee_{criterion.id}"])
        steps.append((f"{_SHORT.get(criterion.id, criterion.titre)} ({criterion.millesime})", part))
    theoretical = rule.enveloppe * allocation.scores[code]
    level = allocation.multiplier * allocation.scores[code]
    exact, final = allocation.exact[code], allocation.final[code]
    bounds = "Ce que coûtent les bornes des autres" if level < theoretical else "Ce que rapportent les bornes"
    for words, value in (
        (bounds, level - theoretical),
        ("Porté au minimum" if exact > level else "Ramené au maximum", exact - level),
        ("Arrondi", final - exact),
    ):
        if abs(value) >= Fraction(1, 2):
            steps.append((words, float(value)))
    return pd.DataFrame(steps, columns=["etape", "montant_eur"])


def _standing(unit: str, concerned: bool, dossier: Dossier) -> list[dict[str, str]]:
    amounts = pd.Series(dossier.published if concerned else dossier.extended_allocation.final).astype("float64")
    children = pd.Series({code: dossier.children[code] for code in amounts.index})
    measures: list[tuple[str, pd.Series[float], Callable[[int], str]]] = [
        ("Montant" if concerned else "Montant, à enveloppe égale", amounts, euros),
        ("Enfants et jeunes accueillis par l’ASE, fin 2017", children, number),
        ("Montant par enfant accueilli", amounts / children, euros),
    ]
    return [
        {
            "nom": words,
            "valeur": write(round(values[unit])),
            "rang": _rank(values, unit),
            "bas": write(round(values.min())),
            "median": write(round(values.median())),
            "haut": write(round(values.max())),
        }
        for words, values, write in measures
    ]


def _rank(values: pd.Series[float], code: str) -> str:
    place = ordinal(int((values > values[code]).sum()) + 1)
    tied = " ex æquo" if (values == values[code]).sum() > 1 else ""
    return f"{place}{tied} sur {number(len(values))}"


def _need(place: Departement, unit: str, dossier: Dossier) -> list[str]:
    needs, children = dossier.needs, dossier.children[unit if unit in dossier.published else place.code]
    low, high = (children * float(bound) for bound in needs.prevalence)
    lines = [
        f"{number(round(children))} enfants et jeunes étaient accueillis par l’ASE fin 2017"
        f"{' (estimation)' if place.code in dossier.estimated else ''}. Avec la prévalence "
        f"nationale ({dossier.prevalence} en situation de handicap, estimation de 2015), "
        f"{interval(round(low), round(high))} d’entre eux seraient en situation de handicap.",
    ]
    places, year = number(needs.service.places), euros(needs.service.cost_a_year)
    cost = f"Au coût d’un « SESSAD ASE » ({places} places pour {year} par an)"
    if unit in dossier.published:
        row = dossier.coverage.loc[unit].to_dict()
        shortest, longest = (round(float(days) / DAYS_A_YEAR * 12) for days in needs.stay_days)
        followed = float(row["enfants_suivis"])
        quickest = followed * float(needs.stay_days[1] / needs.stay_days[0])
        whole = int(row["services_entiers"])
        services = counted(whole, "service entier") if whole else "aucun service entier"
        lines += [
            f"{cost}, le montant paie {number(float(row['places']), 1)} places ({services}).",
            f"Ces places permettent de suivre {interval(followed, quickest)} enfants par an, selon que "
            f"l’accompagnement dure {number(longest)} ou {number(shortest)} mois (hypothèse) : "
            f"{interval(100 * followed / high, 100 * quickest / low, unit='%')} du besoin attendu.",
        ]
    else:
        per_child = float(needs.service.cost_of_a_place)
        lines.append(
            f"{cost} et pour un an d’accompagnement, y répondre demanderait "
            f"{interval(round(low * per_child, -3), round(high * per_child, -3), unit='€')} par an."
        )
    return lines


def _alternative_row(one: Alternative, place: Departement, unit: str, dossier: Dossier) -> dict[str, str] | None:
    code = next((code for code in (unit, place.code) if code in one.intervals.index), None)
    if code is None:
        return None
    row = one.amounts.loc[code].to_dict()
    new = pd.isna(row["avant"])
    low, high = (float(one.intervals[name if new else f"ecart_{name}"].loc[code]) for name in ("q05", "q95"))
    gain = float(one.intervals["probabilite_gain"].loc[code])
    return {
        "titre": one.title + (f" ({place.libelle})" if code != unit else ""),
        "essai": f"simulateur.html#c=%7B%22g%22%3A%22{one.id}%22%7D&d={code}",
        "apres": euros(round(row["apres"])),
        "ecart": "entrant" if new else euros(round(row["difference"]), signed=True),
        "intervalle": interval(low, high, unit="€", signed=not new),
        "places": with_unit(float(row["apres"]) / float(dossier.needs.service.cost_of_a_place), "places", 1),
        "gain": "—" if pd.isna(gain) else percent(gain, 0),
        **_known(one, code),
    }


def _known(one: Alternative, code: str) -> dict[str, str]:
    """Tell what is known of an amount whatever the unpublished index, and of the sign of its change."""
    if one.identification is None:
        return {"possible": "non calculé", "sens": ""}
    row = one.identification.table.set_index("code_departement").loc[code].to_dict()
    before, low, high = (float(row[name]) for name in ("montant_publie", "bas", "haut"))
    possible = f"{row['nature']}, {interval(low, high, unit='€')}"
    if row["nature"] == "connu":
        possible = "connu, à l’euro près"
    elif not pd.isna(before):
        possible += f", soit {interval(low - before, high - before, unit='€', signed=True)}"
    return {
        "possible": possible,
        "sens": "" if pd.isna(before) else sign_words(row["sens"], row["rupture"], row["tient"]),
    }


def _objectives(dossier: Dossier) -> list[dict[str, Any]]:
    rows = dossier.objectives[dossier.objectives["contractualisation"].eq("2025-2027")]
    return [
        {
            "numero": number(int(row["numero"])),
            "libelle": row["libelle"],
            "caractere": row["caractere"].replace("_", " "),
            "enveloppe": _PURSES[row["enveloppe"]],
            "handicap": row["enveloppe"] == "ondam_ms",
        }
        for row in rows.to_dict("records")
    ]
