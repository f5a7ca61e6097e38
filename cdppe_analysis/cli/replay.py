"""`cdppe replay`: a recorded run done again, and compared with what it gave."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from cdppe_analysis.cli.inputs import add_data, opened


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("record", metavar="RECORD", type=Path, help="a record that cdppe simulate --out wrote")
    add_data(parser)
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        default="threads",
        help="threads (the default), processes, or the address of a Dask scheduler such as tcp://host:8786",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the record again; the exit code is 1 when the result is another."""
    from cdppe_analysis.errors import CheckError
    from cdppe_analysis.simulation.record import short, verdict
    from cdppe_analysis.studies import read_record, run_again

    record = read_record(arguments.record)
    again = run_again(record, scheduler=arguments.scheduler, data=opened(arguments)).record
    found = verdict(record, again)
    if found.entrees_differentes:
        print(f"cdppe replay: inputs that differ: {', '.join(found.entrees_differentes)}", file=sys.stderr)
    if not found.identique:
        gap = "the tables do not have one layout" if math.isnan(found.ecart) else f"the largest gap is {found.ecart:g}"
        raise CheckError(f"the result is not that of the record: {gap}", cell=arguments.record.name)
    arguments.result = {
        "identique": found.identique,
        "ecart": found.ecart,
        "entrees_differentes": found.entrees_differentes,
        "empreinte_des_entrees": again["empreinte_des_entrees"],
        "empreinte_du_resultat": again["empreinte_du_resultat"],
    }
    print(
        f"Même résultat, au centime : entrées {short(again['empreinte_des_entrees'])}, "
        f"résultat {short(again['empreinte_du_resultat'])}"
    )
    return 0
