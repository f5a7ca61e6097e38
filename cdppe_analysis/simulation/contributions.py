"""What each of several changes contributes: its Shapley value over the order of the changes.

The change i brings, on average over all orders, phi_i = sum over the sets S of other changes of |S|! (n - |S| - 1)! /
n! [v(S + i) - v(S)] (Shapley, 1953), v being the amounts with the changes of S alone. No order is privileged, and the
parts sum to the whole exactly: amounts are rationals from end to end.

Changes that only make sense together are one: the weights of a rule and the criteria that carry them always are.
Known drawback: 2^n rules are computed, so that n is at most `LARGEST`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import pandas as pd

from cdppe_analysis.errors import CdppeError, ScenarioError

LARGEST = 10
"""The largest number of changes told apart: 1 024 rules."""

Player = TypeVar("Player", bound=Hashable)


def shapley_values(
    players: Sequence[Player], value: Callable[[frozenset[Player]], Sequence[Fraction]]
) -> dict[Player, list[Fraction]]:
    """Return the Shapley value of each player, exactly.

    Parameters
    ----------
    players
        At most `LARGEST`.
    value
        From a set of players to numbers, always as many.

    Returns
    -------
    dict
        By player, one number a number of `value`; they sum to value(all) - value(none).

    Raises
    ------
    ScenarioError
        When there are too many players.

    Examples
    --------
    >>> both = shapley_values(["a", "b"], lambda s: [Fraction(10 if len(s) == 2 else 2 if "a" in s else 0)])
    >>> [both[player][0] for player in "ab"]
    [Fraction(6, 1), Fraction(4, 1)]
    """
    count = len(players)
    if count > LARGEST:
        raise ScenarioError(f"{count} changes are too many to tell apart: {2**count} rules; at most {LARGEST}")
    values = {
        frozenset(subset): value(frozenset(subset))
        for size in range(count + 1)
        for subset in itertools.combinations(players, size)
    }
    width = len(values[frozenset()])
    effects = {player: [Fraction(0)] * width for player in players}
    for subset, without in values.items():
        for player in players:
            if player not in subset:
                orders = math.factorial(len(subset)) * math.factorial(count - len(subset) - 1)
                weight = Fraction(orders, math.factorial(count))
                added = values[subset | {player}]
                effects[player] = [
                    sum_ + weight * (with_ - before)
                    for sum_, with_, before in zip(effects[player], added, without, strict=True)
                ]
    return effects


def change_groups(differences: Iterable[tuple[str, Any]]) -> dict[str, tuple[tuple[str, Any], ...]]:
    """Return the changes that are told apart: a label, and the differences that belong together.

    Weights and the coming and going of criteria are one change (`criteres`); the year of each criterion is its own,
    and so is each other part of a rule.

    Examples
    --------
    >>> list(change_groups([("criteres.a.poids", "1"), ("plancher", 0), ("criteres.a.millesime", 2022)]))
    ['criteres', 'plancher', 'criteres.a.millesime']
    """
    groups: dict[str, list[tuple[str, Any]]] = {}
    for path, value in differences:
        parts = path.split(".")
        data = parts[0] == "criteres" and len(parts) == 3 and parts[2] in ("millesime", "edition")
        label = f"criteres.{parts[1]}.millesime" if data else parts[0]
        groups.setdefault(label, []).append((path, value))
    return {label: tuple(found) for label, found in groups.items()}


def contributions(
    differences: Sequence[tuple[str, Any]],
    amounts: Callable[[Sequence[tuple[str, Any]]], Mapping[str, Fraction]],
) -> pd.DataFrame:
    """Return what each change brings to each unit.

    Parameters
    ----------
    differences
        Pairs of a path and a value; see `change_groups` for those that are told apart.
    amounts
        From some of the differences, in their order, to exact euros by code; a unit that receives nothing may be left
        out.

    Returns
    -------
    pandas.DataFrame
        code_departement, changement, contribution (euros), a row a unit and change, in the order of codes; the
        contributions of a unit sum to its difference to within a billionth of a euro.

    Raises
    ------
    ScenarioError
        When there are too many changes, or when some of them alone make no rule (naming them).

    Examples
    --------
    >>> def half(differences):
    ...     part = Fraction(1, 2) + sum(Fraction(value) for _, value in differences)
    ...     return {"03": 100 * part, "23": 100 * (1 - part)}
    >>> contributions([("plancher", "1/4"), ("plafond", "-1/8")], half)["contribution"].tolist()
    [25.0, -12.5, -25.0, 12.5]
    """
    groups = change_groups(differences)
    by_labels: dict[frozenset[str], Mapping[str, Fraction]] = {}
    order = list(differences)
    for size in range(len(groups) + 1) if len(groups) <= LARGEST else ():
        for labels in itertools.combinations(groups, size):
            chosen = {path for label in labels for path, _ in groups[label]}
            try:
                by_labels[frozenset(labels)] = amounts([pair for pair in order if pair[0] in chosen])
            except CdppeError as error:
                alone = " and ".join(labels) or "no change"
                raise ScenarioError(
                    f"{alone} alone makes no rule, so that contributions cannot be told: {error}"
                ) from error
    codes = sorted({code for side in by_labels.values() for code in side})
    values = shapley_values(list(groups), lambda chosen: [Fraction(by_labels[chosen].get(code, 0)) for code in codes])
    return pd.DataFrame(
        {
            "code_departement": pd.array([code for code in codes for _ in groups], dtype="str"),
            "changement": pd.array([label for _ in codes for label in groups], dtype="str"),
            "contribution": [float(values[label][rank]) for rank in range(len(codes)) for label in groups],
        }
    )
