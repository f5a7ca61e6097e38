"""A rule of allocation: an envelope, its beneficiaries, weighted criteria, bounds, and how amounts become whole euros.

A `Rule` holds exact rationals and is checked when it is built, whatever built it: weights that sum to 1, bounds that
some allocation can satisfy. Each number keeps the reference (document and place) that it was read from; a number that
no document gives has the status `hypothese`.

Known drawback: bounds are checked against the envelope without the scores, which the rule does not know. Units whose
score is 0 cannot reach their plafond; `allocate` finds that out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from cdppe_analysis.errors import EnvelopeError, InfeasibleError, RuleError, written
from cdppe_analysis.rules.changes import changed_fields
from cdppe_analysis.rules.parts import METHODES, Arrondi, Criterion, Garantie, Names, References
from cdppe_analysis.storage.strict import hint

Side = Literal["", "bas", "haut"]


@dataclass(frozen=True)
class UnitBounds:
    """The bounds of one beneficiary in euros, and where each comes from (`plancher`, `plafond`, `garantie`, or '')."""

    bas: Fraction
    haut: Fraction | None
    origine_bas: str
    origine_haut: str

    def origin(self, side: Side) -> str:
        """Return the name of the bound on one side; '' for none."""
        return self.origine_bas if side == "bas" else self.origine_haut if side == "haut" else ""


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
            _check_beneficiaries(self)
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
        known = ", ".join(criterion.id for criterion in self.criteres)
        raise RuleError(f"the rule {self.id!r} has no criterion {identifier!r}; it has {known}", criterion=identifier)

    def label(self, code: str) -> str:
        """Return the name of a unit; its code where it is unknown."""
        return self.names.territories.label(code)

    def changed(
        self,
        differences: Mapping[str, Any] | Iterable[tuple[str, Any]],
        *,
        identifier: str | None = None,
        titre: str | None = None,
        renormalise: bool = False,
    ) -> Rule:
        """Return another rule: this one, but for some differences by path.

        Parameters
        ----------
        differences
            Values by path, as in a scenario: `enveloppe`, `plancher`, `plafond`, `beneficiaires`, `garantie`,
            `arrondi.methode`, `criteres.<id>.poids`; see `rules.changes`.
        identifier, titre
            Those of the new rule; the identifier is also the source of what changes.
        renormalise
            Divide the weights by their sum.

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
        pairs = differences.items() if isinstance(differences, Mapping) else differences
        fields, _, _ = changed_fields(vars(self), pairs, identifier or f"{self.id}-modifiee", renormalise=renormalise)
        return Rule(**{**fields, "titre": titre or f"{self.titre} (modifiée)"})

    def bounds(self) -> tuple[UnitBounds, ...]:
        """Return the bounds of each beneficiary, in their order; the stricter of rule and garantie wins."""
        references = dict(self.garantie.montants) if self.garantie else {}
        if self.garantie and self.garantie.reference_nulle == "libre":
            references = {code: amount for code, amount in references.items() if amount}
        found = tuple(_unit_bounds(self, references.get(code)) for code in self.beneficiaires)
        return found if self.garantie is None or self.garantie.depassement == "erreur" else _reduced(self, found)


def _reduced(rule: Rule, bounds: tuple[UnitBounds, ...]) -> tuple[UnitBounds, ...]:
    """Reduce the minima of the garantie in proportion where rounding alone makes all minima exceed the envelope."""
    held = sum((unit.bas for unit in bounds if unit.origine_bas == "garantie"), Fraction(0))
    excess = sum((unit.bas for unit in bounds), Fraction(0)) - rule.enveloppe
    if not 0 < excess <= len(bounds) * rule.arrondi.unite_eur / 2 or held <= excess:
        return bounds
    return tuple(
        replace(unit, bas=unit.bas * (1 - excess / held)) if unit.origine_bas == "garantie" else unit for unit in bounds
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


def _check_beneficiaries(rule: Rule) -> None:
    if not rule.beneficiaires:
        raise RuleError("the rule has no beneficiary")
    repeated = _repeated(rule.beneficiaires)
    if repeated is not None:
        raise RuleError("a beneficiary is given twice", code=repeated)


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
    for name, value in (("plancher", rule.plancher), ("plafond", rule.plafond)):
        if value is not None and value < 0:
            raise RuleError(f"the {name} of {written(value)} € is negative")
    if rule.plancher is not None and rule.plafond is not None and rule.plancher > rule.plafond:
        raise RuleError(f"the plancher of {written(rule.plancher)} € is above the plafond of {written(rule.plafond)} €")
    if rule.garantie is not None:
        _check_garantie(rule, rule.garantie)
    bounds = rule.bounds()
    for code, unit in zip(rule.beneficiaires, bounds, strict=True):
        if unit.haut is not None and unit.bas > unit.haut:
            raise InfeasibleError(
                f"the {unit.origine_bas} of {written(unit.bas)} € is above the {unit.origine_haut} "
                f"of {written(unit.haut)} €",
                code=code,
            )
    _check_totals(rule, bounds)


def _check_totals(rule: Rule, bounds: Sequence[UnitBounds]) -> None:
    count = len(bounds)
    lows = sum((unit.bas for unit in bounds), Fraction(0))
    if lows > rule.enveloppe:
        raise EnvelopeError("bas", lows, rule.enveloppe, count)
    highs = [unit.haut for unit in bounds if unit.haut is not None]
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
