"""The bytes of a text file, decoded where that is certain: UTF-8, UTF-16 with its mark, Windows-1252 where allowed."""

from __future__ import annotations

import codecs
from pathlib import Path

from cdppe_analysis.errors import CdppeError, TableError

MOST_BYTES = 100_000_000
"""Larger files are refused before they are read."""

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_text(
    path: str | Path,
    error: type[CdppeError] = TableError,
    *,
    windows: bool = False,
    most: int = MOST_BYTES,
) -> str:
    """Return the text of a file.

    Parameters
    ----------
    path
        The file.
    error
        The class to raise.
    windows
        Whether what is no UTF-8 may be Windows-1252, as French spreadsheets save it.
    most
        Bytes beyond which the file is not read.

    Raises
    ------
    CdppeError
        When the file is missing, too large, no text, or in another encoding; the sentence gives line and byte.
    """
    return decoded(read_bytes(path, error, most=most), Path(path).name, error, windows=windows)


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


def decoded(content: bytes, name: str, error: type[CdppeError] = TableError, *, windows: bool = False) -> str:
    """Return the text of some bytes; see `read_text`."""
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
