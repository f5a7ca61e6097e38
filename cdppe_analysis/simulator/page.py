"""The page of the simulator: one file, with its style, its scripts and its data, that asks nothing of any network.

Its content security policy lets the browser run its one script, by its hash, and load nothing. The script is the files
of `page/` in the order of `_SCRIPTS`, in one scope.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from cdppe_analysis import __version__
from cdppe_analysis.figures.contours import SHIPPED_ORIGIN
from cdppe_analysis.reporting.digests import data_digest, published_files
from cdppe_analysis.simulator.content import content
from cdppe_analysis.storage.writing import write_text

FILE = "simulateur.html"
"""The name of the page in the folder of the reports."""

_PAGE = Path(__file__).with_name("page")
_SCRIPTS = ("numbers", "engine", "kernel", "scenario", "measures", "telling", "files", "state", "drawing", "view")
_VENDORED = ("js-yaml.min",)


def simulator_page(folder: Path | None = None) -> str:
    """Return the text of the page.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.
    """
    about = {"version": __version__, "empreinte": data_digest(published_files()), "contours": SHIPPED_ORIGIN}
    data = json.dumps({**content(folder), **about}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _template().render(
        about=about,
        # In a block of data nothing but an opening `<` could end it.
        data=markupsafe.Markup(data.replace("<", "\\u003c")),
        script=markupsafe.Markup(script),
        policy=f"default-src 'none'; script-src 'sha256-{digest}' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'",
        style=markupsafe.Markup((_PAGE / "style.css").read_text(encoding="utf-8")),
    )


def write_simulator(out: Path, folder: Path | None = None) -> Path:
    """Write the page in a folder, made where it does not exist, and return its path."""
    out.mkdir(parents=True, exist_ok=True)
    write_text(out / FILE, simulator_page(folder))
    return out / FILE


def _script() -> str:
    # The library's last line would have a browser's tools look for a file beside the page.
    parts = [(_PAGE / f"{name}.js").read_text(encoding="utf-8").rpartition("//# source")[0] for name in _VENDORED]
    own = "\n".join((_PAGE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    opening = 'const DATA = JSON.parse(document.getElementById("donnees").textContent);'
    return "\n".join([*parts, "(() => {", '"use strict";', opening, own, "})();", ""])


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
