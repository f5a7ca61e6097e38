"""The sources as pages: every printed row has its anchor, and the data that come from it stand in front of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.reports.sources import write_sources
from cdppe_analysis.sources import read_raw


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    write_sources(folder, announce=lambda _: None)
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
    write_sources(out, announce=lines.append)
    assert lines == ["sources: unchanged"]
