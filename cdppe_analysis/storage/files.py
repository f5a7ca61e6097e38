"""Where files are, their bytes decoded where that is certain, and how they are written: whole or not at all.

In a wheel, `data/` and `shapes/` stand in the folder `carried` of the package; in a checkout they stand beside it. A
text is UTF-8, UTF-16 with its mark, or Windows-1252 where that is allowed.

A file is written under a temporary name beside it, then renamed, through what stands there: a link is followed, the
rights of a file that exists are kept, a device or a pipe is written into and never replaced. Line ends and encoding are
those asked for, whatever the system.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import CdppeError, SourceError, TableError

PUBLISHED = "CDPPE_FIGURES"
"""The variable that asks notebooks for the other forms of their figures."""

_PACKAGE = Path(__file__).resolve().parent.parent

MOST_BYTES = 100_000_000
"""Larger files are refused before they are read."""

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

_LONGEST_NAME = 255
"""Bytes of the name of a file, on all usual systems."""


def data_dir() -> Path:
    """Return the folder that holds `raw/`, `clean/`, `rules/` and `scenarios/`.

    Raises
    ------
    SourceError
        When the installation carries no data.
    """
    return _carried("data")


def shapes_dir() -> Path:
    """Return the folder that holds the contours.

    Raises
    ------
    SourceError
        When the installation carries no contours.
    """
    return _carried("shapes")


def carried_inside() -> bool:
    """Tell whether the data stand inside the package, as in an installed wheel, and are not to be written to."""
    return (_PACKAGE / "carried" / "data").is_dir()


def _carried(name: str) -> Path:
    for folder in (_PACKAGE / "carried" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise SourceError(f"this installation of cdppe_analysis carries no folder {name!r}")


def read_bytes(path: str | Path, error: type[CdppeError] = TableError, *, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file, no more than `most` of them.

    Raises
    ------
    CdppeError
        When the file is missing, a folder, or too large.
    """
    file = Path(path)
    try:
        with file.open("rb") as content:
            read = content.read(most + 1)
    except (OSError, ValueError) as cause:
        raise error(f"cannot read {file}: {getattr(cause, 'strerror', None) or cause}") from cause
    if len(read) > most:
        raise error(f"{file.name} is larger than the {most // 1_000_000} MB that are read")
    return read


def read_json(path: str | Path, error: type[CdppeError] = TableError) -> dict[str, Any]:
    """Return what a JSON file holds: an object, whose values are not looked at.

    Raises
    ------
    CdppeError
        When the file cannot be read, is no JSON, is nested deeper than can be read, or holds something else.
    """
    name = Path(path).name
    try:
        content = json.loads(read_bytes(path, error))
    except (ValueError, RecursionError) as cause:
        line = f", line {cause.lineno}" if isinstance(cause, json.JSONDecodeError) else ""
        raise error(f"{name} is no JSON file", cell=f"{path}{line}") from cause
    if not isinstance(content, dict):
        raise error(f"{name} holds no JSON object", cell=str(path))
    return content


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def decoded(content: bytes, name: str, error: type[CdppeError] = TableError, *, windows: bool = False) -> str:
    """Return the text of the bytes of a file.

    Parameters
    ----------
    content, name
        The bytes, and the name of the file for messages.
    error
        The class to raise.
    windows
        Whether what is no UTF-8 may be Windows-1252, as French spreadsheets save it.

    Raises
    ------
    CdppeError
        When they are no text, or in another encoding; the sentence gives line and byte.
    """
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise error(f"{name} is in UTF-32: save it in UTF-8")
    encoding = next((encoding for mark, encoding in _MARKS.items() if content.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\x00" in content:
        place = content.index(b"\x00")
        raise error(f"{name} is no text file", cell=f"line {_line(content, place)}, byte {place + 1}")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as cause:
        if windows and encoding == "utf-8":
            try:
                return content.decode("cp1252")
            except UnicodeDecodeError:
                pass
        asked = "neither in UTF-8 nor in Windows-1252" if windows else "not in UTF-8"
        raise error(f"{name} is {asked}", cell=f"line {_line(content, cause.start)}, byte {cause.start + 1}") from cause


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def check_writable(path: str | Path) -> Path:
    """Return the place that will be written to, links followed, after checking that it can be; nothing is written.

    For what is asked before a long computation.

    Raises
    ------
    TableError
        When it is a folder, in a folder that does not exist or cannot be written, or has a name that is too long.
    """
    if not str(path):
        raise TableError("cannot write a file without a name")
    try:
        mode = os.stat(path).st_mode
        target = Path(path) if not stat.S_ISREG(mode) else Path(os.path.realpath(path))
    except FileNotFoundError:
        try:
            target = Path(os.path.realpath(path))
        except FileNotFoundError:
            raise TableError(f"cannot write {path}: the folder that this is run in is gone") from None
        if not target.parent.is_dir():
            raise TableError(f"cannot write in the folder {target.parent}: there is none", cell=target.name) from None
        mode = None
    except (OSError, ValueError) as error:
        raise TableError(f"cannot write {path}: {_told(error)}") from error
    if str(path).endswith(("/", os.sep)) or (mode is not None and stat.S_ISDIR(mode)):
        raise TableError(f"cannot write {path}: it is a folder; give the name of a file in it")
    if mode is not None and (stat.S_ISSOCK(mode) or stat.S_ISBLK(mode)):
        raise TableError(f"cannot write {path}: it is a disk or a socket")
    beside = mode is None or stat.S_ISREG(mode)
    if not os.access(target.parent if beside else target, os.W_OK):
        raise TableError(f"cannot write in the folder {target.parent}: no right to", cell=target.name)
    return target


def check_folder(path: str | Path) -> Path:
    """Return a folder that files will be written in, after checking that it is there or can be made; it is not made.

    Raises
    ------
    TableError
        When a file stands in its place or above it, or when it cannot be written in.
    """
    folder = Path(path)
    if not str(path):
        raise TableError("cannot make a folder without a name")
    if "\0" in str(path) or any(len(os.fsencode(part)) > _LONGEST_NAME for part in folder.parts):
        raise TableError(f"cannot make the folder {str(path)[:40]!r}: no folder can have this name")
    there = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not there.is_dir():
        raise TableError(f"cannot make the folder {path}: {there.name} is no folder")
    if not os.access(there, os.W_OK):
        raise TableError(f"cannot make the folder {path}: no right to write in {there}")
    return folder


@contextmanager
def replaced(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to; it takes the place of `path` when the block ends without an error.

    The temporary name keeps the suffix of `path`, since many writers choose their format by it.

    Raises
    ------
    TableError
        When the place cannot be written to; nothing is then changed.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "amounts.csv"
    >>> with replaced(target) as temporary:
    ...     _ = temporary.write_text("code_departement")
    >>> target.read_text()
    'code_departement'
    """
    target = check_writable(path)
    device = target.exists() and not target.is_file()
    try:
        handle, name = tempfile.mkstemp(
            prefix=".cdppe-", suffix=target.suffix[-20:], dir=None if device else target.parent
        )
    except OSError as error:
        raise TableError(f"cannot write in the folder {target.parent}: {_told(error)}", cell=target.name) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if device:
            with temporary.open("rb") as content, target.open("wb") as file:
                shutil.copyfileobj(content, file)
        else:
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask())
            os.replace(temporary, target)
    except OSError as error:
        raise TableError(f"cannot write {path}: {_told(error)}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` in UTF-8 with Unix line ends, whole or not at all."""
    with replaced(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _told(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
