"""How sure the amounts of a choice are: the 5-95 % interval of draws over what is not certain in the series.

Two things are drawn: the series that could be defended instead of the rule's own (its `variantes`, each as likely as
the rule's own), and the index that is supposed where it is unknown (lognormal, with the dispersion seen where it is
known). The index deduced from the published amounts goes with the variant of the other criterion that it was deduced
with, so that the official weights give the published amounts back in every draw.

Known drawback: measurement errors of the published series are not drawn, since no publication gives them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.allocation import Criterion, Rule
from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.loading import load_criteria
from cdppe_analysis.simulation.model import amounts_of, model_of, scores_of

Values: TypeAlias = npt.NDArray[np.float64]

INDEX = "igb"
_DEDUCED = "deduit-ase-"


@dataclass(frozen=True, eq=False)
class Band:
    """The interval of each amount (`code_departement`, `bas`, `haut`, euros), and the variants that were left out."""

    table: pd.DataFrame
    ecartees: tuple[str, ...]

    @property
    def certaine(self) -> bool:
        """Whether nothing moves: every interval is narrower than a euro."""
        return bool((self.table["haut"] - self.table["bas"]).max() < 1)


def band(
    rule: Rule,
    criteria: pd.DataFrame,
    series: pd.DataFrame,
    *,
    draws: int,
    seed: int,
    dispersion: Mapping[str, float] | None = None,
) -> Band:
    """Draw what is not certain, through the whole rule.

    Parameters
    ----------
    rule, criteria
        The rule and the values of its criteria.
    series
        The table of criteria, which holds the variants.
    draws, seed
        How many draws, and their seed.
    dispersion
        Coefficient of variation of the supposed values of the index, by code.

    Returns
    -------
    Band
        A variant that has no value for a beneficiary is left out, and named.
    """
    observed = criteria.set_index("code_departement").loc[list(rule.beneficiaires)]
    generator = np.random.default_rng(seed)
    factors: dict[str, Values] = {}
    left_out: list[str] = []
    for criterion in rule.criteres:
        if criterion.id == INDEX:
            continue
        kept = {}
        for edition in criterion.variantes:
            try:
                kept[edition] = _values(rule, criterion, edition, series)
            except CriteriaError:
                left_out.append(f"{criterion.titre}, {edition}")
        if kept:
            usual = observed[criterion.id].to_numpy()
            picks = generator.integers(len(kept) + 1, size=draws)
            factors[criterion.id] = np.array([np.ones(len(usual)), *(_ratio(one, usual) for one in kept.values())])[
                picks
            ]
            _follow(rule, series, tuple(kept), picks, factors)
    if INDEX in observed.columns and dispersion:
        _disperse(list(observed.index), dispersion, generator, draws, factors)
    model = model_of(rule, criteria)
    drawn = amounts_of(model, scores_of(model, factors)) if factors else amounts_of(model, scores_of(model))
    low, high = np.nanquantile(drawn, [0.05, 0.95], axis=0) if factors else (drawn, drawn)
    table = pd.DataFrame({"code_departement": list(model.codes), "bas": np.ravel(low), "haut": np.ravel(high)})
    return Band(table, tuple(left_out))


def _follow(
    rule: Rule,
    series: pd.DataFrame,
    editions: tuple[str, ...],
    picks: npt.NDArray[np.int64],
    factors: dict[str, Values],
) -> None:
    """Let the deduced index follow the variant that it was deduced with, where there is one."""
    index = next((one for one in rule.criteres if one.id == INDEX), None)
    if index is None or index.edition is None or not index.edition.startswith(_DEDUCED):
        return
    usual = known_values(series, index, index.edition)
    rows = [np.ones(len(rule.beneficiaires))]
    for edition in editions:
        deduced = known_values(series, index, f"{_DEDUCED}{edition}")
        if not deduced:
            return
        rows.append(
            np.array([deduced[c] / usual[c] if usual.get(c) and c in deduced else 1.0 for c in rule.beneficiaires])
        )
    factors[INDEX] = np.array(rows)[picks]


def _disperse(
    codes: list[str],
    dispersion: Mapping[str, float],
    generator: np.random.Generator,
    draws: int,
    factors: dict[str, Values],
) -> None:
    spread = np.sqrt(np.log1p(np.square([dispersion.get(code, 0.0) for code in codes])))
    noise = np.exp(generator.standard_normal((draws, len(codes))) * spread - np.square(spread) / 2)
    factors[INDEX] = factors.get(INDEX, np.ones((draws, len(codes)))) * noise


def known_values(series: pd.DataFrame, criterion: Criterion, edition: str) -> dict[str, float]:
    """Return an edition of a criterion by code; empty where there is none."""
    rows = series[
        series["critere"].eq(criterion.id) & series["millesime"].eq(criterion.millesime) & series["edition"].eq(edition)
    ]
    return {str(code): float(value) for code, value in zip(rows["code_departement"], rows["valeur"], strict=True)}


def _values(rule: Rule, criterion: Criterion, edition: str, series: pd.DataFrame) -> Values:
    alone = dataclasses.replace(criterion, edition=edition, variantes=(), poids=Fraction(1))
    frame = load_criteria(dataclasses.replace(rule, criteres=(alone,)), series)
    return frame[criterion.id].to_numpy(dtype="float64")


def _ratio(values: Values, usual: Values) -> Values:
    return np.divide(values, usual, out=np.ones_like(usual), where=usual > 0)
