"""The checks of `cdppe check`: raw files by their hash, clean tables rebuilt and compared, rules read.

Where `CDPPE_DOCUMENTS` says where the official documents are, every number that they print and every place that the
clean rows record is held to them. `emplacement` names one or several cells (`tableau L<ligne> <colonne>`), or a row
where it prints no figure: a cell must stand in the text of the document at the line that its raw table gives, and each
figure of the clean row must be one of those that its cells print. Each check gives a line; a check that cannot be done
is a check that failed, with the sentence of its error.

Known drawback: of a date, the day alone is compared: its year may stand elsewhere in the document.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from cdppe_analysis.allocation import Allocation, allocate
from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, SourceError, TableError, written
from cdppe_analysis.sources import Archive, CellReference, Source, datapackage
from cdppe_analysis.sources.printed import PrintedDocument, check_declarations, check_numbers, placed
from cdppe_analysis.storage.files import sha256
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.tables import pmi
from cdppe_analysis.tables.amounts import PrintedFigure, read_amount
from cdppe_analysis.tables.pmi import SEPARATOR
from cdppe_analysis.territories import DECLARED
from cdppe_analysis.upkeep import construction

FIGURES: Mapping[str, tuple[str, ...]] = {
    "allocations": ("montant_eur",),
    "prevalence": ("valeur", "borne_basse", "borne_haute"),
    "sejours": ("duree_jours", "mois_imprimes"),
    "pmi": ("valeur",),
    "objectifs": ("numero",),
    "dispositifs": ("valeur", "places"),
    "echeances": ("jours_avant_j", "date"),
    "reperes": ("valeur", "borne_basse", "borne_haute"),
}
"""The tables that are drawn from the documents, each with the columns that hold its figures."""

_Printed: TypeAlias = dict[tuple[str, int], dict[str, str]]
"""The texts of the printed cells, by table and row, then by column."""


@dataclass(frozen=True)
class CheckResult:
    """What was checked, whether it holds, and what to say of it."""

    name: str
    ok: bool
    message: str = ""


def verify(data: Data) -> Iterator[CheckResult]:
    """Yield every check of a data folder, as it is done."""
    root = data.folder
    yield from _study(data) if data.is_study else _installation(data.archive)
    for rule in data.rules():
        yield _attempted(f"rules/{rule}.yml", partial(_computed, data, rule))
    baselines: dict[str, Allocation] = {}
    for path in sorted((root / "scenarios").glob("*.yml")):
        yield _attempted(f"scenarios/{path.name}", partial(_compared, data, path, baselines))
    for path in sorted((root / "besoins").glob("*.yml")):
        yield _attempted(f"besoins/{path.name}", partial(_needed, data, path))


def _study(data: Data) -> Iterator[CheckResult]:
    """Check what was read of an annex: the document and its table by their hash, each amount by its cells."""
    root = data.folder
    units = _attempted(DECLARED, lambda: f"{len(data.territories.units)} units")
    if (root / DECLARED).is_file():
        yield units
    try:
        sources = data.sources.values()
    except CdppeError as error:
        yield CheckResult("sources.yml", False, str(error))
        return
    for source in sources:
        if source.texte is not None:
            yield _attempted(f"raw/{source.id}/{source.texte}", partial(_same_document, root, source))
        for raw_file in source.fichiers:
            yield _attempted(f"raw/{raw_file.chemin}", partial(_raw, data.archive, source.id, raw_file.tableau))
    if "allocations" in data.tables() and units.ok:
        yield _attempted("clean/allocations.csv", partial(_printed, data))


def _raw(archive: Archive, source: str, tableau: str) -> str:
    return f"{len(archive.as_read(source, tableau).cells)} rows"


def _same_document(root: Path, source: Source) -> str:
    path = root / "raw" / source.id / str(source.texte)
    if not path.is_file() or sha256(path) != source.empreinte:
        raise CdppeError("the document is missing, or is not the one whose SHA-256 sources.yml gives")
    return "the document that was read"


def _printed(data: Data) -> str:
    """Hold each amount to the last of its cells, which `cdppe clean` reads, corrections made."""
    table = data.table("allocations")
    data.territories.check(table["code_departement"].tolist(), range(2, len(table) + 2))
    cells: dict[tuple[str, str], pd.DataFrame] = {}
    columns = (table[name].tolist() for name in ("code_departement", "montant_eur", "source", "emplacement"))
    for code, amount, source, places in zip(*columns, strict=True):
        for reference in map(CellReference.parse, places.split("; ")):
            key = (source, reference.table)
            if key not in cells:
                cells[key] = data.archive.as_read(*key).cells
            if reference.row not in cells[key].index or reference.column not in cells[key].columns:
                raise CdppeError(f"{reference} names no cell", code=code)
        if _number(cells[key][reference.column].loc[reference.row]) != Decimal(str(amount)):
            raise CdppeError(f"the amount {amount} is not that of its cell", code=code, cell=places)
    return f"{len(table)} amounts, each in its cell"


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _installation(archive: Archive) -> Iterator[CheckResult]:
    try:
        sources, register = archive.sources, archive.register
    except CdppeError as error:
        yield CheckResult("catalogue of sources and register of corrections", False, str(error))
        return
    yield CheckResult("catalogue of sources", True, f"{len(sources)} sources")
    for source in sources.values():
        for raw_file in source.fichiers:
            corrections = register.corrections_of(source.id, raw_file.tableau)
            yield _attempted(
                f"raw/{raw_file.chemin}", partial(_read, archive, source.id, raw_file.tableau, len(corrections))
            )
    for name, build in construction.TABLES.items():
        yield _attempted(f"clean/{name}.csv", partial(_same, archive, name, build))
    for name in FIGURES:
        if name != "allocations":  # whose totals hold its cells
            yield _attempted(f"clean/{name}.csv, printed cells", partial(_led_back, archive, construction.TABLES[name]))
    try:
        yield from [CheckResult(*said) for said in datapackage.check(archive)]
    except CdppeError as error:
        yield CheckResult(datapackage.FILE, False, str(error))
    yield _attempted("corrections.yml, annex 4", partial(pmi.check_corrections, archive))
    yield from _documents(archive, [source for source in sources.values() if source.texte])


def _documents(archive: Archive, sources: list[Source]) -> Iterator[CheckResult]:
    """Hold numbers and places to the official texts, where the variable says that they are."""
    given = os.environ.get("CDPPE_DOCUMENTS")
    texts = Path(given or ".")
    printed = cache(partial(_printed_texts, archive, texts))
    checks: dict[str, Callable[[], str]] = {
        **{f"documents/{source.texte}": partial(check_numbers, source, texts, archive) for source in sources},
        "nombres.yml": partial(check_declarations, texts, archive),
        **{f"clean/{name}.csv, places": partial(_check_places, name, archive, printed) for name in FIGURES},
    }
    for name, check in checks.items():
        untold = CheckResult(name, True, "not held to the texts: CDPPE_DOCUMENTS does not say where they are")
        yield _attempted(name, check) if given else untold


def _attempted(name: str, check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(name, True, check())
    except (CdppeError, OSError) as error:
        return CheckResult(name, False, str(error))


def _read(archive: Archive, source: str, tableau: str, corrections: int) -> str:
    rows = len(archive.corrected(source, tableau).cells)
    return f"{rows} rows, {corrections} corrections" if corrections else f"{rows} rows"


def _same(archive: Archive, name: str, build: Callable[[Archive], pd.DataFrame]) -> str:
    built = archive.built(build)
    path = archive.folder / "clean" / f"{name}.csv"
    if not path.is_file():
        raise CdppeError("the table is not there: run cdppe clean")
    with tempfile.TemporaryDirectory() as fresh:
        write_csv(built, Path(fresh) / path.name)
        expected = (Path(fresh) / path.name).read_text(encoding="utf-8").splitlines()
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines != expected:
        line = next(
            (n for n, (a, b) in enumerate(zip(lines, expected, strict=False), start=1) if a != b),
            min(len(lines), len(expected)) + 1,
        )
        raise CdppeError("the file is not what the raw cells give: run cdppe clean", cell=f"line {line}")
    return f"{len(built)} rows, rebuilt the same"


def _computed(data: Data, identifier: str) -> str:
    rule = data.rule(identifier)
    allocation = allocate(rule, data.criteria(rule))
    unlisted = dict.fromkeys(c.source for c in rule.criteres if c.source not in data.sources)
    beside = f"; not in sources.yml: {', '.join(unlisted)}" if unlisted else ""
    total = written(sum(allocation.final.values(), Fraction(0)))
    return f"{len(allocation.table)} beneficiaries share {total} euros{beside}"


def _compared(data: Data, path: Path, baselines: dict[str, Allocation]) -> str:
    from cdppe_analysis.studies import atlas
    from cdppe_analysis.studies.preparation import compare_prepared, prepare
    from cdppe_analysis.studies.uncertainty import uncertain_inputs

    scenarios, store = data.scenarios(path), atlas.Store.read(data)
    for scenario in scenarios:
        before = baselines.get(scenario.base)
        prepared = prepare(scenario, data, base=before.rule if before else None)
        baselines[scenario.base] = before = before or allocate(prepared.base, prepared.base_criteria)
        compare_prepared(prepared, before)
        if store.is_stale(prepared):
            raise TableError(
                f"{atlas.FILE} keeps what other inputs gave: python -m {atlas.__name__} finds this scenario anew",
                cell=scenario.id,
            )
    inputs = len(uncertain_inputs(prepared))
    return f"{len(scenarios)} compared with {scenarios[0].base}, {inputs} uncertain inputs"


def _needed(data: Data, path: Path) -> str:
    return f"{data.needs(path).service.places} places a service"


def _check_places(name: str, archive: Archive, printed: Callable[[str], _Printed]) -> str:
    """Hold each place of a clean table to the documents, of which `printed` gives the texts of a source.

    Raises
    ------
    SourceError
        Naming the first place that names no printed cell, or the first figure that its places do not print.
    """
    table = pd.read_csv(archive.folder / "clean" / f"{name}.csv", dtype=str, keep_default_na=False)
    table = table[table["source"].map(lambda source: archive.sources[source].texte is not None)]
    places = 0
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        where = f"clean/{name}.csv, line {number + 2}"
        texts = []
        for place in row["emplacement"].split(SEPARATOR):
            reference = CellReference.parse(place)
            cells = printed(row["source"]).get((reference.table, reference.row), {})
            if not cells or (reference.column is not None and not cells.get(reference.column)):
                raise SourceError(f"{place!r} names no cell that the document prints", cell=where)
            texts += [cells[reference.column]] if reference.column else list(cells.values())
            places += 1
        held = {figure for text in texts for figure in _figures(text)}
        for column in FIGURES[name]:
            figure = row[column][-2:] if column == "date" and row[column].count("-") >= 2 else row[column]
            if column == "date" and figure == row[column]:
                continue
            if figure and Decimal(figure) not in held:
                raise SourceError(f"its places do not print the {figure!r} of its column {column!r}", cell=where)
    return f"{len(table)} rows, {places} places"


def _led_back(archive: Archive, build: Callable[[Archive], pd.DataFrame]) -> str:
    """Follow every place of a table to its printed cell.

    Raises
    ------
    SourceError
        When a place names no cell, or no table of the catalogue.
    TableError
        When the raw table has no such row or column.
    """
    table = archive.built(build)
    pairs = zip(table["source"], table["emplacement"], strict=True)
    places = sorted({(source, part) for source, place in pairs for part in place.split(SEPARATOR)})
    for source, part in places:
        reference = CellReference.parse(part)
        cells = archive.raw(source, reference.table).cells
        if reference.row not in cells.index or reference.column not in {None, *cells.columns}:
            raise TableError("a row leads to no printed cell", cell=f"{source} {reference}")
    return f"{len(table)} rows lead to {len(places)} cells"


def _printed_texts(archive: Archive, documents: Path, source: str) -> _Printed:
    """Return the texts of the cells that stand in their place, by table and row, then by column."""
    entry = archive.sources[source]
    document = PrintedDocument.open(entry, documents)
    printed: _Printed = {}
    for raw_file in entry.fichiers:
        raw = archive.raw(source, raw_file.tableau)
        for ligne in raw.cells.index:
            printed[raw_file.tableau, int(ligne)] = {"": ""} if "ligne_texte" in raw_file.colonnes else {}
        for ligne, column in placed(document, archive, raw_file):
            printed[raw_file.tableau, ligne][column] = str(raw.cells.at[ligne, column])
    return printed


def _figures(text: str) -> set[Decimal]:
    """Return every figure that a cell can be read to hold."""
    figures = {Decimal(digits.replace(",", ".")) for digits in re.findall(r"\d+(?:,\d+)?", text)}
    figures |= {Decimal(0)} if text == "Jour J" else set()
    with contextlib.suppress(TableError):
        figure = PrintedFigure.read(text)
        figures |= {number for number in (figure.value, figure.low, figure.high) if number is not None}
    with contextlib.suppress(TableError):
        figures.add(Decimal(read_amount(text)))
    return figures
