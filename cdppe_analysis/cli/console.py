"""The console of a machine that is not ours: any encoding, a pipe that closes, an interruption, a fault of the program.

What the console cannot write is replaced by the nearest that it can (a narrow no-break space by a space, an accent by
its letter), so that a sentence is told whole; data on the standard output are UTF-8 where no person reads them.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import dataclasses
import io
import json
import logging
import math
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdppe_analysis.errors import CdppeError, written

if TYPE_CHECKING:
    import pandas as pd

INTERRUPTED, FAULT = 130, 3
_PLACES = {"code_departement": "code", "critere": "criterion", "emplacement": "cell"}

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


def _prepare() -> None:
    """Let the standard streams write whatever they are given, and draw without a window."""
    codecs.register_error("cdppe", _nearest)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed before the program began: what is said goes nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        if hasattr(stream := getattr(sys, name), "reconfigure"):
            stream.reconfigure(errors="cdppe")
            _go_on(stream, BrokenPipeError if name == "stdout" else OSError)
    os.environ["MPLBACKEND"] = "agg"
    # Where there is no home, Matplotlib keeps its fonts among the temporary files, and need not say so.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def _go_on(stream: Any, lost: type[OSError]) -> None:
    """Let the work go on where nobody reads what it says any more: the rest goes nowhere, without a word."""

    def going_on(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            try:
                return call(*given)
            except lost:
                _close(stream)
                return call(*given)

        return called

    for name in ("write", "flush"):
        setattr(stream, name, going_on(getattr(stream, name)))


def _close(stream: Any) -> None:
    """Send what is still to be written nowhere, so that the end of the program does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def printed(run: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    """Run a verb, and print what it says as it was asked for: as text, as JSON, without what is beside the result.

    With `--json`, what the verb left in `arguments.result` is printed, and nothing else on the standard output.
    """
    with contextlib.ExitStack() as streams:
        if arguments.quiet:
            streams.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if arguments.json:
            streams.enter_context(contextlib.redirect_stdout(io.StringIO()))
        code = int(run(arguments))
    if arguments.json:
        _write_data(_as_json(arguments.result))
    return code


def _as_json(value: Any) -> str:
    """Return one JSON document: an exact number as decimal text, a table as a list of rows, what is missing as null.

    Examples
    --------
    >>> from fractions import Fraction
    >>> print(_as_json({"poids": Fraction(57, 200), "ecart": float("nan")}), end="")
    {
     "poids": "0.285",
     "ecart": null
    }
    """
    return json.dumps(_plain(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """Give as JSON has them the numbers, tables, paths and small classes of the project."""
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, Fraction | Decimal):
        return written(Fraction(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "to_dict"):
        return _plain(value.to_dict("records"))
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None if str(value) in ("<NA>", "NaT") else str(value)


def guarded(run: Callable[[], int], verb: str, *, debug: bool, json: bool = False) -> int:
    """Run a verb; return its exit code, whatever happens, with one sentence where something does.

    With `json`, the sentence also stands on the standard output, as JSON, with the exit code and the place.
    """
    _prepare()
    try:
        with _ended_as_interrupted():
            code = run()
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        _close(sys.stdout)
        return 0
    except (Exception, KeyboardInterrupt) as error:
        sentence, code = _sentence(error)
        if debug and not isinstance(error, KeyboardInterrupt | MemoryError):
            raise
        sentence = " ".join("".join(map(_seen, sentence)).split())
        print(f"{f'cdppe {verb}'.rstrip()}: {sentence}", file=sys.stderr)
        place = {key: getattr(error, name, None) for key, name in _PLACES.items()}
        try:
            if json:
                _write_data(_as_json({"erreur": sentence, **place, "code_de_sortie": code}))
            sys.stdout.flush()
        except OSError:
            _close(sys.stdout)
        return code


@contextlib.contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Take the signals by which a machine, a queue or a closed terminal ends a program for that of the keyboard."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), signal.default_int_handler) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _sentence(error: BaseException) -> tuple[str, int]:
    """Return what is said of an error, and the exit code."""
    if isinstance(error, KeyboardInterrupt):
        return f"interrupted{f'; {error}' if str(error) else ''}", INTERRUPTED
    if isinstance(error, CdppeError):
        return str(error), error.exit_code
    if isinstance(error, MemoryError):
        return "there is not enough memory for what is asked", 2
    if isinstance(error, UnicodeEncodeError):
        return f"{error.object[error.start : error.end]!a} are no characters of a text: rename what bears them", 2
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", 2
    return f"a fault of the program ({type(error).__name__}: {error}); --debug shows where", FAULT


def _seen(character: str) -> str:
    """Return a character that moves the cursor or the words, or is none, as it is typed in a program."""
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs") and not character.isspace()
    return ascii(character)[1:-1] if hidden else character


def write_table(table: pd.DataFrame, out: Path | None, told: str) -> None:
    """Write a table to a file, and say what it holds; as CSV to the standard output where no file is given."""
    from cdppe_analysis.storage.tables import write_csv

    if out is None:
        _write_data(table.to_csv(index=False, float_format="%.12g", lineterminator="\n"))
    else:
        write_csv(table, out)
        print(f"{out}: {told}")


def _write_data(text: str) -> None:
    """Write data to the standard output: in UTF-8 to a file or a pipe, whatever the console's encoding."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "cdppe"))
        sys.stdout.buffer.flush()


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
