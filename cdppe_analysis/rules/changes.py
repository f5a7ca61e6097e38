"""From a rule to another, by differences: `Rule.changed`, which a scenario file is with a header.

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
from cdppe_analysis.rules.parsing import (
    amounts_of,
    beneficiaries_of,
    criterion_of,
    garantie_choice,
    garantie_of,
    named_amounts,
    rounding_of,
)
from cdppe_analysis.rules.rule import GARANTIE_CHOICES, Criterion, Garantie, Reference, Rule
from cdppe_analysis.storage.strict import Strict, hint

_READ = Strict(ScenarioError)
_AMOUNTS = ("enveloppe", "plancher", "plafond")
_PARTS = {
    **dict.fromkeys(_AMOUNTS, ("valeur",)),
    "garantie": ("minimum", "maximum", "reference", "montants", *GARANTIE_CHOICES),
    "arrondi": ("methode", "unite_eur"),
}
_CRITERION_PARTS = ("poids", "millesime", "edition")
_SIMPLE = ("millesime", "beneficiaires", "criteres")


@dataclass(frozen=True)
class Difference:
    """One path, and its value before and after: exact numbers, criteria, a garantie, codes or the name of a list."""

    chemin: str
    avant: Any
    apres: Any


@dataclass(frozen=True)
class AppliedScenario:
    """Another rule, what changed in it, and the paths of the differences that differ in nothing."""

    rule: Rule
    differences: tuple[Difference, ...]
    sans_effet: tuple[str, ...]


def apply_differences(
    base: Rule,
    differences: Iterable[tuple[str, Any]],
    *,
    identifier: str,
    titre: str,
    renormalise: bool = False,
) -> AppliedScenario:
    """Apply some differences to a rule; see `Rule.changed`.

    Parameters
    ----------
    base
        The baseline rule.
    differences
        Pairs of a path and a value.
    identifier, titre
        Those of the new rule; the identifier is also the source of what changes.
    renormalise
        Divide the weights by their sum.
    """
    wanted = list(differences)
    paths = [path for path, _ in wanted]
    _check_overlaps(paths, identifier)
    known = known_paths(base)
    fields: dict[str, Any] = {item.name: getattr(base, item.name) for item in dataclasses.fields(Rule)}
    changed, unchanged = [], []
    # Whole criteria come before their parts, and a year before its edition, so that the order of the file says nothing.
    for path, value in sorted(wanted, key=lambda pair: (pair[0].count("."), pair[0].endswith(".edition"))):
        before = _read(fields, path)
        _check_known(path, value, known, identifier)
        try:
            _write(fields, path, value, identifier)
        except RuleError as error:
            raise ScenarioError(
                error.message, code=error.code, criterion=error.criterion, cell=f"{identifier}, {path}"
            ) from None
        after = _read(fields, path)
        if _comparable(before) == _comparable(after):
            unchanged.append(path)
        else:
            changed.append(Difference(path, _told(before), _told(after)))
    fields["criteres"] = _settled(fields["criteres"], renormalise, identifier)
    fields.update(id=identifier, titre=titre)
    changed.sort(key=lambda difference: paths.index(difference.chemin))
    return AppliedScenario(Rule(**fields), tuple(changed), tuple(sorted(unchanged, key=paths.index)))


def known_paths(rule: Rule) -> tuple[str, ...]:
    """Return the paths that a difference may name in a rule.

    Examples
    --------
    >>> criterion = Criterion("igb", Fraction(1), 2019, "note", "p. 1")
    >>> known_paths(Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,)))[-3:]
    ('criteres.igb.poids', 'criteres.igb.millesime', 'criteres.igb.edition')
    """
    paths = [*_SIMPLE]
    for name, parts in _PARTS.items():
        paths += [name, *(f"{name}.{part}" for part in parts)]
    for criterion in rule.criteres:
        path = f"criteres.{criterion.id}"
        paths += [path, *(f"{path}.{part}" for part in _CRITERION_PARTS)]
    return tuple(paths)


def _check_known(path: str, value: Any, known: Sequence[str], identifier: str) -> None:
    adds = path.startswith("criteres.") and path.count(".") == 1 and isinstance(value, Mapping)
    if path not in known and not adds:
        raise ScenarioError(f"unknown path {path!r}{hint(path, known)}", cell=identifier)


def _write(fields: dict[str, Any], path: str, value: Any, identifier: str) -> None:
    first, *rest = path.split(".", 2)
    place, mark = f"{identifier}, {path}", Reference(f"scenario {identifier}", path, "hypothese")
    if first in _AMOUNTS:
        fields[first] = _amount(fields, first, bool(rest), value, place)
        _refer(fields, first, None if fields[first] is None else mark)
    elif first == "criteres":
        fields["criteres"] = _criteria(fields["criteres"], rest, value, mark, place)
    elif first == "beneficiaires":
        codes, fields["liste"], reference = beneficiaries_of(value, fields["names"], place)
        fields["beneficiaires"] = tuple(sorted(codes))
        _refer(fields, first, reference)
    elif first == "garantie":
        fields["garantie"], reference = _garantie(fields, rest, value, mark, place)
        _refer(fields, first, reference)
    elif first == "arrondi":
        before = {"methode": fields["arrondi"].methode, "unite_eur": fields["arrondi"].unite_eur}
        fields["arrondi"] = rounding_of({**before, rest[0]: value} if rest else value, place)
    else:
        fields[first] = _READ.year(value, place)


def _refer(fields: dict[str, Any], name: str, reference: Reference | None) -> None:
    fields["references"] = dataclasses.replace(fields["references"], **{name: reference})


def _amount(fields: Mapping[str, Any], name: str, is_part: bool, value: Any, place: str) -> Fraction | None:
    if is_part and fields[name] is None:
        raise ScenarioError(f"the baseline has no {name}; give {name!r} whole", cell=place)
    amount = value.get("valeur") if isinstance(value, Mapping) else value
    if amount is None and name == "enveloppe":
        raise ScenarioError("a rule needs an envelope", cell=place)
    return None if amount is None else _READ.exact(amount, place)


def _garantie(
    fields: Mapping[str, Any], rest: Sequence[str], value: Any, mark: Reference, place: str
) -> tuple[Garantie | None, Reference | None]:
    names, before = fields["names"], fields["garantie"]
    if not rest or before is None:
        content = {rest[0]: value} if rest else value
        marked = {"source": mark.source, "emplacement": mark.emplacement, "statut": mark.statut}
        return garantie_of({**marked, **content} if isinstance(content, Mapping) else content, names, place)
    part: dict[str, Any]
    if rest[0] == "reference":
        part = {"reference": value, "montants": amounts_of(named_amounts(value, names, place), names, place)}
    elif rest[0] == "montants":
        part = {"reference": None, "montants": amounts_of(value, names, place)}
    elif rest[0] in GARANTIE_CHOICES:
        part = {rest[0]: garantie_choice(value, rest[0], place)}
    else:
        part = {rest[0]: None if value is None else _READ.exact(value, place)}
    return dataclasses.replace(before, **part), mark


def _criteria(
    criteria: tuple[Criterion, ...], rest: Sequence[str], value: Any, mark: Reference, place: str
) -> tuple[Criterion, ...]:
    marked = {"source": mark.source, "emplacement": mark.emplacement, "statut": mark.statut}
    if not rest:
        return tuple(
            criterion_of({**marked, **entry} if isinstance(entry, Mapping) else entry, f"{place}, entry {rank}")
            for rank, entry in enumerate(_READ.listed(value, place), start=1)
        )
    name = rest[0]
    if len(rest) == 2:
        if all(criterion.id != name for criterion in criteria):
            raise ScenarioError(f"the criterion {name!r} was taken away", cell=place)
        return tuple(_with_part(one, rest[1], value, marked, place) if one.id == name else one for one in criteria)
    if value is None:
        return tuple(criterion for criterion in criteria if criterion.id != name)
    if not isinstance(value, Mapping):
        raise ScenarioError(f"expected keys and values (or null to take it away), not {value!r}", cell=place)
    entry = criterion_of({**marked, **value, "id": name}, place)
    if all(criterion.id != name for criterion in criteria):
        return (*criteria, entry)
    return tuple(entry if criterion.id == name else criterion for criterion in criteria)


def _with_part(criterion: Criterion, key: str, value: Any, marked: Mapping[str, str], place: str) -> Criterion:
    part: dict[str, Any]
    if key == "poids":
        if value is None:
            raise ScenarioError("a number is missing", cell=place)
        part = {"poids": _READ.exact(value, place)}
    elif key == "millesime":
        # An edition is that of a year: the baseline's own does not hold for another.
        part = {"millesime": _READ.year(value, place), "edition": None}
    else:
        part = {"edition": None if value is None else _READ.text(value, place)}
    return dataclasses.replace(criterion, **{**part, **marked})


def _settled(criteria: tuple[Criterion, ...], renormalise: bool, identifier: str) -> tuple[Criterion, ...]:
    if not criteria:
        return criteria
    listed = ", ".join(f"{criterion.id} {written(criterion.poids)}" for criterion in criteria)
    if any(criterion.poids < 0 for criterion in criteria):
        raise ScenarioError(f"a weight is negative: {listed}", cell=identifier)
    total = sum((criterion.poids for criterion in criteria), Fraction(0))
    if total == 1:
        return criteria
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
    first, *rest = path.split(".", 2)
    if first == "criteres":
        if not rest:
            return fields["criteres"]
        found = next((criterion for criterion in fields["criteres"] if criterion.id == rest[0]), None)
        return found if len(rest) == 1 or found is None else getattr(found, rest[1], None)
    if first == "beneficiaires":
        return _Beneficiaries(fields["beneficiaires"], fields["liste"])
    whole = fields.get(first)
    if not rest or first in _AMOUNTS:
        return whole
    return getattr(whole, rest[0], None)


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


def _told(value: Any) -> Any:
    return (value.name or value.codes) if isinstance(value, _Beneficiaries) else value


def _check_overlaps(paths: Sequence[str], identifier: str) -> None:
    for path in paths:
        for other in paths:
            if other.startswith(f"{path}."):
                raise ScenarioError(f"the differences {path!r} and {other!r} overlap", cell=identifier)
