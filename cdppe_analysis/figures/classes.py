"""Classes of a choropleth: 3 to 6, by a method that mapclassify names, with bounds that say exactly who is inside.

The bounds that a method gives are rounded to what the legend prints, and only then are the units put in classes, so
that the legend is true of every unit: a class holds what is above its lower bound, up to its upper bound. A value of
exactly 0 stands apart from the classes, as does the centre of a diverging scale.

A diverging scale is symmetric: the method cuts the distances to the centre, and the cuts are mirrored; an odd number of
classes has a neutral one around the centre. Each class has a look: a colour, and below the centre a texture too, since
lightness alone cannot tell both sides apart in black and white.

The methods are written here, and tests hold them to mapclassify's: importing that takes seconds, of plotting and of
compilation, for a few lines.

Known drawback: rounding the bounds can unbalance quantiles by the units that stand within half a printed unit of one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.palette import BELOW_TEXTURE, DIVERGING, NEUTRAL, SEQUENTIAL, ZERO, Look, shades
from cdppe_analysis.territories import departement

METHODS: Mapping[str, str] = MappingProxyType(
    {
        "quantiles": "quantiles (autant de départements par classe)",
        "fisher_jenks": "seuils naturels (Fisher-Jenks)",
        "head_tail": "moyennes emboîtées (head/tail breaks)",
    }
)
"""The methods, with what the legend calls them."""

FEWEST, MOST = 3, 6
_EXTRA_DECIMALS = 4
_STEPS = 20


@dataclass(frozen=True)
class Scale:
    """How a measure is written, classed and coloured.

    Attributes
    ----------
    unit, decimals
        Of the values: what stands after a number, and its digits after the comma.
    legend
        What the measure is called in a legend, on an axis or in a card; « En {unit} » when left out.
    classes
        How many on a map, from 3 to 6; fewer are made when there are not so many distinct values.
    method
        One of `METHODS`, or the bounds between the classes.
    center
        The value that means no change: the scale is then diverging, and symmetric about it.
    zero_apart
        Whether 0 stands apart from the classes of a scale without a centre.

    Examples
    --------
    >>> Scale("%", 1).written(12.5).replace(typography.NNBSP, " "), Scale("%").title
    ('12,5 %', 'En %')
    """

    unit: str = "€"
    decimals: int = 0
    legend: str | None = None
    classes: int = 5
    method: str | Sequence[float] = "quantiles"
    center: float | None = None
    zero_apart: bool = True

    @property
    def apart(self) -> float:
        """The value that stands apart from the classes; NaN for none."""
        return self.center if self.center is not None else 0.0 if self.zero_apart else math.nan

    @property
    def title(self) -> str:
        """What the measure is called."""
        return self.legend or f"En {self.unit}"

    def written(self, value: float, *, signed: bool = False) -> str:
        """Write a value as French does, with its unit."""
        return typography.with_unit(value, self.unit, self.decimals, signed=signed)

    def extremes(self, values: pd.Series) -> str:
        """Name the units of the three largest and of the three smallest values, by code.

        Examples
        --------
        >>> Scale("M€").extremes(pd.Series({"59": 2.0, "62": 1.0})).replace(typography.NNBSP, " ")
        'Les plus fortes valeurs : Nord (2 M€) ; les plus faibles : Pas-de-Calais (1 M€).'
        """
        ordered = values.sort_values(kind="stable")
        named = [f"{departement(str(code)).libelle} ({self.written(float(value))})" for code, value in ordered.items()]
        if len(named) == 1:
            return f"Une seule valeur : {named[0]}."
        count = min(3, len(named) // 2)
        highest, lowest = ", ".join(named[: -count - 1 : -1]), ", ".join(named[:count])
        return f"Les plus fortes valeurs : {highest} ; les plus faibles : {lowest}."


EUROS, PER_CENT = Scale(), Scale("%")
"""Euros and percents, in five classes of as many départements."""


@dataclass(frozen=True)
class OneClass:
    """A class: its label in the legend, the units in it (codes, or names of maps and codes), its place on the scale.

    `side` is -1 below the centre, 1 above, 0 for a neutral class; `rank` counts from the low end, or from the centre.
    """

    label: str
    codes: tuple[Any, ...]
    side: int
    rank: int


@dataclass(frozen=True)
class Classes:
    """The classes of a column, from low to high; the units at exactly 0 (or at the centre); the method as printed."""

    classes: tuple[OneClass, ...]
    apart: OneClass | None
    method: str
    center: float | None

    @property
    def ordered(self) -> tuple[OneClass, ...]:
        """All classes from low to high, the units apart in their place: 0 first, the centre in the middle."""
        if self.apart is None:
            return self.classes
        place = sum(1 for made in self.classes if made.side < 0)
        return (*self.classes[:place], self.apart, *self.classes[place:])

    @property
    def labels(self) -> dict[Any, str]:
        """The label of each unit's class, by code."""
        return {code: made.label for made in self.ordered for code in made.codes}

    @property
    def counted(self) -> str:
        """Each class with how many units it holds."""
        return " ; ".join(f"{one.label} : {len(one.codes)}" for one in self.ordered)

    @property
    def looks(self) -> dict[str, Look]:
        """The look of each class, by its label."""
        looks: dict[str, Look] = {}
        if self.center is None:
            faces = shades(SEQUENTIAL, len(self.classes))
            looks = {made.label: Look(face) for made, face in zip(self.classes, faces, strict=True)}
        else:
            depth = max(2, 1 + max((made.rank for made in self.classes), default=0))
            low, high = (shades(side, depth) for side in DIVERGING)
            for made in self.classes:
                below = made.side < 0
                face = low[made.rank] if below else high[made.rank] if made.side else NEUTRAL
                looks[made.label] = Look.textured(face, BELOW_TEXTURE if below else None)
        if self.apart:
            looks[self.apart.label] = ZERO if self.center is None else Look(NEUTRAL)
        return looks

    @property
    def fills(self) -> dict[Any, Look]:
        """The look of each unit, by code."""
        looks = self.looks
        return {code: looks[label] for code, label in self.labels.items()}


def classify(values: pd.Series, scale: Scale) -> Classes:
    """Put values in classes.

    Parameters
    ----------
    values
        Finite values by code.
    scale
        How to class them; more decimals are taken where bounds would fall together.

    Raises
    ------
    FigureError
        When the method is unknown, the number of classes is not from 3 to 6, or given bounds do not increase or are not
        as far below the centre as above it.

    Examples
    --------
    >>> values = pd.Series({"01": 0.0, "02": 10.0, "03": 20.0, "59": 40.0})
    >>> [(one.label, one.codes) for one in classify(values, Scale(classes=3)).classes]
    [('10', ('02',)), ('20', ('03',)), ('40', ('59',))]
    """
    classes, method, center, decimals = scale.classes, scale.method, scale.center, scale.decimals
    if not isinstance(method, str):
        return _bounded(values, [float(bound) for bound in method], scale)
    if method not in METHODS:
        raise FigureError(f"the method {method!r} is unknown; the methods are {', '.join(METHODS)}")
    if not FEWEST <= classes <= MOST:
        raise FigureError(f"a map has {FEWEST} to {MOST} classes, not {classes}")
    inside = values[values != scale.apart]
    if inside.nunique() <= classes and center is None:
        return _distinct(values, inside, scale)
    if inside.empty:
        return Classes((), _apart(values, scale.apart), METHODS[method], center)
    if center is None:
        cuts, digits = _rounded(_cuts(inside, classes, method), decimals, float(np.ptp(inside)))
        return _assembled(values, cuts, METHODS[method], scale, digits)
    distances = (inside - center).abs()
    odd = classes % 2
    wanted = (classes + odd) // 2
    raw = _cuts(distances, wanted, method) if distances.min() < distances.max() and wanted > 1 else []
    cuts, digits = _rounded(raw, decimals, float(np.ptp(distances)))
    middle = () if odd and cuts else (center,)
    digits = max(digits, _digits(center))
    mirrored = sorted({*(round(center + cut, digits) for cut in (*cuts, *(-cut for cut in cuts))), *middle})
    text = f"{METHODS[method]} des écarts à {typography.number(center, _digits(center))}, symétriques"
    return _assembled(values, mirrored, text, scale, digits)


def _bounded(values: pd.Series, bounds: list[float], scale: Scale) -> Classes:
    if not bounds or any(not low < high for low, high in itertools.pairwise(bounds)):
        raise FigureError("the bounds between classes must be given in increasing order")
    if len(bounds) + 1 > MOST:
        raise FigureError(f"a map has at most {MOST} classes, not {len(bounds) + 1}")
    if scale.center is not None:
        gaps = [bound - scale.center for bound in bounds]
        if any(not math.isclose(gap, -other, abs_tol=1e-9) for gap, other in zip(gaps, reversed(gaps), strict=True)):
            raise FigureError(f"the bounds between classes are not as far below {scale.center:g} as above it")
    digits = max(scale.decimals, *(_digits(bound) for bound in bounds))
    return _assembled(values, bounds, "bornes choisies", scale, digits, keep_empty=True)


def _cuts(values: pd.Series, classes: int, method: str) -> list[float]:
    ordered, count = np.sort(values.to_numpy(dtype=np.float64)), min(classes, values.nunique())
    if method == "quantiles":
        cuts = np.quantile(ordered, np.arange(1, count) / count)
    else:
        cuts = _natural_breaks(ordered, count) if method == "fisher_jenks" else _nested_means(ordered)
    return [float(cut) for cut in np.unique(cuts) if cut < ordered[-1]][: MOST - 1]


def _natural_breaks(ordered: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the last value of each class but one, by the least sum of squares within classes (Fisher 1958, Jenks)."""
    centred = ordered - ordered.mean()
    size = np.arange(len(ordered) + 1)
    sums, squares = (np.concatenate([[0.0], np.cumsum(part)]) for part in (centred, centred**2))
    least = np.append(0.0, np.full(len(ordered), np.inf))
    starts = np.zeros((count, len(ordered) + 1), dtype=np.int64)
    for row in starts:
        before, least = least, least.copy()
        for end in size[1:]:
            own = squares[end] - squares[:end] - (sums[end] - sums[:end]) ** 2 / (end - size[:end])
            row[end] = np.argmin(before[:end] + own)
            least[end] = before[row[end]] + own[row[end]]
        least[0] = np.inf
    ends = [len(ordered)]
    for row in starts[:0:-1]:
        ends.append(int(row[ends[-1]]))
    return ordered[np.array(ends[1:], dtype=np.int64) - 1]


def _nested_means(ordered: NDArray[np.float64]) -> list[float]:
    """Return the mean, then the mean of what is not below it, and so on (Jiang 2013, head/tail breaks)."""
    cuts: list[float] = []
    while ordered[0] < ordered[-1]:
        cuts.append(float(ordered.mean()))
        ordered = ordered[ordered >= cuts[-1]]
    return cuts


def _rounded(cuts: list[float], decimals: int, spread: float) -> tuple[list[float], int]:
    """Round the bounds, with more decimals where they would fall together or move by much of the spread."""
    digits = decimals
    while cuts and digits < decimals + _EXTRA_DECIMALS:
        if len({round(cut, digits) for cut in cuts}) == len(cuts) and 10.0**-digits * _STEPS <= spread:
            break
        digits += 1
    return sorted({round(cut, digits) for cut in cuts}), digits


def _assembled(
    values: pd.Series, cuts: list[float], method: str, scale: Scale, decimals: int, *, keep_empty: bool = False
) -> Classes:
    center = scale.center
    neutral = center is not None and center not in cuts
    inside = values if neutral else values[values != scale.apart]
    order = np.searchsorted(np.array(cuts), inside.to_numpy(), side="left")
    if center is not None:
        # Below the centre a class holds its lower bound, so that both sides mirror each other.
        below = inside.to_numpy() < center
        order = np.where(below, np.searchsorted(np.array(cuts), inside.to_numpy(), side="right"), order)
    low, high = round(float(inside.min()), decimals), round(float(inside.max()), decimals)
    bounds = list(zip([None, *cuts], [*cuts, None], strict=True))
    sides = [0 if center is None else _side(under, over, center) for under, over in bounds]
    made: list[OneClass] = []
    for number, ((under, over), side) in enumerate(zip(bounds, sides, strict=True)):
        codes = tuple(inside.index[order == number])
        if codes or keep_empty:
            # Counted from the centre outward, the neutral class left out.
            rank = (sides[number + 1 :] if side < 0 else sides[:number]).count(side)
            made.append(OneClass(_label(under, over, low, high, decimals, side, center is not None), codes, side, rank))
    return Classes(tuple(made), None if neutral else _apart(values, scale.apart), method, center)


def _side(under: float | None, over: float | None, center: float) -> int:
    if over is not None and over <= center:
        return -1
    return 1 if under is not None and under >= center else 0


def _label(
    under: float | None, over: float | None, low: float, high: float, decimals: int, side: int, centred: bool
) -> str:
    def written(value: float) -> str:
        return "0" if value == 0 else typography.number(value, decimals)

    if under is None and over is None:
        return written(low) if low == high else f"de {written(low)} à {written(high)}"
    if under is None:
        assert over is not None
        if low >= over:
            return f"{written(over)} ou moins"
        return f"de {written(low)} à {'moins de ' if side < 0 else ''}{written(over)}"
    if over is None:
        return f"plus de {written(under)}" if high <= under else f"plus de {written(under)} à {written(high)}"
    if side < 0:
        return f"de {written(under)} à moins de {written(over)}"
    if centred and side == 0:
        return f"de {written(under)} à {written(over)}"
    return f"plus de {written(under)} à {written(over)}"


def _apart(values: pd.Series, value: float) -> OneClass | None:
    codes = tuple(values.index[values.to_numpy() == value])
    return OneClass(typography.number(value, _digits(value)), codes, 0, 0) if codes else None


def _distinct(values: pd.Series, inside: pd.Series, scale: Scale) -> Classes:
    """Return a class a distinct value, when there are no more of them than classes asked for."""
    distinct = sorted(inside.unique())
    _, digits = _rounded(distinct, scale.decimals, math.inf)
    made = tuple(
        OneClass(typography.number(value, digits), tuple(inside.index[inside.to_numpy() == value]), 0, rank)
        for rank, value in enumerate(distinct)
    )
    return Classes(made, _apart(values, scale.apart), "une classe par valeur", None)


def _digits(value: float) -> int:
    """Return how many digits after the comma a value needs, up to 4."""
    return next((digits for digits in range(5) if round(value, digits) == value), 4)
