"""Secret statistique: the counts of a table that are masked, so that no sum gives back one of 1 to 4.

A count below the threshold is masked (primary suppression), and so are the others without which a row, a column, a
région or the whole would give it back (secondary suppression). Who reads the table knows everything that is printed,
every sum, that a count is whole, and that a 0 is printed: what is masked is at least 1. The table is protected when two
linear programs a cell, the least and the greatest value that the print leaves it, give an interval that holds every
count from 1 (for a sum, from the number of counts above 0 in it) to the threshold less one; and leave no other masked
cell a single value. For rows in régions and columns with one sum the constraints are those of a network, so that the
ends of these intervals are whole numbers and the linear program proves as much as a whole one would.

What else is masked is found by the linear program of Kelly, Golden and Assad (1992), « Cell suppression: disclosure
protection for sensitive tabular data »: the least costly way to move a count to an end of its interval with every sum
kept; the cost of a cell is its value. Words: Hundepool et al. (2012), « Statistical Disclosure Control », ch. 4.

Known drawbacks: one cell after another, so that the cells masked need not be the fewest that could be; sums of some
of the columns, or sums over another set of units, that are published elsewhere are not known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.tables import plain_number

_THRESHOLD = 5
"""Counts from 1 to this less one are masked."""

MASK = "s"
"""What is printed in place of a count that is masked, as Insee does."""

TOTAL = "ensemble"
_TOLERANCE = 1e-6
_LARGEST = 2**53
_MOST_COUNTS = 2000
_SOLVED, _UNBOUNDED = 0, 3
"""What linprog says of a program."""


@dataclass(frozen=True, eq=False)
class Suppression:
    """A table of counts and its sums, of which some are masked.

    Attributes
    ----------
    table
        A row a unit, then a row a région (`R84`) and the whole (`ensemble`), a column a count, then their sum where
        there are several: whole numbers, missing where they are masked.
    cells
        A row a cell: `ligne`, `colonne`, `valeur`, `statut` (`publie`, `primaire`, `secondaire`), `au_moins` and
        `au_plus`, what a reader of the print can know of it (`inf` for no limit).
    """

    table: pd.DataFrame
    cells: pd.DataFrame

    def printed(self) -> pd.DataFrame:
        """Return the table as text, with `s` for what is masked."""
        return self.table.astype(object).where(self.table.notna(), MASK)


def suppress(counts: pd.DataFrame, groups: Mapping[Any, str] | None = None) -> Suppression:
    """Mask what must be masked of a table of counts.

    Parameters
    ----------
    counts
        A row a unit, by its code in the index, and a column a count: whole numbers from 0 on.
    groups
        The région of each unit; their sums are then part of the table, beside that of the whole.

    Raises
    ------
    TableError
        When a count is missing, below 0 or not whole, or when a column is the sum of the others.

    Examples
    --------
    >>> counts = pd.DataFrame({"filles": [3, 12, 40], "garcons": [9, 8, 30]}, index=["23", "19", "87"])
    >>> print(suppress(counts).printed().to_string())
             filles garcons ensemble
    23            s       s       12
    19            s       s       20
    87           40      30       70
    ensemble     55      47      102
    """
    whole = _whole_numbers(counts)
    values, rows, columns, sums = _with_sums(whole, counts.index.tolist(), counts.columns.tolist(), groups)
    # A print that shows the zeros leaves a sum no less than the number of counts above 0 in it.
    least = _with_sums((whole > 0).astype(np.int64), counts.index.tolist(), counts.columns.tolist(), groups)[0].ravel()
    flat = values.ravel()
    primary = np.flatnonzero((flat > 0) & (flat < _THRESHOLD))
    masked = np.zeros(flat.size, dtype=bool)
    masked[primary] = True
    for cell in map(int, primary):
        for target in (_THRESHOLD - 1, least[cell]):
            if target != flat[cell]:
                masked |= _moved(sums, flat, least, masked, cell, target)
    low, high = _known(sums, flat, masked)
    exposed = masked & (high - low < 1 - _TOLERANCE)
    exposed[primary] |= (low[primary] > least[primary] + _TOLERANCE) | (high[primary] < _THRESHOLD - 1 - _TOLERANCE)
    if exposed.any():
        raise RuntimeError("the masks do not protect the table")
    status = np.where(masked, "secondaire", "publie")
    status[primary] = "primaire"
    table = pd.DataFrame(values, rows, columns).astype("Int64").mask(masked.reshape(values.shape))
    places = {"ligne": np.repeat(rows, len(columns)), "colonne": np.tile(columns, len(rows)), "valeur": flat}
    return Suppression(table, pd.DataFrame({**places, "statut": status, "au_moins": low, "au_plus": high}))


def masked(
    table: pd.DataFrame, columns: Sequence[str], by: Sequence[str] = (), groups: Mapping[Any, str] | None = None
) -> pd.DataFrame:
    """Return a tidy table, a row a unit and a key of `by`, whose counts are masked where they must be.

    Parameters
    ----------
    table
        With `code_departement`.
    columns
        The counts.
    by
        The columns that tell one table from another (a year, an edition): each is protected on its own.
    groups
        The région of each unit, where the sums of régions may be known.

    Raises
    ------
    TableError
        As `suppress`.
    """
    hidden = table.copy()
    hidden[list(columns)] = hidden[list(columns)].astype("Float64")
    for _, part in table.groupby(list(by), sort=False) if by else [((), table)]:
        counts = part.set_index("code_departement")[list(columns)]
        shown = suppress(counts, groups).table.iloc[: len(part)][list(columns)]
        hidden.loc[part.index, list(columns)] = shown.astype("Float64").to_numpy()
    return hidden.astype(dict.fromkeys(columns, "Int64"))


def _with_sums(
    values: npt.NDArray[np.int64], units: Sequence[Any], columns: Sequence[Any], groups: Mapping[Any, str] | None
) -> tuple[npt.NDArray[np.int64], list[str], list[str], Any]:
    """Return the table with its sums, the names of its rows and columns, and the matrix of what sums to 0."""
    from scipy import sparse

    region_of = [(groups or {}).get(unit, "") for unit in units]
    regions = sorted({*region_of} - {""})
    row_sums = np.array([[own == region for own in region_of] for region in regions] + [[True] * len(units)], dtype=int)
    column_sums = np.ones((1 if len(columns) > 1 else 0, len(columns)), dtype=int)
    rows, across = (np.vstack([np.eye(sums.shape[1], dtype=int), sums]) for sums in (row_sums, column_sums))
    of_rows, of_columns = (np.hstack([sums, -np.eye(len(sums))]) for sums in (row_sums, column_sums))
    sums = sparse.vstack(
        [sparse.kron(of_rows, sparse.eye_array(len(across))), sparse.kron(sparse.eye_array(len(rows)), of_columns)],
        format="csc",
    )
    names = [*map(str, units), *(f"R{region}" for region in regions), TOTAL]
    return rows @ values @ across.T, names, [*map(str, columns), *([TOTAL] * len(column_sums))], sums


def _whole_numbers(counts: pd.DataFrame) -> npt.NDArray[np.int64]:
    if counts.size > _MOST_COUNTS:
        raise TableError(f"{counts.size} counts are more than the {_MOST_COUNTS} that are protected at once")
    for column in counts.columns:
        for unit, value in counts[column].items():
            number = pd.to_numeric(plain_number(value), errors="coerce")
            if isinstance(value, bool) or not (0 <= number < _LARGEST and number == np.floor(number)):
                raise TableError(f"{value!r} is no count of children", code=str(unit), cell=f"column {column}")
    values: npt.NDArray[np.int64] = counts.map(plain_number).astype(float).to_numpy().astype(np.int64)
    for rank, column in enumerate(counts.columns):
        if len(counts.columns) > 2 and (2 * values[:, rank] == values.sum(axis=1)).all():
            raise TableError("it is the sum of the others: leave it out, the sums are added", cell=f"column {column}")
    if not values.size:
        raise TableError("there is nothing to mask: the table has no column of counts, or no row")
    if TOTAL in counts.columns:
        raise TableError("this is the name of the sums, which are added: name it otherwise", cell=f"column {TOTAL}")
    return values


def _moved(sums: Any, values: Any, least: Any, masked: Any, cell: int, target: int) -> npt.NDArray[np.bool_]:
    """Return the cells that move with one when it goes to a target at the least cost, every sum kept."""
    from scipy import sparse
    from scipy.optimize import linprog

    free = np.flatnonzero(values > 0)
    step = np.where(free == cell, target - values[cell], 0)
    up = np.where(free == cell, np.maximum(step, 0), np.inf)
    down = np.where(free == cell, np.maximum(-step, 0), values[free] - least[free])
    floor = np.concatenate([np.maximum(step, 0), np.maximum(-step, 0)])
    bounds = list(zip(floor, np.concatenate([up, down]), strict=True))
    cost = np.where(masked[free], 0, values[free])
    both = sparse.hstack([sums[:, free], -sums[:, free]])
    solution = linprog(np.tile(cost, 2), A_eq=both, b_eq=np.zeros(both.shape[0]), bounds=bounds, method="highs-ds")
    moves = np.zeros(values.size, dtype=bool)
    moves[free] = np.abs(np.subtract(*np.split(np.asarray(solution.x), 2))) > _TOLERANCE
    return moves


def _known(sums: Any, values: Any, masked: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the least and the greatest value that the print leaves each cell."""
    from scipy.optimize import linprog

    low, high = values.astype(float), values.astype(float)
    hidden = np.flatnonzero(masked)
    own, printed = sums[:, hidden], -(sums[:, np.flatnonzero(~masked)] @ values[~masked])
    for rank, cell in enumerate(hidden):
        for ends, sign in ((low, 1), (high, -1)):
            aim = np.zeros(hidden.size)
            aim[rank] = sign
            solution = linprog(aim, A_eq=own, b_eq=printed, bounds=(1, None), method="highs")
            if solution.status == _UNBOUNDED:
                ends[cell] = np.inf
            elif solution.status == _SOLVED and solution.fun is not None:
                ends[cell] = sign * solution.fun
    return low, high
