"""The index that was never published, deduced from the amounts that were: rows of `criteres.csv`, status `derive`.

The rule of 2020 shares half of the envelope by the `igb` of the CNSA, published nowhere. The published amounts and the
other criterion leave each share of it in an interval (`allocation.calibrate_criterion`). The value kept here is the
centre: one compatible index among others, in the middle of the admissible multipliers. It depends on what is taken for
the other criterion, so that there is one edition of it for each of that criterion's variants.

Since many studies ask for the same intervals, which take sixty linear programs, the last ones are kept by what went in.

Known drawback: recomputing the published amounts from this index proves nothing, since it comes from them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from functools import lru_cache

import pandas as pd

from cdppe_analysis.calibration.criterion import CriterionIntervals, calibrate_criterion, compatible_centre
from cdppe_analysis.data.given import criteria_values
from cdppe_analysis.errors import RuleError
from cdppe_analysis.rules import Rule

_PREFIX = "deduit-ase-"


def deduced_edition(edition: str) -> str:
    """Return the name of the index deduced with a variant of the other criterion.

    Examples
    --------
    >>> deduced_edition("tous-ages")
    'deduit-ase-tous-ages'
    """
    return _PREFIX + edition


def deduced_criterion(rule: Rule) -> str | None:
    """Return the criterion of a rule that is deduced: the one whose edition says so; `None` where there is none."""
    return next((c.id for c in rule.criteres if (c.edition or "").startswith(_PREFIX)), None)


def index_intervals(
    rule: Rule, table: pd.DataFrame, allocations: pd.DataFrame, edition: str | None = None
) -> CriterionIntervals:
    """Return the intervals of the unpublished index.

    Parameters
    ----------
    rule
        The rule of 2020.
    table
        The table of criteria.
    allocations
        The published amounts: `code_departement`, `montant_eur`.
    edition
        The variant of the other criterion; the rule's own when left out.

    Raises
    ------
    RuleError
        When no criterion of the rule is deduced.
    InfeasibleError
        When no index is compatible with the amounts.
    """
    unknown = _deduced(rule)
    varied = _with_edition(rule, edition) if edition else rule
    values = criteria_values(varied, table, without=unknown)
    amounts = _by_code(allocations)
    rows = tuple(values.itertuples(index=False, name=None))
    intervals = _calibrated(varied, unknown, tuple(values), rows, tuple(amounts.items()))
    return dataclasses.replace(
        intervals,
        table=intervals.table.copy(),
        centre=dict(intervals.centre),
        certificates=intervals.certificates.copy(),
    )


@lru_cache(maxsize=8)
def _calibrated(
    rule: Rule,
    unknown: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[Hashable, ...], ...],
    amounts: tuple[tuple[str, int], ...],
) -> CriterionIntervals:
    return calibrate_criterion(rule, pd.DataFrame(rows, columns=list(columns)), dict(amounts), unknown)


def deduced_index(rule: Rule, table: pd.DataFrame, allocations: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the deduced index, for each variant of the other criterion.

    Parameters
    ----------
    rule
        The rule of 2020.
    table
        The published and estimated rows of `criteres.csv`.
    allocations
        The table `allocations.csv`.
    """
    cells = allocations.set_index("code_departement")["emplacement"]
    criterion, amounts = rule.criterion(_deduced(rule)), _by_code(allocations)
    frames = []
    for edition in _editions(rule):
        varied = _with_edition(rule, edition)
        values = criteria_values(varied, table, without=criterion.id)
        centre = compatible_centre(varied, values, amounts, criterion.id)
        frames.append(
            pd.DataFrame(
                {
                    "critere": criterion.id,
                    "millesime": criterion.millesime,
                    "edition": deduced_edition(edition),
                    "code_departement": list(centre),
                    "valeur": [float(part) for part in centre.values()],
                    "unite": "part des trente départements",
                    "statut": "derive",
                    "source": allocations["source"].iloc[0],
                    "emplacement": [cells[code] for code in centre],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _by_code(allocations: pd.DataFrame) -> dict[str, int]:
    return dict(zip(allocations["code_departement"], allocations["montant_eur"], strict=True))


def _deduced(rule: Rule) -> str:
    unknown = deduced_criterion(rule)
    if unknown is None:
        raise RuleError("no criterion of the rule is deduced from published amounts", cell=rule.id)
    return unknown


def _editions(rule: Rule) -> list[str]:
    other = next(criterion for criterion in rule.criteres if criterion.id != _deduced(rule))
    return [edition for edition in (other.edition, *other.variantes) if edition]


def _with_edition(rule: Rule, edition: str) -> Rule:
    criteria = tuple(
        dataclasses.replace(criterion, edition=edition) if criterion.id != _deduced(rule) else criterion
        for criterion in rule.criteres
    )
    return dataclasses.replace(rule, criteres=criteria)
