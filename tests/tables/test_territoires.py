"""The table of the territories is that of the Code officiel géographique."""

from cdppe_analysis.tables import territoires
from cdppe_analysis.territories import DEPARTEMENTS


def test_the_101_departements_are_there_in_order():
    table = territoires.build()
    assert table["code_departement"].tolist() == list(DEPARTEMENTS)
    assert table["code_region"].nunique() == 18


def test_the_committed_table_is_the_one_that_is_built(assert_committed):
    assert_committed("territoires", territoires.build())
