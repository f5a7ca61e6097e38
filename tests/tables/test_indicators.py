"""The indicators of the objectives of 2025, held against sums of published figures."""

import pytest

from cdppe_analysis.tables import indicators, published


@pytest.fixture(scope="module")
def table():
    return indicators.build(published.build())


def test_the_columns_are_those_of_the_contract(table):
    assert list(table.columns) == list(indicators.COLUMNS)
    assert set(table["statut"]) == {"derive"}


def test_the_share_of_measures_at_home_is_given_for_eight_years_and_for_france(table):
    shares = table[table["indicateur"] == "part_mesures_domicile"]
    assert sorted(shares["annee"].unique()) == list(range(2015, 2023))
    assert shares["code_departement"].isna().sum() == 8
    assert shares["valeur"].dropna().between(0, 100).all()


def test_the_share_of_france_is_that_of_the_sums(table):
    rows = published.build().query("millesime == 2022 and edition == 'drees-ase-series-1996-2022'")
    sums = rows.groupby("critere")["valeur"].sum()
    home = sums["ase_aed"] + sums["ase_aemo"]
    expected = 100 * home / (home + 208_064)
    france = table[table["code_departement"].isna() & (table["annee"] == 2022)]
    assert france["valeur"].item() == pytest.approx(expected, abs=1e-6)


def test_the_young_adults_of_2020_are_those_that_are_printed(table):
    """DREES 2020: 29 184 placements and 2 819 educational measures."""
    france = table[(table["indicateur"] == "mesures_jeunes_majeurs") & table["code_departement"].isna()]
    assert france["valeur"].item() == 32_003


def test_every_indicator_says_what_it_lacks(table):
    assert set(table["indicateur"]) == set(indicators.INDICATORS)
    assert all(indicator.manque and indicator.definition for indicator in indicators.INDICATORS.values())
