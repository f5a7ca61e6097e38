"""A figure in a page of its own: what it carries, and how its columns are called."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.printing.figure import Figure, _heading, _row, linked_sources

SVG = (
    '<svg width="72pt"><style>*{stroke-linejoin: round; stroke-linecap: butt}</style><g id="a"/><g id="b"/>'
    '<path style="fill: url(#b); stroke: var(--encre, #1f2933)"/></svg>'
)
FIGURE = Figure("59", 1, "L'Oise", "annexe 7", "Barres", SVG, SVG, "code_departement,montant_eur\n01,1000.5\n", "UE5H")


def block(**options: object) -> BeautifulSoup:
    return BeautifulSoup(FIGURE.block("Oise (60)", **options), "html.parser")


def test_a_page_that_is_sent_alone_carries_the_files_of_its_figure():
    made = block(base=None)
    files = {link["download"]: str(link["href"]).split(",")[1] for link in made.select("a[download]")}
    assert base64.b64decode(files["59-figure-1.csv"]).decode() == FIGURE.csv
    assert "stroke: #1f2933" in base64.b64decode(files["59-figure-1.svg"]).decode()
    assert base64.b64decode(files["59-figure-1.png"]) == b"PNG"
    assert [str(link["href"]).partition(";")[0] for link in made.select("a")] == [
        f"data:{kind}" for kind in ("text/csv", "image/svg+xml", "image/png")
    ]


def test_its_names_are_its_own_and_its_style_stays_out_of_the_page():
    made = str(block().select_one(".large"))
    assert 'id="f1-b"' in made
    assert "url(#f1-b)" in made
    assert 'id="f1-a"' not in made
    assert "<style>" not in made


def test_a_code_is_no_number_and_leads_to_its_sheet_from_where_the_page_stands():
    made = block(base="../", sheets=frozenset({"01"}))
    assert made.figcaption.get_text() == "Figure\u00a01. L’Oise"
    assert "Oise (60)" in made.select("details")[-1].get_text()
    code, amount = made.select("tbody td")
    assert (code.get_text(), code.a["href"]) == ("01", "../fiches/01.html")
    assert amount.get_text() == "1\u202f001"


@pytest.mark.parametrize(
    ("column", "words"),
    [("a_la_cible", "À la cible ou au-delà"), ("poids_igb", "Poids, indice de besoin"), ("35", "Ille-et-Vilaine")],
)
def test_a_column_is_headed_in_words(column: str, words: str):
    assert _heading(column) == words


def test_a_map_to_explore_is_shown_and_its_picture_is_kept_for_print_and_for_its_files():
    made = BeautifulSoup(replace(FIGURE, fragment="<p>À explorer</p>").block("Oise", base=None), "html.parser")
    assert made.select_one("figure > .ecran > p").get_text() == "À explorer"
    assert made.select_one(".ecran ~ .large > svg")
    assert len(made.select("a[download]")) == 3
    assert "À explorer" not in str(block(base=None))


def test_a_source_leads_to_the_catalogue_to_its_lines_and_an_estimate_to_its_formula():
    text = "annexe 7 de l'instruction ; DREES, séries publiées ; estimations déclarées ; calculs du projet ; ailleurs"
    made = BeautifulSoup(linked_sources(text, "../"), "html.parser")
    links = [(link.get_text(), link["href"]) for link in made.select("a")]
    assert links == [
        ("annexe 7", "../sources.html#annexe7-ondam-2020"),
        ("lignes", "../sources/annexe7-ondam-2020.html"),
        ("DREES", "../sources.html#series"),
        ("séries publiées", "../sources.html#series"),
        ("estimations déclarées", "../glossaire.html#estimations"),
        ("calculs du projet", "../glossaire.html#calculs"),
    ]
    assert made.select_one("[aria-label]")["aria-label"] == "annexe 7, ligne à ligne"
    assert made.get_text().startswith("annexe 7 (lignes) de l’instruction\u202f; DREES, séries publiées\u202f; est")
    assert made.get_text().endswith(" ailleurs")
    assert [linked_sources(word, "") for word in ("À lire : Insee", "Cnaf", "calcul du projet")] == [
        'À lire\u00a0: <a href="sources.html#series">Insee</a>',
        '<a href="sources.html#series">Cnaf</a>',
        '<a href="glossaire.html#calculs">calcul du projet</a>',
    ]


def test_a_figure_says_which_sources_of_the_catalogue_it_names_once_each():
    named = replace(FIGURE, source="annexe 7 ; circulaire ; annexe 7 ; calculs du projet")
    assert named.sources == ["annexe7-ondam-2020", *replace(FIGURE, source="circulaire").sources]
    assert replace(FIGURE, source="Insee").sources == []


def test_the_files_of_a_figure_that_stand_apart_are_in_their_folder():
    made = block(base="", apart=True)
    assert {link["href"] for link in made.select("a[download]")} == {
        f"figures/59-figure-1.{suffix}" for suffix in ("csv", "svg", "png")
    }
    assert FIGURE.named == replace(FIGURE, svg="", svg_etroit="", csv="", png="")
    assert (FIGURE.ancre, FIGURE.nom) == ("figure-1", "59-figure-1")


def test_the_two_forms_of_a_figure_have_names_of_their_own_and_say_it_in_french():
    told = SVG.replace("<style>", '<title id="titre-svg">L\'Oise : 1 &amp; 2</title><style>').replace(
        'width="72pt"', 'width="72pt" aria-labelledby="titre-svg alternative-svg"'
    )
    narrower = told.replace("72pt", "36pt")
    made = BeautifulSoup(replace(FIGURE, svg=told, svg_etroit=narrower).block("Oise"), "html.parser")
    wide, narrow = made.select_one(".large > svg"), made.select_one(".etroite > svg")
    assert (wide["width"], narrow["width"]) == ("72pt", "36pt")
    assert wide["aria-labelledby"] == "f1-titre-svg f1-alternative-svg"
    assert narrow["aria-labelledby"] == "f1e-titre-svg f1e-alternative-svg"
    assert wide.title.get_text() == "L’Oise\u00a0: 1 & 2"
    assert (wide.title["id"], narrow.title["id"]) == ("f1-titre-svg", "f1e-titre-svg")


@pytest.mark.parametrize(("width", "shown"), [('width="72pt"', 100), ('width="547.2pt"', 760), ('height="72pt"', 760)])
def test_a_figure_is_as_wide_as_it_is_read(width: str, shown: int):
    made = replace(FIGURE, svg=SVG.replace('width="72pt"', width)).block("Oise")
    assert f'style="--largeur: {shown}px"' in made


@pytest.mark.parametrize(("count", "shown", "left"), [(120, 120, ""), (121, 120, "1 "), (150, 120, "30 ")])
def test_of_a_long_table_the_first_rows_are_shown_and_the_others_counted(count: int, shown: int, left: str):
    rows = "code_departement,annee,part\n" + "".join(f"{rank},2020,0.5\n" for rank in range(count))
    made = BeautifulSoup(replace(FIGURE, csv=rows).block("Oise"), "html.parser")
    assert len(made.select("tbody tr")) == shown
    assert [cell.get_text() for cell in made.select("tbody tr")[-1].select("td")] == ["119", "2020", "0,5000"]
    assert (f"{left}autre" in made.get_text()) == bool(left)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("1000.5", ("1\u202f001", True, "")),
        ("-999.5", ("−999,50", True, "")),
        ("1.005", ("1,01", True, "")),
        ("1", ("1", True, "")),
        ("0.99999", ("1,0000", True, "")),
        ("2e-3", ("0,0020", True, "")),
        ("", ("—", False, "")),
        ("l'Oise", ("l’Oise", False, "")),
        ("12 %", ("12\u202f%", False, "")),
    ],
)
def test_a_cell_is_written_with_the_decimals_of_its_size(text: str, cell: tuple[str, bool, str]):
    assert _row(["part"], [text], frozenset({text}), "") == [cell]


def test_what_is_no_number_by_its_name_is_none_and_only_a_departement_has_a_sheet():
    names = ["annee", "millesime", "code_region", "code_departement"]
    assert _row(names, ["2020", "2021", "32", "32"], frozenset({"32", "2020"}), "../") == [
        ("2020", False, ""),
        ("2021", False, ""),
        ("32", False, ""),
        ("32", False, "../fiches/32.html"),
    ]
