"""Any console, a pipe that closes, an interruption: one sentence and an exit code."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.cli import console, main
from cdppe_analysis.errors import CheckError, TableError

COMMAND = [sys.executable, "-m", "cdppe_analysis"]


def run(*words, encoding="utf-8", **more):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"} | more
    return subprocess.run([*COMMAND, *words], capture_output=True, check=False, env=environment)


@pytest.fixture
def told_in(monkeypatch):
    """Run a command on a console of an encoding, and return what is told, and what of errors."""

    def told(encoding, *words):
        streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
        with monkeypatch.context() as patched:
            patched.setattr("sys.stdout", streams[0])
            patched.setattr("sys.stderr", streams[1])
            assert main(list(words)) == 0
        for stream in streams:
            stream.flush()
        return [stream.buffer.getvalue() for stream in streams]

    return told


def test_a_console_of_another_encoding_is_that_of_a_process():
    done = run("explain", "ondam-ms-2020", "59", encoding="cp1252")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Nord (59)" in done.stdout.decode("cp1252")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
@pytest.mark.parametrize("words", [("explain", "ondam-ms-2020", "59"), ("simulate", "mineurs")])
def test_a_console_of_another_encoding_is_told_everything(told_in, encoding, words):
    out, err = told_in(encoding, *words)
    assert err == b""
    told, whole = out.decode(encoding), told_in("utf-8", *words)[0].decode("utf-8")
    assert len(told.splitlines()) == len(whole.splitlines())
    assert "?" not in told.replace("?", "", whole.count("?"))


def test_what_a_console_lacks_is_replaced_by_the_nearest():
    console._prepare()
    assert "1\u202f234 € à l’Ain − œ".encode("cp1252", "cdppe").decode("cp1252") == "1\u00a0234 € à l’Ain - œ"
    assert "1\u202f234 € à l’Ain".encode("ascii", "cdppe") == b"1 234 EUR a l'Ain"
    assert "漢".encode("ascii", "cdppe") == b"?"
    told = "a\u202fb\u00a0c\u2009d ’ − – — … → ≤ ≥ × λ « » œ é ﬁ".encode("ascii", "cdppe").decode("ascii")
    assert told == 'a b c d \' - - - ... -> <= >= x lambda " " oe e fi'


def test_a_table_on_the_standard_output_is_utf_8_whatever_the_console(told_in):
    assert told_in("ascii", "allocate", "ondam-ms-2020") == told_in("utf-8", "allocate", "ondam-ms-2020")


def test_a_reader_who_has_enough_ends_the_command_without_a_word():
    with subprocess.Popen([*COMMAND, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_reader_who_has_enough_does_not_stop_what_is_written_elsewhere(monkeypatch, tmp_path):
    def run():
        for _ in range(2):
            print("a sheet", flush=True)
            print("a step", file=sys.stderr)
        (tmp_path / "sheet").touch()
        return 0

    with monkeypatch.context() as patched, contextlib.ExitStack() as streams:
        for name in ("stdout", "stderr"):
            reader, writer = os.pipe()
            os.close(reader)
            patched.setattr(sys, name, streams.enter_context(os.fdopen(writer, "w")))
        assert console.guarded(run, "fiche", debug=False) == 0
        assert console.guarded(lambda: main(["allocate", "absent"]), "", debug=False) == 2
    assert (tmp_path / "sheet").exists()


def test_a_wrong_backend_of_figures_stops_no_map_and_a_machine_without_a_home_says_nothing_of_it(tmp_path):
    (tmp_path / "file").write_text("")
    lost = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(tmp_path / "file"))
    done = run("map", "ondam-ms-2020", "--out", str(tmp_path / "a b é.svg"), MPLBACKEND="absent", **lost)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "a b é.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (TableError("no such table", cell="A1"), 2, "cdppe map: no such table (at A1)"),
        (CheckError("a sum is wrong"), 1, "cdppe map: a sum is wrong"),
        (KeyboardInterrupt(), 130, "cdppe map: interrupted"),
        (KeyboardInterrupt("the draws are kept"), 130, "cdppe map: interrupted; the draws are kept"),
        (MemoryError(), 2, "cdppe map: there is not enough memory for what is asked"),
        (OSError(28, "No space left on device", "x.csv"), 2, "cdppe map: No space left on device: x.csv"),
        (
            UnicodeEncodeError("utf-8", "x\udce9.csv", 1, 2, "surrogate"),
            2,
            "cdppe map: '\\udce9' are no characters of a text: rename what bears them",
        ),
        (KeyError("zzz"), 3, "cdppe map: a fault of the program (KeyError: 'zzz'); --debug shows where"),
        (TableError("no\x1b[2J\nfile \u202e1\u202f000\0"), 2, "cdppe map: no\\x1b[2J file \\u202e1 000\\x00"),
    ],
)
def test_whatever_happens_is_one_sentence(capsys, error, code, sentence):
    def fails():
        raise error

    for debug in {False, isinstance(error, KeyboardInterrupt | MemoryError)}:
        assert console.guarded(fails, "map", debug=debug) == code
        assert capsys.readouterr() == ("", sentence + "\n")


def test_debug_lets_the_error_through():
    def fails():
        raise KeyError("zzz")

    with pytest.raises(KeyError):
        console.guarded(fails, "map", debug=True)


def test_an_interruption_while_the_command_is_imported_is_one_sentence():
    program = (
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'shtab':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from cdppe_analysis.__main__ import main\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"cdppe: interrupted\n")


def test_what_a_library_warns_of_is_told_only_where_it_is_asked_for():
    program = "import warnings; from cdppe_analysis import __main__, cli; cli.main = lambda: warnings.warn('line 1')"
    words = [sys.executable, "-c", f"{program}; __main__.main()"]
    plain, asked = (
        subprocess.run([*words, *more], capture_output=True, check=True).stderr for more in ([], ["--debug"])
    )
    assert plain == b""
    assert b"line 1" in asked


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("explain", "ondam-ms-2020", "23"), " explain"),
        (("rules", "--json"), " rules"),
        (("--version",), ""),
        (("map", "--help"), " map"),
    ],
)
def test_an_output_that_is_full_is_one_sentence(words, verb):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, f"cdppe{verb}: No space left on device\n".encode())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_full_output_is_bad_and_a_full_console_of_errors_is_not(monkeypatch):
    def run():
        print("a result", flush=True)
        print("a step", file=sys.stderr, flush=True)
        return 0

    for name, code in (("stdout", 2), ("stderr", 0)):
        with monkeypatch.context() as patched, open("/dev/full", "w", encoding="utf-8") as full:
            patched.setattr(sys, name, full)
            assert console.guarded(run, "fiche", debug=False) == code


def test_a_number_that_json_lacks_is_null_and_an_exact_one_is_text():
    given = {"a": [float("inf"), np.float64("nan"), np.int64(3), pd.NA], "b": Fraction(1, 3), "c": Decimal("0.10")}
    assert json.loads(console._as_json(given)) == {"a": [None, None, 3, None], "b": "1/3", "c": "0.1"}
    assert json.loads(console._as_json([pd.NaT, pd.NA, np.float64(0.5)])) == [None, None, 0.5]


@pytest.mark.skipif(os.name != "posix", reason="the signals of another system are others")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_run_that_the_machine_ends_is_interrupted_as_by_the_keyboard(name):
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt), console._ended_as_interrupted():
            os.kill(os.getpid(), number)
        assert signal.getsignal(number) == signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_figures_are_drawn_without_a_window_whatever_the_machine_asks_for(monkeypatch, capsys):
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    assert main(["rules"]) == 0
    assert os.environ["MPLBACKEND"] == "agg"
    assert capsys.readouterr().out


def test_a_table_is_printed_with_twelve_digits(capsys):
    console.write_table(pd.DataFrame({"part": [1 / 3], "n": [7]}), None, "")
    assert capsys.readouterr().out == "part,n\n0.333333333333,7\n"


def test_what_is_not_seen_is_told_as_it_is_typed():
    assert [console._seen(one) for one in ("a", "é", "\n", "\u200b", "\x07", "\udce9")] == [
        "a", "é", "\n", "\\u200b", "\\x07", "\\udce9",
    ]  # fmt: skip


@pytest.mark.parametrize("words", [["rules"], ["rules", "--json"], ["allocate", "ondam-ms-2020"]])
def test_an_output_that_was_closed_before_is_no_fault(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(words) == 0
    assert capsys.readouterr().err == ""


def test_an_error_without_a_console_to_tell_it_has_its_exit_code(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["allocate", "absent"]) == 2


@pytest.mark.skipif(os.name == "nt", reason="a name of Windows is text, not bytes")
def test_a_name_that_is_no_text_is_told_and_given_to_programs(tmp_path):
    """A file of a disk written in Latin-1: its name is bytes that UTF-8 does not have."""
    words = [sys.executable, "-m", "cdppe_analysis", "map", "ondam-ms-2020", "--json", "--out"]
    done = subprocess.run([*words, os.fsencode(tmp_path) + b"/\xe9tat.svg"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["carte"].endswith("/?tat.svg")


@pytest.mark.parametrize("name", ["a\nb", "\udce9tude", "\u200bx"])
def test_a_study_whose_name_is_no_text_is_refused_and_not_made(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", name]) == 2
    assert capsys.readouterr().err == f"cdppe new: a name holds a character that is not seen: rename it (at {name!a})\n"
    assert list(tmp_path.iterdir()) == []
