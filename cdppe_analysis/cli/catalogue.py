"""What a data folder has: told, rebuilt, checked, given away.

`cdppe rules`, `scenarios`, `tables`, `sources`, `show X`: what there is, a line each, and one of them whole; `clean`,
`check`, `data`, `mask`: its tables rebuilt, checked, written for others, a table masked.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cdppe_analysis.cli.arguments import opened
from cdppe_analysis.cli.console import write_table
from cdppe_analysis.errors import RuleError, SourceError, TableError

if TYPE_CHECKING:
    from cdppe_analysis.data.handle import Data

_WIDTH = 28
_LABELS = ["libelle_departement", "code_region", "libelle_region"]


def _run(arguments: argparse.Namespace) -> int:
    """Print the list, or the one that is asked for, in French."""
    data = opened(arguments)
    if arguments.verb == "show":
        return _show(data, arguments)
    arguments.result = list(_LISTS[arguments.verb](data))
    for entry in arguments.result:
        told = entry.get("titre") or f"{entry['lignes']} lignes : {', '.join(entry['colonnes'])}"
        print(f"{entry['id']:<{_WIDTH}} {told}")
    return 0


def _rules(data: Data) -> Iterator[dict[str, Any]]:
    for name in data.rules():
        try:
            rule = data.rule(name)
        except RuleError as error:
            if not data.is_study:
                raise
            yield {"id": name, "titre": error.message, "millesime": None, "enveloppe": None}
        else:
            yield {"id": name, "titre": rule.titre, "millesime": rule.millesime, "enveloppe": rule.enveloppe}


def _scenarios(data: Data) -> Iterator[dict[str, Any]]:
    for name in data.scenario_ids():
        yield {"id": name, "titre": data.scenario(name).titre, "base": data.scenario(name).base}


def _tables(data: Data) -> Iterator[dict[str, Any]]:
    for name in data.tables():
        table = data.table(name)
        yield {"id": name, "lignes": len(table), "colonnes": list(table.columns)}


def _sources(data: Data) -> Iterator[dict[str, Any]]:
    for name, source in data.sources.items():
        yield {"id": name, "titre": source.titre, "editeur": source.editeur, "date": source.date}


_LISTS = {"rules": _rules, "scenarios": _scenarios, "tables": _tables, "sources": _sources}


def _show(data: Data, arguments: argparse.Namespace) -> int:
    from cdppe_analysis.storage.strict import hint

    name = arguments.name
    if name in data.tables():
        arguments.result = data.shown(name)
        print(arguments.result.to_string(index=False))
        return 0
    arguments.result = _content(data, name)
    if arguments.result is not None:
        import yaml

        own = data.folder / "rules" / f"{name}.yml"
        print(
            own.read_text(encoding="utf-8").rstrip()
            if name in data.rules()
            else yaml.safe_dump(arguments.result, allow_unicode=True, sort_keys=False, width=120).rstrip()
        )
        return 0
    names = [*data.tables(), *data.rules(), *data.scenario_ids(), *data.sources]
    raise SourceError(f"there is no rule, scenario, table or source {name!r}{hint(name, names)}")


def _content(data: Data, name: str) -> dict[str, Any] | None:
    """Return the content of the rule, the scenario or the source that has a name."""
    if name in data.rules():
        # A study's rule is shown with its blanks.
        return data.content(name) if data.is_study else data.rule(name).mapping()
    if name in data.scenario_ids():
        return data.scenario(name).mapping()
    return dataclasses.asdict(data.sources[name]) if name in data.sources else None


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
    for check in verify(opened(arguments)):
        arguments.result["verifications"].append({"nom": check.name, "reussie": check.ok, "message": check.message})
        arguments.result["reussies" if check.ok else "echouees"] += 1
        print(f"{'ok  ' if check.ok else 'FAIL'} {check.name}{f': {check.message}' if check.message else ''}")
    print(f"{arguments.result['reussies']} checks passed, {arguments.result['echouees']} failed")
    return 1 if arguments.result["echouees"] else 0


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
        f"cdppe mask: counts of 1 to 4 masked: {statuses.count('primaire')}; others, so that no sum gives them back: "
        f"{statuses.count('secondaire')}",
        file=sys.stderr,
    )
    return 0


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {
    **dict.fromkeys([*_LISTS, "show"], _run),
    "clean": _clean,
    "check": _check,
    "data": _data,
    "mask": _mask,
}
