"""The figures of a table and its totals: every number of a grid is given its fate.

A number is a cell, a code, a rank, a total that was checked, or it is set apart with its reason. A cell of figures that
is no number taken whole is refused; so are a number merged over several rows, two natures in a column, and numbers on a
row without a name that are the total of nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import totals
from cdppe_analysis.ingestion.columns import Layout
from cdppe_analysis.ingestion.grids import DATE, HEADS
from cdppe_analysis.ingestion.identities import settle_territories
from cdppe_analysis.ingestion.kinds import (
    A_SUM,
    A_YEAR,
    MARK_ALONE,
    OF_OTHERS,
    SUM,
    UNITS_OF_COUNTS,
    Column,
    Level,
    check_cell,
    said,
    says_nothing,
    speaks_of_money,
)
from cdppe_analysis.ingestion.names import departement_code
from cdppe_analysis.ingestion.rows import TERRITORIES, Fate, Number, Reader, Remark, read_rows
from cdppe_analysis.ingestion.totals import Check, Draft, Kind, Rounded, compared
from cdppe_analysis.tables.numerals import SCALES, Numeral, is_void, numeral, step, tokens, units_in, values_of
from cdppe_analysis.territories import REGIONS, normalised

_ALL = 100
_FEW_ROWS = 200
"""Rows that say of which columns another is the sum."""

_MASKED = re.compile(r"[sc]|(?i:secret(?: stat\w*)?)")
"""A count that exists and is not printed."""
_COUNTS_PLAINLY = re.compile(
    r"(?:nombres?|n(?:om)?bre|nb|effectifs?|pop\w*|taux|parts?|indices?|ratios?|densites?|scores?|durees?|ages?|delais?)\b"
    r"|(?:places|etpt?|lits|habitants|naissances|capacites?)(?: [a-z]+ees?)*(?: (?:19|20)[0-9]{2})?$"
)
"""The heading of a column that nobody takes for money, whatever the unit of its table."""

_MARK = re.compile(r"[(\[]([0-9]{1,2})[)\]]")
_NEARLY = Decimal("0.02")
_NUMBER_AMONG_SIGNS = re.compile(r"\D{0,12}[1-9][0-9\s.,]*(?:\D.{0,12})?")


@dataclass(frozen=True)
class TableRow:
    """A row: its kind, code and name, its région, its place, then by printed column its text and its figure.

    A figure is in euros where the unit of its column is one of money; it is None where the cell is void or a text.
    """

    kind: Kind
    code: str
    name: str
    region_code: str
    region: str
    place: str
    cells: tuple[str, ...]
    figures: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Table:
    """A table read whole: its title, level of territory, columns, rows and totals."""

    title: str
    level: Level
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    checks: tuple[Check, ...]
    numbers: tuple[Number, ...]
    remarks: tuple[Remark, ...]


def table_of(layout: Layout, title: str = "") -> Table:
    """Read the rows of a grid.

    Raises
    ------
    TableError, TerritoryError
        Where a row or a cell can't be read in one way only, with its place.
    """
    reader = read_rows(layout)
    settle_territories(reader)
    reader.columns = [_read_column(reader, column) if column.of_figures else column for column in reader.columns]
    _check_totals(reader)
    _refuse_a_sum(reader)
    for draft in reader.drafts:
        for column in reader.columns:
            _give_fate(reader, draft, column)
    rows = [
        TableRow(
            *(draft.kind, draft.code, draft.name, draft.region_code, draft.region, draft.row.place),
            tuple(draft.row.cells[column.rank] for column in reader.columns),
            tuple(draft.figures[c.rank].value if c.rank in draft.figures else None for c in reader.columns),
        )
        for draft in reader.drafts
    ]
    remarks = (*reader.remarks, *_voids(reader), *_odd_columns(reader), *_placed(layout), *_without_total(reader))
    done = tuple(reader.columns), tuple(rows), tuple(reader.checks), tuple(reader.numbers), remarks
    return Table(title, layout.level, *done)


def _read_column(reader: Reader, column: Column) -> Column:
    """Read the figures of a column; return it with the unit that its cells print where its heading gives none."""
    for draft in reader.drafts:
        check_cell(column, draft.row.cells[column.rank], draft.row.place)
    figures = [(each, draft) for draft in reader.drafts if (each := numeral(draft.row.cells[column.rank])) is not None]
    _refuse_two_numbers(column, figures)
    _refuse_few_units(column, figures)
    column = _with_unit(reader, column, [(each, draft.row.place) for each, draft in figures])
    values = values_of([(each, draft.row.place) for each, draft in figures], column.unit, column.heading)
    _refuse_fractions(column, figures, values)
    rounded = column.kind in ("montant", "pourcentage")
    for (each, draft), value in zip(figures, values, strict=True):
        half = step(value, each, column.unit) / 2 if rounded else Decimal(0)
        draft.figures[column.rank] = Rounded(value, half)
    below = [(each, draft) for (each, draft), v in zip(figures, values, strict=True) if v < 0 and draft.kind != "total"]
    if below and column.kind in ("montant", "nombre"):
        several = f"{len(below)} nombres sont des retraits, lus" if len(below) > 1 else "Un nombre est un retrait, lu"
        reader.remark(below[0][1].row.place, "signe", below[0][0].digits, f"{several} au-dessous de zéro.")
    return column


def _refuse_fractions(column: Column, figures: Sequence[tuple[Numeral, Draft]], values: Sequence[Decimal]) -> None:
    """Refuse shares that print no % and make 1: they are fractions, and their heading says that they are of 100."""
    parts = [value for (_, draft), value in zip(figures, values, strict=True) if draft.kind != "total"]
    bare = column.kind == "pourcentage" and not any(each.unit for each, _ in figures)
    if bare and len(parts) > 1 and max(parts) <= 1 and abs(sum(parts, Decimal(-1))) < _NEARLY:
        sentence = f"the numbers of {column.heading!r} make 1: are they fractions, or in per cent as it says?"
        raise TableError(sentence, cell=figures[0][1].row.place)


def _refuse_two_numbers(column: Column, figures: Sequence[tuple[Numeral, Draft]]) -> None:
    """Refuse numbers in parentheses after others that may be no footnotes: on most rows, or no note precedes them."""
    cells = [(draft.row.cells[column.rank], each, draft) for each, draft in figures]
    marked = [(cell, draft, _MARK.findall(cell.partition(each.digits)[2])) for cell, each, draft in cells]
    marked = [(cell, draft, marks) for cell, draft, marks in marked if marks]
    numbers = {int(mark) for _, _, marks in marked for mark in marks}
    if marked and (2 * len(marked) > len(figures) > 2 or any(each > 9 and each - 1 not in numbers for each in numbers)):
        cell, draft, _ = marked[0]
        sentence = (
            f"{cell!r}, in the column {column.heading!r}, may hold two numbers, or one and the mark of a footnote"
        )
        raise TableError(sentence, cell=draft.row.place)


def _refuse_few_units(column: Column, figures: Sequence[tuple[Numeral, Draft]]) -> None:
    """Refuse a unit that few cells of a column print, which is not that of the others: two cells may be exchanged."""
    printed = [(each, draft) for each, draft in figures if each.unit and each.unit != column.unit]
    custom = {id(draft) for _, draft in figures[:1]} | {id(draft) for _, draft in figures if draft.kind == "total"}
    odd = [(each, draft) for each, draft in printed if id(draft) not in custom]
    if odd and not column.unit and 2 * len(printed) < len(figures) and len(odd) == len(printed):
        each, draft = odd[0]
        sentence = f"'{each.digits} {each.unit}' stands in the column {column.heading!r}, whose others have no unit"
        raise TableError(f"{sentence}: the row may be shifted", cell=draft.row.place)


def _with_unit(reader: Reader, column: Column, found: Sequence[tuple[Numeral, str]]) -> Column:
    """Give to bare cells the one unit that the others of their column print; two natures in a column are refused."""
    units = {each.unit for each, _ in found if each.unit}
    bare = [(each, place) for each, place in found if not each.unit]
    natures = {"€" if unit in SCALES else unit for unit in units | ({column.unit} - {""})}
    if len(natures) > 1 and (column.kind != "ratio" or units >= {"%", "‰"}):
        sentence = f"the column {column.heading!r} prints several natures: {', '.join(sorted(natures))}"
        raise TableError(sentence, cell=found[0][1])
    if units and bare and column.unit in SCALES and column.unit not in units and not units_in(column.heading):
        sentence = f"{bare[0][0].digits!r} has no unit, beside others in {min(units)}, under a title in {column.unit}"
        raise TableError(sentence, cell=bare[0][1])
    if not column.unit and len(units) > 1 and bare:
        raise TableError(f"{bare[0][0].digits!r} has no unit, and its column has several", cell=bare[0][1])
    money, place, sentence = column.kind == "montant", reader.layout.rows[0].place, ""
    for each, where in bare if units == {"%"} and not units_in(column.heading) else []:
        reader.remark(where, "unite", each.digits, "Ce nombre est imprimé sans % ; les autres sont en %.")
    if money and bare and column.unit and not speaks_of_money(column.heading):
        place = bare[0][1]
        sentence = (
            f"Ce titre ne dit ni « montant » ni son unité ; celle du tableau ou du total, {column.unit}, est prise."
        )
    elif money and not column.unit and len(units) > 1:
        column, place = replace(column, unit="€"), found[0][1]
        sentence = "Chaque montant a son unité ; tous sont lus en euros."
    elif not column.unit and len(units) == 1:
        column = replace(column, unit=units.pop())
        for each, where in bare if column.unit in SCALES else []:
            told = f"Ce montant est imprimé sans unité ; les autres sont en {column.unit}."
            reader.remark(where, "unite", each.digits, told)
    elif column.kind in ("nombre", "ratio") and (above := _unit_not_taken(reader, column)):
        what = "compte" if column.kind == "nombre" else "est un rapport"
        sentence = f"Cette colonne {what} ; l'unité d'un titre ou d'une autre, {above[0]}, n'est pas prise."
    elif column.kind == "nombre" and column.additive and not column.unit and says_nothing(column.heading):
        sentence = "Rien ne dit ce que compte cette colonne ; ses nombres sont lus sans unité."
    elif money and not column.unit:
        sentence = "Aucune unité n'est imprimée, ni dans la colonne, ni en tête, ni dans le titre."
    if sentence:
        reader.remark(place, "unite", column.heading, sentence)
    return column


def _unit_not_taken(reader: Reader, column: Column) -> list[str]:
    """Return the unit of money of the heading of a count, else of the title or of another column it may be paid in."""
    own = units_in(column.heading) if column.kind == "nombre" else []
    thing = said(column.heading) == "chose"
    told = column.unit not in ("", *dict(UNITS_OF_COUNTS).values()) or _COUNTS_PLAINLY.match(normalised(column.heading))
    units = [reader.layout.unit] if thing or not told else []
    units += [other.unit for other in reader.columns] if thing else []
    return own or [unit for unit in units if unit in SCALES]


def _check_totals(reader: Reader) -> None:
    additive = [column for column in reader.columns if column.additive and column.of_figures]
    regional = _regional_columns(reader, additive)
    for draft in reader.drafts:
        for column in (column for column in reader.columns if column.of_figures and column.rank not in regional):
            height, cell = draft.row.spans.get(column.rank, 1), draft.row.cells[column.rank]
            if height > 1 and numeral(cell) is not None:
                sentence = f"{cell!r} is merged over {height} rows: nobody knows to which it belongs"
                raise TableError(sentence, cell=draft.row.place)
            shown = next(c for c in range(column.rank, -1, -1) if c not in draft.row.hidden)
            if shown != column.rank and numeral(draft.row.cells[shown]) is not None:
                sentence = f"{draft.row.cells[shown]!r} is merged over several columns of numbers: which is it of?"
                raise TableError(sentence, cell=draft.row.place)
    reader.columns = [replace(c, kind="total_region") if c.rank in regional else c for c in reader.columns]
    own = [column for column in additive if column.rank not in regional]
    prices = [column for column in reader.columns if column.kind == "montant" and not column.additive]
    for rank, draft in enumerate(reader.drafts):
        if draft.kind == "total" or (draft.kind == "region" and reader.layout.level == "departement"):
            _check_total(reader, [*own, *prices], rank)
    _let_be_other_years(reader)
    for column in (column for column in own if SUM.search(normalised(column.heading))):
        _check_column_of_totals(reader, column, [c for c in own if c.kind == column.kind])


def _check_column_of_totals(reader: Reader, column: Column, alike: Sequence[Column]) -> None:
    """Check a column of totals on each row, with the parts that most of its rows are the sums of; else say so.

    Those are the columns beside it, on one side, up to any; those that share a word of its heading; the other totals;
    or all but those.
    """
    others = [c for c in alike if c.rank != column.rank]
    words = {c.rank: set(normalised(c.heading).split()) for c in alike}
    left, right = ([c for c in others if (c.rank < column.rank) == before] for before in (True, False))
    summed = [c for c in others if SUM.search(normalised(c.heading))]
    candidates = [others, [c for c in others if c not in summed], summed]
    candidates += [[c for c in others if word in words[c.rank]] for word in sorted(words[column.rank])]
    candidates += [left[start:] for start in range(len(left))] + [right[:end] for end in range(len(right), 0, -1)]
    candidates = [parts for parts in candidates if len(parts) > 1]
    having = [draft for draft in reader.drafts if column.rank in draft.figures]

    def kept(drafts: Sequence[Draft], parts: Sequence[Column]) -> list[Check]:
        return [_check(draft, column, [(draft, part) for part in parts]) for draft in drafts]

    best = max(
        candidates, key=lambda parts: sum(c.status != "ecart" for c in kept(having[:_FEW_ROWS], parts)), default=[]
    )
    if best and not _keep_most(reader, kept(having, best), having, column):
        sentence = "Ce titre dit un total, et aucune colonne voisine n'en donne les parties : il n'est pas vérifié."
        reader.remark(reader.drafts[0].row.place, "total", column.heading, sentence)


def _let_be_other_years(reader: Reader) -> None:
    """Let be the total of another year, printed beside one of the same words that is the sum of the rows."""
    agreed = {check.place for check in reader.checks} - {c.place for c in reader.checks if c.status == "ecart"}
    stems = {A_YEAR.sub("", draft.name) for draft in reader.drafts if draft.row.place in agreed}
    for draft in (draft for draft in reader.drafts if draft.checked and draft.row.place not in agreed):
        if A_YEAR.search(draft.name) and A_YEAR.sub("", draft.name) in stems:
            reader.checks = [check for check in reader.checks if check.place != draft.row.place]
            draft.checked = set()
            sentence = "Ce total est celui d'une autre année que les lignes : il n'en est pas la somme."
            reader.remark(draft.row.place, "total", draft.name, sentence)


def _refuse_a_sum(reader: Reader) -> None:
    """Refuse a row of an unknown name, or « Somme » without its code, that is the sum of others: a total, no row."""
    kinds = ("departement", "autre", *(["region"] if reader.layout.level == "region" else []))
    above: list[Draft] = []
    every = [draft for draft in reader.drafts if draft.kind in kinds]
    unknown = [draft for draft in every if draft.kind == "autre"]
    for draft in reader.drafts if 2 * len(unknown) < len(every) else []:
        somme = normalised(draft.name) == "somme" and not reader.code(draft.row)
        columns = [column for column in reader.columns if column.additive and column.rank in draft.figures]
        others = [other for other in every if other is not draft] if somme or draft in unknown else []
        for parts, which in ((others, "the other rows"), (above if draft in unknown else [], "the rows above it")):
            sums = [_check(draft, column, [(part, column) for part in parts]) for column in columns]
            agree = any(check.total for check in sums) and all(check.status == "egal" for check in sums)
            if len(parts) > 1 and agree:
                sentence = (
                    f"{draft.name!r} is the sum of {which}: a total, or {'the département' if somme else 'a row'}?"
                )
                raise TableError(sentence, cell=draft.row.place)
        above = [*above, draft] if draft.kind in kinds else []


def _check_total(reader: Reader, columns: Sequence[Column], rank: int) -> None:
    """Check a row of total in each column where it has a figure."""
    draft = reader.drafts[rank]
    having = [column for column in columns if column.rank in draft.figures]
    members = totals.parts_of(reader.drafts, rank, [column.rank for column in having])
    own = any(other.region_code == draft.region_code for other in reader.drafts if other.kind == "departement")
    if having and draft.kind == "region" and draft.region_code in REGIONS and not own:
        named = (other for other in reader.drafts if other.kind in ("departement", "autre") and not other.label.region)
        odd = next(named, draft).name
        raise TableError(f"{draft.name!r} is a région, and {odd!r} is no département of it", cell=draft.row.place)
    if having and not members and draft.total in ("region", "departement"):
        name = " ".join(draft.name.split())
        raise TableError(f"{name!r} is the total of no row: those that it adds up are missing", cell=draft.row.place)
    checks = [
        (column, _check(draft, column, [(reader.drafts[each], column) for each in members]))
        for column in (having if members else [])
    ]
    # Shares and prices may be no parts of their total, unless shares are of 100: no mean of rates is so far from them.
    firm = [column for column, _ in checks if column.additive and column.kind != "pourcentage"]
    firm += [c for c, check in checks if c.kind == "pourcentage" and check.total == _ALL > 2 * check.added / 3]
    # Where it is the sum of its parts in another column, it is called to be that of this one too.
    a_sum = (
        not draft.name
        or A_SUM.search(normalised(draft.name))
        or any(c.additive and e.added and e.status != "ecart" for c, e in checks)
    )
    means = [] if a_sum else [c for c, check in checks if _is_a_mean(reader, c, check, members)]
    for column in means:
        sentence = (
            f"Sous « {column.heading} », ce nombre est entre ceux de ses parties : une moyenne, et non leur somme."
        )
        reader.remark(draft.row.place, "moyenne", draft.name, sentence)
    firm = [column for column in firm if column not in means]
    checks = [(column, check) for column, check in checks if column in firm or check.status != "ecart"]
    if not draft.name and not (checks and all(check.status == "egal" for _, check in checks)):
        sentence = f"{' ; '.join(draft.row.written)!r} stands on a row without a name, and is the total of no rows"
        raise TableError(sentence, cell=draft.row.place)
    reader.checks += [check for _, check in checks]
    draft.checked |= {column.rank for column, _ in checks}


def _is_a_mean(reader: Reader, column: Column, check: Check, members: Sequence[int]) -> bool:
    """Tell whether a total that is no sum stands between the least and the greatest of its parts, none below 0."""
    drafts = [reader.drafts[each] for each in members]
    parts = [draft.figures[column.rank].value for draft in drafts if column.rank in draft.figures]
    return check.status == "ecart" and len(parts) > 1 and 0 <= min(parts) <= check.total <= max(parts)


def _check(draft: Draft, column: Column, parts: Iterable[tuple[Draft, Column]], name: str = "") -> Check:
    """Hold the figure of a row to those of its parts, each of a row and a column."""
    total, cells = draft.figures[column.rank], [(part, each.rank) for part, each in parts]
    added, allowed = compared(total, [part.figures[rank] for part, rank in cells if rank in part.figures])
    masked = column.kind != "montant" and any(_MASKED.fullmatch(part.row.cells[rank].strip()) for part, rank in cells)
    name = " ".join((name or draft.name or "total sans nom").split())
    printed = draft.row.cells[column.rank]
    return Check(name, draft.row.place, column.heading, printed, total.value, added, allowed, masked)


def _keep_most(reader: Reader, checks: Sequence[Check], drafts: Sequence[Draft], column: Column) -> bool:
    """Keep the checks of a column that most of its rows pass: it is one of totals."""
    kept = 0 < 2 * len(checks) <= 3 * sum(check.status != "ecart" for check in checks)
    if kept:
        reader.checks += checks
        for draft in drafts:
            draft.checked.add(column.rank)
    return kept


def _regional_columns(reader: Reader, additive: Sequence[Column]) -> set[int]:
    """Return the columns that hold the totals of régions on one row of each, and check them."""
    ranks: set[int] = set()
    if reader.layout.level != "departement" or reader.layout.region is None:
        return ranks
    groups: dict[str, list[Draft]] = {}
    for draft in reader.drafts:
        if draft.kind == "departement":
            groups.setdefault(draft.region_code, []).append(draft)
    alone = all(len(drafts) == 1 for drafts in groups.values())
    for column in additive:
        having = [[draft for draft in drafts if column.rank in draft.figures] for drafts in groups.values()]
        printed = [drafts[0] for drafts in having if drafts]
        if any(len(drafts) > 1 for drafts in having) or not printed:
            continue
        if alone and not re.search(r"\bregion|\bars\b", normalised(column.heading)):
            continue
        others = [c for c in additive if c.rank not in {column.rank, *ranks} and not (alone and c.rank < column.rank)]
        for other in others:
            parts = [[(part, other) for part in groups[draft.region_code]] for draft in printed]
            checks = [_check(draft, column, own, draft.region) for draft, own in zip(printed, parts, strict=True)]
            if _keep_most(reader, checks, printed, column):
                ranks.add(column.rank)
                break
    return ranks


def _give_fate(reader: Reader, draft: Draft, column: Column) -> None:
    """Say what became of the numbers of a cell."""
    cell, place = draft.row.cells[column.rank], draft.row.place
    if column.of_figures:
        figure = numeral(cell)
        main = tokens(figure.digits)[0] if figure else ""
        fate: Fate = "total" if column.rank in draft.checked else "lu"
        for token in tokens(cell):
            reader.put(token, place, *((fate,) if token == main else ("a_part", "appel de note")))
            main = "" if token == main else main
    elif column.kind in ("code", "code_region"):
        reader.put(cell, place, "code")
    elif column.kind == "rang":
        reader.put(cell, place, "rang")
    elif column.kind == "nom" and draft.kind in TERRITORIES:
        for token in tokens(cell):
            coded = bool(draft.label.code) and departement_code(token)[:2] == draft.label.code[:2]
            coded = coded or token + "A" in cell.upper() or token + "B" in cell.upper()
            reader.put(token, place, *(("code",) if coded else ("a_part", "appel de note")))
    elif column.kind == "texte" and MARK_ALONE.fullmatch(cell):
        reader.put(cell, place, "a_part", "appel de note")
    elif draft.kind == "total" or (column.kind in ("nom", "region") and draft.kind != "unite"):
        reader.put(cell, place, "a_part", "libellé")
    else:
        reader.put(cell, place, "lu")


def _voids(reader: Reader) -> Iterator[Remark]:
    """Yield what is said of the cells without a number: words, and the few voids of amounts and of shares."""
    for column in (column for column in reader.columns if column.of_figures):
        lacking = [draft for draft in reader.drafts if column.rank not in draft.figures]
        few = 2 * len(lacking) <= len(reader.drafts) and column.kind in ("montant", "pourcentage")
        for draft in lacking:
            words = not is_void(draft.row.cells[column.rank])
            if (few and draft.kind == "departement") or (words and draft.kind in (*TERRITORIES, "unite", "autre")):
                sentence = f"« {' '.join(draft.name.split())} » n'a pas de nombre sous « {column.heading} »."
                yield Remark(draft.row.place, "vide", draft.row.cells[column.rank], sentence)


def _odd_columns(reader: Reader) -> Iterator[Remark]:
    """Yield what is said of numbers read as codes or as words (« 12/15 », « +0,3 pt »), of columns of one heading."""
    headings = Counter(column.heading for column in reader.columns if column.of_figures)
    for heading in (each for each, times in headings.items() if each and times > 1):
        sentence = "Plusieurs colonnes ont ce titre : ce qui les distingue n'est pas lu."
        yield Remark(reader.drafts[0].row.place, "titre", heading, sentence)
    for column in reader.of("texte"):
        cells = [(d.row.cells[column.rank], d.row.place) for d in reader.drafts]
        cells = [(cell, place) for cell, place in cells if not (is_void(cell) or MARK_ALONE.fullmatch(cell))]
        numbers = [(c, place) for c, place in cells if _NUMBER_AMONG_SIGNS.fullmatch(c) and not DATE.search(c)]
        if (
            2 * len(numbers) > len(cells)
            and said(column.heading) != "code"
            and not OF_OTHERS.search(normalised(column.heading))
        ):
            cell, place = numbers[0]
            sentence = f"« {column.heading} » porte des nombres parmi d'autres signes : ils sont gardés comme des mots."
            yield Remark(place, "texte", cell, sentence)
    for column in reader.of("code"):
        if column.heading and not HEADS.search(words := normalised(column.heading)) and said(words) != "code":
            sentence = "Ces nombres sont les codes des noms de leurs lignes : ils sont lus comme des codes."
            yield Remark(reader.drafts[0].row.place, "code", column.heading, sentence)


def _placed(layout: Layout) -> Iterator[Remark]:
    for row in layout.rows[: layout.first]:
        for text in row.doubts:
            sentence = (
                "Cet en-tête peut être celui d'autres colonnes aussi, ou du tableau : leurs noms sont à vérifier."
            )
            yield Remark(row.place, "titre", text, sentence)


def _without_total(reader: Reader) -> Iterator[Remark]:
    proven = {check.column for check in reader.checks}
    for column in reader.of("montant"):
        if column.heading not in proven:
            sentence = "Aucun total n'est imprimé pour cette colonne : rien ne prouve que le tableau est entier."
            sentence = sentence if column.additive else "Des prix ne s'additionnent pas : aucun total ne les vérifie."
            yield Remark(reader.drafts[-1].row.place, "total", column.heading, sentence)
