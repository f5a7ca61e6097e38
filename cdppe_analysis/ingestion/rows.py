"""What each row of a grid is, once its columns are understood: a territory, a unit, a total, a note.

A row that may be shifted is refused, and so are figures among the headings.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.columns import BESIDE, OF_COMMUNES, UNIT_CODE, Layout, section_and_name
from cdppe_analysis.ingestion.grids import COUNTS, HEADS, Row, amount
from cdppe_analysis.ingestion.kinds import (
    OF_ENTITIES,
    Column,
    check_cell,
    heads_regions,
    of_departements,
    says_nothing,
    without_unit,
)
from cdppe_analysis.ingestion.names import CUT, Label, code_alone, departement_code, guessed, label, official, region_of
from cdppe_analysis.ingestion.totals import Check, Draft
from cdppe_analysis.tables.numerals import SCALES, is_void, numeral, titled_units, tokens, units_in, without_units
from cdppe_analysis.territories import components, normalised

Fate = Literal["lu", "code", "rang", "total", "a_part"]
TERRITORIES = ("departement", "collectivite", "region")
_A_NAME = re.compile(r"[^\W\d_][^\d:;.]*")
_NAME_AND_NUMBER = re.compile(r"(?P<name>[^0-9]*\w) +-?[0-9][0-9 ,.]*")
_FEW_WORDS = 4
_NATIONAL = re.compile(r"(?:montants?|enveloppes?|credits?|dotations?|budgets?) nationa")
"""How the name of a row begins that may be a part of the total below it: credits for national operators."""
_OF_ACCOUNTS = re.compile(r"(?:articles?|comptes?|chapitres?|imputations?|natures?)(?: (?:comptables?|budgetaires?))?$")


@dataclass(frozen=True)
class Number:
    """A printed number, its place, what became of it, and why where it was set apart."""

    text: str
    place: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True)
class Remark:
    """Something to look at again in the document: where, what, why (French)."""

    place: str
    kind: str
    text: str
    sentence: str


@dataclass
class Reader:
    """A table while it is read: its layout, its columns and rows, the fates of its numbers, what is to be said."""

    layout: Layout
    columns: list[Column]
    numbers: list[Number] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Column]:
        """Return the columns of some kinds."""
        return [column for column in self.columns if column.kind in kinds]

    def put(self, text: str, place: str, fate: Fate, reason: str = "") -> None:
        """Give their fate to the numbers of a text."""
        self.numbers += [Number(token, place, fate, reason) for token in tokens(text)]

    def set_apart(self, row: Row, reason: str) -> None:
        """Set apart the numbers of a row."""
        for cell in row.cells:
            self.put(cell, row.place, "a_part", reason)

    def remark(self, place: str, kind: str, text: str, sentence: str) -> None:
        """Say something of a place."""
        self.remarks.append(Remark(place, kind, " ".join(text.split()), sentence))

    def code(self, row: Row) -> str:
        """Return the code that a row prints; where several columns have one, the longest."""
        code = max(("".join(row.cells[column.rank].split()) for column in self._of_codes), key=len, default="")
        return code.zfill(self._size_of_codes) if code.isdigit() else code

    @cached_property
    def _of_codes(self) -> list[Column]:
        """The columns of codes of the rows: a unit may stand beside the codes of others, by their headings or again."""
        columns = [c for c in self.of("code") if self.layout.level != "autre" or not of_departements(c.heading)]
        columns = [c for c in columns if not OF_ENTITIES.search(normalised(c.heading))] or columns
        distinct = [column for column in columns if len(set(codes := self._codes(column))) == len(codes)]
        return (distinct or columns) if self.layout.level == "autre" else columns

    @cached_property
    def _size_of_codes(self) -> int:
        """Signs of the codes of communes (5), SIREN or FINESS (9), SIRET (14), where some lost their first zero."""
        for column in self._of_codes if self.layout.level == "autre" else []:
            codes = self._codes(column)
            size = max(map(len, codes), default=0)
            shapes = re.compile(rf"[1-9][0-9AB][0-9]{{{size - 3}}}|{UNIT_CODE}") if size in (5, 9, 14) else None
            if shapes and {*map(len, codes)} == {size - 1, size} and all(map(shapes.fullmatch, codes)):
                return size
        return 0

    def _codes(self, column: Column) -> list[str]:
        cells = [row.cells[column.rank] for row in self.layout.rows[self.layout.first :]]
        return ["".join(cell.split()) for cell in cells if not is_void(cell)]


def read_rows(layout: Layout) -> Reader:
    """Say what each row of a grid is.

    Raises
    ------
    TableError, TerritoryError
        Where a row can't be read in one way only, with its place.
    """
    reader = Reader(layout, list(layout.columns))
    headings = {_but_figures(row) for row in layout.rows[: layout.first]}
    for row in layout.rows[: layout.first]:
        _refuse_figures_above(row)
        reader.set_apart(row, "titre" if len(row.written) == 1 else "titre de colonne")
    changed: Row | None = None
    section = ""
    for rank, row in enumerate(layout.rows[layout.first :], start=layout.first):
        if _but_figures(row) in headings:
            reader.set_apart(row, "titre de colonne répété")
            continue
        draft = _draft(reader, row, rank)
        if draft is not None:
            if changed is not None:
                sentence = f"{changed.written[0]!r} gives another unit to the rows below it: they are another table"
                raise TableError(sentence, cell=changed.place)
            units = units_in(draft.name)
            if draft.label.territory and any(unit in SCALES for unit in units):
                sentence = f"{draft.name!r} gives its unit to a row: write it above its column, or beside each number"
                raise TableError(sentence, cell=row.place)
            if units and not draft.label.territory:
                if units == ["%"] and any(column.unit != "%" for column in reader.columns if column.of_figures):
                    reader.remark(row.place, "autre", draft.name, "Cette ligne est en % : elle est mise à part.")
                    reader.set_apart(row, "en pourcentage")
                    continue
                draft.row = _in_unit(reader, row, units[0])
            if draft.kind == "departement" and label(section).region == draft.region_code and not draft.region:
                draft.region = section
            reader.drafts.append(draft)
            continue
        changed = row if _changes_the_unit(reader, row) else changed
        _refuse_a_row_of_figures(reader, row)
        named = _left_out(reader, row)
        below = layout.rows[rank + 1].cells if named and rank + 1 < len(layout.rows) else ()
        if any(label(named).region == region_of(label(cell).departement) != "" for cell in below):
            section = named
        elif named:
            sentence = f"« {' '.join(named.split())} » n'a aucun nombre : titre d'un groupe, note, ou ligne coupée."
            reader.remark(row.place, "vide", named, sentence)
        if named and layout.level == "autre":
            reader.drafts.append(Draft(row, "autre", Label(), named))
        else:
            reader.set_apart(row, "note")
    if not any(draft.kind in (*TERRITORIES, "unite") for draft in reader.drafts):
        raise TableError("the table has headings and no row", cell=layout.rows[0].place)
    _look_at_names(reader)
    return reader


def _in_unit(reader: Reader, row: Row, unit: str) -> Row:
    """Give to the bare amounts of a row the unit of money that its name gives: « Total (en k€) »."""
    ranks = {column.rank for column in reader.of("montant")} if unit in SCALES else set()
    bare = {rank for rank in ranks if without_unit(row.cells[rank])}
    return replace(row, cells=tuple(f"{cell} {unit}" if rank in bare else cell for rank, cell in enumerate(row.cells)))


def _changes_the_unit(reader: Reader, row: Row) -> bool:
    """Tell whether a line that is no row gives to those below it a unit that is not that of the amounts."""
    text = row.written[0] if len(row.written) == 1 else ""
    paid = reader.of("montant")
    if other := titled_units(text):
        return any([column.unit] != other for column in paid or reader.of("nombre", "chose"))
    return bool(row.title and COUNTS.search(normalised(text))) and any(says_nothing(each.heading) for each in paid)


def _refuse_a_row_of_figures(reader: Reader, row: Row) -> None:
    """Refuse a line that is no row and holds what may be the name and the number of one."""
    _refuse_glued(row)
    for column in reader.columns if len(row.written) > 1 else []:
        cell = row.cells[column.rank]
        if column.of_figures and (len(cell.split()) <= _FEW_WORDS or not re.search(r"[^\W\d_]", cell)):
            check_cell(column, cell, row.place)


def _refuse_glued(row: Row) -> None:
    for cell in row.written:
        glued = _NAME_AND_NUMBER.fullmatch(cell.rstrip(" €kM%"))
        if glued and label(glued["name"]).territory and not label(cell).known:
            raise TableError(f"{cell!r} holds a name and a number: its columns are lost", cell=row.place)


def _left_out(reader: Reader, row: Row) -> str:
    """Return the name on a row without figures that is no row of the table, nothing where it is a note."""
    words = row.cells[reader.layout.name].strip()
    short = _A_NAME.fullmatch(re.sub("^[0-9][0-9AB][0-9]? ", "", words)) and len(words.split()) <= _FEW_WORDS
    named = words if label(words).total is None and (short or len(row.written) > 1 or reader.code(row)) else ""
    return next((cell for cell in row.written if label(cell).territory), named)


def _but_figures(row: Row) -> str:
    """Return the words of a row of headings: those that come back on the next page may give its number."""
    return re.sub("[0-9]+", "0", " ".join(" ".join(row.written).split()))


def _refuse_figures_above(row: Row) -> None:
    """Refuse a cell among the headings that holds an amount, or a département beside a number: no row is there."""
    if row.of_ranks:
        return
    _refuse_glued(row)
    several = len(row.written) > 1
    figures = [
        cell for cell in row.written if re.search("[0-9]", cell) and not re.search(r"[^\W\d_]{3}|20[0-9]{2}", cell)
    ]
    for cell in row.written if several and figures else []:
        if any(label(part).territory for part in re.split(r"\n|/| et ", cell)[:-1]) and not HEADS.match(
            normalised(cell)
        ):
            sentence = f"{cell!r} names territories among the headings, beside {figures[0]!r}: it may be a row"
            raise TableError(sentence, cell=row.place)
    named = next((cell for cell in row.written if label(cell).territory), "")
    if several and named and (label(named).code or any(map(amount, row.written))):
        raise TableError(f"{named!r} stands on a row of numbers above the others: it may be shifted", cell=row.place)
    bare = [cell for cell in row.written if amount(cell)]
    if bare and not any(re.search(r"[^\W\d_]", cell) for cell in row.written):
        raise TableError(f"{bare[0]!r} stands among the headings, on a row without a known name", cell=row.place)
    worded = all(re.search(r"[^\W\d_]{3}", without_units(cell)) for cell in row.written)
    for cell in row.written if not worded or not several else []:
        figure = numeral(cell)
        large = figure is not None and not re.fullmatch(r"[0-9]{1,2}|(?:19|20)[0-9]{2}", figure.digits)
        whole = large or (figure is not None and figure.unit not in ("", "ans", "mois"))
        if whole:
            raise TableError(f"{cell!r} stands among the headings, on a row without a known name", cell=row.place)


def _draft(reader: Reader, row: Row, rank: int) -> Draft | None:
    """Say what a row is; None for a note."""
    layout = reader.layout
    has_figures = any(column.of_figures and numeral(row.cells[column.rank]) for column in layout.columns)
    text = row.cells[layout.name]
    region_text = row.cells[layout.region] if layout.region is not None else ""
    if layout.level == "departement" and (cut := section_and_name(text)):
        region_text, text = cut
    code = code_alone(text) if layout.by_code else ""
    unit_label = Label(departement=code, code=code) if code else label(text)
    unit = layout.level == "autre" and len(reader.code(row)) >= OF_COMMUNES
    total = None if unit or (unit_label.departement and unit_label.total is None) else _total(layout, row)
    below = (label(each.cells[layout.name]).total for each in layout.rows[rank + 1 :])
    if total is not None and _NATIONAL.match(normalised(total.name)) and any(each is not None for each in below):
        return Draft(row, "autre", Label(), total.name)
    if total is not None:
        return total if has_figures else None
    _refuse_misplaced(layout, row, text, has_figures)
    if layout.level == "autre" and text.strip() and (has_figures or reader.code(row)):
        code = reader.code(row)
        if code and code not in ("".join(row.cells[column.rank].split()) for column in reader.of("code")):
            reader.remark(row.place, "code", code.lstrip("0"), f"Ce code a perdu son premier zéro : lu « {code} ».")
        return Draft(row, "unite", Label(), text, code)
    draft = _territory(layout, rank, unit_label, text, region_text)
    if draft is not None:
        return draft if has_figures or draft.kind != "region" or layout.level == "region" else None
    if not has_figures:
        return None
    return _unknown(reader, row, text, region_text) if text.strip() else _nameless(reader, row, region_text)


def _total(layout: Layout, row: Row) -> Draft | None:
    """Read a row of total, whose label stands in whichever column."""
    for column in layout.columns:
        cell = row.cells[column.rank]
        if cell and numeral(cell) is None and (title := label(cell)).total is not None:
            return Draft(row, "total", title, cell)
    return None


def _territory(layout: Layout, rank: int, found: Label, text: str, region_text: str) -> Draft | None:
    row = layout.rows[rank]
    if found.region and (layout.level == "region" or not found.departement or _is_section(layout, rank, found)):
        return Draft(row, "region", found, text, found.region if layout.level == "region" else "", text)
    if found.departement and layout.level == "departement":
        return Draft(row, "departement", found, text, found.departement, region_text)
    if found.collectivite and layout.level != "autre":
        return Draft(row, "collectivite", found, text, found.collectivite, region_text)
    return None


def _unknown(reader: Reader, row: Row, text: str, region_text: str) -> Draft:
    """Read a row whose name is no territory: a part of another row, a mean, a misspelt name, else kept as it is."""
    if beside := BESIDE.match(normalised(text)):
        return Draft(row, "dont" if beside[0] == "dont" else "moyenne", Label(), text)
    _refuse_glued(row)
    if CUT.search(text):
        raise TableError(f"{text!r} is a name cut before its end", cell=row.place)
    likely = guessed(text, reader.code(row)) if reader.layout.level == "departement" else Label()
    if likely.departement:
        reader.remark(row.place, "nom", text, f"Ce nom est lu comme « {official(likely.departement)} ».")
        return Draft(row, "departement", likely, text, likely.departement, region_text)
    if units_in(text) != ["%"]:
        sentence = "Cette ligne ne nomme aucun territoire connu ; elle est gardée sous son nom."
        reader.remark(row.place, "autre", text, sentence)
    return Draft(row, "autre", Label(), text)


def _nameless(reader: Reader, row: Row, region_text: str) -> Draft:
    """Read a row without a name: that of its code, or of its région, else a total that the sums must prove."""
    printed = reader.code(row)
    code = departement_code(printed) if reader.layout.level == "departement" else ""
    if code:
        sentence = f"Cette ligne n'a pas de nom ; son code est celui de « {official(code)} »."
        reader.remark(row.place, "nom", printed, sentence)
        return Draft(row, "departement", Label(departement=code), "", code, region_text)
    if label(region_text).region:
        return Draft(row, "region", label(region_text), region_text, "", region_text)
    return Draft(row, "total", Label(total=""))


def _refuse_misplaced(layout: Layout, row: Row, text: str, has_figures: bool) -> None:
    """Refuse a name among the numbers, or in place of the name, and a number among the names: a shifted row."""
    named = label(text).known or layout.by_code
    heading = next((column.heading for column in layout.columns if column.rank == layout.name), "")
    for column in layout.columns if layout.level != "autre" else []:
        cell = row.cells[column.rank]
        if cell and column.kind != "nom":
            named_here = label(cell)
            other = named_here.departement and not named_here.region
            own = named_here.departement == label(text).departement
            beside = column.kind == "region" or (column.kind == "texte" and named)
            # A column of régions that holds the name of a département is one of texts.
            of_regions = layout.level == "departement" and heads_regions(column.heading)
            of_regions = of_regions or (column.heading == heading != "" and not own)
            if numeral(cell) is None and ((other and of_regions) if beside else named_here.territory):
                sentence = f"{cell!r} stands in the column {column.heading!r}: the row may be shifted"
                raise TableError(sentence, cell=row.place)
    nameless = has_figures and not re.search(r"[A-Za-zÀ-ÿ]", text) and not is_void(text)
    if text and not layout.by_code and (nameless or numeral(text) is not None):
        raise TableError(f"{text!r} stands in the column of names: the row may be shifted", cell=row.place)


def _is_section(layout: Layout, rank: int, found: Label) -> bool:
    """Tell whether a name that is both heads a région: the next rows are its départements."""
    if layout.region is not None:
        return False
    codes = [column.rank for column in layout.columns if column.kind == "code"]

    def coded(row: Row) -> bool:
        return bool(label(row.cells[layout.name]).code or any(row.cells[code].strip() for code in codes))

    if coded(layout.rows[rank]):
        return False
    labels = [(label(row.cells[layout.name]), row) for row in layout.rows]
    own = [row for each, row in labels if each.departement and not each.region]
    if own and all(map(coded, own)) and any(each.region and not each.departement for each, _ in labels):
        # Where régions have rows and each département its code, a name without code is that of a région.
        return True
    parts = {*components(found.departement)} - {found.departement}
    near = [each.departement for each, _ in labels[rank + 1 : rank + 2] if each.total is None]
    # A région stands over its one département where most others, or all, stand over theirs.
    heads = {each.region for each, _ in labels if each.region and not each.departement}
    under = {region_of(each.departement) for each, _ in labels if each.departement and not each.region}
    both = Counter(each.departement for each, _ in labels if each.region and each.departement)
    headed = 2 * len(heads) >= len(under) if heads else len(both) > 1 and set(both.values()) == {2}
    if heads:
        near += [each.departement for each, _ in labels[:rank][-1:] if each.departement != found.departement]
    return any(each in parts or (headed and region_of(each) == found.region) for each in near if each)


def _look_at_names(reader: Reader) -> None:
    """Say that rows without codes name no territory that is known."""
    if reader.layout.level != "autre" or reader.of("code"):
        return
    heading = next(column.heading for column in reader.of("nom"))
    accounts = [column.heading for column in reader.columns if _OF_ACCOUNTS.match(normalised(column.heading))]
    if accounts:
        raise TableError(f"{accounts[0]!r} is the heading of accounts of a budget: no column names territories")
    sentence = "Ces lignes n'ont ni code ni nom d'un territoire connu : elles sont gardées sous leurs noms."
    reader.remark(reader.drafts[0].row.place, "nom", heading, sentence)
