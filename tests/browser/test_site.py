"""The site of the reports in a real browser: links, folding, themes, keyboard, small screen, accessibility."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("browser")

BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="session")
def site(small_notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from cdppe_analysis.reports.site import write_site

    out = tmp_path_factory.mktemp("navigateur") / "reports"
    write_site(small_notebooks, out, jobs=2, announce=lambda _: None)
    return out


def test_the_reader_goes_from_the_index_to_a_report_to_the_next_and_back(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "index.html")
    page.get_by_role("link", name="Les montants publiés").last.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Les montants publiés"
    page.locator(".suite a[rel=next]").click()
    assert page.url.endswith("02-parts.html")
    page.locator(".maison").click()
    assert page.url.endswith("index.html")


def test_the_contents_lead_to_a_heading_below_the_header(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "01-montants.html", height=400)
    page.locator(".sommaire").get_by_role("link", name="La figure").click()
    top = page.evaluate("document.getElementById('la-figure').getBoundingClientRect().top")
    assert page.evaluate("document.querySelector('.bandeau').getBoundingClientRect().bottom") - 1 <= top < 400


def test_the_code_is_folded_and_a_button_unfolds_it_all(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "01-montants.html")
    code = page.locator("details.code pre").first
    assert not code.is_visible()
    page.get_by_role("button", name="Afficher tout le code").click()
    assert code.is_visible()
    page.get_by_role("button", name="Replier tout le code").click()
    assert not code.is_visible()


def test_the_code_is_unfolded_with_the_keyboard_alone(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "02-parts.html")
    page.locator("details.code summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("details.code pre").is_visible()


def test_the_first_tab_offers_to_skip_to_the_content(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "01-montants.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_the_menu_of_reports_closes_with_escape(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "01-montants.html")
    page.locator(".rapports summary").click()
    link = page.locator(".rapports a").first
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_the_dark_theme_follows_the_reader_and_the_button_changes_it_for_good(
    site: Path, open_page: Callable[..., Any]
):
    page = open_page(site / "index.html", scheme="dark")
    dark = page.evaluate(BACKGROUND)
    page.get_by_role("button", name="Thème sombre").click()
    light = page.evaluate(BACKGROUND)
    assert light != dark
    page.goto((site / "02-parts.html").as_uri())
    for _ in range(10):  # a browser hands what one page stores to the next in its own time
        if page.evaluate(BACKGROUND) == light:
            break
        page.reload()
    assert page.evaluate(BACKGROUND) == light


@pytest.mark.parametrize("name", ["index.html", "01-montants.html"])
def test_a_small_screen_is_not_scrolled_sideways(site: Path, open_page: Callable[..., Any], name: str):
    page = open_page(site / name, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_digests_are_unfolded_for_whoever_follows_their_link(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "01-montants.html")
    page.get_by_role("link", name="fichier par fichier").click()
    assert page.get_by_role("region", name="Empreintes des fichiers").is_visible()


def test_a_print_leaves_out_the_navigation_and_the_code(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "01-montants.html", scheme="dark")
    page.emulate_media(media="print")
    for selector in (".bandeau", ".sommaire", "details.code", ".suite"):
        assert not page.locator(selector).first.is_visible()
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "01-montants.html"])
def test_axe_finds_no_serious_violation(
    site: Path, open_page: Callable[..., Any], violations: Callable[[Any], list[str]], name: str, scheme: str
):
    page = open_page(site / name, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert violations(page) == []


def test_one_pdf_holds_all_the_reports_and_no_navigation(small_notebooks: Path, site: Path):
    import pypdfium2

    from cdppe_analysis.reports.site import write_site

    made = write_site(small_notebooks, site, names=["01", "02"], pdf=True, announce=lambda _: None)
    document = pypdfium2.PdfDocument(made.pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert "Les montants publiés" in text
    assert "Les parts & <les> scores" in text
    assert "Thème sombre" not in text
    assert "Code de la cellule" not in text
