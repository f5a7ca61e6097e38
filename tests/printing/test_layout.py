"""The template: escaped, closed to what is outside."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from cdppe_analysis import __version__
from cdppe_analysis.printing.layout import TEMPLATES, foot, render

VALUES = {
    "genre": "page-accueil",
    "fichier": "index.html",
    "racine": "",
    "rapports": [],
    "echecs": [],
    "avec_fiches": False,
    "avec_simulateur": False,
    "pied": foot(),
}


def test_a_value_is_escaped():
    page = render("accueil.html.j2", titre="<script>alert(1)</script>", phrase="a & b", **VALUES)
    assert "<script>alert" not in page
    assert "a &amp; b" in page


def test_the_policy_of_a_page_allows_its_own_script_and_no_other():
    page = render("accueil.html.j2", titre="Titre", phrase="Phrase", **VALUES)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in page or f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


def test_the_foot_says_the_version_and_the_digest_of_the_data():
    made = foot()
    assert f"version {__version__}" in made.citation
    assert made.empreinte[:16] in made.citation


def test_no_template_names_an_address():
    for template in TEMPLATES.rglob("*"):
        if template.is_file():
            assert not re.search(r"https?://", template.read_text(encoding="utf-8")), template.name


@pytest.mark.parametrize(("with_sheets", "said"), [(True, 'href="fiches/index.html"'), (False, "cdppe fiche --all")])
def test_the_index_leads_to_the_sheets_or_says_how_to_write_them(with_sheets: bool, said: str):
    page = render("accueil.html.j2", titre="Titre", phrase="Phrase", **(VALUES | {"avec_fiches": with_sheets}))
    assert said in page


@pytest.mark.parametrize(("written", "said"), [(True, 'href="simulateur.html"'), (False, "make simulator")])
def test_the_index_leads_to_the_simulator_or_says_how_to_write_it(written: bool, said: str):
    assert said in render("accueil.html.j2", titre="Titre", phrase="Phrase", **(VALUES | {"avec_simulateur": written}))
