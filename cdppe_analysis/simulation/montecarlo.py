"""Uncertain inputs drawn through the whole rule, and what the draws say of each unit and of the whole.

Monte-Carlo errors: s / sqrt(n) for a mean; sqrt(p (1 - p) / n) for a probability, and 3 / n where it is 0 or 1 in the
draws (the rule of three); for a quantile of level p, half the distance between the quantiles of levels
p ± sqrt(p (1 - p) / n). The numbers depend on the rule, the inputs, the seed and the number of draws, and on nothing
else: neither workers, nor chunks, nor an interruption.

Known drawback: beyond `study.KEPT_VALUES` amounts, quantiles are read from histograms (see `counting`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.errors import InfeasibleError
from cdppe_analysis.simulation.counting import kept_quantiles
from cdppe_analysis.simulation.draws import WEIGHTS, Input, check_seed, drawn_blocks, segment_size
from cdppe_analysis.simulation.laws import Deduced, Values
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.simulation.scheduling import processors, run_chunks
from cdppe_analysis.simulation.study import WHOLE, Arrays, Segment, Study, Tally

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are told."""

NAMES = tuple(f"q{100 * level:02.0f}" for level in LEVELS)
"""Their names in the tables."""

BOUNDS = ("plancher", "plafond", "garantie")
"""The bounds that a unit may be at."""

KEEP_EVERY = 15.0
"""Seconds after which what is finished of a run is kept again."""

_SHIFTS = ("entree", "code_departement", "deplacement")
_NARROW = 10.0
_NOT_GIVEN_BACK = 2**21

FEWEST = 100
"""Fewer draws are never enough: their own spread does not tell how far the ends of an interval may be."""

TOLERANCE = 0.02
"""There are enough draws when every mean and both ends of every 5-95 % interval are known to within this part of it.

The quantiles between them are left out: the median of a law over two variants lies between them, where no number of
draws settles it; its error stands beside it.
"""


@dataclass(frozen=True, eq=False)
class Simulation:
    """What the draws say.

    Attributes
    ----------
    table
        A row a unit, in the order of codes: `code_departement`; `reference`, euros without uncertainty; of the amount
        in whole euros `moyenne`, `ecart_type`, `q05` … `q95`; of the gap to the reference `ecart_moyen`, `ecart_q05` …
        `ecart_q95`; `probabilite_gain`, `probabilite_perte` (missing for a newcomer), `probabilite_plancher`,
        `probabilite_plafond`, `probabilite_garantie`; `rang_q05`, `rang_q50`, `rang_q95`. The Monte-Carlo error of
        each of them but `ecart_type` stands under its name after `erreur_`.
    overall
        A row a measure of the whole: `mesure` (`argent_deplace`, `gagnants`, `perdants`), `moyenne`, `ecart_type`,
        `q05` … `q95`, and the errors of the mean and of the quantiles.
    draws, unsolved
        Draws asked for, and those of them without a solution, which are left out of the rest.
    without_index
        Those of the latter that leave no deduced criterion >= 0: they contradict the publication.
    shifts
        What leaving these out does to the law of the other inputs: `entree`, `code_departement`,
        `deplacement`, the mean of what was kept less that of all draws, in standard deviations; empty where none was.
    seed
        The seed.
    state
        The finished draws, as `simulate` takes them up again.
    """

    table: pd.DataFrame
    overall: pd.DataFrame
    draws: int
    unsolved: int
    without_index: int
    shifts: pd.DataFrame
    seed: int
    state: Arrays = field(default_factory=dict, repr=False)

    @property
    def relative_error(self) -> float:
        """The largest Monte-Carlo error of a mean or of an end of an interval, over the width of that 5-95 % interval.

        A unit whose interval is no wider than ten euros (at a bound, to the rounding) is left out.
        """
        width = (self.table["q95"] - self.table["q05"]).to_numpy()
        worst = self.table[["erreur_moyenne", f"erreur_{NAMES[0]}", f"erreur_{NAMES[-1]}"]].max(axis=1).to_numpy()
        moving = width > _NARROW
        return float((worst[moving] / width[moving]).max()) if moving.any() else 0.0

    def enough_draws(self) -> bool:
        """Tell whether every mean and interval is known to within `TOLERANCE` of the interval."""
        return self.draws >= FEWEST and self.relative_error <= TOLERANCE

    def sufficient_draws(self) -> int:
        """Return about how many draws would be enough, errors being as one over the square root of their number."""
        return max(FEWEST, math.ceil(self.draws * (self.relative_error / TOLERANCE) ** 2))


def simulate(
    model: Model,
    inputs: Sequence[Input],
    *,
    draws: int,
    seed: int | None,
    reference: Model | Mapping[str, float] | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    chunk: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: Callable[[Arrays], None] | None = None,
    resume: Arrays | None = None,
) -> Simulation:
    """Draw the uncertain inputs, and compute the rule for every draw.

    Parameters
    ----------
    model
        The rule and its criteria.
    inputs
        The uncertain inputs; laws of factors have one parameter for all units, or one a unit of both rules, in the
        order of codes. With one seed and the same units, inputs of one name share their draws.
    draws
        How many.
    seed
        Required; 0 is a seed.
    reference
        What gains are counted from: a rule, computed with the same draws of its criteria and with its own weights, or
        euros by code; the model itself without uncertainty when left out.
    scheduler, workers
        See `scheduling.run_chunks`.
    chunk
        Draws of one chunk of work, rounded up to whole segments. It changes no number.
    progress
        Called with the draws that are finished and those asked for.
    keep
        Called with all that is finished when the run is interrupted or fails, and every `KEEP_EVERY` seconds, so that a
        machine that stops loses little; less often where it takes more than a twentieth of the time.
    resume
        What `keep` was given by a run with the same arguments.

    Returns
    -------
    Simulation

    Raises
    ------
    ScenarioError
        When the seed is missing, when nothing is drawn or uncertain, when a law or an input is impossible.
    InfeasibleError
        When no draw has a solution.
    SchedulerError
        When the scheduler does not answer, or is lost half way; what was finished went to `keep`.
    """
    study = Study.of(model, inputs, draws=draws, seed=check_seed(seed), reference=reference)
    tally = Tally(study)
    if resume is not None:
        tally.restore(resume)
    chunks = tally.missing(_segments_together(study.segments, segment_size(study.universe), chunk, workers))
    if progress is not None:
        progress(tally.draws, draws)

    # glibc gives memory back above a threshold that follows the largest array let go: after this one, which is never
    # touched, those of a block are not asked of the system again and again.
    np.empty(_NOT_GIVEN_BACK)
    due = time.monotonic() + KEEP_EVERY

    def done(rank: int, segments: list[Segment]) -> None:
        nonlocal due
        tally.add(chunks[rank][0], segments)
        if progress is not None:
            progress(tally.draws, draws)
        start = time.monotonic()
        if keep is not None and start >= due:
            keep(tally.state())
            now = time.monotonic()
            due = now + max(KEEP_EVERY, 20 * (now - start))

    try:
        run_chunks(Study.run, study, chunks, done, scheduler=scheduler, workers=workers)
    except BaseException:
        if keep is not None and tally.draws:
            keep(tally.state())
        raise
    return _told(tally)


def _segments_together(segments: int, size: int, chunk: int | None, workers: int | None) -> int:
    if chunk is not None:
        return max(1, -(-chunk // size))
    return max(1, min(16, segments // (8 * (workers or processors()))))


def _told(tally: Tally) -> Simulation:
    study = tally.study
    solved = int(tally.counts["resolus"][0])
    without = int(tally.counts["sans_indice"][0])
    if solved == 0:
        why = f" ({without} contradict the published amounts)" if without else ""
        raise InfeasibleError(f"none of the {study.draws} draws has a solution{why}")
    return Simulation(
        table=_units(tally, solved),
        overall=_whole(tally, solved),
        draws=study.draws,
        unsolved=study.draws - solved,
        without_index=without,
        shifts=_shifts(study) if without else pd.DataFrame(columns=list(_SHIFTS)),
        seed=study.seed,
        state=tally.state(),
    )


def _shifts(study: Study) -> pd.DataFrame:
    """Draw the inputs once more, and compare the draws that the publication allows to all of them."""
    shown = [
        one for one in study.inputs if one.reference and one.target != WEIGHTS and not isinstance(one.law, Deduced)
    ]
    sums: dict[str, Values] = {}
    count = 0
    for segment in range(study.segments):
        [drawn] = drawn_blocks(study.inputs, study.seed, segment, study.universe, [study.draws_of(segment)])
        for given in shown:
            values = drawn.inputs[given.name]
            kept = np.asarray(values[~drawn.impossible])
            rows = np.stack([kept.sum(axis=0), values.sum(axis=0), np.square(values).sum(axis=0)])
            sums[given.name] = sums[given.name] + rows if given.name in sums else rows
        count += int((~drawn.impossible).sum())
    codes = dict(zip(study.reference_places, study.reference.codes, strict=True)) if study.reference else {}
    codes |= dict(zip(study.places, study.model.codes, strict=True))
    shifts = []
    for given in shown:
        kept_mean, mean, square = sums[given.name] / np.array([[count], [study.draws], [study.draws]])
        spread = np.sqrt(np.maximum(square - mean**2, 0))
        shift = np.where(spread > 0, (kept_mean - mean) / np.where(spread > 0, spread, 1.0), 0.0)
        shifts += [(given.name, codes[rank], float(shift[rank])) for rank in sorted(codes)]
    return pd.DataFrame(shifts, columns=list(_SHIFTS)).astype({"entree": "str", "code_departement": "str"})


def _units(tally: Tally, solved: int) -> pd.DataFrame:
    study = tally.study
    has_reference = ~np.isnan(study.reference_amounts)
    mean, spread = _moments(tally, "montants", solved)
    gap, gap_spread = _moments(tally, "ecarts", solved)
    amounts, errors = _quantiles(tally, "montants", solved)
    gaps, gap_errors = _quantiles(tally, "ecarts", solved)
    ranks, rank_errors = _quantiles(tally, "rangs", solved)
    probabilities = {
        "probabilite_gain": np.where(has_reference, tally.counts["gains"] / solved, np.nan),
        "probabilite_perte": np.where(has_reference, tally.counts["pertes"] / solved, np.nan),
        **_bound_probabilities(tally, solved),
    }
    origins = {*study.model.floor_origins, *study.model.cap_origins}
    absent = {f"probabilite_{name}" for name in BOUNDS if name not in origins}
    columns: dict[str, npt.ArrayLike] = {
        "reference": study.reference_amounts,
        "moyenne": mean + study.central,
        "ecart_type": spread,
        **dict(zip(NAMES, amounts, strict=True)),
        "erreur_moyenne": spread / math.sqrt(solved),
        **{f"erreur_{name}": error for name, error in zip(NAMES, errors, strict=True)},
        "ecart_moyen": np.where(has_reference, gap, np.nan),
        **{f"ecart_{name}": np.where(has_reference, values, np.nan) for name, values in zip(NAMES, gaps, strict=True)},
        "erreur_ecart_moyen": np.where(has_reference, gap_spread / math.sqrt(solved), np.nan),
        **{
            f"erreur_ecart_{name}": np.where(has_reference, error, np.nan)
            for name, error in zip(NAMES, gap_errors, strict=True)
        },
        **probabilities,
        **{
            # What the rule does not have never binds: that is known, and not seen in the draws alone.
            f"erreur_{name}": np.where(name in absent, 0.0, _probability_error(values, solved))
            for name, values in probabilities.items()
        },
        "rang_q05": np.floor(ranks[0]),
        "rang_q50": np.round(ranks[2]),
        "rang_q95": np.ceil(ranks[4]),
        **{f"erreur_rang_{NAMES[level]}": rank_errors[level] for level in (0, 2, 4)},
    }
    table = pd.DataFrame(columns, dtype="float64")
    table.insert(0, "code_departement", pd.Series(list(study.model.codes), dtype="str"))
    return table.astype(dict.fromkeys(("rang_q05", "rang_q50", "rang_q95"), "int64"))


def _whole(tally: Tally, solved: int) -> pd.DataFrame:
    mean, spread = _moments(tally, "ensemble", solved)
    quantiles, errors = _quantiles(tally, "ensemble", solved)
    table = pd.DataFrame(
        {
            "moyenne": mean,
            "ecart_type": spread,
            "erreur_moyenne": spread / math.sqrt(solved),
            **dict(zip(NAMES, quantiles, strict=True)),
            **{f"erreur_{name}": error for name, error in zip(NAMES, errors, strict=True)},
        }
    )
    table.insert(0, "mesure", pd.Series(list(WHOLE), dtype="str"))
    return table


def _probability_error(probability: Values, draws: int) -> Values:
    """Return the Monte-Carlo error of a probability; the rule of three where it is 0 or 1 in the draws.

    Examples
    --------
    >>> _probability_error(np.array([0.5, 0.0]), 300)
    array([0.02886751, 0.01      ])
    """
    certain = (probability == 0) | (probability == 1)
    return np.where(certain, 3 / draws, np.sqrt(np.maximum(probability * (1 - probability), 0) / draws))


def _moments(tally: Tally, quantity: str, solved: int) -> tuple[Values, Values]:
    mean = tally.sums[f"somme {quantity}"] / solved
    variance = np.maximum(tally.sums[f"carres {quantity}"] / solved - mean**2, 0)
    return mean, np.sqrt(variance * solved / max(1, solved - 1))


def _quantiles(tally: Tally, quantity: str, solved: int) -> tuple[Values, Values]:
    """Return the quantiles of a quantity and their Monte-Carlo errors, shape (levels, columns)."""
    levels = np.array(LEVELS)
    reach = np.sqrt(levels * (1 - levels) / solved)
    wanted = np.concatenate((levels, np.maximum(levels - reach, 0), np.minimum(levels + reach, 1)))
    if tally.study.kept:
        quantiles = kept_quantiles(tally.kept_and_solved(quantity), wanted)
    else:
        quantiles = tally.study.histograms[quantity].quantiles(
            tally.counts[f"grille {quantity}"],
            (tally.counts[f"minimum {quantity}"], tally.counts[f"maximum {quantity}"]),
            wanted,
        )
    count = len(levels)
    return quantiles[:count], (quantiles[2 * count :] - quantiles[count : 2 * count]) / 2


def _bound_probabilities(tally: Tally, solved: int) -> dict[str, Values]:
    model = tally.study.model
    probabilities = {}
    for name in BOUNDS:
        low = np.array([origin == name for origin in model.floor_origins])
        high = np.array([origin == name for origin in model.cap_origins])
        probabilities[f"probabilite_{name}"] = (low * tally.counts["bas"] + high * tally.counts["haut"]) / solved
    return probabilities
