"""The schemes of the feedback session and the three services of the Nord."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.tables import dispositifs


@pytest.fixture(scope="module")
def table():
    return dispositifs.build()


def test_there_are_seventeen_schemes(table):
    assert table.groupby("source")["nom"].nunique().to_dict() == {
        "rex-club-territoires": 14,
        "aac-sessad-ase-nord": 3,
    }


def test_the_three_services_of_the_nord_have_14_places_and_276_000_euros_each(table):
    """Call for applications, 3.3, 4.1, 5.1 and 5.2."""
    nord = table[table["type"].eq("sessad_ase") & table["indicateur"].eq("dotation")]
    assert nord["nom"].str.removeprefix("SESSAD ASE ").tolist() == [
        "Flandre maritime",
        "Flandre intérieure",
        "Douaisis",
    ]
    assert set(zip(nord["places"], nord["valeur"], nord["ouverture"], strict=True)) == {(14, 276000, "2026-S2")}


def test_the_places_of_the_feedback_session_are_printed_for_two_schemes(table):
    """DEMMAC (Morbihan): 16 places; MEMS (Gironde): 10 places."""
    places = table.dropna(subset="places").drop_duplicates("nom").set_index("nom")["places"]
    assert places[["DEMMAC", "MEMS"]].to_dict() == {"DEMMAC": 16, "MEMS": 10}
    assert len(places) == 5


def test_a_scheme_without_a_figure_keeps_its_row(table):
    """Loiret: boarding medico-educational institutes, awaiting an answer."""
    row = table[table["nom"].eq("IME avec internats")].iloc[0]
    assert (row["indicateur"], row["ouverture"], row["emplacement"]) == ("", "", "dispositifs-rex L6")


def test_a_figure_of_no_scheme_stops_the_table(whole_data_copy):
    """A scheme renamed in one of the two raw tables."""
    import hashlib

    path = whole_data_copy / "raw" / "rex-club-territoires" / "dispositifs.csv"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text(encoding="utf-8").replace("DEMMAC", "DEMAC"), encoding="utf-8")
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    catalogue = whole_data_copy / "sources.yml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(TableError, match="the figures of 'DEMMAC' belong to no scheme"):
        dispositifs.build(whole_data_copy)


def test_the_committed_table_is_the_one_that_is_built(table, assert_committed):
    assert_committed("dispositifs", table)
