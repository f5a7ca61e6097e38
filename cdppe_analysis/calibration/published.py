"""What is published of a rule, and what it leaves of an unknown criterion for many draws at once.

Off the bounds a score is s_i = t A_i with t = 1 / lambda; at the plancher k_i <= s_i <= t m, at the plafond
s_i >= max(k_i, t M), where k_i is what the known criteria give; the scores sum to 1 and the share of the unknown
criterion, of weight w, is q_i = (s_i - k_i) / w >= 0. These constraints leave t an interval, in closed form, and what
the units at a bound share among themselves; a point of both is chosen by numbers from 0 to 1, which a simulation draws.
Whatever the point, the rule gives the published amounts back. Definitions: docs/method.md, 7.

Known drawback: of the amounts that round to the published ones, one set that sums to the envelope is taken, so that
the half euro of rounding is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.allocation.level import Level, solve
from cdppe_analysis.allocation.values import CODE, exact_amount
from cdppe_analysis.errors import CriteriaError, InfeasibleError, RuleError, TableError, written
from cdppe_analysis.rules.rule import Rule, UnitBounds
from cdppe_analysis.storage.tables import lines_of, place_of

Floats = npt.NDArray[np.float64]

_EXACT = Fraction(1, 10**6)
"""Euros to which amounts are known that were not rounded: floats hold no better."""

_LARGEST_LEVEL = 100.0
"""Lambda is sought up to so many envelopes, where almost all of the scores are at a plafond."""

_NOISE = 1e-12


@dataclass(frozen=True)
class PublishedAmounts:
    """What is published: amounts of the beneficiaries of a rule, known to `tolerance` euros."""

    rule: Rule
    bounds: tuple[UnitBounds, ...]
    amounts: tuple[Fraction, ...]
    tolerance: Fraction

    @classmethod
    def read(
        cls, rule: Rule, amounts: pd.DataFrame | Mapping[str, object], tolerance: Fraction | None = None
    ) -> PublishedAmounts:
        """Read the published amounts of the beneficiaries of a rule.

        Parameters
        ----------
        rule
            The rule.
        amounts
            A frame with `code_departement` and `montant_eur`, or euros by code. What is no beneficiary is left aside.
        tolerance
            What the amounts are known to, in euros. Left out, the rounding of the rule decides: a unit under the
            largest remainders, half of one where each amount was rounded on its own, half of the last printed decimal
            without rounding. Amounts that do not sum to the envelope were not rounded by the largest remainders: half a
            unit.

        Raises
        ------
        TableError
            When the frame lacks a column.
        CriteriaError
            When an amount is missing, negative or not a number.
        TerritoryError
            When a code is unknown, given twice, or a whole stands beside its parts.
        """
        if isinstance(amounts, pd.DataFrame):
            for name in (CODE, "montant_eur"):
                if name not in amounts.columns:
                    raise TableError(f"the frame of published amounts has no column {name!r}")
            column = amounts["montant_eur"]
            codes, lines = amounts[CODE].tolist(), lines_of(amounts)
        else:
            column = pd.Series(list(amounts.values()), dtype=object)
            codes, lines = list(amounts), list(range(1, len(amounts) + 1))
        if not set(codes) <= set(rule.beneficiaires):
            rule.names.territories.check(codes, lines)
        by_code: dict[str, Fraction] = {}
        for row, (code, value) in enumerate(zip(codes, column.tolist(), strict=True)):
            if code in by_code:
                raise TableError("an amount is given twice", code=code, cell=place_of(column, row))
            try:
                by_code[code] = exact_amount(value)
            except ValueError as error:
                raise CriteriaError(f"the published amount {error}", code=code, cell=place_of(column, row)) from None
            if by_code[code] < 0:
                raise CriteriaError("the published amount is negative", code=code, cell=place_of(column, row))
        for code in rule.beneficiaires:
            if code not in by_code:
                raise CriteriaError("a beneficiary has no published amount", code=code)
        exact = tuple(by_code[code] for code in rule.beneficiaires)
        return cls(rule, rule.bounds(), exact, _known_to(rule, exact) if tolerance is None else tolerance)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the beneficiaries, in the order of the amounts."""
        return self.rule.beneficiaires

    @property
    def units(self) -> list[tuple[Fraction, UnitBounds]]:
        """The amount and the bounds of each beneficiary."""
        return list(zip(self.amounts, self.bounds, strict=True))

    @property
    def ends(self) -> list[tuple[Fraction, Fraction]]:
        """The least and the greatest that each amount can be, within the tolerance and the bounds."""
        gap = self.tolerance
        return [
            (max(amount - gap, unit.low), amount + gap if unit.high is None else min(amount + gap, unit.high))
            for amount, unit in self.units
        ]

    @property
    def table(self) -> pd.DataFrame:
        """The amounts in euros: `code_departement`, `libelle_departement`, `montant_publie`."""
        labels = pd.Series([self.rule.label(code) for code in self.codes], dtype="str")
        amounts = [float(amount) for amount in self.amounts]
        return pd.DataFrame(
            {CODE: pd.Series(self.codes, dtype="str"), "libelle_departement": labels, "montant_publie": amounts}
        )

    def weight_of(self, unknown: str) -> Fraction:
        """Return the weight of an unknown criterion.

        Raises
        ------
        RuleError
            When the rule has no such criterion, or gives it no weight.
        """
        weight = self.rule.criterion(unknown).poids
        if weight == 0:
            raise RuleError("an unknown criterion without weight leaves no trace in the amounts", criterion=unknown)
        return weight

    def near_bounds(self, gap: Fraction) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
        """Return which units are published within `gap` euros of their lower bound, and which of their upper one."""
        low = tuple(unit.low > 0 and amount - gap <= unit.low for amount, unit in self.units)
        return low, tuple(unit.high is not None and amount + gap >= unit.high for amount, unit in self.units)

    def level(self, scores: Sequence[Fraction]) -> Level:
        """Return the exact allocation that scores give."""
        common = math.lcm(*{score.denominator for score in scores})
        integers = [score.numerator * (common // score.denominator) for score in scores]
        lows, highs = [unit.low for unit in self.bounds], [unit.high for unit in self.bounds]
        return solve(integers, self.rule.enveloppe, lows, highs)

    def certified(self, level: Level, parts: Sequence[Fraction]) -> pd.DataFrame:
        """Return the amounts that an exact allocation gives, beside those published: the certificate of a result.

        Columns `code_departement`, `montant_publie`, `montant_recalcule`, `ecart_eur`, `part` (where one is a unit's).
        """
        exact = [level.amount(rank) for rank in range(len(self.amounts))]
        gaps = [float(amount - published) for amount, published in zip(exact, self.amounts, strict=True)]
        frame = self.table.drop(columns="libelle_departement")
        frame = frame.assign(montant_recalcule=[float(amount) for amount in exact], ecart_eur=gaps)
        return frame.assign(part=[float(part) for part in parts]) if len(parts) == len(exact) else frame

    def check(self) -> None:
        """Check that the amounts are within the bounds and can sum to the envelope.

        Raises
        ------
        InfeasibleError
            Naming the amount or the total that cannot be.
        """
        rule, gap = self.rule, self.tolerance
        for code, (amount, unit) in zip(self.codes, self.units, strict=True):
            if amount + gap < unit.low:
                name, bound, word = unit.low_origin, unit.low, "below"
            elif unit.high is not None and amount - gap > unit.high:
                name, bound, word = unit.high_origin, unit.high, "above"
            else:
                continue
            raise InfeasibleError(
                f"the published amount of {rule.label(code)}, {written(amount)} €, is {word} its {name} "
                f"of {written(bound)} €",
                code=code,
                cell=rule.id,
            )
        if not sum(low for low, _ in self.ends) <= rule.enveloppe <= sum(high for _, high in self.ends):
            total = sum(self.amounts, Fraction(0))
            raise InfeasibleError(
                f"the published amounts sum to {written(total)} €, too far from the envelope of "
                f"{written(rule.enveloppe)} € for {len(self.amounts)} amounts known to {written(gap)} €",
                cell=rule.id,
            )


def _known_to(rule: Rule, amounts: Sequence[Fraction]) -> Fraction:
    """Return what amounts are known to by the rule's own rounding, in euros."""
    unit = rule.arrondi.unite_eur
    if rule.arrondi.methode == "aucun":
        digits = max(len(written(amount).partition(".")[2]) for amount in amounts)
        return max(Fraction(1, 2 * 10**digits), _EXACT)
    return unit if rule.arrondi.methode == "plus_forts_restes" and sum(amounts) == rule.enveloppe else unit / 2


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
