"""The sources as pages: every printed row has its anchor, and the data that come from it stand in front of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.reports.sources import write_sources
from cdppe_analysis.sources import read_raw

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
    row = page.find(id="annexe7-ondam-2020-b-enveloppes-14")
    printed = read_raw("annexe7-ondam-2020", "b-enveloppes").cells.loc[14]
    assert [cell.get_text() for cell in row.find_all("td")][:-1] == list(printed)
    assert [(link["href"], link.get_text()) for link in row.select("a")] == [
        ("../fiches/02.html", "allocations, Aisne"),
        ("../fiches/02.html", "criteres, Aisne"),
    ]


def test_every_printed_row_of_a_table_is_there_once(out: Path):
    page = BeautifulSoup((out / "sources" / "instruction-2025-60.html").read_text("utf-8"), "html.parser")
    rows = [row["id"] for row in page.select("tr[id^='instruction-2025-60-annexe1-tableau-']")]
    lines = read_raw("instruction-2025-60", "annexe1-tableau").cells.index
    assert rows == [f"instruction-2025-60-annexe1-tableau-{line}" for line in lines]


def test_no_page_passes_three_megabytes(out: Path):
    assert max(page.stat().st_size for page in out.rglob("*.html")) < 3_000_000


def test_a_second_run_writes_nothing(out: Path):
    lines: list[str] = []
    write_sources(out, FIGURES, announce=lines.append)
    assert lines == ["sources: unchanged"]


def test_a_source_names_the_figures_that_are_drawn_from_it(out: Path):
    page = BeautifulSoup((out / "sources" / "annexe7-ondam-2020.html").read_text("utf-8"), "html.parser")
    (link,) = page.select("details a")
    assert (link["href"], link.get_text()) == ("../03-carte.html#figure-1", "Figure 1\u00a0: Le Nord")


def test_the_first_source_of_a_publisher_bears_its_anchor(out: Path):
    page = BeautifulSoup((out / "sources.html").read_text("utf-8"), "html.parser")
    for name, publisher in (("editeur-drees", "DREES"), ("editeur-insee", "Insee"), ("editeur-cnaf", "Cnaf")):
        assert publisher in page.find(id=name).find_parent("section").get_text()
