"""A scenario: a header, and what differs from a baseline rule, by path (see `changes`), with what it supposes.

What a file holds is read strictly; nothing here reads a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules.changes import Difference, changed_fields
from cdppe_analysis.rules.rule import Rule
from cdppe_analysis.storage.strict import Strict

_READ = Strict(ScenarioError)
_LONGEST = 80
_ID = re.compile(rf"(?!\.)[^/\\\x00-\x1f\x7f]{{1,{_LONGEST}}}")
_HEADER = ("id", "titre", "auteur", "reference", "base", "raisonnement")
_KEYS = (*_HEADER, "renormaliser", "differences", "variantes", "hypotheses", "incertitudes", "note")
_VARIANT_KEYS = ("id", "titre", "raisonnement", "differences")
_UNCERTAINTY_KEYS = ("entree", "groupe", "loi", "parametres", "unites", "sur", "raison")
_BOTH = "les_deux"
SIDES = (_BOTH, "scenario", "base")
"""What an uncertainty may bear on: the other rule and its baseline, or one of them."""

_COMPLETION_KEYS = ("critere", "par", "millesime", "edition", "dispersion", "raison")


@dataclass(frozen=True)
class Uncertainty:
    """An uncertain input: what (`entree`), its group for sensitivity, its law by name and that law's parameters.

    `sur` is `scenario` where it bears on the other rule alone, `base` where on its baseline alone (an error of
    measurement of the year that each uses).
    """

    entree: str
    groupe: str
    loi: str
    parametres: tuple[tuple[str, Any], ...]
    unites: tuple[str, ...] | None
    raison: str
    sur: str = _BOTH


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

    @property
    def file_stem(self) -> str:
        """The identifier, as the name of a file on any system."""
        return re.sub(r'[<>:"|?*]', "-", self.id)


@dataclass(frozen=True)
class AppliedScenario:
    """Another rule, what changed in it, and the paths of the differences that differ in nothing."""

    rule: Rule
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
    mapping = _READ.mapping(content, _KEYS, place)
    header: dict[str, Any] = {key: _text(mapping, key, place) for key in _HEADER}
    common = _differences(mapping, place)
    shared: dict[str, Any] = {
        "renormaliser": _yes(mapping.get("renormaliser", False), f"{place}, renormaliser"),
        "hypotheses": tuple(_completion(*entry) for entry in _entries(mapping, "hypotheses", place)),
        "incertitudes": tuple(_uncertainty(*entry) for entry in _entries(mapping, "incertitudes", place)),
        "famille": header["id"],
    }
    scenarios: dict[str, Scenario] = {}
    for entry, where in _entries(mapping, "variantes", place) or [(None, place)]:
        own, differences = header, common
        if entry is not None:
            variant = _READ.mapping(entry, _VARIANT_KEYS, where)
            own = {
                **header,
                "id": f"{header['id']}-{_text(variant, 'id', where)}",
                "titre": _text(variant, "titre", where),
                "raisonnement": str(variant.get("raisonnement") or header["raisonnement"]),
            }
            differences = {**common, **_differences(variant, where)}
        if not differences:
            raise ScenarioError("the scenario gives no difference", cell=where)
        _check_id(own["id"], place)
        if own["id"] in scenarios:
            raise ScenarioError(f"the variant {own['id']!r} is given twice", cell=place)
        scenarios[own["id"]] = Scenario(**own, differences=tuple(differences.items()), **shared)
    return tuple(scenarios.values())


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
            **({} if entry.sur == _BOTH else {"sur": entry.sur}),
            "raison": entry.raison,
        }
        for entry in scenario.incertitudes
    ]
    return content


def apply_scenario(base: Rule, scenario: Scenario) -> AppliedScenario:
    """Return the rule that the scenario describes, and what it changes; its `base` is not looked at.

    Raises
    ------
    ScenarioError, RuleError
        As `Rule.changed`.
    """
    fields, differences, unchanged = changed_fields(
        vars(base), scenario.differences, scenario.id, renormalise=scenario.renormaliser
    )
    return AppliedScenario(Rule(**{**fields, "titre": scenario.titre}), differences, unchanged)


def _check_id(identifier: str, place: str) -> None:
    """Check that an identifier can name a file on any system."""
    if not _ID.fullmatch(identifier):
        shown = identifier if len(identifier) <= 40 else f"{identifier[:40]}…"
        raise ScenarioError(
            f"the id {shown!r} names files: write it without '/' nor '\\', in at most {_LONGEST} characters", cell=place
        )


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


def _entries(mapping: Mapping[str, Any], key: str, place: str) -> list[tuple[Any, str]]:
    """Return the entries of a list, each with its place."""
    listed = _READ.listed(mapping.get(key), f"{place}, {key}")
    return [(entry, f"{place}, {key}, entry {rank}") for rank, entry in enumerate(listed, start=1)]


def _differences(mapping: Mapping[str, Any], place: str) -> dict[str, Any]:
    differences = mapping.get("differences") or {}
    if not isinstance(differences, Mapping):
        raise ScenarioError(f"expected paths and values, found {differences!r}", cell=f"{place}, differences")
    for path in differences:
        if not isinstance(path, str) or not path.strip():
            raise ScenarioError(f"{path!r} is no path", cell=f"{place}, differences")
    return dict(differences)


def _completion(entry: Any, place: str) -> Completion:
    mapping = _READ.mapping(entry, _COMPLETION_KEYS, place)
    return Completion(
        critere=_text(mapping, "critere", place),
        par=_text(mapping, "par", place),
        millesime=_READ.year(mapping.get("millesime"), f"{place}.millesime"),
        edition=mapping.get("edition"),
        dispersion=str(mapping.get("dispersion", "observee")),
        raison=_text(mapping, "raison", place),
    )


def _uncertainty(entry: Any, place: str) -> Uncertainty:
    mapping = _READ.mapping(entry, _UNCERTAINTY_KEYS, place)
    parameters = _READ.keyed(mapping.get("parametres") or {}, f"{place}.parametres")
    units = mapping.get("unites")
    on = mapping.get("sur", _BOTH)
    if on not in SIDES:
        raise ScenarioError(f"expected one of {', '.join(SIDES)}, found {on!r}", cell=f"{place}.sur")
    target = _text(mapping, "entree", place)
    return Uncertainty(
        entree=target,
        groupe=str(mapping.get("groupe") or target),
        loi=_text(mapping, "loi", place),
        parametres=tuple(parameters.items()),
        unites=None if units is None else tuple(str(code) for code in _READ.listed(units, f"{place}.unites")),
        raison=_text(mapping, "raison", place),
        sur=on,
    )
