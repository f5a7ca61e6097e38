"""`cdppe report`: notebooks, sheets and simulator written as a site of self-contained pages; only what is stale."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cdppe_analysis.cli.arguments import SEED, opened
from cdppe_analysis.errors import ReportError

if TYPE_CHECKING:
    from cdppe_analysis.reports.site import Site

_CHECKOUT = Path(__file__).resolve().parent.parent.parent


def _run(arguments: argparse.Namespace) -> int:
    """Write the site; the exit code is 1 where a notebook failed."""
    site = _whole_site(arguments) if arguments.data is None else _study(arguments)
    arguments.result = {
        "accueil": site.accueil,
        "rapports": [{"nom": page.stem, "page": page} for page in site.rapports],
        "echecs": [{"carnet": one.notebook.name, "cellule": one.cell, "raison": one.reason} for one in site.echecs],
        "pdf": site.pdf,
    }
    for failure in site.echecs:
        cell = f", cell {failure.cell}" if failure.cell else ""
        print(f"failed: {failure.notebook.name}{cell}: {failure.reason}", flush=True)
    if site.pdf:
        print(f"One PDF of all the reports: {site.pdf}")
    count = len(site.rapports)
    print(f"{count} report{'' if count == 1 else 's'} written. Open {site.accueil}")
    return 1 if site.echecs else 0


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
    from cdppe_analysis.printing.layout import foot
    from cdppe_analysis.reports.site import write_site
    from cdppe_analysis.sheets.writing import listed_sheets, write_stale_sheets
    from cdppe_analysis.simulator import FILE, is_current, write_simulator

    out = arguments.out or Path("reports")
    _announce(f"simulator: {'unchanged' if is_current(out / FILE) else write_simulator(out)}")
    jobs, sheets = _jobs(arguments), out / "fiches"
    territories = (
        listed_sheets(sheets, foot())
        if arguments.notebooks
        else write_stale_sheets(sheets, SEED, pdf=arguments.pdf, jobs=jobs, announce=_announce)
    )
    return write_site(
        _notebooks_folder(),
        out,
        names=arguments.notebooks,
        jobs=jobs,
        pdf=arguments.pdf,
        territories=territories,
        announce=_announce,
    )


def _notebooks_folder() -> Path:
    """Return the folder of the notebooks: of the current folder, or of the checkout that this package runs from.

    Raises
    ------
    ReportError
        When there is none: a wheel carries no notebook.
    """
    for folder in (Path.cwd() / "notebooks", _CHECKOUT / "notebooks"):
        if folder.is_dir():
            return folder.resolve()
    raise ReportError("no folder 'notebooks' here: run the command in a checkout of the project")


def _announce(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


RUN = {"report": _run}
