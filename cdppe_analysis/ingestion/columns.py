"""The columns of a grid, understood together: the one reading of columns, for every format.

The column of names is found here, and the headings are composed; `kinds` says what each other column is, and `doubts`
refuses what may be of another row or column.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.doubts import Case, refuse_doubts
from cdppe_analysis.ingestion.grids import (
    COUNTS,
    HEADINGS,
    HEADS,
    IN_PER_CENT,
    NUMBERED,
    SAMPLE,
    Grid,
    Row,
    amount,
    is_a_unit,
)
from cdppe_analysis.ingestion.kinds import (
    IDENTIFIER,
    MONEY_OR_COUNTS,
    NO_CODE,
    OF_CODES,
    OF_UNITS,
    Column,
    Level,
    column_of,
    heads_regions,
    refuse_an_odd_measure,
    said,
    says_nothing,
    speaks_of_figures,
    units_of,
    with_units_above,
    without_unit,
)
from cdppe_analysis.ingestion.names import Label, code_alone, departement_code, label, region_of
from cdppe_analysis.tables.numerals import SCALES, is_void, numeral, readings, titled_units, units_in
from cdppe_analysis.territories import REGIONS, normalised

BESIDE = re.compile(r"dont\b|(?:moyenne|mediane|minimum|maximum|ecart type)\b|(?:min|max)$")
"""How the name of a row begins that is in no sum: a part of the row above, a mean."""

OF_COMMUNES = 5
_OF_TOWNS = re.compile(r"^(?:noms? )?(?:de |des |de la )?(?:villes?|communes?|cantons?|arrondissements?|epci)\b")
_FEW = 5
_ALL = 100
UNIT_CODE = r"(?:[0-9]{2}|2[AB])[0-9]{3}|[0-9][0-9AB][0-9]{7}|[0-9]{14}"

_A_MARK = re.compile(r"[(\[][⁰¹²³⁴-⁹ᵃᵇᶜᵈᵉ]+[)\]]|(?<!\bm)(?<!\bkm)(?<!\b10)[⁰¹²³⁴-⁹ᵃᵇᶜᵈᵉ]+")
_NUMBERED = re.compile(rf"({NUMBERED}) (?:n )?(?:[0-9]+|[a-z]\b|[ivx]+\b)")
_OF_OTHERS = re.compile(r"^sources?\b|\b(?:figurent|figure|etaient|etait|voir)\b|\b(?:en|l) annexe$")
_TELLS_A_UNIT = re.compile(r"\b(?:unites?|montants?|chiffres|donnees|valeurs|sommes)\b")
_UNIT_ALONE = re.compile(r"€|k€|M€|%|euros?|places?|habitants?|enfants?|ETP", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The rows of a grid, the level of its territories, its columns, the rank of its first row under the headings.

    `name` is the rank of the column of names (of codes where `by_code`, for want of names), `region` that of régions;
    `unit` is the unit of money that the nearest title gives.
    """

    rows: tuple[Row, ...]
    level: Level
    columns: tuple[Column, ...]
    first: int
    name: int
    region: int | None = None
    by_code: bool = False
    unit: str = ""


def layout_of(grid: Grid, titles: Sequence[str] = ()) -> Layout | None:
    """Understand the columns of a grid.

    Parameters
    ----------
    grid
        The grid.
    titles
        The texts above it, the nearest first.

    Returns
    -------
    Layout or None
        None where the grid names nothing or holds no figures.

    Raises
    ------
    TableError
        When a heading gives two units.

    Examples
    --------
    >>> rows = [("Rang", "Nom", "Places", "Dotation (k€)"), ("1", "Ain", "14", "276"), ("2", "Nord", "7", "138")]
    >>> layout = layout_of(Grid(tuple(Row(cells, "") for cells in rows)))
    >>> [(column.kind, column.unit) for column in layout.columns]
    [('rang', ''), ('nom', ''), ('nombre', 'places'), ('montant', 'k€')]
    """
    width = max(len(row.cells) for row in grid.rows)
    padded = [replace(row, cells=row.cells + ("",) * (width - len(row.cells))) for row in grid.rows]
    rows = _with_units_in_cells([part for row in padded for part in _unfolded(row)])
    level, name, region = names_of(rows[:SAMPLE])
    by_code = name is None
    if name is None:
        name = codes_alone(rows[:SAMPLE])
    if level == "departement" and name is not None:
        rows = [_named_in_its_column(row, name, region) for row in rows]
    first = None if name is None else first_row(rows, level, name, region, by_code)
    if name is None or first is None:
        return None
    headings = list(grid.headings) or _headings(rows[:first], name, grid.exact) or [""] * len(rows[0].cells)
    alone = [row for row in reversed(rows[:first]) if len(row.written) == 1]
    # A piece of a heading over several lines gives no unit, nor does one among the headings of a page.
    free = rows[:first] if grid.exact else []
    above = [
        row.written[0]
        for row in alone
        if row.written[0].count("(") == row.written[0].count(")")
        and (any(row.cells[: name + 1]) or (row in free and is_a_unit(row.written[0])))
    ]
    last = itertools.takewhile(
        lambda row: len(row.written) == 1 and not numeral(row.written[0]), reversed(rows[first:])
    )
    notes = [row.written[0] for row in last][::-1]
    beyond = [heading for rank, heading in enumerate(headings) if not any(row.cells[rank] for row in rows[first:])]
    above += [*headings[name : name + 1], *filter(is_a_unit, beyond)]
    # A title that says what is counted is that of the table: the unit of those above it is another's.
    counted = (
        rank for rank, title in enumerate(titles) if COUNTS.search(normalised(title)) and not titled_units(title)
    )
    # An amount is no unit of a table, nor is the unit of what another document or another table holds.
    own = [*_of_one_table(titles[: next(counted, len(titles))]), *notes]
    above += [each for each in own if not numeral(each.rstrip(".")) and not _OF_OTHERS.search(normalised(each))]
    for title in above:
        refuse_an_odd_measure(title)
    body = [row.cells for row in rows[first:]]
    columns = [column_of(body, rank, heading, level, name, region) for rank, heading in enumerate(headings)]
    if grid.headings and titles and len(titles[0].split()) < HEADINGS:
        # Where columns are lost, the nearest line may be their heading: « Dotation k€ ».
        above.insert(0, ", ".join(unit for unit in units_in(titles[0]) if unit in SCALES))
    title, units = next(((title, units) for title in above if (units := titled_units(title))), ("", []))
    kept = with_units_above([column for column in columns if column is not None], body, title, units)
    given = {column.unit for column in kept if column.unit in SCALES}
    for note in (note for note in notes if given and _TELLS_A_UNIT.search(normalised(note))):
        if (other := titled_units(note)) and not given & {*other}:
            sentence = f"{note!r} gives another unit than the columns, {' and '.join(sorted(given))}"
            raise TableError(sentence, cell=grid.rows[-1].place)
    shares = not units and any(map(IN_PER_CENT.search, above))
    if shares and all(_may_be_shares(column, body) for column in kept if column.of_figures):
        kept = [replace(c, kind="pourcentage", unit="%") if c.of_figures else c for c in kept]
    telling = [
        c for c in kept if c.kind in ("montant", "pourcentage", "code") or (c.additive and any(units_of(c, body)))
    ]
    if not any(column.of_figures for column in kept) or (level == "autre" and not telling):
        return None
    refuse_doubts(Case(grid, rows, level, kept, first, name, region, headings, titles))
    return Layout(tuple(rows), level, tuple(kept), first, name, region, by_code, "".join(units[:1]))


def _of_one_table(titles: Sequence[str]) -> list[str]:
    """Return the titles, the nearest first, up to that of another table: « Tableau 1 » above « Tableau 2 »."""
    kept, seen = list[str](), set[str]()
    for title in titles:
        number = _NUMBERED.match(normalised(title))
        if number and number[1] in seen:
            break
        seen |= {number[1]} if number else set()
        kept.append(title)
    return kept


def _may_be_shares(column: Column, body: Sequence[Sequence[str]]) -> bool:
    """Tell whether a column may be in the per cent of a title: one that says no unit, or counts up to 100 at most."""
    if column.kind != "nombre" or column.unit:
        return False
    figures = (numeral(row[column.rank]) for row in body)
    small = all(min(readings(figure.digits).values()) < _ALL + 1 for figure in figures if figure)
    return says_nothing(column.heading) or (said(column.heading) == "chose" and small)


def _named_in_its_column(row: Row, name: int, region: int | None) -> Row:
    """Put in the column of names the région that begins in one of codes before it: it is printed over both."""
    cells = list(row.cells)
    begun = next((rank for rank in range(name) if rank != region and label(cells[rank]).region), None)
    if begun is None or any(cells[:begun] + cells[begun + 1 : name + 1]):
        return row
    cells[begun], cells[name] = "", cells[begun]
    return replace(row, cells=tuple(cells))


def _unfolded(row: Row) -> list[Row]:
    """Cut a row whose cells hold a name and a number a line: the rulings stand between régions only."""
    lines = [[line for line in cell.split("\n") if line.strip()] for cell in row.cells]
    sizes = {len(each) for each in lines if len(each) > 1 and all(numeral(line) for line in each)}
    names = [_names_in(cell) for cell in row.cells]
    if not sizes or not any(names):
        return [row]
    size = max(sizes)
    if len(sizes) > 1 or not any(len(each) == size for each in names):
        raise TableError(f"a cell holds {size} numbers, and the names beside it are not as many", cell=row.place)
    split = [
        own if len(own) == size else each if len(each) == size and len(own) != 1 else [cell, *[""] * (size - 1)]
        for own, each, cell in zip(names, lines, row.cells, strict=True)
    ]
    return [replace(row, cells=tuple(cells), spans={}) for cells in zip(*split, strict=True)]


def _names_in(cell: str) -> list[str]:
    """Return the names that a cell prints one under another, those cut over two lines put together."""
    names: list[str] = []
    for line in cell.split("\n"):
        whole = f"{names[-1]}\n{line}" if names else line
        if names and not label(names[-1]).known and label(whole).known:
            names[-1] = whole
        else:
            names.append(line)
    return names if all(label(name).known for name in names) else []


def _with_units_in_cells(rows: list[Row]) -> list[Row]:
    """Give to the number on its left, else to those on its right, the unit that stands in a column of its own."""
    for column in range(len(rows[0].cells)):
        units = [(rank, row) for rank, row in enumerate(rows) if _UNIT_ALONE.fullmatch(row.cells[column])]
        if len(units) > 1 and len(units) >= sum(bool(row.cells[column]) for row in rows) - 1:
            on_left = column > 0 and 2 * sum(bool(numeral(row.cells[column - 1])) for _, row in units) > len(units)
            of = [column - 1] if on_left else range(column + 1, len(rows[0].cells))
            for rank, row in units:
                bare = [each for each in of if without_unit(row.cells[each])]
                cells = [f"{c} {row.cells[column]}" if each in bare else c for each, c in enumerate(row.cells)]
                cells[column] = "" if bare else cells[column]
                rows[rank] = replace(row, cells=tuple(cells))
    return rows


def _headings(rows: Sequence[Row], name: int, exact: bool) -> list[str]:
    """Compose the headings of the columns from their rows; one that covers several columns goes to each."""
    # A unit alone on a line above the headings is that of the table, wherever it is set.
    rows = list(itertools.dropwhile(lambda row: len(row.written) == 1 and is_a_unit(row.written[0]), rows)) or rows
    of_columns = [row for row in rows if (len(row.written) > 1 or any(row.cells[1:])) and not row.of_ranks]
    parts: list[list[str]] = [[] for _ in rows[0].cells] if rows else []
    for rank, row in enumerate(of_columns, start=1):
        covering = ""
        for column, written in enumerate(row.cells):
            cell = " ".join(_A_MARK.sub("", written).split())
            covered = column in row.hidden or (exact and not row.hidden)
            if cell:
                covering = cell if column > name else ""
            elif covered and any(below.cells[column] for below in of_columns[rank:]):
                cell = covering
            if cell:
                parts[column].append(cell)
    return ["\n".join(part) for part in parts]


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
        columns = {rank: [row.cells[rank] for row in rows] for rank in after}
        texts = [rank for rank in after if _distinct_texts(columns[rank], twice=len(rows) // 2)]
        texts = [rank for rank in texts if rank not in named or coded[1] == OF_COMMUNES]
        if texts:
            return "autre", max(texts, key=lambda rank: (len(set(columns[rank])), -after.index(rank))), None
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
        printed = _printed_above(rows, rank)
        heading = normalised(printed)
        cells = [row.cells[rank].strip() for row in itertools.compress(rows, of_figures) if row.cells[rank]]
        cells = ["".join(cell.split()) for cell in cells] if said(heading) == "code" else cells
        codes = [cell for cell in cells if re.fullmatch(UNIT_CODE, cell)]
        if len(codes) < 2:
            continue
        sizes = {len(code) for code in codes}
        named = not heading or OF_UNITS.search(heading) or IDENTIFIER.search(heading)
        if units_in(printed) or not named:
            continue
        most = 10 * len(codes) >= 9 * (len(cells) - 2) and len(set(codes)) > len(codes) - 3
        # A unit has its code on its row; a number that stands on few of them is the total of a group.
        most = most and 2 * len(codes) > sum(of_figures)
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
        if len(codes) > 1 and len(codes) >= len(cells) - 2 and OF_CODES.fullmatch(heading):
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
        if HEADS.match(normalised(text)) and not figures and _heads_columns(rows, rank):
            start = rank + 1
            continue
        cells = [text] if region is None else [text, row.cells[region]]
        cells += [cell for cell in others if any(map(amount, figures)) and label(cell).total is not None]
        found = label(text)
        if any(label(cell).known or section_and_name(cell) for cell in cells) or (by_code and code_alone(text)):
            heads = any(map(amount, rows[rank + 1].cells)) if rank + 1 < len(rows) and not text else False
            if len(row.written) > 1 or numeral(text) or found.region or found.departement or heads:
                return start
        worded = re.search(r"[^\W\d_]{2}", text) and not is_void(text) and not HEADS.search(normalised(text))
        ages = all(each.unit == "ans" for cell in figures if amount(cell) and (each := numeral(cell)))
        start = start if worded and numeral(text) is None and not (ages or by_code) else rank + 1
    return None


def _heads_columns(rows: Sequence[Row], rank: int) -> bool:
    """Tell whether a row that names a territory is a title or a heading: no figure stands on it nor above the headings.

    « ARS Bretagne » above the row of headings, « Départements d'Occitanie » on it.
    """
    if len(rows[rank].written) > 1:
        return any(map(speaks_of_figures, rows[rank].written))
    below = next((row for row in rows[rank + 1 :] if len(row.written) > 1), None)
    return below is not None and any(map(speaks_of_figures, below.written)) and not any(map(numeral, below.written))
