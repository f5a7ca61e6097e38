"""Why a choice has no solution, in French: the two figures that do not fit, and how far to come back.

A choice is looked at before it is computed, so that the reader is told in his own terms: minimums above the envelope,
maximums below it, a minimum above a maximum, a garantie that promises too much or allows too little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cdppe_analysis.errors import CdppeError, CriteriaError, InfeasibleError
from cdppe_analysis.reporting.choice import Choice
from cdppe_analysis.territories import departement
from cdppe_analysis.typography import NNBSP, euros, number


@dataclass(frozen=True)
class Impossible:
    """Why a choice has no solution, and what to move to come back."""

    message: str
    conseil: str


def misfit(choice: Choice, codes: Sequence[str], official: Mapping[str, Fraction]) -> Impossible | None:
    """Return what does not fit in a choice, or `None`.

    Parameters
    ----------
    choice
        The choice.
    codes
        Its beneficiaries.
    official
        The official amounts, which a garantie refers to.

    Examples
    --------
    >>> choice = Choice("r", (("a", Fraction(1)),), Fraction(100), Fraction(30), None, None, "l")
    >>> misfit(choice, ["01", "02", "03", "04"], {}).message.replace(NNBSP, " ")
    'Les minimums dépassent l’enveloppe : 4 bénéficiaires × 30 € = 120 €, pour une enveloppe de 100 €.'
    """
    low, high, envelope, count = choice.plancher or Fraction(0), choice.plafond, choice.enveloppe, len(codes)
    if not count:
        return Impossible("Il n’y a aucun bénéficiaire.", "Ajoutez-en un au moins.")
    if envelope <= 0:
        return Impossible("L’enveloppe est nulle.", "Donnez une enveloppe supérieure à zéro.")
    if high is not None and low > high:
        return Impossible(
            f"Le minimum ({_amount(low)}) est supérieur au maximum ({_amount(high)}).",
            "Baissez le minimum ou relevez le maximum.",
        )
    if low * count > envelope:
        return Impossible(
            f"Les minimums dépassent l’enveloppe : {number(count)} bénéficiaires × {_amount(low)} = "
            f"{_amount(low * count)}, pour une enveloppe de {_amount(envelope)}.",
            f"Avec cette enveloppe, le minimum peut aller jusqu’à {_amount(math.floor(envelope / count))}.",
        )
    if high is not None and high * count < envelope:
        return Impossible(
            f"Les maximums ne suffisent pas à dépenser l’enveloppe : {number(count)} bénéficiaires × "
            f"{_amount(high)} = {_amount(high * count)}, pour une enveloppe de {_amount(envelope)}.",
            f"Avec cette enveloppe, le maximum ne peut pas descendre sous {_amount(math.ceil(envelope / count))}.",
        )
    return _misfit_of_garantie(choice, codes, official)


def told(error: CdppeError, choice: Choice, titles: Mapping[str, str]) -> Impossible:
    """Tell an error of the engine to the reader of the simulator.

    Parameters
    ----------
    error
        The error.
    choice
        The choice that caused it.
    titles
        The words for each criterion.
    """
    if isinstance(error, CriteriaError) and error.code is not None:
        name = departement(error.code).libelle
        title = titles.get(str(error.criterion), str(error.criterion))
        return Impossible(
            f"Le critère «{NNBSP}{title}{NNBSP}» n’a pas de valeur pour {name}, que cette liste compte parmi "
            "les bénéficiaires.",
            "Choisissez une autre liste de bénéficiaires.",
        )
    if isinstance(error, InfeasibleError):
        return Impossible(
            "Les bornes demandées ne laissent aucune répartition possible de l’enveloppe.",
            "Rapprochez le minimum, le maximum ou la garantie de la règle officielle.",
        )
    return Impossible(
        f"Ce choix, parti de la règle {choice.regle}, ne peut pas être calculé ({error}).",
        "Revenez à la règle officielle.",
    )


def _misfit_of_garantie(choice: Choice, codes: Sequence[str], official: Mapping[str, Fraction]) -> Impossible | None:
    if choice.garantie is None:
        return None
    least, most = choice.garantie
    lows: list[Fraction] = []
    highs: list[Fraction | None] = []
    for code in codes:
        low, high = choice.plancher or Fraction(0), choice.plafond
        if code in official:
            low = max(low, least * official[code])
            high = min(high, most * official[code]) if high is not None else most * official[code]
        if high is not None and low > high:
            return Impossible(
                f"Pour {departement(code).libelle}, le minimum ({_amount(low)}) est supérieur au maximum "
                f"({_amount(high)}), une fois la garantie comptée.",
                "Élargissez la garantie, ou rapprochez le minimum et le maximum de la règle officielle.",
            )
        lows.append(low)
        highs.append(high)
    least_total = sum(lows, Fraction(0))
    if least_total > choice.enveloppe:
        return Impossible(
            f"La garantie dépasse l’enveloppe : les montants garantis font {_amount(least_total)}, "
            f"pour une enveloppe de {_amount(choice.enveloppe)}.",
            "Baissez la part garantie, ou relevez l’enveloppe.",
        )
    known = [high for high in highs if high is not None]
    most_total = sum(known, Fraction(0))
    if len(known) == len(highs) and most_total < choice.enveloppe:
        return Impossible(
            f"La garantie plafonne trop bas : les montants ne peuvent dépasser {_amount(most_total)} en tout, "
            f"pour une enveloppe de {_amount(choice.enveloppe)}.",
            "Relevez la part maximale, ou baissez l’enveloppe.",
        )
    return None


def _amount(value: Fraction | int) -> str:
    exact = Fraction(value)
    return euros(exact, 0 if exact.denominator == 1 else 2)
