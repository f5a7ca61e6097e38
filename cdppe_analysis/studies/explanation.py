"""How one amount came about, in a dozen lines of French that a reader can redo on paper.

Each line gives the figures that the next one needs: value and total of each criterion, share, weight, score, montant
théorique, the bound if there is one, lambda, the cut to whole euros. Figures are shown with enough digits for the
amount to be found again to the cent.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from cdppe_analysis.allocation.sharing import Allocation
from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.rules import Criterion
from cdppe_analysis.typography import counted, euros, number, percent, with_unit

_AT = {"plancher": "au plancher", "plafond": "au plafond", "garantie": "à la garantie"}
_BROUGHT = {"bas": "porté", "haut": "ramené"}


def explain(allocation: Allocation, code: str, units: Mapping[str, str] | None = None) -> str:
    """Tell how the amount of one beneficiary came about.

    Parameters
    ----------
    allocation
        The result of `allocate`.
    code
        The INSEE code of the beneficiary.
    units
        What the series of each criterion counts, by its id, where that is to be told (`Data.units`).

    Returns
    -------
    str
        A dozen lines in French.

    Raises
    ------
    TerritoryError
        When the code is no beneficiary of the rule.

    Examples
    --------
    >>> import pandas as pd
    >>> from cdppe_analysis.rules import Criterion, Rule
    >>> from cdppe_analysis.allocation import allocate
    >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1")
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,))
    >>> frame = pd.DataFrame({"code_departement": ["03", "23"], "enfants": [3, 1]})
    >>> print(explain(allocate(rule, frame), "23").splitlines()[0])
    Creuse (23) — Exemple
    """
    rule = allocation.rule
    if code not in allocation.exact:
        named, meant = rule.label(code) or "an empty code", rule.names.territories.probable(code)
        near = f"; probably {meant!r}" if meant in allocation.exact else ""
        raise TerritoryError(f"{named} is no beneficiary of the rule {rule.id!r}{near}", code=code)
    row = allocation.table.loc[allocation.table["code_departement"] == code].iloc[0]
    # One more digit than the envelope has: shares then give the amount back to the cent.
    digits = len(str(int(rule.enveloppe))) + 1
    score = percent(allocation.scores[code], digits)
    steps = [
        f"À partager : {_amount(rule.enveloppe)} entre {counted(len(rule.beneficiaires), 'bénéficiaire')}.",
        *(_criterion_sentence(allocation, row, criterion, units or {}, digits) for criterion in rule.criteres),
        f"Score, somme des parts pondérées : {score}.",
        f"Montant théorique : {_amount(rule.enveloppe)} × {score} = "
        f"{euros(rule.enveloppe * allocation.scores[code], 2)}.",
        *_bound_sentences(allocation, code, score),
        _rounding_sentence(allocation, code),
        f"Montant : {_amount(allocation.final[code])}.",
    ]
    points = " ; ".join(
        f"{criterion.titre}, {euros(allocation.point_values[criterion.id], 2)}" for criterion in rule.criteres
    )
    return "\n".join(
        [
            f"{rule.label(code)} ({code}) — {rule.titre}",
            *(f"{rank}. {sentence}" for rank, sentence in enumerate(steps, start=1)),
            f"Valeur du point, avant bornes (euros pour une unité de plus du critère) : {points}.",
        ]
    )


def _criterion_sentence(
    allocation: Allocation, row: pd.Series, criterion: Criterion, units: Mapping[str, str], digits: int
) -> str:
    value, total = (float(row[f"valeur_{criterion.id}"]), float(allocation.table[f"valeur_{criterion.id}"].sum()))
    share, weighted = (float(row[f"{part}_{criterion.id}"]) for part in ("part", "part_ponderee"))
    return (
        f"{series_label(criterion, units)} : {_value(value, total)} sur {_value(total, total)}, soit "
        f"{percent(share, digits)} ; pondéré par {_weight(criterion.poids)} : {percent(weighted, digits)}."
    )


def series_label(criterion: Criterion, units: Mapping[str, str]) -> str:
    """Return a criterion as a figure of its series is headed: the year, and what the series counts.

    Examples
    --------
    >>> criterion = Criterion("ase_0_17", Fraction(1), 2017, "note", "p. 1", libelle="Enfants de 0 à 17 ans")
    >>> series_label(criterion, {"ase_0_17": "enfants et jeunes majeurs"})
    'Enfants de 0 à 17 ans (2017, série : enfants et jeunes majeurs)'
    """
    unit = units.get(criterion.id)
    return f"{criterion.titre} ({criterion.millesime}{f', série : {unit}' if unit else ''})"


def _bound_sentences(allocation: Allocation, code: str, score: str) -> list[str]:
    rule, effects = allocation.rule, allocation.bound_effects
    declared = [
        f"{name} de {_amount(value)}"
        for name, value in (("plancher", rule.plancher), ("plafond", rule.plafond))
        if value is not None
    ]
    declared += ["garantie sur un montant de référence"] if rule.garantie is not None else []
    if not declared:
        return ["La règle n’a ni plancher ni plafond : le montant théorique est le montant exact."]
    columns = (effects[name].tolist() for name in ("borne", "nombre", "apport_eur"))
    at_bounds = " et ".join(
        f"{counted(units, 'bénéficiaire')} {_AT[name]} ({euros(added, 2, signed=True)})"
        for name, units, added in zip(*columns, strict=True)
    )
    listed = f"Bornes : {', '.join(declared)} ; {at_bounds or 'aucun bénéficiaire n’y est'}."
    if effects.empty:
        return [listed, "Aucune borne ne joue : le montant théorique est le montant exact."]
    level, exact = allocation.multiplier, allocation.exact[code]
    shared = (
        f"Ce que les bornes ajoutent ou retirent est réparti entre les autres selon leurs scores : le multiplicateur "
        f"des scores est {euros(level, 2)} au lieu de {_amount(rule.enveloppe)}."
    )
    product = f"{euros(level, 2)} × {score} = {euros(level * allocation.scores[code], 2)}"
    rank = rule.beneficiaires.index(code)
    bound = str(allocation.table["borne"].iloc[rank])
    if not bound:
        return [listed, shared, f"{product}, entre les bornes."]
    brought = _BROUGHT["bas" if exact == rule.bounds()[rank].low else "haut"]
    return [listed, shared, f"{product}, {brought} {_AT[bound]} : {euros(exact, 2)}."]


def _rounding_sentence(allocation: Allocation, code: str) -> str:
    rule = allocation.rule
    exact, final = allocation.exact[code], allocation.final[code]
    unit = rule.arrondi.unite_eur
    if rule.arrondi.methode == "aucun":
        return "Aucun arrondi n’est fait."
    whole = math.floor(exact / unit) * unit
    remainder = exact - whole
    if rule.arrondi.methode == "independant":
        return (
            f"Arrondi au plus proche, chacun pour soi : {euros(exact, 2)} devient {_amount(final)} "
            f"(la somme des montants s’écarte de l’enveloppe de {_amount(allocation.rounding_gap, signed=True)})."
        )
    given = int(allocation.table["unite_recue"].sum())
    took = "reçoit une unité" if final > whole else "n’en reçoit pas"
    return (
        f"Arrondi aux plus forts restes, par unité de {_amount(unit)} : {_amount(whole)} et un reste de "
        f"{euros(remainder, 4)} ; {counted(given, 'unité')} à donner aux plus forts restes, "
        f"ce bénéficiaire {took}.{_tie(allocation, code)}"
    )


def _tie(allocation: Allocation, code: str) -> str:
    """Tell the beneficiaries of the same remainder where some received a unit and others did not."""
    unit, rank = allocation.rule.arrondi.unite_eur, allocation.rule.beneficiaires.index(code)
    remainders = [exact % unit for exact in allocation.exact.values()]
    received = dict(zip(allocation.rule.beneficiaires, allocation.table["unite_recue"].tolist(), strict=True))
    tied = [
        other
        for other, remainder in zip(allocation.rule.beneficiaires, remainders, strict=True)
        if remainder == remainders[rank]
    ]
    if len({received[other] for other in tied}) < 2:
        return ""
    order = sorted(tied, key=lambda other: -allocation.exact[other])
    listed = ", ".join(
        f"{allocation.rule.label(other)} ({other}, {euros(allocation.exact[other], 4)})"
        for other in order
        if received[other]
    )
    return (
        f" Égalité : {number(len(tied))} bénéficiaires ont ce même reste pour "
        f"{counted(sum(received[other] for other in tied), 'unité')} ; le plus grand montant exact passe d’abord, puis "
        f"le plus petit code. Servis : {listed}."
    )


def _amount(value: Fraction, *, signed: bool = False) -> str:
    return euros(value, 0 if value.denominator == 1 else 2, signed=signed)


def _value(value: float, total: float) -> str:
    decimals = 0 if value.is_integer() and total.is_integer() and total > 1 else max(0, 9 - len(str(int(total))))
    return number(value, decimals)


def _weight(weight: Fraction) -> str:
    scaled = weight * 100
    decimals = next((digits for digits in range(7) if (scaled * 10**digits).denominator == 1), 6)
    return with_unit(scaled, "%", decimals)
