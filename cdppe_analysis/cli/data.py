"""`cdppe data`: the data package for people of the field."""

from __future__ import annotations

import argparse

from cdppe_analysis.cli import destination_folder
from cdppe_analysis.cli.inputs import add_data, opened


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--out", type=destination_folder, required=True, metavar="DIR", help="the folder to write to, made if missing"
    )
    add_data(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say their size."""
    from cdppe_analysis.upkeep.publication import README, write_publication
    from cdppe_analysis.upkeep.study_package import PACKAGE, write_study_package

    data = opened(arguments)
    out, first = arguments.out, PACKAGE if data.is_study else README
    sizes = write_study_package(data, out) if data.is_study else write_publication(out, data.folder)
    files = [{"fichier": arguments.out / name, "octets": size} for name, size in sizes.items()]
    arguments.result = {"dossier": arguments.out, "fichiers": files}
    for name, size in sizes.items():
        print(f"{arguments.out / name}: {size} bytes")
    print(f"{len(sizes)} files, {sum(sizes.values())} bytes; begin with {arguments.out / first}")
    return 0
