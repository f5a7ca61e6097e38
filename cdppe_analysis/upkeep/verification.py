"""The checks of `cdppe check`: raw files by their hash, clean tables rebuilt and compared, rules read.

Where `CDPPE_DOCUMENTS` says where the official documents are, every number that they print and every place that the
clean rows record is held to them. Each check gives a line; a check that cannot be done is a check that failed, with the
sentence of its error.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, TableError
from cdppe_analysis.sources import (
    Correction,
    Source,
    apply_corrections,
    datapackage,
    load_register,
    load_sources,
    read_raw,
)
from cdppe_analysis.sources.printed import check_declarations, check_numbers
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.tables import catalogue
from cdppe_analysis.upkeep import construction
from cdppe_analysis.upkeep.annex4 import check_annex4
from cdppe_analysis.upkeep.places import FIGURES, check_places


@dataclass(frozen=True)
class Check:
    """What was checked, whether it holds, and what to say of it."""

    name: str
    ok: bool
    message: str = ""


def verify(folder: Path | None = None) -> Iterator[Check]:
    """Yield every check of the data folder, as it is done.

    Parameters
    ----------
    folder
        The data folder; the installation's own when left out.
    """
    root = folder or data_dir()
    try:
        sources, register = load_sources(root), load_register(root)
    except CdppeError as error:
        yield Check("catalogue of sources and register of corrections", False, str(error))
        return
    yield Check("catalogue of sources", True, f"{len(sources)} sources")
    for source in sources.values():
        for raw_file in source.fichiers:
            corrections = register.corrections_of(source.id, raw_file.tableau)
            yield _attempted(f"raw/{raw_file.chemin}", partial(_read, root, source.id, raw_file.tableau, corrections))
    for name, build in construction.TABLES.items():
        yield _attempted(f"clean/{name}.csv", partial(_same, root, name, build))
    for name, ok, message in [*catalogue.check(root), *_described(root)]:
        yield Check(name, ok, message)
    yield _attempted("corrections.yml, annex 4", partial(check_annex4, root))
    yield from _documents(root, [source for source in sources.values() if source.texte])
    data = Data.open(root)
    for rule in data.rules():
        yield _attempted(f"rules/{rule}.yml", partial(_computed, data, rule))
    for path in sorted((root / "scenarios").glob("*.yml")):
        yield _attempted(f"scenarios/{path.name}", partial(_compared, data, path))
    for path in sorted((root / "besoins").glob("*.yml")):
        yield _attempted(f"besoins/{path.name}", partial(_needed, data, path))


def _documents(root: Path, sources: list[Source]) -> Iterator[Check]:
    """Hold numbers and places to the official texts, where the variable says that they are."""
    given = os.environ.get("CDPPE_DOCUMENTS")
    texts = Path(given or ".")
    checks: dict[str, Callable[[], str]] = {
        **{f"documents/{source.texte}": partial(check_numbers, source, texts, root) for source in sources},
        "nombres.yml": partial(check_declarations, texts, root),
        **{f"clean/{name}.csv, places": partial(check_places, name, texts, root) for name in FIGURES},
    }
    for name, check in checks.items():
        untold = Check(name, True, "not held to the texts: CDPPE_DOCUMENTS does not say where they are")
        yield _attempted(name, check) if given else untold


def _attempted(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except CdppeError as error:
        return Check(name, False, str(error))


def _read(root: Path, source: str, tableau: str, corrections: tuple[Correction, ...]) -> str:
    rows = len(apply_corrections(read_raw(source, tableau, root), corrections).cells)
    return f"{rows} rows, {len(corrections)} corrections" if corrections else f"{rows} rows"


def _same(root: Path, name: str, build: Callable[[Path | None], pd.DataFrame]) -> str:
    built = build(root)
    path = root / "clean" / f"{name}.csv"
    if not path.is_file():
        raise CdppeError("the table is not there: run cdppe clean")
    with tempfile.TemporaryDirectory() as fresh:
        write_csv(built, Path(fresh) / path.name)
        expected = (Path(fresh) / path.name).read_text(encoding="utf-8").splitlines()
    found = path.read_text(encoding="utf-8").splitlines()
    if found != expected:
        line = next(
            (n for n, (a, b) in enumerate(zip(found, expected, strict=False), start=1) if a != b),
            min(len(found), len(expected)) + 1,
        )
        raise CdppeError("the file is not what the raw cells give: run cdppe clean", cell=f"line {line}")
    return f"{len(built)} rows, rebuilt the same"


def _described(root: Path) -> list[tuple[str, bool, str]]:
    try:
        return datapackage.check(root)
    except CdppeError as error:
        return [(datapackage.FILE, False, str(error))]


def _computed(data: Data, identifier: str) -> str:
    rule = data.rule(identifier)
    allocation = allocate(rule, data.criteria(rule))
    return f"{len(allocation.table)} beneficiaries share {int(allocation.table['montant_eur'].sum())} euros"


def _compared(data: Data, path: Path) -> str:
    from cdppe_analysis.studies import atlas, compare_prepared, prepare
    from cdppe_analysis.studies.uncertainty import uncertain_inputs

    scenarios, store = data.scenarios(path), atlas.read_store(data)
    for scenario in scenarios:
        prepared = prepare(scenario, data)
        compare_prepared(prepared)
        if atlas.is_stale(prepared, store):
            raise TableError(
                f"{atlas.FILE} keeps what other inputs gave: python -m {atlas.__name__} finds this scenario anew",
                cell=scenario.id,
            )
    inputs = len(uncertain_inputs(prepared))
    return f"{len(scenarios)} compared with {scenarios[0].base}, {inputs} uncertain inputs"


def _needed(data: Data, path: Path) -> str:
    return f"{data.needs(path).service.places} places a service"
