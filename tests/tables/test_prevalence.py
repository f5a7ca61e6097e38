"""Every proportion of the feedback session, each with its own population and definition."""

import pytest

from cdppe_analysis.tables import prevalence


@pytest.fixture(scope="module")
def table():
    return prevalence.build()


def test_the_national_estimate_stays_a_range(table):
    """Feedback session, introduction: 15 to 20 % of the children in care, 2 to 3 % of the general population."""
    national = table[table["territoire"].eq("France") & table["indicateur"].eq("situation_de_handicap")]
    assert national[["borne_basse", "borne_haute"]].to_numpy().tolist() == [[15, 20], [2, 3]]
    assert national["valeur"].isna().all()


def test_a_notification_is_not_a_situation_nor_a_following_by_the_ase(table):
    """Bouches-du-Rhône 17 %, Somme 21 %, its SAS 66 %: notifications; Gironde, above 50 %: followed by the ASE."""
    notified = table[table["indicateur"].eq("notification_mdph")]
    assert notified.set_index("code_departement")["valeur"].to_dict() == {"13": 17, "80": 66}
    assert sorted(notified["valeur"]) == [17, 21, 66]
    assert table.loc[table["indicateur"].eq("suivi_ase"), "borne_basse"].tolist() == [50]


def test_the_loiret_s_comparable_proportion_has_no_figure(table):
    loiret = table[table["code_departement"].eq("45")].iloc[0]
    assert loiret[["valeur", "borne_basse", "borne_haute"]].isna().all()
    assert "sans chiffre" in loiret["note"]


def test_three_times_more_is_a_ratio_and_no_percentage(table):
    row = table[table["indicateur"].eq("descolarisation_a_15_ans")].iloc[0]
    assert (row["valeur"], row["unite"]) == (3, "rapport")


def test_no_two_rows_share_definition_population_and_place(table):
    assert not table.duplicated(["indicateur", "territoire", "population"]).any()
    assert len(table) == 8


def test_the_committed_table_is_the_one_that_is_built(table, assert_committed):
    assert_committed("prevalence", table)
