"""The results of the simulator as fragments of HTML: rendered by the template, every word escaped.

Numbers are written in French; an amount on one side only is missing on the other, never 0.
"""

from __future__ import annotations

import base64
import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.figures.workbooks import Sheet, write_workbook
from cdppe_analysis.printing.layout import foot, fragment
from cdppe_analysis.reporting import live_map
from cdppe_analysis.reporting.choice import LARGEST_FILE, Base, differences, scenario_text
from cdppe_analysis.reporting.misfit import Impossible
from cdppe_analysis.reporting.simulator import DRAWS, Band, Outcome
from cdppe_analysis.studies.explanation import explain
from cdppe_analysis.territories import components, departement
from cdppe_analysis.typography import MISSING, NNBSP, euros, number, percent, typeset

_TEMPLATE = "simulateur/fragments.html.j2"
_MEASURES = (
    ("gini", "Indice de Gini", "0 : chaque enfant protégé a autant ; 1 : un seul département a tout"),
    ("theil", "Indice de Theil", "0 : chaque enfant protégé a autant ; il se coupe en deux, ci-dessous"),
    ("theil_entre_regions", "dont entre les régions", "ce qui tient aux écarts d’une région à l’autre"),
    ("theil_dans_regions", "dont dans les régions", "ce qui tient aux écarts dans une même région"),
)
_GROUPS = {
    "tiers inférieur": "Tiers le moins doté",
    "tiers médian": "Tiers médian",
    "tiers supérieur": "Tiers le mieux doté",
}


def alert(problem: Impossible | None, outcome: Outcome) -> str:
    """Tell why a choice is not possible, and what the reader must know of what is shown."""
    others = [(path, _short(value)) for path, value in outcome.choix.autres]
    return fragment(_TEMPLATE, "alerte", problem, () if problem else outcome.remarques, others)


def refused(name: str, message: str) -> str:
    """Tell that a file was not loaded."""
    return fragment(_TEMPLATE, "refus", name[:80], message[:300])


def too_large(name: str, size: int) -> str:
    """Tell that a file was not loaded, for its size."""
    return fragment(_TEMPLATE, "trop_grand", name[:80], number(size), number(LARGEST_FILE))


def unreadable(control: str, text: str) -> str:
    """Tell that an amount was not understood."""
    return fragment(_TEMPLATE, "illisible", control, text[:80])


def unknown_unit(control: str, text: str, message: str) -> str:
    """Tell that a beneficiary was not understood, or cannot be added or removed."""
    return fragment(_TEMPLATE, "inconnu", control, text[:80], message[:200])


def summary(outcome: Outcome, base: Base) -> str:
    """Tell the choice in a few figures."""
    comparison = outcome.comparaison
    same = not differences(outcome.choix, base)
    title = "La règle officielle" if same else outcome.choix.titre or "Votre choix"
    total = outcome.allocation.table["montant_eur"].sum()
    winners, losers = (int(comparison.mesure(name)) for name in ("gagnants", "perdants"))
    moved = percent(comparison.mesure("part_deplacee"))
    facts = [
        ("Enveloppe répartie", euros(int(total))),
        ("Bénéficiaires", number(len(outcome.allocation.table))),
        ("Gagnants", number(winners)),
        ("Perdants", number(losers)),
        ("Argent déplacé", f"{euros(round(comparison.mesure('argent_deplace')))} ({moved})"),
    ]
    for name, words in (("entrants", "Entrants"), ("sortants", "Sortants")):
        if comparison.mesure(name):
            facts.append((words, number(int(comparison.mesure(name)))))
    return fragment(_TEMPLATE, "resume", title, facts)


def looks_and_legend(outcome: Outcome) -> tuple[str, str]:
    """Return the style sheet of the map, and its legend with the number of beneficiaries of each class."""
    table = outcome.comparaison.table
    changes: dict[str, str] = {}
    for row in table.itertuples():
        if row.situation == "commun":
            share = 0.0 if not row.avant and not row.apres else row.difference_pct
            changes[row.code_departement] = live_map.class_of(math.inf if math.isnan(share) else share)
        else:
            changes[row.code_departement] = live_map.ENTRANT if row.situation == "entrant" else live_map.SORTANT
    counts = Counter(changes.values())
    classes = [
        {"nom": one.nom, "texte": one.texte, "nombre": number(counts.get(one.nom, 0))} for one in live_map.classes()
    ]
    for name, words in ((live_map.ENTRANT, "entrant"), (live_map.SORTANT, "sortant")):
        if counts.get(name):
            classes.append({"nom": name, "texte": words, "nombre": number(counts[name])})
    drawn = drawn_units(outcome)
    changes = {code: name for code, name in changes.items() if code in drawn}
    outside = sum(1 for unit in live_map.units(drawn) if unit not in changes)
    if outside:
        classes.append({"nom": live_map.HORS_CHAMP, "texte": "non concerné", "nombre": number(outside)})
    return live_map.looks(changes, drawn), fragment(_TEMPLATE, "legende", classes)


def drawn_units(outcome: Outcome) -> tuple[str, ...]:
    """Return the codes that the map names: the beneficiaries, and those of the official rule that they do not cover."""
    chosen = tuple(outcome.allocation.finaux)
    parts = {part for code in chosen for part in (code, *components(code))}
    left = [code for code in outcome.officielle.finaux if not {code, *components(code)} & parts]
    return tuple(sorted((*chosen, *left)))


def bars(outcome: Outcome, certainty: Band | None) -> str:
    """Rank the amounts, with the official one marked and the band where it is known."""
    table = outcome.comparaison.table.merge(
        outcome.allocation.table[["code_departement", "montant_eur"]], on="code_departement", how="left", validate="1:1"
    ).merge(
        outcome.officielle.table[["code_departement", "montant_eur"]].rename(columns={"montant_eur": "officiel_eur"}),
        on="code_departement",
        how="left",
        validate="1:1",
    )
    shown = certainty is not None and not certainty.certaine
    limits = _limits(certainty) if shown and certainty is not None else {}
    largest = max(table[["avant", "apres"]].max().max(), *(high for _, high in limits.values()), 0.0)
    table = table.sort_values(["apres", "code_departement"], ascending=[False, True], na_position="last")
    lines = []
    for row in table.itertuples():
        band = None
        if row.code_departement in limits:
            low, high = limits[row.code_departement]
            band = (_part(low, largest), _part(high - low, largest))
        lines.append(
            {
                "nom": typeset(row.libelle_departement),
                "avant": _or_dash(euros(_whole(row.officiel_eur))),
                "apres": _or_dash(euros(_whole(row.montant_eur))),
                "ecart": euros(_whole(row.difference), signed=True) if row.situation == "commun" else row.situation,
                "pct": _or_dash(percent(row.difference_pct, signed=True)),
                "effet": row.effet if row.situation == "commun" else row.situation,
                "largeur": _part(row.apres, largest),
                "repere": None if math.isnan(row.avant) else _part(row.avant, largest),
                "fourchette": band,
            }
        )
    return fragment(_TEMPLATE, "barres", lines, shown)


def measures(outcome: Outcome) -> str:
    """Tell the measures of equity, and who gains and loses by thirds of the official amounts."""
    whole = outcome.comparaison.ensemble.set_index("mesure")
    lines = [
        {
            "nom": words,
            "avant": number(float(whole.at[name, "avant"]), 3),
            "apres": number(float(whole.at[name, "apres"]), 3),
            "sens": meaning,
        }
        for name, words, meaning in _MEASURES
    ]
    groups = [
        {
            "nom": _GROUPS.get(row.groupe, row.groupe),
            **{name: number(int(getattr(row, name))) for name in ("unites", "gagnants", "inchanges", "perdants")},
            "ecart": euros(round(row.difference), signed=True),
        }
        for row in outcome.comparaison.groupes.itertuples()
    ]
    return fragment(_TEMPLATE, "mesures", lines, groups)


def explanation(outcome: Outcome, code: str, certainty: Band | None) -> str:
    """Tell how the amount of one beneficiary came about, and what changes for it."""
    name = typeset(departement(code).libelle)
    before, after = outcome.officielle.finaux.get(code), outcome.allocation.finaux.get(code)
    if after is None:
        words = "Rien par ce choix" + (f", contre {euros(before)} par la règle officielle." if before else ".")
        return fragment(_TEMPLATE, "explication", name, words, ())
    words = euros(after)
    if before is None:
        words += " ; ce n’est pas un bénéficiaire de la règle officielle."
    elif before == after:
        words += ", comme par la règle officielle."
    else:
        words += f", contre {euros(before)} par la règle officielle : {euros(after - before, signed=True)}"
        words += f", soit {percent((after - before) / before, signed=True)}." if before else "."
    if certainty is not None and not certainty.certaine:
        low, high = (round(limit) for limit in _limits(certainty)[code])
        span = f"de {euros(low)} à {euros(high)}" if low < high else f"toujours {euros(low)}"
        words += f" Fourchette de 5 à 95{NNBSP}% sur {DRAWS} tirages : {span}."
        gain = certainty.table.set_index("code_departement")["probabilite_gain"].get(code)
        if before is not None and before != after and not pd.isna(gain):
            words += f" Il gagne dans {percent(gain, 0)} des tirages."
    steps = [line.partition(". ")[2] or line for line in explain(outcome.allocation, code).splitlines()[1:]]
    return fragment(_TEMPLATE, "explication", name, typeset(words), [typeset(step) for step in steps])


def files(outcome: Outcome, certainty: Band, base: Base) -> str:
    """Return the links to the workbook and, for a choice that differs from the official rule, to its scenario file."""
    links = [
        {
            "texte": "Télécharger le classeur",
            "fichier": "cdppe-simulation.xlsx",
            "genre": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "contenu": base64.b64encode(results_workbook(outcome, certainty, base)).decode(),
        }
    ]
    if differences(outcome.choix, base):
        text = scenario_text(outcome.choix, base)
        links.append(
            {
                "texte": "Enregistrer le scénario",
                "fichier": "cdppe-scenario.yml",
                "genre": "application/yaml",
                "contenu": base64.b64encode(text.encode()).decode(),
            }
        )
    return fragment(_TEMPLATE, "fichiers", links)


def results_workbook(outcome: Outcome, certainty: Band, base: Base) -> bytes:
    """Return the workbook of a choice: amounts with their trace, measures, what the choice changes, remarks."""
    compared = outcome.comparaison.table[
        ["code_departement", "libelle_region", "situation", "avant", "difference", "difference_pct", "effet"]
    ]
    amounts = outcome.allocation.table.merge(compared, on="code_departement", how="outer", validate="1:1").merge(
        certainty.table, on="code_departement", how="left", validate="1:1"
    )
    amounts["libelle_departement"] = [departement(code).libelle for code in amounts["code_departement"]]
    shares = [name for name in amounts if str(name).startswith("part_")] + ["score", "difference_pct"]
    amounts[[*shares, "probabilite_gain"]] *= 100
    changed = pd.DataFrame(
        [(path, _short(value)) for path, value in differences(outcome.choix, base)], columns=["chemin", "valeur"]
    )
    about, rule = foot(), outcome.prepare.rule
    euro = ("montant_theorique", "montant_exact", "reste", "montant_eur", "avant", "difference", "bas", "haut")
    title = outcome.choix.titre or "Choix fait dans le simulateur"
    sheets = [
        Sheet(
            "Montants",
            title,
            amounts,
            headings={
                "avant": "montant officiel",
                "montant_eur": "montant du choix",
                "bas": "fourchette, 5 %",
                "haut": "fourchette, 95 %",
                "difference_pct": "écart",
                "probabilite_gain": "tirages où il gagne",
            },
            units={**dict.fromkeys(euro, "€"), **dict.fromkeys([*map(str, shares), "probabilite_gain"], "%")},
        ),
        Sheet("Mesures", "Mesures de l’ensemble", outcome.comparaison.ensemble),
        Sheet("Groupes", "Gagnants et perdants par tiers des montants officiels", outcome.comparaison.groupes),
        Sheet("Choix", "Ce que le choix change dans la règle officielle", changed),
    ]
    sources = sorted({f"{one.titre} : {one.source}, {one.emplacement}" for one in rule.criteres})
    parameters = {
        "Règle de départ": outcome.choix.regle,
        "Logiciel": f"cdppe-analysis {about.version}",
        "Empreinte des données (SHA-256)": about.empreinte,
        "Fourchette": f"quantiles 5 et 95 % de {DRAWS} tirages de ce qui est incertain",
    }
    notes = [*outcome.remarques, *(f"Non tiré, faute de valeur : {one}" for one in certainty.ecartees)]
    with tempfile.TemporaryDirectory(prefix="cdppe-classeur-") as folder:
        path = write_workbook(Path(folder) / "c.xlsx", sheets, sources=sources, parameters=parameters, notes=notes)
        return path.read_bytes()


def _or_dash(written: str) -> str:
    return "—" if written == MISSING else written


def _limits(certainty: Band) -> dict[str, tuple[float, float]]:
    table = certainty.table
    return {
        code: (low, high)
        for code, low, high in zip(table["code_departement"], table["bas"], table["haut"], strict=True)
    }


def _short(value: Any) -> str:
    text = ", ".join(f"{key} : {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"


def _part(value: float, whole: float) -> float:
    return 0.0 if math.isnan(value) or not whole else round(100 * value / whole, 2)


def _whole(value: float) -> int | None:
    return None if pd.isna(value) else round(value)
