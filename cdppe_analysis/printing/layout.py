"""The one template of reports and sheets: Jinja, every value escaped, nothing loaded from outside.

A page carries its style and its script. Its content security policy lets the browser run that script, those that the
figures of a report carry, and no other, and load nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from cdppe_analysis import __version__
from cdppe_analysis.printing.digests import data_digest, package_digest, published_files

Announce = Callable[[str], None]
"""What says where a long work has come to."""

TEMPLATES = Path(__file__).resolve().parent / "templates"
SITE = "Protection de l’enfance et handicap\u00a0: qui reçoit quoi"


@dataclass(frozen=True)
class Foot:
    """What stands at the foot of every page: from what it was made and how to cite it."""

    version: str
    empreinte: str
    fichiers: dict[str, str]
    """SHA-256 of each file of the data, by its path under `data/`."""
    programme: str
    """SHA-256 of the package that wrote the page."""

    @property
    def auteur(self) -> str:
        """What wrote the page: a page that does not carry it is stale."""
        return f"cdppe-analysis {self.version} {self.programme[:16]}"

    @property
    def citation(self) -> str:
        """How to cite, in one line."""
        return f"cdppe-analysis, version {self.version}, données {self.empreinte[:16]}, licence EUPL-1.2"


def foot(study: Path | None = None) -> Foot:
    """Return the foot of the pages made now, from the project's data or from those of a study."""
    files = published_files(study)
    return Foot(__version__, data_digest(files), files, package_digest())


def render(template: str, **values: Any) -> str:
    """Return the text of a template of the package; values are escaped, except markup declared as such."""
    return _environment().get_template(template).render(**{"site": SITE, **values})


def script_digest(script: str) -> str:
    """Return what a content security policy calls a script that it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def markup(html: str) -> markupsafe.Markup:
    """Declare a text to be HTML already."""
    return markupsafe.Markup(html)


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
    environment.globals.update(
        script=markup(script),
        script_digest=script_digest(script),
        style=markup(environment.get_template("style.css").render()),
    )
    return environment
