"""`cdppe data`: the data package for people of the field."""

from __future__ import annotations

import argparse

from cdppe_analysis.cli import destination_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--out", type=destination_folder, required=True, metavar="DIR", help="the folder to write to, made if missing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say their size."""
    from cdppe_analysis.upkeep.publication import write_publication

    sizes = write_publication(arguments.out)
    files = [{"fichier": arguments.out / name, "octets": size} for name, size in sizes.items()]
    arguments.result = {"dossier": arguments.out, "fichiers": files}
    for name, size in sizes.items():
        print(f"{arguments.out / name}: {size} bytes")
    print(f"{len(sizes)} files, {sum(sizes.values())} bytes; begin with {arguments.out / 'LISEZMOI.md'}")
    return 0
