"""From the mapping that a rule file holds to a checked `Rule`, and back; what is still to be filled in.

How each part is read: `parts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import RuleError, written
from cdppe_analysis.rules.parts import (
    GARANTIE_CHOICES,
    STATUTS,
    Garantie,
    Names,
    Reference,
    References,
    read_part,
)
from cdppe_analysis.rules.rule import Rule
from cdppe_analysis.storage.strict import Strict

_NEEDED = ("id", "titre", "millesime", "enveloppe", "beneficiaires", "criteres")
_RULE_KEYS = (*_NEEDED, "plancher", "plafond", "garantie", "arrondi", "note")
_READ = Strict(RuleError)
BLANK = "à compléter"
"""What stands in a rule file where its author is to fill something in."""
_REFERENCE = tuple(item.name for item in fields(Reference))
_OF_SERIES = ("libelle", "edition", "variantes", *_REFERENCE)
_NONE = Reference("sans source", "sans emplacement", "hypothese")
_USUAL = {"statut": STATUTS[0], **{key: choices[0] for key, choices in GARANTIE_CHOICES.items()}}
_HOW = {"plancher": " (null for none)", "plafond": " (null for none)"}


def parse_rule(
    mapping: Mapping[str, Any],
    names: Names,
    place: str,
    *,
    weighted: bool = True,
) -> Rule:
    """Build a rule from the content of a rule file.

    Parameters
    ----------
    mapping
        The content of the file.
    names
        What the names in it stand for: lists of beneficiaries, amounts that a garantie refers to.
    place
        The name of the file, for messages.
    weighted
        Whether the weights must be filled in; otherwise those that are not are taken as equal.

    Returns
    -------
    Rule

    Raises
    ------
    RuleError
        When a value is still to be filled in (`BLANK`), a key is unknown, missing or of another kind than expected, a
        number is not exact, a code is unknown, or the rule is not one (see `Rule`).
    InfeasibleError
        When the bounds leave no allocation.

    Examples
    --------
    >>> place = {"source": "note", "emplacement": "p. 1"}
    >>> rule = parse_rule(
    ...     {
    ...         "id": "exemple",
    ...         "titre": "Exemple",
    ...         "millesime": 2020,
    ...         "enveloppe": {"valeur": 100, "unite": "EUR", **place},
    ...         "beneficiaires": ["03", "23"],
    ...         "criteres": [{"id": "enfants", "poids": "1", "millesime": 2019, **place}],
    ...     },
    ...     Names(),
    ...     "exemple.yml",
    ... )
    >>> rule.enveloppe, rule.arrondi.methode
    (Fraction(100, 1), 'plus_forts_restes')
    """
    content = _READ.mapping(mapping, _RULE_KEYS, place)
    if not weighted:
        content = _equally_weighted(content)
    blanks = blank_paths(content)
    if blanks:
        raise RuleError(f"the rule is not complete: fill in {_listed(blanks)}", cell=place)
    parts: dict[str, Any] = {}
    references: dict[str, Reference] = {}
    for key in _RULE_KEYS:
        value = _READ.needed(content, key, place) if key in _NEEDED else content.get(key)
        if value is not None:
            read, reference = read_part(key, value, names, f"{place}, {key}")
            parts |= read
            references |= {} if reference is None else {key: reference}
    try:
        return Rule(**parts, references=References(**references), names=names)
    except RuleError as error:
        error.cell = place
        raise


def blank_paths(content: object, above: str = "") -> list[str]:
    """Return the paths of what is still to be filled in.

    Examples
    --------
    >>> blank_paths({"plancher": None, "criteres": [{"id": "enfants", "poids": "À compléter"}]})
    ['criteres.enfants.poids']
    """
    if isinstance(content, str):
        return [above] if content.strip().lower() in (BLANK, "a completer") else []
    if isinstance(content, Mapping):
        named: list[tuple[object, object]] = list(content.items())
    elif isinstance(content, list):
        names = [entry.get("id") if isinstance(entry, Mapping) else None for entry in content]
        named = [(name or rank, entry) for rank, (name, entry) in enumerate(zip(names, content, strict=True), start=1)]
    else:
        return []
    return [path for key, value in named for path in blank_paths(value, f"{above}.{key}" if above else str(key))]


def _listed(paths: Sequence[str]) -> str:
    """Return paths in few words: the keys of one thing together."""
    keys: dict[str, list[str]] = {}
    for path in paths:
        above, _, key = path.rpartition(".")
        keys.setdefault(above or f"{path}{_HOW.get(path, '')}", []).extend([key] if above else [])
    return "; ".join(f"{above} ({', '.join(found)})" if found else above for above, found in keys.items())


def _equally_weighted(content: Mapping[str, Any]) -> Mapping[str, Any]:
    criteria = content.get("criteres")
    if not isinstance(criteria, list) or not any(path.endswith("poids") for path in blank_paths(criteria)):
        return content
    equal = Fraction(1, len(criteria))
    return {**content, "criteres": [{**one, "poids": equal} if isinstance(one, Mapping) else one for one in criteria]}


def rule_mapping(rule: Rule) -> dict[str, Any]:
    """Return the mapping from which `parse_rule` builds the same rule: weights and amounts as exact text.

    Paths such as `criteres.igb.poids` are found in it by the `id` of the entry of the list `criteres`.

    Examples
    --------
    >>> from cdppe_analysis.rules import Criterion
    >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1")
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,))
    >>> rule_mapping(rule)["enveloppe"]["valeur"]
    '100'
    """
    references = rule.references
    units = {"codes": list(rule.beneficiaires)} if rule.liste is None else {"liste": rule.liste}
    named = references.beneficiaires
    return {
        "id": rule.id,
        "titre": rule.titre,
        "millesime": rule.millesime,
        "enveloppe": _amount(rule.enveloppe, references.enveloppe),
        "beneficiaires": next(iter(units.values())) if named is None else {**units, **_said(named, _REFERENCE)},
        "criteres": [_said(criterion, ("id", "poids", "millesime", *_OF_SERIES)) for criterion in rule.criteres],
        "plancher": _amount(rule.plancher, references.plancher),
        "plafond": _amount(rule.plafond, references.plafond),
        "garantie": _garantie(rule.garantie, references.garantie),
        "arrondi": {"methode": rule.arrondi.methode, "unite_eur": written(rule.arrondi.unite_eur)},
        **({} if rule.note is None else {"note": rule.note}),
    }


def _said(part: object, keys: Sequence[str]) -> dict[str, Any]:
    """Return what a part of a rule says: numbers as exact text, without what holds where nothing is said."""
    values = {key: getattr(part, key) for key in keys}
    return {
        key: written(value) if isinstance(value, Fraction) else list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value not in (None, (), _USUAL.get(key))
    }


def _amount(value: Fraction | None, reference: Reference | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"valeur": written(value), "unite": "EUR", **_said(reference or _NONE, _REFERENCE)}


def _garantie(garantie: Garantie | None, reference: Reference | None) -> dict[str, Any] | None:
    if garantie is None:
        return None
    amounts = {"montants": {code: written(amount) for code, amount in garantie.montants}}
    return {
        **_said(garantie, ("minimum", "maximum")),
        **({"reference": garantie.reference} if garantie.reference else amounts),
        "sans_reference": garantie.sans_reference,
        **_said(garantie, ("reference_nulle", "depassement")),
        **_said(reference or _NONE, _REFERENCE),
    }
