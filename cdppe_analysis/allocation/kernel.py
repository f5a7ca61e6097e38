"""Bounded amounts and whole euros for a million draws at once: generalized ufuncs over the last axis, in float64.

Same definitions as the exact path (`level`): a_i = min(M_i, max(m_i, lambda s_i)), sum a_i = E; then the largest
remainders. lambda is found by Newton's method on a piecewise linear function, kept in a bracket; no sort is made. Being
ufuncs, they broadcast over any leading axes, release the lock of the interpreter, and work on NumPy, xarray
(`apply_ufunc`) and Dask arrays alike. The compiled code is kept on disk between processes.

A row that has no solution (bounds that exclude the envelope, a score that is negative or not a number) gives NaN, and
`infeasible` counts it: nothing is raised in the middle of a million draws.

Bounds that are the same for every unit cost nothing to read when they are given as `numpy.broadcast_to(bound, n)`.

Known drawbacks. Amounts agree with the exact path within 1e-6 € as long as they stay below 10^8 €; above, within a few
units of the last binary place, which no float64 can better. Remainders that differ by less than that are tied, and
follow the declared order of ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import guvectorize, njit, types
from numba.core.caching import FunctionCache
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic, overload

_REASSOCIATED = {"reassoc", "contract", "nsz", "arcp"}
_WITHOUT_NAN = _REASSOCIATED | {"nnan"}
_MOST_STEPS = 200
_EPSILON = 2.0**-52
_ROOM_FOR_ROUNDING = 8 * _EPSILON
_TIED = 16 * _EPSILON
_INFINITY = np.float64(np.inf).view(np.uint64)
_NONE = -1.0


def _told_contiguous(_context: Any, array: Any) -> Any:
    """Tell the compiler that a one-dimensional array is contiguous, which its strides showed: loops then vectorise."""
    told = array.copy(layout="C")

    def generated(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return impl_ret_borrowed(context, builder, told, arguments[0])  # type: ignore[no-untyped-call]

    return told(array), generated


_contiguous: Any = intrinsic(_told_contiguous)


@njit
def _is_packed(array: Any) -> bool:
    return bool(array.strides[0] == array.itemsize)


@njit
def _is_uniform(array: Any) -> bool:
    return bool(array.strides[0] == 0)


def _bound(bounds: Any, unit: int) -> Any:
    """Return the bound of a unit, from an array, or from a tuple of one where all units have the same."""


@overload(_bound, inline="always", strict=False)
def _bound_overload(bounds: Any, unit: int) -> Any:  # noqa: ARG001 - the signature of what is overloaded
    if isinstance(bounds, types.BaseTuple):
        return lambda bounds, unit: bounds[0]  # noqa: ARG005
    return lambda bounds, unit: bounds[unit]


@njit
def _bounds(highs: Any, units: int) -> Any:
    """Return the bound of each unit as an array."""
    bounds = np.empty(units)
    for unit in range(units):
        bounds[unit] = _bound(highs, unit)
    return bounds


@njit(fastmath=_REASSOCIATED)
def _pieces(scores: Any, lows: Any, highs: Any, level: float) -> Any:
    """Return the sum of the bounds that bind at lambda, the sum of the scores that are free of them, and what is wrong.

    Wrong are scores that are negative or not finite, bounds that are negative or not numbers, or that cross. Bits are
    compared, as integers: they are in the order of the numbers they stand for, from 0 to infinity, and what is negative
    or not a number lies above. A comparison of numbers that are none would make NumPy warn.
    """
    fixed = slope = 0.0
    wrong: Any = 0
    for unit in range(scores.size):
        score, low, high = scores[unit], _bound(lows, unit), _bound(highs, unit)
        bits = np.float64(score + 0.0).view(np.uint64)
        floor, cap = np.float64(low + 0.0).view(np.uint64), np.float64(high + 0.0).view(np.uint64)
        wrong += np.int64(bits >= _INFINITY) + np.int64(floor > cap) + np.int64(cap > _INFINITY)
        free = level * score
        fixed += low if free < low else (high if free > high else 0.0)
        slope += 0.0 if free < low else (0.0 if free > high else score)
    return fixed, slope, wrong


@njit(fastmath=_REASSOCIATED)
def _write(scores: Any, lows: Any, highs: Any, level: float, amounts: Any) -> Any:
    """Write the amounts at lambda; return the sum of the bounds that bind, and that of the scores that are free."""
    fixed = slope = 0.0
    for unit in range(scores.size):
        score, low, high = scores[unit], _bound(lows, unit), _bound(highs, unit)
        free = level * score
        under, over = free < low, free > high
        amounts[unit] = low if under else (high if over else free)
        fixed += low if under else (high if over else 0.0)
        slope += 0.0 if under else (0.0 if over else score)
    return fixed, slope


# Ratios are compared by products: the compiler would divide by a score of 0 before it tests it, and NumPy would warn.
@njit
def _first_free(scores: Any, lows: Any, level: float) -> float:
    """Return the smallest larger lambda at which a unit leaves its lower bound, or `_NONE`."""
    bound, of_score = _NONE, 1.0
    for unit in range(scores.size):
        score, low = scores[unit], _bound(lows, unit)
        if score > 0.0 and level * score < low and (bound == _NONE or low * of_score < bound * score):
            bound, of_score = low, score
    return bound / of_score * (1.0 + _ROOM_FOR_ROUNDING) if bound != _NONE else _NONE


@njit
def _last_free(scores: Any, highs: Any, level: float) -> float:
    """Return the largest smaller lambda at which a unit leaves its upper bound, or `_NONE`."""
    bound, of_score = _NONE, 1.0
    for unit in range(scores.size):
        score, high = scores[unit], _bound(highs, unit)
        if score > 0.0 and level * score > high and (bound == _NONE or high * of_score > bound * score):
            bound, of_score = high, score
    return bound / of_score * (1.0 - _ROOM_FOR_ROUNDING) if bound != _NONE else _NONE


@njit
def _solve(scores: Any, envelope: Any, lows: Any, highs: Any, amounts: Any) -> None:
    """Write the amounts of a row: those at the lambda that leaves unchanged the pieces it was computed from.

    The pass that writes the amounts at a lambda sums the pieces there, so that the last one also proves itself.
    """
    level, below, above = envelope, 0.0, np.inf
    fixed, slope, wrong = _pieces(scores, lows, highs, level)
    steps = _MOST_STEPS if wrong == 0 and _is_number(envelope) and envelope > 0.0 else 0
    for _ in range(steps):
        reached = fixed + level * slope
        if reached < envelope:
            below = level
        else:
            above = level
        if slope > 0.0:
            proposed = (envelope - fixed) / slope
        elif abs(reached - envelope) <= _EPSILON * envelope:
            proposed = level
        elif reached < envelope:
            proposed = _first_free(scores, lows, level)
        else:
            proposed = _last_free(scores, highs, level)
        if slope == 0.0 and proposed == _NONE:
            if abs(reached - envelope) <= _ROOM_FOR_ROUNDING * envelope:
                _write(scores, lows, highs, level, amounts)
                return
            break
        settled = abs(proposed - level) <= 2.0 * _EPSILON * level
        inside = settled or below < proposed < above
        if not inside:
            proposed = 0.5 * (below + above)
            settled = above - below <= 4.0 * _EPSILON * above
        before, free, level = fixed, slope, proposed
        fixed, slope = _write(scores, lows, highs, level, amounts)
        if inside:
            settled = settled or (free > 0.0 and fixed == before and slope == free)
        else:
            settled = settled or abs(fixed + level * slope - envelope) <= _EPSILON * envelope
        if settled:
            return
    _write_all_capped(envelope if steps > 0 else np.nan, highs, amounts)


@njit
def _write_all_capped(envelope: float, highs: Any, amounts: Any) -> None:
    """Write the upper bounds where they sum to the envelope, as no lambda then need; NaN where they do not."""
    everything = 0.0
    for unit in range(amounts.size):
        everything += _bound(highs, unit)
    solved = abs(everything - envelope) <= _ROOM_FOR_ROUNDING * envelope
    for unit in range(amounts.size):
        amounts[unit] = _bound(highs, unit) if solved else np.nan


@njit
def _is_number(value: float) -> bool:
    return bool(np.float64(abs(value)).view(np.uint64) < _INFINITY)


@njit
def _missing(amounts: Any, highs: Any) -> Any:
    """Count the amounts that are negative or not finite, and the plafonds that are negative or not numbers."""
    wrong: Any = 0
    for unit in range(amounts.size):
        wrong += np.int64(np.float64(amounts[unit] + 0.0).view(np.uint64) >= _INFINITY)
        wrong += np.int64(np.float64(_bound(highs, unit) + 0.0).view(np.uint64) > _INFINITY)
    return wrong


@njit(fastmath=_REASSOCIATED)
def _remainders(amounts: Any, highs: Any, left: Any) -> Any:
    """Write what the cut leaves of each amount, -1 where one more euro would pass the plafond.

    Return the sum of the cut amounts, and how many remainders are above 0.
    """
    total = above = 0.0
    for unit in range(amounts.size):
        amount = amounts[unit]
        whole = np.floor(amount)
        remainder = amount - whole if whole + 1.0 <= _bound(highs, unit) else -1.0
        left[unit] = remainder
        total += whole
        above += 1.0 if remainder > 0.0 else 0.0
    return total, above


@njit(fastmath=_WITHOUT_NAN)
def _count_above(left: Any, threshold: float) -> float:
    count = 0.0
    for unit in range(left.size):
        count += 1.0 if left[unit] > threshold else 0.0
    return count


@njit(fastmath=_WITHOUT_NAN)
def _gap(left: Any, threshold: float) -> float:
    """Return the distance between the smallest remainder above the threshold and the largest of the others."""
    over, under = 2.0, -2.0
    for unit in range(left.size):
        remainder = left[unit]
        over = min(over, remainder if remainder > threshold else 2.0)
        under = max(under, remainder if remainder <= threshold else -2.0)
    return over - under


@njit(fastmath=_WITHOUT_NAN)
def _largest(amounts: Any) -> float:
    found = 0.0
    for unit in range(amounts.size):
        found = max(found, amounts[unit])
    return found


@njit
def _threshold(left: Any, missing: float, above: float) -> float:
    """Return a value that exactly `missing` remainders are above; `_NONE` where ties leave none."""
    low, high, over_low, over_high = 0.0, 1.0, above, 0.0
    if above < missing:
        return _NONE
    if above == missing:
        return 0.0
    for step in range(_MOST_STEPS):
        share = (over_low - missing) / (over_low - over_high) if step % 3 < 2 else 0.5
        middle = low + (high - low) * share
        if not (low < middle < high):
            middle = 0.5 * (low + high)
        count = _count_above(left, middle)
        if count == missing:
            return middle
        if count > missing:
            low, over_low = middle, count
        else:
            high, over_high = middle, count
        if high - low <= _EPSILON:
            break
    return _NONE


@njit(fastmath=_REASSOCIATED)
def _add_above(amounts: Any, threshold: float, whole: Any) -> None:
    """Replace the remainders by the cut amounts, and one more where the remainder is above the threshold."""
    for unit in range(amounts.size):
        whole[unit] = np.floor(amounts[unit]) + (1.0 if whole[unit] > threshold else 0.0)


@njit
def _ranked(values: Any, eligible: Any, rank: int) -> Any:
    """Return the value that has `rank` among the eligible ones, 1 for the largest; values are not negative.

    Their bits are in their order: the answer is found one bit after the other, without a sort.
    """
    found = np.uint64(0)
    for place in range(63):
        tried = found | (np.uint64(1) << np.uint64(62 - place))
        count = 0
        for unit in range(values.size):
            count += 1 if eligible[unit] and np.float64(values[unit] + 0.0).view(np.uint64) >= tried else 0
        if count >= rank:
            found = tried
    return np.uint64(found).view(np.float64)


@njit
def _settle(amounts: Any, highs: Any, missing: float, whole: Any) -> None:
    """Give the units left over in the declared order, with ties: the rare rows that no threshold settles."""
    units = amounts.size
    left, eligible = np.empty(units), np.empty(units, dtype=np.bool_)
    for unit in range(units):
        whole[unit] = np.floor(amounts[unit])
        left[unit] = amounts[unit] - whole[unit]
    tied = _TIED * _largest(amounts)
    while missing > 0.0:
        count = 0
        for unit in range(units):
            eligible[unit] = whole[unit] + 1.0 <= highs[unit]
            count += 1 if eligible[unit] else 0
        if count == 0:
            for unit in range(units):
                whole[unit] = np.nan
            return
        if count <= missing:
            for unit in range(units):
                whole[unit] += 1.0 if eligible[unit] else 0.0
            missing -= count
            continue
        last = _ranked(left, eligible, int(missing))
        for unit in range(units):
            if eligible[unit] and left[unit] > last + tied:
                whole[unit] += 1.0
                missing -= 1.0
            eligible[unit] = eligible[unit] and last - tied <= left[unit] <= last + tied
        # Equal remainders: the larger whole part is the larger amount; then the smaller code comes first.
        if missing > 0.0:
            part = _ranked(whole, eligible, int(missing))
            for unit in range(units):
                if eligible[unit] and whole[unit] > part:
                    whole[unit] += 1.0
                    missing -= 1.0
                    eligible[unit] = False
            for unit in range(units):
                if eligible[unit] and whole[unit] == part and missing > 0.0:
                    whole[unit] += 1.0
                    missing -= 1.0
        return


@njit
def _cut(amounts: Any, envelope: Any, highs: Any, whole: Any) -> None:
    missing = -1.0
    if _missing(amounts, highs) == 0 and _is_number(envelope):
        total, above = _remainders(amounts, highs, whole)
        missing = envelope - total
    if missing < 0.0 or missing != np.floor(missing):
        for unit in range(whole.size):
            whole[unit] = np.nan
        return
    threshold = _threshold(whole, missing, above)
    gap = 0.0 if threshold == _NONE else _gap(whole, threshold)
    if gap <= _TIED * envelope and gap <= _TIED * _largest(amounts):
        _settle(amounts, _bounds(highs, whole.size), missing, whole)
    else:
        _add_above(amounts, threshold, whole)


def can_keep_compiled_code(function: Any) -> bool:
    """Tell whether what is compiled of a function can be kept on disk: not in a folder without rights, with no home."""
    try:
        return FunctionCache(function) is not None  # type: ignore[no-untyped-call]
    except RuntimeError:
        return False


_KEPT = can_keep_compiled_code(can_keep_compiled_code)


@guvectorize(  # type: ignore[no-untyped-call, untyped-decorator]
    [(types.float64[:], types.float64, types.float64[:], types.float64[:], types.float64[:])],
    "(n),(),(n),(n)->(n)",
    cache=_KEPT,
)
def bounded_amounts(scores: Any, envelope: float, lows: Any, highs: Any, amounts: Any) -> None:
    """Return amounts a_i = min(M_i, max(m_i, lambda s_i)) that sum to the envelope.

    bounded_amounts(scores[..., n], enveloppe[...], planchers[..., n], plafonds[..., n]) -> amounts[..., n], all in
    float64: scores >= 0 on any scale, the others in euros; a plafond may be infinite. A row without a solution is NaN.

    >>> bounded_amounts([0.5, 0.3, 0.15, 0.05], 100, [10] * 4, [40] * 4).round(2).tolist()
    [40.0, 33.33, 16.67, 10.0]
    """
    packed = _is_packed(scores) and _is_packed(amounts)
    if packed and _is_uniform(lows) and _is_uniform(highs):
        _solve(_contiguous(scores), envelope, (lows[0],), (highs[0],), _contiguous(amounts))
    elif packed and _is_packed(lows) and _is_packed(highs):
        _solve(_contiguous(scores), envelope, _contiguous(lows), _contiguous(highs), _contiguous(amounts))
    else:
        found = np.empty(amounts.size)
        _solve(scores.copy(), envelope, lows.copy(), highs.copy(), found)
        for unit in range(found.size):
            amounts[unit] = found[unit]


@guvectorize(  # type: ignore[no-untyped-call, untyped-decorator]
    [(types.float64[:], types.float64, types.float64[:], types.float64[:])],
    "(n),(),(n)->(n)",
    cache=_KEPT,
)
def largest_remainders(amounts: Any, envelope: float, highs: Any, whole: Any) -> None:
    """Return whole euros that sum to the envelope: amounts cut down, then a euro each to the largest remainders.

    largest_remainders(amounts[..., n], enveloppe[...], plafonds[..., n]) -> euros[..., n], all in float64. A tie goes
    to the larger amount, then to the first unit; none is pushed past its plafond (infinite for none). For a rounding
    unit of u euros, divide all three by u. A row of NaN, an envelope that is not whole, or plafonds without room give
    NaN.

    >>> largest_remainders([2.5, 2.5, 2.5, 2.5], 10, [40] * 4).tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    packed = _is_packed(amounts) and _is_packed(whole)
    if packed and _is_uniform(highs):
        _cut(_contiguous(amounts), envelope, (highs[0],), _contiguous(whole))
    elif packed and _is_packed(highs):
        _cut(_contiguous(amounts), envelope, _contiguous(highs), _contiguous(whole))
    else:
        found = np.empty(whole.size)
        _cut(amounts.copy(), envelope, highs.copy(), found)
        for unit in range(found.size):
            whole[unit] = found[unit]


# NumPy's own ufuncs, under their own names: they pickle, and Dask and xarray know them.
bounded_amounts = bounded_amounts.ufunc
largest_remainders = largest_remainders.ufunc


def infeasible(amounts: npt.NDArray[np.float64]) -> int:
    """Count the rows that have no solution.

    Parameters
    ----------
    amounts
        What `bounded_amounts` or `largest_remainders` returned; shape (..., n).

    Examples
    --------
    >>> infeasible(bounded_amounts([[1, 1], [1, 3]], 100, [30, 30], [60, 40]))
    0
    >>> infeasible(bounded_amounts([[1, 1], [1, 3]], 100, [30, 30], [60, 30]))
    2
    """
    return int(np.isnan(amounts[..., 0]).sum())
