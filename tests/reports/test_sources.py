"""The sources as pages: every printed row has its anchor, and the data that come from it stand in front of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.printing.figure import linked_sources
from cdppe_analysis.reports.sources import write_sources
from cdppe_analysis.sources import Archive, all_sources
from cdppe_analysis.typography import typeset

FIGURES = {
    "annexe7-ondam-2020": [
        {"page": "03-carte.html", "rapport": "La carte", "ancre": "figure-1", "numero": "1", "titre": "Le Nord"}
    ]
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "fiches").mkdir()
    (folder / "fiches" / "02.html").touch()
    write_sources(folder, FIGURES, announce=lambda _: None)
    return folder


def test_a_printed_row_has_its_cells_its_anchor_and_the_sheet_of_its_amount(out: Path):
    page = BeautifulSoup((out / "sources" / "annexe7-ondam-2020.html").read_text("utf-8"), "html.parser")
    assert page.select_one("h1").get_text() == typeset(all_sources()["annexe7-ondam-2020"].titre)
    assert "les données publiées qui en viennent" in page.select_one("meta[name=description]")["content"]
    [file] = [one for one in all_sources()["annexe7-ondam-2020"].fichiers if one.tableau == "b-enveloppes"]
    heads = page.find(id="annexe7-ondam-2020-b-enveloppes-14").find_parent("table").select("thead th")
    assert [head.get_text() for head in heads][1:-1] == [typeset(said) for said in file.colonnes.values()]
    assert page.select_one("a[href='../index.html']") is not None
    row = page.find(id="annexe7-ondam-2020-b-enveloppes-14")
    printed = Archive.open().raw("annexe7-ondam-2020", "b-enveloppes").cells.loc[14]
    assert [cell.get_text() for cell in row.find_all("td")][:-1] == list(printed)
    assert [(link["href"], link.get_text()) for link in row.select("a")] == [
        ("../fiches/02.html", "allocations, Aisne"),
        ("../fiches/02.html", "criteres, Aisne"),
    ]


def test_every_printed_row_of_a_table_is_there_once(out: Path):
    page = BeautifulSoup((out / "sources" / "instruction-2025-60.html").read_text("utf-8"), "html.parser")
    used = page.find(id="instruction-2025-60-annexe4-table-c-1").find_all("td")[-1]
    assert (used.get_text(strip=True), used.select("a")) == ("pmi, Ain", [])
    counts = {head["id"]: head.find_next("p").get_text().rpartition(", ")[2] for head in page.select("h2")}
    assert counts["instruction-2025-60-annexe4-guadeloupe"] == "1 ligne."
    assert counts["instruction-2025-60-annexe4-table-c"] == "100 lignes."
    rows = [row["id"] for row in page.select("tr[id^='instruction-2025-60-annexe1-tableau-']")]
    lines = Archive.open().raw("instruction-2025-60", "annexe1-tableau").cells.index
    assert rows == [f"instruction-2025-60-annexe1-tableau-{line}" for line in lines]


def test_no_page_passes_three_megabytes(out: Path):
    assert max(page.stat().st_size for page in out.rglob("*.html")) < 3_000_000


def test_the_catalogue_has_its_documents_then_its_series_then_what_else_was_read(out: Path):
    page = BeautifulSoup((out / "sources.html").read_text("utf-8"), "html.parser")
    assert page.select_one("h1").get_text() == "Les sources, telles qu’imprimées"
    assert [head.get_text() for head in page.select("main h2")] == ["Documents", "Séries", "Autres relevés"]
    kinds = {"document": "documents", "serie": "series"}
    for source in all_sources().values():
        section = page.find(id=source.id).find_previous("h2")
        assert section["id"] == kinds.get(source.nature, "autres-releves"), source.id


def test_a_page_of_a_source_that_is_no_more_is_taken_away_and_a_sheet_that_comes_is_linked(out: Path):
    (out / "sources" / "vieux.html").touch()
    (out / "fiches" / "23.html").touch()
    lines: list[str] = []
    write_sources(out, FIGURES, announce=lines.append)
    assert lines == [f"sources: {len(list((out / 'sources').glob('*.html')))} pages"]
    assert not (out / "sources" / "vieux.html").exists()
    page = BeautifulSoup((out / "sources" / "annexe7-ondam-2020.html").read_text("utf-8"), "html.parser")
    rows = {link["href"] for link in page.select("a[href^='../fiches/']")}
    assert rows == {"../fiches/02.html", "../fiches/23.html"}
    (out / "fiches" / "23.html").unlink()
    write_sources(out, FIGURES, announce=lambda _: None)


def test_a_second_run_writes_nothing(out: Path):
    lines: list[str] = []
    write_sources(out, FIGURES, announce=lines.append)
    assert lines == ["sources: unchanged"]


def test_a_source_names_the_figures_that_are_drawn_from_it(out: Path):
    page = BeautifulSoup((out / "sources" / "annexe7-ondam-2020.html").read_text("utf-8"), "html.parser")
    (link,) = page.select("details a")
    assert (link["href"], link.get_text()) == ("../03-carte.html#figure-1", "Figure 1\u00a0: Le Nord")


def test_a_publisher_named_alone_leads_to_the_series_and_its_edition_to_that_edition(out: Path):
    """Reports name « DREES » alone, « DREES, dépenses… », and what the DREES counts but the State prints."""
    page = BeautifulSoup((out / "sources.html").read_text("utf-8"), "html.parser")
    lines = {
        "DREES ; Insee, Cnaf": ["series", "series", "series"],
        "DREES, dépenses d'aide sociale départementale": ["drees-depenses-series-1999-2020"],
        "DREES, Les bénéficiaires de l’aide sociale départementale en 2020": ["drees-aide-sociale-2020"],
        "DREES, enquête Aide sociale (volet PMI), instruction 2025/60, annexe 4": ["instruction-2025-60"],
    }
    for line, places in lines.items():
        links = BeautifulSoup(linked_sources(line, ""), "html.parser").select("a[href*='#']")
        assert [str(link["href"]).partition("#")[2] for link in links] == places
        assert all(page.find(id=place) for place in places)
