"""Uncertain inputs of a rule, and their draws for one segment.

An input acts on a criterion (its law is that of the factors by which the values are multiplied, so that it holds for
any year of the series) or on the weights (a law of vectors that sum to 1). Inputs of one group are told together by
the analysis of sensitivity; inputs are drawn independently of one another. A criterion that is deduced from published
amounts has numbers of its own too, which choose a point of what the others leave of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import laws
from cdppe_analysis.simulation.laws import Law, Values
from cdppe_analysis.simulation.streams import stream
from cdppe_analysis.storage.strict import nearest

WEIGHTS = "poids"
"""The target of an input that acts on the weights."""


@dataclass(frozen=True, eq=False)
class Input:
    """An uncertain input.

    Parameters
    ----------
    target
        The identifier of a criterion, or `poids`.
    law
        Of the factors of a criterion, one a unit of the universe; or of the weights, in the order of the criteria.
    group
        The group that it is told with.
    name
        Its name: inputs of one name share their draws in several rules. Target and law when left out.
    shared
        The name of a stream that several inputs of one group read, so that they move together; its own when left out.
    rule, reference
        Whether it acts on the rule, and on the one that gaps are counted from.
    """

    target: str
    law: Law
    group: str = ""
    name: str = ""
    shared: str = ""
    rule: bool = True
    reference: bool = True

    def __post_init__(self) -> None:
        if not self.group:
            object.__setattr__(self, "group", self.target)
        if not self.name:
            object.__setattr__(self, "name", f"{self.target}, {type(self.law).__name__}")
        if not self.shared:
            object.__setattr__(self, "shared", self.name)
        if self.target == WEIGHTS and not isinstance(self.law, laws.Dirichlet):
            raise ScenarioError("weights must sum to 1 in every draw: their law is a Dirichlet law")
        if self.target != WEIGHTS and isinstance(self.law, laws.Dirichlet):
            raise ScenarioError("a Dirichlet law is one of weights", criterion=self.target)
        lowest = laws.lower_end(self.law)
        if lowest < 0:
            raise ScenarioError(
                f"the values of a criterion are from 0 on: they cannot be multiplied by {lowest:g}",
                criterion=self.target,
            )


def check_inputs(inputs: Sequence[Input], criteres: Sequence[str]) -> None:
    """Check that each input acts on something, and that no stream is used twice.

    Raises
    ------
    ScenarioError
        When a target is no criterion of the rule, or two inputs have one name.
    """
    names = [given.name for given in inputs]
    for given in inputs:
        if given.target != WEIGHTS and given.target not in criteres:
            known = (*dict.fromkeys(criteres), WEIGHTS)
            near = nearest(given.target, known)
            raise ScenarioError(
                f"an uncertain input acts on {given.target!r}, which the rule has not; the nearest known is {near!r}"
            )
        if names.count(given.name) > 1:
            raise ScenarioError(f"two uncertain inputs have the name {given.name!r}")
        if any(other.shared == given.shared and other.group != given.group for other in inputs):
            raise ScenarioError(f"inputs of two groups share the draws of {given.shared!r}")
    if sum(isinstance(given.law, laws.Deduced) for given in inputs) > 1:
        raise ScenarioError("two criteria are deduced from one publication")
    if sum(given.target == WEIGHTS for given in inputs) > 1:
        raise ScenarioError("two uncertain inputs act on the weights")


@dataclass(frozen=True, eq=False)
class Drawn:
    """The draws of a block.

    Parameters
    ----------
    factors, reference_factors
        By criterion, of the rule and of the one that gaps are counted from, shape (draws, units).
    weights
        Of the rule, shape (draws, K).
    inputs
        What was drawn, by input.
    impossible
        The draws that leave no deduced criterion >= 0, shape (draws,).
    """

    factors: Mapping[str, Values]
    reference_factors: Mapping[str, Values]
    weights: Values | None
    inputs: Mapping[str, Values]
    impossible: npt.NDArray[np.bool_]


def drawn_blocks(
    inputs: Sequence[Input], seed: int, segment: int, units: int, blocks: Sequence[int], *, set_name: str = ""
) -> Iterator[Drawn]:
    """Draw the inputs of one segment, block after block.

    Parameters
    ----------
    inputs
        The inputs.
    seed, segment
        Of the streams.
    units
        The number of units of the universe.
    blocks
        The number of draws of each block.
    set_name
        Tells apart independent sets of draws of the same inputs.
    """
    generators = [stream(seed, f"{set_name}{given.shared}", segment) for given in inputs]
    for draws in blocks:
        values = {
            given.name: laws.draw(given.law, generator, draws, units)
            for given, generator in zip(inputs, generators, strict=True)
        }
        yield assembled(inputs, values, units)


def assembled(inputs: Sequence[Input], values: Mapping[str, Values], units: int) -> Drawn:
    """Return the factors and weights that the values of the inputs make; factors of one criterion multiply.

    Parameters
    ----------
    inputs
        The inputs.
    values
        What was drawn of each, by name.
    units
        The number of units of the universe.
    """
    both: tuple[dict[str, Values], dict[str, Values]] = ({}, {})
    weights = None
    impossible = np.zeros(len(next(iter(values.values()))), dtype=np.bool_)
    # What is deduced comes last: it depends on all that acts on the reference.
    for given in sorted(inputs, key=lambda given: isinstance(given.law, laws.Deduced)):
        value = values[given.name]
        if given.target == WEIGHTS:
            weights = value
            continue
        if isinstance(given.law, laws.Deduced):
            value = given.law.factors(both[1], value, units)
            impossible |= np.isnan(value).any(axis=1)
        for factors in [side for side, acts in zip(both, (given.rule, given.reference), strict=True) if acts]:
            known = factors.get(given.target)
            factors[given.target] = np.asarray(value) if known is None else known * value
    return Drawn(*both, weights, values, impossible)
