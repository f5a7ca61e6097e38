"""What is known of a scenario whatever the unpublished index: the atlas of identification.

Each perimeter that the scenario declares for a known criterion of the baseline is a world; what holds in all of them is
certain (see `calibration.identification`). Definitions: docs/method.md, 7.

Known drawback: estimates of other criteria and uncertain weights are taken at their central value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdppe_analysis.allocation.values import CODE
from cdppe_analysis.calibration.identification import STEPS, Hypotheses, Identified, World
from cdppe_analysis.calibration.published import PublishedAmounts
from cdppe_analysis.data import load_scenario
from cdppe_analysis.errors import ScenarioError, UnsettledError
from cdppe_analysis.simulation.draws import places_of
from cdppe_analysis.simulation.laws import Variants
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.studies.preparation import Prepared, prepare
from cdppe_analysis.studies.uncertainty import uncertain_inputs
from cdppe_analysis.territories import departement

ERROR = 0.02
"""The error of each count that is supposed where none is asked for: that of the scenarios, a convention."""

_KNOWN = 2.5
"""Width in euros up to which an amount is known: what half a euro of rounding makes of a total and of one amount."""

_SIGNS = {1: "gain", -1: "perte", 0: "inchange", 2: "incertain"}
_TOLD = 3


@dataclass(frozen=True, eq=False)
class Identification:
    """What is known of a scenario.

    Attributes
    ----------
    scenario
        Its identifier.
    perimeters
        The editions of the known criterion that are taken in turn.
    error
        The error of each count that the columns `_erreur` suppose.
    table
        A row a unit: `code_departement`, `libelle_departement`, `montant_publie` (euros, missing for a newcomer),
        `nature` (`connu`, `formule`, `ensemble`), `bas`, `haut` (euros, printed counts, either perimeter),
        `bas_erreur`, `haut_erreur`, `sens`, `sens_erreur` (`gain`, `perte`, `inchange`, `incertain`; missing for a
        newcomer), `rupture` (the error from which the sign is no longer certain; 0 where it is not with the printed
        counts, missing where none is found or where there is no sign), `tient` (the error below which the sign is
        proved to hold, that one or the last searched; missing where no count can matter or there is no sign).
    overall
        `mesure` (`argent_deplace` in euros, `gagnants`), `erreur`, `bas`, `haut`.
    information
        What publishing a missing figure would leave: `chiffre`, `incertains` (signs still uncertain, at worst).
    multiplier
        Lambda of the baseline in euros, where it is supposed; `None` for any that the publication allows.
    index_is_positive
        Whether the index is supposed >= 0; else the scores alone are.
    """

    scenario: str
    perimeters: tuple[str, ...]
    error: float
    table: pd.DataFrame
    overall: pd.DataFrame
    information: pd.DataFrame
    multiplier: float | None = None
    index_is_positive: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return plain values, missing ones as `None`."""
        tables = {"table": self.table, "ensemble": self.overall, "information": self.information}
        rows = {
            name: frame.astype(object).where(frame.notna(), None).to_dict("records") for name, frame in tables.items()
        }
        supposed = {"erreur": self.error, "multiplicateur": self.multiplier, "indice_positif": self.index_is_positive}
        return {"scenario": self.scenario, "perimetres": list(self.perimeters), **supposed, **rows}

    def fragile(self, count: int = _TOLD) -> pd.DataFrame:
        """Return the rows whose sign is certain with the printed counts and fails with the smallest error."""
        certain = self.table[self.table["sens"].isin(["gain", "perte"]) & self.table["rupture"].notna()]
        return certain.sort_values(["rupture", CODE]).head(count)


class _Worlds:
    """The worlds of a scenario, one a perimeter, and the sets asked of them under hypotheses."""

    def __init__(self, prepared: Prepared, unknown: str, perimeter: str | None, supposed: Hypotheses) -> None:
        self.worlds, self.supposed = _worlds(prepared, unknown), supposed
        if perimeter is not None and perimeter not in self.worlds:
            raise ScenarioError(
                f"the scenario declares no perimeter {perimeter!r}{hint(perimeter, self.worlds)}",
                cell=prepared.scenario.id,
            )
        self.worlds = {name: world for name, world in self.worlds.items() if perimeter in (None, name)}
        self._kept: dict[tuple[str, Hypotheses], Identified] = {}

    def under(self, error: float | None, **more: Any) -> Hypotheses:
        """Return the hypotheses with an error of each count, and what else is supposed."""
        return replace(self.supposed, error=error, **more)

    def at(self, name: str, supposed: Hypotheses) -> Identified:
        """Return what one world leaves, kept for the next time."""
        if (name, supposed) not in self._kept:
            self._kept[name, supposed] = Identified(self.worlds[name], supposed)
        return self._kept[name, supposed]

    def all_at(self, supposed: Hypotheses) -> list[Identified]:
        """Return what each world leaves, without those that the publication excludes."""
        allowed = [
            identified for identified in (self.at(name, supposed) for name in self.worlds) if identified.possible
        ]
        if not allowed:
            raise ScenarioError("no index is compatible with the published amounts under these hypotheses")
        return allowed

    def interval(self, supposed: Hypotheses, rank: int) -> tuple[float, float]:
        """Return the hull of the intervals of a unit in all worlds, in euros."""
        low, high = zip(*(identified.interval(rank) for identified in self.all_at(supposed)), strict=True)
        return min(low), max(high)

    def sign(self, supposed: Hypotheses, rank: int) -> int:
        """Return the sign that holds in all worlds, 2 where none does."""
        signs = {identified.sign(rank) for identified in self.all_at(supposed)}
        return signs.pop() if len(signs) == 1 else 2

    def breakdown(self, rank: int, sign: int, held: float = 0.0) -> tuple[float, float]:
        """Return the smallest error above `held` with which a sign fails in one of the worlds, and where it is proved.

        The first is NaN where none is found; the second is then the error up to which there is none.
        """
        for step in (one for one in STEPS if one > held):
            try:
                breakdowns = [one.breakdown(rank, sign) for one in self.all_at(self.under(step))]
            except UnsettledError:
                return float("nan"), held
            reached = [one.error for one in breakdowns if one is not None]
            if reached:
                return min(reached), min(reached)
            held = step
        return float("nan"), held


def identify(
    scenario: str | Prepared,
    *,
    error: float = ERROR,
    perimeter: str | None = None,
    level: float | None = None,
    positive: bool = True,
) -> Identification:
    """Return what is known of a scenario whatever the unpublished index.

    Parameters
    ----------
    scenario
        Its identifier, or what `prepare` returned.
    error
        The error of each count that is supposed beside that of 0.
    perimeter
        The edition of the known criterion that is supposed; any that the scenario declares when left out.
    level
        Lambda of the baseline in euros; any that the publication allows when left out.
    positive
        Whether the index is supposed >= 0.

    Raises
    ------
    ScenarioError
        When nothing of the baseline is published, the error is no share, the scenario has no such perimeter, or the
        publication does not allow the hypotheses.
    """
    prepared = prepare(load_scenario(scenario)) if isinstance(scenario, str) else scenario
    unknown = prepared.deduced
    if unknown is None:
        raise ScenarioError(
            f"no criterion of {prepared.base.id} is deduced from published amounts: nothing is to be identified",
            cell=prepared.scenario.id,
        )
    if not 0 <= error < 1:
        raise ScenarioError(f"the error of a count is from 0 to 1, not {error:g}", cell=prepared.scenario.id)
    if level is not None and not 0 < level < math.inf:
        raise ScenarioError(f"the multiplier of the baseline is above 0, not {level:g}", cell=prepared.scenario.id)
    worlds = _Worlds(prepared, unknown, perimeter, Hypotheses(level=level, positive=positive))
    printed, wrong = worlds.under(0.0), worlds.under(error)
    units = range(len(prepared.rule.beneficiaires))
    ends, around = (np.array([worlds.interval(one, rank) for rank in units]) for one in (printed, wrong))
    signs, loose = ([worlds.sign(one, rank) for rank in units] for one in (printed, wrong))
    published = next(iter(worlds.worlds.values())).published
    natures = _natures(worlds, around[:, 1] - around[:, 0])
    moving = [sign if nature != "connu" else 0 for sign, nature in zip(signs, natures, strict=True)]
    broken = [
        _rupture(worlds, rank, sign, published[rank], error if loose[rank] == sign else 0.0)
        for rank, sign in enumerate(moving)
    ]
    table = pd.DataFrame(
        {
            CODE: pd.array(list(prepared.rule.beneficiaires), dtype="str"),
            "libelle_departement": [departement(code).libelle for code in prepared.rule.beneficiaires],
            "montant_publie": published,
            "nature": natures,
            "bas": ends[:, 0],
            "haut": ends[:, 1],
            "bas_erreur": around[:, 0],
            "haut_erreur": around[:, 1],
            "sens": _named(signs, published),
            "sens_erreur": _named(loose, published),
            "rupture": [one for one, _ in broken],
            "tient": [held for _, held in broken],
        }
    )
    return Identification(
        scenario=prepared.scenario.id,
        perimeters=tuple(worlds.worlds),
        error=error,
        table=table,
        overall=_ensemble(worlds, (printed, wrong)),
        information=_information(
            worlds, prepared, unknown, wrong, [rank for rank in units if loose[rank] == 2 and published[rank] > 0]
        ),
        multiplier=level,
        index_is_positive=positive,
    )


def _worlds(prepared: Prepared, unknown: str) -> dict[str, World]:
    """Return one world a perimeter that the scenario declares for a known criterion of the baseline, or one."""
    codes = prepared.universe
    names = {c.id: c.edition or "imprime" for c in prepared.base.criteres if c.id != unknown}
    declared = next(
        (
            (given.target, dict(entry.parametres)["editions"], np.asarray(given.law.series))
            for given in uncertain_inputs(prepared)
            if isinstance(given.law, Variants) and given.target in names
            for entry in prepared.scenario.incertitudes
            if entry.loi == "variantes" and entry.entree.removeprefix("criteres.") == given.target
        ),
        (next(iter(names)), [next(iter(names.values()))], np.ones((1, len(codes)))),
    )
    target, editions, factors = declared

    def varied(frame: pd.DataFrame, row: npt.NDArray[np.float64]) -> pd.DataFrame:
        if target not in frame.columns:
            return frame
        return frame.assign(**{target: frame[target].astype("float64") * row[places_of(frame[CODE], codes)]})

    published = PublishedAmounts.read(prepared.base, prepared.published)
    return {
        str(edition): World.of(
            published, varied(prepared.base_criteria, row), prepared.rule, varied(prepared.criteria, row), unknown
        )
        for edition, row in zip(editions, factors, strict=True)
    }


def _natures(worlds: _Worlds, widths: npt.NDArray[np.float64]) -> list[str]:
    """Tell what is known whatever the counts, what is one number once they and lambda are given, and the rest."""
    printed = worlds.all_at(worlds.under(0.0))[0]
    published = printed.world.publication
    low, high = printed.levels()
    given = Identified(printed.world, worlds.under(0.0, level=(low + high) / 2))
    free = {
        code
        for code, (amount, unit) in zip(published.codes, published.units, strict=True)
        if amount - published.tolerance > unit.low and (unit.high is None or amount + published.tolerance < unit.high)
    }

    def width(ends: tuple[float, float]) -> float:
        return ends[1] - ends[0]

    def is_known(rank: int) -> bool:
        """Whether any counts leave one amount: what is not proved is not known."""
        try:
            return widths[rank] <= _KNOWN and width(worlds.interval(worlds.under(None), rank)) <= _KNOWN
        except UnsettledError:
            return False

    natures = []
    for rank, code in enumerate(printed.world.codes):
        if is_known(rank):
            natures.append("connu")
        else:
            single = width(printed.interval(rank)) <= _KNOWN or width(given.interval(rank)) <= _KNOWN
            natures.append("formule" if code in free and single else "ensemble")
    return natures


def _named(signs: Sequence[int], published: npt.NDArray[np.float64]) -> list[str | None]:
    return [None if np.isnan(amount) else _SIGNS[sign] for sign, amount in zip(signs, published, strict=True)]


def _rupture(worlds: _Worlds, rank: int, sign: int, published: float, held: float) -> tuple[float, float]:
    if np.isnan(published) or sign == 0:
        return float("nan"), float("nan")
    return (0.0, 0.0) if sign == 2 else worlds.breakdown(rank, sign, held)


def _ensemble(worlds: _Worlds, hypotheses: Sequence[Hypotheses]) -> pd.DataFrame:
    measures: dict[str, Callable[[Identified], tuple[float, float]]] = {
        "argent_deplace": Identified.money,
        "gagnants": Identified.gainers,
    }
    rows = []
    for supposed in hypotheses:
        for name, measure in measures.items():
            ends = np.array([measure(identified) for identified in worlds.all_at(supposed)])
            rows.append((name, supposed.error, float(ends[:, 0].min()), float(ends[:, 1].max())))
    return pd.DataFrame(rows, columns=["mesure", "erreur", "bas", "haut"])


def _information(
    worlds: _Worlds, prepared: Prepared, unknown: str, supposed: Hypotheses, units: Sequence[int]
) -> pd.DataFrame:
    """Count the signs of `units` that stay uncertain when a missing figure is published, at worst."""

    def uncertain(found: Sequence[Identified]) -> int:
        signs = [{world.sign(rank) for world in found} for rank in units]
        return sum(len(sign) > 1 or 2 in sign for sign in signs)

    centre = prepared.base_criteria.set_index(CODE)[unknown].astype("float64")[list(prepared.base.beneficiaires)]
    index = replace(supposed, index=tuple((centre / centre.sum()).tolist()), level=None)
    if not any(worlds.at(name, index).possible for name in worlds.worlds):
        # The centre is deduced with the first perimeter: with another one alone, any compatible index stands for it.
        index = replace(index, index=tuple(worlds.all_at(worlds.under(0.0))[0].index().tolist()))
    series = next(term.series for term in next(iter(worlds.worlds.values())).known)
    exact = worlds.all_at(replace(supposed, exact=(series,)))
    rows = [
        ("rien de plus", len(units)),
        ("l'indice de besoin", uncertain(worlds.all_at(index))),
        ("les mineurs accueillis fin 2017", max(uncertain([world]) for world in exact)),
        ("les mesures pour jeunes majeurs de 2017", max(uncertain([world]) for world in worlds.all_at(supposed))),
    ]
    return pd.DataFrame(rows, columns=["chiffre", "incertains"])
