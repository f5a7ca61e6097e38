"""What calamine does not tell of a workbook of before 2007 (`.xls`): formats, what is hidden or raised, formulas.

The records are those of « Excel Binary File Format (.xls) Structure », MS-XLS; the sectors those of MS-CFB. Only what
changes what a person sees is read here; the values come from calamine.

Known drawback: a file of more than 7 MB, or of Excel 95 and before, is refused.
"""

from __future__ import annotations

import bisect
import itertools
import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import RAISED

_SHEET, _ROW, _COLUMN, _FORMAT, _FONT, _XF, _START, _PASSWORD = 0x85, 0x208, 0x7D, 0x41E, 0x31, 0xE0, 0x809, 0x2F
_CELLS, _MANY, _FORMULA, _ERROR = (0x203, 0x27E, 0xFD, 0x204), 0xBD, 0x06, 0x205
_MERGED, _END = 0xE5, 0x0A
_TEXTS, _CONTINUED, _TEXT = 0xFC, 0x3C, 0xFD
_EMPTY = b"\x03\0\0\0\0\0\xff\xff"
_BIFF8 = 0x600
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_LAST = 0xFFFFFFFA


@dataclass
class Shown:
    """What a sheet shows of its cells: the number format of each, what is hidden, what holds no value to be trusted.

    `heights` says over how many rows the first cell of each merged area goes, `covered` the columns that it hides on
    the first; `formats` has not the others; `struck` has the cells that are struck out. `raised` has the texts of those
    that hold raised figures, written as such.
    """

    visible: bool
    heights: dict[tuple[int, int], int] = field(default_factory=dict)
    covered: dict[int, set[int]] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)
    raised: dict[tuple[int, int], str] = field(default_factory=dict)
    flaws: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


def shown(content: bytes, name: str) -> dict[str, Shown]:
    """Return what each sheet of an `.xls` shows, by its name.

    Raises
    ------
    TableError
        When the file is damaged, locked, no workbook, too large or too old.
    """
    try:
        return _sheets(_stream(content, name), name)
    except (struct.error, IndexError) as error:
        raise TableError(f"{name} is a damaged workbook") from error


def _stream(content: bytes, name: str) -> bytes:
    """Return the stream « Workbook » of the compound file."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if struct.unpack_from("<I", content, 72)[0]:
        raise TableError(f"{name} is a large workbook of before 2007: save it as .xlsx")
    tables = [sector for sector in struct.unpack_from("<109I", content, 76) if sector < _LAST]
    following = [each for t in tables for each in struct.unpack_from(f"<{size // 4}I", content, (t + 1) * size)]

    def chain(sector: int) -> bytes:
        sectors: list[int] = []
        while sector < _LAST and len(sectors) <= len(following):
            sectors.append(sector)
            sector = following[sector]
        return b"".join(content[(each + 1) * size : (each + 2) * size] for each in sectors)

    directory = chain(struct.unpack_from("<I", content, 48)[0])
    for at in range(0, len(directory), 128):
        length, start = (
            struct.unpack_from("<H", directory, at + 64)[0],
            struct.unpack_from("<I", directory, at + 116)[0],
        )
        if directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            return chain(start)
    raise TableError(f"{name} is a document (.doc) of before 2007: print it to a PDF")


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _text(data: bytes, at: int, length: int) -> str:
    wide = data[at] & 1
    return data[at + 1 : at + 1 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _sheets(stream: bytes, name: str) -> dict[str, Shown]:
    formats, of_styles, sheets = dict(_BUILT_IN), [], {}
    struck: list[bool] = []
    raised: list[bool] = []
    texts: list[bytes] = []
    before = _START
    for rank, (kind, data) in enumerate(_records(stream)):
        if rank == 0 and (kind != _START or struct.unpack_from("<H", data)[0] != _BIFF8):
            raise TableError(f"{name} is a workbook of before 1997: save it as .xlsx")
        if kind == _PASSWORD:
            raise TableError(f"{name} is locked by a password: save it without one")
        if kind == _FORMAT:
            number, length = struct.unpack_from("<HH", data)
            formats[number] = _text(data, 4, length)
        elif kind == _FONT:
            struck.append(bool(data[2] & 8))
            raised.append(data[8] == 1)
        elif kind == _XF:
            of_styles.append(struct.unpack_from("<2H", data))
        elif kind == _SHEET:
            sheets[_text(data, 7, data[6])] = (struct.unpack_from("<I", data)[0], data[4] & 3 == 0)
        elif kind == _TEXTS or (kind == _CONTINUED and before == _TEXTS):
            texts.append(data)
        before = before if kind == _CONTINUED else kind
    # No font has the number 4.
    shapes = [(formats.get(number, "General"), struck[font - (font > 4)]) for font, number in of_styles]
    above = _with_raised(texts, {font + (font > 3) for font, each in enumerate(raised) if each})
    return {title: _sheet(stream, start, shapes, above, Shown(visible)) for title, (start, visible) in sheets.items()}


def _with_raised(parts: Sequence[bytes], fonts: Collection[int]) -> dict[int, str]:
    """Return, by rank, the texts of a workbook in which one of the fonts of raised signs writes figures.

    The texts go on from one record to the next, where the signs of one that is cut have their size again (MS-XLS
    2.5.293).
    """
    data, bounds = b"".join(parts), [*itertools.accumulate(map(len, parts))]
    texts: dict[int, str] = {}
    at = 8
    for rank in range(struct.unpack_from("<I", data, 4)[0] if parts and fonts else 0):
        length, flags = struct.unpack_from("<HB", data, at)
        rich, extended = flags & 8, flags & 4
        runs = struct.unpack_from("<H", data, at + 3)[0] if rich else 0
        more = struct.unpack_from("<I", data, at + (5 if rich else 3))[0] if extended else 0
        at += 3 + (2 if rich else 0) + (4 if extended else 0)
        signs, wide = b"", flags & 1
        while True:
            end = bounds[bisect.bisect_left(bounds, at)]
            cut = data[at : min(end, at + (length - len(signs) // 2 << wide))]
            signs += cut if wide else cut.decode("latin-1").encode("utf-16-le")
            at += len(cut)
            if len(signs) >= 2 * length:
                break
            wide, at = data[at] & 1, at + 1
        formats = [(0, 0), *struct.iter_unpack("<HH", data[at : at + 4 * runs]), (length, 0)]
        pieces = [
            (signs[2 * start : 2 * stop].decode("utf-16-le", "replace"), font in fonts)
            for (start, font), (stop, _) in itertools.pairwise(formats)
        ]
        if any(above for _, above in pieces):
            texts[rank] = "".join(piece.translate(RAISED) if above else piece for piece, above in pieces)
        at += 4 * runs + more
    return texts


def _sheet(stream: bytes, start: int, shapes: list[tuple[str, bool]], texts: dict[int, str], sheet: Shown) -> Shown:
    for kind, data in _records(stream, start):
        if kind == _ROW and (data[12] & 0x20 or not struct.unpack_from("<H", data, 6)[0] & 0x7FFF):
            sheet.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == _COLUMN and (data[8] & 1 or not any(data[4:6])):
            first, last = struct.unpack_from("<HH", data)
            sheet.hidden |= set(range(first, last + 1))
        elif kind in (*_CELLS, _FORMULA, _ERROR):
            row, column, style = struct.unpack_from("<HHH", data)
            sheet.formats[row, column], struck = shapes[style]
            sheet.struck |= {(row, column)} if struck else set()
            if kind == _TEXT and (text := texts.get(struct.unpack_from("<I", data, 6)[0])):
                sheet.raised[row, column] = text
            if kind == _ERROR and data[7]:
                sheet.flaws[row, column] = "the cell is in error"
            # A program that can't compute writes nothing, or 0 with a demand to compute when the file is opened.
            empty = kind == _FORMULA and (data[6:14] == _EMPTY or (not any(data[6:14]) and data[14] & 3))
            if empty:
                sheet.flaws[row, column] = "the cell holds a formula that was never computed"
        elif kind == _MANY:
            row, first = struct.unpack_from("<HH", data)
            for rank in range((len(data) - 6) // 6):
                sheet.formats[row, first + rank], struck = shapes[struct.unpack_from("<H", data, 4 + 6 * rank)[0]]
                sheet.struck |= {(row, first + rank)} if struck else set()
        elif kind == _MERGED:
            for top, bottom, left, right in struct.iter_unpack(
                "<4H", data[2 : 2 + 8 * struct.unpack_from("<H", data)[0]]
            ):
                sheet.heights[top, left] = bottom - top + 1
                sheet.covered.setdefault(top, set()).update(range(left + 1, right + 1))
                covered = itertools.product(range(top, bottom + 1), range(left, right + 1))
                for place in {*covered} & sheet.formats.keys() - {(top, left)}:
                    del sheet.formats[place]
        elif kind == _END:
            break
    return sheet
