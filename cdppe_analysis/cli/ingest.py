"""`cdppe ingest FILE --out CSV`: a printed table of territories becomes a raw table, every number accounted for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from cdppe_analysis.cli import destination
from cdppe_analysis.errors import TableError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file to read, the table to write, which pages and which table to keep."""
    parser.add_argument(
        "file", metavar="FILE", help="the annex: text, Markdown, HTML, CSV, workbook (.xlsx, .xls) or PDF"
    )
    parser.add_argument(
        "--out", metavar="CSV", type=destination, required=True, help="the raw table to write; its remarks go beside it"
    )
    add_reading(parser)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Declare which pages and which table are read, and whether a total may miss its parts."""
    parser.add_argument(
        "--pages", metavar="PAGES", help="the pages (sheets) of the table, such as 12-14 or 3,5 (all if left out)"
    )
    parser.add_argument("--table", metavar="N", type=int, help="which table to read, where the file holds several")
    parser.add_argument(
        "--accept-gaps", action="store_true", help="take a table whose total is not the sum of its parts, and say it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the annex, write the raw table and its remarks, print what was read, checked and set apart.

    Returns
    -------
    int
        0.

    Raises
    ------
    TableError, TerritoryError
        When the annex cannot be read in one way only; nothing is then written.
    CheckError
        When a total is not the sum of its parts, rounding allowed for, and the gap is not accepted.
    """
    from cdppe_analysis.ingestion import read_annex
    from cdppe_analysis.storage.files import replaced
    from cdppe_analysis.storage.tables import write_csv

    out = arguments.out
    remarks_out = out.with_name(f"{out.stem}-remarques.csv")
    annex = read_annex(
        arguments.file, pages_of(arguments.pages), arguments.table, accept_gaps=bool(arguments.accept_gaps)
    )
    with replaced(out) as table, replaced(remarks_out) as remarks:
        write_csv(annex.frame(), table)
        write_csv(annex.remarks_frame(), remarks)
    print(f"« {annex.table.title} » : {len(annex.table.rows)} lignes dans {out}")
    print(annex.told())
    for reason, numbers in annex.apart.items():
        listed = ", ".join(f"{number.text} ({number.place})" for number in numbers[:5])
        print(f"  mis à part, {reason} : {listed}{' …' if len(numbers) > 5 else ''}")
    totals = {"libelle": "name", "emplacement": "place", "colonne": "column", "imprime": "printed", "statut": "status"}
    arguments.result = {
        "titre": annex.table.title,
        "table": out,
        "lignes": len(annex.table.rows),
        "nombres": annex.counts,
        "mis_a_part": [
            {"texte": number.text, "emplacement": number.place, "raison": reason}
            for reason, numbers in annex.apart.items()
            for number in numbers
        ],
        "totaux": [
            {key: getattr(check, name) for key, name in totals.items()} | {"total": check.total, "somme": check.added}
            for check in annex.table.checks
        ],
        "remarques": annex.remarks_frame(),
    }
    statuses = [check.status for check in annex.table.checks]
    print(
        f"{len(statuses)} totaux : {statuses.count('egal')} égaux, {statuses.count('arrondi')} à l'arrondi près, "
        f"{statuses.count('ecart')} en écart"
    )
    print(f"{len(annex.remarks)} remarques dans {remarks_out}")
    for remark in annex.remarks:
        printed = f" « {remark.text} »" if remark.text else ""
        print(f"  {remark.place or 'fichier'}, {remark.kind}{printed} : {remark.sentence}")
    return 0


def pages_of(written: str | None) -> frozenset[int] | None:
    """Return the page numbers of a list such as `12-14` or `3,5`.

    Raises
    ------
    TableError
        When it is no such list.

    Examples
    --------
    >>> sorted(pages_of("3, 12-14"))
    [3, 12, 13, 14]
    """
    return None if written is None else frozenset(_numbers(written))


def _numbers(written: str) -> Iterator[int]:
    for part in written.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?", part)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise TableError(f"{written!r} is no list of pages: write 12-14 or 3,5", cell="--pages")
        yield from range(int(match[1]), int(match[2] or match[1]) + 1)
