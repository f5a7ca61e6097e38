"""A rule as arrays, held against the exact engine."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.allocation import allocate
from cdppe_analysis.errors import CriteriaError, ScenarioError
from cdppe_analysis.rules import Arrondi, Criterion, Garantie, Rule
from cdppe_analysis.simulation.model import model_of

CODES = ("03", "23", "59", "80", "973")
VALUES = pd.DataFrame(
    {
        "code_departement": CODES,
        "ase": [702, 330, 9555, 1893, 700],
        "igb": [90, 5, 1020, 300, 210],
    }
)
HALF = Fraction(1, 2)
CRITERIA = tuple(Criterion(name, HALF, 2019, "note", "p. 1") for name in ("ase", "igb"))


def rule(**options):
    return Rule("essai", "Essai", 2020, Fraction(options.pop("enveloppe", 1_000_000)), CODES, CRITERIA, **options)


RULES = [
    rule(),
    rule(plancher=Fraction(100_000)),
    rule(plancher=Fraction(100_000), plafond=Fraction(400_000)),
    rule(plancher=Fraction(100_000), arrondi=Arrondi("independant")),
    rule(arrondi=Arrondi("aucun")),
    rule(arrondi=Arrondi(unite_eur=Fraction(100))),
    rule(
        garantie=Garantie(
            Fraction(9, 10), Fraction(11, 10), tuple((code, Fraction(200_000)) for code in CODES), "erreur"
        )
    ),
    rule(enveloppe=2_000_000, plafond=Fraction(400_000)),
]


@pytest.mark.parametrize("given", RULES, ids=range(len(RULES)))
def test_amounts_are_those_of_the_exact_engine(given):
    exact = allocate(given, VALUES)
    model = model_of(given, VALUES)
    amounts = model.amounts()
    np.testing.assert_allclose(amounts, [float(exact.exact[code]) for code in CODES], atol=1e-6)
    np.testing.assert_allclose(model.whole(amounts), [float(exact.final[code]) for code in CODES], atol=1e-6)


def test_the_bounds_of_each_side_keep_their_name():
    both = model_of(replace(RULES[6], plafond=Fraction(210_000)), VALUES)
    assert (both.floor_origins, both.cap_origins) == (("garantie",) * 5, ("plafond",) * 5)
    np.testing.assert_array_equal([both.floors, both.caps], [[180_000] * 5, [210_000] * 5])


def test_a_factor_of_the_values_is_one_of_the_exact_values():
    factors = np.array([[1.0, 2.0, 1.0, 0.5, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    model = model_of(RULES[1], VALUES)
    found = model.amounts({"ase": factors})
    for row, factor in enumerate(factors):
        changed = VALUES.assign(ase=VALUES["ase"] * factor)
        np.testing.assert_allclose(
            found[row], [float(value) for value in allocate(RULES[1], changed).exact.values()], atol=1e-6
        )


def test_drawn_weights_are_those_of_another_rule():
    model = model_of(RULES[0], VALUES)
    doubled = np.array([2.0, 1, 1, 1, 1])
    found = model.amounts({"igb": np.stack([doubled, doubled])}, np.array([[0.25, 0.75], [1.0, 0.0]]))
    for row, weights in enumerate(((Fraction(1, 4), Fraction(3, 4)), (Fraction(1), Fraction(0)))):
        criteria = tuple(
            Criterion(name, weight, 2019, "note", "p. 1") for name, weight in zip(("ase", "igb"), weights, strict=True)
        )
        other = Rule("autre", "Autre", 2020, Fraction(1_000_000), CODES, criteria)
        exact = allocate(other, VALUES.assign(igb=VALUES["igb"] * doubled)).exact
        np.testing.assert_allclose(found[row], [float(value) for value in exact.values()], atol=1e-6)


def test_a_rule_without_a_criterion_shares_nothing():
    with pytest.raises(ScenarioError, match="a rule needs a criterion"):
        replace(model_of(RULES[0], VALUES), criteria=()).amounts()


def test_factors_that_are_given_are_left_as_they_are():
    model = model_of(RULES[0], VALUES)
    factors = np.ones((2, 5))
    model.amounts({"ase": factors})
    np.testing.assert_array_equal(factors, 1)


def test_a_draw_in_which_a_criterion_is_0_everywhere_has_no_solution():
    model = model_of(RULES[0], VALUES)
    found = model.amounts({"ase": np.array([[0.0] * 5, [1.0] * 5])})
    assert np.isnan(found[0]).all()
    assert not np.isnan(found[1]).any()


def test_a_frame_that_lacks_a_value_is_refused_as_by_the_exact_engine():
    with pytest.raises(CriteriaError, match="code 23"):
        model_of(RULES[0], VALUES.assign(igb=[90, None, 1020, 300, 210]))


def test_amounts_rounded_apart_go_up_at_the_half():
    given = replace(model_of(RULES[3], VALUES), unit=100.0)
    assert given.whole(np.array([50.0, 150.0, 249.9, 250.0, 349.0])).tolist() == [100, 200, 200, 300, 300]


def test_multiples_of_a_unit_stay_within_the_caps():
    """1 000 € by hundreds, 240, 250 and 510 capped at 250, 300 and 600: the largest remainder that may, rises."""
    given = replace(
        model_of(rule(arrondi=Arrondi(unite_eur=Fraction(100))), VALUES), envelope=1000.0,
        caps=np.array([299.0, 300.0, 600.0]), floors=np.zeros(3), unit=100.0,
    )  # fmt: skip
    assert given.whole(np.array([270.0, 250.0, 480.0])).tolist() == [200, 300, 500]
