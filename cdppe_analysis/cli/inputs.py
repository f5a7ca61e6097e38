"""What the verbs are computed from: the data folder, the rule, the values of its criteria."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from cdppe_analysis.data import Data
    from cdppe_analysis.rules import Rule


def add_data(parser: argparse.ArgumentParser) -> None:
    """Declare the data folder."""
    parser.add_argument(
        "--data", metavar="DOSSIER", type=Path, help="a study's folder, as cdppe new makes it (the installation's data)"
    )


def add_rule(parser: argparse.ArgumentParser, without: str = "the only one of --data") -> None:
    """Declare the rule, the values of its criteria and the data folder."""
    parser.add_argument(
        "rule", metavar="RULE", nargs="?", help=f"the id of a rule, or the path of its YAML file ({without})"
    )
    parser.add_argument(
        "--criteria", metavar="CSV", type=Path, help="values: code_departement, then a column a criterion"
    )
    add_data(parser)


def opened(arguments: argparse.Namespace) -> Data:
    """Open the data folder: the one that is named, that of a rule whose units are its own, or the installation's."""
    from cdppe_analysis.data import Data
    from cdppe_analysis.territories.declared import FILE

    place = arguments.data
    if place is None and str(getattr(arguments, "rule", None) or "").endswith((".yml", ".yaml")):
        folders = Path(arguments.rule).resolve().parents[:2]
        place = next((folder for folder in folders if (folder / FILE).is_file()), None)
    return Data.open(place)


def rule_and_criteria(arguments: argparse.Namespace, data: Data) -> tuple[Rule, pd.DataFrame]:
    """Read the rule and the values of its criteria."""
    from cdppe_analysis.data.given import read_criteria

    rule = data.rule(arguments.rule)
    if arguments.criteria is None:
        return rule, data.criteria(rule)
    return rule, read_criteria(arguments.criteria, data.territories)
