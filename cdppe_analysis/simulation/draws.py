"""Uncertain inputs of a rule, and their draws for one segment.

An input acts on a criterion (its law is that of the factors by which the values are multiplied, so that it holds for
any year of the series) or on the weights (a law of vectors that sum to 1). Inputs of one group are told together by
the analysis of sensitivity; inputs are drawn independently of one another. A criterion that is deduced from published
amounts has numbers of its own too, which choose a point of what the others leave of it.

Draws are cut into segments whose length depends only on the number of units. Each input has, in each segment, a
stream of its own: `SeedSequence(seed, spawn_key=(digest of the input's name, segment))`. A result is therefore the
same whatever the workers and the chunks; two scenarios that name the same input share its draws; an input that is
added disturbs none of the others; and the first thousand draws are the first thousand of any longer run.

Known drawback: NumPy promises the bits of a generator for ever, not those of a distribution, so that a record of a
run also holds NumPy's version.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import laws
from cdppe_analysis.simulation.laws import Law, Values
from cdppe_analysis.territories import france

WEIGHTS = "poids"
"""The target of an input that acts on the weights."""

_BLOCK_VALUES = 2**17
"""Values held by one array of a block: a megabyte of float64, which a processor's cache holds."""

_SEGMENT_VALUES = 2**19
_SEGMENT_FLOOR = 128


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
    rule, reference
        Whether it acts on the rule, and on the one that gaps are counted from.
    """

    target: str
    law: Law
    group: str = ""
    name: str = ""
    rule: bool = True
    reference: bool = True

    def __post_init__(self) -> None:
        if not self.group:
            object.__setattr__(self, "group", self.target)
        if not self.name:
            object.__setattr__(self, "name", f"{self.target}, {type(self.law).__name__}")
        if self.target == WEIGHTS and not isinstance(self.law, laws.Dirichlet):
            raise ScenarioError("weights must sum to 1 in every draw: their law is a Dirichlet law")
        if self.target != WEIGHTS and isinstance(self.law, laws.Dirichlet):
            raise ScenarioError("a Dirichlet law is one of weights", criterion=self.target)
        lowest = _lower_end(self.law)
        if lowest < 0:
            raise ScenarioError(
                f"the values of a criterion are from 0 on: they cannot be multiplied by {lowest:g}",
                criterion=self.target,
            )


def universe_of(codes: Iterable[str]) -> list[str]:
    """Return the units that inputs are drawn for, in order: the parts of a whole that is there move with it.

    Examples
    --------
    >>> universe_of(["2A", "2B", "20", "23"])
    ['20', '23']
    """
    units = {*codes}
    return sorted(units.difference(*(parts for _, parts in france().wholes_beside_parts(units))))


def places_of(codes: Iterable[str], universe: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the rank of each unit in the universe that inputs are drawn for, that of its whole for a part.

    Examples
    --------
    >>> places_of(["2A", "23"], ["20", "23"]).tolist()
    [0, 1]
    """
    wanted, ranks = list(codes), {code: rank for rank, code in enumerate(universe)}
    for whole, parts in france().wholes_beside_parts({*wanted, *universe}):
        ranks |= dict.fromkeys(parts, ranks[whole])
    return np.array([ranks[code] for code in wanted], dtype=np.int64)


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

    @classmethod
    def of(cls, inputs: Sequence[Input], values: Mapping[str, Values], units: int) -> Drawn:
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
                before = factors.get(given.target)
                factors[given.target] = np.asarray(value) if before is None else before * value
        return cls(*both, weights, values, impossible)


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
    generators = [_stream(seed, f"{set_name}{given.name}", segment) for given in inputs]
    for draws in blocks:
        values = {
            given.name: laws.draw(given.law, generator, draws, units)
            for given, generator in zip(inputs, generators, strict=True)
        }
        yield Drawn.of(inputs, values, units)


def check_seed(seed: object) -> int:
    """Return the seed as an integer.

    Raises
    ------
    ScenarioError
        When there is none (no seed is chosen for the user; 0 is one), or when it is not a whole number from 0 on.

    Examples
    --------
    >>> check_seed(0)
    0
    """
    if seed is None:
        raise ScenarioError("a simulation needs a seed, so that it can be run again: give a whole number (0 is one)")
    if isinstance(seed, bool):
        raise ScenarioError(f"the seed {seed!r} is not a whole number")
    try:
        whole = operator.index(seed)  # type: ignore[arg-type]
    except TypeError:
        raise ScenarioError(f"the seed {seed!r} is not a whole number") from None
    if whole < 0:
        raise ScenarioError(f"the seed {whole} is negative")
    return whole


def block_size(units: int) -> int:
    """Return the number of draws that are computed together, a power of two that depends on the units alone.

    Examples
    --------
    >>> block_size(101), block_size(35_000)
    (1024, 2)
    """
    return _power_of_two(_BLOCK_VALUES // units)


def segment_size(units: int) -> int:
    """Return the number of draws whose sums are formed together, a multiple of `block_size(units)`.

    Examples
    --------
    >>> segment_size(101), segment_size(35_000)
    (4096, 128)
    """
    return max(_SEGMENT_FLOOR, _power_of_two(_SEGMENT_VALUES // units))


def _stream(seed: int, name: str, segment: int) -> np.random.Generator:
    """Return the stream of one input in one segment.

    Parameters
    ----------
    seed
        A whole number from 0 on; see `check_seed`.
    name
        The input's name, the same in every scenario that shares it.
    segment
        The rank of the segment, from 0.

    Examples
    --------
    >>> bool(_stream(0, "igb", 3).random() == _stream(0, "igb", 3).random())
    True
    >>> bool(_stream(0, "igb", 3).random() == _stream(0, "ase", 3).random())
    False
    """
    digest = hashlib.sha256(name.encode()).digest()
    words = tuple(int.from_bytes(digest[start : start + 4], "little") for start in (0, 4, 8, 12))
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(*words, segment))))


def _power_of_two(value: int) -> int:
    return 1 << max(0, value.bit_length() - 1)


def _lower_end(law: Law) -> float:
    """Return the smallest value that a law can give, or 0 where it can only come near it.

    Examples
    --------
    >>> _lower_end(laws.Uniform(-1, 2))
    -1.0
    """
    match law:
        case laws.Uniform(low, _) | laws.Triangular(low, _, _) | laws.BetaPert(low, _, _):
            return float(np.min(low))
        case laws.Variants(series):
            return float(np.min(np.asarray(series)))
        case _:
            return 0.0
