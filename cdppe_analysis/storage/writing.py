"""Write a file whole or not at all: a temporary name beside it, then a rename, through what stands there.

A link is followed, the rights of a file that exists are kept, a device or a pipe is written into and never replaced.
Line ends and encoding are those asked for, whatever the system.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdppe_analysis.errors import TableError

_LONGEST_NAME = 255
"""Bytes of the name of a file, on all usual systems."""


def check_writable(path: str | Path) -> Path:
    """Return the place that will be written to, links followed, after checking that it can be; nothing is written.

    For what is asked before a long computation.

    Raises
    ------
    TableError
        When it is a folder, in a folder that does not exist or cannot be written, or has a name that is too long.
    """
    try:
        mode = os.stat(path).st_mode
        target = Path(path) if not stat.S_ISREG(mode) else Path(os.path.realpath(path))
    except FileNotFoundError:
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise TableError(f"cannot write in the folder {target.parent}: there is none", cell=target.name) from None
        mode = None
    except (OSError, ValueError) as error:
        raise TableError(f"cannot write {path}: {_told(error)}") from error
    if mode is not None and stat.S_ISDIR(mode):
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
