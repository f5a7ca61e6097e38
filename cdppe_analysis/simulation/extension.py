"""A criterion that is known for some units only, supposed for the others: a declared hypothesis, with its uncertainty.

Where it is unknown, the criterion is taken as k times another series, k being the ratio of the two totals over the
units where both are known. How far the ratio strays from one known unit to another, s² = Var(ln(x_i / (k z_i))),
gives the coefficient of variation sqrt(exp(s²) - 1) of what is supposed. What is known stays as it is.

Known drawback: the units where the criterion is known were not drawn at random, so that the others may stray more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from cdppe_analysis.errors import CriteriaError


def completed(
    known: Mapping[str, float], series: Mapping[str, float], codes: Sequence[str], criterion: str
) -> tuple[dict[str, float], float]:
    """Complete a criterion by a series that is proportional to it.

    Parameters
    ----------
    known
        Values of the criterion where it is known, by code.
    series
        Values of the other series, by code: for every code of `codes`, and of `known`.
    codes
        The units to give a value to.
    criterion
        Its identifier, for messages.

    Returns
    -------
    tuple
        The values by code, and the coefficient of variation of those that are supposed.

    Raises
    ------
    CriteriaError
        When the series lacks a unit or is 0 for it, or when fewer than three units tell the ratio.

    Examples
    --------
    >>> completed({"01": 2.0, "02": 4.0, "03": 6.0}, {"01": 1, "02": 2, "03": 3, "04": 5}, ["01", "04"], "igb")
    ({'01': 2.0, '04': 10.0}, 0.0)
    """
    for code in {*codes, *known}:
        if not series.get(code, 0) > 0:
            raise CriteriaError("the series that completes a criterion has no value", code=code, criterion=criterion)
    positive = [code for code, value in known.items() if value > 0]
    if len(positive) < 3:
        raise CriteriaError("fewer than three units tell the ratio to the series", criterion=criterion)
    ratio = sum(known.values()) / sum(series[code] for code in known)
    strays = np.log([known[code] / (ratio * series[code]) for code in positive])
    values = {code: known.get(code, ratio * series[code]) for code in codes}
    return values, math.sqrt(math.expm1(float(np.var(strays, ddof=1))))
