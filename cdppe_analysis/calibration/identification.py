"""What can be known of another rule's amounts, whatever the unpublished criterion: sharp sets, signs, breakdown errors.

The publication of a baseline, its known criteria (each count within e of its printed value) and an unknown criterion
>= 0 leave a set of worlds; the amount of a unit under another rule is extremised over it. On a free scale all
constraints are homogeneous, so that T' = 1 makes amounts euros; what is at a bound of the other rule is a binary.
Definitions and sources: docs/method.md, 7, « What is identified ».

Known drawbacks: two years of a series err independently; a unit published within the tolerance of a bound is given as
much freedom; criteria that the baseline has not are taken as given; a rule that leaves out a unit of the baseline, and
uses the unknown criterion, is no linear function of it and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from cdppe_analysis.allocation.values import CODE, DEAD_BAND, CriteriaValues, bound_arrays
from cdppe_analysis.calibration.programs import NODES, Program
from cdppe_analysis.calibration.published import Floats, PublishedAmounts
from cdppe_analysis.errors import InfeasibleError, RuleError
from cdppe_analysis.rules import Rule
from cdppe_analysis.territories import components

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Errors up to which, in turn, a breakdown error is sought; beyond the last one it is told as none."""

_CLOSE = 1e-7
_WIDER = 1e-6
_HALVINGS = 100
_LARGEST_LEVEL = 100.0
_SCALE = 1e4
"""What amounts sum to within the programs: numbers that the solver's tolerances suit."""

_FEW_NODES = 50
"""Nodes of a search for a breakdown error or for any counts, where giving up can be told."""


@dataclass(frozen=True, eq=False)
class _Term:
    """A known criterion of a rule: its weight, the shares of the units, and the series that it comes from.

    Terms of one series share their errors; a term without a name has none.
    """

    weight: float
    shares: Floats
    series: str = ""


@dataclass(frozen=True, eq=False)
class World:
    """A publication and another rule, both linear in what is not known.

    Parameters
    ----------
    publication
        The published amounts of the baseline, n units.
    weight
        That of the unknown criterion in the baseline.
    known
        The other criteria of the baseline.
    codes
        The m units of the other rule.
    terms
        Its known criteria.
    unknown, constant
        What the unknown criterion gives of its scores: `unknown` @ q + `constant`, q being the shares of the n units;
        weight included; shapes (m, n) and (m,).
    envelope, lows, highs
        Euros; bounds of shape (m,), infinite where there is none.
    """

    publication: PublishedAmounts
    weight: float
    known: tuple[_Term, ...]
    codes: tuple[str, ...]
    terms: tuple[_Term, ...]
    unknown: Floats
    constant: Floats
    envelope: float
    lows: Floats
    highs: Floats

    @classmethod
    def of(
        cls, published: PublishedAmounts, base_criteria: pd.DataFrame, rule: Rule, criteria: pd.DataFrame, unknown: str
    ) -> World:
        """Return what one edition of the criteria says of a publication and of another rule.

        Parameters
        ----------
        published
            The published amounts of the baseline.
        base_criteria
            Of its unknown criterion, the frame holds one compatible series.
        rule, criteria
            The other rule. Where it counts units that the baseline has not, the unknown criterion is what the frame
            says: a part of a whole moves with the whole, another unit in proportion to the total of the baseline.
        unknown
            The identifier of the unknown criterion.

        Raises
        ------
        InfeasibleError
            When the amounts are out of the bounds or cannot sum to the envelope.
        RuleError
            When the other rule uses the unknown criterion and leaves out a unit of the baseline.
        """
        base = published.rule
        published.check()
        before, after = (_shares(*pair) for pair in ((base, base_criteria), (rule, criteria)))
        known_terms = tuple(_Term(float(c.poids), before[c.id], c.id) for c in base.criteres if c.id != unknown)
        terms = []
        for criterion in rule.criteres:
            if criterion.id == unknown:
                continue
            shares, series = after[criterion.id], ""
            if any(term.series == criterion.id for term in known_terms):
                same = rule.beneficiaires == base.beneficiaires and np.allclose(
                    shares, before[criterion.id], rtol=1e-12
                )
                series = criterion.id if same else f"{criterion.id}, {criterion.millesime}"
            terms.append(_Term(float(criterion.poids), shares, series))
        weight = sum((float(c.poids) for c in rule.criteres if c.id == unknown), 0.0)
        matrix = np.zeros((len(rule.beneficiaires), len(base.beneficiaires)))
        constant = np.zeros(len(rule.beneficiaires))
        if weight:
            matrix, constant = _spread(base, base_criteria, rule, criteria, unknown)
        lows, highs = bound_arrays(rule)
        return cls(
            publication=published,
            weight=float(base.criterion(unknown).poids),
            known=known_terms,
            codes=rule.beneficiaires,
            terms=tuple(terms),
            unknown=weight * matrix,
            constant=weight * constant,
            envelope=float(rule.enveloppe),
            lows=lows,
            highs=highs,
        )

    @cached_property
    def published(self) -> Floats:
        """Euros published of each unit of the other rule, NaN where there is none."""
        by_code = dict(zip(self.publication.codes, self.publication.amounts, strict=True))
        return np.array([float(by_code[code]) if code in by_code else np.nan for code in self.codes])

    @property
    def left(self) -> float:
        """Euros published of the units that the other rule leaves out."""
        pairs = zip(self.publication.codes, self.publication.amounts, strict=True)
        return float(sum(amount for code, amount in pairs if code not in self.codes))

    @cached_property
    def series(self) -> dict[str, Floats]:
        """The printed shares of each series, by name."""
        return {term.series: term.shares for term in (*self.known, *self.terms) if term.series}


@dataclass(frozen=True)
class Hypotheses:
    """What is supposed: a bound on the error of each count (`None` for none), lambda, the index.

    Parameters
    ----------
    error
        Relative error of each count; `None` for any count >= 0.
    level
        Lambda of the baseline in euros; `None` for any that the publication allows.
    index
        The shares of the unknown criterion, where it is supposed to be published; `None` for any.
    positive
        Whether the unknown criterion is >= 0; else the scores alone are.
    exact
        Series that are supposed to be known without error.
    """

    error: float | None = 0.0
    level: float | None = None
    index: tuple[float, ...] | None = None
    positive: bool = True
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Breakdown:
    """The smallest error with which a sign can fail, and a world where it does.

    Parameters
    ----------
    error
        Relative.
    factors
        By series, counts over those printed, up to one factor for all.
    index
        Shares of the unknown criterion, shape (n,).
    amounts
        Euros of the other rule there, shape (m,).
    """

    error: float
    factors: Mapping[str, Floats]
    index: Floats
    amounts: Floats


@dataclass(frozen=True, eq=False)
class Identified:
    """What one world leaves of the amounts under some hypotheses; a program is built once."""

    world: World
    hypotheses: Hypotheses = field(default_factory=Hypotheses)
    _found: dict[int, tuple[float, float]] = field(default_factory=dict, init=False, repr=False)

    @property
    def _unit(self) -> float:
        return self.world.envelope / _SCALE

    @cached_property
    def possible(self) -> bool:
        """Whether the publication allows these hypotheses."""
        return self._scores.least() is not None

    @cached_property
    def intervals(self) -> Floats:
        """The interval of each unit of the other rule, in euros, shape (m, 2)."""
        return np.array([self.interval(rank) for rank in range(len(self.world.codes))])

    def interval(self, rank: int) -> tuple[float, float]:
        """Return the least and the greatest amount of a unit of the other rule, in euros.

        Raises
        ------
        InfeasibleError
            When the publication does not allow these hypotheses.
        UnsettledError
            When the search for an end is given up.
        """
        if rank not in self._found:
            program, unit = self._own_program, np.eye(len(self.world.codes))[rank]
            place = program.places["amount"]
            low, high = (float(_solved(program.least(amount=side * unit))[place][rank]) for side in (1.0, -1.0))
            self._found[rank] = (low * self._unit, high * self._unit)
        return self._found[rank]

    def levels(self) -> tuple[float, float]:
        """Return the least and the greatest lambda of the baseline, in euros."""
        program, envelope = self._scores, float(self.world.publication.rule.enveloppe)
        least, greatest = (_solved(program.least(level=sign))[program.places["level"]][0] for sign in (-1.0, 1.0))
        return float(_SCALE * envelope / least), float(_SCALE * envelope / greatest)

    def index(self) -> Floats:
        """Return the shares of one unknown criterion that the publication allows, shape (n,)."""
        solution, places = _solved(self._scores.least()), self._scores.places
        return np.asarray(solution[places["index"]] / solution[places["total"]])

    def sign(self, rank: int) -> int:
        """Return 1 for a certain gain, -1 for a certain loss, 0 for no change, 2 for what is not certain or known."""
        low, high = (end - self.world.published[rank] for end in self.interval(rank))
        if low > DEAD_BAND:
            return 1
        return -1 if high < -DEAD_BAND else 0 if low >= -DEAD_BAND and high <= DEAD_BAND else 2

    def money(self) -> tuple[float, float]:
        """Return the least and the greatest money that changes hands, in euros.

        A newcomer's amount does whole; what the envelope gains or loses does not.
        """
        program, new = self._whole, np.isnan(self.world.published)
        added = abs(self.world.envelope - float(self.world.publication.rule.enveloppe))
        ends = []
        for sign in (0.5, -0.5):
            solution = _solved(program.least(more=sign, less=sign, amount=sign * new))
            parts = (solution[program.places[name]].sum() for name in ("more", "less"))
            moved = self._unit * (sum(parts) + solution[program.places["amount"]][new].sum())
            ends.append(float(moved + self.world.left - added) / 2)
        return ends[0], ends[1]

    def gainers(self) -> tuple[int, int]:
        """Return the least and the greatest number of units that gain."""
        place = self._whole.places["gains"]
        least, greatest = (_solved(self._whole.least(gains=sign))[place].sum() for sign in (1.0, -1.0))
        return round(least), round(greatest)

    def breakdown(self, rank: int, sign: int) -> _Breakdown | None:
        """Return the smallest error with which a gain (`sign` 1) or a loss (-1) fails; `None` where none of these does.

        Dinkelbach's method: from a world with an error, another whose counts err by less, until there is none.

        Raises
        ------
        UnsettledError
            When the search for a world is given up.
        """
        toward, error = sign * np.eye(len(self.world.codes))[rank], self.hypotheses.error
        limit = (sign * self.world.published[rank] + DEAD_BAND) / self._unit
        nearest: _Breakdown | None = None
        while True:
            program = self._program(error, _FEW_NODES)
            program.row(-np.inf, limit, amount=toward)
            solution = program.least(slack=1.0)
            if solution is None:
                return nearest
            reached = self._reached(program, solution)
            if nearest is not None and reached.error > nearest.error - _CLOSE:
                return nearest if nearest.error <= reached.error else reached
            nearest, error = reached, reached.error

    def _reached(self, program: Program, solution: Floats) -> _Breakdown:
        values = {name: solution[place] for name, place in program.places.items()}
        factors = {}
        for name, shares in self.world.series.items():
            with np.errstate(invalid="ignore"):
                factors[name] = np.where(shares > 0, values[f"count {name}"] / (values[f"scale {name}"] * shares), 1.0)
        error = max(float(np.abs(factor - 1).max()) for factor in factors.values()) if factors else 0.0
        return _Breakdown(error, factors, values["index"] / values["total"], values["amount"] * self._unit)

    def _core(self, error: float | None, nodes: int = NODES) -> Program:
        """Return the variables and the rows of the publication."""
        world, supposed, program = self.world, self.hypotheses, Program(nodes)
        publication = world.publication
        n, unit_matrix = len(publication.codes), np.eye(len(publication.codes))
        # Shares of the envelope, and `level` its part of the scale: coefficients that the solver tells apart.
        whole = publication.rule.enveloppe
        gap = float(publication.tolerance / whole)
        amounts = np.array([float(amount / whole) for amount in publication.amounts])
        lows = np.array([float(unit.low / whole) for unit in publication.bounds])
        highs = np.array([np.inf if unit.high is None else float(unit.high / whole) for unit in publication.bounds])
        # Below 0 it brings counts nearer to those printed: only a program that asks for the least has it below.
        program.add("slack", 1, -np.inf, 0.0)
        for name, shares in world.series.items():
            program.add(f"count {name}", len(shares))
            program.add(f"scale {name}")
        program.add("index", n, 0.0 if supposed.positive else -np.inf)
        program.add("total")
        program.add("level")
        program.add("lifted", n, 0.0, np.where((lows > 0) & (amounts - gap <= lows), np.inf, 0.0))
        program.add("cut", n, 0.0, np.where(amounts + gap >= highs, np.inf, 0.0))
        for name, shares in world.series.items():
            program.row(0.0, 0.0, **{f"count {name}": np.ones(len(shares)), "total": -np.ones(1)})
            bound = 0.0 if name in supposed.exact else error
            if bound is not None:
                counts, column = np.eye(len(shares)), shares[:, None]
                for side, bounds in ((1.0, (-np.inf, 0.0)), (-1.0, (0.0, np.inf))):
                    scale = -column * (1 + side * bound)
                    program.row(*bounds, **{f"count {name}": counts, f"scale {name}": scale, "slack": -side * column})
        program.row(0.0, 0.0, index=np.ones(n), total=-np.ones(1))
        if supposed.index is not None:
            program.row(0.0, 0.0, index=unit_matrix, total=-np.array(supposed.index)[:, None])
        if supposed.level is not None:
            program.row(0.0, 0.0, total=np.ones(1), level=-np.full(1, supposed.level / float(whole)))
        scores = _scores(world.known, n)
        scores["index"] = world.weight * unit_matrix
        if not supposed.positive:
            program.row(0.0, np.inf, **scores)
        given = {**scores, "lifted": unit_matrix, "cut": -unit_matrix}
        program.row(0.0, np.inf, **given, level=-np.maximum(amounts - gap, lows)[:, None])
        program.row(-np.inf, 0.0, **given, level=-np.minimum(amounts + gap, highs)[:, None])
        total = {name: matrix.sum(axis=0) for name, matrix in given.items()}
        program.row(0.0, 0.0, **total, level=-np.ones(1))
        return program

    @cached_property
    def _other_scores(self) -> dict[str, Floats]:
        world = self.world
        scores = _scores(world.terms, len(world.codes))
        scores["index"] = world.unknown
        scores["total"] = scores["total"] + world.constant[:, None]
        return scores

    @cached_property
    def _scores(self) -> Program:
        """The program over the scores of the other rule, on the scale where they sum to `_SCALE`."""
        program, m = self._core(self.hypotheses.error), len(self.world.codes)
        program.add("score", m)
        program.row(0.0, 0.0, **{name: -matrix for name, matrix in self._other_scores.items()}, score=np.eye(m))
        program.row(_SCALE, _SCALE, total=np.ones(1))
        return program

    @cached_property
    def _reach(self) -> tuple[Floats, Floats]:
        """The least and the greatest lambda' s' of each unit of the other rule, in euros, wide by a rounding."""
        world, program = self.world, self._scores
        place = program.places["score"]
        units = np.eye(len(world.codes))
        shares = [[_solved(program.least(score=side * unit))[place] @ unit for unit in units] for side in (1.0, -1.0)]
        low, high = np.array(shares) / _SCALE
        top = world.envelope * (1.0 if np.isinf(world.highs).all() else _LARGEST_LEVEL)

        def level(scores: Floats) -> float:
            """Return the lambda' for which these scores, bounded, make the envelope."""
            below, above = 0.0, top
            for _ in range(_HALVINGS):
                middle = (below + above) / 2
                short = np.clip(middle * scores, world.lows, world.highs).sum() < world.envelope
                below, above = (middle, above) if short else (below, middle)
            return above

        return level(high) * low * (1 - _WIDER) - _WIDER, level(low) * high * (1 + _WIDER) + _WIDER

    def _program(self, error: float | None, nodes: int = NODES) -> Program:
        """Return the variables and rows of the publication and of the other rule, whose amounts sum to `_SCALE`."""
        world, m, unit_matrix = self.world, len(self.world.codes), np.eye(len(self.world.codes))
        program = self._core(error, nodes)
        least, most, lows, highs = (side / self._unit for side in (*self._reach, world.lows, world.highs))
        low, high = np.clip(least, lows, highs), np.clip(most, lows, highs)
        program.add("amount", m, low, high)
        program.add("added", m, 0.0, np.maximum(lows - least, 0.0) * (least < lows))
        program.add("taken", m, 0.0, np.maximum(most - highs, 0.0))
        scores = {name: -matrix for name, matrix in self._other_scores.items()}
        program.row(0.0, 0.0, **scores, amount=unit_matrix, added=-unit_matrix, taken=unit_matrix)
        program.row(_SCALE, _SCALE, amount=np.ones(m))
        for name, side, open_ in (
            ("added", 1.0, (least < lows) & (most > lows)),
            ("taken", -1.0, (most > highs) & (least < highs)),
        ):
            if not open_.any():
                continue
            units, k = unit_matrix[open_], int(open_.sum())
            bound = (lows if side > 0 else highs)[open_]
            moved = (lows - least if side > 0 else most - highs)[open_]
            room = side * ((high if side > 0 else low)[open_] - bound)
            program.add(f"at {name}", k, 0.0, 1.0, whole=True)
            program.row(-np.inf, 0.0, **{name: units, f"at {name}": -np.diag(moved)})
            program.row(-np.inf, side * bound + room, **{"amount": side * units, f"at {name}": np.diag(room)})
        return program

    @cached_property
    def _own_program(self) -> Program:
        error = self.hypotheses.error
        return self._program(error, _FEW_NODES if error is None else NODES)

    @cached_property
    def _whole(self) -> Program:
        """The program over gains and losses, with a binary a unit of which the sign is not certain."""
        program = self._program(self.hypotheses.error)
        published, band = self.world.published / self._unit, DEAD_BAND / self._unit
        is_published = ~np.isnan(published)
        unit_matrix, (low, high) = (
            np.eye(len(published))[is_published],
            self.intervals[is_published].T / self._unit - published[is_published],
        )
        k, unsure = int(is_published.sum()), (low < 0) & (high > 0)
        program.add("more", k, 0.0, np.maximum(high, 0.0))
        program.add("less", k, 0.0, np.maximum(-low, 0.0))
        program.row(
            published[is_published], published[is_published], amount=unit_matrix, more=-np.eye(k), less=np.eye(k)
        )
        if unsure.any():
            units = np.eye(k)[unsure]
            program.add("sign", len(units), 0.0, 1.0, whole=True)
            program.row(-np.inf, 0.0, more=units, sign=-np.diag(high[unsure]))
            program.row(-np.inf, -low[unsure], less=units, sign=-np.diag(low[unsure]))
        program.add("gains", k, low > band, high > band, whole=True)
        edge = published[is_published] + band
        program.row(
            np.minimum(low - band, 0) + edge, np.inf, amount=unit_matrix, gains=np.diag(np.minimum(low - band, 0))
        )
        program.row(-np.inf, edge, amount=unit_matrix, gains=-np.diag(np.maximum(high - band, 0)))
        return program


def _scores(terms: Iterable[_Term], units: int) -> dict[str, Floats]:
    """Return what the known criteria give of the scores, by group of variables."""
    by_group: dict[str, Floats] = {"total": np.zeros((units, 1))}
    for term in terms:
        if term.series:
            key = f"count {term.series}"
            by_group[key] = by_group.get(key, np.zeros((units, units))) + term.weight * np.eye(units)
        else:
            by_group["total"] = by_group["total"] + term.weight * term.shares[:, None]
    return by_group


def _solved(found: Floats | None) -> Floats:
    if found is None:
        raise InfeasibleError("no criterion >= 0 is compatible with the publication under these hypotheses")
    return found


def _shares(rule: Rule, criteria: pd.DataFrame) -> dict[str, Floats]:
    columns = CriteriaValues.read(rule, criteria).columns
    units = range(len(rule.beneficiaires))
    return {name: np.array([float(column.share(rank)) for rank in units]) for name, column in columns.items()}


def _spread(
    base: Rule, base_criteria: pd.DataFrame, rule: Rule, criteria: pd.DataFrame, unknown: str
) -> tuple[Floats, Floats]:
    """Return the matrix and the constants that make shares of the other rule's units from those of the baseline's."""
    old = base_criteria.set_index(CODE)[unknown].astype("float64")[list(base.beneficiaires)]
    new = criteria.set_index(CODE)[unknown].astype("float64")[list(rule.beneficiaires)]
    wholes = {part: code for code in base.beneficiaires for part in components(code)}
    matrix, constant = np.zeros((len(new), len(old))), np.zeros(len(new))
    for row, code in enumerate(new.index):
        whole = code if code in old.index else wholes.get(code)
        if whole is None:
            constant[row] = new[code] / old.sum()
        else:
            matrix[row, base.beneficiaires.index(whole)] = 1.0 if whole == code else new[code] / old[whole]
    if not np.allclose(matrix.sum(axis=0), 1.0):
        raise RuleError("a rule that leaves out a unit of its baseline cannot be identified", cell=rule.id)
    return matrix / (1 + constant.sum()), constant / (1 + constant.sum())
