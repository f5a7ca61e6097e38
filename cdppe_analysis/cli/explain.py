"""`cdppe explain`: how one amount came about, step by step."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("rule", metavar="RULE", help="the id of a rule, or the path of its YAML file")
    parser.add_argument("code", metavar="CODE", help="the INSEE code of a beneficiary, such as 23 or 2A")
    parser.add_argument(
        "--criteria", metavar="CSV", type=Path, help="values: code_departement, then a column a criterion"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation, in French."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.data.reading import load_criteria, load_rule, read_criteria
    from cdppe_analysis.studies.explanation import explain

    rule = load_rule(arguments.rule)
    criteria = load_criteria(rule) if arguments.criteria is None else read_criteria(arguments.criteria)
    print(explain(allocate(rule, criteria), arguments.code))
    return 0
