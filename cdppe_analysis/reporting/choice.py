"""A choice of the simulator's reader: what may be moved in an official rule, saved as a scenario and read as one.

A choice starts from an official rule and holds weights, envelope, plancher, plafond, garantie and beneficiaries; what
else a loaded scenario changes is carried along and shown. It is a scenario like any other, that `cdppe simulate` runs
too: what it supposes of unknown values and what is uncertain in it are those of the loaded file, or else the declared
hypotheses of the project and the variants of its series. A file is read as data, strictly: no code is ever run from it,
an alias is refused (a small file could stand for a huge one), and so is a file too large for a scenario.

Known drawback: the interval that the published amounts leave to the deduced index (under 1 %) is not drawn here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import yaml

from cdppe_analysis.errors import ScenarioError, written
from cdppe_analysis.rules import Names, Rule
from cdppe_analysis.rules.scenario import (
    Completion,
    Scenario,
    Uncertainty,
    apply_scenario,
    parse_scenarios,
    scenario_mapping,
)

LARGEST_FILE = 64 * 1024
"""Bytes of the largest scenario file that is read."""

NO_LIMIT = Fraction(10)
"""What stands for no upper bound in a garantie that has none: ten times the official amount."""

_THOUSAND = 1000
_DEEPEST = 12
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
    hypotheses, incertitudes
        Those of the loaded scenario; `None` for the project's own.
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
    hypotheses: tuple[Completion, ...] | None = None
    incertitudes: tuple[Uncertainty, ...] | None = None


@dataclass(frozen=True)
class Base:
    """What choices start from.

    Parameters
    ----------
    rules, lists
        The official rules, the named lists of beneficiaries.
    amounts
        The official amounts of each rule by code: published, or computed where none was.
    published
        The rules whose amounts were published, which a scenario names as a reference.
    hypotheses
        What the project supposes of a criterion that is not known everywhere.
    errors
        The errors of measurement that the project supposes.
    known
        The codes for which such a criterion is known, by its identifier.
    """

    rules: Mapping[str, Rule]
    lists: Mapping[str, Sequence[str]]
    amounts: Mapping[str, Mapping[str, Fraction]]
    published: frozenset[str] = frozenset()
    hypotheses: tuple[Completion, ...] = ()
    errors: tuple[Uncertainty, ...] = ()
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)


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
    named = rule.liste if rule.liste is not None and rule.liste in base.lists else listed
    return Choice(
        regle=regle,
        poids=tuple((criterion.id, criterion.poids) for criterion in rule.criteres),
        enveloppe=rule.enveloppe,
        plancher=rule.plancher,
        plafond=rule.plafond,
        garantie=garantie,
        beneficiaires=named or rule.beneficiaires,
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
    return _applied(choice.regle, differences(choice, base), base, choice.titre or "Choix du simulateur")


def differences(choice: Choice, base: Base) -> list[tuple[str, Any]]:
    """Return what a choice changes in its official rule, by path: the body of a scenario file."""
    start = _start(choice, base)
    official = tuple((criterion.id, criterion.poids) for criterion in base.rules[choice.regle].criteres)
    moved = choice.poids != official
    found: list[tuple[str, Any]] = _with_weights(choice) if moved else list(choice.autres)
    for path, before, value in (
        ("enveloppe", start.enveloppe, choice.enveloppe),
        ("plancher", start.plancher, choice.plancher),
        ("plafond", start.plafond, choice.plafond),
    ):
        if value != before:
            found.append((path, None if value is None else written(value)))
    if choice.garantie != start.garantie:
        found.append(("garantie", None if choice.garantie is None else _garantie(choice, base)))
    if choice.beneficiaires != start.beneficiaires:
        chosen = choice.beneficiaires
        found.append(("beneficiaires", chosen if isinstance(chosen, str) else list(chosen)))
    return found


def scenario_of(choice: Choice, base: Base) -> Scenario:
    """Return the scenario that a choice is, with what it supposes and what is uncertain.

    Raises
    ------
    RuleError, ScenarioError
        When the choice is no rule.
    """
    rule = rule_of(choice, base)
    hypotheses = choice.hypotheses if choice.hypotheses is not None else _supposed(rule, base)
    uncertain = choice.incertitudes if choice.incertitudes is not None else _uncertain(rule, base, hypotheses)
    return Scenario(
        id="simulateur",
        titre=choice.titre or "Choix fait dans le simulateur",
        auteur="une personne, dans le simulateur",
        reference="aucune",
        base=choice.regle,
        raisonnement="Choix fait dans le simulateur.",
        differences=tuple(differences(choice, base)),
        renormaliser=False,
        hypotheses=hypotheses,
        incertitudes=uncertain,
        famille="simulateur",
    )


def scenario_text(choice: Choice, base: Base) -> str:
    """Return a choice as the text of a scenario file.

    Raises
    ------
    ScenarioError
        When it changes nothing in the official rule: a scenario has something that differs.
    """
    scenario = scenario_of(choice, base)
    if not scenario.differences:
        raise ScenarioError("the choice is the official rule: there is nothing to save")
    return yaml.safe_dump(scenario_mapping(scenario), allow_unicode=True, sort_keys=False, width=100)


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
    rule = apply_scenario(_named(base, scenario.base), scenario).rule
    official = base.amounts[scenario.base]
    others = tuple((path, value) for path, value in scenario.differences if not _is_control(path, value, official))
    choice = choice_of(rule, base, scenario.base, others, scenario.titre)
    return dataclasses.replace(choice, hypotheses=scenario.hypotheses, incertitudes=scenario.incertitudes)


def _start(choice: Choice, base: Base) -> Choice:
    """Return the choice before any control is moved: the official rule, with what else a scenario changes."""
    official = base.rules[choice.regle]
    if not choice.autres:
        return choice_of(official, base, choice.regle)
    rule = _applied(choice.regle, _with_weights(choice), base, "Choix du simulateur")
    return choice_of(rule, base, choice.regle, choice.autres)


def _with_weights(choice: Choice) -> list[tuple[str, Any]]:
    """Return the other differences with the weights of the choice, those of criteria that they add included."""
    weights = {name: written(weight) for name, weight in choice.poids}
    found: list[tuple[str, Any]] = []
    for path, value in choice.autres:
        name = path.removeprefix("criteres.")
        if path == "criteres":
            found.append((path, [{**one, "poids": weights.pop(one["id"])} for one in value]))
        elif name in weights and isinstance(value, Mapping):
            found.append((path, {**value, "poids": weights.pop(name)}))
        else:
            found.append((path, value))
    return [*found, *((f"criteres.{name}.poids", weight) for name, weight in weights.items())]


def _applied(regle: str, changed: list[tuple[str, Any]], base: Base, titre: str) -> Rule:
    return _named(base, regle).changed(changed, identifier="simulateur", titre=titre)


def _named(base: Base, regle: str) -> Rule:
    return dataclasses.replace(base.rules[regle], names=Names(base.lists, lambda: base.amounts))


def _garantie(choice: Choice, base: Base) -> dict[str, Any]:
    assert choice.garantie is not None
    low, high = choice.garantie
    bounds: dict[str, Any] = {"minimum": written(low), "maximum": written(high), "sans_reference": "libre"}
    if choice.regle in base.published:
        return {**bounds, "reference": choice.regle}
    return {**bounds, "montants": {code: written(amount) for code, amount in base.amounts[choice.regle].items()}}


def _supposed(rule: Rule, base: Base) -> tuple[Completion, ...]:
    asked = {criterion.id for criterion in rule.criteres}
    return tuple(
        one
        for one in base.hypotheses
        if one.critere in asked and not set(rule.beneficiaires) <= base.known.get(one.critere, frozenset())
    )


def _uncertain(rule: Rule, base: Base, hypotheses: tuple[Completion, ...]) -> tuple[Uncertainty, ...]:
    """Return the variants that the rule declares, the supposed errors, the dispersion of what is supposed."""
    found = []
    for criterion in rule.criteres:
        if criterion.variantes and criterion.edition is not None:
            parameters = (("editions", [criterion.edition, *criterion.variantes]),)
            found.append(
                Uncertainty(
                    f"criteres.{criterion.id}",
                    f"série : {criterion.titre}",
                    "variantes",
                    parameters,
                    None,
                    "Séries défendables, déclarées par la règle.",
                )
            )
        found += [one for one in base.errors if one.entree == f"criteres.{criterion.id}"]
    for hypothesis in hypotheses:
        found.append(
            Uncertainty(
                f"criteres.{hypothesis.critere}", "valeurs supposées", "completion", (), None, hypothesis.raison
            )
        )
    return tuple(found)


def _is_control(path: str, value: Any, official: Mapping[str, Fraction]) -> bool:
    parts = path.split(".")
    if path == "garantie" and isinstance(value, Mapping):
        amounts = value.get("montants") or {}
        same = {str(code): Fraction(str(amount)) for code, amount in amounts.items()} == dict(official)
        return value.get("reference") is not None or same
    return (
        path in _CONTROLS or path == "garantie" or (len(parts) == 3 and parts[0] == "criteres" and parts[2] == "poids")
    )


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
        _check_events(text, name)
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ScenarioError("the file is no YAML of a scenario", cell=name) from error


def _check_events(text: str, name: str) -> None:
    """Refuse what would take long to read, before it is read: aliases, and collections within collections."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ScenarioError("a scenario holds no alias", cell=name)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise ScenarioError("the file is nested too deep for a scenario", cell=name)
