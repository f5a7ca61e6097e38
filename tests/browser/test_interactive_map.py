"""The map to explore in a real browser: hover, keyboard, zoom, screen reader, no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdppe_analysis.figures import Scale, Words, interactive_map
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import allocations


@pytest.fixture(scope="session")
def map_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    carte = interactive_map(
        allocations.build(Archive.open()),
        Words(
            "Le Nord reçoit un euro sur huit",
            "Dotation 2020, en euros",
            source="annexe 7, ONDAM médico-social 2020",
            champ="les 30 départements de 2020",
        ),
        {"montant_eur": Scale(legend="Dotation 2020")},
        stock="montant_eur",
        not_concerned="others",
    )
    return carte.save(tmp_path_factory.mktemp("carte") / "carte.html")


def test_hovering_a_departement_shows_its_amount_and_rank(map_page: Path, open_page: Callable[..., Any]):
    page = open_page(map_page)
    page.locator('path[data-code="974"]').hover()
    card = page.locator(".fiche").inner_text().replace("\u202f", " ")
    assert "La Réunion (974)" in card
    assert "742 309 €, 6e sur 30" in card
    assert "annexe 7" in card


def test_the_page_does_not_jump_from_one_departement_to_another(map_page: Path, open_page: Callable[..., Any]):
    page = open_page(map_page)
    heights = [page.locator(".fiche").bounding_box()["height"]]
    for code in ("974", "59", "01"):
        page.locator(f'path[data-code="{code}"]').first.focus()
        heights.append(page.locator(".fiche").bounding_box()["height"])
    assert len(set(heights)) == 1


def test_the_map_is_one_stop_of_tabulation_and_arrows_go_to_neighbours(map_page: Path, open_page: Callable[..., Any]):
    page = open_page(map_page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.code") == "01"
    page.locator('path[data-code="62"]').first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.code") == "59"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.code") == "976"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"


def test_every_departement_is_reached_with_arrows(map_page: Path, open_page: Callable[..., Any]):
    """From any département, arrows alone lead to each of the 100 units."""
    page = open_page(map_page)
    reached = page.evaluate(
        """() => {
          const units = [...document.querySelectorAll('.unite')].filter(p => !p.dataset.copie);
          const seen = new Set([units[0].dataset.code]), queue = [units[0]];
          while (queue.length) {
            const here = queue.pop();
            for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
              here.focus();
              here.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
              const next = document.activeElement;
              if (!seen.has(next.dataset.code)) { seen.add(next.dataset.code); queue.push(next); }
            }
          }
          return seen.size;
        }"""
    )
    assert reached == 100


def test_buttons_and_keys_enlarge_and_come_back(map_page: Path, open_page: Callable[..., Any]):
    page = open_page(map_page)
    whole = page.locator("svg.carte").get_attribute("viewBox")
    page.get_by_role("button", name="Agrandir").click()
    enlarged = page.locator("svg.carte").get_attribute("viewBox")
    assert float(enlarged.split()[2]) < float(whole.split()[2])
    page.locator('path[data-code="59"]').first.focus()
    page.keyboard.press("0")
    assert page.locator("svg.carte").get_attribute("viewBox") == whole


def test_an_enlarged_map_follows_the_focus_and_ignores_a_resting_pointer(map_page: Path, open_page: Callable[..., Any]):
    page = open_page(map_page)
    page.locator('path[data-code="59"]').first.hover()
    page.locator('path[data-code="35"]').first.focus()
    for key in ("+", "+", "+", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    code = page.evaluate("document.activeElement.dataset.code")
    x, y, width, height = map(float, page.locator("svg.carte").get_attribute("viewBox").split())
    at = [float(page.locator(f'path[data-code="{code}"]').first.get_attribute(f"data-{axis}")) for axis in "xy"]
    assert x < at[0] < x + width
    assert y < at[1] < y + height
    assert f"({code})" in page.locator(".fiche").inner_text()


def test_a_screen_reader_finds_each_departement_by_name(map_page: Path, open_page: Callable[..., Any]):
    page = open_page(map_page)
    assert page.get_by_role("img", name="Creuse.").count() == 1
    page.get_by_text("Les valeurs en tableau").click()
    assert page.get_by_role("rowheader").count() == 30


def test_it_has_no_serious_accessibility_violation(
    map_page: Path, open_page: Callable[..., Any], violations: Callable[[Any], list[str]]
):
    assert violations(open_page(map_page)) == []


def test_nothing_overflows_a_small_screen(map_page: Path, open_page: Callable[..., Any]):
    page = open_page(map_page, width=360, height=700)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
