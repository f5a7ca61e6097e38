"""`cdppe simulator`: the one-file page to try another rule, written where it lacks and opened."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path

from cdppe_analysis.cli import destination_folder
from cdppe_analysis.cli.inputs import add_data
from cdppe_analysis.errors import ReportError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--out", type=destination_folder, default="reports", metavar="DIR", help="folder of the page (reports)"
    )
    add_data(parser)
    parser.add_argument("--no-browser", action="store_true", help="do not open it")


def run(arguments: argparse.Namespace) -> int:
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
