"""The page of the simulator: one file, with its style, its scripts and its data, that asks nothing of any network.

Its content security policy lets the browser run its one script, by its hash, and load nothing. The script is the files
of `page/` in the order of `_SCRIPTS`, in one scope.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from cdppe_analysis.printing.layout import Foot, explained, made_folder, script_digest, site_pages, used
from cdppe_analysis.storage.files import write_text

FILE = "simulateur.html"
"""The name of the page in the folder of the reports."""

_PAGE = Path(__file__).with_name("page")
_SCRIPTS = ("numbers", "engine", "kernel", "scenario", "measures", "telling", "files", "state", "drawing", "view")
_VENDORED = "js-yaml.min"
_SAID = ("regles", "scenarios", "familles", "titres", "listes")
_HEAD = 2000
_POLICY = (
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
)


def _page_text() -> str:
    """Return the text of the page."""
    from cdppe_analysis.figures.contours import SHIPPED_ORIGIN
    from cdppe_analysis.simulator.content import content

    foot, carried, script = Foot.of(), content(), _script()
    about: dict[str, Any] = {"version": foot.version, "empreinte": foot.empreinte}
    said = "\n".join([_own_script(), *(json.dumps(carried[key], ensure_ascii=False) for key in _SAID)])
    words = used(said)
    about["sigles"] = {form: word.sens for word in words if word.sens for form in (word.terme, *word.mots)}
    data = json.dumps({**carried, **about}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    text: str = _template().render(
        citation=foot.citation,
        contours=SHIPPED_ORIGIN,
        mots=words,
        portes={page: name for page, name in site_pages().items() if page != FILE},
        mark=_mark(),
        # In a block of data nothing but an opening `<` could end it.
        data=markupsafe.Markup(data.replace("<", "\\u003c")),
        script=markupsafe.Markup(script),
        policy="; ".join((*_POLICY, f"script-src '{script_digest(script)}' 'wasm-unsafe-eval'")),
        style=markupsafe.Markup((_PAGE / "style.css").read_text(encoding="utf-8")),
    )
    return explained(text, None)


def write_simulator(out: Path) -> Path:
    """Write the page in a folder, made where it does not exist, and return its path.

    Raises
    ------
    ReportError
        When the folder cannot be made.
    """
    write_text(made_folder(out, "reports") / FILE, _page_text())
    return out / FILE


def is_current(page: Path) -> bool:
    """Tell whether a page is there and was made by this package from these data."""
    return page.is_file() and _mark() in page.read_text(encoding="utf-8")[:_HEAD]


def _mark() -> str:
    foot = Foot.of()
    return f"{foot.auteur} {foot.empreinte}"


def _script() -> str:
    opening = 'const DATA = JSON.parse(document.getElementById("donnees").textContent);'
    return "\n".join([_vendored(_VENDORED), "(() => {", '"use strict";', opening, _own_script(), "})();", ""])


def _own_script() -> str:
    return "\n".join((_PAGE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)


def _vendored(name: str) -> str:
    """Return a library with its licence, less its last line, which would have a browser look for another file."""
    licence = (_PAGE / f"{name}.LICENSE").read_text(encoding="utf-8")
    return f"/*\n{licence}*/\n{(_PAGE / f'{name}.js').read_text(encoding='utf-8').rpartition('//# source')[0]}"


@cache
def _template() -> Any:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGE, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")
