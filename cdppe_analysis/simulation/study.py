"""One study of uncertain inputs, and the computation of its segments by a worker.

Every draw goes through the whole rule. Of each draw come four quantities: amounts (after rounding), gaps to the
reference and ranks (on exact amounts: nothing is compared on rounded ones), and three measures of the whole. They are
summed up segment by segment, so that the sums of floats are formed in one order whatever the chunks; the rest is
counted. The tally of a study takes segments in any order; its state is a dictionary of arrays, so that an interrupted
run can be written down and taken up again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import counting, measures
from cdppe_analysis.simulation.counting import Histogram
from cdppe_analysis.simulation.draws import (
    WEIGHTS,
    Drawn,
    Input,
    block_size,
    drawn_blocks,
    places_of,
    segment_size,
    universe_of,
)
from cdppe_analysis.simulation.laws import Deduced, Values, columns
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.storage.strict import hint

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]
Places: TypeAlias = npt.NDArray[np.int64]

QUANTITIES = ("montants", "ecarts", "rangs", "ensemble")
"""What comes of each draw: amounts, gaps to the reference, ranks, measures of the whole."""

WHOLE = ("argent_deplace", "gagnants", "perdants")
"""The measures of the whole, in the order of the columns of `ensemble`."""

MOST_DRAWS = 10**10
"""The most draws of a run."""

KEPT_VALUES = 40_000_000
"""Up to so many amounts (draws times units) draws are kept, and quantiles exact: 0.8 GB with gaps and ranks."""


@dataclass(frozen=True, eq=False)
class Study:
    """All that a worker needs.

    Parameters
    ----------
    model
        The rule.
    places
        The rank of each of its units in the universe that inputs are drawn for.
    universe
        The number of units of the universe.
    inputs, seed, draws
        What is drawn.
    reference, reference_places
        The rule that gaps are counted from, computed with the same draws; `None` for fixed amounts.
    reference_amounts, leavers_amount
        Euros of each unit of the model without uncertainty, NaN for a newcomer; euros of the units that leave.
    central
        Amounts of the model without uncertainty.
    kept
        Whether draws are kept; `histograms` then is empty.
    histograms
        The histogram of each quantity, where draws are not kept.
    """

    model: Model
    places: Places
    universe: int
    inputs: tuple[Input, ...]
    seed: int
    draws: int
    reference: Model | None
    reference_places: Places
    reference_amounts: Values
    leavers_amount: float
    central: Values
    kept: bool
    histograms: Mapping[str, Histogram] = field(default_factory=dict)

    @property
    def segments(self) -> int:
        """The number of segments; the last may be short."""
        return -(-self.draws // segment_size(self.universe))

    def draws_of(self, segment: int) -> int:
        """Return the number of draws of a segment."""
        size = segment_size(self.universe)
        return min(size, self.draws - segment * size)

    @classmethod
    def of(
        cls,
        model: Model,
        inputs: Sequence[Input],
        *,
        draws: int,
        seed: int,
        reference: Model | Mapping[str, float] | None,
    ) -> Study:
        """Check what is asked, and put it together; see `montecarlo.simulate`.

        Raises
        ------
        ScenarioError
            When nothing is uncertain or drawn, or an input acts on nothing.
        """
        if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1:
            raise ScenarioError(f"the number of draws is {draws!r}, not a whole number from 1 on")
        if draws > MOST_DRAWS:
            raise ScenarioError(f"the number of draws is above {MOST_DRAWS}, the most that can be counted in a day")
        if not inputs:
            raise ScenarioError("nothing is uncertain: a simulation needs an uncertain input")
        other = reference if isinstance(reference, Model) else None
        _check_inputs(inputs, (*model.criteria, *(other.criteria if other else ())))
        codes = universe_of((*model.codes, *(other.codes if other else ())))
        central = model.amounts()
        before = _reference_amounts(model, reference, central)
        if not set(before) & set(model.codes):
            raise ScenarioError("the reference and the rule have no unit in common")
        kept = draws * len(model.codes) <= KEPT_VALUES
        study = cls(
            model=model,
            places=places_of(model.codes, codes),
            universe=len(codes),
            inputs=tuple(inputs),
            seed=seed,
            draws=draws,
            reference=other,
            reference_places=places_of(other.codes, codes) if other else np.zeros(0, dtype=np.int64),
            reference_amounts=np.array([before.get(code, np.nan) for code in model.codes]),
            leavers_amount=sum(before[code] for code in sorted(set(before) - set(model.codes))),
            central=np.nan_to_num(central),
            kept=kept,
        )
        return study if kept else _with_grids(study)

    def exact_and_gaps(self, drawn: Drawn) -> tuple[Values, Values, Values]:
        """Return the exact amounts of a block, their gaps to the reference, and the money that changes hands.

        Returns
        -------
        tuple of numpy.ndarray
            Shapes (draws, n), (draws, n) with NaN for a newcomer, and (draws,). A newcomer's amount and a leaver's
            change hands whole, what the envelope gains or loses does not. Rows without a solution are NaN.
        """
        factors = _taken(drawn.factors, self.model, self.places)
        exact = self.model.amounts(factors, drawn.weights)
        draws = len(next(iter(drawn.inputs.values())))
        exact = np.ascontiguousarray(np.broadcast_to(exact, (draws, len(self.model.codes))))
        reference, left = _reference(self, drawn)
        gaps = exact - reference
        newcomers = np.isnan(self.reference_amounts)
        common = np.where(newcomers, 0.0, gaps) if newcomers.any() else gaps
        entered = exact[:, newcomers].sum(axis=1)
        added = common.sum(axis=1) + entered - left
        moved = (np.abs(common).sum(axis=1) + entered + left - np.abs(added)) / 2
        unsolved = np.isnan(moved)
        if unsolved.any():
            exact, gaps[unsolved] = np.array(exact), np.nan
            exact[unsolved] = np.nan
        return exact, gaps, moved

    def run(self, first: int, last: int) -> list[Segment]:
        """Compute the segments from `first` to before `last`; what all of them count together stands with the first."""
        counts: Arrays = {f"grille {name}": grid.empty() for name, grid in self.histograms.items()}
        segments = [_run_segment(self, segment, counts) for segment in range(first, last)]
        counts |= {f"grille {name}": counts[f"grille {name}"].astype(np.int64) for name in self.histograms}
        return [Segment(sums, {} if rank else counts, rows) for rank, (sums, rows) in enumerate(segments)]


@dataclass(frozen=True, eq=False)
class Segment:
    """What a segment says: sums, to be added in the order of segments; counts, in any; rows, side by side."""

    sums: Arrays
    counts: Arrays
    rows: Arrays


def _run_segment(study: Study, segment: int, counts: Arrays) -> tuple[Arrays, Arrays]:
    """Return the sums and the rows of a segment, and add what it counts to `counts`."""
    sums: Arrays = {}
    rows: Arrays = {}
    start, size, remaining = 0, block_size(study.universe), study.draws_of(segment)
    blocks = [min(size, remaining - first) for first in range(0, remaining, size)]
    for drawn in drawn_blocks(study.inputs, study.seed, segment, study.universe, blocks):
        quantities, added = _quantities(study, drawn, counts)
        for name, values in quantities.items() if study.kept else ():
            if name not in rows:
                rows[name] = np.empty((study.draws_of(segment), *values.shape[1:]), dtype=values.dtype)
            rows[name][start : start + len(values)] = values
        start += len(quantities["ensemble"])
        for name, more in added.items():
            sums[name] = sums[name] + more if name in sums else more
    return sums, rows


def _merge_counts(total: Arrays, more: Mapping[str, npt.NDArray[Any]]) -> None:
    """Add counts to others, in place; extremes are kept, the order does not matter."""
    for name, value in more.items():
        if name not in total:
            total[name] = value
        elif name.startswith("minimum"):
            np.minimum(total[name], value, out=total[name])
        elif name.startswith("maximum"):
            np.maximum(total[name], value, out=total[name])
        else:
            total[name] += value


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
        for segment, finished in enumerate(segments, start=first):
            self.finished[segment] = True
            _merge_counts(self.counts, finished.counts)
            self.rows[segment] = finished.rows
            self._waiting[segment] = finished.sums
        while self._added in self._waiting:
            for name, value in self._waiting.pop(self._added).items():
                self.sums[name] = self.sums[name] + value if name in self.sums else value
            self._added += 1

    def state(self) -> Arrays:
        """Return all that is finished, as arrays by name."""
        state: Arrays = {"finis": self.finished, "ajoutes": np.array([self._added])}
        state |= {f"somme/{name}": value for name, value in self.sums.items()}
        state |= {f"compte/{name}": value for name, value in self.counts.items()}
        for kind, by_segment in (("lignes", self.rows), ("attente", self._waiting)):
            for segment, arrays in by_segment.items():
                state |= {f"{kind}/{segment}/{name}": value for name, value in arrays.items()}
        return state

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


def _quantities(study: Study, drawn: Drawn, counts: Arrays) -> tuple[Arrays, Arrays]:
    """Return the quantities of a block and what it adds to the sums, and add what it counts to `counts`.

    Rows without a solution are NaN (ranks: 0); they add nothing.
    """
    exact, gaps, moved = study.exact_and_gaps(drawn)
    units = len(study.model.codes)
    low, high, gains, losses = np.zeros((4, units), dtype=np.int64)
    whole = np.empty((len(moved), len(WHOLE)))
    whole[:, 0] = moved
    counting.add_effects(gaps, measures.DEAD_BAND, gains, losses, whole)
    # A floor of 0 binds no one.
    floors = np.where(study.model.floors > 0, study.model.floors, np.nan)
    counting.add_bounds(exact, floors, np.array(study.model.caps), low, high)
    quantities: Arrays = {
        "montants": study.model.whole(exact),
        "ecarts": gaps,
        "rangs": counting.ranks_of_rows(exact),
        "ensemble": whole,
    }
    solved = ~np.isnan(moved)
    if not solved.all():
        whole[~solved], quantities["rangs"][~solved] = np.nan, 0
    sums: Arrays = {}
    # Deviations from the central amounts lose no digit of a small variance.
    for name, centre in (("montants", study.central), ("ecarts", np.zeros(units)), ("ensemble", np.zeros(len(WHOLE)))):
        total, squares = np.zeros((2, len(centre)))
        counting.add_moments(quantities[name], np.array(centre), total, squares)
        sums |= {f"somme {name}": total, f"carres {name}": squares}
    counted: Arrays = {"resolus": np.array([solved.sum()]), "sans_indice": np.array([drawn.impossible.sum()])}
    counted |= {"bas": low, "haut": high, "gains": gains, "pertes": losses}
    for name, grid in study.histograms.items() if solved.any() else ():
        values = quantities[name] if solved.all() else quantities[name][solved]
        extremes = grid.count(values, counts[f"grille {name}"])
        counted[f"minimum {name}"], counted[f"maximum {name}"] = extremes
    _merge_counts(counts, counted)
    return quantities, sums


def _reference(study: Study, drawn: Drawn) -> tuple[Values, Values | float]:
    """Return what gaps are counted from, and what goes to units that leave."""
    if study.reference is None:
        return study.reference_amounts, study.leavers_amount
    factors = _taken(drawn.reference_factors, study.reference, study.reference_places)
    amounts = np.atleast_2d(study.reference.amounts(factors))
    of_universe = np.full((len(amounts), study.universe), np.nan)
    of_universe[:, study.reference_places] = amounts
    left = ~np.isin(study.reference_places, study.places)
    return np.asarray(of_universe[:, study.places]), np.asarray(amounts[:, left].sum(axis=1))


def _taken(drawn: Mapping[str, Values], model: Model, places: Places) -> dict[str, Values]:
    """Return the factors of the model's criteria, for its own units."""
    return {name: columns(values, places) for name, values in drawn.items() if name in model.criteria}


def _with_grids(study: Study) -> Study:
    """Return the study with histograms that the draws of its first segment span."""
    pilot = Study(**{**vars(study), "kept": True})
    rows = pilot.run(0, 1)[0].rows
    solved = ~np.isnan(rows["ensemble"][:, 0])
    step = study.model.unit if study.model.rounding != "aucun" else 0.0
    steps = {"montants": step, "ecarts": 0.0, "rangs": 1.0, "ensemble": 0.0}
    histograms = {name: Histogram.around(rows[name][solved].astype(np.float64), steps[name]) for name in QUANTITIES}
    return Study(**{**vars(study), "histograms": histograms})


def _reference_amounts(
    model: Model, reference: Model | Mapping[str, float] | None, central: Values
) -> dict[str, float]:
    if reference is None:
        return dict(zip(model.codes, central.tolist(), strict=True))
    if isinstance(reference, Model):
        return dict(zip(reference.codes, reference.amounts().tolist(), strict=True))
    return {code: float(amount) for code, amount in reference.items()}


def _check_inputs(inputs: Sequence[Input], criteres: Sequence[str]) -> None:
    """Check that each input acts on something, and that no stream is used twice."""
    names = [given.name for given in inputs]
    for given in inputs:
        if given.target != WEIGHTS and given.target not in criteres:
            targets = (*dict.fromkeys(criteres), WEIGHTS)
            raise ScenarioError(
                f"an uncertain input acts on {given.target!r}, which the rule has not{hint(given.target, targets)}"
            )
        if names.count(given.name) > 1:
            raise ScenarioError(f"two uncertain inputs have the name {given.name!r}")
    if sum(isinstance(given.law, Deduced) for given in inputs) > 1:
        raise ScenarioError("two criteria are deduced from one publication")
    if sum(given.target == WEIGHTS for given in inputs) > 1:
        raise ScenarioError("two uncertain inputs act on the weights")
