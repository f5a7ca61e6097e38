"""The only door to the files: `Data.open()` gives tables, rules, scenarios, series, and the way back to a cell.

The functions are the short ways to the installation's own data, each a `Data.open()` with one question.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cdppe_analysis.data.given import criteria_values
from cdppe_analysis.data.handle import Data
from cdppe_analysis.needs import Needs
from cdppe_analysis.rules import Rule, Scenario

__all__ = ["Data", "load_criteria", "load_needs", "load_rule", "load_scenario", "load_table", "where"]


def load_table(name: str) -> pd.DataFrame:
    """Return a clean table, typed; see `Data.table`.

    Examples
    --------
    >>> load_table("allocations")["montant_eur"].sum()
    np.int64(15000001)
    """
    return Data.open().table(name)


def load_rule(rule: str | Path) -> Rule:
    """Return a rule, by its identifier or by the path of its YAML file; see `Data.rule`.

    Examples
    --------
    >>> load_rule("ondam-ms-2020").enveloppe
    Fraction(15000000, 1)
    """
    return Data.open().rule(rule)


def load_criteria(rule: Rule, table: pd.DataFrame | None = None, *, without: str | None = None) -> pd.DataFrame:
    """Return the values of a rule's criteria for its beneficiaries, wide; see `data.given.criteria_values`.

    Parameters
    ----------
    rule
        The rule.
    table
        A table like `criteres.csv`; the installation's own when left out.
    without
        A criterion to leave out, such as one that is unknown.
    """
    return criteria_values(rule, Data.open().table("criteres") if table is None else table, without=without)


def load_scenario(name: str | Path) -> Scenario:
    """Return one scenario; see `Data.scenario`."""
    return Data.open().scenario(name)


def load_needs(name: str | Path) -> Needs:
    """Return the parameters of a need; see `Data.needs`.

    Examples
    --------
    >>> load_needs("sessad-ase").service.places
    14
    """
    return Data.open().needs(name)


def where(table: str, **selection: object) -> pd.DataFrame:
    """Lead rows of a clean table back to the printed cells; see `Data.where`.

    Examples
    --------
    >>> where("allocations", code_departement="23")["imprime"].tolist()
    ['100 000 €']
    """
    return Data.open().where(table, **selection)
