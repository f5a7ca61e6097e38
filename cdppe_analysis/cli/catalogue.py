"""`cdppe rules`, `scenarios`, `tables`, `sources`, `show X`: what there is, a line each, and one of them whole."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cdppe_analysis.cli.arguments import opened

if TYPE_CHECKING:
    from cdppe_analysis.data.handle import Data

_WIDTH = 28


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
    from cdppe_analysis.errors import RuleError

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
    from cdppe_analysis.errors import SourceError
    from cdppe_analysis.storage.strict import nearest

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
    raise SourceError(f"there is no rule, scenario, table or source {name!r}; the nearest is {nearest(name, names)!r}")


def _content(data: Data, name: str) -> dict[str, Any] | None:
    """Return the content of the rule, the scenario or the source that has a name."""
    if name in data.rules():
        # A study's rule is shown with its blanks.
        return data.content(name) if data.is_study else data.rule(name).mapping()
    if name in data.scenario_ids():
        return data.scenario(name).mapping()
    return dataclasses.asdict(data.sources[name]) if name in data.sources else None


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = dict.fromkeys([*_LISTS, "show"], _run)
