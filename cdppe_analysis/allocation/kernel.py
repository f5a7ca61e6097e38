"""Bounded amounts and whole euros for a million draws at once, compiled, over the last axis, in float64.

Same definitions as the exact path (`level`): a_i = min(M_i, max(m_i, lambda s_i)), sum a_i = E; then the largest
remainders. lambda is found by Newton's method on a piecewise linear function, kept in a bracket; no sort is made. The
two functions broadcast over any leading axes, release the lock of the interpreter, and are what xarray's `apply_ufunc`
and Dask's `map_blocks` take. Each is compiled when it is first called, and its code is kept on disk between processes:
one file that needs no other, so that two processes that compile at once do not mix theirs.

A row that has no solution (bounds that exclude the envelope, a score that is negative or not a number) gives NaN, and
`infeasible` counts it: nothing is raised in the middle of a million draws.

Known drawbacks. Amounts agree with the exact path within 1e-6 € as long as they stay below 10^8 €; above, within a few
units of the last binary place, which no float64 can better. Remainders that differ by less than that are tied, and
follow the declared order of ties.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit
from numba.core.caching import FunctionCache

_REASSOCIATED = {"reassoc", "contract", "nsz", "arcp"}
_WITHOUT_NAN = _REASSOCIATED | {"nnan"}
_MOST_STEPS = 200
_FEW_STEPS = 8
_EPSILON = 2.0**-52
_ROOM_FOR_ROUNDING = 8 * _EPSILON
_TIED = 16 * _EPSILON
_NONE = -1.0


def _can_keep_compiled_code(function: Any) -> bool:
    """Tell whether what is compiled of a function can be kept on disk: not in a folder without rights, with no home."""
    try:
        return FunctionCache(function) is not None  # type: ignore[no-untyped-call]
    except RuntimeError:
        return False


KEPT = _can_keep_compiled_code(_can_keep_compiled_code)
"""Whether the code that is compiled here is kept on disk."""

# The caller holds the arrays: to count the references of each row that is looked at cost a third of the time.
_compiled = partial(njit, error_model="numpy", _nrt=False)
# Called by compiled code alone: without wrappers for the interpreter, the first call takes a third less.
_inner = partial(_compiled, no_cpython_wrapper=True, no_cfunc_wrapper=True)


@_inner(forceinline=True)
def _chosen(condition: Any, first: Any, second: Any) -> Any:
    """Return the first where the condition holds, else the second; written in place it is a branch: not vectorised."""
    return first if condition else second


@_inner(fastmath=_REASSOCIATED, forceinline=True)
def _pieces(scores: Any, lows: Any, highs: Any, level: float) -> Any:
    """Return the sum of the bounds that bind at lambda, and the sum of the scores that are free of them."""
    fixed = slope = 0.0
    for unit in range(scores.size):
        free = level * scores[unit]
        amount = min(max(free, lows[unit]), highs[unit])
        fixed += _chosen(amount == free, 0.0, amount)
        slope += _chosen(amount == free, scores[unit], 0.0)
    return fixed, slope


@_inner(fastmath=_REASSOCIATED, forceinline=True)
def _pieces_and_check(scores: Any, lows: Any, highs: Any, level: float) -> Any:
    """Return what `_pieces` does, and whether no score is negative, infinite or missing."""
    fixed = slope = total = 0.0
    signs = np.int64(0)
    for unit in range(scores.size):
        free = level * scores[unit]
        amount = min(max(free, lows[unit]), highs[unit])
        fixed += _chosen(amount == free, 0.0, amount)
        slope += _chosen(amount == free, scores[unit], 0.0)
        total += scores[unit]
        signs |= np.float64(scores[unit]).view(np.int64)
    # A score of -0 has a sign as well, and is none below 0.
    return fixed, slope, total < np.inf and (signs >= 0 or _are_bounds(scores, scores))


@_inner(fastmath=_REASSOCIATED, forceinline=True)
def _write(scores: Any, lows: Any, highs: Any, level: float, amounts: Any) -> Any:
    """Write the amounts at lambda, and return what `_pieces` does."""
    fixed = slope = 0.0
    for unit in range(scores.size):
        free = level * scores[unit]
        amount = min(max(free, lows[unit]), highs[unit])
        amounts[unit] = amount
        fixed += _chosen(amount == free, 0.0, amount)
        slope += _chosen(amount == free, scores[unit], 0.0)
    return fixed, slope


@_inner()
def _are_bounds(lows: Any, highs: Any) -> bool:
    """Tell whether no bound is negative or missing, and none crosses the other."""
    wrong = 0.0
    for unit in range(lows.size):
        wrong += 0.0 if 0.0 <= lows[unit] <= highs[unit] else 1.0
    return wrong == 0.0


@_inner()
def _first_free(scores: Any, lows: Any, level: float) -> float:
    """Return the smallest larger lambda at which a unit leaves its lower bound, or `_NONE`."""
    first = np.inf
    for unit in range(scores.size):
        if scores[unit] > 0.0 and level * scores[unit] < lows[unit]:
            first = min(first, lows[unit] / scores[unit])
    return first * (1.0 + _ROOM_FOR_ROUNDING) if first < np.inf else _NONE


@_inner()
def _last_free(scores: Any, highs: Any, level: float) -> float:
    """Return the largest smaller lambda at which a unit leaves its upper bound, or `_NONE`."""
    last = _NONE
    for unit in range(scores.size):
        if level * scores[unit] > highs[unit]:
            last = max(last, highs[unit] / scores[unit] * (1.0 - _ROOM_FOR_ROUNDING))
    return last


@_inner(forceinline=True)
def _solve(scores: Any, envelope: Any, lows: Any, highs: Any, amounts: Any) -> None:
    """Write the amounts of a row: those at the lambda that leaves unchanged the pieces it was computed from.

    The pass that writes the amounts at a lambda sums the pieces there, so that the last one also proves itself. The
    first lambda that is found is seldom the last: its amounts are not written. Newton's method alone is nearly always
    there in four passes; where it is not, `_search` begins again.
    """
    fixed, slope, sound = _pieces_and_check(scores, lows, highs, envelope)
    if not (sound and 0.0 < envelope < np.inf):
        _write_all_capped(np.nan, highs, amounts)
        return
    fixed, slope = _pieces(scores, lows, highs, (envelope - fixed) / slope)
    for _ in range(_FEW_STEPS):
        if not slope > 0.0:
            break
        before, free = fixed, slope
        fixed, slope = _write(scores, lows, highs, (envelope - fixed) / slope, amounts)
        if fixed == before and slope == free:
            return
    _search(scores, envelope, lows, highs, amounts)


@_inner()
def _search(scores: Any, envelope: Any, lows: Any, highs: Any, amounts: Any) -> None:
    """Do what `_solve` does, in a bracket: for rows where a step goes astray, or all units are at their bounds."""
    level, below, above = envelope, 0.0, np.inf
    fixed, slope = _pieces(scores, lows, highs, level)
    for _ in range(_MOST_STEPS):
        if slope > 0.0:
            proposed = (envelope - fixed) / slope
        else:
            proposed = _next_piece(scores, envelope, lows, highs, level, fixed)
            if proposed == _NONE:
                break
        settled = abs(proposed - level) <= 2.0 * _EPSILON * level
        if fixed + level * slope < envelope:
            below = level
        else:
            above = level
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
    _write_all_capped(envelope, highs, amounts)


@_inner()
def _next_piece(scores: Any, envelope: float, lows: Any, highs: Any, level: float, fixed: float) -> float:
    """Return the lambda to go on from where all units are at their bounds, itself to end there, or `_NONE`."""
    proposed = level
    if abs(fixed - envelope) > _EPSILON * envelope:
        proposed = _first_free(scores, lows, level) if fixed < envelope else _last_free(scores, highs, level)
    return level if proposed == _NONE and abs(fixed - envelope) <= _ROOM_FOR_ROUNDING * envelope else proposed


@_inner()
def _write_all_capped(envelope: float, highs: Any, amounts: Any) -> None:
    """Write the upper bounds where they sum to the envelope, as no lambda then need; NaN where they do not."""
    everything = 0.0
    for unit in range(amounts.size):
        everything += highs[unit]
    solved = abs(everything - envelope) <= _ROOM_FOR_ROUNDING * envelope
    for unit in range(amounts.size):
        amounts[unit] = highs[unit] if solved else np.nan


@_inner(fastmath=_REASSOCIATED)
def _remainders(amounts: Any, highs: Any, left: Any) -> Any:
    """Write what the cut leaves of each amount, -1 where one more euro would pass the plafond.

    Return the sum of the cut amounts, how many remainders are above 0, and how many amounts or plafonds are none; an
    infinite amount makes that sum infinite.
    """
    total = above = wrong = 0.0
    for unit in range(amounts.size):
        amount = amounts[unit]
        wrong += 0.0 if amount >= 0.0 else 1.0
        wrong += 0.0 if highs[unit] >= 0.0 else 1.0
        whole = np.floor(amount)
        remainder = amount - whole if whole + 1.0 <= highs[unit] else -1.0
        left[unit] = remainder
        total += whole
        above += 1.0 if remainder > 0.0 else 0.0
    return total, above, wrong


@_inner(fastmath=_WITHOUT_NAN)
def _count_above(left: Any, threshold: float) -> float:
    count = 0.0
    for unit in range(left.size):
        count += 1.0 if left[unit] > threshold else 0.0
    return count


@_inner(fastmath=_WITHOUT_NAN)
def _gap(left: Any, threshold: float) -> float:
    """Return the distance between the smallest remainder above the threshold and the largest of the others."""
    over, under = 2.0, -2.0
    for unit in range(left.size):
        remainder = left[unit]
        over = min(over, remainder if remainder > threshold else 2.0)
        under = max(under, remainder if remainder <= threshold else -2.0)
    return over - under


@_inner(fastmath=_WITHOUT_NAN)
def _largest(amounts: Any) -> float:
    largest = 0.0
    for unit in range(amounts.size):
        largest = max(largest, amounts[unit])
    return largest


@_inner()
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


@_inner(fastmath=_REASSOCIATED)
def _add_above(amounts: Any, threshold: float, whole: Any) -> None:
    """Replace the remainders by the cut amounts, and one more where the remainder is above the threshold."""
    for unit in range(amounts.size):
        whole[unit] = np.floor(amounts[unit]) + (1.0 if whole[unit] > threshold else 0.0)


@_inner()
def _ranked(values: Any, eligible: Any, rank: int) -> Any:
    """Return the value that has `rank` among the eligible ones, 1 for the largest; values are not negative.

    Their bits are in their order: the answer is found one bit after the other, without a sort.
    """
    bits = np.uint64(0)
    for place in range(63):
        tried = bits | (np.uint64(1) << np.uint64(62 - place))
        count = 0
        for unit in range(values.size):
            count += 1 if eligible[unit] and np.float64(values[unit] + 0.0).view(np.uint64) >= tried else 0
        if count >= rank:
            bits = tried
    return np.uint64(bits).view(np.float64)


@_inner(_nrt=True)
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


@_inner()
def _cut(amounts: Any, envelope: Any, highs: Any, whole: Any) -> None:
    """Write the whole amounts of a row, NaN where it has none."""
    total, above, wrong = _remainders(amounts, highs, whole)
    missing = envelope - total
    if wrong > 0.0 or not (0.0 <= missing < np.inf) or missing != np.floor(missing):
        for unit in range(whole.size):
            whole[unit] = np.nan
        return
    threshold = _threshold(whole, missing, above)
    gap = 0.0 if threshold == _NONE else _gap(whole, threshold)
    if gap <= _TIED * envelope and gap <= _TIED * _largest(amounts):
        _settle(amounts, highs, missing, whole)
    else:
        _add_above(amounts, threshold, whole)


@_compiled(nogil=True, cache=KEPT)
def _bounded_rows(scores: Any, envelopes: Any, lows: Any, highs: Any, amounts: Any) -> None:
    """Write all rows; what is the same for all of them has one row."""
    sound = False
    for row in range(len(amounts)):
        low, high = lows[min(row, len(lows) - 1)], highs[min(row, len(highs) - 1)]
        if row == 0 or len(lows) > 1 or len(highs) > 1:
            sound = _are_bounds(low, high)
        envelope = envelopes[min(row, len(envelopes) - 1)] if sound else np.nan
        _solve(scores[min(row, len(scores) - 1)], envelope, low, high, amounts[row])


@_compiled(nogil=True, cache=KEPT)
def _whole_rows(amounts: Any, envelopes: Any, highs: Any, whole: Any) -> None:
    """Write all rows, as `_bounded_rows`."""
    for row in range(len(whole)):
        envelope, high = envelopes[min(row, len(envelopes) - 1)], highs[min(row, len(highs) - 1)]
        _cut(amounts[min(row, len(amounts) - 1)], envelope, high, whole[row])


def bounded_amounts(
    scores: npt.ArrayLike, envelope: npt.ArrayLike, lows: npt.ArrayLike, highs: npt.ArrayLike, out: Any = None
) -> npt.NDArray[np.float64]:
    """Return amounts a_i = min(M_i, max(m_i, lambda s_i)) that sum to the envelope.

    Parameters
    ----------
    scores
        From 0 on, on any scale, shape (..., n).
    envelope
        Euros, shape (...).
    lows, highs
        Euros, shape (..., n); a plafond may be infinite.
    out
        The array to write to, of the shape of the result.

    Returns
    -------
    numpy.ndarray
        Euros, shape (..., n), the leading axes broadcast; a row without a solution is NaN.

    Raises
    ------
    ValueError
        When the shapes do not broadcast.

    Examples
    --------
    >>> bounded_amounts([0.5, 0.3, 0.15, 0.05], 100, [10] * 4, [40] * 4).round(2).tolist()
    [40.0, 33.33, 16.67, 10.0]
    """
    return _over_rows(_bounded_rows, envelope, (scores, lows, highs), out)


def largest_remainders(
    amounts: npt.ArrayLike, envelope: npt.ArrayLike, highs: npt.ArrayLike, out: Any = None
) -> npt.NDArray[np.float64]:
    """Return whole euros that sum to the envelope: amounts cut down, then a euro each to the largest remainders.

    Parameters
    ----------
    amounts, highs
        Euros, shape (..., n). For a rounding unit of u euros, divide all by u.
    envelope
        Euros, shape (...).
    out
        The array to write to, of the shape of the result.

    Returns
    -------
    numpy.ndarray
        Shape (..., n). A tie goes to the larger amount, then to the first unit; none is pushed past its plafond
        (infinite for none). A row of NaN, an envelope that is not whole, or plafonds without room give NaN.

    Raises
    ------
    ValueError
        When the shapes do not broadcast.

    Examples
    --------
    >>> largest_remainders([2.5, 2.5, 2.5, 2.5], 10, [40] * 4).tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    return _over_rows(_whole_rows, envelope, (amounts, highs), out)


def _over_rows(
    write: Any, envelope: npt.ArrayLike, given: tuple[npt.ArrayLike, ...], out: Any
) -> npt.NDArray[np.float64]:
    """Run a compiled loop over rows; whatever the layout of the arrays, one variant of it is compiled."""
    envelopes = np.asarray(envelope, dtype=np.float64)
    arrays = [np.asarray(values, dtype=np.float64) for values in given]
    shape = np.broadcast_shapes(envelopes.shape, *(array.shape[:-1] for array in arrays))
    units = np.broadcast_shapes(*(array.shape[-1:] for array in arrays))[0]
    if any(array.shape[-1:] != (units,) for array in arrays):
        raise ValueError(f"the last axes have not one length: {', '.join(str(array.shape) for array in arrays)}")

    def rows(array: npt.NDArray[np.float64], *last: int) -> npt.NDArray[np.float64]:
        if math.prod(array.shape[: array.ndim - len(last)]) == 1:
            return np.require(array.reshape(1, *last), requirements=["C", "A", "W"])
        # What is broadcast is read-only: it would be copied, even where it has that shape already.
        whole = array if array.shape == (*shape, *last) else np.broadcast_to(array, (*shape, *last))
        return np.require(whole, requirements=["C", "A", "W"]).reshape(math.prod(shape), *last)

    in_place = out is not None and out.flags.c_contiguous and out.flags.aligned and out.dtype == np.float64
    written = out if in_place else np.empty((*shape, units))
    first, *others = (rows(array, units) for array in arrays)
    write(first, rows(envelopes), *others, written.reshape(math.prod(shape), units))
    if out is None or in_place:
        return written
    out[...] = written
    return np.asarray(out)


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
