"""The key figures of the index: computed from the data when the site is written, never typed.

Each is the exact result of a rule or a count of a table; nothing is drawn here, the intervals are in the reports.
"""

from __future__ import annotations

import dataclasses
from functools import cache

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.simulation.coverage import WHOLE, coverage
from cdppe_analysis.studies.preparation import compare_prepared, prepare
from cdppe_analysis.territories import departement
from cdppe_analysis.typography import euros, interval, number, percent

_RULE, _MOVED = (
    "ondam-ms-2020",
    {"ase": "ase-seule", "population": "population-seule-0-19", "mise_a_jour": "millesime-ase-2022"},
)
_ASPECTS = ("epp", "epnp", "vad_infirmiere", "consultation")


@cache
def findings() -> dict[str, str]:
    """Return the figures that the index prints, by their names in its template; none without the rule of 2020.

    Examples
    --------
    >>> findings()["identiques"], findings()["beneficiaires"]
    ('30', '30')
    """
    data = Data.open()
    if _RULE not in data.rules():
        return {}
    rule, published, needs = data.rule(_RULE), data.published[_RULE], data.needs("sessad-ase")
    alone = dataclasses.replace(rule, arrondi=dataclasses.replace(rule.arrondi, methode="independant"))
    amounts = allocate(alone, data.criteria(rule)).final
    children = data.protected_children(needs, list(published))
    rates = {code: amount / children[code] for code, amount in published.items()}
    least, most = min(rates, key=rates.__getitem__), max(rates, key=rates.__getitem__)
    moved = {
        name: compare_prepared(prepare(data.scenario(one), data)).measure("part_deplacee")
        for name, one in _MOVED.items()
    }
    covered = coverage({code: float(amount) for code, amount in published.items()}, children, needs)
    whole = covered.set_index("code_departement").loc[WHOLE].to_dict()
    pmi, targets = data.table("pmi"), data.table("reperes")
    aimed = targets["nature"].eq("cible") & targets["contractualisation"].eq("2025-2027") & targets["unite"].eq("%")
    targets = targets[aimed].set_index("repere")
    values = pmi[pmi["annee"].eq(pmi["annee"].max()) & pmi["indicateur"].isin(_ASPECTS)].dropna(subset=["valeur"])
    reached = values["valeur"].astype(float) >= values["indicateur"].map(targets["valeur"]).astype(float)
    names = {code: departement(code).libelle for code in (least, most)}
    low, high = map(float, needs.prevalence)
    return {
        "enveloppe": euros(rule.enveloppe),
        "beneficiaires": number(len(published)),
        "identiques": number(sum(amounts[code] == amount for code, amount in published.items())),
        "moindre": euros(rates[least]),
        "moindre_nom": names[least],
        "plus": euros(rates[most]),
        "plus_nom": names[most],
        "rapport": number(rates[most] / rates[least], 1),
        **{f"deplace_{name}": percent(share, 0) for name, share in moved.items()},
        "places": number(float(whole["places"])),
        "couverture": interval(100 * whole["couverture_basse"], 100 * whole["couverture_haute"], unit="%"),
        "prevalence": interval(100 * low, 100 * high, unit="%"),
        "cellules_perdues": percent(float(pmi["valeur"].isna().mean()), 0),
        "annee_pmi": str(pmi["annee"].max()),
        "taux_connus": number(len(values)),
        "cibles_atteintes": number(int(reached.sum())),
    }
