"""Write a file whole or not at all: a temporary name in the same folder, then a rename."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdppe_analysis.errors import TableError


@contextmanager
def replaced(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to; rename it to `path` when the block ends without an error.

    The temporary name keeps the suffix of `path`, since many writers choose their format by it.

    Raises
    ------
    TableError
        When the folder does not exist or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "amounts.csv"
    >>> with replaced(target) as temporary:
    ...     _ = temporary.write_text("code_departement")
    >>> target.read_text()
    'code_departement'
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        raise TableError(f"cannot write in the folder {target.parent}: {error.strerror}", cell=target.name) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except OSError as error:
        raise TableError(f"cannot write {target}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` in UTF-8 with Unix line ends, whole or not at all."""
    with replaced(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
