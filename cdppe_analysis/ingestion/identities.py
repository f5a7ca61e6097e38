"""Which territory each row is: given once, under its own code and in its own région, and named in one column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.ingestion.columns import OF_COMMUNES
from cdppe_analysis.ingestion.grids import HEADS
from cdppe_analysis.ingestion.kinds import Column
from cdppe_analysis.ingestion.names import FORMER_REGIONS, code_alone, departement_code, is_code_of, label, official
from cdppe_analysis.ingestion.rows import Reader
from cdppe_analysis.ingestion.totals import Draft
from cdppe_analysis.tables.numerals import is_void
from cdppe_analysis.territories import REGIONS, components, france, normalised

_PARTS_OF_69 = ("69D", "69M")


def settle_territories(reader: Reader) -> None:
    """Refuse a territory given twice, a whole beside its parts, a code that is not that of its name."""
    drafts = [draft for draft in reader.drafts if draft.kind not in ("total", "dont", "moyenne")]
    for draft in (draft for draft in drafts if draft.code == "69"):
        printed = departement_code(reader.code(draft.row)) or draft.label.code
        if printed in _PARTS_OF_69 and all(other.code != printed for other in drafts):
            draft.code = printed
            sentence = f"Son code est {printed} : « {draft.name} » est lu comme « {official(printed)} »."
            reader.remark(draft.row.place, "nom", draft.name, sentence)
    codes = {draft.code for draft in drafts}
    if "69M" in codes and "69D" not in codes:
        for draft in (draft for draft in drafts if draft.code == "69"):
            draft.code = "69D"
            sentence = "La Métropole de Lyon a sa ligne : « Rhône » est lu comme le département sans elle (69D)."
            reader.remark(draft.row.place, "nom", draft.name, sentence)
    of_departements = [draft for draft in drafts if draft.kind == "departement"]
    _refuse_twice(drafts)
    _refuse_wholes_beside_parts(of_departements)
    for draft in of_departements:
        _check_code(reader, draft)
    regions = [draft for draft in drafts if draft.kind == "region" and reader.layout.level == "region"]
    for column in reader.of("code_region"):
        _check_codes_of_regions(column, of_departements or regions)
    _refuse_second_names(reader, drafts)
    units = [draft for draft in drafts if draft.kind == "unite"]
    _refuse_an_odd_code(units)
    for column in reader.of("texte", "code", "region"):
        _check_departements_of_units(column, [draft for draft in units if len(draft.code) in (5, 9)])


def _refuse_twice(drafts: Sequence[Draft]) -> None:
    seen: dict[tuple[str, ...], Draft] = {}
    for draft in drafts:
        first = seen.setdefault((draft.kind, draft.code) if draft.code else draft.row.cells, draft)
        if first is not draft:
            sentence = f"{' '.join(draft.name.split())!r} is given twice, at {first.row.place} and at {draft.row.place}"
            raise TerritoryError(sentence, code=draft.code or None)


def _refuse_wholes_beside_parts(of_departements: Sequence[Draft]) -> None:
    places = {draft.code: draft.row.place for draft in of_departements}
    for whole, parts in france().wholes_beside_parts(list(places)):
        named = " and ".join(map(official, parts))
        sentence = f"{official(whole)!r} stands beside its parts {named}: both would be counted"
        raise TerritoryError(sentence, code=whole, cell=places[whole])


def _refuse_second_names(reader: Reader, drafts: Sequence[Draft]) -> None:
    """Refuse a second column of names, under the heading of the first or of territories, most of which are others."""
    heading = next((column.heading for column in reader.of("nom")), "")
    for column in reader.of("texte"):
        pairs = [(draft.row.cells[column.rank], draft) for draft in drafts]
        pairs = [(cell, draft) for cell, draft in pairs if not is_void(cell)]
        if column.heading != heading:
            words = normalised(f"{heading} {column.heading}")
            names = (not column.heading or HEADS.search(words)) and not re.search(r"\b(?:anci|nouve|actue)", words)
            names = names and len({cell for cell, _ in pairs}) == len(pairs)
            pairs = [
                (cell, draft) for cell, draft in pairs if names and getattr(label(cell), reader.layout.level, None)
            ]
        others = [
            (cell, draft)
            for cell, draft in pairs
            if " ".join(cell.split()) != " ".join(draft.name.split()) and not label(cell).same(draft.label)
        ]
        if 2 * len(others) > len(drafts):
            cell, draft = others[0]
            sentence = (
                f"{cell!r} stands beside {draft.name!r}: two columns, {heading!r} and {column.heading!r}, give names"
            )
            raise TableError(f"{sentence} to the rows: two tables?", cell=draft.row.place)


def _check_codes_of_regions(column: Column, drafts: Sequence[Draft]) -> None:
    """Refuse a code of région that is not that of its row, among codes of today's régions and of those before 2016."""
    printed = [(draft.row.cells[column.rank].strip().zfill(2), draft) for draft in drafts]
    printed = [(code, draft) for code, draft in printed if code.isdigit()]
    own = [code for code, draft in printed if code == draft.region_code]
    if {code for code, _ in printed} <= {*REGIONS, *FORMER_REGIONS}:
        for code, draft in printed:
            if code != draft.region_code and (code in REGIONS or 3 * len(own) > 2 * len(drafts)):
                sentence = f"the code {code!r} beside {draft.name!r} is not that of its région, {draft.region_code!r}"
                raise TerritoryError(sentence, cell=draft.row.place)


def _check_departements_of_units(column: Column, coded: Sequence[Draft]) -> None:
    """Refuse a commune or an establishment whose code begins with another département than the one beside it.

    Where three quarters of the column agree with the codes of the rows.
    """
    cells = [(draft.row.cells[column.rank], draft) for draft in coded]
    beside = [(code_alone(cell) or label(cell).departement, cell, draft) for cell, draft in cells]
    beside = [(code, cell, draft) for code, cell, draft in beside if code and code != draft.code]
    covers = france().covers
    odd = [
        (cell, draft)
        for code, cell, draft in beside
        if draft.code[:2] not in {each[:2] for each in (code, *covers.get(code, ()))}
    ]
    if odd and 4 * len(odd) <= len(beside):
        cell, draft = odd[0]
        sentence = (
            f"{cell!r} stands beside {draft.name!r}, whose code {draft.code!r} begins as those of another département"
        )
        raise TerritoryError(sentence, cell=draft.row.place)


def _refuse_an_odd_code(coded: Sequence[Draft]) -> None:
    """Refuse the one code of a unit that has not the length of the others."""
    shapes = [(len(draft.code), draft.code.isalnum()) for draft in coded]
    (usual, count), *_ = Counter(shapes).most_common(1) or [((0, False), 0)]
    if usual[0] >= OF_COMMUNES and 2 < count == len(coded) - 1:
        draft = next(draft for draft, shape in zip(coded, shapes, strict=True) if shape != usual)
        sentence = f"the code {draft.code!r} of {draft.name!r} is not of {usual[0]} letters and figures, as the others"
        raise TerritoryError(sentence, cell=draft.row.place)


def _check_code(reader: Reader, draft: Draft) -> None:
    """Refuse a code, or a région, that is not that of the département on its row."""
    for code in (*(draft.row.cells[column.rank] for column in reader.of("code")), draft.label.code):
        parts = components(draft.code)
        of_each = len(parts) > 1 and set(re.findall(r"[0-9][0-9AB]", code)) == set(parts)
        if not (of_each or is_void(code) or is_code_of(code, draft.code)):
            sentence = f"the code {code!r} printed beside {draft.name!r} is not its code, {draft.code!r}"
            raise TerritoryError(sentence, cell=draft.row.place)
    region = label(draft.region).region
    if region in REGIONS and region != draft.region_code:
        sentence = f"{draft.name!r} is no département of {draft.region!r}, printed beside it"
        raise TerritoryError(sentence, code=draft.code, cell=draft.row.place)
