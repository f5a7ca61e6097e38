"""`cdppe clean`, `check`, `series`, `data`, `mask`: the tables rebuilt, checked, added to, given away, masked."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cdppe_analysis.cli.arguments import opened
from cdppe_analysis.cli.console import write_table
from cdppe_analysis.errors import TableError

if TYPE_CHECKING:
    from cdppe_analysis.tables.series.reading import Fate, SeriesReading
    from cdppe_analysis.upkeep.adding import Changes, Moved

_LABELS = ["libelle_departement", "code_region", "libelle_region"]


def _clean(arguments: argparse.Namespace) -> int:
    """Write the tables and say how many rows each has."""
    from cdppe_analysis.storage.files import carried_inside
    from cdppe_analysis.storage.tables import write_csv
    from cdppe_analysis.upkeep.construction import clean_amounts, write_tables

    if arguments.out is None and arguments.data is None and carried_inside():
        raise TableError("the tables of an installed package are not rebuilt in place: give a folder with --out")
    data = opened(arguments)
    out = arguments.out or data.folder / "clean"
    if data.is_study:
        amounts = clean_amounts(data)
        out.mkdir(parents=True, exist_ok=True)
        write_csv(amounts, out / "allocations.csv")
        written = {"allocations": len(amounts)}
    else:
        written = write_tables(data.archive, out)
    arguments.result = {"dossier": out, "tables": [{"id": name, "lignes": rows} for name, rows in written.items()]}
    for name, rows in written.items():
        print(f"{name}.csv: {rows} rows")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Print one line a check; exit with 1 when one failed."""
    from cdppe_analysis.upkeep.verification import verify

    arguments.result = {"verifications": [], "reussies": 0, "echouees": 0}
    for check in verify(arguments.data):
        arguments.result["verifications"].append({"nom": check.name, "reussie": check.ok, "message": check.message})
        arguments.result["reussies" if check.ok else "echouees"] += 1
        print(f"{'ok  ' if check.ok else 'FAIL'} {check.name}{f': {check.message}' if check.message else ''}")
    print(f"{arguments.result['reussies']} checks passed, {arguments.result['echouees']} failed")
    return 1 if arguments.result["echouees"] else 0


def _series(arguments: argparse.Namespace) -> int:
    """Read the file, write its series or add them to a folder, say what became of each sheet and what changed."""
    from cdppe_analysis.storage.tables import write_csv
    from cdppe_analysis.tables.series.reading import read_publication

    if arguments.out is None and arguments.into is None:
        raise TableError("say where the series go: --out CSV, --into DOSSIER, or both")
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


def _data(arguments: argparse.Namespace) -> int:
    """Write the files and say their size."""
    from cdppe_analysis.sources import datapackage
    from cdppe_analysis.upkeep.publication import README, write_publication

    data, out = opened(arguments), arguments.out
    sizes, first = write_publication(out, data), datapackage.FILE if data.is_study else README
    arguments.result = {
        "dossier": out,
        "fichiers": [{"fichier": out / name, "octets": size} for name, size in sizes.items()],
    }
    for name, size in sizes.items():
        print(f"{out / name}: {size} bytes")
    print(f"{len(sizes)} files, {sum(sizes.values())} bytes; begin with {out / first}")
    return 0


def _mask(arguments: argparse.Namespace) -> int:
    """Write the table and its sums by région and as a whole, 's' in place of what is masked, and say how many are."""
    from cdppe_analysis.data.given import read_criteria
    from cdppe_analysis.tables.secret import suppress

    units = opened(arguments).territories
    counts = read_criteria(arguments.file, units).set_index("code_departement").drop(columns=_LABELS, errors="ignore")
    suppression = suppress(counts, {code: units.unit(code).code_region for code in counts.index})
    printed = suppression.printed().rename_axis("code_departement").reset_index()
    arguments.result = {"table": printed, "cellules": suppression.cells}
    write_table(printed, arguments.out, f"{len(printed)} rows with their sums")
    statuses = suppression.cells["statut"].tolist()
    print(
        f"cdppe mask: {statuses.count('primaire')} counts of 1 to 4 masked, and {statuses.count('secondaire')} others "
        "so that no sum gives them back",
        file=sys.stderr,
    )
    return 0


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "clean": _clean,
    "check": _check,
    "series": _series,
    "data": _data,
    "mask": _mask,
}
