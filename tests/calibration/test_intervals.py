"""Intervals in closed form: those of the linear programs, whatever is at a bound; thirty-five thousand communes."""

import random
import time
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.allocation import allocate
from cdppe_analysis.calibration import criterion
from cdppe_analysis.calibration.criterion import calibrate_criterion
from cdppe_analysis.errors import InfeasibleError, UnsettledError
from cdppe_analysis.rules import Arrondi, Criterion, Names, Rule
from cdppe_analysis.territories import Departement, Territories

HALF = tuple(Criterion(c, Fraction(1, 2), 2025, "note", "p. 1") for c in ("enfants", "indice"))


def drawn(seed, count, *, plancher=None, plafond=None, methode="independant"):
    """Return a rule, what is known, and the amounts that it publishes, of a drawn criterion."""
    draw = random.Random(seed)
    codes = tuple(f"U{rank:05d}" for rank in range(count))
    names = Names({}, dict, Territories({code: Departement(code, code, "", "") for code in codes}, {}, {}, "a unit"))
    envelope = Fraction(1000 * count)
    bounds = {"plancher": plancher and Fraction(plancher), "plafond": plafond and Fraction(plafond)}
    rule = Rule("r", "R", 2025, envelope, codes, HALF, **bounds, arrondi=Arrondi(methode), names=names)
    frame = pd.DataFrame({"code_departement": codes})
    frame["enfants"] = [draw.randint(1, 99) for _ in codes]
    frame["indice"] = [draw.choice([0, 1, 1]) * draw.randint(1, 99) for _ in codes]
    return rule, frame, allocate(rule, frame).table[["code_departement", "montant_eur"]]


@pytest.mark.parametrize("methode", ["independant", "plus_forts_restes"])
@pytest.mark.parametrize(
    "bounds", [{}, {"plancher": 600}, {"plafond": 1300}, {"plancher": 500, "plafond": 1500}, {"plafond": 1850}]
)
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def test_the_closed_form_gives_the_intervals_of_the_linear_programs(monkeypatch, seed, bounds, methode):
    rule, frame, amounts = drawn(seed, 14, methode=methode, **bounds)
    programs = calibrate_criterion(rule, frame, amounts, "indice")
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    closed = calibrate_criterion(rule, frame, amounts, "indice")
    for column in ("borne_basse", "borne_haute"):
        np.testing.assert_allclose(closed.table[column], programs.table[column], atol=2e-9)
    np.testing.assert_allclose(closed.multiplicateur, programs.multiplicateur, rtol=1e-9)
    assert closed.ecart_max_eur <= float(closed.tolerance) + 1e-6
    assert closed.table["centre"].between(closed.table["borne_basse"] - 1e-9, closed.table["borne_haute"] + 1e-9).all()
    again = allocate(rule, pd.DataFrame({**frame, "indice": list(closed.centre.values())}))
    assert all(abs(again.exacts[code] - value) <= closed.tolerance for code, value in amounts.to_numpy())


def test_what_the_known_criteria_contradict_is_named(monkeypatch):
    rule, frame, amounts = drawn(1, 14)
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    frame.loc[0, "enfants"] = 900
    with pytest.raises(InfeasibleError, match="no shares are compatible with the published amount of U00000"):
        calibrate_criterion(rule, frame, amounts, "indice")


def test_amounts_that_leave_no_room_are_not_told_apart(monkeypatch):
    rule, frame, amounts = drawn(49, 6, plancher=100, plafond=1100)
    monkeypatch.setattr(criterion, "MOST_PROGRAMS", 0)
    with pytest.raises(UnsettledError, match="the roundings of the 3 units off the bounds leave no room"):
        calibrate_criterion(rule, frame, amounts, "indice")


@pytest.mark.slow
def test_thirty_five_thousand_communes_are_told_in_less_than_a_minute():
    rule, frame, amounts = drawn(7, 35_000, plancher=400, plafond=1800, methode="plus_forts_restes")
    start = time.process_time()
    found = calibrate_criterion(rule, frame, amounts, "indice")
    assert time.process_time() - start < 60
    share = frame["indice"] / frame["indice"].sum()
    assert (found.table["borne_basse"] <= share + 1e-15).all()
    assert (share <= found.table["borne_haute"] + 1e-15).all()
    assert found.ecart_max_eur <= 1 + 1e-6
