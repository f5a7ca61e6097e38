"""The one handle of the data: opened once, it gives tables, rules, scenarios, series and needs.

What a table holds is said by `schemas.yml` alone: its columns, their types. An unknown table, edition, column or code
is an error and never an empty result. Nothing is read before it is asked for; what is read once is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd

from cdppe_analysis.data.printed import printed_cells
from cdppe_analysis.data.series import criteria_values, series_values
from cdppe_analysis.errors import CdppeError, NeedsError, RuleError, ScenarioError, TableError
from cdppe_analysis.needs.parameters import Needs, parse_needs
from cdppe_analysis.rules import Names, Rule, Scenario, parse_rule, parse_scenarios
from cdppe_analysis.sources.documents import Source, load_sources
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.strict import nearest
from cdppe_analysis.storage.yaml_file import read_yaml

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
        if not Path(folder).is_dir():
            raise TableError(f"there is no data folder {str(folder)!r}")
        return cls(Path(folder))

    def tables(self) -> list[str]:
        """Return the names of the clean tables that are there."""
        return _stems(self.folder / "clean", "csv")

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
    def sources(self) -> dict[str, Source]:
        """The catalogue of sources, by identifier."""
        return load_sources(self.folder)

    @cached_property
    def names(self) -> Names:
        """What names in a rule stand for: lists of beneficiaries, published amounts `<dispositif>-<millesime>`."""
        lists = {}
        for path in sorted((self.folder / "beneficiaires").glob("*.yml")):
            lists[path.stem] = tuple(read_yaml(path, RuleError)["codes"])
        return Names(lists, lambda: self.published)

    @cached_property
    def published(self) -> dict[str, dict[str, int]]:
        """The published amounts by code, of each `<dispositif>-<millesime>`."""
        return {
            f"{dispositif}-{millesime}": dict(zip(rows["code_departement"], map(int, rows["montant_eur"]), strict=True))
            for (dispositif, millesime), rows in self.table("allocations").groupby(["dispositif", "millesime"])
        }

    def rules(self) -> list[str]:
        """Return the identifiers of the rules."""
        return _stems(self.folder / "rules", "yml")

    def rule(self, rule: str | Path) -> Rule:
        """Return a rule, by its identifier or by the path of its YAML file.

        Raises
        ------
        RuleError
            When there is no such rule (naming the nearest), or when the file is not one; the sentence names the key.
        """
        path = self._file("rules", rule, "rule", RuleError)
        return parse_rule(read_yaml(path, RuleError), self.names, path.name)

    def scenario_ids(self) -> list[str]:
        """Return the identifiers of all scenarios, one a variant."""
        return [scenario.id for path in self._scenario_files() for scenario in _scenarios_of(path)]

    def scenarios(self, name: str | Path) -> tuple[Scenario, ...]:
        """Return the scenarios of a name: one, all variants of a file, or those of a YAML file given by its path.

        Raises
        ------
        ScenarioError
            When there is none (naming the nearest), or when the file holds none.
        """
        if _is_path(name):
            return _scenarios_of(Path(name))
        # A variant's name begins with that of its file: the others need not be read.
        for file in self._scenario_files():
            if str(name) == file.stem:
                return _scenarios_of(file)
            if str(name).startswith(f"{file.stem}-"):
                for scenario in _scenarios_of(file):
                    if scenario.id == str(name):
                        return (scenario,)
        known = sorted({*_stems(self.folder / "scenarios", "yml"), *self.scenario_ids()})
        raise ScenarioError(f"there is no scenario {str(name)!r}{_nearest(str(name), known)}")

    def scenario(self, name: str | Path) -> Scenario:
        """Return one scenario.

        Raises
        ------
        ScenarioError
            As `scenarios`, and when the name is that of several variants.
        """
        found = self.scenarios(name)
        if len(found) > 1:
            raise ScenarioError(f"{str(name)!r} holds several variants: {', '.join(one.id for one in found)}")
        return found[0]

    def criteria(self, rule: Rule, *, without: str | None = None) -> pd.DataFrame:
        """Return the values of a rule's criteria for its beneficiaries, wide; see `data.series.criteria_values`."""
        return criteria_values(rule, self.table("criteres"), without=without)

    def series(
        self, critere: str, millesime: int, edition: str | None = None, codes: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Return a series of the table of criteria by code; see `data.series.series_values`."""
        return series_values(critere, millesime, edition, codes, self.table("criteres"))

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
        if needs.enfants is None:
            raise NeedsError("these parameters name no series of protected children")
        return self.series(*needs.enfants, codes)

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
            for cell in printed_cells(row["source"], row["emplacement"], self.folder)
        )

    @cached_property
    def _schemas(self) -> dict[str, dict[str, str]]:
        content = read_yaml(self.folder / "schemas.yml", TableError)
        return {
            name: {column: (own or content["communs"][column])["type"] for column, own in table["champs"].items()}
            for name, table in content["tables"].items()
        }

    def _read(self, name: str) -> pd.DataFrame:
        path = self.folder / "clean" / f"{name}.csv"
        if not path.is_file():
            raise TableError(f"there is no clean table {name!r}; there are {', '.join(self.tables()) or 'none'}")
        if name not in self._schemas:
            raise TableError(f"the table {name!r} has no schema{_nearest(name, self._schemas)}", cell="schemas.yml")
        dtype = {column: _TYPES.get(type_, "str") for column, type_ in self._schemas[name].items()}
        header = list(pd.read_csv(path, nrows=0).columns)
        if header != list(dtype):
            raise TableError(f"its columns are {', '.join(header)}, its schema says {', '.join(dtype)}", cell=path.name)
        empty = {column: [""] for column in header if dtype[column] != "str"}
        table = pd.read_csv(path, dtype=dtype, keep_default_na=False, na_values=empty)
        complete = [column for column in header if dtype[column] == "Int64" and not table[column].isna().any()]
        return table.astype(dict.fromkeys(complete, "int64"))

    def _scenario_files(self) -> list[Path]:
        return sorted((self.folder / "scenarios").glob("*.yml"))

    def _file(self, kind: str, name: str | Path, word: str, error: type[CdppeError]) -> Path:
        if _is_path(name):
            return Path(name)
        known = _stems(self.folder / kind, "yml")
        if str(name) not in known:
            raise error(f"there is no {word} {str(name)!r}{_nearest(str(name), known)}")
        return self.folder / kind / f"{name}.yml"


def _is_path(name: str | Path) -> bool:
    path = Path(name)
    return path.suffix in _YAML or len(path.parts) > 1


def _stems(folder: Path, suffix: str) -> list[str]:
    return sorted(path.stem for path in folder.glob(f"*.{suffix}"))


def _nearest(name: str, known: Iterable[str]) -> str:
    names = list(known)
    return f"; the nearest is {nearest(name, names)!r}" if names else ""


def _scenarios_of(path: Path) -> tuple[Scenario, ...]:
    return parse_scenarios(read_yaml(path, ScenarioError), path.name)
