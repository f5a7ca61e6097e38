"""A figure in a page: numbered, in a wide and a narrow form, with its rows, files, sources and citation.

It stands in the page as SVG, whose inks follow the theme. What its source line names is linked to the catalogue by the
words that `sources.yml` gives (`mots`), and an estimate to its formula. Known drawback: a source that is not in the
catalogue is named, not linked.
"""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape, unescape
from pathlib import Path

from markupsafe import Markup

from cdppe_analysis.printing.layout import GLOSSARY, Foot, render
from cdppe_analysis.sources import all_sources
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.typography import number, typeset

_VARIABLE = re.compile(r"var\(--[\w-]+, (.*?)\)")
_NAME = re.compile(r' id="([^"]*)"')
_NAMED = re.compile(r'url\(#([^)]*)\)|href="#([^"]*)"')
_INK = "*{stroke-linejoin: round; stroke-linecap: butt}"
_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)pt"')
_TOLD = re.compile(r"(<(?:title|desc) [^>]*>)([^<]*)(</)")
_READING = 100 / 72
FOLDER = "figures"
"""Where the files of figures stand in a site."""

_SHOWN = 120
_CALCULATED = ("estimations", "calculs")
_GENERAL = {
    **dict.fromkeys(("DREES", "Insee", "Cnaf", "séries publiées"), "series"),
    "estimations déclarées": "estimations",
    "calculs du projet": "calculs",
    "calcul du projet": "calculs",
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Figure:
    """A figure of a page, by its number in it; `svg` and `svg_etroit` follow the theme, `png` is in base 64."""

    page: str
    numero: int
    titre: str
    source: str
    alternative: str
    svg: str
    svg_etroit: str
    csv: str
    png: str
    fragment: str = ""
    """A map to explore, which the page shows instead; its picture is printed."""

    @property
    def ancre(self) -> str:
        """Where it stands in its page."""
        return f"figure-{self.numero}"

    @property
    def nom(self) -> str:
        """The name of its files, without suffix."""
        return f"{self.page}-{self.ancre}"

    @property
    def named(self) -> Figure:
        """The same figure once its page and its files are written: what names it, without what it shows."""
        return replace(self, svg="", svg_etroit="", csv="", png="", fragment="")

    @property
    def files(self) -> dict[str, bytes]:
        """Its files, by their suffixes; the SVG stands alone, in the light theme."""
        alone = _VARIABLE.sub(r"\1", self.svg)
        return {"csv": self.csv.encode(), "svg": alone.encode(), "png": base64.b64decode(self.png)}

    def block(
        self,
        titre: str,
        *,
        base: str | None = "",
        sheets: frozenset[str] = frozenset(),
        apart: bool = False,
    ) -> str:
        """Return the HTML of the figure, with its files and what tells where it comes from.

        Parameters
        ----------
        titre
            The title of its page, for the citation.
        base
            The folder of the site from the page; nothing is linked without one.
        sheets
            The départements whose sheets are in the site: their rows lead there.
        apart
            Whether its files stand in `FOLDER` beside the page; in the page itself when left out.
        """
        kinds = {"csv": "text/csv;charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}
        files = {
            suffix: f"{FOLDER}/{self.nom}.{suffix}"
            if apart
            else f"data:{kind};base64,{base64.b64encode(self.files[suffix]).decode()}"
            for suffix, kind in kinds.items()
        }
        width = float(written[1]) * _READING if (written := _WIDTH.search(self.svg)) else 760
        rows = list(csv.reader(io.StringIO(self.csv)))
        return render(
            "figure.html.j2",
            figure=self,
            titre=typeset(self.titre),
            large=Markup(_inline(self.svg, f"f{self.numero}")),
            etroite=Markup(_inline(self.svg_etroit, f"f{self.numero}e")),
            largeur=round(width),
            fichiers=files,
            provenance=Markup(escape(typeset(self.source)) if base is None else linked_sources(self.source, base)),
            entetes=[_heading(name) for name in rows[0]],
            lignes=[_row(rows[0], row, sheets, base or "") for row in rows[1 : _SHOWN + 1]],
            reste=max(0, len(rows) - 1 - _SHOWN),
            explorer=Markup(self.fragment),
            rapport=titre,
            pied=Foot.of(),
        )

    @property
    def sources(self) -> list[str]:
        """The sources of the catalogue that it names."""
        return [
            source
            for source in dict.fromkeys(place for _, place in _named_sources(self.source))
            if source in all_sources()
        ]


def _heading(column: str) -> str:
    """Return the words of a column of a figure's table.

    Examples
    --------
    >>> _heading("libelle_departement"), _heading("annee_ecart"), _heading("59")
    ('Département', 'Année écart', 'Nord')
    """
    words = _headings()
    if column in DEPARTEMENTS:
        return typeset(DEPARTEMENTS[column].libelle)
    if column in words["colonnes"]:
        return typeset(words["colonnes"][column])
    said = " ".join(words["mots"].get(word, word) for word in re.split(r"[_\s]+", column))
    return typeset(said[:1].upper() + said[1:])


def _inline(svg: str, prefix: str) -> str:
    """Return an SVG as part of a page: its names are its own, and those that nothing uses are left out."""
    svg = svg[svg.index("<svg") :].replace(_INK, "")
    svg = re.sub(r"<metadata>.*?</metadata>|<style[^>]*></style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r">\s+<", "><", svg)
    used = {linked or other for linked, other in _NAMED.findall(svg)} | {"titre-svg", "alternative-svg"}
    svg = _NAME.sub(lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", svg)
    svg = _NAMED.sub(lambda found: found[0].replace("#", f"#{prefix}-"), svg)
    svg = svg.replace("titre-svg alternative-svg", f"{prefix}-titre-svg {prefix}-alternative-svg")
    return _TOLD.sub(lambda found: f"{found[1]}{escape(typeset(unescape(found[2])), quote=False)}{found[3]}", svg)


def _row(names: list[str], row: list[str], sheets: frozenset[str], base: str) -> list[tuple[str, bool, str]]:
    """Return the cells of a row: what is written, whether it is a number, the page that it leads to."""
    cells = []
    for name, text in zip(names, row, strict=True):
        counted = bool(_NUMBER.fullmatch(text)) and not name.startswith(("code", "annee", "millesime"))
        page = f"{base}fiches/{text}.html" if name == "code_departement" and text in sheets else ""
        cells.append((_written(text) if counted else typeset(text) or "—", counted, page))
    return cells


def _written(text: str) -> str:
    value = float(text)
    decimals = 0 if value.is_integer() or abs(value) >= 1000 else 2 if abs(value) >= 1 else 4
    return number(value, decimals)


@cache
def _headings() -> Mapping[str, Mapping[str, str]]:
    said: Mapping[str, Mapping[str, str]] = read_yaml(Path(__file__).with_name("headings.yml"))
    return said


def _named_sources(text: str) -> list[tuple[str, str]]:
    """Cut a source line where it names something: the words, and where it stands in the catalogue (or nothing)."""
    (words, pattern), text = _source_words(), typeset(text)
    pieces, place = [], 0
    for word in pattern.finditer(text):
        pieces += [(text[place : word.start()], ""), (word[0], words[word[0]])]
        place = word.end()
    return [*pieces, (text[place:], "")]


@cache
def _source_words() -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Return where each word that names a source leads, and what finds them, the longest first."""
    named = {typeset(word): source.id for source in all_sources().values() for word in source.mots}
    words = _GENERAL | named
    return words, re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def linked_sources(text: str, base: str) -> str:
    """Return a source line as HTML: a source leads to the catalogue and to its lines, an estimate to its formula.

    Parameters
    ----------
    text, base
        What the line says, and the folder of the site from the page.

    Examples
    --------
    >>> linked_sources("calcul du projet", "../")
    '<a href="../glossaire.html#calculs">calcul du projet</a>'
    """
    catalogue, said = all_sources(), []
    for words, place in _named_sources(text):
        shown = escape(words, quote=False)
        if place:
            page = GLOSSARY if place in _CALCULATED else "sources.html"
            shown = f'<a href="{base}{page}#{place}">{shown}</a>'
        if place in catalogue and catalogue[place].fichiers:
            lines = f'<a href="{base}sources/{place}.html" aria-label="{escape(words)}, ligne à ligne">lignes</a>'
            shown += f'<span class="ecran"> ({lines})</span>'
        said.append(shown)
    return "".join(said)
