"""Proxies: how near published series come to the index that the amounts of 2020 reveal."""

import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from cdppe_analysis.calibration import best_proxy, calibrate_criterion
from cdppe_analysis.data.reading import load_criteria, load_rule, load_table
from cdppe_analysis.errors import CriteriaError
from cdppe_analysis.rules import Criterion, Rule

CODES = ("01", "02", "03", "04")
HALVES = tuple(Criterion(name, Fraction(1, 2), 2019, "note", "p. 1") for name in ("connu", "inconnu"))
RULE = Rule("essai", "Essai", 2020, Fraction(1_000_000), CODES, HALVES)
AMOUNTS = {"01": 350_000, "02": 300_000, "03": 200_000, "04": 150_000}
FRAME = pd.DataFrame(
    {
        "code_departement": CODES,
        "connu": [1, 1, 1, 1],
        "juste": [45, 35, 15, 5],
        "haut": [55, 25, 15, 5],
        "bas": [35, 45, 15, 5],
        "loin": [10, 20, 30, 40],
    }
)


def test_a_proxy_that_is_the_criterion_leaves_no_gap():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["juste", "loin"])
    assert found.table.iloc[0]["ecart_max_eur"] == pytest.approx(0, abs=1e-6)
    assert found.melange["juste"] == pytest.approx(1)
    assert found.inexplicables.empty


def test_a_mixture_can_do_what_no_proxy_does_alone():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["haut", "bas"])
    assert found.table["proxy"].tolist()[0] == "melange"
    assert found.table["ecart_max_eur"].round(3).tolist() == [0, 50_000, 50_000]
    assert float(found.melange["haut"]) == pytest.approx(0.5)


def test_a_unit_whose_share_is_out_of_reach_of_every_mixture_is_named():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["loin"])
    assert found.inexplicables[["code_departement", "sens"]].to_numpy().tolist() == [
        ["01", "trop_peu"],
        ["02", "trop_peu"],
        ["03", "trop"],
        ["04", "trop"],
    ]
    assert "Aucun mélange ne peut expliquer 4 bénéficiaires sur 4" in found.message


def test_the_gaps_of_the_table_are_those_of_the_units():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["haut", "loin"])
    for name, worst, code in found.table[["proxy", "ecart_max_eur", "code_ecart_max"]].itertuples(index=False):
        gaps = found.ecarts.set_index("code_departement")[name].abs()
        assert gaps.max() == worst == gaps[code]


def test_without_a_proxy_there_is_nothing_to_try():
    with pytest.raises(CriteriaError, match="no proxy"):
        best_proxy(RULE, FRAME, AMOUNTS, "inconnu", [])


def fit_with_children():
    rule, amounts = load_rule("ondam-ms-2020"), load_table("allocations")
    known = load_criteria(rule, without="igb")
    table = load_table("criteres")
    chosen = table[table["critere"].eq("enfants_0_19") & table["edition"].eq("insee-estim-pop-2019-01-15")]
    chosen = chosen.replace({"code_departement": {"2A": "20", "2B": "20"}})
    children = chosen.groupby("code_departement")["valeur"].sum().rename("enfants_0_19").reset_index()
    criteria = known.merge(children, on="code_departement", validate="one_to_one")
    intervals = calibrate_criterion(rule, known, amounts, "igb")
    return best_proxy(rule, criteria, amounts, "igb", ["enfants_0_19"], intervals=intervals)


def test_no_population_explains_the_amounts_of_2020():
    """Annexe 7, B: with children under 20 for the index, the Ille-et-Vilaine misses half a million euros."""
    worst = fit_with_children().table.iloc[0]
    assert worst["code_ecart_max"] == "35"
    assert worst["ecart_max_eur"] == pytest.approx(515_412, abs=1)


def test_the_written_differences_are_those_computed():
    """docs/differences.md, « Recomputed amounts of 2020 », against annexe 7, B."""
    page = (Path(__file__).parents[2] / "docs" / "differences.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if re.match(r"\| \d{2,3} \| ", line)]
    assert len(rows) == 30
    found = fit_with_children().ecarts.set_index("code_departement")
    for code, name, printed, _, _, _, gap in rows:
        assert name == found.at[code, "libelle_departement"]
        assert int(printed.replace(" ", "")) == found.at[code, "montant_publie"]
        assert int(gap.replace(" ", "").replace("−", "-")) == pytest.approx(found.at[code, "enfants_0_19"], abs=0.5001)
