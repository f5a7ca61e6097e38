"""The values of criteria, for the beneficiaries of a rule or as a series by code.

A criterion takes the edition that is named; without one, the default method of an estimate, or the only edition there
is. Where Corse is asked for as one (`20`) and the series has `2A` and `2B`, their sum is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.rules import Rule
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.tables.estimates import default_edition
from cdppe_analysis.territories import Territories, france


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
