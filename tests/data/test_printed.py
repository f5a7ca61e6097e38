"""A place that is no cell of a table is told as it is printed."""

from cdppe_analysis.data.printed import printed_cells
from cdppe_analysis.sources import Archive


def test_a_cell_is_read_as_printed_with_its_column_in_words():
    [cell] = printed_cells("annexe7-ondam-2020", "b-enveloppes L22 dotation_departement", Archive.open())
    assert cell["imprime"] == "100 000 €"


def test_a_place_in_words_is_kept_as_the_section():
    [cell] = printed_cells("circulaire-2020-34", "annexe 4, IV", Archive.open())
    assert (cell["section"], cell["ligne"], cell["imprime"]) == ("annexe 4, IV", None, None)
