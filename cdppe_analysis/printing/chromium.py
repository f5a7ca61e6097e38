"""Pages printed to PDF by the Chromium of the system, where there is one.

The variable `CDPPE_CHROMIUM` names a program to use instead of those that are looked for. The date that Chromium writes
into a PDF is taken out, so that the same page gives the same file.

Starting a Chromium takes seconds, printing a page a fifth of one: where Playwright is installed, one browser prints all
the pages that it is given; where it is not, each page has its own.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cdppe_analysis.errors import ReportError
from cdppe_analysis.storage.files import replaced

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
_SHARED_FLAGS = tuple(flag for flag in _FLAGS if not flag.startswith(("--headless", "--no-pdf")))
_SECONDS = 120
"""Most that a page may take."""
_DATE = re.compile(rb"/(?:CreationDate|ModDate) \(D:[^)]*\)")


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None where there is none."""
    named = os.environ.get("CDPPE_CHROMIUM")
    return next(filter(None, map(shutil.which, (named,) if named else _PROGRAMS)), None)


def print_pdf(page: Path, target: Path) -> None:
    """Print a page of this disk to a PDF.

    Raises
    ------
    ReportError
        When there is no Chromium, or it did not print.
    """
    program = required_chromium()
    with tempfile.TemporaryDirectory(prefix="cdppe-chromium-") as folder, replaced(target) as temporary:
        command = [program, *_FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={temporary}"]
        try:
            subprocess.run(
                [*command, page.resolve().as_uri()],
                check=True,
                timeout=_SECONDS,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ReportError(f"Chromium did not print {page.name}: {type(error).__name__}") from error
        temporary.write_bytes(_undated(temporary.read_bytes(), page))


def print_pdfs(pages: Sequence[Path], *, announce: Callable[[Path], None]) -> list[Path]:
    """Print pages of this disk, each to a PDF of its name beside it.

    Parameters
    ----------
    pages
        The pages.
    announce
        Called with each PDF.

    Raises
    ------
    ReportError
        When there is no Chromium, or it did not print.
    """
    program = required_chromium()
    pairs = [(page, page.with_suffix(".pdf")) for page in pages]
    if importlib.util.find_spec("playwright"):
        # Playwright refuses a thread in which an event loop runs, which is that of a notebook.
        with ThreadPoolExecutor(max_workers=1) as own:
            own.submit(_print_in_one_browser, program, pairs, announce).result()
    else:
        with ThreadPoolExecutor(max_workers=2) as pool:
            prints = [pool.submit(print_pdf, page, target) for page, target in pairs]
            for job, (_, target) in zip(prints, pairs, strict=True):
                job.result()
                announce(target)
    return [target for _, target in pairs]


def _print_in_one_browser(program: str, jobs: Sequence[tuple[Path, Path]], announce: Callable[[Path], None]) -> None:
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=list(_SHARED_FLAGS), timeout=1000 * _SECONDS)
            tab = browser.new_page()
            tab.set_default_timeout(1000 * _SECONDS)
            for page, target in jobs:
                tab.goto(page.resolve().as_uri())
                content = tab.pdf(prefer_css_page_size=True)
                with replaced(target) as temporary:
                    temporary.write_bytes(_undated(content, page))
                announce(target)
            browser.close()
    except Error as error:
        raise ReportError(f"Chromium did not print: {str(error).splitlines()[0]}") from error


def required_chromium() -> str:
    """Return the path of a Chromium; `ReportError` where there is none."""
    program = find_chromium()
    if program is None:
        raise ReportError("a PDF needs Chromium or Chrome, which is not installed (or set CDPPE_CHROMIUM to its path)")
    return program


def _undated(content: bytes, page: Path) -> bytes:
    if not content.startswith(b"%PDF"):
        raise ReportError(f"Chromium wrote no PDF of {page.name}")
    return _DATE.sub(lambda found: b" " * len(found[0]), content)
