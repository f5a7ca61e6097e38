"""The parts of a rule (criteria, garantie, rounding, references), and how each is read from what a person wrote.

Strict: an unknown key is refused with the nearest known one, a missing key is named, and a number is written so that
it is exact (an integer, decimal text, or a fraction as text): a binary float such as 0.285 is refused. Every number
carries `source` and `emplacement`; one that no document gives says `statut: hypothese`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import CdppeError, RuleError
from cdppe_analysis.storage.strict import Strict, hint
from cdppe_analysis.territories import Territories, france

METHODES = ("plus_forts_restes", "independant", "aucun")
"""The ways to whole amounts: largest remainders, each on its own, none."""

STATUTS = ("publie", "hypothese")
"""What a number of a rule is: printed in a document, or supposed by this project."""


@dataclass(frozen=True)
class Reference:
    """Where a number of a rule was read; `statut` is `hypothese` where no document gives it."""

    source: str
    emplacement: str
    statut: str = "publie"
    note: str | None = None


@dataclass(frozen=True)
class Criterion:
    """A criterion of a rule: what is counted, of which year, and its weight (exact, between 0 and 1).

    `edition` names the edition of the series where the year alone does not say; `variantes` names the editions that
    could be defended instead.
    """

    id: str
    poids: Fraction
    millesime: int
    source: str
    emplacement: str
    libelle: str | None = None
    edition: str | None = None
    variantes: tuple[str, ...] = ()
    statut: str = "publie"
    note: str | None = None

    @property
    def titre(self) -> str:
        """The words for a reader: the label, or the identifier."""
        return self.libelle or self.id

    @classmethod
    def read(cls, value: Any, place: str, mark: Reference | None = None) -> Criterion:
        """Read a criterion; its numbers have the reference `mark` where it gives none."""
        content = _READ.mapping(_marked(value, mark), _CRITERION_KEYS, place)
        identifier = _READ.text(_READ.needed(content, "id", place), f"{place}.id")
        where = f"{place} ({identifier})"
        variants = content.get("variantes") or ()
        if isinstance(variants, str) or not isinstance(variants, Sequence):
            raise RuleError(f"expected a list of editions, found {variants!r}", cell=f"{where}.variantes")
        for key in ("libelle", "edition"):
            if content.get(key) is not None:
                _READ.text(content[key], f"{where}.{key}")
        return cls(
            id=identifier,
            poids=_READ.exact(_READ.needed(content, "poids", where), f"{where}.poids"),
            millesime=_READ.year(_READ.needed(content, "millesime", where), f"{where}.millesime"),
            libelle=content.get("libelle"),
            edition=content.get("edition"),
            variantes=tuple(_READ.text(variant, f"{where}.variantes") for variant in variants),
            **vars(_reference(content, where)),
        )


@dataclass(frozen=True)
class Garantie:
    """Bounds relative to a reference amount: at least `minimum` and at most `maximum` times it.

    Parameters
    ----------
    minimum, maximum
        Factors of the reference amount; `None` for no bound on that side.
    montants
        Pairs of a code and its reference amount in euros.
    sans_reference
        What a beneficiary without a reference amount is: an error (`erreur`), or free of this garantie (`libre`).
    reference
        The name of the reference amounts, where they have one.
    reference_nulle
        What a reference amount of 0 is: no reference, so that the unit is free (`libre`, as in the law on the DSR), or
        bounds of 0 (`bornee`).
    depassement
        What minima are that the rounding of the references makes larger than the envelope: an error (`erreur`), or
        reduced in proportion (`prorata`), by half a rounding unit a beneficiary at most.
    """

    minimum: Fraction | None
    maximum: Fraction | None
    montants: tuple[tuple[str, Fraction], ...]
    sans_reference: str = "erreur"
    reference: str | None = field(default=None, compare=False)
    reference_nulle: str = "libre"
    depassement: str = "erreur"


GARANTIE_CHOICES = {
    "sans_reference": ("erreur", "libre"),
    "reference_nulle": ("libre", "bornee"),
    "depassement": ("erreur", "prorata"),
}
"""What a garantie lets choose, the first being what holds where nothing is said."""


@dataclass(frozen=True)
class Arrondi:
    """How exact amounts become multiples of `unite_eur`."""

    methode: str = "plus_forts_restes"
    unite_eur: Fraction = Fraction(1)


@dataclass(frozen=True)
class References:
    """The references of the numbers of a rule that are not in its criteria."""

    enveloppe: Reference | None = None
    beneficiaires: Reference | None = None
    plancher: Reference | None = None
    plafond: Reference | None = None
    garantie: Reference | None = None


@dataclass(frozen=True)
class Names:
    """What the names in a rule stand for: lists of beneficiaries, published amounts of a garantie, units by code.

    `amounts` is called only where a garantie names some: they are read from a table that rules alone do not need.
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    amounts: Callable[[], Mapping[str, Mapping[str, Any]]] = dict
    territories: Territories = field(default_factory=france)


AMOUNTS = ("enveloppe", "plancher", "plafond")
"""The keys of a rule that hold an amount."""

_READ = Strict(RuleError)
_REFERENCE_KEYS = tuple(item.name for item in fields(Reference))
_AMOUNT_KEYS = ("valeur", "unite", *_REFERENCE_KEYS)
_LIST_KEYS = ("liste", "codes", *_REFERENCE_KEYS)
_GARANTIE_KEYS = (*(item.name for item in fields(Garantie)), *_REFERENCE_KEYS)
_CRITERION_KEYS = tuple(item.name for item in fields(Criterion))


def read_part(
    name: str, value: Any, names: Names, place: str, mark: Reference | None = None
) -> tuple[dict[str, Any], Reference | None]:
    """Read what stands under one key of a rule: the fields of a `Rule` that it gives, and the reference of its number.

    Parameters
    ----------
    name, value
        The key, and what stands under it; `None` for nothing.
    names
        What the names in it stand for.
    place
        Where it stands, for messages.
    mark
        The reference of a number that gives none, as in a scenario, where an amount may be a number alone.

    Raises
    ------
    RuleError
        When a key is unknown, missing or of another kind than expected, a number is not exact, a name is unknown.

    Examples
    --------
    >>> read_part("plafond", 10, Names(), "essai", Reference("essai", "plafond", "hypothese"))[0]
    {'plafond': Fraction(10, 1)}
    """
    if name in ("id", "titre", "note"):
        return {name: _READ.text(value, place)}, None
    if name == "millesime":
        return {name: _READ.year(value, place)}, None
    if name == "arrondi":
        return {name: _rounding(value, place)}, None
    if name == "criteres":
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            raise RuleError("expected a list of criteria", cell=place)
        entries = enumerate(value, start=1)
        return {name: tuple(Criterion.read(entry, f"{place}, entry {rank}", mark) for rank, entry in entries)}, None
    if name == "beneficiaires":
        codes, liste, reference = _beneficiaries(value, names, place)
        return {name: codes, "liste": liste}, reference
    if value is None:
        if name == "enveloppe":
            raise RuleError("a rule needs an envelope", cell=place)
        return {name: None}, None
    if name in AMOUNTS and mark is not None and not isinstance(value, Mapping):
        value = {"valeur": value}
    content = _READ.mapping(_marked(value, mark), _AMOUNT_KEYS if name in AMOUNTS else _GARANTIE_KEYS, place)
    if name not in AMOUNTS:
        return {name: _garantie(content, names, place)}, _reference(content, place)
    if content.get("unite", "EUR") != "EUR":
        raise RuleError(f"the unit is {content['unite']!r}; only 'EUR' is known", cell=f"{place}.unite")
    amount = _READ.exact(_READ.needed(content, "valeur", place), f"{place}.valeur")
    return {name: amount}, _reference(content, place)


def _marked(value: Any, mark: Reference | None) -> Any:
    if mark is None or not isinstance(value, Mapping):
        return value
    return {"source": mark.source, "emplacement": mark.emplacement, "statut": mark.statut, **value}


def _reference(content: Mapping[str, Any], place: str) -> Reference:
    statut = content.get("statut", STATUTS[0])
    if statut not in STATUTS:
        raise RuleError(f"{statut!r} is no status of a number; one of {', '.join(STATUTS)}", cell=f"{place}.statut")
    source, location = (
        _READ.text(_READ.needed(content, key, place), f"{place}.{key}") for key in ("source", "emplacement")
    )
    return Reference(source, location, statut, content.get("note"))


def _beneficiaries(value: Any, names: Names, place: str) -> tuple[tuple[str, ...], str | None, Reference | None]:
    """Read beneficiaries: their codes, the name of their list where they are one, where they were read."""
    reference = name = None
    if isinstance(value, Mapping):
        content = _READ.mapping(value, _LIST_KEYS, place)
        value, reference = _either(content, "liste", "codes", place), _reference(content, place)
    if isinstance(value, str):
        if value not in names.lists:
            raise RuleError(f"there is no list of beneficiaries {value!r}{hint(value, names.lists)}", cell=place)
        name, value = value, names.lists[value]
    elif not isinstance(value, Sequence):
        raise RuleError(f"expected the name of a list or a list of codes, found {value!r}", cell=place)
    return _checked(list(value), names, place), name, reference


def _either(content: Mapping[str, Any], first: str, second: str, place: str) -> Any:
    if (content.get(first) is None) == (content.get(second) is None):
        raise RuleError(f"expected either {first!r} or {second!r}", cell=place)
    return content[second] if content.get(first) is None else content[first]


def _checked(codes: Sequence[Any], names: Names, place: str) -> tuple[str, ...]:
    try:
        names.territories.check(codes)
    except CdppeError as error:
        raise RuleError(error.message, code=error.code, cell=f"{place}, {error.cell}") from None
    return tuple(codes)


def _garantie(content: Mapping[str, Any], names: Names, place: str) -> Garantie:
    """Read a garantie; the amounts that it names are looked up."""
    amounts, name = _either(content, "reference", "montants", place), content.get("reference")
    if name is not None:
        by_name = names.amounts()
        if not isinstance(name, str) or name not in by_name:
            raise RuleError(
                f"there are no reference amounts {name!r}{hint(str(name), by_name)}", cell=f"{place}.reference"
            )
        amounts = by_name[name]
    if not isinstance(amounts, Mapping):
        raise RuleError(f"expected an amount by code, found {amounts!r}", cell=f"{place}.montants")
    choices = {}
    for key, allowed in GARANTIE_CHOICES.items():
        choices[key] = content.get(key, allowed[0])
        if choices[key] not in allowed:
            raise RuleError(f"{choices[key]!r} is neither {allowed[0]!r} nor {allowed[1]!r}", cell=f"{place}.{key}")
    minimum, maximum = (
        None if content.get(key) is None else _READ.exact(content[key], f"{place}.{key}")
        for key in ("minimum", "maximum")
    )
    codes = sorted(_checked(list(amounts), names, f"{place}.montants"))
    exact = tuple((code, _READ.exact(amounts[code], f"{place}.montants.{code}")) for code in codes)
    return Garantie(minimum, maximum, exact, reference=name, **choices)


def _rounding(value: Any, place: str) -> Arrondi:
    """Read how exact amounts become whole."""
    if value is None:
        return Arrondi()
    content = _READ.mapping(value, [item.name for item in fields(Arrondi)], place)
    method = _READ.text(_READ.needed(content, "methode", place), f"{place}.methode")
    return Arrondi(method, _READ.exact(content.get("unite_eur", 1), f"{place}.unite_eur"))
