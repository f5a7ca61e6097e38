"""An annex read whole: its table, and every number of the document with its fate.

document -> blocks -> grids -> columns -> rows. After reading, each number printed in the document is in exactly one of:
a cell, a code, a rank, a total that was checked, what was set apart with its reason. The count is made again on the
blocks as they were read, and a number that is nowhere is a refusal.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cdppe_analysis import typography
from cdppe_analysis.errors import CdppeError, CheckError, TableError, TerritoryError
from cdppe_analysis.ingestion.columns import Layout, layout_of
from cdppe_analysis.ingestion.documents import read_document
from cdppe_analysis.ingestion.grids import DATE, HEADS, SAMPLE, Block, Document, Grid, Text, cells_of, joined
from cdppe_analysis.ingestion.kinds import IN_LETTERS, Column, of_departements
from cdppe_analysis.ingestion.names import begins_with_a_name, code_alone, guessed, label
from cdppe_analysis.ingestion.rows import Number, Remark
from cdppe_analysis.ingestion.stream import stream_blocks
from cdppe_analysis.ingestion.tables import Table, table_of
from cdppe_analysis.tables.numerals import SCALES, is_void, numeral, tokens, without_units
from cdppe_analysis.territories import normalised

A_TITLE = 20
ROW = re.compile(
    r"[\s|;]*(?P<name>[^0-9|;]*[^0-9|;:(−-])[\s|;:(−-]+"
    r"(?P<figure>[0-9](?:[0-9\s.,'’]*[0-9])?)[\s|;.)]*(?P<rest>\S*(?:\s+\S+){0,3}\s*)"
)
_FEW_WORDS = 6
_WORDS_OF_A_ROW = 9
_IN_LETTERS = re.compile(rf"(?P<name>.+?)(?: {IN_LETTERS})+")
_AMOUNT = re.compile(r"[0-9].*(?:€|[Ee]uro)|[0-9][\s.'’][0-9]{3}|(?<![0-9])(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{4}")
_IN_A_SENTENCE = re.compile(r"(?:\b(?:de|du|des|à|au|aux|en|sur|par|entre|est|sont|les) |d['’])[0-9].*[^\W\d_]{3}\W*$")
_ODD = re.compile(r"[0-9€$£%#?!<>≥≤≈~±=]|[^\W\da-zA-ZÀ-ÿœŒ_⁰¹²³⁴-⁹]")
_SENTENCE = re.compile(r"(?s)^[^0-9]*[0-9].*(?:€|euro|places|%)")

_FATES = {
    "lu": ("lu", ""),
    "code": ("code", ""),
    "rang": ("rang", ""),
    "total": ("total vérifié", "totaux vérifiés"),
    "a_part": ("mis à part", "mis à part"),
}
_OF_ANOTHER_ENCODING = re.compile(r"Ã[\u0080-¿Ž‰€]|â‚¬|[^\W\d_][‚ˆ‡“”™](?=[^\W\d_])|[A-Za-z][ŽŠƒ](?=[a-z])")
"""A word of French in DOS, in Mac Roman, or in UTF-8 twice, read otherwise: « H‚rault », « HŽrault », « HÃ©rault »."""

_SUFFIXES = {"€": "eur", "k€": "eur", "M€": "eur", "Md€": "eur", "%": "pct"}


@dataclass(frozen=True)
class Annex:
    """What was read of a document.

    `table` is the table read, `titles` those of every table of the document, `numbers` every number with its fate,
    `remarks` what to look at again.
    """

    table: Table
    titles: tuple[str, ...]
    numbers: tuple[Number, ...]
    remarks: tuple[Remark, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers had each fate."""
        fates = Counter(number.fate for number in self.numbers)
        return {fate: fates[fate] for fate in _FATES}  # type: ignore[index]

    @property
    def apart(self) -> dict[str, list[Number]]:
        """What was set apart, by reason."""
        reasons: dict[str, list[Number]] = {}
        for number in self.numbers:
            if number.fate == "a_part":
                reasons.setdefault(number.reason, []).append(number)
        return reasons

    def told(self) -> str:
        """Return the count in one sentence: « 412 nombres : 303 lus, 101 codes, 6 totaux vérifiés, 2 mis à part »."""
        parts = [typography.counted(count, *_FATES[fate]) for fate, count in self.counts.items() if count]
        return f"{typography.counted(len(self.numbers), 'nombre')} : {', '.join(parts)}"

    def frame(self) -> pd.DataFrame:
        """Return the raw table: cells as printed under their headings, then their values (see `docs/ingest.md`)."""
        return _frame(self.table)

    def remarks_frame(self) -> pd.DataFrame:
        """Return the remarks as a table: `emplacement`, `nature`, `texte`, `remarque`."""
        columns = ["emplacement", "nature", "texte", "remarque"]
        rows = [(remark.place, remark.kind, remark.text, remark.sentence) for remark in self.remarks]
        return pd.DataFrame(rows, columns=columns, dtype=str)


def read_annex(
    path: str | Path, pages: Collection[int] | None = None, table: int | None = None, *, accept_gaps: bool = False
) -> Annex:
    """Read a file.

    Parameters
    ----------
    path
        A text, Markdown, HTML, CSV, workbook (.xlsx, .ods) or PDF.
    pages
        Numbers of the pages (sheets) that hold the table; all when left out.
    table
        Which table to read, from 1, where there are several.
    accept_gaps
        Read a table whose total is not the sum of its parts; the gap is then a remark.

    Raises
    ------
    TableError, TerritoryError
        When the table can't be read in one way only, with the place.
    CheckError
        When a total is not the sum of its parts, rounding allowed for.
    """
    return annex_of(read_document(path, pages), table, accept_gaps=accept_gaps)


def annex_of(document: Document, table: int | None = None, *, accept_gaps: bool = False) -> Annex:
    r"""Read the blocks of a document.

    Raises
    ------
    TableError, TerritoryError, CheckError
        As `read_annex`.

    Examples
    --------
    >>> from cdppe_analysis.ingestion.documents import text_document
    >>> annex = annex_of(text_document("Code;Département;Montant (k€)\n01;Ain;441\n02;Aisne;-4\nTotal;;437"))
    >>> [(row.code, row.figures[-1]) for row in annex.table.rows]
    [('01', Decimal('441000')), ('02', Decimal('-4000')), ('', Decimal('437000'))]
    >>> annex.told()
    '5 nombres : 2 lus, 2 codes, 1 total vérifié'
    """
    _refuse_another_encoding(document)
    blocks = joined(document.blocks)
    if all(isinstance(block, Text) for block in blocks):
        blocks = stream_blocks(blocks)
    tables = _tables(blocks)
    of_units = [each for each in tables if isinstance(each[1], Layout) and each[1].level == "autre"]
    understood = sum(isinstance(each[1], Layout) for each in tables)
    # Beside one of territories, a table of units is read where it is asked for.
    beside = of_units if understood > len(of_units) else []
    of_territories = [each for each in tables if each not in beside]
    tables = [*of_territories, *beside]
    titles = tuple(title for _, _, title in tables)
    if not tables:
        raise nothing(document, blocks)
    refuse_rows_outside(blocks)
    if table is None and len(of_territories) > 1:
        listed = " ; ".join(f"{number}: {title!r}" for number, title in enumerate(titles, start=1))
        raise TableError(f"{document.name} holds {len(tables)} tables: choose one with --table ({listed})")
    if table is not None and not 1 <= table <= len(tables):
        raise TableError(f"{document.name} has no table {table}: it has {len(tables)}", cell="--table")
    rank, layout, title = tables[(table or 1) - 1]
    if isinstance(layout, CdppeError):
        raise layout
    read = table_of(layout, title)
    _refuse_unknown_names(read)
    others = [block for other, block in enumerate(blocks) if other != rank]
    numbers = (*read.numbers, *_set_apart(others, {id(blocks[other]) for other, _, _ in of_territories}))
    _check_conservation(blocks, numbers)
    _check_names(blocks[rank], read, layout)
    remarks = (*(Remark("", "fichier", "", remark) for remark in document.remarks), *read.remarks, *_gaps(read))
    for gap in (remark for remark in remarks if remark.kind == "ecart" and not accept_gaps):
        raise CheckError(gap.sentence, cell=gap.place)
    return Annex(read, titles, numbers, remarks)


def _refuse_another_encoding(document: Document) -> None:
    for cell, place in ((cell, row.place) for block in document.blocks for row in block.rows for cell in row.cells):
        if _OF_ANOTHER_ENCODING.search(cell):
            odd = next(word for word in cell.split() if _OF_ANOTHER_ENCODING.search(word))
            sentence = f"the letters of {odd!r} are those of another encoding: save {document.name} again in UTF-8"
            raise TableError(sentence, cell=place)


def _refuse_unknown_names(table: Table) -> None:
    """Refuse a name beside a number in its cell, and départements of which too few are known to give their codes."""
    for row in table.rows if table.level == "autre" else []:
        glued = ROW.fullmatch(row.name)
        if glued and label(glued["name"]).departement:
            raise TableError(f"{row.name!r} holds a name and a number: its columns are lost", cell=row.place)
    heading = next((column.heading for column in table.columns if column.kind == "nom"), "")
    unknown = [row for row in table.rows if row.kind in ("unite", "autre") and row.name]
    for row in unknown:
        if label(row.name.rstrip("0123456789")).departement and row.name[-1].isdigit():
            raise TableError(f"{row.name!r} holds a name and a number: is it a footnote mark?", cell=row.place)
    headed = table.level == "autre" and of_departements(heading)
    if headed and any(label(row.name).departement or guessed(row.name).known for row in unknown[:SAMPLE]):
        names = ", ".join(row.name for row in unknown if not label(row.name).known)
        raise TerritoryError(f"under {heading!r}, too few names are known: {names}")


def _tables(blocks: Sequence[Block]) -> list[tuple[int, Layout | CdppeError, str]]:
    """Return the rank, the layout (or why it has none) and the title of each table of territories or of units."""
    tables: list[tuple[int, Layout | CdppeError, str]] = []
    for rank, block in enumerate(blocks):
        if isinstance(block, Grid):
            below = [each.text for each in blocks[rank + 1 :] if isinstance(each, Text)]
            is_last = len(below) == len(blocks) - 1 - rank
            above = [*_titles(blocks, rank), *(below if is_last else [])]
            try:
                layout = layout_of(block, above)
            except CdppeError as error:
                error.cell = error.cell or block.rows[0].place
                tables.append((rank, error, next(iter(above), block.rows[0].place)))
                continue
            if layout is not None:
                tables.append((rank, layout, _title(layout, _titles(blocks, rank))))
    return tables


def _titles(blocks: Sequence[Block], rank: int) -> list[str]:
    """Return the texts above a grid, up to the grid before it, the nearest first."""
    above = itertools.takewhile(lambda block: isinstance(block, Text), reversed(blocks[:rank]))
    return [text.rows[0].cells[0] for text in above]


def _title(layout: Layout, above: Sequence[str]) -> str:
    inside = [row.written[0] for row in layout.rows[: layout.first] if len(row.written) == 1]
    candidates = [text for text in [*inside, *above] if len(text) > 3]
    first = next((text for text in candidates if len(text) >= A_TITLE), next(iter(candidates), ""))
    return " ".join(first.lstrip("#*").split())[:100] or layout.rows[layout.first].place


def _set_apart(blocks: Sequence[Block], tables: set[int]) -> list[Number]:
    apart = []
    for block in blocks:
        reason = "autre tableau" if id(block) in tables else "tableau sans territoire"
        reason = "hors du tableau" if isinstance(block, Text) else reason
        apart += [Number(token, place, "a_part", reason) for place, token in _printed(block)]
    return apart


def _printed(block: Block) -> Iterator[tuple[str, str]]:
    return ((row.place, token) for row in block.rows for cell in row.cells for token in tokens(cell))


def _check_conservation(blocks: Sequence[Block], numbers: Sequence[Number]) -> None:
    """Count again the numbers of the blocks: each must have one fate, and only one."""
    there = Counter(printed for block in blocks for printed in _printed(block))
    there.subtract((number.place, number.text) for number in numbers)
    for place, token in (key for key, count in there.items() if count):
        raise TableError(f"{token!r} was found in no cell, code, rank nor total, and is not set apart", cell=place)


def _check_names(block: Block, table: Table, layout: Layout) -> None:
    """Look again at the names of the block: each is on its row, the région of one, a heading, or said left out."""
    regions = {row.region for row in table.rows}
    kept = {(row.place, text) for row in table.rows for text in (row.name, *row.cells)}
    kept |= {(remark.place, remark.text) for remark in table.remarks}
    heads = (
        row
        for row in layout.rows[: layout.first]
        if len(row.written) > 1 or HEADS.match(normalised(" ".join(row.written)))
    )
    kept |= {(row.place, cell) for row in heads for cell in row.cells}
    names = ((each.place, cell) for each in block.rows for cell in each.cells if label(cell).territory)
    for place, name in names:
        if name not in regions and not {(place, name), (place, " ".join(name.split()))} & kept:
            raise TableError(f"{name!r} is the name of no row, and is not said to be left out", cell=place)


def _gaps(table: Table) -> Iterator[Remark]:
    units = {column.heading: column.unit for column in table.columns}
    reasons = {
        "arrondi": "l'arrondi de chaque montant suffit à l'expliquer",
        "masque": "une au moins n'est pas imprimée, et rien ne vérifie les autres",
        "ecart": "ce n'est pas un arrondi",
    }
    for check in (check for check in table.checks if check.status != "egal"):
        write = typography.euros if units[check.column] in SCALES else typography.number
        decimals = [0 if value % 1 == 0 else 2 for value in (check.total, check.added, check.added - check.total)]
        total, added = write(check.total, decimals[0]), write(check.added, decimals[1])
        gap = write(check.added - check.total, decimals[2], signed=True)
        sentence = f"« {check.name} », sous « {check.column} », vaut {total} ; ses parties font {added} ({gap}) : "
        yield Remark(check.place, check.status, check.printed, f"{sentence}{reasons[check.status]}.")


def _frame(table: Table) -> pd.DataFrame:
    levels = {"departement": ("code_departement", "departement"), "region": ("code_region", "region")}
    code, name = levels.get(table.level, ("code", "libelle"))
    rows = table.rows
    frame = {
        "ligne": [str(number) for number in range(1, len(rows) + 1)],
        "nature": [row.kind for row in rows],
        "emplacement": [row.place for row in rows],
    }
    folded = [table.level == "departement" and row.kind in ("region", "total") for row in rows]
    if table.level == "departement":
        of_region = [row.name if above else row.region for row, above in zip(rows, folded, strict=True)]
        frame |= {"code_region": [row.region_code for row in rows], "region": of_region}
    names = ["" if above else row.name for row, above in zip(rows, folded, strict=True)]
    frame |= {code: [row.code for row in rows], name: names}
    codes = [column for column in table.columns if column.kind == "code"]
    said = ("nom", "region", "code") if len(codes) == 1 else ("nom", "region")
    printed = [(rank, column) for rank, column in enumerate(table.columns) if column.kind not in said]
    for rank, column in printed:
        frame[_free(column.heading or column.kind, frame)] = [row.cells[rank] for row in rows]
    for rank, column in printed:
        if column.of_figures:
            values = [row.figures[rank] for row in rows]
            slug = _slug(column)
            written = ["" if value is None else f"{value.normalize():f}" for value in values]
            frame[_free(f"{slug}_valeur" if slug in frame else slug, frame)] = written
    return pd.DataFrame(frame, dtype=str)


def _slug(column: Column) -> str:
    """Name the values of a column: its heading in plain letters, then its unit."""
    # Values are in euros: the name of their column does not say thousands.
    words = normalised(without_units(column.heading)) or column.kind
    suffix = _SUFFIXES.get(column.unit, "")
    return "_".join([*words.split()[:10], *([suffix] if suffix and not words.endswith(suffix) else [])])


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name that no column has yet."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def nothing(document: Document, blocks: Sequence[Block]) -> TableError:
    """Say why a document holds no table."""
    rows = [row for block in blocks if isinstance(block, Grid) for row in block.rows]
    cells = [(cell, row.place) for row in rows for cell in row.written]
    if cells:
        named = any(label(cell).known for cell, _ in cells)
        for cell, place in cells if named else []:
            figure = re.search("[0-9]", cell) and not (numeral(cell) or code_alone(cell) or label(cell).known)
            if figure and len(cell) < A_TITLE:
                return TableError(f"{cell!r} is no number taken whole", cell=place)
        for heading, *column in itertools.zip_longest(*(row.cells for row in rows), fillvalue=""):
            (code, times), *_ = Counter(column).most_common(1) or [("", 0)]
            if times > 1 and of_departements(heading) and all(map(code_alone, column)):
                return TableError(f"{code!r} stands {times} times under {heading!r}: each territory has one row")
        sentence = f"no cell of the table of {document.name} is a number taken whole"
        if any(numeral(cell) for cell, _ in cells):
            what = "names territories or units beside a column of numbers"
            sentence = f"no column of the table of {document.name} {what}"
        return TableError(sentence, cell=cells[0][1])
    texts = [block for block in blocks if isinstance(block, Text)]
    fields = [block.text.count(",") for block in texts]
    if texts and document.name.endswith(".csv") and 0 < fields[0] < min(fields[1:], default=0):
        sentence = (
            f"a row has {fields[1] + 1} fields where the headings have {fields[0] + 1}: is the comma a decimal mark?"
        )
        return TableError(sentence, cell=texts[1].place)
    lines = [(block, row) for block in texts if (row := ROW.fullmatch(block.text))]
    for block, row in lines:
        if label(row["name"]).known and not numeral(f"{row['figure']} {row['rest']}".strip()):
            sentence = f"{block.text[row.start('figure') :]!r}, beside {row['name']!r}, is no number taken whole"
            return TableError(sentence, cell=block.place)
    told = next((block for block in texts if _SENTENCE.search(block.text)), None)
    prose = told is not None and len(told.text.split()) > _WORDS_OF_A_ROW
    if 1 < len(lines) >= len(blocks) / 2 and not prose:
        unknown = [block for block, row in lines if not label(row["name"]).known]
        others = [block for block in texts if not ROW.fullmatch(block.text)]
        odd = [block for block in others if begins_with_a_name(re.sub("[:;,]", " ", block.text))]
        words = unknown[0].text.split() if unknown else []
        within = (" ".join(words[start : start + 5]) for start in range(len(words)))
        if any(begins_with_a_name(re.sub("[:;,]", " ", text)) for text in within):
            sentence = f"{unknown[0].text!r} names a territory among other words: it is no row of a table"
            return TableError(sentence, cell=unknown[0].place)
        if unknown:
            sentence = (
                f"{unknown[0].text!r} names no département nor région: other names are no closed list and are read in "
                "columns only (a CSV, a workbook, two spaces between cells), best with their codes"
            )
            return TableError(sentence, cell=unknown[0].place)
        if odd:
            return TableError(f"{odd[0].text!r} stands among rows and holds no number", cell=odd[0].place)
    if told is not None:
        sentence = f"{document.name} holds no table: its amounts stand in sentences, as {told.text[:60]!r}"
        return TableError(sentence, cell=told.place)
    return TableError(f"{document.name} holds no table: no name of a territory is followed by a number")


def refuse_rows_outside(blocks: Sequence[Block]) -> None:
    """Refuse a line outside the tables that looks like a row of one: a name, a number, its unit, few other words.

    Beside a table whose text has lost its columns, a row may have an unknown name, other words, or stand on two lines.
    """
    cut = ""
    for before, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        if isinstance(block, Grid):
            continue
        text, whole = DATE.sub("", block.text), block.text
        in_letters = _IN_LETTERS.fullmatch(normalised(text))
        if in_letters and label(in_letters["name"]).known:
            raise TableError(f"{whole!r} holds a number in letters: it may be a row", cell=block.place)
        row = ROW.fullmatch(text)
        near = any(isinstance(other, Grid) and other.headings for other in (before, after))
        named = row is not None and begins_with_a_name(row["name"], most=2)
        words = row["name"].split() if row and near else []
        named = named or any(label(" ".join(words[start:])).territory for start in range(len(words)))
        if not (cells_of(block) or (row and named and (_ends_a_row(row) or not numeral(row["figure"])))):
            below = after.text if isinstance(after, Text) and numeral(after.text) else ""
            words = re.sub(r"^[0-9]+ ", "", text)
            head = _ODD.split(words)[0]
            named = label(words).known if below else near and begins_with_a_name(head)
            named = named or (cut != "" and begins_with_a_name(f"{cut} {head}"))
            counted = below or _ODD.search(words)
            few = near and len(re.findall(r"[^\W\d_]{2,}", text)) <= _FEW_WORDS and not _IN_A_SENTENCE.search(text)
            cut, whole = words if near and not counted else "", f"{whole} {below}".strip()
            if not (counted and named) and not (few and _AMOUNT.search(f"{text} {below}")):
                continue
            if not named and not below and head.strip():
                raise TableError(f"{head.strip()!r} names no département, région nor total", cell=block.place)
        beside = ": it holds more than names and numbers" if near else ""
        raise TableError(f"{whole!r} looks like a row and stands outside the table{beside}", cell=block.place)


def _ends_a_row(row: re.Match[str]) -> bool:
    """Tell whether a unit follows the number, or nothing: « Corse : 2 départements » is a note."""
    words = row["rest"].split()
    return all(map(is_void, words)) or any(numeral(" ".join([row["figure"], *words[:count]])) for count in (1, 2))
