"""From a wide frame of criteria to exact values, and to scores: the bad input stops here.

Share of a criterion: p_ik = x_ik / sum_j x_jk. Score: s_i = sum_k w_k p_ik; the scores sum to 1. A binary float is read
as the shortest decimal that it prints as (0.1 is one tenth), so that a figure published in decimals stays exact. All
is kept in integers over a common denominator, which is what makes the exact computation quick.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.errors import CriteriaError, TableError, TerritoryError
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.storage.tables import lines_of, place_of

CODE = "code_departement"
DEAD_BAND = 0.5
"""In euros: a difference no larger than this is no difference (published amounts are known to half a euro)."""

_LABELS = frozenset({CODE, "libelle_departement", "code_region", "libelle_region"})
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MOST = 10**40
_LONGEST = 200


@dataclass(frozen=True)
class _ExactColumn:
    """The values of one criterion for the beneficiaries: integers over one denominator, and their sum."""

    integers: tuple[int, ...]
    denominator: int
    integer_sum: int

    @property
    def total(self) -> Fraction:
        """The sum of the values, exact."""
        return Fraction(self.integer_sum, self.denominator)

    def share(self, rank: int) -> Fraction:
        """Return the share of one beneficiary, exact."""
        return Fraction(self.integers[rank], self.integer_sum)


@dataclass(frozen=True)
class CriteriaValues:
    """The exact values of the criteria of a rule, and what of the frame was not used."""

    rule: Rule
    columns: dict[str, _ExactColumn]
    ignored_criteria: tuple[str, ...]
    ignored_rows: tuple[str, ...]

    @classmethod
    def read(cls, rule: Rule, criteria: pd.DataFrame, *, but: str | None = None) -> CriteriaValues:
        """Read the values of the criteria of a rule for its beneficiaries.

        Parameters
        ----------
        rule
            The rule.
        criteria
            Wide: `code_departement`, then one column a criterion; rows in any order.
        but
            A criterion of the rule to leave out (the unknown one of a calibration).

        Raises
        ------
        TableError
            When the column of codes is missing, or a column stands twice.
        TerritoryError
            When a code is unknown, given twice, not text, or a whole stands beside its parts.
        CriteriaError
            When a value is missing, negative, infinite or not a number, or a criterion is 0 for every beneficiary.

        Examples
        --------
        >>> criterion = Criterion("enfants", Fraction(1), 2019, "note", "p. 1")
        >>> rule = Rule("exemple", "Exemple", 2020, Fraction(100), ("03", "23"), (criterion,))
        >>> frame = pd.DataFrame({"code_departement": ["23", "03"], "enfants": [1, 3]})
        >>> CriteriaValues.read(rule, frame).columns["enfants"].integers
        (3, 1)
        """
        try:
            rows = _rows(rule, criteria, range(1, len(criteria) + 1))
        except TerritoryError:
            # The lines of the file that the frame came from, once one is to be named.
            rows = _rows(rule, criteria, lines_of(criteria))
        wanted = [criterion for criterion in rule.criteres if criterion.id != but]
        for criterion in wanted:
            if criterion.id not in criteria.columns:
                raise CriteriaError(
                    f"the frame has no column {criterion.id!r}, a criterion of the rule {rule.id!r}",
                    criterion=criterion.id,
                )
        for code in rule.beneficiaires:
            if code not in rows:
                raise CriteriaError(
                    f"a beneficiary has no row of values{_parts_hint(rule, code, rows)}",
                    code=code,
                    criterion=wanted[0].id if wanted else None,
                )
        order = [rows[code] for code in rule.beneficiaires]
        columns = {criterion.id: _column(rule, criterion, criteria[criterion.id], order) for criterion in wanted}
        used = {criterion.id for criterion in rule.criteres}
        ignored_criteria = tuple(str(name) for name in criteria.columns if name not in used and name not in _LABELS)
        beneficiaries = set(rule.beneficiaires)
        ignored_rows = tuple(sorted(code for code in rows if code not in beneficiaries))
        return cls(rule, columns, ignored_criteria, ignored_rows)

    @cached_property
    def integer_scores(self) -> tuple[tuple[int, ...], int]:
        """The scores of the beneficiaries, or what some of the criteria give of them: integers, and their denominator.

        The denominator is what those of all criteria sum to.
        """
        weights = [(c.poids, self.columns[c.id]) for c in self.rule.criteres if c.id in self.columns]
        denominator = math.lcm(*(weight.denominator * column.integer_sum for weight, column in weights))
        factors = [
            weight.numerator * (denominator // (weight.denominator * column.integer_sum)) for weight, column in weights
        ]
        scores = [0] * len(self.rule.beneficiaires)
        for factor, (_, column) in zip(factors, weights, strict=True):
            if factor:
                scores = [score + factor * value for score, value in zip(scores, column.integers, strict=True)]
        common = math.gcd(denominator, *scores)
        return tuple(score // common for score in scores), denominator // common

    @property
    def scores(self) -> tuple[Fraction, ...]:
        """The score of each beneficiary, exact."""
        integers, denominator = self.integer_scores
        return tuple(Fraction(score, denominator) for score in integers)


def bound_arrays(rule: Rule) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the bounds of each beneficiary in euros, as floats; infinite where there is none above."""
    bounds = rule.bounds()
    highs = [np.inf if unit.high is None else float(unit.high) for unit in bounds]
    return np.array([float(unit.low) for unit in bounds]), np.array(highs)


def exact_amount(value: object) -> Fraction:
    """Read one finite number exactly: an integer, a float as its shortest decimal, a decimal, or decimal text.

    Raises
    ------
    ValueError
        Saying why it is none.

    Examples
    --------
    >>> exact_amount(0.1), exact_amount("12.50")
    (Fraction(1, 10), Fraction(25, 2))
    """
    number = _exact(value)
    if abs(number) > _MOST:
        raise ValueError("is larger than anything that is counted")
    return number


def _exact(value: object) -> Fraction:
    if value is None or value is pd.NA or value is pd.NaT:
        raise ValueError("is missing")
    if isinstance(value, bool):
        raise ValueError(f"is not a number: {value!r}")
    if isinstance(value, int | np.integer):
        return Fraction(int(value))
    if isinstance(value, Fraction):
        return value
    if isinstance(value, float | np.floating):
        return _from_float(float(value) if isinstance(value, float) else float(str(value)))
    if isinstance(value, Decimal):
        if value.is_nan():
            raise ValueError("is missing")
        if value.is_infinite():
            raise ValueError("is infinite")
        return Fraction(value)
    if isinstance(value, str):
        if not value.strip():
            raise ValueError("is missing")
        if len(value) > _LONGEST:
            raise ValueError(f"is a text of {len(value)} characters, longer than any number")
        if _DECIMAL.fullmatch(value.strip()):
            return Fraction(value.strip())
        if re.search(r"[0-9]\s?[,\s][0-9]", value):
            raise ValueError(f"is not a number: {value!r}; write it without spaces, with a decimal point")
    raise ValueError(f"is not a number: {value!r}")


def _from_float(value: float) -> Fraction:
    if math.isnan(value):
        raise ValueError("is missing")
    if math.isinf(value):
        raise ValueError("is infinite")
    return Fraction(Decimal(repr(value)))


def _rows(rule: Rule, criteria: pd.DataFrame, lines: Sequence[int]) -> dict[str, int]:
    if CODE not in criteria.columns:
        raise TableError(f"the frame of criteria has no column {CODE!r}")
    repeated = criteria.columns[criteria.columns.duplicated()]
    if len(repeated):
        raise TableError(f"the frame of criteria has the column {str(repeated[0])!r} twice")
    codes = criteria[CODE].tolist()
    beneficiaries, territories = set(rule.beneficiaires), rule.names.territories
    if not all(isinstance(code, str) and code in territories.units for code in codes):
        for line, code in zip(lines, codes, strict=True):
            if not (isinstance(code, str) and code in beneficiaries):
                territories.check([code], [line])
    else:
        territories.check(codes, lines)
    rows: dict[str, int] = {}
    for row, code in enumerate(codes):
        if code in rows:
            raise TerritoryError(
                f"the code {code!r} is given twice, in rows {lines[rows[code]]} and {lines[row]}",
                code=code,
                cell=f"row {lines[row]}",
            )
        rows[code] = row
    return rows


def _parts_hint(rule: Rule, code: str, rows: dict[str, int]) -> str:
    covered = rule.names.territories.covers.get(code, ())
    parts = [part for part in covered if part in rows]
    return f"; the frame has its parts {' and '.join(parts)}, which are not added up" if parts else ""


def _column(rule: Rule, criterion: Criterion, column: pd.Series, order: Sequence[int]) -> _ExactColumn:
    ratios = _plain_ratios(column, order) or _checked_ratios(rule, criterion, column, order)
    denominator = math.lcm(*{below for _, below in ratios})
    integers = [above * (denominator // below) for above, below in ratios]
    total = sum(integers)
    if total == 0:
        raise CriteriaError("the criterion is 0 for every beneficiary", criterion=criterion.id)
    return _ExactColumn(tuple(integers), denominator, total)


def _plain_ratios(column: pd.Series, order: Sequence[int]) -> list[tuple[int, int]] | None:
    """Read a column of NumPy numbers without looking at each for what it could be; `None` where one is wrong."""
    if column.dtype not in (np.dtype("float64"), np.dtype("int64")):
        return None
    values = column.to_numpy()[list(order)]
    if not bool(np.all((values < float(_MOST)) & (values >= 0))):
        return None
    if values.dtype == np.dtype("int64"):
        return [(value, 1) for value in values.tolist()]
    return [Decimal(text).as_integer_ratio() for text in map(repr, values.tolist())]


def _checked_ratios(rule: Rule, criterion: Criterion, column: pd.Series, order: Sequence[int]) -> list[tuple[int, int]]:
    values = column.tolist()
    ratios: list[tuple[int, int]] = []
    for code, row in zip(rule.beneficiaires, order, strict=True):
        try:
            value = exact_amount(values[row])
            if value < 0:
                raise ValueError(f"is negative: {values[row]}")
        except ValueError as error:
            place = place_of(column, row)
            raise CriteriaError(f"the value {error}", code=code, criterion=criterion.id, cell=place) from None
        ratios.append((value.numerator, value.denominator))
    return ratios
