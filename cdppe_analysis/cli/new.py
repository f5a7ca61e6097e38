"""`cdppe new DOSSIER --annex FILE`: an annex becomes a study, a folder that the other verbs take with `--data`."""

from __future__ import annotations

import argparse

from cdppe_analysis.cli.ingest import add_reading, pages_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder to make, and the annex to read."""
    parser.add_argument("folder", metavar="DOSSIER", help="the folder to make; nothing may stand there")
    parser.add_argument(
        "--annex", metavar="FILE", help="the document that publishes the amounts (an empty study to fill in without it)"
    )
    add_reading(parser)
    parser.add_argument(
        "--column", metavar="HEADING", help="the column of amounts, by its heading or rank, where there are several"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the folder, say what is in it and what is to be filled in, in French.

    Raises
    ------
    TableError
        When something stands there, or the annex cannot be read in one way only; nothing is then written.
    """
    from cdppe_analysis.data import Data
    from cdppe_analysis.typography import euros, number
    from cdppe_analysis.upkeep.founding import found_study

    made = found_study(
        arguments.folder,
        arguments.annex,
        pages=pages_of(arguments.pages),
        table=arguments.table,
        column=arguments.column,
        accept_gaps=bool(arguments.accept_gaps),
    )
    blanks = Data.open(made.folder).blanks(made.rule)
    arguments.result = {
        "dossier": made.folder,
        "titre": made.titre,
        "regle": made.rule,
        "beneficiaires": made.beneficiaries,
        "montant_eur": made.total,
        "a_completer": blanks,
    }
    if made.annex is None:
        print(f"{made.folder} : une étude vide, règle {made.rule}")
    else:
        decimals = 0 if made.total == made.total.to_integral_value() else 2
        print(f"« {made.titre} »")
        print(
            f"{made.folder} : {number(made.beneficiaries)} bénéficiaires, {euros(made.total, decimals)}, "
            f"règle {made.rule}"
        )
        print(made.annex.told())
    print("À compléter :")
    for blank in blanks:
        print(f"  {blank}")
    return 0
