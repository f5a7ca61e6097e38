"""Any console, a pipe that closes, an interruption: one sentence and an exit code."""

import os
import subprocess
import sys
from functools import cache

import pytest

from cdppe_analysis.cli import console
from cdppe_analysis.errors import CheckError, TableError

COMMAND = [sys.executable, "-m", "cdppe_analysis"]


def run(*words, encoding="utf-8", **more):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"} | more
    return subprocess.run([*COMMAND, *words], capture_output=True, check=False, env=environment)


@cache
def whole_text(*words):
    """Return what a console that holds everything is told."""
    return run(*words).stdout.decode("utf-8")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
@pytest.mark.parametrize("words", [("explain", "ondam-ms-2020", "59"), ("simulate", "mineurs")])
def test_a_console_of_another_encoding_is_told_everything(encoding, words):
    done = run(*words, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    told, whole = done.stdout.decode(encoding), whole_text(*words)
    assert len(told.splitlines()) == len(whole.splitlines())
    assert "?" not in told.replace("?", "", whole.count("?"))


def test_what_a_console_lacks_is_replaced_by_the_nearest():
    console.prepare()
    assert "1\u202f234 € à l’Ain − œ".encode("cp1252", "cdppe").decode("cp1252") == "1\u00a0234 € à l’Ain - œ"
    assert "1\u202f234 € à l’Ain".encode("ascii", "cdppe") == b"1 234 EUR a l'Ain"
    assert "漢".encode("ascii", "cdppe") == b"?"


def test_a_table_on_the_standard_output_is_utf_8_whatever_the_console():
    assert run("allocate", "ondam-ms-2020", encoding="ascii").stdout == run("allocate", "ondam-ms-2020").stdout


def test_a_reader_who_has_enough_ends_the_command_without_a_word():
    with subprocess.Popen([*COMMAND, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_wrong_backend_of_figures_stops_no_map(tmp_path):
    done = run("map", "ondam-ms-2020", "--out", str(tmp_path / "a b é.svg"), MPLBACKEND="absent")
    assert done.returncode == 0
    assert (tmp_path / "a b é.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (TableError("no such table", cell="A1"), 2, "cdppe map: no such table (at A1)"),
        (CheckError("a sum is wrong"), 1, "cdppe map: a sum is wrong"),
        (KeyboardInterrupt(), 130, "cdppe map: interrupted"),
        (MemoryError(), 2, "cdppe map: there is not enough memory for what is asked"),
        (OSError(28, "No space left on device", "x.csv"), 2, "cdppe map: No space left on device: x.csv"),
        (KeyError("zzz"), 3, "cdppe map: a fault of the program (KeyError: 'zzz'); --debug shows where"),
    ],
)
def test_whatever_happens_is_one_sentence(capsys, error, code, sentence):
    def fails():
        raise error

    assert console.guarded(fails, "map", debug=False) == code
    assert capsys.readouterr().err == sentence + "\n"


def test_debug_lets_the_error_through():
    def fails():
        raise KeyError("zzz")

    with pytest.raises(KeyError):
        console.guarded(fails, "map", debug=True)
