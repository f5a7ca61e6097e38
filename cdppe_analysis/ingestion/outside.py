"""What stands outside the tables of a document: lines that may be their rows, and why a document holds none."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import DATE, Block, Document, Grid, Text
from cdppe_analysis.ingestion.kinds import IN_LETTERS, of_departements
from cdppe_analysis.ingestion.names import begins_with_a_name, code_alone, label
from cdppe_analysis.tables.numerals import is_void, numeral
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
_SENTENCE = re.compile(r"[0-9].*(?:€|euro|places|%)")


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
        if row and begins_with_a_name(row["name"], most=2) and (_ends_a_row(row) or not numeral(row["figure"])):
            if not numeral(row["figure"]):
                sentence = f"{row['figure']!r}, beside {row['name']!r}, is no number taken whole"
                raise TableError(sentence, cell=block.place)
        else:
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
