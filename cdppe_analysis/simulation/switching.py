"""At which weights does a unit gain, and start to lose? For one weight solved exactly, for all of them on a grid.

Let w be the weight of one criterion, the others sharing 1 - w in the proportions of the rule. Scores are linear in w.
While the same units are at their bounds, lambda = (E - B) / S(w), B being the bounds that bind and S the scores of
the others, so that a_i(w) = (E - B) s_i(w) / S(w): where it crosses a given amount, and where a unit reaches or
leaves a bound, is the root of a linear equation in w. From a point inside, the linear conditions of its state give
the whole interval over which the state holds; what remains on both sides is treated likewise. Everything is rational:
the answer is exact, with no step and no tolerance.

The weights of K criteria fill a simplex; a grid of step 1/m holds every vector of weights that are multiples of 1/m:
(m + K - 1)! / (m! (K - 1)!) points. Amounts at its points are those of the kernel.

Known drawback: the share of the simplex in which a unit gains is counted on the grid, to within about K / m.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from cdppe_analysis.allocation import allocate
from cdppe_analysis.allocation.level import solve
from cdppe_analysis.allocation.values import DEAD_BAND, CriteriaValues
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Rule
from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.laws import Values
from cdppe_analysis.simulation.model import Model

_BAND = Fraction(DEAD_BAND)
_MOST_POINTS = 300_000


@dataclass(frozen=True)
class _Line:
    """constant + slope w."""

    constant: Fraction
    slope: Fraction

    def at(self, w: Fraction) -> Fraction:
        return self.constant + self.slope * w


@dataclass(frozen=True)
class _Piece:
    """An interval of weights over which the same units are at their bounds; amounts are bounds, or free_i / free."""

    start: Fraction
    end: Fraction
    bounds: tuple[Fraction | None, ...]
    left: Fraction
    free: _Line


def switching_weights(
    rule: Rule, criteria: pd.DataFrame, critere: str, reference: Mapping[str, Fraction | int | float] | None = None
) -> pd.DataFrame:
    """Return for which weights of a criterion each unit gains, keeps and loses.

    Parameters
    ----------
    rule
        The rule whose weight moves from 0 to 1.
    criteria
        Wide, as for `allocate`.
    critere
        The criterion; the others keep their proportions to one another.
    reference
        What gains are counted from, in euros by code; the exact amounts of the rule when left out.

    Returns
    -------
    pandas.DataFrame
        code_departement, effet (`gagnant`, `inchange`, `perdant`, beyond half a euro), de, a (weights from 0 to 1),
        de_exact, a_exact (the same as fractions), a row an interval, in the order of codes and weights. Where one
        interval ends and the next begins is the switching weight.

    Raises
    ------
    ScenarioError
        When the rule has no such criterion, or no other.
    InfeasibleError
        When no allocation exists for some weight.
    """
    if critere not in [criterion.id for criterion in rule.criteres]:
        identifiers = ", ".join(criterion.id for criterion in rule.criteres)
        raise ScenarioError(
            f"the rule {rule.id!r} has no criterion {critere!r}; it has {identifiers}", criterion=critere
        )
    if len(rule.criteres) == 1:
        raise ScenarioError("the only criterion of a rule has the weight 1", criterion=critere)
    before = allocate(rule, criteria).exact if reference is None else reference
    lines = _scores(rule, criteria, critere)
    pieces = sorted(_pieces(rule, lines), key=lambda piece: piece.start)
    rows: list[tuple[str, str, Fraction, Fraction]] = []
    for rank, code in enumerate(rule.beneficiaires):
        if code in before:
            rows += _merged(code, _states(pieces, rank, lines[rank], Fraction(before[code])))
    return pd.DataFrame(
        {
            "code_departement": pd.array([row[0] for row in rows], dtype="str"),
            "effet": pd.array([row[1] for row in rows], dtype="str"),
            "de": [float(row[2]) for row in rows],
            "a": [float(row[3]) for row in rows],
            "de_exact": pd.array([str(row[2]) for row in rows], dtype="str"),
            "a_exact": pd.array([str(row[3]) for row in rows], dtype="str"),
        }
    )


def _scores(rule: Rule, criteria: pd.DataFrame, critere: str) -> list[_Line]:
    columns = CriteriaValues.read(rule, criteria).columns
    others = [criterion for criterion in rule.criteres if criterion.id != critere]
    rest = sum((criterion.poids for criterion in others), Fraction(0))
    parts = {criterion.id: criterion.poids / rest if rest else Fraction(1, len(others)) for criterion in others}
    lines = []
    for rank in range(len(rule.beneficiaires)):
        other = sum((part * columns[name].share(rank) for name, part in parts.items()), Fraction(0))
        lines.append(_Line(other, columns[critere].share(rank) - other))
    return lines


def _pieces(rule: Rule, lines: Sequence[_Line]) -> Iterator[_Piece]:
    """Cut [0, 1] into pieces, from the middle outwards."""
    todo = [(Fraction(0), Fraction(1))]
    while todo:
        low, high = todo.pop()
        # A middle may fall on a breakpoint, where the state holds at that point alone: another point then does.
        for numerator, denominator in ((1, 2), (1, 3), (3, 5), (2, 7), (8, 11), (5, 13)):
            inside = low + (high - low) * Fraction(numerator, denominator)
            piece = _piece_around(rule, lines, inside, low, high)
            if piece.start < piece.end:
                break
        else:
            raise ScenarioError(f"the pieces between the weights {low} and {high} could not be told apart")
        yield piece
        if low < piece.start:
            todo.append((low, piece.start))
        if piece.end < high:
            todo.append((piece.end, high))


def _piece_around(rule: Rule, lines: Sequence[_Line], inside: Fraction, low: Fraction, high: Fraction) -> _Piece:
    units = rule.bounds()
    lows, highs = [unit.low for unit in units], [unit.high for unit in units]
    scores = [line.at(inside) for line in lines]
    common = math.lcm(*(score.denominator for score in scores))
    sides = solve([int(score * common) for score in scores], rule.enveloppe, lows, highs).sides
    bounds = tuple(
        bas if side == "bas" else haut if side == "haut" else None
        for side, bas, haut in zip(sides, lows, highs, strict=True)
    )
    left = rule.enveloppe - sum((bound for bound in bounds if bound is not None), Fraction(0))
    free = _Line(
        sum((line.constant for line, bound in zip(lines, bounds, strict=True) if bound is None), Fraction(0)),
        sum((line.slope for line, bound in zip(lines, bounds, strict=True) if bound is None), Fraction(0)),
    )
    start, end = low, high
    for condition in _conditions(lines, sides, lows, highs, left, free):
        start, end = _within(condition, start, end)
    return _Piece(start, end, bounds, left, free)


def _conditions(
    lines: Sequence[_Line],
    sides: Sequence[str],
    lows: Sequence[Fraction],
    highs: Sequence[Fraction | None],
    left: Fraction,
    free: _Line,
) -> Iterator[_Line]:
    """Give the lines that are at least 0 where the state holds."""
    if "" not in sides:
        # No unit is free: some lambda must leave all of them at their bounds.
        for line, side, high in zip(lines, sides, highs, strict=True):
            if side == "haut" and high is not None:
                for other, other_side, low in zip(lines, sides, lows, strict=True):
                    if other_side == "bas":
                        yield _combined(line, low, other, -high)
        return
    yield free
    for line, side, low, high in zip(lines, sides, lows, highs, strict=True):
        if side == "bas":
            yield _combined(free, low, line, -left)
        elif side == "haut" and high is not None:
            yield _combined(line, left, free, -high)
        else:
            yield _combined(line, left, free, -low)
            if high is not None:
                yield _combined(free, high, line, -left)


def _combined(first: _Line, times: Fraction, second: _Line, also: Fraction) -> _Line:
    return _Line(first.constant * times + second.constant * also, first.slope * times + second.slope * also)


def _within(condition: _Line, start: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
    if condition.slope == 0:
        return start, end
    root = -condition.constant / condition.slope
    return (max(start, min(root, end)), end) if condition.slope > 0 else (start, min(end, max(root, start)))


def _states(
    pieces: Sequence[_Piece], rank: int, line: _Line, before: Fraction
) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Give the effect on one unit, interval after interval."""
    for piece in pieces:
        bound = piece.bounds[rank]
        if bound is not None:
            yield _effect(bound - before), piece.start, piece.end
            continue
        cuts = {piece.start, piece.end}
        for target in (before - _BAND, before + _BAND):
            crossing = _combined(line, piece.left, piece.free, -target)
            if crossing.slope:
                root = -crossing.constant / crossing.slope
                if piece.start < root < piece.end:
                    cuts.add(root)
        marks = sorted(cuts)
        for start, end in itertools.pairwise(marks):
            middle = (start + end) / 2
            yield _effect(piece.left * line.at(middle) / piece.free.at(middle) - before), start, end


def _effect(gap: Fraction) -> str:
    return "gagnant" if gap > _BAND else "perdant" if gap < -_BAND else "inchange"


def _merged(code: str, states: Iterator[tuple[str, Fraction, Fraction]]) -> list[tuple[str, str, Fraction, Fraction]]:
    rows: list[tuple[str, str, Fraction, Fraction]] = []
    for effect, start, end in states:
        if rows and rows[-1][1] == effect:
            rows[-1] = (code, effect, rows[-1][2], end)
        else:
            rows.append((code, effect, start, end))
    return rows


def gaps_on_simplex(model: Model, reference: Mapping[str, float], steps: int) -> pd.DataFrame:
    """Return what each unit would gain or lose with every vector of weights of a grid.

    Parameters
    ----------
    model
        The rule; its own weights are not looked at.
    reference
        What gains are counted from, in euros by code.
    steps
        m, at least 1: the weights are multiples of 1 / m.

    Returns
    -------
    pandas.DataFrame
        One column a criterion (`poids_<criterion>`), then one a unit (its code): the gap in euros; a row a point.
        Units without a reference are left out.

    Raises
    ------
    ScenarioError
        When there would be more than 300 000 points, or a simplex of no dimension.
    """
    weights = _weight_grid(len(model.criteria), steps)
    amounts = model.amounts(weights=weights)
    ranks = [rank for rank, code in enumerate(model.codes) if code in reference]
    before = np.array([float(reference[model.codes[rank]]) for rank in ranks])
    gaps = amounts[:, ranks] - before
    return pd.DataFrame(
        np.concatenate((weights, gaps), axis=1),
        columns=[*(f"poids_{criterion}" for criterion in model.criteria), *(model.codes[rank] for rank in ranks)],
    )


def share_of_gain(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the simplex in which each unit gains, and in which it loses.

    Parameters
    ----------
    gaps
        As `gaps_on_simplex` gives them.

    Returns
    -------
    pandas.DataFrame
        code_departement, part_gain, part_perte, from 0 to 1.
    """
    codes = [name for name in gaps.columns if not name.startswith("poids_")]
    effects = measures.effect(gaps[codes].to_numpy())
    return pd.DataFrame(
        {
            "code_departement": pd.array(codes, dtype="str"),
            "part_gain": (effects > 0).mean(axis=0),
            "part_perte": (effects < 0).mean(axis=0),
        }
    )


def _weight_grid(criteria: int, steps: int) -> Values:
    """Return all vectors of weights that are multiples of 1 / steps, shape (points, criteria); rows sum to 1."""
    if criteria < 2 or steps < 1:
        raise ScenarioError("a grid of weights needs at least two criteria and one step")
    points = math.comb(steps + criteria - 1, criteria - 1)
    if points > _MOST_POINTS:
        raise ScenarioError(f"a grid of {points} weights is too large: at most {_MOST_POINTS}")
    bars = np.array(list(itertools.combinations(range(steps + criteria - 1), criteria - 1)), dtype=np.int64)
    edges = np.concatenate((np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), steps + criteria - 1)), axis=1)
    return np.asarray((np.diff(edges, axis=1) - 1) / steps)
