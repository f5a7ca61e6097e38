"""The console of a machine that is not ours: any encoding, a pipe that closes, an interruption, a fault of the program.

What the console cannot write is replaced by the nearest that it can (a narrow no-break space by a space, an accent by
its letter), so that a sentence is told whole; data on the standard output are UTF-8 where no person reads them.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

from cdppe_analysis.errors import CdppeError

INTERRUPTED, FAULT = 130, 3

_NEAREST = {
    "\u202f": ("\u00a0", " "),
    "\u00a0": (" ",),
    "\u2009": (" ",),
    "\u2019": ("'",),
    "\u2212": ("-",),
    "\u2013": ("-",),
    "\u2014": ("-",),
    "\u2026": ("...",),
    "\u2192": ("->",),
    "\u2264": ("<=",),
    "\u2265": (">=",),
    "\u00d7": ("x",),
    "\u03bb": ("lambda",),
    "\u00ab": ('"',),
    "\u00bb": ('"',),
    "\u20ac": ("EUR",),
    "\u0153": ("oe",),
}


def prepare() -> None:
    """Let the standard streams write whatever they are given, and draw without a window."""
    codecs.register_error("cdppe", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="cdppe")
    os.environ["MPLBACKEND"] = "agg"


def printed(run: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    """Run a verb, and print what it says as it was asked for: as text, as JSON, without what is beside the result.

    With `--json`, what the verb left in `arguments.result` is printed, or the lines that it would have printed.
    """
    said = io.StringIO()
    with contextlib.ExitStack() as streams:
        if arguments.quiet:
            streams.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if arguments.json:
            streams.enter_context(contextlib.redirect_stdout(said))
        code = int(run(arguments))
    if arguments.json:
        result = getattr(arguments, "result", {"lignes": said.getvalue().splitlines()})
        write_data(json.dumps(result, ensure_ascii=False, indent=1, default=_plain) + "\n")
    return code


def _plain(value: Any) -> Any:
    """Give a number of NumPy or a fraction as JSON has them; anything else as its text."""
    return value.item() if hasattr(value, "item") else str(value)


def guarded(run: Callable[[], int], verb: str, *, debug: bool) -> int:
    """Run a verb; return its exit code, whatever happens, with one sentence where something does."""
    try:
        code = run()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read the output has enough: the rest goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _told(verb, "interrupted", INTERRUPTED)
    except CdppeError as error:
        if debug:
            raise
        return _told(verb, str(error), error.exit_code)
    except MemoryError:
        return _told(verb, "there is not enough memory for what is asked", 2)
    except OSError as error:
        if debug:
            raise
        return _told(verb, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", 2)
    except Exception as error:
        if debug:
            raise
        return _told(verb, f"a fault of the program ({type(error).__name__}: {error}); --debug shows where", FAULT)


def write_data(text: str) -> None:
    """Write data to the standard output: in UTF-8 to a file or a pipe, whatever the console's encoding."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()


def _told(verb: str, sentence: str, code: int) -> int:
    print(f"cdppe {verb}: {' '.join(sentence.split())}", file=sys.stderr)
    return code


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    told = "".join(_writable(character, error.encoding) for character in error.object[error.start : error.end])
    return told, error.end


def _writable(character: str, encoding: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in decomposed if not unicodedata.combining(part))
    for candidate in (*_NEAREST.get(character, ()), bare):
        if _encodes(candidate, encoding):
            return candidate
    return "?"


def _encodes(text: str, encoding: Any) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
