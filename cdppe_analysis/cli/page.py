"""`cdppe fiche`, `simulator`: the sheet of a territory to read and to print, the one-file page to try another rule."""

from __future__ import annotations

import argparse
import os
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cdppe_analysis.cli.arguments import opened
from cdppe_analysis.errors import ReportError

if TYPE_CHECKING:
    from cdppe_analysis.sheets.writing import Written


def _fiche(arguments: argparse.Namespace) -> int:
    """Write the sheets."""
    if arguments.all == bool(arguments.codes):
        raise ReportError("give the codes of the sheets, or --all")
    out = arguments.out or (arguments.data or Path()) / "reports" / "fiches"
    if arguments.data is None:
        written, first = _territories(arguments, out)
    else:
        from cdppe_analysis.sheets.study_sheet import write_study_sheets

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
    from cdppe_analysis.sheets.dossier import open_dossier
    from cdppe_analysis.sheets.writing import write_sheets

    codes = sheet_codes() if arguments.all else [known_code(code) for code in arguments.codes]
    dossier, jobs = open_dossier(arguments.seed), min(4, os.cpu_count() or 1)
    written = write_sheets(codes, dossier, out, pdf=arguments.pdf, jobs=jobs, announce=_announce)
    if not written.pdf and arguments.pdf is None:
        print("No PDF: Chromium or Chrome is not installed")
    return written, sheet_title(codes[0])


def _announce(line: str) -> None:
    print(line, flush=True)


def _simulator(arguments: argparse.Namespace) -> int:
    """Write the page unless the folder has that of these data, and open it."""
    from cdppe_analysis.simulator import is_current, write_simulator

    if arguments.data is not None:
        raise ReportError(
            "the page draws the départements and carries the series of this package: write the other rule of a study "
            "as a file of its scenarios, and run cdppe simulate with --data"
        )
    page: Path = arguments.out / "simulateur.html"
    if not is_current(page):
        page = write_simulator(arguments.out)
    opened = not arguments.no_browser and webbrowser.open(page.resolve().as_uri())
    arguments.result = {"page": page, "ouverte": opened}
    print(f"The simulator is {page}: open it, send it, put it on any web space")
    if not opened and not arguments.no_browser:
        print("No browser could be opened from here")
    return 0


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {"fiche": _fiche, "simulator": _simulator}
