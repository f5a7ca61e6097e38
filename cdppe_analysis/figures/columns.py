"""Read what is to be drawn from a frame: codes checked, values that can be drawn, the départements outside the field.

Three things are kept apart: a value that is missing (« pas de donnée »), a unit that the figure is not about (« non
concerné »), and a value of 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.classes import Classes, Scale
from cdppe_analysis.territories import DEPARTEMENTS, components, departement, france

OTHERS = "others"
NotConcerned = Iterable[str] | Literal["others"] | None


@dataclass(frozen=True, eq=False)
class Reading:
    """What a map draws: `series` over all its units (code -> float, NaN where missing), and the units not concerned."""

    series: pd.Series
    not_concerned: frozenset[str]

    @classmethod
    def of(cls, frame: pd.DataFrame, column: str, not_concerned: NotConcerned = None) -> Reading:
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
        >>> reading = Reading.of(frame, "montant_eur", not_concerned="others")
        >>> reading.missing, len(reading.not_concerned), len(reading.series)
        (('59',), 98, 100)
        """
        given = numbers(frame, column)
        units = units_for(given.index.tolist())
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
        return cls(values, outside)

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

    def check_not_negative(self) -> None:
        """Check that the values can be areas.

        Raises
        ------
        FigureError
            When one is negative.
        """
        negative = self.known.index[(self.known < 0).to_numpy()]
        if len(negative):
            code = str(negative[0])
            raise FigureError(
                f"the amount of {departement(code).libelle} in {self.known.name!r} is negative, and a circle has no "
                "negative area",
                code=code,
            )

    def rows(self, labels: Mapping[str, str] | None = None) -> pd.DataFrame:
        """Return the rows behind a map: the concerned units, their value, and their class where they are in classes."""
        concerned = self.concerned
        table = pd.DataFrame({"code_departement": concerned.index.to_numpy(dtype=object)})
        table["libelle_departement"] = [departement(code).libelle for code in concerned.index]
        table[str(concerned.name)] = concerned.to_numpy()
        if labels is not None:
            table["classe"] = [labels.get(code, "pas de donnée") for code in concerned.index]
        return table

    def told(self, scale: Scale, made: Classes | None = None, more: str = "") -> list[str]:
        """Return what the text alternative of a map says: extremes, classes, what is missing and not concerned."""
        return [
            scale.extremes(self.known),
            f"Nombre de départements par classe : {made.counted}" if made else "",
            more,
            f"Pas de donnée : {len(self.missing)}" if self.missing else "",
            f"Non concernés : {len(self.not_concerned)}" if self.not_concerned else "",
        ]


def check_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    """Check that a frame has columns.

    Raises
    ------
    FigureError
        When it lacks one.
    """
    for name in names:
        if name not in frame.columns:
            raise FigureError(f"the frame has no column {name!r}; it has {', '.join(map(str, frame.columns))}")


def coded(frame: pd.DataFrame) -> list[str]:
    """Return the codes of a frame, checked.

    Raises
    ------
    FigureError
        When the frame has no column `code_departement`.
    TerritoryError
        When a code is unknown, a number, given twice, or a whole stands beside its parts.
    """
    check_columns(frame, ["code_departement"])
    codes: list[str] = frame["code_departement"].tolist()
    france().check(codes)
    return codes


def units_for(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the units that cover France once, taking those of `codes` that stand for several.

    Raises
    ------
    FigureError
        When one is only a part of a département (`69D`, `69M`).

    Examples
    --------
    >>> len(units_for(("20", "59")))
    100
    """
    wholes = [code for code in codes if code not in DEPARTEMENTS]
    for code in wholes:
        if len(parts := components(code)) == 1:
            name = departement(code).libelle
            raise FigureError(f"{name} has no contour of its own; draw {parts[0]!r} as a whole", code=code)
    covered = {part for code in wholes for part in components(code)}
    return tuple(sorted((set(DEPARTEMENTS) - covered) | set(wholes)))


def numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as finite floats by code, NaN where missing.

    Raises
    ------
    FigureError
        When the column is absent, holds text or an infinite value, or has no value at all.
    TerritoryError
        As `coded`.
    """
    index = pd.Index(coded(frame), dtype=object, name="code_departement")
    check_columns(frame, [column])
    try:
        values = pd.Series([np.nan if pd.isna(value) else float(value) for value in frame[column]], index, "float64")
    except (TypeError, ValueError):
        raise FigureError(f"the column {column!r} does not hold numbers") from None
    infinite = values.index[np.isinf(values.to_numpy())]
    if len(infinite):
        raise FigureError(f"the column {column!r} holds an infinite value", code=str(infinite[0]))
    if values.isna().all():
        raise FigureError(f"the column {column!r} has no value to draw")
    return values.rename(column)


def named_numbers(frame: pd.DataFrame, columns: Sequence[str], needed: Sequence[str]) -> pd.DataFrame:
    """Return columns as floats by code, with the names of the units: the rows that have a value in each of `needed`.

    Raises
    ------
    FigureError, TerritoryError
        As `numbers`; also when no row has.
    """
    rows = pd.DataFrame({column: numbers(frame, column) for column in columns}).dropna(subset=list(needed))
    if rows.empty:
        raise FigureError(f"no unit has a value in each of {', '.join(map(repr, needed))}")
    rows.insert(0, "libelle_departement", [departement(str(code)).libelle for code in rows.index])
    return rows


def labelled_numbers(
    frame: pd.DataFrame, label: str, columns: Mapping[str, str], group: str | None = None, *, finite: str | None = None
) -> pd.DataFrame:
    """Return `libelle`, columns as floats under the names they are given, and `groupe`, empty without one.

    Parameters
    ----------
    frame
        The rows, in the order to show.
    label, group
        The columns of names, and of the groups to keep apart.
    columns
        A name -> its column of values.
    finite
        The name of the values of which none may lack.

    Raises
    ------
    FigureError
        When a column is absent, there is no row, or a value that may not lack is missing or infinite.
    """
    check_columns(frame, (label, *columns.values(), *([group] if group else [])))
    rows = pd.DataFrame({"libelle": frame[label].astype(str).to_numpy()})
    for name, column in columns.items():
        rows[name] = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    rows["groupe"] = frame[group].astype(str).to_numpy() if group else ""
    if rows.empty:
        raise FigureError("there is nothing to draw")
    for name, value in zip(rows["libelle"], rows[finite], strict=True) if finite else ():
        if not np.isfinite(value):
            raise FigureError(f"the value of {name!r} in {columns[str(finite)]!r} is missing, infinite or no number")
    return rows
