"""The site of the reports in a real browser: links, folding, themes, keyboard, small screen, accessibility."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGES = ["index.html", "02-parts.html", "glossaire.html", "sources.html", "sources/annexe7-ondam-2020.html"]
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def site(made: Any) -> Path:
    return made.out


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


def test_one_button_shows_all_the_code_and_the_next_report_shows_its_own(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "01-montants.html")
    code, button = page.locator("div.code pre"), page.get_by_role("button", name="Montrer le code")
    assert code.count() == 0
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert [one.is_visible() for one in code.all()] == [True] * 3
    page.goto((site / "02-parts.html").as_uri())
    for _ in range(10):  # a browser hands what one page stores to the next in its own time
        if code.count():
            break
        page.reload()
    assert code.count() == 2
    button.click()
    assert code.count() == 0


@pytest.mark.parametrize(("width", "shown", "hidden"), [(1280, ".large", ".etroite"), (390, ".etroite", ".large")])
def test_a_figure_takes_the_form_of_the_screen_and_its_letters_are_read(
    site: Path, open_page: Callable[..., Any], width: int, shown: str, hidden: str
):
    page = open_page(site / "02-parts.html", width=width)
    assert page.locator(f"#figure-1 {shown} svg").is_visible()
    assert not page.locator(f"#figure-1 {hidden} svg").is_visible()
    letters = page.evaluate(
        """(form) => [...document.querySelectorAll(`#figure-1 ${form} text`)].map((text) =>
          parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)""",
        shown,
    )
    assert width > 390 or min(letters) >= 12


def test_a_figure_is_of_the_theme_of_its_page(site: Path, open_page: Callable[..., Any]):
    ink = "getComputedStyle(document.querySelector('#figure-1 .large text')).fill"
    found = [open_page(site / "02-parts.html", scheme=scheme).evaluate(ink) for scheme in ("light", "dark")]
    assert found == ["rgb(82, 96, 109)", "rgb(169, 180, 192)"]


def test_a_table_that_hides_a_side_shows_it(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "glossaire.html", width=390)
    frame = page.locator(".defile")
    assert (frame.get_attribute("data-avant"), frame.get_attribute("data-apres")) == (None, "")
    frame.evaluate("(frame) => { frame.scrollLeft = frame.scrollWidth; }")
    page.locator(".defile[data-avant]").wait_for()
    assert frame.get_attribute("data-apres") is None


def test_the_anchor_of_a_printed_row_leads_from_the_catalogue_to_the_row(site: Path, open_page: Callable[..., Any]):
    page = open_page(f"{(site / 'sources.html').as_uri()}#annexe7-ondam-2020-b-enveloppes-14")
    page.wait_for_url("**/sources/annexe7-ondam-2020.html#annexe7-ondam-2020-b-enveloppes-14")
    assert page.locator("tr:target th").inner_text() == "14"


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


@pytest.mark.parametrize("name", PAGES)
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
    for selector in (".bandeau", ".sommaire", ".suite", ".pied nav", "details.citer"):
        assert page.locator(selector).count()
        assert not page.locator(selector).first.is_visible()
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"


@pytest.mark.slow
def test_a_printed_source_has_all_its_columns_on_the_sheet(site: Path, open_page: Callable[..., Any]):
    page = open_page(site / "sources" / "drees-aide-sociale-2020.html", width=680)  # A4 without its margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(
    site: Path, open_page: Callable[..., Any], violations: Callable[..., list[str]], name: str, screen: dict[str, Any]
):
    page = open_page(site / name, **screen)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    if page.locator("button.tout-le-code").count():
        page.locator("button.tout-le-code").click()
    assert violations(page, any_impact=True) == []


def test_one_pdf_holds_all_the_reports_and_no_navigation(small_notebooks: Path, site: Path, tmp_path: Path):
    import pypdfium2

    from cdppe_analysis.reports.site import write_site

    out = shutil.copytree(site, tmp_path / "reports")
    made = write_site(small_notebooks, out, names=["01", "02"], pdf=True, announce=lambda _: None)
    document = pypdfium2.PdfDocument(made.pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert "Les montants publiés" in text
    assert "Les parts & <les> scores" in text
    assert "Thème sombre" not in text
    assert "import pandas" not in text
    assert "Figure 1" in text


@pytest.mark.slow
def test_in_firefox_the_index_leads_to_a_sheet_and_one_button_shows_the_code(
    small_notebooks: Path, site: Path, tmp_path: Path, firefox: Callable[..., Any]
):
    from cdppe_analysis.reports.site import write_site

    out = tmp_path / "reports"
    shutil.copytree(site, out)
    known = {"42": "Loire (42)", "44": "Loire-Atlantique (44)", "59": "Nord (59)"}
    (out / "fiches").mkdir()
    (out / "fiches/59.html").write_text("<h1>Nord</h1>", encoding="utf-8")
    sheets = [{"titre": title, "fichier": f"fiches/{code}.html"} for code, title in known.items()]
    write_site(small_notebooks, out, territories=sheets, announce=lambda _: None)
    run = lambda script, *args: firefox("ExecuteScript", script=script, args=args, sandbox=None)  # noqa: E731
    search = "const form = document.querySelector('form.recherche'); form.querySelector('input').value = arguments[0];"
    firefox("Navigate", url=(out / "index.html").as_uri())
    run(f"{search} form.requestSubmit();", "loir")
    assert run("return [...document.querySelectorAll('#trouve a')].map((one) => one.textContent)") == [
        "Loire (42)",
        "Loire-Atlantique (44)",
    ]
    run(f"{search} form.requestSubmit();", "nord")
    for _ in range(50):  # the page is left in its own time
        if run("return document.readyState === 'complete' && document.querySelector('h1')?.textContent") == "Nord":
            break
        time.sleep(0.1)
    assert run("return location.href") == (out / "fiches/59.html").as_uri()
    firefox("Navigate", url=(out / "01-montants.html").as_uri())
    counted = "return document.querySelectorAll('div.code pre').length"
    assert run(counted) == 0
    run("document.querySelector('button.tout-le-code').click()")
    assert run(counted) == 3
