"""What each of several changes contributes: its Shapley value over the order of the changes.

The change i brings, on average over all orders, phi_i = sum over the sets S of other changes of |S|! (n - |S| - 1)! /
n! [v(S + i) - v(S)] (Shapley, 1953), v being the amounts with the changes of S alone. No order is privileged, and the
parts sum to the whole exactly: amounts are rationals from end to end.

Changes that only make sense together are one: the weights of a rule and the criteria that carry them always are.
Known drawback: 2^n rules are computed, so that n is at most `LARGEST`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.errors import CdppeError, ScenarioError

LARGEST = 10
"""The largest number of changes told apart: 1 024 rules."""


def shapley_values(reached: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the Shapley value of each player of a game, exact where what is reached are rationals.

    Parameters
    ----------
    reached
        What each set of players reaches, shape (2^n, m): a row a set, whose bits are its players.

    Returns
    -------
    numpy.ndarray
        Shape (n, m), of the kind of `reached`; the rows sum to what all reach less what none does.

    Examples
    --------
    >>> reached = np.array([[Fraction(0)], [Fraction(2)], [Fraction(0)], [Fraction(10)]])
    >>> shapley_values(reached).tolist()
    [[Fraction(6, 1)], [Fraction(4, 1)]]
    """
    count = len(reached).bit_length() - 1
    values = np.zeros((count, reached.shape[1]), dtype=reached.dtype)
    one: Any = Fraction(1) if reached.dtype == object else 1.0
    for player in range(count):
        for subset in range(len(reached)):
            if not subset >> player & 1:
                weight = one / (count * math.comb(count - 1, subset.bit_count()))
                values[player] += weight * (reached[subset | 1 << player] - reached[subset])
    return values


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
    return {label: tuple(changes) for label, changes in groups.items()}


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
    if len(groups) > LARGEST:
        raise ScenarioError(
            f"{len(groups)} changes are too many to tell apart: {2 ** len(groups)} rules; at most {LARGEST}"
        )
    labels = list(groups)
    by_set: dict[int, Mapping[str, Fraction]] = {}
    # The fewest first, so that what makes no rule is named by as few changes as can be.
    for chosen in sorted(range(2 ** len(labels)), key=int.bit_count):
        names = [label for rank, label in enumerate(labels) if chosen >> rank & 1]
        paths = {path for label in names for path, _ in groups[label]}
        try:
            by_set[chosen] = amounts([pair for pair in differences if pair[0] in paths])
        except CdppeError as error:
            alone = " and ".join(names) or "no change"
            raise ScenarioError(
                f"{alone} alone makes no rule, so that contributions cannot be told: {error}"
            ) from error
    codes = sorted({code for side in by_set.values() for code in side})
    reached = [[Fraction(by_set[chosen].get(code, 0)) for code in codes] for chosen in range(len(by_set))]
    values = shapley_values(np.array(reached, dtype=object))
    return pd.DataFrame(
        {
            "code_departement": pd.array([code for code in codes for _ in labels], dtype="str"),
            "changement": pd.array(labels * len(codes), dtype="str"),
            "contribution": [float(value) for value in values.T.flat],
        }
    )
