"""Random rules for the proof of parity: feasible and infeasible, with ties, zeros, bounds, garanties, every rounding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pandas as pd

from cdppe_analysis.allocation import Criterion, Rule, allocate
from cdppe_analysis.allocation.rule import Arrondi, Garantie, written
from cdppe_analysis.errors import CdppeError
from cdppe_analysis.territories import DEPARTEMENTS

REFUSALS = {
    "has no beneficiary": "aucun_beneficiaire",
    "the weight .* is negative": "poids_negatif",
    "the weights sum to": "poids_somme",
    "is no way of rounding": "arrondi_methode",
    "the rounding unit is": "arrondi_unite",
    "is no multiple of the rounding unit": "arrondi_multiple",
    "the envelope is": "enveloppe",
    "the (plancher|plafond) of .* is negative": "borne_negative",
    "the plancher of [^ ]* € is above the plafond": "plancher_plafond",
    "neither a minimum nor a maximum": "garantie_vide",
    "of the garantie is .*, below 0": "garantie_negative",
    "garantie's minimum of": "garantie_bornes",
    "no reference amount": "sans_reference",
    "the lower bounds of": "minimums",
    "the upper bounds of": "maximums",
    "stands beside its parts": "tout_et_parties",
    "the value ": "valeur",
    "0 for every beneficiary": "critere_nul",
    "the amounts can reach": "inatteignable",
    "no room for whole amounts": "arrondi_place",
    "€ is above the": "bornes_croisees",
}
"""What the engine says of a refusal, and the page's name for it."""


def random_rules(seed: int, count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield rules in the contract of the page, and what the exact path gives: amounts, or the name of the refusal."""
    for number in range(count):
        given = _rule(Random(f"{seed} {number}"))
        yield given, expected(given)


def expected(given: dict[str, Any]) -> dict[str, Any]:
    """Return what the exact path gives for a rule of the contract."""
    try:
        found = allocate(_built(given), _frame(given))
    except CdppeError as error:
        for pattern, motif in REFUSALS.items():
            if re.search(pattern, str(error)):
                return {"motif": motif, "code": error.code or ""}
        raise
    table = found.table
    return {
        "montants": {code: float(amount) for code, amount in found.finaux.items()},
        "multiplicateur": float(found.multiplicateur),
        "bornes": dict(zip(table["code_departement"], table["borne"], strict=True)),
    }


def _built(given: dict[str, Any]) -> Rule:
    def exact(value: str | None) -> Fraction | None:
        return None if value is None else Fraction(value)

    garantie = given["garantie"]
    codes = sorted({code for one in given["criteres"] for code in one["valeurs"]})
    return Rule(
        "alea",
        "Aléa",
        2020,
        Fraction(given["enveloppe"]),
        tuple(codes),
        tuple(Criterion(one["id"], Fraction(one["poids"]), 2019, "note", "p. 1") for one in given["criteres"]),
        exact(given["plancher"]),
        exact(given["plafond"]),
        garantie
        and Garantie(
            exact(garantie["minimum"]),
            exact(garantie["maximum"]),
            tuple((code, Fraction(amount)) for code, amount in garantie["montants"].items()),
            garantie.get("sans_reference", "erreur"),
        ),
        Arrondi(given["arrondi"]["methode"], Fraction(given["arrondi"]["unite_eur"])),
    )


def _frame(given: dict[str, Any]) -> pd.DataFrame:
    codes = sorted({code for one in given["criteres"] for code in one["valeurs"]})
    columns = {one["id"]: [one["valeurs"].get(code) for code in codes] for one in given["criteres"]}
    return pd.DataFrame({"code_departement": codes, **columns}, dtype=object)


def _rule(chance: Random) -> dict[str, Any]:
    codes = chance.sample(sorted(DEPARTEMENTS), chance.choice((1, 2, 3, 4, 6, 10, 20, 30)))
    if chance.random() < 0.01:
        codes = [*{*codes, "20", "2A"}]
    count = chance.choice((1, 1, 2, 2, 3, 4))
    envelope = Fraction(chance.choice((100, 1000, 15_000_000, 50_000_000, chance.randint(1, 10**9))))
    if chance.random() < 0.1:
        envelope += Fraction(chance.randint(-200, 200), chance.choice((2, 3, 100)))
    share = envelope / len(codes)
    floor = _bound(chance, share, (0, 0.2, 0.5, 0.9, 1, 1.01)) if chance.random() < 0.5 else None
    cap = _bound(chance, share, (0.99, 1, 1.2, 1.5, 2, 5)) if chance.random() < 0.4 else None
    methods = ("plus_forts_restes",) * 6 + ("independant", "independant", "aucun")
    method = chance.choice(methods) if chance.random() < 0.99 else "au_hasard"
    unit = chance.choice(("1", "1", "1", "1", "0.01", "10", "1/3", "100"))
    return {
        "enveloppe": written(envelope),
        "plancher": floor,
        "plafond": cap,
        "garantie": _garantie(chance, codes, share) if chance.random() < 0.25 else None,
        "arrondi": {"methode": method, "unite_eur": unit},
        "criteres": [
            {"id": f"c{rank}", "poids": weight, "valeurs": {code: _value(chance) for code in codes}}
            for rank, weight in enumerate(_weights(chance, count))
        ],
    }


def _weights(chance: Random, count: int) -> list[str]:
    cuts = [chance.randint(0, 12) for _ in range(count)]
    cuts[0] += not any(cuts)
    weights = [Fraction(cut, sum(cuts)) for cut in cuts]
    if chance.random() < 0.5:
        thousandths = sorted(chance.randint(0, 1000) for _ in range(count - 1))
        edges = [0, *thousandths, 1000]
        weights = [Fraction(high - low, 1000) for low, high in zip(edges, edges[1:], strict=False)]
    if chance.random() < 0.02:
        weights[-1] += Fraction(chance.choice((-1, 1, -2000)), 1000)
    return [written(weight) for weight in weights]


def _value(chance: Random) -> Any:
    kind = chance.random()
    if kind < 0.4:
        return str(chance.randint(0, 20))
    if kind < 0.7:
        return str(chance.randint(0, 10**6))
    if kind < 0.98:
        return repr(chance.random() * 10 ** chance.randint(-3, 6))
    return chance.choice(("0", "0", "1e-05", "7.50", ".5", "12.", "1E3")) if kind < 0.999 else chance.choice(("-1", None, "x", "nan"))


def _bound(chance: Random, share: Fraction, factors: tuple[float, ...]) -> str:
    if chance.random() < 0.02:
        return "-1"
    value = share * Fraction(str(chance.choice(factors)))
    return written(value if chance.random() < 0.3 else Fraction(round(value)))


def _garantie(chance: Random, codes: list[str], share: Fraction) -> dict[str, Any]:
    known = [code for code in codes if chance.random() < 0.97]
    # References around an even share, so that most garanties can be kept.
    amounts = {code: written(Fraction(round(share * Fraction(chance.randint(3, 17), 10)))) for code in known}
    low, high = chance.choice(("0.5", "0.8", "0.9", "1", "-0.1", None)), chance.choice(("0.7", "1.1", "1.5", "3", None))
    return {"minimum": low, "maximum": high, "montants": amounts, "sans_reference": chance.choice(("erreur", "libre"))}
