"""The simulator in a real browser, from the disk: moves, impossible choices, files, links, keyboard, small screen."""

from __future__ import annotations

import statistics
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

MINIMUM = "Minimum par bénéficiaire (vide : pas de minimum)"
SCENARIO = """
id: essai
titre: Un essai
auteur: Une personne
reference: aucune
base: ondam-ms-2020
raisonnement: Pour voir.
differences:
  plancher: 150000
"""


@pytest.fixture
def page(simulator_file: Path, open_page: Callable[..., Any]) -> Any:
    return open_page(simulator_file)


def typed(page: Any, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def weights(page: Any) -> list[str]:
    return [one.input_value() for one in page.locator(".poids .valeur input").all()]


def amount_of(page: Any, name: str) -> str:
    row = page.locator("#tableau tbody tr", has=page.get_by_role("button", name=name, exact=True))
    return str(row.locator("td.choix").evaluate("cell => cell.firstChild.textContent")).replace("\u202f", " ")


def loaded(page: Any, content: str | bytes, name: str = "scenario.yml") -> None:
    data = content.encode() if isinstance(content, str) else content
    page.locator("#fichier").set_input_files({"name": name, "mimeType": "application/yaml", "buffer": data})


def test_the_page_opens_on_the_official_amounts_and_says_what_to_try(page: Any):
    assert page.locator("#tableau tbody tr").count() == 30
    assert amount_of(page, "Nord") == "1 995 607 €"
    assert page.locator(".cercles circle").count() == 30
    page.get_by_role("button", name="portez le minimum à 200").click()
    assert page.get_by_label(MINIMUM).input_value().replace("\u202f", " ") == "200 000"
    assert amount_of(page, "Creuse") == "200 000 €"


def test_the_page_is_useful_in_a_second_and_a_move_is_drawn_in_fifty_milliseconds(page: Any):
    first = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    spent = page.evaluate(
        """() => {
          const slider = document.querySelector('.poids input[type=range]'), spent = [];
          for (let step = 0; step < 40; step += 1) {
            slider.value = 20 + step;
            const start = performance.now();
            slider.dispatchEvent(new Event('input'));
            document.body.getBoundingClientRect();
            spent.push(performance.now() - start);
          }
          return spent;
        }"""
    )
    print(f"first screen {first:.0f} ms; a move {statistics.median(spent):.1f} ms, worst {max(spent):.1f} ms")
    # The aims are 1 s and 50 ms on a machine at rest; tests share theirs.
    assert first < 3000
    assert statistics.median(spent) < 100


def test_a_weight_is_kept_as_it_is_typed_with_comma_or_point_and_the_others_follow(page: Any):
    title = "Enfants de 0 à 17 ans accueillis par l’ASE, en %"
    typed(page, title, "33.3")
    page.get_by_label(title).blur()
    assert weights(page) == ["33.3", "66,7"]
    typed(page, title, "33,333")
    page.get_by_label(title).blur()
    assert weights(page) == ["33,333", "66,667"]


def test_a_locked_weight_does_not_follow(page: Any):
    page.get_by_label("Règle de départ").select_option("fir-2020")
    page.get_by_role("button", name="Verrouiller Ménages pauvres").click()
    typed(page, "Enfants de 0 à 6 ans, en %", "60")
    assert weights(page) == ["60", "30", "5", "5"]


def test_locked_weights_that_leave_no_room_are_explained_beside_them(page: Any):
    page.get_by_role("button", name="Verrouiller Indicateur global de besoin").click()
    typed(page, "Enfants de 0 à 17 ans accueillis par l’ASE, en %", "60")
    assert "Les poids font 110" in page.locator("#erreur-poids").inner_text()
    assert page.locator("#resultats.perime").count() == 1


def test_an_impossible_minimum_is_explained_beside_its_field_with_both_sums_and_left_again(page: Any):
    typed(page, MINIMUM, "600 000")
    told = page.locator("#erreur-plancher").inner_text().replace("\u202f", " ")
    assert "30 bénéficiaires × 600 000 € = 18 000 000 €, pour une enveloppe de 15 000 000 €" in told
    assert "jusqu’à 500 000 €" in told
    assert page.locator("#resultats.perime").count() == 1
    assert amount_of(page, "Creuse") == "100 000 €"
    typed(page, MINIMUM, "200 000")
    assert page.locator("#erreur-plancher").is_hidden()
    assert page.locator("#resultats.perime").count() == 0


@pytest.mark.parametrize(
    ("label", "text", "said"),
    [
        ("Enveloppe, en euros", "beaucoup", "n’est pas un montant"),
        ("Enveloppe, en euros", "0", "supérieure à zéro"),
        ("Maximum par bénéficiaire (vide : pas de maximum)", "400000", "12 000 000 €"),
        ("Garantie, au moins (% de l’officiel)", "110", "dépassent l’enveloppe"),
        (MINIMUM, "-5", "négatif"),
    ],
)
def test_what_cannot_be_is_told_beside_what_caused_it(page: Any, label: str, text: str, said: str):
    typed(page, label, text)
    field = page.get_by_label(label, exact=True)
    told = page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text().replace("\u202f", " ")
    assert said in told
    assert field.get_attribute("aria-invalid") is not None


def test_an_amount_is_typed_in_millions(page: Any):
    typed(page, "Enveloppe, en euros", "1,5 M€")
    typed(page, MINIMUM, "")
    assert "1 500 000 €" in page.locator("#faits").inner_text().replace("\u202f", " ")


def test_back_undo_reload_and_a_link_give_the_same_page(page: Any, simulator_file: Path, open_page: Callable[..., Any]):
    typed(page, MINIMUM, "150000")
    creuse, address = amount_of(page, "Creuse"), page.url
    typed(page, MINIMUM, "200000")
    page.get_by_role("button", name="Annuler", exact=True).click()
    page.wait_for_url(lambda url: url == address)
    assert amount_of(page, "Creuse") == creuse == "150 000 €"
    page.reload()
    assert amount_of(page, "Creuse") == "150 000 €"
    page.go_forward()
    page.wait_for_url(lambda url: url != address)
    assert amount_of(page, "Creuse") == "200 000 €"
    assert amount_of(open_page(address), "Creuse") == "150 000 €"


@pytest.mark.parametrize("end", ["#c=%7B", "#c=abc", "#c=[]", "#c=%7B%22b%22:%22rien%22%7D", "#%E0%A4%A"])
def test_a_damaged_link_is_told_and_the_official_rule_is_shown(
    end: str, simulator_file: Path, open_page: Callable[..., Any]
):
    page = open_page(simulator_file.as_uri() + end)
    assert amount_of(page, "Nord") == "1 995 607 €"
    assert end == "#%E0%A4%A" or "Ce lien n’a pas pu être lu" in page.get_by_role("alert").inner_text()


def test_a_departement_is_picked_on_the_map_in_the_table_or_by_name_and_told_lever_by_lever(page: Any):
    typed(page, MINIMUM, "200000")
    typed(page, "Enveloppe, en euros", "20 M€")
    page.locator('.carte path[data-code="23"]').click()
    assert page.locator("#explication h3").inner_text() == "Creuse (23)"
    levers = page.locator(".leviers tbody tr").all_inner_texts()
    assert [text.split("\n")[0].split("\t")[0].strip() for text in levers] == ["Minimum", "Enveloppe"]
    page.locator("#tableau").get_by_role("button", name="Nord", exact=True).click()
    assert page.locator("#explication h3").inner_text() == "Nord (59)"
    typed(page, "Un département, par son nom ou son code", "ille et vil")
    assert page.locator("#explication h3").inner_text() == "Ille-et-Vilaine (35)"
    assert "Score, somme des parts pondérées" in page.locator("#explication").inner_text()


def test_the_levers_sum_to_the_difference_to_the_euro(page: Any):
    typed(page, MINIMUM, "200000")
    typed(page, "Enveloppe, en euros", "20 M€")
    typed(page, "Enfants de 0 à 17 ans accueillis par l’ASE, en %", "70")
    page.locator('.carte path[data-code="35"]').click()
    euros = [
        int(text.replace("\u202f", "").replace("€", "").replace("−", "-").replace("+", ""))
        for text in page.locator(".leviers .ecart").all_inner_texts()
    ]
    assert len(euros) == 4
    assert abs(sum(euros[:3]) - euros[3]) <= 2


def test_a_beneficiary_is_added_and_shown_as_a_newcomer_with_the_hypothesis_that_it_needs(page: Any):
    typed(page, "Ajouter ou retirer un département", "Gironde")
    assert "Entrants" in page.locator("#faits").inner_text()
    assert page.locator("#tableau tr.entrant").count() == 1
    assert "est supposé proportionnel" in page.locator("#note-fourchette").inner_text()
    typed(page, "Ajouter ou retirer un département", "33")
    assert "Règle officielle" in page.locator("#titre").inner_text()


def test_a_choice_is_saved_and_loaded_again_and_a_title_no_longer_true_says_so(page: Any, tmp_path: Path):
    loaded(page, SCENARIO)
    page.get_by_role("heading", name="Un essai", exact=True).wait_for()
    typed(page, "Enveloppe, en euros", "18 M€")
    page.get_by_role("heading", name="Un essai (modifié)").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Enregistrer le scénario").click()
    waiting.value.save_as(tmp_path / "s.yml")
    nord = amount_of(page, "Nord")
    page.get_by_role("button", name="Revenir à la règle officielle").click()
    loaded(page, (tmp_path / "s.yml").read_bytes())
    page.get_by_role("heading", name="Un essai (modifié)").wait_for()
    assert amount_of(page, "Nord") == nord


def test_a_file_with_several_scenarios_asks_which(page: Any):
    variants = (
        "variantes:\n  - {id: a, titre: Le premier}\n  - {id: b, titre: Le second, differences: {plafond: 900000}}\n"
    )
    loaded(page, SCENARIO + variants)
    page.get_by_role("dialog").get_by_role("button", name="Le second").click()
    page.get_by_role("heading", name="Le second").wait_for()
    assert amount_of(page, "Nord") == "900 000 €"


HOSTILE = {
    "tag": SCENARIO + "note: !!python/object/apply:os.system [ls]\n",
    "alias": "a: &x [1, 1]\n" + SCENARIO + "note: [*x, *x]\n",
    "deep": "[" * 30_000,
    "deep mapping": SCENARIO + "note: " + "{a: " * 200 + "1" + "}" * 200,
    "not a number": SCENARIO.replace("150000", ".nan"),
    "infinite": SCENARIO.replace("150000", ".inf"),
    "binary": SCENARIO.replace("150000", "150000.5"),
    "octal": SCENARIO.replace("150000", "0150000"),
    "no rule": SCENARIO.replace("ondam-ms-2020", "<img src=x onerror=alert(1)>"),
    "unknown path": SCENARIO.replace("plancher", "planchers"),
    "unknown key": SCENARIO + "surprise: 1\n",
    "twice": SCENARIO + "titre: Autre\n",
    "prototype": SCENARIO.replace("plancher: 150000", "__proto__: {a: 1}"),
    "two documents": SCENARIO + "---\na: 1\n",
    "empty": "",
    "list": "- 1\n",
    "weights": SCENARIO.replace("plancher: 150000", 'criteres.igb.poids: "0.9"'),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_in_a_sentence_and_the_page_goes_on(page: Any, content: str):
    loaded(page, content)
    told = page.get_by_role("alert").inner_text()
    assert told.startswith("Le fichier n’a pas été chargé.")
    assert len(told) < 400
    assert amount_of(page, "Nord") == "1 995 607 €"
    typed(page, MINIMUM, "200000")
    assert amount_of(page, "Creuse") == "200 000 €"


def test_a_file_of_fifty_megabytes_is_refused_by_its_size(page: Any, tmp_path: Path):
    large = tmp_path / "grand.yml"
    with large.open("wb") as file:
        file.truncate(50_000_000)
    page.locator("#fichier").set_input_files(large)
    assert "est trop grand pour un scénario" in page.get_by_role("alert").inner_text()


def test_html_in_a_title_stays_text(page: Any):
    loaded(page, SCENARIO.replace("Un essai", "'<img src=x onerror=\"document.title=1\"> & <b>gras</b>'"))
    page.get_by_role("heading", name="<b>gras</b>").wait_for()
    assert page.locator("#titre img, #titre b").count() == 0
    assert page.title().startswith("Simulateur")


def test_the_workbook_and_the_csv_have_french_headings_and_the_amounts(page: Any, tmp_path: Path):
    typed(page, MINIMUM, "200000")
    for name, file in (("Classeur", "m.xlsx"), ("Tableau en CSV", "m.csv")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        waiting.value.save_as(tmp_path / file)
    assert zipfile.ZipFile(tmp_path / "m.xlsx").testzip() is None
    book = pd.read_excel(tmp_path / "m.xlsx", sheet_name=None, engine="openpyxl", dtype={"Code": str})
    assert list(book) == ["Montants", "Mesures", "Choix", "Sources", "Logiciel"]
    table = pd.read_csv(tmp_path / "m.csv", sep=";", decimal=",", dtype={"Code": str}, encoding="utf-8-sig")
    for read in (book["Montants"], table):
        amounts = read.set_index("Code")["Montant du choix (€)"]
        assert amounts["23"] == 200_000
        assert amounts.sum() == 15_000_000
    assert book["Choix"].loc[2].tolist() == ["Minimum", "plancher", "200\u202f000\u202f€"]


def test_the_map_is_a_picture_in_svg_and_in_png(page: Any, tmp_path: Path):
    typed(page, MINIMUM, "200000")
    for name, file in (("Carte en SVG", "c.svg"), ("Carte en PNG", "c.png")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        waiting.value.save_as(tmp_path / file)
    drawn = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert "non concerné (70)" in drawn
    assert "cdppe-analysis" in drawn
    assert (tmp_path / "c.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert (tmp_path / "c.png").stat().st_size > 50_000


def test_a_ready_scenario_tells_its_certain_signs_until_it_is_changed(page: Any):
    page.get_by_role("button", name="portez le minimum à 200").click()
    page.locator("#tableau").get_by_role("button", name="Nord", exact=True).click()
    assert (
        "quel que soit l’indice de besoin, qui n’est pas publié, ce département perd"
        in page.locator("#explication").inner_text()
    )
    assert "Signes certains" in page.locator("#faits").inner_text()
    typed(page, MINIMUM, "190000")
    assert "Signe" not in page.locator("#explication").inner_text()


def test_a_choice_is_named_by_what_it_changes_until_it_has_a_title(page: Any):
    typed(page, MINIMUM, "200000")
    assert page.locator("#titre").inner_text().replace("\u202f", " ") == "Votre choix\u00a0: minimum 200 000 €"
    typed(page, "Titre de ce choix (facultatif)", "Mon idée")
    assert page.locator("#titre").inner_text() == "Mon idée"
    typed(page, MINIMUM, "180000")
    assert page.locator("#titre").inner_text() == "Mon idée (modifié)"


def test_two_scenarios_are_kept_beside_the_one_that_is_shown(page: Any):
    for scenario in ("ase-seule", "plancher-200k"):
        page.evaluate(f"document.querySelector('[data-essai={scenario}]').click()")
        page.get_by_role("button", name="Garder pour comparer").click()
    typed(page, "Enveloppe, en euros", "20 M€")
    assert page.locator(".cote thead th").count() == 3
    assert page.locator(".cote svg.carte").count() == 3
    assert page.get_by_role("button", name="Garder pour comparer").is_disabled()
    page.locator(".cote").get_by_role("button", name="Afficher").first.click()
    assert page.locator("#titre").inner_text() == "L’ASE pour seul critère"


def test_each_printed_page_of_the_amounts_has_the_headings_of_the_table(page: Any):
    import pypdfium2

    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    second = document[1].get_textpage().get_text_bounded()
    document.close()
    assert second.index("Par enfant") < second.index("Creuse")


def test_a_heading_is_not_cut_within_a_word_on_a_phone(simulator_file: Path, open_page: Callable[..., Any]):
    page = open_page(simulator_file, width=390)
    heading = page.locator("#tableau thead .nom button")
    assert heading.evaluate("one => one.getClientRects().length === 1 && one.offsetHeight < 30")
    reading = page.locator("#mesures").evaluate("one => one.scrollWidth - one.parentElement.clientWidth")
    assert reading <= 0


def test_the_table_is_sorted_by_a_click_on_a_heading(page: Any):
    typed(page, MINIMUM, "200000")
    page.get_by_role("button", name="Écart en %").click()
    assert page.locator("#tableau tbody tr button").first.inner_text() == "Creuse"
    page.get_by_role("button", name="Écart en %").click()
    assert page.locator("#tableau th[aria-sort=ascending]").inner_text() == "Écart en %"
    assert page.locator("#tableau tbody tr button").first.inner_text() != "Creuse"


def test_what_changed_is_announced_once_and_briefly(page: Any):
    page.evaluate(
        "window.said = []; new MutationObserver(() => said.push(annonce.textContent))"
        ".observe(annonce, { childList: true, characterData: true, subtree: true })"
    )
    typed(page, MINIMUM, "200000")
    page.wait_for_timeout(900)
    said = page.evaluate("said")
    assert len(said) == 1
    assert "perdants" in said[0]
    assert len(said[0]) < 80


def test_every_control_is_reached_with_the_tabulation_key_and_shows_it(page: Any):
    wanted = page.locator("main :is(button, input:not([type=file]), select):visible:not(:disabled)").count()
    seen = set()
    for _ in range(wanted + 30):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "(() => { const one = document.activeElement; const style = getComputedStyle(one);"
                " return one.closest('main') && one.matches('button, input, select')"
                " ? [...document.querySelectorAll('main *')].indexOf(one) + ' ' + style.outlineStyle : null; })()"
            )
        )
    reached = {one for one in seen if one}
    assert len(reached) == wanted
    assert all(one.endswith("solid") for one in reached)


def test_on_a_phone_the_result_is_in_sight_while_a_control_moves(simulator_file: Path, open_page: Callable[..., Any]):
    page = open_page(simulator_file, width=390, height=844)
    slider = page.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    slider.focus()
    page.keyboard.press("End")
    for shown in (page.locator("#faits"), page.locator("#carte .carte"), slider):
        box = shown.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 844
    assert "Gagnants" in page.locator("#faits").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#tableau").evaluate("table => table.scrollWidth - table.parentElement.clientWidth") <= 0


def test_axe_finds_no_violation_of_any_impact(
    simulator_file: Path, open_page: Callable[..., Any], violations: Callable[..., list[str]], screen: dict[str, Any]
):
    page = open_page(simulator_file, **screen)
    assert violations(page, any_impact=True) == []
    page.get_by_role("button", name="portez le minimum").click()
    page.locator("#tableau").get_by_role("button", name="Nord", exact=True).click()
    page.get_by_role("button", name="Garder pour comparer").click()
    assert violations(page, any_impact=True) == []
    typed(page, MINIMUM, "900000")
    assert violations(page, any_impact=True) == []


def test_a_browser_that_lacks_something_is_told_what_and_goes_on(simulator_file: Path, browser: Any):
    context = browser.new_context()
    context.add_init_script(
        "delete window.WebAssembly; Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    page = context.new_page()
    page.goto(simulator_file.as_uri())
    assert "n’a pas WebAssembly" in page.locator("#note-fourchette").inner_text()
    page.get_by_role("button", name="Copier le lien").click()
    assert "barre d’adresse" in page.locator("#message").inner_text()
    page.get_by_role("button", name="Thème sombre").click()
    assert "mémoire de ce navigateur est pleine" in page.locator("#message").inner_text()
    typed(page, MINIMUM, "200000")
    assert amount_of(page, "Creuse") == "200 000 €"
    context.close()


@pytest.mark.slow
def test_in_firefox_the_page_computes_and_keeps_its_choice(simulator_file: Path, firefox: Callable[..., Any]):
    firefox("Navigate", url=simulator_file.as_uri())
    run = lambda script: firefox("ExecuteScript", script=script, args=[], sandbox=None)  # noqa: E731
    assert run("return document.querySelectorAll('#tableau tbody tr').length") == 30
    run("document.querySelector('[data-essai=plancher-200k]').click()")
    assert run("return location.hash") == "#c=%7B%22g%22%3A%22plancher-200k%22%7D"
    assert run("return document.querySelector('#plancher').value").replace("\u202f", " ") == "200 000"
    firefox("Back")
    assert "Règle officielle" in run("return document.querySelector('#titre').textContent")
    assert "200 tirages" in run("return document.querySelector('#note-fourchette').textContent")
    asked = run("return performance.getEntriesByType('resource').map(one => one.name)")
    assert [name for name in asked if not name.startswith(("data:", "blob:", "file:"))] == []
