"""The indicators of the objectives of 2025, held against sums of published figures."""

import pandas as pd
import pytest

from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import indicators, published
from cdppe_analysis.tables.estimates import Published


@pytest.fixture(scope="module")
def table():
    return indicators.build(published.build(Archive.open()), published.build_series(Archive.open()))


def test_the_columns_are_those_of_the_contract(table):
    assert list(table.columns) == Archive.open().columns("indicateurs")
    assert set(table["statut"]) == {"derive"}


def test_the_share_of_measures_at_home_is_given_for_eight_years_and_for_france(table):
    shares = table[table["indicateur"] == "part_mesures_domicile"]
    assert sorted(shares["annee"].unique()) == list(range(2015, 2023))
    assert shares["code_departement"].isna().sum() == 8
    assert shares["valeur"].dropna().between(0, 100).all()


def test_the_share_of_france_is_that_of_the_sums(table):
    rows = published.build(Archive.open()).query("millesime == 2022 and edition == 'drees-ase-series-1996-2022'")
    sums = rows.groupby("critere")["valeur"].sum()
    home = sums["ase_aed"] + sums["ase_aemo"]
    expected = 100 * home / (home + 208_064)
    france = table[table["code_departement"].isna() & (table["annee"] == 2022)]
    assert france["valeur"].item() == pytest.approx(expected, abs=1e-6)


def test_the_young_adults_of_2020_are_those_that_are_printed(table):
    """DREES 2020: 29 184 placements and 2 819 educational measures."""
    france = table[(table["indicateur"] == "mesures_jeunes_majeurs") & table["code_departement"].isna()]
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
def test_an_indicator_of_the_workbooks_is_that_of_the_printed_totals(table, name, year, code, value):
    rows = table[table["indicateur"].eq(name) & table["annee"].eq(year)]
    own = rows[rows["code_departement"].isna() if code is None else rows["code_departement"].eq(code)]
    assert own["valeur"].item() == pytest.approx(value, abs=1e-6)


def test_every_indicator_says_what_it_computes_and_what_is_missing(table):
    assert set(table["indicateur"]) == set(indicators.definitions())
    assert all(
        own["formule"] and own["definition"] and own["manque"].endswith(".")
        for own in indicators.definitions().values()
    )


def test_the_committed_table_is_the_one_that_is_built(table, assert_committed):
    assert_committed("indicateurs", table)


def test_a_ratio_to_nothing_is_missing_and_not_infinite():
    rows = pd.DataFrame(
        [("a", "01", 3.0), ("a", "02", 4.0), ("b", "01", 0.0), ("b", "02", 8.0)],
        columns=["critere", "code_departement", "valeur"],
    ).assign(millesime=2020, edition="e")
    own = {
        "edition": "e", "series": ["a"], "rapportees_a": ["b"], "objectif": 7, "unite": "%",
    }  # fmt: skip
    values = indicators._rows("i", own, 2020, Published(rows))["valeur"]
    assert values.isna().tolist() == [False, True, False]
    assert values.dropna().tolist() == [87.5, 50]
