"""`cdppe mask FILE`: a table of counts without those of 1 to 4, and without what would give them back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cdppe_analysis.cli import destination
from cdppe_analysis.cli.console import write_data
from cdppe_analysis.cli.inputs import add_data, opened

_LABELS = ["libelle_departement", "code_region", "libelle_region"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the table of counts and where it goes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="code_departement, then a column a count of children")
    add_data(parser)
    parser.add_argument("--out", metavar="CSV", type=destination, help="the CSV to write (the standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Write the table and its sums by région and as a whole, 's' in place of what is masked, and say how many are."""
    from cdppe_analysis.data.given import read_criteria
    from cdppe_analysis.storage.tables import write_csv
    from cdppe_analysis.tables.secret import suppress

    units = opened(arguments).territories
    counts = read_criteria(arguments.file, units).set_index("code_departement").drop(columns=_LABELS, errors="ignore")
    found = suppress(counts, {code: units.unit(code).code_region for code in counts.index})
    printed = found.printed().rename_axis("code_departement").reset_index()
    arguments.result = {"table": printed, "cellules": found.cells}
    if arguments.out is None:
        write_data(printed.to_csv(index=False, lineterminator="\n"))
    else:
        write_csv(printed, arguments.out)
        print(f"{arguments.out}: {len(printed)} rows with their sums")
    statuses = found.cells["statut"].tolist()
    print(
        f"cdppe mask: {statuses.count('primaire')} counts of 1 to 4 masked, and {statuses.count('secondaire')} others "
        "so that no sum gives them back",
        file=sys.stderr,
    )
    return 0
