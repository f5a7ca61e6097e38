"""`cdppe calibrate`: what the published amounts say of a criterion that was never published, or of the weights."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cdppe_analysis.cli import destination
from cdppe_analysis.cli.console import write_data
from cdppe_analysis.cli.inputs import add_rule, opened

if TYPE_CHECKING:
    import pandas as pd

    from cdppe_analysis.data import Data
    from cdppe_analysis.rules import Rule

_USUAL = "igb"
_MOST_UNITS = 3000
"""Units among which it can be searched, within the hour, which of those published at a bound are there."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_rule(parser)
    parser.add_argument(
        "--unknown", metavar="CRITERION", help=f"the criterion to deduce (the blank one of a study, else {_USUAL})"
    )
    parser.add_argument("--amounts", metavar="CSV", type=Path, help="published amounts: code_departement, montant_eur")
    parser.add_argument("--out", metavar="FILE", type=destination, help="the CSV to write (the standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Compute the intervals, of a criterion or, where all are known, of the weights, and write them."""
    from cdppe_analysis.data.given import read_criteria
    from cdppe_analysis.storage.tables import write_csv

    data = opened(arguments)
    rule = data.rule(arguments.rule, weighted=False)
    given = arguments.amounts
    amounts = data.amounts(rule) if given is None else read_criteria(given, data.territories)
    unknown = arguments.unknown or _unknown(rule, data)
    if unknown is not None:
        rule = data.rule(arguments.rule)
    if arguments.criteria is None:
        criteria = data.criteria(rule, without=unknown)
    else:
        criteria = read_criteria(arguments.criteria, data.territories)
    deduced = _weights(rule, criteria, amounts) if unknown is None else _criterion(rule, criteria, amounts, unknown)
    table, told, said = deduced
    arguments.result = table
    if arguments.out is None:
        write_data(table.to_csv(index=False, float_format="%.12g", lineterminator="\n"))
    else:
        write_csv(table, arguments.out)
        print(f"{arguments.out}: {told}")
    print(f"cdppe calibrate: {said}", file=sys.stderr)
    return 0


def _unknown(rule: Rule, data: Data) -> str | None:
    """Return the criterion to deduce: the usual one, or the one that a study leaves blank; `None` for its weights."""
    from cdppe_analysis.errors import CriteriaError

    if not data.is_study:
        return _USUAL
    blank = data.blank_criteria(rule)
    if len(blank) > 1:
        raise CriteriaError(
            f"{len(blank)} criteria are blank ({', '.join(blank)}) and one can be deduced: fill in the others",
            cell="criteres.csv",
        )
    return blank[0] if blank else None


def _criterion(
    rule: Rule, criteria: pd.DataFrame, amounts: pd.DataFrame, unknown: str
) -> tuple[pd.DataFrame, str, str]:
    from cdppe_analysis.calibration import calibrate_criterion

    found = calibrate_criterion(rule, criteria, amounts, unknown)
    whole = "the centre is" if (found.certificats["extremite"] == "centre").all() else "every interval is"
    certified = f"{whole} certified, the amounts come back within {found.ecart_max_eur:.2f} euros"
    return found.table, f"{len(found.table)} intervals of {found.critere}", certified


def _weights(rule: Rule, criteria: pd.DataFrame, amounts: pd.DataFrame) -> tuple[pd.DataFrame, str, str]:
    from cdppe_analysis.calibration import calibrate_weights
    from cdppe_analysis.calibration.compatibility import publication
    from cdppe_analysis.errors import UnsettledError

    known = publication(rule, amounts)
    bound = sum(map(max, *known.near_bounds(known.tolerance)))
    if bound and len(rule.beneficiaires) > _MOST_UNITS:
        raise UnsettledError(
            f"{bound} of the {len(rule.beneficiaires)} amounts are at a plancher or a plafond: the weights are "
            f"searched unit by unit, among {_MOST_UNITS} at most"
        )
    found = calibrate_weights(rule, criteria, amounts, known.tolerance)
    return found.table, f"weights of {len(found.table)} criteria", found.message
