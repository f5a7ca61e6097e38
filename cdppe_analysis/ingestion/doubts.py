"""What of a grid may be of another row or column: each doubt is looked for in turn, and refused with its place."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import HEADINGS, HEADS, Grid, Row, amount
from cdppe_analysis.ingestion.kinds import A_YEAR, BEFORE_EUROS, Column, Level, said, speaks_of_figures, units_of
from cdppe_analysis.ingestion.names import label, region_of
from cdppe_analysis.tables.numerals import SCALES, is_void, names_several, numeral, readings, units_in, without_units
from cdppe_analysis.territories import normalised

_A_HEADING = 8
_NO_SHARE = 1000
_ONE_OF_A_LIST = re.compile(r"(?:^| )\w\)")
_GROUPS_LEFT = re.compile(r"[-−–(]? ?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})*")
_GROUPS_RIGHT = re.compile(
    r"[0-9]{3}(?:[ \u00a0\u202f][0-9]{3})*(?:,[0-9]+)?(?:[ \u00a0\u202f]?[kM]?€|[ \u00a0]euros)?"
)
_INTRODUCES = re.compile(r":$|\b(?:est|sont|suit)\b")
"""What is in a sentence above a list, and in no line of headings."""

_YEAR_AND_UNIT = re.compile(rf"{A_YEAR.pattern}|\b(?:en|de|d)\b")
_ADJECTIVE = re.compile("(?:ée?s?|elles?|els?|ale?s?|aux|i[fv]e?s?|oire?s?)$")


@dataclass(frozen=True)
class Case:
    """A grid and what was understood of it: its columns, the ranks of its first row, of its names and régions.

    `headings` are those of its columns as composed, `titles` the texts above it.
    """

    grid: Grid
    rows: Sequence[Row]
    level: Level
    columns: Sequence[Column]
    first: int
    name: int
    region: int | None
    headings: Sequence[str]
    titles: Sequence[str]

    @cached_property
    def figures(self) -> list[Column]:
        """The columns of figures."""
        return [column for column in self.columns if column.of_figures]

    @cached_property
    def body(self) -> Sequence[Row]:
        """The rows under the headings."""
        return self.rows[self.first :]


def refuse_doubts(case: Case) -> None:
    """Refuse a grid one of whose numbers may be of another row or column.

    Raises
    ------
    TableError
        With the first doubt, and its place.
    """
    for check in (
        _check_lengths,
        _check_lengths_of_headings,
        _check_groups,
        _check_several,
        _check_headings,
        _check_years,
        _check_natures,
        _check_touching,
        _check_placed,
        _check_last,
        _check_marks,
        _check_shares,
    ):
        check(case)


def _check_lengths(case: Case) -> None:
    """Refuse a row that has not as many cells as the others: nobody knows which is missing, or too many.

    A title, a note or the name of a région above its départements has one cell. So has a name without figures, where
    the document writes no empty cell at the end of any row.
    """
    if not case.grid.exact:
        return
    rows = case.grid.rows[case.first :]
    sizes = Counter(len(row.cells) for row in rows if any(map(numeral, row.cells)))
    usual = max(sizes, key=lambda size: sizes[size], default=len(case.grid.rows[0].cells))
    pairs = list(itertools.pairwise([*rows, Row((), "")]))
    cut = [row for row, below in pairs if len(row.cells) < usual and _is_cut(row, below, case.level, case.name)]
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


def _check_lengths_of_headings(case: Case) -> None:
    """Refuse headings of fewer cells than the rows: nobody knows of which columns they are.

    A shorter row that holds amounts, under whole headings, may be the first of the table.
    """
    above = case.grid.rows[: case.first] if case.grid.exact else ()
    shown = max((len(row.cells) for row in above), default=0)
    if case.columns[0].rank + 1 < shown <= case.figures[-1].rank:
        sentence = f"the headings have {shown} cells, and the rows have numbers after them"
        raise TableError(sentence, cell=case.grid.rows[case.first].place)
    for row in itertools.dropwhile(lambda row: len(row.cells) != shown, above):
        if 1 < len(row.written) <= len(row.cells) < shown and any(map(amount, row.cells)):
            raise TableError(f"a row has {len(row.cells)} cells where the headings have {shown}", cell=row.place)


def _check_groups(case: Case) -> None:
    """Refuse two columns of spaces that read as the groups of one: nobody knows whether `441   826` is a number."""
    for left, right in itertools.pairwise(case.figures if not case.grid.exact else []):
        pairs = [(row.cells[left.rank], row.cells[right.rank], row.place) for row in case.body]
        pairs = [pair for pair in pairs if numeral(pair[0]) or numeral(pair[1])]
        cut = all(_GROUPS_LEFT.fullmatch(a) and _GROUPS_RIGHT.fullmatch(b) for a, b, _ in pairs)
        if cut and right.rank == left.rank + 1 and not (left.heading and right.heading):
            sentence = f"{pairs[0][0]!r} and {pairs[0][1]!r} stand side by side: one number, or two?"
            raise TableError(sentence, cell=pairs[0][2])


def _check_several(case: Case) -> None:
    """Refuse a column that may hold several numbers or, where columns are lost, numbers that may be of another row."""
    lost = bool(case.grid.headings)
    short = itertools.takewhile(lambda title: len(title.split()) < HEADINGS, case.titles[1:HEADINGS])
    head = " ".join([*case.titles[:1], *short]) if lost else ""
    measured = [c for c in case.figures if lost and c.kind == "montant" and c.unit not in ("", "€")]
    bare = [c for c in measured if not any(units_in(row.cells[c.rank]) for row in case.body)]
    if len(bare) > 1:
        sentence = (
            f"{len(bare)} numbers without a unit stand on each row, without columns: which are in {bare[0].unit}?"
        )
        raise TableError(sentence, cell=case.body[0].place)
    for column in case.figures:
        row = next(row for row in case.body if row.cells[column.rank])
        cell, heading = row.cells[column.rank], head or case.headings[column.rank].rpartition("\n")[2]
        if lost and not column.heading:
            named = row.cells[case.name]
            sentence = f"{cell!r} stands on the left of {named!r}: without columns nobody knows to which row it belongs"
            raise TableError(sentence, cell=row.place)
        filled = [each for each in case.body if not is_void(each.cells[column.rank])]
        cells = [each.cells[column.rank].strip() for each in filled]
        alone, sums = len(case.figures) == 1, _sums_of_halves(cells)
        spaced = alone and any(re.search("[0-9] [0-9]", each) for each in cells)
        doubts = (
            names_several(heading) and (spaced or not (lost or case.grid.exact)),
            lost and alone and _cut_alike(cells) and _phrases(heading) > 1 and not _INTRODUCES.search(heading),
            bool(sums) and any(sums == [each.cells[other.rank] for each in filled] for other in case.figures),
        )
        if any(doubts):
            sentence = f"{heading!r} is the heading of one column: {cell!r} may be several numbers"
            raise TableError(sentence, cell=row.place)


def _sums_of_halves(cells: Sequence[str]) -> list[str]:
    """Return the sum of both numbers of each cell where each is two, which another column may print."""
    halves = [re.fullmatch("([0-9]{1,3}) ([0-9]{3})", cell) for cell in cells]
    added = [str(int(half[1]) + int(half[2])) for half in halves if half]
    return added if len(added) == len(cells) > 1 else []


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
    words = re.sub(r"\([^()]*\)|€|\b(?:19|20)[0-9]{2}\b|[;:,•]|(?i:annexe)", " ", heading).split()
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


def _check_headings(case: Case) -> None:
    """Refuse a few numbers or voids in a column without a heading: a row may be shifted.

    Where no column has a heading, one may be filled on one row of each région.
    """
    columns, rows, region = case.columns, case.body, case.region
    headed = any(column.heading for column in case.figures)
    regions = {own for row in rows if region is not None and (own := label(row.cells[region]).region)}
    usual = len(rows) if headed or region is None else 2 * len(regions)
    following = [*columns[1:], Column(len(rows[0].cells), "", "texte")]
    for place, (column, after) in enumerate(zip(columns, following, strict=True)):
        filled = [row for row in rows if row.cells[column.rank].strip()]
        cells = [row.cells[column.rank].strip() for row in filled]
        few = 3 * len(filled) <= len(rows) and all((each := numeral(cell)) and each.unit for cell in cells)
        signs = after.of_figures and all(re.fullmatch("[-−–+]", cell) for cell in cells)
        sentence = ""
        beyond = column.of_figures and column.rank - columns[0].rank > place
        whole = _ONE_OF_A_LIST.sub("", column.heading)
        if (
            whole.count("(") != whole.count(")")
            and re.search(BEFORE_EUROS, whole, re.IGNORECASE)
            and column.kind != "texte"
        ):
            sentence = f"stands under the heading {column.heading!r}, which is cut before the end of its unit"
        elif not case.grid.exact and column.of_figures and whole.count("(") != whole.count(")"):
            sentence = (
                f"stands under the heading {column.heading!r}, which is cut: are these the words over its numbers?"
            )
        elif not case.grid.exact and headed and column.of_figures and not column.heading:
            sentence = "stands in a column without a heading: that of another may stand over several"
        elif beyond and (2 * len(filled) <= len(rows) or (headed and not column.heading)):
            sentence = "stands beyond an empty column, under no heading or with few others: is it of another table?"
        elif column.kind == "nom" and speaks_of_figures(column.heading) and not all(c.heading for c in columns):
            sentence = f"stands under {column.heading!r}, and a column of numbers has no heading: they may be shifted"
        elif not column.heading and 2 * len(filled) < usual and (column.of_figures or all(map(is_void, cells))):
            where = "without a heading" if headed else "of its own"
            sentence = f"stands in a column {where}: the row may be shifted"
        elif not case.grid.exact and after.rank == len(rows[0].cells) and filled == [*rows[: len(filled)]] and few:
            sentence = "stands on the first rows only, at their right: in a box beside the table?"
        elif not column.heading and signs:
            sentence = "stands alone before a number: a minus?"
        elif column.heading and column.of_figures and after.of_figures and not after.heading:
            few = 2 * len(filled) < len(rows)
            sentence = (
                f"alone stands under {column.heading!r}, beside a column without a heading: a shift" if few else ""
            )
        if filled and sentence:
            raise TableError(f"{cells[0]!r} {sentence}", cell=filled[0].place)


def _check_natures(case: Case) -> None:
    """Refuse a column of words that gives each row its own unit: one column of figures then holds several natures."""
    for column in (column for column in case.columns if column.kind == "texte"):
        told = [
            (units_in(cell), cell, row.place)
            for row in case.body
            if (cell := row.cells[column.rank]) and not numeral(cell)
        ]
        if len({tuple(units) for units, _, _ in told}) > 1 and 2 * sum(bool(units) for units, *_ in told) >= len(told):
            cell, place = next((cell, place) for units, cell, place in told if units)
            raise TableError(f"{cell!r}, in a column of words, gives its unit to a row: each has its own", cell=place)


def _check_touching(case: Case) -> None:
    """Refuse the words of a page that are mostly two numbers, the second with its unit: two columns that touch."""
    for column in (column for column in case.columns if column.kind == "texte" and not case.grid.exact):
        cells = [(cell, row.place) for row in case.body if not is_void(cell := row.cells[column.rank].strip())]
        two = [(cell, place) for cell, place in cells if _are_two(cell)]
        if len(two) > 1 and 2 * len(two) > len(cells):
            cell, place = two[0]
            sentence = f"{cell!r} stands in one column of the page, {column.heading!r}, and is two numbers"
            raise TableError(sentence, cell=place)


def _are_two(cell: str) -> bool:
    halves = ((cell[: gap.start()], numeral(cell[gap.end() :])) for gap in re.finditer(" +", cell))
    return numeral(cell) is None and any(
        numeral(left) and right and (right.unit or "," in right.digits) for left, right in halves
    )


def _check_placed(case: Case) -> None:
    """Refuse a heading in thousands or millions of euros that may be that of other columns than those under it."""
    for row in case.rows[: case.first]:
        for text in (" ".join(text.split()) for text in row.doubts):
            others = [column for column in case.figures if text not in column.heading]
            unit = next((unit for unit in units_in(text) if SCALES.get(unit, 1) != 1), "")
            if unit and others:
                sentence = f"{text!r} may be the heading of more columns, or fewer: which of them are in {unit}?"
                raise TableError(sentence, cell=row.place)


def _check_last(case: Case) -> None:
    """Refuse the last columns of a page that have neither unit nor group, beside groups in thousands of euros."""
    if case.grid.exact:
        return
    lines = {column.rank: case.headings[column.rank].split("\n") for column in case.figures}
    grouped = [
        column.unit
        for column in case.figures
        if SCALES.get(column.unit, 1) != 1 and units_in("\n".join(lines[column.rank][:-1])) == [column.unit]
    ]
    last = case.figures[-1]
    bare = len(lines[last.rank]) == 1 and not last.unit and last.kind in ("montant", "nombre")
    if grouped and bare and said(last.heading) in ("", "montant"):
        sentence = f"{last.heading!r} stands under no group, beside one in {grouped[-1]}: is it in {grouped[-1]} too?"
        raise TableError(sentence, cell=case.body[0].place)


def _check_marks(case: Case) -> None:
    """Refuse a small number in parentheses that is the mark of a note below the table: it may be no withdrawal."""
    texts = [*case.titles, *(row.written[0] for row in case.body if len(row.written) == 1)]
    notes = {found[1] for text in texts if (found := re.match(r"(\([0-9]{1,2}\)) ?[^\W\d_]", text))}
    for row, column in itertools.product(case.body, case.figures):
        if (cell := row.cells[column.rank].strip()) in notes:
            sentence = f"{cell!r}, in the column {column.heading!r}, may be a withdrawal or the mark of the note {cell}"
            raise TableError(sentence, cell=row.place)


def _check_shares(case: Case) -> None:
    """Refuse a heading in per cent or per thousand over numbers that are mostly none: it is that of another column."""
    for column in (column for column in case.figures if column.unit in ("%", "‰")):
        cells = [(row.cells[column.rank], row.place) for row in case.body]
        figures = [(cell, place, figure) for cell, place in cells if (figure := numeral(cell)) and not figure.unit]
        large = [(cell, place) for cell, place, figure in figures if min(readings(figure.digits).values()) >= _NO_SHARE]
        if len(large) > 1 and 2 * len(large) > len(figures):
            cell, place = large[0]
            sentence = f"{cell!r} is no share in {column.unit}, as {column.heading!r} says: is that of another column?"
            raise TableError(sentence, cell=place)


def _check_years(case: Case) -> None:
    """Refuse columns whose headings differ by their year only, where one has a unit of money and another none."""
    dated = [column for column in case.figures if A_YEAR.search(column.heading)]
    stems = {c.rank: _YEAR_AND_UNIT.sub("", normalised(without_units(c.heading))).strip() for c in dated}
    bare = [
        c for c in dated if c.kind in ("nombre", "montant") and units_of(c, [row.cells for row in case.body]) == [""]
    ]
    for column, other in itertools.product(bare, dated):
        if other.unit in SCALES and stems[column.rank] in ("", stems[other.rank]):
            sentence = f"{other.heading!r} is in {other.unit}, and {column.heading!r} has no unit"
            raise TableError(f"{sentence}: write it above each")
