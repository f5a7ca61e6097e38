"""A scenario: a header, and what differs from a baseline rule, by path.

Paths are those of a rule file (`enveloppe`, `plancher`, `beneficiaires`, `garantie`, `arrondi.methode`), and
`criteres.<id>.<key>` for a criterion; `criteres.<id>` adds one (a mapping) or takes one away (null). An amount may be
given as a number. Weights that no longer sum to 1 are an error, unless the scenario says `renormaliser: oui`, which
divides them by their sum. A difference that differs in nothing is named.

A scenario works on the mapping that a rule file holds, before the rule is built from it: nothing here reads a file.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import RuleError, ScenarioError
from cdppe_analysis.rules.parsing import exact_number, nearest
from cdppe_analysis.rules.rule import written

_HEADER = ("id", "titre", "auteur", "reference", "base", "raisonnement")
_KEYS = (*_HEADER, "renormaliser", "differences", "variantes", "hypotheses", "incertitudes", "note")
_VARIANT_KEYS = ("id", "titre", "raisonnement", "differences")
_UNCERTAINTY_KEYS = ("entree", "groupe", "loi", "parametres", "unites", "raison")
_COMPLETION_KEYS = ("critere", "par", "millesime", "edition", "dispersion", "raison")

_AMOUNTS = ("enveloppe", "plancher", "plafond")
_PARTS = {
    "enveloppe": ("valeur",),
    "plancher": ("valeur",),
    "plafond": ("valeur",),
    "garantie": ("minimum", "maximum", "reference", "montants", "sans_reference"),
    "arrondi": ("methode", "unite_eur"),
}
_CRITERION_PARTS = ("poids", "millesime", "edition")
_SIMPLE = ("millesime", "beneficiaires", "criteres")


@dataclass(frozen=True)
class Uncertainty:
    """An uncertain input: what (`entree`), its group for sensitivity, its law by name and that law's parameters."""

    entree: str
    groupe: str
    loi: str
    parametres: tuple[tuple[str, Any], ...]
    unites: tuple[str, ...] | None
    raison: str


@dataclass(frozen=True)
class Completion:
    """A declared hypothesis: where a criterion is not known, it is proportional to another series."""

    critere: str
    par: str
    millesime: int
    edition: str | None
    dispersion: str
    raison: str


@dataclass(frozen=True)
class Scenario:
    """A scenario, read strictly.

    Parameters
    ----------
    id, titre, auteur, reference, raisonnement
        What a reader is told of it; `reference` is the text or the practice that it comes from.
    base
        Identifier of the baseline rule.
    differences
        Pairs of a path and a value.
    renormaliser
        Whether weights are divided by their sum.
    hypotheses, incertitudes
        What is supposed of unknown values, and what is uncertain.
    famille
        Identifier of the file, which may hold several variants.
    """

    id: str
    titre: str
    auteur: str
    reference: str
    base: str
    raisonnement: str
    differences: tuple[tuple[str, Any], ...]
    renormaliser: bool
    hypotheses: tuple[Completion, ...]
    incertitudes: tuple[Uncertainty, ...]
    famille: str


@dataclass(frozen=True)
class Difference:
    """One path, and its value before and after."""

    chemin: str
    avant: Any
    apres: Any


@dataclass(frozen=True)
class AppliedScenario:
    """The mapping of another rule, what changed in it, and the paths of the differences that differ in nothing."""

    mapping: dict[str, Any]
    differences: tuple[Difference, ...]
    sans_effet: tuple[str, ...]


def parse_scenarios(content: Any, place: str) -> tuple[Scenario, ...]:
    """Build the scenarios of a file: one, or one a variant.

    Parameters
    ----------
    content
        What the file holds.
    place
        The file's name, for messages.

    Raises
    ------
    ScenarioError
        When a key is missing or unknown (naming the nearest), when a header is empty, when nothing differs.

    Examples
    --------
    >>> header = {"id": "s", "titre": "Sans minimum", "auteur": "A", "reference": "R", "base": "b", "raisonnement": "X"}
    >>> [scenario] = parse_scenarios({**header, "differences": {"plancher": None}}, "s.yml")
    >>> scenario.differences
    (('plancher', None),)
    """
    mapping = _mapping(content, _KEYS, place)
    header: dict[str, Any] = {key: _text(mapping, key, place) for key in _HEADER}
    common = _differences(mapping.get("differences"), place)
    shared: dict[str, Any] = {
        "renormaliser": _yes(mapping.get("renormaliser", False), f"{place}, renormaliser"),
        "hypotheses": tuple(
            _completion(entry, f"{place}, hypotheses, entry {rank}")
            for rank, entry in enumerate(_listed(mapping.get("hypotheses"), f"{place}, hypotheses"), start=1)
        ),
        "incertitudes": tuple(
            _uncertainty(entry, f"{place}, incertitudes, entry {rank}")
            for rank, entry in enumerate(_listed(mapping.get("incertitudes"), f"{place}, incertitudes"), start=1)
        ),
        "famille": header["id"],
    }
    variants = _listed(mapping.get("variantes"), f"{place}, variantes")
    if not variants:
        if not common:
            raise ScenarioError("the scenario gives no difference", cell=place)
        return (Scenario(**header, differences=tuple(common.items()), **shared),)
    found = []
    for rank, entry in enumerate(variants, start=1):
        where = f"{place}, variantes, entry {rank}"
        variant = _mapping(entry, _VARIANT_KEYS, where)
        own = {
            "id": f"{header['id']}-{_text(variant, 'id', where)}",
            "titre": _text(variant, "titre", where),
            "raisonnement": str(variant.get("raisonnement") or header["raisonnement"]),
        }
        differences = {**common, **_differences(variant.get("differences"), where)}
        if not differences:
            raise ScenarioError("the scenario gives no difference", cell=where)
        found.append(Scenario(**{**header, **own}, differences=tuple(differences.items()), **shared))
    identifiers = [scenario.id for scenario in found]
    for identifier in identifiers:
        if identifiers.count(identifier) > 1:
            raise ScenarioError(f"the variant {identifier!r} is given twice", cell=place)
    return tuple(found)


def scenario_mapping(scenario: Scenario) -> dict[str, Any]:
    """Return the content of a file that holds this scenario alone.

    Examples
    --------
    >>> header = {"id": "s", "titre": "Sans minimum", "auteur": "A", "reference": "R", "base": "b", "raisonnement": "X"}
    >>> [scenario] = parse_scenarios({**header, "differences": {"plancher": None}}, "s.yml")
    >>> parse_scenarios(scenario_mapping(scenario), "s.yml") == (scenario,)
    True
    """
    content: dict[str, Any] = {key: getattr(scenario, key) for key in _HEADER}
    content["renormaliser"] = scenario.renormaliser
    content["differences"] = dict(scenario.differences)
    content["hypotheses"] = [
        {key: getattr(entry, key) for key in _COMPLETION_KEYS if getattr(entry, key) is not None}
        for entry in scenario.hypotheses
    ]
    content["incertitudes"] = [
        {
            "entree": entry.entree,
            "groupe": entry.groupe,
            "loi": entry.loi,
            "parametres": dict(entry.parametres),
            **({} if entry.unites is None else {"unites": list(entry.unites)}),
            "raison": entry.raison,
        }
        for entry in scenario.incertitudes
    ]
    return content


def apply_scenario(base: Mapping[str, Any], scenario: Scenario) -> AppliedScenario:
    """Return the mapping of the rule that the scenario describes.

    Parameters
    ----------
    base
        The mapping of the baseline rule; it is left as it is.
    scenario
        Its `base` is not looked at.

    Raises
    ------
    ScenarioError
        When a path is unknown (naming the nearest known), when two differences overlap, when a value is of the wrong
        kind, or when the weights no longer sum to 1.

    Examples
    --------
    >>> from cdppe_analysis.rules.scenario import parse_scenarios
    >>> header = {"id": "s", "titre": "Sans minimum", "auteur": "A", "reference": "R", "base": "b", "raisonnement": "X"}
    >>> [scenario] = parse_scenarios({**header, "differences": {"plancher": None}}, "s.yml")
    >>> apply_scenario({"id": "b", "plancher": {"valeur": 10}, "criteres": []}, scenario).mapping["plancher"] is None
    True
    """
    return apply_differences(
        base,
        scenario.differences,
        identifier=scenario.id,
        titre=scenario.titre,
        renormalise=scenario.renormaliser,
    )


def apply_differences(
    base: Mapping[str, Any],
    differences: Iterable[tuple[str, Any]],
    *,
    identifier: str,
    titre: str,
    renormalise: bool = False,
) -> AppliedScenario:
    """Apply some differences to the mapping of a rule; see `apply_scenario`.

    Parameters
    ----------
    base
        The mapping of the baseline rule.
    differences
        Pairs of a path and a value.
    identifier, titre
        Those of the new rule; the identifier is also the source of what changes.
    renormalise
        Divide the weights by their sum.
    """
    wanted = list(differences)
    _check_overlaps([path for path, _ in wanted], identifier)
    mapping = copy.deepcopy(dict(base))
    _check_criteria(mapping, identifier)
    known = known_paths(mapping)
    changed, unchanged = [], []
    # Whole criteria come and go before their parts are set, so that the order of the file says nothing.
    for path, value in sorted(wanted, key=lambda pair: pair[0].count(".")):
        before = _read(mapping, path)
        _write(mapping, path, value, known, identifier)
        after = _read(mapping, path)
        if _comparable(before) == _comparable(after):
            unchanged.append(path)
        else:
            changed.append(Difference(path, _plain(before), _plain(after)))
    _settle_weights(mapping, renormalise, identifier)
    mapping["id"], mapping["titre"] = identifier, titre
    order = [path for path, _ in wanted]
    changed.sort(key=lambda difference: order.index(difference.chemin))
    return AppliedScenario(mapping, tuple(changed), tuple(sorted(unchanged, key=order.index)))


def known_paths(mapping: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths that a difference may name in the mapping of a rule.

    Examples
    --------
    >>> known_paths({"criteres": [{"id": "igb"}]})[-3:]
    ('criteres.igb.poids', 'criteres.igb.millesime', 'criteres.igb.edition')
    """
    paths = [*_SIMPLE]
    for name, parts in _PARTS.items():
        paths += [name, *(f"{name}.{part}" for part in parts)]
    for criterion in mapping.get("criteres") or ():
        path = f"criteres.{criterion['id']}"
        paths += [path, *(f"{path}.{part}" for part in _CRITERION_PARTS)]
    return tuple(paths)


def _write(mapping: dict[str, Any], path: str, value: Any, known: Sequence[str], identifier: str) -> None:
    first, *rest = path.split(".", 2)
    adds = first == "criteres" and len(rest) == 1 and isinstance(value, Mapping)
    if path not in known and not adds:
        raise ScenarioError(f"unknown path {path!r}; the nearest known is {nearest(path, known)!r}", cell=identifier)
    mark = {"source": f"scenario {identifier}", "emplacement": path, "statut": "hypothese"}
    if first in _AMOUNTS:
        if rest and mapping.get(first) is None:
            raise ScenarioError(f"the baseline has no {first}; give {first!r} whole", cell=f"{identifier}, {path}")
        amount = value.get("valeur") if isinstance(value, Mapping) else value
        if amount is None and first == "enveloppe":
            raise ScenarioError("a rule needs an envelope", cell=f"{identifier}, {path}")
        mapping[first] = (
            None
            if amount is None
            else {
                "valeur": written(_exact(amount, identifier, path)),
                "unite": "EUR",
                **mark,
            }
        )
    elif first == "criteres":
        _write_criterion(mapping, rest, value, mark, identifier)
    elif rest:
        whole = dict(mapping.get(first) or {})
        whole[rest[0]] = value
        mapping[first] = {**whole, **mark} if first == "garantie" else whole
    elif isinstance(value, Mapping) and first == "garantie":
        mapping[first] = {**mark, **value}
    else:
        mapping[first] = value


def _write_criterion(
    mapping: dict[str, Any], rest: Sequence[str], value: Any, mark: Mapping[str, str], identifier: str
) -> None:
    if not rest:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise ScenarioError("expected a list of criteria", cell=f"{identifier}, criteres")
        mapping["criteres"] = [{**mark, **dict(entry)} if isinstance(entry, Mapping) else entry for entry in value]
        _check_criteria(mapping, identifier)
        return
    name = rest[0]
    criteria = [dict(criterion) for criterion in mapping["criteres"]]
    place = next((rank for rank, criterion in enumerate(criteria) if criterion["id"] == name), None)
    if len(rest) == 2:
        if place is None:
            raise ScenarioError(f"the criterion {name!r} was taken away", cell=f"{identifier}, criteres.{name}")
        if rest[1] == "poids":
            value = written(_exact(value, identifier, f"criteres.{name}.poids"))
        criteria[place] = {**criteria[place], rest[1]: value, **mark}
        if rest[1] == "millesime":
            # An edition is that of a year: the baseline's own does not hold for another.
            criteria[place].pop("edition", None)
    elif value is None:
        criteria = [criterion for criterion in criteria if criterion["id"] != name]
    elif not isinstance(value, Mapping):
        raise ScenarioError(
            f"expected keys and values (or null to take it away), not {value!r}", cell=f"{identifier}, criteres.{name}"
        )
    else:
        entry = {**mark, **dict(value), "id": name}
        if place is None:
            criteria.append(entry)
        else:
            criteria[place] = entry
    mapping["criteres"] = criteria


def _settle_weights(mapping: dict[str, Any], renormalise: bool, identifier: str) -> None:
    weights = [
        _exact(criterion.get("poids"), identifier, f"criteres.{criterion['id']}.poids")
        for criterion in mapping.get("criteres") or ()
    ]
    if not weights:
        return
    listed = ", ".join(
        f"{criterion['id']} {written(weight)}" for criterion, weight in zip(mapping["criteres"], weights, strict=True)
    )
    if any(weight < 0 for weight in weights):
        raise ScenarioError(f"a weight is negative: {listed}", cell=identifier)
    total = sum(weights, Fraction(0))
    if total == 1:
        return
    if not renormalise:
        raise ScenarioError(
            f"the weights sum to {written(total)}, not to 1: {listed}; say `renormaliser: oui` to divide them by "
            "their sum",
            cell=identifier,
        )
    if total == 0:
        raise ScenarioError("all weights are 0 and cannot be divided by their sum", cell=identifier)
    mapping["criteres"] = [
        {**criterion, "poids": written(weight / total)}
        for criterion, weight in zip(mapping["criteres"], weights, strict=True)
    ]


def _read(mapping: Mapping[str, Any], path: str) -> Any:
    first, *rest = path.split(".", 2)
    if first == "criteres" and rest:
        for criterion in mapping.get("criteres") or ():
            if criterion["id"] == rest[0]:
                return criterion if len(rest) == 1 else criterion.get(rest[1])
        return None
    found = mapping.get(first)
    for key in rest:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _comparable(value: Any) -> Any:
    """Return a form in which two ways to write one value are equal; where it was read is no part of it."""
    if isinstance(value, Mapping):
        return {
            key: _comparable(part)
            for key, part in value.items()
            if part is not None and key not in ("source", "emplacement", "statut", "note", "unite", "libelle")
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [_comparable(part) for part in value]
        return sorted(parts, key=repr)
    try:
        return exact_number(value, "")
    except RuleError:
        return value


def _plain(value: Any) -> Any:
    """Return the value as a person would write it."""
    if isinstance(value, Mapping) and "valeur" in value:
        return value["valeur"]
    return value


def _exact(value: Any, identifier: str, path: str) -> Fraction:
    if value is None:
        raise ScenarioError("a number is missing", cell=f"{identifier}, {path}")
    try:
        return exact_number(value, path)
    except RuleError as error:
        raise ScenarioError(error.message, cell=f"{identifier}, {path}") from None


def _check_overlaps(paths: Sequence[str], identifier: str) -> None:
    for path in paths:
        for other in paths:
            if other.startswith(f"{path}."):
                raise ScenarioError(f"the differences {path!r} and {other!r} overlap", cell=identifier)


def _check_criteria(mapping: Mapping[str, Any], identifier: str) -> None:
    for rank, criterion in enumerate(mapping.get("criteres") or (), start=1):
        if not isinstance(criterion, Mapping) or not isinstance(criterion.get("id"), str):
            raise ScenarioError("a criterion has no 'id'", cell=f"{identifier}, criteres, entry {rank}")


def _mapping(value: Any, known: Sequence[str], place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ScenarioError(f"expected keys and values, found {value!r}", cell=place)
    for key in value:
        if key not in known:
            raise ScenarioError(f"unknown key {key!r}; the nearest known is {nearest(str(key), known)!r}", cell=place)
    return value


def _listed(value: Any, place: str) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ScenarioError(f"expected a list, found {value!r}", cell=place)
    return value


def _text(mapping: Mapping[str, Any], key: str, place: str) -> str:
    value = mapping.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ScenarioError(f"the key {key!r} is missing or is no text", cell=place)
    return value.strip()


def _yes(value: Any, place: str) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("oui", "non"):
        return bool(value == "oui")
    raise ScenarioError(f"expected 'oui' or 'non', found {value!r}", cell=place)


def _differences(value: Any, place: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ScenarioError(f"expected paths and values, found {value!r}", cell=f"{place}, differences")
    for path in value:
        if not isinstance(path, str) or not path.strip():
            raise ScenarioError(f"{path!r} is no path", cell=f"{place}, differences")
    return dict(value)


def _completion(entry: Any, place: str) -> Completion:
    mapping = _mapping(entry, _COMPLETION_KEYS, place)
    millesime = mapping.get("millesime")
    if isinstance(millesime, bool) or not isinstance(millesime, int):
        raise ScenarioError(f"expected a year, found {millesime!r}", cell=f"{place}.millesime")
    return Completion(
        critere=_text(mapping, "critere", place),
        par=_text(mapping, "par", place),
        millesime=millesime,
        edition=mapping.get("edition"),
        dispersion=str(mapping.get("dispersion", "observee")),
        raison=_text(mapping, "raison", place),
    )


def _uncertainty(entry: Any, place: str) -> Uncertainty:
    mapping = _mapping(entry, _UNCERTAINTY_KEYS, place)
    parameters = mapping.get("parametres") or {}
    if not isinstance(parameters, Mapping):
        raise ScenarioError(f"expected keys and values, found {parameters!r}", cell=f"{place}.parametres")
    units = mapping.get("unites")
    if units is not None:
        units = tuple(str(code) for code in _listed(units, f"{place}.unites"))
    target = _text(mapping, "entree", place)
    return Uncertainty(
        entree=target,
        groupe=str(mapping.get("groupe") or target),
        loi=_text(mapping, "loi", place),
        parametres=tuple(parameters.items()),
        unites=units,
        raison=_text(mapping, "raison", place),
    )
