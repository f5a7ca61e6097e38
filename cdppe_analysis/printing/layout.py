"""The one template of reports and sheets, and the words that it explains: every value escaped, nothing from outside.

A page carries its style and its script. Its content security policy lets the browser run that script, those that the
figures of a report carry, and no other, and load nothing from anywhere.

Digests at its foot say what it was made from. That of the data is the SHA-256 of the lines `<sha256>  <path>` of every
file of `data/`, in the order of their paths: whoever has the files finds it again with `sha256sum`. No folder is named
here, so that none is forgotten.

Acronyms are expanded and measures linked at their first use, from `glossary.yml`. A page is read as text and tags,
once; its header and its content each have a first use. Known drawback: what a script writes, code and the letters of
a picture are left as they are.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from cdppe_analysis import __version__
from cdppe_analysis.errors import ReportError
from cdppe_analysis.sources import load_sources
from cdppe_analysis.storage.files import data_dir, sha256
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.typography import MISSING, date, typeset

GLOSSARY = "glossaire.html"
"""The name of the page of the site that holds all of them."""

_TAG = re.compile(
    r"<(script|style|svg|template|code|abbr|dfn|title|math|datalist|textarea|select)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>",
    re.DOTALL,
)
_WITHOUT_LINK = re.compile(r"<(/?)(?:a|button|summary|label|nav)\b")

Announce = Callable[[str], None]
"""What says where a long work has come to."""

PACKAGE = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "templates"
SITE = "Protection de l’enfance et handicap\u00a0: qui reçoit quoi"


_PAGES = {
    "index.html": "Accueil",
    "fiches/index.html": "Fiches",
    "simulateur.html": "Simulateur",
    "sources.html": "Sources",
    GLOSSARY: "Glossaire",
}
_ALWAYS = ("index.html", "sources.html", GLOSSARY)


@dataclass(frozen=True)
class Foot:
    """What stands at the foot of every page: from what it was made and how to cite it."""

    version: str
    empreinte: str
    fichiers: dict[str, str]
    """SHA-256 of each file of the data, by its path under `data/`."""
    programme: str
    """SHA-256 of the package that wrote the page."""

    @classmethod
    def of(cls, study: Path | None = None, titre: str = SITE) -> Foot:
        """Return the foot of the pages made now, from the project's data or from those of the folder of a study."""
        files = _published_files(study)
        dated = [
            source.date for source in load_sources(study).values() if re.fullmatch(r"\d{4}-\d\d-\d\d", source.date)
        ]
        latest = max(map(datetime.date.fromisoformat, dated), default=None)
        made = cls(__version__, _digest(files), files, _digest(digests(PACKAGE)), latest, titre)
        if study is None:
            return made
        return replace(made, auteurs="Étude faite avec cdppe-analysis", licences="Licence\u00a0: EUPL-1.2 (programme)")

    @property
    def auteur(self) -> str:
        """What wrote the page: a page that does not carry it is stale."""
        return f"cdppe-analysis {self.version} {self.programme[:16]}"

    jour: datetime.date | None
    """The day of the latest dated source."""
    titre: str = SITE
    """The title of the whole."""
    auteurs: str = "cdppe-analysis contributors"
    licences: str = "Licences\u00a0: EUPL-1.2 (programme), Licence Ouverte 2.0 (données)"

    @property
    def annee(self) -> int | str:
        """The year of the data."""
        return self.jour.year if self.jour else "s. d."

    @property
    def donnees(self) -> str:
        """Which data they are, in words."""
        day = f" au {date(self.jour)}" if self.jour else ""
        return f"données{day}, empreinte {self.empreinte[:16]}"

    @property
    def citation(self) -> str:
        """How to cite, in one line."""
        return f"{self.auteurs} ({self.annee}). {self.titre} (version {self.version}, {self.donnees}). {self.licences}"


def render(template: str, **values: Any) -> str:
    """Return the text of a template of the package; values are escaped, except markup declared as such.

    A whole page, which says where the root of the site is (`racine`), has its words explained: `glossaire` is the
    address of the glossary from it, `None` where there is none.
    """
    values = {"glossaire": f"{values.get('racine', '')}{GLOSSARY}"} | values
    text = _environment().get_template(template).render(**{"site": SITE, **values})
    return explained(text, values["glossaire"]) if "racine" in values else text


def site_pages(out: Path | None = None) -> dict[str, str]:
    """Return the doors of the site, by their paths; where a folder is given, those that are or will be in it."""
    return {page: name for page, name in _PAGES.items() if out is None or page in _ALWAYS or (out / page).is_file()}


def made_folder(folder: Path, what: str) -> Path:
    """Return a folder, made where it does not exist; `ReportError` says of what it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"cannot make the folder of the {what}: {error.strerror}", cell=str(folder)) from error
    return folder


def script_digest(script: str) -> str:
    """Return what a content security policy calls a script that it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _day(written: str) -> str:
    """Write a date of the catalogue, as precise as it is known.

    Examples
    --------
    >>> _day("2020-02-20"), _day("2020-06"), _day("2020"), _day("n. d.")
    ('20 février 2020', 'juin 2020', '2020', 'sans date')
    """
    if written == MISSING:
        return "sans date"
    year, *rest = map(int, written.split("-"))
    if not rest:
        return written
    said = date(datetime.date(year, rest[0], rest[1] if len(rest) > 1 else 2))
    return said if len(rest) > 1 else said.partition(" ")[2]


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    environment.filters |= {"typeset": typeset, "jour": _day}
    environment.tests["match"] = lambda text, start: str(text).startswith(start)
    environment.globals.update(
        site_pages=site_pages,
        script=Markup(script),
        script_digest=script_digest(script),
        style=Markup(environment.get_template("style.css").render()),
    )
    return environment


def _published_files(study: Path | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file of the data, by its path under `data/`; of a study, under its folder."""
    return digests(data_dir()) if study is None else digests(study, study_files(study))


def _digest(files: Mapping[str, str]) -> str:
    """Return the one digest of files.

    Examples
    --------
    >>> _digest({"clean/a.csv": "0" * 64})[:16]
    '55958d5f4b97d04a'
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in files.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def digests(root: Path, paths: Iterable[Path] | None = None) -> dict[str, str]:
    """Return the SHA-256 of the files of a folder, or of those that are given, by their paths under it, in order."""
    found = root.rglob("*") if paths is None else paths
    files = (path for path in found if path.is_file() and "__pycache__" not in path.parts)
    return {file.relative_to(root).as_posix(): sha256(file) for file in sorted(files)}


def study_files(folder: Path) -> Iterator[Path]:
    """Yield the files of the study whose notebooks a folder holds; none where it is no study."""
    if (folder / "rules").is_dir():
        yield from folder.glob("*")
        for name in ("rules", "clean", "raw", "scenarios", "beneficiaires", "besoins"):
            yield from (folder / name).rglob("*")


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
