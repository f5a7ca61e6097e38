"""What an amount covers of the need: places and services it pays, children they follow, children expected.

- places = amount / cost of a place; children followed in a year = places x 365.25 / stay (Little's law, see `needs`);
- children expected = protected children x prevalence, which is an interval;
- coverage = children followed / children expected; the prevalence at which an amount covers the need is children
  followed / protected children.

Prevalence, stay and relative cost are drawn from uniform laws, one value for all units: they are national hypotheses,
not measures of each unit.

Known drawback: what already exists is not counted, so that coverage is that of the amount alone, by places of one kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdppe_analysis.errors import NeedsError
from cdppe_analysis.needs import DAYS_A_YEAR, Needs, children_followed_a_year
from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.draws import Input, check_seed, drawn_blocks
from cdppe_analysis.simulation.laws import Uniform, Values

if TYPE_CHECKING:
    from cdppe_analysis.simulation.effects import Effects

WHOLE = "ensemble"
"""The code of the row that tells all units together."""

_GROUPS = ("prévalence", "durée d'accompagnement", "coût d'une place")
_LEVELS = (0.05, 0.5, 0.95)
_BATCHES = 20


def coverage(amounts: Mapping[str, float], children: Mapping[str, float], needs: Needs) -> pd.DataFrame:
    """Return what each amount covers, with the longer stay and the printed cost.

    Parameters
    ----------
    amounts
        Euros a year by code.
    children
        Protected children by code.
    needs
        The parameters.

    Returns
    -------
    pandas.DataFrame
        code_departement (last row: `ensemble`), montant_eur, enfants_proteges, services_entiers, places,
        enfants_suivis, besoin_bas, besoin_haut (children), couverture_basse, couverture_haute (shares of the need),
        prevalence_couverte, montant_necessaire_bas, montant_necessaire_haut (euros a year).

    Raises
    ------
    NeedsError
        When an amount is negative, or a unit has no protected child.

    Examples
    --------
    >>> year, one = Fraction("365.25"), Fraction(1)
    >>> from cdppe_analysis.needs import Service
    >>> service = Service(10, Fraction(200_000))
    >>> needs = Needs("SESSAD", service, (Fraction(1, 10), Fraction(1, 5)), (year, year), (one, one))
    >>> coverage({"59": 400_000}, {"59": 1000}, needs)[["places", "couverture_basse"]].iloc[0].tolist()
    [20.0, 0.1]
    """
    codes, money, protected = _checked(amounts, children)
    money, protected = np.append(money, money.sum()), np.append(protected, protected.sum())
    places = money / float(needs.service.cost_of_a_place)
    followed = places * children_followed_a_year(1.0, float(needs.stay_days[1]))
    low, high = (protected * float(bound) for bound in needs.prevalence)
    per_child = float(needs.service.cost_of_a_place) * float(needs.stay_days[1]) / DAYS_A_YEAR
    services = [needs.service.bought_with(Fraction(amount))[0] for amount in money.tolist()]
    return pd.DataFrame(
        {
            "code_departement": pd.array([*codes, WHOLE], dtype="str"),
            "montant_eur": money,
            "enfants_proteges": protected,
            # The whole is the sum of the services that each unit can open by itself.
            "services_entiers": [*services[:-1], sum(services[:-1])],
            "places": places,
            "enfants_suivis": followed,
            "besoin_bas": low,
            "besoin_haut": high,
            "couverture_basse": measures.share(followed, high),
            "couverture_haute": measures.share(followed, low),
            "prevalence_couverte": measures.share(followed, protected),
            "montant_necessaire_bas": low * per_child,
            "montant_necessaire_haut": high * per_child,
        }
    )


def drawn_coverage(
    amounts: Mapping[str, float], children: Mapping[str, float], needs: Needs, *, draws: int, seed: int | None
) -> pd.DataFrame:
    """Return quantiles of the coverage when prevalence, stay and cost are uncertain.

    Returns
    -------
    pandas.DataFrame
        code_departement (last row: `ensemble`), moyenne, q05, q50, q95 of the coverage (a share of the need),
        erreur_moyenne, and probabilite_couverte, that of covering the whole need.

    Raises
    ------
    NeedsError, ScenarioError
        As `coverage`; when the seed is missing.
    """
    codes, money, protected = _checked(amounts, children)
    factor = _coverage_of_one(_samples(needs, check_seed(seed), draws), needs)
    ratios = np.append(money / protected, money.sum() / protected.sum())
    drawn = factor[:, None] * ratios
    quantiles = np.quantile(drawn, _LEVELS, axis=0)
    return pd.DataFrame(
        {
            "code_departement": pd.array([*codes, WHOLE], dtype="str"),
            "moyenne": drawn.mean(axis=0),
            "erreur_moyenne": drawn.std(axis=0, ddof=1) / np.sqrt(draws),
            "q05": quantiles[0],
            "q50": quantiles[1],
            "q95": quantiles[2],
            "probabilite_couverte": (drawn >= 1).mean(axis=0),
        }
    )


def coverage_effects(needs: Needs, *, draws: int, seed: int | None) -> Effects:
    """Return what prevalence, stay and cost each explain of the variance of the coverage.

    The coverage of every unit is the same random factor times its euros a protected child: one answer holds for all.
    """
    from cdppe_analysis.simulation.effects import shapley_effects

    whole = check_seed(seed)

    def samples(name: str, batch: int) -> Mapping[str, Values]:
        return _samples(needs, whole, draws // _BATCHES, f"sensibilite {name}, ", batch)

    return shapley_effects(lambda given: _coverage_of_one(given, needs)[:, None], samples, _GROUPS, _BATCHES)


def _coverage_of_one(given: Mapping[str, Values], needs: Needs) -> Values:
    """Return the coverage of one euro a protected child, for each draw."""
    prevalence, stay, cost = (given[name] for name in _GROUPS)
    return np.asarray(DAYS_A_YEAR / (float(needs.service.cost_of_a_place) * cost * stay * prevalence))


def _samples(needs: Needs, seed: int, draws: int, set_name: str = "", segment: int = 0) -> dict[str, Values]:
    bounds = (needs.prevalence, needs.stay_days, needs.relative_cost)
    inputs = [
        Input(name, Uniform(float(low), float(high)), name=f"besoin, {name}")
        for name, (low, high) in zip(_GROUPS, bounds, strict=True)
    ]
    [drawn] = drawn_blocks(inputs, seed, segment, 1, [draws], set_name=set_name)
    return {given.target: drawn.inputs[given.name][:, 0] for given in inputs}


def _checked(amounts: Mapping[str, float], children: Mapping[str, float]) -> tuple[list[str], Values, Values]:
    codes = sorted(amounts)
    for code in codes:
        if not amounts[code] >= 0:
            raise NeedsError("an amount is negative or missing", code=code)
        if not children.get(code, 0) > 0:
            raise NeedsError("a unit has no protected child", code=code)
    return codes, np.array([float(amounts[c]) for c in codes]), np.array([float(children[c]) for c in codes])
