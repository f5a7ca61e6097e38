"""`cdppe allocate`: the amounts that a rule gives."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cdppe_analysis.cli import destination
from cdppe_analysis.cli.console import write_data

COLUMNS = ["code_departement", "libelle_departement", "score", "montant_theorique", "borne", "montant_eur"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("rule", metavar="RULE", help="the id of a rule, or the path of its YAML file")
    parser.add_argument(
        "--criteria", metavar="CSV", type=Path, help="values: code_departement, then a column a criterion"
    )
    parser.add_argument("--out", metavar="FILE", type=destination, help="the CSV to write (the standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Compute, write the amounts, and say what was ignored."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.data.reading import load_criteria, load_rule, read_criteria
    from cdppe_analysis.storage.tables import write_csv

    rule = load_rule(arguments.rule)
    criteria = load_criteria(rule) if arguments.criteria is None else read_criteria(arguments.criteria)
    allocation = allocate(rule, criteria)
    if allocation.message:
        print(f"cdppe allocate: {allocation.message}", file=sys.stderr)
    table = arguments.result = allocation.table[COLUMNS]
    if arguments.out is None:
        write_data(table.to_csv(index=False, float_format="%.12g", lineterminator="\n"))
    else:
        write_csv(table, arguments.out)
        print(f"{arguments.out}: {len(table)} amounts, {table['montant_eur'].sum()} euros")
    return 0
