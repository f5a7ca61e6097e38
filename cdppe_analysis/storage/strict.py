"""What a person wrote in a file, read strictly: keys, texts, years, lists and exact numbers, each error with its place.

An unknown name is refused with the nearest known one. A number is exact: an integer, decimal text, or a fraction as
text; a binary float such as 0.285 is refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import CdppeError

_EXACT = re.compile(r"[+-]?\d+(?:\.\d+|/[1-9]\d*)?", re.ASCII)
_LONGEST = 400


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like `name`.

    Examples
    --------
    >>> nearest("planchers", ["plancher", "plafond"])
    'plancher'
    """
    return difflib.get_close_matches(name[:_LONGEST], list(known), n=1, cutoff=0.0)[0]


def hint(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that refuses a name: the nearest known, where something is known.

    Examples
    --------
    >>> hint("planchers", ["plancher", "plafond"]), hint("planchers", [])
    ("; the nearest known is 'plancher'", '')
    """
    names = list(known)
    return f"; the nearest known is {nearest(name, names)!r}" if names else ""


@dataclass(frozen=True)
class Strict:
    """The strict reader of one kind of file: what it refuses raises `error`, with the place that it is given."""

    error: type[CdppeError]

    def mapping(self, value: object, known: Sequence[str], place: str) -> Mapping[str, Any]:
        """Return a mapping whose keys are all known."""
        content = self.keyed(value, place)
        for key in content:
            if key not in known:
                raise self.error(f"unknown key {key!r}{hint(str(key), known)}", cell=place)
        return content

    def keyed(self, value: object, place: str) -> Mapping[str, Any]:
        """Return a mapping, whatever its keys."""
        if not isinstance(value, Mapping):
            raise self.error(f"expected keys and values, found {value!r}", cell=place)
        return value

    def needed(self, content: Mapping[str, Any], key: str, place: str) -> Any:
        """Return the value of a key that must be there."""
        if content.get(key) is None:
            raise self.error(f"the key {key!r} is missing", cell=place)
        return content[key]

    def text(self, value: object, place: str) -> str:
        """Return a text that says something."""
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"expected a text, found {value!r}", cell=place)
        return value

    def year(self, value: object, place: str) -> int:
        """Return a year."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(f"expected a year, found {value!r}", cell=place)
        return value

    def listed(self, value: object, place: str) -> Sequence[Any]:
        """Return a list; nothing is an empty one."""
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.error(f"expected a list, found {value!r}", cell=place)
        return value

    def exact(self, value: object, place: str) -> Fraction:
        """Return an exact number.

        Examples
        --------
        >>> from cdppe_analysis.errors import RuleError
        >>> Strict(RuleError).exact("0.285", "exemple.yml")
        Fraction(57, 200)
        """
        if isinstance(value, bool):
            raise self.error(f"{value!r} is no number", cell=place)
        if isinstance(value, int | Fraction):
            return Fraction(value)
        if isinstance(value, Decimal) and value.is_finite():
            return Fraction(value)
        if isinstance(value, float):
            raise self.error(
                f"{value!r} is a binary number and may not be exact; write it as text, {str(value)!r}", cell=place
            )
        text = value.strip().replace("_", "") if isinstance(value, str) else ""
        if len(text) <= _LONGEST and _EXACT.fullmatch(text):
            return Fraction(text)
        meant = re.sub(r"[\s€]", "", text).replace(",", ".")
        way_out = f"; write {meant!r}" if meant != text and _EXACT.fullmatch(meant) else ""
        raise self.error(f"{value!r} is no exact number{way_out}", cell=place)
