"""What the simulator shows: French, escaped, and a workbook that can be read."""

from __future__ import annotations

import base64
import dataclasses
import html
import io
import re
from fractions import Fraction

import pandas as pd
import pytest
import yaml

from cdppe_analysis.reporting import telling
from cdppe_analysis.reporting.choice import with_weight
from cdppe_analysis.reporting.simulator import Band, Laboratory, Outcome
from cdppe_analysis.typography import NNBSP


@pytest.fixture(scope="module")
def outcome(laboratory: Laboratory) -> Outcome:
    found = laboratory.evaluate(with_weight(laboratory.official("ondam-ms-2020"), "igb", Fraction(3, 10)))
    assert isinstance(found, Outcome)
    return found


@pytest.fixture(scope="module")
def band(laboratory: Laboratory, outcome: Outcome) -> Band:
    return laboratory.band(outcome, seed=1)


def plain(fragment: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", fragment.replace(NNBSP, " ")))


def test_the_summary_tells_winners_losers_and_the_money_moved(laboratory: Laboratory, outcome: Outcome):
    text = plain(telling.summary(outcome, laboratory.base))
    assert "Gagnants 18" in text
    assert "Perdants 11" in text
    assert "15 000 000 €" in text


def test_the_bars_are_ranked_and_mark_the_official_amount(outcome: Outcome, band: Band):
    names = [html.unescape(n) for n in re.findall(r'<th scope="row">([^<]+)</th>', telling.bars(outcome, band))]
    amounts = outcome.allocation.table.set_index("libelle_departement")["montant_eur"]
    assert names == sorted(names, key=lambda name: -amounts[name.replace("’", "'")])
    assert telling.bars(outcome, band).count('class="repere"') == 30


def test_the_explanation_gives_before_after_and_the_steps(outcome: Outcome, band: Band):
    text = plain(telling.explanation(outcome, "59", band))
    assert "contre 1 995 607 €" in text
    assert "Fourchette de 5 à 95 %" in text
    assert "Score, somme des parts pondérées" in text


def test_a_leaver_is_told_as_one(laboratory: Laboratory):
    official = laboratory.official("ondam-ms-2020")
    codes = tuple(code for code in laboratory.codes(official) if code != "59")
    found = laboratory.evaluate(dataclasses.replace(official, beneficiaires=codes))
    assert isinstance(found, Outcome)
    assert "Rien par ce choix" in telling.explanation(found, "59", None)
    assert "sortant" in telling.looks_and_legend(found)[1]


def test_the_legend_counts_every_departement_once(outcome: Outcome):
    counts = [int(count) for count in re.findall(r"\((\d+)\)", telling.looks_and_legend(outcome)[1])]
    assert sum(counts) == 100


def test_the_name_of_a_refused_file_is_escaped():
    assert "<script>" not in telling.refused("<script>alert(1)</script>.yml", "<b>")


def test_the_title_of_a_loaded_scenario_is_escaped(laboratory: Laboratory, outcome: Outcome):
    titled = dataclasses.replace(outcome, choix=dataclasses.replace(outcome.choix, titre="<img src=x>"))
    assert "<img" not in telling.summary(titled, laboratory.base)


def test_the_workbook_holds_the_amounts_and_what_they_come_from(laboratory: Laboratory, outcome: Outcome, band: Band):
    content = telling.results_workbook(outcome, band, laboratory.base)
    sheets = pd.read_excel(
        io.BytesIO(content), sheet_name=None, header=2, dtype={"code_departement": str}, engine="openpyxl"
    )
    assert list(sheets) == ["Montants", "Mesures", "Groupes", "Choix", "Sources et paramètres"]
    amounts = sheets["Montants"].set_index("code_departement")["montant du choix (€)"]
    assert amounts.sum() == 15_000_000
    assert amounts["59"] == outcome.allocation.finaux["59"]


def test_the_links_hold_the_workbook_and_the_scenario(laboratory: Laboratory, outcome: Outcome, band: Band):
    links = telling.files(outcome, band, laboratory.base)
    found = re.search(r'download="cdppe-scenario.yml" href="data:application/yaml;base64,([^"]+)"', links)
    assert found is not None
    assert yaml.safe_load(base64.b64decode(found[1]))["base"] == "ondam-ms-2020"


def test_the_official_rule_has_no_scenario_to_save(laboratory: Laboratory):
    found = laboratory.evaluate(laboratory.official("ondam-ms-2020"))
    assert isinstance(found, Outcome)
    assert "cdppe-scenario.yml" not in telling.files(found, laboratory.band(found, seed=1), laboratory.base)


def test_the_bars_tell_a_newcomer_and_a_leaver_and_no_missing_figure(laboratory: Laboratory):
    official = laboratory.official("ondam-ms-2020")
    codes = ("75", *(code for code in laboratory.codes(official) if code != "59"))
    found = laboratory.evaluate(dataclasses.replace(official, beneficiaires=codes))
    assert isinstance(found, Outcome)
    text = plain(telling.bars(found, None))
    assert re.search(r"Paris — [\d ]+ € entrant —", text)
    assert "Nord 1 995 607 € — sortant —" in text
    assert "n. d." not in text
