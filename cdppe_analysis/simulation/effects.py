"""How much of the variance of a result each group of uncertain inputs explains: its Shapley effect.

With c(S) = E[Var(Y | all inputs but those of S)], the effect of a group is its Shapley value for c over Var(Y) (Owen,
2014; Song, Nelson and Staum, 2016): effects are from 0 to 1, sum to 1, and stay meaningful where the inputs of one
group depend on one another (weights on their simplex). Groups are independent of one another.

Two independent samples A and B are mixed in all 2^G ways; two mixes that differ by the groups of S alone give c(S) =
E[(Y - Y')²] / 2 (Jansen, 1999), averaged over all such pairs. A group that changes nothing has an effect of exactly
0. Sobol's first-order and total indices come from the same sums. Errors: jackknife over batches.

Known drawback: 2^G evaluations a draw, so that there are at most `LARGEST` groups.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.errors import InfeasibleError, ScenarioError
from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.draws import Drawn, Input, check_seed, drawn_blocks
from cdppe_analysis.simulation.laws import Values
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.simulation.scheduling import run_chunks
from cdppe_analysis.simulation.study import Study

LARGEST = 8
"""The largest number of groups: 256 evaluations a draw."""

MONEY = "argent_deplace"


@dataclass(frozen=True, eq=False)
class Effects:
    """Indices of each group (rows) for each result (columns), with their sampling errors.

    A result that does not vary has missing indices.
    """

    groups: tuple[str, ...]
    shapley: Values
    shapley_error: Values
    first_order: Values
    first_order_error: Values
    total: Values
    total_error: Values
    variance: Values


def shapley_effects(
    evaluate: Callable[[Mapping[str, Any]], Values],
    samples: Callable[[str, int], Mapping[str, Any]],
    groups: Sequence[str],
    batches: int,
) -> Effects:
    """Return the Shapley effects and Sobol indices of independent groups of inputs.

    Parameters
    ----------
    evaluate
        From the inputs by group to results, shape (draws, results).
    samples
        From the name of a sample (`a` or `b`) and the rank of a batch to inputs by group; samples of other names and
        batches are independent.
    groups
        At most `LARGEST`.
    batches
        At least 2.

    Raises
    ------
    ScenarioError
        When there are too many groups, none, or fewer than two batches.

    Examples
    --------
    >>> def samples(name, batch):
    ...     generator = np.random.default_rng([ord(name), batch])
    ...     return {"x": generator.standard_normal(500), "y": generator.standard_normal(500)}
    >>> found = shapley_effects(lambda given: (given["x"] + 0 * given["y"])[:, None], samples, ["x", "y"], 2)
    >>> found.shapley[:, 0].tolist()
    [1.0, 0.0]
    """
    _check_groups(groups, batches)
    sums = np.stack(
        [_mixed_costs(evaluate, samples("a", batch), samples("b", batch), groups) for batch in range(batches)]
    )
    return _effects(tuple(groups), sums)


def sensitivity(
    model: Model,
    inputs: Sequence[Input],
    *,
    draws: int,
    seed: int | None,
    reference: Model | Mapping[str, float] | None = None,
    batches: int = 20,
) -> pd.DataFrame:
    """Return what each group of inputs explains of each amount, and of the money that changes hands.

    Parameters
    ----------
    model, inputs
        As for `montecarlo.simulate`; inputs that act on one criterion are of one group or independent.
    draws
        Draws of each of the two samples, cut into `batches`; each is computed 2^groups times.
    seed
        Required.
    reference
        As for `montecarlo.simulate`.

    Returns
    -------
    pandas.DataFrame
        resultat (a code, or `argent_deplace`), groupe, effet_shapley, erreur_shapley, premier_ordre,
        erreur_premier_ordre, total, erreur_total, ecart_type (euros), a row a result and group. An amount that does
        not vary has missing indices.

    Raises
    ------
    ScenarioError
        When an input or the number of groups, draws or batches is impossible.
    InfeasibleError
        When a draw has no solution, since a variance cannot be told without it.
    """
    groups = sorted({given.group for given in inputs})
    _check_groups(groups, batches)
    if draws < 2 * batches:
        raise ScenarioError(f"{draws} draws are too few for {batches} batches")
    study = Study.of(model, inputs, draws=draws // batches, seed=check_seed(seed), reference=reference)
    shared = (study, tuple(groups))
    sums: list[Values] = [np.empty(0)] * batches

    def done(rank: int, result: Values) -> None:
        sums[rank] = result

    run_chunks(_batch, shared, [(batch,) for batch in range(batches)], done)
    effects = _effects(tuple(groups), np.stack(sums))
    results = [*model.codes, MONEY]
    rows = list(itertools.product(range(len(results)), range(len(groups))))
    pairs: Mapping[str, Values] = {
        "effet_shapley": effects.shapley,
        "erreur_shapley": effects.shapley_error,
        "premier_ordre": effects.first_order,
        "erreur_premier_ordre": effects.first_order_error,
        "total": effects.total,
        "erreur_total": effects.total_error,
    }
    return pd.DataFrame(
        {
            "resultat": pd.array([results[result] for result, _ in rows], dtype="str"),
            "groupe": pd.array([groups[group] for _, group in rows], dtype="str"),
            **{name: [float(values[group, result]) for result, group in rows] for name, values in pairs.items()},
            "ecart_type": [float(np.sqrt(effects.variance[result])) for result, _ in rows],
        }
    )


def _batch(shared: tuple[Study, tuple[str, ...]], batch: int) -> Values:
    study, groups = shared
    both: list[dict[str, dict[str, Values]]] = []
    for name in ("a", "b"):
        [drawn] = drawn_blocks(
            study.inputs, study.seed, batch, study.universe, [study.draws], set_name=f"sensibilite {name}, "
        )
        both.append(
            {
                group: {given.name: drawn.inputs[given.name] for given in study.inputs if given.group == group}
                for group in groups
            }
        )

    def evaluate(given: Mapping[str, Mapping[str, Values]]) -> Values:
        values = {name: value for part in given.values() for name, value in part.items()}
        exact, _, moved = study.exact_and_gaps(Drawn.of(study.inputs, values, study.universe))
        if np.isnan(moved).any():
            raise InfeasibleError("a draw has no solution, so that no variance can be told")
        return np.concatenate((exact, moved[:, None]), axis=1)

    return _mixed_costs(evaluate, both[0], both[1], groups)


def _check_groups(groups: Sequence[str], batches: int) -> None:
    if not groups:
        raise ScenarioError("there is no group of uncertain inputs")
    if len(groups) > LARGEST:
        raise ScenarioError(f"{len(groups)} groups of inputs are too many: at most {LARGEST}")
    if batches < 2:
        raise ScenarioError("a sampling error needs at least two batches")


def _mixed_costs(
    evaluate: Callable[[Mapping[str, Any]], Values],
    first: Mapping[str, Any],
    second: Mapping[str, Any],
    groups: Sequence[str],
) -> Values:
    """Return c(S) for every set S of groups (a bit a group), shape (2^G, results)."""
    count = len(groups)
    mixes = [
        evaluate({group: (second if mask >> bit & 1 else first)[group] for bit, group in enumerate(groups)})
        for mask in range(2**count)
    ]
    costs = np.zeros((2**count, mixes[0].shape[1]))
    for flipped in range(1, 2**count):
        # Each pair is met once: the mix whose lowest flipped group comes from the first sample.
        lowest = flipped & -flipped
        pairs = [(mask, mask ^ flipped) for mask in range(2**count) if not mask & lowest]
        costs[flipped] = sum(np.square(mixes[one] - mixes[other]).mean(axis=0) for one, other in pairs) / (
            2 * len(pairs)
        )
    return costs


def _effects(groups: tuple[str, ...], costs: Values) -> Effects:
    """Return the indices from the costs of each batch, shape (batches, 2^G, results), with jackknife errors."""
    whole = _indices(costs.mean(axis=0), len(groups))
    batches = len(costs)
    others = (costs.sum(axis=0) - costs) / (batches - 1)
    left_out = np.stack([_indices(other, len(groups)) for other in others])
    error = np.sqrt((batches - 1) / batches * np.square(left_out - left_out.mean(axis=0)).sum(axis=0))
    return Effects(
        groups, whole[0], error[0], whole[1], error[1], whole[2], error[2], np.asarray(costs.mean(axis=0)[-1])
    )


def _indices(costs: Values, count: int) -> npt.NDArray[np.float64]:
    """Return Shapley effects, first-order and total indices, shape (3, groups, results)."""
    everything = 2**count - 1
    variance = costs[everything]
    shapley = measures.shapley_values(costs)
    first = np.stack([variance - costs[everything ^ 1 << group] for group in range(count)])
    total = np.stack([costs[1 << group] for group in range(count)])
    return np.stack([measures.share(index, variance) for index in (shapley, first, total)])
