"""The table of doubts."""

from dataclasses import fields

from cdppe_analysis.ingestion.annex import annex_of
from cdppe_analysis.ingestion.doubts import Doubt


def test_doubts_are_a_table_in_the_order_of_the_print(written):
    doubts = annex_of(written("Finistère 200 €", "Morbian 100", "Ile et Vilaine 100 €", "TOTAL 401 €")).doubts
    assert list(doubts.columns) == [field.name for field in fields(Doubt)]
    assert list(zip(doubts["ligne"], doubts["nature"], strict=True)) == [
        (2, "unite"),
        (2, "nom"),
        (3, "nom"),
        (4, "arrondi"),
    ]
