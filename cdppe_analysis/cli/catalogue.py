"""`cdppe rules`, `scenarios`, `tables`, `sources`, `show X`: what there is, a line each, and one of them whole."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any

from cdppe_analysis.cli.inputs import add_data, opened

if TYPE_CHECKING:
    from cdppe_analysis.data.handle import Data

_WIDTH = 28


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `show` shows, and the data folder."""
    add_data(parser)
    if parser.prog.endswith(" show"):
        parser.add_argument("name", metavar="X", help="the id of a rule, a scenario, a table or a source")


def run(arguments: argparse.Namespace) -> int:
    """Print the list, or the one that is asked for, in French.

    Raises
    ------
    SourceError
        When nothing has the name; the sentence gives the nearest.
    """
    data = opened(arguments)
    if arguments.verb == "show":
        return _show(data, arguments)
    rows = _LISTS[arguments.verb](data)
    arguments.result = [{"id": name, "titre": title} for name, title in rows]
    for name, title in rows:
        print(f"{name:<{_WIDTH}} {title}")
    return 0


def _rules(data: Data) -> list[tuple[str, str]]:
    return [(name, data.rule(name).titre) for name in data.rules()]


def _scenarios(data: Data) -> list[tuple[str, str]]:
    return [(name, data.scenario(name).titre) for name in data.scenario_ids()]


def _tables(data: Data) -> list[tuple[str, str]]:
    tables = {name: data.table(name) for name in data.tables()}
    return [(name, f"{len(table)} lignes : {', '.join(table.columns)}") for name, table in tables.items()]


def _sources(data: Data) -> list[tuple[str, str]]:
    return [(name, source.titre) for name, source in data.sources.items()]


_LISTS = {"rules": _rules, "scenarios": _scenarios, "tables": _tables, "sources": _sources}


def _show(data: Data, arguments: argparse.Namespace) -> int:
    from cdppe_analysis.errors import SourceError
    from cdppe_analysis.storage.strict import nearest

    name = arguments.name
    if name in data.tables():
        table = data.table(name)
        arguments.result = table.astype(object).where(table.notna(), None).to_dict("records")
        print(table.to_string(index=False))
        return 0
    text = _text(data, name)
    if text is not None:
        arguments.result = {"id": name, "contenu": text}
        print(text.rstrip())
        return 0
    known = [*data.tables(), *data.rules(), *data.scenario_ids(), *data.sources]
    raise SourceError(f"there is no rule, scenario, table or source {name!r}; the nearest is {nearest(name, known)!r}")


def _text(data: Data, name: str) -> str | None:
    """Return the text of what has a name: the file of a rule, a scenario or a source as YAML."""
    if name in data.rules():
        return (data.folder / "rules" / f"{name}.yml").read_text(encoding="utf-8")
    if name in data.scenario_ids():
        from cdppe_analysis.rules.scenario import scenario_mapping

        return _as_yaml(scenario_mapping(data.scenario(name)))
    if name in data.sources:
        return _as_yaml(dataclasses.asdict(data.sources[name]))
    return None


def _as_yaml(content: Any) -> str:
    import yaml

    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
