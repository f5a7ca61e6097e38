"""The tally of a study: segments come in any order, the sums are formed in the order of segments.

Its state is a dictionary of arrays, so that an interrupted run can be written down and taken up again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation.study import Arrays, Segment, Study, merge_counts


class Tally:
    """What is finished of a study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.finished = np.zeros(study.segments, dtype=np.bool_)
        self.sums: Arrays = {}
        self.counts: Arrays = {}
        self.rows: dict[int, Arrays] = {}
        self._added = 0
        self._waiting: dict[int, Arrays] = {}

    @property
    def draws(self) -> int:
        """The number of draws that are finished."""
        return sum(self.study.draws_of(int(segment)) for segment in np.flatnonzero(self.finished))

    def missing(self, most: int) -> list[tuple[int, int]]:
        """Return the segments that are not finished, as runs of at most `most`: first, and one past the last."""
        runs: list[tuple[int, int]] = []
        for segment in np.flatnonzero(~self.finished).tolist():
            if runs and runs[-1][1] == segment and segment - runs[-1][0] < most:
                runs[-1] = (runs[-1][0], segment + 1)
            else:
                runs.append((segment, segment + 1))
        return runs

    def add(self, first: int, segments: list[Segment]) -> None:
        """Take in finished segments, the first of which has the rank `first`."""
        for segment, found in enumerate(segments, start=first):
            self.finished[segment] = True
            merge_counts(self.counts, found.counts)
            self.rows[segment] = found.rows
            self._waiting[segment] = found.sums
        while self._added in self._waiting:
            for name, value in self._waiting.pop(self._added).items():
                self.sums[name] = self.sums[name] + value if name in self.sums else value
            self._added += 1

    def state(self) -> Arrays:
        """Return all that is finished, as arrays by name."""
        found: Arrays = {"finis": self.finished, "ajoutes": np.array([self._added])}
        found |= {f"somme/{name}": value for name, value in self.sums.items()}
        found |= {f"compte/{name}": value for name, value in self.counts.items()}
        for kind, by_segment in (("lignes", self.rows), ("attente", self._waiting)):
            for segment, arrays in by_segment.items():
                found |= {f"{kind}/{segment}/{name}": value for name, value in arrays.items()}
        return found

    def restore(self, state: Arrays) -> None:
        """Take up what `state` gave.

        Raises
        ------
        ScenarioError
            When it is that of another study.
        """
        if "ajoutes" not in state or state.get("finis", self.finished[:0]).shape != self.finished.shape:
            raise ScenarioError("what was kept of an interrupted run is that of another study")
        self.finished = state["finis"].astype(np.bool_)
        self._added = int(state["ajoutes"][0])
        for key, value in state.items():
            kind, _, name = key.partition("/")
            if kind == "somme":
                self.sums[name] = value
            elif kind == "compte":
                self.counts[name] = value
            elif kind in ("lignes", "attente"):
                segment, _, name = name.partition("/")
                by_segment = self.rows if kind == "lignes" else self._waiting
                by_segment.setdefault(int(segment), {})[name] = value

    def kept(self, name: str) -> list[npt.NDArray[Any]]:
        """Return what was kept of the draws under a name, segment after segment."""
        return [self.rows[segment][name] for segment in sorted(self.rows)]

    def kept_and_solved(self, quantity: str) -> list[npt.NDArray[Any]]:
        """Return what was kept of a quantity, without the draws that have no solution."""
        solved = [~np.isnan(whole[:, 0]) for whole in self.kept("ensemble")]
        return [rows if some.all() else rows[some] for rows, some in zip(self.kept(quantity), solved, strict=True)]
