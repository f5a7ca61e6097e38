"""Estimates keep what is published, and say what they suppose; indicators are sums of published figures."""

from pathlib import Path

import pandas as pd
import pytest

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables import estimates, published
from cdppe_analysis.tables.estimates import Published, methods

DEFINITIONS = read_yaml(Path(estimates.__file__).with_name("indicators.yml"))


@pytest.fixture(scope="module")
def lookup():
    return estimates.Published(published.build(Archive.open()), published.load_choices(Archive.open()))


@pytest.fixture(scope="module")
def rows(lookup):
    return estimates.estimated(lookup.rows, lookup.choices)


def values(rows, critere, edition, millesime):
    return rows.query("critere == @critere and edition == @edition and millesime == @millesime").set_index(
        "code_departement"
    )["valeur"]


def test_every_estimate_says_so(rows):
    assert set(rows["statut"]) == {"estime"}
    assert (rows["valeur"] >= 0).all()


def test_every_criterion_that_is_estimated_has_two_methods():
    by_criterion = {}
    for method in methods():
        by_criterion.setdefault(method.criterion, set()).add(method.edition)
    assert all(len(editions) >= 2 for editions in by_criterion.values())


def test_every_method_gives_its_formula_and_its_hypothesis():
    assert all(method.formula and method.hypothesis.endswith(".") for method in methods())


def test_minors_of_2020_are_the_children_in_care_less_the_young_adults_placed(lookup, rows):
    """DREES 2020: 199 642 children in care, 29 184 placements of young adults."""
    minors = values(rows, "ase_0_17", "hors-jeunes-majeurs-2020", 2020).drop("976")
    assert minors.sum() == pytest.approx(199_642 - 29_184)
    assert minors["59"] == pytest.approx(
        lookup.values("ase_enfants_accueillis", 2020, "drees-ase-series-1996-2022")["59"]
        - lookup.values("ase_apjm", 2020, "drees-aide-sociale-2020")["59"]
    )


def test_mayotte_has_the_rate_of_the_four_other_overseas_departements(lookup, rows):
    care = values(rows, "ase_0_17", "tous-ages", 2017)
    children = lookup.values("enfants_0_19", 2019, "insee-estim-pop-2019-01-15")
    overseas = ["971", "972", "973", "974"]
    assert care["976"] / children["976"] == pytest.approx(care[overseas].sum() / children[overseas].sum())


def test_both_parts_of_corse_have_the_share_of_young_adults_of_corse(lookup, rows):
    care = lookup.values("ase_enfants_accueillis", 2017, "drees-ase-series-1996-2018")
    ratio = values(rows, "ase_0_17", "hors-jeunes-majeurs-2020", 2017) / care
    assert ratio["2A"] == pytest.approx(ratio["2B"]) == pytest.approx(1 - 85 / 531)


def test_the_measures_of_young_adults_are_those_of_2020(rows):
    """DREES 2020: 29 184 placements and 2 819 educational measures."""
    assert values(rows, "mesures_jeunes_majeurs", "mesures-2020", 2017).drop("976").sum() == 32_003


def test_the_children_of_a_region_who_receive_the_aeeh_are_all_shared(rows):
    """Handidonnées, December 2018: 324 453 children, 37 018 of them in the Hauts-de-France."""
    for edition in ("population-0-19", "pch"):
        shared = values(rows, "aeeh", edition, 2018)
        assert shared.sum() == pytest.approx(324_453)
        assert shared[["02", "59", "60", "62", "80"]].sum() == pytest.approx(37_018)


def test_children_under_7_hold_the_band_0_4_and_part_of_the_next(lookup, rows):
    edition = "insee-estim-pop-2019-01-15"
    younger = lookup.values("enfants_0_4", 2019, edition)
    both = younger + lookup.values("enfants_5_9", 2019, edition)
    for method in ("deux-cinquiemes", "pente-lineaire"):
        estimate = values(rows, "enfants_0_6", method, 2019)
        assert (estimate > younger).all()
        assert (estimate < both).all()


def test_the_linear_method_is_exact_on_a_linear_population(lookup):
    """Ages 0 to 14 of sizes 100 + 3 a: ages 0 to 6 hold 700 + 3 x 21 = 763."""
    sizes = [100 + 3 * age for age in range(15)]
    bands = {"enfants_0_4": sum(sizes[:5]), "enfants_5_9": sum(sizes[5:10]), "enfants_10_14": sum(sizes[10:])}
    rows = lookup.rows[lookup.rows["critere"].isin(list(bands)) & (lookup.rows["code_departement"] == "23")].copy()
    rows["valeur"] = rows["critere"].map(bands)
    assert estimates._children_under_7_linear(estimates.Published(rows, published.load_choices(Archive.open())), 2019)[
        "23"
    ] == pytest.approx(763)


def test_poor_households_are_households_times_the_rate_of_persons(lookup, rows):
    poor = values(rows, "menages_pauvres", "filosofi-2019", 2016)
    households = lookup.values("menages_fiscaux", 2019, "insee-filosofi-2019")["59"]
    rate = lookup.values("taux_pauvrete_personnes_60", 2019, "insee-filosofi-2019")["59"]
    assert poor["59"] == pytest.approx(households * rate / 100)
    assert len(poor) == 101


def test_the_nearest_years_are_completed_by_2019_for_three_overseas_departements(rows):
    nearest = values(rows, "menages_pauvres", "filosofi-proche", 2016)
    complete = values(rows, "menages_pauvres", "filosofi-2019", 2016)
    assert sorted(nearest.index[nearest == complete]) == ["971", "973", "976"]


@pytest.mark.parametrize(
    ("critere", "colonne"), [("asf", "indfoy_asf"), ("aeeh", "indben_aeeh"), ("menages_pauvres", "men_pauv")]
)
def test_every_method_names_what_would_take_its_place(critere, colonne):
    assert all(method.replacement for method in methods())
    assert {colonne in method.replacement for method in methods() if method.criterion == critere} == {True}


def test_the_committed_estimates_are_those_that_are_made(rows, assert_committed):
    key = ["critere", "millesime", "edition", "code_departement"]
    assert_committed("criteres", rows, key, lambda all_: all_[all_["statut"].eq("estime")])


def test_an_edition_or_a_year_that_gives_nothing_is_an_error_and_no_empty_series(lookup):
    with pytest.raises(SourceError, match="'insee-estim-pop-2019' gives no 'enfants_0_19' in 2019"):
        lookup.values("enfants_0_19", 2019, "insee-estim-pop-2019")
    with pytest.raises(SourceError, match="no edition of 'drees-ase-series' is chosen for 1990"):
        lookup.edition("drees-ase-series", 1990)
    with pytest.raises(SourceError, match="no edition of 'drees-ase' is chosen for 2017"):
        lookup.edition("drees-ase", 2017)


@pytest.fixture(scope="module")
def indicators():
    return estimates.indicators(published.build(Archive.open()), published.build_series(Archive.open()))


def test_the_columns_are_those_of_the_contract(indicators):
    assert list(indicators.columns) == Archive.open().columns("indicateurs")
    assert set(indicators["statut"]) == {"derive"}


def test_the_share_of_measures_at_home_is_given_for_eight_years_and_for_france(indicators):
    shares = indicators[indicators["indicateur"] == "part_mesures_domicile"]
    assert sorted(shares["annee"].unique()) == list(range(2015, 2023))
    assert shares["code_departement"].isna().sum() == 8
    assert shares["valeur"].dropna().between(0, 100).all()


def test_the_share_of_france_is_that_of_the_sums(indicators):
    rows = published.build(Archive.open()).query("millesime == 2022 and edition == 'drees-ase-series-1996-2022'")
    sums = rows.groupby("critere")["valeur"].sum()
    home = sums["ase_aed"] + sums["ase_aemo"]
    expected = 100 * home / (home + 208_064)
    france = indicators[indicators["code_departement"].isna() & (indicators["annee"] == 2022)]
    assert france["valeur"].item() == pytest.approx(expected, abs=1e-6)


def test_the_young_adults_of_2020_are_those_that_are_printed(indicators):
    """DREES 2020: 29 184 placements and 2 819 educational measures."""
    france = indicators[(indicators["indicateur"] == "mesures_jeunes_majeurs") & indicators["code_departement"].isna()]
    assert france["valeur"].item() == 32_003


@pytest.mark.parametrize(
    ("name", "year", "code", "value"),
    [
        ("part_education_speciale", 2020, None, 100 * 1749 / 72_293),
        ("part_education_speciale", 2020, "59", 100 * 333 / 4340),
        ("part_tiers_digne_de_confiance", 2020, None, 100 * 12_906 / 199_530),
        ("part_familles_accueil", 2020, None, 100 * 75_145 / 199_530),
        ("enfants_villages", 2020, None, 1270),
    ],
)
def test_an_indicator_of_the_workbooks_is_that_of_the_printed_totals(indicators, name, year, code, value):
    rows = indicators[indicators["indicateur"].eq(name) & indicators["annee"].eq(year)]
    own = rows[rows["code_departement"].isna() if code is None else rows["code_departement"].eq(code)]
    assert own["valeur"].item() == pytest.approx(value, abs=1e-6)


def test_every_indicator_says_what_it_computes_and_what_is_missing(indicators):
    assert set(indicators["indicateur"]) == set(DEFINITIONS)
    assert all(own["formule"] and own["definition"] and own["manque"].endswith(".") for own in DEFINITIONS.values())


def test_the_committed_table_is_the_one_that_is_built(indicators, assert_committed):
    assert_committed("indicateurs", indicators)


def test_a_ratio_to_nothing_is_missing_and_not_infinite():
    rows = pd.DataFrame(
        [("a", "01", 3.0), ("a", "02", 4.0), ("b", "01", 0.0), ("b", "02", 8.0)],
        columns=["critere", "code_departement", "valeur"],
    ).assign(millesime=2020, edition="e")
    own = {
        "edition": "e", "series": ["a"], "rapportees_a": ["b"], "objectif": 7, "unite": "%",
    }  # fmt: skip
    values = estimates._rows("i", own, 2020, Published(rows))["valeur"]
    assert values.isna().tolist() == [False, True, False]
    assert values.dropna().tolist() == [87.5, 50]
