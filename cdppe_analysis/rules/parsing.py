"""From the mapping that a rule file holds to a checked `Rule`, and back.

Strict: an unknown key is refused with the nearest known one, a missing key is named, and a number is written so that
it is exact (an integer, decimal text, or a fraction as text): a binary float such as 0.285 is refused. Every number
carries `source` and `emplacement`; one that no document gives says `statut: hypothese`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import CdppeError, RuleError, written
from cdppe_analysis.rules.rule import (
    GARANTIE_CHOICES,
    METHODES,
    STATUTS,
    Arrondi,
    Criterion,
    Garantie,
    Names,
    Reference,
    References,
    Rule,
)
from cdppe_analysis.storage.strict import Strict, hint

_RULE_KEYS = (
    "id",
    "titre",
    "millesime",
    "enveloppe",
    "beneficiaires",
    "criteres",
    "plancher",
    "plafond",
    "garantie",
    "arrondi",
    "note",
)
_REFERENCE_KEYS = ("source", "emplacement", "statut", "note")
_AMOUNT_KEYS = ("valeur", "unite", *_REFERENCE_KEYS)
_LIST_KEYS = ("liste", "codes", *_REFERENCE_KEYS)
_GARANTIE_KEYS = ("minimum", "maximum", "reference", "montants", *GARANTIE_CHOICES, *_REFERENCE_KEYS)
_CRITERION_KEYS = tuple(item.name for item in fields(Criterion))
_ROUNDING_KEYS = ("methode", "unite_eur")
_READ = Strict(RuleError)
BLANK = "à compléter"
"""What stands in a rule file where its author is to fill something in."""
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
    envelope, envelope_reference = _amount(_READ.needed(content, "enveloppe", place), f"{place}, enveloppe")
    codes, list_name, list_reference = beneficiaries_of(
        _READ.needed(content, "beneficiaires", place), names, f"{place}, beneficiaires"
    )
    floor, floor_reference = _optional_amount(content.get("plancher"), f"{place}, plancher")
    cap, cap_reference = _optional_amount(content.get("plafond"), f"{place}, plafond")
    garantie, garantie_reference = garantie_of(content.get("garantie"), names, f"{place}, garantie")
    criteria = _READ.needed(content, "criteres", place)
    if not isinstance(criteria, Sequence) or isinstance(criteria, str) or not criteria:
        raise RuleError("expected a list of criteria", cell=f"{place}, criteres")
    identifier = _READ.text(_READ.needed(content, "id", place), f"{place}, id")
    title = _READ.text(_READ.needed(content, "titre", place), f"{place}, titre")
    year = _READ.year(_READ.needed(content, "millesime", place), f"{place}, millesime")
    parsed = tuple(
        criterion_of(entry, f"{place}, criteres, entry {rank}") for rank, entry in enumerate(criteria, start=1)
    )
    rounding = rounding_of(content.get("arrondi"), f"{place}, arrondi")
    note = None if content.get("note") is None else _READ.text(content["note"], f"{place}, note")
    try:
        return Rule(
            id=identifier,
            titre=title,
            millesime=year,
            enveloppe=envelope,
            beneficiaires=codes,
            criteres=parsed,
            plancher=floor,
            plafond=cap,
            garantie=garantie,
            arrondi=rounding,
            references=References(
                envelope_reference, list_reference, floor_reference, cap_reference, garantie_reference
            ),
            liste=list_name,
            note=note,
            names=names,
        )
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
    >>> from fractions import Fraction
    >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1")
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,))
    >>> rule_mapping(rule)["enveloppe"]["valeur"]
    '100'
    """
    mapping: dict[str, Any] = {"id": rule.id, "titre": rule.titre, "millesime": rule.millesime}
    mapping["enveloppe"] = _written_amount(rule.enveloppe, rule.references.enveloppe)
    if rule.references.beneficiaires is not None:
        listed = {"liste": rule.liste} if rule.liste is not None else {"codes": list(rule.beneficiaires)}
        mapping["beneficiaires"] = {**listed, **_written_reference(rule.references.beneficiaires)}
    else:
        mapping["beneficiaires"] = rule.liste if rule.liste is not None else list(rule.beneficiaires)
    mapping["criteres"] = [_written_criterion(criterion) for criterion in rule.criteres]
    for name, value, reference in (
        ("plancher", rule.plancher, rule.references.plancher),
        ("plafond", rule.plafond, rule.references.plafond),
    ):
        mapping[name] = None if value is None else _written_amount(value, reference)
    mapping["garantie"] = _written_garantie(rule)
    mapping["arrondi"] = {"methode": rule.arrondi.methode, "unite_eur": written(rule.arrondi.unite_eur)}
    if rule.note is not None:
        mapping["note"] = rule.note
    return mapping


def _reference(content: Mapping[str, Any], place: str) -> Reference:
    statut = content.get("statut", "publie")
    if statut not in STATUTS:
        raise RuleError(f"{statut!r} is no status of a number; one of {', '.join(STATUTS)}", cell=f"{place}.statut")
    return Reference(
        _READ.text(_READ.needed(content, "source", place), f"{place}.source"),
        _READ.text(_READ.needed(content, "emplacement", place), f"{place}.emplacement"),
        statut,
        content.get("note"),
    )


def _amount(value: object, place: str) -> tuple[Fraction, Reference]:
    content = _READ.mapping(value, _AMOUNT_KEYS, place)
    if content.get("unite", "EUR") != "EUR":
        raise RuleError(f"the unit is {content['unite']!r}; only 'EUR' is known", cell=f"{place}.unite")
    return _READ.exact(_READ.needed(content, "valeur", place), f"{place}.valeur"), _reference(content, place)


def _optional_amount(value: object, place: str) -> tuple[Fraction | None, Reference | None]:
    return (None, None) if value is None else _amount(value, place)


def beneficiaries_of(value: object, names: Names, place: str) -> tuple[tuple[str, ...], str | None, Reference | None]:
    """Read beneficiaries: their codes, the name of their list where they are one, where they were read."""
    reference = None
    if isinstance(value, Mapping):
        content = _READ.mapping(value, _LIST_KEYS, place)
        if (content.get("liste") is None) == (content.get("codes") is None):
            raise RuleError("expected either 'liste' or 'codes'", cell=place)
        reference = _reference(content, place)
        value = content["codes"] if content.get("liste") is None else content["liste"]
    if isinstance(value, str):
        if value not in names.lists:
            raise RuleError(f"there is no list of beneficiaries {value!r}{hint(value, names.lists)}", cell=place)
        name, codes = value, list(names.lists[value])
    elif isinstance(value, Sequence):
        name, codes = None, list(value)
    else:
        raise RuleError(f"expected the name of a list or a list of codes, found {value!r}", cell=place)
    try:
        names.territories.check(codes)
    except CdppeError as error:
        raise RuleError(error.message, code=error.code, cell=f"{place}, {error.cell}") from None
    return tuple(codes), name, reference


def criterion_of(value: object, place: str) -> Criterion:
    """Read a criterion."""
    content = _READ.mapping(value, _CRITERION_KEYS, place)
    identifier = _READ.text(_READ.needed(content, "id", place), f"{place}.id")
    where = f"{place} ({identifier})"
    reference = _reference(content, where)
    variants = content.get("variantes") or ()
    if isinstance(variants, str) or not isinstance(variants, Sequence):
        raise RuleError(f"expected a list of editions, found {variants!r}", cell=f"{where}.variantes")
    for key in ("libelle", "edition"):
        if content.get(key) is not None:
            _READ.text(content[key], f"{where}.{key}")
    return Criterion(
        id=identifier,
        poids=_READ.exact(_READ.needed(content, "poids", where), f"{where}.poids"),
        millesime=_READ.year(_READ.needed(content, "millesime", where), f"{where}.millesime"),
        source=reference.source,
        emplacement=reference.emplacement,
        libelle=content.get("libelle"),
        edition=content.get("edition"),
        variantes=tuple(_READ.text(variant, f"{where}.variantes") for variant in variants),
        statut=reference.statut,
        note=reference.note,
    )


def garantie_of(value: object, names: Names, place: str) -> tuple[Garantie | None, Reference | None]:
    """Read a garantie and where it was read; the amounts that it names are looked up."""
    if value is None:
        return None, None
    content = _READ.mapping(value, _GARANTIE_KEYS, place)
    if (content.get("reference") is None) == (content.get("montants") is None):
        raise RuleError("expected either 'reference' or 'montants'", cell=place)
    name = content.get("reference")
    amounts = content["montants"] if name is None else named_amounts(name, names, f"{place}.reference")
    choices = {key: garantie_choice(content.get(key, known[0]), key, place) for key, known in GARANTIE_CHOICES.items()}
    factors = [
        None if content.get(key) is None else _READ.exact(content[key], f"{place}.{key}")
        for key in ("minimum", "maximum")
    ]
    garantie = Garantie(
        factors[0],
        factors[1],
        amounts_of(amounts, names, f"{place}.montants"),
        reference=name,
        **choices,
    )
    return garantie, _reference(content, place)


def garantie_choice(value: object, key: str, place: str) -> str:
    """Return what a garantie says under one of the keys of `GARANTIE_CHOICES`.

    Raises
    ------
    RuleError
        When it is none of the two that it may be.
    """
    for known in GARANTIE_CHOICES[key]:
        if value == known:
            return known
    first, second = GARANTIE_CHOICES[key]
    raise RuleError(f"{value!r} is neither {first!r} nor {second!r}", cell=f"{place}.{key}")


def named_amounts(name: object, names: Names, place: str) -> Mapping[str, Any]:
    """Return the amounts by code that a name stands for."""
    known = names.amounts()
    if name not in known:
        raise RuleError(f"there are no reference amounts {name!r}{hint(str(name), known)}", cell=place)
    return known[str(name)]


def amounts_of(value: object, names: Names, place: str) -> tuple[tuple[str, Fraction], ...]:
    """Read amounts by code, in the order of codes."""
    if not isinstance(value, Mapping):
        raise RuleError(f"expected an amount by code, found {value!r}", cell=place)
    try:
        names.territories.check(list(value))
    except CdppeError as error:
        raise RuleError(error.message, code=error.code, cell=place) from None
    return tuple(sorted((code, _READ.exact(amount, f"{place}.{code}")) for code, amount in value.items()))


def rounding_of(value: object, place: str) -> Arrondi:
    """Read how exact amounts become whole."""
    if value is None:
        return Arrondi()
    content = _READ.mapping(value, _ROUNDING_KEYS, place)
    method = _READ.text(_READ.needed(content, "methode", place), f"{place}.methode")
    if method not in METHODES:
        raise RuleError(
            f"{method!r} is no way of rounding{hint(method, METHODES)}",
            cell=f"{place}.methode",
        )
    return Arrondi(method, _READ.exact(content.get("unite_eur", 1), f"{place}.unite_eur"))


def _written_reference(reference: Reference | None) -> dict[str, Any]:
    if reference is None:
        return {"source": "sans source", "emplacement": "sans emplacement", "statut": "hypothese"}
    found: dict[str, Any] = {"source": reference.source, "emplacement": reference.emplacement}
    if reference.statut != "publie":
        found["statut"] = reference.statut
    if reference.note is not None:
        found["note"] = reference.note
    return found


def _written_amount(value: Fraction, reference: Reference | None) -> dict[str, Any]:
    return {"valeur": written(value), "unite": "EUR", **_written_reference(reference)}


def _written_criterion(criterion: Criterion) -> dict[str, Any]:
    found: dict[str, Any] = {"id": criterion.id, "poids": written(criterion.poids), "millesime": criterion.millesime}
    for key in ("libelle", "edition"):
        if getattr(criterion, key) is not None:
            found[key] = getattr(criterion, key)
    if criterion.variantes:
        found["variantes"] = list(criterion.variantes)
    reference = Reference(criterion.source, criterion.emplacement, criterion.statut, criterion.note)
    return {**found, **_written_reference(reference)}


def _written_garantie(rule: Rule) -> dict[str, Any] | None:
    if rule.garantie is None:
        return None
    found: dict[str, Any] = {
        name: written(factor)
        for name, factor in (("minimum", rule.garantie.minimum), ("maximum", rule.garantie.maximum))
        if factor is not None
    }
    if rule.garantie.reference is not None:
        found["reference"] = rule.garantie.reference
    else:
        found["montants"] = {code: written(amount) for code, amount in rule.garantie.montants}
    found["sans_reference"] = rule.garantie.sans_reference
    said = {key: getattr(rule.garantie, key) for key in GARANTIE_CHOICES}
    found |= {key: value for key, value in said.items() if value != GARANTIE_CHOICES[key][0]}
    return {**found, **_written_reference(rule.references.garantie)}
