"""What published amounts say of a criterion that is not published: an interval for each share, never one number.

With all criteria known but u, s_i = k_i + w_u q_i where k_i is what the known criteria give. The published amounts are
known to what the rule's rounding leaves, so that the shares q (q_i >= 0, sum q = 1) lie in a polytope, and each share
in an interval: two linear programs a unit (see `compatibility`). The total of the exact amounts, before they were
rounded, is the envelope.

Each end of each interval carries its certificate: all shares of a compatible criterion that reaches it, and the amounts
that the exact allocation makes of them, which differ from the published ones by the tolerance at most.

For more units than programs can take, the intervals are in closed form. With theta = envelope / lambda and all in euros
(z = E s, c = E k what the known criteria give, q = (z - c) / w E):

- a unit off the bounds has max(theta (A - g), c) <= z <= theta (A + g);
- one published within g of its lower bound m may also have c <= z <= theta m, one within g of its upper bound M any
  z >= max(theta M, c);
- what the lower bounds add less what the upper ones take is E (theta - 1), so that theta has an interval, and each end
  of each z is at one end of it, or for a unit at m where the others alone can be added that much.

The amounts must sum to the envelope too: the roundings of the units off the bounds take up what one unit moves, which
is checked at both ends of theta. These are the intervals of the programs, which do not suppose it.

Known drawbacks: shares are of the beneficiaries' total, so that a unit at the plancher leaves the level of all the
others uncertain; what is deduced is compatible with the publication, which does not prove that the rule was applied. In
closed form no allocation is made for each end; the criterion in the middle has its certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.allocation.values import CODE, CriteriaValues, bound_arrays
from cdppe_analysis.calibration.compatibility import SLACK, Compatible
from cdppe_analysis.calibration.published import Floats, PublishedAmounts
from cdppe_analysis.errors import InfeasibleError, UnsettledError, written
from cdppe_analysis.rules.rule import Rule

MOST_PROGRAMS = 400
"""Units from which the intervals are in closed form: two programs a unit would not end within the hour."""

_HALVINGS = 200
_SMALLEST_THETA = 0.01
_ORDER = ["code_cible", "extremite", CODE, "part", "montant_publie", "montant_recalcule", "ecart_eur"]


@dataclass(frozen=True, eq=False)
class CriterionIntervals:
    """The shares of an unknown criterion that are compatible with published amounts.

    Parameters
    ----------
    criterion
        The unknown criterion.
    tolerance
        What the published amounts are known to, in euros.
    table
        One row a beneficiary: `code_departement`, `libelle_departement`, `montant_publie` (euros), `borne_basse`,
        `borne_haute`, `centre` (shares of the beneficiaries' total; 1 is the whole).
    centre
        The shares of `centre` by code, exact: one compatible criterion among others, in the middle of the admissible
        lambda and there with the smallest worst gap; `allocate` gives the published amounts back with it.
    multiplier
        The smallest and the largest admissible lambda, in euros.
    certificates
        One row an end and a beneficiary: `code_cible`, `extremite` (`basse`, `haute`), `code_departement`, `part`,
        `montant_publie`, `montant_recalcule` (exact allocation, before whole euros), `ecart_eur`. Of more than
        `MOST_PROGRAMS` units, that of `centre` alone.
    """

    criterion: str
    tolerance: Fraction
    table: pd.DataFrame
    centre: dict[str, Fraction]
    multiplier: tuple[float, float]
    certificates: pd.DataFrame

    @property
    def largest_gap_eur(self) -> float:
        """The largest absolute gap of all certificates."""
        return float(self.certificates["ecart_eur"].abs().max())


def calibrate_criterion(
    rule: Rule,
    criteria: pd.DataFrame,
    amounts: pd.DataFrame | Mapping[str, object],
    unknown: str,
) -> CriterionIntervals:
    """Return the intervals of the shares of an unknown criterion.

    Parameters
    ----------
    rule
        The rule.
    criteria
        Wide, with the known criteria; a column of the unknown one is not read.
    amounts
        Published amounts: a frame with `code_departement` and `montant_eur`, or euros by code.
    unknown
        The identifier of the unknown criterion.

    Returns
    -------
    CriterionIntervals

    Raises
    ------
    InfeasibleError
        When no shares are compatible, naming the constraint that fails.
    RuleError
        When the rule has no such criterion, or gives it no weight.

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> half = tuple(Criterion(c, Fraction(1, 2), 2019, "note", "p. 1") for c in ("enfants", "indice"))
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(1000), ("03", "23"), half)
    >>> known = pd.DataFrame({"code_departement": ["03", "23"], "enfants": [3, 1]})
    >>> found = calibrate_criterion(rule, known, {"03": 700, "23": 300}, "indice")
    >>> found.table[["borne_basse", "borne_haute"]].round(3).values.tolist()
    [[0.648, 0.652], [0.348, 0.352]]
    """
    published, others, weight = _read(rule, criteria, amounts, unknown)
    if len(rule.beneficiaires) > MOST_PROGRAMS:
        return _closed(published, others, weight, unknown)
    problem = Compatible(published, others, _diagonal(weight, len(rule.beneficiaires)))
    centre, multipliers = _middle(problem, unknown)
    ends = [(_end(problem, rank, largest=False), _end(problem, rank, largest=True)) for rank in range(problem.size)]
    certificates = pd.concat(
        [
            problem.certificate(parts).assign(code_cible=code, extremite=side)
            for code, pair in zip(rule.beneficiaires, ends, strict=True)
            for parts, side in zip(pair, ("basse", "haute"), strict=True)
        ],
        ignore_index=True,
    )
    return CriterionIntervals(
        criterion=unknown,
        tolerance=published.tolerance,
        table=published.table.assign(
            borne_basse=[float(low[rank]) for rank, (low, _) in enumerate(ends)],
            borne_haute=[float(high[rank]) for rank, (_, high) in enumerate(ends)],
            centre=[float(part) for part in centre],
        ),
        centre=dict(zip(rule.beneficiaires, centre, strict=True)),
        multiplier=multipliers,
        certificates=certificates[_ORDER],
    )


def compatible_centre(
    rule: Rule, criteria: pd.DataFrame, amounts: pd.DataFrame | Mapping[str, object], unknown: str
) -> dict[str, Fraction]:
    """Return what `calibrate_criterion` gives as `centre`, without the two programs a unit of the intervals."""
    published, others, weight = _read(rule, criteria, amounts, unknown)
    if len(rule.beneficiaires) > MOST_PROGRAMS:
        return _closed(published, others, weight, unknown).centre
    problem = Compatible(published, others, _diagonal(weight, len(rule.beneficiaires)))
    return dict(zip(rule.beneficiaires, _middle(problem, unknown)[0], strict=True))


def _read(
    rule: Rule, criteria: pd.DataFrame, amounts: pd.DataFrame | Mapping[str, object], unknown: str
) -> tuple[PublishedAmounts, tuple[Fraction, ...], Fraction]:
    """Return what was published, what the known criteria give each unit, and the weight of the unknown one."""
    published = PublishedAmounts.read(rule, amounts)
    weight = published.weight_of(unknown)
    return published, CriteriaValues.read(rule, criteria, but=unknown).scores, weight


def _middle(problem: Compatible, unknown: str) -> tuple[tuple[Fraction, ...], tuple[float, float]]:
    """Return the shares in the middle of the admissible lambda, and its two ends."""
    problem.check_possible()
    lows, highs = (problem.extreme_multiplier(largest=largest) for largest in (False, True))
    if lows is None or highs is None:
        raise InfeasibleError("no shares are compatible with the published amounts", criterion=unknown)
    return problem.nearest((lows.level + highs.level) / 2).parts, (lows.level, highs.level)


def _closed(known: PublishedAmounts, scores: Sequence[Fraction], weight: Fraction, unknown: str) -> CriterionIntervals:
    """Return the intervals in closed form, and the certificate of the criterion in the middle."""
    known.check()
    closed = _Intervals(known, np.array([float(score) for score in scores]), float(weight))
    lows, highs = closed.ends()
    parts = [Fraction(part) for part in closed.centre().tolist()]
    total = sum(parts, Fraction(0))
    centre = [part / total for part in parts]
    level = known.level([score + weight * part for score, part in zip(scores, centre, strict=True)])
    certificates = known.certified(level, centre).assign(code_cible="", extremite="centre")
    envelope, (bottom, top) = float(known.rule.enveloppe), closed.thetas
    return CriterionIntervals(
        criterion=unknown,
        tolerance=known.tolerance,
        table=known.table.assign(borne_basse=lows, borne_haute=highs, centre=[float(part) for part in centre]),
        centre=dict(zip(known.codes, centre, strict=True)),
        multiplier=(envelope / top, envelope / bottom),
        certificates=certificates[_ORDER],
    )


def _diagonal(weight: Fraction, size: int) -> tuple[tuple[Fraction, ...], ...]:
    """Return the matrix that gives each unit its own share times the weight."""
    return tuple(tuple(weight if row == column else Fraction(0) for column in range(size)) for row in range(size))


def _end(problem: Compatible, rank: int, *, largest: bool) -> tuple[Fraction, ...]:
    point = problem.extreme(rank, largest=largest)
    if point is None:
        rule = problem.publication.rule
        raise InfeasibleError(
            f"no shares are compatible with amounts known to {written(problem.publication.tolerance)} €",
            code=rule.beneficiaires[rank],
            cell=rule.id,
        )
    return point.parts


@dataclass(frozen=True, eq=False)
class _Intervals:
    """What a publication leaves of an unknown criterion of this weight, `known` being what the others give, (n,)."""

    publication: PublishedAmounts
    known: Floats
    weight: float

    @cached_property
    def _euros(self) -> tuple[float, Floats, Floats, Floats, Floats, Floats]:
        """Return E, c, the least and the largest amount of each unit, m and M."""
        publication, (m, high) = self.publication, bound_arrays(self.publication.rule)
        envelope, gap = float(publication.rule.enveloppe), float(publication.tolerance)
        amounts = np.array([float(amount) for amount in publication.amounts])
        return envelope, envelope * self.known, np.maximum(amounts - gap, m), np.minimum(amounts + gap, high), m, high

    @cached_property
    def _near(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return which units may be at their lower bound, and at their upper one."""
        publication = self.publication
        low, up = map(np.array, publication.near_bounds(publication.tolerance))
        if (low & up).any():
            code = publication.codes[int(np.argmax(low & up))]
            raise UnsettledError("its plancher and its plafond are both within what its amount is known to", code=code)
        return low, up

    def _room(self, theta: Floats) -> Floats:
        """Return the most that lower bounds can add, less the least that upper ones take, less E (theta - 1)."""
        envelope, c, _, _, m, high = self._euros
        low, up = self._near
        taken = _hinges(c[up], high[up], theta) - (float(high[up].sum()) * theta - float(c[up].sum()))
        return _hinges(c[low], m[low], theta) - taken - envelope * (theta - 1)

    def _floor(self, theta: Floats, *, any_high: bool = False) -> Floats:
        """Return the least that theta times the amounts sum to; below 1, one unit at least is at its upper bound.

        With `any_high`, whichever unit that is.
        """
        _, c, least, _, _, high = self._euros
        up = self._near[1]
        smallest = np.maximum(theta * least, c)
        smallest[up] = np.minimum(smallest, theta * high)[up]
        raised = (theta * high - smallest)[up]
        extra = (raised.max() if any_high else raised.min()) if theta[0] < 1 and len(raised) else 0.0
        return np.array([smallest.sum() + extra])

    @cached_property
    def thetas(self) -> tuple[float, float]:
        """The least and the largest theta.

        Raises
        ------
        InfeasibleError
            When there is none, naming a unit whose known criteria alone give more than its amount.
        UnsettledError
            When the amounts off the bounds leave no room for one unit to move.
        """
        envelope, c, least, most, m, _ = self._euros
        low, up = self._near
        needed = np.where(up, 0.0, c / most)
        bottom = max(float(needed.max()), _SMALLEST_THETA if up.any() else 1.0)
        highest = envelope / m[low].min(initial=envelope)
        top = _falling(self._room, np.array([_SMALLEST_THETA]), np.array([highest])).item()
        if self._room(np.array([bottom])).item() < -SLACK:
            rank, rule = int(np.argmax(needed)), self.publication.rule
            code = self.publication.codes[rank]
            raise InfeasibleError(
                f"no shares are compatible with the published amount of {rule.label(code)}: "
                f"it would have to be {c[rank] / top - most[rank]:.2f} € more",
                code=code,
                cell=rule.id,
            )
        # The least amounts that can be must not sum to more than the envelope.
        bottom = _falling(lambda theta: self._floor(theta) - envelope * theta, *np.array([[bottom], [top]])).item()
        top, step = max(bottom, top), float((most - least).max())
        roofs = [float(np.where(low, np.maximum(theta * m, c), theta * most).sum()) for theta in (bottom, top)]
        full = self._floor(np.array([top])).item() + top * step > envelope * top
        full |= self._floor(np.array([bottom]), any_high=True).item() > envelope * bottom + SLACK
        if full or roofs[0] < envelope * bottom + bottom * step or roofs[1] < envelope * top:
            raise UnsettledError(
                f"the roundings of the {int((~(low | up)).sum())} units off the bounds leave no room for one "
                "amount to move: their intervals are not told apart",
                cell=self.publication.rule.id,
            )
        return bottom, top

    def ends(self) -> tuple[Floats, Floats]:
        """Return the least and the greatest share of each unit, shape (n,).

        Raises
        ------
        InfeasibleError, UnsettledError
            As `thetas`.
        """
        envelope, c, least, most, m, high = self._euros
        low, up = self._near
        bottom, top = self.thetas
        smallest, largest = np.maximum(c, bottom * least), top * most
        smallest[low] = c[low]
        starts, own_c, own_m = np.full(int(low.sum()), bottom), c[low], m[low]

        def others(theta: Floats) -> Floats:
            return self._room(theta) - np.maximum(theta * own_m - own_c, 0.0)

        best = _falling(others, starts, np.full(len(starts), top))
        largest[low] = np.where(others(starts) >= 0, best * most[low], bottom * own_m + others(starts))
        taken = np.maximum(c[up] - bottom * high[up], 0.0)
        largest[up] = bottom * high[up] + self._room(np.array([bottom])) + taken
        if up.sum() == 1:
            # What is taken is taken of this one unit: nothing is, unless it has more of the known criteria alone.
            smallest[up] = np.maximum(min(max(1.0, bottom), top) * least, c)[up]
        return (smallest - c) / (self.weight * envelope), (largest - c) / (self.weight * envelope)

    def centre(self) -> Floats:
        """Return the shares of one compatible criterion: in the middle of theta, with the smallest worst gap there."""
        envelope, c, least, most, m, high = self._euros
        low, up = self._near
        theta = sum(self.thetas) / 2
        rooms = np.where(low, np.maximum(theta * m - c, 0.0), 0.0)
        taken = np.where(up, np.maximum(c - theta * high, 0.0), 0.0)
        needed = envelope * (theta - 1) + taken.sum()
        added = rooms * (max(needed, 0.0) / rooms.sum()) if rooms.any() else rooms
        taken[up] += max(-needed, 0.0) / max(up.sum(), 1)
        smallest = np.where(taken > 0, high, np.maximum(least, c / theta))
        largest = np.where(added > 0, smallest, most)
        published = np.array([float(amount) for amount in self.publication.amounts])

        def missing(shift: Floats) -> Floats:
            return np.asarray(envelope - np.clip(published + shift, smallest, largest).sum(keepdims=True))

        widest = np.array([(most - least).max()])
        amounts = np.clip(published + _falling(missing, -widest, widest), smallest, largest)
        shares: Floats = np.maximum(theta * amounts - added + taken - c, 0.0) / (self.weight * envelope)
        return shares


def _hinges(c: Floats, slope: Floats, theta: Floats) -> Floats:
    """Return sum max(0, slope theta - c) for each theta, by prefix sums; the slopes are above 0."""
    order = np.argsort(c / slope)
    count = np.searchsorted((c / slope)[order], theta)
    slopes, constants = (np.concatenate([[0.0], np.cumsum(part[order])]) for part in (slope, c))
    return np.asarray(slopes[count] * theta - constants[count])


def _falling(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return where a function that falls reaches 0 between two bounds; the bound where it does not."""
    last, reached = high, function(high) < 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = function(middle) >= 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(reached, low, last)
