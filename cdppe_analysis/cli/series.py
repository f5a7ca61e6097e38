"""`cdppe series FILE --out CSV`: a publisher's workbook becomes series, each value with its cell."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the workbook, the table to write, the sheets to leave out."""
    parser.add_argument("file", metavar="FILE", help="the workbook of the DREES or of the Insee, .xlsx or .xls")
    parser.add_argument("--out", metavar="CSV", type=Path, required=True, help="the table to write")
    parser.add_argument(
        "--without", metavar="SHEET", action="append", default=[], help="a sheet to leave out (may be repeated)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the workbook, write its series, say what became of each sheet.

    Raises
    ------
    TableError
        When the workbook or one of its tables cannot be read for certain; nothing is then written.
    """
    from cdppe_analysis.storage.tables import write_csv
    from cdppe_analysis.tables.series import read_publication

    reading = read_publication(arguments.file, arguments.without)
    write_csv(reading.rows, arguments.out)
    print(f"{reading.publication.edition}: {reading.publication.titre} ({reading.publication.editeur})")
    outcomes = Counter(fate.outcome for fate in reading.fates)
    print(
        f"{len(reading.rows)} values of {reading.rows['serie'].nunique()} series from {outcomes['read']} sheets, "
        f"{sum(fate.totals for fate in reading.fates)} printed totals agree: {arguments.out}"
    )
    for fate in reading.fates:
        notes = "; ".join(fate.notes)
        if fate.outcome != "read":
            print(f"  {fate.sheet}: {fate.outcome}{f' ({notes})' if notes else ''}")
        elif notes:
            print(f"  {fate.sheet}: {notes}")
    return 0
