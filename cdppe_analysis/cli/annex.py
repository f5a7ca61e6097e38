"""`cdppe new DOSSIER --annex FILE`, `cdppe ingest FILE --out CSV`: a printed annex becomes a study, or a raw table."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Mapping

from cdppe_analysis.errors import TableError


def _new(arguments: argparse.Namespace) -> int:
    """Make the folder, say what is in it and what is to be filled in, in French."""
    from cdppe_analysis.data import Data
    from cdppe_analysis.typography import euros, number
    from cdppe_analysis.upkeep.founding import found_study

    made = found_study(
        arguments.folder,
        arguments.annex,
        pages=_pages(arguments.pages),
        table=arguments.table,
        column=arguments.column,
        accept_gaps=bool(arguments.accept_gaps),
    )
    blanks = Data.open(made.folder).blanks(made.rule)
    arguments.result = {
        "dossier": made.folder,
        "titre": made.title,
        "regle": made.rule,
        "beneficiaires": made.beneficiaries,
        "montant_eur": made.total,
        "a_completer": blanks,
    }
    if made.annex is None:
        print(f"{made.folder} : une étude vide, règle {made.rule}")
    else:
        decimals = 0 if made.total == made.total.to_integral_value() else 2
        print(f"« {made.title} »")
        print(
            f"{made.folder} : {number(made.beneficiaries)} bénéficiaires, {euros(made.total, decimals)}, "
            f"règle {made.rule}"
        )
        print(made.annex.told())
    print("À compléter :")
    for blank in blanks:
        print(f"  {blank}")
    return 0


def _ingest(arguments: argparse.Namespace) -> int:
    """Read the annex, write the raw table and its remarks, print what was read, checked and set apart."""
    from cdppe_analysis.ingestion import read_annex
    from cdppe_analysis.storage.files import replaced
    from cdppe_analysis.storage.tables import write_csv

    out = arguments.out
    remarks_out = out.with_name(f"{out.stem}-remarques.csv")
    if remarks_out.is_file() and os.path.exists(arguments.file) and os.path.samefile(remarks_out, arguments.file):
        raise TableError(f"the remarks would be written over {remarks_out}, which is read: name another --out")
    annex = read_annex(
        arguments.file, _pages(arguments.pages), arguments.table, accept_gaps=bool(arguments.accept_gaps)
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


def _pages(written: str | None) -> frozenset[int] | None:
    """Return the page numbers of a list such as `12-14` or `3,5`.

    Raises
    ------
    TableError
        When it is no such list.

    Examples
    --------
    >>> sorted(_pages("3, 12-14"))
    [3, 12, 13, 14]
    """
    if written is None:
        return None
    pages: set[int] = set()
    for part in written.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?", part)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise TableError(f"{written!r} is no list of pages: write 12-14 or 3,5", cell="--pages")
        pages.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return frozenset(pages)


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {"new": _new, "ingest": _ingest}
