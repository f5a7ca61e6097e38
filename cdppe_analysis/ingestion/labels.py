"""The names that stand in a document, those cut over several lines put together again.

A name that a line begins and does not end waits for the next words of its column (of the text, where columns are lost),
and is complete when they make a known name with it. A name that the next line lengthens (`Loire`, then `Atlantique`) is
lengthened. Names are a closed list, so that no ruling nor spacing is needed to know where one ends.

Known drawback: a name that is both misspelt and cut is not put together.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.ingestion.pieces import Piece, pieces_of
from cdppe_analysis.ingestion.vocabulary import (
    LONGEST_NAME,
    Meaning,
    Run,
    Scope,
    cut,
    is_beginning,
    name_of,
    spans_of,
)

ElementKind = Literal["label", "amount", "percent", "void", "code", "words"]

_PATIENCE = 4


@dataclass(frozen=True)
class Label:
    """What names a row: a territory, the total of one, or a total.

    `first` and `last` are ranks of lines in the document; `text` is as printed, with its line breaks. `side` is what
    the words around a name say when it is a département and a région at once. `code` is the code printed beside it.
    """

    text: str
    first: int
    last: int
    x0: float
    x1: float
    departement: str | None = None
    region: str | None = None
    scope: Scope | None = None
    side: Literal["", "region", "departement"] = ""
    code: str | None = None
    misspelt: bool = False

    @property
    def is_total(self) -> bool:
        """A total, of a territory or not."""
        return self.scope is not None

    @property
    def is_name(self) -> bool:
        """A territory, or its total."""
        return self.departement is not None or self.region is not None


@dataclass(frozen=True)
class Element:
    """A piece of a line once its words are understood; words that name nothing have the kind `words`.

    A `code` can only be one (`2A`, `(04)`); an amount that is `bare` may be one too.
    """

    kind: ElementKind
    line: int
    text: str
    x0: float
    x1: float
    label: Label | None = None
    bare: bool = False
    fragment: int = 0


@dataclass
class _Placed:
    """A run of words and where it stands."""

    words: tuple[str, ...]
    meaning: Meaning | None
    text: str
    first: int
    last: int
    x0: float
    x1: float
    misspelt: bool = False

    def lengthened(self, other: _Placed, meaning: Meaning | None) -> _Placed:
        joint = "\n" if other.first > self.last else " "
        return _Placed(
            self.words + other.words,
            meaning,
            self.text + joint + other.text,
            self.first,
            other.last,
            min(self.x0, other.x0),
            max(self.x1, other.x1),
        )


@dataclass
class _Chunk:
    """The words between two amounts of a line, run by run."""

    piece: Piece
    line: int
    runs: list[_Placed] = field(default_factory=list)


def elements_of(document: Document) -> list[list[Element]]:
    r"""Return, for each line of a document, its elements in the order of the print.

    Examples
    --------
    >>> from cdppe_analysis.ingestion.lines import split_text
    >>> lines = elements_of(split_text("Alpes-de-Haute-\nProvence\n\n106 939 €"))
    >>> [(element.kind, element.text) for line in lines for element in line]
    [('label', 'Alpes-de-Haute-\nProvence'), ('amount', '106 939 €')]
    """
    pieces = [pieces_of(line) for line in document.lines]
    chunks = _understood(pieces, document.aligned)
    found: list[list[Element]] = []
    for rank, line in enumerate(pieces):
        elements: list[Element] = []
        for position, piece in enumerate(line):
            if piece.kind != "words":
                elements.append(_element(piece.kind, rank, piece, bare=piece.bare))
                continue
            chunk = chunks[rank, position]
            labels = _labels(chunk)
            code = chunk.runs[0].meaning.code if len(chunk.runs) == 1 and chunk.runs[0].meaning else None
            if labels is not None:
                elements.extend(
                    replace(_element("label", rank, label, label), fragment=piece.fragment) for label in labels
                )
            elif code is not None:
                elements.append(replace(_element("code", rank, piece), text=code))
            else:
                elements.append(_element("words", rank, piece))
        found.append(elements)
    return found


def _element(
    kind: ElementKind, line: int, at: Piece | Label, label: Label | None = None, *, bare: bool = False
) -> Element:
    fragment = at.fragment if isinstance(at, Piece) else 0
    return Element(kind, line, at.text, at.x0, at.x1, label, bare, fragment)


def _understood(pieces: Sequence[Sequence[Piece]], aligned: bool) -> dict[tuple[int, int], _Chunk]:
    chunks: dict[tuple[int, int], _Chunk] = {}
    waiting: list[_Chunk] = []
    for rank, line in enumerate(pieces):
        for position, piece in enumerate(line):
            if piece.kind != "words":
                continue
            chunk = chunks[rank, position] = _Chunk(piece, rank)
            waiting = [other for other in waiting if rank - other.runs[-1].last <= _PATIENCE]
            rest = _words(piece, rank)
            for other in list(waiting):
                if not rest or not _may_go_on(other, rank, line[position - 1] if position else None, piece, aligned):
                    continue
                taken = _completed(other, rest)
                if other.runs[-1].meaning is not None or (aligned and not taken):
                    waiting.remove(other)
                rest = rest[taken:]
            chunk.runs = _placed_runs(rest)
            _lengthen_the_name_above(chunk, chunks, aligned)
            if _leave_open(chunk):
                waiting.append(chunk)
    return chunks


def _words(piece: Piece, line: int) -> list[_Placed]:
    width = (piece.x1 - piece.x0) / max(len(piece.text), 1)
    return [
        _Placed(
            (piece.text[start:end],),
            None,
            piece.text[start:end],
            line,
            line,
            piece.x0 + width * start,
            piece.x0 + width * end,
        )
        for start, end in spans_of(piece.text)
    ]


def _may_go_on(waiting: _Chunk, line: int, previous: Piece | None, piece: Piece, aligned: bool) -> bool:
    """Tell whether words may end a name left open: below it in its column, or after it where columns are lost."""
    if aligned:
        return line > waiting.line and _above(waiting, piece)
    return line > waiting.line or previous is waiting.piece


def _above(chunk: _Chunk, piece: Piece) -> bool:
    last = chunk.runs[-1]
    x0, x1 = min(chunk.piece.x0, last.x0), max(chunk.piece.x1, last.x1)
    return min(x1, piece.x1) >= max(x0, piece.x0)


def _completed(waiting: _Chunk, rest: list[_Placed]) -> int:
    """End the name that waits with the first words of `rest`; return how many it took."""
    open_run = waiting.runs[-1]
    for taken in range(min(len(rest), LONGEST_NAME), 0, -1):
        addition = _joined(rest[:taken])
        meaning = name_of(open_run.words + addition.words)
        if meaning is not None or (taken == len(rest) and is_beginning(open_run.words + addition.words)):
            waiting.runs[-1] = open_run.lengthened(addition, meaning)
            return taken
    return 0


def _joined(placed: Sequence[_Placed], meaning: Meaning | None = None) -> _Placed:
    text = placed[0].text
    for before, after in itertools.pairwise(placed):
        text += ("" if before.text[-1] in "'’" else " ") + after.text
    words = tuple(word for part in placed for word in part.words)
    return _Placed(words, meaning, text, placed[0].first, placed[-1].last, placed[0].x0, placed[-1].x1)


def _placed_runs(rest: list[_Placed]) -> list[_Placed]:
    placed, cursor = [], 0
    for run in cut(tuple(part.words[0] for part in rest)):
        placed.append(_joined(rest[cursor : cursor + len(run.words)], run.meaning))
        cursor += len(run.words)
    return placed


def _lengthen_the_name_above(chunk: _Chunk, chunks: dict[tuple[int, int], _Chunk], aligned: bool) -> None:
    """Give the first words of a chunk to the name above where they make a longer name together."""
    known = [run.meaning is not None and run.meaning.tie is None for run in chunk.runs]
    if all(known):
        return
    for other in itertools.islice(reversed(chunks.values()), 1, None):
        if chunk.line - other.line > 2:
            return
        last = other.runs[-1] if other.runs else None
        if (
            last is None
            or last.meaning is None
            or other.line == chunk.line
            or (aligned and not _above(other, chunk.piece))
        ):
            continue
        for taken in range(len(chunk.runs), 0, -1):
            addition = _joined(chunk.runs[:taken])
            meaning = name_of(last.words + addition.words)
            if meaning is not None and not all(known[:taken]):
                other.runs[-1] = last.lengthened(addition, meaning)
                del chunk.runs[:taken]
                return
        return


def _leave_open(chunk: _Chunk) -> bool:
    """Make the last words of a chunk one open run where they begin a name; tell whether they do."""
    runs = chunk.runs
    if runs and runs[-1].meaning is not None and runs[-1].meaning.is_name:
        if runs[-1].text[-1] not in "-‐‑–" or not is_beginning(runs[-1].words):
            return False
        runs[-1].meaning = None
        return True
    after = max(
        (rank for rank, run in enumerate(runs) if run.meaning is not None and run.meaning.tie is None), default=-1
    )
    for start in range(max(after + 1, len(runs) - LONGEST_NAME), len(runs)):
        tail = _joined(runs[start:])
        if is_beginning(tail.words):
            runs[start:] = [tail]
            return True
    return False


def _labels(chunk: _Chunk) -> list[Label] | None:
    """Return the labels of a chunk: none when all its words went to names above, None when some mean nothing."""
    if not chunk.runs:
        return []
    labels: list[Label] = []
    pending: list[_Placed] = []
    scope: Scope | None = None
    side: Literal["", "region", "departement"] = ""
    code: str | None = None
    for run in chunk.runs:
        meaning = run.meaning or _rescued(run)
        if meaning is None:
            return None
        if meaning.code is not None:
            if labels and not pending and labels[-1].is_name and labels[-1].code is None:
                labels[-1] = _with(labels[-1], run, code=meaning.code)
                continue
            code = meaning.code
        elif meaning.tie is not None:
            side = meaning.tie or side
        elif meaning.total is not None:
            scope = meaning.total or scope or ""
        pending.append(run)
        if meaning.is_name:
            labels.append(_label(pending, meaning, scope, side, code))
            pending, scope, side, code = [], None, "", None
    if scope is not None:
        if labels and labels[-1].is_name and not labels[-1].is_total:
            labels[-1] = _with(labels[-1], _joined(pending), scope=scope)
        else:
            labels.append(_label(pending, Meaning(), scope, side, code))
    elif pending and labels:
        labels[-1] = _with(labels[-1], _joined(pending))
    elif pending:
        return None
    return labels


def _rescued(run: _Placed) -> Meaning | None:
    """Read again a run left open that nothing completed: `la`, or a name that ends with a hyphen."""
    runs: list[Run] = cut(run.words)
    return runs[0].meaning if len(runs) == 1 else None


def _label(
    placed: list[_Placed],
    meaning: Meaning,
    scope: Scope | None,
    side: Literal["", "region", "departement"],
    code: str | None,
) -> Label:
    whole = _joined(placed)
    return Label(
        text=whole.text,
        first=whole.first,
        last=whole.last,
        x0=whole.x0,
        x1=max(part.x1 for part in placed),
        departement=meaning.departement,
        region=meaning.region,
        scope=scope,
        side=side,
        code=code,
    )


def _with(label: Label, addition: _Placed, *, code: str | None = None, scope: Scope | None = None) -> Label:
    return Label(
        text=f"{label.text} {addition.text}",
        first=label.first,
        last=max(label.last, addition.last),
        x0=label.x0,
        x1=max(label.x1, addition.x1),
        departement=label.departement,
        region=label.region,
        scope=label.scope if scope is None else scope,
        side=label.side,
        code=label.code if code is None else code,
    )
