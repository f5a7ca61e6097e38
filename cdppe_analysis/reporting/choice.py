"""A choice of the simulator's reader: what may be moved in an official rule, saved as a scenario and read as one.

A choice starts from an official rule and holds weights, envelope, plancher, plafond, garantie and beneficiaries; what
else a loaded scenario changes is carried along and shown. A file is read as data, strictly: no code is ever run from
it, an alias is refused (a small file could stand for a huge one), and so is a file too large for a scenario.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import yaml

from cdppe_analysis.allocation import Rule, parse_rule, rule_mapping
from cdppe_analysis.allocation.rule import written
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation.scenario import apply_differences, parse_scenarios

LARGEST_FILE = 64 * 1024
"""Bytes of the largest scenario file that is read."""

NO_LIMIT = Fraction(10)
"""What stands for no upper bound in a garantie that has none: ten times the official amount."""

_THOUSAND = 1000
_CONTROLS = ("enveloppe", "plancher", "plafond", "beneficiaires")


@dataclass(frozen=True)
class Choice:
    """What the reader chose.

    Parameters
    ----------
    regle
        Identifier of the official rule that it starts from.
    poids
        Weight of each criterion, exact; they sum to 1.
    enveloppe, plancher, plafond
        In euros.
    garantie
        Least and greatest part of the official amount; `None` for no garantie.
    beneficiaires
        Name of a list, or the codes.
    autres
        Other differences, by path, that a loaded scenario brought and that no control shows.
    titre
        The title of the loaded scenario.
    """

    regle: str
    poids: tuple[tuple[str, Fraction], ...]
    enveloppe: Fraction
    plancher: Fraction | None
    plafond: Fraction | None
    garantie: tuple[Fraction, Fraction] | None
    beneficiaires: str | tuple[str, ...]
    autres: tuple[tuple[str, Any], ...] = ()
    titre: str = ""


@dataclass(frozen=True)
class Base:
    """What choices start from: the official rules, the named lists, the official amounts of each rule by code."""

    rules: Mapping[str, Rule]
    lists: Mapping[str, Sequence[str]]
    amounts: Mapping[str, Mapping[str, Fraction]]


def with_weight(choice: Choice, criterion: str, share: Fraction) -> Choice:
    """Give a criterion a weight; the others keep their proportions, and all sum to 1 in thousandths.

    Parameters
    ----------
    choice
        The choice before.
    criterion
        The criterion that is moved.
    share
        Its new weight, from 0 to 1.

    Examples
    --------
    >>> half = Fraction(1, 2)
    >>> before = Choice("r", (("a", half), ("b", half / 2), ("c", half / 2)), Fraction(1), None, None, None, "l")
    >>> [str(weight) for _, weight in with_weight(before, "a", Fraction(2, 5)).poids]
    ['2/5', '3/10', '3/10']
    """
    others = [(name, weight) for name, weight in choice.poids if name != criterion]
    moved = min(_THOUSAND, max(0, round(share * _THOUSAND))) if others else _THOUSAND
    left = _THOUSAND - moved
    total = sum((weight for _, weight in others), Fraction(0))
    exact = [left * (weight / total if total else Fraction(1, len(others))) for _, weight in others]
    whole = [int(part) for part in exact]
    order = sorted(range(len(others)), key=lambda rank: (whole[rank] - exact[rank], rank))
    for rank in order[: left - sum(whole)]:
        whole[rank] += 1
    thousandths = {name: part for (name, _), part in zip(others, whole, strict=True)} | {criterion: moved}
    return dataclasses.replace(
        choice, poids=tuple((name, Fraction(thousandths[name], _THOUSAND)) for name, _ in choice.poids)
    )


def choice_of(rule: Rule, base: Base, regle: str, autres: tuple[tuple[str, Any], ...] = (), titre: str = "") -> Choice:
    """Return the choice that a rule is.

    Parameters
    ----------
    rule
        The rule, official or not.
    base
        What choices start from.
    regle
        The official rule that it starts from.
    autres, titre
        As in `Choice`.
    """
    garantie = None
    if rule.garantie is not None and not any(path.startswith("garantie") for path, _ in autres):
        high = rule.garantie.maximum
        garantie = (rule.garantie.minimum or Fraction(0), NO_LIMIT if high is None else high)
    listed = next((name for name, codes in base.lists.items() if sorted(codes) == list(rule.beneficiaires)), None)
    return Choice(
        regle=regle,
        poids=tuple((criterion.id, criterion.poids) for criterion in rule.criteres),
        enveloppe=rule.enveloppe,
        plancher=rule.plancher,
        plafond=rule.plafond,
        garantie=garantie,
        beneficiaires=rule.liste if rule.liste in base.lists else listed or rule.beneficiaires,
        autres=autres,
        titre=titre,
    )


def rule_of(choice: Choice, base: Base) -> Rule:
    """Return the rule that a choice describes.

    Raises
    ------
    RuleError, ScenarioError
        When it is none.
    """
    return _applied(choice.regle, differences(choice, base), base, choice.titre or "Choix du simulateur", "choix")


def differences(choice: Choice, base: Base) -> list[tuple[str, Any]]:
    """Return what a choice changes in its official rule, by path: the body of a scenario file."""
    start = _start(choice, base)
    found: list[tuple[str, Any]] = list(choice.autres)
    if choice.poids != start.poids:
        found += [(f"criteres.{name}.poids", written(weight)) for name, weight in choice.poids]
    for path, before, value in (
        ("enveloppe", start.enveloppe, choice.enveloppe),
        ("plancher", start.plancher, choice.plancher),
        ("plafond", start.plafond, choice.plafond),
    ):
        if value != before:
            found.append((path, None if value is None else written(value)))
    if choice.garantie != start.garantie:
        found.append(("garantie", None if choice.garantie is None else _garantie(choice.regle, *choice.garantie)))
    if choice.beneficiaires != start.beneficiaires:
        chosen = choice.beneficiaires
        found.append(("beneficiaires", chosen if isinstance(chosen, str) else list(chosen)))
    return found


def scenario_text(choice: Choice, base: Base) -> str:
    """Return a choice as the text of a scenario file.

    Raises
    ------
    ScenarioError
        When it changes nothing in the official rule: a scenario has something that differs.
    """
    changed = differences(choice, base)
    if not changed:
        raise ScenarioError("the choice is the official rule: there is nothing to save")
    content = {
        "id": "simulateur",
        "titre": choice.titre or "Choix fait dans le simulateur",
        "auteur": "une personne, dans le simulateur",
        "reference": "aucune",
        "base": choice.regle,
        "raisonnement": "Choix fait dans le simulateur.",
        "differences": dict(changed),
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def read_scenario(content: bytes, name: str, base: Base) -> Choice:
    """Read a scenario file that somebody gives, as data.

    Parameters
    ----------
    content
        Its bytes.
    name
        Its name, for messages.
    base
        What choices start from.

    Raises
    ------
    ScenarioError, RuleError
        When it is too large, is no scenario, or describes no rule.
    """
    scenario = parse_scenarios(_read_mapping(content, name), name)[0]
    if scenario.base not in base.rules:
        raise ScenarioError(f"there is no rule {scenario.base!r}; there are {', '.join(base.rules)}", cell=name)
    applied = apply_differences(
        rule_mapping(base.rules[scenario.base]),
        scenario.differences,
        identifier=scenario.id,
        titre=scenario.titre,
        renormalise=scenario.renormaliser,
    )
    rule = parse_rule(applied.mapping, base.lists, name, _references(scenario.base, base))
    others = tuple((path, value) for path, value in scenario.differences if not _is_control(path, value))
    return choice_of(rule, base, scenario.base, others, scenario.titre)


def _start(choice: Choice, base: Base) -> Choice:
    """Return the choice before any control is moved: the official rule, with what else a scenario changes."""
    official = base.rules[choice.regle]
    if not choice.autres:
        return choice_of(official, base, choice.regle)
    weights = [(f"criteres.{name}.poids", written(weight)) for name, weight in choice.poids]
    rule = _applied(choice.regle, [*choice.autres, *weights], base, "Choix du simulateur", "choix")
    start = choice_of(rule, base, choice.regle, choice.autres)
    # A criterion that comes or goes changes the weights: they are then always written.
    official_weights = tuple((criterion.id, criterion.poids) for criterion in official.criteres)
    return dataclasses.replace(start, poids=official_weights)


def _applied(regle: str, changed: list[tuple[str, Any]], base: Base, titre: str, place: str) -> Rule:
    applied = apply_differences(rule_mapping(base.rules[regle]), changed, identifier="simulateur", titre=titre)
    return parse_rule(applied.mapping, base.lists, place, _references(regle, base))


def _garantie(regle: str, low: Fraction, high: Fraction) -> dict[str, str]:
    return {"minimum": written(low), "maximum": written(high), "reference": regle, "sans_reference": "libre"}


def _references(regle: str, base: Base) -> dict[str, Mapping[str, Fraction]]:
    return {regle: base.amounts[regle]}


def _is_control(path: str, value: Any) -> bool:
    parts = path.split(".")
    if path == "garantie":
        return value is None or (isinstance(value, Mapping) and value.get("reference") is not None)
    return path in _CONTROLS or (len(parts) == 3 and parts[0] == "criteres" and parts[2] == "poids")


def _read_mapping(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_FILE:
        raise ScenarioError(
            f"the file is too large for a scenario: {len(content)} bytes, {LARGEST_FILE} at most", cell=name
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError("the file is no text in UTF-8", cell=name) from error
    try:
        aliases = any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader))
        mapping = None if aliases else yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ScenarioError("the file is no YAML of a scenario", cell=name) from error
    if aliases:
        raise ScenarioError("a scenario holds no alias", cell=name)
    return mapping
