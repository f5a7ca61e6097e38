"""A scenario: a header, and what differs from a baseline rule, by path, with what it supposes.

Paths are those of a rule file (`enveloppe`, `plancher`, `beneficiaires`, `garantie`, `arrondi.methode`), and
`criteres.<id>.<key>` for a criterion; `criteres.<id>` adds one (a mapping) or takes one away (null). An amount may be
given as a number. Weights that no longer sum to 1 are an error, unless they are to be divided by their sum. A
difference that differs in nothing is named. What is changed has the new rule as its source, status `hypothese`.

What a file holds is read strictly; nothing here reads a file.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cdppe_analysis.errors import RuleError, ScenarioError, written
from cdppe_analysis.rules.parts import AMOUNTS, GARANTIE_CHOICES, Criterion, Reference, read_part
from cdppe_analysis.storage.strict import Strict, hint

_READ = Strict(ScenarioError)
_LONGEST = 80
_ID = re.compile(rf"(?!\.)[^/\\\x00-\x1f\x7f]{{1,{_LONGEST}}}")
_HEADER = ("id", "titre", "auteur", "reference", "base", "raisonnement")
_KEYS = (*_HEADER, "renormaliser", "differences", "variantes", "hypotheses", "incertitudes", "note")
_VARIANT_KEYS = ("id", "titre", "raisonnement", "differences")
_BOTH = "les_deux"
_SIDES = (_BOTH, "scenario", "base")
_PARTS = {
    "millesime": (),
    "beneficiaires": (),
    "criteres": (),
    **dict.fromkeys(AMOUNTS, ("valeur",)),
    "garantie": ("minimum", "maximum", "reference", "montants", *GARANTIE_CHOICES),
    "arrondi": ("methode", "unite_eur"),
}
_CRITERION_PARTS = ("poids", "millesime", "edition")


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

    def mapping(self) -> dict[str, Any]:
        """Return the content of a file that holds this scenario alone, from which `parse_scenarios` builds it again."""
        content: dict[str, Any] = {key: getattr(self, key) for key in _HEADER}
        content["renormaliser"] = self.renormaliser
        content["differences"] = dict(self.differences)
        content["hypotheses"] = [
            {key: getattr(entry, key) for key in _keys(Completion) if getattr(entry, key) is not None}
            for entry in self.hypotheses
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
            for entry in self.incertitudes
        ]
        return content


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


def _keys(part: type) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(part))


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
    mapping = _READ.mapping(entry, _keys(Completion), place)
    return Completion(
        critere=_text(mapping, "critere", place),
        par=_text(mapping, "par", place),
        millesime=_READ.year(mapping.get("millesime"), f"{place}.millesime"),
        edition=mapping.get("edition"),
        dispersion=str(mapping.get("dispersion", "observee")),
        raison=_text(mapping, "raison", place),
    )


def _uncertainty(entry: Any, place: str) -> Uncertainty:
    mapping = _READ.mapping(entry, _keys(Uncertainty), place)
    parameters = _READ.keyed(mapping.get("parametres") or {}, f"{place}.parametres")
    units = mapping.get("unites")
    on = mapping.get("sur", _BOTH)
    if on not in _SIDES:
        raise ScenarioError(f"expected one of {', '.join(_SIDES)}, found {on!r}", cell=f"{place}.sur")
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


@dataclass(frozen=True)
class Difference:
    """One path, and its value before and after: exact numbers, criteria, a garantie, codes or the name of a list."""

    chemin: str
    avant: Any
    apres: Any


def changed_fields(
    base: Mapping[str, Any], differences: Iterable[tuple[str, Any]], identifier: str, *, renormalise: bool
) -> tuple[dict[str, Any], tuple[Difference, ...], tuple[str, ...]]:
    """Apply some differences to the fields of a rule; see `Rule.changed`.

    Parameters
    ----------
    base
        The fields of the baseline rule.
    differences
        Pairs of a path and a value.
    identifier
        That of the new rule, which is also the source of what changes.
    renormalise
        Divide the weights by their sum.

    Returns
    -------
    tuple
        The fields of the new rule, what differs, and the paths of the differences that differ in nothing.
    """
    wanted = list(differences)
    paths = [path for path, _ in wanted]
    _check_overlaps(paths, identifier)
    known_paths = _known_paths(base["criteres"])
    fields, changed, unchanged = {**base, "id": identifier}, [], []
    # A year comes before its edition, so that the order of the file says nothing.
    for path, value in sorted(wanted, key=lambda pair: pair[0].endswith(".edition")):
        adds = path.startswith("criteres.") and path.count(".") == 1 and isinstance(value, Mapping)
        if path not in known_paths and not adds:
            raise ScenarioError(f"unknown path {path!r}{hint(path, known_paths)}", cell=identifier)
        before = _read(fields, path)
        try:
            _write(fields, path, value, f"{identifier}, {path}")
        except RuleError as error:
            raise ScenarioError(
                error.message, code=error.code, criterion=error.criterion, cell=f"{identifier}, {path}"
            ) from None
        after = _read(fields, path)
        if _comparable(before) == _comparable(after):
            unchanged.append(path)
        else:
            changed.append(Difference(path, _shown(before), _shown(after)))
    fields["criteres"] = _settled(fields["criteres"], renormalise, identifier)
    changed.sort(key=lambda difference: paths.index(difference.chemin))
    return fields, tuple(changed), tuple(sorted(unchanged, key=paths.index))


def _known_paths(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """Return the paths that a difference may name in a rule of these criteria.

    Examples
    --------
    >>> _known_paths([Criterion("igb", Fraction(1), 2019, "note", "p. 1")])[-3:]
    ('criteres.igb.poids', 'criteres.igb.millesime', 'criteres.igb.edition')
    """
    parts = {**_PARTS, **{f"criteres.{criterion.id}": _CRITERION_PARTS for criterion in criteria}}
    return tuple(path for name, own in parts.items() for path in (name, *(f"{name}.{part}" for part in own)))


def _write(fields: dict[str, Any], path: str, value: Any, place: str) -> None:
    name, *rest = path.split(".", 2)
    mark = Reference(f"scenario {fields['id']}", path, "hypothese")
    if name == "criteres" and rest:
        fields[name] = _criteria(fields[name], rest, value, mark, place)
        return
    before = fields[name]
    if name in AMOUNTS and rest and before is None:
        raise RuleError(f"the baseline has no {name}; give {name!r} whole")
    if rest and name not in AMOUNTS:
        # The other parts stay as they are: of a garantie, its amounts by their name where they have one.
        said = {} if before is None else {key: part for key, part in vars(before).items() if part is not None}
        if name == "garantie" and said:
            other = {"reference": "montants", "montants": "reference"}.get(rest[0])
            said |= {"montants": dict(before.montants)}
            said.pop(other or ("montants" if before.reference else "reference"), None)
        value = {**said, rest[0]: value}
    values, reference = read_part(name, value, fields["names"], place, mark)
    fields |= values
    if hasattr(fields["references"], name):
        fields["references"] = dataclasses.replace(fields["references"], **{name: reference})


def _criteria(
    criteria: tuple[Criterion, ...], rest: Sequence[str], value: Any, mark: Reference, place: str
) -> tuple[Criterion, ...]:
    name, *part = rest
    before = next((criterion for criterion in criteria if criterion.id == name), None)
    if not part and value is None:
        return tuple(criterion for criterion in criteria if criterion.id != name)
    if not part and not isinstance(value, Mapping):
        raise RuleError(f"expected keys and values (or null to take it away), not {value!r}")
    if part:
        if before is None:
            raise RuleError(f"the criterion {name!r} was taken away")
        # An edition is that of a year: the baseline's own does not hold for another.
        own = {"edition": None} if part[0] == "millesime" else {}
        marked = {"source": mark.source, "emplacement": mark.emplacement, "statut": mark.statut}
        value = {**vars(before), **own, part[0]: value, **marked}
    after = Criterion.read({**value, "id": name}, place, mark)
    if before is None:
        return (*criteria, after)
    return tuple(after if criterion is before else criterion for criterion in criteria)


def _settled(criteria: tuple[Criterion, ...], renormalise: bool, identifier: str) -> tuple[Criterion, ...]:
    total = sum((criterion.poids for criterion in criteria), Fraction(0))
    negative = any(criterion.poids < 0 for criterion in criteria)
    if not criteria or (total == 1 and not negative):
        return criteria
    listed = ", ".join(f"{criterion.id} {written(criterion.poids)}" for criterion in criteria)
    if negative:
        raise ScenarioError(f"a weight is negative: {listed}", cell=identifier)
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
    name, *rest = path.split(".", 2)
    value = fields[name]
    if name == "criteres" and rest:
        value = next((criterion for criterion in value if criterion.id == rest[0]), None)
        rest = rest[1:]
    if name == "beneficiaires":
        return _Beneficiaries(tuple(sorted(value)), fields["liste"])
    return getattr(value, rest[0], None) if rest and name not in AMOUNTS else value


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


def _shown(value: Any) -> Any:
    return (value.name or value.codes) if isinstance(value, _Beneficiaries) else value


def _check_overlaps(paths: Sequence[str], identifier: str) -> None:
    for path in paths:
        for other in paths:
            if other.startswith(f"{path}."):
                raise ScenarioError(f"the differences {path!r} and {other!r} overlap", cell=identifier)
