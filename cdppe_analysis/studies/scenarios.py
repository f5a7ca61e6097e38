"""The scenarios that the installation carries, and those of any YAML file.

One file a scenario, or one a family of variants that share a reasoning.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules.scenario import Scenario, parse_scenarios
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.yaml_file import read_yaml

_SCENARIOS = "scenarios"


def scenario_ids(folder: Path | None = None) -> list[str]:
    """Return the identifiers of all scenarios that the installation carries, one a variant.

    Examples
    --------
    >>> "ase-seule" in scenario_ids()
    True
    """
    return [scenario.id for path in _files(folder) for scenario in _read(path)]


def load_scenarios(name: str | Path, folder: Path | None = None) -> tuple[Scenario, ...]:
    """Return the scenarios of a name: one, all variants of a file, or those of a YAML file given by its path.

    Raises
    ------
    ScenarioError
        When there is none (naming the nearest), or when the file holds none.

    Examples
    --------
    >>> [scenario.id for scenario in load_scenarios("plancher")]
    ['plancher-0', 'plancher-50k', 'plancher-200k']
    """
    path = Path(name)
    if path.suffix in {".yml", ".yaml"} or len(path.parts) > 1:
        return _read(path)
    # A variant's name begins with that of its file: the others need not be read.
    for file in _files(folder):
        if str(name) == file.stem:
            return _read(file)
        if str(name).startswith(f"{file.stem}-"):
            for scenario in _read(file):
                if scenario.id == str(name):
                    return (scenario,)
    known = {identifier for file in _files(folder) for identifier in (file.stem, *(s.id for s in _read(file)))}
    near = difflib.get_close_matches(str(name), sorted(known), n=1, cutoff=0.0)
    hint = f"; the nearest is {near[0]!r}" if near else ""
    raise ScenarioError(f"there is no scenario {str(name)!r}{hint}")


def load_scenario(name: str | Path, folder: Path | None = None) -> Scenario:
    """Return one scenario.

    Raises
    ------
    ScenarioError
        As `load_scenarios`, and when the name is that of several variants.
    """
    found = load_scenarios(name, folder)
    if len(found) > 1:
        raise ScenarioError(f"{str(name)!r} holds several variants: {', '.join(s.id for s in found)}")
    return found[0]


def _files(folder: Path | None) -> list[Path]:
    return sorted(((folder or data_dir()) / _SCENARIOS).glob("*.yml"))


def _read(path: Path) -> tuple[Scenario, ...]:
    return parse_scenarios(read_yaml(path, ScenarioError), path.name)
