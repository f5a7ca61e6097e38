"""The words that pages explain: acronyms expanded and measures linked at their first use, from `glossary.yml`.

A page is read as text and tags, once; its header and its content each have a first use. Known drawback: what a script
writes, code and the letters of a picture are left as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.typography import typeset

GLOSSARY = "glossaire.html"
"""The name of the page of the site that holds all of them."""

_TAG = re.compile(
    r"<(script|style|svg|template|code|abbr|dfn|title|math|datalist|textarea|select)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>",
    re.DOTALL,
)
_WITHOUT_LINK = re.compile(r"<(/?)(?:a|button|summary|label|nav)\b")


@dataclass(frozen=True)
class _Entry:
    """A word: an acronym and its expansion (`sens`), or a measure with its definition and its formula."""

    terme: str
    sens: str = ""
    definition: str = ""
    formule: str = ""
    mots: tuple[str, ...] = ()

    @property
    def ancre(self) -> str:
        """Where the word stands in the glossary."""
        return slug(self.terme)


@cache
def entries() -> tuple[_Entry, ...]:
    """Return all words: acronyms, then measures, in French order."""
    said = read_yaml(Path(__file__).with_name("glossary.yml"))
    made = [
        _Entry(
            mots=tuple(map(typeset, one.get("mots", ()))),
            **{key: typeset(text) for key, text in one.items() if key != "mots"},
        )
        for one in (*said["sigles"], *said["mesures"])
    ]
    return tuple(sorted(made, key=lambda entry: (not entry.sens, entry.ancre)))


def used(text: str) -> list[_Entry]:
    """Return the words that a text uses, in the order of the glossary.

    Examples
    --------
    >>> [entry.terme for entry in used("La PMI et l’ASE")]
    ['ASE', 'PMI']
    """
    words = {_by_word()[_key(word)] for word in _words().findall(text)}
    return [entry for entry in entries() if entry in words]


def explained(page: str, glossary: str | None) -> str:
    """Return a page whose words are explained where it first uses them.

    Parameters
    ----------
    page
        HTML, or a part of it.
    glossary
        The address of the glossary from the page; without it acronyms are expanded and nothing is linked.

    Examples
    --------
    >>> explained("<p>ASE, ASE</p>", None)
    '<p><abbr title="aide sociale à l’enfance">ASE</abbr>, ASE</p>'
    """
    seen: set[_Entry] = set()
    depth = 0

    def told(found: re.Match[str]) -> str:
        entry = _by_word()[_key(found[0])]
        address = glossary if depth == 0 else None
        if entry in seen or not (entry.sens or address):
            return found[0]
        seen.add(entry)
        shown = f'<abbr title="{escape(entry.sens)}">{found[0]}</abbr>' if entry.sens else found[0]
        return f'<a class="glose" href="{address}#{entry.ancre}">{shown}</a>' if address else shown

    pieces: list[str] = []
    place = 0
    for tag in _TAG.finditer(page):
        pieces += _words().sub(told, page[place : tag.start()]), tag[0]
        place = tag.end()
        if tag[0].startswith("<main"):
            seen.clear()
        elif turned := _WITHOUT_LINK.match(tag[0]):
            depth += -1 if turned[1] else 1
    return "".join([*pieces, _words().sub(told, page[place:])])


def slug(text: str) -> str:
    """Write a heading as an anchor.

    Examples
    --------
    >>> slug("Ce que l’IGB doit avoir été")
    'ce-que-l-igb-doit-avoir-ete'
    """
    spelled = text.lower().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "rubrique"


def _key(word: str) -> str:
    return re.sub(r"\s", " ", word[:1].lower() + word[1:])


@cache
def _by_word() -> dict[str, _Entry]:
    return {_key(word): entry for entry in entries() for word in (entry.terme, *entry.mots)}


@cache
def _words() -> re.Pattern[str]:
    acronyms = [word for entry in entries() if entry.sens for word in (entry.terme, *entry.mots)]
    measures = [word for entry in entries() if not entry.sens for word in (entry.terme, *entry.mots)]
    either = [re.escape(word) for word in acronyms]
    either += [f"[{word[0].upper()}{word[0].lower()}]{re.escape(word[1:])}" for word in measures]
    pattern = re.sub(r"\\?\s", r"\\s", "|".join(sorted(either, key=len, reverse=True)))
    return re.compile(rf"(?<![\w&])(?:{pattern})(?!\w)")
