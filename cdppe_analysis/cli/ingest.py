"""`cdppe ingest FILE --out CSV`: a new « répartition par département », text or PDF, becomes a raw table."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from cdppe_analysis.errors import TableError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file to read, the table to write, the pages to keep."""
    parser.add_argument("file", metavar="FILE", help="the annex: a text or a PDF")
    parser.add_argument("--out", metavar="CSV", required=True, help="the raw table to write; its doubts go beside it")
    parser.add_argument(
        "--pages", metavar="PAGES", help="the pages of the table, such as 12-14 or 3,5 (all if left out)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the annex, write the raw table and its doubts, print what was found and checked.

    Returns
    -------
    int
        0, or 1 when a printed total is not the sum of its parts, rounding allowed for; both files are then written too.

    Raises
    ------
    TableError, TerritoryError
        When the annex cannot be read in one way only; nothing is then written.
    """
    from cdppe_analysis.ingestion import read_annex
    from cdppe_analysis.storage.tables import write_csv

    out = Path(arguments.out)
    doubts_out = out.with_name(f"{out.stem}-doutes.csv")
    annex = read_annex(arguments.file, pages_of(arguments.pages))
    write_csv(annex.cells, out)
    write_csv(annex.doubts, doubts_out)
    natures = annex.cells["nature"].value_counts()
    statuses = [check.statut for check in annex.checks]
    print(f"{natures.get('departement', 0)} départements in {len(annex.cells)} rows: {out}")
    print(
        f"{len(statuses)} totals checked: {statuses.count('egal')} equal, {statuses.count('arrondi')} within rounding, "
        f"{statuses.count('ecart')} not the sum of their parts"
    )
    print(f"{len(annex.doubts)} doubts: {doubts_out}")
    for doubt in annex.doubts.itertuples():
        printed = f" « {' '.join(doubt.cellule.split())} »" if doubt.cellule else ""
        print(f"  page {doubt.page}, line {doubt.ligne}, {doubt.nature}{printed} : {doubt.doute}")
    return 1 if annex.failed else 0


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
