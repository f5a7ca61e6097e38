"""`cdppe fiche`: the sheet of a territory, to read and to print."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cdppe_analysis.cli import destination_folder
from cdppe_analysis.cli.inputs import add_data, opened
from cdppe_analysis.errors import ReportError

if TYPE_CHECKING:
    from cdppe_analysis.sheets.writing import Written

SEED = 2020
"""Seed of the draws of the scenarios; every sheet says it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "codes", nargs="*", metavar="CODE", help="a département (59), a région after an R (R32), a unit of --data"
    )
    parser.add_argument("--all", action="store_true", help="the 101 départements and the 18 régions, or all units")
    parser.add_argument("--out", type=destination_folder, metavar="DIR", help="(reports/fiches, in --data if given)")
    add_data(parser)
    parser.add_argument("--pdf", action=argparse.BooleanOptionalAction, help="PDF too (where there is a Chromium)")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help=f"seed of the scenarios ({SEED})")


def run(arguments: argparse.Namespace) -> int:
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
