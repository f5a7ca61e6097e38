"""What a publication leaves of an unknown criterion once the known ones are given, for many draws at once.

Off the bounds a score is s_i = t A_i with t = 1 / lambda; at the plancher k_i <= s_i <= t m, at the plafond
s_i >= max(k_i, t M), where k_i is what the known criteria give; the scores sum to 1 and the share of the unknown
criterion is q_i = (s_i - k_i) / w >= 0. These constraints leave t an interval, in closed form, and what the units at a
bound share among themselves; a point of both is chosen by numbers from 0 to 1, which a simulation draws. Whatever the
point, the rule gives the published amounts back. Definitions: docs/method.md, 7.

Known drawback: of the amounts that round to the published ones, one set that sums to the envelope is taken, so that
the half euro of rounding is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from cdppe_analysis.calibration.compatibility import Floats, PublishedAmounts
from cdppe_analysis.errors import InfeasibleError

_LARGEST_LEVEL = 100.0
"""Lambda is sought up to so many envelopes, where almost all of the scores are at a plafond."""

_NOISE = 1e-12


@dataclass(frozen=True, eq=False)
class Remaining:
    """A publication, and the weight of the criterion that it does not give.

    Parameters
    ----------
    amounts
        Euros, shape (n,): within the tolerance of those published, their sum is the envelope.
    low, high
        Which units are published at their lower bound, and at their upper one, shape (n,).
    weight
        That of the unknown criterion.
    """

    amounts: Floats
    low: npt.NDArray[np.bool_]
    high: npt.NDArray[np.bool_]
    weight: float

    @classmethod
    def of(cls, published: PublishedAmounts, unknown: str) -> Remaining:
        """Return what is published of a rule, ready for its unknown criterion to be deduced from.

        Raises
        ------
        RuleError
            When the rule has no such criterion, or gives it no weight.
        InfeasibleError
            When the amounts are out of the bounds, or cannot sum to the envelope.
        """
        weight = published.weight_of(unknown)
        published.check()
        low, near_high = published.near_bounds(published.tolerance)
        high = [near and not at_low for near, at_low in zip(near_high, low, strict=True)]
        least, most = [], []
        for (bottom, top), unit, at_low, at_high in zip(published.ends, published.bounds, low, high, strict=True):
            fixed = unit.low if at_low else unit.high if at_high else None
            least.append(bottom if fixed is None else fixed)
            most.append(top if fixed is None else fixed)
        room, wanted = sum(most) - sum(least), published.rule.enveloppe - sum(least)
        if not 0 <= wanted <= room:
            raise InfeasibleError(
                "the published amounts do not sum to the envelope with the units at their bounds",
                cell=published.rule.id,
            )
        part = wanted / room if room else Fraction(0)
        exact = [one + part * (other - one) for one, other in zip(least, most, strict=True)]
        return cls(np.array([float(amount) for amount in exact]), np.array(low), np.array(high), float(weight))

    @property
    def freedom(self) -> int:
        """How many numbers from 0 to 1 choose a point: one for t, one a unit at a bound where there are several."""
        bound = int(self.low.sum() + self.high.sum())
        return 1 + (bound if bound > 1 else 0)

    def levels(self, known: Floats) -> tuple[Floats, Floats]:
        """Return the least and the greatest t = 1 / lambda, in 1/€; the least is the larger where there is none.

        Parameters
        ----------
        known
            What the known criteria give of each score, shape (..., n).
        """
        low, high, amounts = self.low, self.high, self.amounts
        envelope = amounts.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            needed = np.nan_to_num(known[..., ~high] / amounts[~high], nan=0.0).max(axis=-1, initial=0.0)
        least = np.maximum(needed, 1 / envelope / (_LARGEST_LEVEL if high.any() else 1.0))
        left, slope = 1 - known[..., low].sum(axis=-1), amounts[~(low | high)].sum()
        if not high.any():
            # With every unit at its plancher, a lower lambda changes nothing from the smallest plancher on.
            return least, left / slope if slope else np.broadcast_to(1 / amounts.min(), left.shape)
        # The root of left = slope t + sum max(k, M t) is the least root over which units are above their known score.
        order = np.argsort(known[..., high] / amounts[high], axis=-1)
        scores = np.take_along_axis(known[..., high], order, axis=-1)
        above = np.cumsum(amounts[high][order], axis=-1)
        below = scores.sum(axis=-1, keepdims=True) - np.cumsum(scores, axis=-1)
        roots = (left[..., None] - below) / (slope + above)
        if slope:
            roots = np.concatenate([roots, ((left - scores.sum(axis=-1)) / slope)[..., None]], axis=-1)
        return least, roots.min(axis=-1)

    def shares(self, known: Floats, chosen: Floats) -> Floats:
        """Return the shares of the unknown criterion at one point of what the publication leaves.

        Parameters
        ----------
        known
            What the known criteria give of each score, shape (draws, n).
        chosen
            Numbers from 0 to 1, shape (draws, `freedom`): t by its place in its interval, then the weights by which
            the units at a bound share what is left to them.

        Returns
        -------
        numpy.ndarray
            Shape (draws, n); a row sums to 1, or is NaN where no criterion >= 0 is left.

        Examples
        --------
        >>> one = np.array([600.0, 300.0, 100.0])
        >>> publication = Remaining(one, np.array([False, False, True]), np.zeros(3, dtype=bool), 0.5)
        >>> publication.shares(np.array([[0.25, 0.2, 0.05]]), np.array([[0.0]])).round(3).tolist()
        [[0.7, 0.2, 0.1]]
        """
        least, greatest = self.levels(known)
        empty = ~(least <= greatest * (1 + _NOISE))
        t = (least + chosen[:, 0] * (np.maximum(greatest, least) - least))[:, None]
        bound = self.low | self.high
        scores = t * self.amounts
        floors = np.where(self.high, np.maximum(known, scores), known)[:, bound]
        left = np.maximum(1 - scores[:, ~bound].sum(axis=1) - floors.sum(axis=1), 0.0)
        if bound.sum() == 1:
            scores[:, bound] = floors + left[:, None]
        elif bound.any():
            from cdppe_analysis.allocation.kernel import bounded_amounts

            room = np.where(self.high, np.inf, np.maximum(scores - known, 0.0))[:, bound]
            # A sum of rooms may fall short of what is left by a rounding.
            left = np.where(np.isinf(room).any(axis=1), left, np.minimum(left, room.sum(axis=1)))
            weights = -np.log1p(-chosen[:, 1:]) + np.finfo(float).tiny
            scores[:, bound] = floors + np.asarray(bounded_amounts(weights, left, np.zeros(room.shape[1]), room))
        shares = np.maximum(scores - known, 0.0) / self.weight
        shares[empty] = np.nan
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))
