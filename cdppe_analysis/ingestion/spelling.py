"""Names spelt otherwise than the official list: read where one territory is near enough, and always said.

The likeness is that of `territories.recognise_departement` and `recognise_region`, which refuse what could be two.
"""

from __future__ import annotations

from dataclasses import replace

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.ingestion.labels import Element, Label
from cdppe_analysis.ingestion.vocabulary import Meaning, cut, key, official_name, spans_of
from cdppe_analysis.territories import recognise_departement, recognise_region

_MISSPELT_WORDS = 6
_MISSPELT_LETTERS = 4


def respelt(element: Element) -> Element:
    """Return words as the label that they misspell, where one territory is near enough; else the words as they are.

    Examples
    --------
    >>> respelt(Element("words", 0, "Meurhe-et-Moselle", 0, 0)).label.departement
    '54'
    >>> respelt(Element("words", 0, "Réserve nationale", 0, 0)).kind
    'words'
    """
    words = tuple(element.text[start:end] for start, end in spans_of(element.text))
    runs = cut(words)
    while runs and runs[0].meaning is not None and not runs[0].meaning.is_name:
        runs = runs[1:]
    misspelt = tuple(word for run in runs for word in run.words)
    if not misspelt or len(misspelt) > _MISSPELT_WORDS or len(key(misspelt)) < _MISSPELT_LETTERS:
        return element
    name = " ".join(misspelt)
    codes: list[str | None] = []
    for recognise in (recognise_departement, recognise_region):
        try:
            codes.append(recognise(name))
        except TerritoryError:
            codes.append(None)
    if codes == [None, None]:
        return element
    label = Label(element.text, element.line, element.line, element.x0, element.x1, codes[0], codes[1], misspelt=True)
    return replace(element, kind="label", label=label)


def misspelling(label: Label) -> str | None:
    """Return the official name where the printed one differs from it otherwise than by accents, case and hyphens."""
    meaning = Meaning(departement=label.departement, region=label.region)
    official = official_name(meaning)
    words = tuple(label.text[start:end] for start, end in spans_of(label.text))
    names = [run for run in cut(words) if run.meaning is not None and run.meaning.is_name]
    printed = key(names[-1].words) if names else key(words)
    same = printed == key(official.split()) or (label.departement == "69D" and printed == "rhone")
    return None if same else official


def departements_in(text: str) -> list[str]:
    """Return the codes of the départements that a text names among other words.

    Examples
    --------
    >>> departements_in("Ain : cent mille euros"), departements_in("Bretagne, pour mémoire")
    (['01'], [])
    """
    runs = cut(tuple(text[start:end] for start, end in spans_of(text)))
    return [run.meaning.departement for run in runs if run.meaning is not None and run.meaning.departement is not None]
