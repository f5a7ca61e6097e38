"""Read what is to be drawn from a frame: codes checked, values that can be drawn, the départements outside the field.

Three things are kept apart: a value that is missing (« pas de donnée »), a unit that the figure is not about (« non
concerné »), and a value of 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.contours import units_for
from cdppe_analysis.territories import check_codes, components, departement

OTHERS = "others"
NotConcerned = Iterable[str] | Literal["others"] | None


@dataclass(frozen=True, eq=False)
class Reading:
    """What a map draws: `series` over all its units (code -> float, NaN where missing), and the units not concerned."""

    series: pd.Series
    not_concerned: frozenset[str]

    @property
    def known(self) -> pd.Series:
        """The values that are not missing."""
        return self.series.dropna()

    @property
    def concerned(self) -> pd.Series:
        """The values of the units that are concerned, NaN where missing."""
        return self.series[[code not in self.not_concerned for code in self.series.index]]

    @property
    def missing(self) -> tuple[str, ...]:
        """The units that are concerned and have no value."""
        absent = self.series.index[self.series.isna().to_numpy()]
        return tuple(code for code in absent if code not in self.not_concerned)


def coded(frame: pd.DataFrame) -> pd.Index:
    """Return the codes of a frame, checked.

    Raises
    ------
    FigureError
        When the frame has no column `code_departement`.
    TerritoryError
        When a code is unknown, a number, given twice, or a whole stands beside its parts.
    """
    if "code_departement" not in frame.columns:
        raise FigureError(f"the frame has no column code_departement; it has {', '.join(map(str, frame.columns))}")
    codes: list[str] = frame["code_departement"].tolist()
    check_codes(codes)
    return pd.Index(codes, dtype=object, name="code_departement")


def numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as finite floats by code, NaN where missing.

    Raises
    ------
    FigureError
        When the column is absent, holds text or an infinite value, or has no value at all.
    TerritoryError
        As `coded`.
    """
    codes = coded(frame)
    if column not in frame.columns:
        known = ", ".join(str(name) for name in frame.columns if name != "code_departement")
        raise FigureError(f"the frame has no column {column!r}; it has {known or 'none'}")
    try:
        values = pd.Series(
            [np.nan if pd.isna(value) else float(value) for value in frame[column]], index=codes, dtype="float64"
        )
    except (TypeError, ValueError):
        raise FigureError(f"the column {column!r} does not hold numbers") from None
    infinite = values.index[np.isinf(values.to_numpy())]
    if len(infinite):
        raise FigureError(f"the column {column!r} holds an infinite value", code=str(infinite[0]))
    if values.isna().all():
        raise FigureError(f"the column {column!r} has no value to draw")
    return values.rename(column)


def read(frame: pd.DataFrame, column: str, not_concerned: NotConcerned = None) -> Reading:
    """Return what a map draws of a column.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` (the 101, or `20` for Corse as one) and the column.
    column
        The column of numbers.
    not_concerned
        The codes that the figure is not about; `"others"` for all that the frame does not hold.

    Raises
    ------
    FigureError, TerritoryError
        As `numbers`; also when a unit is both not concerned and valued.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_departement": ["20", "59"], "montant_eur": [112192.0, None]})
    >>> reading = read(frame, "montant_eur", not_concerned="others")
    >>> reading.missing, len(reading.not_concerned), len(reading.series)
    (('59',), 98, 100)
    """
    given = numbers(frame, column)
    units = units_for(tuple(given.index))
    values = given.reindex(list(units))
    if not_concerned is None:
        outside: frozenset[str] = frozenset()
    elif isinstance(not_concerned, str):
        if not_concerned != OTHERS:
            raise FigureError(f"not_concerned is a list of codes or {OTHERS!r}, not {not_concerned!r}")
        outside = frozenset(units) - frozenset(given.index)
    else:
        listed = frozenset(part for code in not_concerned for part in components(code))
        outside = frozenset(unit for unit in units if set(components(unit)) <= listed)
        valued = sorted(outside & set(given.dropna().index))
        if valued:
            raise FigureError(
                f"{departement(valued[0]).libelle} has a value and is said to be not concerned", code=valued[0]
            )
    return Reading(values, outside)
