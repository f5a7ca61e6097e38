"""The map to explore: one fragment, nothing from outside, every département said."""

import html.parser
import json
import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, interactive_map
from cdppe_analysis.figures.contours import load_contours
from cdppe_analysis.figures.interactive import _card_height, _circles
from cdppe_analysis.figures.layout import MapLayout
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import DEPARTEMENTS

RATE = {"euros_par_enfant": Scale(legend="Euros par enfant")}
STOCK = {"montant_eur": Scale(legend="Dotation")}


@pytest.fixture(scope="module")
def carte(wave, words):
    return interactive_map(
        wave, words, RATE | STOCK, rate="euros_par_enfant", stock="montant_eur", not_concerned="others"
    )


def test_nothing_is_loaded_from_outside(carte):
    assert not re.findall(r"""(?:src|href|url|import)\s*[=(:]\s*["']?(?:https?:)?//""", carte.page())
    assert "default-src 'none'" in carte.page()


def test_in_a_report_it_is_a_figure_whose_picture_has_the_same_rows(carte, monkeypatch):
    assert set(carte._repr_mimebundle_()) == {"text/html", "text/plain"}
    monkeypatch.setenv("CDPPE_FIGURES", "1")
    data, metadata = carte._repr_mimebundle_()
    published = data["application/vnd.cdppe.figure+json"]
    assert published["fragment"] == carte.fragment
    assert published["titre"] == carte.title
    assert 0 < published["svg"].index(">Euros par enfant<") < published["svg"].index(">Dotation<")
    assert len(published["csv"].splitlines()) == 1 + len(carte.table)
    assert "image/png" in data
    assert metadata["image/png"]["alt"]


def test_the_fragment_is_well_formed(carte):
    class Balance(html.parser.HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, _attributes):
            self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    parser = Balance()
    parser.feed(carte.fragment)
    assert parser.open == []


def test_every_unit_is_reachable_once_and_says_its_values(carte, wave):
    labels = re.findall(r'role="img" tabindex="(-?\d)"><title>([^<]+)</title>', carte.fragment)
    assert len(labels) == 100
    assert [index for index, _ in labels].count("0") == 1
    (first,) = re.findall(r'data-code="(\w+)"[^>]*tabindex="0"', carte.fragment)
    assert first == "01"
    nord = next(label for _, label in labels if label.startswith("Nord.")).replace("\u202f", " ").replace("\u00a0", " ")
    rates = wave.set_index("code_departement")["euros_par_enfant"]
    assert (round(rates["59"]), int((rates >= rates["59"]).sum())) == (178, 22)
    assert nord == (
        "Nord. Euros par enfant : 178 €, 22e sur 30. Dotation : 1 995 607 €, 1er sur 30. Classe : plus de 171 à 188"
    )


def test_the_card_says_name_amounts_rank_and_source(carte):
    facts = json.loads(re.search(r'class="donnees">(.*?)</script>', carte.fragment, re.S).group(1))
    nord = dict(facts["unites"]["59"]["lignes"])
    assert facts["unites"]["59"]["nom"] == "Nord"
    assert nord["Région"] == "Hauts-de-France"
    assert nord["Dotation"] == "1\u202f995\u202f607\u202f€, 1er sur 30"
    assert facts["source"] == "annexe 7, ONDAM médico-social 2020"
    assert dict(facts["unites"]["75"]["lignes"])["État"] == "non concerné"


def test_a_table_holds_every_value_for_who_does_not_see_the_map(carte, wave):
    assert carte.fragment.count('<th scope="row">') == len(wave)


def test_the_field_and_the_source_stand_under_the_map(carte):
    said = re.findall(r"<p>([^<]+)</p>", carte.fragment.split('<div class="bas">')[1])
    assert said[0].startswith("Champ")
    assert "annexe 7" in said[1]
    assert "IGN Admin Express" in said[1]


def test_an_opposite_of_markup_in_a_text_is_only_text(wave, words):
    nasty = "</script><b>x</b>"
    carte = interactive_map(wave, replace(words, source=nasty, title=nasty), RATE, rate="euros_par_enfant")
    assert "<b>x</b>" not in carte.page()


def test_two_maps_in_one_page_keep_apart_and_the_same_map_is_the_same_bytes(wave, words, carte):
    other = interactive_map(wave, words, STOCK, stock="montant_eur", not_concerned="others")
    again = interactive_map(
        wave, words, RATE | STOCK, rate="euros_par_enfant", stock="montant_eur", not_concerned="others"
    )
    identifiers = [re.search(r'id="(carte-[0-9a-f]+)"', c.fragment).group(1) for c in (carte, other)]
    assert identifiers[0] != identifiers[1]
    assert again.page() == carte.page()


def test_a_diverging_map_has_textures_below_the_centre(france, words):
    frame = france.assign(ecart=france["taux"] - france["taux"].median())
    carte = interactive_map(frame, words, {"ecart": Scale("‰", 1, "Écart", center=0, classes=6)}, rate="ecart")
    assert carte.fragment.count("<pattern") == 5  # three classes below, « pas de donnée » and « non concerné »
    assert "pas de donnée (1)" in carte.fragment
    used = set(re.findall(r'fill="url\(#([^)]+)\)"', carte.fragment))
    defined = re.findall(r'<pattern id="([^"]+)"', carte.fragment)
    assert used == {name for name in defined if not name.endswith("hors-champ")}
    last = frame.set_index("code_departement")["ecart"].idxmin()
    facts = json.loads(re.search(r'class="donnees">(.*?)</script>', carte.fragment, re.S).group(1))["unites"]
    assert dict(facts[last]["lignes"])["Écart"].endswith(", 100e sur 100")
    assert dict(facts["976"]["lignes"])["Écart"] == "pas de donnée"


def test_neither_rate_nor_stock_is_refused(wave, words):
    with pytest.raises(FigureError, match="a rate, a stock, or both"):
        interactive_map(wave, words, RATE)


def test_a_negative_stock_is_refused(wave, words):
    with pytest.raises(FigureError, match="is negative"):
        interactive_map(wave.assign(montant_eur=-1.0), words, STOCK, stock="montant_eur")


def test_it_is_saved_as_html_only(carte, tmp_path):
    assert carte.save(tmp_path / "carte.html").read_text(encoding="utf-8") == carte.page()
    with pytest.raises(FigureError, match=r"not '\.png'"):
        carte.save(tmp_path / "carte.png")


def test_a_notebook_gets_the_fragment_and_a_light_one(carte):
    assert carte._repr_mimebundle_()["text/html"] == carte.fragment
    assert len(carte.fragment) < 250_000


def test_a_box_of_the_legend_counts_the_units_of_its_fill(carte, wave):
    units = re.findall(r'<path class="unite"[^>]* fill="([^"]+)"[^>]*data-code="(\w+)"([^>]*)>', carte.fragment)
    fills = {code: fill for fill, code, rest in units if "data-copie" not in rest}
    boxes = re.findall(
        r'<rect x="1" y="1"[^>]*fill="([^"]+)"[^>]*/></svg><span>([^<]+) \((\d+)\)</span>', carte.fragment
    )
    assert len(fills) == sum(int(count) for _, _, count in boxes) == 100
    for fill, _, count in boxes:
        assert list(fills.values()).count(fill) == int(count)
    facts = json.loads(re.search(r'class="donnees">(.*?)</script>', carte.fragment, re.S).group(1))["unites"]
    told = {code: dict(fact["lignes"]) for code, fact in facts.items()}
    for fill, label, _ in boxes:
        said = {told[code].get("Classe") or told[code]["État"] for code, own in fills.items() if own == fill}
        assert said == {label}
    assert ">Euros par enfant (€)</p>" in carte.fragment
    labels = [label for _, label, _ in boxes]
    assert labels[-1] == "non concerné"
    assert [label.startswith("plus de") for label in labels[:5]] == [True] * 4 + [False]
    rates = wave.set_index("code_departement")["euros_par_enfant"]
    assert fills[rates.idxmax()] == boxes[0][0]
    assert fills[rates.idxmin()] == boxes[4][0]


def test_circles_of_the_legend_keep_the_proportions_of_their_values(carte):
    rows = re.findall(r'<circle cx="17"[^>]* r="([\d.]+)"[^>]*/></svg><span>([^<]+)</span>', carte.fragment)
    values = [float(re.sub(r"[^\d]", "", label)) for _, label in rows]
    assert values == [1_500_000, 500_000, 100_000]
    # They stand in a column of 34 points.
    assert 15 < float(rows[0][0]) <= 17
    for radius, value in zip([float(radius) for radius, _ in rows], values, strict=True):
        assert radius == pytest.approx(float(rows[0][0]) * (value / values[0]) ** 0.5, abs=0.06)


def test_the_table_below_has_each_value_in_its_column(carte, wave):
    headings = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', carte.fragment)
    assert headings[-2:] == ["Euros par enfant", "Dotation"]
    (nord,) = re.findall(r'<th scope="row">Nord \(59\)</th>(.*?)</tr>', carte.fragment, re.S)
    cells = [cell.replace("\u202f", " ") for cell in re.findall(r"<td[^>]*>([^<]+)</td>", nord)]
    row = wave.set_index("code_departement").loc["59"]
    assert cells == [f"{round(row['euros_par_enfant'])} €", "1 995 607 €"]
    assert carte.table.set_index("code_departement").at["59", "montant_eur"] == 1_995_607


def test_an_inset_has_its_name_and_its_scale_and_what_is_missing_or_outside_its_texture(carte):
    frames = MapLayout.read().outlines(load_contours(light=True), tuple(DEPARTEMENTS))["frames"]
    found = re.findall(
        r'<rect class="cadre" x="(\S+)"[^>]*>\s*<text[^>]*>([^<]+)</text>\s*'
        r'<path d="M(\S+) \S+v6h(\S+)v-6"[^>]*>\s*<text[^>]*>([^<]+)</text>',
        carte.fragment,
    )
    assert [(name, float(length), km) for _, name, _, length, km in found] == [
        (frame["name"], frame["bar"], frame["km"]) for frame in frames
    ]
    for (left, _, start, length, _), frame in zip(found, frames, strict=True):
        assert float(left) < float(start) < float(start) + float(length) < frame["box"][0] + frame["box"][2]
    papers = dict(re.findall(r'<pattern id="carte-\w+-([a-z-]+)"[^>]*><rect[^>]* fill="([^"]+)"', carte.fragment))
    assert papers == {"hachures": "#fff", "hors-champ": COLOURS["hors_champ"]}


def test_the_card_is_as_high_as_its_longest_text_needs():
    short, long = ({"nom": "x", "lignes": [["Région", text]]} for text in ("y", "y" * 100))
    heights = [_card_height(cards, "source") for cards in ({"a": short}, {"a": short, "b": long, "c": short})]
    # Three lines of 30 letters more, of 20 pixels each.
    assert heights[1] - heights[0] == 60


def test_an_amount_is_a_ring_over_filled_areas_and_a_disc_elsewhere(carte, wave, words):
    alone = interactive_map(wave, words, STOCK, stock="montant_eur", not_concerned="others")
    for drawn, fill, stroke in ((carte, "none", COLOURS["orange"]), (alone, COLOURS["orange"], "#fff")):
        circles = re.findall(r'<circle class="cercle"[^>]* fill="([^"]+)"[^>]* stroke="([^"]+)"', drawn.fragment)
        assert set(circles) == {(fill, stroke)}
        in_legend = re.findall(r'<circle cx="17"[^>]* fill="([^"]+)" stroke="([^"]+)"', drawn.fragment)
        assert set(in_legend) == {(fill, COLOURS["orange"])}


def circles_of(amounts):
    shapes, codes = load_contours(light=True), tuple(DEPARTEMENTS)
    return _circles(MapLayout.read().outlines(shapes, codes), codes, shapes, amounts)


def test_areas_of_circles_are_in_proportion_and_stand_in_one_place():
    amounts = pd.Series(100.0, index=list(DEPARTEMENTS))
    amounts["59"], amounts["23"] = 400.0, 0.0
    drawn = circles_of(amounts)
    circles = {circle["code"]: circle for circle in drawn}
    assert len(circles) == 100
    assert circles["59"]["r"] == pytest.approx(2 * circles["62"]["r"], abs=0.2)
    assert drawn[0]["code"] == "59"
    glass = next(panel for panel in MapLayout.read().panels if panel.glass)
    left, bottom, width, height = glass.box
    assert left < circles["75"]["x"] < left + width
    assert bottom < MapLayout.read().height - circles["75"]["y"] < bottom + height


def test_the_largest_circle_is_within_the_bound():
    (circle,) = circles_of(pd.Series({"59": 1.0}))
    assert circle["r"] <= MapLayout.read().largest_radius
    assert math.isclose(circle["r"], MapLayout.read().largest_radius, rel_tol=0.01)
