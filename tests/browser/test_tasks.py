"""What a newcomer does, gesture by gesture, in the site as it is written: find, understand, try, send, take away."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

pytestmark = pytest.mark.xdist_group("fiches")

CODES = ["59", "01", "2A"]


@pytest.fixture(scope="module")
def site(dossier: Any, small_notebooks: Path, simulator_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from cdppe_analysis.reports.site import write_site
    from cdppe_analysis.sheets.writing import write_sheets

    out = tmp_path_factory.mktemp("ensemble") / "reports"
    out.mkdir()
    shutil.copy(simulator_file, out)
    write_sheets(CODES, dossier, out / "fiches", pdf=False, in_site=True, announce=lambda _: None)
    titles = {"59": "Nord (59)", "01": "Ain (01)", "2A": "Corse-du-Sud (2A)"}
    sheets = [{"titre": titles[code], "fichier": f"fiches/{code}.html"} for code in CODES]
    write_site(small_notebooks, out, names=["01"], territories=sheets, announce=lambda _: None)
    return out


class Gestures:
    """The hands of a reader: a click, a word typed, a key; each counts for one."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def click(self, role: str, name: str, **options: Any) -> None:
        self.page.get_by_role(role, name=name, **options).first.click()
        self.count += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_five_tasks_take_a_newcomer_six_gestures(site: Path, open_page: Callable[..., Any], tmp_path: Path):
    page = open_page(site / "index.html")
    hand = Gestures(page)
    # My département, and why this amount: the sheet says both.
    hand.click("combobox", "Trouver un département ou une région")
    hand.write("nord")
    hand.press("Enter")
    page.wait_for_url("**/fiches/59.html")
    assert "1 995 607 €" in plain(page.locator(".chapeau").inner_text())
    assert page.get_by_role("heading", name="Ce qui a été reçu, et pourquoi").is_visible()
    assert hand.count == 3
    # What if the minimum were 200 000: the scenario of that name, on this département.
    hand.click("link", "Minimum de 200 000 €")
    page.wait_for_url("**/simulateur.html#*")
    assert "1 921 041 €, contre 1 995 607 €" in plain(page.locator("#explication").inner_text())
    assert hand.count == 4
    # Send it to a colleague: the address holds all of it.
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hand.click("button", "Copier le lien")
    assert hand.count == 5
    other = open_page(page.evaluate("location.href"))
    assert other.locator("#explication").inner_text() == page.locator("#explication").inner_text()
    # The table in a workbook.
    with page.expect_download() as waiting:
        hand.click("button", "Classeur")
    waiting.value.save_as(tmp_path / "montants.xlsx")
    table = pd.read_excel(tmp_path / "montants.xlsx", dtype={"Code": str}, engine="openpyxl").set_index("Code")
    assert table.at["59", "Montant du choix (€)"] == 1_921_041
    assert hand.count == 6


def test_a_minimum_of_my_own_takes_three_gestures_more(site: Path, open_page: Callable[..., Any]):
    page = open_page(f"{(site / 'simulateur.html').as_uri()}#d=59")
    hand = Gestures(page)
    hand.click("textbox", "Minimum par bénéficiaire")
    page.keyboard.press("Control+a")
    hand.write("200000")
    hand.press("Enter")
    assert "1 921 041 €" in plain(page.locator("#explication").inner_text())
    assert hand.count == 3


@pytest.mark.slow
def test_a_link_into_the_simulator_opens_its_scenario_and_its_departement(site: Path, open_page: Callable[..., Any]):
    """The rest of an address is no anchor that the check of links could find: it is opened."""
    seen = 0
    simulator = open_page(site / "simulateur.html")
    for page in (site / name for name in ("index.html", *(f"fiches/{code}.html" for code in CODES))):
        links = open_page(page).locator("a[href*='simulateur.html#']")
        for address, title in links.evaluate_all("(all) => all.map((one) => [one.href, one.textContent])"):
            code = parse_qs(urlsplit(address).fragment)["d"][0]
            simulator.goto(address)
            assert simulator.locator("#titre").inner_text() == title.split(" (Corse-du-Sud)")[0], address
            assert simulator.locator("#territoire").input_value().endswith(f"({code})"), address
            assert not simulator.locator("#message").is_visible(), address
            assert "n’est ni bénéficiaire" not in simulator.locator("#explication").inner_text(), address
            seen += 1
    assert seen > 10


def test_what_the_script_writes_has_its_acronyms_expanded_once_where_they_are_first_read(
    site: Path, open_page: Callable[..., Any]
):
    page = open_page(site / "simulateur.html")
    assert page.locator("#titre abbr.dit[title='objectif national de dépenses d’assurance maladie']").count() == 1
    for _ in range(2):
        found = page.locator("abbr.dit").all_text_contents()
        assert "ASE" in found
        assert len(found) == len(set(found))
        page.get_by_label("Minimum par bénéficiaire").fill("150000")
        page.keyboard.press("Enter")


def test_the_simulator_has_the_spaces_of_french_and_no_word_of_a_program(site: Path, open_page: Callable[..., Any]):
    for choice in (
        "",
        "c=%7B%22g%22%3A%22garantie-90-110%22%7D&d=30",
        "c=%7B%22g%22%3A%22extension-101-50m%22%7D&d=01",
    ):
        page = open_page(f"{(site / 'simulateur.html').as_uri()}#{choice}")
        said = page.evaluate(
            """[...document.querySelectorAll('main :is(h1, h2, h3, p, li, th, td, caption, dt, dd, label, button)')]
              .map((one) => one.textContent)"""
        )
        assert [text for text in said if re.search(r"\S [:;!?»](?:\s|$)|« \S|\d [%€]|\w'\w", text)] == []
        assert [
            text for text in said if re.search(r"\b[a-z0-9]+_\w+|\b(?:null|undefined|NaN|true|false)\b", text)
        ] == []
