"""The `cdppe` command: the verbs that act on one thing stand in one module, imported when one of them is used.

Such a module has `RUN`, the function of each of its verbs, which takes what was typed (`arguments`), says what it does,
leaves in `arguments.result` what `--json` prints, and returns the exit code; whatever is heavy is imported inside it.
Whatever goes wrong becomes one line on the standard error and an exit code; `--debug` shows the traceback instead.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from itertools import pairwise

from cdppe_analysis.cli import console
from cdppe_analysis.cli.arguments import VERBS, parsed

_TOGETHER = {
    "catalogue": ("rules", "scenarios", "tables", "sources", "show", "clean", "check", "data", "mask"),
    "annex": ("new", "ingest", "series"),
    "rule": ("allocate", "explain", "calibrate", "map", "simulate", "replay"),
    "page": ("report", "fiche", "simulator"),
}
"""The modules, each with its verbs."""

_MODULES = {verb: module for module, verbs in _TOGETHER.items() for verb in verbs}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    verb = next((word for before, word in pairwise(["", *words]) if word in VERBS and before != "--data"), "")

    def run() -> int:
        arguments = parsed(words)
        verbs = importlib.import_module(f"cdppe_analysis.cli.{_MODULES[arguments.verb]}").RUN
        return console.printed(verbs[arguments.verb], arguments)

    return console.guarded(run, verb, debug="--debug" in words, json="--json" in words)
