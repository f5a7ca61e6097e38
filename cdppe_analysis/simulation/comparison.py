"""Two distributions of money side by side: who gains, who loses, and what it does to the whole.

Differences, ranks and effects are formed on exact amounts; whole euros stand beside them for the reader. Groups are
formed on the baseline, once, so that the same units are compared on both sides. A unit on one side only is a newcomer
or a leaver: it is shown as such, neither gains nor loses, and its amount changes hands whole.

Money that changes hands is half the sum of absolute differences, but for what the envelope gains or loses; other
definitions: `measures`. Known drawback: where the envelope itself changes, half the sum of absolute differences also
counts the money that comes in; the comparison says by how much the envelope changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation import measures
from cdppe_analysis.territories import Departement, Territories, france

if TYPE_CHECKING:
    from cdppe_analysis.allocation import Allocation

Amount: TypeAlias = int | float | Fraction
Side: TypeAlias = "Allocation | Mapping[str, Amount]"

EFFECTS = {1: "gagnant", 0: "inchange", -1: "perdant"}
"""What happens to a unit, in words."""

COMMON, NEWCOMER, LEAVER = "commun", "entrant", "sortant"


@dataclass(frozen=True)
class Comparison:
    """What changes between two distributions.

    Attributes
    ----------
    table
        A row a unit, in the order of codes: code_departement, libelle_departement, code_region, libelle_region,
        situation (`commun`, `entrant`, `sortant`), groupe, avant, apres, difference (euros, exact amounts),
        difference_pct (a share of `avant`), avant_par_enfant, difference_par_enfant (euros), rang_avant, rang_apres,
        rang_variation (above 0: nearer the first), effet (`gagnant`, `perdant`, `inchange`).
    overall
        A row a measure: mesure, avant, apres, difference.
    """

    table: pd.DataFrame
    overall: pd.DataFrame

    def measure(self, name: str, column: str = "apres") -> float:
        """Return one number of `overall`.

        Raises
        ------
        ScenarioError
            When there is no such measure.
        """
        rows = self.overall.loc[self.overall["mesure"] == name, column]
        if rows.empty:
            raise ScenarioError(f"there is no measure {name!r}; one of {', '.join(self.overall['mesure'])}")
        return float(rows.iloc[0])


def compare(
    before: Side,
    after: Side,
    *,
    enfants: Mapping[str, float] | None = None,
    population: Mapping[str, float] | None = None,
    units_change: bool = False,
) -> Comparison:
    """Compare two distributions.

    Parameters
    ----------
    before, after
        The baseline and the other: allocations, or euros by code.
    enfants
        Protected children by code, for amounts a child; missing without it.
    population
        The population that Gini and Theil are weighted by; each unit counts for one without it.
    units_change
        Whether the two sides may have different units.

    Returns
    -------
    Comparison

    Raises
    ------
    ScenarioError
        When the units differ and may not, when none is common, or when a child count or a population is missing.

    Examples
    --------
    >>> found = compare({"03": 60, "23": 40}, {"03": 50, "23": 50})
    >>> found.table["difference"].tolist(), found.measure("argent_deplace")
    ([-10.0, 10.0], 10.0)
    """
    old, new = _amounts(before), _amounts(after)
    codes = sorted({*old, *new})
    common = [code for code in codes if code in old and code in new]
    if len(common) < len(codes) and not units_change:
        listed = ", ".join(code for code in codes if code not in common)
        raise ScenarioError(f"the two sides do not have the same units; on one side only: {listed}")
    if not common:
        raise ScenarioError("the two sides have no unit in common")
    side = after if isinstance(before, Mapping) else before
    table = _units(codes, old, new, france() if isinstance(side, Mapping) else side.rule.names.territories)
    table.insert(5, "groupe", _groups(table))
    heads = _column(enfants, codes, "a number of protected children")
    table["avant_par_enfant"] = measures.share(table["avant"], heads)
    table["difference_par_enfant"] = measures.share(table["difference"], heads)
    table = _ranked(table)
    people = None if population is None else _column(population, codes, "a population")
    return Comparison(table, _whole(table, people))


def _amounts(side: Side) -> dict[str, Fraction]:
    exacts = side if isinstance(side, Mapping) else side.exact
    amounts = {}
    for code, amount in exacts.items():
        try:
            amounts[code] = Fraction(amount)
        except (TypeError, ValueError, OverflowError):
            raise ScenarioError(f"{amount!r} is no amount", code=code) from None
    return amounts


def _units(
    codes: list[str], old: Mapping[str, Fraction], new: Mapping[str, Fraction], territories: Territories
) -> pd.DataFrame:
    # A unit that is unknown stands for itself.
    places = [territories.units.get(code, Departement(code, code, "", "")) for code in codes]
    gaps = [new[code] - old[code] if code in old and code in new else None for code in codes]
    table = pd.DataFrame(
        {
            "code_departement": pd.array(codes, dtype="str"),
            "libelle_departement": pd.array([place.libelle for place in places], dtype="str"),
            "code_region": pd.array([place.code_region for place in places], dtype="str"),
            "libelle_region": pd.array([place.libelle_region for place in places], dtype="str"),
            "situation": pd.array(
                [COMMON if code in old and code in new else NEWCOMER if code in new else LEAVER for code in codes],
                dtype="str",
            ),
            "avant": [float(old[code]) if code in old else np.nan for code in codes],
            "apres": [float(new[code]) if code in new else np.nan for code in codes],
            "difference": [np.nan if gap is None else float(gap) for gap in gaps],
        }
    )
    table["difference_pct"] = measures.share(table["difference"], table["avant"])
    return table


def _groups(table: pd.DataFrame) -> pd.Series:
    """Return the thirds of the baseline amounts."""
    # The rank from the smallest, where ties share one group: those at a plancher are together.
    standing = table["avant"].rank(method="min")
    thirds = pd.Series(np.ceil(3 * standing / standing.count()))
    names = {1: "tiers inférieur", 2: "tiers médian", 3: "tiers supérieur"}
    return thirds.map(names).fillna("entrants").astype("str")


def _column(values: Mapping[str, float] | None, codes: list[str], what: str) -> pd.Series[float]:
    if values is None:
        return pd.Series(np.nan, index=range(len(codes)))
    missing = [code for code in codes if code not in values or not np.isfinite(values[code])]
    if missing:
        raise ScenarioError(f"a unit has not {what}", code=missing[0])
    return pd.Series([float(values[code]) for code in codes])


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    for column, source in (("rang_avant", "avant"), ("rang_apres", "apres")):
        table[column] = table[source].rank(method="min", ascending=False).astype("Int64")
    table["rang_variation"] = table["rang_avant"] - table["rang_apres"]
    common = (table["situation"] == COMMON).to_numpy()
    effects = measures.effect(table["difference"])
    table["effet"] = pd.array(
        [EFFECTS[int(sign)] if both else None for sign, both in zip(effects, common, strict=True)], dtype="str"
    )
    return table


def _whole(table: pd.DataFrame, people: pd.Series[float] | None) -> pd.DataFrame:
    common = table[table["situation"] == COMMON]
    effects = common["effet"].value_counts()
    # To a millionth of a euro: beyond it stand the last bits of the sum.
    envelopes = (round(float(table["avant"].sum()), 6), round(float(table["apres"].sum()), 6))
    # Half the sum of absolute differences; what is added to the whole, or withdrawn from it, is given by nobody.
    gaps = (table["apres"].fillna(0.0) - table["avant"].fillna(0.0)).to_numpy()
    moved = float((np.abs(gaps).sum() - np.abs(gaps.sum())) / 2)
    rows: list[tuple[str, float, float]] = [
        ("enveloppe", *envelopes),
        ("unites", float(table["avant"].notna().sum()), float(table["apres"].notna().sum())),
    ]
    inequality = {column: _inequality(table, column, people) for column in ("avant", "apres")}
    rows += [(name, inequality["avant"][name], inequality["apres"][name]) for name in inequality["avant"]]
    rows += [(f"{name}s", np.nan, float((table["situation"] == name).sum())) for name in (NEWCOMER, LEAVER)]
    rows += [(f"{name}s", np.nan, float(effects.get(name, 0))) for name in EFFECTS.values()]
    rows += [
        ("argent_ajoute", np.nan, envelopes[1] - envelopes[0]),
        ("argent_deplace", np.nan, moved),
        ("part_deplacee", np.nan, float(measures.share(moved, envelopes[0]))),
        ("correlation_des_rangs", np.nan, measures.rank_correlation(common["avant"], common["apres"])),
    ]
    frame = pd.DataFrame(rows, columns=["mesure", "avant", "apres"])
    frame["mesure"] = frame["mesure"].astype("str")
    frame["difference"] = frame["apres"] - frame["avant"]
    return frame


def _inequality(table: pd.DataFrame, column: str, people: pd.Series[float] | None) -> dict[str, float]:
    paid = table[column].notna().to_numpy()
    amounts = table.loc[paid, column].to_numpy()
    weights = None if people is None else people[paid].to_numpy()
    whole, between, within = measures.theil(amounts, table.loc[paid, "code_region"].to_numpy(dtype=object), weights)
    return {
        "gini": measures.gini(amounts, weights),
        "theil": whole,
        "theil_entre_regions": between,
        "theil_dans_regions": within,
    }
