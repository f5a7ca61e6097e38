"""Pages printed to PDF by the Chromium of the system, where there is one.

The variable `CDPPE_CHROMIUM` names a program to use instead of those that are looked for. The date that Chromium writes
into a PDF is taken out, so that the same page gives the same file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from cdppe_analysis.errors import ReportError
from cdppe_analysis.storage.writing import replaced

_PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-pdf-header-footer",
)
_DATE = re.compile(rb"/(?:CreationDate|ModDate) \(D:[^)]*\)")


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None where there is none."""
    named = os.environ.get("CDPPE_CHROMIUM")
    return next(filter(None, map(shutil.which, (named,) if named else _PROGRAMS)), None)


def print_pdf(page: Path, target: Path, *, seconds: float = 120) -> None:
    """Print a page of this disk to a PDF.

    Raises
    ------
    ReportError
        When there is no Chromium, or it did not print.
    """
    program = find_chromium()
    if program is None:
        raise ReportError("a PDF needs Chromium or Chrome, which is not installed (or set CDPPE_CHROMIUM to its path)")
    with tempfile.TemporaryDirectory(prefix="cdppe-chromium-") as folder, replaced(target) as temporary:
        command = [program, *_FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={temporary}"]
        try:
            subprocess.run(
                [*command, page.resolve().as_uri()],
                check=True,
                timeout=seconds,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ReportError(f"Chromium did not print {page.name}: {type(error).__name__}") from error
        content = temporary.read_bytes()
        if not content.startswith(b"%PDF"):
            raise ReportError(f"Chromium wrote no PDF of {page.name}")
        temporary.write_bytes(_DATE.sub(lambda found: b" " * len(found[0]), content))
