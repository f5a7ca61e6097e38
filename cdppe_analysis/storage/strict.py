"""What a person wrote in a file, read strictly: its YAML, then keys, texts, years, lists and exact numbers.

YAML is plain lists, mappings and text. A key given twice, an anchor, a tag, a nesting deeper than any file of the
project, a number that is none, that YAML reads in another base or that has more digits than an amount can have, a
character that is not seen: each is refused with its line, before anything is built from it. Dates stay text.

An unknown name is refused with the nearest known one. A number is exact: an integer, decimal text, or a fraction as
text; a binary float such as 0.285 is refused. Each error has its place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from cdppe_analysis.errors import CdppeError, SourceError
from cdppe_analysis.storage.files import decoded, read_bytes

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Kind = TypeVar("_Kind", bound="DataclassInstance")

_EXACT = re.compile(r"[+-]?\d+(?:\.\d+|/[1-9]\d*)?", re.ASCII)
_LONGEST = 400
_MOST_BYTES = 5_000_000
_DEEPEST = 20
_TOO_DEEP = f"lists or mappings are nested more than {_DEEPEST} deep"
_MOST_DIGITS = 40
_YEARS = (1900, 2100)
_NOT_A_NUMBER = re.compile(r"[+-]?\.(inf|Inf|INF|nan|NaN|NAN)")
_OTHER_BASE = re.compile(r"[+-]?(0[0-7_]+|0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")
_NOT_SEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_NUMBER = re.compile(r"[+-]?(0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_:]*(\.[0-9_]*)?([eE][+-]?[0-9]+)?)")


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""That of libyaml, ten times faster, where PyYAML was built with it."""


class _StrictLoader(_Loader):  # type: ignore[misc]
    """The safe loader, without implicit dates, and refusing a key that is no text or that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _refused("a key is a word, not a list or a mapping", key_node)
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise _refused(f"the key {key!r} is given twice", key_node)
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_TEXT = {f"tag:yaml.org,2002:{word}" for word in ("timestamp", "merge", "value")}
"""What YAML gives a meaning of its own to (a date, `<<`, `=`), and is text here."""
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: str | Path, error: type[CdppeError] = SourceError) -> Any:
    """Return the content of a YAML file.

    Parameters
    ----------
    path
        The file, in UTF-8.
    error
        The class to raise when the file is missing or is not YAML as it is read here.
    """
    name = Path(path).name
    return _parsed(decoded(read_bytes(path, error, most=_MOST_BYTES), name, error), name, error)


def _parsed(text: str, name: str, error: type[CdppeError]) -> Any:
    try:
        _check_events(text)
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as cause:
        mark = getattr(cause, "problem_mark", None)
        place = f"{name}, line {mark.line + 1}" if mark else name
        problem = getattr(cause, "problem", None) or str(cause).splitlines()[0]
        told = problem if isinstance(cause, _Refusal) else f"not a YAML file: {problem}"
        if "nesting depth" in problem:  # libyaml has its own limit, and meets it before the first event
            told = _TOO_DEEP
        raise error(told, cell=place) from cause


class _Refusal(yaml.MarkedYAMLError):
    """What YAML allows and a file of the project has no use for."""


def _refused(problem: str, place: yaml.Node | yaml.Event) -> _Refusal:
    return _Refusal(problem=problem, problem_mark=place.start_mark)  # type: ignore[arg-type]


def _check_events(text: str) -> None:
    """Look at the file event by event, which nests nothing and expands nothing."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refused("anchors and aliases (&, *) are not read: write the value where it is used", event)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _refused(f"the tag {tag[:40]!r} is not read: write the value alone", event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise _refused(_TOO_DEEP, event)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.ScalarEvent):
            if hidden := _NOT_SEEN.search(event.value):
                raise _refused(f"a text holds a character that is not seen, {hidden[0]!a}: type it again", event)
            if not event.style:
                _check_number(event)


def _check_number(event: yaml.ScalarEvent) -> None:
    if _NOT_A_NUMBER.fullmatch(event.value):
        raise _refused(f"{event.value} is no number that can be computed with", event)
    if len(event.value) > _MOST_DIGITS and _NUMBER.fullmatch(event.value):
        raise _refused(f"a number of {len(event.value)} characters is longer than any amount", event)
    if _OTHER_BASE.fullmatch(event.value):
        raise _refused(f"YAML reads {event.value} in another base than ten: write {event.value!r}, as text", event)


def hint(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that refuses a name: the nearest known, where something is known.

    Examples
    --------
    >>> hint("planchers", ["plancher", "plafond"]), hint("planchers", [])
    ("; the nearest is 'plancher'", '')
    """
    near = difflib.get_close_matches(name[:_LONGEST], list(known), n=1, cutoff=0.0)
    return f"; the nearest is {near[0]!r}" if near else ""


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)


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
            raise self.error(f"expected keys and values, found {_shown(value)}", cell=place)
        return value

    def needed(self, content: Mapping[str, Any], key: str, place: str) -> Any:
        """Return the value of a key that must be there."""
        if content.get(key) is None:
            raise self.error(f"the key {key!r} is missing", cell=place)
        return content[key]

    def built(self, kind: type[_Kind], entry: object, place: str) -> _Kind:
        """Return an entry of a file as the class that it describes.

        Every key is one of its fields, and none that it needs lacks; a tuple holds what was built before.
        """
        content = dict(self.mapping(entry, [field.name for field in fields(kind)], place))
        for field in fields(kind):
            if field.default is MISSING:
                self.needed(content, field.name, place)
            value, where, wanted = content.get(field.name), f"{place}, {field.name}", str(field.type)
            if value is None or wanted.startswith("tuple"):
                continue
            if wanted.startswith("Mapping"):
                self.keyed(value, where)
            elif wanted.startswith("Sequence"):
                self.listed(value, where)
            elif wanted.startswith("int") and type(value) is not int:
                raise self.error(f"expected a whole number, found {value!r}", cell=where)
            elif wanted.startswith("str") and type(value) not in (int, str):
                raise self.error(f"expected a text, found {value!r}", cell=where)
            elif wanted.startswith("str"):
                content[field.name] = str(value)  # a year is typed without quotes
        return kind(**content)

    def text(self, value: object, place: str) -> str:
        """Return a text that says something."""
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"expected a text, found {_shown(value)}", cell=place)
        return value

    def year(self, value: object, place: str) -> int:
        """Return a year."""
        if isinstance(value, bool) or not isinstance(value, int) or not _YEARS[0] <= value <= _YEARS[1]:
            raise self.error(f"expected a year, found {_shown(value)}", cell=place)
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
