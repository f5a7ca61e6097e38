"""Which column names the rows of a grid, and what they are: départements, régions, or units with codes of their own.

The column of names is the one whose cells name territories, else the one beside codes, else the first of words that
are all different. Where no column has names, codes of départements name the rows.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from cdppe_analysis.ingestion.grids import HEADS, Row, amount
from cdppe_analysis.ingestion.kinds import IDENTIFIER, MONEY_OR_COUNTS, NO_CODE, OF_UNITS, Level, heads_regions, said
from cdppe_analysis.ingestion.names import Label, code_alone, departement_code, guessed, label, region_of
from cdppe_analysis.tables.numerals import is_void, numeral, units_in
from cdppe_analysis.territories import REGIONS, normalised

BESIDE = re.compile(r"dont\b|(?:moyenne|mediane|minimum|maximum|ecart type)\b|(?:min|max)$")
"""How the name of a row begins that is in no sum: a part of the row above, a mean."""

OF_COMMUNES = 5
_OF_TOWNS = re.compile(r"^(?:noms? )?(?:de |des |de la )?(?:villes?|communes?|cantons?|arrondissements?|epci)\b")
_OF_CODES = re.compile(
    r"(?=.*\b(?:cod|dep|dpt|insee|cog))(?:(?:codes?|cod(?:e?dep\w*|e?dpt|e?geo|einsee)|dep|depts?|dpts?|departements?|insee|cog|n|no|num|numeros?|"
    r"d|du|de|des|le|la|officiels?|geographiques?|territoires?)(?: |$))+"
)
_FEW = 5
UNIT_CODE = r"(?:[0-9]{2}|2[AB])[0-9]{3}|[0-9][0-9AB][0-9]{7}|[0-9]{14}"


def section_and_name(cell: str) -> tuple[str, str] | None:
    r"""Split a cell that prints a région on its first line and a département on the second; None for another.

    Examples
    --------
    >>> section_and_name("Alsace\n67 Bas-Rhin")
    ('Alsace', '67 Bas-Rhin')
    """
    head, line_break, rest = cell.partition("\n")
    if line_break and label(head).region and label(rest).departement and not label(cell).known:
        return head, rest
    return None


def names_of(rows: Sequence[Row]) -> tuple[Level, int | None, int | None]:
    """Return what the rows are, the column that names them, and the one that names their régions."""
    width = range(len(rows[0].cells))
    of_figures = [any(map(amount, row.cells)) for row in rows]
    words = [[_word(row.cells[rank], told) for row, told in zip(rows, of_figures, strict=True)] for rank in width]
    labels = [[name_label for name_label in each if name_label is not None] for each in words]
    sorts = [Counter(map(_sort, each)) for each in labels]
    named = [r for r in width if 2 * sorts[r]["unknown"] <= len(labels[r]) != sorts[r]["unknown"] + sorts[r]["other"]]
    coded = _unit_codes(rows, of_figures)
    if coded is not None:
        # Beside the code of a commune or of a service stands its name, even where it is that of a département too.
        after = [*range(coded[0] + 1, width.stop), *range(coded[0])]
        texts = [rank for rank in after if _distinct_texts([row.cells[rank] for row in rows], twice=2)]
        if texts and (texts[0] not in named or coded[1] == OF_COMMUNES):
            return "autre", texts[0], None
    other = next((rank for rank in width if _distinct_texts([row.cells[rank] for row in rows])), None)
    regions = [rank for rank in named if sorts[rank]["region"] and not sorts[rank]["departement"]]
    codes = codes_alone(rows) if named == regions and len(regions) == 1 else None
    if codes is not None:
        pairs = [(label(row.cells[regions[0]]).region, region_of(code_alone(row.cells[codes]))) for row in rows]
        if regions[0] != other or sum(a == b != "" for a, b in pairs) > 1:
            return "departement", None, regions[0]
    levels: tuple[Level, ...] = ("departement", "region")
    for level in levels:
        ranks = [rank for rank in named if sorts[rank][level]]
        if not ranks:
            continue
        of_towns = [rank for rank in ranks if _OF_TOWNS.search(normalised(_printed_above(rows, rank)))]
        if of_towns == ranks:
            return "autre", ranks[0], None
        ranks = [rank for rank in ranks if rank not in of_towns]
        name = max((sorts[rank][level] + sorts[rank]["both"], -rank) for rank in ranks)[1] * -1
        several = [each for each in labels[name] if _sort(each) in (level, "both")]
        repeated = 10 * len(set(several)) < 7 * len(several)
        if repeated and other not in (None, name) and (level == "region" or other not in named):
            return "autre", other, None
        figures = [sum(numeral(row.cells[rank]) is not None for row in rows) for rank in width]
        regions = [r for r in named if r != name and not sorts[r]["departement"] and len(labels[r]) >= figures[r]]
        beside = max(regions, key=lambda rank: len(labels[rank]), default=None)
        return level, name, beside if level == "departement" else None
    both = [rank for rank in named if sorts[rank]["both"]]
    if len(both) == 1 and heads_regions(rows[0].cells[both[0]]):
        return "region", both[0], None
    if both:
        return "departement", both[-1], both[0] if len(both) > 1 else None
    return ("departement", None, None) if codes_alone(rows) is not None and other is None else ("autre", other, None)


def _printed_above(rows: Sequence[Row], rank: int) -> str:
    """Return what stands in a column above the first row of amounts."""
    above = itertools.takewhile(lambda row: not any(map(amount, row.cells)), rows)
    return " ".join(row.cells[rank] for row in above)


def _word(cell: str, beside_a_figure: bool) -> Label | None:
    """Return the label of a cell of words, on a row of figures or of a known name."""
    if is_void(cell) or numeral(cell) is not None:
        return None
    cut = section_and_name(cell)
    word = label(cut[1] if cut else cell)
    if BESIDE.match(normalised(cell)) and not word.known:
        return None
    return word if word.known or beside_a_figure else None


def _sort(found: Label) -> str:
    if found.total is not None or found.collectivite:
        return "other"
    if found.departement and found.region:
        return "both"
    return "departement" if found.departement else "region" if found.region else "unknown"


def _distinct_texts(cells: Sequence[str], twice: int = 0) -> bool:
    """Tell whether most cells are words, nearly all distinct: `twice` of them may come back."""
    texts = [cell for cell in cells if not is_void(cell) and label(cell).total is None]
    worded = [cell for cell in texts if re.search(r"[^\W\d_]{2}", cell) and numeral(cell) is None]
    most = 3 * len(worded) > 2 * len(texts) and 2 * len(worded) >= len(cells) - 3
    return most and 10 * (len(set(worded)) + twice) >= 9 * len(worded) > 0


def _unit_codes(rows: Sequence[Row], of_figures: Sequence[bool]) -> tuple[int, int] | None:
    """Return the column of codes of communes (5 signs), of SIREN or FINESS (9), of SIRET (14), and their length."""
    for rank in range(len(rows[0].cells)):
        cells = [row.cells[rank].strip() for row in itertools.compress(rows, of_figures) if row.cells[rank]]
        codes = [cell for cell in cells if re.fullmatch(UNIT_CODE, cell)]
        sizes = {len(code) for code in codes}
        printed = _printed_above(rows, rank)
        heading = normalised(printed)
        named = not heading or OF_UNITS.search(heading) or IDENTIFIER.search(heading)
        if units_in(printed) or not named:
            continue
        most = len(codes) > 1 and 10 * len(codes) >= 9 * (len(cells) - 2) and len(set(codes)) > len(codes) - 3
        # A unit has its code on its row; a number that stands on few of them is the total of a group.
        most = most and 2 * len(codes) > sum(of_figures) and not re.search(r"\btotal", heading)
        if most and len(sizes) == 1 and not NO_CODE.search(heading) and said(heading) not in MONEY_OR_COUNTS:
            size = sizes.pop()
            if size != OF_COMMUNES or all(
                departement_code(code[: 3 if code.startswith("97") else 2]) for code in codes
            ):
                return rank, size
    return None


def codes_alone(rows: Sequence[Row]) -> int | None:
    """Return a column of codes of départements, where no column names them: its heading says so."""
    for rank in range(len(rows[0].cells)):
        cells = [row.cells[rank] for row in rows if row.cells[rank]]
        codes = [cell for cell in cells if code_alone(cell)]
        heading = normalised(cells[0]) if cells and cells[0] not in codes else ""
        if len(codes) > 1 and len(codes) >= len(cells) - 2 and _OF_CODES.fullmatch(heading):
            of_regions = "dep" not in heading and len(codes) > _FEW and {code.zfill(2) for code in codes} <= {*REGIONS}
            return rank if len(set(codes)) == len(codes) and not of_regions else None
    return None


def first_row(rows: Sequence[Row], level: Level, name: int, region: int | None, by_code: bool) -> int | None:
    """Return the rank of the first row of a known name, or of the unknown ones with figures just above it."""
    start = 0
    for rank, row in enumerate(rows):
        text, others = row.cells[name], [*row.cells[:name], *row.cells[name + 1 :]]
        figures = [cell for cell in others if numeral(cell)]
        if level == "autre":
            years = not any(map(amount, figures))
            coded = any(re.fullmatch(UNIT_CODE, cell) for cell in row.cells)
            if text and (coded or (figures and not (years and rank == 0))):
                return rank
            continue
        cells = [text] if region is None else [text, row.cells[region]]
        cells += [cell for cell in others if any(map(amount, figures)) and label(cell).total is not None]
        found = label(text)
        if any(label(cell).known or section_and_name(cell) for cell in cells) or (by_code and code_alone(text)):
            heads = any(map(amount, rows[rank + 1].cells)) if rank + 1 < len(rows) and not text else False
            if len(row.written) > 1 or numeral(text) or found.region or found.departement or heads:
                return start
        elif level == "departement" and figures and guessed(text).known:
            return start
        worded = re.search(r"[^\W\d_]{2}", text) and not is_void(text) and not HEADS.search(normalised(text))
        ages = all(each.unit == "ans" for cell in figures if amount(cell) and (each := numeral(cell)))
        start = start if worded and numeral(text) is None and not (ages or by_code) else rank + 1
    return None
