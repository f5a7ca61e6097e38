"""From files to objects: the clean tables, the rules, the criteria of a rule, and the way back to a printed cell.

This is the edge where the library reads its own data; the engine below does no I/O.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import CriteriaError, RuleError, SourceError, TableError
from cdppe_analysis.rules import Criterion, Names, Rule, parse_rule
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.storage.tables import lines_of, plain_number, read_text_table
from cdppe_analysis.storage.yaml_file import read_yaml
from cdppe_analysis.territories import check_codes, components

_INTEGERS = {"millesime", "annee", "montant_eur", "numero", "objectif", "jours_avant_j", "mois_imprimes", "places"}
_NUMBERS = {"valeur", "borne_basse", "borne_haute", "duree_jours"}


def load_table(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Return a clean table, typed: codes as text, counts as nullable integers, values as floats.

    Parameters
    ----------
    name
        Name of the file in `data/clean`, without `.csv`.
    folder
        The data folder; the installation's own when left out.

    Raises
    ------
    TableError
        When there is no such table; the sentence lists those there are.

    Examples
    --------
    >>> load_table("allocations")["montant_eur"].sum()
    np.int64(15000001)
    """
    clean = (folder or data_dir()) / "clean"
    path = clean / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in clean.glob("*.csv")))
        raise TableError(f"there is no clean table {name!r}; there are {known or 'none'}")
    header = pd.read_csv(path, nrows=0).columns
    dtype = {
        column: "float64" if column in _NUMBERS else "Int64" if column in _INTEGERS else "str" for column in header
    }
    table = pd.read_csv(
        path, dtype=dtype, keep_default_na=False, na_values={c: [""] for c in header if dtype[c] != "str"}
    )
    complete = [column for column in header if dtype[column] == "Int64" and not table[column].isna().any()]
    return table.astype(dict.fromkeys(complete, "int64"))


def rule_ids(folder: Path | None = None) -> list[str]:
    """Return the identifiers of the rules that the installation carries."""
    return sorted(path.stem for path in ((folder or data_dir()) / "rules").glob("*.yml"))


def load_rule(rule: str | Path, folder: Path | None = None) -> Rule:
    """Return a rule, by its identifier or by the path of its YAML file.

    Raises
    ------
    RuleError
        When there is no such rule, or when the file is not one; the sentence names the key.

    Examples
    --------
    >>> load_rule("ondam-ms-2020").enveloppe
    Fraction(15000000, 1)
    """
    path = rule_path(rule, folder)
    return parse_rule(read_yaml(path, RuleError), load_names(folder), path.name)


def rule_path(rule: str | Path, folder: Path | None = None) -> Path:
    """Return the file of a rule, given by its identifier or by its path.

    Raises
    ------
    RuleError
        When there is no such rule; the sentence gives the nearest known.
    """
    path = Path(rule)
    if path.suffix in {".yml", ".yaml"} or len(path.parts) > 1:
        return path
    known = rule_ids(folder)
    if str(rule) not in known:
        near = difflib.get_close_matches(str(rule), known, n=1)
        hint = f"; the nearest is {near[0]!r}" if near else f"; there are {', '.join(known)}"
        raise RuleError(f"there is no rule {str(rule)!r}{hint}")
    return (folder or data_dir()) / "rules" / f"{rule}.yml"


def load_names(folder: Path | None = None) -> Names:
    """Return what names in a rule stand for: the lists of beneficiaries, and the published amounts of each year.

    Published amounts are named `<dispositif>-<millesime>`, and read when a garantie first names some.
    """

    @cache
    def amounts() -> dict[str, dict[str, int]]:
        published = load_table("allocations", folder)
        return {
            f"{dispositif}-{millesime}": dict(zip(rows["code_departement"], map(int, rows["montant_eur"]), strict=True))
            for (dispositif, millesime), rows in published.groupby(["dispositif", "millesime"])
        }

    return Names(load_lists(folder), amounts)


def load_lists(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the named lists of beneficiaries, codes by name."""
    lists = {}
    for path in sorted(((folder or data_dir()) / "beneficiaires").glob("*.yml")):
        content = read_yaml(path, RuleError)
        lists[path.stem] = tuple(content["codes"])
    return lists


def load_criteria(rule: Rule, table: pd.DataFrame | None = None, *, without: str | None = None) -> pd.DataFrame:
    """Return the values of a rule's criteria for its beneficiaries, wide.

    A criterion takes the edition that the rule names; without one, the default method of an estimate, or the only
    edition there is. Where the rule has Corse as one (`20`) and the series `2A` and `2B`, their sum is taken.

    Parameters
    ----------
    rule
        The rule.
    table
        A table like `criteres.csv`; the installation's own when left out.
    without
        A criterion to leave out, such as one that is unknown.

    Returns
    -------
    DataFrame
        `code_departement`, then one column of floats a criterion id; one row a beneficiary.

    Raises
    ------
    CriteriaError
        When a criterion has no value for that year, several editions and no default, or none for a beneficiary.
    """
    known = load_table("criteres") if table is None else table
    columns: dict[str, Any] = {"code_departement": list(rule.beneficiaires)}
    for criterion in rule.criteres:
        if criterion.id == without:
            continue
        columns[criterion.id] = _values(criterion, rule.beneficiaires, known)
    return pd.DataFrame(columns)


def read_criteria(path: str | Path) -> pd.DataFrame:
    """Return the criteria that somebody gives in a file: `code_departement`, then one column a criterion.

    Numbers stay text, exact; `allocate` names the first cell of a criterion of the rule that is none, and a column that
    no rule uses may hold anything.

    Raises
    ------
    TableError
        When the file cannot be read for certain or lacks the column of the codes.
    TerritoryError
        When a code is unknown, given twice, read as a number, or stands beside its parts.
    """
    frame = read_text_table(path)
    if "code_departement" not in frame.columns:
        raise TableError(f"there is no column 'code_departement'; there are {', '.join(frame.columns)}", cell=str(path))
    check_codes(frame["code_departement"].tolist(), lines_of(frame))
    values = frame.columns.drop("code_departement")
    return frame.assign(**{name: frame[name].map(plain_number) for name in values})


def where(table: str, folder: Path | None = None, **selection: object) -> pd.DataFrame:
    """Lead rows of a clean table back to the printed cells.

    Parameters
    ----------
    table
        Name of the clean table.
    folder
        The data folder; the installation's own when left out.
    **selection
        Columns and the value that a row must have in each.

    Returns
    -------
    DataFrame
        One row a printed cell: the row's own columns chosen for the selection, then document, section (in a workbook,
        the address), tableau, ligne, colonne and imprime; for an estimate, the method's formula stands in `imprime`.

    Raises
    ------
    TableError
        When the table lacks a column, or no row is selected.

    Examples
    --------
    >>> where("allocations", code_departement="23")["imprime"].tolist()
    ['100 000 €']
    >>> where("criteres", critere="ase_apjm", code_departement="01")["section"].item()
    'Tab3-ase!F6'
    """
    rows = load_table(table, folder)
    for column, value in selection.items():
        if column not in rows.columns:
            raise TableError(f"the table {table!r} has no column {column!r}; it has {', '.join(rows.columns)}")
        rows = rows[rows[column] == value]
    if rows.empty:
        raise TableError(f"no row of {table!r} has {', '.join(f'{c} = {v!r}' for c, v in selection.items())}")
    found = [
        {**{column: row[column] for column in selection}, **cell}
        for row in rows.to_dict("records")
        for cell in _printed_cells(row["source"], row["emplacement"], folder)
    ]
    return pd.DataFrame(found)


def _values(criterion: Criterion, codes: Sequence[str], table: pd.DataFrame) -> list[float]:
    from cdppe_analysis.tables.estimates import default_edition

    rows = table[table["critere"] == criterion.id]
    if rows.empty:
        raise CriteriaError("the table of criteria has no such criterion", criterion=criterion.id)
    if criterion.millesime is not None:
        years = sorted(rows["millesime"].unique())
        rows = rows[rows["millesime"] == criterion.millesime]
        if rows.empty:
            listed = ", ".join(str(year) for year in years)
            raise CriteriaError(
                f"there is no value for the year {criterion.millesime}; there are {listed}", criterion=criterion.id
            )
    editions = sorted(rows["edition"].unique())
    edition = criterion.edition or (editions[0] if len(editions) == 1 else default_edition(criterion.id))
    if edition not in editions:
        raise CriteriaError(
            f"the edition {edition!r} is not among {', '.join(editions)}"
            if edition
            else f"several editions could be meant: {', '.join(editions)}",
            criterion=criterion.id,
        )
    values = rows[rows["edition"] == edition].set_index("code_departement")["valeur"].to_dict()
    return [_value(code, values, criterion.id) for code in codes]


def _value(code: str, values: dict[str, float], criterion: str) -> float:
    if code in values:
        return float(values[code])
    parts = components(code)
    if parts != (code,) and all(part in values for part in parts):
        return float(sum(values[part] for part in parts))
    whole = next((whole for whole in ("20",) if code in components(whole) and whole in values), None)
    hint = f"; the series has {whole!r} as one" if whole else ""
    raise CriteriaError(f"a beneficiary has no value{hint}", code=code, criterion=criterion)


def _printed_cells(source: str, emplacement: str, folder: Path | None) -> list[dict[str, object]]:
    from cdppe_analysis.sources import CellReference, load_sources, read_raw
    from cdppe_analysis.tables.estimates import methods_by_name

    known = load_sources(folder)
    document = known[source].titre if source in known else source
    method = methods_by_name().get(emplacement)
    if method is not None:
        return [
            {"document": document, "section": "", "tableau": method.edition, "ligne": None, "colonne": None,
             "imprime": f"{method.formule} ({method.hypothese}) À remplacer par : {method.remplacement}"}
        ]  # fmt: skip
    cells: list[dict[str, object]] = []
    for part in emplacement.split("; "):
        try:
            reference = CellReference.parse(part)
        except SourceError:
            cells.append(
                {
                    "document": document,
                    "section": part,
                    "tableau": None,
                    "ligne": None,
                    "colonne": None,
                    "imprime": None,
                }
            )
            continue
        raw = read_raw(source, reference.tableau, folder)
        raw_file = known[source].file(reference.tableau)
        columns = list(raw.cells.columns) if reference.colonne is None else [reference.colonne]
        address = None
        if {"feuille", "cellule"} <= set(raw.cells.columns):
            address = "!".join(raw.cells.loc[reference.ligne, ["feuille", "cellule"]])
        cells.extend(
            {
                "document": document,
                "section": raw_file.section if address is None else address,
                "tableau": raw_file.titre,
                "ligne": reference.ligne,
                "colonne": raw_file.colonnes[column],
                "imprime": raw.cells.at[reference.ligne, column],
            }
            for column in columns
        )
    return cells
