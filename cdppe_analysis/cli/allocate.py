"""`cdppe allocate`: the amounts that a rule gives."""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction

from cdppe_analysis.cli import destination
from cdppe_analysis.cli.console import write_data
from cdppe_analysis.cli.inputs import add_rule, opened, rule_and_criteria

COLUMNS = ["code_departement", "libelle_departement", "score", "montant_theorique", "borne", "montant_eur"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_rule(parser)
    parser.add_argument("--out", metavar="FILE", type=destination, help="the CSV to write (the standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Compute, write the amounts, and say what was ignored."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.errors import written
    from cdppe_analysis.storage.tables import write_csv

    allocation = allocate(*rule_and_criteria(arguments, opened(arguments)))
    if allocation.message:
        print(f"cdppe allocate: {allocation.message}", file=sys.stderr)
    table = arguments.result = allocation.table[COLUMNS]
    if arguments.out is None:
        write_data(table.to_csv(index=False, float_format="%.12g", lineterminator="\n"))
    else:
        write_csv(table, arguments.out)
        print(f"{arguments.out}: {len(table)} amounts, {written(sum(allocation.finaux.values(), Fraction(0)))} euros")
    return 0
