"""The closed list of what may name a row: départements, régions, totals, and the words that tie them.

The words before an amount are cut into known names, the fewest that leave the fewest words unknown. What is left over
may be the beginning of a name that the next line ends; `is_beginning` tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cdppe_analysis.tables.amounts import MARKS
from cdppe_analysis.territories import DEPARTEMENTS, OTHER_UNITS, REGIONS, departement_names, normalised, region_names

Scope = Literal["", "tout", "metropole", "outre_mer", "report", "region"]

_TOTALS: Mapping[str, Scope] = {
    "total": "",
    "totaux": "",
    "sous total": "",
    "sous totaux": "",
    "total partiel": "",
    "total general": "tout",
    "total national": "tout",
    "total des departements": "tout",
    "total departements": "tout",
    "total enveloppe": "tout",
    "enveloppe totale": "tout",
    "montant total": "tout",
    "ensemble": "tout",
    "ensemble des departements": "tout",
    "france": "tout",
    "france entiere": "tout",
    "national": "tout",
    "france metropolitaine": "metropole",
    "france hexagonale": "metropole",
    "metropole": "metropole",
    "hexagone": "metropole",
    "outre mer": "outre_mer",
    "outremer": "outre_mer",
    "dom": "outre_mer",
    "drom": "outre_mer",
    "report": "report",
    "a reporter": "report",
    "total a reporter": "report",
    "total page": "report",
    "total de la page": "report",
    "total region": "region",
    "total regional": "region",
    "total de la region": "region",
    "total ars": "region",
    "sous total region": "region",
    "sous total regional": "region",
    "sous total ars": "region",
}
_TIES: Mapping[str, Literal["", "region", "departement"]] = {
    **dict.fromkeys(("de", "du", "des", "d", "l", "la", "le", "les", "suite"), ""),
    **dict.fromkeys(("ars", "ars de", "agence regionale de sante", "region"), "region"),
    **dict.fromkeys(("departement", "conseil departemental", "cd"), "departement"),
}
_ARTICLES = {"la", "le", "les", "l"}
_CODE = re.compile(r"[(\[]?(?P<code>0[1-9]|[1-9][0-9]|2[AB]|97[1-6]|69[DM]|6AE)[)\]]?")
_LAST_MARKS = re.compile(f"{MARKS}$")
_WORD = re.compile(r"(?<!\S)[dDlL]['’](?=\S)|\S+")
LONGEST_NAME = 9
"""More words than any known name has."""


@dataclass(frozen=True)
class Meaning:
    """What a run of words may be; a name may be a département and a région at once (`La Réunion`)."""

    departement: str | None = None
    region: str | None = None
    total: Scope | None = None
    tie: Literal["", "region", "departement"] | None = None
    code: str | None = None

    @property
    def is_name(self) -> bool:
        """A département, a région, or either."""
        return self.departement is not None or self.region is not None


@dataclass(frozen=True)
class Run:
    """Words that mean one thing together, or one word that means nothing known (`meaning` is then None)."""

    words: tuple[str, ...]
    meaning: Meaning | None


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a printed label; `d'` and `l'` stand apart, punctuation alone is dropped.

    Examples
    --------
    >>> words_of("Département de l’Aisne :")
    ('Département', 'de', 'l’', 'Aisne')
    """
    return tuple(text[start:end] for start, end in spans_of(text))


def spans_of(text: str) -> tuple[tuple[int, int], ...]:
    """Return the first and last character of each of these words."""
    return tuple(match.span() for match in _WORD.finditer(text) if normalised(match.group()))


def key(words: Sequence[str]) -> str:
    """Return what two spellings of a name share: no accent, case, space, hyphen, article nor footnote mark."""
    kept = (word if _CODE.fullmatch(word) else _LAST_MARKS.sub("", word) for word in words)
    return normalised(" ".join(kept)).replace(" ", "")


def name_of(words: Sequence[str]) -> Meaning | None:
    """Return the territory that these words name exactly.

    Examples
    --------
    >>> name_of(["Alpes-de-Haute-", "Provence"])
    Meaning(departement='04', region=None, total=None, tie=None, code=None)
    >>> name_of(["La", "Réunion"]).region
    '04'
    """
    found = _names().get(key(words))
    return found if found is None or found.is_name else None


def is_beginning(words: Sequence[str]) -> bool:
    """Tell whether these words begin a name and do not end it.

    Examples
    --------
    >>> is_beginning(["Pays", "de", "la"]), is_beginning(["Loire"]), is_beginning(["Nord"])
    (True, True, False)
    """
    written = key(words)
    return written in _ARTICLES or written in _beginnings()


def official_name(meaning: Meaning) -> str:
    """Return the name that the official list gives to a territory."""
    if meaning.departement is not None:
        unit = DEPARTEMENTS.get(meaning.departement) or OTHER_UNITS[meaning.departement]
        return unit.libelle
    return REGIONS[meaning.region or ""]


def cut(words: Sequence[str]) -> list[Run]:
    """Cut words into runs: the fewest unknown words, then the fewest runs.

    Examples
    --------
    >>> [(run.words, run.meaning is not None) for run in cut(["Pays", "de", "la", "Loire", "Maine-et-Loire"])]
    [(('Pays', 'de', 'la', 'Loire'), True), (('Maine-et-Loire',), True)]
    >>> cut(["Vague", "1"])[0].meaning is None
    True
    """
    best: list[tuple[int, int, list[Run]] | None] = [(0, 0, []), *([None] * len(words))]
    for start in range(len(words)):
        unknown, runs, path = best[start] or (0, 0, [])
        choices: list[tuple[int, int, Meaning | None]] = [(start + 1, 1, None)]
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1):
            meaning = _meaning(tuple(words[start:end]))
            if meaning is not None:
                choices.append((end, 0, meaning))
            elif not _may_lengthen(words[start:end]):
                break
        for end, more, found in choices:
            choice = (unknown + more, runs + 1, [*path, Run(tuple(words[start:end]), found)])
            best[end] = min(best[end] or choice, choice, key=lambda candidate: candidate[:2])
    return (best[-1] or (0, 0, []))[2]


def _may_lengthen(words: Sequence[str]) -> bool:
    written = key(words)
    return written in _ARTICLES or written in _beginnings() or written in _beginnings_of_other_words()


@cache
def _meaning(words: tuple[str, ...]) -> Meaning | None:
    if len(words) == 1 and (code := _CODE.fullmatch(words[0])):
        return Meaning(code=code["code"])
    return _names().get(key(words))


@cache
def _names() -> Mapping[str, Meaning]:
    departements = {name.replace(" ", ""): code for name, code in departement_names().items()}
    regions = {name.replace(" ", ""): code for name, code in region_names().items()}
    names = {
        name: Meaning(departement=departements.get(name), region=regions.get(name))
        for name in {**departements, **regions}
    }
    totals = {key(words.split()): Meaning(total=scope) for words, scope in _TOTALS.items()}
    ties = {key(words.split()): Meaning(tie=side) for words, side in _TIES.items()}
    return {**ties, **totals, **names}


@cache
def _beginnings() -> frozenset[str]:
    names = [name for name, meaning in _names().items() if meaning.is_name]
    return frozenset(name[:length] for name in names for length in range(3, len(name)))


@cache
def _beginnings_of_other_words() -> frozenset[str]:
    others = [name for name, meaning in _names().items() if not meaning.is_name]
    return frozenset(name[:length] for name in others for length in range(1, len(name)))
