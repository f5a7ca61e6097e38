"""`cdppe new`, `ingest`, `series`: what others publish is read.

A printed annex becomes a study or a raw table, a workbook the series of each sheet.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cdppe_analysis.errors import TableError

if TYPE_CHECKING:
    from cdppe_analysis.tables.series.publications import Fate, SeriesReading
    from cdppe_analysis.upkeep.adding import Changes, Moved


def _new(arguments: argparse.Namespace) -> int:
    """Make the folder, say what is in it and what is to be filled in, in French."""
    from cdppe_analysis.data import Data
    from cdppe_analysis.typography import counted, euros
    from cdppe_analysis.upkeep.founding import found_study

    given = [name for name in ("pages", "table", "column", "accept_gaps") if getattr(arguments, name)]
    if given and arguments.annex is None:
        raise TableError(f"--{given[0].replace('_', '-')} says how an annex is read: give one with --annex")
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
            f"{made.folder} : {counted(made.beneficiaries, 'bénéficiaire')}, {euros(made.total, decimals)}, "
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
    from cdppe_analysis.typography import counted

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
    print(f"« {annex.table.title} » : {counted(len(annex.table.rows), 'ligne')} dans {out}")
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
        f"{counted(len(statuses), 'total', 'totaux')} : {counted(statuses.count('egal'), 'égal', 'égaux')}, "
        f"{statuses.count('arrondi')} à l'arrondi près, "
        f"{statuses.count('ecart')} en écart"
        + (f", {masked} au-dessus de parties non imprimées" if (masked := statuses.count("masque")) else "")
    )
    print(f"{counted(len(annex.remarks), 'remarque')} dans {remarks_out}")
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


def _series(arguments: argparse.Namespace) -> int:
    """Read the file, write its series or add them to a folder, say what became of each sheet and what changed."""
    from cdppe_analysis.storage.tables import write_csv
    from cdppe_analysis.tables.series.publications import read_publication

    if arguments.out is None and arguments.into is None:
        raise TableError("say where the series go: --out CSV, --into FOLDER, or both")
    reading = read_publication(arguments.file, arguments.without)
    changes = None
    if arguments.into is not None:
        from cdppe_analysis.upkeep.adding import add_file

        changes = add_file(reading, arguments.file, arguments.into)
    if arguments.out is not None:
        write_csv(reading.rows, arguments.out)
    arguments.result = {
        "edition": reading.publication.edition,
        "titre": reading.publication.titre,
        "editeur": reading.publication.editeur,
        "series": reading.rows["serie"].nunique(),
        "valeurs": len(reading.rows),
        "feuilles": [
            {"feuille": fate.sheet, "lue": fate.outcome == "read", "totaux": fate.totals, "notes": _notes(fate)}
            for fate in reading.fates
        ],
        "ajout": None if changes is None else _addition(changes),
    }
    _tell(reading)
    if changes is not None:
        _tell_changes(changes)
    return 0


def _notes(fate: Fate) -> list[str]:
    return [*(() if fate.outcome == "read" else (fate.outcome,)), *fate.notes]


def _addition(changes: Changes) -> dict[str, Any]:
    return {
        "cellules": changes.kept,
        "deja_la": changes.known,
        "annees": [{"annee": year, "edition_precedente": former} for year, former in changes.years.items()],
        "comparees": changes.compared,
        "revisees": changes.revised,
        "estimations": changes.estimates,
        "regles": [_moved(moved) for moved in changes.moved],
        "regles_qui_nomment_l_edition": [_moved(moved) for moved in changes.named],
    }


def _moved(moved: Moved) -> dict[str, Any]:
    return {
        "regle": moved.rule,
        "montants": moved.amounts,
        "euros": moved.euros,
        "plus_grand": moved.largest,
        "code_departement": moved.code,
    }


def _tell(reading: SeriesReading) -> None:
    print(f"{reading.publication.edition}: {reading.publication.titre} ({reading.publication.editeur})")
    outcomes = Counter(fate.outcome for fate in reading.fates)
    print(
        f"{len(reading.rows)} values of {reading.rows['serie'].nunique()} series from {outcomes['read']} sheets, "
        f"{sum(fate.totals for fate in reading.fates)} printed totals agree"
    )
    for fate in reading.fates:
        notes = "; ".join(fate.notes)
        if fate.outcome != "read":
            print(f"  {fate.sheet}: {fate.outcome}{f' ({notes})' if notes else ''}")
        elif notes:
            print(f"  {fate.sheet}: {notes}")


def _tell_changes(changes: Changes) -> None:
    there = ", which were there from this very file" if changes.known else ""
    print(f"{changes.kept} cells kept as the edition {changes.edition}{there}")
    for year, former in changes.years.items():
        print(f"  {year} is now taken from it{f', and was from {former}' if former else ''}")
    if not changes.years:
        print("  no year is taken from it: the editions in use are newer, or give more series")
    print(f"{len(changes.revised)} values revised of the {changes.compared} that both editions give")
    for row in changes.revised.head(20).itertuples():
        print(f"  {row.critere} {row.millesime} {row.code_departement}: {row.avant:g} -> {row.apres:g}")
    for row in changes.estimates.itertuples():
        print(
            f"{row.critere} {row.millesime} is now published; the estimate {row.methode} missed its shares by "
            f"{row.ecart_moyen:.1f} % on average, at most by {row.ecart_max:+.1f} % ({row.code})"
        )
    for moved in changes.moved:
        if moved.amounts:
            print(
                f"{moved.rule}: {moved.amounts} amounts move, {moved.euros} euros change hands, at most "
                f"{moved.largest:+d} ({moved.code})"
            )
        else:
            print(f"{moved.rule}: no amount moves")
    for named in changes.named:
        print(
            f"{named.rule} names the edition that was replaced, and keeps it; with {changes.edition}, {named.amounts} "
            f"amounts would move, {named.euros} euros change hands, at most {named.largest:+d} ({named.code})"
        )


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {"new": _new, "ingest": _ingest, "series": _series}
