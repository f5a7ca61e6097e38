"""The intervals of a criterion that is not published, in closed form: for more units than linear programs can take.

With theta = envelope / lambda and all in euros (z = E s, c = E k what the known criteria give, q = (z - c) / w E):

- a unit off the bounds has max(theta (A - g), c) <= z <= theta (A + g);
- one published within g of its lower bound m may also have c <= z <= theta m, one within g of its upper bound M any
  z >= max(theta M, c);
- what the lower bounds add less what the upper ones take is E (theta - 1), so that theta has an interval, and each end
  of each z is at one end of it, or for a unit at m where the others alone can be added that much.

The amounts must sum to the envelope too: the roundings of the units off the bounds take up what one unit moves, which
is checked at both ends of theta. These are the intervals of `compatibility`, whose programs do not suppose it.

Known drawback: no allocation is made for each end; the criterion in the middle has its certificate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cdppe_analysis.allocation.values import bound_arrays
from cdppe_analysis.calibration.compatibility import SLACK, Floats, Publication
from cdppe_analysis.errors import InfeasibleError, UnsettledError

_HALVINGS = 200
_SMALLEST_THETA = 0.01


@dataclass(frozen=True, eq=False)
class Intervals:
    """What a publication leaves of an unknown criterion.

    Parameters
    ----------
    publication
        The published amounts.
    known
        What the known criteria give of each score, shape (n,).
    weight
        That of the unknown criterion.
    """

    publication: Publication
    known: Floats
    weight: float

    @cached_property
    def _euros(self) -> tuple[float, Floats, Floats, Floats, Floats, Floats]:
        """Return E, c, the least and the largest amount of each unit, m and M."""
        known, (m, high) = self.publication, bound_arrays(self.publication.rule)
        envelope, gap = float(known.rule.enveloppe), float(known.tolerance)
        amounts = np.array([float(amount) for amount in known.amounts])
        return envelope, envelope * self.known, np.maximum(amounts - gap, m), np.minimum(amounts + gap, high), m, high

    @cached_property
    def _near(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return which units may be at their lower bound, and at their upper one."""
        known = self.publication
        low, up = map(np.array, known.near_bounds(known.tolerance))
        if (low & up).any():
            code = known.codes[int(np.argmax(low & up))]
            raise UnsettledError("its plancher and its plafond are both within what its amount is known to", code=code)
        return low, up

    def _room(self, theta: Floats) -> Floats:
        """Return the most that lower bounds can add, less the least that upper ones take, less E (theta - 1)."""
        envelope, c, _, _, m, high = self._euros
        low, up = self._near
        return _hinges(c[low], m[low], theta) - _hinges(-c[up], -high[up], theta) - envelope * (theta - 1)

    def _floor(self, theta: Floats, *, any_high: bool = False) -> Floats:
        """Return the least that theta times the amounts sum to; below 1, one unit at least is at its upper bound.

        With `any_high`, whichever unit that is.
        """
        _, c, least, _, _, high = self._euros
        up = self._near[1]
        smallest = np.maximum(theta * least, c)
        smallest[up] = np.minimum(smallest, theta * high)[up]
        raised = (theta * high - smallest)[up]
        one = (raised.max() if any_high else raised.min()) if theta[0] < 1 and len(raised) else 0.0
        return np.array([smallest.sum() + one])

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
        highest = envelope / m[low].min() if low.any() else 1.0
        top = float(_falling(self._room, np.array([_SMALLEST_THETA]), np.array([highest]))[0])
        if self._room(np.array([bottom]))[0] < -SLACK:
            rank, known = int(np.argmax(needed)), self.publication
            raise InfeasibleError(
                f"no shares are compatible with the published amount of {known.rule.label(known.codes[rank])}: "
                f"it would have to be {c[rank] / top - most[rank]:.2f} € more",
                code=known.codes[rank],
                cell=known.rule.id,
            )
        # The least amounts that can be must not sum to more than the envelope.
        bottom = float(_falling(lambda theta: self._floor(theta) - envelope * theta, *np.array([[bottom], [top]]))[0])
        top, step = max(bottom, top), float((most - least).max())
        roofs = [float(np.where(low, np.maximum(theta * m, c), theta * most).sum()) for theta in (bottom, top)]
        full = self._floor(np.array([top]))[0] + top * step > envelope * top
        full |= self._floor(np.array([bottom]), any_high=True)[0] > envelope * bottom + SLACK
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
        if not up.any():
            smallest[low] = np.maximum(c, top * m - envelope * (top - 1))[low]
        if low.any():
            starts = np.full(int(low.sum()), bottom)
            own_c, own_m = c[low], m[low]

            def others(theta: Floats) -> Floats:
                return self._room(theta) - np.maximum(theta * own_m - own_c, 0.0)

            best = _falling(others, starts, np.full(len(starts), top))
            largest[low] = np.where(others(starts) >= 0, best * most[low], bottom * own_m + others(starts))
        if up.any():
            taken = np.maximum(c - bottom * high, 0.0)
            largest[up] = (bottom * high + self._room(np.array([bottom])) + taken)[up]
        if up.sum() == 1:
            # What is taken is taken of this one unit.
            theta = min(max(1.0, bottom), top)
            alone = np.where(theta < 1, theta * high + envelope * (1 - theta), np.maximum(theta * least, c))
            smallest[up] = np.maximum(alone, c)[up]
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
    """Return sum max(0, slope theta - c) for each theta, by prefix sums; the slopes have one sign, that of c."""
    if not len(slope):
        return np.zeros_like(theta)
    order = np.argsort(c / slope)
    cuts, slopes, constants = ((c / slope)[order], slope[order], c[order])
    if slope[0] < 0:
        cuts, slopes, constants = (-cuts[::-1], slopes[::-1], constants[::-1])
    count = np.searchsorted(cuts, theta if slope[0] > 0 else -theta)
    slopes, constants = (np.concatenate([[0.0], np.cumsum(part)]) for part in (slopes, constants))
    return np.asarray(slopes[count] * theta - constants[count])


def _falling(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return where a function that falls reaches 0 between two bounds; the bound where it does not."""
    last, reached = high, function(high) < 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = function(middle) >= 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(reached, low, last)
