"""The values of criteria: those of the table of criteria, and those that the author of a study gives.

Of the table, a criterion takes the edition that is named; without one, the default method of an estimate, or the only
edition there is. Where Corse is asked for as one (`20`) and the series has `2A` and `2B`, their sum is taken.

An author gives `criteres.csv`, a row a unit, a column a criterion of the rules. Numbers stay the text that was typed,
exact. A blank column is a criterion still to be filled in, or to be deduced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cdppe_analysis.errors import CriteriaError, TableError, TerritoryError
from cdppe_analysis.rules import Rule
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.storage.tables import lines_of, plain_number, read_text_table
from cdppe_analysis.tables.estimates import default_edition
from cdppe_analysis.territories import Territories, france, normalised

FILE = "criteres.csv"
EDITION = "saisie"
"""The edition of what is filled in, where the rule names none."""

_CODE = "code_departement"


def read_criteria(path: str | Path, territories: Territories | None = None) -> pd.DataFrame:
    """Return the criteria that somebody gives in a file: `code_departement`, then one column a criterion.

    Where the units are not the départements, the column of codes may also be `code`. Numbers stay text, exact;
    `allocate` names the first cell of a criterion of the rule that is none, and a column that no rule uses may hold
    anything.

    Raises
    ------
    TableError
        When the file cannot be read for certain or lacks the column of the codes.
    TerritoryError
        When a code is unknown, given twice, read as a number, stands beside its parts or beside the name of another
        unit.
    """
    frame = read_text_table(path)
    units = territories or france()
    if "code" in frame.columns and _CODE not in frame.columns and units is not france():
        frame = frame.rename(columns={"code": _CODE})
    if _CODE not in frame.columns:
        wanted = _CODE if units is france() else "code"
        raise TableError(f"there is no column {wanted!r}; there are {', '.join(frame.columns)}", cell=str(path))
    try:
        units.check(frame[_CODE].tolist(), lines_of(frame))
    except TerritoryError as error:
        raise TerritoryError(error.message, code=error.code, cell=f"{Path(path).name}, {error.cell}") from None
    _check_names(frame, units, Path(path).name)
    values = frame.columns.drop(_CODE)
    return frame.assign(**{name: frame[name].map(plain_number) for name in values})


def _check_names(frame: pd.DataFrame, units: Territories, file: str) -> None:
    """Refuse a code beside the name of another unit, as a sort of some columns alone leaves them."""
    names = next((frame[name] for name in ("libelle_departement", "nom") if name in frame.columns), pd.Series())
    rows = zip(lines_of(frame), frame[_CODE], names.astype(str), strict=False)
    others = [row for row in rows if row[2] not in ("", units.label(row[1]))]
    if not others:
        return
    owners: dict[str, list[str]] = {}
    for code in units.units:
        owners.setdefault(normalised(units.label(code)), []).append(code)
    for line, code, name in others:
        owners_of_name, own = owners.get(normalised(name), [code]), set(units.components(code))
        if not any(own & set(units.components(other)) for other in owners_of_name):
            told = f"{name!r} is the name of {owners_of_name[0]!r}, not of {code!r} ({units.label(code)})"
            message = f"{told}: were some columns sorted without the others?"
            raise TerritoryError(message, code=code, cell=f"{file}, row {line}")


@dataclass(frozen=True, eq=False)
class Given:
    """The file of a study, as `read_criteria` reads it."""

    frame: pd.DataFrame

    def values(self, rule: Rule, *, without: str | None = None) -> pd.DataFrame:
        """Return the values of a rule's criteria for its beneficiaries, as they were typed.

        Parameters
        ----------
        rule
            The rule.
        without
            A criterion to leave out, such as one that is unknown.

        Returns
        -------
        DataFrame
            `code_departement`, then a column a criterion; one row a beneficiary, with the line of the file.

        Raises
        ------
        CriteriaError
            When a criterion has no column, or a beneficiary no row or no value; the sentence says what to fill in.
        """
        wanted = [criterion.id for criterion in rule.criteres if criterion.id != without]
        rows = self.frame[self.frame[_CODE].isin(rule.beneficiaires)]
        absent = sorted(set(rule.beneficiaires) - set(rows[_CODE]))
        if absent:
            raise CriteriaError(f"{_count(rule, absent)} no row in {FILE}: add it", code=absent[0], cell=FILE)
        for name in wanted:
            self.check_column(rule, name)
            blank = rows[_blank(rows[name])]
            if len(blank):
                told = _count(rule, blank[_CODE].tolist())
                place = f"{FILE}, line {lines_of(blank)[0]}"
                raise CriteriaError(
                    f"fill in the column {name!r} of {FILE}: {told} no value", criterion=name, cell=place
                )
        return rows[[_CODE, *wanted]]

    def check_column(self, rule: Rule, name: str) -> None:
        """Refuse a criterion of a rule that has no column, blank or not, naming the nearest."""
        if name not in self.frame.columns:
            near = hint(name, self.frame.columns.drop(_CODE))
            raise CriteriaError(f"{FILE} has no column {name!r}, a criterion of {rule.id!r}: add it{near}", cell=FILE)

    def blanks(self, names: Iterable[str], codes: Collection[str] | None = None) -> tuple[str, ...]:
        """Return the criteria of which the file says nothing, for some units or for any."""
        rows = self.frame if codes is None else self.frame[self.frame[_CODE].isin(codes)]
        return tuple(name for name in names if name not in rows.columns or bool(_blank(rows[name]).all()))

    def rows(self, rules: Iterable[Rule]) -> pd.DataFrame:
        """Return the values that are filled in as a table like `clean/criteres.csv`, with what the rules say of each.

        Raises
        ------
        CriteriaError
            When a value is no number, infinite or negative.
        """
        by_edition = {(c.id, c.millesime, c.edition or EDITION): c for rule in rules for c in rule.criteres}
        parts = []
        for (name, year, edition), criterion in by_edition.items():
            if name in self.frame.columns:
                rows = self.frame[~_blank(self.frame[name])]
                values = pd.to_numeric(rows[name], errors="coerce")
                for told, wrong in (("not a number", ~np.isfinite(values)), ("negative", values < 0)):
                    if wrong.any():
                        message = f"the value is {told}: {rows.at[wrong.idxmax(), name]!r}"
                        raise CriteriaError(message, criterion=name, cell=f"{FILE}, line {wrong.idxmax()}")
                said = {"critere": name, "millesime": year, "edition": edition, _CODE: rows[_CODE], "valeur": values}
                status = "publie" if criterion.statut == "publie" else "estime"
                where = {
                    "unite": "",
                    "statut": status,
                    "source": criterion.source,
                    "emplacement": criterion.emplacement,
                }
                parts.append(pd.DataFrame({**said, **where}))
        columns = ["critere", "millesime", "edition", _CODE, "valeur", "unite", "statut", "source", "emplacement"]
        filled_in = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
        return filled_in.astype({"valeur": "float64", "millesime": "int64"})


def _blank(column: pd.Series) -> pd.Series[bool]:
    return column.map(lambda cell: isinstance(cell, str) and cell.lower() in ("", "à compléter"))


def _count(rule: Rule, codes: list[str]) -> str:
    if len(codes) == 1:
        return f"{rule.label(codes[0])} ({codes[0]}) has"
    return f"{len(codes)} units, the first {rule.label(codes[0])} ({codes[0]}), have"


def criteria_values(rule: Rule, table: pd.DataFrame, *, without: str | None = None) -> pd.DataFrame:
    """Return the values of a rule's criteria for its beneficiaries, wide.

    Parameters
    ----------
    rule
        The rule.
    table
        A table like `criteres.csv`.
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
    columns: dict[str, Any] = {"code_departement": list(rule.beneficiaires)}
    for criterion in rule.criteres:
        if criterion.id != without:
            values = series_values(
                criterion.id,
                criterion.millesime,
                criterion.edition,
                rule.beneficiaires,
                table,
                rule.names.territories,
            )
            columns[criterion.id] = list(values.values())
    return pd.DataFrame(columns)


def series_values(
    critere: str,
    millesime: int,
    edition: str | None,
    codes: Sequence[str] | None,
    table: pd.DataFrame,
    territories: Territories | None = None,
) -> dict[str, float]:
    """Return a series of the table of criteria by code, the parts of a whole added up.

    Parameters
    ----------
    critere, millesime, edition
        The criterion, its year, its edition; `None` for the default.
    codes
        The codes asked for, in their order; all there are when `None`.
    table
        A table like `criteres.csv`.
    territories
        The units; the départements when left out.

    Raises
    ------
    CriteriaError
        When the criterion, its year or its edition is unknown, or there is no value for a code.
    """
    own = _edition_rows(critere, millesime, edition, table)
    values = dict(zip(own["code_departement"], own["valeur"].astype("float64"), strict=True))
    return values if codes is None else {code: _value(code, values, critere, territories or france()) for code in codes}


def series_units(rule: Rule, table: pd.DataFrame) -> dict[str, str]:
    """Return what the series of each criterion of a rule counts, as the table of criteria says (`unite`).

    A rule may ask for minors where the series counts young adults too: what is printed under a criterion says so.
    """
    rows = {c.id: _edition_rows(c.id, c.millesime, c.edition, table) for c in rule.criteres}
    return {name: str(own["unite"].iloc[0]) for name, own in rows.items()}


def _edition_rows(critere: str, millesime: int, edition: str | None, table: pd.DataFrame) -> pd.DataFrame:
    own = table["critere"] == critere
    rows = table[own & (table["millesime"] == millesime)]
    if not own.any():
        near = hint(critere, sorted(set(table["critere"])))
        raise CriteriaError(f"the table of criteria has no such criterion{near}", criterion=critere)
    if rows.empty:
        listed = ", ".join(str(year) for year in sorted(table.loc[own, "millesime"].unique()))
        raise CriteriaError(f"there is no value for the year {millesime}; there are {listed}", criterion=critere)
    editions = sorted(rows["edition"].unique())
    chosen = edition or (editions[0] if len(editions) == 1 else default_edition(critere))
    if chosen not in editions:
        raise CriteriaError(
            f"the edition {chosen!r} is not among {', '.join(editions)}"
            if chosen
            else f"several editions could be meant: {', '.join(editions)}",
            criterion=critere,
        )
    return rows[rows["edition"] == chosen]


def _value(code: str, values: dict[str, float], critere: str, territories: Territories) -> float:
    if code in values:
        return float(values[code])
    parts = territories.components(code)
    if parts != (code,) and all(part in values for part in parts):
        return float(sum(values[part] for part in parts))
    whole = territories.wholes.get(code)
    beside = f"; the series has {whole!r} as one" if whole in values else ""
    raise CriteriaError(f"a beneficiary has no value{beside}", code=code, criterion=critere)
