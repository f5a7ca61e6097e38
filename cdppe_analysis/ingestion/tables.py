"""The rows of a grid once its columns are understood: every number of it is given its fate.

A number is a cell, a code, a rank, a total that was checked, or it is set apart with its reason. A cell of figures that
is no number taken whole is refused; so are a territory given twice, a whole beside its parts, a code that is not that
of its name, a number merged over several rows, and numbers on a row without a name that are the total of nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.ingestion import totals
from cdppe_analysis.ingestion.columns import Layout
from cdppe_analysis.ingestion.grids import HEADS, Row, amount
from cdppe_analysis.ingestion.kinds import (
    SUM,
    Column,
    Level,
    heads_regions,
    of_departements,
    said,
    says_nothing,
    speaks_of_money,
)
from cdppe_analysis.ingestion.names import CUT, Label, code_alone, departement_code, guessed, label, official, region_of
from cdppe_analysis.ingestion.naming import BESIDE, OF_COMMUNES, section_and_name
from cdppe_analysis.ingestion.totals import Check, Draft, Kind, Rounded, compared
from cdppe_analysis.tables.numerals import (
    SCALES,
    Numeral,
    counts,
    is_void,
    numeral,
    step,
    titled_units,
    tokens,
    units_in,
    values_of,
)
from cdppe_analysis.territories import REGIONS, components, france, normalised

Fate = Literal["lu", "code", "rang", "total", "a_part"]
_TERRITORIES = ("departement", "collectivite", "region")
_A_NAME = re.compile(r"[^\W\d_][^\d:;.]*")
_NAME_AND_NUMBER = re.compile(r"(?P<name>[^0-9]*\w) +-?[0-9][0-9 ,.]*")
_FEW_WORDS = 4
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


@dataclass
class _Reader:
    layout: Layout
    columns: list[Column]
    numbers: list[Number] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Column]:
        return [column for column in self.columns if column.kind in kinds]

    def put(self, text: str, place: str, fate: Fate, reason: str = "") -> None:
        self.numbers += [Number(token, place, fate, reason) for token in tokens(text)]

    def remark(self, place: str, kind: str, text: str, sentence: str) -> None:
        self.remarks.append(Remark(place, kind, " ".join(text.split()), sentence))

    def code(self, row: Row) -> str:
        """Return the code that a row prints; where several columns have one, the longest."""
        # A unit may stand beside the code, or the name, of its département.
        own = [c for c in self.of("code") if self.layout.level != "autre" or not of_departements(c.heading)]
        code = max(("".join(row.cells[column.rank].split()) for column in own), key=len, default="")
        return (
            code.zfill(5)
            if self.layout.level == "autre" and self.cut_codes and re.fullmatch("[0-9]{4}", code)
            else code
        )

    @cached_property
    def cut_codes(self) -> bool:
        """Tell whether codes of communes have lost their first zero: some have four figures, the others five."""
        cells = [row.cells[c.rank].strip() for c in self.of("code") for row in self.layout.rows[self.layout.first :]]
        codes = [cell for cell in cells if not is_void(cell)]
        shaped = all(re.fullmatch(r"[1-9]?(?:[0-9]{2}|2[AB])[0-9]{2,3}", code) for code in codes)
        return shaped and {len(code) for code in codes} == {4, 5}


def table_of(layout: Layout, title: str = "") -> Table:
    """Read the rows of a grid.

    Raises
    ------
    TableError, TerritoryError
        Where a row or a cell can't be read in one way only, with its place.
    """
    reader = _Reader(layout, list(layout.columns))
    _read_rows(reader)
    if not any(draft.kind in (*_TERRITORIES, "unite") for draft in reader.drafts):
        raise TableError("the table has headings and no row", cell=layout.rows[0].place)
    _look_at_names(reader)
    _settle_territories(reader)
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
    remarks = (*reader.remarks, *_voids(reader), *_odd_codes(reader), *_without_total(reader))
    done = tuple(reader.columns), tuple(rows), tuple(reader.checks), tuple(reader.numbers), remarks
    return Table(title, layout.level, *done)


def _read_rows(reader: _Reader) -> None:
    layout = reader.layout
    headings = {_but_figures(row) for row in layout.rows[: layout.first]}
    changed: Row | None = None
    section = ""
    for rank, row in enumerate(layout.rows):
        if rank < layout.first:
            _refuse_figures_above(row)
            reason = "titre" if len(row.written) == 1 else "titre de colonne"
        elif _but_figures(row) in headings:
            reason = "titre de colonne répété"
        else:
            draft = _draft(reader, row, rank)
            other = titled_units(row.written[0]) if draft is None and len(row.written) == 1 else []
            if other and any(column.kind == "montant" and [column.unit] != other for column in reader.columns):
                changed = row
            if draft is not None and changed is not None:
                sentence = f"{changed.written[0]!r} gives another unit to the rows below it: they are another table"
                raise TableError(sentence, cell=changed.place)
            if draft is not None:
                if draft.kind == "departement" and label(section).region == draft.region_code and not draft.region:
                    draft.region = section
                reader.drafts.append(draft)
                continue
            for cell in row.written:
                glued = _NAME_AND_NUMBER.fullmatch(cell)
                if glued and label(glued["name"]).territory and not label(cell).known:
                    raise TableError(f"{cell!r} holds a name and a number: its columns are lost", cell=row.place)
            for column in reader.columns if len(row.written) > 1 else []:
                if column.of_figures and len(row.cells[column.rank].split()) <= _FEW_WORDS:
                    _check_cell(column, row.cells[column.rank], row.place)
            named = _left_out(reader, row)
            below = layout.rows[rank + 1].cells if named and rank + 1 < len(layout.rows) else ()
            if any(label(named).region == region_of(label(cell).departement) != "" for cell in below):
                section = named
            elif named:
                sentence = f"« {' '.join(named.split())} » n'a aucun nombre : titre d'un groupe, note, ou ligne coupée."
                reader.remark(row.place, "vide", named, sentence)
            if named and layout.level == "autre":
                reader.drafts.append(Draft(row, "autre", Label(), named))
                continue
            reason = "note"
        for cell in row.cells:
            reader.put(cell, row.place, "a_part", reason)


def _left_out(reader: _Reader, row: Row) -> str:
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
    several = len(row.written) > 1
    named = next((cell for cell in row.written if label(cell).territory), "")
    if several and named and (label(named).code or any(map(amount, row.written))):
        raise TableError(f"{named!r} stands on a row of numbers above the others: it may be shifted", cell=row.place)
    bare = [cell for cell in row.written if amount(cell)]
    if bare and not any(re.search(r"[^\W\d_]", cell) for cell in row.written):
        raise TableError(f"{bare[0]!r} stands among the headings, on a row without a known name", cell=row.place)
    for cell in row.written:
        figure = numeral(cell)
        large = figure is not None and not re.fullmatch(r"[0-9]{1,2}|(?:19|20)[0-9]{2}", figure.digits)
        whole = large or (figure is not None and figure.unit not in ("", "ans", "mois"))
        if whole or (
            several and re.search(r"(?<!pour )(?<!par )(?<![0-9])[0-9]+[\s.'’][0-9]{3}(?![0-9])|[0-9]\s?[kM]?€", cell)
        ):
            raise TableError(f"{cell!r} stands among the headings, on a row without a known name", cell=row.place)


def _draft(reader: _Reader, row: Row, rank: int) -> Draft | None:
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


def _unknown(reader: _Reader, row: Row, text: str, region_text: str) -> Draft:
    """Read a row whose name is no territory: a part of another row, a mean, a misspelt name, else kept as it is."""
    if beside := BESIDE.match(normalised(text)):
        return Draft(row, "dont" if beside[0] == "dont" else "moyenne", Label(), text)
    if CUT.search(text):
        raise TableError(f"{text!r} is a name cut before its end", cell=row.place)
    likely = guessed(text, reader.code(row)) if reader.layout.level == "departement" else Label()
    if likely.departement:
        reader.remark(row.place, "nom", text, f"Ce nom est lu comme « {official(likely.departement)} ».")
        return Draft(row, "departement", likely, text, likely.departement, region_text)
    sentence = "Cette ligne ne nomme aucun territoire connu ; elle est gardée sous son nom."
    reader.remark(row.place, "autre", text, sentence)
    return Draft(row, "autre", Label(), text)


def _nameless(reader: _Reader, row: Row, region_text: str) -> Draft:
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
    parts = components(found.departement)
    following = [each.departement for each, _ in labels[rank + 1 : rank + 2] if each.departement]
    return any(each in parts or region_of(each) == found.region for each in following)


def _look_at_names(reader: _Reader) -> None:
    """Say that rows without codes name no territory that is known."""
    if reader.layout.level != "autre" or reader.of("code"):
        return
    heading = next(column.heading for column in reader.of("nom"))
    accounts = [column.heading for column in reader.columns if _OF_ACCOUNTS.match(normalised(column.heading))]
    if accounts:
        raise TableError(f"{accounts[0]!r} is the heading of accounts of a budget: no column names territories")
    sentence = "Ces lignes n'ont ni code ni nom d'un territoire connu : elles sont gardées sous leurs noms."
    reader.remark(reader.drafts[0].row.place, "nom", heading, sentence)


def _settle_territories(reader: _Reader) -> None:
    """Refuse a territory given twice, a whole beside its parts, a code that is not that of its name."""
    drafts = [draft for draft in reader.drafts if draft.kind not in ("total", "dont", "moyenne")]
    if any(draft.code == "69M" for draft in drafts):
        for draft in (draft for draft in drafts if draft.code == "69"):
            draft.code = "69D"
            sentence = "La Métropole de Lyon a sa ligne : « Rhône » est lu comme le département sans elle (69D)."
            reader.remark(draft.row.place, "nom", draft.name, sentence)
    seen: dict[tuple[str, ...], Draft] = {}
    for draft in drafts:
        first = seen.setdefault((draft.kind, draft.code) if draft.code else draft.row.cells, draft)
        if first is not draft:
            sentence = f"{' '.join(draft.name.split())!r} is given twice, at {first.row.place} and at {draft.row.place}"
            raise TerritoryError(sentence, code=draft.code or None)
    of_departements = [draft for draft in drafts if draft.kind == "departement"]
    for whole, parts in france().wholes_beside_parts([draft.code for draft in of_departements]):
        raise TerritoryError(
            f"{official(whole)!r} stands beside its parts {' and '.join(official(part) for part in parts)}: "
            "both would be counted",
            code=whole,
            cell=seen["departement", whole].row.place,
        )
    read = [(draft, label(draft.region).region) for draft in of_departements]
    foreign = [draft for draft, region in read if region in REGIONS and region != draft.region_code]
    if 2 * len(foreign) > len(of_departements) > 2:
        sentence = f"{foreign[0].region!r} and others are not the régions of the départements beside them: two tables?"
        raise TableError(sentence, cell=foreign[0].row.place)
    for draft in of_departements:
        _check_code(reader, draft)
    for column in reader.of("code_region"):
        # Where most are not those of today, they are those of before 2016.
        printed = [(draft.row.cells[column.rank].strip(), draft) for draft in of_departements]
        odd = [(code, draft) for code, draft in printed if not is_void(code) and code.zfill(2) != draft.region_code]
        for code, draft in odd if 3 * len(odd) < len(of_departements) else []:
            sentence = f"the code {code!r} beside {draft.name!r} is not that of its région, {draft.region_code!r}"
            raise TerritoryError(sentence, cell=draft.row.place)
    coded = [draft for draft in drafts if draft.kind == "unite"]
    shapes = [(len(draft.code), draft.code.isalnum()) for draft in coded]
    (usual, count), *_ = Counter(shapes).most_common(1) or [((0, False), 0)]
    if usual[0] >= OF_COMMUNES and 2 < count == len(coded) - 1:
        draft = next(draft for draft, shape in zip(coded, shapes, strict=True) if shape != usual)
        sentence = f"the code {draft.code!r} of {draft.name!r} is not of {usual[0]} letters and figures, as the others"
        raise TerritoryError(sentence, cell=draft.row.place)


def _check_code(reader: _Reader, draft: Draft) -> None:
    """Refuse a code, or a région, that is not that of the département on its row."""
    for code in (*(draft.row.cells[column.rank] for column in reader.of("code")), draft.label.code):
        read = departement_code(code)
        same = set(re.findall(r"[0-9][0-9AB]", code)) == set(components(draft.code))
        if not (same or is_void(code) or read[:2] == draft.code[:2] or {read, draft.code} <= {"20", "2A", "2B"}):
            sentence = f"the code {code!r} printed beside {draft.name!r} is not its code, {draft.code!r}"
            raise TerritoryError(sentence, cell=draft.row.place)
    region = label(draft.region).region
    if region in REGIONS and region != draft.region_code:
        sentence = f"{draft.name!r} is no département of {draft.region!r}, printed beside it"
        raise TerritoryError(sentence, code=draft.code, cell=draft.row.place)


def _read_column(reader: _Reader, column: Column) -> Column:
    """Read the figures of a column; return it with the unit that its cells print where its heading gives none."""
    for draft in reader.drafts:
        _check_cell(column, draft.row.cells[column.rank], draft.row.place)
    figures = [(each, draft) for draft in reader.drafts if (each := numeral(draft.row.cells[column.rank])) is not None]
    _refuse_few_units(column, figures)
    column = _with_unit(reader, column, [(each, draft.row.place) for each, draft in figures])
    values = values_of([(each, draft.row.place) for each, draft in figures], column.unit, column.heading)
    rounded = column.kind in ("montant", "pourcentage")
    for (each, draft), value in zip(figures, values, strict=True):
        half = step(value, each, column.unit) / 2 if rounded else Decimal(0)
        draft.figures[column.rank] = Rounded(value, half)
    below = [(each, draft) for (each, draft), v in zip(figures, values, strict=True) if v < 0 and draft.kind != "total"]
    if below and column.kind in ("montant", "nombre"):
        several = f"{len(below)} nombres sont des retraits, lus" if len(below) > 1 else "Un nombre est un retrait, lu"
        reader.remark(below[0][1].row.place, "signe", below[0][0].digits, f"{several} au-dessous de zéro.")
    return column


def _refuse_few_units(column: Column, figures: Sequence[tuple[Numeral, Draft]]) -> None:
    """Refuse a unit that few cells of a column print, which is not that of the others: two cells may be exchanged."""
    printed = [(each, draft) for each, draft in figures if each.unit and each.unit != column.unit]
    custom = {id(draft) for _, draft in figures[:1]} | {id(draft) for _, draft in figures if draft.kind == "total"}
    odd = [(each, draft) for each, draft in printed if id(draft) not in custom]
    if odd and not column.unit and 2 * len(printed) < len(figures) and len(odd) == len(printed):
        each, draft = odd[0]
        sentence = f"'{each.digits} {each.unit}' stands in the column {column.heading!r}, whose others have no unit"
        raise TableError(f"{sentence}: the row may be shifted", cell=draft.row.place)


def _with_unit(reader: _Reader, column: Column, found: Sequence[tuple[Numeral, str]]) -> Column:
    """Give to bare cells the one unit that the others of their column print; two natures in a column are refused."""
    units = {each.unit for each, _ in found if each.unit}
    bare = [(each, place) for each, place in found if not each.unit]
    natures = {"€" if unit in SCALES else unit for unit in units | ({column.unit} - {""})}
    if len(natures) > 1 and column.kind != "ratio":
        sentence = f"the column {column.heading!r} prints several natures: {', '.join(sorted(natures))}"
        raise TableError(sentence, cell=found[0][1])
    if not column.unit and len(units) > 1 and bare:
        raise TableError(f"{bare[0][0].digits!r} has no unit, and its column has several", cell=bare[0][1])
    money, place, sentence = column.kind == "montant", reader.layout.rows[0].place, ""
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
    elif column.kind == "nombre" and (above := units_in(column.heading) or _of_others(reader, column)):
        sentence = f"Cette colonne compte ; l'unité d'un titre ou d'une autre, {above[0]}, n'est pas prise."
    elif column.kind == "nombre" and column.additive and not column.unit and says_nothing(column.heading):
        sentence = "Rien ne dit ce que compte cette colonne ; ses nombres sont lus sans unité."
    elif money and not column.unit:
        sentence = "Aucune unité n'est imprimée, ni dans la colonne, ni en tête, ni dans le titre."
    if sentence:
        reader.remark(place, "unite", column.heading, sentence)
    return column


def _of_others(reader: _Reader, column: Column) -> list[str]:
    """Return the unit of money of the title, else of another column, beside what may be paid for or counted."""
    units = [reader.layout.unit, *(other.unit for other in reader.columns)] if said(column.heading) == "chose" else []
    return [unit for unit in units if unit in SCALES]


def _check_cell(column: Column, cell: str, place: str) -> None:
    if counts(cell) and numeral(cell) is None and " ".join(cell.split()) == column.heading:
        raise TableError(f"{cell!r} is a heading again: another table begins on this row", cell=place)
    if counts(cell) and numeral(cell) is None and not is_void(cell):
        raise TableError(f"{cell!r}, in the column {column.heading!r}, is no number taken whole", cell=place)


def _check_totals(reader: _Reader) -> None:
    additive = [column for column in reader.columns if column.additive and column.of_figures]
    regional = _regional_columns(reader, additive)
    for draft in reader.drafts:
        for column in (column for column in reader.columns if column.of_figures and column.rank not in regional):
            height, cell = draft.row.spans.get(column.rank, 1), draft.row.cells[column.rank]
            if height > 1 and numeral(cell) is not None:
                sentence = f"{cell!r} is merged over {height} rows: nobody knows to which it belongs"
                raise TableError(sentence, cell=draft.row.place)
            shown = next((c for c in range(column.rank, -1, -1) if c not in draft.row.hidden), 0)
            if shown != column.rank and numeral(draft.row.cells[shown]) is not None:
                sentence = f"{draft.row.cells[shown]!r} is merged over several columns of numbers: which is it of?"
                raise TableError(sentence, cell=draft.row.place)
    reader.columns = [replace(c, kind="total_region") if c.rank in regional else c for c in reader.columns]
    own = [column for column in additive if column.rank not in regional]
    prices = [column for column in reader.columns if column.kind == "montant" and not column.additive]
    for rank, draft in enumerate(reader.drafts):
        if draft.kind == "total" or (draft.kind == "region" and reader.layout.level == "departement"):
            _check_total(reader, [*own, *prices], rank)
    for column in (column for column in own if SUM.search(normalised(column.heading))):
        others = [c for c in own if c.rank != column.rank and (c.kind, c.unit) == (column.kind, column.unit)]
        plain = [c for c in others if not SUM.search(normalised(c.heading))]
        for parts in (others, plain, [c for c in plain if c.rank < column.rank]):
            having = [draft for draft in reader.drafts if column.rank in draft.figures] if len(parts) > 1 else []
            if _keep_most(reader, [_check(draft, column, _figures(draft, parts)) for draft in having], having, column):
                break


def _refuse_a_sum(reader: _Reader) -> None:
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
            sums = [_check(draft, column, [f for d in parts for f in _figures(d, [column])]) for column in columns]
            agree = any(check.total for check in sums) and all(check.status == "egal" for check in sums)
            if len(parts) > 1 and agree:
                sentence = (
                    f"{draft.name!r} is the sum of {which}: a total, or {'the département' if somme else 'a row'}?"
                )
                raise TableError(sentence, cell=draft.row.place)
        above = [*above, draft] if draft.kind in kinds else []


def _check_total(reader: _Reader, columns: Sequence[Column], rank: int) -> None:
    """Check a row of total in each column where it has a figure."""
    draft = reader.drafts[rank]
    having = [column for column in columns if column.rank in draft.figures]
    members = totals.parts_of(reader.drafts, rank, [column.rank for column in having])
    own = any(other.region_code == draft.region_code for other in reader.drafts if other.kind == "departement")
    if having and draft.kind == "region" and draft.region_code in REGIONS and not own:
        sentence = f"{draft.name!r} is a région, and no row is one of its départements"
        regions = [other for other in reader.drafts if other.label.region]
        odd = [other for other in reader.drafts if other.kind == "departement" and other not in regions]
        unknown = next((other for other in reader.drafts if other.kind == "autre"), None)
        if unknown is not None:
            sentence = f"{unknown.name!r} is no territory: are {draft.name!r} and the others zones?"
        elif 0 < 2 * len(odd) <= len(regions):
            draft, sentence = odd[0], f"{odd[0].name!r} is a département, and the other rows are régions"
        raise TableError(sentence, cell=draft.row.place)
    if having and not members and draft.total in ("region", "departement"):
        name = " ".join(draft.name.split())
        raise TableError(f"{name!r} is the total of no row: those that it adds up are missing", cell=draft.row.place)
    checks = [
        (column, _check(draft, column, [f for each in members for f in _figures(reader.drafts[each], [column])]))
        for column in (having if members else [])
    ]
    # Shares and prices may be no parts of their total.
    firm = [column for column, _ in checks if column.additive and column.kind != "pourcentage"]
    checks = [(column, check) for column, check in checks if column in firm or check.status != "ecart"]
    if not draft.name and not (checks and all(check.status == "egal" for _, check in checks)):
        sentence = f"{' ; '.join(draft.row.written)!r} stands on a row without a name, and is the total of no rows"
        raise TableError(sentence, cell=draft.row.place)
    reader.checks += [check for _, check in checks]
    draft.checked |= {column.rank for column, _ in checks}


def _figures(draft: Draft, columns: Iterable[Column]) -> list[Rounded]:
    return [draft.figures[column.rank] for column in columns if column.rank in draft.figures]


def _check(draft: Draft, column: Column, parts: Sequence[Rounded], name: str = "") -> Check:
    total = draft.figures[column.rank]
    added, allowed = compared(total, parts)
    name = " ".join((name or draft.name or "total sans nom").split())
    printed = draft.row.cells[column.rank]
    return Check(name, draft.row.place, column.heading, printed, total.value, added, allowed)


def _keep_most(reader: _Reader, checks: Sequence[Check], drafts: Sequence[Draft], column: Column) -> bool:
    """Keep the checks of a column that most of its rows pass: it is one of totals."""
    kept = 0 < 2 * len(checks) <= 3 * sum(check.status != "ecart" for check in checks)
    if kept:
        reader.checks += checks
        for draft in drafts:
            draft.checked.add(column.rank)
    return kept


def _regional_columns(reader: _Reader, additive: Sequence[Column]) -> set[int]:
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
            parts = [[f for d in groups[draft.region_code] for f in _figures(d, [other])] for draft in printed]
            checks = [_check(draft, column, own, draft.region) for draft, own in zip(printed, parts, strict=True)]
            if _keep_most(reader, checks, printed, column):
                ranks.add(column.rank)
                break
    return ranks


def _give_fate(reader: _Reader, draft: Draft, column: Column) -> None:
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
    elif column.kind == "nom" and draft.kind in _TERRITORIES:
        for token in tokens(cell):
            coded = bool(draft.label.code) and departement_code(token)[:2] == draft.label.code[:2]
            coded = coded or token + "A" in cell.upper() or token + "B" in cell.upper()
            reader.put(token, place, *(("code",) if coded else ("a_part", "appel de note")))
    elif draft.kind == "total" or (column.kind in ("nom", "region") and draft.kind != "unite"):
        reader.put(cell, place, "a_part", "libellé")
    else:
        reader.put(cell, place, "lu")


def _voids(reader: _Reader) -> Iterator[Remark]:
    for column in reader.of("montant", "pourcentage"):
        lacking = [draft for draft in reader.drafts if column.rank not in draft.figures]
        for draft in lacking if 2 * len(lacking) <= len(reader.drafts) else []:
            if draft.kind == "departement":
                sentence = f"« {' '.join(draft.name.split())} » n'a pas de nombre sous « {column.heading} »."
                yield Remark(draft.row.place, "vide", draft.row.cells[column.rank], sentence)


def _odd_codes(reader: _Reader) -> Iterator[Remark]:
    for column in reader.of("code"):
        if column.heading and not HEADS.search(words := normalised(column.heading)) and said(words) != "code":
            sentence = "Ces nombres sont les codes des noms de leurs lignes : ils sont lus comme des codes."
            yield Remark(reader.drafts[0].row.place, "code", column.heading, sentence)


def _without_total(reader: _Reader) -> Iterator[Remark]:
    proven = {check.column for check in reader.checks}
    for column in reader.of("montant"):
        if column.heading not in proven:
            sentence = "Aucun total n'est imprimé pour cette colonne : rien ne prouve que le tableau est entier."
            sentence = sentence if column.additive else "Des prix ne s'additionnent pas : aucun total ne les vérifie."
            yield Remark(reader.drafts[-1].row.place, "total", column.heading, sentence)
