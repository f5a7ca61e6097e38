"""The one handle of the data: opened once, it gives tables, rules, scenarios, series and needs.

What a table holds is said by `schemas.yml` alone: its columns, their types. An unknown table, edition, column or code
is an error and never an empty result. Nothing is read before it is asked for; what is read once is kept.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.data import given
from cdppe_analysis.data.given import criteria_values, series_units, series_values
from cdppe_analysis.errors import CdppeError, NeedsError, RuleError, ScenarioError, SourceError, TableError
from cdppe_analysis.needs import Needs, parse_needs
from cdppe_analysis.rules import Names, Rule, Scenario, parse_rule, parse_scenarios
from cdppe_analysis.rules.rule import blank_paths
from cdppe_analysis.sources import Archive, CellReference, Source
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import Strict, hint, read_yaml
from cdppe_analysis.tables.estimates import methods
from cdppe_analysis.tables.secret import masked
from cdppe_analysis.territories import DECLARED, Territories, france

_TYPES = {"integer": "Int64", "number": "float64"}
_YAML = {".yml", ".yaml"}


class Data:
    """A data folder, opened.

    Parameters
    ----------
    folder
        The folder that holds `clean/`, `rules/`, `scenarios/` and the rest.

    Examples
    --------
    >>> data = Data.open()
    >>> rule = data.rule("ondam-ms-2020")
    >>> len(data.criteria(rule)), data.series("ase_0_17", 2017, "tous-ages")["23"]
    (30, 420.0)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, pd.DataFrame] = {}

    @classmethod
    def open(cls, folder: str | Path | None = None) -> Data:
        """Open a data folder; the installation's own when none is given.

        Raises
        ------
        TableError
            When there is no such folder.
        """
        if folder is None:
            return cls(data_dir())
        if Path(folder).is_file():
            raise TableError(f"{str(folder)!r} is a file, not the folder of a study")
        if not Path(folder).is_dir():
            raise TableError(f"there is no data folder {str(folder)!r}")
        if not any((Path(folder) / name).exists() for name in ("rules", "clean", "sources.yml", DECLARED)):
            raise TableError(f"{str(folder)!r} is no data folder: it has neither rules nor tables; cdppe new makes one")
        return cls(Path(folder))

    def tables(self) -> list[str]:
        """Return the names of the clean tables that are there."""
        return sorted({*_stems(self.folder / "clean", "csv"), *(["criteres"] if self._given.is_file() else [])})

    @property
    def is_study(self) -> bool:
        """Whether the criteria are those that an author fills in, beside what was read of an annex."""
        own = (self.folder / "schemas.yml", self.folder / "clean" / given.FILE)
        of_rules = (self.folder / "rules").is_dir() and not any(path.is_file() for path in own)
        return self._given.is_file() or of_rules

    @cached_property
    def territories(self) -> Territories:
        """The units: those of `territoires.csv` where the folder declares its own, else the départements."""
        own = self.folder / DECLARED
        return Territories.read(own) if os.path.lexists(own) else france()

    def table(self, name: str) -> pd.DataFrame:
        """Return a clean table, typed as `schemas.yml` says: codes as text, integers, floats.

        Integers are nullable where one is missing.

        Raises
        ------
        TableError
            When there is no such table (the sentence lists those there are), when no schema describes it, or when its
            columns are others.
        """
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name].copy()

    @cached_property
    def archive(self) -> Archive:
        """What was read of the documents: the catalogue of sources, cells as printed and as corrected."""
        return Archive.open(self.folder)

    def shown(self, name: str) -> pd.DataFrame:
        """Return a clean table as it may be shown: the counts that `schemas.yml` marks `secret_statistique`, masked.

        The mark names the columns of counts (`effectifs`), and those that tell one table from another (`par`).

        Raises
        ------
        TableError
            As `table`, and when a count is none.
        """
        table, secret = self.table(name), self.archive.schemas["tables"].get(name, {}).get("secret_statistique")
        if secret is None:
            return table
        regions = {code: unit.code_region for code, unit in self.territories.units.items()}
        return masked(table, secret["effectifs"], secret.get("par", ()), regions)

    @property
    def sources(self) -> dict[str, Source]:
        """The catalogue of sources, by identifier."""
        return self.archive.sources

    @cached_property
    def names(self) -> Names:
        """What names in a rule stand for: lists of beneficiaries, published amounts `<dispositif>-<millesime>`."""
        lists = {}
        for path in sorted((self.folder / "beneficiaires").glob("*.yml")):
            read, place = Strict(RuleError), f"beneficiaires/{path.name}"
            content = read.keyed(read_yaml(path, RuleError), place)
            lists[path.stem] = tuple(read.listed(read.needed(content, "codes", place), place))
        if self.territories is not france():
            units = self.territories
            lists["territoires"] = tuple(code for code in units.units if code not in units.covers)
        return Names(lists, lambda: self.published, self.territories)

    @cached_property
    def published(self) -> dict[str, dict[str, Any]]:
        """The published amounts by code, of each `<dispositif>-<millesime>`; `<dispositif>` where no year is known."""
        table = self.table("allocations")
        exact = [int(amount) if float(amount).is_integer() else Decimal(str(amount)) for amount in table["montant_eur"]]
        amounts: dict[str, dict[str, Any]] = {}
        for name, code, amount in zip(_sharings(table), table["code_departement"], exact, strict=True):
            amounts.setdefault(name, {})[code] = amount
        return amounts

    def amounts(self, rule: Rule) -> pd.DataFrame:
        """Return the published amounts of a rule, those of its name; all that there are where none has it."""
        table = self.table("allocations")
        own = table[_sharings(table) == rule.id]
        return own if len(own) else table

    def rules(self) -> list[str]:
        """Return the identifiers of the rules."""
        return _stems(self.folder / "rules", "yml")

    def rule(self, rule: str | Path | None = None, *, weighted: bool = True) -> Rule:
        """Return a rule, by its identifier or by the path of its YAML file; the only one of the folder without either.

        Parameters
        ----------
        rule
            Identifier or path.
        weighted
            Whether its weights must be filled in; otherwise those that are not are taken as equal.

        Raises
        ------
        RuleError
            When there is no such rule (naming the nearest), or when the file is not one, or says another id.
        """
        if rule is None:
            rules = self.rules()
            if len(rules) != 1:
                told = f"name one of the {len(rules)} rules: {', '.join(rules)}" if rules else "there is no rule"
                raise RuleError(told, cell=str(self.folder / "rules"))
            rule = rules[0]
        path = self._file("rules", rule, "rule", RuleError)
        place = f"{path.parent.name}/{path.name}" if self.is_study else path.name
        parsed = parse_rule(read_yaml(path, RuleError), self.names, place, weighted=weighted)
        if not _is_path(rule):
            _check_named(parsed.id, path, RuleError, place)
        return parsed

    def scenario_ids(self) -> list[str]:
        """Return the identifiers of all scenarios, one a variant."""
        return [scenario.id for path in self._scenario_files() for scenario in _own_scenarios(path)]

    def scenarios(self, name: str | Path) -> tuple[Scenario, ...]:
        """Return the scenarios of a name: one, all variants of a file, or those of a YAML file given by its path.

        Raises
        ------
        ScenarioError
            When there is none (naming the nearest), when the file holds none, or one of another name than its file.
        """
        if _is_path(name):
            return _scenarios_of(Path(name))
        # A variant's name begins with that of its file: the others need not be read.
        for file in self._scenario_files():
            if str(name) == file.stem:
                return _own_scenarios(file)
            if str(name).startswith(f"{file.stem}-"):
                for scenario in _own_scenarios(file):
                    if scenario.id == str(name):
                        return (scenario,)
        names = sorted({*_stems(self.folder / "scenarios", "yml"), *self.scenario_ids()})
        raise ScenarioError(f"there is no scenario {str(name)!r}{hint(str(name), names)}")

    def scenario(self, name: str | Path) -> Scenario:
        """Return one scenario.

        Raises
        ------
        ScenarioError
            As `scenarios`, and when the name is that of several variants.
        """
        variants = self.scenarios(name)
        if len(variants) > 1:
            raise ScenarioError(
                f"{str(name)!r} holds several variants: {', '.join(variant.id for variant in variants)}"
            )
        return variants[0]

    def criteria(self, rule: Rule, *, without: str | None = None) -> pd.DataFrame:
        """Return the values of a rule's criteria for its beneficiaries, wide.

        They are those that the author of a study fills in (see `data.given`), else those of the table of criteria (see
        `data.given.criteria_values`).
        """
        if self.is_study:
            return self._filled_in.values(rule, without=without)
        return criteria_values(rule, self.table("criteres"), without=without)

    def units(self, rule: Rule) -> dict[str, str]:
        """Return what the series of each criterion counts (see `data.given.series_units`); nothing for a study."""
        return {} if self.is_study else series_units(rule, self.table("criteres"))

    def content(self, name: str) -> dict[str, Any]:
        """Return what the file of a rule says, whatever is still to be filled in.

        Raises
        ------
        RuleError
            When there is no such rule (naming the nearest), or when the file holds no mapping.
        """
        path = self._file("rules", name, "rule", RuleError)
        content = read_yaml(path, RuleError)
        if not isinstance(content, dict):
            raise RuleError(f"expected keys and values, found {content!r}", cell=path.name)
        return content

    def blanks(self, name: str) -> list[str]:
        """Return what is still to be filled in of a study's rule: keys of its file, blank columns of its criteria.

        A column that is blank may also be deduced from published amounts.
        """
        content = self.content(name)
        blanks = [f"rules/{name}.yml : {key}" for key in blank_paths(content)]
        criteria = content.get("criteres")
        if self.is_study and isinstance(criteria, list):
            names = [str(criterion.get("id")) for criterion in criteria if isinstance(criterion, dict)]
            blanks += [f"{given.FILE} : {name}" for name in self._filled_in.blanks(names)]
        return blanks

    def blank_criteria(self, rule: Rule) -> tuple[str, ...]:
        """Return the criteria of a rule that a study leaves blank for all beneficiaries; each must have a column."""
        names = [criterion.id for criterion in rule.criteres] if self.is_study else []
        for name in names:
            self._filled_in.check_column(rule, name)
        return self._filled_in.blanks(names, rule.beneficiaires) if names else ()

    def series(
        self, critere: str, millesime: int, edition: str | None = None, codes: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Return a series of the table of criteria by code; see `data.given.series_values`."""
        return series_values(critere, millesime, edition, codes, self.table("criteres"), self.territories)

    def needs(self, name: str | Path) -> Needs:
        """Return the parameters of a need, by their identifier or by the path of their YAML file.

        Raises
        ------
        NeedsError
            When there are none (naming the nearest), when a key is missing or unknown, or a number is none.
        """
        path = self._file("besoins", name, "need", NeedsError)
        return parse_needs(read_yaml(path, NeedsError), path.name)

    def protected_children(self, needs: Needs, codes: Sequence[str]) -> dict[str, float]:
        """Return the protected children by code, of the series that the parameters of a need name."""
        if needs.children is None:
            raise NeedsError("these parameters name no series of protected children")
        return self.series(*needs.children, codes)

    def where(self, table: str, **selection: object) -> pd.DataFrame:
        """Lead rows of a clean table back to the printed cells.

        Parameters
        ----------
        table
            Name of the clean table.
        **selection
            Columns and the value that a row must have in each.

        Returns
        -------
        DataFrame
            One row a printed cell: the row's own columns chosen for the selection, then document, section, tableau,
            ligne, colonne and imprime; for an estimate, the method's formula stands in `imprime`.

        Raises
        ------
        TableError
            When the table lacks a column, or no row is selected.
        """
        rows = self.table(table)
        if "emplacement" not in rows.columns:
            raise TableError(f"the rows of {table!r} lead to no printed cell")
        for column, value in selection.items():
            if column not in rows.columns:
                raise TableError(f"the table {table!r} has no column {column!r}; it has {', '.join(rows.columns)}")
            rows = rows[rows[column] == value]
        if rows.empty:
            raise TableError(f"no row of {table!r} has {', '.join(f'{c} = {v!r}' for c, v in selection.items())}")
        return pd.DataFrame(
            {**{column: row[column] for column in selection}, **cell}
            for row in rows.to_dict("records")
            for cell in _printed_cells(row["source"], row["emplacement"], self.archive)
        )

    @property
    def _given(self) -> Path:
        return self.folder / given.FILE

    @cached_property
    def _filled_in(self) -> given.Given:
        return given.Given(given.read_criteria(self._given, self.territories))

    def _complete_rules(self) -> Iterator[Rule]:
        for name in self.rules():
            with contextlib.suppress(RuleError):
                yield self.rule(name)

    @cached_property
    def _schemas(self) -> dict[str, dict[str, str]]:
        content = self.archive.schemas
        return {
            name: {column: (own or content["communs"][column])["type"] for column, own in table["champs"].items()}
            for name, table in content["tables"].items()
        }

    def _read(self, name: str) -> pd.DataFrame:
        path = self.folder / "clean" / f"{name}.csv"
        if name == "criteres" and self._given.is_file():
            return self._filled_in.rows(self._complete_rules())
        if not os.path.lexists(path):
            raise TableError(f"there is no clean table {name!r}; there are {', '.join(self.tables()) or 'none'}")
        if name not in self._schemas:
            raise TableError(f"the table {name!r} has no schema{hint(name, self._schemas)}", cell="schemas.yml")
        dtype = {column: _TYPES.get(type_, "str") for column, type_ in self._schemas[name].items()}
        # Amounts to the cent are no integers: they stay the numbers that they are.
        loose = {column: "float64" if kind == "Int64" else kind for column, kind in dtype.items()}
        empty = {column: [""] for column, kind in dtype.items() if kind != "str"}
        try:
            header = list(pd.read_csv(path, nrows=0).columns)
            if header != list(dtype):
                told = f"its columns are {', '.join(header)}, its schema says {', '.join(dtype)}"
                raise TableError(told, cell=path.name)
            table = pd.read_csv(path, dtype=loose, keep_default_na=False, na_values=empty)
        except OSError as error:
            raise TableError(f"cannot read {path}: {error.strerror or error}") from error
        except pd.errors.EmptyDataError as error:
            raise TableError("the table is empty", cell=path.name) from error
        except ValueError as error:  # no text, rows of more cells, a word among numbers
            told = f"the table cannot be read: {str(error).strip()}"
            raise TableError(told, cell=path.name) from error
        for column in (column for column in header if dtype[column] == "Int64"):
            if (table[column].dropna() % 1 == 0).all():
                table[column] = table[column].astype("Int64" if table[column].isna().any() else "int64")
        return table

    def _scenario_files(self) -> list[Path]:
        return sorted((self.folder / "scenarios").glob("*.yml"))

    def _file(self, kind: str, name: str | Path, word: str, error: type[CdppeError]) -> Path:
        if _is_path(name):
            return Path(name)
        names = _stems(self.folder / kind, "yml")
        if str(name) not in names:
            raise error(f"there is no {word} {str(name)!r}{hint(str(name), names)}")
        return self.folder / kind / f"{name}.yml"


def _is_path(name: str | Path) -> bool:
    path = Path(name)
    return path.suffix in _YAML or len(path.parts) > 1


def _stems(folder: Path, suffix: str) -> list[str]:
    return sorted(path.stem for path in folder.glob(f"*.{suffix}"))


def _sharings(table: pd.DataFrame) -> pd.Series[str]:
    """Return the name of the sharing of each published amount."""
    years = table["millesime"].astype("Int64").astype("str").where(table["millesime"].notna(), "")
    return (table["dispositif"] + "-" + years).str.removesuffix("-")


def _scenarios_of(path: Path) -> tuple[Scenario, ...]:
    return parse_scenarios(read_yaml(path, ScenarioError), path.name)


def _own_scenarios(path: Path) -> tuple[Scenario, ...]:
    """Return the scenarios of a file of the folder: no two files hold one name."""
    scenarios = _scenarios_of(path)
    _check_named(scenarios[0].famille, path, ScenarioError, path.name)
    return scenarios


def _check_named(given: str, path: Path, error: type[CdppeError], place: str) -> None:
    if given != path.stem:
        raise error(f"its id is {given!r}: it is to be the name of its file, {path.stem!r}", cell=place)


def _printed_cells(source: str, emplacement: str, archive: Archive) -> list[dict[str, object]]:
    """Return the cells that an `emplacement` names, or the formula of the estimate that it is."""
    catalogue = archive.sources
    document = catalogue[source].titre if source in catalogue else source
    method = next((method for method in methods() if method.place == emplacement), None)
    if method is not None:
        return [
            {"document": document, "section": "", "tableau": method.edition, "ligne": None, "colonne": None,
             "imprime": f"{method.formula} ({method.hypothesis}) À remplacer par : {method.replacement}"}
        ]  # fmt: skip
    cells: list[dict[str, object]] = []
    for part in emplacement.split("; "):
        try:
            reference = CellReference.parse(part)
        except SourceError:
            unknown = dict.fromkeys(("tableau", "ligne", "colonne", "imprime"))
            cells.append({"document": document, "section": part, **unknown})
            continue
        raw = archive.raw(source, reference.table)
        raw_file = catalogue[source].file(reference.table)
        columns = list(raw.cells.columns) if reference.column is None else [reference.column]
        address = None
        if {"feuille", "cellule"} <= set(raw.cells.columns):
            address = "!".join(raw.cells[name].loc[reference.row] for name in ("feuille", "cellule"))
        cells.extend(
            {
                "document": document,
                "section": raw_file.section if address is None else address,
                "tableau": raw_file.titre,
                "ligne": reference.row,
                "colonne": raw_file.colonnes[column],
                "imprime": raw.cells.at[reference.row, column],
            }
            for column in columns
        )
    return cells
