"""The table of criteria has the columns of the contract."""

from cdppe_analysis.tables import criteria


def test_the_columns_are_those_of_the_contract_and_no_value_is_missing():
    table = criteria.build()
    assert list(table.columns) == list(criteria.COLUMNS)
    assert not table.isna().any(axis=None)
    assert set(table["statut"]) == {"publie", "derive", "estime"}


def test_a_figure_is_named_once():
    assert not criteria.build().duplicated(["critere", "millesime", "edition", "code_departement"]).any()
