"""The columns of a grid, understood together: the one reading of columns, for every format.

`naming` finds the column of names, `kinds` says what each other one is; here their headings are composed, and what may
be of another row or column is refused.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import HEADINGS, HEADS, SAMPLE, Grid, Row, is_a_unit
from cdppe_analysis.ingestion.kinds import (
    A_YEAR,
    Column,
    Level,
    column_of,
    says_nothing,
    speaks_of_figures,
    units_of,
    with_units_above,
    without_unit,
)
from cdppe_analysis.ingestion.names import label, region_of
from cdppe_analysis.ingestion.naming import codes_alone, first_row, names_of
from cdppe_analysis.tables.numerals import (
    SCALES,
    is_void,
    names_several,
    numeral,
    titled_units,
    units_in,
    without_units,
)
from cdppe_analysis.territories import normalised

_A_HEADING = 8
_GROUPS_LEFT = re.compile(r"[-−–(]? ?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})*")
_GROUPS_RIGHT = re.compile(
    r"[0-9]{3}(?:[ \u00a0\u202f][0-9]{3})*(?:,[0-9]+)?(?:[ \u00a0\u202f]?[kM]?€|[ \u00a0]euros)?"
)
_ADJECTIVE = re.compile("(?:ée?s?|elles?|els?|ale?s?|aux|i[fv]e?s?|oire?s?)$")
_ONLY_A_UNIT = re.compile(
    r"(?:(?:unites?|montants?|chiffres|valeurs|en|de|d|k|m|md|euros?|eur|milliers?|millions?|milliards?)\b ?)*"
)
_COUNTS = re.compile(r"\b(?:nombres?|nb|effectifs?|places|population|beneficiaires)\b")
_TELLS_A_UNIT = re.compile(r"\b(?:unites?|montants?|chiffres|donnees|valeurs|sommes)\b")
_IN_PER_CENT = re.compile(r"\((?:.*, )?en (?:%|pourcentages?)\)|^en (?:%|pourcentages?)$", re.IGNORECASE)
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
    first = None if name is None else first_row(rows, level, name, region, by_code)
    if name is None or first is None:
        return None
    headings = list(grid.headings) or _headings(rows[:first], name, grid.exact) or [""] * len(rows[0].cells)
    alone = [(row.written[0], row.cells) for row in reversed(rows[:first]) if len(row.written) == 1]
    above = [text for text, cells in alone if text in cells[: name + 1] or _ONLY_A_UNIT.fullmatch(normalised(text))]
    notes = [row.written[0] for row in _last_notes(rows[first:])]
    beyond = [heading for rank, heading in enumerate(headings) if not any(row.cells[rank] for row in rows[first:])]
    above += [*headings[name : name + 1], *filter(is_a_unit, beyond)]
    # A title that says what is counted is that of the table: the unit of those above it is another's.
    counted = (
        rank for rank, title in enumerate(titles) if _COUNTS.search(normalised(title)) and not titled_units(title)
    )
    above += [*titles[: next(counted, len(titles))], *notes]
    body = [row.cells for row in rows[first:]]
    columns = [column_of(body, rank, heading, level, name, region) for rank, heading in enumerate(headings)]
    title, units = next(((title, units) for title in above if (units := titled_units(title))), ("", []))
    kept = with_units_above([column for column in columns if column is not None], body, title, units)
    given = {column.unit for column in kept if column.unit in SCALES}
    for note in (note for note in notes if given and _TELLS_A_UNIT.search(normalised(note))):
        if (other := titled_units(note)) and not given & {*other}:
            sentence = f"{note!r} gives another unit than the columns, {' and '.join(sorted(given))}"
            raise TableError(sentence, cell=grid.rows[-1].place)
    shares = not units and any(map(_IN_PER_CENT.search, above))
    if shares and all(c.kind == "nombre" and not c.unit and says_nothing(c.heading) for c in kept if c.of_figures):
        kept = [replace(c, kind="pourcentage", unit="%") if c.of_figures else c for c in kept]
    telling = [
        c for c in kept if c.kind in ("montant", "pourcentage", "code") or (c.additive and any(units_of(c, body)))
    ]
    if not any(column.of_figures for column in kept) or (level == "autre" and not telling):
        return None
    figures = [column for column in kept if column.of_figures]
    if grid.exact:
        _check_lengths(grid.rows, first, level, name)
        shown = max((len(row.cells) for row in grid.rows[:first] if len(row.cells) > 1), default=0)
        if kept[0].rank + 1 < shown <= figures[-1].rank:
            sentence = f"the headings have {shown} cells, and the rows have numbers after them"
            raise TableError(sentence, cell=grid.rows[first].place)
        heads = [row for row in grid.rows[:first] if len(row.written) > 1 and any(row.cells[name : name + 1])]
        for row in heads if len(heads) > 1 else []:
            if len(row.cells) < shown:
                sentence = f"a row of headings has {len(row.cells)} cells where another has {shown}"
                raise TableError(sentence, cell=row.place)
    else:
        _check_groups(kept, rows[first:])
    _check_several(grid, figures, rows[first:], name, headings, titles)
    _check_headings(kept, rows[first:], region)
    _check_years(figures)
    _check_natures(kept, rows[first:])
    return Layout(tuple(rows), level, tuple(kept), first, name, region, by_code, "".join(units[:1]))


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
        own if len(own) == size else each if len(each) == size else [cell, *[""] * (size - 1)]
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


def _check_lengths(rows: Sequence[Row], first: int, level: Level, name: int) -> None:
    """Refuse a row that has not as many cells as the others: nobody knows which is missing, or too many.

    A title, a note or the name of a région above its départements has one cell. So has a name without figures, where
    the document writes no empty cell at the end of any row.
    """
    sizes = Counter(len(row.cells) for row in rows[first:] if any(map(numeral, row.cells)))
    usual = max(sizes, key=lambda size: sizes[size], default=len(rows[0].cells))
    pairs = list(itertools.pairwise([*rows[first:], Row((), "")]))
    cut = [row for row, below in pairs if len(row.cells) < usual and _is_cut(row, below, level, name)]
    if len(cut) > 1 and all(row.cells[usual - 1 :] != ("",) for row, _ in pairs):
        cut = []
    for row, _ in pairs:
        other = (len(row.cells) != usual and len(row.written) > 1) or any(row.cells[usual:])
        if row in cut or (other and any(re.search("[0-9]", cell) or label(cell).known for cell in row.cells)):
            raise TableError(f"a row has {len(row.cells)} cells where the others have {usual}", cell=row.place)


def _is_cut(row: Row, below: Row, level: Level, name: int) -> bool:
    """Tell whether a row of one written cell is that of a unit, and no title, note nor région above its own rows."""
    if len(row.written) != 1:
        return False
    if level == "autre":
        return 0 < name == len(row.cells) - 1
    unit = label(row.written[0])
    if level == "region" or not unit.departement:
        return bool(unit.region if level == "region" else unit.collectivite)
    return not unit.region or all(region_of(label(cell).departement) != unit.region for cell in below.cells)


def _check_groups(columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Refuse two columns of spaces that read as the groups of one: nobody knows whether `441   826` is a number."""
    figures = [column for column in columns if column.of_figures]
    for left, right in itertools.pairwise(figures):
        pairs = [(row.cells[left.rank], row.cells[right.rank], row.place) for row in rows]
        pairs = [pair for pair in pairs if numeral(pair[0]) or numeral(pair[1])]
        cut = all(_GROUPS_LEFT.fullmatch(a) and _GROUPS_RIGHT.fullmatch(b) for a, b, _ in pairs)
        if cut and right.rank == left.rank + 1 and not (left.heading and right.heading):
            sentence = f"{pairs[0][0]!r} and {pairs[0][1]!r} stand side by side: one number, or two?"
            raise TableError(sentence, cell=pairs[0][2])


def _check_several(
    grid: Grid,
    figures: Sequence[Column],
    rows: Sequence[Row],
    name: int,
    headings: Sequence[str],
    titles: Sequence[str],
) -> None:
    """Refuse a column that may hold several numbers or, where columns are lost, numbers that may be of another row."""
    short = itertools.takewhile(lambda title: len(title.split()) < HEADINGS, titles[1:HEADINGS])
    head = " ".join([*titles[:1], *short]) if grid.headings else ""
    for column in figures:
        row = next(row for row in rows if row.cells[column.rank])
        cell, heading = row.cells[column.rank], head or headings[column.rank].rpartition("\n")[2]
        if grid.headings and not column.heading:
            sentence = f"{cell!r} stands on the left of {row.cells[name]!r}: without columns nobody knows to which row"
            raise TableError(f"{sentence} it belongs", cell=row.place)
        cells = [row.cells[column.rank].strip() for row in rows if not is_void(row.cells[column.rank])]
        spaced = any(re.search("[0-9] [0-9]", cell) for cell in cells) and len(figures) == 1
        several = names_several(heading) and (spaced or not (grid.headings or grid.exact))
        halves = [re.fullmatch("([0-9]{1,3}) ([0-9]{3})", cell) for cell in cells]
        for other in figures if len(halves) > 1 and all(halves) else []:
            sums = [str(int(half[1]) + int(half[2])) for half in halves if half]
            several = several or sums == [row.cells[other.rank] for row in rows if not is_void(row.cells[column.rank])]
        if several or (grid.headings and len(figures) == 1 and _cut_alike(cells) and _phrases(heading) > 1):
            sentence = f"{heading!r} is the heading of one column: {cell!r} may be several numbers"
            raise TableError(sentence, cell=row.place)


def _cut_alike(cells: Sequence[str]) -> bool:
    """Tell whether an ordinary space may cut each number into two: no second one begins with a zero."""
    groups = [re.findall("(?:^| )([0-9]+)", cell.partition(",")[0]) for cell in cells]
    return all(any(each[0] != "0" for each in group[1:]) for group in groups)


def _phrases(heading: str) -> int:
    """Return how many columns a line of headings may name: words that nothing ties, beside that of the names.

    Examples
    --------
    >>> _phrases("Dép. Fixe Variable"), _phrases("Département Montant de la dotation 2024 (€)"), _phrases("Crédits")
    (2, 1, 0)
    >>> _phrases("Dép. Montant attribué"), _phrases("Dép. Notifié Versé")
    (1, 2)
    """
    words = re.sub(r"\([^)]*\)|€|\b(?:19|20)[0-9]{2}\b|[;:,•]|(?i:annexe)", " ", heading).split()
    names = [word for word in words if HEADS.search(normalised(word))]
    if not names and not (re.search(r" (?:et|puis|/) ", heading) and len(words) < _A_HEADING):
        return 0
    others = [word for word in words if word not in names]
    tied = {"de", "la", "le", "les", "du", "des", "en", "par", "pour"}
    pairs = itertools.pairwise(["", *others])
    own = [word for before, word in pairs if word not in tied and before not in tied and not _qualifies(word, before)]
    return len(own)


def _qualifies(word: str, before: str) -> bool:
    """Tell whether a word is a participle or an adjective of the one before it: « dotation notifiée »."""
    return bool(before and _ADJECTIVE.search(word) and not _ADJECTIVE.search(before))


def _check_headings(columns: Sequence[Column], rows: Sequence[Row], region: int | None) -> None:
    """Refuse a few numbers or voids in a column without a heading: a row may be shifted.

    Where no column has a heading, one may be filled on one row of each région.
    """
    headed = any(column.heading for column in columns if column.of_figures)
    regions = {own for row in rows if region is not None and (own := label(row.cells[region]).region)}
    usual = len(rows) if headed or region is None else 2 * len(regions)
    following = [*columns[1:], Column(len(rows[0].cells), "", "texte")]
    for place, (column, after) in enumerate(zip(columns, following, strict=True)):
        filled = [row for row in rows if row.cells[column.rank].strip()]
        cells = [row.cells[column.rank].strip() for row in filled]
        signs = after.of_figures and all(re.fullmatch("[-−–+]", cell) for cell in cells)
        sentence = ""
        beyond = column.of_figures and column.rank - columns[0].rank > place
        if beyond and (2 * len(filled) <= len(rows) or (headed and not column.heading)):
            sentence = "stands beyond an empty column, under no heading or with few others: is it of another table?"
        elif column.kind == "nom" and speaks_of_figures(column.heading) and not all(c.heading for c in columns):
            sentence = f"stands under {column.heading!r}, and a column of numbers has no heading: they may be shifted"
        elif not column.heading and 2 * len(filled) < usual and (column.of_figures or all(map(is_void, cells))):
            where = "without a heading" if headed else "of its own"
            sentence = f"stands in a column {where}: the row may be shifted"
        elif not column.heading and signs:
            sentence = "stands alone before a number: a minus?"
        elif column.heading and column.of_figures and after.of_figures and not after.heading:
            few = 2 * len(filled) < len(rows)
            sentence = (
                f"alone stands under {column.heading!r}, beside a column without a heading: a shift" if few else ""
            )
        if filled and sentence:
            raise TableError(f"{cells[0]!r} {sentence}", cell=filled[0].place)


def _check_natures(columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Refuse a column of words that gives each row its own unit: one column of figures then holds several natures."""
    for column in (column for column in columns if column.kind == "texte"):
        told = [
            (units_in(cell), cell, row.place) for row in rows if (cell := row.cells[column.rank]) and not numeral(cell)
        ]
        if len({tuple(units) for units, _, _ in told}) > 1 and 2 * sum(bool(units) for units, *_ in told) >= len(told):
            cell, place = next((cell, place) for units, cell, place in told if units)
            raise TableError(f"{cell!r}, in a column of words, gives its unit to a row: each has its own", cell=place)


def _check_years(figures: Sequence[Column]) -> None:
    """Refuse columns whose headings differ by their year only, where one has a unit of money and another none."""
    dated = [column for column in figures if A_YEAR.search(column.heading)]
    stems = {c.rank: A_YEAR.sub("", normalised(without_units(c.heading))).strip() for c in dated}
    for bare, other in itertools.permutations(dated, 2):
        if (
            bare.kind == "nombre"
            and not bare.unit
            and other.unit in SCALES
            and stems[bare.rank] in ("", stems[other.rank])
        ):
            raise TableError(
                f"{other.heading!r} is in {other.unit}, and {bare.heading!r} has no unit: write it above each"
            )


def _with_units_in_cells(rows: list[Row]) -> list[Row]:
    """Give to the number on its left, else to those on its right, the unit that stands in a column of its own."""
    for column in range(1, len(rows[0].cells)):
        units = [(rank, row) for rank, row in enumerate(rows) if _UNIT_ALONE.fullmatch(row.cells[column])]
        if len(units) > 1 and len(units) >= sum(bool(row.cells[column]) for row in rows) - 1:
            on_left = 2 * sum(numeral(row.cells[column - 1]) is not None for _, row in units) > len(units)
            of = [column - 1] if on_left else range(column + 1, len(rows[0].cells))
            for rank, row in units:
                bare = [each for each in of if without_unit(row.cells[each])]
                cells = [f"{c} {row.cells[column]}" if each in bare else c for each, c in enumerate(row.cells)]
                cells[column] = "" if bare else cells[column]
                rows[rank] = replace(row, cells=tuple(cells))
    return rows


def _last_notes(rows: Sequence[Row]) -> list[Row]:
    """Return the lines of one text that stand under the last row."""
    notes = itertools.takewhile(lambda row: len(row.written) == 1 and not numeral(row.written[0]), reversed(rows))
    return list(notes)[::-1]


def _headings(rows: Sequence[Row], name: int, exact: bool) -> list[str]:
    """Compose the headings of the columns from their rows; one that covers several columns goes to each."""
    # A unit alone on a line above the headings is that of the table, wherever it is set.
    rows = list(itertools.dropwhile(lambda row: len(row.written) == 1 and is_a_unit(row.written[0]), rows)) or rows
    of_columns = [row for row in rows if (len(row.written) > 1 or any(row.cells[1:])) and not row.of_ranks]
    parts: list[list[str]] = [[] for _ in rows[0].cells] if rows else []
    for rank, row in enumerate(of_columns, start=1):
        covering = ""
        for column, written in enumerate(row.cells):
            cell = " ".join(written.split())
            covered = column in row.hidden or (exact and not row.hidden)
            if cell:
                covering = cell if column > name else ""
            elif covered and any(below.cells[column] for below in of_columns[rank:]):
                cell = covering
            if cell:
                parts[column].append(cell)
    return ["\n".join(part) for part in parts]
