"""Which names are départements, which are régions.

Corse, Guadeloupe, Guyane, La Réunion, Martinique and Mayotte are both. The words around the name tell
(`ARS de Guyane`, `Total Guyane`), or a code, or the parts that stand beside (Corse-du-Sud makes of Corse a région);
else the layout: of two that have amounts the first is the région, the second the département, and one alone is the
département.

A Rhône that stands beside the Métropole de Lyon is the Département du Rhône without it (`69D`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.ingestion.doubts import Doubt, place
from cdppe_analysis.ingestion.entries import Entry
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.territories import components, departement, wholes_beside_parts


def told_apart(document: Document, entries: Sequence[Entry]) -> tuple[list[Entry], list[Doubt]]:
    """Return the entries, each a département, a région or a total, and what was decided by the layout alone.

    Raises
    ------
    TableError
        When a département is given twice, has no amount, or stands beside its parts.
    """
    doubts: list[Doubt] = []
    names = list(entries)
    codes = [entry.label.departement for entry in names]
    for code in dict.fromkeys(code for code in codes if code is not None):
        ranks = [rank for rank, entry in enumerate(names) if entry.label.departement == code and entry.label.region]
        if ranks:
            names, found = _split(document, names, ranks, code)
            doubts += found
    names, found = _rhone_without_lyon(document, names)
    doubts += found
    _refuse_twice_or_empty(document, names)
    return names, doubts


def _split(
    document: Document, entries: list[Entry], ranks: Sequence[int], code: str
) -> tuple[list[Entry], list[Doubt]]:
    parts = set(components(code)) - {code}
    has_parts = any(entry.label.departement in parts for entry in entries)
    sure_departement = [rank for rank in ranks if entries[rank].label.side == "departement"]
    open_ones = [
        rank
        for rank in ranks
        if entries[rank].label.side == "" and not entries[rank].label.is_total and entries[rank].cells
    ]
    doubts = []
    chosen = set(sure_departement)
    if not sure_departement and not has_parts and open_ones:
        if len(open_ones) > 2:
            raise TableError(
                f"{entries[open_ones[2]].label.text!r} is given three times",
                code=code,
                cell=_where(document, entries[open_ones[2]]),
            )
        chosen = {open_ones[-1]}
        alone = len(ranks) == 1 and any(entry.label.region and not entry.label.departement for entry in entries)
        if alone:
            entry = entries[open_ones[-1]]
            doubts.append(
                Doubt(
                    *place(document, entry.first),
                    "homonyme",
                    entry.label.text,
                    "Ce nom de région et de département n'est imprimé qu'une fois ; il est pris pour le département.",
                )
            )
    split = list(entries)
    for rank in ranks:
        label = entries[rank].label
        kept = replace(label, region=None) if rank in chosen else replace(label, departement=None)
        split[rank] = Entry(kept, entries[rank].cells)
    return split, doubts


def _rhone_without_lyon(document: Document, entries: list[Entry]) -> tuple[list[Entry], list[Doubt]]:
    if all(entry.label.departement != "69M" for entry in entries):
        return entries, []
    doubts = []
    found = []
    for entry in entries:
        if entry.label.departement == "69":
            doubts.append(
                Doubt(
                    *place(document, entry.first),
                    "nom",
                    entry.label.text,
                    "La Métropole de Lyon est à part : ce Rhône est le département sans elle (69D).",
                )
            )
            entry = Entry(replace(entry.label, departement="69D"), entry.cells)
        found.append(entry)
    return found, doubts


def _refuse_twice_or_empty(document: Document, entries: Sequence[Entry]) -> None:
    seen: dict[str, Entry] = {}
    for entry in entries:
        code = entry.label.departement
        if code is None:
            continue
        if not entry.cells:
            raise TableError(f"{entry.label.text!r} has no amount", code=code, cell=_where(document, entry))
        if code in seen:
            raise TableError(
                f"{departement(code).libelle} is given twice, at {_where(document, seen[code])} and here: "
                "keep the pages of one table",
                code=code,
                cell=_where(document, entry),
            )
        seen[code] = entry
    for whole, parts in wholes_beside_parts(seen):
        listed = " and ".join(departement(part).libelle for part in parts)
        raise TerritoryError(
            f"{departement(whole).libelle} stands beside its parts {listed}",
            code=whole,
            cell=_where(document, seen[whole]),
        )


def _where(document: Document, entry: Entry) -> str:
    page, number = place(document, entry.first)
    return f"page {page}, line {number}"
