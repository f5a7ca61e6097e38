"""A sheet in a real browser: print layout, links, small screen, accessibility."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def folder(dossier: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from cdppe_analysis.sheets.writing import write_sheets

    out = tmp_path_factory.mktemp("fiches")
    write_sheets(["59", "75", "R32"], dossier, out, pdf=False, announce=lambda _: None)
    return out


def test_the_reader_goes_from_the_index_to_a_region_to_a_departement(folder: Path, open_page: Callable[..., Any]):
    page = open_page(folder / "index.html")
    page.get_by_role("link", name="Hauts-de-France").last.click()
    page.get_by_role("link", name="Nord (59)").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Nord (59)"
    page.locator(".maison").click()
    assert page.url.endswith("index.html")


def test_a_print_keeps_figure_and_tables_and_leaves_out_the_navigation(folder: Path, open_page: Callable[..., Any]):
    page = open_page(folder / "59.html", scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator(".bandeau").is_visible()
    assert page.locator(".figure .large svg").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    wide = page.evaluate(
        "[...document.querySelectorAll('table')].map((t) => t.scrollWidth - t.parentElement.clientWidth)"
    )
    assert max(wide) <= 0


def test_a_small_screen_is_not_scrolled_sideways(folder: Path, open_page: Callable[..., Any]):
    for name in ("59.html", "R32.html", "index.html"):
        page = open_page(folder / name, width=320)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


@pytest.mark.parametrize("name", ["59.html", "R32.html", "index.html"])
def test_axe_finds_no_violation(
    folder: Path,
    open_page: Callable[..., Any],
    violations: Callable[..., list[str]],
    name: str,
    screen: dict[str, Any],
):
    page = open_page(folder / name, **screen)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert violations(page, any_impact=True) == []


def test_a_sheet_of_no_site_leads_to_nothing_that_is_not_beside_it(folder: Path):
    for page in folder.glob("*.html"):
        assert 'href="../' not in page.read_text("utf-8"), page.name


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("59", "59.html"),
        ("r32", "R32.html"),
        ("hauts de france", "R32.html"),
        ("Nord (59)", "59.html"),
        ("pari", "75.html"),
    ],
)
def test_a_name_or_a_code_leads_to_its_sheet_with_the_keyboard_alone(
    folder: Path, open_page: Callable[..., Any], typed: str, page: str
):
    tab = open_page(folder / "index.html")
    tab.get_by_label("Trouver un département ou une région").focus()
    tab.keyboard.type(typed)
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{page}")


def test_a_name_of_nothing_and_a_name_of_several_are_answered_in_the_page(folder: Path, open_page: Callable[..., Any]):
    tab = open_page(folder / "index.html")
    box = tab.get_by_label("Trouver un département ou une région")
    box.fill("<b>Québec</b>")
    box.press("Enter")
    assert tab.get_by_role("status").inner_text() == (
        "Aucun département ni aucune région ne répond à «\u202f<b>Québec</b>\u202f»."
    )
    box.fill("r")
    box.press("Enter")
    assert (
        tab.get_by_role("status").inner_text()
        == "3 territoires\u00a0: Nord (59), Paris (75), Hauts-de-France (région 32)"
    )
    tab.get_by_role("status").get_by_role("link", name="Nord (59)").click()
    assert tab.url.endswith("/59.html")
