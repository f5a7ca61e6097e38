"""Bridges over what is not published: each a method with its formula, its hypothesis, and status `estime`.

A criterion of an official rule that no publication gives for every beneficiary is estimated here from published series,
by two methods at least wherever two can be defended, so that the effect of the choice can be shown. The name of the
method stands in the column `edition`. Nothing here is an official figure.

Common to all methods that rest on DREES's series: the DREES publishes nothing for Mayotte, whose value is then its
population aged 0-19 times the mean rate of the four other overseas départements.

Known drawback: no method says how far it is from the truth; only the spread between methods is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from cdppe_analysis.errors import SourceError
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

    def values(self, critere: str, millesime: int, edition: str) -> pd.Series:
        """Return a series of values by code, in the order of the codes."""
        found = self.rows[
            self.rows["critere"].eq(critere) & self.rows["millesime"].eq(millesime) & self.rows["edition"].eq(edition)
        ]
        return found.set_index("code_departement")["valeur"].sort_index()

    def chosen(self, critere: str, millesime: int, publication: str) -> pd.Series:
        """Return the same, from the edition that is chosen for the year."""
        return self.values(critere, millesime, self.edition(publication, millesime))


_WANTED: Mapping[str, str] = {
    "ase_0_17": "DREES, enfants confiés à l'ASE par âge (tableaux annuels, « Tab7-ase »), mineurs, au 31 décembre",
    "mesures_jeunes_majeurs": "DREES, APJM et AED de jeunes majeurs par département, au 31 décembre de l'année",
    "menages_pauvres": "Insee, Filosofi, nombre de ménages pauvres par département (men_pauv), année demandée",
    "enfants_0_6": "Insee, estimations de population par département et âge détaillé, 0 à 6 ans, au 1er janvier",
    "aeeh": "Cnaf, bénéficiaires par département (numdep, dtreffre), colonne indben_aeeh, décembre 2018",
    "asf": "Cnaf, foyers allocataires par département (numdep, dtreffre), colonne indfoy_asf, décembre 2018",
}


@dataclass(frozen=True)
class Method:
    """A way to estimate a criterion: what it is called, what it computes, what it supposes."""

    critere: str
    edition: str
    millesimes: tuple[int, ...]
    unite: str
    formule: str
    hypothese: str
    source: str
    compute: Callable[[Published, int], pd.Series]

    @property
    def remplacement(self) -> str:
        """The data set, the column and the date that would take the place of the estimate."""
        return _WANTED[self.critere]

    @property
    def emplacement(self) -> str:
        """What the column `emplacement` says of an estimated value."""
        return f"methode {self.critere}/{self.edition}"


def _children_in_care(published: Published, millesime: int) -> pd.Series:
    """Return all children and young adults in the care of the ASE at 31 December, by code, with Mayotte estimated."""
    return _with_mayotte(published, _in_care(published, millesime), millesime)


def _children_in_care_national_rate(published: Published, millesime: int) -> pd.Series:
    """Return the same, with Mayotte at the mean rate of the hundred other départements."""
    known = _in_care(published, millesime)
    children = _children(published, millesime)
    rate = known.sum() / children.drop(MAYOTTE).sum()
    return pd.Series({**known, MAYOTTE: rate * children[MAYOTTE]})


def _minors_in_care(published: Published, millesime: int) -> pd.Series:
    """Return children in care less the share that young adults' placements (APJM) were of them in 2020, by code."""
    known = _in_care(published, millesime)
    share = published.chosen("ase_apjm", 2020, _ANNUAL) / _in_care(published, 2020)
    return _with_mayotte(published, known * (1 - _same_units(share, known)), millesime)


def _young_adult_measures_of_2020(published: Published, millesime: int) -> pd.Series:
    """Return the young adults' measures of 2020 (APJM and AED), whatever the year asked for, by code."""
    return _with_mayotte(published, _young_adults(published), millesime)


def _young_adult_measures_by_share(published: Published, millesime: int) -> pd.Series:
    """Return the share that young adults' measures were in 2020, times the measures of the year, by code."""
    base = _in_care(published, millesime)
    placed = published.chosen("ase_apjm", 2020, _ANNUAL) / _in_care(published, 2020)
    at_home = published.chosen("ase_aed_jeunes_majeurs", 2020, _ANNUAL) / published.chosen("ase_aed", 2020, _SERIES)
    aed = published.chosen("ase_aed", millesime, _SERIES)
    estimated = base * _same_units(placed, base) + (aed * _same_units(at_home, aed)).reindex(base.index)
    return _with_mayotte(published, estimated, millesime)


def _poor_households_of_2019(published: Published, millesime: int) -> pd.Series:  # noqa: ARG001 - one year serves all
    """Return households times the poverty rate of persons, both of 2019, the one year with all 101."""
    return _poor_households(published, 2019, 2019)


def _poor_households_nearest(published: Published, millesime: int) -> pd.Series:
    """Return households times the rate of persons of the nearest years, completed by 2019 for 971, 973 and 976."""
    nearest = _poor_households(published, 2018, 2018) if millesime <= 2018 else _poor_households(published, 2020, 2021)
    complete = _poor_households(published, 2019, 2019)
    return nearest.reindex(complete.index).fillna(complete)


def _minimum_income_households(published: Published, millesime: int) -> pd.Series:
    """Return the households that receive the RSA, by code, of the year asked for, 2019 at the latest."""
    return published.chosen("rsa_foyers", min(millesime, 2019), _MINIMA)


def _children_under_7_uniform(published: Published, millesime: int) -> pd.Series:
    """Return ages 0-4 plus two fifths of ages 5-9, by code."""
    younger, older = (published.chosen(band, millesime, _POPULATION) for band in ("enfants_0_4", "enfants_5_9"))
    return younger + older * 2 / 5


def children_under_7_linear(published: Published, millesime: int) -> pd.Series:
    """Return ages 0-4 plus ages 5 and 6 read on the line through the bands 0-4 and 10-14, by code.

    With m the mean of a single age in the band 5-9 and d the slope (mean of 10-14 less mean of 0-4, over ten years),
    ages 5 and 6 hold (m - 2 d) + (m - d).
    """
    younger, middle, older = (
        published.chosen(band, millesime, _POPULATION) / 5 for band in ("enfants_0_4", "enfants_5_9", "enfants_10_14")
    )
    slope = (older - younger) / 10
    return 5 * younger + 2 * middle - 3 * slope


def _disabled_child_allowance_by_population(published: Published, millesime: int) -> pd.Series:  # noqa: ARG001
    """Return the AEEH children of each région shared by population aged 0-19, by code."""
    return _share_of_region(published, published.chosen("enfants_0_19", 2019, _POPULATION))


def _disabled_child_allowance_by_pch(published: Published, millesime: int) -> pd.Series:
    """Return the AEEH children of each région shared by PCH beneficiaries under 20, by code."""
    key = published.chosen("pch_moins_20_ans", millesime, _SERIES)
    return _share_of_region(published, pd.concat([key, pd.Series({MAYOTTE: 1.0})]))


def _in_care(published: Published, millesime: int) -> pd.Series:
    return published.chosen("ase_enfants_accueillis", millesime, _SERIES)


def _children(published: Published, millesime: int) -> pd.Series:
    return published.chosen("enfants_0_19", min(max(millesime, 2019), 2022), _POPULATION)


def _with_mayotte(published: Published, known: pd.Series, millesime: int) -> pd.Series:
    children = _children(published, millesime)
    rate = known[_OVERSEAS].sum() / children[_OVERSEAS].sum()
    return pd.Series({**known, MAYOTTE: rate * children[MAYOTTE]})


def _same_units(ratio: pd.Series, like: pd.Series) -> pd.Series:
    """Give `2A` and `2B` the ratio of Corse where `like` counts them apart."""
    return pd.Series({**ratio, **dict.fromkeys(("2A", "2B"), ratio["20"])}).reindex(like.index)


def _young_adults(published: Published) -> pd.Series:
    return published.chosen("ase_apjm", 2020, _ANNUAL) + published.chosen("ase_aed_jeunes_majeurs", 2020, _ANNUAL)


def _poor_households(published: Published, households: int, rate: int) -> pd.Series:
    counted = published.values("menages_fiscaux", households, f"insee-filosofi-{households}")
    poor = published.values("taux_pauvrete_personnes_60", rate, f"insee-filosofi-{rate}")
    return (counted * poor / 100).dropna()


def _share_of_region(published: Published, key: pd.Series) -> pd.Series:
    regions = pd.Series({code: d.code_region for code, d in DEPARTEMENTS.items()} | {"20": "94"})
    children = published.values("aeeh_regions", 2018, "handidonnees-aeeh-2018")
    of_key = regions.reindex(key.index)
    return key / key.groupby(of_key).transform("sum") * of_key.map(children)


METHODS: tuple[Method, ...] = (
    Method(
        "ase_0_17", "tous-ages", (2017, 2018, 2019, 2020, 2021, 2022), "enfants et jeunes majeurs",
        "enfants et jeunes majeurs accueillis à l'ASE au 31 décembre",
        "La part des jeunes majeurs parmi les enfants accueillis est la même partout.",
        _SERIES, _children_in_care,
    ),
    Method(
        "ase_0_17", "tous-ages-mayotte-national", (2017,), "enfants et jeunes majeurs",
        "comme « tous-ages », Mayotte au taux moyen des cent autres départements",
        "La part des jeunes majeurs est la même partout ; Mayotte est comme la moyenne nationale.",
        _SERIES, _children_in_care_national_rate,
    ),
    Method(
        "ase_0_17", "hors-jeunes-majeurs-2020", (2017, 2018, 2019, 2020, 2021, 2022), "mineurs",
        "enfants accueillis x (1 - APJM de 2020 / enfants accueillis de 2020)",
        "La part des jeunes majeurs de chaque département est celle de 2020, seule année publiée.",
        _SERIES, _minors_in_care,
    ),
    Method(
        "mesures_jeunes_majeurs", "mesures-2020", (2017, 2022), "mesures",
        "APJM de 2020 + AED de jeunes majeurs de 2020",
        "La répartition de 2020, seule année publiée, vaut pour l'année demandée.",
        _ANNUAL, _young_adult_measures_of_2020,
    ),
    Method(
        "mesures_jeunes_majeurs", "parts-de-2020", (2017, 2022), "mesures",
        "enfants accueillis x part des APJM en 2020 + AED x part des AED de jeunes majeurs en 2020",
        "Dans chaque département, la part des jeunes majeurs est celle de 2020.",
        _ANNUAL, _young_adult_measures_by_share,
    ),
    Method(
        "menages_pauvres", "filosofi-2019", (2016, 2021), "ménages",
        "ménages fiscaux de 2019 x taux de pauvreté des personnes de 2019",
        "Les ménages sont pauvres dans la proportion des personnes ; 2019, seule année complète, vaut pour les autres.",
        "insee-filosofi-2019", _poor_households_of_2019,
    ),
    Method(
        "menages_pauvres", "filosofi-proche", (2016, 2021), "ménages",
        "ménages fiscaux x taux de pauvreté des personnes des années les plus proches (2018 pour 2016 ; ménages "
        "de 2020 et taux de 2021 pour 2021), complétés par 2019 pour la Guadeloupe, la Guyane et Mayotte",
        "Les ménages sont pauvres dans la proportion des personnes.",
        "insee-filosofi", _poor_households_nearest,
    ),
    Method(
        "menages_pauvres", "foyers-rsa", (2016, 2021), "foyers",
        "foyers allocataires du RSA (2016 ; 2019 pour 2021)",
        "Les ménages pauvres se répartissent comme les foyers au RSA.",
        _MINIMA, _minimum_income_households,
    ),
    Method(
        "enfants_0_6", "deux-cinquiemes", (2019,), "personnes",
        "0 à 4 ans + 2/5 des 5 à 9 ans",
        "Les âges de 5 à 9 ans sont également nombreux.",
        _POPULATION, _children_under_7_uniform,
    ),
    Method(
        "enfants_0_6", "pente-lineaire", (2019,), "personnes",
        "0 à 4 ans + 5 et 6 ans lus sur la droite qui passe par les tranches 0-4 et 10-14 ans",
        "L'effectif par âge varie linéairement de 0 à 14 ans.",
        _POPULATION, children_under_7_linear,
    ),
    Method(
        "aeeh", "population-0-19", (2018,), "enfants",
        "enfants bénéficiaires de la région x part du département dans les 0 à 19 ans de la région",
        "Dans une région, l'AEEH est également fréquente dans tous les départements.",
        "handidonnees-aeeh-2018", _disabled_child_allowance_by_population,
    ),
    Method(
        "aeeh", "pch", (2018,), "enfants",
        "enfants bénéficiaires de la région x part du département dans les bénéficiaires de la PCH de moins de 20 ans",
        "Dans une région, l'AEEH se répartit comme la PCH des moins de 20 ans.",
        "handidonnees-aeeh-2018", _disabled_child_allowance_by_pch,
    ),
    Method(
        "asf", "cle-rsa", (2018,), "foyers au RSA (clé)",
        "foyers allocataires du RSA de 2018, pris pour clé",
        "Les familles qui reçoivent l'ASF se répartissent comme les foyers au RSA.",
        _MINIMA, _minimum_income_households,
    ),
    Method(
        "asf", "cle-menages-pauvres", (2018,), "ménages pauvres (clé)",
        "ménages fiscaux x taux de pauvreté des personnes, 2018 complétée par 2019, pris pour clé",
        "Les familles qui reçoivent l'ASF se répartissent comme les ménages pauvres.",
        "insee-filosofi", _poor_households_nearest,
    ),
)  # fmt: skip
"""Every method, the first of a criterion being the default."""


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
    for method in METHODS:
        for millesime in method.millesimes:
            values = method.compute(lookup, millesime).sort_index()
            frames.append(
                pd.DataFrame(
                    {
                        "critere": method.critere,
                        "millesime": millesime,
                        "edition": method.edition,
                        "code_departement": values.index,
                        "valeur": values.to_numpy(),
                        "unite": method.unite,
                        "statut": "estime",
                        "source": _source(method, millesime, lookup),
                        "emplacement": method.emplacement,
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
    return next((method.edition for method in METHODS if method.critere == critere), None)


def methods_by_name() -> Mapping[str, Method]:
    """Return the methods by what `emplacement` says of them."""
    return {method.emplacement: method for method in METHODS}


def _source(method: Method, millesime: int, published: Published) -> str:
    if method.source == "insee-filosofi":
        return "insee-filosofi-2018" if millesime <= 2018 else "insee-filosofi-2021"
    if method.source == _ANNUAL:
        return published.edition(_ANNUAL, 2020)
    if method.source == _MINIMA:
        return published.edition(_MINIMA, min(millesime, 2019))
    return published.edition(method.source, millesime) if method.source in published.choices else method.source
