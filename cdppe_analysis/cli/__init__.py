"""The `cdppe` command: one module a verb, imported when the verb is used.

A verb's module has `add_arguments(parser)` and `run(arguments) -> int`; whatever is heavy is imported inside `run`.
Whatever goes wrong becomes one line on the standard error and an exit code (`EXIT_CODES`); `--debug` shows the
traceback instead.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import shtab

from cdppe_analysis import __version__
from cdppe_analysis.cli import console
from cdppe_analysis.errors import CdppeError

VERBS = {
    "rules": "list the rules",
    "scenarios": "list the scenarios",
    "tables": "list the clean tables",
    "sources": "list the documents and series that the figures come from",
    "show": "print a rule, a scenario, a table or a source",
    "clean": "rebuild the clean tables from the raw cells",
    "check": "check the raw cells, the clean tables and the rules",
    "series": "read a workbook of the DREES or of the Insee into series, each value with its cell",
    "data": "write the clean tables as CSV, Parquet and GeoPackage, with their description",
    "new": "make a study from an annex: a folder that the other verbs take with --data",
    "ingest": "read a new annex, text or PDF, into a raw table with its doubts",
    "allocate": "compute the amounts that a rule gives",
    "explain": "tell how one amount came about, step by step",
    "mask": "mask the counts of 1 to 4 of a table, and what would give them back",
    "calibrate": "deduce an unpublished criterion from published amounts",
    "map": "draw the amounts of a rule on a map",
    "simulate": "compare another rule with its baseline, with the uncertainty of the inputs",
    "replay": "run a record of cdppe simulate again and compare",
    "report": "execute the notebooks and write the reports",
    "fiche": "write the sheet of a territory",
    "simulator": "try another rule in the browser",
}
"""The verbs, in the order of the help, each with what it does."""


_SHARED = dict.fromkeys(("rules", "scenarios", "tables", "sources", "show"), "catalogue")

EXIT_CODES = (
    "exit codes: 0 done; 1 a check failed; 2 bad input, nothing was written; 3 a fault of the program; 130 interrupted"
)


class _Parser(argparse.ArgumentParser):
    """A parser whose refusals are one sentence, as all others."""

    def error(self, message: str) -> NoReturn:
        raise CdppeError(f"{message}; {self.prog} --help says what can be given")


def build_parser(verb: str | None = None) -> argparse.ArgumentParser:
    """Return the parser; only the arguments of `verb` are built, since they alone will be read; of all without one."""
    parser = _Parser(
        prog="cdppe",
        description="Recompute, explain, compare and map the allocations of the CDPPE.",
        epilog=EXIT_CODES,
    )
    parser.add_argument("--version", action="version", version=f"cdppe {__version__}")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    shtab.add_argument_to(parser, "--completion", help="print the completion of a shell: bash, zsh or tcsh")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, summary in VERBS.items():
        verb_parser = verbs.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=EXIT_CODES
        )
        if name == verb or verb is None:
            verb_parser.add_argument("--json", action="store_true", help="print the result as JSON, for programs")
            verb_parser.add_argument(
                "--quiet", action="store_true", help="say nothing but the result and what is wrong"
            )
            _module(name).add_arguments(verb_parser)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    verb = next((word for word in words if word in VERBS), None)
    console.prepare()

    def run() -> int:
        arguments = build_parser(verb).parse_args(words)
        return console.printed(_module(arguments.verb).run, arguments)

    return console.guarded(run, verb or "", debug="--debug" in words, json="--json" in words)


def destination(text: str) -> Path:
    """Return the file that a verb will write to, once it is sure that it can be: before the work, not after it."""
    from cdppe_analysis.storage.files import check_writable

    check_writable(text)
    return Path(text)


def destination_folder(text: str) -> Path:
    """Return the folder that a verb will write in, once it is sure that it can be."""
    from cdppe_analysis.storage.files import check_folder

    return check_folder(text)


def _module(verb: str) -> ModuleType:
    return importlib.import_module(f"cdppe_analysis.cli.{_SHARED.get(verb, verb)}")
