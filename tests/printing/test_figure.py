"""A figure in a page of its own: what it carries, and how its columns are called."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.printing.figure import Figure, _heading, figure_block

SVG = (
    '<svg width="72pt"><style>*{stroke-linejoin: round; stroke-linecap: butt}</style><g id="a"/><g id="b"/>'
    '<path style="fill: url(#b); stroke: var(--encre, #1f2933)"/></svg>'
)
FIGURE = Figure("59", 1, "L'Oise", "annexe 7", "Barres", SVG, SVG, "code_departement,montant_eur\n01,1000.5\n", "UE5H")


def block(**options: object) -> BeautifulSoup:
    return BeautifulSoup(figure_block(FIGURE, "Oise (60)", **options), "html.parser")


def test_a_page_that_is_sent_alone_carries_the_files_of_its_figure():
    made = block(base=None)
    files = {link["download"]: str(link["href"]).split(",")[1] for link in made.select("a[download]")}
    assert base64.b64decode(files["59-figure-1.csv"]).decode() == FIGURE.csv
    assert "stroke: #1f2933" in base64.b64decode(files["59-figure-1.svg"]).decode()
    assert base64.b64decode(files["59-figure-1.png"]) == b"PNG"
    assert [link["href"][:5] for link in made.select("a")] == ["data:"] * 3


def test_its_names_are_its_own_and_its_style_stays_out_of_the_page():
    made = str(block().select_one(".large"))
    assert 'id="f1-b"' in made
    assert "url(#f1-b)" in made
    assert 'id="f1-a"' not in made
    assert "<style>" not in made


def test_a_code_is_no_number_and_leads_to_its_sheet_from_where_the_page_stands():
    code, amount = block(base="../", sheets=frozenset({"01"})).select("tbody td")
    assert (code.get_text(), code.a["href"]) == ("01", "../fiches/01.html")
    assert amount.get_text() == "1\u202f001"


@pytest.mark.parametrize(
    ("column", "words"),
    [("a_la_cible", "À la cible ou au-delà"), ("poids_igb", "Poids, indice de besoin"), ("35", "Ille-et-Vilaine")],
)
def test_a_column_is_headed_in_words(column: str, words: str):
    assert _heading(column) == words


def test_a_map_to_explore_is_shown_and_its_picture_is_kept_for_print_and_for_its_files():
    made = BeautifulSoup(figure_block(replace(FIGURE, fragment="<p>À explorer</p>"), "Oise", base=None), "html.parser")
    assert made.select_one("figure > .ecran > p").get_text() == "À explorer"
    assert made.select_one(".ecran ~ .large > svg")
    assert len(made.select("a[download]")) == 3
    assert "À explorer" not in str(block(base=None))
