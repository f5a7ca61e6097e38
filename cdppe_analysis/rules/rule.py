"""A rule of allocation: an envelope, its beneficiaries, weighted criteria, bounds, and how amounts become whole euros.

A `Rule` holds exact rationals and is checked when it is built, whatever built it: weights that sum to 1, bounds that
some allocation can satisfy. Each number keeps the reference (document and place) that it was read from; a number that
no document gives has the status `hypothese`.

Known drawback: bounds are checked against the envelope without the scores, which the rule does not know. Units whose
score is 0 cannot reach their plafond; `allocate` finds that out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, Literal

from cdppe_analysis.errors import EnvelopeError, InfeasibleError, RuleError, written
from cdppe_analysis.rules.parts import (
    GARANTIE_CHOICES,
    METHODES,
    STATUTS,
    Arrondi,
    Criterion,
    Garantie,
    Names,
    Reference,
    References,
    read_part,
)
from cdppe_analysis.rules.scenario import Difference, Scenario, changed_fields
from cdppe_analysis.storage.strict import Strict, hint

Side = Literal["", "bas", "haut"]
_NEEDED = ("id", "titre", "millesime", "enveloppe", "beneficiaires", "criteres")
_RULE_KEYS = (*_NEEDED, "plancher", "plafond", "garantie", "arrondi", "note")
_READ = Strict(RuleError)
BLANK = "à compléter"
"""What stands in a rule file where its author is to fill something in."""
_REFERENCE = tuple(item.name for item in fields(Reference))
_OF_SERIES = ("libelle", "edition", "variantes", *_REFERENCE)
_NONE = Reference("sans source", "sans emplacement", "hypothese")
_USUAL = {"statut": STATUTS[0], **{key: choices[0] for key, choices in GARANTIE_CHOICES.items()}}
_MOST = 2**63 - 1
"""In euros: the largest whole amount of a table."""
_HOW = {"plancher": " (null for none)", "plafond": " (null for none)"}


@dataclass(frozen=True)
class UnitBounds:
    """The bounds of one beneficiary in euros, and where each comes from (`plancher`, `plafond`, `garantie`, or '')."""

    low: Fraction
    high: Fraction | None
    low_origin: str
    high_origin: str

    def origin(self, side: Side) -> str:
        """Return the name of the bound on one side; '' for none."""
        return self.low_origin if side == "bas" else self.high_origin if side == "haut" else ""


@dataclass(frozen=True)
class Rule:
    """A rule, checked.

    Parameters
    ----------
    id, titre, millesime
        Its identifier, its title in French, the year of the envelope.
    enveloppe
        Euros to share, exact.
    beneficiaires
        INSEE codes; kept in the order of codes as text.
    criteres
        The weighted criteria.
    plancher, plafond
        Bounds in euros that hold for every beneficiary; `None` for none.
    garantie
        Bounds relative to reference amounts; `None` for none.
    arrondi
        How exact amounts become whole.
    references
        Where the numbers were read.
    liste
        The name of the list of beneficiaries, where they are a named list.
    note
        What a reader should know of the rule as a whole.
    names
        What the names that it may be given stand for.

    Raises
    ------
    RuleError
        When the weights do not sum to 1 or one is negative, when a plancher is above a plafond, when there is no
        beneficiary or one is given twice.
    InfeasibleError
        When the lower bounds sum to more than the envelope, or the upper bounds to less.

    Examples
    --------
    >>> half = Fraction(1, 2)
    >>> criteria = tuple(Criterion(c, half, 2020, "note", "p. 1") for c in ("enfants", "menages"))
    >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("23", "03"), criteria)
    >>> rule.beneficiaires
    ('03', '23')
    """

    id: str
    titre: str
    millesime: int
    enveloppe: Fraction
    beneficiaires: tuple[str, ...]
    criteres: tuple[Criterion, ...]
    plancher: Fraction | None = None
    plafond: Fraction | None = None
    garantie: Garantie | None = None
    arrondi: Arrondi = field(default_factory=Arrondi)
    references: References = field(default_factory=References)
    liste: str | None = None
    note: str | None = None
    names: Names = field(default_factory=Names, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "beneficiaires", tuple(sorted(self.beneficiaires)))
        try:
            if not self.beneficiaires:
                raise RuleError("the rule has no beneficiary")
            if (repeated := _repeated(self.beneficiaires)) is not None:
                raise RuleError("a beneficiary is given twice", code=repeated)
            _check_criteria(self)
            _check_rounding(self)
            _check_bounds(self)
        except RuleError as error:
            error.cell = self.id
            raise

    def criterion(self, identifier: str) -> Criterion:
        """Return one criterion.

        Raises
        ------
        RuleError
            When the rule has no such criterion.
        """
        for criterion in self.criteres:
            if criterion.id == identifier:
                return criterion
        identifiers = ", ".join(criterion.id for criterion in self.criteres)
        raise RuleError(
            f"the rule {self.id!r} has no criterion {identifier!r}; it has {identifiers}", criterion=identifier
        )

    def label(self, code: str) -> str:
        """Return the name of a unit; its code where it is unknown."""
        return self.names.territories.label(code)

    def changed(self, differences: Mapping[str, Any]) -> Rule:
        """Return another rule: this one, but for some differences by path; its identifier is their source.

        Parameters
        ----------
        differences
            Values by path, as in a scenario: `enveloppe`, `plancher`, `plafond`, `beneficiaires`, `garantie`,
            `arrondi.methode`, `criteres.<id>.poids`; see `rules.scenario`.

        Raises
        ------
        ScenarioError
            When a path is unknown (naming the nearest), a value is of the wrong kind, or weights do not sum to 1.
        RuleError, InfeasibleError
            When the differences make no rule.

        Examples
        --------
        >>> criteria = tuple(Criterion(c, Fraction(1, 2), 2020, "note", "p. 1") for c in ("enfants", "menages"))
        >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("23", "03"), criteria)
        >>> other = rule.changed({"criteres.enfants.poids": "0.40", "criteres.menages.poids": "0.60"})
        >>> [str(criterion.poids) for criterion in other.criteres]
        ['2/5', '3/5']
        """
        fields, _, _ = changed_fields(vars(self), differences.items(), f"{self.id}-modifiee", renormalise=False)
        return Rule(**{**fields, "titre": f"{self.titre} (modifiée)"})

    def mapping(self) -> dict[str, Any]:
        """Return the mapping from which `parse_rule` builds the same rule: weights and amounts as exact text.

        Paths such as `criteres.igb.poids` are found in it by the `id` of the entry of the list `criteres`.

        Examples
        --------
        >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1")
        >>> Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,)).mapping()["enveloppe"]["valeur"]
        '100'
        """
        references = self.references
        units = {"codes": list(self.beneficiaires)} if self.liste is None else {"liste": self.liste}
        named = references.beneficiaires
        return {
            "id": self.id,
            "titre": self.titre,
            "millesime": self.millesime,
            "enveloppe": _amount(self.enveloppe, references.enveloppe),
            "beneficiaires": next(iter(units.values())) if named is None else {**units, **_said(named, _REFERENCE)},
            "criteres": [_said(criterion, ("id", "poids", "millesime", *_OF_SERIES)) for criterion in self.criteres],
            "plancher": _amount(self.plancher, references.plancher),
            "plafond": _amount(self.plafond, references.plafond),
            "garantie": _garantie(self.garantie, references.garantie),
            "arrondi": {"methode": self.arrondi.methode, "unite_eur": written(self.arrondi.unite_eur)},
            **({} if self.note is None else {"note": self.note}),
        }

    def bounds(self) -> tuple[UnitBounds, ...]:
        """Return the bounds of each beneficiary, in their order; the stricter of rule and garantie wins."""
        references = dict(self.garantie.montants) if self.garantie else {}
        if self.garantie and self.garantie.reference_nulle == "libre":
            references = {code: amount for code, amount in references.items() if amount}
        bounds = tuple(_unit_bounds(self, references.get(code)) for code in self.beneficiaires)
        return bounds if self.garantie is None or self.garantie.depassement == "erreur" else _reduced(self, bounds)


def _reduced(rule: Rule, bounds: tuple[UnitBounds, ...]) -> tuple[UnitBounds, ...]:
    """Reduce the minima of the garantie in proportion where rounding alone makes all minima exceed the envelope."""
    held = sum((unit.low for unit in bounds if unit.low_origin == "garantie"), Fraction(0))
    excess = sum((unit.low for unit in bounds), Fraction(0)) - rule.enveloppe
    if not 0 < excess <= len(bounds) * rule.arrondi.unite_eur / 2 or held <= excess:
        return bounds
    return tuple(
        replace(unit, low=unit.low * (1 - excess / held)) if unit.low_origin == "garantie" else unit for unit in bounds
    )


def _unit_bounds(rule: Rule, reference: Fraction | None) -> UnitBounds:
    low, low_origin = (rule.plancher, "plancher") if rule.plancher else (Fraction(0), "")
    high, high_origin = (rule.plafond, "plafond") if rule.plafond is not None else (None, "")
    if rule.garantie is not None and reference is not None:
        if rule.garantie.minimum is not None and rule.garantie.minimum * reference > low:
            low, low_origin = rule.garantie.minimum * reference, "garantie"
        if rule.garantie.maximum is not None:
            ceiling = rule.garantie.maximum * reference
            if high is None or ceiling < high:
                high, high_origin = ceiling, "garantie"
    return UnitBounds(low, high, low_origin, high_origin)


def _repeated(names: Sequence[str]) -> str | None:
    """Return a name that is given twice."""
    return next((name for name, count in Counter(names).items() if count > 1), None)


def _check_criteria(rule: Rule) -> None:
    repeated = _repeated([criterion.id for criterion in rule.criteres])
    if repeated is not None:
        raise RuleError("a criterion is given twice", criterion=repeated)
    for criterion in rule.criteres:
        if criterion.poids < 0:
            raise RuleError(f"the weight {written(criterion.poids)} is negative", criterion=criterion.id)
    total = sum((criterion.poids for criterion in rule.criteres), Fraction(0))
    if total != 1:
        weights = " + ".join(f"{c.id} {written(c.poids)}" for c in rule.criteres) or "none"
        raise RuleError(f"the weights sum to {written(total)}, not to 1: {weights}")


def _check_rounding(rule: Rule) -> None:
    if rule.arrondi.methode not in METHODES:
        near = hint(rule.arrondi.methode, METHODES)
        raise RuleError(f"{rule.arrondi.methode!r} is no way of rounding{near}")
    if rule.arrondi.unite_eur <= 0:
        raise RuleError(f"the rounding unit is {written(rule.arrondi.unite_eur)} €")
    if rule.arrondi.methode == "plus_forts_restes" and (rule.enveloppe / rule.arrondi.unite_eur).denominator != 1:
        raise RuleError(
            f"the envelope of {written(rule.enveloppe)} € is no multiple of the rounding unit "
            f"of {written(rule.arrondi.unite_eur)} €"
        )


def _check_bounds(rule: Rule) -> None:
    if rule.enveloppe <= 0:
        raise RuleError(f"the envelope is {written(rule.enveloppe)} €, not above 0")
    if rule.enveloppe > _MOST:
        raise RuleError(f"the envelope of {written(rule.enveloppe)} € is larger than any that is shared to the euro")
    for name, value in (("plancher", rule.plancher), ("plafond", rule.plafond)):
        if value is not None and value < 0:
            raise RuleError(f"the {name} of {written(value)} € is negative")
    if rule.plancher is not None and rule.plafond is not None and rule.plancher > rule.plafond:
        raise RuleError(f"the plancher of {written(rule.plancher)} € is above the plafond of {written(rule.plafond)} €")
    if rule.garantie is not None:
        _check_garantie(rule, rule.garantie)
    bounds = rule.bounds()
    for code, unit in zip(rule.beneficiaires, bounds, strict=True):
        if unit.high is not None and unit.low > unit.high:
            raise InfeasibleError(
                f"the {unit.low_origin} of {written(unit.low)} € is above the {unit.high_origin} "
                f"of {written(unit.high)} €",
                code=code,
            )
    _check_totals(rule, bounds)


def _check_totals(rule: Rule, bounds: Sequence[UnitBounds]) -> None:
    count = len(bounds)
    lows = sum((unit.low for unit in bounds), Fraction(0))
    if lows > rule.enveloppe:
        raise EnvelopeError("bas", lows, rule.enveloppe, count)
    highs = [unit.high for unit in bounds if unit.high is not None]
    if len(highs) == count and sum(highs, Fraction(0)) < rule.enveloppe:
        raise EnvelopeError("haut", sum(highs, Fraction(0)), rule.enveloppe, count)


def _check_garantie(rule: Rule, garantie: Garantie) -> None:
    if garantie.minimum is None and garantie.maximum is None:
        raise RuleError("the garantie gives neither a minimum nor a maximum")
    for name, factor in (("minimum", garantie.minimum), ("maximum", garantie.maximum)):
        if factor is not None and factor < 0:
            raise RuleError(f"the {name} of the garantie is {written(factor)}, below 0")
    if garantie.minimum is not None and garantie.maximum is not None and garantie.minimum > garantie.maximum:
        raise RuleError(
            f"the garantie's minimum of {written(garantie.minimum)} is above its maximum of {written(garantie.maximum)}"
        )
    codes = [code for code, _ in garantie.montants]
    repeated = _repeated(codes)
    if repeated is not None:
        raise RuleError("a reference amount of the garantie is given twice", code=repeated)
    for code, amount in garantie.montants:
        if amount < 0:
            raise RuleError("a reference amount of the garantie is negative", code=code)
    missing = sorted({*rule.beneficiaires} - {*codes})
    if missing and garantie.sans_reference == "erreur":
        raise RuleError(
            "a beneficiary has no reference amount for the garantie, and the rule does not say `sans_reference: libre`",
            code=missing[0],
        )


@dataclass(frozen=True)
class AppliedScenario:
    """Another rule, what changed in it, and the paths of the differences that differ in nothing."""

    rule: Rule
    differences: tuple[Difference, ...]
    without_effect: tuple[str, ...]


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
    return "; ".join(f"{above} ({', '.join(below)})" if below else above for above, below in keys.items())


def _equally_weighted(content: Mapping[str, Any]) -> Mapping[str, Any]:
    criteria = content.get("criteres")
    if not isinstance(criteria, list) or not any(path.endswith("poids") for path in blank_paths(criteria)):
        return content
    equal = Fraction(1, len(criteria))
    return {
        **content,
        "criteres": [
            {**criterion, "poids": equal} if isinstance(criterion, Mapping) else criterion for criterion in criteria
        ],
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
