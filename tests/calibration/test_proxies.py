"""Proxies: how near published series come to the index that the amounts of 2020 reveal."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.calibration.criterion import calibrate_criterion
from cdppe_analysis.calibration.proxies import best_proxy
from cdppe_analysis.data import load_criteria, load_rule, load_table
from cdppe_analysis.errors import CriteriaError, InfeasibleError
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.studies.telling import summary

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
        "vide": [60, 30, 10, 0],
    }
)


def test_a_proxy_that_is_the_criterion_leaves_no_gap():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["juste", "loin"])
    assert found.table.iloc[0]["ecart_max_eur"] == pytest.approx(0, abs=1e-6)
    assert found.mixture["juste"] == pytest.approx(1)
    assert found.unexplained.empty


def test_a_mixture_can_do_what_no_proxy_does_alone():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["haut", "bas"])
    assert found.table["proxy"].tolist()[0] == "melange"
    assert found.table["ecart_max_eur"].round(3).tolist() == [0, 50_000, 50_000]
    assert float(found.mixture["haut"]) == pytest.approx(0.5)


def test_a_unit_whose_share_is_out_of_reach_of_every_mixture_is_named():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["loin"])
    assert found.unexplained[["code_departement", "sens"]].to_numpy().tolist() == [
        ["01", "trop_peu"],
        ["02", "trop_peu"],
        ["03", "trop"],
        ["04", "trop"],
    ]
    assert "Aucun mélange ne peut expliquer 4 bénéficiaires sur 4" in summary(found)


def test_the_gaps_of_the_table_are_those_of_the_units():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["haut", "loin"])
    for name, worst, code in found.table[["proxy", "ecart_max_eur", "code_ecart_max"]].itertuples(index=False):
        gaps = found.gaps.set_index("code_departement")[name].abs()
        assert gaps.max() == worst == gaps[code]


def test_each_proxy_has_its_gaps_recomputed_less_published_and_the_money_they_move():
    """« haut » has 0.55, 0.25, 0.15 and 0.05 where the index has 0.45, 0.35, 0.15 and 0.05: 50 000 € go astray."""
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["loin", "haut"])
    haut = found.table.set_index("proxy").loc["haut"]
    assert found.gaps["haut"].tolist() == pytest.approx([50_000, -50_000, 0, 0])
    assert haut[["ecart_max_eur", "ecart_median_eur", "euros_deplaces"]].tolist() == pytest.approx(
        [50_000, 25_000, 50_000]
    )
    loin = found.gaps["loin"].tolist()
    assert loin == pytest.approx([-175_000, -75_000, 75_000, 175_000])
    assert found.table["ecart_max_eur"].is_monotonic_increasing
    assert found.table.index.tolist() == [0, 1, 2]
    assert found.table["proxy"].tolist()[-1] == "loin"
    assert set(found.mixture) == {"loin", "haut"}
    assert sum(found.mixture.values()) == 1
    mixed = [
        float(found.mixture["loin"]) * a + float(found.mixture["haut"]) * b
        for a, b in zip(loin, [5e4, -5e4, 0, 0], strict=True)
    ]
    assert found.gaps["melange"].tolist() == pytest.approx(mixed)


def test_the_median_gap_is_that_of_half_the_units_whatever_the_worst():
    """« vide » has 0.15 more than the index for one unit, and 0.05 less for each of three."""
    table = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["vide"]).table.set_index("proxy")
    assert table.loc["vide", ["ecart_max_eur", "ecart_median_eur"]].tolist() == pytest.approx([75_000, 25_000])


def test_a_proxy_has_the_weight_of_what_it_stands_for():
    """With 0.3 of 0.25 and 0.7 of the index, rounded to the euro."""
    unequal = tuple(replace(one, poids=Fraction(w, 10)) for one, w in zip(HALVES, (3, 7), strict=True))
    rule = replace(RULE, criteres=unequal)
    amounts = {"01": 390_000, "02": 320_000, "03": 180_000, "04": 110_000}
    given = calibrate_criterion(rule, FRAME, amounts, "inconnu")
    found = best_proxy(rule, FRAME, amounts, "inconnu", ["juste", "haut"], intervals=given)
    assert found.gaps["juste"].tolist() == pytest.approx([0] * 4)
    assert found.gaps["haut"].tolist() == pytest.approx([70_000, -70_000, 0, 0])
    assert [float(found.mixture[name]) for name in ("juste", "haut")] == pytest.approx([1, 0], abs=1e-9)
    assert found.intervals is given


def test_what_a_unit_can_have_of_the_proxies_stands_beside_what_is_deduced():
    found = best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["loin", "haut"]).unexplained
    # The second has 0.20 and 0.25 of the proxies and 0.35 of the index; the fourth 0.05 to 0.40 around its 0.05.
    assert found.columns.tolist() == [
        "code_departement", "libelle_departement", "borne_basse", "borne_haute", "part_min", "part_max", "sens",
    ]  # fmt: skip
    assert found["libelle_departement"].tolist() == ["Aisne"]
    assert found["sens"].tolist() == ["trop_peu"]
    assert found[["part_min", "part_max"]].to_numpy().tolist() == pytest.approx(np.array([[0.2, 0.25]]))
    assert found[["borne_basse", "borne_haute"]].to_numpy() == pytest.approx(np.array([[0.35, 0.35]]), abs=3e-6)


def test_the_message_names_the_nearest_series_the_mixture_and_who_stays_unexplained():
    text = summary(best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["loin", "haut", "bas"])).replace("\u202f", " ")
    nearest, mixture = text.split(". ")
    assert nearest == "La série qui approche le mieux est haut : l’écart atteint 50 000 € (Ain)"
    assert mixture.startswith("Le meilleur mélange laisse encore 0 € (")
    alone = summary(best_proxy(RULE, FRAME, AMOUNTS, "inconnu", ["haut"])).replace("\u202f", " ")
    assert alone == (
        "La série qui approche le mieux est haut : l’écart atteint 50 000 € (Ain). Le meilleur mélange laisse encore "
        "50 000 € (Ain). Aucun mélange ne peut expliquer 2 bénéficiaires sur 4 : Ain, Aisne."
    )


def test_without_a_proxy_there_is_nothing_to_try():
    with pytest.raises(CriteriaError, match="no proxy"):
        best_proxy(RULE, FRAME, AMOUNTS, "inconnu", [])


def test_a_proxy_of_0_where_the_known_criteria_are_0_too_gives_no_mixture_what_plafonds_leave():
    capped = replace(RULE, plafond=Fraction(330_000))
    amounts = {"01": 330_000, "02": 330_000, "03": 330_000, "04": 10_000}
    with pytest.raises(InfeasibleError, match="no mixtures give amounts that sum to the envelope"):
        best_proxy(capped, FRAME.assign(connu=[1, 1, 1, 0]), amounts, "inconnu", ["vide"])


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
    found = fit_with_children().gaps.set_index("code_departement")
    for code, name, printed, _, _, _, gap in rows:
        assert name == found.at[code, "libelle_departement"]
        assert int(printed.replace(" ", "")) == found.at[code, "montant_publie"]
        assert int(gap.replace(" ", "").replace("−", "-")) == pytest.approx(found.at[code, "enfants_0_19"], abs=0.5001)
