"""Add a publisher's file to a data folder, and tell what it changes: values revised, estimates replaced, amounts moved.

All is done in a copy of the folder first: the raw cells, the catalogue, the choice of editions, the clean tables, the
rules. Only then are the files of the folder replaced, so that a fault leaves it as it was.

- A year that an older edition of the same publication gave is taken from the new one (`editions.yml`), when it gives
  every series of that year; what a rule names stays among the criteria.
- A criterion that was estimated and is now published is taken from the publication by the rules that named the
  estimate, which becomes one of their variants.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import yaml

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.data.series import criteria_values
from cdppe_analysis.errors import CdppeError
from cdppe_analysis.sources import Archive, load_sources
from cdppe_analysis.storage.files import write_text
from cdppe_analysis.tables.estimates import methods
from cdppe_analysis.tables.published import Choice, load_choices
from cdppe_analysis.tables.series import Reading, add_edition
from cdppe_analysis.upkeep.construction import build_criteria, write_tables

_KEY = ["critere", "millesime", "code_departement"]


@dataclass(frozen=True)
class Moved:
    """How the amounts of a rule change: how many, the euros that change hands, the largest change and whose it is."""

    rule: str
    amounts: int
    euros: int
    largest: int
    code: str


@dataclass(frozen=True)
class Changes:
    """What a new edition changes.

    Attributes
    ----------
    edition, kept, known
        The edition, the number of cells kept of it, whether they were there already.
    years
        Each year that is now taken from it, with the edition it was taken from before, if any.
    revised
        Rows critere, millesime, code_departement, avant, apres: values that the new edition gives otherwise.
    compared
        Number of values that both editions give.
    estimates
        Rows critere, methode, ecart_moyen, ecart_max, code: how far each estimate was, in % of the published share.
    moved
        What becomes of each rule.
    named
        What would become of the rules that name an edition now replaced, if they named the new one.
    """

    edition: str
    kept: int
    known: bool
    years: Mapping[int, str | None]
    revised: pd.DataFrame
    compared: int
    estimates: pd.DataFrame
    moved: tuple[Moved, ...]
    named: tuple[Moved, ...]


def add_file(reading: Reading, file: str | Path, folder: Path) -> Changes:
    """Add a publisher's file to a data folder.

    Parameters
    ----------
    reading
        The file read.
    file
        The file itself.
    folder
        The data folder: `raw/`, `sources.yml`, `editions.yml`, `rules/`, `clean/`.

    Raises
    ------
    SourceError
        When the edition is there from another file, or when the folder is no data folder.
    CdppeError
        When the clean tables or a rule can no longer be computed; the folder is then as it was.
    """
    known = reading.publication.edition in load_sources(folder)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "data"
        try:
            shutil.copytree(folder, copy)
        except (OSError, shutil.Error) as error:
            raise CdppeError(f"cannot read the data folder: {error}", cell=str(folder)) from error
        before = Archive.open(copy).built(build_criteria)
        amounts = dict(_amounts(copy, before))
        rows = add_edition(reading, file, copy)
        years = _choose(reading, rows, copy)
        published = _publish(reading, rows, copy)
        archive = Archive.open(copy)
        after = archive.built(build_criteria)
        moved = tuple(_moved(rule, amounts[rule], new) for rule, new in _amounts(copy, after))
        named = tuple(would_move(copy, after, years, reading.publication.edition))
        write_tables(archive, copy / "clean")
        _replace(copy, folder)
    revised, compared = _revised(before, after, reading.publication.edition, years)
    missed = _missed(before, after, published)
    return Changes(reading.publication.edition, len(rows), known, years, revised, compared, missed, moved, named)


def would_move(folder: Path, table: pd.DataFrame, years: Mapping[int, str | None], edition: str) -> Iterator[Moved]:
    """Yield what would become of each rule that names an edition now replaced, if it named the new one.

    Parameters
    ----------
    folder, table
        The data folder, and its criteria.
    years, edition
        The edition that gave each year before, and the new one.
    """
    data = Data.open(folder)
    for identifier in data.rules():
        rule = data.rule(identifier)
        criteria = tuple(
            replace(criterion, edition=edition)
            if criterion.edition is not None and years.get(criterion.millesime or 0) == criterion.edition
            else criterion
            for criterion in rule.criteres
        )
        if criteria != rule.criteres:
            other = replace(rule, criteres=criteria)
            before, after = (
                allocate(each, criteria_values(each, table)).table.set_index("code_departement")["montant_eur"]
                for each in (rule, other)
            )
            yield _moved(identifier, before, after)


def _choose(reading: Reading, rows: pd.DataFrame, folder: Path) -> dict[int, str | None]:
    """Take from the new edition each year that an older one gave, or that none did; return what was before."""
    publication, edition = reading.publication.id, reading.publication.edition
    choices = load_choices(folder)
    choice = choices.get(publication)
    if choice is None:
        choice = Choice(publication, tuple(sorted(rows["serie"].unique())), {})
    years: dict[int, str | None] = {}
    for year, part in rows.groupby(rows["annee"].astype(int)):
        former = choice.annees.get(int(year))
        if set(choice.series) <= set(part["serie"]) and (former is None or _date(former) < _date(edition)):
            years[int(year)] = former
    annees = dict(sorted({**choice.annees, **dict.fromkeys(years, edition)}.items()))
    also = sorted({*choice.aussi, *(old for old in years.values() if old)} - {edition})
    choices[publication] = Choice(publication, choice.series, annees, tuple(also))
    _write_choices(folder / "editions.yml", choices)
    return years


def _date(edition: str) -> tuple[int, ...]:
    """Return the last year of an edition, with its month and day where it names them; nothing for one that has none."""
    found = re.search(r"((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?$", edition)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _write_choices(path: Path, choices: Mapping[str, Choice]) -> None:
    entries = [
        {
            "publication": choice.publication,
            "series": list(choice.series),
            "annees": {year: choice.annees[year] for year in choice.annees},
            **({"aussi": list(choice.aussi)} if choice.aussi else {}),
        }
        for choice in choices.values()
    ]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    comment = "".join(line for line in lines if line.startswith("#"))
    write_text(path, comment + yaml.safe_dump(entries, allow_unicode=True, sort_keys=False))


def _publish(reading: Reading, rows: pd.DataFrame, folder: Path) -> list[tuple[str, int]]:
    """Let the rules take a criterion from the publication where they named an estimate; return criterion and year."""
    estimated = {(method.criterion, year) for method in methods() for year in method.years}
    given = set(zip(rows["serie"], rows["annee"].astype(int), strict=True)) & estimated
    for path in sorted((folder / "rules").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        for critere, year in sorted(given):
            text = _renamed(text, critere, year, reading.publication.edition)
        write_text(path, text)
    return sorted(given)


def _renamed(text: str, critere: str, year: int, edition: str) -> str:
    """Return the text of a rule whose criterion takes an edition, the former one being a variant."""
    block = re.compile(rf"^  - id: {re.escape(critere)}\n(?:    .*\n)*", re.MULTILINE)

    def change(match: re.Match[str]) -> str:
        former = re.search(r"^    edition: (\S+)\n", match[0], re.MULTILINE)
        if former is None or re.search(rf"^    millesime: {year}\n", match[0], re.MULTILINE) is None:
            return match[0]
        found = match[0].replace(former[0], f"    edition: {edition}\n")
        variants = re.search(r"^    variantes: \[(.*)\]\n", found, re.MULTILINE)
        if variants is None:
            return found.replace(f"    edition: {edition}\n", f"    edition: {edition}\n    variantes: [{former[1]}]\n")
        return found.replace(variants[0], f"    variantes: [{former[1]}, {variants[1]}]\n")

    return block.sub(change, text)


def _amounts(folder: Path, table: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    data = Data.open(folder)
    for identifier in data.rules():
        rule = data.rule(identifier)
        found = allocate(rule, criteria_values(rule, table)).table
        yield identifier, found.set_index("code_departement")["montant_eur"]


def _moved(rule: str, before: pd.Series, after: pd.Series) -> Moved:
    change = (after - before).astype("int64")
    code = str(change.abs().idxmax())
    return Moved(rule, int(change.ne(0).sum()), int(change.abs().sum()) // 2, int(change[code]), code)


def _revised(
    before: pd.DataFrame, after: pd.DataFrame, edition: str, years: Mapping[int, str | None]
) -> tuple[pd.DataFrame, int]:
    old = before[before["edition"].eq(before["millesime"].map(years))]
    new = after[after["edition"].eq(edition)]
    both = old.merge(new, on=_KEY, suffixes=("_avant", "_apres"), validate="one_to_one")
    both = both.rename(columns={"valeur_avant": "avant", "valeur_apres": "apres"})[[*_KEY, "avant", "apres"]]
    return both[(both["avant"] - both["apres"]).abs() > 1e-9].reset_index(drop=True), len(both)


def _missed(before: pd.DataFrame, after: pd.DataFrame, published: list[tuple[str, int]]) -> pd.DataFrame:
    """Return how far each estimate of a criterion was from its publication, on shares, since a key has another unit."""
    rows = []
    for critere, year in published:
        true = after[after["critere"].eq(critere) & after["millesime"].eq(year) & after["statut"].eq("publie")]
        truth = true.set_index("code_departement")["valeur"]
        estimates = before[before["critere"].eq(critere) & before["millesime"].eq(year) & before["statut"].eq("estime")]
        for method, part in estimates.groupby("edition"):
            guess = part.set_index("code_departement")["valeur"].reindex(truth.index).dropna()
            shares, real = guess / guess.sum(), truth[guess.index] / truth[guess.index].sum()
            gap = 100 * (shares / real.where(real > 0) - 1)
            worst = str(gap.abs().idxmax())
            rows.append((critere, year, method, gap.abs().mean(), gap[worst], worst))
    return pd.DataFrame(rows, columns=["critere", "millesime", "methode", "ecart_moyen", "ecart_max", "code"])


def _replace(copy: Path, folder: Path) -> None:
    """Write in the folder what the copy has otherwise, each file whole; what refers to others comes last."""
    files = sorted(path.relative_to(copy) for path in copy.rglob("*") if path.is_file())
    changed = [
        name
        for name in files
        if not (folder / name).is_file() or (folder / name).read_bytes() != (copy / name).read_bytes()
    ]
    for name in sorted(changed, key=lambda name: (name.parts[0] != "raw", name.parts[0] == "clean", str(name))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(folder / name, (copy / name).read_text(encoding="utf-8"))
