"""Streams of random numbers that depend on nothing but the seed, the input and the position of the draw.

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

import numpy as np

from cdppe_analysis.errors import ScenarioError

_BLOCK_VALUES = 2**17
"""Values held by one array of a block: a megabyte of float64, which a processor's cache holds."""

_SEGMENT_VALUES = 2**19
_SEGMENT_FLOOR = 128


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


def stream(seed: int, name: str, segment: int) -> np.random.Generator:
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
    >>> bool(stream(0, "igb", 3).random() == stream(0, "igb", 3).random())
    True
    >>> bool(stream(0, "igb", 3).random() == stream(0, "ase", 3).random())
    False
    """
    digest = hashlib.sha256(name.encode()).digest()
    words = tuple(int.from_bytes(digest[start : start + 4], "little") for start in (0, 4, 8, 12))
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(*words, segment))))


def _power_of_two(value: int) -> int:
    return 1 << max(0, value.bit_length() - 1)
