"""From the parts of a rule to those of another, by differences: `Rule.changed`, which a scenario file is with a header.

Paths are those of a rule file (`enveloppe`, `plancher`, `beneficiaires`, `garantie`, `arrondi.methode`), and
`criteres.<id>.<key>` for a criterion; `criteres.<id>` adds one (a mapping) or takes one away (null). An amount may be
given as a number. Weights that no longer sum to 1 are an error, unless they are to be divided by their sum. A
difference that differs in nothing is named. What is changed has the new rule as its source, status `hypothese`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import RuleError, ScenarioError, written
from cdppe_analysis.rules.parts import (
    AMOUNTS,
    GARANTIE_CHOICES,
    Criterion,
    Reference,
    read_criterion,
    read_part,
)
from cdppe_analysis.storage.strict import hint

_PARTS = {
    "millesime": (),
    "beneficiaires": (),
    "criteres": (),
    **dict.fromkeys(AMOUNTS, ("valeur",)),
    "garantie": ("minimum", "maximum", "reference", "montants", *GARANTIE_CHOICES),
    "arrondi": ("methode", "unite_eur"),
}
_CRITERION_PARTS = ("poids", "millesime", "edition")


@dataclass(frozen=True)
class Difference:
    """One path, and its value before and after: exact numbers, criteria, a garantie, codes or the name of a list."""

    chemin: str
    avant: Any
    apres: Any


def changed_fields(
    base: Mapping[str, Any], differences: Iterable[tuple[str, Any]], identifier: str, *, renormalise: bool
) -> tuple[dict[str, Any], tuple[Difference, ...], tuple[str, ...]]:
    """Apply some differences to the fields of a rule; see `Rule.changed`.

    Parameters
    ----------
    base
        The fields of the baseline rule.
    differences
        Pairs of a path and a value.
    identifier
        That of the new rule, which is also the source of what changes.
    renormalise
        Divide the weights by their sum.

    Returns
    -------
    tuple
        The fields of the new rule, what differs, and the paths of the differences that differ in nothing.
    """
    wanted = list(differences)
    paths = [path for path, _ in wanted]
    _check_overlaps(paths, identifier)
    known = known_paths(base["criteres"])
    fields, changed, unchanged = {**base, "id": identifier}, [], []
    # Whole criteria come before their parts, and a year before its edition, so that the order of the file says nothing.
    for path, value in sorted(wanted, key=lambda pair: (pair[0].count("."), pair[0].endswith(".edition"))):
        adds = path.startswith("criteres.") and path.count(".") == 1 and isinstance(value, Mapping)
        if path not in known and not adds:
            raise ScenarioError(f"unknown path {path!r}{hint(path, known)}", cell=identifier)
        before = _read(fields, path)
        try:
            _write(fields, path, value, f"{identifier}, {path}")
        except RuleError as error:
            raise ScenarioError(
                error.message, code=error.code, criterion=error.criterion, cell=f"{identifier}, {path}"
            ) from None
        after = _read(fields, path)
        if _comparable(before) == _comparable(after):
            unchanged.append(path)
        else:
            changed.append(Difference(path, _shown(before), _shown(after)))
    fields["criteres"] = _settled(fields["criteres"], renormalise, identifier)
    changed.sort(key=lambda difference: paths.index(difference.chemin))
    return fields, tuple(changed), tuple(sorted(unchanged, key=paths.index))


def known_paths(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """Return the paths that a difference may name in a rule of these criteria.

    Examples
    --------
    >>> known_paths([Criterion("igb", Fraction(1), 2019, "note", "p. 1")])[-3:]
    ('criteres.igb.poids', 'criteres.igb.millesime', 'criteres.igb.edition')
    """
    parts = {**_PARTS, **{f"criteres.{criterion.id}": _CRITERION_PARTS for criterion in criteria}}
    return tuple(path for name, own in parts.items() for path in (name, *(f"{name}.{part}" for part in own)))


def _write(fields: dict[str, Any], path: str, value: Any, place: str) -> None:
    name, *rest = path.split(".", 2)
    mark = Reference(f"scenario {fields['id']}", path, "hypothese")
    if name == "criteres" and rest:
        fields[name] = _criteria(fields[name], rest, value, mark, place)
        return
    before = fields[name]
    if name in AMOUNTS and rest and before is None:
        raise RuleError(f"the baseline has no {name}; give {name!r} whole")
    if rest and name not in AMOUNTS:
        # The other parts stay as they are: of a garantie, its amounts by their name where they have one.
        said = {} if before is None else {key: part for key, part in vars(before).items() if part is not None}
        if name == "garantie" and said:
            other = {"reference": "montants", "montants": "reference"}.get(rest[0])
            said |= {"montants": dict(before.montants)}
            said.pop(other or ("montants" if before.reference else "reference"), None)
        value = {**said, rest[0]: value}
    values, reference = read_part(name, value, fields["names"], place, mark)
    fields |= values
    if hasattr(fields["references"], name):
        fields["references"] = dataclasses.replace(fields["references"], **{name: reference})


def _criteria(
    criteria: tuple[Criterion, ...], rest: Sequence[str], value: Any, mark: Reference, place: str
) -> tuple[Criterion, ...]:
    name, *part = rest
    before = next((criterion for criterion in criteria if criterion.id == name), None)
    if not part and value is None:
        return tuple(criterion for criterion in criteria if criterion.id != name)
    if not part and not isinstance(value, Mapping):
        raise RuleError(f"expected keys and values (or null to take it away), not {value!r}")
    if part:
        if before is None:
            raise RuleError(f"the criterion {name!r} was taken away")
        # An edition is that of a year: the baseline's own does not hold for another.
        own = {"edition": None} if part[0] == "millesime" else {}
        marked = {"source": mark.source, "emplacement": mark.emplacement, "statut": mark.statut}
        value = {**vars(before), **own, part[0]: value, **marked}
    after = read_criterion({**value, "id": name}, place, mark)
    if before is None:
        return (*criteria, after)
    return tuple(after if criterion is before else criterion for criterion in criteria)


def _settled(criteria: tuple[Criterion, ...], renormalise: bool, identifier: str) -> tuple[Criterion, ...]:
    total = sum((criterion.poids for criterion in criteria), Fraction(0))
    negative = any(criterion.poids < 0 for criterion in criteria)
    if not criteria or (total == 1 and not negative):
        return criteria
    listed = ", ".join(f"{criterion.id} {written(criterion.poids)}" for criterion in criteria)
    if negative:
        raise ScenarioError(f"a weight is negative: {listed}", cell=identifier)
    if not renormalise:
        raise ScenarioError(
            f"the weights sum to {written(total)}, not to 1: {listed}; say `renormaliser: oui` to divide them by "
            "their sum",
            cell=identifier,
        )
    if total == 0:
        raise ScenarioError("all weights are 0 and cannot be divided by their sum", cell=identifier)
    return tuple(dataclasses.replace(criterion, poids=criterion.poids / total) for criterion in criteria)


def _read(fields: Mapping[str, Any], path: str) -> Any:
    name, *rest = path.split(".", 2)
    value = fields[name]
    if name == "criteres" and rest:
        value = next((criterion for criterion in value if criterion.id == rest[0]), None)
        rest = rest[1:]
    if name == "beneficiaires":
        return _Beneficiaries(tuple(sorted(value)), fields["liste"])
    return getattr(value, rest[0], None) if rest and name not in AMOUNTS else value


@dataclass(frozen=True)
class _Beneficiaries:
    codes: tuple[str, ...]
    name: str | None


def _comparable(value: Any) -> Any:
    """Return a form in which two ways to write one value are equal; where it was read is no part of it."""
    if isinstance(value, Criterion):
        return value.id, value.poids, value.millesime, value.edition, value.variantes
    if isinstance(value, _Beneficiaries):
        return value.codes
    if isinstance(value, tuple):
        return sorted((_comparable(part) for part in value), key=repr)
    return value


def _shown(value: Any) -> Any:
    return (value.name or value.codes) if isinstance(value, _Beneficiaries) else value


def _check_overlaps(paths: Sequence[str], identifier: str) -> None:
    for path in paths:
        for other in paths:
            if other.startswith(f"{path}."):
                raise ScenarioError(f"the differences {path!r} and {other!r} overlap", cell=identifier)
