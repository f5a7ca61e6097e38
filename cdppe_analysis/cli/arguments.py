"""What can be typed after `cdppe`: the verbs, the arguments of each, and what is opened from them."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import shtab

from cdppe_analysis import __version__
from cdppe_analysis.errors import CdppeError
from cdppe_analysis.storage.files import check_folder, check_writable

if TYPE_CHECKING:
    from cdppe_analysis.data import Data

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

USUAL_RULE, USUAL_CRITERION = "ondam-ms-2020", "igb"
"""What `map` draws and `calibrate` deduces of the installation's data, where nothing is named."""

SEED = 2020
"""Seed of the draws of the scenarios; every sheet says it."""

_OPENED_AS_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}

_EXIT_CODES = (
    "exit codes: 0 done; 1 a check failed; 2 bad input, nothing was written; 3 a fault of the program; 130 interrupted"
)


def _file(text: str) -> Path:
    """Return the file that a verb will write to, once it is sure that it can be: before the work, not after it."""
    check_writable(text)
    return Path(text)


def _table(text: str) -> Path:
    """Return the file that a CSV will be written to; a spreadsheet would not open one under the name of a workbook."""
    path = _file(text)
    if path.suffix.lower() in _OPENED_AS_WORKBOOKS:
        raise CdppeError(f"a CSV is written, and {path.name} is the name of a workbook: end it with .csv")
    return path


def _positive(text: str) -> int:
    if re.fullmatch("0*[1-9][0-9]{0,3}", text) is None:
        raise argparse.ArgumentTypeError(f"{text} is not a number of notebooks")
    return int(text)


_Argument = tuple[str, dict[str, Any]]


def _given(name: str, metavar: str, said: str, **more: Any) -> _Argument:
    return name, {"metavar": metavar, "help": said, **more}


def _flag(name: str, said: str, **more: Any) -> _Argument:
    return name, {"action": "store_true", "help": said, **more}


_DATA = _given("--data", "FOLDER", "a study's folder, as cdppe new makes it (the installation's data)", type=Path)


def _rule(without: str = "the only one of --data") -> list[_Argument]:
    """Return the rule, the values of its criteria and the data folder."""
    return [
        _given("rule", "RULE", f"the id of a rule, or the path of its YAML file ({without})", nargs="?"),
        _given("--criteria", "CSV", "values: code_departement, then a column a criterion", type=Path),
        _DATA,
    ]


def _csv(metavar: str) -> _Argument:
    return _given("--out", metavar, "the CSV to write (the standard output)", type=_table)


_HOW = [
    _flag("--debug", "show the traceback of an error"),
    _flag("--json", "print the result as JSON, for programs"),
    _flag("--quiet", "say nothing but the result and what is wrong"),
]
_BEFORE = [*_HOW, _DATA]
"""What stands before the verb or after it."""

_READING = [
    _given("--pages", "PAGES", "the pages (sheets) of the table, such as 12-14 or 3,5 (all if left out)"),
    _given("--table", "N", "which table to read, where the file holds several", type=int),
    _flag("--accept-gaps", "take a table whose total is not the sum of its parts, and say it"),
]
_SCHEDULER = _given(
    "--scheduler",
    "ADDRESS",
    "threads (the default), processes, or the address of a Dask scheduler such as tcp://host:8786",
)
_SUPPOSED = {"group": "hypotheses of --identification, tightened or loosened one by one"}

_ARGUMENTS = {
    "show": [_DATA, _given("name", "X", "the id of a rule, a scenario, a table or a source")],
    "clean": [
        _given("--out", "OUT", "the folder to write to; clean of the data when left out", type=check_folder),
        _DATA,
    ],
    "series": [
        _given("file", "FILE", "the publisher's file: .xlsx, .xls, or the CSV of the Cnaf"),
        _given("--out", "CSV", "the table to write", type=_table),
        _given("--into", "FOLDER", "the data folder to which the edition is added", type=Path),
        _given("--without", "SHEET", "a sheet to leave out (may be repeated)", action="append", default=[]),
    ],
    "data": [
        _given("--out", "DIR", "the folder to write to, made if missing", type=check_folder, required=True),
        _DATA,
    ],
    "new": [
        _given("folder", "FOLDER", "the folder to make; nothing may stand there"),
        _given("--annex", "FILE", "the document that publishes the amounts (an empty study to fill in without it)"),
        *_READING,
        _given("--column", "HEADING", "the column of amounts, by its heading or rank, where there are several"),
    ],
    "ingest": [
        _given("file", "FILE", "the annex: text, Markdown, HTML, CSV, workbook (.xlsx, .xls) or PDF"),
        _given("--out", "CSV", "the raw table to write; its remarks go beside it", type=_table, required=True),
        *_READING,
    ],
    "allocate": [*_rule(), _csv("FILE")],
    "explain": [*_rule(), _given("code", "CODE", "the code of a beneficiary, such as 23 or 2A")],
    "mask": [
        _given("file", "FILE", "code_departement, then a column a count of children", type=Path),
        _DATA,
        _csv("CSV"),
    ],
    "calibrate": [
        *_rule(),
        _given("--unknown", "CRITERION", f"the criterion to deduce (the blank one of a study, else {USUAL_CRITERION})"),
        _given("--amounts", "CSV", "published amounts: code_departement, montant_eur", type=Path),
        _csv("FILE"),
    ],
    "map": [
        *_rule(f"{USUAL_RULE}, or the only one of --data"),
        _given("--per", "CRITERION", "the criterion to divide by; the rule's first when left out"),
        _given("--out", "FILE", "a .png, .svg or .pdf (carte.png)", type=_file, default="carte.png"),
    ],
    "simulate": [
        _given("scenario", "SCENARIO", "the id of a scenario or of a family, or a YAML file"),
        _given("--draws", "N", "draws of the uncertain inputs (none)", type=int, default=0),
        _given("--seed", "S", "the seed of the draws, required with them (0 is one)", type=int),
        _flag(
            "--identification",
            "what is known whatever the unpublished index: sharp sets, certain signs, breakdown errors",
        ),
        _given("--error", "E", "the error of each count, a share (0.02)", type=float, **_SUPPOSED),
        _given("--perimeter", "EDITION", "the series of the known criterion (any declared)", **_SUPPOSED),
        _given("--level", "EUROS", "the multiplier of the baseline (any possible)", type=float, **_SUPPOSED),
        _flag(
            "--any-index",
            "an index that may be below 0",
            action="store_false",
            dest="positive",
            default=None,
            **_SUPPOSED,
        ),
        _given("--out", "FILE", "a .csv or .xlsx to write, and its record", type=_file),
        _SCHEDULER,
        _DATA,
        _given("--workers", "N", "workers on this machine (its processors)", type=int),
    ],
    "replay": [_given("record", "RECORD", "a record that cdppe simulate --out wrote", type=Path), _DATA, _SCHEDULER],
    "report": [
        _given("notebooks", "NOTEBOOK", "a path, or the start of a name (all by default)", nargs="*"),
        _given("--out", "DIR", "folder of the site (reports, in --data if given)", type=check_folder),
        _DATA,
        _flag("--pdf", "one PDF of all the reports, and one of each sheet, too (needs Chromium)"),
        _given("--jobs", "N", "notebooks at once (as many as cores)", type=_positive),
    ],
    "fiche": [
        _given("codes", "CODE", "a département (59), a région after an R (R32), a unit of --data", nargs="*"),
        _flag("--all", "the 101 départements and the 18 régions, or all units"),
        _given("--out", "DIR", "(reports/fiches, in --data if given)", type=check_folder),
        _DATA,
        _flag("--pdf", "PDF too (where there is a Chromium)", action=argparse.BooleanOptionalAction),
        _given("--seed", "S", f"seed of the scenarios ({SEED})", type=int, default=SEED),
    ],
    "simulator": [
        _given("--out", "DIR", "folder of the page (reports)", type=check_folder, default="reports"),
        _DATA,
        _flag("--no-browser", "do not open it"),
    ],
}
"""What each verb takes beside `--debug`, `--json` and `--quiet`; those that are not here, the data folder alone."""


class _Parser(argparse.ArgumentParser):
    """A parser whose refusals are one sentence, as all others; an option is written whole."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, allow_abbrev=False)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help or the version; an output that takes nothing is told as any other."""
        if message and file is not None:
            file.write(message)
            file.flush()

    def error(self, message: str) -> NoReturn:
        if verb := re.match(r"argument VERB: invalid choice: '(.*?)'", message, re.DOTALL):
            from cdppe_analysis.storage.strict import hint

            message = f"{verb[0]}{hint(verb[1], VERBS)}"
        raise CdppeError(f"{message}; {self.prog} --help says what can be given")


def parsed(words: list[str]) -> argparse.Namespace:
    """Return what is typed, understood.

    Raises
    ------
    CdppeError
        When a word is empty or not understood (naming the nearest option), or a place to write to cannot be.
    """
    parser = _Parser(
        prog="cdppe",
        description="Recompute, explain, compare and map the allocations of the CDPPE.",
        epilog=_EXIT_CODES,
    )
    parser.add_argument("--version", action="version", version=f"cdppe {__version__}")
    for name, said in _BEFORE:
        parser.add_argument(name, **said)
    shtab.add_argument_to(parser, "--completion", help="print the completion of a shell")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, summary in VERBS.items():
        own = verbs.add_parser(
            verb, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=_EXIT_CODES
        )
        groups: dict[str | None, argparse._ArgumentGroup | argparse.ArgumentParser] = {None: own}
        for name, said in _taken(verb):
            group = said.get("group")
            if group not in groups:
                groups[group] = own.add_argument_group(group)
            # Left out after the verb, what was given before it stands.
            default = {"default": argparse.SUPPRESS} if (name, said) in _BEFORE else {}
            given: dict[str, Any] = {key: word for key, word in said.items() if key != "group"} | default
            groups[group].add_argument(name, **given)
    if "" in words:
        raise CdppeError("an empty word is given where a name or a number is expected")
    arguments, unknown = parser.parse_known_args(words)
    options = [name for name, _ in _taken(arguments.verb) if name.startswith("--")]
    if arguments.data is not None and "--data" not in options:
        unknown.append("--data")
    if unknown:
        from cdppe_analysis.storage.strict import hint

        near = hint(unknown[0].partition("=")[0], options) if unknown[0].startswith("--") else ""
        raise CdppeError(f"{unknown[0]!r} is not taken{near}; cdppe {arguments.verb} --help says what can be given")
    _check_not_read(arguments)
    return arguments


def _taken(verb: str) -> list[_Argument]:
    return [*_HOW, *_ARGUMENTS.get(verb, [_DATA])]


def _check_not_read(arguments: argparse.Namespace) -> None:
    """Refuse to write over what is read: a table of criteria that its amounts replace is lost."""
    out = getattr(arguments, "out", None)
    for name in ("file", "rule", "criteria", "amounts", "scenario"):
        given = getattr(arguments, name, None)
        if out is not None and given and out.is_file() and os.path.exists(given) and os.path.samefile(given, out):
            raise CdppeError(f"cannot write {out}: it is the file that is read; give another one with --out")


def opened(arguments: argparse.Namespace) -> Data:
    """Open the data folder: the one that is named, that of a rule whose units are its own, or the installation's."""
    from cdppe_analysis.data import Data
    from cdppe_analysis.territories import DECLARED

    place = arguments.data
    if place is None and str(getattr(arguments, "rule", None) or "").endswith((".yml", ".yaml")):
        folders = Path(arguments.rule).resolve().parents[:2]
        place = next((folder for folder in folders if (folder / DECLARED).is_file()), None)
    return Data.open(place)
