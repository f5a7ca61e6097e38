"""The linear programs behind every calibration: which shares or weights give the published amounts.

The unknowns are h >= 0, sum h = 1 (the shares of an unknown criterion, or unknown weights), and lambda. Scores are
linear in h: s = k + W h. With E theta = 1 / lambda scaled to euros, H = E h and z = E s:

- a unit off the bounds has theta (A - g) <= z <= theta (A + g), where A is published and known to g;
- what a bound adds to a unit is d_low >= 0, what it takes d_high >= 0: z + d_low - d_high is theta times its amount,
  within [m, M]; the total of the amounts is the envelope, that is sum d_low - sum d_high = E (theta - 1);
- a unit is at a bound, or its d is 0. That is the one thing that is not linear: programs leave it out, and branch on
  the units (few: those published within g of a bound) where the solution does not have it.

Shares are extremised with sum H = E (two programs a unit); the smallest worst gap is found with theta = 1. All rows
are in euros, so that the solver's tolerance (1e-7) is one of 1e-7 €; above ten millions, in as many euros (a power of
two) as keep their sum near it, for a float of a hundred billions is known to 1e-5 €. Source: A. Charnes and W. Cooper,
1962, Programming with linear fractional functionals; the solver is HiGHS.

Known drawbacks: lambda is sought up to a hundred envelopes, which matters only where almost all of the scores are at a
plafond. Results are floats; each is certified by the exact allocation made with it, which the callers return.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.allocation.level import Level
from cdppe_analysis.allocation.values import bound_arrays
from cdppe_analysis.calibration.published import Floats, PublishedAmounts
from cdppe_analysis.errors import InfeasibleError

Status = Literal["bas", "haut", "libre"]

SLACK = 1e-6
"""Euros under which two amounts are the same for a program solved in floats."""

_MOST_BRANCHES = 20_000
_SMALLEST_THETA = 0.01
_SOLVER_TOLERANCE = 1e-7
_LARGEST_SUM = 1e7


@dataclass(frozen=True)
class _Point:
    """A solution: h (exact, summing to 1), lambda in euros, and the value of the objective."""

    parts: tuple[Fraction, ...]
    level: float
    objective: float


@dataclass(frozen=True)
class _Program:
    """One program: what is extremised, over which normalisation, with what is decided of the units near a bound.

    With `elastic`, each amount may miss its limits by that much at most, and the sum of what they miss is minimised
    instead of the objective.
    """

    objective: Floats
    gap_is_free: bool
    near_low: tuple[bool, ...]
    near_high: tuple[bool, ...]
    multiplier: float | None = None
    elastic: float | None = None
    statuses: Mapping[int, Status] = field(default_factory=dict)


@dataclass(frozen=True)
class Compatible:
    """Scores s = k + W h, and a publication to be compatible with.

    Parameters
    ----------
    publication
        The published amounts.
    constants
        k, exact; shape (n,).
    factors
        W, exact, by row; shape (n, p). The columns and k are such that the scores sum to 1 whenever h does.
    unknowns
        What h is, for messages: `shares` or `weights`.
    """

    publication: PublishedAmounts
    constants: tuple[Fraction, ...]
    factors: tuple[tuple[Fraction, ...], ...]
    unknowns: str = "shares"
    _kept: dict[tuple[Any, ...], tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        """The number p of unknowns."""
        return len(self.factors[0])

    def extreme(self, unknown: int, *, largest: bool) -> _Point | None:
        """Return the compatible point where one component of h is smallest or largest; `None` if there is none."""
        objective = np.zeros(self.size + 2)
        objective[unknown] = -1.0 if largest else 1.0
        return self._solved(_Program(objective, False, *self.publication.near_bounds(self.publication.tolerance)))

    def extreme_multiplier(self, *, largest: bool) -> _Point | None:
        """Return the compatible point where lambda is smallest or largest; `None` if there is none."""
        objective = np.zeros(self.size + 2)
        objective[self.size] = 1.0 if largest else -1.0
        return self._solved(_Program(objective, False, *self.publication.near_bounds(self.publication.tolerance)))

    def nearest(self, multiplier: float | None = None) -> _Point:
        """Return the point with the smallest worst gap to the published amounts, at a given lambda or at any.

        A unit whose amount is further from a bound than the best gap cannot be at that bound. The units that may be
        are found from a first solution, which allows it to those published within the tolerance of a bound alone.
        """
        objective = np.zeros(self.size + 2)
        objective[self.size + 1] = 1.0
        publication, allowed = self.publication, self.publication.tolerance
        program = _Program(objective, True, *publication.near_bounds(allowed), multiplier)
        point = self._solved(program)
        if point is None or point.objective > allowed:
            allowed = publication.rule.enveloppe if point is None else Fraction(point.objective) + 1
            low, high = publication.near_bounds(allowed)
            program = replace(program, near_low=low, near_high=high)
            point = self._solved(program)
        if point is None:
            raise InfeasibleError(f"no {self.unknowns} give amounts that sum to the envelope within the bounds")
        # One amount may set the worst gap alone: the others are then brought as near as they can be.
        settled = self._solved(replace(program, elastic=point.objective + self._slack / 10))
        return point if settled is None else replace(settled, objective=point.objective)

    def certificate(self, parts: Sequence[Fraction]) -> pd.DataFrame:
        """Return the amounts that h gives, beside those published; see `PublishedAmounts.certified`."""
        return self.publication.certified(self.level(parts), parts)

    def level(self, parts: Sequence[Fraction]) -> Level:
        """Return the exact allocation that h gives."""
        scores = [
            constant + sum((factor * part for factor, part in zip(row, parts, strict=True) if factor), Fraction(0))
            for constant, row in zip(self.constants, self.factors, strict=True)
        ]
        return self.publication.level(scores)

    def check_possible(self) -> None:
        """Check that some h is compatible.

        Raises
        ------
        InfeasibleError
            Naming the constraint that fails: an amount out of its bounds, the total, or the units whose amounts the
            known criteria contradict.
        """
        self.publication.check()
        rule = self.publication.rule
        program = _Program(np.zeros(self.size + 2), False, *self.publication.near_bounds(self.publication.tolerance))
        if self._solved(program) is not None:
            return
        misses, n = self._run(replace(program, elastic=math.inf)), len(self.constants)
        missed = np.zeros(2 * n) if misses is None else misses[0][-2 * n :] * self._unit
        more, less = missed[n:], missed[:n]
        needing = [rank for rank in np.argsort(-(more + less), kind="stable") if more[rank] + less[rank] > self._slack]
        if not needing:
            raise InfeasibleError(
                f"no {self.unknowns} are compatible with every published amount: a unit published at a bound could be "
                "neither at it nor off it",
                cell=rule.id,
            )
        first = int(needing[0])
        code = rule.beneficiaires[first]
        word, by = ("more", more[first]) if more[first] > less[first] else ("less", less[first])
        others = f" (nor with {len(needing) - 1} more)" if len(needing) > 1 else ""
        raise InfeasibleError(
            f"no {self.unknowns} are compatible with the published amount of {rule.label(code)}{others}: "
            f"it would have to be {by:.2f} € {word}",
            code=code,
            cell=rule.id,
        )

    def _solved(self, program: _Program) -> _Point | None:
        """Solve, branching on units that are neither at a bound nor free of it."""
        best: _Point | None = None
        waiting = [program]
        for _ in range(_MOST_BRANCHES):
            if not waiting:
                return best
            current = waiting.pop()
            result = self._run(current)
            if result is None:
                continue
            solution, value = result
            if best is not None and value >= best.objective - self._slack / 10:
                continue
            unit = self._undecided(current, solution)
            if unit is None:
                best = self._point(current, solution, value)
                continue
            choices: list[Status] = ["libre"]
            choices += ["haut"] if current.near_high[unit] else []
            choices += ["bas"] if current.near_low[unit] else []
            waiting += [replace(current, statuses={**current.statuses, unit: choice}) for choice in choices]
        raise InfeasibleError(
            f"too many units are published within the tolerance of a bound: {_MOST_BRANCHES} programs did not settle",
            cell=self.publication.rule.id,
        )

    def _point(self, program: _Program, solution: Floats, value: float) -> _Point:
        amounts = [max(Fraction(float(part)), Fraction(0)) for part in solution[: self.size]]
        total = sum(amounts, Fraction(0))
        envelope = self._envelope
        multiplier = float(total) if program.gap_is_free else float(envelope / (1 + solution[self.size] / envelope))
        return _Point(tuple(amount / total for amount in amounts), multiplier * self._unit, value)

    def _undecided(self, program: _Program, solution: Floats) -> int | None:
        """Return the unit whose solution is furthest from being at a bound or free of it."""
        n, p, (lows, highs) = len(self.constants), self.size, self._bounds
        added, taken = solution[p + 2 : p + 2 + n], solution[p + 2 + n : p + 2 + 2 * n]
        theta = 1 + solution[p] / self._envelope
        amounts = self._scores @ solution[:p] + added - taken
        from_low = np.minimum(added, amounts - theta * lows)
        from_high = np.minimum(taken, np.where(np.isfinite(highs), theta * highs, np.inf) - amounts)
        wrong = np.maximum(from_low, from_high)
        wrong[list(program.statuses)] = 0.0
        worst = int(np.argmax(wrong))
        return worst if wrong[worst] > SLACK else None

    @cached_property
    def _unit(self) -> float:
        """The euros that the programs count by."""
        return math.ldexp(1.0, max(0, math.frexp(float(self.publication.rule.enveloppe) / _LARGEST_SUM)[1] - 1))

    @property
    def _slack(self) -> float:
        """`SLACK`, in euros that the programs can tell apart."""
        return SLACK * self._unit

    @property
    def _envelope(self) -> float:
        return float(self.publication.rule.enveloppe) / self._unit

    @cached_property
    def _bounds(self) -> tuple[Floats, Floats]:
        low, high = bound_arrays(self.publication.rule)
        return low / self._unit, high / self._unit

    @cached_property
    def _scores(self) -> Floats:
        """K + W by row, as floats."""
        constants = np.array([float(value) for value in self.constants])
        factors = np.array([[float(value) for value in row] for row in self.factors])
        return np.asarray(constants[:, None] + factors)

    def _run(self, program: _Program) -> tuple[Floats, float] | None:
        """Solve one linear program, in `_unit`, and return the objective in euros; `None` when it has no solution.

        Variables: H (p), E (theta - 1), the gap, d_low (n), d_high (n), and for `elastic` what each amount lacks and
        exceeds (n each).
        """
        from scipy import sparse
        from scipy.optimize import linprog

        n, p = len(self.constants), self.size
        objective = np.concatenate([program.objective, np.zeros(2 * n)])
        rows, limits, equal, equal_to = self._constraints(program)
        ranges = self._ranges(program)
        if program.elastic is not None:
            missed = -sparse.eye_array(2 * n, format="csr")[[*range(n, 2 * n), *range(n)]]
            others = sparse.csr_array((rows.shape[0] - 2 * n, 2 * n))
            rows = sparse.hstack([rows, sparse.vstack([missed, others])], format="csr")
            equal = sparse.hstack([equal, sparse.csr_array((equal.shape[0], 2 * n))], format="csr")
            ranges[p + 1] = (0.0, 0.0)
            ranges += [(0.0, None if math.isinf(program.elastic) else program.elastic / self._unit)] * (2 * n)
            objective = np.concatenate([np.zeros(p + 2 + 2 * n), np.ones(2 * n)])
        result = linprog(
            objective,
            A_ub=rows,
            b_ub=limits,
            A_eq=equal,
            b_eq=equal_to,
            bounds=ranges,
            method="highs",
            options={
                "primal_feasibility_tolerance": _SOLVER_TOLERANCE,
                "dual_feasibility_tolerance": _SOLVER_TOLERANCE,
            },
        )
        if result.status != 0 or result.fun is None:
            return None
        return np.asarray(result.x), result.fun * self._unit

    def _constraints(self, program: _Program) -> tuple[Any, ...]:
        """Return what `_formed` does, kept for the programs of another objective."""
        if program.statuses:
            return self._formed(program)
        asked = program.gap_is_free, program.near_low, program.near_high, program.multiplier
        if asked not in self._kept:
            self._kept[asked] = self._formed(program)
        return self._kept[asked]

    def _formed(self, program: _Program) -> tuple[Any, Floats, Any, Floats]:
        """Return the rows and limits of what is at most, and of what is equal; sparse, as large studies need."""
        from scipy import sparse

        n, p, (lows, highs) = len(self.constants), self.size, self._bounds
        gap = 0.0 if program.gap_is_free else float(self.publication.tolerance) / self._unit
        bounded = sparse.hstack([sparse.eye_array(n), -sparse.eye_array(n)], format="csr")

        def limited(units: npt.NDArray[np.bool_], limit: Floats, sign: float, gap_weight: float = 0.0) -> Any:
            """Return the rows sign * (theta amount - theta limit) - gap_weight * gap, but for their constants."""
            gaps = np.full(int(units.sum()), -gap_weight)
            own = np.column_stack([sign * self._scores[units], -sign * limit[units] / self._envelope, gaps])
            return sparse.hstack([sparse.csr_array(own), sign * bounded[units]], format="csr")

        every, low, high = np.ones(n, dtype=bool), np.array(program.near_low), np.array(program.near_high)
        published = np.array([float(amount) for amount in self.publication.amounts]) / self._unit
        rows = [
            limited(every, published + gap, 1.0, 1.0),
            limited(every, published - gap, -1.0, 1.0),
            limited(low, lows, -1.0),
            limited(high, highs, 1.0),
        ]
        limits = [published + gap, gap - published, -lows[low], highs[high]]
        total = np.concatenate([np.ones(p), [-1.0, 0.0], np.ones(n), -np.ones(n)])
        equal, equal_to = [sparse.csr_array(total[None, :])], [np.array([self._envelope])]
        wanted = None if program.multiplier is None else program.multiplier / self._unit
        wanted = wanted if program.gap_is_free else self._envelope
        if wanted is not None:
            equal.append(sparse.csr_array(np.concatenate([np.ones(p), np.zeros(2 + 2 * n)])[None, :]))
            equal_to.append(np.array([wanted]))
        for unit, status in program.statuses.items():
            if status != "libre":
                limit, chosen = (lows if status == "bas" else highs), np.arange(n) == unit
                equal.append(limited(chosen, limit, 1.0))
                equal_to.append(limit[chosen])
        stacked = [sparse.vstack(part, format="csr") for part in (rows, equal)]
        return stacked[0], np.concatenate(limits), stacked[1], np.concatenate(equal_to)

    def _ranges(self, program: _Program) -> list[tuple[float, float | None]]:
        added, taken = list(program.near_low), list(program.near_high)
        for unit, status in program.statuses.items():
            added[unit] &= status == "bas"
            taken[unit] &= status == "haut"
        ranges: list[tuple[float, float | None]] = [(0.0, None)] * self.size
        if program.gap_is_free:
            ranges += [(0.0, 0.0), (0.0, None)]
        else:
            lows = self._bounds[0][np.array(program.near_low)]
            # Below a lambda of the smallest plancher every unit is at its plancher anyway.
            most = float(self._envelope * (self._envelope / lows.min() - 1.0)) if lows.size else None
            ranges += [(-self._envelope * (1 - _SMALLEST_THETA), most), (0.0, 0.0)]
        return ranges + [(0.0, None if flag else 0.0) for flag in (*added, *taken)]
