"""A central value between two bounds: what rounding or sampling leaves of a figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from cdppe_analysis.errors import NeedsError


@dataclass(frozen=True)
class Interval:
    """A value and its bounds, in one unit.

    Examples
    --------
    >>> Interval(0.376, 0.368, 0.383).contains(0.38)
    True
    """

    valeur: float
    basse: float
    haute: float

    def __post_init__(self) -> None:
        if not self.basse <= self.valeur <= self.haute:
            raise NeedsError(f"{self.valeur} does not stand between {self.basse} and {self.haute}")

    def contains(self, value: float) -> bool:
        """Tell whether a value stands between the bounds, themselves included."""
        return self.basse <= value <= self.haute


def over_roundings(function: Callable[..., float], values: Sequence[float], half_width: float) -> Interval:
    """Return a function of rounded values, with its bounds over all that they may stand for.

    Parameters
    ----------
    function
        Monotone in each of its arguments, so that its extremes are at the corners of the box of roundings.
    values
        The printed values, in the order of the arguments.
    half_width
        Half the last printed unit: a printed 221 days is anything from 220.5 to 221.5.

    Examples
    --------
    >>> over_roundings(lambda a, b: a / b, (304, 171), 0.5)
    Interval(valeur=1.7777777777777777, basse=1.7696793002915452, haute=1.7859237536656891)
    """
    corners = [function(*corner) for corner in product(*((value - half_width, value + half_width) for value in values))]
    return Interval(function(*values), min(corners), max(corners))
