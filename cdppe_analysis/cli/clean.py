"""`cdppe clean`: the clean tables from the raw cells."""

from __future__ import annotations

import argparse

from cdppe_analysis.cli import destination_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--out", type=destination_folder, help="the folder to write to; data/clean of the checkout when left out"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the tables and say how many rows each has."""
    from cdppe_analysis.errors import TableError
    from cdppe_analysis.sources import Archive
    from cdppe_analysis.storage.files import carried_inside, data_dir
    from cdppe_analysis.upkeep.construction import write_tables

    if arguments.out is None and carried_inside():
        raise TableError("the tables of an installed package are not rebuilt in place: give a folder with --out")
    out = arguments.out or data_dir() / "clean"
    written = write_tables(Archive.open(), out)
    arguments.result = {"dossier": out, "tables": [{"id": name, "lignes": rows} for name, rows in written.items()]}
    for name, rows in written.items():
        print(f"{name}.csv: {rows} rows")
    return 0
