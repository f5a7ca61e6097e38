"""What each column of a grid is: the one reading of columns, for every format.

The column of names is the one whose cells name territories; a column of codes repeats the codes of those names; a rank
counts the rows. The others have the name that is printed above them; what they are (an amount, a share, a number, a
year) comes from the heading, then from what the cells print. A unit belongs to a column: that of its cells, of the
nearest heading, then, for amounts, of the nearest title above the table that names one.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import DATE, HEADINGS, HEADS, SAMPLE, Grid, Row, amount
from cdppe_analysis.ingestion.names import FORMER_REGIONS, Label, departement_code, guessed, label, region_of
from cdppe_analysis.tables.numerals import (
    SCALES,
    is_void,
    names_several,
    numeral,
    readings,
    titled_units,
    units_in,
    without_units,
)
from cdppe_analysis.territories import REGIONS, normalised

Level = Literal["departement", "region", "autre"]
Figures = Literal["montant", "pourcentage", "nombre", "ratio", "annee", "total_region", "chose"]
Kind = Literal["nom", "region", "code", "code_region", "rang", "texte"] | Figures

BESIDE = re.compile(r"dont\b|(?:moyenne|mediane|minimum|maximum|ecart type)\b|(?:min|max)$")
"""How the name of a row begins that is in no sum: a part of the row above, a mean."""

_WORDS = re.compile(
    r"\b(?:(?P<montant>montants?|dotations?|credits?|enveloppes?|contributions?|subventions?|financements?|budgets?|"
    r"depenses?|recettes?|aides?|versements?|reprises?|allocations?|objectifs?|couts?|compensations?|fonds|euros?|eur|"
    r"acomptes?|forfaits?|delegations?|notifications?|participations?|drl|mesures nouvelles|ae|cp|"
    r"autorisations? d engagement)|"
    r"(?P<classe>vagues?|phases?|lots?|groupes?|strates?|categories?|zones?|tranches?|classes?|niveaux?|types?|rangs?|"
    r"classements?)(?! (?:[0-9]+|[a-z])\b)|"
    r"(?P<nombre>nombres?|n(?:om)?bre|nb|pop\w*|habitants?|places?|effectifs?|benef\w*|etpt?|dossiers?|lits?|menages?|"
    r"naissances?|surface|superficie|capacites?|sieges?|conventions?|km2?|demandes?|decisions?)|"
    r"(?P<chose>enfants?|jeunes|projets?|mesures?|foyers?|eleves?|mineurs?|etablissements?|services?|communes|agents?|"
    r"postes?|logements?|personnes?|familles?|usagers?|sejours?|actes?|journees?|equipes?|structures?|assistants?|"
    r"assistantes?|accueils?|actions?)|"
    r"(?P<annee>annees?|millesimes?|exercices?)|"
    r"(?P<code>code\w*|cod\w{2,4}|insee|siren|siret|finess|dep|dept|dpt|reg|uai))\b"
)
"""What the words of a heading say of its column: the first one known decides.

A « chose » is counted, or paid for: it decides only where no other word does.
"""

SUM = re.compile(r"\b(?:total|totaux|ensemble|cumul)\b")
_MONEY_OR_COUNTS = ("montant", "nombre", "chose")
_A_HEADING = 8
_ALSO_COUNTS = re.compile(r"\b(?:nombres?|nb|effectifs?)\b")
_MEASURE = re.compile(r"\b(?:centaines|milliers|millions|milliards)\b")
_RATIO = re.compile(
    r"\bpar (?:hab|place|enfant|jeune|tete)|\bhab$|\bmoyen(?:nes?)?\b|ratio|densite|indice|coefficient|igb|\btaux|"
    r"\bparts?(?:$| (?:de|du|des|d|l|la|dans|en|relative|nationale)\b)|fraction|quote|evolution|pourcent|\bpct\b|"
    r"proportion|score"
)
_GROUPS_LEFT = re.compile(r"[-−–(]? ?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})*")
_GROUPS_RIGHT = re.compile(
    r"[0-9]{3}(?:[ \u00a0\u202f][0-9]{3})*(?:,[0-9]+)?(?:[ \u00a0\u202f]?[kM]?€|[ \u00a0]euros)?"
)
_RANK = re.compile(
    r"(?:rang|rg|n|no|num|numero|n d ordre|numero d ordre|ordre|ligne|classement)?(?: (?:en )?(?:19|20)[0-9]{2})?"
)
_ODD_FIGURES = re.compile(r"\D{0,9}[0-9][0-9\s.,'’]*\D{0,9}")
_ODD_AMOUNTS = re.compile(r"\D{0,9}[0-9][0-9\s.,'’]*(?:[kM]? ?€|%|euros?)\D{0,9}")
_IDENTIFIER = re.compile(r"\b(?:ident\w*|id|n|no|num|numero|reference)\b")
_A_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_OF_UNITS = re.compile(r"\b(?:cod\w*|insee|siren|siret|finess|uai|communes?|etablissements?)\b")
_CODE_ALONE = re.compile(r"(?:FR-|D)?(?:[0-9]{1,3}|0?2[ABab]|20[AB]|69[DM])")
_REGION_CODE = re.compile(r"(?:cod\w* |insee |n |num |numero )?(?:de la |de )?(?:reg|region|codereg)(?: insee)?")
OF_COMMUNES = 5
_ADJECTIVE = re.compile("(?:ée?s?|elles?|els?|ale?s?|aux|i[fv]e?s?|oire?s?)$")
_OF_TOWNS = re.compile(r"^(?:noms? )?(?:de |des |de la )?(?:villes?|communes?|cantons?|arrondissements?|epci)\b")
_UNIT_CODE = r"(?:[0-9]{2}|2[AB])[0-9]{3}|[0-9][0-9AB][0-9]{7}|[0-9]{14}"
_NO_CODE = re.compile(r"\b(?:posta\w*|cp|tel\w*)\b")
_OF_OTHERS = re.compile(rf"{_NO_CODE.pattern}|\b(?:sire[nt]|finess|uai)\b")
_ONLY_A_UNIT = re.compile(
    r"(?:(?:unites?|montants?|chiffres|valeurs|en|de|d|k|m|md|euros?|eur|milliers?|millions?|milliards?)\b ?)*"
)
_UNIT_ALONE = re.compile(r"€|k€|M€|%|euros?|places?|habitants?|enfants?|ETP", re.IGNORECASE)
_UNITS_OF_COUNTS = (
    ("pop", "habitants"),
    ("hab", "habitants"),
    ("place", "places"),
    ("enfant", "enfants"),
    ("etp", "ETP"),
)


@dataclass(frozen=True)
class Column:
    """A printed column: its rank in the grid, its heading, what it is, the unit of a cell that prints none.

    `additive` says that a total may be the sum of its cells.
    """

    rank: int
    heading: str
    kind: Kind
    unit: str = ""
    additive: bool = False

    @property
    def of_figures(self) -> bool:
        """Its cells are numbers to keep."""
        return self.kind in get_args(Figures)


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
    level, name, region = _names(rows[:SAMPLE])
    by_code = name is None
    if name is None:
        name = _codes_alone(rows[:SAMPLE])
    first = None if name is None else _first_row(rows, level, name, region, by_code)
    if name is None or first is None:
        return None
    headings = list(grid.headings) or _headings(rows[:first], name, grid.exact) or [""] * len(rows[0].cells)
    alone = [(row.written[0], row.cells) for row in reversed(rows[:first]) if len(row.written) == 1]
    above = [text for text, cells in alone if text in cells[: name + 1] or _ONLY_A_UNIT.fullmatch(normalised(text))]
    above += [*headings[name : name + 1], *titles]
    body = [row.cells for row in rows[first:]]
    columns = [_column(body, rank, heading, level, name, region) for rank, heading in enumerate(headings)]
    title, units = next(((title, units) for title in above if (units := titled_units(title))), ("", []))
    kept = _with_units_above([column for column in columns if column is not None], body, title, units)
    telling = [
        c for c in kept if c.kind in ("montant", "pourcentage", "code") or (c.additive and any(_units_of(c, body)))
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
        if column.of_figures and column.rank - columns[0].rank > place and 2 * len(filled) <= len(rows):
            sentence = "stands beyond an empty column, as few others: is it of another table?"
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
    dated = [column for column in figures if _A_YEAR.search(column.heading)]
    stems = {c.rank: _A_YEAR.sub("", normalised(without_units(c.heading))).strip() for c in dated}
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
                bare = [each for each in of if _without_unit(row.cells[each])]
                cells = [f"{c} {row.cells[column]}" if each in bare else c for each, c in enumerate(row.cells)]
                cells[column] = "" if bare else cells[column]
                rows[rank] = replace(row, cells=tuple(cells))
    return rows


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


def code_alone(cell: str) -> str:
    """Return the code of a département that a cell is, or an empty text.

    Examples
    --------
    >>> code_alone("001"), code_alone("2a"), code_alone("01 Ain")
    ('01', '2A', '')
    """
    return departement_code(cell) if _CODE_ALONE.fullmatch(cell.strip()) else ""


def _names(rows: Sequence[Row]) -> tuple[Level, int | None, int | None]:
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
    coded_rows = named == regions and len(regions) == 1 and regions[0] != other and _codes_alone(rows) is not None
    if coded_rows:
        return "departement", None, regions[0]
    levels: tuple[Level, ...] = ("departement", "region")
    for level in levels:
        ranks = [rank for rank in named if sorts[rank][level]]
        if not ranks:
            continue
        of_towns = [rank for rank in ranks if _OF_TOWNS.search(_printed_above(rows, rank))]
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
    return ("departement", None, None) if _codes_alone(rows) is not None and other is None else ("autre", other, None)


def _printed_above(rows: Sequence[Row], rank: int) -> str:
    """Return what stands in a column above the first row of amounts, normalised."""
    above = itertools.takewhile(lambda row: not any(map(amount, row.cells)), rows)
    return normalised(" ".join(row.cells[rank] for row in above))


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
        codes = [cell for cell in cells if re.fullmatch(_UNIT_CODE, cell)]
        sizes = {len(code) for code in codes}
        above = itertools.takewhile(lambda row: not any(map(amount, row.cells)), rows)
        printed = " ".join(row.cells[rank] for row in above)
        heading = normalised(printed)
        named = not heading or _OF_UNITS.search(heading) or _IDENTIFIER.search(heading)
        if units_in(printed) or not named:
            continue
        most = len(codes) > 1 and 10 * len(codes) >= 9 * (len(cells) - 2) and len(set(codes)) > len(codes) - 3
        # A unit has its code on its row; a number that stands on few of them is the total of a group.
        most = most and 2 * len(codes) > sum(of_figures) and not re.search(r"\btotal", heading)
        if most and len(sizes) == 1 and not _NO_CODE.search(heading) and said(heading) not in _MONEY_OR_COUNTS:
            size = sizes.pop()
            if size != OF_COMMUNES or all(
                departement_code(code[: 3 if code.startswith("97") else 2]) for code in codes
            ):
                return rank, size
    return None


def _codes_alone(rows: Sequence[Row]) -> int | None:
    """Return a column of codes of départements, where no column names them: its heading says so."""
    for rank in range(len(rows[0].cells)):
        cells = [row.cells[rank] for row in rows if row.cells[rank]]
        codes = [cell for cell in cells if code_alone(cell)]
        heading = normalised(cells[0]) if cells and cells[0] not in codes else ""
        if len(codes) > 1 and len(codes) >= len(cells) - 2 and re.search(r"\b(?:code\w*|dep\w*|dpt|insee)\b", heading):
            return rank if len(set(codes)) == len(codes) else None
    return None


def _first_row(rows: Sequence[Row], level: Level, name: int, region: int | None, by_code: bool) -> int | None:
    """Return the rank of the first row of a known name, or of the unknown ones with figures just above it."""
    start = 0
    for rank, row in enumerate(rows):
        text, others = row.cells[name], [*row.cells[:name], *row.cells[name + 1 :]]
        figures = [cell for cell in others if numeral(cell)]
        if level == "autre":
            years = not any(map(amount, figures))
            coded = any(re.fullmatch(_UNIT_CODE, cell) for cell in row.cells)
            if text and (coded or (figures and not (years and rank == 0))):
                return rank
            continue
        cells = [text] if region is None else [text, row.cells[region]]
        found = label(text)
        if any(label(cell).known or section_and_name(cell) for cell in cells) or (by_code and code_alone(text)):
            if len(row.written) > 1 or numeral(text) or found.region or found.departement:
                return start
        elif level == "departement" and figures and guessed(text).known:
            return start
        worded = re.search(r"[^\W\d_]{2}", text) and not is_void(text) and not HEADS.search(normalised(text))
        ages = all(each.unit == "ans" for cell in figures if amount(cell) and (each := numeral(cell)))
        start = start if worded and numeral(text) is None and not ages else rank + 1
    return None


def _headings(rows: Sequence[Row], name: int, exact: bool) -> list[str]:
    """Compose the headings of the columns from their rows; one that covers several columns goes to each."""
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


def _column(
    body: Sequence[Sequence[str]], rank: int, heading: str, level: Level, name: int, region: int | None
) -> Column | None:
    cells = [row[rank] for row in body]
    written = [cell for cell in cells if not is_void(cell)]
    flat = " ".join(heading.split())
    if rank == name:
        return Column(rank, flat, "nom")
    if rank == region:
        return Column(rank, flat, "region")
    others = _OF_OTHERS if level == "departement" else _NO_CODE
    of_others = not units_in(flat) and others.search(normalised(flat))
    # « CP » is the postal code of a département, or its « crédits de paiement ».
    own = normalised(flat) != "cp" or all(
        row[rank].startswith(label(row[name]).departement[:2]) for row in body if not is_void(row[rank])
    )
    plain = own and not any(re.search(r"[ ,.€\u00a0\u202f]", cell.strip()) for cell in written)
    if not written or (of_others and plain):
        return Column(rank, flat, "texte") if any(cells) or flat else None
    code = _code(body, rank, flat, level, name)
    if code is not None:
        return Column(rank, flat, code)
    figures = [figure for cell in written if (figure := numeral(cell)) is not None]
    # What is printed for amounts and is read as none is refused when its row is read.
    odd = _ODD_FIGURES if units_in(flat) else _ODD_AMOUNTS
    printed_so = 2 * sum(bool(odd.fullmatch(cell)) for cell in written) > len(written)
    zeros = figures and all(re.fullmatch(r"0[0-9]+", figure.digits) for figure in figures)
    paid = any(cell[0].isdigit() and not DATE.fullmatch(cell) for cell in written) and (
        speaks_of_money(flat) or _A_YEAR.fullmatch(flat)
    )
    if zeros or (2 * len(figures) < len(written) and not (printed_so or paid)):
        return Column(rank, flat, "texte")
    words = normalised(flat)
    whole = [
        int(figure.digits)
        for figure in figures
        if figure.digits.isdigit() and len(figure.digits) < 16 and not figure.unit
    ]
    counts = 0 < len(whole) == len(figures) and all(b == a + 1 for a, b in itertools.pairwise(whole))
    unnamed = not words and counts and whole[0] in (0, 1) and rank < name
    # « N » and « N-1 » are years too: a rank is not much larger than the number of rows.
    low = max(whole, default=0) <= 2 * len(body) + 10
    ranked = words and low and _RANK.fullmatch(words) and (not words.startswith("n") or whole == sorted(whole))
    if 0 < len(whole) == len(figures) and (unnamed or ranked):
        return Column(rank, flat, "rang")
    units = Counter(figure.unit for figure in figures)
    printed = {unit for unit in units if unit and (unit != "%" or 2 * units["%"] >= len(figures))}
    return _figures(rank, heading, printed, whole, len(figures))


def _code(body: Sequence[Sequence[str]], rank: int, heading: str, level: Level, name: int) -> Kind | None:
    """Tell whether a column repeats the codes of the names, or is headed as one of codes."""
    words = normalised(heading)
    coded = said(heading) == "code"
    if units_in(heading) or said(heading) in _MONEY_OR_COUNTS:
        return None
    if level == "departement" and rank != name:
        pairs = [(row[rank].strip(), label(row[name]).departement) for row in body]
        pairs = [(cell, code) for cell, code in pairs if code and not is_void(cell)]
        same = [cell for cell, code in pairs if code_alone(cell)[:2] == code[:2]]
        headed = coded and not _REGION_CODE.fullmatch(words)
        if pairs and 10 * len(same) >= (5 if headed else 6) * len(pairs):
            counting = all(cell == str(number) for number, cell in enumerate((cell for cell, _ in pairs), start=1))
            return "rang" if counting and _RANK.fullmatch(words) else "code"
        codes = {*REGIONS, *FORMER_REGIONS}
        right = [cell for cell, code in pairs if cell.zfill(2) in (region_of(code), *FORMER_REGIONS)]
        if 2 * len(right) > len(pairs) and _REGION_CODE.fullmatch(words) and all(c.zfill(2) in codes for c, _ in pairs):
            return "code_region"
    if level != "autre" and rank != name:
        found = [(row[rank].strip(), label(row[name])) for row in body]
        own = [(cell, each.region if level == "region" else region_of(each.departement)) for cell, each in found]
        own = [(cell, code) for cell, code in own if code and not is_void(cell)]
        if len({code for _, code in own}) > 1 and all(cell.zfill(2) == code for cell, code in own):
            return "code_region"
        if level == "departement":
            return None
    cells = [row[rank].strip() for row in body if not is_void(row[rank]) and row[name]]
    cells = [re.sub(r"\s", "", cell) for cell in cells] if coded else cells
    shaped = sum(re.fullmatch(r"[0-9A-Za-z]{1,14}", cell) is not None for cell in cells)
    if level == "autre" and re.match(r"(?:dep|dpt|reg)\w*$", words) and all(map(code_alone, cells)):
        return "code"
    if coded and 10 * shaped >= 9 * len(cells):
        return "code_region" if _REGION_CODE.fullmatch(words) and level != "autre" else "code"
    same_size = len({len(cell) for cell in cells}) == 1 and len(cells[0]) in (5, 9, 14)
    in_heading = not words or _OF_UNITS.search(words) or _IDENTIFIER.search(words)
    fixed = (
        bool(in_heading) and shaped == len(cells) > 1 and same_size and len(set(cells)) == len(cells) and rank < name
    )
    return "code" if fixed else None


def _figures(rank: int, heading: str, printed: set[str], whole: list[int], count: int) -> Column:
    lines, flat = heading.split("\n"), " ".join(heading.split())
    own = lines[-1]
    says = said(own) not in ("", "montant", "code") or _RATIO.search(normalised(own))
    counted = says and not units_in(own)
    words = normalised(own if counted else flat)
    unit = ""
    for line in [] if counted else [*reversed(lines), flat]:
        named = units_in(line)
        money = [each for each in named if each in SCALES]
        if len(money) > 1:
            raise TableError(f"the heading {flat!r} gives several units: {' and '.join(money)}")
        if named:
            unit = money[0] if money and "%" not in printed else named[0]
            break
    if "%" in printed or unit == "%":
        return Column(rank, flat, "pourcentage", "%", additive=True)
    if printed & set(SCALES) or unit in SCALES:
        return Column(rank, flat, "montant", unit, additive=True)
    if unit == "‰" or "‰" in printed:
        return Column(rank, flat, "ratio", "‰")
    if len(printed) == 1:
        return Column(rank, flat, "nombre", additive=True)
    if unit or _RATIO.search(words):
        return Column(rank, flat, "ratio", unit)
    is_year = len(whole) == count and all(1900 <= each <= 2100 for each in whole)
    kind = said(flat) if said(words) == "chose" == said(own) and said(flat) == "nombre" else said(words)
    if is_year and (kind == "annee" or (not words and len(whole) > 1)):
        return Column(rank, flat, "annee")
    if kind == "classe":
        return Column(rank, flat, "nombre")
    if kind == "montant":
        if _MEASURE.search(words):
            raise TableError(f"the heading {flat!r} gives a measure and no unit of money")
        return Column(rank, flat, "montant", additive=True)
    if kind == "chose":
        return Column(rank, flat, "chose", additive=True)
    measure = _MEASURE.search(words)
    of_count = next((name for start, name in _UNITS_OF_COUNTS if re.search(rf"\b{start}", words)), "")
    unit = measure[0] if measure else of_count if kind == "nombre" else ""
    return Column(rank, flat, "nombre", unit, additive=True)


def _with_units_above(
    columns: Sequence[Column], body: Sequence[Sequence[str]], title: str, units: Sequence[str]
) -> list[Column]:
    """Give the unit of the title to the amounts that have none; say what is paid for and what is counted.

    A column whose heading says neither is of the nature of those with which it is printed to make a sum. Where no
    heading speaks of money, such columns are alike, and the unit is theirs; else nobody knows.

    Raises
    ------
    TableError
        Where the title gives several units, or where nobody knows which columns have its unit.
    """
    done, counts = {column.rank: column for column in columns}, set[int]()

    def is_open(column: Column) -> bool:
        bare = column.kind == "nombre" and column.additive and not column.unit and says_nothing(column.heading)
        return bare or column.kind == "chose"

    for group in _sums(columns, body) if any(map(is_open, columns)) else []:
        summed = [done[column.rank] for column in group]
        paid = [unit for column in summed if column.kind == "montant" for unit in _units_of(column, body)]
        counted = any(column.kind == "nombre" and not is_open(column) for column in summed)
        kind: Kind = "montant" if paid else "nombre" if counted else "chose"
        done |= {c.rank: replace(c, kind=kind, unit="".join(paid[:1])) for c in summed if is_open(c)}
        counts |= {c.rank for c in summed if counted}
    whole: Column | None = None
    for column in columns:
        if not column.heading.lower().startswith("dont "):
            whole = done[column.rank]
        elif whole is not None and whole.kind == "montant" and (is_open(column) or column.kind == "montant"):
            unit = column.unit or _units_of(whole, body)[0]
            done[column.rank] = replace(column, kind="montant", unit=unit)
    unsaid = [column for column in done.values() if is_open(column) and column.rank not in counts]
    paid_for = next((column for column in done.values() if column.kind == "montant"), None)
    for column in unsaid:
        given = [unit for unit in units_in(column.heading) if unit in SCALES] or units
        other = next((c for c in unsaid if c.kind != column.kind), None) if paid_for is None else paid_for
        kind = "montant"
        if not given or (paid_for is not None and column.kind == "chose"):
            kind = "nombre"
        elif given[0] != "€" and (
            _ALSO_COUNTS.search(normalised(title)) or (other and not SUM.search(normalised(column.heading)))
        ):
            beside = f", beside {other.heading!r}," if other else ""
            sentence = f"nobody knows whether {column.heading!r}{beside} is in {given[0]}, the unit of the title"
            raise TableError(f"{sentence}: write its unit in its heading")
        done[column.rank] = replace(column, kind=kind)
    for column in [column for column in done.values() if column.kind == "montant" and not column.unit]:
        given = [unit for unit in units_in(column.heading) if unit in SCALES] or units
        if given and any(_without_unit(row[column.rank]) for row in body):
            if len(given) > 1:
                named = " and ".join(given)
                raise TableError(f"the title gives several units, {named}, and {column.heading!r} none")
            done[column.rank] = replace(column, unit=given[0])
    return list(done.values())


def _sums(columns: Sequence[Column], body: Sequence[Sequence[str]]) -> Iterator[list[Column]]:
    """Yield a column with those beside it of which it is the sum as printed, on every row and on two at least."""
    figures = [column for column in columns if column.of_figures]
    for at, total in enumerate(figures):
        rows = [row for row in body if numeral(row[total.rank]) is not None]
        sides = [figures[start:at] for start in range(at - 1)] + [
            figures[at + 1 : end + 1] for end in range(at + 2, len(figures))
        ]
        for parts in sides if len(rows) > 1 else []:
            if all(_value(row[total.rank]) == sum(_value(row[part.rank]) for part in parts) for row in rows):
                yield [total, *parts]


def _value(cell: str) -> Decimal:
    """Return what a cell prints where it has one reading, no number where it has several."""
    figure = numeral(cell)
    if figure is None:
        return Decimal(0)
    value, *others = readings(figure.digits).values()
    return Decimal("NaN") if others else -value if figure.negative else value


def _units_of(column: Column, body: Sequence[Sequence[str]]) -> list[str]:
    """Return the unit of a column, else one that its cells print, else an empty text."""
    printed = (figure.unit for row in body if (figure := numeral(row[column.rank])) and figure.unit)
    return [column.unit or next(printed, "")]


def said(heading: str) -> str:
    """Return what the words of a heading say of its column, an empty text where none is known.

    Examples
    --------
    >>> said("Nb de dotations"), said("Code du service"), said("Services"), said("2023")
    ('nombre', 'code', 'chose', '')
    """
    found = [str(word.lastgroup) for word in _WORDS.finditer(normalised(heading))]
    return next((kind for kind in found if kind != "chose"), "".join(found[:1]))


def heads_regions(heading: str) -> bool:
    """Tell whether a heading says that its column names régions."""
    return re.match(r"(?:regions?|ars)\b", normalised(heading)) is not None


def of_departements(heading: str) -> bool:
    """Tell whether a heading is that of départements, or of their codes."""
    return re.match(r"(?:code )?(?:dep|dept|dpt|departement)s?$", normalised(heading)) is not None


def speaks_of_money(heading: str) -> bool:
    """Tell whether a heading names money, or a unit: `Montant`, `2023 (k€)`, not `2023`."""
    return bool(units_in(heading)) or said(heading) == "montant"


def speaks_of_figures(heading: str) -> bool:
    """Tell whether a heading is that of figures: `Montant`, `Nb de places`, `k€`."""
    return speaks_of_money(heading) or said(heading) == "nombre"


def says_nothing(heading: str) -> bool:
    """Tell whether a heading names neither money nor what is counted: `Base 2023`."""
    return not speaks_of_money(heading) and said(heading) not in _MONEY_OR_COUNTS


def _without_unit(cell: str) -> bool:
    figure = numeral(cell)
    return figure is not None and not figure.unit
