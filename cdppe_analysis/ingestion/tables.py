"""The rows of a grid once its columns are understood: every number of it is given its fate.

A number is a cell, a code, a rank, a total that was checked, or it is set apart with its reason. A cell of figures that
is no number taken whole is refused; so are a territory given twice, a whole beside its parts, a code that is not that
of its name, a number merged over several rows, and numbers on a row without a name that are the total of nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.ingestion import totals
from cdppe_analysis.ingestion.columns import Column, Layout, Level, code_alone, section_and_name
from cdppe_analysis.ingestion.grids import Row
from cdppe_analysis.ingestion.names import Label, departement_code, guessed, label, official, region_of
from cdppe_analysis.ingestion.numerals import SCALES, is_void, numeral, step, tokens, values_of
from cdppe_analysis.ingestion.totals import Check, Figure, Part
from cdppe_analysis.territories import components, normalised, wholes_beside_parts

Kind = Literal["departement", "collectivite", "region", "unite", "autre", "dont", "total"]
Fate = Literal["lu", "code", "rang", "total", "a_part"]


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
    """A row: its nature, code and name, its région, its place, then by printed column its text and its figure.

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

    @property
    def failed(self) -> tuple[Check, ...]:
        """The totals that are not the sum of their parts, rounding allowed for."""
        return tuple(check for check in self.checks if check.status == "ecart")


@dataclass
class _Draft:
    """A row while it is read."""

    row: Row
    kind: Kind
    label: Label
    code: str = ""
    name: str = ""
    region_code: str = ""
    region: str = ""


@dataclass
class _Reader:
    layout: Layout
    numbers: list[Number] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    drafts: list[_Draft] = field(default_factory=list)
    checked: set[tuple[int, int]] = field(default_factory=set)

    @property
    def figures(self) -> list[Column]:
        return [column for column in self.layout.columns if column.of_figures]

    def put(self, text: str, place: str, fate: Fate, reason: str = "") -> None:
        self.numbers += [Number(token, place, fate, reason) for token in tokens(text)]

    def remark(self, place: str, nature: str, text: str, sentence: str) -> None:
        self.remarks.append(Remark(place, nature, " ".join(text.split()), sentence))


def table_of(layout: Layout, title: str = "") -> Table:
    """Read the rows of a grid.

    Raises
    ------
    TableError, TerritoryError
        Where a row or a cell can't be read in one way only, with its place.
    """
    reader = _Reader(layout)
    _read_rows(reader)
    if not any(draft.kind in ("departement", "collectivite", "region", "unite") for draft in reader.drafts):
        raise TableError("the table has headings and no row", cell=layout.rows[0].place)
    _settle_territories(reader)
    columns = _columns_with_units(reader)
    figures = _values(reader, columns)
    _check_totals(reader, columns, figures)
    return _table(reader, columns, figures, title)


def _read_rows(reader: _Reader) -> None:
    layout = reader.layout
    headings = {tuple(cell.split()) for row in layout.rows[: layout.first] for cell in [" ".join(row.written)]}
    for rank, row in enumerate(layout.rows):
        if rank < layout.first:
            _refuse_figures_above(row)
            reason = "titre" if len(row.written) == 1 else "titre de colonne"
        elif tuple(" ".join(row.written).split()) in headings:
            reason = "titre de colonne répété"
        else:
            draft = _draft(reader, row, rank)
            if draft is not None:
                reader.drafts.append(draft)
                continue
            if len(row.written) > 1:
                for column in reader.figures:
                    _check_cell(column, row.cells[column.rank], row.place)
            reason = "note"
        for cell in row.cells:
            reader.put(cell, row.place, "a_part", reason)


def _refuse_figures_above(row: Row) -> None:
    """Refuse a cell among the headings that holds an amount: its row has no name that is known."""
    for cell in row.written if len(row.written) > 1 else []:
        found = numeral(cell)
        whole = found is not None and (found.unit or not re.fullmatch(r"[0-9]{1,2}|(?:19|20)[0-9]{2}", cell))
        if whole or re.search(r"[0-9][\s.'’][0-9]{3}(?![0-9])|[0-9]\s?[kM]?€", cell):
            raise TableError(f"{cell!r} stands among the headings, on a row without a known name", cell=row.place)


def _draft(reader: _Reader, row: Row, rank: int) -> _Draft | None:
    """Say what a row is; None for a note."""
    layout = reader.layout
    figures = [column for column in reader.figures if numeral(row.cells[column.rank]) is not None]
    text = row.cells[layout.name]
    region_text = row.cells[layout.region] if layout.region is not None else ""
    cut = section_and_name(text) if layout.level == "departement" else None
    if cut is not None:
        region_text, text = cut
    if layout.by_code and code_alone(text):
        found = Label(departement=code_alone(text), code=code_alone(text))
    else:
        found = label(text)
    total = _total_label(layout, row) if not found.departement else None
    if total is not None:
        written, found = total
        return _Draft(row, "total", found, name=written, region_code=found.region) if figures else None
    region = label(region_text)
    _refuse_misplaced(layout, row, text, figures)
    if layout.level == "autre":
        unit = _unit_draft(layout, row, text)
        return unit if text.strip() and (figures or unit.code) else _unnamed(row, figures)
    if text.lower().startswith("dont ") and figures:
        return _Draft(row, "dont", Label(), name=text)
    if layout.level == "region":
        if found.region:
            return _Draft(row, "region", found, found.region, text, found.region, text)
    elif found.region and (not found.departement or _is_section(layout, rank, found)):
        return _Draft(row, "region", found, "", text, found.region, text) if figures else None
    elif found.departement:
        return _Draft(row, "departement", found, found.departement, text, region_of(found.departement), region_text)
    if found.collectivite:
        return _Draft(row, "collectivite", found, found.collectivite, text, "", region_text)
    if not figures:
        return None
    if not text.strip():
        return _nameless(reader, row, figures, region, region_text)
    likely = guessed(text) if layout.level == "departement" else Label()
    if likely.departement:
        reader.remark(row.place, "nom", text, f"Ce nom est lu comme « {official(likely.departement)} ».")
        return _Draft(row, "departement", likely, likely.departement, text, region_of(likely.departement), region_text)
    reader.remark(
        row.place, "autre", text, "Cette ligne ne nomme aucun territoire connu ; elle est gardée sous son nom."
    )
    return _Draft(row, "autre", Label(), name=text)


def _refuse_misplaced(layout: Layout, row: Row, text: str, figures: Sequence[Column]) -> None:
    """Refuse a name among the numbers, and a number among the names: the row may be shifted."""
    for column in layout.columns:
        cell = row.cells[column.rank]
        if cell and (column.of_figures or column.kind in ("code", "code_region", "rang")) and layout.level != "autre":
            found = label(cell)
            if numeral(cell) is None and (found.departement or found.region):
                sentence = f"{cell!r} stands in the column {column.heading!r}: the row may be shifted"
                raise TableError(sentence, cell=row.place)
    nameless = figures and not re.search(r"[A-Za-zÀ-ÿ]", text) and not is_void(text)
    if text and not layout.by_code and (nameless or numeral(text) is not None):
        raise TableError(f"{text!r} stands in the column of names: the row may be shifted", cell=row.place)


def _total_label(layout: Layout, row: Row) -> tuple[str, Label] | None:
    """Return the label of a total, in whichever column it stands."""
    for column in layout.columns:
        cell = row.cells[column.rank]
        if cell and numeral(cell) is None and (found := label(cell)).total is not None:
            return cell, found
    return None


def _is_section(layout: Layout, rank: int, found: Label) -> bool:
    """Tell whether a name that is both heads a région: the next rows are its départements."""
    if layout.region is not None:
        return False
    code = next((column.rank for column in layout.columns if column.kind == "code"), None)
    if code is not None and layout.rows[rank].cells[code].strip():
        return False
    others = [label(row.cells[layout.name]) for row in layout.rows[rank + 1 : rank + 2]]
    parts = components(found.departement)
    return any(o.departement and (o.departement in parts or region_of(o.departement) == found.region) for o in others)


def _unit_draft(layout: Layout, row: Row, text: str) -> _Draft:
    code = next((row.cells[column.rank].strip() for column in layout.columns if column.kind == "code"), "")
    return _Draft(row, "unite", Label(), code, text)


def _nameless(reader: _Reader, row: Row, figures: Sequence[Column], region: Label, region_text: str) -> _Draft | None:
    """Read a row without a name: that of its code, or of its région, else a total that the sums must prove."""
    code = next((row.cells[column.rank] for column in reader.layout.columns if column.kind == "code"), "")
    if departement_code(code):
        found = departement_code(code)
        reader.remark(
            row.place, "nom", code, f"Cette ligne n'a pas de nom ; son code est celui de « {official(found)} »."
        )
        return _Draft(row, "departement", Label(departement=found), found, "", region_of(found), region_text)
    if region.region:
        return _Draft(row, "region", region, "", region_text, region.region, region_text)
    return _unnamed(row, figures)


def _unnamed(row: Row, figures: Sequence[Column]) -> _Draft | None:
    if not figures:
        return None
    return _Draft(row, "total", Label(total=""), name="")


def _settle_territories(reader: _Reader) -> None:
    """Refuse a territory given twice, a whole beside its parts, a code that is not that of its name."""
    drafts = [draft for draft in reader.drafts if draft.code and draft.kind != "total"]
    if any(draft.code == "69M" for draft in drafts):
        for draft in drafts:
            if draft.code == "69":
                draft.code = "69D"
                sentence = "La Métropole de Lyon a sa ligne : « Rhône » est lu comme le département sans elle (69D)."
                reader.remark(draft.row.place, "nom", draft.name, sentence)
    seen: dict[tuple[str, str], _Draft] = {}
    for draft in drafts:
        key = (draft.kind, draft.code)
        if key in seen:
            name, first = " ".join(draft.name.split()), seen[key].row.place
            raise TerritoryError(f"{name!r} is given twice, at {first} and at {draft.row.place}", code=draft.code)
        seen[key] = draft
    if reader.layout.level == "autre":
        _check_shapes(drafts)
    if reader.layout.level == "departement":
        codes = [draft.code for draft in drafts if draft.kind == "departement"]
        for whole, parts in wholes_beside_parts(codes):
            raise TerritoryError(
                f"{official(whole)!r} stands beside its parts {' and '.join(official(part) for part in parts)}: "
                "both would be counted",
                code=whole,
                cell=seen["departement", whole].row.place,
            )
        for draft in drafts:
            _check_code(reader, draft)
        _check_region_codes(reader, [draft for draft in drafts if draft.kind == "departement"])


def _check_shapes(drafts: Sequence[_Draft]) -> None:
    """Refuse a code that has not the length of all the others."""
    lengths = Counter(len(draft.code) for draft in drafts)
    usual, count = max(lengths.items(), key=lambda item: item[1], default=(0, 0))
    if usual >= 5 and count == len(drafts) - 1 and count > 2:
        odd = next(draft for draft in drafts if len(draft.code) != usual)
        sentence = f"the code {odd.code!r} of {odd.name!r} has not the {usual} signs of the others"
        raise TerritoryError(sentence, cell=odd.row.place)


def _check_code(reader: _Reader, draft: _Draft) -> None:
    columns = [column.rank for column in reader.layout.columns if column.kind == "code"]
    printed = [*(draft.row.cells[rank] for rank in columns), draft.label.code]
    for code in (code for code in printed if not is_void(code)):
        read = departement_code(code)
        if draft.kind == "departement" and read[:2] != draft.code[:2] and not {read, draft.code} <= {"20", "2A", "2B"}:
            raise TerritoryError(
                f"the code {code!r} printed beside {draft.name!r} is not its code, {draft.code!r}",
                cell=draft.row.place,
            )


def _check_region_codes(reader: _Reader, drafts: Sequence[_Draft]) -> None:
    """Refuse a code that is not that of the région, where most are (they may be those of before 2016)."""
    for column in (column for column in reader.layout.columns if column.kind == "code_region"):
        odd = [draft for draft in drafts if draft.row.cells[column.rank].strip().zfill(2) != draft.region_code]
        odd = [draft for draft in odd if not is_void(draft.row.cells[column.rank])]
        if odd and 3 * len(odd) < len(drafts):
            code = odd[0].row.cells[column.rank]
            sentence = f"the code {code!r} beside {odd[0].name!r} is not that of its région, {odd[0].region_code!r}"
            raise TerritoryError(sentence, cell=odd[0].row.place)


def _columns_with_units(reader: _Reader) -> list[Column]:
    """Give to bare cells the one unit that the others of their column print; two natures in a column are refused."""
    columns = []
    for column in reader.layout.columns:
        cells = [(draft.row.cells[column.rank], draft.row.place) for draft in reader.drafts]
        found = [(each, place) for cell, place in cells if (each := numeral(cell)) is not None]
        if column.of_figures:
            for cell, place in cells:
                _check_cell(column, cell, place)
            units = {each.unit for each, _ in found if each.unit}
            bare = [(each, place) for each, place in found if not each.unit]
            natures = {"€" if unit in SCALES else unit for unit in units | ({column.unit} - {""})}
            if len(natures) > 1 and column.kind != "ratio":
                raise TableError(
                    f"the column {column.heading!r} prints several natures: {', '.join(sorted(natures))}",
                    cell=found[0][1],
                )
            if not column.unit and len(units) > 1 and bare:
                raise TableError(f"{bare[0][0].digits!r} has no unit, and its column has several", cell=bare[0][1])
            if not column.unit and len(units) == 1:
                column = replace(column, unit=next(iter(units)))
                for each, place in bare if column.unit in SCALES else []:
                    sentence = f"Ce montant est imprimé sans unité ; les autres sont en {column.unit}."
                    reader.remark(place, "unite", each.digits, sentence)
            elif column.kind == "montant" and not column.unit and not units:
                sentence = "Aucune unité n'est imprimée, ni dans la colonne, ni en tête, ni dans le titre."
                reader.remark(reader.layout.rows[0].place, "unite", column.heading, sentence)
        columns.append(column)
    return columns


def _check_cell(column: Column, cell: str, place: str) -> None:
    if re.search(r"[0-9]", cell) and numeral(cell) is None and not is_void(cell):
        raise TableError(f"{cell!r}, in the column {column.heading!r}, is no number taken whole", cell=place)


def _values(reader: _Reader, columns: Sequence[Column]) -> list[dict[int, Figure]]:
    """Return the figures of each row, by rank of column."""
    figures: list[dict[int, Figure]] = [{} for _ in reader.drafts]
    for column in columns:
        if not column.of_figures:
            continue
        found = [
            (rank, each, draft.row.place)
            for rank, draft in enumerate(reader.drafts)
            if (each := numeral(draft.row.cells[column.rank])) is not None
        ]
        values = values_of([(each, place) for _, each, place in found], column.unit, column.heading)
        for (rank, each, _), value in zip(found, values, strict=True):
            half = step(value, each, column.unit) / 2 if column.kind in ("montant", "pourcentage") else Decimal(0)
            figures[rank][column.rank] = Figure(value, half)
        below = [
            (each, place)
            for (rank, each, place), value in zip(found, values, strict=True)
            if value < 0 and reader.drafts[rank].kind != "total"
        ]
        if below and column.kind == "montant":
            several = (
                f"{len(below)} montants sont des retraits, lus" if len(below) > 1 else "Un montant est un retrait, lu"
            )
            reader.remark(below[0][1], "signe", below[0][0].digits, f"{several} au-dessous de zéro.")
    return figures


def _check_totals(reader: _Reader, columns: list[Column], figures: list[dict[int, Figure]]) -> None:
    additive = [column for column in columns if column.additive and column.of_figures]
    regional = _regional_columns(reader, additive, figures)
    _refuse_merged(reader, regional)
    columns[:] = [replace(c, kind="total_region") if c.rank in regional else c for c in columns]
    own = [column for column in additive if column.rank not in regional]
    parts = [
        Part(
            draft.kind if reader.layout.level != "region" or draft.kind != "region" else "unite",
            draft.region_code,
            draft.label.total,
            figures[rank],
        )
        for rank, draft in enumerate(reader.drafts)
    ]
    for rank, draft in enumerate(reader.drafts):
        if parts[rank].kind not in ("total", "region"):
            continue
        having = [column.rank for column in own if column.rank in figures[rank]]
        members = totals.parts_of(parts, rank, having)
        if having and not members and draft.label.total in ("region", "departement"):
            name = " ".join(draft.name.split())
            raise TableError(
                f"{name!r} is the total of no row: those that it adds up are missing", cell=draft.row.place
            )
        proven = []
        for column in own:
            if column.rank in figures[rank] and members:
                somme, allowed = totals.compared(parts, rank, members, column.rank)
                check = _checked(draft, column, figures[rank][column.rank].value, somme, allowed)
                if column.kind != "pourcentage" or check.status != "ecart":
                    reader.checks.append(check)
                    reader.checked.add((rank, column.rank))
                    proven.append(check.status == "egal")
        if not draft.name and not (proven and all(proven)):
            raise TableError(
                f"{' ; '.join(draft.row.written)!r} stands on a row without a name, and is the total of no rows",
                cell=draft.row.place,
            )
    _check_rows(reader, own, figures)


def _checked(draft: _Draft, column: Column, total: Decimal, somme: Decimal, allowed: Decimal) -> Check:
    name = " ".join((draft.name or "total sans nom").split())
    return Check(name, draft.row.place, column.heading, draft.row.cells[column.rank], total, somme, allowed)


def _regional_columns(reader: _Reader, additive: Sequence[Column], figures: Sequence[dict[int, Figure]]) -> set[int]:
    """Return the columns that hold the totals of régions on one row of each, and check them."""
    found: set[int] = set()
    if reader.layout.level != "departement" or reader.layout.region is None:
        return found
    groups: dict[str, list[int]] = defaultdict(list)
    for rank, draft in enumerate(reader.drafts):
        if draft.kind == "departement":
            groups[draft.region_code].append(rank)
    for column in additive:
        printed = {code: [r for r in ranks if column.rank in figures[r]] for code, ranks in groups.items()}
        if any(len(ranks) > 1 for ranks in printed.values()) or not any(printed.values()):
            continue
        alone = all(len(ranks) == 1 for ranks in groups.values())
        if alone and not re.search(r"\bregion|\bars\b", normalised(column.heading)):
            continue
        for other in additive:
            if other.rank == column.rank or other.rank in found or (alone and other.rank < column.rank):
                continue
            checks = []
            for code, ranks in printed.items():
                for rank in ranks:
                    parts = [f for part in groups[code] if (f := figures[part].get(other.rank)) is not None]
                    mine = figures[rank][column.rank]
                    somme = sum((part.value for part in parts), Decimal(0))
                    allowed = sum((part.half for part in parts), mine.half)
                    named = replace(reader.drafts[rank], name=reader.drafts[rank].region)
                    checks.append(_checked(named, column, mine.value, somme, allowed))
            if 3 * sum(check.status != "ecart" for check in checks) >= 2 * len(checks):
                found.add(column.rank)
                reader.checks += checks
                reader.checked |= {(rank, column.rank) for ranks in printed.values() for rank in ranks}
                break
    return found


def _refuse_merged(reader: _Reader, regional: set[int]) -> None:
    for draft in reader.drafts:
        for column in reader.layout.columns:
            height = draft.row.spans.get(column.rank, 1)
            cell = draft.row.cells[column.rank]
            if height > 1 and (column.of_figures and column.rank not in regional) and numeral(cell) is not None:
                raise TableError(
                    f"{cell!r} is merged over {height} rows: nobody knows to which it belongs", cell=draft.row.place
                )


def _check_rows(reader: _Reader, columns: Sequence[Column], figures: Sequence[dict[int, Figure]]) -> None:
    """Check a column headed « total » that adds up the others of its unit, row by row."""
    for column in columns:
        if not re.search(r"\b(?:total|totaux|ensemble|cumul)\b", normalised(column.heading)):
            continue
        others = [c for c in columns if c.rank != column.rank and c.kind == column.kind and c.unit == column.unit]
        if len(others) < 2:
            continue
        checks = []
        for rank, draft in enumerate(reader.drafts):
            if column.rank in figures[rank]:
                parts = [f for other in others if (f := figures[rank].get(other.rank)) is not None]
                mine = figures[rank][column.rank]
                somme = sum((part.value for part in parts), Decimal(0))
                checks.append(
                    (rank, _checked(draft, column, mine.value, somme, sum((p.half for p in parts), mine.half)))
                )
        if 3 * sum(check.status != "ecart" for _, check in checks) >= 2 * len(checks):
            reader.checks += [check for _, check in checks]
            reader.checked |= {(rank, column.rank) for rank, _ in checks}


def _table(reader: _Reader, columns: Sequence[Column], figures: Sequence[dict[int, Figure]], title: str) -> Table:
    rows = []
    for rank, draft in enumerate(reader.drafts):
        for column in reader.layout.columns:
            _give_fate(reader, draft, rank, column)
        cells = tuple(draft.row.cells[column.rank] for column in columns)
        values = tuple(figures[rank][column.rank].value if column.rank in figures[rank] else None for column in columns)
        rows.append(
            TableRow(
                draft.kind, draft.code, draft.name, draft.region_code, draft.region, draft.row.place, cells, values
            )
        )
    reader.remarks += _voids(reader, columns, figures)
    reader.remarks += _without_total(reader, columns)
    return Table(
        title,
        reader.layout.level,
        tuple(columns),
        tuple(rows),
        tuple(reader.checks),
        tuple(reader.numbers),
        tuple(reader.remarks),
    )


def _give_fate(reader: _Reader, draft: _Draft, rank: int, column: Column) -> None:
    cell, place = draft.row.cells[column.rank], draft.row.place
    if column.of_figures:
        found = numeral(cell)
        main = tokens(found.digits)[0] if found else ""
        for token in tokens(cell):
            if token == main:
                fate: Fate = "total" if (rank, column.rank) in reader.checked else "lu"
                reader.numbers.append(Number(token, place, fate))
                main = ""
            else:
                reader.numbers.append(Number(token, place, "a_part", "appel de note"))
    elif column.kind in ("code", "code_region"):
        reader.put(cell, place, "code")
    elif column.kind == "rang":
        reader.put(cell, place, "rang")
    elif column.kind == "nom" and draft.kind in ("departement", "collectivite", "region"):
        for token in tokens(cell):
            is_code = bool(draft.label.code) and departement_code(token)[:2] == draft.label.code[:2]
            is_code = is_code or token + "A" in cell.upper() or token + "B" in cell.upper()
            reader.numbers.append(
                Number(token, place, "code" if is_code else "a_part", "" if is_code else "appel de note")
            )
    elif column.kind == "nom" and draft.kind == "unite":
        reader.put(cell, place, "lu")
    elif column.kind in ("nom", "region") or draft.kind == "total":
        reader.put(cell, place, "a_part", "libellé")
    else:
        reader.put(cell, place, "lu")


def _voids(reader: _Reader, columns: Sequence[Column], figures: Sequence[dict[int, Figure]]) -> Iterator[Remark]:
    of_amounts = [column for column in columns if column.kind in ("montant", "pourcentage")]
    full = [column for column in of_amounts if 2 * sum(column.rank in each for each in figures) >= len(figures)]
    for rank, draft in enumerate(reader.drafts):
        for column in full:
            if draft.kind == "departement" and column.rank not in figures[rank]:
                cell = draft.row.cells[column.rank]
                name = " ".join(draft.name.split())
                yield Remark(draft.row.place, "vide", cell, f"« {name} » n'a pas de nombre sous « {column.heading} ».")


def _without_total(reader: _Reader, columns: Sequence[Column]) -> Iterator[Remark]:
    proven = {check.column for check in reader.checks}
    last = reader.drafts[-1].row.place
    for column in columns:
        if column.kind == "montant" and column.heading not in proven:
            sentence = "Aucun total n'est imprimé pour cette colonne : rien ne prouve que le tableau est entier."
            yield Remark(last, "total", column.heading, sentence)
