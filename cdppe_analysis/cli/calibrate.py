"""`cdppe calibrate`: what the published amounts say of a criterion that was never published."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cdppe_analysis.cli import destination
from cdppe_analysis.cli.console import write_data


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("rule", metavar="RULE", help="the id of a rule, or the path of its YAML file")
    parser.add_argument("--unknown", metavar="CRITERION", default="igb", help="the criterion to deduce (igb)")
    parser.add_argument(
        "--criteria", metavar="CSV", type=Path, help="code_departement, then a column a known criterion"
    )
    parser.add_argument("--amounts", metavar="CSV", type=Path, help="published amounts: code_departement, montant_eur")
    parser.add_argument("--out", metavar="FILE", type=destination, help="the CSV to write (the standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Compute the intervals and write them."""
    from cdppe_analysis.calibration import calibrate_criterion
    from cdppe_analysis.data.reading import load_criteria, load_rule, load_table, read_criteria
    from cdppe_analysis.storage.tables import write_csv

    rule = load_rule(arguments.rule)
    if arguments.criteria is None:
        criteria = load_criteria(rule, without=arguments.unknown)
    else:
        criteria = read_criteria(arguments.criteria)
    amounts = load_table("allocations") if arguments.amounts is None else read_criteria(arguments.amounts)
    found = calibrate_criterion(rule, criteria, amounts, arguments.unknown)
    arguments.result = found.table
    if arguments.out is None:
        write_data(found.table.to_csv(index=False, float_format="%.12g", lineterminator="\n"))
    else:
        write_csv(found.table, arguments.out)
        print(f"{arguments.out}: {len(found.table)} intervals of {found.critere}")
    print(
        f"cdppe calibrate: every interval is certified, the amounts come back within {found.ecart_max_eur:.2f} euros",
        file=sys.stderr,
    )
    return 0
