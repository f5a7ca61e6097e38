"""What all tables drawn from running text share."""

import pytest

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.tables import narrative


def test_a_territory_that_is_none_is_refused(whole_data_copy):
    raw = narrative.read_corrected("rex-club-territoires", "prevalence", whole_data_copy)
    with pytest.raises(TerritoryError):
        narrative.territory_codes(raw.cells["territoire"].replace("Somme", "Sambre"))


def test_the_whole_country_has_no_code():
    raw = narrative.read_corrected("rex-club-territoires", "prevalence")
    codes = narrative.territory_codes(raw.cells["territoire"])
    assert codes[1] == ""
    assert narrative.territory_names(raw.cells["territoire"])[0] == "France"


def test_a_cell_without_a_figure_is_refused_unless_it_is_known_to_have_none():
    raw = narrative.read_corrected("rex-club-territoires", "prevalence")
    with pytest.raises(TableError, match=r"'proportion comparable' is no figure.*prevalence L4 imprime"):
        narrative.figures(raw)
    assert narrative.bounds(raw, without_figure={"proportion comparable"}).loc[4].isna().all()
