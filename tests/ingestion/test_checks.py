"""Totals beside the sum of their parts."""

from decimal import Decimal

import pytest

from cdppe_analysis.ingestion.annex import annex_of


@pytest.mark.parametrize(
    ("parts", "total", "status"),
    [
        (("100 000 €", "200 000 €"), "300 000 €", "egal"),
        (("100 000 €", "200 000 €"), "300 001 €", "arrondi"),
        (("100 000 €", "200 000 €"), "300 002 €", "ecart"),
        (("100,4 k€", "200,4 k€"), "300,9 k€", "arrondi"),
        (("100,4 k€", "200,4 k€"), "301,0 k€", "ecart"),
        (("100 000 €", "200 000 €"), "0,30 M€", "egal"),
        (("100 000 €", "204 000 €"), "0,30 M€", "arrondi"),
        (("100 000,50 €", "200 000,50 €"), "300 001 €", "egal"),
    ],
)
def test_a_total_may_miss_its_parts_by_half_a_unit_of_each(written, parts, total, status):
    annex = annex_of(written(f"Ain {parts[0]}", f"Aisne {parts[1]}", f"TOTAL {total}"))
    assert [check.statut for check in annex.checks] == [status]


def test_a_check_gives_place_and_both_figures(written):
    check = annex_of(written("Ain 100 000 €", "Aisne 200 000 €", "", "TOTAL 400 000 €")).failed[0]
    assert (check.page, check.ligne, check.imprime) == (1, 4, "400 000 €")
    assert (check.total, check.somme, check.tolerance) == (400_000, 300_000, Decimal("1.5"))
