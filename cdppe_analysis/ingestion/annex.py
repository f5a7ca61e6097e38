"""A « répartition par département » as a raw table: cells as printed, where they stand, what they add up to.

document -> lines -> pieces -> names -> names with their amounts -> columns -> rows, checks and doubts. Names are a
closed list, and the région of a département is known: the layout is needed only to give each amount to a name, and the
printed totals prove that it was well given. What cannot be read in one way only is refused.

Known drawbacks: the headings of the columns are not read (the columns are numbered in the order of the print); a table
with no total is read, but nothing proves that it is whole, and the doubts say so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from cdppe_analysis import typography
from cdppe_analysis.ingestion.checks import Check
from cdppe_analysis.ingestion.columns import Cells, grid_of, region_of
from cdppe_analysis.ingestion.doubts import Doubt, place
from cdppe_analysis.ingestion.entries import Entry, entries_of
from cdppe_analysis.ingestion.homonyms import told_apart
from cdppe_analysis.ingestion.lines import Document, read_document
from cdppe_analysis.ingestion.rows import Table, table_of
from cdppe_analysis.ingestion.spelling import misspelling
from cdppe_analysis.ingestion.units import Values, values_of

_SUBJECTS = {
    "region": "Le total de la région",
    "sous_total": "Le sous-total",
    "total": "Le total",
    "ligne": "Le total de la ligne",
}


@dataclass(frozen=True)
class Annex:
    """What was read of an annex.

    `cells` is the raw table (text, one row a printed row, see `docs/ingest.md`), `doubts` lists what to look at again,
    `checks` holds every printed total beside the sum of its parts.
    """

    cells: pd.DataFrame
    doubts: pd.DataFrame
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The totals that are not the sum of their parts, rounding allowed for."""
        return tuple(check for check in self.checks if check.statut == "ecart")


def read_annex(path: str | Path, pages: Collection[int] | None = None) -> Annex:
    """Read a text or a PDF.

    Parameters
    ----------
    path
        The file.
    pages
        Numbers of the pages that hold the table; all when left out.

    Raises
    ------
    TableError, TerritoryError
        When the table cannot be read in one way only, with the page and the line.
    """
    return annex_of(read_document(path, pages))


def annex_of(document: Document) -> Annex:
    r"""Read the lines of a document.

    Raises
    ------
    TableError, TerritoryError
        As `read_annex`.

    Examples
    --------
    >>> from cdppe_analysis.ingestion.lines import split_text
    >>> annex = annex_of(split_text("Bretagne 300 000 €\nFinistère 200 000 €\nMorbihan 100 000 €\nTOTAL 300 000 €"))
    >>> annex.cells["departement"].tolist(), annex.cells["code_departement"].tolist()
    (['Finistère', 'Morbihan', ''], ['29', '56', ''])
    >>> [(check.libelle, check.statut) for check in annex.checks]
    [('Bretagne', 'egal'), ('TOTAL', 'egal')]
    """
    found = entries_of(document)
    entries, doubts = told_apart(document, found.entries)
    values = values_of(document, found)
    table = table_of(document, entries, grid_of(document, entries, values), values)
    doubts = [
        *(Doubt(1, 1, "fichier", "", remark) for remark in document.remarks),
        *found.doubts,
        *doubts,
        *values.doubts,
        *_doubts_on_names(document, entries),
        *_doubts_on_places(document, entries),
        *_doubts_on_voids(document, table),
        *_doubts_on_totals(table, values),
    ]
    doubts.sort(key=lambda doubt: (doubt.page, doubt.ligne))
    frame = pd.DataFrame([asdict(doubt) for doubt in doubts], columns=list(Doubt.__dataclass_fields__))
    return Annex(_cells(document, table, values), frame, table.checks)


def _cells(document: Document, table: Table, values: Values) -> pd.DataFrame:
    suffixes = [""] if table.columns == 1 else [f"_{number}" for number in range(1, table.columns + 1)]
    rows = []
    for number, row in enumerate(table.rows, start=1):
        page, lines = _extent(document, row.entry)
        cells = dict(zip(suffixes, _texts(row.cells, table.columns), strict=True))
        region_cells = dict(zip(suffixes, _texts(row.region_cells, table.columns), strict=True))
        of_departement = row.nature == "departement"
        rows.append(
            {
                "ligne": str(number),
                "nature": row.nature,
                "page": page,
                "lignes": lines,
                "region": (row.region.label.text if row.region else "") if of_departement else row.entry.label.text,
                "lignes_region": _extent(document, row.region, page)[1] if row.region else "",
                **{f"dotation_region{suffix}": text for suffix, text in region_cells.items()},
                "departement": row.entry.label.text if of_departement else "",
                **{f"dotation_departement{suffix}": text for suffix, text in cells.items()},
                "unite": next((values.unit(cell) for cell in row.cells if cell is not None and not cell.void), ""),
                "code_region": region_of(row.entry) if of_departement else row.entry.label.region or "",
                "code_departement": row.entry.label.departement or "",
            }
        )
    return pd.DataFrame(rows, dtype=str)


def _texts(cells: Cells, columns: int) -> list[str]:
    return [cell.text if cell is not None else "" for cell in cells] or [""] * columns


def _extent(document: Document, entry: Entry, known_page: str = "") -> tuple[str, str]:
    """Return the page and the lines of an entry; a line of another page than the first is written `p4-2`."""
    first, last = place(document, entry.first), place(document, entry.last)
    start = str(first[1]) if known_page in ("", str(first[0])) else f"p{first[0]}-{first[1]}"
    end = "" if last == first else f"-{last[1]}" if last[0] == first[0] else f"-p{last[0]}-{last[1]}"
    return str(first[0]), start + end


def _doubts_on_names(document: Document, entries: Iterable[Entry]) -> Iterable[Doubt]:
    for entry in entries:
        official = misspelling(entry.label) if entry.label.is_name else None
        if official is not None:
            yield Doubt(*place(document, entry.first), "nom", entry.label.text, f"Ce nom est lu comme « {official} ».")


def _doubts_on_places(document: Document, entries: list[Entry]) -> Iterable[Doubt]:
    """List the départements that stand neither after nor before their own région, where régions are printed."""
    regions = [entry.label.region for entry in entries if entry.label.region and not entry.label.is_total]
    for rank, entry in enumerate(entries):
        if entry.label.departement is None or region_of(entry) not in regions:
            continue
        before = next((other for other in reversed(entries[:rank]) if _heads(other)), None)
        after = next((other for other in entries[rank:] if _heads(other)), None)
        own = region_of(entry)
        if own not in [other.label.region for other in (before, after) if other is not None] and before is not None:
            yield Doubt(
                *place(document, entry.first),
                "region",
                entry.label.text,
                f"Ce département est imprimé sous « {' '.join(before.label.text.split())} », qui n'est pas sa région.",
            )


def _heads(entry: Entry) -> bool:
    return entry.label.region is not None and not entry.label.is_total


def _doubts_on_voids(document: Document, table: Table) -> Iterable[Doubt]:
    for row in table.rows:
        for cell in row.cells:
            if row.nature == "departement" and (cell is None or cell.void):
                rank = row.entry.first if cell is None else cell.line
                printed = "" if cell is None else cell.text
                name = " ".join(row.entry.label.text.split())
                yield Doubt(
                    *place(document, rank), "vide", printed, f"« {name} » n'a pas de montant dans cette colonne."
                )


def _doubts_on_totals(table: Table, values: Values) -> Iterable[Doubt]:
    """List the columns without a total of the whole, and the totals that are not the sum of their parts."""
    proven = {check.colonne for check in table.checks if check.nature == "total"}
    last = max(((check.page, check.ligne) for check in table.checks), default=(1, 1))
    for column in range(1, table.columns + 1):
        if column not in proven:
            where = f" pour la colonne {column}" if table.columns > 1 else ""
            yield Doubt(
                *last,
                "total",
                "",
                f"Aucun total général n'est imprimé{where} : rien ne prouve que le tableau est entier.",
            )
    for check in table.checks:
        if check.statut != "egal":
            where = f" (colonne {check.colonne})" if table.columns > 1 else ""
            why = "suffit à l'expliquer" if check.statut == "arrondi" else "ne l'explique pas"
            message = (
                f"{_SUBJECTS[check.nature]} « {check.libelle} »{where} vaut {_shown(check.total, values)} ; la somme "
                f"vaut {_shown(check.somme, values)} ({_shown(check.somme - check.total, values, signed=True)}) ; "
                f"l'arrondi de chaque montant {why}."
            )
            yield Doubt(check.page, check.ligne, check.statut, check.imprime, message)


def _shown(amount: Decimal, values: Values, *, signed: bool = False) -> str:
    write = typography.number if values.unknown else typography.euros
    return write(amount, 0 if amount == amount.to_integral_value() else 2, signed=signed)
