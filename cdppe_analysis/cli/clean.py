"""`cdppe clean`: the clean tables from the raw cells."""

from __future__ import annotations

import argparse

from cdppe_analysis.cli import destination_folder
from cdppe_analysis.cli.inputs import add_data, opened


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--out", type=destination_folder, help="the folder to write to; clean of the data when left out"
    )
    add_data(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the tables and say how many rows each has."""
    from cdppe_analysis.errors import TableError
    from cdppe_analysis.storage.files import carried_inside
    from cdppe_analysis.storage.tables import write_csv
    from cdppe_analysis.upkeep.construction import write_tables
    from cdppe_analysis.upkeep.study_package import clean_amounts

    if arguments.out is None and arguments.data is None and carried_inside():
        raise TableError("the tables of an installed package are not rebuilt in place: give a folder with --out")
    data = opened(arguments)
    out = arguments.out or data.folder / "clean"
    if data.is_study:
        amounts = clean_amounts(data)
        out.mkdir(parents=True, exist_ok=True)
        write_csv(amounts, out / "allocations.csv")
        written = {"allocations": len(amounts)}
    else:
        written = write_tables(data.archive, out)
    arguments.result = {"dossier": out, "tables": [{"id": name, "lignes": rows} for name, rows in written.items()]}
    for name, rows in written.items():
        print(f"{name}.csv: {rows} rows")
    return 0
