"""`cdppe explain`: how one amount came about, step by step."""

from __future__ import annotations

import argparse

from cdppe_analysis.cli.inputs import add_rule, opened, rule_and_criteria


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_rule(parser)
    parser.add_argument("code", metavar="CODE", help="the code of a beneficiary, such as 23 or 2A")


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation, in French."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.studies.explanation import explain

    data = opened(arguments)
    rule, criteria = rule_and_criteria(arguments, data)
    units = data.units(rule) if arguments.criteria is None else None
    print(explain(allocate(rule, criteria), arguments.code, units))
    return 0
