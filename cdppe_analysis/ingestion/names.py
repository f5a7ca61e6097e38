"""What a label names: a département, a région, another collectivité, a total of one or of all.

Names are a closed list, compared without accents, case, hyphens, articles, footnote marks nor parentheses, once the
words that introduce them (« Département de l' », « ARS ») and the code printed in the same cell are set apart. The 22
régions of before 2016 and the collectivités that are no département have the codes of the Code officiel géographique
(Insee, 2015).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.tables.numerals import ordinary_spaces
from cdppe_analysis.territories import (
    DEPARTEMENTS,
    OTHER_UNITS,
    departement_names,
    france,
    normalised,
    recognise_departement,
    region_names,
)

FORMER_REGIONS: Mapping[str, str] = {
    "21": "Champagne-Ardenne",
    "22": "Picardie",
    "23": "Haute-Normandie",
    "25": "Basse-Normandie",
    "26": "Bourgogne",
    "31": "Nord-Pas-de-Calais",
    "41": "Lorraine",
    "42": "Alsace",
    "43": "Franche-Comté",
    "54": "Poitou-Charentes",
    "72": "Aquitaine",
    "73": "Midi-Pyrénées",
    "74": "Limousin",
    "82": "Rhône-Alpes",
    "83": "Auvergne",
    "91": "Languedoc-Roussillon",
}
"""The régions of before 2016 that are none today."""

COLLECTIVITES: Mapping[str, tuple[str, ...]] = {
    "975": ("Saint-Pierre-et-Miquelon",),
    "977": ("Saint-Barthélemy",),
    "978": ("Saint-Martin",),
    "984": ("Terres australes et antarctiques françaises", "TAAF"),
    "986": ("Wallis-et-Futuna",),
    "987": ("Polynésie française",),
    "988": ("Nouvelle-Calédonie",),
}
"""The collectivités that are neither a département nor a région."""

_OF_2016 = {
    "alsacechampagneardennelorraine": "44",
    "aquitainelimousinpoitoucharentes": "75",
    "languedocroussillonmidipyrenees": "76",
    "nordpasdecalaispicardie": "32",
}
_ABBREVIATIONS = {
    **{"ht": "haut", "hte": "haute", "hts": "hauts", "htes": "hautes"},
    **{"bches": "bouches", "pyr": "pyrenees", "terr": "territoire"},
}
_ACRONYMS = {
    "ara": "84",
    "bfc": "27",
    "bzh": "53",
    "cvl": "24",
    "hdf": "32",
    "idf": "11",
    "naq": "75",
    "occ": "76",
    "pdl": "52",
}

OVERSEAS = frozenset({"01", "02", "03", "04", "06"})
"""Codes of the régions that are overseas."""

_CODE = r"(?:0?2[ab] (?:et )?0?2[ab]|0?[0-9]{2}|0?2[ab]|9[78][0-9]|69[dm]|6ae)"
_BEFORE = re.compile(rf"(?:(?:dep|dept|dpt|departement|cd) |d)?(?P<code>{_CODE}|2 [ab]|[1-9]) (?P<name>[a-z].*)")
_AFTER = re.compile(rf"(?P<name>.*[a-z]) (?P<code>{_CODE})")
_TIES = re.compile(
    r"(?:departements?(?: region)?|de?pt|conseils? departementa(?:l|ux)|conseil general|cd|ars|"
    r"agence regionale de sante|region|dreets|drjscs|dral|drieets|deets|mdph|prefecture|ddets(?:pp)?|ddcs(?:pp)?|dsden|"
    r"sdis|udaf|caf|cpam|d[dt](?: ars)?|"
    r"collectivite(?: territoriale)?(?: unique)?|ctu?|ville|academie)"
    r"(?: (?:de l|de la|de|du|des|d|l))* (?P<name>.+)"
)
_OVERSEAS = r"(?:outre ?mer|drom?(?: com)?|dom(?: ?(?:tom|com))?)"
_TOTAL = re.compile(
    r"(?:soit )?(?:(?:un|au|le) )?"
    r"(?P<what>(?:sous |s |grand |somme )?(?:tota(?:l|ux|le)|tot|ttl|t o t a l)"
    r"(?: (?:general|national|partiel|final))?|ensemble|cumul|"
    r"(?:montants?|enveloppes?|credits?|dotations?|budget) (?:tota|globa|nationa)(?:le?s?|ux)|"
    r"tou(?:te)?s (?:les )?(?:ars|regions|departements)|france|metropole|hexagone|"
    rf"{_OVERSEAS}|national|(?:a )?report(?:er)?$)(?: (?P<rest>.*))?"
)
_WHOLE = re.compile(
    r"(?:grand )?total (?:general|national|final)|grand total|ensemble|"
    r"(?:montants?|enveloppes?|credits?|dotations?|budget) (?:tota|globa|nationa)|"
    r"tou(?:te)?s |france|national"
)
_OF_FRANCE = re.compile(r"(?:entiere|metropolitaine|hexagonale|) ?(?:hors .*|y compris .*|et .*|)|metropole.*|total.*")
_OVERSEAS_TOO = re.compile(rf"(?:et |plus )?(?:{_OVERSEAS})")
_OF_OVERSEAS = re.compile(r"outre ?mer|\bultramarine?s?\b|\bom$|\bdrom?\b|\bdom(?:tom|com)?\b|\bcom\b")
_OTHER_HALF = {"outre_mer": "metropole", "metropole": "outre_mer"}
_SHORT = 9
_LONGEST = 8
_MARKS = re.compile("[*†‡§⁰¹²³⁴-⁹ᵃᵇᶜᵈᵉ]")
_BULLET = re.compile(r"^(?:(?:[-–—•·▪*>]|[0-9]{1,3}°|[a-z]\))\s+)+|(?<![\s:;,.…])[\s:;,.…]+$")
_A_LETTER = re.compile(r"[^\W\d_]")
CUT = re.compile(r"\w[-–][\s.…]*$")
_CUT_AFTER = re.compile(r"[-–](?:et|de|la|le|du|en|sur|d)[\s.…]*$", re.IGNORECASE)
_CODE_ALONE = re.compile(r"(?:FR-|D)?(?:[0-9]{1,3}|0?2[ABab]|20[AB]|69[DM]|67A|6AE|20R|75C|97[23]R)")
_CODES_OF_OTHERS = {"67A": "6AE", "20R": "20", "75C": "75", "972R": "972", "973R": "973"}
"""INSEE's code of a territory where the DGCL gives another, or INSEE one to the collectivité that governs it."""

_PARENTHESES = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_ACRONYM = re.compile("[A-Z][A-Za-z]?[A-Z]{1,8}")
_SAYS_NO_OTHER = re.compile(
    r"(?:\b(?:l[ae]?s?|d[eu]?s?|et|departements?|dep|dpt|regions?|collectivites?|unique|territoriale|drom|dom|com|ctu?|"
    r"ars|drihl|dreets|deets|drieets|cd|notes?|cf|voir|renvoi|suite|fin|provisoires?|prov|definitifs?|estime?e?s?|"
    rf"estimations?|donnees|revise?e?s?|nd|ns|{_CODE}|[0-9]+|[a-z])\b ?)*"
)
"""What stands in parentheses after a name and names nothing else: an article, a code, a mark, what it is, an office."""

_ABBREVIATED = re.compile(r"[^\W\d_]\.")
_NOT_OF_A_CODE = tuple("ars agence region dreets drjscs dral deets ct collectivite ville academie".split())


@dataclass(frozen=True)
class Label:
    """What a text names; several at once where a name is both (La Réunion). `total` says of what it is the total.

    `total` is None, `tout`, `metropole`, `outre_mer`, `region`, `departement`, `hors` (all but the territories whose
    codes a space separates) or, for an unnamed one, an empty text; `code` is the code printed in the same cell, as the
    Code officiel géographique writes it.
    """

    departement: str = ""
    region: str = ""
    collectivite: str = ""
    total: str | None = None
    code: str = ""

    @property
    def territory(self) -> bool:
        """A territory, and no total."""
        return bool(self.departement or self.region or self.collectivite) and self.total is None

    @property
    def known(self) -> bool:
        """A territory or a total."""
        return self.territory or self.total is not None

    def same(self, other: Label) -> bool:
        """Tell whether both name the same territory, whatever introduces it."""
        shared = self.region == other.region != "" or self.departement == other.departement != ""
        return shared and self.total == other.total


@lru_cache(maxsize=100_000)
def label(text: str) -> Label:
    r"""Read a label.

    Examples
    --------
    >>> label("Loir-et-").known
    False
    >>> label("2A-2B CORSE (*)").departement, label("Département de l'Ain (01)").code, label("Loir").known
    ('20', '01', False)
    >>> label("Sous-total DOM/ TOM").total, label("Total Bretagne"), label("Île-de-\nFrance (DRIHL)").region
    ('outre_mer', Label(departement='', region='53', collectivite='', total='region', code=''), '11')
    """
    if CUT.search(text) or _CUT_AFTER.search(text) or not _A_LETTER.search(text):
        return Label()
    plain = _BULLET.sub("", _MARKS.sub("", ordinary_spaces(text).replace("\n", " ").strip()))
    parts = [part for part in _PARENTHESES.findall(plain) if "%" not in part]
    inside = [normalised(part) for part in parts]
    codes = [part for part in inside if re.fullmatch(_CODE, part)]
    code = codes[-1] if codes else ""
    bare = normalised(_PARENTHESES.sub(" ", plain))
    # « Loire (Haute-) » is no « Loire »: what stands in parentheses, or after a comma, may begin the name.
    inverted = [f"{part} {bare}" for part in inside]
    first, comma, last = plain.partition(",")
    inverted += [normalised(f"{last} {first}")] if comma else []
    whole = [normalised(plain), *inverted] if inverted and not code else []
    written = next((named for each in whole if (named := _named(each)).known), None)
    territory = written or _named(bare)
    if written is None and territory.total is None and not all(_says_no_other(part, bare, plain) for part in parts):
        return Label()
    if not territory.known:
        tied = _TIES.fullmatch(bare)
        texts = [bare, tied["name"]] if tied else [bare]
        for match in (pattern.fullmatch(each) for each in texts for pattern in (_BEFORE, _AFTER)):
            if match and (named := _named(normalised(match["name"]))).known and named.total is None:
                return replace(named, code=departement_code(match["code"]))
        of_a_code = tied and (not bare.startswith(_NOT_OF_A_CODE) or tied["name"].startswith("97"))
        if tied and of_a_code and re.fullmatch(_CODE, tied["name"]):
            code = departement_code(tied["name"])
            return Label(departement=code, code=code)
        territory = _begun(bare) if _ABBREVIATED.search(text) else territory
    return replace(territory, code=departement_code(code)) if code and territory.known else territory


def _says_no_other(part: str, name: str, plain: str) -> bool:
    """Tell whether what is in parentheses leaves a name what it is: « Vienne (Isère) », « Eure (sud) » are others."""
    if (_ACRONYM.fullmatch(part.strip()) and not plain.isupper()) or _SAYS_NO_OTHER.fullmatch(normalised(part)):
        return True
    whole, named = _named(normalised(part)), _named(name)
    around = france().covers.get(whole.departement, ())
    return whole.same(named) or whole.region == region_of(named.departement) != "" or named.departement in around


def joins(parts: Sequence[str]) -> bool:
    r"""Tell whether texts one under another make one known name, that they make no longer without the first.

    Examples
    --------
    >>> joins(["Alpes-de-Haute-", "Provence"]), joins(["montant de la", "Réunion"]), joins(["Ain", "Lot"])
    (True, False, False)
    """
    whole = label("\n".join(parts))
    if len(parts) == 1 or not whole.known:
        return whole.known
    total = label(parts[0]).total is not None and not (whole.region or whole.departement)
    if label(parts[0]).total is not None and re.search("[.:;]", " ".join(parts[1:])):
        return False
    if re.fullmatch("(?:departement|region)s?", normalised(parts[0])):
        return False
    if normalised(parts[0]) in ("la", "territoire de"):
        return True
    return not (total or whole.same(label("\n".join(parts[1:]))) or all(label(part).known for part in parts))


def begins_with_a_name(text: str, most: int = 1000) -> bool:
    """Tell whether the first words of a text name a territory or a total, `most` others at most after them.

    Examples
    --------
    >>> begins_with_a_name("Hautes-Alpes environ"), begins_with_a_name("Pour l'Ain")
    (True, False)
    """
    words = text.split()
    counts = range(max(1, len(words) - most), min(_LONGEST, len(words)) + 1)
    return any(label(" ".join(words[:count])).known for count in counts)


def _named(name: str) -> Label:
    territory = _territory(name)
    if territory is not None:
        return territory
    tied = _TIES.fullmatch(name)
    if tied and (territory := _territory(normalised(tied["name"]))) is not None:
        if name.startswith(("ars", "agence", "region", "dr", "deets")) and territory.region:
            return Label(region=territory.region)
        return Label(departement=territory.departement) if territory.departement else territory
    return _total(name) or Label()


def _total(name: str) -> Label | None:
    match = _TOTAL.fullmatch(name)
    if match is None:
        return None
    what, rest = match["what"], re.sub(r"^(?:(?:de l|de la|de|du|des|d|l|la|les|pour) )+", "", match["rest"] or "")
    if what in ("metropole", "hexagone") and _OVERSEAS_TOO.fullmatch(rest):
        return Label(total="tout")
    # « Ensemble scolaire », « France Travail », « Métropole de Lille » are no totals.
    if rest and not _OF_FRANCE.fullmatch(rest.removeprefix("france").strip()):
        of_others = re.match(r"pour |(?!des? |du |d |l )", match["rest"]) and not _named(rest).known
        if what in ("france", "metropole", "hexagone") or (what == "ensemble" and of_others):
            return None
    if without := _without(rest):
        return without
    if re.search(rf"(?:metropol|hexagon).* (?:et|plus|y compris) (?:les )?{_OVERSEAS}$", name):
        return Label(total="tout")
    if re.search(r"metropol(?!e de)|hexagon", name) and "outre mer" not in name:
        return Label(total="metropole")
    if _OF_OVERSEAS.search(name) and not re.search(r"metropol|hors", name):
        return Label(total="outre_mer")
    territory = _named(rest) if rest else None
    if territory is not None and territory.region:
        return Label(region=territory.region, total="region")
    if territory is not None and territory.departement:
        return Label(departement=territory.departement, total="departement")
    return Label(total="tout" if _WHOLE.match(name) else "region" if rest in ("region", "regional", "ars") else "")


def _without(rest: str) -> Label | None:
    """Return the total of all but the territories that follow « hors »; « province » is all but the Île-de-France."""
    left_out = "ile de france" if re.fullmatch("(?:la )?provinces?", rest) else rest.rpartition("hors ")[2]
    if "hors " not in rest and left_out == rest:
        return None
    words, whole = left_out.split(" et "), _named(left_out)
    if whole.total in _OTHER_HALF and not any(_named(each).territory for each in words):
        return Label(total=_OTHER_HALF[whole.total])
    known = _each(words)
    if not known:
        return None
    codes = zip(*((each.departement, each.region, each.collectivite) for each in known), strict=True)
    departements, regions, collectivites = (" ".join(filter(None, each)) for each in codes)
    return Label(departements, regions, collectivites, total="hors")


def _each(words: Sequence[str]) -> list[Label]:
    """Return the territories that words between « et » name, the longest names first; none where one is unknown."""
    for size in range(len(words), 0, -1):
        first, others = _named(" et ".join(words[:size])), words[size:]
        after = _each(others)
        if first.territory and (after or not others):
            return [first, *after]
    return []


def _territory(name: str) -> Label | None:
    key = "".join(_ABBREVIATIONS.get(word, word) for word in name.split())
    territory = Label(*(names.get(key, "") for names in _keys()))
    return territory if territory.known else None


def _begun(name: str) -> Label:
    """Read a name whose words are cut (« Pyr.-Atl. »), where one name of a département begins so."""
    words = [_ABBREVIATIONS.get(word, word) for word in name.split()]
    codes = {
        code
        for known, code in departement_names().items()
        if len(known.split()) >= len(words) > 1 and all(map(str.startswith, known.split(), words))
    }
    return Label(departement=codes.pop()) if len(codes) == 1 else Label()


@cache
def _keys() -> Sequence[Mapping[str, str]]:
    """Return the codes of the départements, of the régions, of the other collectivités, by name without spaces."""
    others = {name: code for code, names in COLLECTIVITES.items() for name in names}
    former = {name: code for code, name in FORMER_REGIONS.items()}
    known = departement_names(), {**region_names(), **former}, others
    keys = [{normalised(name).replace(" ", ""): code for name, code in names.items()} for names in known]
    rhone = dict.fromkeys(("departementdurhone", "rhoneetmetropoledelyon", "rhonemetropoledelyon"), "69")
    keys[0] |= {**rhone, "metropolelyon": "69M", "iledelareunion": "974"}
    keys[1] |= {**_OF_2016, **_ACRONYMS, "collectivitedecorse": "94", "iledelareunion": "04"}
    return keys


def departement_code(printed: str) -> str:
    """Return a code as the Code officiel géographique writes it, or an empty text.

    Examples
    --------
    >>> departement_code("001"), departement_code("2a"), departement_code("2A-2B"), departement_code("999")
    ('01', '2A', '20', '')
    """
    code = re.sub(r"[^0-9A-Z]", "", printed.upper().replace("ET", ""))
    code = re.sub(r"^(?:FR|D)(?=[0-9])|(?<=^2)0(?=[AB]$)", "", code)
    if re.fullmatch(r"0?2A0?2B", code):
        return "20"
    for candidate in (_CODES_OF_OTHERS.get(code, code), code.removeprefix("0"), code.zfill(2)):
        if candidate in DEPARTEMENTS or candidate in OTHER_UNITS or candidate in COLLECTIVITES:
            return candidate
    return ""


def code_alone(cell: str) -> str:
    """Return the code of a département that a cell is, or an empty text.

    Examples
    --------
    >>> code_alone("001"), code_alone("2a"), code_alone("01 Ain")
    ('01', '2A', '')
    """
    return departement_code(cell) if _CODE_ALONE.fullmatch(cell.strip()) else ""


def is_code_of(printed: str, code: str) -> bool:
    """Tell whether a printed code is that of a département, or of a whole of which it is a part, or of a part of it.

    Examples
    --------
    >>> is_code_of("69", "69M"), is_code_of("2A", "20"), is_code_of("2A", "2B"), is_code_of("972", "976")
    (True, True, False, False)
    """
    read = departement_code(printed)
    covers = france().covers
    return read == code != "" or read in covers.get(code, ()) or code in covers.get(read, ())


def official(code: str) -> str:
    """Return the official name of a département, of a unit that stands for one, or of a collectivité."""
    unit = DEPARTEMENTS.get(code) or OTHER_UNITS.get(code)
    return unit.libelle if unit else COLLECTIVITES[code][0]


def region_of(code: str) -> str:
    """Return the code of the région of a département, empty for a collectivité."""
    unit = DEPARTEMENTS.get(code) or OTHER_UNITS.get(code)
    return unit.code_region if unit else ""


def guessed(text: str, code: str = "") -> Label:
    """Read a name of a département that is cut, or misspelt by its likeness; nothing where no name, or two, are near.

    A short name (« Moyenne » is near « Mayenne ») needs its `code` beside it.

    Examples
    --------
    >>> guessed("Meurhe-et-Moselle").departement, guessed("Charente-M").departement, guessed("Lot Nord").known
    ('54', '17', False)
    """
    match = _BEFORE.fullmatch(normalised(text))
    words = match["name"] if match else normalised(text)
    code = departement_code(match["code"] if match else code)
    cut = _begun(words).departement
    if cut and code in ("", cut):
        return Label(departement=cut, code=code)
    if len(words) < _SHORT and not code:
        return Label()
    try:
        near = recognise_departement(words, code=code or None)
    except TerritoryError:
        return Label()
    # « Seine-et-Marne Nord » is a part of it.
    a_part = set(normalised(official(near)).split()) < set(words.split())
    return Label() if a_part else Label(departement=near, code=code)
