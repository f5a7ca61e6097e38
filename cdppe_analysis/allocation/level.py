"""The one multiplier lambda for which bounded amounts sum to the envelope, found exactly; and whole amounts.

Amounts: a_i = min(M_i, max(m_i, lambda s_i)), sum_i a_i = E. As a function of lambda the sum is piecewise linear and
never decreasing, so that a search by medians over its breakpoints (m_i / s_i and M_i / s_i) leaves, after a handful of
passes, one linear piece to solve. Everything is an integer over a common denominator: no result is rounded, and none
depends on the order of the units. Source: the continuous knapsack problem (P. Brucker, 1984, An O(n) algorithm for
quadratic knapsack problems, Operations Research Letters 3).

Two choices where the formula leaves one:

- lambda is not unique when no unit is strictly between its bounds: the admissible value nearest to E is taken, so that
  lambda = E where no bound binds;
- when the plafonds sum to E every unit is at its plafond, those of score 0 too. Otherwise a unit of score 0 stays at
  its lower bound, and plafonds that the others cannot fill leave no solution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cdppe_analysis.errors import InfeasibleError, written
from cdppe_analysis.rules.rule import Side


@dataclass(frozen=True)
class Level:
    """The exact amounts.

    Parameters
    ----------
    numerators, denominator
        The amount of unit i is `numerators[i] / denominator` euros.
    multiplier
        lambda, in euros: the amount of a unit off the bounds is lambda times its score.
    sides
        For each unit, the side at which its amount equals its bound: `bas`, `haut` or ''.
    """

    numerators: tuple[int, ...]
    denominator: int
    multiplier: Fraction
    sides: tuple[Side, ...]

    def amount(self, rank: int) -> Fraction:
        """Return the amount of one unit in euros, exact."""
        return Fraction(self.numerators[rank], self.denominator)

    def whole(
        self, method: str, unit: Fraction, highs: Sequence[Fraction | None]
    ) -> tuple[list[Fraction], list[float], list[bool]]:
        """Cut the exact amounts to multiples of `unit`.

        Parameters
        ----------
        method
            `plus_forts_restes`: the units left over go one by one to the largest remainders; a tie goes to the larger
            amount, then to the first unit; none is pushed past its plafond. `independant`: each is rounded half up.
            `aucun`: amounts are left exact.
        unit
            The rounding unit in euros.
        highs
            The plafonds in euros.

        Returns
        -------
        amounts, remainders, received
            Final amounts (exact), what the cut left (euros, the nearest floats), and who received a unit.

        Raises
        ------
        InfeasibleError
            When the plafonds leave no room for whole amounts that sum to the envelope.
        """
        if method == "aucun":
            exact = [self.amount(rank) for rank in range(len(self.numerators))]
            return exact, [0.0] * len(exact), [False] * len(exact)
        # In multiples of the rounding unit: amount = numerator * unit.denominator / step
        step = self.denominator * unit.numerator
        numerators = [numerator * unit.denominator for numerator in self.numerators]
        whole, left = map(list, zip(*(divmod(numerator, step) for numerator in numerators), strict=True))
        if method == "independant":
            added = [1 if 2 * remainder >= step else 0 for remainder in left]
        else:
            room = [None if high is None else math.floor(high / unit) for high in highs]
            added = _largest_remainders(numerators, whole, left, step, room)
        scale = step * unit.denominator
        remainders = [remainder * unit.numerator / scale for remainder in left]
        amounts = [(count + more) * unit for count, more in zip(whole, added, strict=True)]
        return amounts, remainders, [more > 0 for more in added]


@dataclass(frozen=True)
class _Problem:
    """Scores, total and bounds as integers; the scores sum to `scale`, the others are in 1/`unit` euros."""

    scores: Sequence[int]
    total: int
    lows: Sequence[int]
    highs: Sequence[int | None]
    scale: int
    unit: int


def solve(
    scores: Sequence[int], envelope: Fraction, lows: Sequence[Fraction], highs: Sequence[Fraction | None]
) -> Level:
    """Find lambda and the amounts.

    Parameters
    ----------
    scores
        Integers >= 0, not all 0, proportional to the scores; shape (n,).
    envelope
        Euros to share.
    lows, highs
        Bounds in euros; `None` for no upper bound; shape (n,).

    Raises
    ------
    InfeasibleError
        When no amounts within the bounds sum to the envelope.

    Examples
    --------
    >>> ten = [Fraction(10)] * 4
    >>> level = solve([50, 30, 15, 5], Fraction(100), ten, [None] * 4)
    >>> [str(level.amount(rank)) for rank in range(4)]
    ['900/19', '540/19', '270/19', '10']
    """
    unit = math.lcm(
        envelope.denominator,
        *{low.denominator for low in lows},
        *{high.denominator for high in highs if high is not None},
    )
    problem = _Problem(
        scores,
        _times(envelope, unit),
        [_times(low, unit) for low in lows],
        [None if high is None else _times(high, unit) for high in highs],
        sum(scores),
        unit,
    )
    if None not in problem.highs and sum(high or 0 for high in problem.highs) == problem.total:
        return _all_high(problem)
    _check_feasible(problem)
    return _finished(problem, *_search(problem))


def _largest_remainders(
    numerators: Sequence[int], whole: Sequence[int], left: Sequence[int], step: int, room: Sequence[int | None]
) -> list[int]:
    missing = sum(left) // step
    added = [0] * len(whole)
    order = sorted(range(len(whole)), key=lambda rank: (-left[rank], -numerators[rank], rank))
    while missing:
        eligible = [rank for rank in order if room[rank] is None or whole[rank] + added[rank] < (room[rank] or 0)]
        if not eligible:
            raise InfeasibleError("the plafonds leave no room for whole amounts that sum to the envelope")
        for rank in eligible[:missing]:
            added[rank] += 1
        missing -= min(missing, len(eligible))
    return added


def _times(value: Fraction, unit: int) -> int:
    return value.numerator * (unit // value.denominator)


def _check_feasible(problem: _Problem) -> None:
    lows = sum(problem.lows)
    if lows > problem.total:
        raise InfeasibleError(
            f"the lower bounds sum to {_euros(lows, problem)} €, "
            f"more than the envelope of {_euros(problem.total, problem)} €"
        )
    reachable = 0
    for score, low, high in zip(problem.scores, problem.lows, problem.highs, strict=True):
        if score and high is None:
            return
        reachable += high if score and high is not None else low
    if reachable < problem.total:
        idle = sum(score == 0 for score in problem.scores)
        reason = f", the {idle} units of score 0 staying at their lower bound" if idle else ""
        raise InfeasibleError(
            f"the amounts can reach {_euros(reachable, problem)} € at most{reason}, "
            f"less than the envelope of {_euros(problem.total, problem)} €"
        )


def _euros(value: int, problem: _Problem) -> str:
    return written(Fraction(value, problem.unit))


def _search(problem: _Problem) -> tuple[int, int]:
    """Return x = p / q for which the bounded x * scores sum to the total."""
    fixed = sum(low for score, low in zip(problem.scores, problem.lows, strict=True) if score == 0)
    slope = 0
    active = [rank for rank, score in enumerate(problem.scores) if score]
    under: tuple[int, int] = (0, 1)
    over: tuple[int, int] | None = None
    while True:
        breakpoints: list[tuple[int, int]] = []
        undecided: list[int] = []
        for rank in active:
            score, low, high = problem.scores[rank], problem.lows[rank], problem.highs[rank]
            if over is not None and low * over[1] >= over[0] * score:
                fixed += low
            elif high is not None and high * under[1] <= under[0] * score:
                fixed += high
            else:
                inside = []
                if low * under[1] > under[0] * score:
                    inside.append((low, score))
                if high is not None and (over is None or high * over[1] < over[0] * score):
                    inside.append((high, score))
                if inside:
                    undecided.append(rank)
                    breakpoints += inside
                else:
                    slope += score
        active = undecided
        if not breakpoints:
            # Without a slope every unit is settled by its bounds or its score of 0, whatever lambda is.
            return (problem.total - fixed, slope) if slope else under
        pivot = sorted(breakpoints, key=lambda point: _ratio(point, problem.scale))[len(breakpoints) // 2]
        excess = _sum_at(problem, active, pivot, fixed, slope) - problem.total * pivot[1]
        if excess == 0:
            return pivot
        if excess < 0:
            under = pivot
        else:
            over = pivot


def _sum_at(problem: _Problem, active: Sequence[int], point: tuple[int, int], fixed: int, slope: int) -> int:
    """Return q times the sum of the bounded amounts at x = p / q."""
    p, q = point
    total = fixed * q + slope * p
    for rank in active:
        amount = max(p * problem.scores[rank], problem.lows[rank] * q)
        high = problem.highs[rank]
        total += amount if high is None else min(amount, high * q)
    return total


def _ratio(point: tuple[int, int], scale: int) -> float:
    """Return p / q times `scale`, near enough to choose a median by."""
    try:
        return (point[0] * scale) / point[1]
    except OverflowError:
        return math.inf


def _finished(problem: _Problem, p: int, q: int) -> Level:
    chosen = _nearest_to_envelope(problem, Fraction(p, q))
    p, q = chosen.numerator, chosen.denominator
    numerators: list[int] = []
    sides: list[Side] = []
    for score, low, high in zip(problem.scores, problem.lows, problem.highs, strict=True):
        free, bas = p * score, low * q
        haut = None if high is None else high * q
        if low and free <= bas:
            numerators.append(bas)
            sides.append("bas")
        elif haut is not None and free >= haut:
            numerators.append(haut)
            sides.append("haut")
        else:
            numerators.append(free)
            sides.append("")
    return _level(problem, chosen, numerators, q, sides)


def _nearest_to_envelope(problem: _Problem, x: Fraction) -> Fraction:
    """Move x as near to E / scale as the same amounts allow."""
    below, above = Fraction(0), None
    for score, low, high in zip(problem.scores, problem.lows, problem.highs, strict=True):
        if not score or low == high:
            continue
        free = x.numerator * score
        if free <= low * x.denominator:
            leave = Fraction(low, score)
            above = leave if above is None else min(above, leave)
        elif high is not None and free >= high * x.denominator:
            below = max(below, Fraction(high, score))
        else:
            return x
    wanted = Fraction(problem.total, problem.scale)
    return max(below, wanted if above is None else min(above, wanted))


def _all_high(problem: _Problem) -> Level:
    leaves = [Fraction(high or 0, score) for score, high in zip(problem.scores, problem.highs, strict=True) if score]
    x = max(Fraction(problem.total, problem.scale), *leaves)
    highs = [high or 0 for high in problem.highs]
    return _level(problem, x, highs, 1, ["haut"] * len(highs))


def _level(problem: _Problem, x: Fraction, numerators: Sequence[int], q: int, sides: Sequence[Side]) -> Level:
    return Level(tuple(numerators), q * problem.unit, x * Fraction(problem.scale, problem.unit), tuple(sides))
