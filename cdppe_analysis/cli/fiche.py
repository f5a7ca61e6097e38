"""`cdppe fiche`: the sheet of a territory, to read and to print."""

from __future__ import annotations

import argparse
import os

from cdppe_analysis.cli import destination_folder

SEED = 2020
"""Seed of the draws of the scenarios; every sheet says it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help="a département (59), or a région after an R (R32)")
    parser.add_argument("--all", action="store_true", help="the 101 départements and the 18 régions")
    parser.add_argument(
        "--out", type=destination_folder, default="reports/fiches", metavar="DIR", help="(reports/fiches)"
    )
    parser.add_argument("--pdf", action=argparse.BooleanOptionalAction, help="PDF too (where there is a Chromium)")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help=f"seed of the scenarios ({SEED})")


def run(arguments: argparse.Namespace) -> int:
    """Write the sheets."""
    from cdppe_analysis.errors import ReportError
    from cdppe_analysis.sheets import known_code, sheet_codes, sheet_title
    from cdppe_analysis.sheets.dossier import open_dossier
    from cdppe_analysis.sheets.writing import write_sheets

    if arguments.all == bool(arguments.codes):
        raise ReportError("give the codes of the sheets, or --all")
    codes = sheet_codes() if arguments.all else [known_code(code) for code in arguments.codes]
    written = write_sheets(
        codes,
        open_dossier(arguments.seed),
        arguments.out,
        pdf=arguments.pdf,
        jobs=min(4, os.cpu_count() or 1),
        announce=lambda line: print(line, flush=True),
    )
    arguments.result = {"accueil": written.index, "pages": written.pages, "pdf": written.pdf}
    if not written.pdf and arguments.pdf is None:
        print("No PDF: Chromium or Chrome is not installed")
    count = len(written.pages)
    last = written.pages[0] if count == 1 else written.index
    what = sheet_title(codes[0]) if count == 1 else f"{count} sheets"
    print(f"{what} written. Open {last}")
    return 0
