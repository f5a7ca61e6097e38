"""What published series allow to compute: bridges over what is not published, and the indicators of 2025.

A bridge is a method with its formula, its hypothesis, and status `estime`.

A criterion of an official rule that no publication gives for every beneficiary is estimated here from published series,
by two methods at least wherever two can be defended, so that the effect of the choice can be shown. The name of the
method stands in the column `edition`; `estimates.yml` says what each computes, what it supposes and what would take its
place. Nothing here is an official figure.

Common to all methods that rest on DREES's series: the DREES publishes nothing for Mayotte, whose value is then its
population aged 0-19 times the mean rate of the four other overseas départements.

The indicators (`indicateurs.csv`, status `derive`) are those of objectives 7, 10 and 12 of the instruction
DGCS/SD2B/DGS/SP1/2025/60, annex 1, as `indicators.yml` defines them; the series are those of the DREES (`criteres.csv`,
and `series.csv` for what its workbooks alone hold).

Known drawbacks: no method says how far it is from the truth, only the spread between methods is known; hardly an
indicator is the instruction's own to the letter, and `indicators.yml` says what each lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables.published import Choice
from cdppe_analysis.territories import DEPARTEMENTS

MAYOTTE = "976"
_OVERSEAS = ["971", "972", "973", "974"]
_SERIES, _ANNUAL, _MINIMA = "drees-ase-series", "drees-aide-sociale", "drees-minima-sociaux-dept"
_POPULATION = "insee-estim-pop"


@dataclass(frozen=True)
class Published:
    """The published rows of `criteres.csv`, looked up by criterion, year and edition.

    `choices` says from which edition each year of a publication is taken (`editions.yml`).
    """

    rows: pd.DataFrame
    choices: Mapping[str, Choice] = field(default_factory=dict)

    def edition(self, publication: str, millesime: int) -> str:
        """Return the edition from which a year of a publication is taken.

        Raises
        ------
        SourceError
            When `editions.yml` takes that year from none.
        """
        choice = self.choices.get(publication)
        if choice is None or millesime not in choice.annees:
            raise SourceError(f"no edition of {publication!r} is chosen for {millesime}", cell="editions.yml")
        return choice.annees[millesime]

    def values(self, critere: str, millesime: int, edition: str) -> pd.Series[float]:
        """Return a series of values by code, in the order of the codes.

        Raises
        ------
        SourceError
            When there is none.
        """
        places = self._places.get((critere, millesime, edition))
        if places is None:
            raise SourceError(f"{edition!r} gives no {critere!r} in {millesime}")
        values: pd.Series[float] = self.rows.iloc[places].set_index("code_departement")["valeur"]
        return values.sort_index()

    @cached_property
    def _places(self) -> dict[Hashable, Any]:
        return self.rows.groupby(["critere", "millesime", "edition"]).indices

    def chosen(self, critere: str, millesime: int, publication: str) -> pd.Series[float]:
        """Return the same, from the edition that is chosen for the year."""
        return self.values(critere, millesime, self.edition(publication, millesime))


@dataclass(frozen=True)
class Method:
    """A way to estimate a criterion: what it is called, what it computes and supposes, what would take its place."""

    criterion: str
    edition: str
    years: tuple[int, ...]
    unit: str
    formula: str
    hypothesis: str
    source: str
    replacement: str

    @property
    def place(self) -> str:
        """What the column `emplacement` says of an estimated value."""
        return f"methode {self.criterion}/{self.edition}"


def _children_in_care_national_rate(published: Published, millesime: int) -> pd.Series[float]:
    """Return the same, with Mayotte at the mean rate of the hundred other départements."""
    in_care = _in_care(published, millesime)
    children = _children(published, millesime)
    rate = in_care.sum() / children.drop(MAYOTTE).sum()
    return pd.Series({**in_care, MAYOTTE: rate * children[MAYOTTE]})


def _minors_in_care(published: Published, millesime: int) -> pd.Series[float]:
    """Return children in care less the share that young adults' placements (APJM) were of them in 2020, by code."""
    in_care = _in_care(published, millesime)
    share = published.chosen("ase_apjm", 2020, _ANNUAL) / _in_care(published, 2020)
    return _with_mayotte(published, in_care * (1 - _same_units(share, in_care)), millesime)


def _young_adult_measures_by_share(published: Published, millesime: int) -> pd.Series[float]:
    """Return the share that young adults' measures were in 2020, times the measures of the year, by code."""
    base = _in_care(published, millesime)
    placed = published.chosen("ase_apjm", 2020, _ANNUAL) / _in_care(published, 2020)
    at_home = published.chosen("ase_aed_jeunes_majeurs", 2020, _ANNUAL) / published.chosen("ase_aed", 2020, _SERIES)
    aed = published.chosen("ase_aed", millesime, _SERIES)
    estimated = base * _same_units(placed, base) + (aed * _same_units(at_home, aed)).reindex(base.index)
    return _with_mayotte(published, estimated, millesime)


def _poor_households_nearest(published: Published, millesime: int) -> pd.Series[float]:
    """Return households times the rate of persons of the nearest years, completed by 2019 for 971, 973 and 976."""
    nearest = _poor_households(published, 2018, 2018) if millesime <= 2018 else _poor_households(published, 2020, 2021)
    complete = _poor_households(published, 2019, 2019)
    return nearest.reindex(complete.index).fillna(complete)


def _minimum_income_households(published: Published, millesime: int) -> pd.Series[float]:
    """Return the households that receive the RSA, by code, of the year asked for, 2019 at the latest."""
    return published.chosen("rsa_foyers", min(millesime, 2019), _MINIMA)


def _children_under_7_uniform(published: Published, millesime: int) -> pd.Series[float]:
    """Return ages 0-4 plus two fifths of ages 5-9, by code."""
    younger, older = (published.chosen(band, millesime, _POPULATION) for band in ("enfants_0_4", "enfants_5_9"))
    return younger + older * 2 / 5


def _children_under_7_linear(published: Published, millesime: int) -> pd.Series[float]:
    """Return ages 0-4 plus ages 5 and 6 read on the line through the bands 0-4 and 10-14, by code.

    With m the mean of a single age in the band 5-9 and d the slope (mean of 10-14 less mean of 0-4, over ten years),
    ages 5 and 6 hold (m - 2 d) + (m - d).
    """
    younger, middle, older = (
        published.chosen(band, millesime, _POPULATION) / 5 for band in ("enfants_0_4", "enfants_5_9", "enfants_10_14")
    )
    slope = (older - younger) / 10
    return 5 * younger + 2 * middle - 3 * slope


def _disabled_child_allowance_by_pch(published: Published, millesime: int) -> pd.Series[float]:
    """Return the AEEH children of each région shared by PCH beneficiaries under 20, by code."""
    key = published.chosen("pch_moins_20_ans", millesime, _SERIES)
    return _share_of_region(published, pd.concat([key, pd.Series({MAYOTTE: 1.0})]))


def _in_care(published: Published, millesime: int) -> pd.Series[float]:
    return published.chosen("ase_enfants_accueillis", millesime, _SERIES)


def _children(published: Published, millesime: int) -> pd.Series[float]:
    return published.chosen("enfants_0_19", min(max(millesime, 2019), 2022), _POPULATION)


def _with_mayotte(published: Published, elsewhere: pd.Series[float], millesime: int) -> pd.Series[float]:
    children = _children(published, millesime)
    rate = elsewhere[_OVERSEAS].sum() / children[_OVERSEAS].sum()
    return pd.Series({**elsewhere, MAYOTTE: rate * children[MAYOTTE]})


def _same_units(ratio: pd.Series[float], like: pd.Series[float]) -> pd.Series[float]:
    """Give `2A` and `2B` the ratio of Corse where `like` counts them apart."""
    return pd.Series({**ratio, **dict.fromkeys(("2A", "2B"), ratio["20"])}).reindex(like.index)


def _young_adults(published: Published) -> pd.Series[float]:
    return published.chosen("ase_apjm", 2020, _ANNUAL) + published.chosen("ase_aed_jeunes_majeurs", 2020, _ANNUAL)


def _poor_households(published: Published, households: int, rate: int) -> pd.Series[float]:
    counted = published.values("menages_fiscaux", households, f"insee-filosofi-{households}")
    poor = published.values("taux_pauvrete_personnes_60", rate, f"insee-filosofi-{rate}")
    return (counted * poor / 100).dropna()


def _share_of_region(published: Published, key: pd.Series[float]) -> pd.Series[float]:
    regions = pd.Series({code: d.code_region for code, d in DEPARTEMENTS.items()} | {"20": "94"})
    children = published.values("aeeh_regions", 2018, "handidonnees-aeeh-2018")
    of_key = regions.reindex(key.index)
    return key / key.groupby(of_key).transform("sum") * of_key.map(children)


_COMPUTED: Mapping[tuple[str, str], Callable[[Published, int], pd.Series[float]]] = {
    ("ase_0_17", "tous-ages"): lambda given, year: _with_mayotte(given, _in_care(given, year), year),
    ("ase_0_17", "tous-ages-mayotte-national"): _children_in_care_national_rate,
    ("ase_0_17", "hors-jeunes-majeurs-2020"): _minors_in_care,
    ("mesures_jeunes_majeurs", "mesures-2020"): lambda given, year: _with_mayotte(given, _young_adults(given), year),
    ("mesures_jeunes_majeurs", "parts-de-2020"): _young_adult_measures_by_share,
    ("menages_pauvres", "filosofi-2019"): lambda given, _: _poor_households(given, 2019, 2019),
    ("menages_pauvres", "filosofi-proche"): _poor_households_nearest,
    ("menages_pauvres", "foyers-rsa"): _minimum_income_households,
    ("enfants_0_6", "deux-cinquiemes"): _children_under_7_uniform,
    ("enfants_0_6", "pente-lineaire"): _children_under_7_linear,
    ("aeeh", "population-0-19"): lambda given, _: _share_of_region(
        given, given.chosen("enfants_0_19", 2019, _POPULATION)
    ),
    ("aeeh", "pch"): _disabled_child_allowance_by_pch,
    ("asf", "cle-rsa"): _minimum_income_households,
    ("asf", "cle-menages-pauvres"): _poor_households_nearest,
}


@cache
def methods() -> tuple[Method, ...]:
    """Return every method, the first of a criterion being the default."""
    return tuple(
        Method(criterion, own["edition"], tuple(own["millesimes"]), own["unite"], own["formule"], own["hypothese"],
               own["source"], kept["a_remplacer_par"])
        for criterion, kept in read_yaml(Path(__file__).with_suffix(".yml"), TableError).items()
        for own in kept["methodes"]
    )  # fmt: skip


def estimated(published: pd.DataFrame, choices: Mapping[str, Choice]) -> pd.DataFrame:
    """Return the rows of `criteres.csv` that every method gives.

    Parameters
    ----------
    published, choices
        The rows of `published.build`, and the editions chosen.

    Returns
    -------
    DataFrame
        The columns of `criteres.csv`, status `estime`.
    """
    lookup = Published(published, choices)
    frames = []
    for method in methods():
        for year in method.years:
            values = _COMPUTED[method.criterion, method.edition](lookup, year).sort_index()
            frames.append(
                pd.DataFrame(
                    {
                        "critere": method.criterion,
                        "millesime": year,
                        "edition": method.edition,
                        "code_departement": values.index,
                        "valeur": values.to_numpy(),
                        "unite": method.unit,
                        "statut": "estime",
                        "source": _source(method, year, lookup),
                        "emplacement": method.place,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def default_edition(critere: str) -> str | None:
    """Return the method that a criterion takes by default, or `None` for one that is not estimated.

    Examples
    --------
    >>> default_edition("enfants_0_6")
    'deux-cinquiemes'
    """
    return next((method.edition for method in methods() if method.criterion == critere), None)


def _source(method: Method, millesime: int, published: Published) -> str:
    if method.source == "insee-filosofi":
        return "insee-filosofi-2018" if millesime <= 2018 else "insee-filosofi-2021"
    if method.source == _ANNUAL:
        return published.edition(_ANNUAL, 2020)
    if method.source == _MINIMA:
        return published.edition(_MINIMA, min(millesime, 2019))
    return published.edition(method.source, millesime) if method.source in published.choices else method.source


def indicators(criteria: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators, by département and for the whole of France.

    Parameters
    ----------
    criteria, series
        The tables `criteres.csv` (or its published rows) and `series.csv`.

    Returns
    -------
    DataFrame
        Columns of the schema; `code_departement` is missing for the whole of France, whose value is that of the sum of
        the départements; status `derive`.
    """
    definitions = read_yaml(Path(__file__).with_name("indicators.yml"), TableError)
    named = series.rename(columns={"serie": "critere", "annee": "millesime"})
    lookup = Published(pd.concat([criteria, named], ignore_index=True))
    table = pd.concat(
        [_rows(name, own, year, lookup) for name, own in definitions.items() for year in own["annees"]],
        ignore_index=True,
    )
    return table.sort_values(["indicateur", "annee", "code_departement"], na_position="first", ignore_index=True)


def _rows(indicateur: str, own: Mapping[str, Any], year: int, lookup: Published) -> pd.DataFrame:
    edition = own["edition"]
    above = _added(lookup, own["series"], year, edition)
    values = pd.concat([pd.Series({None: above.sum()}), above])
    if "rapportees_a" in own:
        below = _added(lookup, own["rapportees_a"], year, own.get("edition_rapportee", edition))
        ratio = above / below.where(below > 0)
        values = 100 * pd.concat([pd.Series({None: above.sum() / below.sum()}), ratio])
    return pd.DataFrame(
        {
            "indicateur": indicateur,
            "objectif": own["objectif"],
            "code_departement": values.index,
            "annee": year,
            "valeur": values.round(6).to_numpy(),
            "unite": own["unite"],
            "statut": "derive",
            "source": edition,
        }
    )


def _added(lookup: Published, series: Sequence[str], year: int, edition: str) -> pd.Series[float]:
    first, *others = (lookup.values(name, year, edition) for name in series)
    return sum(others, first)
