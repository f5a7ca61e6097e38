"""Add a publisher's file to a data folder, and tell what it changes: values revised, estimates replaced, amounts moved.

Of a file, a folder keeps the series and the years that `publications.yml` says under `garder`, so that the data stay
small, as a raw table `series.csv`, one row a cell. All is done in a copy of the folder first: the raw cells, the
catalogue, the choice of editions, the clean tables, the rules. Only then are the files of the folder replaced, so that
a fault leaves it as it was.

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
from typing import Any

import pandas as pd
import yaml

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.data.given import criteria_values
from cdppe_analysis.errors import CdppeError, SourceError
from cdppe_analysis.rules import Rule
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import sha256, write_text
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.tables.estimates import methods
from cdppe_analysis.tables.published import Choice, load_choices
from cdppe_analysis.tables.series.publications import Publication, SeriesReading
from cdppe_analysis.upkeep.construction import build_criteria, write_tables

_HELD = {
    "serie": "Série (titre du tableau et de la colonne)",
    "annee": "Année",
    "code_departement": "Code du département",
    "valeur": "Cellule",
    "unite": "Unité",
    "feuille": "Feuille du classeur",
    "cellule": "Adresse dans la feuille",
}
"""Columns of the raw table, each with what it holds."""
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


def add_file(reading: SeriesReading, file: str | Path, folder: Path) -> Changes:
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
    edition = reading.publication.edition
    is_known = edition in Archive.open(folder).sources
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "data"
        try:
            shutil.copytree(folder, copy)
        except (OSError, shutil.Error) as error:
            raise CdppeError(f"cannot read the data folder: {error}", cell=str(folder)) from error
        data = Data.open(copy)
        before = data.archive.built(build_criteria)
        amounts = {name: _amounts(data.rule(name), before) for name in data.rules()}
        rows = _add_edition(reading, Path(file), data)
        years = _choose(reading, rows, copy)
        published = _publish(reading, rows, copy)
        data = Data.open(copy)
        after = data.archive.built(build_criteria)
        moved = tuple(_moved(name, amounts[name], _amounts(data.rule(name), after)) for name in data.rules())
        named = tuple(_would_move(data, after, years, edition))
        write_tables(data.archive, copy / "clean")
        _replace(copy, folder)
    revised, compared = _revised(before, after, edition, years)
    missed = _missed(before, after, published)
    return Changes(edition, len(rows), is_known, years, revised, compared, missed, moved, named)


def _add_edition(reading: SeriesReading, file: Path, data: Data) -> pd.DataFrame:
    """Write the raw table and the entry of the catalogue, and return the rows kept; nothing for a file already there.

    The entry is written at the end of `sources.yml`, whose comments are left as they are.
    """
    edition, listed = reading.publication.edition, data.folder / "sources.yml"
    sources, rows, own = data.sources, reading.kept(), sha256(file)
    if edition in sources:
        if sources[edition].empreinte == own:
            return rows
        raise SourceError(f"the edition {edition!r} is there already, from another file", cell=str(listed))
    if rows.empty:
        raise SourceError(f"the edition {edition!r} holds none of the series that are kept", cell=str(file))
    raw = data.folder / "raw" / edition / "series.csv"
    raw.parent.mkdir(parents=True, exist_ok=True)
    printed = rows.assign(valeur=rows["valeur"].map(lambda value: f"{value:.15g}"))
    printed.insert(0, "ligne", range(1, len(rows) + 1))
    write_csv(printed, raw)
    entry = yaml.safe_dump(
        [_entry(reading.publication, own, raw, file.name)], allow_unicode=True, sort_keys=False, width=110
    )
    indented = "".join(f"  {line}\n" for line in entry.splitlines())
    write_text(listed, f"{listed.read_text(encoding='utf-8').rstrip()}\n{indented}")
    return rows


def _entry(publication: Publication, own: str, raw: Path, file: str) -> dict[str, Any]:
    return {
        "id": publication.edition,
        "titre": publication.titre,
        "editeur": publication.editeur,
        "date": publication.date,
        "licence": publication.licence,
        "nature": "serie",
        "note": f"Lu dans le classeur {file} ; chaque ligne donne sa feuille et sa cellule.",
        "empreinte": own,
        "fichiers": [
            {
                "tableau": "series",
                "chemin": f"{publication.edition}/series.csv",
                "sha256": sha256(raw),
                "section": "Tableaux par département",
                "titre": "Séries, une ligne par cellule du classeur",
                "colonnes": _HELD,
            }
        ],
    }


def _would_move(data: Data, table: pd.DataFrame, years: Mapping[int, str | None], edition: str) -> Iterator[Moved]:
    """Yield what would become of each rule that names an edition now replaced, if it named the new one."""
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
            yield _moved(identifier, _amounts(rule, table), _amounts(other, table))


def _choose(reading: SeriesReading, rows: pd.DataFrame, root: Path) -> dict[int, str | None]:
    """Take from the new edition each year that an older one gave, or that none did; return what was before."""
    publication, edition = reading.publication.id, reading.publication.edition
    choices = load_choices(Archive.open(root))
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
    _write_choices(root / "editions.yml", choices)
    return years


def _date(edition: str) -> tuple[int, ...]:
    """Return the last year of an edition, with its month and day where it names them; nothing for one that has none."""
    match = re.search(r"((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?$", edition)
    return tuple(int(part) for part in match.groups() if part) if match else ()


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
    write_text(path, comment + yaml.safe_dump(entries, sort_keys=False))


def _publish(reading: SeriesReading, rows: pd.DataFrame, root: Path) -> list[tuple[str, int]]:
    """Let the rules take a criterion from the publication where they named an estimate; return criterion and year."""
    estimated = {(method.criterion, year) for method in methods() for year in method.years}
    given = set(zip(rows["serie"], rows["annee"].astype(int), strict=True)) & estimated
    for path in sorted((root / "rules").glob("*.yml")):
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
        entry = match[0].replace(former[0], f"    edition: {edition}\n")
        variants = re.search(r"^    variantes: \[(.*)\]\n", entry, re.MULTILINE)
        if variants is None:
            return entry.replace(f"    edition: {edition}\n", f"    edition: {edition}\n    variantes: [{former[1]}]\n")
        return entry.replace(variants[0], f"    variantes: [{former[1]}, {variants[1]}]\n")

    return block.sub(change, text)


def _amounts(rule: Rule, table: pd.DataFrame) -> pd.Series:
    return allocate(rule, criteria_values(rule, table)).table.set_index("code_departement")["montant_eur"]


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
