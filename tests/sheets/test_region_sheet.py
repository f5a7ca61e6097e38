"""The sheet of a région: sums of its départements, and what is not known of it."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.sheets.dossier import Dossier
from cdppe_analysis.sheets.sheet import render_sheet
from cdppe_analysis.typography import NNBSP

pytestmark = pytest.mark.xdist_group("fiches")


def words(code: str, dossier: Dossier) -> str:
    page = BeautifulSoup(render_sheet(code, dossier), "html.parser").select_one("main")
    assert page is not None
    return re.sub(r"\s+", " ", page.get_text(" ").replace(NNBSP, " "))


def test_a_region_sums_its_departements(dossier: Dossier):
    """Annex 7 (ONDAM 2020), table B, Hauts-de-France: 417 876 + 1 995 607 + 1 185 174 + 374 500 €."""
    text = words("R32", dossier)
    assert "4 bénéficiaires de la première vague, en 2020, pour 5 départements : 3 973 157 €" in text
    assert "hors vague" in text


def test_a_region_without_a_beneficiary_says_so(dossier: Dossier):
    assert "Aucun département de la région Guadeloupe" in words("R01", dossier)


def test_a_region_is_told_what_the_main_scenarios_change(dossier: Dossier):
    """A cap of 1 000 000 € takes from the Nord and the Pas-de-Calais."""
    assert "Dotation maximale de 1 000 000 € 2 963 208 € −1 009 949 €" in words("R32", dossier)


def test_the_region_of_mayotte_says_that_its_children_are_estimated(dossier: Dossier):
    assert "1 566 (estimation) hors vague" in words("R06", dossier)
