"""`cdppe report`, `fiche`, `simulator`: the site of the notebooks, the sheet of a territory, the one-file page."""

from __future__ import annotations

import argparse
import os
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cdppe_analysis.cli.arguments import SEED, opened
from cdppe_analysis.errors import ReportError

if TYPE_CHECKING:
    from cdppe_analysis.reports.site import Site
    from cdppe_analysis.sheets.writing import Written

_CHECKOUT = Path(__file__).resolve().parent.parent.parent


def _report(arguments: argparse.Namespace) -> int:
    """Write the site; the exit code is 1 where a notebook failed."""
    site = _whole_site(arguments) if arguments.data is None else _study(arguments)
    arguments.result = {
        "accueil": site.home,
        "rapports": [{"nom": page.stem, "page": page} for page in site.reports],
        "echecs": [{"carnet": one.notebook.name, "cellule": one.cell, "raison": one.reason} for one in site.failures],
        "pdf": site.pdf,
    }
    for failure in site.failures:
        cell = f", cell {failure.cell}" if failure.cell else ""
        print(f"failed: {failure.notebook.name}{cell}: {failure.reason}", flush=True)
    if site.pdf:
        print(f"One PDF of all the reports: {site.pdf}")
    count = len(site.reports)
    print(f"{count} report{'' if count == 1 else 's'} written. Open {site.home}")
    return 1 if site.failures else 0


def _jobs(arguments: argparse.Namespace) -> int:
    return int(arguments.jobs or min(4, os.cpu_count() or 1))


def _study(arguments: argparse.Namespace) -> Site:
    from cdppe_analysis.reports.site import write_study

    if arguments.pdf:
        raise ReportError("the report of a study has no PDF: print its page from the browser")
    data = opened(arguments)
    out = arguments.out or data.folder / "reports"
    return write_study(data, out, names=arguments.notebooks, jobs=_jobs(arguments), announce=_announce)


def _whole_site(arguments: argparse.Namespace) -> Site:
    from cdppe_analysis.printing.layout import Foot
    from cdppe_analysis.reports.execution import find_notebooks
    from cdppe_analysis.reports.site import write_site
    from cdppe_analysis.sheets.writing import listed_sheets, write_stale_sheets
    from cdppe_analysis.simulator import FILE, is_current, write_simulator

    notebooks, out = _notebooks_folder(), arguments.out or Path("reports")
    find_notebooks(notebooks, arguments.notebooks)
    _announce(f"simulator: {'unchanged' if is_current(out / FILE) else write_simulator(out)}")
    sheets = out / "fiches"
    territories = (
        listed_sheets(sheets, Foot.of())
        if arguments.notebooks
        else write_stale_sheets(sheets, SEED, pdf=arguments.pdf, announce=_announce)
    )
    return write_site(
        notebooks,
        out,
        names=arguments.notebooks,
        jobs=_jobs(arguments),
        pdf=arguments.pdf,
        territories=territories,
        announce=_announce,
    )


def _notebooks_folder() -> Path:
    """Return the folder of the notebooks: of the current folder, or of the checkout that this package runs from."""
    for folder in (Path.cwd() / "notebooks", _CHECKOUT / "notebooks"):
        if folder.is_dir():
            return folder.resolve()
    raise ReportError("no folder 'notebooks' here: run the command in a checkout of the project")


def _fiche(arguments: argparse.Namespace) -> int:
    """Write the sheets."""
    if arguments.all == bool(arguments.codes):
        raise ReportError("give the codes of the sheets, or --all")
    out = arguments.out or (arguments.data or Path()) / "reports" / "fiches"
    if arguments.data is None:
        written, first = _territories(arguments, out)
    else:
        from cdppe_analysis.sheets.writing import write_study_sheets

        data, pdf = opened(arguments), bool(arguments.pdf)
        written = write_study_sheets(data, arguments.codes, out, pdf=pdf, announce=_announce)
        first = data.territories.label(written.pages[0].stem)
    arguments.result = {"accueil": written.index, "pages": written.pages, "pdf": written.pdf}
    count = len(written.pages)
    last = written.pages[0] if count == 1 else written.index
    print(f"{first if count == 1 else f'{count} sheets'} written. Open {last}")
    return 0


def _territories(arguments: argparse.Namespace, out: Path) -> tuple[Written, str]:
    from cdppe_analysis.sheets import known_code, sheet_codes, sheet_title
    from cdppe_analysis.sheets.dossier import Dossier
    from cdppe_analysis.sheets.writing import write_sheets

    codes = sheet_codes() if arguments.all else [known_code(code) for code in arguments.codes]
    written = write_sheets(codes, Dossier.open(arguments.seed), out, pdf=arguments.pdf, announce=_announce)
    if not written.pdf and arguments.pdf is None:
        print("No PDF: Chromium or Chrome is not installed")
    return written, sheet_title(codes[0])


def _announce(line: str) -> None:
    print(line, flush=True)


def _simulator(arguments: argparse.Namespace) -> int:
    """Write the page unless the folder has that of these data, and open it."""
    from cdppe_analysis.simulator import FILE, is_current, write_simulator

    if arguments.data is not None:
        raise ReportError(
            "the page draws the départements and carries the series of this package: write the other rule of a study "
            "as a file of its scenarios, and run cdppe simulate with --data"
        )
    page: Path = arguments.out / FILE
    if not is_current(page):
        page = write_simulator(arguments.out)
    opened = not arguments.no_browser and webbrowser.open(page.resolve().as_uri())
    arguments.result = {"page": page, "ouverte": opened}
    print(f"The simulator is {page}: open it, send it, put it on any web space")
    if not opened and not arguments.no_browser:
        print("No browser could be opened from here")
    return 0


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {"report": _report, "fiche": _fiche, "simulator": _simulator}
