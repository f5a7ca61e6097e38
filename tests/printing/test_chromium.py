"""PDFs printed by the Chromium of the system."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cdppe_analysis.errors import ReportError
from cdppe_analysis.printing.chromium import find_chromium, print_pdf, print_pdfs


def test_a_pdf_without_a_chromium_is_an_error_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CDPPE_CHROMIUM", str(tmp_path / "absent"))
    assert find_chromium() is None
    told = r"a PDF needs Chromium or Chrome, which is not installed \(or set CDPPE_CHROMIUM to its path\)"
    with pytest.raises(ReportError, match=told):
        print_pdf(tmp_path / "page.html", tmp_path / "page.pdf")


def test_a_program_that_prints_nothing_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("CDPPE_CHROMIUM", str(program))
    with pytest.raises(ReportError, match=r"^Chromium wrote no PDF of page\.html$"):
        print_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(ReportError, match=r"^Chromium did not print page\.html: CalledProcessError$"):
        print_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()


def test_a_chromium_is_looked_for_under_its_usual_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CDPPE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {}
    for name in ("msedge", "chrome", "google-chrome-stable", "google-chrome", "chromium-browser", "chromium"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        found[name] = find_chromium()
    assert found == {name: str(tmp_path / name) for name in found}


@pytest.mark.skipif(os.name == "nt", reason="the program is a script of a shell")
def test_a_program_is_asked_for_a_page_without_its_date_its_header_or_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "chromium"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/words\n'
        "for word; do case $word in --print-to-pdf=*) target=${word#--print-to-pdf=};; esac; done\n"
        'printf "%%PDF /CreationDate (D:2020) /ModDate (D:2021) /Title (D:2020)" > "$target"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("CDPPE_CHROMIUM", str(program))
    print_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    blank = " " * len("/CreationDate (D:2020)"), " " * len("/ModDate (D:2021)")
    assert (tmp_path / "page.pdf").read_text() == f"%PDF {blank[0]} {blank[1]} /Title (D:2020)"
    *flags, page = (tmp_path / "words").read_text().splitlines()
    assert page == (tmp_path / "page.html").as_uri()
    assert {"--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"} < set(flags)
    assert {"--disable-background-networking", "--disable-component-update", "--disable-sync"} < set(flags)
    assert {"--disable-extensions", "--disable-quic", "--no-first-run"} < set(flags)


@pytest.mark.usefixtures("chromium")
def test_the_same_page_gives_the_same_pdf(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html lang='fr'><title>Nord</title><h1>Nord</h1>", encoding="utf-8")
    for name in ("a.pdf", "b.pdf"):
        print_pdf(page, tmp_path / name)
    first = (tmp_path / "a.pdf").read_bytes()
    assert first.startswith(b"%PDF")
    assert b"CreationDate" not in first
    assert first == (tmp_path / "b.pdf").read_bytes()


def small_pages(folder: Path) -> list[Path]:
    pages = [folder / f"{name}.html" for name in ("a", "b")]
    for page in pages:
        page.write_text(f"<!DOCTYPE html><html lang='fr'><title>Nord</title><h1>{page.stem}</h1>", encoding="utf-8")
    return pages


@pytest.mark.usefixtures("chromium")
def test_one_browser_prints_all_pages_each_beside_its_own(tmp_path: Path):
    pytest.importorskip("playwright", reason="playwright is not installed")
    told: list[Path] = []
    targets = print_pdfs(small_pages(tmp_path), announce=told.append)
    assert targets == told == [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    assert b"CreationDate" not in targets[0].read_bytes()


@pytest.mark.usefixtures("chromium")
def test_without_playwright_each_page_has_its_own_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    targets = print_pdfs(small_pages(tmp_path), announce=lambda _: None)
    assert all(target.read_bytes().startswith(b"%PDF") for target in targets)


@pytest.mark.usefixtures("chromium")
def test_a_page_that_is_not_there_is_an_error_of_one_line(tmp_path: Path):
    pytest.importorskip("playwright", reason="playwright is not installed")
    with pytest.raises(ReportError, match="Chromium did not print"):
        print_pdfs([tmp_path / "absent.html"], announce=lambda _: None)


@pytest.mark.usefixtures("chromium")
def test_pages_are_printed_where_an_event_loop_runs(tmp_path: Path):
    pytest.importorskip("playwright", reason="playwright is not installed")

    async def printed() -> list[Path]:
        return print_pdfs(small_pages(tmp_path), announce=lambda _: None)

    # In a thread of its own: the browser of other tests holds a loop in this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        targets = thread.submit(asyncio.run, printed()).result()
    assert all(target.is_file() for target in targets)
