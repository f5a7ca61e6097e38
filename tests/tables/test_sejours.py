"""The Loiret's three mean stays."""

from cdppe_analysis.tables import sejours


def test_the_three_means_are_in_days_and_in_printed_months():
    """Feedback session, box of the introduction: 221 days (7 months), 304 (10), 171 (5)."""
    table = sejours.build().set_index("public")
    assert table["duree_jours"].to_dict() == {"ensemble": 221, "handicap": 304, "sans_handicap": 171}
    assert table["mois_imprimes"].to_dict() == {"ensemble": 7, "handicap": 10, "sans_handicap": 5}
    assert set(table["code_departement"]) == {"45"}


def test_each_mean_leads_back_to_its_cell():
    assert sejours.build()["emplacement"].tolist() == [
        "sejours L1 jours; sejours L1 mois",
        "sejours L2 jours; sejours L2 mois",
        "sejours L3 jours; sejours L3 mois",
    ]


def test_the_committed_table_is_the_one_that_is_built(assert_committed):
    assert_committed("sejours", sejours.build())
