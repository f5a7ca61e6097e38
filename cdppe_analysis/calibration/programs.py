"""Linear programs with a few binaries, gathered row by row and solved by HiGHS for one objective after another.

Each solve starts from the basis of the one before; where the relaxation leaves a binary between 0 and 1, a search
settles it within a number of nodes. Nodes, not seconds: the same on any machine.

Known drawback: a program is dense, and its rows can no longer change once it was solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cdppe_analysis.calibration.published import Floats
from cdppe_analysis.errors import UnsettledError

if TYPE_CHECKING:
    import highspy

NODES = 100_000
"""Nodes after which a search is given up."""

_TOLERANCE = 1e-9
# Presolve takes some programs for infeasible whose ranges are very narrow.
_OPTIONS: dict[str, bool | str | float] = {"presolve": "off", "threads": 1}
_SEARCH: dict[str, bool | str | float] = {"mip_rel_gap": 0.0, "mip_abs_gap": 1e-7, "mip_feasibility_tolerance": 1e-9}


class Program:
    """Rows low <= A x <= high over groups of variables; a variable is >= 0 unless it is said.

    Parameters
    ----------
    nodes
        Those after which a search is given up.
    """

    def __init__(self, nodes: int = NODES) -> None:
        self.nodes = nodes
        self.places: dict[str, slice] = {}
        """The place of each group in a solution."""
        self._variables: list[tuple[float, float, bool]] = []
        self._rows: list[tuple[dict[str, Floats], Floats, Floats]] = []

    def add(
        self,
        name: str,
        size: int = 1,
        least: Floats | float = 0.0,
        most: Floats | float = np.inf,
        *,
        whole: bool = False,
    ) -> None:
        """Add a group of variables."""
        self.places[name] = slice(len(self._variables), len(self._variables) + size)
        sides = (np.broadcast_to(np.asarray(side, dtype=np.float64), size).tolist() for side in (least, most))
        self._variables += [(low, high, whole) for low, high in zip(*sides, strict=True)]

    def row(self, low: Floats | float, high: Floats | float, **parts: Floats) -> None:
        """Add rows low <= sum of `parts` <= high: by group of variables, a matrix (rows, size) or one row."""
        matrices = {name: np.atleast_2d(matrix) for name, matrix in parts.items()}
        size = len(next(iter(matrices.values())))
        self._rows.append((matrices, np.broadcast_to(low, size), np.broadcast_to(high, size)))

    def least(self, **objective: Floats | float) -> Floats | None:
        """Return the solution of smallest objective, given by group of variables; `None` where there is none.

        Raises
        ------
        UnsettledError
            When the choice of what is at a bound is not settled within the nodes that are searched.
        """
        weights = np.zeros(len(self._variables))
        for name, values in objective.items():
            weights[self.places[name]] = values
        low, high, whole = self._ranges
        solution = _run(self._solver, weights, low, high)
        if solution is None or np.abs(solution - np.round(solution))[whole].max(initial=0.0) <= _TOLERANCE:
            return solution
        solution = _run(self._search, weights, low, high)
        if solution is None:
            return None
        # The binaries chosen, the rest is solved again without the tolerance of a search.
        chosen = np.round(solution)
        return _run(self._solver, weights, np.where(whole, chosen, low), np.where(whole, chosen, high))

    @cached_property
    def _ranges(self) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """The least and the greatest value of each variable, and which are whole."""
        least, most, whole = (np.array(side) for side in zip(*self._variables, strict=True))
        return least, most, whole.astype(bool)

    @cached_property
    def _solver(self) -> highspy.Highs:
        """The solver of the program without its binaries, which starts each time from the basis of the one before."""
        from highspy import HighsLp, MatrixFormat
        from scipy.sparse import csc_array

        blocks = []
        for parts, low, _ in self._rows:
            block = np.zeros((len(low), len(self._variables)))
            for name, matrix in parts.items():
                block[:, self.places[name]] += matrix
            blocks.append(block)
        columns, program, solver = csc_array(np.vstack(blocks)), HighsLp(), _new_solver(_OPTIONS)
        program.num_row_, program.num_col_ = columns.shape
        program.col_cost_ = np.zeros(len(self._variables))
        program.col_lower_, program.col_upper_, _ = self._ranges
        program.row_lower_, program.row_upper_ = (np.concatenate([row[side] for row in self._rows]) for side in (1, 2))
        program.a_matrix_.format_ = MatrixFormat.kColwise
        program.a_matrix_.start_, program.a_matrix_.index_ = columns.indptr, columns.indices
        program.a_matrix_.value_ = columns.data
        solver.passModel(program)
        return solver

    @cached_property
    def _search(self) -> highspy.Highs:
        """The solver of the program with its binaries."""
        from highspy import HighsVarType

        solver = _new_solver(_OPTIONS | _SEARCH | {"mip_max_nodes": self.nodes})
        columns = np.flatnonzero(self._ranges[2]).astype(np.int32)
        solver.passModel(self._solver.getLp())
        solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), HighsVarType.kInteger))
        return solver


def _new_solver(options: Mapping[str, bool | str | float]) -> highspy.Highs:
    """Return a solver that prints nothing: HiGHS presents itself while it is made, before it takes options."""
    from highspy import Highs

    class Silent(Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - the name that HiGHS calls while it is made
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    solver = Silent()  # type: ignore[no-untyped-call]
    for option, value in options.items():
        solver.setOptionValue(option, value)
    return solver


def _run(solver: highspy.Highs, weights: Floats, least: Floats, most: Floats) -> Floats | None:
    from highspy import HighsModelStatus

    columns = np.arange(len(weights), dtype=np.int32)
    solver.changeColsCost(len(weights), columns, weights)
    solver.changeColsBounds(len(weights), columns, least, most)
    solver.run()
    if solver.getModelStatus() == HighsModelStatus.kSolutionLimit:
        raise UnsettledError("what is at a bound is not settled within the nodes that are searched")
    if solver.getModelStatus() != HighsModelStatus.kOptimal:
        return None
    return np.array(solver.getSolution().col_value)
