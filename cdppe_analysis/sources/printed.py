"""The text of a document: where each printed cell stands in it, and what becomes of each number that it prints.

A number is digits (grouped or not, with decimals) or a cardinal in words from « deux » on, « dizaine », « moitié » and
« quart ». Each has one fate:

- `table`: a printed cell of a raw table holds it, or it is the year that the table gives with such a cell of its line;
- `regle`: a rule carries it (`data/nombres.yml` says which, and the value is compared);
- `redite`: a declared pattern says what it says again, and which table or rule carries that (`data/nombres.yml`);
- `sans_mesure`: a declared pattern says that it measures nothing, with the reason (`data/nombres.yml`);
- `inconnu`: none of these, which is an error.

Each pattern gives, for each document, how many numbers it takes and a print of them: a number that is added, removed or
changed is an error, whichever its fate.

Known drawbacks: « un », ordinals in words, « double » and « triennal » are not counted. Damaged text is read as it is.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources.corrections import Archive
from cdppe_analysis.sources.documents import RawFile, RawTable, Source
from cdppe_analysis.storage.files import sha256
from cdppe_analysis.storage.strict import read_yaml

FATES = ("table", "regle", "redite", "sans_mesure", "inconnu")
_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|"
    "cinquante|soixante|cents?|mille|dizaine|moitié|quart"
)
_NUMBER = re.compile(rf"\d+(?:[ \u00a0\u202f]\d{{3}}(?!\d))*(?:,\d+)?|\b(?:{_WORDS})\b", re.IGNORECASE)
_MARKUP = re.compile(r"</?\w+[^<>]*>|[*_]")
_WORD_OR_SPACE = re.compile(r"\s+|\S+")
_BETWEEN = r"[^\w]{0,12}"
_BLOCK = 1000


@dataclass(frozen=True)
class PrintedDocument:
    """A text, and the same text without markup whose spaces are single, with the way from one to the other."""

    source: str
    text: str
    read: str
    places: tuple[int, ...]

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, source: str, texte: str) -> PrintedDocument:
        r"""Prepare the text of a source.

        Examples
        --------
        >>> PrintedDocument.of("essai", "**15 M€**,\n  soit").read
        '15 M€, soit'
        """
        kept: list[str] = []
        places: list[int] = []
        marks = [match.span() for match in _MARKUP.finditer(texte)]
        for begin, end in zip(
            [0, *(last for _, last in marks)], [*(first for first, _ in marks), len(texte)], strict=True
        ):
            for match in _WORD_OR_SPACE.finditer(texte, begin, end):
                if not match[0].isspace():
                    kept.append(match[0])
                    places += range(*match.span())
                elif not kept or kept[-1] != " ":
                    kept.append(" ")
                    places.append(match.start())
        return cls(source, texte, "".join(kept), tuple(places))

    @classmethod
    def open(cls, source: Source, documents: Path) -> PrintedDocument:
        """Read a document in the folder of the official texts.

        Raises
        ------
        SourceError
            When the file is missing.
        """
        path = documents / str(source.texte)
        if not path.is_file():
            raise SourceError("the document is not there", cell=str(source.texte))
        return cls.of(source.id, path.read_text(encoding="utf-8"))

    def line(self, place: int) -> int:
        """Return the line, from 1, of a place of `texte`."""
        return self.text.count("\n", 0, place) + 1

    def numbers(self) -> list[re.Match[str]]:
        """Return every number of the text, in its order."""
        return list(_NUMBER.finditer(self.text))

    def find(self, pattern: str, first_line: int, last_line: int | None = None) -> tuple[int, int] | None:
        """Return where a pattern first stands in the text from a line on, beginning no later than another line."""
        spans = self.row([pattern], first_line)
        return None if not spans or (last_line is not None and spans[0][0] >= self._starts[last_line]) else spans[0]

    def row(self, patterns: Iterable[str], first_line: int) -> list[tuple[int, int]]:
        """Return where each of some patterns stands, from a line on, nothing but spaces and marks between them."""
        row = re.compile(_BETWEEN.join(f"({pattern})" for pattern in patterns))
        match = row.search(self.read, bisect_right(self.places, self._starts[first_line - 1] - 1))
        if match is None:
            return []
        return [(self.places[begin], self.places[end - 1] + 1) for begin, end in match.regs[1:]]

    def all(self, pattern: str, line: int) -> list[tuple[int, int]]:
        """Return every place where a pattern stands on a line of the text."""
        begin, end = self._starts[line - 1 : line + 1]
        return [match.span() for match in re.compile(pattern).finditer(self.text, begin, end)]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text)), len(self.text)]


def check_numbers(source: Source, documents: Path, archive: Archive) -> str:
    """Hold every number of a document to its fate, and the counts to those that are declared.

    Returns
    -------
    str
        How many numbers have each fate.

    Raises
    ------
    SourceError
        When the text is not the one that was read, a cell is not in its place, a number has no fate, or as many or the
        same numbers are not found as declared.
    """
    document = PrintedDocument.open(source, documents)
    numbers = _fates(document, archive)
    unknown = numbers[numbers["sort"].eq("inconnu")]
    if len(unknown):
        first = unknown.iloc[0]
        raise SourceError(
            f"the number {first['nombre']!r} is in no table, no rule and no declaration: « {first['autour']} »",
            cell=f"{source.texte}, line {first['ligne']}",
        )
    counts, declared = _counted(numbers), archive.numbers["comptes"].get(source.id, {})
    for fate in sorted({*counts, *declared}):
        if counts.get(fate) != declared.get(fate):
            told = f"{counts.get(fate, 'none')}, {declared.get(fate, 'none')} declared"
            raise SourceError(f"other numbers have the fate {fate!r}: {told}", cell=str(source.texte))
    if sha256(documents / str(source.texte)) != source.empreinte:
        raise SourceError("the document is not the text that was read: its SHA-256 is another", cell=str(source.texte))
    return f"{len(numbers)} numbers: " + ", ".join(f"{counts[f].split()[0]} {f}" for f in FATES if f in counts)


def check_declarations(documents: Path, archive: Archive) -> str:
    """Hold that each declared pattern takes a number of some document: a declaration does not outlive what it explains.

    Raises
    ------
    SourceError
        Naming the first pattern that takes none.
    """
    declared = archive.numbers
    texts = [PrintedDocument.open(source, documents).text for source in archive.sources.values() if source.texte]
    patterns = [entry["motif"] for kind in ("redites", "sans_mesure") for entry in declared[kind]]
    for pattern in patterns:
        taken = (match for text in texts for match in re.finditer(pattern, text, re.MULTILINE))
        if not any(_NUMBER.search(match[0]) for match in taken):
            raise SourceError(f"the pattern {pattern!r} takes no number of any document", cell="nombres.yml")
    return f"{len(patterns)} patterns"


def _printed_cells(raw_file: RawFile) -> list[str]:
    """Return the columns of a raw table that hold what is printed, not what we say of it."""
    if raw_file.cellules:
        return list(raw_file.cellules)
    if "ligne_texte" in raw_file.colonnes:
        return [name for name, heading in raw_file.colonnes.items() if heading.startswith("Cellule imprimée")]
    return list(raw_file.colonnes)


def _cells_in_place(
    document: PrintedDocument, raw: RawTable, raw_file: RawFile
) -> dict[tuple[int, str], tuple[int, int]]:
    """Return where each printed cell of a raw table stands in the document.

    A table with the column `ligne_texte` (or `ligne_<colonne>`) has its cells found one by one, beginning on that very
    line; another has its rows found one after the other from `premiere_ligne` on, nothing but spaces and marks between
    the cells of a row.

    Returns
    -------
    dict
        By (printed row, column), the first place in the text and the one after the last.

    Raises
    ------
    SourceError
        Naming the first cell that does not stand where the table says.
    """
    columns = _printed_cells(raw_file)
    spans: dict[tuple[int, str], tuple[int, int]] = {}
    line = raw_file.premiere_ligne or 1
    for ligne, row in raw.cells.iterrows():
        texts = {column: str(row[column]) for column in columns if row[column]}
        if "ligne_texte" in raw_file.colonnes:
            for column, text in texts.items():
                own = int(row[f"ligne_{column}"] if f"ligne_{column}" in row else row["ligne_texte"])
                span = document.find(_whole(text), own, own)
                if span is None:
                    place = f"{raw.source} {raw.reference(int(str(ligne)), column)}"
                    raise SourceError(f"line {own} of the document does not print {text!r}", cell=place)
                spans[int(str(ligne)), column] = span
            continue
        row_spans = document.row(map(_whole, texts.values()), line)
        if not row_spans:
            place = f"{raw.source} {raw.reference(int(str(ligne)))}"
            raise SourceError(f"the document does not print this row from line {line} on", cell=place)
        spans |= {(int(str(ligne)), column): span for column, span in zip(texts, row_spans, strict=True)}
        line = document.line(row_spans[0][0])
    return spans


def placed(document: PrintedDocument, archive: Archive, raw_file: RawFile) -> dict[tuple[int, str], tuple[int, int]]:
    """Return the places of the cells of a raw table of an archive, found once."""
    raw = archive.raw(document.source, raw_file.tableau)
    return archive.once((document.text, raw_file.tableau), lambda: _cells_in_place(document, raw, raw_file))


def _fates(document: PrintedDocument, archive: Archive) -> pd.DataFrame:
    """Return what becomes of each number of a document.

    Parameters
    ----------
    document
        The text that was read.
    archive
        What was read of it.

    Returns
    -------
    DataFrame
        One row a number, in the order of the text: ligne (int), nombre (text), sort (one of `FATES`), par (the
        cell, the value of a rule, what it repeats or the reason), autour (the words around it).

    Raises
    ------
    SourceError
        When a cell is not where its table says, or a rule does not carry the number that is declared.
    """
    declared = archive.numbers
    claims, years = [], []
    for raw_file in archive.sources[document.source].fichiers:
        raw = archive.raw(document.source, raw_file.tableau)
        for (ligne, column), span in placed(document, archive, raw_file).items():
            claims.append((*span, "table", raw.reference(ligne, column)))
        for column in {"annee", "millesime"} & set(raw.cells):
            dated = raw.cells[raw.cells[column] != ""]
            for ligne, text, line in zip(dated.index, dated[column], dated["ligne_texte"].map(int), strict=True):
                years += [(*span, "table", raw.reference(ligne, column)) for span in document.all(_whole(text), line)]
    claims += _carried_by_rules(document, declared["regles"], archive.folder)
    for fate, key, why in (("redite", "redites", "porte"), ("sans_mesure", "sans_mesure", "raison")):
        for entry in declared[key]:
            for match in re.finditer(entry["motif"], document.text, re.MULTILINE):
                claims.append((*match.span(), fate, entry[why]))
    rows = []
    beside = [_by_block(part) for part in (claims, years)]
    for number in document.numbers():
        first, last = number.span()
        near = (blocks[first // _BLOCK] for blocks in beside)
        held = next(filter(None, ([c for c in part if c[0] <= first and last <= c[1]] for part in near)), [])
        best = min(held, key=lambda c: FATES.index(c[2]), default=(0, 0, "inconnu", ""))
        around = " ".join(document.text[max(0, first - 60) : last + 40].split())
        rows.append((document.line(first), number[0], best[2], best[3], around))
    return pd.DataFrame(rows, columns=["ligne", "nombre", "sort", "par", "autour"])


def _by_block(claims: list[Any]) -> Mapping[int, list[Any]]:
    """Return the claims on each block of the text, in their order."""
    blocks = defaultdict(list)
    for claim in claims:
        for block in range(claim[0] // _BLOCK, claim[1] // _BLOCK + 1):
            blocks[block].append(claim)
    return blocks


def _counted(numbers: pd.DataFrame) -> dict[str, str]:
    """Return, for each fate, how many numbers have it and a print of them: their lines do not count, their order does.

    Examples
    --------
    >>> _counted(pd.DataFrame({"nombre": ["15", "20"], "sort": ["table", "table"]}))
    {'table': '2 4b52632e'}
    """
    prints = {}
    for fate, part in numbers.groupby("sort", sort=False)["nombre"]:
        prints[str(fate)] = f"{len(part)} {hashlib.sha256(' '.join(part).encode()).hexdigest()[:8]}"
    return prints


def _whole(text: str) -> str:
    """Return the pattern of a printed cell, whose first and last number are whole."""
    pattern = re.escape(" ".join(re.sub(r"[*_]", "", text).split())).replace(r"\ ", " ")
    before, after = ("(?<![0-9,])" if text[0].isdigit() else ""), ("(?![0-9]|,[0-9])" if text[-1].isdigit() else "")
    return f"{before}{pattern}{after}"


def _carried_by_rules(document: PrintedDocument, entries: list[dict[str, Any]], root: Path) -> Iterator[Any]:
    for entry in entries:
        if entry["source"] != document.source:
            continue
        rule = read_yaml(root / "rules" / f"{entry['regle']}.yml")
        for ligne, numbers in entry["nombres"].items():
            for printed, path in numbers.items():
                span = document.find(_whole(printed), ligne, ligne)
                place = f"nombres.yml, {entry['source']}, line {ligne}"
                if span is None:
                    raise SourceError(f"the document does not print {printed!r} there", cell=place)
                if not _carries(_at(rule, path), printed):
                    raise SourceError(f"the rule {entry['regle']!r} does not carry {printed!r} at {path!r}", cell=place)
                yield (*span, "regle", f"{entry['regle']}.{path}")


def _at(rule: Any, path: str) -> Any:
    for step in path.split("."):
        rule = next(e for e in rule if e["id"] == step) if isinstance(rule, list) else rule[step]
    return rule


def _carries(value: Any, printed: str) -> bool:
    digits = re.sub(r"[^\d,]", "", printed).replace(",", ".")
    if isinstance(value, Mapping):
        value = value["valeur"]
    if "%" in printed:
        return Decimal(str(value)) == Decimal(digits) / 100
    if isinstance(value, int):
        return value == int(Decimal(digits) * (1_000_000 if "M€" in printed else 1))
    return printed in str(value)
